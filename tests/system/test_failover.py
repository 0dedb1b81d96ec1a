#!/usr/bin/env python3
"""Two links of one office: what becomes of the replies of the one that cannot
send."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from fakelink import LinkServer  # noqa: E402
from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import NO_LIMITS, Office, number, wait_for  # noqa: E402

DANGER = "HITNO tuce me muz, ubice me, pomozite"


class FailoverTest(unittest.TestCase):
    section = "failover-after = 0\n"    # of the link whose texts they are
    limits = NO_LIMITS
    environment = {}

    def setUp(self):
        self.office = Office(cluster=GatewayTest.cluster,
                             database=f"glas{id(self)}", limits=self.limits)
        self.addCleanup(self.office.close)
        self.servers = {}
        for name, more in (("own", self.section), ("other", "")):
            server = LinkServer(self.office.path(name))
            self.addCleanup(server.close)
            self.servers[name] = server
            self.office.sections += (
                f"[link {name}]\ncommand = {server.command()}\n{more}")
        self.office.init()
        self.office.start(**self.environment)
        self.own = self.servers["own"].accept().begin()
        self.other = self.servers["other"].accept().begin()
        self.office.wait_database()

    def ready(self, link, state="ready"):
        link.say(t="state", state=state)
        name = "own" if link is self.own else "other"
        wait_for(lambda: [l["state"] for l in self.office.status()["links"]
                          if l["name"] == name] == [state])

    def queue_long(self):
        """A reply of several segments waits for the own link."""
        self.office.sql(
            "insert into glas_data.outbox (id, created_at, kind, priority,"
            " citizen, text, encoding, segments, state, link)"
            " select nextval('glas_data.outbox_block'), now(), 'reply', 2, id,"
            " repeat('Na ovo se cekalo. ', 12), 'GSM7', 2, 'queued', 'own'"
            " from glas_data.citizen; notify glas_vranje")

    def send(self, text, person=None, accept=True):
        """By the own link.  The reply may be there before the ack."""
        id = self.own.mo(person or number(), text)
        self.assertTrue(self.own.pump(lambda: id in self.own.acked(),
                                      accept=accept), self.office.tail())

    def pump(self, condition, timeout_s=60):
        """Both links take what they are given.  What was held is let go every
        half minute."""
        wait_for(lambda: self.own.pump(condition, 0.1) or
                 self.other.pump(condition, 0.1), timeout_s, "both links")

    def outbox(self):
        return self.office.sql("select kind, state, link from glas.outbox"
                               " order by kind, id").splitlines()

    def wait_outbox(self, *rows):
        self.pump(lambda: self.outbox() == list(rows))


class Danger(FailoverTest):
    section = ""

    def test_danger_goes_at_once_and_the_rest_waits_for_its_own_link(self):
        self.ready(self.own, "searching")
        self.send(DANGER)
        self.wait_outbox("emergency|accepted|other", "receipt|inflight|own")
        self.assertEqual(len(self.other.submits), 1)
        self.assertEqual(self.own.submits, [])
        self.ready(self.own)
        self.wait_outbox("emergency|accepted|other", "receipt|accepted|own")

    def test_a_link_that_takes_nothing_any_more_is_no_way_for_danger(self):
        for _ in range(3):
            before = len(self.own.submits)
            self.send("STATUS", accept=False)
            self.own.pump(lambda: len(self.own.submits) > before,
                          accept=False)
            self.own.submitted(self.own.submits[-1], "refused", cause=193)
        wait_for(lambda: any(a["text"] == "credit-refused"
                             for a in self.office.status()["alerts"]))
        self.send(DANGER)
        self.pump(lambda: self.other.submits)
        self.assertEqual(len(self.own.submits), 3)

    def test_danger_goes_round_a_link_also_while_the_database_is_away(self):
        cluster = self.office.cluster
        self.office.wait_status(
            lambda s: s["spool"]["reserved"] > 0, "ids in store")
        self.ready(self.own, "searching")
        cluster.stop()
        self.addCleanup(lambda: cluster.running or cluster.start())
        self.office.wait_database("away")
        self.send(DANGER)
        self.pump(lambda: self.other.submits)
        cluster.start()
        self.pump(lambda: self.office.count(
            "glas.outbox", "kind = 'emergency' and state = 'accepted'"
            " and link = 'other'") == 1)
        self.assertEqual(len(self.other.submits), 1)


class DangerFirst(FailoverTest):
    """It waits for nothing that a link has begun, and for no rate."""

    section = "rate = 1\nsubmit-window = 1\n"

    def test_it_goes_before_the_rest_of_a_long_reply(self):
        self.other.mo(number(), "STATUS")
        self.pump(lambda: self.outbox() == ["status|accepted|other"])
        self.queue_long()
        self.assertTrue(self.own.pump(lambda: self.own.submits))
        person = number()
        self.send(DANGER, person)
        self.assertTrue(self.own.pump(lambda: len(self.own.submits) == 2))
        self.assertEqual(self.own.submits[1]["recipient"], person)


class DangerRoundALinkThatHangs(FailoverTest):
    environment = {"GLAS_MT_HANGS_MS": "300"}
    section = ""

    def test_it_goes_by_another(self):
        self.send("STATUS", accept=False)
        self.assertTrue(self.own.pump(lambda: self.own.submits,
                                      accept=False))
        self.own.say(t="busy", deadline_ms=75000)
        self.send(DANGER, accept=False)
        self.assertTrue(self.other.pump(lambda: self.other.submits))
        self.assertEqual(len(self.own.submits), 1)
        # The rest waits for its own.
        self.own.submitted(self.own.submits[0], "accepted", mr=1)
        self.wait_outbox("emergency|accepted|other", "receipt|accepted|own",
                         "status|accepted|own")


class Rest(FailoverTest):
    def test_after_the_minutes_all_but_invitations_go_by_another(self):
        self.send("STATUS")
        self.wait_outbox("status|accepted|own")
        self.office.sql(
            "insert into glas_data.outbox (id, created_at, kind, priority,"
            " citizen, text, encoding, segments, state, link)"
            " select nextval('glas_data.outbox_block'), now(), kind, 2, id,"
            " 'Dodjite', 'GSM7', 1, 'queued', 'own'"
            " from glas_data.citizen, (values ('event'), ('reply')) k (kind)")
        self.ready(self.own, "searching")
        self.send("STATUS")
        self.wait_outbox("event|queued|own", "reply|accepted|other",
                         "status|accepted|own", "status|accepted|other")
        self.assertEqual(len(self.own.submits), 1)
        self.assertEqual(len(self.other.submits), 2)
        self.ready(self.own)
        self.wait_outbox("event|accepted|own", "reply|accepted|other",
                         "status|accepted|own", "status|accepted|other")

    def test_a_link_that_is_paused_gives_what_it_has(self):
        self.office.glasctl("pause", "own")
        self.send("STATUS")
        self.wait_outbox("status|accepted|other")
        self.assertEqual(self.own.submits, [])

    def test_what_was_partly_sent_goes_as_a_whole_under_another_reference(
            self):
        self.send("STATUS")
        self.wait_outbox("status|accepted|own")
        self.own.submits.clear()
        self.queue_long()
        self.assertTrue(self.own.pump(lambda: self.own.submits,
                                      accept=False))
        self.ready(self.own, "searching")
        self.own.submitted(self.own.submits[0], "accepted", mr=7)
        self.wait_outbox("reply|accepted|other", "status|accepted|own")
        self.assertEqual([s["segment"] for s in self.own.submits], [1])
        self.assertEqual([s["segment"] for s in self.other.submits], [1, 2])
        first, second = (s["udh"] for s in self.other.submits)
        self.assertEqual(first[:-2], second[:-2])
        self.assertNotEqual(first[:-2], self.own.submits[0]["udh"][:-2])
        self.assertEqual(self.office.sql(
            "select distinct link from glas_data.outbox_segment"
            " where outbox = (select max(id) from glas_data.outbox)"),
            "other")

    def test_what_may_have_gone_out_goes_by_no_other(self):
        self.send("STATUS", accept=False)
        self.own.pump(lambda: self.own.submits, accept=False)
        self.own.close()
        self.wait_outbox("status|unknown|own")
        self.send_other("STATUS")
        self.wait_outbox("status|unknown|own", "status|accepted|other")
        self.assertEqual(len(self.other.submits), 1)

    def send_other(self, text):
        id = self.other.mo(number(), text)
        self.pump(lambda: id in self.other.acked())

    def pump(self, condition):
        wait_for(lambda: self.other.pump(condition, 0.1) or
                 (self.own.connection.fileno() != -1 and
                  self.own.pump(condition, 0.1)), what="the links")


class Kept(FailoverTest):
    section = "failover-after = 0\nfailover = no\n"

    def test_a_link_may_keep_its_texts_and_the_outbox_says_so(self):
        self.ready(self.own, "searching")
        self.send(DANGER)
        self.wait_outbox("emergency|queued|own", "receipt|queued|own")
        self.assertEqual(self.office.sql(
            "select distinct reason from glas.outbox"),
            "its link could not send")
        self.ready(self.own)
        self.wait_outbox("emergency|accepted|own", "receipt|accepted|own")
        self.assertEqual(self.other.submits, [])
        self.assertEqual(len(self.own.submits), 2)


class Moved(FailoverTest):
    section = ""

    def test_a_report_that_comes_by_another_link_is_of_the_same_text(self):
        person = number()
        self.send("STATUS", person)
        self.wait_outbox("status|accepted|own")
        self.other.say(t="status-report", id="moved", mr=1, recipient=person,
                       status=0)
        self.wait_outbox("status|delivered|own")


class Late(FailoverTest):
    section = "failover-after = 10080\n"

    def test_what_waited_for_an_hour_is_given_back_and_not_to_another(self):
        self.office.stop()
        self.office.start(GLAS_MT_LATE_MS="3000")
        self.own = self.servers["own"].accept().begin()
        self.other = self.servers["other"].accept().begin()
        self.office.wait_database()
        self.ready(self.own, "searching")
        self.send("STATUS")
        self.wait_outbox("status|queued|own")
        self.assertEqual(self.other.submits, [])


class Capped(FailoverTest):
    section = "segments-per-day = 2\n"

    def test_a_link_spends_no_more_in_a_day_also_after_a_start(self):
        for _ in range(2):
            self.send("STATUS")
        self.wait_outbox(*["status|accepted|own"] * 2)
        self.send("STATUS")
        self.wait_outbox(*["status|accepted|own"] * 2, "status|held|own")
        self.assertEqual(self.office.sql(
            "select reason from glas.outbox where state = 'held'"),
            "the segments of its link are spent")
        alert, = [a for a in self.office.status()["alerts"]
                  if a["name"] == "daily-limit"]
        self.assertEqual(alert["link"], "own")
        self.office.stop()
        self.office.start()
        self.own = self.servers["own"].accept().begin()
        self.other = self.servers["other"].accept().begin()
        self.office.wait_database()
        wait_for(lambda: any(a["name"] == "daily-limit"
                             for a in self.office.status()["alerts"]))
        self.send("STATUS")
        self.wait_outbox(*["status|accepted|own"] * 2,
                         *["status|held|own"] * 2)
        self.assertEqual(self.own.submits, [])
        # Danger goes, and so does what another link may spend.
        id = self.other.mo(number(), "STATUS")
        self.other.pump(lambda: id in self.other.acked())
        self.send(DANGER)
        self.pump(lambda: self.other.submits and self.office.count(
            "glas.outbox", "state = 'accepted' and link = 'own'"
            " and kind in ('emergency', 'receipt')") == 2)
        self.office.write_conf(self.office.sections.replace(
            "per-day = 2", "per-day = 9"))
        self.office.reload()
        self.own = self.servers["own"].accept().begin()
        self.pump(lambda: self.office.count(
            "glas.outbox", "state <> 'accepted'") == 0)

    def test_what_people_write_waits_for_its_link_and_blocks_no_other(self):
        # A link that the database does not know has no rows of its own.
        wait_for(lambda: self.office.count("glas.links",
                                           "state = 'ready'") == 2)
        self.send("STATUS")
        self.wait_outbox("status|accepted|own")
        self.office.sql(
            "insert into glas_data.outbox (id, created_at, kind, priority,"
            " citizen, text, encoding, segments, state, link)"
            " select nextval('glas_data.outbox_block'), now(), 'reply', 2, id,"
            " repeat('Na ovo se cekalo. ', 12), 'GSM7', 2, 'queued', l.name"
            " from glas_data.citizen, (values ('own'), ('other')) l (name);"
            " notify glas_vranje")
        self.pump(lambda: self.outbox() == [
            "reply|queued|own", "reply|accepted|other", "status|accepted|own"]
            and self.office.count("glas.outbox", "reason ="
                                  " 'the segments of its link are spent'"))
        self.assertEqual(self.office.sql(
            "select attempts from glas.outbox where state = 'queued'"), "1")


if __name__ == "__main__":
    unittest.main()
