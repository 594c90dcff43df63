# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real yarrowctl in temporary profiles, without a key store, for the tests beside this file."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(__file__).resolve().parent / "data"
PASSWORD = "violet anchor tram 19"
DONE, FAILED, USAGE, LOCKED, BAD_INPUT = range(5)


def program():
    """The yarrowctl under test: YARROWCTL, else the newest one built here."""
    if "YARROWCTL" in os.environ:
        return pathlib.Path(os.environ["YARROWCTL"])
    built = [p for p in ROOT.glob("build/*/bin/yarrowctl") if p.is_file()]
    if not built:
        raise SystemExit("yarrowctl is not built; set YARROWCTL to its path")
    return max(built, key=lambda p: p.stat().st_mtime)


class Clinic:
    """A profile, made or not, and the commands on it."""

    def __init__(self, folder, zone="Europe/Rome"):
        self.folder = pathlib.Path(folder)
        self.zone = zone
        self.program = program()

    def environment(self, password=PASSWORD, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("YARROW")}
        kept.update(YARROW_KEY_STORE="none", LC_ALL="C.UTF-8", HOME=str(self.folder.parent))
        if password is not None:
            kept["YARROW_PASSWORD"] = password
        kept.update(more)
        return kept

    def arguments(self, *words, user=None):
        acting = ["--user", user] if user else []
        return [str(self.program), "--profile", str(self.folder), "--json", *acting, *map(str, words)]

    def run(self, *words, user=None, password=PASSWORD, **environment):
        """The finished process. Without a terminal, so that no prompt ever waits."""
        return subprocess.run(self.arguments(*words, user=user), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, start_new_session=True,
                              env=self.environment(password, **environment), timeout=240)

    def start(self, *words, user=None, password=PASSWORD):
        return subprocess.Popen(self.arguments(*words, user=user), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                env=self.environment(password))

    def init(self, *words):
        return self.done("init", "--clinic", "Lindenhof", "--admin", "admin", "--zone", self.zone, *words)

    def done(self, *words, **how):
        """The result of a command that must succeed."""
        return self.exits(DONE, *words, **how)

    def exits(self, code, *words, **how):
        """The JSON that a command prints when it ends with that code."""
        ran = self.run(*words, **how)
        if ran.returncode != code:
            raise AssertionError(f"yarrowctl {' '.join(map(str, words))} ended with {ran.returncode}, not {code}\n"
                                 f"{ran.stdout}{ran.stderr}")
        return json.loads(ran.stdout)

    def add_user(self, name, role):
        self.done("key", "add-user", "--user", name, "--role", role, YARROW_NEW_PASSWORD=PASSWORD)

    def export(self, *words):
        """The exported lines, as text."""
        target = self.folder.parent / "export.ndjson"
        self.done("export", "--out", target, *words)
        return target.read_text(encoding="utf-8").splitlines()

    def copy(self, name):
        """The same clinic in another folder."""
        folder = self.folder.parent / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Clinic(folder, self.zone)

    @property
    def database(self):
        return self.folder / "clinic.db"

    def digest(self):
        return hashlib.sha256(self.database.read_bytes()).hexdigest()


class ClinicTest(unittest.TestCase):
    """Each test has a folder of its own, with a new clinic in it."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="yarrow-test-")
        self.addCleanup(temporary.cleanup)
        self.temporary = pathlib.Path(temporary.name)
        self.clinic = Clinic(self.temporary / "profile")
        self.created = self.clinic.init()

    def write(self, name, text):
        file = self.temporary / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        else:
            file.write_text(text, encoding="utf-8")
        return file

    def assert_whole(self, clinic):
        """Every check passes: pages, rows, references, audit chain, projections."""
        report = clinic.done("doctor")
        self.assertTrue(report["ok"], report)
        self.assertTrue(clinic.done("audit", "verify")["ok"])
