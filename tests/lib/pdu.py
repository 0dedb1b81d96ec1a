#!/usr/bin/env python3
"""TPDUs of 3GPP TS 23.040: encode DELIVER and STATUS-REPORT, decode SUBMIT.

Written from the standard alone, and on purpose without any of the C code's
tables, so that the two can be held against each other.  Used by the modem
simulator (simmodem.py) and by the system tests.

A PDU is a string of hexadecimal digits as a modem writes it: the service
centre address first, then the TPDU.  `tpdu_length()` counts the octets behind
that address, the number that AT+CMGL, AT+CMGR and AT+CMGS speak of.

Everything malformed is reported as PduError, a ValueError.
"""

import dataclasses
import datetime
import random

GSM7 = "gsm7"
UCS2 = "ucs2"
BINARY = "binary"

# Type of number, TS 23.040 9.1.2.5.
TON_UNKNOWN = 0
TON_INTERNATIONAL = 1
TON_NATIONAL = 2
TON_NETWORK = 3
TON_ALPHANUMERIC = 5

MTI_DELIVER = 0
MTI_SUBMIT = 1
MTI_STATUS_REPORT = 2

UD_OCTETS = 140

# TS 23.038 6.2.1, read column by column; 0x1B leads to the extension table.
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà")
ESCAPE = 0x1b
EXTENSION = {
    0x0a: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2f: "\\",
    0x3c: "[", 0x3d: "~", 0x3e: "]", 0x40: "|", 0x65: "€"}
SEPTETS = {letter: (i,) for i, letter in enumerate(ALPHABET) if i != ESCAPE}
SEPTETS.update({letter: (ESCAPE, i) for i, letter in EXTENSION.items()})


class PduError(ValueError):
    """The octets are no PDU, or the text has no place in one."""


# ---- alphabets -------------------------------------------------------------

def is_gsm7(text):
    """Can the default alphabet and its extension write this text?"""
    return all(letter in SEPTETS for letter in text)


def to_septets(text):
    """The septets of a text, an extension letter as two of them."""
    septets = []
    for letter in text:
        if letter not in SEPTETS:
            raise PduError("not in the GSM alphabet: %r" % letter)
        septets.extend(SEPTETS[letter])
    return septets


def from_septets(septets):
    """The text of septets; an unknown extension is shown by its base letter.

    A doubled escape, or one with nothing behind it, becomes a space (TS
    23.038 6.2.1.1).
    """
    text = []
    escaped = False
    for septet in septets:
        if escaped:
            base = " " if septet == ESCAPE else ALPHABET[septet]
            text.append(EXTENSION.get(septet, base))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            text.append(ALPHABET[septet])
    if escaped:
        text.append(" ")
    return "".join(text)


