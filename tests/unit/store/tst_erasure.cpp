// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/record_erasure.h"
#include "tests/support/raw_pages.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

namespace {

const std::string kName = "Quetzalwasser";

Json about(const std::string& type, const std::string& id, const std::string& patient,
           const std::string& note = kName)
{
    Json document = Json::object();
    document.set("resourceType", type);
    document.set("id", id);
    Json subject = Json::object();
    subject.set("reference", "Patient/" + patient);
    document.set("subject", std::move(subject));
    Json code = Json::object();
    code.set("text", note);
    document.set("code", std::move(code));
    return document;
}

Json visit(const std::string& id, const std::vector<std::string>& patients)
{
    Json document = json(R"({"resourceType":"Appointment","status":"booked","start":"2026-03-02T10:00:00Z",)"
                         R"("end":"2026-03-02T10:30:00Z"})");
    document.set("id", id);
    for (const std::string& patient : patients) {
        Json actor = Json::object();
        actor.set("reference", "Patient/" + patient);
        Json participant = Json::object();
        participant.set("actor", std::move(actor));
        document.arrayAt("participant").append(std::move(participant));
    }
    return document;
}

} // namespace

class TestErasure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void nothingOfThePatient_isLeftInTheFileNorInItsLog();
    void theTombstone_refusesEditsAndImports();
    void nothingNewAboutThePatient_isTakenExceptPayments();
    void newerVersions_doNotBringItBack();
    void theSummary_followsTheServer();
    void theAuditsChain_stillVerifies_andItsDigestsTellNothing();
    void conflictsAboutIt_goWithIt();
    void whatNoServerKnows_goesWithThePatient();
    void aRewriteThatWasCutOff_isDoneAtTheNextOpening();
    void alone_theAdministratorErases_andIsToldWhatIsKept();
    void alone_whatWasMerged_goesAsOnePatient_withTheDecision();
    void alone_itIsForAdministratorsWithAGround();
    void enrolled_theServerIsAsked();
    void enrolled_theServerIsAskedForAllThatWasMerged();

private:
    std::vector<RecordErasure::Erased> erase(const std::string& type, const std::string& id);
    std::string rawText() { return rawTextOf(m_test->profile.database(), m_test->dataKey()); }
    bool isLeft(const std::string& text) { return rawText().find(text) != std::string::npos; }
    std::string single(const char* sql);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
    int m_erasures = 0;
};

void TestErasure::init()
{
    m_test = std::make_unique<TestClinic>();
    m_test->addUser(QStringLiteral("doctor"), Role::Doctor);
    m_clinic = m_test->open(QStringLiteral("doctor"));
    m_server = std::make_unique<ServerSide>(*m_test);
    m_erasures = 0;
}

void TestErasure::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

/// The server's word for it arrives.
std::vector<RecordErasure::Erased> TestErasure::erase(const std::string& type, const std::string& id)
{
    Transaction transaction(m_server->connection());
    SyncRecords records(m_server->connection(), m_test->clock, VersionOrder::Sequence);
    auto erased = records.erase(
        {type, id, "k3fx." + std::to_string(1000 + ++m_erasures), "2026-03-02T09:00:00.000Z", {}});
    records.finish();
    transaction.commit();
    return erased;
}

std::string TestErasure::single(const char* sql)
{
    return m_server->connection().db().execAndGet(sql).getString();
}

