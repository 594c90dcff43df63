#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: every role with every area and operation, as authors of a workstation's entries and as themselves."""

import itertools
import unittest
import uuid

from support.case import ServerTest
from support.client import error_code, error_text, put, remove

ROLES = ("admin", "doctor", "nurse", "receptionist", "billing")
FULL, TAKE, READ, NONE = "read create update delete", "read create", "read", ""
# The table of the security design. One resource of each area stands for it.
TABLE = {
    "patient-identity": ({"resourceType": "Patient"}, (FULL, FULL, FULL, FULL, READ)),
    "appointments": ({"resourceType": "Appointment", "status": "proposed", "participant": [
        {"actor": {"reference": "Patient/x"}, "status": "accepted"}]}, (FULL, FULL, FULL, FULL, READ)),
    "directory": ({"resourceType": "Practitioner"}, (FULL, READ, READ, READ, READ)),
    "clinical-record": ({"resourceType": "Condition", "subject": {"reference": "Patient/x"}},
                        (NONE, FULL, FULL, NONE, NONE)),
    "prescriptions": ({"resourceType": "MedicationRequest", "status": "active", "intent": "order",
                       "medicationCodeableConcept": {"text": "made up"}, "subject": {"reference": "Patient/x"}},
                      (NONE, FULL, READ, NONE, NONE)),
    "vitals": ({"resourceType": "Observation", "status": "final", "code": {"text": "pulse"}, "category": [{"coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
                "subject": {"reference": "Patient/x"}}, (NONE, FULL, FULL, NONE, NONE)),
    "payments": ({"resourceType": "Invoice", "status": "draft"}, (READ, READ, NONE, TAKE, FULL)),
    "administration": ({"resourceType": "Endpoint", "status": "active", "connectionType": {"code": "hl7-fhir-rest"},
                        "payloadType": [{"text": "any"}], "address": "https://example.org"},
                       (FULL, NONE, NONE, NONE, NONE)),
}


def allowed(role, right, area):
    return right in TABLE[area][1][ROLES.index(role)].split()


def writer_of(area):
    """A role that may create in the area."""
    return next(role for role in ROLES if allowed(role, "delete", area))


class Roles(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device(author=None)
        cls.authors = {role: cls.clinic.account(role) for role in ROLES}
        cls.people = {role: cls.clinic.person(role) for role in ROLES}

    def new(self, area):
        return {**TABLE[area][0], "id": f"r-{uuid.uuid4()}"}

    def stored(self, area):
        """A new record of the area and its versionId."""
        made = self.new(area)
        entry = self.device.batch(put(made, if_none_match="*"), author=self.authors[writer_of(area)]).json()["entry"][0]
        return made, self.assert_entry(entry, 201)["etag"]

    def test_the_table_is_the_servers(self):
        """Through bundles: one entry for every role and right, each with its author."""
        for area in TABLE:
            cases, entries = [], []
            for role, right in itertools.product(ROLES, ("create", "update", "delete")):
                if right == "create":
                    one = put(self.new(area), if_none_match="*", author=self.authors[role])
                else:
                    made, version = self.stored(area)
                    one = (put(made, if_match=version, author=self.authors[role]) if right == "update" else
                           remove(f"{made['resourceType']}/{made['id']}", if_match=version, author=self.authors[role]))
                cases.append((role, right))
                entries.append(one)
            answered = self.assert_status(self.device.batch(*entries), 200)["entry"]
            for (role, right), entry in zip(cases, answered):
                with self.subTest(area=area, role=role, right=right):
                    if allowed(role, right, area):
                        self.assertIn(entry["response"]["status"].split()[0], ("200", "201", "204"), entry)
                    else:
                        self.assert_entry(entry, 403, "role-refused")

    def test_people_read_what_their_role_may(self):
        for area in TABLE:
            made, version = self.stored(area)
            name = f"{made['resourceType']}/{made['id']}"
            for role in ROLES:
                with self.subTest(area=area, role=role):
                    person = self.people[role]
                    answers = [person.read(path) for path in (name, f"{name}/_history", f"{name}/_history/"
                                                              + version.removeprefix('W/"').rstrip('"'))]
                    found = person.read(f"{made['resourceType']}?_id={made['id']}")
                    if allowed(role, "read", area):
                        for answer in answers:
                            self.assert_status(answer, 200)
                        self.assertEqual(len(self.assert_status(found, 200)["entry"]), 1)
                    else:
                        for answer in answers:
                            self.assertIn(answer.status_code, (403, 404), answer.text)
                        self.assertNotIn(made["id"], str(found.json().get("entry")))

    def test_people_write_what_their_role_may(self):
        for area, role in itertools.product(TABLE, ROLES):
            with self.subTest(area=area, role=role):
                answer = self.people[role].save(self.new(area), if_none_match="*")
                if allowed(role, "create", area):
                    self.assert_status(answer, 201)
                else:
                    self.assertEqual(answer.status_code, 403, answer.text)

    def test_one_refused_author_fails_a_transaction_whole(self):
        fine, wrong = self.new("patient-identity"), self.new("prescriptions")
        answer = self.device.transaction(put(fine, if_none_match="*", author=self.authors["nurse"]),
                                         put(wrong, if_none_match="*", author=self.authors["nurse"]))
        self.assert_status(answer, 403, "role-refused")
        self.assert_status(self.device.read(f"Patient/{fine['id']}"), 404)

    def test_the_refusal_says_which_role_and_area(self):
        answer = self.device.save(self.new("prescriptions"), if_none_match="*", author=self.authors["nurse"])
        said = self.assert_status(answer, 403, "role-refused")
        self.assertIn("nurse", error_text(said))
        self.assertIn("prescriptions", error_text(said))

    def test_a_record_cannot_be_taken_into_or_out_of_an_area_the_author_may_not_write(self):
        """A pulse by a nurse is fine; turned into something else it is judged by both."""
        made, version = self.stored("vitals")
        task = {"resourceType": "Task", "id": f"t-{uuid.uuid4()}", "status": "requested", "intent": "order"}
        scheduling = {**task, "focus": {"reference": "Appointment/a"}}
        clinical = {**task, "focus": {"reference": "AllergyIntolerance/a"}}
        receptionist = self.authors["receptionist"]
        first = self.device.save(scheduling, if_none_match="*", author=receptionist)
        self.assert_status(first, 201)
        tag = first.headers["ETag"]
        self.assert_status(self.device.save(clinical, if_match=tag, author=receptionist), 403, "role-refused")
        second = self.device.save(clinical, if_match=tag, author=self.authors["doctor"])
        self.assert_status(second, 200)
        self.assert_status(self.device.save(scheduling, if_match=second.headers["ETag"], author=receptionist), 403)
        self.assertTrue(made and version)

    def test_a_changed_role_holds_from_the_next_request(self):
        account = self.clinic.add_account("changing", "doctor")
        self.assert_status(self.device.save(self.new("prescriptions"), if_none_match="*", author=account), 201)
        self.clinic.change_account("changing", role="receptionist")
        self.assert_status(self.device.save(self.new("prescriptions"), if_none_match="*", author=account), 403,
                           "role-refused")

    def test_a_disabled_account_writes_nothing_more(self):
        account = self.clinic.add_account("leaving", "doctor")
        person = self.clinic.person("leaving")
        self.assert_status(person.get("/fhir/Patient"), 200)
        self.clinic.change_account("leaving", active=False)
        self.assert_status(self.device.save(self.new("prescriptions"), if_none_match="*", author=account), 403,
                           "author-disabled")
        self.assertIn(person.get("/fhir/Patient").status_code, (401, 403))
        self.assertEqual(error_code(person.get("/fhir/Patient").json()), "account-disabled")


if __name__ == "__main__":
    unittest.main()
