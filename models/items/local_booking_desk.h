// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/booking_desk.h"
#include "models/items/store_thread.h"
#include "models/store/read/clinic_reader.h"

namespace yarrow {

/// BookingDesk on this workstation's store, as a part of the session that owns it.
class LocalBookingDesk final : public BookingDesk
{
    Q_OBJECT
public:
    /// What the session does for it.
    struct Session
    {
        std::function<bool()> mayRead;
        std::function<AppointmentRow(ListedAppointment)> toRow;
        /// Whoever is in the way of a visit was listed: the audit is told.
        std::function<void()> noteInTheWay;
        /// Visits were saved: everybody is told.
        std::function<void(const std::vector<AppointmentCommands::Saved>&)> saved;
    };
    /// Store, connection and clock must outlive it.
    LocalBookingDesk(StoreThread& store, Connection& reading, const Clock& clock, const QTimeZone& zone,
                     Session session);

    [[nodiscard]] Result<Attendance> attendance(const PatientId& patient) const override;
    [[nodiscard]] Result<SeriesPlan> planVisit(const AppointmentRow& wished) override;
    void planSeries(const AppointmentRow& first, const Recurrence& recurrence, QObject* context,
                    Done<SeriesPlan> done) override;
    void planChange(const AppointmentRow& seen, const AppointmentRow& wished, SeriesScope scope,
                    QObject* context, Done<SeriesPlan> done) override;
    void saveAll(const std::vector<AppointmentRow>& wished, QObject* context,
                 Done<std::vector<SavedVisit>> done) override;

private:
    using Changes = std::vector<AppointmentCommands::Change>;
    using Planned = SeriesCommands::Changed;
    using Planning = std::function<Result<Planned>(Clinic&)>;
    void plan(Planning planning, QObject* context, Done<SeriesPlan> done);
    [[nodiscard]] SeriesPlan planOf(Planned planned, std::vector<VisitPreview> previews,
                                    std::vector<ListedAppointment> inTheWay) const;

    StoreThread& m_store;
    Connection& m_reading;
    const Clock& m_clock;
    QTimeZone m_zone;
    Session m_session;
    std::vector<AppointmentId> m_named; ///< in the way of the visit that was looked at last
};

} // namespace yarrow
