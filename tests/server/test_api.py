#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/v1: enrolment, devices, accounts, number blocks, the clinic; and the commands that do the same."""

import concurrent.futures
import hashlib
import re
import unittest
import uuid
from base64 import b64encode

from support.case import ServerTest
from support.client import Key
from support.server import PASSWORD, run

CODE = r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}"


def verifier(password, salt=b"0123456789abcdef", **members):
    made = hashlib.scrypt(password.encode(), salt=salt, n=2**17, r=8, p=1, dklen=32, maxmem=2**28)
    return {"kdf": "scrypt", "n": 2**17, "r": 8, "p": 1, "salt": b64encode(salt).decode(),
            "hash": b64encode(made).decode(), **members}


class ApiTest(ServerTest):
    options = {"rate-sign-in": 0, "job-threads": 0}

    def assert_bad(self, answer, expression, code="bad-request"):
        said = self.assert_status(answer, 400, code)
        self.assertEqual(said.get("expression"), expression, said)

    def sign_in(self, clinic, user, password):
        return self.anonymous.form("/auth/token", grant_type="password", username=f"{user}@{clinic.slug}",
                                   password=password)


class EnrolmentTest(ApiTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()

    def test_the_first_code_lets_the_first_workstation_in(self):
        clinic = self.new_clinic()
        answer, _ = clinic.enrol(clinic.first_code)
        said = self.assert_status(answer, 201)
        self.assertEqual(said["clientId"], f"{said['tenant']}.{said['device']}")
        self.assertEqual(said["clinic"], {"name": f"Clinic {clinic.slug}", "slug": clinic.slug})
        self.assertEqual(said["scopeId"], "all")
        self.assertEqual(said["fhirBase"], f"{self.server.url}/fhir")
        self.assertEqual(said["tokenUrl"], f"{self.server.url}/auth/token")

    def test_a_code_is_good_once(self):
        code = self.clinic.new_code()
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = [answer for answer, _ in pool.map(lambda _: self.clinic.enrol(code), range(6))]
        self.assertEqual(sorted(a.status_code for a in answers), [201] + [401] * 5)
        for answer in answers:
            if answer.status_code == 401:
                self.assert_status(answer, 401, "enrolment-code-used")

    def test_a_lost_answer_is_given_again_to_the_same_key(self):
        code, key = self.clinic.new_code(), Key()
        first = self.assert_status(self.clinic.enrol(code, key=key)[0], 201)
        self.assertEqual(self.assert_status(self.clinic.enrol(code, key=key)[0], 201), first)
        self.assert_status(self.clinic.person().delete(f"/api/v1/devices/{first['device']}"), 200)
        self.assert_status(self.clinic.enrol(code, key=key)[0], 401, "enrolment-code-used")

    def test_codes_expire(self):
        said = self.assert_status(self.clinic.person().post("/api/v1/enrolment-codes", {"hours": 1}), 201)
        self.assertRegex(said["code"], f"^{CODE}$")
        self.database.sql("UPDATE enrolment_code SET expires_at = now() - interval '1 second' WHERE used_at IS NULL")
        self.assert_status(self.clinic.enrol(said["code"])[0], 401, "enrolment-code-expired")

    def test_a_mistyped_code_is_told_by_its_group(self):
        code = self.clinic.new_code()
        groups = code.split("-")
        groups[2] = groups[2][:-1] + ("0" if groups[2][-1] != "0" else "1")
        answer, _ = self.clinic.enrol("-".join(groups))
        said = self.assert_status(answer, 400, "enrolment-code-mistyped")
        self.assertIn("Group 3", said["detail"])
        self.assertEqual(said["expression"], "/code")
        self.assert_status(self.clinic.enrol(code.lower().replace("-", " "))[0], 201)

    def test_an_unknown_code_is_refused(self):
        code = self.clinic.new_code()
        self.database.sql("DELETE FROM enrolment_code_directory")
        self.assert_status(self.clinic.enrol(code)[0], 401, "enrolment-code-unknown")

    def test_what_does_not_fit_is_named(self):
        jwk = Key().jwk
        good = {"code": self.clinic.new_code(), "name": "Desk", "publicKey": jwk}

        def enrol(**members):
            body = {name: value for name, value in {**good, **members}.items() if value is not None}
            return self.anonymous.post("/api/v1/enrolments", body)

        for members, expression in (
                ({"code": None}, "/code"), ({"code": 7}, "/code"), ({"name": None}, "/name"), ({"name": ""}, "/name"),
                ({"name": "x" * 101}, "/name"), ({"name": "a\nb"}, "/name"), ({"publicKey": None}, "/publicKey"),
                ({"publicKey": "x"}, "/publicKey"), ({"publicKey": {**jwk, "kty": "RSA"}}, "/publicKey/kty"),
                ({"publicKey": {**jwk, "crv": "P-384"}}, "/publicKey/crv"),
                ({"publicKey": {**jwk, "d": "AAAA"}}, "/publicKey/d"),
                ({"publicKey": {**jwk, "x": "AAAA"}}, "/publicKey/x"),
                ({"publicKey": {**jwk, "x": jwk["y"], "y": jwk["x"]}}, "/publicKey/x"),
                ({"publicKey": {**jwk, "kid": ""}}, "/publicKey/kid"), ({"more": 1}, "/more")):
            with self.subTest(members=members):
                self.assert_bad(enrol(**members), expression)
        for body in ("", "{", "[]", "null", '{"code": "x"'):
            self.assert_bad(self.anonymous.post("/api/v1/enrolments", body), None)
        self.assert_status(self.anonymous.post("/api/v1/enrolments", "x", headers={"Content-Type": "text/plain"}), 415,
                           "unsupported-media-type")
        self.assert_status(enrol(), 201)

    def test_only_administrators_make_codes(self):
        desk = self.clinic.new_device(author=None)
        self.assert_status(desk.post("/api/v1/enrolment-codes", {}), 403, "author-required")
        self.clinic.account("doctor")
        self.assert_status(self.clinic.person("doctor").post("/api/v1/enrolment-codes", {}), 403, "admin-required")
        for author, code in (("nobody", "author-unknown"), (self.clinic.account("doctor"), "admin-required")):
            self.assert_status(desk.post("/api/v1/enrolment-codes", {}, headers={"Yarrow-Author": author}), 403, code)
        made = desk.post("/api/v1/enrolment-codes", {"areas": ["appointments"]},
                         headers={"Yarrow-Author": self.clinic.account("admin")})
        self.assertEqual(self.assert_status(made, 201)["scopeId"], "appointments")
        # One without the administration cannot act for an administrator, and none gives more than it has.
        as_admin = {"headers": {"Yarrow-Author": self.clinic.account("admin")}}
        small = self.clinic.new_device("front-desk", author=None)
        self.assert_status(small.post("/api/v1/enrolment-codes", {}, **as_admin), 403, "outside-scope")
        office = self.clinic.new_device(["administration", "appointments"], author=None)
        self.assert_status(office.post("/api/v1/enrolment-codes", {"areas": ["appointments"]}, **as_admin), 201)
        for areas in ("clinic", "front-desk", ["appointments", "vitals"]):
            said = self.assert_status(office.post("/api/v1/enrolment-codes", {"areas": areas}, **as_admin), 403,
                                      "outside-scope")
            self.assertEqual(said["expression"], "/areas")
        admin = self.clinic.person()
        self.assert_bad(admin.post("/api/v1/enrolment-codes", {"areas": ["everything"]}), "/areas")
        self.assert_bad(admin.post("/api/v1/enrolment-codes", {"areas": 7}), "/areas")
        self.assert_bad(admin.post("/api/v1/enrolment-codes", {"hours": 0}), "/hours")
        self.assert_bad(admin.post("/api/v1/enrolment-codes", {"hours": 1.5}), "/hours")


class DeviceTest(ApiTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()

    def test_administrators_list_and_change_devices(self):
        device = self.clinic.new_device("front-desk", name="Reception")
        device.token()
        admin = self.clinic.person()
        listed = {d["id"]: d for d in self.assert_status(admin.get("/api/v1/devices"), 200)["devices"]}
        shown = self.assert_status(admin.get(f"/api/v1/devices/{device.id}"), 200)
        self.assertEqual(listed[device.id], shown)
        self.assertEqual((shown["name"], shown["revoked"], shown["wipe"]), ("Reception", False, False))
        self.assertIn("lastSeenAt", shown)
        changed = self.assert_status(admin.request("PATCH", f"/api/v1/devices/{device.id}", {"name": "Desk 2"}), 200)
        self.assertEqual((changed["name"], changed["scopeId"]), ("Desk 2", shown["scopeId"]))
        self.assert_bad(admin.request("PATCH", f"/api/v1/devices/{device.id}", {"revoked": False}), "/revoked")
        self.assert_bad(admin.request("PATCH", f"/api/v1/devices/{device.id}", {"areas": ["x"]}), "/areas")
        revoked = self.assert_status(admin.delete(f"/api/v1/devices/{device.id}?wipe=true"), 200)
        self.assertEqual((revoked["revoked"], revoked["wipe"]), (True, True))
        again = self.assert_status(admin.delete(f"/api/v1/devices/{device.id}?wipe=true"), 200)
        self.assertEqual(again["revokedAt"], revoked["revokedAt"])
        self.assert_status(admin.delete(f"/api/v1/devices/{device.id}?wipe=maybe"), 400, "bad-parameter")
        self.assert_status(admin.delete(f"/api/v1/devices/{device.id}?now=true"), 400, "unknown-parameter")
        for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
            self.assert_status(admin.request(method, "/api/v1/devices/nobody", body), 404, "no-such-device")

    def test_a_workstation_acts_for_administrators_only_if_it_holds_the_administration(self):
        admin = self.clinic.account("admin")
        desk, other = self.clinic.new_device("front-desk"), self.clinic.new_device()
        account = self.clinic.account("doctor")
        for method, path, body in (
                ("GET", "/api/v1/devices", None), ("GET", f"/api/v1/devices/{other.id}", None),
                ("PATCH", f"/api/v1/devices/{desk.id}", {"areas": "clinic"}),
                ("DELETE", f"/api/v1/devices/{other.id}", None),
                ("POST", "/api/v1/accounts", {"user": "intruder", "role": "admin", "password": PASSWORD}),
                ("PUT", f"/api/v1/accounts/{account}", {"user": "doctor", "role": "admin"}),
                ("POST", f"/api/v1/accounts/{account}/password", {"password": "stone harbour 44 lamp"}),
                ("GET", "/api/v1/audit/entries", None), ("GET", "/api/v1/audit/chains", None),
                ("GET", "/api/v1/audit/chains/server", None), ("GET", "/api/v1/jobs", None),
                ("GET", "/api/v1/webhooks", None),
                ("POST", "/api/v1/webhooks", {"url": "https://hooks.example/"})):
            with self.subTest(method=method, path=path):
                answer = desk.request(method, path, body, headers={"Yarrow-Author": admin})
                self.assert_status(answer, 403, "outside-scope")
        self.assert_status(desk.get("/api/v1/audit/entries", headers={"Yarrow-Author": account}), 403, "outside-scope")
        office = self.clinic.new_device(["administration", "appointments"])
        as_admin = {"Yarrow-Author": admin}
        self.assert_status(office.get("/api/v1/audit/entries", headers=as_admin), 200)
        self.assert_status(office.request("PATCH", f"/api/v1/devices/{desk.id}", {"areas": "clinic"}, headers=as_admin),
                           403, "outside-scope")
        self.assert_status(office.request("PATCH", f"/api/v1/devices/{desk.id}", {"areas": ["appointments"]},
                                          headers=as_admin), 200)

    def test_a_device_sees_itself_and_no_other(self):
        device, other = self.clinic.new_device(author=None), self.clinic.new_device(author=None)
        self.assert_status(device.get(f"/api/v1/devices/{device.id}"), 200)
        self.assert_status(device.get(f"/api/v1/devices/{other.id}"), 403, "author-required")
        self.assert_status(device.get("/api/v1/devices"), 403, "author-required")
        self.assert_status(device.delete(f"/api/v1/devices/{other.id}"), 403, "author-required")
        self.assert_status(other.get(f"/api/v1/devices/{other.id}"), 200)

    def test_clinics_do_not_see_each_others_devices_and_accounts(self):
        device = self.clinic.new_device()
        stranger = self.new_clinic().person()
        self.assert_status(stranger.get(f"/api/v1/devices/{device.id}"), 404, "no-such-device")
        self.assert_status(stranger.delete(f"/api/v1/devices/{device.id}"), 404, "no-such-device")
        account = self.clinic.account("doctor")
        self.assert_status(stranger.get(f"/api/v1/accounts/{account}"), 404, "no-such-account")
        self.assert_status(stranger.post(f"/api/v1/accounts/{account}/password", {"password": PASSWORD}), 404,
                           "no-such-account")
        self.assertNotIn(account, stranger.get("/api/v1/accounts").text)


class AccountTest(ApiTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()

    def test_devices_get_verifiers_and_people_do_not(self):
        self.clinic.person("nurse")
        device = self.clinic.new_device(author=None)
        listed = {a["user"]: a for a in self.assert_status(device.get("/api/v1/accounts"), 200)["accounts"]}
        self.assertEqual(listed["nurse"]["verifier"].keys(), {"kdf", "n", "r", "p", "salt", "hash"})
        one = listed["nurse"]["verifier"]
        self.assertEqual(one["n"], 131072)
        for path in ("/api/v1/accounts", f"/api/v1/accounts/{listed['nurse']['id']}"):
            self.assertNotIn('"verifier"', self.clinic.person().get(path).text)
        self.assert_status(self.clinic.person("nurse").get("/api/v1/accounts"), 403, "admin-required")
        own = self.assert_status(self.clinic.person("nurse").get(f"/api/v1/accounts/{listed['nurse']['id']}"), 200)
        self.assertEqual(own["role"], "nurse")

    def test_an_account_is_put_under_its_own_id(self):
        account = f"acc-{uuid.uuid4()}"
        admin = self.clinic.person()
        body = {"user": "Vera.Lindt", "name": "Vera Lindt", "role": "doctor"}
        answer = admin.put(f"/api/v1/accounts/{account}", body)
        said = self.assert_status(answer, 201)
        self.assertTrue(answer.headers["Location"].endswith(account))
        self.assertEqual((said["hasPassword"], said["verifierVersion"], said["active"]), (False, 0, True))
        self.assert_status(self.sign_in(self.clinic, "vera.lindt", PASSWORD), 401, "sign-in-failed")
        said = self.assert_status(admin.put(f"/api/v1/accounts/{account}", {**body, "role": "nurse"}), 200)
        self.assertEqual(said["role"], "nurse")
        self.assert_status(admin.post("/api/v1/accounts", {**body, "user": "VERA.LINDT"}), 409, "user-name-taken")

    def test_a_verifier_made_elsewhere_lets_in(self):
        account = self.clinic.add_account("offline", "nurse", PASSWORD)
        device = self.clinic.new_device(author=None)
        change = {"verifier": verifier("stone harbour 44 lamp"), "currentPassword": PASSWORD}
        path = f"/api/v1/accounts/{account}/password"
        said = self.assert_status(device.post(path, change, headers={"Yarrow-Author": account}), 200)
        self.assertEqual(said["verifierVersion"], 2)
        self.assert_status(self.sign_in(self.clinic, "offline", "stone harbour 44 lamp"), 200)
        self.assert_status(self.sign_in(self.clinic, "offline", PASSWORD), 401, "sign-in-failed")
        self.assert_status(device.post(path, change), 403, "author-required")
        other = self.clinic.account("doctor")
        self.assert_status(device.post(path, change, headers={"Yarrow-Author": other}), 403, "admin-required")
        for wrong, expression in (({"kdf": "argon2"}, "/verifier/kdf"), ({"n": 1024}, "/verifier/n"),
                                  ({"salt": "AAAA"}, "/verifier/salt"), ({"hash": "x"}, "/verifier/hash")):
            self.assert_bad(device.post(path, {"verifier": {**change["verifier"], **wrong}},
                                        headers={"Yarrow-Author": account}), expression)
        self.assert_bad(device.post(path, {}, headers={"Yarrow-Author": account}), "/password")
        self.assert_bad(device.post(path, {**change, "password": PASSWORD}, headers={"Yarrow-Author": account}),
                        "/password")

    def test_a_workstation_sets_nobodys_password_without_the_present_one(self):
        account = self.clinic.add_account("absent", "doctor", PASSWORD)
        unset = self.clinic.add_account("unset", "doctor")
        admin = self.clinic.account("admin")
        new = "stone harbour 44 lamp"
        for device in (self.clinic.new_device(), self.clinic.new_device("front-desk")):
            for who in (account, unset, admin):
                as_who = {"Yarrow-Author": who}
                path = f"/api/v1/accounts/{who}/password"
                for body in ({"password": new}, {"verifier": verifier(new)}, {"password": new, "currentPassword": "x"}):
                    said = self.assert_status(device.post(path, body, headers=as_who), 403, "password-wrong")
                    self.assertEqual(said["expression"], "/currentPassword")
        # Nor by the way round the account itself.
        put = {"user": "admin", "role": "admin", "password": new}
        for caller in (self.clinic.person(), self.clinic.new_device()):
            self.assert_status(caller.put(f"/api/v1/accounts/{admin}", put, headers={"Yarrow-Author": admin}), 403,
                               "password-wrong")
        self.assert_status(self.sign_in(self.clinic, "admin", PASSWORD), 200)
        self.assert_status(self.sign_in(self.clinic, "absent", PASSWORD), 200)

    def test_an_administrator_resets_anothers_password_and_it_is_audited(self):
        account = self.clinic.add_account("forgetful", "doctor", PASSWORD)
        admin = self.clinic.account("admin")
        path = f"/api/v1/accounts/{account}/password"
        self.assert_status(self.clinic.new_device().post(path, {"password": "stone harbour 44 lamp"},
                                                         headers={"Yarrow-Author": admin}), 200)
        self.assert_status(self.sign_in(self.clinic, "forgetful", "stone harbour 44 lamp"), 200)
        entries = self.clinic.person().get("/api/v1/audit/entries?incarnation=server&count=500").json()["entries"]
        told = [e["account"] for e in entries if (e["action"], e["resourceId"]) == ("password-set", account)]
        self.assertEqual(told, [admin, admin])

    def test_who_is_disabled_while_a_password_is_computed_sets_none(self):
        account = self.clinic.add_account("leaving", "nurse", PASSWORD)
        person = self.clinic.person("leaving")
        person.token()
        change = {"password": "stone harbour 44 lamp", "currentPassword": PASSWORD}
        # It stops before the proof, when the right to it was seen.
        answer = self.while_waiting(
            "LOCK TABLE sign_in_failure", lambda: person.post(f"/api/v1/accounts/{account}/password", change),
            f"UPDATE account SET active = false WHERE account_id = '{account}'; COMMIT")
        self.assert_status(answer, 403, "author-disabled")

    def test_a_password_that_changed_meanwhile_proves_nothing(self):
        account = self.clinic.add_account("twice", "nurse", PASSWORD)
        person = self.clinic.person("twice")
        person.token()
        change = {"password": "stone harbour 44 lamp", "currentPassword": PASSWORD}
        answer = self.while_waiting(
            f"UPDATE account SET verifier_version = verifier_version + 1 WHERE account_id = '{account}'",
            lambda: person.post(f"/api/v1/accounts/{account}/password", change))
        self.assert_status(answer, 403, "password-wrong")

    def test_people_change_their_own_password_by_the_present_one(self):
        account = self.clinic.add_account("careful", "billing")
        person = self.clinic.person("careful")
        path = f"/api/v1/accounts/{account}/password"
        new = "stone harbour 44 lamp"
        self.assert_status(person.post(path, {"password": new}), 403, "password-wrong")
        self.assert_status(person.post(path, {"password": new, "currentPassword": "wrong"}), 403, "password-wrong")
        self.assert_bad(person.post(path, {"password": "short", "currentPassword": PASSWORD}), "/password",
                        "password-weak")
        self.assert_status(person.post(path, {"password": new, "currentPassword": PASSWORD}), 200)
        self.assert_status(self.sign_in(self.clinic, "careful", new), 200)
        old = self.anonymous.form("/auth/token", grant_type="refresh_token", refresh_token=person.refresh_token)
        self.assert_status(old, 400, "refresh-token-invalid")
        self.assert_status(person.post(f"/api/v1/accounts/{self.clinic.account('doctor')}/password", {"password": new}),
                           403, "admin-required")

    def test_the_last_administrator_stays(self):
        clinic = self.new_clinic()
        admin = clinic.person()
        account = clinic.account("admin")
        body = {"user": "admin", "role": "admin"}
        self.assert_status(admin.put(f"/api/v1/accounts/{account}", {**body, "active": False}), 409, "last-admin")
        self.assert_status(admin.put(f"/api/v1/accounts/{account}", {**body, "role": "doctor"}), 409, "last-admin")
        second = clinic.add_account("second", "admin")
        # Each wants the other gone, at the same moment.
        people = [(clinic.person(), second, "second"), (clinic.person("second"), account, "admin")]
        for person, _, _ in people:
            person.token()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda p: p[0].put(f"/api/v1/accounts/{p[1]}",
                                                       {"user": p[2], "role": "admin", "active": False}), people))
        self.assertEqual(sum(a.status_code == 200 for a in answers), 1, [a.text for a in answers])
        left = self.database.value(f"SELECT count(*) FROM account a JOIN tenant t USING (tenant_id) "
                                   f"WHERE t.slug = '{clinic.slug}' AND a.role = 'admin' AND a.active")
        self.assertEqual(left, "1")

    def test_what_does_not_fit_is_named(self):
        admin = self.clinic.person()
        good = {"user": "fits", "role": "nurse"}
        for wrong, expression in (({"user": None}, "/user"), ({"user": "a b"}, "/user"), ({"user": "x" * 65}, "/user"),
                                  ({"user": "x\u0000"}, "/user"), ({"name": ""}, "/name"), ({"role": "god"}, "/role"),
                                  ({"role": None}, "/role"), ({"active": "yes"}, "/active"), ({"admin": True}, "/admin"),
                                  ({"verifier": []}, "/verifier")):
            with self.subTest(wrong=wrong):
                body = {name: value for name, value in {**good, **wrong}.items() if value is not None}
                self.assert_bad(admin.post("/api/v1/accounts", body), expression)
        self.assert_bad(admin.put("/api/v1/accounts/a_b", good), None)
        self.assert_bad(admin.post("/api/v1/accounts", {**good, "password": "passwordpassword1"}), "/password",
                        "password-weak")

    def test_only_administrators_change_accounts(self):
        self.clinic.account("doctor")
        device = self.clinic.new_device(author=None)
        body = {"user": "intruder", "role": "admin", "password": PASSWORD}
        self.assert_status(self.clinic.person("doctor").post("/api/v1/accounts", body), 403, "admin-required")
        self.assert_status(device.post("/api/v1/accounts", body), 403, "author-required")
        self.assert_status(self.anonymous.post("/api/v1/accounts", body), 401, "token-missing")


class NumberBlockTest(ApiTest):
    def test_blocks_never_overlap(self):
        clinic = self.new_clinic()
        devices = [clinic.new_device() for _ in range(4)]
        for device in devices:
            device.token()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n: devices[n % 4].post("/api/v1/mrn-blocks", {"size": 1 + n % 7}), range(40)))
        blocks = sorted((a.json()["first"], a.json()["last"]) for a in answers)
        self.assertEqual(blocks[0][0], 1)
        for (_, last), (first, _) in zip(blocks, blocks[1:]):
            self.assertEqual(first, last + 1)
        self.assertEqual(blocks[-1][1], sum(1 + n % 7 for n in range(40)))

    def test_sizes_are_bounded_and_only_devices_lease(self):
        clinic = self.new_clinic()
        device = clinic.new_device()
        for size in (0, -1, 10001, 1.5, "5", None, True, 10**30):
            self.assert_bad(device.post("/api/v1/mrn-blocks", {"size": size}), "/size")
        self.assertEqual(self.assert_status(device.post("/api/v1/mrn-blocks", {"size": 10000}), 201),
                         {"first": 1, "last": 10000})
        self.assert_status(clinic.person().post("/api/v1/mrn-blocks", {"size": 1}), 403, "device-required")


