#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the table of ARCHITECTURE.md: who may include and link whom, and what every source file must look like.

layers.py [ROOT]    prints one line per violation (path:line: what) and exits with 1 if there is any.
"""
import argparse
import glob
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

# Each floor with the floors it may include and link, itself aside. Every arrow points down.
FLOORS = {
    "core": set(),
    "models/domain": {"core"},
    "models/fhir": {"core", "models/domain"},
    "models/store": {"core", "models/domain", "models/fhir"},
    "models/items": {"core", "models/domain", "models/store"},
    "sync": {"core", "models/domain", "models/fhir", "models/store"},
    "ui": {"core", "models/domain", "models/items"},
    "app": {"core", "models/domain", "models/fhir", "models/store", "models/items", "sync", "ui"},
    "server": set(),
}

# Libraries that stand on certain floors only. Tests may use any.
QT_CORE_FLOORS = set(FLOORS) - {"server"}
LIBRARY_FLOORS = {
    "Qt6::Core": QT_CORE_FLOORS,
    "Qt6::Gui": {"models/items", "ui", "app"},
    "Qt6::Svg": {"ui", "app"},
    "Qt6::Charts": {"ui", "app"},
    "Qt6::PrintSupport": {"ui", "app"},
    "Qt6::Widgets": {"ui", "app"},
    "Qt6::Network": {"sync", "app"},
    "Qt6::WebSockets": {"sync"},
    "Qt6::Sql": set(),  # its SQLite plugin brings a second libsqlite3 into the process
    "CURL::libcurl": {"sync"},
    "ZLIB::ZLIB": {"sync", "server"},
    "yarrow_sqlitecpp": {"models/store"},
    "PkgConfig::SQLCIPHER": {"models/store"},
}

SQL_INCLUDE = re.compile(r"^(SQLiteCpp/|sqlite3|sqlcipher/|QtSql/|QSql)")
SQL_TEXT = re.compile(r'"[^"]*\b(SELECT\b.+\bFROM\b|INSERT (OR \w+ )?INTO\b|DELETE FROM\b|UPDATE \w+ SET\b|PRAGMA \w)')
SQL_FLOORS = {"models/store", "server"}
# Tables of the client that one folder alone writes: so no change of a record goes without its edit, its projections
# and its audit entry.
TABLE_WRITERS = {
    **dict.fromkeys(("resource", "edit", "patient_key", "patient_index", "patient_fts", "related_index",
                     "related_link", "appointment_index", "appointment_actor"), "models/store/records/"),
    "audit": "models/store/audit/",
}
SQL_WRITE = re.compile(r"\b(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM)\s+(\w+)")
QJSON_INCLUDE = re.compile(r"^(QtCore/)?QJson")  # loses decimals and member order of FHIR documents
WIDGET_FLOORS = {"ui", "app"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
GENERATED_INCLUDE = re.compile(r"(^|/)(moc_\w+\.cpp|ui_\w+\.h|\w+\.moc)$")
CMAKE_CALL = re.compile(
    r"\b(yarrow_library|yarrow_tests|yarrow_bench|yarrow_fuzzer|add_library|add_executable|qt_add_executable"
    r"|qt_add_library|target_link_libraries)\s*\(([^()]*)\)")

SOURCE_SUFFIXES = {".cpp", ".h", ".py", ".sh"}
SOURCE_FILES = {"dev", ".ci/run"}
PROSE_SUFFIXES = {".md", ".cmake", ".txt", ".sql"}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "X" "XX")) + r")\b")
WARN_LINES, MAX_LINES = 500, 600
SKIPPED_FOLDERS = {".git", ".cache", "build", "__pycache__"}


@dataclass
class Finding:
    path: str
    line: int
    text: str
    warning: bool = False

    def __str__(self):
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.text}"


def floor_of(path):
    """The floor a path relative to the root stands on; None for tests, build files and the rest."""
    for floor in FLOORS:
        if path == floor or path.startswith(floor + "/"):
            return floor
    return None


def widget_headers():
    """Names of Qt Widgets' headers, as the installed Qt has them."""
    names = {os.path.basename(path) for path in glob.glob("/usr/include/**/QtWidgets/[Qq]*", recursive=True)}
    if not names:
        sys.exit("layers: Qt Widgets' headers are not installed, so their use cannot be checked")
    return names


