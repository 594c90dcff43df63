#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants one violation after the other in a small tree and expects layers.py to name it."""
import tempfile
import unittest
from pathlib import Path

import layers

LICENCE = "// " + layers.SPDX + "\n"
HOUSE = {
    "core/error.h": LICENCE + "#pragma once\n",
    "core/CMakeLists.txt": "yarrow_library(yarrow_core SOURCES error.cpp LINKS Qt6::Core PRIVATE_LINKS OpenSSL::Crypto)\n",
    "models/domain/patient.h": LICENCE + '#pragma once\n#include "core/error.h"\n#include <QDate>\n',
    "models/domain/CMakeLists.txt": "yarrow_library(yarrow_domain SOURCES patient.cpp LINKS yarrow_core)\n",
    "models/fhir/patient_fhir.h": LICENCE + '#include "models/domain/patient.h"\n',
    "models/store/store.h": LICENCE + "#include <SQLiteCpp/SQLiteCpp.h>\nauto sql = \"SELECT id FROM patient\";\n",
    "models/store/records/record_store.cpp": LICENCE + 'run("INSERT INTO resource (id) VALUES (?)");\n',
    "models/store/audit/audit_log.cpp": LICENCE + 'run("INSERT INTO audit (at) VALUES (?)");\n',
    "models/store/CMakeLists.txt": "yarrow_library(yarrow_store LINKS yarrow_domain PRIVATE_LINKS yarrow_sqlitecpp)\n",
    "models/items/finder.h": LICENCE + '#include "models/store/store.h"\n#include <QIcon>\n',
    "models/items/CMakeLists.txt": "yarrow_library(yarrow_items LINKS yarrow_store Qt6::Gui)\n",
    "sync/pull.h": LICENCE + '#include "models/store/store.h"\n',
    "sync/CMakeLists.txt": "yarrow_library(yarrow_sync LINKS yarrow_store)\n",
    "ui/page.h": LICENCE + '#include "models/items/finder.h"\n#include <QWidget>\n#include "page.moc"\n',
    "ui/CMakeLists.txt": "yarrow_library(yarrow_ui LINKS yarrow_items Qt6::Widgets)\n",
    "app/main.cpp": LICENCE + '#include "ui/page.h"\n#include "sync/pull.h"\n#include <QApplication>\n',
    "app/CMakeLists.txt": "add_executable(yarrow main.cpp)\ntarget_link_libraries(yarrow PRIVATE yarrow_ui yarrow_sync)\n",
    "server/http.h": LICENCE + "#include <vector>\n",
    "tests/unit/tst_page.cpp": LICENCE + '#include "ui/page.h"\n#include "models/store/store.h"\n#include <QTest>\n',
    "dev": "#!/bin/bash\n# " + layers.SPDX + "\n",
}


