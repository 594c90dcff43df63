// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"

#include <QTest>

#include <rapidcheck.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace yarrow;
using namespace yarrow::crypto;

namespace {

Bytes hex(std::string_view text)
{
    const Result<Bytes> bytes = fromHex(text);
    if (!bytes)
        qFatal("not hexadecimal");
    return *bytes;
}

std::string textOf(ByteView bytes)
{
    return std::string(bytes.begin(), bytes.end());
}

const Bytes kKey = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

} // namespace

class TestCrypto : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=20260114"); }
    void sha256_matchesFips180();
    void sha256InPieces_equalsSha256AtOnce();
    void hmac_matchesRfc4231_data();
    void hmac_matchesRfc4231();
    void hkdf_matchesRfc5869_data();
    void hkdf_matchesRfc5869();
    void scrypt_matchesRfc7914_data();
    void scrypt_matchesRfc7914();
    void scrypt_refusesParametersOutsideItsLimits();
    void open_readsPublishedGcmVectors_data();
    void open_readsPublishedGcmVectors();
    void open_reversesSealForEverySize();
    void open_refusesEveryChangedByteAndLength();
    void open_refusesAnotherKeyOrAdditionalData();
    void seal_neverRepeatsItself();
    void openSealed_reversesSealTo();
    void openSealed_refusesEveryChangedByteAndOtherRecipients();
    void sealTo_refusesDegenerateKeys();
    void sign_matchesRfc8032_data();
    void sign_matchesRfc8032();
    void verify_refusesEveryChangedByte();
    void random_doesNotRepeat();
    void constantTimeComparison_comparesAll();
    void hexAndBase64_matchRfc4648_data();
    void hexAndBase64_matchRfc4648();
    void base64AndHex_readBackAnyBytes();
    void malformedHexAndBase64_areRefused();
    void secretBytes_areEmptyAfterAMove();
};

