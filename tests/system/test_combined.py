#!/usr/bin/env python3
"""Two faults at once: what each alone is borne with must not lose, repeat,
flood or mislead where they meet.

python3 -m unittest discover -s tests/system -p 'test_combined.py'
"""

import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import gateway  # noqa: E402
import smalldisk  # noqa: E402
import test_faults  # noqa: E402
import test_rewound  # noqa: E402
import test_rotate  # noqa: E402
import test_told  # noqa: E402
from gateway import GatewayTest, tearDownModule  # noqa: E402, F401
from office import number, wait_for  # noqa: E402

DANGER = "gori kuca, Bujanovac"
REPORT = "PRIJAVA rupa u ulici, Vranje"


def setUpModule():
    gateway.setUpModule()
    test_faults.CLUSTER = GatewayTest.cluster


class RestoredAndRenamed(test_rewound.RestoredTest):
    """A backup is restored while a section gets another name."""

    def test_nothing_is_lost_and_nothing_is_sent_twice(self):
        backup = self.story()
        report = self.link.submits[6]
        self.restart()
        self.restore(backup)
        self.office.write_conf(self.office.sections.replace(
            "[link fake]", "[link nova]"))
        self.start_glasd()
        self.wait_reread()
        self.assert_rewound()
        self.assert_all_there()
        self.assertEqual(self.link.submits, [])
        # What is of before is reported to the SIM, by its new name.
        self.link.say(t="status-report", id="r", mr=7, status=0,
                      recipient=report["recipient"],
                      time="2026-11-01T12:00:00+01:00")
        self.office.wait_count("glas.outbox", 1, "state = 'delivered'")
        person, reference = self.people[5]
        self.assertIn(reference, self.ask(person, f"STATUS {reference}")[0])
        self.resume()
        self.quiet()
        self.assertEqual(len(self.link.submits), 2)
        # Who wrote by the old name is written to by the new one.
        self.reply(self.people[1][1], "Popravljeno je.")
        self.assertTrue(self.link.pump(lambda: self.told("Popravljeno je")))


class FullAndRotated(test_rotate.RotateTest):
    """The disk of the spool fills up in an outage, in the midst of a change of
    keys."""

    start = False

    def setUp(self):
        super().setUp()
        if not smalldisk.mounted(self.office.path("spool"), "48m"):
            self.skipTest("cannot mount a small file system: run as root")
        self.addCleanup(smalldisk.unmount, self.office.path("spool"))
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()

    def again(self):
        self.office.kill()
        self.link.close()
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database("away")

    def test_nobody_is_lost_and_danger_is_told_once(self):
        writes, danger, late = self.report(), number(), number()
        self.stand_still()
        self.rotate()
        self.begun()
        self.lose_database()
        self.send(danger, DANGER, scts=test_rotate.STAMP)
        self.assertTrue(self.link.pump(
            lambda: danger in dict(self.link.texts())))
        smalldisk.fill(self.office.path("spool"), 15 << 20)
        self.office.wait_status(lambda s: "spool-full" in {
            a["name"] for a in s["alerts"]}, "a full spool")
        id = self.link.mo(late, REPORT)
        self.assertTrue(self.link.pump(lambda: id in self.link.nacked()))
        self.again()
        said = len(self.link.submits)
        self.send(danger, DANGER, scts=test_rotate.STAMP)
        self.send(late, "gori i suma, Vranje")
        self.assertTrue(self.link.pump(
            lambda: late in dict(self.link.texts()[said:])))
        self.assertNotIn(danger, dict(self.link.texts()[said:]))
        smalldisk.empty(self.office.path("spool"))
        self.cluster.start()
        self.office.wait_database()
        self.send(late, REPORT)
        self.settle(4)
        self.stand_still(False)
        self.moved()
        self.is_who_they_were(*writes)
        self.rotate("--finish")
        self.assertEqual(self.sql(test_rotate.UNDER.format(1)), "0")
        self.assertEqual(self.office.count("glas.outbox",
                                           "state not in ('accepted')"), 0)


class SimFullAtTheReserve(test_faults.FaultTest):
    """The SIM is full of texts that the spool does not take, and the last of
    them tells of danger."""

    def test_danger_is_found_among_them(self):
        spool = self.office.path("spool")
        if not smalldisk.mounted(spool, "48m"):
            self.skipTest("cannot mount a small file system: run as root")
        self.addCleanup(smalldisk.unmount, spool)
        sim = self.start_one(self.sim(slots=30))
        sim.deliver(number(), "PRIJAVA mrak Vranje")
        self.wait_texts("PRIJAVA mrak Vranje")
        sim.wait_empty(60)
        smalldisk.fill(spool, 15 << 20)
        self.office.wait_status(lambda s: "spool-full" in {
            a["name"] for a in s["alerts"]}, "a full spool")
        for n in range(29):
            sim.deliver(number(), f"PRIJAVA rupa Vranje {n}")
        sim.deliver(number(), DANGER)
        sim.wait_until(lambda: any("193" in sent.text for sent in
                                   sim.texts_sent()), 60, "danger")
        sim.wait_until(lambda: sim.stored() == 29, 60, "its slot")
        smalldisk.empty(spool)
        sim.wait_empty(60)
        self.wait_texts(*(f"PRIJAVA rupa Vranje {n}" for n in range(29)))


