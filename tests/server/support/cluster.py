# SPDX-License-Identifier: GPL-3.0-or-later
"""A private PostgreSQL cluster: a folder of its own, a Unix socket, no TCP. PostgreSQL refuses to run as root; started
by root it runs as the user postgres, otherwise as whoever runs the test."""

import csv
import glob
import io
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

# Ends the cluster whose data are in the second folder and removes the first. Runs beside the test and waits for the end
# of its input, so that it does its work whether the test closes the cluster, crashes or is killed.
GUARD = r"""
cat >/dev/null
if [ -e "$2/postmaster.pid" ]; then
    pid=$(head -n 1 "$2/postmaster.pid")
    kill -INT "$pid" 2>/dev/null
    for _ in $(seq 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
    kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$1"
"""


def tool(name):
    """The newest PostgreSQL program of that name: Debian's folders first, then PATH."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise SystemExit(f"{name} is not here; install postgresql")
    return path


def other_user():
    """Popen's arguments that step down from root; nothing to do for anybody else."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


class SqlError(Exception):
    pass


class Cluster:
    """Made and started at once; close() ends and removes it, and so does the end of this process, however it comes. With
    `data`, a folder for its data, that folder outlives it, and a later cluster goes on there."""

    PORT = 5432

    def __init__(self, base_backup=None, settings=None, data=None):
        """`base_backup` is a folder that Cluster.base_backup() wrote: this cluster goes on from there."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yarrow-pg-", dir="/tmp"))
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.kept = data is not None
        self.log = self.folder / "log"
        self.settings = {
            "listen_addresses": "", "unix_socket_directories": str(self.folder), "port": self.PORT, "fsync": "on",
            "max_connections": 200, "shared_buffers": "128MB", "timezone": "UTC", **(settings or {})}
        self.process = None
        self._own(self.folder)
        self._guard = subprocess.Popen(["/bin/sh", "-c", GUARD, "guard", str(self.folder),
                                        str(self.data)], stdin=subprocess.PIPE,
                                       start_new_session=True)
        new = not base_backup and not (self.data / "PG_VERSION").exists()
        try:
            if base_backup:
                shutil.move(str(base_backup), self.data)
            elif new:
                if data:
                    self.data.mkdir(parents=True, mode=0o700, exist_ok=True)
                    self._own(self.data)
                self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                          "--locale=C.UTF-8", "--no-sync", "--no-instructions")
            self.start()
            if new:
                self.sql("CREATE ROLE yarrow_owner LOGIN; CREATE ROLE yarrow_app LOGIN NOSUPERUSER NOBYPASSRLS")
        except BaseException:
            self.close()
            raise

    # ---- running ------------------------------------------------------------------------------------------------

    def start(self, timeout=60):
        """Returns once it accepts connections, after recovery when it had crashed."""
        words = [tool("postgres"), "-D", str(self.data)]
        for name, value in self.settings.items():
            words += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, cwd="/", **other_user())
        until = time.monotonic() + timeout
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL ended with {self.process.returncode}\n{self.log_text()[-4000:]}")
            ready = subprocess.run([tool("pg_isready"), "-q", "-h", str(self.folder), "-p", str(self.PORT)],
                                   timeout=30).returncode == 0
            if ready:
                return
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL is not ready after {timeout} s\n{self.log_text()[-4000:]}")
            time.sleep(0.02)

    def stop(self, how=signal.SIGINT):
        """SIGINT is the fast shutdown, with a checkpoint; connections are cut."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)

    def kill(self):
        """kill −9 of the postmaster and of every process it started, all at the same instant as far as they can tell:
        the postmaster is stopped first, so that it neither notices nor starts anything."""
        os.kill(self.process.pid, signal.SIGSTOP)
        started = children(self.process.pid)
        for pid in [*started, self.process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        # The next start refuses while one of the dead is still attached to the shared memory.
        until = time.monotonic() + 10
        while any(runs(pid) for pid in started) and time.monotonic() < until:
            time.sleep(0.01)

    def close(self):
        if self._guard.poll() is None:
            self.stop(signal.SIGINT if self.kept else signal.SIGQUIT)
            self._guard.stdin.close()
            self._guard.wait(timeout=60)

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    # ---- databases ----------------------------------------------------------------------------------------------

    def uri(self, database, role):
        host = urllib.parse.quote(str(self.folder), safe="")
        return f"postgresql://{role}@/{database}?host={host}&port={self.PORT}"

    def sql(self, text, database="postgres", role="postgres"):
        """The rows of the last statement, as tuples of texts; NULL is an empty text."""
        ran = subprocess.run([tool("psql"), "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1",
                              self.uri(database, role)], input=text, capture_output=True, text=True, timeout=300)
        if ran.returncode != 0:
            raise SqlError(ran.stderr)
        return [tuple(row) for row in csv.reader(io.StringIO(ran.stdout))]

    def create_database(self, name, template=None):
        self.sql(f'CREATE DATABASE "{name}" OWNER yarrow_owner' + (f' TEMPLATE "{template}"' if template else ""))
        return Database(self, name)

    # ---- backups ------------------------------------------------------------------------------------------------

    def base_backup(self):
        """A copy of the running cluster, for Cluster(base_backup=…)."""
        target = pathlib.Path(tempfile.mkdtemp(prefix="backup-", dir=self.folder))
        self._own(target)
        self._run("pg_basebackup", "-h", self.folder, "-p", self.PORT, "-U", "postgres", "-D", target,
                  "--checkpoint=fast", "--no-sync")
        return target

    def _own(self, folder):
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _run(self, name, *words):
        ran = subprocess.run([tool(name), *map(str, words)], capture_output=True, text=True, timeout=300, cwd="/",
                             env={**os.environ, "HOME": str(self.folder)}, **other_user())
        if ran.returncode != 0:
            raise RuntimeError(f"{name} ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")


class Database:
    """One database of a cluster."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name

    @property
    def owner_uri(self):
        return self.cluster.uri(self.name, "yarrow_owner")

    @property
    def app_uri(self):
        return self.cluster.uri(self.name, "yarrow_app")

    def sql(self, text, role="postgres"):
        """As the superuser, who sees every clinic, unless another role is named."""
        return self.cluster.sql(text, self.name, role)

    def value(self, text, role="postgres"):
        return self.sql(text, role)[0][0]

    def session(self):
        """One that stays open, as the superuser."""
        return Session(self.cluster.uri(self.name, "postgres"))

    def waiting(self):
        """How many sessions of the database wait for a lock."""
        return int(self.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                              "AND wait_event_type = 'Lock'"))

    def dump(self):
        """pg_dump's script."""
        ran = subprocess.run([tool("pg_dump"), self.cluster.uri(self.name, "postgres")], capture_output=True,
                             check=True, timeout=300)
        return ran.stdout.decode()

    def drop(self):
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Session:
    """Holds a transaction open as long as a test needs it: what it locks, others wait for."""

    def __init__(self, uri):
        self._psql = subprocess.Popen([tool("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", uri],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, text):
        """Returns when it is done."""
        self._psql.stdin.write(f"{text};\n\\echo done\n")
        self._psql.stdin.flush()
        for line in self._psql.stdout:
            if line.strip() == "done":
                return
        raise SqlError(f"{text}: psql ended with {self._psql.wait()}")

    def close(self):
        self._psql.stdin.close()
        self._psql.stdout.close()
        self._psql.wait()


def process_state(pid):
    """(state letter, parent) of a process; None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            # The name stands in parentheses and may hold anything.
            state, parent = stat.read().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return state, int(parent)


def runs(pid):
    state = process_state(pid)
    return state is not None and state[0] not in "ZX"


def children(pid):
    """The process ids whose parent it is."""
    every = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
    return [child for child in every if (process_state(child) or ("", 0))[1] == pid]
