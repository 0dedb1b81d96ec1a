#!/usr/bin/env python3
"""How many texts a second go through glasd and PostgreSQL.

load_link offers 50,000 texts of as many people, a twentieth of them in two
parts, and takes every reply at once.  The clock runs from the first text to
the last reply that was handed out, which stands for its report: a reply goes
out after its report is committed.  Beside it, in the same cluster and run,
bare_store inserts the very rows that glasd has made, message, report and
reply, a hundred texts a transaction, into tables with the same columns but
only primary keys and the two foreign keys to the message: what the smallest
program would need.  Glas also keeps citizens, identities, what became of each
reply, its own log, and indexes and checks for people.

The second part is the same with PostgreSQL away while all texts come.
"""

import os
import subprocess
import time

import breakdown
import measure
from cluster import Cluster
from measure import median, scaled
from office import Office

TEXTS = scaled(50_000)
BATCH = 100
RATIO_BAR, RATIO_AIM = 0.4, 0.8
RSS_BAR_MIB = 32
WINDOW = 1000
SUBMIT_WINDOW = 500
SETTINGS = {"log-level": "notice"}
LIMITS = {"replies-per-hour": 0, "replies-per-day": 0, "segments-per-day": 0}
ROWS = ("select m.*, b.text, b.original, b.trace, r.*, o.*"
        " from glas_data.message m join glas_data.body b on b.message = m.id"
        " join glas_data.report r on r.message = m.id"
        " join glas_data.outbox o on o.message = m.id order by m.id")
KEYS = """
    alter table glas_data.message add primary key (id);
    alter table glas_data.report add primary key (reference),
        add foreign key (message) references glas_data.message;
    alter table glas_data.outbox add primary key (id),
        add foreign key (message) references glas_data.message;
"""
TABLES = ("glas_data.message", "glas_data.report", "glas_data.outbox")
WORDS = ", text text, original bytea, trace text"   # of body, in message


class LoadedOffice(Office):
    """An office whose only link is load_link."""

    def __init__(self, cluster, database, texts=TEXTS, how="flood",
                 window=WINDOW, submit_window=SUBMIT_WINDOW):
        super().__init__(cluster=cluster, database=database,
                         settings=SETTINGS, limits=LIMITS)
        self.texts = texts
        self.report = self.path("report")
        self.go_file = self.path("go")
        # The link may run as another user.
        with open(self.report, "w", encoding="ascii"):
            os.chmod(self.report, 0o666)
        self.sections = (
            "[link load]\n"
            f"command = {measure.helper('load_link')} {how} {texts}"
            f" {self.report} {self.go_file}\n"
            f"window = {window}\nsubmit-window = {submit_window}\n"
            "report = no\n")
        self.init()

    def begin(self):
        self.start()
        self.wait_database()
        measure.wait_for(lambda: "state=ready" in self.tail(), "the link")

    def said(self, word):
        """The numbers that load_link said of it, or None."""
        with open(self.report, encoding="ascii") as report:
            for line in report:
                if line.startswith(word + " ") and line.endswith("\n"):
                    return [int(number) for number in line.split()[1:]]
        return None

    def go(self):
        with open(self.go_file, "w", encoding="ascii"):
            pass

    def alive(self):
        if self.process.poll() is not None:
            raise AssertionError(f"glasd ended: {self.tail()}")
        return True

    def wait_said(self, word):
        measure.wait_for(lambda: self.alive() and self.said(word),
                         f"{word}: {self.tail()}")
        return self.said(word)

    def wait_stored(self):
        """Until the database also knows what became of each reply."""
        measure.wait_for(lambda: self.alive() and
                         self.status()["spool"]["octets"] == 0,
                         f"a log without a backlog: {self.tail()}")

    def processes(self):
        found = {self.process.pid: "glasd"}
        found.update((pid, "load link") for pid
                     in measure.process_children(self.process.pid))
        if self.cluster.running:
            found.update(measure.postgres_processes(self.cluster))
        return found

    def drop(self):
        """Makes room for the next run."""
        self.stop()
        self.cluster.psql(f"drop database {self.database} with (force)")


def check_counts(bench, office):
    """Each text is stored once, reported once, answered once."""
    office.wait_stored()
    for what, statement in (
            ("texts", "select count(*) from glas_data.message"),
            ("people", "select count(distinct citizen)"
             " from glas_data.message"),
            ("reports", "select count(*) from glas_data.report"),
            # Half of a long text may read like danger while it is away.
            ("receipts that the network has",
             "select count(*) from glas_data.outbox"
             " where state = 'accepted' and kind = 'receipt'"),
            ("texts with a reply",
             "select count(distinct message) from glas_data.outbox")):
        found = int(office.sql(statement))
        if found != office.texts:
            bench.wrong(f"{what}: {found}, not {office.texts}")


