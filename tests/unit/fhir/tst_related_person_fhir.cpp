// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_links.h"
#include "models/fhir/related_person_fhir.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::fhir;

namespace {

// Elements that nobody here knows, a coding of another system beside the one that is read, digits that must
// stay.
const char* const kMother =
    "{\"resourceType\":\"RelatedPerson\",\"id\":\"rp1\",\"extension\":[{\"url\":\"urn:x\",\"valueDecimal\":1."
    "10}],"
    "\"identifier\":[{\"value\":\"7\"}],\"active\":true,\"patient\":{\"reference\":\"Patient/"
    "kid\",\"display\":"
    "\"Kid\"},\"relationship\":[{\"id\":\"r\",\"coding\":[{\"system\":\"urn:own\",\"code\":\"mamma\"},"
    "{\"system\":\"http://terminology.hl7.org/CodeSystem/"
    "v3-RoleCode\",\"code\":\"MTH\"}],\"text\":\"Mother\"}],"
    "\"name\":[{\"family\":\"Rossi\",\"given\":[\"Ada\"],\"period\":{\"start\":\"2010\"}}],"
    "\"telecom\":[{\"system\":\"phone\",\"value\":\"055 1\",\"extension\":[{\"url\":\"urn:t\"}]}],"
    "\"birthDate\":\"1980-03\",\"photo\":[{\"title\":\"x\"}],\"communication\":[{\"preferred\":true}]}";

} // namespace

class TestRelatedPersonFhir : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void document_isRead()
    {
        const RelatedPerson person = readRelatedPerson(golden::parsed(kMother)).value();
        QCOMPARE(person.id.text(), std::string("rp1"));
        QCOMPARE(person.patient.text(), std::string("kid"));
        QVERIFY(person.active);
        QVERIFY(person.relation == Relation::Parent);
        QCOMPARE(person.names.front().family, QStringLiteral("Rossi"));
        QCOMPARE(person.telecoms.front().value, QStringLiteral("055 1"));
        QCOMPARE(person.birthDate.text(), std::string("1980-03"));
        QCOMPARE(person.told, Told());
    }
    void unchanged_staysToTheLetter()
    {
        Json document = golden::parsed(kMother);
        writeRelatedPerson(readRelatedPerson(document).value(), document);
        QCOMPARE(document.dump(), golden::parsed(kMother).dump());
    }
    void edit_writesOnlyWhatDiffers()
    {
        Json document = golden::parsed(kMother);
        RelatedPerson person = readRelatedPerson(document).value();
        person.telecoms.front().value = QStringLiteral("055 2");
        person.told = {true, true};
        writeRelatedPerson(person, document);
        QVERIFY(readRelatedPerson(document).value() == person);
        person.told = {false, true};
        writeRelatedPerson(person, document);
        QCOMPARE(readRelatedPerson(document).value().told, (Told{false, true}));
        QCOMPARE(document["telecom"][0]["extension"][0]["url"].string(), std::string_view("urn:t"));
        QCOMPARE(document["relationship"][0]["text"].string(), std::string_view("Mother"));
        QCOMPARE(document["extension"][0].dump(), std::string("{\"url\":\"urn:x\",\"valueDecimal\":1.10}"));
        person.told = {};
        person.telecoms.front().value = QStringLiteral("055 1");
        writeRelatedPerson(person, document);
        QCOMPARE(document.dump(), golden::parsed(kMother).dump());
    }
    void changedRelation_takesThePlaceOfItsCoding_andOfTheTextThatSaidOtherwise()
    {
        Json document = golden::parsed(kMother);
        RelatedPerson person = readRelatedPerson(document).value();
        person.relation = Relation::Grandparent;
        writeRelatedPerson(person, document);
        const Json& item = document["relationship"][0];
        QCOMPARE(item["coding"][0]["code"].string(), std::string_view("mamma"));
        QCOMPARE(item["coding"][1]["code"].string(), std::string_view("GRPRN"));
        QVERIFY(!item.contains("text"));
        QCOMPARE(item["id"].string(), std::string_view("r"));
        person.relation = Relation::Contact;
        writeRelatedPerson(person, document);
        QVERIFY(readRelatedPerson(document).value().relation == Relation::Contact);
    }
    void everyRelationButWard_isReadAsItWasWritten()
    {
        for (int i = 0; i <= static_cast<int>(Relation::Contact); ++i) {
            RelatedPerson person;
            person.id = RelatedPersonId::known("x");
            person.patient = PatientId::known("kid");
            person.relation = static_cast<Relation>(i);
            if (person.relation == Relation::Ward)
                continue;
            Json document;
            writeRelatedPerson(person, document);
            QVERIFY2(readRelatedPerson(document).value() == person, document.dump().c_str());
            QCOMPARE(document["active"].boolean(), std::optional(true));
            QVERIFY(inverse(inverse(person.relation)) == person.relation);
        }
    }
    void relationInWordsOnly_isShownInThem()
    {
        const RelatedPerson person =
            readRelatedPerson(golden::parsed("{\"resourceType\":\"RelatedPerson\",\"patient\":{\"reference\":"
                                             "\"Patient/kid\"},\"relationship\":[{\"text\":\"Neighbour\"}]}"))
                .value();
        QVERIFY(person.relation == Relation::Contact);
        QCOMPARE(person.relationText, QStringLiteral("Neighbour"));
    }
    void elementOfTheWrongKind_isRefusedByItsPath()
    {
        const auto read = readRelatedPerson(
            golden::parsed("{\"resourceType\":\"RelatedPerson\",\"patient\":{\"reference\":\"Patient/kid\"},"
                           "\"birthDate\":\"soon\"}"));
        QVERIFY(!read);
        QVERIFY(QString::fromStdString(read.error().context).contains(QLatin1String("birthDate")));
    }
    void patient_namesTheRecordsThatAreThem()
    {
        Json patient = golden::parsed("{\"resourceType\":\"Patient\",\"id\":\"mum\"}");
        addPatientLink(patient, {"RelatedPerson/rp1", "seealso"});
        addPatientLink(patient, {"Patient/old", "replaces"});
        QCOMPARE(relatedPersonsOf(patient), std::vector<std::string>{"rp1"});
    }
};

QTEST_GUILESS_MAIN(TestRelatedPersonFhir)
#include "tst_related_person_fhir.moc"
