#!/usr/bin/env python3
"""The Debian package, as somebody meets it who installs it once: built, looked
at by lintian, installed in a Debian 12 of its own, started there by a real
systemd with all that glas.service takes from it, upgraded while texts come,
removed and purged.

Takes minutes and the mirror that apt uses here; contrib/check runs it.
"""

import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
sys.path.insert(0, os.path.join(SRC_DIR, "tests", "lib"))

from cluster import wait_until  # noqa: E402
from debianroot import DebianRoot, RootError, run  # noqa: E402
from simmodem import SimModem  # noqa: E402

DEADLINE_S = 60
EXPOSURE = 2.0                  # at most, as systemd-analyze security says it
CITIZEN = "+381641234567"
DIALOUT = 20                    # on Debian
TIMES = []
OLD, NEW = "0.0~before", "0.0~later"
WITH = ("postgresql", "python3", "udev")
KEPT = ("/var/lib/glas/keys", "/var/spool/glas")
CONF = """[gateway]
name = vranje
database = dbname=glas user=glas
keys-with-spool = yes

[modem sim]
device = %s
connection = at115200
poll = 1000
"""
NEXT_MIGRATION = """-- A column that rows of before get a value for.
alter table glas_data.report add column later text not null default 'before';
comment on column glas_data.report.later is 'Of a test.';
"""
NEXT_KEY = ";later = no                     ; a key of the next version\n"


def timed(what):
    """Notes how long something takes."""
    class Timer:
        def __enter__(self):
            self.began = time.monotonic()

        def __exit__(self, *_):
            TIMES.append("%s %d s" % (what, time.monotonic() - self.began))
    return Timer()


# ---- building ------------------------------------------------------------------

EVERYWHERE = shutil.ignore_patterns("*.o", "*.a", ".deps", "__pycache__",
                                    ".dirstamp")
AT_THE_TOP = shutil.ignore_patterns(
    ".git", "config.*", "Makefile", "build*", "autom4te.cache", "stamp-h1",
    "glas-*.tar.*", "glasd", "glasctl", "glas-modem")


def copy_tree(folder):
    """The sources without what was built of them."""
    def ignored(path, names):
        built = EVERYWHERE(path, names)
        return built | AT_THE_TOP(path, names) if path == SRC_DIR else built
    shutil.copytree(SRC_DIR, folder, symlinks=True, ignore=ignored)


def change(path, pattern, replacement):
    """Changes a file in one place."""
    with open(path, encoding="utf-8") as file:
        text, count = re.subn(pattern, replacement, file.read(), count=1)
    if count != 1:
        raise RootError("%s: no %s" % (path, pattern))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_package(tree, version):
    """dpkg-buildpackage, with that version; the path of the package."""
    change(os.path.join(tree, "debian", "changelog"), r"glas \([^)]*\)",
           "glas (%s)" % version)
    run(["dpkg-buildpackage", "-us", "-uc", "-b"], "dpkg-buildpackage",
        cwd=tree, env={**os.environ, "DEB_BUILD_OPTIONS":
                       "nocheck parallel=%d" % (os.cpu_count() or 1)})
    return package_path(tree, version)


def package_path(tree, version):
    architecture = run(["dpkg", "--print-architecture"], "dpkg").strip()
    return os.path.join(os.path.dirname(tree), "glas_%s_%s.deb" % (
        version, architecture))


def make_next(tree, version):
    """The version after it, with a schema of its own: only what that changes
    is compiled."""
    schema = os.path.join(tree, "src", "store", "schema.h")
    with open(schema, encoding="utf-8") as file:
        number = int(re.search(r"#define SCHEMA_VERSION (\d+)",
                               file.read())[1]) + 1
    change(schema, r"#define SCHEMA_VERSION \d+",
           "#define SCHEMA_VERSION %d" % number)
    with open(os.path.join(tree, "sql", "migrations",
                           "%04d_later.sql" % number), "w",
              encoding="utf-8") as file:
        file.write(NEXT_MIGRATION)
    change(os.path.join(tree, "debian", "changelog"), r"glas \([^)]*\)",
           "glas (%s)" % version)
    # Each office has changed it, and so does the new version.
    with open(os.path.join(tree, "etc", "glas.conf"), "a",
              encoding="utf-8") as file:
        file.write(NEXT_KEY)
    # A package is built without tracking what includes what.
    for path in glob.glob(os.path.join(tree, "src", "*", "*.c")):
        with open(path, encoding="utf-8") as file:
            if '"store/schema.h"' in file.read():
                os.utime(path)
    # Built it is already, and installed it is not.
    os.unlink(os.path.join(tree, "debian", "glas.debhelper.log"))
    run(["debian/rules", "binary"], "debian/rules binary", cwd=tree,
        env={**os.environ, "DEB_BUILD_OPTIONS": "nocheck",
             "DEB_RULES_REQUIRES_ROOT": "no"})
    return package_path(tree, version), number


