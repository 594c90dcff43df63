// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/curl_transport.h"
#include "tests/support/scripted_server.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::sync;
using namespace yarrow::testing;

namespace {

using Reason = TransportError::Reason;

const std::string kNames = "DNS:localhost,IP:127.0.0.1";

CurlTransport::Options optionsFor(const std::string& url, const std::string& caPem = {})
{
    CurlTransport::Options options{*ServerUrl::parse(url)};
    options.caPem = caPem;
    options.proxyFor = [](const std::string&) { return Proxy(); };
    return options;
}

HttpRequest withToken(std::string url)
{
    HttpRequest made;
    made.url = std::move(url);
    made.headers.add("Authorization", "Bearer secret-token");
    return made;
}

ScriptedServer::Script overTls(SSL_CTX* context)
{
    return [context](Peer& peer) {
        if (!peer.startTls(context))
            return;
        while (!peer.request().empty())
            peer.answer("{}");
    };
}

} // namespace

/// Whom the transport talks to, and whom it does not.
class TestServerTrust : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void addresses_areReadAndRefused_data();
    void addresses_areReadAndRefused();
    void links_leadToTheSameServerOnly_data();
    void links_leadToTheSameServerOnly();
    void aForeignLink_isNotAsked();
    void plainHttp_staysOnThisMachine();
    void theGivenAuthority_isTrusted_andNobodyElse();
    void aWrongCertificate_isRefused_data();
    void aWrongCertificate_isRefused();
    void oldTls_isRefused();
    void aProxy_tunnels_andNeverSeesTheToken_data();
    void aProxy_tunnels_andNeverSeesTheToken();

private:
    TestCertificate m_authority{"Lindenhof CA"};
};

void TestServerTrust::initTestCase()
{
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"})
        qunsetenv(name);
}

void TestServerTrust::addresses_areReadAndRefused_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("read"); // empty: refused
    const auto row = [](const char* typed, const char* read) {
        QTest::newRow(typed) << QByteArray(typed) << QByteArray(read);
    };
    row("https://clinic.example", "https://clinic.example");
    row("https://clinic.example:8443//", "https://clinic.example:8443");
    row("https://fhir.example/r4/", "https://fhir.example/r4");
    row("http://127.0.0.1:8080", "http://127.0.0.1:8080");
    for (const char* bad :
         {"", "clinic.example", "ftp://clinic.example", "https://", "https://u:p@clinic.example",
          "https://clinic.example?x=1", "https://clinic.example#a", "https://clinic example",
          "https://clinic.example\nx", "file:///etc/passwd"})
        row(bad, "");
}

void TestServerTrust::addresses_areReadAndRefused()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, read);
    const auto url = ServerUrl::parse(typed.toStdString());
    QCOMPARE(url.has_value(), !read.isEmpty());
    if (url)
        QCOMPARE(url->text(), read.toStdString());
}

void TestServerTrust::links_leadToTheSameServerOnly_data()
{
    QTest::addColumn<QByteArray>("link");
    QTest::addColumn<QByteArray>("asked"); // empty: not at all
    const auto row = [](const char* link, const char* asked) {
        QTest::newRow(link) << QByteArray(link) << QByteArray(asked);
    };
    row("_history?_count=5", "https://clinic.example/fhir/_history?_count=5");
    row("/Patient/1", "https://clinic.example/fhir/Patient/1");
    row("https://clinic.example/page/7", "https://clinic.example/page/7");
    row("https://CLINIC.example:443/page/7?a=http://x", "https://CLINIC.example:443/page/7?a=http://x");
    row("Patient?next=https://other.example/",
        "https://clinic.example/fhir/Patient?next=https://other.example/");
    for (const char* foreign : {"https://other.example/page/7", "https://clinic.example:8443/page/7",
                                "http://clinic.example/page/7", "https://clinic.example.other.example/",
                                "https://clinic.example@other.example/", "https://u:p@clinic.example/",
                                "https://clinic.example\\@other.example/", "ftp://clinic.example/",
                                "https://clinic.example/a b", "https://"})
        row(foreign, "");
}

void TestServerTrust::links_leadToTheSameServerOnly()
{
    QFETCH(QByteArray, link);
    QFETCH(QByteArray, asked);
    const auto server = ServerUrl::parse("https://clinic.example/fhir");
    QVERIFY(server);
    QCOMPARE(server->resolve(link.toStdString()).value_or(""), asked.toStdString());
}

void TestServerTrust::aForeignLink_isNotAsked()
{
    ScriptedServer other([](Peer& peer) { peer.waitForTheEnd(); });
    ScriptedServer server([](Peer& peer) { peer.waitForTheEnd(); });
    CurlTransport transport(optionsFor(server.url()));
    const auto refused = transport.send(withToken(other.url() + "/fhir/_history?page=2"));
    QVERIFY(!refused);
    QVERIFY(refused.error().reason == Reason::Untrusted);
    QVERIFY(!refused.error().sent);
    QCOMPARE(other.connections() + server.connections(), 0);
}

