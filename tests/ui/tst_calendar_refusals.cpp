// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "ui/calendar/appointment_panel.h"

#include <QComboBox>
#include <QDateEdit>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTimeEdit>

using namespace yarrow;
using std::chrono::hours;

/// What is refused stays what it was: the same appointment, in a form that takes no other's place.
class TestCalendarRefusals : public QObject
{
    Q_OBJECT
private:
    static constexpr hours kTwoDays{48};

    static void save(CalendarFixture& f)
    {
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
    }
    static void overbookWithReason(CalendarFixture& f)
    {
        auto* reason = f.find<QComboBox>("overbookReason");
        QVERIFY(reason->isVisibleTo(f.page.get()));
        reason->setCurrentText(QStringLiteral("urgent"));
        save(f);
    }

private Q_SLOTS:
    void aRefusedMoveToAnotherDay_isStillThatAppointment()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        const auto other = f.add(f.first, f.at(11) + kTwoDays);
        f.show();
        f.open(id);
        f.find<QDateEdit>("date")->setDate(QDate(2026, 5, 14));
        save(f);
        QVERIFY(f.isShown("appointmentPanel"));
        QCOMPARE(f.page->findChild<AppointmentPanel*>()->seen().appointment.id, id);
        QCOMPARE(f.find<QDateEdit>("date")->date(), QDate(2026, 5, 14));
        QCOMPARE(f.view().model().day(), QDate(2026, 5, 14));
        f.find<QTimeEdit>("start")->setTime(QTime(12, 0));
        save(f);
        QCOMPARE(f.session->stored().size(), std::size_t{2});
        QVERIFY(f.stored(id).start == f.at(12) + kTwoDays);
        QVERIFY(f.stored(other).start == f.at(11) + kTwoDays);
    }
    void pastedOntoATakenTimeOfAnotherDay_theOverbookingIsOfThatAppointment()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.add(f.first, f.at(11) + hours(24));
        f.show();
        f.select(id);
        f.press(Qt::Key_X, Qt::ControlModifier);
        f.press(Qt::Key_PageDown);
        f.view().selectCell(f.first, f.at(11) + hours(24));
        f.press(Qt::Key_V, Qt::ControlModifier);
        QVERIFY(f.settle());
        f.find<QPushButton>("overbook")->click();
        QCOMPARE(f.page->findChild<AppointmentPanel*>()->seen().appointment.id, id);
        overbookWithReason(f);
        QCOMPARE(f.session->stored().size(), std::size_t{2});
        QVERIFY(f.stored(id).start == f.at(11) + hours(24));
        QCOMPARE(f.stored(id).overbookReason, std::string("urgent"));
    }
    void theReasonToOverbook_isNotAskedInTheFormOfAnotherAppointment()
    {
        CalendarFixture f;
        const auto moved = f.add(f.first, f.at(11));
        f.add(f.first, f.at(14));
        const auto other = f.add(f.second, f.at(15));
        f.show();
        f.open(other);
        f.drag(f.pointAt(0, f.at(11)), f.pointAt(0, f.at(14)));
        QVERIFY(f.settle());
        f.find<QPushButton>("overbook")->click();
        QCOMPARE(f.page->findChild<AppointmentPanel*>()->seen().appointment.id, moved);
        overbookWithReason(f);
        QCOMPARE(f.stored(moved).overbookReason, std::string("urgent"));
        QVERIFY(f.stored(moved).start == f.at(14));
        QVERIFY(f.stored(other).overbookReason.empty());
    }
    void theReasonToOverbook_asksBeforeItTakesTheFormOfAnother()
    {
        CalendarFixture f;
        f.add(f.first, f.at(11));
        f.add(f.first, f.at(14));
        const auto other = f.add(f.second, f.at(15));
        f.show();
        f.open(other);
        f.describe("knee");
        f.drag(f.pointAt(0, f.at(11)), f.pointAt(0, f.at(14)));
        QVERIFY(f.settle());
        f.find<QPushButton>("overbook")->click();
        QVERIFY2(f.message().contains(QStringLiteral("not saved yet")), qPrintable(f.message()));
        QCOMPARE(f.page->findChild<AppointmentPanel*>()->seen().appointment.id, other);
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
    }
    void aRefusedBooking_leavesTheFormOfTheNextPatient_untilItIsAskedFor()
    {
        CalendarFixture f;
        f.show();
        f.view().selectCell(f.first, f.at(11));
        f.press(Qt::Key_N, Qt::ControlModifier);
        f.describe("knee");
        f.session->holdAnswers();
        f.press(Qt::Key_Return, Qt::ControlModifier);
        f.view().selectCell(f.second, f.at(14));
        f.view().setFocus();
        f.press(Qt::Key_N, Qt::ControlModifier);
        f.describe("ankle");
        f.add(f.first, f.at(11));
        f.session->releaseAnswers();
        QVERIFY(f.settle());
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("ankle"));
        QVERIFY2(f.message().contains(QStringLiteral("already booked")), qPrintable(f.message()));
        f.find<QPushButton>("reopenTyped")->click();
        f.find<QPushButton>("discardForm")->click();
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        QVERIFY2(f.message().contains(QStringLiteral("already booked")), qPrintable(f.message()));
        f.find<QTimeEdit>("start")->setTime(QTime(12, 0));
        save(f);
        QCOMPARE(f.booked().size(), std::size_t{2});
    }
    void aDraftOfAnAppointmentOfAnotherDay_isContinuedOnThatDay()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11) + hours(24));
        f.show();
        f.press(Qt::Key_PageDown);
        f.open(id);
        f.describe("knee");
        f.page->saveDrafts();
        f.page.reset();
        f.show();
        f.page->findChild<DayDesk*>()->model().setShownPractitioners(
            {f.second}); // who is looked at hides it as well
        f.find<QPushButton>("continueDraft")->click();
        QVERIFY(f.isShown("appointmentPanel"));
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        QCOMPARE(f.view().model().day(), QDate(2026, 5, 13));
        save(f);
        QCOMPARE(f.stored(id).description, QStringLiteral("knee"));
    }
    void anOpeningForAChangedForm_isPutIntoIt_andSavedWithWhatWasTyped()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.describe("knee");
        f.press(Qt::Key_F3);
        QTRY_VERIFY(f.find<QListWidget>("openings")->count() > 0);
        f.press(Qt::Key_Return);
        QVERIFY(f.isShown("appointmentPanel"));
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        const QTime found = f.find<QTimeEdit>("start")->time();
        QVERIFY(found != QTime(11, 0));
        QVERIFY(f.stored(id).start == f.at(11));
        save(f);
        QCOMPARE(f.stored(id).description, QStringLiteral("knee"));
        QVERIFY(f.stored(id).start == f.at(found.hour(), found.minute()));
        QVERIFY(f.session->draft(QStringLiteral("calendar.appointments")).isEmpty());
    }
    void anOpenForm_followsWhatAnExchangeBrings()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.session->changeElsewhere(id, [](Appointment& a) { a.description = QStringLiteral("ankle"); });
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("ankle"));
        f.session->changeElsewhere(id, [&](Appointment& a) { // to where it is not shown
            a.start = f.at(12) + hours(24);
            a.end = f.at(13) + hours(24);
        });
        QCOMPARE(f.find<QDateEdit>("date")->date(), QDate(2026, 5, 13));
        QCOMPARE(f.find<QTimeEdit>("start")->time(), QTime(12, 0));
    }
};

QTEST_MAIN(TestCalendarRefusals)
#include "tst_calendar_refusals.moc"
