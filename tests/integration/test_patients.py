#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patients at several workstations: record numbers that collide, the worklist of possible duplicates, merges and taking
them back, all through the server."""

import unittest

from exchange import ExchangeTest, appointment, observation, patient

MR = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}


def numbered(value, use="usual"):
    return {"use": use, "type": MR, "system": "https://yarrow.example/fhir/NamingSystem/mrn", "value": value}


class Patients(ExchangeTest):
    def setUp(self):
        self.first, self.second = self.desks

    def test_a_number_that_somebody_has_is_kept_as_an_old_one_and_another_drawn(self):
        self.first.sync()
        self.second.sync()
        self.first.put(patient("n1", identifier=[numbered("9000019")]))
        self.second.put(patient("n2", identifier=[numbered("9000019")]))
        self.first.sync(pushed=1)
        self.second.sync(quarantined=0)
        self.first.sync()
        old, new = self.first.read("Patient/n2")["identifier"]
        self.assertEqual((old["use"], old["value"]), ("old", "9000019"))
        self.assertEqual(new["use"], "usual")
        self.assertRegex(new["value"], r"^[0-9]{7,}$")
        self.assertNotEqual(new["value"], "9000019")
        self.assertEqual(self.first.read("Patient/n1")["identifier"], [numbered("9000019")])
        self.assert_all_the_same()

    def test_a_merge_travels_whole_and_another_desk_takes_it_back(self):
        self.first.put(patient("m1", birthDate="1951-08-19"), patient("m2", birthDate="1951-08-19"),
                       observation("m-o", "Patient/m2", 70),
                       appointment("m-a", "2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", ["Patient/m2"]))
        self.first.sync()
        self.second.sync()
        before = self.second.read("Patient/m1")
        self.assertEqual(self.first.done("patients", "merge", "m1", "m2", user="doctor")["moved"], 2)
        self.first.sync(conflicts=0, quarantined=0)
        # Meanwhile somebody elsewhere went on with the record that was merged away.
        self.second.put(observation("m-late", "Patient/m2", 71))
        self.second.sync(conflicts=0)
        self.first.sync()
        self.assertFalse(self.second.read("Patient/m2")["active"])
        self.assertEqual(self.second.read("Patient/m2")["link"],
                         [{"other": {"reference": "Patient/m1"}, "type": "replaced-by"}])
        self.assertEqual(self.second.read("Observation/m-o")["subject"]["reference"], "Patient/m1")
        self.first.done("patients", "duplicates", "--find", user="doctor")
        self.assertEqual(self.first.read("Observation/m-late")["subject"]["reference"], "Patient/m1")
        self.first.sync(conflicts=0)
        self.second.sync(conflicts=0)

        back = self.second.done("patients", "unmerge", "m2", user="doctor")
        self.assertEqual(back, {"restored": 3, "changedSince": []})
        self.second.sync(conflicts=0, quarantined=0)
        self.first.sync(conflicts=0)
        self.assert_all_the_same()
        for name in ("Observation/m-o", "Observation/m-late"):
            self.assertEqual(self.first.read(name)["subject"]["reference"], "Patient/m2")
        after = self.first.read("Patient/m1")
        self.assertEqual({**after, "meta": None}, {**before, "meta": None})
        self.assertTrue(self.first.read("Patient/m2")["active"])

    def test_two_people_stay_off_everybodys_worklist(self):
        twins = {"birthDate": "1983-11-27", "telecom": [{"system": "phone", "value": "+39 347 1234567"}]}
        name = [{"family": "Okonjoweidemann", "given": ["Ada"]}]
        self.first.put(patient("t1", name=name, **twins), patient("t2", name=name, **twins))
        self.first.sync()
        self.second.sync()

        def listed(desk, *words):
            return [(row["first"], row["second"], row["state"])
                    for row in desk.done("patients", "duplicates", *words, user="doctor") if row["first"] == "t1"]

        # Both find the pair, and make one record of it.
        self.assertEqual(listed(self.first, "--find"), [("t1", "t2", "open")])
        self.assertEqual(listed(self.second, "--find"), [("t1", "t2", "open")])
        self.first.sync()
        self.second.sync()
        self.first.sync()
        self.assertEqual(self.second.run("patients", "different", "t2", "t1", user="doctor").returncode, 0)
        self.second.sync()
        self.first.sync()
        self.assertEqual(listed(self.first, "--find"), [])
        self.assertEqual(listed(self.first, "--decided"), [("t1", "t2", "different")])
        self.assert_all_the_same()


if __name__ == "__main__":
    unittest.main()
