// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QDate>

#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// A FHIR `date`: a year, a month of a year, or a day. What is not known stays unknown.
/// Order: by what is known, the less precise first among equals (2025 < 2025-03 < 2025-03-01).
class PartialDate
{
public:
    enum class Precision { None, Year, Month, Day };

    PartialDate() = default;         ///< nothing known
    explicit PartialDate(QDate day); ///< an invalid day gives "nothing known"

    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (years 0001–9999, a real calendar day); InvalidArgument otherwise.
    [[nodiscard]] static Result<PartialDate> parse(std::string_view text);

    [[nodiscard]] Precision precision() const noexcept { return m_precision; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_precision == Precision::None; }
    /// The first day it can mean; invalid when nothing is known.
    [[nodiscard]] QDate earliest() const noexcept { return m_first; }
    [[nodiscard]] QDate latest() const noexcept;
    /// As FHIR writes it; empty when nothing is known.
    [[nodiscard]] std::string text() const;
    bool operator==(const PartialDate&) const = default;
    [[nodiscard]] bool operator<(const PartialDate& other) const noexcept;

private:
    QDate m_first;
    Precision m_precision = Precision::None;
};

/// Whole years between birth and `today`; nothing when the birth year is unknown or lies ahead. With a
/// partial birth date the earliest possible day counts. Someone born on 29 February turns older on 1 March.
[[nodiscard]] std::optional<int> ageInYears(const PartialDate& birth, QDate today) noexcept;

} // namespace yarrow
