#!/usr/bin/env python3
"""What a stranger could do who has taken glas-modem or glas-web over:
tests/lib/escape.c enters its sandbox and tries to get out."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
ESCAPE = os.path.join(BUILD_DIR, "tests", "lib", "escape")
DEADLINE_S = 60

# What anybody may do who is in no sandbox, whatever the kernel is set to.
ANYBODY = {"read-key", "read-passwd", "list-directory", "write-key",
           "make-file", "make-directory", "remove-file", "rename",
           "symbolic-link", "truncate", "mode", "socket-unix", "socket-inet",
           "socket-pair", "connect-inet", "connect-unix", "exec", "fork",
           "thread", "signal", "new-code", "data-to-code", "memory-file",
           "user"}


class Escape(unittest.TestCase):
    user = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="glas-escape-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name in ("key", "key2", "key3", "key7"):
            with open(os.path.join(self.folder, name), "wb") as key:
                key.write(b"secret")
        self.program = os.path.join(self.folder, "escape")
        shutil.copy(ESCAPE, self.program)
        self.master, slave = os.openpty()
        self.device = os.ttyname(slave)
        self.addCleanup(os.close, self.master)
        self.addCleanup(os.close, slave)
        if self.user is not None:
            user = pwd.getpwnam(self.user)
            for path in (self.folder, self.device, *(
                    os.path.join(self.folder, name)
                    for name in os.listdir(self.folder))):
                os.chown(path, user.pw_uid, user.pw_gid)
        self.victim = subprocess.Popen(["/bin/sleep", "600"],
                                       **self.become())
        self.addCleanup(self.victim.wait)
        self.addCleanup(self.victim.kill)

    def become(self):
        if self.user is None:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid,
                "extra_groups": []}

    def run_escape(self, how):
        return subprocess.run(
            [self.program, how, self.device, self.folder,
             str(self.victim.pid)], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=DEADLINE_S, check=False,
            cwd="/", **self.become())

    def said(self, how):
        done = self.run_escape(how)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())

    def test_nothing_works_but_the_device(self):
        said = self.said("sandbox")
        if said.pop("sandbox") != "entered":
            self.skipTest("this kernel has no Landlock, or no seccomp")
        self.assertEqual(said.pop("device"), "works")
        self.assertLessEqual(ANYBODY, set(said))
        self.assertEqual({name: how for name, how in said.items()
                          if how not in ("EPERM", "EACCES")}, {})
        # By the system call itself, whatever the kernel thinks of it else.
        for name in ("socket-inet", "connect-inet", "exec", "fork", "ptrace",
                     "read-process", "push-input", "signal", "new-code",
                     "data-to-code", "rings", "namespace"):
            self.assertEqual(said[name], "EPERM", name)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["escape", "key", "key2", "key3", "key7"])
        self.assertIsNone(self.victim.poll())

    def assert_web(self, how, works):
        """In that of glas-web these things work, and nothing else. No
        terminal is left to it, so what is done with one is no matter."""
        said = self.said(how)
        if said.pop("sandbox") != "entered":
            self.skipTest("this kernel has no Landlock, or no seccomp")
        self.assertEqual(said.pop("device"), "is lost")
        self.assertLessEqual(ANYBODY, set(said))
        self.assertEqual({name: how for name, how in said.items()
                          if how not in ("EPERM", "EACCES") and name not in
                          ("push-input", "line-discipline")},
                         dict.fromkeys(works, "done"))

    def test_glas_web_calls_nobody_where_there_is_nobody_to_call(self):
        self.assert_web("web", ())

    def test_glas_web_calls_an_aggregator_by_tcp_alone(self):
        self.assert_web("web-out", ("socket-inet", "connect-inet",
                                    "connect-unix"))

    def test_all_of_it_works_without_the_sandbox(self):
        said = self.said("free")
        self.assertEqual(said["device"], "works")
        self.assertEqual({name: said[name] for name in ANYBODY
                          if said[name] != "done"}, {})

    def test_where_it_is_wanted_the_first_attempt_is_the_last(self):
        done = self.run_escape("fatal")
        if "partly" in done.stdout:
            self.skipTest("this kernel has no Landlock, or no seccomp")
        self.assertEqual(done.returncode, -signal.SIGSYS, done.stdout)
        self.assertIn("device works", done.stdout)
        self.assertIn("read-key EACCES", done.stdout)
        self.assertNotIn("done", done.stdout)


@unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
class EscapeAsNobody(Escape):
    """As links run that root has started."""
    user = "nobody"


if __name__ == "__main__":
    unittest.main()
