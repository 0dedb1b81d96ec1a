#!/usr/bin/env python3
"""A Debian 12 of its own in a folder, in which packages are installed, and
which can be started with its own systemd as process 1.

Made by debootstrap from the mirror that apt uses on this machine.  Only root
can do any of it; RootError says what is not to be had here.  tests/package
uses it.
"""

import contextlib
import os
import shutil
import subprocess
import time

from cluster import wait_until

RELEASE = "bookworm"
FIRST = ("systemd", "dbus")     # the rest comes by apt, which knows more
BOOT_S = 60
LONG_S = 900
CGROUPS = "/sys/fs/cgroup"
INSIDE = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
          "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}

# In namespaces of its own, so that all of it ends with its process 1. The root
# is changed by pivot_root: who is in a chroot may make no user namespace, and
# services with PrivateUsers= want one.
BOOT = r"""
set -e
cd "$1"
mount --bind . .
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
	touch dev/$name
	mount --bind /dev/$name dev/$name
done
mkdir dev/pts dev/shm run/old
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs dev/shm
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
	mount -t cgroup2 cgroup2 sys/fs/cgroup
else
	mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
	mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
	mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
	mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
pivot_root . run/old
umount -l /run/old
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --log-target=console --show-status=0
"""


class RootError(Exception):
    """It cannot be done on this machine; the text says why."""


def run(command, what, **more):
    """Runs a command that has to work; returns what it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False,
                          timeout=LONG_S, **more)
    if done.returncode != 0:
        raise RootError("%s: %s" % (what, done.stdout[-1500:]))
    return done.stdout


def apt_sources():
    """[(URI, codename)] of this release, as apt uses them here."""
    found = run(["apt-get", "indextargets", "--format",
                 "$(REPO_URI) $(CODENAME) $(COMPONENT)",
                 "Identifier: Packages"], "apt-get indextargets")
    sources = dict.fromkeys(
        (words[0], words[1]) for line in found.splitlines()
        if len(words := line.split()) == 3 and words[2] == "main"
        and words[1].split("-")[0] == RELEASE)
    if not any(codename == RELEASE for _, codename in sources):
        raise RootError("apt knows no mirror of Debian 12 here")
    return list(sources)


def write(path, text, mode=0o644):
    """A file in the root."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


class DebianRoot:
    """The folder, and what runs in it."""

    def __init__(self, folder):
        self.path = folder
        self.process = None     # its systemd
        self.cgroup = "glas-test-%d" % os.getpid()

    def inside(self, *parts):
        """The path of something in it, as we see it."""
        return os.path.join(self.path, *(part.lstrip("/") for part in parts))

    # ---- making ---------------------------------------------------------------

    def make(self):
        """Debian 12 without anything; takes a minute or two."""
        if os.geteuid() != 0:
            raise RootError("only root can make a Debian root")
        if not shutil.which("debootstrap"):
            raise RootError("no debootstrap")
        sources = apt_sources()
        mirror = next(uri for uri, name in sources if name == RELEASE)
        run(["debootstrap", "--variant=minbase",
             "--include=" + ",".join(FIRST), RELEASE, self.path, mirror],
            "debootstrap")
        write(self.inside("etc/apt/sources.list"), "".join(
            "deb %s %s main\n" % source for source in sources))
        write(self.inside("etc/apt/apt.conf.d/90here"), "".join(
            line + "\n" for line in run(["apt-config", "dump"],
                                        "apt-config").splitlines()
            if "::Proxy" in line) + 'APT::Install-Recommends "false";\n')
        shutil.copy("/etc/resolv.conf", self.inside("etc/resolv.conf"))
        # Nothing is started before there is somebody to start it.
        write(self.inside("usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n",
              0o755)
        self.run("apt-get", "-qq", "update")

    # ---- running -----------------------------------------------------------------

    def _command(self, words):
        if self.process is None:
            return ["unshare", "--fork", "--kill-child", "--pid", "--mount",
                    "--mount-proc=" + self.inside("proc"), "chroot",
                    self.path, *words]
        return ["nsenter", "--target", str(self.leader), "--mount", "--pid",
                "--uts", "--ipc", "--cgroup", "--root", "--wd", *words]

    def try_run(self, *words, data=None):
        """Runs a program in it; the finished process."""
        return subprocess.run(
            self._command(words), input=data or "", stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", check=False,
            timeout=LONG_S, env=INSIDE)

    def run(self, *words, data=None):
        """The same for what has to work; what it said, on both."""
        done = self.try_run(*words, data=data)
        if done.returncode != 0:
            raise RootError("%s: %s%s" % (" ".join(words), done.stdout[-1500:],
                                          done.stderr[-1500:]))
        return done.stdout + done.stderr

    def shell(self, script):
        """A script in it, which ends at its first error."""
        return self.run("sh", "-ec", script)

    # ---- its systemd ----------------------------------------------------------------

    def _cgroups(self):
        """Where a cgroup of its own is made, for systemd to rule in."""
        if os.path.exists(CGROUPS + "/cgroup.controllers"):
            return [CGROUPS]
        return [path for name in ("systemd", "unified")
                if os.path.isdir(path := os.path.join(CGROUPS, name))]

    def boot(self):
        """Starts its systemd; RootError where that is not to be."""
        os.unlink(self.inside("usr/sbin/policy-rc.d"))
        places = [os.path.join(top, self.cgroup) for top in self._cgroups()]
        if not places:
            raise RootError("no cgroups that systemd could rule in")
        try:
            for place in places:
                os.mkdir(place)
        except OSError as error:
            raise RootError("no cgroup can be made: %s" % error) from error

        def enter():
            for place in places:
                with open(place + "/cgroup.procs", "w",
                          encoding="ascii") as procs:
                    procs.write("0")
        self.process = subprocess.Popen(
            ["unshare", "--fork", "--kill-child", "--pid", "--mount", "--uts",
             "--ipc", "--cgroup", "--propagation", "private", "sh", "-c",
             BOOT, "boot", self.path], preexec_fn=enter,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        try:
            wait_until(self._is_up, BOOT_S, "start of systemd")
        except Exception as error:
            self.end()
            raise RootError("its systemd does not start here: %s"
                            % error) from error

    @property
    def leader(self):
        """Its process 1, by our number; 0 while there is none."""
        try:
            with open("/proc/%d/task/%d/children" % (
                    self.process.pid, self.process.pid),
                      encoding="ascii") as children:
                return int((children.read().split() or ["0"])[0])
        except OSError:
            return 0

    def _is_up(self):
        if self.process.poll() is not None:
            raise RootError(self.process.stdout.read()[-500:])
        if not self.leader:
            return False
        words = self.try_run("systemctl", "is-system-running").stdout.strip()
        if words == "degraded":
            raise RootError(self.try_run("systemctl", "--failed",
                                         "--no-legend").stdout)
        return words == "running"

    def end(self):
        """Ends all that runs in it."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None
        for top in self._cgroups():
            self._remove_cgroup(os.path.join(top, self.cgroup))

    @staticmethod
    def _remove_cgroup(place):
        """Processes that were killed may take a moment to be gone."""
        until = time.monotonic() + BOOT_S
        while os.path.isdir(place) and time.monotonic() < until:
            for folder, _, _ in os.walk(place, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
            if os.path.isdir(place):
                time.sleep(0.1)

    def destroy(self):
        """Ends it and removes it."""
        self.end()
        shutil.rmtree(self.path, ignore_errors=True)
