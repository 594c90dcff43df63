// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace yarrow;
using namespace yarrow::crypto;

namespace {

/// What RFC 4648, section 5, writes without padding.
Bytes fromBase64Url(std::string text)
{
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    const Result<Bytes> bytes = fromBase64(text);
    if (!bytes)
        qFatal("not base64url");
    return *bytes;
}

} // namespace

class TestCryptoEs256 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verify_acceptsTheExampleOfRfc7515();
    void verify_acceptsWhatWasSigned_andRefusesEveryChangedByte();
    void verify_refusesWhatIsNoKeyAndNoSignature();
    void publicKey_comesBackFromThePrivateOne();
    void sign_refusesWhatIsNoKeyOnP256();
    void base64Url_hasItsOwnDigitsAndNoPadding();
};

void TestCryptoEs256::verify_acceptsTheExampleOfRfc7515() // appendix A.3
{
    Bytes point{4};
    for (const char* number :
         {"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}) {
        const Bytes bytes = fromBase64Url(number);
        point.insert(point.end(), bytes.begin(), bytes.end());
    }
    const std::string_view signedText =
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const Bytes signature = fromBase64Url(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    QVERIFY(verifyEs256(point, bytesOf(signedText), signature));
    QVERIFY(!verifyEs256(point, bytesOf("eyJhbGciOiJFUzI1NiJ9."), signature));
}

void TestCryptoEs256::verify_acceptsWhatWasSigned_andRefusesEveryChangedByte()
{
    const P256KeyPair keys = generateP256();
    const Result<Signature> signature = signEs256(keys.privateKey.span(), bytesOf("header.claims"));
    QVERIFY(signature);
    QVERIFY(verifyEs256(keys.publicKey, bytesOf("header.claims"), *signature));
    QVERIFY(!verifyEs256(keys.publicKey, bytesOf("header.claimz"), *signature));
    QVERIFY(!verifyEs256(generateP256().publicKey, bytesOf("header.claims"), *signature));
    for (std::size_t i = 0; i < signature->size(); ++i) {
        Signature changed = *signature;
        changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1U);
        QVERIFY(!verifyEs256(keys.publicKey, bytesOf("header.claims"), changed));
    }
}

void TestCryptoEs256::verify_refusesWhatIsNoKeyAndNoSignature()
{
    const P256KeyPair keys = generateP256();
    const Result<Signature> signature = signEs256(keys.privateKey.span(), bytesOf("m"));
    QVERIFY(signature);
    QVERIFY(!verifyEs256({}, bytesOf("m"), *signature));
    QVERIFY(!verifyEs256(keys.publicKey, bytesOf("m"), {}));
    QVERIFY(!verifyEs256(keys.publicKey, bytesOf("m"), ByteView(*signature).first(63)));
    QVERIFY(!verifyEs256(keys.publicKey, bytesOf("m"), Signature{}));
    Bytes besideTheCurve = keys.publicKey;
    besideTheCurve.back() = static_cast<std::uint8_t>(besideTheCurve.back() ^ 1U);
    QVERIFY(!verifyEs256(besideTheCurve, bytesOf("m"), *signature));
}

void TestCryptoEs256::publicKey_comesBackFromThePrivateOne()
{
    const P256KeyPair keys = generateP256();
    QCOMPARE(keys.publicKey.size(), std::size_t{65});
    const Result<Bytes> again = publicP256(keys.privateKey.span());
    QVERIFY(again);
    QVERIFY(*again == keys.publicKey);
    QVERIFY(generateP256().publicKey != keys.publicKey);
}

void TestCryptoEs256::sign_refusesWhatIsNoKeyOnP256()
{
    const P256KeyPair keys = generateP256();
    const auto whole = keys.privateKey.span();
    for (const ByteView bad : {ByteView(), whole.first(whole.size() - 1), bytesOf("no key at all")}) {
        QVERIFY(!signEs256(bad, bytesOf("m")));
        QVERIFY(!publicP256(bad));
    }
    const X25519KeyPair other = generateX25519();
    QVERIFY(!signEs256(other.privateKey.span(), bytesOf("m")));
}

void TestCryptoEs256::base64Url_hasItsOwnDigitsAndNoPadding()
{
    const Bytes bytes{0xfb, 0xff, 0xfe, 0x01};
    QCOMPARE(toBase64Url(bytes), std::string("-__-AQ"));
    QCOMPARE(toBase64Url({}), std::string());
}

QTEST_GUILESS_MAIN(TestCryptoEs256)

#include "tst_crypto_es256.moc"
