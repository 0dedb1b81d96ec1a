#!/usr/bin/env python3
"""A bad line to PostgreSQL: passes octets between glasd and a cluster until a
test wants it to lose, change or end something at a point that it names by
octets in what glasd sends.
"""

import contextlib
import os
import selectors
import socket
import threading

from cluster import PORT


class PgProxy:
    """Listens on a socket of its own in `folder` and connects to `cluster`."""

    def __init__(self, cluster, folder):
        self.target = os.path.join(cluster.socket_dir, f".s.PGSQL.{PORT}")
        self.folder = folder
        os.mkdir(folder, 0o711)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(folder, f".s.PGSQL.{PORT}"))
        self.listener.listen(8)
        self.rule = None            # (octets, what is done at them)
        self.reached = threading.Event()
        self.swallowing = False
        self.left = []              # server sides whose clients are gone
        self.pairs = {}             # each socket -> its other side
        self.clients = set()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.ending = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def dsn(self, database, user):
        return f"host={self.folder} port={PORT} dbname={database} user={user}"

    def swallow(self, octets):
        """From these octets on no answer comes back, until cut()."""
        self._set(octets, "swallow")

    def leave(self, octets):
        """At these octets the line ends; the server does not know it yet."""
        self._set(octets, "leave")

    def edit(self, octets, others):
        """These octets become others of the same length, once."""
        self._set(octets, others)

    def _set(self, octets, what):
        self.reached.clear()
        self.rule = (octets, what)

    def wait(self, timeout_s=20):
        """Waits until the octets have come."""
        if not self.reached.wait(timeout_s):
            raise AssertionError(f"glasd did not send {self.rule[0]!r}")

    def cut(self):
        """Ends all connections, on both sides."""
        self.swallowing = False
        for client in list(self.clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.ending = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.cut()
        self.thread.join(5)
        for side in [*self.pairs, *self.left, self.listener]:
            side.close()

    def _run(self):
        while not self.ending:
            for key, _ in self.selector.select():
                if key.fileobj is self.listener:
                    self._accept()
                elif key.fileobj in self.pairs:
                    self._pass_on(key.fileobj)

    def _accept(self):
        with contextlib.suppress(OSError):
            client = self.listener.accept()[0]
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.target)
            except OSError:
                client.close()
                server.close()
                return
            self.pairs[client], self.pairs[server] = server, client
            self.clients.add(client)
            for side in (client, server):
                self.selector.register(side, selectors.EVENT_READ)

    def _end(self, side, keep=False):
        other = self.pairs.pop(side)
        del self.pairs[other]
        self.clients -= {side, other}
        for end in (side, other):
            self.selector.unregister(end)
            if keep and end is other:
                self.left.append(end)
            else:
                end.close()

    def _pass_on(self, side):
        try:
            octets = side.recv(1 << 20)
        except OSError:
            octets = b""
        if not octets:
            self._end(side)
            return
        leave = False
        if side not in self.clients:
            if self.swallowing:
                return
        elif self.rule is not None and self.rule[0] in octets:
            marker, what = self.rule
            leave = what == "leave"
            self.swallowing = what == "swallow"
            if isinstance(what, bytes):
                octets = octets.replace(marker, what, 1)
            self.rule = None
        try:
            self.pairs[side].sendall(octets)
        except OSError:
            self._end(side)
            return
        if leave:
            self._end(side, keep=True)
        if side is not None and self.rule is None:
            self.reached.set()
