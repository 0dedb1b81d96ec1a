#!/usr/bin/env python3
"""USSD menus: the real glasd, glas-web and PostgreSQL, and a network that
speaks as Africa's Talking documents its USSD interface."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, wait_until  # noqa: E402
from fakeaggregator import FakeAggregator  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import SRC_DIR, Office, free_port, program  # noqa: E402
from test_web import NUMBER, SECRET, Web, post_json  # noqa: E402

OTHER = "+381641234599"


class Caller:
    """A telephone, by a network that tells all that was typed, or the last."""

    sessions = 0

    def __init__(self, web, number=NUMBER, cumulative=True):
        self.web, self.number, self.cumulative = web, number, cumulative
        self.typed = []
        self.session = None

    def dial(self, code=""):
        """A new session; code is what was dialled behind the service."""
        Caller.sessions += 1
        self.session = f"ATUid_{Caller.sessions}"
        self.typed = [code] if code else []
        return self.hop(code)

    def say(self, typed):
        self.typed.append(typed)
        return self.hop(typed)

    def hop(self, typed):
        """The answer to one request, without its first word; that is kept."""
        status, answer = self.web.ask("/ussd", {
            "sessionId": self.session, "phoneNumber": self.number,
            "serviceCode": "*384#", "networkCode": "22001",
            "text": "*".join(self.typed) if self.cumulative else typed})
        if status != 200:
            raise AssertionError(f"{status} {answer}")
        self.word, screen = answer.split(" ", 1)
        return screen

    def report(self, subject="1", place="Vranje", text="traze mito"):
        """All the way; the last screen."""
        self.dial()
        self.say("1")
        self.say(subject)
        self.say(place)
        return self.say(text)


class UssdCase(unittest.TestCase):
    """One office; `keys` are of its section."""

    keys = {"ussd": "cumulative"}

    @classmethod
    def begin(cls, name):
        """The office, with the database up."""
        cls.cluster = cls.enterClassContext(Cluster(fsync=False))
        cls.sender = FakeAggregator()
        cls.addClassCleanup(cls.sender.close)
        cls.office = Office(cluster=cls.cluster, database=name)
        cls.addClassCleanup(cls.office.close)
        cls.web = Web(cls.office, cls.sender, **cls.keys)
        cls.office.sections = cls.web.section
        cls.office.init()
        cls.start()

    @classmethod
    def start(cls):
        """glasd, as far as that it takes sessions."""
        cls.office.start()
        cls.office.wait_database()
        cls.office.wait_status(
            lambda s: s["links"][0]["state"] == "ready", "web ready")

    def wait_report(self, screen):
        """The row of the report whose number is on the screen."""
        match = re.search(r"[0-9]{6}", screen)
        self.assertTrue(match, screen)
        reference = match.group()
        self.office.wait_count("glas.reports", 1,
                               f"reference = '{reference}'")
        return reference

    def column(self, name, reference):
        """Of that report."""
        return self.office.sql(f"select {name} from glas.reports"
                               f" where reference = '{reference}'").strip()


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdTest(UssdCase):
    """Menus, and what comes of them; each test is another person."""

    number = 381641234500

    @classmethod
    def setUpClass(cls):
        cls.begin("ussd")

    def caller(self, **more):
        """Somebody who was never here."""
        UssdTest.number += 1
        return Caller(self.web, f"+{UssdTest.number}", **more)

    def sent_to(self, caller):
        """What was texted to them."""
        return [s["body"]["message"] for s in self.sender.sent
                if s["body"]["to"] == caller.number]

    def test_a_report_takes_four_hops_and_its_number_is_shown_and_sent(self):
        caller = self.caller()
        self.assertIn("1 Prijava", caller.dial())
        self.assertIn("1 policija", caller.say("1"))
        self.assertIn("selo ili grad", caller.say("1"))
        self.assertIn("192, 193, 194", caller.say("Vranje"))
        screen = caller.say("traze mito * na ulici")
        self.assertEqual(caller.word, "END")
        reference = self.wait_report(screen)
        self.assertEqual(
            self.column("category, municipality, channel, text", reference),
            "POL_BRIBE|Vranje|ussd|Vranje: traze mito * na ulici")
        wait_until(lambda: self.sent_to(caller), 20, "its receipt")
        self.assertIn(reference, self.sent_to(caller)[0])

    def test_a_hop_brought_again_is_answered_again_and_done_once(self):
        caller = self.caller()
        screen = caller.report()
        self.assertEqual(caller.hop(""), screen)
        reference = self.wait_report(screen)
        self.assertIn(reference, caller.hop(""))
        citizen = self.column("citizen", reference)
        self.assertEqual(self.office.count("glas.inbox",
                                           f"citizen = '{citizen}'"), 1)

    def test_hops_brought_again_out_of_order_change_nothing(self):
        caller = self.caller()
        caller.dial()
        caller.say("1")
        place = caller.say("1")
        self.assertEqual(self.again(caller, 1), place)
        caller.say("Vranje")
        screen = caller.say("traze mito na putu")
        for hops in (3, 4, 2, 4, 1):
            self.assertEqual(self.again(caller, hops), screen)
        self.web.ask("/ussd/end", {"sessionId": caller.session,
                                   "phoneNumber": caller.number})
        for hops in (3, 4):
            self.assertEqual(self.again(caller, hops), screen)
        reference = self.wait_report(screen)
        self.assertEqual(self.column("category, municipality", reference),
                         "POL_BRIBE|Vranje")
        citizen = self.column("citizen", reference)
        self.assertEqual(self.office.count(
            "glas.inbox", f"citizen = '{citizen}'"), 1)

    def again(self, caller, hops):
        """Brings so many of what was typed."""
        return self.web.ask("/ussd", {
            "sessionId": caller.session, "phoneNumber": caller.number,
            "text": "*".join(caller.typed[:hops])})[1].split(" ", 1)[1]

    def test_who_dials_again_goes_on_where_they_were(self):
        caller = self.caller()
        caller.dial()
        caller.say("1")
        asked = caller.say("8")
        self.assertEqual(caller.dial(), asked)
        caller.say("Vranje")
        reference = self.wait_report(caller.say("nema rasvete u selu"))
        self.assertEqual(self.column("category", reference), "LIGHT")
        self.assertIn("1 Prijava", caller.dial(), "what is over begins anew")

    def test_what_is_dialled_behind_the_code_is_typed_already(self):
        caller = self.caller()
        screen = caller.dial("1*3*Vranje")
        self.assertIn("192, 193, 194", screen)
        screen = caller.say("nasli smo bombu u sumi")
        self.assertIn("NE DIRAJTE", screen)
        reference = self.wait_report(screen)
        self.assertEqual(self.column("category, urgent", reference), "UXO|t")
        wait_until(lambda: any("NE DIRAJTE" in text
                               for text in self.sent_to(caller)), 20,
                   "the danger text")

    def test_0_leads_back_9_on_and_nonsense_nowhere(self):
        caller = self.caller()
        menu = caller.dial()
        self.assertIn(menu, caller.say("7"))
        first = caller.say("2")
        second = caller.say("9")
        self.assertNotEqual(first, second)
        self.assertIn("15 ", second)
        self.assertIn("0 nazad", second)
        page, pages = caller.say("1"), 1
        self.assertEqual(caller.dial(), page, "half read")
        while caller.word == "CON":
            self.assertLessEqual(len(page), 182)
            page, pages = caller.say("9"), pages + 1
        self.assertGreater(pages, 1)
        self.assertEqual(caller.dial(), menu)

    def test_ones_own_report_is_told_and_nobody_elses(self):
        caller = self.caller()
        reference = self.wait_report(caller.report())
        caller.dial()
        caller.say("3")
        self.assertIn(f"Prijava {reference}", caller.say(reference))
        self.assertEqual(caller.word, "END")
        caller.dial()
        caller.say("3")
        self.assertIn(f"Prijava {reference}", caller.say("1"))
        other = self.caller()
        other.dial()
        other.say("3")
        self.assertIn("nema sa ovog telefona", other.say(reference))

    def test_hops_that_were_lost_are_caught_up_with(self):
        caller = self.caller()
        caller.dial()
        caller.typed = ["1", "1"]
        self.assertIn("192, 193, 194", caller.say("Vranje"))
        caller = self.caller()
        caller.dial()
        caller.typed = ["1", "1", "Vranje"]
        screen = caller.say("traze mito * na ulici")
        self.assertEqual(self.column("text", self.wait_report(screen)),
                         "Vranje: traze mito * na ulici")
        # A star behind one number may be one of a text.
        caller = self.caller()
        caller.dial()
        screen = caller.say("5 * 5 rupa u Vranju")
        self.assertNotIn("1 Prijava", screen)

    def test_a_language_is_kept(self):
        caller = self.caller()
        caller.dial()
        caller.say("5")
        self.assertIn("1 Raport", caller.say("3"))
        self.office.wait_count("glas_data.citizen", 1,
                               "lang = 'sq' and lang_chosen")
        self.assertEqual(self.sent_to(caller), [])
        self.assertIn("1 Raport", caller.dial())
        cyrillic = self.caller()
        cyrillic.dial("5*2")
        screen = cyrillic.say("1")
        self.assertIn("1 полиција", screen)
        self.assertLessEqual(len(screen), 80)

    def test_a_vote_is_cast(self):
        self.assertNotIn("4 Glasanje", self.caller().dial())
        self.office.sql("select glas.poll_open('Gde igraliste?',"
                        " array['centar', 'park'])")
        caller = self.caller()
        wait_until(lambda: "4 Glasanje" in caller.dial(), 30, "the poll")
        self.assertIn("2 park", caller.say("4"))
        self.assertIn("park", caller.say("2"))
        self.assertEqual(caller.word, "END")
        self.office.wait_count("glas_data.vote", 1)
        self.assertEqual(self.sent_to(caller), [])

    def test_who_is_not_heard_is_told_so(self):
        for deed in ("silence", "block"):
            caller = self.caller()
            reference = self.wait_report(caller.report())
            wait_until(lambda: self.sent_to(caller), 30, "a receipt")
            self.office.sql(f"select glas.{deed}('"
                            f"{self.column('citizen', reference)}', 'sala')")
            reports = self.office.count("glas.reports")
            self.assertIn("ne obra", caller.report(text="nema rasvete"))
            self.assertEqual(caller.word, "END")
            self.office.wait_count("glas.inbox", 1, "text like '%rasvete'")
            self.assertEqual(self.office.count("glas.reports"), reports)
            caller.dial()
            caller.say("3")
            screen = caller.say(reference)
            self.assertIn("ne obra", screen)
            self.assertNotIn(reference, screen)
            self.office.wait_count("glas.inbox", 1,
                                   f"text = 'STATUS {reference}'")
            self.assertEqual(len(self.sent_to(caller)), 1)

    def phone(self, *arguments, typed=""):
        """contrib/ussd-phone, and what was typed into it."""
        return subprocess.run(
            [sys.executable, os.path.join(SRC_DIR, "contrib", "ussd-phone"),
             *arguments], input=typed, capture_output=True, text=True,
            encoding="utf-8", timeout=60, check=False)

    def test_the_telephone_in_a_terminal_reports(self):
        number = self.caller().number
        done = self.phone(
            "-u", f"http://127.0.0.1:{self.web.port}/ussd", "-n", number,
            "-s", self.office.path("secret"), "*384*1#",
            typed="1\nVranje\ntraze mito\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.column(
            "municipality, channel, text", self.wait_report(done.stdout)),
            "Vranje|ussd|Vranje: traze mito")

    def test_the_telephone_in_a_terminal_takes_utf8(self):
        done = subprocess.run(
            [sys.executable, os.path.join(SRC_DIR, "contrib", "ussd-phone"),
             "-u", f"http://127.0.0.1:{self.web.port}/ussd",
             "-s", self.office.path("secret")], input=b"\xff\xfe\n",
            capture_output=True, timeout=60, check=False,
            env={**os.environ, "PYTHONUTF8": "1"})
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"not UTF-8", done.stderr)

    def test_the_telephone_in_a_terminal_says_what_is_wrong(self):
        url = f"http://127.0.0.1:{self.web.port}/ussd"
        for arguments, words in (
                (("-s", self.office.path("none")), "secret-file"),
                (("-u", url), "says 403: not for you"),
                (("-u", f"http://127.0.0.1:{free_port()}/ussd"),
                 "glasd has to run"), (("-u", "here"), "unknown url")):
            done = self.phone(*arguments)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)
            self.assertNotIn("Traceback", done.stderr)

    def test_a_session_can_be_spoken_in_json(self):
        def say(typed, **more):
            status, answer = post_json(self.web, "/ussd.json", {
                "session": "j1", "msisdn": OTHER, "input": typed, **more})
            self.assertEqual(status, 200, answer)
            return answer if more else json.loads(answer)

        self.assertTrue(say("")["more"])
        for typed in ("1", "1", "Vranje"):
            self.assertTrue(say(typed)["more"])
        last = say("traze mito")
        self.assertFalse(last["more"])
        self.wait_report(last["text"])
        say("", end=True)

    def test_in_json_a_whole_number_is_text_and_nothing_else_is(self):
        whole = {"session": 7, "msisdn": int(self.caller().number),
                 "input": None}

        def say(**more):
            return post_json(self.web, "/ussd.json", {**whole, **more})

        self.assertEqual(say()[0], 200)
        self.assertIn("1 policija", json.loads(say(input=1)[1])["text"])
        self.assertIn("selo ili grad", json.loads(say(
            session="7", msisdn=str(whole["msisdn"]), input="1")[1])["text"])
        for name, value in (("input", 1.5), ("input", True), ("msisdn", []),
                            ("session", {"a": "b"})):
            status, answer = say(**{name: value})
            self.assertEqual(status, 400)
            self.assertIn("must be text", answer)
        self.assertEqual(say(msisdn=None)[0], 400)

    def test_strangers_and_rubbish_are_refused(self):
        whole = {"sessionId": "s", "phoneNumber": NUMBER, "text": ""}
        for path in ("/ussd", "/ussd/end", "/ussd.json"):
            self.assertEqual(self.web.ask(path, whole, secret=None)[0], 403)
            self.assertEqual(self.web.ask(path, whole,
                                          secret=SECRET + "x")[0], 403)
            self.assertEqual(self.web.ask(path, {})[0], 400)
        self.assertEqual(self.web.ask("/ussd", whole, "GET")[0], 405)
        self.assertEqual(self.web.ask(
            "/ussd", {**whole, "text": "1" * 3000})[0], 413)
        self.assertEqual(self.web.ask("/ussd/", whole)[0], 404)

    def test_what_the_gateway_of_africas_talking_sends_is_read(self):
        """Octet by octet: a hop, and the end of a session."""
        number = self.caller().number.replace("+", "%2B")

        def post(path, body):
            with socket.create_connection(("127.0.0.1", self.web.port),
                                          20) as s:
                s.sendall((
                    f"POST {path}?secret={SECRET} HTTP/1.1\r\n"
                    "Host: glas.example.org\r\n"
                    "User-Agent: at-ussd-api/1.0\r\n"
                    "Content-Type: application/x-www-form-urlencoded;"
                    " charset=UTF-8\r\n"
                    f"Content-Length: {len(body)}\r\n"
                    "X-Forwarded-For: 134.213.151.223\r\n\r\n"
                    + body).encode())
                octets = b""
                while chunk := s.recv(65536):
                    octets += chunk
            head, _, answer = octets.decode().partition("\r\n\r\n")
            self.assertTrue(head.startswith("HTTP/1.1 200 "), head)
            self.assertIn("\r\nContent-Type: text/plain", head)
            return answer

        hop = (f"phoneNumber={number}&serviceCode=%2A384%2A44135%23&text={{}}"
               "&sessionId=ATUid_7c898d72eb11f723ed8ea05ef232f279"
               "&networkCode=99999")
        self.assertTrue(post("/ussd", hop.format("")).startswith("CON Glas"))
        for typed in ("1%2A1", "1%2A1%2AVranje"):
            self.assertTrue(post("/ussd", hop.format(typed)).startswith(
                "CON "))
        self.assertTrue(post("/ussd", hop.format(
            "1%2A1%2AVranje%2Atraze+mito")).startswith("END "))
        self.assertEqual(post("/ussd/end", (
            "date=2026-11-28+12%3A00%3A00&sessionId=ATUid_7c898d72eb11f723ed8e"
            "a05ef232f279&serviceCode=%2A384%2A44135%23&networkCode=99999"
            f"&phoneNumber={number}&status=Success&cost=0.10000"
            "&durationInMillis=61234&hopsCount=3&input=1%2A1%2AVranje%2A"
            "traze+mito&lastAppResponse=END+Hvala&errorMessage=")), "OK\n")

    def test_the_end_of_a_session_is_heard(self):
        caller = self.caller()
        caller.dial()
        screen = caller.say("1")
        self.assertEqual(self.web.ask("/ussd/end", {
            "sessionId": caller.session, "phoneNumber": caller.number,
            "status": "Incomplete", "hopsCount": "2"})[0], 200)
        self.assertEqual(caller.dial(), screen)

    def test_two_hundred_at_once_are_two_hundred_reports(self):
        before = self.office.count("glas.reports")
        callers = [self.caller() for _ in range(200)]
        screens, lock = [], threading.Lock()

        def report(some):
            for hop in ("", "1", "1", "Vranje", "traze mito"):
                for caller in some:
                    screen = (caller.say(hop) if hop else caller.dial())
                    if hop == "traze mito":
                        with lock:
                            screens.append(screen)

        threads = [threading.Thread(target=report, args=(callers[n::20],))
                   for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.office.wait_count("glas.reports", before + 200)
        shown = {re.search(r"[0-9]{6}", s).group() for s in screens}
        self.assertEqual(len(shown), 200)
        self.assertEqual(self.office.sql(
            "select count(*) from glas.reports where reference in ("
            + ",".join(f"'{r}'" for r in shown) + ")").strip(), "200")

    def test_no_number_and_no_word_is_logged(self):
        self.wait_report(self.caller().report(text="tajna rec"))
        log = self.office.tail(1000000)
        self.assertNotIn("6412345", log)
        self.assertNotIn("tajna", log)


    def test_an_id_of_a_session_that_comes_again_is_another_report(self):
        caller = Caller(self.web, "+381641234533")
        first = self.wait_report(caller.report(text="traze mito"))
        self.web.ask("/ussd/end", {"sessionId": caller.session,
                                   "phoneNumber": caller.number})
        caller.typed = []
        caller.hop("")
        for typed in ("1", "1", "Vranje"):
            caller.say(typed)
        second = self.wait_report(caller.say("policajac me udario"))
        self.assertNotEqual(first, second)

    def test_the_last_hop_again_after_the_end_is_the_same_report(self):
        caller = Caller(self.web, "+381641234532")
        screen = caller.report()
        for _ in range(2):
            self.web.ask("/ussd/end", {"sessionId": caller.session,
                                       "phoneNumber": caller.number})
            self.assertEqual(caller.hop(""), screen)
        citizen = self.column("citizen", self.wait_report(screen))
        self.assertEqual(self.office.count(
            "glas.inbox", f"citizen = '{citizen}'"), 1)

    def test_words_where_a_number_is_asked_for_are_a_report(self):
        for ways in ((), ("3",), ("2",), ("5",), ("1", "5")):
            caller = self.caller()
            caller.dial()
            for way in ways:
                caller.say(way)
            screen = caller.say("upomoc ubice me")
            self.assertIn("192", screen)
            self.assertEqual(
                self.column("urgent", self.wait_report(screen)), "t")

    def test_who_wants_to_be_left_alone_or_forgotten_is_answered_by_text(self):
        caller = self.caller()
        caller.report()
        wait_until(lambda: self.sent_to(caller), 20, "a receipt")
        caller.dial()
        self.assertIn("SMS", caller.say("STOP"))
        wait_until(lambda: any("START" in text
                               for text in self.sent_to(caller)),
                   20, "that it is done")
        caller.dial()
        caller.say("OBRISI")
        wait_until(lambda: any("OBRISI " in text
                               for text in self.sent_to(caller)),
                   20, "a code")

    def test_a_star_among_words_is_one_of_theirs(self):
        for words, place in (
                ("Nema vode * hitno * u Bujanovcu vec tri dana", "Bujanovac"),
                ("pomoc tuku me * brzo", "")):
            with self.subTest(words):
                caller = self.caller()
                caller.dial()
                screen = caller.say(words)
                self.assertEqual(caller.word, "END")
                reference = re.search(r"\b\d{6}\b", screen).group()
                self.office.wait_count("glas.reports", 1,
                                       f"reference = '{reference}'")
                self.assertEqual(self.office.sql(
                    "select text, coalesce(municipality, '') from glas.reports"
                    f" where reference = '{reference}'"), f"{words}|{place}")
        # Where the place is asked for, danger is no place.
        caller = self.caller()
        caller.dial()
        caller.say("1")
        caller.say("1")
        caller.dial()
        screen = caller.say("pomoc tuku me * Bujanovac")
        self.assertIn("192", screen)
        self.assertEqual(caller.word, "END")

    def test_a_story_in_the_place_of_the_place_is_kept_whole(self):
        story = ("u Vranju u opstini na salteru broj pet nisu hteli da prime "
                 "zahtev mog brata a posle su ga izbacili napolje")
        caller = Caller(self.web, "+381641234535")
        caller.dial()
        for typed in ("1", "6", story):
            caller.say(typed)
        reference = self.wait_report(caller.say("kraj"))
        self.assertIn("izbacili napolje: kraj", self.office.sql(
            "select text from glas.inbox where reference ="
            f" '{reference}'"))


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdDaysTest(UssdCase):
    """Days go by."""

    keys = {"ussd": "last"}

    @classmethod
    def setUpClass(cls):
        cls.begin("ussd_days")

    def test_a_network_whose_sessions_are_numbers_loses_no_report(self):
        """Which says of none that it is over."""
        caller = Caller(self.web, OTHER, cumulative=False)
        caller.session = OTHER
        references = set()
        for second in (0, 1, 86400, 3 * 86400, 40 * 86400):
            self.office.move_clock(second)
            self.assertIn("1 Prijava", caller.hop(""))
            for typed in ("1", "8", "Vranje"):
                caller.hop(typed)
            screen = caller.hop("nema vode")
            references.add(self.wait_report(screen))
            self.assertEqual(caller.hop("nema vode"), screen,
                             "brought again")
        self.assertEqual(len(references), 5)


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdTroubleTest(UssdCase):
    """The database goes, glasd dies, and nothing is lost."""

    keys = {"ussd": "last"}

    @classmethod
    def setUpClass(cls):
        cls.begin("ussd_trouble")

    def timed(self, hop, *typed):
        """The screen of a hop, which came within two seconds."""
        begun = time.monotonic()
        screen = hop(*typed)
        self.assertLess(time.monotonic() - begun, 2)
        return screen

    def sent_to(self, number):
        """What was texted to them."""
        return [s["body"]["message"] for s in self.sender.sent
                if s["body"]["to"] == number]

    def test_a_database_that_hangs_keeps_nobody_waiting(self):
        known = Caller(self.web, NUMBER, cumulative=False)
        known.dial()
        self.cluster.freeze()
        try:
            caller = Caller(self.web, OTHER, cumulative=False)
            self.timed(caller.dial)
            for typed in ("1", "1", "Vranje"):
                self.timed(caller.say, typed)
            screen = self.timed(caller.say, "traze mito")
            self.timed(known.say, "3")
            self.assertIn("stize SMS", self.timed(known.say, "1"))
        finally:
            self.cluster.thaw()
        reference = self.wait_report(screen)
        wait_until(lambda: any(reference in text
                               for text in self.sent_to(OTHER)), 30,
                   "the number by text")
        wait_until(lambda: self.sent_to(NUMBER), 30, "the state by text")

    def test_a_hop_brought_again_while_it_waits_is_answered_with_it(self):
        caller = Caller(self.web, "+381641234566", cumulative=False)
        citizen = self.column("citizen", self.wait_report(caller.report()))
        caller.dial()
        caller.say("3")
        screens = []
        threads = [threading.Thread(
            target=lambda: screens.append(caller.hop("1"))) for _ in range(3)]
        self.cluster.freeze()
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            self.cluster.thaw()
        self.assertEqual(len(screens), 3)
        self.assertEqual(len(set(screens)), 1)
        mine = f"intent = 'status' and citizen = '{citizen}'"
        self.office.wait_count("glas.inbox", 1, mine)
        self.office.wait_settled()
        self.assertEqual(self.office.count("glas.inbox", mine), 1)

    def test_a_gateway_that_hangs_is_told_in_time(self):
        caller = Caller(self.web, "+381641234565", cumulative=False)
        caller.dial()
        os.kill(self.office.process.pid, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            status, _ = self.web.ask("/ussd", {
                "sessionId": caller.session, "phoneNumber": caller.number,
                "text": "1"})
            self.assertEqual(status, 503)
            self.assertLess(time.monotonic() - begun, 5)
        finally:
            os.kill(self.office.process.pid, signal.SIGCONT)
        self.assertIn("1 policija", caller.dial())
        self.assertIn("selo ili grad", caller.say("1"))

    def test_without_database_a_report_has_its_number_at_once(self):
        number = "+381641234588"
        caller = Caller(self.web, number, cumulative=False)
        # It may just have been started.
        self.office.wait_status(lambda s: s["spool"]["reserved"] > 200,
                                "references for the outage")
        self.cluster.stop()
        try:
            self.timed(caller.dial)
            for typed in ("1", "7", "Vranje"):
                self.timed(caller.say, typed)
            screen = self.timed(caller.say, "gori kuca, pomoc")
            wait_until(lambda: len(self.sent_to(number)) == 2, 20,
                       "danger and receipt in the outage")
            self.office.kill()
        finally:
            self.cluster.start()
        self.start()
        reference = self.wait_report(screen)
        self.assertEqual(self.column("category, urgent", reference),
                         "FIRE|t")
        self.assertIn(reference, self.sent_to(number)[1])
        self.assertEqual(self.office.count(
            "glas.outbox", f"reference = '{reference}'"
            " and kind = 'receipt'"), 1)

    def start_without_database(self):
        self.office.start()
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "ready", "web ready")

    def test_right_after_a_start_without_database_it_is_answered(self):
        self.cluster.stop()
        try:
            self.office.kill()
            self.start_without_database()
            caller = Caller(self.web, "+381641234591", cumulative=False)
            self.assertIn("1 Prijava", self.timed(caller.dial))
        finally:
            self.cluster.start()
        self.office.wait_database()

    def test_right_after_a_start_who_is_known_has_their_language(self):
        number = "+381641234592"
        self.web.text("albanian", "SHQIP", number)
        self.office.wait_count("glas_data.citizen", 1,
                               "lang = 'sq' and lang_chosen")
        self.office.kill()
        self.start_without_database()
        caller = Caller(self.web, number, cumulative=False)
        self.assertIn("1 Raport", self.timed(caller.dial))
        self.office.wait_database()

    def test_what_was_typed_before_all_was_erased_is_gone(self):
        caller, other = (
            Caller(self.web, f"+3816412397{n:02d}", cumulative=False)
            for n in (1, 2))
        for each in (caller, other):
            each.report()
            each.dial()
            for typed in ("1", "8", "Bujanovac"):
                each.say(typed)
        told = lambda: self.sent_to(caller.number)
        self.web.text("erase-1", "OBRISI", caller.number)
        code = r"(OBRISI [0-9]{4})"
        wait_until(lambda: re.search(code, "".join(told())), 20, "a code")
        self.web.text("erase-2", re.search(code, "".join(told()))[1],
                      caller.number)
        wait_until(lambda: any(t.startswith("Obrisano") for t in told()), 20,
                   "the end of it")
        self.assertIn("1 Prijava", caller.dial())
        self.assertIn("Sta se desilo", other.dial())
        self.office.kill()
        self.start()
        self.assertIn("Sta se desilo", other.dial())
        self.assertIn("1 Prijava", caller.dial())

    def test_killed_between_two_hops_it_goes_on_with_the_next(self):
        caller = Caller(self.web, "+381641234577", cumulative=False)
        caller.dial()
        caller.say("1")
        asked = caller.say("6")
        self.office.kill()
        self.start()
        self.assertEqual(caller.dial(), asked)
        caller.say("Vranje")
        screen = caller.say("traze mito u opstini")
        self.office.kill()
        self.start()
        reference = self.wait_report(screen)
        self.assertEqual(self.column("category, municipality", reference),
                         "COR|Vranje")


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdAloneTest(UssdCase):
    """A section that takes sessions and sends nothing."""

    keys = {"ussd": "cumulative", "send-url": None}

    @classmethod
    def setUpClass(cls):
        cls.begin("ussd_alone")

    def test_where_nothing_sends_the_screen_is_all_there_is(self):
        reference = self.wait_report(Caller(self.web, NUMBER).report())
        self.assertEqual(self.office.count(
            "glas.outbox", f"reference = '{reference}'"), 0)
        self.assertIn("no link sends texts", self.office.sql(
            "select silent from glas_data.message where reference ="
            f" '{reference}'"))

    def test_no_answer_by_text_is_promised(self):
        self.cluster.freeze()
        try:
            for number in (OTHER, "anonymous"):
                caller = Caller(self.web, number)
                caller.dial()
                caller.say("3")
                self.assertIn("Pokusajte kasnije", caller.say("1"))
        finally:
            self.cluster.thaw()

    def test_what_people_write_goes_by_the_link_of_another_office(self):
        reference = self.wait_report(Caller(self.web, OTHER).report())
        self.office.sql(f"select glas.reply('{reference}', 'Dolazi majstor')")
        wait_until(lambda: self.office.sql(
            "select 1 from glas.alerts where name = 'no-sender'") == "1",
            30, "an alert")
        other = Office(name="bujanovac", cluster=self.cluster,
                       database=self.office.database)
        self.addCleanup(other.close)
        server = LinkServer(other.path("link"))
        self.addCleanup(server.close)
        other.sections = f"[link modem]\ncommand = {server.command()}\n"
        other.join(self.office)
        other.start()
        link = server.accept().begin()
        self.assertTrue(link.pump(lambda: link.submits))
        self.assertEqual(link.texts(), [(OTHER, "Dolazi majstor")])
        self.assertEqual(self.office.count(
            "glas.alerts", "name = 'no-sender'"), 0)


class UssdBesideCase(UssdCase):
    """A section that sends nothing, beside a link that does."""

    keys = {"ussd": "cumulative", "send-url": None}

    @classmethod
    def begin_beside(cls, name, keys=""):
        """`keys` are of the link that sends."""
        cls.begin(name)
        cls.office.stop()
        cls.server = LinkServer(cls.office.path("link"))
        cls.addClassCleanup(cls.server.close)
        cls.office.write_conf(cls.web.section + "\n[link modem]\ncommand = "
                              f"{cls.server.command()}\n{keys}")
        cls.start()
        cls.link = cls.server.accept().begin()


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdBesideModemTest(UssdBesideCase):
    """That lets others through."""

    @classmethod
    def setUpClass(cls):
        cls.begin_beside("ussd_beside")

    def test_what_sends_nothing_is_no_way_for_danger(self):
        self.link.say(t="state", state="searching")
        self.office.wait_status(lambda s: [
            l["state"] for l in s["links"] if l["name"] == "modem"] ==
                                ["searching"], "a modem that searches")
        for text, replies in (("gori kuca, Bujanovac", 2), ("STATUS", 3)):
            id = self.link.mo(OTHER, text)
            self.assertTrue(self.link.pump(lambda: id in self.link.acked()))
            self.office.wait_count("glas.outbox", replies)
        self.assertEqual(self.office.sql(
            "select distinct link from glas.outbox"), "modem")
        self.assertNotIn("failover", self.office.tail(100000))
        self.link.say(t="state", state="ready")
        self.assertTrue(self.link.pump(
            lambda: len(self.link.submits) == 3))


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class UssdBesideClosedModemTest(UssdBesideCase):
    """That lets nobody through."""

    @classmethod
    def setUpClass(cls):
        cls.begin_beside("ussd_closed", "failover = no\n")

    def test_a_text_that_came_by_it_is_answered_by_none(self):
        self.assertEqual(self.web.text(
            "m-1", "PRIJAVA gori kuca, Bujanovac")[0], 200)
        self.office.wait_count("glas.reports", 1)
        self.office.wait_settled()
        self.assertEqual(self.office.sql(
            "select distinct state, reason from glas.outbox"),
            "suppressed|no link sends texts")
        self.assertEqual(self.link.submits, [])

    def test_nor_late(self):
        before = self.office.count("glas.outbox")
        self.cluster.stop()
        try:
            self.office.wait_database("away")
            self.assertEqual(self.web.text("m-2", "PRAVO 1")[0], 200)
            self.office.move_clock(7200)
        finally:
            self.cluster.start()
        self.office.wait_count("glas.outbox", before + 1)
        self.assertEqual(self.office.sql(
            "select state, reason from glas.outbox order by id desc limit 1"),
            "suppressed|no link sends texts")
        self.assertEqual(self.link.submits, [])


if __name__ == "__main__":
    unittest.main()
