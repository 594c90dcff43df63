// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "tests/simulation/model_server.h"

#include <QtTest>

using namespace yarrow::simulation;
using yarrow::Json;
using yarrow::sync::HttpRequest;
using yarrow::sync::HttpResponse;
using yarrow::sync::Method;

static constexpr std::int64_t kNow = 1'772'442'000'000'000;

// Their raw strings would keep moc from seeing the class below.
static std::string patient(const std::string& id, const std::string& family);
static std::string entry(const std::string& method, const std::string& url, const std::string& resource,
                         const std::string& condition, const std::string& author = "dr");
static std::string bundle(const std::string& type, const std::string& entries);

/// A model with a workstation of all areas and one of the front desk, and requests as they send them.
class ModelServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void create_isKnownByItsOperation();
    void update_needsTheVersionItWasMadeFrom();
    void aDeletedRecord_isGone_andComesBackOnlyByName();
    void slotTaken_namesWhoHoldsIt();
    void transaction_isAllOrNothing();
    void batch_doesWhatIsRight();
    void author_isCheckedPerEntry();
    void feed_isAscending_inPages_withWhatItHolds();
    void feed_tellsWhatLeftTheScope();
    void feed_belowTheFloor_isGone();
    void backup_hasAnotherEpoch_andKnowsNothingNewer();
    void revokedWorkstation_isRefused();

private:
    HttpResponse send(Method method, const std::string& url, const std::string& body = {},
                      std::vector<std::pair<std::string, std::string>> headers = {},
                      const std::string& device = "all")
    {
        HttpRequest request;
        request.method = method;
        request.url = url;
        request.body = body;
        request.headers.add("Content-Type", "application/fhir+json");
        request.headers.add("Yarrow-Author", "dr");
        for (auto& [name, value] : headers)
            request.headers.add(name, value);
        return m_server->handle(device, request, kNow + 1000 * ++m_requests).response;
    }
    HttpResponse putPatient(const std::string& id, const std::string& family, const std::string& ifMatch = {},
                            const std::string& operation = {})
    {
        std::vector<std::pair<std::string, std::string>> headers;
        if (ifMatch.empty())
            headers.emplace_back("If-None-Match", "*");
        else
            headers.emplace_back("If-Match", "W/\"" + ifMatch + "\"");
        if (!operation.empty())
            headers.emplace_back("Yarrow-Operation", operation);
        return send(Method::Put, "fhir/Patient/" + id, patient(id, family), headers);
    }
    static std::string codeOf(const HttpResponse& response)
    {
        return std::string(json(response)["issue"][0]["details"]["coding"][0]["code"].string());
    }
    static Json json(const HttpResponse& response) { return *Json::parse(response.body); }
    static std::string feedMember(const Json& page, const std::string& name)
    {
        for (const Json& extension : page["meta"]["extension"].items()) {
            if (extension["url"].string().ends_with("/feed-" + name))
                return std::string(
                    extension[extension.contains("valueString") ? "valueString" : "valueInstant"].string());
        }
        return {};
    }
    static constexpr const char* kAbsent = ",\"ifNoneMatch\":\"*\"";

    std::unique_ptr<ModelServer> m_server;
    int m_requests = 0;
};

void ModelServerTest::init()
{
    m_server = std::make_unique<ModelServer>();
    yarrow::server::AreaSet desk;
    desk.insert(yarrow::server::Area::PatientIdentity);
    m_server->devices["all"] = {"all", yarrow::server::AreaSet::all(), false};
    m_server->devices["desk"] = {"desk", desk, false};
    m_server->records.authors["dr"] = {yarrow::server::Role::Admin, true};
    m_server->records.authors["desk"] = {yarrow::server::Role::Receptionist, true};
}

void ModelServerTest::create_isKnownByItsOperation()
{
    const HttpResponse first = putPatient("p1", "Reed", {}, "op-1");
    QCOMPARE(first.status, 201);
    QCOMPARE(QByteArray::fromStdString(std::string(first.headers.find("ETag"))), "W/\"lineage1.1\"");
    const HttpResponse second = putPatient("p1", "Reed", {}, "op-1");
    QCOMPARE(second.status, 201);
    QCOMPARE(second.body, first.body);
    QCOMPARE(m_server->records.seq(), 1);
    QCOMPARE(putPatient("p1", "Reed").status, 412);
    QCOMPARE(putPatient("p2", "Reed", {}, "op-1").status, 409);
}

void ModelServerTest::update_needsTheVersionItWasMadeFrom()
{
    putPatient("p1", "Reed");
    QCOMPARE(putPatient("p1", "Rush", "lineage1.1").status, 200);
    const HttpResponse late = putPatient("p1", "Fern", "lineage1.1");
    QCOMPARE(late.status, 412);
    QCOMPARE(codeOf(late), "version-conflict");
    const HttpResponse bare = send(Method::Put, "fhir/Patient/p1", patient("p1", "Fern"));
    QCOMPARE(bare.status, 428);
    QCOMPARE(putPatient("p9", "Fern", "lineage1.1").status, 404);
    const HttpResponse ahead = putPatient("p1", "Fern", "lineage1.9");
    QCOMPARE(codeOf(ahead), "epoch-changed");
    QCOMPARE(m_server->records.epoch(), "lineage2");
}

