// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/directory.h"

#include <QTest>

using namespace yarrow;
using std::chrono::minutes;

namespace {

const QTimeZone kRome("Europe/Rome");
const QDate kMonday(2026, 5, 11);

Instant at(QDate day, int hour, int minute = 0)
{
    return toInstant(day, QTime(hour, minute), kRome);
}

WeeklyHours weekdays(std::vector<LocalRange> ranges)
{
    WeeklyHours hours;
    for (std::size_t day = 0; day < 5; ++day)
        hours.days[day] = ranges;
    return hours;
}

/// Two practitioners: one with hours of her own, one who works when the clinic is open.
Directory clinic()
{
    Directory directory;
    directory.clinic = LocationId::known("clinic");
    directory.clinicHours = weekdays({{QTime(8, 0), QTime(18, 0)}});
    for (const char* id : {"own", "clinic-hours"}) {
        Practitioner practitioner;
        practitioner.id = PractitionerId::known(id);
        directory.practitioners.push_back(practitioner);
    }
    PractitionerRole role;
    role.id = PractitionerRoleId::known("role");
    role.practitioner = PractitionerId::known("own");
    role.hours = weekdays({{QTime(8, 0), QTime(12, 0)}, {QTime(14, 0), QTime(18, 0)}});
    directory.roles.push_back(role);
    Location room;
    room.id = LocationId::known("r1");
    room.name = QStringLiteral("Room 1");
    room.partOf = directory.clinic;
    directory.rooms.push_back(room);
    Device device;
    device.id = DeviceId::known("us");
    device.name = QStringLiteral("Ultrasound");
    directory.devices.push_back(device);
    return directory;
}

Appointment visit(const char* practitioner, Instant start, int length = 30)
{
    Appointment appointment;
    appointment.id = AppointmentId::known("a");
    appointment.practitioner = PractitionerId::known(practitioner);
    appointment.start = start;
    appointment.end = start + minutes(length);
    return appointment;
}

StaffEntry entryOf(const Directory& directory)
{
    return {{directory.practitioners.front(), 1}, {directory.roles.front(), 1}};
}

} // namespace

