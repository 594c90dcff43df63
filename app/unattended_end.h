// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace yarrow {

/// With which exit code `yarrow-exchange` ends; the desktop, which starts it, understands them.
enum class UnattendedEnd {
    Asked = 0,   ///< its standard input was closed
    Failed = 1,  ///< it could not begin; it says why on standard error
    Usage = 2,   ///< what it was started with makes no sense
    Nothing = 3, ///< nothing to do here: no device slot, no server, or shut out before
    Revoked = 4, ///< the server shut this workstation out
    Wiped = 5,   ///< and had its records deleted
};

} // namespace yarrow
