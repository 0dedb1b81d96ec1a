#!/usr/bin/env python3
"""Hostile HTTP against glas-web alone, driven over its stdin and stdout:
smuggling, slow clients, floods, huge bodies.  What counts is not only the
status, but that each connection carries at most one request."""

import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import wait_until  # noqa: E402
from fakeaggregator import FakeAggregator  # noqa: E402
from office import free_port, program  # noqa: E402

SECRET = "a-secret-of-the-test-1"
HEAD = (b"POST /sms/agg HTTP/1.1\r\nHost: a\r\nX-Glas-Secret: "
        + SECRET.encode() + b"\r\n")
BODY = b"id=1&from=%2B381641234567&text=a"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
SMUGGLED = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n" % len(BODY) + BODY + b"\r\n0\r\n\r\n"

ANSWERS = re.compile(rb"HTTP/1\.[01] [2-5]\d\d ")

# Each must not be taken: 4xx or 5xx, or the end of the connection.
REFUSED = {
    "two lengths": HEAD + LENGTH + b"Content-Length: 999\r\n\r\n" + BODY,
    "the same length twice": HEAD + LENGTH + LENGTH + b"\r\n" + BODY,
    "a list of lengths": HEAD + b"Content-Length: 32, 32\r\n\r\n" + BODY,
    "a length with a sign": HEAD + b"Content-Length: +32\r\n\r\n" + BODY,
    "a length below zero": HEAD + b"Content-Length: -1\r\n\r\n" + BODY,
    "a length in hex": HEAD + b"Content-Length: 0x20\r\n\r\n" + BODY,
    "a length past all": HEAD + b"Content-Length: 9" + b"9" * 30
    + b"\r\n\r\n" + BODY,
    "no length": HEAD + b"\r\n" + BODY,
    "length and chunks": HEAD + LENGTH + CHUNKED + b"\r\n" + CHUNKS,
    "chunks": HEAD + CHUNKED + b"\r\n" + CHUNKS,
    "chunk extensions": HEAD + CHUNKED + b"\r\n%x;a=b\r\n" % len(BODY)
    + BODY + b"\r\n0\r\n\r\n",
    "a coding that is none": HEAD + LENGTH
    + b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
    "a coding in a folded line": HEAD + b"Transfer-Encoding:\r\n chunked"
    b"\r\n\r\n" + CHUNKS,
    "a folded line": HEAD + b"X-A: b\r\n c\r\n" + LENGTH + b"\r\n" + BODY,
    "a space before the colon": HEAD + LENGTH + b"X-A : b\r\n\r\n" + BODY,
    "lines that end in LF": (HEAD + LENGTH + b"\r\n").replace(
        b"\r\n", b"\n") + BODY,
    "one line that ends in LF": HEAD + b"X-A: b\n" + LENGTH + b"\r\n" + BODY,
    "a CR within a line": HEAD + b"X-A: b\rc\r\n" + LENGTH + b"\r\n" + BODY,
    "a NUL in a header": HEAD + b"X-A: b\0c\r\n" + LENGTH + b"\r\n" + BODY,
    "no host": HEAD.replace(b"Host: a\r\n", b"") + LENGTH + b"\r\n" + BODY,
    "two hosts": HEAD + b"Host: b\r\n" + LENGTH + b"\r\n" + BODY,
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/1.9": HEAD.replace(b"HTTP/1.1", b"HTTP/1.9") + LENGTH + b"\r\n"
    + BODY,
    "HTTP/2": HEAD.replace(b"HTTP/1.1", b"HTTP/2.0") + LENGTH + b"\r\n"
    + BODY,
    "a huge header": HEAD + b"X-A: " + b"a" * 100000 + b"\r\n" + LENGTH
    + b"\r\n" + BODY,
    "many headers": HEAD + b"X-A: b\r\n" * 20000 + LENGTH + b"\r\n" + BODY,
    "a huge address": b"POST /sms/agg" + b"a" * 200000 + HEAD[13:] + LENGTH
    + b"\r\n" + BODY,
    "a huge body": HEAD + b"Content-Length: 1000000\r\n\r\n"
    + b"a" * 1000000,
    "a line without a colon": HEAD + b"nonsense\r\n" + LENGTH + b"\r\n"
    + BODY,
    "another method": HEAD.replace(b"POST", b"TRACE") + LENGTH + b"\r\n"
    + BODY,
    "a NUL in a value": HEAD + b"Content-Length: 35\r\n\r\n" + BODY
    + b"%00",
    "rubbish": bytes(range(256)) * 20,
}


def line(first):
    """A request with that first line."""
    return first + HEAD[HEAD.index(b"\r\n"):] + LENGTH + b"\r\n" + BODY


def header(octets):
    """A request with that header too."""
    return HEAD + octets + b"\r\n" + LENGTH + b"\r\n" + BODY


def length(octets):
    """A request with that for its length."""
    return HEAD + b"Content-Length:" + octets + b"\r\n\r\n" + BODY


def coding(octets):
    """A request with that line for its coding beside a length."""
    return HEAD + LENGTH + octets + b"\r\n\r\n" + CHUNKS


REFUSED |= {
    f"a length of {octets!r}": length(octets) for octets in (
        b"", b" ", b"\t32", b" 3 2", b" 32;a", b" 32.0", b" 3e1", b" \x0b32",
        b" 32\x0c", b" \xa032", b' "32"', b" 18446744073709551648",
        b" 9223372036854775808")}
