#!/usr/bin/env python3
"""Kannel, the real one, between a centre and an office: texts in and out,
long ones, other scripts, delivery reports, and each of the two away."""

import os
import re
import signal
import sys
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, children_of, wait_until  # noqa: E402
from kannel import FakeCentre, Kannel, present  # noqa: E402
from office import Office, number, program  # noqa: E402
from smppcentre import UCS2, SmppCentre, words_of  # noqa: E402

SECRET = "a-secret-of-the-test-1"


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
@unittest.skipUnless(present(), "kannel is not installed")
class KannelCase(unittest.TestCase):
    """One office and one Kannel for all tests of a class; each has people of
    its own."""

    smpp = True
    changes = None      # of Kannel's configuration

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(fsync=False))
        cls.office = Office(cluster=cls.cluster, database=cls.__name__.lower())
        cls.addClassCleanup(cls.office.close)
        cls.centre = SmppCentre() if cls.smpp else None
        cls.kannel = Kannel(smpp=cls.smpp and cls.centre.port, secret=SECRET,
                            changes=cls.changes)
        cls.addClassCleanup(cls.kannel.close)
        for name, word in (("secret", SECRET), ("key", "k-1")):
            with open(cls.office.path(name), "w", encoding="ascii") as file:
                file.write(word + "\n")
        cls.office.sections = cls.kannel.glas(
            program("glas-web"), cls.office.path("secret"),
            cls.office.path("key"))
        cls.office.init()
        cls.office.start()
        cls.office.wait_database()
        cls.ready()
        cls.kannel.start()
        if cls.smpp:
            wait_until(lambda: "online" in cls.kannel.status(), 30, "a bind")
        else:
            cls.centre = FakeCentre(cls.kannel.port)
        cls.addClassCleanup(cls.centre.close)

    @classmethod
    def ready(cls):
        """The link carries texts."""
        cls.office.wait_status(
            lambda s: s["links"][0]["state"] == "ready", "web ready")

    def sql(self, statement):
        return self.office.sql(statement).strip()

    def report_of(self, text):
        """The reference of the report that the text has made."""
        query = ("select coalesce((select reference from glas.reports"
                 f" where text = '{text}'), '')")
        wait_until(lambda: self.sql(query), 30, text)
        return self.sql(query)

    def wait_state(self, reference, state):
        """Of the newest text to who made the report."""
        query = ("select state from glas.outbox where citizen = (select"
                 f" citizen from glas.reports where reference = '{reference}')"
                 " order by id desc limit 1")
        wait_until(lambda: self.sql(query) == state, 30,
                   f"{state}, not {self.sql(query)}")


class FakeTest(KannelCase):
    """`smsc = fake`, where a line is a message."""

    smpp = False

    def test_a_report_comes_in_and_its_receipt_goes_out(self):
        text = "PRIJAVA policija Vranje nema rasvete"
        person = number()
        self.centre.text(person, text)
        reference = self.report_of(text)
        wait_until(lambda: any(
            got[1] == person and f" {reference}." in got[3]
            for got in self.centre.pump()), 30, "a receipt")
        self.wait_state(reference, "delivered")
        self.assertEqual(self.sql(
            "select link, channel from glas.inbox order by id desc limit 1"),
            "kannel|sms")

    def test_octets_that_are_no_text_are_taken_once(self):
        self.centre.socket.sendall(
            f"{number()} 1234 data %00%01%ff%00\n".encode())
        self.office.wait_count("glas.inbox", 1,
                               "text = '[binary, 4 octets]'")
        self.centre.text(number(), "KVAR %C4 Vranje")
        self.assertEqual(self.office.count(
            "glas.inbox", "text like '[binary%'"), 1)


class SmppCase(KannelCase):
    """`smsc = smpp`, with a centre that binds, cuts and reports."""

    sequences = {}      # of the newest short text of each person

    def text(self, words, person=None):
        """A text in UCS-2, in as many parts as it takes."""
        octets = words.encode("utf-16-be")
        person = person or number()
        if len(octets) <= 140:
            self.sequences[person] = self.centre.deliver(
                person, octets, coding=UCS2)
            return person
        parts = [octets[n:n + 134] for n in range(0, len(octets), 134)]
        for n in reversed(range(len(parts))):
            self.centre.deliver(person, parts[n], coding=UCS2, udh=bytes(
                [5, 0, 3, len(octets) % 256, len(parts), n + 1]))
        return person

    def sent_to(self, person):
        """What the centre was given for that person."""
        return [submit for submit in self.centre.submits
                if submit["to"] == person.lstrip("+")]


