#!/usr/bin/env python3
"""glasd with a real PostgreSQL and a link that the test drives line by line.

What is asserted is rows, states and wire messages, never wording of the log
(but for the one test that proves that no number gets into it).
"""

import contextlib
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import smalldisk  # noqa: E402
from cluster import children_of  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import DEADLINE_S, NO_LIMITS, SRC_DIR, number  # noqa: E402
from office import program, wait_for  # noqa: E402
from pgproxy import PgProxy  # noqa: E402


class TextToReport(GatewayTest):
    def test_a_text_becomes_a_report_and_is_answered_with_its_reference(self):
        person = number()
        replies = self.ask(person, "PRIJAVA rasveta ne radi Vranje")
        reference = self.sql("select reference from glas.reports")
        self.assertEqual(len(replies), 1)
        self.assertIn(reference, replies[0])
        self.assertIn("192", replies[0])
        self.assertEqual(
            self.sql("select category, municipality, status from glas.reports"),
            "LIGHT|Vranje|new")
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.assertEqual(self.sql("select state from glas.outbox"), "accepted")

    def test_the_same_message_offered_again_is_counted_not_stored(self):
        person = number()
        stamp = "2099-11-01T10:00:00+01:00"
        self.send(person, "PRIJAVA rupa Vranje", scts=stamp)
        self.settle(1)
        self.send(person, "PRIJAVA rupa Vranje", scts=stamp)
        self.office.wait_count("glas_data.identity", 1, "seen = 2")
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.assertEqual(len(self.link.submits), 1)

    def test_the_same_words_a_second_later_are_another_text(self):
        person = number()
        self.send(person, "PRIJAVA rupa Vranje",
                  scts="2099-11-01T10:00:00+01:00")
        self.send(person, "PRIJAVA rupa Vranje",
                  scts="2099-11-01T10:00:01+01:00")
        self.settle(2)
        self.assertEqual(self.office.count("glas_data.message"), 2)

    def test_status_is_told_to_the_number_that_reported_and_to_no_other(self):
        person, other = number(), number()
        self.ask(person, "PRIJAVA rupa Vranje")
        reference = self.sql("select reference from glas.reports")
        own = self.ask(person, f"STATUS {reference}")[0]
        foreign = self.ask(other, f"STATUS {reference}")[0]
        unknown = self.ask(other, "STATUS 123455")[0]
        self.assertIn(reference, own)
        self.assertNotIn(reference, foreign)
        self.assertEqual(foreign, unknown)

    def test_status_is_that_of_the_report_that_is_named(self):
        person = number()
        self.ask(person, "PRIJAVA rupa Vranje")
        self.ask(person, "PRIJAVA nema vode Bujanovac")
        older, newer = self.sql(
            "select reference from glas.inbox order by id").split()
        for text, told in ((f"STATUS {older}", older),
                           (f"STATUS {newer}", newer), ("STATUS", newer),
                           (f"STATUS {older} {newer}", older),
                           (f"STATUS {newer}, {older}", newer)):
            said = self.ask(person, text)[0]
            self.assertIn(f" {told}:", said, text)

    def test_rights_come_in_at_most_three_segments(self):
        self.send(number(), "PRAVO 1")
        self.settle(1)
        self.link.pump(lambda: self.office.sql(
            "select state from glas.outbox") == "accepted")
        self.assertLessEqual(len(self.link.submits), 3)
        self.assertEqual(self.sql("select kind, segments from glas.outbox"),
                         f"rights|{len(self.link.submits)}")

    def test_stop_holds_and_start_ends_it(self):
        person = number()
        self.ask(person, "PRIJAVA rupa Vranje")
        reference = self.sql("select reference from glas.reports")
        self.ask(person, "STOP")
        self.assertEqual(self.office.count("glas_data.optout"), 1)
        self.sql(f"select glas.reply('{reference}', 'Hvala')")
        self.office.wait_count("glas.outbox", 1, "state = 'suppressed'")
        self.ask(person, "START")
        self.assertEqual(self.office.count("glas_data.optout"), 0)
        self.sql(f"select glas.reply('{reference}', 'Hvala opet')")
        self.assertTrue(self.link.pump(
            lambda: (person, "Hvala opet") in self.link.texts()))

    def test_a_machine_is_stored_and_never_answered(self):
        for sender in ("MTS", "3030", ""):
            self.send(sender, "PRIJAVA Vas racun iznosi 500 din")
        self.settle(3)
        self.assertEqual(self.link.submits, [])
        self.assertEqual(self.office.count("glas.reports"), 0)
        self.assertEqual(
            self.office.count("glas_data.message", "silent <> ''"), 3)


class AfterARestart(GatewayTest):
    """Nobody is known to a process that has just begun: those who write are
    taken for new, and the database knows better."""

    def again(self):
        self.office.stop()
        self.link.close()
        self.start_glasd()

    def erase(self):
        self.sql("select glas_data.erase(id, null) from glas_data.citizen")

    def test_a_person_is_who_they_were(self):
        person = number()
        self.ask(person, "SHQIP")
        self.again()
        self.assertIn("E pranuam", self.ask(person, "RAPORTO grope Bujanoc")[0])
        self.assertEqual(self.office.count("glas_data.citizen"), 1)

    def test_a_message_of_who_was_erased_since_is_counted(self):
        person, stamp = number(), "2099-11-01T10:00:00+01:00"
        self.send(person, "PRIJAVA rupa Vranje", scts=stamp)
        self.settle(1)
        self.erase()
        self.again()
        self.send(person, "PRIJAVA rupa Vranje", scts=stamp)
        self.office.wait_count("glas_data.identity", 1, "seen = 2")
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.assertEqual(self.link.submits, [])

    def test_start_is_heard_from_who_said_stop_and_was_erased(self):
        person = number()
        self.ask(person, "STOP")
        self.erase()
        self.assertEqual(self.office.count("glas_data.optout"), 1)
        self.again()
        self.ask(person, "START")
        self.assertEqual(self.office.count("glas_data.optout"), 0)

    def test_a_number_that_was_erased_and_is_blocked_is_not_answered(self):
        person = number()
        self.ask(person, "PRIJAVA rupa Vranje")
        self.sql("select glas.block(citizen, 'burns our credit')"
                 " from glas.inbox")
        # Its key is written down with the text that comes next.
        self.send(person, "gori kuca, Bujanovac")
        self.settle(2)
        self.erase()
        self.again()
        self.send(person, "gori kuca, Bujanovac")
        self.settle(3)
        self.assertEqual(self.link.submits, [])


class FirstStart(GatewayTest):
    start = False

    def test_a_daemon_that_could_not_write_who_it_is_does_so_later(self):
        file = self.office.path("spool", "instance")
        # What stands in the way is a disk without space, elsewhere.
        os.mkdir(file + ".new")
        self.start_glasd()
        self.assertFalse(os.path.exists(file))
        os.rmdir(file + ".new")
        wait_for(lambda: os.path.exists(file), what="the id of this daemon")
        self.office.kill()
        self.link.close()
        self.start_glasd()
        with open(file, encoding="ascii") as kept:
            self.assertEqual(kept.read(), self.sql(
                "select instance from glas_data.gateway"))


class LongTexts(GatewayTest):
    def part(self, person, text, ref, max, seq):
        return self.send(person, text, udh=f"050003{ref:02x}{max:02x}{seq:02x}")

    def texts(self):
        return self.sql("select text from glas_data.body order by message")

    def test_segments_are_joined_in_any_order(self):
        words = {1: "PRIJAVA rupa ", 2: "na putu ", 3: "Vranje"}
        for order in itertools.permutations(words):
            person = number()
            for seq in order:
                self.part(person, words[seq], 7, 3, seq)
        self.settle(6)
        self.assertEqual(set(self.texts().splitlines()),
                         {"PRIJAVA rupa na putu Vranje"})
        self.assertEqual(self.sql("select distinct segments from "
                                  "glas_data.message"), "3")
        self.assertEqual(self.office.count("glas.reports"), 6)

    def test_people_with_the_same_reference_are_never_mixed(self):
        one, two = number(), number()
        self.part(one, "PRIJAVA rupa ", 9, 2, 1)
        self.part(two, "kod skole", 9, 2, 2)
        self.part(two, "PRIJAVA mrak ", 9, 2, 1)
        self.part(one, "na mostu", 9, 2, 2)
        self.settle(2)
        self.assertEqual(set(self.texts().splitlines()),
                         {"PRIJAVA rupa na mostu", "PRIJAVA mrak kod skole"})

    def test_a_reference_is_used_again(self):
        person = number()
        for word in ("rupa", "mrak"):
            self.part(person, f"PRIJAVA {word} ", 11, 2, 1)
            self.part(person, "Vranje", 11, 2, 2)
        self.settle(2)
        self.assertEqual(set(self.texts().splitlines()),
                         {"PRIJAVA rupa Vranje", "PRIJAVA mrak Vranje"})

    def test_what_is_there_is_taken_after_ten_quiet_minutes(self):
        person = number()
        self.part(person, "PRIJAVA rupa ", 12, 3, 1)
        self.part(person, "Vranje", 12, 3, 3)
        self.office.wait_count("glas_data.concat_segment", 2)
        self.office.move_database_clock(660)
        wait_for(lambda: self.link.pump(
            lambda: self.office.count("glas_data.message") == 1, 0.5),
                 timeout_s=70, what="the incomplete text")
        self.assertEqual(self.texts(), "PRIJAVA rupa [...]Vranje")
        self.assertEqual(self.office.count("glas.reports"), 1)
        self.part(person, "na putu ", 12, 3, 2)
        self.settle(2)
        self.assertEqual(self.sql(
            "select count(distinct reference) from glas_data.message"), "1")
        self.assertEqual(self.office.count("glas.reports"), 1)

    def test_a_text_of_255_segments_is_one_text(self):
        person = number()
        for seq in range(1, 256):
            self.send(person, "rupa " if seq > 1 else "PRIJAVA ",
                      scts=f"2099-11-01T{seq // 60:02d}:{seq % 60:02d}"
                      ":00+01:00", udh=f"05000355ff{seq:02x}")
        self.settle(1)
        self.assertEqual(self.sql(
            "select segments, length(text) from glas_data.message "
            "join glas_data.body on message = id"),
            f"255|{8 + 254 * 5}")

    def test_a_broken_header_is_a_single_text(self):
        for udh in ("05000301ff00", "050003010201ff", "0500030100", "ff",
                    "050003010003", "06080400010201"):
            self.send(number(), "PRIJAVA rupa Vranje", udh=udh)
        self.settle(5)


