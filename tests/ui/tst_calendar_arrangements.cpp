// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

#include <set>

using namespace yarrow;
using std::chrono::hours;
using std::chrono::minutes;

/// Rooms, devices and the week of one practitioner side by side, the practitioner filter and blockouts, on a
/// real window. It is Tuesday, 12 May 2026, 10:20.
class TestCalendarArrangements : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<CalendarFixture> f;
    LocationId m_one;
    LocationId m_two;
    DeviceId m_ecg;
    DeviceId m_scan;
    AppointmentId m_visit; ///< at 11, with Dr. One, in Room 1, with the ECG

    static constexpr hours kDay{24};

    [[nodiscard]] const DayScheduleModel& model() const { return f->view().model(); }
    void arrange(Qt::Key key, Arrangement arrangement)
    {
        f->press(key, Qt::AltModifier);
        QCOMPARE(model().arrangement(), arrangement);
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList all;
        for (const ScheduleColumn& column : model().columns())
            all << column.name;
        return all;
    }
    /// Types the name of a patient into the form that is open, and books.
    void bookVerdi()
    {
        QVERIFY(f->isShown("appointmentPanel"));
        f->type(QStringLiteral("verdi"));
        f->press(Qt::Key_Return);
        f->press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f->settle());
    }
    [[nodiscard]] Appointment newest() const
    {
        for (const Appointment& each : f->booked())
            if (each.id != m_visit)
                return each;
        qFatal("nothing was booked");
    }
    /// What the menu of the filter has, by its words.
    void choose(const QString& text)
    {
        auto* menu = f->find<QPushButton>("practitionerFilter")->menu();
        Q_EMIT menu->aboutToShow(); // it is filled when it opens
        const auto actions = menu->actions();
        for (QAction* action : actions)
            if (action->text() == text)
                return action->trigger();
        QFAIL(qPrintable(text));
    }
    void undo()
    {
        f->press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f->settle());
    }

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<CalendarFixture>();
        m_one = f->session->rooms().front().id;
        m_two = f->session->addRoom(QStringLiteral("Room 2"));
        m_ecg = f->session->addDevice(QStringLiteral("ECG"));
        m_scan = f->session->addDevice(QStringLiteral("Scanner"));
        m_visit = f->add(f->first, f->at(11));
        f->session->changeElsewhere(m_visit, [this](Appointment& kept) {
            kept.room = m_one;
            kept.device = m_ecg;
        });
        f->show();
    }
    void cleanup() { f.reset(); }

    void rooms_standSideBySide_eachWithItsVisits()
    {
        arrange(Qt::Key_2, Arrangement::Rooms);
        QCOMPARE(names(), (QStringList{QStringLiteral("Room 1"), QStringLiteral("Room 2")}));
        QCOMPARE(model().find(m_visit)->column, 0);
        QVERIFY(!f->view().rectOf(m_visit).isEmpty());
        QCOMPARE(f->find<QComboBox>("calendarArrangement")->currentText(), QStringLiteral("Rooms"));
    }
    void rooms_keysMoveAVisitToTheNextRoom_andUndoBringsItBack()
    {
        arrange(Qt::Key_2, Arrangement::Rooms);
        f->select(m_visit);
        f->press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).room, m_two);
        QCOMPARE(f->stored(m_visit).practitioner, f->first);
        QCOMPARE(f->stored(m_visit).start, f->at(11));
        QCOMPARE(f->view().selected()->row.appointment.id, m_visit);
        undo();
        QCOMPARE(f->stored(m_visit).room, m_one);
    }
    void rooms_dragMovesToRoomAndTime()
    {
        arrange(Qt::Key_2, Arrangement::Rooms);
        f->drag(f->pointAt(0, f->at(11)), f->pointAt(1, f->at(12)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).room, m_two);
        QCOMPARE(f->stored(m_visit).start, f->at(12));
        QCOMPARE(f->stored(m_visit).practitioner, f->first);
    }
    void rooms_aFreePlaceBooksThatRoom()
    {
        arrange(Qt::Key_2, Arrangement::Rooms);
        QTest::mouseDClick(f->view().viewport(), Qt::LeftButton, {}, f->pointAt(1, f->at(13)));
        bookVerdi();
        QCOMPARE(newest().room, m_two);
        QCOMPARE(newest().start, f->at(13));
        QVERIFY(newest().practitioner.isEmpty()); // nobody's column was asked for
    }
    void rooms_whatIsInNoRoom_hasAColumnOfItsOwn_intoWhichNothingIsMoved()
    {
        f->add(f->second, f->at(15));
        arrange(Qt::Key_2, Arrangement::Rooms);
        QCOMPARE(names().size(), 3);
        QVERIFY(model().columns().back().key.isNobody());
        f->session->changeElsewhere(m_visit, [this](Appointment& kept) { kept.room = m_two; });
        f->select(m_visit);
        f->press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).room, m_two);
        QCOMPARE(f->session->writes(), 0);
    }
    void devices_keysDragAndBooking()
    {
        f->add(f->second, f->at(15)); // needs none: not among the devices
        arrange(Qt::Key_3, Arrangement::Devices);
        QCOMPARE(names(), (QStringList{QStringLiteral("ECG"), QStringLiteral("Scanner")}));
        f->select(m_visit);
        f->press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).device, m_scan);
        QCOMPARE(f->stored(m_visit).room, m_one);
        f->drag(f->pointAt(1, f->at(11)), f->pointAt(0, f->at(12)));
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).device, m_ecg);
        QCOMPARE(f->stored(m_visit).start, f->at(12));
        QTest::mouseDClick(f->view().viewport(), Qt::LeftButton, {}, f->pointAt(1, f->at(13)));
        QVERIFY(f->isShown("appointmentPanel"));
        QCOMPARE(f->find<QComboBox>("device")->currentText(), QStringLiteral("Scanner"));
    }
    void week_showsTheDaysOfWhoeverIsLookedAt()
    {
        f->view().selectCell(f->second, f->at(12));
        arrange(Qt::Key_4, Arrangement::Week);
        QCOMPARE(model().weekOf(), f->second);
        QCOMPARE(model().firstDay(), QDate(2026, 5, 11));
        QVERIFY(f->view().rectOf(m_visit).isEmpty()); // it is Dr. One's
        choose(QStringLiteral("Dr. One"));
        QCOMPARE(model().weekOf(), f->first);
        QCOMPARE(model().find(m_visit)->column, 1);
        QCOMPARE(f->find<QPushButton>("practitionerFilter")->accessibleName(),
                 QStringLiteral("Whose week: Dr. One"));
    }
    void week_keysMoveAVisitToTheNextDay_atTheSameTime()
    {
        f->select(m_visit);
        arrange(Qt::Key_4, Arrangement::Week);
        f->select(m_visit);
        f->press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).start, f->at(11) + kDay);
        QCOMPARE(f->stored(m_visit).practitioner, f->first);
        f->press(Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).start, f->at(11, 15) + kDay);
        undo();
        undo();
        QCOMPARE(f->stored(m_visit).start, f->at(11));
    }
    void week_dragMovesToDayAndTime()
    {
        f->select(m_visit);
        arrange(Qt::Key_4, Arrangement::Week);
        QCOMPARE(model().find(m_visit)->column, 1);
        const QPoint from = f->view().rectOf(m_visit).center();
        const QPoint to = f->view().geometryOfDay().columnRect(3).center().toPoint();
        f->drag(from, {to.x(), from.y()});
        QVERIFY(f->settle());
        QCOMPARE(f->stored(m_visit).start, f->at(11) + 2 * kDay);
        QCOMPARE(model().find(m_visit)->column, 3);
    }
    void week_aFreePlaceBooksThatDay()
    {
        f->select(m_visit);
        arrange(Qt::Key_4, Arrangement::Week);
        const QPoint at = f->view().rectOf(m_visit).center();
        const QPoint column = f->view().geometryOfDay().columnRect(4).center().toPoint();
        QTest::mouseDClick(f->view().viewport(), Qt::LeftButton, {}, {column.x(), at.y()});
        bookVerdi();
        QCOMPARE(newest().practitioner, f->first);
        QCOMPARE(newest().start, f->at(11) + 3 * kDay);
    }
    void filter_showsWhoWasChosen_andEverybodyAgain()
    {
        QCOMPARE(names(), (QStringList{QStringLiteral("Dr. One"), QStringLiteral("Dr. Two")}));
        choose(QStringLiteral("Dr. Two"));
        QCOMPARE(names(), QStringList{QStringLiteral("Dr. Two")});
        QVERIFY(f->view().rectOf(m_visit).isEmpty());
        QCOMPARE(f->find<QPushButton>("practitionerFilter")->accessibleName(),
                 QStringLiteral("Practitioners shown: 1 of 2"));
        choose(QStringLiteral("Dr. One"));
        QCOMPARE(names().size(), 2);
        choose(QStringLiteral("Dr. Two"));
        QCOMPARE(names(), QStringList{QStringLiteral("Dr. One")});
        QVERIFY(!f->view().rectOf(m_visit).isEmpty());
        choose(QStringLiteral("Everyone"));
        QCOMPARE(names().size(), 2);
        QCOMPARE(f->find<QPushButton>("practitionerFilter")->accessibleName(),
                 QStringLiteral("Practitioners shown: Everyone"));
    }
    void filter_bookingGoesToWhoIsShown()
    {
        choose(QStringLiteral("Dr. Two"));
        QTest::mouseDClick(f->view().viewport(), Qt::LeftButton, {}, f->pointAt(0, f->at(13)));
        bookVerdi();
        QCOMPARE(newest().practitioner, f->second);
        QCOMPARE(newest().start, f->at(13));
    }
    void blockouts_arePainted_andSaidWhenSomebodyBooksIntoThem()
    {
        CalendarFixture clinic;
        BookableActor shift;
        shift.hours.days.fill({{QTime(9, 0), QTime(17, 0)}});
        shift.blockouts = {{{clinic.at(13), clinic.at(15)}, QStringLiteral("Congress")}};
        const auto third = clinic.session->addPractitioner(QStringLiteral("Dr. Three"), QString(), shift);
        clinic.show();
        const DayGeometry geometry = clinic.view().geometryOfDay();
        // Below the reason, between the lines of the grid: one colour where the time is free, strokes over it
        // where it is not.
        const auto colours = [&](int column) {
            const QPoint at = clinic.pointAt(column, clinic.at(14));
            const QRect place(at.x() - 30, at.y() + 2, 60, qRound(geometry.pixelsPerMinute * 10));
            const QImage image = clinic.view().viewport()->grab(place).toImage();
            std::set<QRgb> all;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    all.insert(image.pixel(x, y));
            return all.size();
        };
        QCOMPARE(colours(0), std::size_t{1});
        QVERIFY(colours(2) > 1);
        clinic.view().selectCell(third, clinic.at(14));
        clinic.press(Qt::Key_N, Qt::ControlModifier);
        const auto labels = clinic.find<QWidget>("appointmentPanel")->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text().contains(QStringLiteral("Dr. Three is not available then: Congress."));
        }));
    }
};

QTEST_MAIN(TestCalendarArrangements)
#include "tst_calendar_arrangements.moc"
