#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done beside the requests: that every job is done, by one process at a time, whoever dies meanwhile; clean-up
and retention."""

import threading
import time
import unittest

from support.case import ServerTest
from support.client import patient, version_of
from support.receiver import Receiver
from support.server import run
from test_audit import Chain

HOOKS = "/api/v1/webhooks"
WEBHOOKS = {"allow-insecure-webhooks": True, "allow-private-webhooks": True}


class JobCase(ServerTest):
    """The first process answers requests and does no jobs."""

    options = {**WEBHOOKS, "job-threads": 0, "job-lease": 2}

    def new_receiver(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        return receiver

    def new_worker(self):
        """A process that does jobs, until the end of the test."""
        worker = self.add_server(**{"job-threads": 2})
        self.addCleanup(worker.kill)
        return worker

    def clinic_with_webhook(self, receiver):
        clinic = self.new_clinic()
        self.assert_status(clinic.person().post(HOOKS, {"url": receiver.url}), 201)
        return clinic, clinic.new_device()

    def jobs(self, clinic, kind):
        found = self.assert_status(clinic.person().get("/api/v1/jobs"), 200)["jobs"]
        return [job for job in found if job["kind"] == kind]

    def wait_for(self, what, timeout=30):
        """What `what` returns, once that is true."""
        until = time.monotonic() + timeout
        while not (found := what()):
            self.assertLess(time.monotonic(), until, "it did not happen")
            time.sleep(0.05)
        return found

    def command(self, *words, check=True):
        return run("jobs", *words, "--database", self.database.app_uri, "--key-file", self.folder / "server.key",
                   "--allow-insecure-webhooks", "--allow-private-webhooks", check=check)

    def ids(self, *words):
        return [line.split()[0] for line in self.command("list", *words).stdout.splitlines()]

    def drain(self):
        self.command("drain", "--seconds", "60")


class WorkerTest(JobCase):
    def test_the_job_of_a_killed_worker_is_done_by_another(self):
        receiver = self.new_receiver()
        never = threading.Event()
        self.addCleanup(never.set)
        receiver.answers = [lambda: never.wait() and 204]
        first = self.new_worker()
        clinic, desk = self.clinic_with_webhook(receiver)
        self.assert_status(desk.save(patient(1)), 201)
        receiver.next()  # it hangs, and the first worker with it
        self.new_worker()
        first.kill()
        killed = time.monotonic()
        self.assertEqual(receiver.next().references, ["Patient/p1"])
        self.assertLess(time.monotonic() - killed, 10)
        [job] = self.wait_for(lambda: [j for j in self.jobs(clinic, "webhook") if j["state"] == "done"])
        self.assertEqual(job["attempts"], 2)

    def test_a_job_that_outlives_its_lease_is_done_once_as_long_as_its_worker_lives(self):
        receiver = self.new_receiver()
        receiver.answers = [lambda: time.sleep(7) or 204]
        self.new_worker()
        self.new_worker()
        clinic, desk = self.clinic_with_webhook(receiver)
        self.assert_status(desk.save(patient(1)), 201)
        receiver.next()
        self.assertTrue(receiver.nothing_more(9))
        [job] = self.jobs(clinic, "webhook")
        self.assertEqual((job["state"], job["attempts"]), ("done", 1))

    def test_a_server_that_stops_finishes_its_jobs(self):
        receiver = self.new_receiver()
        asked = threading.Event()
        receiver.answers = [lambda: asked.wait(20) and time.sleep(1) or 204]
        worker = self.new_worker()
        clinic, desk = self.clinic_with_webhook(receiver)
        self.assert_status(desk.save(patient(1)), 201)
        receiver.next()
        threading.Timer(0.5, asked.set).start()
        self.assertEqual(worker.stop(), 0)
        [job] = self.jobs(clinic, "webhook")
        self.assertEqual((job["state"], job["attempts"]), ("done", 1))

    def test_what_waits_is_done_once_by_many_workers(self):
        receivers = [self.new_receiver() for _ in range(8)]
        desks = [self.clinic_with_webhook(receiver)[1] for receiver in receivers]
        for desk in desks:
            self.assert_status(desk.save(patient(1)), 201)
        for _ in range(3):
            self.new_worker()
        for receiver in receivers:
            self.assertEqual(receiver.next().references, ["Patient/p1"])
        for receiver in receivers:
            self.assertTrue(receiver.nothing_more(0.2))


class CommandTest(JobCase):
    def test_jobs_are_listed_cancelled_and_drained(self):
        receiver = self.new_receiver()
        clinic, desk = self.clinic_with_webhook(receiver)
        self.assert_status(desk.save(patient(1)), 201)
        [job] = self.jobs(clinic, "webhook")
        self.assertEqual(job["state"], "queued")
        self.assertIn(job["id"], self.ids())
        self.assertIn(job["id"], self.ids("--state", "queued", "--tenant", clinic.slug))
        self.assertNotIn(job["id"], self.ids("--state", "dead"))
        self.command("cancel", job["id"])
        self.assertIn(job["id"], self.ids("--state", "cancelled"))
        self.drain()
        self.assertTrue(receiver.nothing_more(0.2))
        # What the cancelled one would have told comes with the next.
        self.assert_status(desk.save(patient(2)), 201)
        self.wait_for(lambda: self.drain() or not receiver.arrived.empty())
        self.assertEqual(receiver.next().references, ["Patient/p1", "Patient/p2"])

    def test_a_dead_job_begins_anew_when_retried(self):
        receiver = self.new_receiver()
        receiver.answers = [410]
        _, desk = self.clinic_with_webhook(receiver)
        self.assert_status(desk.save(patient(1)), 201)
        self.wait_for(lambda: self.drain() or not receiver.arrived.empty())
        receiver.next()
        [dead] = self.ids("--state", "dead")
        self.assertNotEqual(self.command("cancel", "7", check=False).returncode, 0)
        self.command("retry", dead)
        refused = self.command("retry", dead, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("failed for good", refused.stderr)
        self.drain()
        self.assertEqual(receiver.next().references, ["Patient/p1"])
        self.assertEqual(self.ids("--state", "dead"), [])

    def test_wrong_words_are_refused(self):
        self.assertNotEqual(self.command("retry", "00000000-0000-0000-0000-000000000000", check=False).returncode, 0)
        self.assertNotEqual(self.command("list", "--tenant", "nowhere", check=False).returncode, 0)
        self.assertNotEqual(self.command("list", "--state", "tired", check=False).returncode, 0)


class IsolationTest(JobCase):
    def test_a_clinic_sees_its_own_jobs_only(self):
        clinic, desk = self.clinic_with_webhook(self.new_receiver())
        other = self.new_clinic()
        self.assert_status(desk.save(patient(1)), 201)
        [job] = self.jobs(clinic, "webhook")
        self.assertEqual(self.jobs(other, "webhook"), [])
        self.assert_status(other.person().get(f"/api/v1/jobs/{job['id']}"), 404, "no-such-job")
        for what in ("retry", "cancel"):
            self.assert_status(other.person().post(f"/api/v1/jobs/{job['id']}/{what}"), 404, "no-such-job")
        self.assertEqual(self.jobs(clinic, "webhook")[0]["state"], "queued")

    def test_only_administrators_see_jobs(self):
        clinic = self.new_clinic()
        clinic.account("doctor")
        for client, code in ((clinic.person("doctor"), "admin-required"), (clinic.new_device(), "author-required")):
            self.assert_status(client.get("/api/v1/jobs"), 403, code)
        self.assert_status(self.anonymous.get("/api/v1/jobs"), 401)
        self.assert_status(clinic.person().get("/api/v1/jobs?state=tired"), 400, "bad-parameter")

    def test_the_shared_queue_holds_no_content_and_the_jobs_stay_with_their_clinic(self):
        _, desk = self.clinic_with_webhook(self.new_receiver())
        self.assert_status(desk.save(patient(1)), 201)
        columns = [row[0] for row in self.database.sql("SELECT column_name FROM information_schema.columns "
                                                       "WHERE table_name = 'job_queue'")]
        self.assertEqual(set(columns), {"job_id", "tenant_id", "kind", "state", "run_at", "lease"})
        self.assertNotEqual(self.database.value("SELECT count(*) FROM job"), "0")
        self.assertEqual(self.database.value("SELECT count(*) FROM job", role="yarrow_app"), "0")
        for table in ("webhook", "export", "export_file"):
            self.assertEqual(self.database.value(f"SELECT count(*) FROM {table}", role="yarrow_app"), "0")


class UpkeepTest(JobCase):
    def new_desk_with_upkeep(self):
        """A desk of a clinic whose daily jobs wait."""
        clinic = self.new_clinic()
        desk = clinic.new_device()
        worker = self.new_worker()
        self.wait_for(lambda: self.jobs(clinic, "retention"))
        worker.stop()
        return clinic, desk

    def do_upkeep(self):
        self.database.sql("UPDATE job_queue SET run_at = now()")
        self.drain()

    def age(self, desk, days):
        """Everything the clinic has happened that much earlier."""
        shift = f"last_updated = last_updated - interval '{days} days'"
        for table in ("version", "clinic"):
            self.database.sql(f"UPDATE {table} SET {shift} WHERE tenant_id = '{desk.tenant}'")
        self.database.sql(f"UPDATE operation SET at = at - interval '{days} days' WHERE tenant_id = '{desk.tenant}'")

    def versions(self, desk):
        return [int(row[0]) for row in
                self.database.sql(f"SELECT seq FROM version WHERE tenant_id = '{desk.tenant}' ORDER BY seq")]

    def test_daily_jobs_are_enqueued_once_a_day_whoever_starts(self):
        clinic, _ = self.new_desk_with_upkeep()
        self.new_worker().stop()
        self.new_worker().stop()
        self.assertEqual(len(self.jobs(clinic, "retention")), 1)
        self.assertEqual(len(self.jobs(clinic, "token-cleanup")), 1)
        self.do_upkeep()
        self.new_worker().stop()
        self.assertEqual([j["state"] for j in self.jobs(clinic, "retention")], ["done"])
        self.assertEqual([j["state"] for j in self.jobs(clinic, "token-cleanup")], ["done"])

    def test_retention_forgets_old_history_and_keeps_what_is_present(self):
        _, desk = self.new_desk_with_upkeep()
        saved = [version_of(desk.save(patient(n), operation=f"op-{n}")) for n in range(1, 4)]  # 1, 2, 3
        changed = version_of(desk.save(patient(1, gender="male"), if_match=saved[0]))  # 4 takes the place of 1
        self.assert_status(desk.remove("Patient/p2", if_match=saved[1]), 204)  # 5 of 2
        self.age(desk, 400)
        desk.save(patient(3, gender="female"), if_match=saved[2])  # 6 of 3, today
        before = [page for page in desk.feed(since="2000-01-01T00:00:00Z")][-1]
        self.do_upkeep()
        self.assertEqual(self.versions(desk), [3, 4, 6])
        self.assertEqual(self.database.sql(f"SELECT floor_seq, floor_time < now() - interval '390 days' FROM clinic "
                                           f"WHERE tenant_id = '{desk.tenant}'"), [("5", "t")])
        self.assertEqual(version_of(desk.read("Patient/p1")), changed)
        self.assertEqual(desk.read(f"Patient/p1/_history/{saved[0]}").status_code, 404)
        self.assertEqual(desk.read("Patient/p2").status_code, 404)
        self.assertEqual(self.database.value(f"SELECT count(*) FROM operation WHERE tenant_id = '{desk.tenant}'"), "0")
        # Who stopped below the floor begins anew; who is above goes on.
        self.assert_status(desk.get("/fhir/_history?_sort=_lastUpdated&_since=2000-01-01T00:00:00Z"), 410, "feed-floor")
        floor = self.database.value("SELECT to_char(floor_time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
                                    f"FROM clinic WHERE tenant_id = '{desk.tenant}'")
        pages = list(desk.feed(since=floor))
        self.assertEqual([e["resource"]["id"] for page in pages for e in page["entry"]], ["p3"])
        # The count and digest of what is there are untouched.
        self.assertEqual(pages[-1]["meta"], {**before["meta"], "extension": pages[-1]["meta"]["extension"]})

    def test_old_audit_entries_are_emptied_by_category_and_the_chains_still_verify(self):
        clinic, desk = self.new_desk_with_upkeep()
        chain = Chain(desk)
        for category, days in (("health-data", 3700), ("health-data", 3600), ("payments", 3700), ("payments", 3600),
                               ("authentication", 800), ("authentication", 700), ("administration", 1100),
                               ("administration", 1000), ("other", 9000)):
            chain.add(1, category=category)
            self.assert_status(chain.upload(chain.entries[-1:]), 200)
            self.database.sql("SET session_replication_role = replica; UPDATE audit_entry SET received_at = received_at - "
                              f"interval '{days} days' WHERE incarnation = '{chain.incarnation}' AND seq = {chain.seq}")
        self.do_upkeep()
        rows = self.database.sql("SELECT seq, purged, reason = '' FROM audit_entry "
                                 f"WHERE incarnation = '{chain.incarnation}' ORDER BY seq")
        self.assertEqual([int(seq) for seq, purged, empty in rows if (purged, empty) == ("t", "t")], [1, 3, 5, 7])
        self.assertEqual([int(seq) for seq, purged, empty in rows if (purged, empty) == ("f", "f")], [2, 4, 6, 8, 9])
        told = self.database.sql(f"SELECT detail FROM audit_entry WHERE tenant_id = '{desk.tenant}' "
                                 "AND action = 'audit-purged' ORDER BY seq")
        self.assertEqual([row[0] for row in told], [f"category={category} entries=1" for category in
                                                    ("health-data", "payments", "authentication", "administration")])
        run("audit", "verify", "--tenant", clinic.slug, "--database", self.database.app_uri)

    def test_young_history_stays(self):
        _, desk = self.new_desk_with_upkeep()
        first = version_of(desk.save(patient(1)))
        desk.save(patient(1, gender="male"), if_match=first)
        self.age(desk, 300)
        self.do_upkeep()
        self.assertEqual(self.versions(desk), [1, 2])
        self.assertEqual(desk.read(f"Patient/p1/_history/{first}").status_code, 200)

    def test_a_deleted_record_that_was_made_again_stays(self):
        _, desk = self.new_desk_with_upkeep()
        first = version_of(desk.save(patient(1)))
        removed = desk.remove("Patient/p1", if_match=first)
        self.assert_status(removed, 204)
        self.assertIn(desk.save(patient(1), if_match=version_of(removed)).status_code, (200, 201))
        self.age(desk, 400)
        self.do_upkeep()
        self.assertEqual(self.versions(desk), [3])
        self.assertEqual(desk.read("Patient/p1").status_code, 200)

    def test_more_history_than_one_step_takes_goes_too(self):
        _, desk = self.new_desk_with_upkeep()
        self.assert_status(desk.save(patient(1)), 201)
        # Twelve hundred versions of one record.
        self.database.sql(f"""
            INSERT INTO version SELECT tenant_id, n, type, id, 'update', epoch, last_updated + n * interval '1 s', area,
                area, n - 1, body, author, device FROM version, generate_series(2, 1200) n
                WHERE tenant_id = '{desk.tenant}';
            UPDATE resource SET seq = 1200 WHERE tenant_id = '{desk.tenant}';
            UPDATE clinic SET seq = 1200, last_updated = last_updated + interval '1200 s'
                WHERE tenant_id = '{desk.tenant}'""")
        self.age(desk, 500)
        self.do_upkeep()
        self.assertEqual(self.versions(desk), [1200])

    def test_what_has_run_out_is_cleaned_up_and_the_rest_stays(self):
        _, desk = self.new_desk_with_upkeep()
        tenant = f"'{desk.tenant}'"
        self.database.sql(f"""
            INSERT INTO assertion_seen VALUES ({tenant}, 'd', sha256('a'), now() - interval '1 h'),
                ({tenant}, 'd', sha256('b'), now() + interval '1 h');
            INSERT INTO refresh_token (tenant_id, token_hash, family, account_id, expires_at) VALUES
                ({tenant}, sha256('a'), gen_random_uuid(), 'x', now() - interval '1 h'),
                ({tenant}, sha256('b'), gen_random_uuid(), 'x', now() + interval '1 h');
            INSERT INTO enrolment_code_directory VALUES (sha256('a'), {tenant}, now() - interval '1 h'),
                (sha256('b'), {tenant}, now() + interval '1 h');
            INSERT INTO export (tenant_id, export_id, job_id, owner, request, areas, expires_at) VALUES
                ({tenant}, gen_random_uuid(), gen_random_uuid(), 'device/x', '', 'all', now() - interval '1 h'),
                ({tenant}, gen_random_uuid(), gen_random_uuid(), 'device/x', '', 'all', now() + interval '1 h');
            INSERT INTO export_file SELECT tenant_id, export_id, 1, 'output', 'Patient', 1, '' FROM export
                WHERE tenant_id = {tenant};
            INSERT INTO job (tenant_id, job_id, kind, state, finished_at) VALUES
                ({tenant}, gen_random_uuid(), 'old', 'done', now() - interval '8 days'),
                ({tenant}, gen_random_uuid(), 'old', 'done', now() - interval '6 days')""")
        self.do_upkeep()

        def left(table, which="true"):
            return int(self.database.value(f"SELECT count(*) FROM {table} WHERE tenant_id = {tenant} AND {which}"))
        for table in ("assertion_seen", "enrolment_code_directory", "export"):
            self.assertEqual(left(table, "expires_at < now()"), 0, table)
        for table in ("refresh_token", "export", "export_file"):
            self.assertEqual(left(table, "true" if table != "refresh_token" else "account_id = 'x'"), 1, table)
        self.assertEqual(left("assertion_seen", "jti_hash = sha256('b')"), 1)
        self.assertEqual(left("job", "kind = 'old'"), 1)


if __name__ == "__main__":
    unittest.main()