class Order(GatewayTest):
    def rows(self):
        return self.sql(
            "select b.text, m.intent, m.code, m.lang, m.silent = '',"
            " r.category, r.municipality, (select string_agg(regexp_replace("
            "o.text, '[0-9]{6,}', 'REF', 'g'), ' / ' order by o.id) "
            " from glas_data.outbox o where o.message = m.id)"
            " from glas_data.message m join glas_data.body b"
            " on b.message = m.id left join glas_data.report r"
            " using (reference) join glas_data.citizen c on c.id = m.citizen"
            " order by b.text, m.id")

    def texts(self, people):
        """A hundred texts of each of the people; what one means depends on
        the ones before it: language, STOP, UNCLEAR once a day."""
        words = ("PRIJAVA rupa Vranje", "STOP", "asdf qwer", "START",
                 "JEZIK SHQIP", "qwer asdf", "PRAVO 3", "JEZIK SRPSKI",
                 "PRIJAVA mrak Surdulica", "STATUS")
        for n in range(100):
            for k, person in enumerate(people):
                yield person, f"{words[(n * (k + 1) + k) % len(words)]} #{k}.{n}"

    def offer(self, people, stop_after=None):
        for n, (person, text) in enumerate(self.texts(people)):
            self.link.mo(person, text, id=f"o{n}", scts="2099-11-01T"
                         f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z")
            if n % (stop_after or 100) != (stop_after or 100) - 1:
                continue
            self.assertTrue(self.link.pump(
                lambda: f"o{n}" in self.link.acked()))
            while stop_after and not self.office.spool_settled():
                self.link.pump(self.office.spool_settled, 0.01)

    def test_a_batch_gives_the_same_as_one_at_a_time(self):
        people = [number() for _ in range(10)]
        self.offer(people, stop_after=1)
        one_at_a_time = self.rows()
        self.office.stop()
        self.link.close()
        # The same people, once more, with everything waiting in the log.
        self.empty("citizen, body, message, report, outbox, identity, optout")
        self.start_glasd()
        self.offer(people)
        self.settle(1000)
        self.assertEqual(self.rows(), one_at_a_time)


class DatabaseAway(GatewayTest):
    def setUp(self):
        super().setUp()
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "reserved references")

    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def test_danger_and_receipts_do_not_wait_for_the_database(self):
        person = number()
        self.cluster.stop()
        self.office.wait_database("away")
        self.send(person, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) >= 2))
        texts = [text for _, text in self.link.texts()]
        self.assertIn("193", texts[0])
        self.send(person, "PRAVO 1")
        self.cluster.start()
        self.office.wait_database()
        self.settle(2)
        reference = self.sql("select reference from glas.reports")
        self.assertIn(reference, texts[1])
        self.office.wait_count("glas.outbox", 3, "state = 'accepted'")
        self.assertEqual(
            self.sql("select kind, state from glas.outbox order by id"),
            self.sql("select kind, 'accepted' from glas.outbox order by id"))
        self.assertEqual(
            sum(1 for _, text in self.link.texts() if reference in text), 1)

    def test_a_word_for_report_alone_is_given_no_number_meanwhile(self):
        person = number()
        self.cluster.stop()
        self.office.wait_database("away")
        self.send(person, "PRIJAVA")
        self.send(person, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) >= 2))
        self.cluster.start()
        self.office.wait_database()
        self.settle(2)
        reference = self.sql("select reference from glas.reports")
        self.assertEqual(self.office.count("glas.reports"), 1)
        self.assertIn(reference, self.link.texts()[1][1])
        self.assertIn("Sta se desilo", self.link.texts()[2][1])

    def test_glasd_starts_and_takes_texts_without_a_database(self):
        self.office.stop()
        self.link.close()
        self.cluster.stop()
        self.start_glasd("away")
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) >= 2))
        for n in range(50):
            self.link.mo(number(), f"PRIJAVA rupa {n} Vranje")
        self.link.pump(lambda: len(self.link.acked()) >= 51)
        self.cluster.start()
        self.office.wait_database()
        self.settle(51)
        self.assertEqual(self.office.count("glas.reports"), 51)
        self.assertEqual(len({text for _, text in self.link.texts()}),
                         len(self.link.texts()))

    def test_a_crash_while_away_loses_nothing_and_says_nothing_twice(self):
        self.cluster.stop()
        self.office.wait_database("away")
        person = number()
        self.send(person, "PRIJAVA mrak Vranje")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 1))
        said = self.link.texts()
        self.office.wait_settled()
        self.office.kill()
        self.link.close()
        self.cluster.start()
        self.start_glasd()
        self.settle(1)
        self.assertIn(self.sql("select reference from glas.reports"),
                      said[0][1])
        self.assertEqual(self.link.submits, [])
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.assertEqual(self.sql("select state from glas.outbox"),
                         "accepted")

    def say_danger_and_crash(self):
        """Danger is handed over, nothing is heard of it, and glasd dies."""
        self.cluster.stop()
        self.office.wait_database("away")
        self.link.mo(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(
            lambda: self.link.submits and self.link.acked(), accept=False))
        said = self.link.texts()
        self.office.kill()
        self.link.close()
        self.cluster.start()
        self.office.start()
        self.link = self.server.accept().begin()
        self.settle(1)
        self.assertTrue(self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") == 2))
        self.assertEqual(len(self.link.submits), 2)
        self.assertIn(said[0], self.link.texts())

    def test_danger_in_doubt_after_a_crash_is_told_once_more(self):
        self.say_danger_and_crash()

    def test_danger_in_doubt_after_two_crashes_is_told_twice_and_no_more(self):
        self.cluster.stop()
        self.office.wait_database("away")
        self.link.mo(number(), "gori kuca, Bujanovac")
        said = []
        for _ in range(2):
            self.assertTrue(self.link.pump(
                lambda: self.link.submits and (said or self.link.acked()),
                accept=False))
            said += self.link.texts()
            self.office.kill()
            self.link.close()
            if not self.cluster.running:
                self.cluster.start()
            self.office.start()
            self.link = self.server.accept().begin()
        self.assertEqual(said, said[:1] * 2)
        self.assertTrue(self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") == 1))
        self.assertNotIn(said[0], self.link.texts())
        self.assertEqual(
            self.sql("select kind, state from glas.outbox order by kind"),
            "emergency|unknown\nreceipt|accepted")

    def test_danger_in_doubt_is_told_once_more_when_none_was_reserved(self):
        self.office.stop()
        self.link.close()
        os.unlink(self.office.path("spool", "reserved.json"))
        self.cluster.stop()
        self.office.start()
        self.link = self.server.accept().begin()
        self.say_danger_and_crash()

    def test_what_was_answered_before_a_crash_is_not_answered_anew(self):
        # The log may not say yet that it is stored.
        self.ask(number(), "gori kuca, Bujanovac", replies=2)
        self.office.kill()
        self.link.close()
        self.cluster.stop()
        self.start_glasd("away")
        other = number()
        self.send(other, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.cluster.start()
        self.settle(2)
        self.assertTrue(self.link.pump(lambda: self.office.count(
            "glas.outbox", "state in ('accepted', 'unknown')") == 4))
        self.assertEqual({to for to, _ in self.link.texts()}, {other})

    def test_stop_holds_while_the_database_is_away(self):
        person = number()
        self.cluster.stop()
        self.office.wait_database("away")
        self.send(person, "STOP")
        self.cluster.start()
        self.office.wait_database()
        self.settle(1)
        self.assertEqual(self.office.count("glas_data.optout"), 1)

    def test_danger_is_answered_also_when_nothing_was_ever_reserved(self):
        self.office.stop()
        self.link.close()
        os.unlink(self.office.path("spool", "reserved.json"))
        self.cluster.stop()
        self.start_glasd("away")
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertIn("193", self.link.texts()[0][1])
        self.cluster.start()
        self.office.wait_database()
        self.settle(1)
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.assertEqual(
            self.sql("select kind, state from glas.outbox order by kind"),
            "emergency|unknown\nreceipt|accepted")

    def test_a_database_of_another_key_set_is_refused(self):
        self.sql("update glas_data.setting set value = 'ffff' "
                 "where name = 'keyset'")
        self.office.stop()
        self.link.close()
        self.office.start()
        self.link = self.server.accept().begin()
        wait_for(lambda: "glasctl key import" in
                 self.office.status()["database"], what="a refusal")
        self.send(number(), "PRIJAVA rupa Vranje")
        self.assertEqual(self.office.count("glas_data.message"), 0)
        self.assertEqual(self.office.glasctl("status", check=False).returncode,
                         1)


class Outbox(GatewayTest):
    def report(self, person):
        self.ask(person, "PRIJAVA rupa Vranje")
        return self.sql("select reference from glas.reports "
                        "order by reported_at desc limit 1")

    def test_a_reply_from_psql_reaches_the_link_within_a_second(self):
        person = number()
        reference = self.report(person)
        self.sql(f"select glas.reply('{reference}', 'Rasveta je popravljena')")
        self.assertTrue(self.link.pump(
            lambda: (person, "Rasveta je popravljena") in self.link.texts(),
            timeout_s=1))

    def test_a_receipt_goes_before_replies_of_people(self):
        reference = self.report(number())
        self.sql("begin;" + "".join(
            f"select glas.reply('{reference}', 'Dolazi majstor {n}.');"
            for n in range(9)) + "commit")
        self.link.pump(lambda: len(self.link.submits) == 2, accept=False)
        person = number()
        self.link.mo(person, "PRIJAVA mrak u ulici, Vranje")
        self.office.wait_count("glas_data.outbox", 1, "kind = 'receipt' and "
                               "state = 'inflight'")
        self.office.wait_status(lambda s: s["outbox"]["waiting"] > 8,
                                "a receipt in memory")
        self.link.submitted(self.link.submits[1], "accepted")
        self.link.pump(lambda: len(self.link.submits) == 3, accept=False)
        self.assertEqual(self.link.submits[2]["recipient"], person)

    def test_a_segment_is_valid_until_its_reply_expires(self):
        self.report(number())
        self.assertGreater(self.link.submits[0]["validity"], 1430)
        self.sql("update glas_data.gateway set name = name; "
                 "insert into glas_data.outbox (id, created_at, kind, "
                 "priority, citizen, text, encoding, segments, state, link, "
                 "expires_at) select 999999, now(), 'event', 2, id, 'Dodjite',"
                 " 'GSM7', 1, 'queued', 'fake', now() + interval '30 min'"
                 " from glas_data.citizen; notify glas_vranje")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.assertIn(self.link.submits[1]["validity"], (29, 30))

    def test_a_swallowed_notification_costs_half_a_minute_at_most(self):
        person = number()
        reference = self.report(person)
        self.sql("update glas_data.gateway set name = name; "
                 "insert into glas_data.outbox (id, created_at, kind, "
                 "priority, citizen, reference, text, encoding, segments, "
                 "state) select 999999, now(), 'reply', 1, citizen, "
                 "reference, 'Bez obavestenja', 'GSM7', 1, 'queued' "
                 f"from glas_data.report where reference = '{reference}'")
        self.assertTrue(self.link.pump(
            lambda: (person, "Bez obavestenja") in self.link.texts(),
            timeout_s=32))

    def test_a_refused_number_fails_and_a_busy_network_is_tried_again(self):
        person = number()
        self.link.mo(person, "PRIJAVA rupa Vranje")
        self.link.pump(lambda: self.link.submits, accept=False)
        self.link.submitted(self.link.submits[0], "refused", cause=1)
        self.office.wait_count("glas.outbox", 1, "state = 'failed'")
        self.link.mo(person, "PRIJAVA mrak Vranje")
        self.link.pump(lambda: len(self.link.submits) == 2, accept=False)
        self.link.submitted(self.link.submits[1], "refused", cause=41)
        self.office.wait_count("glas_data.outbox", 1,
                               "state = 'queued' and due_at > now()")

    def test_an_unknown_outcome_repeats_a_receipt_once_and_a_reply_never(self):
        person = number()
        reference = self.report(person)
        self.sql(f"select glas.reply('{reference}', 'Samo jednom')")
        self.link.pump(lambda: len(self.link.submits) == 2, accept=False)
        self.link.close()
        self.link = self.server.accept().begin()
        self.office.wait_count("glas.outbox", 1, "state = 'unknown'")
        self.link.mo(person, "PRIJAVA mrak Vranje")
        self.link.pump(lambda: self.link.submits, accept=False)
        first = self.link.texts()
        self.link.close()
        self.link = self.server.accept().begin()
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertEqual(self.link.texts(), first)
        wait_for(lambda: self.office.count("glas.outbox", "state not in "
                 "('accepted', 'unknown')") == 0, what="nothing under way")
        self.assertEqual(
            self.sql("select text, state from glas.outbox "
                     "where state <> 'accepted'"), "Samo jednom|unknown")

    def test_only_segments_that_were_not_taken_are_sent_again(self):
        person = number()
        reference = self.report(person)
        self.sql(f"select glas.reply('{reference}', "
                 "repeat('Popravljeno. ', 30))")
        self.link.pump(lambda: len(self.link.submits) == 2, accept=False)
        self.link.submitted(self.link.submits[1], "accepted")
        self.link.pump(lambda: len(self.link.submits) == 3, accept=False)
        self.link.submitted(self.link.submits[2], "refused", cause=41)
        self.office.wait_count("glas_data.outbox", 1,
                               "state = 'queued' and due_at > now()")
        first = self.link.submits[1:]
        self.sql("update glas_data.outbox set due_at = now() "
                 "where state = 'queued'")
        self.sql(f"notify glas_{self.office.name}")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 5))
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")
        self.assertEqual([s["segment"] for s in self.link.submits[3:]], [2, 3])
        self.assertEqual(self.link.submits[3]["udh"], first[1]["udh"])
        self.assertEqual(self.sql("select segments from glas_data.spend"), "4")

    def test_what_waited_too_long_for_credit_is_not_sent(self):
        self.send(number(), "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.submits,
                                       accept=False))
        self.link.submitted(self.link.submits[0], "refused", cause=21)
        self.office.wait_count("glas.outbox", 1, "state = 'queued'")
        self.sql("update glas_data.outbox set due_at = now(),"
                 " expires_at = now() - interval '1 minute'")
        self.sql(f"notify glas_{self.office.name}")
        self.office.wait_count("glas.outbox", 1, "state = 'expired'")
        self.assertFalse(self.link.pump(
            lambda: len(self.link.submits) > 1, 1))

    def test_a_status_report_may_come_before_what_it_is_of(self):
        person = number()
        self.link.mo(person, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.submits,
                                       accept=False))
        self.link.say(t="status-report", id="r1", mr=1, recipient=person,
                      status=0, time="2026-11-01T12:00:00+01:00")
        # The database has been told of all that was said before this one.
        self.send(number(), "PRIJAVA mrak Vranje")
        self.office.wait_count("glas.reports", 2)
        self.link.submitted(self.link.submits[0], "accepted", mr=1)
        self.office.wait_count("glas.outbox", 1, "state = 'delivered'")

    def test_a_status_report_makes_it_delivered(self):
        person = number()
        self.report(person)
        self.assertTrue(self.link.submits[0]["want_report"])
        self.link.say(t="status-report", id="sr1", mr=1, recipient=person,
                      status=0, time="2026-11-01T12:00:00Z")
        self.link.pump(lambda: "sr1" in self.link.acked())
        self.office.wait_count("glas.outbox", 1, "state = 'delivered'")

    def test_a_report_is_of_the_text_that_its_centre_got_then(self):
        person = number()
        self.report(person)
        reference = self.sql("select reference from glas.reports")
        self.sql(f"select glas.reply('{reference}', 'Hvala')")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2,
                                       accept=False))
        # The modem counts from the beginning again.
        self.link.submitted(self.link.submits[1], "accepted", mr=1)
        self.office.wait_count("glas_data.outbox_segment", 2)
        self.sql("update glas_data.outbox_segment s set submitted_at ="
                 " submitted_at - interval '3 hours' from glas_data.outbox o"
                 " where o.id = s.outbox and o.kind = 'receipt'")
        # Of no octet, and of a status that is none.
        for id, mr, status in ("no1", 257, 0), ("no2", 1, 256):
            self.link.say(t="status-report", id=id, mr=mr, recipient=person,
                          status=status)
        before = self.sql("select glas_data.utc(glas.now() -"
                          " interval '178 minutes')")
        self.link.say(t="status-report", id="sr1", mr=1, recipient=person,
                      status=70, scts=before)
        self.assertTrue(self.link.pump(
            lambda: {"no1", "no2", "sr1"} <= set(self.link.acked())))
        self.office.wait_count("glas.outbox", 1, "state = 'undelivered'")
        self.assertEqual(self.sql(
            "select kind, state from glas.outbox order by id"),
            "receipt|undelivered\nreply|accepted")

    def test_a_crash_between_log_and_database_sends_nothing_twice(self):
        person = number()
        for n in range(20):
            self.link.mo(person, f"PRIJAVA rupa {n} Vranje")
        self.link.pump(lambda: len(self.link.submits) >= 10)
        self.office.kill()
        first = self.link
        self.start_glasd()
        for n in range(20):
            self.link.mo(person, f"PRIJAVA rupa {n} Vranje")
        self.settle(20)
        wait_for(lambda: self.link.pump(lambda: self.office.count(
            "glas_data.outbox", "state not in ('accepted', 'unknown')") == 0,
            0.3), what="all replies")
        sent = [text for _, text in first.texts() + self.link.texts()]
        self.assertEqual(self.office.count("glas.reports"), 20)
        # One segment was in flight: its outcome was unknowable.
        self.assertLessEqual(len(sent) - len(set(sent)), 1)
        self.assertEqual(len(set(sent)), 20)


