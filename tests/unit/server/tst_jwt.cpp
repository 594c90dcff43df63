// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/crypto.h"
#include "server/auth/jwt.h"

#include <boost/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <QTest>

#include <limits>

using namespace yarrow::server;

namespace {

using boost::json::object;

std::string part(const object& json)
{
    return crypto::toBase64Url(boost::json::serialize(json));
}

const object kClaims{
    {"iss", "a"}, {"sub", "a"}, {"aud", "https://clinic.example/auth/token"}, {"exp", 1'800'000'000}};

/// Signed by the key whatever the header says.
std::string tokenWith(const object& header, const EcPrivateKey& key)
{
    const std::string text = part(header) + '.' + part(kClaims);
    return text + '.' + crypto::toBase64Url(key.sign(text));
}

bool isAccepted(std::string_view token, const EcPublicKey& key)
{
    const auto jwt = Jwt::parse(token);
    return jwt && jwt->isSignedBy(key);
}

} // namespace

class tst_jwt : public QObject
{
    Q_OBJECT

    const EcPrivateKey m_key = EcPrivateKey::generate();

private Q_SLOTS:
    void aSignedToken_isReadAndFits()
    {
        const auto jwt = Jwt::parse(Jwt::sign(kClaims, "k1", m_key));
        QVERIFY(jwt);
        QVERIFY(jwt->isSignedBy(m_key.publicKey()));
        QCOMPARE(jwt->kid(), std::string("k1"));
        QCOMPARE(jwt->text("iss"), std::string_view("a"));
        QCOMPARE(*jwt->seconds("exp"), std::int64_t(1'800'000'000));
        QVERIFY(jwt->isFor("https://clinic.example/auth/token"));
        QVERIFY(!jwt->isFor("https://clinic.example/auth"));
    }

    void theExampleOfRfc7515_fits()
    {
        // Appendix A.3: another's signature, so that a mistake made twice here is noticed.
        const auto key = EcPublicKey::fromJwk({{"kty", "EC"},
                                               {"crv", "P-256"},
                                               {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                                               {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}});
        QVERIFY(key);
        QVERIFY(isAccepted(
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
            "NvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmW"
            "QxfKTUJqPP3-Kg6NU1Q",
            *key));
    }

    void theThumbprint_isRfc7638s()
    {
        // Of the key of RFC 7515, A.3, computed with another implementation.
        const auto key = EcPublicKey::fromJwk({{"kty", "EC"},
                                               {"crv", "P-256"},
                                               {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                                               {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}});
        QCOMPARE(key->thumbprint(), std::string("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"));
    }

    void otherAlgorithms_areNotLookedAt_data()
    {
        QTest::addColumn<QByteArray>("algorithm");
        for (const char* algorithm : {"none", "None", "nOnE", "", "HS256", "HS384", "RS256", "PS256", "ES384",
                                      "ES512", "ES256K", "EdDSA", "es256", "ES256 "})
            QTest::newRow(*algorithm ? algorithm : "empty") << QByteArray(algorithm);
    }
    void otherAlgorithms_areNotLookedAt()
    {
        QFETCH(QByteArray, algorithm);
        QVERIFY(!Jwt::parse(tokenWith({{"alg", algorithm.constData()}}, m_key)));
    }

    void aTokenWithoutSignature_isRefused()
    {
        for (const char* algorithm : {"none", "ES256"}) {
            const std::string text = part({{"alg", algorithm}}) + '.' + part(kClaims) + '.';
            QVERIFY(!isAccepted(text, m_key.publicKey()));
        }
    }

    void aHs256TokenUnderThePublicKey_isRefused()
    {
        // The classic confusion: the public key, which everybody has, used as an HMAC's secret.
        for (const std::string& secret :
             {boost::json::serialize(m_key.publicKey().toJwk()), std::string("-----BEGIN PUBLIC KEY-----")}) {
            const std::string text = part({{"alg", "HS256"}, {"typ", "JWT"}}) + '.' + part(kClaims);
            std::string mac(32, '\0');
            unsigned size = 0;
            HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                 reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                 reinterpret_cast<unsigned char*>(mac.data()), &size);
            QVERIFY(!isAccepted(text + '.' + crypto::toBase64Url(mac), m_key.publicKey()));
        }
    }

    void headersThatMustBeUnderstood_areRefused()
    {
        QVERIFY(Jwt::parse(tokenWith({{"alg", "ES256"}}, m_key)));
        QVERIFY(!Jwt::parse(tokenWith({{"alg", "ES256"}, {"crit", boost::json::array{"exp"}}}, m_key)));
        QVERIFY(!Jwt::parse(tokenWith({{"alg", boost::json::array{"ES256"}}}, m_key)));
        QVERIFY(!Jwt::parse(tokenWith({{"typ", "JWT"}}, m_key)));
    }

    void anotherKey_doesNotFit()
    {
        QVERIFY(!isAccepted(Jwt::sign(kClaims, "k1", EcPrivateKey::generate()), m_key.publicKey()));
    }

    void anyChangedCharacter_isNoticed()
    {
        const std::string token = Jwt::sign(kClaims, "k1", m_key);
        QVERIFY(isAccepted(token, m_key.publicKey()));
        for (std::size_t i = 0; i < token.size(); ++i) {
            std::string changed = token;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            QVERIFY2(!isAccepted(changed, m_key.publicKey()), changed.c_str());
        }
    }

    void aTamperedPayload_doesNotFit()
    {
        const std::string token = Jwt::sign(kClaims, "k1", m_key);
        object claims = kClaims;
        claims["sub"] = "b";
        const std::size_t first = token.find('.');
        const std::string forged = token.substr(0, first + 1) + part(claims) + token.substr(token.rfind('.'));
        QVERIFY(Jwt::parse(forged));
        QVERIFY(!isAccepted(forged, m_key.publicKey()));
    }

    void aSignatureOfZerosOrOfAnotherLength_isRefused()
    {
        const std::string token = Jwt::sign(kClaims, "k1", m_key);
        const std::string text = token.substr(0, token.rfind('.') + 1);
        for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 72U, 128U})
            QVERIFY(!isAccepted(text + crypto::toBase64Url(std::string(size, '\0')), m_key.publicKey()));
    }

    void whatIsNoToken_isNothing()
    {
        for (const char* text :
             {"", ".", "..", "...", "a.b.c", "e30.e30.e30", "e30", "eyJhbGciOiJFUzI1NiJ9..",
              "eyJhbGciOiJFUzI1NiJ9.e30", "eyJhbGciOiJFUzI1NiJ9.e30.=", "W10.W10.W10"})
            QVERIFY2(!isAccepted(text, m_key.publicKey()), text);
        QVERIFY(!Jwt::parse(Jwt::sign(kClaims, "k1", m_key) + ".x"));
        QVERIFY(!Jwt::parse(Jwt::sign({{"iss", std::string(9000, 'x')}}, "k1", m_key)));
    }

    void times_areWholeSecondsOrNothing()
    {
        const auto secondsOf = [&](const boost::json::value& value) {
            return Jwt::parse(Jwt::sign({{"exp", value}}, "k", m_key))->seconds("exp");
        };
        QCOMPARE(*secondsOf(17), std::int64_t(17));
        QCOMPARE(*secondsOf(17.9), std::int64_t(17));
        for (const boost::json::value& wrong :
             {boost::json::value("17"), boost::json::value(-1), boost::json::value(1e300),
              boost::json::value(std::numeric_limits<std::int64_t>::max()), boost::json::value(nullptr),
              boost::json::value(true)})
            QVERIFY(!secondsOf(wrong));
    }

    void anAudienceMayBeOneOfSeveral()
    {
        const auto audience = [&](const boost::json::value& value) {
            return Jwt::parse(Jwt::sign({{"aud", value}}, "k", m_key))->isFor("b");
        };
        QVERIFY(audience(boost::json::array{"a", "b"}));
        QVERIFY(!audience(boost::json::array{"a", 1}));
        QVERIFY(!audience(boost::json::array()));
        QVERIFY(!audience("bb"));
        QVERIFY(!audience(nullptr));
    }

    void onlyP256PublicKeys_areKeys()
    {
        const object good = m_key.publicKey().toJwk();
        QVERIFY(EcPublicKey::fromJwk(good));
        const auto expressionOf = [](object jwk) {
            return EcPublicKey::fromJwk(jwk, "/publicKey").error().expression;
        };
        const auto with = [&](const char* member, const boost::json::value& value) {
            object jwk = good;
            jwk[member] = value;
            return jwk;
        };
        QCOMPARE(expressionOf(with("kty", "RSA")), std::string("/publicKey/kty"));
        QCOMPARE(expressionOf(with("crv", "P-384")), std::string("/publicKey/crv"));
        QCOMPARE(expressionOf(with("d", "AAAA")), std::string("/publicKey/d"));
        QCOMPARE(expressionOf(with("x", "AAAA")), std::string("/publicKey/x"));
        QCOMPARE(expressionOf(with("y", 7)), std::string("/publicKey/y"));
        // x and y of a point that lies on no P-256.
        QCOMPARE(expressionOf(with("x", boost::json::string(crypto::toBase64Url(std::string(32, '\x01'))))),
                 std::string("/publicKey/x"));
        QCOMPARE(expressionOf(with("x", boost::json::string(crypto::toBase64Url(std::string(32, '\xFF'))))),
                 std::string("/publicKey/x"));
    }

    void aPrivateKey_survivesItsDer()
    {
        const auto again = EcPrivateKey::fromDer(m_key.toDer());
        QVERIFY(again);
        QVERIFY(m_key.publicKey().verify("hello", again->sign("hello")));
        QVERIFY(!EcPrivateKey::fromDer("no DER"));
        QVERIFY(!EcPrivateKey::fromDer(""));
    }
};

QTEST_GUILESS_MAIN(tst_jwt)
#include "tst_jwt.moc"
