#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk Data exports: what is in them, who may have them, and how they end."""

import gzip
import json
import re
import time
import unittest
from urllib.parse import quote

from support.case import ServerTest
from support.client import appointment, patient, put, version_of

ASYNC = {"Prefer": "respond-async", "Accept": "application/fhir+json"}


def kick_off(client, query="", **headers):
    return client.get(f"/fhir/$export{query}", headers={**ASYNC, **headers})


def status_path(answer):
    return answer.headers["Content-Location"]


class ExportCase(ServerTest):
    def settled(self, client, status, timeout=60):
        """The status' answer once it is no longer 202."""
        until = time.monotonic() + timeout
        while True:
            answer = client.get(status)
            if answer.status_code != 202:
                return answer
            self.assertIn("X-Progress", answer.headers)
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
            self.assertLess(time.monotonic(), until, "the export does not end")
            time.sleep(0.1)

    def manifest(self, client, query=""):
        started = kick_off(client, query)
        self.assert_status(started, 202)
        return self.assert_status(self.settled(client, status_path(started)), 200)

    def lines(self, client, files):
        """The lines of files of a manifest, each with its type."""
        found = []
        for one in files:
            answer = client.get(one["url"], headers={"Accept": "application/fhir+ndjson"})
            self.assert_ndjson(answer)
            lines = answer.content.decode().splitlines()
            self.assertEqual(len(lines), one["count"])
            found += [(one["type"], line) for line in lines]
        return found

    def assert_ndjson(self, answer):
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        self.assertEqual(answer.headers["Content-Type"], "application/fhir+ndjson")

    def references(self, client, manifest):
        return sorted(f"{type_}/{json.loads(line)['id']}" for type_, line in self.lines(client, manifest["output"]))


