#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conflicts and quarantine from the command line."""

import json
import unittest

from yarrowctl import BAD_INPUT, FAILED, LOCKED, USAGE, ClinicTest

CONFLICT = "https://yarrow.example/fhir/CodeSystem/conflict"
PART = "https://yarrow.example/fhir/CodeSystem/conflict-part"
MOBILE = "telecom[system=phone,use=mobile].value"

PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Rossi", "given": ["Ada"]}],
           "telecom": [{"system": "phone", "use": "mobile", "value": "555-0100"}], "birthDate": "1980-03-12"}


def task(elements):
    """A conflict as an exchange opens it: {path: (before, mine, theirs)}."""
    inputs = [{"type": {"coding": [{"system": PART, "code": part}], "text": path}, "valueString": json.dumps(value)}
              for path, values in elements.items() for part, value in zip(("base", "mine", "theirs"), values)]
    return {"resourceType": "Task", "id": "t1", "status": "requested", "intent": "order",
            "code": {"coding": [{"system": CONFLICT, "code": "elements"}]},
            "focus": {"reference": "Patient/p1"}, "for": {"reference": "Patient/p1"},
            "executionPeriod": {"start": "2026-03-02T08:12:00.000Z"}, "authoredOn": "2026-03-02T08:40:00.000Z",
            "requester": {"display": "Berta Brand"}, "input": inputs}


class Conflicts(ClinicTest):
    def setUp(self):
        super().setUp()
        conflict = task({"birthDate": ("1980-03-01", "1980-03-21", "1980-03-12"),
                         MOBILE: ("555-0099", "555-0177", "555-0100")})
        file = self.write("conflict.ndjson", json.dumps(PATIENT) + "\n" + json.dumps(conflict) + "\n")
        self.clinic.done("import", file)

    def patient(self):
        return self.clinic.done("resource", "get", "Patient/p1")

    def test_an_open_conflict_is_listed_and_shown(self):
        listed = self.clinic.done("conflicts", "list")
        self.assertEqual([(one["id"], one["kind"], one["record"], one["patientName"], one["author"], one["settled"])
                          for one in listed],
                         [("t1", "elements", "Patient/p1", "Rossi, Ada", "Berta Brand", None)])
        self.assertEqual(listed[0]["elements"], ["birthDate", MOBILE])
        shown = self.clinic.done("conflicts", "show", "t1")
        self.assertEqual(shown["elements"][0], {"path": "birthDate", "before": "1980-03-01", "mine": "1980-03-21",
                                                "theirs": "1980-03-12", "now": "1980-03-12"})
        self.assertEqual(self.clinic.exits(FAILED, "conflicts", "show", "nobody")["error"]["code"], "NotFound")

    def test_mine_for_all(self):
        settled = self.clinic.done("conflicts", "settle", "t1", "--take", "mine")
        self.assertEqual(settled, {"id": "t1", "record": "Patient/p1", "changed": ["birthDate", MOBILE]})
        self.assertEqual(self.patient()["birthDate"], "1980-03-21")
        self.assertEqual(self.clinic.done("conflicts", "list"), [])
        last = self.clinic.done("conflicts", "list", "--settled")[0]["settled"]
        self.assertEqual((last["by"], [choice["take"] for choice in last["choices"]]), ("admin", ["mine", "mine"]))

    def test_one_by_one(self):
        self.clinic.done("conflicts", "settle", "t1", "--take", "theirs", "--take", f"{MOBILE}=555 0200")
        patient = self.patient()
        self.assertEqual((patient["birthDate"], patient["telecom"][0]["value"]), ("1980-03-12", "555 0200"))

    def test_an_element_is_taken_out(self):
        self.clinic.done("conflicts", "settle", "t1", "--take", "birthDate=null", "--take", f"{MOBILE}=theirs")
        self.assertNotIn("birthDate", self.patient())

    def test_a_decision_stands(self):
        self.clinic.done("conflicts", "settle", "t1", "--take", "theirs")
        error = self.clinic.exits(FAILED, "conflicts", "settle", "t1", "--take", "mine")["error"]
        self.assertEqual(error["code"], "Stale")
        self.assertRegex(error["context"], r"^settled by admin at \d{4}-")
        self.assertEqual(self.patient()["birthDate"], "1980-03-12")

    def test_a_decision_is_taken_back_by_whoever_made_it(self):
        before = self.patient()
        self.clinic.done("conflicts", "settle", "t1", "--take", "mine")
        self.clinic.add_user("doctor", "doctor")
        self.assertEqual(self.clinic.exits(FAILED, "conflicts", "undo", "t1", user="doctor")["error"]["code"], "NotFound")
        self.assertEqual(self.clinic.done("conflicts", "undo", "t1"), {"id": "t1", "undone": "reopened"})
        self.assertEqual(self.patient(), before)
        self.assertEqual(len(self.clinic.done("conflicts", "list")), 1)
        self.assertEqual(self.clinic.exits(FAILED, "conflicts", "undo", "t1")["error"]["code"], "NotFound")

    def test_what_is_not_meant_changes_nothing(self):
        self.clinic.exits(USAGE, "conflicts", "settle", "t1")
        self.clinic.exits(BAD_INPUT, "conflicts", "settle", "t1", "--take", "birthDate=mine")
        self.clinic.exits(BAD_INPUT, "conflicts", "settle", "t1", "--take", "mine", "--take", "gender=female")
        self.clinic.exits(BAD_INPUT, "conflicts", "settle", "t1", "--take", "theirs", "--take", "birthDate=spring")
        self.assertEqual(len(self.clinic.done("conflicts", "list")), 1)

    def test_a_role_that_may_not_change_the_record_does_not_settle(self):
        self.clinic.add_user("bills", "billing")
        self.assertFalse(self.clinic.done("conflicts", "list", user="bills")[0]["maySettle"])
        error = self.clinic.exits(FAILED, "conflicts", "settle", "t1", "--take", "mine", user="bills")["error"]
        self.assertEqual(error["code"], "Forbidden")


