// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/push_order.h"

#include <rapidcheck.h>

#include <QtTest>

#include <algorithm>
#include <set>

using namespace yarrow::sync;

namespace {

using Graph = std::vector<std::vector<std::size_t>>;

Graph graphOf(const std::vector<std::vector<int>>& drawn)
{
    Graph graph(drawn.size());
    for (std::size_t from = 0; from < drawn.size(); ++from) {
        for (const int to : drawn[from])
            graph[from].push_back(static_cast<std::size_t>(to) % drawn.size());
    }
    return graph;
}

std::set<std::size_t> reachable(const Graph& graph, std::size_t from)
{
    std::set<std::size_t> found;
    std::vector<std::size_t> open{from};
    while (!open.empty()) {
        const std::size_t node = open.back();
        open.pop_back();
        for (const std::size_t to : graph[node]) {
            if (found.insert(to).second)
                open.push_back(to);
        }
    }
    return found;
}

} // namespace

class TestPushOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsReferredTo_goesFirst()
    {
        // An appointment refers to a patient and a practitioner, an observation to the appointment.
        const auto stages = pushOrder({{1, 2}, {}, {}, {0}});
        QCOMPARE(stages.size(), 3U);
        QCOMPARE(stages[0], (PushStage{{1}, {2}}));
        QCOMPARE(stages[1], (PushStage{{0}}));
        QCOMPARE(stages[2], (PushStage{{3}}));
    }

    void aCycle_isOneGroup()
    {
        const auto stages = pushOrder({{1}, {2}, {0}, {0}, {}});
        QCOMPARE(stages.size(), 2U);
        QCOMPARE(stages[0], (PushStage{{0, 1, 2}, {4}}));
        QCOMPARE(stages[1], (PushStage{{3}}));
    }

    void aLongChain_needsNoStack()
    {
        Graph chain(200'000);
        for (std::size_t i = 1; i < chain.size(); ++i)
            chain[i].push_back(i - 1);
        QCOMPARE(pushOrder(chain).size(), chain.size());
    }

    void nothing_isNoStage() { QVERIFY(pushOrder({}).empty()); }

    void everyOrder_holds()
    {
        const bool holds = rc::check("dependencies come in an earlier stage or in the same group", [] {
            const auto drawn = *rc::gen::container<std::vector<std::vector<int>>>(
                rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30)));
            const Graph graph = graphOf(drawn);
            const auto stages = pushOrder(graph);
            std::vector<std::size_t> stageOf(graph.size(), graph.size());
            std::vector<const PushGroup*> groupOf(graph.size(), nullptr);
            for (std::size_t stage = 0; stage < stages.size(); ++stage) {
                RC_ASSERT(!stages[stage].empty());
                for (const PushGroup& group : stages[stage]) {
                    for (const std::size_t node : group) {
                        RC_ASSERT(groupOf[node] == nullptr);
                        stageOf[node] = stage;
                        groupOf[node] = &group;
                    }
                }
            }
            for (std::size_t node = 0; node < graph.size(); ++node) {
                RC_ASSERT(groupOf[node] != nullptr);
                for (const std::size_t to : graph[node])
                    RC_ASSERT(stageOf[to] < stageOf[node] || groupOf[to] == groupOf[node]);
                // Together only what depends on each other.
                for (const std::size_t other : *groupOf[node]) {
                    if (other != node)
                        RC_ASSERT(reachable(graph, node).contains(other));
                }
            }
        });
        QVERIFY(holds);
    }
};

QTEST_GUILESS_MAIN(TestPushOrder)
#include "tst_push_order.moc"
