// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "ui/calendar/appointment_panel.h"
#include "ui/frame/desktop_settings.h"
#include "ui/today/board_view.h"
#include "ui/today/month_view.h"
#include "ui/today/openings_list.h"
#include "ui/today/today_dock.h"
#include "ui/today/today_page.h"
#include "ui/today/visit_list.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QScopeGuard>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimeEdit>

using namespace yarrow;
using std::chrono::minutes;

/// The reception's day on a real window, over the calendar's small clinic. It is 10:20.
class TestToday : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<CalendarFixture> m_clinic;
    std::unique_ptr<TodayPage> m_page;

    Instant at(int hour, int minute = 0) const { return m_clinic->at(hour, minute); }
    void setNow(int hour, int minute)
    {
        m_clinic->session->fixedClock().set(at(hour, minute));
        m_page->board().refreshNow();
    }
    AppointmentId add(Instant start, AppointmentStatus status = AppointmentStatus::Booked,
                      std::optional<Instant> arrived = {})
    {
        Appointment a;
        a.practitioner = m_clinic->first;
        a.patient = m_clinic->rossi;
        a.start = start;
        a.end = start + minutes(15);
        a.status = status;
        a.stages.arrived = arrived;
        return m_clinic->session->add(a);
    }
    void show()
    {
        m_clinic->editor = std::make_unique<ScheduleEditor>(*m_clinic->session);
        m_page = std::make_unique<TodayPage>(*m_clinic->session, *m_clinic->editor);
        m_page->resize(1300, 860);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    VisitList& list(VisitStage stage) { return m_page->boardView().list(stage); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_page->window()->focusWidget(), key, modifiers);
    }
    bool settled()
    {
        return QTest::qWaitFor([this] { return m_clinic->editor->isIdle(); });
    }
    AppointmentStatus status(const AppointmentId& id) { return m_clinic->stored(id).status; }
    std::optional<int> minutesOf(const AppointmentId& id)
    {
        const BoardCard* card = m_page->board().card(id);
        if (!card || !card->minutes)
            return std::nullopt;
        return static_cast<int>(card->minutes->count());
    }
    QString message()
    {
        auto* bar = m_page->findChild<MessageBar*>(QStringLiteral("calendarMessage"));
        return bar->isVisibleTo(m_page.get()) ? bar->text() : QString();
    }

