#!/usr/bin/env python3
"""What could not be stored as a text: shown, released, dismissed.

python3 -m unittest discover -s tests/system -p 'test_quarantine.py'
"""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import SRC_DIR, number, wait_for  # noqa: E402

STAMP = "2099-11-01T10:00:00+01:00"
DAY_S = 86400


class QuarantineTest(GatewayTest):
    def refuse(self, what):
        """The database takes no text that is like it."""
        self.sql("alter table glas_data.body add constraint refused "
                 f"check (text not like '{what}')")

    def mend(self):
        self.sql("alter table glas_data.body drop constraint refused")

    def put_aside(self, originator, text, what="%korov%", **more):
        """A text that is refused; returns its id in quarantine."""
        aside = self.office.count("glas.quarantine")
        self.refuse(what)
        self.send(originator, text, **more)
        self.office.wait_count("glas.quarantine", aside + 1)
        self.mend()
        return int(self.sql("select max(id) from glas.quarantine"))

    def release(self):
        self.sql("select glas.quarantine_release(id) from glas.quarantine "
                 "where state = 'open'")

    def wait_state(self, state, number=1):
        wait_for(lambda: self.link.pump(lambda: self.office.count(
            "glas.quarantine", f"state = '{state}'") >= number, 0.2),
                 what=f"{number} {state}: {self.office.tail()}")

    def alerts(self):
        return self.office.count("glas.alerts", "name = 'quarantine'")

    def history(self):
        return self.sql("select what from glas.quarantine_history").split()


class Release(QuarantineTest):
    def test_it_is_stored_once_and_answered(self):
        person, text = number(), "PRIJAVA korov u bunaru, Vranje"
        self.put_aside(person, text, scts=STAMP)
        self.assertEqual(self.alerts(), 1)
        self.release()
        self.wait_state("stored")
        self.settle(1)
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        reference = self.sql("select reference from glas.reports")
        self.assertEqual(self.link.texts()[0][0], person)
        self.assertIn(reference, self.link.texts()[0][1])
        self.assertEqual(
            self.sql("select i.text from glas.quarantine q "
                     "join glas.inbox i on i.id = q.inbox where octets = 0"),
            text)
        self.assertEqual(self.alerts(), 0)
        self.assertEqual(self.history(), ["released", "stored"])
        self.send(person, text, scts=STAMP)
        self.office.wait_count("glas_data.identity", 1, "seen = 2")
        self.assertEqual(self.office.count("glas_data.message"), 1)

    def test_danger_is_told_at_once_and_once(self):
        self.put_aside(number(), "gori kuca, Bujanovac", "%gori%")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertIn("193", self.link.texts()[0][1])
        self.release()
        self.wait_state("stored")
        self.settle(1)
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.assertIn(self.sql("select reference from glas.reports"),
                      self.link.texts()[1][1])
        self.assertEqual(self.office.count("glas.outbox"), 2)

    def test_what_is_still_refused_comes_back(self):
        self.put_aside(number(), "korov")
        self.refuse("%kor%")
        for times in (1, 2):
            self.release()
            self.office.wait_count("glas.quarantine_history", times,
                                   "what = 'returned'")
            self.assertEqual(self.alerts(), 1)
        self.assertEqual(self.history(), ["released", "returned"] * 2)
        self.mend()
        self.release()
        self.wait_state("stored")
        self.settle(1)

    def test_what_came_again_meanwhile_is_not_stored_again(self):
        person = number()
        self.put_aside(person, "PRIJAVA korov, Vranje", scts=STAMP)
        self.send(person, "PRIJAVA korov, Vranje", scts=STAMP)
        self.settle(1)
        self.release()
        self.wait_state("stored")
        self.settle(1)
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.assertEqual(len(self.link.submits), 1)

    def test_a_crash_before_it_is_written_down_stores_nothing_twice(self):
        self.put_aside(number(), "PRIJAVA korov, Vranje")
        stored = "function glas_gw.quarantine_stored(text, bigint)"
        self.sql(f"revoke execute on {stored} from glas_gateway")
        self.release()
        self.settle(1)
        self.wait_state("released")
        self.office.kill()
        self.link.close()
        self.sql(f"grant execute on {stored} to glas_gateway")
        self.start_glasd()
        self.wait_state("stored")
        self.settle(1)
        self.assertEqual(self.office.count("glas_data.message"), 1)
        self.assertEqual(self.office.count("glas.reports"), 1)

    def test_what_no_link_can_read_comes_back(self):
        self.link.say(t="raw", id="r1", slot=1, pdu="0791" * 9)
        self.office.wait_count("glas.quarantine", 1)
        self.release()
        self.office.wait_count("glas.quarantine_history", 1,
                               "what = 'returned'")
        self.assertEqual(
            self.sql("select state, seen from glas.quarantine"), "open|2")

    def test_many_at_once(self):
        self.refuse("%korov%")
        for n in range(45):
            self.link.mo(number(), f"PRIJAVA korov {n}, Vranje")
        self.office.wait_count("glas.quarantine", 45)
        self.mend()
        self.release()
        self.wait_state("stored", 45)
        self.settle(45)
        self.assertEqual(self.office.count("glas_data.message"), 45)
        self.assertEqual(self.office.count("glas.reports"), 45)

    def test_what_is_of_other_keys_comes_back(self):
        self.put_aside(number(), "korov")
        self.sql("update glas_data.quarantine set sealed = "
                 "set_byte(sealed, 40, get_byte(sealed, 40) # 1)")
        self.release()
        self.office.wait_count("glas.quarantine_history", 1,
                               "what = 'returned'")
        self.assertIn("keys", self.sql("select reason from glas.quarantine"))

    PLACE = "select municipality from glas.reports where text like '%rupa%'"

    def released_late(self, text):
        """Who was asked where something is meanwhile; returns them."""
        person = number()
        self.put_aside(person, text, text)
        self.assertIn("mest", self.ask(person, "PRIJAVA rupa na putu")[0])
        self.release()
        self.wait_state("stored")
        self.settle(2)
        self.assertEqual(self.sql(self.PLACE), "")
        return person

    def test_it_answers_no_question_that_was_asked_since(self):
        self.released_late("Bujanovac")

    def test_a_question_that_was_asked_since_stays_open(self):
        self.send(self.released_late("STATUS"), "Vranje")
        self.settle(3)
        self.assertEqual(self.sql(self.PLACE), "Vranje")


