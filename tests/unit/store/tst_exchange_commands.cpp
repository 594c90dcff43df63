// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "models/store/transfer/sealed_edits.h"
#include "tests/support/server_side.h"

#include <QFile>

using namespace yarrow;
using namespace yarrow::testing;

class TestExchangeCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void state_tellsWhatWaits();
    void waiting_saysWhatEachRecordIs();
    void waiting_hidesWhatTheRoleMayNotRead();
    void refused_tellsWhy();
    void resting_tellsUntilWhen();
    void retry_letsItWaitAgain();
    void correcting_letsItBeSentAgain();
    void correcting_letsItsWholeUnitBeSentAgain();
    void discard_returnsToTheServersDocument();
    void discard_ofANewRecordDeletesIt();
    void discard_ofADeletionBringsItBack();
    void discard_needsAReason();
    void discard_isAuditedWithItsDigest();
    void discard_leavesNoReferenceToNothing();
    void discard_takesItsWholeUnit();
    void discard_waitsForAnAnswer();
    void discard_isNothingForAWorkstationThatStandsAlone();
    void pausing_isAuditedAndNeedsAServer();
    void export_hasEveryUnsentEditAndImportsAgain();
    void aSealedExport_opensWithTheRecoveryCodeAlone();
    void history_givesDocumentsToTheirSteps();

private:
    std::optional<WaitingRecord> waitingFor(const std::string& id);
    int count(const std::string& action);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
};

void TestExchangeCommands::init()
{
    m_test = std::make_unique<TestClinic>();
    m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_server->deliver(patientDocument("p1", "Rossi", "Ada", "1980-03-12"));
}

void TestExchangeCommands::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

std::optional<WaitingRecord> TestExchangeCommands::waitingFor(const std::string& id)
{
    const auto list = m_clinic->exchange().waiting(ExchangeCommands::Which::All);
    for (const WaitingRecord& record : list ? list->records : std::vector<WaitingRecord>()) {
        if (record.title.id == id)
            return record;
    }
    return std::nullopt;
}

int TestExchangeCommands::count(const std::string& action)
{
    int found = 0;
    (void)m_clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        found += entry.action == action ? 1 : 0;
        return true;
    });
    return found;
}

void TestExchangeCommands::state_tellsWhatWaits()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    m_server->refuse("Patient", "p2", 422, "bad-value");
    {
        Transaction transaction(m_server->connection());
        outbox::addExchange(m_server->connection(), {"2026-03-02T08:59:00.000Z", 0.4, 3, 1, 0, 0, 1, {}});
        transaction.commit();
    }
    const auto state = m_clinic->exchange().state();
    YARROW_VERIFY_OK(state);
    QVERIFY(state->hasServer);
    QVERIFY(!state->isPaused);
    QCOMPARE(state->waiting, 2);
    QCOMPARE(state->refused, 1);
    QCOMPARE(state->conflicts, 0);
    QCOMPARE(state->last->pulled, 3);
}

void TestExchangeCommands::waiting_saysWhatEachRecordIs()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    YARROW_VERIFY_OK(m_clinic->resources().put(json(
        R"({"resourceType":"Appointment","id":"v1","status":"booked","start":"2026-03-02T10:00:00Z","end":"2026-03-02T10:30:00Z","participant":[{"actor":{"reference":"Patient/p1"}}]})")));
    const auto edited = waitingFor("p1");
    QCOMPARE(edited->title.patientName, std::string("Rossi, Ada Maria"));
    QCOMPARE(edited->change, WaitingRecord::Change::Edited);
    QCOMPARE(edited->authorName, std::string("Administrator"));
    const auto made = waitingFor("v1");
    QCOMPARE(made->change, WaitingRecord::Change::Made);
    QCOMPARE(made->title.patientName, std::string("Rossi, Ada Maria"));
    QCOMPARE(formatInstant(*made->title.start), std::string("2026-03-02T10:00:00.000Z"));
    m_server->beginSending("Patient", "p1");
    QCOMPARE(waitingFor("p1")->state, WaitingRecord::State::UnderWay);
}

