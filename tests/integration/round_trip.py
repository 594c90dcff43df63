#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports FHIR files into a new clinic and checks that every resource comes out of the export equal to what went in:
member order, decimals and unknown elements. Only `meta` and resolved references may differ. A second import must
change nothing.

    tests/integration/round_trip.py [FILE OR FOLDER…]

Without arguments: the folder YARROW_SAMPLE_DATA, else ../shared/data/synthea; ends with 77 when there is none."""

import os
import pathlib
import sys
import tempfile

import lossless
import yarrowctl

SKIPPED = 77


def files_of(paths):
    found = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix in (".json", ".ndjson"))
        else:
            found.append(path)
    return found


def differences(stored, nameless, exported):
    """A line for each resource that is missing, too many or not what it was."""
    lines = []
    left = dict(exported)
    for reference, resource in stored.items():
        came_out = left.pop(reference, None)
        if came_out is None:
            lines.append(f"{reference}: missing")
        elif came_out.without("meta") != resource.without("meta"):
            lines.append(f"{reference}: differs")
    for resource in nameless:
        match = next((reference for reference, value in left.items()
                      if value.without("meta", "id") == resource.without("meta", "id")), None)
        if match is None:
            lines.append(f"{resource.first('resourceType')} without an id: missing")
        else:
            del left[match]
    return lines + [f"{reference}: was never imported" for reference in left]


def round_trip(paths, folder):
    """Problems as lines; and how many resources were compared."""
    clinic = yarrowctl.Clinic(folder / "profile")
    clinic.init()
    imported = clinic.done("import", *paths)
    lines = clinic.export()
    again = clinic.done("import", *paths)
    problems = []
    if imported["failed"]:
        problems.append(f"failed: {imported['failed']}")
    if again["created"] or again["updated"] or again["deleted"] or again["unchanged"] != imported["resources"]:
        problems.append(f"the second import changed something: {again}")
    if clinic.export() != lines:
        problems.append("the export after the second import is another one")
    exported = {}
    for line in lines:
        resource = lossless.parse(line)
        exported[f"{resource.first('resourceType')}/{resource.first('id')}"] = resource
    problems += differences(*lossless.expected(files_of(paths)), exported)
    return problems, len(exported)


def main(arguments):
    default = os.environ.get("YARROW_SAMPLE_DATA", yarrowctl.ROOT.parent / "shared" / "data" / "synthea")
    paths = [pathlib.Path(p).resolve() for p in arguments or [default]]
    if missing := [path for path in paths if not path.exists()]:
        print(f"skipped: there is no {missing[0]}")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="yarrow-test-") as folder:
        problems, count = round_trip(paths, pathlib.Path(folder))
    for line in problems:
        print(line)
    print(f"{len(files_of(paths))} files, {count} resources compared, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
