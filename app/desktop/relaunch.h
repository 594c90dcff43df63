// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace yarrow {

/// Starts this program anew with `arguments` (without its own name), in place of the running one where the
/// system can do that. Everything must be closed by then. Comes back only when it failed, with false, or,
/// where a second process was started instead, with true.
[[nodiscard]] bool relaunch(const QString& program, const QStringList& arguments);

} // namespace yarrow
