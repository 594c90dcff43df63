#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change feed: every version once, in commit order, deletions and lost sight included."""

import datetime
import unittest
import uuid

from support.case import ServerTest
from support.client import appointment, entry, link, patient, put, remove, version_of
from support.feed import Copy, digest_of


class Feed(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def fill(self, number=7):
        made = [patient(f"f-{uuid.uuid4()}") for _ in range(number)]
        self.assert_status(self.device.batch(*(put(one, if_none_match="*") for one in made)), 200)
        return made

    def assert_whole(self, copy):
        self.assertEqual(copy.problems(), [])

    def test_a_copy_made_page_by_page_is_whole(self):
        self.fill()
        for count in (None, 1, 3, 100):
            with self.subTest(count=count):
                copy = Copy(self.device, count).pull()
                self.assertGreaterEqual(len(copy.records), 7)
                self.assert_whole(copy)

    def test_a_cursor_gets_what_is_new_and_nothing_twice(self):
        copy = Copy(self.device).pull()
        before = len(copy.versions)
        made = self.fill(3)
        copy.pull()
        self.assertEqual([name for _, name, _ in copy.versions[before:]], [f"Patient/{one['id']}" for one in made])
        copy.pull()
        self.assertEqual(len(copy.versions), before + 3)
        self.assert_whole(copy)

    def test_since_is_inclusive(self):
        made = self.fill(2)
        copy = Copy(self.device).pull()
        page = next(self.device.feed(since=copy.times[-2]))
        self.assertEqual([entry["request"]["url"] for entry in page["entry"]],
                         [f"Patient/{one['id']}" for one in made])

    def test_since_takes_any_instant_and_any_zone(self):
        self.fill(2)
        last = Copy(self.device).pull().times[-1]
        moment = datetime.datetime.fromisoformat(last.replace("Z", "+00:00"))
        for text in (moment.astimezone(datetime.timezone(datetime.timedelta(hours=5, minutes=30))).isoformat(), last):
            self.assertEqual(len(next(self.device.feed(since=text))["entry"]), 1, text)
        for text in ("yesterday", "2026-13-01T00:00:00Z", "2026-05-04T25:00:00Z"):
            answer = self.device.get(f"/fhir/_history?_sort=_lastUpdated&_since={text}")
            self.assert_status(answer, 400, "bad-parameter")

    def test_the_end_of_the_feed_has_no_next_page_and_the_cursor_stays(self):
        self.fill(1)
        copy = Copy(self.device).pull()
        page = next(self.device.feed(since=copy.since))
        self.assertIsNone(link(page, "next"))
        self.assertEqual(len(page["entry"]), 1)

    def test_updates_and_deletions_come_as_what_they_are(self):
        one, two = self.fill(2)
        copy = Copy(self.device).pull()
        before = len(copy.versions)
        first = copy.records[f"Patient/{one['id']}"]
        second = version_of(self.device.save({**one, "gender": "other"}, if_match=first))
        self.device.remove(f"Patient/{two['id']}", if_match=copy.records[f"Patient/{two['id']}"])
        copy.pull()
        self.assertEqual([method for _, _, method in copy.versions[before:]], ["PUT", "DELETE"])
        self.assertEqual(copy.records[f"Patient/{one['id']}"], second)
        self.assertEqual(copy.bodies[second]["gender"], "other")
        self.assertNotIn(f"Patient/{two['id']}", copy.records)
        self.assert_whole(copy)

    def test_without_sort_it_is_newest_first_as_r4_says(self):
        made = self.fill(4)
        seen = []
        path = "/fhir/_history?_count=3"
        while path and len(seen) < 4:
            page = self.assert_status(self.device.get(path), 200)
            seen += [entry["request"]["url"] for entry in page["entry"]]
            path = link(page, "next")
        self.assertEqual(seen[:4], [f"Patient/{one['id']}" for one in made[::-1]])

    def test_a_page_says_epoch_scope_floor_count_and_digest(self):
        self.fill(1)
        answer = self.device.get("/fhir/_history?_sort=_lastUpdated&_count=1")
        self.assert_status(answer, 200)
        copy = Copy(self.device, count=1)
        copy.take(answer.json())
        self.assertEqual(copy.meta["epoch"], answer.headers["Yarrow-Epoch"])
        self.assertEqual(copy.meta["scope"], "all")
        self.assertTrue(copy.meta["floor"])
        self.assertEqual(len(copy.meta["digest"]), 32)

    def test_an_empty_clinic_has_an_empty_feed(self):
        device = self.new_clinic("empty").new_device()
        copy = Copy(device).pull()
        self.assertEqual(copy.versions, [])
        self.assertEqual((copy.count_there, copy.meta["digest"]), (0, digest_of({})))

    def test_while_no_deletion_was_forgotten_any_since_will_do(self):
        self.fill(1)
        for since in ("1960-01-01T00:00:00Z", "2020-01-01T00:00:00Z"):
            self.assertTrue(next(self.device.feed(since=since))["entry"])

    def test_a_copy_that_the_floor_overtakes_begins_anew(self):
        """Its first pages may hold records whose deletions are gone."""
        device = self.new_clinic("floor").new_device()
        self.assert_status(device.batch(*(put(patient(n)) for n in range(6))), 200)
        first = self.assert_status(device.get("/fhir/_history?_sort=_lastUpdated&_count=2"), 200)
        latest = self.assert_status(device.get("/fhir/_history?_count=2"), 200)
        self.database.sql(f"UPDATE clinic SET floor_seq = 4, floor_time = (SELECT last_updated FROM version v WHERE "
                          f"v.tenant_id = clinic.tenant_id AND v.seq = 4) WHERE tenant_id = '{device.tenant}'")
        refused = device.get(link(first, "next"))
        self.assert_status(refused, 410, "feed-floor")
        self.assertIn("Yarrow-Epoch", refused.headers)
        self.assert_status(device.get(link(latest, "next")), 200)  # who reads backwards builds no copy
        self.assertEqual(len(Copy(device, 2).pull().records), 6)  # who begins now, begins with this floor

    def test_a_page_ends_where_it_becomes_too_large(self):
        device = self.new_clinic("large").new_device()
        note = "x" * 2_000_000
        for n in range(0, 21, 3):
            self.assert_status(device.batch(*(put(patient(n + m, text={"status": "generated", "div": note}))
                                              for m in range(3))), 200)
        for path in ("/fhir/_history?_sort=_lastUpdated&_count=1000", "/fhir/_history?_count=1000",
                     "/fhir/Patient/_history?_count=1000", "/fhir/Patient?_count=1000",
                     "/fhir/Patient?_count=1000&_sort=-_lastUpdated", "/fhir/Patient?_sort=name&_count=1000"):
            with self.subTest(path=path):
                pages = []
                url = path
                while url:
                    answer = device.get(url)
                    self.assert_status(answer, 200)
                    self.assertLess(len(answer.content), 36_000_000)
                    pages.append([e["resource"]["id"] for e in answer.json()["entry"]])
                    url = link(answer.json(), "next")
                self.assertEqual(sorted(sum(pages, [])), sorted(f"p{n}" for n in range(21)))
                self.assertEqual(len(pages), 2)
        reads = [entry("GET", "Patient?_count=1000&_sort=name") for _ in range(4)]
        answered = self.assert_status(device.batch(*reads), 200)["entry"]
        self.assert_entry(answered[0], 200)
        self.assert_entry(answered[3], 413, "answer-too-large")

    def test_bad_counts_and_links_are_refused(self):
        for query in ("_count=-1", "_count=x", "_page=zz", "_sort=shoe", "shoe=42"):
            with self.subTest(query=query):
                answer = self.device.get(f"/fhir/_history?{query}")
                self.assertEqual(answer.status_code, 400, answer.text)


class Scope(ServerTest):
    """A front desk's feed, which knows no clinical record."""

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()
        cls.desk = cls.clinic.new_device("front-desk", author="receptionist")
        cls.doctor = cls.clinic.account("doctor")

    def save(self, resource, **how):
        answer = self.device.save(resource, author=self.doctor, **how)
        self.assertIn(answer.status_code, (200, 201), answer.text)
        return version_of(answer)

    def test_a_scope_holds_its_areas_only_and_count_and_digest_fit(self):
        self.save(patient("s1"), if_none_match="*")
        self.save({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/s1"}}, if_none_match="*")
        self.save(appointment("a1", "2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z", ["Patient/s1"]),
                  if_none_match="*")
        copy = Copy(self.desk).pull()
        self.assertIn("Patient/s1", copy.records)
        self.assertIn("Appointment/a1", copy.records)
        self.assertNotIn("Condition/c1", [name for _, name, _ in copy.versions])
        self.assertEqual(copy.problems(whole=False), [])
        self.assertEqual(copy.meta["scope"], "appointments+directory+patient-identity+payments")
        self.assertEqual(Copy(self.device).pull().problems(), [])

    def test_a_version_says_whose_it_is_to_whoever_may_read_it(self):
        def authors(device):
            return {entry["request"]["url"]: [one.get("valueString") for one in entry.get("extension", [])
                                              if one["url"].endswith("/author")]
                    for page in device.feed() for entry in page["entry"]}

        self.save(patient("w1"), if_none_match="*")
        task = {"resourceType": "Task", "id": "w2", "status": "requested", "intent": "order",
                "focus": {"reference": "Appointment/a9"}}
        self.save({**task, "focus": {"reference": "AllergyIntolerance/x"}}, if_match=self.save(task, if_none_match="*"))
        seen = authors(self.desk)
        self.assertEqual((seen["Patient/w1"], seen["Task/w2"]), ([self.doctor], []), "the Task has left its scope")
        self.assertEqual(authors(self.device)["Task/w2"], [self.doctor])
        self.assertEqual(self.desk.read("Patient/w1").headers["Yarrow-Author"], self.doctor)
        self.assert_status(self.device.remove("Patient/w1", author=self.doctor,
                                              if_match=version_of(self.desk.read("Patient/w1"))), 204)
        self.assertEqual(authors(self.desk)["Patient/w1"], [self.doctor])
        self.assertEqual(self.desk.read("Patient/w1").headers["Yarrow-Author"], self.doctor)

    def test_a_record_that_leaves_the_scope_comes_as_403_without_its_document(self):
        task = {"resourceType": "Task", "id": "t1", "status": "requested", "intent": "order",
                "focus": {"reference": "Appointment/a9"}}
        first = self.save(task, if_none_match="*")
        copy = Copy(self.desk).pull()
        self.assertIn("Task/t1", copy.records)
        second = self.save({**task, "focus": {"reference": "AllergyIntolerance/x"}}, if_match=first)
        copy.pull()
        self.assertEqual(copy.left, {"Task/t1"})
        self.assertEqual(copy.problems(whole=False), [])
        third = self.save({**task, "note": [{"text": "still clinical"}],
                           "focus": {"reference": "AllergyIntolerance/x"}}, if_match=second)
        before = len(copy.versions)
        copy.pull()
        self.assertEqual(len(copy.versions), before)
        self.save(task, if_match=third)
        copy.pull()
        self.assertIn("Task/t1", copy.records)
        self.assertEqual(copy.problems(whole=False), [])

    def test_what_is_out_of_scope_cannot_be_read_or_written_in_any_way(self):
        version = self.save({"resourceType": "Condition", "id": "c2", "subject": {"reference": "Patient/s1"}},
                            if_none_match="*")
        for path in ("Condition/c2", "Condition/c2/_history", f"Condition/c2/_history/{version}"):
            answer = self.desk.read(path)
            self.assertIn(answer.status_code, (403, 404), answer.text)
        for path in ("Condition", "Condition?_id=c2", "Condition/_history", "Condition?_summary=count"):
            answer = self.desk.read(path)
            if answer.status_code == 200:
                self.assertEqual(answer.json().get("entry", []), [], path)
                self.assertEqual(answer.json().get("total", 0), 0, path)
            else:
                self.assertEqual(answer.status_code, 403, answer.text)
        doctor = {"author": self.doctor}
        made = {"resourceType": "Condition", "subject": {"reference": "Patient/s1"}}
        for answer in (self.desk.save({**made, "id": "c2"}, if_match=version, **doctor),
                       self.desk.save({**made, "id": "c3"}, if_none_match="*", **doctor),
                       self.desk.remove("Condition/c2", if_match=version, **doctor)):
            self.assert_status(answer, 403, "outside-scope")
        entries = self.desk.batch(remove("Condition/c2", if_match=version), author=self.doctor).json()["entry"]
        self.assert_entry(entries[0], 403)


if __name__ == "__main__":
    unittest.main()
