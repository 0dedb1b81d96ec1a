#!/usr/bin/env python3
"""The long tests of tests/lib/longrun.py, short: fewer rounds, every kind.
`make torture` and `make soak` run them whole and judge rates, times and memory
as well.

The seed of a run is printed; GLAS_SEED gives it again.
"""

import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import hostile  # noqa: E402
import longrun  # noqa: E402
from cluster import Cluster  # noqa: E402

SEED = int(os.environ.get("GLAS_SEED") or random.randrange(1 << 30))


def setUpModule():
    global CLUSTER
    print(f"GLAS_SEED={SEED}", file=sys.stderr)
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


class Long(unittest.TestCase):
    def setUp(self):
        if not CLUSTER.running:
            CLUSTER.start()

    def assert_well(self, figures):
        """No bar is missed, but for those of time."""
        missed = [each for each in figures if not each.well
                  and not each.timed]
        self.assertEqual(missed, [], figures)
        for each in figures:
            if each.figure == "SKIP":
                self.skipTest(f"{each.what}: {each.bar}")

    def test_an_outage_loses_nothing_and_floods_nobody(self):
        self.assert_well(longrun.outage(CLUSTER, 0.05))

    def test_machines_that_answer_each_other_have_one_reply(self):
        self.assert_well(longrun.machines(CLUSTER, 0.15))

    def test_hostile_messages_stop_nobody_and_show_nothing(self):
        self.assert_well(longrun.hostility(CLUSTER, 0.01, SEED))

    def test_a_log_with_a_bad_record_is_recovered(self):
        self.assert_well(longrun.recovery(CLUSTER, 0.02))

    def test_nothing_grows_through_restarts(self):
        self.assert_well(longrun.soak(CLUSTER, 0.005, SEED))


class Shown(unittest.TestCase):
    """That hostile.shown() sees what must not be shown, and no more."""

    def test_what_hides_or_steers_is_found(self):
        for bad in ("\x1b", "\t", "\r", "\x7f", "\x9b", "\u202e", "\u2066",
                    "\u200d", "\ufeff", "\xad", "\ue000", "\ufdd0", "\uffff",
                    "\u2028", "\U000e0041", "\U000e0101"):
            self.assertEqual(hostile.shown(f"a{bad}b"), [bad])

    def test_letters_and_pictures_are_not(self):
        self.assertEqual(hostile.shown("Šta\nЖ€ē\ufffd"
                                       "\U0001f469\u200d\U0001f680"), [])


if __name__ == "__main__":
    unittest.main()
