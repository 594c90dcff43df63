// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/recurrence.h"

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kLongestInterval = 999;
/// A rule may pass over many days before it has one (29 February), but not for ever.
constexpr int kFurthestYears = 60;

tl::unexpected<Error> refused(const char* part)
{
    return fail(ErrorCode::InvalidArgument, std::string("rrule: ") + part);
}

bool within(const std::vector<int>& values, int most, bool negative)
{
    return std::all_of(values.begin(), values.end(), [&](int value) {
        return value != 0 && value <= most && value >= (negative ? -most : 1);
    });
}

bool has(const std::vector<int>& values, int value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// Whether `day`, one of [first, last], is the nth of its weekday there.
bool isNth(QDate day, int nth, QDate first, QDate last)
{
    const auto place = [](QDate from, QDate to) { return static_cast<int>(from.daysTo(to)) / 7 + 1; };
    return nth > 0 ? place(first, day) == nth : place(day, last) == -nth;
}

bool isRuleDay(const RecurrenceRule& rule, QDate day)
{
    QDate first(day.year(), day.month(), 1);
    QDate last(day.year(), day.month(), day.daysInMonth());
    if (rule.frequency == Frequency::Yearly && rule.months.empty()) {
        first = QDate(day.year(), 1, 1);
        last = QDate(day.year(), 12, 31);
    }
    return std::any_of(rule.days.begin(), rule.days.end(), [&](const RuleDay& each) {
        return each.weekday == day.dayOfWeek() && (each.nth == 0 || isNth(day, each.nth, first, last));
    });
}

/// Whether the parts of the rule let the day through, its period aside. What they leave open comes from the
/// start: the weekday of weeks, the day of months, day and month of years.
bool isLetThrough(const RecurrenceRule& rule, QDate day, QDate start)
{
    if (!rule.months.empty() && !has(rule.months, day.month()))
        return false;
    if (!rule.monthDays.empty() && !has(rule.monthDays, day.day()) &&
        !has(rule.monthDays, day.day() - day.daysInMonth() - 1))
        return false;
    if (!rule.days.empty() && !isRuleDay(rule, day))
        return false;
    if (!rule.days.empty() || !rule.monthDays.empty())
        return true;
    switch (rule.frequency) {
    case Frequency::Daily:
        return true;
    case Frequency::Weekly:
        return day.dayOfWeek() == start.dayOfWeek();
    case Frequency::Monthly:
        return day.day() == start.day();
    case Frequency::Yearly:
        return day.day() == start.day() && (!rule.months.empty() || day.month() == start.month());
    }
    bug("unknown frequency", __FILE__, __LINE__);
}

/// The first day of the period that `day` lies in: a day, a week, a month or a year.
QDate periodStart(const RecurrenceRule& rule, QDate day)
{
    switch (rule.frequency) {
    case Frequency::Daily:
        return day;
    case Frequency::Weekly:
        return day.addDays(-((day.dayOfWeek() - rule.weekStart + 7) % 7));
    case Frequency::Monthly:
        return {day.year(), day.month(), 1};
    case Frequency::Yearly:
        return {day.year(), 1, 1};
    }
    bug("unknown frequency", __FILE__, __LINE__);
}

/// The first day of the period that lies `count` periods behind the one beginning at `start`.
QDate periodAfter(const RecurrenceRule& rule, QDate start, int count)
{
    switch (rule.frequency) {
    case Frequency::Daily:
        return start.addDays(count);
    case Frequency::Weekly:
        return start.addDays(7 * count);
    case Frequency::Monthly:
        return start.addMonths(count);
    case Frequency::Yearly:
        return start.addYears(count);
    }
    bug("unknown frequency", __FILE__, __LINE__);
}

/// The days of one period, in order, of which BYSETPOS picks.
std::vector<QDate> daysOfPeriod(const RecurrenceRule& rule, QDate begin, QDate start)
{
    std::vector<QDate> days;
    const QDate end = periodAfter(rule, begin, 1);
    for (QDate day = begin; day < end; day = day.addDays(1)) {
        if (isLetThrough(rule, day, start))
            days.push_back(day);
    }
    if (rule.positions.empty())
        return days;
    std::vector<QDate> picked;
    const int size = static_cast<int>(days.size());
    for (int i = 0; i < size; ++i) {
        if (has(rule.positions, i + 1) || has(rule.positions, i - size))
            picked.push_back(days[static_cast<std::size_t>(i)]);
    }
    return picked;
}

void sortOnce(std::vector<QDate>& days)
{
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
}

} // namespace

