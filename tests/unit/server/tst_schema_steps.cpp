// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read libpqxx
#include "server/db/migrations.h"
#endif

#include <QTest>

using namespace yarrow::server;
using db::AppliedMigration;
using db::Migration;

class TestSchemaSteps : public QObject
{
    Q_OBJECT

private:
    const std::vector<Migration> m_known = {{1, "one", "", "a"}, {2, "two", "", "b"}, {3, "three", "", "c"}};

    std::string pending(const std::vector<AppliedMigration>& applied) const
    {
        const auto steps = db::pendingMigrations(m_known, applied);
        if (!steps)
            return steps.error().code;
        std::string names;
        for (const Migration& step : *steps)
            names += step.name + " ";
        return names;
    }

private Q_SLOTS:
    void whatHasNotRun_isPending_inOrder()
    {
        QCOMPARE(pending({}), std::string("one two three "));
        QCOMPARE(pending({{1, "one", "a"}}), std::string("two three "));
        QCOMPARE(pending({{1, "one", "a"}, {2, "two", "b"}, {3, "three", "c"}}), std::string());
    }

    void anUnknownStep_changedText_orAGap_isRefused()
    {
        QCOMPARE(pending({{1, "one", "a"}, {2, "two", "b"}, {3, "three", "c"}, {4, "four", "d"}}),
                 std::string("schema-newer"));
        QCOMPARE(pending({{1, "one", "changed"}}), std::string("migration-changed"));
        QCOMPARE(pending({{1, "one", "a"}, {3, "three", "c"}}), std::string("migration-missing"));
    }

    void oneStepAhead_isServed_oneBehindIsNot()
    {
        const int newest = db::newestKnownVersion();
        QVERIFY(newest >= 5);
        QVERIFY(db::checkServable(newest));
        QVERIFY(db::checkServable(newest + 1));
        QCOMPARE(db::checkServable(newest + 2).error().code, std::string("schema-newer"));
        QCOMPARE(db::checkServable(newest - 1).error().code, std::string("schema-older"));
        QCOMPARE(db::checkServable(std::nullopt).error().code, std::string("schema-older"));
    }

    void theProgramsOwn_haveNoGap()
    {
        int version = 0;
        for (const Migration& migration : db::knownMigrations()) {
            QCOMPARE(migration.version, ++version);
            QCOMPARE(migration.sha256.size(), std::size_t{64});
            QVERIFY(!migration.sql.empty());
        }
    }
};

QTEST_APPLESS_MAIN(TestSchemaSteps)
#include "tst_schema_steps.moc"