class ExportTest(ExportCase):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.desk = cls.clinic.new_device()

    def new_desk(self, **how):
        """Of a clinic of its own."""
        return self.new_clinic().new_device(**how)

    def test_an_export_has_every_present_record_and_nothing_else(self):
        desk = self.new_desk()
        answer = desk.transaction(*[put(patient(n)) for n in range(30)],
                                  put(appointment(1, "2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", ["Patient/p1"])))
        self.assert_status(answer, 200)
        self.assert_status(desk.remove("Patient/p3", if_match=version_of(desk.read("Patient/p3"))), 204)
        self.assert_status(desk.save(patient(4, gender="female"), if_match=version_of(desk.read("Patient/p4"))), 200)
        manifest = self.manifest(desk)
        wanted = sorted([f"Patient/p{n}" for n in range(30) if n != 3] + ["Appointment/a1"])
        self.assertEqual(self.references(desk, manifest), wanted)
        self.assertTrue(manifest["requiresAccessToken"])
        self.assertEqual(manifest["error"], [])
        self.assertEqual(manifest["deleted"], [])
        self.assertIn("/fhir/$export", manifest["request"])

    def test_a_document_comes_back_digit_for_digit_on_one_line(self):
        desk = self.new_desk(author="doctor")
        text = ('{\n  "resourceType" : "Observation",\r\n  "id":"o1", "status":"final",\n "code":{"text":"a\\nb"},'
                '\n"valueQuantity": {"value": 1.10, "unit":"mg" }\n}')
        self.assertIn(desk.save_text("Observation/o1", text, if_none_match="*").status_code, (200, 201))
        read = desk.read("Observation/o1").text
        self.assertIn("1.10", read)
        [(_, line)] = self.lines(desk, self.manifest(desk)["output"])
        self.assertEqual(line, re.sub(r"[\r\n]", "", read))

    def test_transaction_time_is_where_the_feed_goes_on(self):
        desk = self.new_desk()
        for n in range(5):
            self.assert_status(desk.save(patient(n)), 201)
        manifest = self.manifest(desk)
        for n in range(5, 8):
            self.assert_status(desk.save(patient(n)), 201)
        later = [e["resource"]["id"] for page in desk.feed(since=manifest["transactionTime"])
                 for e in page["entry"] if e["resource"]["meta"]["lastUpdated"] != manifest["transactionTime"]]
        self.assertEqual(later, ["p5", "p6", "p7"])
        self.assertEqual(self.references(desk, manifest), [f"Patient/p{n}" for n in range(5)])

    def test_since_has_what_changed_afterwards_and_what_was_deleted(self):
        desk = self.new_desk()
        for n in range(4):
            self.assert_status(desk.save(patient(n)), 201)
        first = self.manifest(desk)
        self.assert_status(desk.save(patient(1, gender="male"), if_match=version_of(desk.read("Patient/p1"))), 200)
        self.assert_status(desk.save(patient(9)), 201)
        self.assert_status(desk.remove("Patient/p2", if_match=version_of(desk.read("Patient/p2"))), 204)
        second = self.manifest(desk, f"?_since={quote(first['transactionTime'], safe='')}")
        self.assertEqual(self.references(desk, second), ["Patient/p1", "Patient/p9"])
        [(type_, line)] = self.lines(desk, second["deleted"])
        bundle = json.loads(line)
        self.assertEqual((type_, bundle["resourceType"], bundle["type"]), ("Bundle", "Bundle", "transaction"))
        self.assertEqual([e["request"] for e in bundle["entry"]], [{"method": "DELETE", "url": "Patient/p2"}])

    def test_since_has_what_left_the_scope_as_gone(self):
        clinic = self.new_clinic()
        desk, front = clinic.new_device(author="doctor"), clinic.new_device(areas="front-desk")
        here = {"resourceType": "Task", "id": "t1", "status": "requested", "intent": "order",
                "focus": {"reference": "Appointment/a9"}}
        away = {**here, "focus": {"reference": "AllergyIntolerance/x"}}
        self.assert_status(desk.transaction(put(here), put({**here, "id": "t2"}), put({**away, "id": "t3"})), 200)
        first = self.manifest(front)
        self.assertEqual(self.references(front, first), ["Task/t1", "Task/t2"])
        for task in (away, {**away, "id": "t2"}, {**here, "id": "t2"}, {**away, "note": [{"text": "still"}]}):
            name = f"Task/{task['id']}"
            self.assert_status(desk.save(task, if_match=version_of(desk.read(name))), 200)
        second = self.manifest(front, f"?_since={quote(first['transactionTime'], safe='')}")
        self.assertEqual(self.references(front, second), ["Task/t2"])
        gone = [e["request"]["url"] for _, line in self.lines(front, second["deleted"])
                for e in json.loads(line)["entry"]]
        self.assertEqual(gone, ["Task/t1"])

    def test_while_no_deletion_was_forgotten_any_since_will_do(self):
        desk = self.new_desk()
        self.assert_status(desk.save(patient(1)), 201)
        self.assertEqual(self.references(desk, self.manifest(desk, "?_since=1960-01-01T00:00:00Z")), ["Patient/p1"])

    def test_types_are_chosen_by_parameter(self):
        desk = self.new_desk()
        booked = appointment(1, "2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", ["Patient/p1"])
        self.assert_status(desk.transaction(put(patient(1)), put(booked)), 200)
        self.assertEqual(self.references(desk, self.manifest(desk, "?_type=Appointment")), ["Appointment/a1"])
        self.assertEqual(len(self.references(desk, self.manifest(desk, "?_type=Appointment,Patient"))), 2)

    def test_a_post_takes_its_parameters_from_the_body(self):
        desk = self.new_desk()
        booked = appointment(1, "2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", ["Patient/p1"])
        self.assert_status(desk.transaction(put(patient(1)), put(booked)), 200)
        body = {"resourceType": "Parameters", "parameter": [{"name": "_type", "valueString": "Patient"},
                                                             {"name": "_outputFormat", "valueString": "ndjson"}]}
        started = desk.post("/fhir/$export", body, headers=ASYNC)
        self.assert_status(started, 202)
        manifest = self.assert_status(self.settled(desk, status_path(started)), 200)
        self.assertEqual(self.references(desk, manifest), ["Patient/p1"])

    def test_an_empty_clinic_exports_nothing(self):
        desk = self.new_desk()
        self.assertEqual(self.manifest(desk)["output"], [])

    def test_a_file_comes_packed_to_those_who_take_it_so(self):
        desk = self.new_desk()
        self.assert_status(desk.save(patient(1)), 201)
        [one] = self.manifest(desk)["output"]
        plain = desk.get(one["url"], headers={"Accept-Encoding": "identity"})
        self.assertNotIn("Content-Encoding", plain.headers)
        packed = desk.get(one["url"], headers={"Accept-Encoding": "gzip"}, stream=True)
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.raw.read(decode_content=False)), plain.content)

    def test_only_what_a_desk_may_read_is_in_its_export(self):
        clinic = self.new_clinic()
        desk, front = clinic.new_device(author="doctor"), clinic.new_device(areas="front-desk")
        observation = {"resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "x"}}
        self.assert_status(desk.transaction(put(patient(1)), put(observation)), 200)
        self.assertEqual(self.references(desk, self.manifest(desk)), ["Observation/o1", "Patient/p1"])
        manifest = self.manifest(front)
        self.assertEqual(self.references(front, manifest), ["Patient/p1"])
        self.assertNotEqual(manifest["extension"]["https://yarrow.example/fhir/scope"], "all")

    def test_nobody_else_sees_an_export(self):
        clinic = self.new_clinic()
        desk = clinic.new_device()
        self.assert_status(desk.save(patient(1)), 201)
        started = kick_off(desk)
        manifest = self.assert_status(self.settled(desk, status_path(started)), 200)
        for other in (clinic.new_device(), clinic.person(), self.new_desk()):
            self.assert_status(other.get(status_path(started)), 404, "no-such-export")
            self.assert_status(other.get(manifest["output"][0]["url"]), 404, "no-such-export")
            self.assert_status(other.delete(status_path(started)), 404, "no-such-export")
        self.assert_status(self.anonymous.get(status_path(started)), 401)
        self.assert_status(self.anonymous.get(manifest["output"][0]["url"]), 401)

    def test_a_deleted_export_is_gone(self):
        desk = self.new_desk()
        self.assert_status(desk.save(patient(1)), 201)
        started = kick_off(desk)
        manifest = self.assert_status(self.settled(desk, status_path(started)), 200)
        self.assertEqual(desk.delete(status_path(started)).status_code, 202)
        self.assert_status(desk.get(status_path(started)), 404, "no-such-export")
        self.assert_status(desk.get(manifest["output"][0]["url"]), 404, "no-such-export")
        self.assertEqual(self.database.value(f"SELECT count(*) FROM export_file WHERE tenant_id = '{desk.tenant}'"), "0")

    def test_files_lost_in_a_crash_of_postgresql_are_told(self):
        desk = self.new_desk()
        self.assert_status(desk.save(patient(1)), 201)
        started = kick_off(desk)
        self.assert_status(self.settled(desk, status_path(started)), 200)
        self.assertEqual(self.database.value("SELECT relpersistence FROM pg_class WHERE relname = 'export_file'"), "u")
        self.database.sql(f"DELETE FROM export_file WHERE tenant_id = '{desk.tenant}'")
        self.assert_status(desk.get(status_path(started)), 500, "export-lost")

    def test_an_export_runs_out(self):
        desk = self.new_desk()
        started = kick_off(desk)
        answer = self.settled(desk, status_path(started))
        self.assert_status(answer, 200)
        self.assertIn("Expires", answer.headers)
        self.database.sql(f"UPDATE export SET expires_at = now() WHERE tenant_id = '{desk.tenant}'")
        self.assert_status(desk.get(status_path(started)), 404, "no-such-export")

    # ---- what is refused --------------------------------------------------------------------------------------------

    def test_an_export_has_to_be_asynchronous(self):
        self.assert_status(self.desk.get("/fhir/$export"), 400, "respond-async-required")

    def test_unknown_parameters_are_refused_unless_lenient(self):
        self.assert_status(kick_off(self.desk, "?_elements=id"), 400, "unknown-parameter")
        answer = kick_off(self.desk, "?_elements=id", Prefer="respond-async, handling=lenient")
        self.assert_status(answer, 202)
        self.assert_status(self.settled(self.desk, status_path(answer)), 200)

    def test_wrong_values_are_refused(self):
        for query in ("?_outputFormat=text/csv", "?_since=yesterday", "?_since=2026-13-01T00:00:00Z",
                      "?_since=2026-01-01", "?_type=Patiennt", "?_type="):
            with self.subTest(query):
                self.assert_status(kick_off(self.desk, query), 400, "bad-parameter")

    def test_there_is_no_export_without_a_right_name(self):
        for path in ("/fhir/$export-status/1", "/fhir/$export-file/1/1",
                     "/fhir/$export-file/00000000-0000-0000-0000-000000000000/1"):
            self.assert_status(self.desk.get(path), 404, "no-such-export")

    def test_deletions_from_below_the_floor_cannot_be_asked_for(self):
        desk = self.new_desk()
        self.assert_status(desk.save(patient(1)), 201)
        self.database.sql(f"UPDATE clinic SET floor_seq = 1, floor_time = last_updated WHERE tenant_id = '{desk.tenant}'")
        self.assert_status(kick_off(desk, "?_since=2020-01-01T00:00:00Z"), 410, "feed-floor")
        self.assert_status(kick_off(desk), 202)


class WaitingExportTest(ExportCase):
    """No worker runs, so that exports stay where they are."""

    options = {"job-threads": 0}

    def test_a_clinic_has_two_exports_at_once(self):
        desk, other = self.new_clinic().new_device(), self.new_clinic().new_device()
        first, second = kick_off(desk), kick_off(desk)
        self.assert_status(first, 202)
        self.assert_status(second, 202)
        third = kick_off(desk)
        self.assert_status(third, 429, "too-many-exports")
        self.assertGreater(int(third.headers["Retry-After"]), 0)
        self.assert_status(kick_off(other), 202)
        waiting = desk.get(status_path(first))
        self.assert_status(waiting, 202)
        self.assertTrue(waiting.headers["X-Progress"])
        self.assertEqual(desk.delete(status_path(first)).status_code, 202)
        self.assert_status(desk.get(status_path(first)), 404, "no-such-export")
        self.assert_status(kick_off(desk), 202)

    def test_what_is_written_while_an_export_waits_is_in_it_and_what_comes_later_is_not(self):
        desk = self.new_clinic().new_device()
        started = kick_off(desk)
        self.assert_status(desk.save(patient(1)), 201)
        worker = self.add_server(**{"job-threads": 2})
        answer = self.settled(desk, status_path(started))
        worker.stop()
        self.assert_status(desk.save(patient(2)), 201)
        manifest = self.assert_status(answer, 200)
        self.assertEqual(self.references(desk, manifest), ["Patient/p1"])
        # The files are read from the process that did not make them.
        self.assertEqual(manifest["transactionTime"], desk.read("Patient/p1").json()["meta"]["lastUpdated"])


if __name__ == "__main__":
    unittest.main()
