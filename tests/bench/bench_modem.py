#!/usr/bin/env python3
"""Texts that wait in a phone: how fast they are stored, answered, deleted.

5,000 texts, a twentieth of them in two parts, wait in libgammu's dummy phone,
which takes no time for the radio, so that what remains is the program's.  The
clock runs from the first text that is read until the last reply is sent and
the phone is empty.  Beside glas-modem and glasd run bare_dummy, a loop of
libgammu and libpq that writes the same three rows, and gammu-smsd with its
PostgreSQL back end and a trigger that answers, set up for bulk.
"""

import os
import shutil
import subprocess
import tempfile
import time

import measure
from cluster import Cluster
from dummyphone import DummyPhone
from measure import median, scaled
from office import Office, program

TEXTS = scaled(5_000)
SMSD_TEXTS = scaled(1_000)  # it reads all before it answers any
BATCH = 100
BARE_BAR, BARE_AIM = 0.3, 0.9
SMSD_BAR = 30
RSS_BAR_MIB = 40
SETTINGS = {"log-level": "notice"}
LIMITS = {"replies-per-hour": 0, "replies-per-day": 0, "segments-per-day": 0}
WINDOW, SUBMIT_WINDOW = 1000, 100
PEERS = os.environ.get("GLAS_PEERS_DIR") or os.path.join(
    tempfile.gettempdir(), "glas-peers")


def folder_of(name):
    """A directory for a phone, that another user may enter."""
    folder = tempfile.mkdtemp(prefix=f"glas-{name}-")
    os.chmod(folder, 0o755)
    return folder


# ---- glas-modem and glasd --------------------------------------------------

def glas_office(cluster, name, phone):
    return Office(
        cluster=cluster, database=name, settings=SETTINGS, limits=LIMITS,
        sections=(f"[modem phone]\ncommand = {program('glas-modem')}\n"
                  f"device = {phone.directory}\n"
                  "connection = none\nmodel = dummy\nreport = no\n"
                  f"window = {WINDOW}\nsubmit-window = {SUBMIT_WINDOW}\n"))


def glas_check(bench, office):
    for what, statement in (
            ("texts", "select count(*) from glas_data.message"),
            ("reports", "select count(*) from glas_data.report"),
            ("replies", "select count(*) from glas_data.outbox"
             " where state = 'accepted'")):
        found = int(office.sql(statement))
        if found != TEXTS:
            bench.wrong(f"{what}: {found}, not {TEXTS}")


def glas_times(office, emptied):
    """Seconds from the first text, as glasd saw it, to the end."""
    first, last = (float(word) for word in office.sql(
        "select extract(epoch from (select min(received_at)"
        " from glas_data.message)), extract(epoch from max(sent_at))"
        " from glas_data.outbox").split("|"))
    return max(last, emptied) - first


def glas_wait(office, phone):
    """When the phone was empty; returns when all is stored."""
    deadline = time.monotonic() + measure.DEADLINE_S
    while not phone.empty():
        if time.monotonic() > deadline:
            raise AssertionError(f"the phone is not empty: {office.tail()}")
        time.sleep(0.002)
    emptied = time.time()
    measure.wait_for(
        lambda: office.count("glas_data.outbox", "state = 'accepted'")
        >= TEXTS and office.status()["spool"]["octets"] == 0,
        f"replies: {office.tail()}")
    return emptied


def glas_run(bench, cluster, name):
    """Texts a second and the peak memory of glas-modem."""
    folder = folder_of("phone")
    phone = DummyPhone(folder).fill(TEXTS)
    try:
        with glas_office(cluster, name, phone) as office:
            office.init()
            cluster.psql("checkpoint")
            office.start()
            modem = measure.process_children(office.process.pid)[0]
            cpu = measure.CpuClock({
                office.process.pid: "glasd", modem: "glas-modem"})
            rate = TEXTS / glas_times(office, glas_wait(office, phone))
            used = cpu.stop()
            peak = measure.peak_mib(modem)
            bench.note(f"glas-modem and glasd: {rate:.0f} texts/s, peak "
                       f"{peak:.1f} MiB in glas-modem, "
                       f"{measure.peak_mib(office.process.pid):.1f} in glasd")
            bench.note(measure.cpu_words(used, TEXTS))
            glas_check(bench, office)
            office.stop()
        cluster.psql(f"drop database {name}")
    finally:
        shutil.rmtree(folder)
    return rate, peak


# ---- a bare loop -------------------------------------------------------------

def bare_run(bench, cluster, name):
    """Texts a second."""
    folder = folder_of("phone")
    phone = DummyPhone(folder).fill(TEXTS)
    try:
        cluster.createdb(name)
        cluster.psql("checkpoint")
        done = subprocess.run(
            [measure.helper("bare_dummy"), cluster.dsn(name), folder,
             str(BATCH)], check=True, capture_output=True, text=True)
        texts, segments, micros = (int(n) for n in done.stdout.split())
        if texts != TEXTS or segments != phone.slots or not phone.empty():
            bench.wrong(f"bare_dummy: {texts} texts, {segments} segments")
        cluster.psql(f"drop database {name}")
    finally:
        shutil.rmtree(folder)
    rate = texts / micros * 1e6
    bench.note(f"bare_dummy: {rate:.0f} texts/s")
    return rate


# ---- gammu-smsd --------------------------------------------------------------

