// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/content_coding.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow::server;

class TestContentCoding : public QObject
{
    Q_OBJECT

private:
    static std::string unpacked(std::string body, std::size_t limit, const char* encoding = "gzip")
    {
        const auto text = unpackBody(std::move(body), encoding, limit);
        return text ? *text : text.error().code;
    }

private Q_SLOTS:
    void whatWasPacked_isUnpacked()
    {
        QVERIFY(rc::check([](const std::string& text) {
            RC_ASSERT(unpackBody(packGzip(text), "gzip", text.size()).value() == text);
        }));
    }

    void theLimit_isOfTheUnpackedText_toTheByte()
    {
        const std::string text(100'000, 'a');
        QCOMPARE(unpacked(packGzip(text), text.size()), text);
        QCOMPARE(unpacked(packGzip(text), text.size() - 1), std::string("body-too-large"));
        QCOMPARE(unpacked(packGzip(text), 200), std::string("body-too-large"));
    }

    void membersOneBehindTheOther_areOneText_andCountTogether()
    {
        const std::string half(1000, 'b');
        QCOMPARE(unpacked(packGzip(half) + packGzip(half), 2000), half + half);
        QCOMPARE(unpacked(packGzip(half) + packGzip(half), 1999), std::string("body-too-large"));
    }

    void cutOffOrChanged_isRefused_wherever()
    {
        const std::string packed = packGzip(std::string(3000, 'c') + "some other text");
        for (std::size_t size = 0; size < packed.size(); ++size)
            QCOMPARE(unpacked(packed.substr(0, size), 10'000), std::string("bad-encoding"));
        QCOMPARE(unpacked(packed + "x", 10'000), std::string("bad-encoding"));
        std::string changed = packed;
        changed[changed.size() - 5] = static_cast<char>(changed[changed.size() - 5] ^ 1); // its checksum
        QCOMPARE(unpacked(changed, 10'000), std::string("bad-encoding"));
    }

    void otherEncodings_areRefused_noneIsNone()
    {
        QCOMPARE(unpacked("text", 10, "br"), std::string("unsupported-encoding"));
        QCOMPARE(unpacked("text", 10, "gzip, gzip"), std::string("unsupported-encoding"));
        QCOMPARE(unpacked("text", 10, ""), std::string("text"));
        QCOMPARE(unpacked("text", 10, "Identity"), std::string("text"));
        QCOMPARE(unpacked(packGzip("text"), 30, "X-GZIP"), std::string("text"));
    }

    void acceptEncoding_isUnderstood_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<bool>("accepted");
        const auto row = [](const char* field, bool accepted) {
            QTest::newRow(field) << QByteArray(field) << accepted;
        };
        row("gzip", true);
        row("deflate, GZIP;q=0.5", true);
        row("gzip;q=0", false);
        row("gzip ; q=0.000, *", false);
        row("*", true);
        row("*;q=0", false);
        row("br", false);
        row("", false);
        row(",,gzip", true);
    }
    void acceptEncoding_isUnderstood()
    {
        QFETCH(QByteArray, field);
        QFETCH(bool, accepted);
        QCOMPARE(acceptsGzip(field.constData()), accepted);
    }
};

QTEST_APPLESS_MAIN(TestContentCoding)
#include "tst_content_coding.moc"
