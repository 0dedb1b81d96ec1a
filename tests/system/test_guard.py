#!/usr/bin/env python3
"""Nobody is flooded, and nobody floods: who is not answered, machines, numbers
abroad, long texts that never end, a control socket that is spoken to badly."""

import contextlib
import datetime
import itertools
import json
import os
import select
import socket
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import DEADLINE_S, number, program, wait_for  # noqa: E402


class GuardTest(GatewayTest):
    def tell(self, person, text):
        """Sends a text; returns what was answered, when all has settled."""
        asked = self.office.count("glas_data.message")
        before = len(self.link.submits)
        self.send(person, text)
        self.settle(asked + 1)
        return [said for to, said in self.link.texts()[before:]
                if to == person]

    def restart(self, limits):
        self.office.stop()
        self.link.close()
        self.office.limits = {**self.limits, **limits}
        self.office.write_conf()
        self.start_glasd()

    def pseudonym(self):
        return self.sql("select citizen from glas.inbox order by id desc"
                        " limit 1")


class Silence(GuardTest):
    def test_who_is_silenced_is_stored_and_not_answered_until_it_is_undone(
            self):
        person = number()
        self.assertEqual(len(self.tell(person, "PRIJAVA rupa Vranje")), 1)
        who = self.pseudonym()
        self.sql(f"select glas.silence('{who}', 'an answering machine')")
        self.assertEqual(self.tell(person, "PRIJAVA mrak Vranje"), [])
        self.assertEqual(self.tell(person, "PRAVO 1"), [])
        self.assertEqual(self.office.count("glas.reports"), 1)
        self.assertEqual(self.sql(
            "select count(*) from glas_data.message"
            " where silent = 'the sender is silenced'"), "2")
        self.assertEqual(self.sql("select texts from glas.silenced"), "2")
        self.assertEqual(len(self.tell(number(), "PRIJAVA mrak Vranje")), 1)
        self.sql(f"select glas.unsilence('{who}')")
        self.assertEqual(len(self.tell(person, "PRIJAVA mrak Vranje")), 1)
        self.assertEqual(self.office.count("glas.reports"), 3)

    def test_danger_of_who_is_silenced_is_told_once_an_hour(self):
        person = number()
        self.tell(person, "PRIJAVA rupa Vranje")
        self.sql(f"select glas.silence('{self.pseudonym()}', 'a machine')")
        replies = self.tell(person, "gori kuca, Bujanovac")
        self.assertEqual(len(replies), 1)
        self.assertIn("193", replies[0])
        self.assertEqual(self.office.count("glas.reports", "urgent"), 1)
        self.assertEqual(self.sql(
            "select kind, state, reason from glas.outbox"
            " where state = 'suppressed'"),
            "receipt|suppressed|the sender is silenced")
        self.assertEqual(self.tell(person, "gori i druga kuca, Bujanovac"),
                         [])

    def test_stop_of_who_is_silenced_holds(self):
        person = number()
        self.tell(person, "PRIJAVA rupa Vranje")
        who = self.pseudonym()
        self.sql(f"select glas.silence('{who}', 'a machine')")
        self.assertEqual(self.tell(person, "STOP"), [])
        self.assertEqual(self.office.count("glas_data.optout"), 1)

    def test_what_waits_for_who_is_silenced_is_not_sent(self):
        person = number()
        self.tell(person, "PRIJAVA rupa Vranje")
        reference = self.sql("select reference from glas.reports")
        self.sql("begin;"
                 f"select glas.reply('{reference}', 'Dolazi majstor.');"
                 f"select glas.silence('{self.pseudonym()}', 'a machine');"
                 "commit")
        self.office.wait_count("glas.outbox", 1, "state = 'suppressed'")
        self.assertEqual(self.sql(
            "select reason from glas.outbox where state = 'suppressed'"),
            "the person is silenced")
        self.assertEqual(len(self.link.submits), 1)

    def test_a_block_holds_for_danger_and_outlives_an_erasure(self):
        person = number()
        self.tell(person, "PRIJAVA rupa Vranje")
        code = self.tell(person, "OBRISI")[0]
        who = self.pseudonym()
        self.sql(f"select glas.block('{who}', 'burns our credit')")
        self.assertEqual(self.tell(person, "gori kuca, Bujanovac"), [])
        self.assertEqual(self.office.count("glas.reports"), 1)
        # Written down by its own key with the text that came since.
        self.assertEqual(self.office.count("glas_data.block"), 1)
        # As an erasure does that had been under way.
        self.sql("select glas_data.erase(citizen, null)"
                 " from glas_data.message limit 1")
        self.assertEqual(self.tell(person, "gori kuca, Bujanovac"), [])
        again = self.pseudonym()
        self.assertNotEqual(again, who)
        self.assertEqual(self.sql(
            "select citizen, state, reason from glas.silenced"),
            f"{again}|blocked|[obrisano]")
        self.sql(f"select glas.unblock('{again}')")
        self.assertEqual(len(self.tell(person, "gori kuca, Bujanovac")), 2)
        self.assertTrue(code)


