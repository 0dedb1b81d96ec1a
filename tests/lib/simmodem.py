#!/usr/bin/env python3
"""A GSM modem on a pseudo-terminal, for hosts that speak AT in PDU mode.

Used by the system tests, the benchmarks and the demo.  It answers as much as
libgammu's AT driver and smstools ask, keeps texts in slots like a SIM, lets
what finds no slot wait as an SMSC does, and decodes what it is given to send
(pdu.py).  Every fault that modems show in the field can be ordered of it.

In a test:

    with SimModem(slots=30) as sim:
        ... start a host on sim.path ...
        sim.deliver("+381641234567", "Nema vode")
        sim.wait_empty(10)
        sim.wait_submitted(1, 10)[0].text

From another process: see `simmodem.py --help`; commands come as one JSON
object a line on stdin, events go as one JSON object a line to stdout.

Each modem has one thread, asleep in select unless there is something to do.
All methods may be called from any thread.  Two texts that are delivered with
equal words in the same second are, by the network's measure, one text twice:
give `scts` where that matters.
"""

import argparse
import collections
import contextlib
import ctypes
import datetime
import errno
import fcntl
import functools
import heapq
import json
import os
import queue
import random
import re
import selectors
import signal
import struct
import sys
import termios
import threading
import time
import tty

import pdu as tpdu

UNREAD, READ = 0, 1

# Failure causes, TS 27.005 3.2.5 and TS 27.007 9.2.
CMS_NOT_ALLOWED = 302
CMS_INVALID_PDU = 304
CMS_SIM_MISSING = 310
CMS_SIM_PIN = 311
CMS_SIM_PUK = 316
CMS_BAD_INDEX = 321
CMS_MEMORY_FULL = 322
CMS_NO_NETWORK = 331
CMS_UNKNOWN = 500
CME_SIM_MISSING = 10
CME_SIM_PIN = 11
CME_SIM_PUK = 12
CME_WRONG_PASSWORD = 16

CME_WORDS = {
    CME_SIM_MISSING: "SIM not inserted", CME_SIM_PIN: "SIM PIN required",
    CME_SIM_PUK: "SIM PUK required", CME_WRONG_PASSWORD: "incorrect password"}

PIN_TRIES = 3
CTRL_Z, ESC, CR, LF = 0x1a, 0x1b, 0x0d, 0x0a

# What a fault may be asked to match besides the beginning of a command: the
# PDU that follows the prompt of AT+CMGS.
PDU_STAGE = "PDU"

FAULTS = {
    "mute": "nothing is answered, what the host writes is thrown away",
    "stop_reading": "what the host writes is left in the line, which fills",
    "full": "the store says that it is full, arriving texts wait",
    "garbage": "random octets on the line: size=64, interval_s, seed",
    "urc_flood": "a line every interval_s=0.05: line='^RSSI: 12'",
    "refuse": "answer with error='+CMS ERROR: 500' and do nothing",
    "lose": "no answer; executed=True says whether the command was obeyed",
    "slow": "the answer comes delay_s=1 later",
    "half": "half an answer; the rest delay_s later, None: never",
    "pieces": "an answer in pieces of size=1 octets, delay_s=0.001 apart",
    "replace": "the answer is text",
    "inject": "text in front of the last line of the answer",
    "unplug": "the device goes away; executed=False: before it obeys",
}
STANDING = ("mute", "stop_reading", "full", "garbage", "urc_flood")


class AtError(Exception):
    """A final result code other than OK."""


def cms(cause):
    """A message service failure."""
    return AtError("+CMS ERROR: %d" % cause)


def cme(cause):
    """A failure of the equipment."""
    return AtError("+CME ERROR: %d" % cause)


class Watch:
    """Tells how many open files of others there are on a path (inotify).

    The simulator keeps the other end of its pseudo-terminal open itself, so
    no hang-up tells that the host went away.
    """
    OPEN, CLOSE_WRITE, CLOSE_NOWRITE = 0x20, 0x08, 0x10
    libc = ctypes.CDLL(None, use_errno=True)

    def __init__(self, path):
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        mask = self.OPEN | self.CLOSE_WRITE | self.CLOSE_NOWRITE
        if self.fd < 0 or self.libc.inotify_add_watch(
                self.fd, os.fsencode(path), mask) < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)

    def changes(self):
        """+1 for each opening, -1 for each closing since the last call."""
        while True:
            try:
                octets = os.read(self.fd, 65536)
            except BlockingIOError:
                return
            offset = 0
            while offset < len(octets):
                mask, _, length = struct.unpack_from("III", octets, offset + 4)
                offset += 16 + length
                if mask & self.OPEN:
                    yield 1
                elif mask & (self.CLOSE_WRITE | self.CLOSE_NOWRITE):
                    yield -1

    def close(self):
        """Ends the watch."""
        os.close(self.fd)


class Slot:
    """One place of a store: a DELIVER or a STATUS-REPORT."""

    def __init__(self, pdu):
        self.pdu = pdu
        self.status = UNREAD


class Fault:
    """An order to misbehave, for `count` occasions (None: until cleared)."""

    def __init__(self, name, match, count, chance, arguments):
        self.name = name
        self.match = match.upper() if match else None
        self.left = count
        self.chance = chance
        self.arguments = arguments
        self.taken = 0

    def get(self, name, default):
        """An argument of the order."""
        return self.arguments.get(name, default)

    def fits(self, command):
        """Is it meant for this command?"""
        return self.left != 0 and (
            self.match is None or command.upper().startswith(self.match))

    def use(self):
        """Counts one occasion."""
        self.taken += 1
        if self.left is not None:
            self.left -= 1


def locked(method):
    """Runs a method under the modem's lock and lets waiters look again."""
    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        with self._changed:
            try:
                return method(self, *args, **kwargs)
            finally:
                self._changed.notify_all()
                self._wake()
    return wrapper