void TestCrypto::sha256_matchesFips180()
{
    QCOMPARE(toHex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QCOMPARE(toHex(sha256(bytesOf("abc"))),
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QCOMPARE(toHex(sha256(bytesOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

void TestCrypto::sha256InPieces_equalsSha256AtOnce()
{
    const std::string text(300, 'y');
    Sha256 hash;
    for (const std::size_t piece : {0U, 1U, 63U, 64U, 65U, 300U}) {
        hash.update(bytesOf(text).first(piece)).update(bytesOf(text).subspan(piece));
        QCOMPARE(hash.finish(), sha256(bytesOf(text)));
    }
    QCOMPARE(hash.finish(), sha256({}));
}

void TestCrypto::hmac_matchesRfc4231_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("mac");

    QTest::newRow("1") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                       << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("2") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                       << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    QTest::newRow("3") << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
                       << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    QTest::newRow("6") << QByteArray(131, '\xaa')
                       << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
                       << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    QTest::newRow("empty") << QByteArray() << QByteArray()
                           << QByteArray("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

void TestCrypto::hmac_matchesRfc4231()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, mac);
    // Twice, because the algorithm's state is shared between calls.
    for (int round = 0; round < 2; ++round)
        QCOMPARE(toHex(hmacSha256(bytesOf(key.toStdString()), bytesOf(data.toStdString()))),
                 mac.toStdString());
}

void TestCrypto::hkdf_matchesRfc5869_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("salt");
    QTest::addColumn<QByteArray>("info");
    QTest::addColumn<QByteArray>("derived");

    QTest::newRow("1") << QByteArray(22, '\x0b') << QByteArray::fromHex("000102030405060708090a0b0c")
                       << QByteArray::fromHex("f0f1f2f3f4f5f6f7f8f9")
                       << QByteArray("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                                     "34007208d5b887185865");
    QByteArray key;
    QByteArray salt;
    QByteArray info;
    for (int i = 0; i < 80; ++i) {
        key += static_cast<char>(i);
        salt += static_cast<char>(0x60 + i);
        info += static_cast<char>(0xb0 + i);
    }
    QTest::newRow("2") << key << salt << info
                       << QByteArray("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                                     "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                                     "cc30c58179ec3e87c14c01d5c1f3434f1d87");
    QTest::newRow("3") << QByteArray(22, '\x0b') << QByteArray() << QByteArray()
                       << QByteArray("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                                     "9d201395faa4b61a96c8");
}

void TestCrypto::hkdf_matchesRfc5869()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, salt);
    QFETCH(QByteArray, info);
    QFETCH(QByteArray, derived);
    const std::string infoText = info.toStdString();
    const SecretBytes out = hkdf(bytesOf(key.toStdString()), bytesOf(salt.toStdString()), infoText,
                                 static_cast<std::size_t>(derived.size()) / 2);
    QCOMPARE(toHex(out.span()), derived.toStdString());
}

void TestCrypto::scrypt_matchesRfc7914_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("salt");
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("r");
    QTest::addColumn<int>("p");
    QTest::addColumn<QByteArray>("derived");

    QTest::newRow("1") << QByteArray() << QByteArray() << 16 << 1 << 1
                       << QByteArray("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                                     "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    QTest::newRow("2") << QByteArray("password") << QByteArray("NaCl") << 1024 << 8 << 16
                       << QByteArray("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                                     "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
    QTest::newRow("3") << QByteArray("pleaseletmein") << QByteArray("SodiumChloride") << 16384 << 8 << 1
                       << QByteArray("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                                     "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

void TestCrypto::scrypt_matchesRfc7914()
{
    QFETCH(QByteArray, password);
    QFETCH(QByteArray, salt);
    QFETCH(int, n);
    QFETCH(int, r);
    QFETCH(int, p);
    QFETCH(QByteArray, derived);
    const Result<SecretBytes> out =
        scrypt(bytesOf(password.toStdString()), bytesOf(salt.toStdString()), static_cast<std::uint64_t>(n),
               static_cast<std::uint64_t>(r), static_cast<std::uint64_t>(p), 64);
    QVERIFY(out);
    QCOMPARE(toHex(out->span()), derived.toStdString());
}

void TestCrypto::scrypt_refusesParametersOutsideItsLimits()
{
    const auto codeOf = [](std::uint64_t n, std::uint64_t r, std::uint64_t p, std::size_t size) {
        const Result<SecretBytes> out = scrypt(bytesOf("p"), bytesOf("s"), n, r, p, size);
        return out ? std::optional<ErrorCode>() : out.error().code;
    };
    constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;
    for (const std::uint64_t n :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{1} << 24, kHuge})
        QCOMPARE(codeOf(n, 8, 1, 32), ErrorCode::InvalidArgument);
    for (const std::uint64_t bad : {std::uint64_t{0}, kHuge, ~std::uint64_t{0}}) {
        QCOMPARE(codeOf(16, bad, 1, 32), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(16, 8, bad, 32), ErrorCode::InvalidArgument);
    }
    QCOMPARE(codeOf(65536, 1, 1, 32), ErrorCode::InvalidArgument);
    QCOMPARE(codeOf(16, 8, 1, 0), ErrorCode::InvalidArgument);
    QCOMPARE(codeOf(16, 8, 1, 1), std::nullopt);
}

void TestCrypto::open_readsPublishedGcmVectors_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("sealed");
    QTest::addColumn<QByteArray>("additionalData");
    QTest::addColumn<QByteArray>("plain");

    // McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 16.
    const QByteArray zeroKey(64, '0');
    const QByteArray zeroNonce(24, '0');
    QTest::newRow("13") << zeroKey << zeroNonce + "530f8afbc74536b9a963b4f1c4cb738b" << QByteArray()
                        << QByteArray();
    QTest::newRow("14") << zeroKey
                        << zeroNonce + "cea7403d4d606b6e074ec5d3baf39d18"
                                       "d0d1c8a799996bf0265b98b5d48ab919"
                        << QByteArray() << QByteArray(32, '0');
    QTest::newRow("16") << QByteArray("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
                        << QByteArray("cafebabefacedbaddecaf888"
                                      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                                      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                                      "76fc6ece0f4e1768cddf8853bb2d551b")
                        << QByteArray("feedfacedeadbeeffeedfacedeadbeefabaddad2")
                        << QByteArray("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
}

void TestCrypto::open_readsPublishedGcmVectors()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, sealed);
    QFETCH(QByteArray, additionalData);
    QFETCH(QByteArray, plain);
    const Result<SecretBytes> opened =
        open(hex(key.toStdString()), hex(sealed.toStdString()), hex(additionalData.toStdString()));
    QVERIFY(opened);
    QCOMPARE(toHex(opened->span()), plain.toStdString());
}

void TestCrypto::open_reversesSealForEverySize()
{
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U, 100'000U}) {
        const Bytes plain(size, 0x5A);
        const Bytes sealed = seal(kKey, plain, bytesOf("slot 1"));
        QCOMPARE(sealed.size(), size + 28);
        const Result<SecretBytes> opened = open(kKey, sealed, bytesOf("slot 1"));
        QVERIFY(opened);
        QVERIFY(std::equal(plain.begin(), plain.end(), opened->span().begin(), opened->span().end()));
    }
}

void TestCrypto::open_refusesEveryChangedByteAndLength()
{
    const Bytes sealed = seal(kKey, bytesOf("the database key, 32 bytes long."), bytesOf("a"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        for (const std::uint8_t bit : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
            Bytes changed = sealed;
            changed[i] ^= bit;
            const Result<SecretBytes> opened = open(kKey, changed, bytesOf("a"));
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, ErrorCode::Crypto);
        }
        QVERIFY(!open(kKey, ByteView(sealed).first(i), bytesOf("a")));
        QVERIFY(!open(kKey, ByteView(sealed).subspan(i + 1), bytesOf("a")));
    }
    Bytes longer = sealed;
    longer.push_back(0);
    QVERIFY(!open(kKey, longer, bytesOf("a")));
}

void TestCrypto::open_refusesAnotherKeyOrAdditionalData()
{
    const Bytes sealed = seal(kKey, bytesOf("secret"), bytesOf("slot 1"));
    for (std::size_t i = 0; i < kKey.size(); ++i) {
        Bytes other = kKey;
        other[i] ^= 1;
        QVERIFY(!open(other, sealed, bytesOf("slot 1")));
    }
    QVERIFY(!open(kKey, sealed, bytesOf("slot 2")));
    QVERIFY(!open(kKey, sealed, bytesOf("slot 1 ")));
    QVERIFY(!open(kKey, sealed, {}));
}

void TestCrypto::seal_neverRepeatsItself()
{
    std::set<Bytes> seen;
    for (int i = 0; i < 1000; ++i) {
        const Bytes sealed = seal(kKey, bytesOf("same"), {});
        seen.insert(Bytes(sealed.begin(), sealed.begin() + 12));
    }
    QCOMPARE(seen.size(), 1000U);
}

void TestCrypto::openSealed_reversesSealTo()
{
    const X25519KeyPair recipient = generateX25519();
    const Result<Bytes> sealed = sealTo(recipient.publicKey, bytesOf("for you"), bytesOf("context"));
    QVERIFY(sealed);
    QCOMPARE(sealed->size(), 32U + 28U + 7U);
    const Result<SecretBytes> opened = openSealed(recipient, *sealed, bytesOf("context"));
    QVERIFY(opened);
    QCOMPARE(opened->view(), "for you");
}

void TestCrypto::openSealed_refusesEveryChangedByteAndOtherRecipients()
{
    const X25519KeyPair recipient = generateX25519();
    const Result<Bytes> sealed = sealTo(recipient.publicKey, bytesOf("for you"), bytesOf("context"));
    QVERIFY(sealed);
    for (std::size_t i = 0; i < sealed->size(); ++i) {
        Bytes changed = *sealed;
        changed[i] ^= 1;
        const Result<SecretBytes> opened = openSealed(recipient, changed, bytesOf("context"));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Crypto);
        QVERIFY(!openSealed(recipient, ByteView(*sealed).first(i), bytesOf("context")));
    }
    // X25519 ignores the highest bit of a public key; both keys go into the derivation, so that the box does
    // not.
    Bytes changed = *sealed;
    changed[31] ^= 0x80;
    QVERIFY(!openSealed(recipient, changed, bytesOf("context")));
    QVERIFY(!openSealed(generateX25519(), *sealed, bytesOf("context")));
    QVERIFY(!openSealed(recipient, *sealed, bytesOf("another")));
}

void TestCrypto::sealTo_refusesDegenerateKeys()
{
    Bytes one(32);
    one[0] = 1;
    for (const Bytes& key : {Bytes(32), one, Bytes(31, 9), Bytes(33, 9), Bytes()}) {
        const Result<Bytes> sealed = sealTo(key, bytesOf("x"), {});
        QVERIFY(!sealed);
        QCOMPARE(sealed.error().code, ErrorCode::Crypto);
    }
}

void TestCrypto::sign_matchesRfc8032_data()
{
    QTest::addColumn<QByteArray>("privateKey");
    QTest::addColumn<QByteArray>("publicKey");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");

    QTest::newRow("1") << QByteArray("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                       << QByteArray("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
                       << QByteArray()
                       << QByteArray("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    QTest::newRow("2") << QByteArray("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
                       << QByteArray("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
                       << QByteArray("72")
                       << QByteArray("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    QTest::newRow("3") << QByteArray("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
                       << QByteArray("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
                       << QByteArray("af82")
                       << QByteArray("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                                     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
}

void TestCrypto::sign_matchesRfc8032()
{
    QFETCH(QByteArray, privateKey);
    QFETCH(QByteArray, publicKey);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    const Bytes text = hex(message.toStdString());
    QCOMPARE(toHex(sign(hex(privateKey.toStdString()), text)), signature.toStdString());
    QVERIFY(verify(hex(publicKey.toStdString()), text, hex(signature.toStdString())));
}

void TestCrypto::verify_refusesEveryChangedByte()
{
    const Ed25519KeyPair keys = generateEd25519();
    const std::string message = "entry 4711 is the last one";
    const Signature signature = sign(keys.privateKey.span(), bytesOf(message));
    QVERIFY(verify(keys.publicKey, bytesOf(message), signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        Signature changed = signature;
        changed[i] ^= 1;
        QVERIFY(!verify(keys.publicKey, bytesOf(message), changed));
        QVERIFY(!verify(keys.publicKey, bytesOf(message), ByteView(signature).first(i)));
    }
    for (std::size_t i = 0; i < message.size(); ++i) {
        std::string changed = message;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        QVERIFY(!verify(keys.publicKey, bytesOf(changed), signature));
    }
    QVERIFY(!verify(generateEd25519().publicKey, bytesOf(message), signature));
    QVERIFY(!verify({}, bytesOf(message), signature));
}

void TestCrypto::random_doesNotRepeat()
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(toHex(randomSecret(16).span()));
    QCOMPARE(seen.size(), 1000U);
}

void TestCrypto::constantTimeComparison_comparesAll()
{
    QVERIFY(equalInConstantTime(bytesOf("abc"), bytesOf("abc")));
    QVERIFY(!equalInConstantTime(bytesOf("abc"), bytesOf("abd")));
    QVERIFY(!equalInConstantTime(bytesOf("abc"), bytesOf("xbc")));
    QVERIFY(!equalInConstantTime(bytesOf("abc"), bytesOf("abcd")));
    QVERIFY(equalInConstantTime({}, {}));
}

void TestCrypto::hexAndBase64_matchRfc4648_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("base64");
    QTest::addColumn<QByteArray>("base16");

    QTest::newRow("0") << QByteArray("") << QByteArray("") << QByteArray("");
    QTest::newRow("1") << QByteArray("f") << QByteArray("Zg==") << QByteArray("66");
    QTest::newRow("2") << QByteArray("fo") << QByteArray("Zm8=") << QByteArray("666f");
    QTest::newRow("3") << QByteArray("foo") << QByteArray("Zm9v") << QByteArray("666f6f");
    QTest::newRow("4") << QByteArray("foob") << QByteArray("Zm9vYg==") << QByteArray("666f6f62");
    QTest::newRow("5") << QByteArray("fooba") << QByteArray("Zm9vYmE=") << QByteArray("666f6f6261");
    QTest::newRow("6") << QByteArray("foobar") << QByteArray("Zm9vYmFy") << QByteArray("666f6f626172");
}

void TestCrypto::hexAndBase64_matchRfc4648()
{
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, base64);
    QFETCH(QByteArray, base16);
    const std::string text = plain.toStdString();
    QCOMPARE(toBase64(bytesOf(text)), base64.toStdString());
    QCOMPARE(toHex(bytesOf(text)), base16.toStdString());
    QCOMPARE(textOf(fromBase64(base64.toStdString()).value()), text);
    QCOMPARE(textOf(fromHex(base16.toUpper().toStdString()).value()), text);
}

void TestCrypto::base64AndHex_readBackAnyBytes()
{
    QVERIFY(rc::check("read back", [](const Bytes& bytes) {
        RC_ASSERT(fromBase64(toBase64(bytes)).value() == bytes);
        RC_ASSERT(fromHex(toHex(bytes)).value() == bytes);
    }));
}

void TestCrypto::malformedHexAndBase64_areRefused()
{
    for (const char* text :
         {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Z===", "Zg==Zg==", "Zm 9v", "Zm-_", "Zm9v\n"}) {
        const Result<Bytes> bytes = fromBase64(text);
        QVERIFY2(!bytes, text);
        QCOMPARE(bytes.error().code, ErrorCode::InvalidArgument);
    }
    for (const char* text : {"6", "6g", "g6", "66 6", "0x66", "é"}) {
        const Result<Bytes> bytes = fromHex(text);
        QVERIFY2(!bytes, text);
        QCOMPARE(bytes.error().code, ErrorCode::InvalidArgument);
    }
}

void TestCrypto::secretBytes_areEmptyAfterAMove()
{
    SecretBytes first(std::string_view("secret"));
    SecretBytes second(std::move(first));
    QVERIFY(first.isEmpty()); // NOLINT(bugprone-use-after-move): what a move leaves behind is the claim
    QCOMPARE(second.view(), "secret");
    SecretBytes third(std::string_view("other"));
    third = std::move(second);
    QVERIFY(second.isEmpty()); // NOLINT(bugprone-use-after-move)
    QCOMPARE(third.clone().view(), "secret");
    std::vector<SecretBytes> many;
    for (int i = 0; i < 10; ++i)
        many.push_back(third.clone());
    QCOMPARE(many.front().view(), "secret");
}

QTEST_GUILESS_MAIN(TestCrypto)

#include "tst_crypto.moc"
