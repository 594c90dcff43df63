// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"

#include <QDate>
#include <QTime>
#include <QTimeZone>

#include <optional>
#include <string>
#include <string_view>

namespace yarrow::ctl {

/// A time as it was typed: `2026-03-29` (midnight), `2026-03-29T14:30` (or with a space, or seconds), both on
/// the clinic's wall clock, or an instant with its zone, `2026-03-29T12:30:00Z`.
class GivenTime
{
public:
    /// InvalidArgument when it is none of these.
    [[nodiscard]] static Result<GivenTime> parse(std::string_view typed);

    [[nodiscard]] Instant in(const QTimeZone& zone) const;

private:
    GivenTime() = default;
    std::optional<Instant> m_instant;
    QDate m_day;
    QTime m_time;
};

/// `2026-03-29`, `today`, `tomorrow` or `yesterday`; nothing when it is none of these.
[[nodiscard]] std::optional<QDate> parseDay(std::string_view typed, QDate today);

/// On the clinic's wall clock, with its offset: `2026-03-29T14:30:00+02:00`, or for people
/// `2026-03-29 14:30+02:00`.
[[nodiscard]] std::string localText(Instant instant, const QTimeZone& zone);
[[nodiscard]] std::string localTextForPeople(Instant instant, const QTimeZone& zone);

} // namespace yarrow::ctl
