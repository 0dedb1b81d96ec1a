#!/usr/bin/env python3
"""The AT commands of a simulated modem, its SIM and its stores.

The middle part of simmodem.py, which see: what a host may say on the line
(simline.py) and what it is answered, after TS 27.005 and TS 27.007.  A new
command is a method and a line of TABLE.
"""

import collections
import re
import time

import pdu as tpdu
from simline import PDU_STAGE, Line

UNREAD, READ = 0, 1

# Failure causes, TS 27.005 3.2.5 and TS 27.007 9.2.
CMS_NOT_ALLOWED = 302
CMS_INVALID_PDU = 304
CMS_SIM_MISSING = 310
CMS_SIM_PIN = 311
CMS_SIM_PUK = 316
CMS_BAD_INDEX = 321
CMS_NO_NETWORK = 331
CMS_UNKNOWN = 500
CME_SIM_MISSING = 10
CME_SIM_PIN = 11
CME_SIM_PUK = 12
CME_WRONG_PASSWORD = 16

CME_WORDS = {
    CME_SIM_MISSING: "SIM not inserted", CME_SIM_PIN: "SIM PIN required",
    CME_SIM_PUK: "SIM PUK required", CME_WRONG_PASSWORD: "incorrect password"}

PIN_TRIES = 3
CTRL_Z, ESC, CR, LF = 0x1a, 0x1b, 0x0d, 0x0a

class AtError(Exception):
    """A final result code other than OK."""


def cms(cause):
    """A message service failure."""
    return AtError("+CMS ERROR: %d" % cause)


def cme(cause):
    """A failure of the equipment."""
    return AtError("+CME ERROR: %d" % cause)


class Slot:
    """One place of a store: a DELIVER or a STATUS-REPORT."""

    def __init__(self, pdu):
        self.pdu = pdu
        self.status = UNREAD


