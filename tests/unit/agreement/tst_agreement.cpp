// SPDX-License-Identifier: GPL-3.0-or-later
// Client and server share no code, but must say the same of the same record.
#include "core/text_fold.h"
#include "models/domain/appointment.h"
#include "models/domain/patient.h"
#include "models/domain/role.h"
#include "models/fhir/appointment_fhir.h"
#include "models/fhir/demo_clinic.h"
#include "models/fhir/patient_fhir.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/fhir/resource_types.h"
#include "server/auth/role.h"
#include "server/fhir/document.h"
#include "server/fhir/reference.h"
#include "server/fhir/time_range.h"
#include "tests/support/json_text.h"

#include <QDir>
#include <QTest>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace {

namespace client = yarrow;
namespace server = yarrow::server;

constexpr std::array<std::pair<client::Role, server::Role>, 5> kRoles{
    {{client::Role::Admin, server::Role::Admin},
     {client::Role::Doctor, server::Role::Doctor},
     {client::Role::Nurse, server::Role::Nurse},
     {client::Role::Receptionist, server::Role::Receptionist},
     {client::Role::Billing, server::Role::Billing}}};

constexpr std::array<std::pair<client::Operation, server::Right>, 4> kRights{
    {{client::Operation::Read, server::Right::Read},
     {client::Operation::Create, server::Right::Create},
     {client::Operation::Update, server::Right::Update},
     {client::Operation::Delete, server::Right::Delete}}};

constexpr std::array<std::pair<client::Area, server::Area>, server::kAreaCount> kAreas{
    {{client::Area::PatientIdentity, server::Area::PatientIdentity},
     {client::Area::Appointments, server::Area::Appointments},
     {client::Area::Directory, server::Area::Directory},
     {client::Area::ClinicalRecord, server::Area::ClinicalRecord},
     {client::Area::Prescriptions, server::Area::Prescriptions},
     {client::Area::Vitals, server::Area::Vitals},
     {client::Area::Payments, server::Area::Payments},
     {client::Area::Administration, server::Area::Administration}}};

bool same(client::Area area, server::Area other)
{
    return std::find(kAreas.begin(), kAreas.end(), std::pair(area, other)) != kAreas.end();
}

/// Every type either side knows, and some that are none.
std::vector<std::string> allTypes()
{
    std::vector<std::string> types{
        "",       "Human",      "patient",          "Resource",           "AuditEvent", "Subscription",
        "Bundle", "Parameters", "OperationOutcome", "CapabilityStatement"};
    for (const std::string_view type : server::fhir::storedTypes())
        types.emplace_back(type);
    return types;
}

/// Ends the test unless the server takes the document and says of it what the client says.
void expectAgreement(const client::Json& document)
{
    const std::string text = document.dump();
    const auto parsed = server::JsonDocument::parse(text);
    QVERIFY(parsed.has_value());
    const auto read = server::fhir::readDocument(parsed->root());
    QVERIFY2(read.has_value(), (read ? "" : read.error().code + ' ' + read.error().expression).c_str());
    QCOMPARE(read->text, text);
    QVERIFY(same(client::fhir::areaOf(document), read->area));
    if (read->index.patient)
        QCOMPARE(*read->index.patient, std::string(client::fhir::patientOf(document)));
    if (read->type == "Patient") {
        const auto patient = client::fhir::readPatient(document).value();
        const std::string number = client::medicalRecordNumber(patient).toStdString();
        const auto& mrns = read->index.mrns;
        QCOMPARE(!number.empty(), !mrns.empty());
        QVERIFY(number.empty() || std::any_of(mrns.begin(), mrns.end(),
                                              [&number](const auto& mrn) { return mrn.second == number; }));
    }
}

std::string partOf(const char* type, std::string_view id)
{
    return id.empty() ? std::string() : std::string(type) + '/' + std::string(id);
}