class SimModem:
    """A modem with its SIM, its network and its SMSC."""

    def __init__(self, slots=30, *, me_slots=20, stores=("SM",),
                 imei="490154203237518", imsi="220019876543210",
                 smsc="+381640000000", own_number="+381640000001",
                 pin=None, puk="12345678", signal=21, operator="Test Net",
                 plmn="22001", registered=True, cnmi_reports=(0, 1, 2),
                 radio_delay_s=0.0, latency_s=0.0, ussd_delay_s=0.02,
                 report_delay_s=None, report_status=0, ussd=None,
                 symlink=None, device_mode=0o666, seed=None, on_event=None,
                 dialogue_lines=20000, name="sim"):
        self.name = name
        self.imei, self.imsi = imei, imsi
        self.smsc, self.own_number = smsc, own_number
        self.plmn, self.operator = plmn, operator
        self.pin, self.puk = pin, puk
        self.pin_tries = PIN_TRIES
        self.sim_state = "SIM PIN" if pin else "READY"
        self.cnmi_reports = cnmi_reports
        self.radio_delay_s, self.latency_s = radio_delay_s, latency_s
        self.ussd_delay_s = ussd_delay_s
        self.report_delay_s, self.report_status = report_delay_s, report_status
        self.ussd = dict(ussd or {})
        self.symlink, self.device_mode = symlink, device_mode
        self.random = random.Random(seed)
        self.on_event = on_event
        self.stores = {store: [None] * (slots if store == "SM" else me_slots)
                       for store in stores}
        self.queue = collections.deque()    # PDUs that wait at the SMSC

        self.path = None
        self.opens = 0                      # times that a host opened us
        self.mr = 0                         # the next message reference
        self.submitted = []                 # decoded, in order
        self.refused = []                   # PDUs that were refused
        self.deleted = []                   # (store, slot, pdu)
        self.reports_dropped = []           # for want of AT+CNMI=,,,1 or 2
        self.ussd_dialled = []
        self.calls = []                     # {"number", "ended"}
        self.dialogue = collections.deque(maxlen=dialogue_lines)
        self.commands = collections.Counter()

        self._signal, self._registered = signal, int(registered)
        self._changed = threading.Condition(threading.RLock())
        self._timers = []
        self._timer_ids = 0
        self._faults = []
        self._master = self._slave = self._watch = None
        self._open_files = 0
        self._call = None
        self._thread = None
        self._running = False
        self._wake_read = self._wake_write = None
        self._started_at = time.monotonic()
        self._power_up()

    def _power_up(self):
        """The state that a modem loses with its power."""
        self._in = bytearray()
        self._line = bytearray()
        self._out = bytearray()
        self._held = []                     # URCs until the host may have them
        self._busy = 0                      # answers that are under way
        self._expected = None               # the length after AT+CMGS
        self._command = ""
        self._echo = True
        self._cmee = 0
        self._charset = "GSM"
        self._memory = [next(iter(self.stores))] * 3
        self._cnmi = [0, 0, 0, 0, 0]
        self._creg = {"+CREG": 0, "+CGREG": 0}
        self._cops_format = 0
        self._clip = self._crc = self._cusd = 0

    # ---- life -------------------------------------------------------------

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @locked
    def start(self):
        """Makes the pseudo-terminal and begins to listen on it."""
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        for fd in (self._wake_read, self._wake_write):
            os.set_blocking(fd, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._plug()
        self._running = True
        self._thread = threading.Thread(
            target=self._run, name="simmodem " + self.name, daemon=True)
        self._thread.start()
        return self

    def stop(self):
        """Ends the thread and removes the device and its symbolic link."""
        if not self._thread:
            return
        self._running = False
        self._wake()
        self._thread.join()
        self._thread = None
        with self._changed:
            self._unplug()
            self._selector.close()
            for fd in (self._wake_read, self._wake_write):
                os.close(fd)
            self._wake_read = self._wake_write = None

    @locked
    def unplug(self):
        """The device goes away under the host's hands."""
        self._unplug()
        self._power_up()
        self._call = None

    @locked
    def replug(self):
        """Comes back as a new device, asking for its PIN if it has one."""
        self._unplug()
        self._power_up()
        if self.pin and self.sim_state == "READY":
            self.sim_state = "SIM PIN"
        self._plug()
        self._flush_queue()

    @property
    def plugged(self):
        """Is there a device?"""
        return self._master is not None

    @property
    def opened(self):
        """Has a host the device open?"""
        return self._open_files > 0

    def _plug(self):
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        os.chmod(self.path, self.device_mode)
        self._watch = Watch(self.path)
        self._open_files = 0
        self._selector.register(self._watch.fd, selectors.EVENT_READ)
        self._listen()
        if self.symlink:
            draft = "%s.%d" % (self.symlink, os.getpid())
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
            os.symlink(self.path, draft)
            os.replace(draft, self.symlink)

    def _unplug(self):
        if not self.plugged:
            return
        if self.symlink:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.symlink)
        self._selector.unregister(self._watch.fd)
        self._watch.close()
        with contextlib.suppress(KeyError):
            self._selector.unregister(self._master)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = self._watch = None
        self._open_files = 0

    # ---- the thread -------------------------------------------------------

    def _wake(self):
        if self._wake_write is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self._wake_write, b"\0")

    def _run(self):
        while self._running:
            with self._changed:
                self._listen()
                timeout = None
                if self._timers:
                    timeout = max(0, self._timers[0][0] - time.monotonic())
            ready = {key.fd: mask
                     for key, mask in self._selector.select(timeout)}
            with self._changed:
                self._attend(ready)
                self._changed.notify_all()

    def _attend(self, ready):
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                while os.read(self._wake_read, 4096):
                    pass
        if self.plugged and self._master in ready:
            if ready[self._master] & selectors.EVENT_WRITE:
                self._drain()
            if ready[self._master] & selectors.EVENT_READ:
                self._read_host()
        if self.plugged and self._watch.fd in ready:
            self._count_hosts()
        while self._timers and self._timers[0][0] <= time.monotonic():
            heapq.heappop(self._timers)[2]()

    def _listen(self):
        """Waits on the master for what is wanted of it just now."""
        if not self.plugged:
            return
        events = 0
        if not self._standing("stop_reading"):
            events |= selectors.EVENT_READ
        if self._out:
            events |= selectors.EVENT_WRITE
        key = self._selector.get_map().get(self._master)
        if key and not events:
            self._selector.unregister(self._master)
        elif key and key.events != events:
            self._selector.modify(self._master, events)
        elif not key and events:
            self._selector.register(self._master, events)

    def _after(self, delay_s, action):
        """Calls back in the thread, at once when there is no delay."""
        if delay_s <= 0:
            action()
            return
        self._timer_ids += 1
        heapq.heappush(self._timers, (time.monotonic() + delay_s,
                                      self._timer_ids, action))

    def _count_hosts(self):
        for change in self._watch.changes():
            self._open_files += change
            if change > 0:
                self.opens += 1
            elif self._open_files == 0:
                # What nobody read is gone, as with a port that was closed.
                self._out.clear()
                termios.tcflush(self._slave, termios.TCIFLUSH)

    def _read_host(self):
        # libgammu asks for exclusive use, which on a pseudo-terminal would
        # outlive it and shut out its successor unless that is root.
        fcntl.ioctl(self._slave, termios.TIOCNXCL)
        try:
            octets = os.read(self._master, 65536)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return
        if self._take("mute"):
            return
        self._in += octets
        self._pump()

    # ---- what goes to the host --------------------------------------------

    def _emit(self, text):
        """Puts text on the line; with no device it is lost."""
        octets = text.encode("latin-1") if isinstance(text, str) else text
        if not self.plugged or self._standing("mute"):
            return
        self._note("M<", octets)
        self._out += octets
        self._drain()

    def _drain(self):
        while self._out:
            try:
                written = os.write(self._master, self._out)
            except BlockingIOError:
                return
            del self._out[:written]

    def _note(self, mark, octets):
        self.dialogue.append((time.monotonic() - self._started_at, mark,
                              bytes(octets).decode("latin-1")))

    def _urc(self, line, message=False):
        """An unsolicited result code, held back while a PDU is awaited.

        Those about messages are also held as long as AT+CNMI says mode 0.
        """
        self._held.append((line, message))
        self._flush_urcs()

    def _flush_urcs(self):
        if self._expected is not None or self._busy:
            return
        kept = []
        for line, message in self._held:
            if message and self._cnmi[0] == 0:
                kept.append((line, message))
            else:
                self._emit("\r\n%s\r\n" % line)
        self._held = kept

    def _event(self, name, **fields):
        if self.on_event:
            self.on_event({"event": name, **fields})

    # ---- what comes from the host -----------------------------------------

    def _pump(self):
        """Obeys complete lines, one at a time: an answer under way waits."""
        while self._in and not self._busy and self.plugged:
            octet = self._in.pop(0)
            if self._echo and not self._standing("mute"):
                self._out.append(octet)
            if self._expected is not None:
                self._take_pdu_octet(octet)
            elif octet == ESC:
                self._line.clear()
            elif octet == CR:
                line = self._line.decode("latin-1").strip()
                self._line.clear()
                if line:
                    self._note("H>", line.encode("latin-1"))
                    self._obey(line, self._answer)
            elif octet != LF:
                self._line.append(octet)
        if self.plugged:
            self._drain()

    def _take_pdu_octet(self, octet):
        if octet == ESC:
            self._note("H>", bytes(self._line) + b"\x1b")
            self._line.clear()
            self._expected = None
            self._emit("\r\nOK\r\n")
            self._flush_urcs()
        elif octet == CTRL_Z:
            self._note("H>", bytes(self._line) + b"\x1a")
            pdu = self._line.decode("latin-1")
            self._line.clear()
            length, self._expected = self._expected, None
            self._obey(PDU_STAGE, lambda _: self._submit(pdu, length))
            if self.plugged:
                self._flush_urcs()
        elif octet not in (CR, LF):
            self._line.append(octet)

    def _obey(self, command, handler):
        """Carries out a command and sends the answer that faults leave."""
        self.commands[command] += 1
        self._command = command
        fault = self._take("unplug", command)
        if fault and not fault.get("executed", False):
            self.unplug()
            return
        answer = self._outcome(command, handler)
        if fault:
            self.unplug()
            return
        if answer is None:
            return
        delay = self.latency_s
        if command == PDU_STAGE:
            delay += self.radio_delay_s
        fault = self._take("slow", command)
        if fault:
            delay += fault.get("delay_s", 1)
        self._busy += 1
        device = self._master
        self._after(delay, lambda: self._reply(device, command, answer))

    def _outcome(self, command, handler):
        """The answer, or None where a fault swallows it."""
        lost = self._take("lose", command)
        if lost and not lost.get("executed", True):
            return None
        refused = self._take("refuse", command)
        try:
            if refused:
                if command == PDU_STAGE:
                    self.refused.append(self.dialogue[-1][2].rstrip("\x1a"))
                    self._event("refused")
                raise AtError(refused.get("error",
                                          "+CMS ERROR: %d" % CMS_UNKNOWN))
            answer = handler(command)
        except AtError as error:
            answer = "\r\n%s\r\n" % self._final(str(error))
        if lost:
            return None
        fault = self._take("replace", command)
        if fault:
            answer = fault.get("text", "")
        fault = self._take("inject", command)
        if fault:
            lines = answer.rsplit("\r\n", 2)
            answer = "\r\n".join((lines[0] + fault.get("text", ""),
                                  *lines[1:]))
        return answer

    def _final(self, error):
        """A result code in the form that AT+CMEE asked for."""
        if self._cmee == 0 and error.startswith(("+CME", "+CMS")):
            return "ERROR"
        if self._cmee == 2 and error.startswith("+CME ERROR: "):
            cause = int(error.rsplit(" ", 1)[1])
            return "+CME ERROR: " + CME_WORDS.get(cause, "unknown")
        return error

    def _reply(self, device, command, answer):
        """Puts an answer on the line, whole, halved or in pieces."""
        if device != self._master:
            return
        half = self._take("half", command)
        pieces = self._take("pieces", command)
        if half:
            middle = len(answer) // 2
            self._emit(answer[:middle])
            delay, rest = half.get("delay_s", None), [answer[middle:]]
            if delay is None:
                rest = []
        elif pieces:
            size, delay = pieces.get("size", 1), pieces.get("delay_s", 0.001)
            rest = [answer[i:i + size] for i in range(0, len(answer), size)]
        else:
            self._emit(answer)
            rest = []
        self._reply_rest(device, rest, delay if rest else 0)

    def _reply_rest(self, device, rest, delay):
        if device != self._master:
            return
        if not rest:
            self._busy -= 1
            self._flush_urcs()
            self._pump()
            return

        def next_piece():
            if device == self._master:
                self._emit(rest[0])
                self._reply_rest(device, rest[1:], delay)
        self._after(delay, next_piece)

    # ---- commands ---------------------------------------------------------

    EXTENDED = re.compile(r"AT([+$^*#%_&][A-Z0-9]+)(=\?|\?|=)?(.*)$",
                          re.IGNORECASE | re.DOTALL)

    def _answer(self, command):
        """The whole answer to one line, final result code included."""
        match = self.EXTENDED.match(command)
        if match:
            name, form, rest = match.groups()
            handler = self.TABLE.get(name.upper())
            if not handler:
                raise AtError("ERROR")
            self._check_sim(name.upper())
            answer = handler(self, form or "", rest)
        else:
            answer = self._basic(command.upper())
        if answer is None:
            return "\r\nOK\r\n"
        if isinstance(answer, bytes):               # as it is: the prompt
            return answer.decode("latin-1")
        return "\r\n%s\r\n\r\nOK\r\n" % answer

    def _basic(self, command):
        if not command.startswith("AT"):
            raise AtError("ERROR")
        rest = command[2:]
        if rest.startswith("E"):
            self._echo = rest[1:2] == "1"
        elif rest.startswith("H"):
            self._hang_up("rejected")
        elif rest.startswith("Z") or rest.startswith("&F"):
            self._echo, self._cmee, self._charset = True, 0, "GSM"
        elif rest.startswith("I"):
            return "Simtel\r\nSM-100\r\n1.0"
        elif rest and rest[0] not in "VQSX&LMTP":
            raise AtError("ERROR")
        return None

    NEEDS_SIM_CMS = ("+CMGL", "+CMGR", "+CMGD", "+CMGS", "+CPMS", "+CSCA")
    NEEDS_SIM_CME = ("+CIMI", "+CUSD", "+CNUM")

    def _check_sim(self, name):
        causes = {"SIM PIN": (CMS_SIM_PIN, CME_SIM_PIN),
                  "SIM PUK": (CMS_SIM_PUK, CME_SIM_PUK),
                  "NOT INSERTED": (CMS_SIM_MISSING, CME_SIM_MISSING)}
        if self.sim_state == "READY":
            return
        if name in self.NEEDS_SIM_CMS:
            raise cms(causes[self.sim_state][0])
        if name in self.NEEDS_SIM_CME:
            raise cme(causes[self.sim_state][1])

    @staticmethod
    def _arguments(rest):
        """The comma separated arguments, quotes taken off."""
        return [part.strip().strip('"')
                for part in re.findall(r'(?:^|,)("[^"]*"|[^,]*)', rest)]

    @staticmethod
    def _number(text, default=None):
        if not text and default is not None:
            return default
        if not text.isdigit():
            raise AtError("ERROR")
        return int(text)

    def _fixed(self, form, answer):
        """A command that only tells something; its test form is OK."""
        if form == "=?":
            return None
        if form:
            raise AtError("ERROR")
        return answer

    def _setting(self, form, rest, name, values, value):
        """One number to read and set; returns (answer, new value)."""
        if form == "=?":
            return "%s: (%s)" % (name, ",".join(map(str, values))), value
        if form == "?":
            return "%s: %d" % (name, value), value
        wanted = self._number(self._arguments(rest)[0], 0)
        if wanted not in values:
            raise AtError("ERROR")
        return None, wanted

    def _at_cgmi(self, form, _):
        return self._fixed(form, "Simtel")

    def _at_cgmm(self, form, _):
        return self._fixed(form, "SM-100")

    def _at_cgmr(self, form, _):
        return self._fixed(form, "1.0")

    def _at_cgsn(self, form, _):
        return self._fixed(form, self.imei)

    def _at_cimi(self, form, _):
        return self._fixed(form, self.imsi)

    def _at_cnum(self, form, _):
        return self._fixed(form, '+CNUM: "","%s",145' % self.own_number)

    def _at_ok(self, _form, _rest):
        return None

    def _at_error(self, _form, _rest):
        raise AtError("ERROR")

    def _at_cmee(self, form, rest):
        answer, self._cmee = self._setting(form, rest, "+CMEE", (0, 1, 2),
                                           self._cmee)
        return answer

    def _at_cscs(self, form, rest):
        if form == "=?":
            return '+CSCS: ("GSM","IRA","UCS2")'
        if form == "?":
            return '+CSCS: "%s"' % self._charset
        wanted = self._arguments(rest)[0]
        if re.fullmatch("([0-9A-F]{4})+", wanted):  # "GSM" said in UCS2
            wanted = bytes.fromhex(wanted).decode("utf-16-be")
        if wanted not in ("GSM", "IRA", "UCS2"):
            raise AtError("ERROR")
        self._charset = wanted
        return None

    def _at_cmgf(self, form, rest):
        if form == "=?":
            return "+CMGF: (0)"
        if form == "?":
            return "+CMGF: 0"
        if self._arguments(rest)[0] not in ("", "0"):
            raise cms(CMS_NOT_ALLOWED)
        return None

    def _at_csms(self, form, _):
        if form == "=?":
            return "+CSMS: (0,1)"
        return "+CSMS: 0,1,1,1" if form == "?" else "+CSMS: 1,1,1"

    def _at_csca(self, form, rest):
        if form == "=?":
            return None
        if form == "?":
            kind = 145 if self.smsc.startswith("+") else 129
            return '+CSCA: "%s",%d' % (self._string(self.smsc), kind)
        self.smsc = self._arguments(rest)[0]
        return None

    def _at_cmms(self, form, rest):
        if form == "=?":
            return "+CMMS: (0-2)"
        if form == "?":
            return "+CMMS: 0"
        self._number(rest)
        return None

    # ---- commands: the device and the network -------------------------------

    def _at_cpin(self, form, rest):
        if form == "=?":
            return None
        if self.sim_state == "NOT INSERTED":
            raise cme(CME_SIM_MISSING)
        if form == "?":
            return "+CPIN: " + self.sim_state
        arguments = self._arguments(rest)
        if self.sim_state == "SIM PIN":
            return self._enter_pin(arguments[0])
        if self.sim_state == "SIM PUK" and len(arguments) == 2:
            if arguments[0] != self.puk:
                raise cme(CME_WRONG_PASSWORD)
            self.pin = arguments[1]
            return self._enter_pin(self.pin)
        raise AtError("ERROR")

    def _enter_pin(self, pin):
        self._event("pin", right=pin == self.pin)
        if pin != self.pin:
            self.pin_tries -= 1
            if self.pin_tries <= 0:
                self.sim_state = "SIM PUK"
            raise cme(CME_WRONG_PASSWORD)
        self.pin_tries = PIN_TRIES
        self.sim_state = "READY"
        self._after(0.001, self._flush_queue)

    def _at_clck(self, form, rest):
        if form == "=?":
            return '+CLCK: ("SC")'
        arguments = self._arguments(rest)
        if arguments[:2] == ["SC", "2"]:
            return "+CLCK: %d" % bool(self.pin)
        raise AtError("ERROR")

    def _at_cfun(self, form, rest):
        if form == "=?":
            return "+CFUN: (0,1,4),(0,1)"
        if form == "?":
            return "+CFUN: 1"
        if self._arguments(rest)[1:] == ["1"]:
            self._after(0.001, self._restart)
        return None

    def _restart(self):
        self._power_up()
        if self.pin and self.sim_state == "READY":
            self.sim_state = "SIM PIN"

    def _at_csq(self, form, _):
        if form == "=?":
            return "+CSQ: (0-31,99),(99)"
        return "+CSQ: %d,99" % (self._signal if self._online() else 99)

    def _at_cbc(self, form, _):
        return "+CBC: (0-3),(0-100)" if form == "=?" else "+CBC: 0,100"

    def _online(self):
        return self.sim_state == "READY" and self._registered in (1, 5)

    def _registration(self, name, form, rest):
        if form == "=?":
            return "%s: (0-2)" % name
        state = self._registered if self.sim_state == "READY" else 0
        if form == "?":
            answer = "%s: %d,%d" % (name, self._creg[name], state)
            if self._creg[name] == 2 and self._online():
                answer += ',"00C3","0000A1B2",7'
            return answer
        wanted = self._number(rest)
        if wanted > 2:
            raise AtError("ERROR")
        self._creg[name] = wanted
        return None

    def _at_creg(self, form, rest):
        return self._registration("+CREG", form, rest)

    def _at_cgreg(self, form, rest):
        return self._registration("+CGREG", form, rest)

    def _at_cgatt(self, form, _):
        return "+CGATT: %d" % self._online() if form == "?" else None

    def _at_cops(self, form, rest):
        if form == "=?":
            return '+COPS: (2,"%s","%s","%s",7),,(0,1,2,3,4),(0,1,2)' % (
                self.operator, self.operator, self.plmn)
        if form == "?":
            if not self._online():
                return "+COPS: 0"
            name = self.plmn if self._cops_format == 2 else self.operator
            return '+COPS: 0,%d,"%s",7' % (self._cops_format,
                                           self._string(name))
        arguments = self._arguments(rest)
        if arguments[0] == "3" and len(arguments) > 1:
            self._cops_format = self._number(arguments[1])
        return None

    def _string(self, text):
        """A string argument in the character set that AT+CSCS chose."""
        if self._charset == "UCS2":
            return text.encode("utf-16-be").hex().upper()
        return text

    # ---- commands: calls and USSD -------------------------------------------

    def _at_clip(self, form, rest):
        if form == "?":
            return "+CLIP: %d,1" % self._clip
        answer, self._clip = self._setting(form, rest, "+CLIP", (0, 1),
                                           self._clip)
        return answer

    def _at_crc(self, form, rest):
        answer, self._crc = self._setting(form, rest, "+CRC", (0, 1),
                                          self._crc)
        return answer

    def _at_chup(self, form, _):
        if not form:
            self._hang_up("rejected")
        return None

    def _at_clcc(self, _form, _rest):
        if not self._call:
            return None
        return '+CLCC: 1,1,4,0,0,"%s",145' % self._call["number"]

    def _at_cpas(self, form, _):
        return "+CPAS: (0,3)" if form == "=?" else (
            "+CPAS: %d" % (3 if self._call else 0))

    def _hang_up(self, how):
        if self._call:
            self._call["ended"] = how
            self._call = None
            self._event("call_ended", how=how)
            self._urc("NO CARRIER")

    def _at_cusd(self, form, rest):
        if form == "=?":
            return "+CUSD: (0-2)"
        if form == "?":
            return "+CUSD: %d" % self._cusd
        arguments = self._arguments(rest)
        wanted = self._number(arguments[0], 0)
        if wanted > 2:
            raise AtError("ERROR")
        if wanted < 2:
            self._cusd = wanted
        if len(arguments) > 1:
            self._dial_ussd(arguments[1])
        return None

    def _dial_ussd(self, code):
        if self._charset == "UCS2":
            try:
                code = bytes.fromhex(code).decode("utf-16-be")
            except ValueError:
                raise AtError("ERROR") from None
        if not self._online():
            raise cme(30)
        self.ussd_dialled.append(code)
        self._event("ussd", code=code)
        answer = self.ussd.get(code, (4, ""))
        if callable(answer):
            answer = answer(code)
        if answer is None:                          # the network says nothing
            return
        kind, text = (0, answer) if isinstance(answer, str) else answer
        self._after(max(self.ussd_delay_s, 0.001),
                    lambda: self._push_ussd(text, kind))

    def _push_ussd(self, text, kind):
        if not text:
            self._urc("+CUSD: %d" % kind)
            return
        dcs = 15 if tpdu.is_gsm7(text) else 72
        if self._charset == "UCS2" or dcs == 72:
            string = text.encode("utf-16-be").hex().upper()
        else:
            string = text
        self._urc('+CUSD: %d,"%s",%d' % (kind, string, dcs))

    # ---- commands: the store ------------------------------------------------

    def _used(self, store):
        if self._standing("full"):
            return len(self.stores[store])
        return sum(slot is not None for slot in self.stores[store])

    def _at_cpms(self, form, rest):
        names = ",".join('"%s"' % store for store in self.stores)
        if form == "=?":
            return "+CPMS: (%s),(%s),(%s)" % (names, names, names)
        counts = ("%d,%d" % (self._used(store), len(self.stores[store]))
                  for store in self._memory)
        if form == "?":
            return "+CPMS: " + ",".join(
                '"%s",%s' % pair for pair in zip(self._memory, counts))
        wanted = [name for name in self._arguments(rest) if name]
        if not 0 < len(wanted) < 4 or set(wanted) - set(self.stores):
            raise cms(CMS_NOT_ALLOWED)
        self._memory[:len(wanted)] = wanted
        self._after(0.001, self._flush_queue)
        return "+CPMS: " + ",".join(
            "%d,%d" % (self._used(store), len(self.stores[store]))
            for store in self._memory)

    def _at_cmgl(self, form, rest):
        if form == "=?":
            return "+CMGL: (0-4)"
        wanted = self._number(rest, 0)
        if form == "?" or wanted > 4:
            raise cms(CMS_NOT_ALLOWED)
        lines = []
        for index, slot in enumerate(self.stores[self._memory[0]], 1):
            if slot and wanted in (slot.status, 4):
                lines.append("+CMGL: %d,%d,,%d\r\n%s" % (
                    index, slot.status, tpdu.tpdu_length(slot.pdu), slot.pdu))
                slot.status = READ
        return "\r\n".join(lines) if lines else None

    def _slot(self, text):
        store = self.stores[self._memory[0]]
        index = self._number(text)
        if not 1 <= index <= len(store) or not store[index - 1]:
            raise cms(CMS_BAD_INDEX)
        return store, index

    def _at_cmgr(self, form, rest):
        if form == "=?":
            return None
        store, index = self._slot(rest)
        slot = store[index - 1]
        answer = "+CMGR: %d,,%d\r\n%s" % (
            slot.status, tpdu.tpdu_length(slot.pdu), slot.pdu)
        slot.status = READ
        return answer

    def _at_cmgd(self, form, rest):
        store = self.stores[self._memory[0]]
        if form == "=?":
            used = ",".join(str(index) for index, slot in enumerate(store, 1)
                            if slot)
            return "+CMGD: (%s),(0-4)" % used
        arguments = self._arguments(rest)
        flag = self._number(arguments[1], 0) if len(arguments) > 1 else 0
        if flag:
            for index, slot in enumerate(store, 1):
                if slot and (flag == 4 or slot.status == READ):
                    self._delete(store, index)
        else:
            self._delete(*self._slot(arguments[0]))
        self._after(0.001, self._flush_queue)
        return None

    def _delete(self, store, index):
        pdu = store[index - 1].pdu
        store[index - 1] = None
        self.deleted.append((self._memory[0], index, pdu))
        self._event("deleted", store=self._memory[0], slot=index, pdu=pdu)

    def _at_cnmi(self, form, rest):
        if form == "=?":
            return "+CNMI: (0-2),(0-3),(0,2),(%s),(0,1)" % ",".join(
                map(str, self.cnmi_reports))
        if form == "?":
            return "+CNMI: " + ",".join(map(str, self._cnmi))
        wanted = [self._number(part, 0) for part in self._arguments(rest)]
        allowed = ((0, 1, 2), (0, 1, 2, 3), (0, 2), self.cnmi_reports, (0, 1))
        if len(wanted) > 5 or any(value not in values for value, values
                                  in zip(wanted, allowed)):
            raise cms(CMS_NOT_ALLOWED)
        self._cnmi[:len(wanted)] = wanted
        if self._cnmi[4] == 1:
            self._held = [held for held in self._held if not held[1]]
        self._after(0.001, self._flush_urcs)
        return None

    # ---- commands: sending --------------------------------------------------

    def _at_cmgs(self, form, rest):
        if form == "=?":
            return None
        self._expected = self._number(rest)
        return b"\r\n> "

    def _submit(self, text, length):
        """What stands between the prompt and Ctrl-Z."""
        try:
            submit = tpdu.decode_submit(text)
        except tpdu.PduError as error:
            self.refused.append(text)
            self._event("refused", reason=str(error))
            raise cms(CMS_INVALID_PDU) from error
        if tpdu.tpdu_length(text) != length:
            self.refused.append(text)
            self._event("refused", reason="AT+CMGS says another length")
            raise cms(CMS_INVALID_PDU)
        if not self._online():
            self.refused.append(text)
            raise cms(CMS_NO_NETWORK)
        submit.mr = self.mr
        submit.scts = tpdu.now()
        submit.at = time.monotonic()
        self.mr = (self.mr + 1) % 256
        self.submitted.append(submit)
        self._event("submitted", **describe(submit))
        if submit.want_report and self.report_delay_s is not None:
            self._after(max(self.report_delay_s, 0.001),
                        lambda: self.report(submit))
        return "\r\n+CMGS: %d\r\n\r\nOK\r\n" % submit.mr

    TABLE = {
        "+CGMI": _at_cgmi, "+GMI": _at_cgmi, "+CGMM": _at_cgmm,
        "+GMM": _at_cgmm, "+CGMR": _at_cgmr, "+GMR": _at_cgmr,
        "+CGSN": _at_cgsn, "+GSN": _at_cgsn, "+CIMI": _at_cimi,
        "+CNUM": _at_cnum, "+CMEE": _at_cmee, "+CSCS": _at_cscs,
        "+CMGF": _at_cmgf, "+CSMS": _at_csms, "+CSCA": _at_csca,
        "+CMMS": _at_cmms, "+CPIN": _at_cpin, "+CLCK": _at_clck,
        "+CFUN": _at_cfun, "+CSQ": _at_csq, "+CBC": _at_cbc,
        "+CREG": _at_creg, "+CGREG": _at_cgreg, "+CGATT": _at_cgatt,
        "+COPS": _at_cops, "+CLIP": _at_clip, "+CRC": _at_crc,
        "+CHUP": _at_chup, "+CLCC": _at_clcc, "+CPAS": _at_cpas,
        "+CUSD": _at_cusd, "+CPMS": _at_cpms, "+CMGL": _at_cmgl,
        "+CMGR": _at_cmgr, "+CMGD": _at_cmgd, "+CNMI": _at_cnmi,
        "+CMGS": _at_cmgs, "+CCWA": _at_ok, "+CSDH": _at_ok,
        "+CSMP": _at_ok, "&F": _at_ok, "&C1": _at_ok, "&D2": _at_ok,
        "+MODE": _at_error, "+CPROT": _at_error, "+SYNCML": _at_error,
        "$TSSPCSW": _at_error,
    }

    # ---- the network: what arrives ------------------------------------------

    @locked
    def deliver(self, originator, text="", *, scts=None, encoding=None,
                udh=(), concat=None, direct=False, **fields):
        """A text from the air, cut into segments where it must be.

        `udh` is a list of (identifier, value) for each segment.  `concat` may
        hold ref, bits (8 or 16), careless (cut inside of letters) and order:
        the numbers of the segments in the order in which they come; one left
        out never comes, one given twice comes twice.  `direct` hands it over
        with +CMT, in no slot.  Other fields are those of pdu.deliver().
        Returns the PDUs in their order.
        """
        concat = dict(concat or {})
        order = concat.pop("order", None)
        if "ref" not in concat:
            concat["ref"] = self.random.randrange(256)
        fields = {"scts": scts or tpdu.now(), "smsc": self.smsc, **fields}
        if "units" in fields or "raw" in fields or "dcs" in fields:
            pdus = [tpdu.deliver(originator, text, encoding=encoding,
                                 udh=tpdu.make_udh(*udh), **fields)]
        else:
            pdus = tpdu.deliver_segments(
                originator, tpdu.split(text, encoding, udh=udh, **concat),
                **fields)
        if order:
            pdus = [pdus[seq - 1] for seq in order]
        for pdu in pdus:
            self.deliver_pdu(pdu, direct)
        return pdus

    @locked
    def deliver_pdu(self, pdu, direct=False):
        """Any PDU at all, for instance a crooked one."""
        if direct:
            self._urc("+CMT: ,%d\r\n%s" % (tpdu.tpdu_length(pdu), pdu),
                      message=True)
            return
        self.queue.append(pdu.upper())
        self._flush_queue()

    @locked
    def report(self, submit, status=None, discharge=None):
        """The status report of a SUBMIT (an element of `submitted`)."""
        if status is None:
            status = self.report_status
        self.deliver_pdu(tpdu.status_report(
            submit.recipient, submit.mr, status=status, scts=submit.scts,
            discharge=discharge or tpdu.now(), smsc=self.smsc))

    @staticmethod
    def _is_report(pdu):
        octets = bytes.fromhex(pdu)
        return len(octets) > 1 + octets[0] and octets[1 + octets[0]] & 3 == 2

    def _flush_queue(self):
        """Hands over what waits at the SMSC, oldest first, while it can."""
        while self.queue and self.plugged and self._online():
            pdu = self.queue[0]
            if self._is_report(pdu):
                arrived = self._arrive_report(pdu)
            else:
                arrived = self._arrive(pdu)
            if not arrived:
                break
            self.queue.popleft()

    def _arrive(self, pdu):
        if self._cnmi[1] == 2:
            self._urc("+CMT: ,%d\r\n%s" % (tpdu.tpdu_length(pdu), pdu),
                      message=True)
            return True
        index = self._store(pdu)
        if index and self._cnmi[1]:
            self._urc('+CMTI: "%s",%d' % (self._memory[2], index),
                      message=True)
        return bool(index)

    def _arrive_report(self, pdu):
        if self._cnmi[3] == 0:
            self.reports_dropped.append(pdu)
        elif self._cnmi[3] == 1:
            self._urc("+CDS: %d\r\n%s" % (tpdu.tpdu_length(pdu), pdu),
                      message=True)
        else:
            index = self._store(pdu)
            if index:
                self._urc('+CDSI: "%s",%d' % (self._memory[2], index),
                          message=True)
            return bool(index)
        return True

    def _store(self, pdu):
        """The slot that took it, or 0 for a full store."""
        store = self.stores[self._memory[2]]
        if self._standing("full"):
            return 0
        index = self._replaced_slot(store, pdu)
        if index is None:
            if None not in store:
                return 0
            index = store.index(None)
        store[index] = Slot(pdu)
        self._event("stored", store=self._memory[2], slot=index + 1)
        return index + 1

    @staticmethod
    def _replaced_slot(store, pdu):
        """A text of type "replace" (PID 41-47) takes its forerunner's slot."""
        def key(stored):
            decoded = tpdu.decode_deliver(stored)
            return decoded.pid, decoded.originator
        try:
            pid, originator = key(pdu)
        except tpdu.PduError:
            return None
        if not 0x41 <= pid <= 0x47:
            return None
        for index, slot in enumerate(store):
            with contextlib.suppress(tpdu.PduError):
                if slot and key(slot.pdu) == (pid, originator):
                    return index
        return None

    @locked
    def ring(self, number, rings=2, interval_s=0.2):
        """A call that nobody takes, or that the host refuses."""
        call = self._call = {"number": number, "ended": None}
        self.calls.append(call)

        def next_ring(left):
            if self._call is not call:
                return
            if not left:
                self._hang_up("missed")
                return
            self._urc("+CRING: VOICE" if self._crc else "RING")
            if self._clip:
                kind = 145 if number.startswith("+") else 129
                self._urc('+CLIP: "%s",%d,"",0,"",0' % (number, kind))
            self._after(interval_s, lambda: next_ring(left - 1))
        next_ring(rings)

    @locked
    def push_ussd(self, text, kind=0):
        """A USSD string that nobody asked for; kind 1 wants an answer."""
        self._push_ussd(text, kind)

    @property
    def signal(self):
        """As in AT+CSQ: 0 to 31."""
        return self._signal

    @signal.setter
    def signal(self, value):
        self._signal = value

    @property
    def registered(self):
        """0 not, 1 at home, 2 searching, 3 denied, 5 roaming."""
        return self._registered

    @registered.setter
    def registered(self, value):
        self._set_registered(int(value))

    @locked
    def _set_registered(self, value):
        if value != self._registered:
            self._registered = value
            for name, wanted in self._creg.items():
                if wanted:
                    self._urc("%s: %d" % (name, value))
        self._flush_queue()

    # ---- faults -------------------------------------------------------------

    @locked
    def fault(self, name, match=None, count=None, chance=1.0, **arguments):
        """Orders a fault (the names are in FAULTS).

        `match` is how the command begins that it strikes, PDU_STAGE for what
        follows the prompt; None for any.  `count` is how often, None until
        cleared.  `chance` is how likely, by the modem's own seed.  Returns
        the Fault; its `taken` says how often it struck.
        """
        if name not in FAULTS:
            raise ValueError("no such fault: %s" % name)
        fault = Fault(name, match, count, chance, arguments)
        self._faults.append(fault)
        if name == "garbage":
            self._repeat(fault, lambda: bytes(
                self.random.randrange(256)
                for _ in range(fault.get("size", 64))))
        elif name == "urc_flood":
            line = "\r\n%s\r\n" % fault.get("line", "^RSSI: 12")
            fault.arguments.setdefault("interval_s", 0.05)
            self._repeat(fault, line.encode)
        return fault

    def _repeat(self, fault, make):
        """Once without interval_s, else until it is used up or cleared."""
        if fault not in self._faults or fault.left == 0:
            return
        fault.use()
        self._emit(make())
        interval_s = fault.get("interval_s", None)
        if interval_s is not None:
            self._after(interval_s, lambda: self._repeat(fault, make))
        else:
            self._faults.remove(fault)

    @locked
    def clear(self, name=None):
        """Ends the faults of a name, or all of them."""
        self._faults = [fault for fault in self._faults
                        if name is not None and fault.name != name]
        self._flush_queue()

    def refuse_sends(self, cause=CMS_UNKNOWN, count=None, at_prompt=False):
        """Refuses what is to be sent, after the PDU or in the prompt's place.
        """
        return self.fault("refuse", "AT+CMGS=" if at_prompt else PDU_STAGE,
                          count, error="+CMS ERROR: %d" % cause)

    def refuse_deletes(self, cause=CMS_UNKNOWN, count=None):
        """Refuses to free slots."""
        return self.fault("refuse", "AT+CMGD=", count,
                          error="+CMS ERROR: %d" % cause)

    @locked
    def lock_sim(self, state="SIM PIN"):
        """SIM PIN, SIM PUK or NOT INSERTED, from now on."""
        self.sim_state = state

    def _standing(self, name):
        """Is such a fault in force?"""
        return any(fault.name == name and fault.left != 0
                   for fault in self._faults)

    def _take(self, name, command=""):
        """The fault that strikes now, counted, or None."""
        for fault in self._faults:
            if fault.name == name and fault.fits(command):
                if fault.chance < 1 and self.random.random() >= fault.chance:
                    continue
                fault.use()
                return fault
        return None

    # ---- looking and waiting ------------------------------------------------

    @locked
    def stored(self, store=None):
        """How many slots are taken, in one store or in all."""
        return sum(slot is not None for name, slots in self.stores.items()
                   if store in (None, name) for slot in slots)

    @locked
    def waiting(self):
        """How many PDUs wait at the SMSC for a slot."""
        return len(self.queue)

    @locked
    def slots(self, store="SM"):
        """{slot number: PDU} of what a store holds."""
        return {index: slot.pdu
                for index, slot in enumerate(self.stores[store], 1) if slot}

    def wait_until(self, condition, timeout_s=10, what="condition"):
        """Returns what condition() says once it is true.

        TimeoutError, with the end of the dialogue, when it does not come.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                value = condition()
                if value:
                    return value
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError("%s: no %s in %g s\n%s" % (
                        self.name, what, timeout_s, self.tail()))
                self._changed.wait(left)

    def wait_submitted(self, count=1, timeout_s=10):
        """The decoded SUBMITs once there are that many."""
        return self.wait_until(
            lambda: (len(self.submitted) >= count or None)
            and list(self.submitted), timeout_s, "%d submits" % count)

    def wait_empty(self, timeout_s=10):
        """Until no text is left in a slot or at the SMSC."""
        self.wait_until(lambda: not self.stored() and not self.queue,
                        timeout_s, "empty store")

    def wait_command(self, prefix, count=1, timeout_s=10):
        """Until commands beginning so have come that often in all."""
        self.wait_until(
            lambda: sum(times for command, times in self.commands.items()
                        if command.upper().startswith(prefix.upper())) >= count,
            timeout_s, "%d times %s" % (count, prefix))

    def texts_sent(self):
        """What the recipients see: pdu.Joined, in order."""
        return tpdu.join(list(self.submitted))

    def tail(self, lines=20):
        """The end of the dialogue, readable."""
        return "\n".join("%8.3f %s %r" % line
                         for line in list(self.dialogue)[-lines:])


# ---- as a program ----------------------------------------------------------

def describe(submit):
    """A SUBMIT for JSON."""
    concat = submit.concat
    return {
        "recipient": submit.recipient, "text": submit.text,
        "encoding": submit.encoding, "mr": submit.mr,
        "udh": submit.udh.hex().upper(), "ud": submit.ud.hex().upper(),
        "concat": concat and dict(zip(("ref", "max", "seq"), concat)),
        "want_report": submit.want_report, "validity_s": submit.validity_s,
        "class": submit.message_class, "pid": submit.pid, "dcs": submit.dcs,
        "smsc": submit.smsc, "pdu": submit.pdu}


class Program:
    """One modem, driven by JSON lines."""

    def __init__(self, options):
        self.events = queue.SimpleQueue()
        self.sim = SimModem(on_event=self.events.put, **options)

    def write_events(self):
        """Prints what the modem's thread and the commands put in line."""
        while True:
            event = self.events.get()
            if event is None:
                return
            try:
                print(json.dumps(event), flush=True)
            except BrokenPipeError:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def status(self):
        """The counts that a benchmark asks for."""
        sim = self.sim
        return {"path": sim.path, "plugged": sim.plugged,
                "opened": sim.opened, "opens": sim.opens,
                "stored": sim.stored(), "waiting": sim.waiting(),
                "submitted": len(sim.submitted), "refused": len(sim.refused),
                "deleted": len(sim.deleted), "sim": sim.sim_state,
                "registered": sim.registered}

    SETTINGS = ("signal", "operator", "registered", "radio_delay_s",
                "latency_s", "report_delay_s", "report_status", "mr", "ussd")

    def obey(self, command):
        """One command; returns the fields of its "done" event."""
        sim, do = self.sim, command.pop("do")
        if "scts" in command:
            command["scts"] = datetime.datetime.fromisoformat(command["scts"])
        if do == "deliver" and "pdu" in command:
            sim.deliver_pdu(**command)
            return {"segments": 1}
        if do == "deliver":
            return {"segments": len(sim.deliver(**command))}
        if do == "report":
            sim.report(sim.submitted[command.pop("index", -1)], **command)
        elif do == "set":
            for name, value in command.items():
                if name not in self.SETTINGS:
                    raise ValueError("cannot set " + name)
                setattr(sim, name, value)
        elif do == "status":
            return self.status()
        elif do == "dialogue":
            return {"lines": [list(line) for line in sim.dialogue]}
        elif do in ("ring", "push_ussd", "fault", "clear", "lock_sim",
                    "unplug", "replug"):
            getattr(sim, do)(**command)
            return {"path": sim.path} if do == "replug" else {}
        else:
            raise ValueError("no such command: " + do)
        return {}

    def read_commands(self):
        """Until "quit" or the end of stdin."""
        for line in sys.stdin:
            if not line.strip():
                continue
            tag, do = {}, None
            try:
                command = json.loads(line)
                do = command["do"]
                if "tag" in command:
                    tag["tag"] = command.pop("tag")
                if do == "quit":
                    return
                fields = self.obey(command)
                self.events.put({"event": "done", "do": do, **tag, **fields})
            except (ValueError, TypeError, KeyError, IndexError,
                    AttributeError) as error:
                self.events.put({"event": "error", "do": do, **tag,
                                 "text": "%s: %s" % (type(error).__name__,
                                                     error)})

    def run(self):
        """The life of the program."""
        writer = threading.Thread(target=self.write_events, daemon=True)
        writer.start()
        with self.sim as sim:
            self.events.put({"event": "ready", "path": sim.path,
                             "symlink": sim.symlink})
            with contextlib.suppress(KeyboardInterrupt):
                self.read_commands()
        self.events.put(None)
        writer.join(2)


