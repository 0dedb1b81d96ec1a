#!/usr/bin/env python3
"""Tests of contrib/demo: the real programs as people start them, with both
telephones, as root and not, to the end and interrupted.

python3 -m unittest discover -s tests/system -p 'test_demo.py'
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))

import demo_screen  # noqa: E402
import demo_script  # noqa: E402
import pdu  # noqa: E402
from cluster import children_of, wait_until  # noqa: E402
from office import BUILD_DIR, SRC_DIR, program  # noqa: E402

PROGRAMS = ("glasd", "glasctl", "glas-modem")
CITIZEN = "+381641234501"
LONG = "PRIJAVA Bujanovac: " + "nema vode, dugačko pismo. " * 12
OWN_LIMIT = 6                   # replies-per-hour of glas.conf
DEADLINE_S = 120

# One text and what must be said of it: intent, category, language.
TEXTS = (
    (CITIZEN, "PRIJAVA POLICIJA Bujanovac zaustavljaju me svaki dan i traze "
     "licnu kartu bez razloga", "report", "POL_ID", "sr-Latn"),
    ("+381641234502", "Нема воде већ три дана, Врање", "report", "WATER",
     "sr-Cyrl"),
    ("+381641234503", "Policia më ndal çdo ditë në Preshevë e kërkon "
     "letërnjoftimin pa arsye", "report", "POL_ID", "sq"),
    (CITIZEN, "PRAVO 2", "rights", None, None),
    (CITIZEN, "STATUS", "status", None, None),
    ("+381641234504", LONG, "report", "WATER", "sr-Latn"),
    ("+381641234505", "STOP", "stop", None, None),
    ("+381641234505", "START", "start", None, None),
    ("0641234506", "Rupa\nna putu\tkod \\ Vranja", "report", "ROAD",
     "sr-Latn"),
    ("Banka", "Stanje na racunu 120.50 din.", None, None, None),
    ("3030", "Akcija do nedelje!", None, None, None),
)
LIMITED = "+381641234507"
FIELDS = {
    "mo": r"mo\t(\d+)\t([^\t]+)\t([^\t]*)",
    "inbox": r"inbox\t(\d+)\t(\d+)\t([a-z]+)\t(\d{6,}|)",
    "report": r"report\t(\d{6,})\t(\w*)\t([^\t]*)\t([^\t]*)"
              r"\t(\w+(?:-\w+)?)\t(\w+)\t([tf])",
    "reply": r"reply\t(\d+)\t(\d+)\t(GSM7|UCS2)\t([^\t]+)",
    "silent": r"silent\t(\d+)\t([^\t]+)",
}


def write_script(texts):
    """The lines of a script."""
    return "".join("%s\t%s\n" % (number, demo_script.escape(text))
                   for number, text, *_ in texts)


def read_output(words):
    """[(kind, fields)]; ValueError for a line that is none of ours."""
    found = []
    for line in words.splitlines():
        kind = line.split("\t")[0]
        match = re.fullmatch(FIELDS.get(kind, "(?!)"), line)
        if not match:
            raise ValueError("no line of the demonstration: %r" % line)
        found.append((kind, match.groups()))
    return found


def by_text(lines):
    """{N: {kind: [fields]}}; a report belongs to the text before it."""
    texts, count = {}, 0
    for kind, fields in lines:
        if kind != "report":
            count, fields = int(fields[0]), fields[1:]
        texts.setdefault(count, {}).setdefault(kind, []).append(fields)
    return texts


def luhn_holds(digits):
    """Is the last digit the check digit of the others?"""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        total += digit if place % 2 == 0 else digit * 2 // 10 + digit * 2 % 10
    return total % 10 == 0


class Demo:
    """contrib/demo, running."""

    def __init__(self, *arguments, top=SRC_DIR, build=BUILD_DIR, **more):
        self.errors = []
        self.process = subprocess.Popen(
            [os.path.join(top, "contrib", "demo"), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", cwd="/",
            env={"PATH": os.environ["PATH"], "GLAS_BUILD_DIR": build,
                 "LC_ALL": "C.UTF-8"}, **more)
        self.reader = threading.Thread(target=self._read_errors, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.finish()

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line)

    def said(self):
        """What it said to people."""
        return "".join(self.errors)

    def wait_ready(self):
        """Until it takes texts."""
        wait_until(lambda: "ready after" in self.said()
                   or self.process.poll() is not None, DEADLINE_S, "start")

    def tell(self, words):
        """Something on its standard input."""
        self.process.stdin.write(words)
        self.process.stdin.flush()

    def hear(self, kinds):
        """The lines up to the first of these kinds."""
        heard = []
        for line in self.process.stdout:
            heard += read_output(line)
            if heard[-1][0] in kinds:
                return heard
        raise AssertionError("it ended: " + self.said())

    def finish(self):
        """Its exit status and its standard output."""
        output = ""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        if not self.process.stdout.closed:
            output = self.process.stdout.read()
            self.process.stdout.close()
        status = self.process.wait(DEADLINE_S)
        self.reader.join()
        self.process.stderr.close()
        return status, output


def run_demo(script, *arguments, **more):
    """Status, output and words of a run with a script on a pipe."""
    with Demo("--script", "-", *arguments, **more) as demo:
        writer = threading.Thread(target=lambda: (
            demo.tell(script), demo.process.stdin.close()))
        writer.start()
        output = demo.process.stdout.read()
        writer.join()
        status, _ = demo.finish()
        return status, output, demo.said()


@unittest.skipUnless(all(map(os.path.exists, map(program, PROGRAMS))),
                     "the programs are not built")
class DemoTest(unittest.TestCase):
    """What the tests below share."""

    def check_form(self, texts, output):
        """Each text has its lines, in their order; returns them by text."""
        lines = read_output(output)
        found = by_text(lines)
        self.assertEqual(list(found), list(range(1, len(texts) + 1)))
        order = ["mo", "inbox", "report", "reply", "silent"]
        for count, (number, text, *_) in enumerate(texts, 1):
            kinds = found[count]
            self.assertEqual(list(kinds), [k for k in order if k in kinds])
            self.assertEqual(kinds["mo"],
                             [(number, demo_script.escape(text))])
            self.assertEqual(len(kinds["inbox"]), 1)
            self.assertLessEqual(len(kinds.get("report", ())), 1)
            self.assertNotEqual("reply" in kinds, "silent" in kinds)
            for segments, encoding, reply in kinds.get("reply", ()):
                reply = demo_script.unescape(reply)
                self.assertEqual(int(segments), len(pdu.split(reply)))
                self.assertEqual(encoding,
                                 "GSM7" if pdu.is_gsm7(reply) else "UCS2")
        return found

    def check_report(self, kinds, category, lang):
        """The report, its reference in the inbox and in the reply."""
        (reference, was_category, *_, was_lang, status, _), = kinds["report"]
        self.assertTrue(luhn_holds(reference), reference)
        self.assertEqual((was_category, was_lang, status),
                         (category, lang, "new"))
        self.assertEqual(kinds["inbox"][0][2], reference)
        self.assertIn(reference, kinds["reply"][-1][2])


class ScriptTest(DemoTest):
    """Standard output of a script."""
    outputs = {}

    def output_of(self, phone):
        """What a run with this telephone printed; it runs once."""
        if phone not in self.outputs:
            script = write_script(TEXTS)
            status, output, said = run_demo(
                "# texts\n\n" + script.replace("\n", "\r\n", 1),
                "--phone", phone)
            self.assertEqual(status, 0, said)
            self.outputs[phone] = output
        return self.outputs[phone]

    def check_texts(self, phone):
        """Each of TEXTS against what is said of it."""
        found = self.check_form(TEXTS, self.output_of(phone))
        ids = [int(kinds["inbox"][0][0]) for kinds in found.values()]
        self.assertEqual(ids, sorted(set(ids)))
        for count, (_, _, intent, category, lang) in enumerate(TEXTS, 1):
            with self.subTest(phone=phone, count=count):
                kinds = found[count]
                if intent is None:
                    self.assertIn("silent", kinds)
                    self.assertNotIn("report", kinds)
                    continue
                self.assertEqual(kinds["inbox"][0][1], intent)
                self.assertIn("reply", kinds)
                if intent == "report":
                    self.check_report(kinds, category, lang)
                else:
                    self.assertNotIn("report", kinds)

    def test_texts_through_a_modem(self):
        self.check_texts("sim")

    def test_texts_through_the_dummy_phone(self):
        self.check_texts("dummy")

    def test_both_telephones_show_the_same(self):
        def without_references(output):
            known = {}
            return re.sub(r"\b\d{6}\b", lambda found: known.setdefault(
                found[0], "REFERENCE %d" % len(known)), output)
        self.assertEqual(without_references(self.output_of("sim")),
                         without_references(self.output_of("dummy")))

    def test_a_status_tells_nothing_about_the_reports_of_others(self):
        with Demo("--script", "-") as demo:
            def ask(number, text):
                demo.tell("%s\t%s\n" % (number, text))
                return demo.hear(("reply", "silent"))
            reference = ask(CITIZEN, TEXTS[0][1])[1][1][3]
            self.assertTrue(luhn_holds(reference), reference)
            other = "%06d" % (int(reference) % 900000 + 100000)
            other = next(other[:5] + digit for digit in "0123456789"
                         if luhn_holds(other[:5] + digit))
            own = ask(CITIZEN, "STATUS " + reference)[-1][1][3]
            theirs = ask("+381641234502", "STATUS " + reference)[-1][1][3]
            nobodys = ask("+381641234503", "STATUS " + other)[-1][1][3]
            self.assertIn(reference, own)
            self.assertEqual(theirs, nobodys)
            self.assertNotEqual(theirs, own)
            self.assertEqual(demo.finish(), (0, ""))

    def test_limits_hold_unless_they_are_lifted(self):
        texts = [(LIMITED, "STATUS %d" % count)
                 for count in range(OWN_LIMIT + 2)]
        for arguments, replies in ((), OWN_LIMIT), (("--no-limits",), 8):
            with self.subTest(arguments):
                status, output, said = run_demo(
                    write_script(texts), "--phone", "dummy", *arguments)
                self.assertEqual(status, 0, said)
                found = self.check_form(texts, output)
                self.assertEqual([count for count in found
                                  if "reply" in found[count]],
                                 list(range(1, replies + 1)))

    def test_what_cannot_be_sent_is_named_before_anything_starts(self):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as script:
            script.write("# x\n+381641234567\tDobar dan\nno tab\n")
            script.flush()
            with Demo("--script", script.name) as demo:
                self.assertEqual(demo.finish(), (2, ""))
            self.assertIn(script.name + ":3:", demo.said())
            self.assertNotIn("starting", demo.said())

    def test_what_cannot_be_read_or_chosen_ends_with_2(self):
        for arguments in (("--script", "/nonexistent/script"),
                          ("--phone", "tin-can"), ("--from", "+" + "1" * 21),
                          ("--shout",)):
            with self.subTest(arguments), Demo(*arguments) as demo:
                self.assertEqual(demo.finish(), (2, ""))
            self.assertTrue(demo.said())

    def test_programs_that_do_not_run_end_with_2(self):
        with tempfile.TemporaryDirectory() as build:
            status, output, said = run_demo(write_script(TEXTS[:1]),
                                            build=build)
        self.assertEqual((status, output), (2, ""))
        self.assertTrue(said)


class PlaceTest(DemoTest):
    """Whoever starts it, wherever it is."""

    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("only root can be somebody else")
        self.top = tempfile.mkdtemp(prefix="glas-demo-test.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.top)
        for folder in ("contrib", "sql", "etc", "tests/lib"):
            shutil.copytree(
                os.path.join(SRC_DIR, folder), os.path.join(self.top, folder),
                ignore=shutil.ignore_patterns("__pycache__"))
        self.build = os.path.join(self.top, "build")
        os.mkdir(self.build)
        for name in PROGRAMS:
            shutil.copy(program(name), self.build)

    def run_there(self, **identity):
        """One text, answered."""
        status, output, said = run_demo(
            write_script(TEXTS[:1]), top=self.top, build=self.build,
            **identity)
        self.assertEqual(status, 0, said)
        self.check_report(self.check_form(TEXTS[:1], output)[1],
                          TEXTS[0][3], TEXTS[0][4])

    def test_root_may_have_it_where_nobody_else_can_go(self):
        os.chmod(self.top, 0o700)
        self.run_there()

    def test_an_ordinary_user_may_run_it(self):
        os.chmod(self.top, 0o755)
        user = pwd.getpwnam("nobody")
        self.run_there(user=user.pw_uid, group=user.pw_gid, extra_groups=[])


class EndTest(DemoTest):
    """Nothing stays."""

    def run_and_signal(self, number):
        """Ready, then a signal; returns the status."""
        with Demo("--phone", "dummy") as demo:
            demo.wait_ready()
            folder, = {line.split("/glas-office")[0] for pid
                       in children_of(demo.process.pid)
                       for line in self.arguments_of(pid)
                       if "/glas-office" in line}
            processes = children_of(demo.process.pid)
            self.assertTrue(os.path.isdir(folder))
            demo.process.send_signal(number)
            status, _ = demo.finish()
        wait_until(lambda: not os.path.exists(folder), DEADLINE_S, "end")
        wait_until(lambda: not any(os.path.exists("/proc/%d" % pid)
                                   for pid in processes), DEADLINE_S, "end")
        return status

    @staticmethod
    def arguments_of(pid):
        """The command line of a process."""
        with open("/proc/%d/cmdline" % pid, encoding="utf-8") as file:
            return file.read().split("\0")

    def test_nothing_stays_after_an_interrupt(self):
        self.assertEqual(self.run_and_signal(signal.SIGINT), 130)

    def test_nothing_stays_after_a_kill(self):
        self.assertEqual(self.run_and_signal(signal.SIGKILL), -signal.SIGKILL)


class ScreenTest(DemoTest):
    """The dialogue."""

    def test_a_text_is_answered_and_shown_as_a_row(self):
        with Demo("--from", "+381641239999") as demo:
            demo.tell("Rupa na putu kod Vranja, već mesec dana\n:status\n"
                      ":number 3030\nAkcija!\n:nonsense\n:quit\n")
            self.assertEqual(demo.finish(), (0, ""))
        said = demo.said()
        references = re.findall(r"where reference = '(\d+)';", said)
        self.assertEqual(len(references), 1, said)
        self.assertEqual(re.findall(r"^reference +\| (\d+) *$", said, re.M),
                         references)
        self.assertIn("to +381641239999: 3 segments GSM7", said)
        self.assertIn("no reply: ", said)
        for line in said.splitlines()[3:]:
            self.assertLessEqual(sum(map(demo_screen.width_of, line)), 80,
                                 line)

    def test_a_telephone_keeps_its_shape(self):
        for text in ("Kratko", "", "Č" * 200, "语言 " * 30, "a\nb\n\nc",
                     "👍🏽 " * 40, "x\x1b[2J\u202ey", "e\u0301" * 90):
            with self.subTest(text):
                drawn = list(demo_screen.draw_phone([text, text], "12:00"))
                self.assertEqual({sum(map(demo_screen.width_of, line))
                                  for line in drawn},
                                 {demo_screen.SCREEN + 4})
                self.assertNotIn("\x1b", "".join(drawn))


class EscapeTest(unittest.TestCase):
    """Texts on one line."""

    def test_a_text_comes_back(self):
        for text in ("", "a\tb\nc\\d", "\\n", "\\\\n", "\\", "šđ 👍 \\t\t"):
            self.assertEqual(
                demo_script.unescape(demo_script.escape(text)), text)
            self.assertNotRegex(demo_script.escape(text), r"[\n\t]")

    def test_other_backslashes_stay(self):
        self.assertEqual(demo_script.unescape(r"C:\dir\\n\x"), "C:\\dir\\n\\x")

    def test_nothing_steers_a_terminal(self):
        self.assertEqual(demo_script.escape("\x1b[2J\r\x9b\u2028"),
                         r"\u{1B}[2J\u{0D}\u{9B}\u{2028}")


if __name__ == "__main__":
    unittest.main()
