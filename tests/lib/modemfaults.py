#!/usr/bin/env python3
"""Random faults of one modem of three, through all programs.

An office with three simulated modems, all busy: what is answered on each is
followed by the next text.  First nothing is wrong, then one modem has one
fault after the other, of every kind, while the others must go on as before.
At the end every text must be in the inbox once.

python3 tests/lib/modemfaults.py --faults 500 [--seed N] [--full-length]

prints what came out and exits with 0 when the bars are met: nothing lost,
nothing stored twice, the other two at 80 % of their rate or more.
"""

import argparse
import collections
import contextlib
import os
import random
import signal
import sys
import threading
import time

import pdu
from cluster import Cluster, ClusterError, children_of
from office import NO_LIMITS, Office, program, wait_for
from simmodem import PDU_STAGE, SimModem

PROGRAM = os.environ.get("GLAS_MODEM") or program("glas-modem")
QUICK = {"poll": 500, "back-off": 1000, "rest": 2000,
         "deadline-init": 12000, "deadline-list": 3000,
         "deadline-delete": 3000, "deadline-send": 6000,
         "deadline-ussd": 3000, "deadline-status": 3000}
COMMANDS = ("AT+CMGL", "AT+CMGD", "AT+CMGS=", "AT+CPMS", "AT+CSQ", "AT+CREG",
            "AT+CMGR", PDU_STAGE)
CAUSES = (1, 10, 21, 30, 38, 41, 42, 208, 302, 322, 331, 500)
BUSY = 3                    # texts of a modem that wait for their answer
BASELINE_S = 40
FULL_LENGTH = 25            # times as long as the faults for short deadlines
SETTLE_S = 600


class Load:
    """Keeps a modem busy: a few texts at a time, one more for each that was
    answered."""

    def __init__(self, name, sim, first):
        self.name, self.sim, self.next = name, sim, first
        self.texts = []
        self.stopped = False

    def feed(self):
        """Delivers what there is room for."""
        sim = self.sim
        while (not self.stopped and sim.waiting() + sim.stored() < BUSY
               and len(self.texts) - self.answered() < 4 * BUSY):
            text = f"PRIJAVA rupa Vranje {self.next}"
            sim.deliver(f"+38164{self.next:07d}", text, scts=pdu.NO_TIME)
            self.texts.append(text)
            self.next += 1

    def answered(self):
        """How many different people have had their answer."""
        return len({submit.recipient for submit in list(self.sim.submitted)})


