// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QListWidget>
#include <QPushButton>

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
    static std::vector<Appointment> inOrder(CalendarFixture& f)
    {
        auto visits = f.booked();
        std::sort(visits.begin(), visits.end(),
                  [](const Appointment& a, const Appointment& b) { return a.start < b.start; });
        return visits;
    }
    static bool start(CalendarFixture& f)
    {
        f.page->startFamilyBooking(f.rossi);
        return QTest::qWaitFor([&] { return line(f, 2) != nullptr; });
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
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
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
        QVERIFY2(list->item(0)->text().contains(QStringLiteral("10:20–10:50")),
                 qPrintable(list->item(0)->text()));
        QVERIFY(list->item(0)->data(Qt::UserRole + 100).toString().contains(QStringLiteral("10:35 Bruno")));
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
        f.find<QPushButton>("bookAllFamily")->click();
        QVERIFY(f.settle());
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
        f.find<QPushButton>("bookAllFamily")->click();
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t(2));
        QVERIFY(f.isShown("familyBookingPanel"));
        QVERIFY(line(f, 1)->isChecked());
        QVERIFY2(f.message().contains(QStringLiteral("None was booked")), qPrintable(f.message()));
        QVERIFY(
            f.find<QListWidget>("familyOpenings")->item(0)->text().contains(QStringLiteral("11:20–11:50")));
        f.find<QPushButton>("bookAllFamily")->click();
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t(4));
    }
    void nobodyTicked_saysSo()
    {
        CalendarFixture f;
        addFamily(f);
        f.show();
        QVERIFY(start(f));
        line(f, 0)->setChecked(false);
        QVERIFY(f.find<QListWidget>("familyOpenings")->isHidden());
        f.find<QPushButton>("bookAllFamily")->click();
        QVERIFY(f.settle());
        QVERIFY(f.booked().empty());
        f.press(Qt::Key_Escape);
        QVERIFY(!f.isShown("familyBookingPanel"));
    }
};

QTEST_MAIN(TestFamilyBooking)
#include "tst_family_booking.moc"
