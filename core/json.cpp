// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include "core/json_number.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace yarrow {
namespace {

const Json kNull;
const Json::Array kNoItems;
const Json::Object kNoMembers;

/// Whether one of eight bytes is a quote, a backslash or a control character.
bool anyNeedsEscape(std::uint64_t eight)
{
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighs = 0x8080808080808080;
    const auto anyBelow = [](std::uint64_t bytes, std::uint64_t limit) {
        return (bytes - kOnes * limit) & ~bytes;
    };
    return ((anyBelow(eight, 0x20) | anyBelow(eight ^ kOnes * '"', 1) | anyBelow(eight ^ kOnes * '\\', 1)) &
            kHighs) != 0;
}

bool needsEscape(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

bool needsEscape(std::string_view text)
{
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + i, 8);
        if (anyNeedsEscape(eight))
            return true;
    }
    return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                       [](char c) { return needsEscape(c); });
}

void writeEscaped(std::string& out, char c)
{
    static constexpr char kHex[] = "0123456789abcdef";
    static constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    static constexpr std::string_view kLetters = "\"\\bfnrt";
    const std::size_t known = kShort.find(c);
    out += '\\';
    if (known != std::string_view::npos) {
        out += kLetters[known];
    } else {
        out += "u00";
        out += kHex[static_cast<unsigned char>(c) >> 4];
        out += kHex[static_cast<unsigned char>(c) & 0xF];
    }
}

void writeString(std::string& out, std::string_view text)
{
    out += '"';
    if (needsEscape(text)) [[unlikely]] {
        std::size_t written = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!needsEscape(text[i]))
                continue;
            out.append(text, written, i - written);
            writeEscaped(out, text[i]);
            written = i + 1;
        }
        text.remove_prefix(written);
    }
    out += text;
    out += '"';
}

void writeScalar(std::string& out, const Json& value)
{
    switch (value.type()) {
    case Json::Type::Null:
        out += "null";
        return;
    case Json::Type::Bool:
        out += *value.boolean() ? "true" : "false";
        return;
    case Json::Type::Number:
        out += value.numberLexeme();
        return;
    default:
        writeString(out, value.string());
    }
}

void writeCompact(std::string& out, const Json& value)
{
    if (value.isObject()) {
        char separator = '{';
        for (const Json::Member& member : value.members()) {
            out += separator;
            writeString(out, member.name);
            out += ':';
            writeCompact(out, member.value);
            separator = ',';
        }
        out += value.members().empty() ? "{}" : "}";
    } else if (value.isArray()) {
        char separator = '[';
        for (const Json& item : value.items()) {
            out += separator;
            writeCompact(out, item);
            separator = ',';
        }
        out += value.items().empty() ? "[]" : "]";
    } else {
        writeScalar(out, value);
    }
}

void startLine(std::string& out, std::size_t depth)
{
    out += '\n';
    out.append(depth * 2, ' ');
}

void writePretty(std::string& out, const Json& value, std::size_t depth)
{
    if (!value.members().empty()) {
        char separator = '{';
        for (const Json::Member& member : value.members()) {
            out += separator;
            startLine(out, depth + 1);
            writeString(out, member.name);
            out += ": ";
            writePretty(out, member.value, depth + 1);
            separator = ',';
        }
        startLine(out, depth);
        out += '}';
    } else if (!value.items().empty()) {
        char separator = '[';
        for (const Json& item : value.items()) {
            out += separator;
            startLine(out, depth + 1);
            writePretty(out, item, depth + 1);
            separator = ',';
        }
        startLine(out, depth);
        out += ']';
    } else {
        writeCompact(out, value);
    }
}

/// Whether `word` is one of the words of `list`, which stand one space apart.
bool hasWord(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == word)
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

} // namespace

