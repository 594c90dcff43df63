#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI document: well-formed, true to the routes there are, and to what they answer."""

import copy
import json
import re
import unittest
import uuid

import jsonschema

from support.case import ServerTest
from support.client import Key
from support.server import PASSWORD, ROOT
from test_audit import Chain

METHODS = {"get", "put", "post", "delete", "patch"}
DOCUMENT = json.loads((ROOT / "server/api/openapi.json").read_text(encoding="utf-8"))
TYPES = re.compile(r"^[a-z]+/[a-z+.-]+$")
# A path in the sources. What ends with a slash is the beginning of a URL that is put together.
PATH = re.compile(r'"(/(?:api|auth|health|metrics|\.well-known|fhir/\.well-known)(?:/[^"\s?]*[^"\s/?])?)"')


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def resolved(reference):
    found = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def deref(thing):
    return resolved(thing["$ref"]) if "$ref" in thing else thing


def every(value):
    """All objects in it, itself included."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from every(one)


def checker(schema, strict=False):
    """Validates by a schema of the document. Strictly: nothing may be there that it does not name."""
    components = copy.deepcopy(DOCUMENT["components"])
    schema = copy.deepcopy(schema)
    if strict:
        combined = [part.get("$ref", "").rpartition("/")[2] for one in every(components) for part in one.get("allOf", [])]
        for name, one in components["schemas"].items():
            for inner in every(one):
                if "properties" in inner and name not in combined and not any("allOf" in outer for outer in every(one)) \
                        and ("type" in inner):
                    inner.setdefault("additionalProperties", False)
    return jsonschema.Draft202012Validator({"components": components, **schema},
                                           format_checker=jsonschema.FormatChecker())


class DocumentTest(unittest.TestCase):
    def test_every_schema_is_one(self):
        self.assertTrue(DOCUMENT["openapi"].startswith("3.1."))
        for name, schema in DOCUMENT["components"]["schemas"].items():
            with self.subTest(name=name):
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_every_reference_leads_somewhere_and_nothing_is_left_over(self):
        used = {one["$ref"] for one in every(DOCUMENT) if "$ref" in one}
        for reference in used:
            resolved(reference)
        there = {f"#/components/{kind}/{name}" for kind, named in DOCUMENT["components"].items() for name in named}
        self.assertEqual(there - used, {"#/components/securitySchemes/token"})

    def test_every_operation_is_whole(self):
        ids = [operation["operationId"] for _, _, operation in operations()]
        self.assertEqual(len(ids), len(set(ids)))
        tags = {tag["name"] for tag in DOCUMENT["tags"]}
        for path, method, operation in operations():
            with self.subTest(path=path, method=method):
                self.assertIn(method, METHODS)
                self.assertTrue(operation["summary"])
                self.assertLessEqual(set(operation["tags"]), tags)
                parameters = [deref(one) for one in operation.get("parameters", [])]
                inside = [one["name"] for one in parameters if one["in"] == "path"]
                self.assertEqual(sorted(inside), sorted(re.findall(r"{([^}]+)}", path)))
                self.assertTrue(all(one["required"] for one in parameters if one["in"] == "path"))
                self.assertTrue(any(status.startswith("2") for status in operation["responses"]))
                self.assertEqual("401" in operation["responses"] or path == "/api/v1/enrolments",
                                 operation.get("security") != [] or path in ("/auth/token", "/api/v1/enrolments"))
                for status, answer in operation["responses"].items():
                    answer = deref(answer)
                    self.assertRegex(status, "^[2-5][0-9][0-9]$")
                    self.assertTrue(answer["description"])
                    for media, content in answer.get("content", {}).items():
                        self.assertRegex(media, TYPES)
                        jsonschema.Draft202012Validator.check_schema(content["schema"])
                        if int(status) >= 400 and not path.startswith(("/auth", "/health")):
                            self.assertEqual(media, "application/problem+json")

    def test_every_refusal_it_names_is_listed(self):
        listed = (ROOT / "docs/server-errors.md").read_text(encoding="utf-8")
        for path, method, operation in operations():
            for status, answer in operation["responses"].items():
                if int(status) < 400 or path.startswith("/health"):
                    continue
                codes = re.findall(r"`([a-z-]+)`", deref(answer)["description"])
                self.assertTrue(codes, f"{method} {path} {status}")
                for code in codes:
                    self.assertIn(f"`{code}`", listed)

    def test_every_path_in_the_sources_is_described(self):
        there = set()
        for file in ROOT.glob("server/**/*.cpp"):
            there |= set(PATH.findall(file.read_text(encoding="utf-8")))
        self.assertGreater(len(there), 20)
        self.assertEqual(there, set(DOCUMENT["paths"]))


class AnswersTest(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()
        cls.seen = set()

    def check(self, answer, path, status=None):
        """The answer is what the document says of `path`; its JSON."""
        method = answer.request.method.lower()
        shown = f"{method} {path}: {answer.status_code} {answer.text[:1000]}"
        described = DOCUMENT["paths"][path][method]["responses"]
        if status:
            self.assertEqual(answer.status_code, status, shown)
        self.assertIn(str(answer.status_code), described, shown)
        self.seen.add((method, path))
        content = deref(described[str(answer.status_code)]).get("content")
        if content is None:
            self.assertEqual(answer.content, b"", shown)
            return None
        media = answer.headers["Content-Type"].partition(";")[0]
        self.assertIn(media, content, shown)
        said = answer.json() if media.endswith("json") else answer.text
        for error in checker(content[media]["schema"], strict=True).iter_errors(said):
            self.fail(f"{shown}\n{list(error.absolute_path)}: {error.message}")
        if media == "application/problem+json":
            self.assertIn(f"`{said['code']}`", deref(described[str(answer.status_code)])["description"], shown)
        for name in deref(described[str(answer.status_code)]).get("headers", {}):
            if name == "Location":
                self.assertIn(name, answer.headers)
        return said

    def body(self, path, method, value):
        """`value`, which the document allows as the body of a request."""
        schema = DOCUMENT["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
        checker(schema).validate(value)
        return value

    def test_it_is_what_the_source_tree_holds(self):
        self.assertEqual(self.check(self.anonymous.get("/api/v1/openapi.json"), "/api/v1/openapi.json"), DOCUMENT)

    def test_every_path_has_the_methods_it_says_and_no_others(self):
        for path, item in DOCUMENT["paths"].items():
            answer = self.anonymous.request("TRACE", re.sub(r"{[^}]+}", "x", path))
            self.assertEqual(answer.status_code, 405, path)
            allowed = {method.lower() for method in answer.headers["Allow"].split(", ")} - {"head"}
            self.assertEqual(allowed, set(item), path)

    def test_what_needs_a_token_says_so(self):
        for path, method, operation in operations():
            answer = self.anonymous.request(method.upper(), re.sub(r"{[^}]+}", "x", path))
            if operation.get("security") == []:
                self.assertNotEqual(error := answer.status_code, 401, f"{method} {path} {error}")
            else:
                self.assertEqual(self.check(answer, path, 401)["code"], "token-missing")

    def test_a_body_that_is_none_is_refused_as_it_says(self):
        for path, method, operation in operations():
            if path == "/auth/token" or "requestBody" not in operation:
                continue
            with self.subTest(path=path, method=method):
                caller = self.device if "/audit/" in path or "mrn" in path else self.clinic.person()
                if operation.get("security") == []:
                    caller = self.anonymous
                url = re.sub(r"{[^}]+}", "x", path)
                # A webhook is looked up before the body is read.
                unread = 404 if path == "/api/v1/webhooks/{webhook}" else None
                self.check(caller.request(method.upper(), url, {"surely": "unknown"}), path, unread or 400)
                self.check(caller.request(method.upper(), url, "{"), path, unread or 400)
                self.check(caller.request(method.upper(), url, "x", headers={"Content-Type": "text/plain"}), path,
                           unread or 415)
                self.check(caller.request(method.upper(), url, " " * (40 << 20)), path, 413)

    def test_signing_in(self):
        path = "/auth/token"
        self.check(self.device.token_request(), path, 200)
        self.check(self.device.token_request(self.device.assertion(exp=1)), path, 401)
        person = self.anonymous.form(path, grant_type="password", username=f"admin@{self.clinic.slug}", password=PASSWORD)
        token = self.check(person, path, 200)["refresh_token"]
        self.check(self.anonymous.form(path, grant_type="refresh_token", refresh_token=token), path, 200)
        self.check(self.anonymous.form(path, grant_type="refresh_token", refresh_token=token), path, 400)
        self.check(self.anonymous.form(path, grant_type="magic"), path, 400)
        self.check(self.anonymous.form(path, grant_type="password", username=f"admin@{self.clinic.slug}", password="x"),
                   path, 401)
        for path in ("/.well-known/jwks.json", "/.well-known/smart-configuration",
                     "/fhir/.well-known/smart-configuration"):
            self.check(self.anonymous.get(path), path, 200)

    def test_operation(self):
        for path in ("/health", "/health/live", "/health/ready", "/metrics"):
            self.check(self.anonymous.get(path), path, 200)

    def test_workstations(self):
        admin = self.clinic.person()
        path = "/api/v1/enrolment-codes"
        code = self.check(admin.post(path, self.body(path, "post", {"areas": "front-desk", "hours": 3})), path, 201)["code"]
        self.check(admin.post(path, {"areas": ["x"]}), path, 400)
        self.check(self.device.post(path, {}), path, 403)
        path = "/api/v1/enrolments"
        body = self.body(path, "post", {"code": code, "name": "Desk", "publicKey": Key().jwk})
        enrolled = self.check(self.anonymous.post(path, body), path, 201)
        self.check(self.anonymous.post(path, {**body, "publicKey": Key().jwk}), path, 401)
        self.check(self.anonymous.post(path, {**body, "code": "x"}), path, 400)
        path = "/api/v1/devices"
        self.assertEqual(len(self.check(admin.get(path), path, 200)["devices"]), 2)
        path = "/api/v1/devices/{device}"
        one = f"/api/v1/devices/{enrolled['device']}"
        self.check(admin.get(one), path, 200)
        self.check(admin.get("/api/v1/devices/nobody"), path, 404)
        self.check(admin.request("PATCH", one, self.body(path, "patch", {"name": "Other", "areas": ["vitals"]})), path, 200)
        self.check(admin.delete(f"{one}?wipe=perhaps"), path, 400)
        self.check(admin.delete(f"{one}?wipe=true"), path, 200)

    def test_erasures(self):
        admin = self.clinic.person()
        path = "/api/v1/erasures"
        self.device.author = self.clinic.account("doctor")
        self.device.save({"resourceType": "Patient", "id": "gone"})
        self.device.save({"resourceType": "Appointment", "id": "kept", "status": "proposed", "participant": [
            {"actor": {"reference": f"Patient/{one}"}, "status": "accepted"} for one in ("gone", "other")]})
        body = self.body(path, "post", {"patient": "gone", "legalGround": "GDPR", "reason": "Asked for."})
        self.assertEqual(len(self.check(admin.post(path, body), path, 200)["kept"]), 1)
        self.check(admin.post(path, {**body, "patient": "nobody"}), path, 404)
        self.check(self.device.post(path, body), path, 403)

    def test_people(self):
        admin = self.clinic.person()
        path = "/api/v1/accounts"
        body = self.body(path, "post", {"user": "marek", "role": "nurse", "password": PASSWORD})
        account = self.check(admin.post(path, body), path, 201)["id"]
        self.check(admin.post(path, body), path, 409)
        self.check(admin.post(path, {**body, "user": "weak", "password": "weak"}), path, 400)
        self.check(admin.get(path), path, 200)
        self.check(self.device.get(path), path, 200)
        path, one = "/api/v1/accounts/{account}", f"/api/v1/accounts/{account}"
        self.check(admin.get(one), path, 200)
        self.check(self.device.get(one), path, 200)
        self.check(admin.get("/api/v1/accounts/nobody"), path, 404)
        put = self.body(path, "put", {"user": "marek", "name": "Marek Nowak", "role": "doctor", "active": True})
        self.check(admin.put(one, put), path, 200)
        self.check(admin.put(f"/api/v1/accounts/{uuid.uuid4()}", {**put, "user": "other"}), path, 201)
        path = "/api/v1/accounts/{account}/password"
        self.check(admin.post(f"{one}/password", self.body(path, "post", {"password": PASSWORD + "."})), path, 200)
        self.check(admin.post("/api/v1/accounts/nobody/password", {"password": PASSWORD}), path, 404)
        self.check(admin.post(f"/api/v1/accounts/{self.clinic.account('admin')}/password", {"password": PASSWORD}), path,
                   403)

    def test_the_clinic(self):
        self.check(self.device.get("/api/v1/tenant"), "/api/v1/tenant", 200)
        path = "/api/v1/mrn-blocks"
        self.check(self.device.post(path, self.body(path, "post", {"size": 10})), path, 201)
        self.check(self.clinic.person().post(path, {"size": 10}), path, 403)

    def test_audit(self):
        chain = Chain(self.device).add(3)
        path = "/api/v1/audit/entries"
        self.body(path, "post", {"incarnation": chain.incarnation, "entries": chain.entries})
        self.check(chain.upload(), path, 200)
        broken = Chain(self.device).add(3)
        self.check(broken.upload(broken.entries[1:]), path, 200)
        self.check(Chain(self.device, "server").add(1).upload(), path, 403)
        admin = self.clinic.person()
        for asked in ("", "?count=1", f"?incarnation={chain.incarnation}&patient=p1&account=acc-1&since=2026"):
            self.check(admin.get(path + asked), path, 200)
        self.check(admin.get(f"{path}?count=0"), path, 400)
        path = "/api/v1/audit/checkpoints"
        self.check(chain.checkpoint(), path, 201)
        self.check(chain.checkpoint(), path, 200)
        self.check(chain.checkpoint(seq=9), path, 409)
        self.check(chain.checkpoint(head="11" * 32, seq=2), path, 201)
        self.check(chain.checkpoint(incarnation="nobody"), path, 404)
        self.check(admin.get("/api/v1/audit/chains"), "/api/v1/audit/chains", 200)
        path = "/api/v1/audit/chains/{incarnation}"
        self.check(self.device.get(f"/api/v1/audit/chains/{chain.incarnation}"), path, 200)
        self.check(admin.get(f"/api/v1/audit/chains/{broken.incarnation}"), path, 200)
        self.check(admin.get("/api/v1/audit/chains/nobody"), path, 404)

    def test_jobs(self):
        admin = self.clinic.person()
        self.device.get("/fhir/$export", headers={"Prefer": "respond-async"})
        path = "/api/v1/jobs"
        jobs = self.check(admin.get(path), path, 200)["jobs"]
        self.assertTrue(jobs)
        self.check(admin.get(f"{path}?state=lazy"), path, 400)
        for path in ("/api/v1/jobs/{job}", "/api/v1/jobs/{job}/retry", "/api/v1/jobs/{job}/cancel"):
            method = "GET" if path.endswith("{job}") else "POST"
            self.check(admin.request(method, path.format(job=uuid.uuid4())), path, 404)
            self.check(admin.request(method, path.format(job=jobs[0]["id"])), path)

    def test_webhooks(self):
        admin = self.clinic.person()
        path = "/api/v1/webhooks"
        body = self.body(path, "post", {"url": "https://hooks.example/yarrow", "types": ["Patient"]})
        hook = self.check(admin.post(path, body), path, 201)["id"]
        self.check(admin.post(path, {"url": "http://hooks.example/"}), path, 422)
        self.check(admin.get(path), path, 200)
        path, one = "/api/v1/webhooks/{webhook}", f"/api/v1/webhooks/{hook}"
        self.check(admin.get(one), path, 200)
        self.check(admin.get(f"/api/v1/webhooks/{uuid.uuid4()}"), path, 404)
        self.check(admin.request("PATCH", one, self.body(path, "patch", {"active": False})), path, 200)
        self.check(admin.post(f"{one}/secret"), "/api/v1/webhooks/{webhook}/secret", 200)
        self.check(admin.delete(one), path, 204)


if __name__ == "__main__":
    unittest.main()
