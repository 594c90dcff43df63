#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A patient who was erased is nowhere any more, and never comes back."""

import os
import pathlib
import stat
import tempfile
import unittest

from support.case import UNLIMITED, ServerTest, cluster, migrate, new_database
from support.client import appointment, error_code, patient, put, remove, version_of
from support.clinic import Clinic
from support.feed import Copy
from support.receiver import Receiver
from support.server import Certificate, Server, run

NAME = "Quetzalwasser"
ORDER = {"legalGround": "GDPR Art. 17(1)(b)", "reason": "Asked for in writing."}


def named(number, **members):
    return patient(number, **{"name": [{"family": NAME, "given": ["Ada"]}],
                              "telecom": [{"system": "phone", "value": "+4930777"}],
                              "identifier": [{"system": "urn:harbour", "value": f"{NAME}-{number}"}], **members})


def about(type_, id_, subject="p1", element="subject", **members):
    return {"resourceType": type_, "id": id_, element: {"reference": f"Patient/{subject}", "display": NAME}, **members}


def condition(id_, subject="p1", **members):
    return about("Condition", id_, subject, code={"text": f"{NAME} itches"}, **members)


def task(id_, focus):
    return {"resourceType": "Task", "id": id_, "status": "requested", "intent": "order", "focus": {"reference": focus},
            "input": [{"type": {"text": "mine"}, "valueString": NAME}]}


def duplicate(id_, first, second):
    """A possible duplicate that was merged; see docs/duplicates.md."""
    system = "https://yarrow.example/fhir/CodeSystem/duplicate"
    return {"resourceType": "Task", "id": id_, "status": "completed", "intent": "order",
            "code": {"coding": [{"system": system, "code": "possible-duplicate"}]},
            "focus": {"reference": f"Patient/{first}"}, "for": {"reference": f"Patient/{first}"},
            "input": [{"type": {"coding": [{"system": system + "-part", "code": "other"}]},
                       "valueReference": {"reference": f"Patient/{second}"}}],
            "output": [{"type": {"coding": [{"system": system + "-part", "code": "before"}], "text": "name"},
                        "valueString": NAME}]}


class ErasureTest(ServerTest):
    def setUp(self):
        self.clinic = self.new_clinic()
        self.desk = self.clinic.new_device(author="doctor")

    def save(self, resource, **how):
        how.setdefault("author", self.clinic.account("billing") if resource["resourceType"] == "Invoice" else None)
        answer = self.desk.save(resource, **how)
        self.assertIn(answer.status_code, (200, 201), answer.text)
        return version_of(answer)

    def erase(self, patient_id="p1", status=200, code=None, **order):
        answer = self.clinic.person().post("/api/v1/erasures", {"patient": patient_id, **ORDER, **order})
        return self.assert_status(answer, status, code)

    def assert_erased(self, name, answer=None):
        self.assert_status(self.desk.read(name) if answer is None else answer, 410, "erased")

    def dump(self):
        """Every row of this clinic, in every table."""
        return "\n".join(line for line in self.database.dump().splitlines() if self.desk.tenant in line)


