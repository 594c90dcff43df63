// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/front_desk.h"
#include "tests/ui/support/calendar_fixture.h"
#include "ui/widgets/two_line_delegate.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

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
    static QString draftOf(const AppointmentId& entry)
    {
        const QString name = QStringLiteral("waiting.entry");
        return entry.isEmpty() ? name : name + u'/' + QString::fromStdString(entry.text());
    }
    static std::vector<WaitlistRow> waiting(CalendarFixture& f)
    {
        return f.session->frontDesk().waitingList().value();
    }
    /// An entry with a note typed into it, saved over what somebody else changed meanwhile: which one.
    template <class Change>
    static AppointmentId saveOver(CalendarFixture& f, Change elsewhere)
    {
        const auto entry = wait(f, PatientId::known("pat-3"));
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
        f.press(Qt::Key_Return);
        auto* comment = f.find<QLineEdit>("waitingComment");
        comment->setText(QStringLiteral("mornings by phone"));
        f.session->changeElsewhere(entry, elsewhere);
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        YARROW_ASSERT(f.settle());
        return entry;
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
    void whoIsOfferedATime_isShownWithTheirNumber()
    {
        CalendarFixture f;
        const auto visit = f.add(f.first, f.at(11), 30);
        const auto dora = f.session->addPatient(QStringLiteral("Bianchi"), QStringLiteral("Dora"),
                                                QDate(1966, 6, 6), Sex::Female, QStringLiteral("055 123"));
        WaitingWish urgent;
        urgent.priority = 1;
        wait(f, dora, urgent);
        wait(f, PatientId::known("pat-3"));
        f.show();
        f.select(visit);
        f.press(Qt::Key_X);
        QVERIFY(f.settle());
        QVERIFY2(f.message().contains(QStringLiteral("055 123")), qPrintable(f.message()));
        f.find<QPushButton>("showWaiting")->click();
        auto* list = f.find<QListWidget>("waitingList");
        QCOMPARE(list->count(), 2);
        const auto line = [&](int row) {
            return list->item(row)->data(TwoLineDelegate::SecondLineRole).toString();
        };
        QVERIFY2(line(0).startsWith(QStringLiteral("055 123")), qPrintable(line(0)));
        QVERIFY2(line(1).startsWith(QStringLiteral("no phone number")), qPrintable(line(1)));
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
    void offer_isMadeOnlyWhereTheVisitTypesRoomAndDeviceAreFree_andBooksThem()
    {
        CalendarFixture f;
        const LocationId scanRoom = f.session->addRoom(QStringLiteral("Scan room"));
        const DeviceId scanner = f.session->addDevice(QStringLiteral("Scanner"));
        f.session->editService(f.firstVisit, [&](HealthcareService& type) {
            type.rooms = {scanRoom};
            type.devices = {scanner};
        });
        const auto visit = f.add(f.first, f.at(11), 60);
        Appointment elsewhere;
        elsewhere.practitioner = f.second;
        elsewhere.device = scanner;
        elsewhere.room = scanRoom;
        elsewhere.start = f.at(11);
        elsewhere.end = f.at(11, 20);
        f.session->add(elsewhere);
        Appointment wants;
        wants.status = AppointmentStatus::Waitlist;
        wants.patient = PatientId::known("pat-3");
        wants.service = f.firstVisit;
        wants.wish.duration = minutes(30);
        const auto verdi = f.session->add(wants);
        f.show();
        f.select(visit);
        f.press(Qt::Key_X);
        QVERIFY(f.settle());
        f.press(Qt::Key_F4);
        QVERIFY(f.settle());
        const Appointment booked = f.stored(verdi);
        QCOMPARE(booked.status, AppointmentStatus::Booked);
        QCOMPARE(booked.start, f.at(11, 20)); // once the room and the scanner are free
        QCOMPARE(booked.room, scanRoom);
        QCOMPARE(booked.device, scanner);
    }
    void offer_keepsTheBuffersOfTheVisitType_andIsNotMadeWhereTheyDoNotFit()
    {
        CalendarFixture f;
        f.session->editService(f.firstVisit, [](HealthcareService& type) { type.bufferAfter = minutes(15); });
        const auto visit = f.add(f.first, f.at(11), 30);
        f.add(f.first, f.at(11, 30), 15);
        Appointment wants;
        wants.status = AppointmentStatus::Waitlist;
        wants.patient = PatientId::known("pat-3");
        wants.service = f.firstVisit;
        wants.wish.duration = minutes(30);
        f.session->add(wants);
        f.show();
        f.select(visit);
        f.press(Qt::Key_X);
        QVERIFY(f.settle());
        QCOMPARE(f.message(), QString());
        // What needs no time around it is offered.
        wants.service = f.checkUp;
        f.session->add(wants);
        f.session->editService(f.firstVisit, [](HealthcareService& type) { type.bufferAfter = minutes(0); });
        f.view().selectCell(f.first, f.at(11));
        f.press(Qt::Key_F4);
        QVERIFY(f.find<QListWidget>("waitingList")->count() > 0);
    }
    void roomTakenBetweenOfferAndBooking_isToldAndNothingIsBooked()
    {
        CalendarFixture f;
        const auto verdi = wait(f, PatientId::known("pat-3"));
        f.show();
        f.view().selectCell(f.first, f.at(14));
        f.press(Qt::Key_F4);
        QCOMPARE(f.find<QListWidget>("waitingList")->count(), 1);
        // Another desk takes the only room for the whole afternoon, and no screen has heard of it yet.
        Appointment other;
        other.practitioner = f.second;
        other.room = f.session->rooms().front().id;
        other.start = f.at(14);
        other.end = f.at(17);
        f.session->add(other);
        f.press(Qt::Key_Return);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(verdi).status, AppointmentStatus::Waitlist);
        QVERIFY2(f.message().contains(QStringLiteral("taken meanwhile")), qPrintable(f.message()));
        QCOMPARE(f.find<QListWidget>("waitingList")->count(), 0);
    }
    void aSeriesThatIsSavedElsewhere_ranksTheOfferOnce()
    {
        CalendarFixture f;
        wait(f, PatientId::known("pat-3"));
        f.show();
        f.view().selectCell(f.first, f.at(14));
        f.press(Qt::Key_F4);
        auto* list = f.find<QListWidget>("waitingList");
        QCOMPARE(list->count(), 1);
        const int before = f.session->openingsAsked();
        f.add(f.first, f.at(14), 180); // and no screen has heard of it yet
        for (int day = 0; day < 12; ++day)
            Q_EMIT f.session->appointmentsChanged(QDate(2026, 5, 12).addDays(7 * day));
        QTRY_COMPARE(list->count(), 0);
        QCOMPARE(f.session->openingsAsked(), before + 1);
    }
    void refusedChange_isStillInTheForm_andCanBeSavedOverWhatSomebodyElseChanged()
    {
        CalendarFixture f;
        const auto verdi = saveOver(f, [](Appointment& a) { a.wish.priority = 1; });
        QVERIFY(f.isShown("waitingEntryPanel"));
        auto* comment = f.find<QLineEdit>("waitingComment");
        QCOMPARE(comment->text(), QStringLiteral("mornings by phone"));
        QVERIFY(f.stored(verdi).comment.isEmpty());
        QCOMPARE(f.find<QComboBox>("waitingPriority")->currentData().toInt(), 1); // theirs
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(verdi).comment, QStringLiteral("mornings by phone"));
        QCOMPARE(f.stored(verdi).wish.priority, 1);
        QVERIFY(!f.isShown("waitingEntryPanel"));
        QVERIFY(f.session->draft(draftOf(verdi)).isEmpty());
    }
    void entryThatWaitsNoMore_isPutThereAnewFromTheRefusedForm()
    {
        CalendarFixture f;
        const auto verdi = saveOver(f, [](Appointment& a) { a.status = AppointmentStatus::Cancelled; });
        QVERIFY(f.isShown("waitingEntryPanel"));
        auto* comment = f.find<QLineEdit>("waitingComment");
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(waiting(f).size(), std::size_t{1});
        QCOMPARE(waiting(f).front().row.appointment.patient, PatientId::known("pat-3"));
        QCOMPARE(waiting(f).front().row.appointment.comment, QStringLiteral("mornings by phone"));
        QVERIFY(waiting(f).front().row.appointment.id != verdi);
    }
    void newEntryThatWasRefused_canBeSavedAgain()
    {
        CalendarFixture f;
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionAddWaiting"))->trigger();
        f.type(QStringLiteral("ver"));
        f.press(Qt::Key_Return);
        f.session->failNextWrite({ErrorCode::DatabaseBusy, {}, {}});
        QTest::keyClick(f.find<QLineEdit>("waitingComment"), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY(f.isShown("waitingEntryPanel"));
        QVERIFY(waiting(f).empty());
        QVERIFY(!f.session->draft(draftOf({})).isEmpty());
        QTest::keyClick(f.find<QLineEdit>("waitingComment"), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(waiting(f).size(), std::size_t{1});
        QVERIFY(f.session->draft(draftOf({})).isEmpty());
    }
    void unfinishedForms_areKeptWhenTheProgramEnds_andComeBack()
    {
        CalendarFixture f;
        const auto verdi = wait(f, PatientId::known("pat-3"));
        const auto searched = [&] {
            return f.find<QWidget>("waitingEntryPanel")
                ->findChild<QLineEdit*>(QStringLiteral("patientSearch"))
                ->text();
        };
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionAddWaiting"))->trigger();
        f.type(QStringLiteral("ros"));
        f.page->saveDrafts(); // as before lock and quit
        f.page.reset();
        f.show();
        QVERIFY2(f.message().contains(QStringLiteral("waiting list that you began")),
                 qPrintable(f.message()));
        f.find<QPushButton>("continueWaitingDraft")->click();
        QVERIFY(f.isShown("waitingEntryPanel"));
        QCOMPARE(searched(), QStringLiteral("ros"));
        // Started over it is gone.
        f.find<QWidget>("waitingNote")->findChild<QPushButton*>()->click();
        QCOMPARE(searched(), QString());
        QVERIFY(f.session->draft(draftOf({})).isEmpty());
        f.press(Qt::Key_Escape);
        // A crash says no goodbye: what was typed in the entry of somebody who waits is kept soon after.
        f.page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
        f.press(Qt::Key_Return);
        f.find<QLineEdit>("waitingComment")->setText(QStringLiteral("has a car"));
        QTRY_VERIFY(!f.session->draft(draftOf(verdi)).isEmpty());
        f.page.reset();
        f.show();
        f.find<QPushButton>("continueWaitingDraft")->click();
        QCOMPARE(f.find<QLineEdit>("waitingComment")->text(), QStringLiteral("has a car"));
        QTest::keyClick(f.find<QLineEdit>("waitingComment"), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(verdi).comment, QStringLiteral("has a car"));
        QVERIFY(f.session->draft(draftOf(verdi)).isEmpty());
    }
    void discardedForm_isNotKept()
    {
        CalendarFixture f;
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionAddWaiting"))->trigger();
        f.type(QStringLiteral("ros"));
        f.page->saveDrafts();
        f.press(Qt::Key_Escape);
        f.find<QPushButton>("discardForm")->click();
        QVERIFY(f.session->draft(draftOf({})).isEmpty());
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
