// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/invariants.h"
#include "tests/simulation/shrink.h"

#include <QtTest>

Q_DECLARE_METATYPE(yarrow::simulation::PlantedBug)

using namespace yarrow::simulation;

namespace {

RunResult runOf(std::uint64_t seed, PlantedBug bug = PlantedBug::None)
{
    return simulate(seed, bug, {}, Scenario::OtherServer);
}

} // namespace

/// Three workstations at servers that are not ours, each seed at one with other habits.
class ForeignSimulationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameSeed_givesTheSameTrace();
    void invariantsHold_data();
    void invariantsHold();
    void plantedBug_isFound_data();
    void plantedBug_isFound();
};

void ForeignSimulationTest::sameSeed_givesTheSameTrace()
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const RunResult first = runOf(seed);
        const RunResult second = runOf(seed);
        QCOMPARE(second.trace.size(), first.trace.size());
        QCOMPARE(second.hash, first.hash);
    }
}

void ForeignSimulationTest::invariantsHold_data()
{
    constexpr int kFirst = 1;
    constexpr int kSeeds = 40;
    constexpr int kPerRow = 8;
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("count");
    for (int from = kFirst; from < kFirst + kSeeds; from += kPerRow)
        QTest::addRow("seeds %d to %d", from, from + kPerRow - 1) << from << kPerRow;
    // Found something once.
    QTest::newRow("of what belongs together one part failed for ever") << 132 << 1;
    QTest::newRow("a deletion of the same second was not taken") << 213 << 1;
    QTest::newRow("what another had made alike was taken for the own") << 441 << 1;
    QTest::newRow("what was deleted while its answer was lost came back") << 188 << 1;
    QTest::newRow("the settled version of a conflict came before its first, under its other name")
        << 571 << 1;
}

void ForeignSimulationTest::invariantsHold()
{
    QFETCH(int, from);
    QFETCH(int, count);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(from + i);
        const RunResult result = runOf(seed);
        if (result.violation) {
            const std::string text = "violated: " + invariantName(result.violation->invariant) + "\n" +
                                     result.violation->what + "\n" +
                                     replayCommand(seed, PlantedBug::None, {}, Scenario::OtherServer);
            QVERIFY2(false, text.c_str());
        }
    }
}

void ForeignSimulationTest::plantedBug_isFound_data()
{
    QTest::addColumn<PlantedBug>("bug");
    QTest::addColumn<int>("from"); // not far before the first seed that found it
    const std::map<PlantedBug, int> from{{PlantedBug::CreatedUnguarded, 74},
                                         {PlantedBug::DeleteUnmatched, 33}};
    for (const PlantedBug bug : kPlantedElsewhere)
        QTest::newRow(plantedBugName(bug)) << bug << (from.contains(bug) ? from.at(bug) : 1);
}

void ForeignSimulationTest::plantedBug_isFound()
{
    QFETCH(PlantedBug, bug);
    QFETCH(int, from);
    constexpr std::uint64_t kSeeds = 100;
    const auto first = static_cast<std::uint64_t>(from);
    for (std::uint64_t seed = first; seed < first + kSeeds; ++seed) {
        const RunResult result = runOf(seed, bug);
        if (result.violation && !runOf(seed).violation) { // it is the bug that was found, nothing else
            qInfo("seed %llu: %s: %s", static_cast<unsigned long long>(seed),
                  invariantName(result.violation->invariant).c_str(), result.violation->what.c_str());
            return;
        }
    }
    QFAIL("no seed finds it");
}

QTEST_GUILESS_MAIN(ForeignSimulationTest)
#include "tst_foreign_simulation.moc"
