// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace yarrow::server {

/// A text file of the source tree that is part of the program.
struct EmbeddedFile
{
    std::string_view name; ///< without folders: "0001_foundation.sql", "openapi.json"
    std::string_view text;
};

/// In order of their names.
[[nodiscard]] const std::vector<EmbeddedFile>& embeddedFiles();

} // namespace yarrow::server
