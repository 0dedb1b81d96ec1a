#!/usr/bin/env python3
"""Completion of glasctl in bash, asked as bash asks it."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from office import SRC_DIR, program  # noqa: E402

ASK = """
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_glasctl
printf '%s\\n' "${COMPREPLY[@]}"
"""


@unittest.skipUnless(shutil.which("bash"), "no bash")
class Completion(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="glas-complete-")
        self.addCleanup(shutil.rmtree, self.folder)

    def complete(self, *words):
        """What stands for the last of these words."""
        done = subprocess.run(
            ["bash", "-c", ASK, "bash",
             os.path.join(SRC_DIR, "etc", "glasctl.bash"),
             program("glasctl"), *words], capture_output=True, text=True,
            check=True, cwd=self.folder,
            env={**os.environ, "HOME": self.folder})
        self.assertEqual(done.stderr, "")
        words = [word for word in done.stdout.splitlines() if word]
        self.assertEqual(len(words), len(set(words)), words)
        return set(words)

    def test_commands_are_those_of_the_program(self):
        self.assertLessEqual({"init", "doctor", "status", "content"},
                             self.complete(""))
        self.assertEqual(self.complete("doc"), {"doctor"})
        self.assertEqual(self.complete("content", ""),
                         {"check", "import", "export", "cards"})
        self.assertEqual(self.complete("nonsense", ""), set())

    def test_options_are_those_of_the_command(self):
        self.assertEqual(self.complete("init", "--"),
                         {"--database", "--sql", "--content"})
        self.assertEqual(self.complete("status", "-"), {"--json"})

    def test_links_are_those_of_the_configuration(self):
        conf = os.path.join(self.folder, "glas.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write("[gateway]\nname = x\n[modem mts]\n[link own-1]\n"
                       "[web kannel]\n[status page]\n")
        self.assertEqual(self.complete("-c", conf, "pause", ""),
                         {"mts", "own-1", "kannel"})
        self.assertEqual(self.complete("-c", conf, "ussd", ""),
                         {"mts", "own-1"})
        self.assertEqual(self.complete("-c", conf, "resume", "o"),
                         {"outbox", "own-1"})

    def test_the_kinds_of_people_are_those_of_admin_add(self):
        kinds = {"caseworker", "coordinator", "press", "operator", "auditor"}
        self.assertEqual(self.complete("admin", "add", "mira", "cazas", ""),
                         kinds | {"--database"})
        self.assertEqual(self.complete("admin", "add", "--database", "x",
                                       "mira", "cazas", "co"),
                         {"coordinator"})
        self.assertEqual(self.complete("admin", "add", "mira", "c"), set())

    def test_files_are_those_that_are_there(self):
        with open(os.path.join(self.folder, "my.keys"), "wb"):
            pass
        self.assertEqual(self.complete("key", "import", "my"), {"my.keys"})

    def test_a_name_with_blanks_and_stars_is_one(self):
        for name in ("our keys", "our *", "other"):
            with open(os.path.join(self.folder, name), "wb"):
                pass
        self.assertEqual(self.complete("key", "import", "our"),
                         {"our keys", "our *"})
        self.assertEqual(self.complete("-c", "our\\ k"), {"our keys"})

    def test_a_configuration_at_home_is_found(self):
        with open(os.path.join(self.folder, "my glas.conf"), "w",
                  encoding="utf-8") as file:
            file.write("[modem mts]\n")
        self.assertEqual(self.complete("-c", "~/my\\ glas.conf", "pause", ""),
                         {"mts"})


if __name__ == "__main__":
    unittest.main()
