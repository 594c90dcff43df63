// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/appointment.h"
#include "models/domain/recurrence.h"

#include <QTimeZone>

#include <string>
#include <vector>

namespace yarrow {

/// What of a series a change concerns: the visit it was made at, those planned after it as well, or all.
enum class SeriesScope { This, Following, All };

/// One visit per time, each a copy of `first` with a place in the series `id`. `text` is the rule as
/// recurrenceText() gives it.
[[nodiscard]] std::vector<Appointment> plannedVisits(const Appointment& first,
                                                     const std::vector<TimeRange>& times,
                                                     const std::string& id, const std::string& text);

/// Whether a change made to another visit of its series may reach it: it is still to come at `now` and nobody
/// has arrived. What took place or was called off stays as it is.
[[nodiscard]] bool mayFollow(const Appointment& visit, Instant now) noexcept;

/// Of a series' visits, in any order, those that a change made at `at` concerns, by planned start: `at`
/// itself, and of the others in scope those that may follow.
[[nodiscard]] std::vector<Appointment> inScope(const std::vector<Appointment>& series, const Appointment& at,
                                               SeriesScope scope, Instant now);

/// The change that made `wished` of `seen`, made to another visit of the series: the elements that differ are
/// set, the others stay. Of the reason for overbooking only another one, or none, is carried over, and to
/// visits that have one: each was booked over something of its own. A new start moves it by as many days and
/// to the same local time of day, provided it stands where its plan had it, as far off as `seen` did; one
/// that was moved on its own keeps its time.
[[nodiscard]] Appointment carriedOver(const Appointment& visit, const Appointment& seen,
                                      const Appointment& wished, const QTimeZone& zone);

/// Whether `visit` would keep its time for that reason.
[[nodiscard]] bool keepsOwnTime(const Appointment& visit, const Appointment& seen, const Appointment& wished,
                                const QTimeZone& zone);

} // namespace yarrow
