#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide names every option with its default, and the list of errors every code; neither names what is not there."""

import re
import unittest

from support.server import ROOT, run

# Said by commands as a sentence, never over HTTP.
COMMANDS_ONLY = {"bad-address", "insecure-http", "key-file", "listen-failed", "migration-changed", "migration-missing",
                 "public-url-missing", "role-missing", "role-too-strong", "schema-newer", "schema-older", "tls-files"}
# In the C++ sources a refusal is a status and a code, or a code chosen by a condition.
REFUSAL = re.compile(r'\b[45]\d\d\s*,\s*"([a-z]+(?:-[a-z]+)*)"')


def codes_in_sources():
    """(codes that stand beside a status, every text in quotes)."""
    refused, quoted = set(), set()
    for file in [*ROOT.glob("server/**/*.cpp"), *ROOT.glob("server/**/*.h")]:
        text = file.read_text(encoding="utf-8")
        refused |= set(REFUSAL.findall(text))
        quoted |= set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', text))
    return refused, quoted


class Documentation(unittest.TestCase):
    def test_the_guide_lists_every_option_with_its_default(self):
        help_text = run("--help").stdout
        there = dict(re.findall(r"^  (--[a-z-]+)(.*)$", help_text, re.M))
        for own in ("--version", "--help"):
            there.pop(own, None)
        guide = (ROOT / "docs/guide-server.md").read_text(encoding="utf-8")
        listed = dict(re.findall(r"^\| `(--[a-z-]+)` \| ([^|]*) \|", guide, re.M))
        self.assertEqual(sorted(listed), sorted(there))
        for option, described in there.items():
            default = re.search(r"=\[?([^\[\]\s]+)", described.partition("(Env:")[0])
            self.assertEqual(listed[option].strip().strip("`"), default.group(1) if default else "", option)

    def test_the_errors_are_listed_and_no_others(self):
        refused, quoted = codes_in_sources()
        text = (ROOT / "docs/server-errors.md").read_text(encoding="utf-8")
        listed = {code for row in re.findall(r"^\| (`[^|]*) \| [345]", text, re.M)
                  for code in re.findall(r"`([a-z-]+)`", row)}
        self.assertGreater(len(listed), 80)
        self.assertEqual(sorted(refused - listed - COMMANDS_ONLY), [], "not listed")
        self.assertEqual(sorted(listed - quoted), [], "listed, but nowhere in the sources")


if __name__ == "__main__":
    unittest.main()
