# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the real desktop on a display, a session bus and an accessibility bus of its own, for the tests beside this
file, and looks at it as a screen reader does. A test calls run() instead of unittest.main()."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
INSIDE = "YARROW_TEST_INSIDE_SESSION"
FIRST = 30  # items of a list that are looked at
PATIENCE = 60  # seconds until something that does not come is given up


# The same control, as versions of the accessibility library call it.
ROLES = {"push button": "button"}


def role_of(node):
    name = node.getRoleName()
    return ROLES.get(name, name)


def program():
    """The yarrow under test: YARROW_DESKTOP, else the newest one built here."""
    if "YARROW_DESKTOP" in os.environ:
        return pathlib.Path(os.environ["YARROW_DESKTOP"])
    built = [p for p in ROOT.glob("build/*/bin/yarrow") if p.is_file()]
    if not built:
        raise SystemExit("yarrow is not built; set YARROW_DESKTOP to its path")
    return max(built, key=lambda p: p.stat().st_mtime)


def start_display():
    """Xvfb on a number that is free."""
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
                              pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    if not number:
        raise SystemExit("Xvfb does not start")
    os.environ["DISPLAY"] = f":{number}"
    return server


def accessibility_bus():
    """Its address, once it is there with its registry; the programs look for it when they start."""
    from gi.repository import Gio
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                            Gio.DBusCallFlags.NONE, 2000, None).unpack()[0]
    import pyatspi
    # What was read a moment ago may be other by now.
    pyatspi.Registry.getDesktop(0).set_cache_mask(pyatspi.Atspi.Cache.NONE)
    return address


def run():
    """Runs the tests of the calling file inside a session of their own."""
    if INSIDE not in os.environ:
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("YARROW") or name in ("YARROW_DESKTOP", "YARROWCTL", "YARROW_SERVER")}
        kept.update({INSIDE: "1", "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "xcb",
                     "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "GSETTINGS_BACKEND": "memory"})
        session = ROOT / "tests" / "support" / "with_keyring.sh"
        raise SystemExit(subprocess.run([str(session), sys.executable, *sys.argv], env=kept,
                                        check=False).returncode)
    display = start_display()
    launcher = subprocess.Popen([LAUNCHER, "--launch-immediately"], stderr=subprocess.DEVNULL)
    wait_for("the accessibility bus", accessibility_bus)
    try:
        unittest.main(module="__main__", verbosity=2)
    finally:
        launcher.terminate()
        display.terminate()


def wait_for(what, condition, patience=PATIENCE):
    """The first true value of the condition, asked again and again."""
    until = time.monotonic() + patience
    while True:
        try:
            value = condition()
        except Exception as gone:  # pylint: disable=broad-except; an object may go while it is asked
            value, last = None, gone
        else:
            last = None
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not come" + (f": {last}" if last else ""))
        time.sleep(0.05)


def label_of(node):
    """What stands beside the control and is read with it. Of a combo box Qt tells the chosen text as the name."""
    import pyatspi
    for relation in node.getRelationSet():
        if relation.getRelationType() in (pyatspi.RELATION_LABELLED_BY, pyatspi.RELATION_LABEL_FOR):
            for i in range(relation.getNTargets()):
                if relation.getTarget(i).name:
                    return relation.getTarget(i).name
    return ""


class Desktop:
    """The running program."""

    def __init__(self, profile):
        self.profile = profile
        self.process = None
        self.start()

    def start(self, *words):
        self.process = subprocess.Popen([str(program()), "--profile", str(self.profile), "--theme", "light", *words],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the window", self.window)

    def kill(self):
        """As when the power fails."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def window(self):
        import pyatspi  # needs the session that run() makes
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            application = desktop.getChildAtIndex(i)
            if application is not None and application.get_process_id() == self.process.pid:
                for j in range(application.childCount):
                    if application.getChildAtIndex(j).getState().contains(pyatspi.STATE_SHOWING):
                        return application.getChildAtIndex(j)
        return None

    def showing(self):
        """Everything that is on screen, each with the way that leads to it."""
        import pyatspi

        def walk(node, path):
            if node is None or not node.getState().contains(pyatspi.STATE_SHOWING):
                return
            path = [*path, f"{role_of(node)} “{node.name}”"]
            yield node, path
            # Of a list of any length a reader asks for what is in view; the first of it stand for the others.
            managed = node.getState().contains(pyatspi.STATE_MANAGES_DESCENDANTS)
            for i in range(min(node.childCount, FIRST) if managed else node.childCount):
                yield from walk(node.getChildAtIndex(i), path)

        yield from walk(self.window(), [])

    def find(self, role, name):
        """The control of that role (None: of any) whose name begins so; None when it is not on screen."""
        for node, _ in self.showing():
            if role in (None, role_of(node)) and (node.name.startswith(name) or
                                                  (role == "combo box" and label_of(node).startswith(name))):
                return node
        return None

    def wait(self, role, name):
        return wait_for(f"{role or 'something'} “{name}”", lambda: self.find(role, name))

    def press(self, role, name):
        self.act(self.wait(role, name).queryAction())

    @staticmethod
    def act(action):
        names = [action.getName(i) for i in range(action.nActions)]
        action.doAction(next(names.index(wanted) for wanted in ("Press", "Toggle", "Click", "ShowMenu")
                             if wanted in names))

    def rail(self):
        """The pages' buttons."""
        for node, _ in self.showing():
            if node.name == "Pages":
                return [node.getChildAtIndex(i) for i in range(node.childCount)]
        return []

    def go(self, name):
        """To a page of the rail."""
        button = wait_for(f"the page {name}", lambda: [each for each in self.rail() if each.name == name])[0]
        action = button.queryAction()
        self.act(action)

    def focus(self, role, name):
        node = self.wait(role, name)
        node.queryComponent().grabFocus()
        return node

    @staticmethod
    def xdotool(*words):
        return subprocess.run(["xdotool", *words], check=True, capture_output=True, text=True).stdout

    def take_keyboard(self):
        """There is no window manager to give it."""
        window = self.xdotool("search", "--onlyvisible", "--pid", str(self.process.pid)).split()[-1]
        self.xdotool("windowfocus", "--sync", window)

    def type(self, text):
        self.xdotool("type", "--delay", "5", text)

    def key(self, *names):
        self.xdotool("key", "--delay", "20", *names)


class DesktopTest(unittest.TestCase):
    """Each test has a folder of its own, and the program in it."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="yarrow-test-")
        self.addCleanup(temporary.cleanup)
        self.desktop = Desktop(pathlib.Path(temporary.name) / "profile")
        self.addCleanup(self.desktop.end)

    def open_demo(self):
        """The demo clinic, as its administrator."""
        self.desktop.press("button", "Look at the demo clinic")
        self.desktop.wait("text", "Search patients")
