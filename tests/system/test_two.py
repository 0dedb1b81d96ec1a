#!/usr/bin/env python3
"""Two offices that share a database and a key set: what one claims the other
does not, and what a dead one leaves."""

import collections
import contextlib
import os
import signal
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, wait_until  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import Office  # noqa: E402

PATIENCE_S = 120
LEASE_S = 15
PEOPLE = 12
EACH = 25
FREELY = {"replies-per-hour": 0, "replies-per-day": 0, "segments-per-day": 0}


def setUpModule():
    global CLUSTER
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


class Pump(threading.Thread):
    """A link that says of every submit that it was accepted, or nothing."""

    def __init__(self, link, accept=True):
        super().__init__(daemon=True)
        self.link = link
        self.accept = accept
        self.ends = False
        self.start()

    def run(self):
        while not self.ends and self.link.pump(
                lambda: self.ends, 0.2, self.accept) is False:
            pass

    def end(self):
        self.ends = True
        self.join(PATIENCE_S)


class Offices(unittest.TestCase):
    """Two of one database, and what is asked of them."""

    def setUp(self):
        self.database = f"glas{id(self)}"
        self.one = self.office("vranje", "sim-a")
        self.one.init()
        self.two = self.office("bujanovac", "sim-b")
        self.two.join(self.one)

    def office(self, name, link, keys="failover-after = 0"):
        office = Office(name=name, cluster=CLUSTER, database=self.database,
                        limits=FREELY)
        self.addCleanup(office.close)
        office.server = LinkServer(office.path("link"))
        self.addCleanup(office.server.close)
        office.sections = (f"[link {link}]\ncommand = "
                           f"{office.server.command()}\n{keys}\n")
        return office

    def begin(self, office):
        office.start()
        office.link = office.server.accept().begin()
        office.wait_database()
        wait_until(lambda: self.sql(
            "select count(*) from glas_data.link"
            f" where gateway = '{office.name}'") == "1", PATIENCE_S, "its link")

    def sql(self, statement):
        return self.one.sql(statement)

    def report(self, office, people):
        """Each of these texts a report to that office, and is answered."""
        for n in range(people):
            office.link.mo(f"+38164555{n:04d}", "PRIJAVA rasveta Vranje")
        self.assertTrue(office.link.pump(
            lambda: len(office.link.submits) == people, PATIENCE_S))
        wait_until(lambda: office.link.pump(office.spool_settled, 0.2),
                   PATIENCE_S, "a settled gateway")
        self.assertEqual(self.sql("select count(*) from glas.reports"),
                         str(people))

    def reply(self, times=1):
        """That often to each of them; returns how many that makes."""
        return int(self.sql(
            "select count(glas.reply(r.reference, format('Odgovor %s.%s', n,"
            f" txid_current() % 100000))) from glas.reports r,"
            f" generate_series(1, {times}) n"))

    def handed(self, office, since=0):
        """Which replies that link was given, by their ids."""
        return collections.Counter(
            submit["mt"] for submit in office.link.submits[since:])

    def states(self):
        """{state: replies of people at psql}."""
        rows = self.sql("select state, count(*) from glas_data.outbox"
                        " where kind = 'reply' group by state").split()
        return {row.split("|")[0]: int(row.split("|")[1]) for row in rows}

    def hand_over(self):
        """Replies that are in flight; the link hears of one, and says nothing of
        it. Returns how many it had heard of before, and how many there are."""
        before = len(self.one.link.submits)
        inflight = self.reply()
        self.assertTrue(self.one.link.pump(
            lambda: len(self.one.link.submits) > before, PATIENCE_S,
            accept=False))
        wait_until(lambda: self.states() == {"inflight": inflight},
                   PATIENCE_S, "all in flight")
        return before, inflight