class Limits(GatewayTest):
    limits = {"replies-per-hour": 3, "replies-per-day": 20,
              "segments-per-day": 500}

    def test_replies_are_limited_per_person_whatever_they_write(self):
        person, other = number(), number()
        for n in range(6):
            self.send(person, f"PRIJAVA rupa {n} Vranje")
        self.settle(6)
        self.assertEqual(len(self.link.submits), 3)
        self.assertEqual(self.office.count("glas.reports"), 6)
        self.assertEqual(self.office.count("glas.outbox",
                                           "state = 'suppressed'"), 3)
        self.assertEqual(len(self.ask(other, "PRIJAVA rupa Vranje")), 1)


class SpendCap(GatewayTest):
    limits = {"replies-per-hour": 0, "replies-per-day": 0,
              "segments-per-day": 4}

    def test_the_segments_of_a_day_are_capped_across_restarts(self):
        for n in range(3):
            self.ask(number(), f"PRIJAVA rupa {n} Vranje")
        self.office.stop()
        self.link.close()
        self.start_glasd()
        for n in range(3):
            self.send(number(), f"PRIJAVA mrak {n} Vranje")
        self.settle(6)
        self.assertEqual(self.office.count("glas.outbox",
                                           "state = 'held'"), 2)
        self.office.limits = {**self.limits, "segments-per-day": 5}
        self.office.write_conf()
        self.office.reload()
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2,
                                       timeout_s=40))
        self.office.wait_count("glas.outbox", 5, "state = 'accepted'")
        self.assertEqual(self.office.count("glas.outbox",
                                           "state = 'held'"), 1)


class SpendCapAndDanger(GatewayTest):
    limits = SpendCap.limits

    def refused_danger(self):
        """Of a person whose receipt the network took."""
        self.link.mo(number(), "gori kuca, Bujanovac")
        for outcome in ({"outcome": "refused", "cause": 42},
                        {"outcome": "accepted", "mr": 7}):
            n = len(self.link.submits)
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > n, accept=False))
            self.link.submitted(self.link.submits[n], **outcome)
        self.office.wait_count("glas.outbox", 1, "kind = 'emergency' and "
                               "state = 'queued'")

    def test_a_second_attempt_is_not_kept_for_another_day(self):
        for n in range(4):
            self.ask(number(), f"PRIJAVA rupa {n} Vranje")
        self.refused_danger()
        self.send(number(), "PRIJAVA rupa Vranje")
        self.office.wait_count("glas.outbox", 1, "state = 'held'")
        self.sql("update glas_data.outbox set due_at = null; "
                 "select glas_data.wake_gateways()")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 7),
                        self.office.tail())
        self.assertIn("193", self.link.texts()[6][1])
        self.office.wait_count("glas.outbox", 1, "state <> 'accepted'")


