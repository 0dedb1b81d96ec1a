#!/usr/bin/env python3
"""What glasd and glas-modem cost while nobody writes.

One modem of the simulator is attached.  Wakes are voluntary context switches
of the process in a time, which a program that waits makes each time that it
is woken.
"""

import time

import measure
from bench_gateway import SETTINGS
from cluster import Cluster
from measure import median
from office import Office, program
from simmodem import SimModem

WATCH_S = 20
WAKES_BAR = 5
CPU_BAR = 0.5   # per cent of a core


def watch(pids):
    """{name: (wakes a second, per cent of a core)}"""
    def now():
        return {name: (
            measure.process_status(pid, "voluntary_ctxt_switches"),
            sum(measure.process_cpu(pid))) for name, pid in pids.items()}
    before, began = now(), time.monotonic()
    time.sleep(WATCH_S)
    after, seconds = now(), time.monotonic() - began
    return {name: ((after[name][0] - before[name][0]) / seconds,
                   100 * (after[name][1] - before[name][1]) / seconds)
            for name in pids}


def settled_office(cluster, sim):
    return Office(cluster=cluster, settings=SETTINGS, sections=(
        f"[modem sim]\ncommand = {program('glas-modem')}\n"
        f"device = {sim.path}\nconnection = at115200\n"))


def run(bench):
    bench.title(f"Idle: one modem, {WATCH_S} s")
    with Cluster() as cluster, SimModem() as sim, \
            settled_office(cluster, sim) as office:
        office.init()
        office.start()
        office.wait_status(
            lambda status: any(link["state"] == "ready"
                               for link in status.get("links", ())),
            "a modem that is ready")
        time.sleep(5)
        modem = measure.process_children(office.process.pid)[0]
        pids = {"glasd": office.process.pid, "glas-modem": modem}
        runs = [watch(pids) for _ in range(measure.RUNS)]
        for name in pids:
            bench.figure(f"wakes of an idle {name}",
                         median([run[name][0] for run in runs]), WAKES_BAR,
                         most=True, unit="/s")
            bench.figure(f"idle {name}, per cent of a core",
                         median([run[name][1] for run in runs]), CPU_BAR,
                         most=True, unit=" %")
        office.stop()


if __name__ == "__main__":
    measure.main(run)
