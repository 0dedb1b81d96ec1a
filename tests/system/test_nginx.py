#!/usr/bin/env python3
"""What the manual tells to write into nginx, run by a real nginx: texts of an
aggregator by TLS both ways, and the status page with a password."""

import base64
import contextlib
import http.client
import os
import re
import ssl
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster, wait_until  # noqa: E402
from fakeaggregator import FakeAggregator  # noqa: E402
from office import Office, SRC_DIR, free_port, program  # noqa: E402
from peers import find_peer  # noqa: E402
from test_web import NUMBER, SECRET, Web  # noqa: E402

HOST = "glas.example.org"
AGGREGATOR = "api.africastalking.com"
PASSWORD = "lozinka"

CONF = """%(user)s
daemon off;
pid %(dir)s/nginx.pid;
error_log %(dir)s/error.log;
events {}
http {
client_body_temp_path %(dir)s/body;
proxy_temp_path %(dir)s/proxy;
fastcgi_temp_path %(dir)s/fastcgi;
uwsgi_temp_path %(dir)s/uwsgi;
scgi_temp_path %(dir)s/scgi;
upstream %(aggregator)s { server 127.0.0.1:%(far)d; }
%(manual)s
server {
    listen 127.0.0.1:%(far)d ssl;
    server_name %(aggregator)s;
    access_log off;
    ssl_certificate %(dir)s/%(aggregator)s.pem;
    ssl_certificate_key %(dir)s/%(aggregator)s.key;
    location / { proxy_pass http://127.0.0.1:%(fake)d; }
}
}
"""


def block(file, begins):
    """The lines of an example of the manual, by how it begins."""
    with open(os.path.join(SRC_DIR, "doc", file), encoding="utf-8") as text:
        found = [b for b in re.findall(r"^```\n(.*?)^```", text.read(),
                                       re.M | re.S)
                 if b.lstrip().startswith(begins)]
    assert len(found) == 1, (file, begins, found)
    return found[0]


class NginxTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.nginx, why_not = find_peer("usr/sbin/nginx")
        if cls.nginx is None:
            raise unittest.SkipTest(why_not)
        cls.cluster = cls.enterClassContext(Cluster(fsync=False))
        cls.sender = FakeAggregator()
        cls.addClassCleanup(cls.sender.close)
        cls.office = Office(cluster=cls.cluster, database="nginx")
        cls.addClassCleanup(cls.office.close)
        cls.ports = {name: free_port() for name in ("tls", "out", "far",
                                                    "page")}
        cls.web = Web(cls.office, cls.sender, **{
            "send-url":
            f"http://127.0.0.1:{cls.ports['out']}/version1/messaging"})
        cls.office.sections = cls.web.section + (
            "[status page]\n"
            f"listen = 127.0.0.1:{cls.ports['page']}\n"
            f"command = {program('glas-web')}\n")
        cls.office.init()
        cls.certify()
        cls.start()
        cls.office.start()
        cls.office.wait_database()
        cls.office.wait_status(lambda s: all(
            link["state"] == "ready" for link in s["links"]), "links")

    @classmethod
    def openssl(cls, *arguments):
        subprocess.run(["openssl", *arguments], check=True,
                       cwd=cls.office.folder, capture_output=True)

    @classmethod
    def certify(cls):
        """A certificate for both names, by an authority of its own."""
        for name in (HOST, AGGREGATOR):
            cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=" + name, "-addext",
                        "subjectAltName=DNS:" + name, "-keyout",
                        name + ".key", "-out", name + ".pem")

    @classmethod
    def manual(cls):
        """Both examples, at the ports and files of this test."""
        page = block("monitoring.md", "location = /glas")
        text = block("web.md", "limit_conn_zone").replace(
            "\tlocation ~ ^/(sms/", page + "\tlocation ~ ^/(sms/")
        for was, now in (
                ("listen 443 ssl", f"listen 127.0.0.1:{cls.ports['tls']} ssl"),
                ("127.0.0.1:8077", f"127.0.0.1:{cls.web.port}"),
                ("127.0.0.1:8078", f"127.0.0.1:{cls.ports['out']}"),
                ("127.0.0.1:8079", f"127.0.0.1:{cls.ports['page']}"),
                (f"/etc/letsencrypt/live/{HOST}/fullchain.pem",
                 cls.office.path(HOST + ".pem")),
                (f"/etc/letsencrypt/live/{HOST}/privkey.pem",
                 cls.office.path(HOST + ".key")),
                ("/etc/ssl/certs/ca-certificates.crt",
                 cls.office.path(AGGREGATOR + ".pem")),
                ("/etc/nginx/glas.htpasswd", cls.office.path("htpasswd"))):
            assert was in text, was
            text = text.replace(was, now)
        return text

    @classmethod
    def start(cls):
        """Starts nginx; returns when it listens."""
        with open(cls.office.path("htpasswd"), "w", encoding="utf-8") as file:
            file.write("mira:{PLAIN}%s\n" % PASSWORD)
        with open(cls.office.path("nginx.conf"), "w",
                  encoding="utf-8") as file:
            file.write(CONF % {
                "user": "user root;" if os.geteuid() == 0 else "",
                "dir": cls.office.folder, "manual": cls.manual(),
                "aggregator": AGGREGATOR, "far": cls.ports["far"],
                "fake": cls.sender.port})
        process = subprocess.Popen(
            [cls.nginx, "-p", cls.office.folder, "-c",
             cls.office.path("nginx.conf")], stdin=subprocess.DEVNULL)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)

        def listens():
            assert process.poll() is None, "nginx ended"
            try:
                return cls.ask("GET", "/")[0]
            except OSError:
                return False
        wait_until(listens, 30, "nginx")

    @classmethod
    def ask(cls, method, path, body=None, **headers):
        """(status, answer) of one request by TLS."""
        context = ssl.create_default_context(
            cafile=cls.office.path(HOST + ".pem"))
        raw = http.client.HTTPSConnection("127.0.0.1", cls.ports["tls"],
                                          timeout=20, context=context)
        # The name in the certificate is not that of loopback.
        raw._context.check_hostname = False
        try:
            raw.request(method, path, body, {"Host": HOST, **headers})
            answer = raw.getresponse()
            return answer.status, answer.read().decode()
        finally:
            raw.close()

    def form(self, path, chunks=False, **fields):
        body = urllib.parse.urlencode(fields).encode()
        return self.ask("POST", path, iter([body]) if chunks else body,
                        **{"Content-Type":
                           "application/x-www-form-urlencoded"})[0]

    def state(self):
        """Of the newest reply."""
        return self.office.sql(
            "select state from glas.outbox order by id desc limit 1").strip()

    def test_a_text_comes_its_reply_goes_and_is_delivered(self):
        path = "/sms/agg?secret=" + SECRET
        self.assertEqual(self.form("/sms/agg", id="m-1", text="POMOC",
                                   **{"from": NUMBER}), 403)
        self.assertEqual(self.form(path, id="m-1", text="POMOC",
                                   **{"from": NUMBER}), 200)
        wait_until(lambda: self.state() == "accepted", 30, "accepted")
        sent = self.sender.sent[-1]
        self.assertEqual((sent["path"], sent["key"], sent["body"]["to"]),
                         ("/version1/messaging", "k-1", NUMBER))
        self.assertEqual(self.form(
            "/sms/agg/report?secret=" + SECRET,
            id=f"ATXid_{len(self.sender.sent)}", status="Success"), 200)
        wait_until(lambda: self.state() == "delivered", 30, "delivered")

    def test_chunks_become_a_length(self):
        self.assertEqual(self.form(
            "/sms/agg?secret=" + SECRET, chunks=True, id="m-2",
            text="STATUS", **{"from": "+381641234568"}), 200)
        self.office.wait_count("glas.inbox", 1, "intent = 'status'")

    def begin(self):
        """A connection with a request that does not end."""
        raw = http.client.HTTPSConnection(
            "127.0.0.1", self.ports["tls"], timeout=20,
            context=ssl._create_unverified_context())
        raw.putrequest("POST", "/sms/agg", skip_host=True)
        raw.putheader("Host", HOST)
        raw.putheader("Content-Length", "10")
        raw.endheaders(b"a")
        return raw

    def test_one_peer_cannot_have_all_connections(self):
        with contextlib.ExitStack() as stack:
            for _ in range(50):
                stack.enter_context(contextlib.closing(self.begin()))
            wait_until(lambda: self.ask("POST", "/sms/agg", b"")[0] == 503,
                       20, "a limit")
        wait_until(lambda: self.ask("POST", "/sms/agg", b"")[0] == 403, 20,
                   "who comes in again")

    def test_the_page_is_for_who_has_the_password(self):
        self.assertEqual(self.ask("GET", "/glas")[0], 401)
        self.assertEqual(self.ask("GET", "/metrics")[0], 404)
        word = base64.b64encode(f"mira:{PASSWORD}".encode()).decode()
        status, text = self.ask("GET", "/glas", Authorization="Basic " + word)
        self.assertEqual(status, 200)
        self.assertIn("Glas vranje", text)


if __name__ == "__main__":
    unittest.main()
