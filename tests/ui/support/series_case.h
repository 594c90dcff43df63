// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"
#include "ui/calendar/appointment_panel.h"
#include "ui/calendar/calendar_page.h"
#include "ui/calendar/message_bar.h"
#include "ui/widgets/texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTimeEdit>

#include <algorithm>
#include <memory>
#include <vector>

namespace yarrow::testing {

using std::chrono::minutes;

/// What tests of visits that repeat share: the calendar on a real store, driven by keyboard. It is Monday,
/// 2 March 2026, 10:00 in Rome.
class SeriesCase : public QObject
{
protected:
    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    std::unique_ptr<ScheduleEditor> m_editor;
    std::unique_ptr<CalendarPage> m_page;
    const PractitionerId m_doctor = PractitionerId::known("dr");
    const QDate m_monday = QDate(2026, 3, 2);

    DayView& view() { return m_page->view(); }
    bool settled()
    {
        return QTest::qWaitFor([this] { return m_editor->isIdle(); });
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_page->window()->focusWidget(), key, modifiers);
    }
    void type(const char* text)
    {
        for (; *text; ++text)
            QTest::keyClick(m_page->window()->focusWidget(), *text);
    }
    template <class Widget>
    Widget* find(const char* name)
    {
        auto* widget = m_page->findChild<Widget*>(QLatin1String(name));
        if (!widget)
            qFatal("no widget named %s", name);
        return widget;
    }
    /// The one of that name that is shown; nullptr when none is.
    template <class Widget>
    Widget* shown(const char* name)
    {
        for (auto* each : m_page->findChildren<Widget*>(QLatin1String(name)))
            if (each->isVisibleTo(m_page.get()))
                return each;
        return nullptr;
    }
    bool isShown(const char* name) { return find<QWidget>(name)->isVisibleTo(m_page.get()); }
    QString message()
    {
        auto* bar = static_cast<MessageBar*>(find<QFrame>("calendarMessage"));
        return bar->isVisibleTo(m_page.get()) ? bar->text() : QString();
    }
    /// The rows of the preview that is shown, once there are that many.
    QStringList previewed(int count)
    {
        const QListWidget* list = nullptr;
        const bool came = QTest::qWaitFor([&] {
            list = shown<QListWidget>("seriesPreview");
            return list && list->count() == count;
        });
        QStringList rows;
        for (int i = 0; came && i < list->count(); ++i)
            rows << list->item(i)->data(Qt::AccessibleTextRole).toString();
        return rows;
    }
    Instant at(QDate day, int hour, int minute = 0) const
    {
        return toInstant(day, QTime(hour, minute), m_session->zone());
    }
    /// Somebody else's visit at that time of the doctor.
    void take(Instant start)
    {
        Appointment visit;
        visit.practitioner = m_doctor;
        visit.patient = PatientId::known("p2");
        visit.start = start;
        visit.end = start + minutes(30);
        bool done = false;
        m_session->saveAppointment(visit, 0, this, [&](const Result<AppointmentRow>& saved) {
            YARROW_ASSERT(saved.has_value());
            done = true;
        });
        QVERIFY(QTest::qWaitFor([&] { return done; }));
    }
    /// What is booked or cancelled for Rossi, by start.
    std::vector<AppointmentRow> visits()
    {
        std::vector<AppointmentRow> found;
        for (int day = 0; day < 60; ++day) {
            const auto rows = m_session->appointmentsOn(m_monday.addDays(day));
            YARROW_ASSERT(rows.has_value());
            for (const AppointmentRow& row : *rows)
                if (row.appointment.patient == PatientId::known("p1"))
                    found.push_back(row);
        }
        return found;
    }
    QStringList starts()
    {
        QStringList texts;
        for (const AppointmentRow& row : visits())
            texts << localTime(row.appointment.start, m_session->zone())
                         .toString(QStringLiteral("yyyy-MM-dd HH:mm"));
        return texts;
    }
    int inStatus(AppointmentStatus status)
    {
        const auto all = visits();
        return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const AppointmentRow& row) {
            return row.appointment.status == status;
        }));
    }
    /// A form for Rossi at 11:00 today that repeats weekly, three times.
    void startWeekly()
    {
        view().selectCell(m_doctor, at(m_monday, 11));
        press(Qt::Key_N, Qt::ControlModifier);
        type("rossi");
        press(Qt::Key_Return);
        find<QComboBox>("repeatKind")->setFocus();
        type("W");
        QCOMPARE(find<QComboBox>("repeatKind")->currentText(), QStringLiteral("Weekly"));
        find<QSpinBox>("repeatCount")->setFocus();
        find<QSpinBox>("repeatCount")->selectAll();
        type("3");
        press(Qt::Key_Tab);
    }
    void bookWeekly()
    {
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(visits().size(), std::size_t{3});
    }
    /// The visit of that week, counted from none.
    void selectVisit(int week)
    {
        m_page->showDay(m_monday.addDays(7 * week));
        view().setFocus();
        view().select(visits().at(static_cast<std::size_t>(week)).appointment.id);
    }
    void openVisit(int week)
    {
        selectVisit(week);
        press(Qt::Key_Return);
        QVERIFY(isShown("appointmentPanel"));
    }
    void changeStart(int hour)
    {
        auto* start = find<QTimeEdit>("start");
        start->setFocus();
        start->setCurrentSection(QDateTimeEdit::HourSection);
        while (start->time().hour() < hour)
            press(Qt::Key_Up);
    }

    /// Writes a note at a visit, as somebody at another computer would.
    void note(const AppointmentRow& row, const QString& comment)
    {
        Appointment visit = row.appointment;
        visit.comment = comment;
        bool done = false;
        m_session->saveAppointment(visit, row.revision, this, [&](const Result<AppointmentRow>& saved) {
            YARROW_ASSERT(saved.has_value());
            done = true;
        });
        QVERIFY(QTest::qWaitFor([&] { return done; }));
    }
    /// Types into the note for the desk.
    void typeNote(const char* text)
    {
        find<QPlainTextEdit>("comment")->setFocus();
        type(text);
    }
    void chooseAll(const char* box, int visits)
    {
        find<QRadioButton>(box)->setFocus();
        find<QRadioButton>(box)->click();
        QCOMPARE(previewed(visits).size(), visits);
    }
    /// Has all three visits of the series at 14:00.
    void moveAll()
    {
        openVisit(0);
        changeStart(14);
        press(Qt::Key_Return, Qt::ControlModifier);
        chooseAll("scopeAll", 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts().value(2), QStringLiteral("2026-03-16 14:00"));
    }
    bool isPlanReady()
    {
        return static_cast<AppointmentPanel*>(find<QWidget>("appointmentPanel"))->isPlanReady();
    }

    void open()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_test = std::make_unique<TestClinic>();
        auto clinic = m_test->open();
        YARROW_VERIFY_OK(clinic->importer().addDocuments(
            {
                patientDocument("p1", "Rossi", "Ada"),
                patientDocument("p2", "Verdi", "Carla"),
                json("{\"resourceType\":\"Practitioner\",\"id\":\"dr\",\"name\":[{\"family\":\"Neri\"}]}"),
                json("{\"resourceType\":\"Location\",\"id\":\"clinic\",\"name\":\"Lindenhof\","
                     "\"hoursOfOperation\":[{\"openingTime\":\"08:00:00\",\"closingTime\":\"18:00:00\","
                     "\"daysOfWeek\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]}]}"),
            },
            "test"));
        auto session = LocalClinicSession::open(std::move(clinic));
        YARROW_VERIFY_OK(session);
        m_session = *session;
        m_editor = std::make_unique<ScheduleEditor>(*m_session);
        m_page = std::make_unique<CalendarPage>(*m_session, *m_editor);
        m_page->resize(1300, 1000);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
        m_page->showDay(m_monday);
    }
    void close()
    {
        m_page.reset();
        m_editor.reset();
        m_session.reset();
        m_test.reset();
    }
};

} // namespace yarrow::testing