def build(folder):
    """Both versions: (old, new, the schema of the new)."""
    tree = os.path.join(folder, "glas")
    copy_tree(tree)
    with timed("build"):
        old = make_package(tree, OLD)
    shutil.copy(old, old + ".kept")
    with timed("build of the next version"):
        new, number = make_next(tree, NEW)
    os.rename(old + ".kept", old)
    return old, new, number


def make_root(folder):
    root = DebianRoot(folder)
    with timed("debootstrap"):
        root.make()
    with timed("PostgreSQL and Python in it"):
        root.run("apt-get", "-qq", "-y", "install", *WITH)
    return root


def setUpModule():
    global FOLDER, ROOT, PACKAGES
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root can make a Debian root")
    for program in ("dpkg-buildpackage", "dh", "dh_apparmor", "debootstrap"):
        if not shutil.which(program):
            raise unittest.SkipTest("no " + program)
    FOLDER = tempfile.mkdtemp(prefix="glas-package-", dir="/var/tmp")
    unittest.addModuleCleanup(shutil.rmtree, FOLDER, ignore_errors=True)
    os.chmod(FOLDER, 0o755)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        root = pool.submit(make_root, os.path.join(FOLDER, "root"))
        packages = pool.submit(build, FOLDER)
        PACKAGES = packages.result()
        try:
            ROOT = root.result()
        except RootError as error:
            raise unittest.SkipTest("no Debian 12 root: %s" % error)
    unittest.addModuleCleanup(lambda: print("   " + ", ".join(TIMES),
                                            file=sys.stderr))
    unittest.addModuleCleanup(ROOT.destroy)


def mode_of(path):
    """Mode, owner and group of something in the root."""
    return ROOT.run("stat", "-c", "%a %U:%G", path).strip()


