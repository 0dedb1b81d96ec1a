#!/usr/bin/env python3
"""An aggregator of text messages on loopback: it notes what it is asked to
send, and answers as a test says."""

import http.server
import threading
import urllib.parse


class FakeAggregator:
    """Listens until it is closed; `sent` has each request as a dict."""

    def __init__(self):
        self.sent = []
        self.answer = (201, '{"SMSMessageData":{"Recipients":[{"status":'
                            '"Success","messageId":"ATXid_%d"}]}}')
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
                if "%d" in words:
                    words = words % len(outer.sent)
                self.send_response(code)
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words.encode())

            def log_message(self, format, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
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
