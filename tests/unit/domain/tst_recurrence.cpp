// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/recurrence.h"

#include <QTest>

#include <rapidcheck.h>

#include <algorithm>

using namespace yarrow;

namespace {

const QTimeZone kRome("Europe/Rome");

QStringList daysOf(const char* text, QDate from)
{
    const auto recurrence = parseRecurrence(text, kRome);
    if (!recurrence)
        return {QString::fromStdString(recurrence.error().context)};
    const auto days = occurrences(*recurrence, from, QTime(9, 0));
    if (!days)
        return {QString::fromStdString(days.error().context)};
    QStringList texts;
    for (const QDate day : *days)
        texts << day.toString(Qt::ISODate);
    return texts;
}

rc::Gen<RecurrenceRule> anyRule()
{
    return rc::gen::exec([] {
        RecurrenceRule rule;
        rule.frequency = static_cast<Frequency>(*rc::gen::inRange(0, 4));
        rule.interval = *rc::gen::inRange(1, 4);
        rule.weekStart = *rc::gen::inRange(1, 8);
        const bool nth = rule.frequency == Frequency::Monthly || rule.frequency == Frequency::Yearly;
        const auto some = [](int most) {
            return *rc::gen::inRange(0, 3) == 0 ? *rc::gen::inRange(1, most) : 0;
        };
        for (int i = some(4); i > 0; --i)
            rule.days.push_back({nth && *rc::gen::arbitrary<bool>() ? *rc::gen::element(-2, -1, 1, 2, 3) : 0,
                                 *rc::gen::inRange(1, 8)});
        if (rule.frequency != Frequency::Weekly)
            for (int i = some(4); i > 0; --i)
                rule.monthDays.push_back(*rc::gen::element(1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -31));
        for (int i = some(4); i > 0; --i)
            rule.months.push_back(*rc::gen::inRange(1, 13));
        const bool hasParts = !rule.days.empty() || !rule.monthDays.empty() || !rule.months.empty();
        if (hasParts)
            for (int i = some(3); i > 0; --i)
                rule.positions.push_back(*rc::gen::element(-2, -1, 1, 2, 3));
        const int years = rule.frequency == Frequency::Yearly ? 9 : 1;
        rule.until = QDate(2024, 3, 1).addDays(*rc::gen::inRange(0, 366 * years));
        return rule;
    });
}

} // namespace

