// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "core/json.h"
#include "sync/transport/authorised_transport.h"
#include "sync/transport/token_source.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/test_clinic.h"

#include <QTest>

#include <set>

using namespace yarrow;
using namespace yarrow::sync;
using namespace yarrow::testing;

namespace {

using Reason = TransportError::Reason;
using namespace std::chrono_literals;

const std::string kTokenUrl = "https://clinic.example/auth/token";
const std::string kClient = "11111111-2222-4333-8444-555555555555.d1";

Json decoded(std::string part)
{
    std::replace(part.begin(), part.end(), '-', '+');
    std::replace(part.begin(), part.end(), '_', '/');
    part.append((4 - part.size() % 4) % 4, '=');
    const auto bytes = crypto::fromBase64(part);
    if (!bytes)
        qFatal("not base64url");
    return json(std::string(bytes->begin(), bytes->end()));
}

HttpResponse token(const std::string& value, int life = 900)
{
    return answer(200, R"({"access_token":")" + value + R"(","token_type":"Bearer","expires_in":)" +
                           std::to_string(life) + "}");
}

HttpResponse refused(int status, const std::string& code, Headers headers = {})
{
    return answer(status,
                  R"({"error":"invalid_client","error_description":"A sentence.","code":")" + code + R"("})",
                  std::move(headers));
}

Headers header(const char* name, const char* value)
{
    Headers headers;
    headers.add(name, value);
    return headers;
}

std::string bearer(const HttpRequest& request)
{
    return std::string(request.headers.find("Authorization"));
}

} // namespace

class TestTokenSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void anAssertion_isSignedAndSaysWhoForWhomAndHowLong();
    void aToken_isKeptUntilShortlyBeforeItExpires();
    void aRefusal_isUnauthorised_withTheServersReason();
    void aWrongClock_isMadeUpFor();
    void aBusyServer_isNoRefusal();
    void withoutAnAnswer_theRequestWasNotSent();
    void withoutTheKey_nothingIsSent();

    void requests_carryTheToken();
    void aToken401_isRenewedOnce();
    void a401ForANewToken_isUnauthorised();
    void aBusyTokenEndpoint_answersTheRequest();
    void aRevokedWorkstation_isUnauthorised_data();
    void aRevokedWorkstation_isUnauthorised();
    void an403ForAnythingElse_comesBack();
    void staticTokens_areNotRenewed();

private:
    DeviceTokenSource source(Transport& transport)
    {
        return DeviceTokenSource(transport, m_clock, m_ids, kTokenUrl, kClient,
                                 [this]() -> Result<SecretBytes> { return m_keys.privateKey.clone(); });
    }

    FixedClock m_clock{*parseInstant("2026-03-02T09:00:00Z")};
    SequenceIds m_ids;
    crypto::P256KeyPair m_keys = crypto::generateP256();
};

void TestTokenSource::init()
{
    m_clock.set(*parseInstant("2026-03-02T09:00:00Z"));
}

void TestTokenSource::anAssertion_isSignedAndSaysWhoForWhomAndHowLong()
{
    ScriptedTransport server([](const HttpRequest&) { return token("t1"); });
    auto tokens = source(server);
    QVERIFY(tokens.token());
    QVERIFY(tokens.renew());
    QVERIFY(tokens.token());
    std::set<std::string> ids;
    for (const HttpRequest& asked : server.requests) {
        QCOMPARE(asked.url, kTokenUrl);
        QVERIFY(asked.method == Method::Post);
        QVERIFY(asked.body.find("grant_type=client_credentials&") != std::string::npos);
        const std::string name = "&client_assertion=";
        const std::string assertion = asked.body.substr(asked.body.find(name) + name.size());
        const std::size_t dot = assertion.find('.');
        const std::size_t last = assertion.rfind('.');
        QCOMPARE(std::string(decoded(assertion.substr(0, dot))["alg"].string()), std::string("ES256"));
        const Json claims = decoded(assertion.substr(dot + 1, last - dot - 1));
        QCOMPARE(std::string(claims["iss"].string()), kClient);
        QCOMPARE(std::string(claims["sub"].string()), kClient);
        QCOMPARE(std::string(claims["aud"].string()), kTokenUrl);
        const std::int64_t now = 1772442000;
        QCOMPARE(claims["iat"].integer().value_or(0), now);
        QVERIFY(claims["exp"].integer().value_or(0) > now);
        QVERIFY(claims["exp"].integer().value_or(0) <= now + 300);
        ids.insert(std::string(claims["jti"].string()));

        std::string signature = assertion.substr(last + 1);
        std::replace(signature.begin(), signature.end(), '-', '+');
        std::replace(signature.begin(), signature.end(), '_', '/');
        const auto bytes = crypto::fromBase64(signature + "==");
        QVERIFY(bytes);
        QVERIFY(crypto::verifyEs256(m_keys.publicKey, crypto::bytesOf(assertion.substr(0, last)), *bytes));
    }
    QCOMPARE(ids.size(), std::size_t{2}); // each is good once
}

