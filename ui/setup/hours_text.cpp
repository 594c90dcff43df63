// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/hours_text.h"

#include "ui/widgets/date_words.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <optional>

namespace yarrow {

namespace {

constexpr int kDay = 24 * 60;

int endOf(const LocalRange& range)
{
    return range.until == QTime(0, 0) ? kDay : range.until.msecsSinceStartOfDay() / 60'000;
}

int startOf(const LocalRange& range)
{
    return range.from.msecsSinceStartOfDay() / 60'000;
}

QTime timeAt(int minute)
{
    return QTime(minute / 60 % 24, minute % 60);
}

/// Minutes since midnight; nothing when there is no such time. `noon` is "am", "pm" or empty.
std::optional<int> minuteOf(const QString& hourText, const QString& minuteText, const QString& noon)
{
    int hour = hourText.toInt();
    const int minute = minuteText.toInt();
    if (!noon.isEmpty()) {
        if (hour < 1 || hour > 12)
            return std::nullopt;
        hour = hour % 12 + (noon.startsWith(u'p') ? 12 : 0);
    }
    if (minute > 59 || hour > 24 || (hour == 24 && minute > 0))
        return std::nullopt;
    return hour * 60 + minute;
}

std::optional<LocalRange> rangeOf(const QRegularExpressionMatch& match, bool& endsTooEarly)
{
    enum { StartHour = 1, StartMinute, StartNoon, EndHour, EndMinute, EndNoon };
    const QString endNoon = match.captured(EndNoon).toLower();
    const QString startNoon = match.captured(StartNoon).toLower();
    auto end = minuteOf(match.captured(EndHour), match.captured(EndMinute), endNoon);
    // "1-5pm" is in the afternoon, "9-5pm" begins in the morning.
    auto start = minuteOf(match.captured(StartHour), match.captured(StartMinute),
                          startNoon.isEmpty() ? endNoon : startNoon);
    if (start && end && startNoon.isEmpty() && endNoon == QLatin1String("pm") && *start >= *end)
        start = minuteOf(match.captured(StartHour), match.captured(StartMinute), QStringLiteral("am"));
    if (!start || !end || *start == kDay)
        return std::nullopt;
    if (*end == 0)
        end = kDay;
    endsTooEarly = *end <= *start;
    return LocalRange{timeAt(*start), timeAt(*end)};
}

} // namespace

TypedHours readHours(const QString& text)
{
    TypedHours typed;
    const QString plain = withPlainDigits(text).simplified();
    static const QString kDashes = QStringLiteral("-–—−");
    const bool nothing =
        std::all_of(plain.begin(), plain.end(), [](QChar c) { return kDashes.contains(c) || c == u' '; });
    if (nothing)
        return typed;
    static const QString kTime = QStringLiteral("(\\d{1,2})(?:[:.h]?([0-5]\\d))?\\s*([ap]m)?");
    static const QRegularExpression kRange(QStringLiteral("\\s*(?:[,;/&+]|and\\b)?\\s*") + kTime +
                                               QStringLiteral("\\s*(?:[-–—−]|to\\b)\\s*") + kTime +
                                               QStringLiteral("(?![\\d:.])"),
                                           QRegularExpression::CaseInsensitiveOption);
    qsizetype at = 0;
    while (at < plain.size()) {
        const auto match = kRange.match(plain, at, QRegularExpression::NormalMatch,
                                        QRegularExpression::AnchorAtOffsetMatchOption);
        bool endsTooEarly = false;
        const auto range = match.hasMatch() ? rangeOf(match, endsTooEarly) : std::nullopt;
        if (!range || endsTooEarly) {
            typed.problem =
                range ? TypedHours::Problem::EndNotAfterStart : TypedHours::Problem::NotUnderstood;
            typed.part = match.hasMatch() ? match.captured().trimmed() : plain.mid(at).trimmed();
            typed.ranges.clear();
            return typed;
        }
        typed.ranges.push_back(*range);
        at = match.capturedEnd();
    }
    std::stable_sort(typed.ranges.begin(), typed.ranges.end(),
                     [](const LocalRange& a, const LocalRange& b) { return a.from < b.from; });
    for (std::size_t i = 1; i < typed.ranges.size(); ++i) {
        if (startOf(typed.ranges[i]) < endOf(typed.ranges[i - 1])) {
            typed.problem = TypedHours::Problem::Overlap;
            typed.part = shortHoursText({typed.ranges[i]});
            typed.ranges.clear();
            return typed;
        }
    }
    return typed;
}

QString shortHoursText(const std::vector<LocalRange>& ranges)
{
    const auto time = [](int minute) {
        return minute % 60 == 0
                   ? QString::number(minute / 60)
                   : QStringLiteral("%1:%2").arg(minute / 60).arg(minute % 60, 2, 10, QLatin1Char('0'));
    };
    QStringList parts;
    for (const LocalRange& range : ranges)
        parts << time(startOf(range)) + u'–' + time(endOf(range));
    return parts.join(QStringLiteral(", "));
}

QString hoursText(const std::vector<LocalRange>& ranges)
{
    QStringList parts;
    for (const LocalRange& range : ranges)
        parts << QCoreApplication::translate("yarrow::Hours", "%1 – %2", "from – until, times of day")
                     .arg(timeText(range.from), timeText(range.until));
    return joinFacts(parts);
}

int minutesOpen(const std::vector<LocalRange>& ranges)
{
    int minutes = 0;
    for (const LocalRange& range : ranges)
        minutes += std::max(0, endOf(range) - startOf(range));
    return minutes;
}

} // namespace yarrow
