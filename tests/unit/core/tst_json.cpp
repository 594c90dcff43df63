// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include <QTest>

#include <string>

using namespace yarrow;
using namespace std::string_literals;

namespace {

Json parsed(std::string_view text)
{
    const Result<Json> json = Json::parse(text);
    if (!json)
        qFatal("not JSON: %s", json.error().context.c_str());
    return *json;
}

} // namespace

class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wellFormed_readsAndWritesBack_data();
    void wellFormed_readsAndWritesBack();
    void malformed_isRefusedWithItsPlace_data();
    void malformed_isRefusedWithItsPlace();
    void everyTruncation_isRefused();
    void everyInvalidByte_isFound();
    void duplicateNames_areFoundInObjectsOfAnySize_data();
    void duplicateNames_areFoundInObjectsOfAnySize();
    void depthLimit_isExact();
    void sizeLimit_isExact();
    void deepestText_isRefusedWhateverTheLimit();
    void errorContext_holdsNothingOfTheText();
    void escapes_areResolvedOnceAndOnlyWhatMustBeIsEscaped();
    void numbers_keepTheirDigits();
    void integers_areReadOnlyWhenExact();
    void missingMembers_readAsNothing();
    void set_replacesInPlaceAndAppendsAtTheEnd();
    void insert_keepsTheOrderGiven();
    void objectAtAndArrayAt_makeWhatIsMissing();
    void remove_saysWhetherItWasThere();
    void pretty_isForPeople();
    void equality_needsOrderAndDigits();
    void largeDocument_doesNotDisturbTheNext();
};

void TestJson::wellFormed_readsAndWritesBack_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("compact");

    QTest::newRow("null") << QByteArray("null") << QByteArray("null");
    QTest::newRow("true") << QByteArray(" true\n") << QByteArray("true");
    QTest::newRow("false") << QByteArray("false") << QByteArray("false");
    QTest::newRow("zero") << QByteArray("0") << QByteArray("0");
    QTest::newRow("minus zero") << QByteArray("-0") << QByteArray("-0");
    QTest::newRow("decimal") << QByteArray("1.10") << QByteArray("1.10");
    QTest::newRow("exponent") << QByteArray("-1.0E+02") << QByteArray("-1.0E+02");
    QTest::newRow("huge") << QByteArray("1e999999") << QByteArray("1e999999");
    QTest::newRow("empty string") << QByteArray("\"\"") << QByteArray("\"\"");
    QTest::newRow("string at the end") << QByteArray("\"a b\"  ") << QByteArray("\"a b\"");
    QTest::newRow("empty object") << QByteArray("{ }") << QByteArray("{}");
    QTest::newRow("empty array") << QByteArray("[\t]") << QByteArray("[]");
    QTest::newRow("order") << QByteArray("{\"b\" : 1 ,\r\n \"a\":[ 1 , [ ], { \"\" : null } ]}")
                           << QByteArray("{\"b\":1,\"a\":[1,[],{\"\":null}]}");
    QTest::newRow("escaped name") << QByteArray("{\"a\\u0062\":1}") << QByteArray("{\"ab\":1}");
    QTest::newRow("brackets in strings")
        << QByteArray("[\"{[\",\"]},:\\\"\"]") << QByteArray("[\"{[\",\"]},:\\\"\"]");
    QTest::newRow("backslash at the end of a string")
        << QByteArray("[\"\\\\\",\"\\\\\\\"\"]") << QByteArray("[\"\\\\\",\"\\\\\\\"\"]");
    QTest::newRow("UTF-8") << QByteArray("\"é€😀\u0080\u00ad\"") << QByteArray("\"é€😀\u0080\u00ad\"");
    QTest::newRow("highest code point")
        << QByteArray("\"\xF4\x8F\xBF\xBF\"") << QByteArray("\"\xF4\x8F\xBF\xBF\"");
    QTest::newRow("delete character") << QByteArray("\"\x7F\"") << QByteArray("\"\x7F\"");
}