class Abroad(GuardTest):
    FAR = "+2348012345678"
    SATELLITE = "+881612345678"

    def test_who_is_near_is_answered_and_who_is_far_is_not(self):
        for near in ("+38344123456", "+4917012345678"):
            self.assertEqual(len(self.tell(near, "PRIJAVA mrak, Vranje")), 1)
        for far in (self.FAR, self.SATELLITE, "+38190012345"):
            self.assertEqual(self.tell(far, "PRIJAVA mrak, Vranje"), [])
        self.assertEqual(self.office.count(
            "glas_data.message",
            "silent = 'numbers of this kind are not answered'"), 3)

    def test_what_is_written_by_hand_does_not_go_far_either(self):
        self.restart({"answer-prefixes": "+"})
        self.assertEqual(len(self.tell(self.FAR, "PRIJAVA mrak, Vranje")), 1)
        reference = self.sql("select reference from glas.reports")
        self.restart({})
        self.sql(f"select glas.reply('{reference}', 'Dolazi majstor.')")
        self.office.wait_count("glas.outbox", 1, "state = 'suppressed'")
        self.assertEqual(self.sql(
            "select reason from glas.outbox where state = 'suppressed'"),
            "numbers of this kind are not written to: see answer-prefixes")
        self.assertEqual(self.link.submits, [])


class Machines(GuardTest):
    def silenced(self):
        return self.sql("select state, decided_by, reason from glas.silenced")

    def test_our_own_reply_that_comes_back_is_not_answered(self):
        person = number()
        reply = self.tell(person, "PRIJAVA rupa Vranje")[0]
        self.assertEqual(self.tell(person, reply), [])
        self.assertEqual(self.silenced(), "", "for once")
        self.assertEqual(len(self.tell(person, "PRIJAVA mrak Vranje")), 1)
        self.assertEqual(self.tell(person, reply), [])
        self.assertEqual(self.silenced(), "silenced|the gateway|"
                         "one of our own replies came back")
        self.assertEqual(self.tell(person, "PRIJAVA mrak Bujanovac"), [])
        self.assertEqual(self.office.count("glas.reports"), 2)
        self.assertEqual(self.office.count("glas.alerts",
                                           "name = 'silenced'"), 1)
        self.assertIn("written by a machine", self.sql(
            "select done from glas_data.message where done <> '' limit 1"))

    def test_who_quotes_us_is_a_person(self):
        person = number()
        for n in range(4):
            reply = self.tell(person, f"PRIJAVA rupa broj {n}, Vranje")[0]
            self.assertEqual(len(self.tell(
                person, f"Dobio sam ovo: {reply} A rupa je i dalje tu.")), 1)
            self.sql("update glas_data.citizen set hour_level = 6")
        self.assertEqual(self.silenced(), "")

    def test_an_answering_machine_is_not_answered(self):
        person = number()
        for n in range(3):
            self.assertEqual(self.tell(
                person, f"Ovo je automatski odgovor. Vratiću se {n}."), [])
        self.assertEqual(self.silenced(),
                         "silenced|the gateway|an answering machine")
        self.assertEqual(self.office.count("glas.reports"), 0)

    def test_who_says_the_same_all_the_time_is_a_machine(self):
        person = number()
        said = [len(self.tell(person, "Nema vode u Vranju, Suvi Dol"))
                for _ in range(6)]
        self.assertEqual(said[3:], [0, 0, 0])
        self.assertEqual(said[0], 1)
        self.assertEqual(self.silenced(), "silenced|the gateway|"
                         "the same words again and again")

    def test_who_says_the_same_with_another_number_is_a_machine(self):
        person = number()
        said = [len(self.tell(person, f"Vasa prijava broj {4800 + n} je "
                              "primljena. Hvala, Opstina Vranje"))
                for n in range(5)]
        self.assertEqual(said, [1, 1, 1, 0, 0])
        self.assertEqual(self.silenced(), "silenced|the gateway|"
                         "the same words again and again")

    ALIKE = ("Postovani, primili smo Vasu prijavu o problemu u mestu Vranje i "
             "bice reseno. ID:")

    def test_a_machine_that_names_a_matter_and_a_place_is_one(self):
        person = number()
        for n in range(8):
            self.tell(person, f"{self.ALIKE}{7919 + n}")
        self.assertEqual(self.silenced(), "silenced|the gateway|"
                         "the same words again and again")
        # Whatever it was taken for.
        self.assertEqual(len(self.tell(person, "gori kuca, Vranje")), 1)

    def test_who_takes_the_time_to_type_it_is_none(self):
        person = number()
        for n in range(8):
            self.office.move_clock(40 * n)
            self.tell(person, f"{self.ALIKE}{7919 + n}")
        self.assertEqual(self.silenced(), "")

    def test_an_answer_that_never_changes_is_that_of_a_machine(self):
        person, caller = number(), number()
        for _ in range(11):
            self.send(person, "OK")
            self.send(caller, "POMOC")
        self.settle(22)
        self.assertEqual(self.silenced(), "silenced|the gateway|"
                         "the same words again and again")
        self.assertEqual(self.office.count("glas_data.message",
                                           "silent = 'the sender is silenced'"),
                         0)

    def test_what_an_outage_held_back_was_not_said_at_once(self):
        person, other = number(), number()
        begun = (datetime.datetime.now(datetime.timezone.utc)
                 - datetime.timedelta(hours=2)).replace(microsecond=0)
        for n in range(11):
            at = (begun + datetime.timedelta(minutes=3 * n)).isoformat()
            self.send(person, f"{self.ALIKE}{7919 + n}", scts=at)
            self.send(other, "Halo?", scts=at)
        self.settle(22)
        self.assertEqual(self.silenced(), "")

    def test_a_number_is_an_answer_and_the_next_another(self):
        person = number()
        for n in range(12):
            self.send(person, f"{n + 1}")
        self.settle(12)
        self.assertEqual(self.silenced(), "")

    def test_who_reports_one_house_after_the_other_is_no_machine(self):
        person = number()
        for n in range(5):
            self.tell(person, f"PRIJAVA nema vode u broju {n}, Vranje")
        self.assertEqual(self.silenced(), "")
        self.assertEqual(self.office.count(
            "glas_data.message", "silent = 'the same words again and again'"),
            0)

    def test_who_is_in_danger_under_many_numbers_is_no_machine(self):
        person = number()
        for n in range(5):
            self.tell(person, f"gori kuca broj {n}, Bujanovac")
        self.assertEqual(self.silenced(), "")
        self.assertEqual(self.office.count("glas.reports", "urgent"), 5)

    def test_more_of_a_long_reply_may_be_asked_for_with_one_word(self):
        person = number()
        for _ in range(2):
            self.tell(person, "PRAVO 1")
            for _ in range(5):
                self.tell(person, "DALJE")
        self.assertEqual(self.silenced(), "")

    def test_who_calls_for_help_again_and_again_is_no_machine(self):
        person = number()
        said = [len(self.tell(person, "upomoc gori kuca, Bujanovac"))
                for _ in range(6)]
        self.assertEqual(said[0], 2)
        self.assertEqual(self.silenced(), "")


