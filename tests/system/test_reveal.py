#!/usr/bin/env python3
"""Numbers: shown once to who asked, opened offline, dropped when nothing is owed.

python3 -m unittest discover -s tests/system -p 'test_reveal.py'
"""

import os
import pty
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import number, program, wait_for  # noqa: E402

DEADLINE_S = 60
DAY_S = 86400


class RevealTest(GatewayTest):
    def setUp(self):
        super().setUp()
        # Roles are of the whole cluster, and each test has a database in it.
        for kind, role in (("caseworker", "mira"), ("coordinator", "kosta")):
            self.office.glasctl("admin", "add", "--database",
                                self.office.dsn("postgres"), role, "Odbor",
                                kind)

    def as_role(self, role, statement):
        return self.office.sql(statement, user=role).strip()

    def report(self, text="rasveta ne radi Vranje"):
        """Somebody reports, and Mira's organisation has it; number and
        reference."""
        person = number()
        self.send(person, text)
        self.settle(1)
        reference = self.sql("select reference from glas.reports "
                             "order by reported_at desc limit 1")
        self.sql(f"select glas.assign('{reference}', 'Odbor')")
        return person, reference

    def approved(self, reference):
        said = self.as_role("mira", "select glas.reveal_request("
                            f"'{reference}', 'lekar mora da zove')")
        request = re.match(r"request (\d+)", said).group(1)
        self.as_role("kosta", f"select glas.reveal_approve({request})")
        return request

    def reveal(self, request, *options, role="mira", status=0):
        """What glasctl reveal shows on a terminal, and says beside it."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        done = subprocess.run(
            [program("glasctl"), "-c", self.office.conf, "reveal",
             *(("--database", self.office.dsn(role)) if role else ()),
             *options, str(request)],
            stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE,
            text=True, timeout=DEADLINE_S, check=False)
        os.write(theirs, b"$")      # so that there is something to read
        os.close(theirs)
        shown = b""
        while not shown.endswith(b"$"):
            shown += os.read(ours, 4096)
        shown = shown[:-1].decode()
        self.assertNotIn("Sanitizer", done.stderr)
        self.assertEqual(done.returncode, status, (shown, done.stderr))
        if status != 0:
            self.assertEqual(shown, "")
            self.assertTrue(done.stderr.startswith("glasctl: "), done.stderr)
            return done.stderr
        return shown

    def state(self, request):
        return self.sql(f"select state from glas.reveals where id = {request}")


class Shown(RevealTest):
    def test_a_number_is_shown_once_to_who_asked(self):
        person, reference = self.report()
        request = self.approved(reference)
        self.assertIn("connect as that role", self.reveal(
            request, role="kosta", status=1))
        self.assertIn("connect as that role", self.reveal(
            request, role=None, status=1))
        self.assertEqual(self.state(request), "approved")
        before = len(self.link.submits)
        self.assertEqual(self.reveal(request).splitlines()[0], person)
        self.assertIn("was shown", self.reveal(request, status=1))
        self.assertEqual(self.state(request), "shown")
        self.assertEqual(
            self.sql("select what from glas.reveal_history "
                     f"where id = {request}").split(),
            ["asked", "approved", "taken", "shown"])
        # Told, by day: the test may run at night.
        self.sql("update glas_data.outbox set due_at = null; "
                 "select glas_data.wake_gateways()")
        wait_for(lambda: self.link.pump(
            lambda: len(self.link.submits) > before, 0.2), what="a text")
        self.assertIn(reference, self.link.texts()[before][1])
        self.assertEqual(self.link.texts()[before][0], person)
        self.assertNotIn(person[1:], self.office.tail())

    def test_a_number_goes_into_no_file(self):
        _, reference = self.report()
        request = self.approved(reference)
        done = self.office.glasctl(
            "reveal", "--database", self.office.dsn("mira"), request,
            check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(self.state(request), "approved")

    def test_who_was_hurt_at_home_is_told_nothing(self):
        person, reference = self.report("muz me tuce svake noci, Vranje")
        self.sql("select glas.classify(reference, category => 'DV') "
                 "from glas.reports")
        before = self.office.count("glas_data.outbox")
        request = self.approved(reference)
        self.assertEqual(self.reveal(request).splitlines()[0], person)
        self.assertEqual(self.office.count("glas_data.outbox"), before)
        self.assertEqual(self.sql("select told from glas.reveals"), "f")

    def test_what_cannot_be_opened_was_not_shown(self):
        person, reference = self.report()
        request = self.approved(reference)
        key = self.office.path("keys", "reply.1")
        with open(key, encoding="ascii") as was:
            right = was.read()
        os.chmod(key, 0o600)
        with open(key, "w", encoding="ascii") as out:
            out.write("0" * 64 + "\n")
        self.assertIn("not shown", self.reveal(request, status=1))
        self.assertEqual(self.state(request), "approved")
        os.unlink(key)
        self.assertIn("reply.1: missing", self.reveal(request, status=1))
        with open(key, "w", encoding="ascii") as out:
            out.write(right)
        os.chmod(key, 0o400)
        self.assertEqual(self.reveal(request).splitlines()[0], person)

    def test_words_that_are_no_request_are_said(self):
        for word in ("x", "1x", "99999999999999999999"):
            self.assertIn("no request", self.reveal(word, status=2))
        self.assertIn("no request", self.reveal("17", status=1))


class Dropped(RevealTest):
    def drop(self, room=9):
        """A day later, when it is looked at again."""
        self.sql("update glas_data.citizen set copy_looked_at = "
                 "glas.now() - interval '2 days', "
                 "last_at = glas.now() - interval '90 days'")
        self.sql("update glas_data.outbox set created_at = "
                 "glas.now() - interval '90 days'")
        return self.sql(f"select glas_gw.copies_drop({room})")

    def test_an_answer_waits_until_the_person_writes_again(self):
        person, reference = self.report()
        self.assertEqual(self.drop(), "0")      # the case is open
        self.sql(f"select glas.set_status('{reference}', 'open');"
                 f"select glas.set_status('{reference}', 'closed', 'gotovo');"
                 "update glas_data.report set status_at = glas.now() - "
                 "interval '31 days'")
        self.assertEqual(self.drop(), "1")
        before = len(self.link.submits)
        self.as_role("mira", f"select glas.reply('{reference}', 'Radi.')")
        self.assertEqual(self.sql("select state from glas.outbox "
                                  "where text = 'Radi.'"), "waiting")
        request = self.approved(reference)
        self.assertIn("nobody can show", self.reveal(request, status=1))
        self.assertEqual(self.state(request), "approved")
        self.send(person, "hvala")
        wait_for(lambda: self.link.pump(lambda: "Radi." in [
            text for _, text in self.link.texts()[before:]], 0.2),
                 what="the answer")
        self.assertEqual(self.reveal(request).splitlines()[0], person)


    def test_a_number_that_is_written_to_just_now_is_kept(self):
        _, reference = self.report()
        self.sql(f"select glas.set_status('{reference}', 'open');"
                 f"select glas.set_status('{reference}', 'closed', 'gotovo');"
                 "update glas_data.report set status_at = glas.now() - "
                 "interval '31 days'")
        self.assertEqual(self.drop_while(
            f"select glas.reply('{reference}', 'Radi.')"), "0")
        self.assertEqual(self.sql("select state <> 'waiting' from glas.outbox "
                                  "where text = 'Radi.'"), "t")
        self.assertEqual(self.drop_while("select 1"), "1")

    def drop_while(self, statement):
        """Drops copies while a transaction with the statement is open."""
        self.drop(room=0)
        self.sql("update glas_data.outbox set state = 'delivered'")
        dropped = self.office.path("dropped")
        psql = os.path.join(self.office.cluster.bindir, "psql")
        self.office.cluster.psql(
            f"begin;\n{statement};\n"
            f"\\! {psql} -X -At -c 'select glas_gw.copies_drop(9)' "
            f"'{self.office.dsn('postgres')}' > {dropped}\n"
            "commit;", db=self.office.database)
        with open(dropped, encoding="ascii") as said:
            return said.read().strip()


class Recalled(RevealTest):
    start = False

    def setUp(self):
        super().setUp()
        self.offline = self.office.path("offline")
        self.said = self.office.glasctl("key", "recall", self.offline).stdout
        self.start_glasd()

    def test_the_offline_key_opens_what_no_answer_is_owed_to(self):
        person, reference = self.report()
        self.assertEqual(
            self.sql("select length(recall_copy) from glas_data.citizen"),
            "77")
        request = self.approved(reference)
        self.sql("update glas_data.citizen set reply_copy = null")
        self.assertIn("--offline-key", self.reveal(request, status=1))
        other = self.office.path("other")
        pub = self.office.path("keys", "recall.pub")
        os.rename(pub, pub + ".away")
        self.office.glasctl("key", "recall", other)
        self.assertIn("another key", self.reveal(
            request, "--offline-key", other, status=1))
        self.assertIn("is not the private half", self.reveal(
            request, "--offline-key", pub, status=1))
        self.assertEqual(self.state(request), "approved")
        self.assertEqual(self.reveal(
            request, "--offline-key", self.offline).splitlines()[0], person)
        self.assertIn("was shown", self.reveal(
            request, "--offline-key", self.offline, status=1))

    def test_two_of_one_number_do_not_look_alike(self):
        person, _ = self.report()
        copy = "select recall_copy from glas_data.citizen"
        first = self.sql(copy)
        self.send(person, "jos uvek ne radi")
        wait_for(lambda: self.link.pump(
            lambda: self.office.count("glas_data.message") == 2, 0.2),
                 what="two texts")
        self.assertNotEqual(self.sql(copy), first)

    def test_keys_are_never_replaced_nor_kept_together(self):
        self.assertIn("keep it offline", self.said)
        self.assertEqual(os.stat(self.offline).st_mode & 0o777, 0o400)
        pub = self.office.path("keys", "recall.pub")
        with open(pub, encoding="ascii") as was:
            before = was.read()
        again = self.office.glasctl("key", "recall", self.office.path("x"),
                                    check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("there is a key already", again.stderr)
        os.rename(pub, pub + ".away")
        for file in (self.offline, self.office.path("keys", "private")):
            self.assertEqual(self.office.glasctl(
                "key", "recall", file, check=False).returncode, 1)
            self.assertFalse(os.path.exists(pub))
        with open(pub + ".away", encoding="ascii") as was:
            self.assertEqual(was.read(), before)

    def test_other_offices_get_the_public_half(self):
        file = self.office.path("exported")
        self.office.glasctl("key", "export", file)
        with open(file, encoding="ascii") as exported, \
             open(self.office.path("keys", "recall.pub"),
                  encoding="ascii") as pub:
            self.assertIn("recall.pub " + pub.read(), exported.read())

    def test_a_public_half_that_is_broken_is_said(self):
        pub = self.office.path("keys", "recall.pub")
        os.chmod(pub, 0o600)
        for text, why in (("0" * 64 + "\n", "nothing can be sealed"),
                          ("x" * 64 + "\n", "64 hexadecimal digits"),
                          ("1\n", "2 octets")):
            with open(pub, "w", encoding="ascii") as out:
                out.write(text)
            done = subprocess.run(
                [program("glasd"), "-c", self.office.conf, "-t"],
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{pub}: ", done.stderr)
            self.assertIn(why, done.stderr)


if __name__ == "__main__":
    unittest.main()
