// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/invariants.h"
#include "tests/simulation/shrink.h"

#include <QtTest>

Q_DECLARE_METATYPE(yarrow::simulation::PlantedBug)

using namespace yarrow::simulation;

/// A simulation that finds nothing could be one that looks at nothing.
class PlantedBugsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plantedBug_isFound_data();
    void plantedBug_isFound();
};

void PlantedBugsTest::plantedBug_isFound_data()
{
    QTest::addColumn<PlantedBug>("bug");
    for (const PlantedBug bug : kPlantedBugs)
        QTest::newRow(plantedBugName(bug)) << bug;
}

void PlantedBugsTest::plantedBug_isFound()
{
    QFETCH(PlantedBug, bug);
    constexpr std::uint64_t kSeeds = 60;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const RunResult result = simulate(seed, bug);
        if (result.violation && !simulate(seed).violation) { // it is the bug that was found, nothing else
            qInfo("seed %llu: %s: %s", static_cast<unsigned long long>(seed),
                  invariantName(result.violation->invariant).c_str(), result.violation->what.c_str());
            return;
        }
    }
    QFAIL("no seed finds it");
}

QTEST_GUILESS_MAIN(PlantedBugsTest)
#include "tst_planted_bugs.moc"
