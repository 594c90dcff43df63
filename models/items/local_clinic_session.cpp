// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_session.h"

#include "core/log.h"
#include "models/items/patient_rows.h"
#include "models/store/commands/draft_commands.h"
#include "models/store/search/opened_patients.h"
#include "models/store/search/patient_search.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace yarrow {

Result<std::shared_ptr<LocalClinicSession>> LocalClinicSession::open(std::unique_ptr<Clinic> clinic,
                                                                     const MakeExchangeRunner& makeRunner)
{
    auto reading = clinic->openReadConnection();
    if (!reading)
        return fail(reading.error());
    auto searching = clinic->openReadConnection();
    if (!searching)
        return fail(searching.error());
    auto directory = guarded([&] { return ClinicReader(**reading).directory(); });
    if (!directory)
        return fail(directory.error());
    auto comparing = clinic->openReadConnection();
    if (!comparing)
        return fail(comparing.error());
    const auto exchange = clinic->exchange().state();
    if (!exchange)
        return fail(exchange.error());
    auto undoable = clinic->conflicts().undoable();
    if (!undoable)
        return fail(undoable.error());
    std::unique_ptr<ExchangeRunner> runner;
    if (makeRunner) {
        auto connection = clinic->openSyncConnection();
        if (!connection)
            return fail(connection.error());
        runner = makeRunner({std::move(*connection), clinic->profile(), clinic->identity(), clinic->actor()});
    }
    // shared: the gate's signal hands the session over by value
    std::shared_ptr<LocalClinicSession> session(
        new LocalClinicSession(std::move(clinic), std::move(*reading), std::move(*searching)));
    session->m_directory = std::move(*directory);
    session->m_patientDesk = std::make_unique<LocalPatientDesk>(
        session->m_store, session->allows(Operation::Read, Area::PatientIdentity), *session->m_reading,
        std::move(*comparing),
        [ours = session.get()](PatientHit hit) { return ours->toRow(std::move(hit)); });
    connect(session->m_patientDesk.get(), &LocalPatientDesk::changeMade, &session->m_exchange,
            &LocalExchangeDesk::changeMade);
    connect(session->m_patientDesk.get(), &PatientDesk::patientsMerged, session.get(),
            &ClinicSession::recordsArrived);
    session->m_exchange.setInitialState(*exchange);
    session->m_exchange.setUndoable(std::move(*undoable));
    session->m_runner = std::move(runner);
    if (session->m_runner)
        session->m_exchange.setRunner(session->m_runner.get());
    return session;
}

LocalClinicSession::LocalClinicSession(std::unique_ptr<Clinic> clinic, std::unique_ptr<Connection> reading,
                                       std::unique_ptr<Connection> searching)
    : m_clock(clinic->clock())
    , m_identity(clinic->identity())
    , m_actor(clinic->actor())
    , m_zone(clinic->zone())
    , m_store(std::move(clinic))
    , m_exchange(m_store)
    , m_reading(std::move(reading))
    , m_bookingDesk(m_store, *m_reading, m_clock, m_zone,
                    {[this] { return allows(Operation::Read, Area::Appointments); },
                     [this](ListedAppointment listed) { return toRow(std::move(listed)); },
                     [this] { runQuietly([](Clinic& ours) { return ours.series().noteInTheWay(1); }); },
                     [this](const std::vector<AppointmentCommands::Saved>& saved) {
                         m_exchange.changeMade();
                         for (const AppointmentCommands::Saved& each : saved)
                             announce(each.before, each.now.appointment);
                     }})
    , m_directoryDesk(m_store, *m_reading,
                      [this](ListedAppointment listed) { return toRow(std::move(listed)); })
    , m_frontDesk(
          *m_reading, m_zone,
          {[this] { return allows(Operation::Read, Area::Appointments); },
           [this](ListedAppointment listed) { return toRow(std::move(listed)); },
           [this] { runQuietly([](Clinic& ours) { return ours.appointments().noteWaitingListViewed(); }); },
           [this](const QString& what) {
               runQuietly([what = what.toStdString()](Clinic& ours) {
                   return ours.appointments().noteExported(what);
               });
           }})
    , m_family(m_store, [this](PatientHit hit) { return toRow(std::move(hit)); })
    , m_erasures(m_store)
    , m_accounts(m_store, m_actor.account, QString::fromStdString(m_identity.name))
    , m_search(std::move(searching), m_clock, m_actor,
               {[this](PatientHit hit) { return toRow(std::move(hit)); },
                [this](ListedAppointment listed) { return toRow(std::move(listed)); }})
{
    connect(&m_erasures, &LocalErasureDesk::erased, this, [this] {
        m_exchange.changeMade();
        Q_EMIT recordsArrived();
    });
    connect(&m_accounts, &LocalAccountDesk::changeMade, &m_exchange, &LocalExchangeDesk::changeMade);
    // An exchange tells of accounts and takes them over without a word about records.
    connect(&m_exchange, &ExchangeDesk::statusChanged, this, [this, wasRunning = false]() mutable {
        if (std::exchange(wasRunning, m_exchange.status().progress.isRunning) && !wasRunning)
            Q_EMIT m_accounts.changed();
    });
    connect(&m_family, &FamilyDesk::changed, &m_exchange, &LocalExchangeDesk::changeMade);
    connect(&m_family, &FamilyDesk::patientWritten, this, &ClinicSession::patientSaved);
    connect(&m_directoryDesk, &LocalDirectoryDesk::saved, this, [this] {
        readDirectory();
        m_exchange.changeMade();
    });
    connect(&m_exchange, &LocalExchangeDesk::recordsChanged, this, [this] {
        readDirectory();
        m_patientDesk->patientsChanged();
        Q_EMIT recordsArrived();
        Q_EMIT m_frontDesk.waitingListChanged();
    });
}

