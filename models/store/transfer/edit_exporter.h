// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/profile.h"

#include <cstdint>
#include <filesystem>

namespace yarrow {

/// Writes the edits that no server has acknowledged as a FHIR history Bundle, newest first: each with the
/// document after it, who made it, where, when and why. What a workstation that is given up still owes the
/// clinic.
class EditExporter
{
public:
    /// What the export is sealed with; lives as long as the exporter.
    struct Keys
    {
        const Profile& profile;
        const KdfCost& cost;
        const DataKeys& keys;
    };
    EditExporter(CommandScope& scope, Keys keys)
        : m_scope(scope)
        , m_keys(keys)
    {}

    enum class Form {
        Sealed, ///< opens with the clinic's recovery code alone; see sealed_edits.h
        Clear,  ///< for everybody who has the file
    };
    /// How many edits were written. Administrators only; file, audit and errors as with Exporter::run(), and
    /// NotFound "recovery slot" when there is nothing to seal it with.
    [[nodiscard]] Result<std::int64_t> run(const std::filesystem::path& file, Form form = Form::Sealed,
                                           bool overwrite = true);

private:
    CommandScope& m_scope;
    Keys m_keys;
};

} // namespace yarrow
