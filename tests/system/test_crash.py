#!/usr/bin/env python3
"""Nothing lost, nothing twice: the real programs, killed, refused, cut off and
starved at chosen and at random moments of a load of texts.  A few rounds of
each kind; `make torture` runs many.  What is counted, and how, is in
tests/lib/crash.py.

The seed of a run is printed; GLAS_SEED gives it again.
"""

import glob
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import crash  # noqa: E402
import smalldisk  # noqa: E402
from cluster import Cluster, children_of, send_signal  # noqa: E402
from crash import CrashOffice  # noqa: E402
from office import program, wait_for  # noqa: E402
from pgproxy import PgProxy  # noqa: E402

SEED = int(os.environ.get("GLAS_SEED") or random.randrange(1 << 30))
STRACE = shutil.which("strace")


def setUpModule():
    global CLUSTER
    print(f"GLAS_SEED={SEED}", file=sys.stderr)
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


class CrashTest(unittest.TestCase):
    settings = {}

    def setUp(self):
        if not CLUSTER.running:
            CLUSTER.start()
        self.office = CrashOffice(
            seed=SEED, cluster=CLUSTER, database=f"glas{id(self)}",
            settings=self.settings)
        self.addCleanup(self.office.close)

    def begin(self, **environment):
        self.office.start(**environment)
        self.office.wait_database()
        self.office.wait_link()

    def check(self):
        self.office.settle()
        figures = self.office.figures()
        self.assertEqual(figures.faults(), [], figures)
        self.assertLessEqual(figures.repeated, figures.inside)


class Orphans(CrashTest):
    """No link outlives glasd, whatever it is about.  The modem has no second
    one that could open its port meanwhile."""

    DEADLINE_MS = 3000

    def links(self):
        """Its children, and theirs."""
        found = children_of(self.office.process.pid)
        for pid in found:
            found += children_of(pid)
        return found

    def assert_none_is_left(self, within_s=5):
        pids = self.links()
        self.assertTrue(pids)
        self.addCleanup(lambda: [send_signal(pid, signal.SIGKILL)
                                 for pid in pids
                                 if not self.office._is_dead(pid)])
        self.office.kill()
        wait_for(lambda: all(map(self.office._is_dead, pids)), within_s,
                 f"an end of {pids}")

    def run_instead(self, *lines):
        """The program of the link is this script."""
        with open(self.office.modem, "w", encoding="ascii") as script:
            script.write("\n".join(("#!/bin/sh", *lines, "")))
        os.chmod(self.office.modem, 0o755)

    def run_below(self):
        """Starts of glas-modem are by a shell, which stays its parent."""
        with open(self.office.modem, encoding="ascii") as script:
            lines = script.read().splitlines()[1:-1]
        self.run_instead(*lines, f"export LD_PRELOAD; {program('glas-modem')}",
                         "exit $?")

    def hang(self):
        """It waits for the modem to take a text."""
        self.office.sim.fault("lose", match="AT+CMGS=", executed=False)
        self.office.feed(1)
        self.office.sim.wait_command("AT+CMGS=", 1, 30)

    def test_none_is_left_whatever_it_was_about(self):
        self.run_instead(f"exec {shutil.which('sleep')} 600")
        self.office.start()
        wait_for(self.links, what="a link that has not begun")
        self.assert_none_is_left()

        self.office.modem_runner()
        self.office.sim.fault("mute")
        self.office.start()
        wait_for(lambda: self.office.sim.opened, what="no answer to AT")
        self.assert_none_is_left()

        self.office.sim.clear("mute")
        self.begin()
        self.assert_none_is_left()

        self.begin()
        send_signal(self.office.modem_pid(), signal.SIGSTOP)
        self.assert_none_is_left()

        self.begin()
        self.hang()
        self.assert_none_is_left()

    def test_nor_one_whose_parent_is_not_glasd(self):
        self.run_below()
        self.office.sections += f"deadline-send = {self.DEADLINE_MS}\n"
        self.office.write_conf()
        self.begin()
        self.assertEqual(len(self.links()), 2)
        self.assert_none_is_left()

        # It hears of that behind its call, which has a deadline of its own.
        self.begin()
        self.hang()
        self.assert_none_is_left(within_s=30)


