#!/usr/bin/env python3
"""Who may call whom: the include table, what is linked with what, and whether
every file stands in Makefile.am.  Reads the sources and the built programs;
speaks TAP.
"""

import collections
import glob
import os
import re
import shutil
import subprocess

import sourcetest
from sourcetest import TOP, read

BUILD = os.environ.get("top_builddir", TOP)

# lib <- sms <- text <- store <- glasd, glasctl; modem and web use lib and sms;
# lib <- show <- glasctl, web.
LAYERS = {
    "lib": {"lib"},
    "sms": {"lib", "sms"},
    "show": {"lib", "show"},
    "text": {"lib", "sms", "text"},
    "store": {"lib", "sms", "text", "store"},
    "glasd": {"lib", "sms", "text", "store", "glasd"},
    "ctl": {"lib", "sms", "text", "store", "show", "ctl"},
    "modem": {"lib", "sms", "modem"},
    "web": {"lib", "sms", "show", "web"},
}

# Who sees the headers of others.
FOREIGN = {
    r"gammu.*\.h": r"modem/modem_gammu\w*\.[ch]",
    r"libpq-fe\.h|libpq-events\.h": r"store/pg(_\w+)?\.[ch]",
    r"sodium\.h": r"lib/seal\w*\.[ch]",
    r"ini\.h": r"lib/conf\.c",
    r"utf8proc\.h": r"(lib|sms|text)/\w+\.c",
    r"event2/.*": r"(glasd|web)/\w+\.[ch]|store/pg_pipe\.c",
    r"seccomp\.h|linux/landlock\.h": r"(modem/|web/web_)sandbox\w*\.c",
}

CLOCK_CALLS = (r"\b(time|clock_gettime|gettimeofday|timespec_get|localtime"
               r"|localtime_r)\s*\(")
FILE_CALLS = r"\b(open|openat|fopen|freopen|opendir|socket|getenv|fork)\s*\("

# What may be seen in a program, and in no other, of what we link ourselves.
LINKED = {
    "glas-modem": {"libGammu", "libjansson", "libseccomp"},
    "glas-web": {"libevent_core", "libevent_extra", "libjansson",
                 "libseccomp"},
    "glasd": {"libevent_core", "libpq", "libsodium", "libjansson",
              "libutf8proc", "libinih"},
    "glasctl": {"libpq", "libsodium", "libjansson", "libutf8proc", "libinih"},
}
WATCHED = set().union(*LINKED.values()) | {"libevent", "libmicrohttpd"}


def code_of(text):
    """C without comments and strings."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def sources():
    """(path under src, text) of every C file."""
    for path in sorted(glob.glob(os.path.join(TOP, "src", "*", "*.[ch]"))):
        name = os.path.relpath(path, os.path.join(TOP, "src"))
        yield name, read("src", name)


def includes(text):
    """The names of included files: ours, then those of others."""
    ours = re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.M)
    others = re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.M)
    return ours, others


def includes_follow_the_layers():
    """No layer sees one above it."""
    for path, text in sources():
        layer = path.split("/", maxsplit=1)[0]
        for name in includes(text)[0]:
            if name == "config.h":
                # Would find src/store/config.h, its neighbour.
                if layer == "store":
                    yield f"src/{path} includes config.h without a directory"
                continue
            if name.split("/", maxsplit=1)[0] not in LAYERS[layer]:
                yield f"src/{path} includes {name}"
            elif not os.path.exists(os.path.join(TOP, "src", name)):
                yield f"src/{path} includes {name}, which is not there"


def headers_of_others_are_seen_by_their_owner_only():
    """Gammu by modem_gammu*.c, libpq by pg*.c, libsodium by seal*.c."""
    for path, text in sources():
        for name in includes(text)[1]:
            for header, owner in FOREIGN.items():
                if (re.fullmatch(header, name)
                        and not re.fullmatch(owner, path)):
                    yield f"src/{path} includes <{name}>"


def only_the_clock_asks_for_the_time():
    """A test clock that somebody goes past is none."""
    for path, text in sources():
        if path != "lib/clock.c" and (call := re.search(CLOCK_CALLS,
                                                       code_of(text))):
            yield f"src/{path} calls {call[1]}()"


def text_is_pure():
    """From words to meaning without files, network and clock."""
    for path, text in sources():
        if path.split("/", maxsplit=1)[0] not in ("sms", "show", "text"):
            continue
        if call := re.search(FILE_CALLS, code_of(text)):
            yield f"src/{path} calls {call[1]}()"
        if call := re.search(r"\b(clock_(wall|mono)_\w+)\s*\(",
                             code_of(text)):
            yield f"src/{path} calls {call[1]}()"


def inbound_and_outbound_meet_in_the_database():
    """mo_* never calls mt_*, nor the other way round."""
    for path, text in sources():
        for mine, other in (("mo", "mt"), ("mt", "mo")):
            if not re.fullmatch(rf"glasd/{mine}(_\w+)?\.[ch]", path):
                continue
            for name in includes(text)[0]:
                if re.fullmatch(rf"glasd/{other}(_\w+)?\.h", name):
                    yield f"src/{path} includes {name}"
            if call := re.search(rf"\b({other}_[a-z]\w*)\s*\(",
                                 code_of(text)):
                yield f"src/{path} calls {call[1]}()"


def every_source_is_built_once():
    """One file never runs in two programs, except the libraries."""
    makefile = read("Makefile.am")
    lists = re.findall(r"^(?!tests_)\w+_SOURCES = \\\n((?:\t.*\n)+)",
                       makefile, re.M)
    listed = collections.Counter(word for text in lists
                                 for word in text.split())
    for path, _ in sources():
        if (found := listed["src/" + path]) != 1:
            yield f"src/{path} stands {found} times in Makefile.am"


def every_test_is_run():
    """A test that no list names proves nothing."""
    makefile = read("Makefile.am")
    for path in (glob.glob(os.path.join(TOP, "tests", "unit", "test_*"))
                 + glob.glob(os.path.join(TOP, "tests", "fuzz", "fuzz_*"))):
        name = os.path.relpath(path, TOP)
        name = name[:-2] if name.endswith(".c") else name
        if not re.search(rf"(?<![\w/]){re.escape(name)}(?![\w])", makefile):
            yield f"{name} does not stand in Makefile.am"


def programs_are_linked_with_what_they_need():
    """What parses what strangers send has neither keys nor database."""
    if shutil.which("readelf") is None:
        return
    for program, wanted in LINKED.items():
        path = os.path.join(BUILD, program)
        if not os.path.exists(path):
            continue
        out = subprocess.run(["readelf", "-d", path], check=True, text=True,
                             capture_output=True).stdout
        needed = {re.sub(r"-[\d.]+$", "", name.split(".so", maxsplit=1)[0])
                  for name in re.findall(r"\(NEEDED\).*\[(.+)\]", out)}
        for name in sorted((needed & WATCHED) ^ wanted):
            yield (f"{program} is linked with {name}" if name in needed
                   else f"{program} is not linked with {name}")


TESTS = (
    includes_follow_the_layers,
    headers_of_others_are_seen_by_their_owner_only,
    only_the_clock_asks_for_the_time,
    text_is_pure,
    inbound_and_outbound_meet_in_the_database,
    every_source_is_built_once,
    every_test_is_run,
    programs_are_linked_with_what_they_need,
)


if __name__ == "__main__":
    sourcetest.run(TESTS)
