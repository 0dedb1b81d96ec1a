#!/usr/bin/env python3
"""Numbers of persons are nowhere: a dump of the whole database, the spool and
the logs hold none of those that people wrote from, nor of those that they
wrote into their texts, in whatever spelling and encoding.  What they said with
them is understood all the same, and the sealed original has them.
"""

import base64
import os
import re
import subprocess
import sys
import unicodedata
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import ClusterError  # noqa: E402
from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import SRC_DIR, number, wait_for  # noqa: E402

CORPUS = os.path.join(SRC_DIR, "tests", "corpus", "mask_go.tsv")
MARK = re.compile(r"\[(?:broj [0-9]+|JMBG)\]")
SPELLED = re.compile(r"[^\W\d_]{3}", re.IGNORECASE)   # digits as words
LIKE = str.maketrans("OoОоΟοlIІ", "000000111")
LEAST = 6               # characters of a number
TELLING = 8             # digits that are not found by chance


def corpus():
    """What people write, and what is stored of it."""
    with open(CORPUS, encoding="utf-8") as file:
        for line in file.read().split("\n")[1:]:
            if line:
                yield [cell.replace("\\n", "\n")
                       for cell in line.split("\t")[1:]]


def plain_digits(written):
    """The digits of a number, however it was written."""
    seen = re.sub(r"\\u\{[0-9A-F]+\}", "", written)
    seen = unicodedata.normalize("NFKC", seen).translate(LIKE)
    return "".join(str(unicodedata.digit(c)) for c in seen if c.isdigit())


def numbers_in(text, masked):
    """What stands in a text where marks are in the other."""
    pieces = [re.escape(piece) for piece in MARK.split(masked)]
    for least in (8, LEAST):
        found = re.fullmatch(f"(.{{{least},}}?)".join(pieces), text,
                             re.DOTALL)
        if found:
            return found.groups()
    raise AssertionError(f"{masked} is not what {text} becomes")


def tells(digits):
    """What all spellings of a number of this country end with."""
    return re.sub(r"^(?:00)?(?:381)?0*", "", digits)


