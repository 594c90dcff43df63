// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/sync_engine.h"
#include "sync/engine/tunables.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/model_server.h"
#include "tests/simulation/shrink.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/test_clinic.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::simulation;
using namespace yarrow::testing;
using sync::Obstacle;

/// The first exchange with a server that holds so much that it comes as files.
class FirstExchangeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void files_bringEverything();
    void aFileCutOffBehindALine_isNoticed();
    void aFileThatIsGone_isNoReasonToStop();
    void noRoomForAnExport_theFeedIsRead();
    void filesThatTakeTooLong_theFeedIsRead();
    void invariantsHold_data();
    void invariantsHold();

private:
    using Spoil = std::function<void(const std::string& url, sync::HttpResponse& response)>;
    sync::SyncReport cycle(const Spoil& spoil = {});
    [[nodiscard]] int asked(const std::string& part) const
    {
        return static_cast<int>(std::count_if(m_urls.begin(), m_urls.end(), [&](const std::string& url) {
            return url.find(part) != std::string::npos;
        }));
    }
    [[nodiscard]] std::int64_t records() const
    {
        Query query(*m_connection, "SELECT count(*) FROM resource WHERE type = 'Location'");
        return query.step() ? query.integer(0) : 0;
    }

    static constexpr int kRooms = static_cast<int>(sync::tunables::kFilesFrom) + 100;

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<ModelServer> m_server;
    std::vector<std::string> m_urls;
};

void FirstExchangeTest::init()
{
    m_test = std::make_unique<TestClinic>();
    m_test->addUser(QStringLiteral("doctor"), Role::Doctor);
    m_clinic = m_test->open(QStringLiteral("doctor"));
    m_connection = m_test->connectBelow();
    ServerLink link;
    link.url = ModelServer::kAddress;
    link.account = m_clinic->actor().account.text();
    link.enrolledAt = "2026-03-02T09:00:00.000Z";
    Transaction transaction(*m_connection);
    writeServerLink(*m_connection, link);
    transaction.commit();
    m_server = std::make_unique<ModelServer>();
    m_server->exports.microsPerExport = 1'000'000;
    m_server->devices["desk"] = {"desk", server::AreaSet::all(), false};
    m_server->records.authors["setup"] = {server::Role::Admin, true};
    m_urls.clear();
    for (int i = 1; i <= kRooms; ++i) {
        const std::string id = "room" + std::to_string(i);
        const auto json =
            server::JsonDocument::parse(R"({"resourceType":"Location","id":")" + id + R"(","name":"Room"})");
        server::fhir::WriteEntry entry;
        entry.method = server::fhir::WriteEntry::Method::Update;
        entry.type = "Location";
        entry.id = id;
        entry.author = "setup";
        entry.document = server::fhir::readDocument(json->root()).value();
        const auto written =
            m_server->records.write(m_server->devices["desk"], {entry}, false, {}, 1'772'442'000'000'000 + i);
        QVERIFY(written && !written->results.front().problem);
    }
}

void FirstExchangeTest::cleanup()
{
    m_server.reset();
    m_connection.reset();
    m_clinic.reset();
    m_test.reset();
}

sync::SyncReport FirstExchangeTest::cycle(const Spoil& spoil)
{
    ScriptedTransport transport([&](const sync::HttpRequest& request) -> ScriptedTransport::Answer {
        m_urls.push_back(request.url);
        const std::int64_t now = m_test->clock.now().time_since_epoch().count() * 1000;
        sync::HttpResponse response = m_server->handle("desk", request, now).response;
        if (spoil)
            spoil(request.url, response);
        return response;
    });
    sync::SyncEngine engine({*m_connection, m_test->clock, m_test->ids, m_clinic->identity(), transport,
                             [this](std::chrono::milliseconds time) { m_test->clock.advance(time); }});
    const std::atomic_bool cancelled = false;
    return engine.cycle(cancelled);
}

void FirstExchangeTest::files_bringEverything()
{
    const sync::SyncReport report = cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QVERIFY(report.matchesServer);
    QCOMPARE(records(), std::int64_t{kRooms});
    QCOMPARE(asked("$export-file"), kRooms / ModelExports::kRecordsOfFile + 1);
    QCOMPARE(asked("_page="), 0);
}

void FirstExchangeTest::aFileCutOffBehindALine_isNoticed()
{
    const sync::SyncReport report = cycle([](const std::string& url, sync::HttpResponse& response) {
        if (url.ends_with("/3"))
            response.body.resize(response.body.find('\n', response.body.size() / 2) + 1);
    });
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(asked("$export-file"), 3); // no word of the rest is believed
    QVERIFY(asked("_page=") > 0);
    QCOMPARE(records(), std::int64_t{kRooms});
}

void FirstExchangeTest::aFileThatIsGone_isNoReasonToStop()
{
    const sync::SyncReport report = cycle([](const std::string& url, sync::HttpResponse& response) {
        if (url.ends_with("/2"))
            response.status = 404;
    });
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(records(), std::int64_t{kRooms});
}

void FirstExchangeTest::noRoomForAnExport_theFeedIsRead()
{
    const ModelDevice other{"other", server::AreaSet::all(), false};
    const std::int64_t now = m_test->clock.now().time_since_epoch().count() * 1000;
    m_server->exports.microsPerExport = 3'600'000'000;
    for (int i = 0; i < server::jobs::kExportsAtOnce; ++i)
        QVERIFY(m_server->exports.begin(other, m_server->records, {}, now).has_value());
    const sync::SyncReport report = cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(asked("$export-status"), 0);
    QCOMPARE(records(), std::int64_t{kRooms});
}

void FirstExchangeTest::filesThatTakeTooLong_theFeedIsRead()
{
    m_server->exports.microsPerExport = 3'600'000'000;
    const sync::SyncReport report = cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(asked("$export-file"), 0);
    QCOMPARE(records(), std::int64_t{kRooms});
}

void FirstExchangeTest::invariantsHold_data()
{
    constexpr int kSeeds = 20;
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= kSeeds; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void FirstExchangeTest::invariantsHold()
{
    QFETCH(int, seed);
    const auto number = static_cast<std::uint64_t>(seed);
    const RunResult result = simulate(number, PlantedBug::None, {}, Scenario::LargeClinic);
    if (result.violation) {
        const std::string text = "violated: " + invariantName(result.violation->invariant) + "\n" +
                                 result.violation->what + "\n" +
                                 replayCommand(number, PlantedBug::None, {}, Scenario::LargeClinic);
        QVERIFY2(false, text.c_str());
    }
}

QTEST_GUILESS_MAIN(FirstExchangeTest)
#include "tst_first_exchange.moc"
