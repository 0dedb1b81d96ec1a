#!/usr/bin/env python3
"""Tests of the modem simulator, so that it cannot be bent to our mistakes.

The first part talks AT to it directly and orders each of its faults.  The
second part lets programs of others use it that were written for real modems:
gammu-smsd and smstools.  They are taken from the system or from the directory
that GLAS_PEERS_DIR names (tests/lib/fetch-peers fills it), else skipped.

python3 -m unittest discover -s tests/system -p 'test_simulator.py'
"""

import contextlib
import datetime
import fcntl
import glob
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty
import unittest

LIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")
sys.path.insert(0, LIB)

import pdu  # noqa: E402
from simmodem import FAULTS, PDU_STAGE, SimModem  # noqa: E402

CITIZEN = "+381641234567"
SUBMIT = "0031000C918361143254760000A705C8329BFD06"      # "Hello", a report
LONG = "Nema vode u Ulici Save Kovačevića već tri dana, molim pomoć. " * 4
CYRILLIC = "У нашој улици нема воде већ три дана. " * 6
DEADLINE_S = 10


class Host:
    """The other end of the line, as plain as can be."""
    FINAL = re.compile(rb"\r\n(OK|ERROR|\+CM[ES] ERROR: [^\r]*)\r\n")

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd)
        termios.tcflush(self.fd, termios.TCIOFLUSH)
        self.buffer = b""

    def close(self):
        """Twice does no harm."""
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def write(self, text):
        """All of it."""
        os.write(self.fd, text.encode("latin-1"))

    def read_until(self, pattern, timeout_s=DEADLINE_S):
        """What came up to the end of a match, which is taken off."""
        deadline = time.monotonic() + timeout_s
        while True:
            match = re.search(pattern, self.buffer)
            if match:
                text = self.buffer[:match.end()]
                self.buffer = self.buffer[match.end():]
                return text.decode("latin-1")
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError("no %r in %r" % (pattern, self.buffer))
            octets = os.read(self.fd, 4096)
            if not octets:
                raise EOFError("hung up")
            self.buffer += octets

    def ask(self, command, timeout_s=DEADLINE_S):
        """The answer to a command, without echo and empty lines."""
        self.write(command + "\r")
        answer = self.read_until(self.FINAL, timeout_s)
        return [line for line in answer.split("\r\n")
                if line.strip("\r") not in ("", command)]

    def send(self, text, length=None):
        """Sends a PDU as a host does; the answer to it."""
        if length is None:
            length = pdu.tpdu_length(text)
        self.write("AT+CMGS=%d\r" % length)
        self.read_until(rb"\r\n> ")
        self.write(text + "\x1a")
        answer = self.read_until(self.FINAL)
        return [line for line in answer.split("\r\n")
                if line and "\x1a" not in line]

    def silence(self, timeout_s=0.3):
        """What comes although nothing should."""
        with contextlib.suppress(TimeoutError):
            self.read_until(rb"(?!)", timeout_s)
        text, self.buffer = self.buffer, b""
        return text.decode("latin-1")


class DirectTest(unittest.TestCase):
    """One modem and one host."""
    OPTIONS = {}

    def setUp(self):
        self.sim = SimModem(seed=1, **self.OPTIONS).start()
        self.addCleanup(self.sim.stop)
        self.host = self.connect()
        self.host.ask("AT+CMEE=1")

    def connect(self):
        """A new host on the device as it is now."""
        host = Host(self.sim.path)
        self.addCleanup(host.close)
        return host

    def notify(self):
        """Asks for +CMTI and +CDSI."""
        self.assertEqual(self.host.ask("AT+CNMI=2,1,0,2,0"), ["OK"])


class Commands(DirectTest):

    def test_echoes_until_told_not_to(self):
        self.host.write("AT\r")
        self.assertEqual(self.host.read_until(Host.FINAL), "AT\r\r\nOK\r\n")
        self.host.ask("ATE0")
        self.host.write("AT\r")
        self.assertEqual(self.host.read_until(Host.FINAL), "\r\nOK\r\n")

    def test_says_who_it_is(self):
        self.assertEqual(self.host.ask("AT+CGSN"), [self.sim.imei, "OK"])
        self.assertEqual(self.host.ask("AT+CIMI"), [self.sim.imsi, "OK"])
        self.assertEqual(self.host.ask("AT+CSCA?"),
                         ['+CSCA: "+381640000000",145', "OK"])

    def test_several_commands_may_stand_in_a_line(self):
        self.assertEqual(self.host.ask("AT+CREG=2;+CREG?;+CSQ"), [
            '+CREG: 2,1,"00C3","0000A1B2",7', "+CSQ: 21,99", "OK"])
        self.assertEqual(self.host.ask("AT+CSQ;+NONSENSE;+CSQ"), ["ERROR"])

    def test_errors_have_the_form_that_cmee_asks_for(self):
        for mode, error in ((0, "ERROR"), (1, "+CME ERROR: 10"),
                            (2, "+CME ERROR: SIM not inserted")):
            self.sim.lock_sim("NOT INSERTED")
            self.host.ask("AT+CMEE=%d" % mode)
            self.assertEqual(self.host.ask("AT+CPIN?"), [error])

    def test_escape_gives_up_a_line_and_a_pdu(self):
        self.host.write("AT+CSQ\x1b\rAT\r")
        self.assertNotIn("+CSQ:", self.host.read_until(Host.FINAL))
        self.host.write("AT+CMGS=19\r")
        self.host.read_until(rb"\r\n> ")
        self.host.write("0011\x1b")
        self.host.read_until(rb"\r\nOK\r\n")
        self.assertEqual(self.host.ask("AT"), ["OK"])
        self.assertEqual(self.sim.submitted, [])

    def test_knows_when_a_host_opens_and_closes(self):
        self.assertTrue(self.sim.opened)
        self.host.close()
        self.sim.wait_until(lambda: not self.sim.opened)
        self.sim.deliver(CITIZEN, "meanwhile")
        self.host = self.connect()
        self.assertEqual(self.sim.opens, 2)
        self.assertEqual(self.host.silence(), "")

    def test_a_host_that_wants_it_alone_does_not_shut_out_the_next(self):
        fcntl.ioctl(self.host.fd, termios.TIOCEXCL)
        self.host.ask("AT")
        self.host.close()
        self.assertEqual(self.connect().ask("AT"), ["OK"])