class LinkCapAndDanger(SpendCapAndDanger):
    limits = NO_LIMITS
    section = "segments-per-day = 4\n"


class SpendCapForAll(GatewayTest):
    limits = {"replies-per-hour": 0, "replies-per-day": 0,
              "segments-per-day": 2}

    def test_the_cap_holds_for_what_people_write_and_ends_when_raised(self):
        person = number()
        self.ask(person, "PRIJAVA rupa Vranje")
        reference = self.sql("select reference from glas.reports")
        for n in range(3):
            self.sql(f"select glas.reply('{reference}', 'Hvala {n}')")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.send(person, "PRIJAVA mrak Vranje")
        self.office.wait_count("glas.outbox", 1, "state = 'held'")
        self.assertEqual(
            self.office.count("glas.outbox", "state = 'queued'"), 2)
        self.office.limits["segments-per-day"] = 50
        self.office.write_conf()
        self.office.reload()
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 5, timeout_s=40))
        self.office.wait_count("glas.outbox", 5, "state = 'accepted'")


class HostileTexts(GatewayTest):
    TEXTS = ("", " ", "\x00\x00", "a\x00b", "\x1b[2J\x07", "\ud800", "x\udc00y",
             "\u202eevil\u2066", "'; drop table glas_data.message; --",
             "%s%n%x%d", "{REF} {0} $1", "=cmd|' /C calc'!A0", "\\x41 \\u0041",
             "\ufeff\u200b", "\U0001f4a9" * 30, "é" * 160, "\n" * 50,
             "<script>alert(1)</script>", "А" * 70)

    def test_everything_is_stored_and_nothing_steers_a_terminal(self):
        for text in self.TEXTS:
            self.send(number(), text)
        self.settle(len(self.TEXTS))
        self.assertEqual(self.office.count("glas_data.quarantine"), 0)
        self.assertEqual(self.office.count(
            "glas_data.body", r"text ~ '[\x01-\x09\x0b-\x1f\x7f-\x9f"
            r"\u202a-\u202e\u2066-\u2069]'"), 0)

    def test_one_text_that_the_database_refuses_stops_no_other(self):
        self.sql("alter table glas_data.body add constraint no_poison "
                 "check (text not like '%otrov%')")
        for n in range(30):
            self.link.mo(number(), "otrov" if n == 13 else f"PRIJAVA rupa {n}")
        self.settle(29)
        self.office.wait_count("glas_data.quarantine", 1)
        self.assertIn("23514", self.sql("select reason from "
                                        "glas_data.quarantine"))


class Privacy(GatewayTest):
    def test_no_number_and_no_text_in_log_spool_or_dump(self):
        person = number()
        self.ask(person, "PRIJAVA kanarinac peva Vranje")
        self.send("+38164", "kanarinac")
        self.settle(2)
        dump = subprocess.run(
            ["pg_dump", self.office.dsn("postgres")], check=True,
            capture_output=True).stdout
        spool = b""
        for folder, _, files in os.walk(self.office.path("spool")):
            for file in files:
                with open(os.path.join(folder, file), "rb") as octets:
                    spool += octets.read()
        log = self.office.tail(1 << 20).encode()
        digits = person[4:].encode()
        swapped = b"".join(digits[n + 1:n + 2] + digits[n:n + 1]
                           for n in range(0, len(digits), 2))
        for needle in (digits, digits.decode().encode("utf-16-be"),
                       digits.hex().encode(), swapped):
            for where in (dump, spool, log):
                self.assertNotIn(needle, where)
        self.assertNotIn(b"kanarinac", spool)
        self.assertNotIn(b"kanarinac", log)


