#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two workstations and a FHIR server that is not ours. Its habits, and those of others, are the unit tests' business."""

import json
import secrets
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from exchange import Desk, observation, patient, tasks_about
from support.server import free_port
from yarrowctl import ROOT, ClinicTest


class OtherServer(ClinicTest):
    def setUp(self):
        super().setUp()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/r4"
        self.token = secrets.token_hex(16)
        program = ROOT / "tests" / "integration" / "other_fhir_server.py"
        server = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", sys.executable, str(program), str(port),
                                   self.token], stdin=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        until = time.monotonic() + 30
        while True:
            try:
                self.ask("GET", "metadata")
                break
            except urllib.error.URLError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
        self.desks = [Desk(self.clinic.folder), Desk(self.temporary / "second")]
        self.desks[1].init()
        for desk in self.desks:
            desk.add_user("doctor", "doctor")
            desk.done("enrol", "--server", self.url, YARROW_SERVER_TOKEN=self.token)

    def ask(self, method, path, document=None):
        request = urllib.request.Request(f"{self.url}/{path}", method=method,
                                         data=json.dumps(document).encode() if document else None,
                                         headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def at_server(self):
        newest = {}
        for entry in self.ask("GET", "_history")["entry"]:
            newest.setdefault(entry["request"]["url"], entry.get("resource"))
        return {name: document for name, document in newest.items() if document and not name.startswith("Basic/")}

    def test_both_directions_and_a_conflict(self):
        first, second = self.desks
        self.ask("PUT", "Patient/theirs", patient("theirs"))
        first.put(patient("p1"), observation("o1", "Patient/p1", 70), patient("p2"))
        first.sync(pushed=3, waiting=0)
        second.sync(waiting=0)
        first.put(patient("p1", gender="female"), patient("theirs", birthDate="1971-05-03"))
        second.put(patient("p1", birthDate="1971-05-03"), patient("theirs", birthDate="1972-06-04"))
        second.delete("Observation/o1")
        first.sync(waiting=0)
        second.sync(merged=1, conflicts=1, waiting=0)
        for desk in (first, second):
            desk.sync(conflicts=0, quarantined=0, waiting=0)
        there = self.at_server()
        for desk in self.desks:
            self.assertEqual(desk.records(), there)
            self.assert_whole(desk)
        self.assertNotIn("Observation/o1", there)
        self.assertEqual([there["Patient/p1"][member] for member in ("gender", "birthDate")], ["female", "1971-05-03"])
        self.assertEqual(there["Patient/theirs"]["birthDate"], "1971-05-03")
        self.assertIn("1972-06-04", json.dumps(tasks_about(there, "Patient/theirs")))


if __name__ == "__main__":
    unittest.main()
