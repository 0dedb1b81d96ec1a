"""What most system tests begin with: a glasd with a real PostgreSQL and a link
that the test drives line by line.

The tests of a file share a server of PostgreSQL when the file says

    from gateway import GatewayTest, setUpModule, tearDownModule
"""

import unittest

from cluster import Cluster
from fakelink import LinkServer
from office import NO_LIMITS, Office, wait_for


def setUpModule():
    GatewayTest.cluster = Cluster(fsync=False)


def tearDownModule():
    GatewayTest.cluster.destroy()


class GatewayTest(unittest.TestCase):
    cluster = None
    limits = NO_LIMITS
    settings = {}
    section = ""
    start = True
    environment = {}
    introduces = False

    def setUp(self):
        self.office = Office(cluster=self.cluster, database=f"glas{id(self)}",
                             limits=self.limits, settings=self.settings,
                             introduces=self.introduces)
        self.addCleanup(self.office.close)
        self.server = LinkServer(self.office.path("link"))
        self.addCleanup(self.server.close)
        self.office.sections = (f"[link fake]\ncommand = "
                                f"{self.server.command()}\n{self.section}")
        self.office.init()
        if self.start:
            self.start_glasd()

    def start_glasd(self, database="up"):
        """A start, until its link is there and the database as it is to be."""
        self.office.start(**self.environment)
        self.link = self.server.accept().begin()
        self.office.wait_database(database)

    def lose_database(self):
        """Until the server is started again, at the latest behind the test."""
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 0,
                                "numbers for an outage")
        self.office.end_sessions()
        self.cluster.stop()
        self.addCleanup(lambda: self.cluster.running or self.cluster.start())
        self.office.wait_database("away")

    def send(self, originator, text, **more):
        """Offers a text and waits for its ack."""
        id = self.link.mo(originator, text, **more)
        self.assertTrue(self.link.pump(lambda: id in self.link.acked()),
                        self.office.tail())
        return id

    def ask(self, originator, text, replies=1):
        """Sends a text; returns the texts that were answered."""
        before = len(self.link.submits)
        self.send(originator, text)
        self.link.pump(
            lambda: len(self.link.submits) >= before + replies)
        self._wait_settled()
        return [text for _, text in self.link.texts()[before:]]

    def _wait_settled(self):
        # What was asked before may be answered in between: all is accepted.
        wait_for(lambda: self.link.pump(self.office.spool_settled, 0.2),
                 what="a settled gateway")

    def settle(self, messages):
        """Waits until so many texts are stored and nothing is under way."""
        wait_for(lambda: self.link.pump(
            lambda: self.office.count("glas_data.message") >= messages, 0.2),
                 what=f"{messages} texts: {self.office.tail()}")
        # What was stored a moment ago is claimed a moment later.
        for _ in range(2):
            self._wait_settled()
            self.link.pump(lambda: False, 0.2)

    def sql(self, statement):
        return self.office.sql(statement)

    def empty(self, tables):
        """Takes all out of tables, past the guard of the history."""
        names = ", ".join(f"glas_data.{name.strip()}"
                          for name in tables.split(","))
        self.sql("set session_replication_role = replica;"
                 f" truncate {names} cascade")
