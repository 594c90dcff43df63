#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop of a workstation whose rights end while somebody works: it locks, says why, and shows nothing any more."""

import json
import pathlib
import sys
import tempfile

from desktop import Desktop, run, wait_for
from exchange import Desk
from yarrowctl import FAILED, PASSWORD

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "server"))

from support.case import ServerTest  # noqa: E402
from support.server import run as server_command  # noqa: E402

OTHER = "copper lantern moth 88"


class RevokedDesktop(ServerTest):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="yarrow-test-")
        self.addCleanup(temporary.cleanup)
        self.home = self.new_clinic()
        self.desk = Desk(pathlib.Path(temporary.name) / "profile")
        self.recovery_code = self.desk.init()["recoveryCode"]
        self.desk.add_user("doctor", "doctor")
        self.client = self.desk.enrol(self.home)["client"]
        self.patient("known")
        self.desk.sync(pushed=1)

    def patient(self, name):
        self.desk.put({"resourceType": "Patient", "id": name, "name": [{"family": "Weidemann"}]})

    def open(self, user):
        """The desktop with somebody signed in."""
        self.desktop = Desktop(self.desk.folder)
        self.addCleanup(self.desktop.end)
        self.desktop.wait("password text", "Password")
        self.desktop.take_keyboard()
        self.desktop.focus("text", "User name")
        self.desktop.key("ctrl+a")
        self.desktop.type(user)
        self.desktop.focus("password text", "Password")
        self.desktop.type(PASSWORD)
        self.desktop.key("Return")
        self.desktop.wait("text", "Search patients")

    def exchange_now(self):
        self.desktop.take_keyboard()
        self.desktop.key("F5")

    def revoke_while_away(self):
        """With a wipe, ordered while the workstation cannot reach the server, so that an edit stays unsent."""
        self.server.stop()
        self.patient("unsent")
        server_command("device", "revoke", "--database", self.database.app_uri, "--tenant", self.home.slug,
                       self.client.partition(".")[2], "--wipe")
        self.server.start()
        self.exchange_now()

    def test_one_that_is_to_be_wiped_locks_says_why_and_keeps_the_unsent_edit_under_the_recovery_code(self):
        self.open("admin")
        self.revoke_while_away()
        self.desktop.wait(None, "The clinic's administrator has removed this workstation")
        self.desktop.wait("password text", "Password")
        self.assertIsNone(self.desktop.find("text", "Search patients"))
        self.assertEqual(self.desk.exits(FAILED, "patients", "search", "x")["error"]["code"], "NotFound")
        self.desktop.end()

        self.desk.done("key", "recover", user="admin", password=None, YARROW_RECOVERY_CODE=self.recovery_code,
                       YARROW_NEW_PASSWORD=OTHER)
        how = {"user": "admin", "password": OTHER}
        self.assertEqual(self.desk.done("patients", "search", "Weidemann", **how), [])
        file = self.desk.folder.parent / "unsent.json"
        self.desk.done("export", "--unsent", "--clear", "--out", file, **how)
        [entry] = json.loads(file.read_text(encoding="utf-8"))["entry"]
        self.assertEqual(entry["resource"]["id"], "unsent")

    def test_one_without_unsent_edits_keeps_nothing(self):
        self.open("admin")
        self.home.person().delete(f"/api/v1/devices/{self.client.partition('.')[2]}?wipe=true")
        self.exchange_now()
        self.desktop.wait(None, "The clinic's administrator has removed this workstation")
        self.desktop.wait("button", "Look at the demo clinic")
        self.assertEqual([path.name for path in self.desk.folder.rglob("*") if ".db" in path.name], [])

    def test_one_that_is_shut_out_locks_and_keeps_what_it_has(self):
        self.open("admin")
        self.home.person().delete(f"/api/v1/devices/{self.client.partition('.')[2]}")
        self.patient("unsent")
        self.exchange_now()
        self.desktop.wait(None, "The clinic's administrator has shut this workstation out")
        self.desktop.wait("password text", "Password")
        self.assertIsNone(self.desktop.find("text", "Search patients"))
        # Signing in again, to see to what is left, is not ended once more.
        self.desktop.end()
        self.open("admin")
        self.assertEqual({row["id"] for row in self.desk.done("patients", "search", "Weidemann")}, {"known", "unsent"})
        self.assertTrue(self.desktop.find("text", "Search patients"))

    def test_somebody_whose_account_is_disabled_is_signed_out_and_told(self):
        self.open("doctor")
        self.home.change_account("doctor", active=False)
        self.exchange_now()
        self.desktop.wait(None, "Your account was disabled")
        wait_for("the locked gate", lambda: self.desktop.find("password text", "Password"))
        self.assertIsNone(self.desktop.find("text", "Search patients"))
        self.assertEqual(self.desk.done("account", "list")[1]["active"], False)


if __name__ == "__main__":
    run()
