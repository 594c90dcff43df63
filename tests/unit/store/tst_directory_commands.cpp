// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;

class TestDirectoryCommands : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;

    [[nodiscard]] DirectoryEntries entries() { return m_clinic->directory().entries().value(); }
    [[nodiscard]] AppointmentId book(const char* start, const char* room = nullptr)
    {
        Appointment appointment;
        appointment.patient = PatientId::known("p1");
        appointment.practitioner = PractitionerId::known("dr");
        if (room != nullptr)
            appointment.room = LocationId::known(room);
        appointment.start = *parseInstant(start);
        appointment.end = appointment.start + 30min;
        const auto saved = m_clinic->appointments().save(appointment, 0);
        return saved ? saved->now.appointment.id : AppointmentId();
    }
    [[nodiscard]] QStringList actionsOn(const char* type)
    {
        QStringList actions;
        const auto below = m_test->connectBelow();
        const auto visited = AuditLog::forEach(*below, {}, [&](const AuditEntry& entry) {
            if (entry.resourceType == type)
                actions << QString::fromStdString(entry.action);
            return true;
        });
        return visited ? actions : QStringList();
    }

private Q_SLOTS:
    void init()
    {
        m_test = std::make_unique<TestClinic>();
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
            {patientDocument("p1", "Rossi", "Ada"),
             json("{\"resourceType\":\"Practitioner\",\"id\":\"dr\",\"name\":[{\"family\":\"Neri\"}],"
                  "\"qualification\":[{\"code\":{\"text\":\"MD\"}}]}"),
             json("{\"resourceType\":\"Location\",\"id\":\"clinic\",\"name\":\"Lindenhof\","
                  "\"telecom\":[{\"value\":\"1\"}],\"hoursOfOperation\":[{\"daysOfWeek\":[\"mon\",\"tue\","
                  "\"wed\"],\"openingTime\":\"08:00:00\",\"closingTime\":\"18:00:00\"}]}"),
             json("{\"resourceType\":\"Location\",\"id\":\"r1\",\"name\":\"Room 1\",\"partOf\":"
                  "{\"reference\":\"Location/clinic\"}}")},
            "test"));
    }
    void cleanup()
    {
        m_clinic.reset();
        m_test.reset();
    }

    void clinicHours_areWrittenOntoTheStoredDocument()
    {
        ClinicEntry clinic = entries().clinic;
        QCOMPARE(clinic.location.value.id, LocationId::known("clinic"));
        clinic.location.value.hours.days[2].clear();
        clinic.location.value.closures = {
            {{*parseInstant("2026-12-25T00:00:00Z"), *parseInstant("2026-12-26T00:00:00Z")},
             QStringLiteral("Christmas")}};
        const auto saved = m_clinic->directory().save(clinic);
        YARROW_VERIFY_OK(saved);
        QVERIFY(std::get<ClinicEntry>(*saved) == entries().clinic);
        const auto stored = m_clinic->resources().get("Location", "clinic");
        QCOMPARE(stored->document["telecom"][0]["value"].string(), std::string_view("1"));
        QVERIFY(actionsOn("Location").contains(QStringLiteral("update")));
        const auto history = m_clinic->resources().history("Location", "clinic");
        QCOMPARE(history->size(), std::size_t(2));
        QVERIFY(history->back().document.has_value()); // the edit waits to be sent
    }

    void aChangeOnAnOlderRevision_isStaleAndWritesNothing()
    {
        ClinicEntry first = entries().clinic;
        ClinicEntry second = first;
        first.location.value.hours.days[0].clear();
        YARROW_VERIFY_OK(m_clinic->directory().save(first));
        second.location.value.hours.days[1].clear();
        YARROW_COMPARE_ERROR(m_clinic->directory().save(second), ErrorCode::Stale);
        QVERIFY(!entries().clinic.location.value.hours.days[1].empty());
    }

    void roomsDevicesAndVisitTypes_areMadeAndChanged()
    {
        Revised<Location> room;
        room.value.name = QStringLiteral("Room 2");
        auto saved = m_clinic->directory().save(room);
        YARROW_VERIFY_OK(saved);
        room = std::get<Revised<Location>>(*saved);
        QCOMPARE(room.value.partOf, LocationId::known("clinic"));

        Revised<Device> device;
        device.value.name = QStringLiteral("Ultrasound");
        device.value.room = room.value.id;
        saved = m_clinic->directory().save(device);
        YARROW_VERIFY_OK(saved);
        device = std::get<Revised<Device>>(*saved);

        Revised<HealthcareService> service;
        service.value.name = QStringLiteral("Scan");
        service.value.defaultDuration = 20min;
        service.value.devices = {device.value.id};
        saved = m_clinic->directory().save(service);
        YARROW_VERIFY_OK(saved);
        service = std::get<Revised<HealthcareService>>(*saved);
        service.value.active = false;
        YARROW_VERIFY_OK(m_clinic->directory().save(service));

        QCOMPARE(entries().rooms.size(), std::size_t(2));
        QCOMPARE(entries().devices, std::vector{device});
        QVERIFY(!entries().services.front().value.active);
    }

    void theFirstRoomOfANewClinic_getsALocationToBePartOf()
    {
        YARROW_VERIFY_OK(m_clinic->resources().remove("Location", "r1", {}));
        YARROW_VERIFY_OK(m_clinic->resources().remove("Location", "clinic", {}));
        QCOMPARE(entries().clinic.location.revision, std::int64_t(0));
        Revised<Location> room;
        room.value.name = QStringLiteral("Room 1");
        YARROW_VERIFY_OK(m_clinic->directory().save(room));
        QCOMPARE(entries().clinic.location.value.name, QStringLiteral("Lindenhof"));
        QCOMPARE(entries().rooms.front().value.partOf, entries().clinic.location.value.id);
    }

    void practitioner_withoutARoleGetsOneWithTheHours()
    {
        StaffEntry entry = entries().staff.front();
        QCOMPARE(entry.role.revision, std::int64_t(0));
        entry.role.value.specialty = QStringLiteral("Cardiology");
        entry.role.value.hours.days[0] = {{QTime(9, 0), QTime(12, 0)}};
        YARROW_VERIFY_OK(m_clinic->directory().save(entry));
        const auto staff = entries().staff;
        QCOMPARE(staff.size(), std::size_t(1));
        QCOMPARE(staff.front().role.value.specialty, QStringLiteral("Cardiology"));
        const auto stored = m_clinic->resources().get("Practitioner", "dr");
        QCOMPARE(stored->document["qualification"][0]["code"]["text"].string(), std::string_view("MD"));
    }

    void savingBothOrNeither_whenTheRoleIsStale()
    {
        StaffEntry entry = entries().staff.front();
        entry.role.value.hours.days[0] = {{QTime(9, 0), QTime(12, 0)}};
        const auto saved = m_clinic->directory().save(entry);
        YARROW_VERIFY_OK(saved);
        StaffEntry stale = std::get<StaffEntry>(*saved);
        stale.practitioner.value.names.front().family = QStringLiteral("Bianchi");
        stale.role.value.specialty = QStringLiteral("Surgery");
        stale.role.revision -= 1;
        YARROW_COMPARE_ERROR(m_clinic->directory().save(stale), ErrorCode::Stale);
        QCOMPARE(entries().staff.front().practitioner.value.names.front().family, QStringLiteral("Neri"));
    }

    void onlyWhoMayWriteTheDirectory_changesIt()
    {
        m_clinic.reset();
        m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
        m_clinic = m_test->open(QStringLiteral("desk"));
        ClinicEntry clinic = entries().clinic;
        clinic.location.value.hours = {};
        YARROW_COMPARE_ERROR(m_clinic->directory().save(clinic), ErrorCode::Forbidden);
        QVERIFY(entries().clinic.location.value.hours.hasHours());
        QVERIFY(actionsOn("Location").contains(QStringLiteral("refused")));
    }

    void whatBreaksARule_isRefused()
    {
        YARROW_COMPARE_ERROR(m_clinic->directory().save(Revised<Device>{}), ErrorCode::InvalidArgument);
        QVERIFY(entries().devices.empty());
    }

    void leftOutside_namesWhatTheChangeWouldLeave()
    {
        const AppointmentId early = book("2026-03-09T08:00:00Z"); // Monday, 9 in Rome
        const AppointmentId late = book("2026-03-09T15:00:00Z");
        const AppointmentId sunday = book("2026-03-15T10:00:00Z"); // outside already
        const AppointmentId past = book("2026-02-23T15:00:00Z");
        QVERIFY(!early.isEmpty() && !late.isEmpty() && !sunday.isEmpty() && !past.isEmpty());
        ClinicEntry clinic = entries().clinic;
        for (auto& day : clinic.location.value.hours.days)
            day = {{QTime(8, 0), QTime(12, 0)}};
        const auto outside = m_clinic->directory().leftOutside(clinic);
        YARROW_VERIFY_OK(outside);
        QCOMPARE(outside->size(), std::size_t(1));
        QCOMPARE(outside->front().appointment.id, late);
        QCOMPARE(outside->front().patientName, std::string("Rossi, Ada"));
        QVERIFY(actionsOn("Appointment").contains(QStringLiteral("search")));
        QVERIFY(entries().clinic.location.value.hours != clinic.location.value.hours);
    }

    void leftOutside_countsARoomThatGoes()
    {
        const AppointmentId inRoom = book("2026-03-09T08:00:00Z", "r1");
        QVERIFY(!book("2026-03-10T08:00:00Z").isEmpty());
        Revised<Location> room = entries().rooms.front();
        room.value.active = false;
        const auto outside = m_clinic->directory().leftOutside(room);
        YARROW_VERIFY_OK(outside);
        QCOMPARE(outside->size(), std::size_t(1));
        QCOMPARE(outside->front().appointment.id, inRoom);
    }

    void openings_areNotOfferedInAClosure()
    {
        OpeningsRequest request;
        request.earliest = *parseInstant("2026-03-09T00:00:00Z");
        request.days = 1;
        QVERIFY(!m_clinic->appointments().openings(request)->empty());
        ClinicEntry clinic = entries().clinic;
        clinic.location.value.closures = {
            {localDay(QDate(2026, 3, 9), QTimeZone("Europe/Rome")), QStringLiteral("Closed")}};
        YARROW_VERIFY_OK(m_clinic->directory().save(clinic));
        QVERIFY(m_clinic->appointments().openings(request)->empty());
    }
};

QTEST_GUILESS_MAIN(TestDirectoryCommands)
#include "tst_directory_commands.moc"
