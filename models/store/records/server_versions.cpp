// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/sync_records.h"

#include <charconv>
#include <chrono>

// What versions and times of servers say of their order.

namespace yarrow {
namespace {

/// Whether the fraction `a` of a second is before (-1) or behind (1) `b`: "25" is a quarter, as is "250".
int compareFractions(std::string_view a, std::string_view b) noexcept
{
    while (!a.empty() && a.back() == '0')
        a.remove_suffix(1);
    while (!b.empty() && b.back() == '0')
        b.remove_suffix(1);
    return a.compare(b);
}

std::string_view fractionOf(std::string_view instant) noexcept
{
    const std::size_t dot = instant.find('.');
    if (dot == std::string_view::npos)
        return {};
    const std::string_view rest = instant.substr(dot + 1);
    return rest.substr(0, rest.find_first_not_of("0123456789"));
}

} // namespace

std::optional<int> compareInstants(std::string_view a, std::string_view b)
{
    const auto first = parseInstant(a);
    const auto second = parseInstant(b);
    if (!first || !second)
        return std::nullopt;
    const auto firstSecond = std::chrono::floor<std::chrono::seconds>(*first);
    const auto secondSecond = std::chrono::floor<std::chrono::seconds>(*second);
    if (firstSecond != secondSecond)
        return firstSecond < secondSecond ? -1 : 1;
    return compareFractions(fractionOf(a), fractionOf(b));
}

std::int64_t sequenceOf(std::string_view versionId) noexcept
{
    const std::size_t dot = versionId.rfind('.');
    std::int64_t number = 0;
    if (dot != std::string_view::npos)
        std::from_chars(versionId.data() + dot + 1, versionId.data() + versionId.size(), number);
    return number;
}

std::string_view epochOf(std::string_view versionId) noexcept
{
    const std::size_t dot = versionId.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : versionId.substr(0, dot);
}

} // namespace yarrow
