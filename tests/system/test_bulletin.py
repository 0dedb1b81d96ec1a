"""The bulletin, as somebody at psql writes it and a browser shows it."""

import html
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from browser import browse                          # noqa: E402
from cluster import Cluster                         # noqa: E402
from tags import Tags                               # noqa: E402

SRC_DIR = os.environ.get("GLAS_SRC_DIR") or os.path.dirname(
    os.path.dirname(HERE))
BUILD_DIR = os.environ.get("GLAS_BUILD_DIR") or SRC_DIR
LANGUAGES = ("sr-Latn", "sq", "en")

# Two hundred people of three months, some with more than one report.
OFFICE = """
insert into glas_data.citizen (id, token, lang, lang_chosen, cyrillic,
    hour_level, day_level, level_at, first_at, last_at, people)
overriding system value
select 100 + n, sha256(n::text::bytea), 'sq', false, false, 1, 1, now(), now(),
       now(), (array['roma', 'elderly', ''])[1 + n % 3]
  from generate_series(0, 199) n;
insert into glas_data.report (reference, reported_at, message, citizen,
    category, municipality, lang, channel, urgent, status_at, answered_at)
select glas_data.reference_nth(5000 + n, 7), d, n, 100 + (n * 7) %% 200,
       (array['LIGHT', 'POL_ID', 'DV', 'WATER', 'ROAD'])[1 + n * n %% 5],
       (array['Vranje', 'Bujanovac', 'Vladičin Han', 'Vranjska Banja'])
           [1 + n * n * n %% 4], (array['sr-Latn', 'sq'])[1 + n %% 2], 'sms',
       false, now(), case when n %% 3 > 0 then d + interval '2 days' end
  from (select n, timestamptz '2024-07-01 12:00' + n * interval '8 hours' as d
          from generate_series(1, 270) n) s;
select glas.publish(m) from unnest(array['2024-07', '2024-08', '2024-09']) m;
select glas.recommend('<script>alert(1)</script>', repeat('predugo', 60),
    'Grad "Vranje" & co.');
select glas.respond(1, 'accepted', '<img src=x onerror=alert(2)>');
select glas.make_public(1);
""".replace("%%", "%")

# Measures the page in a frame of a width that no window need have.
RULER = """<!DOCTYPE html><meta charset="utf-8"><body><script>
const frame = document.createElement("iframe");
frame.width = %d; frame.height = 800; frame.style.border = 0;
frame.onload = () => {
    const page = frame.contentDocument;
    const wide = [...page.querySelectorAll("body *")].filter(e =>
        e.getBoundingClientRect().right > %d + 0.5).map(e => e.tagName);
    document.body.dataset.found = JSON.stringify({
        width: page.documentElement.scrollWidth, wide,
        bars: page.querySelectorAll("td svg").length,
        tiles: page.querySelectorAll(".map g").length,
        scripts: page.querySelectorAll("script, img, link, iframe").length,
        clipped: [...page.querySelectorAll(".map text")].filter(e =>
            e.getBBox().width > 96).length});
};
frame.srcdoc = %s;
document.body.append(frame);
</script>"""


class BulletinTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(fsync=False)
        cls.addClassCleanup(cls.cluster.destroy)
        cls.cluster.createdb("glas")
        cls.folder = tempfile.mkdtemp(prefix="glas-bulletin-", dir="/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        conf = os.path.join(cls.folder, "glas.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write("[gateway]\nname = vranje\ndatabase = %s\n"
                       "key-dir = %s/keys\nspool-dir = %s/spool\n"
                       "content-dir = %s/etc/content\n" % (
                           cls.cluster.dsn("glas"), cls.folder, cls.folder,
                           SRC_DIR))
        subprocess.run(
            [os.path.join(BUILD_DIR, "glasctl"), "-c", conf, "init", "--sql",
             os.path.join(SRC_DIR, "sql")],
            check=True, stdout=subprocess.DEVNULL)
        cls.cluster.psql(OFFICE, db="glas")
        cls.cluster.psql("create role petra login; "
                         "grant glas_press to petra", db="glas")
        cls.pages = {lang: cls.write(lang) for lang in LANGUAGES}

    @classmethod
    def write(cls, lang):
        """Writes the bulletin as doc/publishing.md says; gives its path."""
        path = os.path.join(cls.folder, lang + ".html")
        subprocess.run(
            [os.path.join(cls.cluster.bindir, "psql"), "-X", "-At", "-o",
             path, "-c", "select glas.bulletin('2024-07', '2024-09', '%s')"
             % lang], check=True, env={
                 **cls.cluster.environment("glas", "petra"),
                 "PGCLIENTENCODING": "UTF8"})
        return path

    def page(self, lang):
        with open(self.pages[lang], encoding="utf-8") as file:
            return file.read()

    def test_page_needs_nothing_else_and_runs_nothing(self):
        for lang in LANGUAGES:
            text = self.page(lang)
            self.assertTrue(text.startswith("<!DOCTYPE html>"))
            tags = Tags(("meta", "rect"))
            tags.feed(text)
            self.assertEqual((tags.open, tags.wrong), ([], []))
            self.assertEqual(tags.attributes & {"src", "href", "xlink:href",
                                                "style"}, set())
            self.assertEqual([a for a in tags.attributes
                              if a.startswith("on")], [])
            self.assertNotRegex(text, r"(?i)https?:|url\(|@import|<script")
            self.assertIn("&lt;script&gt;alert(1)", text)
            self.assertIn("Vranje", text)

    def test_months_are_words(self):
        for lang, title in (("sr-Latn", "Bilten, jul 2024 – septembar 2024"),
                            ("sq", "Buletin, korrik 2024 – shtator 2024"),
                            ("en", "Bulletin, July 2024 – September 2024")):
            self.assertIn(f"<h1>Glas: {title}</h1>", self.page(lang))

    def test_page_fits_a_phone_and_a_screen(self):
        for lang in LANGUAGES:
            for width in (360, 1280):
                ruler = os.path.join(self.folder, "ruler.html")
                with open(ruler, "w", encoding="utf-8") as file:
                    file.write(RULER % (width, width, json.dumps(
                        self.page(lang)).replace("<", "\\u003c")))
                dom = browse(self.folder, "--dump-dom",
                             "--window-size=1400,900",
                             "--virtual-time-budget=5000", "file://" + ruler)
                found = json.loads(html.unescape(re.search(
                    r'data-found="([^"]*)"', dom).group(1)))
                self.assertEqual(found["width"], width, (lang, found))
                self.assertEqual(found["wide"], [], lang)
                self.assertEqual(found["scripts"], 0)
                self.assertEqual(found["clipped"], 0)
                self.assertEqual(found["tiles"], 29)
                self.assertGreater(found["bars"], 10)

    def test_page_is_printed_on_a4(self):
        path = os.path.join(self.folder, "page.pdf")
        browse(self.folder, "--no-pdf-header-footer", "--print-to-pdf=" + path,
               "file://" + self.pages["sr-Latn"])
        with open(path, "rb") as file:
            boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]",
                               file.read())
        self.assertIn(len(boxes), (1, 2, 3))
        for wide, high in boxes:
            self.assertAlmostEqual(float(wide), 595, delta=1)
            self.assertAlmostEqual(float(high), 842, delta=1)

    def test_page_is_shown(self):
        """GLAS_SCREENSHOTS names a folder for those who want to look."""
        folder = os.environ.get("GLAS_SCREENSHOTS", self.folder)
        sizes = []
        for lang in LANGUAGES:
            path = os.path.join(folder, "bulletin-%s.png" % lang)
            browse(self.folder, "--window-size=1280,1400",
                   "--screenshot=" + path, "file://" + self.pages[lang])
            with open(path, "rb") as file:
                png = file.read()
            self.assertEqual(struct.unpack(">II", png[16:24]), (1280, 1400))
            sizes.append(len(png))
        # A page of one colour is a few thousand bytes.
        self.assertGreater(min(sizes), 40000)


if __name__ == "__main__":
    unittest.main()
