#!/usr/bin/env python3
"""How long people at psql wait when an office is five years old.

10,000,000 texts, 3,000,000 reports and 1,000,000 people (years.sql). What a
person waits for (asked.py) is asked by a real psql of a role of theirs, 20
times; beside it stands the first time after a start of the server. What changes
something is rolled back. Then glasd takes 100 texts a second, without and with somebody who asks
for all of it again and again. At the end a month of words is let go of.
"""

import os
import re
import subprocess

import measure
from asked import ASKED, EXAMPLES, LOOKED, RARELY, unasked
from bench_gateway import LIMITS, SETTINGS, LoadedOffice
from cluster import Cluster
from measure import median, percentile, scaled

TEXTS = scaled(10_000_000)
REPORTS = scaled(3_000_000)
PEOPLE = scaled(1_000_000)
ROUNDS = 20
WAIT_BAR_MS = 200
RARE_BAR_S = 10
PACED = scaled(3000)        # texts, a hundred a second
SLOWER_BAR = 2
ROLES = {"mira": "caseworker", "kosta": "coordinator", "vera": "auditor",
         "oto": "operator", "petra": "press"}
SERVER = {"shared_buffers": "2GB", "max_wal_size": "16GB",
          "checkpoint_timeout": "30min", "maintenance_work_mem": "512MB"}
TIME = re.compile(r"^Time: ([0-9.]+) ms", re.M)

OF_SCHEMA = """
    select 'glas.' || proname from pg_proc
     where pronamespace = 'glas'::regnamespace
    union select 'glas.' || relname from pg_class
     where relnamespace = 'glas'::regnamespace and relkind = 'v'
"""


