// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/directory_commands.h"

#include "models/fhir/staff_fhir.h"
#include "models/store/tunables.h"

#include <algorithm>

namespace yarrow {

namespace {

struct Subject
{
    const char* type;
    std::string id;
    bool isNew;
};

template <class T>
Subject subjectOf(const char* type, const Revised<T>& entry)
{
    return {type, entry.value.id.text(), entry.value.id.isEmpty()};
}

Subject subjectOf(const DirectoryChange& change)
{
    struct Visit
    {
        Subject operator()(const ClinicEntry& clinic) const { return subjectOf("Location", clinic.location); }
        Subject operator()(const Revised<Location>& room) const { return subjectOf("Location", room); }
        Subject operator()(const Revised<Device>& device) const { return subjectOf("Device", device); }
        Subject operator()(const Revised<HealthcareService>& service) const
        {
            return subjectOf("HealthcareService", service);
        }
        Subject operator()(const StaffEntry& entry) const
        {
            return subjectOf("Practitioner", entry.practitioner);
        }
    };
    return std::visit(Visit{}, change);
}

const char* nameOf(DirectoryProblem problem)
{
    switch (problem) {
    case DirectoryProblem::NoName:
        return "no-name";
    case DirectoryProblem::NoDuration:
        return "no-duration";
    case DirectoryProblem::HoursOverlap:
        return "hours-overlap";
    case DirectoryProblem::EndNotAfterStart:
        return "end-not-after-start";
    }
    return "";
}

} // namespace

Result<DirectoryEntries> DirectoryCommands::entries()
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Directory, "Location"); !allowed)
        return fail(allowed.error());
    return guarded([&] { return ClinicReader(m_scope.connection).directoryEntries(); });
}

template <class T>
Result<Revised<T>> DirectoryCommands::write(RecordStore& records, const char* type, const Revised<T>& entry,
                                            Result<T> (*read)(const Json&),
                                            void (*writeOnto)(const T&, Json&))
{
    Revised<T> made = entry;
    Json document;
    if (made.value.id.isEmpty()) {
        made.value.id = decltype(made.value.id)::known(m_scope.ids.next());
    } else {
        const auto record = records.find(type, made.value.id.text());
        if (!record || record->deleted)
            return fail(ErrorCode::NotFound, std::string(type) + "/" + made.value.id.text());
        auto stored = parseBody(*record);
        if (!stored)
            return fail(stored.error());
        document = std::move(*stored);
        if (const auto readable = read(document); !readable)
            return fail(readable.error());
    }
    writeOnto(made.value, document);
    const auto written = records.put(document, {}, entry.revision);
    if (!written)
        return fail(written.error());
    made.revision = written->revision;
    return made;
}

struct DirectoryCommands::Write
{
    DirectoryCommands& commands;
    RecordStore& records;

    Result<DirectoryChange> operator()(const ClinicEntry& clinic) const
    {
        return commands.writeClinic(records, clinic);
    }
    Result<DirectoryChange> operator()(const Revised<Location>& room) const
    {
        return commands.writeRoom(records, room);
    }
    Result<DirectoryChange> operator()(const Revised<Device>& device) const
    {
        return change(commands.write(records, "Device", device, fhir::readDevice, fhir::writeDevice));
    }
    Result<DirectoryChange> operator()(const Revised<HealthcareService>& service) const
    {
        return change(commands.write(records, "HealthcareService", service, fhir::readHealthcareService,
                                     fhir::writeHealthcareService));
    }
    Result<DirectoryChange> operator()(const StaffEntry& entry) const
    {
        return commands.writeStaff(records, entry);
    }

    template <class T>
    static Result<DirectoryChange> change(Result<Revised<T>> made)
    {
        if (!made)
            return fail(made.error());
        return DirectoryChange(std::move(*made));
    }
};

Result<DirectoryChange> DirectoryCommands::writeClinic(RecordStore& records, ClinicEntry clinic)
{
    Location& location = clinic.location.value;
    if (location.id.isEmpty() && location.name.isEmpty())
        location.name = QString::fromStdString(m_scope.clinic.name);
    auto made = write(records, "Location", clinic.location, fhir::readLocation, fhir::writeLocation);
    if (!made)
        return fail(made.error());
    return DirectoryChange(ClinicEntry{std::move(*made)});
}

Result<DirectoryChange> DirectoryCommands::writeRoom(RecordStore& records, Revised<Location> room)
{
    if (room.value.partOf.isEmpty()) {
        const auto known = ClinicReader(m_scope.connection).directoryEntries();
        if (!known)
            return fail(known.error());
        LocationId clinic = known->clinic.location.value.id;
        if (clinic.isEmpty()) {
            const auto made = writeClinic(records, known->clinic);
            if (!made)
                return fail(made.error());
            clinic = std::get<ClinicEntry>(*made).location.value.id;
        }
        room.value.partOf = clinic;
    }
    return Write::change(write(records, "Location", room, fhir::readLocation, fhir::writeLocation));
}

Result<DirectoryChange> DirectoryCommands::writeStaff(RecordStore& records, StaffEntry entry)
{
    auto practitioner =
        write(records, "Practitioner", entry.practitioner, fhir::readPractitioner, fhir::writePractitioner);
    if (!practitioner)
        return fail(practitioner.error());
    entry.role.value.practitioner = practitioner->value.id;
    auto role = write(records, "PractitionerRole", entry.role, fhir::readPractitionerRole,
                      fhir::writePractitionerRole);
    if (!role)
        return fail(role.error());
    return DirectoryChange(StaffEntry{std::move(*practitioner), std::move(*role)});
}

Result<DirectoryChange> DirectoryCommands::save(const DirectoryChange& change)
{
    const Subject subject = subjectOf(change);
    const Operation operation = subject.isNew ? Operation::Create : Operation::Update;
    if (auto allowed = require(m_scope, operation, Area::Directory, subject.type, subject.id); !allowed)
        return fail(allowed.error());
    if (const auto problems = validate(change); !problems.empty())
        return fail(ErrorCode::InvalidArgument, nameOf(problems.front()));
    return guarded([&]() -> Result<DirectoryChange> {
        UnitOfWork work(m_scope);
        auto saved = std::visit(Write{*this, work.records()}, change);
        if (saved)
            work.commit();
        return saved;
    });
}

Result<std::vector<ListedAppointment>> DirectoryCommands::leftOutside(const DirectoryChange& change)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Appointments, "Appointment"); !allowed)
        return fail(allowed.error());
    const QTimeZone zone(QByteArray::fromStdString(m_scope.clinic.zone));
    const Instant now = m_scope.clock.now();
    auto found = guarded([&]() -> Result<std::vector<ListedAppointment>> {
        ClinicReader reader(m_scope.connection);
        const auto before = reader.directory();
        if (!before)
            return fail(before.error());
        const Directory after = withChange(*before, change);
        auto coming = reader.appointments(now, now + std::chrono::hours(24) * tunables::kImpactDays);
        if (!coming)
            return fail(coming.error());
        std::erase_if(*coming, [&](const ListedAppointment& listed) {
            return !holdsSlot(listed.appointment.status) || !fits(*before, listed.appointment, zone) ||
                   fits(after, listed.appointment, zone);
        });
        return coming;
    });
    if (!found)
        return found;
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Appointment"};
    event.detail = "outside the hours of a changed schedule";
    if (auto noted = auditOnly(m_scope, event); !noted)
        return fail(noted.error());
    return found;
}

} // namespace yarrow