Result<void> validate(const RecurrenceRule& rule)
{
    if (rule.interval < 1 || rule.interval > kLongestInterval)
        return refused("INTERVAL");
    if (rule.weekStart < 1 || rule.weekStart > 7)
        return refused("WKST");
    const bool byMonth =
        rule.frequency == Frequency::Monthly || (rule.frequency == Frequency::Yearly && !rule.months.empty());
    for (const RuleDay& day : rule.days) {
        const int most = byMonth ? 5 : rule.frequency == Frequency::Yearly ? 53 : 0;
        if (day.weekday < 1 || day.weekday > 7 || day.nth > most || day.nth < -most)
            return refused("BYDAY");
    }
    if (!within(rule.monthDays, 31, true) || (!rule.monthDays.empty() && rule.frequency == Frequency::Weekly))
        return refused("BYMONTHDAY");
    if (!within(rule.months, 12, false))
        return refused("BYMONTH");
    if (!within(rule.positions, 366, true) ||
        (!rule.positions.empty() && rule.days.empty() && rule.monthDays.empty() && rule.months.empty()))
        return refused("BYSETPOS");
    if (rule.count && (rule.until || *rule.count < 1))
        return refused("COUNT");
    if (rule.count && *rule.count > kMostOccurrences)
        return refused("too many");
    if (rule.until && !rule.until->isValid())
        return refused("UNTIL");
    if (!rule.count && !rule.until)
        return refused("no end");
    return {};
}

Result<std::vector<QDate>> occurrences(const Recurrence& recurrence, QDate from, QTime at)
{
    const RecurrenceRule& rule = recurrence.rule;
    if (auto valid = validate(rule); !valid)
        return fail(valid.error());
    if (!from.isValid() || from.year() < 1 || from.year() > 9000)
        return refused("start");
    QDate last = from.addYears(kFurthestYears);
    if (rule.until) {
        const bool inTime = !rule.untilTime.isValid() || at <= rule.untilTime;
        last = std::min(last, inTime ? *rule.until : rule.until->addDays(-1));
    }

    std::vector<QDate> days;
    // Left-out days count for COUNT, so the rule is followed without regard to them.
    const auto most = static_cast<std::size_t>(rule.count.value_or(kMostOccurrences + 1));
    for (QDate begin = periodStart(rule, from); begin <= last && days.size() < most;
         begin = periodAfter(rule, begin, rule.interval)) {
        for (const QDate day : daysOfPeriod(rule, begin, from)) {
            if (day >= from && day <= last && days.size() < most)
                days.push_back(day);
        }
    }
    std::vector<QDate> excluded = recurrence.excluded;
    sortOnce(excluded);
    for (const QDate day : recurrence.added) {
        if (day.isValid() && day >= from)
            days.push_back(day);
    }
    sortOnce(days);
    days.erase(
        std::remove_if(days.begin(), days.end(),
                       [&](QDate day) { return std::binary_search(excluded.begin(), excluded.end(), day); }),
        days.end());
    if (days.empty())
        return refused("no day");
    if (days.size() > kMostOccurrences)
        return refused("too many");
    return days;
}

Result<std::vector<TimeRange>> occurrenceTimes(const Recurrence& recurrence, QDate from, QTime at,
                                               std::chrono::minutes duration, const QTimeZone& zone)
{
    const auto days = occurrences(recurrence, from, at);
    if (!days)
        return fail(days.error());
    std::vector<TimeRange> times;
    times.reserve(days->size());
    for (const QDate day : *days) {
        const Instant start = toInstant(day, at, zone);
        times.push_back({start, start + duration});
    }
    return times;
}

} // namespace yarrow
