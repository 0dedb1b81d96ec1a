#!/usr/bin/env python3
"""A telephone with SMSsync as a gateway: what that program sends, octet by
octet, and what it does with the answers."""

import json
import os
import socket
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, wait_until  # noqa: E402
from office import Office, free_port, number, program  # noqa: E402

SECRET = "a-secret-of-the-test-1"
# As OkHttp 3 writes them, with the fields in the order of the program.
POST = ("POST /smssync/{name}{query} HTTP/1.1\r\n"
        "Content-Type: {type}\r\n"
        "User-Agent: SMSSync-Android/v3.1.1\r\n"
        "Content-Length: {length}\r\n"
        "Host: 127.0.0.1:{port}\r\n"
        "Connection: Keep-Alive\r\n"
        "Accept-Encoding: gzip\r\n\r\n")
GET = ("GET /smssync/{name}{query} HTTP/1.1\r\n"
       "User-Agent: SMSSync-Android/v3.1.1\r\n"
       "Host: 127.0.0.1:{port}\r\n"
       "Connection: Keep-Alive\r\n"
       "Accept-Encoding: gzip\r\n\r\n")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=UTF-8"
OK = {"payload": {"success": True, "error": None}}


class Telephone:
    """The program on it, with its settings."""

    def __init__(self, name, port):
        self.name = name
        self.port = port
        self.secret = SECRET
        self.sent = []          # by radio
        self.status = 0

    def _talk(self, head, body=b"", **names):
        with socket.create_connection(("127.0.0.1", self.port), 20) as s:
            s.sendall(head.format(name=self.name, port=self.port,
                                  length=len(body), **names).encode() + body)
            octets = b""
            while chunk := s.recv(65536):
                octets += chunk
        head, _, body = octets.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])
        return json.loads(body)

    def _query(self, task, secret=True):
        query = f"?task={task}"
        if secret and self.secret:
            query += "&secret=" + urllib.parse.quote_plus(self.secret)
        return query

    def post(self, sender, message, uuid, timestamp=1479200000000):
        """A text that it received."""
        body = urllib.parse.urlencode({
            "secret": self.secret, "from": sender, "message": message,
            "sent_timestamp": timestamp, "sent_to": "0641112223",
            "message_id": uuid, "device_id": "1"}).encode()
        return self._talk(POST, body, query="", type=FORM)

    def ask(self):
        """GET ?task=send: what it is to send."""
        answer = self._talk(GET, query=self._query("send"))["payload"]
        if answer.get("task") != "send" or answer["secret"] != self.secret:
            return []
        return answer["messages"]

    def confirm(self, uuids):
        """POST ?task=sent, without a secret: which of them it may send."""
        body = json.dumps({"queued_messages": uuids}).encode()
        return self._talk(POST, body, query=self._query("sent", False),
                          type=JSON)["message_uuids"]

    def check(self, confirms):
        """One look for tasks, as the program does it."""
        messages = self.ask()
        if confirms and messages:
            may = self.confirm([m["uuid"] for m in messages])
            messages = [m for m in messages if m["uuid"] in may]
        self.sent += messages
        return messages

    def results(self, **result):
        """GET and POST ?task=result."""
        wanted = self._talk(GET, query=self._query("result"))["message_uuids"]
        results = [{"uuid": uuid, "sent_result_code": 0,
                    "sent_result_message": "SMSSync Message Sent",
                    "delivered_result_code": 0, **result} for uuid in wanted]
        # The list is written as a string.
        body = json.dumps({"message_result": json.dumps(results)}).encode()
        self._talk(POST, body, query=self._query("result"), type=JSON)
        return wanted


# What tells the telephones apart.
TELEPHONES = {
    "first": {},
    "plain": {},
    "confirming": {"confirm": "yes"},
    "seldom": {"away-after": 2},
}


@unittest.skipUnless(os.path.exists(program("glas-web")),
                     "glas-web is not built")
