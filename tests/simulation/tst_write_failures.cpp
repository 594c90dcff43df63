// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/tunables.h"
#include "tests/simulation/one_workstation.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::testing;
namespace tunables = yarrow::sync::tunables;
using simulation::OneWorkstation;
using sync::Obstacle;

/// A workstation, a model of the server, and writes that break it: those that say so.
class TestWriteFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aWriteThatAlwaysFails_rests_andTheRestGoesOn();
    void aRest_endsByItself_andByHand_andIsLongerTheNextTime();
    void aServerThatTakesNothing_bringsNothingToRest();
    void moreThanADozen_holdNobodyBack();

private:
    sync::SyncReport cycle() { return m_desk->cycle(); }
    std::string text(const char* sql) { return m_desk->text(sql); }
    void put(const std::string& id, const std::string& family)
    {
        const auto written = m_desk->clinic->resources().put(patientDocument(id, family, "Ada"), {});
        QVERIFY(written.has_value());
    }
    [[nodiscard]] bool isThere(const std::string& id) const
    {
        return m_desk->server.records.find("Patient", id) != nullptr;
    }

    std::unique_ptr<OneWorkstation> m_desk;
    std::function<bool(const std::string& body)> m_breaks;
};

void TestWriteFailures::init()
{
    m_desk =
        std::make_unique<OneWorkstation>(std::initializer_list<server::Area>{server::Area::PatientIdentity});
    m_breaks = [](const std::string& body) { return body.find("Unlucky") != std::string::npos; };
    m_desk->intercept = [this](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
        if (request.method != sync::Method::Post || !m_breaks(request.body))
            return std::nullopt;
        return answer(500, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"fatal\","
                           "\"code\":\"exception\",\"diagnostics\":\"It broke.\"}]}");
    };
}

void TestWriteFailures::cleanup()
{
    m_desk.reset();
}

void TestWriteFailures::aWriteThatAlwaysFails_rests_andTheRestGoesOn()
{
    put("bad", "Unlucky");
    put("good", "Keller");
    const sync::SyncReport first = cycle();
    QCOMPARE(first.obstacle, Obstacle::ServerError); // it is told once
    QVERIFY(isThere("good"));
    for (int i = 0; i < tunables::kFailuresUntilRest - 2; ++i) {
        put("another" + std::to_string(i), "Keller");
        const sync::SyncReport next = cycle();
        QCOMPARE(next.obstacle, Obstacle::None); // the exchange is not held up by it
        QCOMPARE(next.quarantined, 0);
        QVERIFY(isThere("another" + std::to_string(i)));
    }
    put("last", "Keller");
    QCOMPARE(cycle().quarantined, 1);
    QCOMPARE(text("SELECT status FROM quarantine"), std::string("500"));
    QVERIFY(text("SELECT outcome FROM quarantine").find("It broke.") != std::string::npos);
    QCOMPARE(text("SELECT count(*) FROM push"), std::string("0"));
    const sync::SyncReport after = cycle();
    QCOMPARE(after.obstacle, Obstacle::None);
    QCOMPARE(after.waiting, 1);
    QVERIFY(!isThere("bad"));
}

void TestWriteFailures::aRest_endsByItself_andByHand_andIsLongerTheNextTime()
{
    put("bad", "Unlucky");
    const auto untilItRests = [this] {
        for (int i = 0; i < 40; ++i) {
            put("p" + m_desk->test.ids.next(), "Keller");
            if (cycle().quarantined == 1)
                return m_desk->test.clock.now();
        }
        return Instant{};
    };
    const auto restsUntil = [this] {
        return Instant(std::chrono::milliseconds(std::stoll(text("SELECT retry_at FROM quarantine"))));
    };
    const Instant first = untilItRests();
    QCOMPARE(restsUntil() - first, tunables::kFirstRest);
    YARROW_VERIFY_OK(m_desk->clinic->exchange().retry("Patient", "bad"));
    const Instant second = untilItRests();
    QVERIFY(second > first);
    QCOMPARE(restsUntil() - second, 2 * tunables::kFirstRest);

    m_breaks = [](const std::string&) { return false; };
    QCOMPARE(cycle().pushed, 0); // it rests
    m_desk->test.clock.advance(2 * tunables::kFirstRest);
    QCOMPARE(cycle().pushed, 1);
    QVERIFY(isThere("bad"));
    QCOMPARE(text("SELECT count(*) FROM write_failure"), std::string("0"));
}

void TestWriteFailures::aServerThatTakesNothing_bringsNothingToRest()
{
    m_breaks = [](const std::string&) { return true; };
    for (int i = 0; i < 5; ++i)
        put("p" + std::to_string(i), "Keller");
    for (int i = 0; i < 40; ++i) // for more than two hours
        QCOMPARE(cycle().quarantined, 0);
    m_breaks = [](const std::string&) { return false; };
    const sync::SyncReport report = cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.waiting, 0);
}

void TestWriteFailures::moreThanADozen_holdNobodyBack()
{
    constexpr int kBad = 3 * tunables::kFailuresInARow;
    for (int i = 0; i < kBad; ++i)
        put("bad" + std::to_string(i), "Unlucky");
    put("good", "Keller");
    std::int64_t quarantined = 0;
    for (int i = 0; i < 60; ++i) {
        put("p" + std::to_string(i), "Keller");
        quarantined += cycle().quarantined;
    }
    QVERIFY(isThere("good"));
    QVERIFY(isThere("p59"));
    QVERIFY2(quarantined >= kBad, std::to_string(quarantined).c_str());
}

QTEST_GUILESS_MAIN(TestWriteFailures)
#include "tst_write_failures.moc"
