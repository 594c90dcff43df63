// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_fhir.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::fhir;
using std::chrono::minutes;

namespace {

const char* const kWaiting =
    "{\"resourceType\":\"Appointment\",\"id\":\"w-1\",\"extension\":[{\"url\":"
    "\"https://yarrow.example/fhir/StructureDefinition/waiting-wish\",\"extension\":["
    "{\"url\":\"practitioner\",\"valueReference\":{\"reference\":\"Practitioner/dr-1\",\"display\":\"One\"}},"
    "{\"url\":\"mood\",\"valueString\":\"patient\"},"
    "{\"url\":\"weekday\",\"valueCode\":\"tue\"},{\"url\":\"from\",\"valueTime\":\"09:00:00\"},"
    "{\"url\":\"until\",\"valueTime\":\"11:30:00\"},{\"url\":\"notice\",\"valueDuration\":{\"value\":120,"
    "\"unit\":\"min\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"min\"}}]}],"
    "\"status\":\"waitlist\",\"priority\":5,\"minutesDuration\":20,\"created\":\"2026-05-01T08:00:00Z\","
    "\"participant\":[{\"actor\":{\"reference\":\"Patient/p-1\"},\"status\":\"accepted\"}]}";

} // namespace

/// When stages were reached and what the waiting list is told, in the document.
class TestAppointmentExtensions : public QObject
{
    Q_OBJECT
private:
    static Appointment read(const Json& document) { return readAppointment(document).value(); }

private Q_SLOTS:
    void wish_isReadFromItsElements()
    {
        const Appointment entry = read(Json::parse(kWaiting).value());
        QCOMPARE(entry.wish.practitioners, std::vector{PractitionerId::known("dr-1")});
        QVERIFY(entry.wish.weekdays[1]);
        QCOMPARE(std::count(entry.wish.weekdays.begin(), entry.wish.weekdays.end(), true), 1);
        QCOMPARE(entry.wish.times, std::optional(LocalRange{QTime(9, 0), QTime(11, 30)}));
        QCOMPARE(entry.wish.notice, minutes(120));
        QCOMPARE(entry.wish.duration, minutes(20));
        QCOMPARE(entry.wish.priority, 5);
        QCOMPARE(entry.wish.since, std::optional(parseInstant("2026-05-01T08:00:00Z").value()));
    }
    void unchangedWish_leavesTheDocumentAsItWas()
    {
        Json document = Json::parse(kWaiting).value();
        const std::string before = document.dump();
        writeAppointment(read(document), document);
        QCOMPARE(document.dump(), before);
    }
    void changedWish_keepsWhatOthersWrote()
    {
        Json document = Json::parse(kWaiting).value();
        Appointment entry = read(document);
        entry.wish.weekdays[4] = true;
        entry.wish.times.reset();
        entry.wish.priority = 0;
        writeAppointment(entry, document);
        QCOMPARE(read(document), entry);
        QVERIFY(document.dump().find("\"mood\"") != std::string::npos);
        QVERIFY(!document.contains("priority"));
    }
    void wishTakenAway_leavesNoEmptyExtension()
    {
        Json document = Json::parse(kWaiting).value();
        document.mutableMembers()[2]
            .value.mutableItems()[0]
            .find("extension")
            ->mutableItems()
            .erase(document.mutableMembers()[2]
                       .value.mutableItems()[0]
                       .find("extension")
                       ->mutableItems()
                       .begin() +
                   1);
        Appointment entry = read(document);
        entry.wish = {};
        writeAppointment(entry, document);
        QVERIFY(!document.contains("extension"));
        QVERIFY(!document.contains("created"));
        QVERIFY(!document.contains("minutesDuration"));
    }
    void booking_givesTimes_andTakenBackWaitsAgain()
    {
        Json document = Json::parse(kWaiting).value();
        const Appointment entry = read(document);
        Appointment booked = entry;
        booked.status = AppointmentStatus::Booked;
        booked.start = parseInstant("2026-05-12T08:30:00Z").value();
        booked.end = booked.start + minutes(30);
        booked.practitioner = PractitionerId::known("dr-1");
        writeAppointment(booked, document);
        QCOMPARE(document["minutesDuration"].integer(), std::optional<std::int64_t>(30));
        QCOMPARE(read(document).wish.practitioners, entry.wish.practitioners); // it is known what was wanted
        writeAppointment(entry, document);
        QCOMPARE(read(document), entry);
        QVERIFY(!document.contains("start") && !document.contains("end"));
        QCOMPARE(document["minutesDuration"].integer(), std::optional<std::int64_t>(20));
    }
    void stages_areWritten_andForgottenOneByOne()
    {
        Json document = Json::parse(kWaiting).value();
        Appointment visit = read(document);
        visit.stages.arrived = parseInstant("2026-05-12T08:20:00Z").value();
        visit.stages.inRoom = parseInstant("2026-05-12T08:35:30.250Z").value();
        writeAppointment(visit, document);
        QCOMPARE(read(document).stages, visit.stages);
        visit.stages.inRoom.reset();
        writeAppointment(visit, document);
        QCOMPARE(read(document).stages, visit.stages);
        visit.stages.arrived.reset();
        writeAppointment(visit, document);
        QCOMPARE(document.dump().find("stage-times"), std::string::npos);
    }
    void whatCannotBeRead_isNotGiven_andStays()
    {
        Json document = Json::parse("{\"resourceType\":\"Appointment\",\"id\":\"a\",\"extension\":[{\"url\":"
                                    "\"https://yarrow.example/fhir/StructureDefinition/stage-times\","
                                    "\"extension\":[{\"url\":\"arrived\",\"valueInstant\":\"soon\"}]}],"
                                    "\"status\":\"waitlist\",\"priority\":\"high\",\"created\":\"2026\"}")
                            .value();
        const std::string before = document.dump();
        const Appointment visit = read(document);
        QCOMPARE(visit.stages, StageTimes());
        QCOMPARE(visit.wish, WaitingWish());
        writeAppointment(visit, document);
        QCOMPARE(document.dump(), before);
    }
};

QTEST_GUILESS_MAIN(TestAppointmentExtensions)
#include "tst_appointment_extensions.moc"
