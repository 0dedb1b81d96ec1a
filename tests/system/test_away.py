#!/usr/bin/env python3
"""glasd whose database is away, or as good as away: everything that can keep
it from storing is done to a real PostgreSQL.

python3 -m unittest discover -s tests/system -p 'test_away.py'
"""

import contextlib
import datetime
import json
import os
import re
import signal
import socket
import subprocess
import sys
import unittest
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import PORT, Cluster, ClusterError, send_signal  # noqa: E402
from fakelink import LinkPeer  # noqa: E402
from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import NO_LIMITS, Office, number, program, wait_for  # noqa: E402
from simmodem import SimModem  # noqa: E402


def lets_in(server):
    """Does it take another connection?"""
    try:
        return server.psql("select true") == "t"
    except ClusterError:
        return False


class AwayTest(GatewayTest):
    def wait_reserved(self):
        """Until reports can be confirmed without the database."""
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "reserved references")

    def wait_active(self, words):
        """Until the database is busy with a call that has them in it."""
        wait_for(lambda: self.sql(
            "select count(*) from pg_stat_activity where state = 'active'"
            f" and query like '%{words}%'"
            f" and datname = '{self.office.database}'") == "1",
                 what=f"a call that takes long: {words}")

    def hold(self, statement):
        """Another session runs it and leaves its transaction open; returns
        what ends it."""
        session = subprocess.Popen(
            ["psql", "-X", "-q", self.office.dsn("postgres")], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for clean in (session.stdout.close, session.stdin.close,
                      session.wait, session.kill):
            self.addCleanup(clean)
        session.stdin.write(f"begin;\n\\o /dev/null\n{statement};\n"
                            "\\echo held\n")
        session.stdin.flush()
        self.assertEqual(session.stdout.readline(), "held\n")

        def release():
            session.stdin.close()
            session.wait()
        return release

    def backend(self):
        """The process at the other end of the connection on which glasd
        stores (its chores have another)."""
        return int(self.sql(
            "select coalesce(max(pid), 0) from pg_stat_activity where "
            f"usename = 'glasd' and datname = '{self.office.database}' "
            "and application_name not like '%_chores'"))

    def stand_still(self):
        """The database gives no answer on that connection; returns the
        process, for SIGCONT."""
        pid = self.backend()
        os.kill(pid, signal.SIGSTOP)
        self.addCleanup(send_signal, pid, signal.SIGCONT)
        return pid

    def start_without_database(self):
        self.cluster.stop()
        self.start_glasd("away")

    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def wait_accepted(self, replies):
        """Takes what is given to the link until so many have a result."""
        wait_for(lambda: self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") >= replies, 0.2),
                 what=f"{replies} replies that the network took")


class Check(AwayTest):
    """glasd -t, which runs before each start."""

    start = False

    def check(self, dsn=None):
        """Its exit status, and whether it warns of the database."""
        self.office.settings = {"database": dsn} if dsn else {}
        self.office.write_conf()
        done = subprocess.run(
            [program("glasd"), "-t", "-c", self.office.conf], text=True,
            capture_output=True, check=False)
        return done.returncode, "warning" in done.stderr

    def test_a_server_that_is_not_there_is_no_reason_not_to_start(self):
        self.cluster.stop()
        self.assertEqual(self.check(), (0, True))
        self.assertEqual(
            self.check("host=nowhere.invalid dbname=glas"), (0, True))

    def test_a_server_that_is_not_up_to_it_is_none_either(self):
        with Cluster(settings={"max_connections": 4}) as full:
            def is_full():
                """Who looks has a place meanwhile, which another may miss."""
                if not lets_in(full):
                    return True
                session = subprocess.Popen(
                    ["psql", full.dsn(), "-c", "select pg_sleep(600)"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.addCleanup(session.wait)
                self.addCleanup(session.kill)
                return False
            wait_for(is_full, what="a full server")
            self.assertEqual(self.check(full.dsn()), (0, True))

    def test_what_no_waiting_mends_is_said_and_fails(self):
        for dsn in (self.office.dsn("nobody_here"),
                    self.cluster.dsn("no_such_database", "glasd"),
                    "host=/tmp no_such_word=1"):
            with self.subTest(dsn=dsn):
                self.assertEqual(self.check(dsn), (1, False))
        self.sql("delete from glas_data.schema_version where number > 1")
        self.assertEqual(self.check(), (1, False))


class Failing(AwayTest):
    """It answers, and does nothing of what it is asked."""

    def setUp(self):
        super().setUp()
        self.wait_reserved()

    def alerts(self):
        return {alert["name"]: alert for alert in
                self.office.status()["alerts"]}

    def assert_as_if_away(self, release, name="database-failing"):
        """Danger and a report are answered, nothing is stored; afterwards all
        is, in order, and nothing is answered again."""
        people = [number() for _ in range(3)]
        before = len(self.link.submits)
        self.send(people[0], "gori kuca, Bujanovac")
        self.send(people[1], "PRIJAVA rupa 0 Vranje")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) >= before + 3), self.office.tail())
        self.assertIn("193", [text for to, text in self.link.texts()
                              if to == people[0]][0])
        self.assertEqual(self.office.status()["database"], "away")
        for n in range(1, 4):
            self.send(people[1], f"PRIJAVA rupa {n} Vranje")
            self.send(people[2], f"PRIJAVA mrak {n} Vranje")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) >= before + 9))
        said = self.link.texts()[before:]
        alert = self.alerts()[name]
        release()
        self.settle(8)
        self.office.wait_database()
        # Until each kind of call has been made once more.
        wait_for(lambda: name not in self.alerts(), what="its end")
        self.ask(people[0], "PRIJAVA voda Vranje")
        self.assertEqual(len(self.link.texts()), before + len(said) + 1)
        self.assert_stored_in_order(people, said)
        return alert

    def assert_stored_in_order(self, people, said):
        words = [line.split() for line in self.sql(
            "select text from glas_data.body order by message").splitlines()]
        for word in ("rupa", "mrak"):
            numbers = [line[2] for line in words if line[1] == word]
            self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(self.office.count("glas_data.quarantine"), 0)
        told = {reference for reference in self.sql(
            "select reference from glas.reports").splitlines()
                for _, text in said if reference in text}
        self.assertEqual(len(told), 8)

    def test_a_table_that_somebody_holds(self):
        for table in ("message", "citizen", "optout"):
            with self.subTest(table=table):
                release = self.hold(f"lock table glas_data.{table} "
                                    "in access exclusive mode")
                alert = self.assert_as_if_away(release, "database-locked")
                self.assertIn("pg_locks", alert["remedy"])
                self.empty("body, message, report, outbox")

    def test_a_disk_that_is_full_for_the_database(self):
        self.sql("create function glas_data.full() returns trigger language "
                 "plpgsql as $$ begin raise disk_full using message = "
                 "'could not extend file'; end $$; create trigger full_disk "
                 "before insert on glas_data.message for each row "
                 "execute function glas_data.full()")
        alert = self.assert_as_if_away(lambda: self.sql(
            "drop trigger full_disk on glas_data.message"))
        self.assertEqual(alert["text"], "could not extend file")
        self.assertIn("free space", alert["remedy"])

    def test_a_call_that_fails_when_danger_was_told_meanwhile(self):
        self.sql("create function glas_data.full() returns trigger language "
                 "plpgsql as $$ begin perform pg_sleep(5); raise disk_full; "
                 "end $$; create trigger full_disk "
                 "before insert on glas_data.message for each row "
                 "execute function glas_data.full()")
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits, 4))
        self.assertIn("193", self.link.texts()[0][1])
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.sql("drop trigger full_disk on glas_data.message")
        self.settle(1)
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")
        self.assertIn(self.sql("select reference from glas.reports"),
                      self.link.texts()[1][1])

    def end_sessions(self):
        self.sql("select pg_terminate_backend(pid) from pg_stat_activity "
                 "where usename = 'glasd'")

    def assert_shut_out(self, alert):
        """Its connections are ended, and no other gets as far as the texts."""
        self.end_sessions()
        person = number()
        self.office.wait_database("away")
        self.send(person, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.office.wait_status(lambda s: alert in {
            a["remedy"] for a in s["alerts"]
            if a["name"] == "database-failing"}, alert)

    def test_a_server_that_takes_no_more_connections(self):
        self.sql("alter role glasd connection limit 0")
        self.addCleanup(self.cluster.psql,
                        "alter role glasd connection limit -1")
        self.assert_shut_out("end sessions that nobody needs, or raise "
                             "max_connections")
        self.sql("alter role glasd connection limit -1")
        self.settle(1)

    def test_a_server_that_only_reads(self):
        self.sql(f"alter database {self.office.database} "
                 "set default_transaction_read_only = on")
        self.assert_shut_out(
            "this server only reads: promote it, or let `database` name all "
            "servers, with target_session_attrs=read-write")
        self.sql("set default_transaction_read_only = off; "
                 f"alter database {self.office.database} "
                 "reset default_transaction_read_only")
        self.settle(1)

    def test_a_row_that_somebody_holds_keeps_nobody_else(self):
        person, others = number(), [number() for _ in range(20)]
        self.ask(person, "PRIJAVA rupa Vranje")
        release = self.hold("select * from glas_data.citizen for update")
        for other in others:
            self.link.mo(other, "PRIJAVA mrak Vranje")
        self.send(person, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 23))
        self.office.wait_count("glas_data.message", 21)
        told = [(n, text) for n, (to, text) in enumerate(self.link.texts())
                if to == person]
        self.assertIn("193", told[1][1])
        self.assertEqual(set(self.alerts()), {"texts-blocked"})
        # What became of replies to others is known meanwhile, and who got
        # theirs; of this person's, that their row is yet to be made.
        for n, (to, _) in enumerate(self.link.texts()):
            self.link.say(t="status-report", id=f"r{n}", mr=n + 1,
                          recipient=to, status=0,
                          time="2026-11-01T12:00:00+01:00")
        self.office.wait_count("glas.outbox", 21, "state = 'delivered'")
        release()
        self.settle(22)
        self.assertEqual(len(self.link.texts()), 23)
        self.assertEqual(len(set(self.link.texts())), 23)
        self.office.wait_count("glas.outbox", 23, "state = 'delivered'")

    def test_a_status_report_waits_for_the_result_of_its_segment(self):
        unsettle = self.hold("lock table glas_data.spend "
                             "in access exclusive mode")
        person = number()
        self.send(person, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.link.say(t="status-report", id="r1", mr=1, recipient=person,
                      status=0, time="2026-11-01T12:00:00+01:00")
        self.assertTrue(self.link.pump(lambda: "r1" in self.link.acked()))
        # More than one attempt to write the result down.
        self.office.wait_status(lambda s: "database-locked" in {
            a["name"] for a in s["alerts"]}, "a result that waits")
        unsettle()
        self.office.wait_count("glas.outbox", 1, "state = 'delivered'")

    def test_results_of_texts_that_were_stored_before_a_start(self):
        release = self.hold("lock table glas_data.message "
                            "in access exclusive mode")
        self.send(number(), "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        unsettle = self.hold("lock table glas_data.spend "
                             "in access exclusive mode")
        release()
        self.office.wait_count("glas_data.message", 1)
        # With this text the log notes that the one before it is stored.
        self.send(number(), "PRIJAVA mrak Vranje")
        self.office.kill()
        self.link.close()
        unsettle()
        self.office.start()
        self.link = self.server.accept().begin()
        self.settle(2)
        self.wait_accepted(3)
        self.assertEqual(
            self.office.status()["spool"]["answered_meanwhile"], 0)

    def test_a_segment_whose_result_was_not_stored_before_a_start(self):
        self.link.mo(number(), "PRIJAVA mrak Vranje")
        self.refuse(1)
        self.sql("update glas_data.outbox set attempts = 0, segments = 3, "
                 "text = repeat('Popravljeno. ', 30)")
        self.send_now()
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2,
                                       accept=False))
        release = self.hold("lock table glas_data.spend in exclusive mode")
        self.link.submitted(self.link.submits[1], "accepted", mr=7)
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 3,
                                       accept=False))
        self.office.kill()
        self.link.close()
        self.office.start()
        self.link = self.server.accept().begin()
        # The network has taken the first one, and the log says so.
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.assertEqual([s["segment"] for s in self.link.submits], [2, 3])
        release()
        self.wait_accepted(1)

    def refuse(self, replies):
        """The network takes none of them now; they are queued again."""
        for n in range(replies):
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) == n + 1, accept=False))
            self.link.submitted(self.link.submits[-1], "refused", cause=42)
        self.office.wait_count("glas.outbox", replies, "state = 'queued'")

    def send_now(self):
        self.sql("update glas_data.outbox set due_at = null; "
                 "select glas_data.wake_gateways()")

    def test_what_was_claimed_again_before_a_start_is_not_forgotten(self):
        blocked, people = number(), (number(), number())
        self.send(blocked, "STOP")
        self.settle(1)
        self.empty("outbox")
        release = self.hold("select * from glas_data.citizen for update")
        # The log is kept from here on.
        self.send(blocked, "STATUS")
        self.office.wait_status(lambda s: "texts-blocked" in {
            a["name"] for a in s["alerts"]}, "a text that waits")
        del self.link.submits[:]
        for person in people:
            self.link.mo(person, "PRIJAVA rupa Vranje")
        self.refuse(2)
        self.send_now()
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 3, accept=False))
        self.office.wait_count("glas_data.outbox", 2,
                               "state = 'inflight' and attempts = 2")
        second, = set(people) - {self.link.texts()[2][0]}
        self.office.kill()
        self.link.close()
        release()
        self.office.start()
        self.link = self.server.accept().begin()
        # Of the first it is not known; the second was in nobody's hands. The
        # log says once more when it was due.
        self.settle(4)
        self.send_now()
        self.assertTrue(self.link.pump(lambda: second in
                                       [to for to, _ in self.link.texts()]))
        self.office.wait_count("glas.outbox", 1, "state = 'unknown'")
        self.office.wait_count("glas_data.outbox", 1,
                               "state = 'accepted' and attempts = 2")


