// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/service_tuning.h"
#include "sync/service/sync_schedule.h"

#include <QTest>

#include <set>

using namespace yarrow;
using namespace yarrow::sync;
using namespace std::chrono_literals;

namespace {

using Breaker = SyncSchedule::Breaker;

SyncReport ending(Obstacle obstacle, std::optional<std::chrono::seconds> retryAfter = {})
{
    SyncReport report;
    report.obstacle = obstacle;
    report.retryAfter = retryAfter;
    return report;
}

} // namespace

class TestSyncSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_clock.set(Instant{} + 1000h); }
    void theFirstExchange_isDueAtOnce();
    void afterwards_itIsPolled_notByAllAtOnce();
    void editsCloseTogether_makeOneExchange();
    void anEditDuringAnExchange_makesAnotherSoon();
    void hintsAndRequests_areDueNow_duringAnExchangeRightAfterIt();
    void failures_backOffWithFullJitter();
    void manyFailures_openTheBreaker_oneAttemptDecides();
    void anEdit_doesNotShortenTheWaitAfterAFailure_aPersonDoes();
    void retryAfter_holdsForEverybody();
    void aBusyServerWithoutATime_isLikeAFailure();
    void pausing_andGoingOn();
    void aServerThatStopped_isAskedOnlyWhenAPersonWantsIt();
    void moreToExchange_goesOnAtOnce_butNotForEver();
    void unauthorised_isAskedAgainMuchLater();
    void theSameSeed_givesTheSameTimes();

private:
    std::chrono::milliseconds wait(const SyncSchedule& schedule) const
    {
        return *schedule.dueAt() - m_clock.now();
    }
    void run(SyncSchedule& schedule, const SyncReport& report)
    {
        m_clock.set(std::max(m_clock.now(), *schedule.dueAt()));
        schedule.began();
        QVERIFY(!schedule.dueAt());
        schedule.ended(report);
    }

    FixedClock m_clock{Instant{} + 1000h};
};

void TestSyncSchedule::theFirstExchange_isDueAtOnce()
{
    const SyncSchedule schedule(m_clock, 1);
    QCOMPARE(wait(schedule), 0ms);
}

void TestSyncSchedule::afterwards_itIsPolled_notByAllAtOnce()
{
    std::set<std::chrono::milliseconds> waits;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        SyncSchedule schedule(m_clock, seed);
        run(schedule, ending(Obstacle::None));
        QVERIFY(wait(schedule) >= 54s && wait(schedule) <= 66s);
        waits.insert(wait(schedule));
    }
    QVERIFY(waits.size() > 40);
}

void TestSyncSchedule::editsCloseTogether_makeOneExchange()
{
    SyncSchedule schedule(m_clock, 1);
    run(schedule, ending(Obstacle::None));
    schedule.noteEdit();
    QCOMPARE(wait(schedule), 1000ms);
    m_clock.advance(900ms);
    schedule.noteEdit();
    QCOMPARE(wait(schedule), 100ms); // typing on does not put it off
}

void TestSyncSchedule::anEditDuringAnExchange_makesAnotherSoon()
{
    SyncSchedule schedule(m_clock, 1);
    schedule.began();
    schedule.noteEdit();
    schedule.ended(ending(Obstacle::None));
    QCOMPARE(wait(schedule), 1000ms);
}

void TestSyncSchedule::hintsAndRequests_areDueNow_duringAnExchangeRightAfterIt()
{
    for (const auto event : {&SyncSchedule::noteHint, &SyncSchedule::request}) {
        SyncSchedule schedule(m_clock, 1);
        run(schedule, ending(Obstacle::None));
        (schedule.*event)();
        QCOMPARE(wait(schedule), 0ms);
        schedule.began();
        (schedule.*event)();
        schedule.ended(ending(Obstacle::None));
        QCOMPARE(wait(schedule), 0ms);
        run(schedule, ending(Obstacle::None));
        QVERIFY(wait(schedule) > 50s); // once
    }
}

void TestSyncSchedule::failures_backOffWithFullJitter()
{
    std::vector<std::set<std::chrono::milliseconds>> waits(4);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SyncSchedule schedule(m_clock, seed);
        for (std::size_t failure = 0; failure < waits.size(); ++failure) {
            run(schedule, ending(Obstacle::Offline));
            waits[failure].insert(wait(schedule));
        }
    }
    auto longest = tuning::kFirstBackOff;
    for (const auto& drawn : waits) {
        QVERIFY(*drawn.rbegin() <= longest);
        QVERIFY(*drawn.rbegin() > longest * 9 / 10); // from nothing…
        QVERIFY(*drawn.begin() < longest / 10);      // …to all of it
        longest *= 2;
    }
}

