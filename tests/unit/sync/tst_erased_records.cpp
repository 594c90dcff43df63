// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/sync_engine.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

namespace {

constexpr const char* kOutcome =
    R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"deleted","details":{"coding":[)"
    R"({"system":"https://yarrow.example/fhir/CodeSystem/problem","code":"erased"}],"text":"Erased."}}]})";

std::string erasedEntry(const std::string& name, int sequence)
{
    Json entry = Json::object();
    entry.set("fullUrl", "https://clinic.example/fhir/" + name);
    Json& request = entry.objectAt("request");
    request.set("method", "DELETE");
    request.set("url", name);
    Json& response = entry.objectAt("response");
    response.set("status", "410 Gone");
    response.set("etag", "W/\"k3fx." + std::to_string(sequence) + "\"");
    response.set("lastModified", "2026-03-02T09:30:00.000000Z");
    response.set("outcome", json(kOutcome));
    return entry.dump();
}

std::string feedPage(const std::string& entries)
{
    const std::string extension =
        R"({"url":"https://yarrow.example/fhir/StructureDefinition/feed-epoch","valueString":"k3fx"},)"
        R"({"url":"https://yarrow.example/fhir/StructureDefinition/feed-scope","valueString":"all"})";
    return R"({"resourceType":"Bundle","type":"history","meta":{"extension":[)" + extension +
           R"(]},"entry":[)" + entries + "]}";
}

} // namespace

class TestErasedRecords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void theFeedsWord_erasesWithWhatWaits();
    void aRefusedUpload_erases();
    void aRefusedTransactionOrRead_erases();
    void aRequest_isSentUntilItIsDone();
    void aRequestForWhatTheServerDoesNotKnow_isDoneHere();
    void aRefusedRequest_isKeptWithTheReason();

private:
    sync::SyncReport cycle();
    int audited(const std::string& action);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
    std::string m_feed;                     ///< entries of the next page; then there are none
    std::string m_answer;                   ///< to a Bundle
    sync::HttpResponse m_erasureAnswer;     ///< to a request for one
    std::vector<sync::HttpRequest> m_asked; ///< requests for erasures
};

void TestErasedRecords::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_server->deliver(patientDocument("p1", "Rossi", "Ada"));
    {
        Transaction transaction(m_server->connection());
        outbox::setCheckpoint(m_server->connection(), {},
                              {"k3fx", "all", "2026-03-02T09:00:00.000Z", "k3fx.1", {}, 0, {}});
        transaction.commit();
    }
    m_feed.clear();
    m_answer.clear();
    m_asked.clear();
    m_erasureAnswer = answer(200, "{}");
}

void TestErasedRecords::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

sync::SyncReport TestErasedRecords::cycle()
{
    ScriptedTransport transport([this](const sync::HttpRequest& request) -> ScriptedTransport::Answer {
        if (request.url == "api/v1/erasures") {
            m_asked.push_back(request);
            return m_erasureAnswer;
        }
        if (request.url.starts_with("fhir/_history"))
            return answer(200, feedPage(std::exchange(m_feed, {})));
        if (request.method == sync::Method::Post)
            return answer(200, m_answer);
        return answer(410, kOutcome);
    });
    sync::SyncEngine engine(
        {m_server->connection(), m_test->clock, m_test->ids, m_clinic->identity(), transport});
    const std::atomic_bool cancelled = false;
    const sync::SyncReport report = engine.cycle(cancelled);
    if (!report.isComplete())
        qDebug("%s: %s", obstacleName(report.obstacle), report.detail.c_str());
    return report;
}

int TestErasedRecords::audited(const std::string& action)
{
    int found = 0;
    (void)m_clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        found += entry.action == action ? 1 : 0;
        return true;
    });
    return found;
}

