// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/crypto.h"
#include "server/auth/local_key_file.h"
#include "server/auth/password_verifier.h"

#include <boost/json.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace yarrow::server;

namespace {

constexpr auto kOwnerOnly = QFile::ReadOwner | QFile::WriteOwner;

std::string keyFile(const QTemporaryDir& folder, const QByteArray& content,
                    QFile::Permissions permissions = kOwnerOnly)
{
    QFile file(folder.filePath(QStringLiteral("server.key")));
    file.remove();
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() ||
        !file.setPermissions(permissions))
        qFatal("cannot write the key file");
    return file.fileName().toStdString();
}

const KeyContext kContext{TenantId::parse("11111111-2222-4333-8444-555555555555").value(), "signing-key"};

} // namespace

class tst_secrets : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void aSecret_comesBackUnderItsContextOnly()
    {
        const auto keys = LocalKeyFile::open(keyFile(m_folder, QByteArray(32, 'k')));
        QVERIFY(keys);
        const std::string wrapped = *(*keys)->wrap("secret", kContext);
        QVERIFY(wrapped.rfind("local:v1:", 0) == 0);
        QVERIFY(wrapped != *(*keys)->wrap("secret", kContext)); // another nonce
        QCOMPARE(*(*keys)->unwrap(wrapped, kContext), std::string("secret"));
        const KeyContext otherTenant{TenantId::random(), "signing-key"};
        const KeyContext otherType{kContext.tenant, "webhook-secret"};
        const KeyContext ofTheServer{{}, "signing-key"};
        for (const KeyContext& context : {otherTenant, otherType, ofTheServer})
            QCOMPARE((*keys)->unwrap(wrapped, context).error().code, std::string("secret-unreadable"));
    }

    void anyChangedCharacter_isNoticed()
    {
        const auto keys = LocalKeyFile::open(keyFile(m_folder, QByteArray(32, 'k')));
        const std::string wrapped = *(*keys)->wrap("secret", kContext);
        for (std::size_t i = 0; i < wrapped.size(); ++i) {
            std::string changed = wrapped;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            QVERIFY2(!(*keys)->unwrap(changed, kContext), changed.c_str());
        }
        for (const char* text :
             {"", "local:v", "local:v1", "local:v1:", "local:v0:AAAA", "local:v2:AAAA", "vault:v1:AAAA"})
            QVERIFY2(!(*keys)->unwrap(text, kContext), text);
    }

    void aNewVersion_wrapsAndTheOldOneStillUnwraps()
    {
        const auto before = LocalKeyFile::open(keyFile(m_folder, QByteArray(32, 'a')));
        const std::string old = *(*before)->wrap("secret", kContext);
        const auto after = LocalKeyFile::open(keyFile(m_folder, QByteArray(32, 'a') + QByteArray(32, 'b')));
        QCOMPARE(*(*after)->unwrap(old, kContext), std::string("secret"));
        const std::string fresh = *(*after)->wrap("secret", kContext);
        QVERIFY(fresh.rfind("local:v2:", 0) == 0);
        QVERIFY(!(*before)->unwrap(fresh, kContext));
        // The version is bound: version 2's text does not pass as version 1's.
        std::string relabelled = fresh;
        relabelled.replace(0, 9, "local:v1:");
        QVERIFY(!(*after)->unwrap(relabelled, kContext));
    }

    void badKeyFiles_areNamed()
    {
        const auto problemOf = [](const std::string& path) {
            const auto opened = LocalKeyFile::open(path);
            return opened ? std::string() : opened.error().detail;
        };
        const std::string path = keyFile(m_folder, QByteArray(32, 'k'));
        QCOMPARE(problemOf(path), std::string());
        const auto isNamed = [&](const std::string& detail) {
            return detail.find(path) != std::string::npos;
        };
        keyFile(m_folder, QByteArray(31, 'k'));
        QVERIFY(isNamed(problemOf(path)));
        keyFile(m_folder, {});
        QVERIFY(isNamed(problemOf(path)));
        keyFile(m_folder, QByteArray(32, 'k'), kOwnerOnly | QFile::ReadGroup);
        QVERIFY(isNamed(problemOf(path)));
        keyFile(m_folder, QByteArray(32, 'k'), kOwnerOnly | QFile::ReadOther);
        QVERIFY(isNamed(problemOf(path)));
        QFile::remove(QString::fromStdString(path));
        QVERIFY(isNamed(problemOf(path)));
        QVERIFY(!problemOf(m_folder.path().toStdString()).empty());
    }

    void base64_isReadStrictly()
    {
        for (const char* text : {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"})
            QCOMPARE(crypto::toBase64(*crypto::fromBase64(text)), std::string(text));
        for (const char* text : {"Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Zm9v\n", "Zm-_"})
            QVERIFY2(!crypto::fromBase64(text), text);
        for (const char* text : {"Zg==", "Zh", "Z", "Zm+/"})
            QVERIFY2(!crypto::fromBase64Url(text), text);
        QCOMPARE(*crypto::fromBase64Url("Zm-_"), std::string("\x66\x6f\xbf"));
        QCOMPARE(crypto::toHex(*crypto::fromHex("00aFfF")), std::string("00afff"));
        for (const char* text : {"0", "0g", "zz"})
            QVERIFY2(!crypto::fromHex(text), text);
    }

    void aVerifier_fitsItsPasswordOnly()
    {
        const auto place = ScryptPlace::take();
        const auto verifier = PasswordVerifier::fromPassword("violet anchor tram 19", *place);
        QVERIFY(verifier.fits("violet anchor tram 19", *place));
        QVERIFY(!verifier.fits("violet anchor tram 18", *place));
        const auto again = PasswordVerifier::fromJson(
            boost::json::parse(boost::json::serialize(verifier.toJson())).as_object());
        QVERIFY(again);
        QVERIFY(again->fits("violet anchor tram 19", *place));
        QVERIFY(!PasswordVerifier::impossible().fits("", *place));
    }

    void aVerifierMadeElsewhere_fits()
    {
        // Python: hashlib.scrypt(b"violet anchor tram 19", salt=bytes(range(16)), n=2**17, r=8, p=1,
        // dklen=32)
        const auto verifier =
            PasswordVerifier::fromJson(boost::json::parse(R"({"kdf": "scrypt", "n": 131072, "r": 8, "p": 1,
            "salt": "AAECAwQFBgcICQoLDA0ODw==", "hash": "1RGPKeo1mTxGATkY5NCJhLuinrWa5TeL9tcOLGliJiQ="})")
                                           .as_object());
        QVERIFY(verifier);
        const auto place = ScryptPlace::take();
        QVERIFY(verifier->fits("violet anchor tram 19", *place));
    }

    void otherParameters_areRefused()
    {
        const boost::json::object good = PasswordVerifier::impossible().toJson();
        const auto expressionWith = [&](const char* member, const boost::json::value& value) {
            // Read from text, as a request is.
            boost::json::object json = boost::json::parse(boost::json::serialize(good)).as_object();
            json[member] = value;
            const auto read = PasswordVerifier::fromJson(json, "/verifier");
            return read ? std::string() : read.error().expression;
        };
        QCOMPARE(expressionWith("p", std::int64_t(1)), std::string());
        QCOMPARE(expressionWith("kdf", "argon2id"), std::string("/verifier/kdf"));
        QCOMPARE(expressionWith("n", std::int64_t(1024)), std::string("/verifier/n"));
        QCOMPARE(expressionWith("r", "8"), std::string("/verifier/r"));
        QCOMPARE(expressionWith("p", nullptr), std::string("/verifier/p"));
        QCOMPARE(expressionWith("salt", "AAAA"), std::string("/verifier/salt"));
        QCOMPARE(expressionWith("hash", "!"), std::string("/verifier/hash"));
    }

    void onlyTwoAreComputedAtOnce()
    {
        auto first = ScryptPlace::take();
        {
            const auto second = ScryptPlace::take();
            QVERIFY(first && second);
            const auto third = ScryptPlace::take();
            QVERIFY(!third);
            QCOMPARE(third.error().status, 503);
            QCOMPARE(third.error().headers.at(0).first, std::string("Retry-After"));
        }
        QVERIFY(ScryptPlace::take());
    }

    void weakPasswords_areRefused()
    {
        for (const char* weak :
             {"", "short", "elevenchars", "passwordpassword", "Password123456", "123456789012",
              "aaaaaaaaaaaaaaaa", "qwertyuiop123", "rossi.ada.123", "1234567890123456"})
            QVERIFY2(!checkPassword(weak, "rossi.ada"), weak);
        QVERIFY(!checkPassword(std::string(1025, 'x') + "y", "rossi"));
        for (const char* good :
             {"violet anchor tram 19", "839271056482", "ночной поезд в горы", "ñandú y ñandú"})
            QVERIFY2(checkPassword(good, "rossi"), good);
    }
};

QTEST_GUILESS_MAIN(tst_secrets)
#include "tst_secrets.moc"
