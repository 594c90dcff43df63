#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first exchange of a workstation with a clinic of several thousand records: it comes as files (Bulk Data), and goes
on where it was when it is cut off."""

import unittest

from faulty_exchange import FaultTest, many

FILE = "$export-file/"


class FirstExchange(FaultTest):
    desk_count = 1

    @classmethod
    def prepare(cls):
        super().prepare()
        cls.desks[0].put(*many("e", 3000))
        cls.desks[0].sync(quarantined=0, waiting=0)

    def setUp(self):
        self.desk = self.new_desk(self._testMethodName)
        self.before = self.exports()

    def exports(self):
        """How often files were asked for."""
        return int(self.database.sql("SELECT count(*) FROM export")[0][0])

    def assert_complete(self, exports):
        self.assert_all_the_same(self.desk)
        self.assertEqual(self.exports() - self.before, exports)
        # What comes later comes through the feed.
        self.assertLess(self.desk.sync(pulled=0, pushed=0)["roundTrips"], 8)

    def test_it_comes_as_files(self):
        report = self.desk.sync(conflicts=0, quarantined=0, waiting=0)
        self.assertGreaterEqual(report["pulled"], 6000)
        self.assert_complete(exports=1)

    def test_a_line_that_breaks_in_the_middle_of_a_file(self):
        # The first file comes, the second breaks off; then it is the first that is asked for.
        self.proxy.once("answer cut", FILE, skip=1)
        self.desk.sync_fails("offline")
        self.proxy.once("answer cut", FILE)
        self.desk.sync_fails("offline")
        report = self.desk.sync(quarantined=0, waiting=0)
        self.assertLess(report["pulled"], 6000, "what had come was not asked for again")
        self.assert_complete(exports=1)

    def test_a_workstation_that_is_killed_between_two_files(self):
        self.killed_by(self.desk, 0, FILE, skip=1)
        self.killed_by(self.desk, 0.3, FILE)
        self.desk.sync(quarantined=0, waiting=0)
        self.assert_complete(exports=1)

    def test_files_that_are_gone_at_the_server(self):
        self.proxy.once(lambda: self.database.sql("DELETE FROM export_file"), FILE)
        report = self.desk.sync(quarantined=0, waiting=0)
        self.assertGreater(report["roundTrips"], 6, "the rest came through the feed, page by page")
        self.assert_complete(exports=1)

    def test_edits_before_it_are_sent_behind_it(self):
        self.desk.put(*many("own", 2))
        self.desk.sync(conflicts=0, quarantined=0, waiting=0)
        self.assertIn("Patient/own0", self.assert_all_the_same(self.desk))


if __name__ == "__main__":
    unittest.main()
