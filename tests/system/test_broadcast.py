#!/usr/bin/env python3
"""Texts to many, and questions to one: coordinators work in a real PostgreSQL,
and thirty people hear of it by a real glasd."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]

from crowd import CrowdOffice  # noqa: E402
from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import number  # noqa: E402
from test_talk import TalkTest  # noqa: E402

PEOPLE = 30
DAY_S = 86400
WORDS = "Rasveta u Vranju je popravljena"


class Broadcasts(unittest.TestCase):
    """Thirty people have reported the street light."""

    def setUp(self):
        self.office = CrowdOffice(cluster=GatewayTest.cluster,
                                  database=f"glas{id(self)}")
        self.addCleanup(self.office.close)
        for role in ("kosta", "klara"):
            self.sql(f"do $$ begin create role {role} login; exception when "
                     "duplicate_object then null; end $$;"
                     f"grant glas_coordinator to {role}")
        self.office.begin()
        self.people = [number() for _ in range(PEOPLE)]
        for person in self.people:
            self.office.crowd.text(person, "PRIJAVA ne radi ulicna rasveta"
                                   " u Vranju")
        self.office.settle()
        self.clock(12)

    def sql(self, statement, user="postgres"):
        return self.office.sql(statement, user=user)

    def clock(self, hour, minute=0):
        """It becomes that time of the day in Belgrade, for PostgreSQL."""
        self.sql("create or replace function glas.now() returns timestamptz"
                 " language sql stable parallel safe as $$ select"
                 " (date_trunc('day', pg_catalog.now(), 'Europe/Belgrade')"
                 f" + interval '{hour} hours {minute} minutes') $$")

    def heard(self):
        """Who was told, once for each time."""
        return [reply.recipient
                for reply in list(self.office.crowd.replies.values())
                if WORDS in reply.text for _ in range(1 + reply.repeated)]

    def wait_heard(self, people):
        self.office.wait(lambda: len(self.heard()) >= people,
                         f"text to {people} people")
        self.wait_idle()
        self.assertEqual(len(self.heard()), people)

    def wait_idle(self):
        """Until nothing of the broadcast is under way."""
        self.office.wait(lambda: self.office.count(
            "glas.outbox", "kind = 'broadcast' and state in"
            " ('queued', 'inflight')") == 0, "empty outbox")

    def tend(self):
        """What each gateway does each minute, at this moment."""
        self.sql("select glas_gw.tend(), glas_data.wake_gateways()")

    def state(self):
        return self.sql("select state from glas.broadcasts"
                        " where number = 1", "kosta")

    def begin_with(self, cap):
        """glasd is born again, and may send so many segments a day."""
        self.office.kill()
        self.office.limits = {**self.office.limits, "segments-per-day": cap}
        self.office.write_conf()
        self.office.begin()

    def draft(self):
        self.assertEqual(self.sql(
            "select glas.broadcast_draft('{\"sr-Latn\": \"" + WORDS + "\"}',"
            " category => 'LIGHT', place => 'Vranje')", "kosta"), "1")

    def approve(self):
        self.assertIn("30 people", self.sql(
            "select glas.broadcast_approve(1)", "klara"))

    def after_canary(self):
        """Five have it, and the half hour after them is over."""
        self.draft()
        self.approve()
        self.tend()
        self.wait_heard(5)
        self.clock(12, 29)
        self.tend()
        self.assertEqual(self.state(), "canary")
        self.clock(12, 31)
        self.tend()
        self.assertEqual(self.state(), "sending")

    def set(self, name, value):
        self.sql(f"update glas_data.setting set value = '{value}'"
                 f" where name = '{name}'")

    def assert_each_once(self):
        self.assertEqual(sorted(self.heard()), sorted(self.people))

    def test_a_broadcast_goes_by_canary_pause_crash_and_resume_to_each_once(
            self):
        self.set("broadcast_a_minute", 8)
        self.after_canary()
        self.tend()
        self.wait_heard(13)
        # Paused, nothing goes; also when glasd is born again.
        self.sql("select glas.broadcast_pause(1, 'wait')", "kosta")
        self.tend()
        self.office.kill()
        self.office.begin()
        self.tend()
        self.assertEqual(len(self.heard()), 13)
        self.sql("select glas.broadcast_resume(1)", "klara")
        # It dies with texts in its hands, again and again. What may have gone
        # out is not sent again: what a gateway had not begun with is.
        for _ in range(4):
            self.tend()
            self.office.kill()
            self.office.begin()
        for _ in range(4):
            self.wait_idle()
            self.tend()
        self.wait_idle()
        self.tend()
        self.assertEqual(self.state(), "done")
        heard = self.heard()
        self.assertEqual(len(heard), len(set(heard)), "nobody twice")
        unknown = self.office.count("glas.outbox",
                                    "kind = 'broadcast' and state = 'unknown'")
        self.assertGreaterEqual(len(heard) + unknown, PEOPLE)
        self.assertEqual(self.sql(
            "select count(*), count(distinct citizen) from"
            " glas_data.broadcast_person where outbox is not null"), "30|30")

    def test_what_is_cancelled_stops_and_stays_so(self):
        self.set("broadcast_a_minute", 8)
        self.after_canary()
        # Behind a cap that nothing passes.
        self.begin_with(cap=1)
        self.tend()
        self.assertEqual(self.office.count(
            "glas.outbox", "kind = 'broadcast' and state in"
            " ('queued', 'held')"), 8)
        self.assertIn("had gone: 5", self.sql(
            "select glas.broadcast_cancel(1, 'not true')", "klara"))
        self.begin_with(cap=0)
        self.tend()
        # Somebody is answered after that: had it gone, it would be here.
        self.office.crowd.text(self.people[0], "STATUS")
        self.office.settle()
        self.assertEqual(len(self.heard()), 5)
        self.assertEqual(self.state(), "cancelled")

    def test_nobody_is_woken_and_stop_holds(self):
        self.office.crowd.text(self.people[3], "STOP")
        self.office.settle()
        self.draft()
        self.clock(21)
        self.approve()
        self.tend()
        self.assertEqual(self.office.count("glas.outbox",
                                           "kind = 'broadcast'"), 0)
        self.clock(24 + 9)
        self.set("broadcast_wait", 0)
        for _ in range(8):
            self.tend()
            self.wait_idle()
        self.assertEqual(self.state(), "done")
        self.assertEqual(sorted(self.heard()), sorted(
            self.people[:3] + self.people[4:]))
        self.assertEqual(self.sql("select none, bar from glas.broadcasts",
                                  "kosta"), "1|+++++++++++x")

    def test_a_receipt_goes_before_a_broadcast(self):
        self.set("broadcast_a_minute", 25)
        self.after_canary()
        # All wait while the link is away; then the receipt is first.
        self.office.kill()
        self.tend()
        self.assertEqual(self.office.count(
            "glas.outbox", "kind = 'broadcast' and state = 'queued'"), 25)
        self.sql("select glas.reply((select reference from glas.reports limit"
                 " 1), 'Hvala na strpljenju')", "kosta")
        before = len(self.office.crowd.replies)
        self.office.begin()
        self.wait_heard(PEOPLE)
        after = list(self.office.crowd.replies.values())[before:]
        self.assertIn("Hvala na strpljenju", after[0].text)
        self.assert_each_once()


class Questions(TalkTest):
    def test_what_is_asked_is_answered_and_stands_with_the_report(self):
        person = number()
        self.tell(person, "PRIJAVA ne radi ulicna rasveta u Vranju")
        reference = self.sql("select reference from glas.reports")
        self.office.be_day()
        self.sql(f"select glas.ask('{reference}', 'U kojoj ulici?')")
        self.hears(person, "U kojoj ulici?")
        self.tell(person, "STATUS")
        self.assertIn(reference, self.tell(person, "Cara Dusana, kod skole"))
        self.assertEqual(self.sql("select reference, state, answer"
                                  " from glas.asked"),
                         f"{reference}|answered|Cara Dusana, kod skole")
        self.assertEqual(self.sql("select count(*) from glas.reports"), "1")

    def test_a_list_is_asked_for_written_to_and_left(self):
        one, two = number(), number()
        self.admin("select glas.list_add('VODA', '{\"sr-Latn\": \"Voda\"}',"
                   " '{vodovod}')")
        self.assertIn("STOP VODA", self.tell(one, "VESTI VODOVOD"))
        self.tell(two, "VESTI VODA")
        self.assertIn("VODA", self.tell(two, "STOP VODA"))
        self.assertEqual(self.sql(
            "select list, consent from glas_data.subscription"),
            "VODA|VESTI VODOVOD")
        self.office.be_day()
        self.sql("select glas.broadcast_draft('{\"sr-Latn\": \"Sutra nema"
                 " vode\"}', list => 'VODA')")
        self.sql("update glas_data.broadcast set drafted_by = 'kosta'")
        self.sql("select glas.broadcast_approve(1)")
        self.sql("select glas_gw.tend(), glas_data.wake_gateways()")
        self.hears(one, "Sutra nema vode\nOdjava: STOP VODA")
        self.assertEqual(self.count_heard(two, "Sutra"), 0)

    def test_what_may_have_gone_out_is_not_sent_again(self):
        person = number()
        self.tell(person, "VESTI VRANJE")
        self.office.be_day()
        self.sql("select glas.broadcast_draft('{\"sr-Latn\": \"Sutra nema"
                 " vode\"}', list => 'Vranje')")
        self.sql("update glas_data.broadcast set drafted_by = 'kosta'")
        self.sql("select glas.broadcast_approve(1)")
        self.sql("select glas_gw.tend(), glas_data.wake_gateways()")
        # The network has it, and glasd dies before it hears so.
        self.assertTrue(self.link.pump(
            lambda: self.count_heard(person, "Sutra") == 1, accept=False))
        self.office.kill()
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 1,
                               "kind = 'broadcast' and state = 'unknown'")
        self.sql("select glas_gw.tend(), glas_data.wake_gateways()")
        self.tell(person, "STATUS")
        self.assertEqual(self.count_heard(person, "Sutra"), 0)


if __name__ == "__main__":
    unittest.main()
