#!/usr/bin/env python3
"""Figures beside their bars, of long tests, and what a build can tell.

Memory is judged in a build without sanitizers, and what is `timed` in long
runs alone: a test that runs beside others does not know how fast it is.
"""

import dataclasses
import functools
import os
import re
import statistics
import time

from office import program

MIB = 1024                  # KiB
MEMORY_BAR = 32 * MIB
GROWTH_BAR = MIB            # of a life of glasd behind its warm-up
STOP_S = 120
REPORT = re.compile(r"ERROR: \w+Sanitizer|runtime error:")


@dataclasses.dataclass
class Figure:
    """What came out, what it has to be, and whether it is."""
    what: str
    figure: object
    bar: str
    well: bool
    timed: bool = False


class Figures(list):
    """Of one long test."""

    def none(self, what, found):
        """A list, or a number, of what must not be."""
        few = found if isinstance(found, int) else len(found)
        self.append(Figure(what, few, "0", not few))
        if not isinstance(found, int):
            self += [Figure("   " + repr(each)[:200], "", "", True)
                     for each in found[:3]]

    def most(self, what, number, bar, unit="", timed=False):
        """A number that may be so much."""
        self.append(Figure(what, short(number) + unit, f"<= {bar:g}{unit}",
                           number <= bar, timed))

    def least(self, what, number, bar, timed=False):
        """A number that has to be so much."""
        self.append(Figure(what, short(number), f">= {bar:g}",
                           number >= bar, timed))

    def note(self, what, number):
        """What has no bar."""
        self.append(Figure(what, short(number), "-", True))

    def skip(self, what, why):
        """What this machine or build cannot do."""
        self.append(Figure(what, "SKIP", why, True))

    def memory(self, what, kib, bar=MEMORY_BAR):
        """Of a release build; that of another is told."""
        if has_sanitizers():
            self.append(Figure(what, f"{short(kib / MIB)} MiB",
                               "- (sanitizers)", True))
        else:
            self.most(what, kib / MIB, bar / MIB, " MiB")

    def ended(self, office):
        """glasd has to end when it is told to, without a word of sanitizers,
        which look for leaks then."""
        status = office.stop(STOP_S)
        self.none("glasd: exit status", abs(status))
        self.none("glasd: faults of memory, leaks", REPORT.findall(
            office.tail(1 << 24)))


def short(number):
    """A number in a column."""
    return str(number) if isinstance(number, int) else f"{number:.3g}"


@functools.cache
def _has_words(words):
    with open(program("glasd"), "rb") as binary:
        return words in binary.read()


def has_sanitizers():
    """Was glasd built with them?"""
    return _has_words(b"__asan_init")


def has_test_clock():
    """Does the clock of glasd follow that of a test?"""
    return _has_words(b"GLAS_CLOCK_OFFSET")


class Growth:
    """Memory and descriptors of one life of glasd, looked at when it has
    nothing to do."""

    def __init__(self, office):
        self.office = office
        self.memory, self.descriptors = [], []

    def look(self):
        """Once more."""
        pid = self.office.process.pid
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            self.memory.append(next(int(line.split()[1]) for line in status
                                    if line.startswith("VmRSS:")))
        self.descriptors.append(min(self._count(pid) for _ in range(5)))

    @staticmethod
    def _count(pid):
        """One that asks for the state may be there just then."""
        time.sleep(0.1)
        return len(os.listdir(f"/proc/{pid}/fd"))

    def judge(self, figures):
        """The first quarter is warm-up; of the rest the end is compared with
        the beginning, by medians of thirds, and by the slope."""
        rest = self.memory[len(self.memory) // 4:]
        third = max(1, len(rest) // 3)
        figures.memory("glasd: peak memory", self.office.rss_kib())
        figures.memory("glasd: growth after its warm-up",
                       statistics.median(rest[-third:])
                       - statistics.median(rest[:third]), GROWTH_BAR)
        figures.memory("glasd: growth by its slope",
                       slope(rest) * len(rest), GROWTH_BAR)
        figures.most("glasd: more descriptors than at first",
                     min(self.descriptors[-third:])
                     - min(self.descriptors[:third]), 0)


def slope(values):
    """Of the straight line through values one apart."""
    if len(values) < 2:
        return 0
    return statistics.linear_regression(range(len(values)), values).slope
