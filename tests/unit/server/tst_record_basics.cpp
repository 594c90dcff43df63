// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read libpqxx
#include "server/db/connection.h"
#include "server/db/tenant_id.h"
#include "server/records/digest.h"
#include "server/records/epoch.h"
#include "server/records/instant.h"
#endif

#include <QTest>

using namespace yarrow::server;
using namespace yarrow::server::records;

class tst_record_basics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aVersionId_isEpochAndSequence()
    {
        QCOMPARE(versionIdOf("k7f2q9", 1042), std::string("k7f2q9.1042"));
        const auto version = parseVersionId("k7f2q9.1042");
        QVERIFY(version.has_value());
        QCOMPARE(version->epoch, std::string("k7f2q9"));
        QCOMPARE(version->seq, std::int64_t(1042));
    }

    void whatIsNone_isNotRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"", "7", ".7", "k7f2q9.", "k7f2q9.0", "k7f2q9.07", "k7f2q9.-1", "k7f2q9.1x",
                                 "k7f2q9.+1", "k7f2q9.99999999999999999999"})
            QTest::newRow(text) << QByteArray(text);
    }
    void whatIsNone_isNotRead()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!parseVersionId(text.toStdString()));
    }

    void anInstant_hasAllItsMicroseconds()
    {
        QCOMPARE(instantOf(0), std::string("1970-01-01T00:00:00.000000Z"));
        QCOMPARE(instantOf(1'777'879'800'000'001), std::string("2026-05-04T07:30:00.000001Z"));
        QCOMPARE(instantOf(-1), std::string("1969-12-31T23:59:59.999999Z"));
    }

    void aTenantId_isAUuidInLowerCase()
    {
        const auto id = TenantId::parse("0193A5B0-1111-7222-8333-444455556666");
        QVERIFY(id.has_value());
        QCOMPARE(id->text(), std::string("0193a5b0-1111-7222-8333-444455556666"));
        for (const char* text :
             {"", "0193A5B0-1111-7222-8333-44445555666", "0193A5B0-1111-7222-8333-44445555666g",
              "0193A5B01111-7222-8333-444455556666-", "'; DROP TABLE version; --2-8333-4444"})
            QVERIFY2(!TenantId::parse(text), text);
        QVERIFY(TenantId::random() != TenantId::random());
    }

    void aSummary_doesNotDependOnTheOrder_andForgetsWhatIsRemoved()
    {
        Summary one;
        one.add("Patient", "a", "k7f2q9.1");
        one.add("Patient", "b", "k7f2q9.2");
        Summary other;
        other.add("Patient", "b", "k7f2q9.2");
        other.add("Patient", "a", "k7f2q9.1");
        QCOMPARE(one.hex(), other.hex());
        QCOMPARE(one.live, std::int64_t(2));
        one.remove("Patient", "b", "k7f2q9.2");
        QVERIFY(one.hex() != other.hex());
        one.remove("Patient", "a", "k7f2q9.1");
        QVERIFY(one == Summary());
    }

    /// Part of the interface: a workstation computes the same.
    void aSummary_isTheStartOfSha256()
    {
        Summary summary;
        summary.add("Patient", "7", "k7f2q9.1"); // printf %s Patient/7/k7f2q9.1 | sha256sum
        QCOMPARE(summary.hex(), std::string("e5c2ff45a5c27b9a2bb47207973a4683"));
    }

    void aTextArray_quotesWhatPostgreSqlWouldRead()
    {
        db::TextArray array;
        array.add(std::string_view("say \"yes\" \\ no"));
        array.addNull();
        array.add(std::string_view("NULL"));
        array.add(std::string_view("{a,b}"));
        array.add(std::string_view());
        QCOMPARE(array.literal(), std::string("{\"say \\\"yes\\\" \\\\ no\",NULL,\"NULL\",\"{a,b}\",\"\"}"));
        db::TextArray nothing;
        QCOMPARE(nothing.literal(), std::string("{}"));
    }

    void aNumberArray_isALiteral()
    {
        db::NumberArray array;
        QVERIFY(array.empty());
        array.add(-1);
        array.add(2);
        QCOMPARE(array.literal(), std::string("{-1,2}"));
    }
};

QTEST_GUILESS_MAIN(tst_record_basics)
#include "tst_record_basics.moc"
