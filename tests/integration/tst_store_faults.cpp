// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/migrations.h"
#include "models/store/sync/account_exchange.h"
#include "tests/support/fault_vfs.h"
#include "tests/support/server_side.h"
#include "tests/support/test_clinic.h"

#include <sys/wait.h>
#include <unistd.h>

using namespace yarrow;
using namespace yarrow::testing;

/// SQLite's own habit: make operation N fail for N = 1, 2, 3… until a run completes, and look each time.
class TestStoreFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSave_isWholeOrNotThere_data();
    void aSave_isWholeOrNotThere();
    void anImport_isWholeOrNotThere();
    void signingIn_failsCleanly();
    void migrating_isWholeOrNotThere();
    void aPasswordThatWorks_isInTheAudit_whereverItWasCutOff_data();
    void aPasswordThatWorks_isInTheAudit_whereverItWasCutOff();
};

void TestStoreFaults::aSave_isWholeOrNotThere_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("disk full") << SQLITE_FULL << QByteArray("DiskFull");
    QTest::newRow("write error") << SQLITE_IOERR_WRITE << QByteArray("Io");
}

void TestStoreFaults::aSave_isWholeOrNotThere()
{
    QFETCH(int, code);
    QFETCH(QByteArray, error);
    FaultVfs disk;
    TestClinic test;
    YARROW_VERIFY_OK(test.open()->resources().put(patientDocument("a", "Before", "Ada")));
    bool completed = false;
    for (int n = 1; !completed; ++n) {
        QVERIFY(n < 1000);
        bool saved = false;
        {
            auto clinic = test.open();
            disk.failFrom(n, code);
            const auto put =
                clinic->resources().put(patientDocument("a", "After " + std::to_string(n), "Ada"));
            completed = put && !disk.wasHit();
            saved = put.has_value();
            if (!put)
                QCOMPARE(QByteArray(errorCodeName(put.error().code)), error);
        }
        disk.heal();
        auto clinic = test.open();
        YARROW_VERIFY_OK(clinic->checkIntegrity());
        const auto verified = clinic->audit().verify();
        YARROW_VERIFY_OK(verified);
        QVERIFY(!verified->firstBroken);
        const bool isAfter = clinic->patients().search("after " + std::to_string(n), 5)->size() == 1;
        const auto document = clinic->resources().get("Patient", "a");
        YARROW_VERIFY_OK(document);
        const bool bodyIsAfter =
            document->document.dump().find("After " + std::to_string(n)) != std::string::npos;
        QCOMPARE(isAfter, bodyIsAfter); // the projection never differs from the body
        if (saved)
            QVERIFY(bodyIsAfter); // what was acknowledged is there
    }
}

void TestStoreFaults::anImport_isWholeOrNotThere()
{
    FaultVfs disk;
    std::vector<Json> documents;
    for (int i = 0; i < 40; ++i)
        documents.push_back(patientDocument("p" + std::to_string(i), "Import", "Number" + std::to_string(i)));
    bool completed = false;
    for (int n = 1; !completed; n += 3) {
        QVERIFY(n < 2000);
        TestClinic test;
        {
            auto clinic = test.open();
            disk.failFrom(n, SQLITE_FULL);
            const auto report = clinic->importer().addDocuments(documents, "faults");
            completed = report && !disk.wasHit();
            if (!report)
                QCOMPARE(QByteArray(errorCodeName(report.error().code)), QByteArray("DiskFull"));
        }
        disk.heal();
        auto clinic = test.open();
        YARROW_VERIFY_OK(clinic->checkIntegrity());
        QVERIFY(!clinic->audit().verify()->firstBroken);
        const auto there = clinic->patients().search("import", 100)->size();
        QVERIFY(there == 0 || there == documents.size());
        if (completed)
            QCOMPARE(there, documents.size());
    }
}

void TestStoreFaults::signingIn_failsCleanly()
{
    FaultVfs disk;
    TestClinic test;
    bool completed = false;
    for (int n = 1; !completed; ++n) {
        QVERIFY(n < 1000);
        disk.failFrom(n, SQLITE_FULL);
        {
            const auto clinic =
                Clinic::open(test.profile, QStringLiteral("admin"), TestClinic::password(), test.environment);
            completed = clinic && !disk.wasHit();
        }
        disk.heal();
        auto clinic = test.open();
        YARROW_VERIFY_OK(clinic->checkIntegrity());
        QVERIFY(!clinic->audit().verify()->firstBroken);
    }
}

