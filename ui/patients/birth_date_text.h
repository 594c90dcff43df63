// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/partial_date.h"

#include <QLocale>
#include <QString>

#include <optional>

namespace yarrow {

/// Reads a birth date as people write it: 12.3.1958, 12/03/58, 12 March 1958, March 12 1958, 1958-03-12,
/// 12031958, March 1958, 03/1958, 1958. The order of day and month is the locale's unless only the other one
/// gives a date; a year of two digits is the last such year not after `today`. An empty text is "nothing
/// known"; nothing when the text cannot be understood.
[[nodiscard]] std::optional<PartialDate> readBirthDate(const QString& text, QDate today,
                                                       const QLocale& locale);

} // namespace yarrow
