#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that is sent again under its operation id is answered as the first time and done once."""

import threading
import unittest
import uuid

from support.case import ServerTest
from support.client import patient, post, put, remove, version_of
from support.feed import Copy


class Operations(ServerTest):
    processes = 2

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()

    def setUp(self):
        self.operation = str(uuid.uuid4())
        self.made = patient(f"o-{uuid.uuid4()}")

    def versions(self):
        return len(Copy(self.device).pull().versions)

    def assert_same(self, again, first):
        self.assertEqual((again.status_code, again.text, again.headers.get("ETag")),
                         (first.status_code, first.text, first.headers.get("ETag")))

    def test_a_create_an_update_and_a_deletion_are_done_once(self):
        name = f"Patient/{self.made['id']}"
        created = self.device.save(self.made, if_none_match="*", operation=self.operation)
        self.assert_status(created, 201)
        update = {"if_match": version_of(created), "operation": str(uuid.uuid4())}
        updated = self.device.save({**self.made, "gender": "other"}, **update)
        self.assert_status(updated, 200)
        deletion = {"if_match": version_of(updated), "operation": str(uuid.uuid4())}
        deleted = self.device.remove(name, **deletion)
        self.assert_status(deleted, 204)
        before = self.versions()
        self.assert_same(self.device.save(self.made, if_none_match="*", operation=self.operation), created)
        self.assert_same(self.device.save({**self.made, "gender": "other"}, **update), updated)
        self.assert_same(self.device.remove(name, **deletion), deleted)
        self.assertEqual(self.versions(), before)

    def test_what_there_was_nothing_to_do_for_is_answered_the_same_later(self):
        number = f"urn:x|{uuid.uuid4()}"
        there = {**self.made, "identifier": [dict(zip(("system", "value"), number.split("|")))]}
        version = version_of(self.device.save(there, if_none_match="*"))
        how = {"operation": self.operation, "headers": {"If-None-Exist": f"identifier={number}"}}
        found = self.device.create(there, **how)
        self.assert_status(found, 200)
        version = version_of(self.device.save({**self.made, "gender": "other"}, if_match=version))
        before = self.versions()
        self.assert_same(self.device.create(there, **how), found)
        name = f"Patient/{self.made['id']}"
        self.assert_status(self.device.remove(name, if_match=version), 204)
        deletion = {"if_match": version, "operation": str(uuid.uuid4())}
        gone = self.device.remove(name, **deletion)
        self.assert_status(gone, 204)
        self.assert_status(self.device.save(self.made, if_match=version_of(gone)), 201)
        self.assert_same(self.device.remove(name, **deletion), gone)
        self.assertEqual(self.versions(), before + 2)

    def test_an_operation_that_comes_with_another_method_is_refused(self):
        created = self.device.save(self.made, if_none_match="*", operation=self.operation)
        self.assert_status(created, 201)
        name = f"Patient/{self.made['id']}"
        self.assert_status(self.device.remove(name, if_match=version_of(created), operation=self.operation), 409,
                           "operation-reused")
        self.assert_status(self.device.create(self.made, operation=self.operation), 409, "operation-reused")
        self.assert_status(self.device.read(name), 200)

    def test_a_post_is_answered_with_the_id_of_the_first(self):
        first = self.device.create(self.made, operation=self.operation)
        again = self.device.create(self.made, operation=self.operation)
        self.assert_status(first, 201)
        self.assert_same(again, first)
        self.assertEqual(again.headers["Location"], first.headers["Location"])

    def test_entries_of_bundles_too_also_when_others_are_new(self):
        entries = [put(self.made, if_none_match="*", operation=self.operation),
                   post(patient("x"), operation=str(uuid.uuid4()))]
        first = self.device.batch(*entries, headers={"Prefer": "return=representation"}).json()["entry"]
        before = self.versions()
        fresh = patient(f"o-{uuid.uuid4()}")
        again = self.device.batch(*entries, put(fresh, if_none_match="*"),
                                  headers={"Prefer": "return=representation"}).json()["entry"]
        self.assertEqual(again[:2], first)
        self.assert_entry(again[2], 201)
        self.assertEqual(self.versions(), before + 1)

    def test_a_transaction_sent_again_is_answered_as_the_first_time(self):
        made = [patient(f"o-{uuid.uuid4()}") for _ in range(3)]
        entries = [put(one, if_none_match="*", operation=str(uuid.uuid4())) for one in made]
        first = self.device.transaction(*entries)
        before = self.versions()
        again = self.device.transaction(*entries)
        self.assert_status(again, 200)
        self.assertEqual(again.json()["entry"], first.json()["entry"])
        self.assertEqual(self.versions(), before)

    def test_what_was_refused_may_be_tried_again_under_its_id(self):
        self.device.save(self.made, if_none_match="*")
        refused = self.device.save({**self.made, "gender": "male"}, if_match="abcdef.1", operation=self.operation)
        self.assert_status(refused, 412, "version-conflict")
        self.assert_status(self.device.save({**self.made, "gender": "male"},
                                            if_match=version_of(self.device.read(f"Patient/{self.made['id']}")),
                                            operation=self.operation), 200)

    def test_an_id_used_for_another_record_is_refused(self):
        self.device.save(self.made, if_none_match="*", operation=self.operation)
        other = patient(f"o-{uuid.uuid4()}")
        self.assert_status(self.device.save(other, if_none_match="*", operation=self.operation), 409, "operation-reused")
        self.assert_status(self.device.read(f"Patient/{other['id']}"), 404)

    def test_two_entries_of_one_bundle_have_two_ids(self):
        other = patient(f"o-{uuid.uuid4()}")
        entries = self.device.batch(put(self.made, if_none_match="*", operation=self.operation),
                                    put(other, if_none_match="*", operation=self.operation)).json()["entry"]
        self.assert_entry(entries[0], 201)
        self.assert_entry(entries[1], 409, "repeated-operation")

    def test_an_operation_of_another_clinic_is_another_operation(self):
        self.device.save(self.made, if_none_match="*", operation=self.operation)
        stranger = self.new_clinic().new_device()
        answer = stranger.save(self.made, if_none_match="*", operation=self.operation)
        self.assert_status(answer, 201)
        self.assertNotEqual(version_of(answer), version_of(self.device.read(f"Patient/{self.made['id']}")))

    def test_sent_at_the_same_time_to_two_processes_it_is_done_once(self):
        for _ in range(5):
            operation, made = str(uuid.uuid4()), patient(f"o-{uuid.uuid4()}")
            answers = [None] * 8
            barrier = threading.Barrier(len(answers))

            def save(i, operation=operation, made=made, answers=answers, barrier=barrier):
                device = self.device.at(self.servers[i % 2].url)
                device.token()
                barrier.wait()
                answers[i] = device.save(made, if_none_match="*", operation=operation)

            threads = [threading.Thread(target=save, args=(i,)) for i in range(len(answers))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for answer in answers:
                self.assert_status(answer, 201)
                self.assertEqual(answer.text, answers[0].text)
            history = self.device.read(f"Patient/{made['id']}/_history").json()
            self.assertEqual(len(history["entry"]), 1)


class Author(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device(author=None)

    def test_a_device_without_an_author_may_only_read(self):
        self.assert_status(self.device.get("/fhir/Patient"), 200)
        self.assert_status(self.device.save(patient("n1"), if_none_match="*"), 403, "author-required")
        entries = self.device.batch(put(patient("n1"), if_none_match="*"), remove("Patient/n2")).json()["entry"]
        self.assert_entry(entries[0], 403, "author-required")
        self.assert_status(self.device.read("Patient/n1"), 404)

    def test_an_author_is_an_account_of_this_clinic(self):
        stranger = self.new_clinic().account("admin")
        for author in ("nobody", stranger, str(uuid.uuid4())):
            answer = self.device.save(patient("n3"), if_none_match="*", author=author)
            self.assert_status(answer, 403, "author-unknown")

    def test_a_person_is_their_own_author(self):
        person = self.clinic.person()
        self.assert_status(person.save(patient("n4"), if_none_match="*"), 201)
        author = self.database.value("SELECT author FROM version WHERE id = 'n4'")
        self.assertEqual(author, self.clinic.account("admin"))


if __name__ == "__main__":
    unittest.main()
