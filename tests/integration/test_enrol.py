#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enrolment of a workstation: codes, keys, accounts, revocation; and other FHIR servers."""

import json
import secrets
import unittest

from enrolled import EnrolledTest
from yarrowctl import BAD_INPUT, FAILED, LOCKED, USAGE

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def times_x(value):
    value <<= 1
    return value ^ 0x25 if value & 0x20 else value


def well_formed_code():
    """An enrolment code that nobody has made; see server/auth/enrolment_code.cpp."""
    groups = []
    for number in range(4):
        data = "".join(secrets.choice(ALPHABET) for _ in range(4))
        check = number + 1
        for character in data:
            check = times_x(check) ^ ALPHABET.index(character)
        groups.append(data + ALPHABET[times_x(check)])
    return "-".join(groups)


class Codes(EnrolledTest):
    def refused(self, code, exit_code=FAILED):
        error = self.clinic.exits(exit_code, *self.clinic.enrol_words(self.home, code))["error"]
        self.assertFalse(self.clinic.done("sync", "status")["enrolled"])
        return error["code"]

    def test_a_code_enrols_once(self):
        code = self.home.new_code("front-desk")
        made = self.clinic.enrol(self.home, code)
        self.assertEqual(made["server"], self.home.url)
        self.assertEqual(made["clinic"], f"Clinic {self.home.slug}")
        self.assertNotIn("clinical-record", made["areas"])
        status = self.clinic.done("sync", "status")
        self.assertEqual((status["enrolled"], status["server"], status["stopped"]), (True, self.home.url, ""))
        devices = self.home.person().get("/api/v1/devices").json()["devices"]
        self.assertEqual([(d["id"], d["name"]) for d in devices], [(made["client"].partition(".")[2], "Desk 1")])
        [entry] = [e for e in self.clinic.done("audit", "list") if e["action"] == "enrolled"]
        self.assertEqual(entry["category"], "administration")
        self.assertIn(made["client"], entry["detail"])

        other = self.new_workstation("other")
        error = other.exits(FAILED, *other.enrol_words(self.home, code))["error"]
        self.assertEqual(error["code"], "CodeUsed")

    def test_who_is_enrolled_is_not_enrolled_again(self):
        self.clinic.enrol(self.home)
        error = self.clinic.exits(FAILED, *self.clinic.enrol_words(self.home))["error"]
        self.assertEqual(error["code"], "AlreadyEnrolled")
        self.assertIn(self.home.url, error["message"])

    def test_wrong_codes(self):
        self.assertEqual(self.refused(well_formed_code()), "CodeUnknown")
        good = self.home.new_code()
        mistyped = good[:-1] + next(c for c in ALPHABET if c != good[-1])
        self.assertEqual(self.refused(mistyped, BAD_INPUT), "CodeMistyped")
        self.database.sql("UPDATE enrolment_code SET expires_at = now() - interval '1 hour'")
        self.assertEqual(self.refused(good), "CodeExpired")

    def test_a_code_as_people_type_it(self):
        code = self.home.new_code()
        self.clinic.enrol(self.home, " " + code.lower().replace("-", " "))

    def test_after_a_lost_answer_the_same_code_gives_the_same_enrolment(self):
        copy = self.clinic.copy("before")
        copy.__class__ = self.clinic.__class__
        code = self.home.new_code()
        first = self.clinic.enrol(self.home, code)
        again = copy.enrol(self.home, code.lower())
        self.assertEqual(again["client"], first["client"])
        copy.done("sync")

    def test_without_a_key_store_there_is_no_enrolment(self):
        code = self.home.new_code()
        error = self.clinic.exits(LOCKED, *self.clinic.enrol_words(self.home, code), YARROW_KEY_STORE="none")["error"]
        # The clinic itself was made without one, so that signing in works.
        self.assertEqual(error["code"], "NoKeyStore")
        self.clinic.enrol(self.home, code)

    def test_only_administrators_enrol(self):
        self.clinic.add_user("doctor", "doctor")
        error = self.clinic.exits(FAILED, *self.clinic.enrol_words(self.home), user="doctor")["error"]
        self.assertEqual(error["code"], "Forbidden")

    def test_the_private_key_is_not_in_the_profile(self):
        self.clinic.enrol(self.home)
        for file in self.clinic.folder.rglob("*"):
            if file.is_file() and file.name != "clinic.db":
                self.assertNotIn(b"PRIVATE", file.read_bytes())
        error = self.clinic.exits(FAILED, "sync", YARROW_KEY_STORE="none")
        self.assertEqual(error["obstacle"], "offline")
        self.assertIn("KeyStoreUnavailable", error["detail"])


