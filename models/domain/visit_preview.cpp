// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/visit_preview.h"

#include "models/domain/local_timeline.h"

#include <algorithm>
#include <set>

namespace yarrow {
namespace {

bool overlaps(const TimeRange& a, const TimeRange& b)
{
    return a.start < b.end && b.start < a.end;
}

TimeRange widened(const TimeRange& when, const Buffers& buffers)
{
    return {when.start - buffers.before, when.end + buffers.after};
}

/// Everybody and everything whose time a visit needs.
std::vector<std::string> actorsOf(const Appointment& visit)
{
    std::vector<std::string> actors;
    if (!visit.practitioner.isEmpty())
        actors.push_back("Practitioner/" + visit.practitioner.text());
    if (!visit.room.isEmpty())
        actors.push_back("Location/" + visit.room.text());
    if (!visit.device.isEmpty())
        actors.push_back("Device/" + visit.device.text());
    return actors;
}

class Preview
{
public:
    explicit Preview(const PreviewQuery& query)
        : m_query(query)
    {
        for (const Appointment& visit : query.visits) {
            if (!visit.id.isEmpty())
                m_own.insert(visit.id);
            m_times.push_back({visit.start, visit.end});
        }
    }

    Result<std::vector<VisitPreview>> run()
    {
        std::vector<VisitPreview> previews;
        for (std::size_t i = 0; i < m_query.visits.size(); ++i) {
            VisitPreview preview{m_query.visits[i], {}, {}};
            if (holdsSlot(preview.visit.status) && !standsAsBefore(preview.visit)) {
                preview.obstacles = obstacles(i);
                if (!preview.obstacles.empty()) {
                    auto free = nextFree(i);
                    if (!free)
                        return fail(free.error());
                    preview.nextFree = *free;
                    // The next visit is not offered the same time.
                    if (preview.nextFree)
                        m_offered.emplace_back(i, *preview.nextFree);
                }
            }
            previews.push_back(std::move(preview));
        }
        return previews;
    }

private:
    [[nodiscard]] bool standsAsBefore(const Appointment& visit) const
    {
        const auto found = m_query.before.find(visit.id);
        return found != m_query.before.end() && holdsTheSame(found->second, visit);
    }

    [[nodiscard]] Buffers buffersOf(const Appointment& visit) const
    {
        const auto found = m_query.buffers.find(visit.service);
        return found == m_query.buffers.end() ? Buffers() : found->second;
    }

    [[nodiscard]] bool isOpen(const WeeklyHours& hours, const TimeRange& when) const
    {
        const QDate first = toLocalDate(when.start, m_query.zone);
        const LocalTimeline timeline(m_query.zone, when.start, when.end);
        std::vector<TimeRange> open;
        for (QDate day = first; day <= timeline.dayOf(when.end); day = day.addDays(1))
            timeline.appendHours(hours, day, open);
        return difference({when}, normalized(std::move(open))).empty();
    }

    std::vector<VisitObstacle> obstacles(std::size_t index)
    {
        const Appointment& visit = m_query.visits[index];
        const TimeRange when = m_times[index];
        std::vector<VisitObstacle> found;
        if (when.start < m_query.now && visit.id.isEmpty())
            found.push_back({ObstacleKind::Past, {}, {}, {}});
        for (const Blockout& closure : m_query.closures) {
            if (overlaps(closure.when, when))
                found.push_back({ObstacleKind::Holiday, {}, closure.reason, {}});
        }
        if (found.empty() && m_query.clinicHours.hasHours() && !isOpen(m_query.clinicHours, when) &&
            !someoneWorks(visit, when))
            found.push_back({ObstacleKind::Closed, {}, {}, {}});
        const bool isClosed = !found.empty();
        for (const std::string& actor : actorsOf(visit)) {
            const auto known = m_query.actors.find(actor);
            if (known == m_query.actors.end())
                continue;
            if (!isClosed)
                addUnavailable(actor, known->second.availability, when, found);
            if (visit.overbookReason.empty())
                addBooked(index, actor, known->second.booked, found);
        }
        return found;
    }

    /// Somebody's own hours may reach beyond the clinic's.
    [[nodiscard]] bool someoneWorks(const Appointment& visit, const TimeRange& when) const
    {
        const auto known = m_query.actors.find("Practitioner/" + visit.practitioner.text());
        return known != m_query.actors.end() && known->second.availability.hours.hasHours() &&
               isOpen(known->second.availability.hours, when);
    }

    void addUnavailable(const std::string& actor, const BookableActor& availability, const TimeRange& when,
                        std::vector<VisitObstacle>& found) const
    {
        for (const Blockout& blockout : availability.blockouts) {
            if (overlaps(blockout.when, when)) {
                found.push_back({ObstacleKind::Blocked, actor, blockout.reason, {}});
                return;
            }
        }
        if (availability.hours.hasHours() && !isOpen(availability.hours, when))
            found.push_back({ObstacleKind::OutsideHours, actor, {}, {}});
    }