void TestErasure::nothingOfThePatient_isLeftInTheFileNorInItsLog()
{
    std::vector<Json> others; // so that pages are split and joined around what goes
    for (int i = 0; i < 400; ++i)
        others.push_back(
            patientDocument("other" + std::to_string(i), "Weidemann" + std::to_string(i), "Ada"));
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(others, "test"));
    m_server->enrol();
    m_server->deliver(patientDocument("p1", kName, "Ada", "1980-03-12", kName + "-17", "+4930777888"));
    m_server->deliver(visit("v1", {"p1"}));
    for (int i = 0; i < 40; ++i)
        m_server->deliver(about("Condition", "c" + std::to_string(i), "p1", kName + std::string(200, 'x')));
    for (int i = 0; i < 20; ++i) {
        YARROW_VERIFY_OK(m_clinic->resources().put(
            patientDocument("p1", kName + std::string(static_cast<std::size_t>(i) * 90, 'y'), "Ada")));
        YARROW_VERIFY_OK(m_clinic->resources().put(about("Condition", "new" + std::to_string(i), "p1")));
    }
    m_server->beginSending("Patient", "p1");
    m_server->refuse("Condition", "new1", 422, "bad-value", R"({"text":"Quetzalwasser is no code"})");
    YARROW_VERIFY_OK(m_clinic->drafts().save("patient/p1", R"({"family":"Quetzalwasser"})"));
    YARROW_VERIFY_OK(m_clinic->drafts().save("visit/new", R"({"who":"Patient/p1","note":"Quetzalwasser"})"));
    YARROW_VERIFY_OK(m_clinic->drafts().save("visit/other", R"({"who":"Patient/p10","note":"stays"})"));
    QVERIFY(isLeft("quetzalwasser"));

    erase("Patient", "p1");
    erase("Appointment", "v1");
    for (int i = 0; i < 40; ++i)
        erase("Condition", "c" + std::to_string(i));
    QVERIFY(isLeft("quetzalwasser")); // in free pages and the log
    YARROW_VERIFY_OK(rewriteIfDue(m_server->connection()));
    QVERIFY(!isLeft("quetzalwasser"));
    QVERIFY(!isLeft("4930777888"));
    QVERIFY(isLeft("weidemann17"));
    YARROW_VERIFY_OK(m_clinic->checkIntegrity());
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
    QVERIFY(m_clinic->patients().search("quetz", 5)->empty());
    QVERIFY(m_clinic->patients().search("weidemann399", 5)->front().name.starts_with("Weidemann399"));
    QCOMPARE(*DraftCommands::read(m_server->connection(), m_clinic->actor().account, "visit/other"),
             std::string(R"({"who":"Patient/p10","note":"stays"})"));
    QCOMPARE(single("SELECT count(*) FROM rewrite_due"), std::string("0"));
}

void TestErasure::theTombstone_refusesEditsAndImports()
{
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    erase("Patient", "p1");
    erase("Condition", "never-here");
    YARROW_COMPARE_ERROR(m_clinic->resources().put(patientDocument("p1", kName, "Ada")), ErrorCode::Erased);
    YARROW_COMPARE_ERROR(m_clinic->resources().put(about("Condition", "never-here", "p2")),
                         ErrorCode::Erased);
    YARROW_COMPARE_ERROR(m_clinic->resources().remove("Patient", "p1", {}), ErrorCode::NotFound);
    YARROW_COMPARE_ERROR(m_clinic->patients().view(PatientId::known("p1")), ErrorCode::NotFound);
    (void)m_clinic->importer().addDocuments({patientDocument("p1", kName, "Ada")}, "an old export");
    QVERIFY(!m_server->find("Patient", "p1")->body);
    QCOMPARE(single("SELECT count(*) FROM edit"), std::string("0"));
}

void TestErasure::nothingNewAboutThePatient_isTakenExceptPayments()
{
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    m_server->deliver(json(
        R"({"resourceType":"Invoice","id":"i1","status":"issued","subject":{"reference":"Patient/p1"}})"));
    erase("Patient", "p1");
    YARROW_COMPARE_ERROR(m_clinic->resources().put(about("Condition", "c9", "p1")), ErrorCode::Erased);
    YARROW_VERIFY_OK(m_clinic->resources().put(about("Condition", "c9", "p2")));
    QVERIFY(m_server->find("Invoice", "i1")->body.has_value());
}

void TestErasure::newerVersions_doNotBringItBack()
{
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    erase("Patient", "p1");
    Transaction transaction(m_server->connection());
    SyncRecords records(m_server->connection(), m_test->clock, VersionOrder::Sequence);
    const ServerVersion newer{"Patient", "p1", "k3fx.9999", "2026-03-03T09:00:00Z",
                              *PreparedRecord::ofServer(patientDocument("p1", kName, "Ada"))};
    QCOMPARE(records.take(newer), SyncRecords::Taken::Known);
    QVERIFY(!records.find("Patient", "p1")->body);
    QVERIFY(records.unmet(7).empty());
}

void TestErasure::theSummary_followsTheServer()
{
    m_server->deliver(patientDocument("p2", "Rossi", "Ada"));
    const std::string before = FeedSummary::read(m_server->connection()).hex();
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", kName, "Bea")));
    erase("Patient", "p1");
    erase("Patient", "p1"); // the server was restored and says it once more
    QCOMPARE(FeedSummary::read(m_server->connection()).hex(), before);
    QCOMPARE(FeedSummary::read(m_server->connection()).live, 1);
}

