// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/birth_date_text.h"

#include "ui/widgets/date_words.h"

#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace yarrow {

namespace {

int fullYear(const QString& digits, QDate today)
{
    const int year = digits.toInt();
    if (digits.size() > 2)
        return year;
    const int century = today.year() / 100 * 100;
    return century + year > today.year() ? century - 100 + year : century + year;
}

std::optional<PartialDate> dayOf(int year, int month, int day)
{
    const QDate date(year, month, day);
    return date.isValid() ? std::optional(PartialDate(date)) : std::nullopt;
}

std::optional<PartialDate> monthOf(int year, int month)
{
    const QString text =
        QStringLiteral("%1-%2").arg(year, 4, 10, QLatin1Char('0')).arg(month, 2, 10, QLatin1Char('0'));
    const auto date = PartialDate::parse(text.toStdString());
    return date ? std::optional(*date) : std::nullopt;
}

std::optional<PartialDate> yearOf(int year)
{
    const auto date =
        PartialDate::parse(QStringLiteral("%1").arg(year, 4, 10, QLatin1Char('0')).toStdString());
    return date ? std::optional(*date) : std::nullopt;
}

std::optional<PartialDate> fromThree(const QStringList& parts, QDate today, bool dayLeads)
{
    if (parts[0].size() == 4)
        return dayOf(parts[0].toInt(), parts[1].toInt(), parts[2].toInt());
    const int year = fullYear(parts[2], today);
    const std::pair<int, int> leading{parts[0].toInt(), parts[1].toInt()};
    const auto usual =
        dayLeads ? dayOf(year, leading.second, leading.first) : dayOf(year, leading.first, leading.second);
    if (usual)
        return usual;
    return dayLeads ? dayOf(year, leading.first, leading.second) : dayOf(year, leading.second, leading.first);
}

std::optional<PartialDate> fromWords(const QStringList& parts, QDate today, const QLocale& locale)
{
    int month = 0;
    QStringList numbers;
    for (const QString& part : parts) {
        if (part.at(0).isDigit())
            numbers << part;
        else if (month == 0)
            month = monthNamed(part, locale);
        else
            return std::nullopt;
    }
    if (month == 0 || numbers.isEmpty() || numbers.size() > 2)
        return std::nullopt;
    const int year = fullYear(numbers.last(), today);
    return numbers.size() == 1 ? monthOf(year, month) : dayOf(year, month, numbers.first().toInt());
}

} // namespace

std::optional<PartialDate> readBirthDate(const QString& text, QDate today, const QLocale& locale)
{
    QString plain = withPlainDigits(text);
    static const QRegularExpression kSeparators(QStringLiteral("[\\s./,\\-]+"));
    static const QRegularExpression kOrdinal(QStringLiteral("(?<=\\d)(st|nd|rd|th)\\b"),
                                             QRegularExpression::CaseInsensitiveOption);
    plain.remove(kOrdinal);
    const QStringList parts = plain.split(kSeparators, Qt::SkipEmptyParts);
    if (parts.isEmpty())
        return PartialDate();

    static const QRegularExpression kNumber(QStringLiteral("^\\d+$"));
    const bool onlyNumbers = std::all_of(parts.begin(), parts.end(),
                                         [](const QString& part) { return kNumber.match(part).hasMatch(); });
    if (!onlyNumbers)
        return fromWords(parts, today, locale);
    if (std::any_of(parts.begin(), parts.end(), [](const QString& part) { return part.size() > 8; }))
        return std::nullopt;

    const bool dayLeads = dayFirst(locale);
    if (parts.size() == 3)
        return fromThree(parts, today, dayLeads);
    if (parts.size() == 2)
        return parts[0].size() == 4 ? monthOf(parts[0].toInt(), parts[1].toInt())
                                    : monthOf(fullYear(parts[1], today), parts[0].toInt());
    const QString& digits = parts[0];
    if (digits.size() == 4)
        return yearOf(digits.toInt());
    if (digits.size() == 6 || digits.size() == 8) {
        const auto joined = fromThree({digits.left(2), digits.mid(2, 2), digits.mid(4)}, today, dayLeads);
        if (digits.size() == 6 ||
            (joined && joined->earliest() <= today && joined->earliest().year() >= 1800))
            return joined;
        return dayOf(digits.left(4).toInt(), digits.mid(4, 2).toInt(), digits.mid(6).toInt());
    }
    return std::nullopt;
}

} // namespace yarrow