class NoAnswer(AwayTest):
    """A statement that never returns."""

    start = False

    def begin(self):
        self.office.start(GLAS_DATABASE_DROP_MS="5000")
        self.link = self.server.accept().begin()
        self.wait_reserved()
        return self.stand_still()

    def assert_danger_is_told(self):
        """The text may be stored, by a call that gives no answer: the receipt
        comes with the answer, unless that call was none of texts."""
        self.person = number()
        self.send(self.person, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertIn("193", self.link.texts()[0][1])

    def receipts(self, person):
        return len([text for to, text in self.link.texts()
                    if to == person and "Broj prijave" in text])

    def assert_back_by_itself(self, texts):
        self.office.wait_database(timeout_s=60)
        self.settle(texts)
        self.assertTrue(self.link.pump(lambda: self.receipts(self.person)))
        self.office.wait_settled()
        self.assertEqual(self.receipts(self.person), 1)
        self.ask(number(), "PRIJAVA mrak Vranje")

    def test_a_backend_that_stands_still_is_left_and_ended(self):
        pid = self.begin()
        self.assert_danger_is_told()
        # The connection is given up; the backend that has it may still come
        # to itself and store something, so that no other begins before.
        self.office.wait_status(lambda s: any(
            "earlier session" in a["text"] for a in s["alerts"]),
            "an attempt beside the earlier session")
        other = number()
        self.send(other, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(lambda: self.receipts(other)),
                        self.office.tail())
        os.kill(pid, signal.SIGCONT)
        self.assert_back_by_itself(2)
        self.assertEqual(self.receipts(other), 1)

    def test_a_backend_that_comes_to_itself_in_time_is_kept(self):
        pid = self.begin()
        self.office.wait_database()
        self.send(number(), "PRIJAVA rupa Vranje")
        os.kill(pid, signal.SIGCONT)
        self.settle(1)
        self.assertEqual(self.backend(), pid)

    def test_a_backend_that_is_killed_ends_it_at_once(self):
        pid = self.begin()
        self.assert_danger_is_told()
        os.kill(pid, signal.SIGKILL)
        self.assert_back_by_itself(1)


class Stop(AwayTest):
    """STOP holds for all that was not asked for, wherever it waits."""

    def setUp(self):
        super().setUp()
        self.person, self.other = number(), number()
        self.references = {}
        for who in (self.person, self.other):
            self.ask(who, "PRIJAVA rupa Vranje")
            self.references[who] = self.sql(
                "select reference from glas.reports "
                "order by reported_at desc limit 1")

    def reply(self, who, words):
        self.sql(f"select glas.reply('{self.references[who]}', '{words}')")

    def stops(self, who):
        self.send(who, "STOP")

    def assert_only_the_other_hears(self):
        """... of what people wrote; both hear that STOP was heard."""
        self.assertTrue(self.link.pump(
            lambda: (self.other, "Drugom") in self.link.texts()))
        self.office.wait_count("glas.outbox", 1, "state = 'suppressed'")
        self.settle(3)
        self.assertNotIn((self.person, "Prvom"), self.link.texts())
        self.assertEqual(self.sql(
            "select text, reason from glas.outbox "
            "where state = 'suppressed'"), "Prvom|the person said STOP")

    def test_what_was_queued_before_the_outage_is_not_sent_after_it(self):
        self.office.glasctl("pause", "fake")
        self.reply(self.person, "Prvom")
        self.reply(self.other, "Drugom")
        self.cluster.stop()
        self.office.wait_database("away")
        self.stops(self.person)
        self.office.glasctl("resume", "fake")
        self.cluster.start()
        self.office.wait_database()
        self.assert_only_the_other_hears()

    def test_it_holds_also_when_glasd_was_started_in_between(self):
        self.office.glasctl("pause", "fake")
        self.reply(self.person, "Prvom")
        self.reply(self.other, "Drugom")
        self.cluster.stop()
        self.office.wait_database("away")
        self.stops(self.person)
        self.office.kill()
        self.link.close()
        self.cluster.start()
        # The link is there before the database is, and yet it is not away.
        self.cluster.freeze()
        self.addCleanup(self.cluster.thaw)
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_status(lambda s: s["links"][0]["state"] == "ready",
                                "a link that is ready")
        self.cluster.thaw()
        self.office.wait_database()
        self.assert_only_the_other_hears()

    def in_memory(self):
        """A text of a third person is on its way; the others wait for it."""
        before = len(self.link.submits)
        self.link.mo(number(), "PRIJAVA mrak Vranje")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) > before, accept=False))
        self.reply(self.person, "Prvom")
        self.reply(self.other, "Drugom")
        self.office.wait_count("glas.outbox", 2,
                               "kind = 'reply' and state = 'inflight'")
        return self.link.submits[before]

    def test_what_waits_for_a_link_is_withdrawn(self):
        last = self.in_memory()
        self.office.glasctl("pause", "fake")
        self.stops(self.person)
        self.office.wait_count("glas.outbox", 1, "state = 'suppressed'")
        self.link.submitted(last, "accepted", mr=1)
        self.office.glasctl("resume", "fake")
        self.assert_only_the_other_hears()

    def test_what_waits_for_a_link_is_withdrawn_during_an_outage(self):
        last = self.in_memory()
        self.cluster.stop()
        self.office.wait_database("away")
        self.stops(self.person)
        self.link.submitted(last, "accepted", mr=1)
        self.assertTrue(self.link.pump(
            lambda: (self.other, "Drugom") in self.link.texts()))
        self.assertNotIn((self.person, "Prvom"), self.link.texts())
        self.cluster.start()
        self.office.wait_database()
        self.assert_only_the_other_hears()