class Away(QuarantineTest):
    def tearDown(self):
        if not self.cluster.running:
            self.cluster.start()

    def test_what_was_told_before_it_was_refused_is_true(self):
        person = number()
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "reserved references")
        self.refuse("%korov%")
        self.cluster.stop()
        self.office.wait_database("away")
        self.send(person, "PRIJAVA korov u bunaru, Vranje")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        told = self.link.texts()[0][1]
        self.office.wait_status(lambda s: s["outbox"]["inflight"] == 0,
                                "an outcome")
        self.cluster.start()
        self.office.wait_count("glas.quarantine", 1)
        self.assertIn(f"answered: {told}\n", self.office.glasctl(
            "quarantine", "show", "1").stdout)
        self.mend()
        self.release()
        self.wait_state("stored")
        self.settle(1)
        self.assertIn(self.sql("select reference from glas.reports"), told)
        self.assertEqual(self.sql("select state, text from glas.outbox"),
                         f"accepted|{told}")
        self.assertEqual(len(self.link.submits), 1)


class Erasure(QuarantineTest):
    def test_who_has_all_erased_has_this_erased(self):
        person = number()
        self.put_aside(person, "korov")
        self.put_aside(number(), "korov")
        code = re.search(r"\b\d{4}\b", self.ask(person, "OBRISI")[0])[0]
        self.send(person, f"OBRISI {code}")
        self.wait_state("erased")
        self.assertEqual(self.sql(
            "select state, octets from glas.quarantine order by id"
            ).splitlines()[0], "erased|0")
        self.assertEqual(self.alerts(), 1)


class Days(QuarantineTest):
    start = False

    def move(self, seconds):
        self.office.move_clock(seconds)
        self.office.move_database_clock(seconds)

    def test_danger_is_told_days_later(self):
        self.office.limits = {**self.limits, "answer-prefixes": "+49"}
        self.office.write_conf()
        self.move(0)
        self.start_glasd()
        self.put_aside(number(), "gori kuca, Bujanovac", "%gori%")
        self.office.limits = self.limits
        self.office.write_conf()
        self.office.reload()
        self.move(3 * DAY_S)
        self.office.wait_count("glas_data.gateway", 1,
                               "alive_until > glas.now()")
        self.release()
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.assertIn("193", self.link.texts()[0][1])
        self.office.wait_count("glas.outbox", 1, "kind = 'emergency' and "
                               "state = 'accepted'")


