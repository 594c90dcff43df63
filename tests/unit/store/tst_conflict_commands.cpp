// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_fhir.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;

using Take = Conflict::Choice::Take;

class TestConflictCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void list_tellsWhatIsDisputedAboutWhom();
    void show_hasThePresentRecordAndNames();
    void mine_isWrittenAtItsPathAndTheTaskInTheSameUnit();
    void theirs_changesTheTaskOnly();
    void value_isWritten();
    void wholeDocument_keepsWhatTheServerSaysOfItsVersion();
    void choices_mustBeCompleteAndFit();
    void settlingTwice_isRefusedHarmlessly();
    void aRecordChangedSinceItWasShown_isStale();
    void deletedRecord_comesBackWithMine();
    void deletedRecord_staysDeletedWithTheirs();
    void keptRecord_isDeletedWithMine();
    void keptRecord_staysWithTheirs();
    void takenBooking_isNotForcedIn();
    void freedBooking_isTaken();
    void booking_canBeGivenAnotherTime();
    void roles_seeAndSettleTheirAreasOnly();
    void settlement_isAudited();
    void undo_reopensWhatWasNotSent();
    void undo_ofWhatWasSentPutsTheValuesBack();
    void undo_isRefusedWhenTheRecordMovedOn();
    void undo_waitsForAnAnswer();

private:
    Conflict elements(const std::string& id = "t1");
    Conflict booking(const Json& wished, const Json& stands);
    void open(const Conflict& conflict);
    Json record(const std::string& type, const std::string& id);
    bool isThere(const std::string& type, const std::string& id);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
};

namespace {

constexpr const char* kBirthDate = "birthDate";
constexpr const char* kMobile = "telecom[system=phone,use=mobile].value";

Json patient(const char* birthDate, const char* mobile)
{
    Json document = patientDocument("p1", "Rossi", "Ada", birthDate);
    Json phone = json(R"({"system":"phone","use":"mobile"})");
    phone.set("value", mobile);
    document.arrayAt("telecom").append(std::move(phone));
    return document;
}

Json visit(const std::string& id, const std::string& patient, const char* from, const char* until,
           const char* status = "booked")
{
    Json document = json(
        R"({"resourceType":"Appointment","participant":[{"actor":{"reference":"Practitioner/dr"},"status":"accepted"}]})");
    document.set("id", id);
    document.set("status", status);
    document.set("start", from);
    document.set("end", until);
    Json participant = json(R"({"status":"accepted"})");
    participant.objectAt("actor").set("reference", "Patient/" + patient);
    document.arrayAt("participant").append(std::move(participant));
    return document;
}

Conflict about(const std::string& id, Conflict::Kind kind, const std::string& type, const std::string& focus)
{
    Conflict conflict;
    conflict.id = id;
    conflict.kind = kind;
    conflict.focusType = type;
    conflict.focusId = focus;
    conflict.patient = "p1";
    conflict.author = "someone";
    conflict.authorName = "Berta Brand";
    conflict.editedAt = "2026-03-02T08:12:00.000Z";
    conflict.detectedAt = "2026-03-02T08:40:00.000Z";
    return conflict;
}

std::vector<Conflict::Choice> all(const Conflict& conflict, Take take)
{
    std::vector<Conflict::Choice> choices;
    for (const Conflict::Element& element : conflict.elements)
        choices.push_back({element.path, take, {}});
    return choices;
}

} // namespace

void TestConflictCommands::init()
{
    m_test = std::make_unique<TestClinic>();
    for (const auto& [name, role] :
         {std::pair("desk", Role::Receptionist), {"doctor", Role::Doctor}, {"bills", Role::Billing}})
        m_test->addUser(QString::fromLatin1(name), role);
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_server->deliver(patient("1980-03-12", "555-0100"));
    m_server->deliver(
        json(R"({"resourceType":"Practitioner","id":"dr","name":[{"family":"Neri","given":["Piero"]}]})"));
    m_server->deliver(json(
        R"({"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/p1"},"code":{"text":"Penicillin"}})"));
}

void TestConflictCommands::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

Conflict TestConflictCommands::elements(const std::string& id)
{
    Conflict conflict = about(id, Conflict::Kind::Elements, "Patient", "p1");
    conflict.theirsVersion = "k3fx.1";
    conflict.elements = {{kBirthDate, Json("1980-03-01"), Json("1980-03-21"), Json("1980-03-12")},
                         {kMobile, Json("555-0099"), Json("555-0177"), Json("555-0100")}};
    return conflict;
}

