#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulation judges by a model of this server: the model must be no kinder than the server is. One script of requests
goes to both; what they answer must be the same, but for the names of versions and epochs, times and wording."""

import json
import os
import pathlib
import random
import re
import subprocess
import time
import types
import unittest

from support.case import ServerTest
from support.client import Caller, Device, appointment, patient, put, remove, version_of
from test_audit import CHAINS, ENTRIES, Chain

SEED = int(os.environ.get("YARROW_TEST_SEED", "20260302"))
COMPARED_HEADERS = ("ETag", "Yarrow-Author")
OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "Weight"},
               "subject": {"reference": "Patient/a"}}
MRN = "https://clinic.example/mrn"


def model_program():
    if "YARROW_MODEL" in os.environ:
        return pathlib.Path(os.environ["YARROW_MODEL"])
    built = [p for p in pathlib.Path(__file__).resolve().parents[2].glob("build/*/bin/model_answers") if p.is_file()]
    if not built:
        raise unittest.SkipTest("model_answers is not built; set YARROW_MODEL to its path")
    return max(built, key=lambda p: p.stat().st_mtime)


class Plain:
    """What two servers' answers must have in common."""

    def __init__(self):
        self.epochs = {}

    def text(self, text):
        """Versions are numbered alike at both; epochs are called by the order in which they came."""
        text = re.sub(r"https://[\w.:-]+/fhir", "BASE", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?Z", "TIME", text)
        text = re.sub(r"\b([a-z0-9]{6,16})\.(\d+)\b", lambda match: f"{self.epoch(match[1])}.{match[2]}", text)
        for epoch, name in self.epochs.items():
            text = text.replace(f'"{epoch}"', f'"{name}"')
        return re.sub(r"_page=[\d.]+", "_page=N", text)

    def epoch(self, tag):
        return self.epochs.setdefault(tag, f"E{len(self.epochs) + 1}")

    def answer(self, status, headers, body):
        said = {"status": status}
        if "Yarrow-Epoch" in headers:
            said["epoch"] = self.epoch(headers["Yarrow-Epoch"])
        said.update({name: self.text(headers[name]) for name in COMPARED_HEADERS if name in headers})
        if body:
            document = json.loads(body)
            said["body"] = self.problem(document) if status >= 400 else self.reduced(json.loads(self.text(body)))
        return said

    @staticmethod
    def problem(outcome):
        """Its code and its place; sentences are for people."""
        issue = outcome.get("issue", [{}])[0]
        code = issue["details"]["coding"][0]["code"] if issue else outcome.get("code")
        return {"code": code, "expression": issue.get("expression")}

    def reduced(self, document):
        if isinstance(document, list):
            return [self.reduced(item) for item in document]
        if not isinstance(document, dict):
            return document
        if document.get("resourceType") == "OperationOutcome":
            return self.problem(document)
        kept = {}
        for name, value in document.items():
            if document.get("resourceType") == "Bundle" and name in ("id", "timestamp"):
                continue
            if name == "extension":  # the digest covers the versions' names
                value = [one for one in value if not one["url"].endswith("/feed-digest")]
            kept[name] = self.reduced(value)
        return kept


class Noting:
    """Notes what was asked and answered. Mixed into a Caller."""

    def begin(self):
        self.plain = Plain()
        self.notes = []
        return self

    def note(self, method, path, answer):
        self.notes.append((method, self.plain.text(path),
                           self.plain.answer(answer.status_code, answer.headers, answer.text)))
        return answer


class RealDesk(Noting, Device):
    def request(self, method, path, body=None, headers=None, **how):
        answer = super().request(method, path, body, headers, **how)
        return self.note(method, path, answer)


class ModelDesk(Noting, Caller):
    """The same calls, answered by the model."""

    def __init__(self, model, device):
        super().__init__("https://clinic.example", "")
        self.model = model
        self.device = device

    def authorization(self):
        return {}

    def request(self, method, path, body=None, headers=None, **how):
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        if body is not None and not isinstance(body, str):
            body = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
        if body is not None:
            sent.setdefault("Content-Type", "application/fhir+json" if "/fhir" in path else "application/json")
        said = self.model({"device": self.device, "method": method, "url": path, "headers": sent, "body": body or ""})
        answer = types.SimpleNamespace(status_code=said["status"], headers=said["headers"], text=said["body"],
                                       json=lambda: json.loads(said["body"]))
        return self.note(method, path, answer)


class ModelAgrees(ServerTest):
    maxDiff = None

    def setUp(self):
        self.clinic = self.new_clinic()
        self.process = subprocess.Popen([str(model_program())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.stdin.close)
        for role in ("doctor", "receptionist", "billing", "nurse"):
            self.model({"account": self.clinic.account(role), "role": role, "active": True})

    def model(self, asked):
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def desks(self, areas="clinic"):
        """The same workstation at both."""
        device = self.clinic.new_device(areas, author="doctor")
        shown = self.clinic.person().get(f"/api/v1/devices/{device.id}").json()
        self.model({"device": device.id, "scope": shown["scopeId"]})
        device.__class__ = RealDesk
        real, modelled = device.begin(), ModelDesk(self.model, device.id).begin()
        modelled.author = real.author
        return real, modelled

    def agree(self, script, *pairs):
        """Runs the script at both; each request must have been answered alike."""
        pairs = pairs or (self.desks(),)
        for side in range(2):
            script(*(pair[side] for pair in pairs))
        for real, modelled in pairs:
            self.assertGreater(len(real.notes), 0)
            for number, (there, here) in enumerate(zip(real.notes, modelled.notes)):
                self.assertEqual(here, there, f"request {number}, the model's answer first")
            self.assertEqual(len(modelled.notes), len(real.notes))

    # ---- scripts ------------------------------------------------------------------------------------------------

    def test_one_record(self):
        def script(desk):
            desk.read("Patient/a")
            first = version_of(desk.save(patient("a"), if_none_match="*"))
            desk.save(patient("a"), if_none_match="*")
            desk.save(patient("a", active=True))
            second = version_of(desk.save(patient("a", active=True), if_match=first))
            desk.save(patient("a", active=False), if_match=first)
            desk.save(patient("a", active=False), if_match="nonsense")
            desk.read("Patient/a")
            desk.read(f"Patient/a/_history/{first}")
            desk.read("Patient/a/_history/abcdefgh.999")
            desk.remove("Patient/a", if_match=first)
            desk.remove("Patient/a")
            desk.remove("Patient/a", if_match=second)
            desk.read("Patient/a")
            desk.remove("Patient/a", if_match=second)
            desk.save(patient("a"), if_match=second)
            desk.save(patient("a"), if_none_match="*")
            desk.read("Patient/a/_history")
            desk.read("Patient/b/_history")
            desk.remove("Patient/never", if_match=first)
            desk.save(patient("late"), if_match=first)
        self.agree(script)

    def test_operations_are_done_once(self):
        def script(desk):
            first = version_of(desk.save(patient("a"), if_none_match="*", operation="op-1"))
            desk.save(patient("a"), if_none_match="*", operation="op-1")
            second = version_of(desk.save(patient("a", active=True), if_match=first, operation="op-2"))
            desk.save(patient("a", active=True), if_match=first, operation="op-2")
            desk.remove("Patient/a", if_match=second, operation="op-3")
            desk.remove("Patient/a", if_match=second, operation="op-3")
            desk.batch(put(patient("b"), if_none_match="*", operation="op-4"), put(patient("c"), if_none_match="*"))
            desk.batch(put(patient("b"), if_none_match="*", operation="op-4"), put(patient("c"), if_none_match="*"))
        self.agree(script)

    def test_epochs(self):
        def script(desk):
            answer = desk.save(patient("a"), if_none_match="*")
            desk.epoch = answer.headers["Yarrow-Epoch"]
            desk.save(patient("b"), if_none_match="*")
            desk.epoch = "zzzzzzzz"
            desk.save(patient("c"), if_none_match="*")
            desk.batch(put(patient("c"), if_none_match="*"))
            desk.epoch = None
            ahead = answer.headers["Yarrow-Epoch"] + ".999"
            desk.get("/fhir/_history?_sort=_lastUpdated", headers={"Yarrow-Seen": ahead})
            desk.save(patient("d"), if_none_match="*")
            desk.get("/fhir/_history?_sort=_lastUpdated")
        self.agree(script)

    def test_bundles_with_mixed_results(self):
        def script(desk):
            first = version_of(desk.save(patient("a"), if_none_match="*"))
            desk.batch(put(patient("a", active=True), if_match=first), put(patient("a", active=False), if_match="x.1"),
                       put(patient("b"), if_none_match="*"), put({**OBSERVATION, "id": "o1"}, if_none_match="*"),
                       put({**OBSERVATION, "id": "o2", "subject": {"reference": "Patient/nobody"}}, if_none_match="*"),
                       remove("Patient/nobody", if_match=first), remove("Patient/b"))
            desk.transaction(put(patient("t1"), if_none_match="*"), put(patient("a"), if_match=first))
            desk.read("Patient/t1")
            desk.transaction(put({**OBSERVATION, "id": "o3", "subject": {"reference": "Patient/t2"}}, if_none_match="*"),
                             put(patient("t2"), if_none_match="*"))
            desk.transaction(put(patient("t3"), if_none_match="*"),
                             put({**OBSERVATION, "id": "o4", "subject": {"reference": "Patient/t4"}}, if_none_match="*"))
            desk.batch(put(patient("x"), if_none_match="*"), put(patient("x"), if_none_match="*"))
            desk.batch({"request": {"method": "GET", "url": "Patient/a"}}, {"request": {"method": "GET", "url": "Patient/no"}})
            desk.get("/fhir/_history?_sort=_lastUpdated")
        self.agree(script)

    def test_record_numbers_and_slots(self):
        def numbered(name, value):
            return patient(name, identifier=[{"system": MRN, "value": value, "type": {"coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}}])

        def visit(name, start, end, **members):
            return appointment(name, f"2026-03-02T{start}:00+00:00", f"2026-03-02T{end}:00+00:00",
                               ["Practitioner/dr", "Patient/a"], **members)

        def script(desk):
            desk.save({"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Neri"}]}, if_none_match="*")
            first = version_of(desk.save(numbered("a", "100"), if_none_match="*"))
            desk.save(numbered("b", "100"), if_none_match="*")
            desk.save(numbered("b", "101"), if_none_match="*")
            desk.save(numbered("a", "101"), if_match=first)
            taken = version_of(desk.save(visit("v1", "09:00", "09:30"), if_none_match="*"))
            desk.save(visit("v2", "09:15", "09:45"), if_none_match="*")
            desk.save(visit("v2", "09:15", "09:45", status="pending"), if_none_match="*")
            desk.save(visit("v3", "09:30", "10:00"), if_none_match="*")
            desk.save(visit("v1", "09:10", "09:40"), if_match=taken)
            desk.remove("Appointment/v1", if_match=taken)
            desk.save(visit("v4", "09:00", "09:30"), if_none_match="*")
            desk.batch(put(visit("v5", "11:00", "11:30"), if_none_match="*"),
                       put(visit("v6", "11:15", "11:45"), if_none_match="*"))
        self.agree(script)

    def test_authors_and_roles(self):
        billing, nurse = self.clinic.account("billing"), self.clinic.account("nurse")
        self.clinic.change_account("nurse", active=False)
        self.model({"account": nurse, "role": "nurse", "active": False})

        def script(desk):
            desk.save(patient("a"), if_none_match="*")
            desk.save({**OBSERVATION, "id": "o"}, if_none_match="*", author=billing)
            desk.save(patient("b"), if_none_match="*", author=nurse)
            desk.save(patient("b"), if_none_match="*", author="nobody")
            desk.save(patient("b"), if_none_match="*", author="")
            desk.save(patient("b"), if_none_match="*", headers={"Yarrow-Author": None})
        self.agree(script)

    def test_what_left_the_scope(self):
        def script(whole, front):
            whole.save(patient("a"), if_none_match="*")
            whole.save({**OBSERVATION, "id": "o"}, if_none_match="*")
            front.read("Patient/a")
            front.read("Observation/o")
            front.get("/fhir/_history?_sort=_lastUpdated")
            front.save({**OBSERVATION, "id": "o2"}, if_none_match="*")
        self.agree(script, self.desks(), self.desks("front-desk"))

    def test_pages_of_the_feed(self):
        def script(desk):
            for number in range(7):
                desk.save(patient(number), if_none_match="*")
            desk.remove("Patient/p3", if_match=version_of(desk.read("Patient/p3")))
            for path in ("/fhir/_history?_sort=_lastUpdated&_count=3", "/fhir/_history?_count=3",
                         "/fhir/Patient/_history?_sort=_lastUpdated&_count=4"):
                while path:
                    page = desk.get(path).json()
                    path = next((one["url"] for one in page["link"] if one["relation"] == "next"), None)
            desk.get("/fhir/_history?_count=x")
            desk.get("/fhir/_history?_sort=name")
            desk.get("/fhir/_history?_since=yesterday")
            desk.get("/fhir/_history?_page=0")
        self.agree(script)

    def test_audit_chains(self):
        def script(desk, other):
            def entries(chain, numbers, **members):
                desk.post(ENTRIES, {"incarnation": chain.incarnation,
                                    "entries": [chain.entries[number - 1] for number in numbers], **members})

            def show(chain, who=desk):
                who.get(f"{CHAINS}/{chain.incarnation}")

            first = Chain(desk, "inc-first").add(6)
            show(first)
            entries(first, [1, 2])
            entries(first, [1, 2, 3])
            entries(first, [])
            show(first)
            show(first, other)
            entries(first, [5])
            entries(first, [4])
            entries(first, [6], note="unknown member")
            entries(first, [6, 6])
            changed = Chain(desk, "inc-first", (5, first.entries[4]["hash"])).add(detail="another sixth")
            entries(changed, [1])
            entries(changed, [1])
            show(first)
            after = Chain(desk, "inc-after", (6, first.head)).add(3, action="incarnation")
            after.upload(after.entries[:2], follows={"incarnation": "inc-first", "seq": 6, "hash": first.head})
            after.upload(after.entries[2:])
            show(after)
            astray = Chain(desk, "inc-astray", (7, first.head)).add(1)
            astray.upload(follows={"incarnation": "inc-first", "seq": 7, "hash": first.head})
            show(astray)
            wrong = Chain(desk, "inc-wrong").add(2)
            wrong.entries[1]["reason"] = "another"
            wrong.upload()
            Chain(desk, "inc-unlinked", (0, "11" * 32)).add(1).upload()
            late = Chain(desk, "inc-first", (6, first.head)).add(1)
            late.upload(device=other)
            late.upload()
            show(first)
            Chain(desk, "server").add(1).upload()
            Chain(desk, "inc-bad").add(1, previous="00").upload()
        self.agree(script, self.desks(), self.desks())

    def test_exports(self):
        """Both may take their time; what is then in the files is the same."""
        said = []
        for desk in self.desks("front-desk"):
            desk.note = lambda method, path, answer: answer
            desk.batch(put(patient("a"), if_none_match="*"), put(patient("b"), if_none_match="*"),
                       put({"resourceType": "Location", "id": "room", "name": "Room"}, if_none_match="*"))
            desk.remove("Patient/b", if_match=version_of(desk.read("Patient/b")))
            refused = Plain.problem(desk.get("/fhir/$export").json())
            started = desk.get("/fhir/$export", headers={"Prefer": "respond-async"})
            self.assertEqual(started.status_code, 202)
            until = time.monotonic() + 60
            while (answer := desk.get(started.headers["Content-Location"])).status_code == 202:
                self.assertLess(time.monotonic(), until)
                time.sleep(0.2)
            manifest = answer.json()
            missing = [desk.get(path).status_code
                       for path in (manifest["output"][0]["url"] + "00", "/fhir/$export-status/none")]
            files = sorted((one["type"], one["count"], desk.plain.text(desk.get(one["url"]).text))
                           for one in manifest["output"])  # their versions tell the epoch's name
            said.append({
                "manifest": sorted(manifest), "transactionTime": desk.plain.text(manifest["transactionTime"]),
                "extension": desk.plain.text(json.dumps(manifest["extension"], sort_keys=True)), "missing": missing, "refused": refused,
                "files": files})
        self.assertEqual(said[1], said[0], "the model's answers first")

    def test_anything(self):
        """Many writes that chance chooses, the same at both."""
        def script(desk):
            dice = random.Random(SEED)
            known = {}
            for number in range(150):
                name = f"r{dice.randrange(8)}"
                versions = known.setdefault(name, [])
                how = dice.choice(("none", "present", "present", "present", "stale", "new"))
                condition = {}
                if how == "new":
                    condition = {"if_none_match": "*"}
                elif versions and how != "none":
                    condition = {"if_match": versions[-1] if how == "present" else versions[0]}
                operation = f"op-{dice.randrange(60)}" if dice.random() < 0.3 else None
                if dice.random() < 0.2:
                    answer = desk.remove(f"Patient/{name}", operation=operation, **condition)
                else:
                    answer = desk.save(patient(name, multipleBirthInteger=number % 5), operation=operation, **condition)
                if "ETag" in answer.headers:
                    versions.append(version_of(answer))
            desk.get("/fhir/_history?_sort=_lastUpdated&_count=500")
        self.agree(script)


if __name__ == "__main__":
    unittest.main(verbosity=2)
