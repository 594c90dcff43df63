// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/staff_fhir.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow;
using namespace yarrow::fhir;

namespace {

Instant utc(const char* text)
{
    return parseInstant(text).value();
}

/// Reads, changes, writes; expects the one change in the text, and to read what was written.
template <class T>
void expectChange(const char* golden, Result<T> (*read)(const Json&), void (*write)(const T&, Json&),
                  void (*change)(T&), const std::string& what, const std::string& with)
{
    Json document = golden::parsed(golden);
    const std::string expected = golden::replaced(document.dump(), what, with);
    T value = read(document).value();
    change(value);
    write(value, document);
    QCOMPARE(document.dump(), expected);
    QVERIFY(read(document).value() == value);
}

WeeklyHours anyHours()
{
    WeeklyHours hours;
    for (auto& day : hours.days) {
        for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
            const QTime from = QTime(0, 0).addSecs(*rc::gen::inRange(0, 8) * 7200);
            day.push_back({from, *rc::gen::element(from.addSecs(3600), QTime(0, 0))});
        }
        std::stable_sort(day.begin(), day.end(),
                         [](const auto& a, const auto& b) { return a.from < b.from; });
    }
    return hours;
}

bool sameRanges(const WeeklyHours& a, const WeeklyHours& b)
{
    for (std::size_t day = 0; day < 7; ++day) {
        if (!std::is_permutation(a.days[day].begin(), a.days[day].end(), b.days[day].begin(),
                                 b.days[day].end()))
            return false;
    }
    return true;
}

} // namespace