Json::Json(bool value) noexcept
    : m_value(value)
{}
Json::Json(std::string value) noexcept
    : m_value(std::move(value))
{}
Json::Json(std::string_view value)
    : m_value(std::string(value))
{}
Json::Json(const char* value)
    : m_value(std::string(value))
{}
Json::Json(std::int64_t value)
    : m_value(Number{std::to_string(value)})
{}
Json::Json(int value)
    : m_value(Number{std::to_string(value)})
{}
Json::Json(Array value) noexcept
    : m_value(std::move(value))
{}
Json::Json(Object value) noexcept
    : m_value(std::move(value))
{}

Json Json::number(std::string lexeme)
{
    YARROW_ASSERT(!lexeme.empty() && jsonNumberLength(lexeme) == lexeme.size());
    Json value;
    value.m_value = Number{std::move(lexeme)};
    return value;
}

Json Json::array()
{
    return Json(Array{});
}

Json Json::object()
{
    return Json(Object{});
}

Json::Type Json::type() const noexcept
{
    return static_cast<Type>(m_value.index());
}

std::string_view Json::string() const noexcept
{
    const auto* text = std::get_if<std::string>(&m_value);
    return text ? std::string_view(*text) : std::string_view();
}

std::string_view Json::numberLexeme() const noexcept
{
    const auto* number = std::get_if<Number>(&m_value);
    return number ? std::string_view(number->lexeme) : std::string_view();
}

std::optional<bool> Json::boolean() const noexcept
{
    const auto* value = std::get_if<bool>(&m_value);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Json::integer() const noexcept
{
    const std::string_view digits = numberLexeme();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

const Json::Array& Json::items() const noexcept
{
    const auto* items = std::get_if<Array>(&m_value);
    return items ? *items : kNoItems;
}

const Json::Object& Json::members() const noexcept
{
    const auto* members = std::get_if<Object>(&m_value);
    return members ? *members : kNoMembers;
}

const Json& Json::operator[](std::string_view name) const noexcept
{
    const Json* value = find(name);
    return value ? *value : kNull;
}

const Json& Json::operator[](std::size_t index) const noexcept
{
    const Array& all = items();
    return index < all.size() ? all[index] : kNull;
}

const Json* Json::find(std::string_view name) const noexcept
{
    for (const Member& member : members()) {
        if (member.name == name)
            return &member.value;
    }
    return nullptr;
}

Json* Json::find(std::string_view name) noexcept
{
    return const_cast<Json*>(std::as_const(*this).find(name));
}

Json& Json::set(std::string_view name, Json value)
{
    return insert(name, std::move(value), {});
}

Json& Json::insert(std::string_view name, Json value, std::string_view before)
{
    Object& members = mutableMembers();
    if (Json* existing = find(name)) {
        *existing = std::move(value);
        return *existing;
    }
    const auto place = std::find_if(members.begin(), members.end(),
                                    [before](const Member& member) { return hasWord(before, member.name); });
    return members.insert(place, Member{std::string(name), std::move(value)})->value;
}

Json& Json::objectAt(std::string_view name)
{
    Json* existing = find(name);
    return existing && existing->isObject() ? *existing : set(name, object());
}

Json& Json::arrayAt(std::string_view name)
{
    Json* existing = find(name);
    return existing && existing->isArray() ? *existing : set(name, array());
}

bool Json::remove(std::string_view name)
{
    return std::erase_if(mutableMembers(), [name](const Member& member) { return member.name == name; }) > 0;
}

Json& Json::append(Json value)
{
    return mutableItems().emplace_back(std::move(value));
}

Json::Array& Json::mutableItems() noexcept
{
    YARROW_ASSERT(isArray());
    return *std::get_if<Array>(&m_value);
}

Json::Object& Json::mutableMembers() noexcept
{
    YARROW_ASSERT(isObject());
    return *std::get_if<Object>(&m_value);
}

std::string Json::dump() const
{
    std::string out;
    dumpTo(out);
    return out;
}

void Json::dumpTo(std::string& out) const
{
    writeCompact(out, *this);
}

std::string Json::dumpPretty() const
{
    std::string out;
    writePretty(out, *this, 0);
    out += '\n';
    return out;
}

// Written out: clang 14 crashes on the defaulted one.
bool Json::operator==(const Json& other) const
{
    return m_value == other.m_value;
}

} // namespace yarrow
