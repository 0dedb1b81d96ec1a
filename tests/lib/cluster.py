#!/usr/bin/env python3
"""A throw-away PostgreSQL cluster on a Unix socket.

Used by the system tests, the benchmarks, contrib/check and contrib/demo.  All
of it lives in one short directory below /tmp and goes with it.  Started by
root, the server runs as `postgres` (else `nobody`) and root may connect as
any role; started by a user, it runs as that user.

In a test:

    with Cluster() as cluster:
        cluster.createdb("glas")
        cluster.psql("select 1", db="glas")     # "1"
        ... hand cluster.dsn("glas") to a program ...
        cluster.kill(); cluster.start()         # as after a power cut

From a shell: `cluster.py run [options] -- COMMAND...` starts a cluster, sets
PGHOST, PGPORT, PGUSER and PGDATABASE, runs COMMAND and ends with its status.

A guard, a process of its own, ends the server and removes the directory also
when its owner was killed and could not.
"""

import argparse
import atexit
import contextlib
import ctypes
import functools
import glob
import os
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PORT = 5432
KEYS = "office-keys"    # in the folder of a cluster: those of its `office`
SUPERUSER = "postgres"
STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT,
                "immediate": signal.SIGQUIT}
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_DEADLINE_S = 60
STOP_DEADLINE_S = 60
POLL_S = 0.01

DEFAULTS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": 50,
    "shared_buffers": "32MB",
    # Nothing of a killed server stays outside of its directory.
    "dynamic_shared_memory_type": "mmap",
    "log_line_prefix": "%m [%p] %u@%d ",
}
# A server of a test has many databases, for which the default is a visit of
# autovacuum every few hundred milliseconds.
WITHOUT_FSYNC = {"fsync": False, "full_page_writes": False,
                 "autovacuum_naptime": "10min"}

# Arguments of psql for a script that ends at its first error, and for rows
# without frame and header.
SCRIPT = ("-X", "-q", "-v", "ON_ERROR_STOP=1")
PLAIN = (*SCRIPT, "-A", "-t")


def in_memory(folder):
    return subprocess.run(
        ["stat", "-f", "-c", "%T", folder], capture_output=True, text=True,
        check=False).stdout.strip() in ("tmpfs", "ramfs")


@functools.cache
def short_folder():
    """Where tests have their folders: with room for the path of a socket, and
    on a disk, as a spool in memory is an alert."""
    for folder in ("/tmp", "/var/tmp"):
        if os.access(folder, os.W_OK | os.X_OK) and not in_memory(folder):
            return folder
    return None


class ClusterError(Exception):
    """The cluster cannot be made, or a statement failed."""


def find_bindir():
    """The folder of initdb and postgres, the newest where there are more."""
    candidates = sorted(
        glob.glob("/usr/lib/postgresql/*/bin"), reverse=True,
        key=lambda path: [int(n) for n in re.findall(r"\d+", path)])
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        candidates.append(subprocess.run(
            ["pg_config", "--bindir"], check=True, text=True,
            capture_output=True).stdout.strip())
    initdb = shutil.which("initdb")
    if initdb:
        candidates.append(os.path.dirname(os.path.realpath(initdb)))
    for folder in candidates:
        if all(os.access(os.path.join(folder, program), os.X_OK)
               for program in ("initdb", "postgres", "psql")):
            return folder
    raise ClusterError("no PostgreSQL server programs found: "
                       "apt-get install postgresql")


def clean_environment():
    """Ours without what steers libpq, so that no test meets another server.
    """
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("PG") and name != "PSQLRC"}
    for name in ("PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR"):
        environment[name] = "/nonexistent"
    return environment


def wait_until(condition, timeout_s, what):
    """Looks every 10 ms; ClusterError when it does not come true. `what` may
    be a function, for what is only known then."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise ClusterError("%s: not within %g s" % (
                what() if callable(what) else what, timeout_s))
        time.sleep(POLL_S)


def children_of(parent):
    """The process ids of a process's children."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            with open(path, encoding="ascii", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(path.split("/")[2]))
    return found


def send_signal(pid, number):
    """A signal to a process that may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def read_pid_file(data):
    """The lines of postmaster.pid, none when the server is down."""
    try:
        with open(os.path.join(data, "postmaster.pid"),
                  encoding="utf-8") as lines:
            return lines.read().splitlines()
    except OSError:
        return []


def remove_shared_memory(data):
    """Frees the System V segment that a killed server left behind."""
    lines = read_pid_file(data)
    if len(lines) > 6:
        identifier = int(lines[6].split()[1])
        ctypes.CDLL(None).shmctl(identifier, 0, None)       # 0: IPC_RMID


def guard(folder):
    """Waits for a line or the end of stdin, then leaves nothing behind."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.readline()
    data = os.path.join(folder, "data")
    lines = read_pid_file(data)
    pid = int(lines[0]) if lines else 0
    if pid and os.path.exists("/proc/%d" % pid):
        for process in (pid, *children_of(pid)):
            send_signal(process, signal.SIGCONT)
        send_signal(pid, signal.SIGQUIT)
        with contextlib.suppress(ClusterError):
            wait_until(lambda: not os.path.exists("/proc/%d" % pid), 10,
                       "end of the server")
        if os.path.exists("/proc/%d" % pid):
            for process in (*children_of(pid), pid):
                send_signal(process, signal.SIGKILL)
    if os.path.isdir(data):
        remove_shared_memory(data)
    shutil.rmtree(folder, ignore_errors=True)


