// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/day_axis.h"

#include <QtTest>

using namespace yarrow;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const QTimeZone kRome("Europe/Rome");
const QDate kUsual(2026, 5, 12);
const QDate kSpring(2026, 3, 29);  ///< 02:00 → 03:00
const QDate kAutumn(2026, 10, 25); ///< 03:00 → 02:00

DayAxis whole(QDate day)
{
    return DayAxis(day, kRome, localDay(day, kRome));
}

} // namespace

class TestDayAxis : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void length_isRealTime_data()
    {
        QTest::addColumn<QDate>("day");
        QTest::addColumn<double>("expected");
        QTest::newRow("usual") << kUsual << 24 * 60.0;
        QTest::newRow("clocks forward") << kSpring << 23 * 60.0;
        QTest::newRow("clocks back") << kAutumn << 25 * 60.0;
    }
    void length_isRealTime()
    {
        QFETCH(QDate, day);
        QFETCH(double, expected);
        QCOMPARE(whole(day).lengthInMinutes(), expected);
        QCOMPARE(whole(day).ticks(minutes(60)).size(), static_cast<std::size_t>(expected / 60));
    }
    void springDay_hasNoTwoOClock()
    {
        const DayAxis axis = whole(kSpring);
        const auto ticks = axis.ticks(minutes(60));
        QCOMPARE(ticks[1].local, QTime(1, 0));
        QCOMPARE(ticks[2].local, QTime(3, 0));
        QCOMPARE(axis.minutesAt(toInstant(kSpring, QTime(3, 0), kRome)), 120.0);
    }
    void autumnDay_tellsBothTwoOClocksApart()
    {
        const auto ticks = whole(kAutumn).ticks(minutes(60));
        QCOMPARE(ticks[2].local, QTime(2, 0));
        QCOMPARE(ticks[3].local, QTime(2, 0));
        QVERIFY(ticks[2].ambiguous && ticks[3].ambiguous);
        QVERIFY(!ticks[1].ambiguous && !ticks[4].ambiguous);
        QCOMPARE(ticks[3].at - ticks[2].at, hours(1));
    }
    void snapping_countsFromTheLocalHour()
    {
        const QTimeZone kathmandu("Asia/Kathmandu"); // 5 h 45 min ahead
        const DayAxis axis(kUsual, kathmandu, localDay(kUsual, kathmandu));
        const Instant ten = toInstant(kUsual, QTime(10, 0), kathmandu);
        QCOMPARE(axis.snappedDown(ten + minutes(29), minutes(30)), ten);
        QCOMPARE(axis.snapped(ten + minutes(29), minutes(30)), ten + minutes(30));
        QCOMPARE(axis.snapped(ten + minutes(14), minutes(30)), ten);
        QCOMPARE(axis.localTime(ten + minutes(15)), QTime(10, 15));
    }
    void placesAndMoments_areEachOthersInverse()
    {
        const DayAxis axis = whole(kAutumn);
        for (int minute = 0; minute < 25 * 60; minute += 35)
            QCOMPARE(axis.minutesAt(axis.instantAt(minute)), double(minute));
    }
    void visibleRange_isTheHoursWithAMargin()
    {
        const auto clinic = std::vector<TimeRange>{
            {toInstant(kUsual, QTime(8, 0), kRome), toInstant(kUsual, QTime(18, 0), kRome)}};
        const TimeRange usual = visibleRange(kUsual, kRome, clinic, {});
        QCOMPARE(usual.start, toInstant(kUsual, QTime(7, 0), kRome));
        QCOMPARE(usual.end, toInstant(kUsual, QTime(19, 0), kRome));

        const Instant early = toInstant(kUsual, QTime(5, 20), kRome);
        const Instant late = toInstant(kUsual, QTime(23, 50), kRome);
        const TimeRange wide =
            visibleRange(kUsual, kRome, clinic, {{early, early + minutes(10)}, {late, late + minutes(60)}});
        QCOMPARE(wide.start, toInstant(kUsual, QTime(5, 0), kRome));
        QCOMPARE(wide.end, localDay(kUsual, kRome).end); // what goes on past midnight ends with the day
    }
    void closedDay_showsUsualHours()
    {
        const TimeRange shown = visibleRange(kUsual, kRome, {}, {});
        QCOMPARE(shown.start, toInstant(kUsual, QTime(8, 0), kRome));
        QCOMPARE(shown.end, toInstant(kUsual, QTime(18, 0), kRome));
    }
};

QTEST_GUILESS_MAIN(TestDayAxis)
#include "tst_day_axis.moc"
