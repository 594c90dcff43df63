// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QString>

#include <cstddef>
#include <string>
#include <string_view>

namespace yarrow {

/// Replaces a small file so that, whatever happens, the old or the new content is there in full: a temporary
/// file in the same folder, fsync, rename, fsync of the folder. Only the owner can read the new file (mode
/// 0600). Errors: DiskFull (no space or quota), else Io; unless the folder's own fsync failed, the old file
/// stands.
[[nodiscard]] Result<void> writeFileAtomically(const QString& path, std::string_view content);

/// The whole file. NotFound, LimitExceeded when it is longer than `maxBytes`, else Io.
[[nodiscard]] Result<std::string> readSmallFile(const QString& path, std::size_t maxBytes);

} // namespace yarrow
