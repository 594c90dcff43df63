#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill −9 of a server process and of PostgreSQL, again and again while many write. Afterwards every write that was
acknowledged is there, and the feed is whole. YARROW_TEST_SEED and YARROW_TEST_KILLS choose other moments."""

import os
import random
import threading
import time
import unittest

from support.case import ServerTest, cluster
from support.feed import Copy
from support.load import Crew, Writer

SEED = int(os.environ.get("YARROW_TEST_SEED", "20260302"))
KILLS = int(os.environ.get("YARROW_TEST_KILLS", "4"))


class Kill(ServerTest):
    processes = 2

    def setUp(self):
        self.clinic = self.new_clinic()
        self.device = self.clinic.new_device()
        self.random = random.Random(SEED)

    def at(self, index):
        return self.device.at(self.servers[index % len(self.servers)].url)

    def under_load(self, kill):
        """Writers write, a reader follows, and `kill` is called KILLS times, each time once there is new load."""
        crew = Crew()
        writers = [Writer(f"k{i}", [self.at(i), self.at(i + 1)], SEED + i, longest=60) for i in range(5)]
        reader = Copy(self.at(0))
        answered = [0] * len(writers)
        moved = threading.Condition()

        def write(index):
            while not crew.stopping.is_set():
                if writers[index].step():
                    with moved:
                        answered[index] += 1
                        moved.notify_all()
                else:
                    time.sleep(0.02)  # a server that is away refuses at once

        for i in range(len(writers)):
            crew.start(write, i)
        for _ in range(KILLS):
            with moved:
                target = [number + self.random.randrange(1, 12) for number in answered]
                reached = moved.wait_for(
                    lambda: crew.stopping.is_set() or all(a >= b for a, b in zip(answered, target)), timeout=90)
            if crew.stopping.is_set():
                crew.join()  # raises what a writer met
            self.assertTrue(reached, f"the writers do not get on: {answered} {target}")
            kill()
        crew.stop()
        # What nobody answered is settled under its operation ids: done before, or done now, and once.
        for writer in writers:
            until = time.monotonic() + 60
            while writer.unsure and time.monotonic() < until:
                writer.step()
            self.assertIsNone(writer.unsure)
        self.assertGreater(sum(writer.writes for writer in writers), 50)
        reader.pull()
        self.assertEqual(reader.problems(), [])
        lost = {name: version for writer in writers for name, version in writer.acknowledged.items()
                if reader.records.get(name) != version}
        self.assertEqual(lost, {})
        for name in self.random.sample(sorted(reader.records), 10):
            self.assertEqual(self.device.read(name).json()["meta"]["versionId"], reader.records[name])
        # Nothing was done twice: one version for every operation.
        (counted,) = self.database.sql(
            f"SELECT count(*), count(DISTINCT seq) FROM operation WHERE tenant_id = '{self.device.tenant}'")
        self.assertEqual(counted[0], counted[1])
        self.assertEqual(int(counted[0]), len(reader.versions))

    def test_a_killed_server_loses_nothing(self):
        def kill():
            server = self.random.choice(self.servers)
            server.kill()
            server.start()

        self.under_load(kill)

    def test_a_killed_postgresql_loses_nothing(self):
        def kill():
            cluster().kill()
            cluster().start()
            for server in self.servers:
                self.assertTrue(server.running, "the server ended with its database")
                server.wait_ready()

        self.under_load(kill)

    def test_readiness_follows_the_database(self):
        self.assert_status(self.anonymous.get("/health/ready"), 200)
        self.device.token()
        cluster().kill()
        try:
            answer = self.anonymous.get("/health/ready")
            self.assertEqual(answer.status_code, 503, answer.text)
            self.assert_status(self.anonymous.get("/health/live"), 200)
            answer = self.device.get("/fhir/Patient")
            self.assert_status(answer, 503, "database-unavailable")
            self.assertTrue(answer.headers["Retry-After"])
        finally:
            cluster().start()
        self.server.wait_ready()

    def test_a_server_told_to_stop_answers_what_runs_and_ends(self):
        crew = Crew()
        server = self.add_server()
        writer = Writer("drain", [self.device.at(server.url)], SEED, longest=200)
        self.assertTrue(writer.step())

        begun = threading.Event()

        def write():
            while not crew.stopping.is_set():
                begun.set()
                if not writer.step():
                    return

        crew.start(write)
        begun.wait()
        self.assertEqual(server.stop(), 0)
        crew.stop()
        copy = Copy(self.device).pull()
        self.assertEqual(copy.problems(), [])
        for name, version in writer.acknowledged.items():
            self.assertEqual(copy.records.get(name), version)


if __name__ == "__main__":
    unittest.main()
