#!/usr/bin/env python3
"""USSD: how long a hop takes while 200 people are in the menus, and what
connections cost that say nothing.

The hops go through glas-web, glasd and its log, one connection each, as a
gateway of an operator makes them; each person types again PAUSE_S after the
screen, and all that is between is theirs.  Timed is from the first octet of
the request to the last one of the answer, as this program sees it: what it
costs itself is in the figure.  What the disk takes for a bare fdatasync in the
same seconds stands beside it, since each hop waits for one.  The report of
each person ends in PostgreSQL, and all are counted there.
"""

import asyncio
import os
import random
import socket
import threading
import time
import urllib.parse

import measure
from bench_gateway import SETTINGS
from cluster import Cluster
from measure import median, percentile, scaled
from office import Office, free_port, program

PEOPLE = 200
ROUNDS = scaled(4)              # reports of each
HOPS = ("", "1", "8", "Vranje", "nema rasvete u ulici")
PAUSE_S = 1.0
HOP_BAR_MS = 20
IDLE = 1000
IDLE_BAR_MB = 10
SECRET = "a-secret-of-the-bench"


def web_office(cluster, port):
    office = Office(cluster=cluster, settings=SETTINGS,
                    limits={"segments-per-day": 0})
    with open(office.path("secret"), "w", encoding="utf-8") as file:
        file.write(SECRET + "\n")
    office.sections = (
        f"[web ussd]\nlisten = 127.0.0.1:{port}\nussd = last\n"
        f"command = {program('glas-web')}\nwindow = 1000\n"
        f"secret-file = {office.path('secret')}\nconnections = 2000\n"
        "request-seconds = 60\n")
    return office


async def request(port, octets, times):
    """The answer to one; its milliseconds go into `times`."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(octets)
    answer = await reader.read()
    times.append((time.perf_counter() - begun) * 1000)
    writer.close()
    if b" 200 " not in answer[:20]:
        raise AssertionError(answer)
    return answer


async def hop(port, session, number, typed, times):
    """The screen after one thing that is typed."""
    body = urllib.parse.urlencode({"sessionId": session, "phoneNumber":
                                   number, "text": typed}).encode()
    head = (f"POST /ussd HTTP/1.1\r\nHost: x\r\nX-Glas-Secret: {SECRET}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    return await request(port, head + body, times)


async def person(port, n, times, chance, run):
    await asyncio.sleep(chance.random() * PAUSE_S)
    for turn in range(ROUNDS):
        for typed in HOPS:
            answer = await hop(port, f"{run}-{n}-{turn}", f"+38164{n:07}",
                               typed, times)
            await asyncio.sleep(PAUSE_S * (0.5 + chance.random()))
        if b"\r\n\r\nEND " not in answer:
            raise AssertionError(answer)


async def people(port, run):
    """Milliseconds of all hops."""
    times, chance = [], random.Random(1)
    await asyncio.gather(*(person(port, n, times, chance, run)
                           for n in range(PEOPLE)))
    return times


async def bare(port):
    """Of as many who ask, at that pace, whether glas-web is there."""
    times, chance = [], random.Random(1)

    async def ask():
        await asyncio.sleep(chance.random() * PAUSE_S)
        for _ in HOPS:
            await request(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
                          times)
            await asyncio.sleep(PAUSE_S * (0.5 + chance.random()))

    await asyncio.gather(*(ask() for _ in range(PEOPLE)))
    return times


class Disk:
    """Milliseconds of bare syncs, made beside what is timed."""

    def __init__(self, path):
        self.times = []
        self.over = threading.Event()
        self.file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(self.file, bytes(4096))
        self.thread = threading.Thread(target=self.sync)

    def sync(self):
        while not self.over.wait(0.05):
            os.pwrite(self.file, bytes(4096), 0)
            begun = time.perf_counter()
            os.fdatasync(self.file)
            self.times.append((time.perf_counter() - begun) * 1000)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        os.close(self.file)


async def burst(port):
    """All dial in the same moment."""
    times = []
    await asyncio.gather(*(hop(port, f"b-{n}", f"+38165{n:07}", "", times)
                           for n in range(PEOPLE)))
    return times


def idle(port, web):
    """MB that connections cost which are open and say nothing."""
    before = measure.process_status(web, "VmRSS")
    held = [socket.create_connection(("127.0.0.1", port))
            for _ in range(IDLE)]
    measure.wait_for(lambda: len(os.listdir(f"/proc/{web}/fd")) > IDLE,
                     "connections taken")
    cost = (measure.process_status(web, "VmRSS") - before) / 1000
    for s in held:
        s.close()
    return cost


def run(bench):
    port = free_port()
    bench.title(f"USSD: {PEOPLE} people in the menus")
    with Cluster() as cluster, web_office(cluster, port) as office:
        office.init()
        office.start()
        office.wait_database()
        office.wait_status(lambda s: s["links"][0]["state"] == "ready",
                           "glas-web")
        runs = []
        for n in range(measure.RUNS):
            with Disk(office.path("disk")) as disk:
                runs.append(asyncio.run(people(port, n)))
            alone = asyncio.run(bare(port))
            bench.note(f"{len(runs[-1])} hops: median "
                       f"{median(runs[-1]):.1f} ms, 99 % "
                       f"{percentile(runs[-1], .99):.1f} ms, most "
                       f"{max(runs[-1]):.1f} ms; a bare sync: "
                       f"{median(disk.times):.1f}, "
                       f"{percentile(disk.times, .99):.1f}, "
                       f"{max(disk.times):.1f} ms; /healthz: "
                       f"{median(alone):.1f}, {percentile(alone, .99):.1f}, "
                       f"{max(alone):.1f} ms")
        told = PEOPLE * ROUNDS * measure.RUNS
        measure.wait_for(lambda: office.count("glas.reports") >= told,
                         "reports")
        if office.count("glas.reports") != told:
            bench.wrong("reports that nobody made")
        bench.figure("a hop at the 99th percentile",
                     median([percentile(t, .99) for t in runs]), HOP_BAR_MS,
                     most=True, unit=" ms")
        bench.note("all at once: the last has its screen after "
                   f"{max(asyncio.run(burst(port))):.0f} ms")
        web = measure.process_children(office.process.pid)[0]
        bench.figure(f"{IDLE} connections that say nothing",
                     idle(port, web), IDLE_BAR_MB, most=True, unit=" MB")
        office.stop()


if __name__ == "__main__":
    measure.main(run)
