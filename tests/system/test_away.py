#!/usr/bin/env python3
"""glasd whose database is away, or as good as away: everything that can keep
it from storing is done to a real PostgreSQL.

python3 -m unittest discover -s tests/system -p 'test_away.py'
"""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import test_gateway  # noqa: E402
from cluster import Cluster, ClusterError  # noqa: E402
from office import program, wait_for  # noqa: E402
from test_gateway import number  # noqa: E402

setUpModule = test_gateway.setUpModule
tearDownModule = test_gateway.tearDownModule


def cluster():
    """The one that the offices of this module share."""
    return test_gateway.CLUSTER


def lets_in(server):
    """Does it take another connection?"""
    try:
        return server.psql("select true") == "t"
    except ClusterError:
        return False


class AwayTest(test_gateway.GatewayTest):
    def tearDown(self):
        if not cluster().running:
            cluster().start()


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
        cluster().stop()
        self.assertEqual(self.check(), (0, True))
        self.assertEqual(
            self.check("host=nowhere.invalid dbname=glas"), (0, True))

    def test_a_server_that_is_not_up_to_it_is_none_either(self):
        with Cluster(settings={"max_connections": 4}) as full:
            for _ in range(4):
                session = subprocess.Popen(
                    ["psql", full.dsn(), "-c", "select pg_sleep(600)"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.addCleanup(session.wait)
                self.addCleanup(session.kill)
            wait_for(lambda: not lets_in(full), what="a full server")
            self.assertEqual(self.check(full.dsn()), (0, True))

    def test_what_no_waiting_mends_is_said_and_fails(self):
        for dsn in (self.office.dsn("nobody_here"),
                    cluster().dsn("no_such_database", "glasd"),
                    "host=/tmp no_such_word=1"):
            with self.subTest(dsn=dsn):
                self.assertEqual(self.check(dsn), (1, False))
        self.sql("delete from glas_data.schema_version where number > 1")
        self.assertEqual(self.check(), (1, False))


if __name__ == "__main__":
    unittest.main()
