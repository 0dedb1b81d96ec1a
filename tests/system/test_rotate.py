#!/usr/bin/env python3
"""Keys that are replaced while the gateway runs: everybody stays who they are,
replies arrive, and at the end nothing is left under the old keys.

python3 -m unittest discover -s tests/system -p 'test_rotate.py'
"""

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import test_reveal  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from gateway import setUpModule, tearDownModule  # noqa: E402, F401
from office import Office, number, program, wait_for  # noqa: E402

STAMP = "2099-11-01T10:00:00+01:00"
# All that is sealed under the keys with this number.
UNDER = """
    select (select count(*) from glas_data.citizen
             where glas_data.sealed_under(reply_copy) = {0})
         + (select count(*) from glas_data.concat_segment
             where glas_data.sealed_under(sealed) = {0})
         + (select count(*) from glas_data.quarantine
             where glas_data.sealed_under(sealed) = {0})
         + (select count(*) from glas_data.body
             where glas_data.sealed_under(original) = {0})"""


class RotateTest(test_reveal.RevealTest):
    def setUp(self):
        super().setUp()
        self.stamps = itertools.count()

    def send(self, originator, text, **more):
        """No two with the same stamp, also after a crash."""
        minute, second = divmod(next(self.stamps), 60)
        more.setdefault("scts", f"2099-11-02T12:{minute:02d}:{second:02d}"
                                "+01:00")
        return super().send(originator, text, **more)

    def report(self, text="rasveta ne radi Vranje"):
        """Each is stored before the next: the newest is theirs."""
        before = self.office.count("glas_data.message")
        person = number()
        self.send(person, text)
        self.settle(before + 1)
        reference = self.sql("select reference from glas_data.report "
                             "order by reported_at desc limit 1")
        self.sql(f"select glas.assign('{reference}', 'Odbor')")
        return person, reference

    def rotate(self, *options, status=0):
        done = self.office.glasctl("key", "rotate", *options, check=False)
        self.assertNotIn("Sanitizer", done.stderr)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def keys(self):
        return sorted(name for name in os.listdir(self.office.path("keys"))
                      if name[0] in "rto")

    def stand_still(self, still=True):
        """Nothing is moved by itself, as in the middle of a long move."""
        self.sql(f"{'revoke' if still else 'grant'} execute on function "
                 f"glas_gw.rekey_next(int) {'from' if still else 'to'} "
                 "glas_gateway")

    def begun(self):
        """Until glasd works with both."""
        self.link_waits(lambda: self.sql(
            "select count(*) from glas_data.gateway g join glas_data.rekey r "
            "on g.started_at >= r.begun_at and r.state <> 'finished'") != "0",
            "a gateway with new keys")
        self.office.wait_database()

    def link_waits(self, condition, what):
        wait_for(lambda: self.link.pump(condition, 0.2),
                 what=f"{what}: {self.office.tail()}")

    def moved(self):
        self.link_waits(lambda: self.sql(
            "select state from glas_data.rekey order by number desc "
            "limit 1") == "moved", "all moved")

    def again(self):
        """After a crash."""
        self.office.kill()
        self.link.close()
        self.start_glasd()

    def who(self, reference):
        return self.sql("select citizen from glas.reports "
                        f"where reference = '{reference}'")

    def answered(self, person, reference):
        """People write to them, and it arrives."""
        text = f"Radi se {len(self.link.submits)}."
        self.sql(f"select glas.reply('{reference}', '{text}')")
        self.link_waits(lambda: (person, text) in self.link.texts(),
                        "a reply")

    def is_who_they_were(self, person, reference):
        people = self.office.count("glas_data.citizen")
        before = len(self.link.submits)
        self.send(person, f"STATUS {reference}")
        # What was on its way in a crash may come beside it.
        self.link_waits(lambda: any(
            to == person and text.startswith("Prijava ")
            for to, text in self.link.texts()[before:]), "the state")
        self.link_waits(self.office.spool_settled, "a settled gateway")
        self.assertEqual(self.office.count("glas_data.citizen"), people)

    def drop_copy(self, reference):
        self.sql("update glas_data.citizen set reply_copy = null where id = "
                 "(select citizen from glas_data.report "
                 f"where reference = '{reference}')")

    def part(self, person, text, seq):
        self.send(person, text, udh=f"0500030702{seq:02x}")