class TestRecurrence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Examples of RFC 5545, section 3.8.5.3, as days.
    void examplesOfTheRfc_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QDate>("from");
        QTest::addColumn<QStringList>("expected");
        const QDate tuesday(1997, 9, 2);
        const auto row = [&](const char* name, const char* text, QDate from, const char* days) {
            QTest::newRow(name) << QByteArray(text) << from
                                << QString::fromLatin1(days).split(QLatin1Char(' '));
        };
        row("daily for 3", "RRULE:FREQ=DAILY;COUNT=3", tuesday, "1997-09-02 1997-09-03 1997-09-04");
        row("every 10 days", "FREQ=DAILY;INTERVAL=10;COUNT=5", tuesday,
            "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12");
        row("weekly until", "FREQ=WEEKLY;UNTIL=19970930T000000Z", tuesday,
            "1997-09-02 1997-09-09 1997-09-16 1997-09-23");
        row("every other week on Mo We Fr", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971007;WKST=SU;BYDAY=MO,WE,FR",
            QDate(1997, 9, 1),
            "1997-09-01 1997-09-03 1997-09-05 1997-09-15 1997-09-17 1997-09-19 1997-09-29 1997-10-01 "
            "1997-10-03");
        row("first Friday", "FREQ=MONTHLY;COUNT=3;BYDAY=1FR", QDate(1997, 9, 5),
            "1997-09-05 1997-10-03 1997-11-07");
        row("first and last Sunday every other month", "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU",
            QDate(1997, 9, 7), "1997-09-07 1997-09-28 1997-11-02 1997-11-30");
        row("third last day of the month", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3", QDate(1997, 9, 28),
            "1997-09-28 1997-10-29 1997-11-28");
        row("Friday the 13th", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", tuesday,
            "1998-02-13 1998-03-13 1998-11-13");
        row("last weekday of the month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
            QDate(1997, 9, 29), "1997-09-30 1997-10-31 1997-11-28");
        row("third of Tu We Th", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", QDate(1997, 9, 4),
            "1997-09-04 1997-10-07 1997-11-06");
        row("in June and July", "FREQ=YEARLY;COUNT=4;BYMONTH=6,7", QDate(1997, 6, 10),
            "1997-06-10 1997-07-10 1998-06-10 1998-07-10");
        row("20th Monday of the year", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", QDate(1997, 5, 19),
            "1997-05-19 1998-05-18 1999-05-17");
        row("week start Monday", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", QDate(1997, 8, 5),
            "1997-08-05 1997-08-10 1997-08-19 1997-08-24");
        row("week start Sunday", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", QDate(1997, 8, 5),
            "1997-08-05 1997-08-17 1997-08-19 1997-08-31");
        row("31st skips short months", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", QDate(2026, 1, 31),
            "2026-01-31 2026-03-31 2026-05-31");
        row("29 February", "FREQ=YEARLY;COUNT=2", QDate(2024, 2, 29), "2024-02-29 2028-02-29");
        row("in small letters", "freq=daily;count=2", tuesday, "1997-09-02 1997-09-03");
    }
    void examplesOfTheRfc()
    {
        QFETCH(QByteArray, text);
        QFETCH(QDate, from);
        QFETCH(QStringList, expected);
        QCOMPARE(daysOf(text.constData(), from), expected);
    }

    /// Found another way: by arithmetic on months, in which the nth weekday has a fixed place.
    void nthWeekday_standsWhereArithmeticPutsIt()
    {
        QVERIFY(rc::check([] {
            const int nth = *rc::gen::element(-5, -4, -3, -2, -1, 1, 2, 3, 4, 5);
            const int weekday = *rc::gen::inRange(1, 8);
            const int interval = *rc::gen::inRange(1, 5);
            RecurrenceRule rule{Frequency::Monthly, interval, {{nth, weekday}}, {}, {}, {}, 1, {}, {}, {}};
            rule.until = QDate(2027, 12, 31);
            const QDate from = QDate(2024, 1, 1).addDays(*rc::gen::inRange(0, 300));
            std::vector<QDate> expected;
            for (QDate month(from.year(), from.month(), 1); month <= *rule.until;
                 month = month.addMonths(interval)) {
                QDate day;
                if (nth > 0) {
                    day = month.addDays((weekday - month.dayOfWeek() + 7) % 7 + 7 * (nth - 1));
                } else {
                    const QDate last = month.addMonths(1).addDays(-1);
                    day = last.addDays(-((last.dayOfWeek() - weekday + 7) % 7) + 7 * (nth + 1));
                }
                if (day.month() == month.month() && day >= from)
                    expected.push_back(day);
            }
            const auto found = occurrences({rule, {}, {}}, from, QTime(9, 0));
            if (expected.empty()) { // the fifth of few months: a series without a visit is none
                RC_ASSERT(!found.has_value());
                return;
            }
            RC_ASSERT(found.has_value());
            RC_ASSERT(*found == expected);
        }));
    }

    void count_givesTheFirstOnesOfUntil()
    {
        QVERIFY(rc::check([] {
            RecurrenceRule rule = *anyRule();
            const QDate from = QDate(2024, 1, 1).addDays(*rc::gen::inRange(0, 60));
            const auto all = occurrences({rule, {}, {}}, from, QTime(9, 0));
            RC_PRE(all.has_value());
            const auto count = *rc::gen::inRange<std::size_t>(1, all->size() + 1);
            rule.until.reset();
            rule.count = static_cast<int>(count);
            const auto counted = occurrences({rule, {}, {}}, from, QTime(9, 0));
            RC_ASSERT(counted.has_value());
            RC_ASSERT(*counted ==
                      std::vector<QDate>(all->begin(), all->begin() + static_cast<std::ptrdiff_t>(count)));
        }));
    }

    /// Each position of BYSETPOS picks one of every period; all of them together are the whole.
    void positions_divideEachPeriod()
    {
        QVERIFY(rc::check([] {
            RecurrenceRule rule{Frequency::Monthly, 1, {}, {}, {}, {}, 1, {}, {}, {}};
            rule.until = QDate(2024, 12, 31);
            for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
                rule.days.push_back({0, *rc::gen::inRange(1, 8)});
            const QDate from(2024, 1, 1);
            const auto all = occurrences({rule, {}, {}}, from, QTime(9, 0));
            std::vector<QDate> together;
            const bool fromTheEnd = *rc::gen::arbitrary<bool>();
            for (int position = 1; position <= 15; ++position) {
                rule.positions = {fromTheEnd ? -position : position};
                if (const auto found = occurrences({rule, {}, {}}, from, QTime(9, 0)))
                    together.insert(together.end(), found->begin(), found->end());
            }
            std::sort(together.begin(), together.end());
            RC_ASSERT(all.has_value());
            RC_ASSERT(*all == together);
        }));
    }

    void writtenAndRead_isTheSameRule()
    {
        QVERIFY(rc::check([] {
            Recurrence recurrence{*anyRule(), {QDate(2024, 5, 1)}, {QDate(2024, 6, 2), QDate(2024, 6, 3)}};
            if (*rc::gen::arbitrary<bool>()) {
                recurrence.rule.count = *rc::gen::inRange(1, kMostOccurrences + 1);
                recurrence.rule.until.reset();
            } else {
                // Before three, summer time skips or repeats an hour.
                recurrence.rule.untilTime = QTime(*rc::gen::inRange(3, 24), 30);
            }
            const auto read = parseRecurrence(recurrenceText(recurrence, kRome), kRome);
            RC_ASSERT(read.has_value());
            RC_ASSERT(*read == recurrence);
        }));
    }

    void daysLeftOut_countForCount_andAddedOnesDoNot()
    {
        QCOMPARE(daysOf("RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260309\nRDATE;VALUE=DATE:20260311",
                        QDate(2026, 3, 2)),
                 (QStringList{QStringLiteral("2026-03-02"), QStringLiteral("2026-03-11"),
                              QStringLiteral("2026-03-16")}));
        // The same with local times, and in UTC on the day before.
        QCOMPARE(daysOf("RRULE:FREQ=WEEKLY;COUNT=2\r\nEXDATE;TZID=Europe/Rome:20260309T090000\r\n"
                        "RDATE:20260310T233000Z",
                        QDate(2026, 3, 2)),
                 (QStringList{QStringLiteral("2026-03-02"), QStringLiteral("2026-03-11")}));
    }

    void until_withATime_letsTheSameMomentIn()
    {
        // 09:00 in Rome is 08:00 UTC in winter.
        QCOMPARE(daysOf("FREQ=WEEKLY;UNTIL=20260309T080000Z", QDate(2026, 3, 2)).size(), 2);
        QCOMPARE(daysOf("FREQ=WEEKLY;UNTIL=20260309T075959Z", QDate(2026, 3, 2)).size(), 1);
        // In the hour that summer time skips, UNTIL is the moment at which the hour is over.
        Recurrence skipped{{}, {}, {}};
        skipped.rule.until = QDate(2026, 3, 29);
        skipped.rule.untilTime = QTime(2, 30);
        const auto read = parseRecurrence(recurrenceText(skipped, kRome), kRome);
        QVERIFY(read.has_value());
        QCOMPARE(read->rule.until, std::optional(QDate(2026, 3, 29)));
        QCOMPARE(read->rule.untilTime, QTime(3, 0));
        QCOMPARE(daysOf("FREQ=WEEKLY;UNTIL=20260309", QDate(2026, 3, 2)).size(), 2);
    }

    void whatIsAgainstTheRfc_isNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* text, const char* part) {
            QTest::newRow(text) << QByteArray(text) << QStringLiteral("rrule: ") + QString::fromLatin1(part);
        };
        row("", "FREQ");
        row("COUNT=3", "FREQ");
        row("FREQ=HOURLY;COUNT=3", "FREQ");
        row("FREQ=DAILY", "no end");
        row("FREQ=DAILY;COUNT=3;UNTIL=20260101", "COUNT");
        row("FREQ=DAILY;COUNT=0", "COUNT");
        row("FREQ=DAILY;COUNT=401", "too many");
        row("FREQ=DAILY;COUNT=3;COUNT=4", "COUNT");
        row("FREQ=DAILY;UNTIL=20260230", "UNTIL");
        row("FREQ=DAILY;INTERVAL=0;COUNT=3", "INTERVAL");
        row("FREQ=DAILY;INTERVAL=x;COUNT=3", "INTERVAL");
        row("FREQ=DAILY;BYDAY=1MO;COUNT=3", "BYDAY");
        row("FREQ=WEEKLY;BYDAY=XX;COUNT=3", "BYDAY");
        row("FREQ=MONTHLY;BYDAY=6MO;COUNT=3", "BYDAY");
        row("FREQ=MONTHLY;BYDAY=0MO;COUNT=3", "BYDAY");
        row("FREQ=WEEKLY;BYMONTHDAY=3;COUNT=3", "BYMONTHDAY");
        row("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3", "BYMONTHDAY");
        row("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3", "BYMONTHDAY");
        row("FREQ=YEARLY;BYMONTH=13;COUNT=3", "BYMONTH");
        row("FREQ=DAILY;BYSETPOS=1;COUNT=3", "BYSETPOS");
        row("FREQ=DAILY;BYHOUR=9;COUNT=3", "BYHOUR");
        row("FREQ=YEARLY;BYWEEKNO=9;COUNT=3", "BYWEEKNO");
        row("FREQ=DAILY;COUNT=3\nEXRULE:FREQ=DAILY;COUNT=1", "EXRULE");
        row("FREQ=DAILY;COUNT=3\nEXDATE:tomorrow", "EXDATE");
        row("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "no day");
        row("FREQ=DAILY;UNTIL=20300101", "too many");
    }
    void whatIsAgainstTheRfc_isNamed()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, part);
        QCOMPARE(daysOf(text.constData(), QDate(2026, 3, 2)), QStringList{part});
    }

    void aSeries_keepsItsLocalTimeAcrossDaylightSaving()
    {
        const auto rule = parseRecurrence("FREQ=WEEKLY;COUNT=3", kRome);
        QVERIFY(rule.has_value());
        // Clocks go forward on 29 March 2026.
        const auto times =
            occurrenceTimes(*rule, QDate(2026, 3, 23), QTime(9, 0), std::chrono::minutes(30), kRome);
        QVERIFY(times.has_value());
        QCOMPARE((*times)[0].start, *parseInstant("2026-03-23T08:00:00Z"));
        QCOMPARE((*times)[1].start, *parseInstant("2026-03-30T07:00:00Z"));
        for (const TimeRange& time : *times)
            QCOMPARE(time.end - time.start, std::chrono::milliseconds(30 * 60 * 1000));
        // What falls into the gap comes when the clocks have sprung.
        const auto daily = parseRecurrence("FREQ=DAILY;COUNT=2", kRome);
        const auto night =
            occurrenceTimes(*daily, QDate(2026, 3, 28), QTime(2, 30), std::chrono::minutes(30), kRome);
        QVERIFY(night.has_value());
        QCOMPARE((*night)[1].start, *parseInstant("2026-03-29T01:00:00Z"));
    }
};

QTEST_GUILESS_MAIN(TestRecurrence)
#include "tst_recurrence.moc"
