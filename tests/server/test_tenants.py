#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two clinics on one server. Each tries everything on what the other has, through every route; and the database keeps
them apart by itself."""

import json
import re
import unittest

from support.case import ServerTest
from support.client import Person, appointment, error_code, patient, put, remove, version_of
from support.cluster import SqlError
from support.feed import Copy
from support.server import PASSWORD

SECRET = "Kornblumental"  # a word that stands in the other clinic's records and nowhere else


class Tenants(ServerTest):
    @classmethod
    def prepare(cls):
        cls.ours = cls.new_clinic("ours")
        cls.theirs = cls.new_clinic("theirs")
        cls.device = cls.ours.new_device()
        cls.stranger = cls.theirs.new_device()
        cls.version = version_of(cls.stranger.save(
            patient("shared", name=[{"family": SECRET}], identifier=[{"system": "urn:mrn", "value": "1"}]),
            if_none_match="*"))
        cls.stranger.save(patient("only-theirs", name=[{"family": SECRET}]), if_none_match="*")
        cls.stranger.save(appointment("slot", "2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z",
                                      ["Practitioner/one"], description=SECRET), if_none_match="*")

    def assert_nothing_of_theirs(self, answer):
        for word in (SECRET, self.stranger.tenant, self.stranger.id, self.version):
            self.assertNotIn(word, answer.text, f"{answer.request.method} {answer.request.url}")

    # ---- FHIR ---------------------------------------------------------------------------------------------------

    def test_a_record_of_the_other_clinic_is_not_there(self):
        for path in ("Patient/only-theirs", "Patient/only-theirs/_history",
                     f"Patient/only-theirs/_history/{self.version}", f"Patient/shared/_history/{self.version}"):
            answer = self.device.read(path)
            self.assert_status(answer, 404)

    def test_searches_and_feeds_hold_nothing_of_the_other_clinic(self):
        for path in ("Patient", f"Patient?name={SECRET}", "Patient?_id=only-theirs", "Patient?identifier=urn:mrn|1",
                     "Appointment", "Appointment?actor=Practitioner/one", "_history", "_history?_sort=_lastUpdated",
                     "Patient/_history", "Patient?_summary=count"):
            answer = self.device.get(f"/fhir/{path}")
            said = self.assert_status(answer, 200)
            # The request's own words come back in the self link.
            said.pop("link", None)
            self.assertNotIn(SECRET, json.dumps(said), path)
            self.assertNotIn("only-theirs", json.dumps(said), path)

    def test_the_same_id_is_another_record_here(self):
        mine = version_of(self.device.save(patient("shared", gender="other"), if_none_match="*"))
        self.assertNotIn("gender", self.stranger.read("Patient/shared").json())
        self.assertEqual(version_of(self.stranger.read("Patient/shared")), self.version)
        self.device.remove("Patient/shared", if_match=mine)
        self.assert_status(self.stranger.read("Patient/shared"), 200)

    def test_writes_with_the_others_versions_change_nothing(self):
        for answer in (self.device.save(patient("only-theirs"), if_match=self.version),
                       self.device.remove("Patient/only-theirs", if_match=self.version),
                       self.device.remove("Patient/only-theirs")):
            self.assertIn(answer.status_code, (404, 412), answer.text)
        entries = self.device.batch(put(patient("only-theirs"), if_match=self.version),
                                    remove("Patient/only-theirs", if_match=self.version)).json()["entry"]
        for entry in entries:
            self.assertIn(entry["response"]["status"].split()[0], ("404", "412", "409"))
        self.assert_status(self.stranger.read("Patient/only-theirs"), 200)

    def test_numbers_and_slots_of_the_other_clinic_are_free_here(self):
        made = patient("mine", identifier=[{"system": "urn:mrn", "value": "1", "type": {"coding": [{"code": "MR"}]}}])
        self.assert_status(self.device.save(made, if_none_match="*"), 201)
        self.assert_status(self.device.save(appointment(
            "slot", "2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z", ["Practitioner/one"]), if_none_match="*"), 201)
        answer = self.device.create(patient("x"), headers={"If-None-Exist": f"name={SECRET}"})
        self.assert_status(answer, 201)

    def test_page_links_of_the_other_clinic_show_nothing_of_it(self):
        for path in ("/fhir/Patient?_count=1", "/fhir/_history?_count=1", "/fhir/_history?_sort=_lastUpdated&_count=1",
                     "/fhir/Patient/_history?_count=1"):
            page = self.assert_status(self.stranger.get(path), 200)
            following = next((one["url"] for one in page["link"] if one["relation"] == "next"), None)
            self.assertTrue(following, path)
            answer = self.device.get(following)
            self.assertNotIn(SECRET, answer.text)
            self.assertNotIn("only-theirs", answer.text.replace("_page", ""))

    def test_the_authors_of_the_other_clinic_are_nobody_here(self):
        answer = self.device.save(patient("x"), if_none_match="*", author=self.theirs.account("admin"))
        self.assert_status(answer, 403, "author-unknown")

    def test_the_change_feeds_are_numbered_apart(self):
        ours, theirs = Copy(self.device).pull(), Copy(self.stranger).pull()
        self.assertEqual(ours.problems(), [])
        self.assertEqual(theirs.problems(), [])
        self.assertNotEqual(ours.meta["epoch"], theirs.meta["epoch"])

    # ---- everything else ----------------------------------------------------------------------------------------

    def test_every_route_of_the_api_refuses_the_others_ids(self):
        """Every path of the OpenAPI document, with ids of the other clinic in its braces, by every method, as a device
        and as an administrator."""
        paths = self.assert_status(self.anonymous.get("/api/v1/openapi.json"), 200)["paths"]
        ids = [self.stranger.id, self.stranger.client_id, self.theirs.account("admin"), self.stranger.tenant,
               self.theirs.slug, *(row[0] for row in self.database.sql(
                   f"SELECT DISTINCT device FROM mrn_block WHERE tenant_id = '{self.stranger.tenant}'"))]
        before = self.state_of(self.stranger.tenant)
        tried = 0
        admin = self.ours.person()
        for path, methods in paths.items():
            if "{" not in path:
                continue
            for method in set(methods) & {"get", "put", "post", "delete", "patch"}:
                for one in ids:
                    url = re.sub(r"\{[^}]+\}", one, path)
                    for caller in (admin, self.device):
                        answer = caller.request(method.upper(), url, "{}" if method != "get" else None)
                        tried += 1
                        # 204 for a deletion of nothing would be as true as 404; what counts is the state below.
                        self.assertIn(answer.status_code, (204, 400, 403, 404, 405, 409, 410, 415, 422, 428),
                                      f"{method} {url} {answer.text}")
                        if SECRET in answer.text:
                            self.fail(f"{method} {url} tells: {answer.text}")
        self.assertGreater(tried, 10)
        self.assertEqual(self.state_of(self.stranger.tenant), before)
        self.assert_status(self.stranger.read("Patient/only-theirs"), 200)

    def test_what_the_api_would_accept_of_its_own_changes_nothing_of_the_others(self):
        """The requests with a body once more, with bodies that are accepted for ids of the own clinic."""
        admin = self.ours.person()
        mine = self.ours.new_device()
        account = self.ours.account("admin")
        other = self.assert_status(admin.post("/api/v1/accounts", {"user": "second", "role": "doctor",
                                                                   "password": PASSWORD}), 201)["id"]
        hook = {"url": "https://example.org/hook", "types": ["Patient"]}
        own_hook = self.assert_status(admin.post("/api/v1/webhooks", hook), 201)["id"]
        their_hook = self.assert_status(self.theirs.person().post("/api/v1/webhooks", hook), 201)["id"]
        # What is sent, an id of the own clinic that takes it, and one of the other's.
        cases = {("/api/v1/devices/{device}", "patch"):
                 ({"name": "Taken over", "areas": ["patient-identity"]}, mine.id, self.stranger.id),
                 ("/api/v1/accounts/{account}", "put"):
                 ({"user": "second", "name": "Taken over", "role": "receptionist", "active": False}, other,
                  self.theirs.account("admin")),
                 ("/api/v1/accounts/{account}/password", "post"):
                 ({"password": PASSWORD + " taken over"}, other, self.theirs.account("admin")),
                 ("/api/v1/webhooks/{webhook}", "patch"): ({"active": False}, own_hook, their_hook)}
        self.assertNotEqual(account, other)
        paths = self.assert_status(self.anonymous.get("/api/v1/openapi.json"), 200)["paths"]
        asked = {(path, method) for path, methods in paths.items() for method, operation in methods.items()
                 if "{" in path and method in ("put", "post", "patch") and "requestBody" in operation}
        self.assertEqual(asked, set(cases), "a new route needs its case here")
        before = self.state_of(self.stranger.tenant)
        devices = self.devices_of(self.stranger.tenant)
        for (path, method), (body, own, theirs) in cases.items():
            url = re.sub(r"\{[^}]+\}", theirs, path)
            answer = admin.request(method.upper(), url, body)
            self.assertIn(answer.status_code, (404, 409), f"{method} {url} {answer.text}")
            self.assert_nothing_of_theirs(answer)
            url = re.sub(r"\{[^}]+\}", own, path)
            answer = admin.request(method.upper(), url, body)
            self.assertEqual(answer.status_code, 200, f"{method} {url} {answer.text}")
        self.assertEqual(self.state_of(self.stranger.tenant), before)
        self.assertEqual(self.devices_of(self.stranger.tenant), devices)

    def test_lists_hold_the_own_clinic_only(self):
        paths = self.assert_status(self.anonymous.get("/api/v1/openapi.json"), 200)["paths"]
        theirs = {self.stranger.id, self.stranger.tenant, self.theirs.account("admin"), self.theirs.slug, SECRET}
        for path, methods in paths.items():
            if "get" in methods and "{" not in path:
                for caller in (self.ours.person(), self.device):
                    answer = caller.get(path)
                    self.assertLess(answer.status_code, 500, f"{path} {answer.text}")
                    for one in theirs:
                        self.assertNotIn(one, answer.text, path)

    def test_a_password_of_one_clinic_opens_no_other(self):
        self.theirs.person().post("/api/v1/accounts", {"user": "solo", "role": "doctor", "password": PASSWORD})
        stray = Person(self.server.url, self.certificate.file, f"solo@{self.ours.slug}", PASSWORD)
        answer = stray.token_request()
        self.assertIn(answer.status_code, (400, 401), answer.text)
        self.assertEqual(answer.json()["error"], "invalid_grant")

    def test_a_device_cannot_name_another_clinic_in_its_assertion(self):
        for claims in ({"iss": self.stranger.client_id, "sub": self.stranger.client_id},
                       {"iss": f"{self.stranger.tenant}.{self.device.id}", "sub": f"{self.stranger.tenant}.{self.device.id}"},
                       {"sub": self.stranger.client_id}):
            answer = self.device.token_request(self.device.assertion(**claims))
            self.assertIn(answer.status_code, (400, 401), answer.text)
            self.assertEqual(answer.json()["error"], "invalid_client")

    def state_of(self, tenant):
        """Everything the database keeps of a clinic, but for what reading changes."""
        tables = [row[0] for row in self.database.sql(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = 'tenant_id' ORDER BY 1")]
        quiet = [t for t in tables if t not in ("assertion_seen", "refresh_token", "audit_entry", "device")
                 and "audit" not in t]
        return {t: self.database.sql(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {t} t "
                                     f"WHERE tenant_id = '{tenant}'") for t in quiet}

    def devices_of(self, tenant):
        """What an administrator can change of the workstations."""
        return self.database.sql(f"SELECT device_id, name, areas, revoked_at IS NULL FROM device WHERE tenant_id = '{tenant}' "
                                 f"ORDER BY device_id")


class RowSecurity(ServerTest):
    """The database as the server's own role sees it."""

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()
        cls.device.save(patient("p"), if_none_match="*")
        cls.other = cls.new_clinic().new_device()
        cls.tables = {row[0]: row[1] == "t" for row in cls.database.sql(
            "SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid "
            "AND a.attname = 'tenant_id' AND NOT a.attisdropped) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1")}
        cls.shared = {row[0] for row in cls.database.sql(
            "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'of_all'")}

    def as_app(self, text, tenant=None):
        setting = f"SET yarrow.tenant = '{tenant}';" if tenant else ""
        return self.database.sql(setting + text, role="yarrow_app")

    def test_every_table_has_row_security_enabled_and_forced(self):
        rows = self.database.sql(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
            "AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)")
        self.assertLessEqual({row[0] for row in rows}, {"schema_migration", "migration"}, rows)

    def test_the_tenant_leads_every_primary_key_of_a_clinics_table(self):
        rows = self.database.sql(
            "SELECT i.indrelid::regclass, a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
            "AND a.attnum = i.indkey[0] WHERE i.indisprimary AND i.indrelid::regclass::text = ANY ("
            f"ARRAY[{','.join(repr(t) for t, of_clinic in self.tables.items() if of_clinic)}])")
        wrong = [row for row in rows if row[1] != "tenant_id" and row[0] not in self.shared]
        self.assertEqual(wrong, [])

    def test_without_a_clinic_no_row_of_any_clinics_table_is_seen(self):
        seen = 0
        for table, of_clinic in self.tables.items():
            if of_clinic and table not in self.shared:
                everything = int(self.database.value(f"SELECT count(*) FROM {table}"))
                seen += everything
                self.assertEqual(self.as_app(f"SELECT count(*) FROM {table}"), [("0",)], table)
                self.assertEqual(self.as_app(f"SELECT count(*) FROM {table}", "00000000-0000-0000-0000-000000000000"),
                                 [("0",)], table)
        self.assertGreater(seen, 5)

    def test_within_a_clinic_only_its_rows_are_seen(self):
        for table, of_clinic in self.tables.items():
            if of_clinic and table not in self.shared:
                tenants = self.as_app(f"SELECT DISTINCT tenant_id FROM {table}", self.device.tenant)
                self.assertLessEqual(tenants, [(self.device.tenant,)], table)

    def test_rows_of_another_clinic_cannot_be_written(self):
        with self.assertRaises(SqlError):
            self.as_app(f"INSERT INTO mrn VALUES ('{self.other.tenant}', 's', 'v', 'p')", self.device.tenant)
        with self.assertRaises(SqlError):
            self.as_app(f"UPDATE resource SET tenant_id = '{self.other.tenant}'", self.device.tenant)
        before = self.database.value("SELECT count(*) FROM device")
        self.as_app(f"DELETE FROM device WHERE tenant_id = '{self.other.tenant}'", self.device.tenant)
        self.assertEqual(self.database.value("SELECT count(*) FROM device"), before)

    def test_the_servers_role_can_neither_lift_nor_pass_the_rules(self):
        for text in ("ALTER TABLE resource DISABLE ROW LEVEL SECURITY", "DROP POLICY of_clinic ON resource",
                     "SET ROLE yarrow_owner", "SET ROLE postgres", "CREATE TABLE loot (x int)",
                     "SET SESSION AUTHORIZATION postgres", "COPY resource TO PROGRAM 'cat'",
                     "ALTER ROLE yarrow_app BYPASSRLS", "TRUNCATE resource"):
            with self.assertRaises(SqlError, msg=text):
                self.as_app(text, self.device.tenant)

    def test_tables_shared_by_all_clinics_hold_no_content(self):
        """What they may hold: names of clinics, hashes, keys of the server, bookkeeping of the queue."""
        for table in self.shared:
            rows = self.database.sql(f"SELECT t::text FROM {table} t")
            self.assertNotIn("Weidemann", str(rows), table)


if __name__ == "__main__":
    unittest.main()
