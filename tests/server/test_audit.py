#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit chains: what a workstation brings is verified and kept, and the server writes its own."""

import concurrent.futures
import hashlib
import unittest
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from support.case import ServerTest
from support.client import base64url
from support.cluster import SqlError
from support.server import run

ENTRIES = "/api/v1/audit/entries"
CHECKPOINTS = "/api/v1/audit/checkpoints"
CHAINS = "/api/v1/audit/chains"
ZEROS = "00" * 32
FIELDS = ("seq", "incarnation", "at", "account", "role", "device", "action", "category", "resourceType", "resourceId",
          "patient", "outcome", "beforeDigest", "afterDigest", "reason", "detail")


def hash_of(entry):
    """SHA-256(previous ‖ the fields as netstrings)."""
    content = b""
    for name in FIELDS:
        field = bytes.fromhex(entry[name]) if name.endswith("Digest") else str(entry[name]).encode()
        content += str(len(field)).encode() + b":" + field + b","
    return hashlib.sha256(bytes.fromhex(entry["previous"]) + content).hexdigest()


class Chain:
    """A workstation's chain; add() extends it."""

    def __init__(self, device, incarnation=None, head=(0, ZEROS)):
        self.device = device
        self.incarnation = incarnation or f"inc-{uuid.uuid4()}"
        self.seq, self.head = head
        self.entries = []

    def add(self, count=1, **fields):
        for _ in range(count):
            self.seq += 1
            entry = {"seq": self.seq, "incarnation": self.incarnation, "at": f"2026-05-04T09:00:{self.seq % 60:02}.000Z",
                     "account": "acc-1", "role": "doctor", "device": "desk", "action": "view", "category": "health-data",
                     "resourceType": "Patient", "resourceId": "p1", "patient": "p1", "outcome": "0", "beforeDigest": "",
                     "afterDigest": "ab" * 32, "reason": "weddíng, no: \"really\"", "detail": "", "previous": self.head,
                     **fields}
            entry.setdefault("hash", hash_of(entry))
            self.head = entry["hash"]
            self.entries.append(entry)
        return self

    def upload(self, entries=None, device=None, **members):
        return (device or self.device).post(ENTRIES, {"incarnation": self.incarnation,
                                                      "entries": self.entries if entries is None else entries, **members})

    def checkpoint(self, seq=None, head=None, key=None, incarnation=None):
        seq, head = seq or self.seq, head or self.head
        text = f"yarrow-audit-checkpoint\n{self.incarnation}\n{seq}\n{head}"
        r, s = decode_dss_signature((key or self.device.key)._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return self.device.post(CHECKPOINTS, {"incarnation": incarnation or self.incarnation, "seq": seq, "hash": head,
                                              "signature": signature})


class AuditTest(ServerTest):
    options = {"rate-sign-in": 0}

    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()

    def new_chain(self, count=0, **how):
        return Chain(self.clinic.new_device(**how)).add(count)

    def breaks(self):
        """yarrow_audit_breaks_total by reason."""
        said = {}
        for line in self.anonymous.get("/metrics").text.splitlines():
            if line.startswith("yarrow_audit_breaks_total{"):
                reason = line.partition('reason="')[2].partition('"')[0]
                said[reason] = float(line.rpartition(" ")[2])
        return said

    def server_entries(self, **fields):
        found = self.clinic.person().get(f"{ENTRIES}?incarnation=server&count=500")
        return [e for e in self.assert_status(found, 200)["entries"] if all(e[n] == v for n, v in fields.items())]

    def assert_taken(self, answer, stored, known=0):
        said = self.assert_status(answer, 200)
        self.assertEqual((said["stored"], said["known"]), (stored, known), said)
        self.assertNotIn("broken", said)
        return said

    def assert_broken(self, answer, seq, reason, chain):
        said = self.assert_status(answer, 200)
        self.assertEqual(said.get("broken"), {"seq": seq, "reason": reason}, said)
        shown = self.assert_status(chain.device.get(f"{CHAINS}/{chain.incarnation}"), 200)
        self.assertIn("broken", shown)
        told = self.server_entries(action="audit-chain-broken", resourceId=chain.incarnation)
        self.assertIn(f"entry={seq} reason={reason}", [e["detail"] for e in told])
        self.assertGreater(self.breaks().get(reason, 0), 0)
        return said


class IntakeTest(AuditTest):
    def test_a_whole_chain_is_taken_in_parts(self):
        chain = self.new_chain(5)
        self.assert_status(chain.device.get(f"{CHAINS}/{chain.incarnation}"), 404, "no-such-chain")
        self.assert_taken(chain.upload(chain.entries[:2]), 2)
        said = self.assert_taken(chain.upload(chain.entries[2:]), 3)
        self.assertEqual((said["next"], said["head"]), (6, chain.head))
        shown = self.assert_status(chain.device.get(f"{CHAINS}/{chain.incarnation}"), 200)
        self.assertEqual((shown["next"], shown["head"], shown["device"]), (6, chain.head, chain.device.id))
        self.assertNotIn("broken", shown)

    def test_what_was_sent_before_is_passed_over(self):
        chain = self.new_chain(4)
        self.assert_taken(chain.upload(), 4)
        self.assert_taken(chain.upload(), 0, 4)
        chain.add(2)
        self.assert_taken(chain.upload(chain.entries[2:]), 2, 2)
        self.assert_taken(chain.upload([]), 0, 0)
        self.assertEqual(self.server_entries(action="audit-chain-broken", resourceId=chain.incarnation), [])

    def test_the_same_part_sent_twice_at_once_is_stored_once(self):
        chain = self.new_chain(200)
        chain.device.token()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = [a.json() for a in pool.map(lambda _: chain.upload(), range(4))]
        self.assertEqual(sorted(a["stored"] for a in answers), [0, 0, 0, 200])
        self.assertTrue(all("broken" not in a for a in answers))

    def test_every_kind_of_break_is_told_and_nothing_is_lost(self):
        def gap(chain):
            del chain.entries[2]
            return 4, "gap"

        def tampered(chain):
            chain.entries[2]["detail"] = "changed"
            return 3, "hash-mismatch"

        def relinked(chain):
            chain.entries[2]["previous"] = "11" * 32
            chain.entries[2]["hash"] = hash_of(chain.entries[2])
            return 3, "not-following"

        def late_start(chain):
            del chain.entries[0]
            return 2, "gap"

        for spoil in (gap, tampered, relinked, late_start):
            with self.subTest(spoil=spoil.__name__):
                chain = self.new_chain(6)
                seq, reason = spoil(chain)
                said = self.assert_broken(chain.upload(), seq, reason, chain)
                self.assertEqual(said["stored"], len(chain.entries))
                self.assertEqual(said["next"], 7)
                kept = self.database.value(f"SELECT count(*) FROM audit_entry WHERE incarnation = '{chain.incarnation}'")
                self.assertEqual(int(kept), len(chain.entries))
                # It goes on, and the break is not told again.
                before = self.breaks()
                if reason != "not-following":
                    chain.add(1)
                    self.assert_taken(chain.upload(chain.entries[-1:]), 1)
                self.assert_status(chain.upload(), 200)
                self.assertEqual(self.breaks(), before)

    def test_another_entry_under_a_known_number_is_a_break_and_both_are_kept(self):
        chain = self.new_chain(3)
        self.assert_taken(chain.upload(), 3)
        forged = dict(chain.entries[1], detail="changed")
        forged["hash"] = hash_of(forged)
        self.assert_broken(chain.upload([forged]), 2, "other-entry", chain)
        rows = self.database.sql(f"SELECT is_copy FROM audit_entry WHERE incarnation = '{chain.incarnation}' AND seq = 2 "
                                 "ORDER BY is_copy")
        self.assertEqual(rows, [("f",), ("t",)])
        chain.add(1)
        self.assert_taken(chain.upload(chain.entries[-1:]), 1)

    def test_a_missing_entry_may_come_late(self):
        chain = self.new_chain(5)
        self.assert_broken(chain.upload(chain.entries[:2] + chain.entries[3:]), 4, "gap", chain)
        self.assert_taken(chain.upload(chain.entries[2:3]), 1)
        ran = run("audit", "verify", "--tenant", self.clinic.slug, "--database", self.database.app_uri, check=False)
        self.assertIn(f"{chain.incarnation}\t5 entries\twhole", ran.stdout)

    def test_what_another_device_sends_is_told_and_does_not_brand_the_chain(self):
        chain = self.new_chain(2)
        self.assert_taken(chain.upload(), 2)
        other = self.clinic.new_device()
        forged = Chain(other, chain.incarnation, (2, chain.head)).add(1)
        said = self.assert_status(forged.upload(), 200)
        self.assertEqual((said["broken"], said["next"]), ({"seq": 3, "reason": "other-device"}, 3))
        told = self.server_entries(action="audit-chain-broken", resourceId=chain.incarnation)
        self.assertEqual([(e["device"], e["outcome"], e["detail"]) for e in told],
                         [(other.id, "8", "entry=3 reason=other-device")])
        # Nobody brands a chain but its owner.
        for caller in (chain.device, self.clinic.person()):
            self.assertNotIn("broken", self.assert_status(caller.get(f"{CHAINS}/{chain.incarnation}"), 200))
        chain.add(1)
        self.assert_taken(chain.upload(chain.entries[-1:]), 1)
        self.assert_status(other.get(f"{CHAINS}/{chain.incarnation}", headers={"Yarrow-Author": None}), 403,
                           "author-required")

    def test_a_new_incarnation_goes_on_from_the_old_head(self):
        old = self.new_chain(4)
        self.assert_taken(old.upload(), 4)
        new = Chain(old.device, head=(4, old.head)).add(2)
        follows = {"incarnation": old.incarnation, "seq": 4, "hash": old.head}
        said = self.assert_taken(new.upload(follows=follows), 2)
        self.assertEqual((said["next"], said["head"]), (7, new.head))
        self.assertEqual(new.device.get(f"{CHAINS}/{new.incarnation}").json()["follows"], old.incarnation)
        started = self.server_entries(action="audit-chain-started", resourceId=new.incarnation)
        self.assertEqual(started[0]["detail"], f"follows={old.incarnation} entry=4")

    def test_a_head_nobody_knows_is_a_break(self):
        for follows in ({"seq": 4, "hash": "22" * 32}, {"seq": 9, "hash": None}, {"incarnation": "never", "seq": 4}):
            old = self.new_chain(4)
            self.assert_taken(old.upload(), 4)
            named = {"incarnation": old.incarnation, "hash": old.head, **follows}
            named["hash"] = named["hash"] or old.head
            new = Chain(old.device, head=(named["seq"], named["hash"])).add(1)
            self.assert_broken(new.upload(follows=named), named["seq"] + 1, "unknown-head", new)

    def test_a_workstation_enrolled_anew_goes_on_from_what_it_has(self):
        old = self.new_chain(4)
        self.assert_taken(old.upload(old.entries[:3]), 3)
        again = self.clinic.new_device()
        # What the chain's owner brought is known; the rest is told, kept, and may be gone on from.
        self.assert_taken(old.upload(old.entries[:3], device=again), 0, 3)
        said = self.assert_status(old.upload(old.entries[3:], device=again), 200)
        self.assertEqual((said["stored"], said["broken"]), (1, {"seq": 4, "reason": "other-device"}))
        new = Chain(again, head=(4, old.head)).add(2)
        self.assert_taken(new.upload(follows={"incarnation": old.incarnation, "seq": 4, "hash": old.head}), 2)
        # Only by who brought it.
        other = Chain(self.clinic.new_device(), head=(4, old.head)).add(1)
        self.assert_broken(other.upload(follows={"incarnation": old.incarnation, "seq": 4, "hash": old.head}), 5,
                           "unknown-head", other)

    def test_the_servers_own_chain_is_closed_to_devices(self):
        chain = Chain(self.clinic.new_device(), "server").add(1)
        self.assert_status(chain.upload(), 403, "chain-reserved")

    def test_what_does_not_fit_is_named(self):
        chain = self.new_chain(1)
        entry = chain.entries[0]
        for wrong, member in (({"seq": 0}, "seq"), ({"seq": "1"}, "seq"), ({"at": ""}, "at"), ({"hash": "zz"}, "hash"),
                              ({"hash": ""}, "hash"), ({"beforeDigest": "ab"}, "beforeDigest"),
                              ({"previous": None}, "previous"), ({"detail": "x" * 70000}, "detail"),
                              ({"detail": "\u0000"}, "detail"), ({"incarnation": "other"}, "incarnation"),
                              ({"more": 1}, "more")):
            with self.subTest(wrong=wrong):
                said = self.assert_status(chain.upload([entry, {**entry, **wrong}]), 400, "bad-request")
                self.assertEqual(said["expression"], f"/entries/1/{member}")
        self.assert_status(chain.upload([entry] * 1001), 400, "bad-request")
        self.assert_status(self.clinic.person().post(ENTRIES, {"incarnation": "x", "entries": []}), 403, "device-required")
        self.assert_taken(chain.upload(), 1)

    def test_a_thousand_entries_are_one_upload(self):
        chain = self.new_chain(1000)
        self.assertEqual(self.assert_taken(chain.upload(), 1000)["next"], 1001)


class CheckpointTest(AuditTest):
    def test_a_signed_head_is_kept(self):
        chain = self.new_chain(3)
        self.assert_taken(chain.upload(), 3)
        self.assert_status(chain.checkpoint(), 201)
        self.assert_status(chain.checkpoint(), 200)
        self.assertEqual(chain.device.get(f"{CHAINS}/{chain.incarnation}").json()["checkpoint"], 3)

    def test_signatures_and_owners_are_checked(self):
        chain, other = self.new_chain(3), self.new_chain(3)
        self.assert_status(chain.checkpoint(), 404, "no-such-chain")
        self.assert_taken(chain.upload(), 3)
        self.assert_taken(other.upload(), 3)
        self.assert_status(chain.checkpoint(key=other.device.key), 400, "bad-signature")
        self.assert_status(chain.checkpoint(incarnation=other.incarnation), 403, "chain-of-another-device")
        self.assert_status(chain.checkpoint(seq=4), 409, "audit-entries-missing")

    def test_a_head_behind_the_newest_checkpoint_is_a_break(self):
        chain = self.new_chain(5)
        self.assert_taken(chain.upload(), 5)
        self.assert_status(chain.checkpoint(), 201)
        cut = chain.checkpoint(seq=3, head=chain.entries[2]["hash"])
        self.assertEqual(self.assert_status(cut, 201)["broken"], {"seq": 3, "reason": "behind-checkpoint"})
        self.assertIn("behind-checkpoint", self.breaks())

    def test_a_head_of_another_hash_is_a_break(self):
        chain = self.new_chain(5)
        self.assert_taken(chain.upload(), 5)
        answer = chain.checkpoint(head="33" * 32)
        self.assertEqual(self.assert_status(answer, 201)["broken"], {"seq": 5, "reason": "checkpoint-mismatch"})


class ReadingTest(AuditTest):
    def test_administrators_find_entries_and_page_through_them(self):
        chain = self.new_chain()
        chain.add(7, account="acc-7", patient="p7").add(6, account="acc-8", patient="p7").add(5, account="acc-8", patient="")
        self.assert_taken(chain.upload(), 18)
        admin = self.clinic.person()

        def all_of(query):
            found, path, pages = [], f"{ENTRIES}?incarnation={chain.incarnation}&{query}", 0
            while path:
                said = self.assert_status(admin.get(path), 200)
                found += said["entries"]
                path, pages = said.get("next"), pages + 1
            return [e["seq"] for e in found], pages

        self.assertEqual(all_of(""), (list(range(1, 19)), 1))
        self.assertEqual(all_of("count=6"), (list(range(1, 19)), 3))
        self.assertEqual(all_of("count=5&account=acc-8"), (list(range(8, 19)), 3))
        self.assertEqual(all_of("patient=p7&account=acc-8"), (list(range(8, 14)), 1))
        self.assertEqual(all_of("since=2026-05-04T09:00:10")[0], list(range(10, 19)))
        self.assertEqual(all_of("patient=nobody")[0], [])
        stored = self.assert_status(admin.get(f"{ENTRIES}?incarnation={chain.incarnation}&count=1"), 200)["entries"][0]
        self.assertEqual({name: stored[name] for name in chain.entries[0]}, chain.entries[0])
        for query, code in (("count=0", "bad-parameter"), ("count=501", "bad-parameter"), ("count=x", "bad-parameter"),
                            ("cursor=x", "bad-parameter"), ("until=2026", "unknown-parameter")):
            self.assert_status(admin.get(f"{ENTRIES}?{query}"), 400, code)

    def test_doctors_read_their_own_and_others_nothing(self):
        account = self.clinic.account("doctor")
        chain = self.new_chain()
        chain.add(2, account=account).add(3)
        self.assert_taken(chain.upload(), 5)
        doctor = self.clinic.person("doctor")
        found = self.assert_status(doctor.get(ENTRIES), 200)["entries"]
        self.assertEqual({e["account"] for e in found}, {account})
        self.assert_status(doctor.get(f"{ENTRIES}?account=acc-1"), 403, "admin-required")
        self.clinic.account("nurse")
        self.assert_status(self.clinic.person("nurse").get(ENTRIES), 403, "admin-required")
        self.assert_status(self.clinic.person("nurse").get(CHAINS), 403, "admin-required")
        self.assert_status(chain.device.get(f"{ENTRIES}?account=acc-1", headers={"Yarrow-Author": account}), 403,
                           "admin-required")
        self.assertIn(chain.incarnation, self.clinic.person().get(CHAINS).text)

    def test_clinics_do_not_read_each_others(self):
        chain = self.new_chain(2)
        self.assert_taken(chain.upload(), 2)
        stranger = self.new_clinic()
        self.assertNotIn(chain.incarnation, stranger.person().get(f"{ENTRIES}?count=500").text)
        self.assert_status(stranger.new_device().get(f"{CHAINS}/{chain.incarnation}"), 404, "no-such-chain")
        # The same incarnation in another clinic is another chain.
        self.assert_taken(Chain(stranger.new_device(), chain.incarnation).add(1).upload(), 1)


class OwnChainTest(AuditTest):
    def verify(self, clinic):
        return run("audit", "verify", "--tenant", clinic.slug, "--database", self.database.app_uri, check=False)

    def test_the_server_writes_what_it_did(self):
        clinic = self.new_clinic()
        device = clinic.new_device()
        admin = clinic.account("admin")
        account = clinic.add_account("rossi", "doctor")
        self.anonymous.form("/auth/token", grant_type="password", username=f"rossi@{clinic.slug}", password="wrong")
        clinic.person("rossi").token()
        clinic.person().delete(f"/api/v1/devices/{device.id}")
        said = self.assert_status(clinic.person().get(f"{ENTRIES}?incarnation=server&count=500"), 200)
        actions = [(e["action"], e["account"], e["resourceId"]) for e in said["entries"]]
        for expected in (("clinic-created", "", ""), ("account-added", "", admin), ("sign-in", admin, ""),
                         ("enrolment-code-made", admin, ""), ("device-enrolled", "", device.id),
                         ("account-added", admin, account), ("password-set", admin, account),
                         ("sign-in-failed", account, ""), ("sign-in", account, ""), ("device-revoked", admin, device.id)):
            self.assertIn(expected, actions)
        self.assertNotIn("wrong", str(said))
        ran = self.verify(clinic)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, r"server\t\d+ entries\twhole")

    def test_entries_from_many_workers_make_one_whole_chain(self):
        clinic = self.new_clinic()
        person = clinic.person()
        person.token()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: person.post("/api/v1/enrolment-codes", {}), range(60)))
        self.assertEqual({a.status_code for a in answers}, {201})
        self.assertEqual(self.verify(clinic).returncode, 0)

    def test_nobody_changes_or_deletes_entries(self):
        clinic = self.new_clinic()
        for role in ("yarrow_app", "yarrow_owner", "postgres"):
            for statement in ("UPDATE audit_entry SET detail = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
                              "SET yarrow.audit_retention = 'on'; UPDATE audit_entry SET detail = 'x'",
                              "SET yarrow.audit_retention = 'on'; DELETE FROM audit_entry",
                              "SET yarrow.audit_retention = 'on'; UPDATE audit_entry SET purged = true, hash = '\\x00'"):
                tenant = self.database.value(f"SELECT tenant_id FROM tenant WHERE slug = '{clinic.slug}'")
                with self.assertRaises(SqlError, msg=f"{role}: {statement}"):
                    self.database.sql(f"SET yarrow.tenant = '{tenant}'; {statement}", role)

    def test_a_change_behind_its_back_is_found(self):
        for spoil, found in (("UPDATE audit_entry SET detail = 'x' WHERE seq = 3 AND {where}", "broken at 3"),
                             ("DELETE FROM audit_entry WHERE seq = 2 AND {where}", "broken at 2"),
                             ("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry WHERE {where}) "
                              "AND {where}", "broken at")):
            clinic = self.new_clinic()
            where = f"tenant_id = (SELECT tenant_id FROM tenant WHERE slug = '{clinic.slug}')"
            self.assertEqual(self.verify(clinic).returncode, 0)
            self.database.sql("SET session_replication_role = replica; " + spoil.format(where=where))
            ran = self.verify(clinic)
            self.assertEqual(ran.returncode, 1)
            self.assertIn(found, ran.stdout)

    def test_retention_empties_entries_and_the_chain_still_verifies(self):
        clinic = self.new_clinic()
        chain = Chain(clinic.new_device()).add(3).add(2, category="payments").add(1)
        self.assert_taken(chain.upload(), 6)
        tenant = self.database.value(f"SELECT tenant_id FROM tenant WHERE slug = '{clinic.slug}'")
        emptied = self.database.sql(f"SET yarrow.tenant = '{tenant}'; SELECT audit_purge('{tenant}', 'health-data', "
                                    "now() + interval '1 hour')", "yarrow_app")[-1][0]
        self.assertEqual(emptied, "4")
        self.assertEqual(self.verify(clinic).returncode, 0)
        found = clinic.person().get(f"{ENTRIES}?incarnation={chain.incarnation}").json()["entries"]
        self.assertEqual([(e["purged"], e["patient"]) for e in found],
                         [(True, "")] * 3 + [(False, "p1")] * 2 + [(True, "")])


if __name__ == "__main__":
    unittest.main()
