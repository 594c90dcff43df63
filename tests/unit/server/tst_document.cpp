// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/document.h"
#include "tests/support/json_text.h"

#include <QDir>
#include <QTest>

#include <rapidcheck.h>

#include <set>

using namespace yarrow::server;

namespace {

Result<fhir::Document> readText(const std::string& text)
{
    const auto json = JsonDocument::parse(text);
    if (!json)
        return tl::unexpected(json.error());
    return fhir::readDocument(json->root());
}

Area areaOfText(const std::string& text)
{
    return fhir::areaOf(JsonDocument::parse(text)->root());
}

/// The members of an object as they stand, but for one.
std::string without(JsonView object, std::string_view name)
{
    std::string text;
    const auto members = object.members();
    for (auto at = members.begin(); at != members.end(); ++at) {
        if (!at.name().says(name))
            text += std::string(at.name().raw()) + ':' + std::string(at.value().raw()) + ',';
    }
    return text;
}

std::string anySpace()
{
    return *rc::gen::element<std::string>("", " ", "\n  ", "\t");
}

/// A document that is read, with its members in any order, and maybe with id and meta.
std::string anyDocument()
{
    std::vector<std::string> members{json("'resourceType'") + anySpace() + ':' + anySpace() +
                                     json("'Basic'")};
    if (*rc::gen::arbitrary<bool>())
        members.push_back(json("'id' : 'a-1'"));
    if (*rc::gen::arbitrary<bool>()) {
        std::string meta;
        for (const std::string& part :
             {json("'versionId':'old'"), json("'lastUpdated' : '2020-01-01T00:00:00Z'"),
              json("'profile':['http://example.org/p']"), json("'source':'#x'")}) {
            if (*rc::gen::arbitrary<bool>())
                meta += (meta.empty() ? "" : ",") + anySpace() + part;
        }
        members.push_back("\"meta\":{" + meta + anySpace() + '}');
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        members.push_back("\"x" + std::to_string(i) +
                          json("':{'v':1.10,'t':'\\u00e9 {}[],:\\'','meta':{'versionId':7}}"));
    for (std::size_t i = members.size(); i > 1; --i)
        std::swap(members[i - 1], members[*rc::gen::inRange<std::size_t>(0, i)]);
    std::string text = "{" + anySpace();
    for (std::size_t i = 0; i < members.size(); ++i)
        text += (i > 0 ? "," : "") + anySpace() + members[i] + anySpace();
    return text + '}';
}

} // namespace

class TestDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongDocuments_areRefusedWithCodeAndElement_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("expression");
        const auto row = [](const char* name, const std::string& text, const char* code,
                            const QByteArray& expression) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(code) << expression;
        };
        row("array", "[]", "not-a-resource", "");
        row("no type", "{}", "unknown-type", "Resource.resourceType");
        row("type of R5", json("{'resourceType':'Citation'}"), "unknown-type", "Resource.resourceType");
        row("number for type", json("{'resourceType':7}"), "unknown-type", "Resource.resourceType");
        row("bundle", json("{'resourceType':'Bundle','type':'batch'}"), "type-not-kept", "Bundle");
        row("audit", json("{'resourceType':'AuditEvent'}"), "type-not-kept", "AuditEvent");
        row("id", json("{'resourceType':'Patient','id':'a b'}"), "bad-id", "Patient.id");
        row("empty id", json("{'resourceType':'Patient','id':''}"), "bad-id", "Patient.id");
        row("id a number", json("{'resourceType':'Patient','id':7}"), "bad-id", "Patient.id");
        row("long id", json("{'resourceType':'Patient','id':'") + std::string(65, 'a') + json("'}"), "bad-id",
            "Patient.id");
        row("meta", json("{'resourceType':'Patient','meta':[]}"), "bad-value", "Patient.meta");
        row("gender", json("{'resourceType':'Patient','gender':'F'}"), "bad-code", "Patient.gender");
        row("gender null", json("{'resourceType':'Patient','gender':null}"), "bad-code", "Patient.gender");
        row("names no list", json("{'resourceType':'Patient','name':{'family':'A'}}"), "bad-value",
            "Patient.name");
        row("name no object", json("{'resourceType':'Patient','name':['A']}"), "bad-value", "Patient.name");
        row("birth date", json("{'resourceType':'Patient','birthDate':'02/03/2000'}"), "bad-date",
            "Patient.birthDate");
        row("no such day", json("{'resourceType':'Patient','birthDate':'2001-02-29'}"), "bad-date",
            "Patient.birthDate");
        row("birth time", json("{'resourceType':'Patient','birthDate':'2001-02-28T00:00:00Z'}"), "bad-date",
            "Patient.birthDate");
        row("death", json("{'resourceType':'Patient','deceasedDateTime':'soon'}"), "bad-date",
            "Patient.deceasedDateTime");
        row("no status", json("{'resourceType':'Observation','code':{'text':'x'}}"), "missing-element",
            "Observation.status");
        row("no code", json("{'resourceType':'Observation','status':'final','code':{}}"), "missing-element",
            "Observation.code");
        row("status", json("{'resourceType':'Observation','status':'done','code':{'text':'x'}}"), "bad-code",
            "Observation.status");
        row("no choice",
            json("{'resourceType':'MedicationRequest','status':'active','intent':'order','subject':{'"
                 "reference':'Patient/1'}}"),
            "missing-element", "MedicationRequest.medication[x]");
        row("concept",
            json("{'resourceType':'Condition','subject':{'reference':'Patient/"
                 "1'},'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/"
                 "condition-clinical','code':'gone'}]}}"),
            "bad-code", "Condition.clinicalStatus");
        row("list of codes",
            json("{'resourceType':'AllergyIntolerance','patient':{'reference':'Patient/"
                 "1'},'category':['food','dust']}"),
            "bad-code", "AllergyIntolerance.category");
        row("period",
            json("{'resourceType':'Encounter','status':'finished','class':{'code':'AMB'},'period':{'start':'"
                 "2020-01-01','end':'later'}}"),
            "bad-date", "Encounter.period.end");
        row("no participants", json("{'resourceType':'Appointment','status':'proposed','participant':[]}"),
            "missing-element", "Appointment.participant");
        row("participant's status",
            json("{'resourceType':'Appointment','status':'proposed','participant':[{'status':'accepted'},{'"
                 "actor':{'reference':'Patient/1'}}]}"),
            "missing-element", "Appointment.participant[1].status");
        row("participant's code",
            json("{'resourceType':'Appointment','status':'proposed','participant':[{'status':'yes'}]}"),
            "bad-code", "Appointment.participant[0].status");
        row("participants no list",
            json("{'resourceType':'Appointment','status':'proposed','participant':{'status':'accepted'}}"),
            "bad-value", "Appointment.participant");
        row("reference",
            json("{'resourceType':'Patient','generalPractitioner':[{'reference':'Practitioner/"
                 "1'},{'reference':'Doctor/1'}]}"),
            "bad-reference", "Patient.generalPractitioner[1].reference");
        row("reference a number", json("{'resourceType':'Patient','link':[{'other':{'reference':7}}]}"),
            "bad-reference", "Patient.link[0].other.reference");
        row("reference in disguise", json("{'resourceType':'Basic','x':{'r\\u0065ference':''}}"),
            "bad-reference", "Basic.x.reference");
        row("sender's own names are not repeated",
            json("{'resourceType':'Basic','Ann B.':{'reference':'nobody'}}"), "bad-reference",
            "Basic.?.reference");
        row("too deep for a bundle",
            json("{'resourceType':'Basic','a':") + std::string(60, '[') + std::string(60, ']') + "}",
            "nested-too-deeply", "Basic.a" + QByteArray("[0]").repeated(59));
    }

    void wrongDocuments_areRefusedWithCodeAndElement()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, code);
        QFETCH(const QByteArray, expression);
        const auto document = readText(text.toStdString());
        QVERIFY(!document.has_value());
        QCOMPARE(document.error().code, code.toStdString());
        QCOMPARE(document.error().expression, expression.toStdString());
        QCOMPARE(document.error().status, code == "not-a-resource" ? 400 : 422);
    }

    void references_haveTheFormsOfFhir_data()
    {
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<bool>("isRight");
        for (const char* right :
             {"Patient/1", "Patient/a-B.9", "Patient/1/_history/2", "#", "#x",
              "https://example.org/fhir/Patient/1", "http://x",
              "urn:uuid:0c5f2f2c-9b71-4c0f-8f3b-5e1a6c1a2b3c", "urn:oid:1.2.840.1", "Patient?identifier=a|b"})
            QTest::newRow(right) << QByteArray(right) << true;
        for (const char* wrong : {"",
                                  " ",
                                  "1",
                                  "Patient",
                                  "Patient/",
                                  "Patient/1/2",
                                  "patient/1",
                                  "Patient/a b",
                                  "Patient/1/_history/",
                                  "Patient/1/_history",
                                  "/Patient/1",
                                  "://x",
                                  "http://",
                                  "urn:uuid:7",
                                  "urn:uuid:",
                                  "urn:oid:9",
                                  "urn:oid:1..2",
                                  "urn:x:y",
                                  "Patient?",
                                  "Human?name=x",
                                  "Patient/1 ",
                                  "mailto:someone",
                                  "Patient/ü"})
            QTest::newRow(*wrong == '\0' ? "empty" : wrong) << QByteArray(wrong) << false;
    }

    void references_haveTheFormsOfFhir()
    {
        QFETCH(const QByteArray, reference);
        QFETCH(const bool, isRight);
        const auto document = readText(json("{'resourceType':'Basic','subject':{'reference':'") +
                                       reference.toStdString() + "\"}}");
        QCOMPARE(document.has_value(), isRight);
    }

    void whatTheRulesDoNotKnow_isAccepted()
    {
        const std::string text = json("{'resourceType':'Patient','id':'1','shoe':{'size':1.10},'name':[{'use'"
                                      ":'pen'}],'telecom':[{'system':'pigeon'}],'_gender':{'extension':[]}}");
        const auto document = readText(text);
        QVERIFY(document.has_value());
        QCOMPARE(document->text, text);
        QCOMPARE(document->type, std::string("Patient"));
        QCOMPARE(document->id, std::string("1"));
        QCOMPARE(document->area, Area::PatientIdentity);
        QVERIFY(readText(json("{'resourceType':'Basic','status':7,'date':'x'}")).has_value());
        QVERIFY(readText(json("{'resourceType':'Observation','status':'final','_code':{'extension':[{'url':'"
                              "http://hl7.org/fhir/StructureDefinition/data-absent-reason'}]}}"))
                    .has_value());
    }

    void area_isToldFromTheDocument()
    {
        QCOMPARE(areaOfText(json("{'resourceType':'Observation'}")), Area::ClinicalRecord);
        QCOMPARE(
            areaOfText(json(
                "{'resourceType':'Observation','category':[{},{'coding':[{},{'code':'vital-signs'}]}]}")),
            Area::Vitals);
        QCOMPARE(areaOfText(json("{'resourceType':'Device'}")), Area::Directory);
        QCOMPARE(areaOfText(json("{'resourceType':'Device','patient':{'reference':'Patient/1'}}")),
                 Area::ClinicalRecord);
        QCOMPARE(areaOfText(json("{'resourceType':'Task'}")), Area::ClinicalRecord);
        QCOMPARE(areaOfText(json("{'resourceType':'Task','focus':{'reference':'Appointment/1'}}")),
                 Area::Appointments);
        QCOMPARE(areaOfText(json("{'resourceType':'Task','focus':{'reference':'Patient/1/_history/3'}}")),
                 Area::PatientIdentity);
        QCOMPARE(areaOfText(json("{'resourceType':'Task','focus':{'reference':'AllergyIntolerance/1'}}")),
                 Area::ClinicalRecord);
        QCOMPARE(areaOfText(json("{'resourceType':'Task','focus':{'type':'Invoice'}}")), Area::Payments);
    }

    void types_areThoseOfR4()
    {
        QVERIFY(fhir::isResourceType("Patient") && fhir::isResourceType("VisionPrescription"));
        QVERIFY(!fhir::isResourceType("") && !fhir::isResourceType("patient") &&
                !fhir::isResourceType("Resource"));
        QVERIFY(fhir::isStoredType("Account") && !fhir::isStoredType("Subscription"));
        const auto types = fhir::storedTypes();
        QCOMPARE(types.size(), std::size_t(140));
        QVERIFY(std::all_of(types.begin(), types.end(), fhir::isStoredType));
    }

    void meta_isPutBehindTheId()
    {
        QCOMPARE(fhir::withMeta(json("{ 'resourceType': 'Basic', 'id': '1' , 'x': 1.10 }"), "e.1", "t"),
                 json("{ 'resourceType': 'Basic', 'id': "
                      "'1','meta':{'versionId':'e.1','lastUpdated':'t'} , 'x': 1.10 }"));
        QCOMPARE(fhir::withMeta(json("{'x':1,'resourceType':'Basic'}"), "e.1", "t"),
                 json("{'x':1,'resourceType':'Basic','meta':{'versionId':'e.1','lastUpdated':'t'}}"));
        QCOMPARE(fhir::withMeta(json("{'resourceType':'Basic','meta':{'lastUpdated':'old', 'tag':[]}}"),
                                "e.1", "t"),
                 json("{'resourceType':'Basic','meta':{'versionId':'e.1','lastUpdated':'t', 'tag':[]}}"));
        QCOMPARE(fhir::withMeta(json("{'resourceType':'Basic','meta':{}}"), "e.1", "t"),
                 json("{'resourceType':'Basic','meta':{'versionId':'e.1','lastUpdated':'t'}}"));
    }

    void withMeta_changesNothingButMeta()
    {
        QVERIFY(rc::check([] {
            const std::string text = anyDocument();
            const std::string with = fhir::withMeta(text, "epoch.17", "2026-05-04T07:30:00.000001Z");
            const auto before = JsonDocument::parse(text);
            const auto after = JsonDocument::parse(with);
            RC_ASSERT(after.has_value());
            const JsonView meta = after->root()["meta"];
            RC_ASSERT(meta["versionId"].says("epoch.17"));
            RC_ASSERT(meta["lastUpdated"].says("2026-05-04T07:30:00.000001Z"));
            RC_ASSERT(without(before->root(), "meta") == without(after->root(), "meta"));
            for (const char* name : {"profile", "source"})
                RC_ASSERT(meta[name].raw() == before->root()["meta"][name].raw());
            RC_ASSERT(fhir::withMeta(with, "epoch.17", "2026-05-04T07:30:00.000001Z") == with);
            // Taking out what was put in leaves the text as it was.
            if (!before->root()["meta"].exists())
                RC_ASSERT(with.size() ==
                          text.size() + meta.raw().size() + std::string_view(",\"meta\":").size());
        }));
    }

    void withId_changesNothingButTheId()
    {
        QVERIFY(rc::check([] {
            const std::string text = anyDocument();
            const std::string with = fhir::withId(text, "new-id");
            const auto before = JsonDocument::parse(text);
            const auto after = JsonDocument::parse(with);
            RC_ASSERT(after.has_value());
            RC_ASSERT(after->root()["id"].says("new-id"));
            RC_ASSERT(without(before->root(), "id") == without(after->root(), "id"));
            RC_ASSERT(fhir::withId(with, "new-id") == with);
        }));
    }

    void sampleDocuments_areAcceptedAndUnchangedButForMeta()
    {
        const QString folder = qEnvironmentVariable("YARROW_SAMPLE_DATA");
        const QStringList files = QDir(folder).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
        if (folder.isEmpty() || files.isEmpty())
            QSKIP("no sample bundles; YARROW_SAMPLE_DATA names their folder");
        std::size_t documents = 0;
        std::set<std::string> withDate;
        for (const QString& name : files) {
            QFile file(folder + u'/' + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto bundle = JsonDocument::parse(file.readAll().toStdString());
            QVERIFY2(bundle.has_value(), qUtf8Printable(name));
            for (const JsonView entry : bundle->root()["entry"].items()) {
                const JsonView resource = entry["resource"];
                const auto document = fhir::readDocument(resource);
                QVERIFY2(document.has_value(),
                         (document ? "" : document.error().code + ' ' + document.error().expression).c_str());
                QCOMPARE(document->text, std::string(resource.raw()));
                if (document->index.dateFrom)
                    withDate.insert(document->type);
                const auto stored = JsonDocument::parse(fhir::withMeta(document->text, "e.1", "t"));
                QVERIFY(stored.has_value());
                QCOMPARE(without(stored->root(), "meta"), without(resource, "meta"));
                ++documents;
            }
        }
        qInfo("%lld files, %zu documents", static_cast<long long>(files.size()), documents);
        QVERIFY(documents > 1000);
        for (const char* type : {"Patient", "Observation", "Encounter", "Condition", "MedicationRequest",
                                 "Procedure", "Immunization", "DiagnosticReport", "Claim", "CarePlan"})
            QVERIFY2(withDate.contains(type), type);
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