class Links(GatewayTest):
    start = False

    def assert_hung_up_and_started_again(self):
        while self.link.hear() is not None:
            pass
        self.link.close()
        self.link = self.server.accept().begin()

    RUBBISH = (
        b"rubbish\n", b'{"t":"mo"}\n', b'{"t":"nonsense"}\n', b"[]\n",
        b"\xff\xfe\n", b"{" * 70000, b"x" * 1_000_000,
        b'{"t":"mo","id":"1","originator":"+38164","ud":"0g"}\n',
        b'{"t":"submitted","id":"1","mt":1,"segment":99,'
        b'"outcome":"accepted"}\n', b'{"t":"state","t":"x"}\n',
        b'{"t":"status-report","id":"1","mr":1,"status":0}\n')

    def test_a_link_that_sends_rubbish_is_started_again_and_counted(self):
        servers = []
        for n, _ in enumerate(self.RUBBISH):
            servers.append(LinkServer(self.office.path(f"rubbish{n}")))
            self.addCleanup(servers[-1].close)
            self.office.sections += (f"[link rubbish{n}]\ncommand = "
                                     f"{servers[-1].command()}\n")
        self.office.write_conf()
        self.start_glasd()
        for server, octets in zip(servers, self.RUBBISH):
            peer = server.accept().begin()
            with contextlib.suppress(OSError):
                peer.say_octets(octets)
            while peer.hear() is not None:
                pass
            peer.close()
        for server in servers:
            server.accept().begin()
        links = {link["name"]: link for link in self.office.status()["links"]}
        for n, _ in enumerate(self.RUBBISH):
            self.assertEqual(links[f"rubbish{n}"]["violations"], 1)
        self.send(number(), "PRIJAVA rupa Vranje")

    def test_half_a_line_is_no_line(self):
        self.start_glasd()
        line = json.dumps({"t": "mo", "id": "h1", "originator": number(),
                           "ud": "PRIJAVA".encode("utf-16-be").hex()})
        self.link.say_octets(line[:20].encode())
        self.link.say_octets(line[20:].encode())
        self.link.say_octets(b"\n")
        self.assertTrue(self.link.pump(lambda: "h1" in self.link.acked()))

    def test_unknown_fields_are_ignored(self):
        self.start_glasd()
        self.link.say(t="mo", id="x1", originator=number(), ud="0041",
                      colour="green")
        self.assertTrue(self.link.pump(lambda: "x1" in self.link.acked()))

    def test_a_link_that_hangs_in_a_call_is_killed_at_its_deadline(self):
        self.start_glasd()
        self.link.say(t="busy", deadline_ms=300)
        self.assert_hung_up_and_started_again()

    def test_a_store_that_kills_the_link_is_read_one_by_one(self):
        self.office.start()
        told = []
        for detail in ("", "slot 7", ""):
            self.link = self.server.accept().begin(state="listing",
                                                   detail=detail)
            told.append(self.link.start["settings"])
            self.office.wait_status(
                lambda s: (s["links"][0]["state"],
                           s["links"][0]["detail"]) == ("listing", detail),
                "listing")
            self.link.close()
        self.link = self.server.accept().begin()
        told.append(self.link.start["settings"])
        self.assertEqual(
            [(settings.get("one-by-one"), settings.get("raw-slot"))
             for settings in told],
            [(None, None), ("yes", None), ("yes", "7"), ("yes", None)])
        self.link.close()
        self.link = self.server.accept().begin()
        self.assertNotIn("one-by-one", self.link.start["settings"])

    def test_a_link_must_greet_first(self):
        self.office.start()
        self.link = self.server.accept()
        self.link.say(t="state", state="ready")
        self.assert_hung_up_and_started_again()

    def test_a_link_gets_no_environment_and_no_other_descriptor(self):
        self.start_glasd()
        children = subprocess.run(
            ["pgrep", "-P", str(self.office.process.pid)], check=True,
            capture_output=True, text=True).stdout.split()
        with open(f"/proc/{children[0]}/environ", "rb") as environment:
            names = {v.split(b"=")[0] for v in environment.read().split(b"\0")}
        self.assertLessEqual(names, {b"", b"LC_CTYPE"})

    def test_a_link_that_is_not_there_is_named(self):
        self.office.write_conf("[link fake]\ncommand = /nonexistent\n")
        self.office.start()
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "down" and
            s["state"] == "down", "a link that is down")
        remedies = {a["name"]: a["remedy"]
                    for a in self.office.status()["alerts"]}
        self.assertIn("glasd -t", remedies["link-down"])
        self.assertNotIn("cable", remedies["link-down"])
        self.office.wait_count("glas.alerts", 1, "name = 'link-down' and"
                               " remedy like '%glasd -t%'")

    def test_a_gateway_without_a_link_is_not_well(self):
        self.office.write_conf("")
        self.office.start()
        self.office.wait_database()
        done = self.office.glasctl("status", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("! no-link, for ", done.stdout)
        self.assertIn("[modem NAME]", done.stdout)
        self.assertIn(self.office.conf, done.stdout)
        self.office.write_conf("[link fake]\ncommand = "
                               f"{self.server.command()}\n")
        self.office.reload()
        self.link = self.server.accept().begin()
        self.office.wait_status(lambda s: s.get("state") == "well", "well")

    def test_pause_holds_replies_and_resume_lets_them_go(self):
        self.start_glasd()
        self.office.glasctl("pause", "fake")
        self.assertIn("glasctl resume",
                      self.office.status()["alerts"][0]["remedy"])
        self.send(number(), "PRIJAVA rupa Vranje")
        self.office.wait_count("glas_data.message", 1)
        self.assertEqual(self.link.submits, [])
        self.office.glasctl("resume", "fake")
        self.assertTrue(self.link.pump(lambda: self.link.submits))


class Configuration(GatewayTest):
    start = False

    def check(self):
        done = subprocess.run(
            [program("glasd"), "-t", "-c", self.office.conf], text=True,
            capture_output=True, check=False)
        self.assertNotIn("Sanitizer", done.stderr)
        return done

    def test_a_sound_configuration_passes(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_each_mistake_is_named_with_its_line(self):
        with open(self.office.conf, encoding="utf-8") as conf:
            good = conf.read()
        lines = good.count("\n")
        for more, line in (("[nonsense]\n", 1), ("[limits]\nfoo = 1\n", 2),
                           ("[modem a]\nspeed = 3\n", 2),
                           ("[link b]\nwindow = many\n", 2)):
            with open(self.office.conf, "w", encoding="utf-8") as conf:
                conf.write(good + more)
            done = self.check()
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{self.office.conf}:{lines + line}: ", done.stderr)

    def test_keys_of_another_office_are_said(self):
        self.assertEqual(self.check().returncode, 0)
        self.office.start()
        self.server.accept().begin()
        self.office.wait_database()
        self.office.kill()
        self.assertEqual(self.check().returncode, 0)
        for key in ("token.1", "reply.1", "optout.0"):
            path = self.office.path("keys", key)
            with open(path, encoding="ascii") as file:
                was = file.read()
            os.unlink(path)
            self.write_key(path, "0" * 64 + "\n")
            done = self.check()
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr.startswith(
                self.office.path("keys: ")))
            self.assertIn("glasctl key import", done.stderr)
            os.unlink(path)
            self.write_key(path, was)
        self.assertEqual(self.check().returncode, 0)

    @staticmethod
    def write_key(path, text):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, 0o400)

    def test_keys_that_are_lost_are_not_made_anew(self):
        self.start_glasd()
        self.ask(number(), "PRIJAVA rupa Vranje")
        self.office.kill()
        keys, away = self.office.path("keys"), self.office.path("away")
        stored = self.sql("select token, reply_copy from glas_data.citizen")
        for lost in (["reply.1"], ["token.1", "reply.1", "optout.0"]):
            shutil.copytree(keys, away)
            for key in lost:
                os.unlink(os.path.join(keys, key))
            left = sorted(os.listdir(keys))
            done = self.office.glasctl(
                "init", "--database", self.office.dsn("postgres"),
                "--sql", os.path.join(SRC_DIR, "sql"), check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("no key was made: the numbers here are sealed",
                          done.stderr)
            self.assertIn(": missing", self.check().stderr)
            self.assertEqual(sorted(os.listdir(keys)), left)
            shutil.rmtree(keys)
            os.rename(away, keys)
        self.assertEqual(self.check().returncode, 0)
        self.assertEqual(self.sql(
            "select token, reply_copy from glas_data.citizen"), stored)

    def test_one_fault_of_the_keys_is_said_once(self):
        os.chmod(self.office.path("keys"), 0o755)
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count(self.office.path("keys") + ": "), 1)

    def test_a_missing_file_is_said(self):
        os.unlink(self.office.conf)
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn(self.office.conf, done.stderr)

    def test_a_program_or_pin_that_is_not_there_is_said(self):
        pin = self.office.path("pin")
        with open(pin, "w", encoding="ascii") as file:
            file.write("12a4\n")
        with open(self.office.conf, "a", encoding="utf-8") as conf:
            conf.write("[modem a]\ndevice = /dev/null\n"
                       f"command = /nowhere/glas-modem\npin-file = {pin}\n"
                       f"[modem b]\ndevice = /dev/null\npin-file = {pin}2\n"
                       f"command = {program('glas-modem')}\n")
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, (
            f"{self.office.conf}: [modem a]: /nowhere/glas-modem cannot be "
            "run: No such file or directory: install it, or correct the "
            "command\n"
            f"{self.office.conf}: [modem a]: {pin}: no PIN stands there: "
            "write its 4 to 8 digits, alone\n"
            f"{self.office.conf}: [modem b]: {pin}2: the file of its PIN "
            "cannot be read: make it, with the 4 to 8 digits alone, or leave "
            "pin-file out\n"))

    def modem(self, **keys):
        """A modem whose program is there, beside the link."""
        self.office.write_conf(self.office.sections.split("[modem")[0] +
                               "[modem m]\ncommand = /bin/true\n" + "".join(
                                   f"{key.replace('_', '-')} = {value}\n"
                                   for key, value in keys.items()))

    def assert_warned(self, words):
        """This alone, and it would start."""
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        warning, = done.stderr.splitlines()
        self.assertTrue(warning.startswith("warning: "), warning)
        self.assertIn(words, warning)

    def assert_refused(self, words):
        done = self.check()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(words, done.stderr)

    def test_a_pin_that_anybody_may_read_is_said(self):
        pin = self.office.path("pin")
        self.write_key(pin, "1234\n")
        self.modem(device="/dev/null", pin_file=pin)
        self.assertEqual(self.check().stderr, "")
        os.chmod(pin, 0o644)
        self.assert_warned(f"chmod o= {pin}")

    def test_an_imei_with_a_digit_that_is_wrong_is_said(self):
        self.modem(imei="490154203237518")
        self.assertEqual(self.check().stderr, "")
        self.modem(imei="490154203237581")
        self.assert_warned("[modem m]: the last digit of its imei")

    def test_a_spool_that_is_not_there_is_said(self):
        spool = self.office.path("spool")
        os.chmod(spool, 0o755)
        self.assert_warned(f"chmod 0700 {spool}")
        os.rmdir(spool)
        self.assert_refused(f"{spool}: No such file or directory")

    def test_a_folder_of_the_socket_that_is_not_there_is_said(self):
        self.office.settings = {**self.office.settings, "control":
                                self.office.path("nowhere", "control")}
        self.office.write_conf()
        self.assert_warned(self.office.path("nowhere"))

    def test_a_file_is_not_put_away_for_the_socket(self):
        precious = self.office.path("precious.txt")
        with open(precious, "w", encoding="ascii") as file:
            file.write("kept\n")
        self.office.settings = {**self.office.settings, "control": precious}
        self.office.write_conf()
        self.assert_refused(f"{precious} is no socket")
        done = self.office.start(wait=False).process.wait(DEADLINE_S)
        self.assertEqual(done, 1)
        self.office.process = None
        with open(precious, encoding="ascii") as file:
            self.assertEqual(file.read(), "kept\n")

    def test_a_path_that_is_too_long_for_the_socket_is_said(self):
        self.office.settings = {**self.office.settings,
                                "control": "/" + "c" * 107}
        self.office.write_conf()
        self.assert_refused(f"{self.office.conf}:")

    def test_a_port_that_is_none_is_said(self):
        for port in ("abc", "70000", "5432,x", "-1"):
            self.office.settings = {**self.office.settings, "database":
                                    f"host=127.0.0.1 dbname=x port={port}"}
            self.office.write_conf()
            self.assert_refused(f"{self.office.conf}: ")

    @unittest.skipUnless(os.geteuid() == 0, "links have the user of glasd")
    def test_a_user_of_links_that_is_not_there_is_said(self):
        self.office.settings = {**self.office.settings,
                                "link-user": "no-such-user"}
        self.office.write_conf()
        self.assert_refused("no user no-such-user")

    def test_it_says_how_it_is_called(self):
        for option, status in (("--help", 0), ("-h", 0), ("-x", 1)):
            done = subprocess.run([program("glasd"), option], text=True,
                                  capture_output=True, check=False)
            self.assertEqual(done.returncode, status)
            self.assertIn("usage: glasd", done.stderr if status
                          else done.stdout)

    def test_a_user_without_rights_is_told_what_to_do(self):
        self.sql("create role nobody_of_glas login")
        self.addCleanup(self.sql, "drop role nobody_of_glas")
        self.office.settings = {**self.office.settings, "database":
                                self.office.dsn("nobody_of_glas")}
        self.office.write_conf()
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn("run glasctl init, which lets it", done.stderr)

    def test_keys_that_others_may_read_are_refused(self):
        keys = self.office.path("keys")
        key = os.path.join(keys, sorted(
            f for f in os.listdir(keys) if "." in f)[0])
        os.chmod(key, 0o644)
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn(key, done.stderr)
        os.chmod(key, 0o400)
        os.chmod(keys, 0o755)
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 0700 " + keys, done.stderr)
        os.chmod(keys, 0o700)
        self.assertEqual(self.check().returncode, 0)

    def test_reload_is_all_or_nothing(self):
        self.start_glasd()
        second = LinkServer(self.office.path("second"))
        self.addCleanup(second.close)
        sections = self.office.sections
        self.office.write_conf(
            f"{sections}[link second]\ncommand = {second.command()}\n"
            "[limits]\nnonsense = 1\n")
        self.office.reload()
        self.send(number(), "PRIJAVA rupa Vranje")
        self.office.write_conf(sections)
        self.assertEqual(len(self.office.status()["links"]), 1)
        self.office.write_conf(
            f"{sections}[link second]\ncommand = {second.command()}\n")
        self.office.reload()
        other = second.accept().begin()
        self.office.wait_status(lambda s: len(s["links"]) == 2, "two links")
        self.send(number(), "PRIJAVA mrak Vranje")
        self.office.write_conf(sections)
        self.office.reload()
        self.office.wait_status(lambda s: len(s["links"]) == 1, "one link")
        while other.hear() is not None:
            pass

    def test_sigterm_finishes_what_is_in_flight(self):
        self.office.sections = ("[link fake]\ncommand = "
                                f"{self.server.command('lingers')}\n")
        self.office.write_conf()
        self.start_glasd()
        self.link.mo(number(), "PRIJAVA rupa Vranje")
        self.link.pump(lambda: self.link.submits, accept=False)
        self.office.process.send_signal(signal.SIGTERM)
        self.assertTrue(self.link.pump(
            lambda: any(m["t"] == "stop" for m in self.link.heard)))
        self.link.submitted(self.link.submits[0], "accepted", mr=1)
        self.link.pump(lambda: len(self.link.acked()) == 2)
        self.link.close()
        self.assertEqual(self.office.stop(), 0)
        self.assertEqual(self.sql("select state from glas.outbox"),
                         "accepted")


