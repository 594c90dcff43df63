// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/local_timeline.h"
#include "models/domain/recurrence.h"
#include "models/fhir/demo/demo_data.h"

#include <algorithm>
#include <map>
#include <set>

namespace yarrow::demo {
namespace {

using std::chrono::minutes;

constexpr int kDaysBack = 21;
constexpr int kDaysAhead = 28;
constexpr minutes kGrid{5};
constexpr int kSeriesWeeks = 4;
constexpr minutes kPause{15}; ///< how long a practitioner waits where nothing is booked

/// How many of a hundred chances for a visit are taken, by days from today.
int demand(int dayOffset)
{
    if (dayOffset < 0)
        return 65;
    return dayOffset == 0 ? 60 : std::max(15, 55 - 2 * dayOffset);
}

class Diary
{
public:
    Diary(const Json& data, const Staff& staff, const std::vector<Patient>& patients, QDate today,
          const QTimeZone& zone)
        : m_data(data)
        , m_staff(staff)
        , m_today(today)
        , m_zone(zone)
        , m_timeline(zone, localDay(today.addDays(-kDaysBack), zone).start,
                     localDay(today.addDays(kDaysAhead), zone).end)
        , m_now(toInstant(today, QTime(11, 0), zone))
    {
        for (const Patient& patient : patients) {
            if (patient.active)
                (ageInYears(patient.birthDate, today).value_or(50) < 18 ? m_children : m_adults)
                    .push_back(patient.id);
        }
    }

    std::vector<Appointment> fill()
    {
        for (int offset = -kDaysBack; offset <= kDaysAhead; ++offset) {
            m_seenToday.clear();
            for (std::size_t i = 0; i < m_staff.roles.size(); ++i)
                fillDay(i, offset);
        }
        addOverbooking();
        addSeries();
        return std::move(m_visits);
    }

private:
    void fillDay(std::size_t practitioner, int offset)
    {
        const PractitionerRole& role = m_staff.roles[practitioner];
        std::vector<TimeRange> hours;
        m_timeline.appendHours(role.hours, m_today.addDays(offset), hours);
        std::vector<TimeRange> blocked;
        for (const Blockout& blockout : role.blockouts)
            blocked.push_back(blockout.when);
        for (const TimeRange& free :
             difference(normalized(std::move(hours)), normalized(std::move(blocked)))) {
            Instant at = m_timeline.nextOnGrid(free.start, kGrid);
            while (at + minutes(10) <= free.end)
                at = fillFrom(practitioner, offset, at, free.end);
        }
    }

    /// Books a visit there or leaves a pause; the time from which to go on.
    Instant fillFrom(std::size_t practitioner, int offset, Instant at, Instant until)
    {
        const Json& entry = m_data["practitioners"][practitioner];
        const auto service = static_cast<std::size_t>(*m_dice.pick(entry["services"]).integer());
        const minutes length = m_staff.services[service].defaultDuration;
        // Somebody is always there at the hour the demo shows.
        const bool isNow = at <= m_now && m_now < at + length;
        const TimeRange when{at, at + length};
        if (when.end > until || (!isNow && !m_dice.chance(demand(offset))))
            return at + kPause;
        const LocationId room = freeRoom(static_cast<std::size_t>(*entry["room"].integer()), when);
        if (room.isEmpty())
            return at + kPause;

        Appointment visit;
        visit.id = AppointmentId::known(
            idFor("Appointment", std::to_string(practitioner) + "/" + formatInstant(at)));
        visit.start = when.start;
        visit.end = when.end;
        visit.patient = anyPatient(entry["adults"].boolean() == true);
        visit.practitioner = m_staff.roles[practitioner].practitioner;
        visit.room = room;
        visit.service = m_staff.services[service].id;
        visit.description = toText(m_dice.pick(m_data["services"][service]["reasons"]));
        if (m_dice.chance(8))
            visit.comment = toText(m_dice.pick(m_data["comments"]));
        visit.zone = m_zone.id().toStdString();
        visit.status = statusOf(visit);
        if (visit.status == AppointmentStatus::Cancelled)
            visit.cancelReason = m_dice.chance(70) ? "pat" : "prov";
        m_takenRooms[room].push_back(when);
        m_visits.push_back(std::move(visit));
        return when.end;
    }

    AppointmentStatus statusOf(const Appointment& visit)
    {
        using Status = AppointmentStatus;
        const bool isPast = visit.end <= m_now;
        const bool isNow = visit.start <= m_now && m_now < visit.end;
        if (!isNow && m_dice.chance(isPast ? 7 : 4))
            return Status::Cancelled;
        if (isPast)
            return m_dice.chance(5) ? Status::NoShow : Status::Fulfilled;
        if (isNow)
            return Status::CheckedIn;
        if (visit.start < m_now + minutes(45))
            return Status::Arrived;
        return m_dice.chance(3) ? Status::Pending : Status::Booked;
    }

    /// The practitioner's own room, or else any; empty when all are taken.
    LocationId freeRoom(std::size_t usual, const TimeRange& when)
    {
        for (std::size_t i = 0; i < m_staff.rooms.size(); ++i) {
            const LocationId& room = m_staff.rooms[(usual + i) % m_staff.rooms.size()];
            const auto& taken = m_takenRooms[room];
            const bool isFree = std::none_of(taken.begin(), taken.end(), [&when](const TimeRange& other) {
                return other.start < when.end && when.start < other.end;
            });
            if (isFree)
                return room;
        }
        return {};
    }

