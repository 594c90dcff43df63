// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/curl_transport.h"
#include "sync/transport/gzip.h"
#include "tests/support/scripted_server.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::sync;
using namespace yarrow::testing;

namespace {

using Reason = TransportError::Reason;

CurlTransport::Options optionsFor(const std::string& url)
{
    CurlTransport::Options options{*ServerUrl::parse(url)};
    options.proxyFor = [](const std::string&) { return Proxy(); };
    return options;
}

CurlTransport transportTo(const ScriptedServer& server)
{
    return CurlTransport(optionsFor(server.url()));
}

HttpRequest request(Method method, std::string url = "fhir/Patient/1", std::string body = {})
{
    HttpRequest made;
    made.method = method;
    made.url = std::move(url);
    made.body = std::move(body);
    return made;
}

void answerAll(Peer& peer)
{
    while (!peer.request().empty())
        peer.answer("{}");
}

#define COMPARE_ERROR(answer, expectedReason, expectedSent)                                                  \
    do {                                                                                                     \
        QVERIFY(!(answer));                                                                                  \
        QVERIFY2((answer).error().reason == (expectedReason), (answer).error().detail.c_str());              \
        QCOMPARE((answer).error().sent, expectedSent);                                                       \
        QVERIFY(!(answer).error().detail.empty());                                                           \
    } while (false)

} // namespace

Q_DECLARE_METATYPE(yarrow::sync::Method)

class TestCurlTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void answers_comeWhole_withTheLastHeaders();
    void requests_carryMethodHeadersAndBody_data();
    void requests_carryMethodHeadersAndBody();
    void requestsOneAfterTheOther_useOneConnection();
    void packedAnswers_areUnpacked();
    void largeBodies_arePacked_whereTheServerReadsIt();
    void anAnswerBeyondTheLimit_isRefused_packedOrNot_data();
    void anAnswerBeyondTheLimit_isRefused_packedOrNot();
    void aRedirect_isNotFollowed();
    void aLineBreakInAHeader_isNotSent();

    void nobodyThere_isUnreachable_andNothingWasSent();
    void anAnswerThatEndsEarly_isCutOff();
    void aSilentServer_runsOutOfTime();
    void anAnswerThatStalls_runsOutOfTime();
    void aCancelledRequest_ends();

    void aRequestOnAConnectionThatDies_isNotRepeated_data();
    void aRequestOnAConnectionThatDies_isNotRepeated();
    void aReadOnAConnectionThatDies_isRepeated();
    void aConnectionClosedMeanwhile_isNotUsedAgain();
};

void TestCurlTransport::initTestCase()
{
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        qunsetenv(name);
}

void TestCurlTransport::answers_comeWhole_withTheLastHeaders()
{
    ScriptedServer server([](Peer& peer) {
        peer.request();
        peer.write("HTTP/1.1 103 Early Hints\r\nLink: </early>\r\n\r\n");
        peer.answer(R"({"resourceType":"Patient"})", "ETag: W/\"e.7\" \r\nX-Empty:\r\nVary: a\r\nVary: b\r\n",
                    "201 Created");
    });
    CurlTransport transport = transportTo(server);
    const auto answer = transport.send(request(Method::Get));
    QVERIFY(answer);
    QCOMPARE(answer->status, 201);
    QCOMPARE(answer->body, std::string(R"({"resourceType":"Patient"})"));
    QCOMPARE(std::string(answer->headers.find("etag")), std::string("W/\"e.7\""));
    QCOMPARE(std::string(answer->headers.find("vary")), std::string("a"));
    QVERIFY(answer->headers.find("Link").empty());
    QVERIFY(answer->headers.find("X-Empty").empty());
}

void TestCurlTransport::requests_carryMethodHeadersAndBody_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("get") << Method::Get << QByteArray();
    QTest::newRow("post") << Method::Post << QByteArray("{\"a\":1.10}");
    QTest::newRow("empty post") << Method::Post << QByteArray();
    QTest::newRow("put") << Method::Put << QByteArray("{\"a\":1.10}");
    QTest::newRow("delete") << Method::Delete << QByteArray();
}

