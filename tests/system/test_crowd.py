#!/usr/bin/env python3
"""Who is in danger waits behind no crowd: not when as many replies wait as
memory holds, not behind receipts, not while a link rests."""

import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import number  # noqa: E402

MEMORY = 2000           # OUTBOX_MAX in src/glasd/outbox.c


class CrowdTest(GatewayTest):
    def setUp(self):
        super().setUp()
        # Says nothing of what it is handed until the test says so.
        self.link.react = self.react
        self.takes = False

    def react(self, message, accept=True):
        type(self.link).react(self.link, message, accept and self.takes)

    def crowd(self, count):
        """So many people report, and the link takes nothing."""
        self.people = [number() for _ in range(count)]
        self.assertTrue(self.link.offer(
            [{"t": "mo", "originator": person, "ton": "international",
              "scts": f"2099-11-01T12:{n // 60 % 60:02d}:{n % 60:02d}+01:00",
              "smsc": "+381600000001", "sim": "220010000000001", "udh": "",
              "alphabet": "gsm7", "ud": f"PRIJAVA rupa broj {n}, Vranje"
              .encode("utf-16-be").hex()}
             for n, person in enumerate(self.people)], 120),
                        self.office.tail())

    def take(self):
        self.takes = True
        self.link.submitted(self.link.submits[-1], "accepted", mr=1)

    def place_of(self, person):
        """As which text after the one in hand they were told something."""
        told = [to for to, _ in self.link.texts()]
        return told.index(person) - self.begun

    def told(self, person):
        return any(to == person for to, _ in self.link.texts())

    def waiting(self, count):
        self.office.wait_status(
            lambda s: s["outbox"]["waiting"] + s["outbox"]["inflight"]
            >= count, f"{count} replies", 60)

    def ask_danger(self):
        self.begun = len(self.link.submits)
        person = number()
        self.send(person, "gori kuca, Bujanovac")
        return person


class Away(CrowdTest):
    def assert_danger_comes_next(self):
        person = self.ask_danger()
        self.waiting(MEMORY + 1)
        self.take()
        self.assertTrue(self.link.pump(lambda: self.told(person)))
        self.assertEqual(self.place_of(person), 0)

    def test_danger_is_told_when_memory_is_full(self):
        self.lose_database()
        self.crowd(MEMORY + 100)
        self.waiting(MEMORY)
        self.assert_danger_comes_next()

    def test_what_there_was_no_room_for_is_told_when_there_is(self):
        self.crowd(MEMORY)
        self.waiting(MEMORY)
        before = self.people
        self.lose_database()
        self.crowd(50)
        self.assert_danger_comes_next()
        everybody = {*before, *self.people}
        self.assertTrue(self.link.pump(
            lambda: {to for to, _ in self.link.texts()} >= everybody, 60))
        told = [to for to, _ in self.link.texts()]
        self.assertEqual(len(told), len(set(told)))


class Up(CrowdTest):
    def test_danger_is_told_when_memory_is_full(self):
        self.crowd(MEMORY + 100)
        self.waiting(MEMORY)
        person = self.ask_danger()
        self.office.wait_count("glas.outbox", 1,
                               "kind = 'emergency' and state = 'inflight'")
        self.take()
        self.assertTrue(self.link.pump(lambda: self.told(person)))
        self.assertEqual(self.place_of(person), 0)

    def test_who_is_on_duty_is_told_before_those_who_wait_for_receipts(self):
        duty = number()
        self.takes = True
        self.sql("insert into glas_data.organisation (name, kind, since)"
                 " values ('Odbor', 'ngo', now());"
                 "insert into glas_data.person (role, organisation, kind,"
                 " since) values ('vera', 'Odbor', 'coordinator', now())")
        self.sql("select glas.duty_add('vera', d, '00:00', '00:00', '')"
                 " from generate_series(1, 7) d")
        code = re.search(r"\d{6}", self.sql("select glas.duty_code('vera')"))
        self.send(duty, "DEZURSTVO " + code.group())
        self.settle(1)
        self.takes = False
        self.crowd(400)
        self.waiting(400)
        person = self.ask_danger()
        self.office.wait_count("glas.outbox", 2,
                               "kind = 'emergency' and state = 'inflight'")
        self.take()
        self.assertTrue(self.link.pump(
            lambda: duty in [to for to, _ in
                             self.link.texts()[self.begun:]]))
        told = [to for to, _ in self.link.texts()[self.begun:]]
        self.assertLessEqual(told.index(duty), 2, told[:5])
        self.assertLessEqual(told.index(person), 2, told[:5])


class Resting(GatewayTest):
    def rest(self):
        for n in range(3):
            id = self.link.mo(number(), f"PRIJAVA rupa broj {n}, Vranje")
            self.assertTrue(self.link.pump(
                lambda n=n: len(self.link.submits) > n, accept=False), id)
            self.link.submitted(self.link.submits[n], "refused", cause=42)
        self.office.wait_status(
            lambda s: s["links"][0]["detail"] == "network-refuses", "a rest")

    def test_danger_is_the_text_that_tries(self):
        before = number()
        self.rest()
        self.send(before, "PRIJAVA mrak u ulici, Vranje")
        self.office.wait_count("glas.reports", 4)
        self.assertEqual(len(self.link.submits), 3)
        person = number()
        self.link.mo(person, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) > 3,
                                       accept=False))
        self.assertEqual(self.link.texts()[3][0], person)
        # Refused, it does not wait for the whole rest.
        self.link.submitted(self.link.submits[3], "refused", cause=42)
        self.office.wait_count(
            "glas_data.outbox", 1, "kind = 'emergency' and state = 'queued'"
            " and due_at < now() + interval '1 minute'")
        # That of another tries as well; taken, it ends the rest.
        other = number()
        self.link.mo(other, "gori kuca, Vranje")
        self.assertTrue(self.link.pump(
            lambda: {to for to, _ in self.link.texts()[4:]} >=
            {other, before}))
        self.assertEqual(self.link.texts()[4][0], other)


class RestingShort(Resting):
    section = "rest = 3000\n"

    def test_danger_that_is_refused_puts_nobody_else_off(self):
        self.rest()
        self.other = number()
        self.send(self.other, "PRIJAVA mrak u ulici, Vranje")
        self.danger = []
        self.ask_danger()
        self.assertTrue(self.link.pump(self.refuse_danger, accept=False))
        self.assertGreater(len(self.danger), 1)

    def ask_danger(self):
        self.danger.append(number())
        self.link.mo(self.danger[-1], "gori kuca, Bujanovac")

    def refuse_danger(self):
        """As soon as one is refused, another is in danger."""
        submit = self.link.submits[-1]
        if submit["recipient"] == self.danger[-1]:
            self.link.submitted(submit, "refused", cause=42)
            self.ask_danger()
        return self.link.texts()[-1][0] == self.other


class RestingLong(Resting):
    section = "failover-after = 0\n"     # what finds no other link goes back



if __name__ == "__main__":
    unittest.main()