class SeveralHosts(AwayTest):
    """`database` names more than one server."""

    start = False

    def begin(self, *folders, attributes="read-write"):
        self.office.settings["database"] = (
            f"host={','.join(folders)} dbname={self.office.database} "
            f"user=glasd target_session_attrs={attributes}")
        self.office.write_conf()
        self.office.start()
        self.link = self.server.accept().begin()

    def black_hole(self):
        """The folder of a socket that takes connections and never answers."""
        folder = self.office.path("hole")
        os.mkdir(folder, 0o711)
        hole = socket.socket(socket.AF_UNIX)
        self.addCleanup(hole.close)
        hole.bind(os.path.join(folder, f".s.PGSQL.{PORT}"))
        hole.listen(64)
        return folder

    def test_a_host_that_never_answers_does_not_hide_the_next(self):
        self.begin(self.black_hole(), self.cluster.socket_dir)
        self.office.wait_database(timeout_s=20)
        self.ask(number(), "PRIJAVA rupa Vranje")

    def test_a_standby_takes_over(self):
        with Cluster(fsync=False, primary=self.cluster) as standby:
            for attributes in ("read-write", "any"):
                with self.subTest(target_session_attrs=attributes):
                    # The first that answers only reads.
                    self.begin(standby.socket_dir, self.cluster.socket_dir,
                               attributes=attributes)
                    self.office.wait_database()
                    self.ask(number(), "PRIJAVA rupa Vranje")
                    self.assertEqual(self.office.stop(), 0)
                    self.link.close()
            self.begin(self.cluster.socket_dir, standby.socket_dir)
            self.office.wait_database()
            self.ask(number(), "PRIJAVA rupa Vranje")
            wait_for(lambda: standby.has_all_of(self.cluster), what="the standby")
            self.cluster.kill()
            self.office.wait_database("away")
            self.send(number(), "gori kuca, Bujanovac")
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) == 3))
            standby.promote()
            self.office.wait_database()
            self.ask(number(), "PRIJAVA mrak Vranje")
            self.assertEqual(standby.psql(
                "select text from glas_data.body order by message",
                db=self.office.database).splitlines(),
                [*["PRIJAVA rupa Vranje"] * 3, "gori kuca, Bujanovac",
                 "PRIJAVA mrak Vranje"])


class OfferedAgain(AwayTest):
    """A text that was stored and answered, and whose ack its link never
    heard."""

    TEXT, STAMP = "PRIJAVA rupa Vranje", "2099-11-01T10:00:00+01:00"
    REPLIES = 1

    def setUp(self):
        super().setUp()
        self.wait_reserved()
        self.person = number()
        self.tell_first()

    def tell_first(self):
        self.send(self.person, self.TEXT, scts=self.STAMP)
        self.settle(1)
        self.assertEqual(len(self.link.submits), self.REPLIES)

    def assert_answered_once(self):
        """Another person is told at once, this one no second number."""
        other = number()
        self.send(self.person, self.TEXT, scts=self.STAMP)
        self.send(other, "PRIJAVA mrak Vranje")
        self.assertTrue(self.link.pump(
            lambda: other in dict(self.link.texts())), self.office.tail())
        self.cluster.start()
        self.office.wait_database()
        self.settle(2)
        self.assertNotIn(self.person, [to for to, _ in self.link.texts()][
            self.before:])
        self.assertEqual(self.office.count("glas.reports"), 2)

    def test_it_is_not_answered_anew_while_the_database_is_away(self):
        self.before = self.REPLIES
        self.cluster.stop()
        self.office.wait_database("away")
        self.assert_answered_once()

    def test_nor_after_a_start_without_the_database(self):
        self.before = 0
        self.office.stop()
        self.start_without_database()
        self.assert_answered_once()


class DangerOfferedAgain(OfferedAgain):
    TEXT, REPLIES = "gori kuca, Bujanovac", 2


class DangerToldBefore(DangerOfferedAgain):
    """From the words alone, in an outage before."""

    def tell_first(self):
        self.cluster.stop()
        self.office.wait_database("away")
        self.send(self.person, self.TEXT, scts=self.STAMP)
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == self.REPLIES))
        self.cluster.start()
        self.office.wait_database()
        self.settle(1)
        self.office.wait_count("glas.outbox", self.REPLIES,
                               "state = 'accepted'")


