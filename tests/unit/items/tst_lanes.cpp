// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/lanes.h"

#include <QtTest>

#include <algorithm>
#include <random>

using namespace yarrow;
using std::chrono::minutes;

namespace {

TimeRange at(int from, int until)
{
    return {Instant(minutes(from)), Instant(minutes(until))};
}

bool overlap(const TimeRange& a, const TimeRange& b)
{
    return a.start < b.end && b.start < a.end;
}

} // namespace

class TestLanes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void apart_haveTheWholeWidth()
    {
        const std::vector<LanePlace> whole(2);
        QCOMPARE(assignLanes({at(0, 15), at(15, 30)}), whole);
        QCOMPARE(assignLanes({}), std::vector<LanePlace>{});
    }
    void overlapping_standSideBySide()
    {
        QCOMPARE(assignLanes({at(0, 30), at(15, 45)}), (std::vector<LanePlace>{{0, 1, 2}, {1, 1, 2}}));
    }
    void longerOfTwoThatStartTogether_standsFirst()
    {
        QCOMPARE(assignLanes({at(0, 15), at(0, 60)}), (std::vector<LanePlace>{{1, 1, 2}, {0, 1, 2}}));
    }
    void freedLane_isUsedAgain()
    {
        QCOMPARE(assignLanes({at(0, 60), at(0, 15), at(15, 30)}),
                 (std::vector<LanePlace>{{0, 1, 2}, {1, 1, 2}, {1, 1, 2}}));
    }
    void roomBeside_isTaken()
    {
        // Three lanes at the start; the last one meets only the first lane and takes the other two.
        const auto places = assignLanes({at(0, 60), at(0, 20), at(0, 20), at(30, 50)});
        QCOMPARE(places[3], (LanePlace{1, 2, 3}));
    }
    void emptyRange_isStillSeen()
    {
        QCOMPARE(assignLanes({at(10, 10), at(10, 20)}), (std::vector<LanePlace>{{1, 1, 2}, {0, 1, 2}}));
    }
    void anyDay_neverCoversOneWithAnother()
    {
        std::mt19937 random(2026);
        for (int round = 0; round < 300; ++round) {
            std::vector<TimeRange> ranges;
            for (unsigned i = 0; i < random() % 14; ++i) {
                const int start = static_cast<int>(random() % 120);
                ranges.push_back(at(start, start + 1 + static_cast<int>(random() % 40)));
            }
            const auto places = assignLanes(ranges);
            QCOMPARE(places.size(), ranges.size());
            for (std::size_t i = 0; i < ranges.size(); ++i) {
                QVERIFY(places[i].lane >= 0 && places[i].span >= 1);
                QVERIFY(places[i].lane + places[i].span <= places[i].lanes);
                std::size_t together = 0;
                for (std::size_t j = 0; j < ranges.size(); ++j) {
                    together += overlap(ranges[i], ranges[j]) ? 1 : 0;
                    if (i == j || !overlap(ranges[i], ranges[j]))
                        continue;
                    QCOMPARE(places[i].lanes, places[j].lanes);
                    QVERIFY(places[i].lane + places[i].span <= places[j].lane ||
                            places[j].lane + places[j].span <= places[i].lane);
                }
                QVERIFY(together > 1 || places[i].lanes == places[i].span);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestLanes)
#include "tst_lanes.moc"
