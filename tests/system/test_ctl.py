"""glasctl against a real PostgreSQL: setting up, migrating, content, keys."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from cluster import Cluster, wait_until             # noqa: E402

SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
GLASCTL = os.path.join(BUILD_DIR, "glasctl")
SQL_DIR = os.path.join(SRC_DIR, "sql")
CONTENT_DIR = os.path.join(SRC_DIR, "etc", "content")
DEADLINE_S = 120


def migrations():
    """The files of the migrations, in order."""
    return sorted(os.listdir(os.path.join(SQL_DIR, "migrations")))


class CtlTest(unittest.TestCase):
    """One cluster for all; each test has a database and a folder."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(fsync=False, socket_mode=0o777, empty=True)
        cls.addClassCleanup(cls.cluster.destroy)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="glas-ctl.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        self.db = re.sub(r"\W", "", self.id().rpartition(".")[2])[:40]
        self.cluster.createdb(self.db)
        self.conf = self.write_conf("vranje", "keys")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def dsn(self, user="postgres"):
        return self.cluster.dsn(self.db, user)

    def write_conf(self, name, keys):
        """A configuration whose daemon logs in as gate_<database>."""
        path = self.path(name + ".conf")
        with open(path, "w", encoding="utf-8") as out:
            out.write("[gateway]\nname = %s\ndatabase = %s\nkey-dir = %s\n"
                      "spool-dir = %s\ncontent-dir = %s\n" % (
                          name, self.dsn("gate_" + self.db),
                          self.path(keys), self.path("spool"), CONTENT_DIR))
        return path

    def ctl(self, *arguments, conf=None, status=0):
        """Runs glasctl; returns what it printed, both streams."""
        done = subprocess.run(
            [GLASCTL, "-c", conf or self.conf, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, status,
                         (arguments, done.stdout, done.stderr))
        self.assertNotIn(b"Sanitizer", done.stderr)
        self.assertTrue(status == 0 or done.stderr, "fails in silence")
        return (done.stdout + done.stderr).decode()

    def init(self, **more):
        return self.ctl("init", "--database", self.dsn(), "--sql", SQL_DIR,
                        **more)

    def migrate(self, sql_dir=SQL_DIR, **more):
        return self.ctl("migrate", "--database", self.dsn(), "--sql", sql_dir,
                        **more)

    def sql(self, text, **more):
        return self.cluster.psql(text, db=self.db, **more)

    def key_files(self, folder="keys"):
        """Name, mode and content of each key file."""
        found = {}
        for name in sorted(os.listdir(self.path(folder))):
            path = self.path(folder, name)
            with open(path, encoding="ascii") as key:
                found[name] = (stat.S_IMODE(os.stat(path).st_mode),
                               key.read())
        return found

    # --- init ---------------------------------------------------------------

    def test_init_makes_keys_roles_schema_and_content(self):
        said = self.init()
        keys = self.key_files()
        self.assertEqual(sorted(keys), ["optout.0", "reply.1", "token.1"])
        for mode, text in keys.values():
            self.assertEqual(mode, 0o400)
            self.assertNotIn(text.strip(), said)
        gate = "gate_" + self.db
        self.assertEqual(
            self.sql("select glas_gw.schema_version()", user=gate),
            str(len(migrations())))
        self.assertEqual(
            self.sql("select glas_gw.content() is not null", user=gate), "t")
        self.assertEqual(self.sql(
            "select string_agg(g.rolname, ',') from pg_auth_members m "
            "join pg_roles g on g.oid = m.roleid "
            "join pg_roles u on u.oid = m.member "
            "where u.rolname = '%s'" % gate), "glas_gateway")

    def test_init_again_changes_nothing(self):
        self.init()
        state = ("select md5(string_agg(v.number || v.applied_at::text, ',')) "
                 "from glas_data.schema_version v; "
                 "select value from glas_data.setting order by name")
        before = self.sql(state), self.key_files()
        self.init()
        self.assertEqual((self.sql(state), self.key_files()), before)

    def test_a_deadlock_with_work_beside_it_is_no_failure(self):
        """Somebody reads a view that comes late in the schema, and then, when
        migrate waits for it, one that migrate has begun to replace."""
        self.init()
        reader = threading.Thread(target=self.sql, args=("""
            set deadlock_timeout = '1h';
            begin;
            select from glas.retention limit 0;
            do $$ begin
                while not exists (select from pg_locks where not granted) loop
                    perform pg_sleep(0.02);
                end loop;
            end $$;
            select from glas.inbox limit 0;
            commit;""",))
        reader.start()
        self.addCleanup(reader.join)
        wait_until(lambda: self.sql(
            "select exists (select from pg_locks where relation = "
            "'glas.retention'::regclass and granted)") == "t", DEADLINE_S, "reader")
        self.assertIn("up to date", self.migrate())
        # Counted when the session that met it has ended.
        wait_until(lambda: self.sql(
            "select deadlocks from pg_stat_database where datname = "
            f"'{self.db}'") == "1", DEADLINE_S, "one deadlock")

    def test_init_keeps_content_that_was_changed(self):
        self.init()
        self.sql("update glas_data.reply_text set text = 'ours'")
        self.init()
        self.assertEqual(
            self.sql("select distinct text from glas_data.reply_text"),
            "ours")

    def test_init_without_rights_says_what_to_do(self):
        self.sql("create role %s login" % ("gate_" + self.db))
        said = self.ctl("init", "--sql", SQL_DIR, status=1)
        self.assertIn("--database", said)
        self.assertEqual(self.sql("select to_regnamespace('glas_data')"), "")

    def test_who_may_not_is_told_who_may(self):
        self.init()
        role = "gate_" + self.db
        for arguments in (("init",), ("migrate",), ("admin", "remove", "x"),
                          ("admin", "add", "x", "Odbor", "press"),
                          ("content", "import", CONTENT_DIR)):
            with self.subTest(arguments=arguments):
                said = self.ctl(*arguments, status=1)
                self.assertIn(role + " may not do this", said)
                self.assertIn("--database", said)

    def test_a_database_that_does_not_let_in_is_said_whose_it_is(self):
        said = " ".join(self.ctl("quarantine", "list", status=1).split())
        self.assertIn("runuser -u glas", said)

    def test_init_by_the_owner_of_the_database_who_may_create_roles(self):
        if self.sql("select current_setting('server_version_num')::int "
                    ">= 160000") == "t":
            self.skipTest("from PostgreSQL 16 on a role that another made "
                          "must have been granted with admin option")
        owner = "own_" + self.db
        self.sql('create role %s login createrole; alter database "%s" '
                 "owner to %s" % (owner, self.db, owner))
        self.ctl("init", "--database", self.dsn(owner), "--sql", SQL_DIR)
        self.assertEqual(self.sql(
            "select distinct rolname from pg_class c join pg_roles r "
            "on r.oid = relowner join pg_namespace n on n.oid = relnamespace "
            "where nspname like 'glas%' order by 1"),
            "glas_owner\nglas_reader")

    # --- migrate ------------------------------------------------------------

    def test_program_and_migrations_have_one_version(self):
        with open(os.path.join(SRC_DIR, "src", "store", "schema.h"),
                  encoding="utf-8") as header:
            version = re.search(r"SCHEMA_VERSION (\d+)", header.read())
        self.assertEqual(int(version.group(1)), len(migrations()))

    def test_migrate_refuses_a_newer_database(self):
        self.migrate()
        self.sql("insert into glas_data.schema_version (number, name) "
                 "values (9999, 'later')")
        said = self.migrate(status=1)
        self.assertIn("9999", said)

    def test_migration_that_fails_leaves_the_one_before(self):
        broken = self.path("sql")
        shutil.copytree(SQL_DIR, broken)
        last = os.path.join(broken, "migrations", migrations()[-1])
        with open(last, "a", encoding="utf-8") as out:
            out.write("\nselect 1 / 0;\n")
        said = self.migrate(broken, status=1)
        self.assertIn(migrations()[-1], said)
        version = "select max(number) from glas_data.schema_version"
        self.assertEqual(self.sql(version), str(len(migrations()) - 1))
        self.migrate()
        self.assertEqual(self.sql(version), str(len(migrations())))

    def test_plans_of_people_are_not_compiled(self):
        self.assertEqual(self.sql("show jit"), "on")
        self.migrate()
        self.assertEqual(self.sql("show jit"), "off")

    def test_days_are_read_as_they_are_written_here(self):
        self.assertEqual(self.sql("select date '5.11.2026'"), "2026-05-11")
        self.migrate()
        self.assertEqual(self.sql("select date '5.11.2026'"), "2026-11-05")

    def test_what_fails_is_not_written_to_the_log_of_the_server(self):
        self.migrate()
        self.assertEqual(self.sql("show log_min_error_statement"), "panic")

    def test_words_of_an_older_database_are_put_by_month(self):
        # Up to the migration before, and rows as it had them.
        older = self.path("sql")
        shutil.copytree(SQL_DIR, older)
        bodies = os.path.join(older, "migrations", "0021_bodies.sql")
        with open(bodies, "r+", encoding="utf-8") as script:
            text = script.read()
            script.seek(0)
            script.write("select 1 / 0;\n" + text)
        self.migrate(older, status=1)
        self.assertEqual(self.sql(
            "select max(number) from glas_data.schema_version"), "20")
        self.sql(
            "insert into glas_data.citizen (token, lang, lang_chosen, "
            "cyrillic, hour_level, day_level, level_at, first_at, last_at) "
            "values ('a', 'sq', false, false, 1, 1, now(), now(), now());"
            "insert into glas_data.message (id, received_at, gateway, link, "
            "channel, citizen, segments, lang, intent, confidence, text, "
            "original, trace) select n, at, 'v', 'mts', 'sms', 1, 1, 'sq', "
            "'report', 9, said, 'sealed', 'read' from (values "
            "(1, '2024-02-29 23:59:59.999+00'::timestamptz, 'one'), "
            "(2, '2024-03-01 00:00+00', 'two'), (3, now(), 'three'), "
            "(4, '2024-03-05 00:00+00', '[obrisano]')) v (n, at, said);"
            "create view glas.inbox as "
            "select id, text from glas_data.message")
        self.migrate()
        self.assertEqual(self.sql(
            "select message, tableoid::regclass, text, original = 'sealed', "
            "trace from glas_data.body where message < 3 order by message"),
            "1|glas_data.body_2024_02|one|t|read\n"
            "2|glas_data.body_2024_03|two|t|read")
        self.assertEqual(
            self.sql("select string_agg(text, ' ' order by id) "
                     "from glas.inbox"), "one two three [obrisano]")
        self.assertEqual(self.sql(
            "select count(*) from glas_data.body_kept"), "0")

    def test_code_that_fails_leaves_the_old_code(self):
        self.migrate()
        broken = self.path("sql")
        shutil.copytree(SQL_DIR, broken)
        with open(os.path.join(broken, "code", "99_broken.sql"), "w",
                  encoding="utf-8") as out:
            out.write("drop function glas.help(text); select 1 / 0;")
        self.migrate(broken, status=1)
        self.assertNotEqual(self.sql("select count(*) from glas.help()"), "0")

    def test_files_of_another_version_are_refused(self):
        other = self.path("sql")
        shutil.copytree(SQL_DIR, other)
        os.remove(os.path.join(other, "migrations", migrations()[-1]))
        self.migrate(other, status=1)
        self.assertEqual(self.sql("select to_regnamespace('glas_data')"), "")

    def test_who_is_of_no_group_is_let_into_nothing(self):
        self.migrate()
        self.sql("grant connect on database \"%s\" to public" % self.db)
        self.migrate()
        nobody, mira = "fresh_" + self.db[:20], "mira_" + self.db[:20]
        self.sql("create role %s login; create role %s login; "
                 "grant glas_caseworker to %s" % (nobody, mira, mira))

        def says(role, statement):
            return subprocess.run(
                [os.path.join(self.cluster.bindir, "psql"), "-X", "-A", "-t",
                 "-c", statement, self.dsn(role)], text=True,
                capture_output=True, check=False)
        self.assertIn("permission denied for database",
                      says(nobody, "select 1").stderr)
        self.assertEqual(says(mira, "select 1").stdout, "1\n")
        self.assertIn("permission denied",
                      says(mira, "select lo_creat(-1)").stderr)
        self.assertIn("permission denied",
                      says(mira, "create temp table t ()").stderr)

    def test_a_lock_that_somebody_holds_is_told_of(self):
        self.migrate()
        with subprocess.Popen(
                [os.path.join(self.cluster.bindir, "psql"), "-X", "-q",
                 self.dsn()], stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL) as psql:
            self.addCleanup(psql.kill)
            psql.stdin.write(b"select pg_advisory_lock(1735156083);\n")
            psql.stdin.flush()
            wait_until(lambda: self.sql(
                "select count(*) from pg_locks where locktype = 'advisory'")
                       == "1", DEADLINE_S, "a lock")
            with mock.patch.dict(os.environ, GLAS_MIGRATE_LOCK_MS="100"):
                self.assertIn("somebody holds its lock",
                              self.migrate(status=1))
            psql.kill()

    def test_two_at_once_do_it_once(self):
        command = [GLASCTL, "migrate", "--database", self.dsn(), "--sql",
                   SQL_DIR]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT) for _ in range(2)]
        for process in both:
            said = process.communicate(timeout=DEADLINE_S)[0]
            self.assertEqual(process.returncode, 0, said)
        self.assertEqual(self.sql(
            "select count(*) from glas_data.schema_version"),
            str(len(migrations())))

    # --- content ------------------------------------------------------------

    def test_content_goes_out_and_in_without_loss(self):
        self.init()
        stored = self.sql("select glas_gw.content()")
        for folder in ("one", "two"):
            os.mkdir(self.path(folder))
        self.ctl("content", "export", "--database", self.dsn(),
                 self.path("one"))
        self.ctl("content", "import", "--database", self.dsn(),
                 self.path("one"))
        self.assertEqual(self.sql("select glas_gw.content()"), stored)
        self.ctl("content", "export", "--database", self.dsn(),
                 self.path("two"))
        self.assertEqual(subprocess.run(
            ["diff", "-r", self.path("one"), self.path("two")],
            check=False).returncode, 0)

    def test_export_of_the_installed_pack_is_that_pack(self):
        self.init()
        os.mkdir(self.path("out"))
        self.ctl("content", "export", "--database", self.dsn(),
                 self.path("out"))
        self.assertEqual(subprocess.run(
            ["diff", "-r", CONTENT_DIR, self.path("out")],
            check=False).returncode, 0)

    def test_content_that_cannot_be_used_changes_nothing(self):
        self.init()
        stored = self.sql("select glas_gw.content()")
        os.mkdir(self.path("bad"))
        with open(self.path("bad", "replies.json"), "w",
                  encoding="utf-8") as out:
            out.write("{")
        self.ctl("content", "import", "--database", self.dsn(),
                 self.path("bad"), status=1)
        self.assertEqual(self.sql("select glas_gw.content()"), stored)

    # --- learning from labelled texts ----------------------------------------

    def write_texts(self, name, lines):
        """A file of labelled texts."""
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as out:
            out.write("text\tintent\tcategory\tplace\tlang\tnote\n")
            out.writelines(line + "\n" for line in lines)
        return path

    def weights(self):
        """What was learnt, as octets."""
        with open(self.path("pack", "weights.json"), "rb") as file:
            return file.read()

    def test_what_is_learnt_depends_on_texts_and_corrections_alone(self):
        self.init()
        shutil.copytree(CONTENT_DIR, self.path("pack"))
        texts = self.write_texts("texts.tsv", [
            f"{word} {n}x\treport\t{code}\t\tsr-Latn\t{note}"
            for n in range(8) for word, code, note in (
                ("brlja", "WATER", ""), ("krklja", "VIOL", "[EMERG]"))])
        train = ["train", "--content", self.path("pack")]
        self.ctl(*train, texts)
        learnt = self.weights()
        self.assertIn(b'brlja ', learnt)
        self.assertNotIn(b"zvrlja", learnt)
        self.ctl(*train, texts)
        self.assertEqual(self.weights(), learnt)
        self.sql("create or replace function glas_data.labels() "
                 "returns table (text text, category text) language sql as "
                 "$$ select 'zvrlja', 'ROAD' from generate_series(1, 8) $$")
        self.ctl(*train, "--database", self.dsn(), texts)
        self.assertIn(b'zvrlja ', self.weights())
        learnt = self.weights()
        self.ctl(*train, "--folds", "2", texts)
        self.assertEqual(self.weights(), learnt)
        self.ctl("content", "import", "--database", self.dsn(),
                 self.path("pack"))

    def test_a_label_that_means_nothing_is_named_by_its_line(self):
        self.init()
        shutil.copytree(CONTENT_DIR, self.path("pack"))
        before = self.weights()
        for line in ("x\treport\tSTARS\t\tsr-Latn\t",
                     "x\tdream\t\t\tsr-Latn\t",
                     "x\treport\tWATER\t\ttlh\t",
                     "x\treport\tWATER\t\tsq\t[ALT:rights/STARS]",
                     "x\treport"):
            texts = self.write_texts("bad.tsv", ["a\thelp\t\t\tsq\t", line])
            said = self.ctl("train", "--content", self.path("pack"), texts,
                            status=1)
            self.assertIn("bad.tsv:3:", said)
        self.assertEqual(self.weights(), before)
        self.ctl("train", "--folds", "1", texts, status=2)
        self.ctl("train", status=2)
    def pack(self, name, change):
        """A copy of the shipped pack in which one file is changed."""
        folder = self.path("pack")
        shutil.copytree(CONTENT_DIR, folder)
        path = os.path.join(folder, name + ".json")
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        change(content["entries"])
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
        return folder

    def test_content_with_an_error_changes_nothing(self):
        self.init()
        stored = self.sql("select glas_gw.content()")
        folder = self.pack("topics", lambda topics: topics[1].update(
            number=topics[0]["number"]))
        said = self.ctl("content", "import", "--database", self.dsn(),
                        folder, status=1)
        self.assertIn("topics.json:", said)
        self.assertEqual(self.sql("select glas_gw.content()"), stored)
        shutil.rmtree(folder)
        folder = self.pack("replies", lambda texts: texts[0].update(
            text="nova poruka {NIJEPOLJE}"))
        self.ctl("content", "import", "--database", self.dsn(), folder,
                 status=1)
        self.assertEqual(self.sql("select glas_gw.content()"), stored)

    def test_a_check_counts_and_stays_readable(self):
        said = subprocess.run(
            [GLASCTL, "content", "check", "content"], check=False,
            cwd=os.path.dirname(CONTENT_DIR), stdout=subprocess.PIPE,
            text=True).stdout
        self.assertRegex(said, r"\n0 errors, \d+ warnings\n$")
        for lang in ("sr-Latn", "sr-Cyrl", "sq", "rom", "bg", "en"):
            self.assertRegex(said, rf"\n{lang} +\d+ +\d+ +\d+\n")
        self.assertLessEqual(max(map(len, said.split("\n"))), 80)

    def test_interpret_takes_the_content_of_the_database(self):
        self.init()
        self.sql("insert into glas_data.keyword (kind, code, lang, pattern) "
                 "values ('category', 'WASTE', 'sr', 'brzgljavac*')")
        for options, category in (((), ""), (("--database",), "WASTE"),
                                  (("--database=" + self.dsn(),), "WASTE")):
            done = subprocess.run(
                [GLASCTL, "-c", self.conf, "interpret", "--json", *options],
                input="ispred zgrade brzgljavaci", stdout=subprocess.PIPE,
                text=True, check=True)
            self.assertEqual(json.loads(done.stdout)["category"], category)
        self.assertIn("usage:", self.ctl(
            "interpret", "--database", "--content", CONTENT_DIR, status=2))

    def test_cards_are_one_file_that_needs_nothing_else(self):
        out = self.path("cards.html")
        self.ctl("content", "cards", "--content", CONTENT_DIR, "--number",
                 "063 123 45 67", out)
        with open(out, encoding="utf-8") as file:
            html = file.read()
        self.assertEqual(os.listdir(self.folder).count("cards.html"), 1)
        self.assertIn("063 123 45 67", html)
        self.assertNotRegex(html, r"(?i)<script|<link|<img|https?:|url\(")
        self.ctl("content", "cards", "--number", "<b>", out, status=2)
        self.ctl("content", "cards", self.path("no", "where.html"), status=1)

    # --- what admins do reaches the gateways ---------------------------------

    def test_a_reply_and_new_content_wake_living_gateways(self):
        self.init()
        said = self.sql(
            "select glas_gw.connect('vranje', '', 'k', interval '1 minute'); "
            "listen glas_vranje; listen glas_nis; "
            "insert into glas_data.gateway values "
            "('nis', now() - interval '1 minute', '', now()); "
            "insert into glas_data.citizen (token, reply_copy, link, lang, "
            "lang_chosen, cyrillic, hour_level, day_level, level_at, "
            "first_at, last_at) values ('t', 'c', 'mts', 'sq', false, false, "
            "1, 1, now(), now(), now()); "
            "insert into glas_data.report (reference, reported_at, message, "
            "citizen, lang, channel, urgent, status_at) values ('100008', "
            "now(), 1, 1, 'sq', 'sms', false, now()); "
            "select glas.reply('100008', 'x');")
        self.assertEqual(len(re.findall('notification "glas_vranje"', said)),
                         1, said)
        self.assertNotIn("glas_nis", said)

    # --- people -------------------------------------------------------------

    def test_admins_come_change_and_go(self):
        self.migrate()
        name, other = "mira_" + self.db[-20:], "own_" + self.db[-20:]
        member = ("select pg_has_role('%s', 'glas_%%s', 'member')" % name)

        def admin(*arguments, **more):
            return self.ctl("admin", arguments[0], "--database", self.dsn(),
                            *arguments[1:], **more)
        admin("add", name, "Odbor Vranje", "caseworker")
        self.assertEqual(self.sql("select count(*) from glas.reports",
                                  user=name), "0")
        self.assertEqual(self.sql(
            "show idle_in_transaction_session_timeout", user=name), "1min")
        admin("add", name, "Odbor Vranje", "press")
        self.assertEqual(self.sql(member % "caseworker"), "f")
        self.assertEqual(self.sql(member % "press"), "t")
        for wrong in ((name, "Odbor", "queen"), (name, " ", "press"),
                      ("glas_owner", "Odbor", "press"),
                      ("x; drop", "Odbor", "press")):
            admin("add", *wrong, status=1)
        admin("remove", name)
        self.assertEqual(self.sql(member % "press"), "f")
        self.assertIn("known are none", admin("remove", name, status=1))
        self.sql("create role %s login" % other)
        said = self.ctl("admin", "add", "--database", self.dsn(other), name,
                        "Odbor", "press", status=1)
        self.assertIn("permission denied", said)

    def test_short_words_of_psql_are_those_that_one_may_use(self):
        self.migrate()
        words = {
            "caseworker": ":today :new :due :last :out :history",
            "press": ":trend",
            "operator": ":today :links :alerts",
            "coordinator":
                ":today :new :due :last :out :history :links :alerts :trend"}
        for kind, mine in words.items():
            name = kind + "_" + self.db[-20:]
            self.ctl("admin", "add", "--database", self.dsn(), name, "Odbor",
                     kind)
            done = subprocess.run(
                [os.path.join(self.cluster.bindir, "psql")],
                # Also with a semicolon, as what is written out ends.
                input="\n".join(words["coordinator"].split()
                                + [mine.split()[0] + ";", ":help"]),
                text=True, capture_output=True, check=True, env={
                    **self.cluster.environment(self.db, name),
                    "PSQLRC": os.path.join(SRC_DIR, "contrib",
                                           "glas.psqlrc")})
            self.assertEqual(done.stderr, "")
            self.assertIn(":help what there is.",
                          " ".join(done.stdout.splitlines()[:2]))
            for word in mine.split():
                self.assertIn(f" {word} ", done.stdout)
            self.assertEqual(done.stdout.count("is not for your role"),
                             9 - len(mine.split()))

    # --- keys ---------------------------------------------------------------

    def test_keys_move_to_another_office(self):
        self.init()
        self.ctl("key", "export", self.path("set"))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("set")).st_mode),
                         0o400)
        other = self.write_conf("nis", "keys2")
        self.ctl("key", "import", self.path("set"), conf=other)
        self.assertEqual(self.key_files("keys2"), self.key_files("keys"))
        self.ctl("key", "import", self.path("set"), conf=other)

    def test_keys_that_stand_are_not_replaced(self):
        self.init()
        self.ctl("key", "export", self.path("set"))
        other = self.write_conf("nis", "keys2")
        self.init(conf=other)
        before = self.key_files("keys2")
        self.ctl("key", "import", self.path("set"), conf=other, status=1)
        self.assertEqual(self.key_files("keys2"), before)

    def test_keys_of_days_stay_at_home(self):
        self.init()
        with open(self.path("keys", "log.20261123"), "w",
                  encoding="ascii") as out:
            out.write("0" * 64 + "\n")
        self.ctl("key", "export", self.path("set"))
        with open(self.path("set"), encoding="ascii") as exported:
            self.assertNotIn("log.", exported.read())

    def test_an_exported_file_is_not_overwritten(self):
        self.init()
        with open(self.path("set"), "w", encoding="ascii") as out:
            out.write("precious")
        self.ctl("key", "export", self.path("set"), status=1)
        with open(self.path("set"), encoding="ascii") as exported:
            self.assertEqual(exported.read(), "precious")

    def test_broken_key_files_are_refused(self):
        for text in ("", "glas key set 1\n", "glas key set 1\ntoken.1\n",
                     "glas key set 1\ntoken.1 %s\n" % ("0" * 63),
                     "glas key set 1\n../x.1 %s\n" % ("0" * 64),
                     "glas key set 1\ntoken.1 %s\n" % ("g" * 64),
                     "glas key set 1\n" + "token.1 " + "0" * 64 + "0\n"):
            with self.subTest(text=text):
                with open(self.path("bad"), "w", encoding="ascii") as out:
                    out.write(text)
                self.ctl("key", "import", self.path("bad"), status=1)
                self.assertFalse(os.path.exists(self.path("keys")))

    # --- the command line ---------------------------------------------------

    def test_wrong_command_lines(self):
        for arguments in (("nonsense",), ("content",)):
            with self.subTest(arguments=arguments):
                self.assertIn(f'no command "{arguments[0]}"',
                              self.ctl(*arguments, status=2))
        self.assertIn("key export, key import, key recall, key rotate",
                      self.ctl("key", "exprt", status=2))
        for arguments in ((), ("init", "more"), ("content", "import"),
                          ("content", "import", "a", "b"), ("key", "export"),
                          ("migrate", "--nonsense"), ("pause",),
                          ("migrate", "--content", "a"),
                          ("content", "check", "--database", "a", "b"),
                          ("key", "rotate", "--database", "a")):
            with self.subTest(arguments=arguments):
                self.assertIn("usage: glasctl",
                              self.ctl(*arguments, status=2))

    def test_nothing_from_elsewhere_steers_the_terminal(self):
        said = self.ctl("migrate", "--database",
                        self.dsn("'x\033[31m\u202ey'"), status=1)
        self.assertNotRegex(said, "[\033\u202e]")

    def test_every_command_is_in_the_manual(self):
        usage = subprocess.run([GLASCTL, "-h"], stdout=subprocess.PIPE,
                               text=True, check=True).stdout
        with open(os.path.join(SRC_DIR, "doc", "glasctl.1"),
                  encoding="utf-8") as file:
            manual = file.read()

        def commands(lines, option):
            """With the options of each."""
            return {name: sorted(re.findall(option + "-([a-z-]+)", more))
                    for name, more in lines}
        self.assertEqual(
            commands(re.findall(r"^  ([a-z]+(?: [a-z]+)?)(.*)$", usage,
                                re.MULTILINE), "-"),
            commands(re.findall(r"^\.It Cm ([a-z]+(?: [a-z]+)?)(.*)$", manual,
                                re.MULTILINE), "Fl "))


if __name__ == "__main__":
    unittest.main()
