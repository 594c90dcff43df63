// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/exit_code.h"
#include "sync/enrolment/enrolment_error.h"

#include <string>

namespace yarrow::ctl {

/// The error as a sentence in English that says what went wrong and what can be done.
[[nodiscard]] std::string sentenceOf(const sync::EnrolmentError& error);
[[nodiscard]] ExitCode exitCodeOf(const sync::EnrolmentError& error) noexcept;

} // namespace yarrow::ctl
