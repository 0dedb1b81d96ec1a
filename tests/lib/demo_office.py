#!/usr/bin/env python3
"""The office of a demonstration: PostgreSQL, glasd and a telephone in one
folder, and what became of a text that was sent to it.

demo.py uses it.  The folder is the cluster's, whose guard removes it also
after a kill; glasd ends with us.
"""

import ctypes
import datetime
import json
import os
import shutil
import signal
import subprocess
import time

from cluster import Cluster, clean_environment
from demo_phone import PHONES
from office import NO_LIMITS, Office, program, wait_for

START_DEADLINE_S = 60
SETTLE_DEADLINE_S = 60
POLL_S = 0.03
PENDING = {"queued", "inflight", "unknown"}
PR_SET_PDEATHSIG = 1

SENT_QUERY = """
    select jsonb_build_object(
               'inbox', (select to_jsonb(i) from glas.inbox i
                          where i.id = m.id),
               'report', (select to_jsonb(r) from glas.reports r
                           where r.reference = m.reference
                             and exists (select from glas_data.report d
                                          where d.message = m.id)),
               'silent', m.silent,
               'outbox', coalesce((select jsonb_agg(jsonb_build_object(
                                              'state', o.state,
                                              'reason', o.reason) order by o.id)
                                     from glas_data.outbox o
                                    where o.message = m.id), '[]'))
      from glas_data.message m
     where m.id > %d and m.sent_at = '%s'"""


class DemoError(Exception):
    """It cannot go on."""


def end_with_parent():
    """In a child: its end is ours."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class DemoOffice(Office):
    """Started with start(), which takes some seconds."""

    def __init__(self, phone="sim", limits=True, report_delay_s=None):
        self.phone = None
        cluster = Cluster(fsync=False)
        super().__init__(name="demo", cluster=cluster, parent=cluster.folder,
                         limits={} if limits else NO_LIMITS,
                         introduces=True)
        self.own_cluster = True
        self.phone = PHONES[phone](self.folder, report_delay_s)
        self.last_stamp = datetime.datetime.min.replace(
            tzinfo=datetime.timezone.utc)
        self.last_id = 0
        self.sections = "[modem %s]\ncommand = %s\n%s" % (
            phone, self._modem(), self.phone.section())

    def _modem(self):
        """glas-modem where also the user of links can reach it."""
        path = self.path("glas-modem")
        shutil.copyfile(program("glas-modem"), path)
        os.chmod(path, 0o755)
        return path

    def start(self, wait=True, **environment):
        """Runs glasctl init and glasd; returns when the modem is ready."""
        self.init()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [program("glasd"), "-c", self.conf], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env={**clean_environment(),
                                             **environment},
                start_new_session=True, preexec_fn=end_with_parent)
        wait_for(self.answers, START_DEADLINE_S, "glasd: " + self.tail())
        self.wait_database(timeout_s=START_DEADLINE_S)
        self.wait_status(self._is_ready, "modem ready", START_DEADLINE_S)
        return self

    @staticmethod
    def _is_ready(status):
        return [link["state"] for link in status.get("links", ())] == ["ready"]

    def objects(self, query):
        """The JSON objects of a query with one column."""
        return [json.loads(line) for line in self.sql(query).split("\n")
                if line]

    def rows(self, query):
        """The rows of a query as dictionaries."""
        return self.objects("select to_jsonb(q) from (%s) q" % query)

    def next_stamp(self):
        """The network's time, never the same second twice."""
        now = datetime.datetime.now().astimezone().replace(microsecond=0)
        self.last_stamp = max(
            now, self.last_stamp + datetime.timedelta(seconds=1))
        return self.last_stamp

    def send(self, number, text):
        """Sends a text; returns its encoding and its segments."""
        return self.phone.send(number, text, self.next_stamp())

    def settle(self, timeout_s=SETTLE_DEADLINE_S):
        """What became of the text that was sent last, once nothing more will
        come of it by itself.

        A dictionary: `settled`, or did it take too long; `inbox` and `report`
        are rows of those views or None; `why` is the reason where nothing was
        sent.
        """
        until = time.monotonic() + timeout_s
        query = SENT_QUERY % (self.last_id, self.last_stamp.isoformat())
        outcome = {"settled": False, "inbox": None, "report": None}
        while not outcome["settled"] and time.monotonic() < until:
            for found in self.objects(query):
                states = {reply["state"] for reply in found["outbox"]}
                outcome = {**found, "why": self._why(found),
                           "settled": not states & PENDING}
            if self.process.poll() is not None:
                raise DemoError("glasd ended:\n" + self.tail())
            time.sleep(POLL_S)
        if outcome["inbox"]:
            self.last_id = outcome["inbox"]["id"]
        return outcome

    @staticmethod
    def _why(found):
        """Why nothing was sent."""
        if found["silent"]:
            return found["silent"]
        for reply in found["outbox"]:
            if reply["state"] not in ("accepted", "delivered"):
                return reply["reason"] or reply["state"]
        return "no reply"

    def arrived(self):
        """The replies that telephones have got since the last time."""
        return self.phone.take(self)

    def pending(self):
        """How many replies are on their way."""
        return self.rows(
            "select count(*) from glas.outbox where state = any ('{%s}')"
            % ",".join(sorted(PENDING)))[0]["count"]

    def close(self):
        """Leaves nothing."""
        if self.phone:
            self.phone.close()
        if self.process is not None:
            self.stop()
        super().close()