class Store(DirectTest):
    OPTIONS = {"slots": 3}

    def test_a_text_is_stored_told_of_listed_and_deleted(self):
        self.notify()
        coded, = self.sim.deliver(CITIZEN, "Nema vode")
        self.host.read_until(rb'\r\n\+CMTI: "SM",1\r\n')
        length = pdu.tpdu_length(coded)
        self.assertEqual(self.host.ask("AT+CMGL=4"), [
            "+CMGL: 1,0,,%d" % length, coded, "OK"])
        self.assertEqual(self.host.ask("AT+CMGR=1"), [
            "+CMGR: 1,,%d" % length, coded, "OK"])
        self.assertEqual(self.host.ask("AT+CMGL=0"), ["OK"])
        self.assertEqual(self.host.ask("AT+CMGD=1"), ["OK"])
        self.assertEqual(self.host.ask("AT+CMGD=1"), ["+CMS ERROR: 321"])
        self.assertEqual(self.host.ask("AT+CMGR=1"), ["+CMS ERROR: 321"])
        self.assertEqual(self.sim.deleted, [("SM", 1, coded)])

    def test_what_finds_no_slot_waits_and_comes_in_its_order(self):
        self.notify()
        events = []
        self.sim.on_event = events.append
        coded = [self.sim.deliver(CITIZEN, "text %d" % n)[0]
                 for n in range(7)]
        self.assertEqual((self.sim.stored(), self.sim.waiting()), (3, 4))
        self.host.silence(0.05)
        self.assertEqual(self.host.ask('AT+CPMS="SM","SM"'), [
            "+CPMS: 3,3,3,3,3,3", "OK"])
        seen, slots = [], []
        while len(seen) < len(coded):
            for line in self.host.ask("AT+CMGL=4"):
                if line in coded:
                    seen.append(line)
                elif line.startswith("+CMGL: "):
                    slots.append(line[7])
            while slots:
                self.host.ask("AT+CMGD=" + slots.pop(0))
        self.assertEqual(sorted(seen, key=coded.index), coded)
        self.assertEqual([event["pdu"] for event in events
                          if event["event"] == "stored"], coded)

    def test_a_freed_slot_is_told_of_after_the_answer(self):
        self.notify()
        for n in range(4):
            self.sim.deliver(CITIZEN, "text %d" % n)
        self.host.silence(0.05)
        self.host.write("AT+CMGD=2\r")
        self.assertNotIn("+CMTI", self.host.read_until(Host.FINAL))
        self.host.read_until(rb'\+CMTI: "SM",2\r\n')

    def test_says_nothing_of_arrivals_until_asked_to(self):
        self.sim.deliver(CITIZEN, "one")
        self.assertEqual(self.host.silence(), "")
        self.assertEqual(self.sim.stored(), 1)

    def test_keeps_its_word_back_in_mode_0(self):
        self.host.ask("AT+CNMI=0,1,0,0,0")
        self.sim.deliver(CITIZEN, "one")
        self.assertEqual(self.host.silence(), "")
        self.notify()
        self.host.read_until(rb'\+CMTI: "SM",1\r\n')

    def test_hands_a_text_over_without_a_slot(self):
        self.notify()
        coded, = self.sim.deliver(CITIZEN, "flash", message_class=0,
                                  direct=True)
        self.host.read_until(rb"\+CMT: ,%d\r\n%s\r\n" % (
            pdu.tpdu_length(coded), coded.encode()))
        self.assertEqual(self.sim.stored(), 0)
        self.host.ask("AT+CNMI=2,2,0,0,0")
        self.sim.deliver(CITIZEN, "all of them")
        self.host.read_until(rb"\+CMT: ")
        self.assertEqual(self.sim.stored(), 0)

    def test_segments_come_in_the_order_that_is_asked_for(self):
        self.sim.deliver(CITIZEN, LONG, concat={
            "ref": 300, "bits": 16, "order": [3, 1]})
        stored = [pdu.decode_deliver(coded)
                  for coded in self.sim.slots().values()]
        total = len(pdu.split(LONG, bits=16))
        self.assertEqual([text.concat for text in stored],
                         [(300, total, 3), (300, total, 1)])

    def test_a_replacing_text_takes_the_slot_of_its_forerunner(self):
        self.sim.deliver(CITIZEN, "first", pid=0x41)
        self.sim.deliver(CITIZEN, "second", pid=0x41)
        self.sim.deliver(CITIZEN, "other", pid=0x42)
        texts = [pdu.decode_deliver(coded).text
                 for coded in self.sim.slots().values()]
        self.assertEqual(texts, ["second", "other"])

    def test_stores_any_octets_as_they_are(self):
        coded = pdu.deliver(CITIZEN, "x", raw={
            "first": self.sim.random.randrange(256),
            "udl": self.sim.random.randrange(256),
            "ud": self.sim.random.randbytes(20)})
        self.sim.deliver_pdu(coded)
        self.assertEqual(self.host.ask("AT+CMGL=4")[1], coded)


