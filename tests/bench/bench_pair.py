#!/usr/bin/env python3
"""Two glasd on one database: what the second costs, and what it is good for.

Each has a link of its own with a crowd behind it (tests/lib/crowd.py).  In
each round, in a database of its own: one glasd has TEXTS texts as fast as it
takes them, and PACED at PACE a second; then both have as many each.  Processor
time is that until all is stored, answered, and known to be sent.

Then so many are answered once more, in one transaction and by no link in
particular, so that both claim all of these rows: none may be told twice.

At last one has LEFT replies to send and is killed in the midst of it.  The
other is to send what is left; then the first comes back.
"""

import collections
import contextlib
import os
import signal
import time

import measure
from cluster import Cluster
from crowd import CrowdOffice
from measure import median, scaled

TEXTS = scaled(17_000)          # of each crowd; three rounds have 100,000
PACED, PACE = scaled(4_000), 200
LEFT = max(1_000, scaled(10_000))     # more than it takes in hand at once
COST_BAR, RATE_BAR, AWAY_BAR_S = 1.2, 1.9, 30
NUMBER = "+3816%08d"
TEXT = "PRIJAVA POLICIJA VRANJE mrak u ulici broj %d"


class Pair:
    """One office, and one beside it that is not there yet."""

    def __init__(self, stack, cluster, database):
        self.cluster = cluster
        self.one = stack.enter_context(self.office("vranje", database))
        self.two = stack.enter_context(
            self.office("bujanovac", database, beside=self.one))
        self.people = 0

    def office(self, name, database, **more):
        return CrowdOffice(name=name, link=name, cluster=self.cluster,
                           database=database, keys="failover-after = 0\n",
                           **more)

    def write(self, office, texts):
        """So many write to it, each of them once and for the first time."""
        for _ in range(texts):
            self.people += 1
            office.crowd.text(NUMBER % self.people, TEXT % self.people)

    def told(self):
        """How often each person was told something."""
        return self.one.crowd.told() + self.two.crowd.told()

    def handed(self):
        """How often each reply was handed to a link; they have one segment."""
        times = collections.Counter()
        for office in (self.one, self.two):
            for mt, reply in list(office.crowd.replies.items()):
                times[mt] += 1 + reply.repeated
        return times

    def answer(self, people, link):
        """Answers so many in one transaction, so that nobody claims them by
        the link they had first; returns the ids of the replies."""
        rows = self.one.sql(
            "begin; create temporary table answered as"
            " select glas.reply(reference, 'Odgovor ' || txid_current())"
            " as id from"
            f" (select reference from glas.reports limit {people}) r;"
            f" update glas_data.outbox set link = {link}"
            " where id in (select id from answered); commit;"
            " select id from answered")
        return {int(row) for row in rows.split()}


class Load:
    """Texts through some offices: their rate, and processor time."""

    def __init__(self, pair, offices, texts, pace=None):
        self.texts = texts * len(offices)
        wanted = {office: len(office.crowd.replies) + texts
                  for office in offices}
        pair.cluster.psql("checkpoint")
        cpu = measure.CpuClock({
            **{office.process.pid: "glasd" for office in offices},
            **measure.postgres_processes(pair.cluster)})
        began = time.monotonic()
        for office in offices:
            office.crowd.pace, office.crowd.allowed_at = pace, began
            pair.write(office, texts)
        for office in offices:
            office.wait(lambda office=office: len(office.crowd.replies) >=
                        wanted[office], "reply to each text")
        self.rate = self.texts / (time.monotonic() - began)
        for office in offices:
            office.settle()
        self.used = cpu.stop()
        self.each_us = sum(self.used["glasd"]) * 1e6 / self.texts

    def say(self, bench, who):
        bench.note(f"{who}: {self.rate:.0f} texts/s; " +
                   measure.cpu_words(self.used, self.texts))


def load(bench, pair, offices, who):
    """As fast as they take it, and paced."""
    found = []
    for texts, pace in ((TEXTS, None), (PACED, PACE)):
        found.append(Load(pair, offices, texts, pace))
        found[-1].say(bench, who + (", paced" if pace else ""))
    return found


