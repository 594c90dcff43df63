// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit/incarnation.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

class TestAuditLog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyAction_extendsAWholeChain();
    void changedEntry_isNamed_data();
    void changedEntry_isNamed();
    void missingEntry_isNamed_data();
    void missingEntry_isNamed();
    void triggers_refuseChange_data();
    void triggers_refuseChange();
    void entries_becomeFhirAuditEvents();
    void digests_areKeyedByPatient();
    void entryWrittenMeanwhile_doesNotBreakTheChain();
    void recordThatChangesHands_keepsItsDigest();
    void ownTrail_isAllADoctorSees();
    void newIncarnation_goesOnFromTheOld();
    void incarnationWithoutAName_isBroken_data();
    void incarnationWithoutAName_isBroken();
    void endlessText_isCutBetweenCharacters();
};

namespace {

/// Some entries of different kinds: the clinic's making, sign-ins, a create, an update, a view.
void fill(Clinic& clinic)
{
    YARROW_VERIFY_OK(clinic.resources().put(patientDocument("p1", "Rossi", "Ada")));
    YARROW_VERIFY_OK(clinic.resources().put(patientDocument("p1", "Rossi", "Ada Maria"), "wedding"));
    YARROW_VERIFY_OK(clinic.resources().get("Patient", "p1"));
}

} // namespace

void TestAuditLog::everyAction_extendsAWholeChain()
{
    TestClinic test;
    auto clinic = test.open();
    fill(*clinic);
    QStringList actions;
    YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        actions << QString::fromStdString(entry.action);
        return true;
    }));
    QCOMPARE(actions.join(u' '), QStringLiteral("account-added sign-in create update view audit-read"));
    const auto verified = clinic->audit().verify();
    YARROW_VERIFY_OK(verified);
    QCOMPARE(verified->entries, 6);
    QVERIFY(!verified->firstBroken);
}

void TestAuditLog::changedEntry_isNamed_data()
{
    QTest::addColumn<QString>("change");
    for (const char* change :
         {"at = '2020-01-01T00:00:00.000Z'", "account = 'x'", "role = 'doctor'", "device = 'x'",
          "incarnation = 'x'", "action = 'view'", "category = 'payments'", "resource_type = 'Group'",
          "resource_id = 'p2'", "patient = NULL", "outcome = '8'", "before_digest = zeroblob(32)",
          "after_digest = NULL", "reason = 'another'", "detail = 'x'", "previous = zeroblob(32)",
          "hash = zeroblob(32)", "role = role || device, device = ''"})
        QTest::newRow(change) << QString::fromLatin1(change);
}

void TestAuditLog::changedEntry_isNamed()
{
    QFETCH(QString, change);
    TestClinic test;
    fill(*test.open());
    auto below = test.connectBelow();
    below->exec("DROP TRIGGER audit_is_never_changed");
    below->exec(("UPDATE audit SET " + change.toStdString() + " WHERE seq = 4").c_str());
    const auto verified = AuditLog::verify(*below);
    YARROW_VERIFY_OK(verified);
    QCOMPARE(verified->firstBroken, std::optional<std::int64_t>(4));
}

void TestAuditLog::missingEntry_isNamed_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<int>("broken");
    QTest::newRow("first") << "seq = 1" << 1;
    QTest::newRow("middle") << "seq = 3" << 3;
    QTest::newRow("tail") << "seq >= 4" << 4;
    QTest::newRow("all") << "seq >= 1" << 1;
}

void TestAuditLog::missingEntry_isNamed()
{
    QFETCH(QString, condition);
    QFETCH(int, broken);
    TestClinic test;
    fill(*test.open());
    auto below = test.connectBelow();
    below->exec("DROP TRIGGER audit_is_never_deleted");
    below->exec(("DELETE FROM audit WHERE " + condition.toStdString()).c_str());
    const auto verified = AuditLog::verify(*below);
    YARROW_VERIFY_OK(verified);
    QCOMPARE(verified->firstBroken, std::optional<std::int64_t>(broken));
}

void TestAuditLog::triggers_refuseChange_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("update") << "UPDATE audit SET reason = 'another' WHERE seq = 3";
    QTest::newRow("update of nothing new") << "UPDATE audit SET reason = reason";
    QTest::newRow("delete") << "DELETE FROM audit WHERE seq = 3";
    QTest::newRow("replace")
        << "INSERT OR REPLACE INTO audit SELECT seq, incarnation, at, account, role, device, "
           "'view', category, resource_type, resource_id, patient, resource, outcome, before_digest, "
           "after_digest, reason, detail, previous, hash FROM audit WHERE seq = 3";
}