class DangerInSegments(AwayTest):
    """Each segment is read by itself while the database is away."""

    WORDS = ("gori kuca ", "pored puta, Bujanovac, dodjite, gori kuca")

    def offer(self):
        for seq, words in enumerate(self.WORDS, 1):
            self.send(self.person, words, udh=f"050003070{len(self.WORDS)}0"
                      f"{seq}", scts="2099-11-01T10:00:00+01:00")

    def test_none_of_them_is_told_what_all_were(self):
        self.wait_reserved()
        self.person, other = number(), number()
        self.offer()
        self.settle(1)
        self.assertEqual(len(self.link.submits), 2)
        self.cluster.stop()
        self.office.wait_database("away")
        self.offer()
        self.send(other, "PRIJAVA mrak Vranje")
        self.assertTrue(self.link.pump(
            lambda: other in dict(self.link.texts())), self.office.tail())
        self.assertEqual(len(self.link.submits), 3)


    def test_the_end_of_a_text_is_no_cry_by_what_was_learnt(self):
        self.wait_reserved()
        self.person, other = number(), number()
        self.cluster.stop()
        self.office.wait_database("away")
        for n, words in enumerate((
                "PRIJAVA rasveta ne radi vec tri nedelje, ",
                "molim vas pomozite, Vranje"), 1):
            self.send(self.person, words, udh=f"0500030802{n:02}")
        self.send(other, "molim vas pomozite, Vranje")
        self.assertTrue(self.link.pump(
            lambda: other in dict(self.link.texts())), self.office.tail())
        self.assertNotIn(self.person, dict(self.link.texts()))


class DangerRefused(AwayTest):
    """The network took no danger text yet, and the outbox has it, away from
    here: it is not told."""

    TEXT, STAMP = "gori kuca, Bujanovac", "2099-11-01T10:00:00+01:00"

    def setUp(self):
        super().setUp()
        self.wait_reserved()
        self.person = number()

    def offer(self, accept=True):
        id = self.link.mo(self.person, self.TEXT, scts=self.STAMP)
        self.assertTrue(self.link.pump(lambda: id in self.link.acked(),
                                       accept=accept))

    def refuse_all(self, replies):
        for n in range(replies):
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > n, accept=False))
            self.link.submitted(self.link.submits[n], "refused", cause=42)
        self.office.wait_count("glas.outbox", replies, "state = 'queued'")
        del self.link.submits[:]

    def assert_danger_is_told(self):
        self.assertTrue(self.link.pump(lambda: self.link.submits),
                        self.office.tail())
        self.assertIn("193", self.link.texts()[0][1])

    def assert_all_is_told_once(self):
        self.cluster.start()
        self.office.wait_database()
        self.assert_the_rest_is_told()

    def assert_the_rest_is_told(self):
        # Results that the log gives a second time say when, too.
        self.settle(1)
        self.sql("update glas_data.outbox set due_at = null; "
                 "select glas_data.wake_gateways()")
        self.wait_accepted(2)
        self.assertEqual(len(self.link.submits), 2)

    def test_it_is_told_when_its_text_is_offered_again(self):
        self.offer(accept=False)
        self.refuse_all(2)
        self.cluster.stop()
        self.office.wait_database("away")
        self.offer()
        self.assert_danger_is_told()
        self.assert_all_is_told_once()

    def test_also_by_a_database_that_stays(self):
        self.offer(accept=False)
        self.refuse_all(2)
        release = self.hold("lock table glas_data.citizen "
                            "in access exclusive mode")
        self.offer()
        self.assert_danger_is_told()
        release()
        self.office.wait_count("glas_data.identity", 1, "seen = 2")
        self.office.wait_database()
        self.assert_the_rest_is_told()

    def test_what_was_given_back_is_told_when_no_answer_comes(self):
        self.offer(accept=False)
        self.refuse_all(2)
        pid = self.stand_still()
        self.assert_danger_is_told()
        # The database hears of it before it has a row for it.
        self.assertTrue(self.link.pump(
            lambda: f"t{self.link.count}" in self.link.acked()))
        os.kill(pid, signal.SIGCONT)
        self.office.wait_database()
        self.assert_the_rest_is_told()
        self.office.wait_settled()

    def test_also_after_a_start(self):
        self.offer(accept=False)
        self.refuse_all(2)
        self.office.stop()
        self.start_without_database()
        self.offer()
        self.assert_danger_is_told()
        self.assert_all_is_told_once()

    def test_or_at_a_start_though_nobody_offers_it(self):
        self.offer(accept=False)
        self.refuse_all(2)
        self.office.kill()
        self.link.close()
        self.start_without_database()
        self.assert_danger_is_told()
        # Its result is written down.
        self.assertTrue(self.link.pump(self.link.acked))
        self.office.kill()
        self.link.close()
        self.office.start()
        told, self.link = self.link, self.server.accept().begin()
        self.office.wait_database("away")
        self.link.submits = told.submits
        self.offer()
        self.assert_all_is_told_once()

    def test_what_the_network_took_in_the_end_is_not_told_again(self):
        self.offer(accept=False)
        self.refuse_all(2)
        self.assert_the_rest_is_told()
        self.office.stop()
        self.start_without_database()
        self.offer()
        other = number()
        self.send(other, "gori suma, Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertEqual([to for to, _ in self.link.texts()][:1], [other])
        self.assertNotIn(self.person, dict(self.link.texts()))

    def test_what_was_answered_and_handed_to_nobody_is_told(self):
        self.link.say(t="state", state="searching")
        self.cluster.stop()
        self.office.wait_database("away")
        self.offer()
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 2, "state = 'inflight'")
        self.office.kill()
        self.link.close()
        self.start_without_database()
        self.offer()
        self.assert_danger_is_told()
        self.assert_all_is_told_once()


class ToldAndStored(AwayTest):
    """Danger is told while a call takes its time, and stored before a start."""

    def setUp(self):
        super().setUp()
        self.wait_reserved()
        self.person = number()

    def offer(self, person, words):
        id = self.link.mo(person, words)
        self.assertTrue(self.link.pump(lambda: id in self.link.acked(),
                                       accept=False))

    def tell_and_store(self):
        release = self.hold("lock table glas_data.message "
                            "in access exclusive mode")
        self.offer(self.person, "gori kuca, Bujanovac")
        self.office.wait_database("away")
        release()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 2, "state = 'inflight'")

    def kill(self):
        self.office.kill()
        self.link.close()

    def assert_told_once(self):
        self.wait_accepted(3)
        self.assertEqual(
            ["NIJE HITNA" in text for to, text in self.link.texts()
             if to == self.person], [True, False])

    def test_it_is_sent_again_where_its_outcome_is_not_known(self):
        self.tell_and_store()
        self.assertTrue(self.link.pump(lambda: self.link.submits,
                                       accept=False))
        # With this text the log notes that the one before it is stored.
        self.offer(number(), "PRIJAVA mrak Vranje")
        self.office.wait_count("glas.outbox", 3, "state = 'inflight'")
        self.kill()
        self.office.start()
        self.link = self.server.accept().begin()
        self.assert_told_once()

    def go_out_by_itself(self):
        """Handed over by a start without the database, which has it queued
        since the start before."""
        blocked = number()
        self.send(blocked, "STOP")
        self.settle(1)
        self.empty("outbox")
        self.hold("select * from glas_data.citizen for update")
        # The log is kept from here on.
        self.send(blocked, "STATUS")
        self.office.wait_status(lambda s: "texts-blocked" in {
            a["name"] for a in s["alerts"]}, "a text that waits")
        self.link.say(t="state", state="searching")
        self.tell_and_store()
        self.kill()
        self.office.start()
        self.link = self.server.accept()
        self.office.wait_count("glas.outbox", 2, "state = 'queued'")
        self.kill()
        self.start_without_database()
        self.assertTrue(self.link.pump(lambda: self.link.submits,
                                       accept=False))

    def test_nor_when_it_was_its_second_attempt(self):
        """Refused in an outage, kept in the log of its link."""
        blocked = number()
        self.send(blocked, "STOP")
        self.settle(1)
        self.empty("outbox")
        self.office.stop()
        self.office.start(GLAS_MT_RETRY_MS="200")
        self.link = self.server.accept().begin()
        self.office.wait_database()
        self.wait_reserved()
        self.hold("select * from glas_data.citizen for update")
        # The log is kept from here on.
        self.send(blocked, "STATUS")
        self.office.wait_status(lambda s: "texts-blocked" in {
            a["name"] for a in s["alerts"]}, "a text that waits")
        self.tell_and_store()
        self.wait_danger(1)
        self.refuse_danger()
        self.assertTrue(self.link.pump(
            lambda: self.link.submits[-1] not in self.danger(),
            accept=False))
        self.link.submitted(self.link.submits[-1], "accepted", mr=1)
        self.wait_danger(2)
        self.cluster.stop("immediate")
        self.office.wait_database("away")
        self.refuse_danger()
        self.assertTrue(self.link.pump(
            lambda: f"t{self.link.count}" in self.link.acked(),
            accept=False))
        self.kill()
        self.start_without_database()
        self.wait_danger(1)
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas_data.outbox", 1, "attempts = 2 and "
                               "kind = 'emergency' and state = 'inflight'")
        self.link.submitted(self.danger()[0], "accepted", mr=1)
        self.wait_accepted(2)
        self.ask(number(), "PRIJAVA rupa Vranje")
        self.assertEqual(len(self.danger()), 1)

    def danger(self):
        """What was handed over of it."""
        return [s for s in self.link.submits
                if s["recipient"] == self.person and "NIJE HITNA" in
                bytes.fromhex(s["ud"]).decode("utf-16-be")]

    def wait_danger(self, times):
        self.assertTrue(self.link.pump(
            lambda: len(self.danger()) == times, accept=False))

    def refuse_danger(self):
        self.link.submitted(self.danger()[-1], "refused", cause=42)

    def come_back(self):
        self.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas.outbox", 2, "state <> 'queued'")

    def test_what_went_out_by_itself_is_not_claimed_beside(self):
        self.go_out_by_itself()
        self.come_back()
        self.link.submitted(self.link.submits[0], "accepted", mr=1)
        self.assert_told_once()

    def test_nor_is_it_when_the_network_has_taken_it(self):
        self.go_out_by_itself()
        self.link.submitted(self.link.submits[0], "accepted", mr=1)
        self.come_back()
        self.assert_told_once()


