#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that is inside a clinic can be read from its files."""

import re
import shutil
import subprocess
import unittest

from yarrowctl import DATA, PASSWORD, ClinicTest

# What is in there and must not show: names, ids, record numbers, birth dates, notes, the users and the clinic itself.
INSIDE = ["Brandst", "Vantongeren", "Teodoro", "Quirina", "Okonjo", "LH-000417", "6a1f3c52-0d5e-4c8b-9d57-2f4f1c6f0a01",
          "p.1-A", "Weight.1", "1931-02-28", "19310228", "Follow-up", "555 0139", "resourceType", "Patient", "audit",
          "Lindenhof", "SQLite format", "CREATE TABLE", PASSWORD]


def forms(text):
    """The text as it could stand in a file."""
    for spelling in {text, text.lower(), text.upper()}:
        yield spelling.encode("utf-8")
        yield spelling.encode("utf-16-le")
        yield spelling.encode("utf-16-be")


class NoPlainText(ClinicTest):
    def setUp(self):
        super().setUp()
        self.clinic.done("import", DATA)
        self.clinic.add_user("doctor", "doctor")
        self.clinic.done("patients", "search", "vantongeren")

    def assert_nothing_shows(self, folder):
        files = [path for path in folder.rglob("*") if path.is_file()]
        for file in files:
            content = file.read_bytes()
            for text in INSIDE:
                for form in forms(text):
                    self.assertNotIn(form, content, f"{text} in {file.name}")
        return {file.name for file in files}

    def test_the_search_for_plain_text_finds_it_where_it_is(self):
        self.clinic.export()
        with self.assertRaises(AssertionError):
            self.assert_nothing_shows(self.temporary)

    def test_no_file_of_the_profile_shows_what_is_inside(self):
        self.assertIn("clinic.db", self.assert_nothing_shows(self.clinic.folder))

    def test_the_write_ahead_log_shows_nothing_either(self):
        # A process that is killed leaves its log behind.
        big = [f'{{"resourceType":"Patient","id":"w{i}","name":[{{"family":"Vantongeren","given":["Teodoro"]}}]}}'
               for i in range(20000)]
        file = self.write("big.ndjson", "\n".join(big))
        log = self.clinic.folder / "clinic.db-wal"
        importing = self.clinic.start("import", file)
        try:
            while importing.poll() is None and not (log.exists() and log.stat().st_size > 1 << 20):
                pass
            self.assertIsNone(importing.poll(), "the import was over before it was looked at")
        finally:
            importing.kill()
            importing.wait()
        self.assertIn("clinic.db-wal", self.assert_nothing_shows(self.clinic.folder))

    def test_the_copies_of_a_key_rotation_show_nothing(self):
        self.clinic.done("key", "rotate")
        self.assert_nothing_shows(self.clinic.folder)

    def test_the_database_looks_like_noise(self):
        content = self.clinic.database.read_bytes()
        counts = [content.count(bytes([value])) for value in range(256)]
        self.assertLess(max(counts) / (len(content) / 256), 1.2)
        self.assertIsNone(re.search(rb"[\x20-\x7e]{24}", content))

    @unittest.skipUnless(shutil.which("sqlite3"), "there is no sqlite3")
    def test_sqlite3_cannot_open_it(self):
        ran = subprocess.run(["sqlite3", self.clinic.database, "SELECT count(*) FROM sqlite_schema"],
                             capture_output=True, text=True)
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("not a database", ran.stderr)

    @unittest.skipUnless(shutil.which("file"), "there is no file")
    def test_file_does_not_know_it(self):
        told = subprocess.run(["file", "-b", self.clinic.database], capture_output=True, text=True).stdout
        self.assertNotIn("SQLite", told)

    def test_only_the_owner_may_read_the_profile(self):
        self.assertEqual(self.clinic.folder.stat().st_mode & 0o077, 0)
        for file in self.clinic.folder.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0, file.name)


if __name__ == "__main__":
    unittest.main()