class TenantTest(ApiTest):
    def test_a_clinic_knows_itself(self):
        clinic = self.new_clinic()
        said = self.assert_status(clinic.new_device("front-desk").get("/api/v1/tenant"), 200)
        self.assertEqual((said["slug"], said["name"], said["sequence"]), (clinic.slug, f"Clinic {clinic.slug}", 0))
        self.assertRegex(said["epoch"], "^[a-z0-9]{8}$")
        self.assertEqual(said["floor"], {"sequence": 0, "time": "1970-01-01T00:00:00.000000Z"})


class CommandTest(ApiTest):
    def command(self, *words, **how):
        return run(*words, "--database", self.database.app_uri, **how)

    def test_a_clinic_is_made_once(self):
        words = ("tenant", "create", "--slug", "once", "--name", "Once", "--admin", "vera")
        said = self.command(*words, password=PASSWORD).stdout
        self.assertRegex(said, CODE)
        self.assertIn("vera@once", said)
        again = self.command(*words, password=PASSWORD, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("slug", again.stderr)
        self.assertIn("once\t", self.command("tenant", "list").stdout)
        self.assert_status(self.anonymous.form("/auth/token", grant_type="password", username="vera@once",
                                               password=PASSWORD), 200)

    def test_a_clinic_that_does_not_fit_leaves_nothing_behind(self):
        before = self.command("tenant", "list").stdout
        for slug, user, password in (("No Slug", "admin", PASSWORD), ("-x", "admin", PASSWORD), ("", "admin", PASSWORD),
                                     ("fits", "a b", PASSWORD), ("fits", "admin", "short"), ("fits", "admin", "")):
            ran = self.command("tenant", "create", "--slug", slug, "--name", "X", "--admin", user, password=password,
                               check=False)
            self.assertNotEqual(ran.returncode, 0, (slug, user, password))
        self.assertEqual(self.command("tenant", "list").stdout, before)
        ran = self.command("tenant", "create", "--slug", "fits", "--name", "X", "--admin", "admin", check=False)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("YARROW_PASSWORD", ran.stderr)

    def test_a_clinic_is_closed_and_opened_again(self):
        clinic, other = self.new_clinic(), self.new_clinic()
        device, person = clinic.new_device(), clinic.person()
        device.token()
        for _ in range(2):
            self.command("tenant", "suspend", clinic.slug)
            self.assertRegex(self.command("tenant", "list").stdout, f"{clinic.slug}\t.*\tsuspended\t")
            for caller in (device, person):
                self.assert_status(caller.get("/api/v1/tenant"), 403, "clinic-suspended")
            self.assert_status(other.person().get("/api/v1/tenant"), 200)
        self.assertIn("already suspended", self.command("tenant", "suspend", clinic.slug).stdout)
        self.command("tenant", "resume", clinic.slug)
        for caller in (device, person):
            self.assert_status(caller.get("/api/v1/tenant"), 200)
        entries = person.get("/api/v1/audit/entries?incarnation=server&count=500").json()["entries"]
        told = [e["action"] for e in entries if e["action"] in ("clinic-suspended", "clinic-resumed")]
        self.assertEqual(told, ["clinic-suspended", "clinic-resumed"])
        self.assertEqual(self.command("tenant", "suspend", "nowhere", check=False).returncode, 1)

    def test_codes_and_devices_from_the_command_line(self):
        clinic = self.new_clinic()
        code = re.search(CODE, self.command("code", "create", "--tenant", clinic.slug, "--areas", "front-desk",
                                            "--hours", "2").stdout).group(0)
        said = self.assert_status(clinic.enrol(code, name="From afar")[0], 201)
        self.assertEqual(said["scopeId"], "appointments+directory+patient-identity+payments")
        listed = self.command("device", "list", "--tenant", clinic.slug).stdout
        self.assertIn(said["device"], listed)
        self.assertIn("From afar", listed)
        self.command("device", "revoke", "--tenant", clinic.slug, said["device"], "--wipe")
        self.assertIn("wiped", self.command("device", "list", "--tenant", clinic.slug).stdout)
        for words in (("device", "revoke", "--tenant", clinic.slug, "nobody"), ("device", "list", "--tenant", "nowhere"),
                      ("code", "create", "--tenant", clinic.slug, "--areas", "x")):
            self.assertEqual(self.command(*words, check=False).returncode, 1, words)


if __name__ == "__main__":
    unittest.main()