class TwoOffices(Offices):
    # ---- both live ---------------------------------------------------------------

    def test_no_reply_is_claimed_by_both(self):
        # Of no link in particular, so that both may have them.
        self.begin(self.one)
        self.report(self.one, PEOPLE)
        self.one.stop()
        replies = self.reply(EACH)
        self.assertEqual(replies, PEOPLE * EACH)
        self.sql("update glas_data.outbox set link = null"
                 " where kind = 'reply'")
        self.begin(self.one)
        self.begin(self.two)
        pumps = [Pump(self.one.link), Pump(self.two.link)]
        # More comes while they claim.
        for _ in range(5):
            replies += self.reply(5)
            self.sql("update glas_data.outbox set link = null"
                     " where kind = 'reply' and state = 'queued'")
        wait_until(lambda: self.states() == {"accepted": replies}, PATIENCE_S,
                   "all to be accepted")
        for pump in pumps:
            pump.end()
        one, two = self.handed(self.one), self.handed(self.two)
        self.assertEqual(one & two, collections.Counter())
        self.assertEqual(set((one + two).values()), {1})
        self.assertEqual(len(one) + len(two), replies)
        self.assertGreater(min(len(one), len(two)), 0)
        self.assertEqual(self.sql(
            "select max(attempts) from glas_data.outbox"), "1")
        self.assertEqual(self.sql(
            "select count(distinct gateway) from glas_data.outbox"
            " where kind = 'reply'"), "2")

    # ---- one dies ------------------------------------------------------------------

    def test_what_a_dead_one_leaves_is_taken_over(self):
        self.begin(self.one)
        self.begin(self.two)
        self.report(self.one, PEOPLE)
        before, inflight = self.hand_over()
        handed = set(self.handed(self.one, before))
        self.assertEqual(len(handed), 1)
        self.one.kill()
        died_at = time.monotonic()
        queued = self.reply()
        self.assertLessEqual(float(self.sql(
            "select extract(epoch from alive_until - glas.now())"
            " from glas_data.gateway where name = 'vranje'")), LEASE_S)
        self.assertEqual(self.handed(self.two), collections.Counter())
        # Its queue goes by the other; what it had in hand by nobody.
        wait_until(lambda: self.two.link.pump(
            lambda: self.states() == {"unknown": inflight,
                                      "accepted": queued}, 0.2),
                   PATIENCE_S, "to be taken over")
        print(f"   taken over in {time.monotonic() - died_at:.0f} s",
              file=sys.stderr)
        self.assertEqual(len(self.handed(self.two)), queued)
        self.assertEqual(set(self.handed(self.two).values()), {1})
        self.assertEqual(self.sql("select distinct gateway from"
                                  " glas_data.outbox where kind = 'reply'"
                                  " and state = 'unknown'"), "vranje")
        self.assertEqual(self.sql("select state from glas.links"
                                  " where name = 'sim-a'"), "lost")
        # It comes back, and knows what it had not handed over.
        self.begin(self.one)
        self.assertTrue(self.one.link.pump(
            lambda: self.states() == {"unknown": 1,
                                      "accepted": inflight + queued - 1},
            PATIENCE_S), self.states())
        self.assertEqual(set(self.handed(self.one)) & handed, set())
        self.assertEqual(set(self.handed(self.one)) &
                         set(self.handed(self.two)), set())
        self.assertEqual(len(self.handed(self.two)), queued)

    def test_what_one_acknowledges_and_dies_with_is_stored_by_itself(self):
        self.begin(self.one)
        self.begin(self.two)
        self.report(self.one, 1)
        CLUSTER.stop("immediate")
        self.addCleanup(CLUSTER.start)
        text = self.one.link.mo("+381645559999", "PRIJAVA nema vode Vranje")
        self.assertTrue(self.one.link.pump(
            lambda: text in self.one.link.acked(), PATIENCE_S))
        self.one.kill()
        CLUSTER.start()
        wait_until(lambda: self.two.link.pump(
            lambda: self.sql("select state from glas.links where"
                             " name = 'sim-a'") == "lost", 0.2),
                   PATIENCE_S, "to be lost")
        self.assertEqual(self.sql("select count(*) from glas.reports"), "1")
        self.begin(self.one)
        wait_until(lambda: self.one.link.pump(
            lambda: self.sql("select count(*) from glas.reports") == "2",
            0.2), PATIENCE_S, "its report")