void expectSameSlot(const client::Json& document)
{
    const auto appointment = client::fhir::readAppointment(document);
    const auto parsed = server::JsonDocument::parse(document.dump());
    const auto index = server::fhir::indexValuesOf("Appointment", parsed->root());
    QCOMPARE(appointment.has_value(), index.has_value());
    if (!appointment)
        return;
    std::set<std::string> actors;
    if (client::holdsSlot(appointment->status) && appointment->overbookReason.empty())
        actors = {partOf("Practitioner", appointment->practitioner.text()),
                  partOf("Location", appointment->room.text()), partOf("Device", appointment->device.text())};
    actors.erase("");
    QCOMPARE(index->slot.has_value(), !actors.empty());
    if (actors.empty())
        return;
    QCOMPARE(std::set<std::string>(index->slot->actors.begin(), index->slot->actors.end()), actors);
    const auto micros = [](client::Instant instant) {
        return std::chrono::duration_cast<std::chrono::microseconds>(instant.time_since_epoch()).count();
    };
    QCOMPARE(index->slot->starts, server::fhir::timeText(micros(appointment->start)));
    QCOMPARE(index->slot->ends, server::fhir::timeText(micros(appointment->end)));
}

client::Json parsedJson(const std::string& text)
{
    return client::Json::parse(json(text)).value();
}

} // namespace