class TwoStores(DirectTest):
    OPTIONS = {"slots": 2, "stores": ("SM", "ME")}

    def test_arrivals_go_where_cpms_says(self):
        self.notify()
        self.assertEqual(self.host.ask('AT+CPMS="ME","ME","ME"'), [
            "+CPMS: 0,20,0,20,0,20", "OK"])
        self.sim.deliver(CITIZEN, "one")
        self.host.read_until(rb'\+CMTI: "ME",1\r\n')
        self.assertEqual(self.host.ask('AT+CPMS="SM"'), [
            "+CPMS: 0,2,1,20,1,20", "OK"])
        self.assertEqual(self.host.ask("AT+CMGL=4"), ["OK"])


class Sending(DirectTest):

    def test_decodes_what_it_is_given(self):
        self.assertEqual(self.host.send(SUBMIT), ["+CMGS: 0", "OK"])
        submit, = self.sim.wait_submitted(1)
        self.assertEqual((submit.text, submit.recipient, submit.mr),
                         ("Hello", CITIZEN, 0))
        self.assertTrue(submit.want_report)
        self.assertEqual(submit.validity_s, 86400)

    def test_what_stands_in_the_line_can_be_taken_in_at_once(self):
        self.host.write("AT+CMGS=%d\r" % pdu.tpdu_length(SUBMIT))
        self.host.read_until(rb"\r\n> ")
        with self.sim.at_once():        # its thread does nothing meanwhile
            self.host.write(SUBMIT + "\x1a")
            deadline = time.monotonic() + DEADLINE_S
            while not self.sim.submitted and time.monotonic() < deadline:
                self.sim.take_in()
            self.assertEqual(len(self.sim.submitted), 1)

    def test_references_wrap_at_256(self):
        self.sim.mr = 255
        self.assertEqual(self.host.send(SUBMIT), ["+CMGS: 255", "OK"])
        self.assertEqual(self.host.send(SUBMIT), ["+CMGS: 0", "OK"])

    def test_refuses_what_is_no_submit_and_a_wrong_length(self):
        for text, length in ((SUBMIT, 18), (SUBMIT[:-2], None),
                             ("00" + "04" + SUBMIT[4:], None),
                             ("not hexadecimal", 7)):
            self.assertEqual(self.host.send(text, length or 19),
                             ["+CMS ERROR: 304"])
        self.assertEqual(self.sim.submitted, [])
        self.assertEqual(len(self.sim.refused), 4)

    def test_keeps_arrivals_to_itself_while_a_pdu_is_typed(self):
        self.notify()
        self.host.write("AT+CMGS=19\r")
        self.host.read_until(rb"\r\n> ")
        self.sim.deliver(CITIZEN, "one")
        self.host.write(SUBMIT + "\x1a")
        self.assertNotIn("+CMTI", self.host.read_until(Host.FINAL))
        self.host.read_until(rb"\+CMTI")

    def test_reports_by_slot(self):
        self.notify()
        self.host.send(SUBMIT)
        self.sim.report(self.sim.submitted[0], status=0x46)
        self.host.read_until(rb'\r\n\+CDSI: "SM",1\r\n')
        report = pdu.decode_status_report(self.host.ask("AT+CMGR=1")[1])
        self.assertEqual((report.mr, report.status, report.recipient),
                         (0, 0x46, CITIZEN))

    def test_reports_at_once(self):
        self.host.ask("AT+CNMI=2,1,0,1,0")
        self.sim.report_delay_s = 0.01
        self.host.send(SUBMIT)
        self.host.read_until(rb"\r\n\+CDS: \d+\r\n[0-9A-F]+\r\n")
        self.assertEqual(self.sim.stored(), 0)

    def test_reports_that_nobody_asked_for_are_dropped(self):
        self.sim.report_delay_s = 0.01
        self.host.send(SUBMIT)
        self.sim.wait_until(lambda: self.sim.reports_dropped)
        self.assertEqual(self.sim.stored(), 0)

    def test_the_radio_takes_its_time(self):
        self.sim.radio_delay_s = 0.2
        begun = time.monotonic()
        self.host.send(SUBMIT)
        self.assertGreater(time.monotonic() - begun, 0.19)


class CallsAndUssd(DirectTest):
    OPTIONS = {"ussd": {"*100#": "Stanje: 12,34 din", "*1#": (1, "Više?"),
                        "*2#": None}}

    def test_rings_until_nobody_answers(self):
        self.host.ask("AT+CLIP=1")
        self.sim.ring(CITIZEN, rings=2, interval_s=0.02)
        told = self.host.read_until(rb"NO CARRIER\r\n")
        self.assertEqual(told.count("\r\nRING\r\n"), 2)
        self.assertEqual(told.count('+CLIP: "%s",145' % CITIZEN), 2)
        self.assertEqual(self.sim.calls[0]["ended"], "missed")

    def test_a_host_can_refuse_a_call(self):
        self.host.ask("AT+CRC=1")
        self.sim.ring(CITIZEN, rings=100, interval_s=0.02)
        self.host.read_until(rb"\+CRING: VOICE")
        self.host.write("AT+CHUP\r")
        self.host.read_until(rb"NO CARRIER")
        self.assertEqual(self.sim.calls[0]["ended"], "rejected")

    def test_answers_a_code_in_both_character_sets(self):
        self.assertEqual(self.host.ask('AT+CUSD=1,"*100#",15'), ["OK"])
        self.host.read_until(rb'\+CUSD: 0,"Stanje: 12,34 din",15\r\n')
        self.host.ask('AT+CSCS="UCS2"')
        self.host.ask('AT+CUSD=1,"%s",15' % "*1#".encode("utf-16-be").hex())
        told = self.host.read_until(rb"\+CUSD: [^\r]*\r\n")
        self.assertIn('+CUSD: 1,"%s",72' % "Više?".encode("utf-16-be").hex()
                      .upper(), told)
        self.assertEqual(self.sim.ussd_dialled, ["*100#", "*1#"])

    def test_an_unknown_code_is_refused_and_a_dead_one_never_answered(self):
        self.host.ask('AT+CUSD=1,"*9#",15')
        self.host.read_until(rb"\+CUSD: 4\r\n")
        self.host.ask('AT+CUSD=1,"*2#",15')
        self.assertEqual(self.host.silence(), "")

    def test_pushes_a_string(self):
        self.sim.push_ussd("Pushed text")
        self.host.read_until(rb'\+CUSD: 0,"Pushed text",15\r\n')


