// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/items/clinic_rows.h"

#include <QDate>
#include <QObject>

#include <chrono>
#include <map>
#include <optional>
#include <vector>

namespace yarrow {

/// How much is booked on a day.
struct DayLoad
{
    int visits = 0;                 ///< booked or further; neither cancelled nor missed
    std::chrono::minutes booked{0}; ///< the sum of their lengths
    bool operator==(const DayLoad&) const = default;
};

/// Somebody who waits for an appointment.
struct WaitlistRow
{
    AppointmentRow row; ///< without a time; what would be taken is its wish
    QString phone;      ///< to call them on; empty when there is none
    bool operator==(const WaitlistRow&) const = default;
};

/// What the reception reads besides a day. Lives on the GUI thread; short reads on a read connection, as with
/// ClinicSession.
class FrontDesk : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    ~FrontDesk() override = default;

    /// Of the local days [from, until), those with a visit.
    [[nodiscard]] virtual Result<std::map<QDate, DayLoad>> loads(QDate from, QDate until) const = 0;
    /// What overlaps the local days [from, until), by start.
    [[nodiscard]] virtual Result<std::vector<AppointmentRow>> appointmentsBetween(QDate from,
                                                                                  QDate until) const = 0;
    /// As it is stored, on whatever day; nothing when there is none, or it may not be read.
    [[nodiscard]] virtual std::optional<AppointmentRow> appointment(const AppointmentId& id) const = 0;
    /// By priority, then by how long they have waited.
    [[nodiscard]] virtual Result<std::vector<WaitlistRow>> waitingList() const = 0;
    /// Writes the audit entry of somebody looking at the waiting list.
    virtual void noteWaitingListViewed() = 0;
    /// Writes the audit entry of appointments that left the program: "pdf day 2026-05-12".
    virtual void noteExported(const QString& what) = 0;

Q_SIGNALS:
    void waitingListChanged();
};

} // namespace yarrow
