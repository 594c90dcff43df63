// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/schedule_editor.h"
#include "ui/calendar/day_view.h"
#include "ui/frame/page.h"

#include <QTimer>

class QAction;

namespace yarrow {

class AppointmentPanel;
class CalendarToolbar;
class MessageBar;
class OpeningsPanel;
class Pinboard;

/// The clinic's day: who comes when and to whom. Books, moves and cancels from the keyboard or the mouse,
/// with forms beside the day instead of in front of it.
class CalendarPage final : public Page
{
    Q_OBJECT
public:
    explicit CalendarPage(ClinicSession& session, QWidget* parent = nullptr);
    ~CalendarPage() override;

    QString title() const override;
    QString iconName() const override { return QStringLiteral("calendar"); }
    QList<KeyHint> keyHints() const override;
    void activated() override;
    void saveDrafts() override;
    void showDay(QDate day) override;
    void startBooking(const PatientId& id) override;
    QStringList tourStops() const override;
    void showTourStop(const QString& stop) override;

    [[nodiscard]] DayView& view() noexcept { return *m_view; }
    [[nodiscard]] ScheduleEditor& editor() noexcept { return m_editor; }
    [[nodiscard]] DayScheduleModel& model() noexcept { return m_model; }

private:
    void layOut();
    void makeActions();
    void connectView();
    void connectPanels();
    [[nodiscard]] QDate today() const;
    void tick();
    void stepDay(int days);

    // The side of the day; calendar_page_side.cpp.
    [[nodiscard]] static QString draftForm() { return QStringLiteral("calendar.appointment"); }
    void showPanel(QWidget* panel); ///< nullptr hides it and gives the keyboard back to the day
    [[nodiscard]] bool leaveForm(const std::function<void()>& goOn);
    void closeForm();
    void openAppointment(const AppointmentId& id);
    void bookAt(const CalendarCell& cell, const QString& typed, bool exact);
    void bookSelected(const QString& typed = {});
    void lookForOpenings(const AppointmentRow& row, const Appointment& appointment);
    void lookForOpening();
    void takeOpening(const Opening& opening, const HealthcareServiceId& service, const AppointmentRow& row);
    [[nodiscard]] LocationId freeRoom(const TimeRange& when) const;
    void keepDraft();
    void offerDraft();
    void showMenu(QPoint global);

    // Changes; calendar_page_changes.cpp.
    void connectEditor();
    void save(const AppointmentRow& seen, const AppointmentRow& wished);
    void setStatus(const AppointmentRow& row, AppointmentStatus status);
    void cancelWithReason(const AppointmentRow& row, const std::string& reason);
    void moveTo(const AppointmentRow& row, const PractitionerId& practitioner, Instant start);
    void resizeTo(const AppointmentRow& row, Instant end);
    void cut();
    void paste();
    void undo();
    void redo();
    void showRefusal(const ScheduleRefusal& refusal);
    void showTaken(const ScheduleRefusal& refusal);
    void reopenForm(const AppointmentRow& wished);
    [[nodiscard]] QString takenText(const ScheduleRefusal& refusal) const;
    void say(const QString& sentence);
    [[nodiscard]] bool mayChange();

    ClinicSession& m_session;
    DayScheduleModel m_model;
    ScheduleEditor m_editor;
    CalendarToolbar* m_toolbar;
    MessageBar* m_message;
    Pinboard* m_pinboard;
    DayView* m_view;
    QWidget* m_side;
    AppointmentPanel* m_form;
    OpeningsPanel* m_openings;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QAction* m_cut = nullptr;
    QAction* m_paste = nullptr;
    std::optional<PatientRow> m_bookingFor; ///< asked for by another page
    QTimer m_clockTick;
    QTimer m_draftPause;
    bool m_wasShown = false;
};

} // namespace yarrow
