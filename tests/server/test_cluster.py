#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private PostgreSQL cluster that the other tests stand on."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

from support.cluster import Cluster, SqlError, children, runs

ROWS = "SELECT count(*) FROM t"


class ClusterTest(unittest.TestCase):
    def new_cluster(self, **how):
        made = Cluster(**how)
        self.addCleanup(made.close)
        return made

    def test_what_was_committed_outlives_kill_9_of_every_process(self):
        cluster = self.new_cluster()
        database = cluster.create_database("a")
        database.sql("CREATE TABLE t (x int); INSERT INTO t SELECT generate_series(1, 1000)")
        started = [cluster.process.pid, *children(cluster.process.pid)]
        self.assertGreater(len(started), 3)
        cluster.kill()
        self.assertFalse([pid for pid in started if runs(pid)])
        cluster.start()
        self.assertEqual(database.value(ROWS), "1000")
        self.assertIn("was not properly shut down", cluster.log_text())

    def test_a_database_is_copied_from_a_template(self):
        cluster = self.new_cluster()
        cluster.create_database("a").sql("CREATE TABLE t (x int); INSERT INTO t VALUES (7)")
        copy = cluster.create_database("b", template="a")
        self.assertEqual(copy.sql("SELECT x FROM t"), [("7",)])
        copy.drop()
        with self.assertRaises(SqlError):
            copy.sql("SELECT 1")

    def test_a_base_backup_goes_on_as_another_cluster(self):
        cluster = self.new_cluster()
        database = cluster.create_database("a")
        database.sql("CREATE TABLE t (x int); INSERT INTO t VALUES (1)")
        backup = cluster.base_backup()
        database.sql("INSERT INTO t VALUES (2)")
        restored = self.new_cluster(base_backup=backup)
        self.assertEqual(restored.sql(ROWS, "a"), [("1",)])
        self.assertEqual(database.value(ROWS), "2")

    def test_the_servers_role_is_no_superuser_and_cannot_bypass_row_security(self):
        cluster = self.new_cluster()
        self.assertEqual(cluster.sql("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'yarrow_app'"),
                         [("f", "f")])

    def test_a_killed_test_leaves_neither_processes_nor_files(self):
        code = ("from support.cluster import Cluster\n"
                "import sys, time\n"
                "c = Cluster()\n"
                "print(c.folder, c.process.pid, flush=True)\n"
                "time.sleep(600)\n")
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                                 cwd=pathlib.Path(__file__).parent)
        with child.stdout:
            folder, pid = child.stdout.readline().split()
        self.assertTrue(runs(int(pid)))
        child.send_signal(signal.SIGKILL)
        child.wait()
        until = time.monotonic() + 30
        while (os.path.exists(folder) or runs(int(pid))) and time.monotonic() < until:
            time.sleep(0.02)
        self.assertFalse(os.path.exists(folder))
        self.assertFalse(runs(int(pid)))


if __name__ == "__main__":
    unittest.main()
