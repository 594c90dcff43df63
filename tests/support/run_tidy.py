#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy over Yarrow's own sources (tests aside), several at a time. Headers are checked through them.

run_tidy.py --build DIR [--jobs N] [FILES…]
"""
import argparse
import json
import os
import subprocess
import sys
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


def tidy(build, path):
    run = subprocess.run(["clang-tidy-14", "--quiet", "-p", str(build), path], cwd=ROOT, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return path, run.returncode, run.stdout + (run.stderr if run.returncode and not run.stdout else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", nargs="*", help="instead of all")
    arguments = parser.parse_args()

    paths = sorted(set(arguments.files or own_sources(arguments.build)))
    failed = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for path, code, output in pool.map(lambda path: tidy(arguments.build, path), paths):
            if code:
                failed += 1
                print(f"{path}:\n{output}", flush=True)
    print(f"tidy: {len(paths)} files, {failed} with findings")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
