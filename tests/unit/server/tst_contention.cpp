// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/contention.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace yarrow::server::records;
using Other = Contention::Other;

namespace {

std::vector<std::size_t> refusedOf(const std::vector<Contention>& contentions, std::vector<bool> refused)
{
    std::vector<std::size_t> entries;
    for (const auto& [entry, other] : settle(contentions, refused))
        entries.push_back(entry);
    return entries;
}

using Entries = std::vector<std::size_t>;

} // namespace

class tst_contention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutContention_nobodyIsRefused() { QVERIFY(settle({}, {false, false}).empty()); }

    void aRecordThatStays_winsAndIsNamed()
    {
        const auto lost = settle({{0, Other::Stays, 0, "Appointment/held"}}, {false});
        QCOMPARE(lost.size(), std::size_t(1));
        QCOMPARE(lost.at(0), std::string("Appointment/held"));
    }

    void ofTwoEntries_theLaterIsRefused()
    {
        QCOMPARE(refusedOf({{1, Other::Wanted, 0, "Appointment/a"}}, {false, false}), (Entries{1}));
    }

    void twoRecordsThatSwap_areBothAccepted()
    {
        // Each wants what the other holds now and gives up in the same bundle.
        QVERIFY(settle({{0, Other::Held, 1, "Appointment/b"}, {1, Other::Held, 0, "Appointment/a"}},
                       {false, false})
                    .empty());
    }

    void aRefusedEntry_leavesItsRecordInTheWay()
    {
        // 0 wants what 1 holds; 1 moves to a slot that somebody else has, so it stays, so 0 is refused too.
        QCOMPARE(refusedOf({{0, Other::Held, 1, "Appointment/b"}, {1, Other::Stays, 0, "Appointment/c"}},
                           {false, false}),
                 (Entries{0, 1}));
    }

    void anEntryRefusedForAnotherReason_leavesItsRecordInTheWay()
    {
        QCOMPARE(refusedOf({{0, Other::Held, 1, "Appointment/b"}}, {false, true}), (Entries{0}));
    }

    void anEntryThatLostAnyway_takesNothingFromALaterOne()
    {
        QCOMPARE(refusedOf({{1, Other::Wanted, 0, "Appointment/a"}, {0, Other::Stays, 0, "Appointment/c"}},
                           {false, false}),
                 (Entries{0}));
    }

    void ofThreeInARow_onlyTheMiddleOneIsRefused()
    {
        // 0 overlaps 1, and 1 overlaps 2, but 0 and 2 do not.
        QCOMPARE(refusedOf({{2, Other::Wanted, 1, "Appointment/b"}, {1, Other::Wanted, 0, "Appointment/a"}},
                           {false, false, false}),
                 (Entries{1}));
    }

    /// Whatever the bundle, what is accepted fits together: nobody accepted wants what stays, what a refused
    /// entry's record holds, or what another accepted entry wants.
    void whatIsAccepted_fitsTogether()
    {
        std::mt19937 random(20260504);
        for (int round = 0; round < 2000; ++round) {
            const std::size_t count = 2 + random() % 8;
            std::vector<bool> refused(count);
            for (std::size_t i = 0; i < count; ++i)
                refused[i] = random() % 5 == 0;
            std::vector<Contention> contentions;
            for (std::size_t i = 0; i < count * 2; ++i) {
                const std::size_t a = random() % count;
                const std::size_t b = random() % count;
                if (a == b || random() % 4 == 0)
                    contentions.push_back({a, Other::Stays, 0, "x"});
                else if (random() % 2 == 0)
                    contentions.push_back({a, Other::Held, b, "x"});
                else
                    contentions.push_back({std::max(a, b), Other::Wanted, std::min(a, b), "x"});
            }
            const auto lost = settle(contentions, refused);
            const auto accepted = [&](std::size_t entry) { return !refused[entry] && !lost.contains(entry); };
            for (const Contention& contention : contentions) {
                if (!accepted(contention.entry))
                    continue;
                QVERIFY(contention.other != Other::Stays);
                QVERIFY(accepted(contention.otherEntry) == (contention.other == Other::Held));
            }
            for (const auto& [entry, other] : lost)
                QVERIFY(!refused[entry]);
        }
    }
};

QTEST_GUILESS_MAIN(tst_contention)
#include "tst_contention.moc"