class TestDirectory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fits_looksAtOwnHoursThenAtTheClinics()
    {
        const Directory directory = clinic();
        QVERIFY(fits(directory, visit("own", at(kMonday, 9)), kRome));
        QVERIFY(!fits(directory, visit("own", at(kMonday, 12)), kRome));
        QVERIFY(!fits(directory, visit("own", at(kMonday, 11, 45)), kRome));
        QVERIFY(fits(directory, visit("clinic-hours", at(kMonday, 12)), kRome));
        QVERIFY(!fits(directory, visit("clinic-hours", at(kMonday.addDays(5), 12)), kRome));
        QVERIFY(!fits(directory, visit("gone", at(kMonday, 9)), kRome));
    }

    void closingTheClinic_reachesEverybody()
    {
        Directory directory = clinic();
        directory.closures.push_back({localDay(kMonday, kRome), QStringLiteral("Holiday")});
        QVERIFY(!fits(directory, visit("own", at(kMonday, 9)), kRome));
        QVERIFY(!fits(directory, visit("clinic-hours", at(kMonday, 9)), kRome));
        QVERIFY(fits(directory, visit("own", at(kMonday.addDays(1), 9)), kRome));
        QCOMPARE(directory.availability(directory.rooms.front()).blockouts.size(), std::size_t(1));
    }

    void aChange_isJudgedBeforeItIsMade()
    {
        const Directory directory = clinic();
        const Appointment afternoon = visit("own", at(kMonday, 15));
        StaffEntry entry = entryOf(directory);
        entry.role.value.hours = weekdays({{QTime(8, 0), QTime(12, 0)}});
        QVERIFY(!fits(withChange(directory, entry), afternoon, kRome));
        entry.role.value.hours = {};
        QVERIFY(fits(withChange(directory, entry), afternoon, kRome)); // the clinic's hours, then
        entry.practitioner.value.active = false;
        QVERIFY(!fits(withChange(directory, entry), afternoon, kRome));
    }

    void hoursForWhoHadNone_takeTheClinicsPlace()
    {
        const Directory directory = clinic();
        StaffEntry entry;
        entry.practitioner = {directory.practitioners.back(), 1};
        entry.role.value.practitioner = entry.practitioner.value.id;
        entry.role.value.hours = weekdays({{QTime(8, 0), QTime(10, 0)}});
        QVERIFY(!fits(withChange(directory, entry), visit("clinic-hours", at(kMonday, 12)), kRome));
    }

    void roomsAndDevices_thatGo_takeTheirAppointmentsAlong()
    {
        const Directory directory = clinic();
        Appointment appointment = visit("own", at(kMonday, 9));
        appointment.room = directory.rooms.front().id;
        appointment.device = directory.devices.front().id;
        QVERIFY(fits(directory, appointment, kRome));
        Revised<Location> room{directory.rooms.front(), 1};
        room.value.closures.push_back({localDay(kMonday, kRome), QStringLiteral("Painting")});
        QVERIFY(!fits(withChange(directory, room), appointment, kRome));
        room.value.closures.clear();
        room.value.active = false;
        QVERIFY(!fits(withChange(directory, room), appointment, kRome));
        Revised<Device> device{directory.devices.front(), 1};
        device.value.active = false;
        QVERIFY(!fits(withChange(directory, device), appointment, kRome));
    }

    void fits_holdsAcrossMidnightAndDaylightSaving()
    {
        Directory directory = clinic();
        for (auto& day : directory.clinicHours.days)
            day = {{QTime(0, 0), QTime(0, 0)}};
        const QDate springForward(2026, 3, 29);
        QVERIFY(fits(directory, visit("clinic-hours", at(springForward.addDays(-1), 23, 30), 240), kRome));
        directory.closures.push_back({localDay(springForward, kRome), {}});
        QVERIFY(!fits(directory, visit("clinic-hours", at(springForward.addDays(-1), 23, 30), 240), kRome));
        QVERIFY(fits(directory, visit("clinic-hours", at(springForward.addDays(-1), 23, 30), 30), kRome));
    }

    void validate_saysWhatIsMissing()
    {
        using Problems = std::vector<DirectoryProblem>;
        QCOMPARE(validate(Revised<Location>{}), Problems{DirectoryProblem::NoName});
        QCOMPARE(validate(Revised<Device>{}), Problems{DirectoryProblem::NoName});
        QCOMPARE(validate(StaffEntry{}), Problems{DirectoryProblem::NoName});
        QCOMPARE(validate(ClinicEntry{}), Problems{});
        Revised<HealthcareService> service;
        service.value.name = QStringLiteral("Check-up");
        QCOMPARE(validate(service), Problems{DirectoryProblem::NoDuration});
        service.value.defaultDuration = minutes(20);
        QCOMPARE(validate(service), Problems{});
        service.value.bufferAfter = std::chrono::hours(24);
        QCOMPARE(validate(service), Problems{DirectoryProblem::NoDuration});
    }

    void validate_wantsRangesInOrder()
    {
        using Problems = std::vector<DirectoryProblem>;
        ClinicEntry entry;
        WeeklyHours& hours = entry.location.value.hours;
        hours.days[0] = {{QTime(8, 0), QTime(12, 0)}, {QTime(12, 0), QTime(0, 0)}};
        QCOMPARE(validate(entry), Problems{});
        hours.days[0] = {{QTime(8, 0), QTime(12, 0)}, {QTime(11, 59), QTime(13, 0)}};
        QCOMPARE(validate(entry), Problems{DirectoryProblem::HoursOverlap});
        hours.days[0] = {{QTime(12, 0), QTime(8, 0)}};
        QCOMPARE(validate(entry), Problems{DirectoryProblem::EndNotAfterStart});
        hours.days[0] = {};
        entry.location.value.closures = {{{at(kMonday, 8), at(kMonday, 8)}, {}}};
        QCOMPARE(validate(entry), Problems{DirectoryProblem::EndNotAfterStart});
    }
};

QTEST_GUILESS_MAIN(TestDirectory)
#include "tst_directory.moc"
