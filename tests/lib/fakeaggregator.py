#!/usr/bin/env python3
"""An aggregator of text messages on loopback: it notes what it is asked to
send, and answers as a test says: in JSON as Africa's Talking documents it, or,
as that does for whom JSON is not asked for, in XML."""

import http.server
import socket
import threading
import urllib.parse


JSON = ('{"SMSMessageData":{"Message":"Sent to 1/1 Total Cost: KES 0.8000",'
        '"Recipients":[{"statusCode":101,"number":"+381641234567",'
        '"cost":"KES 0.8000","status":"Success","messageId":"ATXid_%d"}]}}')
XML = ('<AfricasTalkingResponse><SMSMessageData><Message>Sent to 1/1 Total '
       'Cost: KES 0.8000</Message><Recipients><Recipient><number>+381641234567'
       '</number><cost>KES 0.8000</cost><status>Success</status><messageId>'
       'ATXid_%d</messageId></Recipient></Recipients></SMSMessageData>'
       '</AfricasTalkingResponse>')


class FakeAggregator:
    """Listens until it is closed; `sent` has each request as a dict."""

    def __init__(self, port=0):
        self.sent = []
        self.answer = (201, JSON)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """One request."""

            def do_POST(self):
                """Notes it, and answers."""
                octets = self.rfile.read(int(self.headers["Content-Length"]))
                outer.sent.append({
                    "path": self.path, "key": self.headers.get("apikey"),
                    "body": dict(urllib.parse.parse_qsl(octets.decode()))})
                code, words = outer.answer
                if (words == JSON and self.headers.get("Accept") !=
                        "application/json"):
                    words = XML
                if "%d" in words:
                    words = words % len(outer.sent)
                self.send_response(code)
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words.encode())

            def log_message(self, format, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port),
                                                      Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def close(self):
        """Nobody listens any more; also when it is said twice."""
        if self.server is None:
            return
        self.server.shutdown()
        self.server.server_close()
        self.server = None


class RawAggregator:
    """The same, octet by octet: `requests` has each as it came. It answers
    with `head`, and who says there that it closes the connection does so when
    a next request comes on it: that one is read by nobody."""

    def __init__(self, head="HTTP/1.1 201 Created", stays=True, words=JSON):
        self.requests = []
        self.connections = 0
        self.head, self.stays, self.words = head, stays, words
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        """Until it is closed."""
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,),
                             daemon=True).start()

    @staticmethod
    def read(file):
        """One request; b"" at the end."""
        octets, length = b"", 0
        for line in file:
            octets += line
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            if line == b"\r\n":
                return octets + file.read(length)
        return b""

    def serve(self, connection):
        """One connection."""
        with connection, connection.makefile("rb") as file:
            while octets := self.read(file):
                self.requests.append(octets)
                words = self.words.replace("%d", str(len(self.requests)))
                connection.sendall(
                    f"{self.head}\r\nContent-Length: {len(words)}\r\n\r\n"
                    f"{words}".encode())
                if not self.stays:
                    file.read(1)
                    return

    def close(self):
        """Nobody new is taken."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
