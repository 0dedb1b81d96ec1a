#!/usr/bin/env python3
"""Messages that nobody means well, made from their structure: what words can
be, how they can be carried, from whom, and what else a link may hand over.

All of it is allowed by the link protocol, so that a link is never hung up on
for it.  The first messages() go through every kind of words with every kind of
carrier; after that chance has it.  shown() finds in what psql shows characters
that must not get to a terminal.
"""

import itertools
import random
import re
import unicodedata

import pdu

OURS = "+381600000001"
SIM = "220010000000001"
SENDERS = 400
LIKE = str.maketrans("aeopcxyAEOPCXTHKMB", "аеорсхуАЕОРСХТНКМВ")
COMMANDS = ("PRIJAVA", "STATUS", "PRAVO", "STOP", "START", "OBRISI", "GLAS",
            "PITANJE", "POMOC", "DALJE", "DOPUNA", "JEZIK", "KRAJ", "NE")


# ---- words -----------------------------------------------------------------

def letters(dice, count, *ranges):
    """So many characters out of ranges of code points."""
    return "".join(chr(dice.randint(*dice.choice(ranges)))
                   for _ in range(count))


def homoglyphs(dice):
    return dice.choice(COMMANDS).translate(LIKE) + " rupa".translate(LIKE)


def fullwidth(dice):
    return "".join(chr(ord(c) + 0xfee0) for c in dice.choice(COMMANDS))


def mathematical(dice):
    return letters(dice, 12, (0x1d400, 0x1d7ff))


def bidi(dice):
    return (dice.choice("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u061c")
            + "evil" + dice.choice("\u202c\u2069\u200e\u200f") + " 123")


def controls(dice):
    return letters(dice, 30, (0, 0x1f), (0x7f, 0x9f))


def invisible(dice):
    return "a" + letters(dice, 20, (0x200b, 0x200f), (0x2028, 0x202e),
                         (0x2060, 0x206f), (0xfeff, 0xfeff), (0xad, 0xad),
                         (0xe0000, 0xe007f), (0xe0100, 0xe01ef))


def private_use(dice):
    return letters(dice, 10, (0xe000, 0xf8ff), (0xf0000, 0xffffd),
                   (0x100000, 0x10fffd))


def noncharacters(dice):
    return "x" + letters(dice, 8, (0xfdd0, 0xfdef), (0xfffe, 0xffff),
                         (0x1fffe, 0x1ffff), (0x10fffe, 0x10ffff))


def surrogates(dice):
    return "s" + letters(dice, dice.randint(1, 9), (0xd800, 0xdfff)) + "t"


def marks(dice):
    return "o" + letters(dice, dice.choice((3, 60)), (0x300, 0x36f),
                         (0x483, 0x489), (0x1ab0, 0x1aff))


def emoji(dice):
    return "\u200d".join(letters(dice, 1, (0x1f300, 0x1f6ff))
                         for _ in range(dice.randint(1, 12)))


def formula(dice):
    return dice.choice(("=", "+", "-", "@", "\t=", "\r=", "|")) + dice.choice((
        "cmd|' /C calc'!A0", "HYPERLINK(\"http://x/\"&A1,\"x\")",
        "SUM(1+1)*cmd", "2+5"))


def terminal(dice):
    return dice.choice((
        "\x1b[2J\x1b[H", "\x1b]0;root#\x07", "\x9b31m", "\x1bP+q544e\x1b\\",
        "\x1b]52;c;cm0gLXJm\x07", "\x1b[6n", "\x1b[?1049h", "\x0e\x0f",
        "\x1b]8;;http://x/\x1b\\hi\x1b]8;;\x1b\\", "\r\x1b[K", "\b" * 20))


def sql(dice):
    return dice.choice((
        "'; drop table glas_data.message; --", "\\! id", "\\.", "\\copy x",
        "$$;select 1;$$", "{NULL,\"a\"}", "(1,\"x", "\\x00\\u0000", "E'\\''",
        "1) or (1=1", "{\"a\":", "\\N"))


def formats(dice):
    return dice.choice(("%s%n%x%p%d", "{REF} {0} {{PLACE}}", "$1 ${x} `id`",
                        "$(reboot)", "<script>alert(1)</script>", "&#x1b;",
                        "../../../etc/passwd", "\\u001b[2J", "\\u{202E}"))


def empty(dice):
    return dice.choice(("", " ", "\n", "\n" * 70, "\x00", "\x00" * 40, "."))


def one_letter(dice):
    return dice.choice("a1.+AЖ?") * dice.choice((70, 160, 1000, 2040))


def all_commands(dice):
    return " ".join(dice.choices(COMMANDS, k=dice.choice((2, 12, 150))))


def odd_command(dice):
    return dice.choice(COMMANDS) + dice.choice((" ", "", "'", "\n", "#")) + \
        dice.choice(("0" * 30, "-1", "9" * 19, "100008", "1e9", "\x00", "' --",
                     "999999999999999999999999", "%s", "A" * 100))


