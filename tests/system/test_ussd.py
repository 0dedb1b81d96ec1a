#!/usr/bin/env python3
"""USSD menus: the real glasd, glas-web and PostgreSQL, and a network that
speaks as Africa's Talking documents its USSD interface."""

import json
import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, wait_until  # noqa: E402
from fakeaggregator import FakeAggregator  # noqa: E402
from office import Office, program  # noqa: E402
from test_web import NUMBER, SECRET, Web, post_json  # noqa: E402

OTHER = "+381641234599"


class Caller:
    """A telephone, by a network that tells all that was typed, or the last."""

    sessions = 0

    def __init__(self, web, number=NUMBER, cumulative=True):
        self.web, self.number, self.cumulative = web, number, cumulative
        self.typed = []
        self.session = None

    def dial(self, code=""):
        """A new session; code is what was dialled behind the service."""
        Caller.sessions += 1
        self.session = f"ATUid_{Caller.sessions}"
        self.typed = [code] if code else []
        return self.hop(code)

    def say(self, typed):
        self.typed.append(typed)
        return self.hop(typed)

    def hop(self, typed):
        """The answer to one request, without its first word; that is kept."""
        status, answer = self.web.ask("/ussd", {
            "sessionId": self.session, "phoneNumber": self.number,
            "serviceCode": "*384#", "networkCode": "22001",
            "text": "*".join(self.typed) if self.cumulative else typed})
        if status != 200:
            raise AssertionError(f"{status} {answer}")
        self.word, screen = answer.split(" ", 1)
        return screen

    def report(self, subject="1", place="Vranje", text="traze mito"):
        """All the way; the last screen."""
        self.dial()
        self.say("1")
        self.say(subject)
        self.say(place)
        return self.say(text)


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdTest(unittest.TestCase):
    """Menus, and what comes of them."""

    keys = {"ussd": "cumulative"}

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster().__enter__()
        cls.addClassCleanup(cls.cluster.__exit__, None, None, None)

    def setUp(self):
        self.sender = FakeAggregator()
        self.addCleanup(self.sender.close)
        self.office = Office(cluster=self.cluster,
                             database=f"ussd_{self._testMethodName}"[:60])
        self.addCleanup(self.office.close)
        self.configure()
        self.office.init()
        self.office.start()
        self.office.wait_database()
        self.ready()

    def configure(self, **keys):
        self.web = Web(self.office, self.sender, **{**self.keys, **keys})
        self.office.sections = self.web.section

    def ready(self):
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "ready", "web ready")

    def reference(self):
        return self.office.sql(
            "select reference from glas.reports order by reported_at desc"
            " limit 1").strip()

    def test_a_report_takes_four_hops_and_its_number_is_shown_and_sent(self):
        caller = Caller(self.web)
        self.assertIn("1 Prijava", caller.dial())
        self.assertIn("1 policija", caller.say("1"))
        self.assertIn("selo ili grad", caller.say("1"))
        self.assertIn("192, 193, 194", caller.say("Vranje"))
        screen = caller.say("traze mito na ulici")
        self.assertEqual(caller.word, "END")
        self.office.wait_count("glas.reports", 1)
        self.assertIn(self.reference(), screen)
        self.assertEqual(self.office.sql(
            "select category, municipality, channel, text from glas.reports")
            .strip(), "POL_BRIBE|Vranje|ussd|Vranje: traze mito na ulici")
        wait_until(lambda: self.sender.sent, 20, "its receipt")
        self.assertIn(self.reference(), self.sender.sent[0]["body"]["message"])


if __name__ == "__main__":
    unittest.main()
