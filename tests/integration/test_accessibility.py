#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks every page of the real desktop through the accessibility bus, as a screen reader does: every control on screen
has a role and a name, and so has everything that can have the keyboard."""

from desktop import DesktopTest, role_of, run, wait_for

# What a person operates. Containers need no name; what is in them does.
CONTROLS = {"button", "toggle button", "check box", "radio button", "combo box", "text", "password text",
            "entry", "spin button", "list", "list item", "table", "table cell", "tree", "tree table", "tree item",
            "page tab", "page tab list", "menu item", "slider", "link", "date editor", "calendar"}
# Parts of a control that carries the name itself.
PARTS = {("spin button", "text"), ("combo box", "text"), ("combo box", "list"), ("date editor", "text"),
         ("combo box", "entry")}
UNKNOWN = {"unknown", "invalid", ""}


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
                if not node.name.strip() and not isPart:
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


if __name__ == "__main__":
    run()
