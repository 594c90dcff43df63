# SPDX-License-Identifier: GPL-3.0-or-later
"""Workstations that exchange with yarrow-server, and what must hold when they have: every one of them has the same
records as the server. Run under support/with_keyring.sh."""

import json
import os

from enrolled import Workstation
from yarrowctl import DONE, FAILED

from fault_proxy import FaultProxy
from support.case import UNLIMITED, ServerTest
from support.feed import Copy
from support.server import Server, free_port


def patient(number, **members):
    """A made-up patient as a clinic keeps one."""
    return {"resourceType": "Patient", "id": number if isinstance(number, str) else f"p{number}", "active": True,
            "name": [{"use": "official", "family": f"Weidemann{number}", "given": ["Ada"]}],
            "telecom": [{"system": "phone", "use": "mobile", "value": f"+39 333 {number}"}],
            "birthDate": "1970-04-02", "address": [{"use": "home", "city": "Lugano"}], **members}


def observation(name, subject, value, **members):
    return {"resourceType": "Observation", "id": name, "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": "Weight"},
            "subject": {"reference": subject}, "effectiveDateTime": "2026-03-02T08:30:00+01:00",
            "valueQuantity": {"value": value, "unit": "kg"}, **members}


def practitioner(name, family="Okonjo"):
    return {"resourceType": "Practitioner", "id": name, "active": True, "name": [{"family": family}]}


def appointment(name, start, end, actors, **members):
    return {"resourceType": "Appointment", "id": name, "status": "booked", "start": start, "end": end,
            "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors], **members}


def tasks_about(records, name):
    """The Tasks of conflicts that name the record."""
    return [r for r in records.values() if r["resourceType"] == "Task" and r.get("focus", {}).get("reference") == name]


def name_of(resource):
    return f"{resource['resourceType']}/{resource['id']}"


class Desk(Workstation):
    """A workstation with the staff of the clinic."""

    def put(self, *resources, user="doctor"):
        """Written as somebody would: each a new record, or an edit of the one that is there."""
        file = self.folder.parent / f"{self.folder.name}-edits.ndjson"
        file.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
        report = self.done("import", file, user=user)
        return report["created"] + report["updated"]

    def edit(self, name, user="doctor", **members):
        """Sets members of a record; None takes one away."""
        changed = {**self.read(name, user=user), **members}
        self.put({member: value for member, value in changed.items() if value is not None}, user=user)

    def delete(self, *names, user="doctor"):
        bundle = {"resourceType": "Bundle", "type": "transaction",
                  "entry": [{"request": {"method": "DELETE", "url": name}} for name in names]}
        file = self.folder.parent / f"{self.folder.name}-deletion.json"
        file.write_text(json.dumps(bundle), encoding="utf-8")
        return self.done("import", file, user=user)["deleted"]

    def read(self, name, user="doctor"):
        return self.done("resource", "get", name, user=user)

    def sync(self, *words, **expected):
        """One exchange that goes well; the report has these members."""
        return self._report(DONE, words, {"obstacle": "none", **expected})

    def sync_fails(self, obstacle, *words, **expected):
        return self._report(FAILED, words, {"obstacle": obstacle, **expected})

    def _report(self, code, words, expected):
        report = self.exits(code, "sync", *words)
        found = {member: report[member] for member in expected}
        if found != expected:
            raise AssertionError(f"{self.folder.name}: {report}\ninstead of {expected}")
        return report

    def sync_until_done(self, attempts=40):
        """Exchanges until one goes well, as the desktop does; how many did not."""
        for attempt in range(attempts):
            ran = self.run("sync")
            report = json.loads(ran.stdout)
            if ran.returncode == DONE:
                return attempt
            if report.get("obstacle") not in ("offline", "busy", "server-error", "unsettled"):
                raise AssertionError(ran.stdout + ran.stderr)
        raise AssertionError(f"no exchange went well in {attempts}: {report}")

    def records(self):
        """{"Type/id": document} of everything here."""
        return {name_of(document): document for document in map(json.loads, self.export())}

    def copy(self, name):
        made = super().copy(name)
        made.__class__ = type(self)
        made.client = self.client
        return made


class ExchangeTest(ServerTest):
    """A clinic at a server, and `desk_count` workstations of it, enrolled: `desks`. The tests of a class share them, so
    each has records of its own. With `proxied`, everybody reaches the server through `proxy`, which does nothing until
    it is told. After the last test each desk is whole."""

    desk_count = 2
    staff = ("doctor",)
    proxied = False
    seed = int(os.environ.get("YARROW_TEST_SEED", "20260302"))

    @classmethod
    def add_server(cls, **options):
        if not cls.proxied:
            return super().add_server(**options)
        port = free_port()
        cls.proxy = FaultProxy(port, cls.certificate, cls.seed).start()
        cls.addClassCleanup(cls.proxy.close)
        server = Server(cls.database.app_uri, cls.folder, cls.certificate,
                        {**UNLIMITED, **cls.options, "public-url": cls.proxy.url, **options}, port=port)
        cls.addClassCleanup(server.kill)
        server.start()
        server.url = cls.proxy.url
        cls.servers.append(server)
        return server

    @classmethod
    def prepare(cls):
        cls.home = cls.new_clinic()
        cls.desks = []
        for number in range(cls.desk_count):
            cls.new_desk(f"desk{number}")
        cls.observer = cls.home.new_device()

    @classmethod
    def new_desk(cls, name):
        """Another workstation of the clinic, enrolled, with its own copy of the staff."""
        desk = Desk(cls.folder / name)
        desk.init()
        for user in cls.staff:
            desk.add_user(user, user)
        desk.client = desk.enrol(cls.home)["client"]
        cls.desks.append(desk)
        return desk

    @classmethod
    def tearDownClass(cls):
        for desk in cls.desks:
            report = desk.done("doctor")
            if not report["ok"]:
                raise AssertionError(f"{desk.folder.name}: {report}")
        super().tearDownClass()

    # ---- claims -------------------------------------------------------------------------------------------------

    def at_server(self):
        """{"Type/id": document} of everything there, from the feed."""
        copy = Copy(self.observer, count=1000).pull()
        self.assertEqual(copy.problems(whole=False), [])
        return {name: copy.bodies[version] for name, version in copy.records.items()}

    def assert_all_the_same(self, *desks):
        """Everybody has what the server has, record by record. The records."""
        there = self.at_server()
        for desk in desks or self.desks:
            here = desk.records()
            different = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
            self.assertEqual(different[:20], [], f"{desk.folder.name}: {len(different)} records differ, " + "".join(
                f"\n{name}\n  here  {json.dumps(here.get(name))}\n  there {json.dumps(there.get(name))}"
                for name in different[:3]))
        return there
