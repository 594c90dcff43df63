// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/contention.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <random>

using namespace yarrow::server::records;

namespace {

using Entries = std::vector<std::size_t>;

std::vector<std::string> namesOf(std::size_t entries)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < entries; ++i)
        names.push_back("Appointment/" + std::to_string(i));
    return names;
}

Entries refusedOf(const Claims& claims)
{
    Entries entries;
    for (const auto& [entry, other] : settle(claims, namesOf(8)))
        entries.push_back(entry);
    return entries;
}

bool clash(const Claim& a, const Claim& b)
{
    return a.entry != b.entry && a.what == b.what && a.from < b.to && b.from < a.to;
}

} // namespace

class tst_contention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutContention_nobodyIsRefused()
    {
        QVERIFY(refusedOf({.wanted = {{0, "d", 0, 10}, {1, "d", 10, 20}, {2, "e", 0, 10}}}).empty());
    }

    void aRecordThatStays_winsAndIsNamed()
    {
        const auto lost = settle({.wanted = {{0, "d"}}, .standing = {{0, "Appointment/held"}}}, namesOf(1));
        QCOMPARE(lost.size(), std::size_t(1));
        QCOMPARE(lost.at(0), std::string("Appointment/held"));
    }

    void ofTwoEntries_theLaterIsRefusedAndTheEarlierNamed()
    {
        const auto lost = settle({.wanted = {{0, "d", 0, 10}, {1, "d", 9, 12}}}, namesOf(2));
        QCOMPARE(lost.size(), std::size_t(1));
        QCOMPARE(lost.at(1), std::string("Appointment/0"));
    }

    void twoRecordsThatSwap_areBothAccepted()
    {
        // Each wants what the other holds now and gives up in the same bundle.
        QVERIFY(refusedOf({.wanted = {{0, "d"}, {1, "e"}}, .held = {{0, "e"}, {1, "d"}}}).empty());
    }

    void aRefusedEntry_leavesItsRecordInTheWay()
    {
        // 0 wants what 1 holds; 1 moves to a slot that somebody else has, so it stays, so 0 is refused too.
        QCOMPARE(
            refusedOf(
                {.wanted = {{0, "d"}, {1, "e"}}, .held = {{1, "d"}}, .standing = {{1, "Appointment/c"}}}),
            (Entries{0, 1}));
    }

    void anEntryThatLostAnyway_takesNothingFromALaterOne()
    {
        QCOMPARE(refusedOf({.wanted = {{0, "d"}, {1, "d"}}, .standing = {{0, "Appointment/c"}}}),
                 (Entries{0}));
    }

    void anEntryThatLosesLater_leavesWhatItHadTakenToTheNext()
    {
        // 2 loses e to 1 and so keeps f, which 0 wants; what 0 had taken is free for 3.
        QCOMPARE(
            refusedOf({.wanted = {{0, "d"}, {0, "f"}, {1, "e"}, {2, "e"}, {3, "d"}}, .held = {{2, "f"}}}),
            (Entries{0, 2}));
    }

    void ofThreeInARow_onlyTheMiddleOneIsRefused()
    {
        // 0 overlaps 1, and 1 overlaps 2, but 0 and 2 do not.
        QCOMPARE(refusedOf({.wanted = {{0, "d", 0, 10}, {1, "d", 5, 15}, {2, "d", 10, 20}}}), (Entries{1}));
    }

    /// Whatever the bundle, what is accepted fits together, and whoever is refused had somebody in the way:
    /// a record that stays, one that a refused entry holds, or an earlier entry.
    void whatIsAccepted_fitsTogether()
    {
        std::mt19937 random(20260504);
        for (int round = 0; round < 5000; ++round) {
            const std::size_t count = 2 + random() % 8;
            const auto anyClaim = [&](std::size_t entry) {
                const auto from = static_cast<std::int64_t>(random() % 12);
                return Claim{entry, random() % 2 == 0 ? "d" : "e", from,
                             from + 1 + static_cast<std::int64_t>(random() % 5)};
            };
            Claims claims;
            for (std::size_t i = 0; i < count; ++i) {
                if (random() % 6 != 0)
                    claims.wanted.push_back(anyClaim(i));
                const Claim held = anyClaim(i);
                if (std::none_of(claims.held.begin(), claims.held.end(),
                                 [&](const Claim& other) { return clash(held, other); }))
                    claims.held.push_back(held);
                if (random() % 6 == 0)
                    claims.standing.emplace(i, "Appointment/x");
            }
            const auto lost = settle(claims, namesOf(count));
            for (const Claim& a : claims.wanted) {
                const bool isAccepted = !lost.contains(a.entry);
                bool hadOneInTheWay = claims.standing.contains(a.entry);
                QVERIFY(!isAccepted || !hadOneInTheWay);
                for (const Claim& b : claims.wanted) {
                    QVERIFY(!isAccepted || lost.contains(b.entry) || !clash(a, b));
                    hadOneInTheWay = hadOneInTheWay || (clash(a, b) && b.entry < a.entry);
                }
                for (const Claim& b : claims.held) {
                    QVERIFY(!isAccepted || !lost.contains(b.entry) || !clash(a, b));
                    hadOneInTheWay = hadOneInTheWay || (clash(a, b) && lost.contains(b.entry));
                }
                QVERIFY(isAccepted || hadOneInTheWay);
            }
        }
    }

    void thousandsThatWantTheSame_areSettledAtOnce()
    {
        constexpr std::size_t kEntries = 2000;
        Claims claims;
        for (std::size_t i = 0; i < kEntries; ++i) {
            for (const char* actor : {"d", "e", "f"})
                claims.wanted.push_back({i, actor, 0, 10});
        }
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(settle(claims, namesOf(kEntries)).size(), kEntries - 1);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(tst_contention)
#include "tst_contention.moc"
