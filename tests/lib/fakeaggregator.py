#!/usr/bin/env python3
"""An aggregator of text messages on loopback: it notes what it is asked to
send, and answers as a test says: in JSON as Africa's Talking documents it, or,
as that does for whom JSON is not asked for, in XML."""

import http.server
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
