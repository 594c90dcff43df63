// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/exchange_place.h"
#include "models/items/local_account_desk.h"
#include "models/items/local_booking_desk.h"
#include "models/items/local_directory_desk.h"
#include "models/items/local_erasure_desk.h"
#include "models/items/local_exchange_desk.h"
#include "models/items/local_family_desk.h"
#include "models/items/local_front_desk.h"
#include "models/items/local_patient_desk.h"
#include "models/items/local_search_desk.h"
#include "models/items/store_thread.h"
#include "models/store/read/clinic_reader.h"

namespace yarrow {

/// ClinicSession on this workstation's store. See there for threads.
class LocalClinicSession final : public ClinicSession
{
    Q_OBJECT
public:
    /// Opens the read connection and reads the directory, so that the first screen has them.
    /// `makeRunner` makes who exchanges records with the server; without it nobody does.
    [[nodiscard]] static Result<std::shared_ptr<LocalClinicSession>>
    open(std::unique_ptr<Clinic> clinic, const MakeExchangeRunner& makeRunner = {});
    ~LocalClinicSession() override;

    [[nodiscard]] QString clinicName() const override;
    [[nodiscard]] QTimeZone zone() const override { return m_zone; }
    [[nodiscard]] WeeklyHours clinicHours() const override { return m_directory.clinicHours; }
    [[nodiscard]] BookableActor availability(const Location& room) const override
    {
        return m_directory.availability(room);
    }
    [[nodiscard]] BookableActor availability(const Device& device) const override
    {
        return m_directory.availability(device);
    }
    [[nodiscard]] const Clock& clock() const override { return m_clock; }
    [[nodiscard]] AuditedBy user() const override;
    [[nodiscard]] bool allows(Operation operation, Area area) const override;
    [[nodiscard]] ExchangeDesk& exchange() override { return m_exchange; }
    [[nodiscard]] DirectoryDesk& directory() override { return m_directoryDesk; }
    [[nodiscard]] BookingDesk& booking() override { return m_bookingDesk; }
    [[nodiscard]] FrontDesk& frontDesk() override { return m_frontDesk; }
    [[nodiscard]] PatientDesk& patientDesk() override { return *m_patientDesk; }
    [[nodiscard]] FamilyDesk& family() override { return m_family; }
    [[nodiscard]] ErasureDesk& erasures() override { return m_erasures; }
    [[nodiscard]] AccountDesk& accounts() override { return m_accounts; }
    [[nodiscard]] SearchDesk& search() override { return m_search; }

    [[nodiscard]] Result<std::vector<PatientRow>> searchPatients(const QString& text,
                                                                 int limit) const override;
    void noteSearch(const QString& text, int hits) override;
    void viewPatient(const PatientId& id, QObject* context, Done<PatientRecord> done) override;
    void savePatient(const Patient& patient, std::int64_t revision, QObject* context,
                     Done<Saved> done) override;

    [[nodiscard]] Result<std::vector<AppointmentRow>> appointmentsOn(QDate day) const override;
    void noteDayViewed(QDate day) override;
    [[nodiscard]] std::vector<CalendarResource> practitioners() const override;
    [[nodiscard]] std::vector<Location> rooms() const override { return m_directory.rooms; }
    [[nodiscard]] std::vector<Device> devices() const override { return m_directory.devices; }
    [[nodiscard]] std::vector<HealthcareService> services() const override { return m_directory.services; }
    [[nodiscard]] Result<std::vector<Opening>> openings(const OpeningsRequest& request) const override;
    void saveAppointment(const Appointment& appointment, std::int64_t revision, QObject* context,
                         Done<AppointmentRow> done) override;

    void saveDraft(const QString& form, const QByteArray& content) override;
    [[nodiscard]] QByteArray draft(const QString& form) const override;

private:
    LocalClinicSession(std::unique_ptr<Clinic> clinic, std::unique_ptr<Connection> reading,
                       std::unique_ptr<Connection> searching);

    [[nodiscard]] AppointmentRow toRow(ListedAppointment listed) const;
    [[nodiscard]] PatientRow toRow(PatientHit hit) const;
    [[nodiscard]] QDate localDate(Instant instant) const;
    void announce(const std::optional<Appointment>& before, const Appointment& now);
    void readDirectory();
    /// For work whose result nobody waits for; a failure is logged.
    void runQuietly(std::function<Result<void>(Clinic&)> work);

    const Clock& m_clock;
    ClinicIdentity m_identity;
    Actor m_actor;
    QTimeZone m_zone;
    Directory m_directory;
    QHash<QString, QByteArray> m_pendingDrafts; // given to the store thread and perhaps not yet written
    StoreThread m_store;
    LocalExchangeDesk m_exchange;
    std::unique_ptr<ExchangeRunner> m_runner; // ends before the clinic is closed
    std::unique_ptr<Connection> m_reading; // of the GUI thread; closed before the clinic, which folds the log
    LocalBookingDesk m_bookingDesk;
    LocalDirectoryDesk m_directoryDesk;
    LocalFrontDesk m_frontDesk;
    std::unique_ptr<LocalPatientDesk>
        m_patientDesk; // its thread and connection end before the clinic is closed
    LocalFamilyDesk m_family;
    LocalErasureDesk m_erasures;
    LocalAccountDesk m_accounts;
    LocalSearchDesk m_search; // ends before the clinic is closed
};

} // namespace yarrow