class Refusals(GatewayTest):
    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def test_a_refusal_right_after_connecting_holds_nothing_up(self):
        self.sql("alter table glas_data.body add constraint no_poison "
                 "check (text not like '%otrov%')")
        self.send(number(), "otrov")
        self.office.wait_count("glas_data.quarantine", 1)
        self.send(number(), "PRIJAVA rupa Vranje")
        self.settle(1)

    def test_texts_of_one_person_stay_in_order_when_a_half_must_wait(self):
        # The batch is refused for its last text; then its first half meets a
        # conflict that is over the next time.
        self.sql("""
            create sequence glas_data.tries;
            grant usage on sequence glas_data.tries to glas_owner;
            create function glas_data.refuse() returns trigger
                language plpgsql as $$
            begin
                if new.text like '%otrov%' then
                    raise check_violation;
                elsif new.text like '%rupa 0%'
                        and nextval('glas_data.tries') = 2 then
                    raise serialization_failure;
                end if;
                return new;
            end $$;
            create trigger refuse before insert on glas_data.body
                for each row execute function glas_data.refuse()""")
        self.cluster.stop()
        self.office.wait_database("away")
        person = number()
        for n in range(8):
            self.send(person, f"PRIJAVA rupa {n} Vranje" if n < 7 else "otrov")
        self.cluster.start()
        self.office.wait_database()
        self.settle(7)
        self.office.wait_count("glas_data.quarantine", 1)
        self.assertEqual(
            self.sql("select text from glas_data.body order by message"),
            "\n".join(f"PRIJAVA rupa {n} Vranje" for n in range(7)))


class BadLine(GatewayTest):
    """The connection to the database ends at the worst moment."""

    start = False

    def setUp(self):
        super().setUp()
        self.proxy = PgProxy(self.cluster, self.office.path("proxy"))
        self.addCleanup(self.proxy.close)
        self.office.settings["database"] = self.proxy.dsn(
            self.office.database, "glasd")
        self.office.write_conf()
        self.start_glasd()

    def test_a_text_whose_answer_was_lost_is_stored_once(self):
        self.proxy.swallow(b"PRIJAVA rupa Vranje")
        self.send(number(), "PRIJAVA rupa Vranje")
        self.proxy.wait()
        self.office.wait_count("glas_data.message", 1)
        self.proxy.cut()
        self.settle(1)
        wait_for(lambda: self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") == 1, 0.2),
                 what="the receipt")
        self.assertEqual(len(self.link.submits), 1)
        self.assertEqual(self.office.count("glas_data.message"), 1)

    def say_danger_with_an_answer_lost(self):
        """Stored, told from the words alone, and the database is back before
        the link has said anything of it."""
        self.proxy.swallow(b"gori kuca, Bujanovac")
        self.link.mo(number(), "gori kuca, Bujanovac")
        self.proxy.wait()
        self.assertTrue(self.link.pump(
            lambda: self.link.submits and self.link.acked(), accept=False))
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.proxy.cut()
        self.office.wait_database()

    def settle_danger(self, *outcome, **more):
        danger, = self.link.submits
        self.link.submitted(danger, *outcome, **more)
        self.assertTrue(self.link.pump(lambda: self.office.count(
            "glas.outbox", "kind = 'receipt' and state = 'accepted'") == 1))
        self.assertEqual(len(self.link.submits), 2)
        state, text = self.sql("select state, text from glas.outbox"
                               " where kind = 'emergency'").split("|")
        self.assertEqual((danger["recipient"], text), self.link.texts()[0])
        return state

    def test_danger_that_was_stored_and_is_being_told_is_told_once(self):
        self.say_danger_with_an_answer_lost()
        self.assertEqual(self.settle_danger("accepted", mr=2), "accepted")

    def test_what_became_of_it_is_what_the_outbox_says(self):
        self.say_danger_with_an_answer_lost()
        self.assertEqual(self.settle_danger("refused", cause=1), "failed")

    def slow_down(self, seconds):
        self.sql("create function glas_data.slow() returns trigger language "
                 f"plpgsql as $$ begin perform pg_sleep({seconds}); "
                 "return new; end $$; create trigger slow before insert on "
                 "glas_data.message for each row "
                 "execute function glas_data.slow()")

    def test_what_was_told_while_it_was_stored_is_told_once(self):
        """Though the database, when it is told so, is lost."""
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "numbers for an outage")
        self.slow_down(4)
        times = self.office.times_connected()
        self.proxy.edit(b"glas_gw.mt_said(", b"glas_gw.mt_sick(")
        self.link.mo(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits,
                                       accept=False))
        self.proxy.wait()
        self.office.wait_reconnected(times)
        self.assertEqual(self.settle_danger("accepted", mr=2), "accepted")
        self.office.wait_settled()
        self.assertEqual(self.office.status()["spool"]["answered_meanwhile"],
                         0)

    def test_what_was_claimed_when_the_line_was_lost_is_told(self):
        person = number()
        self.link.mo(person, "gori kuca, Bujanovac")
        for n in range(2):
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > n, accept=False))
            self.link.submitted(self.link.submits[n], "refused", cause=42)
        self.office.wait_count("glas.outbox", 2, "state = 'queued'")
        self.proxy.swallow(b"glas_gw.stopped(")
        self.sql("update glas_data.outbox set due_at = null"
                 " where kind = 'emergency';"
                 " select glas_data.wake_gateways()")
        self.proxy.wait()
        self.office.wait_database("away")
        self.cluster.stop()
        self.addCleanup(lambda: self.cluster.running or self.cluster.start())
        self.proxy.cut()
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 3),
                        self.office.tail())
        self.assertEqual(*self.link.texts()[::2])
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")

    def test_an_ack_does_not_wait_for_a_silent_database(self):
        person = number()
        self.ask(person, "PRIJAVA rupa Vranje")
        self.proxy.swallow(b"glas_gw.mo_context(")
        self.send(person, "PRIJAVA mrak Vranje")
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.proxy.cut()
        self.settle(2)

    def test_what_a_power_cut_took_from_the_log_is_stored_once(self):
        text = (number(), "PRIJAVA rupa Vranje", "2099-11-01T12:00:00+01:00")
        self.link.mo(*text)
        self.assertTrue(self.link.pump(lambda: self.link.submits,
                                       accept=False))
        self.office.kill()
        for name in os.listdir(self.office.path("spool")):
            if name.startswith("log"):
                os.unlink(self.office.path("spool", name))
        self.start_glasd()
        self.link.mo(*text)
        self.settle(1)
        wait_for(lambda: self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") == 1, 0.2),
                 what="the receipt")
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.assertEqual(self.office.count("glas.reports"), 1)
        self.assertEqual(self.sql("select seen from glas_data.identity"), "2")
        # Its outcome was unknowable: it was sent once more, and only once.
        self.assertEqual(len(self.link.submits), 1)

    def test_a_session_that_lost_its_line_commits_nothing_unseen(self):
        self.slow_down(3)
        self.proxy.leave(b"PRIJAVA rupa Vranje")
        self.send(number(), "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.settle(1)
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.assertEqual(self.office.count("glas_data.message"), 1)

    def test_a_connection_that_cannot_listen_is_made_again(self):
        self.proxy.edit(b'listen "', b'lisxen "')
        self.proxy.cut()
        self.proxy.wait()
        self.office.wait_database()
        self.ask(number(), "PRIJAVA rupa Vranje")

    def test_a_schema_that_changes_meanwhile_is_refused_in_words(self):
        self.sql("create or replace function glas_gw.schema_version() "
                 "returns int language sql as 'select 99'; revoke execute on "
                 "all functions in schema glas_gw from glas_gateway; grant "
                 "execute on function glas_gw.schema_version() to glas_gateway")
        self.send(number(), "PRIJAVA rupa Vranje")
        self.office.wait_status(
            lambda s: "newer Glas" in s["database"], "a refusal")
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: any(
            "193" in text for _, text in self.link.texts())))

    def test_an_incomplete_text_whose_answer_was_lost_is_stored_once(self):
        self.send(number(), "PRIJAVA rupa ", udh="050003070201")
        self.office.wait_count("glas_data.concat_segment", 1)
        self.proxy.swallow(b"[...]")
        self.sql("update glas_data.concat_group "
                 "set last_at = last_at - interval '11 minutes'")
        self.proxy.wait(40)
        self.office.wait_count("glas_data.message", 1)
        self.proxy.cut()
        self.settle(1)
        self.office.wait_database()
        self.ask(number(), "PRIJAVA mrak Vranje")
        self.assertEqual(self.office.count("glas_data.message"), 2)
        self.assertEqual(self.office.count("glas.reports"), 2)


