#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions and their WebSockets: who may bind what, what a change says to whom, and how a socket ends."""

import datetime
import signal
import unittest

from support.case import ServerTest
from support.client import patient
from support.server import run
from support.websocket import Closed, Refused, WebSocket


def subscription(criteria="Patient?", **members):
    return {"resourceType": "Subscription", "status": "requested", "reason": "live updates", "criteria": criteria,
            "channel": {"type": "websocket"}, **members}


class LiveTest(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def subscribe(self, caller, criteria="Patient?", **members):
        made = self.assert_status(caller.post("/fhir/Subscription", subscription(criteria, **members)), 201)
        return made["id"]

    def socket(self, caller, server=None):
        opened = WebSocket((server or self.server).url, self.certificate.file, caller)
        self.addCleanup(opened.close)
        return opened

    def bound(self, caller, criteria="Patient?", server=None):
        """A socket that is bound to a subscription of its own, and the subscription's id."""
        made = self.subscribe(caller, criteria)
        opened = self.socket(caller, server)
        self.assertEqual(opened.ask(f"bind {made}"), f"bound {made}")
        return opened, made

    def assert_silent(self, opened):
        """Nothing is on its way: what is asked now is answered first."""
        self.assertTrue(opened.ask("bind no-such-one").startswith("error no-such-subscription"))

    def change(self, device=None, number=1, **members):
        self.assertIn((device or self.device).save(patient(number, **members)).status_code, (200, 201))


class Subscriptions(LiveTest):
    def test_isActiveOnceItIsStored_andComesBackAsItWasSent(self):
        sent = subscription(contact=[{"system": "phone", "value": "1"}])
        answer = self.device.post("/fhir/Subscription", sent)
        made = self.assert_status(answer, 201)
        self.assertEqual(made["status"], "active")
        self.assertEqual(made["contact"], sent["contact"])
        self.assertTrue(answer.headers["Location"].endswith("/fhir/Subscription/" + made["id"]))
        read = self.assert_status(self.device.get(f"/fhir/Subscription/{made['id']}"), 200)
        self.assertEqual(read, made)
        listed = self.assert_status(self.device.get("/fhir/Subscription"), 200)
        self.assertIn(made["id"], [entry["resource"]["id"] for entry in listed["entry"]])

    def test_criteriaWithMoreThanTypes_areRefused(self):
        for criteria in ("Patient?name=a", "Observation?code=1", "?_lastUpdated=gt2020", "Nothing?", "AuditEvent?"):
            answer = self.device.post("/fhir/Subscription", subscription(criteria))
            self.assert_status(answer, 422, "bad-criteria")

    def test_otherChannels_areRefused(self):
        for channel in ({"type": "rest-hook", "endpoint": "https://example.org"}, {"type": "email"},
                        {"type": "websocket", "payload": "application/fhir+json"}):
            answer = self.device.post("/fhir/Subscription", subscription(channel=channel))
            self.assert_status(answer, 422, "bad-channel")

    def test_anEndBeyondThirtyDays_orInThePast_isRefused(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        for days in (31, -1):
            end = (now + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            self.assert_status(self.device.post("/fhir/Subscription", subscription(end=end)), 422, "bad-value")

    def test_othersAreNotSeen(self):
        made = self.subscribe(self.device)
        other = self.clinic.new_device()
        self.assert_status(other.get(f"/fhir/Subscription/{made}"), 404, "not-found")
        self.assert_status(other.delete(f"/fhir/Subscription/{made}"), 404)
        taken = subscription(id=made)
        self.assert_status(other.put(f"/fhir/Subscription/{made}", taken), 412, "already-exists")
        elsewhere = self.new_clinic().new_device()
        self.assert_status(elsewhere.get(f"/fhir/Subscription/{made}"), 404)
        listed = self.assert_status(elsewhere.get("/fhir/Subscription"), 200)
        self.assertEqual(listed["total"], 0)

    def test_aStaleVersion_isRefused(self):
        made = self.subscribe(self.device)
        sent = subscription("?", id=made)
        self.assert_status(self.device.put(f"/fhir/Subscription/{made}", sent, headers={"If-Match": 'W/"1"'}), 200)
        self.assert_status(self.device.put(f"/fhir/Subscription/{made}", sent, headers={"If-Match": 'W/"1"'}), 412)

    def test_needsAToken(self):
        self.assert_status(self.anonymous.get("/fhir/Subscription"), 401)


class Sockets(LiveTest):
    processes = 2

    def test_withoutAToken_orWithAForgedOne_thereIsNone(self):
        with self.assertRaises(Refused) as refused:
            WebSocket(self.server.url, self.certificate.file)
        self.assertEqual(refused.exception.status, 401)

        class Forged:
            @staticmethod
            def authorization():
                return {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
        with self.assertRaises(Refused) as refused:
            WebSocket(self.server.url, self.certificate.file, Forged)
        self.assertEqual(refused.exception.status, 401)

    def test_anOrdinaryRequest_isToldToUpgrade(self):
        answer = self.device.get("/fhir/ws")
        self.assert_status(answer, 426, "upgrade-required")
        self.assertEqual(answer.headers["Upgrade"], "websocket")

    def test_onlyOnesOwnSubscription_canBeBound(self):
        made = self.subscribe(self.device)
        other = self.socket(self.clinic.new_device())
        self.assertTrue(other.ask(f"bind {made}").startswith(f"error no-such-subscription {made}"))
        elsewhere = self.socket(self.new_clinic().new_device())
        self.assertTrue(elsewhere.ask(f"bind {made}").startswith(f"error no-such-subscription {made}"))

    def test_whatIsNotUnderstood_isSaidSo_andTheSocketStays(self):
        opened, made = self.bound(self.device)
        self.assertTrue(opened.ask("hello").startswith("error unknown-message"))
        self.assertTrue(opened.ask("bind ../7").startswith("error bad-id"))
        self.change()
        self.assertEqual(opened.receive(), f"ping {made}")

    def test_aMessageTooLong_endsTheSocket(self):
        opened = self.socket(self.device)
        opened.send("bind " + "a" * 5000)
        with self.assertRaises(Closed) as closed:
            opened.receive()
        self.assertEqual(closed.exception.code, 1009)

    def test_aChangeThroughOneProcess_pingsSocketsOfBoth(self):
        first, one = self.bound(self.device, server=self.servers[0])
        second, two = self.bound(self.clinic.new_device(), "?", server=self.servers[1])
        self.change(number=2)
        self.assertEqual(first.receive(), f"ping {one}")
        self.assertEqual(second.receive(), f"ping {two}")

    def test_onlyTypesOfTheCriteria_ping(self):
        patients, made = self.bound(self.device)
        notes, _ = self.bound(self.device, "?_type=Practitioner,Location")
        self.change(number=3)
        self.assertEqual(patients.receive(), f"ping {made}")
        self.assert_silent(notes)

    def test_otherClinics_hearNothing(self):
        mine, made = self.bound(self.device, "?")
        theirs, _ = self.bound(self.new_clinic().new_device(), "?")
        self.change(number=4)
        self.assertEqual(mine.receive(), f"ping {made}")
        self.assert_silent(theirs)

    def test_whatADeviceMayNotRead_doesNotPingIt(self):
        desk, _ = self.bound(self.clinic.new_device("front-desk"), "?")
        doctor, made = self.bound(self.device, "?")
        self.device.author = self.clinic.account("doctor")
        saved = self.device.save({"resourceType": "AllergyIntolerance", "id": "a1",
                                  "patient": {"reference": "Patient/p1"}})
        self.assertEqual(saved.status_code, 201, saved.text)
        self.device.author = self.clinic.account("admin")
        self.assertEqual(doctor.receive(), f"ping {made}")
        self.assert_silent(desk)

    def test_manyChangesAtOnce_areFewPings_andTheLastChangeIsNotMissed(self):
        opened, made = self.bound(self.device)
        for number in range(20):
            self.change(number=100 + number)
        pings = 0
        try:
            while True:
                self.assertEqual(opened.receive(timeout=1), f"ping {made}")
                pings += 1
        except TimeoutError:
            pass
        self.assertGreaterEqual(pings, 1)
        self.assertLessEqual(pings, 20)
        self.change(number=200)
        self.assertEqual(opened.receive(), f"ping {made}")

    def test_aRevokedDevice_losesItsSocket(self):
        device = self.clinic.new_device()
        opened, _ = self.bound(device, server=self.servers[1])
        answer = self.clinic.person().delete(f"/api/v1/devices/{device.id}")
        self.assertLess(answer.status_code, 300, answer.text)
        with self.assertRaises(Closed) as closed:
            opened.receive()
        self.assertEqual((closed.exception.code, closed.exception.reason), (1008, "access-changed"))

    def test_inAClinicThatIsSuspended_everybodyLosesTheirSocket(self):
        clinic = self.new_clinic()
        sockets = [self.bound(caller)[0] for caller in (clinic.new_device(), clinic.person())]
        other = self.bound(self.device)[0]
        run("tenant", "suspend", clinic.slug, "--database", self.database.app_uri)
        for opened in sockets:
            with self.assertRaises(Closed) as closed:
                opened.receive()
            self.assertEqual((closed.exception.code, closed.exception.reason), (1008, "access-changed"))
        self.assert_silent(other)

    def test_aDeletedSubscription_isUnbound(self):
        opened, made = self.bound(self.device, server=self.servers[1])
        self.assert_status(self.device.delete(f"/fhir/Subscription/{made}"), 204)
        self.assertEqual(opened.receive(), f"unbound {made}")

    def test_afterTheNotificationsWereCutOff_everybodyIsPinged(self):
        opened, made = self.bound(self.device)
        cut = self.database.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                  "WHERE query ILIKE 'listen%' AND datname = current_database()")
        self.assertGreaterEqual(int(cut), 1)
        self.assertEqual(opened.receive(), f"ping {made}")
        self.change(number=5)
        self.assertEqual(opened.receive(), f"ping {made}")


class Ends(LiveTest):
    def test_aServerThatStops_saysGoingAway(self):
        server = self.add_server()
        opened, _ = self.bound(self.device, server=server)
        server.process.send_signal(signal.SIGTERM)
        with self.assertRaises(Closed) as closed:
            opened.receive()
        self.assertEqual(closed.exception.code, 1001)
        self.assertEqual(server.process.wait(timeout=30), 0)


if __name__ == "__main__":
    unittest.main()