void TestJson::wellFormed_readsAndWritesBack()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, compact);

    const Json json = parsed(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(json.dump()), compact);
    QVERIFY(parsed(json.dump()) == json);
    QVERIFY(parsed(json.dumpPretty()) == json);
}

void TestJson::malformed_isRefusedWithItsPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    const auto row = [](const char* name, const std::string& text, int line, int column) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << line << column;
    };

    row("empty", "", 1, 1);
    row("only space", " \n ", 2, 2);
    row("garbage", "not json", 1, 1);
    row("binary",
        "\x7F"
        "ELF\x02\x01\x01\0\0"s,
        1, 1);
    row("only a NUL", "\0"s, 1, 1);
    row("NUL behind the value", "{}\0"s, 1, 3);
    row("byte-order mark", "\xEF\xBB\xBF{}", 1, 1);
    row("second value", "{} {}", 1, 4);
    row("second value below", "{}\n\n  1", 3, 3);
    row("stray bracket", "[]]", 1, 3);
    row("form feed", "[1,\f2]", 1, 4);
    row("control character for a comma",
        "[\"a\"\x0C"
        "\"b\"]",
        1, 5);
    row("control character for a colon",
        "{\"a\"\x1A"
        "1}",
        1, 5);
    row("comment", "[1, // one\n2]", 1, 5);
    row("single quotes", "{'a':1}", 1, 2);
    row("unquoted name", "{a:1}", 1, 2);

    row("lone t", "t", 1, 1);
    row("nul", "[nul]", 1, 2);
    row("nulll", "[nulll]", 1, 2);
    row("truefalse", "truefalse", 1, 1);
    row("True", "True", 1, 1);
    row("NaN", "[NaN]", 1, 2);
    row("Infinity", "-Infinity", 1, 1);

    row("leading zero", "[01]", 1, 2);
    row("leading zero and letters", "01.x", 1, 1);
    row("lone minus", "[1,-]", 1, 4);
    row("plus", "+1", 1, 1);
    row("no digit before the point", ".5", 1, 1);
    row("no digit behind the point", "1.", 1, 1);
    row("no exponent", "1e", 1, 1);
    row("signed nothing", "1e+", 1, 1);
    row("two points", "1.2.3", 1, 1);
    row("hexadecimal", "0x10", 1, 1);
    row("number and quote", "[1\"a\"]", 1, 2);
    row("digits of another script", "[\u0661]", 1, 2);

    row("missing comma in an array", "[1 2]", 1, 4);
    row("missing comma between strings", "[\"a\"\"b\"]", 1, 5);
    row("string and word", "[\"a\"b]", 1, 5);
    row("comma first", "[,1]", 1, 2);
    row("comma last in an array", "[1,]", 1, 4);
    row("comma last in an object", "{\"a\":1,}", 1, 8);
    row("two commas", "[1,,2]", 1, 4);
    row("missing colon", "{\"a\" 1}", 1, 6);
    row("missing value", "{\"a\":}", 1, 6);
    row("number as a name", "{1:1}", 1, 2);
    row("mismatched brackets", "{\"a\":[1}", 1, 8);
    row("missing comma in an object", "{\"a\":1 \"b\":2}", 1, 8);
    row("only an opening bracket", "[", 1, 2);
    row("ends behind a comma", "[1,\n", 2, 1);

    row("line break in a string", "[\"a\nb\"]", 1, 4);
    row("tab in a string", "\"\t\"", 1, 2);
    row("NUL in a string", "\"\0\""s, 1, 2);
    row("NUL escaped in a string", "[\"ab\\u0000\"]", 1, 5);
    row("unclosed string", "[\"abc", 1, 6);
    row("string closed by an escape", "\"abc\\\"", 1, 7);
    row("unknown escape", "\"a\\x41\"", 1, 3);
    row("escaped single quote", "\"\\'\"", 1, 2);
    row("short hexadecimal", "\"\\u12\"", 1, 2);
    row("malformed hexadecimal", "\"\\u12g4\"", 1, 2);
    row("lone high surrogate", "\"\\uD83D\"", 1, 2);
    row("lone low surrogate", "\"\\uDE00\"", 1, 2);
    row("two high surrogates", "\"\\uD83D\\uD83D\"", 1, 2);
    row("high surrogate and letter", "\"\\uD83D\\u0041\"", 1, 2);
    row("high surrogate and text", "\"\\uD83Dabcdef\"", 1, 2);
    row("malformed escape in a name", "{\"a\":1,\"\\q\":2}", 1, 9);

    row("UTF-8: lone continuation", "[\"a\x80\"]", 1, 4);
    row("UTF-8: overlong", "[\"\xC0\xAF\"]", 1, 3);
    row("UTF-8: surrogate", "[\"\xED\xA0\x80\"]", 1, 3);
    row("UTF-8: too high", "[\"\xF4\x90\x80\x80\"]", 1, 3);
    row("UTF-8: cut short", "[\"é\xC3", 1, 5);
    row("UTF-8: outside of a string", "[1,\xFF]", 1, 4);
    row("UTF-8: Latin-1 on the second line", "{\n \"name\": \"Jos\xE9\"}", 2, 14);

    row("columns count bytes", "[\"é\" 1]", 1, 7);
    row("Windows line ends", "{\r\n\"a\":1,\r\n\"b\"}", 3, 4);
    row("an earlier mistake wins over an unclosed string", "{\"a\" 1, \"b", 1, 6);
    row("an earlier mistake wins over invalid UTF-8", "{\"a\":tru, \"\xFF\"}", 1, 6);
    row("an earlier mistake wins over a control character", "[1 2, \"\n\"]", 1, 4);
    row("an escape before an unclosed string", "[\"\\q\", \"b", 1, 3);
}

