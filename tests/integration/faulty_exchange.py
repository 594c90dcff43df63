# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchanges through a proxy that does what networks do, and workstations that are killed in the middle of one."""

import collections
import random
import time

from exchange import ExchangeTest, observation, patient


def many(prefix, count, **members):
    """Patients, each with a weight."""
    made = []
    for number in range(count):
        made += [patient(f"{prefix}{number}", **members),
                 observation(f"{prefix}{number}", f"Patient/{prefix}{number}", 60 + number)]
    return made


class FaultTest(ExchangeTest):
    proxied = True

    def setUp(self):
        self.first, self.second = self.desks
        self.random = random.Random(self.seed)

    def tearDown(self):
        self.proxy.share = {}
        self.assertTrue(self.proxy.all_done, "a fault never came to pass")

    def versions_of(self, prefix):
        """How many versions there are of how many records."""
        return collections.Counter(int(row[0]) for row in self.database.sql(
            f"SELECT count(*) FROM version WHERE id LIKE '{prefix}%' GROUP BY type, id"))

    def killed_by(self, desk, fault_at, request, skip=0):
        """An exchange whose process is killed: `fault_at` seconds after the server has the request."""
        process = []

        def kill():
            time.sleep(fault_at)
            process[0].kill()

        self.proxy.once(kill, request, skip)
        process.append(desk.start("sync"))
        process[0].wait(120)
        self.assertEqual(process[0].returncode, -9)