void TestTokenSource::aToken_isKeptUntilShortlyBeforeItExpires()
{
    ScriptedTransport server(
        [&server](const HttpRequest&) { return token("t" + std::to_string(server.requests.size()), 900); });
    auto tokens = source(server);
    QCOMPARE(tokens.token().value_or(""), std::string("t1"));
    m_clock.advance(839s);
    QCOMPARE(tokens.token().value_or(""), std::string("t1"));
    m_clock.advance(1s);
    QCOMPARE(tokens.token().value_or(""), std::string("t2"));
    QVERIFY(!tokens.refusal());
}

void TestTokenSource::aRefusal_isUnauthorised_withTheServersReason()
{
    for (const auto& [status, code] : std::vector<std::pair<int, std::string>>{
             {401, "assertion-invalid"}, {403, "device-revoked"}, {403, "clinic-suspended"}}) {
        ScriptedTransport server([&](const HttpRequest&) { return refused(status, code); });
        auto tokens = source(server);
        const auto none = tokens.token();
        QVERIFY(!none);
        const auto& error = std::get<TransportError>(none.error());
        QVERIFY(error.reason == Reason::Unauthorised);
        QVERIFY(!error.sent);
        QCOMPARE(error.detail, code + ": A sentence.");
        QCOMPARE(tokens.refusal()->code, code);
        QCOMPARE(tokens.refusal()->isFinal(), code == "device-revoked");
        QCOMPARE(server.requests.size(), std::size_t{1});
    }
    ScriptedTransport other([](const HttpRequest&) { return answer(400, R"({"error":"invalid_client"})"); });
    auto tokens = source(other);
    QVERIFY(!tokens.token());
    QCOMPARE(tokens.refusal()->code, std::string("invalid_client"));
    ScriptedTransport page([](const HttpRequest&) { return answer(404, "<html>"); });
    auto nowhere = source(page);
    QVERIFY(!nowhere.token());
    QCOMPARE(nowhere.refusal()->code, std::string("HTTP 404"));
}

void TestTokenSource::aWrongClock_isMadeUpFor()
{
    ScriptedTransport server([&server](const HttpRequest&) {
        const Headers date = header("Date", "Mon, 02 Mar 2026 11:00:00 GMT"); // two hours ahead
        return server.requests.size() == 1 ? refused(401, "assertion-expired", date) : token("t1");
    });
    auto tokens = source(server);
    QCOMPARE(tokens.token().value_or(""), std::string("t1"));
    QCOMPARE(server.requests.size(), std::size_t{2});

    ScriptedTransport strict([](const HttpRequest&) {
        return refused(401, "assertion-expired", header("Date", "Mon, 02 Mar 2026 09:00:05 GMT"));
    });
    auto same = source(strict);
    QVERIFY(!same.token());
    QCOMPARE(strict.requests.size(), std::size_t{1}); // the clock was right
}

void TestTokenSource::aBusyServer_isNoRefusal()
{
    for (const int status : {429, 503, 500}) {
        ScriptedTransport server(
            [status](const HttpRequest&) { return answer(status, "", header("Retry-After", "7")); });
        auto tokens = source(server);
        const auto none = tokens.token();
        QVERIFY(!none);
        QCOMPARE(std::get<HttpResponse>(none.error()).status, status);
        QVERIFY(!tokens.refusal());
    }
}

void TestTokenSource::withoutAnAnswer_theRequestWasNotSent()
{
    ScriptedTransport server([](const HttpRequest&) -> ScriptedTransport::Answer {
        return tl::unexpected(TransportError{Reason::TimedOut, true, "late"});
    });
    auto tokens = source(server);
    const auto none = tokens.token();
    QVERIFY(!none);
    QVERIFY(std::get<TransportError>(none.error()).reason == Reason::TimedOut);
    QVERIFY(!std::get<TransportError>(none.error()).sent);
}

void TestTokenSource::withoutTheKey_nothingIsSent()
{
    ScriptedTransport server([](const HttpRequest&) { return token("t1"); });
    DeviceTokenSource tokens(server, m_clock, m_ids, kTokenUrl, kClient,
                             []() -> Result<SecretBytes> { return fail(ErrorCode::KeyStoreUnavailable); });
    const auto none = tokens.token();
    QVERIFY(!none);
    QVERIFY(std::get<TransportError>(none.error()).reason == Reason::Unreachable);
    QVERIFY(std::get<TransportError>(none.error()).detail.find("KeyStoreUnavailable") != std::string::npos);
    QVERIFY(server.requests.empty());
}

