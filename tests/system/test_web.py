#!/usr/bin/env python3
"""Texts by HTTP: the real glasd, glas-web and PostgreSQL, and an aggregator
that speaks as Africa's Talking documents its SMS interface."""

import http.client
import json
import os
import socket
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, wait_until  # noqa: E402
from fakeaggregator import FakeAggregator, RawAggregator  # noqa: E402
from fakelink import LinkServer  # noqa: E402
from office import Office, free_port, program  # noqa: E402

SECRET = "a-secret-of-the-test-1"
NUMBER = "+381641234567"


def post_json(web, path, message):
    """(status, answer) of one request with a JSON object."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    try:
        connection.request("POST", path, json.dumps(message), {
            "Content-Type": "application/json", "X-Glas-Secret": SECRET})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class Web:
    """One section [web agg], and requests to it."""

    def __init__(self, office, sender, **keys):
        self.port = free_port()
        with open(office.path("secret"), "w", encoding="utf-8") as file:
            file.write(SECRET + "\n")
        with open(office.path("key"), "w", encoding="utf-8") as file:
            file.write("k-1\n")
        keys = {
            "listen": f"127.0.0.1:{self.port}",
            "command": program("glas-web"),
            "secret-file": office.path("secret"),
            "send-url": f"http://127.0.0.1:{sender.port}/version1/messaging",
            "send-header": "apikey: {key}",
            "send-key-file": office.path("key"),
            "send-body": "username=glas&to={to}&message={text}",
            "send-success": '"status":"Success"',
            "send-id": '"messageId":"',
            "report-delivered": "Success",
            "report-failed": "Rejected Failed Expired",
            **keys}
        self.section = "[web agg]\n" + "".join(
            f"{key} = {value}\n" for key, value in keys.items()
            if value is not None)

    def ask(self, path, fields=None, method="POST", secret=SECRET):
        """(status, answer) of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if secret:
            headers["X-Glas-Secret"] = secret
        try:
            connection.request(method, path,
                               urllib.parse.urlencode(fields or {}), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def text(self, id, text, number=NUMBER, **more):
        """A text as Africa's Talking brings it."""
        return self.ask("/sms/agg", {
            "id": id, "from": number, "to": "1234", "text": text,
            "date": "2026-11-01 12:00:00", **more})


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class WebTest(unittest.TestCase):
    """In and out."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(fsync=False))

    def setUp(self):
        self.sender = FakeAggregator()
        self.addCleanup(self.sender.close)
        self.office = Office(cluster=self.cluster,
                             database=f"web_{self._testMethodName}"[:60])
        self.addCleanup(self.office.close)
        self.web = Web(self.office, self.sender)
        self.office.sections = self.web.section
        self.office.init()
        self.office.start()
        self.office.wait_database()
        self.ready()

    def ready(self):
        """The link takes requests."""
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "ready", "web ready")

    def state(self):
        """Of the newest reply."""
        return self.office.sql(
            "select state from glas.outbox order by id desc limit 1").strip()

    def test_another_program_in_its_place_sends(self):
        self.office.stop()
        server = LinkServer(self.office.path("link"))
        self.addCleanup(server.close)
        self.office.write_conf(f"[web own]\ncommand = {server.command()}\n"
                               f"listen = 127.0.0.1:{self.web.port}\n"
                               f"secret-file = {self.office.path('secret')}\n")
        self.office.start()
        link = server.accept().begin()
        link.mo(NUMBER, "PRIJAVA policija Vranje nema rasvete")
        self.assertTrue(link.pump(lambda: len(link.submits) == 1))
        self.office.wait_count("glas.reports", 1)
        self.office.sql("select glas.reply(reference, 'Hvala')"
                        " from glas.reports")
        self.assertTrue(link.pump(lambda: len(link.submits) == 2))

    def test_a_report_comes_in_and_its_receipt_goes_out(self):
        self.assertEqual(self.web.text(
            "m-1", "PRIJAVA policija Vranje nema rasvete")[0], 200)
        self.office.wait_count("glas.reports", 1)
        self.assertEqual(self.office.sql(
            "select link, channel from glas.inbox").strip(), "agg|sms")
        wait_until(lambda: self.sender.sent, 20, "a reply")
        sent = self.sender.sent[0]
        reference = self.office.sql("select reference from glas.reports")
        self.assertIn(reference.strip(), sent["body"]["message"])
        self.assertEqual(sent["body"]["to"], NUMBER)
        self.assertEqual(sent["key"], "k-1")
        self.assertEqual(sent["path"], "/version1/messaging")
        wait_until(lambda: self.state() == "accepted", 20, "accepted")
        self.assertEqual(self.web.ask("/sms/agg/report", {
            "id": "ATXid_1", "status": "Success"})[0], 200)
        wait_until(lambda: self.state() == "delivered", 20, "delivered")

    def say_octets(self, path, body):
        """A callback as Africa's Talking makes it, octet by octet; the
        status line of the answer."""
        with socket.create_connection(("127.0.0.1", self.web.port), 20) as s:
            s.sendall(f"POST {path}?secret={SECRET} HTTP/1.1\r\n"
                      "Host: glas.example.org\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\n"
                      f"Content-Length: {len(body)}\r\n"
                      "Connection: keep-alive\r\n\r\n"
                      f"{body}".encode())
            with s.makefile("rb") as file:
                return file.readline()

    def test_what_africas_talking_says_and_hears_octet_by_octet(self):
        peer = RawAggregator()
        self.addCleanup(peer.close)
        self.again(peer)
        self.assertEqual(self.say_octets("/sms/agg", (
            "linkId=28a92cdf-2d63-4ee3-93df-4233d3de0356&text=PRIJAVA+"
            "policija%20Vranje%3A+nema+rasvete+%26+%C4%8Dekamo&to=1234"
            "&id=b68d0989-d856-494f-92ee-7c439e96e1d9"
            "&date=2026-11-01+12%3A00%3A00&from=%2B381641234567"
            "&networkCode=22003")), b"HTTP/1.1 200 OK\r\n")
        self.office.wait_count("glas.inbox", 1)
        self.assertEqual(self.office.sql("select text from glas.inbox"
                                         ).strip(),
                         "PRIJAVA policija Vranje: nema rasvete & \u010dekamo")
        wait_until(lambda: peer.requests, 20, "a reply")
        text = self.office.sql("select text from glas.outbox").strip()
        body = ("username=glas&to=%2B381641234567&message="
                + urllib.parse.quote_plus(text, safe="-._~"))
        self.assertEqual(peer.requests, [(
            "POST /version1/messaging HTTP/1.1\r\n"
            "Host: 127.0.0.1\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "apikey: k-1\r\n"
            "Accept: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()])
        wait_until(lambda: self.state() == "accepted", 20, "accepted")
        self.assertEqual(self.say_octets("/sms/agg/report", (
            "id=ATXid_1&status=Failed&phoneNumber=%2B381641234567"
            "&networkCode=22003&failureReason=UserIsInactive&retryCount=0"
        )), b"HTTP/1.1 200 OK\r\n")
        wait_until(lambda: self.state() == "undelivered", 20, "undelivered")

    def test_the_same_text_twice_is_one(self):
        for _ in range(2):
            self.assertEqual(self.web.text("m-1", "STATUS")[0], 200)
        self.assertEqual(self.web.text("m-2", "POMOC")[0], 200)
        self.office.wait_count("glas.inbox", 2)
        self.assertEqual(self.office.count("glas.inbox"), 2)

    def test_an_id_that_begins_anew_is_another_text(self):
        other = "+381641234568"
        for number, text in ((NUMBER, "STATUS"), (NUMBER, "POMOC"),
                             (other, "STATUS"), ("0641234568", "STATUS")):
            self.assertEqual(self.web.text("1", text, number)[0], 200)
        self.office.wait_count("glas.inbox", 3)
        self.office.wait_settled()
        self.assertEqual(self.office.sql(
            "select count(distinct citizen), count(*) from glas.inbox"
        ).strip(), "2|3")

    def test_a_long_text_is_sent_once_and_whole(self):
        self.web.text("m-1", "PRAVO 1")
        wait_until(lambda: self.state() == "accepted", 20, "accepted")
        self.assertEqual(self.office.sql(
            "select text from glas.outbox where segments > 1").strip(),
            self.sender.sent[0]["body"]["message"].strip())
        self.assertEqual(len(self.sender.sent), 1)
        self.web.ask("/sms/agg/report", {"id": "ATXid_1",
                                         "status": "Failed"})
        wait_until(lambda: self.state() == "undelivered", 20,
                   "undelivered")

    def test_a_refusal_is_tried_again_and_an_odd_answer_is_unknown(self):
        self.sender.answer = (200, '{"status":"InsufficientBalance"}')
        self.web.text("m-1", "POMOC")
        wait_until(lambda: self.sender.sent, 20, "a reply")
        wait_until(lambda: self.state() == "queued", 20, "queued")
        self.sender.answer = (500, "")
        self.web.text("m-2", "JEZIK", number="+381641234568")
        wait_until(lambda: self.state() == "unknown", 20, "unknown")

    def test_who_takes_no_text_is_told_of_by_name(self):
        self.sender.answer = (403, "no credit")
        for n in range(3):
            self.web.text(f"m-{n}", "POMOC", number=f"+38164123460{n}")
        wait_until(lambda: any(
            (a["name"], a["text"]) == ("link-trouble", "peer-refuses") and
            "send-success" in a["remedy"]
            for a in self.office.status()["alerts"]), 20, "an alert")

    def test_only_who_knows_the_secret_is_heard(self):
        self.assertEqual(self.web.ask("/sms/agg", {}, secret=None)[0], 403)
        self.assertEqual(self.web.ask("/sms/agg", {},
                                      secret=SECRET + "x")[0], 403)
        self.assertEqual(self.web.ask("/sms/agg", {},
                                      secret=SECRET[:-1])[0], 403)
        self.assertEqual(self.web.ask(
            "/sms/agg?secret=" + SECRET,
            {"id": "a", "from": NUMBER, "text": "POMOC"}, secret=None)[0],
            200)
        self.assertEqual(self.web.ask("/sms/other", {})[0], 404)
        self.assertEqual(self.web.ask("/sms/agg", {}, "GET")[0], 405)
        self.assertEqual(self.web.ask("/healthz", {}, "GET",
                                      secret=None)[0], 200)

    def test_a_reload_takes_up_another_secret_and_key(self):
        for file, words in (("secret", SECRET[::-1]), ("key", "k-2")):
            with open(self.office.path(file), "w", encoding="utf-8") as f:
                f.write(words + "\n")
        self.office.reload()
        wait_until(lambda: self.asks(SECRET[::-1]) == 200, 20, "the new one")
        self.assertEqual(self.asks(SECRET), 403)
        wait_until(lambda: self.sender.sent, 20, "a reply")
        self.assertEqual(self.sender.sent[0]["key"], "k-2")

    def test_a_reload_with_the_same_secret_lets_the_link_go_on(self):
        self.office.write_conf(self.web.section + "[status page]\nlisten = "
                               f"127.0.0.1:{free_port()}\ncommand = "
                               f"{program('glas-web')}\n")
        self.office.reload()
        self.office.wait_status(
            lambda s: [link["state"] for link in s["links"]] ==
            ["ready", "ready"], "both")
        self.assertEqual([link["restarts"] for link in
                          self.office.status()["links"]], [0, 0])

    def asks(self, secret):
        """What a request with this secret is answered; 0: nobody listens."""
        try:
            return self.web.ask("/sms/agg", {
                "id": "m-1", "from": NUMBER, "text": "POMOC"},
                secret=secret)[0]
        except OSError:
            return 0

    def refused(self):
        """How often, and what the alert says."""
        status = self.office.status()
        return status["links"][0]["refused"], [
            a["text"] for a in status["alerts"]
            if a["name"] == "link-refuses"]

    def test_what_is_refused_is_counted_and_told(self):
        for path in ("/", "/sms/other", "/favicon.ico", "/sms/agg"):
            self.web.ask(path, method="GET", secret=None)
        self.web.text("m-1", "STATUS")
        self.assertEqual(self.refused(), (0, []))
        for secret, fields in ((None, {}), (SECRET, {"id": "m-2"}),
                               (SECRET, {"id": "m-2", "from": NUMBER,
                                         "text": "x" * 5000})):
            self.web.ask("/sms/agg", fields, secret=secret)
            self.web.ask("/sms/wrong", fields, secret=secret)
        wait_until(lambda: self.refused()[0] == 5, 20, "five")
        self.assertEqual(
            [text.split("last: ")[1] for text in self.refused()[1]],
            ["nothing is here"])
        self.assertIn('glas_link_refused_total{link="agg"} 5',
                      self.office.glasctl("metrics").stdout)
        wait_until(lambda: self.office.count(
            "glas.alerts", "name = 'link-refuses' and link = 'agg'") == 1,
            20, "the alert")

    def test_a_text_taken_without_database_is_stored_later(self):
        self.cluster.stop()
        try:
            self.assertEqual(self.web.text("m-1", "PRIJAVA Vranje mrak")[0],
                             200)
            self.office.kill()
        finally:
            self.cluster.start()
        self.office.start()
        self.office.wait_count("glas.reports", 1)

    def test_many_who_connect_and_say_nothing_harm_nobody(self):
        idle = [socket.create_connection(("127.0.0.1", self.web.port))
                for _ in range(150)]
        try:
            self.assertEqual(self.web.text("m-1", "POMOC")[0], 200)
        finally:
            for s in idle:
                s.close()

    def test_nobody_there_to_send_is_a_refusal(self):
        self.sender.close()
        self.web.text("m-1", "POMOC")
        wait_until(lambda: "queued|1" in self.office.sql(
            "select state, attempts from glas.outbox"), 20, "queued")
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "searching", "searching")
        wait_until(lambda: "searching: peer-away" in self.office.sql(
            "select state from glas.links"), 20, "a name in glas.links")

    def again(self, peer=None, **keys):
        """The office, with another section."""
        self.office.stop()
        self.web = Web(self.office, peer or self.sender, **keys)
        self.office.write_conf(self.web.section)
        self.office.start()
        self.ready()

    def ask_status(self, count):
        """So many people, who are to be answered at once; returns them."""
        self.again(**{"submit-window": 10})
        people = [f"+3816412346{n:02}" for n in range(count)]
        self.office.glasctl("pause", "agg")
        for number in people:
            self.web.text("m-" + number, "STATUS", number=number)
        self.office.wait_count("glas.inbox", count)
        return people

    def refuse_all(self, peer, people, attempt):
        """Nobody is there any more when the answers go; then somebody is,
        and what is due goes: they are returned."""
        peer.close()
        self.office.glasctl("resume", "agg")
        wait_until(lambda: self.office.count(
            "glas_data.outbox", f"attempts = {attempt} and state = 'queued'")
                   == len(people), 40, "refusals")
        back = FakeAggregator(peer.port)
        self.addCleanup(back.close)
        self.ready()
        return back

    def assert_sent(self, peer, people):
        self.office.sql("update glas_data.outbox set due_at = glas.now()")
        wait_until(lambda: {sent["body"]["to"] for sent in peer.sent}
                   == set(people), 20, "all")

    def answers_of(self, head, stays):
        """How many connections a peer saw that answers so: two replies went
        out at once, six times, and none was lost."""
        peer = RawAggregator(head, stays)
        self.addCleanup(peer.close)
        self.again(peer, **{"submit-window": 2})
        before = self.office.count("glas.outbox")
        for n in range(12):
            self.web.text(f"{head}-{n}", "STATUS", f"+3816412346{n:02}")
        wait_until(lambda: self.office.count(
            "glas.outbox", "state <> 'inflight'") == before + 12, 20, "all")
        self.office.wait_settled()
        self.assertEqual(self.office.sql(
            "select distinct state from glas.outbox").strip(), "accepted")
        self.assertEqual(len(peer.requests), 12)
        return peer.connections

    def test_a_connection_that_the_peer_closes_is_not_used_again(self):
        for head in ("HTTP/1.0 201 Created",
                     "HTTP/1.1 201 Created\r\nConnection: close"):
            with self.subTest(head):
                self.assertEqual(self.answers_of(head, stays=False), 12)

    def test_one_that_stays_open_is_used_again(self):
        for head in ("HTTP/1.1 201 Created",
                     "HTTP/1.0 201 Created\r\nConnection: Keep-Alive"):
            with self.subTest(head):
                self.assertLess(self.answers_of(head, stays=True), 12)

    def test_nobody_there_for_a_moment_makes_nobody_wait(self):
        people = self.ask_status(5)
        self.assert_sent(self.refuse_all(self.sender, people, 1), people)

    def test_nobody_there_again_and_again_fails_nothing(self):
        people, peer = self.ask_status(3), self.sender
        for attempt in range(1, 8):
            if attempt > 1:
                self.office.glasctl("pause", "agg")
                self.office.sql(
                    "update glas_data.outbox set due_at = glas.now()")
            peer = self.refuse_all(peer, people, attempt)
        self.assert_sent(peer, people)

    def test_a_code_to_be_dialled_is_not_for_it_and_does_not_end_it(self):
        done = self.office.glasctl("ussd", "agg", "*100#", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("name a modem", done.stderr)
        self.assertEqual(self.web.text("m-1", "POMOC")[0], 200)
        self.assertEqual(self.office.status()["links"][0]["restarts"], 0)

    def test_no_number_is_logged(self):
        self.web.text("m-1", "PRIJAVA policija Vranje nema rasvete")
        wait_until(lambda: self.sender.sent, 20, "a reply")
        self.assertNotIn("641234567", self.office.tail(100000))
        self.assertNotIn("rasvete", self.office.tail(100000))


if __name__ == "__main__":
    unittest.main()
