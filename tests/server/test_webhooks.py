#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Webhooks: who may have them, where they may lead, and what arrives."""

import ssl
import time
import unittest

from support.case import ServerTest
from support.client import appointment, patient, put, version_of
from support.receiver import Receiver

HOOKS = "/api/v1/webhooks"


class WebhookCase(ServerTest):
    def new_receiver(self, **how):
        receiver = Receiver(**how)
        self.addCleanup(receiver.close)
        return receiver

    def new_hook(self, clinic, url, **members):
        return self.assert_status(clinic.person().post(HOOKS, {"url": url, **members}), 201)


class DeliveryTest(WebhookCase):
    options = {"allow-insecure-webhooks": True, "allow-private-webhooks": True}

    def test_a_change_is_told_signed_and_without_what_it_holds(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk = clinic.new_device()
        hook = self.new_hook(clinic, receiver.url)
        saved = desk.save(patient(1, birthDate="1961-03-09"))
        delivery = receiver.next()
        self.assertTrue(delivery.is_signed_with(hook["secret"]))
        self.assertFalse(delivery.is_signed_with(hook["secret"] + "x"))
        self.assertEqual(delivery.json["event"], "records.changed")
        self.assertEqual(delivery.json["clinic"], clinic.slug)
        self.assertEqual(delivery.json["changes"],
                         [{"reference": "Patient/p1", "versionId": version_of(saved), "method": "create"}])
        self.assertEqual(set(delivery.json), {"event", "clinic", "fromSeq", "toSeq", "changes"})
        for secret in (b"Weidemann", b"1961"):
            self.assertNotIn(secret, delivery.text)

    def test_every_change_is_told_once_and_in_order(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk = clinic.new_device()
        self.new_hook(clinic, receiver.url)
        for start in range(0, 1200, 300):
            self.assert_status(desk.transaction(*[put(patient(n)) for n in range(start, start + 300)]), 200)
        self.assertEqual(receiver.references(1200), [f"Patient/p{n}" for n in range(1200)])

    def test_only_the_types_asked_for_are_told(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk = clinic.new_device()
        self.new_hook(clinic, receiver.url, types=["Appointment"])
        self.assert_status(desk.save(patient(1)), 201)
        self.assert_status(desk.save(appointment(1, "2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", ["Patient/p1"])), 201)
        self.assertEqual(receiver.next().references, ["Appointment/a1"])

    def test_what_failed_comes_again_later_and_later(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        receiver.answers = [500, 503]
        desk = clinic.new_device()
        hook = self.new_hook(clinic, receiver.url)
        self.assert_status(desk.save(patient(1)), 201)
        attempts = [receiver.next(), receiver.next(), receiver.next()]
        self.assertEqual([a.references for a in attempts], [["Patient/p1"]] * 3)
        self.assertEqual(len({a.headers["Yarrow-Delivery"] for a in attempts}), 1)
        # 2 s, then 4 s, each times 0.75 to 1.25.
        self.assertGreater(attempts[1].at - attempts[0].at, 1.5)
        self.assertGreater(attempts[2].at - attempts[1].at, 3.0)
        shown = self.assert_status(clinic.person().get(f"{HOOKS}/{hook['id']}"), 200)
        self.assertIn("503", shown["lastFailure"])

    def test_changes_during_an_outage_come_with_what_failed(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        receiver.answers = [500]
        desk = clinic.new_device()
        self.new_hook(clinic, receiver.url)
        self.assert_status(desk.save(patient(1)), 201)
        receiver.next()
        self.assert_status(desk.save(patient(2)), 201)
        self.assertEqual(receiver.next().references, ["Patient/p1", "Patient/p2"])

    def test_redirects_are_not_followed(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        receiver.answers = [302]
        desk = clinic.new_device()
        self.new_hook(clinic, receiver.url)
        self.assert_status(desk.save(patient(1)), 201)
        self.assertEqual([receiver.next().path, receiver.next().path], ["/hook", "/hook"])

    def test_a_receiver_that_says_gone_is_dead_until_retried(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        receiver.answers = [410]
        desk, admin = clinic.new_device(), clinic.person()
        self.new_hook(clinic, receiver.url)
        self.assert_status(desk.save(patient(1)), 201)
        receiver.next()
        dead = self.wait_for_jobs(admin, "dead", 1)[0]
        self.assertEqual((dead["kind"], dead["attempts"]), ("webhook", 1))
        self.assertIn("410", dead["lastError"])
        self.assertEqual(self.assert_status(admin.post(f"/api/v1/jobs/{dead['id']}/retry"), 200)["state"], "queued")
        self.assertEqual(receiver.next().references, ["Patient/p1"])
        self.wait_for_jobs(admin, "dead", 0)

    def test_a_resting_webhook_tells_what_it_missed_when_it_wakes(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk, admin = clinic.new_device(), clinic.person()
        hook = self.new_hook(clinic, receiver.url)
        path = f"{HOOKS}/{hook['id']}"
        self.assertFalse(self.assert_status(admin.request("PATCH", path, {"active": False}), 200)["active"])
        self.assert_status(desk.save(patient(1)), 201)
        self.assertTrue(receiver.nothing_more(3))
        self.assert_status(admin.request("PATCH", path, {"active": True}), 200)
        self.assertEqual(receiver.next().references, ["Patient/p1"])

    def test_a_new_secret_signs_and_the_old_one_no_more(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk, admin = clinic.new_device(), clinic.person()
        hook = self.new_hook(clinic, receiver.url)
        renewed = self.assert_status(admin.post(f"{HOOKS}/{hook['id']}/secret"), 200)["secret"]
        self.assert_status(desk.save(patient(1)), 201)
        delivery = receiver.next()
        self.assertTrue(delivery.is_signed_with(renewed))
        self.assertFalse(delivery.is_signed_with(hook["secret"]))

    def test_a_secret_is_shown_once_and_never_stored_in_clear(self):
        clinic = self.new_clinic()
        hook = self.new_hook(clinic, "http://127.0.0.1:9/hook")
        admin = clinic.person()
        for answer in (admin.get(HOOKS), admin.get(f"{HOOKS}/{hook['id']}")):
            self.assertNotIn(hook["secret"], answer.text)
            self.assertNotIn("secret", answer.text)
        self.assertNotIn(hook["secret"], self.database.dump())
        self.assertNotIn(hook["secret"], self.server.log_text())

    def test_a_removed_webhook_is_told_nothing(self):
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk, admin = clinic.new_device(), clinic.person()
        hook = self.new_hook(clinic, receiver.url)
        self.assertEqual(admin.delete(f"{HOOKS}/{hook['id']}").status_code, 204)
        self.assert_status(admin.get(f"{HOOKS}/{hook['id']}"), 404, "no-such-webhook")
        self.assert_status(desk.save(patient(1)), 201)
        self.assertTrue(receiver.nothing_more(3))

    def test_another_clinics_changes_are_not_told_nor_its_webhooks_seen(self):
        clinic, other, receiver = self.new_clinic(), self.new_clinic(), self.new_receiver()
        hook = self.new_hook(clinic, receiver.url)
        self.assert_status(other.new_device().save(patient(1)), 201)
        self.assertTrue(receiver.nothing_more(3))
        self.assertEqual(self.assert_status(other.person().get(HOOKS), 200)["webhooks"], [])
        for method in ("GET", "PATCH", "DELETE"):
            body = {"active": False} if method == "PATCH" else None
            self.assert_status(other.person().request(method, f"{HOOKS}/{hook['id']}", body), 404, "no-such-webhook")
        self.assert_status(other.person().post(f"{HOOKS}/{hook['id']}/secret"), 404, "no-such-webhook")

    def test_only_administrators_have_webhooks(self):
        clinic = self.new_clinic()
        clinic.account("doctor")
        for client, code in ((clinic.person("doctor"), "admin-required"), (clinic.new_device(), "author-required")):
            self.assert_status(client.get(HOOKS), 403, code)
            self.assert_status(client.post(HOOKS, {"url": "https://example.org/"}), 403, code)
        self.assert_status(self.anonymous.get(HOOKS), 401)

    def test_a_certificate_nobody_vouches_for_is_refused(self):
        clinic = self.new_clinic()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate.file, self.certificate.key)
        receiver = self.new_receiver(tls=context)
        desk, admin = clinic.new_device(), clinic.person()
        self.new_hook(clinic, receiver.url)
        self.assert_status(desk.save(patient(1)), 201)
        queued = self.wait_for_jobs(admin, "queued", 1, lambda job: job.get("lastError"))
        self.assertIn("certificate verify failed", queued[0]["lastError"])
        self.assertTrue(receiver.nothing_more(0.5))

    def wait_for_jobs(self, admin, state, count, which=lambda job: True):
        """The clinic's webhook jobs in that state, once there are `count`."""
        until = time.monotonic() + 30
        while True:
            jobs = self.assert_status(admin.get(f"/api/v1/jobs?state={state}"), 200)["jobs"]
            jobs = [job for job in jobs if job["kind"] == "webhook" and which(job)]
            if len(jobs) == count:
                return jobs
            self.assertLess(time.monotonic(), until, jobs)
            time.sleep(0.1)


class DestinationTest(WebhookCase):
    """A server as it is set up for others: nothing unencrypted, nothing inside the house."""

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()

    def test_urls_that_lead_nowhere_good_are_refused(self):
        for url in ("http://example.org/", "ftp://example.org/", "example.org", "", "https://",
                    "https://user:word@example.org/", "https://example.org/#part", "https://example.org:99999/",
                    "https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/",
                    "https://192.168.1.1/", "https://172.20.0.1/", "https://169.254.169.254/latest/meta-data",
                    "https://100.64.0.1/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/",
                    "https://[fe80::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
                    "https://224.0.0.1/", "https://" + "a" * 3000 + ".example/"):
            with self.subTest(url[:60]):
                answer = self.clinic.person().post(HOOKS, {"url": url})
                self.assertIn(answer.status_code, (400, 422), url)
        self.assertEqual(self.clinic.person().get(HOOKS).json()["webhooks"], [])

    def test_a_name_that_stands_for_an_address_inside_is_not_asked(self):
        """The name passes as text (127.1 is no address but a name to look up); what it stands for does not."""
        clinic, receiver = self.new_clinic(), self.new_receiver()
        desk = clinic.new_device()
        hook = self.new_hook(clinic, f"https://127.1:{receiver.port}/")
        self.assert_status(desk.save(patient(1)), 201)
        until = time.monotonic() + 30
        while "lastFailure" not in (shown := clinic.person().get(f"{HOOKS}/{hook['id']}").json()):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.1)
        self.assertIn("no public address", shown["lastFailure"])

    def test_public_names_and_addresses_are_taken(self):
        for url in ("https://example.org/hook?x=1", "https://93.184.216.34/", "https://[2606:2800:220:1::1]:8443/x"):
            with self.subTest(url):
                hook = self.new_hook(self.clinic, url)
                self.assertEqual(self.clinic.person().delete(f"{HOOKS}/{hook['id']}").status_code, 204)

    def test_bodies_that_are_none_are_refused(self):
        for body in ("", "[]", "{", {"types": ["Patient"]}, {"url": 7}, {"url": "https://example.org/", "types": "x"},
                     {"url": "https://example.org/", "types": ["Patiennt"]},
                     {"url": "https://example.org/", "colour": "red"}):
            with self.subTest(body):
                answer = self.clinic.person().post(HOOKS, body, headers={"Content-Type": "application/json"})
                self.assert_status(answer, 400, "bad-request")


if __name__ == "__main__":
    unittest.main()
