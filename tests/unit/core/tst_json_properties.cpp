// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include <QTest>

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace yarrow;

namespace {

/// Anything from the whole range: by itself rapidcheck begins with a small part of it.
template <class T>
rc::Gen<T> within(T first, T end)
{
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(first, end));
}

/// Text of all planes, with what must be escaped more often than chance would bring it; no NUL, no
/// surrogates.
rc::Gen<std::string> anyText()
{
    const auto codePoint = rc::gen::weightedOneOf<char32_t>({
        {6, within<char32_t>(0x20, 0x7F)},
        {2, rc::gen::element<char32_t>('"', '\\', '/', '\n', 0x01, 0x1F, 0x7F)},
        {1, within<char32_t>(0x80, 0xD800)},
        {1, within<char32_t>(0xE000, 0x110000)},
    });
    return rc::gen::map(
        rc::gen::container<std::vector<char32_t>>(codePoint), [](const std::vector<char32_t>& text) {
            return QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size())).toStdString();
        });
}

std::string digits(int least)
{
    const auto digit = within<char>('0', '9' + 1);
    return *rc::gen::suchThat(rc::gen::container<std::string>(digit), [least](const std::string& text) {
        return text.size() >= static_cast<std::size_t>(least);
    });
}

/// Each spelling that RFC 8259 allows for a number.
std::string numberSpelling()
{
    std::string text = *rc::gen::arbitrary<bool>() ? "-" : "";
    text += *rc::gen::arbitrary<bool>() ? "0" : std::to_string(*within(1, 10)) + digits(0);
    if (*rc::gen::arbitrary<bool>())
        text += '.' + digits(1);
    if (*rc::gen::arbitrary<bool>())
        text += *rc::gen::element<std::string>("e", "E", "e+", "E-") + digits(1);
    return text;
}

Json anyValue(int depth)
{
    switch (*within(0, depth > 0 ? 7 : 5)) {
    case 0:
        return {};
    case 1:
        return *rc::gen::arbitrary<bool>();
    case 2:
        return Json::number(numberSpelling());
    case 3:
    case 4:
        return *anyText();
    case 5: {
        Json array = Json::array();
        for (int i = *within(0, 6); i > 0; --i)
            array.append(anyValue(depth - 1));
        return array;
    }
    default: {
        // Now and then more members than are compared one by one.
        Json object = Json::object();
        for (int i = *rc::gen::weightedElement<int>({{6, 3}, {3, 8}, {1, 50}}); i > 0; --i)
            object.set(*anyText(), anyValue(depth > 1 ? 1 : 0));
        return object;
    }
    }
}

/// Puts white space wherever it may stand.
std::string spacedOut(const std::string& compact)
{
    std::string text;
    bool isInString = false;
    for (std::size_t i = 0; i < compact.size(); ++i) {
        const char c = compact[i];
        const bool isToken = !isInString && std::string_view("{}[]:,").find(c) != std::string_view::npos;
        const std::string space =
            isToken ? *rc::gen::element<std::string>("", " ", "\n", "\r\n\t") : std::string();
        text += space + c + space;
        if (isInString && c == '\\')
            text += compact[++i];
        else if (c == '"')
            isInString = !isInString;
    }
    return text;
}

} // namespace

class TestJsonProperties : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=20260114 max_size=60 max_success=1000"); }
    void values_readBackAsTheyWereWritten();
    void space_meansNothing();
    void numbers_keepEveryDigit();
    void order_isKept();
    void changedBytes_neverCrashAndNeverReadAsInvalidText();
    void places_areInsideTheText();
};

void TestJsonProperties::values_readBackAsTheyWereWritten()
{
    QVERIFY(rc::check("compact and pretty", [] {
        const Json value = anyValue(4);
        const std::string compact = value.dump();
        RC_ASSERT(Json::parse(compact).value() == value);
        RC_ASSERT(Json::parse(compact).value().dump() == compact);
        RC_ASSERT(Json::parse(value.dumpPretty()).value() == value);
    }));
}

void TestJsonProperties::space_meansNothing()
{
    QVERIFY(rc::check("space", [] {
        const Json value = anyValue(3);
        RC_ASSERT(Json::parse(spacedOut(value.dump())).value() == value);
    }));
}

void TestJsonProperties::numbers_keepEveryDigit()
{
    QVERIFY(rc::check("digits", [] {
        const std::string lexeme = numberSpelling();
        RC_ASSERT(Json::parse(lexeme).value().numberLexeme() == lexeme);
        RC_ASSERT(Json::parse("{\"value\":" + lexeme + "}").value()["value"].dump() == lexeme);
    }));
}

void TestJsonProperties::order_isKept()
{
    QVERIFY(rc::check("order", [](const std::set<int>& numbers) {
        std::vector<int> order(numbers.begin(), numbers.end());
        std::stable_sort(order.begin(), order.end(), [](int a, int b) { return a % 7 < b % 7; });
        Json object = Json::object();
        for (const int number : order)
            object.set(std::to_string(number), number);
        const Json again = Json::parse(object.dump()).value();
        RC_ASSERT(again.members().size() == order.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            RC_ASSERT(again.members()[i].name == std::to_string(order[i]));
    }));
}

void TestJsonProperties::changedBytes_neverCrashAndNeverReadAsInvalidText()
{
    QVERIFY(rc::check("changed", [] {
        std::string text = anyValue(3).dump();
        const auto at = *within<std::size_t>(0, text.size());
        text[at] = static_cast<char>(*within(0, 256));
        if (const Result<Json> json = Json::parse(text)) {
            const std::string compact = json->dump();
            RC_ASSERT(QString::fromStdString(compact).toStdString() == compact);
            RC_ASSERT(Json::parse(compact).value() == *json);
        }
    }));
}

void TestJsonProperties::places_areInsideTheText()
{
    QVERIFY(rc::check("places", [] {
        const std::string text = spacedOut(anyValue(3).dump());
        const auto length = *within<std::size_t>(0, text.size());
        const std::string cut =
            text.substr(0, length) + *rc::gen::element<std::string>("", "\"", "x", "]", "\xFF");
        const Result<Json> json = Json::parse(cut);
        if (json)
            return;
        const TextPosition place = json.error().position.value();
        const auto lines = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n'));
        RC_ASSERT(place.line >= 1 && place.line <= lines + 1);
        std::size_t start = 0;
        for (std::size_t line = 1; line < place.line; ++line)
            start = cut.find('\n', start) + 1;
        RC_ASSERT(place.column >= 1 &&
                  place.column <= std::min(cut.find('\n', start), cut.size()) - start + 1);
    }));
}

QTEST_GUILESS_MAIN(TestJsonProperties)

#include "tst_json_properties.moc"
