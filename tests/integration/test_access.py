#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets in, and who may do what."""

import fcntl
import json
import os
import pty
import shutil
import unittest

from yarrowctl import BAD_INPUT, DATA, DONE, FAILED, LOCKED, PASSWORD, USAGE, Clinic, ClinicTest

OBSERVATION = "Observation/Weight.1"
PATIENT = "p.1-A"
OTHER_PASSWORD = "copper lantern moth 88"


class Roles(ClinicTest):
    def setUp(self):
        super().setUp()
        self.clinic.done("import", DATA)
        for role in ("doctor", "nurse", "receptionist", "billing"):
            self.clinic.add_user(role, role)

    def assert_refused(self, *words, user):
        error = self.clinic.exits(FAILED, *words, user=user)["error"]
        self.assertEqual(error["code"], "Forbidden")
        last = self.clinic.done("audit", "list", "--user", user)[-1]
        self.assertEqual((last["action"], last["user"]), ("refused", user))
        return last

    def test_a_receptionist_reads_no_clinical_record(self):
        entry = self.assert_refused("resource", "get", OBSERVATION, user="receptionist")
        self.assertEqual(f"{entry['resourceType']}/{entry['resourceId']}", OBSERVATION)
        self.assert_refused("resource", "history", OBSERVATION, user="receptionist")
        self.assert_refused("export", "--out", self.temporary / "out", "--patient", PATIENT, user="receptionist")
        self.assertFalse((self.temporary / "out").exists())

    def test_a_doctor_does(self):
        self.assertEqual(self.clinic.done("resource", "get", OBSERVATION, user="doctor")["id"], "Weight.1")

    def test_only_administrators_see_the_whole_audit(self):
        for user in ("receptionist", "nurse", "billing"):
            self.assert_refused("audit", "list", user=user)
        own = self.clinic.done("audit", "list", user="doctor")
        self.assertEqual({entry["user"] for entry in own}, {"doctor"})
        self.assert_refused("audit", "list", "--user", "admin", user="doctor")

    def test_billing_books_nothing(self):
        self.assert_refused("appointments", "book", "--patient", PATIENT, "--practitioner", "x", "--at",
                            "2030-01-07T09:00", user="billing")

    def test_only_administrators_add_users_and_change_the_key(self):
        self.assertEqual(self.clinic.exits(FAILED, "key", "add-user", "--user", "mate", "--role", "admin",
                                           user="doctor", YARROW_NEW_PASSWORD=PASSWORD)["error"]["code"], "Forbidden")
        self.assert_refused("key", "rotate", user="receptionist")
        self.assertEqual(self.clinic.exits(LOCKED, "patients", "search", "x", user="mate")["error"]["code"],
                         "WrongPassword")

    def test_an_import_needs_the_right_to_each_record_and_is_refused_whole(self):
        file = self.write("mixed.ndjson", '{"resourceType":"Patient","id":"n1","name":[{"family":"N"}]}\n'
                          '{"resourceType":"Condition","id":"n2","subject":{"reference":"Patient/n1"}}\n')
        report = self.clinic.exits(FAILED, "import", file, user="receptionist")
        self.assertEqual((report["created"], len(report["failed"])), (0, 1))
        self.assertEqual(report["failed"][0]["line"], 2)
        self.assertEqual(self.clinic.done("audit", "list", "--user", "receptionist")[-1]["action"], "refused")
        self.clinic.exits(FAILED, "patients", "show", "n1")

    def test_every_command_leaves_its_entry(self):
        self.clinic.done("patients", "search", "vantongeren", user="doctor")
        self.clinic.done("patients", "show", PATIENT, user="doctor")
        self.clinic.done("resource", "get", OBSERVATION, user="doctor")
        self.clinic.done("appointments", "list", "--date", "2026-03-02", user="doctor")
        trail = self.clinic.done("audit", "list", "--user", "doctor")
        self.assertEqual([entry["action"] for entry in trail if entry["action"] != "sign-in"],
                         ["search", "view", "view", "search"])
        about = self.clinic.done("audit", "list", "--patient", PATIENT, "--user", "doctor")
        self.assertEqual([entry["resourceType"] for entry in about], ["Patient"])