class AnOldSpool(test_told.ToldTest):
    """The spool of a gateway is replaced by a copy that is older than what
    was stored since."""

    def test_nothing_is_stored_or_told_twice(self):
        for n in range(2):
            self.ask(number(), f"PRIJAVA rupa {n} Vranje")
        copy = self.office.path("copy")
        shutil.copytree(self.office.path("spool"), copy)
        for n in range(2, 4):
            self.ask(number(), f"PRIJAVA rupa {n} Vranje")
        self.ask(number(), DANGER, 2)
        self.wait_accepted(6)
        self.office.kill()
        self.link.close()
        shutil.rmtree(self.office.path("spool"))
        shutil.copytree(copy, self.office.path("spool"))
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()
        person = number()
        self.ask(person, "PRIJAVA nema struje, Vranje")
        self.settle(6)
        self.assertEqual([to for to, _ in self.link.texts()], [person])
        self.assertEqual(self.office.count("glas_data.message"), 6)
        self.assertEqual(self.office.count("glas.quarantine"), 0)
        self.assertEqual(
            self.office.count("glas.outbox", "state = 'accepted'"), 7)


class NoCredit(test_told.ToldTest):
    """Credit goes while danger comes in: all of it, or until a top-up."""

    def burst(self):
        """Danger of twelve people, eight of whom the network refuses."""
        people = [number() for _ in range(12)]
        ids = [self.link.mo(person, DANGER) for person in people]
        self.assertTrue(self.link.pump(
            lambda: set(ids) <= set(self.link.acked()), accept=False))
        refused = 0
        while refused < 8:
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > refused, accept=False))
            self.link.submitted(self.link.submits[refused], "refused",
                                cause=193)
            refused += 1
        self.office.wait_status(lambda s: "credit-refused" in {
            a["text"] for a in s["alerts"]}, "that there is no credit")
        # What is in its hands it takes.
        for submit in self.link.submits[8:]:
            self.link.submitted(submit, "accepted", mr=200)
        del self.link.submits[:8]
        return people

    def told_once(self, people):
        self.assertTrue(self.link.pump(
            lambda: all(self.told(person) for person in people)),
            self.office.tail())
        if not self.cluster.running:
            self.cluster.start()
        self.office.wait_database()
        self.settle(12)
        for person in people:
            self.assertEqual(self.told(person), 1)
        self.office.wait_count("glas.outbox", 12,
                               "kind = 'emergency' and state = 'accepted'")

    def test_each_is_told_when_the_first_is_taken(self):
        self.wait_reserved()
        self.told_once(self.burst())

    def test_also_while_the_database_is_away(self):
        self.lose_database()
        self.told_once(self.burst())


class RemovedAndStarted(GatewayTest):
    """The section of a link goes away, with texts queued for it, and glasd
    is started anew."""

    def test_they_go_by_the_link_that_is_there(self):
        person = number()
        self.ask(person, REPORT)
        self.link.say(t="state", state="searching")
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "searching", "no network")
        reference = self.sql("select reference from glas.reports")
        for n in range(3):
            self.sql(f"select glas.reply('{reference}', 'Odgovor {n}')")
        self.send(number(), REPORT)
        self.office.wait_count("glas.outbox", 5)
        self.office.kill()
        self.link.close()
        self.office.write_conf(self.office.sections.replace(
            "[link fake]", "[link nova]"))
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 4),
                        self.office.tail())
        wait_for(lambda: self.link.pump(lambda: self.office.count(
            "glas.outbox", "state = 'accepted'") == 5, 0.2))
        self.assertEqual(len(self.link.submits), 4)


class AWrongConfigurationInAnOutage(test_told.ToldTest):
    def test_nothing_changes_and_danger_is_told(self):
        self.lose_database()
        right = self.office.sections
        self.office.write_conf(right + "[limits]\nreplies-per-day = many\n")
        self.office.reload()
        person = number()
        self.send(person, DANGER)
        self.wait_told(person, 1)
        self.office.write_conf(right)
        self.office.reload()
        self.send(number(), REPORT)
        self.assertTrue(self.link.pump(lambda: any(
            "Broj" in text for _, text in self.link.texts())))
        self.back(3)


if __name__ == "__main__":
    unittest.main()