class Servers(EnrolledTest):
    def refusal(self, *words, exit_code=FAILED):
        return self.clinic.exits(exit_code, "enrol", *words)["error"]["code"]

    def test_an_unknown_certificate_is_not_accepted(self):
        self.assertEqual(self.refusal("--server", self.home.url, "--code", self.home.new_code()), "Untrusted")

    def test_addresses_that_are_none(self):
        for address in ("clinic.example", "ftp://clinic.example", "http://192.0.2.7", "https://u:p@clinic.example"):
            code = self.refusal("--server", address, "--code", well_formed_code(), exit_code=BAD_INPUT)
            self.assertEqual(code, "BadAddress", address)

    def test_a_file_that_is_no_certificate(self):
        file = self.write("ca.pem", "nothing")
        self.assertEqual(self.refusal("--server", self.home.url, "--code", well_formed_code(), "--ca", file,
                                      exit_code=BAD_INPUT), "BadAuthority")

    def test_a_server_that_is_away_and_comes_back(self):
        server = self.add_server()
        code = self.home.new_code()
        words = ("--server", server.url, "--code", code, "--ca", self.certificate.file)
        server.stop()
        self.assertEqual(self.refusal(*words), "Unreachable")
        server.start()
        self.clinic.done("enrol", *words)

    def test_neither_code_nor_token_is_wrong_usage(self):
        self.clinic.exits(USAGE, "enrol", "--server", self.home.url)

    def test_another_fhir_server(self):
        device = self.home.new_device()
        base = f"{self.home.url}/fhir"
        words = ("enrol", "--server", base, "--ca", self.home.certificate)
        made = self.clinic.done(*words, YARROW_SERVER_TOKEN=device.token())
        self.assertEqual((made["server"], made["client"], made["clinic"]), (base, "", ""))
        self.assertEqual(self.clinic.done("sync", "status")["server"], base)
        # The same server with another token: the old one is exchanged.
        self.clinic.done(*words, "--token", device.token())
        # Another server is another matter.
        error = self.clinic.exits(FAILED, *self.clinic.enrol_words(self.home))["error"]
        self.assertEqual(error["code"], "AlreadyEnrolled")

    def test_what_is_no_fhir_server(self):
        self.assertEqual(self.refusal("--server", self.home.url, "--no-token", "--ca", self.home.certificate),
                         "NotFhirR4")


class Accounts(EnrolledTest):
    def test_accounts_are_matched_by_name_and_the_others_made_there(self):
        self.clinic.add_user("doctor", "doctor")
        self.clinic.add_user("Nurse", "nurse")
        nurse = self.home.account("nurse")
        made = self.clinic.enrol(self.home)
        self.assertEqual((made["matched"], made["added"], made["unknown"]), (2, ["doctor"], []))
        theirs = {a["user"]: a for a in self.home.person().get("/api/v1/accounts").json()["accounts"]}
        self.assertEqual(sorted(theirs), ["admin", "doctor", "nurse"])
        self.assertEqual((theirs["doctor"]["role"], theirs["doctor"]["active"]), ("doctor", True))
        self.assertEqual(theirs["nurse"]["id"], nurse)

    def test_who_is_no_administrator_there_makes_no_accounts(self):
        self.home.account("doctor")
        self.clinic.done("key", "add-user", "--user", "chief", "--role", "admin",
                         YARROW_NEW_PASSWORD="violet anchor tram 19")
        made = self.clinic.enrol(self.home, user="chief")
        self.assertEqual((made["matched"], made["added"], made["unknown"]), (1, [], ["chief"]))


