// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/front_desk.h"

#include <QCalendarWidget>
#include <QTimer>

namespace yarrow {

/// A month in which each day shows how full it is: a bar as long as the share of the working time that is
/// booked. Reads the clinic again a moment after it has changed.
class MonthView final : public QCalendarWidget
{
    Q_OBJECT
public:
    explicit MonthView(ClinicSession& session, QWidget* parent = nullptr);

    void showDay(QDate day);
    void refresh(); ///< soon
    /// Of the time that is worked on that day, how much is booked: 0 to 1; nothing when nobody works.
    [[nodiscard]] std::optional<double> share(QDate day) const;

Q_SIGNALS:
    void dayChosen(QDate day);

protected:
    void paintCell(QPainter* painter, const QRect& rect, QDate date) const override;
    bool event(QEvent* event) override;

private:
    void read();
    void styleHeader();
    [[nodiscard]] std::chrono::minutes workedOn(QDate day) const;

    ClinicSession& m_session;
    std::map<QDate, DayLoad> m_loads;
    std::map<QDate, std::chrono::minutes> m_worked;
    QTimer m_pause;
    bool m_quiet = false;
};

} // namespace yarrow
