#!/usr/bin/env python3
"""Forms all the way: from a text to a row of glas.form_checkin, with what is
missing asked for in between.
"""

import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import NO_LIMITS, SRC_DIR, Office, wait_for  # noqa: E402

CONTENT = os.path.join(SRC_DIR, "etc", "content")


def setUpModule():
    global CLUSTER
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


class FormsTest(unittest.TestCase):
    """A text goes in, a row is there, and an answer comes out."""

    def setUp(self):
        self.office = Office(cluster=CLUSTER, database=f"glas{id(self)}",
                             limits=NO_LIMITS)
        self.addCleanup(self.office.close)
        server = LinkServer(self.office.path("link"))
        self.addCleanup(server.close)
        self.office.sections = (
            f"[link fake]\ncommand = {server.command()}\n")
        self.office.init()
        self.office.start()
        self.link = server.accept().begin()
        self.office.wait_database()

    def settle(self, texts):
        """Takes replies until so many texts are stored and answered."""
        wait_for(lambda: self.link.pump(
            lambda: self.office.count("glas_data.message") >= texts and
            self.office.spool_settled(), 0.2), what=self.office.tail())

    def ask(self, text, person="+381641000001"):
        """Sends a text; returns its answer, its segments together."""
        before = len(self.link.submits)
        texts = self.office.count("glas_data.message")
        self.link.mo(person, text)
        self.settle(texts + 1)
        return "".join(text for _, text in self.link.texts()[before:])

    def rows(self, columns):
        return self.office.sql(
            f"select {columns} from glas.form_checkin order by entry")

    def test_a_text_with_all_values_is_a_typed_row(self):
        self.assertIn(": 5", self.ask(
            "JAVLJANJE Ristovac, napeto, 12, 3.11.2026. deca se boje puta"))
        self.assertEqual(
            self.rows("incidents + 1, mood, place, since - 2, remark, "
                      "complete, unread"),
            "13|tense|Vranje/Ristovac|2026-11-01|deca se boje puta|t|")
        self.assertEqual(self.office.count("glas.reports"), 0)
        self.assertEqual(self.office.sql(
            "select intent, code from glas_data.message"), "form|CHECKIN")

    def test_what_is_missing_is_asked_for_and_belongs_to_the_first_text(self):
        self.assertIn("Koliko", self.ask("JAVLJANJE mirno Vranje"))
        self.assertEqual(self.rows("incidents is null, complete"), "t|f")
        entry = self.rows("entry")
        self.assertEqual(
            self.office.sql("select dialog from glas_data.citizen"),
            f"field CHECKIN/incidents/{entry}/mood,place 0")
        self.assertIn(": 3", self.ask("sedam"))
        self.assertEqual(
            self.rows("entry, incidents, mood, place, complete"),
            f"{entry}|7|calm|Vranje|t")
        self.assertEqual(self.office.count("glas_data.message"), 2)

    def test_nonsense_is_kept_and_asked_about_once(self):
        self.assertIn("Koliko", self.ask("JAVLJANJE"))
        self.assertIn("mirno, napeto", self.ask("abrakadabra simsalabim"))
        self.assertEqual(self.rows("incidents, complete, unread"),
                         "|f|abrakadabra simsalabim")
        self.assertIn("kalendaru", self.ask(
            "JAVLJANJE 5 mirno Vranje 31.2."))
        self.assertIn(": 4", self.ask("28.2.2026."))
        self.assertEqual(
            self.rows("incidents, since, complete, unread").split("\n")[1],
            "5|2026-02-28|t|31.2.")

    def test_several_people_and_texts_at_once(self):
        first, second = "+381641000002", "+381641000003"
        for person, text in ((first, "JAVLJANJE mirno Vranje"),
                             (second, "JAVLJANJE lose Bujanovac"),
                             (first, "3"), (second, "4")):
            self.link.mo(person, text)
        self.settle(4)
        self.assertEqual(self.rows("incidents, mood, complete"),
                         "3|calm|t\n4|bad|t")

    def test_forms_outlive_a_migration_and_follow_the_content(self):
        self.ask("JAVLJANJE 5 mirno Vranje")
        self.office.glasctl("migrate", "--database",
                            self.office.dsn("postgres"), "--sql",
                            os.path.join(SRC_DIR, "sql"))
        self.assertEqual(self.rows("incidents"), "5")
        self.assertEqual(self.office.sql(
            "select has_table_privilege('glas_caseworker', "
            "'glas.form_checkin', 'select')"), "t")
        pack = self.changed(lambda fields: fields.pop(0))
        self.office.glasctl("content", "import", "--database",
                            self.office.dsn("postgres"), pack)
        self.assertEqual(self.office.sql(
            "select count(*) from pg_attribute where attname = 'incidents' "
            "and attrelid = 'glas.form_checkin'::regclass"), "0")
        self.assertEqual(self.rows("mood"), "calm")

    def test_a_wrong_form_is_named_by_line_and_not_imported(self):
        def spoil(fields):
            fields[0]["example"] = {"sr-Latn": "mnogo"}
        before = self.office.sql("select glas_gw.content()")
        pack = self.changed(spoil)
        for command in (("import", "--database",
                         self.office.dsn("postgres")), ("check",)):
            done = self.office.glasctl("content", *command, pack,
                                       check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{pack}/form_fields.json:4: ",
                          done.stdout + done.stderr)
        self.assertEqual(self.office.sql("select glas_gw.content()"), before)

    def test_an_answer_is_for_the_field_that_was_asked_for(self):
        """However the form has been changed meanwhile."""
        def turn(fields):
            for field in fields:
                field["position"] = 10 - field["position"]

        def drop(fields):
            fields[:] = [f for f in fields if f["field"] != "incidents"]

        self.assertIn("Koliko", self.ask("JAVLJANJE mirno"))
        self.take(turn)
        self.assertIn("mesta", self.ask("7"))
        self.assertIn(": 3", self.ask("Ristovac"))
        self.assertEqual(self.rows("incidents, mood, place, complete"),
                         "7|calm|Vranje/Ristovac|t")
        self.assertIn("mesta", self.ask("JAVLJANJE 5"))
        self.assertIn("mirno, napeto", self.ask("Bujanovac"))
        self.assertIn(": 3", self.ask("lose"))
        self.assertIn("Koliko", self.ask("JAVLJANJE mirno Vranje"))
        self.take(drop)
        self.assertIn(": 2", self.ask("mozda 8"))
        self.assertEqual(self.rows("mood, place, complete, unread"),
                         "calm|Vranje/Ristovac|t|\nbad|Bujanovac|t|\n"
                         "calm|Vranje|t|mozda 8")

    def take(self, change):
        """Imports a pack with other fields; until glasd has it."""
        pack = self.changed(change)
        self.office.glasctl("content", "import", "--database",
                            self.office.dsn("postgres"), pack)
        version = self.office.sql(
            "select glas_data.setting('content_version')")
        wait_for(lambda: self.link.pump(
            lambda: f"version={version}" in self.office.tail(100000), 0.1),
                 what=f"content {version}: {self.office.tail()}")
        shutil.rmtree(pack)

    def changed(self, change):
        """A pack with other fields of forms; its directory."""
        pack = self.office.path("pack")
        shutil.copytree(CONTENT, pack)
        file = os.path.join(pack, "form_fields.json")
        with open(file, encoding="utf-8") as old:
            section = json.load(old)
        change(section["entries"])
        with open(file, "w", encoding="utf-8") as new:
            new.write('{\n"note": "",\n"entries": [\n' + ",\n".join(
                json.dumps(entry) for entry in section["entries"]) + "\n]\n}")
        return pack


if __name__ == "__main__":
    unittest.main()
