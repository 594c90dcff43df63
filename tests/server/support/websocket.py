# SPDX-License-Identifier: GPL-3.0-or-later
"""A WebSocket of RFC 6455, as much of it as the tests need: text both ways, pings answered, the close code."""

import base64
import os
import socket
import ssl
import struct
import urllib.parse

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Refused(Exception):
    """The server answered something else than 101."""

    def __init__(self, status, head, body):
        super().__init__(f"{status}\n{head}\n{body}")
        self.status = status
        self.body = body


class Closed(Exception):
    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class WebSocket:
    """Opened at once. `caller` gives the token; None: no Authorization at all."""

    def __init__(self, url, certificate, caller=None, path="/fhir/ws", timeout=20):
        where = urllib.parse.urlparse(url)
        plain = socket.create_connection((where.hostname, where.port), timeout=timeout)
        context = ssl.create_default_context(cafile=str(certificate))
        self.socket = context.wrap_socket(plain, server_hostname=where.hostname)
        self._buffer = b""
        head = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", "Connection: Upgrade", "Upgrade: websocket",
                "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}"]
        if caller is not None:
            head += [f"{name}: {value}" for name, value in caller.authorization().items()]
        self.socket.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        answer, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        status = int(answer.split()[1])
        if status != 101:
            self.close()
            raise Refused(status, answer.decode(), self._buffer.decode())

    def _fill(self):
        more = self.socket.recv(65536)
        if not more:
            raise Closed(1006, "connection lost")
        self._buffer += more

    def _take(self, size):
        while len(self._buffer) < size:
            self._fill()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _frame(self, kind, data):
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(data))
        self.socket.sendall(bytes([0x80 | kind]) + size + mask +
                            bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def send(self, text):
        self._frame(TEXT, text.encode())

    def receive(self, timeout=20):
        """The next text. Raises Closed when the server closes, TimeoutError when nothing comes."""
        self.socket.settimeout(timeout)
        while True:
            first, size = self._take(2)
            if size == 126:
                size = struct.unpack(">H", self._take(2))[0]
            data = self._take(size)
            kind = first & 0x0F
            if kind == PING:
                self._frame(PONG, data)
            elif kind == CLOSE:
                self._frame(CLOSE, data)
                raise Closed(struct.unpack(">H", data[:2])[0] if data else 1005, data[2:].decode())
            elif kind == TEXT:
                return data.decode()

    def ask(self, text):
        self.send(text)
        return self.receive()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