void TestErasure::theAuditsChain_stillVerifies_andItsDigestsTellNothing()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", kName, "Ada")));
    const std::string key = single("SELECT hex(hmac_key) FROM patient_key WHERE patient = 'p1'");
    erase("Patient", "p1");
    QVERIFY(single("SELECT hex(hmac_key) FROM patient_key WHERE patient = 'p1'") != key);
    const auto verified = AuditLog::verify(m_server->connection());
    YARROW_VERIFY_OK(verified);
    QVERIFY(!verified->firstBroken);
    QVERIFY(verified->entries > 0);
}

void TestErasure::conflictsAboutIt_goWithIt()
{
    m_server->deliver(about("Condition", "c1", "p1"));
    Conflict conflict;
    conflict.id = "conflict-1";
    conflict.focusType = "Condition";
    conflict.focusId = "c1";
    conflict.patient = "p1";
    conflict.editedAt = conflict.detectedAt = "2026-03-02T09:00:00.000Z";
    conflict.elements = {
        {"code.text", Json(std::string_view("a")), Json(std::string_view(kName)), std::nullopt}};
    m_server->open(conflict, m_clinic->actor(), m_clinic->identity());
    erase("Condition", "c1");
    QVERIFY(!m_server->find("Task", "conflict-1")->body);
    QCOMPARE(single("SELECT count(*) FROM conflict_index"), std::string("0"));
    QCOMPARE(FeedSummary::read(m_server->connection()).live, 0);
    const auto told = erase("Task", "conflict-1"); // the server's word for it comes later
    QVERIFY(!told.front().wasHere);
    QCOMPARE(FeedSummary::read(m_server->connection()).live, 0);
}

void TestErasure::whatNoServerKnows_goesWithThePatient()
{
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    YARROW_VERIFY_OK(m_clinic->resources().put(about("Condition", "mine", "p1")));
    YARROW_VERIFY_OK(m_clinic->resources().put(visit("both", {"p1", "p2"})));
    const auto erased = erase("Patient", "p1");
    QCOMPARE(erased.size(), std::size_t(2));
    QCOMPARE(erased.back().id, std::string("mine"));
    QCOMPARE(erased.back().unsentEdits, 1);
    QCOMPARE(erased.back().patient, std::string("p1"));
    QVERIFY(!m_server->find("Condition", "mine")->body);
    QVERIFY(m_server->find("Appointment", "both")->body.has_value());
}

void TestErasure::aRewriteThatWasCutOff_isDoneAtTheNextOpening()
{
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    erase("Patient", "p1");
    QCOMPARE(single("SELECT rewritten FROM rewrite_due"), std::string("0"));
    {
        auto reader = m_clinic->openReadConnection();
        YARROW_VERIFY_OK(reader);
        SQLite::Statement reading((*reader)->db(), "SELECT pk FROM resource UNION ALL SELECT 1");
        QVERIFY(reading.executeStep()); // the log cannot be emptied while somebody reads
        m_server->connection().exec("PRAGMA busy_timeout = 10");
        YARROW_COMPARE_ERROR(rewriteIfDue(m_server->connection()), ErrorCode::DatabaseBusy);
    }
    QCOMPARE(single("SELECT count(*) FROM rewrite_due"), std::string("1"));
    m_clinic.reset();
    m_clinic = m_test->open();
    QCOMPARE(single("SELECT count(*) FROM rewrite_due"), std::string("0"));
    QVERIFY(!isLeft("quetzalwasser"));
}

void TestErasure::alone_theAdministratorErases_andIsToldWhatIsKept()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", kName, "Ada")));
    YARROW_VERIFY_OK(m_clinic->resources().put(about("Condition", "c1", "p1")));
    YARROW_VERIFY_OK(m_clinic->resources().put(about("Condition", "c12", "p12", "stays")));
    YARROW_VERIFY_OK(m_clinic->resources().put(visit("both", {"p1", "p2"})));
    m_server->deliver(json(
        R"({"resourceType":"Invoice","id":"i1","status":"issued","subject":{"reference":"Patient/p1"}})"));
    m_clinic.reset();
    m_clinic = m_test->open();
    const auto outcome =
        m_clinic->erasures().erasePatient(PatientId::known("p1"), "GDPR Art. 17", "asked for");
    YARROW_VERIFY_OK(outcome);
    QVERIFY(!outcome->isRequested);
    QCOMPARE(outcome->done.erased, 2);
    const std::vector<KeptRecord> kept{{"Appointment", "both", "other-patients"},
                                       {"Invoice", "i1", "retention-law"}};
    QVERIFY(outcome->done.kept == kept);
    QVERIFY(!outcome->tracesRemain);
    QVERIFY(!isLeft("quetzalwasser"));
    QVERIFY(m_server->find("Condition", "c12")->body.has_value());
    int told = 0;
    (void)m_clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        told += entry.action == "erased" && entry.reason == "asked for" && entry.patient == "p1" ? 1 : 0;
        return true;
    });
    QCOMPARE(told, 1);
}