void ModelServerTest::aDeletedRecord_isGone_andComesBackOnlyByName()
{
    putPatient("p1", "Reed");
    QCOMPARE(send(Method::Delete, "fhir/Patient/p1").status, 428);
    QCOMPARE(send(Method::Delete, "fhir/Patient/p1", {}, {{"If-Match", "W/\"lineage1.1\""}}).status, 204);
    QCOMPARE(send(Method::Get, "fhir/Patient/p1").status, 410);
    QCOMPARE(putPatient("p1", "Reed", "lineage1.1").status, 410);
    QCOMPARE(send(Method::Delete, "fhir/Patient/p1", {}, {{"If-Match", "W/\"lineage1.1\""}}).status, 204);
    QCOMPARE(putPatient("p1", "Reed", "lineage1.2").status, 201);
    QCOMPARE(m_server->records.seq(), 3);
}

void ModelServerTest::slotTaken_namesWhoHoldsIt()
{
    const auto book = [&](const std::string& id, const std::string& status) {
        return send(Method::Put, "fhir/Appointment/" + id,
                    R"({"resourceType":"Appointment","id":")" + id + R"(","status":")" + status +
                        R"(","start":"2026-03-09T08:00:00Z","end":"2026-03-09T08:30:00Z","participant":[)" +
                        R"({"actor":{"reference":"Practitioner/dr1"},"status":"accepted"}]})",
                    {{"If-None-Match", "*"}});
    };
    QCOMPARE(book("a1", "booked").status, 201);
    const HttpResponse taken = book("a2", "booked");
    QCOMPARE(taken.status, 409);
    QCOMPARE(codeOf(taken), "slot-taken");
    QVERIFY(taken.body.find("Appointment/a1") != std::string::npos);
    QCOMPARE(book("a2", "pending").status, 201);
}

void ModelServerTest::transaction_isAllOrNothing()
{
    putPatient("p1", "Reed");
    const std::string entries = entry("PUT", "Patient/p2", patient("p2", "Rush"), kAbsent) + "," +
                                entry("PUT", "Patient/p1", patient("p1", "Rush"), kAbsent);
    const HttpResponse refused = send(Method::Post, "fhir", bundle("transaction", entries));
    QCOMPARE(refused.status, 412);
    QVERIFY(refused.body.find("Bundle.entry[1]") != std::string::npos);
    QCOMPARE(m_server->records.seq(), 1);
}

void ModelServerTest::batch_doesWhatIsRight()
{
    putPatient("p1", "Reed");
    const std::string entries = entry("PUT", "Patient/p2", patient("p2", "Rush"), kAbsent) + "," +
                                entry("PUT", "Patient/p1", patient("p1", "Rush"), kAbsent) + "," +
                                entry("GET", "Patient/p1", {}, {});
    const HttpResponse answer =
        send(Method::Post, "fhir", bundle("batch", entries), {{"Prefer", "return=representation"}});
    QCOMPARE(answer.status, 200);
    const Json answered = json(answer);
    QCOMPARE(std::string(answered["entry"][0]["response"]["status"].string()), "201 Created");
    QCOMPARE(std::string(answered["entry"][0]["resource"]["id"].string()), "p2");
    QCOMPARE(std::string(answered["entry"][1]["response"]["status"].string()), "412 Precondition Failed");
    QCOMPARE(std::string(answered["entry"][2]["resource"]["id"].string()), "p1");
}

void ModelServerTest::author_isCheckedPerEntry()
{
    const std::string allergy =
        R"({"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/p1"}})";
    const std::string entries = entry("PUT", "AllergyIntolerance/a1", allergy, kAbsent, "desk") + "," +
                                entry("PUT", "Patient/p1", patient("p1", "Reed"), kAbsent, "desk") + "," +
                                entry("PUT", "Patient/p2", patient("p2", "Reed"), kAbsent, "nobody");
    const Json answered = json(send(Method::Post, "fhir", bundle("batch", entries)));
    QCOMPARE(std::string(answered["entry"][0]["response"]["status"].string()), "403 Forbidden");
    QCOMPARE(std::string(answered["entry"][1]["response"]["status"].string()), "201 Created");
    QCOMPARE(std::string(answered["entry"][2]["response"]["status"].string()), "403 Forbidden");
}

