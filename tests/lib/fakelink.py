#!/usr/bin/env python3
"""A link that a test drives line by line.

glasd starts this file as the command of a `[link NAME]` section with the path
of a Unix socket as its argument; it joins its standard input and output to
that socket.  In the test, `LinkServer` listens there and gives each start of
the link as a `LinkPeer`, which says and hears the lines of the link protocol.
"""

import json
import os
import selectors
import socket
import sys
import time

DEADLINE_S = 20


STOP = b'{"t":"stop"}\n'


def relay(path, lingers=False):
    """Copies octets both ways until one side ends, or glasd asks for it. One
    that lingers leaves it to the test what becomes of what is in flight."""
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(path)
    ways = {0: peer.fileno(), peer.fileno(): 1}
    with selectors.DefaultSelector() as selector:
        for source in ways:
            selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                octets = os.read(key.fd, 65536)
                if not octets:
                    return
                stop = octets.endswith(STOP) and not lingers
                target = ways[key.fd]
                while octets:
                    octets = octets[os.write(target, octets):]
                if stop:
                    return


class LinkPeer:
    """One run of the link, from its start to its end."""

    def __init__(self, connection):
        self.connection = connection
        self.connection.settimeout(DEADLINE_S)
        self.buffer = b""
        self.heard = []         # every message that glasd said
        self.submits = []
        self.answers = {}       # mt -> what `submitted` says of it
        self.count = 0

    def say(self, **message):
        self.say_octets(json.dumps(message).encode() + b"\n")

    def say_octets(self, octets):
        self.connection.sendall(octets)

    def next_id(self):
        self.count += 1
        return f"t{self.count}"

    def mo(self, originator, text, scts=None, udh="", id=None, **more):
        """Offers a text as glas-modem would; returns its id.  The time of its
        centre is one that nobody believes: tests move the clock."""
        id = id or self.next_id()
        units = text.encode("utf-16-be", "surrogatepass")
        self.say(t="mo", id=id, originator=originator, ton="international",
                 scts=scts or f"2099-11-01T12:00:{self.count % 60:02d}+01:00",
                 smsc="+381600000001", sim="220010000000001",
                 alphabet="ucs2" if any(ord(c) > 127 for c in text)
                 else "gsm7", udh=udh, ud=units.hex(), **more)
        return id

    def offer(self, messages, timeout_s=60):
        """Offers messages as its window lets it; True when all are acked."""
        offered, window = [], self.start["window"]
        for message in messages:
            offered.append(message.setdefault("id", self.next_id()))
            self.say(**message)
            if len(offered) % window == 0 and not self.pump(
                    lambda: offered[-1] in self.acked(), timeout_s):
                return False
        return self.pump(lambda: set(offered) <= set(self.acked()), timeout_s)

    def hear(self, timeout_s=DEADLINE_S):
        """The next message of glasd; None at the end of the link."""
        deadline = time.monotonic() + timeout_s
        while b"\n" not in self.buffer:
            self.connection.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                octets = self.connection.recv(65536)
            except ConnectionResetError:
                return None
            if not octets:
                return None
            self.buffer += octets
        line, self.buffer = self.buffer.split(b"\n", 1)
        message = json.loads(line)
        self.heard.append(message)
        return message

    def begin(self, state="ready", **more):
        """Greets as a link in that state."""
        start = self.hear()
        assert start and start["t"] == "start", start
        self.start = start
        self.say(t="hello", protocol=1, kind="fake", version="1")
        self.say(t="state", state=state, **more)
        return self

    def pump(self, condition, timeout_s=DEADLINE_S, accept=True):
        """Hears until the condition holds, saying of each submit that it was
        accepted; False when the time runs out or the link ends."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            try:
                message = self.hear(max(0.01, deadline - time.monotonic()))
            except TimeoutError:
                return condition()
            if message is None:
                return condition()
            self.react(message, accept)
        return True

    def react(self, message, accept=True):
        if message["t"] == "ping":
            self.say(t="pong")
        elif message["t"] == "submit":
            self.submits.append(message)
            if accept:
                self.submitted(message, "accepted",
                               mr=len(self.submits) % 256)

    def submitted(self, submit, outcome, **more):
        self.say(t="submitted", id=self.next_id(), mt=submit["mt"],
                 segment=submit["segment"], outcome=outcome, **more)

    def acked(self):
        return [id for m in self.heard if m["t"] == "ack" for id in m["ids"]]

    def nacked(self):
        return [id for m in self.heard if m["t"] == "nack" for id in m["ids"]]

    def texts(self):
        """(recipient, text) of all segments that were handed over."""
        return [(s["recipient"], bytes.fromhex(s["ud"]).decode("utf-16-be"))
                for s in self.submits]

    def close(self):
        self.connection.close()


class LinkServer:
    """Where the links of a test come to."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        os.chmod(path, 0o777)
        self.socket.listen(8)
        self.peers = []

    def command(self, *options):
        return " ".join(("/usr/bin/python3 -S -B", os.path.abspath(__file__),
                         self.path, *options))

    def accept(self, timeout_s=DEADLINE_S):
        """Waits for the next start of the link."""
        self.socket.settimeout(timeout_s)
        peer = LinkPeer(self.socket.accept()[0])
        self.peers.append(peer)
        return peer

    def close(self):
        for peer in self.peers:
            peer.close()
        self.socket.close()


if __name__ == "__main__":
    relay(sys.argv[1], "lingers" in sys.argv[2:])
