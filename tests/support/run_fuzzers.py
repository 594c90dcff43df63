#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every libFuzzer target of a build for a while, several at a time, each on a copy of its corpus.

run_fuzzers.py [--seconds N] [--jobs N] BUILD

Starting inputs stand in tests/fuzz/corpus/NAME for the target fuzz_NAME. An input that breaks a target is kept in
BUILD/findings/fuzz_NAME; run the target with that file alone to see it again.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMORY_LIMIT_MB = 2048
INPUT_TIMEOUT_S = 20


def fuzz(target, build, seconds):
    """Returns (name, passed, one line of figures or the end of the output)."""
    corpus = build / "corpus" / target.name
    findings = build / "findings" / target.name
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    start = ROOT / "tests/fuzz/corpus" / target.name.removeprefix("fuzz_")
    if start.is_dir():
        shutil.copytree(start, corpus, dirs_exist_ok=True)
    # libFuzzer checks its own time only between inputs; the outer limit is for one that never ends.
    command = [target, f"-max_total_time={seconds}", f"-timeout={INPUT_TIMEOUT_S}", f"-rss_limit_mb={MEMORY_LIMIT_MB}",
               "-print_final_stats=1", "-seed=1", f"-artifact_prefix={findings}/", corpus]
    try:
        run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                             timeout=seconds + 10 * INPUT_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return target.name, False, "did not end in time"
    output = run.stdout.decode("utf-8", "replace")
    units = re.search(r"number_of_executed_units:\s*(\d+)", output)
    coverage = re.findall(r"\bcov: (\d+)", output)
    if run.returncode or not units:
        return target.name, False, output[-6000:]
    return target.name, True, f"{units[1]} inputs, coverage {coverage[-1] if coverage else '?'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    build = arguments.build.resolve()

    targets = sorted(path for path in (build / "bin").glob("fuzz_*") if os.access(path, os.X_OK))
    if not targets:
        sys.exit(f"no fuzz target in {build / 'bin'}")
    passed = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for name, good, text in pool.map(lambda target: fuzz(target, build, arguments.seconds), targets):
            passed += good
            print(f"{'passed' if good else 'FAILED'} {name}: {text}", flush=True)
    print(f"fuzz: {passed} passed, {len(targets) - passed} failed")
    return 0 if passed == len(targets) else 1


if __name__ == "__main__":
    sys.exit(main())
