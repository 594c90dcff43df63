#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a backup was brought back, on the server or at a workstation, and after a profile was copied: nothing that was
acknowledged is lost, and nothing takes effect twice."""

import shutil
import unittest

from exchange import Desk, ExchangeTest, observation, patient
from support.case import UNSYNCED, migrate
from support.cluster import Cluster


class RestoredServer(ExchangeTest):
    def restore(self, dump):
        """The server goes on at the same address with what the backup holds."""
        self.server.kill()
        other = Cluster(settings=UNSYNCED)
        self.addCleanup(other.close)
        restored = other.create_database("yarrow")
        restored.sql(dump)
        migrate(restored)
        self.restored = restored
        self.server.database_uri = restored.app_uri
        self.server.start()
        self.observer.session.close()
        self.observer.forget_token()

    def test_what_it_had_acknowledged_and_lost_is_offered_again(self):
        first, second = self.desks
        first.put(*[patient(number) for number in range(20)], observation("o1", "Patient/p1", 70))
        first.sync(pushed=21)
        second.sync(pulled=21)
        dump = self.database.dump()

        first.put(patient(1, birthDate="1971-05-03"), patient("new"), observation("new", "Patient/new", 60))
        first.delete("Patient/p2")
        second.put(patient(3, birthDate="1973-07-05"), observation("o1", "Patient/p1", 71))
        first.sync(pushed=4)
        second.sync(pushed=2)
        first.sync(pulled=2)
        lost = self.assert_all_the_same()
        # Nobody has sent these yet when the backup comes back.
        first.put(patient(4, gender="female"))
        second.put(patient(4, birthDate="1974-08-06"))

        self.restore(dump)
        self.assertEqual(self.observer.read("Patient/new").status_code, 404)
        # Somebody was quicker than the workstations.
        again = self.observer.read("Patient/p1").json()
        self.assertEqual(self.observer.save({**again, "gender": "other"},
                                            if_match=again["meta"]["versionId"]).status_code, 200)
        # Each offers what anybody wrote in the name of who did: administrators enrolled them, who write no records.
        for desk in (first, second, first, second):
            desk.sync(conflicts=0, quarantined=0)
        self.assertEqual(self.restored.sql("SELECT DISTINCT a.user_name FROM version v JOIN account a ON a.tenant_id = "
                                           "v.tenant_id AND a.account_id = v.author WHERE v.id IN "
                                           "('new', 'o1', 'p3')"), [("doctor",)])
        there = self.assert_all_the_same()
        self.assertEqual(there.keys(), lost.keys())
        self.assertEqual([there["Patient/p1"][member] for member in ("birthDate", "gender")], ["1971-05-03", "other"])
        self.assertEqual([there["Patient/p4"][member] for member in ("birthDate", "gender")], ["1974-08-06", "female"])
        self.assertEqual(there["Patient/p3"]["birthDate"], "1973-07-05")
        self.assertEqual(there["Observation/o1"]["valueQuantity"]["value"], 71)
        for desk in self.desks:
            desk.sync(pulled=0, pushed=0, waiting=0, matchesServer=True)


class RestoredWorkstation(ExchangeTest):
    def versions_of(self, prefix):
        """{"Type/id": how many versions the server made of it}."""
        return {f"{row[0]}/{row[1]}": int(row[2]) for row in self.database.sql(
            f"SELECT type, id, count(*) FROM version WHERE id LIKE '{prefix}%' GROUP BY type, id")}

    def test_a_workstation_that_was_restored(self):
        first, second = self.desks
        first.put(*[patient(f"w{number}") for number in range(5)])
        first.sync()
        second.sync()
        # In the backup these wait; they were sent after it.
        first.put(patient("w1", gender="female"), patient("wnew"))
        backup = first.copy("backup")
        first.put(patient("w2", gender="male"), patient("wlater"))
        first.sync(pushed=4)
        second.put(patient("w1", gender="female", birthDate="1971-05-03"))
        second.sync()
        sent = self.versions_of("w")

        shutil.rmtree(first.folder)
        shutil.copytree(backup.folder, first.folder)
        first.put(patient("w3", birthDate="1973-07-05"))
        first.sync(conflicts=0, quarantined=0, waiting=0)
        second.sync()
        there = self.assert_all_the_same()
        self.assertIn("Patient/wlater", there)
        self.assertEqual(there["Patient/w1"]["birthDate"], "1971-05-03")
        self.assertEqual(there["Patient/w3"]["birthDate"], "1973-07-05")
        self.assertEqual(self.versions_of("w"), {**sent, "Patient/w3": 2}, "nothing took effect twice")

    def test_a_workstation_that_was_copied(self):
        first, second = self.desks
        first.put(*[patient(f"c{number}") for number in range(5)])
        first.sync()
        first.put(patient("c0", gender="female"))
        copied = first.copy("copied")
        type(self).desks.append(copied)
        self.addCleanup(type(self).desks.remove, copied)
        # Both go on as if they were alone.
        first.put(patient("c1", gender="female"), patient("cfirst"))
        copied.put(patient("c1", birthDate="1971-05-03"), patient("ccopied"))
        first.sync(quarantined=0)
        copied.sync(quarantined=0, conflicts=0)
        first.put(patient("c2", gender="male"))
        copied.put(patient("c3", gender="male"))
        for desk in (copied, first, second, copied):
            desk.sync(quarantined=0, conflicts=0)
        there = self.assert_all_the_same()
        self.assertEqual([there["Patient/c1"].get(member) for member in ("birthDate", "gender")],
                         ["1971-05-03", "female"])
        self.assertLessEqual({"Patient/cfirst", "Patient/ccopied"}, there.keys())
        versions = self.versions_of("c")
        self.assertEqual([versions[f"Patient/c{number}"] for number in range(4)], [2, 3, 2, 2])


if __name__ == "__main__":
    unittest.main()
