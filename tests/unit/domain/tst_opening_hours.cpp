// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/local_timeline.h"
#include "models/domain/opening_hours.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow;
using std::chrono::minutes;

namespace {

QTimeZone zoneNamed(const QByteArray& name)
{
    const QTimeZone zone(name);
    Q_ASSERT(zone.isValid());
    return zone;
}

Instant utc(const char* text)
{
    const QDateTime time = QDateTime::fromString(QLatin1String(text), Qt::ISODate);
    return Instant(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
}

/// What QTimeZone itself says, one question at a time.
Instant wallClockAt(Instant instant, const QTimeZone& zone)
{
    const auto at = QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC);
    return instant + std::chrono::seconds(zone.offsetFromUtc(at));
}

/// Ranges of whole minutes in a small stretch of time, in any order, some empty or reversed.
std::vector<TimeRange> anyRanges()
{
    const auto range = rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 60), rc::gen::inRange(-2, 15)),
                                    [](const std::pair<int, int>& startAndLength) {
                                        const Instant start{minutes(startAndLength.first)};
                                        return TimeRange{start, start + minutes(startAndLength.second)};
                                    });
    return *rc::gen::container<std::vector<TimeRange>>(range);
}

bool covers(const std::vector<TimeRange>& ranges, int minute)
{
    const Instant at{minutes(minute)};
    return std::any_of(ranges.begin(), ranges.end(),
                       [at](const TimeRange& r) { return r.start <= at && at < r.end; });
}

bool isNormal(const std::vector<TimeRange>& ranges)
{
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (ranges[i].end <= ranges[i].start || (i > 0 && ranges[i].start <= ranges[i - 1].end))
            return false;
    }
    return true;
}

} // namespace

