# SPDX-License-Identifier: GPL-3.0-or-later
"""Writers that keep a server busy and remember what it acknowledged."""

import random
import threading
import uuid

import requests

from support.client import patient, put, remove, version_of


class Crew:
    """Threads that run until told to stop; what one of them raises, join() raises."""

    def __init__(self):
        self.stopping = threading.Event()
        self._threads = []
        self._failures = []

    def start(self, work, *arguments):
        def run():
            try:
                work(*arguments)
            except Exception as failure:  # pylint: disable=broad-except
                self._failures.append(failure)
                self.stopping.set()

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self):
        self.stopping.set()
        self.join()

    def join(self):
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]


class Writer:
    """Creates, updates and deletes records of its own, singly and in bundles of different length, through any of
    `devices`. After each answer `acknowledged` holds what the server must show from then on: "Patient/id" → versionId,
    or None after a deletion. What got no answer is in `unsure` until it is settled under its operation id."""

    def __init__(self, name, devices, seed, longest=40):
        self.name = name
        self.devices = devices
        self.random = random.Random(seed)
        self.longest = longest
        self.acknowledged = {}
        self.live = {}     # id → versionId
        self.unsure = None  # the entries whose fate is unknown
        self.writes = 0

    def step(self):
        """One request. Returns whether it was answered; after one that was not, step() settles it first."""
        entries = self.unsure or self.plan()
        self.unsure = entries
        device = self.random.choice(self.devices)
        try:
            answer = device.send(self.random.choice(("batch", "transaction")), entries)
        except (requests.ConnectionError, requests.Timeout):
            return False
        except RuntimeError as refused:  # no token while the server is away
            if "no token: 5" in str(refused):
                return False
            raise
        if answer.status_code in (429, 500, 502, 503, 504):
            if answer.status_code == 500:
                raise AssertionError(answer.text)
            return False
        if answer.status_code != 200:
            raise AssertionError(f"{answer.status_code} {answer.text[:1000]}")
        for sent, said in zip(entries, answer.json()["entry"]):
            response = said["response"]
            if response["status"][:3] not in ("200", "201", "204"):
                raise AssertionError(f"{sent['request']} {said}")
            self.take(sent, response["etag"].removeprefix('W/"').rstrip('"'))
        self.unsure = None
        return True

    def plan(self):
        entries = []
        chosen = set()
        for _ in range(self.random.choice((1, 1, 2, 5, self.longest))):
            operation = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
            what = self.random.random()
            free = [one for one in self.live if one not in chosen]
            if what < 0.5 or not free:
                made = patient(f"{self.name}-{self.writes}", active=True)
                entries.append(put(made, if_none_match="*", operation=operation))
            else:
                one = self.random.choice(free)
                chosen.add(one)
                if what < 0.9:
                    entries.append(put(patient(one, multipleBirthInteger=self.writes), if_match=self.live[one],
                                       operation=operation))
                else:
                    entries.append(remove(f"Patient/{one}", if_match=self.live[one], operation=operation))
            self.writes += 1
        return entries

    def take(self, sent, version):
        name = sent["request"]["url"]
        _, _, record = name.partition("/")
        if sent["request"]["method"] == "DELETE":
            self.live.pop(record, None)
            self.acknowledged[name] = None
        else:
            self.live[record] = version
            self.acknowledged[name] = version


class Editor:
    """One of many that change the same record: reads it, changes it, writes it back under the version it read."""

    def __init__(self, device, record):
        self.device = device
        self.record = record
        self.successes = []  # (version read, version written)
        self.refused = 0

    def step(self):
        read = self.device.read(f"Patient/{self.record}")
        if read.status_code != 200:
            raise AssertionError(read.text)
        document = read.json()
        counted = document.get("multipleBirthInteger", 0) + 1
        answer = self.device.save(patient(self.record, multipleBirthInteger=counted), if_match=version_of(read))
        if answer.status_code == 200:
            self.successes.append((version_of(read), version_of(answer)))
        elif answer.status_code == 412:
            self.refused += 1
        else:
            raise AssertionError(answer.text)
