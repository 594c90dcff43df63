#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at many points of an import, of a save and of a change of keys. Afterwards the database opens, everything in
it fits together, and each file is in whole or not at all.

The points are spread over the measured duration of the work; YARROW_TEST_SEED and YARROW_TEST_KILLS choose others."""

import json
import os
import random
import signal
import subprocess
import time
import unittest

from yarrowctl import DONE, PASSWORD, ClinicTest

SEED = int(os.environ.get("YARROW_TEST_SEED", "20260302"))
KILLS = int(os.environ.get("YARROW_TEST_KILLS", "24"))
FILES = 16
PER_FILE = 250


def bundle(number):
    entries = []
    for i in range(PER_FILE):
        entries.append({"resource": {"resourceType": "Patient" if i % 10 == 0 else "Observation",
                                     "id": f"f{number}-r{i}", "subject": {"reference": f"Patient/f{number}-r0"},
                                     "status": "final", "name": [{"family": f"Familie{number}"}],
                                     "note": [{"text": "x" * 700}]}})
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


class Crash(ClinicTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def points(self, duration, count):
        """Moments spread over the work, each somewhere in its own slice: the same in every run with that seed, as a
        share of the duration."""
        return [(i + self.random.random()) / count * duration for i in range(count)]

    def kill_after(self, seconds, clinic, *words, **how):
        """Whether the process was still at it."""
        process = clinic.start(*words, **how)
        try:
            process.wait(timeout=seconds)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True

    def duration(self, clinic, *words, **how):
        begun = time.monotonic()
        process = clinic.start(*words, **how)
        self.assertEqual(process.wait(), DONE)
        return time.monotonic() - begun

    def test_of_an_import_each_file_is_in_whole_or_not_at_all(self):
        for number in range(FILES):
            self.write(f"files/{number:02}.json", bundle(number))
        fresh = self.clinic.copy("fresh")
        duration = self.duration(self.clinic.copy("timed"), "import", self.temporary / "files")
        killed, partly = 0, 0
        for seconds in self.points(duration, KILLS):
            clinic = fresh.copy("crashed")
            killed += self.kill_after(seconds, clinic, "import", self.temporary / "files")
            self.assert_whole(clinic)
            found = [0] * FILES
            for line in clinic.export():
                found[int(json.loads(line)["id"].split("-")[0][1:])] += 1
            with self.subTest(seconds=seconds):
                self.assertLessEqual(set(found), {0, PER_FILE}, found)
                self.assertEqual(found, sorted(found, reverse=True), "in the order of the files")
            partly += 0 < sum(found) < FILES * PER_FILE
            imports = [e for e in clinic.done("audit", "list") if e["action"] == "import"]
            self.assertEqual(len(imports), sum(count > 0 for count in found), "the audit says what is in")
        self.assertGreater(killed, KILLS // 2, "most of the kills came too late to tell anything")
        self.assertGreater(partly, 0, "no kill fell between two files")
        # And it goes on from there.
        self.assertEqual(clinic.done("import", self.temporary / "files")["files"], FILES)
        self.assertEqual(len(clinic.export()), FILES * PER_FILE)

    def test_of_a_save_all_is_written_or_nothing(self):
        self.clinic.done("import", self.write("people.ndjson", "\n".join([
            '{"resourceType":"Patient","id":"p1","name":[{"family":"Solberg"}]}',
            '{"resourceType":"Practitioner","id":"d1","name":[{"family":"Okonjo"}]}'])))
        booking = ("appointments", "book", "--patient", "p1", "--practitioner", "d1", "--at", "2030-01-07T09:00")
        fresh = self.clinic.copy("fresh")
        duration = self.duration(fresh.copy("timed"), *booking)
        for seconds in self.points(duration, max(KILLS // 2, 8)):
            clinic = fresh.copy("crashed")
            self.kill_after(seconds, clinic, *booking)
            self.assert_whole(clinic)
            listed = clinic.done("appointments", "list", "--date", "2030-01-07")
            self.assertIn(len(listed), (0, 1))
            created = [e for e in clinic.done("audit", "list")
                       if e["action"] == "create" and e["resourceType"] == "Appointment"]
            self.assertEqual(len(created), len(listed), "the visit and its audit entry stand or fall together")
            if listed:
                steps = clinic.done("resource", "history", f"Appointment/{listed[0]['id']}")
                self.assertIsNotNone(steps[-1]["resource"], "what has to be sent is there too")

    def test_of_a_change_of_keys_one_complete_database_opens(self):
        for number in range(4):
            self.write(f"files/{number:02}.json", bundle(number))
        self.clinic.done("import", self.temporary / "files")
        before = self.clinic.export()
        fresh = self.clinic.copy("fresh")
        duration = self.duration(fresh.copy("timed"), "key", "rotate")
        for seconds in self.points(duration, max(KILLS // 2, 8)):
            clinic = fresh.copy("crashed")
            self.kill_after(seconds, clinic, "key", "rotate")
            self.assert_whole(clinic)
            self.assertEqual(clinic.export(), before)
            self.assertFalse((clinic.folder / "clinic.db.rotating").exists(), "no copy is left behind")
            clinic.done("key", "rotate")
            self.assertEqual(clinic.export(), before)

    def test_of_a_new_clinic_nothing_stands_in_the_way_of_the_next_try(self):
        words = ("init", "--clinic", "Lindenhof", "--admin", "admin")
        fresh = self.clinic.copy("fresh")
        for file in list(fresh.folder.iterdir()):
            file.unlink()
        duration = self.duration(fresh.copy("timed"), *words)
        for seconds in self.points(duration, 8):
            clinic = fresh.copy("crashed")
            self.kill_after(seconds, clinic, *words)
            if not (clinic.folder / "keys.json").exists():
                clinic.done(*words)
            self.assert_whole(clinic)


if __name__ == "__main__":
    unittest.main()
