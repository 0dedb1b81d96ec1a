#!/usr/bin/env python3
"""A crowd that texts: a link with many people behind it, and the office that
it writes to.

The link lives longer than what it speaks with: when glasd hangs up, or is
started again, it offers once more what nobody has acknowledged, as a SIM
would.  It takes every reply at once and keeps account of each.

In a test:

    with CrowdOffice() as office:
        office.begin()
        office.crowd.text("+381641234567", "PRIJAVA rupa Vranje")
        office.settle()
        office.crowd.replies            # what everybody was told
"""

import collections
import contextlib
import dataclasses
import datetime
import json
import select
import threading
import time

from cluster import Cluster, ClusterError, wait_until
from fakelink import LinkServer
from office import NO_LIMITS, Office

WINDOW, SUBMIT_WINDOW = 1000, 200
ROOM = WINDOW - SUBMIT_WINDOW - 50  # texts: the rest is for what was submitted
OUT_MAX = 1 << 18
# Which nobody believes: the clock may be moved.
BEGIN = datetime.datetime(2099, 11, 1, tzinfo=datetime.timezone.utc)
WITHOUT_ID = ("state", "busy", "pong")
LOOK_S = 0.05
SETTLE_S = 600


@dataclasses.dataclass
class Reply:
    """What somebody was told, by segments: header, alphabet, words."""
    recipient: str
    parts: dict = dataclasses.field(default_factory=dict)
    repeated: int = 0

    @property
    def text(self):
        """As it stands on the phone."""
        return "".join(self.parts[n][2] for n in sorted(self.parts))


class Crowd:
    """The link. Its thread alone speaks with glasd; others add to `waiting`
    and look at the accounts."""

    def __init__(self, path, submit_window=SUBMIT_WINDOW):
        self.server = LinkServer(path)
        self.submit_window = submit_window
        self.waiting = collections.deque()      # (id or None, octets)
        self.unacked = {}                       # id -> octets, in order
        self.texts = []                         # (number, words)
        self.said = collections.Counter()       # messages, by what they are
        self.offered = self.acked = self.stamps = self.submits = 0
        self.replies = {}                       # mt -> Reply, in order
        self.lives = 0
        self.pace = None                        # texts a second
        self.allowed_at = 0
        self.ending = self.hanging_up = False
        self.failure = None                     # what ended the thread
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def section(self, name="crowd"):
        """The section of glas.conf, to which more keys may be added."""
        return (f"[link {name}]\ncommand = {self.server.command()}\n"
                f"window = {WINDOW}\nsubmit-window = {self.submit_window}\n"
                "report = no\nback-off = 1000\n")

    # ---- what is said ------------------------------------------------------

    def stamp(self):
        """A time stamp that no other text has."""
        self.stamps += 1
        return (BEGIN + datetime.timedelta(seconds=self.stamps)).isoformat()

    def say(self, message):
        """Offers a message of the link protocol. One without an id gets one,
        and is offered until it is acked."""
        id = None
        self.said[message["t"]] += 1
        if "id" not in message and message["t"] not in WITHOUT_ID:
            id = f"m{self.offered}"
            message = {**message, "id": id}
            self.offered += 1
        self.waiting.append((id, json.dumps(message).encode() + b"\n"))

    def text(self, number, words, udh="", alphabet="gsm7"):
        """Somebody writes."""
        self.texts.append((number, words))
        self.say({"t": "mo", "originator": number, "ton": "international",
                  "scts": self.stamp(), "smsc": "+381600000001",
                  "sim": "220010000000001", "alphabet": alphabet, "udh": udh,
                  "ud": words.encode("utf-16-be").hex()})

    def is_acked(self):
        """Has all been taken?"""
        return self.acked == self.offered and not self.waiting

    def told(self, since=0):
        """How many replies each person has had, from a reply on."""
        return collections.Counter(
            reply.recipient for reply in list(self.replies.values())[since:])

    # ---- the thread --------------------------------------------------------

    def _run(self):
        try:
            while not self.ending:
                self._one_life()
        except Exception as failure:    # for alive(): nobody else hears it
            self.failure = failure

    def _one_life(self):
        """Until the link ends, if one begins."""
        with contextlib.suppress(OSError, AssertionError):
            peer = self.server.accept(0.2)
            peer.begin()                # glasd may be gone again
            self.lives += 1
            self._live(peer)
        self.hanging_up = False
        for peer in self.server.peers:
            peer.close()
        self.server.peers.clear()

    def _live(self, peer):
        """From hello to the end of the link."""
        self.waiting.extendleft(reversed(self.unacked.items()))
        self.unacked.clear()
        self.out, heard = bytearray(), peer.buffer
        connection = peer.connection
        connection.setblocking(False)
        self.stopping = False
        while not self.ending and not self.hanging_up:
            if not self.stopping:
                self._refill()
            elif not self.out:
                return
            ready = select.select([connection],
                                  [connection] if self.out else [], [], 0.01)
            if ready[0]:
                octets = connection.recv(1 << 18)
                if not octets:
                    return
                *lines, heard = (heard + octets).split(b"\n")
                for line in lines:
                    self._hear(json.loads(line))
            if ready[1]:
                with contextlib.suppress(BlockingIOError):
                    del self.out[:connection.send(self.out)]

    def _refill(self):
        while (self.waiting and len(self.unacked) < ROOM
               and len(self.out) < OUT_MAX and self._may_go()):
            id, octets = self.waiting.popleft()
            if id is not None:
                self.unacked[id] = octets
            self.out += octets

    def _may_go(self):
        if self.pace is None:
            return True
        now = time.monotonic()
        if now < self.allowed_at:
            return False
        self.allowed_at = max(self.allowed_at, now - 1) + 1 / self.pace
        return True

    def _hear(self, message):
        if message["t"] == "ack":
            for id in message["ids"]:
                if self.unacked.pop(id, None) and id[0] == "m":
                    self.acked += 1
        elif message["t"] == "nack":
            again = [(id, self.unacked.pop(id)) for id in message["ids"]
                     if id in self.unacked]
            self.waiting.extendleft(reversed(again))
            self.allowed_at = time.monotonic() + message["wait_ms"] / 1000
        elif message["t"] == "submit":
            self._take(message)
        elif message["t"] == "ping":
            self.out += b'{"t":"pong"}\n'
        elif message["t"] == "stop":
            self.stopping = True        # once all that it said is out

    def _take(self, submit):
        reply = self.replies.setdefault(submit["mt"],
                                        Reply(submit["recipient"]))
        reply.repeated += submit["segment"] in reply.parts
        reply.parts[submit["segment"]] = (
            submit["udh"], submit["encoding"].lower(),
            bytes.fromhex(submit["ud"]).decode("utf-16-be"))
        id = f"s{self.submits}"
        octets = json.dumps({
            "t": "submitted", "id": id, "mt": submit["mt"], "segment":
            submit["segment"], "outcome": "accepted",
            "mr": self.submits % 256}).encode() + b"\n"
        self.submits += 1
        self.unacked[id] = octets
        self.out += octets

    def hang_up(self):
        """Ends this life of the link; glasd begins the next."""
        self.hanging_up = True

    def close(self):
        """Hangs up for good."""
        self.ending = True
        self.thread.join()
        self.server.close()


