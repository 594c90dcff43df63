// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/record_erasure.h"
#include "models/store/tunables.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

/// Taking a settlement back after another start of the program.
class TestSettlementTickets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whatWasSettled_canBeTakenBackAfterARestart();
    void whatWasSent_isPutBackAfterARestart();
    void othersAndTakenBackOnes_areNotOffered();
    void afterAWeek_itStands();
    void anErasure_takesTheOldValuesWithIt();
    void whatLeavesTheWorkstation_takesTheOldValuesWithIt();
    void afterAWeek_theOldValuesGoWithTheNextSignIn();

private:
    [[nodiscard]] bool hasTicket()
    {
        return Query(m_server->connection(), "SELECT 1 FROM settlement").step();
    }
    void open(const std::string& id);
    void settle(const std::string& id, Conflict::Choice::Take take);
    void restart() { m_clinic = nullptr, m_clinic = m_test->open(); }
    std::string birthDate();

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
};

using Take = Conflict::Choice::Take;

void TestSettlementTickets::init()
{
    m_test = std::make_unique<TestClinic>();
    m_test->addUser(QStringLiteral("doctor"), Role::Doctor);
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_server->deliver(patientDocument("p1", "Rossi", "Ada", "1980-03-12"));
}

void TestSettlementTickets::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

void TestSettlementTickets::open(const std::string& id)
{
    Conflict conflict;
    conflict.id = id;
    conflict.focusType = "Patient";
    conflict.focusId = "p1";
    conflict.patient = "p1";
    conflict.author = m_clinic->actor().account.text();
    conflict.detectedAt = "2026-03-02T08:40:00.000Z";
    conflict.elements = {{"birthDate", {}, Json("1980-03-21"), Json("1980-03-12")}};
    m_server->open(conflict, m_clinic->actor(), m_clinic->identity());
}

void TestSettlementTickets::settle(const std::string& id, Take take)
{
    YARROW_VERIFY_OK(m_clinic->conflicts().settle(id, {{"birthDate", take, {}}}));
}

std::string TestSettlementTickets::birthDate()
{
    return std::string(m_clinic->resources().get("Patient", "p1")->document["birthDate"].string());
}

void TestSettlementTickets::whatWasSettled_canBeTakenBackAfterARestart()
{
    open("t1");
    settle("t1", Take::Mine);
    QCOMPARE(birthDate(), std::string("1980-03-21"));
    restart();
    const auto undoable = m_clinic->conflicts().undoable();
    YARROW_VERIFY_OK(undoable);
    QCOMPARE(undoable->size(), std::size_t(1));
    const auto undone = m_clinic->conflicts().undo(undoable->front());
    YARROW_VERIFY_OK(undone);
    QCOMPARE(*undone, ConflictCommands::Undone::Reopened);
    QCOMPARE(birthDate(), std::string("1980-03-12"));
    QCOMPARE(*m_clinic->conflicts().countOpen(), 1);
}

void TestSettlementTickets::whatWasSent_isPutBackAfterARestart()
{
    open("t1");
    settle("t1", Take::Mine);
    m_server->acknowledgeAll();
    restart();
    const auto undone = m_clinic->conflicts().undo(m_clinic->conflicts().undoable()->front());
    YARROW_VERIFY_OK(undone);
    QCOMPARE(*undone, ConflictCommands::Undone::PutBack);
    QCOMPARE(birthDate(), std::string("1980-03-12"));
}

void TestSettlementTickets::othersAndTakenBackOnes_areNotOffered()
{
    open("t1");
    settle("t1", Take::Mine);
    QCOMPARE(m_test->open(QStringLiteral("doctor"))->conflicts().undoable()->size(), std::size_t(0));
    YARROW_VERIFY_OK(m_clinic->conflicts().undo(m_clinic->conflicts().undoable()->front()));
    restart();
    QCOMPARE(m_clinic->conflicts().undoable()->size(), std::size_t(0));
}

void TestSettlementTickets::afterAWeek_itStands()
{
    open("t1");
    settle("t1", Take::Mine);
    m_test->clock.set(m_test->clock.now() + tunables::kSettlementUndo + std::chrono::minutes(1));
    QCOMPARE(m_clinic->conflicts().undoable()->size(), std::size_t(0));
    open("t2");
    settle("t2", Take::Theirs); // what is too old goes with the next one
    Query rows(m_server->connection(), "SELECT task FROM settlement ORDER BY task");
    QVERIFY(rows.step());
    QCOMPARE(rows.string(0), std::string("t2"));
    QVERIFY(!rows.step());
}

void TestSettlementTickets::anErasure_takesTheOldValuesWithIt()
{
    open("t1");
    settle("t1", Take::Mine);
    {
        Transaction transaction(m_server->connection());
        RecordErasure erasure(m_server->connection(), m_test->clock);
        (void)erasure.erase("Patient", "p1", {}, {});
        erasure.finish();
        transaction.commit();
    }
    Query rows(m_server->connection(), "SELECT count(*) FROM settlement");
    QVERIFY(rows.step());
    QCOMPARE(rows.integer(0), 0);
}

void TestSettlementTickets::whatLeavesTheWorkstation_takesTheOldValuesWithIt()
{
    open("t1");
    settle("t1", Take::Mine);
    m_server->acknowledgeAll();
    QVERIFY(hasTicket());
    Transaction transaction(m_server->connection());
    SyncRecords records(m_server->connection(), m_test->clock, VersionOrder::Sequence);
    records.drop(*records.find("Task", "t1")); // it is not in this workstation's scope any more
    records.finish();
    transaction.commit();
    QVERIFY(!hasTicket());
}

void TestSettlementTickets::afterAWeek_theOldValuesGoWithTheNextSignIn()
{
    open("t1");
    settle("t1", Take::Mine);
    m_test->clock.set(m_test->clock.now() + tunables::kSettlementUndo - std::chrono::minutes(1));
    restart();
    QVERIFY(hasTicket());
    m_test->clock.set(m_test->clock.now() + std::chrono::minutes(2));
    restart();
    QVERIFY(!hasTicket());
}

QTEST_GUILESS_MAIN(TestSettlementTickets)
#include "tst_settlement_tickets.moc"
