#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server to try things on: a private PostgreSQL, a throw-away certificate, the clinic `demo`, until Ctrl-C.

run_server.py [--port N] [--processes N] [--folder DIR] PROGRAM

With two processes or more nginx stands in front of them, as in production. DIR (build/server) keeps the database and
the certificate for the next run; delete it to begin anew.
"""
import argparse
import fcntl
import hashlib
import os
import pwd
import re
import signal
import string
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/server"))

from support.cluster import Cluster, Database, tool  # noqa: E402
from support.server import Certificate, Server, run, wait_ready  # noqa: E402

DATABASE = "yarrow"
CLINIC = "demo"
PASSWORD = "meadow yarrow clinic"  # of a clinic of made-up people: no secret
NGINX_SITE = ROOT / "installer/server/nginx/yarrow.conf"
# What Debian's nginx.conf says around a site, kept inside one folder.
NGINX_FRAME = """\
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
daemon off;
${user}
worker_processes auto;
events { worker_connections 8192; }
http {
    client_body_temp_path ${folder}/nginx-body;
    proxy_temp_path ${folder}/nginx-proxy;
    fastcgi_temp_path ${folder}/nginx-fastcgi;
    uwsgi_temp_path ${folder}/nginx-uwsgi;
    scgi_temp_path ${folder}/nginx-scgi;
    include ${folder}/yarrow.conf;
}
"""


def database_folder(folder):
    """Where PostgreSQL keeps its files: below `folder`, unless root runs this in a tree that the user postgres, as whom
    PostgreSQL then runs, cannot enter."""
    wanted = folder / "postgresql"
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        enters = subprocess.run(["test", "-x", str(folder)], user=account.pw_uid, group=account.pw_gid,
                                extra_groups=[], check=False, cwd="/").returncode == 0
        if not enters:
            name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
            return Path(f"/var/tmp/yarrow-server-{name}")
    return wanted


class Nginx:
    """nginx with the production site, on a port of its own before the given servers."""

    def __init__(self, folder, port, certificate, servers):
        values = {"YARROW_LISTEN": f"127.0.0.1:{port}", "YARROW_NAME": "localhost", "YARROW_LOG": str(folder),
                  "YARROW_CERTIFICATE": str(certificate.file), "YARROW_CERTIFICATE_KEY": str(certificate.key),
                  "YARROW_UPSTREAMS": " ".join(f"server 127.0.0.1:{server.port};" for server in servers)}
        site = string.Template(NGINX_SITE.read_text(encoding="utf-8")).safe_substitute(values)
        (folder / "yarrow.conf").write_text(site, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        frame = string.Template(NGINX_FRAME).substitute(folder=folder, user=user)
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(frame, encoding="utf-8")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", tool_of_nginx(), "-e", str(folder / "nginx-error.log"), "-c",
             str(self.configuration)], stdin=subprocess.DEVNULL, start_new_session=True)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.terminate()
                self.process.wait()


def tool_of_nginx():
    for path in ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"):
        if os.access(path, os.X_OK):
            return path
    raise SystemExit("nginx is not here; install nginx-light")


def open_database(cluster):
    """The database, migrated, and whether it is new."""
    known = cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")
    database = Database(cluster, DATABASE) if known else cluster.create_database(DATABASE)
    run("migrate", "--database-owner", database.owner_uri)
    return database


def enrolment_code(database):
    """A fresh code of the clinic `demo`, which is made first where it is missing."""
    if database.sql(f"SELECT 1 FROM tenant_directory WHERE slug = '{CLINIC}'"):
        said = run("code", "create", "--database", database.app_uri, "--tenant", CLINIC)
    else:
        said = run("tenant", "create", "--database", database.app_uri, "--slug", CLINIC, "--name",
                   "Yarrow Demo Clinic", "--admin", "admin", password=PASSWORD)
    return re.search(r"(\S+), good until", said.stdout).group(1)


def serve(options, cluster):
    """Runs until it is told to stop or a process ends by itself; what the script then exits with."""
    database = open_database(cluster)
    certificate = Certificate(options.folder)
    behind = options.processes > 1
    flags = {"trusted-proxy": "127.0.0.1"} if behind else {}
    servers = [Server(database.app_uri, options.folder, certificate, flags, port=None if behind else options.port,
                      tls=not behind) for _ in range(options.processes)]
    front = None
    try:
        for server in servers:
            server.start()
        if behind:
            front = Nginx(options.folder, options.port, certificate, servers)
        url = f"https://localhost:{options.port}"
        wait_ready(url, certificate.file)
        print(f"\n  Yarrow's server   {url}   ({options.processes} process{'es behind nginx' if behind else ''})\n"
              f"  Certificate       {certificate.file}\n"
              f"  Enrolment code    {enrolment_code(database)}\n"
              f"  Administrator     admin@{CLINIC}, password '{PASSWORD}'\n"
              f"  PostgreSQL        {cluster.uri(DATABASE, 'postgres')}\n"
              f"  Logs              {options.folder}/*.log\n\n"
              "Ctrl-C stops everything; the database stays for the next time.\n", flush=True)
        watched = [server.process for server in servers] + ([front.process] if front else []) + [cluster.process]
        while not STOP.wait(0.2):
            ended = [process for process in watched if process.poll() is not None]
            if ended:
                print(f"{ended[0].args[-1]}: a process ended with {ended[0].returncode}; see the logs", file=sys.stderr)
                return 1
        return 0
    finally:
        if front:
            front.stop()
        for server in servers:
            server.stop()


STOP = threading.Event()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--processes", type=int, default=1, choices=range(1, 33), metavar="N")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/server")
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["YARROW_SERVER"] = str(options.program.resolve())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: STOP.set())
    with open(options.folder / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"a server already runs on {options.folder}") from None
        cluster = Cluster(data=database_folder(options.folder))
        try:
            return serve(options, cluster)
        finally:
            cluster.close()


if __name__ == "__main__":
    sys.exit(main())
