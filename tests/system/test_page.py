#!/usr/bin/env python3
"""What an operator looks at: the status page in a real browser, the metrics
read by promtool, and /healthz."""

import contextlib
import html
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from browser import browse  # noqa: E402
from cluster import Cluster, wait_until  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import Office, SRC_DIR, free_port, program  # noqa: E402
from peers import find_peer  # noqa: E402
from tags import Tags  # noqa: E402

DEADLINE_S = 60
SECRET = "a-secret-of-the-test-1"
PERSON = "+381641234567"
WORDS = "nema svetla u Vranju"
HOSTILE = "<script>alert(1)</script>"
OPERATORS = os.path.join(SRC_DIR, "etc", "operators.json")

# A month of texts: more by day than by night, nothing on one day, and credit
# that goes.
MONTH = """
insert into glas_data.citizen (id, token, lang, lang_chosen, cyrillic,
    hour_level, day_level, level_at, first_at, last_at)
    overriding system value
values (900001, sha256('x'), 'sq', false, false, 0, 0, now(), now(), now());
insert into glas_data.message (id, received_at, gateway, link, channel,
    citizen, segments, lang, intent, confidence)
select 900000 + row_number() over (), h + i * interval '1 minute', 'vranje',
       'mts', 'sms', 900001, 1, 'sq', 'report', 90
  from generate_series(glas.now() - interval '30 days', glas.now()
           - interval '1 hour', interval '1 hour') h,
       generate_series(1, 3 + (5 * sin(extract(hour from h) / 4)
           + 3 * sin(extract(day from h) * 1.7))::int) i
 where h::date <> (glas.now() - interval '9 days')::date;
insert into glas_data.outbox (id, created_at, kind, priority, citizen, text,
    encoding, segments, state, link, gateway, sent_at)
select 900000 + m.id, m.received_at, 'receipt', 1, m.citizen, 'da', 'GSM7', 1,
       'delivered', m.link, m.gateway, m.received_at + interval '3 seconds'
  from glas_data.message m where m.id > 900000 and m.id % 4 > 0;
insert into glas_data.balance (gateway, link, at, amount, currency, low_under,
    low_days)
select 'vranje', 'mts', glas.now() - n * interval '1 day', 1250.50 + n * 80,
       'RSD', 100, 7 from generate_series(1, 5) n;
refresh materialized view glas_data.hours;
update glas_data.counted set at = glas.now() where name = 'hours';
"""

# Shows the page in frames of widths that no window need have, and measures it.
RULER = """<!DOCTYPE html><meta charset="utf-8">
<style>body{margin:0}iframe{border:0;display:block}</style><body><script>
const found = {};
const shade = c => { const v = c.match(/[\\d.]+/g).map(n => {
    n /= 255; return n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4;
    }); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
const back = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(c)) return c; } return "rgb(255, 255, 255)"; };
for (const WIDTH of WIDTHS) {
const frame = document.createElement("iframe");
frame.width = WIDTH; frame.height = 400;
frame.onload = () => {
    const page = frame.contentDocument;
    const all = [...page.querySelectorAll("body *")];
    frame.height = page.documentElement.scrollHeight;
    found[WIDTH] = {
        width: page.documentElement.scrollWidth,
        height: page.documentElement.scrollHeight,
        wide: all.filter(e => e.getBoundingClientRect().right > WIDTH + 0.5
            || e.getBoundingClientRect().left < -0.5).map(e => e.outerHTML),
        faint: all.filter(e => [...e.childNodes].some(n => n.nodeType === 3
            && n.data.trim()) && !e.closest("svg")).filter(e => {
                const a = shade(getComputedStyle(e).color),
                    b = shade(back(e));
                return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
            }).map(e => e.outerHTML),
        dark: shade(back(page.body)) < 0.2,
        charts: page.querySelectorAll("svg").length,
        bars: page.querySelectorAll("rect.in").length,
        high: [...page.querySelectorAll("rect.in")].filter(e =>
            e.getBoundingClientRect().height > 1).length,
        run: page.querySelectorAll("script, img, link, iframe").length,
        text: page.body.innerText};
    document.body.dataset.found = JSON.stringify(found);
};
frame.srcdoc = PAGE;
document.body.append(frame);
}
</script>"""