class Quarantine(ClinicTest):
    def test_without_a_server_there_is_nothing_to_refuse(self):
        self.assertEqual(self.clinic.done("quarantine", "list"), [])
        self.assertEqual(self.clinic.done("quarantine", "retry"), {"retried": 0})
        self.assertEqual(self.clinic.exits(FAILED, "quarantine", "retry", "Patient/p1")["error"]["code"], "NotFound")

    def test_what_a_workstation_alone_has_is_exported_and_never_given_up(self):
        self.clinic.done("import", self.write("p1.json", json.dumps(PATIENT)))
        target = self.temporary / "unsent.json"
        self.assertEqual(self.clinic.done("export", "--out", target, "--unsent", "--clear")["resources"], 1)
        entry = json.loads(target.read_text())["entry"][0]
        self.assertEqual((entry["request"]["url"], entry["resource"]["id"]), ("Patient/p1", "p1"))
        sealed, opened = self.temporary / "unsent.yarrow-edits", self.temporary / "opened.json"
        self.assertTrue(self.clinic.done("export", "--out", sealed, "--unsent")["sealed"])
        self.assertNotIn("Rossi", sealed.read_text())
        code = {"user": None, "password": None, "YARROW_RECOVERY_CODE": self.created["recoveryCode"]}
        self.clinic.done("unseal", sealed, "--out", opened, **code)
        self.assertEqual(json.loads(opened.read_text()), json.loads(target.read_text()))
        self.clinic.exits(LOCKED, "unseal", sealed, "--out", self.temporary / "other.json",
                          **code | {"YARROW_RECOVERY_CODE": "wrong"})
        self.clinic.exits(USAGE, "quarantine", "discard", "Patient/p1")
        self.clinic.exits(BAD_INPUT, "quarantine", "discard", "Patient/p1", "--reason", " ")
        self.clinic.exits(FAILED, "quarantine", "discard", "Patient/p1", "--reason", "registered twice")
        self.clinic.done("resource", "get", "Patient/p1")


if __name__ == "__main__":
    unittest.main()