private Q_SLOTS:
    void init() { m_clinic = std::make_unique<CalendarFixture>(); }
    void cleanup()
    {
        m_page.reset();
        m_clinic.reset();
    }

    void everything_fitsAtTwiceTheTextSize_data()
    {
        QTest::addColumn<int>("scale");
        QTest::newRow("100 %") << 100;
        QTest::newRow("200 %") << 200;
    }
    void everything_fitsAtTwiceTheTextSize()
    {
        QFETCH(int, scale);
        const auto restore = qScopeGuard([] { Theme::current().setScale(100); });
        Theme::current().setScale(scale);
        show();
        auto* month = m_page->findChild<QTableView*>(QStringLiteral("qt_calendar_calendarview"));
        QVERIFY(month);
        QVERIFY2(month->horizontalHeader()->length() <= month->viewport()->width(),
                 "the last weekday is cut off");
        QVERIFY2(month->verticalHeader()->length() <= month->viewport()->height(),
                 "the last week is cut off");
        auto* toolbar = m_page->findChild<QWidget*>(QStringLiteral("calendarToolbar"));
        QVERIFY(toolbar);
        const auto buttons = toolbar->findChildren<QPushButton*>();
        for (QPushButton* button : buttons)
            if (button->isVisible())
                QTRY_VERIFY2(button->width() >= button->sizeHint().width(), qPrintable(button->objectName()));
    }

    void visits_standInTheirStages()
    {
        const auto expected = add(at(11));
        const auto arrived = add(at(10, 15), AppointmentStatus::Arrived, at(10, 5));
        const auto inRoom = add(at(10), AppointmentStatus::CheckedIn, at(9, 50));
        add(at(9), AppointmentStatus::Fulfilled);
        add(at(9, 30), AppointmentStatus::NoShow);
        add(at(9, 45), AppointmentStatus::Cancelled);
        show();
        QCOMPARE(list(VisitStage::Expected).model()->rowCount(), 1);
        QCOMPARE(list(VisitStage::Arrived).model()->rowCount(), 1);
        QCOMPARE(list(VisitStage::InRoom).model()->rowCount(), 1);
        QCOMPARE(list(VisitStage::Done).model()->rowCount(), 1);
        QCOMPARE(minutesOf(expected), std::optional(-40));
        QCOMPARE(minutesOf(arrived), std::optional(15));
        QCOMPARE(minutesOf(inRoom), std::optional<int>()); // nobody was told when the room was taken
    }

    void arrivalByKey_startsTheWait_andUndoEndsIt()
    {
        const auto id = add(at(10, 30));
        show();
        press(Qt::Key_F6);
        QVERIFY(list(VisitStage::Expected).hasFocus());
        press(Qt::Key_A);
        QVERIFY(settled());
        QCOMPARE(status(id), AppointmentStatus::Arrived);
        QCOMPARE(m_clinic->stored(id).stages.arrived, std::optional(at(10, 20)));
        setNow(10, 33);
        QCOMPARE(minutesOf(id), std::optional(13));
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(status(id), AppointmentStatus::Booked);
        QCOMPARE(m_clinic->stored(id).stages, StageTimes());
        setNow(10, 40);
        press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(m_clinic->stored(id).stages.arrived, std::optional(at(10, 20)));
    }

    void controlArrow_movesTheCard_andTheKeyboardWithIt()
    {
        const auto id = add(at(10, 30));
        show();
        press(Qt::Key_F6);
        press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(list(VisitStage::Arrived).hasFocus());
        QCOMPARE(list(VisitStage::Arrived).selected(), id);
        press(Qt::Key_Right, Qt::ControlModifier);
        press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(status(id), AppointmentStatus::Fulfilled);
        press(Qt::Key_Left, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(status(id), AppointmentStatus::CheckedIn);
        QVERIFY(!m_clinic->stored(id).stages.done);
    }

    void cardDroppedOnAnotherStage_changesItsStatus()
    {
        const auto id = add(at(10, 30));
        show();
        auto* from = list(VisitStage::Expected).model();
        const std::unique_ptr<QMimeData> data(from->mimeData({from->index(0, 0)}));
        auto* to = list(VisitStage::Arrived).model();
        QVERIFY(to->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
        QVERIFY(!from->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
        QVERIFY(to->dropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
        QVERIFY(settled());
        QCOMPARE(status(id), AppointmentStatus::Arrived);
    }

    void board_opensAndAsks_alsoWhatTheDayDoesNotShow_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("hides");
        int row = 0;
        for (const Arrangement hides : {Arrangement::Devices, Arrangement::Week})
            for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Delete, Qt::Key_X})
                QTest::addRow("%d", row++) << static_cast<int>(key) << static_cast<int>(hides);
    }
    void board_opensAndAsks_alsoWhatTheDayDoesNotShow()
    {
        QFETCH(int, key);
        QFETCH(int, hides);
        const auto id = m_clinic->addOfSeries(m_clinic->first, at(10, 30));
        show();
        auto& model = m_page->findChild<DayDesk*>()->model();
        model.setWeekOf(m_clinic->second);
        model.setArrangement(static_cast<Arrangement>(hides));
        QVERIFY(!model.entry(id));
        press(Qt::Key_F6);
        press(static_cast<Qt::Key>(key));
        QVERIFY(settled());
        auto* form = m_page->findChild<AppointmentPanel*>();
        QVERIFY(form->isVisible());
        QCOMPARE(form->seen().appointment.id, id);
        QCOMPARE(form->findChild<QWidget*>(QStringLiteral("cancelReason"))->isVisible(),
                 key != Qt::Key_Return);
        QCOMPARE(status(id), AppointmentStatus::Booked);
    }

    void illegalMove_isRefusedWithASentence()
    {
        const auto id = add(at(10, 30));
        show();
        press(Qt::Key_F6);
        press(Qt::Key_D);
        QCOMPARE(message(), QStringLiteral("The visit can be done once the patient is in the room (R)."));
        auto* from = list(VisitStage::Expected).model();
        const std::unique_ptr<QMimeData> data(from->mimeData({from->index(0, 0)}));
        list(VisitStage::InRoom).model()->dropMimeData(data.get(), Qt::MoveAction, -1, -1, {});
        QCOMPARE(message(), QStringLiteral("Mark the patient as arrived (A) first, then in room."));
        QVERIFY(settled());
        QCOMPARE(status(id), AppointmentStatus::Booked);
    }

    void pastTheLimit_isMarked_inWordsToo()
    {
        const auto id = add(at(10, 15), AppointmentStatus::Arrived, at(10, 5));
        show();
        const QModelIndex index = list(VisitStage::Arrived).model()->index(0, 0);
        const auto spoken = [&] { return index.data(Qt::AccessibleTextRole).toString(); };
        QVERIFY(!m_page->board().card(id)->late);
        QVERIFY(spoken().contains(QStringLiteral("15 min")));
        setNow(10, 25);
        QVERIFY(m_page->board().card(id)->late);
        QVERIFY(spoken().contains(QStringLiteral("has waited too long")));
        m_page->findChild<QSpinBox*>(QStringLiteral("waitLimit"))->setValue(30);
        QVERIFY(!m_page->board().card(id)->late);
    }

    void limit_isRemembered()
    {
        const QTemporaryDir folder;
        DesktopSettings settings(folder.path());
        show();
        m_page->useSettings(settings);
        QCOMPARE(m_page->board().limit(), minutes(20));
        m_page->findChild<QSpinBox*>(QStringLiteral("waitLimit"))->setValue(35);
        QCOMPARE(DesktopSettings(folder.path()).waitLimitMinutes(), 35);
        show();
        m_page->useSettings(settings);
        QCOMPARE(m_page->board().limit(), minutes(35));
    }

    void arrivalAtAnotherDesk_isSeen_withItsTime()
    {
        const auto id = add(at(10, 30));
        show();
        m_clinic->session->changeElsewhere(id, [this](Appointment& a) {
            a.status = AppointmentStatus::Arrived;
            a.stages.arrived = at(10, 12);
        });
        QCOMPARE(minutesOf(id), std::optional(8));
    }

    void changeOnTheCalendar_isUndoneOnToday()
    {
        const auto id = add(at(10, 30));
        show();
        CalendarPage calendar(*m_clinic->session, *m_clinic->editor);
        calendar.resize(1200, 800);
        calendar.show();
        calendar.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&calendar));
        calendar.activated();
        calendar.view().select(id);
        QTest::keyClick(&calendar.view(), Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(m_clinic->stored(id).start, at(10, 45));
        QSignalSpy told(m_page.get(), &Page::notice);
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(m_clinic->stored(id).start, at(10, 30));
        QCOMPARE(told.size(), 1);
    }

    void openCard_fillsTheForm_inPlaceOfTheDock()
    {
        add(at(10, 30));
        show();
        press(Qt::Key_F6);
        QVERIFY(m_page->dock().isVisible());
        press(Qt::Key_Return);
        QVERIFY(!m_page->dock().isVisible());
        press(Qt::Key_Escape);
        QVERIFY(m_page->dock().isVisible());
    }

    void month_showsHowFullADayIs_andLeadsThere()
    {
        for (int i = 0; i < 32; ++i)
            add(at(9) + i * minutes(15));
        show();
        MonthView& month = m_page->dock().month();
        QTRY_VERIFY(month.share(QDate(2026, 5, 12)).has_value());
        QCOMPARE(*month.share(QDate(2026, 5, 12)), 0.5); // one of two practitioners, all day
        QVERIFY(!month.share(QDate(2026, 5, 13)));
        month.setSelectedDate(QDate(2026, 5, 20));
        QCOMPARE(m_page->desk().model().day(), QDate(2026, 5, 20));
        QCOMPARE(m_page->board().day(), QDate(2026, 5, 12)); // the board stays with the present
    }

    void opening_isTakenIntoTheForm()
    {
        show();
        OpeningsList& openings = m_page->dock().openings();
        QTRY_VERIFY(!openings.openings().empty());
        const Opening first = openings.openings().front();
        QCOMPARE(first.when.start, at(10, 20));
        openings.setFocus();
        openings.setCurrentRow(0);
        press(Qt::Key_Return);
        auto* start = m_page->findChild<QTimeEdit*>(QStringLiteral("start"));
        QVERIFY(start && start->isVisible());
        QCOMPARE(start->time(), QTime(10, 20));
        QVERIFY(!m_page->dock().isVisible());
    }

    void everythingOnThePage_hasAName()
    {
        add(at(10, 30));
        show();
        for (const QWidget* each : m_page->findChildren<QWidget*>()) {
            if (!each->isVisible() || each->focusPolicy() == Qt::NoFocus || each->focusProxy())
                continue;
            QAccessibleInterface* face = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(each));
            QVERIFY2(face && (!face->text(QAccessible::Name).isEmpty() ||
                              qobject_cast<const QAbstractItemView*>(each->parentWidget())),
                     qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(each->metaObject()->className()),
                                                            each->objectName())));
        }
    }
};

QTEST_MAIN(TestToday)
#include "tst_today.moc"