void TestAuditLog::triggers_refuseChange()
{
    QFETCH(QString, sql);
    TestClinic test;
    fill(*test.open());
    auto below = test.connectBelow();
    QVERIFY_THROWS_EXCEPTION(SQLite::Exception, below->exec(sql.toUtf8().constData()));
    const auto verified = AuditLog::verify(*below);
    YARROW_VERIFY_OK(verified);
    QVERIFY(!verified->firstBroken);
    QCOMPARE(verified->entries, 5);
}

void TestAuditLog::entries_becomeFhirAuditEvents()
{
    TestClinic test;
    auto clinic = test.open();
    fill(*clinic);
    std::vector<Json> events;
    YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        events.push_back(json(toFhirAuditEvent(entry)));
        return true;
    }));
    const Json& update = events.at(3);
    QCOMPARE(update["resourceType"].string(), std::string_view("AuditEvent"));
    QVERIFY(isFhirId(update["id"].string()));
    QCOMPARE(update["action"].string(), std::string_view("U"));
    QCOMPARE(update["recorded"].string(), std::string_view("2026-03-02T09:00:00.000Z"));
    QCOMPARE(update["outcome"].string(), std::string_view("0"));
    QCOMPARE(update["agent"][0]["who"]["display"].string(), std::string_view("admin"));
    QCOMPARE(update["entity"][0]["what"]["reference"].string(), std::string_view("Patient/p1"));
    QCOMPARE(update["outcomeDesc"].string(), std::string_view("wedding"));
}

void TestAuditLog::digests_areKeyedByPatient()
{
    // The same content of two patients must not show as the same digest, nor be found by hashing guesses.
    TestClinic test;
    auto clinic = test.open();
    const std::string condition =
        R"({"resourceType":"Condition","id":"%","subject":{"reference":"Patient/%"}})";
    QStringList digests;
    for (const char* patient : {"p1", "p2"}) {
        YARROW_VERIFY_OK(clinic->importer().addDocuments(
            {patientDocument(patient, "Same", "Name"),
             json(R"({"resourceType":"Condition","id":")" + std::string(patient) +
                  R"(","subject":{"reference":"Patient/)" + patient + R"("}})")},
            "test"));
    }
    YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.resourceType == "Condition")
            digests << QString::fromStdString(entry.afterDigest);
        return true;
    }));
    QCOMPARE(digests.size(), 2);
    QVERIFY(digests[0] != digests[1]);
    const std::string body = R"({"resourceType":"Condition","id":"p1","subject":{"reference":"Patient/p1"}})";
    QVERIFY(digests[0].toStdString() != crypto::toHex(crypto::sha256(crypto::bytesOf(body))));
}

void TestAuditLog::entryWrittenMeanwhile_doesNotBreakTheChain()
{
    TestClinic test;
    auto clinic = test.open();
    fill(*clinic);
    // Another program writes while this one walks: stood in for by a chain whose numbers go on behind the
    // snapshot.
    auto below = test.connectBelow();
    below->exec("BEGIN");
    (void)below->db().execAndGet("SELECT count(*) FROM audit");
    YARROW_VERIFY_OK(clinic->resources().get("Patient", "p1"));
    const auto verified = AuditLog::verify(*below);
    YARROW_VERIFY_OK(verified);
    QVERIFY(!verified->firstBroken);
    below->exec("COMMIT");
    QCOMPARE(AuditLog::verify(*below)->entries, verified->entries + 1);
}

void TestAuditLog::recordThatChangesHands_keepsItsDigest()
{
    TestClinic test;
    auto clinic = test.open();
    const auto condition = [](const std::string& patient) {
        return json(R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/)" + patient +
                    R"("}})");
    };
    YARROW_VERIFY_OK(clinic->importer().addDocuments({condition("p1")}, "first"));
    YARROW_VERIFY_OK(clinic->importer().addDocuments({condition("p2")}, "second"));
    std::string after;
    std::string before;
    YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.action == "create" && entry.resourceType == "Condition")
            after = entry.afterDigest;
        if (entry.action == "update")
            before = entry.beforeDigest;
        return true;
    }));
    QVERIFY(!after.empty());
    QCOMPARE(before, after); // still under the first patient's key
}

