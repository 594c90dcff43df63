#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken files and a full disk: told for what they are, and nothing is made worse."""

import os
import shutil
import subprocess
import unittest

from yarrowctl import DATA, DONE, FAILED, Clinic, ClinicTest

PAGE = 4096


class Damage(ClinicTest):
    def setUp(self):
        super().setUp()
        self.clinic.done("import", DATA)
        self.before = self.clinic.export()

    def test_a_damaged_page_is_found_wherever_it_is_and_left_alone(self):
        content = self.clinic.database.read_bytes()
        pages = len(content) // PAGE
        for page in sorted({0, 1, 2, pages // 3, pages // 2, pages - 1}):
            with self.subTest(page=page, of=pages):
                clinic = self.clinic.copy("damaged")
                place = page * PAGE + 1234
                damaged = bytearray(content)
                damaged[place] ^= 0x20
                clinic.database.write_bytes(damaged)
                report = clinic.exits(FAILED, "doctor")
                self.assertFalse(report["ok"])
                broken = next(check for check in report["checks"] if not check["ok"])
                self.assertIn(broken["name"], ("database", "integrity"))
                after = clinic.database.read_bytes()
                self.assertEqual(after[page * PAGE:(page + 1) * PAGE], damaged[page * PAGE:(page + 1) * PAGE],
                                 "the damaged page was written over")
                # Whoever mends the page has everything back.
                mended = bytearray(after)
                mended[place] ^= 0x20
                clinic.database.write_bytes(mended)
                self.assertEqual(clinic.export(), self.before)
                self.assert_whole(clinic)

    def test_a_truncated_file_is_refused_and_left_alone(self):
        length = self.clinic.database.stat().st_size
        for kept in (0, 1, 100, PAGE, length // 2, length // 2 + 7, length - PAGE, length - 1):
            with self.subTest(kept=kept):
                clinic = self.clinic.copy("cut")
                os.truncate(clinic.database, kept)
                digest = clinic.digest()
                self.assertEqual(clinic.exits(FAILED, "patients", "search", "x")["error"]["code"], "DatabaseDamaged")
                self.assertEqual(clinic.digest(), digest)

    def test_another_clinics_database_is_refused_and_left_alone(self):
        other = Clinic(self.temporary / "other")
        other.init()
        shutil.copy(other.database, self.clinic.database)
        digest = self.clinic.digest()
        self.assertEqual(self.clinic.exits(FAILED, "patients", "search", "x")["error"]["code"], "DatabaseDamaged")
        self.assertEqual(self.clinic.digest(), digest)

    def test_a_damaged_key_file_is_told(self):
        keys = self.clinic.folder / "keys.json"
        whole = keys.read_text(encoding="utf-8")
        for damaged in ("", "{}", whole[:-20], whole.replace('"', "'", 1)):
            keys.write_text(damaged, encoding="utf-8")
            self.assertEqual(self.clinic.exits(FAILED, "patients", "search", "x")["error"]["code"], "KeyFileDamaged")
            self.assertEqual(keys.read_text(encoding="utf-8"), damaged)
        keys.write_text(whole, encoding="utf-8")
        self.assertEqual(self.clinic.export(), self.before)


class FullDisk(ClinicTest):
    def setUp(self):
        super().setUp()
        disk = self.temporary / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8M", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("a small disk can be mounted by root only")
        self.addCleanup(subprocess.run, ["umount", disk])
        self.disk = disk
        self.full = Clinic(disk / "profile")
        self.full.init()
        self.full.done("import", DATA)
        self.full.done("patients", "search", "x")

    def export(self):
        target = self.temporary / "export.ndjson"
        self.full.done("export", "--out", target)
        return target.read_text(encoding="utf-8")

    def test_an_import_that_does_not_fit_leaves_everything_as_it_was(self):
        before = self.export()
        lines = (f'{{"resourceType":"Basic","id":"b{i}","note":"{os.urandom(400).hex()}"}}' for i in range(20000))
        file = self.write("big.ndjson", "\n".join(lines))
        error = self.full.exits(FAILED, "import", file)["error"]
        self.assertEqual(error["code"], "DiskFull")
        self.assertEqual(self.export(), before)
        self.assert_whole_on_a_small_disk()

    def test_a_change_of_keys_that_does_not_fit_leaves_the_old_key(self):
        before = self.export()
        filling = self.disk / "filling"
        size = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize
        filling.write_bytes(b"x" * max(0, size - 64 * 1024))
        self.assertEqual(self.full.exits(FAILED, "key", "rotate")["error"]["code"], "DiskFull")
        filling.unlink()
        self.assertEqual(self.export(), before)
        self.full.done("key", "rotate")
        self.assertEqual(self.export(), before)

    def test_nothing_can_be_written_at_all(self):
        before = self.export()
        filling = self.disk / "filling"
        with filling.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        ran = self.full.run("patients", "search", "x")
        self.assertNotEqual(ran.returncode, DONE, "what cannot be audited is not shown")
        filling.unlink()
        self.assertEqual(self.export(), before)
        self.assert_whole_on_a_small_disk()

    def assert_whole_on_a_small_disk(self):
        """All checks but the one of the free space."""
        report = self.full.exits(FAILED, "doctor")
        self.assertEqual([check["name"] for check in report["checks"] if not check["ok"]], ["diskSpace"])


if __name__ == "__main__":
    unittest.main()
