// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/migrations.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

class TestMigrations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNewDatabase_isAtTheLastVersionWithoutBackup();
    void anOlderOne_isBackedUpFirst();
    void theBackup_opensWithItsKeyFile();
    void aFailingStep_leavesTheOldVersion();
    void onlyTheNewestBackups_areKept();
};

namespace {

std::vector<Migration> withStep(const char* sql)
{
    std::vector<Migration> steps = migrations();
    steps.push_back({steps.back().number + 1, sql});
    return steps;
}

std::vector<std::filesystem::path> backups(const Profile& profile, const char* extension)
{
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(profile.backups(), error)) {
        if (entry.path().string().ends_with(extension))
            found.push_back(entry.path());
    }
    return found;
}

} // namespace

void TestMigrations::aNewDatabase_isAtTheLastVersionWithoutBackup()
{
    TestClinic test;
    auto below = test.connectBelow();
    QCOMPARE(below->db().execAndGet("PRAGMA user_version").getInt(), migrations().back().number);
    QVERIFY(backups(test.profile, ".db").empty());
}

void TestMigrations::anOlderOne_isBackedUpFirst()
{
    TestClinic test;
    auto below = test.connectBelow();
    YARROW_VERIFY_OK(migrate(*below, test.dataKey(), test.profile, test.clock, withStep("DROP TABLE draft")));
    QCOMPARE(backups(test.profile, ".db").size(), std::size_t(1));
    auto copy =
        Connection::open(backups(test.profile, ".db").front(), test.dataKey(), Connection::Mode::ReadOnly);
    YARROW_VERIFY_OK(copy);
    QCOMPARE((*copy)->db().execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'draft'").getInt(), 1);
    QCOMPARE(below->db().execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'draft'").getInt(), 0);
}

void TestMigrations::theBackup_opensWithItsKeyFile()
{
    TestClinic test;
    {
        auto below = test.connectBelow();
        YARROW_VERIFY_OK(
            migrate(*below, test.dataKey(), test.profile, test.clock, withStep("DROP TABLE draft")));
    }
    const auto databases = backups(test.profile, ".db");
    const auto keys = backups(test.profile, ".keys.json");
    QCOMPARE(keys.size(), std::size_t(1));
    const Profile restored(test.profile.folder().parent_path() / "restored");
    std::filesystem::create_directories(restored.folder());
    std::filesystem::copy_file(databases.front(), restored.database());
    std::filesystem::copy_file(keys.front(), restored.keyFile());
    YARROW_VERIFY_OK(
        Clinic::open(restored, QStringLiteral("admin"), TestClinic::password(), test.environment));
}

void TestMigrations::aFailingStep_leavesTheOldVersion()
{
    TestClinic test;
    auto below = test.connectBelow();
    const auto migrated =
        migrate(*below, test.dataKey(), test.profile, test.clock,
                withStep("CREATE TABLE extra (x INTEGER) STRICT; SELECT nothing FROM nowhere;"));
    QVERIFY(!migrated.has_value());
    QCOMPARE(below->db().execAndGet("PRAGMA user_version").getInt(), migrations().back().number);
    QCOMPARE(below->db().execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").getInt(), 0);
}

void TestMigrations::onlyTheNewestBackups_areKept()
{
    TestClinic test;
    auto below = test.connectBelow();
    std::vector<Migration> steps = migrations();
    for (int i = 0; i < 7; ++i) {
        steps.push_back({steps.back().number + 1, "SELECT 1"});
        test.clock.advance(std::chrono::hours(1));
        YARROW_VERIFY_OK(migrate(*below, test.dataKey(), test.profile, test.clock, steps));
    }
    QCOMPARE(backups(test.profile, ".db").size(), std::size_t(5));
    QCOMPARE(backups(test.profile, ".keys.json").size(), std::size_t(5));
}

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
