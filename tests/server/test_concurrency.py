#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many writers through two processes at once. No change is lost, and every reader of the feed sees every version once,
in order, while transactions of different length overlap."""

import os
import subprocess
import threading
import time
import unittest

from support.case import ServerTest
from support.client import patient, sequence_of, version_of
from support.cluster import tool
from support.feed import Copy
from support.load import Crew, Editor, Writer

SEED = int(os.environ.get("YARROW_TEST_SEED", "20260302"))
SECONDS = float(os.environ.get("YARROW_TEST_SECONDS", "12"))


class Concurrency(ServerTest):
    processes = 2

    def setUp(self):
        self.clinic = self.new_clinic()
        self.device = self.clinic.new_device()

    def at(self, index):
        return self.device.at(self.servers[index % len(self.servers)].url)

    def test_of_many_writers_on_the_same_records_none_is_lost(self):
        records = ["one", "two", "three"]
        first = {record: version_of(self.device.save(patient(record, multipleBirthInteger=0), if_none_match="*"))
                 for record in records}
        crew = Crew()
        editors = [Editor(self.at(i), records[i // 2 % len(records)]) for i in range(12)]
        until = time.monotonic() + SECONDS / 2

        def work(editor):
            while time.monotonic() < until and not crew.stopping.is_set():
                editor.step()

        for editor in editors:
            crew.start(work, editor)
        crew.join()
        self.assertGreater(sum(editor.refused for editor in editors), 0, "they never met")
        for record in records:
            steps = dict(pair for editor in editors if editor.record == record for pair in editor.successes)
            count = sum(len(editor.successes) for editor in editors if editor.record == record)
            self.assertEqual(len(steps), count, "two writers succeeded upon the same version")
            version, length = first[record], 0
            while version in steps:
                version, length = steps[version], length + 1
            self.assertEqual(length, count, "the chain of versions is not one line")
            now = self.device.read(f"Patient/{record}")
            self.assertEqual((version_of(now), now.json()["multipleBirthInteger"]), (version, count))

    def test_readers_see_every_version_once_and_in_order_while_others_write(self):
        crew = Crew()
        writers = [Writer(f"w{i}", [self.at(i)], SEED + i, longest=(3, 40, 150)[i % 3]) for i in range(6)]
        readers = [Copy(self.at(i), count=(None, 7, 100)[i % 3]) for i in range(4)]
        done = threading.Event()
        until = time.monotonic() + SECONDS

        def write(writer):
            while time.monotonic() < until and not crew.stopping.is_set():
                self.assertTrue(writer.step())

        def read(copy):
            while not done.is_set():
                copy.pull()

        writing, reading = crew, Crew()
        for copy in readers:
            reading.start(read, copy)
        for writer in writers:
            writing.start(write, writer)
        writing.join()
        done.set()
        reading.join()
        written = int(self.database.value(f"SELECT seq FROM clinic WHERE tenant_id = '{self.device.tenant}'"))
        self.assertGreater(written, 100)
        for copy in readers:
            copy.pull()
            self.assertEqual(copy.problems(), [])
            self.assertEqual(copy.sequences[-1], written)
            self.assertEqual(copy.records, readers[0].records)
        for writer in writers:
            for name, version in writer.acknowledged.items():
                self.assertEqual(readers[0].records.get(name), version)

    def test_the_database_numbers_without_a_gap_and_times_rise(self):
        crew = Crew()
        writers = [Writer(f"g{i}", [self.at(i)], SEED + i, longest=20) for i in range(4)]
        until = time.monotonic() + SECONDS / 4

        def write(writer):
            while time.monotonic() < until and not crew.stopping.is_set():
                self.assertTrue(writer.step())

        for writer in writers:
            crew.start(write, writer)
        crew.join()
        (row,) = self.database.sql(
            "SELECT count(*), max(seq), count(DISTINCT last_updated), count(*) FILTER (WHERE later) FROM ("
            "SELECT seq, last_updated, last_updated > lag(last_updated) OVER (ORDER BY seq) IS NOT FALSE AS later "
            f"FROM version WHERE tenant_id = '{self.device.tenant}') v")
        self.assertEqual(len(set(row)), 1, row)
        self.assertGreater(int(row[0]), 20)

    def test_clinics_do_not_wait_for_each_other(self):
        """While one clinic's lock is held, another writes."""
        other = self.new_clinic().new_device()
        self.device.token()
        hold = threading.Event()
        held = threading.Event()

        def holder():
            psql = subprocess.Popen([tool("psql"), "-X", "-q", self.database.cluster.uri(self.database.name, "postgres")],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            psql.stdin.write(f"BEGIN; SELECT 'held' FROM clinic WHERE tenant_id = '{self.device.tenant}' FOR UPDATE;\n")
            psql.stdin.flush()
            while "held" not in psql.stdout.readline():
                pass
            held.set()
            hold.wait(60)
            psql.communicate("ROLLBACK;\n")

        thread = threading.Thread(target=holder)
        thread.start()
        self.assertTrue(held.wait(30))
        try:
            self.assert_status(other.save(patient("free"), if_none_match="*"), 201)
            self.assert_status(self.device.get("/fhir/Patient"), 200)
        finally:
            hold.set()
            thread.join()
        first = self.device.save(patient("late"), if_none_match="*")
        self.assertEqual(sequence_of(version_of(first)), 1)


if __name__ == "__main__":
    unittest.main()