class Kills(CrashTest):
    def test_kills_at_random_moments_lose_nothing(self):
        self.begin()
        crash.storm(self.office, 2 * len(crash.KINDS), 8)
        self.check()

    def test_what_the_modem_has_not_read_when_glasd_dies_is_of_that_kill(self):
        """Of the count itself: the text before it is stored, and excuses no
        repeat."""
        self.begin()
        self.office.feed(1, crash.CALM)
        self.office.settle()
        self.office.feed(1, crash.CALM)
        sim = self.office.sim
        with sim.at_once():         # it reads nothing while we are in here
            sim.wait_until(lambda: sim.times_told("AT+CMGS=") == 2, 30)
            wait_for(lambda: sim.unread() > 40, what="a PDU in the line")
            time.sleep(0.2)
            self.assertEqual(len(sim.submitted), 1)
            self.office.strike("glasd")
        self.office.revive()
        self.check()
        self.assertEqual(self.office.figures().repeated, 1)

    def test_a_start_with_texts_in_the_log_and_new_ones_passes_none_over(self):
        self.begin()
        CLUSTER.stop()
        self.office.wait_database("away")
        self.office.feed(10)
        self.office.sim.wait_empty(60)
        self.office.strike("glasd")
        self.office.feed(5)
        CLUSTER.start()
        self.office.start()
        self.check()


@unittest.skipUnless(STRACE, "no strace: apt-get install strace")
class Injected(CrashTest):
    """One call of the system after another ends the program, or fails."""

    def strike(self, part, how):
        """Each of CALLS that is made, at a random number of it; at the first
        where it was not made so often this time."""
        calls = crash.count_calls(self.office, part, 3)
        for call in filter(calls.get, crash.CALLS[part]):
            when = self.office.random.randrange(1, calls[call] + 1)
            if not self.struck(part, call, how, when):
                self.assertTrue(self.struck(part, call, how, 1), call)
        self.office.start()
        self.check()

    def struck(self, part, call, how, when):
        """Of a start with an empty log, as the one that was counted: some
        calls are made in no other."""
        # Another instance would have to wait until this one's lease is over.
        for path in glob.glob(self.office.path("spool", "*")):
            if os.path.basename(path) != "instance":
                (shutil.rmtree if os.path.isdir(path) else os.remove)(path)
        # An office that came to a stand says nothing of the next call.
        try:
            return crash.inject(self.office, part, call, how, when, 3)
        except AssertionError as error:
            raise AssertionError(f"{how} at {call} number {when} of "
                                 f"{part}: {error}") from None

    def test_glasd_is_killed_at_its_calls(self):
        self.strike("glasd", "KILL")

    def test_calls_of_glasd_fail(self):
        self.strike("glasd", "EIO")

    def test_calls_of_glasd_find_no_room(self):
        self.strike("glasd", "ENOSPC")

    def test_glas_modem_is_killed_at_its_calls(self):
        self.strike("glas-modem", "KILL")

    def test_calls_of_glas_modem_fail(self):
        self.strike("glas-modem", "EIO")

    def test_calls_of_glas_modem_find_no_room(self):
        self.strike("glas-modem", "ENOSPC")

    def test_nothing_is_let_go_while_no_sync_succeeds(self):
        self.office.runner = crash.strace(
            self.office.path("calls"),
            ("-e", "trace=fdatasync", "-e",
             "inject=fdatasync:error=EIO:when=3+"))
        self.begin(ASAN_OPTIONS="detect_leaks=0")
        self.office.runner = ()
        self.office.feed(1)
        self.office.wait_status(
            lambda s: "spool-failing" in {a["name"] for a in s["alerts"]},
            "a failing spool", 60)
        gone = len(self.office.sim.deleted)
        self.office.feed(5)
        self.office.sim.wait_command("AT+CMGL", 2, 60)
        self.assertEqual(len(self.office.sim.deleted), gone)
        self.office.strike("glasd")
        self.office.start()
        self.office.settle()
        figures = self.office.figures()
        # What went out while no result could be written may go out again.
        figures.unexcused.clear()
        self.assertEqual(figures.faults(), [], figures)


class Cut(CrashTest):
    """The connection ends between COMMIT and its answer."""

    def test_a_text_whose_answer_is_lost_is_stored_and_answered_once(self):
        proxy = PgProxy(CLUSTER, self.office.path("proxy"))
        self.addCleanup(proxy.close)
        self.office.settings["database"] = proxy.dsn(self.office.database,
                                                     "glasd")
        self.office.write_conf()
        self.begin()
        for _ in range(5):
            crash.cut_after_commit(self.office, proxy, 3)
        self.check()