Conflict TestConflictCommands::booking(const Json& wished, const Json& stands)
{
    Conflict conflict = about("t1", Conflict::Kind::Booking, "Appointment", "v1");
    conflict.elements = {{{}, std::nullopt, wished, stands}};
    return conflict;
}

void TestConflictCommands::open(const Conflict& conflict)
{
    m_server->open(conflict, m_clinic->actor(), m_clinic->identity());
}

Json TestConflictCommands::record(const std::string& type, const std::string& id)
{
    const auto found = m_server->find(type, id);
    return found && found->body ? *Json::parse(*found->body) : Json();
}

bool TestConflictCommands::isThere(const std::string& type, const std::string& id)
{
    return record(type, id).isObject();
}

void TestConflictCommands::list_tellsWhatIsDisputedAboutWhom()
{
    open(elements());
    const auto listed = m_clinic->conflicts().list(ConflictCommands::Which::Open);
    YARROW_VERIFY_OK(listed);
    QCOMPARE(listed->size(), std::size_t(1));
    QCOMPARE(listed->front().title.patientName, std::string("Rossi, Ada"));
    QCOMPARE(listed->front().conflict.elements.size(), std::size_t(2));
    QVERIFY(listed->front().maySettle);
    QCOMPARE(*m_clinic->conflicts().countOpen(), 1);
    QVERIFY(m_clinic->conflicts().list(ConflictCommands::Which::Settled)->empty());
}

