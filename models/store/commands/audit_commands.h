// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/audit/audit_log.h"
#include "models/store/commands/command_scope.h"

#include <functional>

namespace yarrow {

/// Reading the audit. Administrators see everything, doctors their own trail, nobody else anything.
class AuditCommands
{
public:
    explicit AuditCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// In order; `visit` returns false to stop. Audited itself, once. A filter for another user than oneself
    /// is Forbidden without the administrator's role; NotFound when `userName` is nobody's.
    struct Request
    {
        std::string since; ///< FHIR instant, or a prefix of one such as a date
        std::string userName;
        std::string patient; ///< FHIR id
    };
    [[nodiscard]] Result<void> forEach(const Request& query,
                                       const std::function<bool(const AuditEntry&)>& visit);

    /// Walks the chain; see AuditLog::verify().
    [[nodiscard]] Result<AuditLog::Verification> verify();

private:
    CommandScope& m_scope;
};

} // namespace yarrow
