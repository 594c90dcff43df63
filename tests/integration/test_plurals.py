#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence of the desktop that counts something has an English singular and plural. lupdate finds them in the
sources, as translators get them."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "translations" / "yarrow_en.ts"
SKIPPED = 77


def counted(file):
    """The forms of each message that has a number in it, by context, source and comment."""
    found = {}
    for context in ET.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            if message.get("numerus") == "yes":
                key = (context.findtext("name"), message.findtext("source"), message.findtext("comment") or "")
                found[key] = [form.text or "" for form in message.findall("translation/numerusform")]
    return found


def in_sources(tool):
    with tempfile.TemporaryDirectory(prefix="yarrow-plurals-") as place:
        file = Path(place) / "all.ts"
        subprocess.run([tool, "-silent", "-locations", "none", "-I", ".", "ui", "app", "models", "-ts", str(file)],
                       cwd=ROOT, check=True)
        return counted(file)


class Plurals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sources = in_sources(TOOL)
        cls.english = counted(ENGLISH)

    def test_the_sources_were_read(self):
        self.assertGreater(len(self.sources), 50)

    def test_every_counted_sentence_has_its_entry(self):
        self.assertEqual(sorted(set(self.sources) - set(self.english)), [])

    def test_no_entry_is_left_of_a_sentence_that_has_gone(self):
        self.assertEqual(sorted(set(self.english) - set(self.sources)), [])

    def test_both_forms_are_sentences_of_their_own(self):
        for key, forms in self.english.items():
            with self.subTest(key):
                self.assertEqual(len(forms), 2)
                for form in forms:
                    self.assertTrue(form.strip())
                    self.assertNotIn("(s)", form)
                    # What else is put into the sentence is in both.
                    for place in ("%1", "%2", "%3", "%4"):
                        self.assertEqual(place in form, place in key[1], form)
                self.assertEqual("%n" in forms[1], "%n" in key[1], "the number itself")


if __name__ == "__main__":
    TOOL = os.environ.get("LUPDATE") or shutil.which("lupdate") or "/usr/lib/qt6/bin/lupdate"
    if not Path(TOOL).exists():
        print("lupdate is not here")
        sys.exit(SKIPPED)
    unittest.main()