class Passwords(ClinicTest):
    def search(self, clinic=None, **how):
        ran = (clinic or self.clinic).run("patients", "search", "x", **how)
        return ran.returncode, (json.loads(ran.stdout) if ran.returncode else {}).get("error", {}).get("code")

    def test_a_wrong_or_missing_password_or_user(self):
        self.assertEqual(self.search(), (DONE, None))
        self.assertEqual(self.search(password="wrong wrong 12345"), (LOCKED, "WrongPassword"))
        self.assertEqual(self.search(password=None), (LOCKED, "WrongPassword"))
        self.assertEqual(self.search(user="nobody"), (LOCKED, "WrongPassword"))

    def test_guessing_is_slowed_down_and_a_restart_changes_nothing(self):
        for _ in range(3):
            self.assertEqual(self.search(password="wrong wrong 12345"), (LOCKED, "WrongPassword"))
        error = self.clinic.exits(LOCKED, "patients", "search", "x")["error"]
        self.assertEqual(error["code"], "Throttled", "the right password has to wait as well")
        self.assertGreater(int(error["context"]), 0)

    def test_failed_sign_ins_are_in_the_audit_after_the_next_good_one(self):
        self.search(password="wrong wrong 12345")
        trail = [entry["action"] for entry in self.clinic.done("audit", "list")]
        self.assertEqual(trail[-3:], ["sign-in-failed", "sign-in", "audit-read"])

    def test_a_weak_password_is_bad_input(self):
        for weak in ("short", "Welcome2025!!", "adminadminadmin"):
            self.clinic.exits(BAD_INPUT, "key", "add-user", "--user", "doctor", "--role", "doctor",
                              YARROW_NEW_PASSWORD=weak)
        self.clinic.add_user("doctor", "doctor")

    def test_the_recovery_code_gives_a_new_password(self):
        code = self.created["recoveryCode"]
        self.clinic.done("import", DATA)
        before = self.clinic.export()
        self.clinic.done("key", "recover", password=None, YARROW_RECOVERY_CODE=code.lower().replace("-", " "),
                         YARROW_NEW_PASSWORD=OTHER_PASSWORD)
        self.assertEqual(self.search(), (LOCKED, "WrongPassword"))
        self.assertEqual(self.search(password=OTHER_PASSWORD), (DONE, None))
        target = self.temporary / "after.ndjson"
        self.clinic.done("export", "--out", target, password=OTHER_PASSWORD)
        self.assertEqual(target.read_text(encoding="utf-8").splitlines(), before)
        trail = self.clinic.done("audit", "list", password=OTHER_PASSWORD)
        self.assertIn("key-recovered", [entry["action"] for entry in trail])

    def test_a_wrong_recovery_code_opens_nothing(self):
        other = Clinic(self.temporary / "other")
        for code in (other.init()["recoveryCode"], "nonsense", self.created["recoveryCode"][:-1] + "?"):
            self.clinic.exits(LOCKED, "key", "recover", password=None, YARROW_RECOVERY_CODE=code,
                              YARROW_NEW_PASSWORD=OTHER_PASSWORD)
        self.assertEqual(self.search(), (DONE, None))

    def test_a_prompt_needs_a_terminal(self):
        error = self.clinic.exits(LOCKED, "key", "recover", password=None)["error"]
        self.assertEqual(error["code"], "WrongPassword")

    def at_a_terminal(self, answers, *words, **environment):
        """What the terminal shows while the answers are typed, and the exit code."""
        child, terminal = pty.fork()
        if child == 0:
            arguments = self.clinic.arguments(*words)
            os.execve(arguments[0], arguments, self.clinic.environment(None, **environment))
        shown = b""
        for question, answer in answers:
            while question not in shown:
                shown += os.read(terminal, 4096)
            os.write(terminal, answer.encode() + b"\n")
            shown = shown.replace(question, b"<asked>", 1)
        try:
            while more := os.read(terminal, 4096):
                shown += more
        except OSError:  # the program has ended
            pass
        os.close(terminal)
        return shown, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_a_password_is_asked_for_without_echo(self):
        shown, code = self.at_a_terminal([(b"Password of admin: ", PASSWORD)], "patients", "search", "x")
        self.assertEqual(code, DONE, shown)
        self.assertNotIn(PASSWORD.encode(), shown)

    def test_a_new_password_is_asked_for_twice(self):
        words = ("key", "add-user", "--user", "nurse", "--role", "nurse")
        asked = (b"Password of admin: ", b"New password for nurse: ", b"Once more: ")
        shown, code = self.at_a_terminal(zip(asked, (PASSWORD, OTHER_PASSWORD, PASSWORD)), *words)
        self.assertEqual(code, BAD_INPUT, shown)
        shown, code = self.at_a_terminal(zip(asked, (PASSWORD, OTHER_PASSWORD, OTHER_PASSWORD)), *words)
        self.assertEqual(code, DONE, shown)
        self.assertNotIn(OTHER_PASSWORD.encode(), shown)
        self.assertEqual(self.search(user="nurse", password=OTHER_PASSWORD), (DONE, None))

    def test_no_command_takes_a_password_as_an_argument(self):
        for words in (["init"], ["patients", "search"], ["key", "add-user"], ["key", "recover"]):
            self.assertNotIn("--password", self.clinic.run(*words, "--help").stdout)


