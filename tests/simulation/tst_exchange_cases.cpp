// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/related_person_fhir.h"
#include "models/store/commands/family_commands.h"
#include "models/store/records/record_numbers.h"
#include "models/store/records/sync_records.h"
#include "sync/engine/tunables.h"
#include "tests/simulation/one_workstation.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::testing;
namespace tunables = yarrow::sync::tunables;
using simulation::OneWorkstation;
using sync::Obstacle;

/// Cases of the exchange that take particular records: one workstation, and what others do meanwhile.
class TestExchangeCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_desk = std::make_unique<OneWorkstation>(
            std::initializer_list<server::Area>{server::Area::PatientIdentity, server::Area::Appointments,
                                                server::Area::ClinicalRecord, server::Area::Directory});
    }
    void cleanup() { m_desk.reset(); }

    void aContactChangedAtTwoDesks_isAConflict();
    void aContactRemovedElsewhere_isAConflict();
    void aMerge_goesOn_whereOneRecordDisputes();
    void aTakenNumber_isReplacedInEveryWaitingChange();
    void aConflictAboutAnErasedPatientsAppointment_isOpened();
    void manyDeletions_areAskedAbout_beforeTheFirstIsTaken();
    void aFewDeletions_areTaken();
    void aNarrowedScope_takesTheRecordsAway_withoutAskingForEach();
    void aSummaryThatDiffers_isMendedByASweep();
    void anEditOfWhatWasDeletedLongAgo_isAConflict();
    void aUnitWithWhatWasDeletedLongAgo_goesOnWithoutIt();
    void anEditOfWhatLeftTheScope_isRefusedByTheServer_andItsCopyGoesWithIt();
    void whatLeftTheScope_whileTheServerWasRestored_isDropped();
    void aDeletionBehindAUnit_isNotLost_whenTheServerWasRestored();
    void aRing_isSentInOneTransaction();

private:
    std::string put(const Json& document)
    {
        const auto written = m_desk->clinic->resources().put(document, {});
        if (!written)
            qFatal("put: %s", written.error().context.c_str());
        return std::string(document["id"].string());
    }
    std::int64_t livePatients() const
    {
        return std::stoll(
            m_desk->text("SELECT count(*) FROM resource WHERE type = 'Patient' AND deleted = 0"));
    }
    /// Patients that the server has and this workstation gets; the doctor's clinic has none before.
    void fillServer(int count)
    {
        for (int i = 0; i < count; ++i)
            m_desk->putElsewhere(patientDocument("p" + std::to_string(i), "Keller", "Ada"));
        QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
        QCOMPARE(livePatients(), count);
    }
    /// Lets the server answer in pages of so many.
    void cutPages(int entries)
    {
        m_desk->intercept =
            [this, entries](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
            const std::string usual = "_count=" + std::to_string(tunables::kPageEntries);
            const std::size_t at = request.url.find(usual);
            if (at == std::string::npos)
                return std::nullopt;
            sync::HttpRequest cut = request;
            cut.url.replace(at, usual.size(), "_count=" + std::to_string(entries));
            return m_desk->server.handle("desk", cut, m_desk->now()).response;
        };
    }
    /// The workstation gets vital signs and nothing else of the clinical record.
    void holdVitalsOnly()
    {
        server::AreaSet areas;
        areas.insert(server::Area::PatientIdentity);
        areas.insert(server::Area::Vitals);
        m_desk->server.devices["desk"].areas = areas;
    }
    static Json observation(const std::string& id, bool isVitalSign)
    {
        Json document = json("{\"resourceType\":\"Observation\",\"status\":\"final\","
                             "\"subject\":{\"reference\":\"Patient/p\"},"
                             "\"code\":{\"text\":\"Temperature\"}}");
        document.set("id", id);
        document.arrayAt("category")
            .append(json(isVitalSign ? "{\"coding\":[{\"code\":\"vital-signs\"}]}"
                                     : "{\"coding\":[{\"code\":\"laboratory\"}]}"));
        return document;
    }
    /// Those that are here.
    std::string observations() const
    {
        return m_desk->text("SELECT coalesce(group_concat(id), '') FROM (SELECT id FROM resource "
                            "WHERE type = 'Observation' AND deleted = 0 ORDER BY id)");
    }
    /// The server's document with another text in it.
    Json changed(const std::string& type, const std::string& id, const std::string& from,
                 const std::string& to) const
    {
        std::string text = m_desk->atServer(type, id).dump();
        const std::size_t at = text.find(from);
        if (at == std::string::npos)
            qFatal("%s is not in %s", from.c_str(), text.c_str());
        return json(text.replace(at, from.size(), to));
    }
    /// Registers a patient and a contact of theirs, and brings both to the server.
    void registerWithContact()
    {
        put(patientDocument("p", "Keller", "Ada"));
        put(json(
            R"({"resourceType":"RelatedPerson","id":"c","active":true,"patient":{"reference":"Patient/p"},)"
            R"("relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode",)"
            R"("code":"MTH"}]}],"name":[{"family":"Keller","given":["Rosa"]}],)"
            R"("telecom":[{"system":"phone","use":"mobile","value":"555-0101"}]})"));
        QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    }
    void changeContactHere(const QString& phone)
    {
        const auto read = m_desk->clinic->resources().get("RelatedPerson", "c");
        RelatedPerson person = *fhir::readRelatedPerson(read->document);
        person.telecoms.front().value = phone;
        YARROW_VERIFY_OK(m_desk->clinic->families().save(person, read->revision));
    }
    std::string conflict() const
    {
        return m_desk->text("SELECT body FROM resource WHERE type = 'Task' AND deleted = 0");
    }

    std::unique_ptr<OneWorkstation> m_desk;
};

