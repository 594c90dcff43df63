// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QString>

namespace yarrow::ctl {

// A secret comes from the environment variable, or else is asked for on the terminal, without echo. It never
// comes from the command line, which other users of the machine can read. The variable is removed from the
// environment once it was read. WrongPassword when there is neither variable nor terminal, or nothing was
// typed.

[[nodiscard]] Result<QString> secret(const char* variable, const char* question);

/// A password that is being chosen: asked for twice. InvalidArgument when the two differ.
[[nodiscard]] Result<QString> newSecret(const char* variable, const char* question);

} // namespace yarrow::ctl
