// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/foreign_desk.h"

using namespace yarrow;
using namespace yarrow::testing;
using sync::HttpRequest;
using sync::Method;
using sync::Obstacle;
using sync::SyncReport;
using Habits = OtherFhirServer::Habits;

namespace {

std::optional<sync::TransportError> answered()
{
    return std::nullopt;
}

Json withGender(Json patient, std::string_view gender)
{
    patient.set("gender", gender);
    return patient;
}

Json insured(Json patient, std::string_view number)
{
    Json identifier = Json::object();
    identifier.set("system", "https://insurance.example/family");
    identifier.set("value", number);
    patient.set("identifier", Json::array());
    patient.arrayAt("identifier").append(std::move(identifier));
    return patient;
}

Habits careless()
{
    Habits habits;
    habits.honoursIfMatch = false;
    return habits;
}

Habits ownIds()
{
    Habits habits;
    habits.takesClientIds = false;
    return habits;
}

} // namespace

/// What is sent to servers that are not ours, and what becomes of it when they are careless, or strict, or
/// cut the line.
class TestOtherServersWrites : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEditOnTop_ofWhatIsPutBack_isAConflict()
    {
        OtherFhirServer server(careless());
        server.put(withPhone(patientDocument("p1", "Marino", "Ada"), "1"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.put(withGender(desk.present("Patient", "p1"), "female"));
        bool done = false;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            if (request.method == Method::Put && !isDone && !done) {
                done = true;
                server.put(withPhone(server.present("Patient", "p1"), "2"));
                desk.put(withPhone(desk.present("Patient", "p1"), "3"));
            }
            return answered();
        };
        (void)desk.sync();
        QVERIFY(done);
        QCOMPARE(desk.conflicts(), 1);
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("2"));
        QCOMPARE(server.present("Patient", "p1")["gender"].string(), "female");
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE type = 'Task' AND body LIKE '%\\\"3\\\"%'"),
                 1);
    }

    void whatWasPassedOver_isFoundAfterALostLine_data()
    {
        QTest::addColumn<bool>("losesAnswer");
        QTest::newRow("the answer to the write") << true;
        QTest::newRow("the look at the history") << false;
    }
    void whatWasPassedOver_isFoundAfterALostLine()
    {
        QFETCH(bool, losesAnswer);
        OtherFhirServer server(careless());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.put(withPhone(desk.present("Patient", "p1"), "1"));
        bool passed = false;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            if (request.method == Method::Put && !isDone && !passed) {
                passed = true;
                server.put(withGender(server.present("Patient", "p1"), "female"));
            }
            const bool isLost = losesAnswer ? request.method == Method::Put && isDone
                                            : passed && request.url.starts_with("Patient/p1/_history");
            return isLost ? std::optional(cut(true)) : answered();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        server.fault = {};
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.present("Patient", "p1")["gender"].string(), "female");
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("1"));
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
    }

    void aWriteOverADeletion_isAConflict()
    {
        OtherFhirServer server(careless());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.put(withPhone(desk.present("Patient", "p1"), "1"));
        bool done = false;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            if (request.method == Method::Put && !isDone && !std::exchange(done, true))
                server.remove("Patient", "p1");
            return answered();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.number("SELECT count(*) FROM conflict_index WHERE open = 1 AND kind = 'edit-deleted'"),
                 1);
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("1"));
    }

    void aDeletionOverAnEdit_isAConflict_andTheEditStands()
    {
        OtherFhirServer server(careless());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.remove("Patient", "p1");
        bool done = false;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            if (request.method == Method::Delete && !isDone && !std::exchange(done, true))
                server.put(withPhone(server.present("Patient", "p1"), "2"));
            return answered();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(done);
        QCOMPARE(desk.number("SELECT count(*) FROM conflict_index WHERE open = 1 AND kind = 'delete-edited'"),
                 1);
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("2"));
        QCOMPARE(phoneOf(desk.present("Patient", "p1")), std::string("2"));
    }

    void aFamilysNumber_makesNoOnePersonOfTwo_data()
    {
        QTest::addColumn<bool>("findsByTag");
        QTest::addColumn<int>("patients");
        QTest::newRow("by tag") << true << 2;
        QTest::newRow("the condition finds anything") << false << 1;
    }
    void aFamilysNumber_makesNoOnePersonOfTwo()
    {
        QFETCH(bool, findsByTag);
        QFETCH(int, patients);
        Habits habits = ownIds();
        habits.findsByTag = findsByTag;
        OtherFhirServer server(habits);
        server.put(insured(patientDocument("f1", "Marino", "Ada"), "77"));
        ForeignDesk desk(server);
        desk.put(insured(patientDocument("p2", "Marino", "Bruno"), "77"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), static_cast<std::size_t>(patients));
        QCOMPARE(server.present("Patient", "f1")["name"][0]["given"][0].string(), "Ada");
        QCOMPARE(desk.present("Patient", "f1")["name"][0]["given"][0].string(), "Ada");
        QCOMPARE(desk.present("Patient", "p2")["name"][0]["given"][0].string(), "Bruno");
        QCOMPARE(desk.conflicts(), 0);
        QCOMPARE(desk.number("SELECT count(*) FROM quarantine WHERE code = 'another-record'"), 2 - patients);
    }

    void aLostCreation_isRecognised_data()
    {
        QTest::addColumn<bool>("findsByTag");
        QTest::addColumn<bool>("searchesLag");
        QTest::addColumn<bool>("stripsTags");
        QTest::addColumn<bool>("rewrites");
        QTest::newRow("by its tag") << true << false << false << false;
        QTest::newRow("by its tag, and changed") << true << false << false << true;
        QTest::newRow("when tags cannot be searched") << false << false << false << false;
        QTest::newRow("when searches lag behind") << true << true << false << false;
        QTest::newRow("when tags are not kept") << true << false << true << false;
        QTest::newRow("when tags are neither kept nor searched") << false << false << true << false;
    }
    void aLostCreation_isRecognised()
    {
        Habits habits = ownIds();
        QFETCH(bool, findsByTag);
        QFETCH(bool, searchesLag);
        QFETCH(bool, stripsTags);
        QFETCH(bool, rewrites);
        habits.findsByTag = findsByTag;
        habits.searchesLag = searchesLag;
        habits.stripsTags = stripsTags;
        habits.rewrites = rewrites;
        OtherFhirServer server(habits);
        ForeignDesk desk(server);
        const Json patient = patientDocument("p1", "Marino", "Ada");
        desk.put(stripsTags ? insured(patient, "77") : patient);
        server.fault = [](const HttpRequest& request, bool isDone) {
            return isDone && request.method == Method::Post ? std::optional(cut(true)) : answered();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        server.fault = {};
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), 1U);
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE type = 'Patient' AND deleted = 0"), 1);
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
        desk.put(withPhone(desk.present("Patient", "p1"), "5"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(server.present("Patient", server.idsOf("Patient").front())), std::string("5"));
    }

    void oneRecordThatBreaksTheServer_keepsNoOtherBack()
    {
        OtherFhirServer server;
        ForeignDesk desk(server);
        desk.put(patientDocument("bad", "Marino", "Ada"));
        desk.put(patientDocument("good", "Keller", "Bruno"));
        server.refuses = [](const HttpRequest& request) {
            return request.method == Method::Put && request.url == "Patient/bad" ? 500 : 0;
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::ServerError);
        for (int i = 0; i < 3; ++i) {
            desk.put(patientDocument("good" + std::to_string(i), "Keller", "Bruno"));
            QCOMPARE(desk.sync().obstacle, Obstacle::None); // what is known to fail holds nothing up
            QVERIFY(server.present("Patient", "good" + std::to_string(i)).isObject());
            QCOMPARE(desk.waiting(), 1);
        }
        QCOMPARE(desk.number("SELECT status FROM quarantine"), 500); // it rests
        server.refuses = {};
        QCOMPARE(desk.sync().pushed, 0);
        YARROW_VERIFY_OK(desk.clinic().exchange().retry("Patient", "bad"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(server.present("Patient", "bad").isObject());
        QCOMPARE(desk.waiting(), 0);
    }

    void withoutTasks_aSettlementStillReachesTheServer()
    {
        Habits habits;
        habits.keepsTasks = false;
        OtherFhirServer server(habits);
        server.put(withPhone(patientDocument("p1", "Marino", "Ada"), "1"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        server.put(withPhone(server.present("Patient", "p1"), "2"));
        desk.put(withPhone(desk.present("Patient", "p1"), "3"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.conflicts(), 1);
        const auto id = [&desk] {
            Query query(desk.connection(), "SELECT id FROM conflict_index WHERE open = 1");
            return query.step() ? query.string(0) : std::string();
        }();
        const auto shown = desk.clinic().conflicts().show(id);
        QVERIFY(shown);
        std::vector<Conflict::Choice> choices;
        for (const auto& element : shown->conflict.elements)
            choices.push_back({element.path, Conflict::Choice::Take::Mine, {}});
        QVERIFY(desk.clinic().conflicts().settle(id, choices));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("3"));
        desk.put(withGender(desk.present("Patient", "p1"), "female"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.present("Patient", "p1")["gender"].string(), "female");
    }

    void whatWasDeleted_isBroughtBack_data()
    {
        QTest::addColumn<bool>("namesDeletions");
        QTest::addColumn<bool>("takesClientIds");
        QTest::addColumn<bool>("says410");
        QTest::newRow("deletions have versions") << true << true << true;
        QTest::newRow("deletions have none") << false << true << true;
        QTest::newRow("deletions leave nothing") << false << true << false;
        QTest::newRow("ids of its own") << false << false << true;
    }
    void whatWasDeleted_isBroughtBack()
    {
        Habits habits;
        QFETCH(bool, namesDeletions);
        QFETCH(bool, takesClientIds);
        QFETCH(bool, says410);
        habits.namesDeletions = namesDeletions;
        habits.takesClientIds = takesClientIds;
        habits.says410 = says410;
        OtherFhirServer server(habits);
        const Json patient = patientDocument("p1", "Marino", "Ada");
        ForeignDesk desk(server);
        desk.put(patient);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.remove("Patient", "p1");
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), 0U);
        desk.put(patient);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), 1U);
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE type = 'Patient' AND deleted = 0"), 1);
        desk.put(withPhone(desk.present("Patient", "p1"), "5"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(server.present("Patient", server.idsOf("Patient").front())), std::string("5"));
    }

    /// A lost answer is found by reading; what is read need not be what was sent.
    void whatSomebodyDeletedBeforeItsAnswerCame_doesNotComeBack_data()
    {
        QTest::addColumn<bool>("tellsHistory");
        QTest::addColumn<bool>("says410");
        QTest::addColumn<bool>("answersMinimal");
        QTest::newRow("by its history") << true << true << false;
        QTest::newRow("by 410") << false << true << false;
        QTest::newRow("by an answer without a document") << false << false << true;
    }
    void whatSomebodyDeletedBeforeItsAnswerCame_doesNotComeBack()
    {
        QFETCH(bool, tellsHistory);
        QFETCH(bool, says410);
        QFETCH(bool, answersMinimal);
        Habits habits;
        habits.systemHistory = habits.typeHistory = habits.instanceHistory = tellsHistory;
        habits.says410 = says410;
        habits.rewrites = true;
        habits.answersMinimal = answersMinimal;
        OtherFhirServer server(habits);
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        const std::string id = "0197a1c2-9d44-7a6e-8c1b-0d6a3c5b7e21"; // as this workstation draws them
        desk.put(patientDocument(id, "Marino", "Ada"));
        bool isSent = false;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            const bool isWrite = request.method == Method::Put;
            const bool isLost = answersMinimal ? isSent && !isWrite : isWrite && isDone;
            isSent = isSent || (isWrite && isDone);
            return isLost ? std::optional(cut(true)) : answered();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        QVERIFY(isSent);
        server.fault = {};
        server.remove("Patient", id);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.versionsOf("Patient", id), 2U);
        QVERIFY(desk.present("Patient", id).isNull());
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
    }

    void theSameMadeByAnother_isNotTakenForTheLostOne()
    {
        OtherFhirServer server(ownIds());
        ForeignDesk here(server);
        ForeignDesk there(server);
        QCOMPARE(here.sync().obstacle, Obstacle::None);
        here.put(insured(patientDocument("p1", "Marino", "Ada"), "77"));
        server.fault = [](const HttpRequest& request, bool) {
            return request.method == Method::Post ? std::optional(cut(true)) : answered();
        };
        QCOMPARE(here.sync().obstacle, Obstacle::Offline);
        QCOMPARE(server.idsOf("Patient").size(), 0U);
        server.fault = {};
        there.put(insured(patientDocument("p2", "Marino", "Ada"), "77"));
        QCOMPARE(there.sync().obstacle, Obstacle::None);
        QCOMPARE(here.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), 2U);
        QCOMPARE(here.waiting(), 0);
        QCOMPARE(here.number("SELECT count(*) FROM resource WHERE type = 'Patient' AND deleted = 0"), 2);
    }

    /// Two workstations bring in one file, and so the same ids.
    void anImportedRecordThatAnotherBroughtInToo_isNotTakenForALostUpload()
    {
        Habits habits;
        habits.rewrites = true;
        OtherFhirServer server(habits);
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        const std::string id = "6f1c2b1e-9d44-4a6e-8c1b-0d6a3c5b7e21";
        desk.put(withPhone(patientDocument(id, "Marino", "Ada"), "1"));
        server.fault = [](const HttpRequest& request, bool) {
            return request.method == Method::Put ? std::optional(cut(true)) : answered();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        QCOMPARE(server.versionsOf("Patient", id), 0U);
        server.fault = {};
        server.put(withPhone(patientDocument(id, "Marino", "Ada"), "2"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(server.present("Patient", id)), std::string("2"));
        QCOMPARE(desk.conflicts(), 1); // a person decides which number is right
    }

    void whatBelongsTogether_isSentWhenItsOtherPartFailedBefore()
    {
        OtherFhirServer server;
        server.types.emplace_back("RelatedPerson");
        ForeignDesk desk(server);
        desk.put(patientDocument("p1", "Marino", "Ada"));
        desk.put(patientDocument("p2", "Marino", "Bruno"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.clinic()
                    .families()
                    .add(PatientId::known("p1"), PatientId::known("p2"), Relation::Sibling, {true, true})
                    .has_value());
        server.refuses = [](const HttpRequest& request) {
            return request.url.starts_with("RelatedPerson/") && !request.url.starts_with("RelatedPerson/_")
                       ? 500
                       : 0;
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::ServerError);
        QVERIFY(server.present("Patient", "p2")["link"].isNull()); // not before what it refers to
        QVERIFY(desk.waiting() > 1);
        server.refuses = {};
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(server.idsOf("RelatedPerson").size(), 1U);
    }

    void behindAWindowOfWhatWaitsForOthers_theRestIsSent()
    {
        Habits habits;
        habits.checksReferences = true;
        OtherFhirServer server(habits);
        ForeignDesk desk(server);
        desk.put(json(R"({"resourceType":"Condition","id":"c1","code":{"text":"Cough"}})")); // not kept there
        QCOMPARE(desk.sync().quarantined, 1);
        Transaction transaction(desk.connection());
        Query(desk.connection(),
              "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 10000) "
              "INSERT INTO resource (type, id, body, changed_at) SELECT 'Observation', 'o' || i, "
              "json_object('resourceType', 'Observation', 'id', 'o' || i, 'status', 'final', 'focus', "
              "json_array(json_object('reference', 'Condition/c1'))), 0 FROM n")
            .run();
        Query(desk.connection(),
              "INSERT INTO edit (resource, author, device, at, document) SELECT pk, '', '', "
              "'2026-03-02T09:00:00Z', body FROM resource WHERE type = 'Observation'")
            .run();
        transaction.commit();
        desk.put(patientDocument("p1", "Marino", "Ada"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(server.present("Patient", "p1").isObject());
    }
};

QTEST_GUILESS_MAIN(TestOtherServersWrites)
#include "tst_other_servers_writes.moc"
