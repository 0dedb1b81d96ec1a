#!/usr/bin/env python3
"""Shows Glas at work, with a PostgreSQL and a modem of its own.

usage: contrib/demo [--phone sim|dummy] [--from NUMBER] [--no-limits]
       contrib/demo [--phone sim|dummy] [--no-limits] --script FILE

Without --script there is a prompt: type a text as a citizen would, see the
answer arrive as on a telephone, then the row as psql shows it. Everything runs
in a temporary directory and goes when you leave.

  --phone sim    a simulated modem on a pseudo-terminal: libgammu's AT driver
                 reads and submits, and the reply shown is decoded from the PDU
                 that the modem was given (default)
  --phone dummy  libgammu's dummy phone, which keeps nothing of what it sends:
                 the reply shown is the row of glas.outbox
  --from NUMBER  the telephone to begin with (default +381641234567)
  --no-limits    no limits of replies and segments; else those of glas.conf
  --script FILE  send the texts of a file, one after the other
  --check        only look at the options and the script
  --help         this

A script has a text a line: NUMBER<TAB>TEXT. In TEXT, \\n is a new line, \\t a
tab and \\\\ a backslash. Empty lines, and those that begin with #, are passed
over. NUMBER is that of a telephone, a short code or a name. A long text is
sent in several segments. The next text is sent when the one before has
settled, with a time stamp at least a second later. A pipe, or - for standard
input, is read as it fills.

Standard output then holds lines of tab-separated fields, texts written as in
the script, other control characters as \\u{1B}. For text N (from 1, without
what was passed over), in this order:

  mo N NUMBER TEXT
  inbox N ID INTENT REFERENCE           its row in glas.inbox
  report REFERENCE CATEGORY MUNICIPALITY SETTLEMENT LANG STATUS URGENT
                                        if it made a report; URGENT is t or f
  reply N SEGMENTS ENCODING TEXT        each reply, in the order of arrival;
                                        ENCODING is GSM7 or UCS2
  silent N REASON                       or why there is none

A text that has not settled within 60 s has no `silent`; a reply that comes
later stands with the text that is sent then.

Exit status: 0, every text has a reply or a silent; 1, one has not; 2, could
not start, or a line of the script is none.
"""

import argparse
import contextlib
import os
import signal
import sys
import time

import demo_script
from cluster import ClusterError
from demo_office import SETTLE_DEADLINE_S, DemoError, DemoOffice
from demo_phone import PHONES
from demo_screen import Screen

CITIZEN = "+381641234567"
REPORT_DELAY_S = 1.0            # until the network says "delivered"
EXIT_UNANSWERED, EXIT_NOT_STARTED = 1, 2
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotStarted(Exception):
    """Something that is needed does not run."""


def tell(words):
    """For people."""
    with contextlib.suppress(OSError):
        print("demo: " + words, file=sys.stderr, flush=True)


class Options(argparse.ArgumentParser):
    """Prints the head of this file for --help."""

    def format_help(self):
        return __doc__

    def format_usage(self):
        return __doc__.split("\n\n")[1] + "\n"


def read_options():
    """The command line; ScriptError for what cannot be sent."""
    parser = Options(prog="demo", allow_abbrev=False)
    parser.add_argument("--phone", choices=sorted(PHONES), default="sim")
    parser.add_argument("--from", dest="number", default=CITIZEN)
    parser.add_argument("--no-limits", action="store_true")
    parser.add_argument("--script")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    demo_script.check_number(options.number)
    if options.script is not None:
        demo_script.check_file(options.script)
    return options


def run_script(office, path):
    """Sends all texts; returns the exit status."""
    status = 0
    for line in demo_script.read_file(path):
        office.send(line.number, line.text)
        outcome = office.settle()
        if not outcome["settled"]:
            status = EXIT_UNANSWERED
            tell("text %d has not settled within %d s" % (
                line.count, SETTLE_DEADLINE_S))
        for fields in demo_script.outcome_lines(line, outcome,
                                                office.arrived()):
            print(demo_script.format_fields(fields), flush=True)
    return status


@contextlib.contextmanager
def cannot_start():
    """What goes wrong in here is told as NotStarted."""
    try:
        yield
    except (ClusterError, AssertionError, OSError) as error:
        raise NotStarted(str(error)) from error


def run(options):
    """Starts the office and lets people or the script text."""
    started_at = time.monotonic()
    tell("starting PostgreSQL, glasd and " + PHONES[options.phone].about)
    with contextlib.ExitStack() as stack:
        with cannot_start():
            office = stack.enter_context(DemoOffice(
                options.phone, not options.no_limits,
                None if options.script else REPORT_DELAY_S))
            stack.callback(ignore_signals)
            office.start()
        tell("ready after %.1f s" % (time.monotonic() - started_at))
        if options.script is not None:
            return run_script(office, options.script)
        Screen(office, options.number, sys.stderr).run()
        return 0


def ignore_signals():
    """While everything is taken away."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def leave(number, _frame):
    """A signal ends us by way of every `finally`."""
    raise SystemExit(128 + number)


def main():
    """Returns the exit status."""
    for number in ENDING:
        signal.signal(number, leave)
    # Links have no environment: they and we go by /etc/localtime.
    os.environ.pop("TZ", None)
    time.tzset()
    try:
        options = read_options()
        return 0 if options.check else run(options)
    except BrokenPipeError:
        # Nobody reads on; Python would say so once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNANSWERED
    except (NotStarted, demo_script.ScriptError, FileNotFoundError) as error:
        tell(str(error))
        return EXIT_NOT_STARTED
    except (ClusterError, DemoError, AssertionError, OSError) as error:
        tell(str(error))
        return EXIT_UNANSWERED


if __name__ == "__main__":
    sys.exit(main())
