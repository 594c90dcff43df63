// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/when_text.h"

#include "ui/widgets/date_words.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>

namespace yarrow {

namespace {

/// One end as it was typed.
struct End
{
    std::optional<int> day;
    std::optional<int> month;
    std::optional<int> year;
    std::optional<QTime> time;
    bool isUnderstood = true;

    [[nodiscard]] bool hasDate() const { return day.has_value(); }
};

void takeNumbers(End& end, const QStringList& numbers, const QLocale& locale)
{
    const auto number = [&](qsizetype i) { return numbers[i].toInt(); };
    const auto setDayAndMonth = [&](qsizetype first) {
        const bool leads = dayFirst(locale);
        end.day = number(leads ? first : first + 1);
        end.month = number(leads ? first + 1 : first);
    };
    const auto setYear = [&](const QString& digits) {
        end.year = digits.size() <= 2 ? 2000 + digits.toInt() : digits.toInt();
    };
    if (end.month) { // in words
        if (numbers.isEmpty() || numbers.size() > 2) {
            end.isUnderstood = false;
            return;
        }
        const bool yearFirst = numbers.size() == 2 && numbers[0].size() == 4;
        end.day = number(yearFirst ? 1 : 0);
        if (numbers.size() == 2)
            setYear(numbers[yearFirst ? 0 : 1]);
        return;
    }
    switch (numbers.size()) {
    case 0:
        return;
    case 1:
        end.day = number(0);
        return;
    case 2:
        setDayAndMonth(0);
        return;
    case 3:
        if (numbers[0].size() == 4) {
            setYear(numbers[0]);
            end.month = number(1);
            end.day = number(2);
        } else {
            setDayAndMonth(0);
            setYear(numbers[2]);
        }
        return;
    default:
        end.isUnderstood = false;
    }
}

End readEnd(QString text, const QLocale& locale)
{
    End end;
    static const QRegularExpression kTime(QStringLiteral("\\b(\\d{1,2}):(\\d{2})\\b"));
    if (const auto match = kTime.match(text); match.hasMatch()) {
        const int hour = match.captured(1).toInt();
        const int minute = match.captured(2).toInt();
        const bool isMidnight = hour == 24 && minute == 0;
        end.time = QTime(isMidnight ? 0 : hour, minute);
        end.isUnderstood = end.time->isValid();
        text.remove(match.capturedStart(), match.capturedLength());
    }
    static const QRegularExpression kOrdinal(QStringLiteral("(?<=\\d)(st|nd|rd|th)\\b"),
                                             QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression kSeparators(QStringLiteral("[\\s./,\\x{200e}\\x{200f}\\x{61c}]+"));
    text.remove(kOrdinal);
    QStringList numbers;
    for (const QString& word : text.split(kSeparators, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        word.toInt(&isNumber);
        if (isNumber)
            numbers << word;
        else if (const int month = monthNamed(word, locale); month > 0 && !end.month)
            end.month = month;
        else
            end.isUnderstood = false;
    }
    if (end.isUnderstood)
        takeNumbers(end, numbers, locale);
    return end;
}

/// The date it names; a missing year is the one that makes it the first on or after `earliest`.
QDate dateOf(const End& end, QDate earliest)
{
    if (!end.day || !end.month)
        return {};
    if (end.year)
        return QDate(*end.year, *end.month, *end.day);
    constexpr int kYears = 9; // until the next 29 February
    for (int year = earliest.year(); year < earliest.year() + kYears; ++year) {
        const QDate date(year, *end.month, *end.day);
        if (date.isValid() && date >= earliest)
            return date;
    }
    return {};
}

QStringList sides(QString text)
{
    // The hyphens of a date are no "until".
    static const QRegularExpression kIso(QStringLiteral("(\\d{4})-(\\d{1,2})-(\\d{1,2})"));
    static const QRegularExpression kHyphened(QStringLiteral("\\b(\\d{1,2})-(\\d{1,2})-(\\d{4})\\b"));
    static const QRegularExpression kUntil(QStringLiteral("\\s*(?:[-–—−]|\\bto\\b|\\buntil\\b)\\s*"),
                                           QRegularExpression::CaseInsensitiveOption);
    text.replace(kIso, QStringLiteral("\\1.\\2.\\3"));
    text.replace(kHyphened, QStringLiteral("\\1.\\2.\\3"));
    return text.split(kUntil);
}

const TypedWhen kNotUnderstood{std::nullopt, TypedWhen::Problem::NotUnderstood};

/// The times of whole local days, from the first to the last.
TimeRange daysFrom(QDate first, QDate last, const QTimeZone& zone)
{
    return {localDay(first, zone).start, localDay(last, zone).end};
}

bool isWholeDays(const TimeRange& when, const QTimeZone& zone)
{
    const auto isMidnight = [&](Instant instant) {
        return localDay(toLocalDate(instant, zone), zone).start == instant;
    };
    return isMidnight(when.start) && isMidnight(when.end);
}

QDate lastDay(const TimeRange& when, const QTimeZone& zone)
{
    return toLocalDate(when.end - std::chrono::milliseconds(1), zone);
}

} // namespace

TypedWhen readWhen(const QString& text, QDate today, const QTimeZone& zone, const QLocale& locale)
{
    const QStringList parts = sides(withPlainDigits(text).simplified());
    if (parts.size() > 2 || parts.front().isEmpty() || parts.back().isEmpty())
        return kNotUnderstood;
    End from = readEnd(parts.front(), locale);
    End until = parts.size() == 2 ? readEnd(parts.back(), locale) : End{};
    if (!from.isUnderstood || !until.isUnderstood || !from.hasDate())
        return kNotUnderstood;
    if (from.time && parts.size() == 2 && !until.time && until.day && !until.month && *until.day <= 24) {
        until.time = QTime(*until.day % 24, 0); // "13:00-15"
        until.day.reset();
    }
    if (from.time.has_value() != until.time.has_value())
        return kNotUnderstood;
    if (!from.month) { // "24.–26.12."
        from.month = until.month;
        from.year = until.year;
    }
    const bool borrowsYear =
        !from.year && until.year && from.month && until.month &&
        std::pair(*from.month, *from.day) <= std::pair(*until.month, until.day.value_or(1));
    if (borrowsYear) // "3.8. - 14.8.2026"
        from.year = until.year;
    const QDate first = dateOf(from, today);
    if (!until.month && until.day)
        until.month = from.month;
    const QDate last = until.hasDate() ? dateOf(until, first.isValid() ? first : today) : first;
    if (!first.isValid() || !last.isValid())
        return kNotUnderstood;
    const TimeRange when = from.time
                               ? TimeRange{toInstant(first, *from.time, zone),
                                           *until.time == QTime(0, 0) ? localDay(last, zone).end
                                                                      : toInstant(last, *until.time, zone)}
                               : daysFrom(first, last, zone);
    if (when.end <= when.start)
        return {std::nullopt, TypedWhen::Problem::EndNotAfterStart};
    return {when, TypedWhen::Problem::None};
}

QString shortWhenText(const TimeRange& when, const QTimeZone& zone, const QLocale& locale)
{
    const auto date = [&](QDate day) {
        QString format = locale.dateFormat(QLocale::ShortFormat);
        if (!format.contains(QLatin1String("yyyy")))
            format.replace(QLatin1String("yy"), QLatin1String("yyyy"));
        return locale.toString(day, format);
    };
    const QDate first = toLocalDate(when.start, zone);
    if (isWholeDays(when, zone)) {
        const QDate last = lastDay(when, zone);
        return first == last ? date(first) : date(first) + QStringLiteral(" – ") + date(last);
    }
    const QString from = localTime(when.start, zone).toString(QStringLiteral("HH:mm"));
    const QDateTime end = localTime(when.end, zone);
    // Midnight is the end of the day before it.
    const bool toMidnight = end.time() == QTime(0, 0);
    const QString until = toMidnight ? QStringLiteral("24:00") : end.toString(QStringLiteral("HH:mm"));
    const QDate last = toMidnight ? lastDay(when, zone) : end.date();
    if (first == last)
        return date(first) + u' ' + from + u'–' + until;
    return date(first) + u' ' + from + QStringLiteral(" – ") + date(last) + u' ' + until;
}

QString whenText(const TimeRange& when, const QTimeZone& zone)
{
    const QLocale locale;
    const QDate first = toLocalDate(when.start, zone);
    const auto span = [](const QString& from, const QString& until) {
        return QCoreApplication::translate("yarrow::When", "%1 – %2", "from – until, days or moments")
            .arg(from, until);
    };
    if (isWholeDays(when, zone)) {
        const QDate last = lastDay(when, zone);
        if (first == last)
            return locale.toString(first, QLocale::LongFormat);
        const int days = static_cast<int>(first.daysTo(last)) + 1;
        return joinFacts({span(longDateText(PartialDate(first)), longDateText(PartialDate(last))),
                          QCoreApplication::translate("yarrow::When", "%n day(s)", nullptr, days)});
    }
    const QDateTime from = localTime(when.start, zone);
    const QDateTime until = localTime(when.end, zone);
    if (from.date() == until.date())
        return joinFacts({locale.toString(first, QLocale::LongFormat),
                          span(timeText(from.time()), timeText(until.time()))});
    return span(joinFacts({longDateText(PartialDate(first)), timeText(from.time())}),
                joinFacts({longDateText(PartialDate(until.date())), timeText(until.time())}));
}

} // namespace yarrow