class Session:
    """A psql that stays, for one script after the other: to start one, and
    the server's process for it, costs more than most scripts do."""
    END = "-- the end --"
    LONGEST = 32768         # what is written at once, whoever reads it when

    def __init__(self, cluster, db):
        self.dsn = cluster.dsn(db)
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [os.path.join(cluster.bindir, "psql"), *PLAIN, "-f", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._errors, bufsize=0, start_new_session=True,
            env={**cluster.environment(db), "PGCLIENTENCODING": "UTF8"})

    def renew(self):
        """Is as one that has just begun; False when its server is gone."""
        try:
            self.run("discard all")
        except ClusterError:
            return False
        return True

    def run(self, sql, timeout_s=60):
        """As Cluster.psql(); after a ClusterError it is of no more use."""
        script = "%s\n;\n\\echo '%s'\n" % (sql, self.END)
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(script.encode())
        return self._answer(time.monotonic() + timeout_s)

    def _answer(self, deadline):
        end = b"%s\n" % self.END.encode()
        answer = b""
        while not answer.endswith(end):
            if not select.select([self._process.stdout], [], [], max(
                    0, deadline - time.monotonic()))[0]:
                raise ClusterError("no answer of the database")
            octets = self._process.stdout.read(65536)
            if not octets:
                self._process.wait()
                self._errors.seek(0)
                raise ClusterError(self._errors.read().decode().strip())
            answer += octets
        return answer[:-len(end)].decode().rstrip("\n")

    def close(self):
        """Ends it."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()


class Cluster:
    """One server and its directory."""

    def __init__(self, *, settings=None, fsync=True, socket_mode=0o700,
                 start=True, primary=None, empty=False):
        """Makes the cluster and, unless told otherwise, starts it.

        It begins as the copy of what GLAS_CLUSTER names, which office.py
        makes, where we may read that, unless it is to be `empty`.  With a
        `primary`, which runs, it is a standby of that: it only reads, until
        promote().

        `settings` are lines of postgresql.conf; change the dictionary of that
        name and restart() to try others.  The socket is open to the server's
        user and to root; `socket_mode` 0o777 opens it to everybody, who may
        then connect as any role.
        """
        self.bindir = find_bindir()
        self.settings = {**DEFAULTS, **({} if fsync else WITHOUT_FSYNC),
                         "unix_socket_permissions": "%04o" % socket_mode,
                         **(settings or {})}
        self._identity = {}
        self._server = None
        self._primary = primary
        self._original = os.environ.get("GLAS_CLUSTER", "")
        if empty or not os.access(
                os.path.join(self._original, "data"), os.R_OK):
            self._original = ""
        self.folder = tempfile.mkdtemp(prefix="glas-pg.", dir=short_folder())
        self._guard = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), "guard", self.folder],
            stdin=subprocess.PIPE, start_new_session=True, cwd="/")
        atexit.register(self.destroy)
        try:
            self._create()
            if start:
                self.start()
        except BaseException:
            self.destroy()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.destroy()

    # ---- making -----------------------------------------------------------

    def _create(self):
        self.data = os.path.join(self.folder, "data")
        self.socket_dir = os.path.join(self.folder, "s")
        self.log_path = os.path.join(self.folder, "log")
        os.chmod(self.folder, 0o755)
        for path in (self.data, self.socket_dir):
            os.mkdir(path, 0o755)
        os.chmod(self.data, 0o700)
        if os.getuid() == 0:
            self._become_other_than_root()
        if self._primary is not None:
            self._make_standby()
        elif self._original:
            self.copy(self._original, self.folder)
        else:
            self._make_primary()
        conf = os.path.join(self.data, "postgresql.conf")
        with open(conf, encoding="utf-8") as old:
            lines = [line for line in old if not line.startswith("include")]
        with open(conf, "w", encoding="utf-8") as new:
            new.writelines([*lines, "\ninclude '%s/settings.conf'\n" %
                            self.folder])
        self.settings.setdefault("unix_socket_directories", self.socket_dir)

    def _make_primary(self):
        for locale in ("C.UTF-8", "C"):
            result = self._run_as_owner(
                "initdb", "-D", self.data, "-U", SUPERUSER, "--auth=trust",
                "--encoding=UTF8", "--locale=" + locale, "--no-sync",
                "--no-instructions")
            if result.returncode == 0:
                break
        else:
            raise ClusterError("initdb: " + result.stderr)

    def _make_standby(self):
        result = self._run_as_owner(
            "pg_basebackup", "-D", self.data, "-R", "--no-sync",
            "--checkpoint=fast", "-d", self._primary.dsn())
        if result.returncode != 0:
            raise ClusterError("pg_basebackup: " + result.stderr)

    def _become_other_than_root(self):
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                user = pwd.getpwnam(name)
                break
        else:
            raise ClusterError("no user postgres or nobody to run as")
        self._identity = {"user": user.pw_uid, "group": user.pw_gid,
                          "extra_groups": []}
        for path in (self.data, self.socket_dir):
            os.chown(path, user.pw_uid, user.pw_gid)

    def _run_as_owner(self, program, *arguments):
        """A server program, in our directory: ours may be closed to it."""
        return subprocess.run(
            [os.path.join(self.bindir, program), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=self.folder, check=False,
            env=clean_environment(), umask=0o077, **self._identity)

    def _write_settings(self):
        def quoted(value):
            if isinstance(value, bool):
                value = "on" if value else "off"
            return "'%s'" % str(value).replace("'", "''")
        path = os.path.join(self.folder, "settings.conf")
        with open(path, "w", encoding="utf-8") as conf:
            for name, value in self.settings.items():
                conf.write("%s = %s\n" % (name, quoted(value)))
        os.chmod(path, 0o644)

    # ---- up and down ------------------------------------------------------

    @property
    def running(self):
        """Is there a server, frozen or not?"""
        return self._server is not None and self._server.poll() is None

    @property
    def pid(self):
        """The process id of the postmaster, or None."""
        return self._server.pid if self.running else None

    def start(self):
        """Starts the server and waits until it takes connections."""
        if self.running:
            return self
        self._write_settings()
        with open(self.log_path, "ab") as log:
            self._server = subprocess.Popen(
                [os.path.join(self.bindir, "postgres"), "-D", self.data],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=clean_environment(), umask=0o077,
                start_new_session=True, **self._identity)
        wait_until(self._is_ready, START_DEADLINE_S, "start of PostgreSQL")
        return self

    def _is_ready(self):
        if self._server.poll() is not None:
            raise ClusterError("PostgreSQL did not start:\n" + self.log())
        lines = read_pid_file(self.data)
        return (len(lines) > 7 and lines[7].strip() in ("ready", "standby")
                and int(lines[0]) == self._server.pid)

    def stop(self, mode="fast"):
        """Shuts down: smart, fast or immediate."""
        if not self.running:
            return
        self.thaw()
        self._server.send_signal(STOP_SIGNALS[mode])
        try:
            self._server.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ClusterError("PostgreSQL did not stop") from None

    def restart(self, mode="fast"):
        """Down and up again, with the settings as they are now."""
        self.stop(mode)
        return self.start()

    def kill(self):
        """Ends all its processes at once, as a power cut does."""
        if not self.running:
            return
        pid = self._server.pid
        send_signal(pid, signal.SIGSTOP)        # no new child meanwhile
        children = children_of(pid)
        for process in (*children, pid):
            send_signal(process, signal.SIGKILL)
        self._server.wait()
        wait_until(lambda: not any(os.path.exists("/proc/%d" % child)
                                   for child in children),
                   STOP_DEADLINE_S, "end of the backends")

    def promote(self):
        """Makes a standby a server of its own, which writes."""
        self.psql("select pg_promote()")

    def has_all_of(self, primary):
        """Has this standby done all that the primary has written?"""
        return self.psql(
            "select pg_last_wal_replay_lsn() >= '%s'" % primary.psql(
                "select pg_current_wal_lsn()")) == "t"

    def cut_off(self):
        """A standby hears no more of its primary."""
        self.psql("alter system set primary_conninfo = ''")
        self.psql("select pg_reload_conf()")
        wait_until(lambda: self.psql(
            "select count(*) from pg_stat_wal_receiver") == "0",
                   START_DEADLINE_S, "end of the replication")

    def backup(self):
        """Copies the running cluster; returns what restore() takes."""
        folder = tempfile.mkdtemp(prefix="backup", dir=self.folder)
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])
        result = self._run_as_owner(
            "pg_basebackup", "-D", folder, "--no-sync", "--checkpoint=fast",
            "-d", self.dsn())
        if result.returncode != 0:
            raise ClusterError("pg_basebackup: " + result.stderr)
        return folder

    def restore(self, backup):
        """Is as it was then, once it is started."""
        self.stop("immediate")
        shutil.rmtree(self.data)
        subprocess.run(["cp", "-a", backup, self.data], check=True)

    @staticmethod
    def copy(original, folder):
        """Copies a cluster that is down, and the keys of its office."""
        subprocess.run(["cp", "-a", *(
            os.path.join(original, part) for part in ("data", KEYS)), folder],
                       check=True)

    def freeze(self):
        """Stops its processes where they are: connected, and silent."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        """Lets them go on."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number):
        if self.running:
            pid = self._server.pid
            send_signal(pid, number)
            for process in children_of(pid):
                send_signal(process, number)

    def destroy(self):
        """Ends the server and removes the directory; twice does no harm."""
        atexit.unregister(self.destroy)
        if not self._guard:
            return
        try:
            if self.running:
                self.stop("immediate")
        finally:
            # The guard looks after whatever is left.  A line tells it so:
            # a child that was forked may hold the pipe open.
            self._guard.communicate(b"\n")
            self._guard = None

    def log(self, octets=4000):
        """The end of the server's log."""
        try:
            with open(self.log_path, encoding="utf-8",
                      errors="replace") as log:
                return log.read()[-octets:]
        except FileNotFoundError:
            return ""

    # ---- use --------------------------------------------------------------

    def dsn(self, dbname="postgres", user=SUPERUSER):
        """A connection string for libpq."""
        return "host=%s port=%d dbname=%s user=%s" % (
            self.socket_dir, PORT, dbname, user)

    def environment(self, dbname="postgres", user=SUPERUSER):
        """The environment in which libpq finds this cluster by itself."""
        return {**clean_environment(), "PGHOST": self.socket_dir,
                "PGPORT": str(PORT), "PGUSER": user, "PGDATABASE": dbname}

    def psql(self, sql, *, user=SUPERUSER, db="postgres", tuples_only=True,
             timeout_s=60, arguments=()):
        """What psql prints for a script, which ends at its first error.

        Rows without frame and header, columns parted by '|'; with
        `tuples_only` False as a person sees them.  ClusterError holds what
        the server said.
        """
        command = [os.path.join(self.bindir, "psql"),
                   *(PLAIN if tuples_only else SCRIPT), *arguments]
        result = subprocess.run(
            [*command, "-f", "-"], input=sql, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=timeout_s, check=False,
            env={**self.environment(db, user), "PGCLIENTENCODING": "UTF8"})
        if result.returncode:
            raise ClusterError(result.stderr.strip())
        return result.stdout.rstrip("\n")

    def createdb(self, name="glas", owner=None, template="template1"):
        """A new database, empty unless it is the copy of another."""
        def identifier(text):
            return '"%s"' % text.replace('"', '""')
        owned = " owner " + identifier(owner) if owner else ""
        # The copy of files takes half the work, and syncs the disk.
        way = "wal_log" if self.settings.get("fsync", True) else "file_copy"
        self.psql("create database %s template %s strategy %s%s;" %
                  (identifier(name), identifier(template), way, owned))


