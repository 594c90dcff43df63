# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP byte by byte, for what no well-behaved client sends."""

import socket
import ssl


class Raw:
    """A TLS connection to a server."""

    def __init__(self, server, timeout=60):
        context = ssl.create_default_context(cafile=str(server.certificate.file))
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=timeout)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def answer(self):
        """(status, headers by lower-case name, body) of the next answer; None when the connection was closed."""
        try:
            first = self.file.readline()
        except (ConnectionError, ssl.SSLError):
            return None
        if not first:
            return None
        headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self.file.read(int(headers.get("content-length", 0)))
        return int(first.split()[1]), headers, body

    def closed(self):
        """Whether the server closed, once everything it sent was read."""
        try:
            while self.file.read(65536):
                pass
        except (ConnectionError, ssl.SSLError):
            pass
        except socket.timeout:
            return False
        return True