void TestSyncSchedule::manyFailures_openTheBreaker_oneAttemptDecides()
{
    SyncSchedule schedule(m_clock, 7);
    for (int i = 0; i < tuning::kBreakerFailures; ++i) {
        QCOMPARE(schedule.breaker(), Breaker::Closed);
        run(schedule, ending(Obstacle::ServerError));
    }
    auto longest = tuning::kFirstOpen;
    for (int i = 0; i < 6; ++i) {
        QCOMPARE(schedule.breaker(), Breaker::Open);
        QVERIFY(wait(schedule) >= longest / 2 && wait(schedule) <= longest);
        m_clock.set(*schedule.dueAt());
        schedule.began();
        QCOMPARE(schedule.breaker(), Breaker::HalfOpen);
        schedule.ended(ending(Obstacle::Offline));
        longest = std::min(longest * 2, tuning::kLongestOpen);
    }
    run(schedule, ending(Obstacle::None));
    QCOMPARE(schedule.breaker(), Breaker::Closed);
    run(schedule, ending(Obstacle::Offline));
    QCOMPARE(schedule.breaker(), Breaker::Closed); // counted anew
    QVERIFY(wait(schedule) <= tuning::kFirstBackOff);
}

void TestSyncSchedule::anEdit_doesNotShortenTheWaitAfterAFailure_aPersonDoes()
{
    SyncSchedule schedule(m_clock, 7);
    for (int i = 0; i < tuning::kBreakerFailures; ++i)
        run(schedule, ending(Obstacle::Offline));
    const auto before = wait(schedule);
    schedule.noteEdit();
    QCOMPARE(wait(schedule), before);
    schedule.request();
    QCOMPARE(wait(schedule), 0ms);
    schedule.began();
    QCOMPARE(schedule.breaker(), Breaker::HalfOpen);
}

void TestSyncSchedule::retryAfter_holdsForEverybody()
{
    SyncSchedule schedule(m_clock, 1);
    run(schedule, ending(Obstacle::Busy, 100s));
    QVERIFY(wait(schedule) >= 100s && wait(schedule) <= 110s);
    const auto asked = wait(schedule);
    schedule.request();
    schedule.noteHint();
    schedule.noteEdit();
    QCOMPARE(wait(schedule), asked);
    run(schedule, ending(Obstacle::Busy, 24h));
    QVERIFY(wait(schedule) <= 66min);
}

void TestSyncSchedule::aBusyServerWithoutATime_isLikeAFailure()
{
    SyncSchedule schedule(m_clock, 1);
    for (int i = 0; i < tuning::kBreakerFailures; ++i)
        run(schedule, ending(Obstacle::Busy));
    QCOMPARE(schedule.breaker(), Breaker::Open);
}

void TestSyncSchedule::pausing_andGoingOn()
{
    SyncSchedule schedule(m_clock, 1);
    schedule.setIdle(true);
    schedule.request();
    schedule.noteEdit();
    QVERIFY(!schedule.dueAt());
    schedule.setIdle(false);
    QCOMPARE(wait(schedule), 0ms);
}

void TestSyncSchedule::aServerThatStopped_isAskedOnlyWhenAPersonWantsIt()
{
    SyncSchedule schedule(m_clock, 1);
    run(schedule, ending(Obstacle::Unauthorised));
    schedule.setStopped(true);
    schedule.noteEdit();
    schedule.noteHint();
    QVERIFY(!schedule.dueAt());
    schedule.request();
    QCOMPARE(wait(schedule), 0ms);
    run(schedule, ending(Obstacle::Unauthorised));
    QVERIFY(!schedule.dueAt());
    schedule.setStopped(false);
    QCOMPARE(wait(schedule), 0ms);
}

void TestSyncSchedule::moreToExchange_goesOnAtOnce_butNotForEver()
{
    SyncSchedule schedule(m_clock, 7);
    for (int i = 0; i < tuning::kUnsettledInARow; ++i) {
        run(schedule, ending(Obstacle::Unsettled));
        QCOMPARE(wait(schedule), 0ms);
    }
    run(schedule, ending(Obstacle::Unsettled));
    QVERIFY(wait(schedule) > 0ms);
}

void TestSyncSchedule::unauthorised_isAskedAgainMuchLater()
{
    SyncSchedule schedule(m_clock, 1);
    run(schedule, ending(Obstacle::Unauthorised));
    QCOMPARE(wait(schedule), tuning::kUnauthorisedPause);
}

void TestSyncSchedule::theSameSeed_givesTheSameTimes()
{
    SyncSchedule one(m_clock, 42);
    SyncSchedule other(m_clock, 42);
    for (int i = 0; i < 10; ++i) {
        one.began();
        other.began();
        one.ended(ending(Obstacle::Offline));
        other.ended(ending(Obstacle::Offline));
        QVERIFY(one.dueAt() == other.dueAt());
    }
}

QTEST_GUILESS_MAIN(TestSyncSchedule)

#include "tst_sync_schedule.moc"
