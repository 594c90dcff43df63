// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_booking_desk.h"

#include "models/store/read/attendance.h"
#include "models/store/read/visit_previews.h"

namespace yarrow {
namespace {

/// What the store thread finds out about a plan.
struct Previewed
{
    SeriesCommands::Changed plan;
    std::vector<VisitPreview> previews; ///< one for each change
    std::vector<ListedAppointment> inTheWay;
};

} // namespace

LocalBookingDesk::LocalBookingDesk(StoreThread& store, Connection& reading, const Clock& clock,
                                   const QTimeZone& zone, Session session)
    : m_store(store)
    , m_reading(reading)
    , m_clock(clock)
    , m_zone(zone)
    , m_session(std::move(session))
{}

Result<Attendance> LocalBookingDesk::attendance(const PatientId& patient) const
{
    if (!m_session.mayRead())
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&]() -> Result<Attendance> { return attendanceOf(m_reading, patient); });
}

void LocalBookingDesk::planSeries(const AppointmentRow& first, const Recurrence& recurrence, QObject* context,
                                  Done<SeriesPlan> done)
{
    plan(
        [visit = first.appointment, recurrence](Clinic& clinic) -> Result<Planned> {
            auto changes = clinic.series().plan(visit, recurrence);
            if (!changes)
                return fail(changes.error());
            return Planned{std::move(*changes), 0};
        },
        context, std::move(done));
}

void LocalBookingDesk::planChange(const AppointmentRow& seen, const AppointmentRow& wished, SeriesScope scope,
                                  QObject* context, Done<SeriesPlan> done)
{
    plan(
        [seen, visit = wished.appointment, scope](Clinic& clinic) -> Result<Planned> {
            return clinic.series().change(seen.appointment, seen.revision, visit, scope);
        },
        context, std::move(done));
}

void LocalBookingDesk::plan(Planning planning, QObject* context, Done<SeriesPlan> done)
{
    m_store.run<Previewed>(
        context,
        [planning = std::move(planning)](Clinic& clinic) -> Result<Previewed> {
            auto planned = planning(clinic);
            if (!planned)
                return fail(planned.error());
            auto previews = clinic.series().preview(planned->visits);
            if (!previews)
                return fail(previews.error());
            auto inTheWay = clinic.series().inTheWay(*previews);
            if (!inTheWay)
                return fail(inTheWay.error());
            return Previewed{std::move(*planned), std::move(*previews), std::move(*inTheWay)};
        },
        [this, done = std::move(done)](Result<Previewed> found) {
            if (!found) {
                done(fail(found.error()));
                return;
            }
            done(planOf(std::move(found->plan), std::move(found->previews), std::move(found->inTheWay)));
        });
}

SeriesPlan LocalBookingDesk::planOf(Planned planned, std::vector<VisitPreview> previews,
                                    std::vector<ListedAppointment> inTheWay) const
{
    SeriesPlan plan;
    plan.keepTheirTime = planned.keepTheirTime;
    for (std::size_t i = 0; i < planned.visits.size(); ++i) {
        VisitPreview& preview = previews[i];
        const bool refused = isRefused(preview);
        SeriesCommands::Change& change = planned.visits[i];
        plan.visits.push_back({m_session.toRow({std::move(change.wished), change.revision, {}}),
                               std::move(preview.obstacles), preview.nextFree, refused});
    }
    for (ListedAppointment& other : inTheWay) {
        const AppointmentId id = other.appointment.id;
        plan.inTheWay.emplace(id, m_session.toRow(std::move(other)));
    }
    return plan;
}

Result<SeriesPlan> LocalBookingDesk::planVisit(const AppointmentRow& wished)
{
    if (!m_session.mayRead())
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&]() -> Result<SeriesPlan> {
        auto previews = previewOf(m_reading, {wished.appointment}, m_clock.now(), m_zone);
        if (!previews)
            return fail(previews.error());
        auto inTheWay = appointmentsInTheWay(m_reading, *previews);
        std::vector<AppointmentId> named;
        for (const ListedAppointment& other : inTheWay)
            named.push_back(other.appointment.id);
        // A form is looked at again and again; who is shown is noted once.
        if (named != m_named && !named.empty())
            m_session.noteInTheWay();
        m_named = std::move(named);
        return planOf({{{wished.appointment, wished.revision}}, 0}, std::move(*previews),
                      std::move(inTheWay));
    });
}

void LocalBookingDesk::saveAll(const std::vector<AppointmentRow>& wished, QObject* context,
                               Done<std::vector<SavedVisit>> done)
{
    using Outcome = std::vector<AppointmentCommands::Saved>;
    Changes changes;
    changes.reserve(wished.size());
    for (const AppointmentRow& row : wished)
        changes.push_back({row.appointment, row.revision});
    m_store.run<Outcome>(
        this,
        [changes = std::move(changes)](Clinic& clinic) { return clinic.appointments().saveAll(changes); },
        [this, wished, context = QPointer<QObject>(context),
         done = std::move(done)](Result<Outcome> outcome) {
            if (!outcome) {
                if (context)
                    done(fail(outcome.error()));
                return;
            }
            m_session.saved(*outcome);
            if (!context)
                return;
            std::vector<SavedVisit> saved;
            for (std::size_t i = 0; i < outcome->size(); ++i) {
                AppointmentCommands::Saved& each = (*outcome)[i];
                SavedVisit visit;
                if (each.before)
                    visit.before =
                        m_session.toRow({std::move(*each.before), wished[i].revision, each.now.patientName});
                visit.now = m_session.toRow(std::move(each.now));
                saved.push_back(std::move(visit));
            }
            done(std::move(saved));
        });
}

} // namespace yarrow
