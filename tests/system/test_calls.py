#!/usr/bin/env python3
"""Missed calls: who is called back, who gets a text; and codes dialled."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import NO_LIMITS, number, program  # noqa: E402
from simmodem import SimModem  # noqa: E402
from test_modem import CITIZEN, Modem  # noqa: E402


class CallTest(GatewayTest):
    def call(self, originator):
        id = self.link.next_id()
        self.link.say(t="call", id=id, originator=originator)
        self.assertTrue(self.link.pump(lambda: id in self.link.acked()),
                        self.office.tail())

    def stored(self, count):
        self.office.wait_count("glas_data.message", count)

    def outbox(self):
        return self.office.count("glas_data.outbox")


class Queued(CallTest):
    def test_calls_of_one_person_are_one_entry_that_is_counted(self):
        person = number()
        for _ in range(3):
            self.call(person)
        self.call(number())
        self.stored(4)
        self.assertEqual(self.sql("select times, state from glas.callbacks "
                                  "order by times"), "1|waiting\n3|waiting")
        self.assertEqual(self.outbox(), 0)
        self.assertEqual(self.sql("select distinct channel, note from "
                                  "glas.inbox where citizen = (select citizen "
                                  "from glas.callbacks where times = 3)")
                         .split("|")[0], "call")
        self.sql("select glas.called_back(id, 'dolazi') from glas.callbacks "
                 "where times = 3")
        self.call(person)
        self.office.wait_count("glas.callbacks", 2, "state = 'waiting'")
        self.assertEqual(self.sql("select times from glas.callbacks where "
                                  "state = 'called'"), "3")

    def test_who_is_no_person_or_is_blocked_is_not_called_back(self):
        for machine in ("MTS", "9898", "+381900123456"):
            self.call(machine)
        person = number()
        self.send(person, "PRIJAVA rupa Vranje")
        self.stored(4)
        self.sql("select glas.silence(citizen, 'robot') from glas.reports")
        self.call(person)
        self.stored(5)
        self.assertEqual(self.office.count("glas_data.callback"), 0)

    def test_a_call_without_a_number_is_dropped(self):
        self.call("")
        self.call(number())
        self.office.wait_count("glas.callbacks", 1)
        self.stored(1)
        self.assertEqual(
            self.office.status()["links"][0]["calls_withheld"], 1)

    def test_a_call_while_the_database_is_away_is_not_lost(self):
        self.sql("alter table glas_data.callback rename to elsewhere")
        person = number()
        self.call(person)
        self.office.kill()
        self.sql("alter table glas_data.elsewhere rename to callback")
        self.office.start()
        self.office.wait_count("glas.callbacks", 1, "times = 1")


class Menu(CallTest):
    settings = {"missed-calls": "menu"}

    def test_who_calls_gets_one_text_in_their_language(self):
        person, other = number(), number()
        self.send(person, "JEZIK SHQIP")
        self.office.wait_count("glas_data.outbox", 1)
        # Long after that talk.
        self.sql("update glas_data.citizen set last_at = last_at - "
                 "interval '1 hour', version = version + 1")
        for _ in range(3):
            self.call(person)
        self.call(other)
        self.stored(5)
        said = self.sql("select o.text from glas_data.outbox o join "
                        "glas_data.message m on m.id = o.message where "
                        "m.channel = 'call' order by o.id").splitlines()
        self.assertEqual(len(said), 2, said)
        self.assertTrue(any("RAPORT" in text for text in said), said)
        self.assertTrue(any("PRIJAVA" in text for text in said), said)
        self.assertEqual(self.office.count("glas.callbacks"), 0)

    def test_who_wants_no_texts_is_called_back(self):
        person = number()
        self.send(person, "STOP")
        self.stored(1)
        before = self.outbox()
        self.call(person)
        self.office.wait_count("glas.callbacks", 1)
        self.assertEqual(self.outbox(), before)


class MenuLimited(CallTest):
    settings = {"missed-calls": "menu"}
    limits = {**NO_LIMITS, "segments-per-day": 2}

    def test_the_spend_cap_holds_for_calls(self):
        for _ in range(6):
            self.call(number())
        self.stored(6)
        self.office.wait_count("glas_data.outbox", 6)
        self.assertGreaterEqual(self.office.count(
            "glas.outbox", "state = 'held'"), 4)


class Noted(CallTest):
    settings = {"missed-calls": "note"}

    def test_a_call_is_only_stored(self):
        self.call(number())
        self.stored(1)
        self.assertEqual(self.office.count("glas.callbacks"), 0)
        self.assertEqual(self.outbox(), 0)


class OnModem(unittest.TestCase):
    """The real libgammu against the simulator."""

    @classmethod
    def setUpClass(cls):
        cls.sim = SimModem(ussd={
            "*100#": "Stanje 85,50 din",
            "*121#": "\u0421\u0442\u0430\u045a\u0435 85 \u0434\u0438\u043d",
            "*7#": (1, "1 Paketi 2 Stanje"), "*8#": (4, ""), "*9#": (2, ""),
            "*5#": None}).start()
        cls.addClassCleanup(cls.sim.stop)
        cls.modem = Modem(device=cls.sim.path, connection="at115200",
                          poll=60000, **{"deadline-ussd": 6000})
        cls.addClassCleanup(cls.modem.__exit__)
        cls.modem.wait_ready()

    def setUp(self):
        self.sim.registered = 1
        self.sim.ussd_dialled.clear()
        self.sim.ussd_choices.clear()
        self.sim.calls.clear()
        self.modem.forget()

    def dial(self, code):
        self.modem.forget()
        self.modem.say(t="ussd", id="c1", code=code)
        got = self.modem.wait_for("ussd-result")[0]
        return got["text"], got["outcome"]

    def test_answers_in_both_alphabets(self):
        self.assertEqual(self.dial("*100#"), ("Stanje 85,50 din", "answered"))
        self.assertEqual(self.dial("*121#")[0],
                         "\u0421\u0442\u0430\u045a\u0435 85 \u0434\u0438\u043d")

    def test_a_menu_is_closed_and_the_next_code_is_no_choice(self):
        self.assertEqual(self.dial("*7#"), ("1 Paketi 2 Stanje", "menu"))
        self.sim.wait_until(lambda: not self.sim.ussd_open)
        self.assertEqual(self.dial("*100#")[1], "answered")
        self.assertEqual(self.sim.ussd_choices, [])

    def test_a_session_that_somebody_else_opened_is_closed_first(self):
        self.sim.push_ussd("1 Da 2 Ne", kind=1)
        self.sim.deliver(CITIZEN, "After it")
        self.modem.wait_for("mo")
        self.assertTrue(self.sim.ussd_open)
        self.assertEqual(self.dial("*100#"), ("Stanje 85,50 din", "answered"))
        self.assertEqual(self.sim.ussd_choices, [])

    def test_a_text_goes_out_after_a_menu(self):
        self.dial("*7#")
        self.modem.submit("Hvala", mt=1)
        self.assertEqual(self.modem.wait_for("submitted")[0]["outcome"],
                         "accepted")

    def test_what_is_no_answer_is_told_apart(self):
        for code, words in (("*8#", "does not know"), ("*9#", "ended"),
                            ("*5#", "no answer within")):
            text, outcome = self.dial(code)
            self.assertEqual(text, "")
            self.assertIn(words, outcome)
        self.sim.registered = 0
        text, outcome = self.dial("*100#")
        self.assertEqual(text, "")
        self.assertIn("refused", outcome)

    def test_three_calls_in_a_row_are_three(self):
        for n in range(1, 4):
            self.sim.ring(CITIZEN, rings=30)
            self.modem.wait_for("call", n)
            self.sim.wait_until(
                lambda: self.sim.calls[-1]["ended"] == "rejected")
        self.assertEqual({m["originator"] for m in self.modem.of("call")},
                         {CITIZEN})

    def test_a_withheld_number_is_told_as_none(self):
        self.sim.ring("", rings=30)
        self.assertEqual(self.modem.wait_for("call")[0]["originator"], "")
        self.sim.wait_until(
            lambda: self.sim.calls[0]["ended"] == "rejected")


class Dialled(GatewayTest):
    def dial(self, text, outcome=None):
        more = {} if outcome is None else {"outcome": outcome}
        with subprocess.Popen(
                [program("glasctl"), "-c", self.office.conf, "ussd", "fake",
                 "*103#"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True) as glasctl:
            asked = lambda: [m for m in self.link.heard if m["t"] == "ussd"]
            before = len(asked())
            self.assertTrue(self.link.pump(lambda: len(asked()) > before))
            question = asked()[-1]
            self.link.say(t="ussd-result", id=question["id"],
                          code=question["code"], text=text, **more)
            self.assertTrue(self.link.pump(
                lambda: question["id"] in self.link.acked()))
            out, err = glasctl.communicate(timeout=20)
        return out, err, glasctl.returncode

    def test_results_are_kept_without_the_number(self):
        out, err, code = self.dial("1 Stanje 2 Broj 06 41 23 45 67",
                                   "menu")
        self.assertEqual((out, code),
                         ("1 Stanje 2 Broj 06 41 23 45 67\n", 0))
        self.assertIn("menu", err)
        self.office.wait_count("glas.ussd_results", 1)
        self.assertEqual(
            self.sql("select link, code, outcome, text from "
                     "glas.ussd_results"),
            "fake|*103#|menu|1 Stanje 2 Broj [broj 1]")

    def test_why_there_is_no_answer_is_said_and_kept(self):
        out, err, code = self.dial("", "the network gave up\x1b waiting")
        self.assertEqual((out, code), ("", 1))
        self.assertIn("the network gave up\\u{001B} waiting", err)
        self.office.wait_count("glas.ussd_results", 1, "text = ''")


if __name__ == "__main__":
    unittest.main()