class KeyRotation(ClinicTest):
    def setUp(self):
        super().setUp()
        self.clinic.done("import", DATA)
        self.clinic.add_user("doctor", "doctor")

    def test_everything_is_still_there_and_every_user_gets_in(self):
        before, old_database = self.clinic.export(), self.clinic.database.read_bytes()
        self.assertEqual(self.clinic.done("key", "rotate")["keyVersion"], 2)
        self.assertNotEqual(self.clinic.database.read_bytes()[:4096], old_database[:4096])
        self.assertEqual(self.clinic.export(), before)
        self.clinic.done("patients", "search", "x", user="doctor")
        self.assert_whole(self.clinic)
        self.clinic.done("key", "recover", password=None, YARROW_RECOVERY_CODE=self.created["recoveryCode"],
                         YARROW_NEW_PASSWORD=OTHER_PASSWORD)

    def test_the_old_key_file_opens_the_new_database_no_more(self):
        old = self.clinic.copy("old")
        self.clinic.done("key", "rotate")
        shutil.copy(self.clinic.folder / "clinic.db", old.folder / "clinic.db")
        self.assertEqual(old.exits(FAILED, "patients", "search", "x")["error"]["code"], "DatabaseDamaged")
        shutil.copy(self.clinic.folder / "keys.json", old.folder / "keys.json")
        old.done("patients", "search", "x")

    def test_nobody_else_may_be_inside(self):
        with open(self.clinic.folder / "lock", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)  # as everybody does who has the clinic open
            self.assertEqual(self.clinic.exits(FAILED, "key", "rotate")["error"]["code"], "DatabaseBusy")
        self.clinic.done("key", "rotate")


class Usage(ClinicTest):
    def test_what_cannot_be_understood_is_wrong_usage(self):
        for words in ([], ["frobnicate"], ["patients"], ["patients", "search"], ["patients", "show", "no id"],
                      ["patients", "search", "x", "--limit", "0"], ["resource", "get", "Patient"],
                      ["resource", "get", "Patience/1"], ["appointments", "list", "--date", "30 February"],
                      ["appointments", "openings"], ["export"], ["export", "--out", "x", "--type", "Patience"],
                      ["key", "add-user", "--user", "x", "--role", "boss"], ["audit", "list", "--since", "soon"],
                      ["init", "--clinic", "x", "--admin", "y", "--zone", "Moon/Base"]):
            with self.subTest(words=words):
                self.assertEqual(self.clinic.exits(USAGE, *words)["error"]["code"], "Usage")

    def test_a_second_clinic_in_the_same_folder_is_refused(self):
        before = self.clinic.digest()
        error = self.clinic.exits(FAILED, "init", "--clinic", "Other", "--admin", "other")["error"]
        self.assertEqual(error["code"], "AlreadyExists")
        self.assertEqual(self.clinic.digest(), before)

    def test_without_a_clinic_nothing_is_found_and_nothing_is_made(self):
        empty = Clinic(self.temporary / "empty")
        self.assertEqual(empty.exits(FAILED, "patients", "search", "x")["error"]["code"], "NotFound")
        self.assertFalse(empty.exits(FAILED, "doctor")["ok"])
        self.assertFalse(empty.folder.exists())

    def test_options_stand_before_or_behind_the_command(self):
        ran = self.clinic.run("patients", "search", "--limit", "3", "--user", "admin", "import")
        self.assertEqual((ran.returncode, json.loads(ran.stdout)), (DONE, []))


if __name__ == "__main__":
    unittest.main()
