// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/erasure_commands.h"

#include "models/store/records/patient_erasure.h"
#include "models/store/records/record_erasure.h"
#include "models/store/sync/server_link.h"

namespace yarrow {

Result<ErasureCommands::Outcome> ErasureCommands::erasePatient(const PatientId& patient,
                                                               const std::string& legalGround,
                                                               const std::string& reason)
{
    const std::string& id = patient.text();
    if (auto allowed = require(m_scope, Operation::Delete, Area::Administration, "Patient", id); !allowed)
        return fail(allowed.error());
    if (legalGround.empty() || reason.empty())
        return fail(ErrorCode::InvalidArgument, "a legal ground and a reason are needed");
    auto outcome = guarded([&]() -> Result<Outcome> {
        UnitOfWork work(m_scope);
        if (!work.records().find("Patient", id))
            return fail(ErrorCode::NotFound, "Patient/" + id);
        Outcome result;
        const auto link = readServerLink(m_scope.connection);
        if (link && link->kind != ServerLink::Kind::Yarrow)
            return fail(ErrorCode::Unsupported, "this server has to erase its own copy first");
        const Person person = personOf(m_scope.connection, id);
        if (link) {
            // The server may not have heard yet of what was merged here: each record is asked for.
            for (const std::string& one : person)
                request(work.records(), one, legalGround, reason);
            result.isRequested = true;
        } else {
            result.done =
                yarrow::erasePatient(m_scope.connection, m_scope.clock, m_scope.clinic, m_scope.actor, person,
                                     ErasureReach::Everything, legalGround, reason);
        }
        work.commit();
        return result;
    });
    if (outcome && !outcome->isRequested)
        outcome->tracesRemain = !rewriteIfDue(m_scope.connection).has_value();
    return outcome;
}

/// Asks the server, with the next exchange.
void ErasureCommands::request(RecordStore& records, const std::string& patient,
                              const std::string& legalGround, const std::string& reason)
{
    requestErasure(
        m_scope.connection,
        {patient, legalGround, reason, m_scope.actor.account.text(), formatInstant(m_scope.clock.now()), {}});
    AuditEvent event{AuditAction::ErasureRequested, AuditCategory::HealthData, "Patient", patient, patient};
    event.reason = reason;
    event.detail = legalGround;
    records.audit(event);
}

Result<std::vector<ErasureRequest>> ErasureCommands::requests()
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Administration, "Patient"); !allowed)
        return fail(allowed.error());
    return guarded(
        [&]() -> Result<std::vector<ErasureRequest>> { return erasureRequests(m_scope.connection); });
}

} // namespace yarrow
