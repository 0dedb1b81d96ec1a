"""glas.preview() and glas.reply() count and spell as the gateway does."""

import os
import random
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from cluster import Cluster                         # noqa: E402

SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
GLASCTL = os.path.join(BUILD_DIR, "glasctl")
LETTERS = os.path.join(BUILD_DIR, "tests", "lib", "letters")

LETTERS_OF_PEOPLE = [*(
    "abc XYZ 012 .,!?\n€[]{}^~| ŠĐČĆŽšđčćž ëçËÇ äöüß ñÑ ő"
    "абвгдђежзијклљмнњопрстћуфхцчџш АБВЂЉЊЏШ ъщюяЪЩЮЯ ѓќѕ ѐѝ"
    "„“”‘’–—…·•«» ½ ™ ﬁ Ⅳ ² ° § £ ¥ Ω θ ĲǄǅǆ ŁłıœŒ þÞðÐ əƏ ʒ"
    "漢字 한글 ´`×÷\u00a0\u200b"),
    "😀", "👍🏽", "👨‍👩‍👧", "🇷🇸", "❤️"]


def texts():
    """Every letter of Europe alone, and many heaps of what people type."""
    chance = random.Random(20261123)
    found = ["A%sb" % chr(code)
             for low, high in ((0x20, 0x250), (0x250, 0x370), (0x370, 0x530),
                               (0x1e00, 0x2100), (0x2100, 0x2900))
             for code in range(low, high)]
    for _ in range(3000):
        found.append("".join(chance.choice(LETTERS_OF_PEOPLE) for _ in range(
            chance.randint(1, chance.choice((10, 80, 170, 330))))))
    return [text.replace("\\", "/") for text in found]


def quoted(text):
    return "'%s'" % text.replace("'", "''")


class LettersTest(unittest.TestCase):

    def compute(self, given):
        """What the C code makes of the texts: rows for the database."""
        lines = "".join(text.replace("\n", "\\n") + "\n" for text in given)
        said = subprocess.run(
            [LETTERS], input=lines.encode(), stdout=subprocess.PIPE,
            check=True).stdout.decode().split("\n")
        for n, text in enumerate(given):
            for keep in (0, 1):
                encoding, segments, units, sent = said[2 * n + keep].split(
                    "\t", 3)
                yield "(%s, %s, %s, %s, %s, %s)" % (
                    quoted(text), bool(keep), quoted(encoding), segments,
                    units, quoted(sent.replace("\\n", "\n")))

    def test_sql_spells_and_counts_as_the_gateway_does(self):
        if not os.access(LETTERS, os.X_OK):
            self.skipTest("tests/lib/letters is not built")
        with Cluster(fsync=False) as cluster:
            cluster.createdb("glas")
            subprocess.run([GLASCTL, "migrate", "--database",
                            cluster.dsn("glas"), "--sql",
                            os.path.join(SRC_DIR, "sql")], check=True,
                           stdout=subprocess.DEVNULL)
            odd = cluster.psql(
                "create table given (given text, keep boolean, encoding text,"
                " segments int, units int, sent text);"
                "insert into given values " + ",".join(self.compute(texts()))
                + "; select g.given, g.sent, p.text, g.encoding, p.encoding,"
                " g.segments, p.segments, g.units, p.units, p.costly"
                " from given g, glas.preview(given, keep) p"
                " where (g.sent, g.encoding, g.segments, g.units)"
                " is distinct from (p.text, p.encoding, p.segments, p.units)"
                " or case when keep"
                " then (translate(p.costly, glas_data.gsm7_extension(), '')"
                " = '') <> (g.encoding = 'GSM7')"
                " else g.encoding <> 'GSM7' end"
                " limit 20", db="glas", timeout_s=300)
        self.assertEqual(odd, "")


if __name__ == "__main__":
    unittest.main()