void TestAuditLog::ownTrail_isAllADoctorSees()
{
    TestClinic test;
    test.addUser(QStringLiteral("doc"), Role::Doctor);
    test.addUser(QStringLiteral("desk"), Role::Receptionist);
    auto doctor = test.open(QStringLiteral("doc"));
    const std::string own = doctor->actor().account.text();
    int seen = 0;
    YARROW_VERIFY_OK(doctor->audit().forEach({}, [&](const AuditEntry& entry) {
        ++seen;
        return entry.account == own;
    }));
    QCOMPARE(seen,
             2); // the sign-in and this reading; an entry of somebody else would have ended the walk earlier
    YARROW_COMPARE_ERROR(doctor->audit().forEach({{}, "admin", {}}, [](const AuditEntry&) { return true; }),
                         ErrorCode::Forbidden);
    doctor.reset();
    auto desk = test.open(QStringLiteral("desk"));
    YARROW_COMPARE_ERROR(desk->audit().forEach({}, [](const AuditEntry&) { return true; }),
                         ErrorCode::Forbidden);
}

void TestAuditLog::newIncarnation_goesOnFromTheOld()
{
    TestClinic test;
    auto clinic = test.open();
    fill(*clinic);
    const std::string old = clinic->identity().incarnation;
    auto below = test.connectBelow();
    const ChainHead head = *incarnation::head(*below);
    for (int i = 0; i < 2; ++i) { // the second comes too late
        Transaction transaction(*below);
        incarnation::begin(*below, test.clock, test.ids, clinic->actor(), old,
                           incarnation::Departure::Behind);
        transaction.commit();
    }
    // A program that was open meanwhile writes under the new one, too.
    YARROW_VERIFY_OK(clinic->resources().get("Patient", "p1"));
    std::vector<AuditEntry> entries;
    YARROW_VERIFY_OK(AuditLog::forEachBehind(*below, head.seq, [&](const AuditEntry& entry) {
        entries.push_back(entry);
        return true;
    }));
    QCOMPARE(entries.size(), std::size_t(2));
    QCOMPARE(entries[0].action, std::string("incarnation-begun"));
    QCOMPARE(entries[0].seq, head.seq + 1);
    QCOMPARE(entries[0].previous, head.hash);
    QCOMPARE(entries[0].detail,
             "restored follows=" + old + " entry=" + std::to_string(head.seq) + " hash=" + head.hash);
    QVERIFY(entries[0].incarnation != old);
    QCOMPARE(entries[1].incarnation, entries[0].incarnation);
    const auto verified = AuditLog::verify(*below);
    YARROW_VERIFY_OK(verified);
    QVERIFY(!verified->firstBroken);
    QCOMPARE(verified->entries, 7);
}

void TestAuditLog::incarnationWithoutAName_isBroken_data()
{
    QTest::addColumn<bool>("begins");
    QTest::addColumn<QString>("detail");
    QTest::newRow("another entry") << false << QString();
    QTest::newRow("names nothing") << true << "restored";
    QTest::newRow("names another") << true << "restored follows=x entry=5 hash=00";
}

void TestAuditLog::incarnationWithoutAName_isBroken()
{
    QFETCH(bool, begins);
    QFETCH(QString, detail);
    TestClinic test;
    fill(*test.open());
    auto below = test.connectBelow();
    below->exec("UPDATE clinic SET incarnation = 'y'");
    AuditEvent event{begins ? AuditAction::IncarnationBegun : AuditAction::View};
    event.detail = detail.toStdString();
    AuditLog::append(*below, test.clock, {}, event, {});
    const auto verified = AuditLog::verify(*below);
    YARROW_VERIFY_OK(verified);
    QCOMPARE(verified->firstBroken, std::optional<std::int64_t>(6));
}

void TestAuditLog::endlessText_isCutBetweenCharacters()
{
    TestClinic test;
    auto below = test.connectBelow();
    AuditEvent event{AuditAction::Search};
    event.detail = "x";
    for (int i = 0; i < 40'000; ++i)
        event.detail += "\u00E4";
    AuditLog::append(*below, test.clock, {}, event, {});
    YARROW_VERIFY_OK(AuditLog::forEachBehind(*below, 1, [&](const AuditEntry& entry) {
        [&] { QCOMPARE(entry.detail, event.detail.substr(0, 64 * 1024 - 1)); }();
        return true;
    }));
    QVERIFY(!AuditLog::verify(*below)->firstBroken);
}

QTEST_GUILESS_MAIN(TestAuditLog)
#include "tst_audit_log.moc"
