#!/usr/bin/env python3
"""Nobody is flooded, and nobody floods: who is not answered, machines, numbers
abroad, long texts that never end, a control socket that is spoken to badly."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]

import test_gateway                                     # noqa: E402
from test_gateway import GatewayTest, number            # noqa: E402

setUpModule = test_gateway.setUpModule
tearDownModule = test_gateway.tearDownModule


class GuardTest(GatewayTest):
    def tell(self, person, text):
        """Sends a text; returns what was answered, when all has settled."""
        asked = self.office.count("glas_data.message")
        before = len(self.link.submits)
        self.send(person, text)
        self.settle(asked + 1)
        return [said for to, said in self.link.texts()[before:]
                if to == person]

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
            f"{again}|blocked|burns our credit")
        self.sql(f"select glas.unblock('{again}')")
        self.assertEqual(len(self.tell(person, "gori kuca, Bujanovac")), 2)
        self.assertTrue(code)


if __name__ == "__main__":
    unittest.main()
