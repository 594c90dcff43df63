// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/recurrence.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <charconv>

// RFC 5545, sections 3.3.10 (RECUR), 3.8.5.1 (EXDATE), 3.8.5.2 (RDATE) and 3.8.5.3 (RRULE).

namespace yarrow {
namespace {

constexpr std::array<std::string_view, 4> kFrequencies{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
constexpr std::array<std::string_view, 7> kWeekdays{"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

tl::unexpected<Error> refused(std::string_view part)
{
    return fail(ErrorCode::InvalidArgument, "rrule: " + std::string(part));
}

std::string upper(std::string_view text)
{
    std::string result(text);
    for (char& c : result) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    }
    return result;
}

template <class Visit>
void split(std::string_view text, char separator, Visit&& visit)
{
    for (;;) {
        const std::size_t at = text.find(separator);
        visit(text.substr(0, at));
        if (at == std::string_view::npos)
            return;
        text.remove_prefix(at + 1);
    }
}

/// A whole number with an optional sign.
std::optional<int> number(std::string_view text)
{
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

template <std::size_t N>
std::optional<int> indexIn(const std::array<std::string_view, N>& names, std::string_view name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<int>(found - names.begin());
}

std::optional<std::vector<int>> numbers(std::string_view text)
{
    std::vector<int> values;
    bool valid = true;
    split(text, ',', [&](std::string_view item) {
        const auto value = number(item);
        valid = valid && value.has_value();
        values.push_back(value.value_or(0));
    });
    if (!valid)
        return std::nullopt;
    return values;
}

std::optional<std::vector<RuleDay>> ruleDays(std::string_view text)
{
    std::vector<RuleDay> days;
    bool valid = true;
    split(text, ',', [&](std::string_view item) {
        const std::size_t digits = item.size() < 2 ? 0 : item.size() - 2;
        const auto weekday = indexIn(kWeekdays, item.substr(digits));
        const auto nth = digits == 0 ? std::optional(0) : number(item.substr(0, digits));
        valid = valid && weekday && nth && (digits == 0 || *nth != 0);
        if (valid)
            days.push_back({*nth, *weekday + 1});
    });
    if (!valid)
        return std::nullopt;
    return days;
}

struct LocalMoment
{
    QDate day;
    QTime time; ///< invalid when only a day was given
};

/// DATE, DATE-TIME in local time, or DATE-TIME in UTC.
std::optional<LocalMoment> localMoment(std::string_view text, const QTimeZone& zone)
{
    const QString given = QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
    const QDate day = QDate::fromString(given.left(8), QStringLiteral("yyyyMMdd"));
    if (!day.isValid())
        return std::nullopt;
    if (given.size() == 8)
        return LocalMoment{day, {}};
    const bool utc = given.endsWith(QLatin1Char('Z'));
    if (given.size() != (utc ? 16 : 15) || given[8] != QLatin1Char('T'))
        return std::nullopt;
    const QTime time = QTime::fromString(given.mid(9, 6), QStringLiteral("HHmmss"));
    if (!time.isValid())
        return std::nullopt;
    if (!utc)
        return LocalMoment{day, time};
    const QDateTime local = QDateTime(day, time, Qt::UTC).toTimeZone(zone);
    return LocalMoment{local.date(), local.time()};
}

Result<RecurrenceRule> parseRule(std::string_view text, const QTimeZone& zone)
{
    RecurrenceRule rule;
    std::string wrong;
    std::vector<std::string> seen;
    const auto take = [&](std::string_view part) {
        if (!wrong.empty() || part.empty())
            return;
        const std::size_t equals = part.find('=');
        const std::string name(part.substr(0, equals));
        const std::string_view value = equals == std::string_view::npos ? "" : part.substr(equals + 1);
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            wrong = name; // each part at most once
            return;
        }
        seen.push_back(name);
        const auto into = [&](std::vector<int>& list) {
            auto values = numbers(value);
            if (values)
                list = std::move(*values);
            return values.has_value();
        };
        bool understood = false;
        if (name == "FREQ") {
            const auto index = indexIn(kFrequencies, value);
            understood = index.has_value();
            rule.frequency = static_cast<Frequency>(index.value_or(0));
        } else if (name == "INTERVAL") {
            understood = number(value).has_value();
            rule.interval = number(value).value_or(0);
        } else if (name == "COUNT") {
            rule.count = number(value);
            understood = rule.count.has_value();
        } else if (name == "UNTIL") {
            if (const auto until = localMoment(value, zone)) {
                rule.until = until->day;
                rule.untilTime = until->time;
                understood = true;
            }
        } else if (name == "WKST") {
            const auto index = indexIn(kWeekdays, value);
            understood = index.has_value();
            rule.weekStart = index.value_or(0) + 1;
        } else if (name == "BYDAY") {
            auto days = ruleDays(value);
            understood = days.has_value();
            rule.days = std::move(days).value_or(std::vector<RuleDay>());
        } else if (name == "BYMONTHDAY") {
            understood = into(rule.monthDays);
        } else if (name == "BYMONTH") {
            understood = into(rule.months);
        } else if (name == "BYSETPOS") {
            understood = into(rule.positions);
        }
        if (!understood)
            wrong = name.empty() ? std::string(part) : name;
    };
    split(text, ';', take);
    if (!wrong.empty())
        return refused(wrong);
    if (std::find(seen.begin(), seen.end(), "FREQ") == seen.end())
        return refused("FREQ");
    if (auto valid = validate(rule); !valid)
        return fail(valid.error());
    return rule;
}

void appendList(std::string& text, std::string_view name, const std::vector<int>& values)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        text += (i == 0 ? ";" + std::string(name) + "=" : ",") + std::to_string(values[i]);
}

std::string basic(QDate day)
{
    return day.toString(QStringLiteral("yyyyMMdd")).toStdString();
}

std::string ruleText(const RecurrenceRule& rule, const QTimeZone& zone)
{
    std::string text = "FREQ=" + std::string(kFrequencies[static_cast<std::size_t>(rule.frequency)]);
    if (rule.until) {
        const QTime last = rule.untilTime.isValid() ? rule.untilTime : QTime(23, 59, 59);
        const Instant end = toInstant(*rule.until, last, zone);
        text += ";UNTIL=" + QDateTime::fromMSecsSinceEpoch(end.time_since_epoch().count(), Qt::UTC)
                                .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"))
                                .toStdString();
    }
    if (rule.count)
        text += ";COUNT=" + std::to_string(*rule.count);
    if (rule.interval != 1)
        text += ";INTERVAL=" + std::to_string(rule.interval);
    appendList(text, "BYMONTH", rule.months);
    appendList(text, "BYMONTHDAY", rule.monthDays);
    for (std::size_t i = 0; i < rule.days.size(); ++i) {
        const RuleDay& day = rule.days[i];
        text += i == 0 ? ";BYDAY=" : ",";
        if (day.nth != 0)
            text += std::to_string(day.nth);
        text += kWeekdays[static_cast<std::size_t>(day.weekday - 1)];
    }
    appendList(text, "BYSETPOS", rule.positions);
    if (rule.weekStart != 1)
        text += ";WKST=" + std::string(kWeekdays[static_cast<std::size_t>(rule.weekStart - 1)]);
    return text;
}

void appendDays(std::string& text, std::string_view name, const std::vector<QDate>& days)
{
    for (std::size_t i = 0; i < days.size(); ++i)
        text += (i == 0 ? "\n" + std::string(name) + ";VALUE=DATE:" : ",") + basic(days[i]);
}

} // namespace

Result<Recurrence> parseRecurrence(std::string_view given, const QTimeZone& zone)
{
    const std::string text = upper(given);
    Recurrence recurrence;
    bool hasRule = false;
    std::optional<Error> wrong;
    const auto takeDays = [&](std::string_view name, std::string_view values, std::vector<QDate>& days) {
        split(values, ',', [&](std::string_view value) {
            // Of a PERIOD its start counts.
            const auto moment = localMoment(value.substr(0, value.find('/')), zone);
            if (moment)
                days.push_back(moment->day);
            else if (!wrong)
                wrong = refused(name).value();
        });
    };
    split(text, '\n', [&](std::string_view line) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.remove_suffix(1);
        while (!line.empty() && line.front() == ' ')
            line.remove_prefix(1);
        if (line.empty() || wrong)
            return;
        const std::size_t colon = line.find(':');
        const std::string_view head = colon == std::string_view::npos ? "RRULE" : line.substr(0, colon);
        const std::string_view name = head.substr(0, head.find(';'));
        const std::string_view value = colon == std::string_view::npos ? line : line.substr(colon + 1);
        if (name == "EXDATE") {
            takeDays(name, value, recurrence.excluded);
        } else if (name == "RDATE") {
            takeDays(name, value, recurrence.added);
        } else if (name == "RRULE" && !hasRule) {
            hasRule = true;
            if (auto rule = parseRule(value, zone))
                recurrence.rule = std::move(*rule);
            else
                wrong = rule.error();
        } else {
            wrong = refused(name).value();
        }
    });
    if (wrong)
        return fail(*wrong);
    if (!hasRule)
        return refused("FREQ");
    return recurrence;
}

std::string recurrenceText(const Recurrence& recurrence, const QTimeZone& zone)
{
    std::string text = "RRULE:" + ruleText(recurrence.rule, zone);
    appendDays(text, "EXDATE", recurrence.excluded);
    appendDays(text, "RDATE", recurrence.added);
    return text;
}

} // namespace yarrow