class Glasctl(QuarantineTest):
    def ctl(self, *arguments, status=0):
        done = self.office.glasctl("quarantine", *arguments, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn("Sanitizer", done.stderr)
        return done.stdout + done.stderr

    def test_the_number_is_covered_unless_it_is_asked_for(self):
        person = number()
        aside = self.put_aside(person, "PRIJAVA korov č", scts=STAMP)
        self.assertIn(f"{aside}: open", self.ctl("list"))
        said = self.ctl("show", str(aside))
        self.assertIn("text: PRIJAVA korov č\n", said)
        self.assertIn("sent: 2099-11-01T09:00:00Z\n", said)
        self.assertIn("23514", said)
        self.assertIn(f"from: {person[:6]}*******", said)
        self.assertNotIn(person[6:], said)
        self.assertIn(f"from: {person}\n",
                      self.ctl("show", "--unmasked", str(aside)))
        self.assertEqual(
            self.sql("select note from glas.quarantine_history"),
            "\nwith the number")
        self.assertRegex(
            self.sql("select distinct who from glas.quarantine_history"),
            r"^glasd \(.+\)$")

    def test_a_pdu_is_covered_as_a_whole(self):
        self.link.say(t="raw", id="r1", slot=1, pdu="0791838614")
        self.office.wait_count("glas.quarantine", 1)
        said = self.ctl("show", "1")
        self.assertIn("5 octets", said)
        self.assertNotIn("0791838614", said)
        self.assertIn("0791838614", self.ctl("show", "1", "--unmasked"))

    def test_a_text_steers_nothing_and_looks_like_nothing_of_ours(self):
        aside = self.put_aside(
            number(), "korov\x1b[2J\r\nfrom: \u202eme\\n", scts=STAMP)
        said = self.ctl("show", str(aside))
        self.assertIn("text: korov\\u{001B}[2J\\n\\nfrom: \\u{202E}me\\\\n\n",
                      said)
        self.assertEqual(len(re.findall("^from: ", said, re.M)), 1)

    def test_parts_and_binaries_are_named(self):
        self.refuse("%binary%")
        self.link.say(t="mo", id="b1", originator=number(), scts=STAMP,
                      alphabet="binary", udh="0605040b8423f0", ud="1b5b")
        self.office.wait_count("glas.quarantine", 1)
        said = self.ctl("show", "1")
        self.assertIn("header: 7 octets 0605040b8423f0\n", said)
        self.assertIn("binary: 2 octets 1b5b\n", said)
        self.sql("alter table glas_data.concat_segment add check (false)")
        self.send(number(), "kor", udh="050003070302")
        self.office.wait_count("glas.quarantine", 2)
        said = self.ctl("show", "2")
        self.assertIn("segment: 2 of 3\n", said)
        self.assertIn("text: kor\n", said)

    def test_without_the_keys_nothing_is_shown(self):
        aside = self.put_aside(number(), "korov")
        os.rename(self.office.path("keys"), self.office.path("away"))
        self.assertNotIn("korov", self.ctl("show", str(aside), status=1))
        self.assertEqual(self.office.count("glas.quarantine_history"), 0)
        # Others, as of another network.
        self.office.cluster.createdb("other")
        self.office.glasctl("init", "--database",
                            self.office.cluster.dsn("other", "postgres"),
                            "--sql", os.path.join(SRC_DIR, "sql"))
        said = self.ctl("show", str(aside), status=1)
        self.assertIn("glasd -t", said)
        self.assertNotIn("korov", said)

    def test_it_is_released_and_dismissed(self):
        self.put_aside(number(), "PRIJAVA korov, Vranje")
        self.put_aside(number(), "kuga", "%kuga%")
        self.assertIn("gateway vranje", self.ctl("release", "1"))
        self.wait_state("stored")
        self.assertIn("dismissed", self.ctl("dismiss", "2", "a rude word"))
        self.assertEqual(self.ctl("list"), "")
        self.assertEqual(self.alerts(), 0)
        for command in ("show", "release"):
            self.assertIn("stored", self.ctl(command, "1", status=1))
        self.assertIn("glas.quarantine", self.ctl("show", "3", status=1))

    def test_wrong_command_lines(self):
        for arguments in (("show",), ("show", "x"), ("show", "1x"),
                          ("release", "-1"), ("dismiss", "1"),
                          ("show", "99999999999999999999"), ("list", "1")):
            with self.subTest(arguments=arguments):
                self.ctl(*arguments, status=2)


del QuarantineTest

if __name__ == "__main__":
    unittest.main()
