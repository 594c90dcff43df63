// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace yarrow {

/// Writes records as NDJSON, one FHIR document a line, as they are stored.
class Exporter
{
public:
    explicit Exporter(CommandScope& scope)
        : m_scope(scope)
    {}

    struct Selection
    {
        std::string type;    ///< empty: all; `AuditEvent` gives the audit trail as FHIR
        std::string patient; ///< FHIR id: what belongs to that patient; empty: everything
    };
    /// How many documents were written. The file is readable by its owner only and complete or not there at
    /// all; it is not encrypted. An administrator exports everything, a clinician one patient's records, as
    /// far as the role reads them; nobody else anything (Forbidden). NotFound when there is no such patient;
    /// AlreadyExists when the file is there already, unless `overwrite`; InvalidArgument when it lies in the
    /// profile's own folder. Audited before the first byte and once more when complete.
    [[nodiscard]] Result<std::int64_t> run(const std::filesystem::path& file, const Selection& selection,
                                           bool overwrite = true);

private:
    using LineWriter = std::function<Result<void>(std::string_view)>;
    Result<std::int64_t> writeRecords(const LineWriter& writeLine, const Selection& selection);
    Result<std::int64_t> writeAudit(const LineWriter& writeLine, const Selection& selection);

    CommandScope& m_scope;
};

} // namespace yarrow