void TestExchangeCases::aContactChangedAtTwoDesks_isAConflict()
{
    registerWithContact();
    m_desk->putElsewhere(changed("RelatedPerson", "c", "555-0101", "555-0103"));
    changeContactHere(QStringLiteral("555-0102"));
    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.conflicts, 1);
    QVERIFY(conflict().find("555-0102") != std::string::npos);
    QVERIFY(m_desk->atServer("RelatedPerson", "c").dump().find("555-0103") != std::string::npos);
}

void TestExchangeCases::aContactRemovedElsewhere_isAConflict()
{
    registerWithContact();
    m_desk->removeElsewhere("RelatedPerson", "c");
    changeContactHere(QStringLiteral("555-0102"));
    QCOMPARE(m_desk->cycle().conflicts, 1);
    QVERIFY(conflict().find("555-0102") != std::string::npos);
}

void TestExchangeCases::aMerge_goesOn_whereOneRecordDisputes()
{
    for (const char* id : {"kept", "gone", "other"})
        put(patientDocument(id, "Keller", "Ada"));
    put(json(R"({"resourceType":"AllergyIntolerance","id":"a","code":{"text":"Nuts"},)"
             R"("patient":{"reference":"Patient/gone"}})"));
    put(json(R"({"resourceType":"AllergyIntolerance","id":"b","code":{"text":"Milk"},)"
             R"("patient":{"reference":"Patient/gone"}})"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    m_desk->putElsewhere(changed("AllergyIntolerance", "a", "Patient/gone", "Patient/other"));
    YARROW_VERIFY_OK(
        m_desk->clinic->merges().merge(PatientId::known("kept"), PatientId::known("gone"), "the same"));
    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.conflicts, 1);
    QVERIFY(conflict().find("Patient/kept") != std::string::npos);
    QCOMPARE(report.waiting, 0);
    QVERIFY(m_desk->atServer("Patient", "gone").dump().find("replaced-by") != std::string::npos);
    QVERIFY(m_desk->atServer("AllergyIntolerance", "b").dump().find("Patient/kept") != std::string::npos);
    QVERIFY(m_desk->atServer("AllergyIntolerance", "a").dump().find("Patient/other") != std::string::npos);
}

void TestExchangeCases::aTakenNumber_isReplacedInEveryWaitingChange()
{
    Transaction transaction(*m_desk->connection);
    record_numbers::addBlock(*m_desk->connection, 100, 200);
    transaction.commit();
    const auto numbered = [](const std::string& id, const std::string& family) {
        Json document = patientDocument(id, family, "Ada");
        document.set("identifier",
                     json(R"([{"use":"usual","type":{"coding":[{"system":)"
                          R"("http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},)"
                          R"("system":"https://yarrow.example/fhir/NamingSystem/mrn","value":"17"}])"));
        return document;
    };
    m_desk->putElsewhere(numbered("theirs", "Keller"));
    put(numbered("ours", "Marti"));
    put(json(R"({"resourceType":"AllergyIntolerance","id":"a","code":{"text":"Nuts"},)"
             R"("patient":{"reference":"Patient/ours"}})"));
    // Somebody else corrects the new record before it was ever sent: another author, so another version.
    const auto admin = m_desk->test.open();
    m_desk->server.records.authors[admin->actor().account.text()] = {server::Role::Admin, true};
    const auto read = admin->resources().get("Patient", "ours");
    Json corrected = read->document;
    corrected.set("gender", "female");
    YARROW_VERIFY_OK(admin->resources().put(corrected, {}));

    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.quarantined, 0);
    QCOMPARE(report.waiting, 0);
    const std::string ours = m_desk->atServer("Patient", "ours").dump();
    QVERIFY2(ours.find(R"("use":"old")") != std::string::npos, ours.c_str());
    QVERIFY(ours.find("female") != std::string::npos);
    QVERIFY(!m_desk->atServer("AllergyIntolerance", "a").isNull());
}

