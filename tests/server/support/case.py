# SPDX-License-Identifier: GPL-3.0-or-later
"""unittest cases on a real server. One cluster per process of tests; one database per test class, copied from a
migrated one; as many server processes as the class asks for."""

import atexit
import concurrent.futures
import functools
import itertools
import pathlib
import tempfile
import time
import unittest

from support.clinic import Clinic
from support.client import Anonymous, error_code
from support.cluster import Cluster
from support.server import Certificate, Server, run

TEMPLATE = "yarrow_template"
# Tests come faster than people; those about limits set their own.
UNLIMITED = {"rate-api": 0, "rate-sync": 0, "rate-anonymous": 0, "rate-sign-in": 0, "min-free-mb": 1, "workers": 4}
# What processes have written outlives them; only a machine that dies loses what was not synced, and no test kills that.
UNSYNCED = {"fsync": "off"}
_numbers = itertools.count(1)


@functools.cache
def cluster():
    """The cluster of this process of tests, made when first asked for."""
    made = Cluster(settings=UNSYNCED)
    atexit.register(made.close)
    return made


def migrate(database):
    run("migrate", "--database-owner", database.owner_uri)
    return database


@functools.cache
def template():
    return migrate(cluster().create_database(TEMPLATE)).name


def new_database():
    """A migrated database without clinics."""
    return cluster().create_database(f"yarrow_{next(_numbers)}", template())


class ServerTest(unittest.TestCase):
    """`processes` servers on a database of the class's own: `server` is the first, `servers` all of them."""

    processes = 1
    options = {}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="yarrow-server-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.certificate = Certificate(cls.folder)
        cls.database = new_database()
        cls.addClassCleanup(cls.database.drop)
        cls.servers = []
        for _ in range(cls.processes):
            cls.add_server()
        cls.prepare()

    @classmethod
    def prepare(cls):
        """What the class needs besides; runs once."""

    @classmethod
    def add_server(cls, **options):
        """One more process on the class's database."""
        server = Server(cls.database.app_uri, cls.folder, cls.certificate, {**UNLIMITED, **cls.options, **options})
        cls.addClassCleanup(server.kill)
        server.start()
        cls.servers.append(server)
        return server

    @classmethod
    def new_clinic(cls, name="lindenhof"):
        """A clinic whose slug begins with `name`; every one has another."""
        return Clinic(cls.servers[0], cls.database, f"{name}-{next(_numbers)}")

    @property
    def server(self):
        return self.servers[0]

    @property
    def anonymous(self):
        return Anonymous(self.server.url, self.certificate.file)

    def while_waiting(self, holding, request, meanwhile="COMMIT"):
        """What `request` answers when it meets a lock: `holding` is done in a transaction first; once the request waits
        for it, `meanwhile`."""
        session = self.database.session()
        self.addCleanup(session.close)
        session.run(f"BEGIN; {holding}")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(request)
            try:
                while not answer.done() and not self.database.waiting():
                    time.sleep(0.01)
            finally:
                session.run(meanwhile)
            return answer.result()

    # ---- claims -------------------------------------------------------------------------------------------------

    def assert_status(self, answer, status, code=None):
        """The answer's status and, for a refusal, its stable code; shows the answer otherwise. Returns the JSON."""
        shown = f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:2000]}"
        self.assertEqual(answer.status_code, status, shown)
        said = answer.json() if answer.content else None
        if code:
            self.assert_code(said, code)
        return said

    def assert_code(self, outcome, code):
        self.assertEqual(error_code(outcome), code, outcome)

    def assert_entry(self, answered, status, code=None):
        """One entry of a bundle that answers."""
        response = answered["response"]
        self.assertEqual(response["status"].split()[0], str(status), answered)
        if code:
            self.assert_code(response["outcome"], code)
        return response