class InNobodysHands(AwayTest):
    """The outbox has something in flight that nobody has: none of the ways to
    there is known."""

    environment = {"GLAS_MT_LOOK_MS": "300"}

    def lose(self, kind):
        self.ask(number(), "PRIJAVA mrak Vranje")
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.sql("update glas_data.outbox set state = 'inflight', "
                 f"kind = '{kind}' where state = 'accepted';"
                 "delete from glas_data.outbox_segment")

    def test_what_must_arrive_goes_again_once(self):
        self.lose("receipt")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.wait_accepted(1)
        self.assertEqual(*self.link.texts())

    def test_of_the_rest_it_is_said_and_what_a_link_has_is_left(self):
        self.lose("reply")
        self.send_and_leave()
        self.office.wait_count("glas.outbox", 1, "state = 'unknown'")
        self.link.submitted(self.link.submits[1], "accepted", mr=7)
        self.wait_accepted(1)
        self.assertEqual(len(self.link.submits), 2)

    def send_and_leave(self):
        self.link.mo(number(), "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 2, accept=False))


class Unnumbered(AwayTest):
    """Danger is told though no number was ever reserved: the outbox has no
    row that it could be given back to."""

    start = False

    def told(self):
        return [s for s in self.link.submits if s["mt"] < 0]

    def wait_told(self, times):
        self.assertTrue(self.link.pump(
            lambda: len(self.told()) == times, accept=False),
            self.office.tail())

    def refuse(self):
        self.link.submitted(self.told()[-1], "refused", cause=42)

    def test_it_goes_again_when_the_database_is_back(self):
        self.cluster.stop()
        self.office.start(GLAS_MT_RETRY_MS="200")
        self.link = self.server.accept().begin()
        self.office.wait_database("away")
        self.link.mo(number(), "gori kuca, Bujanovac")
        self.wait_told(1)
        self.refuse()
        self.wait_told(2)
        self.cluster.start()
        self.office.wait_count("glas.outbox", 1,
                               "kind = 'emergency' and state = 'unknown'")
        self.refuse()
        self.assertTrue(self.link.pump(
            lambda: self.link.submits[-1]["mt"] > 0, accept=False))
        self.link.submitted(self.link.submits[-1], "accepted", mr=1)
        self.wait_told(3)


class Reserved(AwayTest):
    """References that are told are not told again by the next start."""

    # Each call waits for another row.
    SLOW = """
        alter function glas_gw.reserve(int, int) rename to reserve_at_once;
        create table public.turn (n int);
        create function glas_gw.reserve(int, int, out reference_list text[],
            out message_blocks bigint[], out outbox_blocks bigint[])
            language plpgsql security definer as $$
        declare
            turns int := nextval('public.turns');
        begin
            while (select count(*) from public.turn) < turns loop
                perform pg_sleep(0.05);
            end loop;
            select r.* into reference_list, message_blocks, outbox_blocks
              from glas_gw.reserve_at_once($1, $2) r;
        end $$;
        create sequence public.turns"""

    def answered(self, person, text):
        """What they are told at once."""
        self.send(person, text)
        self.assertTrue(self.link.pump(
            lambda: person in dict(self.link.texts())), self.office.tail())
        return dict(self.link.texts())[person]

    def test_the_file_holds_none_that_was_told(self):
        self.wait_reserved()
        self.office.stop()
        self.link.close()
        file = os.path.join(self.office.path("spool"), "reserved.json")
        os.unlink(file)
        self.sql(self.SLOW)
        self.office.start()
        self.link = self.server.accept().begin()
        self.wait_active("glas_gw.reserve($1")
        self.office.wait_database("away")
        self.assertIn("193", self.answered(number(), "gori kuca, Bujanovac"))
        self.sql("insert into turn values (1)")
        self.wait_reserved()
        self.assertTrue(os.path.exists(file))
        receipt = self.answered(number(), "PRIJAVA rupa Vranje")
        reference = re.search("[0-9]{6,}", receipt).group()
        if os.path.exists(file):
            with open(file, encoding="ascii") as stock:
                self.assertNotIn(f'"{reference}"', stock.read())
        self.sql("insert into turn select generate_series(2, 100)")
        self.settle(2)
        self.assertIn(reference, self.sql("select reference from glas.reports"))


class ToldMeanwhile(AwayTest):
    # It waits for a row.
    SLOW = """
        alter function glas_gw.mt_recover(text, bigint[], bigint[], int[])
            rename to mt_recover_at_once;
        create table public.turn (n int);
        create function glas_gw.mt_recover(text, bigint[], bigint[], int[])
            returns table (id bigint, state text)
            language plpgsql security definer as $$
        begin
            while not exists (select from public.turn) loop
                perform pg_sleep(0.05);
            end loop;
            return query select * from glas_gw.mt_recover_at_once($1, $2, $3, $4);
        end $$"""

    def test_danger_is_told_once_when_the_database_is_greeted_for_long(self):
        self.wait_reserved()
        self.link.say(t="state", state="searching")
        self.send(number(), "gori kuca, Bujanovac")
        self.office.wait_count("glas.outbox", 2, "state = 'inflight'")
        self.office.kill()
        self.link.close()
        self.sql(self.SLOW)
        self.office.start()
        self.link = self.server.accept().begin()
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.sql("insert into turn values (1)")
        self.office.wait_database()
        self.office.wait_settled()
        # Danger goes first.
        self.assertTrue(self.link.pump(lambda: "Broj prijave" in
                                       self.link.texts()[-1][1]))
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")
        self.assertEqual(len(self.link.submits), 2)


class OfferedAfterAStart(AwayTest):
    """Danger is queued in the outbox, and its link offers the text again."""

    section = "submit-window = 10\n"
    STAMP = "2099-11-01T10:00:00+01:00"
    # It waits for a row.
    SLOW = """
        alter function glas_gw.mt_claim(text, text[], int[], text, text[],
            boolean[], boolean[]) rename to mt_claim_at_once;
        create table public.turn (n int);
        create function glas_gw.mt_claim(text, text[], int[], text, text[],
            boolean[], boolean[]) returns table (id bigint, link text, kind text,
            text text, segments int, token bytea, reply_copy bytea,
            attempts int, expires_at timestamptz, priority int,
            day_ends_at timestamptz)
            language plpgsql security definer as $$
        begin
            while not exists (select from public.turn) loop
                perform pg_sleep(0.05);
            end loop;
            return query select * from
                glas_gw.mt_claim_at_once($1, $2, $3, $4, $5, $6, $7);
        end $$"""

    def begin_anew(self):
        """A start with danger and a receipt that nobody was handed."""
        self.person = number()
        self.wait_reserved()
        self.link.say(t="state", state="searching")
        self.offer()
        self.office.wait_count("glas.outbox", 2, "state = 'inflight'")
        self.office.kill()
        self.link.close()

    def offer(self):
        self.send(self.person, "gori kuca, Bujanovac", scts=self.STAMP)

    def told(self):
        return [text for to, text in self.link.texts() if to == self.person]

    def test_it_is_told_once_when_the_claim_takes_long(self):
        self.begin_anew()
        self.sql(self.SLOW)
        self.office.start()
        self.link = self.server.accept().begin()
        self.wait_active("from glas_gw.mt_claim(")
        self.office.wait_database("away")
        self.offer()
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertIn("193", self.told()[0])
        self.sql("insert into turn values (1)")
        self.office.wait_database()
        self.settle(1)
        self.assertTrue(self.link.pump(lambda: len(self.told()) > 1))
        self.office.wait_count("glas.outbox", 2, "state = 'accepted'")
        self.assertEqual(len(self.told()), 2)
        self.assertIn("Broj prijave", self.told()[1])

    def test_what_was_claimed_is_not_told_from_the_words_alone(self):
        self.begin_anew()
        self.office.start()
        self.link = self.server.accept().begin()
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 2, accept=False))
        release = self.hold("lock table glas_data.citizen "
                            "in access exclusive mode")
        other = number()
        self.offer()
        self.office.wait_database("away")
        self.send(other, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(
            lambda: other in [to for to, _ in self.link.texts()],
            accept=False))
        for submit in self.link.submits:
            self.link.submitted(submit, "accepted", mr=1)
        release()
        self.settle(2)
        self.wait_accepted(4)
        self.assertEqual(len(self.told()), 2)


