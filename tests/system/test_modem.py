#!/usr/bin/env python3
"""Tests of glas-modem alone: the real program, driven over its stdin and
stdout by a glasd of a few lines, on libgammu's dummy phone and on simulated
modems (tests/lib/simmodem.py), so that libgammu's real AT driver is used.

python3 -m unittest discover -s tests/system -p 'test_modem.py'
"""

import contextlib
import datetime
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))

import pdu  # noqa: E402
from simmodem import PDU_STAGE, SimModem  # noqa: E402

PROGRAM = os.environ.get("GLAS_MODEM") or os.path.join(
    os.environ.get("top_builddir", TOP), "glas-modem")
CITIZEN = "+381641234567"
OTHER = "+381642345678"
DEADLINE_S = 60
EXIT_PROTOCOL, EXIT_PIN, EXIT_MODEM = 2, 3, 4
SANITIZED = b"__asan_init" in (
    open(PROGRAM, "rb").read() if os.path.exists(PROGRAM) else b"")


def utf16(text):
    """The way in which the link protocol carries a text."""
    return text.encode("utf-16-be", "surrogatepass").hex()


def from_utf16(digits):
    """The other way."""
    return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")


class Modem:
    """glas-modem with as much of a glasd as it needs."""

    def __init__(self, window=100, ack=True, environment=None, **settings):
        self.ack = ack
        self.said = []                  # all messages, in order
        self.exit_code = None
        self._changed = threading.Condition()
        self.stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.stderr, env=environment or {})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        settings = {name.replace("_", "-"): str(value)
                    for name, value in settings.items()}
        settings.setdefault("sandbox", "kill")
        self.say(t="start", protocol=1, name="test", window=window,
                 settings=settings)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.stderr):
            with contextlib.suppress(OSError):
                pipe.close()

    def say(self, **message):
        """One line to the program; a dead one does not hear it."""
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def _read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            with self._changed:
                message["at"] = time.monotonic()
                self.said.append(message)
                self._changed.notify_all()
            if self.ack and "id" in message:
                self.say(t="ack", ids=[message["id"]])
        with self._changed:
            self.exit_code = self.process.wait()
            self._changed.notify_all()

    def forget(self):
        """Drops what it has said so far."""
        with self._changed:
            self.said.clear()

    def of(self, kind):
        """All messages of one kind so far."""
        with self._changed:
            return [m for m in self.said if m["t"] == kind]

    def wait(self, condition, what, timeout_s=DEADLINE_S):
        """Until condition() is true; returns what it says."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while True:
                value = condition()
                if value:
                    return value
                left = until - time.monotonic()
                if left <= 0:
                    raise AssertionError("no %s in %g s; said: %s\n%s" % (
                        what, timeout_s, self.said[-12:], self.log()))
                self._changed.wait(min(left, 0.1))

    def wait_for(self, kind, count=1, timeout_s=DEADLINE_S):
        """The messages of a kind once there are so many."""
        return self.wait(lambda: (len(self.of(kind)) >= count or None)
                         and self.of(kind), "%d %s" % (count, kind),
                         timeout_s)

    def wait_state(self, state, detail=None):
        """A state message of that word."""
        def look():
            return [m for m in self.of("state") if m["state"] == state
                    and detail in (None, m.get("detail"))]
        return self.wait(look, "state %s %s" % (state, detail))[-1]

    def wait_ready(self):
        """Until the first list has been read."""
        return self.wait_state("ready")

    def wait_exit(self, timeout_s=DEADLINE_S):
        """The exit code, negative for a signal."""
        self.wait(lambda: self.exit_code is not None, "exit", timeout_s)
        return self.exit_code

    def submit(self, text, mt=1, **fields):
        """Hands over a segment."""
        encoding = fields.pop("encoding", "GSM7")
        self.say(**{"t": "submit", "mt": mt, "segment": 1,
                    "recipient": CITIZEN, "encoding": encoding, "udh": "",
                    "ud": utf16(text), "want_report": False,
                    "validity": 1440, **fields})

    def status(self, field):
        """A number of /proc/PID/status."""
        with open("/proc/%d/status" % self.process.pid,
                  encoding="ascii") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1])
        return None

    def log(self):
        """What it wrote to stderr."""
        self.stderr.seek(0)
        return self.stderr.read().decode("utf-8", "replace")


def texts_of(messages):
    """What mo messages carry, without the header."""
    return [from_utf16(m["ud"]) for m in messages]


@unittest.skipUnless(os.path.exists(PROGRAM), "glas-modem is not built")
class ModemTest(unittest.TestCase):
    """What the tests below share."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def sim(self, **options):
        """A simulated modem that ends with the test."""
        return self.stack.enter_context(SimModem(**options))

    def run_modem(self, **settings):
        """glas-modem that ends with the test."""
        return self.stack.enter_context(Modem(**settings))

    def run_on(self, sim, **settings):
        """glas-modem on a simulated modem, ready."""
        settings.setdefault("poll", 60000)
        modem = self.run_modem(device=sim.path, connection="at115200",
                               **settings)
        modem.wait_ready()
        return modem