class Rotation(RotateTest):
    def test_everybody_stays_who_they_are(self):
        writes, waits = self.report(), self.report()
        silent, gone = self.report(), self.report()
        for _, reference in (silent, gone):
            self.drop_copy(reference)
        stopped = number()
        self.ask(stopped, "STOP")
        self.send(gone[0], "STOP")
        self.settle(6)
        self.drop_copy(gone[1])
        self.part(writes[0], "PRIJAVA put je ", 1)
        self.send(waits[0], "PRIJAVA nema vode Vranje", scts=STAMP)
        self.settle(7)
        request = self.approved(waits[1])
        tokens = self.sql("select encode(token, 'hex') from "
                          "glas_data.citizen").split()
        names = {r: self.who(r) for _, r in (writes, waits, silent, gone)}

        self.stand_still()
        self.assertIn("number 2", self.rotate())
        self.assertEqual(self.keys(), ["optout.0", "reply.1", "reply.2",
                                       "token.1", "token.2"])
        self.begun()
        self.is_who_they_were(*writes)
        self.answered(*writes)
        self.answered(*waits)
        self.assertEqual(self.reveal(request).splitlines()[0], waits[0])
        # A segment that came before meets one that comes now.
        self.part(writes[0], "propao Vranje", 2)
        self.settle(9)
        self.assertEqual(self.office.count(
            "glas_data.body", "text = 'PRIJAVA put je propao Vranje'"), 1)
        # What is offered once more is known.
        self.send(waits[0], "PRIJAVA nema vode Vranje", scts=STAMP)
        self.office.wait_count("glas_data.identity", 1, "seen = 2")
        self.assertEqual(self.office.count("glas_data.message"), 9)
        self.again()
        self.is_who_they_were(*waits)
        self.assertIn("not yet", self.rotate("--finish", status=1))
        self.assertEqual(len(self.keys()), 5)
        self.stand_still(False)
        self.moved()
        self.again()
        self.is_who_they_were(*silent)
        self.assertIn("One person has no sealed number", self.rotate())

        self.assertIn("One person is not found", self.rotate("--finish"))
        self.assertEqual(self.keys(), ["optout.0", "reply.2", "token.2"])
        self.link_waits(lambda: "alone" in self.office.tail(100000)
                        .rsplit("keys=read", 1)[-1], "one set of keys")
        self.office.wait_database()
        self.assertIn("are in use alone", self.rotate("--finish"))
        for person in (writes, waits, silent):
            self.is_who_they_were(*person)
            self.answered(*person)
        self.assertEqual({r: self.who(r) for r in names}, names)
        self.assertEqual(self.reveal(self.approved(waits[1])).splitlines()[0],
                         waits[0])
        # Who had no copy is somebody new, and their STOP holds.
        people = self.office.count("glas_data.citizen")
        messages = self.office.count("glas_data.message")
        self.send(gone[0], "PRIJAVA rupa Vranje")
        self.send(stopped, "PRIJAVA rupa Vranje")
        self.settle(messages + 2)
        self.assertEqual(self.office.count("glas_data.citizen"), people + 1)
        self.sql("select glas.reply(reference, 'Ovo ne.') from (select "
                 "reference from glas.reports order by reported_at desc "
                 "limit 2) r")
        self.link_waits(lambda: self.office.count(
            "glas.outbox", "text = 'Ovo ne.' and state = 'suppressed'") == 2,
                        "what nobody is told")
        self.assertEqual(self.sql(UNDER.format(1)), "0")
        dump = self.dump()
        self.assertEqual([t for t in tokens if t in dump], [])

    def dump(self):
        return subprocess.run(
            [shutil.which("pg_dump") or "pg_dump", "-d",
             self.office.dsn("postgres")], text=True, capture_output=True,
            check=True).stdout

    def test_a_crash_at_any_moment_loses_nobody(self):
        people = [self.report() for _ in range(12)]
        self.rotate()
        for person in people[:6]:
            self.send(person[0], "PRIJAVA jos jedna rupa Vranje")
            self.again()
        self.moved()
        self.settle(18)
        for person in people:
            self.is_who_they_were(*person)
            self.answered(*person)
        self.assertEqual(self.office.count("glas_data.citizen"), 12)
        self.rotate("--finish")
        self.assertEqual(self.sql(UNDER.format(1)), "0")
        self.assertEqual(self.sql("select unopened from glas_data.rekey"),
                         "0")

    def test_what_was_begun_is_gone_on_with(self):
        """As after a crash of glasctl between its steps."""
        person = self.report()
        one = self.office.path("keys", "token.2")
        with open(one, "x", encoding="ascii") as out:
            out.write("ab" * 32 + "\n")
        os.chmod(one, 0o400)
        self.rotate()
        self.begun()
        self.assertEqual(len(self.keys()), 5)
        self.moved()
        old = self.office.path("old")
        shutil.copytree(self.office.path("keys"), old)
        self.rotate("--finish")
        # The files were not removed any more.
        for name in ("token.1", "reply.1"):
            shutil.copy(os.path.join(old, name), self.office.path("keys"))
        self.assertIn("--finish", self.office.glasctl(
            "key", "rotate", check=False).stderr)
        self.rotate("--finish")
        self.assertEqual(self.keys(), ["optout.0", "reply.2", "token.2"])
        self.again()
        self.is_who_they_were(*person)
        # And another time.
        self.rotate()
        self.begun()
        self.moved()
        self.rotate("--finish")
        self.assertEqual(self.keys(), ["optout.0", "reply.3", "token.3"])
        self.again()
        self.is_who_they_were(*person)
        self.answered(*person)

    def test_without_the_right_keys_none_is_made(self):
        self.report()
        file = self.office.path("keys", "token.1")
        os.chmod(file, 0o600)
        with open(file, "w", encoding="ascii") as out:
            out.write("0" * 64 + "\n")
        self.assertIn("no key was made", self.rotate(status=1))
        self.assertEqual(len(self.keys()), 3)
        self.assertIn("no keys are being", self.rotate("--finish", status=1))
        os.unlink(file)
        self.assertIn("missing", self.rotate(status=1))
        self.assertEqual(len(self.keys()), 2)

    def test_who_is_silenced_is_so_in_an_outage_before_they_are_moved(self):
        silenced, heard = self.report(), self.report()
        self.sql("select glas.silence(citizen, 'a machine') from glas.reports"
                 f" where reference = '{silenced[1]}'")
        self.stand_still()
        self.rotate()
        self.begun()
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "numbers for an outage")
        wait_for(self.knows_silenced, what="who is silenced")
        before = len(self.link.submits)
        self.office.end_sessions()
        self.office.cluster.stop()
        self.addCleanup(lambda: self.office.cluster.running
                        or self.office.cluster.start())
        self.office.wait_database("away")
        self.send(silenced[0], "PRIJAVA mrak u ulici, Vranje")
        self.send(heard[0], "PRIJAVA mrak u ulici, Vranje")
        self.link_waits(lambda: len(self.link.submits) > before, "an answer")
        self.assertEqual({to for to, _ in self.link.texts()[before:]},
                         {heard[0]})

    def knows_silenced(self):
        with contextlib.suppress(FileNotFoundError), open(
                self.office.path("spool", "unanswered.json"),
                encoding="ascii") as kept:
            return kept.read() != "[]"
        return False

    def test_what_was_told_before_is_not_told_again_in_an_outage(self):
        danger, reporter, other = number(), number(), number()
        texts = ((danger, "gori kuca, Bujanovac"),
                 (reporter, "PRIJAVA rupa na putu, Vranje"))
        for person, text in texts:
            self.send(person, text, scts=STAMP)
        self.settle(2)
        self.rotate()
        self.begun()
        self.moved()
        self.lose_database()
        said = len(self.link.submits)
        for person, text in (*texts, (other, "gori suma, Vranje")):
            self.send(person, text, scts=STAMP)
        self.link_waits(lambda: other in dict(self.link.texts()), "danger")
        self.assertEqual({to for to, _ in self.link.texts()[said:]}, {other})

    def test_another_office_waits_for_the_new_keys(self):
        person = self.report()
        other = Office(cluster=self.office.cluster, name="bor",
                       database=self.office.database)
        self.addCleanup(other.close)
        server = LinkServer(other.path("link"))
        self.addCleanup(server.close)
        other.sections = f"[link other]\ncommand = {server.command()}\n"
        other.write_conf()
        shutil.rmtree(other.path("keys"))
        file = self.office.path("exported")
        self.office.glasctl("key", "export", file)
        other.glasctl("key", "import", file)
        other.start()
        link = server.accept().begin()
        other.wait_database()
        self.rotate()
        wait_for(lambda: "being replaced" in
                 (other.status() or {}).get("database", ""),
                 what=f"a refusal: {other.tail()}")
        done = subprocess.run([program("glasd"), "-t", "-c", other.conf],
                              text=True, capture_output=True, check=False)
        self.assertIn("glasctl key export", done.stderr)
        # It keeps what comes.
        id = link.mo(person[0], f"STATUS {person[1]}")
        self.assertTrue(link.pump(lambda: id in link.acked()))
        self.begun()
        os.unlink(file)
        self.office.glasctl("key", "export", file)
        other.glasctl("key", "import", file)
        wait_for(lambda: link.pump(lambda: len(link.submits) > 0, 0.2),
                 what=f"an answer: {other.tail()}")
        self.assertIn(person[1], link.texts()[0][1])
        self.assertEqual(self.office.count("glas_data.citizen"), 1)
        self.moved()
        self.rotate("--finish")
        wait_for(lambda: "--finish" in
                 (other.status() or {}).get("database", ""),
                 what=f"a remedy: {other.tail()}")
        other.glasctl("key", "rotate", "--finish")
        other.wait_database()


if __name__ == "__main__":
    unittest.main()