LocalClinicSession::~LocalClinicSession() = default;

QString LocalClinicSession::clinicName() const
{
    return QString::fromStdString(m_identity.name);
}

AuditedBy LocalClinicSession::user() const
{
    return {QString::fromStdString(m_actor.userName), m_actor.role};
}

bool LocalClinicSession::allows(Operation operation, Area area) const
{
    return roleAllows(m_actor.role, operation, area);
}

Result<std::vector<PatientRow>> LocalClinicSession::searchPatients(const QString& text, int limit) const
{
    if (!allows(Operation::Read, Area::PatientIdentity))
        return fail(ErrorCode::Forbidden, "Patient");
    return guarded([&]() -> Result<std::vector<PatientRow>> {
        std::vector<PatientRow> rows;
        std::vector<PatientHit> hits;
        if (text.trimmed().isEmpty())
            hits = opened_patients::list(*m_reading, m_actor.account, limit);
        if (hits.empty())
            hits = yarrow::searchPatients(*m_reading, text.toStdString(), limit);
        for (PatientHit& hit : hits)
            rows.push_back(toRow(std::move(hit)));
        return rows;
    });
}

void LocalClinicSession::noteSearch(const QString& text, int hits)
{
    runQuietly([typed = text.toStdString(), hits](Clinic& clinic) {
        return clinic.patients().noteSearch(typed, hits);
    });
}

void LocalClinicSession::viewPatient(const PatientId& id, QObject* context, Done<PatientRecord> done)
{
    m_store.run<PatientCommands::Viewed>(
        context, [id](Clinic& clinic) { return clinic.patients().view(id); },
        [this, done = std::move(done)](Result<PatientCommands::Viewed> viewed) {
            if (!viewed) {
                done(fail(viewed.error()));
                return;
            }
            PatientRecord record{std::move(viewed->patient),
                                 viewed->revision,
                                 {},
                                 m_exchange.status().hasServer && viewed->unsent,
                                 viewed->conflicted};
            for (ListedAppointment& listed : viewed->appointments)
                record.appointments.push_back(toRow(std::move(listed)));
            done(std::move(record));
        });
}

void LocalClinicSession::savePatient(const Patient& patient, std::int64_t revision, QObject* context,
                                     Done<Saved> done)
{
    m_store.run<PatientCommands::Saved>(
        context, [patient, revision](Clinic& clinic) { return clinic.patients().save(patient, revision); },
        [this, done = std::move(done)](Result<PatientCommands::Saved> saved) {
            if (!saved) {
                done(fail(saved.error()));
                return;
            }
            done(Saved{saved->id, saved->revision});
            Q_EMIT patientSaved(saved->id);
            m_exchange.changeMade();
        });
}

Result<std::vector<AppointmentRow>> LocalClinicSession::appointmentsOn(QDate day) const
{
    if (!allows(Operation::Read, Area::Appointments))
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&]() -> Result<std::vector<AppointmentRow>> {
        const TimeRange range = localDay(day, m_zone);
        auto listed = ClinicReader(*m_reading).appointments(range.start, range.end);
        if (!listed)
            return fail(listed.error());
        std::vector<AppointmentRow> rows;
        rows.reserve(listed->size());
        for (ListedAppointment& appointment : *listed)
            rows.push_back(toRow(std::move(appointment)));
        return rows;
    });
}

void LocalClinicSession::noteDayViewed(QDate day)
{
    runQuietly([day](Clinic& clinic) { return clinic.appointments().noteDayViewed(day); });
}

