// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/sync_engine.h"
#include "sync/engine/tunables.h"
#include "tests/simulation/model_server.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/test_clinic.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::testing;
namespace tunables = yarrow::sync::tunables;
using simulation::ModelServer;
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
    sync::SyncReport cycle();
    void put(const std::string& id, const std::string& family)
    {
        const auto written = m_clinic->resources().put(patientDocument(id, family, "Ada"), {});
        QVERIFY(written.has_value());
    }
    [[nodiscard]] bool isThere(const std::string& id) const
    {
        return m_server->records.find("Patient", id) != nullptr;
    }
    std::string text(const char* sql)
    {
        Query query(*m_connection, sql);
        return query.step() ? query.string(0) : std::string();
    }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<ModelServer> m_server;
    std::function<bool(const std::string& body)> m_breaks;
};

void TestWriteFailures::init()
{
    m_test = std::make_unique<TestClinic>();
    m_test->addUser(QStringLiteral("doctor"), Role::Doctor);
    m_clinic = m_test->open(QStringLiteral("doctor"));
    m_connection = m_test->connectBelow();
    const std::string doctor = m_clinic->actor().account.text();
    ServerLink link;
    link.url = ModelServer::kAddress;
    link.account = doctor;
    link.enrolledAt = "2026-03-02T09:00:00.000Z";
    Transaction transaction(*m_connection);
    writeServerLink(*m_connection, link);
    transaction.commit();
    m_server = std::make_unique<ModelServer>();
    server::AreaSet areas;
    areas.insert(server::Area::PatientIdentity);
    m_server->devices["desk"] = {"desk", areas, false};
    m_server->records.authors[doctor] = {server::Role::Doctor, true};
    m_breaks = [](const std::string& body) { return body.find("Unlucky") != std::string::npos; };
}

void TestWriteFailures::cleanup()
{
    m_server.reset();
    m_connection.reset();
    m_clinic.reset();
    m_test.reset();
}

sync::SyncReport TestWriteFailures::cycle()
{
    m_test->clock.advance(std::chrono::minutes(4));
    ScriptedTransport transport([this](const sync::HttpRequest& request) -> ScriptedTransport::Answer {
        if (request.method == sync::Method::Post && m_breaks(request.body))
            return answer(500, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"fatal\","
                               "\"code\":\"exception\",\"diagnostics\":\"It broke.\"}]}");
        const std::int64_t now = m_test->clock.now().time_since_epoch().count() * 1000;
        return m_server->handle("desk", request, now).response;
    });
    sync::SyncEngine engine({*m_connection, m_test->clock, m_test->ids, m_clinic->identity(), transport});
    const std::atomic_bool cancelled = false;
    return engine.cycle(cancelled);
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
            put("p" + m_test->ids.next(), "Keller");
            if (cycle().quarantined == 1)
                return m_test->clock.now();
        }
        return Instant{};
    };
    const auto restsUntil = [this] {
        return Instant(std::chrono::milliseconds(std::stoll(text("SELECT retry_at FROM quarantine"))));
    };
    const Instant first = untilItRests();
    QCOMPARE(restsUntil() - first, tunables::kFirstRest);
    YARROW_VERIFY_OK(m_clinic->exchange().retry("Patient", "bad"));
    const Instant second = untilItRests();
    QVERIFY(second > first);
    QCOMPARE(restsUntil() - second, 2 * tunables::kFirstRest);

    m_breaks = [](const std::string&) { return false; };
    QCOMPARE(cycle().pushed, 0); // it rests
    m_test->clock.advance(2 * tunables::kFirstRest);
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