void TestExchangeCommands::waiting_hidesWhatTheRoleMayNotRead()
{
    m_server->deliver(json(
        R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"Asthma"}})"));
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {json(
            R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"Migraine"}})")},
        "test"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    m_clinic.reset();
    m_clinic = m_test->open(QStringLiteral("desk"));
    const auto list = m_clinic->exchange().waiting(ExchangeCommands::Which::All);
    QCOMPARE(list->records.size(), std::size_t(1));
    QCOMPARE(list->hidden, 1);
    QCOMPARE(list->more, 0);
    YARROW_COMPARE_ERROR(m_clinic->exchange().discard("Condition", "c1", "mistake"), ErrorCode::Forbidden);
}

void TestExchangeCommands::refused_tellsWhy()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    m_server->refuse(
        "Patient", "p1", 422, "bad-value",
        R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","details":{"text":"Not a date."},"expression":["Patient.birthDate"]}]})");
    const auto list = m_clinic->exchange().waiting(ExchangeCommands::Which::Refused);
    QCOMPARE(list->records.size(), std::size_t(1));
    const auto& refused = *list->records.front().refused;
    QCOMPARE(refused.status, 422);
    QCOMPARE(refused.code, std::string("bad-value"));
    QCOMPARE(refused.message, std::string("Not a date."));
    QCOMPARE(refused.element, std::string("Patient.birthDate"));
    QCOMPARE(refused.attempts, 1);
}

void TestExchangeCommands::resting_tellsUntilWhen()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    const auto record = m_server->find("Patient", "p1");
    const Instant now = m_test->clock.now();
    {
        Transaction transaction(m_server->connection());
        (void)outbox::noteWriteFailure(m_server->connection(), record->pk, now);
        outbox::rest(m_server->connection(), record->pk, record->edits.back().seq, {500, "internal", {}}, now,
                     std::chrono::minutes(15), std::chrono::hours(1));
        transaction.commit();
    }
    QVERIFY(waitingFor("p1")->refused->retryAt == now + std::chrono::minutes(15));
    YARROW_VERIFY_OK(m_clinic->exchange().retry("Patient", "p1"));
    QCOMPARE(waitingFor("p1")->state, WaitingRecord::State::Waiting);
    m_server->refuse("Patient", "p1", 422, "bad-value");
    QVERIFY(!waitingFor("p1")->refused->retryAt); // this one waits for a person
}

void TestExchangeCommands::retry_letsItWaitAgain()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    YARROW_COMPARE_ERROR(m_clinic->exchange().retry("Patient", "p1"), ErrorCode::NotFound);
    m_server->refuse("Patient", "p1", 422, "bad-value");
    YARROW_VERIFY_OK(m_clinic->exchange().retry("Patient", "p1"));
    QCOMPARE(waitingFor("p1")->state, WaitingRecord::State::Waiting);
    m_server->refuse("Patient", "p1", 422, "bad-value");
    QCOMPARE(*m_clinic->exchange().retryAll(), 1);
    QCOMPARE(*m_clinic->exchange().retryAll(), 0);
}

void TestExchangeCommands::correcting_letsItBeSentAgain()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    m_server->refuse("Patient", "p1", 422, "bad-value");
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Lia")));
    QCOMPARE(waitingFor("p1")->state, WaitingRecord::State::Waiting);
    QCOMPARE(outbox::ready(m_server->connection()).size(), std::size_t(1));
}

void TestExchangeCommands::correcting_letsItsWholeUnitBeSentAgain()
{
    Conflict conflict;
    conflict.id = "t1";
    conflict.focusType = "Patient";
    conflict.focusId = "p1";
    conflict.detectedAt = "2026-03-02T08:40:00.000Z";
    conflict.elements = {{"birthDate", {}, Json("1980-03-21"), Json("1980-03-12")}};
    m_server->open(conflict, m_clinic->actor(), m_clinic->identity());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", {{"birthDate", Conflict::Choice::Take::Mine, {}}}));
    m_server->refuse("Patient", "p1", 403, "role");
    m_server->refuse("Task", "t1", 403, "role");
    YARROW_VERIFY_OK(m_clinic->resources().remove("Patient", "p1", "registered twice"));
    QCOMPARE(outbox::counts(m_server->connection()).quarantined, 0);
    QCOMPARE(outbox::ready(m_server->connection()).size(), std::size_t(2));
}

