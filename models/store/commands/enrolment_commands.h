// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"
#include "models/store/sync/server_link.h"

#include <optional>
#include <vector>

namespace yarrow {

/// Making the workstation one of a server's, as far as the database is concerned.
class EnrolmentCommands
{
public:
    explicit EnrolmentCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// Nothing: not enrolled. For everybody.
    [[nodiscard]] Result<std::optional<ServerLink>> link();

    /// Forbidden (and audited) unless the acting user may enrol the workstation.
    [[nodiscard]] Result<void> mayEnrol();

    /// What enrolment came to. `accounts`: those whose id at the server is another than here.
    [[nodiscard]] Result<void> enrol(const ServerLink& link, const std::vector<ServerAccount>& accounts);

private:
    CommandScope& m_scope;
};

} // namespace yarrow