void TestConflictCommands::show_hasThePresentRecordAndNames()
{
    m_server->deliver(visit("v1", "p1", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"));
    open(booking(visit("v1", "p1", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"),
                 visit("v1", "p1", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", "pending")));
    const auto shown = m_clinic->conflicts().show("t1");
    YARROW_VERIFY_OK(shown);
    QVERIFY(shown->present.has_value());
    QCOMPARE(shown->names.at("Practitioner/dr"), std::string("Neri, Piero"));
    QCOMPARE(shown->names.at("Patient/p1"), std::string("Rossi, Ada"));
    QCOMPARE(shown->now.size(), std::size_t(1));
    QVERIFY(!shown->holder);
    YARROW_COMPARE_ERROR(m_clinic->conflicts().show("nobody"), ErrorCode::NotFound);
}

void TestConflictCommands::mine_isWrittenAtItsPathAndTheTaskInTheSameUnit()
{
    open(elements());
    const auto shown = m_clinic->conflicts().show("t1");
    const auto settled = m_clinic->conflicts().settle(
        "t1", {{kBirthDate, Take::Theirs, {}}, {kMobile, Take::Mine, {}}}, shown->revision);
    YARROW_VERIFY_OK(settled);
    const Json now = record("Patient", "p1");
    QCOMPARE(now["birthDate"].string(), std::string_view("1980-03-12"));
    QCOMPARE(now["telecom"][0]["value"].string(), std::string_view("555-0177"));

    const auto written = m_server->find("Patient", "p1");
    const auto task = m_server->find("Task", "t1");
    QCOMPARE(written->edits.size(), std::size_t(1));
    QCOMPARE(task->edits.size(), std::size_t(1));
    QCOMPARE(written->edits[0].unit, settled->unit);
    QCOMPARE(task->edits[0].unit, settled->unit);
    const auto conflict = fhir::readConflict(*Json::parse(*task->body));
    QCOMPARE(conflict->settlement->name, std::string("Administrator"));
    QCOMPARE(conflict->settlement->choices.size(), std::size_t(2));
    QCOMPARE(*m_clinic->conflicts().countOpen(), 0);
    QCOMPARE(m_clinic->conflicts().list(ConflictCommands::Which::Settled)->size(), std::size_t(1));
}

void TestConflictCommands::theirs_changesTheTaskOnly()
{
    open(elements());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(elements(), Take::Theirs)));
    QVERIFY(m_server->find("Patient", "p1")->edits.empty());
    QCOMPARE(m_server->find("Task", "t1")->edits.size(), std::size_t(1));
}

void TestConflictCommands::value_isWritten()
{
    open(elements());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle(
        "t1", {{kBirthDate, Take::Value, Json("1980-03-22")}, {kMobile, Take::Value, {}}}));
    const Json now = record("Patient", "p1");
    QCOMPARE(now["birthDate"].string(), std::string_view("1980-03-22"));
    QVERIFY(!now["telecom"][0].contains("value"));
}

void TestConflictCommands::wholeDocument_keepsWhatTheServerSaysOfItsVersion()
{
    Conflict conflict = about("t1", Conflict::Kind::Elements, "Patient", "p1");
    Json mine = patient("1980-03-21", "555-0177");
    mine.set("meta", json(R"({"versionId":"old"})"));
    conflict.elements = {{{}, {}, mine, patient("1980-03-12", "555-0100")}};
    open(conflict);
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(conflict, Take::Mine)));
    const Json now = record("Patient", "p1");
    QCOMPARE(now["birthDate"].string(), std::string_view("1980-03-21"));
    QCOMPARE(now["meta"]["versionId"].string(), std::string_view("k3fx.1"));
}

void TestConflictCommands::choices_mustBeCompleteAndFit()
{
    open(elements());
    auto commands = m_clinic->conflicts();
    YARROW_COMPARE_ERROR(commands.settle("t1", {{kMobile, Take::Mine, {}}}), ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(
        commands.settle("t1", {{kMobile, Take::Mine, {}}, {kMobile, Take::Mine, {}}, {kBirthDate, {}, {}}}),
        ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(commands.settle("t1", {{"gender", Take::Mine, {}}}), ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(
        commands.settle("t1", {{kBirthDate, Take::Value, Json("no day")}, {kMobile, Take::Theirs, {}}}),
        ErrorCode::InvalidResource);
    QVERIFY(m_server->find("Patient", "p1")->edits.empty());
    QCOMPARE(*commands.countOpen(), 1);
}

void TestConflictCommands::settlingTwice_isRefusedHarmlessly()
{
    open(elements());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(elements(), Take::Mine)));
    const auto again = m_clinic->conflicts().settle("t1", all(elements(), Take::Theirs));
    YARROW_COMPARE_ERROR(again, ErrorCode::Stale);
    QCOMPARE(again.error().context, std::string("settled by Administrator at 2026-03-02T09:00:00.000Z"));
    QCOMPARE(m_server->find("Patient", "p1")->edits.size(), std::size_t(1));
    QCOMPARE(m_server->find("Task", "t1")->edits.size(), std::size_t(1));
}

void TestConflictCommands::aRecordChangedSinceItWasShown_isStale()
{
    open(elements());
    const auto shown = m_clinic->conflicts().show("t1");
    m_server->deliver(patient("1980-03-13", "555-0100"));
    YARROW_COMPARE_ERROR(m_clinic->conflicts().settle("t1", all(elements(), Take::Mine), shown->revision),
                         ErrorCode::Stale);
    QCOMPARE(record("Patient", "p1")["birthDate"].string(), std::string_view("1980-03-13"));
    QCOMPARE(m_clinic->conflicts().show("t1")->now[0], std::optional(Json("1980-03-13")));
}

void TestConflictCommands::deletedRecord_comesBackWithMine()
{
    const Json mine = patient("1980-03-21", "555-0177");
    Conflict conflict = about("t1", Conflict::Kind::EditDeleted, "Patient", "p1");
    conflict.elements = {{{}, patient("1980-03-12", "555-0100"), mine, {}}};
    m_server->deliverDeletion("Patient", "p1");
    open(conflict);
    QVERIFY(!m_clinic->conflicts().show("t1")->present);
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(conflict, Take::Mine)));
    QCOMPARE(record("Patient", "p1")["birthDate"].string(), std::string_view("1980-03-21"));
}

void TestConflictCommands::deletedRecord_staysDeletedWithTheirs()
{
    Conflict conflict = about("t1", Conflict::Kind::EditDeleted, "Patient", "p1");
    conflict.elements = {{{}, patient("1980-03-12", "1"), patient("1980-03-21", "1"), {}}};
    m_server->deliverDeletion("Patient", "p1");
    open(conflict);
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(conflict, Take::Theirs)));
    QVERIFY(!isThere("Patient", "p1"));
    QVERIFY(m_server->find("Patient", "p1")->edits.empty());
}

void TestConflictCommands::keptRecord_isDeletedWithMine()
{
    Conflict conflict = about("t1", Conflict::Kind::DeleteEdited, "Patient", "p1");
    conflict.elements = {{{}, patient("1980-03-01", "1"), {}, patient("1980-03-12", "555-0100")}};
    open(conflict);
    const auto settled = m_clinic->conflicts().settle("t1", all(conflict, Take::Mine));
    YARROW_VERIFY_OK(settled);
    QVERIFY(!isThere("Patient", "p1"));
    QCOMPARE(m_server->find("Patient", "p1")->edits[0].unit, settled->unit);
}