def main():
    """Reads the options and runs one modem."""
    parser = argparse.ArgumentParser(
        description="A simulated GSM modem on a pseudo-terminal.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""commands on stdin, one JSON object a line ("tag" comes back):
  {"do":"deliver","originator":"+3816...","text":"..."}   also scts, encoding,
      udh, concat {ref,bits,careless,order}, direct; or "pdu" alone
  {"do":"report","index":-1,"status":0}        of a submitted segment
  {"do":"ring","number":"+3816...","rings":2}
  {"do":"push_ussd","text":"...","kind":0}
  {"do":"fault","name":"...","match":"AT+CMGL","count":1, ...}  {"do":"clear"}
  {"do":"unplug"}  {"do":"replug"}  {"do":"lock_sim","state":"SIM PUK"}
  {"do":"set","registered":0, ...}  {"do":"status"}  {"do":"dialogue"}
  {"do":"quit"}
events on stdout: ready, stored, submitted, refused, deleted, ussd, pin,
  call_ended, done, error

faults:
""" + "\n".join("  %-13s %s" % pair for pair in FAULTS.items()))
    parser.add_argument("--symlink", metavar="PATH")
    parser.add_argument("--slots", type=int, default=30)
    parser.add_argument("--stores", default="SM", metavar="SM[,ME]")
    parser.add_argument("--imei", default="490154203237518")
    parser.add_argument("--imsi", default="220019876543210")
    parser.add_argument("--smsc", default="+381640000000")
    parser.add_argument("--pin")
    parser.add_argument("--radio-delay", type=float, default=0, metavar="S")
    parser.add_argument("--latency", type=float, default=0, metavar="S")
    parser.add_argument("--report-delay", type=float, metavar="S",
                        help="send status reports by itself after S seconds")
    parser.add_argument("--ussd", action="append", default=[],
                        metavar="CODE=TEXT")
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Program({
        "slots": options.slots, "stores": tuple(options.stores.split(",")),
        "symlink": options.symlink, "imei": options.imei,
        "imsi": options.imsi, "smsc": options.smsc, "pin": options.pin,
        "radio_delay_s": options.radio_delay, "latency_s": options.latency,
        "report_delay_s": options.report_delay, "seed": options.seed,
        "ussd": dict(pair.split("=", 1) for pair in options.ussd),
    }).run()


if __name__ == "__main__":
    main()