def gateway_run(bench, cluster, office):
    """Texts a second and peak memory."""
    office.begin()
    cluster.psql("checkpoint")
    cpu = measure.CpuClock(office.processes())
    office.go()
    replied = office.wait_said("replied")[0]
    used = cpu.stop()
    first = office.said("first")[0]
    rate = TEXTS / ((replied - first) / 1e6)
    office.wait_stored()
    stored = time.monotonic()
    peak = measure.peak_mib(office.process.pid)
    bench.note(f"glasd: {rate:.0f} texts/s, "
               f"{TEXTS / (stored - first / 1e6):.0f} with what became of "
               f"the replies; peak {peak:.1f} MiB")
    bench.note(measure.cpu_words(used, TEXTS))
    check_counts(bench, office)
    return rate, peak


def where_time_goes(bench, cluster):
    """A run of its own: to be watched costs time."""
    if breakdown.missing():
        bench.skip("where the time of glasd goes", breakdown.missing())
        return
    with LoadedOffice(cluster, "watched", scaled(10_000)) as office:
        office.begin()
        recording = breakdown.Recording(office.process.pid, office.folder)
        office.go()
        office.wait_said("replied")
        office.wait_stored()
        bench.note("glasd on the processor: " +
                   breakdown.words(recording.stop()))
        office.drop()


def psql(cluster, database, statement, **files):
    subprocess.run(
        [os.path.join(cluster.bindir, "psql"), "-X", "-q", "-c", statement],
        env=cluster.environment(database), check=True, **files)


def plain_tables(office):
    """The tables of TABLES with the same columns, their primary keys and what
    a report and a reply owe to their text; no other index, no check."""
    script = "create schema glas_data;"
    for table in TABLES:
        columns = office.sql(
            "select string_agg(format('%I %s', attname, case typtype"
            " when 'd' then format_type(typbasetype, null)"
            " else format_type(t.oid, null) end), ', ' order by attnum)"
            " from pg_attribute join pg_type t on t.oid = atttypid"
            f" where attrelid = '{table}'::regclass and attnum > 0")
        words = WORDS if table == TABLES[0] else ""
        script += f"create table {table} ({columns}{words});"
    return script + KEYS


def bare_prepare(office, name):
    """A database with plain tables, and a file with the rows."""
    rows = office.path("rows")
    with open(rows, "wb") as out:
        psql(office.cluster, office.database, f"copy ({ROWS}) to stdout",
             stdout=out)
    office.cluster.createdb(name)
    office.cluster.psql(plain_tables(office), db=name)
    return rows


def bare_run(bench, office, name):
    """Texts a second of bare_store."""
    cluster = office.cluster
    rows = bare_prepare(office, name)
    cluster.psql("checkpoint")
    done = subprocess.run(
        [measure.helper("bare_store"), cluster.dsn(name), rows, str(BATCH),
         *TABLES], check=True, capture_output=True, text=True)
    texts, micros = (int(word) for word in done.stdout.split())
    if texts != office.texts:
        bench.wrong(f"bare_store had {texts} texts")
    cluster.psql(f"drop database {name}")
    bench.note(f"bare_store: {texts / micros * 1e6:.0f} texts/s")
    return texts / micros * 1e6


def throughput(bench, cluster):
    ratios, peaks = [], []
    for number in range(measure.RUNS):
        with LoadedOffice(cluster, f"glas{number}") as office:
            rate, peak = gateway_run(bench, cluster, office)
            ratios.append(rate / bare_run(bench, office, f"bare{number}"))
            peaks.append(peak)
            bench.note(f"ratio {ratios[-1]:.3f}")
            office.drop()
    bench.figure("texts/s through glasd, of bare_store", median(ratios),
                 RATIO_BAR, aim=RATIO_AIM)
    bench.figure("peak memory of glasd under load", median(peaks),
                 RSS_BAR_MIB, most=True, unit=" MiB")


def outage(bench, cluster):
    """All texts come while PostgreSQL is down."""
    with LoadedOffice(cluster, "outage") as office:
        office.begin()
        cluster.stop()
        office.wait_database("away")
        cpu = measure.CpuClock(office.processes())
        office.go()
        acked = office.wait_said("acked")[0]
        used = cpu.stop()
        waiting = measure.peak_mib(office.process.pid)
        rate = TEXTS / ((acked - office.said("first")[0]) / 1e6)
        bench.note(f"{rate:.0f} texts/s made durable while it was away")
        bench.note(measure.cpu_words(used, TEXTS))
        cluster.start()
        office.wait_said("replied")
        check_counts(bench, office)
        peak = measure.peak_mib(office.process.pid)
        bench.note(f"peak {waiting:.1f} MiB while they waited, "
                   f"{peak:.1f} MiB after they were stored")
        office.drop()
    bench.figure("peak memory of glasd, texts waiting for PostgreSQL", peak,
                 RSS_BAR_MIB, most=True, unit=" MiB")


def run(bench):
    bench.title(f"Gateway: {TEXTS} texts through glasd and PostgreSQL")
    bench.note(f"window {WINDOW}, submit-window {SUBMIT_WINDOW}, {SETTINGS}, "
               f"limits lifted: {LIMITS}")
    bench.note("bare_store: the same message, report and reply rows in plain "
               f"tables with keys, {BATCH} texts a transaction")
    with Cluster(settings={"shared_buffers": "128MB"}) as cluster:
        throughput(bench, cluster)
        where_time_goes(bench, cluster)
        outage(bench, cluster)


if __name__ == "__main__":
    measure.main(run)