void TestJson::malformed_isRefusedWithItsPlace()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(int, column);

    const Result<Json> json = Json::parse(text.toStdString());
    QVERIFY(!json);
    QCOMPARE(json.error().code, ErrorCode::InvalidJson);
    QVERIFY(!json.error().context.empty());
    QVERIFY(json.error().position.has_value());
    QCOMPARE(json.error().position->line, static_cast<std::size_t>(line));
    QCOMPARE(json.error().position->column, static_cast<std::size_t>(column));
}

void TestJson::everyTruncation_isRefused()
{
    const std::string text =
        R"({"resourceType":"Patient","name":[{"family":"Pérez \"Ü\" \uD83D\uDE00","given":["A","B"]}],)"
        R"("active":true,"value":-12.50e-3,"none":null})";
    QVERIFY(Json::parse(text));
    for (std::size_t length = 0; length < text.size(); ++length) {
        const Result<Json> json = Json::parse(std::string_view(text).substr(0, length));
        QVERIFY2(!json, qPrintable(QString::number(length)));
        QCOMPARE(json.error().code, ErrorCode::InvalidJson);
        QVERIFY(json.error().position->column <= length + 1);
    }
}

void TestJson::everyInvalidByte_isFound()
{
    // Long enough for several of the vectors that the check works in.
    const std::string good = "[\"" + std::string(200, 'x') + "\"]";
    for (std::size_t at = 2; at < 202; ++at) {
        std::string bad = good;
        bad[at] = '\xFE';
        const Result<Json> json = Json::parse(bad);
        QVERIFY(!json);
        QCOMPARE(json.error().position->column, at + 1);
    }
}

void TestJson::duplicateNames_areFoundInObjectsOfAnySize_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 3, 10, 31, 32, 33, 34, 100, 5000})
        QTest::addRow("%d", size) << size;
}

void TestJson::duplicateNames_areFoundInObjectsOfAnySize()
{
    QFETCH(int, size);
    std::string text = "{";
    for (int i = 0; i < size; ++i)
        text += "\"name" + std::to_string(i) + "\":[1,{\"x\":2}],";
    const std::string unique = text + "\"last\":0}";
    QVERIFY(Json::parse(unique));
    QCOMPARE(parsed(unique).dump(), unique);

    for (const int repeated : {0, size / 2, size - 1}) {
        // The second one is the mistake, however it is spelt, and also when more follow.
        const std::string again =
            text + "\"\\u006Eame" + std::to_string(repeated) + "\":0,\"last\":0,\"last\":1}";
        const Result<Json> json = Json::parse(again);
        QVERIFY(!json);
        QCOMPARE(json.error().code, ErrorCode::InvalidJson);
        QCOMPARE(json.error().position->column, text.size() + 1);
    }
}