void TestConflictCommands::keptRecord_staysWithTheirs()
{
    Conflict conflict = about("t1", Conflict::Kind::DeleteEdited, "Patient", "p1");
    conflict.elements = {{{}, patient("1980-03-01", "1"), {}, patient("1980-03-12", "555-0100")}};
    open(conflict);
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(conflict, Take::Theirs)));
    QVERIFY(isThere("Patient", "p1"));
}

void TestConflictCommands::takenBooking_isNotForcedIn()
{
    const char* from = "2026-03-02T10:00:00Z";
    const char* until = "2026-03-02T10:30:00Z";
    m_server->deliver(patientDocument("p2", "Verdi", "Carla"));
    m_server->deliver(visit("other", "p2", from, until));
    m_server->deliver(visit("v1", "p1", from, until, "pending"));
    const Conflict conflict = booking(visit("v1", "p1", from, until), Json());
    open(conflict);
    const auto shown = m_clinic->conflicts().show("t1");
    YARROW_VERIFY_OK(shown);
    QVERIFY(shown->holder.has_value());
    QCOMPARE(shown->holder->patientName, std::string("Verdi, Carla"));
    QCOMPARE(formatInstant(shown->wished->start), std::string("2026-03-02T10:00:00.000Z"));
    const auto refused = m_clinic->conflicts().settle("t1", all(conflict, Take::Mine));
    YARROW_COMPARE_ERROR(refused, ErrorCode::SlotTaken);
    QCOMPARE(refused.error().context, std::string("other"));
    QCOMPARE(*m_clinic->conflicts().countOpen(), 1);
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(conflict, Take::Theirs)));
    QCOMPARE(record("Appointment", "v1")["status"].string(), std::string_view("pending"));
}

void TestConflictCommands::freedBooking_isTaken()
{
    const char* from = "2026-03-02T10:00:00Z";
    const char* until = "2026-03-02T10:30:00Z";
    Json stands = visit("v1", "p1", from, until, "pending");
    stands.set("comment", "brings her papers");
    m_server->deliver(stands);
    const Conflict conflict = booking(visit("v1", "p1", from, until), Json());
    open(conflict);
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(conflict, Take::Mine)));
    QCOMPARE(record("Appointment", "v1")["status"].string(), std::string_view("booked"));
    QCOMPARE(record("Appointment", "v1")["comment"].string(), std::string_view("brings her papers"));
}

void TestConflictCommands::booking_canBeGivenAnotherTime()
{
    const char* from = "2026-03-02T10:00:00Z";
    const char* until = "2026-03-02T10:30:00Z";
    m_server->deliver(visit("other", "p1", from, until));
    m_server->deliver(visit("v1", "p1", from, until, "pending"));
    open(booking(visit("v1", "p1", from, until), Json()));
    Opening opening;
    opening.when = {*parseInstant("2026-03-02T10:15:00Z"), *parseInstant("2026-03-02T10:45:00Z")};
    opening.practitioner = PractitionerId::known("dr");
    YARROW_COMPARE_ERROR(m_clinic->conflicts().rebook("t1", opening), ErrorCode::SlotTaken);
    opening.when = {*parseInstant("2026-03-02T11:00:00Z"), *parseInstant("2026-03-02T11:30:00Z")};
    YARROW_VERIFY_OK(m_clinic->conflicts().rebook("t1", opening));
    const auto booked = fhir::readAppointment(record("Appointment", "v1"));
    QCOMPARE(booked->start, opening.when.start);
    QCOMPARE(booked->status, AppointmentStatus::Booked);
    QCOMPARE(booked->patient, PatientId::known("p1"));
}

