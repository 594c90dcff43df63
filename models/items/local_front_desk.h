// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/front_desk.h"
#include "models/store/read/clinic_reader.h"

#include <QTimeZone>

#include <functional>

namespace yarrow {

/// FrontDesk on this workstation's store, as a part of the session that owns it.
class LocalFrontDesk final : public FrontDesk
{
    Q_OBJECT
public:
    /// What the session does for it.
    struct Session
    {
        std::function<bool()> mayRead;
        std::function<AppointmentRow(ListedAppointment)> toRow;
        std::function<void()> noteWaitingListViewed;
        std::function<void(const QString&)> noteExported;
    };
    /// `reading` must outlive it.
    LocalFrontDesk(Connection& reading, const QTimeZone& zone, Session session);

    [[nodiscard]] Result<std::map<QDate, DayLoad>> loads(QDate from, QDate until) const override;
    [[nodiscard]] Result<std::vector<AppointmentRow>> appointmentsBetween(QDate from,
                                                                          QDate until) const override;
    [[nodiscard]] std::optional<AppointmentRow> appointment(const AppointmentId& id) const override;
    [[nodiscard]] Result<std::vector<WaitlistRow>> waitingList() const override;
    void noteWaitingListViewed() override { m_session.noteWaitingListViewed(); }
    void noteExported(const QString& what) override { m_session.noteExported(what); }

private:
    Connection& m_reading;
    QTimeZone m_zone;
    Session m_session;
};

} // namespace yarrow