    /// Nobody comes twice on one day.
    PatientId anyPatient(bool adult)
    {
        const std::vector<PatientId>& group = adult ? m_adults : m_children;
        for (;;) {
            const PatientId& patient =
                group[static_cast<std::size_t>(m_dice.roll(static_cast<int>(group.size())))];
            if (m_seenToday.insert(patient).second)
                return patient;
        }
    }

    /// One more patient over the first visit after now, on purpose.
    void addOverbooking()
    {
        const auto next = std::find_if(m_visits.begin(), m_visits.end(), [this](const Appointment& visit) {
            return visit.status == AppointmentStatus::Booked && visit.start > m_now;
        });
        if (next == m_visits.end())
            return;
        m_seenToday.clear();
        const QDate day = m_timeline.dayOf(next->start);
        for (const Appointment& visit : m_visits) {
            if (m_timeline.dayOf(visit.start) == day)
                m_seenToday.insert(visit.patient);
        }
        Appointment extra = *next;
        extra.id = AppointmentId::known(idFor("Appointment", "overbooked/" + formatInstant(next->start)));
        extra.end = extra.start + minutes(15);
        extra.patient = anyPatient(true);
        extra.description = toText(m_data["overbookReason"]);
        extra.overbookReason = m_data["overbookReason"].string();
        extra.comment.clear();
        m_visits.push_back(std::move(extra));
    }

    /// One of the next visits comes back every week, where that time is free.
    void addSeries()
    {
        const auto isNext = [this](const Appointment& visit) {
            return visit.status == AppointmentStatus::Booked && visit.start > m_now &&
                   visit.overbookReason.empty();
        };
        const auto first = std::find_if(m_visits.begin(), m_visits.end(), isNext);
        if (first == m_visits.end())
            return;
        const QDate day = m_timeline.dayOf(first->start);
        std::vector<Appointment> best;
        std::size_t at = 0;
        for (std::size_t i = 0; i < m_visits.size(); ++i) {
            if (!isNext(m_visits[i]) || m_timeline.dayOf(m_visits[i].start) != day)
                continue;
            auto later = weeksAfter(m_visits[i]);
            if (later.size() > best.size()) {
                best = std::move(later);
                at = i;
            }
        }
        if (best.empty())
            return;
        Recurrence recurrence;
        recurrence.rule.count = kSeriesWeeks;
        for (int week = 1; week < kSeriesWeeks; ++week) {
            const QDate then = day.addDays(7 * week);
            if (std::none_of(best.begin(), best.end(),
                             [&](const Appointment& visit) { return m_timeline.dayOf(visit.start) == then; }))
                recurrence.excluded.push_back(then);
        }
        const std::string series = idFor("Appointment", "series");
        const std::string rule = recurrenceText(recurrence, m_zone);
        for (Appointment& visit : best) {
            visit.series = SeriesPlace{series, rule, visit.start};
            m_visits.push_back(std::move(visit));
        }
        m_visits[at].series = SeriesPlace{series, rule, m_visits[at].start};
    }

    /// Copies of the visit in the weeks after it, as far as everybody is there and free.
    std::vector<Appointment> weeksAfter(const Appointment& first) const
    {
        std::vector<Appointment> found;
        const QDate day = m_timeline.dayOf(first.start);
        const QTime time =
            QDateTime::fromMSecsSinceEpoch(first.start.time_since_epoch().count(), m_zone).time();
        for (int week = 1; week < kSeriesWeeks; ++week) {
            Appointment visit = first;
            visit.id = AppointmentId::known(idFor("Appointment", "series/" + std::to_string(week)));
            visit.start = toInstant(day.addDays(7 * week), time, m_zone);
            visit.end = visit.start + (first.end - first.start);
            visit.comment.clear();
            if (works(visit) && isFree(visit))
                found.push_back(std::move(visit));
        }
        return found;
    }

    bool works(const Appointment& visit) const
    {
        const TimeRange when{visit.start, visit.end};
        for (const PractitionerRole& role : m_staff.roles) {
            if (role.practitioner != visit.practitioner)
                continue;
            std::vector<TimeRange> hours;
            m_timeline.appendHours(role.hours, m_timeline.dayOf(visit.start), hours);
            const bool isBlocked =
                std::any_of(role.blockouts.begin(), role.blockouts.end(), [&](const Blockout& blockout) {
                    return blockout.when.start < when.end && when.start < blockout.when.end;
                });
            return !isBlocked && difference({when}, normalized(std::move(hours))).empty();
        }
        return false;
    }

    bool isFree(const Appointment& visit) const
    {
        return std::none_of(m_visits.begin(), m_visits.end(), [&](const Appointment& other) {
            const bool meets = other.start < visit.end && visit.start < other.end;
            return (meets && (other.practitioner == visit.practitioner || other.room == visit.room)) ||
                   (other.patient == visit.patient &&
                    m_timeline.dayOf(other.start) == m_timeline.dayOf(visit.start));
        });
    }

    const Json& m_data;
    const Staff& m_staff;
    QDate m_today;
    const QTimeZone& m_zone;
    LocalTimeline m_timeline;
    Instant m_now;
    Dice m_dice{11};
    std::vector<PatientId> m_adults;
    std::vector<PatientId> m_children;
    std::set<PatientId> m_seenToday;
    std::map<LocationId, std::vector<TimeRange>> m_takenRooms;
    std::vector<Appointment> m_visits;
};

} // namespace

std::vector<Appointment> makeVisits(const Json& data, const Staff& staff,
                                    const std::vector<Patient>& patients, QDate today, const QTimeZone& zone)
{
    return Diary(data, staff, patients, today, zone).fill();
}

} // namespace yarrow::demo