class TestOpeningHours : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=20250330"); }

    void toInstant_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QDate>("day");
        QTest::addColumn<QTime>("time");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* zone, QDate day, QTime time, const char* expected) {
            QTest::newRow(name) << QByteArray(zone) << day << time << QByteArray(expected);
        };
        row("winter", "Europe/Rome", {2025, 1, 15}, {9, 0}, "2025-01-15T08:00:00Z");
        row("summer", "Europe/Rome", {2025, 7, 15}, {9, 0}, "2025-07-15T07:00:00Z");
        row("before the gap", "Europe/Rome", {2025, 3, 30}, {1, 59}, "2025-03-30T00:59:00Z");
        row("gap begins", "Europe/Rome", {2025, 3, 30}, {2, 0}, "2025-03-30T01:00:00Z");
        row("in the gap", "Europe/Rome", {2025, 3, 30}, {2, 30}, "2025-03-30T01:00:00Z");
        row("gap ends", "Europe/Rome", {2025, 3, 30}, {3, 0}, "2025-03-30T01:00:00Z");
        row("before the fold", "Europe/Rome", {2025, 10, 26}, {1, 59}, "2025-10-25T23:59:00Z");
        row("in the fold: the first", "Europe/Rome", {2025, 10, 26}, {2, 30}, "2025-10-26T00:30:00Z");
        row("after the fold", "Europe/Rome", {2025, 10, 26}, {3, 0}, "2025-10-26T02:00:00Z");
        row("half-hour zone", "America/St_Johns", {2025, 7, 1}, {9, 0}, "2025-07-01T11:30:00Z");
        row("its gap", "America/St_Johns", {2025, 3, 9}, {2, 15}, "2025-03-09T05:30:00Z");
        row("its fold", "America/St_Johns", {2025, 11, 2}, {1, 15}, "2025-11-02T03:45:00Z");
        row("half-hour shift, gap", "Australia/Lord_Howe", {2025, 10, 5}, {2, 15}, "2025-10-04T15:30:00Z");
        row("half-hour shift, after", "Australia/Lord_Howe", {2025, 10, 5}, {2, 30}, "2025-10-04T15:30:00Z");
        row("half-hour shift, fold", "Australia/Lord_Howe", {2025, 4, 6}, {1, 45}, "2025-04-05T14:45:00Z");
        row("a gap at midnight", "America/Santiago", {2025, 9, 7}, {0, 0}, "2025-09-07T04:00:00Z");
        row("a day that never was", "Pacific/Apia", {2011, 12, 30}, {12, 0}, "2011-12-30T10:00:00Z");
        row("far ahead", "Europe/Rome", {2190, 7, 1}, {9, 0}, "2190-07-01T07:00:00Z");
        row("no daylight saving", "Asia/Kolkata", {2025, 7, 1}, {5, 30}, "2025-07-01T00:00:00Z");
        row("UTC", "UTC", {2025, 7, 1}, {5, 30}, "2025-07-01T05:30:00Z");
    }
    void toInstant()
    {
        QFETCH(QByteArray, zone);
        QFETCH(QDate, day);
        QFETCH(QTime, time);
        QFETCH(QByteArray, expected);
        QCOMPARE(yarrow::toInstant(day, time, zoneNamed(zone)).time_since_epoch().count(),
                 utc(expected.constData()).time_since_epoch().count());
    }

    void toInstant_agreesWithTheZoneMinuteByMinute_data() { changeDays(); }
    void toInstant_agreesWithTheZoneMinuteByMinute()
    {
        QFETCH(QByteArray, zoneName);
        QFETCH(QDate, day);
        const QTimeZone zone = zoneNamed(zoneName);
        Instant at = localDay(day.addDays(-1), zone).start;
        for (int minute = 0; minute < 24 * 60; ++minute) {
            const QTime time = QTime::fromMSecsSinceStartOfDay(minute * 60'000);
            const Instant wall(std::chrono::milliseconds(QDateTime(day, time, Qt::UTC).toMSecsSinceEpoch()));
            while (wallClockAt(at, zone) < wall)
                at += minutes(1);
            QCOMPARE(yarrow::toInstant(day, time, zone), at);
        }
    }

    void timeline_agreesWithTheZoneMinuteByMinute_data() { changeDays(); }
    void timeline_agreesWithTheZoneMinuteByMinute()
    {
        QFETCH(QByteArray, zoneName);
        QFETCH(QDate, day);
        const QTimeZone zone = zoneNamed(zoneName);
        const TimeRange whole = localDay(day, zone);
        const LocalTimeline timeline(zone, whole.start, whole.end);
        for (Instant at = whole.start - std::chrono::hours(24); at < whole.end + std::chrono::hours(24);
             at += minutes(1)) {
            const auto wall =
                QDateTime::fromMSecsSinceEpoch(wallClockAt(at, zone).time_since_epoch().count(), Qt::UTC);
            QCOMPARE(timeline.dayOf(at), wall.date());
            QCOMPARE(timeline.timeOf(at), wall.time());
            QCOMPARE(toLocalDate(at, zone), wall.date());
        }
    }

    void localDay_isLongerOrShorterWhenTheClocksChange_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QDate>("day");
        QTest::addColumn<int>("length");
        QTest::newRow("plain") << QByteArray("Europe/Rome") << QDate(2025, 3, 29) << 24 * 60;
        QTest::newRow("gap") << QByteArray("Europe/Rome") << QDate(2025, 3, 30) << 23 * 60;
        QTest::newRow("fold") << QByteArray("Europe/Rome") << QDate(2025, 10, 26) << 25 * 60;
        QTest::newRow("half-hour gap")
            << QByteArray("Australia/Lord_Howe") << QDate(2025, 10, 5) << 23 * 60 + 30;
        QTest::newRow("half-hour fold")
            << QByteArray("Australia/Lord_Howe") << QDate(2025, 4, 6) << 24 * 60 + 30;
        QTest::newRow("skipped day") << QByteArray("Pacific/Apia") << QDate(2011, 12, 30) << 0;
    }
    void localDay_isLongerOrShorterWhenTheClocksChange()
    {
        QFETCH(QByteArray, zone);
        QFETCH(QDate, day);
        QFETCH(int, length);
        const TimeRange range = localDay(day, zoneNamed(zone));
        QCOMPARE((range.end - range.start) / minutes(1), length);
        QCOMPARE(localDay(day.addDays(1), zoneNamed(zone)).start, range.end);
    }

    void workingTime_isSortedMergedAndReal()
    {
        const QTimeZone rome = zoneNamed("Europe/Rome");
        WeeklyHours hours;
        QVERIFY(!hours.hasHours());
        hours.days[6] = {{QTime(14, 0), QTime(18, 0)}, {QTime(1, 0), QTime(4, 0)},
                         {QTime(3, 30), QTime(5, 0)},  {QTime(9, 0), QTime(9, 0)},
                         {QTime(12, 0), QTime(11, 0)}, {QTime(22, 0), QTime(0, 0)}};
        QVERIFY(hours.hasHours());
        const QDate gapSunday(2025, 3, 30);
        const std::vector<TimeRange> expected{
            {utc("2025-03-30T00:00:00Z"), utc("2025-03-30T03:00:00Z")}, // 01:00 to 05:00, three hours
            {utc("2025-03-30T12:00:00Z"), utc("2025-03-30T16:00:00Z")},
            {utc("2025-03-30T20:00:00Z"), utc("2025-03-30T22:00:00Z")},
        };
        QCOMPARE(workingTime(hours, gapSunday, rome), expected);
        QVERIFY(workingTime(hours, gapSunday.addDays(1), rome).empty());
    }

    void workingTime_roundTheClockIsTheWholeDay()
    {
        WeeklyHours hours;
        hours.days[6] = {{QTime(0, 0), QTime(0, 0)}};
        const QTimeZone rome = zoneNamed("Europe/Rome");
        const QDate foldSunday(2025, 10, 26);
        QCOMPARE(workingTime(hours, foldSunday, rome), std::vector<TimeRange>{localDay(foldSunday, rome)});
    }

    void workingTime_insideTheGapIsNone()
    {
        WeeklyHours hours;
        hours.days[6] = {{QTime(2, 10), QTime(2, 50)}};
        QVERIFY(workingTime(hours, QDate(2025, 3, 30), zoneNamed("Europe/Rome")).empty());
    }

    void grid_countsFromEachLocalHour()
    {
        const Instant start = utc("2025-07-01T11:40:00.001Z"); // 09:10 in St. John's
        const QTimeZone zone = zoneNamed("America/St_Johns");
        const LocalTimeline timeline(zone, start, start);
        QCOMPARE(timeline.nextOnGrid(start, minutes(25)), utc("2025-07-01T11:55:00Z"));               // 09:25
        QCOMPARE(timeline.nextOnGrid(start + minutes(15), minutes(25)), utc("2025-07-01T12:20:00Z")); // 09:50
        QCOMPARE(timeline.nextOnGrid(start + minutes(40), minutes(25)), utc("2025-07-01T12:30:00Z")); // 10:00
        QCOMPARE(timeline.nextOnGrid(utc("2025-07-01T12:30:00Z"), minutes(60)), utc("2025-07-01T12:30:00Z"));
        QCOMPARE(timeline.nextOnGrid(utc("2025-07-01T12:30:01Z"), minutes(1)), utc("2025-07-01T12:31:00Z"));
    }

    void ranges_obeyTheLawsOfSets()
    {
        QVERIFY(rc::check("normalized covers the same minutes, and only once", [] {
            const auto ranges = anyRanges();
            const auto normal = normalized(ranges);
            RC_ASSERT(isNormal(normal));
            RC_ASSERT(normalized(normal) == normal);
            for (int minute = -5; minute < 80; ++minute)
                RC_ASSERT(covers(normal, minute) == covers(ranges, minute));
        }));
        QVERIFY(rc::check("intersection is in both, difference in the first alone", [] {
            const auto a = normalized(anyRanges());
            const auto b = normalized(anyRanges());
            const auto both = intersection(a, b);
            const auto left = difference(a, b);
            RC_ASSERT(isNormal(both));
            RC_ASSERT(isNormal(left));
            RC_ASSERT(both == intersection(b, a));
            RC_ASSERT(difference(a, left) == both);
            for (int minute = -5; minute < 80; ++minute) {
                RC_ASSERT(covers(both, minute) == (covers(a, minute) && covers(b, minute)));
                RC_ASSERT(covers(left, minute) == (covers(a, minute) && !covers(b, minute)));
            }
        }));
    }