def pack(septets, fill_bits=0):
    """Septets to octets, the first one behind `fill_bits` zero bits."""
    value = 0
    shift = fill_bits
    for septet in septets:
        value |= (septet & 0x7f) << shift
        shift += 7
    return value.to_bytes((shift + 7) // 8, "little")


def unpack(octets, count, fill_bits=0):
    """The `count` septets that stand in octets behind `fill_bits` bits."""
    if fill_bits + 7 * count > 8 * len(octets):
        raise PduError("%d octets hold no %d septets" % (len(octets), count))
    value = int.from_bytes(octets, "little") >> fill_bits
    return [value >> (7 * i) & 0x7f for i in range(count)]


def alphabet_of(dcs):
    """GSM7, UCS2 or BINARY by a data coding scheme (TS 23.038 chapter 4)."""
    group = dcs >> 4
    if group < 8:
        return (GSM7, BINARY, UCS2, BINARY)[dcs >> 2 & 3]
    if group == 0xe:
        return UCS2
    if group == 0xf and dcs & 0x04:
        return BINARY
    return GSM7


def dcs_for(encoding, message_class=None):
    """The data coding scheme of an alphabet and, if given, a class 0-3."""
    dcs = {GSM7: 0x00, BINARY: 0x04, UCS2: 0x08}[encoding]
    if message_class is not None:
        dcs |= 0x10 | message_class
    return dcs


# ---- semi-octets: addresses and time stamps --------------------------------

DIGITS = "0123456789*#abc"


def swap_digits(digits):
    """'12345' to 21 43 F5."""
    nibbles = []
    for digit in digits:
        if digit not in DIGITS:
            raise PduError("no digit of an address: %r" % digit)
        nibbles.append(DIGITS.index(digit))
    if len(nibbles) % 2:
        nibbles.append(0xf)
    return bytes(low | high << 4
                 for low, high in zip(nibbles[::2], nibbles[1::2]))


def unswap_digits(octets):
    """The digits of semi-octets up to the first filler."""
    digits = []
    for octet in octets:
        for nibble in (octet & 0xf, octet >> 4):
            if nibble == 0xf:
                return "".join(digits)
            digits.append(DIGITS[nibble])
    return "".join(digits)


def guess_ton(address):
    """International with a plus, unknown for digits, else alphanumeric."""
    if address.startswith("+") and address[1:].isdigit():
        return TON_INTERNATIONAL
    if address and all(digit in DIGITS for digit in address):
        return TON_UNKNOWN
    return TON_ALPHANUMERIC


def encode_address(address, ton=None):
    """Length, type and value of an originator or recipient (9.1.2.5)."""
    if ton is None:
        ton = guess_ton(address)
    if ton == TON_ALPHANUMERIC:
        value = pack(to_septets(address))
        semi_octets = (7 * len(to_septets(address)) + 3) // 4
        return bytes((semi_octets, 0x80 | ton << 4)) + value
    digits = address.lstrip("+")
    return bytes((len(digits), 0x81 | ton << 4)) + swap_digits(digits)


def decode_address(octets, offset=0):
    """The address at an offset: its text, its type, the offset behind it."""
    if len(octets) < offset + 2:
        raise PduError("cut in an address")
    semi_octets = octets[offset]
    ton = octets[offset + 1] >> 4 & 7
    end = offset + 2 + (semi_octets + 1) // 2
    if semi_octets > 20 or end > len(octets):
        raise PduError("an address of %d digits" % semi_octets)
    value = octets[offset + 2:end]
    if ton == TON_ALPHANUMERIC:
        return from_septets(unpack(value, semi_octets * 4 // 7)), ton, end
    digits = unswap_digits(value)[:semi_octets]
    return ("+" if ton == TON_INTERNATIONAL else "") + digits, ton, end


def encode_smsc(smsc):
    """The service centre address, which counts octets instead of digits."""
    if not smsc:
        return b"\0"
    digits = swap_digits(smsc.lstrip("+"))
    kind = 0x91 if smsc.startswith("+") else 0x81
    return bytes((1 + len(digits), kind)) + digits


def decode_smsc(octets):
    """The service centre address and the offset of the TPDU behind it."""
    if not octets or len(octets) < 1 + octets[0] or octets[0] > 12:
        raise PduError("cut in the service centre address")
    if octets[0] == 0:
        return "", 1
    digits = unswap_digits(octets[2:1 + octets[0]])
    plus = "+" if octets[1] >> 4 & 7 == TON_INTERNATIONAL else ""
    return plus + digits, 1 + octets[0]


def encode_scts(when):
    """A service centre time stamp; quarters of an hour from the offset."""
    offset = when.utcoffset() or datetime.timedelta(0)
    quarters = round(offset.total_seconds() / 900)
    fields = (when.year % 100, when.month, when.day, when.hour, when.minute,
              when.second, abs(quarters))
    octets = bytearray(field // 10 | field % 10 << 4 for field in fields)
    if quarters < 0:
        octets[6] |= 0x08
    return bytes(octets)


def decode_scts(octets):
    """A time with its offset; PduError for what is no time."""
    fields = [(octet & 0x0f) * 10 + (octet >> 4) for octet in octets[:6]]
    quarters = (octets[6] & 0x07) * 10 + (octets[6] >> 4)
    if octets[6] & 0x08:
        quarters = -quarters
    zone = datetime.timezone(datetime.timedelta(minutes=15 * quarters))
    try:
        return datetime.datetime(2000 + fields[0], *fields[1:], tzinfo=zone)
    except ValueError as error:
        raise PduError("no time stamp: %s" % error) from error


# Of a centre whose clock is not set: nobody believes it, whatever time it is.
NO_TIME = datetime.datetime(1999, 1, 1, tzinfo=datetime.timezone.utc)


def now():
    """The local time with its offset, to the second as a PDU holds it."""
    return datetime.datetime.now().astimezone().replace(microsecond=0)


# ---- the user data header --------------------------------------------------

def make_udh(*elements):
    """A header with its length, from pairs of (identifier, value)."""
    body = b"".join(bytes((iei, len(value))) + bytes(value)
                    for iei, value in elements)
    return bytes((len(body),)) + body if elements else b""


def concat_element(ref, total, seq, bits=8):
    """The information element that joins segments (9.2.3.24.1 and .8)."""
    if bits == 8:
        return 0x00, bytes((ref & 0xff, total, seq))
    return 0x08, bytes((ref >> 8 & 0xff, ref & 0xff, total, seq))


def udh_elements(udh):
    """The pairs (identifier, value) of a header; PduError when it is torn."""
    elements = []
    offset = 1
    while offset < len(udh):
        if offset + 2 > len(udh) or offset + 2 + udh[offset + 1] > len(udh):
            raise PduError("torn user data header")
        end = offset + 2 + udh[offset + 1]
        elements.append((udh[offset], bytes(udh[offset + 2:end])))
        offset = end
    return elements


def concat_of(udh):
    """(ref, total, seq) of a header that has a valid one, else None."""
    for iei, value in udh_elements(udh):
        if iei == 0x00 and len(value) == 3:
            ref, total, seq = value
        elif iei == 0x08 and len(value) == 4:
            ref, total, seq = value[0] << 8 | value[1], value[2], value[3]
        else:
            continue
        if 1 <= seq <= total:
            return ref, total, seq
    return None


def header_septets(udh):
    """How many septets a header takes, fill bits included."""
    return (8 * len(udh) + 6) // 7


def header_fill_bits(udh):
    """The bits that bring the first septet behind a header to its place."""
    return 7 * header_septets(udh) - 8 * len(udh)


# ---- from a text to segments -----------------------------------------------

@dataclasses.dataclass
class Segment:
    """What one TPDU carries: units are septets, UTF-16 units or octets."""
    encoding: str
    units: list
    udh: bytes = b""

    @property
    def text(self):
        """What a handset would show of this segment alone."""
        return units_to_text(self.encoding, self.units)


def text_to_units(text, encoding):
    """Septets, UTF-16 code units or octets of a text."""
    if encoding == GSM7:
        return to_septets(text)
    if encoding == UCS2:
        octets = text.encode("utf-16-be", "surrogatepass")
        return [octets[i] << 8 | octets[i + 1]
                for i in range(0, len(octets), 2)]
    return list(text.encode("latin-1") if isinstance(text, str) else text)


def units_to_text(encoding, units):
    """The other way; a lone surrogate stays one."""
    if encoding == GSM7:
        return from_septets(units)
    if encoding == UCS2:
        octets = b"".join(unit.to_bytes(2, "big") for unit in units)
        return octets.decode("utf-16-be", "surrogatepass")
    return bytes(units).decode("latin-1")


def room(encoding, udh=b""):
    """How many units fit into one TPDU beside a header."""
    if encoding == GSM7:
        return UD_OCTETS * 8 // 7 - header_septets(udh)
    octets = UD_OCTETS - len(udh)
    return octets // 2 if encoding == UCS2 else octets


def splits_letter(encoding, units, cut):
    """Would a cut before units[cut] part an escape or a surrogate pair?"""
    if not 0 < cut < len(units):
        return False
    if encoding == GSM7:
        escapes = 0
        while escapes < cut and units[cut - 1 - escapes] == ESCAPE:
            escapes += 1
        return escapes % 2 == 1
    return (encoding == UCS2 and 0xd800 <= units[cut - 1] < 0xdc00
            and 0xdc00 <= units[cut] < 0xe000)


def split(text, encoding=None, ref=None, bits=8, careless=False, udh=()):
    """The segments of a text, a single one without a concatenation header.

    `encoding` None takes the cheapest alphabet, `ref` None a random one.
    `careless` cuts where the room ends, also inside of a letter, as some
    handsets do.  `udh` is a list of further elements for each segment.
    """
    if encoding is None:
        encoding = GSM7 if is_gsm7(text) else UCS2
    units = text_to_units(text, encoding)
    if len(units) <= room(encoding, make_udh(*udh)):
        return [Segment(encoding, units, make_udh(*udh))]
    if ref is None:
        ref = random.randrange(1 << bits)
    size = room(encoding, make_udh(concat_element(0, 1, 1, bits), *udh))
    pieces = []
    while units:
        cut = size
        if not careless and splits_letter(encoding, units, cut):
            cut -= 1
        pieces.append(units[:cut])
        units = units[cut:]
    if len(pieces) > 255:
        raise PduError("a text of %d segments" % len(pieces))
    return [Segment(encoding, piece, make_udh(
                concat_element(ref, len(pieces), seq, bits), *udh))
            for seq, piece in enumerate(pieces, 1)]


def join_segments(segments):
    """The text of segments in their order, also of letters cut in two."""
    encodings = {segment.encoding for segment in segments}
    if len(encodings) == 1:
        units = [unit for segment in segments for unit in segment.units]
        return units_to_text(encodings.pop(), units)
    return "".join(segment.text for segment in segments)


# ---- encoding --------------------------------------------------------------

def encode_user_data(segment):
    """TP-UDL and TP-UD of a segment."""
    if segment.encoding == GSM7:
        body = pack(segment.units, header_fill_bits(segment.udh))
        length = header_septets(segment.udh) + len(segment.units)
        return length, segment.udh + body
    if segment.encoding == UCS2:
        body = b"".join(unit.to_bytes(2, "big") for unit in segment.units)
    else:
        body = bytes(segment.units)
    return len(segment.udh) + len(body), segment.udh + body


def deliver(originator, text="", *, scts=None, smsc="+381640000000",
            encoding=None, udh=b"", ton=None, pid=0, dcs=None,
            message_class=None, units=None, status_report=False,
            reply_path=False, raw=None):
    """The PDU of an SMS-DELIVER (9.2.2.1).

    The user data are `text` in `encoding` (None: the cheapest), or `units` as
    they are; `udh` stands before them with its length octet.  `raw` overrides
    finished fields with anything at all: first (int), address, scts (octets),
    udl (int), ud (octets).
    """
    raw = raw or {}
    if encoding is None and dcs is not None:
        encoding = alphabet_of(dcs)
    if encoding is None:
        encoding = GSM7 if is_gsm7(text) else UCS2
    if dcs is None:
        dcs = dcs_for(encoding, message_class)
    if units is None:
        units = text_to_units(text, encoding)
    udl, ud = encode_user_data(Segment(encoding, list(units), bytes(udh)))
    first = (MTI_DELIVER | 0x04 | (0x20 if status_report else 0)
             | (0x40 if udh else 0) | (0x80 if reply_path else 0))
    octets = (encode_smsc(smsc)
              + bytes((raw.get("first", first),))
              + raw.get("address", encode_address(originator, ton))
              + bytes((pid, dcs))
              + raw.get("scts", encode_scts(scts or now()))
              + bytes((raw.get("udl", udl) & 0xff,))
              + raw.get("ud", ud))
    return octets.hex().upper()


def deliver_segments(originator, segments, **fields):
    """One DELIVER for each segment, all with the same other fields."""
    return [deliver(originator, encoding=segment.encoding,
                    units=segment.units, udh=segment.udh, **fields)
            for segment in segments]


def status_report(recipient, mr, *, status=0, scts=None, discharge=None,
                  smsc="+381640000000", ton=None, raw=None):
    """The PDU of an SMS-STATUS-REPORT (9.2.2.3) without optional fields."""
    raw = raw or {}
    scts = scts or now()
    octets = (encode_smsc(smsc)
              + bytes((raw.get("first", MTI_STATUS_REPORT | 0x04), mr & 0xff))
              + raw.get("address", encode_address(recipient, ton))
              + raw.get("scts", encode_scts(scts))
              + raw.get("discharge", encode_scts(discharge or scts))
              + bytes((status,)))
    return octets.hex().upper()


# ---- decoding --------------------------------------------------------------

@dataclasses.dataclass
class Tpdu:
    """Any TPDU decoded; a field that its kind lacks keeps its default."""
    mti: int
    pdu: str
    smsc: str = ""
    address: str = ""
    ton: int = TON_UNKNOWN
    mr: int = 0
    pid: int = 0
    dcs: int = 0
    udh: bytes = b""
    encoding: str = GSM7
    units: list = dataclasses.field(default_factory=list)
    ud: bytes = b""
    udl: int = 0
    scts: datetime.datetime = None
    discharge: datetime.datetime = None
    status: int = 0
    validity_s: int = None
    want_report: bool = False
    reject_duplicates: bool = False
    reply_path: bool = False

    @property
    def recipient(self):
        """Whom a SUBMIT goes to, or a STATUS-REPORT speaks of."""
        return self.address

    @property
    def originator(self):
        """Whom a DELIVER comes from."""
        return self.address

    @property
    def text(self):
        """What a handset would show."""
        return units_to_text(self.encoding, self.units)

    @property
    def concat(self):
        """(ref, total, seq), or None for a text of one segment."""
        return concat_of(self.udh)

    @property
    def message_class(self):
        """0-3, or None for no class."""
        group = self.dcs >> 4
        if group == 0xf or group < 8 and self.dcs & 0x10:
            return self.dcs & 3
        return None


def to_octets(pdu):
    """The octets of hexadecimal digits."""
    try:
        return bytes.fromhex(pdu)
    except ValueError as error:
        raise PduError("not hexadecimal") from error


def tpdu_length(pdu):
    """The octets behind the service centre address, as AT commands count."""
    octets = to_octets(pdu)
    return len(octets) - 1 - octets[0] if octets else 0


def decode_user_data(tpdu, octets, has_udh):
    """Fills udh, encoding, units and ud from TP-UDL and what follows."""
    if not octets:
        raise PduError("no user data length")
    tpdu.udl, tpdu.ud = octets[0], bytes(octets[1:])
    tpdu.encoding = alphabet_of(tpdu.dcs)
    length = (7 * tpdu.udl + 7) // 8 if tpdu.encoding == GSM7 else tpdu.udl
    if length != len(tpdu.ud):
        raise PduError("length says %d octets, there are %d"
                       % (length, len(tpdu.ud)))
    if length > UD_OCTETS:
        raise PduError("%d octets of user data" % length)
    if has_udh:
        if not tpdu.ud or tpdu.ud[0] + 1 > len(tpdu.ud):
            raise PduError("the header is longer than the user data")
        tpdu.udh = tpdu.ud[:tpdu.ud[0] + 1]
        udh_elements(tpdu.udh)
    body = tpdu.ud[len(tpdu.udh):]
    if tpdu.encoding == GSM7:
        tpdu.units = unpack(body, tpdu.udl - header_septets(tpdu.udh),
                            header_fill_bits(tpdu.udh))
    elif tpdu.encoding == UCS2:
        if len(body) % 2:
            raise PduError("half a UCS-2 letter")
        tpdu.units = [body[i] << 8 | body[i + 1]
                      for i in range(0, len(body), 2)]
    else:
        tpdu.units = list(body)


def relative_validity_s(octet):
    """TP-VP in its relative form, in seconds (9.2.3.12.1)."""
    if octet <= 143:
        return (octet + 1) * 5 * 60
    if octet <= 167:
        return 12 * 3600 + (octet - 143) * 30 * 60
    if octet <= 196:
        return (octet - 166) * 86400
    return (octet - 192) * 7 * 86400


def decode_submit(pdu):
    """The SMS-SUBMIT (9.2.2.2) that a host gave to a modem."""
    octets = to_octets(pdu)
    smsc, offset = decode_smsc(octets)
    if len(octets) < offset + 2:
        raise PduError("cut before the recipient")
    first = octets[offset]
    tpdu = Tpdu(first & 3, pdu.upper(), smsc=smsc, mr=octets[offset + 1],
                want_report=bool(first & 0x20),
                reject_duplicates=bool(first & 0x04),
                reply_path=bool(first & 0x80))
    if tpdu.mti != MTI_SUBMIT:
        raise PduError("message type %d is no SUBMIT" % tpdu.mti)
    tpdu.address, tpdu.ton, offset = decode_address(octets, offset + 2)
    validity = {0: 0, 1: 7, 2: 1, 3: 7}[first >> 3 & 3]
    if len(octets) < offset + 2 + validity:
        raise PduError("cut before the user data")
    tpdu.pid, tpdu.dcs = octets[offset:offset + 2]
    offset += 2
    if validity == 1:
        tpdu.validity_s = relative_validity_s(octets[offset])
    decode_user_data(tpdu, octets[offset + validity:], first & 0x40)
    return tpdu


def decode_deliver(pdu):
    """The SMS-DELIVER that `deliver` writes; for tests of this file."""
    octets = to_octets(pdu)
    smsc, offset = decode_smsc(octets)
    if len(octets) < offset + 1 or octets[offset] & 3 != MTI_DELIVER:
        raise PduError("no DELIVER")
    first = octets[offset]
    tpdu = Tpdu(MTI_DELIVER, pdu.upper(), smsc=smsc,
                want_report=bool(first & 0x20),
                reply_path=bool(first & 0x80))
    tpdu.address, tpdu.ton, offset = decode_address(octets, offset + 1)
    if len(octets) < offset + 10:
        raise PduError("cut before the user data")
    tpdu.pid, tpdu.dcs = octets[offset:offset + 2]
    tpdu.scts = decode_scts(octets[offset + 2:offset + 9])
    decode_user_data(tpdu, octets[offset + 9:], first & 0x40)
    return tpdu


def decode_status_report(pdu):
    """The SMS-STATUS-REPORT that `status_report` writes."""
    octets = to_octets(pdu)
    smsc, offset = decode_smsc(octets)
    if len(octets) < offset + 2 or octets[offset] & 3 != MTI_STATUS_REPORT:
        raise PduError("no STATUS-REPORT")
    tpdu = Tpdu(MTI_STATUS_REPORT, pdu.upper(), smsc=smsc,
                mr=octets[offset + 1])
    tpdu.address, tpdu.ton, offset = decode_address(octets, offset + 2)
    if len(octets) < offset + 15:
        raise PduError("cut in the times")
    tpdu.scts = decode_scts(octets[offset:offset + 7])
    tpdu.discharge = decode_scts(octets[offset + 7:offset + 14])
    tpdu.status = octets[offset + 14]
    return tpdu


def describe(submit):
    """A SUBMIT for JSON."""
    concat = submit.concat
    return {
        "recipient": submit.recipient, "text": submit.text,
        "encoding": submit.encoding, "mr": submit.mr,
        "udh": submit.udh.hex().upper(), "ud": submit.ud.hex().upper(),
        "concat": concat and dict(zip(("ref", "max", "seq"), concat)),
        "want_report": submit.want_report, "validity_s": submit.validity_s,
        "class": submit.message_class, "pid": submit.pid, "dcs": submit.dcs,
        "smsc": submit.smsc, "pdu": submit.pdu}


# ---- joining what was submitted --------------------------------------------

@dataclasses.dataclass
class Joined:
    """A text as its recipient sees it, of one segment or of many."""
    recipient: str
    total: int
    segments: dict = dataclasses.field(default_factory=dict)
    repeated: int = 0

    @property
    def complete(self):
        """Has every segment come?"""
        return len(self.segments) == self.total

    @property
    def encoding(self):
        """UCS2 if any segment is."""
        kinds = {segment.encoding for segment in self.segments.values()}
        return kinds.pop() if len(kinds) == 1 else UCS2

    @property
    def text(self):
        """The text of the segments that have come, in their order."""
        return join_segments([self.segments[seq]
                              for seq in sorted(self.segments)])


def join(submits):
    """Texts out of SUBMITs in the order of their first segments.

    Segments belong together by recipient, reference and number of segments.
    One that is there already, with the same units, is counted as repeated;
    with other units it begins a new text under the same reference.
    """
    texts = []
    waiting = {}
    for submit in submits:
        concat = submit.concat
        if concat is None:
            texts.append(Joined(submit.address, 1, {1: submit}))
            continue
        ref, total, seq = concat
        key = submit.address, ref, total
        text = waiting.get(key)
        if text and seq in text.segments:
            if text.segments[seq].units == submit.units:
                text.repeated += 1
                continue
            text = None
        if text is None:
            text = waiting[key] = Joined(submit.address, total)
            texts.append(text)
        text.segments[seq] = submit
    return texts
