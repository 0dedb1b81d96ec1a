"""Runs the pgTAP tests of the schema, each file in a database of its own.

Alone: tests/system/pgtap [FILE...], which prints what they say.
"""

import glob
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in "bench", "lib":
    sys.path.insert(0, os.path.join(os.path.dirname(HERE), folder))

import asked                                        # noqa: E402
from cluster import Cluster, find_bindir            # noqa: E402

SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
SQL_DIR = os.path.join(SRC_DIR, "sql")
DEADLINE_S = 300


def failures(output):
    """What is wrong with TAP output: a list of lines, empty when nothing."""
    wrong = [line for line in output.splitlines()
             if re.match(r"\s*not ok", line) and "# TODO" not in line]
    plan = re.search(r"^1\.\.(\d+)", output, re.MULTILINE)
    ran = len(re.findall(r"^(?:not )?ok \d+", output, re.MULTILINE))
    if not plan:
        wrong.append("no plan")
    elif int(plan.group(1)) != ran:
        wrong.append("%s planned, %d ran" % (plan.group(1), ran))
    return wrong


class PgTap(unittest.TestCase):
    """One method for each file of sql/tests, made below."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(fsync=False)
        cls.addClassCleanup(cls.cluster.destroy)
        cls.cluster.createdb("schema")
        subprocess.run(
            [os.path.join(BUILD_DIR, "glasctl"), "migrate", "--database",
             cls.cluster.dsn("schema"), "--sql", SQL_DIR],
            check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def all_that_people_have():
        with open(os.path.join(SQL_DIR, "tests", "matrix.psql"),
                  encoding="utf-8") as matrix:
            return re.findall(r"^(?:function|view) (glas\.\w+)",
                              matrix.read(), re.MULTILINE)

    def test_all_that_people_have_is_asked_in_the_benchmark_of_views(self):
        self.assertEqual(asked.unasked(self.all_that_people_have()), [])
        self.assertEqual(asked.unasked(["glas.fresh"]), ["glas.fresh"])

    def test_what_the_benchmark_of_views_asks_is_understood(self):
        """Nothing is done: a function may have got other parameters."""
        words = dict.fromkeys(asked.EXAMPLES, "1")
        questions = [question.format(**words)
                     for _, question in asked.ASKED + asked.RARELY]
        questions += [question.format(**words)
                      for question in asked.EXAMPLES.values()]
        self.cluster.createdb("asked", template="schema")
        # Forms have views.
        subprocess.run(
            [os.path.join(BUILD_DIR, "glasctl"), "content", "import",
             "--database", self.cluster.dsn("asked"),
             os.path.join(SRC_DIR, "etc", "content")],
            check=True, stdout=subprocess.DEVNULL)
        self.assertEqual(self.cluster.psql("".join(
            f"prepare asked as {question}; deallocate asked;\n"
            for question in questions), db="asked"), "")

    def test_all_that_people_have_is_used_in_a_test(self):
        names = self.all_that_people_have()
        texts = ""
        for path in (*glob.glob(os.path.join(SQL_DIR, "tests", "*.sql")),
                     *glob.glob(os.path.join(HERE, "test_*.py")),
                     os.path.join(SRC_DIR, "doc", "psql-tour.md")):
            with open(path, encoding="utf-8") as file:
                texts += file.read()
        self.assertGreater(len(names), 100)
        self.assertEqual([name for name in names if not re.search(
            re.escape(name) + r"\b", texts)], [])

    def run_file(self, path):
        name = os.path.splitext(os.path.basename(path))[0]
        self.cluster.createdb(name, template="schema")
        result = subprocess.run(
            [os.path.join(find_bindir(), "psql"), "-X", "-q", "-A", "-t",
             "-f", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", timeout=DEADLINE_S, check=False,
            env={**self.cluster.environment(name),
                 "PGCLIENTENCODING": "UTF8"})
        if os.environ.get("GLAS_TAP"):
            print(result.stdout, end="")
        wrong = failures(result.stdout)
        if result.returncode:
            wrong.append("psql ended with %d" % result.returncode)
        self.assertFalse(wrong, "\n".join([*wrong, result.stdout]))


def add_tests():
    """A method for each file, so that each is reported by its name."""
    for path in sorted(glob.glob(os.path.join(SQL_DIR, "tests", "*.sql"))):
        name = os.path.splitext(os.path.basename(path))[0]

        def method(self, path=path):
            self.run_file(path)
        setattr(PgTap, "test_" + name, method)


add_tests()

if __name__ == "__main__":
    unittest.main()
