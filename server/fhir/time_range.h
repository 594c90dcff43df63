// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server::fhir {

/// What a FHIR date, dateTime or instant covers, in microseconds since 1970 UTC: [from, to). "2025-03" is the
/// whole month, "…T07:30:00Z" one second, "…T07:30:00.25Z" a hundredth of it.
struct TimeRange
{
    std::int64_t from = 0;
    std::int64_t to = 0;
    bool hasTime = false;
    bool hasZone = false; ///< without one it counts as UTC
};

/// Nothing when `text` is none of the three. Seconds may be missing only where `mayLackSeconds`, as in
/// searches.
[[nodiscard]] std::optional<TimeRange> parseTime(std::string_view text, bool mayLackSeconds = false) noexcept;

/// "2026-05-04T07:30:00Z", with six digits of a second's fraction where there is one. Before the year 1
/// "-infinity", behind the year 9999 "infinity", as PostgreSQL reads them.
[[nodiscard]] std::string timeText(std::int64_t micros);

} // namespace yarrow::server::fhir
