#!/usr/bin/env python3
"""A database that goes backwards: restored from a backup, or taken over by a
standby that lacks the last commits.  And what looks like it and is not.

python3 -m unittest discover -s tests/system -p 'test_rewound.py'
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, ClusterError, find_bindir  # noqa: E402
from gateway import GatewayTest  # noqa: E402
from office import SRC_DIR, number, wait_for  # noqa: E402

BINDIR = find_bindir()
HELD = "state = 'held' and reason = 'rewound database'"


class RewoundTest(GatewayTest):
    """With a cluster of its own for each test."""

    def setUp(self):
        self.cluster = Cluster(fsync=False)
        self.addCleanup(self.cluster.destroy)
        super().setUp()

    def alerts(self):
        return [alert["name"] for alert in self.office.status()["alerts"]]

    def texts(self):
        return self.sql("select text from glas.inbox order by id").splitlines()

    def told(self, text):
        """Who was handed a text with these words, once a segment."""
        return [to for to, words in self.link.texts() if text in words]

    def restart(self, kill=False):
        """glasd anew, while the database is as it is."""
        if kill:
            self.office.kill()
        else:
            self.assertEqual(self.office.stop(), 0)
        self.link.close()

    def restore(self, backup):
        self.cluster.restore(backup)
        self.cluster.start()

    def wait_reread(self):
        """Until the log was read again: nothing is known any more of what is
        held now but that."""
        wait_for(lambda: self.link.pump(
            lambda: self.sql("select count(*) from glas_data.gateway"
                             " where rewound_at is not null and reread")
            == "1", 0.2), what=f"the log read again: {self.office.tail()}")
        self.office.wait_settled()

    def wait_written(self, calls=None):
        """Until the spool knows how much the database has counted."""
        calls = calls or int(self.sql("select calls from glas_data.gateway"))

        def written():
            with open(self.office.path("spool", "database.json"),
                      encoding="utf-8") as file:
                return json.load(file)["known"][0] >= calls
        wait_for(written, what="the count of calls in the spool")

    def quiet(self):
        """What glasd has to say is said: a text goes through and back."""
        return self.ask(number(), "STATUS 123455")

    def assert_well(self):
        self.assertNotIn("database-rewound", self.alerts())
        self.assertEqual(self.office.count("glas.alerts",
                                           "name = 'database-rewound'"), 0)
        self.assertEqual(self.office.count("glas.outbox", HELD), 0)

    def assert_rewound(self):
        self.assertIn("database-rewound", self.alerts())
        self.assertEqual(self.office.status()["state"], "degraded")
        self.assertEqual(self.office.count("glas.alerts",
                                           "name = 'database-rewound'"), 1)

    def resume(self):
        self.office.glasctl("resume", "outbox")
        self.office.wait_status(lambda s: "database-rewound" not in [
            alert["name"] for alert in s["alerts"]], "the end of it")


class RestoredTest(RewoundTest):
    def report(self, n):
        """Reports something; returns the reference that was told."""
        person = number()
        self.ask(person, f"PRIJAVA rupa {n} Vranje")
        return person, self.sql("select reference from glas.reports"
                                " order by reported_at desc limit 1")

    def rest(self):
        """The link takes nothing for now."""
        self.link.say(t="state", state="searching")
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "searching", "a link at rest")

    def reply(self, reference, text):
        return self.sql(f"select glas.reply('{reference}', '{text}')")

    def story(self, back_up=None):
        """Before the backup and after it; returns the backup."""
        self.people = [self.report(n) for n in range(3)]
        # Queued at the moment of the backup, sent after it.
        self.rest()
        self.reply(self.people[0][1], "Rupa je popravljena.")
        backup = (back_up or self.cluster.backup)()
        self.link.say(t="state", state="ready")
        self.assertTrue(self.link.pump(lambda: self.told("popravljena")))
        self.people += [self.report(n) for n in range(3, 6)]
        self.reply(self.people[4][1], "Sutra dolazimo.")
        self.assertTrue(self.link.pump(lambda: self.told("Sutra")))
        self.settle(6)
        self.before = len(self.link.submits)
        self.assertEqual(self.before, 8)
        return backup

    def assert_all_there(self):
        self.assertEqual(
            self.texts()[:6], [f"PRIJAVA rupa {n} Vranje" for n in range(6)])
        self.assertEqual(
            self.sql("select reference from glas.reports order by"
                     " reported_at limit 6").splitlines(),
            [reference for _, reference in self.people])


class Restored(RestoredTest):
    def test_nothing_is_lost_and_nothing_is_sent_twice(self):
        backup = self.story()
        self.restart()
        self.restore(backup)
        self.start_glasd()
        self.wait_reread()
        self.assert_rewound()
        self.assert_all_there()
        # The log knows of all of it: that what was held is sent already, too.
        self.assertEqual(self.office.count("glas.outbox", HELD), 0)
        self.assertEqual(self.sql(
            "select distinct state from glas.outbox"), "accepted")
        self.assertEqual(self.link.submits, [])

        # New texts are answered, under a number that nobody has.
        person, reference = self.report(7)
        self.assertEqual(len(self.told(reference)), 1)
        self.assertNotIn(reference, [r for _, r in self.people])
        # And who was told one before the loss is known by it.
        person, reference = self.people[5]
        self.assertIn(reference, self.ask(person, f"STATUS {reference}")[0])
        count = len(self.link.submits)
        self.resume()
        self.assert_well()
        self.quiet()
        self.assertEqual(len(self.link.submits), count + 1)

    def test_while_glasd_runs(self):
        backup = self.story()
        self.restore(backup)
        self.office.wait_database()
        self.wait_reread()
        self.assert_rewound()
        self.assert_all_there()
        self.report(7)
        self.assertEqual(len(self.link.submits), self.before + 1)
        self.resume()
        self.quiet()
        self.assertEqual(len(self.link.submits), self.before + 2)

    def test_a_crash_while_the_log_is_read_again_changes_nothing(self):
        backup = self.story()
        self.restart()
        self.restore(backup)
        # Not a text can be stored: the log is not read to its end.
        self.sql("create function glas_data.no() returns trigger language"
                 " plpgsql as $$ begin raise disk_full; end $$;"
                 "create trigger no before insert on glas_data.message"
                 " execute function glas_data.no()")
        self.start_glasd()
        wait_for(lambda: "database-rewound" in self.alerts(), what="alert")
        self.assertNotEqual(
            self.office.glasctl("resume", "outbox", check=False).returncode,
            0)
        self.restart(kill=True)
        self.sql("drop trigger no on glas_data.message")
        self.start_glasd()
        self.wait_reread()
        self.assert_all_there()
        self.resume()
        self.quiet()
        self.assertEqual(len(self.link.submits), 1)

    def test_what_the_log_does_not_know_waits_for_a_person(self):
        self.people = [self.report(0)]
        self.rest()
        self.reply(self.people[0][1], "Prvi odgovor.")
        self.reply(self.people[0][1], "Drugi odgovor.")
        backup = self.cluster.backup()
        self.send(number(), "PRIJAVA mrak Vranje")
        self.office.wait_count("glas_data.message", 2)
        self.restart()
        self.restore(backup)
        self.start_glasd()
        self.wait_reread()
        self.assert_rewound()
        # Two of people, and the receipt that was never handed over.
        self.assertEqual(self.office.count("glas.outbox", HELD), 3)
        self.quiet()
        self.assertEqual(len(self.link.submits), 1)
        with self.assertRaises(ClusterError):
            self.office.sql("select glas.resume_outbox()", user="glasd")
        # By itself glasd would soon call it too late to be of use.
        self.assertEqual(self.sql(
            "begin; update glas_data.outbox set expires_at = now()"
            " where text = 'Drugi odgovor.';"
            " select glas.resume_outbox(); commit"), "3")
        self.assertTrue(self.link.pump(
            lambda: self.told("Prvi") and len(self.link.submits) >= 3))
        self.office.wait_settled()
        self.assertEqual(len(self.told("Prvi")), 1)
        self.assertEqual(self.told("Drugi"), [])
        self.assertEqual(self.office.count(
            "glas.outbox", "state = 'expired'"), 1)
        self.office.wait_status(lambda s: "database-rewound" not in [
            alert["name"] for alert in s["alerts"]], "the end of it")

    def test_a_segment_of_unknown_outcome_is_not_sent_again(self):
        self.people = [self.report(0)]
        self.rest()
        self.reply(self.people[0][1], "Na to pitanje.")
        backup = self.cluster.backup()
        self.link.say(t="state", state="ready")
        self.assertTrue(self.link.pump(lambda: self.told("pitanje"),
                                       accept=False))
        self.wait_written()
        self.restart(kill=True)
        self.restore(backup)
        self.start_glasd()
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.wait_reread()
        self.assertEqual(self.sql("select state from glas.outbox"
                                  " where text like '%pitanje.'"), "unknown")
        self.resume()
        self.quiet()
        self.assertEqual(self.told("pitanje"), [])

    def test_danger_that_nobody_was_told_of_is_told_at_once(self):
        backup = self.cluster.backup()
        self.report(0)
        self.rest()
        person = number()
        self.send(person, "gori kuca, Bujanovac")
        self.office.wait_count("glas_data.message", 2)
        self.restart()
        self.restore(backup)
        self.start_glasd()
        self.assertTrue(self.link.pump(lambda: self.told("193")))
        self.assertEqual(self.told("193")[0], person)
        self.wait_reread()

    def test_an_empty_database_gets_all_that_is_kept(self):
        self.report(0)
        self.report(1)
        self.restart()
        self.cluster.psql(f"drop database {self.office.database} with (force)")
        self.office.init()
        self.start_glasd()
        self.wait_reread()
        self.assertEqual(self.texts(),
                         [f"PRIJAVA rupa {n} Vranje" for n in range(2)])
        self.assertEqual(self.link.submits, [])

    def test_what_was_stored_right_before_an_outage_is_known(self):
        self.report(0)
        calls = int(self.sql("select calls from glas_data.gateway"))
        self.cluster.stop()
        self.wait_written(calls)
        self.cluster.start()


class Dumped(RestoredTest):
    def run_psql_kit(self, cluster, program, *arguments):
        """A program of PostgreSQL, as the superuser of a cluster; what failed
        and what it said."""
        done = subprocess.run(
            [os.path.join(BINDIR, program), *arguments], check=False,
            env=cluster.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout

    def dump(self):
        """As doc/install.md says it."""
        for program, *arguments in (
                ("pg_dumpall", "--roles-only", "-f", self.path("roles.sql")),
                ("pg_dump", "-Fc", "-f", self.path("glas.dump"),
                 self.office.database)):
            self.assertEqual(self.run_psql_kit(self.cluster, program,
                                               *arguments), (0, ""))

    def path(self, name):
        return self.office.path(name)

    def new_server(self):
        """It takes the place of the one that there was."""
        other = Cluster(fsync=False, empty=True)
        self.addCleanup(other.destroy)
        other.start()
        self.office.end_sessions()
        self.office.cluster = self.cluster = other
        self.office.write_conf()
        return other

    def migrate(self, **more):
        return self.office.glasctl(
            "migrate", "--database", self.office.dsn("postgres"), "--sql",
            os.path.join(SRC_DIR, "sql"), **more)

    def bring_back(self):
        """The dump, on a new server."""
        other = self.new_server()
        self.run_psql_kit(other, "psql", "-qf", self.path("roles.sql"))
        self.assertEqual(self.run_psql_kit(
            other, "pg_restore", "--create", "-d", "postgres",
            self.path("glas.dump")), (0, ""))
        self.migrate()

    def test_a_dump_comes_to_a_new_machine(self):
        self.story(self.dump)
        self.restart()
        self.bring_back()
        shutil.rmtree(self.office.path("spool"))
        os.mkdir(self.office.path("spool"), 0o700)
        shutil.rmtree(self.office.path("keys", "log-vranje"))
        # As after the minute in which the one before might come back.
        self.sql("update glas_data.gateway set instance = ''")
        # Nobody knows here what was sent since: doc/install.md has this.
        with open(os.path.join(SRC_DIR, "doc", "install.md"),
                  encoding="utf-8") as file:
            self.sql(re.search(r'-c "(update glas_data.outbox[^"]*)"',
                               file.read())[1])
        self.start_glasd()
        self.quiet()
        self.assertEqual(self.told("popravljena"), [])
        self.assertEqual(self.sql("select glas.resume_outbox()"), "1")
        self.assertTrue(self.link.pump(lambda: self.told("popravljena")))

    def test_a_dump_comes_to_a_new_server(self):
        self.story(self.dump)
        self.restart()
        self.bring_back()
        self.start_glasd()
        self.wait_reread()
        self.assert_rewound()
        self.assert_all_there()
        self.assertEqual(self.link.submits, [])
        self.resume()
        self.assert_well()
        self.quiet()

    def test_one_without_its_roles_is_told_of(self):
        self.dump()
        self.restart()
        other = self.new_server()
        other.createdb(self.office.database)
        self.assertNotEqual(self.run_psql_kit(
            other, "pg_restore", "-d", self.office.database,
            self.path("glas.dump"))[0], 0)
        said = self.migrate(check=False)
        self.assertEqual(said.returncode, 1)
        self.assertIn("without its roles", " ".join(said.stderr.split()))


class NotRewound(RewoundTest):
    def test_a_start_a_crash_and_a_crash_of_the_server(self):
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.assert_well()
        self.restart()
        self.start_glasd()
        self.assert_well()
        self.ask(number(), "PRIJAVA rupa 2 Vranje")
        self.restart(kill=True)
        self.cluster.kill()
        self.cluster.start()
        self.start_glasd()
        self.assert_well()
        self.ask(number(), "PRIJAVA rupa 3 Vranje")
        connected = self.office.times_connected()
        self.cluster.restart("immediate")
        self.office.wait_reconnected(connected)
        self.ask(number(), "PRIJAVA rupa 4 Vranje")
        self.assert_well()
        self.assertEqual(len(self.texts()), 4)

    def test_a_spool_from_before_it_was_counted(self):
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.restart()
        os.unlink(self.office.path("spool", "database.json"))
        self.sql("update glas_data.gateway set calls = 0, place = ''")
        self.start_glasd()
        self.assert_well()

    def test_a_dump_that_is_restored_elsewhere_and_lacks_nothing(self):
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.restart()
        self.office.end_sessions()
        self.cluster.createdb("copy", template=self.office.database)
        self.office.database = "copy"
        self.office.write_conf()
        self.start_glasd()
        self.assert_well()
        self.ask(number(), "PRIJAVA rupa 2 Vranje")


class Failover(RewoundTest):
    start = False

    def setUp(self):
        super().setUp()
        self.standby = Cluster(fsync=False, primary=self.cluster)
        self.addCleanup(self.standby.destroy)
        self.office.settings["database"] = (
            f"host={self.cluster.socket_dir},{self.standby.socket_dir} "
            f"dbname={self.office.database} user=glasd "
            "target_session_attrs=read-write")
        self.office.write_conf()
        self.start_glasd()

    def fail_over(self):
        self.cluster.kill()
        self.standby.promote()
        self.office.cluster = self.standby

    def caught_up(self):
        wait_for(lambda: self.standby.has_all_of(self.cluster),
                 what="the standby")

    def lose(self):
        """The standby has the first text and not the second."""
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.caught_up()
        self.standby.cut_off()
        self.lost = number()
        self.reply = self.ask(self.lost, "PRIJAVA rupa 2 Vranje")[0]

    def assert_found(self):
        self.wait_reread()
        self.assert_rewound()
        self.assertEqual(self.texts(), [f"PRIJAVA rupa {n} Vranje"
                                        for n in (1, 2)])
        reference = self.sql("select reference from glas.reports"
                             " order by reported_at desc limit 1")
        self.assertIn(reference, self.reply)
        self.assertEqual(self.sql("select distinct state from glas.outbox"),
                         "accepted")
        self.resume()
        self.quiet()
        self.assertEqual(self.told(reference).count(self.lost),
                         self.handed_over)

    def test_a_standby_that_has_all_is_nothing_to_speak_of(self):
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.caught_up()
        connected = self.office.times_connected()
        self.fail_over()
        self.office.wait_reconnected(connected)
        self.ask(number(), "PRIJAVA rupa 2 Vranje")
        self.assert_well()

    def test_it_is_none_either_when_glasd_crashed_as_well(self):
        self.ask(number(), "PRIJAVA rupa 1 Vranje")
        self.caught_up()
        self.restart(kill=True)
        self.fail_over()
        self.start_glasd()
        self.ask(number(), "PRIJAVA rupa 2 Vranje")
        self.assert_well()

    def test_one_that_lacks_the_last_commits_is_found(self):
        self.lose()
        self.handed_over = 1
        self.fail_over()
        self.assert_found()

    def test_it_is_found_by_the_next_start_too(self):
        self.lose()
        self.handed_over = 0    # in the next start
        self.restart()
        self.fail_over()
        self.start_glasd()
        self.assert_found()

    def test_it_is_found_when_glasd_crashed_as_well(self):
        self.lose()
        self.handed_over = 0    # in the next start
        self.restart(kill=True)
        self.fail_over()
        self.start_glasd()
        self.assert_found()


if __name__ == "__main__":
    unittest.main()
