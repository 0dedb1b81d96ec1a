#!/usr/bin/env python3
"""How many texts a second come through Kannel.

A centre (`smsc = fake`) gives TEXTS texts of as many people to bearerbox as
fast as it takes them, and takes the replies.  The same Kannel has, one after
the other: Glas (glas-web, glasd, PostgreSQL); a bare service that inserts the
very rows that glasd has made, message, report and reply, in a transaction for
each text, and whose answer is the reply; the same with transactions of all
that came meanwhile, as glasd has them; and, with Kannel's own spool store, the
bare service again.

Stored: texts a second until the rows of the last one are committed.  Kept:
until the last one is where a crash of Kannel does not lose it, which is the
log of glasd (on the disk), or the spool of Kannel (which is not flushed).
Ended: until the last reply is at the centre.  Glas hands each reply to Kannel
by a request of its own; the bare service answers with it, and has no other
way to send one later.
"""

import os
import re
import socket
import subprocess
import threading
import time

import measure
from bench_gateway import LIMITS, SETTINGS, TABLES, bare_prepare
from cluster import Cluster
from measure import median, scaled
from office import Office, program
import kannel
from kannel import Kannel

TEXTS = scaled(10_000)
BARE_BAR, SPOOL_BAR = 0.9, 5
SECRET = "a-secret-of-the-bench-1"
PENDING = 200
REPLY = ("Primljeno. Broj prijave 501734. Sacuvajte broj. Za stanje posaljite"
         " STATUS 501734. Povrede: hitna 194. Prava: PRAVO 1. Odjava: STOP")
SPOOL = "store-type = spool\nstore-location = {folder}/spool"


