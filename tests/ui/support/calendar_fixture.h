// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/memory_session.h"
#include "ui/calendar/calendar_page.h"
#include "ui/calendar/message_bar.h"

#include <QLineEdit>
#include <QtTest>

#include <algorithm>
#include <memory>

namespace yarrow {

/// A calendar page on a real window, over a small clinic: two practitioners who work 9 to 17, one room, two
/// visit types, three patients. It is Tuesday, 12 May 2026, 10:20.
class CalendarFixture
{
public:
    static constexpr int kWidth = 1200;
    static constexpr int kHeight = 800;

    explicit CalendarFixture(QDate day = QDate(2026, 5, 12), Qt::LayoutDirection direction = Qt::LeftToRight)
        : m_day(day)
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QApplication::setLayoutDirection(direction);
        Theme::current().install();
        Theme::current().setScheme(Theme::Scheme::Light);
        session = std::make_unique<MemorySession>(day);
        BookableActor shift;
        shift.hours.days.fill({{QTime(9, 0), QTime(17, 0)}});
        session->setClinicHours(shift.hours);
        first =
            session->addPractitioner(QStringLiteral("Dr. One"), QStringLiteral("General practice"), shift);
        second = session->addPractitioner(QStringLiteral("Dr. Two"), QStringLiteral("Cardiology"), shift);
        session->addRoom(QStringLiteral("Room 1"));
        checkUp = session->addService(QStringLiteral("Check-up"), std::chrono::minutes(15));
        firstVisit = session->addService(QStringLiteral("First visit"), std::chrono::minutes(30));
        rossi = session->addPatient(QStringLiteral("Rossi"), QStringLiteral("Ada"), QDate(1980, 3, 4));
        session->addPatient(QStringLiteral("Rossetti"), QStringLiteral("Bruno"), QDate(1990, 1, 2));
        session->addPatient(QStringLiteral("Verdi"), QStringLiteral("Carla"), QDate(1971, 8, 9));
    }

    void show()
    {
        editor = std::make_unique<ScheduleEditor>(*session);
        page = std::make_unique<CalendarPage>(*session, *editor);
        page->resize(kWidth, kHeight);
        page->show();
        page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(page.get()));
        page->activated();
        QVERIFY(view().hasFocus());
    }

    [[nodiscard]] Instant at(int hour, int minute = 0) const
    {
        return toInstant(m_day, QTime(hour, minute), session->zone());
    }
    AppointmentId add(const PractitionerId& practitioner, Instant start, int length = 15,
                      AppointmentStatus status = AppointmentStatus::Booked)
    {
        Appointment a;
        a.practitioner = practitioner;
        a.patient = rossi;
        a.service = checkUp;
        a.start = start;
        a.end = start + std::chrono::minutes(length);
        a.status = status;
        return session->add(a);
    }
    /// A visit of the one series there is.
    AppointmentId addOfSeries(const PractitionerId& practitioner, Instant start)
    {
        Appointment a = stored(add(practitioner, start));
        a.series = SeriesPlace{"series-1", "RRULE:FREQ=WEEKLY;COUNT=2", start};
        const AppointmentId id = a.id;
        session->changeElsewhere(id, [&](Appointment& kept) { kept = a; });
        return id;
    }
    [[nodiscard]] DayView& view() const { return page->view(); }
    [[nodiscard]] Appointment stored(const AppointmentId& id) const { return session->stored(id); }
    [[nodiscard]] bool settle() const
    {
        return QTest::qWaitFor([this] { return page->editor().isIdle(); });
    }
    /// Presses keys on whatever has the keyboard.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QTest::keyClick(page->window()->focusWidget(), key, modifiers);
    }
    void type(const QString& text) const
    {
        for (const QChar letter : text)
            QTest::keyClick(page->window()->focusWidget(), letter.toLatin1());
    }
    template <class Widget>
    [[nodiscard]] Widget* find(const char* name) const
    {
        auto* widget = page->findChild<Widget*>(QLatin1String(name));
        if (!widget)
            qFatal("no widget named %s", name);
        return widget;
    }
    [[nodiscard]] bool isShown(const char* name) const
    {
        return find<QWidget>(name)->isVisibleTo(page.get());
    }
    [[nodiscard]] QString message() const
    {
        auto* bar = static_cast<MessageBar*>(find<QFrame>("calendarMessage"));
        return bar->isVisibleTo(page.get()) ? bar->text() : QString();
    }
    void select(const AppointmentId& id) const { view().select(id); }
    /// With the keyboard, into the form beside the day.
    void open(const AppointmentId& id) const
    {
        select(id);
        press(Qt::Key_Return);
        QVERIFY(isShown("appointmentPanel"));
    }
    /// Types into the form what the visit is about.
    void describe(const char* text) const
    {
        auto* description = find<QLineEdit>("description");
        description->setFocus();
        description->setText(QLatin1String(text));
    }
    [[nodiscard]] std::vector<Appointment> booked() const
    {
        auto all = session->stored();
        std::erase_if(all, [](const Appointment& a) { return a.status != AppointmentStatus::Booked; });
        return all;
    }

    /// The middle of a place on the day, in viewport coordinates.
    [[nodiscard]] QPoint pointAt(int column, Instant when) const
    {
        const DayGeometry geometry = view().geometryOfDay();
        const double minute = view().model().axis().minutesAt(when);
        return QPoint(qRound(geometry.headRect(column).center().x()), qRound(geometry.yAt(minute)) + 2);
    }
    void drag(QPoint from, QPoint to) const
    {
        QWidget* viewport = view().viewport();
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        for (int step = 1; step <= 4; ++step)
            QTest::mouseMove(viewport, from + (to - from) * step / 4);
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
    }

    std::unique_ptr<MemorySession> session;
    std::unique_ptr<ScheduleEditor> editor;
    std::unique_ptr<CalendarPage> page;
    PractitionerId first;
    PractitionerId second;
    HealthcareServiceId checkUp;
    HealthcareServiceId firstVisit;
    PatientId rossi;

private:
    QDate m_day;
};

} // namespace yarrow
