// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/message.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow::server;

class TestMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_compareWithoutCase()
    {
        Headers headers;
        headers.add("Content-Type", "a");
        headers.add("content-type", "b");
        QCOMPARE(headers.find("CONTENT-TYPE"), std::string_view("a"));
        QVERIFY(!headers.contains("Content-Typ"));
        headers.set("Content-type", "c");
        QCOMPARE(headers.fields().size(), std::size_t{1});
        QCOMPARE(headers.find("content-type"), std::string_view("c"));
    }

    void forms_keepTheirOrder_andEveryPair()
    {
        using Pairs = std::vector<std::pair<std::string, std::string>>;
        QCOMPARE(parseForm("b=1&a=2&b=3"), (Pairs{{"b", "1"}, {"a", "2"}, {"b", "3"}}));
        QCOMPARE(parseForm("a=x+y%2Bz&c%3D=%26&d&=e&&f="),
                 (Pairs{{"a", "x y+z"}, {"c=", "&"}, {"d", ""}, {"", "e"}, {"f", ""}}));
        QCOMPARE(parseForm(""), Pairs{});
        QCOMPARE(parseForm("a=%zz%4&b=%"), (Pairs{{"a", "%zz%4"}, {"b", "%"}}));
    }

    void whatWasEncoded_isDecoded()
    {
        QVERIFY(rc::check([](const std::string& text) {
            RC_ASSERT(percentDecode(percentEncode(text)) == text);
            const auto pairs = parseForm("n=" + percentEncode(text));
            RC_ASSERT(pairs.size() == 1u);
            RC_ASSERT(pairs[0].second == text);
        }));
    }

    void brokenEscapes_areNoPath()
    {
        for (const char* text : {"%", "%4", "%zz", "a%2"})
            QVERIFY2(!percentDecode(text), text);
        QCOMPARE(percentDecode("a+b%2F").value(), std::string("a+b/"));
    }
};

QTEST_APPLESS_MAIN(TestMessage)
#include "tst_message.moc"
