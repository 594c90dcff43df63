#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exchange with the central server costs: the first one of a whole clinic against bare inserts of the same rows,
pushes, nothing to do, a hundred changes; on loopback, and over a line with 50 ms round trip that loses one answer in a
hundred. Starts a PostgreSQL and a server of its own, on this machine; yarrow-sync-load is the workstation; all of them
share its processors. Where there are node and npm, PouchDB 9 does the same with the same documents. Prints one table.
Some minutes; --quick takes one or two."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "server"), str(ROOT / "tests" / "integration")]

from fault_proxy import FaultProxy  # noqa: E402
from support.clinic import Clinic  # noqa: E402
from support.cluster import Cluster  # noqa: E402
from support.server import Certificate, Server, free_port, program, run  # noqa: E402

OPTIONS = {"rate-api": 0, "rate-sync": 0, "rate-anonymous": 0, "rate-sign-in": 0, "log-level": "warning",
           "workers": 4, "job-threads": 1, "min-free-mb": 1}
POSTGRES = {"shared_buffers": "512MB", "max_wal_size": "4GB", "max_connections": 100}
POUCHDB = ROOT / "tests" / "bench" / "pouchdb"


def load_program():
    return program().with_name("yarrow-sync-load")


class Bench:
    def __init__(self, folder, count):
        self.folder = pathlib.Path(folder)
        self.count = count
        self.rows = []
        self.cluster = Cluster(settings=POSTGRES)
        self.database = self.cluster.create_database("yarrow")
        run("migrate", "--database-owner", self.database.owner_uri)
        self.certificate = Certificate(self.folder)
        self.server = Server(self.database.app_uri, self.folder, self.certificate, OPTIONS).start()
        # A second process, which calls itself by the address of the line that leads to it.
        port = free_port()
        self.line = FaultProxy(port, self.certificate).start()
        self.far = Server(self.database.app_uri, self.folder, self.certificate,
                          {**OPTIONS, "public-url": self.line.url}, port=port).start()
        self.clinic = Clinic(self.server, self.database, "bench")

    def close(self):
        self.line.close()
        self.far.kill()
        self.server.kill()
        self.cluster.close()

    def measure(self, title, words, **how):
        """One program that prints "name<tab>value"; its findings join the table."""
        load = os.getloadavg()[0]
        ran = subprocess.run([*map(str, words)], capture_output=True, text=True, timeout=3600, **how)
        self.rows.append((f"{title}  (load before: {load:.1f})", ""))
        self.rows += [("  " + name, value) for name, _, value in
                      (line.partition("\t") for line in ran.stdout.splitlines())]
        if ran.returncode != 0:
            self.rows.append((f"  failed ({ran.returncode}): {ran.stderr.strip()[:300]}", ""))

    def workstations(self, title, url, count, rounds, *words):
        codes = [word for _ in range(rounds + 2) for word in ("--code", self.clinic.new_code())]
        self.measure(title, [load_program(), "--url", url, "--ca", self.certificate.file, "--count", count,
                             "--rounds", rounds, *codes, *words])

    def loopback(self, rounds):
        self.workstations(f"{self.count} records, loopback", self.server.url, self.count, rounds, "--fill")

    def far_away(self, rounds):
        self.line.round_trip = 0.05
        self.line.share = {"answer lost": 0.01}
        self.workstations(f"{self.count} records, 50 ms round trip, 1 % of the answers lost", self.line.url, self.count,
                          rounds)
        self.rows.append(("  answers lost", str(self.line.done["answer lost"])))

    def pouchdb(self):
        if not shutil.which("node") or not shutil.which("npm"):
            self.rows.append(("PouchDB: there is no node here", ""))
            return
        packages = self.folder / "pouchdb"
        packages.mkdir()
        shutil.copy(POUCHDB / "package.json", packages)
        installed = subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=packages, capture_output=True,
                                   text=True, timeout=600)
        if installed.returncode != 0:
            self.rows.append((f"PouchDB: npm install ended with {installed.returncode}", ""))
            return
        documents = self.folder / "documents.ndjson"
        with open(documents, "wb") as file:
            subprocess.run([load_program(), "--print", "--count", str(self.count)], stdout=file, check=True, timeout=600)
        with open(documents, "rb") as file:
            self.measure(f"PouchDB 9 and express-pouchdb, {self.count} documents, loopback, plain HTTP",
                         ["node", POUCHDB / "exchange.mjs", self.folder / "pouchdb-data"], cwd=packages, stdin=file)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="20,000 records instead of 100,000")
    arguments.add_argument("--only", choices=("loopback", "far", "pouchdb"), action="append")
    arguments = arguments.parse_args()
    wanted = set(arguments.only or ("loopback", "far", "pouchdb"))
    with tempfile.TemporaryDirectory(prefix="yarrow-bench-") as folder:
        bench = Bench(folder, 20_000 if arguments.quick else 100_000)
        try:
            if wanted & {"loopback", "far"}:
                bench.loopback(3)
            if "far" in wanted:
                bench.far_away(1)
            if "pouchdb" in wanted:
                bench.pouchdb()
        finally:
            bench.close()
    print(f"{os.cpu_count()} processors shared by PostgreSQL, server and workstation; {load_program()}")
    width = max(len(name) for name, _ in bench.rows) + 2
    for name, value in bench.rows:
        print(f"{name:<{width}}{value}")


if __name__ == "__main__":
    main()