class NoRoom(AwayTest):
    def reserved(self):
        return self.office.status()["spool"]["reserved"]

    def test_what_cannot_be_said_takes_no_number(self):
        # Memory holds 2000 replies: two to each of a thousand.
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 1100,
                                "reserved references")
        self.link.say(t="state", state="searching")
        self.cluster.stop()
        self.office.wait_database("away")
        before = self.reserved()
        for count, spent in ((1000, 1000), (50, 1000)):
            self.assertTrue(self.link.offer(
                {"t": "mo", "originator": number(), "network_id": number(),
                 "text": "gori kuca, Bujanovac"} for _ in range(count)))
            self.assertEqual(before - self.reserved(), spent)


class TheSameAgain(AwayTest):
    TEXT = "PRIJAVA rupa u ulici, Vranje"

    def receipts(self, person):
        return sum(to == person and "Broj" in text
                   for to, text in self.link.texts())

    def test_it_is_confirmed_once(self):
        self.lose_database()
        person = number()
        for text in (self.TEXT, self.TEXT, self.TEXT,
                     "PRIJAVA nema struje, Vranje", "gori kuca, Vranje"):
            self.send(person, text)
        self.assertTrue(self.link.pump(
            lambda: any("193" in text for _, text in self.link.texts())))
        self.send(number(), self.TEXT)
        self.assertTrue(self.link.pump(
            lambda: self.link.texts()[-1][0] != person))
        self.assertEqual(self.receipts(person), 3)
        self.cluster.start()
        self.office.wait_database()
        self.settle(6)
        self.assertEqual(self.office.count("glas.reports"), 4)


class ToldOnceAnHour(AwayTest):
    """Who writes of danger again within the hour knows what is said of it."""

    def told(self, person):
        return [text for to, text in self.link.texts()
                if to == person and "NIJE HITNA" in text]

    def write(self, person, words, **more):
        """Writes of danger; all that follows from it is done when somebody
        who writes after it has their answer."""
        self.send(person, words, **more)
        behind = number()
        self.send(behind, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.told(behind)))
        return len(self.told(person))

    def start_again(self):
        self.office.kill()
        self.link.close()
        self.start_glasd("away")

    def test_a_start_in_an_outage_is_no_reason_to_say_it_again(self):
        person = number()
        self.lose_database()
        self.assertEqual(self.write(person, "gori kuca, Bujanovac"), 1)
        for words in ("gori kuca u Bujanovcu", "gori skola, Bujanovac"):
            self.start_again()
            self.assertEqual(self.write(person, words), 0)

    def test_nor_is_an_outage(self):
        person = number()
        self.assertEqual(self.write(person, "gori kuca, Bujanovac"), 1)
        self.lose_database()
        self.assertEqual(self.write(person, "gori kuca u Bujanovcu"), 1)
        self.start_again()
        self.assertEqual(self.write(person, "gori skola, Bujanovac"), 0)

    def test_nor_a_start_with_the_database_before_one(self):
        person = number()
        self.assertEqual(self.write(person, "gori kuca, Bujanovac"), 1)
        self.office.kill()
        self.link.close()
        self.start_glasd()
        self.lose_database()
        self.assertEqual(self.write(person, "gori kuca u Bujanovcu"), 0)

    def test_a_text_that_is_offered_again_begins_no_hour(self):
        person = number()
        text = {"id": "again", "scts": "2099-11-01T13:00:00+01:00"}
        self.lose_database()
        self.assertEqual(
            self.write(person, "gori kuca, Bujanovac", **text), 1)
        self.office.move_clock(7200)
        self.assertEqual(
            self.write(person, "gori kuca, Bujanovac", **text), 1)
        self.assertEqual(self.write(person, "gori skola, Bujanovac"), 2)


class Unanswered(AwayTest):
    """Who is blocked hears nothing, who is silenced of danger alone, also when
    nobody can be asked who that is."""

    def setUp(self):
        super().setUp()
        self.wait_reserved()
        self.blocked, self.silenced, self.heard = (number(), number(),
                                                   number())
        for n, (person, act) in enumerate(((self.blocked, "block"),
                                           (self.silenced, "silence"),
                                           (self.heard, None))):
            self.ask(person, "PRIJAVA rupa u ulici, Vranje")
            self.settle(n + 1)
            if act:
                self.sql(f"select glas.{act}(citizen, 'so it is') from"
                         " glas.inbox order by id desc limit 1")
        self.wait_known(2)

    def wait_known(self, count):
        """Until glasd knows of so many."""
        def known():
            with contextlib.suppress(FileNotFoundError), open(
                    self.office.path("spool", "unanswered.json"),
                    encoding="ascii") as kept:
                return len(json.load(kept)) == count
            return False
        wait_for(known, what=f"{count} who are not answered")

    def assert_who_hears_what(self):
        before = len(self.link.submits)
        for person in (self.blocked, self.silenced, self.heard):
            self.send(person, "PRIJAVA mrak u ulici, Vranje")
            self.send(person, "gori kuca, Bujanovac")
        last = number()
        self.send(last, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(
            lambda: last in [to for to, _ in self.link.texts()[before:]]))
        self.assertTrue(self.link.pump(
            lambda: len([to for to, _ in self.link.texts()[before:]
                         if to == self.heard]) >= 3))
        texts = self.link.texts()[before:]
        self.assertEqual([t for to, t in texts if to == self.blocked], [])
        told = [t for to, t in texts if to == self.silenced]
        self.assertEqual(len(told), 1)
        self.assertIn("193", told[0])

    def test_it_holds_while_the_database_is_away(self):
        self.office.end_sessions()
        self.cluster.stop()
        self.office.wait_database("away")
        self.assert_who_hears_what()
        self.office.kill()
        self.link.close()
        self.start_glasd("away")
        before = len(self.link.submits)
        self.send(self.blocked, "gori kuca, Vranje")
        self.send(self.silenced, "PRIJAVA prljava voda, Vranje")
        self.send(self.heard, "PRIJAVA prljava voda, Vranje")
        self.assertTrue(self.link.pump(
            lambda: self.heard in
            [to for to, _ in self.link.texts()[before:]]))
        self.assertEqual({to for to, _ in self.link.texts()[before:]},
                         {self.heard})

    def test_it_holds_while_a_table_is_held(self):
        release = self.hold("lock table glas_data.citizen"
                            " in access exclusive mode")
        self.assert_who_hears_what()
        release()

    def test_who_is_heard_again_is_forgotten(self):
        self.sql("select glas.unblock(citizen) from glas.silenced"
                 " where state = 'blocked'")
        self.wait_known(1)


