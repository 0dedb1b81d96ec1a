#!/usr/bin/env python3
"""The labelled texts all the way: from a simulated modem with a small SIM
through libgammu, glasd and PostgreSQL to the PDUs that the modem is given.

libgammu takes most of a second for a segment that it sends, so this takes
minutes; GLAS_QUICK=1 takes a quarter of the texts.

python3 -m unittest discover -s tests/system -p 'test_corpus.py'
"""

import collections
import csv
import json
import os
import random
import re
import subprocess
import sys
import unittest

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))

import demo_script  # noqa: E402
import pdu  # noqa: E402
from office import NO_LIMITS, SRC_DIR, Office, program  # noqa: E402
from simmodem import SimModem  # noqa: E402

CORPUS = os.path.join(SRC_DIR, "tests", "corpus", "texts.tsv")
CONTENT = os.path.join(SRC_DIR, "etc", "content")
QUICK_STEP = 4
LONG_STEP = 10                  # each so many comes in several parts
SLOTS = 30
SEGMENT_S = 3                   # many times what libgammu takes


def read_texts():
    """The texts of the corpus, or some of them."""
    with open(CORPUS, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))
    texts = [demo_script.unescape(row["text"]) for row in rows]
    return texts[::QUICK_STEP if os.environ.get("GLAS_QUICK") else 1]


def interpret(texts):
    """What glasctl makes of each text, from somebody never seen before."""
    done = subprocess.run(
        [program("glasctl"), "interpret", "--json", "--content", CONTENT],
        input="".join(demo_script.escape(text) + "\n" for text in texts),
        stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def parts_of(text, ref, count):
    """A text in parts, also where one segment would hold it."""
    encoding = pdu.GSM7 if pdu.is_gsm7(text) else pdu.UCS2
    size = -(-len(text) // count)
    pieces = [text[at:at + size] for at in range(0, len(text), size)]
    return [pdu.Segment(encoding, pdu.text_to_units(piece, encoding),
                        pdu.make_udh(pdu.concat_element(ref, len(pieces),
                                                        seq)))
            for seq, piece in enumerate(pieces, 1)]


def without_reference(text):
    """As glasctl interpret writes it."""
    return re.sub(r"\b\d{6}\b", "000000", text)


def number_of(count):
    """Somebody else for each text."""
    return "+38164200%04d" % count


@unittest.skipUnless(os.path.exists(program("glasd")) and
                     os.path.exists(program("glas-modem")),
                     "the programs are not built")
class CorpusTest(unittest.TestCase):
    """One run, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        cls.texts = read_texts()
        cls.meant = interpret(cls.texts)
        sim = SimModem(slots=SLOTS, seed=1)
        cls.addClassCleanup(sim.stop)
        sim.start()
        office = Office(limits=NO_LIMITS, introduces=True, sections=(
            "[modem sim]\ndevice = %s\ncommand = %s\npoll = 2000\n" % (
                sim.path, program("glas-modem"))))
        cls.addClassCleanup(office.close)
        cls.sim, cls.office = sim, office
        office.init()
        office.start()
        cls.deliver()
        cls.settle()

    @classmethod
    def deliver(cls):
        """All texts; parts of long ones in any order, others between."""
        dice = random.Random(1)
        places = []
        can_be_cut = [count for count, text in enumerate(cls.texts)
                      if len(text) > 1]
        cls.cut = set(can_be_cut[::LONG_STEP])
        for count, text in enumerate(cls.texts):
            segments = pdu.split(text)
            if count in cls.cut:
                segments = parts_of(text, count % 256, dice.choice((2, 3)))
                dice.shuffle(segments)
            at = float(count)
            for tpdu in pdu.deliver_segments(number_of(count), segments,
                                             scts=pdu.now()):
                places.append((at, tpdu))
                at += dice.uniform(0, SLOTS / 3)
        for _, tpdu in sorted(places):
            cls.sim.deliver_pdu(tpdu)
        cls.segments = len(places)

    @classmethod
    def settle(cls):
        """Until nothing more will come."""
        expected = sum(reply["segments"] for meant in cls.meant
                       for reply in meant["replies"])
        deadline_s = 30 + SEGMENT_S * (cls.segments + expected)
        cls.sim.wait_submitted(expected, deadline_s)
        cls.sim.wait_empty(deadline_s)
        cls.office.wait_count("glas.inbox", len(cls.texts))
        cls.office.wait_settled()

    def replies_by_number(self):
        """{number: [text]} as telephones show them."""
        found = collections.defaultdict(list)
        for text in self.sim.texts_sent():
            self.assertTrue(text.complete, text)
            self.assertEqual(text.repeated, 0, text)
            found[text.recipient].append(text.text)
        return found

    def test_every_text_is_stored_once(self):
        rows = json.loads(self.office.sql(
            "select json_agg(i) from glas.inbox i"))
        self.assertEqual(len(rows), len(self.texts))
        self.assertEqual(len({row["citizen"] for row in rows}),
                         len(self.texts))
        self.assertEqual(
            collections.Counter(row["text"] for row in rows),
            collections.Counter(map(demo_script.visible, self.texts)))

    def test_texts_in_parts_are_whole(self):
        self.assertEqual(len(self.cut), -(-len(self.texts) // LONG_STEP))
        self.assertEqual(self.office.count(
            "glas_data.message", "segments > 1"), sum(
                count in self.cut or len(pdu.split(text)) > 1
                for count, text in enumerate(self.texts)))

    def test_every_text_gets_its_replies_once(self):
        found = self.replies_by_number()
        for count, meant in enumerate(self.meant):
            with self.subTest(text=meant["text"]):
                self.assertEqual(
                    [without_reference(text)
                     for text in found.pop(number_of(count), [])],
                    [without_reference(reply["text"])
                     for reply in meant["replies"]])
        self.assertFalse(found)

    def test_a_report_is_acknowledged_once_and_danger_first(self):
        rows = json.loads(self.office.sql(
            "select json_agg(q) from (select m.intent, array_agg(o.kind"
            " order by o.id) as kinds from glas_data.message m"
            " join glas_data.outbox o on o.message = m.id"
            " group by m.id) q"))
        reports = [row["kinds"] for row in rows if row["intent"] == "report"]
        self.assertEqual(len(reports), sum(
            meant["intent"] == "report" for meant in self.meant))
        for kinds in reports:
            self.assertIn(kinds, (["receipt"], ["emergency", "receipt"]))
        for row in rows:
            self.assertLessEqual(len(row["kinds"]), 2)
            self.assertNotIn("emergency", row["kinds"][1:])
        self.assertEqual(
            sum("emergency" in row["kinds"] for row in rows),
            sum(meant["emergency"] != "" for meant in self.meant))

    def test_the_modem_is_left_empty_and_the_outbox_settled(self):
        self.assertEqual(self.sim.stored(), 0)
        self.assertEqual(self.sim.waiting(), 0)
        self.assertEqual(self.office.count(
            "glas_data.outbox", "state <> 'accepted'"), 0)
        self.assertEqual(self.office.count("glas_data.quarantine"), 0)


if __name__ == "__main__":
    unittest.main()
