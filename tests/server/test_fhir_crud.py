#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record at a time: read, vread, history, create, update, delete, and their conditions."""

import email.utils
import re
import unittest
import uuid

from support.case import ServerTest
from support.client import error_text, link, patient, sequence_of, version_of

INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")


class Crud(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def saved(self, **members):
        """A new patient: (id, versionId)."""
        made = patient(f"p-{uuid.uuid4()}", **members)
        answer = self.device.save(made, if_none_match="*")
        self.assert_status(answer, 201)
        return made["id"], version_of(answer)

    # ---- metadata -----------------------------------------------------------------------------------------------

    def test_metadata_is_public_and_names_what_there_is(self):
        said = self.assert_status(self.anonymous.get("/fhir/metadata"), 200)
        self.assertEqual(said["resourceType"], "CapabilityStatement")
        self.assertEqual(said["fhirVersion"], "4.0.1")
        rest = said["rest"][0]
        self.assertEqual({i["code"] for i in rest["interaction"]}, {"batch", "transaction", "history-system"})
        patients = next(r for r in rest["resource"] if r["type"] == "Patient")
        self.assertEqual({i["code"] for i in patients["interaction"]},
                         {"read", "vread", "update", "delete", "create", "history-instance", "history-type",
                          "search-type"})
        self.assertTrue(patients["updateCreate"])
        self.assertEqual(patients["versioning"], "versioned-update")

    # ---- reading ------------------------------------------------------------------------------------------------

    def test_a_read_answers_the_document_with_its_version_and_its_time(self):
        name, version = self.saved()
        answer = self.device.read(f"Patient/{name}")
        said = self.assert_status(answer, 200)
        self.assertEqual(said["id"], name)
        self.assertEqual(said["meta"]["versionId"], version)
        self.assertEqual(version_of(answer), version)
        self.assertRegex(said["meta"]["lastUpdated"], INSTANT)
        self.assertEqual(answer.headers["ETag"], f'W/"{version}"')
        modified = email.utils.parsedate_to_datetime(answer.headers["Last-Modified"])
        self.assertEqual(modified.strftime("%Y-%m-%dT%H:%M:%S"), said["meta"]["lastUpdated"][:19])
        self.assertTrue(answer.headers["Content-Type"].startswith("application/fhir+json"))
        self.assertEqual(answer.headers["Yarrow-Epoch"], version.partition(".")[0])

    def test_what_is_not_there_is_404(self):
        self.assert_status(self.device.read("Patient/nobody"), 404, "not-found")
        self.assert_status(self.device.read("Patient/nobody/_history"), 404, "not-found")
        name, version = self.saved()
        self.assert_status(self.device.read(f"Patient/{name}/_history/{version}9"), 404, "not-found")
        self.assert_status(self.device.read(f"Patient/{name}/_history/nonsense"), 404, "not-found")
        self.assert_status(self.device.read(f"Observation/{name}/_history/{version}"), 404, "not-found")

    def test_an_unknown_type_is_refused_and_named(self):
        said = self.assert_status(self.device.read("Wizard/1"), 404, "unknown-type")
        self.assertIn("Wizard", error_text(said))

    def test_every_version_can_be_read(self):
        name, first = self.saved(gender="female")
        second = version_of(self.device.save(patient(name, gender="other"), if_match=first))
        one = self.device.read(f"Patient/{name}/_history/{first}")
        two = self.device.read(f"Patient/{name}/_history/{second}")
        self.assertEqual(self.assert_status(one, 200)["gender"], "female")
        self.assertEqual(self.assert_status(two, 200)["gender"], "other")
        self.assertEqual(version_of(one), first)

    def test_the_history_of_a_record_is_newest_first_with_its_deletion(self):
        name, first = self.saved()
        second = version_of(self.device.save(patient(name, gender="other"), if_match=first))
        third = version_of(self.device.remove(f"Patient/{name}", if_match=second))
        said = self.assert_status(self.device.read(f"Patient/{name}/_history"), 200)
        self.assertEqual(said["type"], "history")
        self.assertEqual([e["request"]["method"] for e in said["entry"]], ["DELETE", "PUT", "PUT"])
        self.assertEqual([e["response"]["etag"] for e in said["entry"]], [f'W/"{v}"' for v in (third, second, first)])
        self.assertEqual([e["response"]["status"].split()[0] for e in said["entry"]], ["204", "200", "201"])
        self.assertNotIn("resource", said["entry"][0])
        self.assertEqual(said["entry"][1]["resource"]["gender"], "other")
        self.assert_status(self.device.read(f"Patient/{name}/_history/{third}"), 410, "deleted")

    def test_the_history_of_a_type_pages_through_every_version(self):
        names = [self.saved(active=True)[0] for _ in range(5)]
        found = []
        path = "/fhir/Patient/_history?_count=2"
        while path:
            page = self.assert_status(self.device.get(path), 200)
            self.assertLessEqual(len(page["entry"]), 2)
            found += [e["fullUrl"].rpartition("/")[2] for e in page["entry"]]
            path = link(page, "next")
        self.assertEqual([name for name in found if name in names], names[::-1])

    # ---- creating -----------------------------------------------------------------------------------------------

    def test_a_create_makes_an_id_and_says_where_it_is(self):
        made = patient("ignored")
        answer = self.device.create(made)
        said = self.assert_status(answer, 201)
        self.assertNotEqual(said["id"], "ignored")
        self.assertTrue(answer.headers["Location"].startswith(f"{self.server.url}/fhir/Patient/{said['id']}/_history/"))
        self.assertEqual(self.assert_status(self.device.get(answer.headers["Location"]), 200)["id"], said["id"])

    def test_a_put_with_an_id_of_the_clients_creates(self):
        name = f"x-{uuid.uuid4()}"
        answer = self.device.save(patient(name))
        self.assertEqual(self.assert_status(answer, 201)["id"], name)

    def test_if_none_match_refuses_what_is_or_was_there(self):
        name, version = self.saved()
        self.assert_status(self.device.save(patient(name), if_none_match="*"), 412, "already-exists")
        self.assert_status(self.device.remove(f"Patient/{name}", if_match=version), 204)
        self.assert_status(self.device.save(patient(name), if_none_match="*"), 412, "already-exists")

    def test_if_none_exist_creates_once(self):
        number = str(uuid.uuid4())
        made = patient("", identifier=[{"system": "urn:x", "value": number}])
        del made["id"]
        condition = {"If-None-Exist": f"identifier=urn:x|{number}"}
        first = self.device.create(made, headers=condition)
        again = self.device.create(made, headers=condition)
        self.assert_status(first, 201)
        self.assert_status(again, 200)
        self.assertEqual(version_of(again), version_of(first))
        other = self.device.create(made)
        self.assert_status(other, 201)
        self.assert_status(self.device.create(made, headers=condition), 412, "several-matches")

    def test_prefer_minimal_leaves_the_document_out(self):
        made = patient(f"m-{uuid.uuid4()}")
        answer = self.device.save(made, headers={"Prefer": "return=minimal"})
        self.assertEqual((answer.status_code, answer.content), (201, b""))
        self.assertTrue(version_of(answer))

    # ---- updating -----------------------------------------------------------------------------------------------

    def test_an_update_names_the_version_it_was_made_from(self):
        name, first = self.saved()
        answer = self.device.save(patient(name, gender="female"), if_match=first)
        self.assert_status(answer, 200)
        self.assertGreater(sequence_of(version_of(answer)), sequence_of(first))

    def test_an_update_without_a_version_is_refused(self):
        name, _ = self.saved()
        self.assert_status(self.device.save(patient(name)), 428, "precondition-required")
        self.assert_status(self.device.remove(f"Patient/{name}"), 428, "precondition-required")

    def test_a_stale_version_changes_nothing(self):
        name, first = self.saved()
        second = version_of(self.device.save(patient(name, gender="female"), if_match=first))
        self.assert_status(self.device.save(patient(name, gender="male"), if_match=first), 412, "version-conflict")
        self.assert_status(self.device.remove(f"Patient/{name}", if_match=first), 412, "version-conflict")
        self.assertEqual(version_of(self.device.read(f"Patient/{name}")), second)

    def test_a_version_that_is_none_of_ours_is_412(self):
        name, _ = self.saved()
        for version in ("1", "abcdef.1", "nonsense"):
            self.assert_status(self.device.save(patient(name), if_match=version), 412, "version-conflict")
        self.assert_status(self.device.save(patient(name), headers={"If-Match": "not a tag"}), 400, "bad-if-match")

    def test_an_update_of_what_never_was_there_is_404(self):
        _, version = self.saved()
        self.assert_status(self.device.save(patient(f"n-{uuid.uuid4()}"), if_match=version), 404, "not-found")

    def test_the_id_in_the_document_is_the_one_in_the_path(self):
        answer = self.device.put("/fhir/Patient/one", patient("two"), headers=self.device.write_headers())
        self.assert_status(answer, 400, "wrong-id")
        answer = self.device.put("/fhir/Observation/one", patient("one"), headers=self.device.write_headers())
        self.assert_status(answer, 400, "wrong-type")

    # ---- deleting -----------------------------------------------------------------------------------------------

    def test_a_deleted_record_is_410_until_it_is_brought_back(self):
        name, first = self.saved()
        answer = self.device.remove(f"Patient/{name}", if_match=first)
        self.assert_status(answer, 204)
        gone = version_of(answer)
        self.assert_status(self.device.read(f"Patient/{name}"), 410, "deleted")
        self.assert_status(self.device.save(patient(name), if_match=first), 410, "deleted")
        self.assert_status(self.device.save(patient(name)), 410, "deleted")
        back = self.device.save(patient(name), if_match=gone)
        self.assert_status(back, 201)
        self.assert_status(self.device.read(f"Patient/{name}"), 200)

    def test_a_second_deletion_is_answered_as_the_first(self):
        name, first = self.saved()
        once = self.device.remove(f"Patient/{name}", if_match=first)
        again = self.device.remove(f"Patient/{name}", if_match=first)
        self.assert_status(again, 204)
        self.assertEqual(version_of(again), version_of(once))

    def test_a_deletion_of_what_never_was_there_is_404(self):
        self.assert_status(self.device.remove(f"Patient/n-{uuid.uuid4()}"), 404, "not-found")

    # ---- methods ------------------------------------------------------------------------------------------------

    def test_methods_that_are_not_offered_say_so(self):
        name, _ = self.saved()
        self.assert_status(self.device.request("PATCH", f"/fhir/Patient/{name}", "[]"), 405, "method-not-allowed")
        self.assert_status(self.device.delete("/fhir/Patient"), 405, "method-not-allowed")
        self.assert_status(self.device.get("/fhir/Patient/1/2/3/4"), 404, "no-such-path")

    def test_head_answers_like_get_without_the_document(self):
        name, version = self.saved()
        answer = self.device.request("HEAD", f"/fhir/Patient/{name}")
        self.assertEqual((answer.status_code, answer.content, version_of(answer)), (200, b"", version))


if __name__ == "__main__":
    unittest.main()