# ---- as a program ----------------------------------------------------------

def run(options):
    """Runs a command beside a cluster; returns its exit status."""
    def leave(number, _frame):
        raise SystemExit(128 + number)
    for number in ENDING:
        signal.signal(number, leave)
    settings = dict(pair.split("=", 1) for pair in options.set)
    with Cluster(settings=settings, fsync=not options.no_fsync) as cluster:
        if options.db != "postgres":
            cluster.createdb(options.db)
        # Signals are read from a pipe: an exception out of a handler would
        # come late when the signal comes just before we begin to wait.
        pipe = os.pipe()
        os.set_blocking(pipe[1], False)
        signal.set_wakeup_fd(pipe[1])
        for number in (*ENDING, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)
        child = subprocess.Popen(options.command,
                                 env=cluster.environment(options.db))
        while child.poll() is None:
            for number in os.read(pipe[0], 64):
                # A terminal's interrupt has reached the command as well.
                if number in (signal.SIGTERM, signal.SIGHUP):
                    child.send_signal(number)
    return 128 - child.returncode if child.returncode < 0 \
        else child.returncode


def main():
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description="A throw-away PostgreSQL cluster.")
    parts = parser.add_subparsers(dest="part", required=True)
    part = parts.add_parser("run", help="run a command beside a cluster")
    part.add_argument("--db", default="glas", help="made, and PGDATABASE")
    part.add_argument("--no-fsync", action="store_true")
    part.add_argument("--set", action="append", default=[],
                      metavar="NAME=VALUE", help="a line of postgresql.conf")
    part.add_argument("command", nargs="+")
    part = parts.add_parser("guard")
    part.add_argument("folder")
    options = parser.parse_args()
    if options.part == "guard":
        guard(options.folder)
        return
    try:
        sys.exit(run(options))
    except (ClusterError, OSError) as error:
        sys.exit("cluster.py: %s" % error)


if __name__ == "__main__":
    main()