void ModelServerTest::feed_isAscending_inPages_withWhatItHolds()
{
    for (const char* id : {"p1", "p2", "p3"})
        putPatient(id, "Reed");
    putPatient("p1", "Rush", "lineage1.1");
    const Json first = json(send(Method::Get, "fhir/_history?_sort=_lastUpdated&_count=3"));
    QCOMPARE(first["entry"].items().size(), std::size_t{3});
    QCOMPARE(feedMember(first, "epoch"), "lineage1");
    QCOMPARE(feedMember(first, "scope"), "all");
    QCOMPARE(feedMember(first, "count"), "3");
    const std::string next(first["link"][1]["url"].string());
    QVERIFY(next.starts_with(ModelServer::kAddress));
    const Json second = json(send(Method::Get, next));
    QCOMPARE(second["entry"].items().size(), std::size_t{1});
    QCOMPARE(std::string(second["entry"][0]["response"]["etag"].string()), "W/\"lineage1.4\"");
    QCOMPARE(second["link"].items().size(), std::size_t{1});

    const std::string since(first["entry"][2]["response"]["lastModified"].string());
    const Json again = json(send(Method::Get, "fhir/_history?_sort=_lastUpdated&_since=" + since));
    QCOMPARE(again["entry"].items().size(), std::size_t{2});
    QCOMPARE(send(Method::Get, "fhir/_history?_page=none").status, 400);
}

void ModelServerTest::feed_tellsWhatLeftTheScope()
{
    const auto observation = [&](const std::string& category, const std::string& ifMatch) {
        std::vector<std::pair<std::string, std::string>> headers{{"If-None-Match", "*"}};
        if (!ifMatch.empty())
            headers = {{"If-Match", ifMatch}};
        return send(Method::Put, "fhir/Observation/o1",
                    R"({"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},)"
                    R"("category":[{"coding":[{"system":)"
                    R"("http://terminology.hl7.org/CodeSystem/observation-category","code":")" +
                        category + R"("}]}]})",
                    headers);
    };
    m_server->records.authors["dr"].role = yarrow::server::Role::Doctor;
    m_server->devices["desk"].areas.insert(yarrow::server::Area::Vitals);
    QCOMPARE(observation("vital-signs", {}).status, 201);
    QCOMPARE(observation("laboratory", "W/\"lineage1.1\"").status, 200);
    const Json page = json(send(Method::Get, "fhir/_history?_sort=_lastUpdated", {}, {}, "desk"));
    QCOMPARE(page["entry"].items().size(), std::size_t{2});
    QCOMPARE(std::string(page["entry"][1]["response"]["status"].string()), "403 Forbidden");
    QVERIFY(!page["entry"][1].contains("resource"));
    QCOMPARE(feedMember(page, "count"), "0");
}

void ModelServerTest::feed_belowTheFloor_isGone()
{
    putPatient("p1", "Reed");
    putPatient("p1", "Rush", "lineage1.1");
    putPatient("p2", "Fern");
    m_server->records.raiseFloor(2);
    const HttpResponse gone =
        send(Method::Get, "fhir/_history?_sort=_lastUpdated&_since=2026-03-01T00:00:00Z");
    QCOMPARE(gone.status, 410);
    QCOMPARE(codeOf(gone), "feed-floor");
    const Json whole = json(send(Method::Get, "fhir/_history?_sort=_lastUpdated"));
    QCOMPARE(whole["entry"].items().size(), std::size_t{2});
}

void ModelServerTest::backup_hasAnotherEpoch_andKnowsNothingNewer()
{
    putPatient("p1", "Reed");
    const ModelRecords backup = m_server->records;
    putPatient("p2", "Reed");
    m_server->records.restore(backup);
    QCOMPARE(m_server->records.seq(), 1);
    QCOMPARE(m_server->records.epoch(), "lineage2");
    QCOMPARE(send(Method::Get, "fhir/Patient/p2").status, 404);
    const HttpResponse refused = send(Method::Put, "fhir/Patient/p3", patient("p3", "Reed"),
                                      {{"If-None-Match", "*"}, {"Yarrow-Epoch", "lineage1"}});
    QCOMPARE(refused.status, 412);
    QCOMPARE(codeOf(refused), "epoch-changed");
    m_server->records.restore(backup);
    QCOMPARE(m_server->records.epoch(), "lineage3");
}

void ModelServerTest::revokedWorkstation_isRefused()
{
    m_server->devices["all"].revoked = true;
    QCOMPARE(send(Method::Get, "fhir/_history").status, 401);
}

static std::string patient(const std::string& id, const std::string& family)
{
    return R"({"resourceType":"Patient","id":")" + id + R"(","name":[{"family":")" + family + R"("}]})";
}

static std::string entry(const std::string& method, const std::string& url, const std::string& resource,
                         const std::string& condition, const std::string& author)
{
    return R"({"extension":[{"url":"https://yarrow.example/fhir/StructureDefinition/author","valueString":")" +
           author + R"("}],)" + (resource.empty() ? "" : R"("resource":)" + resource + ",") +
           R"("request":{"method":")" + method + R"(","url":")" + url + "\"" + condition + "}}";
}

static std::string bundle(const std::string& type, const std::string& entries)
{
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
}

QTEST_GUILESS_MAIN(ModelServerTest)
#include "tst_model_server.moc"