class CrowdOffice(Office):
    """An office whose only link is a crowd; beside another, one of two."""

    def __init__(self, *, cluster=None, limits=None, link="crowd", keys="",
                 submit_window=SUBMIT_WINDOW, beside=None, **more):
        super().__init__(cluster=cluster or Cluster(fsync=False),
                         limits=NO_LIMITS if limits is None else limits,
                         settings={"log-level": "notice"}, **more)
        self.own_cluster = cluster is None
        self.beside = beside
        self.crowd = Crowd(self.path("link"), submit_window)
        self.sections = self.crowd.section(link) + keys
        if beside is None:
            self.init()
        else:
            self.join(beside)

    def begin(self):
        """Starts glasd, and returns when a text could pass."""
        lives = self.crowd.lives
        self.start()
        self.wait_database()
        wait_until(lambda: self.crowd.lives > lives, SETTLE_S, "the link")

    def alive(self):
        """That neither glasd nor the crowd has ended, else what it said."""
        if self.process.poll() is not None:
            raise AssertionError(f"glasd ended: {self.tail()}")
        if self.crowd.failure:
            raise self.crowd.failure
        return True

    def wait(self, condition, what, timeout_s=SETTLE_S):
        """Without asking so often that it costs those that work."""
        deadline = time.monotonic() + timeout_s
        while not (self.alive() and condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what}: {self.status()}\n"
                                     f"{self.tail()}")
            time.sleep(LOOK_S)

    def wait_acked(self):
        """Until glasd has taken all that was written."""
        self.wait(self.crowd.is_acked, "ack of all texts")

    def is_stored(self):
        """Nothing waits any more for the database."""
        spool = (self.status() or {}).get("spool", {})
        return spool.get("texts") == 0 and spool.get("octets") == 0

    def settle(self):
        """Until all is taken, stored and answered."""
        self.wait_acked()
        self.wait(lambda: self.is_stored() and self.spool_settled()
                  and self._nothing_goes(), "settled office")

    def _nothing_goes(self):
        with contextlib.suppress(ClusterError):
            return not self.crowd.unacked and self.count(
                "glas.outbox", "state in ('queued', 'inflight')") == 0
        return False

    def close(self):
        if self.process is not None and self.process.poll() is not None:
            self.process = None
        shared = (not self.own_cluster and self.cluster.running
                  and self.beside is None)
        super().close()
        self.crowd.close()
        if shared:
            self.cluster.psql(f"drop database {self.database} with (force)")