class SmppTest(SmppCase):
    """As doc/kannel.md has it."""

    def test_cyrillic_comes_in_and_goes_out(self):
        text = "ПРИЈАВА полиција Врање нема расвете"
        person = self.text(text)
        reference = self.report_of(text)
        self.wait_state(reference, "delivered")
        before = len(self.sent_to(person))
        self.text("ХОЋУ ЋИРИЛИЦУ", person)
        wait_until(lambda: self.sent_to(person)[before:], 30, "a yes")
        self.wait_state(reference, "delivered")
        before = len(self.sent_to(person))
        answer = "Љубазно: чекамо Џокера"
        self.sql(f"select glas.reply('{reference}', '{answer}')")
        wait_until(lambda: self.sent_to(person)[before:], 30, "an answer")
        self.wait_state(reference, "delivered")
        parts = self.sent_to(person)[before:]
        self.assertIn(answer, words_of(parts))
        self.assertEqual({part["coding"] for part in parts}, {UCS2})

    def test_a_long_text_comes_in_as_one_whatever_the_order_of_its_parts(self):
        text = "ПРИЈАВА полиција Врање " + "нема расвете у улици " * 9
        self.text(text.strip())
        self.report_of(text.strip())
        self.assertEqual(self.office.count(
            "glas.inbox", "text like '%нема расвете у улици%'"), 1)

    def test_a_long_text_goes_out_as_one_with_one_report(self):
        text = "PRIJAVA policija Vranje dugacak odgovor"
        person = self.text(text)
        reference = self.report_of(text)
        self.wait_state(reference, "delivered")
        before = len(self.sent_to(person))
        answer = ("Javili smo se opstini, a ona kaze da ce doci u petak. " * 6
                  ).strip()
        self.sql(f"select glas.reply('{reference}', '{answer}')")
        wait_until(lambda: self.sent_to(person)[before:], 30, "an answer")
        self.wait_state(reference, "delivered")
        parts = self.sent_to(person)[before:]
        self.assertGreater(len(parts), 2)
        self.assertIn(answer, words_of(parts))
        self.assertEqual({part["udh"][:3] for part in parts}, {b"\5\0\3"})

    def test_what_kannel_says_holds_neither_numbers_nor_texts(self):
        text = "PRIJAVA policija Vranje sto niko ne sme da procita"
        self.office.kill()
        try:
            person = number()
            sequence = self.centre.deliver(
                person, text.encode("utf-16-be"), coding=UCS2)
            wait_until(lambda: (sequence, 0) in self.centre.acked, 30,
                       "an ack")
        finally:
            self.office.start()
        self.wait_state(self.report_of(text), "delivered")
        said = "".join(self.kannel.tail(name, 1 << 20)
                       for name in self.kannel.boxes)
        for word in (person.lstrip("+"), "procita", SECRET):
            self.assertNotIn(word, said)

    def test_what_the_centre_gives_up_or_refuses_is_undelivered(self):
        for outcome in ("failed", "refused"):
            text = f"PRIJAVA policija Vranje {outcome}"
            self.centre.outcome = outcome
            try:
                self.text(text)
                self.wait_state(self.report_of(text), "undelivered")
            finally:
                self.centre.outcome = "delivered"

    def test_while_kannel_is_away_the_outbox_holds(self):
        text = "PRIJAVA policija Vranje pre prekida"
        person = self.text(text)
        reference = self.report_of(text)
        self.wait_state(reference, "delivered")
        self.kannel.stop()
        for answer in ("prvi", "drugi"):
            self.sql(f"select glas.reply('{reference}', 'Odgovor {answer}')")
        wait_until(lambda: self.sql("select state from glas.links")
                   == "searching: peer-away", 30, "a name for it")
        self.assertEqual(self.office.count(
            "glas_data.outbox", "state in ('queued', 'inflight')"
            " and text like 'Odgovor%'"), 2)
        self.sql("update glas_data.outbox set due_at = glas.now()"
                 " where state = 'queued'")
        self.kannel.start()
        self.ready()
        wait_until(lambda: {"prvi", "drugi"} <= {
            words_of([part]).split()[-1].strip(".") for part
            in self.sent_to(person)} or self.due(), 40, "both")
        self.wait_state(reference, "delivered")

    def due(self):
        """What waits after a refusal need not wait for the clock."""
        self.sql("update glas_data.outbox set due_at = glas.now()"
                 " where state = 'queued'")
        return False

    def people_write(self, words):
        """Fifty people; who wrote what."""
        people = {}
        for n in range(50):
            text = f"PRIJAVA policija Vranje {words} {n}"
            people[self.text(text)] = text
        return people

    def stored(self, words):
        """How often each text is."""
        return self.office.count("glas.inbox", f"text like '%{words} %'")

    def assert_answered(self, people, words):
        """Each is stored once, and each person has one receipt, or two where
        nobody can know whether the first was taken."""
        wait_until(lambda: self.stored(words) >= len(people), 40,
                   "all texts")
        self.assertEqual(self.stored(words), len(people))
        wait_until(lambda: self.sql(
            "select count(*) from glas.outbox where state not in"
            " ('accepted', 'delivered')") == "0" or self.due(), 40,
                   "receipts")
        wait_until(lambda: all(map(self.sent_to, people)), 40, "submits")
        self.assertLessEqual(max(len(self.sent_to(person))
                                 for person in people), 2)

    def test_bearerbox_that_dies_with_texts_both_ways_loses_none(self):
        people = self.people_write("bearerbox")
        wait_until(lambda: len(self.centre.acked) and
                   self.stored("bearerbox") > 5, 30, "some of them")
        self.kannel.kill("bearerbox")
        # It does not live without the other, whatever its status.
        self.kannel.boxes.pop("smsbox").wait(30)
        taken = {sequence for sequence, status in self.centre.acked
                 if status == 0}
        self.kannel.start()
        wait_until(lambda: "online" in self.kannel.status(), 30, "a bind")
        # The centre brings again what it had no answer to.
        for person, text in people.items():
            if self.sequences[person] not in taken:
                self.text(text, person)
        self.assert_answered(people, "bearerbox")

    def test_smsbox_that_dies_with_texts_both_ways_loses_none(self):
        people = self.people_write("smsbox")
        wait_until(lambda: self.stored("smsbox") > 5, 30, "some of them")
        self.kannel.kill("smsbox")
        self.kannel.run("smsbox")
        self.assert_answered(people, "smsbox")

    def test_what_comes_while_the_office_is_away_comes_later_and_once(self):
        text = "PRIJAVA policija Vranje za vreme prekida"
        self.office.kill()
        sequence = self.centre.deliver(
            number(), text.encode("utf-16-be"), coding=UCS2)
        wait_until(lambda: (sequence, 0) in self.centre.acked, 30, "an ack")
        self.office.start()
        self.report_of(text)
        # What Kannel would bring twice, it has brought before this one.
        self.text("PRIJAVA policija Vranje posle prekida")
        self.report_of("PRIJAVA policija Vranje posle prekida")
        self.assertEqual(self.office.count("glas.inbox",
                                           f"text = '{text}'"), 1)

    def test_a_text_that_kannel_repeats_is_stored_once(self):
        text = "PRIJAVA policija Vranje dvaput"
        self.office.process.send_signal(signal.SIGSTOP)
        try:
            self.text(text)
            # It is offered, and nobody hears whether it was taken.
            wait_until(self.pending, 30, "a request")
            for pid in children_of(self.office.process.pid):
                os.kill(pid, signal.SIGKILL)
        finally:
            self.office.process.send_signal(signal.SIGCONT)
        self.report_of(text)
        self.ready()
        self.text("PRIJAVA policija Vranje posle")
        self.report_of("PRIJAVA policija Vranje posle")
        self.assertEqual(self.office.count("glas.inbox",
                                           f"text = '{text}'"), 1)

    def pending(self):
        """A connection of Kannel stands open at glas-web."""
        with open("/proc/net/tcp", encoding="ascii") as sockets:
            return any(line.split()[1].endswith(f":{self.kannel.web:04X}") and
                       line.split()[3] == "01" for line in sockets
                       if ":" in line.split()[1])

    def test_the_same_request_again_is_no_text(self):
        with open(self.kannel.conf, encoding="utf-8") as conf:
            url = re.search('^get-url = "(.*)"$', conf.read(), re.M)[1]
        for code, value in (("%I", "8f14e45f-ceea-467f-a0e6-0c3a1f5d7b2e"),
                            ("%p", "%2B381641888888"), ("%c", "0"),
                            ("%b", "PRIJAVA+policija+Vranje+isti+zahtev")):
            url = url.replace(code, value)
        for _ in range(2):
            with urllib.request.urlopen(url, timeout=20) as answer:
                self.assertEqual(answer.status, 200)
        self.report_of("PRIJAVA policija Vranje isti zahtev")
        self.assertEqual(self.office.count(
            "glas.inbox", "text like '%isti zahtev'"), 1)


del KannelCase


class PostTest(SmppCase):
    """With `post-url`: the text is the body."""

    changes = {"get-url": "post-url", "&text=%b": ""}

    def test_texts_of_every_kind_come_in(self):
        for text in ("PRIJAVA policija Vranje nema rasvete & +1%20",
                     "ПРИЈАВА полиција Врање нема расвете",
                     ("ПРИЈАВА полиција Врање " + "нема расвете у улици "
                      * 9).strip()):
            self.text(text)
            reference = self.report_of(text)
            self.wait_state(reference, "delivered")
        self.centre.deliver(number(), b"\0\1\xff\0", coding=4)
        self.office.wait_count("glas.inbox", 1,
                               "text = '[binary, 4 octets]'")


if __name__ == "__main__":
    unittest.main()
