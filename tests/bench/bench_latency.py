#!/usr/bin/env python3
"""How long one text on an idle system waits for its reply.

With load_link, from the text on the link to the reply on the link, in units
of what one durable commit costs on that cluster (bare_commit, same run, after
equal pauses): the path has one commit, and no look at the context of somebody
new; the log is written meanwhile.  With the modem simulator, from the text on
the SIM to the reply in the modem's hands; what the modem and libgammu spend on
their dialogue, where libgammu sleeps 0.6 s in each submit, is told apart.
"""

import subprocess
import time

import measure
from bench_gateway import LIMITS, SETTINGS, LoadedOffice
from cluster import Cluster
from measure import median, percentile, scaled
from office import Office, program
from simmodem import SimModem

LINK_TEXTS = scaled(500)
MODEM_TEXTS = scaled(100)
MEDIAN_BAR, P99_BAR = 3, 10     # durable commits
MODEM_BAR_S = 1.0
STALLED_MAX = 6         # runs that tell of the disk, before it is given up
PAUSE_S = 0.3


# ---- the link ------------------------------------------------------------------

def commits(office, count):
    """What commits and round trips take, in microseconds."""
    done = subprocess.run(
        [measure.helper("bare_commit"), office.dsn("postgres"), str(count)],
        check=True, capture_output=True, text=True)
    times = {"commit": [], "trip": []}
    for line in done.stdout.splitlines():
        what, micros = line.split()
        times[what].append(int(micros))
    return times


def link_run(bench, cluster, name):
    """Median and p99 in commits, and the p99 of bare ones, which are measured
    before and after the texts."""
    with LoadedOffice(cluster, name, LINK_TEXTS, "single") as office:
        office.begin()
        units = commits(office, LINK_TEXTS // 2)
        office.go()
        office.wait_said("replied")
        for what, times in commits(office, LINK_TEXTS // 2).items():
            units[what] += times
        with open(office.report, encoding="ascii") as report:
            replies = [int(line.split()[1]) for line in report
                       if line.startswith("single ")]
        office.drop()
    commit, trip = median(units["commit"]), median(units["trip"])
    bare = percentile(units["commit"], .99)
    bench.note(
        f"a commit takes {commit:.0f} us (p99 {bare:.0f}), a round trip "
        f"{trip:.0f}; a reply {median(replies):.0f} us (p99 "
        f"{percentile(replies, .99):.0f})")
    return ((median(replies) - trip) / commit,
            (percentile(replies, .99) - trip) / commit, bare / commit)


def link(bench, cluster):
    """A run in which bare commits do not keep the bar themselves tells of the
    disk, which others use: another one takes its place, while there is hope."""
    runs, stalled = [], []
    while len(runs) < measure.RUNS and len(stalled) < STALLED_MAX:
        run = link_run(bench, cluster, f"link{len(runs) + len(stalled)}")
        (runs if run[2] <= P99_BAR else stalled).append(run)
    if stalled:
        bench.note(f"{len(stalled)} runs are left out: one bare commit in a "
                   f"hundred took as long as {P99_BAR} others, or longer")
    runs = runs or stalled
    bench.figure("from text to reply on a link, less a round trip, median",
                 median([run[0] for run in runs]), MEDIAN_BAR, most=True,
                 unit=" commits")
    bench.figure("from text to reply on a link, less a round trip, p99",
                 median([run[1] for run in runs]), P99_BAR, most=True,
                 unit=" commits")


# ---- the modem -----------------------------------------------------------------

class Sample:
    """One text through the simulated modem, by the modem's clock."""

    def __init__(self, sim, number):
        lines = len(sim.dialogue)
        sent = len(sim.submitted)
        began = time.monotonic() - sim._started_at
        sim.deliver("+38164%07d" % number,
                    f"PRIJAVA POLICIJA VRANJE ulica {number}")
        sim.wait_submitted(sent + 1)
        self.total = time.monotonic() - sim._started_at - began
        dialogue = list(sim.dialogue)[lines:]
        # The answer to the listing or reading holds the text; the next thing
        # that is said to the modem comes from the side of the host.
        self.read = next((at for at, mark, said in dialogue
                          if "+CMGL:" in said or "+CMGR:" in said), began)
        self.submit = next((at for at, mark, said in dialogue
                            if said.startswith("AT+CMGS")), began)
        self.to_read = self.read - began
        self.host = self.submit - self.read
        sim.wait_empty()
        time.sleep(PAUSE_S)


def modem(bench, cluster):
    with SimModem() as sim, Office(
            cluster=cluster, database="modem", settings=SETTINGS,
            limits=LIMITS, sections=(
                f"[modem sim]\ncommand = {program('glas-modem')}\n"
                f"device = {sim.path}\nconnection = at115200\n"
                "report = no\n")) as office:
        office.init()
        office.start()
        office.wait_status(
            lambda status: any(link["state"] == "ready"
                               for link in status.get("links", ())),
            "a modem that is ready")
        time.sleep(1)
        samples = [Sample(sim, number) for number in range(MODEM_TEXTS)]
        office.stop()
    for what, values in (
            ("from the SIM to the reply in the modem",
             [sample.total for sample in samples]),
            ("of that until the text was read",
             [sample.to_read for sample in samples]),
            ("of that until the reply was begun",
             [sample.host for sample in samples])):
        bench.note(f"{what}: median {median(values) * 1000:.0f} ms, p99 "
                   f"{percentile(values, .99) * 1000:.0f} ms")
    bench.figure("from text to reply with a modem, p99",
                 percentile([sample.total for sample in samples], .99),
                 MODEM_BAR_S, most=True, unit=" s")


def run(bench):
    bench.title(f"Latency: {LINK_TEXTS} texts on a link, {MODEM_TEXTS} on a "
                "modem, one by one")
    bench.note(f"{SETTINGS}, limits lifted: {LIMITS}")
    with Cluster(settings={"shared_buffers": "128MB"}) as cluster:
        link(bench, cluster)
        modem(bench, cluster)


if __name__ == "__main__":
    measure.main(run)