class OneLinkName(Offices):
    """Each has its own name, and both call their link the same: who has the
    name first keeps it while it lives."""

    def setUp(self):
        super().setUp()
        self.two.sections = self.two.sections.replace("sim-b", "sim-a")
        self.two.write_conf()

    def wait_held(self, office):
        office.wait_status(
            lambda s: [(link["state"], link["detail"])
                       for link in s["links"]] == [("down", "name-held")],
            "a link that is kept down", PATIENCE_S)
        # It may have been started before that was known.
        with contextlib.suppress(TimeoutError):
            while office.server.accept(0.1):
                pass

    def wait_begun(self, office):
        """Kept down until now, its link is started."""
        office.link = office.server.accept(PATIENCE_S).begin()
        office.wait_status(lambda s: s["links"][0]["state"] == "ready",
                           "its link", PATIENCE_S)

    def half_sent(self):
        """A reply of two segments, of which the first office sent one."""
        self.report(self.one, 1)
        before = len(self.one.link.submits)
        self.sql("select glas.reply(reference, repeat('Dugo. ', 40))"
                 " from glas.reports")
        self.assertTrue(self.one.link.pump(
            lambda: len(self.one.link.submits) > before, PATIENCE_S))
        self.assertTrue(self.one.link.pump(
            lambda: len(self.one.link.submits) > before + 1, PATIENCE_S,
            accept=False))
        self.one.link.submitted(self.one.link.submits[-1], "refused",
                                cause=42)
        wait_until(lambda: self.one.link.pump(
            lambda: self.states() == {"queued": 1}, 0.2), PATIENCE_S,
                   "a reply that goes once more")
        return self.one.link.submits[before:]

    def test_the_second_keeps_its_link_down_and_says_so(self):
        self.begin(self.one)
        self.two.start()
        self.wait_held(self.two)
        for office in (self.one, self.two):
            office.wait_status(
                lambda s: "link-shared" in [a["name"] for a in s["alerts"]],
                "both to be told", PATIENCE_S)
        self.assertIn("link sim-a of gateway bujanovac", self.sql(
            "select text from glas.alerts where name = 'link-shared'"))
        said = " ".join(self.two.glasctl("doctor", check=False).stdout.split())
        self.assertIn("link sim-a is also one of gateway vranje, and is kept"
                      " down here", said)
        self.assertIn("it is kept down: gateway vranje has a link of this name",
                      " ".join(self.two.glasctl("status", check=False)
                               .stdout.split()))
        self.half_sent()
        self.sql("update glas_data.outbox set due_at = null"
                 " where state = 'queued'")
        self.assertTrue(self.one.link.pump(
            lambda: self.states() == {"accepted": 1}, PATIENCE_S))
        self.assertEqual(self.sql("select distinct gateway"
                                  " from glas_data.outbox"), "vranje")
        # It has a name of its own, and nobody is told any more.
        self.two.sections = self.two.sections.replace("sim-a", "sim-b")
        self.two.write_conf()
        self.two.reload()
        self.wait_begun(self.two)
        wait_until(lambda: self.sql("select 1 from glas.alerts"
                                    " where name = 'link-shared'") == "",
                   PATIENCE_S, "no alert")

    def test_what_the_first_sent_half_of_goes_as_a_whole_by_the_second(self):
        self.begin(self.one)
        self.two.start()
        self.wait_held(self.two)
        half = self.half_sent()
        self.one.kill()
        self.wait_begun(self.two)
        self.sql("update glas_data.outbox set due_at = null"
                 " where state = 'queued'")
        self.assertTrue(self.two.link.pump(
            lambda: self.states() == {"accepted": 1}, PATIENCE_S))
        self.assertEqual([s["ud"] for s in self.two.link.submits],
                         [s["ud"] for s in half[:2]])
        # Who comes back finds the name taken.
        self.one.start()
        self.wait_held(self.one)


