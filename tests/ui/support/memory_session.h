// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "tests/ui/support/memory_account_desk.h"
#include "tests/ui/support/memory_booking_desk.h"
#include "tests/ui/support/memory_directory_desk.h"
#include "tests/ui/support/memory_erasure_desk.h"
#include "tests/ui/support/memory_exchange_desk.h"
#include "tests/ui/support/memory_family_desk.h"
#include "tests/ui/support/memory_front_desk.h"
#include "tests/ui/support/memory_patient_desk.h"
#include "tests/ui/support/memory_places.h"
#include "tests/ui/support/memory_search_desk.h"

#include <QHash>
#include <QPointer>
#include <QStringList>

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace yarrow {

/// A clinic in memory with the rules of the real one that a screen can notice: revisions, clashes, legal
/// moves, answers that come later. For tests of the UI; nothing here is encrypted, audited or kept.
class MemorySession final : public ClinicSession, public MemoryPlaces
{
public:
    explicit MemorySession(QDate today = QDate(2026, 5, 12), QTimeZone zone = QTimeZone("Europe/Rome"),
                           QTime now = QTime(10, 20))
        : MemoryPlaces(std::move(zone))
        , m_clock(toInstant(today, now, m_zone))
    {
        for (std::size_t day = 0; day < 5; ++day)
            m_clinicHours.days[day] = {{QTime(8, 0), QTime(18, 0)}};
        m_family.find = [this](const std::vector<OpeningsRequest>& visits) {
            std::vector<OpeningsQuery> queries;
            for (const OpeningsRequest& visit : visits)
                queries.push_back(queryOf(visit, stored()));
            return findOpeningsInARow(queries);
        };
    }

    // What a test arranges.
    FixedClock& fixedClock() { return m_clock; }
    void setUser(AuditedBy user) { m_user = std::move(user); }
    MemoryExchangeDesk& desk() { return m_desk; }
    /// While held, writes are not even begun; release() does them in order.
    void holdAnswers() { m_held = true; }
    void releaseAnswers()
    {
        m_held = false;
        while (!m_waiting.empty()) {
            const auto job = std::move(m_waiting.front());
            m_waiting.pop_front();
            job();
        }
    }
    /// The next write fails with this, and nothing is written.
    void failNextWrite(Error error) { m_nextFailure = std::move(error); }
    void failReads(std::optional<Error> error) { m_readFailure = std::move(error); }

    PatientId addPatient(const QString& family, const QString& given, QDate born, Sex sex = Sex::Unknown,
                         const QString& phone = {})
    {
        Patient patient;
        patient.id = PatientId::known("pat-" + std::to_string(m_patients.size() + 1));
        HumanName name;
        name.use = HumanName::Use::Official;
        name.family = family;
        name.given = given.split(u' ', Qt::SkipEmptyParts);
        patient.names.push_back(name);
        Identifier mrn;
        mrn.typeCode = "MR";
        mrn.value = QStringLiteral("%1").arg(1000 + static_cast<int>(m_patients.size()));
        patient.identifiers.push_back(mrn);
        patient.birthDate = PartialDate(born);
        patient.sex = sex;
        if (!phone.isEmpty())
            patient.telecoms.push_back({ContactPoint::System::Phone, ContactPoint::Use::Mobile, phone, 0});
        m_patients.push_back({patient, 1});
        return patient.id;
    }
    AppointmentId add(Appointment appointment, bool provisional = false)
    {
        appointment.id = AppointmentId::known("apt-" + std::to_string(++m_lastAppointment));
        m_appointments[appointment.id] = {appointment, 1, provisional};
        return appointment.id;
    }
    /// What an exchange left open about the record, a patient's or an appointment's. Screens that show it are
    /// not told.
    void setStanding(const std::string& id, bool conflicted, bool unconfirmed)
    {
        m_standings[id] = {conflicted, unconfirmed};
    }
    /// Somebody at another desk changes the record: its revision moves on, and so do the screens.
    void changeElsewhere(const AppointmentId& id, const std::function<void(Appointment&)>& change)
    {
        auto& kept = m_appointments.at(id);
        change(kept.appointment);
        ++kept.revision;
        Q_EMIT m_frontDesk.waitingListChanged();
        Q_EMIT recordsArrived(); // as after an exchange
    }

    // What a test asks.
    [[nodiscard]] Appointment stored(const AppointmentId& id) const
    {
        return m_appointments.at(id).appointment;
    }
    [[nodiscard]] std::vector<Appointment> stored() const
    {
        std::vector<Appointment> all;
        for (const auto& [id, kept] : m_appointments)
            all.push_back(kept.appointment);
        return all;
    }
    [[nodiscard]] const QList<QDate>& daysViewed() const { return m_daysViewed; }
    [[nodiscard]] const QStringList& searchesNoted() const { return m_searchesNoted; }
    [[nodiscard]] int writes() const { return m_writes; }
    [[nodiscard]] int openingsAsked() const { return m_openingsAsked; }

    // ClinicSession.
    QString clinicName() const override { return QStringLiteral("Yarrow Test Clinic"); }
    QTimeZone zone() const override { return m_zone; }
    WeeklyHours clinicHours() const override { return m_clinicHours; }
    BookableActor availability(const Location& room) const override
    {
        return closedWithClinic().availability(room);
    }
    BookableActor availability(const Device& device) const override
    {
        return closedWithClinic().availability(device);
    }
    const Clock& clock() const override { return m_clock; }
    AuditedBy user() const override { return m_user; }
    bool allows(Operation operation, Area area) const override
    {
        return roleAllows(m_user.role, operation, area);
    }
    ExchangeDesk& exchange() override { return m_desk; }
    DirectoryDesk& directory() override { return m_directory; }
    FrontDesk& frontDesk() override { return m_frontDesk; }
    BookingDesk& booking() override { return m_booking; }
    MemoryPatientDesk& patientDesk() override { return m_patientDesk; }
    MemoryFamilyDesk& family() override { return m_family; }
    MemoryAccountDesk& accounts() override { return m_accounts; }
    ErasureDesk& erasures() override { return m_erasures; }
    SearchDesk& search() override { return m_search; }
    MemorySearchDesk& memorySearch() { return m_search; }

    Result<std::vector<PatientRow>> searchPatients(const QString& text, int limit) const override
    {
        if (m_readFailure)
            return fail(*m_readFailure);
        const QStringList words =
            QString(text).remove(u',').toLower().simplified().split(u' ', Qt::SkipEmptyParts);
        std::vector<PatientRow> found;
        for (const auto& record : m_patients) {
            const PatientRow row = rowOf(record.patient);
            const QString digits = QString(row.phone).remove(u' ');
            const QString haystack = QStringLiteral(" %1 %2 %3 %4 ")
                                         .arg(row.name.toLower().remove(u','), row.mrn,
                                              QString::fromStdString(row.birthDate.text()), digits);
            const bool all = std::all_of(words.begin(), words.end(),
                                         [&](const QString& word) { return haystack.contains(u' ' + word); });
            if (all && static_cast<int>(found.size()) < limit)
                found.push_back(row);
        }
        return found;
    }
    void noteSearch(const QString& text, int /*hits*/) override { m_searchesNoted << text; }
    void viewPatient(const PatientId& id, QObject* context, Done<PatientRecord> done) override
    {
        answerLater(context, [this, id, done = std::move(done)] {
            if (m_readFailure)
                return done(fail(*m_readFailure));
            const auto record = findPatient(id);
            if (record == m_patients.end())
                return done(fail(ErrorCode::NotFound, "Patient/" + id.text()));
            m_search.noteOpened(id);
            PatientRecord full{record->patient, record->revision, {}};
            for (const auto& [key, kept] : m_appointments)
                if (kept.appointment.patient == id &&
                    kept.appointment.status != AppointmentStatus::EnteredInError)
                    full.appointments.push_back(rowOf(kept));
            std::sort(full.appointments.begin(), full.appointments.end(),
                      [](const auto& a, const auto& b) { return a.appointment.start > b.appointment.start; });
            done(full);
        });
    }
    void savePatient(const Patient& patient, std::int64_t revision, QObject* context,
                     Done<Saved> done) override
    {
        answerLater(context, [this, patient = Patient(patient), revision, done = std::move(done)]() mutable {
            ++m_writes;
            if (const auto failure = std::exchange(m_nextFailure, std::nullopt))
                return done(fail(*failure));
            if (patient.id.isEmpty()) {
                patient.id = PatientId::known("pat-" + std::to_string(m_patients.size() + 1));
                if (medicalRecordNumber(patient).isEmpty()) {
                    Identifier mrn;
                    mrn.typeCode = "MR";
                    mrn.value = QString::number(1000 + static_cast<int>(m_patients.size()));
                    patient.identifiers.push_back(mrn);
                }
                m_patients.push_back({patient, 1});
                Q_EMIT patientSaved(patient.id);
                return done(Saved{patient.id, 1});
            }
            const auto record = findPatient(patient.id);
            if (record == m_patients.end())
                return done(fail(ErrorCode::NotFound, "Patient/" + patient.id.text()));
            if (record->revision != revision)
                return done(fail(ErrorCode::Stale, "Patient/" + patient.id.text()));
            record->patient = patient;
            ++record->revision;
            const Saved saved{patient.id, record->revision};
            Q_EMIT patientSaved(patient.id);
            done(saved);
        });
    }

    Result<std::vector<AppointmentRow>> appointmentsOn(QDate day) const override
    {
        if (m_readFailure)
            return fail(*m_readFailure);
        const TimeRange range = localDay(day, m_zone);
        std::vector<AppointmentRow> rows;
        for (const auto& [id, kept] : m_appointments) {
            const Appointment& appointment = kept.appointment;
            if (appointment.status != AppointmentStatus::EnteredInError && appointment.start < range.end &&
                appointment.end > range.start)
                rows.push_back(rowOf(kept));
        }
        std::sort(rows.begin(), rows.end(), [](const AppointmentRow& a, const AppointmentRow& b) {
            return std::tie(a.appointment.start, a.appointment.id) <
                   std::tie(b.appointment.start, b.appointment.id);
        });
        return rows;
    }
    void noteDayViewed(QDate day) override { m_daysViewed << day; }
    std::vector<CalendarResource> practitioners() const override { return m_practitioners; }
    std::vector<Location> rooms() const override { return m_rooms; }
    std::vector<Device> devices() const override { return m_devices; }
    std::vector<HealthcareService> services() const override { return m_services; }
    Result<std::vector<Opening>> openings(const OpeningsRequest& request) const override
    {
        ++m_openingsAsked;
        return findOpenings(queryOf(request, stored()));
    }
    void saveAppointment(const Appointment& appointment, std::int64_t revision, QObject* context,
                         Done<AppointmentRow> done) override
    {
        answerLater(context, [this, appointment, revision, done = std::move(done)] {
            done(write(appointment, revision));
        });
    }

    void saveDraft(const QString& form, const QByteArray& content) override
    {
        if (content.isEmpty())
            m_drafts.remove(form);
        else
            m_drafts[form] = content;
    }
    QByteArray draft(const QString& form) const override { return m_drafts.value(form); }

private:
    struct Kept
    {
        Appointment appointment;
        std::int64_t revision = 1;
        bool provisional = false;
    };
    struct KeptPatient
    {
        Patient patient;
        std::int64_t revision = 1;
    };

    [[nodiscard]] Result<Findings> found(const QString& text) const
    {
        auto patients = searchPatients(text, text.isEmpty() ? 1000 : 6);
        if (!patients)
            return fail(patients.error());
        Findings findings{std::move(*patients), {}};
        for (const PatientRow& patient : findings.patients) {
            for (const auto& [id, kept] : m_appointments) {
                if (!text.isEmpty() && kept.appointment.patient == patient.id &&
                    kept.appointment.end > m_clock.now())
                    findings.appointments.push_back(rowOf(kept));
            }
        }
        return findings;
    }
    [[nodiscard]] QDate dayOf(const Appointment& appointment) const
    {
        return QDateTime::fromMSecsSinceEpoch(appointment.start.time_since_epoch().count(), m_zone).date();
    }
    void announce(QDate before, QDate after)
    {
        Q_EMIT m_frontDesk.waitingListChanged();
        Q_EMIT appointmentsChanged(before);
        if (after != before)
            Q_EMIT appointmentsChanged(after);
    }
    /// Never inside the caller's call, and not at all once the context has gone.
    void answerLater(QObject* context, std::function<void()> job)
    {
        const auto guarded = [alive = QPointer<QObject>(context), job = std::move(job)]() mutable {
            if (alive)
                job();
        };
        if (m_held)
            m_waiting.emplace_back(guarded);
        else
            QMetaObject::invokeMethod(context, guarded, Qt::QueuedConnection);
    }
    Result<AppointmentRow> write(Appointment appointment, std::int64_t revision)
    {
        ++m_writes;
        if (const auto failure = std::exchange(m_nextFailure, std::nullopt))
            return fail(*failure);
        if (!allows(appointment.id.isEmpty() ? Operation::Create : Operation::Update, Area::Appointments))
            return fail(ErrorCode::Forbidden, "Appointment");
        if (const auto valid = validate(appointment); !valid)
            return fail(valid.error());
        for (const auto& [id, other] : m_appointments)
            if (id != appointment.id && clash(appointment, other.appointment))
                return fail(ErrorCode::SlotTaken, id.text());
        std::optional<AppointmentStatus> statusBefore;
        if (const auto kept = m_appointments.find(appointment.id); kept != m_appointments.end())
            statusBefore = kept->second.appointment.status;
        noteStage(appointment, statusBefore, m_clock.now());
        if (appointment.id.isEmpty()) {
            appointment.id = AppointmentId::known("apt-" + std::to_string(++m_lastAppointment));
            m_appointments[appointment.id] = {appointment, 1, false};
            announce(dayOf(appointment), dayOf(appointment));
            return rowOf(m_appointments.at(appointment.id));
        }
        const auto found = m_appointments.find(appointment.id);
        if (found == m_appointments.end())
            return fail(ErrorCode::NotFound, "Appointment/" + appointment.id.text());
        Kept& kept = found->second;
        if (kept.revision != revision)
            return fail(ErrorCode::Stale, "Appointment/" + appointment.id.text());
        if (kept.appointment.status != appointment.status &&
            !isLegalMove(kept.appointment.status, appointment.status))
            return fail(ErrorCode::InvalidArgument, "status");
        const QDate before = dayOf(kept.appointment);
        kept.appointment = appointment;
        ++kept.revision;
        const AppointmentRow row = rowOf(kept);
        announce(before, dayOf(appointment));
        return row;
    }
    /// All of them or none.
    Result<std::vector<BookingDesk::SavedVisit>> writeAll(const std::vector<AppointmentRow>& wished)
    {
        const auto before = m_appointments;
        std::vector<BookingDesk::SavedVisit> saved;
        for (const AppointmentRow& row : wished) {
            const auto kept = before.find(row.appointment.id);
            auto now = write(row.appointment, row.revision);
            if (!now) {
                m_appointments = before;
                return fail(now.error());
            }
            saved.push_back({kept == before.end() ? AppointmentRow() : rowOf(kept->second), *now});
        }
        return saved;
    }
    [[nodiscard]] std::vector<KeptPatient>::iterator findPatient(const PatientId& id)
    {
        return std::find_if(m_patients.begin(), m_patients.end(),
                            [&](const KeptPatient& k) { return k.patient.id == id; });
    }
    [[nodiscard]] PatientRow rowOf(const Patient& patient) const
    {
        PatientRow row;
        row.id = patient.id;
        row.mrn = medicalRecordNumber(patient);
        if (const HumanName* name = displayName(patient))
            row.name = formatName(*name);
        row.birthDate = patient.birthDate;
        row.sex = patient.sex;
        row.phone = patient.telecoms.empty() ? QString() : patient.telecoms.front().value;
        row.active = patient.active;
        row.deceased = patient.deceased;
        if (const auto standing = m_standings.find(patient.id.text()); standing != m_standings.end())
            std::tie(row.conflicted, row.unsent) = standing->second;
        return row;
    }
    [[nodiscard]] QString phoneOf(const PatientId& id) const
    {
        for (const auto& record : m_patients)
            if (record.patient.id == id)
                return rowOf(record.patient).phone;
        return {};
    }
    [[nodiscard]] AppointmentRow rowOf(const Kept& kept) const
    {
        AppointmentRow row;
        row.appointment = kept.appointment;
        row.revision = kept.revision;
        row.provisional = kept.provisional;
        if (const auto left = m_standings.find(kept.appointment.id.text()); left != m_standings.end())
            std::tie(row.conflicted, row.provisional) = left->second;
        for (const auto& record : m_patients)
            if (record.patient.id == kept.appointment.patient)
                row.patientName = rowOf(record.patient).name;
        for (const auto& service : m_services)
            if (service.id == kept.appointment.service)
                row.serviceName = service.name;
        for (const auto& room : m_rooms)
            if (room.id == kept.appointment.room)
                row.roomName = room.name;
        return row;
    }

    FixedClock m_clock;
    AuditedBy m_user{QStringLiteral("frontdesk"), Role::Receptionist};
    MemoryExchangeDesk m_desk;
    MemoryDirectoryDesk m_directory;
    MemoryErasureDesk m_erasures;
    MemoryAccountDesk m_accounts;
    MemoryFamilyDesk m_family;
    MemoryFrontDesk m_frontDesk{m_zone, [this] {
                                    std::vector<WaitlistRow> rows;
                                    for (const auto& [id, kept] : m_appointments)
                                        rows.push_back({rowOf(kept), phoneOf(kept.appointment.patient)});
                                    return rows;
                                }};
    MemoryBookingDesk m_booking{
        [this] { return stored(); },
        [this](QObject* context, std::function<void()> job) { answerLater(context, std::move(job)); },
        [this](const std::vector<AppointmentRow>& wished) { return writeAll(wished); }};
    MemoryPatientDesk m_patientDesk{[this] {
        std::vector<std::pair<Patient, PatientRow>> people;
        for (const KeptPatient& kept : m_patients)
            people.emplace_back(kept.patient, rowOf(kept.patient));
        return people;
    }};
    MemorySearchDesk m_search{[this](const QString& text) { return found(text); }};
    std::vector<KeptPatient> m_patients;
    std::map<AppointmentId, Kept> m_appointments;
    std::map<std::string, std::pair<bool, bool>> m_standings; ///< conflicted, unconfirmed
    QHash<QString, QByteArray> m_drafts;
    QList<QDate> m_daysViewed;
    QStringList m_searchesNoted;
    std::deque<std::function<void()>> m_waiting;
    std::optional<Error> m_nextFailure;
    std::optional<Error> m_readFailure;
    std::int64_t m_lastAppointment = 0;
    int m_writes = 0;
    mutable int m_openingsAsked = 0;
    bool m_held = false;
};

} // namespace yarrow
