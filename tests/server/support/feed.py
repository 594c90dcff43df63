# SPDX-License-Identifier: GPL-3.0-or-later
"""The change feed as a workstation follows it, and what must hold of it."""

import hashlib

from support.client import extension, sequence_of


def digest_of(records):
    """The digest over {"Type/id": versionId}, as hexadecimal digits: server/records/digest.h."""
    whole = 0
    for name, version in records.items():
        whole ^= int.from_bytes(hashlib.sha256(f"{name}/{version}".encode()).digest()[:16], "big")
    return f"{whole:032x}"


class Copy:
    """A workstation's copy: follows the feed from where it left off, and keeps everything that came."""

    def __init__(self, device, count=None):
        self.device = device
        self.count = count
        self.since = None
        self.records = {}    # "Type/id" → versionId; what is live
        self.versions = []   # (sequence, "Type/id", method) of every entry, in the order they came
        self.bodies = {}     # versionId → resource
        self.left = set()    # "Type/id" of what left the scope
        self.meta = {}       # of the last page: epoch, scope, floor, count, digest
        self.times = []

    def pull(self):
        """Everything there is behind the last pull."""
        for page in self.device.feed(since=self.since, count=self.count):
            self.take(page)
        return self

    def take(self, page):
        self.meta = {name: extension(page["meta"], f"feed-{name}") for name in ("epoch", "scope", "floor", "count", "digest")}
        for entry in page.get("entry", []):
            response = entry["response"]
            name = entry["request"]["url"]
            version = response["etag"].removeprefix('W/"').rstrip('"')
            time = response["lastModified"]
            # _since is inclusive, so the last one known may come again.
            if self.since is not None and time <= self.since:
                if not any(v[0] == sequence_of(version) for v in self.versions):
                    raise AssertionError(f"{name} {version} came behind the cursor: {time} <= {self.since}")
                continue
            self.since = time
            self.times.append(time)
            self.versions.append((sequence_of(version), name, entry["request"]["method"]))
            status = response["status"].split()[0]
            if status == "403":
                self.records.pop(name, None)
                self.left.add(name)
            elif entry["request"]["method"] == "DELETE":
                self.records.pop(name, None)
            else:
                self.records[name] = version
                self.bodies[version] = entry["resource"]

    @property
    def sequences(self):
        return [number for number, _, _ in self.versions]

    @property
    def count_there(self):
        """How many records the server says there are in scope."""
        return int(self.meta["count"])

    def problems(self, whole=True):
        """What is wrong with what came, as sentences. `whole`: every version was to come, as to a device of all areas."""
        found = []
        if any(a >= b for a, b in zip(self.sequences, self.sequences[1:])):
            found.append("sequences do not rise")
        if any(a >= b for a, b in zip(self.times, self.times[1:])):
            found.append("lastUpdated does not rise")
        if whole and self.sequences and self.sequences != list(range(1, self.sequences[-1] + 1)):
            missing = sorted(set(range(1, self.sequences[-1] + 1)) - set(self.sequences))
            found.append(f"missing: {missing[:20]}")
        if self.count_there != len(self.records):
            found.append(f"{len(self.records)} records here, {self.count_there} there")
        if self.meta["digest"] != digest_of(self.records):
            found.append("the digest is another")
        return found
