// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

/// What reading a typed date needs to know of a locale.
namespace yarrow {

[[nodiscard]] bool dayFirst(const QLocale& locale); ///< day before month in its short date
/// 1 to 12, or 0 when no month of the locale (or of English) begins like this.
[[nodiscard]] int monthNamed(const QString& word, const QLocale& locale);
/// Digits of any script, as a keyboard may give them, as 0 to 9.
[[nodiscard]] QString withPlainDigits(const QString& text);

} // namespace yarrow
