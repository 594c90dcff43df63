// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/id.h"

#include <QTest>

#include <algorithm>
#include <regex>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_set>
#include <vector>

using namespace yarrow;
using namespace std::chrono_literals;

static_assert(!std::is_convertible_v<PatientId, AppointmentId>);
static_assert(!std::is_constructible_v<PatientId, AppointmentId>);
static_assert(!std::is_constructible_v<PatientId, std::string>);

namespace {

const Instant kStart = parseInstant("2026-03-29T01:30:00.250Z").value();

} // namespace

class TestId : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fhirIds_areRecognised();
    void uuid_isOfVersion7AndLedByItsTime();
    void uuids_sortInTheOrderTheyWereMade();
    void uuids_sortAlsoWhenTheClockStepsBack();
    void uuids_ofManyThreadsDiffer();
};

void TestId::fhirIds_areRecognised()
{
    for (const std::string& good : {std::string("a"), std::string("A-9.z"), std::string(64, 'x')}) {
        QVERIFY(isFhirId(good));
        QCOMPARE(PatientId::parse(good).value().text(), good);
        QVERIFY(PatientId::parse(good).value() == PatientId::known(good));
    }
    for (const std::string& bad :
         {std::string(), std::string(65, 'x'), std::string("a_b"), std::string("a/b"), std::string("a b"),
          std::string("é"), std::string("a\n"), std::string(1, '\0')}) {
        QVERIFY(!isFhirId(bad));
        QCOMPARE(PatientId::parse(bad).error().code, ErrorCode::InvalidArgument);
    }
    QVERIFY(PatientId().isEmpty());
}

void TestId::uuid_isOfVersion7AndLedByItsTime()
{
    const FixedClock clock(kStart);
    UuidSource source(clock);
    const std::string uuid = source.next();
    QVERIFY(std::regex_match(
        uuid, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")));
    const std::int64_t milliseconds = std::stoll(uuid.substr(0, 8) + uuid.substr(9, 4), nullptr, 16);
    QCOMPARE(milliseconds, std::int64_t{kStart.time_since_epoch().count()});
    QCOMPARE(source.nextId<struct PatientTag>().text().size(), 36U);
}

void TestId::uuids_sortInTheOrderTheyWereMade()
{
    // More than the counter of one millisecond holds.
    FixedClock clock(kStart);
    UuidSource source(clock);
    std::string last;
    for (int i = 0; i < 20'000; ++i) {
        if (i % 7000 == 0)
            clock.advance(1ms);
        std::string next = source.next();
        QVERIFY2(last < next, next.c_str());
        last = std::move(next);
    }
}

void TestId::uuids_sortAlsoWhenTheClockStepsBack()
{
    FixedClock clock(kStart);
    UuidSource source(clock);
    const std::string before = source.next();
    clock.advance(-1h);
    const std::string after = source.next();
    QVERIFY(before < after);
    clock.advance(2h);
    QVERIFY(after < source.next());
}

void TestId::uuids_ofManyThreadsDiffer()
{
    constexpr std::size_t kEach = 3000;
    const FixedClock clock(kStart);
    UuidSource source(clock);
    std::vector<std::vector<std::string>> made(4);
    std::vector<std::thread> threads;
    for (std::vector<std::string>& mine : made)
        threads.emplace_back([&mine, &source] {
            for (std::size_t i = 0; i < kEach; ++i)
                mine.push_back(source.next());
        });
    for (std::thread& thread : threads)
        thread.join();
    std::unordered_set<std::string> all;
    for (const std::vector<std::string>& mine : made) {
        QVERIFY(std::is_sorted(mine.begin(), mine.end()));
        all.insert(mine.begin(), mine.end());
    }
    QCOMPARE(all.size(), made.size() * kEach);
}

QTEST_GUILESS_MAIN(TestId)

#include "tst_id.moc"
