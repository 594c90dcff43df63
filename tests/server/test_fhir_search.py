#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches over a small clinic of made-up people."""

import itertools
import unittest
import urllib.parse

from support.case import ServerTest
from support.client import appointment, error_text, link, put

PEOPLE = [
    {"id": "ada", "name": [{"family": "Müller", "given": ["Ada", "Maria"]}], "birthDate": "1970-04-02",
     "identifier": [{"system": "urn:mrn", "value": "1001"}],
     "telecom": [{"system": "phone", "value": "+39 0471 123456"}]},
    {"id": "jose", "name": [{"family": "García Pérez", "given": ["José"]}], "birthDate": "1985-12-31",
     "identifier": [{"system": "urn:mrn", "value": "1002"}, {"system": "urn:tax", "value": "1001"}]},
    {"id": "zoe", "name": [{"family": "Mulligan", "given": ["Zoë"]}, {"use": "maiden", "family": "Adams"}],
     "birthDate": "1970-04", "identifier": [{"value": "1003"}]},
    {"id": "ben", "name": [{"text": "Ben the Builder"}], "birthDate": "2001",
     "telecom": [{"system": "sms", "value": "0049 (0)30 987"}, {"system": "email", "value": "ben@example.org"}]},
    {"id": "zz", "name": [{"family": "Mueller", "given": ["Zacharias"]}]},
]
DAY = "2026-05-04"