class Limits(AwayTest):
    """What a day may cost, and what a person gets, without the database."""

    start = False
    house = 0       # of the last report: each is another text

    def begin(self, limits, section=""):
        self.office.limits = limits
        self.office.sections += section
        self.office.write_conf()
        self.start_glasd()
        self.wait_reserved()
        self.office.end_sessions()
        self.cluster.stop()
        self.office.wait_database("away")

    def start_again(self):
        self.office.kill()
        self.link.close()
        self.start_glasd("away")

    def receipts(self, people):
        """How many of their reports are answered, before danger is told."""
        before = len(self.link.submits)
        for person in people:
            self.house += 1
            self.send(person, f"PRIJAVA rupa broj {self.house} u ulici, Vranje")
        last = number()
        self.send(last, "gori kuca, Bujanovac")

        def told():
            return [to for to, _ in self.link.texts()[before:]]
        self.assertTrue(self.link.pump(lambda: last in told()))
        self.assertTrue(self.link.pump(
            lambda: self.office.status()["outbox"]["waiting"] == 0 and
            self.office.status()["outbox"]["inflight"] == 0))
        return len([to for to in told() if to != last])

    def crowd(self, count=6):
        return [number() for _ in range(count)]

    def test_the_cap_of_the_day_holds_across_starts(self):
        self.begin({**NO_LIMITS, "segments-per-day": 3})
        self.assertEqual(self.receipts(self.crowd()), 3)
        for _ in range(2):
            self.start_again()
            self.assertEqual(self.receipts(self.crowd()), 0)

    def test_so_does_that_of_a_link(self):
        self.begin(NO_LIMITS, "segments-per-day = 3\n")
        self.assertEqual(self.receipts(self.crowd()), 3)
        self.start_again()
        self.assertEqual(self.receipts(self.crowd()), 0)

    def test_a_person_gets_no_more_in_a_day(self):
        self.begin({**NO_LIMITS, "replies-per-hour": 6,
                    "replies-per-day": 2})
        self.assertEqual(self.receipts([number()] * 5), 2)

    def test_what_a_person_gets_is_counted_across_starts(self):
        self.begin({**NO_LIMITS, "replies-per-day": 3})
        person = number()
        self.assertEqual(self.receipts([person] * 2), 2)
        for left in 1, 0:
            self.start_again()
            self.assertEqual(self.receipts([person] * 2), left)

    def test_also_when_an_hour_has_no_limit(self):
        self.begin({**NO_LIMITS, "replies-per-day": 2})
        self.assertEqual(self.receipts([number()] * 5), 2)


