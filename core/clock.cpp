// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include <cstddef>

namespace yarrow {
namespace {

constexpr Instant kFirst{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
constexpr Instant kEnd{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};

void putDigits(char* at, int count, long value)
{
    for (int i = count - 1; i >= 0; --i, value /= 10)
        at[i] = static_cast<char>('0' + value % 10);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes the parts of a timestamp from the front of a text, one by one.
class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_rest(text)
    {}

    bool isAtEnd() const { return m_rest.empty(); }

    bool take(char wanted)
    {
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    /// Exactly `count` digits with a value of at most `highest`.
    bool takeNumber(std::size_t count, int highest, int& value)
    {
        if (m_rest.size() < count)
            return false;
        value = 0;
        for (const char c : m_rest.substr(0, count)) {
            if (!isDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }
        m_rest.remove_prefix(count);
        return value <= highest;
    }

    /// One or more decimals; only the first three count.
    bool takeMilliseconds(int& value)
    {
        std::size_t count = 0;
        value = 0;
        for (int weight = 100; count < m_rest.size() && isDigit(m_rest[count]); ++count, weight /= 10)
            value += (m_rest[count] - '0') * weight;
        m_rest.remove_prefix(count);
        return count > 0;
    }

    /// `Z`, or hours and minutes of at most 14:00 (FHIR's limit).
    bool takeZone(std::chrono::minutes& offset)
    {
        if (take('Z'))
            return true;
        const bool isEast = take('+');
        if (!isEast && !take('-'))
            return false;
        int hours = 0;
        int minutes = 0;
        if (!takeNumber(2, 14, hours) || !take(':') || !takeNumber(2, 59, minutes))
            return false;
        offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
        if (offset > std::chrono::hours(14))
            return false;
        if (!isEast)
            offset = -offset;
        return true;
    }

private:
    std::string_view m_rest;
};

} // namespace

Instant SystemClock::now() const
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string formatInstant(Instant instant)
{
    YARROW_ASSERT(instant >= kFirst && instant < kEnd);
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(instant - day);

    std::string text = "0000-00-00T00:00:00.000Z";
    putDigits(text.data(), 4, int(date.year()));
    putDigits(text.data() + 5, 2, static_cast<long>(unsigned(date.month())));
    putDigits(text.data() + 8, 2, static_cast<long>(unsigned(date.day())));
    putDigits(text.data() + 11, 2, time.hours().count());
    putDigits(text.data() + 14, 2, time.minutes().count());
    putDigits(text.data() + 17, 2, time.seconds().count());
    putDigits(text.data() + 20, 3, time.subseconds().count());
    return text;
}

Result<Instant> parseInstant(std::string_view text)
{
    Scanner scan(text);
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
    std::chrono::minutes offset{0};
    const bool isWellFormed =
        scan.takeNumber(4, 9999, year) && scan.take('-') && scan.takeNumber(2, 12, month) && scan.take('-') &&
        scan.takeNumber(2, 31, day) && scan.take('T') && scan.takeNumber(2, 23, hour) && scan.take(':') &&
        scan.takeNumber(2, 59, minute) && scan.take(':') && scan.takeNumber(2, 59, second) &&
        (!scan.take('.') || scan.takeMilliseconds(millisecond)) && scan.takeZone(offset) && scan.isAtEnd();
    if (!isWellFormed)
        return fail(ErrorCode::InvalidArgument, "instant");

    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return fail(ErrorCode::InvalidArgument, "instant");
    const Instant instant = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                            std::chrono::minutes(minute) + std::chrono::seconds(second) +
                            std::chrono::milliseconds(millisecond) - offset;
    if (instant < kFirst || instant >= kEnd)
        return fail(ErrorCode::InvalidArgument, "instant");
    return instant;
}

} // namespace yarrow
