// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/id.h"
#include "models/domain/appointment.h"
#include "models/domain/openings.h"
#include "models/domain/patient.h"
#include "models/domain/role.h"
#include "models/domain/staff.h"
#include "models/items/clinic_rows.h"

#include <QDate>
#include <QObject>
#include <QTimeZone>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace yarrow {

class AccountDesk;
class BookingDesk;
class DirectoryDesk;
class ErasureDesk;
class ExchangeDesk;
class FamilyDesk;
class FrontDesk;
class PatientDesk;
class SearchDesk;

/// A column of the calendar: a practitioner with the hours and blockouts of their roles.
struct CalendarResource
{
    PractitionerId id;
    QString name;
    QString specialty;
    BookableActor availability; ///< `busy` is empty
    bool operator==(const CalendarResource&) const = default;
};

struct AuditedBy
{
    QString user;
    Role role = Role::Receptionist;
};

/// A signed-in person's clinic, as the screens see it. Lives on the GUI thread. Short reads run there on a
/// read connection; everything that writes (and a view of a record writes an audit entry) runs on the store
/// thread, and its callback comes back on the GUI thread, unless the context object has gone by then.
class ClinicSession : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~ClinicSession() override = default;

    [[nodiscard]] virtual QString clinicName() const = 0;
    [[nodiscard]] virtual QTimeZone zone() const = 0; ///< the clinic's; all times on screen are in it
    [[nodiscard]] virtual WeeklyHours clinicHours() const = 0;
    [[nodiscard]] virtual const Clock& clock() const = 0;
    [[nodiscard]] virtual AuditedBy user() const = 0;
    /// What the UI should offer; the store refuses the rest anyhow.
    [[nodiscard]] virtual bool allows(Operation operation, Area area) const = 0;
    /// The exchange with the server; lives as long as the session.
    [[nodiscard]] virtual ExchangeDesk& exchange() = 0;
    /// Who and what can be booked, to be edited; lives as long as the session.
    [[nodiscard]] virtual DirectoryDesk& directory() = 0;
    /// What the reception reads besides a day; lives as long as the session.
    [[nodiscard]] virtual FrontDesk& frontDesk() = 0;
    /// What is known and planned before visits are booked; lives as long as the session.
    [[nodiscard]] virtual BookingDesk& booking() = 0;
    /// Patients who may be one person; lives as long as the session.
    [[nodiscard]] virtual PatientDesk& patientDesk() = 0;
    /// Patients' families; lives as long as the session.
    [[nodiscard]] virtual FamilyDesk& family() = 0;
    /// Patients' right to be forgotten; lives as long as the session.
    [[nodiscard]] virtual ErasureDesk& erasures() = 0;
    /// Who may sign in; lives as long as the session.
    [[nodiscard]] virtual AccountDesk& accounts() = 0;
    /// The top search; lives as long as the session.
    [[nodiscard]] virtual SearchDesk& search() = 0;

    // Patients.
    /// Any fragment of name, birth date, MRN or phone; a few milliseconds. Empty text gives those that
    /// this person opened last; as long as there are none, the most recently changed ones.
    [[nodiscard]] virtual Result<std::vector<PatientRow>> searchPatients(const QString& text,
                                                                         int limit) const = 0;
    /// Writes the audit entry of a search that has settled (call it once typing has paused, not per
    /// keystroke).
    virtual void noteSearch(const QString& text, int hits) = 0;
    virtual void viewPatient(const PatientId& id, QObject* context, Done<PatientRecord> done) = 0;
    /// A new patient when `patient.id` is empty. Gives the id and the new revision. Stale when the record
    /// changed since `revision`.
    struct Saved
    {
        PatientId id;
        std::int64_t revision = 0;
    };
    virtual void savePatient(const Patient& patient, std::int64_t revision, QObject* context,
                             Done<Saved> done) = 0;

    // Appointments.
    [[nodiscard]] virtual Result<std::vector<AppointmentRow>> appointmentsOn(QDate day) const = 0;
    /// Writes the audit entry of a day that somebody looked at.
    virtual void noteDayViewed(QDate day) = 0;
    [[nodiscard]] virtual std::vector<CalendarResource> practitioners() const = 0; ///< active, by name
    [[nodiscard]] virtual std::vector<Location> rooms() const = 0;
    [[nodiscard]] virtual std::vector<Device> devices() const = 0;
    /// Hours and what closes it, the clinic's holidays included; `busy` is empty.
    [[nodiscard]] virtual BookableActor availability(const Location& room) const = 0;
    [[nodiscard]] virtual BookableActor availability(const Device& device) const = 0;
    [[nodiscard]] virtual std::vector<HealthcareService> services() const = 0;
    using OpeningsRequest = yarrow::OpeningsRequest;
    [[nodiscard]] virtual Result<std::vector<Opening>> openings(const OpeningsRequest& request) const = 0;
    /// A new appointment when `appointment.id` is empty, else a change. SlotTaken names the other
    /// appointment; Stale as with patients. Gives the row as it now is.
    virtual void saveAppointment(const Appointment& appointment, std::int64_t revision, QObject* context,
                                 Done<AppointmentRow> done) = 0;

    // Drafts: what is typed and not saved. Kept in the encrypted database, per user and form.
    virtual void saveDraft(const QString& form, const QByteArray& content) = 0; ///< empty content removes it
    [[nodiscard]] virtual QByteArray draft(const QString& form) const = 0;

Q_SIGNALS:
    void patientSaved(const yarrow::PatientId& id);
    void appointmentsChanged(QDate day); ///< a local day of the clinic on which something changed
    void directoryChanged(); ///< hours, practitioners, rooms, devices or visit types are others than before
    void recordsArrived();   ///< an exchange has changed records: what is on screen is read anew
};

} // namespace yarrow