class AtModem(Line):
    """Obeys a host.  The network behind it is simmodem.py's."""

    def __init__(self, *, slots=30, me_slots=20, stores=("SM",),
                 imei="490154203237518", imsi="220019876543210",
                 smsc="+381640000000", own_number="+381640000001",
                 pin=None, puk="12345678", signal=21, operator="Test Net",
                 plmn="22001", registered=True, cnmi_reports=(0, 1, 2),
                 radio_delay_s=0.0, latency_s=0.0, ussd_delay_s=0.02,
                 report_delay_s=None, report_status=0, ussd=None,
                 on_event=None, **line):
        """`line` may hold symlink, device_mode, seed, dialogue_lines, name.

        `report_delay_s` None: no status report comes by itself.  `ussd` is
        {code: answer}; an answer is a text, a pair (kind, text), a function
        of the code, or None for a network that says nothing.
        """
        self.imei, self.imsi = imei, imsi
        self.smsc, self.own_number = smsc, own_number
        self.plmn, self.operator = plmn, operator
        self.pin, self.puk = pin, puk
        self.pin_tries = PIN_TRIES
        self.sim_state = "SIM PIN" if pin else "READY"
        self.signal = signal                # as in AT+CSQ: 0 to 31
        self.cnmi_reports = cnmi_reports
        self.radio_delay_s, self.latency_s = radio_delay_s, latency_s
        self.ussd_delay_s = ussd_delay_s
        self.report_delay_s, self.report_status = report_delay_s, report_status
        self.ussd = dict(ussd or {})
        self.on_event = on_event
        self.stores = {store: [None] * (slots if store == "SM" else me_slots)
                       for store in stores}
        self.mr = 0                         # the next message reference
        self.submitted = []                 # decoded, in order
        self.refused = []                   # PDUs that were refused
        self.deleted = []                   # (store, slot, pdu)
        self.ussd_dialled = []
        self.ussd_open = False             # the network waits for a choice
        self.ussd_choices = []
        self.resets = 0                     # by AT+CFUN=1,1
        self.commands = collections.Counter()
        self._registered = int(registered)
        self._pdu = ""
        self._pumping = False
        super().__init__(**line)

    def _power_up(self):
        super()._power_up()
        self._line = bytearray()
        self._held = []                     # URCs until the host may have them
        self._busy = 0                      # answers that are under way
        self.holds_urcs = True              # while one is, as most modems do
        self._expected = None               # the length after AT+CMGS
        self._echo = True
        self._cmee = 0
        self._charset = "GSM"
        self._memory = [next(iter(self.stores))] * 3
        self._cnmi = [0, 0, 0, 0, 0]
        self._creg = {"+CREG": 0, "+CGREG": 0}
        self._cops_format = 0
        self._clip = self._crc = self._cusd = 0
        self._call = None
        if self._life > 1 and self.pin and self.sim_state == "READY":
            self.sim_state = "SIM PIN"

    def _flush_queue(self):
        """Called when there may be room for what waits at the SMSC."""
        raise NotImplementedError

    def report(self, submit):
        """Called for a SUBMIT whose status report is due."""
        raise NotImplementedError

    def loop_back(self, submit):
        """Called for a SUBMIT to the modem's own number."""
        raise NotImplementedError

    def _plugged_in(self):
        self._flush_queue()

    def _cleared(self):
        self._flush_queue()

    # ---- unsolicited results ----------------------------------------------

    def _urc(self, line, message=False):
        """An unsolicited result code, held back while a PDU is awaited.

        Those about messages are also held as long as AT+CNMI says mode 0.
        """
        self._held.append((line, message))
        self._flush_urcs()

    def _flush_urcs(self):
        if self._expected is not None or (self._busy and self.holds_urcs):
            return
        kept = []
        for line, message in self._held:
            if message and self._cnmi[0] == 0:
                kept.append((line, message))
            else:
                self._emit("\r\n%s\r\n" % line)
        self._held = kept

    def _event(self, name, **fields):
        if self.on_event:
            self.on_event({"event": name, **fields})

    # ---- what comes from the host -----------------------------------------

    def _pump(self):
        """Obeys complete lines, one at a time: an answer under way waits."""
        if self._pumping:
            return
        self._pumping = True
        try:
            self._take_octets()
        finally:
            self._pumping = False

    def _take_octets(self):
        while self._in and not self._busy and self.plugged:
            octet = self._in.pop(0)
            if self._echo and not self._standing("mute"):
                self._out.append(octet)
            if self._expected is not None:
                self._take_pdu_octet(octet)
            elif octet == ESC:
                self._line.clear()
            elif octet == CR:
                line = self._line.decode("latin-1").strip()
                self._line.clear()
                if line:
                    self._note("H>", line.encode("latin-1"))
                    self._obey(line, self._answer)
            elif octet != LF:
                self._line.append(octet)
        if self.plugged:
            self._drain()

    def _take_pdu_octet(self, octet):
        if octet == ESC:
            self._note("H>", bytes(self._line) + b"\x1b")
            self._line.clear()
            self._expected = None
            self._emit("\r\nOK\r\n")
            self._flush_urcs()
        elif octet == CTRL_Z:
            self._note("H>", bytes(self._line) + b"\x1a")
            self._pdu = self._line.decode("latin-1")
            self._line.clear()
            length, self._expected = self._expected, None
            self._obey(PDU_STAGE, lambda _: self._submit(self._pdu, length))
            if self.plugged:
                self._flush_urcs()
        elif octet not in (CR, LF):
            self._line.append(octet)

    def _obey(self, command, handler):
        """Carries out a command and sends the answer that faults leave."""
        self.commands[command] += 1
        fault = self._take("call", command)
        if fault:
            fault.get("action", lambda: None)()
        fault = self._take("unplug", command)
        if fault and not fault.get("executed", False):
            self.unplug()
            return
        answer = self._outcome(command, handler)
        if fault:
            self.unplug()
            return
        if answer is None:
            return
        delay = self.latency_s
        if command == PDU_STAGE:
            delay += self.radio_delay_s
        fault = self._take("slow", command)
        if fault:
            delay += fault.get("delay_s", 1)
        self._busy += 1
        life = self._life
        self._after(delay, lambda: self._reply(life, command, answer))

    def _outcome(self, command, handler):
        """The answer, or None where a fault swallows it."""
        lost = self._take("lose", command)
        if lost and not lost.get("executed", True):
            return None
        refused = self._take("refuse", command)
        try:
            if refused:
                if command == PDU_STAGE:
                    self.refused.append(self._pdu)
                    self._event("refused")
                raise AtError(refused.get("error",
                                          "+CMS ERROR: %d" % CMS_UNKNOWN))
            answer = handler(command)
        except AtError as error:
            answer = "\r\n%s\r\n" % self._final(str(error))
        if lost:
            return None
        fault = self._take("replace", command)
        if fault:
            answer = fault.get("text", "")
        fault = self._take("inject", command)
        if fault:
            lines = answer.rsplit("\r\n", 2)
            answer = "\r\n".join((lines[0] + fault.get("text", ""),
                                  *lines[1:]))
        return answer

    def _final(self, error):
        """A result code in the form that AT+CMEE asked for."""
        if self._cmee == 0 and error.startswith(("+CME", "+CMS")):
            return "ERROR"
        if self._cmee == 2 and error.startswith("+CME ERROR: "):
            cause = int(error.rsplit(" ", 1)[1])
            return "+CME ERROR: " + CME_WORDS.get(cause, "unknown")
        return error

    def _reply(self, life, command, answer):
        """Puts an answer on the line, whole, halved or in pieces."""
        if life != self._life:
            return
        half = self._take("half", command)
        pieces = self._take("pieces", command)
        if half:
            middle = len(answer) // 2
            self._emit(answer[:middle])
            delay, rest = half.get("delay_s", None), [answer[middle:]]
            if delay is None:
                rest = []
        elif pieces:
            size, delay = pieces.get("size", 1), pieces.get("delay_s", 0.001)
            rest = [answer[i:i + size] for i in range(0, len(answer), size)]
        else:
            self._emit(answer)
            rest = []
        self._reply_rest(life, rest, delay if rest else 0)

    def _reply_rest(self, life, rest, delay):
        if life != self._life:
            return
        if not rest:
            self._busy -= 1
            self._flush_urcs()
            self._pump()
            return

        def next_piece():
            if life == self._life:
                self._emit(rest[0])
                self._reply_rest(life, rest[1:], delay)
        self._after(delay, next_piece)

    # ---- commands ---------------------------------------------------------

    EXTENDED = re.compile(r"AT([+$^*#%_&][A-Z0-9]+)(=\?|\?|=)?(.*)$",
                          re.IGNORECASE | re.DOTALL)

    def _answer(self, line):
        """The whole answer to one line, final result code included.

        A line may hold several commands: AT+CMEE=1;+CREG=2.
        """
        told = []
        for part in re.findall(r'(?:"[^"]*"|[^;"])+', line):
            answer = self._answer_one(part if not told else "AT" + part)
            if isinstance(answer, bytes):           # as it is: the prompt
                return answer.decode("latin-1")
            told.append(answer)
        told = ["\r\n%s\r\n" % answer for answer in told if answer]
        return "".join(told) + "\r\nOK\r\n"

    def _answer_one(self, command):
        match = self.EXTENDED.match(command)
        if not match:
            return self._basic(command.upper())
        name, form, rest = match.groups()
        handler = self.TABLE.get(name.upper())
        if not handler:
            raise AtError("ERROR")
        self._check_sim(name.upper())
        return handler(self, form or "", rest)

    def _basic(self, command):
        if not command.startswith("AT"):
            raise AtError("ERROR")
        rest = command[2:]
        if rest.startswith("E"):
            self._echo = rest[1:2] == "1"
        elif rest.startswith("H"):
            self._hang_up("rejected")
        elif rest.startswith("Z") or rest.startswith("&F"):
            self._echo, self._cmee, self._charset = True, 0, "GSM"
        elif rest.startswith("I"):
            return "Simtel\r\nSM-100\r\n1.0"
        elif rest and rest[0] not in "VQSX&LMTP":
            raise AtError("ERROR")
        return None

    NEEDS_SIM_CMS = ("+CMGL", "+CMGR", "+CMGD", "+CMGS", "+CPMS", "+CSCA")
    NEEDS_SIM_CME = ("+CIMI", "+CUSD", "+CNUM")

    def _check_sim(self, name):
        causes = {"SIM PIN": (CMS_SIM_PIN, CME_SIM_PIN),
                  "SIM PUK": (CMS_SIM_PUK, CME_SIM_PUK),
                  "NOT INSERTED": (CMS_SIM_MISSING, CME_SIM_MISSING)}
        if self.sim_state == "READY":
            return
        if name in self.NEEDS_SIM_CMS:
            raise cms(causes[self.sim_state][0])
        if name in self.NEEDS_SIM_CME:
            raise cme(causes[self.sim_state][1])

    @staticmethod
    def _arguments(rest):
        """The comma separated arguments, quotes taken off."""
        return [part.strip().strip('"')
                for part in re.findall(r'(?:^|,)("[^"]*"|[^,]*)', rest)]

    @staticmethod
    def _number(text, default=None):
        if not text and default is not None:
            return default
        if not text.isdigit():
            raise AtError("ERROR")
        return int(text)

    def _fixed(self, form, answer):
        """A command that only tells something; its test form is OK."""
        if form == "=?":
            return None
        if form:
            raise AtError("ERROR")
        return answer

    def _setting(self, form, rest, name, values, value):
        """One number to read and set; returns (answer, new value)."""
        if form == "=?":
            return "%s: (%s)" % (name, ",".join(map(str, values))), value
        if form == "?":
            return "%s: %d" % (name, value), value
        wanted = self._number(self._arguments(rest)[0], 0)
        if wanted not in values:
            raise AtError("ERROR")
        return None, wanted

    def _at_cgmi(self, form, _):
        return self._fixed(form, "Simtel")

    def _at_cgmm(self, form, _):
        return self._fixed(form, "SM-100")

    def _at_cgmr(self, form, _):
        return self._fixed(form, "1.0")

    def _at_cgsn(self, form, _):
        return self._fixed(form, self.imei)

    def _at_cimi(self, form, _):
        return self._fixed(form, self.imsi)

    def _at_cnum(self, form, _):
        return self._fixed(form, '+CNUM: "","%s",145' % self.own_number)

    def _at_ok(self, _form, _rest):
        return None

    def _at_error(self, _form, _rest):
        raise AtError("ERROR")

    def _at_cmee(self, form, rest):
        answer, self._cmee = self._setting(form, rest, "+CMEE", (0, 1, 2),
                                           self._cmee)
        return answer

    def _at_cscs(self, form, rest):
        if form == "=?":
            return '+CSCS: ("GSM","IRA","UCS2")'
        if form == "?":
            return '+CSCS: "%s"' % self._charset
        wanted = self._arguments(rest)[0]
        if re.fullmatch("([0-9A-F]{4})+", wanted):  # "GSM" said in UCS2
            wanted = bytes.fromhex(wanted).decode("utf-16-be")
        if wanted not in ("GSM", "IRA", "UCS2"):
            raise AtError("ERROR")
        self._charset = wanted
        return None

    def _at_cmgf(self, form, rest):
        if form == "=?":
            return "+CMGF: (0)"
        if form == "?":
            return "+CMGF: 0"
        if self._arguments(rest)[0] not in ("", "0"):
            raise cms(CMS_NOT_ALLOWED)
        return None

    def _at_csms(self, form, _):
        if form == "=?":
            return "+CSMS: (0,1)"
        return "+CSMS: 0,1,1,1" if form == "?" else "+CSMS: 1,1,1"

    def _at_csca(self, form, rest):
        if form == "=?":
            return None
        if form == "?":
            kind = 145 if self.smsc.startswith("+") else 129
            return '+CSCA: "%s",%d' % (self._string(self.smsc), kind)
        self.smsc = self._arguments(rest)[0]
        return None

    def _at_cmms(self, form, rest):
        if form == "=?":
            return "+CMMS: (0-2)"
        if form == "?":
            return "+CMMS: 0"
        self._number(rest)
        return None

    # ---- commands: the device and the network -------------------------------

    def _at_cpin(self, form, rest):
        if form == "=?":
            return None
        if self.sim_state == "NOT INSERTED":
            raise cme(CME_SIM_MISSING)
        if form == "?":
            return "+CPIN: " + self.sim_state
        arguments = self._arguments(rest)
        if self.sim_state == "SIM PIN":
            return self._enter_pin(arguments[0])
        if self.sim_state == "SIM PUK" and len(arguments) == 2:
            if arguments[0] != self.puk:
                raise cme(CME_WRONG_PASSWORD)
            self.pin = arguments[1]
            return self._enter_pin(self.pin)
        raise AtError("ERROR")

    def _enter_pin(self, pin):
        self._event("pin", right=pin == self.pin)
        if pin != self.pin:
            self.pin_tries -= 1
            if self.pin_tries <= 0:
                self.sim_state = "SIM PUK"
            raise cme(CME_WRONG_PASSWORD)
        self.pin_tries = PIN_TRIES
        self.sim_state = "READY"
        self._after(0.001, self._flush_queue)

    def _at_clck(self, form, rest):
        if form == "=?":
            return '+CLCK: ("SC")'
        arguments = self._arguments(rest)
        if arguments[:2] == ["SC", "2"]:
            return "+CLCK: %d" % bool(self.pin)
        raise AtError("ERROR")

    def _at_cfun(self, form, rest):
        if form == "=?":
            return "+CFUN: (0,1,4),(0,1)"
        if form == "?":
            return "+CFUN: 1"
        if self._arguments(rest)[1:] == ["1"]:
            self._after(self.latency_s + 0.01, self._restart)
        return None

    def _restart(self):
        self.resets += 1
        self._faults = [fault for fault in self._faults
                        if not fault.get("until_reset", False)]
        self._power_up()
        self._flush_queue()

    def _at_csq(self, form, _):
        if form == "=?":
            return "+CSQ: (0-31,99),(99)"
        return "+CSQ: %d,99" % (self.signal if self._online() else 99)

    def _at_cbc(self, form, _):
        return "+CBC: (0-3),(0-100)" if form == "=?" else "+CBC: 0,100"

    def _online(self):
        return self.sim_state == "READY" and self._registered in (1, 5)

    def _registration(self, name, form, rest):
        if form == "=?":
            return "%s: (0-2)" % name
        state = self._registered if self.sim_state == "READY" else 0
        if form == "?":
            answer = "%s: %d,%d" % (name, self._creg[name], state)
            if self._creg[name] == 2 and self._online():
                answer += ',"00C3","0000A1B2",7'
            return answer
        wanted = self._number(rest)
        if wanted > 2:
            raise AtError("ERROR")
        self._creg[name] = wanted
        return None

    def _at_creg(self, form, rest):
        return self._registration("+CREG", form, rest)

    def _at_cgreg(self, form, rest):
        return self._registration("+CGREG", form, rest)

    def _at_cgatt(self, form, _):
        return "+CGATT: %d" % self._online() if form == "?" else None

    def _at_cops(self, form, rest):
        if form == "=?":
            return '+COPS: (2,"%s","%s","%s",7),,(0,1,2,3,4),(0,1,2)' % (
                self.operator, self.operator, self.plmn)
        if form == "?":
            if not self._online():
                return "+COPS: 0"
            name = self.plmn if self._cops_format == 2 else self.operator
            return '+COPS: 0,%d,"%s",7' % (self._cops_format,
                                           self._string(name))
        arguments = self._arguments(rest)
        if arguments[0] == "3" and len(arguments) > 1:
            self._cops_format = self._number(arguments[1])
        return None

    def _string(self, text):
        """A string argument in the character set that AT+CSCS chose."""
        if self._charset == "UCS2":
            return text.encode("utf-16-be").hex().upper()
        return text

    # ---- commands: calls and USSD -------------------------------------------

    def _at_clip(self, form, rest):
        if form == "?":
            return "+CLIP: %d,1" % self._clip
        answer, self._clip = self._setting(form, rest, "+CLIP", (0, 1),
                                           self._clip)
        return answer

    def _at_crc(self, form, rest):
        answer, self._crc = self._setting(form, rest, "+CRC", (0, 1),
                                          self._crc)
        return answer

    def _at_chup(self, form, _):
        if not form:
            self._hang_up("rejected")
        return None

    def _at_clcc(self, _form, _rest):
        if not self._call:
            return None
        return '+CLCC: 1,1,4,0,0,"%s",145' % self._call["number"]

    def _at_cpas(self, form, _):
        return "+CPAS: (0,3)" if form == "=?" else (
            "+CPAS: %d" % (3 if self._call else 0))

    def _hang_up(self, how):
        if self._call:
            self._call["ended"] = how
            self._call = None
            self._event("call_ended", how=how)
            self._urc("NO CARRIER")

    def _at_cusd(self, form, rest):
        if form == "=?":
            return "+CUSD: (0-2)"
        if form == "?":
            return "+CUSD: %d" % self._cusd
        arguments = self._arguments(rest)
        wanted = self._number(arguments[0], 0)
        if wanted > 2:
            raise AtError("ERROR")
        if wanted < 2:
            self._cusd = wanted
        else:
            self.ussd_open = False
        if len(arguments) > 1:
            self._dial_ussd(arguments[1])
        return None

    def _dial_ussd(self, code):
        if self._charset == "UCS2":
            try:
                code = bytes.fromhex(code).decode("utf-16-be")
            except ValueError:
                raise AtError("ERROR") from None
        if not self._online():
            raise cme(30)
        self.ussd_dialled.append(code)
        if self.ussd_open:                  # it is a choice in the menu
            self.ussd_choices.append(code)
        self._event("ussd", code=code)
        answer = self.ussd.get(code, (4, ""))
        if callable(answer):
            answer = answer(code)
        if answer is None:                          # the network says nothing
            return
        kind, text = (0, answer) if isinstance(answer, str) else answer
        self._after(max(self.ussd_delay_s, 0.001),
                    lambda: self._push_ussd(text, kind))

    def _push_ussd(self, text, kind):
        self.ussd_open = kind == 1
        if not text:
            self._urc("+CUSD: %d" % kind)
            return
        dcs = 15 if tpdu.is_gsm7(text) else 72
        if self._charset == "UCS2" or dcs == 72:
            string = text.encode("utf-16-be").hex().upper()
        else:
            string = text
        self._urc('+CUSD: %d,"%s",%d' % (kind, string, dcs))

    # ---- commands: the store ------------------------------------------------

    def _used(self, store):
        if self._standing("full"):
            return len(self.stores[store])
        return sum(slot is not None for slot in self.stores[store])

    def _at_cpms(self, form, rest):
        names = ",".join('"%s"' % store for store in self.stores)
        if form == "=?":
            return "+CPMS: (%s),(%s),(%s)" % (names, names, names)
        counts = ("%d,%d" % (self._used(store), len(self.stores[store]))
                  for store in self._memory)
        if form == "?":
            return "+CPMS: " + ",".join(
                '"%s",%s' % pair for pair in zip(self._memory, counts))
        wanted = [name for name in self._arguments(rest) if name]
        if not 0 < len(wanted) < 4 or set(wanted) - set(self.stores):
            raise cms(CMS_NOT_ALLOWED)
        self._memory[:len(wanted)] = wanted
        self._after(0.001, self._flush_queue)
        return "+CPMS: " + ",".join(
            "%d,%d" % (self._used(store), len(self.stores[store]))
            for store in self._memory)

    def _at_cmgl(self, form, rest):
        if form == "=?":
            return "+CMGL: (0-4)"
        wanted = self._number(rest, 0)
        if form == "?" or wanted > 4:
            raise cms(CMS_NOT_ALLOWED)
        lines = []
        for index, slot in enumerate(self.stores[self._memory[0]], 1):
            if slot and wanted in (slot.status, 4):
                lines.append("+CMGL: %d,%d,,%d\r\n%s" % (
                    index, slot.status, tpdu.tpdu_length(slot.pdu), slot.pdu))
                slot.status = READ
        return "\r\n".join(lines) if lines else None

    def _slot(self, text):
        store = self.stores[self._memory[0]]
        index = self._number(text)
        if not 1 <= index <= len(store) or not store[index - 1]:
            raise cms(CMS_BAD_INDEX)
        return store, index

    def _at_cmgr(self, form, rest):
        if form == "=?":
            return None
        store, index = self._slot(rest)
        slot = store[index - 1]
        answer = "+CMGR: %d,,%d\r\n%s" % (
            slot.status, tpdu.tpdu_length(slot.pdu), slot.pdu)
        slot.status = READ
        return answer

    def _at_cmgd(self, form, rest):
        store = self.stores[self._memory[0]]
        if form == "=?":
            used = ",".join(str(index) for index, slot in enumerate(store, 1)
                            if slot)
            return "+CMGD: (%s),(0-4)" % used
        arguments = self._arguments(rest)
        flag = self._number(arguments[1], 0) if len(arguments) > 1 else 0
        if flag:
            for index, slot in enumerate(store, 1):
                if slot and (flag == 4 or slot.status == READ):
                    self._delete(store, index)
        else:
            self._delete(*self._slot(arguments[0]))
        self._after(0.001, self._flush_queue)
        return None

    def _delete(self, store, index):
        pdu = store[index - 1].pdu
        store[index - 1] = None
        self.deleted.append((self._memory[0], index, pdu))
        self._event("deleted", store=self._memory[0], slot=index, pdu=pdu)

    def _at_cnmi(self, form, rest):
        if form == "=?":
            return "+CNMI: (0-2),(0-3),(0,2),(%s),(0,1)" % ",".join(
                map(str, self.cnmi_reports))
        if form == "?":
            return "+CNMI: " + ",".join(map(str, self._cnmi))
        wanted = [self._number(part, 0) for part in self._arguments(rest)]
        allowed = ((0, 1, 2), (0, 1, 2, 3), (0, 2), self.cnmi_reports, (0, 1))
        if len(wanted) > 5 or any(value not in values for value, values
                                  in zip(wanted, allowed)):
            raise cms(CMS_NOT_ALLOWED)
        self._cnmi[:len(wanted)] = wanted
        if self._cnmi[4] == 1:
            self._held = [held for held in self._held if not held[1]]
        self._after(0.001, self._flush_urcs)
        return None

    # ---- commands: sending --------------------------------------------------

    def _at_cmgs(self, form, rest):
        if form == "=?":
            return None
        self._expected = self._number(rest)
        return b"\r\n> "

    def _submit(self, text, length):
        """What stands between the prompt and Ctrl-Z."""
        try:
            submit = tpdu.decode_submit(text)
        except tpdu.PduError as error:
            self.refused.append(text)
            self._event("refused", reason=str(error))
            raise cms(CMS_INVALID_PDU) from error
        if tpdu.tpdu_length(text) != length:
            self.refused.append(text)
            self._event("refused", reason="AT+CMGS says another length")
            raise cms(CMS_INVALID_PDU)
        if not self._online():
            self.refused.append(text)
            raise cms(CMS_NO_NETWORK)
        submit.mr = self.mr
        submit.scts = tpdu.now()
        submit.at = time.monotonic()
        self.mr = (self.mr + 1) % 256
        self.submitted.append(submit)
        self._event("submitted", **tpdu.describe(submit))
        if submit.recipient == self.own_number:
            self._after(max(self.report_delay_s or 0, 0.001),
                        lambda: self.loop_back(submit))
        if submit.want_report and self.report_delay_s is not None:
            self._after(max(self.report_delay_s, 0.001),
                        lambda: self.report(submit))
        return "\r\n+CMGS: %d\r\n\r\nOK\r\n" % submit.mr

    TABLE = {
        "+CGMI": _at_cgmi, "+GMI": _at_cgmi, "+CGMM": _at_cgmm,
        "+GMM": _at_cgmm, "+CGMR": _at_cgmr, "+GMR": _at_cgmr,
        "+CGSN": _at_cgsn, "+GSN": _at_cgsn, "+CIMI": _at_cimi,
        "+CNUM": _at_cnum, "+CMEE": _at_cmee, "+CSCS": _at_cscs,
        "+CMGF": _at_cmgf, "+CSMS": _at_csms, "+CSCA": _at_csca,
        "+CMMS": _at_cmms, "+CPIN": _at_cpin, "+CLCK": _at_clck,
        "+CFUN": _at_cfun, "+CSQ": _at_csq, "+CBC": _at_cbc,
        "+CREG": _at_creg, "+CGREG": _at_cgreg, "+CGATT": _at_cgatt,
        "+COPS": _at_cops, "+CLIP": _at_clip, "+CRC": _at_crc,
        "+CHUP": _at_chup, "+CLCC": _at_clcc, "+CPAS": _at_cpas,
        "+CUSD": _at_cusd, "+CPMS": _at_cpms, "+CMGL": _at_cmgl,
        "+CMGR": _at_cmgr, "+CMGD": _at_cmgd, "+CNMI": _at_cnmi,
        "+CMGS": _at_cmgs, "+CCWA": _at_ok, "+CSDH": _at_ok,
        "+CSMP": _at_ok, "&F": _at_ok, "&C1": _at_ok, "&D2": _at_ok,
        "+MODE": _at_error, "+CPROT": _at_error, "+SYNCML": _at_error,
        "$TSSPCSW": _at_error,
    }
