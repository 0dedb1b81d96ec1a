"""The tour of psql stands as it is printed; what each role meets at psql reads
well at eighty columns; what help shows works."""

import difflib
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from cluster import ClusterError                        # noqa: E402
from office import SRC_DIR                              # noqa: E402
from terminal import COLUMNS                            # noqa: E402
from tour import ROLES, Tour, TourOffice                # noqa: E402

DOCUMENT = os.path.join(SRC_DIR, "doc", "psql-tour.md")

# What is wider than a screen as a table, and what a person looks at instead.
# With glas.psqlrc these are shown record by record.
WIDE = {
    "inbox": ":last",
    "reports": ":new, :case",
    "history": ":history, :case",
    "outbox": ":out",
    "asked": ":case",
    "referrals": ":case",
    "consents": "glas.complaint()",
    "reveals": "select id, asked_by, reference, reason",
    "broadcast_history": "where broadcast = 1",
    "polls": "select number, title, options, state, votes",
    "observers": "select name, form, organisation, state, silent_for",
    "form_checkin": "the columns of the form",
    "ratings": "select month, organisation, rated, average, bar",
    "links": ":links",
    "retention": "select what, category, days, about",
    "callbacks": "select id, citizen, times, last_at, state",
    "credit": "select link, amount, currency, days_left",
    "alerts": ":alerts",
    "texts": "one text at a time: where key = 'ACK'",
    "deadlines": "select name, within, what, whose, checked_on",
    "events": "select number, title, starts_at, coming",
    "questions": "select reference, state, text",
    "rumours": "select id, asked, text",
    "clusters": "select place, category, people, bar, open",
    "recommendations": "select number, addressee, answer, rating, bar",
    "publish_recommendations": "a record each",
    "publish_requests": "for programs: Open311",
    "publish_services": "for programs: Open311",
}
SHORT_WORDS = (":help", ":today", ":new", ":due", ":last", ":out",
               ":history", ":links", ":alerts", ":trend")


def setUpModule():
    """The document is run once; the others look at the office after that."""
    global OFFICE, TOUR, WAS, IS_NOW
    OFFICE = TourOffice()
    unittest.addModuleCleanup(OFFICE.close)
    TOUR = Tour(OFFICE)
    unittest.addModuleCleanup(TOUR.close)
    with open(DOCUMENT, encoding="utf-8") as file:
        WAS = file.read()
    IS_NOW = TOUR.run(WAS)


def width(text):
    """Columns of the longest line."""
    return max(map(len, text.splitlines() or [""]))


class Document(unittest.TestCase):
    def test_every_statement_prints_what_the_document_says(self):
        difference = "\n".join(difflib.unified_diff(
            WAS.splitlines(), IS_NOW.splitlines(), "written", "printed",
            lineterm=""))
        self.assertFalse(difference, difference +
                         "\ntests/system/tour --write writes it anew")

    def test_the_tour_shows_each_role(self):
        for role, _, kind in ROLES:
            if kind != "caseworker" or role == "mira":
                self.assertRegex(WAS, rf"(?m)^{role}@glas", role)

    def test_screens_have_eighty_columns(self):
        blocks = re.findall(r"(?ms)^```\n(.*?)^```$", WAS)
        self.assertGreater(len(blocks), 20)
        wide = [line for block in blocks for line in block.splitlines()
                if len(line) > COLUMNS]
        self.assertEqual(wide, [])


