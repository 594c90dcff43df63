#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy over Yarrow's own sources (tests aside), several at a time. Headers are checked through them.

run_tidy.py --build DIR [--jobs N] [--minutes N] [FILES…]

Newest changes first. With --minutes no file is begun after that time, and the last line says how many were not looked at.
"""
import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "models", "sync", "ui", "app", "server")


def own_sources(build):
    """What the build compiles from our folders, relative to the root."""
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), ROOT)
        if path.split(os.sep)[0] in FOLDERS:
            yield path


def newest_first(paths):
    """By the commit that last changed them; what was never committed comes first."""
    log = subprocess.run(["git", "log", "--format=", "--name-only"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                         check=False).stdout
    place = {}
    for name in log.split("\n"):
        place.setdefault(name, len(place))
    return sorted(paths, key=lambda path: (place.get(path, -1), path))


def tidy(build, path, until):
    if time.monotonic() > until:
        return path, None, ""
    run = subprocess.run(["clang-tidy-14", "--quiet", "-p", str(build), path], cwd=ROOT, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return path, run.returncode, run.stdout + (run.stderr if run.returncode and not run.stdout else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("files", nargs="*", help="instead of all")
    arguments = parser.parse_args()

    paths = newest_first(set(arguments.files or own_sources(arguments.build)))
    until = time.monotonic() + arguments.minutes * 60
    failed = passed_over = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for path, code, output in pool.map(lambda path: tidy(arguments.build, path, until), paths):
            if code is None:
                passed_over += 1
            elif code:
                failed += 1
                print(f"{path}:\n{output}", flush=True)
    print(f"tidy: {len(paths) - passed_over} files, {failed} with findings"
          + (f"; {passed_over} that changed longest ago were not looked at" if passed_over else ""))
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
