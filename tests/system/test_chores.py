#!/usr/bin/env python3
"""What the database does by itself, on a connection of its own: it is done, and
no text waits for it.
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from fakelink import LinkServer  # noqa: E402
from office import Office, wait_for  # noqa: E402

PERSON = "+381641234567"
BUSY = ("select count(*) from pg_stat_activity where state = 'active' "
        "and application_name = 'glas_vranje_chores' "
        "and query like '%count_anew%'")


class ChoresTest(unittest.TestCase):
    def setUp(self):
        self.office = Office()
        self.addCleanup(self.office.close)
        self.server = LinkServer(self.office.path("link"))
        self.addCleanup(self.server.close)
        self.office.sections = ("[link fake]\n"
                                f"command = {self.server.command()}\n")
        self.office.init()
        self.office.sql("update glas_data.setting set value = '1' "
                        "where name = 'trend_least'")

    def begin(self):
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()

    def tell(self, text):
        before = len(self.link.texts())
        self.link.mo(PERSON, text)
        self.link.pump(lambda: len(self.link.texts()) > before)

    def test_what_is_reported_is_counted(self):
        self.begin()
        self.tell("PRIJAVA rupa na putu u Vranju")
        self.office.wait_count("glas.inbox", 1)
        self.office.sql("update glas_data.counted set at = case name "
                        "when 'voices' then null else glas.now() end")
        self.office.wait_count("glas.voices", 1)

    def hang(self):
        """From now on counting does not end."""
        self.office.sql(
            "create or replace function glas_gw.count_anew() returns text "
            "language sql as $$ select pg_sleep(600)::text $$")

    def test_no_text_waits_for_it(self):
        self.hang()
        self.begin()
        wait_for(lambda: self.office.sql(BUSY) == "1", what="a chore")
        self.tell("PRIJAVA rupa na putu u Vranju")
        self.office.wait_count("glas.inbox", 1)
        self.office.wait_settled()
        self.assertEqual(self.office.sql(BUSY), "1")
        self.office.stop()

    def test_it_goes_on_when_its_connection_is_lost(self):
        self.hang()
        self.begin()
        wait_for(lambda: self.office.sql(BUSY) == "1", what="a chore")
        first = self.office.sql(BUSY.replace("count(*)", "pid"))
        self.office.sql(f"select pg_terminate_backend({first})")
        wait_for(lambda: self.office.sql(BUSY.replace(
            "count(*)", "pid")) not in ("", first), what="another chore")
        self.assertNotIn("database=down", self.office.tail())
        self.office.cluster.kill()
        self.office.cluster.start()
        self.office.wait_database()
        wait_for(lambda: self.office.sql(BUSY) == "1", what="a third chore")


if __name__ == "__main__":
    unittest.main()