void TestExchangeCommands::discard_returnsToTheServersDocument()
{
    const auto before = m_server->find("Patient", "p1");
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada")));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada Maria")));
    m_server->refuse("Patient", "p1", 422, "bad-value");
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p1", "typed for somebody else"));
    const auto after = m_server->find("Patient", "p1");
    QCOMPARE(after->body, before->body);
    QVERIFY(after->edits.empty());
    QVERIFY(!after->base);
    QVERIFY(!after->quarantined);
    QCOMPARE(after->version, before->version);
    QCOMPARE(m_clinic->patients().search("ross", 5)->size(), std::size_t(1));
    QCOMPARE(m_clinic->patients().search("bianchi", 5)->size(), std::size_t(0));
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
    YARROW_COMPARE_ERROR(m_clinic->exchange().discard("Patient", "p1", "again"), ErrorCode::NotFound);
}

void TestExchangeCommands::discard_ofANewRecordDeletesIt()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p2", "registered twice"));
    const auto after = m_server->find("Patient", "p2");
    QVERIFY(!after->body);
    QVERIFY(after->edits.empty());
    YARROW_COMPARE_ERROR(m_clinic->resources().get("Patient", "p2"), ErrorCode::NotFound);
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
}

void TestExchangeCommands::discard_ofADeletionBringsItBack()
{
    YARROW_VERIFY_OK(m_clinic->resources().remove("Patient", "p1", "mistake"));
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p1", "the wrong one"));
    YARROW_VERIFY_OK(m_clinic->resources().get("Patient", "p1"));
    QCOMPARE(m_clinic->patients().search("ross", 5)->size(), std::size_t(1));
}

void TestExchangeCommands::discard_needsAReason()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada")));
    YARROW_COMPARE_ERROR(m_clinic->exchange().discard("Patient", "p1", " "), ErrorCode::InvalidArgument);
    QVERIFY(waitingFor("p1"));
}

void TestExchangeCommands::discard_isAuditedWithItsDigest()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada")));
    std::string written;
    AuditEntry discarded;
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p1", "typed for somebody else"));
    YARROW_VERIFY_OK(m_clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.action == "update")
            written = entry.afterDigest;
        if (entry.action == "edits-discarded")
            discarded = entry;
        return true;
    }));
    QVERIFY(!written.empty());
    QCOMPARE(discarded.beforeDigest, written);
    QVERIFY(!discarded.afterDigest.empty());
    QCOMPARE(discarded.reason, std::string("typed for somebody else"));
    QCOMPARE(discarded.patient, std::string("p1"));
}

void TestExchangeCommands::discard_leavesNoReferenceToNothing()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    YARROW_VERIFY_OK(m_clinic->resources().put(json(
        R"({"resourceType":"Appointment","id":"v1","status":"booked","start":"2026-03-02T10:00:00Z","end":"2026-03-02T10:30:00Z","participant":[{"actor":{"reference":"Patient/p2"}}]})")));
    const auto refused = m_clinic->exchange().discard("Patient", "p2", "registered twice");
    YARROW_COMPARE_ERROR(refused, ErrorCode::InvalidArgument);
    QCOMPARE(refused.error().context, std::string("needed-by: Appointment/v1"));
    QVERIFY(waitingFor("p2"));
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Appointment", "v1", "registered twice"));
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p2", "registered twice"));
}

void TestExchangeCommands::discard_takesItsWholeUnit()
{
    Conflict conflict;
    conflict.id = "t1";
    conflict.focusType = "Patient";
    conflict.focusId = "p1";
    conflict.detectedAt = "2026-03-02T08:40:00.000Z";
    conflict.elements = {{"birthDate", {}, Json("1980-03-21"), Json("1980-03-12")}};
    m_server->open(conflict, m_clinic->actor(), m_clinic->identity());
    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", {{"birthDate", Conflict::Choice::Take::Mine, {}}}));
    m_server->refuse("Patient", "p1", 422, "bad-value");
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p1", "not that day either"));
    QVERIFY(m_server->find("Task", "t1")->edits.empty());
    QCOMPARE(*m_clinic->conflicts().countOpen(), 1);

    YARROW_VERIFY_OK(m_clinic->conflicts().settle("t1", {{"birthDate", Conflict::Choice::Take::Mine, {}}}));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria", "1980-03-21")));
    const auto refused = m_clinic->exchange().discard("Task", "t1", "no");
    YARROW_COMPARE_ERROR(refused, ErrorCode::InvalidArgument);
    QCOMPARE(refused.error().context, std::string("edited-since: Patient/p1"));
}

