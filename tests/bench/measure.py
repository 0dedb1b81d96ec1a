#!/usr/bin/env python3
"""What the benchmarks share: figures beside their bars, time of processes.

A benchmark is a program bench_*.py with a function run(bench).  Each figure
is a ratio with a bar, and the median of some runs; a figure below its bar
makes the program end with 1.  Under run.py all figures come once more in a
summary at the end.
"""

import os
import statistics
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
sys.path.insert(0, os.path.join(SRC_DIR, "tests", "lib"))

RUNS = int(os.environ.get("GLAS_BENCH_RUNS", "3"))
# A tenth of the work for a look at the desk; bars are meant for all of it.
SCALE = float(os.environ.get("GLAS_BENCH_SCALE", "1"))
TICKS = os.sysconf("SC_CLK_TCK")
POLL_S = 0.02
DEADLINE_S = 600


def scaled(number):
    return max(1, int(number * SCALE))


def helper(name):
    """A program of this directory, in the build tree."""
    return os.path.join(BUILD_DIR, "tests", "bench", name)


class Bench:
    """The figures of one benchmark."""

    def __init__(self):
        self.lines = []
        self.failed = False

    @staticmethod
    def say(text):
        print(text, flush=True)

    def note(self, text):
        self.say("    " + text)

    def title(self, text):
        self.say("\n" + text)

    def record(self, line):
        self.lines.append(line)
        self.say(line)

    def skip(self, what, why):
        self.record(f"SKIP  {what}: {why}")

    def figure(self, what, value, bar, *, most=False, aim=None, unit=""):
        """A figure that is to be at least its bar, or at most."""
        well = value <= bar if most else value >= bar
        goal = "" if aim is None else f", aim {aim:g}"
        self.record(f"{'ok   ' if well else 'BELOW'} {what}: "
                    f"{value:.3g}{unit} (bar {'<=' if most else '>='} "
                    f"{bar:g}{unit}{goal})")
        self.failed = self.failed or not well

    def wrong(self, what):
        """A result that makes all figures void."""
        self.record(f"WRONG {what}")
        self.failed = True

    def end(self):
        path = os.environ.get("GLAS_BENCH_SUMMARY")
        if path:
            with open(path, "a", encoding="utf-8") as summary:
                summary.writelines(line + "\n" for line in self.lines)
        return 1 if self.failed else 0


def main(run):
    bench = Bench()
    try:
        run(bench)
    except Exception as problem:    # whatever it was, the others go on
        traceback.print_exc()
        name = os.path.basename(sys.argv[0])
        bench.wrong(f"{name}: {type(problem).__name__}: "
                    f"{str(problem).splitlines()[0] if str(problem) else ''}")
    sys.exit(bench.end())


def median(values):
    return statistics.median(values)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def wait_for(condition, what, timeout_s=DEADLINE_S):
    """Waits without costing much; what is timed has its own clock."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        time.sleep(POLL_S)


# ---- processes ---------------------------------------------------------------

def process_children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children",
                  encoding="ascii") as children:
            return [int(child) for child in children.read().split()]
    except OSError:
        return []


def process_status(pid, name):
    """A number of /proc/PID/status."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        for line in status:
            if line.startswith(name + ":"):
                return int(line.split()[1])
    raise AssertionError(f"no {name} of process {pid}")


def peak_mib(pid):
    return process_status(pid, "VmHWM") / 1024


def process_cpu(pid):
    """(user, system) seconds; none when it has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return (0.0, 0.0)
    return (int(fields[11]) / TICKS, int(fields[12]) / TICKS)


def process_title(pid):
    """How it calls itself; empty when it has ended."""
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8",
                  errors="replace") as line:
            return line.read()
    except OSError:
        return ""


def postgres_processes(cluster):
    """{pid: what it is}: backends by that name, the others as `postgres`."""
    return {pid: "postgres backend" if "[local]" in process_title(pid)
            else "postgres"
            for pid in (cluster.pid, *process_children(cluster.pid))}


class CpuClock:
    """Time that processes use between its making and stop()."""

    def __init__(self, processes):
        self.processes = processes          # {pid: name}
        self.began = {pid: process_cpu(pid) for pid in processes}

    def stop(self):
        """{name: (user, system)}"""
        used = {}
        for pid, name in self.processes.items():
            now = process_cpu(pid)
            before = used.get(name, (0.0, 0.0))
            used[name] = tuple(
                max(0.0, before[n] + now[n] - self.began[pid][n])
                for n in (0, 1))
        return used


def cpu_words(used, texts):
    return "; ".join(
        f"{name} {user + system:.2f} s (user {user:.2f}, system {system:.2f}"
        f"; {(user + system) * 1e6 / texts:.0f} us a text)"
        for name, (user, system) in used.items())