class Faults:
    """What can happen to a modem; each method lets one thing happen and sees
    to it that it ends."""

    def __init__(self, sim, office, seed, scale):
        self.sim, self.office, self.scale = sim, office, scale
        self.random = random.Random(seed)
        self.counts = collections.Counter()
        self.crooked = []       # PDUs that nothing can read

    def pause(self, least=0.3, most=4.0):
        """A while in which the fault lasts."""
        time.sleep(self.random.uniform(least, most) * self.scale)

    def standing(self, name, most=4.0, **more):
        """A fault that is ordered, lasts, and is cleared."""
        self.sim.fault(name, **more)
        self.pause(most=most)
        self.sim.clear(name)

    def once(self, name, **more):
        """A fault that strikes once or twice, if it can."""
        self.standing(name, match=self.random.choice(COMMANDS),
                      count=self.random.randint(1, 2), most=6.0, **more)

    def mute(self):
        self.standing("mute", most=8.0)

    def stop_reading(self):
        self.standing("stop_reading", most=6.0)

    def full(self):
        self.standing("full")

    def deaf(self):
        self.standing("deaf")

    def garbage(self):
        self.standing("garbage", interval_s=0.05,
                      size=self.random.randint(1, 200))

    def flood(self):
        self.standing("urc_flood", interval_s=0.02)

    def refuse(self):
        self.once("refuse",
                  error=f"+CMS ERROR: {self.random.choice(CAUSES)}")

    def lose(self):
        self.once("lose", executed=self.random.random() < 0.5)

    def slow(self):
        self.once("slow", delay_s=self.random.uniform(0.5, 3))

    def half(self):
        self.once("half", delay_s=self.random.choice((None, 1)))

    def pieces(self):
        self.once("pieces", delay_s=0.02)

    def inject(self):
        self.once("inject", text="\r\n^WHO KNOWS: 1\r\n")

    def empty_answer(self):
        self.once("replace", text="\r\nOK\r\n")

    def unplug(self):
        self.sim.unplug()
        self.pause()
        self.sim.replug()
        self.pause(2, 6)

    def unplug_in_mid_command(self):
        self.sim.fault("unplug", self.random.choice(COMMANDS), 1,
                       executed=self.random.random() < 0.5)
        self.pause(1, 5)
        self.sim.clear("unplug")
        if not self.sim.plugged:
            self.sim.replug()

    def sim_removed(self):
        self.sim.lock_sim("NOT INSERTED")
        self.pause()
        self.sim.lock_sim("READY")
        self.sim.clear("full")          # what waited is handed over

    def not_registered(self):
        self.sim.registered = self.random.choice((0, 2, 3))
        self.pause()
        self.sim.registered = 1

    def crooked_text(self):
        for _ in range(self.random.randint(1, 3)):
            self.crooked.append(pdu.deliver(
                "+381651111111", f"x{len(self.crooked)}", raw={"first": 7}))
            self.sim.deliver_pdu(self.crooked[-1])
        self.pause()

    def storm_of_reports(self):
        for _ in range(self.random.randint(5, 40)):
            self.sim.deliver_pdu(pdu.status_report(
                "+381641111111", self.random.randrange(256)))
        self.pause()

    def call(self):
        self.sim.ring("+381642222222", rings=2)
        self.pause()

    def killed(self):
        for pid in children_of(self.office.process.pid):
            with contextlib.suppress(OSError):
                if self.has_open(pid):
                    os.kill(pid, self.random.choice((signal.SIGKILL,
                                                     signal.SIGTERM)))
        self.pause()

    def has_open(self, pid):
        """Has that process our modem open?"""
        fds = f"/proc/{pid}/fd"
        return any(os.readlink(os.path.join(fds, fd)) == self.sim.path
                   for fd in os.listdir(fds))

    KINDS = (mute, stop_reading, full, deaf, garbage, flood, refuse, lose,
             slow, half, pieces, inject, empty_answer, unplug,
             unplug_in_mid_command, sim_removed, not_registered,
             crooked_text, storm_of_reports, call, killed)

    def happen(self, number):
        """The first faults are one of each kind."""
        kind = (self.KINDS[number] if number < len(self.KINDS)
                else self.random.choice(self.KINDS))
        self.counts[kind.__name__] += 1
        kind(self)