SMSD_TRIGGER = """
    create table message (id bigserial primary key, number text not null,
        at timestamptz not null, text text not null);
    create table report (reference text primary key, message bigint not null
        references message, category text not null);
    create function answer() returns trigger language plpgsql as $$
    declare
        message bigint;
    begin
        -- The second part only completes the first.
        if new."UDH" like '%02' then
            return null;
        end if;
        insert into message (number, at, text) values (new."SenderNumber",
            now(), new."TextDecoded") returning id into message;
        insert into report values (100000 + message, message, 'POL_COND');
        insert into outbox ("DestinationNumber", "TextDecoded", "CreatorID",
            "Coding", "DeliveryReport") values (new."SenderNumber",
            'Primljeno. Broj prijave ' || 100000 + message, 'trigger',
            'Default_No_Compression', 'no');
        return null;
    end $$;
    create trigger answer after insert on inbox
        for each row execute function answer();
"""

SMSD_CONF = """
[gammu]
device = {phone}
model = dummy
connection = none
[smsd]
service = sql
driver = native_pgsql
host = {host}
user = postgres
database = {database}
logfile = {folder}/smsd.log
debuglevel = 0
commtimeout = 1
sendtimeout = 1
receivefrequency = 5
loopsleep = 0
statusfrequency = 0
checksecurity = 0
checkbattery = 0
checksignal = 0
checknetwork = 0
resetfrequency = 0
hardresetfrequency = 0
multiparttimeout = 1
deliveryreport = no
skipsmscnumber =
"""


def smsd_schema(cluster, name):
    path = os.path.join(PEERS, "usr/share/doc/gammu-smsd/examples/pgsql.sql")
    with open(path, encoding="utf-8") as schema:
        script = schema.read().replace("CREATE LANGUAGE plpgsql;", "")
    cluster.createdb(name)
    cluster.psql(script, db=name)
    cluster.psql(SMSD_TRIGGER, db=name)


def smsd_wait(cluster, name, phone, process, log):
    """Until all are answered and the phone is empty."""
    def done():
        if process.poll() is not None:
            with open(log, encoding="utf-8", errors="replace") as lines:
                raise AssertionError(f"gammu-smsd: {lines.read()[-500:]}")
        return phone.empty() and int(cluster.psql(
            "select count(*) from sentitems", db=name)) >= SMSD_TEXTS
    deadline = time.monotonic() + measure.DEADLINE_S
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError("gammu-smsd does not end")
        time.sleep(0.2)


def smsd_run(bench, cluster, name):
    """Texts a second of gammu-smsd, from its start, since it says nothing of
    its first text; its start takes no part of what it needs."""
    folder = folder_of("smsd")
    phone = DummyPhone(os.path.join(folder, "phone")).fill(SMSD_TEXTS)
    conf = os.path.join(folder, "smsdrc")
    with open(conf, "w", encoding="ascii") as out:
        out.write(SMSD_CONF.format(phone=phone.directory, folder=folder,
                                   host=cluster.socket_dir, database=name))
    smsd_schema(cluster, name)
    began = time.monotonic()
    process = subprocess.Popen(
        [os.path.join(PEERS, "usr/bin/gammu-smsd"), "-c", conf],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={
            **os.environ,
            "LD_LIBRARY_PATH": os.path.join(PEERS, "usr/lib")})
    try:
        smsd_wait(cluster, name, phone, process,
                  os.path.join(folder, "smsd.log"))
        rate = SMSD_TEXTS / (time.monotonic() - began)
        bench.note(f"gammu-smsd: {rate:.1f} texts/s, peak "
                   f"{measure.peak_mib(process.pid):.0f} MiB, "
                   f"{SMSD_TEXTS} texts")
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)
    cluster.psql(f"drop database {name}")
    return rate


def smsd_missing():
    """Gets it; why it cannot be had, or None."""
    fetched = subprocess.run(
        [os.path.join(measure.SRC_DIR, "tests", "lib", "fetch-peers"), PEERS],
        check=False, capture_output=True, text=True)
    if fetched.returncode != 0:
        return fetched.stderr.strip().splitlines()[-1]
    return None


# ---- all ---------------------------------------------------------------------

def against_smsd(bench, cluster, rates):
    missing = smsd_missing()
    if missing:
        bench.skip("texts/s in a phone, of gammu-smsd", missing)
        return
    peers = [smsd_run(bench, cluster, f"smsd{number}")
             for number in range(measure.RUNS)]
    bench.figure("texts/s in a phone, of gammu-smsd",
                 median(rates) / median(peers), SMSD_BAR)


def run(bench):
    bench.title(f"Modem: {TEXTS} texts in libgammu's dummy phone")
    bench.note(f"window {WINDOW}, submit-window {SUBMIT_WINDOW}, {SETTINGS}, "
               f"limits lifted: {LIMITS}, fsync on")
    ratios, rates, peaks = [], [], []
    with Cluster(settings={"shared_buffers": "128MB"}) as cluster:
        for number in range(measure.RUNS):
            rate, peak = glas_run(bench, cluster, f"glas{number}")
            rates.append(rate)
            peaks.append(peak)
            ratios.append(rate / bare_run(bench, cluster, f"bare{number}"))
            bench.note(f"ratio {ratios[-1]:.3f}")
        bench.figure("texts/s in a phone, of bare_dummy", median(ratios),
                     BARE_BAR, aim=BARE_AIM)
        bench.figure("peak memory of glas-modem", median(peaks), RSS_BAR_MIB,
                     most=True, unit=" MiB")
        against_smsd(bench, cluster, rates)


if __name__ == "__main__":
    measure.main(run)