class TestStaffFhir : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=580"); }

    void read_givesWhatTheDocumentsSay()
    {
        const Practitioner practitioner = readPractitioner(golden::parsed(golden::kPractitioner)).value();
        QCOMPARE(formatName(practitioner), QStringLiteral("Dr. Inés Vega Ruiz"));

        const PractitionerRole role = readPractitionerRole(golden::parsed(golden::kRole)).value();
        QCOMPARE(role.practitioner, PractitionerId::known("dr-1"));
        QCOMPARE(role.locations, (std::vector{LocationId::known("room-1"), LocationId::known("room-2")}));
        QCOMPARE(role.services, std::vector{HealthcareServiceId::known("hs-1")});
        QCOMPARE(role.specialty, QStringLiteral("General practice"));
        const std::vector<LocalRange> monday{{QTime(9, 0), QTime(12, 30)}, {QTime(14, 0), QTime(18, 0)}};
        QCOMPARE(role.hours.days[0], monday);
        QCOMPARE(role.hours.days[2].size(), std::size_t(1));
        QVERIFY(role.hours.days[3].empty());
        QCOMPARE(role.hours.days[6].front(), (LocalRange{QTime(0, 0), QTime(0, 0)}));
        QCOMPARE(role.blockouts.size(), std::size_t(2));
        const TimeRange holiday{utc("2025-08-01T00:00:00Z"),
                                utc("2025-08-16T00:00:00Z")}; // the last day included
        QCOMPARE(role.blockouts[0].when, holiday);
        QCOMPARE(role.blockouts[1].when.start, utc("2025-09-01T06:00:00Z"));

        const Location room = readLocation(golden::parsed(golden::kLocation)).value();
        QCOMPARE(room.partOf, LocationId::known("clinic"));
        QCOMPARE(room.hours.days[4].size(), std::size_t(1));

        const HealthcareService service = readHealthcareService(golden::parsed(golden::kService)).value();
        QCOMPARE(service.defaultDuration, std::chrono::minutes(30));

        const Schedule schedule = readSchedule(golden::parsed(golden::kSchedule)).value();
        QCOMPARE(schedule.practitioner, PractitionerId::known("dr-1"));
        QCOMPARE(schedule.room, LocationId::known("room-1"));
        QCOMPARE(schedule.until, std::optional(utc("2026-01-01T00:00:00Z")));
    }

    void write_withoutChangeIsTheSameToTheLetter()
    {
        const auto check = [](const char* golden, auto read, auto write) {
            Json document = golden::parsed(golden);
            const std::string before = document.dump();
            write(read(document).value(), document);
            QCOMPARE(document.dump(), before);
        };
        check(golden::kPractitioner, readPractitioner, writePractitioner);
        check(golden::kRole, readPractitionerRole, writePractitionerRole);
        check(golden::kLocation, readLocation, writeLocation);
        check(golden::kService, readHealthcareService, writeHealthcareService);
        check(golden::kSchedule, readSchedule, writeSchedule);
    }

    void write_changesOnePlaceAndNothingElse()
    {
        expectChange<Practitioner>(
            golden::kPractitioner, readPractitioner, writePractitioner,
            [](Practitioner& p) { p.names[0].family = QStringLiteral("Vega"); }, R"("Vega Ruiz")",
            R"("Vega")");
        expectChange<PractitionerRole>(
            golden::kRole, readPractitionerRole, writePractitionerRole,
            [](PractitionerRole& r) { r.locations.erase(r.locations.begin()); },
            R"({"reference":"Location/room-1","display":"Room 1"},)", "");
        expectChange<PractitionerRole>(
            golden::kRole, readPractitionerRole, writePractitionerRole,
            [](PractitionerRole& r) { r.practitioner = PractitionerId::known("dr-2"); },
            R"({"reference":"Practitioner/dr-1","display":"Dr. Vega"})",
            R"({"reference":"Practitioner/dr-2"})");
        expectChange<PractitionerRole>(
            golden::kRole, readPractitionerRole, writePractitionerRole,
            [](PractitionerRole& r) { r.hours.days[1].clear(); }, R"(["mon","tue","wed"])",
            R"(["mon","wed"])");
        expectChange<PractitionerRole>(
            golden::kRole, readPractitionerRole, writePractitionerRole,
            [](PractitionerRole& r) { r.blockouts[0].reason = QStringLiteral("Leave"); }, R"("Holiday")",
            R"("Leave")");
        expectChange<PractitionerRole>(
            golden::kRole, readPractitionerRole, writePractitionerRole,
            [](PractitionerRole& r) { r.blockouts[0].when.end = utc("2025-08-10T00:00:00Z"); },
            R"("2025-08-15")", R"("2025-08-10T00:00:00.000Z")");
        expectChange<PractitionerRole>(
            golden::kRole, readPractitionerRole, writePractitionerRole,
            [](PractitionerRole& r) { r.specialty = QStringLiteral("Surgery"); },
            R"({"coding":[{"system":"http://snomed.info/sct","code":"394814009","display":"General practice"}]})",
            R"({"text":"Surgery"})");
        expectChange<Location>(
            golden::kLocation, readLocation, writeLocation, [](Location& l) { l.active = false; },
            R"("status":"active")", R"("status":"inactive")");
        expectChange<HealthcareService>(
            golden::kService, readHealthcareService, writeHealthcareService,
            [](HealthcareService& s) { s.defaultDuration = std::chrono::minutes(45); }, R"("value":30)",
            R"("value":45)");
        expectChange<Schedule>(
            golden::kSchedule, readSchedule, writeSchedule, [](Schedule& s) { s.practitioner = {}; },
            R"({"reference":"Practitioner/dr-1","display":"Dr. Vega"},)", "");
        expectChange<Schedule>(
            golden::kSchedule, readSchedule, writeSchedule, [](Schedule& s) { s.until.reset(); },
            R"("end":"2025-12-31",)", "");
    }

    void write_addsHoursBehindThoseThatStay()
    {
        Json document = golden::parsed(golden::kRole);
        PractitionerRole role = readPractitionerRole(document).value();
        role.hours.days[3] = role.hours.days[4] = {{QTime(8, 0), QTime(10, 15)}};
        writePractitionerRole(role, document);
        QCOMPARE(document["availableTime"].items().size(), std::size_t(5));
        QCOMPARE(
            document["availableTime"][4].dump(),
            std::string(
                R"({"daysOfWeek":["thu","fri"],"availableStartTime":"08:00:00","availableEndTime":"10:15:00"})"));
        QCOMPARE(document["availableTime"][0]["id"].string(), std::string_view("a"));
    }

    void write_hoursComeBack()
    {
        QVERIFY(rc::check([] {
            Json document = *rc::gen::arbitrary<bool>() ? golden::parsed(golden::kLocation) : Json();
            Location location;
            location.id = LocationId::known("room-1");
            for (int round = 0; round < 3; ++round) {
                location.hours = anyHours();
                writeLocation(location, document);
                RC_ASSERT(sameRanges(readLocation(document).value().hours, location.hours));
            }
        }));
    }

    void write_makesNewDocuments()
    {
        PractitionerRole role = readPractitionerRole(golden::parsed(golden::kRole)).value();
        Json document;
        writePractitionerRole(role, document);
        QCOMPARE(readPractitionerRole(document).value(), role);
        QCOMPARE(document.members()[0].name, std::string("resourceType"));
        QCOMPARE(document.members()[1].name, std::string("id"));
        QCOMPARE(document.members()[2].name, std::string("active"));

        const Schedule schedule = readSchedule(golden::parsed(golden::kSchedule)).value();
        Json fresh;
        writeSchedule(schedule, fresh);
        QCOMPARE(readSchedule(fresh).value(), schedule);
    }

    void read_namesTheElementItRefuses_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char* path, const char* document) {
            QTest::newRow(path) << QByteArray(document) << QByteArray(path);
        };
        row("PractitionerRole.availableTime[0].daysOfWeek: must be mon to sun",
            R"({"resourceType":"PractitionerRole","availableTime":[{"daysOfWeek":["Monday"]}]})");
        row("PractitionerRole.availableTime[1].availableStartTime: must be a time of day",
            R"({"resourceType":"PractitionerRole","availableTime":[{},{"availableStartTime":"25:00:00"}]})");
        row("PractitionerRole.notAvailable[0].during.start: must be a date or a time with its zone",
            R"({"resourceType":"PractitionerRole","notAvailable":[{"during":{"start":"2025-08-01T10:00:00"}}]})");
        row("PractitionerRole.practitioner: must be an object",
            R"({"resourceType":"PractitionerRole","practitioner":"Practitioner/1"})");
    }
    void read_namesTheElementItRefuses()
    {
        QFETCH(QByteArray, document);
        QFETCH(QByteArray, path);
        const auto read = readPractitionerRole(golden::parsed(document.constData()));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().context, path.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestStaffFhir)
#include "tst_staff_fhir.moc"
