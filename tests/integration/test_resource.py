#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any record by its type and id: what a script reads, changes and saves."""

import json
import subprocess
import unittest

from yarrowctl import BAD_INPUT, FAILED, USAGE, ClinicTest

PATIENT = {"resourceType": "Patient", "id": "p.1", "name": [{"family": "Keller", "given": ["Ada"]}],
           "birthDate": "1980-05-17", "x-scale": "kept as it is"}


class Put(ClinicTest):
    def file(self, document, name="document.json"):
        path = self.temporary / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return path

    def put(self, document, *words, **how):
        return self.clinic.done("resource", "put", "Patient/p.1", "--file", self.file(document), *words, **how)

    def test_a_document_is_created_changed_and_left_alone(self):
        created = self.put(PATIENT, "--reason", "from a script")
        self.assertEqual((created["type"], created["id"], created["change"]), ("Patient", "p.1", "created"))
        self.assertEqual(self.clinic.done("resource", "get", "Patient/p.1"), PATIENT)
        changed = self.put({**PATIENT, "gender": "female"})
        self.assertEqual(changed["change"], "updated")
        self.assertGreater(changed["revision"], created["revision"])
        self.assertEqual(self.put({**PATIENT, "gender": "female"})["change"], "unchanged")
        steps = self.clinic.done("resource", "history", "Patient/p.1")
        self.assertEqual([(step["action"], step["reason"]) for step in steps],
                         [("create", "from a script"), ("update", "")])

    def test_the_document_comes_from_standard_input(self):
        words = self.clinic.arguments("resource", "put", "Patient/p.1", "--file", "-")
        ran = subprocess.run(words, input=json.dumps(PATIENT), capture_output=True, text=True, timeout=60,
                             env=self.clinic.environment())
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(self.clinic.done("resource", "get", "Patient/p.1"), PATIENT)

    def test_a_revision_guards_what_somebody_else_saved(self):
        first = self.put(PATIENT, "--revision", 0)["revision"]
        self.put({**PATIENT, "gender": "female"}, "--revision", first)
        for revision in (0, first):
            refused = self.clinic.exits(FAILED, "resource", "put", "Patient/p.1", "--revision", revision, "--file",
                                        self.file(PATIENT))
            self.assertEqual(refused["error"]["code"], "Stale")
        self.assertEqual(self.clinic.done("resource", "get", "Patient/p.1")["gender"], "female")

    def test_what_is_wrong_is_named_and_nothing_changes(self):
        self.put(PATIENT)
        broken = self.file('{"resourceType":"Patient",\n "id":"p.1", oops}')
        error = self.clinic.exits(BAD_INPUT, "resource", "put", "Patient/p.1", "--file", broken)["error"]
        self.assertEqual((error["code"], error["line"]), ("InvalidJson", 2))
        self.assertIn("document.json", error["message"])
        for other in ({**PATIENT, "id": "p.2"}, {**PATIENT, "resourceType": "Person"}, [1]):
            error = self.clinic.exits(BAD_INPUT, "resource", "put", "Patient/p.1", "--file", self.file(other))["error"]
            self.assertEqual(error["code"], "InvalidResource", other)
        self.clinic.exits(FAILED, "resource", "put", "Patient/p.1", "--file", self.temporary / "missing.json")
        self.clinic.exits(USAGE, "resource", "put", "Patient", "--file", broken)
        self.clinic.exits(USAGE, "resource", "put", "Patient/p.1")
        self.assertEqual(self.clinic.done("resource", "get", "Patient/p.1"), PATIENT)

    def test_the_role_decides(self):
        self.clinic.add_user("billing", "billing")
        refused = self.clinic.exits(FAILED, "resource", "put", "Patient/p.1", "--file", self.file(PATIENT), user="billing")
        self.assertEqual(refused["error"]["code"], "Forbidden")
        self.clinic.exits(FAILED, "resource", "get", "Patient/p.1")


if __name__ == "__main__":
    unittest.main()
