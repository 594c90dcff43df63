// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/series_commands.h"

#include "models/store/read/visit_previews.h"

#include <algorithm>

namespace yarrow {
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
    std::vector<Appointment> wished;
    for (const Change& change : changes)
        wished.push_back(change.wished);
    return guarded([&] { return previewOf(m_scope.connection, wished, m_scope.clock.now(), zone()); });
}

Result<std::vector<ListedAppointment>> SeriesCommands::inTheWay(const std::vector<VisitPreview>& previews)
{
    if (auto allowed = mayRead(); !allowed)
        return fail(allowed.error());
    auto found = guarded([&]() -> Result<std::vector<ListedAppointment>> {
        return appointmentsInTheWay(m_scope.connection, previews);
    });
    if (found && !found->empty())
        if (auto noted = noteInTheWay(previews.size()); !noted)
            return fail(noted.error());
    return found;
}

Result<void> SeriesCommands::noteInTheWay(std::size_t planned)
{
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Appointment"};
    event.detail = "in the way of " + std::to_string(planned) + " planned visits";
    return auditOnly(m_scope, event);
}

} // namespace yarrow