std::vector<CalendarResource> LocalClinicSession::practitioners() const
{
    std::vector<CalendarResource> columns;
    for (const Practitioner& practitioner : m_directory.practitioners) {
        CalendarResource column;
        column.id = practitioner.id;
        column.name = formatName(practitioner);
        column.availability = m_directory.availability(practitioner.id);
        for (const PractitionerRole& role : m_directory.roles) {
            if (role.practitioner == practitioner.id && column.specialty.isEmpty())
                column.specialty = role.specialty;
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

Result<std::vector<Opening>> LocalClinicSession::openings(const OpeningsRequest& request) const
{
    if (!allows(Operation::Read, Area::Appointments))
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&] { return ClinicReader(*m_reading).openings(request, m_zone); });
}

void LocalClinicSession::saveAppointment(const Appointment& appointment, std::int64_t revision,
                                         QObject* context, Done<AppointmentRow> done)
{
    using Outcome = AppointmentCommands::Saved;
    m_store.run<Outcome>(
        this,
        [appointment, revision](Clinic& clinic) { return clinic.appointments().save(appointment, revision); },
        [this, context = QPointer<QObject>(context), done = std::move(done)](Result<Outcome> outcome) {
            if (!outcome) {
                if (context)
                    done(fail(outcome.error()));
                return;
            }
            m_exchange.changeMade();
            announce(outcome->before, outcome->now.appointment);
            if (context)
                done(toRow(std::move(outcome->now)));
        });
}

void LocalClinicSession::saveDraft(const QString& form, const QByteArray& content)
{
    m_pendingDrafts.insert(form, content);
    runQuietly([form = form.toStdString(), content = content.toStdString()](Clinic& clinic) {
        return clinic.drafts().save(form, content);
    });
}

QByteArray LocalClinicSession::draft(const QString& form) const
{
    if (const auto pending = m_pendingDrafts.constFind(form); pending != m_pendingDrafts.constEnd())
        return *pending; // what was typed a moment ago is read back, written or not
    const auto content = DraftCommands::read(*m_reading, m_actor.account, form.toStdString());
    return content ? QByteArray::fromStdString(*content) : QByteArray();
}

AppointmentRow LocalClinicSession::toRow(ListedAppointment listed) const
{
    AppointmentRow row;
    row.revision = listed.revision;
    row.patientName = QString::fromStdString(listed.patientName);
    for (const HealthcareService& service : m_directory.services) {
        if (service.id == listed.appointment.service)
            row.serviceName = service.name;
    }
    for (const Location& room : m_directory.rooms) {
        if (room.id == listed.appointment.room)
            row.roomName = room.name;
    }
    row.provisional = m_exchange.status().hasServer && listed.unsent;
    row.conflicted = listed.conflicted;
    row.appointment = std::move(listed.appointment);
    return row;
}

PatientRow LocalClinicSession::toRow(PatientHit hit) const
{
    return patientRow(std::move(hit), m_exchange.status().hasServer);
}

QDate LocalClinicSession::localDate(Instant instant) const
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), m_zone).date();
}

void LocalClinicSession::announce(const std::optional<Appointment>& before, const Appointment& now)
{
    if (now.status == AppointmentStatus::Waitlist ||
        (before && before->status == AppointmentStatus::Waitlist))
        Q_EMIT m_frontDesk.waitingListChanged();
    // Where it stands and where it stood, each with the day it may run on into.
    std::vector<QDate> days{localDate(now.start), localDate(now.end - std::chrono::milliseconds(1))};
    if (before) {
        days.push_back(localDate(before->start));
        days.push_back(localDate(before->end - std::chrono::milliseconds(1)));
    }
    for (std::size_t i = 0; i < days.size(); ++i) {
        if (std::find(days.begin(), days.begin() + static_cast<std::ptrdiff_t>(i), days[i]) ==
            days.begin() + static_cast<std::ptrdiff_t>(i))
            Q_EMIT appointmentsChanged(days[i]);
    }
}

/// Rooms and practitioners may have come from another workstation.
void LocalClinicSession::readDirectory()
{
    auto directory = guarded([&] { return ClinicReader(*m_reading).directory(); });
    if (!directory) {
        log::error("the directory cannot be read", {{"error", directory.error()}});
        return;
    }
    if (*directory == m_directory)
        return;
    m_directory = std::move(*directory);
    Q_EMIT directoryChanged();
}

void LocalClinicSession::runQuietly(std::function<Result<void>(Clinic&)> work)
{
    m_store.run<void>(this, std::move(work), [](Result<void> result) {
        if (!result)
            log::error("a background write failed", {{"error", result.error()}});
    });
}

} // namespace yarrow
