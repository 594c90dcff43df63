// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/series.h"

#include <QDateTime>

#include <algorithm>

namespace yarrow {
namespace {

QDateTime localTimeOf(Instant instant, const QTimeZone& zone)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), zone);
}

/// How far a visit stands from its plan by the clock on the wall.
struct Offset
{
    qint64 days = 0;
    int milliseconds = 0;
    bool operator==(const Offset&) const = default;
};

Offset offsetOf(const Appointment& visit, const QTimeZone& zone)
{
    if (!visit.series || !hasTimes(visit))
        return {};
    const QDateTime planned = localTimeOf(visit.series->planned, zone);
    const QDateTime start = localTimeOf(visit.start, zone);
    return {planned.date().daysTo(start.date()),
            start.time().msecsSinceStartOfDay() - planned.time().msecsSinceStartOfDay()};
}

} // namespace

std::vector<Appointment> plannedVisits(const Appointment& first, const std::vector<TimeRange>& times,
                                       const std::string& id, const std::string& text)
{
    std::vector<Appointment> visits;
    visits.reserve(times.size());
    for (const TimeRange& time : times) {
        Appointment visit = first;
        visit.id = {};
        visit.start = time.start;
        visit.end = time.end;
        visit.series = SeriesPlace{id, text, time.start};
        visits.push_back(std::move(visit));
    }
    return visits;
}

bool mayFollow(const Appointment& visit, Instant now) noexcept
{
    const bool arrived =
        visit.status == AppointmentStatus::Arrived || visit.status == AppointmentStatus::CheckedIn;
    return isOpen(visit.status) && !arrived && hasTimes(visit) && visit.start > now;
}

std::vector<Appointment> inScope(const std::vector<Appointment>& series, const Appointment& at,
                                 SeriesScope scope, Instant now)
{
    std::vector<Appointment> found{at};
    for (const Appointment& visit : series) {
        if (scope == SeriesScope::This || visit.id == at.id || !visit.series || !at.series ||
            visit.series->series != at.series->series || !mayFollow(visit, now))
            continue;
        if (scope == SeriesScope::All || visit.series->planned > at.series->planned)
            found.push_back(visit);
    }
    if (at.series)
        std::stable_sort(found.begin(), found.end(), [](const Appointment& a, const Appointment& b) {
            return a.series->planned < b.series->planned;
        });
    return found;
}

bool keepsOwnTime(const Appointment& visit, const Appointment& seen, const Appointment& wished,
                  const QTimeZone& zone)
{
    return seen.start != wished.start && offsetOf(visit, zone) != offsetOf(seen, zone);
}

Appointment carriedOver(const Appointment& visit, const Appointment& seen, const Appointment& wished,
                        const QTimeZone& zone)
{
    Appointment now = visit;
    const auto carry = [&](auto Appointment::*member) {
        if (seen.*member != wished.*member)
            now.*member = wished.*member;
    };
    carry(&Appointment::status);
    carry(&Appointment::patient);
    carry(&Appointment::practitioner);
    carry(&Appointment::room);
    carry(&Appointment::device);
    carry(&Appointment::service);
    carry(&Appointment::description);
    carry(&Appointment::comment);
    carry(&Appointment::cancelReason);
    if (!seen.overbookReason.empty() && !visit.overbookReason.empty())
        carry(&Appointment::overbookReason);
    const auto length = wished.end - wished.start;
    const auto formerLength = seen.end - seen.start;
    if (seen.start != wished.start && !keepsOwnTime(visit, seen, wished, zone)) {
        const QDateTime from = localTimeOf(seen.start, zone);
        const QDateTime to = localTimeOf(wished.start, zone);
        const QDate day = localTimeOf(visit.start, zone).date().addDays(from.date().daysTo(to.date()));
        now.start = toInstant(day, to.time(), zone);
        now.end = now.start + (visit.end - visit.start);
        now.zone = wished.zone;
    }
    if (length != formerLength)
        now.end = now.start + length;
    return now;
}

} // namespace yarrow
