// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "sync/protocol/feed_page.h"
#include "sync/protocol/write_bundle.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::sync;

class TestProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPageOfTheFeed_isRead()
    {
        const auto page = parseFeedPage(
            "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"meta\":{\"extension\":["
            "{\"url\":\"https://yarrow.example/fhir/StructureDefinition/"
            "feed-epoch\",\"valueString\":\"k3fx\"},"
            "{\"url\":\"https://yarrow.example/fhir/StructureDefinition/"
            "feed-scope\",\"valueString\":\"all\"},"
            "{\"url\":\"https://yarrow.example/fhir/StructureDefinition/"
            "feed-floor\",\"valueInstant\":\"2026-01-01T00:00:00Z\"},"
            "{\"url\":\"https://yarrow.example/fhir/StructureDefinition/feed-count\",\"valueString\":\"17\"},"
            "{\"url\":\"https://yarrow.example/fhir/StructureDefinition/"
            "feed-digest\",\"valueString\":\"00ff\"}]},"
            "\"link\":[{\"relation\":\"self\",\"url\":\"a\"},{\"relation\":\"next\",\"url\":\"b\"}],"
            "\"entry\":["
            "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":\"k3fx.7\","
            "\"lastUpdated\":\"2026-03-02T08:00:00.000001Z\"},"
            "\"multipleBirthInteger\":1.10},\"request\":{\"method\":\"PUT\",\"url\":\"Patient/p1\"},"
            "\"response\":{\"status\":\"200 "
            "OK\",\"etag\":\"W/\\\"k3fx.7\\\"\",\"lastModified\":\"2026-03-02T08:00:00.000001Z\"}},"
            "{\"fullUrl\":\"https://x/fhir/Patient/p2\",\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/"
            "p2\"},"
            "\"response\":{\"status\":\"204 No "
            "Content\",\"etag\":\"W/\\\"k3fx.8\\\"\",\"lastModified\":\"2026-03-02T08:00:00.000002Z\"}},"
            "{\"request\":{\"method\":\"PUT\",\"url\":\"Condition/c1\"},"
            "\"response\":{\"status\":\"403 "
            "Forbidden\",\"etag\":\"W/\\\"k3fx.9\\\"\",\"lastModified\":\"2026-03-02T08:00:00.000003Z\"}}]}");
        QVERIFY(page.has_value());
        QCOMPARE(page->epoch, std::string("k3fx"));
        QCOMPARE(page->scope, std::string("all"));
        QCOMPARE(page->floor, std::string("2026-01-01T00:00:00Z"));
        QCOMPARE(page->count, std::optional<std::int64_t>(17));
        QCOMPARE(page->digest, std::string("00ff"));
        QCOMPARE(page->next, std::optional<std::string>("b"));
        QCOMPARE(page->entries.size(), 3U);
        QCOMPARE(page->entries[0].kind, FeedEntry::Kind::Present);
        QCOMPARE(page->entries[0].version, std::string("k3fx.7"));
        QCOMPARE(page->entries[0].lastUpdated, std::string("2026-03-02T08:00:00.000001Z"));
        QCOMPARE(page->entries[0].document["multipleBirthInteger"].numberLexeme(), "1.10");
        QCOMPARE(page->entries[1].kind, FeedEntry::Kind::Deleted);
        QCOMPARE(page->entries[1].id, std::string("p2"));
        QCOMPARE(page->entries[2].kind, FeedEntry::Kind::LeftScope);
        QCOMPARE(page->entries[2].type, std::string("Condition"));
    }

    void searchResults_areRead_withoutOutcomes()
    {
        const auto page = parseFeedPage("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":["
                                        "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{"
                                        "\"versionId\":\"3\",\"lastUpdated\":\"2026-03-02T08:00:00Z\"}},"
                                        "\"search\":{\"mode\":\"match\"}},"
                                        "{\"resource\":{\"resourceType\":\"OperationOutcome\",\"issue\":[]},"
                                        "\"search\":{\"mode\":\"outcome\"}}]}");
        QVERIFY(page.has_value());
        QCOMPARE(page->entries.size(), 1U);
        QCOMPARE(page->entries[0].version, std::string("3"));
        QVERIFY(!page->next);
    }

    void whatIsNoPage_isRefusedWhole_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("cut") << QByteArray(
            "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"resource\":{");
        QTest::newRow("HTML") << QByteArray("<html>Sign in to the network</html>");
        QTest::newRow("another resource")
            << QByteArray("{\"resourceType\":\"Patient\",\"type\":\"history\"}");
        QTest::newRow("another Bundle") << QByteArray("{\"resourceType\":\"Bundle\",\"type\":\"document\"}");
        QTest::newRow("no name") << QByteArray("{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":["
                                               "{\"request\":{\"method\":\"DELETE\",\"url\":\"?\"}}]}");
        QTest::newRow("no resource") << QByteArray(
            "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"request\":{\"method\":\"PUT\","
            "\"url\":\"Patient/1\"},\"response\":{\"status\":\"200\"}}]}");
    }
    void whatIsNoPage_isRefusedWhole()
    {
        QFETCH(QByteArray, body);
        QVERIFY(!parseFeedPage(body.toStdString()));
    }

    void everyWrite_hasItsCondition_operationAndAuthor()
    {
        const std::string text = writeBundle(
            {{"Patient", "p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"multipleBirthInteger\":1.10}",
              "", "op-1", "anna"},
             {"Patient", "p2", "{\"resourceType\":\"Patient\",\"id\":\"p2\"}", "k3fx.7", "op-2", ""},
             {"Patient", "p3", std::nullopt, "k3fx.9", "op-3", "anna"}},
            true);
        const auto bundle = Json::parse(text);
        QVERIFY(bundle.has_value());
        QCOMPARE((*bundle)["type"].string(), "transaction");
        const Json& entries = (*bundle)["entry"];
        QCOMPARE(entries[0]["request"]["method"].string(), "PUT");
        QCOMPARE(entries[0]["request"]["ifNoneMatch"].string(), "*");
        QVERIFY(!entries[0]["request"].contains("ifMatch"));
        QCOMPARE(entries[0]["resource"]["multipleBirthInteger"].numberLexeme(), "1.10");
        QCOMPARE(entries[0]["extension"][0]["valueString"].string(), "op-1");
        QCOMPARE(entries[0]["extension"][1]["valueString"].string(), "anna");
        QCOMPARE(entries[1]["request"]["ifMatch"].string(), "W/\"k3fx.7\"");
        QCOMPARE(entries[1]["extension"].items().size(), 1U);
        QCOMPARE(entries[2]["request"]["method"].string(), "DELETE");
        QCOMPARE(entries[2]["request"]["url"].string(), "Patient/p3");
        QCOMPARE(entries[2]["request"]["ifMatch"].string(), "W/\"k3fx.9\"");
        QVERIFY(!entries[2].contains("resource"));
    }

    void answers_areReadInOrder()
    {
        const auto answers = parseWriteAnswers(
            "{\"resourceType\":\"Bundle\",\"type\":\"batch-response\",\"entry\":["
            "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":\"k.8\","
            "\"lastUpdated\":\"2026-03-02T08:00:00.000001Z\"}},"
            "\"response\":{\"status\":\"201 "
            "Created\",\"etag\":\"W/\\\"k.8\\\"\",\"lastModified\":\"2026-03-02T08:00:00.000001Z\"}},"
            "{\"response\":{\"status\":\"409 "
            "Conflict\",\"outcome\":{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":"
            "\"error\","
            "\"code\":\"conflict\",\"details\":{\"coding\":[{\"code\":\"slot-taken\"}]}}]}}}]}",
            2);
        QVERIFY(answers.has_value());
        QCOMPARE((*answers)[0].status, 201);
        QCOMPARE((*answers)[0].version, std::string("k.8"));
        QVERIFY((*answers)[0].document.has_value());
        QCOMPARE((*answers)[1].status, 409);
        QCOMPARE((*answers)[1].code, std::string("slot-taken"));
        QVERIFY(!(*answers)[1].document);
    }

    void anAnswerToSomethingElse_isRefused()
    {
        const std::string one = "{\"resourceType\":\"Bundle\",\"type\":\"batch-response\",\"entry\":[{"
                                "\"response\":{\"status\":\"200\"}}]}";
        QVERIFY(parseWriteAnswers(one, 1).has_value());
        QVERIFY(!parseWriteAnswers(one, 2));
        QVERIFY(!parseWriteAnswers("{\"resourceType\":\"Bundle\",\"type\":\"batch-response\",\"entry\":[{}]}",
                                   1));
        QVERIFY(!parseWriteAnswers("{\"resourceType\":\"Bundle\",\"type\":\"history\"}", 0));
        QVERIFY(!parseWriteAnswers("", 0));
    }

    void entityTags_areRead()
    {
        QCOMPARE(versionOfETag("W/\"k3fx.7\""), std::string("k3fx.7"));
        QCOMPARE(versionOfETag("\"7\""), std::string("7"));
        QCOMPARE(versionOfETag("7"), std::string());
        QCOMPARE(versionOfETag("\""), std::string());
        QCOMPARE(versionOfETag(""), std::string());
    }

    void codesOfErrors_comeFromOutcomesAndProblems()
    {
        HttpResponse response{
            410, {}, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"code\":\"deleted\"}]}"};
        response.headers.add("etag", "W/\"k.9\"");
        WriteAnswer answer = answerOf(response);
        QCOMPARE(answer.code, std::string("deleted"));
        QCOMPARE(answer.version, std::string("k.9"));
        answer = answerOf({429, {}, "{\"type\":\"about:blank\",\"code\":\"too-many-requests\"}"});
        QCOMPARE(answer.code, std::string("too-many-requests"));
        answer = answerOf({502, {}, "<html>Bad gateway</html>"});
        QCOMPARE(answer.status, 502);
        QVERIFY(answer.code.empty());
    }
};

QTEST_GUILESS_MAIN(TestProtocol)
#include "tst_protocol.moc"