class OneName(Offices):
    """Both were given the same name."""

    def setUp(self):
        super().setUp()
        self.two.name = self.one.name
        self.two.write_conf()

    def sessions(self):
        return self.sql("select pid, backend_start from pg_stat_activity where"
                        " application_name = 'glas_vranje' and query ~ 'alive'")

    def wait_taken(self):
        self.two.wait_status(
            lambda s: [a["name"] for a in s.get("alerts", [])
                       if a["name"].startswith(("name", "database"))] ==
            ["name-taken"], "a name that is taken", PATIENCE_S)

    def test_the_second_stays_away_and_says_so(self):
        self.begin(self.one)
        self.report(self.one, 1)
        wait_until(self.sessions, PATIENCE_S, "a lease that was renewed")
        session = self.sessions()
        self.two.start()
        self.two.link = self.two.server.accept().begin()
        self.wait_taken()
        # It is told wherever somebody looks, and who had the name has it.
        self.assertEqual(self.sql(
            "select gateway from glas.alerts where name = 'name-taken'"),
            "vranje")
        self.one.wait_status(
            lambda s: "name-taken" in [a["name"] for a in s["alerts"]],
            "the other to be told", PATIENCE_S)
        for command in (self.two.glasctl("doctor", check=False).stdout,
                        self.two.glasctl("status", check=False).stdout):
            self.assertIn("another glasd has the name vranje",
                          " ".join(command.split()))
        self.assertNotIn("another glasd", " ".join(self.one.glasctl(
            "doctor", check=False).stdout.split()))
        text = self.two.link.mo("+381645559999", "PRIJAVA nema vode Vranje")
        self.assertTrue(self.two.link.pump(
            lambda: text in self.two.link.acked(), PATIENCE_S))
        wait_until(lambda: self.sessions() == session, PATIENCE_S,
                   "the session of before")
        self.assertEqual(self.sql("select count(*) from glas.reports"), "1")
        # A name of its own lets it in.
        self.two.stop()
        os.rename(self.two.path("keys", "log-vranje"),
                  self.two.path("keys", "log-bujanovac"))
        self.two.name = "bujanovac"
        self.two.write_conf()
        self.begin(self.two)
        wait_until(lambda: self.two.link.pump(
            lambda: self.sql("select count(*) from glas.reports") == "2",
            0.2), PATIENCE_S, "its report")

    def test_after_an_outage_longer_than_the_lease_the_first_has_the_name(self):
        self.begin(self.one)
        self.one.link.mo("+381645550000", "PRIJAVA rasveta Vranje")
        self.assertTrue(self.one.link.pump(
            lambda: self.one.link.submits, PATIENCE_S, accept=False))
        receipt = "select state from glas_data.outbox where kind = 'receipt'"
        wait_until(lambda: self.sql(receipt) == "inflight", PATIENCE_S,
                   "a receipt in flight")
        self.two.start()
        self.two.link = self.two.server.accept().begin()
        self.wait_taken()
        pumps = [Pump(self.one.link, accept=False), Pump(self.two.link)]
        CLUSTER.stop()
        self.addCleanup(CLUSTER.start)
        stopped_at = time.monotonic()
        wait_until(lambda: time.monotonic() > stopped_at + LEASE_S + 1,
                   PATIENCE_S, "the end of the lease")
        # The other is the first to come.
        self.one.process.send_signal(signal.SIGSTOP)
        CLUSTER.start()
        wait_until(lambda: self.sql(
            "select rival_at > pg_postmaster_start_time()"
            " from glas_data.gateway") == "t", PATIENCE_S, "a rival")
        self.one.process.send_signal(signal.SIGCONT)
        self.one.wait_database(timeout_s=PATIENCE_S)
        self.wait_taken()
        for pump in pumps:
            pump.end()
        self.assertEqual(self.sql(receipt), "inflight")
        self.one.link.submitted(self.one.link.submits[0], "accepted", mr=1)
        wait_until(lambda: self.one.link.pump(
            lambda: self.sql(receipt) == "accepted", 0.2), PATIENCE_S,
                   "its outcome")
        self.assertEqual(len(self.one.link.submits), 1)
        self.assertEqual(self.two.link.submits, [])

    def test_who_has_lost_the_spool_comes_in_some_time_after_the_lease(self):
        self.begin(self.one)
        self.report(self.one, PEOPLE)
        before, inflight = self.hand_over()
        self.one.kill()
        self.two.start()
        self.two.link = self.two.server.accept().begin()
        pump = Pump(self.two.link)
        self.two.wait_database(timeout_s=PATIENCE_S)
        pump.end()
        # What was handed over is not known to its log.
        self.assertEqual(self.states(), {"unknown": inflight})
        self.assertFalse(self.two.link.pump(
            lambda: self.handed(self.two), 0.5))


if __name__ == "__main__":
    unittest.main()