class HostileLink(GatewayTest):
    def setUp(self):
        super().setUp()
        server = LinkServer(self.office.path("hostile"))
        self.addCleanup(server.close)
        self.office.write_conf(f"{self.office.sections}[link hostile]\n"
                               f"command = {server.command()}\n"
                               "window = 200\n")
        self.office.reload()
        self.hostile = server.accept().begin()

    def calls(self, length, count):
        return [json.dumps({"t": "call", "originator": "Banka",
                            "id": f"{n}-".ljust(length, "x")}).encode() + b"\n"
                for n in range(count)]

    def test_what_it_says_of_itself_is_one_line_and_can_be(self):
        self.hostile.say(
            t="state", state="ready", operator="a\r\nlinks",
            detail="deaf\n\ngateway vranje: well\u2028database up\f! no",
            signal_dbm=-9999999999, sim_used=10 ** 17, sim_size=-5)
        self.office.wait_status(lambda s: any(
            link["operator"] == "a links" for link in s["links"]), "its state")
        link, = (link for link in self.office.status()["links"]
                 if link["name"] == "hostile")
        for field in ("signal_dbm", "sim_used", "sim_size"):
            self.assertIsNone(link[field], field)
        self.office.wait_count("glas.links", 1, "operator = 'a links'")
        self.assertEqual(self.sql(
            "select signal_dbm, sim_used, sim_size from glas_data.link"
            " where name = 'hostile'"), "||")
        said = self.office.glasctl("status", check=False).stdout.splitlines()
        self.assertEqual([line for line in said if line.startswith(
            ("gateway", "database", "links", "! no"))].count(
                "links"), 1, said)
        self.assertEqual(sum(line.startswith(("gateway", "database"))
                             for line in said), 2, said)

    def test_many_long_ids_in_one_pass_are_all_acked(self):
        first, *rest = self.calls(255, 200)
        self.hostile.say_octets(first[:-1])
        self.send(number(), "PRIJAVA rupa Vranje")
        self.hostile.say_octets(first[-1:] + b"".join(rest))
        self.assertTrue(self.hostile.pump(
            lambda: len(self.hostile.acked()) == 200))

    def test_more_than_its_window_is_hung_up_on(self):
        for count, stays in ((200, True), (201, False)):
            with self.subTest(count=count):
                acked = len(self.hostile.acked()) + count
                self.hostile.say_octets(b"".join(self.calls(20, count)))
                self.assertEqual(self.hostile.pump(
                    lambda: len(self.hostile.acked()) == acked), stays)
        self.send(number(), "PRIJAVA rupa Vranje")

    def test_one_that_reads_nothing_is_hung_up_on(self):
        """What it is told would grow with what it brings."""
        program = self.office.path("deaf.py")
        call = {"t": "call", "originator": "", "id": "x" * 250}
        with open(program, "w", encoding="ascii") as script:
            script.write(
                "import os\n"
                "def say(line):\n"
                "    while line:\n"
                "        line = line[os.write(1, line):]\n"
                'say(b\'{"t":"hello","protocol":1,"kind":"fake",'
                '"version":"1"}\\n\')\n'
                f"while True:\n    say(b'{json.dumps(call)}\\n' * 100)\n")
        os.chmod(program, 0o644)
        self.office.write_conf(f"{self.office.sections}[link deaf]\n"
                               f"command = /usr/bin/python3 -S -B {program}\n")
        self.office.reload()
        self.office.wait_status(lambda s: any(
            "does not read" in a["text"] for a in s["alerts"]), "a breach")
        self.send(number(), "PRIJAVA rupa Vranje")

    def flood(self, ended):
        """Texts that nobody answers, until the event."""
        for n in itertools.count():
            if ended.is_set():
                return
            yield {"t": "mo", "originator": "REKLAMA", "ton": "alphanumeric",
                   "text": f"Samo danas {n}", "network_id": f"flood-{n}"}

    def test_a_link_that_floods_lets_no_other_wait_behind_it(self):
        # A text takes the database a millisecond, and the log far less.
        self.sql("create function glas_data.slow() returns trigger language "
                 "plpgsql as $$ begin perform pg_sleep(0.001); return new; "
                 "end $$; create trigger slow before insert on "
                 "glas_data.message for each row "
                 "execute function glas_data.slow()")
        ended = threading.Event()
        flooder = threading.Thread(target=self.hostile.offer,
                                   args=(self.flood(ended),))
        flooder.start()
        self.addCleanup(flooder.join)
        self.addCleanup(ended.set)
        wait_for(lambda: self.hostile.count > 8000, 60, "a flood")
        person, before = number(), self.office.count("glas_data.message")
        self.send(person, "PRIJAVA rupa Vranje")
        self.office.wait_count("glas.reports", 1)
        ended.set()
        ahead = int(self.sql("select count(*) from glas_data.message where "
                             "id < (select id from glas.inbox where intent "
                             "= 'report')")) - before
        # Its share, a window, and what is in memory.
        self.assertLess(ahead, 500 + 200 + 600 + 4 * 200 + 200)

    def test_a_link_may_bring_more_while_the_database_is_away(self):
        self.cluster.stop()
        self.addCleanup(self.cluster.start)
        self.office.wait_database("away")
        self.assertTrue(self.hostile.offer(
            {"t": "call", "originator": "Banka"} for _ in range(1000)))

    def test_an_id_that_no_answer_can_hold_is_hung_up_on(self):
        with contextlib.suppress(OSError):
            self.hostile.say_octets(self.calls(60000, 1)[0])
        self.assertFalse(self.hostile.pump(lambda: False))
        self.send(number(), "PRIJAVA rupa Vranje")

    def test_what_it_says_of_itself_is_cut_between_characters(self):
        self.hostile.say(t="state", state="ready", operator="a" + "ш" * 30,
                         detail="b\x1b[2J" + "ш" * 80)
        self.office.wait_count("glas_data.link", 1,
                               "operator = 'a' || repeat('ш', 19)")
        link = [link for link in self.office.status()["links"]
                if link["name"] == "hostile"][0]
        self.assertEqual(link["operator"], "a" + "ш" * 19)
        self.assertNotIn("\x1b", link["detail"])

    def test_a_link_that_is_taken_away_leaves_no_zombie(self):
        self.office.write_conf(self.office.sections)
        self.office.reload()
        self.assertFalse(self.hostile.pump(lambda: False))
        wait_for(lambda: len(children_of(self.office.process.pid)) == 1,
                 what="one child")


class SlowLine(GatewayTest):
    start = False

    def test_octets_that_never_make_a_line_are_no_sign_of_life(self):
        self.office.start(GLAS_LINK_PING_MS="300", GLAS_LINK_PONG_MS="1000")
        link = self.server.accept().begin()
        began = time.monotonic()
        with self.assertRaises(OSError):
            while time.monotonic() - began < DEADLINE_S:
                link.say_octets(b" ")
                time.sleep(0.05)
        self.server.accept().begin()
        self.assertEqual(self.office.status()["links"][0]["restarts"], 1)


class Flood(GatewayTest):
    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def offer(self, messages):
        self.assertTrue(self.link.offer(messages))

    def test_what_no_link_can_read_waits_in_the_log_and_is_put_aside(self):
        self.cluster.stop()
        self.office.wait_database("away")
        self.offer({"t": "raw", "slot": 1, "pdu": f"{n:08x}" * 40}
                   for n in range(3000))
        self.cluster.start()
        self.office.wait_count("glas_data.quarantine", 3000)
        self.settle(0)
        self.assertEqual(self.office.count("glas_data.message"), 0)

    def test_status_reports_of_a_day_go_in_bounded_calls(self):
        self.cluster.stop()
        self.office.wait_database("away")
        self.offer({"t": "status-report", "mr": n % 256, "status": 0,
                    "recipient": "+38164"} for n in range(3000))
        self.cluster.start()
        self.office.wait_database()
        self.ask(number(), "PRIJAVA rupa Vranje")
        self.office.wait_status(lambda s: s["spool"]["octets"] == 0,
                                "an empty log")

    def test_one_outcome_that_is_refused_spoils_no_other(self):
        self.sql("alter table glas_data.outbox add constraint no_cause "
                 "check (cause is distinct from 1)")
        self.office.glasctl("pause", "fake")
        for n in range(20):
            self.send(number(), f"PRIJAVA rupa {n} Vranje")
        self.office.wait_count("glas.outbox", 20, "state = 'inflight'")
        self.cluster.stop()
        self.office.wait_database("away")
        self.office.glasctl("resume", "fake")
        for n in range(20):
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > n, accept=False))
            self.link.submitted(self.link.submits[n], *(
                ("refused",) if n == 7 else ("accepted",)), cause=1)
        self.assertTrue(self.link.pump(lambda: len(self.link.acked()) >= 40))
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 19, "state = 'accepted'")


class SlowDatabase(GatewayTest):
    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def slow_for_the_first_text(self):
        self.sql("create function glas_data.slow() returns trigger "
                 "language plpgsql as $$ begin "
                 "if not exists (select from glas_data.message) then "
                 "perform pg_sleep(4); end if; "
                 "return new; end $$; create trigger slow before insert on "
                 "glas_data.message for each row "
                 "execute function glas_data.slow()")

    def test_danger_that_was_told_meanwhile_is_not_told_again(self):
        self.slow_for_the_first_text()
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits, 3.9))
        self.assertEqual(self.office.count("glas_data.message"), 0)
        self.settle(1)
        self.office.wait_count("glas.outbox", 2,
                               "state in ('accepted', 'suppressed')")
        self.assertEqual(len(self.link.submits),
                         len({text for _, text in self.link.texts()}))

    def test_a_reference_that_was_told_meanwhile_is_never_told_again(self):
        self.slow_for_the_first_text()
        self.send(number(), "PRIJAVA rupa Vranje")
        self.office.wait_database("away")
        self.send(number(), "PRIJAVA mrak Vranje")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 1))
        self.settle(2)
        self.office.kill()
        self.link.close()
        self.cluster.stop()
        self.start_glasd("away")
        self.send(number(), "PRIJAVA voda Vranje")
        self.link.pump(lambda: self.link.submits, 2)
        self.cluster.start()
        self.office.wait_database()
        self.settle(3)
        self.assertEqual(self.office.count("glas.reports"), 3)
        self.assertEqual(self.office.count("glas_data.quarantine"), 0)


class AwayLimits(GatewayTest):
    limits = {"replies-per-hour": 3, "replies-per-day": 0,
              "segments-per-day": 5}

    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def test_one_person_leaves_references_to_others_and_the_cap_holds(self):
        self.office.wait_status(
            lambda s: s["spool"]["reserved"] == 2000, "a full stock")
        self.cluster.stop()
        self.office.wait_database("away")
        person = number()
        for n in range(30):
            self.send(person, f"PRIJAVA rupa {n} Vranje")
        self.assertEqual(self.office.status()["spool"]["reserved"], 1997)
        for n in range(4):
            self.send(number(), f"PRIJAVA mrak {n} Vranje")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 5))
        self.cluster.start()
        self.office.wait_database()
        self.settle(34)
        self.assertEqual(len(self.link.submits), 5)
        self.assertEqual(self.office.count("glas.reports"), 34)


class LinkGone(GatewayTest):
    """Replies wait for a link that is taken out of the configuration."""

    start = False

    def begin(self):
        self.office.start()
        self.link = self.server.accept().begin("searching")
        self.office.wait_database()
        for _ in range(2):
            self.send(number(), "PRIJAVA rupa Vranje")
        self.wait_segments(2)
        self.office.wait_status(lambda s: s["links"][0]["waiting"] == 2,
                                "two replies that wait")

    def wait_segments(self, segments):
        self.office.wait_status(
            lambda s: s["outbox"]["segments_today"] == segments,
            f"{segments} segments")

    def assert_go_by_another(self):
        second = LinkServer(self.office.path("second"))
        self.addCleanup(second.close)
        self.office.write_conf(f"[link second]\ncommand = {second.command()}\n")
        self.office.reload()
        other = second.accept().begin()
        self.assertTrue(other.pump(lambda: len(other.submits) == 2, 60))
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")
        self.wait_segments(2)

    def test_they_go_by_another_and_are_counted_once(self):
        self.begin()
        self.assert_go_by_another()

    def test_what_was_counted_yesterday_is_not_taken_from_today(self):
        self.begin()
        self.office.move_clock(86400 - int(time.time()) % 86400)
        self.wait_segments(0)
        self.assert_go_by_another()