void TestCurlTransport::requests_carryMethodHeadersAndBody()
{
    QFETCH(Method, method);
    QFETCH(QByteArray, body);
    std::string seen;
    ScriptedServer server([&seen](Peer& peer) {
        seen = peer.request();
        peer.answer("{}");
    });
    CurlTransport transport = transportTo(server);
    HttpRequest sent = request(method, "fhir/Patient/1?_format=json", body.toStdString());
    sent.headers.add("If-Match", "W/\"e.6\"");
    QVERIFY(transport.send(sent));
    QVERIFY(seen.starts_with(std::string(methodName(method)) + " /fhir/Patient/1?_format=json HTTP/1.1\r\n"));
    QVERIFY(seen.find("\r\nIf-Match: W/\"e.6\"\r\n") != std::string::npos);
    QVERIFY(seen.find("\r\nAccept-Encoding: gzip, deflate\r\n") != std::string::npos);
    QVERIFY(seen.find("\r\nExpect:") == std::string::npos);
    QVERIFY(seen.find("\r\nContent-Type:") == std::string::npos); // nobody said one
    QVERIFY(seen.ends_with("\r\n\r\n" + body.toStdString()));
    const Transport::Traffic traffic = transport.traffic();
    QCOMPARE(traffic.requests, std::int64_t{1});
    QVERIFY(traffic.bytesSent >= body.size() + 40);
    QVERIFY(traffic.bytesReceived >= 30);
}

void TestCurlTransport::requestsOneAfterTheOther_useOneConnection()
{
    ScriptedServer server(answerAll);
    CurlTransport transport = transportTo(server);
    for (const Method method : {Method::Get, Method::Put, Method::Post, Method::Delete, Method::Get})
        QVERIFY(transport.send(request(method)));
    QCOMPARE(server.connections(), 1);
}

