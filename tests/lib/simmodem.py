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
import datetime
import json
import os
import queue
import select
import signal
import threading
import time

import pdu as tpdu
from simat import CMS_UNKNOWN, AtModem, Slot
from simline import FAULTS, PDU_STAGE, locked


class SimModem(AtModem):
    """A modem with its SIM, its network and its SMSC."""

    def __init__(self, **modem):
        """What a modem is made of: see AtModem."""
        self.queue = collections.deque()    # PDUs that wait at the SMSC
        self.reports_dropped = []           # for want of AT+CNMI=,,,1 or 2
        self.calls = []                     # {"number", "ended"}
        super().__init__(**modem)

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

    @locked
    def loop_back(self, submit):
        """A text to itself: what was submitted arrives."""
        self.deliver_pdu(tpdu.deliver(
            self.own_number, encoding=submit.encoding, units=submit.units,
            scts=tpdu.now(), smsc=self.smsc))

    @staticmethod
    def is_report(pdu):
        """Is it a status report?"""
        octets = bytes.fromhex(pdu)
        return len(octets) > 1 + octets[0] and octets[1 + octets[0]] & 3 == 2

    def _flush_queue(self):
        """Hands over what waits at the SMSC, oldest first, while it can."""
        while (self.queue and self.plugged and self._online()
               and not self._standing("deaf")):
            pdu = self.queue[0]
            if self.is_report(pdu):
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
        self._event("stored", store=self._memory[2], slot=index + 1,
                    pdu=pdu)
        return index + 1

    @staticmethod
    def _replaced_slot(store, pdu):
        """A text that replaces (PID 41-47) takes its forerunner's slot."""
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

    # ---- faults of its own ---------------------------------------------------

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

    @contextlib.contextmanager
    def at_once(self):
        """What is done in here reaches the host in one burst."""
        with self._changed:
            yield

    # ---- looking and waiting ------------------------------------------------

    def stored(self, store=None):
        """How many slots are taken, in one store or in all."""
        with self._changed:
            return sum(slot is not None
                       for name, slots in self.stores.items()
                       if store in (None, name) for slot in slots)

    def pdu_typed(self):
        """The last PDU that the host gave, whatever became of it."""
        return self._pdu

    def waiting(self):
        """How many PDUs wait at the SMSC for a slot."""
        return len(self.queue)

    def slots(self, store="SM"):
        """{slot number: PDU} of what a store holds."""
        with self._changed:
            return {index: slot.pdu for index, slot
                    in enumerate(self.stores[store], 1) if slot}

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

    def times_told(self, prefix):
        """How many commands that begin so have come."""
        with self._changed:
            return sum(times for command, times in self.commands.items()
                       if command.upper().startswith(prefix.upper()))

    def wait_command(self, prefix, count=1, timeout_s=10):
        """Until commands beginning so have come that often in all."""
        self.wait_until(
            lambda: self.times_told(prefix) >= count,
            timeout_s, "%d times %s" % (count, prefix))

    def texts_sent(self):
        """What the recipients see: pdu.Joined, in order."""
        return tpdu.join(list(self.submitted))

    def tail(self, lines=20):
        """The end of the dialogue, readable."""
        return "\n".join("%8.3f %s %r" % line
                         for line in list(self.dialogue)[-lines:])


# ---- as a program ----------------------------------------------------------

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

    @staticmethod
    def catch_signals():
        """A pipe that can be read once a signal has asked us to end.

        Not by an exception out of the handler: that would be late when the
        signal comes just before a read.
        """
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        return wake_read

    @staticmethod
    def read_lines(wake):
        """The lines of stdin, until it ends or there is a signal."""
        rest = b""
        while True:
            ready = select.select([0, wake], [], [])[0]
            octets = b"" if wake in ready else os.read(0, 65536)
            if not octets:
                return
            *lines, rest = (rest + octets).split(b"\n")
            for line in lines:
                yield line.decode("utf-8", "replace")

    def read_commands(self, wake):
        """Until "quit", or the end of what there is to read."""
        for line in self.read_lines(wake):
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
        wake = self.catch_signals()
        writer = threading.Thread(target=self.write_events, daemon=True)
        writer.start()
        with self.sim as sim:
            self.events.put({"event": "ready", "path": sim.path,
                             "symlink": sim.symlink})
            self.read_commands(wake)
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