class SlowLink(GatewayTest):
    def test_a_link_that_is_taken_away_between_two_segments_owes_nothing(self):
        person = number()
        self.ask(person, "PRIJAVA rupa Vranje")
        reference = self.sql("select reference from glas.reports")
        second = LinkServer(self.office.path("second"))
        self.addCleanup(second.close)
        self.office.write_conf(self.office.sections + "rate = 1\n")
        self.office.reload()
        self.link = self.server.accept().begin()
        self.sql(f"select glas.reply('{reference}', "
                 "repeat('Popravljeno. ', 30))")
        # What the network said of the first is known.
        self.assertTrue(self.link.pump(lambda: self.link.submits and
                                       f"t{self.link.count}"
                                       in self.link.acked()))
        self.office.write_conf(f"[link second]\ncommand = {second.command()}\n")
        self.office.reload()
        other = second.accept().begin()
        self.assertTrue(other.pump(lambda: len(other.submits) == 3, 60))
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")


class DiskFull(GatewayTest):
    section = "submit-window = 3\n"

    def full(self, full):
        """No file can grow, as on a full disk; or all can again."""
        resource.prlimit(self.office.process.pid, resource.RLIMIT_FSIZE,
                         (0 if full else resource.RLIM_INFINITY,
                          resource.RLIM_INFINITY))

    def accept(self, *submits):
        for submit in submits:
            self.link.submitted(submit, "accepted", mr=1)
            nacks = len(self.link.nacked())
            self.assertTrue(self.link.pump(
                lambda: len(self.link.nacked()) > nacks, accept=False))

    def test_a_text_is_kept_by_its_link_until_there_is_room(self):
        self.full(True)
        id = self.link.mo(number(), "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(lambda: id in self.link.nacked()))
        self.full(False)
        self.send(number(), "PRIJAVA mrak Vranje", id=id)
        self.settle(1)

    def test_a_result_is_written_when_there_is_room_and_once(self):
        for n in range(3):
            self.link.mo(number(), f"PRIJAVA rupa {n} Vranje")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 3, accept=False))
        self.full(True)
        self.accept(*self.link.submits)
        self.full(False)
        self.settle(3)
        self.office.wait_count("glas.outbox", 3, "state = 'accepted'")
        self.assertEqual(len(self.link.submits), 3)

    def test_no_reply_is_forgotten_that_the_disk_refused(self):
        self.office.glasctl("pause", "fake")
        for n in range(5):
            self.send(number(), f"PRIJAVA rupa {n} Vranje")
        self.office.wait_count("glas.outbox", 5, "state = 'inflight'")
        self.full(True)
        self.office.glasctl("resume", "fake")
        self.office.wait_status(
            lambda s: "spool-failing" in {a["name"] for a in s["alerts"]},
            "a failing spool")
        self.assertEqual(self.link.submits, [])
        self.full(False)
        self.settle(5)
        self.office.wait_count("glas.outbox", 5, "state = 'accepted'")
        self.assertEqual(len(self.link.submits), 5)


class SpoolRoom(GatewayTest):
    start = False

    def setUp(self):
        super().setUp()
        self.spool = self.office.path("spool")
        self.evening = 22 * 3600 - int(time.time()) % 86400
        self.move_clock(0)
        if not smalldisk.mounted(self.spool, "48m"):
            self.skipTest("cannot mount a small file system: run as root")
        self.addCleanup(smalldisk.unmount, self.spool)
        self.start_glasd()

    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def move_clock(self, hours):
        """From ten in the evening on, UTC."""
        self.office.move_clock(self.evening + hours * 3600)

    def wait_full(self, full):
        self.office.wait_status(
            lambda s: full == ("spool-full" in {a["name"] for a in
                                                s.get("alerts", ())}),
            f"a spool that is full: {full}")

    def is_refused(self, text):
        id = self.link.mo(number(), text)
        self.assertTrue(self.link.pump(
            lambda: id in self.link.acked() + self.link.nacked()))
        return id in self.link.nacked()

    def refused(self, offer, *arguments):
        id = offer(*arguments)
        return self.link.pump(lambda: id in self.link.nacked()) and \
            id not in self.link.acked()

    def segments(self):
        return [name for name in os.listdir(self.spool)
                if name.startswith("log.")]

    def test_below_the_reserve_texts_stay_with_their_links(self):
        self.send(number(), "PRIJAVA rupa Vranje")
        self.settle(1)
        smalldisk.fill(self.spool, 15 << 20)
        self.wait_full(True)
        # What takes no texts is down, wherever somebody looks.
        self.assertEqual(self.office.status()["state"], "down")
        person = number()
        self.assertTrue(self.refused(self.link.mo, person, "PRIJAVA mrak"))
        id = self.link.heard[-1]["ids"][0]
        self.link.say(t="raw", id="raw", slot=1, pdu="00")
        self.link.say(t="call", id="call", originator=person)
        self.assertTrue(self.link.pump(
            lambda: {"raw", "call"} <= set(self.link.nacked())))
        self.office.wait_settled()
        self.assertEqual(self.office.count("glas_data.message"), 1)
        smalldisk.empty(self.spool)
        self.wait_full(False)
        self.send(person, "PRIJAVA mrak Vranje", id=id)
        self.settle(2)

    def test_danger_is_taken_until_half_of_the_reserve_is_left(self):
        self.send(number(), "PRIJAVA rupa Vranje")
        self.settle(1)
        smalldisk.fill(self.spool, 15 << 20)
        self.wait_full(True)
        self.assertIn("193", self.ask(number(), "gori kuca, Vranje", 2)[0])
        self.settle(2)
        self.cluster.stop()
        self.office.wait_database("away")
        told = len(self.link.submits)
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(
            lambda: any("193" in text for _, text in
                        self.link.texts()[told:])))
        self.assertTrue(self.refused(self.link.mo, number(),
                                     "PRIJAVA rupa Vranje"))
        smalldisk.fill(self.spool, 6 << 20)
        wait_for(lambda: self.is_refused("gori kuca, Vranje"),
                 what="danger that is not taken any more")

    def test_what_is_sent_is_written_into_the_reserve(self):
        self.office.glasctl("pause", "fake")
        for n in range(3):
            self.send(number(), f"PRIJAVA rupa {n} Vranje")
        self.office.wait_count("glas.outbox", 3, "state = 'inflight'")
        smalldisk.fill(self.spool, 15 << 20)
        self.wait_full(True)
        # The segment of another day begins in the reserve.
        old = self.segments()
        self.move_clock(4)
        self.office.glasctl("resume", "fake")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 3))
        self.assertTrue(self.link.pump(
            lambda: sum(id[0] == "t" for id in self.link.acked()) == 6))
        self.link.say(t="status-report", id="report", mr=1, status=0,
                      recipient=self.link.submits[0]["recipient"])
        self.assertTrue(self.link.pump(
            lambda: "report" in self.link.acked()))
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")
        self.office.wait_count("glas.outbox", 1, "state = 'delivered'")
        self.assertNotEqual(self.segments(), old)
        self.assertEqual(self.link.nacked(), [])

    def test_what_is_in_the_database_goes_before_a_text_is_refused(self):
        self.send(number(), "PRIJAVA rupa Vranje")
        self.settle(1)
        old = self.segments()
        self.move_clock(4)
        self.send(number(), "PRIJAVA mrak Vranje")
        self.settle(2)
        self.assertEqual(len(self.segments()), 2)
        smalldisk.fill(self.spool, 15 << 20)
        wait_for(lambda: len(self.segments()) == 1, what="one segment")
        self.assertNotEqual(self.segments(), old)

    def test_nothing_goes_early_while_the_database_is_away(self):
        self.send(number(), "PRIJAVA rupa Vranje")
        self.settle(1)
        self.move_clock(4)
        self.send(number(), "PRIJAVA mrak Vranje")
        self.settle(2)
        self.cluster.stop()
        self.office.wait_database("away")
        smalldisk.fill(self.spool, 15 << 20)
        self.wait_full(True)
        self.assertEqual(len(self.segments()), 2)
        self.cluster.start()
        self.office.wait_database()
        wait_for(lambda: len(self.segments()) == 1, what="one segment")


class Outage(GatewayTest):
    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def test_a_reply_that_was_sent_during_an_outage_is_not_sent_again(self):
        person = number()
        self.link.mo(person, "PRIJAVA rupa Vranje")
        self.link.pump(lambda: self.link.submits, accept=False)
        self.cluster.stop()
        self.office.wait_database("away")
        self.link.submitted(self.link.submits[0], "accepted", mr=1)
        self.assertTrue(self.link.pump(lambda: len(self.link.acked()) == 2))
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.ask(person, "PRIJAVA mrak Vranje")
        self.assertEqual(len(self.link.submits), 2)

    def test_an_attempt_refused_before_a_crash_does_not_undo_the_next(self):
        person = number()
        self.link.mo(person, "PRIJAVA rupa Vranje")
        self.link.pump(lambda: self.link.submits, accept=False)
        self.link.submitted(self.link.submits[0], "refused", cause=41)
        self.office.wait_count("glas_data.outbox", 1, "state = 'queued'")
        self.sql("update glas_data.outbox set due_at = now()")
        self.office.kill()
        self.link.close()
        self.office.start()
        self.link = self.server.accept().begin()
        # The log says again what it is due after; it is read before.
        self.assertTrue(self.link.pump(lambda: self.link.submits, 60))
        self.settle(1)
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.assertEqual(len(self.link.submits), 1)

    def test_danger_in_half_a_text_spoils_no_other_result(self):
        # The half is no text of its own: its emergency reply has no row.
        person, others = number(), [number() for _ in range(3)]
        self.office.glasctl("pause", "fake")
        for other in others:
            self.send(other, "PRIJAVA rupa Vranje")
        self.office.wait_count("glas.outbox", 3, "state = 'inflight'")
        self.cluster.stop()
        self.office.wait_database("away")
        self.send(person, "gori kuca, ", udh="050003070201")
        self.office.glasctl("resume", "fake")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 4))
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas_data.concat_segment", 1)
        self.office.wait_count("glas.outbox", 3, "state = 'accepted'")


if __name__ == "__main__":
    unittest.main()