def walk(root):
    """Paths of all files below root, relative to it, without what is built."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        for name in sorted(files):
            yield os.path.relpath(os.path.join(folder, name), root)


def check_includes(root, path, lines, widgets):
    floor = floor_of(path)
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            if floor and floor not in SQL_FLOORS and SQL_TEXT.search(line):
                yield Finding(path, number, f"SQL outside {' and '.join(sorted(SQL_FLOORS))}")
            continue
        quote, header = match.groups()
        if quote == '"' and not GENERATED_INCLUDE.search(header):
            if not (root / header).is_file():
                yield Finding(path, number, f'include "{header}" does not start at the repository root')
            other = floor_of(header)
            if floor and other and other != floor and other not in FLOORS[floor]:
                yield Finding(path, number, f"{floor} must not include {other} ({header})")
            if floor and header.startswith("tests/"):
                yield Finding(path, number, f"{floor} must not include tests ({header})")
        if not floor:
            continue
        if header.startswith("QtWidgets") or header in widgets:
            if floor not in WIDGET_FLOORS:
                yield Finding(path, number, f"Qt Widgets outside ui and app ({header})")
        if SQL_INCLUDE.match(header) and floor not in SQL_FLOORS:
            yield Finding(path, number, f"SQL outside {' and '.join(sorted(SQL_FLOORS))} ({header})")
        if QJSON_INCLUDE.match(header) and (floor == "core" or floor.startswith("models/")):
            yield Finding(path, number, f"QJson loses what FHIR documents must keep ({header})")


def check_writers(path, lines):
    for number, line in enumerate(lines, 1):
        for table in SQL_WRITE.findall(line):
            writer = TABLE_WRITERS.get(table)
            if writer and not path.startswith(writer):
                yield Finding(path, number, f"only {writer} writes the table {table}")


def cmake_calls(text):
    """Yields (line, command, words) of the calls that declare or link targets; comments do not count."""
    text = re.sub(r"#[^\n]*", "", text)
    for match in CMAKE_CALL.finditer(text):
        words = match.group(2).split()
        if words:
            yield text.count("\n", 0, match.start()) + 1, match.group(1), words


def linked_words(command, words):
    """The words of a call that are linked libraries."""
    if command == "target_link_libraries":
        return words[1:]
    linked, inside = [], False
    for word in words[1:]:
        if word.isupper() and not word.startswith("$"):
            inside = word in ("LINKS", "PRIVATE_LINKS")
        elif inside:
            linked.append(word)
    return linked


def check_links(scripts):
    """scripts: {path: text} of every CMakeLists.txt."""
    home = {}
    for path, text in scripts.items():
        floor = floor_of(os.path.dirname(path))
        for _, command, words in cmake_calls(text):
            if floor and command != "target_link_libraries":
                home[words[0]] = floor
    for path, text in scripts.items():
        floor = floor_of(os.path.dirname(path))
        if not floor:
            continue
        for line, command, words in cmake_calls(text):
            for word in linked_words(command, words):
                other = home.get(word)
                if other and other != floor and other not in FLOORS[floor]:
                    yield Finding(path, line, f"{floor} must not link {word} of {other}")
                if word.startswith("Qt6::") and word not in LIBRARY_FLOORS:
                    yield Finding(path, line, f"no floor is known for {word}: add it to LIBRARY_FLOORS")
                elif word in LIBRARY_FLOORS and floor not in LIBRARY_FLOORS[word]:
                    yield Finding(path, line, f"{floor} must not link {word}")


def check_file(path, lines):
    is_source = Path(path).suffix in SOURCE_SUFFIXES or path in SOURCE_FILES
    if is_source:
        first = 1 if lines and lines[0].startswith("#!") else 0
        if len(lines) <= first or SPDX not in lines[first]:
            yield Finding(path, first + 1, f"the licence line is missing: {SPDX}")
        if len(lines) > WARN_LINES:
            yield Finding(path, len(lines), f"{len(lines)} lines; does it still do one thing?",
                          warning=len(lines) <= MAX_LINES)
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield Finding(path, number, "finish it, or say in the documentation what is missing")
        if path.endswith(".h") and re.match(r"\s*using namespace\b", line):
            yield Finding(path, number, "using namespace in a header")


def check(root):
    root = Path(root).resolve()
    widgets = widget_headers()
    scripts = {}
    for path in walk(root):
        suffix = Path(path).suffix
        if suffix not in SOURCE_SUFFIXES | PROSE_SUFFIXES and path not in SOURCE_FILES:
            continue
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        lines = text.splitlines()
        if os.path.basename(path) == "CMakeLists.txt":
            scripts[path] = text
        if suffix in (".cpp", ".h"):
            yield from check_includes(root, path, lines, widgets)
            if floor_of(path) not in (None, "server"):
                yield from check_writers(path, lines)
        yield from check_file(path, lines)
    yield from check_links(scripts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", default=Path(__file__).parents[2])
    findings = list(check(parser.parse_args().root))
    for finding in findings:
        print(finding)
    errors = sum(not finding.warning for finding in findings)
    print(f"layers: {errors} violations, {len(findings) - errors} warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
