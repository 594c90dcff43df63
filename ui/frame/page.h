// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"

#include <QDate>
#include <QList>
#include <QString>
#include <QWidget>

class QAction;

namespace yarrow {

class DesktopSettings;

/// One line of the key sheet (F1).
struct KeyHint
{
    QString keys; ///< as shown: "Ctrl+N", "A / R / D / X"
    QString what;
};

/// A page of the frame, reached from the rail. What it offers as QAction (addAction) with a text is also
/// found by the command field, from other pages too, which brings the page to the front first; an action's
/// shortcut works while the page is shown.
class Page : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    [[nodiscard]] virtual QString title() const = 0;    ///< in the rail and the key sheet
    [[nodiscard]] virtual QString iconName() const = 0; ///< of resources/icons, without ".svg"
    [[nodiscard]] virtual QList<KeyHint> keyHints() const { return {}; }

    /// The page has come to the front; the first time, it loads what it shows. Gives the keyboard to what is
    /// used first.
    virtual void activated() {}
    /// What the desktop remembers for this page, once it stands in a window. Outlives the page.
    virtual void useSettings(DesktopSettings& settings) { Q_UNUSED(settings) }
    /// Writes every form with unsaved text through ClinicSession::saveDraft. Called before lock and quit;
    /// must be quick.
    virtual void saveDrafts() {}

    // What another page may ask for through the signals below; a page that cannot do it ignores it.
    virtual void showPatient(const PatientId& id) { Q_UNUSED(id) }
    virtual void showDay(QDate day) { Q_UNUSED(day) }
    /// On that day, as far as is known.
    virtual void showAppointment(const AppointmentId& id, QDate day)
    {
        Q_UNUSED(id)
        showDay(day);
    }
    virtual void startBooking(const PatientId& id) { Q_UNUSED(id) }
    virtual void startFamilyBooking(const PatientId& id) { Q_UNUSED(id) }

    /// Stops of the tour, in order: names for the screenshots ("calendar-day", "calendar-booking").
    [[nodiscard]] virtual QStringList tourStops() const { return {}; }
    /// Brings the page into the state of a stop. What it has to wait for is there once the event loop has
    /// been idle.
    virtual void showTourStop(const QString& stop) { Q_UNUSED(stop) }
    /// Whether what the stop shows has come, where that takes longer.
    [[nodiscard]] virtual bool isTourStopReady() const { return true; }

Q_SIGNALS:
    void patientRequested(const yarrow::PatientId& id); ///< show this patient on the patients page
    void dayRequested(QDate day);                       ///< show this day on the calendar
    void appointmentRequested(const yarrow::AppointmentId& id, QDate day); ///< show it on the calendar
    void
    bookingRequested(const yarrow::PatientId& id); ///< book an appointment for this patient on the calendar
    /// Book this patient's family, one after the other, on the calendar.
    void familyBookingRequested(const yarrow::PatientId& id);
    void notice(const QString& sentence); ///< something was done: shown for a few seconds
};

/// The command is about what is marked or shown on its page: nobody is to run it from where that is not seen.
void bindToPage(QAction& action);
[[nodiscard]] bool isBoundToPage(const QAction& action);

} // namespace yarrow