class ServerDisk(unittest.TestCase):
    ROOM_MIB = 60       # beside what is there at first

    def small(self, cluster):
        """All that the server writes is on a small file system from here on;
        false where none can be mounted."""
        kept = cluster.data + ".kept"
        size = int(subprocess.run(["du", "-sm", cluster.data], text=True,
                                  capture_output=True, check=True)
                   .stdout.split()[0]) + self.ROOM_MIB
        owner = os.stat(cluster.data)
        os.rename(cluster.data, kept)
        os.mkdir(cluster.data)
        if not smalldisk.mounted(cluster.data, f"{size}m"):
            return False
        self.addCleanup(smalldisk.unmount, cluster.data)
        self.addCleanup(cluster.stop, "immediate")
        os.chown(cluster.data, owner.st_uid, owner.st_gid)
        subprocess.run(["cp", "-a", kept + "/.", cluster.data], check=True)
        return True

    def test_a_full_disk_of_the_server_loses_nothing(self):
        cluster = self.enterContext(Cluster(fsync=False))
        cluster.stop()
        if not self.small(cluster):
            self.skipTest("cannot mount a small file system: run as root")
        cluster.start()
        office = CrashOffice(seed=SEED, cluster=cluster)
        self.addCleanup(office.close)
        office.start()
        office.wait_database()
        office.wait_link()
        office.feed(5)
        office.settle()
        smalldisk.fill(cluster.data)
        while office.status()["database"] != "away":
            self.assertLess(len(office.texts), 2000)
            office.feed(1)
            # Status reports come all the time.
            wait_for(lambda: office.sim.waiting() + office.sim.stored() < 5,
                     60, "a SIM that is all but empty")
        office.feed(1, [form for form in crash.FORMS
                        if crash.DANGER in form[1]])
        wait_for(lambda: any(
            submit.recipient == office.texts[-1].number
            for submit in office.sim.submitted), 60, "the danger text")
        smalldisk.empty(cluster.data)
        office.revive()         # where it ended for want of room
        office.settle(len(office.texts))
        figures = office.figures()
        self.assertEqual(figures.faults(), [], figures)


class Spool(CrashTest):
    def setUp(self):
        super().setUp()
        self.spool = self.office.path("spool")

    def test_a_full_disk_keeps_texts_in_the_modem_until_there_is_room(self):
        if not smalldisk.mounted(self.spool, "48m"):
            self.skipTest("cannot mount a small file system: run as root")
        self.addCleanup(smalldisk.unmount, self.spool)
        self.begin()
        self.office.feed(5)
        self.office.settle()
        CLUSTER.stop()
        self.office.wait_database("away")
        smalldisk.fill(self.spool)
        # The segment of today has room; that of another day finds none.
        self.office.move_clock(24 * 3600)
        self.office.feed(5)
        self.office.wait_status(
            lambda s: "spool-full" in {a["name"] for a in s["alerts"]},
            "a full spool", 60)
        gone = len(self.office.sim.deleted)
        self.office.feed(5)
        self.office.sim.wait_command(
            "AT+CMGL", self.office.sim.times_told("AT+CMGL") + 3, 60)
        self.assertEqual(len(self.office.sim.deleted), gone)
        smalldisk.empty(self.spool)
        self.office.sim.wait_empty(60)
        CLUSTER.start()
        self.check()

    def test_a_spool_directory_that_vanishes_is_made_anew(self):
        self.begin()
        self.office.feed(3)
        self.office.settle()
        shutil.rmtree(self.spool)
        self.office.feed(10)
        self.check()
        self.office.feed(5)
        CLUSTER.stop()
        self.office.sim.wait_empty(60)
        self.office.strike("glasd")
        CLUSTER.start()
        self.office.start()
        self.check()

    def test_a_torn_tail_is_cut_and_what_was_acked_is_kept(self):
        self.begin()
        CLUSTER.stop()
        self.office.wait_database("away")
        self.office.feed(10)
        self.office.sim.wait_empty(60)
        self.office.strike("glasd")
        newest = max(name for name in os.listdir(self.spool)
                     if name.startswith("log."))
        with open(os.path.join(self.spool, newest), "r+b") as log:
            octets = log.read()
            end = (len(octets.rstrip(b"\0")) + 7) // 8 * 8
            log.seek(end)
            log.write(octets[4096:4096 + 150])      # half a record
        CLUSTER.start()
        self.office.start()
        self.check()

    def test_a_clock_that_jumps_both_ways_loses_nothing(self):
        self.begin()
        for hours in (5, -7, 30, -26, 0):
            self.office.move_clock(hours * 3600)
            self.office.feed(4)
            self.office.settle()
        self.office.move_clock(9 * 3600)
        self.office.feed(4)
        self.office.strike("glasd")
        self.office.move_clock(-9 * 3600)
        self.office.start()
        self.check()


if __name__ == "__main__":
    unittest.main()
