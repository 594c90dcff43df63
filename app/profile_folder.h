// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardPaths>
#include <QString>

namespace yarrow {

/// Where this person's clinic is when nobody says otherwise (`~/.local/share/yarrow` on Linux). The desktop
/// and the command line agree on it.
[[nodiscard]] inline QString defaultProfileFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/yarrow");
}

} // namespace yarrow