void TestExchangeCases::aConflictAboutAnErasedPatientsAppointment_isOpened()
{
    put(patientDocument("erased", "Keller", "Ada"));
    put(patientDocument("stays", "Marti", "Leo"));
    put(json(R"({"resourceType":"Appointment","id":"visit","status":"booked","start":"2026-03-09T09:00:00Z",)"
             R"("end":"2026-03-09T09:30:00Z","comment":"First","participant":[)"
             R"({"actor":{"reference":"Patient/erased"},"status":"accepted"},)"
             R"({"actor":{"reference":"Patient/stays"},"status":"accepted"}]})"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    {
        Transaction transaction(*m_desk->connection);
        SyncRecords records(*m_desk->connection, m_desk->test.clock, VersionOrder::Sequence);
        static_cast<void>(records.erase({"Patient", "erased", {}, {}, {}}));
        records.finish();
        transaction.commit();
    }
    QVERIFY(!m_desk->text("SELECT 1 FROM resource WHERE id = 'visit' AND deleted = 0").empty());
    m_desk->putElsewhere(changed("Appointment", "visit", "First", "Theirs"));
    const auto read = m_desk->clinic->resources().get("Appointment", "visit");
    Json mine = read->document;
    mine.set("comment", "Mine");
    YARROW_VERIFY_OK(m_desk->clinic->resources().put(mine, {}));
    QCOMPARE(m_desk->cycle().conflicts, 1);
    QVERIFY(conflict().find("Mine") != std::string::npos);
    QVERIFY(conflict().find("Patient/erased") == std::string::npos);
}

void TestExchangeCases::manyDeletions_areAskedAbout_beforeTheFirstIsTaken()
{
    constexpr int kAll = 200;
    constexpr int kPage = 60; // more than the few that pass unasked
    fillServer(kAll);
    for (int i = 0; i < 150; ++i)
        m_desk->removeElsewhere("Patient", "p" + std::to_string(i));
    cutPages(kPage);
    for (int again = 0; again < 3; ++again) {
        QCOMPARE(m_desk->cycle().obstacle, Obstacle::AskDeletions);
        QCOMPARE(livePatients(), kAll);
    }
    m_desk->deletionsAllowed = true;
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    QCOMPARE(livePatients(), kAll - 150);
}

void TestExchangeCases::aFewDeletions_areTaken()
{
    fillServer(60);
    for (int i = 0; i < 55; ++i)
        m_desk->putElsewhere(patientDocument("n" + std::to_string(i), "Marti", "Leo"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    for (int i = 0; i < 20; ++i)
        m_desk->removeElsewhere("Patient", "p" + std::to_string(i));
    cutPages(7);
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    QCOMPARE(livePatients(), 95);
}

void TestExchangeCases::aNarrowedScope_takesTheRecordsAway_withoutAskingForEach()
{
    fillServer(30);
    for (int i = 0; i < 20; ++i)
        m_desk->putElsewhere(json(R"({"resourceType":"AllergyIntolerance","id":"a)" + std::to_string(i) +
                                  R"(","code":{"text":"Nuts"},"patient":{"reference":"Patient/p1"}})"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    server::AreaSet areas;
    areas.insert(server::Area::PatientIdentity);
    m_desk->server.devices["desk"].areas = areas;
    int reads = 0;
    m_desk->intercept =
        [&reads](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
        reads += request.url.find("AllergyIntolerance/") != std::string::npos;
        return std::nullopt;
    };
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    QCOMPARE(m_desk->text("SELECT count(*) FROM resource WHERE type = 'AllergyIntolerance' AND deleted = 0"),
             std::string("0"));
    QCOMPARE(livePatients(), 30);
    QCOMPARE(reads, 0);
}

void TestExchangeCases::aSummaryThatDiffers_isMendedByASweep()
{
    fillServer(5);
    QVERIFY(m_desk->cycle().matchesServer);
    m_desk->connection->exec("UPDATE feed_summary SET live = live + 1, digest = zeroblob(16)");
    int beginnings = 0;
    m_desk->intercept =
        [&beginnings](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
        beginnings += request.url.find("_history") != std::string::npos &&
                      request.url.find("_since=") == std::string::npos &&
                      request.url.find("_page") == std::string::npos;
        return std::nullopt;
    };
    const sync::SyncReport report = m_desk->cycle();
    QVERIFY(report.matchesServer);
    QCOMPARE(beginnings, 1);
}

void TestExchangeCases::anEditOfWhatWasDeletedLongAgo_isAConflict()
{
    put(patientDocument("p", "Keller", "Ada"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    m_desk->removeElsewhere("Patient", "p");
    m_desk->server.records.raiseFloor(m_desk->server.records.seq()); // retention took the deletion
    put(patientDocument("p", "Marti", "Ada"));

    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.quarantined, 0);
    QCOMPARE(report.conflicts, 1);
    const std::string task = m_desk->text("SELECT id FROM conflict_index WHERE kind = 'edit-deleted'");
    QVERIFY(!task.empty());
    QVERIFY(conflict().find("Marti") != std::string::npos);

    // Who wants to keep what was edited has it again, everywhere.
    YARROW_VERIFY_OK(
        m_desk->clinic->conflicts().settle(task, {{{}, Conflict::Choice::Take::Mine, std::nullopt}}));
    QCOMPARE(m_desk->cycle().waiting, 0);
    QVERIFY(m_desk->atServer("Patient", "p").dump().find("Marti") != std::string::npos);
}

void TestExchangeCases::aUnitWithWhatWasDeletedLongAgo_goesOnWithoutIt()
{
    for (const char* id : {"kept", "gone"})
        put(patientDocument(id, "Keller", "Ada"));
    for (const char* id : {"a", "b"})
        put(json(R"({"resourceType":"AllergyIntolerance","id":")" + std::string(id) +
                 R"(","code":{"text":"Nuts"},"patient":{"reference":"Patient/gone"}})"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    m_desk->removeElsewhere("AllergyIntolerance", "a");
    m_desk->server.records.raiseFloor(m_desk->server.records.seq());
    YARROW_VERIFY_OK(
        m_desk->clinic->merges().merge(PatientId::known("kept"), PatientId::known("gone"), "the same"));
    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.quarantined, 0);
    QCOMPARE(report.conflicts, 1);
    QCOMPARE(report.waiting, 0);
    QVERIFY(conflict().find("AllergyIntolerance/a") != std::string::npos);
    QVERIFY(m_desk->atServer("AllergyIntolerance", "b").dump().find("Patient/kept") != std::string::npos);
    QVERIFY(m_desk->atServer("Patient", "gone").dump().find("replaced-by") != std::string::npos);
}

void TestExchangeCases::anEditOfWhatLeftTheScope_isRefusedByTheServer_andItsCopyGoesWithIt()
{
    holdVitalsOnly();
    put(patientDocument("p", "Keller", "Ada"));
    for (const char* id : {"edited", "untouched"})
        m_desk->putElsewhere(observation(id, true));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    QCOMPARE(observations(), std::string("edited,untouched"));
    for (const char* id : {"edited", "untouched"})
        m_desk->putElsewhere(observation(id, false));
    Json mine = m_desk->clinic->resources().get("Observation", "edited")->document;
    mine.set("comment", "Mine");
    YARROW_VERIFY_OK(m_desk->clinic->resources().put(mine, {}));

    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.quarantined, 1);
    QCOMPARE(m_desk->text("SELECT status || ' ' || code FROM quarantine"), std::string("403 outside-scope"));
    QCOMPARE(observations(), std::string("edited"));
    YARROW_VERIFY_OK(m_desk->clinic->exchange().discard("Observation", "edited", "no vital sign"));
    QCOMPARE(m_desk->cycle().waiting, 0);
    QCOMPARE(observations(), std::string());
    QVERIFY(m_desk->cycle().matchesServer);
}

void TestExchangeCases::whatLeftTheScope_whileTheServerWasRestored_isDropped()
{
    holdVitalsOnly();
    put(patientDocument("p", "Keller", "Ada"));
    m_desk->putElsewhere(observation("o", true));
    const simulation::ModelRecords backup = m_desk->server.records;
    Json later = observation("o", true);
    later.set("comment", "Later");
    m_desk->putElsewhere(later);
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    m_desk->server.records.restore(backup);
    m_desk->putElsewhere(observation("o", false));

    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.quarantined, 0);
    QCOMPARE(report.waiting, 0);
    QCOMPARE(observations(), std::string());
    QVERIFY(m_desk->cycle().matchesServer);
    QVERIFY(m_desk->atServer("Observation", "o").dump().find("laboratory") != std::string::npos);
}

