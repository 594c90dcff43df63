// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/domain/opening_hours.h"

#include <QDate>
#include <QTime>
#include <QTimeZone>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// FREQ of RFC 5545, as far as visits repeat: no more than once a day.
enum class Frequency { Daily, Weekly, Monthly, Yearly };

/// An item of BYDAY: a weekday, of which `nth` one of the month (of the year, with Yearly and no months);
/// counted from the end when negative; 0: every one.
struct RuleDay
{
    int nth = 0;
    int weekday = 1; ///< 1 is Monday (ISO 8601)
    bool operator==(const RuleDay&) const = default;
};

/// A recurrence rule of RFC 5545, section 3.3.10, that comes to an end.
struct RecurrenceRule
{
    Frequency frequency = Frequency::Weekly;
    int interval = 1; ///< 1 to 999
    std::vector<RuleDay> days;
    std::vector<int> monthDays; ///< 1 to 31, or −1 to −31 from the month's end
    std::vector<int> months;    ///< 1 to 12
    std::vector<int> positions; ///< BYSETPOS: of the days of each period; ±1 to ±366
    int weekStart = 1;          ///< the weekday that begins a week, for intervals of weeks
    // One of the two is given.
    std::optional<int> count;   ///< how many, left-out days counted: 1 to kMostOccurrences
    std::optional<QDate> until; ///< the last local day that may have one
    /// With `until`: the latest start on that day; invalid: any.
    QTime untilTime;
    bool operator==(const RecurrenceRule&) const = default;
};

/// A rule with the days that are left out (EXDATE) and added (RDATE). An added day has the time of day of all
/// others, and is one even if the rule has it.
struct Recurrence
{
    RecurrenceRule rule;
    std::vector<QDate> excluded;
    std::vector<QDate> added;
    bool operator==(const Recurrence&) const = default;
};

/// A series longer than this is booked in parts: it is one transaction.
inline constexpr int kMostOccurrences = 400;

/// Reads content lines `RRULE:…`, `EXDATE…:…` and `RDATE…:…`, or a bare rule (`FREQ=…`), in any case of
/// letters. Times of UNTIL, EXDATE and RDATE in UTC are days in `zone`. InvalidArgument names the part that
/// is not understood, against the RFC, or not about days ("rrule: BYHOUR").
[[nodiscard]] Result<Recurrence> parseRecurrence(std::string_view text, const QTimeZone& zone);

/// The same as content lines, separated by line feeds. `zone`: of the clinic; UNTIL is written in UTC.
[[nodiscard]] std::string recurrenceText(const Recurrence& recurrence, const QTimeZone& zone);

/// InvalidArgument names the part that is out of range or against the RFC.
[[nodiscard]] Result<void> validate(const RecurrenceRule& rule);

/// The days, in order and each once, from `from` on. `at` is the time of day at which all of them start.
/// `from` itself is among them when the rule has it. InvalidArgument as validate(), or "rrule: no day" when
/// there is none, "rrule: too many" beyond kMostOccurrences.
[[nodiscard]] Result<std::vector<QDate>> occurrences(const Recurrence& recurrence, QDate from, QTime at);

/// The same as times: each starts at `at` by the clock on the wall, also across daylight saving, and lasts
/// `duration` of real time.
[[nodiscard]] Result<std::vector<TimeRange>> occurrenceTimes(const Recurrence& recurrence, QDate from,
                                                             QTime at, std::chrono::minutes duration,
                                                             const QTimeZone& zone);

} // namespace yarrow