class Search(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()
        doctor = cls.clinic.account("doctor")
        entries = [put({"resourceType": "Patient", **one}, if_none_match="*") for one in PEOPLE]
        entries += [put({"resourceType": "Practitioner", "id": f"dr{i}", "name": [{"family": f"Arzt{i}"}]},
                        if_none_match="*") for i in (1, 2)]
        for i, (hour, doctor_number, who, status) in enumerate((
                (8, 1, "ada", "booked"), (9, 1, "jose", "arrived"), (10, 2, "ada", "cancelled"),
                (11, 2, "zoe", "booked"))):
            entries.append(put(appointment(f"v{i}", f"{DAY}T{hour:02}:00:00+02:00", f"{DAY}T{hour:02}:30:00+02:00",
                                           [f"Practitioner/dr{doctor_number}", f"Patient/{who}"], status=status),
                               if_none_match="*"))
        cls.must(cls.device.batch(*entries))
        cls.must(cls.device.batch(*(put(
            {"resourceType": "Observation", "id": f"o{i}", "status": status, "code": {"text": "made up"},
             "subject": {"reference": f"Patient/{who}"}, "effectiveDateTime": when}, if_none_match="*")
            for i, (who, status, when) in enumerate((
                ("ada", "final", "2026-01-10"), ("ada", "preliminary", "2026-01-11T10:00:00Z"),
                ("jose", "final", "2026-01"), ("jose", "amended", "2025"))))
            , author=doctor))

    @classmethod
    def must(cls, answer):
        bad = [e for e in answer.json()["entry"] if not e["response"]["status"].startswith("201")]
        if bad:
            raise AssertionError(bad)

    def ids(self, query, type_="Patient", **how):
        """The ids a search finds, in order, over all its pages."""
        found = []
        path = f"/fhir/{type_}?{query}"
        while path:
            page = self.assert_status(self.device.get(path, **how), 200)
            self.assertEqual(page["type"], "searchset")
            for one in page.get("entry", []):
                self.assertEqual(one["search"]["mode"], "match")
                self.assertEqual(one["fullUrl"], f"{self.server.url}/fhir/{type_}/{one['resource']['id']}")
                found.append(one["resource"]["id"])
            path = link(page, "next")
        return found

    def assert_finds(self, query, *wanted, type_="Patient"):
        self.assertEqual(sorted(self.ids(query, type_)), sorted(wanted), query)

    # ---- parameters ---------------------------------------------------------------------------------------------

    def test_by_id(self):
        self.assert_finds("_id=ada", "ada")
        self.assert_finds("_id=ada,zoe,nobody", "ada", "zoe")

    def test_by_identifier(self):
        self.assert_finds("identifier=urn:mrn|1001", "ada")
        self.assert_finds("identifier=1001", "ada", "jose")
        self.assert_finds("identifier=|1003", "zoe")
        self.assert_finds("identifier=|1001")
        self.assert_finds("identifier=urn:mrn|1001,urn:mrn|1002", "ada", "jose")
        self.assert_finds("identifier=urn:mrn|1001&identifier=urn:mrn|1002")
        self.assert_finds("identifier=100")

    def test_by_name_from_its_beginning_whatever_case_and_accents(self):
        self.assert_finds("name=mul", "ada", "zoe")
        self.assert_finds("name=M%C3%9CL", "ada", "zoe")
        self.assert_finds("name=adam", "zoe")
        self.assert_finds("name=ada", "ada", "zoe")
        self.assert_finds("name=ben", "ben")
        self.assert_finds("name=uller")
        self.assert_finds("family=garcia", "jose")
        self.assert_finds("family=ada", "zoe")
        self.assert_finds("given=maria", "ada")
        self.assert_finds("given=jose&family=garc", "jose")
        self.assert_finds("family:exact=muller", "ada")

    def test_by_birth_date_with_prefixes_and_partial_dates(self):
        self.assert_finds("birthdate=1970-04-02", "ada")
        self.assert_finds("birthdate=1970-04", "ada", "zoe")
        self.assert_finds("birthdate=1970", "ada", "zoe")
        self.assert_finds("birthdate=ge1985-12-31", "jose", "ben")
        self.assert_finds("birthdate=gt1985-12-31", "ben")
        self.assert_finds("birthdate=lt1985&birthdate=gt1960", "ada", "zoe")
        self.assert_finds("birthdate=ne1970", "jose", "ben")

    def test_by_phone_whatever_its_notation(self):
        self.assert_finds("phone=%2B390471123456", "ada")
        self.assert_finds("phone=0039 0471 123456", "ada")

    def test_by_patient(self):
        self.assert_finds("patient=ada", "o0", "o1", type_="Observation")
        self.assert_finds("patient=Patient/ada", "o0", "o1", type_="Observation")
        self.assert_finds("subject=Patient/jose&status=final", "o2", type_="Observation")
        self.assert_finds("patient=ada", "v0", "v2", type_="Appointment")

    def test_by_actor_date_and_status(self):
        self.assert_finds("actor=Practitioner/dr1", "v0", "v1", type_="Appointment")
        self.assert_finds("actor=Practitioner/dr2&status=booked", "v3", type_="Appointment")
        self.assert_finds(f"date=ge{DAY}T07:00:00Z&date=lt{DAY}T09:00:00Z", "v1", "v2", type_="Appointment")
        self.assert_finds(f"date={DAY}", "v0", "v1", "v2", "v3", type_="Appointment")
        self.assert_finds("date=2026-01", "o0", "o1", "o2", type_="Observation")
        self.assert_finds("status=final,amended", "o0", "o2", "o3", type_="Observation")

    def test_by_the_time_of_the_last_change(self):
        times = {one: self.device.read(f"Patient/{one}").json()["meta"]["lastUpdated"] for one in ("ada", "zz")}
        quoted = {one: urllib.parse.quote(time) for one, time in times.items()}
        self.assert_finds(f"_lastUpdated={quoted['ada']}", "ada")
        self.assert_finds(f"_lastUpdated=ge{quoted['ada']}", *(one["id"] for one in PEOPLE))
        self.assert_finds(f"_lastUpdated=gt{quoted['ada']}", *(one["id"] for one in PEOPLE[1:]))
        self.assert_finds(f"_lastUpdated=lt{quoted['zz']}", *(one["id"] for one in PEOPLE[:-1]))

    # ---- order, pages, totals -----------------------------------------------------------------------------------

    def test_sorted_both_ways(self):
        everyone = [one["id"] for one in PEOPLE]
        self.assertEqual(self.ids("_sort=_lastUpdated"), everyone)
        self.assertEqual(self.ids("_sort=-_lastUpdated"), everyone[::-1])
        self.assertEqual(self.ids("_sort=_id"), sorted(everyone))
        self.assertEqual(self.ids("_sort=birthdate")[:4], ["zoe", "ada", "jose", "ben"])
        self.assertEqual(self.ids("_sort=date", "Appointment"), ["v0", "v1", "v2", "v3"])
        self.assertEqual(self.ids("_sort=-date", "Appointment"), ["v3", "v2", "v1", "v0"])

    def test_pages_hold_everything_once_in_every_order(self):
        for sort, count in itertools.product(("", "_id", "-_id", "_lastUpdated", "-_lastUpdated", "birthdate",
                                              "-birthdate", "family", "-family"), (1, 2, 3)):
            with self.subTest(sort=sort, count=count):
                query = f"_sort={sort}&" if sort else ""
                paged = self.ids(f"{query}_count={count}")
                self.assertEqual(paged, self.ids(f"{query}_count=100"))
                self.assertEqual(len(paged), len(PEOPLE))

    def test_count_zero_and_summary_count_tell_only_the_total(self):
        for query in ("_count=0", "_summary=count"):
            said = self.assert_status(self.device.get(f"/fhir/Patient?{query}"), 200)
            self.assertEqual((said["total"], said.get("entry", [])), (len(PEOPLE), []))
        said = self.assert_status(self.device.get("/fhir/Patient?_total=accurate&_count=2"), 200)
        self.assertEqual((said["total"], len(said["entry"])), (len(PEOPLE), 2))

    def test_the_answer_says_what_was_searched_for(self):
        said = self.assert_status(self.device.get("/fhir/Patient?name=mul&_count=1"), 200)
        self.assertIn("name=mul", link(said, "self"))

    def test_a_search_may_be_posted(self):
        answer = self.device.request("POST", "/fhir/Patient/_search", "name=mul",
                                     headers={"Content-Type": "application/x-www-form-urlencoded"})
        said = self.assert_status(answer, 200)
        self.assertEqual({one["resource"]["id"] for one in said["entry"]}, {"ada", "zoe"})

    # ---- refusals -----------------------------------------------------------------------------------------------

    def test_an_unknown_parameter_is_refused_and_named(self):
        for query, name in (("shoe=42", "shoe"), ("actor=Patient/x", "actor")):
            said = self.assert_status(self.device.get(f"/fhir/Patient?{query}"), 400, "unknown-parameter")
            self.assertIn(name, error_text(said))

    def test_a_lenient_search_reports_what_it_left_out(self):
        answer = self.device.get("/fhir/Patient?shoe=42&name=mul", headers={"Prefer": "handling=lenient"})
        said = self.assert_status(answer, 200)
        modes = {one["search"]["mode"] for one in said["entry"]}
        self.assertEqual(modes, {"match", "outcome"})
        outcome = next(one["resource"] for one in said["entry"] if one["search"]["mode"] == "outcome")
        self.assertIn("shoe", str(outcome))
        self.assertNotIn("shoe", link(said, "self"))

    def test_bad_values_are_refused(self):
        for query in ("birthdate=yesterday", "birthdate=2026-13", "_count=-1", "_count=x", "_sort=shoe", "_id=",
                      "_lastUpdated=xx2026", "name:contains=x", "phone=ben@example.org", "_page=abc", "_summary=maybe", "patient=Practitioner/1"):
            with self.subTest(query=query):
                answer = self.device.get(f"/fhir/Patient?{query}")
                self.assertEqual(answer.status_code, 400, answer.text)
                self.assertEqual(answer.json()["resourceType"], "OperationOutcome")

    def test_deleted_records_are_not_found_and_changed_ones_by_what_they_are_now(self):
        made = {"resourceType": "Patient", "id": "gone", "name": [{"family": "Xylander"}]}
        first = self.device.save(made, if_none_match="*").json()["meta"]["versionId"]
        second = self.device.save({**made, "name": [{"family": "Quandt"}]}, if_match=first).json()["meta"]["versionId"]
        self.assert_finds("family=xyl")
        self.assert_finds("family=quandt", "gone")
        self.device.remove("Patient/gone", if_match=second)
        self.assert_finds("family=quandt")
        self.assert_finds("_id=gone")


if __name__ == "__main__":
    unittest.main()
