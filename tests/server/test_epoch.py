#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server restored from a backup says so: another epoch, so that no version comes back with another meaning."""

import pathlib
import tempfile
import unittest

from support.case import UNLIMITED, UNSYNCED, cluster, migrate, new_database
from support.client import error_code, patient, put, sequence_of, version_of
from support.clinic import Clinic
from support.cluster import Cluster, Database
from support.feed import Copy
from support.server import Certificate, Server


def epoch_of(version):
    return version.partition(".")[0]


class Epoch(unittest.TestCase):
    """One server on one database, moved about; so everything is made for each test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yarrow-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.certificate = Certificate(self.folder)
        self.database = new_database()
        self.addCleanup(self.database.drop)
        self.server = self.serve(self.database)
        self.clinic = Clinic(self.server, self.database, "lindenhof")
        self.device = self.clinic.new_device()
        self.version = self.save(patient("p"), if_none_match="*")
        self.epoch = epoch_of(self.version)

    def serve(self, database, port=None):
        server = Server(database.app_uri, self.folder, self.certificate, UNLIMITED, port=port)
        self.addCleanup(server.kill)
        return server.start()

    def move(self, database):
        """The server goes on at the same address with another database."""
        self.device.session.close()
        self.server.kill()  # quicker than to stop it; what it was doing is of no interest
        self.server = self.serve(database, self.server.port)
        self.device.forget_token()

    @staticmethod
    def reasons(database):
        return [row[0] for row in database.sql("SELECT reason FROM epoch ORDER BY started_at")]

    def save(self, resource, **how):
        answer = self.device.save(resource, **how)
        self.assertIn(answer.status_code, (200, 201), answer.text)
        return version_of(answer)

    def assert_new_epoch(self):
        answer = self.device.read("Patient/p")
        self.assertEqual(answer.status_code, 200, answer.text)
        now = answer.headers["Yarrow-Epoch"]
        self.assertNotEqual(now, self.epoch)
        self.assertEqual(version_of(answer), self.version)  # old versions keep their names
        newer = self.save(patient("p", gender="other"), if_match=self.version)
        self.assertEqual(epoch_of(newer), now)
        copy = Copy(self.device).pull()
        self.assertEqual(copy.problems(), [])
        self.assertEqual(copy.meta["epoch"], now)
        return now

    def lease(self):
        answer = self.device.post("/api/v1/mrn-blocks", {"size": 100})
        self.assertEqual(answer.status_code, 201, answer.text)
        return range(answer.json()["first"], answer.json()["last"] + 1)

    def claim_to_be_ahead(self, caller):
        """A write by somebody who has seen a version of the present epoch that is not here."""
        now = self.device.read("Patient/p").headers["Yarrow-Epoch"]
        return caller.save(patient("p"), if_match=f"{now}.{sequence_of(self.version) + 1000}")

    def test_a_restart_keeps_the_epoch(self):
        self.server.stop()
        self.move(self.database)
        self.assertEqual(self.device.read("Patient/p").headers["Yarrow-Epoch"], self.epoch)
        self.assertEqual(epoch_of(self.save(patient("q"), if_none_match="*")), self.epoch)

    def test_a_crash_of_postgresql_keeps_the_epoch(self):
        self.server.kill()
        cluster().kill()
        cluster().start()
        self.move(self.database)
        self.assertEqual(self.device.read("Patient/p").headers["Yarrow-Epoch"], self.epoch)

    def test_a_dump_restored_into_another_cluster_has_a_new_epoch(self):
        dump = self.database.dump()
        self.save(patient("lost"), if_none_match="*")
        other = Cluster(settings=UNSYNCED)
        self.addCleanup(other.close)
        restored = other.create_database("yarrow")
        restored.sql(dump)
        migrate(restored)
        self.move(restored)
        self.assertEqual(self.device.read("Patient/lost").status_code, 404)
        self.assert_new_epoch()

    def test_a_base_backup_that_recovered_to_a_point_in_time_has_a_new_epoch(self):
        """Recovery to a point in time ends on another timeline; the system identifier stays."""
        backup = cluster().base_backup()
        self.save(patient("lost"), if_none_match="*")
        leased = self.lease()
        (backup / "recovery.signal").touch()
        other = Cluster(base_backup=backup, settings={**UNSYNCED, "restore_command": "false",
                                                      "recovery_target": "immediate",
                                                      "recovery_target_action": "promote"})
        self.addCleanup(other.close)
        restored = Database(other, self.database.name)
        until_promoted(restored)
        self.move(restored)
        self.assertEqual(self.device.read("Patient/lost").status_code, 404)
        self.assert_new_epoch()
        self.assertGreater(self.lease().start, leased.stop)  # nobody gets a number twice

    def test_another_postgresql_in_the_place_of_this_one_is_noticed_without_a_restart(self):
        """What a failover is to a server: its connections end, and behind the same address is another timeline."""
        self.database.sql("UPDATE database_identity SET timeline = timeline + 1; SELECT pg_terminate_backend(pid) "
                          f"FROM pg_stat_activity WHERE datname = '{self.database.name}' AND usename = 'yarrow_app'")
        self.assert_new_epoch()  # no request fails because its connection has ended meanwhile
        self.assertEqual(self.reasons(self.database), ["created", "restored"])

    def test_a_copy_of_the_files_is_told_by_a_client_that_has_seen_more(self):
        """A plain copy has the same identifier and timeline: only what clients know tells."""
        backup = cluster().base_backup()
        newer = self.save(patient("p", gender="female"), if_match=self.version)
        other = Cluster(base_backup=backup, settings=UNSYNCED)
        self.addCleanup(other.close)
        self.move(Database(other, self.database.name))
        self.assertEqual(self.device.read("Patient/p").headers["Yarrow-Epoch"], self.epoch)
        answer = self.device.save(patient("p", gender="male"), if_match=newer)
        self.assertEqual((answer.status_code, error_code(answer.json())), (412, "epoch-changed"))
        self.assert_new_epoch()
        self.assertEqual(self.reasons(Database(other, self.database.name)), ["created", "client-ahead"])
        named = other.sql("SELECT device FROM audit_entry WHERE action = 'epoch-begun'", self.database.name)
        self.assertEqual(named, [(self.device.id,)])

    def test_only_workstations_tell_and_only_once_an_hour(self):
        admin = self.clinic.person()
        self.assertEqual(error_code(self.claim_to_be_ahead(admin).json()), "version-conflict")
        admin.get("/fhir/_history", headers={"Yarrow-Seen": f"{self.epoch}.99"})
        self.assertEqual(self.reasons(self.database), ["created"])
        self.assertEqual(error_code(self.claim_to_be_ahead(self.device).json()), "epoch-changed")
        self.assertEqual(error_code(self.claim_to_be_ahead(self.device).json()), "version-conflict")
        now = self.device.read("Patient/p").headers["Yarrow-Epoch"]
        self.device.get("/fhir/_history", headers={"Yarrow-Seen": f"{now}.99"})
        self.assertEqual(self.reasons(self.database), ["created", "client-ahead"])
        self.database.sql("UPDATE epoch SET started_at = started_at - interval '61 minutes'")
        self.assertEqual(error_code(self.claim_to_be_ahead(self.device).json()), "epoch-changed")

    def test_a_new_record_is_not_stored_under_an_epoch_that_its_writer_shows_to_be_over(self):
        """If-Match cannot tell it: there is no version yet."""
        answer = self.device.save(patient("n"), if_none_match="*", headers={
            "Yarrow-Epoch": self.epoch, "Yarrow-Seen": f"{self.epoch}.99"})
        self.assertEqual((answer.status_code, error_code(answer.json())), (412, "epoch-changed"))
        self.assertEqual(self.device.read("Patient/n").status_code, 404)

    def test_a_feed_cursor_ahead_of_the_server_tells_too(self):
        backup = cluster().base_backup()
        for i in range(3):
            self.save(patient(f"n{i}"), if_none_match="*")
        copy = Copy(self.device).pull()
        other = Cluster(base_backup=backup, settings=UNSYNCED)
        self.addCleanup(other.close)
        self.move(Database(other, self.database.name))
        # Its newest version is one that the copy does not know by this name, or its count is another.
        page = next(self.device.feed(since=copy.since))
        fresh = Copy(self.device)
        fresh.take(page)
        self.assertNotEqual(fresh.meta["digest"], copy.meta["digest"])

    def test_a_write_that_names_another_epoch_is_refused(self):
        self.device.epoch = "zzzzzzzz"
        for answer in (self.device.save(patient("e"), if_none_match="*"), self.device.remove("Patient/p"),
                       self.device.create(patient("e")),
                       self.device.batch(put(patient("e"), if_none_match="*"))):
            self.assertEqual((answer.status_code, error_code(answer.json())), (412, "epoch-changed"), answer.text)
        self.device.epoch = self.epoch
        self.save(patient("e"), if_none_match="*")

    def test_numbers_go_on_without_a_gap_in_the_new_epoch(self):
        answer = self.device.save(patient("p"), if_match=f"{self.epoch}.{sequence_of(self.version) + 1000}")
        self.assertEqual((answer.status_code, error_code(answer.json())), (412, "epoch-changed"), answer.text)
        newer = self.save(patient("p", gender="other"), if_match=self.version)
        self.assertEqual(sequence_of(newer), sequence_of(self.version) + 1)
        self.assertNotEqual(epoch_of(newer), self.epoch)


def until_promoted(database):
    """Recovery goes on for a moment after the cluster accepts connections."""
    database.sql("DO $$ BEGIN WHILE pg_is_in_recovery() LOOP PERFORM pg_sleep(0.02); END LOOP; END $$")


if __name__ == "__main__":
    unittest.main()