REFUSED |= {
    f"the coding {octets!r}": coding(octets) for octets in (
        b"TRANSFER-encoding: CHUNKED", b"Transfer-Encoding:chunked",
        b"Transfer-Encoding: gzip, chunked", b'Transfer-Encoding: "chunked"',
        b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding:",
        b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked",
        b"X: y\rTransfer-Encoding: chunked", b"X: y\nTransfer-Encoding: a",
        b" Transfer-Encoding: chunked", b"Transfer-Encoding: identity",
        CHUNKED + CHUNKED[:-2], b"Transfer-Encoding: chunked, identity")}
REFUSED |= {
    f"the first line {octets[:40]!r}": line(octets) for octets in (
        b"CONNECT a:80 HTTP/1.1", b"CONNECT /sms/agg HTTP/1.1",
        b"OPTIONS * HTTP/1.1", b"PUT /sms/agg HTTP/1.1",
        b"HEAD /sms/agg HTTP/1.1", b"post /sms/agg HTTP/1.1",
        b"P" * 70000 + b" /sms/agg HTTP/1.1", b"POSTX /sms/agg HTTP/1.1",
        b"POST\0 /sms/agg HTTP/1.1", b"POST\t/sms/agg\tHTTP/1.1",
        b"POST  /sms/agg HTTP/1.1", b"POST /sms/agg  HTTP/1.1",
        b" POST /sms/agg HTTP/1.1", b"\r\nPOST /sms/agg HTTP/1.1",
        b"\nPOST /sms/agg HTTP/1.1", b"POST /sms/agg HTTP/1.1 ",
        b"POST /sms/agg http/1.1", b"POST /sms/agg HTTP/01.1",
        b"POST /sms/agg HTTP/1.01", b"POST /sms/agg HTTP/+1.1",
        b"POST /sms/agg HTTP/1.-1", b"POST /sms/agg HTTP/1.1x",
        b"POST /sms/agg HTTP/1", b"POST /sms/agg ICY/1.1", b"POST /sms/agg",
        b"POST /sms/agg x HTTP/1.1", b"POST http://a/sms/agg HTTP/1.1",
        b"POST http://b/sms/agg HTTP/1.1", b"POST ftp://a/sms/agg HTTP/1.1",
        b"POST http://x@b/sms/agg HTTP/1.1", b"POST a:80 HTTP/1.1",
        b"POST //a/sms/agg HTTP/1.1", b"POST /sms/agg#x HTTP/1.1",
        b"POST /%73ms/agg HTTP/1.1", b"POST /x/../sms/agg HTTP/1.1",
        b"POST /sms/agg%00 HTTP/1.1", b"POST \\sms\\agg HTTP/1.1",
        b"POST /sms/agg\x0b HTTP/1.1", b"POST /sms/agg?\x7f HTTP/1.1",
        b"POST /sms/agg HTTP/1.1\r\n X: y")}
REFUSED |= {
    f"the header {octets!r}": header(octets) for octets in (
        b": b", b"X-\xc5\xa1: b", b"X-\x7f: b", b"X(): b", b"X-A: a\x0bb",
        b"X-A: a\x7fb", b"X-A: a\x07b", b"X-A: b\r\n\tc",
        b"X-A: b\r\n \r\nX: c", b"X-A: b\r", b"Content-Length\t: 0",
        b"Content-Length\0: 0", b"content-length: 32", b"Expect: 200-ok",
        b"Content-Type: text/plain\r\nContent-Type: application/json")}
REFUSED |= {
    f"the host {octets!r}": (HEAD + LENGTH + b"\r\n" + BODY).replace(
        b"Host: a", b"Host: " + octets) for octets in (
        b"a b", b"a@b", b"a/b", b"a, b", b"a\\b", b"\xc5\xa1")}
REFUSED |= {
    "a size in hex": HEAD + CHUNKED + b"\r\n0x20\r\n" + BODY
    + b"\r\n0\r\n\r\n",
    "a size below zero": HEAD + CHUNKED + b"\r\n-1\r\n" + BODY,
    "a size past all": HEAD + CHUNKED + b"\r\n" + b"f" * 17 + b"\r\n" + BODY,
    "sizes that end in LF": HEAD + CHUNKED + b"\n20\n" + BODY + b"\n0\n\n",
    "trailers": HEAD + CHUNKED + b"Trailer: Content-Length\r\n\r\n"
    + CHUNKS[:-2] + b"Content-Length: 5\r\n\r\n",
    "chunks of HTTP/1.0": line(b"POST /sms/agg HTTP/1.0").replace(
        LENGTH, CHUNKED),
    "length and chunks of HTTP/1.0": line(b"POST /sms/agg HTTP/1.0").replace(
        LENGTH, LENGTH + CHUNKED),
    "HTTP/2 that begins": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "lines that end in CR": (HEAD + LENGTH + b"\r\n").replace(
        b"\r\n", b"\r") + BODY,
}

# Odd and plain: each is one text, and nothing behind it is read.
TAKEN = {
    **{f"a length of {octets!r}": length(octets)
       for octets in (b"32", b" 032", b" 32 ", b" 32\t")},
    **{f"the header {octets!r}": header(octets) for octets in (
        b"Expect: 100-continue", b"TE: trailers, chunked", b"X-A: \xff",
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABk", b"Connection: Content-Length",
        b"X-HTTP-Method-Override: GET", b"Content_Length: 0", b"X-A:",
        b"Range: bytes=0-1")},
    "HTTP/1.0 that is kept": line(
        b"POST /sms/agg HTTP/1.0\r\nConnection: keep-alive"),
}