private:
    static void changeDays()
    {
        QTest::addColumn<QByteArray>("zoneName");
        QTest::addColumn<QDate>("day");
        QTest::newRow("Rome, gap") << QByteArray("Europe/Rome") << QDate(2025, 3, 30);
        QTest::newRow("Rome, fold") << QByteArray("Europe/Rome") << QDate(2025, 10, 26);
        QTest::newRow("Rome, plain") << QByteArray("Europe/Rome") << QDate(2031, 6, 1);
        QTest::newRow("St. John's, gap") << QByteArray("America/St_Johns") << QDate(2025, 3, 9);
        QTest::newRow("St. John's, fold") << QByteArray("America/St_Johns") << QDate(2025, 11, 2);
        QTest::newRow("Lord Howe, gap") << QByteArray("Australia/Lord_Howe") << QDate(2025, 10, 5);
        QTest::newRow("Lord Howe, fold") << QByteArray("Australia/Lord_Howe") << QDate(2025, 4, 6);
        QTest::newRow("Santiago, gap at midnight") << QByteArray("America/Santiago") << QDate(2025, 9, 7);
        QTest::newRow("Kolkata") << QByteArray("Asia/Kolkata") << QDate(2025, 3, 30);
        QTest::newRow("Rome after the tables' end") << QByteArray("Europe/Rome") << QDate(2050, 3, 27);
    }
};

QTEST_GUILESS_MAIN(TestOpeningHours)
#include "tst_opening_hours.moc"
