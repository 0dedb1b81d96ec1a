#!/usr/bin/env python3
"""glasctl doctor, with one thing wrong after the other: real ports, keys,
disks, databases, and a program that has the name of ModemManager."""

import ctypes
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

import smalldisk  # noqa: E402
from cluster import Cluster, wait_until  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import DEADLINE_S, Office, program  # noqa: E402

WELL, WARNED, WRONG = 0, 1, 2
LEVELS = {"ok": WELL, "warning": WARNED, "wrong": WRONG}
ROOT = os.geteuid() == 0
SOMEBODY = "nobody"
MIB = 1 << 20
STA_UNSYNC = 0x40
TIME_ERROR = 5


def setUpModule():
    global CLUSTER, OFFICE
    CLUSTER = Cluster(settings={"max_connections": 30}, socket_mode=0o777)
    CLUSTER.__enter__()
    OFFICE = Office(cluster=CLUSTER, introduces=True)
    OFFICE.init()
    os.chmod(OFFICE.folder, 0o755)
    shutil.copytree(OFFICE.path("keys"), OFFICE.path("master"))
    OFFICE.sql("alter database glas set timezone = 'Europe/Belgrade'")


def tearDownModule():
    OFFICE.close()
    CLUSTER.__exit__(None, None, None)


def clock_is_kept():
    """As the kernel says it."""
    state = ctypes.create_string_buffer(512)
    word = ctypes.CDLL(None, use_errno=True).adjtimex(state)
    status = int.from_bytes(state.raw[40:44], sys.byteorder)
    return word not in (-1, TIME_ERROR) and not status & STA_UNSYNC


class Port:
    """A terminal that nobody has open on our side of it."""

    def __init__(self, mode=0o666):
        self.master, slave = os.openpty()
        self.path = os.ttyname(slave)
        os.chmod(self.path, mode)
        os.close(slave)

    def close(self):
        os.close(self.master)


class Said:
    """What the doctor said."""

    def __init__(self, done):
        self.status = done.returncode
        self.text = done.stdout + done.stderr
        lines = re.sub(r"\n {9}", " ", done.stdout).splitlines()
        self.lines = []
        for line in lines:
            level, about, words = re.fullmatch(
                r"(ok|warning|wrong) +([a-z ]+): (.*)", line).groups()
            self.lines.append((LEVELS[level], about, words))
        self.width = max(map(len, done.stdout.splitlines()))

    def of(self, about):
        """[(level, words)] of one part."""
        return [(level, words) for level, name, words in self.lines
                if name == about]

    def worst(self, about):
        return max(self.of(about))

    def bad(self):
        """The parts that are not well, but for the clock of this machine."""
        return {name for level, name, _ in self.lines
                if level != WELL and name != "clock"}


