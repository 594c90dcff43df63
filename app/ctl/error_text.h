// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <string>

namespace yarrow::ctl {

/// The error as a sentence in English that says what went wrong, where, and what can be done. Free of patient
/// data.
[[nodiscard]] std::string sentenceOf(const Error& error);

/// Why one file was not imported, as a part of a sentence; without its position.
[[nodiscard]] std::string reasonOf(const Error& error);

} // namespace yarrow::ctl