void TestExchangeCommands::discard_waitsForAnAnswer()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada")));
    m_server->beginSending("Patient", "p1");
    const auto refused = m_clinic->exchange().discard("Patient", "p1", "mistake");
    YARROW_COMPARE_ERROR(refused, ErrorCode::InvalidArgument);
    QCOMPARE(refused.error().context, std::string("under-way"));
}

void TestExchangeCommands::pausing_isAuditedAndNeedsAServer()
{
    YARROW_VERIFY_OK(m_clinic->exchange().setPaused(true));
    YARROW_VERIFY_OK(m_clinic->exchange().setPaused(true));
    QVERIFY(m_clinic->exchange().state()->isPaused);
    YARROW_VERIFY_OK(m_clinic->exchange().setPaused(false));
    QVERIFY(!m_clinic->exchange().state()->isPaused);
    QCOMPARE(count("exchange-paused"), 1);
    QCOMPARE(count("exchange-resumed"), 1);
    TestClinic alone;
    YARROW_COMPARE_ERROR(alone.open()->exchange().setPaused(true), ErrorCode::NotFound);
}

void TestExchangeCommands::discard_isNothingForAWorkstationThatStandsAlone()
{
    TestClinic alone;
    const auto clinic = alone.open();
    YARROW_VERIFY_OK(clinic->resources().put(patientDocument("p1", "Rossi", "Ada")));
    YARROW_COMPARE_ERROR(clinic->exchange().discard("Patient", "p1", "mistake"), ErrorCode::NotFound);
    YARROW_VERIFY_OK(clinic->resources().get("Patient", "p1"));
}

void TestExchangeCommands::export_hasEveryUnsentEditAndImportsAgain()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada"), "wedding"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada Maria")));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    YARROW_VERIFY_OK(m_clinic->resources().remove("Patient", "p2", "registered twice"));
    const std::filesystem::path file = m_test->profile.folder().parent_path() / "unsent.json";
    const auto written = m_clinic->editExporter().run(file, EditExporter::Form::Clear);
    YARROW_VERIFY_OK(written);
    QCOMPARE(*written, 4);
    QFile read(QString::fromStdString(file.string()));
    QVERIFY(read.open(QIODevice::ReadOnly));
    const auto bundle = Json::parse(read.readAll().toStdString());
    YARROW_VERIFY_OK(bundle);
    QCOMPARE((*bundle)["type"].string(), std::string_view("history"));
    QCOMPARE((*bundle)["entry"].items().size(), std::size_t(4));
    QCOMPARE((*bundle)["entry"][0]["request"]["method"].string(), std::string_view("DELETE"));
    QCOMPARE((*bundle)["entry"][3]["resource"]["name"][0]["family"].string(), std::string_view("Bianchi"));
    QCOMPARE(read.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());

    TestClinic other;
    auto receiving = other.open();
    const auto imported = receiving->importer().run({file}, {});
    YARROW_VERIFY_OK(imported);
    const auto ada = receiving->resources().get("Patient", "p1");
    YARROW_VERIFY_OK(ada);
    QCOMPARE(ada->document["name"][0]["given"][0].string(), std::string_view("Ada Maria"));
    YARROW_COMPARE_ERROR(m_clinic->editExporter().run(file, EditExporter::Form::Clear, false),
                         ErrorCode::AlreadyExists);
    m_clinic.reset();
    m_clinic = m_test->open(QStringLiteral("desk"));
    YARROW_COMPARE_ERROR(m_clinic->editExporter().run(file), ErrorCode::Forbidden);
}

