#!/usr/bin/env python3
"""Tests of pdu.py against TPDUs taken from the air or worked out by hand.

python3 -m unittest discover -s tests/lib -p 'test_pdu.py'
"""

import datetime
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import pdu  # noqa: E402

CET = datetime.timezone(datetime.timedelta(hours=1))
SMSC = "+491710760000"
EXTENDED = "€[]{}\\^~|\f"


def at(*fields, zone=CET):
    """A time of those fields."""
    return datetime.datetime(*fields, tzinfo=zone)


def octets(text):
    """Octets of hexadecimal digits, blanks allowed."""
    return bytes.fromhex(text)


class Alphabet(unittest.TestCase):

    def test_packs_septets_as_on_the_air(self):
        for text, packed in (("Hello", "C8329BFD06"), ("One", "4F7719"),
                             ("Live one", "CCB4BD0C7ABBCB"), ("@", "00"),
                             ("{", "1B14"), ("", "")):
            septets = pdu.to_septets(text)
            self.assertEqual(pdu.pack(septets).hex().upper(), packed)
            self.assertEqual(
                pdu.from_septets(pdu.unpack(octets(packed), len(septets))),
                text)

    def test_each_letter_of_the_alphabet_comes_back(self):
        text = pdu.ALPHABET.replace("\x1b", "") + EXTENDED
        self.assertEqual(pdu.from_septets(pdu.to_septets(text)), text)
        self.assertTrue(pdu.is_gsm7(text))

    def test_knows_what_it_lacks(self):
        for letter in "šđčćžŠĐČĆŽëçжј`–„\x1b":
            self.assertFalse(pdu.is_gsm7(letter), letter)

    def test_odd_escapes_show_something(self):
        self.assertEqual(pdu.from_septets([0x1b]), " ")
        self.assertEqual(pdu.from_septets([0x1b, 0x1b, 0x41]), " A")
        self.assertEqual(pdu.from_septets([0x1b, 0x41]), "A")

    def test_names_the_alphabet_of_a_dcs(self):
        for dcs, encoding in ((0x00, pdu.GSM7), (0x04, pdu.BINARY),
                              (0x08, pdu.UCS2), (0x10, pdu.GSM7),
                              (0x18, pdu.UCS2), (0x48, pdu.UCS2),
                              (0xc8, pdu.GSM7), (0xe0, pdu.UCS2),
                              (0xf0, pdu.GSM7), (0xf5, pdu.BINARY)):
            self.assertEqual(pdu.alphabet_of(dcs), encoding, hex(dcs))


class SemiOctets(unittest.TestCase):

    def test_writes_addresses(self):
        for address, ton, written in (
                ("+491701234567", None, "0C91947110325476"),
                ("0641234567", None, "0A816014325476"),
                ("0641234567", pdu.TON_NATIONAL, "0AA16014325476"),
                ("1992", None, "04819129"),
                ("*100#", None, "05811A00FB"),
                ("@", None, "02D000")):
            encoded = pdu.encode_address(address, ton)
            self.assertEqual(encoded.hex().upper(), written)
            back, _, end = pdu.decode_address(encoded)
            self.assertEqual((back, end), (address, len(encoded)))

    def test_names_of_any_length_come_back(self):
        for length in range(1, 12):
            name = "Telekom-SRB"[:length]
            back, ton, _ = pdu.decode_address(pdu.encode_address(name))
            self.assertEqual((back, ton), (name, pdu.TON_ALPHANUMERIC))

    def test_writes_time_stamps_with_their_zone(self):
        for when, written in (
                (at(2026, 11, 23, 10, 0, 0), "62113201000040"),
                (at(2026, 1, 2, 3, 4, 5, zone=datetime.timezone(
                    datetime.timedelta(hours=-3))), "62102030405029"),
                (at(2000, 12, 31, 23, 59, 59, zone=datetime.timezone(
                    datetime.timedelta(hours=5, minutes=45))),
                 "00211332959532")):
            self.assertEqual(pdu.encode_scts(when).hex(), written)
            self.assertEqual(pdu.decode_scts(octets(written)), when)

    def test_a_thirteenth_month_is_an_error(self):
        with self.assertRaises(pdu.PduError):
            pdu.decode_scts(octets("62313201000040"))


