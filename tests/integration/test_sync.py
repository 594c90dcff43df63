#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workstations of one clinic meet at the server: what each of them did is everywhere, and a person decides only what a
person must decide."""

import json
import unittest

from exchange import ExchangeTest, appointment, observation, patient, practitioner, tasks_about


class Exchange(ExchangeTest):
    def setUp(self):
        self.first, self.second = self.desks

    def both_have(self, *resources, user="doctor"):
        self.first.put(*resources, user=user)
        self.first.sync(pushed=len(resources))
        self.second.sync(pulled=len(resources))

    def test_1_what_the_server_has_arrives_whole(self):
        for number in range(30):
            self.assertEqual(self.observer.save(patient(number, multipleBirthInteger=number),
                                                if_none_match="*").status_code, 201)
        self.assertEqual(self.observer.remove("Patient/p7", if_match=self.observer.read("Patient/p7").json()[
            "meta"]["versionId"]).status_code, 204)
        self.first.sync(pushed=0, matchesServer=True)
        self.second.sync(pushed=0, matchesServer=True)
        self.assertEqual(len(self.assert_all_the_same()), 29)
        self.assertEqual(len(self.first.done("patients", "search", "weidemann", "--limit", "50")), 29)
        self.first.sync(pulled=0, pushed=0, roundTrips=1)

    def test_each_gets_what_the_other_did(self):
        self.first.put(patient("e1"), observation("e1", "Patient/e1", 70))
        self.second.put(patient("e2"), observation("e2", "Patient/e2", 80))
        self.first.sync(pulled=0, pushed=2)
        self.second.sync(pulled=2, pushed=2)
        self.first.sync(pulled=2, pushed=0, conflicts=0)
        self.first.edit("Patient/e2", birthDate="1971-05-03")
        self.second.delete("Observation/e1")
        self.first.sync(pushed=1)
        self.second.sync(pulled=1, pushed=1)
        self.first.sync(pulled=1)
        there = self.assert_all_the_same()
        self.assertNotIn("Observation/e1", there)
        self.assertEqual(there["Patient/e2"]["birthDate"], "1971-05-03")

    def test_documents_come_back_as_they_were_written(self):
        text = ('{"resourceType":"Observation","id":"exact","status":"final","code":{"text":"Weight"},'
                '"extension":[{"url":"https://clinic.example/odd","valueDecimal":1.10}],'
                '"valueQuantity":{"value":70.50,"unit":"kg"},"note":[{"text":"\\u00e4\\ud83c\\udf3f \\/ \\t"}]}')
        file = self.folder / "exact.json"
        file.write_text(text, encoding="utf-8")
        self.first.done("import", file, user="doctor")
        self.first.sync(pushed=1)
        self.second.sync(pulled=1)
        line = next(line for line in self.second.export() if '"exact"' in line)
        self.assertIn('"valueDecimal":1.10', line)
        self.assertIn('"value":70.50', line)
        self.assertEqual(sorted(self.first.export()), sorted(self.second.export()))

    def test_changes_of_different_elements_are_both_kept(self):
        self.both_have(patient("d1"))
        self.first.edit("Patient/d1", birthDate="1971-05-03")
        self.second.edit("Patient/d1", address=[{"use": "home", "city": "Chur"}])
        self.first.sync(pushed=1)
        self.second.sync(pulled=1, merged=1, conflicts=0, pushed=1, waiting=0)
        self.first.sync(pulled=1, conflicts=0)
        there = self.assert_all_the_same()["Patient/d1"]
        self.assertEqual((there["birthDate"], there["address"][0]["city"]), ("1971-05-03", "Chur"))

    def test_parts_of_a_series_changed_apart_are_all_kept(self):
        self.both_have(patient("s1"), practitioner("s-dr"), user="admin")
        booked = self.first.done("appointments", "book", "--patient", "s1", "--practitioner", "s-dr",
                                 "--at", "2031-03-24T09:00", "--rrule", "FREQ=WEEKLY;COUNT=5", user="doctor")
        visits = [visit["id"] for visit in booked]
        self.first.sync(pushed=5)
        self.second.sync(pulled=5)
        # Neither knows of the other: one moves the last three, the other calls off the first two and writes a note.
        self.first.done("appointments", "move", visits[2], "--to", "2031-04-08T10:30", "--scope", "following",
                        user="doctor")
        for visit in visits[:2]:
            self.second.done("appointments", "cancel", visit, "--reason", "pat", user="doctor")
        self.second.edit(f"Appointment/{visits[3]}", comment="fasting")
        self.first.sync(pushed=3)
        self.second.sync(pulled=3, merged=1, conflicts=0, pushed=3, waiting=0)
        self.first.sync(pulled=3, conflicts=0)
        there = self.assert_all_the_same()
        self.assertEqual([(there[f"Appointment/{visit}"]["start"][:16], there[f"Appointment/{visit}"]["status"])
                          for visit in visits],
                         [("2031-03-24T08:00", "cancelled"), ("2031-03-31T07:00", "cancelled"),
                          ("2031-04-08T08:30", "booked"), ("2031-04-15T08:30", "booked"),
                          ("2031-04-22T08:30", "booked")])
        self.assertEqual(there[f"Appointment/{visits[3]}"]["comment"], "fasting")

    def test_the_same_element_is_for_a_person_to_decide(self):
        self.both_have(patient("c1"))
        self.first.edit("Patient/c1", birthDate="1971-05-03", gender="female")
        self.second.edit("Patient/c1", birthDate="1972-06-04", active=False)
        self.first.sync(pushed=1)
        self.second.sync(conflicts=1, quarantined=0)
        self.first.sync()
        there = self.assert_all_the_same()
        # The server's value stands, what nobody disputes is in, and what is disputed is a Task at every desk.
        self.assertEqual([there["Patient/c1"].get(member) for member in ("birthDate", "gender", "active")],
                         ["1971-05-03", "female", False])
        tasks = tasks_about(there, "Patient/c1")
        self.assertEqual(len(tasks), 1, tasks)
        self.assertIn("1972-06-04", json.dumps(tasks[0]))
        self.second.sync(conflicts=0, pushed=0)

    def test_an_edit_outlives_a_deletion_as_a_conflict(self):
        self.both_have(patient("o1"), observation("o1", "Patient/o1", 70))
        self.first.delete("Observation/o1")
        self.second.edit("Observation/o1", valueQuantity={"value": 71, "unit": "kg"})
        self.first.sync(pushed=1)
        self.second.sync(conflicts=1)
        self.first.sync()
        there = self.assert_all_the_same()
        self.assertEqual(len(tasks_about(there, "Observation/o1")), 1)
        for desk in self.desks:
            [told] = [one for one in desk.done("conflicts", "list", user="doctor") if one["record"] == "Observation/o1"]
            self.assertEqual((told["author"], told["theirsAuthor"]), ("doctor", "doctor"))
        self.assertIn("71", json.dumps([there.get("Observation/o1"), tasks_about(there, "Observation/o1")]))

    def test_both_made_the_same_change(self):
        self.both_have(patient("s1"))
        for desk in self.desks:
            desk.edit("Patient/s1", birthDate="1971-05-03")
        self.first.sync(pushed=1)
        self.second.sync(conflicts=0, waiting=0)
        self.first.sync()
        self.assert_all_the_same()

    def test_of_many_edits_of_a_record_the_last_stands(self):
        self.first.put(patient("m1"))
        for number in range(4):
            self.first.put(patient("m1", multipleBirthInteger=number))
        self.first.sync(waiting=0)
        self.second.sync()
        self.assertEqual(self.assert_all_the_same()["Patient/m1"]["multipleBirthInteger"], 3)


class Bookings(ExchangeTest):
    staff = ("receptionist",)

    def setUp(self):
        self.first, self.second = self.desks

    def have_people(self, name):
        self.first.put(practitioner(f"{name}d"), patient(f"{name}p"), patient(f"{name}q"), user="admin")
        self.first.sync(pushed=3)
        self.second.sync(pulled=3)

    @staticmethod
    def book(desk, name, who, start="2030-01-07T09:00:00+01:00", end="2030-01-07T09:30:00+01:00"):
        desk.put(appointment(f"{name}-{who}", start, end, [f"Patient/{name}{who}", f"Practitioner/{name}d"]),
                 user="receptionist")

    def test_two_desks_book_the_same_time(self):
        self.have_people("b")
        self.book(self.first, "b", "p")
        self.book(self.second, "b", "q")
        self.first.sync(pushed=1)
        self.second.sync(conflicts=1, quarantined=0)
        self.first.sync()
        there = self.assert_all_the_same()
        self.assertEqual(there["Appointment/b-p"]["status"], "booked")
        self.assertEqual(there["Appointment/b-q"]["status"], "pending")
        self.assertIn("Patient/bq", json.dumps(there["Appointment/b-q"]))
        self.assertEqual(len(tasks_about(there, "Appointment/b-q")), 1)

    def test_a_move_to_a_time_that_was_taken(self):
        self.have_people("m")
        self.book(self.first, "m", "p")
        self.first.sync(pushed=1)
        self.second.sync(pulled=1)
        self.book(self.second, "m", "q", "2030-01-07T10:00:00+01:00", "2030-01-07T10:30:00+01:00")
        self.second.sync(pushed=1)
        self.first.edit("Appointment/m-p", user="receptionist", start="2030-01-07T10:15:00+01:00",
                        end="2030-01-07T10:45:00+01:00")
        self.first.sync(conflicts=1, quarantined=0)
        self.second.sync()
        there = self.assert_all_the_same()
        self.assertEqual(there["Appointment/m-p"]["start"], "2030-01-07T09:00:00+01:00")
        tasks = tasks_about(there, "Appointment/m-p")
        self.assertEqual(len(tasks), 1)
        self.assertIn("10:15", json.dumps(tasks))


class Refusals(ExchangeTest):
    staff = ("doctor", "receptionist", "nurse")

    def setUp(self):
        self.first, self.second = self.desks

    def tearDown(self):
        self.home.change_account("doctor", role="doctor", active=True)

    def there_of(self, prefix):
        return {name for name in self.at_server() if name.partition("/")[2].startswith(prefix)}

    def test_1_each_version_has_its_author(self):
        self.first.put(patient("a1"), user="doctor")
        self.first.put(patient("a1", birthDate="1971-05-03"), user="receptionist")
        self.first.put(patient("a1", birthDate="1971-05-03", gender="female"), user="nurse")
        self.first.sync(waiting=0)
        self.second.sync()
        self.assert_all_the_same()
        authors = [row[0] for row in self.database.sql(
            "SELECT a.user_name FROM version v JOIN account a ON a.tenant_id = v.tenant_id AND a.account_id = v.author "
            "WHERE v.id = 'a1' ORDER BY v.seq")]
        self.assertEqual(authors, ["doctor", "receptionist", "nurse"])

    def test_2_who_lost_the_right_is_refused_and_the_rest_goes_on(self):
        self.home.change_account("doctor", role="receptionist")
        self.first.put(patient("r1"), observation("r1", "Patient/r1", 70), user="doctor")
        self.first.put(patient("r2"), observation("r2", "Patient/r2", 80), user="nurse")
        self.first.sync(pushed=3, quarantined=1, waiting=1)
        self.first.sync(pushed=0, quarantined=0, waiting=1)
        self.assertEqual(self.there_of("r"), {"Patient/r1", "Patient/r2", "Observation/r2"})
        self.assertIn("Observation/r1", self.first.records())
        self.assertEqual(self.first.done("sync", "status")["quarantined"], 1)

    def test_3_what_depends_on_what_was_refused_waits_with_it(self):
        self.home.change_account("doctor", active=False)
        self.first.put(patient("w1"), user="doctor")
        self.first.put(observation("w1", "Patient/w1", 70), patient("w2"), user="nurse")
        before = self.first.done("sync", "status")["waiting"]
        self.first.sync(pushed=1, quarantined=1, waiting=before - 1)
        self.assertEqual(self.there_of("w"), {"Patient/w2"})

    def test_4_a_revoked_workstation_keeps_what_it_has_and_goes_on_with_a_new_code(self):
        self.first.put(patient("v1"), user="nurse")
        device = self.first.client.partition(".")[2]
        self.assertEqual(self.home.person().delete(f"/api/v1/devices/{device}").status_code, 200)
        self.first.sync_fails("unauthorised", pushed=0)
        self.assertEqual(self.there_of("v"), set())
        self.assertIn("Patient/v1", self.first.records())
        self.first.enrol(self.home)
        self.first.sync(pushed=1)
        self.assertEqual(self.there_of("v"), {"Patient/v1"})


if __name__ == "__main__":
    unittest.main()