class CatchUp(AwayTest):
    """Texts that are answered long after they came."""

    start = False

    def set_clock(self, hour):
        """It is that hour in Belgrade, a day or two from now."""
        zone = zoneinfo.ZoneInfo("Europe/Belgrade")
        now = datetime.datetime.now(zone)
        then = (now + datetime.timedelta(days=self.days)).replace(hour=hour)
        seconds = int((then - now).total_seconds())
        with open(self.office.path("clock.new"), "w") as file:
            file.write(f"{seconds}\n")
        os.rename(self.office.path("clock.new"), self.office.path("clock"))
        return ("create or replace function glas.now() returns timestamptz "
                "language sql stable parallel safe as $$ select "
                f"pg_catalog.now() + interval '{seconds} seconds' $$")

    def come_back(self, hour):
        """An outage without references ends at that hour; returns three
        people: one had asked, one had reported, one had been in danger."""
        self.cluster.stop()
        self.office.start(GLAS_CLOCK_OFFSET=self.office.path("clock"))
        self.link = self.server.accept().begin()
        self.office.wait_database("away")
        asks, reports, danger = people = [number() for _ in range(3)]
        for text in ("PRAVO 1", "PRAVO 3", "STATUS"):
            self.send(asks, text)
        for text in ("STATUS", "PRIJAVA rupa Vranje", "PRIJAVA mrak Vranje"):
            self.send(reports, text)
        self.send(danger, "gori kuca, Bujanovac")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertEqual([to for to, _ in self.link.texts()], [danger])
        self.days = 1
        move = self.set_clock(hour)
        self.cluster.start()
        self.sql(move)
        self.office.wait_database()
        return people

    def assert_each_hears_once(self, people):
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 4, timeout_s=60))
        asks, reports, danger = people
        said = self.link.texts()
        self.assertEqual(sorted(to for to, _ in said[1:]), sorted(people))
        said = dict(said[1:])
        first = self.sql("select reference from glas.reports "
                         "where category <> '' and text like '%rupa%'")
        self.assertIn(first, said[reports])
        self.assertIn(asks, said)
        self.assertIn(self.sql("select reference from glas.reports "
                               "where urgent"), said[danger])
        self.settle(7)
        # Results reach the database after the network.
        wait_for(lambda: self.sql(
            "select m.text from glas_data.outbox o join glas_data.body m "
            "on m.message = o.message where o.kind not in ('receipt', 'emergency')"
            " and o.state = 'accepted'") == "STATUS", what="an answer")
        self.assertEqual(len(self.link.submits), 4)
        self.assertEqual(self.office.count("glas.reports"), 3)
        self.assertEqual(self.office.count(
            "glas.outbox", "state = 'suppressed'"), 4)

    def days_ago(self, days, hour=12):
        """Begins at that hour; a stamp of so many days ago."""
        self.days = 1
        self.sql(self.set_clock(hour))
        self.office.start(GLAS_CLOCK_OFFSET=self.office.path("clock"))
        self.link = self.server.accept().begin()
        self.office.wait_database()
        return self.sql(f"select to_char(glas.now() - interval '{days} days',"
                        " 'YYYY-MM-DD\"T\"HH24:MI:SSOF') || ':00'")

    def test_a_text_of_a_drawer_is_answered_once_and_by_day(self):
        stamp, person = self.days_ago(10, hour=3), number()
        for text in ("PRAVO 1", "PRIJAVA rupa na putu, Vranje", "STATUS"):
            self.send(person, text, scts=stamp)
        self.settle(3)
        self.assertEqual(self.link.submits, [])
        self.assertEqual(self.sql(
            "select kind, state from glas_data.outbox where kind <> 'rights' "
            "order by message"), "receipt|queued\nstatus|suppressed")
        self.assertEqual(self.sql("select distinct sent_at::date from "
                                  "glas_data.message"), stamp[:10])
        self.sql(self.set_clock(9))
        self.assertTrue(self.link.pump(lambda: self.link.submits, 60))
        self.settle(3)
        (_, text), = self.link.texts()
        self.assertIn(self.sql("select reference from glas.reports"), text)
        day = "{2}.{1}.{0}.".format(*stamp[:10].split("-"))
        self.assertIn(f"Pisali ste {day}", text)

    def test_danger_of_a_drawer_is_told_at_once(self):
        stamp, person = self.days_ago(10, hour=3), number()
        self.send(person, "gori kuca, Bujanovac", scts=stamp)
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertIn("193", self.link.texts()[0][1])
        self.settle(1)
        self.assertEqual(self.sql("select urgent from glas.reports"), "t")
        self.assertEqual(len(self.link.submits), 1)

    def test_a_text_of_a_drawer_answers_no_question_of_today(self):
        stamp, person = self.days_ago(10), number()
        self.assertIn("mest", self.ask(person, "PRIJAVA rupa na putu")[0])
        self.send(person, "Bujanovac", scts=stamp)
        self.settle(2)
        place = "select municipality from glas.reports where text like '%rupa%'"
        self.assertEqual(self.sql(place), "")

    def test_a_question_of_today_stays_open_beside_a_text_of_a_drawer(self):
        stamp, person = self.days_ago(10, hour=22), number()
        self.assertIn("mest", self.ask(person, "PRIJAVA rupa na putu")[0])
        self.send(person, "PRIJAVA nema struje", scts=stamp)
        self.office.wait_count("glas.reports", 2)
        self.send(person, "Vranje")
        self.settle(2)
        self.assertEqual(self.sql(
            "select municipality from glas.reports where municipality <> ''"
            " and text like '%rupa%'"), "Vranje")
        self.assertEqual(self.sql(
            "select municipality from glas.reports where text like '%struje%'"
        ), "")

    def test_a_code_that_waits_for_the_morning_is_good_then(self):
        stamp, person = self.days_ago(10, hour=22), number()
        self.assertIn("mest", self.ask(person, "PRIJAVA rupa na putu")[0])
        self.send(person, "OBRISI", scts=stamp)
        self.office.wait_count("glas.outbox", 1, "state = 'queued'")
        before, self.days = len(self.link.submits), 2
        self.sql(self.set_clock(10))
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) > before, 60))
        code = re.search(r"OBRISI (\d{4})", self.link.texts()[-1][1]).group(1)
        self.send(person, f"OBRISI {code}")
        self.office.wait_count("glas_data.citizen", 1,
                               "erased_at is not null")

    def test_more_is_said_of_what_was_told_last(self):
        stamp, person = self.days_ago(10), number()
        self.ask(person, "nema vode u Vranju, Partizanska ulica")
        self.send(person, "PRIJAVA rupa na putu u Bujanovcu", scts=stamp)
        self.office.wait_count("glas.reports", 2)
        self.send(person, "i dalje nista")
        self.office.wait_count("glas_data.message", 3)
        self.assertEqual(self.sql(
            "select r.municipality from glas_data.message m join "
            "glas_data.report r using (reference) order by m.id desc limit 1"
        ), "Vranje")

    def test_the_status_is_of_what_was_told_last(self):
        stamp, person = self.days_ago(10), number()
        self.ask(person, "nema vode u Vranju, Partizanska ulica")
        reference = self.sql("select reference from glas.reports")
        self.lose_database()
        self.send(person, "PRIJAVA rupa na putu u Bujanovcu", scts=stamp)
        self.send(person, "STATUS")
        self.cluster.start()
        self.office.wait_count("glas_data.message", 3)
        self.assertIn(reference, self.sql(
            "select text from glas_data.outbox where kind = 'status'"))

    def test_a_start_of_a_drawer_does_not_undo_a_stop_of_today(self):
        stamp, person = self.days_ago(10), number()
        self.ask(person, "STOP")
        self.send(person, "START", scts=stamp)
        self.settle(2)
        self.assertEqual(len(self.link.submits), 1)
        self.assertEqual(self.office.count("glas_data.optout"), 1)

    def test_a_centre_with_a_wrong_clock_is_not_believed(self):
        self.days_ago(10, hour=3)
        for stamp in ("1970-01-01T00:00:00Z", "2000-01-01T12:00:00+01:00",
                      "2099-01-01T12:00:00+01:00"):
            before = len(self.link.submits)
            self.send(number(), "PRIJAVA rupa, Vranje", scts=stamp)
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > before))

    def test_a_text_of_a_drawer_waits_for_the_database(self):
        stamp, danger, other = self.days_ago(10), number(), number()
        self.lose_database()
        self.send(other, "PRIJAVA rupa na putu, Vranje", scts=stamp)
        self.send(danger, "gori kuca, Bujanovac", scts=stamp)
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertEqual([to for to, _ in self.link.texts()], [danger])
        self.cluster.start()
        self.assertTrue(self.link.pump(lambda: other in [
            to for to, _ in self.link.texts()], timeout_s=60))
        self.settle(2)
        self.assertEqual(self.office.count("glas.reports"), 2)

    def test_each_person_hears_once_by_day(self):
        self.assert_each_hears_once(self.come_back(12))

    def test_nobody_is_woken(self):
        people = self.come_back(23)
        self.settle(7)
        self.office.wait_count("glas.outbox", 3, "state = 'queued'")
        self.assertEqual(len(self.link.submits), 1)
        self.assertEqual(self.sql(
            "select distinct (due_at at time zone 'Europe/Belgrade')::time "
            "from glas_data.outbox where state = 'queued'"), "09:00:00")
        self.days = 2
        self.sql(self.set_clock(10))
        self.assert_each_hears_once(people)

    def test_that_something_was_added_is_told_who_heard_nothing(self):
        """Of two who added to a report, one has its receipt already."""
        self.days = 1
        self.sql(self.set_clock(10))
        self.office.start(GLAS_CLOCK_OFFSET=self.office.path("clock"))
        self.link = self.server.accept().begin()
        self.wait_reserved()
        before, heard = number(), number()
        self.ask(before, "PRIJAVA rupa na putu u Vranju, kod skole")
        self.lose_database()
        self.ask(heard, "PRIJAVA rupa na putu u Vranju, kod poste")
        for person in before, heard:
            self.send(person, "DOPUNA ispred kuce broj 5")
        self.days = 2
        move = self.set_clock(12)
        self.cluster.start()
        self.sql(move)
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 3, timeout_s=60))
        self.settle(4)
        self.office.wait_settled()
        self.assertEqual([to for to, _ in self.link.texts()],
                         [before, heard, before])

    def refuse(self, message, accept=True):
        """As a SIM without credit."""
        if message["t"] == "submit" and not self.credit:
            self.link.submits.append(message)
            self.link.submitted(message, "refused", cause=21)
        else:
            LinkPeer.react(self.link, message, accept)

    def test_after_a_top_up_each_person_hears_once_by_day(self):
        self.days, self.credit = 1, False
        self.sql(self.set_clock(12))
        self.office.start(GLAS_CLOCK_OFFSET=self.office.path("clock"))
        self.link = self.server.accept().begin()
        self.link.react = self.refuse
        people = [number() for _ in range(2)]
        for person in people:
            for text in ("PRIJAVA rupa Vranje", "STATUS", "PRAVO 1"):
                self.send(person, text)
        self.settle(6)
        self.office.wait_count("glas.outbox", 6, "state = 'queued'")
        self.days, self.credit = 2, True
        self.sql(self.set_clock(3))
        refused = len(self.link.submits)
        self.assertTrue(self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'suppressed'") == 4, timeout_s=60))
        self.assertEqual(self.sql(
            "select distinct kind, state, (due_at at time zone"
            " 'Europe/Belgrade')::time from glas_data.outbox"
            " where state <> 'suppressed'"), "receipt|queued|09:00:00")
        self.assertEqual(len(self.link.submits), refused)
        self.sql(self.set_clock(9))
        self.assertTrue(self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") == 2, timeout_s=60))
        self.assertEqual(sorted(to for to, _ in self.link.texts()[refused:]),
                         people)


@unittest.skipUnless(os.path.exists(program("glas-modem")),
                     "glas-modem is not built")
class OnTheSim(unittest.TestCase):
    """The same through glas-modem, from a SIM to a phone."""

    def setUp(self):
        self.sim = SimModem(slots=10, seed=1)
        self.addCleanup(self.sim.stop)
        self.sim.start()
        self.office = Office(
            cluster=GatewayTest.cluster, database=f"glas{id(self)}",
            limits=NO_LIMITS, sections=(
                f"[modem sim]\ndevice = {self.sim.path}\n"
                f"command = {program('glas-modem')}\npoll = 500\n"))
        self.addCleanup(self.office.close)
        self.office.init()
        self.office.start()
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "reserved references")

    def tearDown(self):
        if not GatewayTest.cluster.running:
            GatewayTest.cluster.start()

    def test_fire_is_answered_and_stop_holds_without_the_database(self):
        person, other = number(), number()
        self.sim.deliver(person, "PRIJAVA rupa Vranje")
        self.sim.wait_submitted(1, 60)
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")
        self.office.glasctl("pause", "sim")
        self.office.sql("select glas.reply(reference, 'Rupa je zatrpana') "
                        "from glas.reports")
        GatewayTest.cluster.stop()
        self.office.wait_database("away")
        self.office.glasctl("resume", "sim")
        self.sim.deliver(person, "STOP")
        self.sim.deliver(other, "gori kuca, Bujanovac")
        self.sim.wait_submitted(3, 60)
        self.sim.wait_empty(60)
        said = [text for text in self.sim.texts_sent()
                if text.recipient == other]
        self.assertIn("193", said[0].text)
        GatewayTest.cluster.start()
        self.office.wait_database(timeout_s=60)
        self.office.wait_count("glas.inbox", 3)
        self.office.wait_count("glas.outbox", 1, "state = 'suppressed'")
        self.office.wait_settled(60)
        self.assertIn(self.office.sql(
            "select reference from glas.reports "
            "where urgent"), said[1].text)
        texts = [(text.recipient, text.text)
                 for text in self.sim.texts_sent()]
        self.assertEqual(len(texts), len(set(texts)))
        self.assertNotIn((person, "Rupa je zatrpana"), texts)
        self.assertEqual(
            [to for to, _ in texts].count(other), 2)


if __name__ == "__main__":
    unittest.main()