def has_ipv6():
    """Whether this machine does."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = has_ipv6()


class Web:
    """glas-web with as much of a glasd as it needs."""

    def __init__(self, window=100, listen="127.0.0.1", **settings):
        self.port = free_port()
        with tempfile.NamedTemporaryFile("w", suffix=".secret") as secret:
            secret.write(SECRET + "\n")
            secret.flush()
            self.process = subprocess.Popen(
                [program("glas-web")], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, env={})
            self.say(t="start", protocol=1, name="agg", window=window,
                     settings={"secret-file": secret.name, **settings,
                               "listen": f"{listen}:{self.port}"})
            self.hello = self.hear()
            self.state = self.hear()
        self.offers = []
        self.results = []
        self.reports = []
        self.refusals = []
        self.counted = 0
        self.pongs = 0
        self.answer = "ack"
        threading.Thread(target=self.serve, daemon=True).start()

    def say(self, **message):
        """To glas-web."""
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def hear(self):
        """From glas-web."""
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def serve(self):
        """Acks what is offered, or as `answer` says."""
        while (message := self.hear()) is not None:
            if message["t"] == "submitted":
                self.results.append(message)
            if message["t"] == "status-report":
                self.reports.append(message)
            if message["t"] == "refused":
                self.refusals.append(message["why"])
                self.counted += message["count"]
            if message["t"] == "pong":
                self.pongs += 1
            if message["t"] != "mo":
                continue
            self.offers.append(message)
            if self.answer == "ack":
                self.say(t="ack", ids=[message["id"]])
            elif self.answer == "nack":
                self.say(t="nack", ids=[message["id"]], wait_ms=10)

    def connect(self, source="127.0.0.1"):
        """A connection of its own."""
        host = "::1" if ":" in source else "127.0.0.1"
        return socket.create_connection((host, self.port), 20, (source, 0))

    def ask(self, octets, source="127.0.0.1"):
        """All that comes back until the connection ends."""
        answer = b""
        with self.connect(source) as s:
            s.settimeout(20)
            try:
                s.sendall(octets)
            except OSError:
                pass
            try:
                while octets := s.recv(65536):
                    answer += octets
            except ConnectionError:
                pass
        return answer

    def memory_kib(self):
        """Resident."""
        with open(f"/proc/{self.process.pid}/status",
                  encoding="ascii") as status:
            return int(next(line.split()[1] for line in status
                            if line.startswith("VmRSS")))

    def close(self):
        """By the end of its input; its exit status."""
        self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        return status


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class HostileTest(unittest.TestCase):
    """One glas-web a test."""

    def web(self, window=100, **settings):
        """A glas-web that must end well."""
        web = Web(window, **settings)
        self.addCleanup(lambda: self.assertEqual(web.close(), 0))
        self.assertEqual(web.state["state"], "ready")
        return web

    def is_well(self, web):
        """It still takes a text."""
        before = len(web.offers)
        self.assertTrue(web.ask(SMUGGLED).startswith(b"HTTP/1.1 200 "))
        self.assertEqual(len(web.offers), before + 1)

    def test_what_is_no_proper_request_is_refused_or_hung_up_on(self):
        web = self.web(**{"request-seconds": "1"})
        for name, octets in REFUSED.items():
            with self.subTest(name):
                answer = web.ask(octets)
                self.assertTrue(
                    answer == b"" or answer[9:10] in b"45", answer[:80])
                self.assertEqual(web.offers, [])
        self.is_well(web)

    def test_nothing_behind_a_request_is_read_as_another(self):
        web = self.web(**{"request-seconds": "1"})
        for name, octets in REFUSED.items():
            with self.subTest(name):
                web.offers.clear()
                answer = web.ask(octets + SMUGGLED)
                self.assertLessEqual(len(ANSWERS.findall(answer)), 1)
                self.assertEqual(web.offers, [])
        for name, octets in {**TAKEN, "proper": SMUGGLED}.items():
            with self.subTest(name):
                web.offers.clear()
                answer = web.ask(octets + SMUGGLED)
                self.assertRegex(answer, rb"^HTTP/1\.[01] [12]00 ")
                self.assertEqual(len(ANSWERS.findall(answer)), 1)
                self.assertEqual([o["text"] for o in web.offers], ["a"])

    def test_nor_is_what_a_get_brings(self):
        web = self.web(get="yes", **{"request-seconds": "1"})
        first = (b"GET /sms/agg?" + BODY + b"&secret=" + SECRET.encode()
                 + b" HTTP/1.1")
        for octets in (line(first), line(first).replace(LENGTH, b"")):
            web.offers.clear()
            self.assertEqual(len(ANSWERS.findall(
                web.ask(octets + SMUGGLED))), 1)
            self.assertEqual(len(web.offers), 1)

    def test_requests_that_were_garbled_do_not_end_it(self):
        web = self.web(**{"request-seconds": "1"})
        random_ = random.Random(6)
        for octets in list(REFUSED.values()) + [SMUGGLED] * 100:
            garbled = bytearray(octets[:2000])
            for _ in range(random_.randrange(1, 6)):
                garbled[random_.randrange(len(garbled))] = (
                    random_.choice(b"\0\r\n :;,=%&0-\xff")
                    if random_.random() < 0.7 else random_.randrange(256))
            with web.connect() as s:
                s.sendall(garbled)
                s.shutdown(socket.SHUT_WR)
                s.settimeout(20)
                try:
                    while s.recv(65536):
                        pass
                except ConnectionError:
                    pass
        self.is_well(web)

    def test_it_is_confined_before_it_listens(self):
        web = self.web()
        with open(f"/proc/{web.process.pid}/status",
                  encoding="ascii") as status:
            lines = status.read()
        self.assertIn("Seccomp:\t2\n", lines)
        self.assertIn("NoNewPrivs:\t1\n", lines)

    def test_octets_one_by_one_are_a_request_too(self):
        web = self.web()
        with web.connect() as s:
            for octet in SMUGGLED:
                s.sendall(bytes([octet]))
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 "))

    def test_a_slow_client_is_hung_up_on_whatever_it_drips(self):
        web = self.web(**{"request-seconds": "1"})
        for octets in (HEAD + b"X-A: ", HEAD + b"Content-Length: 9999"
                       b"\r\n\r\n"):
            with self.subTest(octets[-20:]), web.connect() as s:
                s.sendall(octets)
                s.settimeout(0.1)
                end = time.monotonic() + 20
                while time.monotonic() < end:
                    try:
                        if not s.recv(1):
                            break
                    except TimeoutError:
                        pass
                    except ConnectionError:
                        break
                    try:
                        s.sendall(b"a")
                    except ConnectionError:
                        break
                else:
                    self.fail("it drips on")
        self.is_well(web)

    def test_a_flood_of_connections_is_bounded_and_ends(self):
        web = self.web(**{"request-seconds": "2", "connections": "50"})
        before = web.memory_kib()
        idle = []
        for _ in range(150):
            s = web.connect()
            s.sendall(b"POST /sms/agg HT")
            idle.append(s)
        descriptors = len(os.listdir(f"/proc/{web.process.pid}/fd"))
        self.assertLess(descriptors, 70)
        self.assertLess(web.memory_kib() - before, 10240)
        # They are served in turn, when those before them are hung up on.
        self.is_well(web)
        for s in idle:
            s.close()

    def test_one_peer_cannot_keep_all_others_waiting(self):
        web = self.web(**{"request-seconds": "10", "connections": "20"})
        idle = [web.connect("127.0.0.2") for _ in range(30)]
        begun = time.monotonic()
        self.is_well(web)
        with web.connect("127.0.0.3") as s:
            s.sendall(SMUGGLED)
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 "))
        self.assertLess(time.monotonic() - begun, 5)
        for s in idle:
            s.close()
        wait_until(lambda: web.ask(SMUGGLED, "127.0.0.2").startswith(
            b"HTTP/1.1 200 "), 20, "who was hung up on comes in again")

    def test_a_proxy_here_and_who_is_listed_may_have_all_connections(self):
        for source, settings in (("127.0.0.1", {}), (
                "127.0.0.1", {"listen": "[::]"} if IPV6 else {}), (
                "127.0.0.2", {"allow": "192.0.2.1, 127.0.0.2"})):
            web = self.web(**{"request-seconds": "10", "connections": "20",
                              **settings})
            held = [web.connect(source) for _ in range(19)]
            self.assertTrue(web.ask(SMUGGLED, source).startswith(
                b"HTTP/1.1 200 "))
            for s in held:
                s.sendall(SMUGGLED)
                self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 "))
                s.close()

    def test_a_nack_is_503_and_the_text_is_not_kept(self):
        web = self.web()
        web.answer = "nack"
        self.assertTrue(web.ask(SMUGGLED).startswith(b"HTTP/1.1 503 "))
        web.answer = "ack"
        self.is_well(web)

    def test_no_answer_before_the_ack(self):
        web = self.web()
        web.answer = ""
        with web.connect() as s:
            s.sendall(SMUGGLED)
            wait_until(lambda: web.offers, 20, "an offer")
            s.settimeout(0.3)
            with self.assertRaises(TimeoutError):
                s.recv(1)
            web.say(t="ack", ids=[web.offers[0]["id"]])
            s.settimeout(20)
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 "))

    def test_nobody_there_to_send_is_a_refusal(self):
        web = self.web(**{"send-url": "http://127.0.0.1:1/"})
        web.say(t="submit", mt=7, segment=1, recipient="+381641234567",
                encoding="GSM7", udh="", ud="0041", want_report=True,
                validity=60, text="A")
        wait_until(lambda: web.results, 20, "a result")
        self.assertEqual((web.results[0]["mt"], web.results[0]["outcome"]),
                         (7, "refused"))

    def test_what_a_long_text_becomes_stays_within_the_window(self):
        sender = FakeAggregator()
        self.addCleanup(sender.close)
        web = self.web(window=2, **{
            "send-url": f"http://127.0.0.1:{sender.port}/",
            "send-id": '"messageId":"'})
        for segment in (1, 2, 3):
            web.say(t="submit", mt=7, segment=segment, want_report=True,
                    recipient="+381641234567", encoding="GSM7", udh="",
                    ud="0041", validity=60,
                    **({"text": "A" * 400} if segment == 1 else {}))
            wait_until(lambda: len(web.results) == segment, 20, "a result")
            web.say(t="ack", ids=[web.results[-1]["id"]])
        self.assertEqual({r["outcome"] for r in web.results}, {"accepted"})
        self.assertEqual(len(sender.sent), 1)
        body = b"id=ATXid_1&status=delivered"
        with web.connect() as s:
            s.sendall(HEAD.replace(b"/sms/agg", b"/sms/agg/report")
                      + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            wait_until(lambda: web.reports, 20, "a report")
            web.say(t="ack", ids=[web.reports[0]["id"]])
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 "))
        self.assertEqual([(r["mt"], r["status"]) for r in web.reports],
                         [(7, 0)])

    def test_reports_brought_at_once_stay_within_the_window(self):
        web = self.web(window=2)
        body = b"id=%d&status=delivered"
        head = HEAD.replace(b"/sms/agg", b"/sms/agg/report")
        connections = []
        for mt in (1, 2, 3):
            s = web.connect()
            self.addCleanup(s.close)
            s.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body % mt)
                      + body % mt)
            connections.append(s)
        self.assertTrue(connections[2].recv(100).startswith(
            b"HTTP/1.1 503 "))
        wait_until(lambda: len(web.reports) == 2, 20, "two reports")

    def get(self, web, query, path="/sms/agg"):
        """The status of a request by GET."""
        return int(web.ask(
            f"GET {path}?{query} HTTP/1.1\r\nHost: a\r\nX-Glas-Secret: "
            f"{SECRET}\r\n\r\n".encode()).split(b" ")[1])

    def test_by_get_comes_what_may_and_nothing_else(self):
        text = "id=1&from=%2B381641234567&text=a"
        self.assertEqual(self.get(self.web(), text), 405)
        web = self.web(get="yes")
        self.assertEqual(self.get(web, text), 200)
        for query in ("", "text=a", "id=1", "id&from=2&text=a", "text",
                      "id=%00&from=1&text=a",
                      "id=1&from=%ff&text=a", "id=1&from=2&text=%ff",
                      "id=1&from=2&text=a%00b", "a=b&" * 100 + text):
            self.assertEqual(self.get(web, query), 400, query)
        self.assertEqual(self.get(web, text + "a" * 5000), 413)
        self.assertEqual(len(web.offers), 1)
        self.is_well(web)

    def test_a_field_with_two_values_is_refused_where_it_is_read(self):
        web = self.web(get="yes", **{"coding-field": "coding"})
        text = "id=1&from=2&text=a"
        for more in ("id=2", "from=3", "text=b", "text", "text=b&text=a",
                     "coding=1&coding=2"):
            self.assertEqual(self.get(web, f"{text}&{more}"), 400, more)
            self.assertEqual(self.get(web, f"{more}&{text}"), 400, more)
        self.assertEqual(self.get(web, "id=1&id=2&status=delivered",
                                  "/sms/agg/report"), 400)
        self.assertEqual(web.offers, [])
        for more in ("media[]=1&media[]=2", "x=1&x=2&x=1", "id=1", "text=a"):
            self.assertEqual(self.get(web, f"{text}&{more}"), 200, more)
        self.assertEqual({o["text"] for o in web.offers}, {"a"})
        for secrets in (f"secret=x&secret={SECRET}",
                        f"secret={SECRET}&secret=x"):
            self.assertTrue(web.ask(
                f"GET /sms/agg?{text}&{secrets} HTTP/1.1\r\nHost: a\r\n\r\n"
                .encode()).startswith(b"HTTP/1.1 403 "), secrets)

    def test_two_inputs_of_a_session_are_refused(self):
        web = self.web(get="yes", ussd="last")
        session = "sessionId=1&phoneNumber=%2B381641234567"
        for more in ("text=1&text=2", "text=&sessionId=2"):
            self.assertEqual(self.get(web, f"{session}&{more}", "/ussd"), 400)
        self.is_well(web)

    def test_what_is_no_field_of_ours_refuses_no_text(self):
        web = self.web(get="yes")
        text = "id=1&from=%2B381641234567&text=a"
        queries = ("&" + text, text + "&&", text.replace("&", "&&"),
                   "flash&" + text, "=1&" + text, "%ff=1&" + text)
        for query in queries:
            self.assertEqual(self.get(web, query), 200, query)
            answer = web.ask(
                f"POST /sms/agg?&&b&secret={SECRET} HTTP/1.1\r\nHost: a\r\n"
                f"Content-Length: {len(query)}\r\n\r\n{query}".encode())
            self.assertEqual(int(answer.split(b" ")[1]), 200, answer)
        self.assertEqual({(o["network_id"], o["originator"], o["text"])
                          for o in web.offers}, {("1", "+381641234567", "a")})
        self.assertEqual(len(web.offers), 2 * len(queries))

    def test_half_a_letter_of_json_is_replaced_and_the_text_kept(self):
        web = self.web()
        texts = (("nema vode \\ud83d", "nema vode \ufffd"),
                 ("\\ude00 a\\u0000b", "\ufffd a\ufffdb"),
                 ("\\ud83d\\ud83d\\ude00 \\\\ud83d",
                  "\ufffd\U0001f600 \\ud83d"))
        for n, (text, _) in enumerate(texts):
            for bom in ("", "\ufeff"):
                body = (bom + f'{{"id":"{n}{bom}","from":"+381641234567",'
                        f'"text":"{text}"}}').encode()
                answer = web.ask(
                    HEAD + b"Content-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body) + body)
                self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assertEqual([o["text"] for o in web.offers],
                         [text for _, text in texts for _ in range(2)])

    def test_a_text_that_is_empty_is_one_without_words(self):
        web = self.web()
        for text in ("text=", "text"):
            body = f"id=1&from=%2B381641234567&{text}".encode()
            self.assertTrue(web.ask(
                HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
                .startswith(b"HTTP/1.1 200 "))
        self.assertEqual([o["text"] for o in web.offers], ["", ""])

    def test_a_text_that_is_null_is_one_without_words(self):
        web = self.web()
        body = b'{"id":"1","from":"+381641234567","text":null}'
        answer = web.ask(HEAD + b"Content-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assertEqual([o["text"] for o in web.offers], [""])

    def test_an_end_that_is_neither_true_nor_false_is_refused(self):
        web = self.web(ussd="last")
        for end in ("1", '"true"', "null", "[]"):
            body = ('{"session":"a","msisdn":"+381641234567","input":"",'
                    f'"end":{end}}}').encode()
            answer = web.ask(
                HEAD.replace(b"/sms/agg", b"/ussd.json")
                + b"Content-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
            self.assertIn(b"end is true or false", answer)
        self.is_well(web)

    def test_what_is_posted_as_text_has_its_fields_in_the_address(self):
        web = self.web(**{"coding-field": "coding"})
        for type, query, body, status in (
                ("text/plain; charset=\"UTF-8\"", "id=1&from=2", "a&text=š",
                 200),
                ("application/octet-stream", "id=1&from=2&coding=1",
                 "\0\1", 200),
                ("text/plain", "id=1&from=2&text=forged", "told", 200),
                ("text/plain", "id=1", "a", 400), ("text/plain", "", "a", 400),
                ("text/plain", "id=1&from=2", "a" * 5000, 413)):
            body = body.encode()
            answer = web.ask(
                f"POST /sms/agg?{query} HTTP/1.1\r\nHost: a\r\n"
                f"X-Glas-Secret: {SECRET}\r\nContent-Type: {type}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            self.assertEqual(int(answer.split(b" ")[1]), status, answer)
        self.assertEqual(
            [o.get("text") or (o["alphabet"], o["ud"]) for o in web.offers],
            ["a&text=š", ("binary", "0001"), "told"])

    def test_who_sends_what_cannot_be_taken_is_told_what_is_wanted(self):
        web = self.web(**{"id-field": "linkId", "ussd": "last"})
        for path, head, body, words in (
                ("/sms/agg", LENGTH, BODY, b"linkId and from"),
                ("/sms/agg/report", LENGTH, BODY, b"id and status"),
                ("/ussd", LENGTH, BODY, b"sessionId and phoneNumber"),
                ("/ussd.json", LENGTH, BODY, b"session and msisdn"),
                ("/sms/agg", b"Content-Length: 22\r\n",
                 b"linkId=1&from=2&body=a", b"the field text is wanted"),
                ("/sms/agg", b"Content-Type: application/json\r\n"
                 b"Content-Length: 49\r\n", b'{"results":[{"linkId":"1",'
                 b'"from":"2","text":""}]}', b"linkId and from"),
                ("/sms/agg", b"", b"", b"Content-Length"),
                ("/sms/agg", LENGTH, b"a" * len(BODY), b"Content-Type"),
                ("/sms/agg", b"Content-Type: multipart/form-data; boundary=x"
                 b"\r\n" + LENGTH, BODY, b"neither a form")):
            answer = web.ask(HEAD.replace(b"/sms/agg", path.encode()) + head
                             + b"\r\n" + body)
            self.assertIn(words, answer)
        self.assertIn(b"secret", web.ask(HEAD.replace(
            SECRET.encode(), b"another") + LENGTH + b"\r\n" + BODY))

    def test_octets_are_offered_as_what_they_are(self):
        web = self.web(**{"get": "yes", "coding-field": "coding"})
        for coding, text in (
                (0, "a%C5%A1"), (0, "a%E9"), (0, "a%00"), (1, "%00%01%FF"),
                (2, "%04%10%D8"), (2, "%04%10%04%3F"), ("x", "a"), (1, "")):
            self.assertEqual(self.get(
                web, f"id=1&from=1&coding={coding}&text={text}"), 200)
        self.assertEqual(
            [(o.get("alphabet"), o.get("ud"), o.get("text"))
             for o in web.offers],
            [(None, None, "aš"), ("ucs2", "006100e9", None),
             ("ucs2", "00610000", None), ("binary", "0001ff", None),
             ("ucs2", "0410d8", None), ("ucs2", "0410043f", None),
             (None, None, "a"), ("binary", "", None)])
        self.assertEqual(self.get(
            web, "id=1&from=1&coding=1&text=" + "%00" * 4097), 413)
        for text in ('{"hex":"zz"}', '{"hex":"0"}', '{"hex":1}', "{}"):
            body = (f'{{"id":"1","from":"1","coding":1,"text":{text}}}'
                    ).encode()
            self.assertTrue(web.ask(
                HEAD + b"Content-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body)
                .startswith(b"HTTP/1.1 413 "))
        self.is_well(web)

    def test_letters_are_read_in_the_charset_that_is_named(self):
        web = self.web()
        form = "application/x-www-form-urlencoded; charset="
        json = "application/json; charset="
        start = b"id=%d&from=%%2B381641234567&text="
        object = b'{"id":"%d","from":"+381641234567","text":"%s"}'
        for n, (type, body, status) in enumerate((
                (form + "iso-8859-2", start + b"Po%BEar, %C8a%E8ak", 200),
                (form + "ISO-8859-2", start + b"Po\xbear, \xc8a\xe8ak", 200),
                (form + '"windows-1250"', start + b"Po%9Ear, %C8a%E8ak", 200),
                (form + "cp1251;x=1", start + b"%CF%EE%E6%E0%F0", 200),
                # It is UTF-8 all the same.
                (form + "iso-8859-1", start + b"Po%C5%BEar", 200),
                # No letter is there.
                (form + "windows-1250", start + b"Po%9Ear%81", 200),
                (json + "windows-1250", object % (0, b"Po\x9ear"), 200),
                ("text/plain; charset=iso-8859-2", b"Po\xbear", 200),
                (form + "x-unknown", start + b"Po%BEar", 400),
                (form + "utf-8", start + b"Po%BEar", 400),
                (form[:-10], start + b"Po%BEar", 400))):
            body = body.replace(b"id=%d", b"id=%d" % n).replace(b"%%", b"%")
            answer = web.ask(
                f"POST /sms/agg?id={n}&from=%2B381641234567 HTTP/1.1\r\n"
                f"Host: a\r\nX-Glas-Secret: {SECRET}\r\nContent-Type: "
                f"{type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body)
            self.assertEqual(int(answer.split(b" ")[1]), status, answer)
            self.assertEqual(status == 400, b"Content-Type names" in answer)
        self.assertEqual([o["text"] for o in web.offers], [
            "Požar, Čačak", "Požar, Čačak", "Požar, Čačak", "Пожар",
            "Požar", "Požar\ufffd", "Požar", "Požar"])
        self.assertIs(web.state["sandbox"], True)
        self.is_well(web)

    def submit(self, web, mt, **more):
        """A text to send."""
        web.say(**{"t": "submit", "mt": mt, "segment": 1, "udh": "",
                   "recipient": "+381641234567", "encoding": "GSM7",
                   "ud": "0041", "want_report": True, "validity": 60,
                   "text": "A", **more})

    def test_a_report_before_the_answer_says_that_it_was_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as slow:
            web = self.web(**{
                "get": "yes", "send-method": "get", "report-delivered": "1",
                "send-url": f"http://127.0.0.1:{slow.getsockname()[1]}/s?a=b",
                "send-body": "to={to}&coding={coding}&text={text}"
                             "&dlr-url={report}%26status%3D%25d"})
            self.submit(web, 7, text="Š+&%", encoding="UCS2")
            peer, _ = slow.accept()
            with peer, peer.makefile("rb") as asked:
                line = asked.readline().decode()
                self.assertEqual(line, (
                    "GET /s?a=b&to=%2B381641234567&coding=2&text=%C5%A0%2B%26"
                    "%25&dlr-url=http%3A%2F%2F127.0.0.1%3A"
                    f"{web.port}%2Fsms%2Fagg%2Freport%3Fsecret%3D{SECRET}"
                    "%26id%3D7%26status%3D%25d HTTP/1.1\r\n"))
                with web.connect() as s:
                    s.sendall(f"GET /sms/agg/report?secret={SECRET}&id=7"
                              "&status=1 HTTP/1.1\r\nHost: a\r\n\r\n"
                              .encode())
                    wait_until(lambda: web.reports, 20, "a report")
                    self.assertEqual([(r["mt"], r["outcome"])
                                      for r in web.results],
                                     [(7, "accepted")])
                    web.say(t="ack", ids=[web.reports[0]["id"]])
                    self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 "))
                peer.sendall(b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n"
                             b"\r\n")
                self.submit(web, 8)
                # By the connection that there is.
                while asked.readline() != b"\r\n":
                    pass
                self.assertIn(b"id%3D8", asked.readline())
        self.assertEqual([r["mt"] for r in web.results].count(7), 1)

    def report(self, web, id):
        """The status of the answer to a delivery report."""
        body = f"id={id}&status=delivered".encode()
        return int(web.ask(
            HEAD.replace(b"/sms/agg", b"/sms/agg/report")
            + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            .split(b" ")[1])

    def test_a_report_is_brought_again_while_it_may_be_of_what_is_under_way(
            self):
        with socket.create_server(("127.0.0.1", 0)) as slow:
            web = self.web(**{
                "send-url": f"http://127.0.0.1:{slow.getsockname()[1]}/",
                "send-id": "id:"})
            peers = []
            for mt in (7, 8):
                self.submit(web, mt)
                peers.append(slow.accept()[0])
                self.addCleanup(peers[-1].close)
                if mt == 7:
                    self.assertEqual(self.report(web, "A"), 503)
                    self.assertEqual(self.report(web, "stranger"), 503)
                    self.assertEqual(self.report(web, "x" * 80), 200)
            self.assertEqual(self.report(web, "stranger"), 503)
            peers[0].sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
                             b"id:A")
            wait_until(lambda: web.results, 20, "the first")
            # The other is under way since, and can be neither of the two.
            self.assertEqual(self.report(web, "stranger"), 200)
            self.assertEqual(web.reports, [])
            with web.connect() as s:
                body = b"id=A&status=delivered"
                s.sendall(HEAD.replace(b"/sms/agg", b"/sms/agg/report")
                          + b"Content-Length: %d\r\n\r\n" % len(body) + body)
                wait_until(lambda: web.reports, 20, "a report")
                self.assertEqual(web.reports[0]["mt"], 7)

    def test_reports_of_what_is_no_text_are_passed_over(self):
        web = self.web()
        for number in ("0", "x7", "7x", "", "9" * 30):
            body = f"id={number}&status=delivered".encode()
            web.ask(HEAD.replace(b"/sms/agg", b"/sms/agg/report")
                    + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.is_well(web)
        self.assertEqual(web.reports, [])

    def test_who_hangs_up_before_the_ack_harms_nobody(self):
        web = self.web()
        web.answer = ""
        for _ in range(20):
            with web.connect() as s:
                s.sendall(SMUGGLED)
        wait_until(lambda: len(web.offers) == 20, 20, "offers")
        for offer in web.offers:
            web.say(t="ack", ids=[offer["id"]])
        web.answer = "ack"
        self.is_well(web)

    def test_more_than_the_window_is_503(self):
        web = self.web()
        web.answer = ""
        connections = []
        for _ in range(100):
            s = web.connect()
            s.sendall(SMUGGLED)
            connections.append(s)
        wait_until(lambda: len(web.offers) == 100, 20, "offers")
        self.assertTrue(web.ask(SMUGGLED).startswith(b"HTTP/1.1 503 "))
        for s in connections:
            s.close()

    def test_without_secret_and_list_it_does_not_listen(self):
        web = Web(**{"secret-file": ""})
        self.assertEqual(web.state["state"], "down")
        self.assertEqual(web.state["detail"], "no-secret")
        self.assertEqual(web.close(), 1)

    def test_addresses_that_are_not_listed_are_refused(self):
        web = self.web(allow="192.0.2.1, 192.0.2.2")
        self.assertTrue(web.ask(SMUGGLED).startswith(b"HTTP/1.1 403 "))
        web = self.web(allow="192.0.2.1,127.0.0.1")
        self.is_well(web)

    @unittest.skipUnless(IPV6, "no IPv6 here")
    def test_an_address_is_the_same_in_other_letters_and_by_both_kinds(self):
        for listen, allow, host in (
                ("[::]", "127.0.0.1", "127.0.0.1"),
                ("[::]", "::FFFF:7f00:1", "127.0.0.1"),
                ("127.0.0.1", "::ffff:127.0.0.1", "127.0.0.1"),
                ("[::]", "192.0.2.1,0:0::0:1", "::1")):
            with self.subTest(listen=listen, allow=allow):
                web = self.web(listen=listen, allow=allow)
                self.assertIn(b" 200 ", web.ask(SMUGGLED, host)[:20])
        for listen, allow, host in (("[::]", "127.0.0.2", "127.0.0.1"),
                                    ("[::]", "127.0.0.1", "::1"),
                                    ("[::]", "127.0.0.11", "127.0.0.1"),
                                    ("[::]", "127.0.0.11,27.0.0.1",
                                     "127.0.0.1")):
            with self.subTest(listen=listen, allow=allow):
                web = self.web(listen=listen, allow=allow)
                self.assertIn(b" 403 ", web.ask(SMUGGLED, host)[:20])

    def refused(self, web, octets, source="127.0.0.1"):
        """What glasd is told of a request that is refused."""
        before = len(web.refusals)
        self.assertEqual(web.ask(octets, source)[9:10], b"4")
        wait_until(lambda: len(web.refusals) > before, 20, "told")
        return web.refusals[-1]

    def test_a_stranger_does_not_hide_why_a_text_was_refused(self):
        web = self.web()
        stranger = SMUGGLED.replace(SECRET.encode(), b"wrong")
        nothing = HEAD + b"Content-Length: 0\r\n\r\n"
        self.assertIn("no right secret", self.refused(web, stranger))
        self.assertIn("fields", self.refused(web, nothing))
        self.assertIn("fields", self.refused(web, stranger))
        self.assertIn("fields", self.refused(
            web, stranger.replace(b"Host: a\r\n", b"")))
        self.is_well(web)

    def test_nor_does_one_who_is_not_listed_where_there_is_no_secret(self):
        web = self.web(**{"secret-file": "", "allow": "127.0.0.1"})
        nothing = HEAD + b"Content-Length: 0\r\n\r\n"
        self.assertIn("not for you", self.refused(web, nothing, "127.0.0.2"))
        self.assertIn("fields", self.refused(web, nothing))
        self.assertIn("fields", self.refused(web, nothing, "127.0.0.2"))

    def test_who_is_not_listed_is_told_of_with_the_secret(self):
        web = self.web(allow="192.0.2.1")
        for octets in (SMUGGLED.replace(SECRET.encode(), b"wrong"), SMUGGLED,
                       SMUGGLED):
            self.assertTrue(web.ask(octets).startswith(b"HTTP/1.1 403 "))
        wait_until(lambda: web.counted > 1, 20, "told")
        self.assertEqual(web.counted, 2)

    def test_why_is_cut_between_letters(self):
        for more in ("", "x"):
            web = self.web(**{"id-field": more + "\u0436" * 100})
            why = self.refused(web, HEAD + b"Content-Length: 0\r\n\r\n")
            self.assertIn(len(why.encode()), (118, 119))


if __name__ == "__main__":
    unittest.main()
