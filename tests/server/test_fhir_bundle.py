#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches and transactions: every entry has its own answer; a transaction does all or nothing."""

import time
import unittest
import uuid

from support.case import ServerTest
from support.client import entry, patient, post, put, remove, sequence_of, version_of


def new(**members):
    return patient(f"b-{uuid.uuid4()}", **members)


class Bundles(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def saved(self, **members):
        made = new(**members)
        answer = self.device.save(made, if_none_match="*")
        self.assert_status(answer, 201)
        return made, version_of(answer)

    def answered(self, answer, kind):
        said = self.assert_status(answer, 200)
        self.assertEqual((said["resourceType"], said["type"]), ("Bundle", kind))
        return said["entry"]

    def exists(self, made):
        return self.device.read(f"Patient/{made['id']}").status_code == 200

    # ---- batch --------------------------------------------------------------------------------------------------

    def test_a_batch_does_what_is_right_and_answers_the_rest_one_by_one(self):
        stale, first = self.saved()
        current = version_of(self.device.save({**stale, "gender": "other"}, if_match=first))
        doomed, version = self.saved()
        fresh = new()
        entries = self.answered(self.device.batch(
            put(fresh, if_none_match="*"),
            put(stale, if_match=first),
            put({**stale, "id": "un fit"}, if_match=first),
            remove(f"Patient/{doomed['id']}", if_match=version),
            post({"resourceType": "Patient", "birthDate": "yesterday"}),
            entry("GET", f"Patient/{stale['id']}"),
            entry("GET", "Patient/nobody"),
            entry("PATCH", f"Patient/{stale['id']}"),
        ), "batch-response")
        self.assertEqual([e["response"]["status"].split()[0] for e in entries],
                         ["201", "412", "400", "204", "422", "200", "404", "405"])
        self.assert_entry(entries[1], 412, "version-conflict")
        self.assertEqual(entries[5]["resource"]["meta"]["versionId"], current)
        self.assertTrue(self.exists(fresh))
        self.assertFalse(self.exists(doomed))

    def test_entries_are_answered_with_version_place_time_and_document(self):
        made = new()
        (said,) = self.answered(self.device.batch(put(made, if_none_match="*"),
                                                  headers={"Prefer": "return=representation"}), "batch-response")
        response = said["response"]
        version = response["etag"].removeprefix('W/"').rstrip('"')
        self.assertTrue(response["location"].endswith(f"Patient/{made['id']}/_history/{version}"))
        self.assertEqual(response["lastModified"], said["resource"]["meta"]["lastUpdated"])
        self.assertEqual(said["resource"]["meta"]["versionId"], version)

    def test_changes_get_neighbouring_numbers_in_the_order_of_the_entries(self):
        made = [new() for _ in range(50)]
        entries = self.answered(self.device.batch(*(put(one, if_none_match="*") for one in made)), "batch-response")
        numbers = [sequence_of(e["response"]["etag"].rstrip('"')) for e in entries]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 50)))

    def test_one_record_is_changed_once_in_a_bundle(self):
        made, version = self.saved()
        entries = self.answered(self.device.batch(put({**made, "gender": "male"}, if_match=version),
                                                  put({**made, "gender": "female"}, if_match=version)),
                                "batch-response")
        self.assert_entry(entries[0], 200)
        self.assertIn(entries[1]["response"]["status"].split()[0], ("400", "409"))
        self.assertEqual(self.device.read(f"Patient/{made['id']}").json()["gender"], "male")

    def test_if_none_exist_in_an_entry_finds_what_is_there(self):
        number = str(uuid.uuid4())
        made, version = self.saved(identifier=[{"system": "urn:x", "value": number}])
        body = {key: value for key, value in made.items() if key != "id"}
        (said,) = self.answered(self.device.batch(post(body, if_none_exist=f"identifier=urn:x|{number}")),
                                "batch-response")
        self.assertEqual(self.assert_entry(said, 200)["etag"], f'W/"{version}"')

    # ---- transaction --------------------------------------------------------------------------------------------

    def test_a_transaction_does_everything(self):
        made = [new() for _ in range(3)]
        entries = self.answered(self.device.transaction(*(put(one, if_none_match="*") for one in made)),
                                "transaction-response")
        self.assertEqual(len(entries), 3)
        self.assertTrue(all(self.exists(one) for one in made))

    def test_a_transaction_with_one_wrong_entry_does_nothing(self):
        stale, first = self.saved()
        self.device.save({**stale, "gender": "other"}, if_match=first)
        fresh = new()
        answer = self.device.transaction(put(fresh, if_none_match="*"), put(stale, if_match=first))
        self.assert_status(answer, 412, "version-conflict")
        self.assertFalse(self.exists(fresh))

    def test_a_refused_transaction_names_the_entry(self):
        stale, first = self.saved()
        self.device.save({**stale, "gender": "other"}, if_match=first)
        said = self.device.transaction(put(new(), if_none_match="*"), put(stale, if_match=first)).json()
        self.assertEqual(said["resourceType"], "OperationOutcome")
        self.assertIn("Bundle.entry[1]", str(said["issue"][0].get("expression")))

    def test_references_between_entries_become_the_new_ids(self):
        mother, visit = f"urn:uuid:{uuid.uuid4()}", f"urn:uuid:{uuid.uuid4()}"
        entries = self.answered(self.device.transaction(
            entry("POST", "Encounter", {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"},
                                        "subject": {"reference": mother}}, full_url=visit),
            entry("POST", "Patient", {"resourceType": "Patient", "name": [{"text": mother}]}, full_url=mother),
            author=self.clinic.account("doctor")), "transaction-response")
        encounter, person = (e["response"]["location"].split("/_history/")[0].split("/fhir/")[-1] for e in entries)
        self.assertEqual(self.device.read(encounter).json()["subject"]["reference"], person)
        self.assertEqual(self.device.read(person).json()["name"][0]["text"], mother)  # a text, no reference

    def test_a_reference_to_no_entry_stays_as_it_is(self):
        elsewhere = f"urn:uuid:{uuid.uuid4()}"
        (said,) = self.answered(self.device.transaction(
            post({"resourceType": "RelatedPerson", "patient": {"reference": elsewhere}}),
            headers={"Prefer": "return=representation"}), "transaction-response")
        self.assertEqual(said["resource"]["patient"]["reference"], elsewhere)

    # ---- as a whole ---------------------------------------------------------------------------------------------

    def test_what_is_no_batch_or_transaction_is_refused(self):
        headers = self.device.write_headers()
        for body in ({"resourceType": "Bundle", "type": "searchset", "entry": []}, {"resourceType": "Bundle"},
                     patient("x"), [], "7", "null", {"resourceType": "Bundle", "type": "batch", "entry": {}}):
            answer = self.device.post("/fhir", body, headers=headers)
            self.assertIn(answer.status_code, (400, 422), answer.text)

    def test_an_empty_bundle_does_nothing(self):
        for kind in ("batch", "transaction"):
            said = self.assert_status(self.device.send(kind, []), 200)
            self.assertEqual(said.get("entry", []), [])

    def test_too_many_entries_are_413(self):
        answer = self.device.batch(*(put(patient(f"many-{i}"), if_none_match="*") for i in range(2001)))
        self.assert_status(answer, 413)
        self.assertFalse(self.exists(patient("many-0")))

    def test_too_many_reads_are_413(self):
        reads = [entry("GET", "Patient/nobody") for _ in range(101)]
        self.assert_status(self.device.batch(*reads), 413, "too-many-reads")
        self.assertEqual(len(self.answered(self.device.batch(*reads[:100]), "batch-response")), 100)

    def test_a_read_in_an_entry_refuses_what_one_outside_refuses(self):
        made, _ = self.saved()
        name = f"Patient/{made['id']}"
        for url in (f"{name}?shoe=1", f"{name}/_history?shoe=1", "_history?shoe=1", "Patient/_history?shoe=1",
                    f"{name}/_history/a.1?shoe=1", "Patient?shoe=1"):
            with self.subTest(url=url):
                self.assert_status(self.device.get(f"/fhir/{url}"), 400, "unknown-parameter")
                [answered] = self.answered(self.device.batch(entry("GET", url)), "batch-response")
                self.assert_entry(answered, 400, "unknown-parameter")
        answered = self.answered(self.device.batch(
            entry("GET", f"{name}?_format=json"), entry("GET", f"{name}?_format=xml"), entry("GET", "_history?_count=1"),
            entry("GET", f"{name}/_history"), entry("GET", f"{name}/_history/_history"),
            entry("GET", "Patient/_history?_count=1"), entry("GET", "_history/_history")), "batch-response")
        self.assertEqual([e["response"]["status"].split()[0] for e in answered], ["200", "406", "200", "200", "404", "200", "404"])

    def test_every_answer_names_the_epoch(self):
        made, version = self.saved()
        name = f"/fhir/Patient/{made['id']}"
        self.device.remove(f"Patient/{made['id']}", if_match=version)
        for answer in (self.device.batch(entry("GET", "Patient/nobody")), self.device.get("/fhir/Patient/nobody"),
                       self.device.get(name), self.device.get(f"{name}?shoe=1"), self.device.get("/fhir/Patient?_count=1"),
                       self.device.get("/fhir/Shoe"), self.device.post("/fhir", {"resourceType": "Bundle"})):
            self.assertEqual(answer.headers.get("Yarrow-Epoch"), version.partition(".")[0], answer.url)

    def test_the_same_condition_twice_in_a_bundle_creates_once(self):
        number = uuid.uuid4()
        condition = f"identifier=urn:x|{number}"
        made = new(identifier=[{"system": "urn:x", "value": str(number)}])
        entries = self.answered(self.device.batch(
            post(made, if_none_exist=condition), post(made, if_none_exist=f"?identifier=urn%3Ax%7C{number}&_count=3"),
            post(new(), if_none_exist=f"identifier=urn:y|{number}")), "batch-response")
        self.assert_entry(entries[0], 201)
        self.assert_entry(entries[1], 409, "repeated-condition")
        self.assert_entry(entries[2], 201)
        self.assert_entry(self.answered(self.device.batch(post(made, if_none_exist=condition)), "batch-response")[0], 200)

    def test_many_conditions_by_identifier_are_looked_up_at_once_and_others_are_few(self):
        numbers = [uuid.uuid4() for _ in range(300)]
        posts = [post(new(identifier=[{"system": "urn:x", "value": str(n)}]), if_none_exist=f"identifier=urn:x|{n}")
                 for n in numbers]
        first = self.answered(self.device.batch(*posts), "batch-response")
        began = time.monotonic()
        again = self.answered(self.device.batch(*posts), "batch-response")
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual({e["response"]["status"] for e in first}, {"201 Created"})
        self.assertEqual([e["response"]["status"] for e in again], ["200 OK"] * 300)
        self.assertEqual([e["response"]["location"] for e in again], [e["response"]["location"] for e in first])
        others = self.answered(self.device.batch(*(post(new(), if_none_exist=f"family={n}") for n in numbers[:21])),
                               "batch-response")
        for answered in others[:20]:
            self.assert_entry(answered, 201)
        self.assert_entry(others[20], 413, "too-many-conditions")

    def test_medical_record_numbers_are_unique_and_swap_in_one_bundle(self):
        def numbered(name, number, use="usual"):
            return patient(name, identifier=[{"use": use, "system": "urn:mrn", "value": number, "type": {"coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}}])

        one, two, three = (f"m-{uuid.uuid4()}" for _ in range(3))
        first = version_of(self.device.save(numbered(one, "1"), if_none_match="*"))
        second = version_of(self.device.save(numbered(two, "2"), if_none_match="*"))
        said = self.assert_status(self.device.save(numbered(three, "1"), if_none_match="*"), 409, "mrn-taken")
        self.assertIn(f"Patient/{one}", str(said))
        self.assert_status(self.device.save(numbered(three, "1", use="old"), if_none_match="*"), 201)
        entries = self.answered(self.device.transaction(put(numbered(one, "2"), if_match=first),
                                                        put(numbered(two, "1"), if_match=second)),
                                "transaction-response")
        self.assertEqual(len(entries), 2)


if __name__ == "__main__":
    unittest.main()