class Psqlrc(unittest.TestCase):
    def test_no_word_of_the_settings_errs_for_any_role(self):
        for role, _, kind in ROLES:
            terminal = OFFICE.psql(role)
            self.addCleanup(terminal.close)
            said = terminal.screen
            for word in SHORT_WORDS:
                said += terminal.type(word)
            with self.subTest(kind=kind):
                self.assertNotIn("ERROR", said)
                self.assertNotIn("invalid", said)
                self.assertNotRegex(said, r"(?m)^\\|:glas_")
                self.assertIn(":help what there is.", said)
                self.assertLessEqual(width(said), COLUMNS)
                example = re.search(r"Of one: (select .*;)", said).group(1)
                self.assertNotIn("ERROR", terminal.type(example))

    def test_what_it_says_by_itself_fits_a_narrow_screen(self):
        for role, _, kind in ROLES:
            terminal = OFFICE.psql(role)
            self.addCleanup(terminal.close)
            with self.subTest(kind=kind):
                self.assertLessEqual(width(terminal.screen), 40)
                said = terminal.type(":help").splitlines()
                self.assertLessEqual(width("\n".join(said[-4:])), 60)

    def test_the_prompt_counts_new_cases_as_the_role_sees_them(self):
        for role in ("mira", "kosta", "oto", "petra"):
            terminal = OFFICE.psql(role)
            self.addCleanup(terminal.close)
            prompt = terminal.screen.splitlines()[-1]
            try:
                new = OFFICE.sql("select count(*) from glas.reports"
                                 " where status = 'new'", user=role)
            except ClusterError:
                new = "0"
            self.assertEqual(prompt, f"{role}@glas> " if new == "0"
                             else f"{role}@glas {new} new> ")

    def test_what_is_typed_after_reply_needs_no_quotes(self):
        terminal = OFFICE.psql("mira")
        self.addCleanup(terminal.close)
        reference = OFFICE.sql("select reference from glas.reports"
                               " where status = 'new' limit 1", user="mira")
        terminal.type(":case")
        terminal.type(reference)
        terminal.type(":reply")
        said = terminal.type("s'ka gje: $$ \\q :ref; -- 100%")
        self.assertRegex(said, r"(?m)^ +\d+$")
        self.assertEqual(
            OFFICE.sql("select text from glas_data.outbox order by"
                       " created_at desc, id desc limit 1"),
            "s'ka gje: $$ \\q :ref; -- 100%")
        self.assertIn("the reply is empty", terminal.type(":reply")
                      and terminal.type(""))

    def test_the_last_twenty_are_the_newest_whoever_numbered_them(self):
        for word, view, at in ((":last", "inbox", "received_at"),
                               (":out", "outbox", "created_at")):
            newest = OFFICE.sql(f"select id from glas.{view} order by {at}"
                                " desc, id desc limit 20", user="kosta").split()
            terminal = OFFICE.psql("kosta")
            self.addCleanup(terminal.close)
            self.assertEqual(re.findall(r"(?m)^ +(\d+) │",
                                        terminal.type(word)), newest)
        self.assertNotEqual(newest, sorted(newest, key=int, reverse=True))

    def test_a_pager_of_ones_own_stays(self):
        for mine in (None, "cat"):
            environment = {
                **OFFICE.cluster.environment(OFFICE.database, "mira"),
                "PSQLRC": os.path.join(SRC_DIR, "contrib", "glas.psqlrc")}
            if mine:
                environment["PSQL_PAGER"] = mine
            done = subprocess.run(
                [os.path.join(OFFICE.cluster.bindir, "psql")],
                input="\\getenv pager PSQL_PAGER\n\\echo <:pager>\n",
                text=True, capture_output=True, check=True, env=environment)
            self.assertEqual(done.stderr, "")
            self.assertIn("<cat>" if mine else "less -FRX", done.stdout)


class Views(unittest.TestCase):
    """All of schema glas, with what the tour has left in it."""

    def names(self):
        return OFFICE.sql(
            "select relname from pg_class where relkind = 'v' and"
            " relnamespace = 'glas'::regnamespace order by 1").split()

    def shown(self, view, *arguments):
        return OFFICE.cluster.psql(
            f"set timezone = 'Europe/Belgrade'; select * from glas.{view}",
            db=OFFICE.database, tuples_only=False, arguments=(
                "-P", "linestyle=unicode", "-P", "footer=off", *arguments))

    def test_views_fit_a_screen_or_have_something_that_does(self):
        wide = {view: width(self.shown(view, "-P", "format=aligned"))
                for view in self.names()}
        self.assertEqual(
            {view: columns for view, columns in wide.items()
             if columns > COLUMNS and view not in WIDE}, {})

    def test_what_is_said_to_be_wide_is(self):
        self.assertEqual(set(WIDE) - set(self.names()), set())
        narrow = [view for view in WIDE
                  if width(self.shown(view, "-P", "format=aligned")) <= COLUMNS
                  and OFFICE.count(f"glas.{view}")]
        self.assertEqual(narrow, [])

    def test_wide_views_fit_with_the_settings_that_are_delivered(self):
        terminal = OFFICE.psql("kosta")
        self.addCleanup(terminal.close)
        for view in self.names():
            with self.subTest(view=view):
                self.assertLessEqual(width(terminal.type(
                    f"select * from glas.{view} limit 50;")), COLUMNS)


class Help(unittest.TestCase):
    def things(self):
        """Name, kind, example of all that anybody may use."""
        return [row.split("\t") for row in OFFICE.sql(
            "select concat_ws(e'\\t', name, kind, example)"
            " from glas_data.help_rows()").splitlines()]

    def test_help_has_everything(self):
        there = OFFICE.sql(
            "select relname from pg_class where relkind = 'v' and"
            " relnamespace = 'glas'::regnamespace union"
            " select proname from pg_proc where"
            " pronamespace = 'glas'::regnamespace").split()
        self.assertEqual({name for name, *_ in self.things()}, set(there))

    def test_help_fits_a_screen(self):
        terminal = OFFICE.psql("kosta")
        self.addCleanup(terminal.close)
        self.assertLessEqual(
            width(terminal.type("select * from glas.help();")), COLUMNS)
        for name, *_ in self.things():
            with self.subTest(name=name):
                said = terminal.type(f"select * from glas.help('{name}');")
                if "is not" not in said and "there is no" not in said:
                    self.assertLessEqual(width(said), COLUMNS)
                    self.assertNotIn("…\n", said)

    def test_examples_can_be_run(self):
        """Each is read, its names and types are found, and what it does is
        undone; what it says is a sentence of ours at most."""
        for name, kind, example in self.things():
            if name in ("now",):
                continue
            with self.subTest(name=name):
                try:
                    OFFICE.sql(f"begin; {example}\n; rollback")
                except ClusterError as error:
                    self.assertEqual(kind, "function")
                    self.assertNotRegex(str(error), re.compile(
                        "syntax error|does not exist|cannot cast|invalid input"
                        "|violates|is not unique"))


if __name__ == "__main__":
    unittest.main()