void TestJson::depthLimit_isExact()
{
    const JsonLimits limits{1000, 3};
    QVERIFY(Json::parse("[[{\"a\":1}],{}]", limits));
    const Result<Json> json = Json::parse("[\n[{\"a\":[]}]]", limits);
    QVERIFY(!json);
    QCOMPARE(json.error(), (Error{ErrorCode::LimitExceeded, "maxDepth", TextPosition{2, 7}}));
}

void TestJson::sizeLimit_isExact()
{
    const JsonLimits limits{8, 10};
    QVERIFY(Json::parse("[1,\n2,3]", limits));
    const Result<Json> json = Json::parse("[1,\n2,34]", limits);
    QVERIFY(!json);
    QCOMPARE(json.error(), (Error{ErrorCode::LimitExceeded, "maxBytes", TextPosition{2, 5}}));
}

void TestJson::deepestText_isRefusedWhateverTheLimit()
{
    const JsonLimits limits{100'000'000, 100'000'000};
    const std::string deep(1'000'000, '[');
    const Result<Json> json = Json::parse(deep, limits);
    QVERIFY(!json);
    QCOMPARE(json.error(), (Error{ErrorCode::LimitExceeded, "maxDepth", TextPosition{1, 1001}}));
    QVERIFY(Json::parse(std::string(1000, '[') + std::string(1000, ']'), limits));
}

void TestJson::errorContext_holdsNothingOfTheText()
{
    for (const char* text :
         {"Zebedee", "{\"Zebedee\":1,\"Zebedee\":2}", "[\"Zebedee", "{\"Zebedee\" 1}", "\"\\Zebedee\""}) {
        const Result<Json> json = Json::parse(text);
        QVERIFY(!json);
        QVERIFY(json.error().context.find("Zeb") == std::string::npos);
    }
}

void TestJson::escapes_areResolvedOnceAndOnlyWhatMustBeIsEscaped()
{
    const Json json =
        parsed(R"(["\"\\\/\b\f\n\r\t","\u0041\u00e9\u20AC\ud83d\uDE00","\\u0041","\u001f\u007F"])");
    QCOMPARE(json[0].string(), "\"\\/\b\f\n\r\t");
    QCOMPARE(json[1].string(), "Aé€😀");
    QCOMPARE(json[2].string(), "\\u0041");
    QCOMPARE(json.dump(), R"(["\"\\/\b\f\n\r\t","Aé€😀","\\u0041","\u001f)"
                          "\x7F\"]");
    // An escape at each place of a text that is longer than one machine word.
    for (std::size_t at = 0; at < 40; ++at) {
        std::string text(40, 'a');
        text[at] = '\n';
        QCOMPARE(parsed(Json(text).dump()).string(), text);
        text[at] = '\x01';
        QCOMPARE(parsed(Json(text).dump()).string(), text);
    }
}

void TestJson::numbers_keepTheirDigits()
{
    const std::string text = "[1.10,1.1,100,1e2,1E+2,-0.0,123456789012345678901234567890.000]";
    const Json json = parsed(text);
    QCOMPARE(json.dump(), text);
    QCOMPARE(json[0].numberLexeme(), "1.10");
    QVERIFY(json[0] != json[1]);
    QCOMPARE(Json::number("7.00").dump(), "7.00");
    QCOMPARE(Json(-42).dump(), "-42");
    QCOMPARE(Json(std::numeric_limits<std::int64_t>::min()).dump(), "-9223372036854775808");
}

