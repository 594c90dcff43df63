// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace yarrow;
using std::chrono::minutes;

/// The calendar with the mouse, and what happens when a change is refused.
class TestCalendarMouse : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<CalendarFixture> f;

private Q_SLOTS:
    void init() { f = std::make_unique<CalendarFixture>(); }
    void cleanup() { f.reset(); }

    void drag_movesToTimeAndPractitioner()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(1, f->at(12, 3)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(12)); // on the grid
        QCOMPARE(f->stored(id).end, f->at(12, 15));
        QCOMPARE(f->stored(id).practitioner, f->second);
    }
    void dragOfOneOfASeries_leavesTheOthers_andSaysSo()
    {
        const auto week = std::chrono::hours(24 * 7);
        const auto id = f->addOfSeries(f->first, f->at(11));
        const auto next = f->addOfSeries(f->first, f->at(11) + week);
        f->show();
        QSignalSpy notices(f->page.get(), &Page::notice);
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(1, f->at(12, 3)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(12));
        QCOMPARE(f->stored(id).series->planned, f->at(11));
        QCOMPARE(f->stored(next).start, f->at(11) + week);
        QCOMPARE(f->stored(next).practitioner, f->first);
        QCOMPARE(notices.last().first().toString(),
                 QStringLiteral("Moved Rossi, Ada to 12:00. The other visits of the series stay where they "
                                "are."));
    }
    void dragOfTheLowerEdge_makesItLonger()
    {
        const auto id = f->add(f->first, f->at(11), 30);
        f->show();
        const QRect card = f->view().rectOf(id);
        f->drag(QPoint(card.center().x(), card.bottom() - 2), f->pointAt(0, f->at(12)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11));
        QCOMPARE(f->stored(id).end, f->at(12));
    }
    void escape_endsADragWithoutAChange()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        QWidget* viewport = f->view().viewport();
        QTest::mousePress(viewport, Qt::LeftButton, {}, f->pointAt(0, f->at(11)));
        QTest::mouseMove(viewport, f->pointAt(0, f->at(12)));
        QTest::mouseMove(viewport, f->pointAt(1, f->at(12)));
        f->press(Qt::Key_Escape);
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, f->pointAt(1, f->at(12)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11));
        QCOMPARE(f->session->writes(), 0);
    }
    void dragOnFreeTime_booksItsLength()
    {
        f->show();
        f->drag(f->pointAt(1, f->at(11)), f->pointAt(1, f->at(11, 35)));
        QVERIFY(f->isShown("appointmentPanel"));
        f->type(QStringLiteral("verdi"));
        f->press(Qt::Key_Return);
        QTest::mouseClick(f->find<QPushButton>("saveAppointment"), Qt::LeftButton);
        QVERIFY(f->settle());
        QCOMPARE(f->booked().size(), std::size_t{1});
        QCOMPARE(f->booked().front().start, f->at(11));
        QCOMPARE(f->booked().front().end, f->at(11, 45));
        QCOMPARE(f->booked().front().practitioner, f->second);
    }
    void doubleClick_opensOrBooks()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        QTest::mouseDClick(f->view().viewport(), Qt::LeftButton, {}, f->pointAt(0, f->at(11)));
        QVERIFY(f->isShown("appointmentPanel"));
        QCOMPARE(f->view().selected()->row.appointment.id, id);
        f->press(Qt::Key_Escape);
        QVERIFY(!f->isShown("appointmentPanel"));
        QTest::mouseDClick(f->view().viewport(), Qt::LeftButton, {}, f->pointAt(1, f->at(12)));
        QVERIFY(f->find<QLineEdit>("patientSearch")->hasFocus());
    }
    void controlWheel_zooms()
    {
        f->show();
        QWheelEvent event(QPointF(200, 200), f->view().viewport()->mapToGlobal(QPointF(200, 200)), {},
                          {0, 120}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(f->view().viewport(), &event);
        QCOMPARE(f->view().grid(), minutes(10));
    }
    void takenSlot_namesWhoseAndWhen_andCanBeOverbooked()
    {
        const auto id = f->add(f->first, f->at(11));
        f->add(f->second, f->at(12));
        f->show();
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(1, f->at(12)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(11));
        QVERIFY2(f->message().contains(QStringLiteral("Dr. Two")), qPrintable(f->message()));
        QVERIFY(f->message().contains(QStringLiteral("12:00–12:15")));
        QVERIFY(f->message().contains(QStringLiteral("Rossi, Ada")));
        QTest::mouseClick(f->find<QPushButton>("overbook"), Qt::LeftButton);
        auto* reason = f->find<QComboBox>("overbookReason");
        QVERIFY(reason->isVisibleTo(f->page.get()));
        f->type(QStringLiteral("urgent"));
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).start, f->at(12));
        QCOMPARE(f->stored(id).overbookReason, std::string("urgent"));
        QCOMPARE(f->view().model().entry(id)->place.lanes, 2);
    }
    void takenSlot_offersTheNextOpenings()
    {
        const auto id = f->add(f->first, f->at(11));
        f->add(f->second, f->at(12));
        f->show();
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(1, f->at(12)));
        QVERIFY(f->settle());
        QTest::mouseClick(f->find<QPushButton>("showNextOpenings"), Qt::LeftButton);
        QVERIFY(f->isShown("openingsPanel"));
        f->press(Qt::Key_Return);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).practitioner, f->second);
        QCOMPARE(f->stored(id).start, f->at(10, 20));
        f->press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(id).practitioner, f->first);
        QCOMPARE(f->stored(id).start, f->at(11));
    }
    void refusedBooking_comesBackWithAllThatWasTyped()
    {
        f->show();
        f->view().selectCell(f->first, f->at(11));
        f->press(Qt::Key_Return);
        f->type(QStringLiteral("verdi"));
        f->press(Qt::Key_Return);
        f->find<QLineEdit>("description")->setText(QStringLiteral("sore throat"));
        const auto other = f->add(f->first, f->at(11)); // booked at another desk, not yet seen here
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
        QVERIFY(f->isShown("appointmentPanel"));
        QCOMPARE(f->find<QLineEdit>("description")->text(), QStringLiteral("sore throat"));
        QVERIFY(!f->message().isEmpty());
        QCOMPARE(f->booked().size(), std::size_t{1});
        QCOMPARE(f->booked().front().id, other);
    }
    void changedElsewhere_isTold_andNothingIsOverwritten()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->session->failNextWrite(Error{ErrorCode::Stale, id.text(), {}});
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(0, f->at(12)));
        QVERIFY(f->settle());
        QVERIFY(!f->message().isEmpty());
        QCOMPARE(f->stored(id).start, f->at(11));
        QCOMPARE(f->view().rectOf(id).top() > 0, true);
    }
    void undoOfWhatChangedElsewhere_isTold()
    {
        const auto id = f->add(f->first, f->at(11));
        f->show();
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(0, f->at(12)));
        QVERIFY(f->settle());
        f->session->changeElsewhere(id, [](Appointment& a) { a.comment = QStringLiteral("by phone"); });
        f->press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f->settle());
        QVERIFY(!f->message().isEmpty());
        QCOMPARE(f->stored(id).start, f->at(12));
        QCOMPARE(f->stored(id).comment, QStringLiteral("by phone"));
    }
};

QTEST_MAIN(TestCalendarMouse)
#include "tst_calendar_mouse.moc"
