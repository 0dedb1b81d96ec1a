#!/usr/bin/env python3
"""Kannel in a folder: bearerbox and smsbox, with a centre that a test plays.

The programs are those of Debian's package kannel.  Everything listens on
loopback; the configuration is that of doc/kannel.md with the ports of the
moment, and without its waits.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import urllib.request

from cluster import wait_until
from office import SRC_DIR, free_port

PROGRAMS = ("bearerbox", "smsbox")
DEADLINE_S = 30
FAKE = """
group = smsc
smsc = fake
smsc-id = centre
host = 127.0.0.1
port = 2775
connect-allow-ip = 127.0.0.1
"""


def blocks():
    """What stands in doc/kannel.md between fences: Kannel's configuration,
    its centre's, and a section of glas.conf."""
    with open(os.path.join(SRC_DIR, "doc", "kannel.md"),
              encoding="utf-8") as doc:
        parts = doc.read().split("```\n")[1::2]
    found = [next(part for part in parts if part.startswith(first))
             for first in ("group = core", "group = smsc\n", "[web ")]
    return found


def changed(text, changes):
    """The text with other values; each must stand there."""
    for old, new in changes.items():
        if old not in text:
            raise AssertionError(f"doc/kannel.md has no {old!r}")
        text = text.replace(old, str(new))
    return text


def program(name):
    """Where it is, or None."""
    return shutil.which(name, path=os.environ.get("PATH", "") +
                        ":/usr/sbin:/usr/local/sbin")


def present():
    """Whether the package is installed."""
    return all(program(name) for name in PROGRAMS)


class Kannel:
    """Both boxes, from start() to close()."""

    def __init__(self, *, smpp=None, web=None, secret="SECRET",
                 password="k-1", changes=None):
        """smpp: port of a centre that it binds to, else it plays one
        (`smsc = fake`); web: port of glas-web; changes: of the configuration
        besides."""
        self.folder = tempfile.mkdtemp(prefix="glas-kannel-", dir="/tmp")
        self.port = smpp or free_port()
        self.web = web or free_port()
        self.sendsms = free_port()
        self.admin = free_port()
        os.mkdir(self.path("spool"))
        core, centre, self.section = blocks()
        if not smpp:
            centre = FAKE
        else:
            centre = changed(centre, {"192.0.2.10": "127.0.0.1",
                                      "reconnect-delay = 10":
                                      "reconnect-delay = 1"})
        self.conf = self.path("kannel.conf")
        with open(self.conf, "w", encoding="utf-8") as out:
            out.write(changed(core, {
                "= 13000": f"= {self.admin}", "= 13001": f"= {free_port()}",
                "= 13013": f"= {self.sendsms}", ":8077": f":{self.web}",
                "SECRET": secret, "PASSWORD": password,
                "/var/spool/kannel": self.path("spool"),
                "http-queue-delay = 10": "http-queue-delay = 1",
                "sms-resend-freq = 60": "sms-resend-freq = 1",
                **(changes or {})}) + "\n" + centre.replace(
                    "2775", str(self.port)))
        # Of what it says, the same as of what it logs.
        self.level = re.search(r"^log-level = (\d)$", core, re.M)[1]
        self.boxes = {}

    def glas(self, program, secret, key, changes=None):
        """The section of glas.conf, with those files."""
        return changed(self.section, {
            "[web kannel]\n": f"[web kannel]\ncommand = {program}\n",
            ":8077": f":{self.web}", ":13013": f":{self.sendsms}",
            "/etc/glas/kannel.secret": secret, "/etc/glas/kannel.key": key,
            **(changes or {})})

    def path(self, name):
        """Of a file of its own."""
        return os.path.join(self.folder, name)

    def run(self, name):
        """One box, which need not be ready yet."""
        with open(self.path(name + ".log"), "ab") as log:
            self.boxes[name] = subprocess.Popen(
                [program(name), "-v", self.level, self.conf],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder)

    def start(self):
        """Returns when texts can be given to it."""
        self.run("bearerbox")
        wait_until(lambda: self._listens("bearerbox", self.admin),
                   DEADLINE_S, "bearerbox")
        self.run("smsbox")
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
                f"http://127.0.0.1:{self.admin}/status.txt?password=CHANGE-ME",
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
