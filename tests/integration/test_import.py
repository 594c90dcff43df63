#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes in comes out, and what is bad stays out."""

import os
import pathlib
import stat
import tempfile
import unittest

import round_trip
from yarrowctl import BAD_INPUT, DATA, FAILED, Clinic, ClinicTest


def patient(identifier, family="Solberg"):
    return f'{{"resourceType":"Patient","id":"{identifier}","name":[{{"family":"{family}"}}]}}'


class RoundTrip(unittest.TestCase):
    def test_every_resource_comes_out_as_it_went_in(self):
        with tempfile.TemporaryDirectory(prefix="yarrow-test-") as folder:
            problems, count = round_trip.round_trip([DATA], pathlib.Path(folder))
        self.assertEqual(problems, [])
        self.assertEqual(count, 10)

    def test_the_comparison_sees_a_difference(self):
        stored, nameless = round_trip.lossless.expected([DATA / "transaction.json"])
        exported = dict(stored)
        changed = next(iter(exported))
        exported[changed] = type(exported[changed])(reversed(exported[changed]))
        self.assertEqual(round_trip.differences(stored, nameless, stored), [])
        self.assertEqual(round_trip.differences(stored, nameless, exported), [f"{changed}: differs"])


class References(ClinicTest):
    def test_urn_uuid_references_become_real_ones(self):
        self.clinic.done("import", DATA / "transaction.json")
        lines = "\n".join(self.clinic.export())
        self.assertNotIn("urn:uuid:", lines)
        self.clinic.add_user("doctor", "doctor")
        report = self.clinic.done("resource", "get", "DiagnosticReport/6a1f3c52-0d5e-4c8b-9d57-2f4f1c6f0a04",
                                  user="doctor")
        self.assertEqual(report["subject"]["reference"], "Patient/6a1f3c52-0d5e-4c8b-9d57-2f4f1c6f0a01")
        self.assertEqual([r["reference"] for r in report["result"]],
                         ["Observation/Weight.1", "https://elsewhere.example/fhir/Observation/77"])

    def test_a_transaction_with_a_dangling_reference_is_refused_whole(self):
        file = self.write("dangling.json", '{"resourceType":"Bundle","type":"transaction","entry":[\n'
                          f'{{"fullUrl":"urn:uuid:1a6a1e1c-0000-4000-8000-000000000001","resource":{patient("a1")}}},\n'
                          '{"resource":{"resourceType":"Basic","id":"b1","subject":'
                          '{"reference":"urn:uuid:1a6a1e1c-0000-4000-8000-00000000dead"}}}]}')
        report = self.clinic.exits(BAD_INPUT, "import", file)
        self.assertEqual(report["failed"][0]["line"], 3)
        self.assertEqual(self.clinic.export(), [])

    def test_a_newer_version_is_an_update_and_a_deletion_deletes(self):
        self.clinic.done("import", self.write("one.json", patient("a1", "Before")))
        again = self.clinic.done("import", self.write("two.json", patient("a1", "After")))
        self.assertEqual((again["created"], again["updated"]), (0, 1))
        gone = self.clinic.done("import", self.write(
            "three.json", '{"resourceType":"Bundle","type":"transaction",'
            '"entry":[{"request":{"method":"DELETE","url":"Patient/a1"}}]}'))
        self.assertEqual(gone["deleted"], 1)
        self.assertEqual(self.clinic.export(), [])
        self.clinic.exits(FAILED, "resource", "get", "Patient/a1")
        steps = [s["action"] for s in self.clinic.done("resource", "history", "Patient/a1")]
        self.assertEqual(steps, ["create", "update", "delete"])