void TestServerTrust::plainHttp_staysOnThisMachine()
{
    const auto refused = CurlTransport(optionsFor("http://192.0.2.7")).send(withToken("metadata"));
    QVERIFY(!refused);
    QVERIFY(refused.error().reason == Reason::Untrusted);
    for (const char* here : {"http://localhost", "http://127.1.2.3:80", "http://[::1]:8080"})
        QVERIFY(ServerUrl::parse(here)->isThisMachine());
    for (const char* elsewhere :
         {"http://192.0.2.7", "http://127.clinic.example", "http://localhost.clinic.example"})
        QVERIFY(!ServerUrl::parse(elsewhere)->isThisMachine());
}

void TestServerTrust::theGivenAuthority_isTrusted_andNobodyElse()
{
    const TestCertificate certificate(m_authority, kNames);
    const auto context = certificate.serverContext();
    ScriptedServer server(overTls(context.get()));
    CurlTransport trusting(optionsFor(server.url("https"), m_authority.pem()));
    QVERIFY(trusting.send(withToken("metadata")));

    const TestCertificate another("Another CA");
    for (const std::string& ca : {another.pem(), std::string()}) {
        const auto refused = CurlTransport(optionsFor(server.url("https"), ca)).send(withToken("metadata"));
        QVERIFY(!refused);
        QVERIFY2(refused.error().reason == Reason::Untrusted, refused.error().detail.c_str());
        QVERIFY(!refused.error().sent);
    }
}

void TestServerTrust::aWrongCertificate_isRefused_data()
{
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<int>("endsIn");
    QTest::newRow("expired") << QByteArray(kNames.c_str()) << -60;
    QTest::newRow("of another host") << QByteArray("DNS:other.example") << 3600;
}

void TestServerTrust::aWrongCertificate_isRefused()
{
    QFETCH(QByteArray, names);
    QFETCH(int, endsIn);
    const TestCertificate certificate(m_authority, names.toStdString(), endsIn);
    const auto context = certificate.serverContext();
    ScriptedServer server(overTls(context.get()));
    const auto refused =
        CurlTransport(optionsFor(server.url("https"), m_authority.pem())).send(withToken("metadata"));
    QVERIFY(!refused);
    QVERIFY2(refused.error().reason == Reason::Untrusted, refused.error().detail.c_str());
    QVERIFY(!refused.error().sent);
}

void TestServerTrust::oldTls_isRefused()
{
    const TestCertificate certificate(m_authority, kNames);
    for (const int version : {TLS1_1_VERSION, TLS1_2_VERSION}) {
        const auto context = certificate.serverContext(version);
        ScriptedServer server(overTls(context.get()));
        const auto answer =
            CurlTransport(optionsFor(server.url("https"), m_authority.pem())).send(withToken("metadata"));
        QCOMPARE(answer.has_value(), version == TLS1_2_VERSION);
        if (!answer)
            QVERIFY(!answer.error().sent);
    }
}

void TestServerTrust::aProxy_tunnels_andNeverSeesTheToken_data()
{
    QTest::addColumn<bool>("fromEnvironment");
    QTest::newRow("of the system") << false;
    QTest::newRow("of the environment") << true;
}

void TestServerTrust::aProxy_tunnels_andNeverSeesTheToken()
{
    QFETCH(bool, fromEnvironment);
    const TestCertificate certificate(m_authority, "DNS:clinic.example");
    const auto context = certificate.serverContext();
    std::string asked;
    std::string inside;
    ScriptedServer proxy([&](Peer& peer) {
        asked = peer.request();
        peer.write("HTTP/1.1 200 Connection established\r\nX-Proxy: here\r\n\r\n");
        if (!peer.startTls(context.get()))
            return;
        inside = peer.request();
        peer.answer("{}");
    });
    const std::string address = "127.0.0.1:" + std::to_string(proxy.port());
    CurlTransport::Options options = optionsFor("https://clinic.example", m_authority.pem());
    if (fromEnvironment)
        qputenv("https_proxy", QByteArray::fromStdString("http://desk:pass@" + address));
    else
        options.proxyFor = [&](const std::string&) { return Proxy{"http://" + address, "desk", "pass"}; };
    const auto answer = CurlTransport(options).send(withToken("metadata"));
    qunsetenv("https_proxy");
    QVERIFY2(answer, answer ? "" : answer.error().detail.c_str());
    QVERIFY(answer->headers.find("X-Proxy").empty());
    QVERIFY(asked.starts_with("CONNECT clinic.example:443 HTTP/1.1\r\n"));
    QVERIFY(asked.find("Proxy-Authorization: Basic ZGVzazpwYXNz\r\n") != std::string::npos);
    QVERIFY(asked.find("secret-token") == std::string::npos);
    QVERIFY(inside.find("\r\nAuthorization: Bearer secret-token\r\n") != std::string::npos);
    QVERIFY(inside.find("Proxy-Authorization") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestServerTrust)

#include "tst_server_trust.moc"
