#!/usr/bin/env python3
"""Somebody removes or moves the spool directory while the database is away:
what was acked is kept, or it is said that it is not."""

import os
import resource
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import number, program, wait_for  # noqa: E402


class Spool(GatewayTest):
    def setUp(self):
        super().setUp()
        self.spool = self.office.path("spool")
        self.lose_database()

    def report(self, count):
        for n in range(count):
            self.send(number(), f"PRIJAVA rupa broj {n} u ulici, Vranje")

    def log(self):
        return sorted(name for name in os.listdir(self.spool)
                      if name.startswith("log."))

    def again(self):
        """A kill, and a start with a database."""
        self.office.kill()
        self.link.close()
        self.cluster.start()
        self.begin()

    def begin(self):
        """A start. Whoever has another spool may be another one of that name, and
        waits until nobody can come back."""
        self.office.start()
        self.link = self.server.accept().begin()
        self.assertTrue(self.link.pump(lambda: (self.office.status() or {})
                                       .get("database") == "up", 90),
                        self.office.tail())

    def test_a_gateway_of_another_name_does_not_take_it_for_empty(self):
        self.report(1)
        self.office.stop()
        self.office.settings = {"name": "bor"}
        self.office.write_conf()
        done = subprocess.run([program("glasd"), "-t", "-c", self.office.conf],
                              text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("log-bor", done.stderr)
        os.rename(self.office.path("keys", "log-vranje"),
                  self.office.path("keys", "log-bor"))
        done = subprocess.run([program("glasd"), "-t", "-c", self.office.conf],
                              text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def alerts(self):
        return {a["name"] for a in self.office.status()["alerts"]}

    def said(self):
        """The references that people were told meanwhile."""
        self.link.pump(lambda: len(self.link.submits) >= self.reports)
        return {text for _, text in self.link.texts()}


class Removed(Spool):
    reports = 13

    def check(self):
        self.settle(self.reports)
        self.assertEqual(self.office.count("glas.reports"), self.reports)
        references = self.sql("select reference from glas.reports").split()
        self.assertEqual(len(self.told), self.reports)
        for text in self.told:
            self.assertTrue(any(r in text for r in references), text)
        self.assertNotIn("spool-damaged", self.alerts())

    def test_what_was_acked_before_is_made_anew_with_what_comes(self):
        self.report(8)
        shutil.rmtree(self.spool)
        self.report(5)
        self.told = self.said()
        self.cluster.start()
        self.office.wait_database()
        self.check()

    def test_it_is_made_anew_though_nobody_writes(self):
        self.report(13)
        self.told = self.said()
        shutil.rmtree(self.spool)
        wait_for(lambda: os.path.isdir(self.spool) and self.log(),
                 what="a log")
        self.again()
        self.check()

    def beside(self):
        """What is kept beside the log."""
        kept = {}
        for name in os.listdir(self.spool):
            if name == "instance" or name.endswith(".json"):
                with open(os.path.join(self.spool, name),
                          encoding="utf-8") as file:
                    kept[name] = file.read()
        return kept

    def test_so_is_what_is_kept_beside_it(self):
        before = self.beside()
        self.assertLessEqual({"instance", "content.json", "reserved.json"},
                             set(before))
        # Nobody is silenced, so that there may be no such file yet.
        before.setdefault("unanswered.json", "[]")
        content = before.pop("content.json")
        shutil.rmtree(self.spool)
        wait_for(lambda: os.path.isdir(self.spool) and
                 self.beside() == before, what="all that glasd knows")
        self.cluster.start()
        self.office.wait_database()
        wait_for(lambda: self.beside().get("content.json") == content,
                 what="the content of the database")

    def test_so_is_one_file_of_it(self):
        self.report(8)
        for name in self.log():
            os.unlink(os.path.join(self.spool, name))
        self.report(5)
        self.told = self.said()
        self.again()
        self.check()


class Backlog(GatewayTest):
    start = False

    def test_no_usual_limit_is_one_to_what_waits_for_the_database(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, hard // 2),
                                                    hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE,
                        (soft, hard))
        self.office.start()
        self.assertEqual(
            resource.prlimit(self.office.process.pid,
                             resource.RLIMIT_NOFILE), (hard, hard))


class Moved(Spool):
    def test_nothing_is_acked_until_it_is_back(self):
        self.report(3)
        os.rename(self.spool, self.spool + ".old")
        self.office.wait_status(lambda s: any(
            a["name"] == "spool-failing" and self.spool in a["text"]
            for a in s["alerts"]), "an alert")
        self.assertEqual(self.office.status()["state"], "down")
        id = self.link.mo(number(), "PRIJAVA rupa, Vranje")
        self.assertTrue(self.link.pump(lambda: id in self.link.nacked()))
        os.rename(self.spool + ".old", self.spool)
        wait_for(lambda: "spool-failing" not in self.alerts(), what="well")
        self.report(2)
        self.again()
        self.settle(5)
        self.assertNotIn("spool-damaged", self.alerts())

    def test_a_start_without_it_says_so_until_somebody_has_looked(self):
        self.report(3)
        os.rename(self.spool, self.spool + ".old")
        self.again()
        self.assertIn("spool-damaged", self.alerts())
        self.assertTrue(os.listdir(os.path.join(self.spool, "bad")))
        self.report(1)
        self.settle(1)
        # Where it was, it has what was acked.
        self.office.stop()
        self.link.close()
        shutil.rmtree(self.spool)
        os.rename(self.spool + ".old", self.spool)
        self.begin()
        self.settle(4)
        self.assertNotIn("spool-damaged", self.alerts())


if __name__ == "__main__":
    unittest.main()
