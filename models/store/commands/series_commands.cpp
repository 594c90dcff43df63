// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/series_commands.h"

#include "models/store/read/booked_times.h"

#include <algorithm>
#include <set>

namespace yarrow {
namespace {

/// How far beyond the last visit a free time may lie.
constexpr int kDaysAhead = 28;

PreviewActor* named(PreviewQuery& query, const char* type, const std::string& id)
{
    if (id.empty())
        return nullptr;
    const auto [entry, isNew] = query.actors.try_emplace(type + id);
    return isNew ? &entry->second : nullptr;
}

} // namespace

QTimeZone SeriesCommands::zone() const
{
    return QTimeZone(QByteArray::fromStdString(m_scope.clinic.zone));
}

Result<void> SeriesCommands::mayRead()
{
    return require(m_scope, Operation::Read, Area::Appointments, "Appointment");
}

Result<std::vector<SeriesCommands::Change>> SeriesCommands::plan(const Appointment& first,
                                                                 const Recurrence& recurrence)
{
    if (auto valid = validate(first); !valid)
        return fail(valid.error());
    const QTimeZone clinicZone = zone();
    const QDateTime start =
        QDateTime::fromMSecsSinceEpoch(first.start.time_since_epoch().count(), clinicZone);
    const auto length = std::chrono::duration_cast<std::chrono::minutes>(first.end - first.start);
    const auto times = occurrenceTimes(recurrence, start.date(), start.time(), length, clinicZone);
    if (!times)
        return fail(times.error());
    Appointment copied = first;
    copied.zone = m_scope.clinic.zone;
    std::vector<Change> changes;
    for (Appointment& visit :
         plannedVisits(copied, *times, m_scope.ids.next(), recurrenceText(recurrence, clinicZone)))
        changes.push_back({std::move(visit), 0});
    return changes;
}

Result<std::vector<ListedAppointment>> SeriesCommands::ofSeries(const std::string& series)
{
    auto found = guarded([&] { return ClinicReader(m_scope.connection).appointmentsOfSeries(series); });
    if (found)
        std::stable_sort(found->begin(), found->end(), [](const auto& a, const auto& b) {
            return a.appointment.series->planned < b.appointment.series->planned;
        });
    return found;
}

Result<std::vector<ListedAppointment>> SeriesCommands::visits(const std::string& series)
{
    if (auto allowed = mayRead(); !allowed)
        return fail(allowed.error());
    auto found = ofSeries(series);
    if (!found)
        return found;
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Appointment"};
    event.detail = "series " + series;
    if (auto noted = auditOnly(m_scope, event); !noted)
        return fail(noted.error());
    return found;
}

Result<SeriesCommands::Changed> SeriesCommands::change(const Appointment& seen, std::int64_t revision,
                                                       const Appointment& wished, SeriesScope scope)
{
    if (auto allowed = mayRead(); !allowed)
        return fail(allowed.error());
    if (scope == SeriesScope::This || !seen.series)
        return Changed{{{wished, revision}}, 0};
    const auto stored = ofSeries(seen.series->series);
    if (!stored)
        return fail(stored.error());
    std::vector<Appointment> all;
    for (const ListedAppointment& listed : *stored)
        all.push_back(listed.appointment);
    const QTimeZone clinicZone = zone();
    Changed changed;
    for (const Appointment& visit : inScope(all, seen, scope, m_scope.clock.now())) {
        if (visit.id == seen.id) {
            changed.visits.push_back({wished, revision});
            continue;
        }
        if (seen.start != wished.start && keepsOwnTime(visit, seen, wished, clinicZone))
            ++changed.keepTheirTime;
        Appointment now = carriedOver(visit, seen, wished, clinicZone);
        if (now == visit || !isLegalMove(visit.status, now.status))
            continue;
        const auto listed = std::find_if(stored->begin(), stored->end(),
                                         [&](const auto& each) { return each.appointment.id == visit.id; });
        changed.visits.push_back({std::move(now), listed->revision});
    }
    return changed;
}

Result<std::vector<VisitPreview>> SeriesCommands::preview(const std::vector<Change>& changes)
{
    if (auto allowed = mayRead(); !allowed)
        return fail(allowed.error());
    if (changes.empty())
        return std::vector<VisitPreview>();
    return guarded([&]() -> Result<std::vector<VisitPreview>> {
        ClinicReader reader(m_scope.connection);
        const auto directory = reader.directory();
        if (!directory)
            return fail(directory.error());
        PreviewQuery query;
        query.zone = zone();
        query.now = m_scope.clock.now();
        query.daysAhead = kDaysAhead;
        query.clinicHours = directory->clinicHours;
        query.closures = directory->closures;
        query.buffers = serviceBuffers(*directory);
        Instant from = changes.front().wished.start;
        Instant until = changes.front().wished.end;
        for (const Change& change : changes) {
            from = std::min(from, change.wished.start);
            until = std::max(until, change.wished.end);
            query.visits.push_back(change.wished);
            if (change.wished.id.isEmpty())
                continue;
            if (auto stored = reader.appointment(change.wished.id))
                query.before.emplace(change.wished.id, std::move(stored->appointment));
        }
        until += std::chrono::hours(25) * (kDaysAhead + 1);
        const auto fill = [&](PreviewActor* actor, const std::string& reference, BookableActor availability) {
            actor->availability = std::move(availability);
            actor->booked = bookedTimes(m_scope.connection, reference, from, until, query.buffers);
        };
        const auto fillFrom = [&](const auto& list, const char* type, const auto& id) {
            PreviewActor* actor = named(query, type, id.text());
            if (actor == nullptr)
                return;
            const auto known =
                std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; });
            fill(actor, type + id.text(),
                 known == list.end() ? BookableActor() : directory->availability(*known));
        };
        for (const Appointment& visit : query.visits) {
            const std::string& practitioner = visit.practitioner.text();
            if (PreviewActor* actor = named(query, "Practitioner/", practitioner))
                fill(actor, "Practitioner/" + practitioner, directory->availability(visit.practitioner));
            fillFrom(directory->rooms, "Location/", visit.room);
            fillFrom(directory->devices, "Device/", visit.device);
        }
        return previewVisits(query);
    });
}

Result<std::vector<ListedAppointment>> SeriesCommands::inTheWay(const std::vector<VisitPreview>& previews)
{
    if (auto allowed = mayRead(); !allowed)
        return fail(allowed.error());
    std::set<AppointmentId> named;
    for (const VisitPreview& preview : previews) {
        for (const VisitObstacle& obstacle : preview.obstacles) {
            if (!obstacle.other.isEmpty())
                named.insert(obstacle.other);
        }
    }
    if (named.empty())
        return std::vector<ListedAppointment>();
    auto found = guarded([&]() -> Result<std::vector<ListedAppointment>> {
        std::vector<ListedAppointment> others;
        ClinicReader reader(m_scope.connection);
        for (const AppointmentId& id : named) {
            if (auto other = reader.appointment(id))
                others.push_back(std::move(*other));
        }
        return others;
    });
    if (!found)
        return found;
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Appointment"};
    event.detail = "in the way of " + std::to_string(previews.size()) + " planned visits";
    if (auto noted = auditOnly(m_scope, event); !noted)
        return fail(noted.error());
    return found;
}

} // namespace yarrow
