#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: who gets one, who is refused, and how soon a right ends."""

import base64
import concurrent.futures
import hashlib
import hmac
import json
import time
import unittest
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from support.case import ServerTest
from support.client import Device, Key, Person, base64url, compact
from support.server import PASSWORD, run

TENANT = "/api/v1/tenant"
UNLIMITED = {"rate-sign-in": 0, "job-threads": 0}


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(token):
    return json.loads(unbase64url(token.split(".")[1]))


def header_of(token):
    return json.loads(unbase64url(token.split(".")[0]))


def joined(header, claims, signature=b""):
    return ".".join(base64url(part) for part in (compact(header).encode(), compact(claims).encode(), signature))


class AuthTest(ServerTest):
    options = UNLIMITED

    def assert_oauth(self, answer, status, error, code):
        said = self.assert_status(answer, status, code)
        self.assertEqual(said["error"], error)
        self.assertTrue(said["error_description"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        return said

    def bearer(self, token, path=TENANT):
        return self.anonymous.get(path, headers={"Authorization": f"Bearer {token}"})

    def password_grant(self, username, password=PASSWORD):
        return self.anonymous.form("/auth/token", grant_type="password", username=username, password=password)

    def refresh(self, token):
        return self.anonymous.form("/auth/token", grant_type="refresh_token", refresh_token=token)


class AssertionTest(AuthTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.desk = cls.clinic.new_device()

    def assert_refused(self, assertion, code="assertion-invalid"):
        self.assert_oauth(self.desk.token_request(assertion), 401, "invalid_client", code)

    def test_a_signed_assertion_gives_a_short_token(self):
        answer = self.desk.token_request()
        said = self.assert_status(answer, 200)
        self.assertEqual(said["token_type"], "Bearer")
        self.assertEqual(said["expires_in"], 600)
        self.assertEqual(said["scope"], "system/*.cruds")
        self.assertNotIn("refresh_token", said)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        claims = claims_of(said["access_token"])
        self.assertEqual(claims["sub"], self.desk.id)
        self.assertEqual(claims["tenant"], self.desk.tenant)
        self.assertEqual(claims["exp"] - claims["iat"], 600)
        self.assert_status(self.bearer(said["access_token"]), 200)

    def test_other_algorithms_are_refused(self):
        claims = claims_of(self.desk.assertion())
        self.assert_refused(joined({"alg": "none"}, claims))
        self.assert_refused(joined({"alg": "none", "kid": self.desk.key.id}, claims))
        for algorithm in ("none", "HS256", "ES384", "RS256", "es256"):
            self.assert_refused(self.desk.key.sign({**claims, "jti": str(uuid.uuid4())}, alg=algorithm))

    def test_a_public_key_is_no_hmac_secret(self):
        numbers = self.desk.key._key.public_key()
        pem = numbers.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        der = numbers.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        for secret in (pem, der, compact(self.desk.key.jwk).encode()):
            text = joined({"alg": "HS256", "typ": "JWT", "kid": self.desk.key.id},
                          claims_of(self.desk.assertion())).rpartition(".")[0]
            mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
            self.assert_refused(f"{text}.{base64url(mac)}")

    def test_a_p384_key_is_refused(self):
        key = ec.generate_private_key(ec.SECP384R1())
        text = joined({"alg": "ES384"}, claims_of(self.desk.assertion())).rpartition(".")[0]
        r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA384())))
        self.assert_refused(f"{text}.{base64url(r.to_bytes(48, 'big') + s.to_bytes(48, 'big'))}")

    def test_another_key_or_key_id_is_refused(self):
        claims = claims_of(self.desk.assertion())
        self.assert_refused(Key().sign(claims, kid=self.desk.key.id))
        self.assert_refused(self.desk.key.sign(claims, kid="another"))
        self.assert_status(self.desk.token_request(self.desk.key.sign(claims, kid=None)), 200)

    def test_a_changed_payload_is_refused(self):
        header, _, signature = self.desk.assertion().split(".")
        payload = base64url(compact({**claims_of(self.desk.assertion()), "exp": int(time.time()) + 200}).encode())
        self.assert_refused(f"{header}.{payload}.{signature}")

    def test_times_are_checked(self):
        now = int(time.time())
        self.assert_refused(self.desk.assertion(exp=now - 60), "assertion-expired")
        self.assert_refused(self.desk.assertion(exp=now + 3600))
        self.assert_refused(self.desk.assertion(exp=None))
        self.assert_refused(self.desk.assertion(exp=str(now + 60)))
        self.assert_refused(self.desk.assertion(nbf=now + 240))
        self.assert_refused(self.desk.assertion(nbf="soon"))
        self.assert_refused(self.desk.assertion(iat=now + 240))
        self.assert_status(self.desk.token_request(self.desk.assertion(nbf=now - 5, iat=None)), 200)

    def test_names_are_checked(self):
        other = self.new_clinic().new_device()
        for claims in ({"aud": "https://another.example/auth/token"}, {"aud": None}, {"aud": self.server.url},
                       {"iss": other.client_id}, {"sub": other.client_id}, {"iss": None}, {"sub": "x"},
                       {"iss": other.client_id, "sub": other.client_id},
                       {"iss": f"{other.tenant}.{self.desk.id}", "sub": f"{other.tenant}.{self.desk.id}"},
                       {"jti": None}, {"jti": ""}, {"jti": "x" * 300}):
            with self.subTest(claims=claims):
                self.assert_refused(self.desk.assertion(**claims))
        self.assert_status(self.desk.token_request(self.desk.assertion(
            aud=["https://another.example", f"{self.server.url}/auth/token"])), 200)

    def test_an_assertion_is_redeemed_once(self):
        assertion = self.desk.assertion()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.desk.at(self.server.url).token_request(assertion), range(8)))
        self.assertEqual(sorted(a.status_code for a in answers), [200] + [401] * 7)
        self.assert_refused(assertion, "assertion-used")
        # Another device may happen on the same jti.
        other = self.clinic.new_device()
        self.assert_status(other.token_request(other.assertion(jti=claims_of(assertion)["jti"])), 200)

    def test_malformed_requests_are_invalid_requests(self):
        post = self.anonymous.session.post
        url = f"{self.server.url}/auth/token"
        good = {"grant_type": "client_credentials", "client_assertion": self.desk.assertion(),
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
        for fields in ({}, {"grant_type": ""}, {**good, "client_assertion": ""}, {**good, "client_assertion_type": "x"},
                       {"grant_type": "password", "username": "x"}, {"grant_type": "password", "password": "x"},
                       {"grant_type": "refresh_token"}, [*good.items(), ("grant_type", "client_credentials")]):
            with self.subTest(fields=fields):
                self.assert_oauth(post(url, data=fields), 400, "invalid_request", "bad-request")
        self.assert_oauth(post(url, json=good), 400, "invalid_request", "bad-request")
        self.assert_oauth(post(url, data={"grant_type": "authorization_code"}), 400, "unsupported_grant_type",
                          "grant-type-unsupported")
        self.assert_status(self.anonymous.get("/auth/token"), 405)


class PasswordTest(AuthTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        for user in ("doctor", "nurse", "receptionist", "billing"):
            cls.clinic.add_account(user, user, PASSWORD)

    def assert_failed(self, answer):
        self.assert_oauth(answer, 401, "invalid_grant", "sign-in-failed")

    def test_the_password_gives_tokens(self):
        said = self.assert_status(self.password_grant(f"admin@{self.clinic.slug}"), 200)
        self.assertEqual(said["scope"], "user/*.cruds")
        self.assertEqual(claims_of(said["access_token"])["kind"], "person")
        self.assert_status(self.bearer(said["access_token"]), 200)
        self.assert_status(self.password_grant(f"ADMIN@{self.clinic.slug.upper()}"), 200)

    def test_whatever_is_wrong_the_answer_is_the_same(self):
        slug = self.clinic.slug
        answers = [self.password_grant(*wrong) for wrong in (
            (f"nurse@{slug}", "not the password"), (f"nobody@{slug}", PASSWORD), ("nurse@nowhere", PASSWORD),
            ("nurse", PASSWORD), (f"@{slug}", PASSWORD), ("nurse@", PASSWORD), (f"nurse@{slug}", PASSWORD + " "),
            (f"nurse@{slug}", "x" * 5000))]
        for answer in answers:
            self.assert_failed(answer)
        bodies = [{**answer.json(), "requestId": ""} for answer in answers]
        self.assertTrue(all(body == bodies[0] for body in bodies))

    def test_an_unknown_user_costs_as_much_as_a_wrong_password(self):
        def fastest(username):
            times = []
            for _ in range(3):
                start = time.monotonic()
                self.assert_failed(self.password_grant(username, "not the password"))
                times.append(time.monotonic() - start)
            return min(times)

        known = fastest(f"billing@{self.clinic.slug}")
        for unknown in (f"nobody{uuid.uuid4()}@{self.clinic.slug}", "nobody@nowhere"):
            self.assertGreater(fastest(unknown), known * 0.5)

    def test_guessing_is_slowed_down_per_account(self):
        username = f"receptionist@{self.clinic.slug}"
        for _ in range(5):
            self.assert_failed(self.password_grant(username, "guess"))
        # The fifth failure starts a wait of a second; a try that hits it just when it ends doubles it.
        for _ in range(6):
            answer = self.password_grant(username.upper(), "guess")
            if answer.status_code == 429:
                break
        self.assert_oauth(answer, 429, "slow_down", "sign-in-throttled")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assert_status(self.password_grant(f"admin@{self.clinic.slug}"), 200)
        self.database.sql("UPDATE sign_in_failure SET last_at = last_at - interval '1 hour'")
        self.assert_status(self.password_grant(username), 200)
        for _ in range(5):
            self.assert_failed(self.password_grant(username, "guess"))

    def test_too_many_at_once_are_told_to_come_back(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.password_grant(f"admin@{self.clinic.slug}"), range(8)))
        self.assertEqual({a.status_code for a in answers}, {200, 503})
        for answer in answers:
            if answer.status_code == 503:
                self.assert_oauth(answer, 503, "temporarily_unavailable", "sign-in-busy")
                self.assertEqual(answer.headers["Retry-After"], "1")

    def test_a_refresh_token_is_good_once(self):
        first = self.assert_status(self.password_grant(f"doctor@{self.clinic.slug}"), 200)["refresh_token"]
        second = self.assert_status(self.refresh(first), 200)["refresh_token"]
        third = self.assert_status(self.refresh(second), 200)
        self.assertNotEqual(first, second)
        # The one that was stolen shows up: everything of that sign-in ends.
        self.assert_oauth(self.refresh(first), 400, "invalid_grant", "refresh-token-reused")
        self.assert_oauth(self.refresh(third["refresh_token"]), 400, "invalid_grant", "refresh-token-invalid")
        entries = self.clinic.person().get("/api/v1/audit/entries?incarnation=server&count=500").json()["entries"]
        told = [(e["account"], e["outcome"], e["category"]) for e in entries if e["action"] == "refresh-token-reused"]
        self.assertEqual(told, [(self.clinic.account("doctor"), "8", "authentication")])
        self.assert_status(self.password_grant(f"doctor@{self.clinic.slug}"), 200)

    def test_no_sign_in_survives_a_change_that_overtakes_it(self):
        for change, status, error, code in (
                ("verifier_version = verifier_version + 1", 401, "invalid_grant", "sign-in-failed"),
                ("active = false", 403, "unauthorized_client", "account-disabled")):
            with self.subTest(change=change):
                user = f"overtaken-{status}"
                account = self.clinic.add_account(user, "nurse", PASSWORD)
                holding = f"UPDATE account SET {change} WHERE account_id = '{account}'"
                answer = self.while_waiting(holding, lambda: self.password_grant(f"{user}@{self.clinic.slug}"))
                self.assert_oauth(answer, status, error, code)
                left = self.database.value(f"SELECT count(*) FROM refresh_token WHERE account_id = '{account}'")
                self.assertEqual(left, "0")

    def test_no_refresh_survives_a_change_that_overtakes_it(self):
        account = self.clinic.add_account("renewing", "nurse", PASSWORD)
        token = self.assert_status(self.password_grant(f"renewing@{self.clinic.slug}"), 200)["refresh_token"]
        answer = self.while_waiting(f"UPDATE account SET active = false WHERE account_id = '{account}'",
                                    lambda: self.refresh(token))
        self.assert_oauth(answer, 403, "unauthorized_client", "account-disabled")

    def test_of_two_who_refresh_at_once_one_wins_at_most(self):
        token = self.assert_status(self.password_grant(f"doctor@{self.clinic.slug}"), 200)["refresh_token"]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: self.refresh(token), range(6)))
        won = [a for a in answers if a.status_code == 200]
        self.assertEqual(len(won), 1)
        self.assertEqual(self.refresh(won[0].json()["refresh_token"]).status_code, 400)

    def test_what_is_no_refresh_token_is_refused(self):
        token = self.assert_status(self.password_grant(f"doctor@{self.clinic.slug}"), 200)["refresh_token"]
        other = self.new_clinic()
        tenant = self.database.value(f"SELECT tenant_id FROM tenant WHERE slug = '{other.slug}'")
        for wrong in ("x", ".", token[:-1], token + "x", tenant + token[36:], token[36:], "a" * 5000):
            self.assert_oauth(self.refresh(wrong), 400, "invalid_grant", "refresh-token-invalid")
        self.database.sql("UPDATE refresh_token SET expires_at = now() - interval '1 second'")
        self.assert_oauth(self.refresh(token), 400, "invalid_grant", "refresh-token-invalid")

    def test_no_secret_lies_in_the_database_in_clear(self):
        said = self.assert_status(self.password_grant(f"admin@{self.clinic.slug}"), 200)
        dump = self.database.dump()
        for secret in (PASSWORD, said["refresh_token"], said["access_token"], self.clinic.first_code,
                       self.clinic.first_code.replace("-", "")):
            self.assertNotIn(secret, dump)
        self.assertTrue(self.database.value("SELECT min(private_key) FROM signing_key").startswith("local:v1:"))


