// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

namespace yarrow::ctl {

/// What the shell learns. Part of the interface: see docs/yarrowctl.md.
enum class ExitCode {
    Done = 0,
    Failed = 1,   ///< refused by the role, not found, the machine or the files would not
    Usage = 2,    ///< the command line cannot be understood
    Locked = 3,   ///< no or the wrong password or recovery code, too many attempts, no key store
    BadInput = 4, ///< what was to be read in or saved is not acceptable
};

[[nodiscard]] ExitCode exitCodeOf(ErrorCode code) noexcept;

} // namespace yarrow::ctl