void TestCurlTransport::packedAnswers_areUnpacked()
{
    const std::string body(100'000, 'x');
    ScriptedServer server([&body](Peer& peer) {
        peer.request();
        peer.answer(packGzip(body), "Content-Encoding: gzip\r\n");
    });
    CurlTransport transport = transportTo(server);
    const auto answer = transport.send(request(Method::Get));
    QVERIFY(answer);
    QVERIFY(answer->body == body);
    QVERIFY(transport.traffic().bytesReceived < 2000);
}

void TestCurlTransport::largeBodies_arePacked_whereTheServerReadsIt()
{
    std::vector<std::string> seen;
    ScriptedServer server([&seen](Peer& peer) {
        for (std::string one = peer.request(); !one.empty(); one = peer.request()) {
            seen.push_back(one);
            peer.answer("{}");
        }
    });
    const std::string large(50'000, ' ');
    CurlTransport::Options options = optionsFor(server.url());
    options.packRequests = true;
    CurlTransport packing(options);
    QVERIFY(packing.send(request(Method::Post, "fhir", large)));
    QVERIFY(packing.send(request(Method::Post, "fhir", "{}")));
    QVERIFY(transportTo(server).send(request(Method::Post, "fhir", large)));
    QVERIFY(seen.at(0).find("\r\nContent-Encoding: gzip\r\n") != std::string::npos);
    QVERIFY(seen.at(0).ends_with(packGzip(large)));
    QVERIFY(packing.traffic().bytesSent < 2000);
    for (const std::size_t plain : {1U, 2U})
        QVERIFY(seen.at(plain).find("Content-Encoding") == std::string::npos);
}

void TestCurlTransport::anAnswerBeyondTheLimit_isRefused_packedOrNot_data()
{
    QTest::addColumn<bool>("packed");
    QTest::newRow("plain") << false;
    QTest::newRow("packed") << true;
}

void TestCurlTransport::anAnswerBeyondTheLimit_isRefused_packedOrNot()
{
    QFETCH(bool, packed);
    const std::string body(1'000'001, 'x');
    ScriptedServer server([&](Peer& peer) {
        peer.request();
        peer.answer(packed ? packGzip(body) : body, packed ? "Content-Encoding: gzip\r\n" : "");
        peer.waitForTheEnd();
    });
    CurlTransport::Options options = optionsFor(server.url());
    options.maxAnswerBytes = 1'000'000;
    const auto refused = CurlTransport(options).send(request(Method::Get));
    COMPARE_ERROR(refused, Reason::TooLarge, true);
    options.maxAnswerBytes = 1'000'001;
    QVERIFY(CurlTransport(options).send(request(Method::Get)));
}

void TestCurlTransport::aRedirect_isNotFollowed()
{
    ScriptedServer elsewhere(answerAll);
    ScriptedServer server([&elsewhere](Peer& peer) {
        peer.request();
        peer.answer("", "Location: " + elsewhere.url() + "/\r\n", "302 Found");
    });
    const auto answer = transportTo(server).send(request(Method::Get));
    QVERIFY(answer);
    QCOMPARE(answer->status, 302);
    QCOMPARE(elsewhere.connections(), 0);
}

void TestCurlTransport::aLineBreakInAHeader_isNotSent()
{
    ScriptedServer server(answerAll);
    HttpRequest split = request(Method::Put);
    split.headers.add("If-Match", "W/\"1\"\r\nYarrow-Author: somebody");
    const auto refused = transportTo(server).send(split);
    COMPARE_ERROR(refused, Reason::Untrusted, false);
    QCOMPARE(server.connections(), 0);
}

void TestCurlTransport::nobodyThere_isUnreachable_andNothingWasSent()
{
    std::string url;
    {
        ScriptedServer gone(answerAll);
        url = gone.url();
    }
    const auto answer = CurlTransport(optionsFor(url)).send(request(Method::Post));
    COMPARE_ERROR(answer, Reason::Unreachable, false);
}

void TestCurlTransport::anAnswerThatEndsEarly_isCutOff()
{
    for (const char* begun :
         {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}"}) {
        ScriptedServer server([begun](Peer& peer) {
            peer.request();
            peer.write(begun);
        });
        const auto answer = transportTo(server).send(request(Method::Post, "fhir", "{}"));
        COMPARE_ERROR(answer, Reason::CutOff, true);
        QCOMPARE(server.connections(), 1);
    }
}

void TestCurlTransport::aSilentServer_runsOutOfTime()
{
    ScriptedServer server([](Peer& peer) { peer.waitForTheEnd(); });
    HttpRequest hurried = request(Method::Post);
    hurried.timeout = std::chrono::seconds(1);
    const auto answer = transportTo(server).send(hurried);
    COMPARE_ERROR(answer, Reason::TimedOut, true);
}

void TestCurlTransport::anAnswerThatStalls_runsOutOfTime()
{
    ScriptedServer server([](Peer& peer) {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}");
        peer.waitForTheEnd();
    });
    CurlTransport::Options options = optionsFor(server.url());
    options.stallTime = std::chrono::milliseconds(100);
    const auto answer = CurlTransport(options).send(request(Method::Get));
    COMPARE_ERROR(answer, Reason::TimedOut, true);
}

void TestCurlTransport::aCancelledRequest_ends()
{
    std::atomic_bool cancelled = false;
    ScriptedServer server([&cancelled](Peer& peer) {
        peer.request();
        cancelled = true;
        peer.waitForTheEnd();
    });
    CurlTransport transport(optionsFor(server.url()), &cancelled);
    const auto during = transport.send(request(Method::Put));
    COMPARE_ERROR(during, Reason::Cancelled, true);
    const auto before = transport.send(request(Method::Put));
    COMPARE_ERROR(before, Reason::Cancelled, false);
}

void TestCurlTransport::aRequestOnAConnectionThatDies_isNotRepeated_data()
{
    QTest::addColumn<Method>("method");
    QTest::newRow("post") << Method::Post;
    QTest::newRow("put") << Method::Put;
    QTest::newRow("delete") << Method::Delete;
}

/// The server reads the second request, perhaps does what it says, and dies: libcurl would send it once more.
void TestCurlTransport::aRequestOnAConnectionThatDies_isNotRepeated()
{
    QFETCH(Method, method);
    std::atomic_int received = 0;
    ScriptedServer server([&received](Peer& peer) {
        for (int i = 0; i < 2 && !peer.request().empty(); ++i) {
            if (++received != 2)
                peer.answer("{}");
            else
                return;
        }
    });
    CurlTransport transport = transportTo(server);
    QVERIFY(transport.send(request(Method::Get)));
    const auto lost = transport.send(request(method, "fhir/Patient/1", method == Method::Delete ? "" : "{}"));
    COMPARE_ERROR(lost, Reason::CutOff, true);
    QCOMPARE(received.load(), 2);
    QVERIFY(transport.send(request(method)));
    QCOMPARE(received.load(), 3);
}

void TestCurlTransport::aReadOnAConnectionThatDies_isRepeated()
{
    std::atomic_int received = 0;
    ScriptedServer server([&received](Peer& peer) {
        while (!peer.request().empty()) {
            if (++received == 2)
                return;
            peer.answer("{}");
        }
    });
    CurlTransport transport = transportTo(server);
    QVERIFY(transport.send(request(Method::Get)));
    QVERIFY(transport.send(request(Method::Get)));
    QCOMPARE(received.load(), 3);
}

void TestCurlTransport::aConnectionClosedMeanwhile_isNotUsedAgain()
{
    std::atomic_int received = 0;
    std::atomic_int closed = 0;
    ScriptedServer server([&](Peer& peer) {
        peer.request();
        ++received;
        peer.answer("{}", "Connection: close\r\n");
        ++closed;
    });
    CurlTransport transport = transportTo(server);
    for (int i = 0; i < 3; ++i)
        QVERIFY(transport.send(request(Method::Post, "fhir", "{}")));
    QCOMPARE(received.load(), 3);
    QCOMPARE(server.connections(), 3);
}

QTEST_GUILESS_MAIN(TestCurlTransport)

#include "tst_curl_transport.moc"