void TestExchangeCommands::aSealedExport_opensWithTheRecoveryCodeAlone()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada"), "wedding"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p2", "Verdi", "Carla")));
    const std::filesystem::path folder = m_test->profile.folder().parent_path();
    const std::filesystem::path sealed = folder / "unsent.yarrow-edits";
    const std::filesystem::path opened = folder / "unsent.json";
    const std::filesystem::path clear = folder / "clear.json";
    QCOMPARE(m_clinic->editExporter().run(sealed).value_or(-1), 2);
    const auto textOf = [](const std::filesystem::path& file) {
        QFile read(QString::fromStdString(file.string()));
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    };
    const QByteArray lines = textOf(sealed);
    QVERIFY(!lines.isEmpty());
    QVERIFY(!lines.contains("Bianchi"));
    QVERIFY(!lines.contains("admin")); // nobody's key slot but the recovery code's

    TestClinic other;
    const auto code = RecoveryCode::parse(m_test->recoveryCode);
    const auto others = RecoveryCode::parse(other.recoveryCode);
    YARROW_VERIFY_OK(code);
    YARROW_VERIFY_OK(others);
    YARROW_COMPARE_ERROR(openSealedEdits(sealed, *others, opened), ErrorCode::WrongPassword);
    YARROW_VERIFY_OK(openSealedEdits(sealed, *code, opened));
    YARROW_VERIFY_OK(m_clinic->editExporter().run(clear, EditExporter::Form::Clear));
    QCOMPARE(textOf(opened).trimmed(), textOf(clear).trimmed());
    YARROW_COMPARE_ERROR(openSealedEdits(sealed, *code, opened), ErrorCode::AlreadyExists);
    YARROW_VERIFY_OK(other.open()->importer().run({opened}, {}));

    // Nothing of it can be left out, changed or put elsewhere, and the clinic's own key is not in it.
    const QList<QByteArray> parts = lines.trimmed().split('\n');
    QCOMPARE(parts.size(), 5); // the key, the beginning, two edits, the end
    const auto refuses = [&](const QList<QByteArray>& changed) {
        const std::filesystem::path file = folder / "changed.yarrow-edits";
        QFile write(QString::fromStdString(file.string()));
        if (!write.open(QIODevice::WriteOnly))
            return false;
        write.write(changed.join('\n'));
        write.close();
        const auto result = openSealedEdits(file, *code, folder / "changed.json");
        return !result && result.error().code == ErrorCode::InvalidArgument &&
               !std::filesystem::exists(folder / "changed.json");
    };
    QVERIFY(refuses({parts[0], parts[1], parts[2], parts[3]}));
    QVERIFY(refuses({parts[0], parts[1], parts[3], parts[4]}));
    QVERIFY(refuses({parts[0], parts[1], parts[3], parts[2], parts[4]}));
    QVERIFY(refuses({parts[0]}));
    QVERIFY(refuses({parts[1], parts[2]}));
    QByteArray bitten = parts[2];
    bitten[20] = bitten[20] == 'A' ? 'B' : 'A';
    QVERIFY(refuses({parts[0], parts[1], bitten, parts[3], parts[4]}));
    const auto header = Json::parse(parts[0].toStdString());
    YARROW_VERIFY_OK(header);
    const auto keyFile = KeySlotFile::parse((*header)["keys"].dump());
    YARROW_VERIFY_OK(keyFile);
    const auto unlocked = keyFile->unlockWithRecoveryCode(*code);
    YARROW_VERIFY_OK(unlocked);
    const SecretBytes dataKey = m_test->dataKey();
    QVERIFY(!crypto::equalInConstantTime(unlocked->keys.current.span(), dataKey.span()));
}

void TestExchangeCommands::history_givesDocumentsToTheirSteps()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Bianchi", "Ada")));
    YARROW_VERIFY_OK(m_clinic->exchange().discard("Patient", "p1", "mistake"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria")));
    const auto steps = m_clinic->resources().history("Patient", "p1");
    YARROW_VERIFY_OK(steps);
    QCOMPARE(steps->size(), std::size_t(2));
    QVERIFY(!steps->front().document);
    QVERIFY(steps->back().document->find("Ada Maria") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestExchangeCommands)
#include "tst_exchange_commands.moc"