void TestTokenSource::requests_carryTheToken()
{
    ScriptedTransport server([](const HttpRequest& asked) {
        return asked.url == kTokenUrl ? token("t1") : answer(200, bearer(asked));
    });
    auto tokens = source(server);
    AuthorisedTransport transport(server, tokens);
    HttpRequest request;
    request.url = "fhir/metadata";
    QCOMPARE(transport.send(request)->body, std::string("Bearer t1"));
    QCOMPARE(transport.send(request)->body, std::string("Bearer t1"));
    QCOMPARE(server.requests.size(), std::size_t{3});
    QVERIFY(bearer(server.requests.front()).empty());
    QCOMPARE(transport.traffic().requests, std::int64_t{3});
}

void TestTokenSource::aToken401_isRenewedOnce()
{
    int given = 0;
    ScriptedTransport server([&given](const HttpRequest& asked) {
        if (asked.url == kTokenUrl)
            return token("t" + std::to_string(++given));
        return bearer(asked) == "Bearer t2" ? answer(201) : answer(401);
    });
    auto tokens = source(server);
    AuthorisedTransport transport(server, tokens);
    HttpRequest request;
    request.method = Method::Put;
    request.url = "fhir/Patient/1";
    request.body = "{}";
    QCOMPARE(transport.send(request)->status, 201);
    QCOMPARE(server.requests.back().body, std::string("{}"));
    QVERIFY(!transport.refusal());
}

void TestTokenSource::a401ForANewToken_isUnauthorised()
{
    ScriptedTransport server(
        [](const HttpRequest& asked) { return asked.url == kTokenUrl ? token("t") : answer(401); });
    auto tokens = source(server);
    AuthorisedTransport transport(server, tokens);
    const auto refusedAnswer = transport.send({});
    QVERIFY(!refusedAnswer);
    QVERIFY(refusedAnswer.error().reason == Reason::Unauthorised);
    QVERIFY(!refusedAnswer.error().sent);
    QCOMPARE(server.requests.size(), std::size_t{4}); // two tokens, two attempts
}

void TestTokenSource::aBusyTokenEndpoint_answersTheRequest()
{
    ScriptedTransport server([](const HttpRequest&) { return answer(503, "", header("Retry-After", "7")); });
    auto tokens = source(server);
    AuthorisedTransport transport(server, tokens);
    const auto busy = transport.send({});
    QVERIFY(busy);
    QCOMPARE(busy->status, 503);
    QCOMPARE(std::string(busy->headers.find("Retry-After")), std::string("7"));
}

void TestTokenSource::aRevokedWorkstation_isUnauthorised_data()
{
    QTest::addColumn<bool>("wipe");
    QTest::newRow("revoked") << false;
    QTest::newRow("to be wiped") << true;
}

void TestTokenSource::aRevokedWorkstation_isUnauthorised()
{
    QFETCH(bool, wipe);
    const Headers state = header("Yarrow-Device-State", wipe ? "wipe" : "revoked");
    // With a token that is still good, and without one.
    for (const bool hasToken : {true, false}) {
        ScriptedTransport server([&](const HttpRequest& asked) {
            if (asked.url == kTokenUrl)
                return hasToken ? token("t") : refused(403, "device-revoked", state);
            return answer(403, "{}", state);
        });
        auto tokens = source(server);
        AuthorisedTransport transport(server, tokens);
        const auto ended = transport.send({});
        QVERIFY(!ended);
        QVERIFY(ended.error().reason == Reason::Unauthorised);
        QCOMPARE(transport.refusal()->code, std::string("device-revoked"));
        QCOMPARE(transport.refusal()->wipe, wipe);
        QVERIFY(transport.refusal()->isFinal());
    }
}

void TestTokenSource::an403ForAnythingElse_comesBack()
{
    ScriptedTransport server(
        [](const HttpRequest& asked) { return asked.url == kTokenUrl ? token("t") : answer(403, "{}"); });
    auto tokens = source(server);
    AuthorisedTransport transport(server, tokens);
    QCOMPARE(transport.send({})->status, 403);
}

void TestTokenSource::staticTokens_areNotRenewed()
{
    ScriptedTransport server([](const HttpRequest& asked) {
        return bearer(asked) == "Bearer good" || bearer(asked).empty() ? answer(200) : answer(401);
    });
    for (const auto& [value, works] :
         std::vector<std::pair<std::string, bool>>{{"good", true}, {"bad", false}, {"", true}}) {
        StaticToken tokens(value);
        AuthorisedTransport transport(server, tokens);
        const auto got = transport.send({});
        QCOMPARE(got.has_value(), works);
        if (!works)
            QVERIFY(got.error().reason == Reason::Unauthorised);
    }
    QCOMPARE(server.requests.size(), std::size_t{3});
}

QTEST_GUILESS_MAIN(TestTokenSource)

#include "tst_token_source.moc"