def numbers(dice):
    return " ".join("06%d%07d" % (dice.randint(0, 9), dice.randrange(10 ** 7))
                    for _ in range(dice.choice((1, 10)))) + \
        " %013d" % dice.randrange(10 ** 13)


def danger(dice):
    return "gori kuca " * dice.choice((1, 15)) + dice.choice((
        "Vranje", "bomba u Bujanovcu", "ubice me", ""))


def our_words(_dice):
    return ("Primljeno. Vas broj je 100008. Broj cuvajte. Hitno: 192, 193, "
            "194.")


def chance(dice):
    """Any 16-bit units at all."""
    return "".join(map(chr, dice.choices(range(0x10000), k=60)))


WORDS = (homoglyphs, fullwidth, mathematical, bidi, controls, invisible,
         private_use, noncharacters, surrogates, marks, emoji, formula,
         terminal, sql, formats, empty, one_letter, all_commands, odd_command,
         numbers, danger, our_words, chance)


# ---- how they are carried --------------------------------------------------

def units(words):
    """UTF-16BE, in hexadecimal, as much as a link may say."""
    return words.encode("utf-16-be", "surrogatepass")[:4096].hex()


def element(dice):
    """An information element of a user data header."""
    kind = dice.choice((0, 0, 1, 4, 5, 6, 8, 10, 11, 0x20, 0x24, 0x25, 0x70,
                        dice.randrange(256)))
    usual = {0: 3, 1: 2, 4: 2, 5: 4, 8: 4, 0x24: 1, 0x25: 1}.get(
        kind, dice.randrange(12))
    length = dice.choice((usual, usual, usual, 0, dice.randrange(8)))
    return bytes((kind, length)) + dice.randbytes(length)


def header(dice):
    """A user data header whose lengths need not be true."""
    octets = b"".join(element(dice) for _ in range(dice.randrange(6)))[:250]
    length = dice.choice((len(octets), len(octets), dice.randrange(256)))
    return (bytes((length,)) + octets).hex()


def joined(dice, wide):
    """A header of a part, with the reference, number of parts and number."""
    most = dice.choice((0, 1, 2, 3, 255, dice.randrange(256)))
    return (bytes((6, 8, 4, 0, dice.randrange(4)) if wide else
                  (5, 0, 3, dice.randrange(4)))
            + bytes((most, dice.choice((0, 1, 2, most,
                                        dice.randrange(256)))))).hex()


def plain(_dice, words):
    return {"alphabet": "gsm7", "ud": units(words)}


def ucs2(_dice, words):
    return {"alphabet": "ucs2", "ud": units(words)}


def of_a_class(dice, words):
    return {"alphabet": "ucs2", "ud": units(words),
            "class": dice.choice((0, 1, 2, 3, -1, 1 << 40))}


def replacing(dice, words):
    return {"ud": units(words), "replace": dice.choice((1, 7, 0, 64, -5))}


def silent(_dice, _words):
    return {"alphabet": "gsm7", "ud": "", "class": 0, "replace": 64}


def with_header(dice, words):
    return {"alphabet": "ucs2", "udh": header(dice), "ud": units(words)}


def part(dice, words):
    return {"alphabet": "gsm7", "udh": joined(dice, False),
            "ud": units(words)}


def wide_part(dice, words):
    return {"alphabet": "ucs2", "udh": joined(dice, True),
            "ud": units(words)}


def odd_units(_dice, words):
    return {"alphabet": "ucs2", "ud": (units(words) + "d8")[-8190:]}


def octets(dice, _words):
    return {"alphabet": "binary",
            "ud": dice.randbytes(dice.choice((0, 1, 140, 4096))).hex()}


def wap_push(dice, words):
    return {"alphabet": "binary", "udh": "0605040b8423f0", "ud":
            (b"\x01\x06\x03\xae\x81\xea\x8d\xca\x02\x05\x6a\x00\x45\xc6\x0c\x03"
             + words.encode("utf-8", "replace")[:100] + b"\x00\x01\x01").hex()}


def utf8(dice, words):
    words = words.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace").replace("\0", "\ufffd")
    return {"text": words.encode()[:4096].decode("utf-8", "ignore"),
            "network_id": f"n{dice.getrandbits(64)}" + dice.choice((
                "", "\x1b[2J", "'; --", "\u202e"))}


def more_fields(_dice, words):
    return {"alphabet": "ucs2", "ud": units(words), "class": 1, "x-deep":
            [[[[{"t": "stop"}]]]], "__proto__": {}, "ud ": words[:9].encode(
                "ascii", "replace").decode().replace("\0", "0"), "": None}


CARRIERS = (plain, ucs2, of_a_class, replacing, silent, with_header, part,
            wide_part, odd_units, octets, wap_push, utf8, more_fields)


# ---- from whom -------------------------------------------------------------

def sender(dice):
    return f"+38165{dice.randrange(SENDERS):07d}", "international"