void TestJson::integers_areReadOnlyWhenExact()
{
    QCOMPARE(parsed("-12").integer(), std::optional<std::int64_t>(-12));
    QCOMPARE(parsed("9223372036854775807").integer(), std::numeric_limits<std::int64_t>::max());
    QCOMPARE(parsed("9223372036854775808").integer(), std::nullopt);
    QCOMPARE(parsed("1.0").integer(), std::nullopt);
    QCOMPARE(parsed("1e2").integer(), std::nullopt);
    QCOMPARE(parsed("\"1\"").integer(), std::nullopt);
    QCOMPARE(parsed("true").boolean(), std::optional(true));
    QCOMPARE(parsed("1").boolean(), std::nullopt);
}

void TestJson::missingMembers_readAsNothing()
{
    const Json json = parsed(R"({"name":[{"family":"Ruiz"}],"none":null})");
    QCOMPARE(json["name"][0]["family"].string(), "Ruiz");
    QVERIFY(json["name"][1]["family"].isNull());
    QVERIFY(json["name"]["family"][3].isNull());
    QCOMPARE(json["address"]["city"].string(), "");
    QVERIFY(json["none"].items().empty());
    QVERIFY(json["name"].members().empty());
    QVERIFY(json.contains("none"));
    QVERIFY(!json.contains("nothing"));
    QVERIFY(json.find("nothing") == nullptr);
}

void TestJson::set_replacesInPlaceAndAppendsAtTheEnd()
{
    Json json = parsed(R"({"a":1,"b":2})");
    json.set("a", "x");
    json.set("c", true);
    QCOMPARE(json.dump(), R"({"a":"x","b":2,"c":true})");
}

void TestJson::insert_keepsTheOrderGiven()
{
    Json json = parsed(R"({"id":"1","unknown":0,"birthDate":"2000","address":[]})");
    json.insert("gender", "female", "birthDate deceased address");
    QCOMPARE(json.dump(), R"({"id":"1","unknown":0,"gender":"female","birthDate":"2000","address":[]})");
    json.insert("deceased", false, "address");
    json.insert("id", "2", "address");
    json.insert("photo", Json::array(), "birth contact");
    QCOMPARE(json.dump(),
             R"({"id":"2","unknown":0,"gender":"female","birthDate":"2000","deceased":false,"address":[],)"
             R"("photo":[]})");
}

void TestJson::objectAtAndArrayAt_makeWhatIsMissing()
{
    Json json = Json::object();
    json.objectAt("meta").arrayAt("tag").append("t");
    json.objectAt("meta").set("v", 1);
    json.arrayAt("meta2");
    QCOMPARE(json.dump(), R"({"meta":{"tag":["t"],"v":1},"meta2":[]})");
}

void TestJson::remove_saysWhetherItWasThere()
{
    Json json = parsed(R"({"a":1,"b":2,"c":3})");
    QVERIFY(json.remove("b"));
    QVERIFY(!json.remove("b"));
    QCOMPARE(json.dump(), R"({"a":1,"c":3})");
}

void TestJson::pretty_isForPeople()
{
    const Json json = parsed(R"({"a":[1,{"b":[]}],"c":{},"d":"x"})");
    QCOMPARE(json.dumpPretty(),
             "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n  \"d\": \"x\"\n}\n");
}

void TestJson::equality_needsOrderAndDigits()
{
    QVERIFY(parsed(R"({"a":1,"b":2})") == parsed(R"({ "a" : 1, "b" : 2 })"));
    QVERIFY(parsed(R"({"a":1,"b":2})") != parsed(R"({"b":2,"a":1})"));
    QVERIFY(parsed("1.0") != parsed("1.00"));
    QVERIFY(parsed("1") != parsed("\"1\""));
    QVERIFY(parsed("[]") != parsed("{}"));
}

void TestJson::largeDocument_doesNotDisturbTheNext()
{
    std::string large = "[";
    for (int i = 0; i < 120'000; ++i)
        large += "{\"n\":" + std::to_string(i) + "},";
    large += "0]";
    QCOMPARE(parsed(large).dump(), large);
    QCOMPARE(parsed("[1]").dump(), "[1]");
    QVERIFY(!Json::parse(large + "]"));
    QCOMPARE(parsed("[2]").dump(), "[2]");
}

QTEST_GUILESS_MAIN(TestJson)

#include "tst_json.moc"