class Storm:
    """The office, its modems and what is counted."""

    def __init__(self, cluster, faults, seed, full_length):
        deadlines = {} if full_length else QUICK
        self.stack = contextlib.ExitStack()
        self.office = Office(cluster=cluster, database=f"storm{os.getpid()}",
                             limits=NO_LIMITS)
        self.stack.callback(self.office.close)
        self.number = faults
        self.loads = []
        sections = ""
        for n, name in enumerate(("bad", "one", "two")):
            path = self.office.path(name)
            sim = self.stack.enter_context(SimModem(
                symlink=path, seed=seed, name=name, report_delay_s=0.2,
                imsi=f"22001987654321{n}"))
            self.loads.append(Load(name, sim, 1_000_000 * (n + 1)))
            sections += (f"[modem {name}]\ncommand = {PROGRAM}\n"
                         f"device = {path}\n" + "".join(
                             f"{key} = {value}\n"
                             for key, value in deadlines.items()))
        self.office.sections = sections
        self.office.init()
        self.office.start()
        self.office.wait_database()
        self.office.wait_status(
            lambda s: all(link["state"] == "ready" for link in s["links"]),
            "three modems")
        self.faults = Faults(self.loads[0].sim, self.office, seed,
                             FULL_LENGTH if full_length else 1)

    def close(self):
        self.stack.close()

    def feed(self, stop):
        """In a thread of its own, until told to stop."""
        while not stop.wait(0.05):
            for load in self.loads:
                load.feed()

    def healthy(self):
        """What the two other modems have answered."""
        return sum(load.answered() for load in self.loads[1:])

    def rate(self, do):
        """Answers a second of the two others while something is done."""
        before, since = self.healthy(), time.monotonic()
        do()
        return (self.healthy() - before) / (time.monotonic() - since)

    def run(self, baseline_s, progress=lambda words: None, deadline=None):
        """Returns what is to be printed; no fault begins past the deadline.
        """
        stop = threading.Event()
        feeder = threading.Thread(target=self.feed, args=(stop,))
        feeder.start()
        try:
            self.rate(lambda: time.sleep(5))            # all are under way
            without = self.rate(lambda: time.sleep(baseline_s))

            def all_faults():
                for n in range(self.number):
                    if deadline and time.monotonic() > deadline:
                        break
                    self.faults.happen(n)
                    progress(f"{n + 1} of {self.number}")
            among = self.rate(all_faults)
        finally:
            stop.set()
            feeder.join()
        self.loads[0].sim.clear()
        return {"rate_without": without, "rate_among": among,
                **self.settle()}

    def stored(self):
        """Text -> how often it is in the inbox."""
        return collections.Counter(self.office.sql(
            "select text from glas.inbox where channel = 'sms'").splitlines())

    def story(self, text):
        """What the modem said of a text that is there twice."""
        rows = self.office.sql("select id, link, received_at from glas.inbox "
                               f"where text = '{text}'")
        return (text, rows.splitlines())

    def crooked_lost(self):
        """Those that are not in quarantine, octet by octet."""
        shown = "".join(
            self.office.glasctl("quarantine", "show", "--unmasked",
                                id).stdout
            for id in self.office.sql(
                "select id from glas.quarantine").splitlines())
        return sum(crooked.lower() not in shown.lower().replace(" ", "")
                   for crooked in self.faults.crooked)

    def settle(self):
        """Waits until the modems are empty, then counts."""
        texts = [text for load in self.loads for text in load.texts]
        for load in self.loads:
            try:
                load.sim.wait_empty(SETTLE_S)
            except TimeoutError as late:
                raise AssertionError(f"{late}\n{self.office.status()}\n"
                                     f"{self.office.tail()}") from late
        try:
            wait_for(lambda: set(texts) <= set(self.stored()), 60, "all texts")
        except ClusterError as late:
            raise AssertionError(
                f"{late}: {sorted(set(texts) - set(self.stored()))[:10]}\n"
                f"{self.office.sql('select * from glas.quarantine')}\n"
                f"{self.office.tail()}") from late
        stored = self.stored()
        submitted = collections.Counter(
            submit.recipient for load in self.loads
            for submit in load.sim.submitted)
        return {
            "texts": len(texts),
            "lost": sum(text not in stored for text in texts),
            "twice": sum(times - 1 for times in stored.values()),
            "which": [self.story(text) for text, times in stored.items()
                      if times > 1],
            "crooked": len(self.faults.crooked),
            "crooked_lost": self.crooked_lost(),
            "quarantine": self.office.count("glas.quarantine"),
            "answered_twice": sum(times > 1 for times in submitted.values()),
            "unknown": self.office.count("glas.outbox",
                                         "state = 'unknown'"),
            "failed": self.office.count("glas.outbox", "state = 'failed'"),
            "restarts": {link["name"]: link["restarts"]
                         for link in self.office.status()["links"]},
            "resets": self.loads[0].sim.resets,
            "kinds": dict(self.faults.counts),
        }


def storm(cluster, faults, seed, full_length=False, baseline_s=BASELINE_S,
          progress=lambda words: None, deadline=None):
    """The whole of it."""
    with contextlib.closing(Storm(cluster, faults, seed, full_length)) as one:
        return one.run(baseline_s, progress, deadline)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full-length", action="store_true",
                        help="deadlines as they are by default, and faults "
                        "that outlast them")
    options = parser.parse_args()
    with Cluster() as cluster:
        came_out = storm(cluster, options.faults, options.seed,
                         options.full_length,
                         progress=lambda words: print(
                             "\r" + words, end="", file=sys.stderr))
    share = came_out["rate_among"] / came_out["rate_without"]
    print()
    for name, value in came_out.items():
        print(f"{name:15} {value}")
    print(f"{'share':15} {share:.2f}")
    sys.exit(came_out["lost"] or came_out["twice"] or share < 0.8
             or came_out["crooked_lost"])


if __name__ == "__main__":
    main()
