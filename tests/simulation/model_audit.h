// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/audit/chain_intake.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::simulation {

/// The audit chains that yarrow-server keeps in PostgreSQL, in memory: the rules of server/audit, whose code
/// reads the uploads and judges the entries. A value: a copy of it is a backup.
class ModelAudit
{
public:
    struct Stored
    {
        server::audit::Entry entry;
        std::string device; ///< who sent it
        bool isCopy = false;
    };

    /// Like server::audit::takeEntries(); `now` is a FHIR instant.
    [[nodiscard]] server::Result<server::audit::Intake>
    take(std::string_view device, const server::audit::Upload& upload, const std::string& now);
    [[nodiscard]] const server::audit::ChainState* find(const std::string& incarnation) const;
    /// Of a chain, in the order in which they came.
    [[nodiscard]] const std::vector<Stored>& entries(const std::string& incarnation) const;

private:
    [[nodiscard]] bool holds(const server::audit::Follows& head, std::string_view device) const;

    std::map<std::string, server::audit::ChainState> m_chains; ///< by incarnation
    std::map<std::string, std::vector<Stored>> m_entries;      ///< by incarnation
};

} // namespace yarrow::simulation