class PackageTest(unittest.TestCase):
    """In the order of their names: each goes on where the one before ends."""
    sim = None
    conf = None                 # what the office wrote
    booted = None               # False: it cannot be, and why
    failed = False

    def setUp(self):
        if PackageTest.failed:
            self.skipTest("one before it failed")

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        result = super().run(result)
        if len(result.failures) + len(result.errors) > before:
            PackageTest.failed = True
        return result

    @classmethod
    def tearDownClass(cls):
        if cls.sim is not None:
            cls.sim.stop()

    def need_boot(self):
        """Its systemd runs, or this is skipped."""
        if PackageTest.booted is None:
            try:
                with timed("start of its systemd"):
                    ROOT.boot()
                PackageTest.booted = True
            except RootError as error:
                PackageTest.booted = False
                print("SKIP: a systemd of its own: %s" % error,
                      file=sys.stderr)
        if not PackageTest.booted:
            self.skipTest("no systemd of its own can run here")

    def apt(self, *words):
        return ROOT.run("apt-get", "-y", "-o", "Dpkg::Use-Pty=0", *words)

    def install(self, package):
        name = os.path.basename(package)
        shutil.copy(package, ROOT.inside("root", name))
        return self.apt("install", "/root/" + name)

    def sql(self, statement):
        return ROOT.run("runuser", "-u", "postgres", "--", "psql", "-XAtqd",
                        "glas", "-v", "ON_ERROR_STOP=1", "-c",
                        statement).strip()

    def shows(self, name):
        """A property of the service."""
        return ROOT.run("systemctl", "show", "-P", name, "glas").strip()

    def ask(self, text, part):
        """Texts as a citizen; waits for an answer with these words."""
        before = len(self.sim.submitted)
        self.sim.deliver(CITIZEN, text)
        wait_until(lambda: any(part in submit.text for submit in
                               list(self.sim.submitted)[before:]),
                   DEADLINE_S, "answer to %r: %s" % (
                       text, ROOT.try_run("journalctl", "-n", "30",
                                          "-u", "glas").stdout))

    # ---- the package ------------------------------------------------------------

    def test_01_lintian_finds_neither_error_nor_warning(self):
        if not shutil.which("lintian"):
            self.skipTest("no lintian")
        with timed("lintian"):
            done = subprocess.run(
                ["lintian", "--allow-root", "--fail-on", "error,warning",
                 "--suppress-tags", "bad-distribution-in-changes-file",
                 PACKAGES[0]], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_01_the_profile_and_the_rules_are_understood(self):
        if shutil.which("apparmor_parser"):
            run(["apparmor_parser", "--skip-kernel-load", "--skip-cache",
                 os.path.join(SRC_DIR, "etc", "apparmor", "glasd")],
                "apparmor_parser")
        shutil.copy(os.path.join(SRC_DIR, "etc", "glas.rules"),
                    ROOT.inside("etc/udev/rules.d/60-glas.rules"))
        done = ROOT.try_run("udevadm", "--debug", "test", "/sys/class/mem/null")
        os.unlink(ROOT.inside("etc/udev/rules.d/60-glas.rules"))
        said = done.stdout + done.stderr
        self.assertIn("60-glas.rules", said)
        self.assertEqual([line for line in said.splitlines() if re.search(
            r"60-glas.rules:\d+ .*(Invalid|Unknown|Failed|ignoring)", line,
            re.I)], [], said)

    def test_02_it_installs_on_a_clean_debian(self):
        with timed("installation"):
            self.install(PACKAGES[0])
        self.assertEqual(mode_of("/etc/glas"), "750 root:glas")
        self.assertEqual(mode_of("/etc/glas/glas.conf"), "640 root:glas")
        self.assertEqual(mode_of("/var/lib/glas"), "700 glas:glas")
        for path in KEPT:
            self.assertEqual(mode_of(path), "700 glas:glas")
            self.assertEqual(os.listdir(ROOT.inside(path)), [])
        for user in ("glas", "glas-link"):
            self.assertIn("dialout", ROOT.run("id", "-nG", user))
        self.assertEqual(ROOT.try_run("systemctl", "is-enabled",
                                      "glas").stdout.strip(), "disabled")
        for name in ("doc/glas/README.md", "doc/glas/doc/install.md",
                     "man/man1/glasctl.1.gz", "glas/glas.psqlrc",
                     "glas/ussd-phone",
                     "bash-completion/completions/glasctl"):
            # What is long is packed.
            self.assertTrue(any(
                os.path.exists(ROOT.inside("usr/share", name + end))
                for end in ("", ".gz")), name)

    def test_03_the_demonstration_runs_with_what_is_installed(self):
        tree, programs = ROOT.inside("opt/glas"), ROOT.inside("opt/programs")
        for name in ("contrib", "tests/lib"):
            shutil.copytree(os.path.join(SRC_DIR, name),
                            os.path.join(tree, name))
        os.mkdir(programs)
        os.mkdir(os.path.join(tree, "etc"))
        for path, name in (("/usr/share/glas/sql", "opt/glas/sql"),
                           ("/usr/share/glas/content", "opt/glas/etc/content"),
                           ("/usr/sbin/glasd", "opt/programs/glasd"),
                           ("/usr/bin/glasctl", "opt/programs/glasctl"),
                           ("/usr/libexec/glas/glas-modem",
                            "opt/programs/glas-modem")):
            os.symlink(path, ROOT.inside(name))
        with open(ROOT.inside("opt/script"), "w", encoding="utf-8") as file:
            file.write("%s\tPRIJAVA nema svetla u Bujanovcu\n" % CITIZEN)
            file.write("%s\tPRAVO 2\n" % CITIZEN)
            file.write("+381641234568\tНема воде већ три дана, Врање\n")
        self.need_boot()        # for its terminals, and its processes
        with timed("demonstration"):
            done = ROOT.try_run("env", "GLAS_BUILD_DIR=/opt/programs",
                                "/opt/glas/contrib/demo", "--script",
                                "/opt/script")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        self.assertEqual([line[2] for line in lines if line[0] == "report"],
                         ["LIGHT", "WATER"])
        self.assertEqual({line[1] for line in lines if line[0] == "reply"},
                         {"1", "2", "3"}, done.stdout)

    # ---- the service, by README.Debian -----------------------------------------------

    def test_04_two_commands_make_the_database(self):
        self.need_boot()
        PackageTest.sim = SimModem(
            terminals="/proc/%d/root/dev/pts" % ROOT.leader, device_mode=0o660)
        self.sim.start()
        os.chown(self.sim.path, 0, DIALOUT)
        PackageTest.conf = CONF % ("/dev/pts/" +
                                   os.path.basename(self.sim.path))
        with open(ROOT.inside("etc/glas/glas.conf"), "w",
                  encoding="utf-8") as file:
            file.write(PackageTest.conf)
        wait_until(lambda: ROOT.try_run("runuser", "-u", "postgres", "--",
                                        "psql", "-c", "").returncode == 0,
                   DEADLINE_S, "PostgreSQL")
        ROOT.shell("su postgres -c 'createuser --superuser root"
                   " && createdb glas'")
        ROOT.run("glasctl", "init", "--database", "dbname=glas")
        self.sql("alter database glas set timezone = 'Europe/Belgrade'")
        for name in ("token.1", "reply.1", "optout.0"):
            self.assertEqual(mode_of("/var/lib/glas/keys/" + name),
                             "400 glas:glas")
        self.assertEqual(self.sql("select rolsuper from pg_roles"
                                  " where rolname = 'glas'"), "f")

    def test_05_the_doctor_finds_only_that_it_does_not_run(self):
        self.need_boot()
        done = ROOT.try_run("glasctl", "doctor")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(re.findall(r"^wrong +(\S+):", done.stdout, re.M),
                         ["gateway"], done.stdout)

    def test_06_a_text_is_answered_by_the_confined_service(self):
        self.need_boot()
        ROOT.run("systemctl", "enable", "--now", "glas")
        wait_until(lambda: '"ready"' in ROOT.try_run(
            "glasctl", "status", "--json").stdout, DEADLINE_S,
                   "a modem that is ready: " + ROOT.try_run(
                       "journalctl", "-u", "glas").stdout)
        self.ask("PRIJAVA nema vode Vranje", "Primljeno")
        self.assertEqual(self.sql("select count(*) from glas.reports"), "1")
        done = ROOT.try_run("glasctl", "doctor")
        self.assertNotIn("wrong ", done.stdout)
        self.assertIn("in use by glas-modem", " ".join(done.stdout.split()))
        self.assertNotIn("unsandboxed", ROOT.try_run(
            "glasctl", "status", "--json").stdout)

    def test_07_the_service_is_confined(self):
        self.need_boot()
        said = ROOT.run("systemd-analyze", "--no-pager", "security", "glas")
        exposure = float(re.search(r"exposure level for glas.service: ([0-9.]+)",
                                   said)[1])
        TIMES.append("exposure %.1f" % exposure)
        self.assertLess(exposure, EXPOSURE)
        pid = self.shows("MainPID")
        status = ROOT.run("cat", "/proc/%s/status" % pid)
        for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t" + "0" * 16,
                     "CapBnd:\t" + "0" * 16):
            self.assertIn(line, status)
        # Its own user and root are all the users that it knows.
        self.assertEqual(len(ROOT.run(
            "cat", "/proc/%s/uid_map" % pid).splitlines()), 2)
        self.assertNotEqual(*(ROOT.run("readlink", "/proc/%s/ns/ipc" % p)
                              for p in (pid, "1")))
        mounts = ROOT.run("cat", "/proc/%s/mounts" % pid)
        self.assertRegex(mounts, r"(?m)^\S+ / \S+ ro[,\s]")
        self.assertRegex(mounts, r"(?m)^\S+ /var/spool/glas \S+ rw[,\s]")

    # ---- years later ------------------------------------------------------------------

    def test_08_an_upgrade_takes_texts_before_the_schema_is_brought(self):
        self.need_boot()
        before = self.shows("MainPID")
        with timed("upgrade"):
            said = self.install(PACKAGES[1])
        self.assertIn("glasctl migrate", said)
        self.assertEqual(self.shows("ActiveState"), "active")
        self.assertNotEqual(self.shows("MainPID"), before)
        with open(ROOT.inside("etc/glas/glas.conf"),
                  encoding="utf-8") as file:
            self.assertEqual(file.read(), PackageTest.conf)
        self.assertIn(NEXT_KEY, ROOT.run("cat", "/usr/share/glas/glas.conf"))
        self.sim.deliver(CITIZEN, "PRIJAVA rasveta ne radi Bujanovac")
        self.sim.wait_empty(DEADLINE_S)
        self.assertEqual(self.sql("select count(*) from glas.reports"), "1")
        self.assertEqual(ROOT.try_run("glasctl", "doctor").returncode, 2)
        ROOT.run("glasctl", "migrate", "--database", "dbname=glas")
        wait_until(lambda: self.sql("select count(*) from glas.reports")
                   == "2", DEADLINE_S, "the text of meanwhile")
        self.assertEqual(self.sql("select glas_gw.schema_version()"),
                         str(PACKAGES[2]))
        self.assertEqual(self.sql("select count(*) from glas_data.report"
                                  " where later = 'before'"), "2")
        self.ask("STATUS", "Prijava")

    def test_09_what_was_removed_runs_no_more_and_has_lost_nothing(self):
        self.need_boot()
        keys = {name: mode_of("/var/lib/glas/keys/" + name) for name
                in os.listdir(ROOT.inside("/var/lib/glas/keys"))
                if name.split(".")[0] in ("token", "reply", "optout")}
        with timed("removal"):
            self.apt("remove", "glas")
        self.assertEqual(ROOT.try_run("pgrep", "-x", "glasd").stdout, "")
        self.assertEqual(ROOT.try_run("pgrep", "-x", "glas-modem").stdout, "")
        self.assertTrue(os.path.exists(ROOT.inside("etc/glas/glas.conf")))
        self.install(PACKAGES[1])
        self.assertEqual(mode_of("/etc/glas/glas.conf"), "640 root:glas")
        for name, mode in keys.items():
            self.assertEqual(mode_of("/var/lib/glas/keys/" + name), mode)
        ROOT.run("systemctl", "start", "glas")
        wait_until(lambda: '"ready"' in ROOT.try_run(
            "glasctl", "status", "--json").stdout, DEADLINE_S, "ready again")
        self.ask("PRIJAVA rupa na putu Vranje", "Primljeno")

    def test_10_a_purge_says_what_it_leaves(self):
        if PackageTest.booted:
            ROOT.run("systemctl", "stop", "glas")
        else:       # there was no service that would have made any
            for path in KEPT:
                ROOT.run("touch", path + "/token.1")
        said = self.apt("purge", "glas")
        for path in KEPT:
            self.assertIn(path, said)
            self.assertNotEqual(os.listdir(ROOT.inside(path)), [], path)
        self.assertFalse(os.path.exists(ROOT.inside("etc/glas")))
        if PackageTest.booted:
            self.assertEqual(self.sql("select count(*) from glas.reports"),
                             "3")

    def test_11_by_its_own_command_all_goes(self):
        self.install(PACKAGES[1])
        said = self.apt("purge", "glas")
        command = re.search(r"rm -r[ /\w]+", said)[0]
        self.install(PACKAGES[1])
        ROOT.shell(command.strip())
        self.apt("purge", "glas")
        self.assertEqual(ROOT.run(
            "find", "/etc", "/usr", "/var", "/run", "/lib", "-xdev",
            "-not", "-path", "/var/lib/dpkg/*", "-not", "-path",
            "/var/lib/apt/*", "-not", "-path", "/var/log/*", "-iname",
            "*glas*", "-not", "-iname", "*glass*").strip(), "")


if __name__ == "__main__":
    unittest.main()