def claims(bench, pair):
    """Returns how many rows both could claim, and how many were told twice."""
    before = pair.handed()
    rows = pair.answer(2 * TEXTS, "null")
    began = time.monotonic()
    for office in (pair.one, pair.two):
        office.settle()
    after = pair.handed() - before
    shares = [len(rows & set(office.crowd.replies))
              for office in (pair.one, pair.two)]
    bench.note(f"{len(rows)} rows for both: {shares[0]} and {shares[1]}, "
               f"{len(rows) / (time.monotonic() - began):.0f}/s")
    if set(after) != rows or min(shares) == 0:
        bench.wrong(f"{len(rows)} rows for both, {len(after)} were handed "
                    f"over, {shares[0]} by one and {shares[1]} by the other")
    told = collections.Counter(pair.told().values())
    if told != {1: pair.people - len(rows), 2: len(rows)}:
        bench.wrong(f"{pair.people} people, {len(rows)} to be told another "
                    f"time, but so many were told so often: {dict(told)}")
    return len(rows), sum(n - 1 for n in pair.handed().values())


def kill_in_flight(office):
    """When it has replies in flight, which it has not at each moment."""
    pid = office.process.pid
    os.kill(pid, signal.SIGSTOP)
    while office.count("glas_data.outbox", "state = 'inflight'") == 0:
        os.kill(pid, signal.SIGCONT)
        time.sleep(measure.POLL_S)
        os.kill(pid, signal.SIGSTOP)
    office.kill()


def killed(bench, pair):
    """Returns seconds until the other had sent all that was left, how often
    most a reply was repeated that was in flight, and how many others were."""
    one, two = pair.one, pair.two
    before = len(one.crowd.replies)
    rows = pair.answer(LEFT, "'vranje'")
    one.wait(lambda: len(one.crowd.replies) - before >= LEFT // 4, "replies")
    kill_in_flight(one)
    died_at = time.monotonic()
    inflight = {int(id) for id in one.sql(
        "select id from glas_data.outbox where state = 'inflight'").split()}
    left = two.count("glas_data.outbox", "state = 'queued'")
    had = len(two.crowd.replies)
    two.wait(lambda: len(two.crowd.replies) >= had + left,
             "reply by the other")
    away_s = time.monotonic() - died_at
    one.begin()
    for office in (one, two):
        office.settle()
    handed = pair.handed()
    unknown = {int(id) for id in one.sql(
        "select id from glas_data.outbox where state = 'unknown'").split()}
    lost = rows - set(handed) - unknown
    if lost or unknown - inflight or not inflight or not left:
        bench.wrong(f"{len(inflight)} in flight and {left} left: {len(lost)}"
                    f" lost, {len(unknown - inflight)} more unknown")
    again = {mt: n - 1 for mt, n in handed.items() if n > 1 and mt in rows}
    bench.note(f"killed with {len(inflight)} in flight and {left} left, which"
               f" the other sent within {away_s:.1f} s; {len(again)} were"
               f" repeated, {len(unknown)} are unknown")
    return (away_s, max(again.values(), default=0), len(set(again) - inflight))


def run(bench):
    bench.title(f"Two glasd on one database: {measure.RUNS} rounds of {TEXTS} "
                f"texts each, and {PACED} at {PACE} a second")
    cost, paced_cost, rates, rows, twice, deaths = [], [], [], 0, 0, []
    with Cluster(settings={"shared_buffers": "128MB"}) as cluster:
        for number in range(measure.RUNS):
            with contextlib.ExitStack() as stack:
                pair = Pair(stack, cluster, f"pair{number}")
                pair.one.begin()
                one = load(bench, pair, [pair.one], "one")
                pair.two.begin()
                both = load(bench, pair, [pair.one, pair.two], "the pair")
                cost.append(both[0].each_us / one[0].each_us)
                paced_cost.append(both[1].each_us / one[1].each_us)
                rates.append(both[1].rate / one[1].rate)
                bench.note(f"ratios: cost {cost[-1]:.2f}, paced "
                           f"{paced_cost[-1]:.2f}; rate {rates[-1]:.3f}")
                found = claims(bench, pair)
                rows, twice = rows + found[0], twice + found[1]
                deaths.append(killed(bench, pair))
    away_s, repeats, others = zip(*deaths)
    bench.figure("processor time a text, of one glasd's", median(cost),
                 COST_BAR, most=True)
    bench.figure("the same, paced", median(paced_cost), COST_BAR, most=True)
    bench.figure(f"texts/s at {PACE} a link, of one glasd's", median(rates),
                 RATE_BAR)
    bench.figure(f"told twice, of {rows} that both could claim", twice, 0,
                 most=True)
    bench.figure("until what a dead one left is sent", max(away_s),
                 AWAY_BAR_S, most=True, unit=" s")
    bench.figure("repeats of a reply that was in flight", max(repeats), 1,
                 most=True)
    bench.figure("repeats of others", sum(others), 0, most=True)


if __name__ == "__main__":
    measure.main(run)
