// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "ui/calendar/patient_picker.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>

using namespace yarrow;
using std::chrono::minutes;

/// A family booked one after the other beside the day, by keyboard. It is Tuesday, 12 May 2026, 10:20; Rossi
/// has two children, Rossetti and Verdi.
class TestFamilyBooking : public QObject
{
    Q_OBJECT
private:
    static void addFamily(CalendarFixture& f)
    {
        const auto patients = f.session->searchPatients({}, 10).value();
        for (const char* child : {"pat-2", "pat-3"}) {
            FamilyRow row;
            row.person.id = RelatedPersonId::known(std::string("rel-") + child);
            row.relation = Relation::Child;
            for (const PatientRow& patient : patients)
                if (patient.id == PatientId::known(child))
                    row.member = patient;
            row.memberShortName =
                child == std::string("pat-2") ? QStringLiteral("Bruno") : QStringLiteral("Carla");
            f.session->family().kept.push_back(row);
        }
        FamilyRow uncle; // who is no patient cannot be booked
        uncle.person.id = RelatedPersonId::known("rel-uncle");
        uncle.person.names.push_back({HumanName::Use::Unset, QStringLiteral("Bo"), {}, {}, {}, {}});
        f.session->family().kept.push_back(uncle);
    }
    static QCheckBox* line(CalendarFixture& f, int number)
    {
        return f.find<QWidget>("familyBookingPanel")
            ->findChild<QCheckBox*>(QStringLiteral("familyComes%1").arg(number));
    }
    static QListWidgetItem* opening(CalendarFixture& f)
    {
        return f.find<QListWidget>("familyOpenings")->item(0);
    }
    static QString who(CalendarFixture& f)
    {
        return opening(f) ? opening(f)->data(Qt::UserRole + 100).toString() : QString();
    }
    static QString when(CalendarFixture& f) { return opening(f) ? opening(f)->text() : QString(); }
    static QByteArray kept(CalendarFixture& f) { return f.session->draft(QStringLiteral("calendar.family")); }
    static std::vector<Appointment> inOrder(CalendarFixture& f)
    {
        auto visits = f.booked();
        std::sort(visits.begin(), visits.end(),
                  [](const Appointment& a, const Appointment& b) { return a.start < b.start; });
        return visits;
    }
    /// Books what is marked, once the openings of what was chosen last are there.
    static bool book(CalendarFixture& f)
    {
        QCoreApplication::processEvents();
        f.press(Qt::Key_Return, Qt::ControlModifier);
        return f.settle();
    }
    static bool start(CalendarFixture& f)
    {
        f.page->startFamilyBooking(f.rossi);
        return QTest::qWaitFor([&] { return f.isShown("familyBookingPanel") && line(f, 2) != nullptr; });
    }

private Q_SLOTS:
    void familyOfAPatient_isBookedInARow_withOneSave_andOneUndo()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        QVERIFY(line(f, 0)->isChecked() && !line(f, 1)->isChecked());
        QVERIFY(!line(f, 3));
        QVERIFY(line(f, 0)->hasFocus());
        auto* type = f.find<QComboBox>("familyService0");
        type->setCurrentIndex(type->findText(QStringLiteral("First visit")));
        Q_EMIT type->activated(type->currentIndex());
        line(f, 1)->setFocus();
        f.press(Qt::Key_Space);
        line(f, 2)->setFocus();
        f.press(Qt::Key_Space);
        const int writes = f.session->writes();
        QVERIFY(book(f));
        const auto visits = inOrder(f);
        QCOMPARE(visits.size(), std::size_t(3));
        QCOMPARE(visits[0].patient, f.rossi);
        QCOMPARE(visits[0].start, f.at(10, 20));
        QCOMPARE(visits[0].end, f.at(10, 50));
        QCOMPARE(visits[0].service, f.firstVisit);
        QCOMPARE(visits[1].patient, PatientId::known("pat-2"));
        QCOMPARE(visits[1].start, f.at(10, 50));
        QCOMPARE(visits[2].start, visits[1].end);
        for (const Appointment& each : visits) {
            QCOMPARE(each.practitioner, visits[0].practitioner);
            QVERIFY(!each.room.isEmpty());
            QVERIFY(!each.series);
        }
        QVERIFY(f.session->writes() - writes <= 3);
        QCOMPARE(f.editor->undoStack().count(), 1);
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY(f.booked().empty());
        f.press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t(3));
    }
    void openingsShowWhoComesWhen_andOneIsChosenWithTheArrows()
    {
        CalendarFixture f;
        addFamily(f);
        f.add(f.first, f.at(10, 30), 20);
        f.show();
        QVERIFY(start(f));
        line(f, 1)->setChecked(true);
        auto* list = f.find<QListWidget>("familyOpenings");
        // The first has no half hour before 10:50; the second is free at once.
        QTRY_VERIFY2(when(f).contains(QStringLiteral("10:20–10:50")), qPrintable(when(f)));
        QVERIFY(who(f).contains(QStringLiteral("10:35 Bruno")));
        list->setFocus();
        f.press(Qt::Key_Down);
        f.press(Qt::Key_Return);
        QVERIFY(f.settle());
        const auto visits = inOrder(f);
        QCOMPARE(visits.size(), std::size_t(3)); // one was there
        QCOMPARE(visits[1].start, f.at(10, 50));
        QCOMPARE(visits[2].start, f.at(11, 5));
    }
    void theOthersFollowAVisitThatIsBooked()
    {
        CalendarFixture f;
        addFamily(f);
        const auto visit = f.add(f.first, f.at(11), 15);
        f.show();
        f.select(visit);
        f.page->findChild<QAction*>(QStringLiteral("actionFamily"))->trigger();
        QVERIFY(QTest::qWaitFor([&] { return line(f, 1) != nullptr; }));
        QVERIFY(!line(f, 2)); // whose visit it is comes already
        line(f, 0)->setChecked(true);
        line(f, 1)->setChecked(true);
        QVERIFY(book(f));
        const auto visits = inOrder(f);
        QCOMPARE(visits.size(), std::size_t(3));
        QCOMPARE(visits[1].start, f.at(11, 15));
        QCOMPARE(visits[1].practitioner, f.first);
        QCOMPARE(visits[1].service, f.checkUp); // as the visit that they follow
        QCOMPARE(visits[2].start, f.at(11, 30));
    }
    void takenMeanwhile_noneIsBooked_andWhatIsLeftIsOffered()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        line(f, 1)->setChecked(true);
        f.add(f.first, f.at(10, 20), 60); // by another desk, and no screen has heard of it yet
        f.add(f.second, f.at(10, 20), 60);
        QVERIFY(book(f));
        QCOMPARE(f.booked().size(), std::size_t(2));
        QVERIFY(f.isShown("familyBookingPanel"));
        QVERIFY(line(f, 1)->isChecked());
        QVERIFY2(f.message().contains(QStringLiteral("None was booked")), qPrintable(f.message()));
        QTRY_VERIFY2(when(f).contains(QStringLiteral("11:20–11:50")), qPrintable(when(f)));
        QVERIFY(book(f));
        QCOMPARE(f.booked().size(), std::size_t(4));
    }
    void familyThatIsBooked_leavesTheDraftOfAnotherAppointment()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        for (const bool isOne : {true, false}) {
            f.session->saveDraft(QStringLiteral("calendar.appointments"), "begun");
            QVERIFY(start(f));
            if (!isOne)
                line(f, 1)->setChecked(true);
            QVERIFY(book(f));
            QCOMPARE(f.session->draft(QStringLiteral("calendar.appointments")), QByteArray("begun"));
        }
        QCOMPARE(f.booked().size(), std::size_t(3));
    }
    void askedForTwice_listsEachOnce()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        f.page->startFamilyBooking(f.rossi);
        f.page->startFamilyBooking(f.rossi);
        QVERIFY(QTest::qWaitFor([&] { return line(f, 2) != nullptr; }));
        QCoreApplication::processEvents(); // what is still to be answered
        QCoreApplication::processEvents();
        QVERIFY(!line(f, 3));
    }
    void from_mayBeBeforeTheDayThatIsShown()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        f.page->showDay(QDate(2026, 5, 20));
        QVERIFY(start(f));
        auto* from = f.find<QDateEdit>("familyFrom");
        QCOMPARE(from->date(), QDate(2026, 5, 20));
        from->setDate(QDate(2026, 5, 11)); // yesterday: from now on
        QTRY_VERIFY2(when(f).contains(QStringLiteral("12 May")) && when(f).contains(QStringLiteral("10:20")),
                     qPrintable(when(f)));
    }
    void severalPatients_areNotToldAsVisitsOfTheFirst()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QSignalSpy notices(f.page.get(), &Page::notice);
        QVERIFY(start(f));
        line(f, 1)->setChecked(true);
        QVERIFY(book(f));
        const QString said = notices.last().front().toString();
        QVERIFY2(said.contains(QStringLiteral("2 visits one after the other")), qPrintable(said));
        QVERIFY(!said.contains(QStringLiteral("visits of")));
    }
    void whoAnOpeningWasLookedForEarlier_isNotPutIntoTheNextForm()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        f.page->startBooking(PatientId::known("pat-3"));
        QTRY_VERIFY(f.isShown("openingsPanel"));
        QVERIFY(start(f)); // the family of somebody else takes its place
        line(f, 0)->setFocus();
        f.press(Qt::Key_Escape);
        QVERIFY(!f.isShown("familyBookingPanel"));
        f.page->findChild<DayDesk*>()->bookSelected();
        QVERIFY(f.isShown("appointmentPanel"));
        QVERIFY(!f.find<QWidget>("appointmentPanel")->findChild<PatientPicker*>()->patient());
    }
    void whoComesFirst_isChangedByKeyboardAndByButton()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        line(f, 1)->setChecked(true);
        QTRY_VERIFY2(who(f).contains(QStringLiteral("10:20 Ada · 10:35 Bruno")), qPrintable(who(f)));
        line(f, 1)->setFocus();
        f.press(Qt::Key_Up, Qt::AltModifier);
        QVERIFY(line(f, 1)->hasFocus());
        QTRY_VERIFY2(who(f).contains(QStringLiteral("10:20 Bruno")), qPrintable(who(f)));
        QTRY_VERIFY(line(f, 1)->mapToGlobal(QPoint()).y() < line(f, 0)->mapToGlobal(QPoint()).y());
        f.press(Qt::Key_Up, Qt::AltModifier); // is the first already
        f.find<QPushButton>("familyLater")->click();
        QTRY_VERIFY2(who(f).contains(QStringLiteral("10:20 Ada")), qPrintable(who(f)));
        f.press(Qt::Key_Down, Qt::AltModifier);
        QVERIFY(book(f));
        const auto visits = inOrder(f);
        QCOMPARE(visits.size(), std::size_t(2));
        QCOMPARE(visits[0].patient, f.rossi);
        QCOMPARE(visits[1].patient, PatientId::known("pat-2"));
    }
    void whatWasChosen_isNotLeftWithoutAQuestion_andComesBackAfterEscape()
    {
        CalendarFixture f;
        addFamily(f);
        const auto visit = f.add(f.first, f.at(15), 15);
        f.show();
        QVERIFY(start(f));
        f.page->findChild<DayDesk*>()->openAppointment(visit); // nothing chosen yet
        QVERIFY(!f.isShown("familyBookingPanel"));
        f.press(Qt::Key_Escape);
        QVERIFY(start(f));
        line(f, 2)->setChecked(true);
        f.page->findChild<DayDesk*>()->openAppointment(visit);
        QVERIFY(f.isShown("familyBookingPanel"));
        QVERIFY2(f.message().contains(QStringLiteral("not booked yet")), qPrintable(f.message()));
        QVERIFY(line(f, 0)->hasFocus());
        f.press(Qt::Key_Escape);
        QVERIFY(!f.isShown("familyBookingPanel"));
        f.find<QPushButton>("continueFamily")->click();
        QVERIFY(f.isShown("familyBookingPanel"));
        QVERIFY(line(f, 2)->isChecked());
        QVERIFY(book(f));
        QCOMPARE(f.booked().size(), std::size_t(3));
    }
    void whatWasChosen_isThereAfterARestart_inTheSameOrder()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        auto* type = f.find<QComboBox>("familyService2");
        line(f, 2)->setChecked(true);
        type->setCurrentIndex(type->findText(QStringLiteral("First visit")));
        Q_EMIT type->activated(type->currentIndex());
        line(f, 2)->setFocus();
        f.press(Qt::Key_Up, Qt::AltModifier);
        f.press(Qt::Key_Up, Qt::AltModifier);
        f.find<QComboBox>("familyPractitioner")->setCurrentIndex(2);
        f.page->saveDrafts(); // as before lock and quit
        f.show();
        QVERIFY2(f.message().contains(QStringLiteral("is kept")), qPrintable(f.message()));
        f.find<QPushButton>("continueFamily")->click();
        QTRY_VERIFY2(who(f).contains(QStringLiteral("10:20 Carla · 10:50 Ada")), qPrintable(who(f)));
        QVERIFY(!line(f, 1)->isChecked());
        QVERIFY(book(f));
        const auto visits = inOrder(f);
        QCOMPARE(visits.size(), std::size_t(2));
        QCOMPARE(visits[0].patient, PatientId::known("pat-3"));
        QCOMPARE(visits[0].service, f.firstVisit);
        QCOMPARE(visits[1].practitioner, f.second);
        QVERIFY(kept(f).isEmpty());
        QVERIFY(start(f)); // nothing is asked
    }
    void aVisitThatIsFollowed_isFollowedAfterARestart_unlessItIsCancelled()
    {
        for (const bool isCancelled : {false, true}) {
            CalendarFixture f;
            addFamily(f);
            const auto visit = f.add(f.first, f.at(11), 15);
            f.show();
            f.select(visit);
            f.page->findChild<QAction*>(QStringLiteral("actionFamily"))->trigger();
            QTRY_VERIFY(line(f, 1));
            line(f, 0)->setChecked(true);
            f.page->saveDrafts();
            if (isCancelled)
                f.session->changeElsewhere(visit,
                                           [](Appointment& a) { a.status = AppointmentStatus::Cancelled; });
            f.show();
            f.find<QPushButton>("continueFamily")->click();
            QTRY_VERIFY(line(f, 1) != nullptr);
            const QString first = isCancelled ? QStringLiteral("10:20") : QStringLiteral("11:15");
            QTRY_VERIFY2(when(f).contains(first), qPrintable(when(f)));
            QTRY_COMPARE(line(f, 2) != nullptr, isCancelled); // who has no visit any more may come again
            const auto labels = f.find<QWidget>("familyBookingPanel")->findChildren<QLabel*>();
            const bool isSaid = std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
                return !label->isHidden() &&
                       label->text().startsWith(QStringLiteral("The visit that the others"));
            });
            QCOMPARE(isSaid, isCancelled);
        }
    }
    void anotherBooking_takesThePlaceOfOneThatWasBegun_onlyWhenAsked()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        line(f, 2)->setChecked(true);
        f.press(Qt::Key_F3);
        QVERIFY(f.isShown("familyBookingPanel"));
        QVERIFY2(f.message().contains(QStringLiteral("not booked yet")), qPrintable(f.message()));
        f.page->startBooking(PatientId::known("pat-3")); // from the patients' page
        QTest::qWait(0);
        QVERIFY(f.isShown("familyBookingPanel"));
        line(f, 0)->setFocus();
        f.press(Qt::Key_Escape);
        QVERIFY(!kept(f).isEmpty());
        f.page->startFamilyBooking(PatientId::known("pat-3"));
        QTest::qWait(0);
        QVERIFY(!f.isShown("familyBookingPanel"));
        QVERIFY2(f.message().contains(QStringLiteral("only one can be")), qPrintable(f.message()));
        f.find<QPushButton>("continueFamily")->click();
        QVERIFY(line(f, 2)->isChecked());
        line(f, 0)->setFocus();
        f.press(Qt::Key_Escape);
        f.page->startFamilyBooking(PatientId::known("pat-3"));
        f.find<QPushButton>("discardFamily")->click();
        QTRY_VERIFY(f.isShown("familyBookingPanel"));
        QTRY_VERIFY2(who(f).contains(QStringLiteral("10:20 Carla")), qPrintable(who(f)));
        QVERIFY(kept(f).isEmpty());
    }
    void bookedBeforeTheOpeningsAreThere_isAskedAboutWhenItIsLeft()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        QTRY_VERIFY2(when(f).contains(QStringLiteral("10:20")), qPrintable(when(f)));
        line(f, 1)->setChecked(true);
        f.find<QPushButton>("bookAllFamily")->click();
        f.page->findChild<DayDesk*>()->bookSelected();
        QVERIFY(f.isShown("familyBookingPanel"));
        QTRY_COMPARE(f.booked().size(), std::size_t(2));
    }
    void bookedBeforeTheOpeningsAreThere_isWhatWasShown()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        QTRY_VERIFY2(when(f).contains(QStringLiteral("10:20")), qPrintable(when(f)));
        f.add(f.first, f.at(10, 20), 60);
        f.add(f.second, f.at(10, 20), 60);
        line(f, 1)->setChecked(true); // 10:20 is not among its openings
        f.find<QPushButton>("bookAllFamily")->click();
        QTRY_VERIFY2(when(f).contains(QStringLiteral("11:20")), qPrintable(when(f)));
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t(2));
        QVERIFY(f.isShown("familyBookingPanel"));
    }
    void takenMeanwhile_aFormThatWasBegunIsKept()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        QCoreApplication::processEvents();
        f.add(f.first, f.at(10, 20), 60); // by another desk
        f.add(f.second, f.at(10, 20), 60);
        f.find<QPushButton>("bookAllFamily")->click();
        f.page->findChild<DayDesk*>()->bookSelected(QStringLiteral("verd")); // before the answer
        QVERIFY(f.isShown("appointmentPanel"));
        QVERIFY(f.settle());
        QVERIFY(f.isShown("familyBookingPanel"));
        QVERIFY(!f.session->draft(QStringLiteral("calendar.appointments")).isEmpty());
    }
    void nobodyTicked_saysSo()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        line(f, 0)->setChecked(false);
        QVERIFY(f.find<QListWidget>("familyOpenings")->isHidden());
        QVERIFY(book(f));
        QVERIFY(f.booked().empty());
        f.press(Qt::Key_Escape);
        QVERIFY(!f.isShown("familyBookingPanel"));
    }
};

QTEST_MAIN(TestFamilyBooking)
#include "tst_family_booking.moc"
