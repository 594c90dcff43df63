// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <QLocale>
#include <QString>

#include <optional>

namespace yarrow {

/// A stretch of days or hours as it is typed: "24.12.2026", "24 Dec – 6 Jan", "24.-26.12.", "2026-08-03 -
/// 2026-08-14", "12 May 13:00-15:00", "12 May 13:00 - 13 May 9:00". Whole days end with their midnight. The
/// order of day and month in numbers is the locale's; where a year is left out, the next such day from
/// `today` on is meant.
struct TypedWhen
{
    enum class Problem { None, NotUnderstood, EndNotAfterStart };
    std::optional<TimeRange> when; ///< nothing when there is a problem
    Problem problem = Problem::None;
};
[[nodiscard]] TypedWhen readWhen(const QString& text, QDate today, const QTimeZone& zone,
                                 const QLocale& locale);

/// As readWhen() understands it, and as short.
[[nodiscard]] QString shortWhenText(const TimeRange& when, const QTimeZone& zone, const QLocale& locale);
/// In words: "Thursday, 24 December 2026", "24 December 2026 – 6 January 2027 · 14 days".
[[nodiscard]] QString whenText(const TimeRange& when, const QTimeZone& zone);

} // namespace yarrow
