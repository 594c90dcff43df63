#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is let in: enrolment, client assertions, passwords, refresh, revocation; and every forged way around it."""

import base64
import json
import time
import unittest
import uuid

from support.case import ServerTest
from support.client import Device, Key, Person, base64url, compact, patient
from support.server import PASSWORD


def parts(token):
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


class Tokens(ServerTest):
    processes = 2

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def assert_no_token(self, answer, error, statuses=(400, 401)):
        self.assertIn(answer.status_code, statuses, answer.text)
        self.assertEqual(answer.json()["error"], error)
        self.assertNotIn("access_token", answer.text)

    def with_token(self, token, path="/fhir/Patient"):
        return self.anonymous.get(path, headers={"Authorization": f"Bearer {token}"})

    # ---- what is published --------------------------------------------------------------------------------------

    def test_the_smart_configuration_names_endpoints_and_methods(self):
        for path in ("/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"):
            said = self.assert_status(self.anonymous.get(path), 200)
            self.assertEqual(said["token_endpoint"], f"{self.server.url}/auth/token")
            self.assertIn("client_credentials", said["grant_types_supported"])
            self.assertIn("private_key_jwt", said["token_endpoint_auth_methods_supported"])
            self.assertIn("ES256", said["token_endpoint_auth_signing_alg_values_supported"])

    def test_tokens_are_signed_with_a_published_key_and_short_lived(self):
        answer = self.device.token_request()
        said = self.assert_status(answer, 200)
        self.assertEqual(said["token_type"].lower(), "bearer")
        self.assertEqual(said["expires_in"], 600)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        head, claims = parts(said["access_token"])
        self.assertEqual(head["alg"], "ES256")
        keys = self.assert_status(self.anonymous.get("/.well-known/jwks.json"), 200)["keys"]
        self.assertIn(head["kid"], [key["kid"] for key in keys])
        self.assertFalse([key for key in keys if "d" in key], "a private key is published")
        self.assertEqual(claims["exp"] - claims["iat"], 600)
        self.assertEqual(claims["tenant"], self.device.tenant)

    def test_a_token_of_one_process_holds_at_the_other(self):
        answer = self.device.at(self.servers[1].url).get("/fhir/Patient", headers=self.device.authorization())
        self.assert_status(answer, 200)

    # ---- enrolment ----------------------------------------------------------------------------------------------

    def test_a_code_lets_one_workstation_in(self):
        code = self.clinic.new_code()
        first, _ = self.clinic.enrol(code)
        self.assert_status(first, 201)
        again, _ = self.clinic.enrol(code)
        self.assertIn(again.status_code, (400, 401, 403, 409, 410), again.text)

    def test_the_first_code_comes_from_making_the_clinic(self):
        clinic = self.new_clinic()
        answer, key = clinic.enrol(clinic.first_code)
        self.assert_status(answer, 201)
        device = Device(self.server.url, self.certificate.file, answer.json()["clientId"], key)
        self.assert_status(device.get("/fhir/Patient"), 200)

    def test_wrong_codes_and_keys_are_refused(self):
        for code in ("", "AAAA-AAAA-AAAA", "x" * 1000, self.clinic.first_code[:-1]):
            answer, _ = self.clinic.enrol(code)
            self.assertIn(answer.status_code, (400, 401, 403, 404, 410, 422), answer.text)
        good = Key().jwk
        for jwk in ({}, {**good, "crv": "P-384"}, {**good, "x": "AAAA"}, {**good, "y": good["x"]},
                    {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "text", None):
            answer = self.anonymous.post("/api/v1/enrolments", {"code": self.clinic.new_code(), "name": "Odd",
                                                                "publicKey": jwk})
            self.assertIn(answer.status_code, (400, 422), f"{jwk} {answer.text}")

    # ---- client assertions --------------------------------------------------------------------------------------

    def test_an_assertion_is_redeemed_once_whichever_process_sees_it(self):
        assertion = self.device.assertion()
        self.assert_status(self.device.token_request(assertion), 200)
        self.assert_no_token(self.device.token_request(assertion), "invalid_client")
        other = self.device.at(self.servers[1].url)
        other_assertion = self.device.assertion(aud=f"{self.servers[1].url}/auth/token")
        self.assert_status(other.token_request(other_assertion), 200)
        self.assert_no_token(other.token_request(other_assertion), "invalid_client")

    def test_assertions_with_wrong_claims_are_refused(self):
        now = int(time.time())
        for claims in (dict(iss="somebody"), dict(sub="somebody"), dict(iss=None), dict(sub=None), dict(aud=None),
                       dict(aud="https://elsewhere.example/auth/token"), dict(exp=now - 120), dict(exp=now + 3600),
                       dict(exp=None), dict(exp="soon"), dict(jti=None), dict(jti=""), dict(nbf=now + 600),
                       dict(iss=f"{self.device.tenant}.{uuid.uuid4()}", sub=f"{self.device.tenant}.{uuid.uuid4()}"),
                       dict(iss=f"{uuid.uuid4()}.{self.device.id}", sub=f"{uuid.uuid4()}.{self.device.id}")):
            with self.subTest(claims=claims):
                self.assert_no_token(self.device.token_request(self.device.assertion(**claims)), "invalid_client")

    def test_forged_assertions_are_refused(self):
        claims = parts(self.device.assertion())[1]
        stranger = Key()
        forged = [stranger.sign(claims), stranger.sign(claims, kid=self.device.key.id)]
        for header in ({"alg": "none"}, {"alg": "None", "typ": "JWT"}, {"alg": "HS256"}, {"alg": "ES384"}, {},
                       {"alg": "ES256", "jwk": stranger.jwk}, {"alg": "ES256", "crit": ["x"], "x": 1}):
            unsigned = f"{base64url(compact(header).encode())}.{base64url(compact(claims).encode())}."
            forged += [unsigned, unsigned + "AAAA", self.device.key.sign(claims, **{**header, "alg": header.get("alg")})
                       if header.get("alg") not in ("ES256",) else unsigned]
        good = self.device.assertion()
        forged += ["", ".", "..", "a.b.c", good[:-4], good + "AAAA", good.replace(".", "..", 1), "x" * 20_000]
        for one in forged:
            with self.subTest(forged=one[:80]):
                answer = self.device.form("/auth/token", grant_type="client_credentials", client_assertion_type=(
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), client_assertion=one)
                self.assertIn(answer.status_code, (400, 401), answer.text)
                self.assertIn(answer.json()["error"], ("invalid_client", "invalid_request"))

    def test_other_grants_and_malformed_requests_are_refused(self):
        self.assert_no_token(self.anonymous.form("/auth/token", grant_type="authorization_code"),
                             "unsupported_grant_type")
        self.assert_no_token(self.anonymous.form("/auth/token"), "invalid_request")
        self.assert_no_token(self.anonymous.form("/auth/token", grant_type="client_credentials"), "invalid_request")
        self.assert_no_token(self.anonymous.form("/auth/token", grant_type="password", username="x"), "invalid_request")

    # ---- access tokens ------------------------------------------------------------------------------------------

    def test_forged_tokens_open_nothing(self):
        token = self.device.token()
        head, claims = parts(token)
        signature = token.rpartition(".")[2]
        key = Key()

        def put_together(header, body, end):
            return f"{base64url(compact(header).encode())}.{base64url(compact(body).encode())}.{end}"

        other = self.new_clinic().new_device()
        forged = [put_together({"alg": "none"}, claims, ""), put_together({**head, "alg": "none"}, claims, signature),
                  put_together(head, {**claims, "tenant": other.tenant}, signature),
                  put_together(head, {**claims, "exp": claims["exp"] + 3600}, signature),
                  key.sign(claims, kid=head["kid"]), key.sign({**claims, "tenant": other.tenant}),
                  self.device.key.sign(claims, kid=head["kid"]), self.device.assertion(),
                  token[:-2], token + "A", token.replace(".", ""), "", "null", "x" * 10_000]
        for one in forged:
            with self.subTest(forged=one[:60]):
                answer = self.with_token(one)
                self.assertEqual(answer.status_code, 401, answer.text)
        for scheme in ("Basic", "bearer token", "Digest"):
            answer = self.anonymous.get("/fhir/Patient", headers={"Authorization": f"{scheme} {token}"})
            self.assertEqual(answer.status_code, 401)
        self.assertEqual(self.with_token(token).status_code, 200)
        self.assertEqual(self.anonymous.get(f"/fhir/Patient?access_token={token}").status_code, 401)

    # ---- people -------------------------------------------------------------------------------------------------

    def test_a_password_opens_and_a_refresh_token_rotates(self):
        user = f"{self.clinic.slug}"
        first = self.anonymous.form("/auth/token", grant_type="password", username=f"admin@{user}", password=PASSWORD)
        said = self.assert_status(first, 200)
        self.assertEqual(self.with_token(said["access_token"]).status_code, 200)
        second = self.anonymous.form("/auth/token", grant_type="refresh_token", refresh_token=said["refresh_token"])
        renewed = self.assert_status(second, 200)
        self.assertNotEqual(renewed["refresh_token"], said["refresh_token"])
        # Used again, it was stolen: the whole family ends.
        again = self.anonymous.form("/auth/token", grant_type="refresh_token", refresh_token=said["refresh_token"])
        self.assert_no_token(again, "invalid_grant")
        last = self.anonymous.form("/auth/token", grant_type="refresh_token", refresh_token=renewed["refresh_token"])
        self.assert_no_token(last, "invalid_grant")

    def test_wrong_passwords_unknown_people_and_clinics_are_answered_alike(self):
        clinic = self.new_clinic()
        texts = set()
        for name, password in ((f"admin@{clinic.slug}", "wrong wrong wrong"), (f"nobody@{clinic.slug}", PASSWORD),
                               ("admin@nowhere", PASSWORD), ("admin", PASSWORD), ("", "")):
            answer = Person(self.servers[0].url, self.certificate.file, name, password).token_request()
            self.assertIn(answer.status_code, (400, 401), answer.text)
            if name.startswith(("admin@", "nobody@")):
                texts.add((answer.status_code, answer.json()["error"], answer.json().get("error_description")))
        self.assertEqual(len(texts), 1, texts)

    # ---- revocation ---------------------------------------------------------------------------------------------

    def test_a_revoked_device_is_out_at_once_at_every_process(self):
        device = self.clinic.new_device()
        other = device.at(self.servers[1].url)
        for one in (device, other):
            self.assert_status(one.get("/fhir/Patient"), 200)
        answer = self.clinic.person().delete(f"/api/v1/devices/{device.id}")
        self.assertIn(answer.status_code, (200, 204), answer.text)
        for one in (device, other):
            self.assert_status(one.get("/fhir/Patient"), 403, "device-revoked")
            self.assert_status(one.save(patient("late"), if_none_match="*"), 403, "device-revoked")
            self.assert_no_token(one.token_request(), "invalid_client", statuses=(403,))

    def test_a_suspended_clinic_is_closed(self):
        clinic = self.new_clinic()
        device = clinic.new_device()
        self.assert_status(device.get("/fhir/Patient"), 200)
        self.database.sql(f"UPDATE tenant SET suspended = true WHERE tenant_id = '{device.tenant}'")
        self.assert_status(device.get("/fhir/Patient"), 403, "clinic-suspended")


if __name__ == "__main__":
    unittest.main()