    void addBooked(std::size_t index, const std::string& actor, const std::vector<BookedTime>& booked,
                   std::vector<VisitObstacle>& found) const
    {
        const Appointment& visit = m_query.visits[index];
        const TimeRange when = m_times[index];
        const TimeRange wide = widened(when, buffersOf(visit));
        std::optional<VisitObstacle> buffer;
        for (const BookedTime& other : booked) {
            if (m_own.contains(other.appointment))
                continue;
            if (!other.overbooked && overlaps(other.when, when)) {
                found.push_back({ObstacleKind::Taken, actor, {}, other.appointment});
                return;
            }
            if (!buffer && overlaps(other.withBuffers, wide))
                buffer = VisitObstacle{ObstacleKind::Buffer, actor, {}, other.appointment};
        }
        for (std::size_t i = 0; i < m_query.visits.size(); ++i) {
            const Appointment& other = m_query.visits[i];
            if (i == index || !holdsSlot(other.status) || !other.overbookReason.empty() ||
                !overlaps(m_times[i], when))
                continue;
            const auto actors = actorsOf(other);
            if (std::find(actors.begin(), actors.end(), actor) != actors.end()) {
                found.push_back({ObstacleKind::Taken, actor, {}, other.id});
                return;
            }
        }
        if (buffer)
            found.push_back(std::move(*buffer));
    }

    Result<std::optional<TimeRange>> nextFree(std::size_t index)
    {
        const Appointment& visit = m_query.visits[index];
        OpeningsQuery query;
        const auto length = visit.end - visit.start;
        query.duration = std::chrono::ceil<std::chrono::minutes>(length);
        query.earliest = std::max(visit.start, m_query.now);
        query.days = m_query.daysAhead;
        query.limit = 1;
        query.clinicHours = m_query.clinicHours;
        query.closures = m_query.closures;
        query.zone = m_query.zone;
        const Buffers buffers = buffersOf(visit);
        query.bufferBefore = buffers.before;
        query.bufferAfter = buffers.after;
        const TimeRange reach =
            widened({query.earliest, query.earliest + std::chrono::hours(25) * (query.days + 1)}, buffers);
        const auto add = [&](const auto& id, const char* type, auto& list) {
            if (id.isEmpty())
                return;
            const std::string actor = type + id.text();
            BookableActor bookable;
            if (const auto known = m_query.actors.find(actor); known != m_query.actors.end()) {
                bookable = known->second.availability;
                bookable.busy.clear();
                for (const BookedTime& other : known->second.booked) {
                    if (!m_own.contains(other.appointment) && overlaps(other.withBuffers, reach))
                        bookable.busy.push_back(other.withBuffers);
                }
            }
            addOwn(index, actor, bookable.busy);
            list.emplace_back(id, std::move(bookable));
        };
        add(visit.practitioner, "Practitioner/", query.practitioners);
        add(visit.room, "Location/", query.rooms);
        add(visit.device, "Device/", query.devices);
        const auto openings = findOpenings(query);
        if (!openings)
            return fail(openings.error());
        if (openings->empty())
            return std::optional<TimeRange>();
        const Instant start = openings->front().when.start;
        return std::optional(TimeRange{start, start + length});
    }

    /// The other visits of this save, and what was offered to those before.
    void addOwn(std::size_t index, const std::string& actor, std::vector<TimeRange>& busy) const
    {
        const auto needs = [&](std::size_t i) {
            const auto actors = actorsOf(m_query.visits[i]);
            return std::find(actors.begin(), actors.end(), actor) != actors.end();
        };
        for (std::size_t i = 0; i < m_query.visits.size(); ++i) {
            if (i != index && holdsSlot(m_query.visits[i].status) && needs(i))
                busy.push_back(widened(m_times[i], buffersOf(m_query.visits[i])));
        }
        for (const auto& [i, when] : m_offered) {
            if (i != index && needs(i))
                busy.push_back(widened(when, buffersOf(m_query.visits[i])));
        }
    }

    const PreviewQuery& m_query;
    std::set<AppointmentId> m_own;
    std::vector<TimeRange> m_times;
    std::vector<std::pair<std::size_t, TimeRange>> m_offered;
};

} // namespace

bool holdsTheSame(const Appointment& before, const Appointment& now) noexcept
{
    return holdsSlot(before.status) == holdsSlot(now.status) && before.start == now.start &&
           before.end == now.end && before.practitioner == now.practitioner && before.room == now.room &&
           before.device == now.device && before.overbookReason == now.overbookReason;
}

bool isRefused(const VisitPreview& preview) noexcept
{
    return std::any_of(preview.obstacles.begin(), preview.obstacles.end(),
                       [](const VisitObstacle& obstacle) { return obstacle.kind == ObstacleKind::Taken; });
}

Result<std::vector<VisitPreview>> previewVisits(const PreviewQuery& query)
{
    return Preview(query).run();
}

} // namespace yarrow