class Layers(unittest.TestCase):
    def findings(self, changes):
        """What layers says of the small tree after `changes`: {path: text} are written over it."""
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {**HOUSE, **changes}.items():
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return list(layers.check(folder))

    def test_soundTree_hasNoFindings(self):
        self.assertEqual(self.findings({}), [])

    def test_plantedInclude_isNamedWithItsPlace(self):
        for path, line, expected in [
            ("core/error.h", '#include "models/domain/patient.h"', "core must not include models/domain"),
            ("models/domain/patient.h", '#include "models/fhir/patient_fhir.h"', "must not include models/fhir"),
            ("models/fhir/patient_fhir.h", '#include "models/store/store.h"', "must not include models/store"),
            ("models/store/store.h", '#include "sync/pull.h"', "models/store must not include sync"),
            ("models/items/finder.h", '#include "ui/page.h"', "models/items must not include ui"),
            ("models/items/finder.h", "#include <QPushButton>", "Qt Widgets outside ui and app"),
            ("core/error.h", "#include <QtWidgets/QWidget>", "Qt Widgets outside ui and app"),
            ("sync/pull.h", '#include "ui/page.h"', "sync must not include ui"),
            ("ui/page.h", '#include "sync/pull.h"', "ui must not include sync"),
            ("ui/page.h", '#include "models/store/store.h"', "ui must not include models/store"),
            ("ui/page.h", '  #  include "app/main.cpp"', "ui must not include app"),
            ("server/http.h", '#include "core/error.h"', "server must not include core"),
            ("core/error.h", '#include "server/http.h"', "core must not include server"),
            ("core/error.h", '#include "tests/unit/tst_page.cpp"', "core must not include tests"),
            ("ui/page.h", "#include <SQLiteCpp/Database.h>", "SQL outside"),
            ("models/fhir/patient_fhir.h", "#include <sqlcipher/sqlite3.h>", "SQL outside"),
            ("app/main.cpp", 'run("DELETE FROM patient");', "SQL outside"),
            ("models/items/finder.h", 'run("SELECT id FROM patient");', "SQL outside"),
            ("models/store/store.h", 'run("INSERT OR REPLACE INTO resource (id) VALUES (?)");', "writes the table resource"),
            ("models/store/store.h", 'run("UPDATE audit SET at = ?");', "writes the table audit"),
            ("models/fhir/patient_fhir.h", "#include <QJsonDocument>", "QJson loses"),
            ("ui/page.h", '#include "finder.h"', "does not start at the repository root"),
        ]:
            with self.subTest(path=path, line=line):
                found = self.findings({path: HOUSE[path] + line + "\n"})
                self.assertEqual([finding.path for finding in found], [path])
                self.assertEqual(found[0].line, HOUSE[path].count("\n") + 1)
                self.assertIn(expected, found[0].text)
                self.assertFalse(found[0].warning)

    def test_plantedLink_isNamed(self):
        for path, text, expected in [
            ("core/CMakeLists.txt", "yarrow_library(yarrow_core LINKS yarrow_domain)", "core must not link yarrow_domain"),
            ("models/domain/CMakeLists.txt", "yarrow_library(yarrow_domain PRIVATE_LINKS\n  yarrow_store)",
             "models/domain must not link yarrow_store"),
            ("ui/CMakeLists.txt", "yarrow_library(yarrow_ui LINKS yarrow_sync)", "ui must not link yarrow_sync"),
            ("sync/CMakeLists.txt", "yarrow_library(yarrow_sync)\ntarget_link_libraries(yarrow_sync PUBLIC yarrow_ui)",
             "sync must not link yarrow_ui"),
            ("models/items/CMakeLists.txt", "yarrow_library(yarrow_items LINKS Qt6::Widgets)",
             "models/items must not link Qt6::Widgets"),
            ("ui/CMakeLists.txt", "yarrow_library(yarrow_ui LINKS yarrow_sqlitecpp)", "ui must not link yarrow_sqlitecpp"),
            ("models/store/CMakeLists.txt", "yarrow_library(yarrow_store LINKS Qt6::Sql)", "must not link Qt6::Sql"),
            ("core/CMakeLists.txt", "yarrow_library(yarrow_core LINKS Qt6::Bluetooth)", "no floor is known for Qt6::Bluetooth"),
        ]:
            with self.subTest(path=path, text=text):
                found = self.findings({path: text + "\n"})
                self.assertEqual([finding.path for finding in found], [path])
                self.assertIn(expected, found[0].text)

    def test_commentedLink_isNoLink(self):
        self.assertEqual(self.findings({"core/CMakeLists.txt": "# yarrow_library(yarrow_core LINKS yarrow_ui)\n"}), [])

    def test_fileRules_areHeld(self):
        for path, text, expected in [
            ("core/a.cpp", "int a;\n", "licence line"),
            ("core/a.h", "", "licence line"),
            ("dev", "#!/bin/bash\necho\n", "licence line"),
            ("core/a.h", LICENCE + "using namespace yarrow;\n", "using namespace"),
            ("core/a.cpp", LICENCE + "// TO" + "DO: later\n", "finish it"),
            ("README.md", "FIX" + "ME\n", "finish it"),
            ("core/a.cpp", LICENCE + "\n" * layers.MAX_LINES, "lines"),
        ]:
            with self.subTest(path=path, expected=expected):
                found = self.findings({path: text})
                self.assertEqual([(finding.path, finding.warning) for finding in found], [(path, False)])
                self.assertIn(expected, found[0].text)

    def test_longFile_isWarnedAboutBeforeItFails(self):
        found = self.findings({"core/a.cpp": LICENCE + "\n" * layers.WARN_LINES})
        self.assertEqual([finding.warning for finding in found], [True])


if __name__ == "__main__":
    unittest.main()
