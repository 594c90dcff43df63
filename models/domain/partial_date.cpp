// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/partial_date.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

namespace yarrow {
namespace {

/// The number that `digits` spells; -1 when something else than a digit is among them.
int number(std::string_view digits) noexcept
{
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

} // namespace

PartialDate::PartialDate(QDate day)
{
    if (!day.isValid())
        return;
    m_first = day;
    m_precision = Precision::Day;
}

Result<PartialDate> PartialDate::parse(std::string_view text)
{
    const bool hasMonth = text.size() >= 7;
    const bool hasDay = text.size() == 10;
    if ((text.size() != 4 && text.size() != 7 && !hasDay) || (hasMonth && text[4] != '-') ||
        (hasDay && text[7] != '-'))
        return fail(ErrorCode::InvalidArgument, "date");

    const int year = number(text.substr(0, 4));
    const int month = hasMonth ? number(text.substr(5, 2)) : 1;
    const int day = hasDay ? number(text.substr(8, 2)) : 1;
    if (year < 1 || !QDate::isValid(year, month, day))
        return fail(ErrorCode::InvalidArgument, "date");

    PartialDate date;
    date.m_first = QDate(year, month, day);
    date.m_precision = hasDay ? Precision::Day : hasMonth ? Precision::Month : Precision::Year;
    return date;
}

QDate PartialDate::latest() const noexcept
{
    switch (m_precision) {
    case Precision::Year:
        return QDate(m_first.year(), 12, 31);
    case Precision::Month:
        return QDate(m_first.year(), m_first.month(), m_first.daysInMonth());
    case Precision::None:
    case Precision::Day:
        break;
    }
    return m_first;
}

std::string PartialDate::text() const
{
    if (isEmpty())
        return {};
    std::array<char, 32> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02d", m_first.year(),
                                     m_first.month(), m_first.day());
    const int wanted = m_precision == Precision::Year ? 4 : m_precision == Precision::Month ? 7 : 10;
    return {buffer.data(), static_cast<std::size_t>(std::min(length, wanted))};
}

bool PartialDate::operator<(const PartialDate& other) const noexcept
{
    return std::tie(m_first, m_precision) < std::tie(other.m_first, other.m_precision);
}

std::optional<int> ageInYears(const PartialDate& birth, QDate today) noexcept
{
    const QDate born = birth.earliest();
    if (!born.isValid() || !today.isValid() || born > today)
        return std::nullopt;
    const bool birthdayAhead = std::pair(today.month(), today.day()) < std::pair(born.month(), born.day());
    return today.year() - born.year() - (birthdayAhead ? 1 : 0);
}

} // namespace yarrow
