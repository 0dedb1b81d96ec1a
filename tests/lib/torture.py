#!/usr/bin/env python3
"""make torture, make soak: what test_crash.py and test_long.py do, many times
over.

torture.py [PART...] runs those parts, or all but the soak.  Each line is a
figure beside its bar.  It ends by itself: a part that has used up its time
stops where it is, says how far it came, and counts as missed when that is less
than half.  Exit status 1 when a bar was missed.

Limits and numbers come from the environment: GLAS_SEED, GLAS_TORTURE_S (for
each part, 1500), GLAS_TORTURE_SCALE (1; 0.1 is a tenth of the rounds).
"""

import os
import random
import shutil
import sys
import time

import crash
import longrun
from cluster import Cluster
from crash import CrashOffice
from pgproxy import PgProxy

SEED = int(os.environ.get("GLAS_SEED") or random.randrange(1 << 30))
PART_S = float(os.environ.get("GLAS_TORTURE_S") or 1500)
SCALE = float(os.environ.get("GLAS_TORTURE_SCALE") or 1)
KILLS, TEXTS_PER_KILL = 200, 10
EVERY, SCRIPT = 7, 20
CUTS = 200


class Missed(Exception):
    """A part that took too long."""


class Torture:
    """What was printed, and whether all of it was as it must be."""

    def __init__(self):
        self.missed = 0

    def line(self, what, figure, bar, well):
        """One figure beside its bar."""
        self.missed += not well
        print(f"{what:<60} {figure!s:>12}  bar: {bar:<18}"
              f" {'ok' if well else 'MISSED'}".rstrip(), flush=True)

    def figures(self, name, figures, done, wanted, late):
        """The figures of a part; half of it when its time ran out."""
        least = wanted // 2 if late else wanted
        self.line(f"{name}: rounds{', the time ran out' if late else ''}",
                  f"{done} of {wanted}", f">= {least}", done >= least)
        self.line(f"{name}: texts", figures.texts, "-", True)
        for what, found in (("lost", figures.lost),
                            ("stored twice", figures.twice),
                            ("not answered", figures.unanswered),
                            ("in quarantine", figures.refused),
                            ("repeated for no reason", figures.unexcused)):
            self.line(f"{name}: {what}", len(found), "0", not found)
            for each in found[:3]:
                print("   ", each)
        self.line(f"{name}: repeated inside a submit", figures.repeated,
                  f"<= {figures.inside}", figures.repeated <= figures.inside)
        self.line(f"{name}: unknown, and said so", figures.unknown,
                  f"<= {figures.inside}", figures.unknown <= figures.inside)


def kills(torture):
    """SIGKILL at random moments, each part in turn."""
    wanted, done = max(5, int(KILLS * SCALE)), [0]
    deadline = time.monotonic() + PART_S

    def report(n, _kind):
        done[0] = n
        if time.monotonic() > deadline:
            raise Missed
    with CrashOffice(seed=SEED) as office:
        office.start()
        office.wait_database()
        office.wait_link()
        try:
            crash.storm(office, wanted, TEXTS_PER_KILL, report)
        except Missed:
            office.settle(done[0] * TEXTS_PER_KILL)
        torture.figures("kills", office.figures(), done[0], wanted,
                        done[0] < wanted and time.monotonic() > deadline)


def points(office, part):
    """(call, number) of every seventh call of a script of texts."""
    calls = crash.count_calls(office, part, SCRIPT)
    step = max(1, int(EVERY / SCALE))
    return [(call, when) for call in crash.CALLS[part]
            for when in range(1, calls[call] + 1, step)]


def injections(torture, part, how):
    """One part ends, or is refused, at every seventh of its calls."""
    deadline = time.monotonic() + PART_S
    done = struck = 0
    with CrashOffice(seed=SEED) as office:
        wanted = points(office, part)
        office.random.shuffle(wanted)
        late = False
        for call, when in wanted:
            late = time.monotonic() > deadline
            if late:
                break
            struck += crash.inject(office, part, call, how, when, SCRIPT)
            done += 1
        # A start that finds a log makes fewer calls than the first one.
        torture.line(f"{how} in {part}: faults that struck", struck,
                     f">= {done // 3}", struck >= done // 3)
        torture.figures(f"{how} in {part}", office.figures(), done,
                        len(wanted), late)


def cuts(torture):
    """The connection ends between COMMIT and its answer."""
    wanted, done = max(2, int(CUTS * SCALE)), 0
    deadline = time.monotonic() + PART_S
    with CrashOffice(seed=SEED) as office:
        proxy = PgProxy(office.cluster, office.path("proxy"))
        office.settings["database"] = proxy.dsn(office.database, "glasd")
        office.write_conf()
        office.start()
        office.wait_database()
        office.wait_link()
        while done < wanted and time.monotonic() < deadline:
            crash.cut_after_commit(office, proxy, 3)
            done += 1
        late = done < wanted
        office.settle()
        torture.figures("cuts after COMMIT", office.figures(), done, wanted,
                        late)
        proxy.close()


def calls(torture):
    """All that strace can do."""
    if not shutil.which("strace"):
        print("SKIP: no strace: apt-get install strace")
        return
    for part in crash.CALLS:
        for how in ("KILL", *crash.ERRORS):
            injections(torture, part, how)


def long_run(test, **more):
    """A part out of one of longrun.py, in a cluster of its own."""
    def part(torture):
        with Cluster(settings={"shared_buffers": "128MB"},
                     fsync=False) as cluster:
            for each in test(cluster, SCALE, **more):
                torture.line(f"{test.__name__}: {each.what}", each.figure,
                             each.bar, each.well)
    return part


def timed(test):
    """One that stops when its time is over."""
    return lambda torture: long_run(
        test, seed=SEED, deadline=time.monotonic() + PART_S)(torture)


PARTS = {
    "kills": kills, "cuts": cuts, "calls": calls,
    "outage": long_run(longrun.outage),
    "machines": long_run(longrun.machines),
    "hostility": long_run(longrun.hostility, seed=SEED),
    "recovery": long_run(longrun.recovery),
    "faults": timed(longrun.faults),
    "soak": timed(longrun.soak),
}


def main():
    """The parts that are named, or all but the soak."""
    torture = Torture()
    names = sys.argv[1:] or [name for name in PARTS if name != "soak"]
    wrong = [name for name in names if name not in PARTS]
    if wrong:
        sys.exit(f"{wrong[0]}: not one of {', '.join(PARTS)}")
    print(f"GLAS_SEED={SEED}", flush=True)
    for name in names:
        try:
            PARTS[name](torture)
        except Exception as failure:    # the other parts go on
            print(failure)
            torture.line(f"{name}: came to its end", "no", "yes", False)
    print(f"{torture.missed} missed")
    sys.exit(torture.missed != 0)


if __name__ == "__main__":
    main()
