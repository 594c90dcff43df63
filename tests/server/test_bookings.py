#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody is booked twice: not in one bundle, not across bundles, not from two processes at once."""

import threading
import time
import unittest
import uuid

from support.case import ServerTest
from support.client import EXTENSION, appointment, put, remove, version_of


class Bookings(ServerTest):
    processes = 2

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def setUp(self):
        self.doctor = f"Practitioner/d-{uuid.uuid4()}"

    def at(self, begin, end, *actors, **members):
        """An appointment of this test's practitioner, from and to as "08:00" of one day."""
        return appointment(f"b-{uuid.uuid4()}", f"2026-05-04T{begin}:00Z", f"2026-05-04T{end}:00Z",
                           [self.doctor, *actors], **members)

    def booked(self, *where, **members):
        made = self.at(*where, **members)
        answer = self.device.save(made, if_none_match="*")
        self.assert_status(answer, 201)
        return made, version_of(answer)

    def assert_taken(self, answer, by):
        said = self.assert_status(answer, 409, "slot-taken")
        self.assertIn(f"Appointment/{by['id']}", str(said))

    def test_the_refusal_names_the_other_appointment(self):
        first, _ = self.booked("08:00", "08:30")
        for begin, end in (("08:00", "08:30"), ("08:10", "08:20"), ("07:45", "08:01"), ("08:29", "09:00"),
                           ("07:00", "10:00")):
            with self.subTest(begin=begin):
                self.assert_taken(self.device.save(self.at(begin, end), if_none_match="*"), first)

    def test_neighbours_touch_without_a_clash(self):
        self.booked("08:00", "08:30")
        self.booked("08:30", "09:00")
        self.booked("07:30", "08:00")

    def test_rooms_and_devices_clash_as_people_do_but_patients_do_not(self):
        room = f"Location/r-{uuid.uuid4()}"
        machine = f"Device/m-{uuid.uuid4()}"
        first, _ = self.booked("08:00", "08:30", room, machine, "Patient/p1")
        self.doctor = "Practitioner/other"
        self.assert_taken(self.device.save(self.at("08:15", "08:45", room), if_none_match="*"), first)
        self.assert_taken(self.device.save(self.at("08:15", "08:45", machine), if_none_match="*"), first)
        self.booked("08:15", "08:45", "Patient/p1")

    def test_only_booked_arrived_and_checked_in_hold_a_slot(self):
        for status in ("proposed", "pending", "fulfilled", "cancelled", "noshow", "entered-in-error", "waitlist"):
            self.booked("08:00", "08:30", status=status)
        first, _ = self.booked("08:00", "08:30", status="checked-in")
        self.assert_taken(self.device.save(self.at("08:00", "08:30", status="arrived"), if_none_match="*"), first)

    def test_a_cancelled_or_deleted_one_frees_its_slot(self):
        first, version = self.booked("08:00", "08:30")
        self.assert_status(self.device.save({**first, "status": "cancelled"}, if_match=version), 200)
        second, version = self.booked("08:00", "08:30")
        self.assert_status(self.device.remove(f"Appointment/{second['id']}", if_match=version), 204)
        self.booked("08:00", "08:30")

    def test_a_pending_one_becomes_booked_only_into_a_free_slot(self):
        first, _ = self.booked("08:00", "08:30")
        waiting, version = self.booked("08:00", "08:30", status="pending")
        self.assert_taken(self.device.save({**waiting, "status": "booked"}, if_match=version), first)

    def test_a_change_of_an_appointment_does_not_clash_with_itself(self):
        made, version = self.booked("08:00", "08:30")
        self.assert_status(self.device.save({**made, "end": "2026-05-04T08:45:00Z"}, if_match=version), 200)

    def test_two_are_swapped_in_one_bundle(self):
        one, first = self.booked("08:00", "08:30")
        two, second = self.booked("09:00", "09:30")
        swapped = ({**one, "start": two["start"], "end": two["end"]}, {**two, "start": one["start"], "end": one["end"]})
        for send in (self.device.transaction, self.device.batch):
            answer = send(put(swapped[0], if_match=first), put(swapped[1], if_match=second))
            entries = self.assert_status(answer, 200)["entry"]
            first, second = (self.assert_entry(e, 200)["etag"] for e in entries)
            swapped = (one, two)

    def test_of_two_in_a_batch_that_want_the_same_slot_the_first_gets_it(self):
        one, two = self.at("08:00", "08:30"), self.at("08:15", "08:45")
        entries = self.device.batch(put(one, if_none_match="*"), put(two, if_none_match="*")).json()["entry"]
        self.assert_entry(entries[0], 201)
        response = self.assert_entry(entries[1], 409, "slot-taken")
        self.assertIn(f"Appointment/{one['id']}", str(response))

    def test_a_move_that_is_refused_keeps_its_old_slot(self):
        one, first = self.booked("08:00", "08:30")
        two, second = self.booked("09:00", "09:30")
        other, _ = self.booked("10:00", "10:30")
        # `one` wants 10:00, which is taken; so it stays at 08:00, which `two` wants.
        entries = self.device.batch(
            put({**one, "start": other["start"], "end": other["end"]}, if_match=first),
            put({**two, "start": one["start"], "end": one["end"]}, if_match=second)).json()["entry"]
        self.assertIn(other["id"], str(self.assert_entry(entries[0], 409, "slot-taken")))
        self.assertIn(one["id"], str(self.assert_entry(entries[1], 409, "slot-taken")))

    def test_a_stale_cancellation_frees_nothing(self):
        one, first = self.booked("08:00", "08:30")
        self.device.save({**one, "description": "moved on"}, if_match=first)
        entries = self.device.batch(remove(f"Appointment/{one['id']}", if_match=first),
                                    put(self.at("08:00", "08:30"), if_none_match="*")).json()["entry"]
        self.assert_entry(entries[0], 412, "version-conflict")
        self.assertIn(one["id"], str(self.assert_entry(entries[1], 409, "slot-taken")))

    def test_an_overbooking_passes_with_a_reason_only(self):
        self.booked("08:00", "08:30")
        reason = {"url": EXTENSION + "overbook-reason", "valueString": "Emergency"}
        self.booked("08:00", "08:30", extension=[reason])
        self.assert_status(self.device.save(self.at("08:00", "08:30", extension=[{**reason, "valueString": ""}]),
                                            if_none_match="*"), 409)

    def test_a_missing_end_is_told_by_the_minutes(self):
        made = self.at("08:00", "08:30", minutesDuration=30)
        del made["end"]
        self.assert_status(self.device.save(made, if_none_match="*"), 201)
        self.assert_taken(self.device.save(self.at("08:29", "08:45"), if_none_match="*"), made)
        self.booked("08:30", "09:00")

    def test_times_that_make_no_slot_are_422(self):
        without = self.at("08:00", "08:30")
        del without["end"]
        for made in (without, self.at("08:00", "08:00"), self.at("08:30", "08:00"),
                     {**without, "minutesDuration": 0}, {**without, "minutesDuration": -5}):
            answer = self.device.save(made, if_none_match="*")
            self.assert_status(answer, 422)
            self.assertIn("Appointment.", str(answer.json()["issue"][0].get("expression")))

    def test_an_end_beyond_all_time_is_422_and_harms_no_other_entry(self):
        for start, end in (("9999-12-31T23:59:00Z", None), ("2026-05-04T08:00:00Z", "9999-12-31T23:59:59Z"),
                           ("9999-12-31T23:59:00Z", "9999-12-31T23:59:60Z")):
            absurd = appointment(f"b-{uuid.uuid4()}", start, end, [self.doctor], minutesDuration=30)
            if end is None:
                del absurd["end"]
            fine = self.at("08:00", "08:30")
            answered = self.assert_status(self.device.batch(put(absurd, if_none_match="*"),
                                                            put(fine, if_none_match="*")), 200)["entry"]
            self.assert_entry(answered[0], 422)
            self.assert_entry(answered[1], 201)
            self.doctor = f"Practitioner/d-{uuid.uuid4()}"

    def test_thousands_that_want_one_slot_are_settled_in_seconds(self):
        wanted = [self.at("08:00", "08:30") for _ in range(2000)]
        began = time.monotonic()
        answered = self.assert_status(self.device.batch(*(put(made, if_none_match="*") for made in wanted)), 200)
        took = time.monotonic() - began
        self.assert_entry(answered["entry"][0], 201)
        for entry in answered["entry"][1:]:
            self.assert_entry(entry, 409, "slot-taken")
        self.assertLess(took, 5)

    def test_a_hold_is_found_among_many_on_either_side_of_a_day(self):
        self.booked("08:00", "08:30")
        for days in (1, 2):  # begins as many days before
            wanted = appointment(f"b-{uuid.uuid4()}", f"2026-05-0{4 - days}T08:29:00Z", "2026-05-04T08:01:00Z",
                                 [self.doctor])
            self.assert_status(self.device.save(wanted, if_none_match="*"), 409, "slot-taken")

    def test_zones_are_compared_as_instants(self):
        first = appointment(f"b-{uuid.uuid4()}", "2026-05-04T10:00:00+02:00", "2026-05-04T10:30:00+02:00", [self.doctor])
        self.assert_status(self.device.save(first, if_none_match="*"), 201)
        self.assert_taken(self.device.save(self.at("08:15", "08:20"), if_none_match="*"), first)
        self.booked("10:00", "10:30")

    def test_a_booking_over_days_is_found_from_within(self):
        long = appointment(f"b-{uuid.uuid4()}", "2026-05-01T08:00:00Z", "2026-05-08T08:00:00Z", [self.doctor])
        self.assert_status(self.device.save(long, if_none_match="*"), 201)
        self.assert_taken(self.device.save(self.at("08:00", "08:30"), if_none_match="*"), long)

    def test_of_many_that_race_from_two_processes_one_wins(self):
        devices = [self.device.at(server.url) for server in self.servers]
        for one in devices:
            one.token()
        for _ in range(5):
            self.doctor = f"Practitioner/d-{uuid.uuid4()}"
            wanted = [self.at("08:00", "08:30") for _ in range(8)]
            barrier = threading.Barrier(len(wanted))
            answers = [None] * len(wanted)

            def book(i, wanted=wanted, barrier=barrier, answers=answers):
                device = self.device.at(self.servers[i % 2].url)
                device.token()
                barrier.wait()
                answers[i] = device.save(wanted[i], if_none_match="*")

            threads = [threading.Thread(target=book, args=(i,)) for i in range(len(wanted))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            won = [i for i, answer in enumerate(answers) if answer.status_code == 201]
            self.assertEqual(len(won), 1, [a.text for a in answers])
            for i, answer in enumerate(answers):
                if i != won[0]:
                    self.assert_taken(answer, wanted[won[0]])

    def test_the_database_itself_refuses_a_double_booking(self):
        self.booked("08:00", "08:30")
        tenant = self.device.tenant
        with self.assertRaisesRegex(Exception, "no_double_booking"):
            self.database.sql(f"INSERT INTO booking SELECT '{tenant}', actor, 'net', starts, ends FROM booking "
                              f"WHERE actor = '{self.doctor}'")


if __name__ == "__main__":
    unittest.main()
