// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/appointment.h"
#include "ui/theme/theme.h"

#include <Qt>

#include <optional>

namespace yarrow {

/// How a status looks wherever the calendar shows it: never by colour alone.
struct StatusLook
{
    ColorToken ink = ColorToken::TextMuted;
    ColorToken fill = ColorToken::SurfaceSunken;
    const char16_t* icon = u"clock"; ///< of resources/icons
};

[[nodiscard]] constexpr StatusLook lookOf(AppointmentStatus status) noexcept
{
    switch (status) {
    case AppointmentStatus::Booked:
        return {ColorToken::Info, ColorToken::InfoSoft, u"calendar"};
    case AppointmentStatus::Arrived:
        return {ColorToken::Warn, ColorToken::WarnSoft, u"door-in"};
    case AppointmentStatus::CheckedIn:
        return {ColorToken::Accent, ColorToken::AccentSoft, u"stethoscope"};
    case AppointmentStatus::Fulfilled:
        return {ColorToken::Good, ColorToken::GoodSoft, u"check-circle"};
    case AppointmentStatus::NoShow:
        return {ColorToken::Bad, ColorToken::BadSoft, u"user-x"};
    case AppointmentStatus::Cancelled:
    case AppointmentStatus::EnteredInError:
        return {ColorToken::TextMuted, ColorToken::SurfaceSunken, u"ban"};
    case AppointmentStatus::Proposed:
    case AppointmentStatus::Pending:
    case AppointmentStatus::Waitlist:
        break;
    }
    return {ColorToken::TextMuted, ColorToken::SurfaceSunken, u"clock"};
}

/// The status that a key gives the chosen appointment, in the day and on the board; a value of Qt::Key.
[[nodiscard]] constexpr std::optional<AppointmentStatus> statusOfKey(int key) noexcept
{
    switch (key) {
    case Qt::Key_E:
        return AppointmentStatus::Booked;
    case Qt::Key_A:
        return AppointmentStatus::Arrived;
    case Qt::Key_R:
        return AppointmentStatus::CheckedIn;
    case Qt::Key_D:
        return AppointmentStatus::Fulfilled;
    case Qt::Key_N:
        return AppointmentStatus::NoShow;
    case Qt::Key_X:
        return AppointmentStatus::Cancelled;
    default:
        return std::nullopt;
    }
}

} // namespace yarrow
