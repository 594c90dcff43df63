// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/calendar/day_desk.h"
#include "ui/frame/page.h"

namespace yarrow {

/// Any day of the clinic: who comes when and to whom.
class CalendarPage final : public Page
{
    Q_OBJECT
public:
    /// Session and editor must outlive the page.
    CalendarPage(ClinicSession& session, ScheduleEditor& editor, QWidget* parent = nullptr);

    QString title() const override;
    QString iconName() const override { return QStringLiteral("calendar"); }
    QList<KeyHint> keyHints() const override { return DayDesk::keyHints(); }
    void activated() override { m_desk->activated(); }
    void saveDrafts() override { m_desk->saveDrafts(); }
    void showDay(QDate day) override { m_desk->showDay(day); }
    void showAppointment(const AppointmentId& id, QDate day) override { m_desk->showAppointment(id, day); }
    void startBooking(const PatientId& id) override { m_desk->startBooking(id); }
    void startFamilyBooking(const PatientId& id) override { m_desk->startFamilyBooking(id); }
    QStringList tourStops() const override;
    void showTourStop(const QString& stop) override;
    [[nodiscard]] bool isTourStopReady() const override { return !m_waitsForPlan || m_desk->isPlanReady(); }

    [[nodiscard]] DayView& view() noexcept { return m_desk->view(); }
    [[nodiscard]] ScheduleEditor& editor() noexcept { return m_editor; }
    [[nodiscard]] DayScheduleModel& model() noexcept { return m_desk->model(); }

private:
    ScheduleEditor& m_editor;
    DayDesk* m_desk;
    bool m_waitsForPlan = false; ///< of the tour's stop
};

} // namespace yarrow