class Pin(DirectTest):
    OPTIONS = {"pin": "1234", "puk": "87654321"}

    def test_nothing_works_before_the_pin(self):
        self.sim.deliver(CITIZEN, "one")
        self.assertEqual(self.host.ask("AT+CPIN?"),
                         ["+CPIN: SIM PIN", "OK"])
        self.assertEqual(self.host.ask("AT+CMGL=4"), ["+CMS ERROR: 311"])
        self.assertEqual(self.host.ask("AT+CIMI"), ["+CME ERROR: 11"])
        self.assertEqual(self.host.ask("AT+CREG?"), ["+CREG: 0,0", "OK"])
        self.assertEqual(self.sim.waiting(), 1)
        self.assertEqual(self.host.ask('AT+CPIN="1234"'), ["OK"])
        self.sim.wait_until(lambda: self.sim.stored() == 1)
        self.assertEqual(self.host.ask("AT+CPIN?"), ["+CPIN: READY", "OK"])

    def test_three_wrong_ones_ask_for_the_puk(self):
        for left in (2, 1, 0):
            self.assertEqual(self.host.ask('AT+CPIN="0000"'),
                             ["+CME ERROR: 16"])
            self.assertEqual(self.sim.pin_tries, left)
        self.assertEqual(self.host.ask("AT+CPIN?"),
                         ["+CPIN: SIM PUK", "OK"])
        self.assertEqual(self.host.ask('AT+CPIN="1234"'), ["ERROR"])
        self.assertEqual(self.host.ask('AT+CPIN="1","5678"'),
                         ["+CME ERROR: 16"])
        self.assertEqual(self.host.ask('AT+CPIN="87654321","5678"'), ["OK"])
        self.assertEqual(self.sim.pin, "5678")

    def test_is_asked_for_again_after_a_replug(self):
        self.host.ask('AT+CPIN="1234"')
        self.sim.replug()
        self.assertEqual(self.connect().ask("AT+CPIN?"),
                         ["+CPIN: SIM PIN", "OK"])


