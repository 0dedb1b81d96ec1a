#!/usr/bin/env python3
"""A demonstration at the terminal: a prompt, a telephone that is drawn, and
rows as psql shows them.

demo.py uses it.  Everything fits 80 columns; what came from the air or out of
the database is made visible before it is printed.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import unicodedata

import demo_script
from demo_phone import OFFICE_NUMBER
from office import SRC_DIR

SCREEN = 30                     # columns of the drawn screen
INDENT = " " * 6
UNICODE_LINES = "┌┐└┘─│├┤▂▄▆█"
ASCII_LINES = "++++-|++...|"
KEYS = (("1", "2 abc", "3 def"), ("4 ghi", "5 jkl", "6 mno"),
        ("7 pqrs", "8 tuv", "9 wxyz"), ("*", "0 +", "#"))
ARRIVAL_S = 10

HELP = """\
Type what a citizen would text, in any language, and press Enter.
Some to begin with:
  PRIJAVA POLICIJA Bujanovac traze licnu kartu svaki dan bez razloga
  Нема воде већ три дана у селу Стропско
  Policia me ndaloi në Preshevë pa arsye
  PRAVA HAPSENJE       what are my rights when arrested
  STATUS               how is my case
  STOP, START          no more replies, replies again
\\n in a text begins a new line.

  :number [+381...]    be another telephone; a name or short code too
  :psql                be at the other end: psql on this database
  :status              glasctl status
  :help  :quit"""


def width_of(letter):
    """Columns that a letter takes."""
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def pad(text, columns):
    """A text brought to a width, cut or filled."""
    taken, width = [], 0
    for letter in text:
        if width + width_of(letter) > columns:
            break
        taken.append(letter)
        width += width_of(letter)
    return "".join(taken) + " " * (columns - width)


def wrap(text, columns):
    """Lines of a text on a small screen."""
    for line in text.split("\n"):
        yield from textwrap.wrap(line, columns, break_on_hyphens=False) or [""]


def draw_phone(texts, clock, lines=UNICODE_LINES):
    """The lines of a telephone that shows texts of the office."""
    nw, ne, sw, se, flat, up, left, right, *bars = lines
    inner = SCREEN + 2
    top = "".join(bars) + "  " + OFFICE_NUMBER

    def row(words):
        return up + " " + pad(words, SCREEN) + " " + up
    yield nw + flat * inner + ne
    yield row(pad(top, SCREEN - len(clock)) + clock)
    yield left + flat * inner + right
    for text in texts:
        for line in wrap(demo_script.visible(text), SCREEN):
            yield row(line)
        yield left + flat * inner + right
    yield row("Options" + "Back".rjust(SCREEN - 7))
    for keys in KEYS:
        yield row("".join("  " + key.ljust(8) for key in keys))
    yield sw + flat * inner + se


def plural(number, word):
    """'1 segment', '2 segments'."""
    return "%d %s%s" % (number, word, "" if number == 1 else "s")


class Screen:
    """Reads what a person types until that person leaves."""

    def __init__(self, office, number, out):
        self.office, self.number, self.out = office, number, out
        encoding = getattr(out, "encoding", None) or "ascii"
        self.lines = UNICODE_LINES
        try:
            UNICODE_LINES.encode(encoding)
        except UnicodeError:
            self.lines = ASCII_LINES

    def say(self, text=""):
        """A line for people."""
        encoding = self.out.encoding or "ascii"
        self.out.write(text.encode(encoding, "replace").decode(encoding)
                       + "\n")
        self.out.flush()

    # ---- typing --------------------------------------------------------------

    def run(self):
        """The dialogue; returns at its end."""
        self.say("\nYou are %s, with a plain telephone. Type a text; "
                 ":help has examples." % self.number)
        while True:
            self.show_arrivals()
            line = self.read()
            if line is None or line == ":quit":
                return
            if line:
                self.obey(line)

    def read(self):
        """What was typed, without the end of the line; None at the end."""
        if not sys.stdin.isatty():
            octets = sys.stdin.buffer.readline()
            return octets.decode("utf-8", "replace").rstrip("\r\n") \
                if octets else None
        with contextlib.suppress(ImportError):
            import readline     # arrows and a history for input()
            readline.set_auto_history(True)
        try:
            typed = input("\n%s> " % self.number)
        except EOFError:
            self.say()
            return None
        return typed.encode("utf-8", "surrogateescape").decode(
            "utf-8", "replace").strip()

    def obey(self, line):
        """A command or a text."""
        found = re.fullmatch(r":([a-z]+)(?:\s+(.*))?", line)
        commands = {"help": self.help, "number": self.change_number,
                    "psql": self.psql, "status": self.status}
        if not found:
            self.text(demo_script.unescape(line))
        elif found[1] in commands:
            commands[found[1]](found[2] or "")
        else:
            self.say("No such command; :help lists them.")

    # ---- commands ------------------------------------------------------------

    def help(self, _):
        """What can be typed."""
        self.say(HELP)

    def change_number(self, number):
        """Another telephone from now on."""
        number = number.strip()
        if number:
            try:
                demo_script.check_number(number)
            except demo_script.ScriptError as error:
                self.say("That is %s." % error)
                return
            self.number = number
        self.say("You are %s." % self.number)

    def status(self, _):
        """As the operator sees it."""
        done = self.office.glasctl("status", check=False)
        self.say(demo_script.visible(done.stdout + done.stderr).rstrip())

    def psql(self, _):
        """An office worker's screen, until \\q."""
        self.say("This is psql. Begin with: select * from glas.help();\n"
                 "Answer a report: select glas.reply('REFERENCE', 'TEXT');"
                 "  Leave: \\q")
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            subprocess.run([os.path.join(self.office.cluster.bindir, "psql")],
                           env=self.psql_environment(), check=False)
        finally:
            signal.signal(signal.SIGINT, before)
        until = time.monotonic() + ARRIVAL_S
        while self.office.pending() and time.monotonic() < until:
            time.sleep(0.1)

    def psql_environment(self):
        """Ours, on the cluster, with our settings where there are some."""
        office = self.office
        environment = {**office.cluster.environment(office.database),
                       "PGCLIENTENCODING": "UTF8"}
        settings = os.path.join(SRC_DIR, "contrib", "glas.psqlrc")
        if os.path.exists(settings):
            environment["PSQLRC"] = settings
        return environment

    # ---- texts ---------------------------------------------------------------

    def text(self, text):
        """Sends a text and shows all that comes of it."""
        try:
            demo_script.check_text(text)
        except demo_script.ScriptError as error:
            self.say("No telephone sends that: %s." % error)
            return
        sent_at = time.monotonic()
        encoding, segments = self.office.send(self.number, text)
        self.say("%s %s, %s" % (INDENT + "sent:", plural(segments, "segment"),
                                encoding))
        outcome = self.office.settle()
        arrived = self.show_arrivals(time.monotonic() - sent_at)
        if not outcome["settled"]:
            self.say(INDENT + "It has not settled; :status may say why.")
        elif not arrived:
            self.say("%sno reply: %s" % (
                INDENT, demo_script.visible(outcome["why"])))
        if outcome["inbox"]:
            self.show_row(outcome)

    def show_arrivals(self, after_s=None):
        """Draws what telephones have got since the last time."""
        replies = self.office.arrived()
        for recipient in dict.fromkeys(r.recipient for r in replies):
            theirs = [r for r in replies if r.recipient == recipient]
            self.say()
            for line in draw_phone([reply.text for reply in theirs],
                                   time.strftime("%H:%M"), self.lines):
                self.say(INDENT + line)
            words = " and ".join(
                "%s %s" % (plural(reply.segments, "segment"), reply.encoding)
                for reply in theirs)
            if recipient:
                words = "to %s: %s" % (recipient, words)
            if after_s is not None:
                words += ", after %.1f s" % after_s
            self.say(INDENT + demo_script.visible(words))
        return len(replies)

    def show_row(self, outcome):
        """The new row as psql shows it."""
        if outcome["report"]:
            query = ("select * from glas.reports where reference = '%s';"
                     % outcome["report"]["reference"])
        else:
            query = ("select * from glas.inbox where id = %d;"
                     % outcome["inbox"]["id"])
        self.say("\n=> " + query)
        self.say(self.office.cluster.psql(
            query, db=self.office.database, tuples_only=False,
            arguments=("-x", "-P", "format=wrapped", "-P", "columns=79",
                       "-P", "footer=off")))
