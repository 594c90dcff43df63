// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/appointment_commands.h"

#include "models/domain/visit_preview.h"
#include "models/fhir/appointment_fhir.h"
#include "models/store/sync/outbox.h"

#include <algorithm>

namespace yarrow {

QTimeZone AppointmentCommands::zone() const
{
    return QTimeZone(QByteArray::fromStdString(m_scope.clinic.zone));
}

Result<std::vector<ListedAppointment>>
AppointmentCommands::list(QDate day, const std::optional<PractitionerId>& practitioner)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Appointments, "Appointment"); !allowed)
        return fail(allowed.error());
    const TimeRange range = localDay(day, zone());
    auto found =
        guarded([&] { return ClinicReader(m_scope.connection).appointments(range.start, range.end); });
    if (!found)
        return found;
    if (practitioner)
        std::erase_if(*found, [&](const auto& row) { return row.appointment.practitioner != *practitioner; });
    if (auto noted = noteDayViewed(day); !noted)
        return fail(noted.error());
    return found;
}

Result<void> AppointmentCommands::noteDayViewed(QDate day)
{
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Appointment"};
    event.detail = "day " + day.toString(Qt::ISODate).toStdString();
    return auditOnly(m_scope, event);
}

Result<void> AppointmentCommands::noteExported(const std::string& what)
{
    AuditEvent event{AuditAction::Export, AuditCategory::HealthData, "Appointment"};
    event.detail = what;
    return auditOnly(m_scope, event);
}

Result<void> AppointmentCommands::noteWaitingListViewed()
{
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Appointment"};
    event.detail = "waiting list";
    return auditOnly(m_scope, event);
}

Result<std::vector<Opening>> AppointmentCommands::openings(const ClinicReader::OpeningsRequest& request)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Appointments, "Appointment"); !allowed)
        return fail(allowed.error());
    return guarded([&] { return ClinicReader(m_scope.connection).openings(request, zone()); });
}

Result<ListedAppointment> AppointmentCommands::view(const AppointmentId& id)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Appointments, "Appointment", id.text());
        !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<ListedAppointment> {
        UnitOfWork work(m_scope);
        const auto record = work.records().find("Appointment", id.text());
        if (!record || record->deleted)
            return fail(ErrorCode::NotFound, "Appointment/" + id.text());
        const auto document = parseBody(*record);
        if (!document)
            return fail(document.error());
        auto appointment = fhir::readAppointment(*document);
        if (!appointment)
            return fail(appointment.error());
        work.records().auditView(*record);
        work.commit();
        return ListedAppointment{std::move(*appointment),
                                 record->revision,
                                 {},
                                 outbox::hasEdits(m_scope.connection, "Appointment", id.text()),
                                 outbox::hasOpenConflict(m_scope.connection, "Appointment", id.text())};
    });
}

Result<void> AppointmentCommands::checkActors(RecordStore& records, const Appointment& appointment)
{
    const auto known = [&](const char* type, const std::string& id) -> Result<void> {
        if (id.empty())
            return {};
        const auto record = records.find(type, id);
        if (!record || record->deleted)
            return fail(ErrorCode::NotFound, std::string(type) + "/" + id);
        return {};
    };
    if (auto found = known("Patient", appointment.patient.text()); !found)
        return found;
    if (auto found = known("Practitioner", appointment.practitioner.text()); !found)
        return found;
    if (auto found = known("Location", appointment.room.text()); !found)
        return found;
    if (auto found = known("Device", appointment.device.text()); !found)
        return found;
    return known("HealthcareService", appointment.service.text());
}

Result<AppointmentCommands::Saved>
AppointmentCommands::save(Appointment appointment, std::int64_t expectedRevision, const std::string& reason)
{
    auto saved = saveAll({{std::move(appointment), expectedRevision}}, reason);
    if (!saved)
        return fail(saved.error());
    return std::move(saved->front());
}

Result<std::vector<AppointmentCommands::Saved>> AppointmentCommands::saveAll(std::vector<Change> changes,
                                                                             const std::string& reason)
{
    for (const Change& change : changes) {
        const Operation operation = change.wished.id.isEmpty() ? Operation::Create : Operation::Update;
        if (auto allowed =
                require(m_scope, operation, Area::Appointments, "Appointment", change.wished.id.text());
            !allowed)
            return fail(allowed.error());
        if (auto valid = validate(change.wished); !valid)
            return fail(valid.error());
    }
    return guarded([&]() -> Result<std::vector<Saved>> {
        UnitOfWork work(m_scope);
        std::vector<Saved> all;
        for (Change& change : changes) {
            auto saved = write(work, std::move(change), reason);
            if (!saved)
                return fail(saved.error());
            all.push_back(std::move(*saved));
        }
        for (const Saved& saved : all) {
            if (auto free = checkSlot(saved); !free)
                return fail(free.error());
        }
        work.commit();
        return all;
    });
}

Result<AppointmentCommands::Saved> AppointmentCommands::write(UnitOfWork& work, Change change,
                                                              const std::string& reason)
{
    Appointment& appointment = change.wished;
    Json document;
    std::optional<Appointment> before;
    if (appointment.id.isEmpty()) {
        appointment.id = m_scope.ids.nextId<AppointmentTag>();
    } else {
        const auto record = work.records().find("Appointment", appointment.id.text());
        if (!record || record->deleted)
            return fail(ErrorCode::NotFound, "Appointment/" + appointment.id.text());
        if (record->revision != change.revision)
            return fail(ErrorCode::Stale, "Appointment/" + appointment.id.text());
        auto stored = parseBody(*record);
        if (!stored)
            return fail(stored.error());
        auto read = fhir::readAppointment(*stored);
        if (!read)
            return fail(read.error());
        document = std::move(*stored);
        before = std::move(*read);
        if (before->status != appointment.status && !isLegalMove(before->status, appointment.status))
            return fail(ErrorCode::InvalidArgument,
                        "status: " + std::string(fhir::statusCode(before->status)) + " cannot become " +
                            std::string(fhir::statusCode(appointment.status)));
    }
    std::optional<AppointmentStatus> statusBefore;
    if (before)
        statusBefore = before->status;
    noteStage(appointment, statusBefore, m_scope.clock.now());
    if (auto known = checkActors(work.records(), appointment); !known)
        return fail(known.error());
    fhir::writeAppointment(appointment, document);
    const auto written = work.records().put(document, reason);
    if (!written)
        return fail(written.error());
    Saved saved{{appointment,
                 written->revision,
                 {},
                 true,
                 outbox::hasOpenConflict(m_scope.connection, "Appointment", appointment.id.text())},
                std::move(before)};
    if (!appointment.patient.isEmpty()) {
        Query name(m_scope.connection, "SELECT n.name FROM patient_index n JOIN resource r ON r.pk = n.pk "
                                       "WHERE r.type = 'Patient' AND r.id = ?");
        name.bind(appointment.patient.text());
        if (name.step())
            saved.now.patientName = name.string(0);
    }
    return saved;
}

/// What already stood where it stands is not refused for a clash it had before (a note can still be edited).
Result<void> AppointmentCommands::checkSlot(const Saved& saved)
{
    const Appointment& now = saved.now.appointment;
    if (saved.before && holdsTheSame(*saved.before, now))
        return {};
    if (const auto other = ClinicReader(m_scope.connection).clashWith(now))
        return fail(ErrorCode::SlotTaken, other->text());
    return {};
}

} // namespace yarrow
