// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/memory_session.h"

#include <array>
#include <random>

namespace yarrow {

/// Fills an empty session with made-up people: `practitioners` columns, five rooms, six visit types, sixty
/// patients.
inline void addSamplePeople(MemorySession& session, int practitioners = 5)
{
    struct Doctor
    {
        const char16_t* name;
        const char16_t* specialty;
    };
    static constexpr std::array<Doctor, 8> kDoctors{{
        {u"Dr. Irena Halvorsen", u"General practice"},
        {u"Dr. Matteo Brandani", u"Internal medicine"},
        {u"Dr. Sunniva Okafor", u"Paediatrics"},
        {u"Dr. Pavel Lindqvist", u"Cardiology"},
        {u"Dr. Noor Castellan", u"Dermatology"},
        {u"Dr. Quentin Aldous", u"Orthopaedics"},
        {u"Dr. Yara Fennimore", u"Gynaecology"},
        {u"Nurse Bram Tolvanen", u"Practice nurse"},
    }};
    const auto weekdays = [](std::vector<LocalRange> ranges) {
        WeeklyHours hours;
        for (std::size_t day = 0; day < 5; ++day)
            hours.days[day] = ranges;
        return hours;
    };
    const std::array<WeeklyHours, 4> shifts{
        weekdays({{QTime(8, 0), QTime(12, 30)}, {QTime(13, 30), QTime(17, 0)}}),
        weekdays({{QTime(9, 0), QTime(13, 0)}, {QTime(14, 0), QTime(18, 0)}}),
        weekdays({{QTime(8, 0), QTime(14, 0)}}),
        weekdays({{QTime(8, 30), QTime(12, 0)}, {QTime(13, 0), QTime(17, 30)}}),
    };
    for (int i = 0; i < practitioners; ++i) {
        const Doctor& doctor = kDoctors[static_cast<std::size_t>(i) % kDoctors.size()];
        const QString number =
            i < static_cast<int>(kDoctors.size()) ? QString() : QStringLiteral(" %1").arg(i + 1);
        BookableActor availability;
        availability.hours = shifts[static_cast<std::size_t>(i) % shifts.size()];
        session.addPractitioner(QString::fromUtf16(doctor.name) + number,
                                QString::fromUtf16(doctor.specialty), availability);
    }
    for (int i = 1; i <= 5; ++i)
        session.addRoom(QStringLiteral("Room %1").arg(i));
    session.addService(QStringLiteral("Check-up"), std::chrono::minutes(15));
    session.addService(QStringLiteral("First visit"), std::chrono::minutes(30));
    session.addService(QStringLiteral("Vaccination"), std::chrono::minutes(10));
    session.addService(QStringLiteral("Blood test"), std::chrono::minutes(10));
    session.addService(QStringLiteral("Minor surgery"), std::chrono::minutes(60));
    session.addService(QStringLiteral("ECG"), std::chrono::minutes(20));

    static constexpr std::array<const char16_t*, 12> kFamilies{
        u"Abelgaard", u"Brisco",   u"Castellane", u"Dunmoor", u"Eschenbach",   u"Fiorentini-Quarantotto",
        u"Grünwald",  u"Hartigan", u"Ibarrola",   u"Jokela",  u"Kowalczewski", u"Lavigne"};
    static constexpr std::array<const char16_t*, 5> kGiven{u"Ada", u"Bruno", u"Clémence", u"Dmitri", u"Elif"};
    for (int i = 0; i < 60; ++i)
        session.addPatient(QString::fromUtf16(kFamilies[static_cast<std::size_t>(i) % kFamilies.size()]),
                           QString::fromUtf16(kGiven[static_cast<std::size_t>(i) % kGiven.size()]),
                           QDate(1936 + i, 1 + i % 12, 1 + i % 28), i % 2 == 0 ? Sex::Female : Sex::Male,
                           QStringLiteral("+39 055 01%1").arg(i, 4, 10, QLatin1Char('0')));
}

/// Fills the working hours of each practitioner on `day` with about `perPractitioner` appointments whose
/// statuses fit the clock. The same seed gives the same day.
inline void addSampleDay(MemorySession& session, QDate day, int perPractitioner = 14, unsigned seed = 7)
{
    using std::chrono::minutes;
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto practitioners = session.practitioners();
    const auto services = session.services();
    const auto rooms = session.rooms();
    const auto patients = session.searchPatients({}, 1000).value();
    const Instant now = session.clock().now();
    for (std::size_t column = 0; column < practitioners.size(); ++column) {
        int made = 0;
        for (const TimeRange& work :
             workingTime(practitioners[column].availability.hours, day, session.zone())) {
            for (Instant at = work.start; at < work.end && made < perPractitioner;) {
                const auto& service =
                    services[static_cast<std::size_t>(below(static_cast<int>(services.size())))];
                const minutes length = service.defaultDuration;
                if (at + length > work.end || below(6) == 0) {
                    at += minutes(15);
                    continue;
                }
                Appointment a;
                a.start = at;
                a.end = at + length;
                a.practitioner = practitioners[column].id;
                a.patient = patients[static_cast<std::size_t>(below(static_cast<int>(patients.size())))].id;
                a.service = service.id;
                a.room = rooms[column % rooms.size()].id;
                if (a.end + minutes(20) < now)
                    a.status = below(9) == 0 ? AppointmentStatus::NoShow : AppointmentStatus::Fulfilled;
                else if (a.start <= now && now < a.end)
                    a.status = AppointmentStatus::CheckedIn;
                else if (a.start < now + minutes(20))
                    a.status = AppointmentStatus::Arrived;
                else if (below(14) == 0)
                    a.status = AppointmentStatus::Cancelled;
                if (below(4) == 0)
                    a.description = QStringLiteral("Follow-up of last visit");
                const bool open = a.status == AppointmentStatus::Booked;
                session.add(a, open && below(5) == 0);
                if (open && below(12) == 0) {
                    a.overbookReason = "urgent";
                    a.patient =
                        patients[static_cast<std::size_t>(below(static_cast<int>(patients.size())))].id;
                    session.add(a);
                }
                ++made;
                at += length;
                if (below(3) == 0)
                    at += minutes(5);
            }
        }
    }
}

} // namespace yarrow
