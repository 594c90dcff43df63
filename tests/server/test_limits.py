#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a peer on a socket: what is malformed, too much, too slow or proxied; how it starts and stops."""

import contextlib
import json
import pathlib
import signal
import subprocess
import threading
import time
import unittest

from support.case import ServerTest
from support.client import compact, patient
from support.raw import Raw
from support.server import Certificate, Server, clean_environment, free_port, program, run

MIB = 1024 * 1024


class HttpTest(ServerTest):
    def raw(self, server=None):
        return self.enterContext(Raw(server or self.server))

    def ask(self, text, server=None):
        opened = self.raw(server)
        opened.send(text)
        return opened.answer()

    def code_of(self, body):
        return json.loads(body)["code"]

    def assert_serves(self, server=None):
        self.assertEqual(self.ask("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", server)[0], 200)


class Messages(HttpTest):
    options = {"header-timeout": 1, "stall-timeout": 1, "idle-timeout": 2}

    @classmethod
    def prepare(cls):
        cls.device = cls.new_clinic().new_device()

    def head(self, method, path, *fields):
        token = self.device.authorization()["Authorization"]
        return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: {token}",
                            "Content-Type: application/fhir+json", *fields, "", ""])

    def test_pipelinedRequests_areAnsweredInTheirOrder(self):
        opened = self.raw()
        opened.send("".join(f"GET /nowhere/{n} HTTP/1.1\r\nHost: x\r\nX-Request-Id: request-{n}\r\n\r\n"
                            for n in range(20)))
        self.assertEqual([opened.answer()[1]["x-request-id"] for _ in range(20)], [f"request-{n}" for n in range(20)])

    def test_head_hasTheFieldsOfGet_andNoBody(self):
        opened = self.raw()
        opened.send("HEAD /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        everything = b""
        while not everything.endswith(b"}"):
            everything += opened.socket.recv(65536)
        heads = everything.split(b"\r\n\r\n")
        self.assertEqual(heads[1].split(b"\r\n")[0], b"HTTP/1.1 200 OK")
        self.assertIn(b"Content-Length: 15", heads[0])

    def test_aRequestId_isKeptWhenItIsWellFormed(self):
        for given, kept in (("abcd-1234.x", True), ("short", False), ("a" * 65, False), ("two words here", False)):
            _, fields, _ = self.ask(f"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: {given}\r\n\r\n")
            self.assertEqual(fields["x-request-id"] == given, kept, given)

    def test_malformedRequests_are400_andTheServerLives(self):
        for text in ("nonsense\r\n\r\n", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                     "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                     "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                     "GET * HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n broken: y\r\nz\r\n\r\n",
                     "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\nab",
                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            status, fields, _ = self.ask(text)
            self.assertEqual(status, 400, text)
            self.assertEqual(fields["connection"], "close", text)
        self.assert_serves()

    def test_anUnknownTransferEncoding_is501_andAnUnknownExpectation_417(self):
        fields = "Host: x\r\nContent-Length: 0\r\n"
        self.assertEqual(self.ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")[0], 501)
        self.assertEqual(self.ask(f"POST / HTTP/1.1\r\n{fields}Expect: a-miracle\r\n\r\n")[0], 417)

    def test_anAnnouncedBodyTooLarge_is413_beforeItIsSent(self):
        status, _, body = self.ask(self.head("POST", "/fhir/Subscription", f"Content-Length: {MIB + 1}"))
        self.assertEqual(status, 413, body)
        status, _, body = self.ask(self.head("POST", "/fhir", f"Content-Length: {33 * MIB}"))
        self.assertEqual(status, 413, body)

    def test_aBundleMayBeLarger_thanAnythingElse(self):
        filler = "a" * (2 * MIB)
        answer = self.device.post("/fhir", json.dumps({"resourceType": "Bundle", "type": "batch", "x": filler}))
        self.assertNotEqual(answer.status_code, 413, answer.text[:300])

    def test_chunkedBodies_areRead(self):
        author = f"Yarrow-Author: {self.device.author}"
        body = compact(patient("chunked")).encode()
        opened = self.raw()
        opened.send(self.head("PUT", "/fhir/Patient/chunked", author, "Transfer-Encoding: chunked"))
        for byte in body:
            opened.send(b"1\r\n" + bytes([byte]) + b"\r\n")
        opened.send(b"0\r\n\r\n")
        self.assertEqual(opened.answer()[0], 201)

    def test_whoExpects100_getsIt_orTheRefusalInstead(self):
        body = compact(patient("expects")).encode()
        opened = self.raw()
        opened.send(self.head("PUT", "/fhir/Patient/expects", f"Yarrow-Author: {self.device.author}",
                              f"Content-Length: {len(body)}", "Expect: 100-continue"))
        self.assertEqual(opened.answer()[0], 100)
        opened.send(body)
        self.assertEqual(opened.answer()[0], 201)

        opened = self.raw()
        opened.send("PUT /fhir/Patient/p1 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
        self.assertEqual(opened.answer()[0], 401)

    def test_slowSenders_holdNoWorker(self):
        slow = [self.raw() for _ in range(40)]  # five times as many as there are workers
        for opened in slow:
            opened.send(self.head("POST", "/fhir", "Content-Length: 100000") + "{")
        started = time.monotonic()
        self.assertEqual(self.device.get("/fhir/Patient").status_code, 200)
        self.assertLess(time.monotonic() - started, 1)
        self.assertEqual([opened.answer()[0] for opened in slow], [408] * 40)

    def test_anIdleConnection_isClosed(self):
        opened = self.raw()
        opened.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(opened.answer()[0], 200)
        self.assertTrue(opened.closed())



class Rates(HttpTest):
    options = {"rate-api": 20, "rate-anonymous": 30, "rate-sign-in": 3, "rate-sync": 0}

    def test_anonymousRequests_areCounted_andProbesAreNot(self):
        server = self.add_server()
        codes = [self.ask("GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n", server)[0] for _ in range(40)]
        self.assertEqual(codes.count(429), 10)
        for _ in range(50):
            self.assert_serves(server)


class Proxied(HttpTest):
    options = {"trusted-proxy": "127.0.0.1,10.0.0.0/8"}

    def token_endpoint(self, *fields):
        """As the answer names it: the URL by which the caller reached us."""
        _, _, body = self.ask("\r\n".join(["GET /.well-known/smart-configuration HTTP/1.1", "Host: inner:80", *fields,
                                          "", ""]))
        return json.loads(body)["token_endpoint"]

    def test_aTrustedProxy_isBelieved(self):
        self.assertEqual(self.token_endpoint("X-Forwarded-Proto: http", "X-Forwarded-Host: clinic.example"),
                         "http://clinic.example/auth/token")
        self.assertEqual(self.token_endpoint(), "https://inner:80/auth/token")

    def test_aHostThatIsNone_is400(self):
        status, _, _ = self.ask("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: a b\r\n\r\n")
        self.assertEqual(status, 400)

    def test_metrics_areForThisMachineAlone(self):
        self.assertEqual(self.ask("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")[0], 403)

    def test_someoneElse_isNotBelieved(self):
        server = self.add_server(**{"trusted-proxy": "10.9.9.9"})
        opened = self.raw(server)
        opened.send("GET /.well-known/smart-configuration HTTP/1.1\r\nHost: inner\r\nX-Forwarded-Host: evil\r\n\r\n")
        self.assertEqual(json.loads(opened.answer()[2])["token_endpoint"], "https://inner/auth/token")


class Starting(HttpTest):
    def refusal(self):
        words = [str(program()), "serve", "--database", self.database.app_uri, "--key-file",
                 str(self.folder / "server.key"), "--listen", f"127.0.0.1:{free_port()}"]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=60, env=clean_environment())
        self.assertNotEqual(ended.returncode, 0, ended.stdout)
        return ended.stderr

    def test_aDatabaseOneStepAhead_isServed_andNoFurther(self):
        newest = int(self.database.value("SELECT max(version) FROM schema_migration"))
        add = "INSERT INTO schema_migration (version, name, sha256) VALUES ({}, 'later', 'x')"
        self.database.sql(add.format(newest + 1))
        self.addCleanup(self.database.sql, f"DELETE FROM schema_migration WHERE version > {newest}")
        self.add_server()
        refused = run("migrate", "--database-owner", self.database.owner_uri, check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("newer yarrow-server", refused.stderr)
        self.database.sql(add.format(newest + 2))
        self.assertIn("newer yarrow-server", self.refusal())
        answer = self.anonymous.get("/health/ready")
        self.assertEqual(answer.status_code, 503)
        self.assertEqual(answer.json()["checks"]["migrations"]["status"], "unavailable")

    def test_aMigrationThatChanged_isRefused(self):
        before = self.database.value("SELECT sha256 FROM schema_migration WHERE version = 1")
        change = "UPDATE schema_migration SET sha256 = '{}' WHERE version = 1"
        self.database.sql(change.format("other"))
        self.addCleanup(self.database.sql, change.format(before))
        refused = run("migrate", "--database-owner", self.database.owner_uri, check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("0001_foundation", refused.stderr)


class Stopping(HttpTest):
    def setUp(self):
        self.started = self.add_server(**{"drain-seconds": 20})
        self.lock = None

    def slow_request(self):
        """A request that waits for a lock this test holds; (its thread, where its answer will be)."""
        clinic = self.new_clinic()
        device = clinic.new_device().at(self.started.url)
        device.token()
        holder = subprocess.Popen(
            ["psql", "-X", "-q", self.database.cluster.uri(self.database.name, "postgres")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        holder.stdin.write("BEGIN; LOCK TABLE clinic IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n")
        holder.stdin.flush()
        while "locked" not in holder.stdout.readline():
            pass
        answers = []

        def save():
            try:
                answers.append(device.save(patient("slow")))
            except OSError:
                answers.append(None)  # the server ended before it answered
        thread = threading.Thread(target=save)
        thread.start()
        until = time.monotonic() + 20
        while self.database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "0":
            self.assertLess(time.monotonic(), until)
        return holder, thread, answers

    def test_whatRuns_isFinished_andNothingNewIsTaken(self):
        holder, thread, answers = self.slow_request()
        idle = self.raw(self.started)
        idle.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(idle.answer()[0], 200)
        self.started.process.send_signal(signal.SIGTERM)
        self.assertTrue(idle.closed())
        with self.assertRaises(OSError):
            Raw(self.started)
        self.assertTrue(self.started.running)
        holder.stdin.write("COMMIT;\n")
        holder.stdin.flush()
        thread.join(30)
        self.assertEqual([answer.status_code for answer in answers], [201])
        self.assertEqual(self.started.process.wait(timeout=30), 0)

    def test_aSecondSignal_endsItAtOnce(self):
        _, thread, answers = self.slow_request()
        self.started.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 10
        while "draining" not in self.started.log_text() and time.monotonic() < until:
            time.sleep(0.02)
        self.assertTrue(self.started.running)
        self.started.process.send_signal(signal.SIGTERM)
        self.assertNotEqual(self.started.process.wait(timeout=5), 0)
        thread.join(30)
        self.assertEqual(answers, [None])

    def test_aNewCertificate_isUsedAfterSighup(self):
        folder = pathlib.Path(self.folder) / "other"
        folder.mkdir(exist_ok=True)
        first = Certificate(folder)
        server = Server(self.database.app_uri, self.folder, first)
        self.addCleanup(server.kill)
        server.start()
        before = first.file.read_bytes()
        second = Certificate(folder)
        self.assertNotEqual(second.file.read_bytes(), before)
        server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 10
        while "certificate-reloaded" not in server.log_text():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        server.certificate = second
        self.assert_serves(server)


class Full(HttpTest):
    options = {"max-connections": 20}

    def test_connectionsBeyondTheLimit_areClosed_andRoomIsUsedAgain(self):
        count = 0
        with contextlib.ExitStack() as held, self.assertRaises(OSError):
            for _ in range(30):
                opened = held.enter_context(Raw(self.server))
                opened.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(opened.answer()[0], 200)
                count += 1
        self.assertGreaterEqual(count, 15)
        until = time.monotonic() + 10
        while True:
            try:
                self.assert_serves()
                break
            except OSError:
                self.assertLess(time.monotonic(), until)


if __name__ == "__main__":
    unittest.main()
