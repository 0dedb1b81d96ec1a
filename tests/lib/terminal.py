"""A psql on a terminal of eighty columns, typed into line by line: what comes
back is what a person would have on the screen, prompt and echo included."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

COLUMNS, ROWS = 80, 2000        # rows: no pager in between
DEADLINE_S = 60
CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")
# Of `\prompt`; a row of a table that comes in two reads may end with ": " too.
QUESTION = re.compile(r"[A-Z][a-z]+: ")


class Terminal:
    """One session; `prompt` is what it ends with when it waits for a line,
    `screen` what stands there before anything is typed."""

    def __init__(self, command, environment, prompt):
        self.prompt = re.compile(prompt + r"$")
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
            env={**environment, "TERM": "dumb", "COLUMNS": str(COLUMNS)})
        os.close(slave)
        self.screen = self._read(self._waits)

    def _waits(self, text):
        """Does it wait for a line, at its prompt or with a question?"""
        last = text.rpartition("\n")[2]
        return bool(self.prompt.search(last) or QUESTION.fullmatch(last))

    def _read(self, enough):
        """All that comes, until it is enough."""
        octets, text = b"", ""
        deadline = time.monotonic() + DEADLINE_S
        while not enough(text):
            if not select.select([self.master], [], [],
                                 max(0, deadline - time.monotonic()))[0]:
                raise AssertionError("no prompt after:\n" + text)
            try:
                octets += os.read(self.master, 65536)
            except OSError:
                raise AssertionError("psql ended:\n" + text) from None
            text = CONTROL.sub("", octets.decode("utf-8", "replace")).replace(
                "\r\n", "\n")
        return text

    def type(self, line):
        """Types a line that something comes after; returns what the screen
        shows of it, from the echo to where it waits again."""
        os.write(self.master, line.encode() + b"\n")
        return self._read(lambda text: "\n" in text and self._waits(text))

    def more(self, line, indent):
        """Types a line of a statement that goes on: the next begins as far
        to the right as the first."""
        os.write(self.master, line.encode() + b"\n")
        return self._read(lambda text: text.endswith("\n" + " " * indent))

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