class Revocation(EnrolledTest):
    def revoke(self, made, query=""):
        device = made["client"].partition(".")[2]
        self.assertEqual(self.home.person().delete(f"/api/v1/devices/{device}{query}").status_code, 200)

    def test_a_revoked_workstation_stops_and_says_so(self):
        made = self.clinic.enrol(self.home)
        self.clinic.done("sync")
        self.revoke(made)
        report = self.clinic.exits(FAILED, "sync")
        self.assertEqual(report["obstacle"], "unauthorised")
        self.assertIn("device-revoked", report["detail"])
        self.assertEqual(self.clinic.done("sync", "status")["stopped"], "device-revoked")

    def patient(self, name):
        self.clinic.done("import", self.write(f"{name}.ndjson", json.dumps(
            {"resourceType": "Patient", "id": name, "name": [{"family": "Weidemann"}]})))

    def test_one_that_is_to_be_wiped_keeps_nothing(self):
        made = self.clinic.enrol(self.home)
        self.patient("known")
        self.clinic.done("sync")
        self.revoke(made, "?wipe=true")
        self.assertIn("wiped", self.clinic.exits(FAILED, "sync")["detail"])
        self.assertEqual(self.clinic.exits(FAILED, "patients", "search", "x")["error"]["code"], "NotFound")
        left = [path.name for path in self.clinic.folder.rglob("*") if path.is_file() and path.name != "lock"]
        self.assertEqual([name for name in left if ".db" in name or "key" in name], [])

    def test_of_one_that_is_wiped_unsent_edits_open_with_the_recovery_code_alone(self):
        made = self.clinic.enrol(self.home)
        self.patient("known")
        self.clinic.done("sync")
        self.patient("unsent")
        self.revoke(made, "?wipe=true")
        self.assertIn("1 unsent edits", self.clinic.exits(FAILED, "sync")["detail"])
        self.assertEqual(self.clinic.exits(FAILED, "patients", "search", "x")["error"]["code"], "NotFound")
        self.clinic.done("key", "recover", user="admin", password=None,
                         YARROW_RECOVERY_CODE=self.created["recoveryCode"], YARROW_NEW_PASSWORD="copper lantern moth 88")
        how = {"password": "copper lantern moth 88"}
        self.assertEqual(self.clinic.done("patients", "search", "Weidemann", **how), [])
        file = self.temporary / "unsent.json"
        self.clinic.done("export", "--unsent", "--clear", "--out", file, **how)
        [entry] = json.loads(file.read_text(encoding="utf-8"))["entry"]
        self.assertEqual(entry["resource"]["id"], "unsent")
        self.assertEqual(self.clinic.done("sync", "status", **how)["stopped"], "device-revoked, wiped")
        self.assertTrue(self.clinic.done("doctor", **how)["ok"])

    def test_with_a_new_code_it_comes_back_to_the_same_clinic_only(self):
        first = self.clinic.enrol(self.home)
        self.revoke(first)
        self.clinic.exits(FAILED, "sync")
        elsewhere = self.new_clinic()
        error = self.clinic.exits(FAILED, *self.clinic.enrol_words(elsewhere))["error"]
        self.assertEqual(error["code"], "OtherClinic")
        second = self.clinic.enrol(self.home)
        self.assertNotEqual(second["client"], first["client"])
        self.clinic.done("sync")
        self.assertEqual(self.clinic.done("sync", "status")["stopped"], "")


class Exchange(EnrolledTest):
    def test_without_enrolment_there_is_none(self):
        self.assertEqual(self.clinic.exits(FAILED, "sync")["error"]["code"], "NotFound")
        self.assertEqual(self.clinic.exits(FAILED, "sync", "pause")["error"]["code"], "NotFound")
        self.assertFalse(self.clinic.done("sync", "status")["enrolled"])

    def test_a_record_of_the_server_arrives(self):
        device = self.home.new_device()
        self.assertEqual(device.save({"resourceType": "Patient", "id": "p1", "name": [{"family": "Weidemann"}]})
                         .status_code, 201)
        self.clinic.enrol(self.home)
        report = self.clinic.done("sync")
        self.assertEqual((report["pulled"], report["obstacle"]), (1, "none"), report)
        self.assertGreater(report["roundTrips"], 0)
        self.assertGreater(report["bytes"], 0)
        self.assertEqual(self.clinic.done("patients", "show", "p1")["name"], "Weidemann")
        self.assertNotEqual(self.clinic.done("sync", "status")["completeAt"], "")

    def test_a_server_that_is_away_is_offline(self):
        server = self.add_server()
        self.clinic.done("enrol", "--server", server.url, "--code", self.home.new_code(), "--ca", self.certificate.file)
        server.kill()
        report = self.clinic.exits(FAILED, "sync")
        self.assertEqual(report["obstacle"], "offline")
        self.assertEqual(self.clinic.done("sync", "status")["lastOutcome"], "offline")

    def test_pausing(self):
        self.clinic.enrol(self.home)
        self.assertTrue(self.clinic.done("sync", "pause")["paused"])
        self.assertTrue(self.clinic.done("sync", "status")["paused"])
        self.assertFalse(self.clinic.done("sync", "resume")["paused"])


if __name__ == "__main__":
    unittest.main()
