// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include <QTest>

#include <rapidcheck.h>

#include <string>

using namespace yarrow;
using namespace std::chrono_literals;

class TestClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=20260114"); }
    void instants_areReadAsUtc_data();
    void instants_areReadAsUtc();
    void whatIsNoInstant_isRefused_data();
    void whatIsNoInstant_isRefused();
    void writtenInstants_readBack();
    void writtenInstants_sortAsTheirMoments();
    void systemClock_isOfThisCentury();
    void fixedClock_moves();
};

void TestClock::instants_areReadAsUtc_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("written");

    QTest::newRow("UTC") << QByteArray("2026-03-29T01:30:00.250Z") << QByteArray("2026-03-29T01:30:00.250Z");
    QTest::newRow("no decimals") << QByteArray("2026-03-29T01:30:00Z")
                                 << QByteArray("2026-03-29T01:30:00.000Z");
    QTest::newRow("one decimal") << QByteArray("2026-03-29T01:30:00.5Z")
                                 << QByteArray("2026-03-29T01:30:00.500Z");
    QTest::newRow("nanoseconds are cut")
        << QByteArray("2026-03-29T01:30:59.999999999Z") << QByteArray("2026-03-29T01:30:59.999Z");
    QTest::newRow("east") << QByteArray("2026-01-01T00:30:00+05:45")
                          << QByteArray("2025-12-31T18:45:00.000Z");
    QTest::newRow("west") << QByteArray("2026-12-31T22:00:00-03:30")
                          << QByteArray("2027-01-01T01:30:00.000Z");
    QTest::newRow("furthest east") << QByteArray("2026-01-01T14:00:00+14:00")
                                   << QByteArray("2026-01-01T00:00:00.000Z");
    QTest::newRow("minus zero") << QByteArray("2026-01-01T00:00:00-00:00")
                                << QByteArray("2026-01-01T00:00:00.000Z");
    QTest::newRow("leap day") << QByteArray("2024-02-29T23:59:59Z") << QByteArray("2024-02-29T23:59:59.000Z");
    QTest::newRow("before 1970") << QByteArray("1912-06-23T00:00:00.001Z")
                                 << QByteArray("1912-06-23T00:00:00.001Z");
    QTest::newRow("first") << QByteArray("0001-01-01T00:00:00Z") << QByteArray("0001-01-01T00:00:00.000Z");
    QTest::newRow("last") << QByteArray("9999-12-31T23:59:59.999Z") << QByteArray("9999-12-31T23:59:59.999Z");
    // Local clocks skip this hour in half of Europe, UTC does not.
    QTest::newRow("summer time begins")
        << QByteArray("2026-03-29T02:30:00+01:00") << QByteArray("2026-03-29T01:30:00.000Z");
}

void TestClock::instants_areReadAsUtc()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, written);
    const Result<Instant> instant = parseInstant(text.toStdString());
    QVERIFY(instant);
    QCOMPARE(QByteArray::fromStdString(formatInstant(*instant)), written);
}

void TestClock::whatIsNoInstant_isRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"",
                             "2026",
                             "2026-03",
                             "2026-03-29",
                             "2026-03-29T01:30Z",
                             "2026-03-29T01:30:00",
                             "2026-03-29 01:30:00Z",
                             "2026-03-29t01:30:00z",
                             "2026-03-29T01:30:00.Z",
                             "2026-03-29T01:30:00,5Z",
                             "2026-03-29T01:30:00Z ",
                             " 2026-03-29T01:30:00Z",
                             "2026-03-29T01:30:60Z",
                             "2026-03-29T01:60:00Z",
                             "2026-03-29T24:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-04-31T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-01-32T00:00:00Z",
                             "0000-01-01T00:00:00Z",
                             "0001-01-01T00:00:00+00:01",
                             "9999-12-31T23:59:59-00:01",
                             "12026-01-01T00:00:00Z",
                             "-026-01-01T00:00:00Z",
                             "2026-01-01T00:00:00+0100",
                             "2026-01-01T00:00:00+1:00",
                             "2026-01-01T00:00:00+14:01",
                             "2026-01-01T00:00:00+01:60",
                             "2026-01-01T00:00:00Z+01:00"})
        QTest::newRow(text) << QByteArray(text);
}

void TestClock::whatIsNoInstant_isRefused()
{
    QFETCH(QByteArray, text);
    const Result<Instant> instant = parseInstant(text.toStdString());
    QVERIFY(!instant);
    QCOMPARE(instant.error().code, ErrorCode::InvalidArgument);
}

namespace {

Instant anyInstant()
{
    const Instant first = parseInstant("0001-01-01T00:00:00Z").value();
    const Instant last = parseInstant("9999-12-31T23:59:59.999Z").value();
    const auto milliseconds =
        rc::gen::inRange<std::int64_t>(first.time_since_epoch().count(), last.time_since_epoch().count() + 1);
    return Instant(std::chrono::milliseconds(*rc::gen::resize(rc::kNominalSize, milliseconds)));
}

} // namespace

void TestClock::writtenInstants_readBack()
{
    QVERIFY(rc::check("read back", [] {
        const Instant instant = anyInstant();
        RC_ASSERT(parseInstant(formatInstant(instant)).value() == instant);
    }));
}

void TestClock::writtenInstants_sortAsTheirMoments()
{
    QVERIFY(rc::check("sort", [] {
        const Instant a = anyInstant();
        const Instant b = anyInstant();
        RC_ASSERT((a < b) == (formatInstant(a) < formatInstant(b)));
    }));
}

void TestClock::systemClock_isOfThisCentury()
{
    const Instant now = SystemClock().now();
    QVERIFY(now > parseInstant("2025-01-01T00:00:00Z").value());
    QVERIFY(now < parseInstant("2100-01-01T00:00:00Z").value());
}

void TestClock::fixedClock_moves()
{
    FixedClock clock(parseInstant("2026-01-01T00:00:00Z").value());
    clock.advance(90s);
    QCOMPARE(formatInstant(clock.now()), "2026-01-01T00:01:30.000Z");
    clock.set(parseInstant("2025-01-01T00:00:00Z").value());
    QCOMPARE(formatInstant(clock.now()), "2025-01-01T00:00:00.000Z");
}

QTEST_GUILESS_MAIN(TestClock)

#include "tst_clock.moc"
