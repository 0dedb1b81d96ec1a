#!/usr/bin/env python3
"""Words that people write and nobody knew: listed, taught, understood."""

import contextlib
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from fakelink import LinkServer  # noqa: E402
from office import Office, wait_for  # noqa: E402

LIMITS = {"replies-per-hour": 0, "replies-per-day": 0, "segments-per-day": 0}
WORD = "brzgljavac"


class WordsTest(unittest.TestCase):
    def setUp(self):
        self.office = Office(limits=LIMITS)
        self.addCleanup(self.office.close)
        self.server = LinkServer(self.office.path("link"))
        self.addCleanup(self.server.close)
        self.office.sections = ("[link fake]\n"
                                f"command = {self.server.command()}\n")
        self.office.init()
        self.office.sql("create role kosta login; "
                        "grant glas_coordinator to kosta")
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()

    def coordinator(self, statement):
        return self.office.sql(statement, user="kosta")

    def store(self, originator, text):
        """Sends a text and waits until it is stored; returns what it is
        about, "" for what is not known."""
        before = self.office.count("glas_data.message")
        self.link.mo(originator, text)
        wait_for(lambda: self.link.pump(
            lambda: self.office.count("glas_data.message") > before, 0.2),
                 what=f"the text to be stored: {self.office.tail()}")
        return self.office.sql("select code from glas_data.message "
                               "order by id desc limit 1")

    def content_in_use(self):
        """What glasd keeps of the content that it has fetched last."""
        with contextlib.suppress(OSError):
            with open(self.office.path("spool", "content.json"),
                      encoding="utf-8") as content:
                return content.read()
        return ""

    def test_a_word_that_is_taught_is_understood(self):
        for last in (1, 2):
            self.assertEqual(
                self.store(f"+38164100000{last}", f"{WORD}i Vranje"), "")
        self.assertEqual(self.coordinator(
            "select word, texts, lang from glas.unknown_words "
            f"where word = '{WORD}i'").split("|")[:2], [WORD + "i", "2"])
        self.assertEqual(self.coordinator(
            "select code, pattern from "
            f"glas.teach('{WORD.upper()}*', 'category', 'WASTE', 'sr')"),
                         f"WASTE|{WORD}*")
        wait_for(lambda: WORD in self.content_in_use(),
                 what=f"new content: {self.office.tail()}")
        self.assertEqual(
            self.store("+381641000003", f"{WORD}i Vranje"), "WASTE")
        self.assertEqual(self.coordinator(
            "select count(*) from glas.unknown_words "
            f"where word = '{WORD}i'"), "0")
        self.coordinator(f"select glas.unteach('{WORD}*')")
        wait_for(lambda: WORD not in self.content_in_use(),
                 what=f"old content: {self.office.tail()}")
        self.assertEqual(
            self.store("+381641000004", f"{WORD}i Vranje"), "")

    def teach(self):
        self.coordinator(
            f"select glas.teach('{WORD.upper()}*', 'category', 'WASTE', 'sr')")

    def test_what_was_taught_stays_when_the_database_goes_and_comes(self):
        self.teach()
        wait_for(lambda: WORD in self.content_in_use(), what="new content")
        path = self.office.path("spool", "content.json")
        before = os.stat(path).st_ino
        self.office.cluster.stop()
        self.office.wait_database("away")
        self.office.cluster.start()
        self.office.wait_database()
        self.assertEqual(
            self.store("+381641000006", f"{WORD}i Vranje"), "WASTE")
        self.assertEqual(os.stat(path).st_ino, before)

    def test_content_that_could_not_be_fetched_is_asked_for_again(self):
        wait_for(self.content_in_use, what="content")
        # What a sequence gives out is not taken back.
        self.office.sql(
            "create sequence public.asked; alter function glas_gw.content() "
            "rename to content_now; create function glas_gw.content() "
            "returns jsonb language plpgsql security definer as $$ begin "
            "perform nextval('public.asked'); raise disk_full; end $$")
        self.teach()
        wait_for(lambda: self.office.sql(
            "select is_called from public.asked") == "t", what="a request")
        self.assertNotIn(WORD, self.content_in_use())
        self.office.sql("drop function glas_gw.content(); alter function "
                        "glas_gw.content_now() rename to content")
        wait_for(lambda: WORD in self.content_in_use(), what="new content")
        self.assertEqual(
            self.store("+381641000007", f"{WORD}i Vranje"), "WASTE")

    def start_without_database(self):
        """A start with what was kept; then the database comes, and whether
        its content is in use is asked anew."""
        self.office.sql("update glas_data.gateway set stale_since = now()")
        self.office.stop()
        self.office.cluster.stop()
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database("away")
        self.office.cluster.start()
        self.office.wait_database()
        self.office.wait_count("glas_data.gateway", 1, "stale_since is null")

    def test_content_that_was_kept_is_not_taken_into_memory_again(self):
        wait_for(self.content_in_use, what="content")
        path = self.office.path("spool", "content.json")
        before = os.stat(path).st_ino
        self.start_without_database()
        self.assertEqual(os.stat(path).st_ino, before)

    def test_content_that_changed_meanwhile_is_taken_up(self):
        wait_for(self.content_in_use, what="content")
        self.teach()
        self.start_without_database()
        self.assertEqual(
            self.store("+381641000005", f"{WORD}i Vranje"), "WASTE")


if __name__ == "__main__":
    unittest.main()