class PageTest(unittest.TestCase):
    """An office with a modem that is well and one that says odd things."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(fsync=False))
        cls.office = Office(cluster=cls.cluster, database="page",
                            settings={"operators-file": OPERATORS})
        cls.addClassCleanup(cls.office.close)
        cls.ports = {name: free_port() for name in ("page", "locked")}
        cls.servers = {}
        sections = ""
        for name in ("mts", "odd"):
            cls.servers[name] = LinkServer(cls.office.path(name))
            cls.addClassCleanup(cls.servers[name].close)
            sections += (f"[link {name}]\nback-off = 500\n"
                         f"command = {cls.servers[name].command()}\n")
            if name == "mts":
                sections += "balance = *100#\nsegments-per-day = 500\n"
        with open(cls.office.path("secret"), "w", encoding="utf-8") as file:
            file.write(SECRET + "\n")
        for name, port in cls.ports.items():
            sections += (f"[status {name}]\nlisten = 127.0.0.1:{port}\n"
                         f"command = {program('glas-web')}\n")
        cls.office.sections = (sections + "secret-file = "
                               + cls.office.path("secret") + "\n")
        cls.office.init()
        cls.office.sql(MONTH)
        cls.office.start()
        cls.links = {"mts": cls.servers["mts"].accept().begin(
            signal_dbm=-71, operator="mt:s", sim_used=3, sim_size=20)}
        cls.office.wait_database()
        cls.tell_credit()
        cls.live(cls.links["mts"])
        cls.begin_odd()
        cls.wait_page(lambda text: "one month" in text)

    @classmethod
    def begin_odd(cls):
        """The one that says odd things."""
        cls.links["odd"] = cls.servers["odd"].accept().begin(
            signal_dbm=-107, operator=HOSTILE, sim_used=16, sim_size=20,
            detail='" onload="alert(2)', sandbox=False)
        cls.live(cls.links["odd"])

    @staticmethod
    def live(link):
        """Answers glasd until the test is over."""
        def answer():
            with contextlib.suppress(OSError):
                link.pump(lambda: False, 600)
        threading.Thread(target=answer, daemon=True).start()

    @classmethod
    def tell_credit(cls):
        """The modem that is well knows it."""
        mts = cls.links["mts"]
        asked = lambda: [m for m in mts.heard if m["t"] == "ussd"]
        assert mts.pump(asked), cls.office.tail()
        question = asked()[0]
        mts.say(t="ussd-result", id=question["id"], code=question["code"],
                text="Stanje na racunu: 1.250,50 din.")
        cls.office.wait_status(lambda s: (s["links"][0].get("credit") or {})
                               .get("days_left"), "days of credit")

    @classmethod
    def ask(cls, path="/", port="page", method="GET", timeout_s=20, **headers):
        """(status, headers, text) of one request."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", cls.ports[port], timeout=timeout_s)
        try:
            connection.request(method, path, headers={
                key.replace("_", "-"): value for key, value in
                headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    @classmethod
    def page(cls):
        """The page, whoever asked a moment ago."""
        status, _, text = cls.ask()
        assert status == 200, text
        return text

    @classmethod
    def wait_page(cls, condition):
        def holds():
            try:
                return condition(cls.page())
            except OSError:
                return False
        wait_until(holds, DEADLINE_S, f"the page: {cls.office.tail()}")

    def ruler(self, widths, page):
        """A file that shows the page in a frame of each width."""
        path = self.office.path("ruler.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(RULER.replace("WIDTHS", str(widths)).replace(
                "PAGE", json.dumps(page).replace("<", "\\u003c")))
        return "file://" + path

    def measure(self, widths, scheme=1, page=None):
        """What the ruler found, by width."""
        dom = browse(
            self.office.folder, "--dump-dom", "--window-size=1400,900",
            "--virtual-time-budget=3000",
            f"--blink-settings=preferredColorScheme={scheme}",
            self.ruler(widths, page or self.page()))
        return json.loads(html.unescape(re.search(
            r'data-found="([^"]*)"', dom).group(1)))

    # --- the page -----------------------------------------------------------

    def test_page_says_how_each_link_is_and_what_is_to_be_done(self):
        text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(
            r"<style>.*?</style>", "", self.page(), flags=re.S)))
        text = re.sub(r"\s+", " ", text)
        for words in ("Glas vranje degraded", "mts link ready",
                      "\u221271 dBm, very good", "3 of 20 slots used",
                      "1250.50 RSD, about 15 days left",
                      "\u2212107 dBm, hardly any", "16 of 20 slots used",
                      "sim-nearly-full odd", "To do:", "use a kernel with",
                      "Not stored", "Database up", "yesterday"):
            self.assertIn(words, text)
        self.assertRegex(text, "[0-9] segments? of 500 since midnight UTC")
        for alert in self.office.status()["alerts"]:
            self.assertIn(f"{alert['text']} To do: {alert['remedy']}",
                          re.sub(r"\s+", " ", text))

    def test_page_needs_nothing_else_and_runs_nothing(self):
        text = self.page()
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        tags = Tags()
        tags.feed(text)
        self.assertEqual((tags.open, tags.wrong), ([], []))
        self.assertEqual(tags.attributes & {"src", "href", "xlink:href",
                                            "style"}, set())
        self.assertEqual([a for a in tags.attributes
                          if a.startswith("on")], [])
        self.assertNotRegex(text, r"(?i)https?:|url\(|@import|<script")
        self.assertIn(html.escape(HOSTILE), text)

    def test_nobody_is_on_the_page_nor_in_the_metrics(self):
        mts = self.links["mts"]
        id = mts.mo(PERSON, WORDS)
        wait_until(lambda: id in mts.acked() and mts.submits, DEADLINE_S,
                   "an ack and a reply")
        self.office.wait_count("glas.reports", 1)
        reference = self.office.sql("select reference from glas.reports")
        for path in ("/", "/metrics", "/healthz"):
            text = self.ask(path)[2]
            self.assertNotIn(reference.strip(), text)
            # The values of metrics may be large.
            self.assertNotRegex(re.sub(r"(?m) [0-9.e+]+$", "", text),
                                r"[0-9]{6,}|Vranju|svetla")

    def test_page_fits_a_phone_and_a_screen_by_day_and_by_night(self):
        page = self.page()
        opened = page.replace("<details>", "<details open>")
        for scheme in (0, 1):
            closed = self.measure([360, 1280], scheme, page)
            found = self.measure([360, 1280], scheme, opened)
            for width in found:
                # Thirty days and more, a line each.
                self.assertGreater(found[width]["height"],
                                   closed[width]["height"] + 30 * 10)
            for width, found in [*closed.items(), *found.items()]:
                self.assertEqual(found["width"], int(width))
                self.assertEqual(found["wide"], [])
                self.assertEqual(found["faint"], [])
                self.assertEqual(found["dark"], scheme == 0)
                self.assertEqual(found["run"], 0)
                self.assertEqual(found["charts"], 2)
                # Of a day whose nights are quiet: MONTH.
                self.assertGreater(found["bars"], 8)
                self.assertEqual(found["high"], found["bars"])
                self.assertIn(HOSTILE, found["text"])

    def test_page_is_shown(self):
        """GLAS_SCREENSHOTS names a folder for those who want to look."""
        looked_at = os.environ.get("GLAS_SCREENSHOTS")
        page = self.page()
        for width, height, scheme in ((360, 3000, 0), (1280, 1700, 1),
                                      (360, 3000, 1), (1280, 1700, 0)):
            path = os.path.join(looked_at or self.office.folder, "page-%d-%s"
                                ".png" % (width, ("dark", "light")[scheme]))
            # No window is narrower than this.
            size = max(width, 500), height
            browse(self.office.folder, "--window-size=%d,%d" % size,
                   "--virtual-time-budget=3000",
                   f"--blink-settings=preferredColorScheme={scheme}",
                   "--screenshot=" + path, self.ruler([width], page))
            with open(path, "rb") as file:
                png = file.read()
            self.assertEqual(struct.unpack(">II", png[16:24]), size)
            # One of one colour is a few thousand octets.
            self.assertGreater(len(png), 40000)
            if not looked_at:
                break

    # --- HTTP ---------------------------------------------------------------

    def test_answers_are_not_kept_and_may_load_nothing(self):
        for path in ("/", "/metrics", "/healthz", "/nowhere"):
            _, headers, _ = self.ask(path)
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("default-src 'none'",
                          headers["Content-Security-Policy"])
            self.assertNotIn("script", headers["Content-Security-Policy"])
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_who_has_the_secret_may_look(self):
        self.assertEqual(self.ask(port="locked")[0], 403)
        self.assertEqual(self.ask("/healthz", port="locked")[0], 403)
        for headers in ({"X_Glas_Secret": SECRET},
                        {"Authorization": "Bearer " + SECRET}):
            self.assertEqual(self.ask(port="locked", **headers)[0], 200)
        self.assertEqual(self.ask("/?secret=" + SECRET, "locked")[0], 200)
        for headers in ({"Authorization": "Bearer " + SECRET + "x"},
                        {"Authorization": "Bearer"},
                        {"Authorization": "Basic " + SECRET}):
            self.assertEqual(self.ask(port="locked", **headers)[0], 403)

    def test_it_is_to_look_at_and_takes_nothing(self):
        self.assertEqual(self.ask("/", method="POST")[0], 405)
        self.assertEqual(self.ask("/sms/page", method="POST")[0], 405)
        self.assertEqual(self.ask("/sms/page")[0], 404)
        with socket.create_connection(("127.0.0.1", self.ports["page"]),
                                      20) as raw:
            raw.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer[:200])
        self.assertTrue(answer.endswith(b"\r\n\r\n"), answer[-200:])
        self.assertRegex(answer, rb"Content-Length: [0-9]{5}\r\n")

    def test_it_neither_dials_nor_pauses_and_goes_on(self):
        for words in (("ussd", "page", "*100#"), ("pause", "page"),
                      ("resume", "page")):
            done = self.office.glasctl(*words, check=False)
            self.assertEqual(done.returncode, 1, words)
            self.assertRegex(done.stderr, "no SIM|no texts")
        self.assertEqual(self.ask("/healthz")[0], 200)
        self.assertEqual([link["restarts"] for link in
                          self.office.status()["links"]
                          if link["name"] == "page"], [0])

    # --- metrics ------------------------------------------------------------

    def test_promtool_has_nothing_to_say_of_the_metrics(self):
        promtool, why_not = find_peer("usr/bin/promtool")
        if promtool is None:
            self.skipTest(why_not)
        for text in (self.ask("/metrics")[2],
                     self.office.glasctl("metrics").stdout):
            done = subprocess.run([promtool, "check", "metrics"], input=text,
                                  text=True, capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, "", ""))

    def test_metrics_are_those_of_glasctl(self):
        status, headers, text = self.ask("/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"],
                         "text/plain; version=0.0.4; charset=utf-8")
        names = lambda metrics: set(re.findall(r"^# TYPE (\S+)", metrics,
                                               re.M))
        self.assertEqual(names(text),
                         names(self.office.glasctl("metrics").stdout))
        self.assertIn("glas_up 1\n", text)

    # --- what goes wrong ----------------------------------------------------

    def test_health_says_that_it_is_degraded_and_takes_texts(self):
        status, _, text = self.ask("/healthz")
        self.assertEqual(status, 200)
        self.assertEqual(text.count("\n"), 1)
        self.assertIn(" link-unsandboxed/odd", text)

    def test_without_a_database_page_and_charts_are_there_and_say_so(self):
        self.cluster.stop("immediate")
        try:
            self.wait_page(lambda text: "database-away" in text)
            text = self.page()
            self.assertIn("are as they were counted last", text)
            self.assertIn("one month", text)
            status, _, health = self.ask("/healthz")
            self.assertEqual(status, 200)
            self.assertIn("database-away", health)
        finally:
            self.cluster.start()
        self.office.wait_database()

    def test_a_glasd_that_hangs_is_said_to(self):
        self.page()
        self.office.process.send_signal(signal.SIGSTOP)
        try:
            wait_until(lambda: self.ask("/healthz")[0] == 503, DEADLINE_S,
                       "health")
            self.assertEqual(self.ask("/healthz")[2],
                             "down: glasd does not answer\n")
            self.assertIn("glasd does not answer", self.page())
            self.assertIn("3 of 20 slots used", self.page())
            self.assertIn("glas_up 0\n", self.ask("/metrics")[2])
        finally:
            self.office.process.send_signal(signal.SIGCONT)
        wait_until(lambda: self.ask("/healthz")[0] == 200, DEADLINE_S,
                   "health again")

    def test_without_a_link_that_is_ready_it_is_down(self):
        for link in self.links.values():
            link.say(t="state", state="searching")
        try:
            wait_until(lambda: self.ask("/healthz")[0] == 503, DEADLINE_S,
                       "health")
            self.assertIn("no link is ready", self.ask("/healthz")[2])
        finally:
            for link in self.links.values():
                link.say(t="state", state="ready")
        wait_until(lambda: self.ask("/healthz")[0] == 200, DEADLINE_S,
                   "health again")

    def test_a_link_that_carries_texts_is_not_told(self):
        self.links["odd"].say(t="look")
        self.begin_odd()
        self.office.wait_status(lambda s: s["links"][1]["violations"] == 1 and
                                s["links"][1]["state"] == "ready", "hung up")
        self.wait_page(lambda text: "link-violations odd" in re.sub(
            r"<[^>]+>", "", text))

    def test_it_is_no_link_to_send_by(self):
        self.assertEqual(self.office.sql(
            "select count(*) from glas.links where kind = 'status'").strip(),
            "0")


class Alone(unittest.TestCase):
    """An office whose links are not in glas.conf yet."""

    def test_without_a_link_it_is_down(self):
        with Cluster(fsync=False) as cluster, Office(
                cluster=cluster, database="alone") as office:
            port = free_port()
            office.sections = (f"[status page]\nlisten = 127.0.0.1:{port}\n"
                               f"command = {program('glas-web')}\n")
            office.init()
            office.start()
            office.wait_status(lambda s: s["links"][0]["state"] == "ready",
                               "the page")
            connection = http.client.HTTPConnection("127.0.0.1", port,
                                                    timeout=20)
            self.addCleanup(connection.close)
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            self.assertEqual(answer.status, 503)
            self.assertIn(b"no link is configured", answer.read())


if __name__ == "__main__":
    unittest.main()