void TestExchangeCases::aDeletionBehindAUnit_isNotLost_whenTheServerWasRestored()
{
    for (const char* id : {"parent", "child"})
        put(patientDocument(id, "Keller", "Ada"));
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    const simulation::ModelRecords backup = m_desk->server.records;
    const auto added = m_desk->clinic->families().add(PatientId::known("child"), PatientId::known("parent"),
                                                      Relation::Parent, {});
    YARROW_VERIFY_OK(added);
    const std::string relation = added->id.text();
    // The server takes both records, and its answer is lost.
    m_desk->intercept = [this](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
        if (request.body.find("transaction") == std::string::npos)
            return std::nullopt;
        static_cast<void>(m_desk->server.handle("desk", request, m_desk->now()));
        return tl::unexpected(
            sync::TransportError{sync::TransportError::Reason::CutOff, true, "the answer is lost"});
    };
    QCOMPARE(m_desk->cycle().obstacle, Obstacle::Offline);
    QVERIFY(!m_desk->atServer("RelatedPerson", relation).isNull()); // others may have it now
    m_desk->intercept = nullptr;
    YARROW_VERIFY_OK(m_desk->clinic->resources().remove("RelatedPerson", relation, "a mistake"));
    m_desk->server.records.restore(backup);

    QCOMPARE(m_desk->cycle().obstacle, Obstacle::None);
    QCOMPARE(m_desk->cycle().waiting, 0);
    const simulation::ModelVersion* there = m_desk->server.records.find("RelatedPerson", relation);
    QVERIFY(there); // what others still have is refused from now on
    QVERIFY(there->isDeletion());
    QVERIFY(m_desk->text("SELECT 1 FROM resource WHERE type = 'RelatedPerson' AND deleted = 0").empty());
}

