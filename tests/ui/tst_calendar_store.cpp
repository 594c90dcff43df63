// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/demo_clinic.h"
#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"
#include "ui/calendar/calendar_page.h"
#include "ui/calendar/message_bar.h"
#include "ui/widgets/texts.h"

#include <QLineEdit>

using namespace yarrow;
using namespace yarrow::testing;
using std::chrono::minutes;

/// The calendar on a real store, with the demo clinic in it: what is done on screen is in the database, and
/// what the database refuses is told.
class TestCalendarStore : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    std::unique_ptr<ScheduleEditor> m_editor;
    std::unique_ptr<CalendarPage> m_page;
    QDate m_day;

    DayView& view() { return m_page->view(); }
    bool settled()
    {
        return QTest::qWaitFor([this] { return m_page->editor().isIdle(); });
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_page->focusWidget(), key, modifiers);
    }
    std::optional<AppointmentRow> stored(const AppointmentId& id)
    {
        for (int day = -1; day <= 30; ++day) {
            const auto rows = m_session->appointmentsOn(m_day.addDays(day));
            if (!rows)
                continue;
            for (const AppointmentRow& row : *rows)
                if (row.appointment.id == id)
                    return row;
        }
        return std::nullopt;
    }
    /// Books the next opening for the first patient found by "a", from the keyboard.
    std::optional<AppointmentRow> bookNextOpening()
    {
        press(Qt::Key_F3);
        press(Qt::Key_Return);
        QTest::keyClick(m_page->focusWidget(), 'a');
        press(Qt::Key_Return);
        press(Qt::Key_Return, Qt::ControlModifier);
        if (!settled() || !view().selected())
            return std::nullopt;
        return view().selected()->row;
    }

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_test = std::make_unique<TestClinic>();
        auto clinic = m_test->open();
        const QTimeZone zone("Europe/Rome");
        m_day = localTime(m_test->clock.now(), zone).date();
        YARROW_VERIFY_OK(clinic->importer().addDocuments(demoClinic(m_day, zone), "demo"));
        auto session = LocalClinicSession::open(std::move(clinic));
        YARROW_VERIFY_OK(session);
        m_session = *session;
        m_editor = std::make_unique<ScheduleEditor>(*m_session);
        m_page = std::make_unique<CalendarPage>(*m_session, *m_editor);
        m_page->resize(1300, 850);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_test.reset();
    }

    void demoDay_isShownWithAllItsAppointments()
    {
        const auto rows = m_session->appointmentsOn(m_day);
        YARROW_VERIFY_OK(rows);
        QVERIFY(rows->size() > 20);
        QVERIFY(m_page->model().columns().size() >= 5);
        m_page->model().setShowsCancelled(true);
        std::size_t shown = 0;
        for (const ScheduleColumn& column : m_page->model().columns())
            shown += column.entries.size();
        QCOMPARE(shown, rows->size());
    }
    void bookedByKeyboard_isInTheDatabase_undoneAndRedone()
    {
        const auto booked = bookNextOpening();
        QVERIFY(booked);
        QVERIFY(!booked->patientName.isEmpty());
        const auto kept = stored(booked->appointment.id);
        QVERIFY(kept);
        QCOMPARE(kept->appointment, booked->appointment);
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY(!m_page->model().entry(booked->appointment.id));
        press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY(view().selected());
        QCOMPARE(view().selected()->row.appointment.start, booked->appointment.start);
    }
    void movedResizedAndArrived_allUndone()
    {
        const auto booked = bookNextOpening();
        QVERIFY(booked);
        const AppointmentId id = booked->appointment.id;
        // Out of everybody's way: after the last visit of the day.
        Instant late = m_page->model().axis().visible().start;
        for (const ScheduleColumn& column : m_page->model().columns())
            for (const ScheduleEntry& entry : column.entries)
                late = std::max(late, entry.row.appointment.end);
        Q_EMIT view().moveRequested(
            id, ColumnKey{booked->appointment.practitioner, {}, {}, m_page->model().day()}, late);
        press(Qt::Key_Down, Qt::ControlModifier);
        press(Qt::Key_Down, Qt::ShiftModifier);
        press(Qt::Key_A);
        QVERIFY(settled());
        const auto changed = stored(id);
        QVERIFY(changed);
        QVERIFY(changed->appointment.start >= late);
        QCOMPARE(changed->appointment.status, AppointmentStatus::Arrived);
        for (int i = 0; i < 4 && m_page->editor().nextUndo() != ScheduleChange::Book; ++i) {
            press(Qt::Key_Z, Qt::ControlModifier);
            QVERIFY(settled());
        }
        QCOMPARE(stored(id)->appointment, booked->appointment);
    }
    void takenSlot_isRefusedAndTold()
    {
        const auto booked = bookNextOpening();
        QVERIFY(booked);
        const Appointment& first = booked->appointment;
        Appointment second = first;
        second.id = {};
        AppointmentRow wish = *booked;
        wish.appointment = second;
        m_page->editor().book(wish);
        QVERIFY(settled());
        const auto* bar =
            static_cast<MessageBar*>(m_page->findChild<QFrame*>(QStringLiteral("calendarMessage")));
        QVERIFY(bar->text().contains(booked->patientName));
        QVERIFY(m_page->findChild<QWidget*>(QStringLiteral("appointmentPanel"))->isVisibleTo(m_page.get()));
    }
    void anAppointment_isReadByItsId_whateverDayIsShown()
    {
        const auto booked = bookNextOpening();
        QVERIFY(booked);
        const auto read = m_session->frontDesk().appointment(booked->appointment.id);
        QVERIFY(read);
        QCOMPARE(read->appointment, booked->appointment);
        QCOMPARE(read->patientName, booked->patientName);
        QCOMPARE(read->revision, booked->revision);
        QVERIFY(!m_session->frontDesk().appointment(AppointmentId::known("nobody")));
    }
    void draft_survivesTheSession()
    {
        press(Qt::Key_N, Qt::ControlModifier);
        m_page->findChild<QLineEdit*>(QStringLiteral("description"))->setText(QStringLiteral("half typed"));
        m_page->saveDrafts();
        QVERIFY(m_session->draft(QStringLiteral("calendar.appointments")).contains("half typed"));
    }
};

QTEST_MAIN(TestCalendarStore)
#include "tst_calendar_store.moc"
