#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A week without the server: 5,000 edits at each of two workstations, then both exchange over a bad line. Afterwards the
three databases are the same, record by record, and every edit is on the server or in a conflict."""

import json
import random
import unittest

from exchange import ExchangeTest, name_of, observation, patient, tasks_about
from fault_proxy import FAULTS

DAYS = 5
EDITS_A_DAY = 1000
PATIENTS = 1200


class Week:
    """What one desk does, by the seed: mostly to elements that the other leaves alone."""

    def __init__(self, desk, number, seed):
        self.desk = desk
        self.number = number
        self.name = f"desk{number}"
        self.alone = f"https://clinic.example/{self.name}"
        self.random = random.Random(seed)
        self.here = {}      # "Type/id" → document, as this desk sees it
        self.touched = {}   # "Type/id" → what this desk set alone, last
        self.disputed = {}  # "Patient/id" → the city this desk wants
        self.made = set()
        self.deleted = set()

    def begin(self, records):
        self.here = {name_of(r): r for r in records}

    def day(self, number):
        """A day's edits; a record may be edited several times in it, but not twice in the same file."""
        chosen = self.random.sample([name for name in sorted(self.here) if self.is_mine(name)], EDITS_A_DAY - 120)
        changed = [self.change(name, number) for name in chosen]
        for count in range(100):
            made = observation(f"{self.name}-{number}-{count}", f"Patient/w{count}", number * 100 + count)
            self.made.add(name_of(made))
            changed.append(made)
        self.desk.put(*changed)
        for made in changed:
            self.here[name_of(made)] = made
        gone = self.random.sample([name for name in sorted(self.here)
                                   if name.startswith("Observation/w") and self.is_mine(name)], 20)
        self.desk.delete(*gone)
        for name in gone:
            del self.here[name]
            self.deleted.add(name)
            self.touched.pop(name, None)

    def is_mine(self, name):
        """Whose weight is noted where; few at both desks, for that is a conflict."""
        record, _, number = name.partition("/w")
        return record == "Patient" or not number or int(number) % 16 == 15 or int(number) % 2 == self.number

    def change(self, name, number):
        document = dict(self.here[name])
        if document["resourceType"] == "Patient" and self.random.random() < 0.05:
            city = f"{self.name} {number}"
            document["address"] = [{"use": "home", "city": city}]
            self.disputed[name] = city
            return document
        value = f"{self.name}-{number}-{self.random.randrange(10 ** 6)}"
        if document["resourceType"] == "Patient":
            document["extension"] = [e for e in document.get("extension", []) if e["url"] != self.alone] + [
                {"url": self.alone, "valueString": value}]
            self.touched[name] = value
        else:
            document["note"] = [{"text": value}]
            self.touched[name] = value
        return document


class OfflineForAWeek(ExchangeTest):
    proxied = True

    def test_two_desks_offline_for_a_week(self):
        begun = []
        for number in range(PATIENTS):
            begun += [patient(f"w{number}"), observation(f"w{number}", f"Patient/w{number}", 60)]
        self.desks[0].put(*begun)
        self.desks[0].sync(pushed=len(begun))
        self.desks[1].sync(pulled=len(begun), matchesServer=True)
        weeks = [Week(desk, number, self.seed + number) for number, desk in enumerate(self.desks)]
        for week in weeks:
            week.begin(begun)
            for number in range(DAYS):
                week.day(number)
            self.assertGreater(week.desk.done("sync", "status")["waiting"], 2000)

        self.proxy.share = {fault: 0.04 for fault in FAULTS}
        failed = sum(desk.sync_until_done() for desk in (*self.desks, *self.desks))
        self.assertGreater(failed, 0, self.proxy.done)
        self.proxy.share = {}
        for desk in self.desks:
            desk.sync(quarantined=0)
        for desk in self.desks:
            desk.sync(pulled=0, pushed=0, conflicts=0, quarantined=0, waiting=0, matchesServer=True)
        there = self.assert_all_the_same()
        self.assert_nothing_is_lost(weeks, there)

    def assert_nothing_is_lost(self, weeks, there):
        lost = []
        for week, other in (weeks, weeks[::-1]):
            for name in week.made - there.keys():
                lost.append(f"{name} was made by {week.name}")
            for name, value in week.touched.items():
                # What both changed differently is in the record or in its conflict.
                if value not in json.dumps(there.get(name)) and value not in json.dumps(tasks_about(there, name)):
                    lost.append(f"{name}: {value}")
            for name, city in week.disputed.items():
                if city not in json.dumps([there[name], *tasks_about(there, name)]):
                    lost.append(f"{name}: {city}")
            for name in week.deleted - other.touched.keys():
                if name in there:
                    lost.append(f"{name} was deleted by {week.name} and is there")
        self.assertEqual(lost[:20], [], len(lost))


if __name__ == "__main__":
    unittest.main()