class DoctorTest(unittest.TestCase):
    def setUp(self):
        self.office = OFFICE
        for name in ("keys", "spool"):
            shutil.rmtree(OFFICE.path(name), ignore_errors=True)
            os.mkdir(OFFICE.path(name), 0o700)
        shutil.copytree(OFFICE.path("master"), OFFICE.path("keys"),
                        dirs_exist_ok=True)
        # Whose spool is new is another, and the name is free at once.
        OFFICE.sql("update glas_data.gateway set instance = ''")
        OFFICE.settings = {}
        self.modem("mts", self.port().path)

    def tearDown(self):
        if self.office.process is not None:
            self.office.stop()

    def for_now(self, statement, back):
        """A change of the database, taken back afterwards."""
        self.addCleanup(self.office.sql, back)
        self.office.sql(statement)

    def checked(self):
        """What glasd -t says."""
        return subprocess.run([program("glasd"), "-t", "-c", self.office.conf],
                              capture_output=True, text=True, check=False)

    def port(self, mode=0o666):
        port = Port(mode)
        self.addCleanup(port.close)
        return port

    def modem(self, name, device, **keys):
        """glas.conf with one modem, whose program only waits."""
        lines = {"device": device, "command": "/bin/sleep 600", **keys}
        self.office.write_conf(f"[modem {name}]\n" + "".join(
            f"{key.replace('_', '-')} = {value}\n"
            for key, value in lines.items() if value is not None))

    def doctor(self, **environment):
        said = Said(self.office.glasctl(
            "doctor", check=False, env={**os.environ, **environment}))
        self.assertLessEqual(said.width, 80, said.text)
        self.assertEqual(said.status, max(level for level, *_ in said.lines))
        return said

    def assert_bad(self, about, words, level=WRONG, beside=("gateway",),
                   **environment):
        """This, and nothing else, is found."""
        said = self.doctor(**environment)
        self.assertEqual(said.bad() - set(beside), {about}, said.text)
        found = said.worst(about)
        self.assertEqual(found[0], level, said.text)
        for word in (words,) if isinstance(words, str) else words:
            self.assertIn(word, found[1])
        return said

    # ---- all well ------------------------------------------------------------

    def test_a_gateway_that_lacks_nothing_is_well(self):
        server = LinkServer(self.office.path("link"))
        self.addCleanup(server.close)
        self.office.write_conf(f"[link fake]\ncommand = {server.command()}\n")
        self.office.start()
        peer = server.accept().begin()
        wait_until(lambda: peer.pump(lambda: (self.office.status() or {}).get(
            "state") == "well", 0.2), DEADLINE_S, "well")
        said = self.doctor()
        self.assertEqual(said.bad(), set(), said.text)
        self.assertEqual(said.worst("clock")[0],
                         WELL if clock_is_kept() else WARNED)
        for about in ("configuration", "user", "keys", "spool", "kernel",
                      "links", "pack", "postgresql", "database time",
                      "schema", "content", "gateway"):
            self.assertEqual(said.worst(about)[0], WELL, about)

    def test_a_gateway_that_is_not_well_is_told_of(self):
        self.office.start()
        self.office.wait_status(lambda s: s.get("alerts"), "an alert")
        self.assert_bad("gateway", ("alert", "glasctl status"), WARNED,
                        beside=())

    def test_a_gateway_that_is_down_is_told_of(self):
        self.assert_bad("gateway", ("systemctl start glas", "journalctl"),
                        beside=())

    def test_nothing_stands_there_that_is_nobodys_business(self):
        pin = self.office.path("pin")
        with open(pin, "w", encoding="ascii") as file:
            file.write("73914862\n")
        os.chmod(pin, 0o400)
        self.modem("mts", self.port().path, pin_file=pin,
                   number="+381640000001")
        said = self.doctor()
        self.assertIn("and its PIN", said.worst("links")[1])
        for secret in ("73914862", "381640000001"):
            self.assertNotIn(secret, said.text)

    # ---- keys and spool --------------------------------------------------------

    def test_keys_that_others_may_read_are_told_of(self):
        os.chmod(self.office.path("keys", "token.1"), 0o644)
        self.assert_bad("keys", ("token.1", "chmod 0400"))

    def test_keys_that_are_missing_are_told_of(self):
        os.unlink(self.office.path("keys", "reply.1"))
        self.assert_bad("keys", ("reply.1", "glasctl key import"))

    def test_keys_on_the_disk_of_the_spool_are_told_of(self):
        self.office.settings["keys-with-spool"] = "no"
        self.office.write_conf()
        self.assert_bad("keys", "keys-with-spool", WARNED)

    def test_keys_of_another_office_are_told_of(self):
        self.for_now("update glas_data.setting set value = '0123'"
                     " where name = 'keyset'",
                     "update glas_data.setting set value = ''"
                     " where name = 'keyset'")
        self.assert_bad("schema", "glasctl key import")

    def test_a_spool_that_is_missing_is_told_of(self):
        os.rmdir(self.office.path("spool"))
        self.assert_bad("spool", "install -d")

    def test_a_spool_that_others_may_enter_is_told_of(self):
        os.chmod(self.office.path("spool"), 0o755)
        self.assert_bad("spool", "chmod 0700", WARNED)

    def test_a_spool_without_room_is_told_of(self):
        spool = self.office.path("spool")
        if not smalldisk.mounted(spool, "64m"):
            self.skipTest("no small file system can be mounted here")
        self.addCleanup(smalldisk.unmount, spool)
        self.assert_bad("spool", "it is in memory", WARNED)
        smalldisk.fill(spool, 24 * MIB)
        said = self.assert_bad("spool", "", WARNED)
        self.assertIn("free space", " ".join(map(str, said.of("spool"))))
        smalldisk.fill(spool, 8 * MIB)
        self.assert_bad("spool", "larger disk")

    # ---- the machine ------------------------------------------------------------

    def test_a_clock_that_lost_its_time_is_told_of(self):
        offset = self.office.path("offset")
        with open(offset, "w", encoding="ascii") as file:
            file.write(str(-10 * 365 * 86400))
        said = self.doctor(GLAS_CLOCK_OFFSET=offset)
        self.assertEqual(said.worst("clock")[0], WRONG, said.text)
        self.assertIn("timedatectl", said.worst("clock")[1])
        self.assertEqual(said.worst("database time")[0], WRONG)
        self.assertIn("s behind that of the database",
                      said.worst("database time")[1])

    @unittest.skipUnless(ROOT, "only root can become somebody else")
    def test_root_looks_with_the_eyes_of_the_gateway(self):
        user = pwd.getpwnam(SOMEBODY)
        for name in ("keys", "spool"):
            path = self.office.path(name)
            for entry in (path, *(os.path.join(path, each)
                                  for each in os.listdir(path))):
                os.chown(entry, user.pw_uid, user.pw_gid)
        os.chmod(self.office.conf, 0o644)
        said = self.assert_bad("gateway", "", beside=())
        self.assertIn(f"as {SOMEBODY} sees it", said.worst("user")[1])
        os.chmod(self.office.conf, 0o600)
        self.assert_bad("user", "chgrp")
        os.chmod(self.office.conf, 0o644)
        os.chown(self.office.path("spool"), 0, 0)
        self.assert_bad("spool", "chown")
        os.chown(self.office.path("spool"), user.pw_uid, user.pw_gid)
        os.chown(self.office.path("keys", "token.1"), 0, 0)
        self.assert_bad("keys", ("token.1", "chown"))
        os.chown(self.office.path("keys", "token.1"), user.pw_uid, 0)
        # The port: for a group that the user is not in, and for root alone.
        port = self.port()
        self.modem("mts", port.path)
        os.chmod(self.office.conf, 0o644)
        os.chmod(port.path, 0o660)
        os.chown(port.path, 0, 20)
        self.assert_bad("ports", ("dialout", f"adduser {SOMEBODY} dialout"))
        os.chmod(port.path, 0o600)
        self.assert_bad("ports", "udev rule")
        os.chmod(port.path, 0o666)
        self.assert_bad("gateway", "", beside=())

    # ---- links and ports -----------------------------------------------------------

    def test_an_office_without_a_link_is_told_of(self):
        self.office.write_conf("")
        self.assert_bad("links", "[modem NAME]")

    def test_a_program_that_is_missing_is_told_of(self):
        self.modem("mts", self.port().path, command="/nowhere/glas-modem")
        self.assert_bad("links", "/nowhere/glas-modem")

    def test_a_pin_that_is_none_is_told_of(self):
        pin = self.office.path("pin")
        with open(pin, "w", encoding="ascii") as file:
            file.write("no pin\n")
        self.modem("mts", self.port().path, pin_file=pin)
        said = self.assert_bad("links", "4 to 8 digits")
        self.assertNotIn("no pin", said.text)

    def test_a_pin_that_anybody_may_read_is_told_of(self):
        pin = self.office.path("pin")
        with open(pin, "w", encoding="ascii") as file:
            file.write("1234\n")
        os.chmod(pin, 0o644)
        self.modem("mts", self.port().path, pin_file=pin)
        self.assert_bad("links", f"chmod o= {pin}", WARNED)

    def web(self, secret, mode=0o400, key="secret-file"):
        """glas.conf with what speaks HTTP, and its secret."""
        path = self.office.path("web.secret")
        if os.path.exists(path):
            os.unlink(path)
        if secret is not None:
            with open(path, "w", encoding="ascii") as file:
                file.write(secret + "\n")
            os.chmod(path, mode)
        self.office.write_conf(f"[web agg]\ncommand = /bin/sleep 600\n"
                               f"allow = ::1\n{key} = {path}\n")
        return path

    def test_a_secret_that_cannot_serve_is_told_of(self):
        self.web("0123456789abcdef")
        self.assertEqual(self.doctor().worst("links")[0], WELL)
        for secret in ("0123456789abcde", "a" * 255, ""):
            self.web(secret)
            said = self.assert_bad("links", ("16 to 254", "openssl"))
            self.assertNotIn("abcde", said.text)
        path = self.web(None)
        self.assert_bad("links", (path, "No such file", "openssl"))
        self.web(None, key="send-key-file")
        self.assert_bad("links", ("send-key-file", "No such file"))
        path = self.web("0123456789abcdef", 0o444)
        self.assert_bad("links", f"chmod o= {path}", WARNED)

    def test_a_door_that_is_open_to_all_is_told_of(self):
        self.office.write_conf(f"[web agg]\ncommand = {program('glas-web')}\n"
                               "listen = 127.0.0.1:1080\n")
        self.assert_bad("configuration", ("secret-file", "allow"))
        self.assertIn("secret-file", self.checked().stderr)

    def test_a_port_that_another_program_has_is_told_of(self):
        with socket.create_server(("127.0.0.1", 0)) as busy:
            port = busy.getsockname()[1]
            self.office.write_conf(
                f"[web agg]\ncommand = {program('glas-web')}\n"
                f"listen = 127.0.0.1:{port}\nallow = ::1\n")
            self.assert_bad("listen", (str(port), "another program"))
        self.assertEqual(self.doctor().worst("listen")[0], WELL)
        self.office.start()
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "ready", "web ready")
        said = self.doctor().worst("listen")
        self.assertEqual(said[0], WELL)
        self.assertIn("listens on", said[1])

    def test_one_address_for_two_sections_is_refused(self):
        self.office.write_conf("".join(
            f"[{kind}]\ncommand = {program('glas-web')}\nallow = ::1\n"
            "listen = 127.0.0.1:1080\n" for kind in ("web a", "status b")))
        self.assertIn("[status b] has the listen of [web a]",
                      self.checked().stderr)

    @unittest.skipUnless(ROOT, "links have the user of the gateway")
    def test_a_user_of_links_that_is_not_there_is_told_of(self):
        self.office.settings["link-user"] = "no-such-user"
        self.modem("mts", self.port().path)
        self.assert_bad("links", "systemd-sysusers")

    def test_a_modem_that_is_not_there_is_told_of(self):
        self.modem("mts", "/dev/serial/by-id/none")
        self.assert_bad("ports", ("[modem mts]", "/dev/serial/by-id/none"))
        self.modem("mts", None, imei="490154203237518",
                   device_glob=self.office.path("no-*"))
        self.assert_bad("ports", ("no-*", "device-glob"))

    def test_what_is_no_port_is_told_of(self):
        self.modem("mts", self.office.conf)
        self.assert_bad("ports", "is no port")

    def test_one_port_under_two_names_is_told_of(self):
        path = self.port().path
        name = self.office.path("by-id")
        os.symlink(path, name)
        self.addCleanup(os.unlink, name)
        self.office.write_conf("".join(
            f"[modem {link}]\ndevice = {device}\ncommand = /bin/sleep 600\n"
            for link, device in (("mts", path), ("telenor", name))))
        said = self.doctor()
        self.assertEqual([level for level, _ in said.of("ports")],
                         [WELL, WRONG])
        self.assertIn("is the port of [modem mts]", said.worst("ports")[1])

    def test_ports_that_are_searched_are_looked_at(self):
        ports = [self.port(), self.port()]
        folder = self.office.path("by-id")
        os.mkdir(folder)
        for n, port in enumerate(ports):
            os.symlink(port.path, os.path.join(folder, f"modem-{n}"))
        self.modem("mts", None, imei="490154203237518",
                   device_glob=folder + "/*")
        said = self.assert_bad("gateway", "", beside=())
        self.assertEqual(len(said.of("ports")), 2)
        os.unlink(os.path.join(folder, "modem-1"))
        os.symlink("/nowhere", os.path.join(folder, "modem-1"))
        self.assert_bad("ports", "modem-1")

    def hold(self, name, path):
        """A process of this name that has the port open."""
        folder = tempfile.mkdtemp(dir=self.office.folder)
        copy = os.path.join(folder, name)
        shutil.copy("/bin/sleep", copy)
        with open(path or os.devnull, "rb") as port:
            process = subprocess.Popen([copy, "600"], stdin=port)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        def named():
            with open(f"/proc/{process.pid}/comm", encoding="ascii") as comm:
                return comm.read().strip() == name
        wait_until(named, DEADLINE_S, name)
        return process

    def test_who_holds_a_port_is_told_of(self):
        port = self.port()
        self.modem("mts", port.path)
        process = self.hold("ModemManager", port.path)
        self.assert_bad("ports", ("ModemManager", str(process.pid),
                                  "systemctl disable"))
        process.kill()
        process.wait()
        process = self.hold("gammu-smsd", port.path)
        self.assert_bad("ports", ("gammu-smsd", str(process.pid), "end it"))
        process.kill()
        process.wait()
        self.hold("glas-modem", port.path)
        said = self.assert_bad("gateway", "", beside=())
        self.assertIn("in use by glas-modem", said.worst("ports")[1])

    def test_a_modem_manager_that_may_take_a_port_is_told_of(self):
        self.hold("ModemManager", None)
        self.assert_bad("ports", "may take it", WARNED)

    # ---- the database ---------------------------------------------------------------

    def test_a_database_that_only_reads_is_told_of(self):
        self.for_now("alter role glasd set default_transaction_read_only = on",
                     "alter role glasd reset default_transaction_read_only")
        said = self.assert_bad("schema", ("alter role glasd reset",
                                          "nothing can be stored"))
        self.assertNotIn("are durable", " ".join(said.text.split()))
        checked = self.checked()
        self.assertIn("nothing can be stored", checked.stderr)
        self.assertNotIn("are well", checked.stdout)

    def test_a_database_that_does_not_answer_is_told_of(self):
        self.office.settings["database"] = (
            f"host={self.office.folder} dbname=glas user=glasd")
        self.office.write_conf()
        self.assert_bad("database", "start it")

    def hba(self, *lines):
        """pg_hba.conf of the server."""
        with open(os.path.join(CLUSTER.data, "pg_hba.conf"), "w",
                  encoding="ascii") as out:
            out.write("".join(line + "\n" for line in lines))
        CLUSTER.psql("select pg_reload_conf()")

    def test_a_password_that_is_not_there_is_told_of(self):
        self.addCleanup(self.hba, "local all all trust")
        self.hba("local all glasd scram-sha-256", "local all all trust")
        # A reload is heard of a moment later.
        wait_until(lambda: "password" in self.checked().stderr, DEADLINE_S,
                   "a server that asks for a password")
        said = self.assert_bad("database", (".pgpass", "mode 0600"))
        self.assertNotIn("start it", said.worst("database")[1])
        self.assertEqual(self.checked().returncode, 1)

    def test_a_database_that_is_not_there_is_told_of(self):
        self.office.settings["database"] = CLUSTER.dsn("nothing", "glasd")
        self.office.write_conf()
        self.assert_bad("database", "correct `database`")

    def test_a_user_without_rights_is_told_of(self):
        CLUSTER.psql("do $$ begin create role stranger login;"
                     " exception when duplicate_object then null; end $$")
        self.office.settings["database"] = self.office.dsn("stranger")
        self.office.write_conf()
        self.assert_bad("database", "glasctl init")

    def test_a_user_with_rights_of_another_is_told_of(self):
        CLUSTER.psql("do $$ begin create role reader login;"
                     " exception when duplicate_object then null; end $$;"
                     " grant glas_press to reader")
        self.office.settings["database"] = self.office.dsn("reader")
        self.office.write_conf()
        self.assert_bad("schema", "glasctl init")

    def test_a_schema_of_another_version_is_told_of(self):
        self.for_now("insert into glas_data.schema_version (number, name)"
                     " values (9999, 'of_tomorrow')",
                     "delete from glas_data.schema_version"
                     " where number = 9999")
        self.assert_bad("schema", ("9999", "install the newer Glas"))

    def test_a_schema_that_is_too_old_is_told_of(self):
        self.for_now("alter table glas_data.schema_version rename to newer;"
                     "create table glas_data.schema_version as select 1 as"
                     " number;"
                     "grant select on glas_data.schema_version to glas_owner",
                     "drop table glas_data.schema_version;"
                     "alter table glas_data.newer rename to schema_version")
        self.assert_bad("schema", ("version 1,", "glasctl migrate"))

    def test_a_database_without_content_is_told_of(self):
        self.for_now("alter function glas_data.content_pack()"
                     " rename to content_pack_away;"
                     "create function glas_data.content_pack() returns jsonb"
                     " language sql as 'select null::jsonb'",
                     "drop function glas_data.content_pack();"
                     "alter function glas_data.content_pack_away()"
                     " rename to content_pack")
        self.assert_bad("content", ("none in the database",
                                    "glasctl content import"))

    def test_content_of_an_older_version_is_told_of(self):
        self.for_now("create table public.kept as select * from"
                     " glas_data.reply_text where key = 'VOTE_ASK';"
                     "delete from glas_data.reply_text where key = 'VOTE_ASK'",
                     "insert into glas_data.reply_text"
                     " select * from public.kept; drop table public.kept")
        self.assert_bad("content", ("VOTE_ASK", "content export",
                                    "etc/content"), WARNED)

    def test_commits_that_are_not_durable_are_told_of(self):
        self.for_now("alter database glas set synchronous_commit = off",
                     "alter database glas reset synchronous_commit")
        self.assert_bad("postgresql", ("synchronous_commit", "alter system"))

    def test_a_server_that_does_not_sync_is_told_of(self):
        CLUSTER.psql("alter system set fsync = off")
        CLUSTER.psql("select pg_reload_conf()")
        self.addCleanup(CLUSTER.psql, "select pg_reload_conf()")
        self.addCleanup(CLUSTER.psql, "alter system reset fsync")
        wait_until(lambda: CLUSTER.psql("show fsync") == "off", DEADLINE_S,
                   "fsync off")
        self.assert_bad("postgresql", ("fsync", "power cut"))

    def test_a_server_without_free_connections_is_told_of(self):
        CLUSTER.psql("create role many login; grant glas_press to many")
        most = int(CLUSTER.psql("show max_connections"))
        users = [subprocess.Popen(
            [os.path.join(CLUSTER.bindir, "psql"), "-X", "-q", "-c",
             "select pg_sleep(600)", CLUSTER.dsn("glas", "many")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) for _ in range(most - 7)]
        for user in users:
            self.addCleanup(user.wait)
        self.addCleanup(CLUSTER.psql, "select pg_terminate_backend(pid)"
                        " from pg_stat_activity where usename = 'many'")
        wait_until(lambda: int(CLUSTER.psql(
            "select sum(numbackends) from pg_stat_database")) >= most - 7,
                   DEADLINE_S, "sessions")
        self.assert_bad("postgresql", "max_connections", WARNED)

    def test_a_zone_that_nobody_lives_by_is_told_of(self):
        self.for_now("alter database glas set timezone = 'UTC'", "alter"
                     " database glas set timezone = 'Europe/Belgrade'")
        self.assert_bad("database time", ("Europe/Belgrade", "glas"),
                        WARNED)

    # ---- the rest ----------------------------------------------------------------------

    def test_a_configuration_that_cannot_be_used_is_all_that_is_said(self):
        with open(self.office.conf, "a", encoding="utf-8") as file:
            file.write("[modem x]\nnonsense = 1\n")
        said = self.doctor()
        self.assertEqual({name for _, name, _ in said.lines},
                         {"configuration"})
        self.assertEqual(said.status, WRONG)

    def test_a_pack_that_is_missing_is_told_of(self):
        self.office.settings["content-dir"] = self.office.path("none")
        self.office.write_conf()
        said = self.assert_bad("pack", "name a directory")
        self.assertEqual(len([name for level, name, _ in said.lines
                              if name == "pack" and level == WRONG]), 1)

    def test_it_takes_no_argument(self):
        for more in (["all"], ["-c", "glas.conf"]):
            done = subprocess.run([program("glasctl"), "doctor", *more],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertEqual("usage: glasctl [-c FILE] doctor\n", done.stderr)


if __name__ == "__main__":
    unittest.main()
