#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit chain of a workstation at the server: it arrives whole and once, also after a restore or a copy."""

import shutil
import unittest

from enrolled import EnrolledTest, Workstation
from support.server import run

CHAINS = "/api/v1/audit/chains"
ENTRIES = "/api/v1/audit/entries"


class Chains(EnrolledTest):
    def setUp(self):
        super().setUp()
        self.clinic.enrol(self.home)

    def sync(self, clinic=None):
        report = (clinic or self.clinic).done("sync")
        self.assertEqual((report["obstacle"], report["auditWaiting"]), ("none", 0), report)
        return report

    def chains(self):
        """The workstations' chains by incarnation."""
        said = self.home.person().get(CHAINS).json()["chains"]
        return {c["incarnation"]: c for c in said if c["incarnation"] != "server"}

    def entries(self, incarnation):
        return self.home.person().get(f"{ENTRIES}?incarnation={incarnation}&count=500").json()["entries"]

    def assert_server_verifies(self):
        ran = run("audit", "verify", "--tenant", self.home.slug, "--database", self.database.app_uri, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def copied_profile(self, name):
        copy = self.clinic.copy(name)
        copy.__class__ = Workstation
        return copy

    def test_a_chain_arrives_whole_and_once(self):
        first = self.sync()
        self.assertGreater(first["auditSent"], 2)
        self.assertEqual(first["auditNote"], "")
        second = self.sync()
        self.assertEqual(second["auditSent"], 1)  # the sign-in
        [chain] = self.chains().values()
        self.assertNotIn("broken", chain)
        self.assertIn("checkpoint", chain)
        seqs = [e["seq"] for e in self.entries(chain["incarnation"])]
        self.assertEqual(sorted(seqs), list(range(1, chain["next"])))
        self.assert_server_verifies()

    def test_a_restored_profile_begins_a_new_incarnation(self):
        self.sync()
        [old] = self.chains()
        backup = self.copied_profile("backup")
        for _ in range(2):
            self.sync()
        before = self.chains()[old]
        shutil.rmtree(self.clinic.folder)
        shutil.copytree(backup.folder, self.clinic.folder)

        self.assertEqual(self.sync()["auditNote"], "incarnation-restored")
        chains = self.chains()
        self.assertEqual(chains[old], before)
        [new] = set(chains) - {old}
        self.assertEqual(chains[new]["follows"], old)
        self.assertNotIn("broken", chains[new])
        begun = min(self.entries(new), key=lambda e: e["seq"])
        self.assertEqual(begun["action"], "incarnation-begun")
        self.assertLess(begun["seq"], before["next"])
        self.assert_server_verifies()
        self.assert_whole(self.clinic)
        self.assertEqual(self.sync()["auditNote"], "")
        self.assertEqual(len(self.chains()), 2)

    def test_a_copied_profile_begins_a_new_incarnation(self):
        self.sync()
        [old] = self.chains()
        copy = self.copied_profile("copy")
        self.assertEqual(self.sync()["auditNote"], "")
        self.assertIn(self.sync(copy)["auditNote"], ("incarnation-restored", "incarnation-copied"))
        for _ in range(2):  # both go on, each in its own
            self.assertEqual(self.sync()["auditNote"], "")
            self.assertEqual(self.sync(copy)["auditNote"], "")
        chains = self.chains()
        self.assertEqual(len(chains), 2)
        for chain in chains.values():
            self.assertNotIn("broken", chain)
        self.assert_server_verifies()
        for clinic in (self.clinic, copy):
            self.assert_whole(clinic)

    def test_enrolled_anew_it_goes_on_in_a_new_incarnation(self):
        self.sync()
        [old] = self.chains()
        self.home.person().delete(f"/api/v1/devices/{self.chains()[old]['device']}")
        self.clinic.run("sync")
        self.clinic.enrol(self.home)
        self.assertEqual(self.sync()["auditNote"], "incarnation-moved")
        chains = self.chains()
        [new] = set(chains) - {old}
        self.assertNotEqual(chains[new]["device"], chains[old]["device"])
        for chain in chains.values():
            self.assertNotIn("broken", chain)
        self.assert_server_verifies()


if __name__ == "__main__":
    unittest.main()
