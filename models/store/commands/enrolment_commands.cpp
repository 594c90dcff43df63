// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/enrolment_commands.h"

namespace yarrow {

Result<std::optional<ServerLink>> EnrolmentCommands::link()
{
    return guarded([&]() -> Result<std::optional<ServerLink>> { return readServerLink(m_scope.connection); });
}

Result<void> EnrolmentCommands::mayEnrol()
{
    return require(m_scope, Operation::Update, Area::Administration, "server");
}

Result<void> EnrolmentCommands::enrol(const ServerLink& link, const std::vector<ServerAccount>& accounts)
{
    if (auto allowed = mayEnrol(); !allowed)
        return allowed;
    return guarded([&] {
        UnitOfWork work(m_scope);
        writeServerLink(m_scope.connection, link);
        writeServerAccounts(m_scope.connection, accounts);
        AuditEvent event{AuditAction::Enrolled, AuditCategory::Administration};
        event.detail = link.url + (link.clientId.empty() ? "" : " as " + link.clientId);
        work.records().audit(event);
        work.commit();
    });
}

} // namespace yarrow
