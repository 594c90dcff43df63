// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/invariants.h"
#include "tests/simulation/shrink.h"

#include <QtTest>

using namespace yarrow::simulation;

class SimulationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameSeed_givesTheSameTrace();
    void otherSeeds_giveOtherTraces();
    void invariantsHold_data();
    void invariantsHold();
    void shrinking_keepsWhatTheFailureNeeds();
};

void SimulationTest::sameSeed_givesTheSameTrace()
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const RunResult first = simulate(seed);
        const RunResult second = simulate(seed);
        for (std::size_t i = 0; i < std::min(first.trace.size(), second.trace.size()); ++i)
            QCOMPARE(QByteArray::fromStdString(second.trace[i]), QByteArray::fromStdString(first.trace[i]));
        QCOMPARE(second.trace.size(), first.trace.size());
        QCOMPARE(second.hash, first.hash);
    }
}

void SimulationTest::otherSeeds_giveOtherTraces()
{
    QVERIFY(simulate(1).hash != simulate(2).hash);
}

void SimulationTest::invariantsHold_data()
{
    constexpr int kFirst = 1;
    constexpr int kSeeds = 80;
    constexpr int kPerRow = 8;
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("count");
    for (int from = kFirst; from < kFirst + kSeeds; from += kPerRow)
        QTest::addRow("seeds %d to %d", from, from + kPerRow - 1) << from << kPerRow;
    // Found something once.
    QTest::newRow("deleted by whoever had made what a restored server lost") << 962 << 1;
}

void SimulationTest::invariantsHold()
{
    QFETCH(int, from);
    QFETCH(int, count);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(from + i);
        const RunResult result = simulate(seed);
        if (result.violation) {
            const std::string text = "violated: " + invariantName(result.violation->invariant) + "\n" +
                                     result.violation->what + "\n" + replayCommand(seed);
            QVERIFY2(false, text.c_str());
        }
    }
}

void SimulationTest::shrinking_keepsWhatTheFailureNeeds()
{
    std::vector<std::string> events;
    for (int i = 0; i < 100; ++i)
        events.push_back("step" + std::to_string(i));
    const auto fails = [](const std::vector<std::string>& kept) {
        return std::count(kept.begin(), kept.end(), "step7") +
                   std::count(kept.begin(), kept.end(), "step81") ==
               2;
    };
    constexpr int kRuns = 200;
    const auto fewest = fewestOf(events, fails, kRuns);
    QCOMPARE(fewest, (std::vector<std::string>{"step7", "step81"}));
}

QTEST_GUILESS_MAIN(SimulationTest)
#include "tst_simulation.moc"
