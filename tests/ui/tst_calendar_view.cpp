// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"

#include "ui/calendar/day_view_accessible.h"

#include <QAccessible>
#include <QDateEdit>
#include <QTimeEdit>

using namespace yarrow;
using std::chrono::minutes;

/// What the day view shows and says: mirrored, on days when the clocks change, to assistive technology.
class TestCalendarView : public QObject
{
    Q_OBJECT
private:
    static QAccessibleInterface* accessible(DayView& view)
    {
        return QAccessible::queryAccessibleInterface(&view);
    }

    static void checkNames(const CalendarPage& page)
    {
        for (QWidget* widget : page.findChildren<QWidget*>()) {
            if (!widget->isVisibleTo(&page) || widget->focusPolicy() == Qt::NoFocus ||
                widget->objectName().startsWith(QStringLiteral("qt_")))
                continue;
            QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(interface && (!interface->text(QAccessible::Name).isEmpty() || widget->focusProxy()),
                     qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(widget->metaObject()->className()),
                                                            widget->objectName())));
        }
    }

private Q_SLOTS:
    void cleanup() { QApplication::setLayoutDirection(Qt::LeftToRight); }
    void rightToLeft_mirrorsColumnsAndGutter()
    {
        CalendarFixture f(QDate(2026, 5, 12), Qt::RightToLeft);
        const auto id = f.add(f.first, f.at(11));
        f.show();
        const DayGeometry geometry = f.view().geometryOfDay();
        QVERIFY(geometry.gutterRect().right() > geometry.bodyRect().right() - 1);
        QVERIFY(geometry.headRect(0).left() > geometry.headRect(1).left());
        QCOMPARE(geometry.columnAt(geometry.headRect(1).center().x()), 1);
        // Left goes on to the next practitioner, and a drag lands where the pointer is.
        f.select(id);
        f.press(Qt::Key_Left);
        QCOMPARE(f.view().cell().practitioner, f.second);
        f.drag(f.pointAt(0, f.at(11)), f.pointAt(1, f.at(12)));
        QVERIFY(f.settle());
        QCOMPARE(f.stored(id).practitioner, f.second);
        f.press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(id).practitioner, f.first);
    }
    void rightToLeft_writesTimesTheRightWayRound()
    {
        CalendarFixture f(QDate(2026, 5, 12), Qt::RightToLeft);
        const auto id = f.add(f.first, f.at(11, 40));
        f.show();
        f.select(id);
        f.press(Qt::Key_Return);
        QCOMPARE(f.find<QTimeEdit>("start")->text(), QStringLiteral("11:40"));
        QCOMPARE(f.find<QDateEdit>("date")->text(), QStringLiteral("12/05/2026"));
    }
    void dayOfTheClockChange_isDrawnByRealTime()
    {
        CalendarFixture f(QDate(2026, 3, 29));              // 02:00 becomes 03:00 in Rome
        const auto early = f.add(f.first, f.at(1, 45), 30); // half an hour, across the change
        f.show();
        QCOMPARE(f.view().model().axis().localTime(f.stored(early).end), QTime(3, 15));
        const DayGeometry geometry = f.view().geometryOfDay();
        QCOMPARE(f.view().rectOf(early).height(), qRound(30 * geometry.pixelsPerMinute) - 2);
        // One grid step later the wall clock shows three, not two.
        f.select(early);
        f.press(Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.view().model().axis().localTime(f.stored(early).start), QTime(3, 0));
    }
    void hourThatComesTwice_hasTwoPlaces()
    {
        CalendarFixture f(QDate(2026, 10, 25));
        const auto id = f.add(f.first, f.at(2, 0) + minutes(60), 30); // the second two o'clock
        f.show();
        QAccessibleInterface* list = accessible(f.view());
        QVERIFY2(list->child(0)->text(QAccessible::Name).contains(QStringLiteral("CET")),
                 qPrintable(list->child(0)->text(QAccessible::Name)));
        f.select(id);
        f.press(Qt::Key_Return);
        QVERIFY(f.isShown("appointmentPanel"));
        f.press(Qt::Key_Tab);
        f.press(Qt::Key_Return, Qt::ControlModifier); // saved untouched: it stays in the second hour
        QVERIFY(f.settle());
        QCOMPARE(f.stored(id).start, f.at(2, 0) + minutes(60));
    }
    void aVisitOfASeries_isMarked_andReadOutAsOne()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11), 30);
        f.show();
        QAccessibleInterface* card = accessible(f.view())->child(0);
        QVERIFY(!card->text(QAccessible::Name).contains(QStringLiteral("series")));
        const QRect place = f.view().rectOf(id);
        const QImage alone = f.view().viewport()->grab(place).toImage();
        f.session->changeElsewhere(id, [&](Appointment& kept) {
            kept.series = SeriesPlace{"series-1", "RRULE:FREQ=WEEKLY;COUNT=2", kept.start};
        });
        QVERIFY(accessible(f.view())
                    ->child(0)
                    ->text(QAccessible::Name)
                    .endsWith(QStringLiteral("part of a series")));
        QCOMPARE(f.view().rectOf(id), place);
        QVERIFY(f.view().viewport()->grab(place).toImage() != alone);
    }
    void appointments_areReadOut()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(9, 30));
        f.add(f.second, f.at(14), 30, AppointmentStatus::Arrived);
        f.show();
        QAccessibleInterface* list = accessible(f.view());
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->childCount(), 3); // and the free cell
        QCOMPARE(list->child(0)->text(QAccessible::Name),
                 QStringLiteral("09:30–09:45 Rossi, Ada, Check-up, booked"));
        QCOMPARE(list->child(0)->text(QAccessible::Description), QStringLiteral("Dr. One"));
        QVERIFY(list->child(1)->text(QAccessible::Name).contains(QStringLiteral("arrived")));
        QVERIFY(list->child(2)->text(QAccessible::Name).contains(QStringLiteral("free")));
        QVERIFY(list->child(2)->state().focused);
        QCOMPARE(list->child(0)->parent(), list);
        QCOMPARE(list->indexOfChild(list->child(1)), 1);

        f.select(id);
        QCOMPARE(list->childCount(), 2);
        QVERIFY(list->child(0)->state().focused);
        QCOMPARE(list->focusChild(), list->child(0));
        const QPoint middle = list->child(0)->rect().center();
        QCOMPARE(list->childAt(middle.x(), middle.y()), list->child(0));
        list->child(0)->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QVERIFY(f.isShown("appointmentPanel"));
    }
    void everyControl_hasANameForAssistiveTechnology()
    {
        CalendarFixture f;
        f.show();
        f.press(Qt::Key_N, Qt::ControlModifier);
        checkNames(*f.page);
        f.press(Qt::Key_F3);
        checkNames(*f.page);
    }
    void doubleScale_keepsNamesInSight()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        Theme::current().setScale(200);
        f.show();
        f.select(id);
        const QFontMetrics metrics(Theme::current().font(TextStyle::Strong));
        QVERIFY(f.view().rectOf(id).height() >= metrics.height());
        QVERIFY(f.view().viewport()->rect().contains(f.view().rectOf(id).center()));
        Theme::current().setScale(100);
    }
};

QTEST_MAIN(TestCalendarView)
#include "tst_calendar_view.moc"
