// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json/json_document.h"

#include <QTest>

#include <rapidcheck.h>

#include <algorithm>
#include <iterator>

using namespace yarrow::server;

namespace {

JsonDocument parsed(const std::string& text)
{
    auto document = JsonDocument::parse(text);
    if (!document)
        throw std::runtime_error(document.error().detail);
    return std::move(*document);
}

std::string nested(int depth)
{
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
}

/// A JSON text with what the grammar allows: spaces everywhere, escapes, every kind of number. Names never
/// repeat.
std::string anyJson(int depth)
{
    const auto space = [] {
        return *rc::gen::element<std::string>("", "", " ", "\n        \t", "\r\n          ");
    };
    const int kind = *rc::gen::inRange(0, depth == 0 ? 4 : 6);
    switch (kind) {
    case 0:
        return *rc::gen::element<std::string>("null", "true", "false");
    case 1:
        return *rc::gen::element<std::string>("0", "-0", "1.10", "12", "-3.5e+7", "1E-2",
                                              "100000000000000000000.0");
    case 2:
    case 3:
        return *rc::gen::element<std::string>("\"\"", "\"plain text of some length\"",
                                              "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"é 漢字 😀\"",
                                              "\"\\u00e9\\ud83d\\uDE00\"");
    default:
        break;
    }
    const int count = *rc::gen::inRange(0, 20);
    std::string text(1, kind == 4 ? '[' : '{');
    for (int i = 0; i < count; ++i) {
        text += (i > 0 ? "," : "") + space();
        if (kind == 5)
            text += '"' + *rc::gen::element<std::string>("", "name", "\\u0041") + std::to_string(i) + '"' +
                    space() + ':';
        text += space() + anyJson(depth - 1) + space();
    }
    return text + (kind == 4 ? ']' : '}');
}

/// The text again, put together from the views alone, without spaces.
std::string written(JsonView view)
{
    std::string text;
    if (view.isArray()) {
        for (const JsonView item : view.items())
            text += (text.empty() ? "" : ",") + written(item);
        return '[' + text + ']';
    }
    if (view.isObject()) {
        const auto members = view.members();
        for (auto at = members.begin(); at != members.end(); ++at)
            text += (text.empty() ? "" : ",") + std::string(at.name().raw()) + ':' + written(at.value());
        return '{' + text + '}';
    }
    return std::string(view.raw());
}

std::string withoutSpaces(const std::string& text)
{
    std::string out;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (inString && text[i] == '\\')
            out += text[i++];
        else if (text[i] == '"')
            inString = !inString;
        else if (!inString && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t'))
            continue;
        out += text[i];
    }
    return out;
}

} // namespace

class TestJsonDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void members_areFoundByName()
    {
        const auto document =
            parsed(R"({"a": {"b": [1.10, "x\n\u00e9\ud83d\ude00"]}, "c": true, "d": null})");
        const JsonView root = document.root();
        QCOMPARE(root["a"]["b"][0].raw(), std::string_view("1.10"));
        QCOMPARE(root["a"]["b"][1].string(), std::string("x\n\xC3\xA9\xF0\x9F\x98\x80"));
        QVERIFY(root["a"]["b"][1].says("x\n\xC3\xA9\xF0\x9F\x98\x80"));
        QCOMPARE(root["c"].boolean(), true);
        QCOMPARE(root["d"].kind(), JsonView::Kind::Null);
        QCOMPARE(root["a"]["b"].kind(), JsonView::Kind::Array);
        QCOMPARE(root.size(), std::size_t(3));
        QCOMPARE(root["a"].offset(), document.text().find("{\"b\""));
    }

    void escapedNames_areFoundByWhatTheySay()
    {
        const auto document = parsed(R"({"n\u0061me": 7})");
        QCOMPARE(document.root()["name"].raw(), std::string_view("7"));
        QCOMPARE((*document.root().members().begin()).first, std::string("name"));
    }

    void missingValues_giveMissingValues()
    {
        const auto document = parsed(R"({"a": []})");
        const JsonView missing = document.root()["a"][3]["b"];
        QVERIFY(!missing.exists());
        QCOMPARE(missing.kind(), JsonView::Kind::Missing);
        QCOMPARE(missing.string(), std::string());
        QVERIFY(missing.raw().empty());
        QVERIFY(missing.items().empty() && missing.members().empty());
        QVERIFY(missing.items().begin() == missing.items().end());
        QVERIFY(missing.boolean(true));
        QVERIFY(!document.root()["a"]["name of an array's member"].exists());
    }

    void views_outliveAMoveOfTheirDocument()
    {
        auto document = parsed(R"({"a": "b"})");
        const JsonView view = document.root()["a"];
        const JsonDocument moved = std::move(document);
        QCOMPARE(view.string(), std::string("b"));
        QCOMPARE(moved.root()["a"].string(), std::string("b"));
    }

    void wrongTexts_areRefusedWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        const auto row = [](const char* name, const QByteArray& text, const char* place) {
            QTest::newRow(name) << text << QString::fromUtf8(place);
        };
        row("nothing", "", "line 1, column 1");
        row("space alone", " \n ", "line 2, column 2");
        row("two values", "1 2", "line 1, column 3");
        row("comma at the end", "[1,]", "line 1, column 4");
        row("comma at an object's end", "{\"a\":1,}", "line 1, column 8");
        row("no colon", "{\"a\" 1}", "line 1, column 6");
        row("name without quotes", "{\n  a: 1}", "line 2, column 3");
        row("single quotes", "['a']", "line 1, column 2");
        row("comment", "[1] // one", "line 1, column 5");
        row("cut string", "\"abc", "line 1, column 5");
        row("cut object", "{\"a\":{", "line 1, column 7");
        row("control character", "\"a\tb\"", "line 1, column 3");
        row("NUL", QByteArray("\"a\0b\"", 5), "line 1, column 3");
        row("NUL behind", QByteArray("1\0", 2), "line 1, column 2");
        row("unknown escape", "\"\\x41\"", "line 1, column 2");
        row("short escape", "\"\\u12g4\"", "line 1, column 2");
        row("lone high surrogate", "\"é\\ud83d\"", "line 1, column 3");
        row("high surrogate, then a letter", "\"\\ud83d\\u0041\"", "line 1, column 2");
        row("lone low surrogate", "\"\\ude00\"", "line 1, column 2");
        row("leading zero", "01", "line 1, column 2");
        row("plus", "+1", "line 1, column 1");
        row("bare minus", "[-]", "line 1, column 3");
        row("no digits behind the point", "[1.]", "line 1, column 4");
        row("no digits before the point", ".5", "line 1, column 1");
        row("no exponent", "[1e]", "line 1, column 4");
        row("NaN", "NaN", "line 1, column 1");
        row("literal cut", "[tru]", "line 1, column 5");
        row("upper case", "True", "line 1, column 1");
        row("byte order mark", "\xEF\xBB\xBF{}", "line 1, column 1");
        row("overlong", "[\"\xC0\xAF\"]", "line 1, column 3");
        row("surrogate in UTF-8", "\"é\xED\xA0\x80\"", "line 1, column 3");
        row("cut character", "\"\xE6\xBC\"", "line 1, column 2");
        row("duplicate", "{\"a\":1,\n\"a\":2}", "line 2, column 1");
        row("duplicate in disguise", R"({"a":1,"\u0061":2})", "line 1, column 8");
        row("too deep", QByteArray::fromStdString(nested(65)), "line 1, column 65");
        row("other spaces", "[\xC2\xA0]", "line 1, column 2");
    }

    void wrongTexts_areRefusedWithTheirPlace()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, place);
        const auto document = JsonDocument::parse(text.toStdString());
        QVERIFY(!document.has_value());
        QCOMPARE(document.error().status, 400);
        QCOMPARE(document.error().code, std::string("malformed-json"));
        QVERIFY2(document.error().detail.find(place.toStdString()) != std::string::npos,
                 document.error().detail.c_str());
    }

    void theDeepestAllowed_isRead() { QVERIFY(JsonDocument::parse(nested(64)).has_value()); }

    void duplicates_areFoundAmongThousandsOfMembers()
    {
        std::string text = "{";
        for (int i = 0; i < 5000; ++i)
            text += '"' + std::string(40, 'x') + std::to_string(i) + "\":0,";
        QVERIFY(JsonDocument::parse(text + "\"last\":0}").has_value());
        QVERIFY(!JsonDocument::parse(text + '"' + std::string(40, 'x') + "77\":0}").has_value());
    }

    void sameNames_inDifferentObjectsAreNoDuplicates()
    {
        QVERIFY(JsonDocument::parse(R"({"a":{"a":[{"a":1},{"a":2}]},"b":1})").has_value());
    }

    void everythingAllowed_isReadAndKept()
    {
        QVERIFY(rc::check([] {
            const std::string text = anyJson(4);
            const auto document = JsonDocument::parse(text);
            RC_ASSERT(document.has_value());
            RC_ASSERT(document->text() == text);
            RC_ASSERT(written(document->root()) == withoutSpaces(text));
        }));
    }

    void items_areWhatTheIndexGives()
    {
        QVERIFY(rc::check([] {
            const auto document = parsed('[' + anyJson(2) + ',' + anyJson(3) + ',' + anyJson(1) + ']');
            std::size_t at = 0;
            for (const JsonView item : document.root().items())
                RC_ASSERT(item.raw() == document.root()[at++].raw());
            RC_ASSERT(at == document.root().size());
            RC_ASSERT(!document.root()[at].exists());
        }));
    }

    void aCutOrChangedText_neverReadsAsMoreThanItIs()
    {
        QVERIFY(rc::check([] {
            std::string text = '[' + anyJson(3) + ']';
            const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
            RC_ASSERT(!JsonDocument::parse(text.substr(0, at)).has_value());
            text[at] = *rc::gen::arbitrary<char>();
            if (const auto document = JsonDocument::parse(text))
                RC_ASSERT(written(document->root()) == withoutSpaces(text));
        }));
    }
};

QTEST_GUILESS_MAIN(TestJsonDocument)
#include "tst_json_document.moc"
