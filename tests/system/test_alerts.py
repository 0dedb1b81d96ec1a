#!/usr/bin/env python3
"""What is wrong has the same name for whoever looks: glasctl status,
glas.alerts and glasctl metrics; and it goes away.

Each is provoked with a real glasd and a real PostgreSQL.
"""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, in_memory  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import Office, program, wait_for  # noqa: E402

PERSON = "+381641234567"
SAMPLE = re.compile(r"(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? "
                    r"(?P<value>-?[0-9.e+-]+)")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"')


def setUpModule():
    global CLUSTER
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


def read_metrics(text):
    """{(name, labels): value}; raises where it is not as Prometheus has it."""
    samples, types, last = {}, {}, None
    for line in text.splitlines():
        if line.startswith("# "):
            _, word, name, rest = line.split(" ", 3)
            assert rest and (word == "HELP" or rest in (
                "counter", "gauge", "summary")), line
            if word == "HELP":
                assert name not in types, f"{name} twice"
                last = name
            types[name] = rest
            assert name == last, line
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        labels = sample["labels"] or ""
        pairs = LABEL.findall(labels)
        assert ",".join(f'{k}="{v}"' for k, v in pairs) == labels, line
        family = sample["name"]
        if types[last] == "summary":
            family = re.sub(r"_(sum|count)$", "", family)
        assert family == last, f"{line} stands below {last}"
        assert (types[last] == "counter") == family.endswith("_total"), line
        key = sample["name"], frozenset(pairs)
        assert key not in samples, f"{line} twice"
        samples[key] = float(sample["value"])
    return samples


class AlertsTest(unittest.TestCase):
    settings = {}
    start = True

    def setUp(self):
        self.office = Office(cluster=CLUSTER, database=f"glas{id(self)}",
                             settings=self.settings)
        self.addCleanup(self.office.close)
        self.server = LinkServer(self.office.path("link"))
        self.addCleanup(self.server.close)
        self.fake = f"[link fake]\ncommand = {self.server.command()}\n"
        self.office.sections = self.fake
        self.office.init()
        if self.start:
            self.begin()

    def begin(self):
        self.office.start()
        self.link = self.server.accept().begin()
        self.office.wait_database()

    # --- who looks ----------------------------------------------------------

    def in_status(self, name):
        return [alert for alert in (self.office.status() or {}).get(
            "alerts", ()) if alert["name"] == name]

    def in_psql(self, name):
        return self.office.count("glas.alerts", f"name = '{name}'")

    def metrics(self):
        return read_metrics(self.office.glasctl("metrics").stdout)

    def metric(self, name, **labels):
        return self.metrics().get((name, frozenset(labels.items())))

    def in_metrics(self, name):
        return [dict(labels) for (metric, labels), value in
                self.metrics().items()
                if metric == "glas_alert" and dict(labels)["name"] == name]

    def wait_everywhere(self, name, link="", psql=True):
        """The same name wherever one looks; returns it as in the status."""
        wait_for(lambda: self.in_status(name) and self.in_metrics(name) and
                 (not psql or self.in_psql(name)),
                 what=f"{name} in {self.office.status()}")
        alert, = self.in_status(name)
        self.assertEqual(alert["link"], link)
        self.assertTrue(alert["remedy"])
        self.assertEqual([labels["link"] for labels in self.in_metrics(name)],
                         [link])
        if psql:
            self.assertEqual(
                self.office.sql("select link, glas_data.utc(since), text = "
                                f"$q${alert['text']}$q$ from glas.alerts "
                                f"where name = '{name}'"),
                f"{link}|{alert['since']}|t")
        done = self.office.glasctl("status", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"! {name}", done.stdout)
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        return alert

    def wait_nowhere(self, name):
        wait_for(lambda: not self.in_status(name) and not self.in_psql(name)
                 and not self.in_metrics(name),
                 what=f"no {name} in {self.office.status()}")

    def assert_well(self):
        self.office.wait_status(lambda s: s.get("state") == "well", "well")
        wait_for(lambda: self.office.count("glas.alerts") == 0,
                 what="no row in glas.alerts")
        self.assertEqual(self.office.glasctl("status").returncode, 0)
        self.assertEqual(self.metric("glas_state", state="well"), 1)