class Faults(DirectTest):

    def test_mute(self):
        self.sim.fault("mute")
        self.host.write("AT\r")
        self.assertEqual(self.host.silence(), "")
        self.sim.clear("mute")
        self.assertEqual(self.host.ask("AT"), ["OK"])

    def test_stop_reading_fills_the_line(self):
        self.sim.fault("stop_reading")
        written = 0
        with self.assertRaises(BlockingIOError):
            while written < 1 << 20:
                written += os.write(self.host.fd, b"AT\r" * 100)
        self.sim.clear()
        self.sim.wait_command("AT", written // 3)

    def test_a_store_that_says_it_is_full(self):
        self.notify()
        self.sim.fault("full")
        self.sim.deliver(CITIZEN, "one")
        self.assertEqual(self.host.ask('AT+CPMS="SM"'), [
            "+CPMS: 30,30,30,30,30,30", "OK"])
        self.assertEqual((self.sim.stored(), self.sim.waiting()), (0, 1))
        self.sim.clear("full")
        self.host.read_until(rb"\+CMTI")

    def test_garbage_once_and_again_and_again(self):
        self.sim.fault("garbage", size=10)
        self.assertEqual(len(self.host.silence(0.1)), 10)
        fault = self.sim.fault("garbage", size=10, interval_s=0.005, count=5)
        self.sim.wait_until(lambda: fault.taken == 5)
        self.assertEqual(len(self.host.silence(0.1)), 50)

    def test_a_flood_of_lines(self):
        fault = self.sim.fault("urc_flood", interval_s=0.001)
        self.sim.wait_until(lambda: fault.taken > 20)
        self.sim.clear()
        self.assertGreater(self.host.silence(0.1).count("^RSSI: 12"), 20)
        self.assertEqual(self.host.silence(0.1), "")

    def test_refuses_in_place_of_the_prompt(self):
        self.sim.refuse_sends(38, count=1, at_prompt=True)
        self.assertEqual(self.host.ask("AT+CMGS=19"), ["+CMS ERROR: 38"])
        self.assertEqual(self.host.send(SUBMIT), ["+CMGS: 0", "OK"])

    def test_refuses_after_the_pdu(self):
        self.sim.refuse_sends(500, count=2)
        for _ in range(2):
            self.assertEqual(self.host.send(SUBMIT), ["+CMS ERROR: 500"])
        self.assertEqual(self.sim.refused, [SUBMIT, SUBMIT])
        self.assertEqual(self.host.send(SUBMIT), ["+CMGS: 0", "OK"])

    def test_refuses_to_delete(self):
        self.sim.deliver(CITIZEN, "one")
        self.sim.refuse_deletes(count=1)
        self.assertEqual(self.host.ask("AT+CMGD=1"), ["+CMS ERROR: 500"])
        self.assertEqual(self.sim.stored(), 1)
        self.assertEqual(self.host.ask("AT+CMGD=1"), ["OK"])

    def test_loses_the_answer_to_a_command_that_it_obeyed(self):
        self.sim.deliver(CITIZEN, "one")
        fault = self.sim.fault("lose", "AT+CMGD", count=1)
        self.assertEqual(self.host.ask("AT"), ["OK"])
        self.host.write("AT+CMGD=1\r")
        self.assertEqual(self.host.silence(), "AT+CMGD=1\r")
        self.assertEqual((self.sim.stored(), fault.taken), (0, 1))
        self.assertEqual(self.host.ask("AT"), ["OK"])

    def test_loses_a_command_altogether(self):
        self.sim.deliver(CITIZEN, "one")
        self.sim.fault("lose", "AT+CMGD", count=1, executed=False)
        self.host.write("AT+CMGD=1\r")
        self.assertEqual(self.host.silence(), "AT+CMGD=1\r")
        self.assertEqual(self.sim.stored(), 1)

    def test_loses_the_prompt(self):
        self.sim.fault("lose", "AT+CMGS", count=1)
        self.host.write("AT+CMGS=19\r")
        self.assertEqual(self.host.silence(), "AT+CMGS=19\r")
        self.host.write(SUBMIT + "\x1a")
        self.assertIn("+CMGS: 0", self.host.read_until(Host.FINAL))

    def test_loses_the_result_of_what_was_sent_or_was_not(self):
        for executed in (True, False):
            before = len(self.sim.submitted)
            self.sim.fault("lose", PDU_STAGE, count=1, executed=executed)
            with self.assertRaises(TimeoutError):
                self.host.write("AT+CMGS=19\r")
                self.host.read_until(rb"\r\n> ")
                self.host.write(SUBMIT + "\x1a")
                self.host.read_until(Host.FINAL, 0.2)
            self.host.buffer = b""
            self.assertEqual(len(self.sim.submitted) - before, executed)
            self.assertEqual(self.host.ask("AT"), ["OK"])

    def test_answers_late_and_in_order(self):
        self.sim.fault("slow", "AT+CSQ", count=1, delay_s=0.2)
        begun = time.monotonic()
        self.host.write("AT+CSQ\rAT+CGSN\r")
        told = self.host.read_until(rb"%s\r\n\r\nOK" %
                                    self.sim.imei.encode())
        self.assertLess(told.index("+CSQ: "), told.index(self.sim.imei))
        self.assertGreater(time.monotonic() - begun, 0.19)

    def test_half_an_answer(self):
        self.sim.fault("half", "AT+CGSN", count=1)
        self.host.write("AT+CGSN\r")
        whole = "AT+CGSN\r\r\n%s\r\n\r\nOK\r\n" % self.sim.imei
        half = self.host.silence()
        self.assertTrue(whole.startswith(half))
        self.assertLess(len(half), len(whole))
        self.assertEqual(self.host.ask("AT"), ["OK"])
        self.sim.fault("half", "AT+CGSN", count=1, delay_s=0.05)
        self.assertEqual(self.host.ask("AT+CGSN"), [self.sim.imei, "OK"])

    def test_an_answer_in_pieces(self):
        self.sim.fault("pieces", count=1, size=2, delay_s=0.002)
        self.assertEqual(self.host.ask("AT+CGSN"), [self.sim.imei, "OK"])

    def test_another_answer_and_more_of_an_answer(self):
        self.sim.fault("replace", "AT+CSQ", count=1,
                       text="\r\n+CSQ: 99,99\r\n\r\nOK\r\n")
        self.assertEqual(self.host.ask("AT+CSQ"), ["+CSQ: 99,99", "OK"])
        self.sim.deliver(CITIZEN, "one")
        self.sim.fault("inject", "AT+CMGL", count=1, text="\r\n^ODD: 1\r\n")
        answer = self.host.ask("AT+CMGL=4")
        self.assertEqual(answer[2:], ["^ODD: 1", "OK"])

    def test_unplugged_by_hand(self):
        self.sim.deliver(CITIZEN, "one")
        path = self.sim.path
        self.sim.unplug()
        self.assertFalse(self.sim.plugged)
        with self.assertRaises(OSError):
            while True:
                os.write(self.host.fd, b"AT\r")
        with self.assertRaises((OSError, EOFError)):
            self.host.read_until(rb"(?!)", 1)
        self.assertFalse(os.path.exists(path))
        self.host.close()
        self.sim.replug()
        self.assertEqual(self.sim.stored(), 1)
        self.assertEqual(self.connect().ask("AT"), ["OK"])

    def test_unplugged_in_the_middle_of_sending(self):
        for executed in (False, True):
            before = len(self.sim.submitted)
            self.sim.fault("unplug", PDU_STAGE, count=1, executed=executed)
            with self.assertRaises((OSError, EOFError)):
                self.host.send(SUBMIT)
            self.assertEqual(len(self.sim.submitted) - before, executed)
            self.host.close()
            self.sim.replug()
            self.host = self.connect()

    def test_not_registered(self):
        self.notify()
        self.host.ask("AT+CREG=1")
        self.sim.registered = 0
        self.host.read_until(rb"\r\n\+CREG: 0\r\n")
        self.assertEqual(self.host.send(SUBMIT), ["+CMS ERROR: 331"])
        self.assertEqual(self.host.ask("AT+CREG?"), ["+CREG: 1,0", "OK"])
        self.assertEqual(self.host.ask("AT+CSQ"), ["+CSQ: 99,99", "OK"])
        self.sim.deliver(CITIZEN, "one")
        self.assertEqual(self.sim.waiting(), 1)
        self.sim.registered = True
        self.host.read_until(rb"\+CMTI")

    def test_chance_follows_the_seed(self):
        fault = self.sim.fault("refuse", "AT+CSQ", chance=0.5)
        refused = [self.host.ask("AT+CSQ") != ["+CSQ: 21,99", "OK"]
                   for _ in range(20)]
        self.assertEqual(sum(refused), fault.taken)
        self.assertTrue(0 < fault.taken < 20)

    def test_a_name_that_is_none_is_an_error(self):
        with self.assertRaises(ValueError):
            self.sim.fault("mutes")

    def test_each_fault_can_be_ordered_and_ended(self):
        for name in FAULTS:
            self.sim.fault(name, "AT+NOTHING", count=1)
            self.sim.clear(name)
        self.host.silence(0.1)
        self.assertEqual(self.host.ask("AT"), ["OK"])


class Devices(unittest.TestCase):

    def test_a_symbolic_link_follows_the_device(self):
        with tempfile.TemporaryDirectory() as folder:
            link = os.path.join(folder, "modem")
            with SimModem(symlink=link) as sim:
                self.assertEqual(os.readlink(link), sim.path)
                sim.unplug()
                self.assertFalse(os.path.lexists(link))
                sim.replug()
                self.assertEqual(os.readlink(link), sim.path)
            self.assertEqual(os.listdir(folder), [])

    def test_many_idle_modems_cost_nothing(self):
        threads = threading.active_count()
        with contextlib.ExitStack() as stack:
            sims = [stack.enter_context(SimModem(name="sim%d" % n))
                    for n in range(16)]
            hosts = [Host(sim.path) for sim in sims]
            for sim, host in zip(sims, hosts):
                sim.deliver(CITIZEN, "to " + sim.name)
                self.assertEqual(len(host.ask("AT+CMGL=4")), 3)
            begun = time.process_time()
            self.assertEqual(hosts[0].silence(1), "")
            self.assertLess(time.process_time() - begun, 0.1)
            for host in hosts:
                host.close()
        self.assertEqual(threading.active_count(), threads)


class Program(unittest.TestCase):
    """simmodem.py as a program of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.link = os.path.join(folder.name, "modem")
        self.program = subprocess.Popen(
            [sys.executable, os.path.join(LIB, "simmodem.py"), "--symlink",
             self.link, "--slots", "2", "--ussd", "*100#=12 din"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        self.assertEqual(self.event("ready")["symlink"], self.link)
        self.host = Host(self.link)
        self.addCleanup(self.host.close)

    def end(self):
        """In case that it has not ended yet."""
        self.program.kill()
        self.program.communicate()

    def tell(self, **command):
        """A command; the answer to it."""
        print(json.dumps(command), file=self.program.stdin, flush=True)
        return self.event("done")

    def event(self, name):
        """The next event of a name."""
        for line in self.program.stdout:
            event = json.loads(line)
            if event["event"] == name:
                return event
        raise EOFError("the simulator has ended")

    def test_is_driven_by_json_lines(self):
        self.host.ask("AT+CNMI=2,1,0,2,0")
        done = self.tell(do="deliver", originator=CITIZEN, text=CYRILLIC,
                         scts="2026-05-01T12:00:00+02:00", tag="x")
        self.assertEqual((done["segments"], done["tag"]),
                         (len(pdu.split(CYRILLIC)), "x"))
        status = self.tell(do="status")
        self.assertEqual(status["stored"], 2)
        self.assertEqual(status["waiting"], done["segments"] - 2)
        self.host.silence(0.05)
        stamp = pdu.decode_deliver(self.host.ask("AT+CMGR=1")[1]).scts
        self.assertEqual(stamp.utcoffset(), datetime.timedelta(hours=2))
        self.host.ask("AT+CMGD=1")
        self.assertEqual(self.event("deleted")["slot"], 1)
        self.host.send(SUBMIT)
        submitted = self.event("submitted")
        self.assertEqual((submitted["text"], submitted["recipient"],
                          submitted["mr"], submitted["pdu"]),
                         ("Hello", CITIZEN, 0, SUBMIT))
        self.tell(do="report", status=0x46)
        self.tell(do="set", signal=7)
        self.assertEqual(self.host.ask("AT+CSQ")[-2], "+CSQ: 7,99")
        self.tell(do="fault", name="refuse", match="AT+CSQ", count=1)
        self.assertEqual(self.host.ask("AT+CSQ"), ["ERROR"])

    def test_a_bad_command_is_an_event_and_no_end(self):
        for line in ("{", "[]", '{"do":"nothing"}', '{"do":"deliver"}',
                     '{"do":"set","master":1}', '{"do":"report"}',
                     '{"do":"deliver","originator":"x","color":1}'):
            print(line, file=self.program.stdin, flush=True)
            self.assertTrue(self.event("error")["text"])
        self.assertTrue(self.tell(do="status")["plugged"])

    def test_leaves_nothing_behind(self):
        self.program.send_signal(signal.SIGTERM)
        self.assertEqual(self.program.wait(DEADLINE_S), 0)
        self.assertFalse(os.path.lexists(self.link))

    def test_ends_with_its_stdin(self):
        self.program.stdin.close()
        self.assertEqual(self.program.wait(DEADLINE_S), 0)
        self.assertFalse(os.path.lexists(self.link))
        self.program.stdin = None


# ---- programs of others ----------------------------------------------------

def find_peers():
    """(where gammu-smsd and smstools' smsd are, why they are not)."""
    folder = os.environ.get("GLAS_PEERS_DIR")
    if not folder:
        if all(map(shutil.which, ("gammu-smsd", "gammu-smsd-inject",
                                  "smsd"))):
            return "", None
        return None, ("gammu-smsd and smstools are not installed, and "
                      "GLAS_PEERS_DIR names no place to fetch them to")
    result = subprocess.run(
        [os.path.join(LIB, "fetch-peers"), folder], check=False, text=True,
        stdin=subprocess.DEVNULL, capture_output=True)
    if result.returncode:
        return None, "peers cannot be had: " + result.stderr.strip()
    return os.path.abspath(folder), None


PEERS, WHY_NOT = None, None


class Peer:
    """What every program for GSM modems must be able to do with ours.

    A subclass says how it is started, what it has received, how it is told
    to send, and how often it TRIES.
    """

    @classmethod
    def setUpClass(cls):
        global PEERS, WHY_NOT
        if PEERS is None and WHY_NOT is None:
            PEERS, WHY_NOT = find_peers()
        if WHY_NOT:
            raise unittest.SkipTest(WHY_NOT)
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.folder = cls.stack.enter_context(
            tempfile.TemporaryDirectory(prefix="glas-peer."))
        cls.sim = cls.stack.enter_context(SimModem(slots=10))
        cls.log = cls.stack.enter_context(
            open(os.path.join(cls.folder, "stdout"), "wb"))
        cls.process = subprocess.Popen(
            # It must not outlive tests that are killed.
            ["setpriv", "--pdeathsig", "KILL", *cls.command()],
            stdin=subprocess.DEVNULL, stdout=cls.log, stderr=cls.log,
            env=cls.environment(), cwd=cls.folder, start_new_session=True)
        cls.stack.callback(cls.stop)
        cls.sim.wait_command("AT+CPMS", timeout_s=30)

    @classmethod
    def stop(cls):
        """Ends it with all that it has forked."""
        cls.process.terminate()
        try:
            cls.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(cls.process.pid, signal.SIGKILL)
            cls.process.wait()

    @classmethod
    def environment(cls):
        """Ours, with the libraries of unpacked packages."""
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        if PEERS:
            environment["LD_LIBRARY_PATH"] = ":".join(
                [os.path.join(PEERS, "usr/lib"),
                 *glob.glob(os.path.join(PEERS, "usr/lib/*-linux-gnu*"))])
        return environment

    @classmethod
    def program(cls, name):
        """The path of a program of theirs."""
        for folder in ("usr/bin", "usr/sbin"):
            path = os.path.join(PEERS, folder, name)
            if PEERS and os.access(path, os.X_OK):
                return path
        return shutil.which(name)

    @classmethod
    def make_folders(cls, *names):
        """Paths of new folders, by name."""
        for name in names:
            os.mkdir(os.path.join(cls.folder, name))
        return {name: os.path.join(cls.folder, name) for name in names}

    def wait(self, condition, timeout_s=60):
        """Waits for files to come, which nothing tells of."""
        deadline = time.monotonic() + timeout_s
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                self.fail("not within %g s\n%s" % (timeout_s,
                                                   self.sim.tail()))
            select.select([], [], [], 0.05)

    def check_received(self, originator, text, **fields):
        """Delivers a text, waits for it, and for the SIM to be empty."""
        self.sim.deliver(originator, text, **fields)
        self.wait(lambda: (originator.lstrip("+"), text) in self.received())
        self.sim.wait_empty(30)

    def check_sent(self, text, encoding, segments=1, **options):
        """Has a text sent and looks at the SUBMITs of it."""
        before = len(self.sim.submitted)
        self.send(text, **options)
        submits = self.sim.wait_submitted(before + segments, 60)[before:]
        joined, = pdu.join(submits)
        self.assertTrue(joined.complete)
        self.assertEqual((joined.text, joined.encoding, joined.recipient),
                         (text, encoding, CITIZEN))
        return submits

    def test_receives_texts_of_all_alphabets(self):
        self.check_received(CITIZEN, "Nema vode @ {Vranje} 100% _")
        self.check_received(CITIZEN, "Нема воде, šta да радим")
        self.check_received("MTS Info", "akcija")

    def test_receives_segments_in_any_order(self):
        self.check_received("+381641111111", "A 7 bit text. " * 30,
                            concat={"order": [3, 1, 2]})
        self.check_received("+381642222222", CYRILLIC,
                            concat={"order": [2, 4, 1, 3]})

    def test_empties_a_sim_that_was_full(self):
        texts = ["text number %d" % n for n in range(25)]
        for text in texts:
            self.sim.deliver("+381643333333", text)
        self.assertGreater(self.sim.waiting(), 0)
        self.wait(lambda: {("381643333333", text) for text in texts}
                  <= set(self.received()), 90)
        self.sim.wait_empty(30)

    def test_sends_texts_of_both_alphabets(self):
        self.check_sent("Hello {world} @ 5 _", pdu.GSM7)
        self.check_sent("Нема воде, šđ", pdu.UCS2)

    def test_sends_segments(self):
        self.check_sent("A long text in the GSM alphabet. " * 8, pdu.GSM7,
                        segments=2)

    def test_hears_of_the_delivery(self):
        self.sim.report_delay_s = 0.1
        submit, = self.check_sent("Report please", pdu.GSM7, report=True)
        self.sim.report_delay_s = None
        self.assertTrue(submit.want_report)
        self.wait(lambda: self.reported(submit))
        self.sim.wait_empty(30)

    def test_a_refused_text_is_known_to_be_refused(self):
        fault = self.sim.refuse_sends(500, count=self.TRIES)
        self.addCleanup(self.sim.clear)
        before = len(self.sim.refused)
        self.send("Refused")
        self.sim.wait_until(lambda: fault.left == 0, 60, "tries")
        self.assertEqual(
            [pdu.decode_submit(text).text
             for text in self.sim.refused[before:]],
            ["Refused"] * self.TRIES)
        self.check_given_up("Refused")
        self.check_sent("Not refused", pdu.GSM7)


class GammuSmsd(Peer, unittest.TestCase):
    TRIES = 2

    @classmethod
    def command(cls):
        """Writes its configuration and says how to start it."""
        paths = cls.make_folders("inbox", "outbox", "sent", "error")
        cls.conf = os.path.join(cls.folder, "gammu.conf")
        with open(cls.conf, "w", encoding="utf-8") as conf:
            conf.write("""[gammu]
device = %s
connection = at115200
model = at
synchronizetime = no
[smsd]
service = files
logfile = %s/log
debuglevel = 0
inboxpath = %s/
outboxpath = %s/
sentsmspath = %s/
errorsmspath = %s/
inboxformat = standard
deliveryreport = sms
checksecurity = 0
receivefrequency = 1
loopsleep = 1
commtimeout = 1
statusfrequency = 0
""" % (cls.sim.path, cls.folder, paths["inbox"], paths["outbox"],
                paths["sent"], paths["error"]))
        return [cls.program("gammu-smsd"), "-c", cls.conf]

    def send(self, text, report=False):
        """Puts a text into its outbox."""
        command = [self.program("gammu-smsd-inject"), "-c", self.conf,
                   "TEXT", CITIZEN, "-text", text, "-autolen", "500"]
        if not pdu.is_gsm7(text):
            command.append("-unicode")
        if report:
            command.append("-report")
        subprocess.run(command, check=True, env=self.environment(),
                       stdout=self.log, stderr=self.log)

    def received(self):
        """(originator, text) of what is in its inbox, a file a segment."""
        texts = {}
        for path in sorted(glob.glob(self.folder + "/inbox/IN*.txt")):
            name = os.path.basename(path)[2:-len("_00.txt")]
            with open(path, "rb") as file:
                texts[name] = texts.get(name, "") + file.read().decode(
                    "utf-8", "replace")
        return [(name.split("_")[3].lstrip("+"), text)
                for name, text in texts.items()]

    def reported(self, _submit):
        """Has it stored a status report?"""
        return (CITIZEN.lstrip("+"), "Delivered") in self.received()

    def check_given_up(self, text):
        """It never does: the files backend of 1.42 forgets its retries."""
        self.wait(lambda: text in [submit.text for submit
                                   in self.sim.submitted])
        self.wait(lambda: not os.listdir(self.folder + "/outbox"))


class Smstools(Peer, unittest.TestCase):
    TRIES = 3

    @classmethod
    def command(cls):
        """Writes its configuration and says how to start it."""
        paths = cls.make_folders("outgoing", "checked", "failed", "sent",
                                 "incoming", "report")
        conf = os.path.join(cls.folder, "smsd.conf")
        with open(conf, "w", encoding="utf-8") as lines:
            lines.write("devices = GSM1\n")
            for name, path in paths.items():
                lines.write("%s = %s\n" % (name, path))
            lines.write("""logfile = %(folder)s/log
infofile = %(folder)s/info
pidfile = %(folder)s/pid
loglevel = 5
delaytime = 1
blocktime = 2
errorsleeptime = 1
receive_before_send = no
incoming_utf8 = yes
decode_unicode_text = yes
internal_combine = yes
[GSM1]
device = %(device)s
incoming = yes
report = yes
baudrate = 115200
rtscts = no
init = AT+CNMI=2,1,0,2,0
""" % {"folder": cls.folder, "device": cls.sim.path})
        return [cls.program("smsd"), "-t", "-c" + conf]

    def send(self, text, report=False):
        """Moves a text into its outgoing folder."""
        lines = "To: %s\nReport: %s\n" % (CITIZEN.lstrip("+"),
                                          "yes" if report else "no")
        if pdu.is_gsm7(text):
            octets = (lines + "Alphabet: UTF-8\n\n" + text).encode()
        else:
            octets = ((lines + "Alphabet: UCS\n\n").encode()
                      + text.encode("utf-16-be"))
        draft = os.path.join(self.folder, "draft")
        with open(draft, "wb") as file:
            file.write(octets)
        os.replace(draft, os.path.join(
            self.folder, "outgoing", "t%d" % time.monotonic_ns()))

    def files(self, name):
        """(headers, body) of the files in a folder."""
        for path in glob.glob(os.path.join(self.folder, name, "*")):
            with contextlib.suppress(FileNotFoundError):
                with open(path, "rb") as file:
                    head, _, body = file.read().partition(b"\n\n")
                yield dict(line.split(": ", 1) for line
                           in head.decode(errors="replace").split("\n")
                           if ": " in line), body

    def received(self):
        """(originator, text) of what is in its incoming folder."""
        return [(head.get("From"),
                 body.decode(errors="replace").rstrip("\n"))
                for head, body in self.files("incoming")]

    def reported(self, submit):
        """Has it stored the status report of a SUBMIT?"""
        return any(b"Message_id: %d\n" % submit.mr in body
                   for _, body in self.files("report"))

    def check_given_up(self, text):
        """It has moved the text aside."""
        self.wait(lambda: any(text in body.decode(errors="replace")
                              for _, body in self.files("failed")))
        self.assertNotIn(text, [submit.text
                                for submit in self.sim.submitted])


if __name__ == "__main__":
    unittest.main()
