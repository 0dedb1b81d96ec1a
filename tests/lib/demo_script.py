#!/usr/bin/env python3
"""The script of a demonstration, and the lines that say what became of it.

Pure but for the file that is read.  demo.py uses it.
"""

import dataclasses
import os
import re
import stat
import sys
import unicodedata

import pdu

ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}
WRITTEN = {letter: "\\" + name for name, letter in ESCAPES.items()}
NAME_SEPTETS = 11               # TS 23.040 9.1.2.5
# What steers a terminal or ends a line somewhere.
UNSHOWN = {"Cc", "Zl", "Zp"}


class ScriptError(Exception):
    """A line that is no NUMBER<TAB>TEXT."""


@dataclasses.dataclass
class Line:
    """One text to send; `number` as the script has it."""
    count: int
    number: str
    text: str


def harmless(letter):
    """The letter, or words for it where it would steer a terminal."""
    if unicodedata.category(letter) in UNSHOWN:
        return "\\u{%02X}" % ord(letter)
    return letter


def escape(text):
    """A text on one line and without tabs."""
    return "".join(WRITTEN.get(letter) or harmless(letter) for letter in text)


def unescape(text):
    """The other way; a backslash before any other letter stays."""
    return re.sub(r"\\([nt\\])", lambda found: ESCAPES[found[1]], text)


def visible(text):
    """A text for people to read, in lines."""
    return "".join(letter if letter == "\n" else harmless(letter)
                   for letter in text.replace("\t", " "))


def is_number(originator):
    """Digits; else it is a name."""
    return re.fullmatch(r"\+?[0-9*#]{2,20}", originator) is not None


def is_name(originator):
    """What fits the address of an alphanumeric originator."""
    return (originator != "" and pdu.is_gsm7(originator)
            and len(pdu.to_septets(originator)) <= NAME_SEPTETS
            and not any(unicodedata.category(letter) in UNSHOWN
                        or letter == '"' for letter in originator))


def check_number(originator):
    """ScriptError for what no network would show as an originator."""
    if not is_number(originator) and not is_name(originator):
        raise ScriptError(
            "no number and no name that a text can come from: write it like "
            "+381641234567, 0641234567, 1234, or a name of up to 11 letters")


def check_text(text):
    """ScriptError for what is too long for any telephone."""
    try:
        pdu.split(text)
    except pdu.PduError as error:
        raise ScriptError(str(error)) from error


def read_line(octets, count):
    """The Line of these octets, or None for a comment or nothing."""
    line = octets.decode("utf-8", "replace").rstrip("\n").removesuffix("\r")
    if not line.strip() or line.startswith("#"):
        return None
    number, tab, text = line.partition("\t")
    if not tab:
        raise ScriptError("no tab: a line is NUMBER<TAB>TEXT")
    check_number(number)
    text = unescape(text)
    check_text(text)
    return Line(count, number, text)


def read_file(path):
    """Line after line, each only when it is asked for; "-" is standard input.

    ScriptError tells file and line.
    """
    count = 1
    with sys.stdin.buffer if path == "-" else open(path, "rb") as file:
        for place, octets in enumerate(file, 1):
            try:
                line = read_line(octets, count)
            except ScriptError as error:
                raise ScriptError("%s:%d: %s" % (path, place, error)) from None
            if line:
                count += 1
                yield line


def check_file(path):
    """Reads all of it, unless it can be read only once."""
    if path != "-" and stat.S_ISREG(os.stat(path).st_mode):
        for _ in read_file(path):
            pass


def outcome_lines(line, outcome, replies):
    """What stands on standard output about one text."""
    inbox, report = outcome["inbox"], outcome["report"]
    yield "mo", line.count, line.number, line.text
    if inbox:
        yield ("inbox", line.count, inbox["id"], inbox["intent"],
               inbox["reference"])
    if report:
        yield ("report", *(report[name] for name in (
            "reference", "category", "municipality", "settlement", "lang",
            "status")), "t" if report["urgent"] else "f")
    for reply in replies:
        yield ("reply", line.count, reply.segments, reply.encoding,
               reply.text)
    if outcome["settled"] and not replies:
        yield "silent", line.count, outcome["why"]


def format_fields(fields):
    """A line of output."""
    return "\t".join("" if field is None else escape(str(field))
                     for field in fields)