class LongTexts(GuardTest):
    def begin(self, person, ref):
        self.send(person, f"rupa {ref} ", udh=f"050003{ref:02x}0301",
                  scts=f"2099-11-01T12:{ref // 60:02d}:{ref % 60:02d}+01:00")

    def open(self):
        return self.office.count("glas_data.concat_group", "message is null")

    def test_who_only_begins_long_texts_keeps_five_of_them(self):
        other, flood = number(), number()
        self.begin(other, 1)
        for ref in range(2, 42):
            self.begin(flood, ref)
        # The last of them by the clock.
        wait_for(lambda: self.link.pump(lambda: self.open() <= 6, 0.2),
                 timeout_s=60, what=f"closed: {self.office.tail()}")
        self.settle(35)
        self.assertEqual(self.open(), 6)
        self.assertEqual(self.sql(
            "select distinct note from glas_data.message"),
            "segments are missing; too many long texts were unfinished")
        # It was not theirs that were too many.
        self.send(other, "na putu ", udh="050003010302")
        self.send(other, "u Vranju", udh="050003010303")
        self.settle(36)
        self.assertEqual(self.sql(
            "select text, segments from glas_data.message"
            " join glas_data.body on message = id"
            " order by id desc limit 1"), "rupa 1 na putu u Vranju|3")

    def test_what_is_forty_days_old_is_forgotten(self):
        person = number()
        self.tell(person, "PRIJAVA rupa Vranje")
        self.begin(person, 1)
        self.office.wait_count("glas_data.concat_group", 1)
        self.sql("update glas_data.identity"
                 " set received_at = received_at - interval '41 days'"
                 " where message is not null")
        self.sql("update glas_data.concat_group"
                 " set last_at = last_at - interval '39 days', message = 1")
        wait_for(lambda: self.link.pump(
            lambda: self.office.count("glas_data.identity") == 1, 0.5),
                 timeout_s=100, what="pruned")
        self.assertEqual(self.office.count("glas_data.concat_segment"), 1)
        self.assertEqual(self.office.count("glas_data.message"), 1)


