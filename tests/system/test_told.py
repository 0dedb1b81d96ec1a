#!/usr/bin/env python3
"""What the network refuses while the database is away, and what that costs.

python3 -m unittest discover -s tests/system -p 'test_told.py'
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from fakelink import LinkPeer  # noqa: E402
from gateway import setUpModule, tearDownModule  # noqa: E402, F401
from office import NO_LIMITS, number  # noqa: E402
from test_away import AwayTest  # noqa: E402

DANGER = "gori kuca, Bujanovac"


class Refusing(LinkPeer):
    """Refuses so many segments, says nothing of danger if it is silent, and
    takes the others."""

    refusals = 0
    silent = False

    def react(self, message, accept=True):
        if (message["t"] == "submit" and self.silent and
                b"193" in bytes.fromhex(message["ud"])[1::2] and
                b"Broj" not in bytes.fromhex(message["ud"])[1::2]):
            self.submits.append(message)
        elif message["t"] == "submit" and self.refusals > 0:
            self.refusals -= 1
            self.submits.append(message)
            self.submitted(message, "refused", cause=42)
        else:
            super().react(message, accept)


class ToldTest(AwayTest):
    environment = {"GLAS_MT_RETRY_MS": "1500"}

    def setUp(self):
        super().setUp()
        if self.start:
            self.link.__class__ = Refusing

    def again(self, **more):
        """Another start, which finds the database away."""
        self.office.kill()
        self.link.close()
        self.office.start(**self.environment)
        self.link = self.server.accept().begin(**more)
        self.office.wait_database("away")

    def told(self, person):
        """How often 193 was handed over to that person."""
        return sum(to == person and "193" in text and "Broj" not in text
                   for to, text in self.link.texts())

    def wait_told(self, person, times):
        self.assertTrue(self.link.pump(lambda: self.told(person) >= times),
                        self.office.tail())

    def wait_refused(self, times):
        """Until glasd has written down so many refusals."""
        acked = len(self.link.acked()) + times
        self.assertTrue(self.link.pump(
            lambda: len(self.link.acked()) >= acked), self.office.tail())

    def back(self, replies):
        """The database comes back, and knows that so many were taken."""
        self.cluster.start()
        self.office.wait_database()
        self.wait_accepted(replies)
        self.settle(0)


class DangerIsToldAgain(ToldTest):
    def test_what_the_network_refused_in_an_outage(self):
        self.lose_database()
        person = number()
        self.link.refusals = 1
        self.send(person, DANGER)
        self.wait_told(person, 2)
        self.back(2)
        self.assertEqual(self.told(person), 2)
        self.assertEqual(self.office.count("glas.outbox"), 2)

    def test_nothing_of_it_that_was_taken_goes_again(self):
        self.lose_database()
        person = number()
        self.link.refusals = 9
        self.send(person, DANGER)
        self.wait_refused(2)
        self.again()
        self.wait_told(person, 1)
        self.back(2)
        self.assertEqual(self.told(person), 1)

    def test_what_a_link_that_died_may_have_sent_goes_once_more(self):
        self.lose_database()
        person = number()
        self.link.mo(person, DANGER)
        for _ in range(2):
            self.link.silent = True
            self.wait_told(person, 1)
            self.link.close()
            self.link = self.server.accept().begin()
            self.link.__class__ = Refusing
        self.back(1)
        self.office.wait_count("glas.outbox", 1, "kind = 'emergency' and"
                               " state = 'unknown'")
        self.assertEqual(self.told(person), 0)

    def test_who_writes_again_is_told_at_once(self):
        self.lose_database()
        person = number()
        self.link.refusals = 2
        self.send(person, DANGER)
        self.wait_refused(2)
        self.send(person, "gori i suma, Bujanovac")
        self.wait_told(person, 2)

    def test_what_was_refused_while_a_call_took_long(self):
        self.wait_reserved()
        self.sql("create function glas_data.slow() returns trigger language "
                 "plpgsql as $$ begin perform pg_sleep(4); return new; "
                 "end $$; create trigger slow "
                 "before insert on glas_data.message for each row "
                 "execute function glas_data.slow()")
        person = number()
        self.link.refusals = 1
        self.send(person, DANGER)
        self.wait_accepted(2)
        self.settle(1)
        self.assertEqual(self.told(person), 2)
        self.assertEqual(len(self.link.submits), 3)

    def test_it_goes_by_another_link_when_its_own_is_taken_away(self):
        self.lose_database()
        self.link.say(t="state", state="searching")
        person = number()
        self.send(person, DANGER)
        self.office.write_conf(self.office.sections.replace(
            "[link fake]", "[link nova]"))
        self.office.reload()
        self.link = self.server.accept().begin()
        self.wait_told(person, 1)
        self.back(2)
        self.assertEqual(self.told(person), 1)
        self.assertEqual(self.sql("select distinct link from glas.outbox"),
                         "nova")

    def test_what_a_part_of_a_text_was_told_is_in_the_outbox(self):
        self.lose_database()
        person = number()
        self.send(person, "gori kuca ", udh="050003070201")
        self.wait_told(person, 1)
        mr = len(self.link.submits)
        self.back(1)
        self.assertEqual(self.sql("select kind, state from glas.outbox"),
                         "emergency|accepted")
        self.assertEqual(self.sql("select segments from glas_data.spend"),
                         "1")
        self.link.say(t="status-report", id="r1", mr=mr, recipient=person,
                      status=0, time="2026-11-01T12:00:00+01:00")
        self.office.wait_count("glas.outbox", 1, "state = 'delivered'")
        self.send(person, "u ulici, Bujanovac", udh="050003070202")
        self.settle(1)
        self.assertEqual(self.told(person), 1)


class DangerThatWasGivenBack(ToldTest):
    """The database was to send it again, and went away before."""

    environment = {"GLAS_MT_RETRY_MS": "100000", "GLAS_MT_LATE_MS": "1000"}

    def test_it_is_told_from_here(self):
        self.wait_reserved()
        person = number()
        self.link.refusals = 1
        self.send(person, DANGER)
        self.wait_accepted(1)
        self.office.wait_count("glas.outbox", 1, "state = 'queued'")
        self.lose_database()
        self.wait_told(person, 2)
        self.back(2)
        self.sql("update glas_data.outbox set due_at = null; "
                 "select glas_data.wake_gateways()")
        self.send(number(), "PRIJAVA mrak Vranje")
        self.wait_accepted(3)
        self.assertEqual(self.told(person), 2)
        self.assertEqual(self.office.count("glas.outbox"), 3)
        self.office.wait_status(
            lambda s: s["spool"]["answered_meanwhile"] == 0, "its place")

    def test_also_when_its_link_could_not_send_for_long(self):
        self.wait_reserved()
        person = number()
        self.link.say(t="state", state="searching")
        self.send(person, DANGER)
        self.office.wait_count("glas.outbox", 2, "state = 'queued'")
        self.lose_database()
        self.link.say(t="state", state="ready")
        self.wait_told(person, 1)
        self.back(2)
        self.assertEqual(self.told(person), 1)


class WhatIsLate(ToldTest):
    """Receipts of an outage whose link cannot send for long."""

    environment = {"GLAS_MT_LATE_MS": "1000"}
    limits = {**NO_LIMITS, "replies-per-hour": 3}

    def setUp(self):
        super().setUp()
        self.lose_database()
        self.link.say(t="state", state="searching")

    def test_a_clock_that_was_ahead_leaves_nobody_without_a_receipt(self):
        self.link.say(t="state", state="ready")
        person = number()
        for n, hours in enumerate((9, 9, 9, 2)):
            self.office.move_clock(hours * 3600)
            self.send(person, f"PRIJAVA rupa broj {n} u ulici, Vranje")
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > n), self.office.tail())

    def report(self, reports):
        person = number()
        for n in range(reports):
            self.send(person, f"PRIJAVA rupa broj {n} u ulici, Vranje")

    def test_the_database_knows_who_hears_them_and_when(self):
        self.report(3)
        self.cluster.start()
        self.office.wait_count(
            "glas.outbox", 3, "state = 'queued' and"
            " reason = 'its link could not send'")
        self.office.wait_status(lambda s: s["links"][0]["waiting"] == 0,
                                "what is not ours any more")

    def test_nobody_hears_them_on_another_day(self):
        self.report(2)
        self.send(number(), DANGER)
        self.office.move_clock(25 * 3600)
        self.link.say(t="state", state="ready")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.office.wait_status(lambda s: s["links"][0]["waiting"] == 0,
                                "what is of no use")
        (_, text), = self.link.texts()
        self.assertIn("193", text)


class WhatIsSpent(ToldTest):
    """What the network refused costs nothing."""

    limits = {**NO_LIMITS, "segments-per-day": 3}
    section = "segments-per-day = 3\nrest = 500\n"

    def wait_spent(self, segments):
        self.office.wait_status(
            lambda s: s["outbox"]["segments_today"] == segments
            and s["links"][0]["segments_today"] == segments,
            f"{segments} segments")

    def test_what_is_refused_is_given_back(self):
        self.link.refusals = 6
        for n in range(3):
            self.send(number(), f"PRIJAVA rupa broj {n} u ulici, Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.refusals == 0),
                        self.office.tail())
        self.wait_accepted(3)
        self.wait_spent(3)
        self.assertEqual(self.sql(
            "select sum(segments) from glas_data.spend"), "3")

    def test_also_in_an_outage(self):
        self.lose_database()
        self.link.refusals = 2
        for n in range(2):
            self.send(number(), f"PRIJAVA rupa broj {n} u ulici, Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.refusals == 0))
        self.wait_spent(0)


if __name__ == "__main__":
    unittest.main()
