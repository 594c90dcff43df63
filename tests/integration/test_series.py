#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Appointments that repeat, from the command line."""

import json
import unittest

from yarrowctl import BAD_INPUT, FAILED, USAGE, ClinicTest

SYSTEM = "https://yarrow.example/fhir/appointment-series"
RECORDS = [
    {"resourceType": "Patient", "id": "p1", "name": [{"family": "Rossi", "given": ["Ada"]}]},
    {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Neri"}]},
    {"resourceType": "Location", "id": "clinic", "name": "Lindenhof", "hoursOfOperation": [
        {"daysOfWeek": ["mon", "tue", "wed", "thu", "fri"], "openingTime": "08:00:00", "closingTime": "18:00:00"}]},
    {"resourceType": "Device", "id": "laser", "status": "active",
     "deviceName": [{"name": "Laser", "type": "user-friendly-name"}]},
    {"resourceType": "HealthcareService", "id": "treatment", "name": "Treatment", "extension": [
        {"url": "https://yarrow.example/fhir/StructureDefinition/buffer-after",
         "valueDuration": {"value": 15, "code": "min"}},
        {"url": "https://yarrow.example/fhir/StructureDefinition/needed-device",
         "valueReference": {"reference": "Device/laser"}}]},
]


class Series(ClinicTest):
    def setUp(self):
        super().setUp()
        self.clinic.done("import", self.write("records.ndjson", "".join(json.dumps(r) + "\n" for r in RECORDS)))

    def book(self, at, *words):
        return self.clinic.done("appointments", "book", "--patient", "p1", "--practitioner", "dr", "--at", at,
                                "--duration", "30", *words)

    def stored(self, series):
        """Start and status of a series' visits, by start."""
        visits = [json.loads(line) for line in self.clinic.export()]
        return sorted((v["start"][:16], v["status"]) for v in visits
                      if {"system": SYSTEM, "value": series} in v.get("identifier", []))

    def test_a_series_keeps_its_local_time_and_moves_from_one_visit_on(self):
        booked = self.book("2031-03-24T09:00", "--rrule", "FREQ=WEEKLY;COUNT=4", "--exdate", "2031-04-07")
        self.assertEqual([visit["start"] for visit in booked],
                         ["2031-03-24T09:00:00+01:00", "2031-03-31T09:00:00+02:00", "2031-04-14T09:00:00+02:00"])
        self.assertEqual(len({visit["series"] for visit in booked}), 1)
        series = booked[0]["series"]
        moved = self.clinic.done("appointments", "move", booked[1]["id"], "--to", "2031-04-01T10:30",
                                 "--scope", "following")
        self.assertEqual([visit["start"] for visit in moved],
                         ["2031-04-01T10:30:00+02:00", "2031-04-15T10:30:00+02:00"])
        cancelled = self.clinic.done("appointments", "cancel", booked[0]["id"], "--reason", "pat", "--scope", "this")
        self.assertEqual(cancelled["status"], "cancelled")
        self.assertEqual(self.stored(series), [("2031-03-24T08:00", "cancelled"), ("2031-04-01T08:30", "booked"),
                                               ("2031-04-15T08:30", "booked")])
        self.clinic.done("appointments", "cancel", booked[2]["id"], "--scope", "all")
        self.assertEqual({status for _, status in self.stored(series)}, {"cancelled"})
        self.assert_whole(self.clinic)

    def test_a_taken_date_books_nothing_unless_it_is_left_out(self):
        taken = self.book("2031-03-25T09:15")
        rule = ("--rrule", "FREQ=DAILY;COUNT=3")
        before = self.clinic.export()
        looked = self.book("2031-03-24T09:00", *rule, "--preview")
        self.assertEqual([[o["kind"] for o in each["obstacles"]] for each in looked], [[], ["taken"], []])
        self.assertEqual(looked[1]["obstacles"][0]["appointment"], taken["id"])
        self.assertEqual(looked[1]["nextFree"], "2031-03-25T09:45:00+01:00")
        self.clinic.exits(FAILED, "appointments", "book", "--patient", "p1", "--practitioner", "dr", "--at",
                          "2031-03-24T09:00", "--duration", "30", *rule)
        self.assertEqual(self.clinic.export(), before)
        booked = self.book("2031-03-24T09:00", *rule, "--skip-taken")
        self.assertEqual([visit["start"][:10] for visit in booked], ["2031-03-24", "2031-03-26"])

    def test_openings_keep_buffers_free_and_need_the_device(self):
        self.book("2031-03-24T09:00", "--service", "treatment", "--device", "laser")
        found = self.clinic.done("appointments", "openings", "--duration", "30", "--service", "treatment", "--no-room",
                                 "--from", "2031-03-24T08:30", "--days", "1", "--limit", "3")
        # A treatment at half past eight would need the time until a quarter past nine.
        self.assertEqual([(o["start"][11:16], o["device"]) for o in found],
                         [("09:45", "laser"), ("10:30", "laser"), ("11:15", "laser")])

    def test_what_is_no_rule_is_named(self):
        def refused(code, *words):
            return self.clinic.exits(code, "appointments", "book", "--patient", "p1", "--practitioner", "dr", "--at",
                                     "2031-03-24T09:00", *words)
        self.assertEqual(refused(BAD_INPUT, "--rrule", "FREQ=HOURLY;COUNT=3")["error"]["context"], "rrule: FREQ")
        self.assertEqual(refused(BAD_INPUT, "--rrule", "FREQ=DAILY")["error"]["context"], "rrule: no end")
        refused(USAGE, "--exdate", "2031-03-25")


if __name__ == "__main__":
    unittest.main()
