// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "ui/calendar/appointment_panel.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>

using namespace yarrow;
using std::chrono::minutes;

/// What the form beside the day makes of the values that are stored, typed and proposed.
class TestCalendarValues : public QObject
{
    Q_OBJECT
private:
    static AppointmentPanel& form(CalendarFixture& f)
    {
        return *static_cast<AppointmentPanel*>(f.find<QWidget>("appointmentPanel"));
    }
    static bool says(CalendarFixture& f, const char* sentence)
    {
        const auto labels = form(f).findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->isVisibleTo(f.page.get()) && label->text().contains(QString::fromUtf8(sentence));
        });
    }
    static void book(CalendarFixture& f, const PractitionerId& with, Instant start)
    {
        f.view().selectCell(with, start);
        f.view().setFocus();
        f.press(Qt::Key_N, Qt::ControlModifier);
        QVERIFY(f.isShown("appointmentPanel"));
    }
    static LocationId roomOf(CalendarFixture& f) { return form(f).wished().appointment.room; }

private Q_SLOTS:
    void whatIsNotOfferedAnyMore_isShown_andStaysWhenTheRestIsSaved()
    {
        CalendarFixture f;
        Location attic;
        attic.id = LocationId::known("room-attic");
        attic.name = QStringLiteral("Attic");
        static_cast<MemoryDirectoryDesk&>(f.session->directory()).kept.rooms = {{attic, 1}};
        const auto id = f.add(f.first, f.at(9), 2);
        f.session->changeElsewhere(id, [&](Appointment& a) {
            a.service = HealthcareServiceId::known("service-gone");
            a.room = attic.id;
            a.device = DeviceId::known("device-gone");
            a.comment = QStringLiteral(" by\u00a0phone\r\n");
        });
        const Appointment before = f.stored(id);
        f.show();
        f.open(id);
        QVERIFY(!form(f).isDirty());
        QCOMPARE(f.find<QComboBox>("room")->currentText(), QStringLiteral("Attic (not offered any more)"));
        QCOMPARE(f.find<QComboBox>("visitType")->currentText(), QStringLiteral("Not offered any more"));
        QVERIFY(f.isShown("device"));
        f.find<QLineEdit>("description")->setText(QStringLiteral("knee"));
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        Appointment wanted = before;
        wanted.description = QStringLiteral("knee");
        QCOMPARE(f.stored(id), wanted);
    }
    void whoLeft_staysTheirsWhenOpened()
    {
        CalendarFixture f;
        Practitioner left;
        left.id = PractitionerId::known("pr-left");
        left.names.push_back({});
        left.names.front().family = QStringLiteral("Bell");
        static_cast<MemoryDirectoryDesk&>(f.session->directory()).kept.staff = {{{left, 1}, {}}};
        f.show();
        AppointmentRow row;
        row.appointment = f.stored(f.add(f.first, f.at(11)));
        row.appointment.practitioner = left.id;
        form(f).open(row);
        QVERIFY(!form(f).isDirty());
        QCOMPARE(form(f).wished().appointment, row.appointment);
        const QString shown = f.find<QComboBox>("practitioner")->currentText();
        QVERIFY2(shown.contains(QStringLiteral("Bell")), qPrintable(shown));
    }
    void aLengthTheStepsDoNotReach_isKept()
    {
        CalendarFixture f;
        f.show();
        for (const auto length : {std::chrono::milliseconds(minutes(600)), std::chrono::milliseconds(90'500),
                                  std::chrono::milliseconds(minutes(24 * 60))}) {
            AppointmentRow row;
            row.appointment = f.stored(f.add(f.first, f.at(8)));
            row.appointment.end = row.appointment.start + length;
            form(f).open(row);
            QVERIFY(!form(f).isDirty());
            QCOMPARE(form(f).wished().appointment, row.appointment);
        }
    }
    void aHoldDrawnForTenHours_isBookedForTenHours()
    {
        CalendarFixture f;
        f.show();
        f.view().setFocus();
        Q_EMIT f.view().bookRequested({f.first, {f.at(8), f.at(18)}, {}, {}}, {}, true);
        QVERIFY(f.isShown("appointmentPanel"));
        f.find<QLineEdit>("description")->setText(QStringLiteral("fair"));
        f.find<QPushButton>("saveAppointment")->click();
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t{1});
        QCOMPARE(f.booked().front().end, f.at(18));
    }
    void waitingForAVisitTypeThatIsNotOffered_staysSo()
    {
        CalendarFixture f;
        Appointment a;
        a.status = AppointmentStatus::Waitlist;
        a.patient = f.rossi;
        a.service = HealthcareServiceId::known("service-gone");
        a.wish.duration = minutes(600);
        const auto id = f.session->add(a);
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
        f.press(Qt::Key_Return);
        QVERIFY(f.isShown("waitingEntryPanel"));
        auto* comment = f.find<QLineEdit>("waitingComment");
        comment->setText(QStringLiteral("by phone"));
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(id).comment, QStringLiteral("by phone"));
        QCOMPARE(f.stored(id).service, a.service);
        QCOMPARE(f.stored(id).wish.duration, minutes(600));
    }

    void aPatientTypedButNotChosen_isSaid_andNothingIsBooked()
    {
        CalendarFixture f;
        f.show();
        book(f, f.first, f.at(11));
        f.type(QStringLiteral("ros"));
        auto* about = f.find<QLineEdit>("description");
        about->setFocus();
        about->setText(QStringLiteral("knee"));
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY(f.booked().empty());
        QVERIFY(says(f, "Choose one of the patients"));
        QVERIFY(f.find<QLineEdit>("patientSearch")->hasFocus());
        f.press(Qt::Key_Down);
        f.press(Qt::Key_Return, Qt::ControlModifier); // from the search the marked one is taken
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t{1});
        QCOMPARE(f.booked().front().patient, PatientId::known("pat-2"));
    }
    void anotherPatientBegun_doesNotTakeTheOldOneOut()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.find<QPushButton>("changePatient")->click();
        f.type(QStringLiteral("ver"));
        auto* about = f.find<QLineEdit>("description");
        about->setFocus();
        about->setText(QStringLiteral("knee"));
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(id).patient, f.rossi);
        QVERIFY(f.stored(id).description.isEmpty());
        QVERIFY(says(f, "Choose one of the patients"));
    }
    void nobodyIsPutOnTheWaitingList_whoWasNotChosen()
    {
        CalendarFixture f;
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionAddWaiting"))->trigger();
        f.type(QStringLiteral("ros"));
        auto* comment = f.find<QLineEdit>("waitingComment");
        comment->setFocus();
        QTest::keyClick(comment, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY(f.session->frontDesk().waitingList().value().empty());
        QVERIFY(f.isShown("waitingEntryPanel"));
    }

    void whoIsBooked_isShownWithBirthDateAndNumber_howeverManyHaveThatName()
    {
        CalendarFixture f;
        for (int i = 0; i < 30; ++i)
            f.session->addPatient(QStringLiteral("Rossi"), QStringLiteral("Ada"), QDate(1950 + i, 1, 1));
        const auto last =
            f.session->addPatient(QStringLiteral("Rossi"), QStringLiteral("Ada"), QDate(2001, 2, 3));
        const auto id = f.add(f.first, f.at(11));
        f.session->changeElsewhere(id, [&](Appointment& a) { a.patient = last; });
        f.show();
        f.open(id);
        QVERIFY(says(f, "MRN\u00a01033"));
        QVERIFY(says(f, "2001"));
    }
    void whoWaits_isShownWithBirthDateAndNumber()
    {
        CalendarFixture f;
        Appointment a;
        a.status = AppointmentStatus::Waitlist;
        a.patient = f.rossi;
        f.session->add(a);
        f.show();
        f.page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
        f.press(Qt::Key_Return);
        const auto labels = f.find<QWidget>("waitingEntryPanel")->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text().contains(QStringLiteral("MRN\u00a01000")) && label->isVisible();
        }));
    }

    void anAppointmentThatWasFound_isSelected_whateverHidIt()
    {
        CalendarFixture f;
        f.show();
        const auto tomorrow = f.add(f.second, f.at(11) + std::chrono::hours(24));
        const auto cancelled = f.add(f.second, f.at(12), 15, AppointmentStatus::Cancelled);
        f.page->model().setShownPractitioners({f.first});
        f.page->showAppointment(tomorrow, QDate(2026, 5, 13));
        QCOMPARE(f.page->model().day(), QDate(2026, 5, 13));
        QVERIFY(f.view().selected());
        QCOMPARE(f.view().selected()->row.appointment.id, tomorrow);
        QVERIFY(f.view().hasFocus());
        f.page->model().setArrangement(Arrangement::Devices);
        f.page->showAppointment(cancelled, QDate(2026, 5, 13)); // moved to today since it was found
        QCOMPARE(f.page->model().day(), QDate(2026, 5, 12));
        QVERIFY(f.view().selected());
        QCOMPARE(f.view().selected()->row.appointment.id, cancelled);
    }
    void anAppointmentThatIsInSight_leavesTheWeekAndTheFilterAlone()
    {
        CalendarFixture f;
        const auto id = f.add(f.second, f.at(11));
        f.show();
        f.page->model().setShownPractitioners({f.second});
        f.page->model().setWeekOf(f.second);
        f.page->model().setArrangement(Arrangement::Week);
        f.page->showAppointment(id, QDate(2026, 5, 12));
        QVERIFY(f.page->model().isWeek());
        QCOMPARE(f.page->model().shownPractitioners(), std::set{f.second});
        QCOMPARE(f.view().selected()->row.appointment.id, id);
    }

    void aRoomThatSomebodyHidden_has_isNotProposed()
    {
        CalendarFixture f;
        const auto other = f.session->addRoom(QStringLiteral("Room 2"));
        const auto taken = f.add(f.second, f.at(11));
        f.session->changeElsewhere(taken, [](Appointment& a) { a.room = LocationId::known("room-1"); });
        f.show();
        f.page->model().setShownPractitioners({f.first});
        book(f, f.first, f.at(11));
        QCOMPARE(roomOf(f), other);
    }
    void aClosedRoom_isNotProposed()
    {
        CalendarFixture f;
        const auto other = f.session->addRoom(QStringLiteral("Room 2"));
        f.session->editRoom(LocationId::known("room-1"), [&](Location& room) {
            room.closures = {{{f.at(12), f.at(14)}, QStringLiteral("painters")}};
        });
        f.session->editRoom(other, [](Location& room) {
            room.hours.days.fill({{QTime(10, 0), QTime(17, 0)}}); // not at nine
        });
        f.show();
        book(f, f.first, f.at(9));
        QCOMPARE(roomOf(f), LocationId::known("room-1"));
        f.press(Qt::Key_Escape);
        book(f, f.first, f.at(13));
        QCOMPARE(roomOf(f), other);
    }
    void aClosedRoom_isNotProposedForTheVisitTypeEither()
    {
        CalendarFixture f;
        const auto other = f.session->addRoom(QStringLiteral("Room 2"));
        f.session->editRoom(LocationId::known("room-1"), [&](Location& room) {
            room.closures = {{{f.at(12), f.at(14)}, QStringLiteral("painters")}};
        });
        f.show();
        book(f, f.first, f.at(13));
        f.find<QComboBox>("room")->setCurrentIndex(0);
        auto* type = f.find<QComboBox>("visitType");
        type->setCurrentIndex(type->findText(QStringLiteral("Check-up"), Qt::MatchStartsWith));
        QCOMPARE(roomOf(f), other);
    }
};

QTEST_MAIN(TestCalendarValues)
#include "tst_calendar_values.moc"