void TestErasure::alone_whatWasMerged_goesAsOnePatient_withTheDecision()
{
    for (const auto& [id, given] : {std::pair("p1", "Quintessa"), std::pair("p12", "Quirina"),
                                    std::pair("p9", "Ida"), std::pair("p100", "Ute")})
        YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument(id, kName, given)));
    YARROW_VERIFY_OK(m_clinic->resources().put(about("Condition", "c1", "p12")));
    YARROW_VERIFY_OK(m_clinic->merges().merge(PatientId::known("p1"), PatientId::known("p12"), "one person"));
    YARROW_VERIFY_OK(m_clinic->merges().markDifferent(PatientId::known("p12"), PatientId::known("p9")));
    YARROW_VERIFY_OK(m_clinic->merges().markDifferent(PatientId::known("p9"), PatientId::known("p100")));
    m_clinic.reset();
    m_clinic = m_test->open();
    // By the record that is no longer used.
    const auto outcome =
        m_clinic->erasures().erasePatient(PatientId::known("p12"), "GDPR Art. 17", "asked for");
    YARROW_VERIFY_OK(outcome);
    QVERIFY(outcome->done.kept.empty());
    for (const char* id : {"p1", "p12"})
        QVERIFY2(isErased(m_server->connection(), "Patient", id), id);
    QCOMPARE(single("SELECT count(*) FROM resource WHERE type = 'Task' AND erased = 0"), std::string("1"));
    QVERIFY(!isErased(m_server->connection(), "Patient", "p9"));
    for (const char* trace : {"Quintessa", "quintessa", "Quirina", "quirina"})
        QVERIFY2(!isLeft(trace), trace);
}

void TestErasure::alone_itIsForAdministratorsWithAGround()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", kName, "Ada")));
    const PatientId patient = PatientId::known("p1");
    YARROW_COMPARE_ERROR(m_clinic->erasures().erasePatient(patient, "GDPR", "asked for"),
                         ErrorCode::Forbidden);
    m_clinic.reset();
    m_clinic = m_test->open();
    YARROW_COMPARE_ERROR(m_clinic->erasures().erasePatient(patient, "", "asked for"),
                         ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(m_clinic->erasures().erasePatient(PatientId::known("p9"), "GDPR", "asked for"),
                         ErrorCode::NotFound);
    QVERIFY(m_server->find("Patient", "p1")->body.has_value());
}

void TestErasure::enrolled_theServerIsAskedForAllThatWasMerged()
{
    m_server->enrol();
    for (const char* id : {"p1", "p2", "p3"})
        m_server->deliver(patientDocument(id, kName, "Ada"));
    YARROW_VERIFY_OK(m_clinic->merges().merge(PatientId::known("p1"), PatientId::known("p2"), "one person"));
    m_clinic.reset();
    m_clinic = m_test->open();
    YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(PatientId::known("p1"), "GDPR", "asked for"));
    QStringList asked;
    const auto requests = m_clinic->erasures().requests();
    for (const ErasureRequest& request : *requests)
        asked << QString::fromStdString(request.patient);
    asked.sort();
    QCOMPARE(asked, QStringList({QStringLiteral("p1"), QStringLiteral("p2")}));
}

void TestErasure::enrolled_theServerIsAsked()
{
    m_server->enrol();
    m_server->deliver(patientDocument("p1", kName, "Ada"));
    m_clinic.reset();
    m_clinic = m_test->open();
    const auto outcome = m_clinic->erasures().erasePatient(PatientId::known("p1"), "GDPR", "asked for");
    YARROW_VERIFY_OK(outcome);
    QVERIFY(outcome->isRequested);
    QVERIFY(m_server->find("Patient", "p1")->body.has_value());
    const auto requests = m_clinic->erasures().requests();
    QCOMPARE(requests->size(), std::size_t(1));
    QCOMPARE(requests->front().patient, std::string("p1"));
    QCOMPARE(requests->front().refusal, std::string());
}

QTEST_GUILESS_MAIN(TestErasure)
#include "tst_erasure.moc"