class Deliver(unittest.TestCase):

    def test_writes_what_a_modem_showed(self):
        for fields, written in (
                (("One", (2026, 11, 23, 10, 0, 0)),
                 "0791947101670000040C91947110325476000062113201000040"
                 "034F7719"),
                (("Live one", (2026, 11, 23, 5, 14, 49)),
                 "0791947101670000040C91947110325476000062113250419440"
                 "08CCB4BD0C7ABBCB")):
            text, when = fields
            self.assertEqual(
                pdu.deliver("+491701234567", text, scts=at(*when),
                            smsc=SMSC), written)

    def test_counts_the_octets_behind_the_service_centre(self):
        self.assertEqual(pdu.tpdu_length(
            "0791947101670000040C91947110325476000062113201000040"
            "034F7719"), 22)
        self.assertEqual(pdu.tpdu_length("00040C"), 2)

    def test_comes_back(self):
        for text, fields in (
                ("Nema vode", {}), ("", {}), ("Нема воде 😀", {}),
                (EXTENDED, {}), ("a" * 160, {}), ("ж" * 70, {}),
                ("flash", {"message_class": 0}),
                ("\x00\xff", {"encoding": pdu.BINARY}),
                ("short", {"pid": 0x41, "status_report": True}),
                ("ports", {"udh": octets("06050415811581")})):
            back = pdu.decode_deliver(pdu.deliver(
                "+381641234567", text, scts=at(2026, 5, 1, 0, 0, 0),
                **fields))
            self.assertEqual(back.text, text)
            self.assertEqual(back.originator, "+381641234567")
            self.assertEqual(back.scts, at(2026, 5, 1, 0, 0, 0))
            self.assertEqual(back.udh, fields.get("udh", b""))
            self.assertEqual(back.message_class,
                             fields.get("message_class"))

    def test_overrides_are_taken_as_they_are(self):
        crooked = octets(pdu.deliver(
            "+381641234567", "x", smsc="",
            raw={"first": 0x03, "udl": 255, "ud": b"\xaa"}))
        self.assertEqual((crooked[1], crooked[-2], crooked[-1]),
                         (0x03, 255, 0xaa))

    def test_a_status_report_is_written_as_on_the_air(self):
        when = at(2026, 11, 23, 5, 14, 55)
        written = ("079194710167000006060C919471909999996211325041554062"
                   "1132504155"  "4000")
        self.assertEqual(pdu.status_report(
            "+491709999999", 6, scts=when, smsc=SMSC), written)
        back = pdu.decode_status_report(written)
        self.assertEqual((back.mr, back.status, back.discharge),
                         (6, 0, when))


class Submit(unittest.TestCase):

    def test_reads_a_short_one(self):
        submit = pdu.decode_submit(
            "079194710167000011000C919471909999990000FF05C8329BFD06")
        self.assertEqual(submit.text, "Hello")
        self.assertEqual(submit.recipient, "+491709999999")
        self.assertEqual(submit.smsc, SMSC)
        self.assertEqual(submit.validity_s, 63 * 7 * 86400)
        self.assertFalse(submit.want_report)
        self.assertIsNone(submit.concat)

    def test_reads_the_end_of_a_long_one(self):
        submit = pdu.decode_submit(
            "079194710167000071000C919471909999990000FF36050003210202"
            "66B49AED86CBC162B219AD66BBE172B0986C46ABD96EB81C2C269BD1"
            "6AB61B2E078BC966B49AED86CB01")
        self.assertEqual(submit.concat, (0x21, 2, 2))
        self.assertTrue(submit.want_report)
        self.assertEqual(submit.text, "3456789" + "0123456789" * 4)

    def test_reads_all_forms_of_validity(self):
        head, tail = "000C919471909999990000", "05C8329BFD06"
        for first, validity, seconds in (
                ("01", "", None), ("11", "A7", 86400),
                ("09", "00" * 7, None), ("19", "62113201000040", None)):
            submit = pdu.decode_submit("00" + first + head + validity + tail)
            self.assertEqual((submit.text, submit.validity_s),
                             ("Hello", seconds))
        for octet, seconds in ((0, 300), (143, 12 * 3600),
                               (144, 12 * 3600 + 1800), (167, 86400),
                               (168, 2 * 86400), (196, 30 * 86400),
                               (197, 5 * 7 * 86400)):
            self.assertEqual(pdu.relative_validity_s(octet), seconds)

    def test_length_and_octets_must_agree(self):
        whole = "0001000C9194719099999900000" + "5C8329BFD06"
        pdu.decode_submit(whole)
        for crooked in (whole[:-2], whole + "00", whole[:20], "", "zz",
                        "0000" + whole[4:]):
            with self.assertRaises(pdu.PduError):
                pdu.decode_submit(crooked)

    def test_noise_is_an_error_and_nothing_worse(self):
        dice = random.Random(23040)
        for _ in range(20000):
            noise = dice.randbytes(dice.randrange(40)).hex()
            for decode in (pdu.decode_submit, pdu.decode_deliver,
                           pdu.decode_status_report):
                try:
                    decode(noise)
                except pdu.PduError:
                    pass


