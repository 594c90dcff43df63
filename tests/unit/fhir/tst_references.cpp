// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/fhir/resource_types.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::fhir;

class TestReferences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_readsTypeAndId_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected"); // "Type id", empty when it is none
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("Patient/1", "Patient 1");
        row("Patient/a.B-9", "Patient a.B-9");
        row("Patient/1/_history/2", "Patient 1");
        row("https://fhir.example/r4/Patient/1", "Patient 1");
        row("http://localhost:8080/Patient/1/_history/7", "Patient 1");
        row("", "");
        row("Patient", "");
        row("Patient/", "");
        row("/1", "");
        row("/Patient/1", "");
        row("patient/1", "");
        row("Nobody/1", "");
        row("Patient/a b", "");
        row("Patient/1/_history/", "");
        row("Patient/1/2", "");
        row("fhir/Patient/1", "");
        row("https://Patient/1", "");
        row("ftp://fhir.example/Patient/1", "");
        row("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "");
        row("#contained", "");
        row("Patient?identifier=urn:x/1", "");
    }
    void parse_readsTypeAndId()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const std::string copy = text.toStdString();
        const auto reference = parseReference(copy);
        const std::string found =
            reference ? std::string(reference->type).append(" ").append(reference->id) : std::string();
        QCOMPARE(found, expected.toStdString());
    }

    void referencedId_wantsTheType()
    {
        QCOMPARE(referencedId("Patient/1", "Patient"), std::string_view("1"));
        QVERIFY(referencedId("Patient/1", "Practitioner").empty());
    }

    void patientOf_followsTheCompartment_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<QByteArray>("patient");
        const auto row = [](const char* document, const char* patient) {
            QTest::newRow(document) << QByteArray(document) << QByteArray(patient);
        };
        row(R"({"resourceType":"Patient","id":"p"})", "p");
        row(R"({"resourceType":"Condition","subject":{"reference":"Patient/p"}})", "p");
        row("{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"https://x.example/Patient/p\"}}",
            "p");
        row(R"({"resourceType":"Observation","subject":{"reference":"Group/p"}})", "");
        row(R"({"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/p"}})", "p");
        row(R"({"resourceType":"Coverage","subscriber":{"reference":"Patient/q"},)"
            R"("beneficiary":{"reference":"Patient/p"}})",
            "p");
        row(R"({"resourceType":"Task","for":{"reference":"Patient/p"}})", "p");
        row(R"({"resourceType":"Account","subject":[{"reference":"Device/d"},{"reference":"Patient/p"}]})",
            "p");
        row(R"({"resourceType":"Appointment","participant":[{"actor":{"reference":"Location/l"}},)"
            R"({"actor":{"reference":"Patient/p"}}]})",
            "p");
        row(R"({"resourceType":"AppointmentResponse","actor":{"reference":"Patient/p"}})", "p");
        row(R"({"resourceType":"AuditEvent","entity":[{"what":{"reference":"Patient/p"}}]})", "p");
        row(R"({"resourceType":"Provenance","target":[{"reference":"Patient/p"}]})", "p");
        row(R"({"resourceType":"Person","link":[{"target":{"reference":"Patient/p"}}]})", "p");
        row(R"({"resourceType":"Practitioner","id":"d"})", "");
        row(R"({"resourceType":"Condition","subject":{"reference":"urn:uuid:1"}})", "");
        row(R"([1,2])", "");
    }
    void patientOf_followsTheCompartment()
    {
        QFETCH(QByteArray, document);
        QFETCH(QByteArray, patient);
        QCOMPARE(std::string(patientOf(golden::parsed(document.constData()))), patient.toStdString());
    }

    void forEachReference_visitsAllAndTakesOverChanges()
    {
        Json document = golden::parsed(
            R"({"resourceType":"X","a":{"reference":"urn:uuid:1","display":"d"},"b":[{"c":{"reference":"Patient/2"}}],
"contained":[{"extension":[{"valueReference":{"reference":"urn:uuid:1"}}]}],"reference":{"reference":"Group/3"},
"d":{"reference":4},"note":"urn:uuid:1"})");
        std::vector<std::string> seen;
        forEachReference(document, [&seen](std::string& reference) {
            seen.push_back(reference);
            if (reference == "urn:uuid:1")
                reference = "Patient/one";
        });
        const std::vector<std::string> expected{"urn:uuid:1", "Patient/2", "urn:uuid:1", "Group/3"};
        QCOMPARE(seen, expected);
        QCOMPARE(
            document.dump(),
            std::string(R"({"resourceType":"X","a":{"reference":"Patient/one","display":"d"},)"
                        R"("b":[{"c":{"reference":"Patient/2"}}],)"
                        R"("contained":[{"extension":[{"valueReference":{"reference":"Patient/one"}}]}],)"
                        R"("reference":{"reference":"Group/3"},"d":{"reference":4},"note":"urn:uuid:1"})"));
    }

    void resourceTypes_areThoseOfR4()
    {
        for (const char* type :
             {"Account", "Patient", "VisionPrescription", "List", "MedicinalProduct", "Bundle"})
            QVERIFY2(isResourceType(type), type);
        for (const char* type : {"", "patient", "Resource", "DomainResource", "Patients", "ActorDefinition"})
            QVERIFY2(!isResourceType(type), type);
    }

    void area_dependsOnTheDocumentWhereTheTypeLeavesItOpen()
    {
        const auto areaOfText = [](const char* text) { return fhir::areaOf(golden::parsed(text)); };
        QCOMPARE(areaOfText(R"({"resourceType":"Patient"})"), Area::PatientIdentity);
        QCOMPARE(areaOfText(R"({"resourceType":"Observation"})"), Area::ClinicalRecord);
        QCOMPARE(
            areaOfText(R"({"resourceType":"Observation","category":[{"coding":[{"code":"laboratory"}]}]})"),
            Area::ClinicalRecord);
        QCOMPARE(areaOfText(R"({"resourceType":"Observation","category":[{"text":"x"},)"
                            R"({"coding":[{"code":"a"},{"code":"vital-signs"}]}]})"),
                 Area::Vitals);
        QCOMPARE(areaOfText(R"({"resourceType":"Device"})"), Area::Directory);
        QCOMPARE(areaOfText(R"({"resourceType":"Device","patient":{"reference":"Patient/p"}})"),
                 Area::ClinicalRecord);
        QCOMPARE(areaOfText(R"([])"), Area::ClinicalRecord);
    }
};

QTEST_GUILESS_MAIN(TestReferences)
#include "tst_references.moc"