void TestConflictCommands::roles_seeAndSettleTheirAreasOnly()
{
    open(elements());
    Conflict allergy = about("t2", Conflict::Kind::Elements, "AllergyIntolerance", "a1");
    allergy.elements = {{"criticality", {}, Json("high"), Json("low")}};
    open(allergy);
    m_clinic.reset();

    auto doctor = m_test->open(QStringLiteral("doctor"));
    QCOMPARE(*doctor->conflicts().countOpen(), 2);
    doctor.reset();

    auto bills = m_test->open(QStringLiteral("bills"));
    const auto listed = bills->conflicts().list(ConflictCommands::Which::Open);
    QCOMPARE(listed->size(), std::size_t(1)); // identity is read, not changed
    QVERIFY(!listed->front().maySettle);
    YARROW_COMPARE_ERROR(bills->conflicts().settle("t1", all(elements(), Take::Theirs)),
                         ErrorCode::Forbidden);
    bills.reset();

    auto desk = m_test->open(QStringLiteral("desk"));
    QCOMPARE(*desk->conflicts().countOpen(), 1);
    YARROW_COMPARE_ERROR(desk->conflicts().show("t2"), ErrorCode::Forbidden);
    YARROW_COMPARE_ERROR(desk->conflicts().settle("t2", all(allergy, Take::Mine)), ErrorCode::Forbidden);
    YARROW_VERIFY_OK(desk->conflicts().settle("t1", all(elements(), Take::Mine)));
    desk.reset();
    m_clinic = m_test->open();
}

void TestConflictCommands::settlement_isAudited()
{
    open(elements());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(elements(), Take::Mine)));
    QStringList found;
    YARROW_VERIFY_OK(m_clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.action == "conflict-settled")
            found << QString::fromStdString(entry.resourceId + " " + entry.patient + " " + entry.detail);
        return true;
    }));
    QCOMPARE(found, QStringList{QStringLiteral(
                        "t1 p1 Patient/p1: mine birthDate; mine telecom[system=phone,use=mobile].value")});
    QVERIFY(!m_clinic->audit().verify()->firstBroken);
}

void TestConflictCommands::undo_reopensWhatWasNotSent()
{
    open(elements());
    const Json before = record("Patient", "p1");
    const auto settled = m_clinic->conflicts().settle("t1", all(elements(), Take::Mine));
    const auto undone = m_clinic->conflicts().undo(*settled);
    YARROW_VERIFY_OK(undone);
    QCOMPARE(*undone, ConflictCommands::Undone::Reopened);
    QCOMPARE(record("Patient", "p1"), before);
    QVERIFY(m_server->find("Patient", "p1")->edits.empty());
    QVERIFY(!m_server->find("Patient", "p1")->base);
    QVERIFY(m_server->find("Task", "t1")->edits.empty());
    QCOMPARE(*m_clinic->conflicts().countOpen(), 1);
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", all(elements(), Take::Theirs)));
}

void TestConflictCommands::undo_ofWhatWasSentPutsTheValuesBack()
{
    open(elements());
    const auto settled = m_clinic->conflicts().settle("t1", all(elements(), Take::Mine));
    m_server->acknowledgeAll();
    const auto undone = m_clinic->conflicts().undo(*settled);
    YARROW_VERIFY_OK(undone);
    QCOMPARE(*undone, ConflictCommands::Undone::PutBack);
    QCOMPARE(record("Patient", "p1")["birthDate"].string(), std::string_view("1980-03-12"));
    QCOMPARE(*m_clinic->conflicts().countOpen(), 0);
    QCOMPARE(m_server->find("Patient", "p1")->edits.size(), std::size_t(1));

    open(elements("t2"));
    const auto asTheirs = m_clinic->conflicts().settle("t2", all(elements(), Take::Theirs));
    m_server->acknowledgeAll();
    YARROW_COMPARE_ERROR(m_clinic->conflicts().undo(*asTheirs), ErrorCode::InvalidArgument);
}

void TestConflictCommands::undo_isRefusedWhenTheRecordMovedOn()
{
    open(elements());
    const auto settled = m_clinic->conflicts().settle("t1", all(elements(), Take::Mine));
    m_server->acknowledgeAll();
    m_server->deliver(patient("1980-03-29", "555-0177"));
    YARROW_COMPARE_ERROR(m_clinic->conflicts().undo(*settled), ErrorCode::Stale);
    QCOMPARE(record("Patient", "p1")["birthDate"].string(), std::string_view("1980-03-29"));
}

void TestConflictCommands::undo_waitsForAnAnswer()
{
    open(elements());
    const auto settled = m_clinic->conflicts().settle("t1", all(elements(), Take::Mine));
    m_server->beginSending("Patient", "p1");
    const auto undone = m_clinic->conflicts().undo(*settled);
    YARROW_COMPARE_ERROR(undone, ErrorCode::InvalidArgument);
    QCOMPARE(undone.error().context, std::string("under-way"));
    QCOMPARE(record("Patient", "p1")["birthDate"].string(), std::string_view("1980-03-21"));
}

QTEST_GUILESS_MAIN(TestConflictCommands)
#include "tst_conflict_commands.moc"
