// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/audit_commands.h"

#include "models/store/commands/account_commands.h"

namespace yarrow {

Result<void> AuditCommands::forEach(const Request& query, const std::function<bool(const AuditEntry&)>& visit)
{
    AuditLog::Filter filter;
    filter.since = query.since;
    filter.patient = query.patient;
    return guarded([&]() -> Result<void> {
        const bool maySeeAll = roleAllows(m_scope.actor.role, Operation::Read, Area::Administration);
        if (!maySeeAll && m_scope.actor.role != Role::Doctor)
            return fail(require(m_scope, Operation::Read, Area::Administration, "AuditEvent").error());
        if (!query.userName.empty()) {
            const auto account = findAccountByName(m_scope.connection, query.userName);
            if (!account)
                return fail(ErrorCode::NotFound, "user " + query.userName);
            filter.account = account->id.text();
        }
        const bool ownTrail = m_scope.actor.role == Role::Doctor &&
                              (filter.account.empty() || filter.account == m_scope.actor.account.text());
        if (ownTrail)
            filter.account = m_scope.actor.account.text();
        else if (auto allowed = require(m_scope, Operation::Read, Area::Administration, "AuditEvent");
                 !allowed)
            return allowed;
        AuditEvent event{AuditAction::AuditRead, AuditCategory::Administration, "AuditEvent"};
        if (!query.patient.empty())
            event.detail = "Patient/" + query.patient;
        if (auto written = auditOnly(m_scope, event); !written)
            return written;
        return AuditLog::forEach(m_scope.connection, filter, visit);
    });
}

Result<AuditLog::Verification> AuditCommands::verify()
{
    // Anybody who can sign in may ask whether the trail is whole: the answer shows nothing of what it holds.
    return AuditLog::verify(m_scope.connection);
}

} // namespace yarrow
