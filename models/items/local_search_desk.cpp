// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_search_desk.h"

#include "models/store/search/opened_patients.h"

#include <QPointer>

#include <algorithm>

namespace yarrow {

namespace {

constexpr int kPatients = 6;
constexpr int kRecent = 5;
constexpr std::size_t kAppointments = 4;

/// What is still to come of it is worth finding.
bool isNext(const Appointment& appointment, Instant now)
{
    return appointment.end > now && appointment.status != AppointmentStatus::Cancelled &&
           appointment.status != AppointmentStatus::NoShow;
}

} // namespace

LocalSearchDesk::LocalSearchDesk(std::unique_ptr<Connection> reading, const Clock& clock, const Actor& actor,
                                 Rows rows, QObject* parent)
    : SearchDesk(parent)
    , m_reading(std::move(reading))
    , m_clock(clock)
    , m_account(actor.account)
    , m_role(actor.role)
    , m_rows(std::move(rows))
    , m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("search"));
    m_thread.start();
}

LocalSearchDesk::~LocalSearchDesk()
{
    ++m_newest; // what waits is not looked for any more
    m_thread.quit();
    m_thread.wait();
}

Result<LocalSearchDesk::Hits> LocalSearchDesk::look(const std::string& text)
{
    return guarded([&]() -> Result<Hits> {
        Hits hits;
        hits.patients = text.empty() ? opened_patients::list(*m_reading, m_account, kRecent)
                                     : searchPatients(*m_reading, text, kPatients);
        if (text.empty() || !roleAllows(m_role, Operation::Read, Area::Appointments))
            return hits;
        const Instant now = m_clock.now();
        for (const PatientHit& hit : hits.patients) {
            const auto all = ClinicReader(*m_reading).appointmentsOf(hit.id);
            if (!all)
                return fail(all.error());
            // Newest first: the last one that is still to come is the next.
            const auto next =
                std::find_if(all->rbegin(), all->rend(), [now](const ListedAppointment& listed) {
                    return isNext(listed.appointment, now);
                });
            if (next != all->rend())
                hits.appointments.push_back(*next);
        }
        std::stable_sort(
            hits.appointments.begin(), hits.appointments.end(),
            [](const auto& a, const auto& b) { return a.appointment.start < b.appointment.start; });
        if (hits.appointments.size() > kAppointments)
            hits.appointments.resize(kAppointments);
        return hits;
    });
}

void LocalSearchDesk::find(const QString& text, QObject* context, Done<Findings> done)
{
    const int number = ++m_newest;
    const auto deliver = [this, number, context = QPointer<QObject>(context),
                          done = std::move(done)](Result<Hits> hits) {
        auto answer = [this, number, context, done, hits = std::move(hits)]() mutable {
            if (number != m_newest || !context)
                return;
            if (!hits) {
                done(fail(hits.error()));
                return;
            }
            Findings findings;
            for (PatientHit& hit : hits->patients)
                findings.patients.push_back(m_rows.patient(std::move(hit)));
            for (ListedAppointment& listed : hits->appointments)
                findings.appointments.push_back(m_rows.appointment(std::move(listed)));
            done(std::move(findings));
        };
        QMetaObject::invokeMethod(this, std::move(answer), Qt::QueuedConnection);
    };
    const auto search = [this, number, typed = text.toStdString(), deliver] {
        if (number != m_newest)
            return;
        deliver(roleAllows(m_role, Operation::Read, Area::PatientIdentity)
                    ? look(typed)
                    : Result<Hits>(fail(ErrorCode::Forbidden, "Patient")));
    };
    QMetaObject::invokeMethod(m_worker, search, Qt::QueuedConnection);
}

} // namespace yarrow
