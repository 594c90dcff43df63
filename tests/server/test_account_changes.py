#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How workstations learn that accounts have changed, and change them themselves."""

import unittest

from support.case import ServerTest
from support.server import PASSWORD


class AccountChanges(ServerTest):
    def test_a_workstation_learns_from_the_feed_that_accounts_have_changed(self):
        clinic = self.new_clinic()
        admin, device = clinic.person(), clinic.new_device()

        def of_feed():
            return device.get("/fhir/_history?_sort=_lastUpdated").headers["Yarrow-Accounts"]

        account = clinic.add_account("nadia", "nurse")
        seen = [device.get("/api/v1/accounts").headers["Yarrow-Accounts"]]
        self.assertEqual(of_feed(), seen[0])
        path = f"/api/v1/accounts/{account}"
        for change in (lambda: admin.put(path, {"user": "nadia", "role": "doctor"}),
                       lambda: admin.post(path + "/password", {"password": PASSWORD}),
                       lambda: admin.put(path, {"user": "nadia", "role": "doctor", "active": False}),
                       lambda: admin.post("/api/v1/accounts", {"user": "nico", "role": "nurse"})):
            self.assertIn(change().status_code, (200, 201))
            self.assertNotIn(of_feed(), seen)
            seen.append(of_feed())
        self.assertEqual(of_feed(), seen[-1])
        self.assertNotIn("Yarrow-Accounts", device.get("/fhir/Patient/_history").headers)

    def test_a_change_upon_another_revision_is_refused(self):
        clinic = self.new_clinic()
        admin = clinic.person()
        account = clinic.add_account("rena", "nurse")
        path = f"/api/v1/accounts/{account}"
        first = admin.get(path).json()["revision"]
        body = {"user": "rena", "role": "nurse", "name": "Rena"}
        changed = self.assert_status(admin.put(path, body, headers={"If-Match": first}), 200)
        self.assertNotEqual(changed["revision"], first)
        self.assert_status(admin.put(path, {**body, "role": "doctor"}, headers={"If-Match": first}), 412,
                           "version-conflict")
        self.assertEqual(admin.get(path).json()["role"], "nurse")
        self.assert_status(admin.post(path + "/password", {"password": PASSWORD}), 200)
        self.assert_status(admin.put(path, body, headers={"If-Match": changed["revision"]}), 412, "version-conflict")


if __name__ == "__main__":
    unittest.main(verbosity=2)