void TestExchangeCases::aRing_isSentInOneTransaction()
{
    const auto allergy = [](const std::string& id, const std::string& other) {
        Json document = json("{\"resourceType\":\"AllergyIntolerance\",\"code\":{\"text\":\"Nuts\"},"
                             "\"patient\":{\"reference\":\"Patient/p\"}}");
        document.set("id", id);
        Json extension = json("{\"url\":\"https://yarrow.example/fhir/see-also\"}");
        Json reference = Json::object();
        reference.set("reference", "AllergyIntolerance/" + other);
        extension.set("valueReference", std::move(reference));
        document.arrayAt("extension").append(std::move(extension));
        return document;
    };
    put(patientDocument("p", "Keller", "Ada"));
    put(allergy("a", "b"));
    put(allergy("b", "a"));
    std::vector<std::string> transactions;
    m_desk->intercept =
        [&transactions](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
        if (request.body.find("\"transaction\"") != std::string::npos)
            transactions.push_back(request.body);
        return std::nullopt;
    };
    const sync::SyncReport report = m_desk->cycle();
    QCOMPARE(report.obstacle, Obstacle::None);
    QCOMPARE(report.waiting, 0);
    QCOMPARE(transactions.size(), std::size_t(1));
    for (const char* id : {"AllergyIntolerance/a", "AllergyIntolerance/b"})
        QVERIFY(transactions.front().find(id) != std::string::npos);
    QVERIFY(transactions.front().find("\"resourceType\":\"Patient\"") == std::string::npos);
    QCOMPARE(m_desk->server.records.find("AllergyIntolerance", "a")->requestOf,
             m_desk->server.records.find("AllergyIntolerance", "b")->requestOf);
}

QTEST_GUILESS_MAIN(TestExchangeCases)
#include "tst_exchange_cases.moc"
