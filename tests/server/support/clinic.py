# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic on the server under test: made with the program, entered over HTTP as workstations and people are."""

import re

from support.client import Anonymous, Device, Key, Person
from support.server import PASSWORD, run


class Clinic:
    """Has an administrator `admin` from the start; workstations and other people are added as tests need them."""

    def __init__(self, server, database, slug):
        self.server = server
        self.slug = slug
        self.certificate = server.certificate.file
        self.url = server.url
        said = run("tenant", "create", "--database", database.app_uri, "--slug", slug, "--name", f"Clinic {slug}",
                   "--admin", "admin", password=PASSWORD)
        self.first_code = re.search(r"enrolment code (\S+),", said.stdout).group(1)
        self.accounts = {}
        self._people = {}

    def person(self, user="admin"):
        """Somebody who signs in with a password: the administrator, or anybody that account() knows or makes."""
        if user not in self._people:
            if user != "admin":
                path = f"/api/v1/accounts/{self.account(user)}/password"
                answer = self.person().post(path, {"password": PASSWORD})
                if answer.status_code != 200:
                    raise RuntimeError(f"no password: {answer.status_code} {answer.text}")
            self._people[user] = Person(self.url, self.certificate, f"{user}@{self.slug}", PASSWORD)
        return self._people[user]

    def new_code(self, areas="clinic"):
        """An enrolment code, asked for by the administrator; `areas` is a preset or a list of codes."""
        answer = self.person().post("/api/v1/enrolment-codes", {
            "areas": [areas] if isinstance(areas, str) else areas})
        if answer.status_code != 201:
            raise RuntimeError(f"no code: {answer.status_code} {answer.text}")
        return answer.json()["code"]

    def enrol(self, code, name="Front desk", key=None):
        """What the server answers to an enrolment; nobody is signed in for it."""
        key = key or Key()
        answer = Anonymous(self.url, self.certificate).post(
            "/api/v1/enrolments", {"code": code, "name": name, "publicKey": key.jwk})
        return answer, key

    def new_device(self, areas="clinic", name="Front desk", author="admin"):
        """An enrolled workstation that may read `areas` and writes as `author`."""
        answer, key = self.enrol(self.new_code(areas), name)
        if answer.status_code != 201:
            raise RuntimeError(f"not enrolled: {answer.status_code} {answer.text}")
        device = Device(self.url, self.certificate, answer.json()["clientId"], key)
        device.author = self.account(author) if author else None
        return device

    def add_account(self, user, role, password=None):
        """Somebody with that role, without a password unless one is given; the account id."""
        body = {"user": user, "role": role, **({"password": password} if password else {})}
        answer = self.person().post("/api/v1/accounts", body)
        if answer.status_code != 201:
            raise RuntimeError(f"no account: {answer.status_code} {answer.text}")
        self.accounts[user] = answer.json()["id"]
        return self.accounts[user]

    def change_account(self, user, **members):
        """Its role, whether it is active."""
        account = self.account(user)
        now = self.person().get(f"/api/v1/accounts/{account}").json()
        kept = {name: now[name] for name in ("user", "name", "role", "active")}
        answer = self.person().put(f"/api/v1/accounts/{account}", {**kept, **members})
        if answer.status_code != 200:
            raise RuntimeError(f"account not changed: {answer.status_code} {answer.text}")

    def account(self, user):
        """The account id of somebody of this clinic. A role's name is a person of that role, made when first asked."""
        if user not in self.accounts:
            for one in self.person().get("/api/v1/accounts").json()["accounts"]:
                self.accounts[one["user"]] = one["id"]
        if user not in self.accounts:
            self.add_account(user, user)
        return self.accounts[user]
