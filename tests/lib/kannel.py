#!/usr/bin/env python3
"""Kannel in a folder: bearerbox and smsbox, with a centre that a test plays.

The programs are those of Debian's package kannel.  Everything listens on
loopback; the configuration is that of doc/kannel.md with the ports of the
moment.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import urllib.request

from cluster import wait_until

PROGRAMS = ("bearerbox", "smsbox")
DEADLINE_S = 30
CORE = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = *.*.*.*
sms-combine-concatenated-mo = true
sms-combine-concatenated-mo-timeout = 60
sms-resend-freq = 1
sms-resend-retry = 1000000
{store}
"""
FAKE = """
group = smsc
smsc = fake
smsc-id = centre
host = 127.0.0.1
port = {port}
connect-allow-ip = 127.0.0.1
"""
SMPP = """
group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {port}
transceiver-mode = true
smsc-username = glas
smsc-password = secret
system-type = ""
reconnect-delay = 1
"""
BOX = """
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
http-request-retry = 1000000
http-queue-delay = 1

group = sms-service
keyword = default
catch-all = true
get-url = "{url}"
max-messages = 0

group = sendsms-user
username = glas
password = {password}
max-messages = 10
concatenation = true
user-allow-ip = 127.0.0.1
user-deny-ip = *.*.*.*
"""


def free_port():
    """A port of loopback that nobody has."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def program(name):
    """Where it is, or None."""
    return shutil.which(name, path=os.environ.get("PATH", "") +
                        ":/usr/sbin:/usr/local/sbin")


def present():
    """Whether the package is installed."""
    return all(program(name) for name in PROGRAMS)


class Kannel:
    """Both boxes, from start() to close()."""

    def __init__(self, url, *, smsc=FAKE, port=None, password="k-1",
                 store=""):
        """url: of the service, with Kannel's escapes; store: further keys of
        the core, where {folder} is a folder of its own."""
        self.folder = tempfile.mkdtemp(prefix="glas-kannel-", dir="/tmp")
        self.port = port or free_port()
        self.sendsms = free_port()
        self.admin = free_port()
        names = {"admin": self.admin, "box": free_port(), "url": url,
                 "sendsms": self.sendsms, "password": password,
                 "port": self.port,
                 "store": store.format(folder=self.folder)}
        self.conf = os.path.join(self.folder, "kannel.conf")
        with open(self.conf, "w", encoding="utf-8") as out:
            out.write("".join(part.format(**names)
                              for part in (CORE, smsc, BOX)))
        self.boxes = {}

    def path(self, name):
        """Of a file of its own."""
        return os.path.join(self.folder, name)

    def _run(self, name):
        with open(self.path(name + ".log"), "ab") as log:
            self.boxes[name] = subprocess.Popen(
                [program(name), "-v", "2", self.conf],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder)

    def start(self):
        """Returns when texts can be given to it."""
        self._run("bearerbox")
        wait_until(lambda: self._listens("bearerbox", self.admin),
                   DEADLINE_S, "bearerbox")
        self._run("smsbox")
        wait_until(lambda: self._listens("smsbox", self.sendsms),
                   DEADLINE_S, "smsbox")
        wait_until(lambda: "smsbox" in self.status(), DEADLINE_S,
                   "a box that is known")
        return self

    def _listens(self, name, port):
        if self.boxes[name].poll() is not None:
            raise AssertionError(f"{name} ended: {self.tail(name)}")
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            return False
        return True

    def status(self):
        """What the admin port says."""
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.admin}/status.txt?password=admin",
                timeout=DEADLINE_S) as answer:
            return answer.read().decode()

    def tail(self, name, octets=2000):
        """The end of what a box has said."""
        with open(self.path(name + ".log"), "rb") as log:
            return log.read()[-octets:].decode("utf-8", "replace")

    def stop(self):
        """Both boxes, as at a stop of the service."""
        for name in reversed(list(self.boxes)):
            self.boxes[name].terminate()
            try:
                self.boxes[name].wait(10)
            except subprocess.TimeoutExpired:
                self.boxes[name].kill()
                self.boxes[name].wait()
        self.boxes = {}

    def kill(self, name):
        """As after a crash."""
        self.boxes[name].kill()
        self.boxes.pop(name).wait()

    def close(self):
        """Leaves nothing behind."""
        for name in list(self.boxes):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)


class FakeCentre:
    """What fakesmsc is to `smsc = fake`: a line for each message."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.socket.settimeout(0.1)
        self.octets = b""
        self.got = []

    def text(self, sender, words, to="1234"):
        """A text from a person."""
        self.socket.sendall(f"{sender} {to} text {words}\n".encode())

    def pump(self):
        """What Kannel sends: (from, to, kind, rest) each."""
        try:
            octets = self.socket.recv(65536)
        except TimeoutError:
            octets = b""
        self.octets += octets
        *lines, self.octets = self.octets.split(b"\n")
        self.got += [line.decode("utf-8", "replace").split(" ", 3)
                     for line in lines]
        return self.got

    def close(self):
        self.socket.close()
