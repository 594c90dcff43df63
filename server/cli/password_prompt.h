// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace yarrow::server::cli {

/// YARROW_PASSWORD, or what is typed twice at the terminal without being shown. Never an argument: those can
/// be seen by every user of the machine. Throws CommandFailed.
[[nodiscard]] std::string newPassword(const std::string& prompt);

} // namespace yarrow::server::cli
