#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection itself: limits on headers, bodies and time, compression, requests in a row, errors, health, figures."""

import gzip
import itertools
import json
import re
import socket
import ssl
import time
import unittest
import warnings

from support.case import ServerTest
from support.client import error_code, patient
from support.raw import Raw

HEAD = "Host: localhost\r\n"


class Http(ServerTest):
    # Short times, so that the tests of slow senders are not slow.
    options = {"header-timeout": 2, "body-timeout": 3, "stall-timeout": 2}

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def assert_alive(self):
        self.assert_status(self.anonymous.get("/health/live"), 200)

    def authorization(self):
        return "".join(f"{name}: {value}\r\n" for name, value in self.device.authorization().items())

    # ---- the wire -----------------------------------------------------------------------------------------------

    def test_requests_follow_each_other_on_one_connection(self):
        with Raw(self.server) as raw:
            for _ in range(3):
                raw.send(f"GET /health/live HTTP/1.1\r\n{HEAD}\r\n")
                self.assertEqual(raw.answer()[0], 200)
            raw.send(f"GET /health/live HTTP/1.1\r\n{HEAD}\r\nGET /health/live HTTP/1.1\r\n{HEAD}\r\n")
            self.assertEqual([raw.answer()[0], raw.answer()[0]], [200, 200])
            raw.send(f"GET /health/live HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n")
            self.assertEqual(raw.answer()[0], 200)
            self.assertTrue(raw.closed())

    def test_garbage_is_answered_400_or_closed(self):
        for garbage in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"hello\r\n\r\n",
                        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /fhir HTTP/1.1\r\nHost: x\r\n"
                        b"Content-Length: -1\r\n\r\n", b"POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                        b"Content-Length: 6\r\n\r\nhello", b"POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            with Raw(self.server) as raw:
                raw.send(garbage)
                answer = raw.answer()
                if answer:
                    self.assertIn(answer[0], (400, 401, 404, 405, 505), garbage)
        self.assert_alive()

    def test_huge_headers_are_431(self):
        with Raw(self.server) as raw:
            raw.send(f"GET /health/live HTTP/1.1\r\n{HEAD}X: {'y' * 60_000}\r\n\r\n")
            answer = raw.answer()
            self.assertTrue(answer is None or answer[0] == 431, answer)
        self.assert_alive()

    def test_a_declared_body_beyond_the_limit_is_413_before_it_is_sent(self):
        with Raw(self.server) as raw:
            raw.send(f"POST /fhir HTTP/1.1\r\n{HEAD}{self.authorization()}Content-Type: application/fhir+json\r\n"
                     "Content-Length: 99999999999\r\n\r\n{")
            status, _, body = raw.answer()
            self.assertEqual(status, 413)
            self.assertEqual(json.loads(body)["resourceType"], "OperationOutcome")

    def test_a_packed_body_is_measured_unpacked(self):
        bomb = gzip.compress(b" " * 200_000_000)
        answer = self.device.request("POST", "/fhir", bomb, headers={"Content-Encoding": "gzip"})
        self.assert_status(answer, 413)
        self.assert_alive()

    def test_a_chunked_body_is_measured_as_it_comes(self):
        with Raw(self.server) as raw:
            raw.send(f"POST /api/v1/accounts HTTP/1.1\r\n{HEAD}{self.authorization()}Content-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n")
            try:
                for _ in range(300):
                    raw.send(b"10000\r\n" + b" " * 65536 + b"\r\n")
            except (ConnectionError, ssl.SSLError, socket.timeout):
                pass
            answer = raw.answer()
            self.assertTrue(answer is None or answer[0] == 413, answer)
        self.assert_alive()

    def test_slow_senders_are_cut_off(self):
        for beginning in ("GET /health/live HTTP/1.1\r\nHost: loc",
                          f"POST /fhir HTTP/1.1\r\n{HEAD}{self.authorization()}Content-Type: application/fhir+json\r\n"
                          "Content-Length: 100000\r\n\r\n"):
            with Raw(self.server) as raw:
                raw.send(beginning)
                begun = time.monotonic()
                try:
                    while time.monotonic() < begun + 30:
                        raw.send("x")
                        raw.socket.settimeout(0.2)  # a byte now and then
                        try:
                            if not raw.socket.recv(65536):
                                break
                        except (socket.timeout, TimeoutError):
                            continue
                except (ConnectionError, ssl.SSLError):
                    pass
                self.assertLess(time.monotonic() - begun, 20, beginning)
        self.assert_alive()

    def test_plain_http_on_the_tls_port_gets_nowhere(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as plain:
            plain.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                self.assertNotIn(b"200", plain.recv(4096))
            except ConnectionError:
                pass
        self.assert_alive()

    def test_old_tls_is_refused(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as plain:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain).close()

    # ---- bodies -------------------------------------------------------------------------------------------------

    def test_bodies_are_packed_both_ways(self):
        made = patient("packed", name=[{"family": "Wiederholung" * 400}])
        body = gzip.compress(json.dumps(made).encode())
        answer = self.device.put("/fhir/Patient/packed", body,
                                 headers=self.device.write_headers(headers={"Content-Encoding": "gzip"}))
        self.assert_status(answer, 201)
        answer = self.device.read("Patient/packed", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        self.assertEqual(answer.json()["name"], made["name"])
        self.assertLess(int(answer.headers["Content-Length"]), 2000)
        answer = self.device.read("Patient/packed", headers={"Accept-Encoding": "identity"})
        self.assertNotIn("Content-Encoding", answer.headers)

    def test_unknown_or_broken_packing_is_refused(self):
        for coding, body, statuses in (("br", b"{}", (415,)), ("gzip", b"{}", (400,)),
                                       ("gzip", gzip.compress(b"{}" * 100)[:-9], (400,)),
                                       ("gzip, gzip", gzip.compress(gzip.compress(b"{}")), (400, 415))):
            answer = self.device.request("POST", "/fhir", body, headers={"Content-Encoding": coding})
            self.assertIn(answer.status_code, statuses, (coding, answer.text))

    # ---- answers ------------------------------------------------------------------------------------------------

    def test_every_answer_has_a_request_id_and_forbids_sniffing(self):
        for answer in (self.anonymous.get("/health"), self.anonymous.get("/nowhere"), self.device.get("/fhir/Patient")):
            self.assertTrue(answer.headers["X-Request-Id"])
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", self.device.get("/fhir/Patient").headers["Cache-Control"])

    def test_errors_are_outcomes_under_fhir_and_problems_elsewhere(self):
        fhir = self.device.get("/fhir/Patient/none")
        self.assertTrue(fhir.headers["Content-Type"].startswith("application/fhir+json"))
        self.assertEqual(error_code(fhir.json()), "not-found")
        other = self.anonymous.get("/nowhere")
        self.assertTrue(other.headers["Content-Type"].startswith("application/problem+json"))
        said = self.assert_status(other, 404, "no-such-path")
        self.assertEqual((said["status"], said["requestId"]), (404, other.headers["X-Request-Id"]))
        self.assertTrue({"type", "title", "detail"} & set(said))

    def test_a_path_that_needs_a_token_says_so_before_anything_else(self):
        for path in ("/fhir/Patient", "/fhir", "/fhir/Patient/1", "/fhir/_history", "/api/v1/accounts"):
            answer = self.anonymous.get(path) if path != "/fhir" else self.anonymous.post(path, "{")
            self.assert_status(answer, 401, "token-missing")
            self.assertIn("Bearer", answer.headers["WWW-Authenticate"])

    def test_no_error_tells_of_sql_or_source(self):
        for path in ("/fhir/Patient?name=%27%3B%20DROP%20TABLE%20resource", "/fhir/Patient?_id=%00", "/fhir/%ff",
                     "/fhir/Patient/%2e%2e%2f", "/fhir/Patient?_count=99999999999999999999",
                     "/fhir/_history?_since=%27", "/api/v1/accounts/%27"):
            answer = self.device.get(path)
            self.assertLess(answer.status_code, 500, path)
            self.assertNotRegex(answer.text, r"(?i)select |syntax error|\.cpp|pqxx|stack")

    # ---- health and figures -------------------------------------------------------------------------------------

    def test_health_names_its_checks(self):
        said = self.assert_status(self.anonymous.get("/health"), 200)
        self.assertEqual(said["status"], "ok")
        for check in ("database", "migrations", "disk"):
            self.assertEqual(said["checks"][check]["status"], "ok")
        self.assert_status(self.anonymous.get("/health/live"), 200)
        self.assert_status(self.anonymous.get("/health/ready"), 200)

    def test_metrics_are_prometheus_text_and_count(self):
        def counted():
            text = self.anonymous.get("/metrics").text
            return sum(float(value) for value in re.findall(r"^yarrow_http_requests_total\{.*\} (\S+)$", text, re.M))

        before = counted()
        for _ in range(3):
            self.device.get("/fhir/Patient")
        self.assertGreaterEqual(counted() - before, 3)
        text = self.anonymous.get("/metrics").text
        self.assertNotIn(self.device.id, text)
        self.assertIn("# TYPE", text)

    def test_the_log_is_json_lines_with_request_ids_and_no_patient_data(self):
        answer = self.device.get("/fhir/Patient?name=Geheimtal")
        self.device.save(patient("Geheimtal", name=[{"family": "Geheimtal"}]), if_match="nonsense.1")
        lines = [json.loads(line) for line in self.server.log_text().splitlines()]
        self.assertTrue(any(answer.headers["X-Request-Id"] in line.values() for line in lines))
        self.assertNotIn("name=", self.server.log_text())
        token = self.device.token()
        self.assertNotIn(token, self.server.log_text())


class Rates(ServerTest):
    options = {"rate-api": 30, "rate-sync": 60, "rate-anonymous": 25, "rate-sign-in": 5}

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()

    def until_refused(self, ask, most):
        for count in range(most):
            answer = ask()
            if answer.status_code == 429:
                return count, answer
        self.fail(f"{most} requests in a row were let through")

    def test_a_device_is_slowed_down_told_for_how_long_and_others_are_not(self):
        device, other = self.clinic.new_device(), self.clinic.new_device()
        for path, limit in (("/api/v1/tenant", 30), ("/fhir/Patient?_count=1", 60)):  # sync has its own
            count, answer = self.until_refused(lambda path=path: device.get(path), 300)
            self.assertGreaterEqual(count, limit - 5)
            self.assert_status(answer, 429, "too-many-requests")
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
            self.assertEqual(answer.headers["RateLimit-Remaining"], "0")
            self.assertEqual(answer.headers["RateLimit-Limit"].split(",")[0], str(limit))
            self.assert_status(other.get(path), 200)

    def test_guesses_of_an_address_are_slowed_down_and_good_sign_ins_do_not_count(self):
        device = self.clinic.new_device()
        for _ in range(10):
            self.assert_status(device.token_request(), 200)
        names = (f"somebody{i}@{self.clinic.slug}" for i in itertools.count())
        count, answer = self.until_refused(lambda: self.anonymous.form(
            "/auth/token", grant_type="password", username=next(names), password="wrong wrong wrong"), 20)
        self.assertLessEqual(count, 8)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)


if __name__ == "__main__":
    unittest.main()
