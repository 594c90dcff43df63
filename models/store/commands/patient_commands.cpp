// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/patient_commands.h"

#include "models/fhir/patient_fhir.h"
#include "models/store/records/record_numbers.h"
#include "models/store/search/opened_patients.h"
#include "models/store/sync/outbox.h"

#include <QTimeZone>

namespace yarrow {

namespace {

QDate localToday(const CommandScope& scope)
{
    const QTimeZone zone(QByteArray::fromStdString(scope.clinic.zone));
    return QDateTime::fromMSecsSinceEpoch(scope.clock.now().time_since_epoch().count(), zone).date();
}

} // namespace

Result<std::vector<PatientHit>> PatientCommands::search(const std::string& typed, int limit)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::PatientIdentity, "Patient"); !allowed)
        return fail(allowed.error());
    auto hits = guarded([&]() -> Result<std::vector<PatientHit>> {
        return searchPatients(m_scope.connection, typed, limit);
    });
    if (!hits)
        return hits;
    if (auto noted = noteSearch(typed, static_cast<std::int64_t>(hits->size())); !noted)
        return fail(noted.error());
    return hits;
}

Result<void> PatientCommands::noteSearch(const std::string& typed, std::int64_t hits)
{
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Patient"};
    constexpr int kKeptCharacters = 200;
    event.detail =
        std::to_string(hits) + " found: " + QString::fromStdString(typed).left(kKeptCharacters).toStdString();
    return auditOnly(m_scope, event);
}

Result<PatientCommands::Viewed> PatientCommands::view(const PatientId& id)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::PatientIdentity, "Patient", id.text());
        !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<Viewed> {
        UnitOfWork work(m_scope);
        const auto record = work.records().find("Patient", id.text());
        if (!record || record->deleted)
            return fail(ErrorCode::NotFound, "Patient/" + id.text());
        auto document = parseBody(*record);
        if (!document)
            return fail(document.error());
        auto patient = fhir::readPatient(*document);
        if (!patient)
            return fail(patient.error());
        auto appointments = ClinicReader(m_scope.connection).appointmentsOf(id);
        if (!appointments)
            return fail(appointments.error());
        work.records().auditView(*record);
        opened_patients::note(m_scope.connection, m_scope.actor.account, id);
        const bool unsent = outbox::hasEdits(m_scope.connection, "Patient", id.text());
        const bool conflicted = outbox::hasOpenConflict(m_scope.connection, "Patient", id.text());
        work.commit();
        return Viewed{std::move(*patient),      record->revision, std::move(*document),
                      std::move(*appointments), unsent,           conflicted};
    });
}

Result<PatientCommands::Saved> PatientCommands::save(Patient patient, std::int64_t expectedRevision,
                                                     const std::string& reason)
{
    const bool isNew = patient.id.isEmpty();
    const Operation operation = isNew ? Operation::Create : Operation::Update;
    if (auto allowed = require(m_scope, operation, Area::PatientIdentity, "Patient", patient.id.text());
        !allowed)
        return fail(allowed.error());
    if (!validate(patient, localToday(m_scope)).empty())
        return fail(ErrorCode::InvalidArgument, "patient");
    return guarded([&]() -> Result<Saved> {
        UnitOfWork work(m_scope);
        Json document;
        if (isNew) {
            patient.id = m_scope.ids.nextId<PatientTag>();
        } else {
            const auto record = work.records().find("Patient", patient.id.text());
            if (!record || record->deleted)
                return fail(ErrorCode::NotFound, "Patient/" + patient.id.text());
            if (record->revision != expectedRevision)
                return fail(ErrorCode::Stale, "Patient/" + patient.id.text());
            auto stored = parseBody(*record);
            if (!stored)
                return fail(stored.error());
            document = std::move(*stored);
        }
        if (isNew && medicalRecordNumber(patient).isEmpty())
            number(patient);
        fhir::writePatient(patient, document);
        const auto written = work.records().put(document, reason);
        if (!written)
            return fail(written.error());
        work.commit();
        return Saved{patient.id, written->revision};
    });
}

/// Without a number at hand the patient is registered all the same, and gets one with the next exchange.
void PatientCommands::number(Patient& patient)
{
    if (const auto drawn = record_numbers::draw(m_scope.connection))
        giveRecordNumber(patient, *drawn);
    else if (record_numbers::areGiven(m_scope.connection))
        record_numbers::noteDue(m_scope.connection, {patient.id.text(), m_scope.actor.account.text()});
}

} // namespace yarrow
