#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refused sign-ins cost the address they come from."""

import unittest

from test_auth import AuthTest


class AddressLimitTest(AuthTest):
    options = {"rate-sign-in": 3}

    def test_guesses_lock_an_address_and_broken_devices_do_not(self):
        clinic = self.new_clinic()
        desk, revoked = clinic.new_device(), clinic.new_device()
        self.assert_status(clinic.person().delete(f"/api/v1/devices/{revoked.id}"), 200)
        for _ in range(5):
            self.assert_oauth(revoked.token_request(), 403, "invalid_client", "device-revoked")
            self.assert_oauth(desk.token_request(desk.assertion(exp=1)), 401, "invalid_client", "assertion-expired")
        self.assert_status(desk.token_request(), 200)
        for n in range(3):
            self.assert_oauth(self.password_grant(f"x{n}@{clinic.slug}"), 401, "invalid_grant", "sign-in-failed")
        refused = self.password_grant(f"admin@{clinic.slug}")
        self.assertEqual(refused.status_code, 429)
        self.assertGreater(int(refused.headers["Retry-After"]), 0)


class RefusedSignInTest(AuthTest):
    options = {"rate-sign-in": 3, "rate-anonymous": 9}

    def test_refusals_that_are_no_guesses_are_counted_apart(self):
        clinic = self.new_clinic()
        desk, token = clinic.new_device(), clinic.person().token()
        mistyped = f"{clinic.first_code[:-1]}{'0' if clinic.first_code[-1] != '0' else '1'}"
        for _ in range(3):
            self.assert_oauth(desk.token_request("x"), 401, "invalid_client", "assertion-invalid")
            self.assert_oauth(self.refresh("x"), 400, "invalid_grant", "refresh-token-invalid")
            self.assert_status(clinic.enrol(mistyped)[0], 400, "enrolment-code-mistyped")
        refused = desk.token_request()
        self.assert_status(refused, 429, "too-many-requests")
        self.assertGreater(int(refused.headers["Retry-After"]), 0)
        # Who has a token goes on.
        self.assert_status(self.bearer(token), 200)


if __name__ == "__main__":
    unittest.main()
