#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents come back as they were sent: digits, order, escapes, spaces, what nobody knows. And what is no document is
refused with the place."""

import json
import os
import pathlib
import random
import unittest
import urllib.parse
import uuid

from support.case import ServerTest
from support.client import error_text, patient, put
from support.server import ROOT
from support.unchanged import exact, without_meta_text, without_version

SYNTHEA = pathlib.Path(os.environ.get("YARROW_SYNTHEA", ROOT.parent / "shared/data/synthea"))
SEED = int(os.environ.get("YARROW_TEST_SEED", "20260302"))

ODD = [
    '"multipleBirthInteger":1,"extension":[{"url":"urn:x","valueDecimal":1.10}]',
    '"extension":[{"url":"urn:x","valueDecimal":1e400},{"url":"urn:y","valueDecimal":-0.0},'
    '{"url":"urn:z","valueDecimal":123456789012345678901234567890.000}]',
    '"extension":[{"url":"urn:x","valueDecimal":1E+2},{"url":"urn:x","valueDecimal":0.000000000000000000001}]',
    '"zebra":{"b":1,"a":[[],{},null,true,false,""]},"active":true,"_active":{"id":"a1"}',
    '"gender":"female",\n\t "active" :\r\n true , "contact" : [ ] ',
    r'"name":[{"family":"\u004d\u00fcller \ud83d\ude00 \/ \" \\ \b\f\n\r\t","given":["Zoë","😀"]}]',
    '"text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">a &lt; b</div>"}',
    '"":"a member without a name","a.b":1,"$ref":"x"',
]

MALFORMED = [
    "", " ", "{", "}", "{]", "nul", "{'a':1}", '{"a":1,}', '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":+1}', '{"a":0x1}',
    '{"a":NaN}', '{"a":"\t"}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\\ud800"}', '{"a":1}{"b":2}', '{"a":1} x',
    '{"a":1 "b":2}', '{"a"}', '{a:1}', "[1,2", '{"a":1,"a":2}', "// comment\n{}", '{"a":tru}', '"unclosed',
]


class Documents(ServerTest):
    @classmethod
    def prepare(cls):
        cls.clinic = cls.new_clinic()
        cls.device = cls.clinic.new_device()
        cls.doctor = cls.clinic.account("doctor")

    def stored(self, type_and_id, text):
        """The text as a read answers it; as the write, the version, the history and the feed did, too."""
        written = self.device.save_text(type_and_id, text, if_none_match="*", author=self.doctor)
        self.assert_status(written, 201)
        read = self.device.read(type_and_id)
        self.assert_status(read, 200)
        self.assertEqual(written.text, read.text)
        version = exact_member(exact(read.text), "meta", "versionId")
        self.assertEqual(self.device.read(f"{type_and_id}/_history/{version}").text, read.text)
        self.assertIn(read.text, self.device.read(f"{type_and_id}/_history").text)
        type_, _, name = type_and_id.partition("/")
        self.assertIn(read.text, self.device.get(f"/fhir/{type_}?_id={name}").text)
        time = urllib.parse.quote(exact_member(exact(read.text), "meta", "lastUpdated"))
        self.assertIn(read.text, self.device.get(f"/fhir/_history?_sort=_lastUpdated&_since={time}").text)
        return read.text

    # ---- unchanged ----------------------------------------------------------------------------------------------

    def test_odd_documents_come_back_byte_for_byte(self):
        for inner in ODD:
            with self.subTest(inner=inner):
                name = f"d-{uuid.uuid4()}"
                text = f'{{"resourceType":"Patient","id":"{name}",{inner}}}'
                self.assertEqual(without_meta_text(self.stored(f"Patient/{name}", text)), text)

    def test_members_before_type_and_id_stay_before_them(self):
        name = f"d-{uuid.uuid4()}"
        text = f'{{"active":true,"id":"{name}","gender":"other","resourceType":"Patient"}}'
        self.assertEqual(without_meta_text(self.stored(f"Patient/{name}", text)), text)

    def test_the_senders_meta_keeps_everything_else(self):
        name = f"d-{uuid.uuid4()}"
        text = (f'{{"resourceType":"Patient","meta":{{"profile":["urn:p"],"versionId":"77","tag":[{{"code":"x"}}],'
                f'"lastUpdated":"2001-01-01T00:00:00Z", "source" : "urn:s"}},"id":"{name}"}}')
        said = self.stored(f"Patient/{name}", text)
        self.assertEqual(without_version(exact(said)), without_version(exact(text)))
        self.assertNotIn('"77"', said)
        self.assertEqual(said.count("versionId"), 1)
        self.assertEqual(said.count("lastUpdated"), 1)

    def test_documents_in_bundles_stay_as_they_are(self):
        names = [f"d-{uuid.uuid4()}" for _ in ODD]
        entries = ",".join(
            f'{{"resource": {{"resourceType":"Patient","id":"{name}",{inner}}} ,"request":{{"method":"PUT","url":'
            f'"Patient/{name}"}},"extension":[{{"url":"https://yarrow.example/fhir/StructureDefinition/author",'
            f'"valueString":"{self.doctor}"}}]}}' for name, inner in zip(names, ODD))
        answer = self.device.post("/fhir", f'{{"resourceType":"Bundle","type":"batch","entry":[{entries}]}}')
        for entry in self.assert_status(answer, 200)["entry"]:
            self.assert_entry(entry, 201)
        for name, inner in zip(names, ODD):
            self.assertEqual(without_meta_text(self.device.read(f"Patient/{name}").text),
                             f'{{"resourceType":"Patient","id":"{name}",{inner}}}')

    def test_seeded_documents_come_back_byte_for_byte(self):
        source = random.Random(SEED)
        for i in range(40):
            name = f"r{SEED}-{i}"
            text = f'{{"resourceType":"Basic","id":"{name}","code":{{"text":"made up"}},"x":{random_json(source, 4)}}}'
            with self.subTest(text=text):
                self.assertEqual(without_meta_text(self.stored(f"Basic/{name}", text)), text)

    @unittest.skipUnless(SYNTHEA.is_dir(), f"no sample data in {SYNTHEA}")
    def test_every_synthea_document_comes_back_unchanged(self):
        sent = {}
        # The texts of the resources, cut out of the files with their spaces.
        decoder = json.JSONDecoder()
        for file in sorted(SYNTHEA.glob("*.json")):
            text = file.read_text(encoding="utf-8")
            place = text.find('"resource":')
            while place >= 0:
                begin = text.index("{", place)
                value, end = decoder.raw_decode(text, begin)
                if "resourceType" in value:
                    sent[f"{value['resourceType']}/{value['id']}"] = text[begin:end]
                place = text.find('"resource":', end)
        self.assertGreater(len(sent), 1000)
        names = list(sent)
        admin = self.clinic.account("admin")
        for i in range(0, len(names), 400):
            entries = []
            for name in names[i:i + 400]:
                author = admin if name.split("/")[0] in DIRECTORY else self.author_of(name)
                entries.append(f'{{"resource":{sent[name]},"request":{{"method":"PUT","url":"{name}",'
                               f'"ifNoneMatch":"*"}},"extension":[{{"url":"https://yarrow.example/fhir/'
                               f'StructureDefinition/author","valueString":"{author}"}}]}}')
            answer = self.device.post("/fhir", f'{{"resourceType":"Bundle","type":"batch","entry":'
                                               f'[{",".join(entries)}]}}')
            for name, entry in zip(names[i:], self.assert_status(answer, 200)["entry"]):
                self.assertEqual(entry["response"]["status"].split()[0], "201", (name, entry))
        for i in range(0, len(names), 100):
            wanted = names[i:i + 100]
            answer = self.device.batch(*({"request": {"method": "GET", "url": name}} for name in wanted))
            got = exact(answer.text)
            entries = dict(got)["entry"]
            for name, entry in zip(wanted, entries):
                self.assertEqual(without_version(dict(entry)["resource"]), without_version(exact(sent[name])), name)

    def author_of(self, name):
        return self.clinic.account("billing") if name.split("/")[0] in MONEY else self.doctor

    # ---- refused ------------------------------------------------------------------------------------------------

    def test_malformed_json_is_refused_with_its_place(self):
        for text in MALFORMED:
            with self.subTest(text=text):
                for path in ("/fhir/Patient/x", "/fhir"):
                    answer = self.device.request("PUT" if path != "/fhir" else "POST", path, text,
                                                 headers=self.device.write_headers())
                    said = self.assert_status(answer, 400, "malformed-json")
                    self.assertRegex(error_text(said), r"line \d+")

    def test_invalid_utf_8_is_refused(self):
        for bad in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
            body = b'{"resourceType":"Patient","id":"x","name":[{"family":"' + bad + b'"}]}'
            answer = self.device.request("PUT", "/fhir/Patient/x", body, headers=self.device.write_headers())
            self.assert_status(answer, 400, "malformed-json")

    def test_nesting_has_a_limit(self):
        for depth, status in ((40, 201), (100, 400), (100_000, 400)):
            name = f"d-{uuid.uuid4()}"
            text = f'{{"resourceType":"Patient","id":"{name}","x":{"[" * depth}{"]" * depth}}}'
            self.assert_status(self.device.save_text(f"Patient/{name}", text), status)

    def test_zero_bytes_are_refused_not_lost(self):
        name = f"d-{uuid.uuid4()}"
        text = f'{{"resourceType":"Patient","id":"{name}","name":[{{"family":"a\\u0000b"}}]}}'
        answer = self.device.save_text(f"Patient/{name}", text)
        if answer.status_code == 201:
            self.assertEqual(without_meta_text(self.device.read(f"Patient/{name}").text), text)
        else:
            self.assertIn(answer.status_code, (400, 422), answer.text)

    def test_what_is_no_resource_is_refused(self):
        headers = self.device.write_headers()
        for body, status in (("[]", 400), ("7", 400), ("null", 400), ('"Patient"', 400), ("{}", 400),
                             ('{"resourceType":7}', 400), ('{"resourceType":"Wizard","id":"x"}', 422),
                             ('{"id":"x"}', 400)):
            answer = self.device.request("PUT", "/fhir/Patient/x", body, headers=headers)
            self.assertIn(answer.status_code, (400, 422), f"{body}: {answer.text}")
            self.assertEqual(answer.json()["resourceType"], "OperationOutcome")

    def test_ids_references_dates_and_codes_are_checked_with_the_element_named(self):
        for members, element in ((dict(birthDate="yesterday"), "birthDate"), (dict(birthDate="2026-02-30"), "birthDate"),
                                 (dict(gender="robot"), "gender"),
                                 (dict(managingOrganization={"reference": "not a reference"}), "managingOrganization"),
                                 (dict(managingOrganization={"reference": 7}), "managingOrganization")):
            answer = self.device.save(patient("x", **members), if_none_match="*")
            said = self.assert_status(answer, 422)
            self.assertIn(element, str(said["issue"][0]["expression"]), members)
        for name in ("a b", "x" * 65, "ü", "a_b"):
            answer = self.device.put(f"/fhir/Patient/{urllib.parse.quote(name)}", patient(name),
                                     headers=self.device.write_headers(if_none_match="*"))
            self.assertIn(answer.status_code, (400, 422), name)

    def test_wrong_content_types_are_415(self):
        headers = self.device.write_headers()
        for kind in ("text/plain", "application/xml", "application/fhir+xml", "multipart/form-data; boundary=x"):
            answer = self.device.request("PUT", "/fhir/Patient/x", patient("x"), headers={**headers, "Content-Type": kind})
            self.assert_status(answer, 415)
        for kind in ("application/fhir+json", "application/json", "application/fhir+json; charset=utf-8",
                     "application/fhir+json;fhirVersion=4.0"):
            answer = self.device.request("PUT", f"/fhir/Patient/t-{uuid.uuid4()}", "{", headers={**headers,
                                                                                               "Content-Type": kind})
            self.assert_status(answer, 400, "malformed-json")

    def test_an_answer_nobody_can_give_is_406(self):
        self.assert_status(self.device.get("/fhir/Patient", headers={"Accept": "application/fhir+xml"}), 406)
        self.assert_status(self.device.get("/fhir/Patient?_format=xml"), 406)
        self.assert_status(self.device.get("/fhir/Patient?_format=json"), 200)

    def test_types_that_are_no_records_are_refused(self):
        for type_ in ("AuditEvent", "Bundle", "OperationOutcome", "Parameters", "CapabilityStatement"):
            answer = self.device.put(f"/fhir/{type_}/x", {"resourceType": type_, "id": "x"},
                                     headers=self.device.write_headers(if_none_match="*"))
            self.assertIn(answer.status_code, (400, 403, 404, 405, 422), answer.text)
            self.assertEqual(self.database.value(f"SELECT count(*) FROM resource WHERE type = '{type_}'"), "0")

    def test_bodies_have_a_limit(self):
        answer = self.device.save_text("Patient/x", '{"resourceType":"Patient","id":"x","x":"' + "y" * 40_000_000 + '"}')
        self.assert_status(answer, 413)


DIRECTORY = {"Organization", "Practitioner", "PractitionerRole", "Location", "HealthcareService", "Schedule"}
MONEY = {"Claim", "ClaimResponse", "ExplanationOfBenefit", "Coverage", "Account", "Invoice"}


def exact_member(value, *path):
    for name in path:
        value = dict(value)[name]
    return value


def random_json(source, depth):
    """A JSON text with odd but legal spaces, numbers, escapes and names."""
    space = source.choice(["", "", " ", "\n", "\t", "\r\n  "])
    kind = source.randrange(8 if depth else 5)
    if kind == 0:
        return source.choice(["true", "false", "null"])
    if kind in (1, 2):
        return (source.choice(["", "-"]) + source.choice(["0", "7", "10", str(source.randrange(10**18))])
                + source.choice(["", ".0", ".10", f".{source.randrange(10**9):09}"])
                + source.choice(["", "", "e5", "E-7", "e+400"]))
    if kind in (3, 4):
        parts = ["a", "Z", " ", "é", "漢", "😀", r"\n", r"\"", r"\\", r"\/", r"\u00e9", r"\ud83d\ude00", "'", "{", "]"]
        return '"' + "".join(source.choice(parts) for _ in range(source.randrange(12))) + '"'
    if kind in (5, 6):
        return "[" + space + f"{space},{space}".join(random_json(source, depth - 1)
                                                    for _ in range(source.randrange(4))) + space + "]"
    names = source.sample(["a", "b", "é", "_c", "x y", "1", "id", "meta", "resourceType"], source.randrange(5))
    return "{" + space + f",{space}".join(f'"{name}"{space}:{space}{random_json(source, depth - 1)}'
                                         for name in names) + space + "}"


if __name__ == "__main__":
    unittest.main()
