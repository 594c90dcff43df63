// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/id.h"
#include "models/domain/appointment.h"
#include "models/domain/opening_hours.h"

#include <QTimeZone>

#include <chrono>
#include <optional>
#include <vector>

namespace yarrow {

/// Somebody or something whose time is needed: hours in which it can be had, less its blockouts and bookings.
struct BookableActor
{
    WeeklyHours hours; ///< none given: the clinic's hours; without those either, it cannot be had
    std::vector<Blockout> blockouts;
    std::vector<TimeRange>
        busy; ///< of appointments that hold a slot, with their buffers; in any order, may overlap
    bool operator==(const BookableActor&) const = default;
};

/// Practitioners, rooms and devices of which one each is needed. An empty list means that none is needed;
/// with all three empty, the clinic's hours are searched.
struct OpeningsQuery
{
    std::chrono::minutes duration{15};   ///< 1 minute to 24 hours
    Instant earliest;                    ///< no opening starts before it
    int days = 14;                       ///< local days to look at, from the day of `earliest`; 1 to 366
    std::optional<LocalRange> timeOfDay; ///< the opening lies inside it, in local time, on one day
    std::chrono::minutes grid{5}; ///< starts are multiples of it, counted from each local hour; 1 to 60
    std::size_t limit = 50;
    /// Kept free of bookings before and after the opening; they may lie outside of the hours.
    std::chrono::minutes bufferBefore{0}; ///< 0 to 24 hours
    std::chrono::minutes bufferAfter{0};  ///< 0 to 24 hours
    WeeklyHours clinicHours;
    std::vector<Blockout> closures; ///< of the whole clinic: nobody can be had then
    QTimeZone zone;
    std::vector<std::pair<PractitionerId, BookableActor>> practitioners;
    std::vector<std::pair<LocationId, BookableActor>> rooms;
    std::vector<std::pair<DeviceId, BookableActor>> devices;
};

struct Opening
{
    TimeRange when;
    PractitionerId practitioner; ///< empty when none was asked for; so with room and device
    LocationId room;
    DeviceId device;
    bool operator==(const Opening&) const = default;
};

/// The first `limit` openings by start, then by the order the actors were given in. For each practitioner a
/// start is offered once, with the first free room and device; successive openings of one practitioner do not
/// overlap, nor do their buffers. An opening may cross midnight where the hours of both days meet, but not
/// the end of the last day. A pure function; right across daylight saving: a 30-minute opening always lasts
/// 30 real minutes. InvalidArgument names what of the query is out of range: "duration", "earliest" (before
/// the year 1 or after 9998), "days", "timeOfDay", "grid", "buffer" or "zone".
[[nodiscard]] Result<std::vector<Opening>> findOpenings(const OpeningsQuery& query);

/// Openings for visits one after the other, all with the same practitioner: the first `limit`, each with one
/// opening for every visit, in their order. Between two of them lie their buffers and nothing else. What the
/// visits need (duration, buffers, rooms, devices) is each query's own; everything else, and the
/// practitioners too, is taken from the first one. A start of the first visit is on the grid. Errors as with
/// findOpenings(), and "visits" without any.
[[nodiscard]] Result<std::vector<std::vector<Opening>>>
findOpeningsInARow(const std::vector<OpeningsQuery>& visits);

/// What a person asks for; who and what there is in the clinic is added by who knows it. Limits as in
/// OpeningsQuery.
struct OpeningsRequest
{
    std::chrono::minutes duration{15};
    std::optional<PractitionerId> practitioner; ///< any when not given
    /// The visit type: its buffers are kept free, and one of its rooms and devices is needed.
    HealthcareServiceId service;
    bool needsRoom = true;          ///< a visit type may need none all the same
    std::optional<LocationId> room; ///< this one, whatever the visit type asks for
    std::optional<DeviceId> device; ///< this one
    Instant earliest;
    int days = 14;
    std::optional<LocalRange> timeOfDay;
    int limit = 20;
};

} // namespace yarrow
