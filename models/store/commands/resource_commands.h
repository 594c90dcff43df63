// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"

#include <optional>
#include <vector>

namespace yarrow {

/// A step in the life of a record, as this workstation knows it.
struct HistoryStep
{
    std::string at;     ///< FHIR instant
    std::string action; ///< "create", "update" or "delete"
    std::string userName;
    std::string role;
    std::string reason;
    std::string digest; ///< of the document after the step, hexadecimal; empty after a delete
    std::optional<std::string> document; ///< while the edit has not been sent: the document after it
};

/// Any FHIR resource, by type and id. Every call is checked against the role table and audited.
class ResourceCommands
{
public:
    explicit ResourceCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    struct Read
    {
        Json document;
        std::int64_t revision = 0;
    };
    /// NotFound when it does not exist or was deleted. Audited as a view.
    [[nodiscard]] Result<Read> get(std::string_view type, std::string_view id);

    /// Writes the document as a user's edit; see RecordStore::put for the rules.
    [[nodiscard]] Result<RecordStore::Written> put(const Json& document, const std::string& reason = {},
                                                   std::optional<std::int64_t> expectedRevision = {});
    [[nodiscard]] Result<void> remove(std::string_view type, std::string_view id, const std::string& reason);

    /// Oldest first. NotFound when the id was never used here. Audited as a view.
    [[nodiscard]] Result<std::vector<HistoryStep>> history(std::string_view type, std::string_view id);

private:
    void giveDocuments(RecordStore& records, const StoredRecord& record, std::vector<HistoryStep>& steps);

    CommandScope& m_scope;
};

} // namespace yarrow
