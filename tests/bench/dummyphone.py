#!/usr/bin/env python3
"""Texts that wait in libgammu's dummy phone, a file each."""

import os

DATE = "20261101T%02d%02d%02d"
LONG_EVERY = 20     # each so many texts one in two parts
PART = 153
WORDS = ("ulica", "svetlo", "voda", "put", "skola", "autobus", "smece",
         "kanal", "most", "park", "rasveta", "trotoar")


def text_of(number):
    """One text, and whether it has two parts."""
    text = "PRIJAVA POLICIJA VRANJE %s %s broj %d" % (
        WORDS[number % 12], WORDS[number // 12 % 12], number)
    if number % LONG_EVERY == 7:
        text = (text + " " + " ".join(WORDS))[:200]
        text = text.ljust(200, "a")
    return text


class DummyPhone:
    """The directory that libgammu takes for a phone."""

    def __init__(self, directory):
        self.directory = directory
        self.inbox = os.path.join(directory, "sms", "1")
        self.draft = os.path.join(directory, "draft")
        self.slots = 0
        for folder in (directory, os.path.join(directory, "sms"),
                       *(os.path.join(directory, "sms", str(n))
                         for n in range(1, 6))):
            os.makedirs(folder, exist_ok=True)
            os.chmod(folder, 0o777)     # glas-modem may be another user

    def fill(self, texts, first=0):
        """Puts texts of as many people into the SIM's inbox."""
        for number in range(first, first + texts):
            text = text_of(number)
            if len(text) <= 160:
                self._put(number, text)
                continue
            for part in (1, 2):
                self._put(number, text[(part - 1) * PART:part * PART],
                          "UDH = 050003%02X02%02X" % (number % 256, part))
        return self

    def _put(self, number, text, *more):
        self.slots += 1
        digits = text.encode("utf-16-be").hex().upper()
        lines = ["[SMSBackup000]", 'SMSC = "+381640000000"', "PDU = Deliver",
                 "DateTime = " + DATE % (number // 3600 % 24,
                                         number // 60 % 60, number % 60),
                 "State = UnRead", 'Number = "+38164%07d"' % number,
                 "Coding = Default_No_Compression", "Folder = 1",
                 "Class = -1", "Length = %d" % len(text), *more]
        lines += ["Text%02d = %s" % (n // 200, digits[n:n + 200])
                  for n in range(0, len(digits), 200)]
        # libgammu must not find half a file.
        with open(self.draft, "w", encoding="ascii") as draft:
            draft.write("\n".join(lines) + "\n")
        os.rename(self.draft, os.path.join(self.inbox, str(self.slots)))

    def empty(self):
        with os.scandir(self.inbox) as entries:
            return next(entries, None) is None