class AccessTokenTest(AuthTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.desk = cls.clinic.new_device()

    def signing_key(self):
        """The server's own private key, as only who has both the database and the key file can read it."""
        self.desk.token()
        (kid, wrapped), = self.database.sql("SELECT kid, private_key FROM signing_key ORDER BY created_at DESC LIMIT 1")
        sealed = base64.b64decode(wrapped.removeprefix("local:v1:"))
        der = AESGCM((self.folder / "server.key").read_bytes()).decrypt(sealed[:12], sealed[12:],
                                                                       b"yarrow-key:1::signing-key")
        key = Key()
        key._key = serialization.load_der_private_key(der, None)
        key.id = kid
        return key

    def assert_invalid(self, token, code="token-invalid"):
        answer = self.bearer(token)
        self.assert_status(answer, 401, code)
        self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"])

    def test_without_a_token_nothing_is_told_but_how(self):
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}):
            answer = self.anonymous.get(TENANT, headers=headers)
            self.assert_status(answer, 401)
            self.assertTrue(answer.headers["WWW-Authenticate"].startswith("Bearer"))
        self.assert_status(self.anonymous.get(f"{TENANT}?access_token={self.desk.token()}"), 401, "token-missing")

    def test_forged_tokens_are_refused(self):
        token = self.desk.token()
        key = self.signing_key()
        claims = claims_of(token)
        self.assert_status(self.bearer(key.sign(claims)), 200)
        self.assert_invalid("x")
        self.assert_invalid(token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB"))
        self.assert_invalid(joined({"alg": "none", "kid": key.id}, claims))
        self.assert_invalid(Key().sign(claims, kid=key.id))
        self.assert_invalid(Key().sign(claims))
        self.assert_invalid(self.desk.key.sign(claims))
        self.assert_invalid(self.desk.assertion())
        self.assert_invalid(key.sign(claims, kid=None))
        self.assert_invalid(key.sign(claims, alg="HS256"))
        other = self.new_clinic()
        tenant = self.database.value(f"SELECT tenant_id FROM tenant WHERE slug = '{other.slug}'")
        for wrong in ({"tenant": tenant}, {"tenant": "x"}, {"tenant": None}, {"iss": "x"}, {"aud": "x"}, {"kind": "god"},
                      {"kind": "person"}, {"sub": "nobody"}, {"exp": None}, {"exp": "9999999999"}):
            with self.subTest(wrong=wrong):
                self.assert_invalid(key.sign({name: value for name, value in {**claims, **wrong}.items()
                                              if value is not None}))

    def test_an_expired_token_says_so(self):
        claims = claims_of(self.desk.token())
        self.assert_invalid(self.signing_key().sign({**claims, "exp": int(time.time()) - 1}), "token-expired")

    def test_the_published_keys_verify_our_tokens(self):
        token = self.desk.token()
        answer = self.anonymous.get("/.well-known/jwks.json")
        keys = {key["kid"]: key for key in self.assert_status(answer, 200)["keys"]}
        jwk = keys[header_of(token)["kid"]]
        self.assertEqual((jwk["alg"], jwk["use"], "d" in jwk), ("ES256", "sig", False))
        public = ec.EllipticCurvePublicNumbers(int.from_bytes(unbase64url(jwk["x"]), "big"),
                                               int.from_bytes(unbase64url(jwk["y"]), "big"), ec.SECP256R1()).public_key()
        text, _, signature = token.rpartition(".")
        raw = unbase64url(signature)
        public.verify(encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
                      text.encode(), ec.ECDSA(hashes.SHA256()))

    def test_smart_configuration_names_what_there_is(self):
        for path in ("/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"):
            said = self.assert_status(self.anonymous.get(path), 200)
            self.assertEqual(said["token_endpoint"], f"{self.server.url}/auth/token")
            self.assertEqual(said["token_endpoint_auth_signing_alg_values_supported"], ["ES256"])
            self.assert_status(self.anonymous.get(said["jwks_uri"]), 200)

    def test_a_revoked_device_is_out_at_once(self):
        for wipe, state in (("false", "revoked"), ("true", "wipe")):
            device = self.clinic.new_device()
            self.assert_status(device.get(TENANT), 200)
            self.assert_status(self.clinic.person().delete(f"/api/v1/devices/{device.id}?wipe={wipe}"), 200)
            refused = device.get(TENANT)
            self.assert_status(refused, 403, "device-revoked")
            self.assertEqual(refused.headers["Yarrow-Device-State"], state)
            answer = device.token_request()
            self.assert_oauth(answer, 403, "invalid_client", "device-revoked")
            self.assertEqual(answer.headers["Yarrow-Device-State"], state)

    def test_a_devices_areas_change_at_once(self):
        device = self.clinic.new_device("clinic")
        self.assertEqual(device.get(TENANT).json()["scopeId"], "all")
        self.assert_status(self.clinic.person().request("PATCH", f"/api/v1/devices/{device.id}", {"areas": "front-desk"}),
                           200)
        self.assertEqual(device.get(TENANT).json()["scopeId"], "appointments+directory+patient-identity+payments")

    def test_a_disabled_account_is_out_at_once(self):
        account = self.clinic.add_account("leaver", "doctor", PASSWORD)
        said = self.assert_status(self.password_grant(f"leaver@{self.clinic.slug}"), 200)
        put = {"user": "leaver", "role": "doctor", "active": False}
        self.assert_status(self.clinic.person().put(f"/api/v1/accounts/{account}", put), 200)
        self.assert_status(self.bearer(said["access_token"]), 403, "account-disabled")
        self.assert_oauth(self.refresh(said["refresh_token"]), 400, "invalid_grant", "refresh-token-invalid")
        self.assert_oauth(self.password_grant(f"leaver@{self.clinic.slug}"), 403, "unauthorized_client",
                          "account-disabled")
        self.assert_oauth(self.password_grant(f"leaver@{self.clinic.slug}", "wrong"), 401, "invalid_grant",
                          "sign-in-failed")

    def test_a_suspended_clinic_is_out_at_once(self):
        clinic = self.new_clinic()
        device, person = clinic.new_device(), clinic.person()
        code = clinic.new_code()
        self.assert_status(device.get(TENANT), 200)
        self.database.sql(f"UPDATE tenant SET suspended = true WHERE slug = '{clinic.slug}'")
        for caller in (device, person):
            self.assert_status(caller.get(TENANT), 403, "clinic-suspended")
        self.assert_oauth(device.token_request(), 403, "unauthorized_client", "clinic-suspended")
        self.assert_oauth(self.refresh(person.refresh_token), 403, "unauthorized_client", "clinic-suspended")
        self.assert_oauth(self.password_grant(f"admin@{clinic.slug}"), 403, "unauthorized_client", "clinic-suspended")
        self.assert_status(clinic.enrol(code)[0], 403, "clinic-suspended")


class KeyRotationTest(AuthTest):
    def test_a_new_key_signs_after_90_days_and_the_old_one_still_verifies(self):
        clinic = self.new_clinic()
        desk = clinic.new_device()
        old = desk.token()
        self.database.sql("UPDATE signing_key SET created_at = created_at - interval '90 days 1 minute'")
        other = self.add_server()
        moved = desk.at(other.url)
        new = moved.token()
        self.assertNotEqual(header_of(old)["kid"], header_of(new)["kid"])
        published = {key["kid"] for key in self.anonymous.get(f"{other.url}/.well-known/jwks.json").json()["keys"]}
        self.assertEqual(published, {header_of(old)["kid"], header_of(new)["kid"]})
        moved._token = old
        self.assert_status(moved.get(TENANT), 200)
        # The first process learns of the key when it meets it, after two seconds at the latest.
        until = time.monotonic() + 10
        while self.bearer(new).status_code != 200 and time.monotonic() < until:
            pass
        self.assert_status(self.bearer(new), 200)
        self.database.sql("UPDATE signing_key SET created_at = created_at - interval '2 days'")
        third = self.add_server()
        published = {key["kid"] for key in self.anonymous.get(f"{third.url}/.well-known/jwks.json").json()["keys"]}
        self.assertEqual(published, {header_of(new)["kid"]})

    def test_two_processes_make_one_first_key(self):
        self.database.sql("DELETE FROM signing_key")
        servers = [self.add_server(), self.add_server()]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: self.anonymous.get(f"{servers[n % 2].url}/.well-known/jwks.json"), range(8)))
        self.assertEqual({len(a.json()["keys"]) for a in answers}, {1})
        self.assertEqual(self.database.value("SELECT count(*) FROM signing_key"), "1")

    def test_a_lost_key_file_is_not_replaced(self):
        self.anonymous.get("/.well-known/jwks.json")
        lost = self.folder / "lost" / "server.key"
        lost.parent.mkdir()
        ran = run("serve", "--database", self.database.app_uri, "--key-file", lost, "--listen", "127.0.0.1:1",
                  "--tls-certificate", self.certificate.file, "--tls-key", self.certificate.key, check=False)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(str(lost), ran.stderr)
        self.assertFalse(lost.exists())

    def test_a_key_file_others_may_read_is_refused(self):
        self.anonymous.get("/.well-known/jwks.json")
        copy = self.folder / "open.key"
        copy.write_bytes((self.folder / "server.key").read_bytes())
        copy.chmod(0o640)
        ran = run("serve", "--database", self.database.app_uri, "--key-file", copy, "--listen", "127.0.0.1:1",
                  "--tls-certificate", self.certificate.file, "--tls-key", self.certificate.key, check=False)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(str(copy), ran.stderr)
        self.assertIn("0600", ran.stderr)


if __name__ == "__main__":
    unittest.main()
