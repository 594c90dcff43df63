#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the central backend is: pushes against bare COPY of the same rows, the feed, a thousand workstations, idle
WebSockets. Starts a PostgreSQL and a server of its own, on this machine, with yarrow-server-load as the client; all of
them share its processors. Prints one table. A few minutes; --quick takes one."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "server"))

from support.cluster import Cluster, tool  # noqa: E402
from support.clinic import Clinic  # noqa: E402
from support.server import Certificate, Server, program, run  # noqa: E402

TABLES = ("version", "resource", "search_value")
# Nobody is to be held back: every workstation comes from one address.
OPTIONS = {"rate-api": 0, "rate-sync": 0, "rate-anonymous": 0, "max-connections": 30000, "max-sockets": 20000,
           "log-level": "warning", "job-threads": 1}
POSTGRES = {"shared_buffers": "512MB", "max_wal_size": "4GB", "max_connections": 100}


def load_program():
    if "YARROW_SERVER_LOAD" in os.environ:
        return pathlib.Path(os.environ["YARROW_SERVER_LOAD"])
    return program().with_name("yarrow-server-load")


def plain_tables(database):
    """The script that makes TABLES as they are, indexes included, but without row-level security."""
    dumped = subprocess.run([tool("pg_dump"), "--schema-only", "--no-owner", "--no-privileges", *(f"--table={t}" for t in TABLES),
                             database.cluster.uri(database.name, "postgres")],
                            capture_output=True, text=True, check=True, timeout=60).stdout
    statements = [s for s in re.split(r";\n", dumped) if "ROW LEVEL SECURITY" not in s and "CREATE POLICY" not in s]
    return ";\n".join(statements)


class Bench:
    def __init__(self, folder, quick):
        self.folder = pathlib.Path(folder)
        self.quick = quick
        self.rows = []
        self.cluster = Cluster(settings=POSTGRES)
        self.database = self.cluster.create_database("yarrow")
        run("migrate", "--database-owner", self.database.owner_uri)
        self.copy = self.cluster.create_database("copy")
        self.copy.sql(plain_tables(self.database))
        self.certificate = Certificate(self.folder)
        self.server = Server(self.database.app_uri, self.folder, self.certificate, OPTIONS).start()
        self.clinics = 0

    def close(self):
        self.server.kill()
        self.cluster.close()

    def new_clinic(self):
        self.clinics += 1
        clinic = Clinic(self.server, self.database, f"bench-{self.clinics}")
        clinic.account("doctor")  # who writes clinical records
        return clinic

    def desks_file(self, name, clinics, count):
        """`count` enrolled workstations, parted evenly among the clinics."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            devices = list(pool.map(lambda i: clinics[i % len(clinics)].new_device(author="doctor"), range(count)))
            tokens = list(pool.map(lambda device: device.token(), devices))
        file = self.folder / name
        file.write_text("".join(f"{token} {device.author} {device.tenant}\n" for token, device in zip(tokens, devices)))
        return file

    def measure(self, title, desks, *words):
        """One run of yarrow-server-load; its findings join the table."""
        load = os.getloadavg()[0]
        ran = subprocess.run([load_program(), "--url", self.server.url, "--certificate", self.certificate.file,
                              "--desks", desks, *map(str, words)], capture_output=True, text=True, timeout=900)
        self.rows.append((f"{title}  (load before: {load:.1f})", ""))
        if ran.returncode != 0:
            self.rows.append((f"  failed ({ran.returncode}): {ran.stderr.strip()[:300]}", ""))
            return
        if ran.stderr:
            print(ran.stderr, file=sys.stderr)
        self.rows += [("  " + name, value) for name, value in
                      (line.split("\t") for line in ran.stdout.splitlines())]

    # ---- the runs -----------------------------------------------------------------------------------------------

    def push_and_feed(self, push, feed):
        desks = self.desks_file("push.desks", [self.new_clinic(), self.new_clinic()], 2)
        bundles = 8 if self.quick else 40
        self.measure(f"push: {bundles} bundles of 500, twice, 4 connections; COPY of the same rows after each", desks,
                     "push", "--bundles", bundles, "--database", self.cluster.uri("yarrow", "postgres"),
                     "--copy-database", self.cluster.uri("copy", "postgres"))
        if not push:
            self.rows.clear()
        if feed:
            for readers in (1, 2):
                self.measure(f"feed: pages of 1000, {readers} at once", desks, "feed", "--readers", readers)

    def workstations(self, count, clinics, seconds):
        desks = self.desks_file("workstations.desks", [self.new_clinic() for _ in range(clinics)], count)
        self.measure(f"{count} workstations of {clinics} clinic(s), {seconds} s: a poll every 15 s, a write every 60 s",
                     desks, "workstations", "--seconds", seconds)

    def sockets(self, count):
        desks = self.desks_file(f"sockets-{count}.desks", [self.new_clinic()], 1)
        self.measure(f"{count} idle WebSockets, then one change", desks, "sockets", "--count", count,
                     "--server-pid", self.server.process.pid)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="less of everything")
    arguments.add_argument("--only", choices=("push", "feed", "workstations", "sockets"), action="append")
    arguments = arguments.parse_args()
    wanted = set(arguments.only or ("push", "feed", "workstations", "sockets"))
    # The server is this process's child and has its limits.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="yarrow-bench-") as folder:
        bench = Bench(folder, arguments.quick)
        try:
            if wanted & {"push", "feed"}:
                bench.push_and_feed("push" in wanted, "feed" in wanted)
            if "workstations" in wanted:
                count, seconds = (100, 20) if arguments.quick else (1000, 60)
                bench.workstations(count, max(1, count // 20), seconds)
                bench.workstations(count, 1, seconds)
            if "sockets" in wanted:
                for count in (200,) if arguments.quick else (1000, 10000):
                    bench.sockets(count)
        finally:
            bench.close()
    print(f"{os.cpu_count()} processors shared by PostgreSQL, server and client; {program()}")
    width = max(len(name) for name, _ in bench.rows) + 2
    for name, value in bench.rows:
        print(f"{name:<{width}}{value}")


if __name__ == "__main__":
    main()
