#!/usr/bin/env python3
"""The credit of prepaid SIMs: asked for, read, told before it ends."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import NO_LIMITS, SRC_DIR, Office, number, program  # noqa: E402
from office import wait_for  # noqa: E402
from simmodem import SimModem  # noqa: E402

OPERATORS = os.path.join(SRC_DIR, "etc", "operators.json")
BOSS = "+381650000009"


class CreditTest(GatewayTest):
    settings = {"operators-file": OPERATORS}
    section = "balance = *100#\nbalance-every = 10\n"
    environment = {"GLAS_BALANCE_EVERY_MS": "3000"}

    def asked(self, times=1, link=None):
        """The question that is the so manieth."""
        link = link or self.link
        codes = lambda: [m for m in link.heard if m["t"] == "ussd"]
        self.assertTrue(link.pump(lambda: len(codes()) >= times),
                        self.office.tail())
        return codes()[times - 1]

    def answer(self, question, text, link=None):
        link = link or self.link
        id = link.next_id()
        link.say(t="ussd-result", id=id, code=question["code"], text=text)
        # What counts is the id of the question.
        self.assertTrue(link.pump(lambda: id in link.acked()))

    def say(self, question, text, link=None):
        """Answers as a link does: under the id of the question."""
        link = link or self.link
        link.say(t="ussd-result", id=question["id"], code=question["code"],
                 text=text)
        self.assertTrue(link.pump(lambda: question["id"] in link.acked()))

    def alerts(self):
        return {a["name"]: a for a in self.office.status()["alerts"]}


class Asked(CreditTest):
    def test_the_credit_is_asked_for_read_and_asked_for_again(self):
        question = self.asked()
        self.assertEqual(question["code"], "*100#")
        self.say(question, "Stanje na racunu: 1.250,50 din. Bonus 10 din")
        self.office.wait_count("glas.links", 1, "balance = '1250.50 RSD'")
        self.assertEqual(self.office.status()["links"][0]["balance"],
                         "1250.50 RSD")
        self.assertNotIn("credit-low", self.alerts())
        self.say(self.asked(2), "Stanje 1.200,00 din")
        self.office.wait_count("glas.credit", 1, "amount = 1200")
        self.assertEqual(self.office.count("glas_data.balance"), 2)

    def test_an_answer_that_nobody_asked_for_changes_nothing(self):
        question = self.asked()
        self.answer(question, "Stanje 5 din")
        self.say({"id": "b77", "code": "*100#"}, "Stanje 6 din")
        self.say(question, "Stanje 900 din")
        self.say(question, "Stanje 7 din")
        self.office.wait_count("glas.credit", 1, "amount = 900")
        self.assertEqual(self.office.count("glas_data.balance"), 1)

    def test_what_cannot_be_read_is_kept_to_be_seen_and_counted(self):
        self.say(self.asked(), "\u202e\x1b[31mBroj 0641234567 \u0427")
        self.office.wait_count("glas.credit", 1, "unread = 1")
        self.assertEqual(self.sql("select answer from glas.credit"),
                         "\\u{202E}\\u{001B}[31mBroj [broj 1] \u0427")
        self.assertEqual(self.sql("select amount from glas.credit"), "")
        self.assertNotIn("0641234567", self.office.tail(100000))

    def test_an_answer_waits_for_the_database(self):
        question = self.asked()
        self.sql("alter table glas_data.balance rename to elsewhere")
        self.say(question, "Stanje 900 din")
        self.say(self.asked(2), "Stanje 800 din")
        self.assertEqual(self.office.status()["links"][0]["balance"],
                         "800.00 RSD")
        self.sql("alter table glas_data.elsewhere rename to balance")
        self.say(self.asked(3), "Stanje 700 din")
        self.office.wait_count("glas.credit", 1, "amount = 700")


class Unanswered(CreditTest):
    start = False

    def test_questions_that_nobody_answers_are_told_of(self):
        self.office.start(GLAS_BALANCE_EVERY_MS="500")
        self.link = self.server.accept().begin()
        self.office.wait_database()
        self.asked(3)
        self.assertNotIn("credit-unread", self.alerts())
        self.asked(5)
        wait_for(lambda: "not answered" in self.alerts().get(
            "credit-unread", {}).get("text", ""), what="an alert")
        wait_for(self.is_answered, what="an answer that is taken")

    def is_answered(self):
        """Answers the newest question; whether the alert is over."""
        self.link.pump(lambda: False, 0.2)
        question = [m for m in self.link.heard if m["t"] == "ussd"][-1]
        self.link.say(t="ussd-result", id=question["id"],
                      code=question["code"], text="Stanje 480 din")
        return "credit-unread" not in self.alerts()


class Dialled(CreditTest):
    section = ""

    def dial(self, *arguments):
        return subprocess.Popen(
            [program("glasctl"), "-c", self.office.conf, "ussd", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_a_code_is_dialled_and_its_answer_shown(self):
        with self.dial("fake", "*103#") as glasctl:
            question = self.asked()
            self.assertEqual(question["code"], "*103#")
            self.answer(question, "of another question")
            self.say(question, "Ostalo: 25 SMS\x1b[2J")
            out, err = glasctl.communicate(timeout=20)
        self.assertEqual((out, glasctl.returncode),
                         ("Ostalo: 25 SMS\\u{001B}[2J\n", 0), err)
        self.assertEqual(self.office.count("glas_data.balance"), 0)

    def test_what_cannot_be_dialled_is_said(self):
        for arguments in (("fake", "0641234567;"), ("fake", ""),
                          ("gone", "*100#")):
            with self.dial(*arguments) as glasctl:
                self.assertEqual(glasctl.wait(20), 1)
        self.link.say(t="state", state="searching")
        wait_for(lambda: self.office.status()["links"][0]["state"] ==
                 "searching")
        with self.dial("fake", "*100#") as glasctl:
            self.assertEqual(glasctl.wait(20), 1)

    def test_silence_of_the_network_is_said(self):
        with self.dial("fake", "*103#") as glasctl:
            self.say(self.asked(), "")
            self.assertEqual(glasctl.wait(20), 1)


class OwnPattern(CreditTest):
    section = (CreditTest.section +
               "balance-pattern = preostalo {amount}\nbalance-low = 0\n")

    def test_the_pattern_of_the_section_comes_first(self):
        self.say(self.asked(), "Stanje 5 din, PREOSTALO: 7 din")
        wait_for(lambda: self.office.count("glas.credit") == 1)
        self.assertEqual(self.sql("select amount from glas.credit"), "5.00")
        self.say(self.asked(2), "Stanje 5 din, PREOSTALO 7 din")
        self.office.wait_count("glas.credit", 1, "amount = 7 and not low")


class Operator(CreditTest):
    def test_the_patterns_of_the_operator_are_tried(self):
        self.link.say(t="state", state="ready", operator="mts")
        self.say(self.asked(), "Bonus 500 din. Kredit 321 din")
        self.office.wait_count("glas.credit", 1)
        self.say(self.asked(2), "Bonus 500 din. Kredit 321 din")
        self.office.wait_count("glas.credit", 1, "amount = 321")


class Valid(CreditTest):
    def day(self, ahead):
        return self.sql(f"select to_char(glas.now() + interval '{ahead} days',"
                        " 'DD.MM.YYYY')")

    def test_a_sim_that_is_not_valid_for_long_is_warned_of(self):
        self.say(self.asked(), f"Stanje 900 din, vazi do {self.day(40)}.")
        self.office.wait_count("glas.credit", 1, "valid_days_left between 39"
                               " and 40 and not expires")
        self.assertNotIn("sim-expires", self.alerts())
        self.say(self.asked(2), f"Stanje 900 din, važi do {self.day(9)}.")
        self.office.wait_count("glas.credit", 1, "expires")
        wait_for(lambda: "sim-expires" in self.alerts())
        self.assertIn("valid until", self.alerts()["sim-expires"]["text"])
        self.office.wait_count("glas.alerts", 1, "name = 'sim-expires'"
                               " and link = 'fake'")
        self.assertIn(self.office.status()["links"][0]["valid_days_left"],
                      (8, 9))
        # What says nothing of it changes nothing; what does ends it.
        self.say(self.asked(3), "Stanje 800 din.")
        self.office.wait_count("glas.credit", 1, "amount = 800 and expires")
        self.assertIn("sim-expires", self.alerts())
        self.say(self.asked(4), f"Stanje 800 din, vazi do {self.day(90)}.")
        wait_for(lambda: "sim-expires" not in self.alerts())


class Validity(Valid):
    section = CreditTest.section + "validity = *101#\n"

    def test_a_sim_that_is_not_valid_for_long_is_warned_of(self):
        """By a code of its own."""
        question = self.asked()
        self.assertEqual(question["code"], "*101#")
        self.say(question, f"Broj je aktivan do {self.day(9)}.")
        wait_for(lambda: "sim-expires" in self.alerts())
        question = self.asked(2)
        self.assertEqual(question["code"], "*100#")
        self.say(question, f"Stanje 900 din. Bonus vazi do {self.day(40)}.")
        self.office.wait_count("glas.credit", 1, "amount = 900 and expires"
                               " and valid_days_left between 8 and 9")
        # The credit is told and stored also when the days cannot be read.
        self.say(self.asked(3), "Usluga trenutno nije dostupna")
        question = self.asked(4)
        self.assertEqual(question["code"], "*100#")
        self.say(question, "Stanje 800 din.")
        self.office.wait_count("glas.credit", 1, "amount = 800 and expires")
        self.assertNotIn("credit-unread", self.alerts())
        self.say(self.asked(5), f"Broj je aktivan do {self.day(90)}.")
        wait_for(lambda: "sim-expires" not in self.alerts())


class NoDay(CreditTest):
    section = Validity.section
    start = False

    def test_answers_that_say_no_day_are_told_of(self):
        self.office.start(GLAS_BALANCE_EVERY_MS="1000")
        self.link = self.server.accept().begin()
        for n in range(1, 7, 2):
            self.say(self.asked(n), "Usluga trenutno nije dostupna")
            self.say(self.asked(n + 1), "Stanje 900 din.")
        wait_for(lambda: "validity-unread" in self.alerts())
        self.say(self.asked(7), "Broj je aktivan do 01.01.2030.")
        wait_for(lambda: "validity-unread" not in self.alerts())


class Refused(CreditTest):
    section = "balance = *100#\n"
    environment = {}

    def test_a_refusal_for_want_of_credit_asks_only_when_it_is_old(self):
        self.say(self.asked(), "Stanje 900 din")
        self.link.mo(number(), "STATUS")
        self.link.pump(lambda: self.link.submits, accept=False)
        self.link.submitted(self.link.submits[0], "refused", cause=193)
        self.office.wait_count("glas_data.outbox", 1, "state = 'queued'")
        self.assertEqual(
            len([m for m in self.link.heard if m["t"] == "ussd"]), 1)


class Low(CreditTest):
    settings = {**CreditTest.settings, "operator-phone": BOSS}

    def test_who_looks_after_it_is_told_once_a_day(self):
        self.say(self.asked(), "Stanje 85,50 din")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        (recipient, text), = self.link.texts()
        self.assertEqual(recipient, BOSS)
        self.assertIn("85.50 RSD", text)
        self.assertIn("85.50 RSD", self.alerts()["credit-low"]["text"])
        self.assertEqual(self.alerts()["credit-low"]["link"], "fake")
        self.office.wait_count("glas.alerts", 1, "name = 'credit-low'")
        self.say(self.asked(2), "Stanje 80 din")
        self.office.wait_count("glas.credit", 1, "amount = 80")
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.assertEqual(self.office.count("glas.outbox"), 1)
        self.say(self.asked(3), "Stanje 480 din")
        self.office.wait_count("glas.credit", 1, "amount = 480 and not low")
        wait_for(lambda: "credit-low" not in self.alerts())
        self.office.wait_count("glas.alerts", 0, "name = 'credit-low'")
        self.assertNotIn(BOSS[4:], self.office.tail(100000))

    def test_who_looks_after_it_is_told_whatever_they_texted(self):
        self.send(BOSS, "STOP")
        self.settle(1)
        self.sql("update glas_data.citizen set silenced_until = 'infinity',"
                 " silenced_at = now()")
        before = len(self.link.submits)
        self.say(self.asked(), "Stanje: 20,00 din")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) > before), self.sql(
                "select kind, state, reason from glas.outbox"))
        self.assertEqual(self.link.submits[-1]["recipient"], BOSS)


class Simulated(unittest.TestCase):
    def test_a_modem_is_asked_and_goes_on(self):
        sim = self.enterContext(
            SimModem(ussd={"*100#": "Стање: 123,45 динара ч"}))
        office = Office(cluster=GatewayTest.cluster,
                        database=f"glas{id(self)}", limits=NO_LIMITS,
                        settings={"operators-file": OPERATORS},
                        sections=f"[modem sim]\ndevice = {sim.path}\n"
                                 "balance = *100#\n"
                                 f"command = {program('glas-modem')}\n")
        self.addCleanup(office.close)
        office.init()
        office.start()
        office.wait_count("glas.links", 1, "balance = '123.45 RSD'")
        self.assertEqual(sim.ussd_dialled, ["*100#"])
        sim.deliver(number(), "STATUS")
        office.wait_count("glas.outbox", 1, "state = 'accepted'")


if __name__ == "__main__":
    unittest.main()