class WhatGoes(ErasureTest):
    def test_no_trace_of_the_patient_is_in_any_table(self):
        first = self.save(named(1))
        self.save(named(1, gender="other"), if_match=first)
        self.save(condition("c1"))
        seen = self.save(condition("c2"))
        self.assert_status(self.desk.remove("Condition/c2", if_match=seen), 204)
        self.save(appointment(1, "2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z", ["Patient/p1", "Practitioner/x"],
                              comment=NAME))
        self.save(task("t1", "Condition/c1"))
        self.save({"resourceType": "Provenance", "id": "v1", "target": [{"reference": "Condition/c1"}],
                   "recorded": "2026-05-04T08:00:00Z", "agent": [{"who": {"display": NAME}}]})
        self.save({"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": NAME})
        self.save({**about("DocumentReference", "d1"), "status": "current",
                   "content": [{"attachment": {"url": "Binary/b1", "title": NAME}}]})
        self.save(patient(2))
        self.assertIn(NAME, self.dump())

        said = self.erase()
        self.assertEqual(said["erased"], {"Patient": 1, "Condition": 2, "Appointment": 1, "Task": 1, "Provenance": 1,
                                          "Binary": 1, "DocumentReference": 1})
        self.assertEqual(said["kept"], [])
        left = self.dump()
        for trace in (NAME, NAME.lower(), "4930777", "itches"):
            self.assertFalse(trace in left, trace)  # what is left is long
        for name in ("Patient/p1", "Condition/c1", "Condition/c2", "Appointment/a1", "Task/t1", "Binary/b1"):
            self.assert_erased(name)
        self.assert_erased("Patient/p1", self.desk.read(f"Patient/p1/_history/{first}"))
        self.assert_status(self.desk.read("Patient/p2"), 200)
        self.assertNotIn("entry", self.desk.get(f"/fhir/Patient?family={NAME}").json())
        self.assertEqual(Copy(self.desk).pull().problems(whole=False), [])

    def test_what_the_patient_is_to_others_goes_on_either_side(self):
        def related(id_, subject, **members):
            return about("RelatedPerson", id_, subject, "patient", active=True,
                         relationship=[{"text": "Mother"}], **members)

        self.save(related("mother", "p2"))
        self.save(related("former", "p2"))
        self.save(related("child", "p1"))
        links = [{"other": {"reference": f"RelatedPerson/{name}"}, "type": "seealso"} for name in ("mother", "former")]
        seen = self.save(named(1, link=links))
        self.save(named(1, link=links[:1]), if_match=seen)  # the other one is somebody else's by now
        self.save(patient(2, link=[{"other": {"reference": "RelatedPerson/child"}, "type": "seealso"}]))
        said = self.erase()
        self.assertEqual(said["erased"], {"Patient": 1, "RelatedPerson": 2})
        self.assertEqual(said["kept"], [])
        for name in ("RelatedPerson/mother", "RelatedPerson/child"):
            self.assert_erased(name)
        for name in ("RelatedPerson/former", "Patient/p2"):
            self.assert_status(self.desk.read(name), 200)
        self.assertEqual(Copy(self.desk).pull().problems(whole=False), [])

    def test_what_others_or_the_law_need_is_kept_and_named(self):
        for number in (1, 2):
            self.save(named(number))
        self.save({**about("Invoice", "i1"), "status": "issued"})
        self.save(appointment(1, "2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z", ["Patient/p1", "Patient/p2"]))
        self.save(condition("c2", "p2", note=[{"text": "like her sister", "authorReference": {"reference": "Patient/p1"}}]))
        self.save(condition("c12", "p12"))  # begins like p1
        said = self.erase()
        self.assertEqual(said["erased"], {"Patient": 1})
        self.assertEqual({(kept["record"], kept["why"]) for kept in said["kept"]},
                         {("Invoice/i1", "retention-law"), ("Appointment/a1", "other-patients"),
                          ("Condition/c2", "other-patients")})
        for name in ("Invoice/i1", "Appointment/a1", "Condition/c2", "Condition/c12"):
            self.assert_status(self.desk.read(name), 200)
        # Payments go on.
        paid = {**about("Invoice", "i1"), "status": "balanced"}
        self.save(paid, if_match=version_of(self.desk.read("Invoice/i1")))

    def test_a_conflict_goes_with_its_record_whoever_it_names_besides(self):
        self.save(named(1))
        self.save(condition("c1"))
        self.save({**task("t1", "Condition/c1"), "for": {"reference": "Patient/p1"},
                   "input": [{"type": {"text": "mine"}, "valueReference": {"reference": "Patient/p2"}}]})
        self.save({**task("t2", "Invoice/i1"), "for": {"reference": "Patient/p1"}}, author=self.clinic.account("billing"))
        said = self.erase()
        self.assertEqual(said["erased"], {"Patient": 1, "Condition": 1, "Task": 1})
        self.assertEqual(said["kept"], [{"record": "Task/t2", "why": "retention-law"}])

    def test_what_was_merged_goes_as_one_patient_by_either_record(self):
        for kept, gone, asked in ((1, 2, 1), (3, 4, 4)):
            with self.subTest(asked=asked):
                # Only one side of the link, as other systems write it.
                self.save(named(gone, link=[{"type": "replaced-by", "other": {"reference": f"Patient/p{kept}"}}]))
                self.save(named(kept))
                self.save(condition(f"c{gone}", f"p{gone}"))
                self.save(duplicate(f"t{gone}", f"p{kept}", f"p{gone}"))
                said = self.erase(f"p{asked}")
                self.assertEqual(said["erased"], {"Patient": 2, "Condition": 1, "Task": 1})
                self.assertEqual(said["kept"], [])
                self.assertNotIn(NAME, self.dump())
                for name in (f"Patient/p{kept}", f"Patient/p{gone}", f"Condition/c{gone}", f"Task/t{gone}"):
                    self.assert_erased(name)
        self.assertEqual(Copy(self.desk).pull().problems(whole=False), [])

    def test_a_possible_duplicate_goes_with_either_patient_and_does_not_come_back(self):
        for number in (1, 2, 3):
            self.save(named(number))
        self.save(duplicate("t12", "p1", "p2"))
        self.save(duplicate("t13", "p1", "p3"))
        said = self.erase("p2")
        self.assertEqual((said["erased"], said["kept"]), ({"Patient": 1, "Task": 1}, []))
        self.assert_erased("Task/t12")
        self.assert_status(self.desk.read("Task/t13"), 200)
        self.assert_erased("Task/new", self.desk.save(duplicate("new", "p1", "p2")))

    def test_once_more_takes_what_has_become_the_patients_alone(self):
        self.save(named(1))
        both = appointment(1, "2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z", ["Patient/p1", "Patient/p2"], comment=NAME)
        seen = self.save(both)
        self.erase()
        others = both["participant"].pop()
        seen = self.save(both, if_match=seen)  # what was kept may still be changed
        both["participant"] = [others]
        both["comment"] = "moved"
        self.save(both, if_match=seen)
        said = self.erase()
        self.assertEqual((said["erased"], said["kept"]), ({}, []))
        self.assertNotIn(NAME, self.dump())
        self.assert_status(self.desk.read("Appointment/a1"), 200)
        self.assertEqual(Copy(self.desk).pull().problems(whole=False), [])

    def test_exports_are_gone(self):
        self.save(named(1))
        asked = self.desk.get("/fhir/$export", headers={"Prefer": "respond-async"})
        status = asked.headers["Content-Location"]
        while (answer := self.desk.get(status)).status_code == 202:
            pass
        self.assert_status(answer, 200)
        self.erase()
        self.assertEqual(self.desk.get(status).status_code, 404)
        self.assertEqual(self.database.value(f"SELECT count(*) FROM export_file WHERE tenant_id = '{self.desk.tenant}'"), "0")

    def test_a_number_and_a_slot_are_free_again(self):
        mrn = [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
                "system": "urn:mrn", "value": "M-7"}]
        self.save(named(1) | {"identifier": mrn})
        self.save(appointment(1, "2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z", ["Patient/p1", "Practitioner/x"]))
        self.erase()
        self.save(patient(2, identifier=mrn))
        self.save(appointment(2, "2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z", ["Patient/p2", "Practitioner/x"]))