void TestErasedRecords::theFeedsWord_erasesWithWhatWaits()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Bea")));
    m_feed = erasedEntry("Patient/p1", 2) + "," + erasedEntry("Condition/unknown", 3);
    const sync::SyncReport report = cycle();
    QVERIFY(report.isComplete());
    QCOMPARE(report.erased, 1);
    QCOMPARE(report.erasedEdits, 1);
    QCOMPARE(report.conflicts, 0);
    QCOMPARE(report.waiting, 0);
    const auto record = m_server->find("Patient", "p1");
    QVERIFY(!record->body && !record->base && record->edits.empty());
    QCOMPARE(record->version, std::string("k3fx.2"));
    QCOMPARE(audited("erased"), 1);
    YARROW_COMPARE_ERROR(m_clinic->resources().put(patientDocument("p1", "Rossi", "Bea")), ErrorCode::Erased);
    m_feed = erasedEntry("Patient/p1", 4); // from a restored server
    QCOMPARE(cycle().erased, 0);
}

void TestErasedRecords::aRefusedUpload_erases()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    m_answer =
        R"({"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"410 Gone","outcome":)" +
        std::string(kOutcome) + "}}]}";
    const sync::SyncReport report = cycle();
    QVERIFY(report.isComplete());
    QCOMPARE(report.erased, 1);
    QCOMPARE(report.erasedEdits, 1);
    QCOMPARE(report.quarantined, 0);
    QCOMPARE(report.waiting, 0);
    QVERIFY(!m_server->find("Patient", "p2")->body);
    QVERIFY(isErased(m_server->connection(), "Patient", "p2"));
    QCOMPARE(cycle().pushed, 0);
}

void TestErasedRecords::aRefusedTransactionOrRead_erases()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Bea")));
    {
        Transaction transaction(m_server->connection());
        outbox::refetch(m_server->connection(), "Patient", "p1");
        transaction.commit();
    }
    const sync::SyncReport report = cycle();
    QVERIFY(report.isComplete());
    QCOMPARE(report.erased, 1);
    QVERIFY(isErased(m_server->connection(), "Patient", "p1"));
    QVERIFY(outbox::toRefetch(m_server->connection()).empty());
}

void TestErasedRecords::aRequest_isSentUntilItIsDone()
{
    YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(PatientId::known("p1"), "GDPR", "asked for"));
    m_erasureAnswer = answer(503);
    QCOMPARE(cycle().obstacle, sync::Obstacle::Busy);
    QCOMPARE(m_clinic->erasures().requests()->size(), std::size_t(1));
    m_erasureAnswer = answer(200, R"({"patient":"p1","erased":{"Patient":1},"kept":[]})");
    m_feed = erasedEntry("Patient/p1", 2);
    m_asked.clear();
    QCOMPARE(cycle().erased, 1);
    QVERIFY(m_clinic->erasures().requests()->empty());
    QCOMPARE(m_asked.size(), std::size_t(1));
    const sync::HttpRequest& asked = m_asked.front();
    QCOMPARE(std::string(asked.headers.find("Yarrow-Author")), m_clinic->actor().account.text());
    QCOMPARE(asked.body, std::string(R"({"patient":"p1","legalGround":"GDPR","reason":"asked for"})"));
    (void)cycle();
    QCOMPARE(m_asked.size(), std::size_t(1));
}

void TestErasedRecords::aRequestForWhatTheServerDoesNotKnow_isDoneHere()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(PatientId::known("p2"), "GDPR", "asked for"));
    m_erasureAnswer = answer(404, R"({"status":404,"code":"not-found"})");
    const sync::SyncReport report = cycle();
    QVERIFY(report.isComplete());
    QCOMPARE(report.erased, 1);
    QVERIFY(isErased(m_server->connection(), "Patient", "p2"));
    QVERIFY(m_clinic->erasures().requests()->empty());
}

void TestErasedRecords::aRefusedRequest_isKeptWithTheReason()
{
    YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(PatientId::known("p1"), "GDPR", "asked for"));
    m_erasureAnswer = answer(403, R"({"status":403,"code":"admin-required"})");
    QVERIFY(cycle().isComplete());
    QCOMPARE(m_clinic->erasures().requests()->front().refusal, std::string("admin-required"));
    (void)cycle();
    QCOMPARE(m_asked.size(), std::size_t(1)); // not until somebody asks again
    QVERIFY(m_server->find("Patient", "p1")->body.has_value());
}

QTEST_GUILESS_MAIN(TestErasedRecords)
#include "tst_erased_records.moc"