class OneName(AlertsTest):
    def test_a_program_that_is_missing(self):
        self.office.write_conf(self.fake +
                               "[link far]\ncommand = /nonexistent\n")
        self.office.reload()
        alert = self.wait_everywhere("link-down", "far")
        self.assertEqual(alert["text"], "cannot be started")
        self.assertEqual(self.metric("glas_link_up", link="far", kind="link"),
                         0)
        self.assertEqual(self.metric("glas_state", state="degraded"), 1)
        self.office.write_conf(self.fake)
        self.office.reload()
        self.wait_nowhere("link-down")
        self.assert_well()

    def test_a_configuration_that_was_not_taken_is_told_until_one_is(self):
        self.office.write_conf(self.fake + "window = many\n")
        self.office.reload()
        # glasctl reads it too, and says the same.
        wait_for(lambda: self.in_status("configuration") and
                 self.in_psql("configuration"))
        alert, = self.in_status("configuration")
        self.assertIn("window", alert["text"])
        self.assertIn("window",
                      self.office.glasctl("status", check=False).stderr)
        name, self.office.name = self.office.name, "elsewhere"
        self.office.write_conf(self.fake)
        self.office.name = name
        self.office.reload()
        wait_for(lambda: any("restart" in a["text"] for a in
                             self.office.status()["alerts"]))
        self.office.write_conf(self.fake)
        self.office.reload()
        self.wait_nowhere("configuration")
        self.assert_well()

    def test_a_link_that_is_not_ready_yet_is_named(self):
        self.link.say(t="state", state="starting")
        self.office.wait_status(lambda s: s.get("state") != "well", "a start")
        said = self.office.glasctl("status", check=False)
        self.assertIn("! not ready yet\n    fake is starting", said.stdout)
        self.link.say(t="state", state="ready")
        self.assert_well()

    def test_a_link_that_was_paused(self):
        self.office.glasctl("pause", "fake")
        self.wait_everywhere("link-paused", "fake")
        self.assertEqual(self.still_s(), 0)
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(self.link.acked))
        wait_for(lambda: self.still_s() > 1, what="a queue that stands")
        self.assertEqual(self.metric("glas_link_waiting", link="fake"), 1)
        stood = self.still_s()
        self.link.mo("+381641234568", "PRIJAVA mrak Vranje")
        wait_for(lambda: self.metric("glas_link_waiting", link="fake") == 2)
        self.assertGreaterEqual(self.still_s(), stood)
        self.office.glasctl("resume", "fake")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        self.assertEqual(self.still_s(), 0)
        self.wait_nowhere("link-paused")
        self.assert_well()

    def still_s(self):
        return self.metric("glas_link_waiting_seconds", link="fake")

    def test_a_link_that_breaks_the_protocol_and_falls_again_and_again(self):
        for n in range(5):
            self.link.say(t="riddle", n=n)
            while self.link.hear() is not None:
                pass
            self.link.close()
            self.link = self.server.accept()
            if n == 0:
                # It starts again: until it has, it is down.
                self.wait_everywhere("link-down", "fake")
            self.link.begin()
        self.wait_everywhere("link-violations", "fake")
        self.wait_everywhere("link-restarts", "fake")
        self.assertEqual(self.metric("glas_link_restarts_total", link="fake"),
                         5)
        self.assertEqual(
            self.metric("glas_link_violations_total", link="fake"), 5)
        self.wait_nowhere("link-down")

    def test_a_modem_in_trouble_a_full_sim_and_no_sandbox(self):
        self.link.say(t="state", state="ready", detail="deaf", sim_used=22,
                      sim_size=30, signal_dbm=-97, sandbox=False,
                      operator="a network of many words, " + "x" * 15)
        for name in ("link-trouble", "sim-nearly-full", "link-unsandboxed"):
            self.wait_everywhere(name, "fake")
        self.assertEqual(self.metric("glas_link_signal_dbm", link="fake"),
                         -97)
        self.assertEqual(self.metric("glas_link_sim_slots_used", link="fake"),
                         22)
        self.link.say(t="state", state="searching", sim_used=0, sandbox=True)
        self.wait_everywhere("link-searching", "fake")
        self.link.say(t="state", state="ready")
        self.assert_well()

    def test_a_disk_that_is_full(self):
        self.full(True)
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(self.link.nacked))
        self.wait_everywhere("spool-failing")
        self.full(False)
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(self.link.acked))
        self.wait_nowhere("spool-failing")

    def full(self, on):
        most = 0 if on else resource.RLIM_INFINITY
        resource.prlimit(self.office.process.pid, resource.RLIMIT_FSIZE,
                         (most, resource.RLIM_INFINITY))

    def hold(self, table):
        """Another session locks it; returns what ends that."""
        session = subprocess.Popen(
            ["psql", "-X", "-q", self.office.dsn("postgres")], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(session.wait)
        self.addCleanup(session.kill)
        session.stdin.write(f"begin; lock table glas_data.{table} in access "
                            "exclusive mode;\n\\echo held\n")
        session.stdin.flush()
        self.assertEqual(session.stdout.readline(), "held\n")

        def release():
            session.stdin.close()
            session.stdout.close()
            session.wait()
        return release

    def test_a_table_that_somebody_holds(self):
        release = self.hold("message")
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.wait_everywhere("database-locked")
        release()
        self.wait_nowhere("database-locked")

    def test_a_held_table_keeps_nobody_from_saying_that_he_lives(self):
        for table in ("quarantine", "citizen"):
            release = self.hold(table)
            for command, number in (("pause", 1), ("resume", 0)):
                self.office.glasctl(command, "fake")
                wait_for(lambda: self.office.count(
                    "glas_data.alert", "name = 'link-paused'") == number)
            release()
        self.assertEqual(self.office.count("glas.alerts"), 0)

    def test_a_database_that_is_away(self):
        CLUSTER.stop()
        self.addCleanup(lambda: CLUSTER.running or CLUSTER.start())
        alert = self.wait_everywhere("database-away", psql=False)
        self.assertEqual(self.metric("glas_database_up"), 0)
        self.office.wait_database("away")
        self.assertEqual(self.metric("glas_database_away"), 1)
        CLUSTER.start()
        self.wait_nowhere("database-away")
        self.assert_well()
        self.assertLess(alert["since"], self.office.sql(
            "select glas_data.utc(now() + interval '1 second')"))

    def test_a_database_of_another_version_runs(self):
        self.office.stop()
        self.link.close()
        self.office.sql("delete from glas_data.schema_version"
                        " where number > 30")
        self.office.start()
        wait_for(lambda: "glasctl migrate" in "".join(
            alert["text"] for alert in self.in_status("database-away")))
        alert, = self.in_status("database-away")
        self.assertNotIn("start PostgreSQL", alert["remedy"])

    def test_clocks_that_are_far_apart(self):
        self.office.move_database_clock(-200 * 3600)
        self.assertIn("8 days ahead of", self.wait_everywhere("clock")["text"])
        self.office.move_database_clock(20 * 60)
        wait_for(lambda: any("20 min behind" in alert["text"]
                             for alert in self.in_status("clock")))
        self.office.move_database_clock(0)
        self.wait_nowhere("clock")
        self.assert_well()

    def test_what_cannot_be_read(self):
        """The database alone knows of it."""
        self.link.say(t="raw", id="r", slot=1, pdu="00" * 20)
        self.assertTrue(self.link.pump(lambda: self.link.acked()))
        self.wait_everywhere("quarantine")
        self.assertEqual(self.metric("glas_texts_quarantined_total"), 1)
        self.office.sql("delete from glas_data.quarantine")
        self.wait_nowhere("quarantine")
        self.assert_well()

    def test_keys_that_were_never_replaced_to_the_end(self):
        self.office.sql(
            "insert into glas_data.rekey (number, keyset_before, keyset_both,"
            " keyset_after, begun_at, begun_by) values (2, '', '', '',"
            " glas.now() - interval '7 hours', 'vranje')")
        self.assertIn("nothing was sealed anew",
                      self.wait_everywhere("keys-unfinished")["text"])
        self.office.sql("delete from glas_data.rekey")
        self.wait_nowhere("keys-unfinished")


    def test_a_sim_that_refuses(self):
        self.office.write_conf(self.fake + "rest = 600000\n")
        self.office.reload()
        self.link = self.server.accept().begin()
        for n in range(3):
            self.link.mo(f"+38164900000{n}", "PRIJAVA rupa Vranje")
            self.assertTrue(self.link.pump(
                lambda: len(self.link.submits) > n, accept=False))
            self.link.submitted(self.link.submits[-1], "refused", cause=310)
        alert = self.wait_everywhere("link-trouble", "fake")
        self.assertEqual(alert["text"], "sim-refuses")
        self.assertIn("barred", alert["remedy"])


class Limits(AlertsTest):
    """What takes minutes, within seconds."""

    start = False

    def refuse(self, cause, times):
        """The one who writes hears nothing, so many times."""
        for _ in range(times):
            before = len(self.link.submits)
            self.assertTrue(self.link.pump(
                lambda before=before: len(self.link.submits) > before,
                accept=False), self.office.tail())
            self.link.submitted(self.link.submits[-1], "refused", cause=cause)

    def test_what_is_refused_to_one_person_is_seen_and_not_lost(self):
        self.office.start(GLAS_MT_RETRY_MS="50")
        self.link = self.server.accept().begin()
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.refuse(38, 2)
        alert = self.wait_everywhere("link-trouble", "fake")
        self.assertEqual(alert["text"], "network-refuses")
        self.refuse(38, 6)
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 9, accept=False))
        self.link.submitted(self.link.submits[-1], "accepted", mr=1)
        self.wait_nowhere("link-trouble")
        self.office.wait_count("glas.outbox", 1, "state = 'accepted'")

    def test_a_credit_that_is_gone_is_told_at_once(self):
        self.office.start()
        self.link = self.server.accept().begin()
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.refuse(10, 1)
        alert = self.wait_everywhere("link-trouble", "fake")
        self.assertEqual(alert["text"], "credit-refused")
        # Each attempt has moved its turn.
        self.office.sql("update glas_data.outbox set created_at = glas.now()"
                        " - interval '16 minutes'")
        self.wait_everywhere("outbox-late")

    def test_a_link_that_starts_and_starts(self):
        self.office.start(GLAS_LINK_STARTING_MS="1000")
        self.link = self.server.accept().begin("starting")
        self.wait_everywhere("link-starting", "fake")
        self.link.say(t="state", state="ready")
        self.wait_nowhere("link-starting")
        self.assert_well()

    def test_replies_that_stand(self):
        self.office.start(GLAS_OUTBOX_STUCK_MS="1000")
        self.link = self.server.accept().begin("searching")
        self.link.mo(PERSON, "PRIJAVA rupa Vranje")
        self.assertTrue(self.link.pump(self.link.acked))
        alert = self.wait_everywhere("outbox-stuck", "fake")
        self.assertTrue(alert["text"].startswith("1 text"), alert["text"])
        self.link.say(t="state", state="ready")
        self.assertTrue(self.link.pump(lambda: self.link.submits))
        self.wait_nowhere("outbox-stuck")
        self.assert_well()


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class Listening(AlertsTest):
    def test_an_address_that_another_program_has(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            self.office.write_conf(
                f"[web agg]\nlisten = 127.0.0.1:{other.getsockname()[1]}\n"
                f"command = {program('glas-web')}\nallow = 127.0.0.1\n"
                "back-off = 500\n" + self.fake)
            self.office.reload()
            alert = self.wait_everywhere("link-down", "agg")
            self.assertEqual(alert["text"], "cannot-listen")
            self.assertIn("listen", alert["remedy"])
        self.wait_nowhere("link-down")


class Spool(AlertsTest):
    start = False

    def test_a_piece_of_the_log_that_is_set_aside(self):
        os.mkdir(self.office.path("spool", "bad"), 0o700)
        piece = self.office.path("spool", "bad", "00000001.log.400")
        with open(piece, "wb") as file:
            file.write(b"x")
        self.begin()
        alert = self.wait_everywhere("spool-damaged")
        self.assertIn(self.office.path("spool", "bad"), alert["remedy"])
        self.assertEqual(self.metric("glas_spool_set_aside"), 1)
        os.unlink(piece)
        self.wait_nowhere("spool-damaged")
        self.assert_well()

    def test_a_log_that_a_disk_has_spoilt(self):
        self.begin()
        CLUSTER.stop()
        self.addCleanup(lambda: CLUSTER.running or CLUSTER.start())
        self.office.wait_database("away")
        for n in range(3):
            id = self.link.mo(PERSON, f"PRIJAVA rupa {n} Vranje")
            self.assertTrue(self.link.pump(lambda: id in self.link.acked()))
        self.office.kill()
        self.link.close()
        segment, = [name for name in os.listdir(self.office.path("spool"))
                    if name.endswith(".log") or name.startswith("log.")]
        with open(self.office.path("spool", segment), "r+b") as file:
            file.seek(1024 + 24 + 40)   # in the first record
            octets = file.read(8)
            file.seek(-8, os.SEEK_CUR)
            file.write(bytes(o ^ 0xff for o in octets))
        CLUSTER.start()
        self.begin()
        self.wait_everywhere("spool-damaged")

    def test_numbers_of_reports_that_run_out(self):
        """It has none: it has never met its database."""
        CLUSTER.stop()
        self.addCleanup(lambda: CLUSTER.running or CLUSTER.start())
        self.office.start()
        self.link = self.server.accept().begin()
        alert = self.wait_everywhere("references-low", psql=False)
        self.assertTrue(alert["text"].startswith("0 more"))
        CLUSTER.start()
        self.wait_nowhere("references-low")
        wait_for(lambda: self.metric("glas_references_reserved") > 1000)
        self.assert_well()

    def test_keys_on_the_disk_of_the_spool(self):
        self.office.settings["keys-with-spool"] = "no"
        self.office.write_conf()
        self.begin()
        self.wait_everywhere("keys-with-spool")
        self.office.settings["keys-with-spool"] = "yes"
        self.office.write_conf()
        self.office.reload()
        self.wait_nowhere("keys-with-spool")
        # It is known, and is so.
        self.assertEqual(self.metric("glas_keys_with_spool"), 1)
        self.assert_well()

    def test_a_spool_in_memory(self):
        spool = f"/dev/shm/glas-spool-{os.getpid()}"
        if not in_memory("/dev/shm"):
            self.skipTest("/dev/shm is not in memory")
        os.mkdir(spool, 0o700)
        self.addCleanup(shutil.rmtree, spool)
        self.office.settings["spool-dir"] = spool
        self.office.write_conf()
        self.begin()
        alert = self.wait_everywhere("spool-in-memory")
        self.assertIn("spool-dir", alert["remedy"])

    def offer(self, text):
        id = self.link.mo(PERSON, text)
        self.assertTrue(self.link.pump(lambda: id in self.link.acked()))

    def test_keys_that_are_taken_away(self):
        self.begin()
        keys = self.office.path("keys", "log-vranje")
        self.offer("PRIJAVA rupa Vranje")
        os.rename(keys, keys + ".away")
        self.assertIn(keys, self.wait_everywhere("keys-missing")["text"])
        self.offer("PRIJAVA rupa u putu Vranje")
        self.office.move_clock(86400)
        self.link.mo(PERSON, "PRIJAVA mrak Vranje")
        self.assertTrue(self.link.pump(self.link.nacked))
        # The reason, and not a disk.
        wait_for(lambda: keys in self.in_status("spool-failing")[0]["text"])
        os.rename(keys + ".away", keys)
        self.offer("PRIJAVA mrak Vranje")
        self.wait_nowhere("spool-failing")
        self.wait_nowhere("keys-missing")

    def test_keys_on_another_disk(self):
        folder = f"/dev/shm/glas-keys-{os.getpid()}"
        if (not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev ==
                os.stat(self.office.folder).st_dev):
            self.skipTest("/dev/shm is no file system of its own")
        shutil.copytree(self.office.path("keys"), folder)
        self.addCleanup(shutil.rmtree, folder)
        self.office.settings.update({"keys-with-spool": "no",
                                     "key-dir": folder})
        self.office.write_conf()
        self.begin()
        self.assert_well()
        self.assertEqual(self.metric("glas_keys_with_spool"), 0)


class Since(AlertsTest):
    start = False

    def setUp(self):
        super().setUp()
        self.office.write_conf("[link far]\ncommand = /nonexistent\n")
        self.office.start()
        self.office.wait_database()
        self.alert = self.wait_everywhere("link-down", "far")

    def test_a_start_does_not_end_what_lasts(self):
        for end in (self.office.stop, self.office.kill):
            self.office.sql("update glas_data.alert set since = since "
                            "- interval '3 hours' where name = 'link-down'")
            past = self.office.sql("select glas_data.utc(since) "
                                   "from glas_data.alert")
            end()
            self.office.start()
            self.office.wait_database()
            wait_for(lambda: [a["since"] for a in
                              self.in_status("link-down")] == [past])
            self.assertEqual(self.wait_everywhere("link-down", "far")["since"],
                             past)
            self.assertIn("! link-down far, for ", self.office.glasctl(
                "status", check=False).stdout)

    def test_of_a_gateway_that_is_lost_the_last_word_stands(self):
        self.office.kill()
        self.office.sql("update glas_data.gateway set alive_until = now()")
        self.assertEqual(self.office.sql(
            "select name, gateway, link, text from glas.alerts order by 1"),
            "gateway-lost|vranje||gateway vranje has not been heard of\n"
            "link-down|vranje|far|when last heard of: cannot be started")
        done = self.office.glasctl("metrics")
        self.assertEqual(read_metrics(done.stdout),
                         {("glas_up", frozenset()): 0})

    def test_another_gateway_is_told_that_one_is_lost(self):
        self.office.sql(
            "insert into glas_data.gateway (name, alive_until, started_at) "
            "values ('nis', now() - interval '1 hour', now()), "
            "('bor', now() - interval '1 hour', now())")
        wait_for(lambda: len(self.in_status("gateway-lost")) == 2)
        self.assertEqual({labels["gateway"] for labels in
                          self.in_metrics("gateway-lost")}, {"nis", "bor"})


class Counted(AlertsTest):
    def test_what_became_of_texts_and_replies(self):
        for n in range(2):
            id = self.link.mo(PERSON, f"PRIJAVA rupa {n} Vranje",
                              scts="2099-11-01T12:00:00+01:00")
            self.assertTrue(self.link.pump(lambda: id in self.link.acked()))
        self.link.mo(PERSON, "PRIJAVA rupa 0 Vranje",
                     scts="2099-11-01T12:00:00+01:00")
        self.assertTrue(self.link.pump(lambda: len(self.link.submits) == 2))
        wait_for(lambda: self.metric("glas_texts_stored_total") == 2 and
                 self.metric("glas_texts_seen_total") == 1 and
                 self.metric("glas_replies_total", state="accepted") == 2,
                 what=f"{self.metrics()}")
        for name, value in (
                ("glas_link_segments_received_total", 3),
                ("glas_link_segments_sent_total", 2),
                ("glas_link_up", 1)):
            more = {"kind": "link"} if name == "glas_link_up" else {}
            self.assertEqual(self.metric(name, link="fake", **more), value)
        self.assertEqual(self.metric("glas_text_store_seconds_count"), 2)
        self.assertGreater(self.metric("glas_text_store_seconds_sum"), 0)
        self.assertEqual(self.metric("glas_spool_backlog_bytes"), 0)
        self.assertGreater(self.metric("glas_references_reserved"), 0)
        self.assertEqual(self.metric("glas_up"), 1)
        self.assertEqual(self.metric("glas_segments_per_day"), 500)

    def test_nobody_is_in_it(self):
        id = self.link.mo(PERSON, "PRIJAVA skriveno Vranje")
        self.assertTrue(self.link.pump(lambda: id in self.link.acked()))
        self.office.wait_count("glas_data.message", 1)
        said = self.office.glasctl("metrics").stdout
        for words in (PERSON[-7:], "skriveno", "Vranje"):
            self.assertNotIn(words, said)

    def test_more_words_are_no_command(self):
        done = self.office.glasctl("metrics", "--json", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")


class Answers(unittest.TestCase):
    """glasctl, with somebody else behind the control socket."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="glas-answers-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.conf = os.path.join(self.folder, "glas.conf")
        with open(self.conf, "w", encoding="ascii") as file:
            file.write(f"[gateway]\nname = x\ncontrol = {self.folder}/c\n")

    def ask(self, command, answer):
        """What that command of glasctl prints when it is told this."""
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"{self.folder}/c")
            server.listen(1)
            glasctl = subprocess.Popen(
                [program("glasctl"), "-c", self.conf, command],
                stdout=subprocess.PIPE, text=True)
            with server.accept()[0] as client:
                client.recv(4096)
                client.sendall(json.dumps(answer).encode() + b"\n")
            said = glasctl.communicate(timeout=30)[0]
        os.unlink(f"{self.folder}/c")
        return said

    def test_what_is_in_a_label_stays_there(self):
        samples = read_metrics(self.ask("metrics", {
            "gateway": 'a"} 7\n# b\\', "alerts": [
                {"name": "quarantine", "link": "", "gateway": '\\"'}]}))
        self.assertIn(("glas_alert", frozenset({
            ("name", "quarantine"), ("link", ""), ("gateway", r'\\\"')})),
            samples)
        self.assertEqual([dict(labels)["gateway"] for name, labels in samples
                          if name == "glas_info"], [r'a\"} 7\n# b\\'])

    def test_an_answer_that_lacks_everything_is_shown(self):
        self.assertEqual(read_metrics(self.ask("metrics", {}))[
            "glas_up", frozenset()], 1)
        self.assertIn("gateway", self.ask("status", {"alerts": [{}]}))

    def test_long_words_are_broken_between_words_and_steer_nothing(self):
        said = self.ask("status", {"alerts": [{
            "name": "link-down", "link": "mts", "text": "š" * 70 + " in " +
            "two words " * 12 + "x" * 100, "remedy": "\x1b[2J do this"}]})
        lines = said.splitlines()
        self.assertEqual([line for line in lines if len(line) > 80],
                         ["    " + "x" * 100])
        self.assertIn("    " + "š" * 70 + " in", lines)
        self.assertNotIn("\x1b", said)


if __name__ == "__main__":
    unittest.main()
