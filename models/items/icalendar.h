// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/appointment.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <vector>

namespace yarrow {

/// An appointment as another calendar gets to see it. Empty texts are left out.
struct CalendarEvent
{
    AppointmentId id;
    Instant start;
    Instant end;
    AppointmentStatus status = AppointmentStatus::Booked;
    std::int64_t sequence = 0; ///< grows with every change, so that a newer file replaces an older one
    QString summary;
    QString location;
    QString description;
};

/// A calendar file of RFC 5545: times in UTC, lines of at most 75 octets that never part a character, CRLF.
[[nodiscard]] QByteArray iCalendar(const std::vector<CalendarEvent>& events, const QString& name,
                                   Instant now);

} // namespace yarrow
