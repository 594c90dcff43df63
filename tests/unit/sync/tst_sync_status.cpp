// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/service_tuning.h"
#include "sync/service/sync_status.h"

#include <QTest>

#include <functional>

using namespace yarrow;
using namespace yarrow::sync;
using namespace std::chrono_literals;

namespace {

using State = SyncStatus::State;

const Instant kNow = Instant{} + 1000h;

/// Enrolled, everything exchanged a minute ago, digests agreed.
SyncFacts allWell()
{
    SyncFacts facts;
    facts.link.emplace();
    facts.last.emplace();
    facts.last->matchesServer = true;
    facts.completeAt = kNow - 60s;
    return facts;
}

SyncFacts ended(Obstacle obstacle)
{
    SyncFacts facts = allWell();
    facts.last->obstacle = obstacle;
    facts.last->detail = "why";
    facts.failingSince = kNow - 10s;
    return facts;
}

} // namespace

Q_DECLARE_METATYPE(yarrow::sync::Obstacle)

class TestSyncStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsGreen_whenEverythingIsExchanged();
    void itIsNotGreen_when_data();
    void itIsNotGreen_when();
    void obstacles_haveTheirStates_data();
    void obstacles_haveTheirStates();
    void aStoppedLink_goesBeforeEverything();
    void whatWaits_isCountedApartFromWhatWasRefused();
    void offlineStaysOffline_whileItIsTriedAgain();
    void whoseRightsEnded_isSignedOut();
};

void TestSyncStatus::itIsGreen_whenEverythingIsExchanged()
{
    const SyncStatus status = statusOf(allWell());
    QCOMPARE(status.state, State::Synced);
    QVERIFY(status.isGreen(kNow));
    QVERIFY(status.detail.empty());
    QVERIFY(!status.since);
    SyncFacts running = allWell();
    running.isRunning = true;
    QVERIFY(statusOf(running).isGreen(kNow));
}

void TestSyncStatus::itIsNotGreen_when_data()
{
    QTest::addColumn<int>("change");
    const char* names[] = {"not enrolled",        "paused",           "stopped",     "an edit waits",
                           "an edit was refused", "digests differ",   "long ago",    "never complete",
                           "the clock went back", "nothing was done", "interrupted", "offline"};
    for (int i = 0; i < static_cast<int>(std::size(names)); ++i)
        QTest::newRow(names[i]) << i;
}

void TestSyncStatus::itIsNotGreen_when()
{
    QFETCH(int, change);
    SyncFacts facts = allWell();
    const std::function<void()> changes[] = {
        [&] { facts.link.reset(); },
        [&] { facts.link->paused = true; },
        [&] { facts.link->stopped = "device-revoked"; },
        [&] { facts.counts.waiting = 1; },
        [&] {
            facts.counts = {1, 1, 0};
        },
        [&] { facts.last->matchesServer = false; },
        [&] { facts.completeAt = kNow - tuning::kFresh - 1ms; },
        [&] { facts.completeAt.reset(); },
        [&] { facts.completeAt = kNow + tuning::kFresh + 1ms; },
        [&] { facts.last.reset(); },
        [&] { facts.last->obstacle = Obstacle::Unsettled; },
        [&] { facts.last->obstacle = Obstacle::Offline; },
    };
    changes[change]();
    QVERIFY(!statusOf(facts).isGreen(kNow));
}

void TestSyncStatus::obstacles_haveTheirStates_data()
{
    QTest::addColumn<Obstacle>("obstacle");
    QTest::addColumn<int>("state");
    const auto row = [](const char* name, Obstacle obstacle, State state) {
        QTest::newRow(name) << obstacle << static_cast<int>(state);
    };
    row("offline", Obstacle::Offline, State::Offline);
    row("busy", Obstacle::Busy, State::Busy);
    row("server error", Obstacle::ServerError, State::Failing);
    row("unauthorised", Obstacle::Unauthorised, State::Stopped);
    row("untrusted", Obstacle::Untrusted, State::Failing);
    row("refused", Obstacle::Refused, State::Failing);
    row("deletions", Obstacle::AskDeletions, State::AskDeletions);
    row("local", Obstacle::LocalFailure, State::Failing);
    row("unsettled", Obstacle::Unsettled, State::Sending);
}

void TestSyncStatus::obstacles_haveTheirStates()
{
    QFETCH(Obstacle, obstacle);
    QFETCH(int, state);
    const SyncStatus status = statusOf(ended(obstacle));
    QCOMPARE(static_cast<int>(status.state), state);
    QCOMPARE(status.detail, std::string("why"));
    QVERIFY(status.since == kNow - 10s);
    QVERIFY(!status.isGreen(kNow));
}

void TestSyncStatus::aStoppedLink_goesBeforeEverything()
{
    SyncFacts facts = ended(Obstacle::Offline);
    facts.link->stopped = "device-revoked";
    facts.link->paused = true;
    QCOMPARE(statusOf(facts).state, State::Stopped);
    QCOMPARE(statusOf(facts).detail, std::string("device-revoked"));
}

void TestSyncStatus::whatWaits_isCountedApartFromWhatWasRefused()
{
    SyncFacts facts = allWell();
    facts.counts = {5, 2, 1};
    const SyncStatus status = statusOf(facts);
    QCOMPARE(status.state, State::Sending);
    QCOMPARE(status.toSend, std::int64_t{3});
    QCOMPARE(status.quarantined, std::int64_t{2});
    QCOMPARE(status.conflicts, std::int64_t{1});
}

void TestSyncStatus::offlineStaysOffline_whileItIsTriedAgain()
{
    SyncFacts facts = ended(Obstacle::Offline);
    facts.counts.waiting = 4;
    facts.isRunning = true;
    QCOMPARE(statusOf(facts).state, State::Offline);
    QCOMPARE(statusOf(facts).toSend, std::int64_t{4});
}

void TestSyncStatus::whoseRightsEnded_isSignedOut()
{
    SyncFacts facts = allWell();
    QCOMPARE(statusOf(facts).signedOut, std::string());
    facts.atSignIn = facts.now = AccountStanding{true, Role::Nurse, 2};
    QCOMPARE(statusOf(facts).signedOut, std::string());
    facts.now->slotFloor = 3;
    QCOMPARE(statusOf(facts).signedOut, std::string("password-replaced"));
    facts.now->role = Role::Billing;
    QCOMPARE(statusOf(facts).signedOut, std::string("role-changed"));
    facts.now->active = false;
    QCOMPARE(statusOf(facts).signedOut, std::string("account-disabled"));
}

QTEST_GUILESS_MAIN(TestSyncStatus)

#include "tst_sync_status.moc"