class Control(GuardTest):
    """A socket that is spoken to badly, while glasctl has to get through."""

    def client(self):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(60)
        client.connect(self.office.path("control"))
        return client

    def glasctl_gets_through(self):
        done = self.office.glasctl("status", "--json", check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(json.loads(done.stdout)["database"], "up")

    def ends(self, client, *octets):
        """Says so much until it is hung up on; returns what was answered."""
        heard = b""
        try:
            for octet in itertools.chain(octets, itertools.repeat(None)):
                if octet is not None:
                    client.sendall(octet)
                ready = select.select([client], [], [], 0.2)[0]
                if ready:
                    came = client.recv(65536)
                    if not came:
                        return heard
                    heard += came
        except OSError:
            return heard

    def test_one_request_is_answered_and_no_more(self):
        ask = b'{"do":"status"}\n'
        heard = self.ends(self.client(), ask + ask + ask)
        self.assertEqual(heard.count(b"\n"), 1)
        self.assertEqual(json.loads(heard)["gateway"], "vranje")
        for octets, error in (
                (b"\n", "not a JSON object"),
                (b"\xff\n", "not a JSON object"),
                (b'{"do":"reboot"}\n', "unknown command"),
                (b'{"do":"pause"}\n', "there is no such link"),
                (b'{"do":"pause","link":"%s"}\n' % (b"x" * 200),
                 "there is no such link")):
            heard = self.ends(self.client(), octets)
            self.assertIn(error, json.loads(heard)["error"])

    def test_who_never_ends_a_line_is_hung_up_on(self):
        self.assertEqual(self.ends(self.client(), b"x" * 1048576), b"")
        self.glasctl_gets_through()

    def test_who_says_an_octet_now_and_then_is_hung_up_on(self):
        client = self.client()
        self.assertEqual(self.ends(client, *[b"x"] * 1000), b"")

    def test_who_never_reads_makes_nothing_grow(self):
        descriptors = len(os.listdir(f"/proc/{self.office.process.pid}/fd"))
        clients = [self.client() for _ in range(8)]
        for client in clients:
            client.setblocking(False)
            with contextlib.suppress(OSError):
                for _ in range(1000):
                    client.sendall(b'{"do":"status"}\n' * 250)
        self.glasctl_gets_through()
        for client in clients:
            client.setblocking(True)
            client.settimeout(60)
            self.assertLess(len(self.ends(client)), 100000)
        wait_for(lambda: len(os.listdir(
            f"/proc/{self.office.process.pid}/fd")) <= descriptors,
                 what="all hung up on")

    def test_twenty_clients_keep_nobody_out(self):
        clients = []
        for n in range(20):
            clients.append(self.client())
            clients[n].sendall(b'{"do":'[:n % 6])
            self.glasctl_gets_through()
        for client in clients:
            self.assertEqual(self.ends(client), b"")

    def other(self):
        """The configuration of another gateway, copied from this one's."""
        conf = self.office.path("other.conf")
        spool = self.office.path("other-spool")
        os.mkdir(spool, 0o700)
        with open(self.office.conf, encoding="utf-8") as file:
            lines = file.read().replace("name = vranje", "name = other")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(lines.replace(self.office.path("spool"), spool))
        return conf

    def test_another_glasd_does_not_take_it(self):
        conf = self.other()
        # A glasd that takes it instead runs until somebody ends it.
        second = subprocess.Popen(
            [program("glasd"), "-c", conf], stderr=subprocess.PIPE, text=True)
        self.addCleanup(second.kill)
        _, said = second.communicate(timeout=DEADLINE_S)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another glasd listens there", said)
        self.glasctl_gets_through()
        self.assertEqual(self.office.status()["gateway"], "vranje")

    def test_a_check_names_who_has_it(self):
        conf = self.other()
        for file, said in ((conf, "another gateway listens there, vranje"),
                           (self.office.conf, "")):
            done = subprocess.run([program("glasd"), "-t", "-c", file],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(said, done.stderr)
            if not said:
                self.assertNotIn("listens there", done.stderr)
        done = subprocess.run([program("glasctl"), "-c", conf, "doctor"],
                              capture_output=True, text=True, check=False)
        self.assertIn("another gateway listens there, vranje",
                      " ".join(done.stdout.split()))

    def test_what_another_has_made_there_since_stays(self):
        path = self.office.path("control")
        os.unlink(path)
        with socket.socket(socket.AF_UNIX) as later:
            later.bind(path)
            self.assertEqual(self.office.stop(), 0)
            self.assertTrue(os.path.exists(path))

    def test_what_a_kill_left_there_is_taken_away(self):
        self.office.kill()
        self.assertTrue(os.path.exists(self.office.path("control")))
        self.start_glasd()
        self.assertEqual(self.office.stop(), 0)
        self.assertFalse(os.path.exists(self.office.path("control")))


if __name__ == "__main__":
    unittest.main()