class Person:
    """A psql of a role, that times what it is asked."""

    def __init__(self, office, role):
        self.process = subprocess.Popen(
            [os.path.join(office.cluster.bindir, "psql"), "-X", "-q", "-v",
             "ON_ERROR_STOP=1", "-d", office.dsn(role)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        self.tell("\\pset pager off\n\\o /dev/null\n\\timing on\n")

    def tell(self, words):
        self.process.stdin.write(words)
        self.process.stdin.flush()

    def time_ms(self, statement):
        """What it took, of a transaction that leaves nothing."""
        self.tell("\\timing off\nbegin;\n\\timing on\n"
                  f"{statement};\n\\timing off\nrollback;\n")
        said = ""
        while not TIME.search(said):
            line = self.process.stdout.readline()
            if line == "" or "ERROR" in line:
                raise AssertionError(f"{statement}: {said}{line}")
            said += line
        return float(TIME.search(said).group(1))

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def people(office):
    return {role: Person(office, role) for role in ROLES}


def leave(everybody):
    for person in everybody.values():
        person.close()


def fill(bench, office):
    for role, kind in ROLES.items():
        office.glasctl("admin", "add", "--database", office.dsn("postgres"),
                       role, "Odbor 1", kind)
    subprocess.run(
        [os.path.join(office.cluster.bindir, "psql"), "-X", "-q", "-v",
         "ON_ERROR_STOP=1", "-v", f"people={PEOPLE}", "-v",
         f"reports={REPORTS}", "-v", f"texts={TEXTS}", "-f",
         os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "years.sql"), "-d", office.dsn("postgres")],
        check=True, stdout=subprocess.DEVNULL)
    bench.note("counted in " + office.sql(
        "select string_agg(name || ' ' || round(extract(epoch from took), 1)"
        " || ' s', ', ' order by took desc) from glas_data.counted"))
    bench.note("the database has " + office.sql(
        "select pg_size_pretty(pg_database_size(current_database()))"))


def example(office):
    """What stands for the names in the questions."""
    words = {}
    for name, question in EXAMPLES.items():
        words[name] = office.sql(question.format(**words))
        if words[name] == "":
            raise AssertionError(f"no example of {name}: {question}")
    return words


def check_asked(office):
    """What nobody has thought of fails before the fill."""
    missing = unasked(office.sql(OF_SCHEMA).splitlines())
    if missing:
        raise AssertionError(
            "neither asked nor said why nobody waits for it, in "
            f"tests/bench/asked.py: {', '.join(missing)}")


def waits(bench, office, words):
    """What the slowest takes, of twenty times the slowest but one."""
    office.cluster.restart()
    everybody = people(office)
    slowest = slowest_rare = 0
    for role, asked in ASKED:
        statement = asked.format(**words)
        first = everybody[role].time_ms(statement)
        warm = percentile([everybody[role].time_ms(statement)
                           for _ in range(ROUNDS)], .95 - 1 / ROUNDS)
        slowest = max(slowest, warm)
        bench.note(f"{'! ' if warm > WAIT_BAR_MS else '  '}{warm:7.1f} ms, "
                   f"at first {first:7.1f}: {role}: {asked}")
    for role, asked in RARELY:
        took = everybody[role].time_ms(asked.format(**words)) / 1000
        slowest_rare = max(slowest_rare, took)
        bench.note(f"  {took:7.2f} s: {role}: {asked}")
    leave(everybody)
    bench.figure("what is done once a month, the slowest", slowest_rare,
                 RARE_BAR_S, most=True, unit=" s")
    bench.figure("what a person waits for, the slowest, p95", slowest,
                 WAIT_BAR_MS, most=True, unit=" ms")


def month(bench, office):
    """The oldest whole one: what texts wait for, and what is done before."""
    part, ends = office.sql(
        "select part, ends from glas_data.body_part where ends is not null"
        " order by begins offset 1 limit 1").split("|")
    person = Person(office, "postgres")
    let_go, deleted, locked = (
        median([person.time_ms(statement) for _ in range(measure.RUNS)])
        for statement in (
            f"select glas_data.retain_month('{part}', '{ends}')",
            f"delete from {part}",
            f"do $$begin alter table glas_data.body detach partition {part};"
            f" drop table {part}; end$$"))
    person.close()
    bench.note(f"{part} let go of in {let_go:.0f} ms; its rows deleted one by"
               f" one in {deleted:.0f} ms")
    bench.figure("what texts wait for while a month goes", locked,
                 WAIT_BAR_MS, most=True, unit=" ms")


def replies(office):
    with open(office.report, encoding="ascii") as report:
        return [int(line.split()[1]) for line in report
                if line.startswith("paced ")]


def paced(office, words):
    """Micro seconds from text to reply, a hundred texts a second."""
    everybody = people(office) if words else {}
    office.begin()
    office.go()
    while not office.said("replied"):
        for role, asked in LOOKED if words else ():
            everybody[role].time_ms(asked.format(**words))
        measure.wait_for(office.alive, "glasd")
    leave(everybody)
    office.wait_stored()
    office.stop()
    return replies(office)


def slower(bench, office, words):
    ratios = []
    for _ in range(measure.RUNS):
        alone, watched = (office.again(), paced(office, None))[1], None
        office.again()
        watched = paced(office, words)
        ratios.append(percentile(watched, .99) / percentile(alone, .99))
        bench.note(
            f"a reply after {median(alone):.0f} us (p99 "
            f"{percentile(alone, .99):.0f}); while somebody looks "
            f"{median(watched):.0f} (p99 {percentile(watched, .99):.0f})")
    bench.figure("p99 from text to reply while somebody looks, of without",
                 median(ratios), SLOWER_BAR, most=True)


class OldOffice(LoadedOffice):
    """Each run has people of its own: load_link has the same texts each time."""

    def again(self):
        for table in "identity", "citizen":
            self.sql(f"delete from glas_data.{table} where "
                     + {"identity": "true",
                        "citizen": f"id > {PEOPLE}"}[table])
        for path in self.report, self.go_file:
            if os.path.exists(path):
                os.unlink(path)
        with open(self.report, "w", encoding="ascii"):
            os.chmod(self.report, 0o666)


def run(bench):
    bench.title(f"Views: {TEXTS} texts, {REPORTS} reports, {PEOPLE} people")
    bench.note(f"{SERVER}; glasd: {SETTINGS}, limits lifted: {LIMITS}")
    with Cluster(settings=SERVER) as cluster, \
            OldOffice(cluster, "years", PACED, "paced") as office:
        check_asked(office)
        fill(bench, office)
        words = example(office)
        waits(bench, office, words)
        slower(bench, office, words)
        month(bench, office)


if __name__ == "__main__":
    measure.main(run)
