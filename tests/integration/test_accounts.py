#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People of a clinic: who is let in, changed or shut out at one workstation or at the server is so at all of them."""

import subprocess
import unittest

from exchange import Desk, ExchangeTest, patient
from yarrowctl import BAD_INPUT, FAILED, LOCKED, PASSWORD

OTHER = "copper lantern moth 88"


class Accounts(ExchangeTest):
    def setUp(self):
        self.first, self.second = self.desks[:2]

    def account(self, desk, user):
        return next((one for one in desk.done("account", "list") if one["user"] == user), None)

    def add(self, user, role="nurse"):
        """Made at the first workstation; known at the second after both exchanged."""
        self.first.add_user(user, role)
        self.assertEqual(self.account(self.first, user)["waits"], True)
        self.meet()

    def meet(self):
        self.first.sync()
        self.second.sync()
        self.first.sync()

    def admit(self, user, password=PASSWORD):
        self.second.done("account", "admit", user, YARROW_NEW_PASSWORD=password)

    def shut_out(self, desk, user, password=PASSWORD):
        """The code with which a sign-in is refused."""
        ran = desk.run("patients", "search", "x", user=user, password=password)
        return "" if ran.returncode == 0 else ran.returncode

    def at_home(self, user):
        return next(one for one in self.home.person().get("/api/v1/accounts").json()["accounts"] if one["user"] == user)

    def trail(self, desk, action):
        return [entry["detail"] for entry in desk.done("audit", "list") if entry["action"] == action]

    def test_who_is_added_is_known_everywhere_and_signs_in_where_let_in(self):
        self.add("nina")
        there = self.at_home("nina")
        self.assertEqual((there["role"], there["active"], there["hasPassword"]), ("nurse", True, True))
        for desk in (self.first, self.second):
            one = self.account(desk, "nina")
            self.assertEqual((one["role"], one["atServer"], one["waits"], one["refusal"]), ("nurse", True, False, ""))
        self.assertEqual(self.account(self.second, "nina")["account"], there["id"])
        self.assertEqual(self.shut_out(self.second, "nina"), LOCKED)
        self.assertEqual(self.second.exits(LOCKED, "account", "admit", "nina", YARROW_NEW_PASSWORD=OTHER)["error"]["code"],
                         "WrongPassword")
        self.admit("nina")
        self.second.put(patient("n1"), user="nina")
        self.second.sync(pushed=1, quarantined=0)
        self.assertIn(there["id"] + " as nurse, at the server", self.trail(self.second, "account-added"))

    def test_where_everybody_may_the_password_of_the_clinic_is_enough(self):
        self.add("erin")
        self.second.done("account", "everybody", "yes")
        self.assertEqual(self.shut_out(self.second, "erin", OTHER), LOCKED)
        self.assertEqual(self.shut_out(self.second, "erin"), "")
        self.assertTrue(any("signs in here from now on" in one for one in self.trail(self.second, "account-added")))
        self.second.done("account", "everybody", "no")
        self.assertEqual(self.shut_out(self.second, "erin"), "")
        self.add("ewan")
        self.assertEqual(self.shut_out(self.second, "ewan"), LOCKED)

    def test_who_is_disabled_elsewhere_is_shut_out_and_their_edits_are_kept(self):
        self.add("dora")
        self.admit("dora")
        self.second.put(patient("d1"), user="dora")
        self.first.done("account", "deactivate", "dora", "--reason", "left the clinic")
        self.first.sync()
        self.assertEqual(self.at_home("dora")["active"], False)
        self.assertEqual(self.shut_out(self.second, "dora"), "")  # not yet
        self.second.sync(quarantined=1)
        self.assertEqual(self.account(self.second, "dora")["active"], False)
        self.assertEqual(self.shut_out(self.second, "dora"), LOCKED)
        self.assertEqual(self.shut_out(self.first, "dora"), LOCKED)  # the key slot went at once
        [kept] = self.second.done("quarantine", "list")
        self.assertEqual((kept["record"], kept["author"]), ("Patient/d1", "dora"))
        dora = self.at_home("dora")["id"]
        self.assertIn(dora + ", disabled", self.trail(self.first, "account-changed"))
        self.assertIn(dora + ", disabled, at the server", self.trail(self.second, "account-changed"))

        self.second.done("account", "reactivate", "dora")
        self.second.done("quarantine", "retry")
        self.second.sync(pushed=1)
        self.assertEqual(self.at_home("dora")["active"], True)

    def test_who_is_disabled_at_the_server_is_signed_out_here(self):
        self.add("wanda")
        self.admit("wanda")
        watching = subprocess.Popen(self.second.arguments("sync", "--watch", user="wanda"), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
                                    env=self.second.environment())
        self.assertIn('"obstacle":"none"', watching.stdout.readline())
        self.home.change_account("wanda", active=False)
        self.first.put(patient("w1"))
        self.first.sync(pushed=1)  # the server hints at it
        said, _ = watching.communicate(timeout=90)
        self.assertEqual(watching.returncode, FAILED)
        self.assertIn("account-disabled", said)
        self.assertEqual(self.shut_out(self.second, "wanda"), LOCKED)

    def test_a_password_given_at_one_workstation_replaces_the_old_one_at_all(self):
        self.add("petra")
        self.admit("petra")
        self.first.done("account", "password", "petra", YARROW_NEW_PASSWORD=OTHER)
        self.assertEqual(self.shut_out(self.first, "petra"), LOCKED)
        self.assertEqual(self.shut_out(self.first, "petra", OTHER), "")
        self.assertEqual(self.shut_out(self.second, "petra"), "")  # until the next exchange
        self.meet()
        self.assertEqual(self.shut_out(self.second, "petra"), LOCKED)
        self.admit("petra", OTHER)
        self.assertEqual(self.shut_out(self.second, "petra", OTHER), "")
        self.assertEqual(self.shut_out(self.first, "petra", OTHER), "")
        self.assertEqual(self.at_home("petra")["verifierVersion"], 2)

    def test_what_two_administrators_change_at_once(self):
        self.add("mona")
        self.first.done("account", "change", "mona", "--name", "Mona Ferri")
        self.home.change_account("mona", role="doctor")
        self.meet()
        there = self.at_home("mona")
        self.assertEqual((there["name"], there["role"]), ("Mona Ferri", "doctor"))
        self.first.done("account", "deactivate", "mona")
        self.second.done("account", "change", "mona", "--role", "receptionist")
        self.second.sync()
        self.meet()
        there = self.at_home("mona")
        self.assertEqual((there["role"], there["active"]), ("receptionist", False))
        for desk in (self.first, self.second):
            one = self.account(desk, "mona")
            self.assertEqual((one["role"], one["active"], one["waits"]), ("receptionist", False, False))

    def test_the_last_administrator_stays_one(self):
        for words in (("deactivate", "admin"), ("change", "admin", "--role", "nurse")):
            self.assertEqual(self.first.exits(BAD_INPUT, "account", *words)["error"]["code"], "InvalidArgument")
        self.assertEqual(self.first.exits(FAILED, "account", "deactivate", "admin", user="doctor")["error"]["code"],
                         "Forbidden")

    def test_what_the_server_refuses_is_said_and_undone(self):
        desk = Desk(self.folder / "front")
        desk.init()
        desk.add_user("doctor", "doctor")
        desk.enrol(self.home, self.home.new_code("front-desk"))
        desk.sync()
        desk.done("account", "change", "doctor", "--role", "admin")
        desk.sync()
        one = self.account(desk, "doctor")
        self.assertEqual((one["role"], one["waits"], one["refusal"]), ("doctor", False, "outside-scope"))
        self.assertEqual(self.at_home("doctor")["role"], "doctor")

    def test_who_was_disabled_at_the_server_gets_in_under_no_other_name(self):
        for user in ("eve", "boss"):
            self.add(user, "admin")
            self.admit(user)
        self.home.change_account("eve", active=False)
        self.second.done("key", "add-user", "--user", "evil", "--role", "admin", user="eve", YARROW_NEW_PASSWORD=OTHER)
        self.second.done("account", "password", "boss", user="eve", YARROW_NEW_PASSWORD=OTHER)
        for user in ("evil", "boss"):
            self.assertEqual(self.shut_out(self.second, user, OTHER), "")
        self.second.sync()
        for user in ("evil", "boss", "eve"):
            self.assertIn(self.shut_out(self.second, user, OTHER), (FAILED, LOCKED), user)
        self.assertIn(self.shut_out(self.second, "eve"), (FAILED, LOCKED))
        evil = self.account(self.second, "evil")
        self.assertEqual((evil["active"], evil["waits"], evil["refusal"]), (False, False, "author-disabled"))
        self.admit("boss")
        self.assertEqual(self.shut_out(self.second, "boss"), "")

    def test_an_exchange_without_anything_to_do_does_not_ask_for_accounts(self):
        self.meet()
        self.second.sync(roundTrips=1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
