// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_fhir.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::fhir;

namespace {

Instant utc(const char* text)
{
    return parseInstant(text).value();
}

Result<Appointment> read(const char* text)
{
    return readAppointment(golden::parsed(text));
}

} // namespace

class TestAppointmentFhir : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void read_givesWhatTheDocumentSays()
    {
        const Appointment visit = read(golden::kAppointment).value();
        QCOMPARE(visit.id, AppointmentId::known("a-1"));
        QCOMPARE(visit.status, AppointmentStatus::Booked);
        QCOMPARE(visit.start, utc("2025-06-16T07:00:00Z"));
        QCOMPARE(visit.end, utc("2025-06-16T07:30:00Z"));
        QCOMPARE(visit.zone, std::string("Europe/Rome"));
        QCOMPARE(visit.patient, PatientId::known("p-1"));
        QCOMPARE(visit.practitioner, PractitionerId::known("dr-1"));
        QCOMPARE(visit.room, LocationId::known("room-1"));
        QCOMPARE(visit.service, HealthcareServiceId::known("hs-1"));
        QVERIFY(visit.device.isEmpty());
        QCOMPARE(visit.description, QStringLiteral("Cough"));
        QCOMPARE(visit.comment, QStringLiteral("calls if late"));
    }

    void placeInASeries_isWrittenOnce_andStaysWhenTheVisitMoves()
    {
        Json document = golden::parsed(golden::kAppointment);
        Appointment visit = readAppointment(document).value();
        QVERIFY(!visit.series);
        visit.series =
            SeriesPlace{"s-1", "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20250623", visit.start};
        writeAppointment(visit, document);
        QVERIFY(readAppointment(document).value() == visit);
        const std::string planned = document.dump();
        writeAppointment(visit, document);
        QCOMPARE(document.dump(), planned);
        visit.start += std::chrono::hours(1);
        visit.end += std::chrono::hours(1);
        writeAppointment(visit, document);
        QVERIFY(readAppointment(document).value() == visit);
        // Nothing in its place is not a wish to leave the series.
        Appointment forgetful = visit;
        forgetful.series.reset();
        writeAppointment(forgetful, document);
        QVERIFY(readAppointment(document)->series == visit.series);
    }

    void placeInASeries_isReadFromTheIdentifierAlone()
    {
        const auto visit =
            read("{\"resourceType\":\"Appointment\",\"status\":\"booked\","
                 "\"identifier\":[{\"system\":\"https://other.example\",\"value\":\"7\"},"
                 "{\"system\":\"https://yarrow.example/fhir/appointment-series\",\"value\":\"s-1\"}],"
                 "\"start\":\"2025-06-16T07:00:00Z\",\"minutesDuration\":20}");
        QVERIFY(visit->series == (SeriesPlace{"s-1", {}, utc("2025-06-16T07:00:00Z")}));
    }

    void read_takesTheLengthWhereTheEndIsMissing()
    {
        const auto visit =
            read(R"({"resourceType":"Appointment","status":"booked","start":"2025-06-16T07:00:00Z",)"
                 R"("minutesDuration":20})");
        QCOMPARE(visit->end, utc("2025-06-16T07:20:00Z"));
    }

    void read_needsTimesOnceBooked()
    {
        for (const char* status : {"proposed", "pending", "cancelled", "waitlist"}) {
            const auto visit = readAppointment(golden::parsed(
                (std::string(R"({"resourceType":"Appointment","status":")") + status + "\"}").c_str()));
            QVERIFY2(visit.has_value(), status);
            QVERIFY(!hasTimes(*visit));
        }
        QCOMPARE(read(R"({"resourceType":"Appointment","status":"booked"})").error().context,
                 std::string("Appointment.start: is missing"));
        QCOMPARE(read(R"({"resourceType":"Appointment","status":"arrived","start":"2025-06-16T07:00:00Z"})")
                     .error()
                     .context,
                 std::string("Appointment.end: is missing"));
    }

    void read_refusesWhatCannotBeUsed()
    {
        QCOMPARE(read(R"({"resourceType":"Appointment","status":"soon"})").error().context,
                 std::string("Appointment.status: must be one of appointmentstatus"));
        QCOMPARE(
            read(R"({"resourceType":"Appointment","status":"pending","start":"2025-06-16"})").error().context,
            std::string("Appointment.start: must be an instant"));
        const auto backwards = read(R"({"resourceType":"Appointment","status":"booked",)"
                                    R"("start":"2025-06-16T07:00:00Z","end":"2025-06-16T06:00:00Z"})");
        QCOMPARE(backwards.error().code, ErrorCode::InvalidResource);
        QCOMPARE(backwards.error().context, std::string("Appointment.end: is before the start"));
    }

    void statusCodes_comeBack()
    {
        int known = 0;
        for (const char* code : {"proposed", "pending", "booked", "arrived", "fulfilled", "cancelled",
                                 "noshow", "entered-in-error", "checked-in", "waitlist"}) {
            QCOMPARE(statusCode(statusFromCode(code).value()), std::string_view(code));
            ++known;
        }
        QCOMPARE(known, 10);
        QVERIFY(!statusFromCode("no-show").has_value());
    }

    void write_withoutChangeIsTheSameToTheLetter()
    {
        Json document = golden::parsed(golden::kAppointment);
        const std::string before = document.dump();
        writeAppointment(readAppointment(document).value(), document);
        QCOMPARE(document.dump(), before);
    }

    void write_changesOnePlaceAndNothingElse_data()
    {
        using Change = std::function<void(Appointment&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<std::string>("what");
        QTest::addColumn<std::string>("with");
        const auto row = [](const char* name, Change change, std::string what, std::string with) {
            QTest::newRow(name) << change << what << with;
        };
        row(
            "status", [](Appointment& a) { a.status = AppointmentStatus::Arrived; }, R"("booked")",
            R"("arrived")");
        row(
            "a note", [](Appointment& a) { a.comment.clear(); }, R"("comment":"calls if late",)", "");
        row(
            "a longer visit", [](Appointment& a) { a.end = utc("2025-06-16T07:45:00Z"); },
            R"("2025-06-16T09:30:00+02:00","minutesDuration":30)",
            R"("2025-06-16T07:45:00.000Z","minutesDuration":45)");
        row(
            "another practitioner", [](Appointment& a) { a.practitioner = PractitionerId::known("dr-2"); },
            R"({"type":[{"text":"attender"}],"actor":{"reference":"Practitioner/dr-1"},"status":"accepted",)"
            R"("period":{"start":"2025"}})",
            R"({"actor":{"reference":"Practitioner/dr-2"},"status":"accepted"})");
        row(
            "no room", [](Appointment& a) { a.room = {}; },
            R"({"actor":{"reference":"Location/room-1"},"status":"accepted"},)", "");
        row(
            "a device", [](Appointment& a) { a.device = DeviceId::known("ecg"); },
            R"({"actor":{"reference":"HealthcareService/hs-1"},"status":"accepted"})",
            R"({"actor":{"reference":"HealthcareService/hs-1"},"status":"accepted"},)"
            R"({"actor":{"reference":"Device/ecg"},"status":"accepted"})");
        row(
            "an overbooking", [](Appointment& a) { a.overbookReason = "pain"; }, R"("valueDecimal":45.50})",
            R"("valueDecimal":45.50},{"url":"https://yarrow.example/fhir/StructureDefinition/overbook-reason",)"
            R"("valueString":"pain"})");
        row(
            "another zone", [](Appointment& a) { a.zone = "Europe/Vienna"; }, R"("Europe/Rome")",
            R"("Europe/Vienna")");
    }
    void write_changesOnePlaceAndNothingElse()
    {
        using Change = std::function<void(Appointment&)>;
        QFETCH(Change, change);
        QFETCH(std::string, what);
        QFETCH(std::string, with);
        Json document = golden::parsed(golden::kAppointment);
        const std::string expected = golden::replaced(document.dump(), what, with);
        Appointment visit = readAppointment(document).value();
        change(visit);
        writeAppointment(visit, document);
        QCOMPARE(document.dump(), expected);
        QCOMPARE(readAppointment(document).value(), visit);
    }

    void write_cancellingAndTakingItBackIsTheSameToTheLetter()
    {
        Json document = golden::parsed(golden::kAppointment);
        const std::string before = document.dump();
        const Appointment visit = readAppointment(document).value();
        Appointment cancelled = visit;
        cancelled.status = AppointmentStatus::Cancelled;
        cancelled.cancelReason = "pat";
        writeAppointment(cancelled, document);
        QCOMPARE(readAppointment(document).value(), cancelled);
        writeAppointment(visit, document);
        QCOMPARE(document.dump(), before);
    }

    void write_takingTheTimesAwayLeavesNone()
    {
        Json document = golden::parsed(golden::kAppointment);
        Appointment visit = readAppointment(document).value();
        visit.status = AppointmentStatus::Waitlist;
        visit.start = visit.end = {};
        visit.zone.clear();
        writeAppointment(visit, document);
        for (const char* name : {"start", "_start", "end", "minutesDuration"})
            QVERIFY2(!document.contains(name), name);
        QCOMPARE(readAppointment(document).value(), visit);
    }

    void write_makesANewDocumentInFhirsOrder()
    {
        Appointment visit = read(golden::kAppointment).value();
        visit.overbookReason = "pain";
        Json document;
        writeAppointment(visit, document);
        std::string names;
        for (const Json::Member& member : document.members())
            names.append(member.name).append(" ");
        QCOMPARE(QString::fromStdString(names),
                 QStringLiteral("resourceType id extension status priority description start _start end "
                                "comment participant "));
        QCOMPARE(readAppointment(document).value(), visit);
    }
};

QTEST_GUILESS_MAIN(TestAppointmentFhir)
#include "tst_appointment_fhir.moc"
