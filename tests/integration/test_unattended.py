#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workstation at which nobody is signed in: where an administrator allows it, it exchanges with the server all the
same, in a process of its own, and hears that it was shut out."""

import pathlib
import subprocess
import sys
import tempfile

from desktop import Desktop, program, run, wait_for
from exchange import Desk, patient
from yarrowctl import FAILED, PASSWORD

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "server"))

from support.case import ServerTest  # noqa: E402

NOTHING = 3  # app/unattended_end.h


class Unattended(ServerTest):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="yarrow-test-")
        self.addCleanup(temporary.cleanup)
        self.home = self.new_clinic()
        self.near, self.far = (self.new_desk(pathlib.Path(temporary.name) / name) for name in ("near", "far"))
        self.near.done("account", "everybody", "yes")

    def new_desk(self, folder):
        desk = Desk(folder)
        desk.init()
        desk.client = desk.enrol(self.home)["client"]
        desk.sync()
        return desk

    def start(self):
        """The near desktop, with nobody signed in."""
        self.desktop = Desktop(self.near.folder)
        self.addCleanup(self.desktop.end)

    def open(self):
        """The same, at the page where people sign in."""
        self.start()
        self.desktop.wait("password text", "Password")

    def exchanging(self):
        """The processes that exchange for the near workstation."""
        words = ["pgrep", "-f", f"yarrow-exchange --profile {self.near.folder}"]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()

    def known(self, desk, family):
        return [row["id"] for row in desk.done("patients", "search", family)]

    def shut_out(self, wipe):
        self.home.person().delete(f"/api/v1/devices/{self.near.client.partition('.')[2]}" + ("?wipe=true" if wipe else ""))

    def test_what_was_written_before_and_elsewhere_is_exchanged_while_nobody_is_signed_in(self):
        self.near.put(patient("near", name=[{"family": "Weidemann"}]), user="admin")
        self.open()
        wait_for("the near patient at the far workstation", lambda: self.far.sync() and self.known(self.far, "Weidemann"))
        self.far.put(patient("far", name=[{"family": "Okonjo"}]), user="admin")
        self.far.sync(pushed=1)  # the server hints at it
        wait_for("the far patient here", lambda: self.known(self.near, "Okonjo") == ["far"])
        self.assertIsNone(self.desktop.find("text", "Search patients"))

    def test_signing_in_ends_it_and_the_desktop_goes_on(self):
        self.open()
        wait_for("the exchange", self.exchanging)
        self.desktop.take_keyboard()
        self.desktop.focus("text", "User name")
        self.desktop.key("ctrl+a")
        self.desktop.type("admin")
        self.desktop.focus("password text", "Password")
        self.desktop.type(PASSWORD)
        self.desktop.key("Return")
        self.desktop.wait("text", "Search patients")
        self.assertEqual(self.exchanging(), [])
        self.far.put(patient("later", name=[{"family": "Weidemann"}]), user="admin")
        self.far.sync(pushed=1)
        wait_for("the far patient here", lambda: self.known(self.near, "Weidemann") == ["later"])
        self.desktop.take_keyboard()
        self.desktop.key("ctrl+l")
        self.desktop.wait("password text", "Password")
        wait_for("the exchange behind the lock", self.exchanging)

    def test_it_does_not_outlive_the_desktop(self):
        self.open()
        wait_for("the exchange", self.exchanging)
        self.desktop.kill()
        wait_for("its end", lambda: not self.exchanging())

    def test_where_nobody_allows_it_nothing_opens_the_records(self):
        self.near.done("account", "everybody", "no")
        self.open()
        self.desktop.wait("button", "Sign in")
        self.assertEqual(self.exchanging(), [])
        alone = subprocess.run([str(program().with_name("yarrow-exchange")), "--profile", str(self.near.folder)],
                               stdin=subprocess.PIPE, capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(alone.returncode, NOTHING)
        self.assertIn("device slot", alone.stderr)

    def test_a_workstation_that_is_shut_out_says_so_at_its_lock_screen(self):
        self.shut_out(wipe=False)
        self.start()
        self.desktop.wait(None, "The clinic's administrator has shut this workstation out")
        wait_for("its end", lambda: not self.exchanging())

    def test_one_that_is_to_be_wiped_is_although_nobody_signs_in(self):
        self.shut_out(wipe=True)
        self.start()
        self.desktop.wait(None, "The clinic's administrator has removed this workstation")
        self.desktop.wait("button", "Look at the demo clinic")
        self.assertEqual([path.name for path in self.near.folder.rglob("*") if ".db" in path.name], [])
        self.assertEqual(self.near.exits(FAILED, "patients", "search", "x")["error"]["code"], "NotFound")


if __name__ == "__main__":
    run()