void TestStoreFaults::migrating_isWholeOrNotThere()
{
    FaultVfs disk;
    std::vector<Migration> steps = migrations();
    const int last = steps.back().number;
    steps.push_back({last + 1,
                     "CREATE TABLE extra (x INTEGER) STRICT; INSERT INTO extra SELECT pk FROM resource;"
                     "UPDATE patient_index SET phone = 'moved';"});
    bool completed = false;
    for (int n = 1; !completed; n += 2) {
        QVERIFY(n < 2000);
        TestClinic test;
        YARROW_VERIFY_OK(test.open()->resources().put(patientDocument("a", "Rossi", "Ada")));
        const SecretBytes key = test.dataKey();
        {
            auto below = test.connectBelow();
            disk.failFrom(n, SQLITE_FULL);
            const auto migrated = migrate(*below, key, test.profile, test.clock, steps);
            completed = migrated && !disk.wasHit();
        }
        disk.heal();
        auto below = test.connectBelow();
        YARROW_VERIFY_OK(below->checkIntegrity());
        const int version = below->db().execAndGet("PRAGMA user_version").getInt();
        const int moved =
            below->db().execAndGet("SELECT count(*) FROM patient_index WHERE phone = 'moved'").getInt();
        QCOMPARE(moved, version == last + 1 ? 1 : 0);
        YARROW_VERIFY_OK(migrate(*below, key, test.profile, test.clock, steps));
    }
}

void TestStoreFaults::aPasswordThatWorks_isInTheAudit_whereverItWasCutOff_data()
{
    QTest::addColumn<bool>("isOwn");
    QTest::newRow("an administrator sets it") << false;
    QTest::newRow("their own") << true;
}

void TestStoreFaults::aPasswordThatWorks_isInTheAudit_whereverItWasCutOff()
{
    QFETCH(bool, isOwn);
    FaultVfs disk;
    TestClinic test;
    const QString nina = QStringLiteral("nina");
    test.addUser(nina, Role::Nurse);
    if (!isOwn)
        ServerSide(test).enrol();
    const auto opens = [&](const QString& password) {
        return Clinic::open(test.profile, nina, password, test.environment).has_value();
    };
    const auto audited = [&] {
        std::size_t entries = 0;
        const auto read = test.open()->audit().forEach({}, [&](const AuditEntry& entry) {
            entries += entry.action == auditActionCode(AuditAction::PasswordChanged) ? 1 : 0;
            return true;
        });
        return read ? entries : std::size_t(1000);
    };
    const auto told = [&] {
        std::string verifier;
        const auto below = test.connectBelow();
        for (const AccountChange& change : accountChanges(*below))
            verifier = change.wanted.userName == "nina" ? change.verifier : verifier;
        return verifier;
    };
    QString present = TestClinic::password();
    int before = 0;
    int after = 0;
    bool completed = false;
    for (int n = 1; !completed; ++n) {
        QVERIFY(n < 200);
        test.clock.advance(std::chrono::hours(1));
        const QString wanted = QStringLiteral("copper lantern moth %1").arg(n);
        const std::size_t entries = audited();
        const std::string verifier = told();
        const pid_t child = ::fork(); // no database is open
        if (child == 0) {
            const auto clinic =
                isOwn ? std::move(*Clinic::open(test.profile, nina, present, test.environment)) : test.open();
            disk.dieBefore(n);
            const auto changed =
                isOwn ? clinic->changeOwnPassword(present, wanted) : clinic->setPassword(nina, wanted);
            ::_exit(changed ? 0 : 1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        completed = WEXITSTATUS(status) == 0;
        QVERIFY(completed || WEXITSTATUS(status) == FaultVfs::kDied);

        const bool isNew = opens(wanted);
        QCOMPARE(opens(present), !isNew);
        QCOMPARE(audited(), entries + (isNew ? 1 : 0));
        if (!isOwn)
            QCOMPARE(told() != verifier, isNew);
        QVERIFY(isNew || !completed);
        (isNew ? after : before) += 1;
        if (isNew)
            present = wanted;
        if (isOwn) // the next one is made with this password
            QVERIFY(opens(present));
    }
    QVERIFY(before > 0);
    QVERIFY(after > 1); // also where it was cut off behind the key file
    QVERIFY(!test.open()->audit().verify()->firstBroken);
}

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_store_faults.moc"