class Centre:
    """Gives texts, and counts what comes back."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.socket.settimeout(None)
        self.came = 0
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while octets := self.socket.recv(1 << 20):
            self.came += octets.count(b"\n")

    def give(self, texts):
        lines = b"".join(
            b"+38164%07d 1234 text PRIJAVA policija Vranje mrak u ulici %d\n"
            % (n, n) for n in range(texts))
        threading.Thread(target=self.socket.sendall, args=(lines,),
                         daemon=True).start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Run:
    """One Kannel with a service; a moment for each thing that is waited
    for."""

    def __init__(self, changes=None, *, store=False):
        changes = dict(changes or {})
        changes["max-pending-requests = 50"] = \
            f"max-pending-requests = {PENDING}"
        if not store:
            changes["store-type = spool\n"] = ""
            changes["store-location"] = "#store-location"
        self.kannel = Kannel(secret=SECRET, changes=changes)

    def time(self, kept, stored, processes):
        """Texts a second kept, stored, ended."""
        moments = {}
        self.kannel.start()
        centre = Centre(self.kannel.port)
        processes = {**processes, **{
            box.pid: name for name, box in self.kannel.boxes.items()}}
        cpu = measure.CpuClock(processes)
        began = time.monotonic()
        centre.give(TEXTS)
        wanted = {"kept": kept or self.kept, "stored": stored,
                  "ended": lambda: centre.came >= TEXTS}
        while wanted:
            for word in [word for word in wanted if wanted[word]()]:
                del wanted[word]
                moments[word] = TEXTS / (time.monotonic() - began)
            if time.monotonic() - began > measure.DEADLINE_S:
                raise AssertionError(f"not reached: {list(wanted)}")
            time.sleep(measure.POLL_S)
        used = cpu.stop()
        centre.close()
        self.kannel.close()
        return moments, used

    def kept(self):
        """Kannel has taken all from the centre."""
        found = re.search(r"SMS: received (\d+)", self.kannel.status())
        return found is not None and int(found[1]) >= TEXTS


class GlasOffice(Office):
    """An office whose only link is Kannel."""

    def __init__(self, cluster, database):
        super().__init__(cluster=cluster, database=database,
                         settings=SETTINGS, limits=LIMITS)
        self.texts = TEXTS
        for name, word in (("secret", SECRET), ("key", "k-1")):
            with open(self.path(name), "w", encoding="ascii") as file:
                os.chmod(self.path(name), 0o644)
                file.write(word + "\n")

    def begin(self, kannel):
        self.sections = kannel.glas(
            program("glas-web"), self.path("secret"), self.path("key"),
            {"submit-window = 10": "submit-window = 10\nreport = no\n"
             f"connections = {2 * PENDING}\nwindow = {4 * PENDING}",
             "&dlr-mask=19": "&dlr-mask=0"})
        self.init()
        self.start()
        self.wait_database()
        measure.wait_for(lambda: self.status()["links"][0]["state"] ==
                         "ready", "the link")

    def all_stored(self):
        """No text waits for PostgreSQL."""
        status = self.status()
        return (status["links"][0]["received"] >= TEXTS and
                status["spool"]["texts"] == 0)

    def all_kept(self):
        return self.status()["links"][0]["received"] >= TEXTS

    def processes(self):
        return {self.process.pid: "glasd",
                **{pid: "glas-web" for pid
                   in measure.process_children(self.process.pid)},
                **measure.postgres_processes(self.cluster)}


def glas_run(bench, office):
    run = Run()
    office.begin(run.kannel)
    office.cluster.psql("checkpoint")
    moments, used = run.time(office.all_kept, office.all_stored,
                             office.processes())
    say(bench, "Glas", moments, used)
    for what, table in (("texts", "message"), ("reports", "report"),
                        ("replies", "outbox")):
        found = office.count(f"glas_data.{table}")
        if found != TEXTS:
            bench.wrong(f"{what}: {found}, not {TEXTS}")
    return moments


def bare_http_run(bench, office, name, how, store=False):
    cluster = office.cluster
    rows = bare_prepare(office, name)
    cluster.psql("checkpoint")
    run = Run({"/sms/kannel?secret=" + SECRET + "&id=%I&from=%p&coding=%c":
               "/?from=%p", "max-messages = 0": "max-messages = 1"},
              store=store)
    port = run.kannel.web
    service = subprocess.Popen([measure.helper("bare_http"),
                                cluster.dsn(name), rows, str(port), REPLY,
                                how, *TABLES])
    try:
        def stored():
            return int(cluster.psql(f"select count(*) from {TABLES[-1]}",
                                    db=name)) >= TEXTS

        def listens():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", port)) == 0
        measure.wait_for(listens, "the bare service")
        moments, used = run.time(None, stored, {
            service.pid: "bare_http", **measure.postgres_processes(cluster)})
    finally:
        service.kill()
        service.wait()
    cluster.psql(f"drop database {name}")
    say(bench, f"bare service, a transaction for {how}"
        + (", Kannel with its spool" if store else ""), moments, used)
    return moments


def say(bench, who, moments, used):
    bench.note(f"{who}: " + ", ".join(
        f"{word} {rate:.0f}/s" for word, rate in moments.items()))
    bench.note(measure.cpu_words(used, TEXTS))


def run(bench):
    bench.title(f"Kannel: {TEXTS} texts through bearerbox and smsbox")
    if not kannel.present():
        bench.skip("Kannel", "it is not installed")
        return
    bare, spool, kept, together = [], [], [], []
    with Cluster(settings={"shared_buffers": "128MB"}) as cluster:
        for number in range(measure.RUNS):
            with GlasOffice(cluster, f"kannel{number}") as office:
                glas = glas_run(bench, office)
                office.stop()
                each = bare_http_run(bench, office, f"each{number}", "each")
                all_ = bare_http_run(bench, office, f"all{number}",
                                     "together")
                own = bare_http_run(bench, office, f"spool{number}", "each",
                                    store=True)
                cluster.psql(f"drop database {office.database} "
                             "with (force)")
            bare.append(glas["stored"] / each["stored"])
            together.append(glas["stored"] / all_["stored"])
            spool.append(glas["stored"] / own["stored"])
            kept.append(glas["kept"] / own["kept"])
            bench.note(f"ratios: {bare[-1]:.2f}, together {together[-1]:.2f};"
                       f" with the spool {spool[-1]:.2f}, kept"
                       f" {kept[-1]:.2f}; ended"
                       f" {glas['ended'] / each['ended']:.2f}, together"
                       f" {glas['ended'] / all_['ended']:.2f}")
    bench.figure("texts/s stored through Kannel, of a bare service",
                 median(bare), BARE_BAR)
    bench.figure("texts/s stored, of that with Kannel's own spool",
                 median(spool), SPOOL_BAR)
    bench.note(f"of a bare service that commits together {median(together):.2f}"
               f"; kept, of Kannel's own spool {median(kept):.2f}")


if __name__ == "__main__":
    measure.main(run)
