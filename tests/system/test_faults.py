#!/usr/bin/env python3
"""The faults of modems, through all programs: glasd and glas-modem on a real
PostgreSQL, the modem simulated (tests/lib/simmodem.py), so that libgammu's AT
driver meets each fault and glasd what comes of it.
"""

import contextlib
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import modemfaults  # noqa: E402
import pdu  # noqa: E402
from cluster import Cluster, children_of  # noqa: E402
from office import BUILD_DIR, NO_LIMITS, Office  # noqa: E402
from office import number, program, wait_for  # noqa: E402
from simmodem import PDU_STAGE, SimModem  # noqa: E402

PROGRAM = os.environ.get("GLAS_MODEM") or program("glas-modem")
KILLING = os.path.join(BUILD_DIR, "tests", "lib", "killing.so")
# Long enough for libgammu's pauses, short enough for a test.
QUICK = {"connection": "at115200", "poll": 400, "back-off": 1000,
         "rest": 3000, "deadline-init": 15000, "deadline-list": 3000,
         "deadline-delete": 3000, "deadline-send": 6000,
         "deadline-status": 3000}
DEADLINE_S = 60
CRANK = "+381651111111"


def setUpModule():
    global CLUSTER
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


@unittest.skipUnless(os.path.exists(PROGRAM), "glas-modem is not built")
class FaultTest(unittest.TestCase):
    """An office with modems that misbehave when they are told to."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.office = Office(cluster=CLUSTER, database=f"faults{id(self)}",
                             limits=NO_LIMITS)
        self.stack.callback(self.office.close)
        self.sections = ""

    def sim(self, **options):
        """A modem that ends with the test."""
        return self.stack.enter_context(SimModem(**options))

    def section(self, name, sim=None, **settings):
        """Its section in glas.conf."""
        settings = {**QUICK, **{key.replace("_", "-"): value
                                for key, value in settings.items()}}
        if sim:
            settings["device"] = sim.path
        settings.setdefault("command", PROGRAM)
        self.sections += f"[modem {name}]\n" + "".join(
            f"{key} = {value}\n" for key, value in settings.items())

    def start(self):
        """The office with the modems of all sections so far."""
        self.office.sections = self.sections
        self.office.init()
        self.office.start()
        self.office.wait_database()

    def start_one(self, sim=None, **settings):
        """The office with one modem, ready."""
        sim = sim or self.sim()
        self.section("one", sim, **settings)
        self.start()
        self.wait_link("ready")
        return sim

    # ---- looking ------------------------------------------------------------

    def link(self, name="one"):
        """What glasctl status says of it."""
        return next((link for link in (self.office.status() or {}).get(
            "links", ()) if link["name"] == name), {})

    def wait_link(self, state, detail=None, name="one", timeout_s=DEADLINE_S):
        """Until it says so; a detail of None is any."""
        self.office.wait_status(lambda _: (
            (link := self.link(name)).get("state") == state
            and detail in (None, link.get("detail"))),
            f"{name} {state} {detail}", timeout_s)

    def alerts(self):
        """(name, text) of those of glasctl status."""
        return [(alert["name"], alert["text"])
                for alert in self.office.status()["alerts"]]

    def wait_texts(self, *texts, timeout_s=DEADLINE_S):
        """Until all are in the inbox; each must be there once."""
        wait_for(lambda: set(texts) <= set(self.inbox()), timeout_s,
                 f"{texts} in {self.inbox()}: {self.office.tail()}")
        self.assertEqual(sorted(self.inbox()), sorted(set(self.inbox())))

    def inbox(self):
        """The texts in it."""
        return self.office.sql(
            "select text from glas.inbox order by id").splitlines()

    def count(self, table, where="true"):
        return self.office.count(table, where)

    def modem_pid(self):
        """The process of the one glas-modem; None when there is none."""
        for pid in children_of(self.office.process.pid):
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{pid}/exe") == os.path.realpath(
                        PROGRAM):
                    return pid
        return None


class Port(FaultTest):
    def test_unplugged_it_is_found_under_another_name(self):
        sim = self.sim(symlink=self.office.path("port1"))
        self.section("one", imei=sim.imei,
                     device_glob=self.office.path("port*"))
        self.start()
        self.wait_link("ready")
        sim.deliver(number(), "PRIJAVA rupa Vranje 1")
        self.wait_texts("PRIJAVA rupa Vranje 1")
        sim.unplug()
        self.wait_link("down", "no-modem-of-this-imei")
        self.assertIn(("link-down", "no-modem-of-this-imei"), self.alerts())
        self.office.wait_count(
            "glas.links", 1, "state = 'down: no-modem-of-this-imei'")
        sim.deliver(number(), "PRIJAVA rupa Vranje 2")
        sim.symlink = self.office.path("port7")
        sim.replug()
        self.wait_texts("PRIJAVA rupa Vranje 1", "PRIJAVA rupa Vranje 2")
        self.assertEqual(sim.resets, 0)


class Sim(FaultTest):
    def test_a_sim_that_is_taken_out_is_missed_and_taken_back(self):
        sim = self.start_one()
        sim.lock_sim("NOT INSERTED")
        self.wait_link("down", "no-sim")
        sim.deliver(number(), "PRIJAVA rupa Vranje")
        sim.lock_sim("READY")
        sim.deliver(number(), "PRIJAVA mrak Vranje")
        self.wait_texts("PRIJAVA rupa Vranje", "PRIJAVA mrak Vranje")
        self.assertEqual(sim.resets, 0)

    def pin_file(self, pin):
        with open(self.office.path("pin"), "w", encoding="ascii") as file:
            file.write(pin + "\n")

    def test_a_wrong_pin_is_entered_once_whoever_is_started_again(self):
        sim = self.sim(pin="1234")
        self.pin_file("4321")
        self.section("one", sim, pin_file=self.office.path("pin"))
        self.start()
        self.wait_link("down", "pin-refused")
        self.assertEqual(sim.pin_tries, 2)
        opened = sim.opens
        for _ in range(2):
            self.office.kill()
            self.office.start()
            sim.wait_until(lambda: sim.opens >= opened + 2, 30, "start")
            self.wait_link("down", "pin-refused")
            opened = sim.opens
        self.assertEqual(sim.pin_tries, 2)
        self.assertIn(("link-down", "pin-refused"), self.alerts())
        self.pin_file("1234")
        self.wait_link("ready")
        self.assertEqual(sim.pin_tries, 3)
        self.assertFalse(os.path.exists(self.office.path("spool", "pin.one")))
        # Taken, it is given again whenever the SIM wants it.
        sim.replug()
        self.office.stop()
        self.office.sections = self.office.sections.replace(
            "device = ", f"device = {sim.path}\n; ")
        self.office.write_conf()
        self.office.start()
        self.wait_link("ready")

    def test_a_pin_that_is_right_after_all_is_given_when_that_is_said(self):
        sim = self.sim(pin="1234")
        self.pin_file("4321")
        self.section("one", sim, pin_file=self.office.path("pin"))
        self.start()
        self.wait_link("down", "pin-refused")
        sim.pin = "4321"
        os.unlink(self.office.path("spool", "pin.one"))
        self.wait_link("ready")
        self.assertEqual(sim.pin_tries, 3)

    def test_a_pin_that_was_entered_in_a_crash_is_not_entered_again(self):
        sim = self.sim(pin="1234")
        self.pin_file("4321")
        self.section("one", sim, pin_file=self.office.path("pin"))
        sim.fault("lose", "AT+CPIN=\"", count=1)
        self.start()
        self.wait_link("down", "pin-refused")
        self.assertEqual(sim.pin_tries, 2)

    def test_who_is_not_registered_keeps_replies_and_says_why(self):
        sim = self.start_one()
        self.office.glasctl("pause", "one")
        person = number()
        sim.deliver(person, "PRIJAVA rupa Vranje")
        self.wait_texts("PRIJAVA rupa Vranje")
        sim.registered = 3
        self.office.kill()
        self.office.start()
        self.wait_link("searching", "registration-denied")
        self.assertIn(("link-searching", "registration-denied"),
                      self.alerts())
        self.assertEqual(sim.submitted, [])
        sim.registered = 1
        sim.wait_submitted(1, DEADLINE_S)
        self.assertEqual(sim.submitted[0].recipient, person)
        self.assertEqual(sim.refused, [])


class Store(FaultTest):
    def test_what_cannot_be_deleted_holds_up_nobody_and_is_stored_once(self):
        sim = self.start_one()
        sim.fault("refuse", "AT+CMGD=1", error="+CMS ERROR: 500")
        for n in range(5):
            sim.deliver(number(), f"PRIJAVA rupa Vranje {n}")
        texts = [f"PRIJAVA rupa Vranje {n}" for n in range(5)]
        self.wait_texts(*texts)
        sim.wait_until(lambda: sim.stored() == 1, DEADLINE_S)
        self.wait_link("ready", "delete-failed")
        self.assertIn(("link-trouble", "delete-failed"), self.alerts())
        self.office.wait_count("glas.alerts", 1, "name = 'link-trouble'")
        self.office.kill()
        self.office.start()
        self.office.wait_count("glas_data.identity", 1, "seen = 2")
        sim.deliver(number(), "PRIJAVA mrak Vranje")
        self.wait_texts(*texts, "PRIJAVA mrak Vranje")
        sim.clear()
        sim.wait_empty(DEADLINE_S)

    def test_a_sim_full_of_what_cannot_be_decoded_is_emptied(self):
        sim = self.sim(slots=30)
        for n in range(30):
            sim.deliver_pdu(pdu.deliver(CRANK, "x%d" % n, raw={"first": 7}))
        for n in range(3):
            sim.deliver(number(), f"PRIJAVA rupa Vranje {n}")
        self.assertEqual(sim.waiting(), 3)
        self.section("one", sim)
        self.start()
        since = time.monotonic()
        self.wait_texts(*(f"PRIJAVA rupa Vranje {n}" for n in range(3)))
        took_s = time.monotonic() - since
        sim.wait_empty(DEADLINE_S)
        self.assertEqual(self.count("glas.quarantine"), 30)
        self.assertEqual(len(sim.deleted), 33)
        self.assertEqual(self.link()["restarts"], 0)
        self.assertLess(took_s, 60)

    def killing(self):
        """Starts glas-modem such that a text which says so ends it."""
        path = self.office.path("killing")
        with open(path, "w", encoding="ascii") as script:
            script.write(
                "#!/bin/sh\n"
                "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"
                ":handle_segv=0\n"
                f"LD_PRELOAD={KILLING}\n"
                f"export ASAN_OPTIONS LD_PRELOAD\nexec {PROGRAM}\n")
        os.chmod(path, 0o755)
        return path

    def test_a_text_that_kills_the_program_is_read_without_decoding(self):
        sim = self.sim()
        sim.deliver(number(), "PRIJAVA rupa Vranje 1")
        sim.deliver(CRANK, "kills")
        sim.deliver(number(), "PRIJAVA rupa Vranje 2")
        self.section("one", sim, command=self.killing())
        self.start()
        since = time.monotonic()
        sim.wait_empty(DEADLINE_S)
        self.wait_texts("PRIJAVA rupa Vranje 1", "PRIJAVA rupa Vranje 2")
        self.assertEqual(self.count("glas.quarantine"), 1)
        took_s = time.monotonic() - since
        self.assertEqual(self.link()["restarts"], 2)
        self.assertEqual(sim.resets, 0)
        # The way without decoding is taken once.
        sim.deliver(number(), "PRIJAVA mrak Vranje")
        self.wait_texts("PRIJAVA mrak Vranje")
        self.assertEqual(self.link()["restarts"], 2)
        self.assertLess(took_s, 60)

    def test_two_texts_that_kill_cost_a_start_more(self):
        sim = self.sim()
        for n in range(5):
            sim.deliver(number(), "kills" if n in (1, 3) else
                        f"PRIJAVA rupa Vranje {n}")
        self.section("one", sim, command=self.killing())
        self.start()
        sim.wait_empty(2 * DEADLINE_S)
        self.wait_texts(*(f"PRIJAVA rupa Vranje {n}" for n in (0, 2, 4)))
        self.assertEqual(self.count("glas.quarantine"), 2)
        self.assertLessEqual(self.link()["restarts"], 3)

    def test_a_modem_that_stops_in_a_text_puts_none_into_quarantine(self):
        sim = self.sim()
        libgammus = []
        # What libgammu says when it opens a modem, and nobody else.
        sim.fault("call", "AT+MODE=2",
                  action=lambda: libgammus.append(sim.opens))
        sim.fault("lose", "AT+CMGL", 1)
        sim.fault("lose", "AT+CMGR", 1,
                  when=lambda: libgammus[-1] == sim.opens)
        sim.fault("lose", "AT+CMGR=2", 1)
        for n in range(3):
            sim.deliver(number(), f"PRIJAVA rupa Vranje {n}")
        self.section("one", sim)
        self.start()
        self.wait_texts(*(f"PRIJAVA rupa Vranje {n}" for n in range(3)))
        sim.wait_empty(DEADLINE_S)
        self.assertGreater(self.link()["restarts"], 0)
        self.assertEqual(self.count("glas.quarantine"), 0)

    def test_a_text_that_comes_broken_three_times_is_read_after_all(self):
        sim = self.sim()
        broken = pdu.deliver(CRANK, "x", raw={"first": 7})
        sim.deliver(number(), "PRIJAVA rupa Vranje")
        listed = sim.fault(
            "replace", "AT+CMGL", 3,
            text=f"\r\n+CMGL: 1,1,,{len(broken) // 2 - 8}\r\n"
            f"{broken}\r\n\r\nOK\r\n")
        self.section("one", sim)
        self.start()
        self.wait_texts("PRIJAVA rupa Vranje")
        sim.wait_empty(DEADLINE_S)
        self.assertEqual(listed.taken, 3)
        self.assertEqual(self.count("glas.quarantine"), 0)

    def test_a_storm_of_status_reports_holds_up_no_text(self):
        sim = self.start_one(self.sim(slots=20))
        for n in range(300):
            sim.deliver_pdu(pdu.status_report(number(), n % 256,
                                              smsc=sim.smsc))
        sim.deliver(number(), "PRIJAVA rupa Vranje")
        self.wait_texts("PRIJAVA rupa Vranje")
        sim.wait_empty(DEADLINE_S)
        self.assertEqual(len(sim.deleted), 301)
        self.assertEqual(self.link()["restarts"], 0)


class Ladder(FaultTest):
    def test_a_modem_that_hangs_again_and_again_is_reset(self):
        sim = self.sim()
        sim.fault("lose", "AT+CPMS", until_reset=True)
        sim.deliver(number(), "PRIJAVA rupa Vranje")
        self.section("one", sim)
        self.start()
        self.wait_texts("PRIJAVA rupa Vranje", timeout_s=120)
        self.assertEqual(sim.resets, 1)
        sim.wait_empty(DEADLINE_S)

    def test_one_that_hangs_once_is_only_started_again(self):
        sim = self.start_one()
        sim.fault("lose", "AT+CMGL", count=1)
        sim.deliver(number(), "PRIJAVA rupa Vranje")
        self.wait_link("down", "ended-in-a-call")
        self.wait_texts("PRIJAVA rupa Vranje")
        self.assertEqual(sim.resets, 0)

    def test_a_deaf_modem_is_found_and_reset(self):
        sim = self.sim()
        self.start_one(sim, number=sim.own_number, loopback=2,
                       loopback_within=3)
        sim.wait_submitted(2, DEADLINE_S)       # it hears, and goes on
        self.assertEqual(self.link()["restarts"], 0)
        sim.fault("deaf")
        sim.deliver(number(), "PRIJAVA rupa Vranje")
        self.wait_link("ready", "deaf")
        self.assertIn(("link-trouble", "deaf"), self.alerts())
        self.office.wait_count("glas.links", 1, "state = 'ready: deaf'")
        sim.wait_until(lambda: sim.resets, DEADLINE_S)
        sim.clear("deaf")
        self.wait_texts("PRIJAVA rupa Vranje")
        self.wait_link("ready", "")
        sim.wait_empty(DEADLINE_S)
        self.assertEqual(self.inbox(), ["PRIJAVA rupa Vranje"])
        self.assertEqual({submit.recipient for submit in sim.submitted
                          if submit.text.startswith("Glas echo ")},
                         {sim.own_number})


class Refusals(FaultTest):
    def reports(self, sim, *people):
        """One text from each, none of which is answered yet."""
        self.office.glasctl("pause", "one")
        for person in people:
            sim.deliver(person, "PRIJAVA rupa Vranje " + person[-3:])
        self.wait_texts(*("PRIJAVA rupa Vranje " + person[-3:]
                          for person in people))
        self.office.glasctl("resume", "one")

    def test_a_number_that_is_refused_fails_alone(self):
        sim = self.start_one()
        sim.refuse_sends(1, count=1)
        people = [number() for _ in range(5)]
        self.reports(sim, *people)
        sim.wait_submitted(4, DEADLINE_S)
        self.office.wait_count("glas.outbox", 1, "state = 'failed'")
        self.office.wait_count("glas.outbox", 4, "state = 'accepted'")
        self.assertEqual(self.link()["detail"], "")

    def test_without_credit_the_link_rests_and_nothing_fails(self):
        self.without(10, "credit-refused")

    def test_without_a_network_the_link_rests_and_nothing_fails(self):
        self.without(38, "network-refuses")

    def without(self, cause, word):
        """The network refuses everybody for that cause, for a while."""
        sim = self.start_one(rest=1000)
        fault = sim.refuse_sends(cause)
        people = [number() for _ in range(8)]
        self.reports(sim, *people)
        self.wait_link("ready", word)
        self.assertIn(("link-trouble", word), self.alerts())
        self.office.wait_count("glas.links", 1, f"state = 'ready: {word}'")
        # One tries after each rest, for longer than six attempts.
        sim.wait_until(lambda: fault.taken >= 12, 2 * DEADLINE_S)
        self.assertEqual(self.count("glas.outbox", "state = 'failed'"), 0)
        sim.clear()
        # All but the two that were refused before the link rested.
        sim.wait_submitted(6, 2 * DEADLINE_S)
        self.office.sql("update glas_data.outbox set due_at = now() "
                        "where state = 'queued'")
        sim.wait_submitted(8, 2 * DEADLINE_S)
        self.office.wait_count("glas.outbox", 8, "state = 'accepted'")
        self.assertEqual({submit.recipient for submit in sim.submitted},
                         set(people))
        self.assertEqual(len(sim.submitted), 8)
        self.assertEqual(self.link()["detail"], "")

    def test_a_person_whose_text_hangs_the_modem_stops_nobody(self):
        sim = self.start_one()
        bad, others = number(), [number() for _ in range(3)]
        sim.fault("lose", PDU_STAGE, executed=False,
                  when=lambda: bad[-8:] in pdu.decode_submit(
                      sim.pdu_typed()).recipient)
        self.reports(sim, bad, *others)
        sim.wait_submitted(3, 2 * DEADLINE_S)
        self.office.wait_count("glas.outbox", 1, "state = 'unknown'",
                               2 * DEADLINE_S)
        self.office.wait_count("glas.outbox", 3, "state = 'accepted'")


class Neighbours(unittest.TestCase):
    """One bad modem of three; `tests/lib/modemfaults.py --faults 500` is the
    long way, which also holds the others to their rate."""

    def test_a_fault_of_each_kind_loses_nothing_and_stops_no_other(self):
        came_out = modemfaults.storm(
            CLUSTER, len(modemfaults.Faults.KINDS), seed=7, baseline_s=5)
        self.assertEqual((came_out["lost"], came_out["twice"]), (0, 0),
                         came_out)
        self.assertEqual(came_out["crooked_lost"], 0, came_out)
        self.assertLessEqual(came_out["answered_twice"],
                             came_out["restarts"]["bad"])
        self.assertEqual((came_out["restarts"]["one"],
                          came_out["restarts"]["two"]), (0, 0))
        self.assertGreater(came_out["rate_among"],
                           came_out["rate_without"] / 2)


if __name__ == "__main__":
    unittest.main()
