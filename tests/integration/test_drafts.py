#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed and not saved is there again after kill -9: the real program, typed into through the display, killed in
the middle of a form and started again."""

import time

from desktop import DesktopTest, run, wait_for

USER, PASSWORD = "demo", "achillea-millefolium"
SETTLED = 2.5  # seconds; a draft is written one second after the last key


class Drafts(DesktopTest):
    def text_of(self, name):
        node = self.desktop.find("text", name)
        return node.queryText().getText(0, -1) if node else None

    def sign_in(self):
        self.desktop.wait("password text", "Password")
        self.desktop.take_keyboard()
        self.desktop.focus("password text", "Password")
        self.desktop.type(PASSWORD)
        self.desktop.key("Return")
        self.desktop.wait("text", "Search patients")

    def kill_and_start_again(self):
        time.sleep(SETTLED)  # the program has no way to say that it has written; what it promises is a second
        self.desktop.kill()
        self.desktop.start()
        self.sign_in()
        self.desktop.take_keyboard()

    def test_half_a_patient_half_a_week_and_half_an_appointment_survive_kill_9(self):
        self.open_demo()
        self.desktop.take_keyboard()
        self.desktop.key("ctrl+shift+n")
        self.desktop.wait("text", "Family name")
        self.desktop.type("Halfway")
        wait_for("what was typed", lambda: self.text_of("Family name") == "Halfway")

        self.desktop.go("Clinic")
        self.desktop.wait("page tab", "Rooms")
        self.desktop.focus("text", "Hours on Monday")
        self.desktop.key("ctrl+a")
        self.desktop.type("7-11")
        wait_for("what was typed", lambda: self.text_of("Hours on Monday") == "7-11")

        self.desktop.go("Calendar")
        self.desktop.key("ctrl+n")
        self.desktop.wait("text", "About")
        self.desktop.focus("text", "About")
        self.desktop.type("Half a visit")
        wait_for("what was typed", lambda: self.text_of("About") == "Half a visit")

        self.kill_and_start_again()

        self.desktop.key("ctrl+shift+n")
        wait_for("half a patient", lambda: self.text_of("Family name") == "Halfway")
        self.desktop.go("Clinic")
        wait_for("half a week", lambda: self.text_of("Hours on Monday") == "7-11")
        self.desktop.go("Calendar")
        self.desktop.press("button", "Continue")
        wait_for("half an appointment", lambda: self.text_of("About") == "Half a visit")


if __name__ == "__main__":
    run()