class WhatIsTold(ErasureTest):
    options = {"allow-insecure-webhooks": True, "allow-private-webhooks": True}

    def entries(self, since=None, device=None):
        return [one for page in (device or self.desk).feed(since=since) for one in page.get("entry", [])]

    def test_the_feed_tells_of_it_once_from_every_cursor(self):
        first = self.save(named(1))
        cursor = self.desk.read("Patient/p1").json()["meta"]["lastUpdated"]
        self.save(named(1, gender="female"), if_match=first)
        self.save(condition("c1"))
        copy = Copy(self.desk).pull()
        self.erase()
        for since in (None, cursor, copy.since):
            told = [one for one in self.entries(since) if one["response"]["status"].startswith("410")]
            self.assertEqual(sorted(one["request"]["url"] for one in told), ["Condition/c1", "Patient/p1"])
            for one in told:
                self.assertEqual(one["request"]["method"], "DELETE")
                self.assertNotIn("resource", one)
                self.assert_code(one["response"]["outcome"], "erased")
        self.assertEqual(copy.pull().problems(whole=False), [])

    def test_who_held_it_in_another_area_hears_of_it_and_nobody_else(self):
        desk = self.clinic.new_device(areas="front-desk")
        vitals = self.clinic.new_device(areas=["vitals"])
        self.save(named(1))
        sign = about("Observation", "o1", status="final", code={"text": "x"}, category=[{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}])
        seen = self.save(sign)
        sign.pop("category")
        self.save(sign, if_match=seen)
        self.erase()
        self.assertEqual([one["request"]["url"] for one in self.entries(device=desk)], ["Patient/p1"])
        self.assertEqual([one["request"]["url"] for one in self.entries(device=vitals)], ["Observation/o1"])
        self.assertTrue(all(one["response"]["status"].startswith("410") for one in self.entries(device=vitals)))
        self.assertEqual(desk.read("Observation/o1").status_code, 404)

    def test_webhooks_name_the_record_and_no_more(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        self.assert_status(self.clinic.person().post("/api/v1/webhooks", {"url": receiver.url}), 201)
        self.save(named(1))
        self.erase()
        while "delete" not in (told := receiver.next()).text.decode():
            pass
        self.assertEqual(told.references[-1], "Patient/p1")
        self.assertNotIn(NAME, told.text.decode())

    def test_the_audit_says_who_and_why(self):
        self.save(named(1))
        self.erase()
        rows = self.database.sql("SELECT account, resource_id, patient, reason, detail FROM audit_entry WHERE "
                                 f"tenant_id = '{self.desk.tenant}' AND action = 'patient-erased'")
        self.assertEqual(rows, [(self.clinic.account("admin"), "p1", "p1", ORDER["reason"],
                                 f"records=1 kept=0 ground={ORDER['legalGround']}")])
        run("audit", "verify", "--tenant", self.clinic.slug, "--database", self.database.app_uri)


class WhatIsRefused(ErasureTest):
    def test_writes_are_refused_for_ever(self):
        version = self.save(named(1), operation="op-1")
        self.assert_status(self.desk.create(condition("x"), operation="op-2"), 201)
        self.erase()
        gone = self.desk.read("Patient/p1").headers["ETag"]
        for how in ({}, {"if_match": version}, {"if_match": gone}, {"if_none_match": "*"}, {"operation": "op-1"}):
            self.assert_erased("Patient/p1", self.desk.save(named(1), **how))
        self.assert_erased("Patient/p1", self.desk.remove("Patient/p1", if_match=version))
        # What was created under an operation is not created again, nor anything new about the patient.
        self.assert_erased("Condition", self.desk.create(condition("x"), operation="op-2"))
        self.assert_erased("Condition/new", self.desk.save(condition("new")))
        said = self.assert_status(self.desk.batch(put(named(1), if_none_match="*"), put(patient(3))), 200)
        self.assert_entry(said["entry"][0], 410, "erased")
        self.assert_entry(said["entry"][1], 201)
        self.assert_status(self.desk.transaction(remove("Patient/p1", if_match=version)), 410, "erased")

    def test_retention_of_the_deletion_changes_nothing(self):
        self.save(named(1))
        self.save(condition("c1"))
        self.erase()
        tenant = self.desk.tenant
        self.database.sql(f"UPDATE version SET last_updated = last_updated - interval '900 days' WHERE tenant_id = '{tenant}'")
        run("jobs", "drain", "--database", self.database.app_uri, "--key-file", self.folder / "server.key")
        self.database.sql("UPDATE job_queue SET run_at = now()")
        run("jobs", "drain", "--database", self.database.app_uri, "--key-file", self.folder / "server.key")
        self.assertEqual(self.database.value(f"SELECT count(*) FROM version WHERE tenant_id = '{tenant}'"), "0")
        for answer in (self.desk.read("Patient/p1"), self.desk.save(named(1), if_none_match="*"),
                       self.desk.save(condition("c1")), self.desk.get("/fhir/Patient/p1/_history")):
            self.assert_erased("Patient/p1", answer)
        self.assertEqual(self.erase()["erased"], {})

    def test_only_administrators_erase(self):
        self.save(named(1))
        path, body = "/api/v1/erasures", {"patient": "p1", **ORDER}
        self.clinic.account("doctor")
        self.assert_status(self.clinic.person("doctor").post(path, body), 403, "admin-required")
        self.assert_status(self.desk.post(path, body), 403, "author-required")
        admin = {"Yarrow-Author": self.clinic.account("admin")}
        self.assert_status(self.desk.post(path, body, headers={"Yarrow-Author": self.clinic.account("doctor")}), 403,
                           "admin-required")
        self.assert_status(self.clinic.new_device("front-desk").post(path, body, headers=admin), 403, "outside-scope")
        self.assert_status(self.anonymous.post(path, body), 401, "token-missing")
        self.assert_status(self.new_clinic().person().post(path, body), 404, "not-found")
        self.assert_status(self.desk.read("Patient/p1"), 200)
        self.assert_status(self.desk.post(path, body, headers=admin), 200)
        self.assert_erased("Patient/p1")

    def test_a_ground_and_a_reason_are_needed(self):
        self.save(named(1))
        self.erase(status=400, code="bad-request", legalGround="")
        self.erase(status=400, code="bad-request", reason="")
        self.erase("no id", status=400, code="bad-request")
        self.erase("nobody", status=404, code="not-found")

    def test_the_command_erases(self):
        self.save(named(1))
        self.save({**about("Invoice", "i1"), "status": "issued"})
        said = run("erase", "--database", self.database.app_uri, "--tenant", self.clinic.slug, "--patient", "p1",
                   "--ground", "GDPR").stdout
        self.assertEqual(said, "erased 1 records\nkept Invoice/i1\tretention-law\n")
        self.assert_erased("Patient/p1")


class Restored(unittest.TestCase):
    """One server on one database, that is put back to what it was."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yarrow-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = self.folder / "erasures"
        self.certificate = Certificate(self.folder)
        self.database = new_database()
        self.addCleanup(self.database.drop)
        self.server = self.serve(self.database)
        self.clinic = Clinic(self.server, self.database, "lindenhof")
        self.desk = self.clinic.new_device(author="doctor")
        for resource in (named(1), condition("c1"), patient(2)):
            self.assertEqual(self.desk.save(resource).status_code, 201)

    def serve(self, database, port=None, log=True, ready=True):
        options = {**UNLIMITED, **({"erasure-log": self.log} if log else {})}
        server = Server(database.app_uri, self.folder, self.certificate, options, port=port)
        self.addCleanup(server.kill)
        return server.start(ready=ready)

    def erase(self):
        answer = self.clinic.person().post("/api/v1/erasures", {"patient": "p1", **ORDER})
        self.assertEqual(answer.status_code, 200, answer.text)

    def restore(self, dump, **how):
        """The server goes on at the same address with what was dumped."""
        self.desk.session.close()
        self.server.kill()
        restored = cluster().create_database(f"{self.database.name}_restored")
        self.addCleanup(restored.drop)
        restored.sql(dump)
        self.database = migrate(restored)
        self.server = self.serve(self.database, self.server.port, **how)
        self.desk.forget_token()

    def assert_gone(self):
        for name in ("Patient/p1", "Condition/c1"):
            answer = self.desk.read(name)
            self.assertEqual((answer.status_code, error_code(answer.json())), (410, "erased"), name)
        answer = self.desk.save(named(1), if_none_match="*")
        self.assertEqual((answer.status_code, error_code(answer.json())), (410, "erased"))
        self.assertEqual(self.desk.read("Patient/p2").status_code, 200)
        self.assertNotIn(NAME, self.database.dump())
        self.assertEqual(Copy(self.desk).pull().problems(whole=False), [])

    def test_an_old_backup_does_not_bring_it_back(self):
        dump = self.database.dump()
        self.assertEqual(self.desk.save(condition("c2")).status_code, 201)  # unknown to the backup
        self.erase()
        self.restore(dump)
        self.assert_gone()
        self.assertEqual(error_code(self.desk.save(condition("c2")).json()), "erased")
        told = [one["request"]["url"] for page in self.desk.feed() for one in page.get("entry", [])
                if one["response"]["status"].startswith("410")]
        self.assertEqual(sorted(told), ["Condition/c1", "Condition/c2", "Patient/p1"])
        self.assertEqual(self.database.value("SELECT count(*) FROM audit_entry WHERE action = 'erasure-replayed'"), "1")
        self.server.stop()  # once is enough
        self.server = self.serve(self.database, self.server.port)
        self.assertEqual(self.database.value("SELECT count(*) FROM audit_entry WHERE action = 'erasure-replayed'"), "1")

    def test_another_postgresql_under_a_running_server_learns_of_it_before_it_serves(self):
        dump = self.database.dump()
        self.erase()
        self.restore(dump, log=False)  # comes back ...
        self.assertEqual(self.desk.read("Patient/p1").status_code, 200)
        self.server.kill()
        self.database.sql("UPDATE database_identity SET timeline = timeline + 1")
        self.server = self.serve(self.database, self.server.port)
        self.assert_gone()

    def test_the_log_is_opaque_private_and_complete(self):
        self.erase()
        text = self.log.read_text()
        self.assertEqual(stat.S_IMODE(os.stat(self.log).st_mode), 0o600)
        self.assertEqual(len(text.splitlines()), 1)
        for word in ("Patient", "Condition", "GDPR", self.desk.tenant):
            self.assertNotIn(word, text)
        # What the database knows and the log does not comes into it at the next start.
        self.server.stop()
        self.log.unlink()
        self.server = self.serve(self.database, self.server.port)
        self.assertEqual(len(self.log.read_text().splitlines()), 1)

    def test_a_log_that_was_touched_stops_the_server(self):
        self.erase()
        self.server.stop()
        whole = self.log.read_bytes()

        def refusal():
            ran = run("serve", "--listen", f"127.0.0.1:{self.server.port}", "--database", self.database.app_uri,
                      "--key-file", self.folder / "server.key", "--erasure-log", self.log, check=False)
            self.assertEqual(ran.returncode, 1)
            return ran.stderr

        self.log.write_bytes(whole[:40] + (b"B" if whole[40:41] == b"A" else b"A") + whole[41:])
        self.assertIn("line 1 that does not open", refusal())
        self.log.write_bytes(whole + whole)
        self.assertIn("lacks lines before line 2", refusal())
        self.log.chmod(0o644)
        self.assertIn("mode 0600", refusal())
        # A line that was cut off while it was written is none.
        self.log.chmod(0o600)
        self.log.write_bytes(whole + whole[:50])
        self.server = self.serve(self.database, self.server.port)
        answer = self.clinic.person().post("/api/v1/erasures", {"patient": "p2", **ORDER})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(len(self.log.read_text().splitlines()), 2)
        self.server.stop()
        self.server = self.serve(self.database, self.server.port)

    def test_nothing_is_erased_when_the_log_cannot_be_written(self):
        self.log.mkdir()
        answer = self.clinic.person().post("/api/v1/erasures", {"patient": "p1", **ORDER})
        self.assertEqual((answer.status_code, error_code(answer.json())), (503, "erasure-log"))
        self.assertEqual(self.desk.read("Patient/p1").status_code, 200)


if __name__ == "__main__":
    unittest.main()
