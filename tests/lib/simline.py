#!/usr/bin/env python3
"""The line of a simulated modem: pseudo-terminal, thread, timers, faults.

The lowest part of simmodem.py, which see.  It knows octets and deadlines;
what they mean is the business of simat.py, which builds on it.

Each line has one thread, asleep in select unless there is something to do,
and one lock: what the thread does and what other threads ask is done under
it, so nothing here may wait for anything but select.
"""

import collections
import contextlib
import ctypes
import errno
import fcntl
import functools
import heapq
import os
import random
import selectors
import struct
import termios
import threading
import time
import tty

# What a fault may be asked to match besides the beginning of a command: the
# PDU that follows the prompt of AT+CMGS.
PDU_STAGE = "PDU"

FAULTS = {
    "mute": "nothing is answered, what the host writes is thrown away",
    "stop_reading": "what the host writes is left in the line, which fills",
    "deaf": "the radio hears nothing: what arrives waits at the SMSC",
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
    "call": "action() is called, under the lock, before it is obeyed",
    "unplug": "the device goes away; executed=False: before it obeys",
}

OUT_LIMIT = 1 << 20


# Which termios does not name; of Linux, on most processors.
TIOCSPTLCK = 0x40045431
TIOCGPTN = 0x80045430


def open_terminal(folder=None):
    """A pseudo-terminal: its two ends, and the name of what a host opens; of
    the file system that is mounted there, or of our own."""
    if folder is None:
        master, slave = os.openpty()
        return master, slave, os.ttyname(slave)
    flags = os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC
    master = os.open(os.path.join(folder, "ptmx"), flags)
    number = struct.pack("i", 0)
    fcntl.ioctl(master, TIOCSPTLCK, number)
    number, = struct.unpack("i", fcntl.ioctl(master, TIOCGPTN, number))
    path = os.path.join(folder, str(number))
    return master, os.open(path, flags), path


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


class Line:
    """A device that comes and goes, and the faults ordered of it.

    A modem built on it supplies _pump(), which obeys what stands in `_in`,
    and _plugged_in(), called for a device that has come back.
    """

    def __init__(self, *, symlink=None, device_mode=0o666, seed=None,
                 dialogue_lines=20000, name="sim", terminals=None):
        self.name = name
        self.symlink, self.device_mode = symlink, device_mode
        self.terminals = terminals          # another /dev/pts than ours
        self.random = random.Random(seed)
        self.path = None
        self.dialogue = collections.deque(maxlen=dialogue_lines)
        self._changed = threading.Condition(threading.RLock())
        self._timers = []
        self._timer_ids = 0
        self._faults = []
        self._master = self._slave = self._watch = None
        self._open_files = self._opens = 0
        self._life = 0                      # answers of an earlier one die
        self._thread = None
        self._running = False
        self._wake_read = self._wake_write = None
        self._started_at = time.monotonic()
        self._power_up()

    def _power_up(self):
        """The state that a modem loses with its power."""
        self._life += 1
        self._in = bytearray()
        self._out = bytearray()

    def _pump(self):
        raise NotImplementedError

    def _plugged_in(self):
        raise NotImplementedError

    def _cleared(self):
        """Called when faults have ended."""

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

    @locked
    def replug(self):
        """Comes back as a new device."""
        self._unplug()
        self._power_up()
        self._plug()
        self._plugged_in()

    @property
    def plugged(self):
        """Is there a device?"""
        return self._master is not None

    @property
    def opened(self):
        """Has a host the device open?"""
        with self._changed:
            if self.plugged:
                self._count_hosts()
            return self._open_files > 0

    @property
    def opens(self):
        """How often a host has opened the device."""
        with self._changed:
            if self.plugged:
                self._count_hosts()
            return self._opens

    def unread(self):
        """How many octets of the host stand in the line."""
        return struct.unpack("i", fcntl.ioctl(
            self._master, termios.FIONREAD, bytes(4)))[0]

    @locked
    def take_in(self):
        """Obeys what a host has written by now, whatever the thread is at."""
        if self.plugged and not self._standing("stop_reading"):
            self._read_host()

    def _plug(self):
        self._master, self._slave, self.path = open_terminal(self.terminals)
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
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
                self._opens += 1
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
        if self._standing("mute"):
            return
        self._in += octets
        self._pump()

    # ---- what goes to the host --------------------------------------------

    def _emit(self, text):
        """Puts text on the line; it is lost when no host has it open."""
        octets = text.encode("latin-1") if isinstance(text, str) else text
        if not self.opened or self._standing("mute"):
            return
        if len(self._out) > OUT_LIMIT:      # a host that does not read
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

    # ---- faults -------------------------------------------------------------

    @locked
    def fault(self, name, match=None, count=None, chance=1.0, **arguments):
        """Orders a fault (the names are in FAULTS).

        `match` is how the command begins that it strikes, PDU_STAGE for what
        follows the prompt; None for any.  `count` is how often, None until
        cleared; until_reset=True ends it when the modem is reset.  `chance`
        is how likely, by the modem's own seed; `when` a function that says
        whether it strikes.  Returns the Fault; its `taken` says how often it
        did.
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
        self._cleared()

    def _standing(self, name):
        """Is such a fault in force?"""
        return any(fault.name == name and fault.left != 0
                   for fault in self._faults)

    def _take(self, name, command=""):
        """The fault that strikes now, counted, or None."""
        for fault in self._faults:
            if fault.name == name and fault.fits(command):
                if not fault.get("when", lambda: True)():
                    continue
                if fault.chance < 1 and self.random.random() >= fault.chance:
                    continue
                fault.use()
                return fault
        return None
