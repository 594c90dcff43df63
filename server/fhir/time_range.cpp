// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/time_range.h"

#include <chrono>
#include <cstdio>

namespace yarrow::server::fhir {
namespace {

using std::chrono::sys_days;
using Micros = std::chrono::microseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Micros>;

constexpr std::chrono::year kFirstYear{1};
constexpr std::chrono::year kLastYear{9999};

constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

class Scanner
{
public:
    explicit Scanner(std::string_view text) noexcept
        : m_rest(text)
    {}

    [[nodiscard]] bool atEnd() const noexcept { return m_rest.empty(); }

    bool take(char c) noexcept
    {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    /// Exactly so many digits, up to `most`.
    bool number(std::size_t digits, int most, int& value) noexcept
    {
        if (m_rest.size() < digits)
            return false;
        value = 0;
        for (const char c : m_rest.substr(0, digits)) {
            if (!isDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }
        m_rest.remove_prefix(digits);
        return value <= most;
    }

    /// Digits behind the point: at least one; those behind the sixth count for nothing.
    bool fraction(std::int64_t& micros, std::int64_t& step) noexcept
    {
        if (m_rest.empty() || !isDigit(m_rest.front()))
            return false;
        for (; !m_rest.empty() && isDigit(m_rest.front()); m_rest.remove_prefix(1)) {
            if (step == 1)
                continue;
            step /= 10;
            micros += step * (m_rest.front() - '0');
        }
        return true;
    }

    bool zone(std::chrono::minutes& offset) noexcept
    {
        if (take('Z'))
            return true;
        const bool isWest = !m_rest.empty() && m_rest.front() == '-';
        int hours = 0;
        int minutes = 0;
        if ((!take('+') && !take('-')) || !number(2, 14, hours) || !take(':') || !number(2, 59, minutes))
            return false;
        offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
        if (isWest)
            offset = -offset;
        return true;
    }

private:
    std::string_view m_rest;
};

TimeRange spanOf(sys_days first, sys_days end) noexcept
{
    return {Time(first).time_since_epoch().count(), Time(end).time_since_epoch().count()};
}

} // namespace

std::optional<TimeRange> parseTime(std::string_view text, bool mayLackSeconds) noexcept
{
    using namespace std::chrono;
    Scanner scan(text);
    int y = 0;
    int m = 1;
    int d = 1;
    if (!scan.number(4, 9999, y) || y == 0)
        return std::nullopt;
    if (scan.atEnd())
        return spanOf(year(y) / January / 1, year(y + 1) / January / 1);
    if (!scan.take('-') || !scan.number(2, 12, m) || m == 0)
        return std::nullopt;
    const year_month yearMonth = year(y) / month(static_cast<unsigned>(m));
    if (scan.atEnd())
        return spanOf(yearMonth / 1, (yearMonth + months(1)) / 1);
    if (!scan.take('-') || !scan.number(2, 31, d))
        return std::nullopt;
    const year_month_day date = yearMonth / day(static_cast<unsigned>(d));
    if (!date.ok())
        return std::nullopt;
    if (scan.atEnd())
        return spanOf(date, sys_days(date) + days(1));

    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!scan.take('T') || !scan.number(2, 23, hour) || !scan.take(':') || !scan.number(2, 59, minute))
        return std::nullopt;
    std::int64_t micros = 0;
    std::int64_t step = Micros(seconds(1)).count();
    if (scan.take(':')) {
        if (!scan.number(2, 60, second)) // 60: a leap second
            return std::nullopt;
        if (scan.take('.') && !scan.fraction(micros, step))
            return std::nullopt;
    } else if (mayLackSeconds) {
        step = Micros(minutes(1)).count();
    } else {
        return std::nullopt;
    }
    minutes offset{0};
    const bool hasZone = !scan.atEnd();
    if (hasZone && (!scan.zone(offset) || !scan.atEnd()))
        return std::nullopt;
    const Time from =
        sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + Micros(micros) - offset;
    const std::int64_t start = from.time_since_epoch().count();
    return TimeRange{start, start + step, true, hasZone};
}

std::string timeText(std::int64_t micros)
{
    using namespace std::chrono;
    const Time time{Micros(micros)};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    if (date.year() < kFirstYear)
        return "-infinity";
    if (date.year() > kLastYear)
        return "infinity";
    const hh_mm_ss<Micros> clock{time - day};
    char text[64];
    int length =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
    std::string out(text, static_cast<std::size_t>(length));
    if (const auto fraction = clock.subseconds().count(); fraction != 0) {
        length = std::snprintf(text, sizeof text, ".%06d", static_cast<int>(fraction));
        out.append(text, static_cast<std::size_t>(length));
    }
    return out += 'Z';
}

} // namespace yarrow::server::fhir