# Name, content, line, column, and a part of the reason.
BAD_FILES = [
    ("colon.json", '{"resourceType":"Patient",\n "id":"x",\n "active" true}', 3, 11, "not JSON"),
    ("comma.json", '{"resourceType":"Bundle","type":"collection","entry":[\n'
                   f'  {{"resource":{patient("x1")}}}\n  {{"resource":{patient("x2")}}}]}}', 3, 3, "comma"),
    ("in_entry.json", '{"resourceType":"Bundle","type":"collection","entry":[\n'
                      f'  {{"resource":{patient("x1")}}},\n  {{"resource":{{"resourceType":"Patient","id":tru}}}}]}}',
     3, 46, "not JSON"),
    ("number.json", '{"resourceType":"Basic","id":"x","value":01.5}', 1, 42, "not JSON"),
    ("twice.json", '{"resourceType":"Basic",\n"id":"x","id":"y"}', 2, 10, "not JSON"),
    ("truncated.json", '{"resourceType":"Bundle","type":"collection","entry":[\n'
                       f'  {{"resource":{patient("x1")}}},\n  {{"resource":{{"resourceType":"Pat', 3, None, "not JSON"),
    ("quote.json", '{"resourceType":"Basic",\n"id":"x,\n"code":{"text":"y"}}', 2, 9, "not JSON"),
    ("empty.json", "", 1, 1, "empty"),
    ("blank.ndjson", "\n \n", 3, 1, "empty"),
    ("words.json", "Dear clinic,", 1, 1, "not JSON"),
    ("array.json", "[1, 2]", 1, 1, "not JSON"),
    ("utf8.json", b'{"resourceType":"Basic","id":"x",\n"code":"\xff"}', 2, 9, "not JSON"),
    ("surrogate.json", '{"resourceType":"Basic","id":"x",\n"code":"\\ud800"}', 2, 9, "not JSON"),
    ("no_type.json", '{"id":"x"}', 1, 1, "resourceType"),
    ("wrong_type.json", '{"resourceType":"Patience","id":"x"}', 1, 1, "resourceType"),
    ("type_number.json", '{"resourceType":5,"id":"x"}', 1, 1, "resourceType"),
    ("bad_id.json", '{"resourceType":"Basic","id":"no spaces"}', 1, 1, "id"),
    ("id_number.json", '{"resourceType":"Basic","id":7}', 1, 1, "id"),
    ("entry_object.json", '{"resourceType":"Bundle","type":"collection","entry":{"resource":null}}', 1, 1, "entry"),
    ("entry_string.json", '{"resourceType":"Bundle","type":"collection","entry":["x"]}', 1, 55, "entry"),
    ("birth_date.json", '{"resourceType":"Patient","id":"x","birthDate":"12 March"}', 1, 1, "birthDate"),
    ("deep.json", '{"resourceType":"Basic","id":"x","a":' + "[" * 5000 + "]" * 5000 + "}", 1, None, "limit"),
    ("good_then_bad.ndjson", f'{patient("x1")}\n{patient("x2")}\n{{"resourceType":\n', 4, None, "not JSON"),
]


class BadFiles(ClinicTest):
    def test_each_is_reported_with_its_place_and_the_good_ones_beside_it_are_in(self):
        for name, content, *_ in BAD_FILES:
            self.write(f"mixed/{name}", content)
        self.write("mixed/a_good.json", patient("good-1"))
        self.write("mixed/z_good.ndjson", f'{patient("good-2")}\n{patient("good-3")}\n')
        report = self.clinic.exits(BAD_INPUT, "import", self.temporary / "mixed")
        self.assertEqual((report["files"], report["resources"], report["created"]), (2, 3, 3))
        failed = {pathlib.Path(f["file"]).name: f for f in report["failed"]}
        self.assertEqual(set(failed), {name for name, *_ in BAD_FILES})
        for name, _, line, column, reason in BAD_FILES:
            with self.subTest(file=name):
                told = failed[name]
                self.assertEqual(told["line"], line, told)
                if column is not None:
                    self.assertEqual(told["column"], column, told)
                self.assertIn(reason, told["reason"])
        exported = self.clinic.export()
        self.assertEqual(len(exported), 3, "nothing of a bad file is in")
        self.assert_whole(self.clinic)

    def test_a_reason_never_shows_what_the_file_holds(self):
        secret = "Gwendolina"
        for name, text in [("a.json", f'{{"resourceType":"Patient","id":"x","name":"{secret}" oops}}'),
                           ("b.json", f'{{"resourceType":"Patient","id":"{secret} {secret}"}}'),
                           ("c.json", f'{{"resourceType":"{secret}","id":"x"}}'),
                           ("d.json", f'{{"resourceType":"Patient","id":"x","birthDate":"{secret}"}}')]:
            self.write(f"mixed/{name}", text)
        ran = self.clinic.run("import", self.temporary / "mixed")
        self.assertEqual(ran.returncode, BAD_INPUT)
        self.assertNotIn(secret, ran.stdout + ran.stderr)

    def test_a_path_that_is_not_there_is_a_bad_file(self):
        report = self.clinic.exits(BAD_INPUT, "import", self.temporary / "nowhere.json",
                                   self.write("good.json", patient("good-1")))
        self.assertEqual(report["created"], 1)
        self.assertIsNone(report["failed"][0]["line"])

    @unittest.skipIf(os.geteuid() == 0, "root reads every file")
    def test_an_unreadable_file_is_a_bad_file(self):
        file = self.write("closed.json", patient("x"))
        file.chmod(0)
        self.addCleanup(file.chmod, stat.S_IRUSR | stat.S_IWUSR)
        self.assertIn("cannot be read", self.clinic.exits(BAD_INPUT, "import", file)["failed"][0]["reason"])

    def test_a_folder_called_like_a_file_is_no_file(self):
        (self.temporary / "mixed" / "folder.json").mkdir(parents=True)
        self.write("mixed/good.json", patient("good-1"))
        self.assertEqual(self.clinic.done("import", self.temporary / "mixed")["files"], 1)


if __name__ == "__main__":
    unittest.main()
