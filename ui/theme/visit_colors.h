// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>
#include <QStringList>

/// The colours a visit type may have on the calendar, by the codes that HealthcareService::color keeps.
namespace yarrow {

[[nodiscard]] QStringList visitColorCodes();
/// For the present scheme; invalid for a code that nobody listed. Beside text, never behind it.
[[nodiscard]] QColor visitColor(const QString& code);
[[nodiscard]] QString visitColorText(const QString& code);
[[nodiscard]] QIcon visitColorIcon(const QString& code); ///< a dot; null for a code that nobody listed

} // namespace yarrow