class DummyPhone:
    """The directory that libgammu takes for a phone."""

    def __init__(self, directory):
        self.directory = directory
        self.draft = os.path.join(directory, "draft")
        for folder in range(1, 6):
            os.makedirs(os.path.join(directory, "sms", str(folder)))

    def put(self, slot, text, folder=1, number=CITIZEN, udh=b"", kind="Deliver",
            coding="Default_No_Compression", second=None):
        """One text, whole at once."""
        when = datetime.datetime(2026, 11, 23, 10) + datetime.timedelta(
            seconds=slot if second is None else second)
        lines = ["[SMSBackup000]", 'SMSC = "+381640000000"',
                 "PDU = " + kind, when.strftime("DateTime = %Y%m%dT%H%M%S"),
                 "State = UnRead", 'Number = "%s"' % number,
                 "Coding = " + coding, "Folder = %d" % folder,
                 "Class = -1", "Length = %d" % len(text)]
        if udh:
            lines.append("UDH = " + udh.hex().upper())
        digits = utf16(text).upper()
        for part in range(0, len(digits), 200):
            lines.append("Text%02d = %s" % (part // 200,
                                           digits[part:part + 200]))
        with open(self.draft, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        os.rename(self.draft, self.path(slot, folder))

    def path(self, slot, folder=1):
        """The file of a slot."""
        return os.path.join(self.directory, "sms", str(folder), str(slot))

    def used(self, folder=1):
        """The numbers of taken slots."""
        return sorted(int(name) for name in os.listdir(
            os.path.join(self.directory, "sms", str(folder))))


class DummyTest(ModemTest):
    """On libgammu's dummy phone."""

    def setUp(self):
        super().setUp()
        directory = tempfile.mkdtemp(prefix="glas-modem-")
        self.addCleanup(shutil.rmtree, directory)
        self.phone = DummyPhone(directory)

    def run_dummy(self, **settings):
        """glas-modem on it."""
        return self.run_modem(device=self.phone.directory, connection="none",
                              model="dummy", **settings)

    def fill(self, count):
        """Short texts and every tenth time a part of a long one."""
        sent = {}
        for slot in range(1, count + 1):
            udh = b""
            if slot % 10 == 0:
                udh = bytes((5, 0, 3, slot // 20 % 256, 2, slot // 10 % 2 + 1))
            text = "PRIJAVA VRANJE broj %d šđčćž" % slot
            coding = "Unicode_No_Compression"
            if slot % 3:
                text, coding = "Text %d [€]" % slot, "Default_No_Compression"
            number = "+38164%07d" % slot
            self.phone.put(slot, text, udh=udh, number=number, coding=coding)
            sent[number] = (text, udh.hex(), coding)
        return sent

    def test_all_texts_are_offered_as_they_are(self):
        sent = self.fill(300)
        modem = self.run_dummy()
        got = modem.wait_for("mo", 300)
        modem.wait(lambda: not self.phone.used(), "empty phone")
        self.assertEqual(len(got), 300)
        for mo in got:
            text, udh, coding = sent.pop(mo["originator"])
            self.assertEqual(from_utf16(mo["ud"]), text)
            self.assertEqual(mo["udh"], udh)
            self.assertEqual(mo["alphabet"], "ucs2" if "Uni" in coding
                             else "gsm7")
            self.assertEqual(mo["ton"], "international")
            self.assertEqual(mo["smsc"], "+381640000000")
            self.assertEqual(mo["sim"], "994299429942994")
            self.assertTrue(mo["scts"].startswith("2026-11-23T10:0"), mo)
            self.assertEqual(mo["class"], -1)
        self.assertFalse(sent)

    def test_nothing_is_deleted_before_its_ack(self):
        self.fill(300)
        modem = self.run_dummy(ack=False, window=40)
        offered = modem.wait_for("mo", 20)
        modem.say(t="ping")
        modem.wait_for("pong")
        offered = modem.of("mo")
        self.assertLessEqual(len(offered), 40)
        self.assertEqual(len(self.phone.used()), 300)
        kept = {int(m["id"].split(":")[1]) for m in offered[5:]}
        modem.say(t="ack", ids=[m["id"] for m in offered[:5]])
        modem.wait(lambda: len(self.phone.used()) == 295, "deletion")
        modem.wait_for("mo", len(offered) + 5)
        self.assertLessEqual(kept, set(self.phone.used()))
        self.assertEqual(len(self.phone.used()), 295)

    def test_a_text_is_offered_once_while_it_waits(self):
        self.fill(20)
        modem = self.run_dummy(ack=False)
        modem.wait_for("mo", 20)
        for slot in range(21, 24):
            self.phone.put(slot, "One more")
            modem.wait_for("mo", slot)
        self.assertEqual(len({m["id"].rsplit(":", 1)[0]
                              for m in modem.of("mo")}), 23)
        self.assertEqual(len(modem.of("mo")), 23)

    def test_nack_keeps_a_text_and_offers_it_again(self):
        self.fill(3)
        modem = self.run_dummy(ack=False)
        first = modem.wait_for("mo", 3)
        modem.say(t="nack", ids=[m["id"] for m in first], wait_ms=300)
        again = modem.wait_for("mo", 6)[3:]
        self.assertEqual(sorted(m["id"] for m in first),
                         sorted(m["id"] for m in again))
        # Its clock counts whole milliseconds.
        self.assertGreater(again[0]["at"] - first[-1]["at"], 0.299)
        self.assertEqual(self.phone.used(), [1, 2, 3])
        modem.say(t="ack", ids=[m["id"] for m in again])
        modem.wait(lambda: not self.phone.used(), "empty phone")

    def test_memory_stays_small_with_thousands_waiting(self):
        self.fill(2000)
        modem = self.run_dummy()
        modem.wait_for("mo", 2000, 60)
        modem.wait(lambda: not self.phone.used(), "empty phone")
        if not SANITIZED:
            self.assertLess(modem.status("VmHWM"), 40000)

    def test_only_inboxes_are_read(self):
        for folder in (1, 2, 3, 4, 5):
            self.phone.put(7, "In folder %d" % folder, folder=folder,
                           kind="Submit" if folder in (2, 4) else "Deliver")
        modem = self.run_dummy()
        modem.wait(lambda: not self.phone.used(1) + self.phone.used(3),
                   "empty inboxes")
        self.assertEqual(sorted(texts_of(modem.of("mo"))),
                         ["In folder 1", "In folder 3"])
        for folder in (2, 4, 5):
            self.assertEqual(self.phone.used(folder), [7])

    def test_a_new_text_is_seen_at_once(self):
        modem = self.run_dummy(poll=60000)
        modem.wait_ready()
        for slot in range(1, 4):
            written_at = time.monotonic()
            self.phone.put(slot, "Now %d" % slot)
            got = modem.wait_for("mo", slot)[-1]
            # Not by the poll, which is a minute away.
            self.assertLess(got["at"] - written_at, 30)

    def test_a_file_that_is_none_does_not_hide_those_behind_it(self):
        self.phone.put(1, "Before")
        with open(self.phone.path(2), "w", encoding="ascii") as file:
            file.write("")
        self.phone.put(3, "Behind")
        modem = self.run_dummy()
        modem.wait(lambda: self.phone.used() == [2], "the other two")
        self.assertEqual(sorted(texts_of(modem.of("mo"))),
                         ["Before", "Behind"])

    def test_status_reports_are_offered(self):
        self.phone.put(1, "Delivered", kind="Status_Report")
        modem = self.run_dummy()
        report = modem.wait_for("status-report")[0]
        self.assertEqual(report["recipient"], CITIZEN)
        self.assertEqual(report["status"], 0)
        modem.wait(lambda: not self.phone.used(), "empty phone")

    def test_submits_are_accepted_between_texts(self):
        self.fill(200)
        modem = self.run_dummy()
        modem.wait_for("mo")
        for mt in range(1, 51):
            modem.submit("Hvala %d" % mt, mt=mt)
        done = modem.wait_for("submitted", 50)
        self.assertEqual([m["mt"] for m in done], list(range(1, 51)))
        self.assertEqual({m["outcome"] for m in done}, {"accepted"})
        modem.wait_for("mo", 200)

    def test_what_cannot_be_sent_is_refused(self):
        modem = self.run_dummy()
        modem.submit("Ok", mt=1, recipient="+38164123\";+X")
        modem.submit("Ok", mt=2, recipient="Banka")
        modem.submit("Ok", mt=3, encoding="ASCII")
        modem.submit("Ok", mt=4, udh="050003010201ff")
        modem.submit("Ok", mt=5, ud="00410")
        modem.submit("x" * 161, mt=6)
        modem.submit("ш" * 71, mt=7, encoding="UCS2")
        modem.submit("a\0b", mt=8)
        modem.submit("€" * 81, mt=9)
        modem.submit("x" * 154, mt=10, udh="050003010201")
        modem.submit("ш" * 68, mt=11, udh="050003010201", encoding="UCS2")
        modem.submit("Ok", mt=12)
        done = modem.wait_for("submitted", 12)
        self.assertEqual([m["outcome"] for m in done],
                         ["refused"] * 11 + ["accepted"])
        self.assertEqual(done[0]["cause"], -1)

    def test_ussd_and_call(self):
        modem = self.run_dummy()
        modem.wait_ready()
        modem.say(t="ussd", id="credit-1", code="*100#")
        result = modem.wait_for("ussd-result")[0]
        self.assertEqual(result["id"], "credit-1")
        self.assertEqual(result["code"], "*100#")
        self.assertEqual(result["text"], "Reply for *100#")
        modem.say(t="ussd", id="credit-2", code="*100#;+CFUN=0")
        self.assertEqual(modem.wait_for("ussd-result", 2)[1]["text"], "")
        with open(os.path.join(self.phone.directory, "incoming-call"), "w",
                  encoding="ascii"):
            pass
        modem.say(t="ussd", id="credit-3", code="*100#")
        self.assertEqual(modem.wait_for("call")[0]["originator"],
                         "+800123456")

    def test_protocol(self):
        modem = self.run_dummy()
        hello = modem.wait_for("hello")[0]
        self.assertEqual((hello["protocol"], hello["kind"]), (1, "modem"))
        modem.wait_ready()
        modem.say(t="ping")
        modem.wait_for("pong")
        modem.say(t="stop")
        self.assertEqual(modem.wait_exit(), 0)

    def test_the_end_of_input_ends_it(self):
        modem = self.run_dummy()
        modem.wait_ready()
        modem.process.stdin.close()
        self.assertEqual(modem.wait_exit(), 0)

    def test_rubbish_ends_it(self):
        for line in (b"rubbish\n", b"[1]\n", b'{"t":"mo"}\n',
                     b'{"t":"ack"}\n', b'{"t":"start","protocol":1,"name":"",'
                     b'"settings":{},"window":1}\n', b"x" * 70000):
            with self.subTest(line[:20]):
                modem = self.run_dummy()
                modem.wait_ready()
                with contextlib.suppress(OSError):
                    modem.process.stdin.write(line)
                    modem.process.stdin.flush()
                self.assertEqual(modem.wait_exit(), EXIT_PROTOCOL)

    def test_other_connections_are_refused(self):
        for connection, detail in (("proxyat", "bad-connection"),
                                   ("at115200x", "bad-connection"),
                                   ("blueat", "bad-connection"),
                                   ("", "bad-connection"),
                                   ("at", "no-device")):
            with self.subTest(connection):
                modem = self.run_modem(device="/nowhere/at/all",
                                       connection=connection)
                modem.wait_state("down", detail)
                self.assertEqual(modem.wait_exit(), EXIT_MODEM)

    def test_it_is_confined(self):
        modem = self.run_dummy()
        self.assertTrue(modem.wait_ready()["sandbox"])
        self.assertEqual(modem.status("Seccomp"), 2)
        self.assertEqual(modem.status("NoNewPrivs"), 1)
        with open("/proc/%d/limits" % modem.process.pid,
                  encoding="ascii") as file:
            limits = file.read()
        self.assertRegex(limits, r"Max open files +64 +64")
        self.assertRegex(limits, r"Max core file size +0 +0")
        fds = os.listdir("/proc/%d/fd" % modem.process.pid)
        self.assertLess(len(fds), 8)

    def test_idle_it_sleeps(self):
        modem = self.run_dummy()
        modem.wait_ready()
        modem.say(t="ping")
        modem.wait_for("pong")

        def wakes():
            return modem.status("voluntary_ctxt_switches")
        before, since = wakes(), time.monotonic()
        modem.wait(lambda: time.monotonic() - since > 3, "end of the watch")
        self.assertLess(wakes() - before, 15)


class AtSharedTest(ModemTest):
    """Where one modem, which takes seconds to open, serves many tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim = SimModem().start()
        cls.addClassCleanup(cls.sim.stop)
        cls.modem = Modem(device=cls.sim.path, connection="at115200",
                          poll=60000)
        cls.addClassCleanup(cls.modem.__exit__)
        cls.modem.wait_ready()

    def setUp(self):
        super().setUp()
        self.sim.wait_empty()
        self.sim.clear()
        self.sim.submitted.clear()
        self.sim.calls.clear()
        self.modem.forget()
        self.modem.ack = True

    def test_texts_arrive_as_they_were_sent(self):
        sim, modem = self.sim, self.modem
        texts = ["Nema vode", "[€] {ok} ~ ^ \\ |", "Çadırlı šđčćž",
                 "Нема воде ~ ни ~~ струје", "Помоћ 🆘 👍🏽!", "@£$¥èéùìòÇØøÅå",
                 "~", "Ё" * 70, "x" * 160, "ш~" * 35]
        for number, text in enumerate(texts):
            sim.deliver("+38164%07d" % number, text)
        got = {m["originator"]: m for m in modem.wait_for("mo", len(texts))}
        for number, text in enumerate(texts):
            mo = got["+38164%07d" % number]
            self.assertEqual(from_utf16(mo["ud"]), text)
            self.assertEqual(mo["alphabet"],
                             "gsm7" if pdu.is_gsm7(text) else "ucs2")
            self.assertEqual((mo["udh"], mo["class"], mo["replace"]),
                             ("", -1, 0))
            self.assertEqual(mo["sim"], sim.imsi)
            self.assertEqual(mo["smsc"], sim.smsc)
        sim.wait_empty()

    def test_the_time_stamp_keeps_its_zone(self):
        sim, modem = self.sim, self.modem
        zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
        sim.deliver(CITIZEN, "x", scts=datetime.datetime(
            2026, 1, 2, 3, 4, 5, tzinfo=zone))
        self.assertEqual(modem.wait_for("mo")[0]["scts"],
                         "2026-01-02T03:04:05-03:30")

    def test_parts_in_any_order_and_long_headers(self):
        sim, modem = self.sim, self.modem
        text = "".join(random.choice("abcdefgh ijklm") for _ in range(400))
        sim.deliver(CITIZEN, text, concat={"ref": 7, "order": (3, 1, 2)})
        sim.deliver(CITIZEN, "Шта ћемо? " * 15, concat={
            "ref": 0x1234, "bits": 16, "order": (2, 1, 3)})
        sim.deliver(CITIZEN, "port", udh=[(5, b"\x0b\x84\x23\xf0")])
        got = {m["udh"]: from_utf16(m["ud"])
               for m in modem.wait_for("mo", 7)}
        self.assertEqual("".join(got.pop("0500030703%02x" % seq)
                                 for seq in (1, 2, 3)), text)
        self.assertEqual("".join(got.pop("060804123403%02x" % seq)
                                 for seq in (1, 2, 3)), "Шта ћемо? " * 15)
        self.assertEqual(got, {"0605040b8423f0": "port"})
        sim.wait_empty()

    def test_binary_class_replace_and_names(self):
        sim, modem = self.sim, self.modem
        sim.deliver(CITIZEN, dcs=0x04, units=[0, 1, 255, 0, 7])
        sim.deliver(CITIZEN, "class one", message_class=1)
        sim.deliver(CITIZEN, "replace me", pid=0x43)
        sim.deliver("Banka", "a name")
        got = {m["ud"]: m for m in modem.wait_for("mo", 4)}
        self.assertEqual(got["0001ff0007"]["alphabet"], "binary")
        self.assertEqual(got[utf16("class one")]["class"], 1)
        self.assertEqual(got[utf16("replace me")]["replace"], 3)
        named = got[utf16("a name")]
        self.assertEqual((named["originator"], named["ton"]),
                         ("Banka", "alphanumeric"))
        sim.wait_empty()

    def test_a_text_is_told_within_a_second(self):
        sim, modem = self.sim, self.modem
        for number in range(1, 6):
            arrived_at = time.monotonic()
            sim.deliver(CITIZEN, "Now %d" % number)
            got = modem.wait_for("mo", number)[-1]
            self.assertLess(got["at"] - arrived_at, 1)
        sim.wait_empty()

    def test_a_replaced_text_is_not_deleted_unread(self):
        sim, modem = self.sim, self.modem
        modem.ack = False
        sim.deliver(CITIZEN, "Old", pid=0x41)
        old = modem.wait_for("mo")[0]
        sim.deliver(CITIZEN, "New", pid=0x41)
        self.assertEqual(sim.stored(), 1)
        modem.say(t="ack", ids=[old["id"]])
        new = modem.wait_for("mo", 2)[1]
        self.assertEqual(from_utf16(new["ud"]), "New")
        modem.say(t="ack", ids=[new["id"]])
        sim.wait_empty()

    def test_a_flash_text_without_a_slot_is_offered(self):
        sim, modem = self.sim, self.modem
        sim.deliver(CITIZEN, "Flash", direct=True)
        self.assertEqual(texts_of(modem.wait_for("mo")), ["Flash"])

    def test_submits(self):
        sim, modem = self.sim, self.modem
        texts = [("GSM7", "Hvala! [€] ~ @"), ("UCS2", "Хвала ~ много"),
                 ("UCS2", "👍"), ("UCS2", "~~"), ("GSM7", "x" * 160),
                 ("UCS2", "ш" * 70)]
        for mt, (encoding, text) in enumerate(texts, 1):
            modem.submit(text, mt=mt, encoding=encoding)
        done = modem.wait_for("submitted", len(texts))
        sent = sim.wait_submitted(len(texts))
        for number, (encoding, text) in enumerate(texts):
            self.assertEqual(sent[number].text, text)
            self.assertEqual(sent[number].encoding,
                             pdu.GSM7 if encoding == "GSM7" else pdu.UCS2)
            self.assertEqual(sent[number].recipient, CITIZEN)
            self.assertEqual(sent[number].smsc, sim.smsc)
            self.assertEqual(sent[number].validity_s, 86400)
            self.assertIsNone(sent[number].message_class)
            self.assertFalse(sent[number].want_report)
            self.assertEqual(
                (done[number]["outcome"], done[number]["mr"]),
                ("accepted", sent[number].mr))

    def test_a_tilde_that_does_not_fit_looks_the_same(self):
        sim, modem = self.sim, self.modem
        modem.submit("~" + "ш" * 68 + "~", encoding="UCS2")
        modem.wait_for("submitted")
        self.assertEqual(sim.wait_submitted()[0].text,
                         "\u02dc" + "ш" * 68 + "\u02dc")

    def test_parts_of_a_long_text_are_sent_with_their_header(self):
        sim, modem = self.sim, self.modem
        for seq, (encoding, text) in enumerate(
                (("UCS2", "Ћ" * 66 + "~"), ("UCS2", "крај")), 1):
            modem.submit(text, mt=5, segment=seq, encoding=encoding,
                         udh="050003ab02%02x" % seq)
        modem.submit("y" * 153, mt=6, udh="050003ac0201")
        done = modem.wait_for("submitted", 3)
        self.assertEqual([m["segment"] for m in done], [1, 2, 1])
        sent = sim.wait_submitted(3)
        self.assertEqual(sim.texts_sent()[0].text, "Ћ" * 66 + "~крај")
        self.assertEqual(sent[2].units and sent[2].text, "y" * 153)

    def test_refusals_tell_their_cause(self):
        sim, modem = self.sim, self.modem
        sim.refuse_sends(38, count=1)
        modem.submit("one", mt=1)
        modem.wait_for("submitted")
        sim.refuse_sends(21, count=1, at_prompt=True)
        modem.submit("two", mt=2)
        modem.submit("three", mt=3)
        done = modem.wait_for("submitted", 3)
        self.assertEqual([(m["outcome"], m.get("cause")) for m in done],
                         [("refused", 38), ("refused", 21),
                          ("accepted", None)])

    def test_receiving_goes_on_between_submits(self):
        sim, modem = self.sim, self.modem
        for mt in range(1, 5):
            modem.submit("Out %d" % mt, mt=mt)
        sim.wait_submitted(1)
        sim.deliver(CITIZEN, "In")
        mo = modem.wait_for("mo")[0]
        last = modem.wait_for("submitted", 4)[-1]
        self.assertLess(mo["at"], last["at"])

    def test_a_call_is_rejected_and_told_once(self):
        sim, modem = self.sim, self.modem
        sim.ring(CITIZEN, rings=30)
        self.assertEqual(modem.wait_for("call")[0]["originator"], CITIZEN)
        sim.wait_until(lambda: sim.calls[0]["ended"] == "rejected")
        sim.deliver(CITIZEN, "And a text")
        modem.wait_for("mo")
        self.assertEqual(len(modem.of("call")), 1)

    def test_whoever_calls_while_a_text_is_sent_is_told_of(self):
        sim, modem = self.sim, self.modem
        sim.radio_delay_s, sim.holds_urcs = 5, False
        self.addCleanup(setattr, sim, "radio_delay_s", 0)
        self.addCleanup(setattr, sim, "holds_urcs", True)
        modem.submit("Hvala")
        sim.wait_until(lambda: sim.submitted, what="a text on the air")
        calls = [CITIZEN, OTHER, OTHER, CITIZEN]
        for n, number in enumerate(calls):
            sim.ring(number, rings=2, interval_s=0.1)
            sim.wait_until(lambda n=n: sim.calls[n]["ended"] == "missed")
        self.assertEqual(modem.of("submitted"), [])
        self.assertEqual([m["originator"] for m in
                          modem.wait_for("call", len(calls))], calls)
        sim.ring(CITIZEN, rings=30)
        modem.wait_for("call", len(calls) + 1)
        sim.wait_until(lambda: sim.calls[-1]["ended"] == "rejected")

    def test_a_call_that_the_modem_tells_of_behind_its_answer_is_not_lost(self):
        sim, modem = self.sim, self.modem
        sim.radio_delay_s = 1
        self.addCleanup(setattr, sim, "radio_delay_s", 0)
        answer = '\r\n+CMGS: 7\r\n\r\nOK\r\n\r\n+CMTI: "SM",1\r\n'
        ring = ('\r\n+CRING: VOICE\r\n\r\n+CLIP: "%s",145,"",0,"",0\r\n'
                % OTHER)
        sim.fault("replace", PDU_STAGE, count=1,
                  text=answer + ring + "\r\nNO CARRIER\r\n")
        sim.fault("pieces", PDU_STAGE, count=1, size=len(answer),
                  delay_s=0.02)
        modem.submit("Hvala")
        self.assertEqual([m["originator"] for m in modem.wait_for("call")],
                         [OTHER])

    def test_a_blocking_call_is_announced(self):
        sim, modem = self.sim, self.modem
        modem.submit("x")
        modem.wait_for("submitted")
        said = [m for m in modem.said if m["t"] in ("busy", "submitted")]
        at = [m["t"] for m in said].index("submitted")
        self.assertEqual(said[at - 1]["t"], "busy")
        self.assertGreaterEqual(said[at - 1]["deadline_ms"], 30000)

    def test_it_is_confined(self):
        sim, modem = self.sim, self.modem
        self.assertEqual(modem.status("Seccomp"), 2)
        self.assertEqual(modem.status("NoNewPrivs"), 1)


class AtTest(ModemTest):
    """On a simulated modem, through libgammu's AT driver."""

    def test_what_is_there_at_the_start_is_read_from_both_stores(self):
        sim = self.sim(stores=("SM", "ME"), slots=5)
        for number in range(12):
            sim.deliver(CITIZEN, "Number %d" % number)
        modem = self.run_on(sim)
        got = modem.wait_for("mo", 12)
        self.assertEqual(sorted(texts_of(got)),
                         sorted("Number %d" % n for n in range(12)))
        sim.wait_empty()

    def test_a_small_window_lets_the_rest_wait_in_the_modem(self):
        sim = self.sim(slots=10)
        for number in range(25):
            sim.deliver(CITIZEN, "Number %d" % number)
        modem = self.run_on(sim, window=2)
        self.assertEqual(sorted(texts_of(modem.wait_for("mo", 25))),
                         sorted("Number %d" % n for n in range(25)))
        sim.wait_empty()
        self.assertEqual(len(sim.deleted), 25)

    def test_without_room_a_call_is_rejected_and_told_later(self):
        sim = self.sim()
        modem = self.run_on(sim, window=1, ack=False)
        sim.deliver(CITIZEN, "It fills the window")
        offered = modem.wait_for("mo")[0]
        for n, number in enumerate((CITIZEN, OTHER)):
            sim.ring(number, rings=50)
            sim.wait_until(lambda n=n: sim.calls[n]["ended"] == "rejected")
        for n, number in enumerate((CITIZEN, OTHER)):
            modem.say(t="ack", ids=[offered["id"]])
            offered = modem.wait_for("call", n + 1)[-1]
            self.assertEqual(offered["originator"], number)

    def test_nothing_is_deleted_before_its_ack(self):
        sim = self.sim()
        modem = self.run_on(sim, ack=False, poll=300)
        for number in range(4):
            sim.deliver(CITIZEN, "Number %d" % number)
        got = modem.wait_for("mo", 4)
        looks = sim.times_told("AT+CMGL")
        sim.wait_command("AT+CMGL", looks + 3)
        self.assertEqual(sim.stored(), 4)
        self.assertEqual(len(modem.of("mo")), 4)
        modem.say(t="nack", ids=[got[0]["id"]], wait_ms=50)
        modem.say(t="ack", ids=[m["id"] for m in got[1:]])
        self.assertEqual(modem.wait_for("mo", 5)[4]["id"], got[0]["id"])
        sim.wait_until(lambda: sim.stored() == 1)
        modem.say(t="ack", ids=[got[0]["id"]])
        sim.wait_empty()

    def test_a_full_sim_is_rid_of_status_reports_first(self):
        sim = self.sim(slots=20)
        modem = self.run_on(sim, ack=False)
        for number in range(10):
            sim.deliver(CITIZEN, "Number %d" % number)
            sim.deliver_pdu(pdu.status_report(CITIZEN, number,
                                              smsc=sim.smsc))
        for number in range(10, 15):
            sim.deliver(CITIZEN, "Number %d" % number)
        self.assertEqual((sim.stored(), sim.waiting()), (20, 5))
        ids = [m["id"] for m in modem.wait_for("mo", 10)
               + modem.wait_for("status-report", 10)]
        modem.ack = True
        modem.say(t="ack", ids=ids)
        sim.wait_empty()
        self.assertEqual(len(modem.wait_for("mo", 15)), 15)
        reports = [sim.is_report(text) for _, _, text in sim.deleted[:10]]
        self.assertEqual(reports, [True] * 10)

    def test_a_deletion_that_fails_is_tried_again(self):
        sim = self.sim()
        modem = self.run_on(sim)
        fault = sim.refuse_deletes(count=2)
        sim.deliver(CITIZEN, "Stays a while")
        sim.wait_empty(30)
        self.assertEqual(fault.taken, 2)
        self.assertEqual(len(modem.of("mo")), 1)

    def test_a_lost_answer_to_a_deletion_does_not_cost_the_next_text(self):
        sim = self.sim()
        modem = self.run_on(sim)
        sim.fault("lose", "AT+CMGD", count=1)
        sim.deliver(CITIZEN, "First")
        sim.wait_until(lambda: sim.deleted)
        sim.deliver(CITIZEN, "Second")
        got = modem.wait_for("mo", 2, 40)
        self.assertEqual(sorted(texts_of(got)), ["First", "Second"])
        sim.wait_empty(40)
        self.assertEqual(len(sim.deleted), 2)

    # ---- sending ----------------------------------------------------------

    def test_a_status_report_comes_back(self):
        sim = self.sim(report_delay_s=0.05, report_status=0x46)
        modem = self.run_on(sim)
        modem.submit("Izveštaj", want_report=True)
        mr = modem.wait_for("submitted")[0]["mr"]
        report = modem.wait_for("status-report")[0]
        self.assertEqual((report["mr"], report["recipient"],
                          report["status"]), (mr, CITIZEN, 0x46))
        self.assertRegex(report["time"], r"^20\d\d-\d\d-\d\dT")
        # Of several of one reference it is of the one that came then.
        self.assertEqual(
            datetime.datetime.fromisoformat(report["scts"]),
            sim.submitted[0].scts.replace(microsecond=0))
        sim.wait_empty()

    def test_a_status_report_without_a_slot_comes_back(self):
        sim = self.sim(report_delay_s=0.05, cnmi_reports=(0, 1))
        modem = self.run_on(sim)
        modem.submit("Report", want_report=True)
        mr = modem.wait_for("submitted")[0]["mr"]
        report = modem.wait_for("status-report")[0]
        self.assertEqual((report["mr"], report["status"]), (mr, 0))

    def test_a_burst_of_what_has_no_slot_is_kept(self):
        sim = self.sim(cnmi_reports=(0, 1))
        modem = self.run_on(sim)
        modem.submit("Report", want_report=True)
        modem.wait_for("submitted")
        with sim.at_once():
            for number in range(100):
                sim.deliver_pdu(pdu.status_report(CITIZEN, number,
                                                  smsc=sim.smsc))
            for number in range(30):
                sim.deliver(CITIZEN, "Flash %d" % number, direct=True)
        reports = modem.wait_for("status-report", 100)
        self.assertEqual([m["mr"] for m in reports], list(range(100)))
        self.assertEqual(texts_of(modem.wait_for("mo", 30)),
                         ["Flash %d" % n for n in range(30)])

    def test_a_lost_answer_is_an_unknown_outcome(self):
        sim = self.sim()
        modem = self.run_on(sim, deadline_send=4000)
        sim.fault("lose", PDU_STAGE, count=1)
        modem.submit("Who knows")
        done = modem.wait_for("submitted")[0]
        self.assertEqual(done["outcome"], "unknown")
        self.assertEqual(modem.wait_exit(), EXIT_MODEM)

    def test_no_service_centre_is_a_refusal(self):
        sim = self.sim(smsc="")
        modem = self.run_on(sim)
        modem.submit("x")
        self.assertEqual(modem.wait_for("submitted")[0]["outcome"], "refused")
        self.assertFalse(sim.submitted)

    def test_the_service_centre_of_the_settings_is_taken(self):
        sim = self.sim(smsc="")
        modem = self.run_on(sim, smsc="+381650000000")
        modem.submit("x")
        self.assertEqual(modem.wait_for("submitted")[0]["outcome"],
                         "accepted")
        self.assertEqual(sim.submitted[0].smsc, "+381650000000")

    # ---- the raw path -----------------------------------------------------

    def crooked(self):
        """PDUs that libgammu does not decode, made up of their fields."""
        yield pdu.deliver(CITIZEN, "x", raw={"first": 0x07})    # reserved
        for dcs in (0x20, 0x28):                                # compressed
            yield pdu.deliver(CITIZEN, encoding=pdu.BINARY, dcs=dcs,
                              units=[random.randrange(256) for _ in range(
                                  random.randrange(8, 100))])
        whole = pdu.deliver(CITIZEN, "Cut off somewhere" * 5)
        yield whole[:2 * random.randrange(30, len(whole) // 2 - 2)]
        header = bytes((random.randrange(160, 250),)) + bytes(
            random.randrange(256) for _ in range(20))
        yield pdu.deliver(CITIZEN, encoding=pdu.BINARY, raw={
            "first": 0x44, "udl": 21, "ud": header})
        # A header that ends behind the text.
        yield pdu.deliver(CITIZEN, pid=0x41, raw={
            "first": 0x44, "udl": 5, "ud": b"\x32\x32\x9b\xfd"})
        yield pdu.deliver(CITIZEN, "octets behind") + "00"

    def test_undecodable_slots_are_freed_and_hide_nothing(self):
        sim = self.sim()
        crooked = list(self.crooked())
        sim.deliver(CITIZEN, "Before")
        for one in crooked:
            sim.deliver_pdu(one)
        sim.deliver(CITIZEN, "Behind")
        modem = self.run_on(sim)
        raw = modem.wait_for("raw", len(crooked) - 1, 40)
        sim.wait_empty(40)
        self.assertEqual(sorted(texts_of(modem.of("mo")))[:2],
                         ["Before", "Behind"])
        got = {m["pdu"].upper() for m in raw}
        self.assertLessEqual(got, set(crooked))
        self.assertEqual(len(modem.of("raw")) + len(modem.of("mo")),
                         len(crooked) + 2)
        self.assertTrue(all(m["sim"] == sim.imsi for m in raw))
        sim.deliver(CITIZEN, "Afterwards")
        modem.wait(lambda: "Afterwards" in texts_of(modem.of("mo")),
                   "text after the raw path")
        self.assertIsNone(modem.exit_code)

    def test_a_raw_slot_is_kept_until_its_ack(self):
        sim = self.sim()
        sim.deliver_pdu(pdu.deliver(CITIZEN, "x", raw={"first": 0x07}))
        modem = self.run_on(sim, ack=False)
        raw = modem.wait_for("raw", 1, 40)[0]
        sim.wait_command("AT+CHUP=?", sim.times_told("AT+CHUP=?") + 1, 40)
        self.assertEqual(sim.stored(), 1)
        self.assertEqual(len(modem.of("raw")), 1)
        modem.say(t="ack", ids=[raw["id"]])
        sim.wait_empty(40)

    def test_a_store_is_read_one_by_one_and_a_slot_of_it_raw(self):
        sim = self.sim(stores=("SM", "ME"), slots=6)
        sent = []
        for number in range(6):
            sent += sim.deliver(CITIZEN, "Number %d" % number)
        modem = self.run_on(sim, one_by_one="yes", raw_slot=3, window=3)
        self.assertEqual([m["pdu"].upper() for m in modem.wait_for("raw")],
                         sent[2:3])
        sim.wait_empty(40)
        self.assertEqual(sorted(texts_of(modem.of("mo"))),
                         ["Number %d" % n for n in (0, 1, 3, 4, 5)])
        self.assertEqual([m["detail"] for m in modem.of("state")
                          if m.get("detail", "").startswith("slot")],
                         ["slot %d" % n for n in (1, 2, 4, 5, 6)])
        modem.forget()
        sim.deliver(CITIZEN, "Normal again")
        self.assertEqual(texts_of(modem.wait_for("mo")), ["Normal again"])

    def test_nothing_is_listed_while_a_killer_waits_for_its_ack(self):
        sim = self.sim()
        for number in range(4):
            sim.deliver(CITIZEN, "Number %d" % number)
        modem = self.run_on(sim, ack=False, one_by_one="yes", raw_slot=3,
                            poll=1000, environment={"GLAS_RAW_ACK_MS": "1500"})
        raw = modem.wait_for("raw", 1, 40)[0]
        modem.wait_for("mo", 3, 60)
        sim.deliver(CITIZEN, "Number 4")
        modem.wait(lambda: "Number 4" in texts_of(modem.of("mo")),
                   "text beside it", 60)
        self.assertEqual(sim.times_told("AT+CMGL"), 0)
        modem.ack = True
        modem.say(t="ack", ids=[m["id"] for m in (raw, *modem.of("mo"))])
        sim.wait_empty(60)
        self.assertEqual(len(modem.of("mo")), 4)
        self.assertEqual(len(modem.of("raw")), 1)

    def test_a_draft_is_left_where_it_is(self):
        sim = self.sim()
        draft = "00" + "1100" + "0b913661" + "214365f7" + "0000aa02e834"
        sim.deliver_pdu(draft[:-2])     # cut off, so that it is refused
        sim.deliver(CITIZEN, "Beside")
        modem = self.run_on(sim, one_by_one="yes")
        self.assertEqual(texts_of(modem.wait_for("mo", 1, 40)), ["Beside"])
        sim.deliver(CITIZEN, "Afterwards")
        modem.wait(lambda: "Afterwards" in texts_of(modem.of("mo")),
                   "text afterwards", 40)
        modem.wait(lambda: list(sim.slots().values())
                   == [draft[:-2].upper()], "nothing but the draft", 40)
        self.assertEqual(modem.of("raw"), [])

    def plain(self):
        """PDUs of all kinds that libgammu decodes."""
        zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
        yield pdu.deliver(CITIZEN, "[€] {ok} ~ ^ @")
        yield pdu.deliver(CITIZEN, "Нема воде ~ ни ~~ струје 🆘")
        yield pdu.deliver(CITIZEN, "x" * 160, smsc="", scts=datetime.datetime(
            2026, 1, 2, 3, 4, 5, tzinfo=zone))
        yield pdu.deliver(CITIZEN, "ш" * 70, pid=0x43)
        yield pdu.deliver(CITIZEN, dcs=0x04, units=[0, 1, 255, 0, 7])
        yield pdu.deliver(CITIZEN, "class", message_class=1)
        yield pdu.deliver(CITIZEN, "", raw={"scts": bytes(7)})
        yield pdu.deliver(CITIZEN, "path", reply_path=True, udh=bytes(
            (11, 0, 3, 7, 2, 1, 5, 4, 0x0b, 0x84, 0x23, 0xf0)))
        yield pdu.deliver("Banka", "a name")
        yield pdu.deliver("064123", "national", ton=pdu.TON_UNKNOWN)

    def test_both_ways_of_reading_say_the_same(self):
        sim = self.sim()
        for each in self.plain():
            sim.deliver_pdu(each)
        said = []
        for one_by_one in ("no", "yes"):
            modem = self.run_on(sim, ack=False, one_by_one=one_by_one)
            modem.wait_for("mo", 10, 40)
            self.assertEqual(modem.of("raw"), [])
            said.append(sorted(
                str(sorted((field, value) for field, value in m.items()
                           if field not in ("id", "at")))
                for m in modem.of("mo")))
            modem.process.kill()
            modem.wait_exit()
        self.assertEqual(*said)

    def test_slots_of_a_modem_that_counts_from_zero(self):
        sim = self.sim()
        sim.fault("replace", "AT+CGMM", text="\r\nE173\r\n\r\nOK\r\n")
        for command in ("AT^CURC", "AT^PORTSEL"):
            sim.fault("replace", command, text="\r\nOK\r\n")
        sim.deliver(CITIZEN, "Before")
        sim.deliver_pdu(pdu.deliver(CITIZEN, "x", raw={"first": 0x07}))
        sim.deliver(CITIZEN, "Behind")
        modem = self.run_on(sim)
        modem.wait_for("raw", 1, 40)
        sim.wait_empty(40)
        self.assertEqual(sorted(texts_of(modem.of("mo"))),
                         ["Before", "Behind"])
        self.assertEqual(modem.of("raw")[0]["slot"], 3)

    # ---- calls, USSD, state -------------------------------------------------

    def test_ussd(self):
        sim = self.sim(ussd={"*100#": "Stanje: 123,45 RSD čeka",
                             "*101#": None})
        modem = self.run_on(sim, deadline_ussd=8000)
        modem.say(t="ussd", id="a", code="*100#")
        self.assertEqual(modem.wait_for("ussd-result")[0]["text"],
                         "Stanje: 123,45 RSD čeka")
        modem.say(t="ussd", id="b", code="*101#")
        result = modem.wait_for("ussd-result", 2)[1]
        self.assertEqual((result["id"], result["text"]), ("b", ""))
        sim.deliver(CITIZEN, "Still there")
        modem.wait_for("mo")

    def test_state(self):
        sim = self.sim(slots=20)
        modem = self.run_on(sim)
        state = modem.wait(
            lambda: [m for m in modem.of("state") if "signal_dbm" in m],
            "signal")[-1]
        self.assertEqual(
            (state["imei"], state["sim"], state["operator"],
             state["signal_dbm"], state["sim_used"], state["sim_size"],
             state["sandbox"]),
            (sim.imei, sim.imsi, "Test Net", -71, 0, 20, True))

    def test_without_a_network_it_searches(self):
        sim = self.sim(registered=False)
        modem = self.run_modem(device=sim.path, connection="at115200")
        modem.wait_state("searching")

    # ---- the SIM ------------------------------------------------------------

    def test_the_pin_is_entered(self):
        sim = self.sim(pin="1234")
        sim.deliver(CITIZEN, "Behind the PIN")
        modem = self.run_on(sim, pin="1234")
        modem.wait_for("mo")
        self.assertEqual(sim.pin_tries, 3)

    def test_a_wrong_pin_is_tried_once(self):
        sim = self.sim(pin="1234")
        modem = self.run_modem(device=sim.path, connection="at115200",
                               pin="4321")
        modem.wait_state("down", "pin-refused")
        self.assertEqual(modem.wait_exit(), EXIT_PIN)
        self.assertEqual(sim.pin_tries, 2)
        modem = self.run_modem(device=sim.path, connection="at115200")
        modem.wait_state("down", "pin-needed")
        self.assertEqual(modem.wait_exit(), EXIT_PIN)
        self.assertEqual(sim.pin_tries, 2)

    def test_puk_and_missing_sim_are_told(self):
        sim = self.sim()
        sim.lock_sim("SIM PUK")
        modem = self.run_modem(device=sim.path, connection="at115200")
        modem.wait_state("down", "puk-needed")
        self.assertEqual(modem.wait_exit(), EXIT_PIN)

    def test_no_text_is_offered_before_the_sim_has_told_its_number(self):
        sim = self.sim()
        sim.deliver(CITIZEN, "Whose")
        sim.fault("refuse", "AT+CIMI", count=3, error="+CME ERROR: 14")
        modem = self.run_on(sim)
        self.assertEqual(modem.wait_for("mo")[0]["sim"], sim.imsi)
        sim.wait_empty()

    # ---- faults -------------------------------------------------------------

    def test_unplugged_it_leaves(self):
        sim = self.sim()
        modem = self.run_on(sim)
        sim.unplug()
        self.assertEqual(modem.wait_exit(5), EXIT_MODEM)
        modem.wait_state("down", "unplugged")

    def test_a_mute_modem_is_left(self):
        sim = self.sim()
        modem = self.run_on(sim, deadline_list=1500, poll=300,
                            deadline_status=1500)
        sim.fault("mute")
        self.assertEqual(modem.wait_exit(), -signal.SIGALRM)

    def test_a_modem_mute_from_the_start_is_left(self):
        sim = self.sim()
        sim.fault("mute")
        modem = self.run_modem(device=sim.path, connection="at115200",
                               deadline_init=2500)
        self.assertEqual(modem.wait_exit(), -signal.SIGALRM)

    def test_a_short_deadline_is_long_enough_for_a_reset(self):
        sim = self.sim()
        self.run_modem(device=sim.path, connection="at115200", reset="yes",
                       deadline_init=2500)
        sim.wait_until(lambda: sim.resets, DEADLINE_S, "reset")

    def test_a_modem_that_chatters_or_stops_reading_is_left(self):
        for fault in ("urc_flood", "stop_reading", "garbage"):
            with self.subTest(fault):
                sim = self.sim()
                modem = self.run_on(sim, deadline_list=1500, poll=300,
                                    deadline_status=1500,
                                    deadline_delete=1500)
                if fault != "stop_reading":
                    sim.fault("lose", "AT+CMGL")
                sim.fault(fault, interval_s=0.05)
                self.assertIn(modem.wait_exit(),
                              (-signal.SIGALRM, EXIT_MODEM))

    def test_a_broken_list_is_read_again(self):
        sim = self.sim()
        modem = self.run_on(sim)
        sim.fault("inject", "AT+CMGL", count=1, text="\r\n^WHO KNOWS: 1\r\n")
        sim.deliver(CITIZEN, "One")
        sim.deliver(CITIZEN, "Two")
        self.assertEqual(sorted(texts_of(modem.wait_for("mo", 2, 40))),
                         ["One", "Two"])
        sim.wait_empty(40)

    def test_a_list_that_can_never_be_read_does_not_stop_texts(self):
        sim = self.sim()
        modem = self.run_on(sim)
        sim.fault("inject", "AT+CMGL", text="\r\n^WHO KNOWS: 1\r\n")
        sim.deliver(CITIZEN, "One")
        sim.deliver(CITIZEN, "Two")
        self.assertEqual(sorted(texts_of(modem.wait_for("mo", 2, 40))),
                         ["One", "Two"])
        sim.wait_empty(40)
        self.assertFalse(modem.of("raw"))

    # ---- the port -----------------------------------------------------------

    def test_the_port_is_found_by_imei(self):
        with tempfile.TemporaryDirectory() as directory:
            sims = [self.sim(imei="49015420323%04d" % (7000 + 11 * number),
                             symlink=os.path.join(directory, "port%d" % number))
                    for number in range(3)]
            sims[0].fault("mute")
            modem = self.run_modem(
                imei=sims[2].imei, connection="at115200", poll=60000,
                device_glob=os.path.join(directory, "port*"))
            self.assertEqual(modem.wait_ready()["imei"], sims[2].imei)
            other = self.run_modem(
                imei=sims[1].imei[:14] + "0", connection="at115200",
                poll=60000, device_glob=os.path.join(directory, "port*"))
            self.assertEqual(other.wait_ready()["imei"], sims[1].imei)
            nobody = self.run_modem(
                imei="350000000000006", connection="at115200",
                device_glob=os.path.join(directory, "port[12]"))
            nobody.wait_state("down", "no-modem-of-this-imei")
            self.assertEqual(nobody.wait_exit(), EXIT_MODEM)
            sims[2].deliver(CITIZEN, "Undisturbed")
            modem.wait_for("mo")

    def leave_at_the_prompt(self, sim):
        """A host dies between AT+CMGS and the text."""
        port = os.open(sim.path, os.O_RDWR | os.O_NOCTTY)
        os.write(port, b"AT+CMGF=0\rAT+CMGS=20\r")
        sim.wait_command("AT+CMGS=20")
        os.close(port)

    def test_a_port_that_waits_for_a_text_is_found_all_the_same(self):
        sim = self.sim()
        self.leave_at_the_prompt(sim)
        modem = self.run_modem(imei=sim.imei, connection="at115200",
                               device_glob=sim.path)
        self.assertEqual(modem.wait_ready()["imei"], sim.imei)
        self.assertEqual(sim.submitted, [])

    def test_a_port_in_use_is_left_alone(self):
        sim = self.sim()
        self.run_on(sim)
        second = self.run_modem(device=sim.path, connection="at115200")
        second.wait_state("down", "device-in-use")
        self.assertEqual(second.wait_exit(), EXIT_MODEM)

    def test_a_modem_without_pdu_mode_is_refused(self):
        sim = self.sim()
        sim.fault("replace", "AT+CMGF=?",
                  text="\r\n+CMGF: (1)\r\n\r\nOK\r\n")
        modem = self.run_modem(device=sim.path, connection="at115200")
        modem.wait_state("down", "text-mode-only")

    def test_logs_hold_neither_numbers_nor_texts(self):
        sim = self.sim(pin="1234")
        modem = self.run_on(sim, pin="1234")
        sim.deliver(CITIZEN, "Tajna 4711")
        sim.deliver_pdu(pdu.deliver(CITIZEN, "x", raw={"first": 0x07}))
        modem.wait_for("mo")
        modem.wait_for("raw", 1, 40)
        sim.refuse_sends(38, count=1)
        modem.submit("Odgovor 4712")
        modem.wait_for("submitted")
        for secret in (CITIZEN, CITIZEN[1:], "4711", "4712", "1234",
                       sim.imsi, sim.smsc):
            self.assertNotIn(secret, modem.log())


if __name__ == "__main__":
    unittest.main()
