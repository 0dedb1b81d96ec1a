#!/usr/bin/env python3
"""Keys that are lost or wrong: it is said, nothing is destroyed, and with the
right ones all goes on.

python3 -m unittest discover -s tests/system -p 'test_keys.py'
"""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import SRC_DIR, number, program, wait_for  # noqa: E402

SHARED = ("optout.0", "reply.1", "token.1")
# All that a person is found, answered, or left alone by.
SEALED = ("select md5(string_agg(x::text, ',' order by x::text)) from ("
          " select c.token, c.reply_copy from glas_data.citizen c"
          " union all select convert_to(value, 'UTF8'), null"
          " from glas_data.setting where name = 'keyset') x")


class KeysTest(GatewayTest):
    def setUp(self):
        super().setUp()
        self.person = number()
        self.ask(self.person, "PRIJAVA rupa Vranje")
        self.reference = self.sql("select reference from glas.reports")
        self.office.stop()
        self.link.close()
        self.keys = self.office.path("keys")
        self.copy = self.office.path("copy")
        shutil.copytree(self.keys, self.copy)
        self.before = self.sql(SEALED)

    def key(self, name):
        return os.path.join(self.keys, name)

    def read(self, name):
        with open(self.key(name), encoding="ascii") as file:
            return file.read()

    def write(self, name, text, mode=0o400):
        if os.path.lexists(self.key(name)):
            os.unlink(self.key(name))
        with open(self.key(name), "x", encoding="ascii") as out:
            out.write(text)
        os.chmod(self.key(name), mode)

    def empty(self):
        shutil.rmtree(self.keys)
        os.mkdir(self.keys, 0o700)

    def restore(self):
        """As from a copy: with modes, and nothing else in it."""
        if os.path.isdir(self.keys):
            os.chmod(self.keys, 0o700)
            shutil.rmtree(self.keys)
        shutil.copytree(self.copy, self.keys)

    def spool(self):
        """Each file of the log and what it holds."""
        found = {}
        for folder, _, names in os.walk(self.office.path("spool")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[path] = file.read()
        return found

    def run_glasd(self, *options):
        """A start that has to fail; what it says."""
        done = subprocess.run(
            [program("glasd"), "-c", self.office.conf, *options], text=True,
            capture_output=True, check=False, timeout=60)
        self.assertNotIn("Sanitizer", done.stderr)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    def refused(self, what, *, looked_at=True):
        """Neither looked at nor started, and nothing has changed."""
        spool, keys = self.spool(), sorted(os.listdir(self.keys))
        if looked_at:
            self.assertIn(what, self.run_glasd("-t"))
        self.assertIn(what, self.run_glasd())
        self.assertEqual(self.spool(), spool)
        self.assertEqual(sorted(os.listdir(self.keys)), keys)
        self.assertEqual(self.sql(SEALED), self.before)

    def works_again(self):
        """The same person is found, and answered."""
        self.restore()
        self.start_glasd()
        self.assertIn(self.reference,
                      self.ask(self.person, f"STATUS {self.reference}")[0])
        self.assertEqual(self.office.count("glas_data.citizen"), 1)
        before = len(self.link.submits)
        self.sql(f"select glas.reply('{self.reference}', 'Radi.')")
        wait_for(lambda: self.link.pump(
            lambda: (self.person, "Radi.") in self.link.texts()[before:],
            0.2), what=f"an answer: {self.office.tail()}")

    def init(self):
        done = self.office.glasctl(
            "init", "--database", self.office.dsn("postgres"),
            "--sql", os.path.join(SRC_DIR, "sql"), check=False)
        self.assertNotIn("Sanitizer", done.stderr)
        return done


class Lost(KeysTest):
    def test_an_empty_directory_is_said_and_left_empty(self):
        self.empty()
        self.refused(": missing")
        self.works_again()

    def test_a_directory_that_is_gone_is_said(self):
        os.rename(self.keys, self.keys + ".away")
        for said in (self.run_glasd("-t"), self.run_glasd()):
            self.assertIn(f"{self.keys}: ", said)
        self.assertFalse(os.path.exists(self.keys))
        self.works_again()

    def test_each_key_that_is_gone_is_named(self):
        for name in SHARED:
            with self.subTest(name):
                os.unlink(self.key(name))
                self.refused(f"{self.key(name)}: missing")
                self.restore()

    def test_no_new_keys_are_made_for_what_others_have_sealed(self):
        for gone in (SHARED, SHARED[:1], SHARED[2:]):
            with self.subTest(gone):
                for name in gone:
                    os.unlink(self.key(name))
                there = sorted(os.listdir(self.keys))
                done = self.init()
                self.assertEqual(done.returncode, 1)
                self.assertIn("no key was made", done.stderr)
                self.assertIn("glasctl key import", done.stderr)
                self.assertEqual(sorted(os.listdir(self.keys)), there)
                self.restore()
        done = self.init()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_copy_that_was_exported_brings_them_back(self):
        file = self.office.path("exported")
        self.office.glasctl("key", "export", file)
        for name in SHARED:
            os.unlink(self.key(name))
        self.assertEqual(self.init().returncode, 1)
        self.office.glasctl("key", "import", file)
        self.start_glasd()
        self.assertIn(self.reference,
                      self.ask(self.person, f"STATUS {self.reference}")[0])
        self.assertEqual(self.office.count("glas_data.citizen"), 1)

    def test_without_any_copy_a_network_begins_anew(self):
        """As doc/numbers.md says: reports stay, people have to write again."""
        for name in SHARED:
            os.unlink(self.key(name))
        self.sql("update glas_data.setting set value = '' "
                 "where name = 'keyset'")
        self.assertEqual(self.init().returncode, 0)
        self.start_glasd()
        self.ask(self.person, "PRIJAVA rupa Vranje")
        self.assertEqual(self.office.count("glas_data.citizen"), 2)
        self.assertEqual(self.office.count("glas.reports"), 2)
        before = len(self.link.submits)
        self.sql(f"select glas.reply('{self.reference}', 'Radi.')")
        wait_for(lambda: self.link.pump(lambda: self.sql(
            "select state from glas.outbox where text = 'Radi.'")
            not in ("queued", "inflight"), 0.2), what="an outcome")
        self.assertEqual(len(self.link.submits), before)
        self.assertEqual(self.office.count("glas.reports"), 2)


class Unsent(KeysTest):
    """A text that is in the log alone when keys go."""

    def setUp(self):
        super().setUp()
        self.start_glasd()
        # The database takes nothing; the text was acknowledged.
        self.sql("alter table glas_data.setting rename to setting_away")
        self.send(self.person, "PRIJAVA rasveta ne radi Vranje")
        self.office.kill()
        self.link.close()
        self.sql("alter table glas_data.setting_away rename to setting")
        self.restore_days()

    def restore_days(self):
        """The copy has the keys of days as they are now."""
        shutil.rmtree(self.copy)
        shutil.copytree(self.keys, self.copy)

    def arrives(self):
        self.restore()
        self.start_glasd()
        self.settle(2)
        self.assertEqual(self.office.count("glas.reports"), 2)
        self.assertEqual(self.office.count("glas_data.citizen"), 1)

    def day(self):
        """Name of the key of the newest day; each gateway has its own."""
        folder = "log-" + self.office.name
        return os.path.join(folder, max(
            name for name in os.listdir(self.key(folder))
            if name.startswith("log.")))

    def test_it_is_there_when_the_keys_are(self):
        self.empty()
        self.refused("missing")
        self.arrives()

    def test_the_key_of_the_day_alone_is_missed(self):
        day = self.day()
        os.unlink(self.key(day))
        self.refused(self.key(day), looked_at=False)
        self.arrives()

    def test_another_key_of_the_day_is_noticed(self):
        day = self.day()
        self.write(day, "1" * 64 + "\n")
        self.refused(self.key(day), looked_at=False)
        self.arrives()


class Wrong(KeysTest):
    def test_one_key_that_is_another_is_noticed(self):
        for name in SHARED:
            with self.subTest(name):
                self.write(name, os.urandom(32).hex() + "\n")
                self.assertIn("glasctl key import", self.run_glasd("-t"))
                self.office.start()
                link = self.server.accept().begin()
                wait_for(lambda: "glasctl key import" in
                         self.office.status()["database"],
                         what="a refusal by the database")
                self.office.stop()
                link.close()
                self.assertEqual(self.sql(SEALED), self.before)
                self.restore()
        self.works_again()

    def test_keys_that_have_changed_places_are_noticed(self):
        token, reply = self.read("token.1"), self.read("reply.1")
        self.write("token.1", reply)
        self.write("reply.1", token)
        self.assertIn("glasctl key import", self.run_glasd("-t"))
        self.works_again()

    def test_what_is_no_key_is_named(self):
        # glasctl init neither mends nor replaces it.
        for text, why in (("", "0 octets"), ("12\n", "3 octets"),
                          ("g" * 64 + "\n", "64 hexadecimal digits"),
                          ("0" * 65, "newline")):
            with self.subTest(why):
                self.write("reply.1", text)
                self.refused(f"{self.key('reply.1')}: ")
                self.assertIn(why, self.run_glasd("-t"))
                self.assertEqual(self.init().returncode, 1)
                self.assertEqual(self.read("reply.1"), text)
        self.works_again()

    def test_what_others_may_read_or_enter_is_named(self):
        for mode in (0o404, 0o440, 0o602):
            with self.subTest(mode):
                os.chmod(self.key("token.1"), mode)
                self.refused(f"chmod 0400 {self.key('token.1')}")
        os.chmod(self.key("token.1"), 0o400)
        os.chmod(self.keys, 0o750)
        self.refused(f"chmod 0700 {self.keys}")
        self.works_again()

    def test_links_folders_and_pipes_are_not_read(self):
        away = self.office.path("elsewhere")
        os.rename(self.key("token.1"), away)
        os.symlink(away, self.key("token.1"))
        self.refused(f"{self.key('token.1')}: ")
        os.unlink(self.key("token.1"))
        os.mkdir(self.key("token.1"), 0o700)
        self.refused(f"{self.key('token.1')}: not a file")
        os.rmdir(self.key("token.1"))
        os.mkfifo(self.key("token.1"), 0o400)
        self.refused(f"{self.key('token.1')}: not a file")
        self.works_again()

    def test_what_may_not_be_read_is_said(self):
        if os.geteuid() != 0:
            os.chmod(self.key("token.1"), 0)
            self.refused("Permission denied")
            self.works_again()
            return
        # Root reads everything: the same, as somebody else.
        done = subprocess.run(
            [program("glasd"), "-t", "-c", self.office.conf], text=True,
            capture_output=True, check=False, user=65534, group=65534,
            extra_groups=[], cwd="/")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f"{self.keys}: Permission denied", done.stderr)
        self.assertNotIn("Sanitizer", done.stderr)


if __name__ == "__main__":
    unittest.main()
