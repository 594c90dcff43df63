// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace yarrow {

/// What `yarrow` was started with.
struct DesktopOptions
{
    QString profile; ///< folder of the clinic's data
    Theme::Scheme scheme = Theme::Scheme::System;
    int scale = 100;
    QString language;         ///< empty: the system's
    bool rightToLeft = false; ///< mirrored although the language is not
    QString tour;             ///< folder for the pictures; empty: no tour
    bool locked = false;      ///< started again by the lock
    QString notice;           ///< why, where it was not the person's wish; see noticeText()
};

/// What the arguments ask for. `message` is set when the program is to say something and end: `exitCode` 0
/// for help and version, 2 for wrong usage.
struct ParsedOptions
{
    DesktopOptions options;
    std::optional<QString> message;
    int exitCode = 0;
};
/// What somebody is told before they sign in again; empty for a code that is none.
[[nodiscard]] QString noticeText(const QString& code);
[[nodiscard]] ParsedOptions parseOptions(const QStringList& arguments);

} // namespace yarrow