def encodings(text):
    """Octets that a string may stand in a file as."""
    for octets in (text.encode(), text.encode("utf-16-be"),
                   text.encode("utf-16-le")):
        yield octets
        yield octets.hex().encode()
        yield octets.hex().upper().encode()
        for skipped in range(3):
            whole = base64.b64encode(b"\0" * skipped + octets)
            yield whole[4 if skipped else 0:len(whole) - 4]
    if text.isascii() and text.isdigit():
        for digits in (text, "0" + text, "381" + text):
            padded = digits + "F" * (len(digits) % 2)
            swapped = "".join(b + a for a, b in zip(padded[::2],
                                                    padded[1::2]))
            swapped = swapped[:-2] if "F" in padded else swapped
            if len(swapped) > TELLING:
                yield swapped.encode()
                yield bytes.fromhex(swapped[:len(swapped) // 2 * 2])


class MaskTest(GatewayTest):
    def places(self):
        """Where a thief would look: dump, spool, logs; by name."""
        dump = subprocess.run(
            ["pg_dump", self.office.dsn("postgres")], check=True,
            capture_output=True).stdout
        found = {"dump": dump,
                 "log": self.office.tail(1 << 26).encode(),
                 "server": self.cluster.log(1 << 26).encode()}
        for folder, _, files in os.walk(self.office.path("spool")):
            for name in files:
                with open(os.path.join(folder, name), "rb") as octets:
                    found[f"spool/{name}"] = octets.read().rstrip(b"\0")
        return found

    def values(self):
        """All that is text in any table, digits alone, but for what the
        content brings along."""
        every = self.sql(
            "select string_agg(format('select %L || regexp_replace(%I::text, "
            "''[^0-9]'', '''', ''g'') from glas_data.%I where length(%I::text) "
            f"between {TELLING} and 4000', table_name || '.' || column_name "
            "|| ': ', column_name, table_name, column_name), ' union all ')"
            " from information_schema.columns c join pg_class r"
            " on r.oid = ('glas_data.' || quote_ident(table_name))::regclass"
            " where table_schema = 'glas_data' and relkind in ('r', 'p')"
            " and data_type in ('text', 'jsonb', 'json', 'ARRAY')"
            " and table_name not in ('reply_text', 'weight', 'place')")
        return self.sql(every).split("\n")

    def assert_nowhere(self, numbers, spellings=()):
        """None of these numbers, as they end, nor a spelling is anywhere."""
        places, values = self.places(), self.values()
        for needle in (*numbers, *spellings):
            for octets in encodings(needle):
                for name, where in places.items():
                    if octets in where:
                        at = where.index(octets)
                        self.fail(f"{needle} is in {name}: "
                                  f"{where[max(at - 80, 0):at + 80]!r}")
        for needle in numbers:
            for value in values:
                self.assertNotIn(needle, value.split(": ")[1], value)

    def cover(self, sent):
        """What may be nowhere: originators, and numbers within texts."""
        numbers, spellings = set(), set()
        for originator, text, masked in sent:
            numbers.add(tells(originator.strip("+")))
            for written in numbers_in(text, masked):
                spellings.add(written)
                if SPELLED.search(unicodedata.normalize("NFKC", written)):
                    continue
                digits = plain_digits(written)
                self.assertGreaterEqual(len(digits), LEAST, text)
                for end in (digits, tells(digits)):
                    if len(end) >= TELLING:
                        numbers.add(end)
        return numbers, spellings


class Nowhere(MaskTest):
    """The corpus, from as many numbers, all the way."""

    def test_no_number_is_in_dump_spool_or_logs(self):
        sent = [(number(), *pair) for pair in corpus()]
        for originator, text, _ in sent:
            self.send(originator, text)
        self.settle(len(sent))
        stored = self.sql(
            "select string_agg(replace(text, E'\\n', '~'), E'\\n' order by id)"
            " from glas.inbox").split("\n")
        wanted = [masked.replace("\n", "~") for _, _, masked in sent]
        self.assertEqual(sorted(stored), sorted(wanted))
        self.assertGreater(self.office.count("glas.reports"), 9)
        self.assert_nowhere(*self.cover(sent))

    def test_a_number_that_was_not_masked_would_be_found(self):
        """The search itself: it finds what is put before it."""
        self.sql("create table glas_data.leak (words text)")
        for written, needle in (
                ("064 777 1234", "647771234"),
                ("+381647771234", "647771234"),
                (b"+381647771234".hex(), "647771234"),
                ("647771234".encode("utf-16-be").hex(), "647771234"),
                (base64.b64encode(b"+381647771234").decode(), "647771234"),
                ("8361747721F3", "647771234"[:-1])):
            self.sql(f"insert into glas_data.leak values ('{written}')")
            with self.assertRaises(AssertionError, msg=written):
                self.assert_nowhere({needle})
            self.sql("delete from glas_data.leak")
        self.assert_nowhere({"647771234"})


class Ways(MaskTest):
    """Every way on which words of a person get somewhere."""

    def test_a_number_that_two_segments_share(self):
        person = number()
        for seq, piece in ((1, "PRIJAVA Vranje nema vode, 064 777"),
                           (2, " 1234 zovite")):
            self.send(person, piece, udh=f"0500030702{seq:02x}")
        self.settle(1)
        self.assertEqual(self.sql("select text from glas.inbox"),
                         "PRIJAVA Vranje nema vode, [broj 1] zovite")
        self.assert_nowhere({tells(person[1:]), "647771234"})

    def test_parts_that_wait_and_come_late(self):
        person = number()
        self.send(person, "PRIJAVA rupa, 064 777 1234 ",
                  udh="050003070201")
        wait_for(lambda: self.link.pump(self.office.spool_settled, 0.2),
                 what="a part that waits")
        self.assertEqual(self.office.count("glas_data.concat_segment"), 1)
        self.assert_nowhere({tells(person[1:]), "647771234"})

    def test_forms_and_their_questions(self):
        person = number()
        self.ask(person, "JAVLJANJE Ristovac napeto 12, zovite 064 777 1234")
        self.assertEqual(self.sql(
            "select incidents, mood, place from glas.form_checkin"),
            "12|tense|Vranje/Ristovac")
        self.assertIn("[broj 1]", self.sql(
            "select remark, unread from glas.form_checkin"))
        other = number()
        self.ask(other, "JAVLJANJE mirno Vranje")
        self.ask(other, "064/777-1234")
        self.assertEqual(self.sql(
            f"select incidents is null, unread from glas.form_checkin "
            f"where mood = 'calm'"), "t|[broj 1]")
        self.assert_nowhere({tells(person[1:]), "647771234"})

    def test_lists_helped_people_rumours_and_votes(self):
        person = number()
        texts = ("VESTI VRANJE 0647771234",
                 "ZA Mica064777 1234 nema struje u Bujanovcu",
                 "DA LI JE TACNO da 064 777 1234 krade podatke",
                 "PITAM za debatu: ciji je broj 064-777-1234",
                 "GLAS 064/777-1234", "STATUS 647771234",
                 "OBRISI 6477", "PRAVO 064 777 1234",
                 "PROBA 0647771234 nema vode")
        self.ask(person, "PRIJAVA rupa na putu, Vranje")
        self.sql("select glas.helper(citizen) from glas.inbox")
        for text in texts:
            self.send(person, text)
        self.settle(len(texts) + 1)
        self.assertEqual(self.sql(
            "select consent from glas_data.subscription"),
            "VESTI VRANJE [broj 1]")
        self.assert_nowhere({tells(person[1:]), "647771234"})

    def test_what_was_put_aside_and_released(self):
        person = number()
        self.sql("alter table glas_data.body add constraint refused "
                 "check (text not like '%otrov%')")
        self.send(person, "PRIJAVA otrov, 064 777 1234")
        self.office.wait_count("glas.quarantine", 1)
        self.assert_nowhere({tells(person[1:]), "647771234"})
        self.sql("alter table glas_data.body drop constraint refused")
        self.sql("select glas.quarantine_release(id) from glas.quarantine")
        self.settle(1)
        self.assertEqual(self.sql("select text from glas.inbox"),
                         "PRIJAVA otrov, [broj 1]")
        self.assert_nowhere({tells(person[1:]), "647771234"})

    def test_while_the_database_is_away(self):
        person = number()
        self.cluster.stop()
        try:
            self.office.wait_database("away")
            self.send(person, "PRIJAVA gori kuca, 064 777 1234 Vranje")
            self.link.pump(lambda: self.link.submits)
        finally:
            self.cluster.start()
        self.settle(1)
        self.assertIn("[broj 1]", self.sql("select text from glas.inbox"))
        self.assert_nowhere({tells(person[1:]), "647771234"})

    def test_what_a_link_says_of_itself(self):
        self.link.say(t="state", state="ready",
                      detail="cannot send to +381647771234")
        self.link.pump(lambda: "[broj 1]" in self.office.tail(), 5)
        self.assertIn("[broj 1]", self.office.tail())
        self.ask(number(), "PRIJAVA rupa Vranje")
        self.assert_nowhere({"647771234"})

    def test_words_that_are_not_known(self):
        for n in range(2):
            self.send(number(), f"kandelaber zvrcka 064 777 123{n}")
        self.settle(2)
        self.assertEqual(self.sql(
            "select word from glas.unknown_words order by word"),
            "kandelaber\nzvrcka")
        self.assertEqual(self.sql(
            "select distinct example from glas.unknown_words"),
            "kandelaber zvrcka [broj 1]")

    def test_the_original_has_what_was_written(self):
        person = number()
        self.ask(person, "PRIJAVA rupa, Vranje, 064 777 1234")
        self.assertEqual(self.sql(
            "select text, length(original) > 60 from glas_data.body"),
            "PRIJAVA rupa, Vranje, [broj 1]|t")

    def test_a_report_told_twice_is_one(self):
        person = number()
        for _ in range(2):
            self.ask(person, "PRIJAVA nema vode u ulici Save Kovacevica "
                     "Vranje, zovite 064 777 1234")
        self.assertEqual(self.office.count("glas.reports"), 1)

    def test_what_somebody_mistypes_at_psql(self):
        self.office.end_sessions()      # older than the setting
        with self.assertRaises(ClusterError):
            self.sql("select glas.reply('999999', 'zovite 064 777 1234')")
        server = self.places()["server"]
        self.assertIn(b"...999", server)
        self.assertNotIn(b"777 1234", server)


if __name__ == "__main__":
    unittest.main()
