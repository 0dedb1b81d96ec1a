#!/usr/bin/env python3
"""An office in a folder: keys, spool, configuration, PostgreSQL, glasd.

Used by system tests, benchmarks and contrib/demo.  The programs come from
GLAS_BUILD_DIR (a build tree), the rest from GLAS_SRC_DIR; both default to the
checkout that this file is in.

`office.py FOLDER` makes there what GLAS_CLUSTER may name: a cluster with an
office, of which the clusters of many tests are copies.
"""

import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from cluster import KEYS, SUPERUSER, Cluster, Session, short_folder
from cluster import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
DEADLINE_S = 30
NO_LIMITS = {"replies-per-hour": 0, "replies-per-day": 0,
             "segments-per-day": 0}
PEOPLE = itertools.count(1000000)


def program(name):
    return os.path.join(BUILD_DIR, name)


def number():
    """A Serbian mobile number that nobody had before in this run."""
    return f"+38164{next(PEOPLE)}"


def free_port():
    """A port of loopback that nobody has."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Office:
    """Everything that one glasd needs, in one short folder, and the glasd."""

    def __init__(self, *, name="vranje", cluster=None, settings=None,
                 limits=None, sections="", database="glas", parent=None,
                 introduces=False):
        """introduces: the first reply to a person says who writes, which
        makes it longer by a segment."""
        self.name = name
        self.introduces = introduces
        self.folder = tempfile.mkdtemp(prefix="glas-office-",
                                       dir=parent or short_folder())
        os.chmod(self.folder, 0o711)
        self.own_cluster = cluster is None
        self.cluster = cluster or Cluster()
        if self.own_cluster:
            self.cluster.start()
        self.database = database
        self.settings = settings or {}
        self.limits = limits or {}
        self.sections = sections
        self.conf = self.path("glas.conf")
        self.log = self.path("glasd.log")
        self.clock = self.path("clock")
        self.process = None
        self.runner = ()        # before the command of glasd
        self.sessions = []      # of psql, that nobody uses now
        for folder in ("spool", "keys"):
            os.mkdir(self.path(folder), 0o700)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # --- setting up ---------------------------------------------------------

    def write_conf(self, sections=None):
        """Writes glas.conf; `sections` are those of the links."""
        if sections is not None:
            self.sections = sections
        gateway = {
            "name": self.name,
            "database": self.dsn("glasd"),
            "key-dir": self.path("keys"),
            "spool-dir": self.path("spool"),
            # Tests run on a desk whose disk may be nearly full.
            "spool-reserve": 16,
            "control": self.path("control"),
            "content-dir": os.path.join(SRC_DIR, "etc", "content"),
            "keys-with-spool": "yes",
            # A desk has no user for links.
            "link-user": pwd.getpwuid(os.geteuid()).pw_name,
            **self.settings,
        }
        with open(self.conf, "w", encoding="utf-8") as out:
            for section, keys in (("gateway", gateway),
                                  ("limits", self.limits)):
                out.write(f"[{section}]\n")
                for key, value in keys.items():
                    out.write(f"{key} = {value}\n")
            out.write(self.sections)

    def dsn(self, user):
        return self.cluster.dsn(self.database, user)

    def init(self):
        """Creates the database and the keys, as glasctl init does.

        Many offices of one cluster are copies of the first: a copy takes a
        tenth of the time.
        """
        self.write_conf()
        original = os.path.isdir(self._original_keys())
        if "content-dir" in self.settings or os.listdir(self.path("keys")) \
                or self.own_cluster and not original:
            self.cluster.createdb(self.database)
            self._init(self.database)
        else:
            if not original:
                self.make_original()
            self._copy()
        if not self.introduces:
            self.sql("delete from glas_data.reply_text"
                     " where key = 'WHO_SHORT'")

    def join(self, other):
        """Is another office of the database and the keys of one that has
        been made."""
        copy = self.path("key-copy")
        self.database = other.database
        self.write_conf()
        other.glasctl("key", "export", copy)
        self.glasctl("key", "import", copy)

    def _init(self, database):
        self.glasctl(
            "init", "--database", self.cluster.dsn(database, "postgres"),
            "--sql", os.path.join(SRC_DIR, "sql"))

    def _original_keys(self):
        return os.path.join(self.cluster.folder, KEYS)

    def make_original(self):
        """Makes the office of the cluster that others are copies of."""
        self.write_conf()
        self.cluster.createdb("office")
        self._init("office")
        shutil.copytree(self.path("keys"), self._original_keys())

    def _copy(self):
        shutil.copytree(self._original_keys(), self.path("keys"),
                        dirs_exist_ok=True)
        self.cluster.createdb(self.database, template="office")
        # What is not in a database, but of it, is not copied with it.
        with open(os.path.join(SRC_DIR, "sql", "roles.sql"),
                  encoding="utf-8") as roles:
            self.sql(roles.read())
        self.sql("select glas_data.login_role('glasd', 'glas_gateway')")

    def glasctl(self, *arguments, check=True, **more):
        done = subprocess.run(
            [program("glasctl"), "-c", self.conf, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, **more)
        if check and done.returncode != 0:
            raise AssertionError(
                f"glasctl {arguments}: {done.stdout}{done.stderr}")
        return done

    # --- running ------------------------------------------------------------

    def start(self, wait=True, **environment):
        """Starts glasd; returns when its control socket answers."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.runner, program("glasd"), "-c", self.conf],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "GLAS_CLOCK_OFFSET": self.clock,
                     **environment})
        if wait:
            wait_until(self.answers, DEADLINE_S,
                       lambda: f"glasd: {self.tail()}")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"glasd ended: {self.tail()}")
        return self.status() is not None

    def status(self):
        """What glasctl status --json shows; None when nobody answers."""
        answer = b""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(DEADLINE_S)
            try:
                control.connect(self.path("control"))
                control.sendall(b'{"do":"status"}\n')
                while not answer.endswith(b"\n"):
                    octets = control.recv(65536)
                    if not octets:
                        return None
                    answer += octets
            except OSError:
                return None
        return json.loads(answer)

    def wait_status(self, condition, what, timeout_s=DEADLINE_S):
        wait_until(lambda: condition(self.status() or {}), timeout_s,
                   lambda: f"{what}: {self.tail()}")

    def wait_database(self, words="up", timeout_s=DEADLINE_S):
        self.wait_status(lambda s: s.get("database") == words,
                         f"database {words}", timeout_s)

    def times_connected(self):
        with open(self.log, "rb") as log:
            return log.read().count(b" database=up\n")

    def wait_reconnected(self, times, timeout_s=DEADLINE_S):
        """Since times_connected() said so; an outage between the two may be
        shorter than a look at the status."""
        wait_until(lambda: self.times_connected() > times, timeout_s,
                   lambda: f"the database again: {self.tail()}")

    def move_clock(self, seconds):
        """So much later it is for glasd, if it was built with a test clock."""
        with open(self.clock + ".new", "w", encoding="ascii") as clock:
            clock.write(f"{seconds}\n")
        os.rename(self.clock + ".new", self.clock)

    def move_database_clock(self, seconds):
        """So much later it is for PostgreSQL."""
        self.sql("create or replace function glas.now() returns timestamptz"
                 " language sql stable parallel safe as $$ select"
                 f" pg_catalog.now() + interval '{seconds} s' $$")

    def stop(self, timeout_s=DEADLINE_S):
        """SIGTERM; returns the exit status."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"glasd does not stop: {self.tail()}")
        self.process = None
        return status

    def kill(self):
        """As after a crash."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def tail(self, octets=3000):
        try:
            with open(self.log, "rb") as log:
                return log.read()[-octets:].decode("utf-8", "replace")
        except OSError:
            return ""

    # --- looking ------------------------------------------------------------

    def sql(self, statement, user=SUPERUSER):
        if user != SUPERUSER or len(statement) > Session.LONGEST:
            return self.cluster.psql(statement, user=user, db=self.database)
        session = self._session()
        try:
            answer = session.run(statement)
        except BaseException:
            session.close()
            raise
        self.sessions.append(session)
        return answer

    def _session(self):
        while self.sessions:
            session = self.sessions.pop()
            if session.dsn == self.dsn(SUPERUSER) and session.renew():
                return session
            session.close()
        return Session(self.cluster, self.database)

    def end_sessions(self):
        """Nobody uses the database any more but glasd."""
        while self.sessions:
            self.sessions.pop().close()

    def be_day(self):
        """People may be asked and told things now, whatever hour it is."""
        self.sql("create or replace function glas_data.polite_time("
                 "p_at timestamptz) returns timestamptz language sql stable "
                 "as 'select p_at'")

    def count(self, table, where="true"):
        return int(self.sql(f"select count(*) from {table} where {where}"))

    def wait_count(self, table, number, where="true", timeout_s=DEADLINE_S):
        wait_until(lambda: self.count(table, where) >= number, timeout_s,
                   lambda: f"{number} in {table}: {self.tail()}")
        return self.count(table, where)

    def spool_settled(self):
        status = self.status() or {}
        spool = status.get("spool", {})
        return (spool.get("texts") == 0 and
                status.get("outbox", {}).get("waiting") == 0)

    def wait_settled(self, timeout_s=DEADLINE_S):
        wait_until(self.spool_settled, timeout_s,
                   lambda: f"a settled gateway: {self.status()}"
                   f" {self.tail()}")

    def rss_kib(self):
        """Peak resident memory of glasd."""
        with open(f"/proc/{self.process.pid}/status",
                  encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
        return 0

    def close(self):
        if self.process is not None:
            self.kill()
        self.end_sessions()
        if self.own_cluster:
            self.cluster.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for(condition, timeout_s=DEADLINE_S, what="condition"):
    """wait_until under the name that reads well in tests."""
    wait_until(condition, timeout_s, what)
    return time.monotonic()


def main():
    """Makes a cluster to be copied."""
    folder = sys.argv[1]
    with Cluster(fsync=False, empty=True) as cluster:
        with Office(cluster=cluster) as office:
            office.make_original()
        cluster.stop()
        os.mkdir(folder)
        Cluster.copy(cluster.folder, folder)


if __name__ == "__main__":
    main()
