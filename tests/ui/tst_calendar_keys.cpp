// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace yarrow;
using std::chrono::minutes;

/// The calendar without a mouse.
class TestCalendarKeys : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<CalendarFixture> f;

private Q_SLOTS:
    void init() { f = std::make_unique<CalendarFixture>(); }
    void cleanup() { f.reset(); }

    void knownPatientInNextOpening_takesAtMostSixKeysAndTheName()
    {
        f->show();
        int keys = 0;
        const auto press = [&](Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
            f->press(key, modifiers);
            ++keys;
        };
        press(Qt::Key_F3);
        press(Qt::Key_Return);
        f->type(QStringLiteral("verdi"));
        press(Qt::Key_Return);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(keys <= 6);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().size(), std::size_t{1});
        const Appointment made = f->booked().front();
        QCOMPARE(made.start, f->at(10, 20));
        QCOMPARE(made.practitioner, f->first);
        QVERIFY(!made.room.isEmpty());
        QCOMPARE(f->view().selected()->row.patientName, QStringLiteral("Verdi, Carla"));
        QVERIFY(f->view().hasFocus());
    }
    void typingOnFreeTime_booksForWhomIsTyped()
    {
        f->show();
        f->view().selectCell(f->second, f->at(11));
        f->type(QStringLiteral("ross"));
        QCOMPARE(f->find<QLineEdit>("patientSearch")->text(), QStringLiteral("ross"));
        f->press(Qt::Key_Down); // the second match
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().size(), std::size_t{1});
        QCOMPARE(f->booked().front().practitioner, f->second);
        QCOMPARE(f->booked().front().start, f->at(11));
        QCOMPARE(f->view().selected()->row.patientName, QStringLiteral("Rossetti, Bruno"));
    }
    void visitType_setsTheDuration()
    {
        f->show();
        f->view().selectCell(f->first, f->at(11));
        f->press(Qt::Key_N, Qt::ControlModifier);
        f->type(QStringLiteral("rossi"));
        f->press(Qt::Key_Return);
        auto* service = f->find<QComboBox>("visitType");
        QVERIFY(service->hasFocus());
        service->setCurrentIndex(2);
        QCOMPARE(f->find<QSpinBox>("duration")->value(), 30);
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().front().end - f->booked().front().start, minutes(30));
        QCOMPARE(f->booked().front().service, f->firstVisit);
    }
    void visitTypeThatNeedsADevice_findsItFreeAndBooksIt_withItsBuffers()
    {
        const DeviceId laser = f->session->addDevice(QStringLiteral("Laser"));
        f->session->editService(f->firstVisit, [&](HealthcareService& treatment) {
            treatment.devices = {laser};
            treatment.bufferBefore = minutes(10);
        });
        f->show();
        f->press(Qt::Key_F3);
        auto* service = f->find<QComboBox>("openingsService");
        service->setCurrentIndex(2);
        QCOMPARE(service->currentText(), QStringLiteral("First visit"));
        f->press(Qt::Key_Return);
        f->type(QStringLiteral("verdi"));
        f->press(Qt::Key_Return);
        QCOMPARE(f->find<QComboBox>("device")->currentText(), QStringLiteral("Laser"));
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().size(), std::size_t{1});
        QCOMPARE(f->booked().front().device, laser);
        QCOMPARE(f->booked().front().service, f->firstVisit);
        // Nobody else is treated before the laser is free again and prepared.
        f->press(Qt::Key_F3);
        f->find<QComboBox>("openingsService")->setCurrentIndex(2);
        f->press(Qt::Key_Return);
        f->type(QStringLiteral("rossi"));
        f->press(Qt::Key_Return);
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().size(), std::size_t{2});
        QCOMPARE(f->booked()[1].start, f->booked()[0].end + minutes(10));
    }
    void deviceOfTheVisitType_isChosenWithIt()
    {
        const DeviceId laser = f->session->addDevice(QStringLiteral("Laser"));
        f->session->editService(f->firstVisit,
                                [&](HealthcareService& treatment) { treatment.devices = {laser}; });
        f->show();
        f->view().selectCell(f->first, f->at(11));
        f->press(Qt::Key_N, Qt::ControlModifier);
        f->type(QStringLiteral("rossi"));
        f->press(Qt::Key_Return);
        QCOMPARE(f->find<QComboBox>("device")->currentText(), QStringLiteral("None"));
        f->find<QComboBox>("visitType")->setCurrentIndex(2);
        QCOMPARE(f->find<QComboBox>("device")->currentText(), QStringLiteral("Laser"));
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().front().device, laser);
    }
    void missedAppointments_areToldBesideThePatient_data()
    {
        QTest::addColumn<QString>("patient");
        QTest::addColumn<QString>("told");
        QTest::newRow("came always") << QStringLiteral("verdi") << QString();
        QTest::newRow("did not come")
            << QStringLiteral("rossi")
            << QStringLiteral("Missed appointments: 2, the last on 11/05/2026. Kept: 1.");
    }
    void missedAppointments_areToldBesideThePatient()
    {
        QFETCH(QString, patient);
        QFETCH(QString, told);
        const auto day = std::chrono::hours(24);
        f->add(f->first, f->at(9) - day, 15, AppointmentStatus::NoShow);
        f->add(f->first, f->at(9) - 8 * day, 15, AppointmentStatus::NoShow);
        f->add(f->first, f->at(9) - 2 * day, 15, AppointmentStatus::Fulfilled);
        f->show();
        f->view().selectCell(f->first, f->at(11));
        f->press(Qt::Key_N, Qt::ControlModifier);
        f->type(patient);
        f->press(Qt::Key_Return);
        QString shown;
        for (const QLabel* label : f->page->findChildren<QLabel*>())
            if (label->isVisible() && label->text().startsWith(QLatin1String("Missed")))
                shown = label->text();
        QCOMPARE(shown, told);
    }
    void bookingForNobody_isRefusedBesideTheField_andKeepsTheForm()
    {
        f->show();
        f->press(Qt::Key_N, Qt::ControlModifier);
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->isShown("appointmentPanel"));
        QVERIFY(f->find<QLineEdit>("patientSearch")->hasFocus());
        QCOMPARE(f->session->writes(), 0);
    }
    void arrows_visitEachAppointmentAndFreeCellOnce()
    {
        const auto one = f->add(f->first, f->at(10), 10);
        const auto two = f->add(f->first, f->at(10, 15), 30);
        f->show();
        f->view().selectCell(f->first, f->at(9, 45));
        QCOMPARE(f->view().cell().when, (TimeRange{f->at(9, 45), f->at(10)}));
        f->press(Qt::Key_Down);
        QCOMPARE(f->view().selected()->row.appointment.id, one);
        f->press(Qt::Key_Down); // what is left free before the next
        QVERIFY(!f->view().selected());
        QCOMPARE(f->view().cell().when, (TimeRange{f->at(10, 10), f->at(10, 15)}));
        f->press(Qt::Key_Down);
        QCOMPARE(f->view().selected()->row.appointment.id, two);
        f->press(Qt::Key_Down);
        QCOMPARE(f->view().cell().when.start, f->at(10, 45));
        f->press(Qt::Key_Up);
        QCOMPARE(f->view().selected()->row.appointment.id, two);
        f->press(Qt::Key_Right);
        QCOMPARE(f->view().cell().practitioner, f->second);
        QCOMPARE(f->view().cell().when.start, f->at(10, 15));
        f->press(Qt::Key_Left);
        QCOMPARE(f->view().selected()->row.appointment.id, two);
    }
    void statusKeys_makeLegalMovesOnly()
    {
        const auto id = f->add(f->first, f->at(10));
        f->show();
        f->select(id);
        f->press(Qt::Key_D);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).status, AppointmentStatus::Booked);
        QVERIFY(!f->message().isEmpty());
        for (const auto& [key, status] : {std::pair{Qt::Key_A, AppointmentStatus::Arrived},
                                          std::pair{Qt::Key_R, AppointmentStatus::CheckedIn},
                                          std::pair{Qt::Key_D, AppointmentStatus::Fulfilled}}) {
            f->press(key);
            QVERIFY(f->settle());
            QCOMPARE(f->stored(id).status, status);
            QCOMPARE(f->message(), QString());
        }
        f->press(Qt::Key_X);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).status, AppointmentStatus::Fulfilled);
        QVERIFY(!f->message().isEmpty());
    }
    void noShow_byKey()
    {
        const auto id = f->add(f->first, f->at(10));
        f->show();
        f->select(id);
        f->press(Qt::Key_N);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).status, AppointmentStatus::NoShow);
    }
    void controlArrows_moveTheAppointment()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->press(Qt::Key_Down, Qt::ControlModifier);
        f->press(Qt::Key_Down, Qt::ControlModifier);
        f->press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11, 30));
        QCOMPARE(f->stored(id).end, f->at(11, 45));
        QCOMPARE(f->stored(id).practitioner, f->second);
        QCOMPARE(f->view().selected()->row.appointment.id, id);
    }
    void shiftArrows_makeItLongerAndShorter()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->press(Qt::Key_Down, Qt::ShiftModifier);
        f->press(Qt::Key_Down, Qt::ShiftModifier);
        f->press(Qt::Key_Up, Qt::ShiftModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).end, f->at(11, 30));
    }
    void movesAreShownBeforeTheStoreAnswers()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->session->holdAnswers();
        f->press(Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(f->view().selected()->row.appointment.start, f->at(11, 15));
        QVERIFY(f->view().selected()->waiting);
        QCOMPARE(f->stored(id).start, f->at(11));
        f->session->releaseAnswers();
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11, 15));
    }
    void undoAndRedo_byKey()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->press(Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(f->settle());
        f->press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11));
        f->press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11, 15));
    }
    void deleteKey_asksForTheReason_enterCancels_undoBringsBack()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->press(Qt::Key_Delete);
        QVERIFY(f->find<QComboBox>("cancelReason")->hasFocus());
        f->press(Qt::Key_Down);
        f->press(Qt::Key_Return);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).status, AppointmentStatus::Cancelled);
        QCOMPARE(f->stored(id).cancelReason, std::string("pat-fb"));
        QVERIFY(!f->view().model().entry(id));
        f->press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).status, AppointmentStatus::Booked);
        QVERIFY(f->stored(id).cancelReason.empty());
    }
    void pinboard_carriesAnAppointmentToAnotherDay()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->press(Qt::Key_X, Qt::ControlModifier);
        QVERIFY(f->isShown("pinboard"));
        f->press(Qt::Key_PageDown);
        const Instant there = toInstant(QDate(2026, 5, 13), QTime(14, 0), f->session->zone());
        f->view().selectCell(f->second, there);
        f->press(Qt::Key_V, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, there);
        QCOMPARE(f->stored(id).practitioner, f->second);
        QVERIFY(!f->isShown("pinboard"));
    }
    void pageKeys_changeTheDay_andEachIsNoted()
    {
        f->show();
        f->press(Qt::Key_PageDown);
        f->press(Qt::Key_PageUp);
        f->press(Qt::Key_PageUp);
        f->press(Qt::Key_Home);
        QCOMPARE(f->view().model().day(), QDate(2026, 5, 12));
        QCOMPARE(f->session->daysViewed(),
                 (QList<QDate>{QDate(2026, 5, 12), QDate(2026, 5, 13), QDate(2026, 5, 12), QDate(2026, 5, 11),
                               QDate(2026, 5, 12)}));
    }
    void zoomKeys_changeTheGrid()
    {
        f->show();
        f->press(Qt::Key_Plus, Qt::ControlModifier);
        QCOMPARE(f->view().grid(), minutes(10));
        f->press(Qt::Key_Minus, Qt::ControlModifier);
        f->press(Qt::Key_Minus, Qt::ControlModifier);
        QCOMPARE(f->view().grid(), minutes(20));
    }
    void openingByEnter_changesWhatIsSaved()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->select(id);
        f->press(Qt::Key_Return);
        QVERIFY(f->isShown("appointmentPanel"));
        f->find<QLineEdit>("description")->setFocus();
        f->type(QStringLiteral("knee"));
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).description, QStringLiteral("knee"));
        QCOMPARE(f->stored(id).start, f->at(11));
        QVERIFY(!f->isShown("appointmentPanel"));
    }
    void whatWasTyped_isKeptAsADraft_andContinued()
    {
        f->show();
        f->press(Qt::Key_N, Qt::ControlModifier);
        f->find<QLineEdit>("description")->setFocus();
        f->type(QStringLiteral("fell off a ladder"));
        f->page->saveDrafts();
        QVERIFY(!f->session->draft(QStringLiteral("calendar.appointments")).isEmpty());
        f->show(); // the program started again
        QVERIFY(!f->message().isEmpty());
        QTest::mouseClick(f->find<QPushButton>("continueDraft"), Qt::LeftButton);
        QCOMPARE(f->find<QLineEdit>("description")->text(), QStringLiteral("fell off a ladder"));
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QVERIFY(f->session->draft(QStringLiteral("calendar.appointments")).isEmpty());
    }
    void roleThatMayNotChange_isToldSo()
    {
        const auto id = f->add(f->first, f->at(11));
        f->session->setUser({QStringLiteral("billing"), Role::Billing});
        QVERIFY(!f->session->allows(Operation::Update, Area::Appointments));
        f->show();
        f->select(id);
        f->press(Qt::Key_A);
        QVERIFY(!f->message().isEmpty());
        QCOMPARE(f->session->writes(), 0);
    }
};

QTEST_MAIN(TestCalendarKeys)
#include "tst_calendar_keys.moc"
