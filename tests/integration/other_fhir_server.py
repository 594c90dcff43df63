#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small FHIR R4 server that is not yarrow-server: everything in memory, histories newest first, versions 1, 2, 3 of each
record, plain HTTP on loopback, one bearer token.

    other_fhir_server.py PORT TOKEN"""

import datetime
import json
import re
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TYPES = ("Appointment", "Basic", "Observation", "Patient", "Practitioner", "Task")
INTERACTIONS = ("read", "create", "update", "delete", "history-instance", "search-type")
STATEMENT = {
    "resourceType": "CapabilityStatement", "status": "active", "date": "2026-01-01", "kind": "instance",
    "fhirVersion": "4.0.1", "format": ["json"],
    "rest": [{"mode": "server", "interaction": [{"code": "history-system"}],
              "resource": [{"type": name, "versioning": "versioned-update", "updateCreate": True,
                            "readHistory": True, "interaction": [{"code": code} for code in INTERACTIONS]}
                           for name in TYPES]}]}


class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.versions = {}  # "Type/id" → its versions, oldest first: (versionId, lastUpdated, document or None)
        self.history = []   # ("Type/id", version), in the order they were made
        self.last = datetime.datetime.now(datetime.timezone.utc)

    def write(self, name, document):
        self.last = max(self.last + datetime.timedelta(milliseconds=1), datetime.datetime.now(datetime.timezone.utc))
        stamp = self.last.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.last.microsecond // 1000:03}Z"
        versions = self.versions.setdefault(name, [])
        number = str(len(versions) + 1)
        if document is not None:
            document = {**document, "meta": {**document.get("meta", {}), "versionId": number, "lastUpdated": stamp}}
        version = (number, stamp, document)
        versions.append(version)
        self.history.append((name, version))
        return version


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = Store()
    token = ""

    def log_message(self, *_):
        pass

    def answer(self, status, document=None, version=None):
        body = json.dumps(document).encode() if document is not None else b""
        self.send_response(status)
        if version:
            self.send_header("ETag", f'W/"{version[0]}"')
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, code):
        self.answer(status, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]})

    def bundle(self, kind, versions):
        """`versions` of ("Type/id", version), in the order they are shown; all on one page."""
        entries = []
        for name, (number, stamp, document) in versions:
            entry = {"fullUrl": f"http://{self.headers['Host']}/r4/{name}"}
            if document is not None:
                entry["resource"] = document
            if kind == "history":
                entry["request"] = {"method": "DELETE" if document is None else "PUT", "url": name}
                entry["response"] = {"status": "204" if document is None else "200", "etag": f'W/"{number}"',
                                     "lastModified": stamp}
            entries.append(entry)
        self.answer(200, {"resourceType": "Bundle", "type": kind, "total": len(entries), "entry": entries})

    def handle_request(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self.refuse(401, "login")
            return
        path, _, query = self.path.partition("?")
        query = urllib.parse.parse_qs(query)
        path = path.removeprefix("/r4").strip("/")
        with self.store.lock:
            self.route(path, query, json.loads(body) if body else None)

    do_GET = do_PUT = do_POST = do_DELETE = handle_request

    def route(self, path, query, document):
        since = query.get("_since", [""])[0]
        if self.command == "GET" and path == "metadata":
            self.answer(200, STATEMENT)
        elif self.command == "GET" and path == "_history":
            newest_first = reversed([one for one in self.store.history if one[1][1] >= since])
            self.bundle("history", newest_first)
        elif self.command == "GET" and path in TYPES:
            self.bundle("searchset", [(name, versions[-1]) for name, versions in sorted(self.store.versions.items())
                                      if name.startswith(path + "/") and versions[-1][2] is not None])
        elif self.command == "GET" and path.endswith("/_history"):
            name = path.removesuffix("/_history")
            self.bundle("history", [(name, version) for version in reversed(self.store.versions.get(name, []))])
        elif re.fullmatch(r"[A-Z]\w+/[A-Za-z0-9.-]{1,64}", path):
            self.record(path, document)
        else:
            self.refuse(404, "not-supported")

    def record(self, name, document):
        now = self.store.versions.get(name, [None])[-1]
        wanted = self.headers.get("If-Match")
        if self.command == "GET":
            if now is None:
                self.refuse(404, "not-found")
            elif now[2] is None:
                self.refuse(410, "deleted")
            else:
                self.answer(200, now[2], now)
        elif wanted and (now is None or wanted != f'W/"{now[0]}"'):
            self.refuse(412, "conflict")
        elif self.command == "DELETE":
            self.answer(204, None, self.store.write(name, None) if now and now[2] is not None else None)
        else:
            made = self.store.write(name, document)
            self.answer(200 if now else 201, made[2], made)


if __name__ == "__main__":
    Handler.token = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
