#!/usr/bin/env python3
"""The telephones of a demonstration: what a citizen sends reaches the modem of
the office, and what the office sends can be read as on the citizen's screen.

Both kinds have the same methods.  demo_office.py uses them.
"""

import dataclasses
import os

import pdu
from demo_script import is_number
from simmodem import SimModem

ENCODINGS = {pdu.GSM7: "GSM7", pdu.UCS2: "UCS2"}
CODINGS = {pdu.GSM7: "Default_No_Compression",
           pdu.UCS2: "Unicode_No_Compression"}
OFFICE_NUMBER = "+381640000001"
SMSC = "+381640000000"
DUMMY_FOLDERS = 5
DUMMY_SLOTS = 9999
TEXT_DIGITS = 200


@dataclasses.dataclass
class Reply:
    """A text as a telephone shows it; `recipient` is "" when not known."""
    recipient: str
    segments: int
    encoding: str
    text: str


class SimPhone:
    """A modem simulated on a pseudo-terminal: libgammu's AT driver reads and
    submits, and replies are decoded from the PDUs that the modem was given.
    """
    about = "a simulated modem, read and written by libgammu's AT driver"

    def __init__(self, folder, report_delay_s=None):
        del folder
        self.sim = SimModem(operator="Demo", own_number=OFFICE_NUMBER,
                            smsc=SMSC, report_delay_s=report_delay_s)
        self.sim.start()
        self.taken = 0

    def section(self):
        """Its keys in glas.conf."""
        return "device = %s\nconnection = at115200\n" % self.sim.path

    def send(self, number, text, stamp):
        """A text from the air; returns its encoding and segments."""
        segments = pdu.split(text)
        ton = None if is_number(number) else pdu.TON_ALPHANUMERIC
        for tpdu in pdu.deliver_segments(number, segments, scts=stamp,
                                         smsc=SMSC, ton=ton):
            self.sim.deliver_pdu(tpdu)
        return ENCODINGS[segments[0].encoding], len(segments)

    def take(self, office):
        """The whole replies that have come since the last time."""
        del office
        submits = list(self.sim.submitted)[self.taken:]
        texts = pdu.join(submits)
        if any(not text.complete for text in texts):
            return []
        self.taken += len(submits)
        return [Reply(text.recipient, text.total, ENCODINGS[text.encoding],
                      text.text) for text in texts]

    def close(self):
        """Pulls the plug."""
        self.sim.stop()


class DummyPhone:
    """libgammu's dummy phone: a directory.  What is submitted to it leaves no
    trace, so replies are read in glas.outbox.
    """
    about = ("libgammu's dummy phone, which keeps no sent text: replies are "
             "those of glas.outbox that it accepted")

    def __init__(self, folder, report_delay_s=None):
        del report_delay_s
        self.folder = os.path.join(folder, "phone")
        self.slot = 0
        self.taken = set()      # ids of glas.outbox
        # glasd that root started reads it as another user.
        for path in (self.folder, os.path.join(self.folder, "sms"),
                     *(self._inbox(n + 1) for n in range(DUMMY_FOLDERS))):
            os.mkdir(path)
            os.chmod(path, 0o777)

    def _inbox(self, number=1):
        return os.path.join(self.folder, "sms", str(number))

    def section(self):
        """Its keys in glas.conf."""
        return ("device = %s\nconnection = none\nmodel = dummy\n"
                "poll = 2000\n" % self.folder)

    def send(self, number, text, stamp):
        """A text in the form of libgammu's backups, whole at once."""
        segments = pdu.split(text)
        for segment in segments:
            self.slot = self.slot % DUMMY_SLOTS + 1
            draft = os.path.join(self.folder, "draft")
            with open(draft, "w", encoding="ascii",
                      errors="replace") as file:
                file.writelines(line + "\n" for line
                                in self._backup(number, segment, stamp))
            os.chmod(draft, 0o666)
            os.rename(draft, os.path.join(self._inbox(), str(self.slot)))
        return ENCODINGS[segments[0].encoding], len(segments)

    @staticmethod
    def _backup(number, segment, stamp):
        """The lines of one segment."""
        text = segment.text.encode("utf-16-be", "surrogatepass")
        digits = text.hex().upper()
        yield "[SMSBackup000]"
        yield 'SMSC = "%s"' % SMSC
        yield "PDU = Deliver"
        yield stamp.strftime("DateTime = %Y%m%dT%H%M%S")
        yield "State = UnRead"
        yield 'Number = "%s"' % number
        yield "Coding = " + CODINGS[segment.encoding]
        yield "Folder = 1"
        yield "Class = -1"
        yield "Length = %d" % (len(text) // 2)
        if segment.udh:
            yield "UDH = " + segment.udh.hex().upper()
        for part in range(0, len(digits), TEXT_DIGITS):
            yield "Text%02d = %s" % (part // TEXT_DIGITS,
                                     digits[part:part + TEXT_DIGITS])

    def take(self, office):
        """The replies that it has accepted since the last time."""
        rows = office.rows(
            "select id, segments, encoding, text from glas.outbox"
            " where state in ('accepted', 'delivered')"
            " and id <> all ('{%s}') order by sent_at, id"
            % ",".join(map(str, self.taken)))
        self.taken.update(row["id"] for row in rows)
        return [Reply("", row["segments"], row["encoding"], row["text"])
                for row in rows]

    def close(self):
        """Goes with its directory."""


PHONES = {"sim": SimPhone, "dummy": DummyPhone}