def national(dice):
    return f"065{dice.randrange(SENDERS):07d}", "national"


def unknown_type(dice):
    return f"38165{dice.randrange(SENDERS):07d}", "nonsense"


def name(dice):
    return dice.choice(("MTS", "A1 Srbija", "Vodafone\x07", "\x1b[2Jx",
                        "\u202eknaB", "'--", "Ж" * 11, "a" * 300, " ", "%s",
                        "=1+1", "192")), "alphanumeric"


def short(dice):
    return dice.choice(("192", "9000", "19110", "1", "000000")), ""


def absurd(dice):
    return dice.choice(("", "+", "0", "+0", "+" + "9" * 40, "-1", "+381",
                        "+3816", "*100#", "#", "a b c", "+38164\x001", OURS,
                        "٠١٢٣٤٥٦٧٨٩", "+381900123456", "+881612345678",
                        "++381641234567", "0" * 200)).replace("\0", "0"), \
        dice.choice(("international", "national", ""))


ORIGINATORS = (sender, sender, national, unknown_type, name, short, absurd)


# ---- what else a link says -------------------------------------------------

def raw(dice):
    """A PDU that libgammu refuses, or one with a few octets turned."""
    made = bytearray.fromhex(pdu.deliver("+38165%07d" % dice.randrange(
        SENDERS), "rupa")) if dice.random() < 0.7 else bytearray(
            dice.randbytes(dice.choice((0, 1, 30, 176, 4096))))
    for _ in range(dice.randrange(6) if made else 0):
        made[dice.randrange(len(made))] = dice.randrange(256)
    return {"t": "raw", "slot": dice.choice((1, 0, -1, 1 << 40)),
            "pdu": made.hex(), "sim": SIM}


def call(dice):
    return {"t": "call", "originator": dice.choice(ORIGINATORS)(dice)[0]}


def status_report(dice):
    return {"t": "status-report", "mr": dice.choice((0, 255, -1, 1 << 40)),
            "recipient": dice.choice(ORIGINATORS)(dice)[0],
            "status": dice.choice((0, 32, 64, 255, -1, 1 << 40)),
            "time": "\x1b[2J"}


def ussd_result(dice):
    return {"t": "ussd-result", "code": "*100#\x1b",
            "text": utf8(dice, dice.choice(WORDS)(dice))["text"]}


def state(dice):
    return {"t": "state", "state": dice.choice(("ready", "listing")),
            "operator": utf8(dice, dice.choice(WORDS)(dice))["text"][:900],
            "detail": utf8(dice, dice.choice(WORDS)(dice))["text"][:900],
            "signal_dbm": dice.choice((-51, 0, 99, -(1 << 40))),
            "sim_used": dice.choice((0, -5, 1 << 40)), "sim_size": 0}


OTHERS = (raw, call, status_report, ussd_result, state)


# ---- all of it -------------------------------------------------------------

def texts(dice, stamp):
    """Messages `mo`, without end; stamp() gives each a time of its own."""
    cells = itertools.chain(itertools.product(WORDS, CARRIERS), (
        (dice.choice(WORDS), dice.choice(CARRIERS)) for _ in itertools.count()))
    for number, (words, carrier) in enumerate(cells):
        originator, ton = ORIGINATORS[number % len(ORIGINATORS)](dice)
        yield {"t": "mo", "originator": originator, "ton": ton,
               "scts": stamp(), "smsc": OURS, "sim": SIM,
               **carrier(dice, words(dice))}


def messages(seed, stamp):
    """Everything, without end; what has its own id has no other."""
    dice = random.Random(seed)
    last = None
    for number, text in enumerate(texts(dice, stamp)):
        yield text
        if number % 7 == 3:
            yield OTHERS[number // 7 % len(OTHERS)](dice)
        if number % 40 == 5:
            yield last                          # the same once more
        if number % 60 == 7:
            yield {**text, "scts": stamp(), "id": "one id for many"}
        last = text


# ---- what is shown ---------------------------------------------------------

HIDING = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
PICTURE = r"[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"


def _forbidden():
    """An expression for code points that hide, move or steer something."""
    found = [c for c in range(0x110000) if c != 10 and (
        unicodedata.category(chr(c)) in HIDING or c & 0xfffe == 0xfffe
        or 0xfdd0 <= c <= 0xfdef or 0xe0000 <= c <= 0xe0fff)]
    ranges = []
    for c in found:
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    return re.compile("[%s]" % "".join(
        "\\U%08x-\\U%08x" % tuple(each) for each in ranges))


FORBIDDEN = _forbidden()
JOINER = re.compile(f"(?<={PICTURE})((?:[\ufe0f\U0001f3fb-\U0001f3ff"
                    "\u0300-\u036f]*))\u200d" + f"(?={PICTURE})")


def shown(text):
    """The forbidden characters in a text; the joiner of pictures is none."""
    found = FORBIDDEN.findall(text)
    return FORBIDDEN.findall(JOINER.sub(r"\1", text)) if found else []
