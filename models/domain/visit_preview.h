// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/domain/appointment.h"
#include "models/domain/opening_hours.h"
#include "models/domain/openings.h"

#include <QString>
#include <QTimeZone>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// Time that an appointment holds.
struct BookedTime
{
    TimeRange when;
    TimeRange withBuffers; ///< `when` and what its visit type keeps free around it
    AppointmentId appointment;
    bool overbooked = false; ///< on purpose, so that it refuses nobody
    bool operator==(const BookedTime&) const = default;
};

/// Somebody or something that visits need: when it can be had, and what is booked.
struct PreviewActor
{
    BookableActor availability; ///< `busy` is not looked at
    std::vector<BookedTime> booked;
};

struct Buffers
{
    std::chrono::minutes before{0};
    std::chrono::minutes after{0};
    bool operator==(const Buffers&) const = default;
};

/// What the visits are held against.
struct PreviewQuery
{
    std::vector<Appointment> visits;             ///< as they are wished; those of no id are new
    std::map<AppointmentId, Appointment> before; ///< the others as they are stored
    std::map<std::string, PreviewActor> actors;  ///< by reference, "Practitioner/7"; all that visits name
    std::map<HealthcareServiceId, Buffers> buffers;
    WeeklyHours clinicHours;
    std::vector<Blockout> closures; ///< holidays and closed days of the whole clinic
    QTimeZone zone;
    Instant now;
    int daysAhead = 28; ///< how far a free time is looked for
};

enum class ObstacleKind {
    Holiday,      ///< the clinic is closed on purpose; `reason` says why
    Closed,       ///< outside the clinic's hours
    Blocked,      ///< the actor is not available; `reason` says why
    OutsideHours, ///< outside the actor's hours
    Taken,        ///< the actor is booked by `other`; saving refuses it, unless it is overbooked on purpose
    Buffer,       ///< the time kept free around `other`, or around this visit, is not free
    Past,         ///< it would begin before now
};

struct VisitObstacle
{
    ObstacleKind kind = ObstacleKind::Taken;
    std::string actor; ///< by reference; empty when it is the clinic
    QString reason;
    AppointmentId other; ///< may be another visit of the same save, then empty when that is new
    bool operator==(const VisitObstacle&) const = default;
};

struct VisitPreview
{
    Appointment visit;
    std::vector<VisitObstacle> obstacles; ///< empty: nothing stands in the way
    std::optional<TimeRange> nextFree;    ///< with obstacles: when the same people and things are next free
    bool operator==(const VisitPreview&) const = default;
};

/// Whether it holds the same time of the same people and things, and by the same right: a clash that it had
/// is no reason to refuse a change of something else.
[[nodiscard]] bool holdsTheSame(const Appointment& before, const Appointment& now) noexcept;

/// Whether saving would be refused for it: somebody is booked already.
[[nodiscard]] bool isRefused(const VisitPreview& preview) noexcept;

/// One for each visit, in the order given. Visits that hold nothing, and those that hold what they held
/// before, have no obstacles. What the visits
/// themselves held until now is not in their way, and the free times offered overlap neither each other nor
/// other visits of the query. A pure function. Errors as with findOpenings().
[[nodiscard]] Result<std::vector<VisitPreview>> previewVisits(const PreviewQuery& query);

} // namespace yarrow