class SmssyncTest(unittest.TestCase):
    """One office with some telephones; each test has people of its own."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(fsync=False))
        cls.office = Office(cluster=cls.cluster)
        cls.addClassCleanup(cls.office.close)
        with open(cls.office.path("secret"), "w", encoding="ascii") as file:
            file.write(SECRET + "\n")
        cls.telephones = {}
        for name, keys in TELEPHONES.items():
            cls.telephones[name] = Telephone(name, free_port())
            keys = {"listen": f"127.0.0.1:{cls.telephones[name].port}",
                    "protocol": "smssync", "command": program("glas-web"),
                    "secret-file": cls.office.path("secret"),
                    "submit-window": 20, "failover": "no", **keys}
            cls.office.sections += f"[web {name}]\n" + "".join(
                f"{key} = {value}\n" for key, value in keys.items())
        cls.office.init()
        cls.office.start()
        cls.office.wait_database()

    def said(self, name, state):
        """Of the link, to who works at psql."""
        wait_until(lambda: self.office.sql(
            f"select state from glas.links where name = '{name}'"
        ).strip() == state, 20, state)

    def wait_given(self, telephone, confirms=False):
        """Looks for tasks until there was one; what it was."""
        given = []
        wait_until(lambda: given.extend(telephone.check(confirms)) or given,
                   20, "a task")
        return given

    def test_a_report_comes_in_and_its_receipt_is_fetched_once(self):
        telephone = self.telephones["first"]
        person = number()
        self.said("first", "searching: phone-away")
        self.assertEqual(telephone.post(
            person, "ПРИЈАВА полиција Врање нема расвете", "u-1"), OK)
        self.assertEqual(telephone.status, 200)
        query = ("select reference from glas.reports"
                 " where text like 'ПРИЈАВА%'")
        wait_until(lambda: self.office.sql(query), 20, "a report")
        reference = self.office.sql(query).strip()
        self.said("first", "ready")
        given = self.wait_given(telephone)
        self.assertEqual([m["to"] for m in given], [person])
        self.assertIn(reference, given[0]["message"])
        states = ("select state from glas.outbox"
                  f" where text like '%{reference}%'")
        wait_until(lambda: self.office.sql(states).strip() == "accepted", 20,
                   "accepted")
        self.assertEqual(telephone.check(False), [])
        # As documented, of one that has not come yet; it is asked for again.
        for _ in range(2):
            self.assertEqual(len(telephone.results(
                delivered_result_code=-1, delivered_result_message="")), 1)
        telephone.results(delivered_result_code=-1,
                          delivered_result_message="SMS delivered")
        wait_until(lambda: self.office.sql(states).strip() == "delivered",
                   20, "delivered")
        self.assertEqual(telephone.results(), [])

    def test_a_text_again_is_one_and_an_id_that_begins_anew_is_another(self):
        telephone = self.telephones["seldom"]
        person = number()
        for time in (1, 1, 2):
            self.assertEqual(telephone.post(person, "sve isto", "7",
                                            timestamp=time), OK)
        telephone.post(person, "kraj toga", "8")
        self.office.wait_count("glas.inbox", 1, "text = 'kraj toga'")
        self.assertEqual(self.office.count("glas.inbox",
                                           "text = 'sve isto'"), 2)

    def test_without_its_fields_it_is_no_text(self):
        telephone = self.telephones["plain"]
        person = number()
        fields = {"secret": SECRET, "from": person, "message": "sve tu",
                  "message_id": "f-1", "sent_timestamp": "1"}
        for missing in ("from", "message", "message_id"):
            body = {**fields, missing: ""}
            if missing == "message":
                del body[missing]
            answer = telephone._talk(POST, urllib.parse.urlencode(body)
                                     .encode(), query="", type=FORM)
            self.assertFalse(answer["payload"]["success"], missing)
            self.assertEqual(telephone.status, 400)
        telephone.post(person, "", "f-2")
        telephone.post(person, "sve tu", "f-3")
        self.office.wait_count("glas.inbox", 1, "text = 'sve tu'")
        self.assertEqual(self.office.count(
            "glas.inbox", "citizen = (select citizen from glas.inbox"
            " where text = 'sve tu')"), 2)

    def test_a_long_text_is_fetched_whole(self):
        telephone = self.telephones["plain"]
        telephone.post(number(), "PRAVO 1", "u-long")
        given = self.wait_given(telephone)
        self.assertEqual([m["message"] for m in given], [self.office.sql(
            "select text from glas.outbox where link = 'plain'"
            " and segments > 1").strip()])

    def test_confirmed_is_what_the_telephone_says_it_has(self):
        telephone = self.telephones["confirming"]
        telephone.post(number(), "PRIJAVA Vranje mrak u ulici", "u-1")
        wait_until(telephone.ask, 20, "a task")
        # Asked again without a word: it may have sent it, nobody knows.
        telephone.ask()
        self.said("confirming", "ready: not-confirmed")
        self.office.wait_count(
            "glas_data.outbox", 1, "link = 'confirming' and attempts = 1"
            " and state in ('queued', 'unknown')")
        telephone.post(number(), "PRAVO 2", "u-2")
        uuid = self.wait_given(telephone, confirms=True)[0]["uuid"]
        self.said("confirming", "ready")
        accepted = "link = 'confirming' and state = 'accepted'"
        self.office.wait_count("glas.outbox", 1, accepted)
        self.assertEqual(telephone.confirm([uuid, "no-such"]), [])
        self.assertEqual(telephone.results(sent_result_code=4), [uuid])
        self.office.wait_count("glas.outbox", 1, "link = 'confirming'"
                               " and state = 'undelivered'")

    def test_who_does_not_know_the_secret_gets_nothing(self):
        stranger = Telephone("plain", self.telephones["plain"].port)
        stranger.secret = SECRET + "x"
        answer = stranger.post(number(), "neko drugi", "u-9")
        self.assertFalse(answer["payload"]["success"])
        self.assertEqual(stranger.status, 403)
        self.assertEqual(stranger.ask(), [])
        self.assertEqual(stranger.status, 403)
        self.assertEqual(stranger.confirm(["a", "b"]), [])
        with self.assertRaises(KeyError):
            stranger.results()
        stranger.secret = SECRET
        stranger.post(number(), "neko nas", "u-9")
        self.office.wait_count("glas.inbox", 1, "text = 'neko nas'")
        self.assertEqual(self.office.count("glas.inbox",
                                           "text = 'neko drugi'"), 0)

    def test_a_stranger_who_asks_for_nothing_known_is_not_told_of(self):
        telephone = self.telephones["first"]
        stranger = Telephone("first", telephone.port)

        def refused():
            return next(link["refused"] for link in
                        self.office.status()["links"]
                        if link["name"] == "first")

        before = refused()
        stranger.secret = SECRET + "x"
        for who in (stranger, telephone, telephone):
            who._talk(GET, query=who._query("none"))
            self.assertEqual(who.status, 404)
        wait_until(lambda: refused() > before + 1, 20, "told")
        self.assertEqual(refused(), before + 2)

    def test_a_telephone_that_does_not_come_has_a_name(self):
        telephone = self.telephones["seldom"]
        telephone.post(number(), "PRAVO 3", "u-3")
        self.said("seldom", "searching: phone-away")
        self.office.wait_count("glas_data.outbox", 1, "link = 'seldom' and"
                               " state in ('queued', 'inflight')")
        # What it was not given is refused, and need not wait for the clock.
        self.office.sql(
            "update glas_data.outbox set due_at = glas.now()"
            " where link = 'seldom' and state = 'queued'")
        self.wait_given(telephone)

    def test_a_text_taken_without_database_is_stored_later(self):
        telephone = self.telephones["plain"]
        self.cluster.stop()
        try:
            self.assertEqual(telephone.post(
                number(), "PRIJAVA Vranje bez baze", "u-db"), OK)
            self.office.kill()
        finally:
            self.cluster.start()
        self.office.start()
        self.office.wait_count("glas.reports", 1,
                               "text = 'PRIJAVA Vranje bez baze'")


if __name__ == "__main__":
    unittest.main()
