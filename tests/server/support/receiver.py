# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server on loopback that webhooks are delivered to."""

import hashlib
import hmac
import http.server
import json
import queue
import threading
import time


class Delivery:
    def __init__(self, path, headers, body):
        self.at = time.monotonic()
        self.path = path
        self.headers = headers
        self.text = body
        self.json = json.loads(body)

    def is_signed_with(self, secret):
        parts = dict(part.split("=", 1) for part in self.headers["Yarrow-Signature"].split(","))
        expected = hmac.new(secret.encode(), f"{parts['t']}.".encode() + self.text, hashlib.sha256).hexdigest()
        return abs(time.time() - int(parts["t"])) < 60 and hmac.compare_digest(expected, parts["v1"])

    @property
    def references(self):
        return [change["reference"] for change in self.json["changes"]]


class Receiver:
    """Keeps what arrives. `answers` are the statuses of the next deliveries, then 204; a callable is asked for its."""

    def __init__(self, tls=None):
        self.answers = []
        self.arrived = queue.Queue()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.arrived.put(Delivery(self.path, dict(self.headers), body))
                status = receiver.answers.pop(0) if receiver.answers else 204
                status = status() if callable(status) else status
                try:
                    self.send_response(status)
                    if 300 <= status < 400:
                        self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass  # the sender is gone

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://localhost:{self.port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def next(self, timeout=30):
        return self.arrived.get(timeout=timeout)

    def references(self, count, timeout=30):
        """Of the deliveries until `count` references have come."""
        found = []
        while len(found) < count:
            found += self.next(timeout).references
        return found

    def nothing_more(self, seconds):
        try:
            self.arrived.get(timeout=seconds)
            return False
        except queue.Empty:
            return True

    def close(self):
        self._server.shutdown()
        self._server.server_close()