class Split(unittest.TestCase):

    def sizes(self, *args, **kwargs):
        """The units of each segment."""
        return [len(segment.units) for segment in pdu.split(*args, **kwargs)]

    def test_cuts_where_the_room_ends(self):
        for text, bits, sizes in (
                ("a" * 160, 8, [160]), ("a" * 161, 8, [153, 8]),
                ("a" * 161, 16, [152, 9]), ("a" * 306, 8, [153, 153]),
                ("ж" * 70, 8, [70]), ("ж" * 71, 8, [67, 4]),
                ("ж" * 71, 16, [66, 5]), ("€" * 80, 8, [160]),
                ("€" * 81, 8, [152, 10])):
            self.assertEqual(self.sizes(text, bits=bits), sizes)

    def test_letters_stay_whole_unless_careless(self):
        emoji = "ж" * 66 + "😀" + "ж" * 10
        escape = "a" * 152 + "{" + "a" * 30
        for text, careful, careless in ((emoji, [66, 12], [67, 11]),
                                        (escape, [152, 32], [153, 31])):
            self.assertEqual(self.sizes(text), careful)
            self.assertEqual(self.sizes(text, careless=True), careless)
            for segments in (pdu.split(text), pdu.split(text,
                                                        careless=True)):
                self.assertEqual(pdu.join_segments(segments), text)

    def test_numbers_its_segments(self):
        segments = pdu.split("a" * 400, ref=0x1234, bits=16)
        self.assertEqual([pdu.concat_of(segment.udh)
                          for segment in segments],
                         [(0x1234, 3, seq) for seq in (1, 2, 3)])
        self.assertEqual(segments[0].udh, octets("06080412340301"))
        self.assertEqual(pdu.split("a" * 161, ref=7)[1].udh,
                         octets("050003070202"))

    def test_makes_room_for_other_elements(self):
        ports = 0x05, octets("15811581")
        segments = pdu.split("a" * 300, ref=1, udh=[ports])
        self.assertEqual([pdu.udh_elements(segment.udh)[1]
                          for segment in segments], [ports] * 3)
        for segment in segments:
            length, ud = pdu.encode_user_data(segment)
            self.assertLessEqual(len(ud), 140)
            self.assertLessEqual(length, 160)

    def test_any_text_survives_the_air(self):
        dice = random.Random(23038)
        letters = (pdu.ALPHABET.replace("\x1b", "") + EXTENDED,
                   "аbвгђš😀🏚é ")
        for _ in range(300):
            text = "".join(dice.choices(dice.choice(letters),
                                        k=dice.randrange(1, 700)))
            segments = pdu.split(text, bits=dice.choice((8, 16)),
                                 careless=dice.random() < 0.5)
            back = [pdu.decode_deliver(coded) for coded in
                    pdu.deliver_segments("+381641234567", segments)]
            self.assertEqual(pdu.join_segments(back), text)


class Join(unittest.TestCase):

    @staticmethod
    def submits(recipient, text, ref):
        """SUBMITs as a host would write them."""
        tpdus = []
        for segment in pdu.split(text, ref=ref):
            udl, ud = pdu.encode_user_data(segment)
            tpdus.append(pdu.decode_submit((
                b"\0" + bytes((0x41 if segment.udh else 0x01, 0))
                + pdu.encode_address(recipient)
                + bytes((0, pdu.dcs_for(segment.encoding), udl))
                + ud).hex()))
        return tpdus

    def test_joins_in_any_order(self):
        one = self.submits("+381641", "a" * 200 + "ж" * 200, 9)
        two = self.submits("+381642", "b" * 200, 9)
        mixed = one + two
        random.Random(1).shuffle(mixed)
        texts = {text.recipient: text for text in pdu.join(mixed)}
        self.assertEqual(texts["+381641"].text, "a" * 200 + "ж" * 200)
        self.assertEqual(texts["+381642"].text, "b" * 200)
        self.assertTrue(all(text.complete for text in texts.values()))

    def test_tells_what_is_missing_and_what_came_twice(self):
        one, two, three = self.submits("+381641", "a" * 400, 9)
        text, = pdu.join([one, three, three])
        self.assertFalse(text.complete)
        self.assertEqual(text.repeated, 1)
        self.assertTrue(pdu.join([one, two, three])[0].complete)

    def test_a_reference_may_come_again(self):
        texts = pdu.join(self.submits("+381641", "a" * 200, 9)
                         + self.submits("+381641", "b" * 200, 9))
        self.assertEqual([text.text for text in texts],
                         ["a" * 200, "b" * 200])


if __name__ == "__main__":
    unittest.main()
