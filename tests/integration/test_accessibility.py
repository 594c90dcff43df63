#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks every page of the real desktop through the accessibility bus, as a screen reader does: every control on screen
has a role and a name, and so has everything that can have the keyboard."""

from desktop import DesktopTest, label_of, role_of, run, wait_for

# What a person operates. Containers need no name; what is in them does.
CONTROLS = {"button", "toggle button", "check box", "radio button", "combo box", "text", "password text",
            "entry", "spin button", "list", "list item", "table", "table cell", "tree", "tree table", "tree item",
            "page tab", "page tab list", "menu item", "slider", "link", "date editor", "calendar"}
# Parts of a control that carries the name itself.
PARTS = {("spin button", "text"), ("combo box", "text"), ("combo box", "list"), ("date editor", "text"),
         ("combo box", "entry")}
UNKNOWN = {"unknown", "invalid", ""}


PASSWORD = "seven quiet herons wade"


class Accessibility(DesktopTest):
    def look(self, page):
        import pyatspi
        seen = 0
        complaints = []
        for node, path in self.desktop.showing():
            role = role_of(node)
            parent = role_of(node.parent) if node.parent is not None else ""
            state = node.getState()
            where = f"{page}: {' > '.join(path[-4:])}"
            # AT-SPI has no role for the grip of a splitter, which Qt tells it.
            isGrip = parent == "split pane" and not state.contains(pyatspi.STATE_FOCUSABLE)
            if role in UNKNOWN and not isGrip:
                complaints.append(f"{where} has no role")
            isPart = (parent, role) in PARTS
            if role in CONTROLS or state.contains(pyatspi.STATE_FOCUSABLE):
                seen += 1
                if not isPart and not (node.name.strip() or label_of(node)):
                    complaints.append(f"{where} has no name")
        return seen, complaints

    def setUp(self):
        super().setUp()
        self.complaints = []

    def walk(self, page):
        """Remembers what of the page has no name or role. It may still be filling itself: what is wrong counts when it
        stays wrong."""
        result = {}

        def is_well():
            result["seen"], result["complaints"] = self.look(page)
            return not result["complaints"]

        try:
            wait_for(page, is_well, patience=3)
        except AssertionError:
            self.complaints += result["complaints"]
        self.assertGreater(result["seen"], 1, f"{page}: nothing of it was found")
        print(f"  {page}: {result['seen']} controls", flush=True)

    def assert_well(self):
        self.assertFalse(self.complaints, "\n".join(sorted(set(self.complaints))))

    def test_the_gate(self):
        self.walk("First run")
        self.desktop.press("button", "Start a new clinic")
        self.desktop.wait("text", "Name of the clinic")
        self.walk("New clinic")
        self.desktop.take_keyboard()
        for role, field, text in (("text", "Name of the clinic", "Harbour Street Practice"),
                                  ("text", "Time zone", "Europe/Rome"), ("text", "Your name", "Ines Okonjo"),
                                  ("text", "User name for signing in", "ines"),
                                  ("password text", "Password", PASSWORD),
                                  ("password text", "Password again", PASSWORD)):
            self.desktop.focus(role, field)
            self.desktop.key("ctrl+a")
            self.desktop.type(text)
        self.desktop.press("button", "Create")
        self.desktop.wait("check box", "I have written it down")
        self.walk("Recovery code")
        self.desktop.press("check box", "I have written it down")
        self.desktop.press("button", "Continue")
        self.desktop.wait("button", "Sign in")
        self.walk("Sign in")
        self.desktop.focus("password text", "Password")
        self.desktop.type("not the password")
        self.desktop.key("Return")
        wait_for("the refusal", lambda: "do not match" in self.desktop.wait("password text", "Password").description)
        self.walk("Sign in, refused")
        self.assert_well()

    def test_every_page(self):
        self.open_demo()
        rail = [button.name for button in self.desktop.rail()]
        self.assertGreaterEqual(len(rail), 4, rail)
        for page in rail:
            self.desktop.go(page)
            self.walk(page)

        self.desktop.take_keyboard()
        self.desktop.go("Clinic")
        for section in ("Opening hours", "Rooms", "Devices", "Visit types", "Practitioners", "Accounts"):
            self.desktop.press("page tab", section)
            self.walk(f"Clinic, {section}")
            if section != "Opening hours":
                self.desktop.press("button", "New ")
                self.walk(f"Clinic, {section}, a new one")
        self.desktop.key("ctrl+shift+p")
        self.desktop.wait("password text", "Present password")
        self.walk("Own password")
        self.desktop.key("Escape")
        self.desktop.key("ctrl+shift+n")
        self.desktop.wait("text", "Family name")
        self.walk("Registration")
        self.desktop.go("Calendar")
        self.desktop.key("ctrl+n")
        self.desktop.wait("text", "About")
        self.walk("Appointment")
        self.desktop.key("F3")
        self.walk("Openings")
        self.desktop.key("ctrl+shift+s")
        self.desktop.wait(None, "Sync Centre")
        self.walk("Sync Centre")
        self.desktop.key("ctrl+shift+s")
        self.desktop.key("ctrl+k")
        self.desktop.type("a")
        self.walk("Top search")
        self.desktop.key("Escape")
        self.desktop.key("F1")
        self.walk("Keys")
        self.assert_well()

    def open_patient(self):
        """The first one that is found; the demo clinic knows a family of theirs."""
        self.desktop.go("Patients")
        self.desktop.focus("text", "Find a patient")
        self.desktop.type("a")
        wait_for("patients", lambda: self.desktop.find("list item", ""))
        self.desktop.key("Return")
        self.desktop.wait("button", "Edit")

    def tab_onto(self, role, name, key="Tab"):
        """With the keyboard alone, as Qt gives combo boxes no focus from the bus; what is scrolled out of sight comes
        into it."""
        import pyatspi

        def has_keyboard():
            node = self.desktop.find(role, name)
            return node and node.getState().contains(pyatspi.STATE_FOCUSED)

        for _ in range(40):
            try:
                return wait_for(name, has_keyboard, patience=0.3)
            except AssertionError:
                self.desktop.key(key)
        raise AssertionError(f"{role} “{name}” is not in the tab order")

    def palette(self, typed):
        """Runs a command by its name."""
        self.desktop.key("ctrl+k")
        self.desktop.type(typed)
        wait_for(typed, lambda: self.desktop.find("list item", typed))
        while not self.is_marked(typed):
            self.desktop.key("Down")
        self.desktop.key("Return")

    def is_marked(self, name):
        import pyatspi
        return self.desktop.find("list item", name).getState().contains(pyatspi.STATE_SELECTED)

    def test_every_state_of_a_patient(self):
        self.open_demo()
        self.desktop.take_keyboard()
        self.open_patient()
        self.walk("Patient")
        self.desktop.press("button", "Book the family one after the other")
        self.desktop.wait("button", "Book all of them")
        self.walk("Family booking")
        self.desktop.key("Escape")
        self.desktop.go("Patients")
        self.desktop.wait("button", "Edit")
        self.desktop.key("ctrl+e")
        self.desktop.wait("text", "Family name")
        self.walk("Patient, edited")
        self.desktop.key("Escape")
        self.desktop.key("ctrl+shift+f")
        self.desktop.wait("text", "Find the patient")
        self.walk("Family form")
        self.desktop.key("Escape")
        self.desktop.press("button", "Possible duplicates")
        self.desktop.wait("button", "Close")
        self.walk("Duplicates")
        self.assert_well()

    def test_every_state_of_the_day(self):
        self.open_demo()
        self.desktop.take_keyboard()
        self.desktop.go("Calendar")
        self.desktop.key("F3")
        wait_for("openings", lambda: self.desktop.find("list item", ""))
        self.desktop.key("Return")
        self.desktop.wait("text", "About")
        self.desktop.type("a")
        wait_for("matches", lambda: self.desktop.find("list", "Matching patients"))
        self.desktop.key("Return")
        self.desktop.wait("button", "Choose another patient")
        self.tab_onto("combo box", "Repeats")
        self.desktop.type("w")
        self.tab_onto("list", "Visits of the series")
        self.walk("Series preview")
        self.tab_onto("combo box", "Repeats", "shift+Tab")
        self.desktop.key("Home")
        self.desktop.key("ctrl+Return")
        wait_for("the booking", lambda: not self.desktop.find("text", "About"))
        self.desktop.key("Return")
        self.desktop.wait("text", "About")
        self.walk("Appointment, booked")
        self.desktop.press("button", "Cancel this appointment")
        self.desktop.wait("combo box", "Why is it cancelled?")
        self.walk("Appointment, to be cancelled")
        self.desktop.key("Escape")
        self.palette("Put somebody on the waiting list")
        self.desktop.wait("combo box", "Notice")
        self.walk("Waiting entry")
        self.assert_well()

    def test_every_state_of_the_setup(self):
        self.open_demo()
        self.desktop.take_keyboard()
        self.desktop.go("Clinic")
        for section in ("Rooms", "Devices", "Visit types", "Practitioners", "Accounts"):
            self.desktop.press("page tab", section)
            self.desktop.focus("list", section)
            self.desktop.key("Home", "Return")
            self.walk(f"Clinic, {section}, one of them")
        self.desktop.press("page tab", "Erase a patient")
        self.walk("Clinic, erasure")
        self.desktop.key("ctrl+l")
        self.desktop.wait("password text", "Password")
        self.walk("Demo, locked")
        self.assert_well()


if __name__ == "__main__":
    run()