class TestAgreement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roles_allowTheSame()
    {
        for (const auto& [role, otherRole] : kRoles) {
            QCOMPARE(client::roleCode(role), server::roleCode(otherRole));
            for (const auto& [right, otherRight] : kRights) {
                for (const auto& [area, otherArea] : kAreas)
                    QCOMPARE(client::roleAllows(role, right, area),
                             server::roleAllows(otherRole, otherRight, otherArea));
            }
        }
    }

    void types_areInTheSameArea()
    {
        for (const std::string& type : allTypes()) {
            QVERIFY2(same(client::areaOf(type), server::areaOfType(type)), type.c_str());
            QCOMPARE(client::fhir::isResourceType(type), server::fhir::isResourceType(type));
        }
        QVERIFY(allTypes().size() > 140);
    }

    void documents_areInTheSameArea()
    {
        for (const char* text :
             {"{'resourceType':'Observation'}",
              "{'resourceType':'Observation','category':[{'coding':[{'code':'vital-signs'}]}]}",
              "{'resourceType':'Observation','category':[{'coding':[{'code':'laboratory'}]},{'coding':[{'"
              "code':'x'},"
              "{'code':'vital-signs'}]}]}",
              "{'resourceType':'Observation','category':{'coding':[{'code':'vital-signs'}]}}",
              "{'resourceType':'Device'}", "{'resourceType':'Device','patient':{'reference':'Patient/1'}}",
              "{'resourceType':'Device','patient':null}", "{'resourceType':'Task'}",
              "{'resourceType':'Patient'}", "{}"}) {
            const auto document = server::JsonDocument::parse(json(text));
            QVERIFY2(same(client::fhir::areaOf(parsedJson(text)), server::fhir::areaOf(document->root())),
                     text);
        }
    }

    void references_areReadAlike()
    {
        for (const char* text : {"Patient/1",
                                 "Patient/1/_history/2",
                                 "https://x.example/fhir/Patient/1",
                                 "http://x.example/a/b/Patient/1/_history/2",
                                 "http://x.example/Patient/1",
                                 "http://Patient/1",
                                 "https://x.example/Patient",
                                 "Patient",
                                 "Patient/",
                                 "/Patient/1",
                                 "patient/1",
                                 "Human/1",
                                 "urn:uuid:0c5f2f2c-9b71-4c0f-8f3b-5e1a6c1a2b3c",
                                 "#a",
                                 "Patient?name=x",
                                 "ftp://x/Patient/1",
                                 "Patient/a b",
                                 "Patient/1/2",
                                 "x/Patient/1",
                                 "https:///Patient/1",
                                 "Patient/1/_history/",
                                 ""}) {
            const auto one = client::fhir::parseReference(text);
            const auto other = server::fhir::parseReference(text);
            QVERIFY2(one.has_value() == other.has_value(), text);
            QVERIFY2(!one || (one->type == other->type && one->id == other->id), text);
        }
    }

    void latinLetters_areFoldedAlike()
    {
        const auto compare = [](char32_t first, char32_t last) {
            for (char32_t c = first; c <= last; ++c) {
                const std::string text = "a" + QString::fromUcs4(&c, 1).toStdString() + "b";
                QVERIFY2(client::foldForSearch(text) == server::fhir::fold(text), text.c_str());
            }
        };
        compare(0x20, 0x7E);
        compare(0xC0, 0x13E); // U+013F, l with a dot, is a letter and a gap for the client
        compare(0x141, 0x17F);
        compare(0x1EA0, 0x1EF9);
        for (const char* name :
             {"José  O’Neil-Müller", "d'Amico", "NGUYỄN Văn Đức", "van der Berg, jr.", "Łuksza\u00A0Özgür"})
            QCOMPARE(server::fhir::fold(name), client::foldForSearch(name));
    }

    void slots_areHeldAlike_data()
    {
        QTest::addColumn<QByteArray>("appointment");
        const auto row = [](const char* name, const std::string& elements) {
            QTest::newRow(name) << QByteArray::fromStdString("{'resourceType':'Appointment','id':'1'," +
                                                             elements + "}");
        };
        const std::string people = "'participant':[{'actor':{'reference':'Patient/p'},'status':'accepted'},"
                                   "{'actor':{'reference':'Practitioner/d'},'status':'accepted'},"
                                   "{'actor':{'reference':'Location/r'},'status':'tentative'},"
                                   "{'actor':{'reference':'Device/x'},'status':'needs-action'}]";
        const std::string start = "'start':'2026-05-04T09:30:00.250+02:00',";
        const std::string times = start + "'end':'2026-05-04T08:30:00Z',";
        for (const char* status : {"proposed", "pending", "booked", "arrived", "fulfilled", "cancelled",
                                   "noshow", "entered-in-error", "checked-in", "waitlist"}) {
            row(status, "'status':'" + std::string(status) + "'," + times + people);
            row((std::string(status) + " without times").c_str(),
                "'status':'" + std::string(status) + "'," + people);
            row((std::string(status) + " with a length").c_str(),
                "'status':'" + std::string(status) + "'," + start + "'minutesDuration':45," + people);
        }
        row("backwards",
            "'status':'booked','start':'2026-05-04T09:30:00Z','end':'2026-05-04T08:30:00Z'," + people);
        row("overbooked",
            "'status':'booked','extension':[{'url':'https://yarrow.example/fhir/StructureDefinition/"
            "overbook-reason','valueString':'urgent'}]," +
                times + people);
        row("only a patient", "'status':'booked'," + times +
                                  "'participant':[{'actor':{'reference':'Patient/p'},'status':'accepted'}]");
    }

    void slots_areHeldAlike()
    {
        QFETCH(const QByteArray, appointment);
        expectSameSlot(parsedJson(appointment.toStdString()));
    }

    void demoClinic_isAcceptedAndReadAlike()
    {
        const auto documents = client::demoClinic(QDate(2025, 3, 24), QTimeZone("Europe/Rome"));
        QVERIFY(documents.size() > 1000);
        for (const client::Json& document : documents) {
            expectAgreement(document);
            if (document["resourceType"].string() == "Appointment")
                expectSameSlot(document);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void sampleDocuments_areReadAlike()
    {
        const QString folder = qEnvironmentVariable("YARROW_SAMPLE_DATA");
        const QStringList files = QDir(folder).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
        if (folder.isEmpty() || files.isEmpty())
            QSKIP("no sample bundles; YARROW_SAMPLE_DATA names their folder");
        for (const QString& name : files) {
            QFile file(folder + u'/' + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto bundle = client::Json::parse(file.readAll().toStdString());
            QVERIFY(bundle.has_value());
            for (const client::Json& entry : (*bundle)["entry"].items()) {
                expectAgreement(entry["resource"]);
                if (QTest::currentTestFailed())
                    return;
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
