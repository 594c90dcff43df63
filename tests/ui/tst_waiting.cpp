// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/front_desk.h"
#include "tests/ui/support/calendar_fixture.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>

using namespace yarrow;
using std::chrono::hours;
using std::chrono::minutes;

/// The waiting list beside the day, by keyboard. It is Tuesday, 12 May 2026, 10:20.
class TestWaiting : public QObject
{
    Q_OBJECT
private:
    static AppointmentId wait(CalendarFixture& f, const PatientId& who, WaitingWish wish = {})
    {
        Appointment a;
        a.status = AppointmentStatus::Waitlist;
        a.patient = who;
        a.wish = std::move(wish);
        return f.session->add(a);
    }
    static std::vector<WaitlistRow> waiting(CalendarFixture& f)
    {
        return f.session->frontDesk().waitingList().value();
    }

private Q_SLOTS:
    void freedSlot_isOfferedAtOnce_andF4BooksTheBest_undoBringsTheEntryBack()
    {
        CalendarFixture f;
        const auto visit = f.add(f.first, f.at(11), 30);
        WaitingWish wantsTwo;
        wantsTwo.practitioners = {f.second};
        wait(f, PatientId::known("pat-2"), wantsTwo);
        WaitingWish wantsOne;
        wantsOne.practitioners = {f.first};
        wantsOne.duration = minutes(20);
        const auto verdi = wait(f, PatientId::known("pat-3"), wantsOne);
        f.show();
        f.select(visit);
        f.press(Qt::Key_X);
        QVERIFY(f.settle());
        QVERIFY2(f.message().contains(QStringLiteral("Verdi, Carla (wants this practitioner")),
                 qPrintable(f.message()));
        f.press(Qt::Key_F4);
        QVERIFY(f.settle());
        const Appointment booked = f.stored(verdi);
        QCOMPARE(booked.status, AppointmentStatus::Booked);
        QCOMPARE(booked.start, f.at(11));
        QCOMPARE(booked.end, f.at(11, 20));
        QCOMPARE(booked.practitioner, f.first);
        QVERIFY(!booked.room.isEmpty());
        QCOMPARE(waiting(f).size(), std::size_t{1});
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(verdi).status, AppointmentStatus::Waitlist);
        QVERIFY(!hasTimes(f.stored(verdi)));
        QCOMPARE(waiting(f).size(), std::size_t{2});
        QCOMPARE(f.stored(verdi).wish, wantsOne);
    }
    void moveFreesWhatItLeaves()
    {
        CalendarFixture f;
        const auto visit = f.add(f.first, f.at(11), 15);
        wait(f, PatientId::known("pat-3"));
        f.show();
        f.select(visit);
        f.press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY2(f.message().contains(QStringLiteral("11:00–11:15 with Dr. One is free again")),
                 qPrintable(f.message()));
    }
    void slotNobodyWants_isNotTalkedAbout()
    {
        CalendarFixture f;
        const auto visit = f.add(f.first, f.at(11), 15);
        WaitingWish tomorrow;
        tomorrow.notice = hours(24);
        wait(f, PatientId::known("pat-3"), tomorrow);
        f.show();
        f.select(visit);
        f.press(Qt::Key_X);
        QVERIFY(f.settle());
        QCOMPARE(f.message(), QString());
    }
    void selectedFreeTime_isOfferedByF4_andBookedFromTheList()
    {
        CalendarFixture f;
        wait(f, PatientId::known("pat-2"));
        WaitingWish urgent;
        urgent.priority = 1;
        const auto verdi = wait(f, PatientId::known("pat-3"), urgent);
        f.show();
        f.view().selectCell(f.second, f.at(14));
        f.press(Qt::Key_F4);
        auto* list = f.find<QListWidget>("waitingList");
        QVERIFY(list->hasFocus());
        QCOMPARE(list->count(), 2);
        QCOMPARE(list->currentItem()->text(), QStringLiteral("Verdi, Carla"));
        f.press(Qt::Key_Return);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(verdi).start, f.at(14));
        QCOMPARE(f.stored(verdi).practitioner, f.second);
        QVERIFY(f.view().hasFocus());
    }
    void takenTime_isNotOffered()
    {
        CalendarFixture f;
        const auto visit = f.add(f.first, f.at(11), 15);
        f.show();
        f.select(visit);
        f.press(Qt::Key_F4);
        QVERIFY(f.message().contains(QStringLiteral("Select a free time first")));
    }
    void entry_isWrittenInTheForm_changed_andTakenOff()
    {
        CalendarFixture f;
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionAddWaiting"))->trigger();
        f.type(QStringLiteral("ver"));
        f.press(Qt::Key_Return);
        f.find<QCheckBox>("waitingDay2")->setChecked(true);
        auto* times = f.find<QComboBox>("waitingTimes");
        times->setCurrentIndex(1);
        f.find<QListWidget>("waitingPractitioners")->item(1)->setCheckState(Qt::Checked);
        QTest::keyClick(f.find<QComboBox>("waitingNotice"), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(waiting(f).size(), std::size_t{1});
        Appointment entry = waiting(f).front().row.appointment;
        QCOMPARE(entry.patient, PatientId::known("pat-3"));
        QVERIFY(entry.wish.weekdays[1]);
        QCOMPARE(entry.wish.times, std::optional(LocalRange{QTime(0, 0), QTime(12, 0)}));
        QCOMPARE(entry.wish.practitioners, std::vector{f.second});
        QCOMPARE(entry.wish.since, std::optional(f.at(10, 20)));
        // From the list it is opened, changed, and taken off; both can be undone.
        f.page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
        f.press(Qt::Key_Return);
        QVERIFY(f.isShown("waitingEntryPanel"));
        auto* comment = f.find<QLineEdit>("waitingComment");
        comment->setText(QStringLiteral("mornings by phone"));
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(waiting(f).front().row.appointment.comment, QStringLiteral("mornings by phone"));
        f.page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
        f.press(Qt::Key_Delete);
        QVERIFY(f.settle());
        QVERIFY(waiting(f).empty());
        f.view().setFocus();
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(waiting(f).size(), std::size_t{1});
    }
    void formWithoutAPatient_saysSo_andKeepsWhatWasTyped()
    {
        CalendarFixture f;
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionAddWaiting"))->trigger();
        auto* comment = f.find<QLineEdit>("waitingComment");
        comment->setText(QStringLiteral("call after nine"));
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.isShown("waitingEntryPanel"));
        QVERIFY(waiting(f).empty());
        // Leaving it is asked about first.
        f.press(Qt::Key_Escape);
        QVERIFY(f.isShown("waitingEntryPanel"));
        QVERIFY(f.message().contains(QStringLiteral("not saved yet")));
        QCOMPARE(comment->text(), QStringLiteral("call after nine"));
    }
};

QTEST_MAIN(TestWaiting)
#include "tst_waiting.moc"
