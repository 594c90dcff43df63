// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"

#include <cstdint>
#include <filesystem>

namespace yarrow {

/// Writes the edits that no server has acknowledged as a FHIR history Bundle, newest first: each with the
/// document after it, who made it, where, when and why. What a workstation that is given up still owes the
/// clinic.
class EditExporter
{
public:
    explicit EditExporter(CommandScope& scope)
        : m_scope(scope)
    {}

    /// How many edits were written. Administrators only; file, audit and errors as with Exporter::run().
    [[nodiscard]] Result<std::int64_t> run(const std::filesystem::path& file, bool overwrite = true);

private:
    CommandScope& m_scope;
};

} // namespace yarrow
