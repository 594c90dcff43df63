#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that are cut, answers that are lost, cut short and garbled; kill -9 of a workstation and of the server in
the middle of it. The faults follow YARROW_TEST_SEED."""

import subprocess
import time
import unittest

from exchange import observation, patient, tasks_about
from fault_proxy import FAULTS
from faulty_exchange import FaultTest, many


class Network(FaultTest):
    def test_each_fault_at_each_kind_of_request(self):
        for number, fault in enumerate(FAULTS):
            prefix = f"f{number}-"
            self.second.put(*many(f"{prefix}second", 3))
            self.second.sync()
            self.first.put(*many(prefix, 3))
            with self.subTest(fault=fault):
                self.proxy.once(fault, "POST /fhir ")
                self.first.sync_fails("offline", waiting=6)
                self.assertTrue(self.proxy.all_done)
            # To ask twice for a token or a page harms nobody: the second try may be in the same exchange.
            for request in ("/auth/token", "GET /fhir/_history"):
                with self.subTest(fault=fault, request=request):
                    self.proxy.once(fault, request)
                    self.assertLess(self.first.sync_until_done(), 2)
                    self.assertTrue(self.proxy.all_done)
            self.first.sync(conflicts=0, quarantined=0, waiting=0)
        self.second.sync()
        self.assert_all_the_same()
        self.assertEqual(self.versions_of("f").keys(), {1}, "nothing took effect twice")

    def test_edits_made_while_the_fate_of_an_upload_is_unknown(self):
        self.first.put(patient("u1"))
        self.first.sync()
        self.first.put(patient("u1", gender="female"), patient("u2"))
        self.proxy.once("answer lost", "POST /fhir ")
        self.first.sync_fails("offline")
        self.first.put(patient("u1", gender="female", birthDate="1971-05-03"))
        self.first.delete("Patient/u2")
        self.second.sync()
        self.second.put(patient("u1", gender="female", address=[{"use": "home", "city": "Chur"}]))
        self.second.sync()
        self.first.sync(conflicts=0, quarantined=0, waiting=0)
        self.second.sync()
        there = self.assert_all_the_same()
        self.assertEqual([there["Patient/u1"][member] for member in ("gender", "birthDate")], ["female", "1971-05-03"])
        self.assertEqual(there["Patient/u1"]["address"][0]["city"], "Chur")
        self.assertNotIn("Patient/u2", there)

    def test_a_bad_line_for_a_while(self):
        self.proxy.share = {fault: 0.06 for fault in FAULTS}
        failed = 0
        for turn in range(6):
            for number, desk in enumerate(self.desks):
                desk.put(*many(f"b{number}-{turn}-", 4), patient("bshared", **{
                    ("gender", "deceasedBoolean")[number]: (("male", "female")[turn % 2], turn % 2 == 0)[number]}))
                failed += desk.sync_until_done()
        self.proxy.share = {}
        for desk in (*self.desks, *self.desks):
            desk.sync(quarantined=0, waiting=0)
        self.assertGreater(failed, 3, self.proxy.done)
        there = self.assert_all_the_same()
        self.assertEqual(sum(name.partition("/")[2].startswith(("b0-", "b1-")) for name in there), 2 * 6 * 8)
        self.assertEqual(self.versions_of("b_-").keys(), {1}, "nothing took effect twice")


class KilledWorkstation(FaultTest):
    desk_count = 2

    def test_in_the_middle_of_a_push(self):
        for turn, (seconds, skip) in enumerate(((0, 0), (0.02, 0), (0.3, 0), (0, 1), (0.2, 1))):
            with self.subTest(seconds=seconds, skip=skip):
                self.first.put(*many(f"p{turn}-", 300))
                self.killed_by(self.first, seconds, "POST /fhir ", skip)
                self.first.sync(conflicts=0, quarantined=0, waiting=0)
        self.second.sync(pulled=5 * 600)
        self.assert_all_the_same()
        self.assertEqual(self.versions_of("p"), {1: 5 * 600}, "nothing took effect twice")

    def test_in_the_middle_of_a_pull(self):
        self.first.sync()
        self.second.put(*many("q", 1500))
        self.second.sync(waiting=0)
        begun = time.monotonic()
        self.first.copy("timed").sync(pulled=3000)
        duration = time.monotonic() - begun
        killed = 0
        for point in range(5):
            process = self.first.start("sync")
            try:
                process.wait((point + self.random.random()) / 5 * duration)
            except subprocess.TimeoutExpired:
                killed += 1
                process.kill()
                process.wait()
            self.assertTrue(self.first.done("doctor")["ok"])
        self.assertGreater(killed, 2, "most of the kills came too late to tell anything")
        self.first.sync(conflicts=0, quarantined=0, waiting=0, matchesServer=True)
        self.assert_all_the_same()


class KilledServer(FaultTest):
    def test_in_the_middle_of_a_push(self):
        def kill_after(seconds):
            def kill():
                time.sleep(seconds)
                self.server.kill()
            return kill

        for turn, (seconds, skip) in enumerate(((0, 0), (0.05, 0), (0.15, 0), (0.05, 1), (0.3, 1))):
            with self.subTest(seconds=seconds, skip=skip):
                self.first.put(*many(f"s{turn}-", 300))
                self.proxy.once(kill_after(seconds), "POST /fhir ", skip)
                report = self.first.run("sync")
                self.assertTrue(self.proxy.all_done, report.stdout)
                self.server.kill()
                self.server.start()
                self.first.sync_until_done()
        self.second.sync(pulled=5 * 600, conflicts=0)
        there = self.assert_all_the_same()
        self.assertEqual(len(there), 5 * 600)
        self.assertEqual(self.versions_of("s"), {1: 5 * 600}, "nothing took effect twice")
        self.assertEqual(tasks_about(there, "Patient/s0-0"), [])


if __name__ == "__main__":
    unittest.main()
