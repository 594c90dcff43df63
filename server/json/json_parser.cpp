// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json/json_parser.h"

#include "server/json/json_escapes.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace yarrow::server {
namespace {

/// Objects with more members are checked for duplicates by sorting.
constexpr std::size_t kFewMembers = 16;

constexpr std::uint64_t everyByte(unsigned char byte) noexcept
{
    return 0x0101010101010101ULL * byte;
}

/// Whether a byte of the eight is zero.
constexpr bool hasZero(std::uint64_t bytes) noexcept
{
    return ((bytes - everyByte(0x01)) & ~bytes & everyByte(0x80)) != 0;
}

/// Whether a byte of the eight ends the plain part of a string: a quote, a backslash or a control character.
constexpr bool hasSpecial(std::uint64_t bytes) noexcept
{
    const bool control = ((bytes - everyByte(0x20)) & ~bytes & everyByte(0x80)) != 0;
    return control || hasZero(bytes ^ everyByte('"')) || hasZero(bytes ^ everyByte('\\'));
}

constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Recursive descent, one call per array or object. The text ends with a NUL, which is allowed nowhere in
/// JSON, so that no step needs to ask whether the end is reached.
class Parser
{
public:
    Parser(JsonIndex& index, int maxDepth) noexcept
        : m_index(index)
        , m_begin(index.text.data())
        , m_end(m_begin + index.text.size())
        , m_at(m_begin)
        , m_maxDepth(maxDepth)
    {}

    bool run()
    {
        space();
        if (!value(0))
            return false;
        space();
        return m_at == m_end || fail("there is something behind the value");
    }

    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(m_at - m_begin); }
    [[nodiscard]] std::string_view reason() const noexcept { return m_reason; }

private:
    bool fail(std::string_view reason) noexcept
    {
        m_reason = m_at == m_end ? "it ends too early" : reason;
        return false;
    }

    [[nodiscard]] std::uint32_t position() const noexcept
    {
        return static_cast<std::uint32_t>(m_at - m_begin);
    }

    std::uint32_t open()
    {
        m_index.nodes.push_back({position(), 0, 0, 0});
        return static_cast<std::uint32_t>(m_index.nodes.size() - 1);
    }

    void close(std::uint32_t node, std::uint32_t extra) noexcept
    {
        m_index.nodes[node].end = position();
        m_index.nodes[node].next = static_cast<std::uint32_t>(m_index.nodes.size());
        m_index.nodes[node].extra = extra;
    }

    void space() noexcept
    {
        for (;; ++m_at) {
            if (*m_at == ' ' || *m_at == '\r' || *m_at == '\t')
                continue;
            if (*m_at != '\n')
                return;
            // A line is mostly followed by its indentation.
            std::uint64_t bytes = 0;
            while (m_end - m_at > 8) {
                std::memcpy(&bytes, m_at + 1, sizeof bytes);
                if (bytes != everyByte(' '))
                    break;
                m_at += 8;
            }
        }
    }

    bool value(int depth)
    {
        switch (*m_at) {
        case '{':
            return object(depth + 1);
        case '[':
            return array(depth + 1);
        case '"':
            return string();
        case 't':
            return literal("true");
        case 'f':
            return literal("false");
        case 'n':
            return literal("null");
        default:
            return number();
        }
    }

    bool object(int depth)
    {
        if (depth > m_maxDepth)
            return fail("it is nested too deeply");
        const std::uint32_t node = open();
        const std::size_t names = m_names.size();
        ++m_at;
        space();
        if (*m_at == '}') {
            ++m_at;
            close(node, 0);
            return true;
        }
        for (;;) {
            if (*m_at != '"')
                return fail("the name of a member is expected");
            m_names.push_back(static_cast<std::uint32_t>(m_index.nodes.size()));
            if (!string())
                return false;
            space();
            if (*m_at != ':')
                return fail("a colon is expected");
            ++m_at;
            space();
            if (!value(depth))
                return false;
            space();
            if (*m_at == '}')
                break;
            if (*m_at != ',')
                return fail("a comma or the end of the object is expected");
            ++m_at;
            space();
        }
        if (!namesDiffer(names))
            return false;
        ++m_at;
        close(node, static_cast<std::uint32_t>(m_names.size() - names));
        m_names.resize(names);
        return true;
    }

    bool array(int depth)
    {
        if (depth > m_maxDepth)
            return fail("it is nested too deeply");
        const std::uint32_t node = open();
        const std::size_t items = m_items.size();
        ++m_at;
        space();
        if (*m_at != ']') {
            for (;;) {
                m_items.push_back(static_cast<std::uint32_t>(m_index.nodes.size()));
                if (!value(depth))
                    return false;
                space();
                if (*m_at == ']')
                    break;
                if (*m_at != ',')
                    return fail("a comma or the end of the array is expected");
                ++m_at;
                space();
            }
        }
        ++m_at;
        close(node, static_cast<std::uint32_t>(m_index.elements.size()));
        m_index.elements.push_back(static_cast<std::uint32_t>(m_items.size() - items));
        m_index.elements.insert(m_index.elements.end(), m_items.begin() + static_cast<std::ptrdiff_t>(items),
                                m_items.end());
        m_items.resize(items);
        return true;
    }

    bool string()
    {
        const std::uint32_t node = open();
        std::uint32_t escapes = 0;
        ++m_at;
        for (;;) {
            std::uint64_t bytes = 0;
            while (m_end - m_at >= 8) {
                std::memcpy(&bytes, m_at, sizeof bytes);
                if (hasSpecial(bytes))
                    break;
                m_at += 8;
            }
            while (*m_at != '"' && *m_at != '\\' && static_cast<unsigned char>(*m_at) >= 0x20)
                ++m_at;
            if (*m_at == '"') {
                ++m_at;
                close(node, escapes);
                return true;
            }
            if (*m_at != '\\')
                return fail("a control character stands in a string");
            escapes = 1;
            if (!escape())
                return false;
        }
    }

    bool escape() noexcept
    {
        switch (m_at[1]) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            m_at += 2;
            return true;
        case 'u':
            break;
        default:
            return fail("an unknown escape stands in a string");
        }
        const int first = codeUnit();
        if (first < 0)
            return fail("an escape lacks its four hexadecimal digits");
        if (first >= 0xDC00 && first < 0xE000)
            return fail("half of a surrogate pair stands alone");
        if (first < 0xD800 || first >= 0xE000) {
            m_at += 6;
            return true;
        }
        const char* const start = m_at;
        m_at += 6;
        const int second = m_at[0] == '\\' && m_at[1] == 'u' ? codeUnit() : -1;
        if (second < 0xDC00 || second >= 0xE000) {
            m_at = start;
            return fail("half of a surrogate pair stands alone");
        }
        m_at += 6;
        return true;
    }

    /// Of the escape \uXXXX here; negative if it is none.
    [[nodiscard]] int codeUnit() const noexcept
    {
        int unit = 0;
        for (int i = 2; i < 6; ++i) {
            const char c = m_at[i];
            const char lower = static_cast<char>(c | 0x20);
            if (isDigit(c))
                unit = unit * 16 + (c - '0');
            else if (lower >= 'a' && lower <= 'f')
                unit = unit * 16 + (lower - 'a' + 10);
            else
                return -1;
        }
        return unit;
    }

    bool literal(std::string_view word)
    {
        const std::uint32_t node = open();
        for (const char c : word) {
            if (*m_at != c)
                return fail("an unknown word stands for a value");
            ++m_at;
        }
        close(node, 0);
        return true;
    }

    bool number()
    {
        const std::uint32_t node = open();
        if (*m_at == '-')
            ++m_at;
        if (*m_at == '0')
            ++m_at;
        else if (!digits())
            return fail("a value is expected");
        if (*m_at == '.') {
            ++m_at;
            if (!digits())
                return fail("a number lacks its digits");
        }
        if (*m_at == 'e' || *m_at == 'E') {
            ++m_at;
            if (*m_at == '+' || *m_at == '-')
                ++m_at;
            if (!digits())
                return fail("a number lacks its digits");
        }
        close(node, 0);
        return true;
    }

    bool digits() noexcept
    {
        if (!isDigit(*m_at))
            return false;
        while (isDigit(*m_at))
            ++m_at;
        return true;
    }

    [[nodiscard]] std::string_view nameText(std::uint32_t node) const noexcept
    {
        const JsonIndex::Node& name = m_index.nodes[node];
        return {m_begin + name.begin, name.end - name.begin};
    }

    /// Whether the names from `from` on, those of the object that ends here, differ from one another.
    bool namesDiffer(std::size_t from)
    {
        const std::size_t count = m_names.size() - from;
        const bool escaped =
            std::any_of(m_names.begin() + static_cast<std::ptrdiff_t>(from), m_names.end(),
                        [this](std::uint32_t name) { return m_index.nodes[name].extra != 0; });
        if (escaped || count > kFewMembers)
            return sortedNamesDiffer(from, escaped);
        for (std::size_t i = from + 1; i < m_names.size(); ++i) {
            const std::string_view name = nameText(m_names[i]);
            for (std::size_t j = from; j < i; ++j) {
                if (nameText(m_names[j]) == name)
                    return failAtName(m_names[i]);
            }
        }
        return true;
    }

    bool sortedNamesDiffer(std::size_t from, bool escaped)
    {
        const auto first = m_names.begin() + static_cast<std::ptrdiff_t>(from);
        std::vector<std::string> unescaped;
        std::vector<std::pair<std::string_view, std::uint32_t>> names;
        unescaped.reserve(escaped ? m_names.size() - from : 0);
        names.reserve(m_names.size() - from);
        for (auto name = first; name != m_names.end(); ++name) {
            if (escaped)
                unescaped.push_back(unescapeJson(nameText(*name)));
            names.emplace_back(escaped ? std::string_view(unescaped.back()) : nameText(*name), *name);
        }
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(
            names.begin(), names.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
        return twice == names.end() || failAtName(std::next(twice)->second);
    }

    bool failAtName(std::uint32_t node) noexcept
    {
        m_at = m_begin + m_index.nodes[node].begin;
        return fail("a member stands twice in one object");
    }

    JsonIndex& m_index;
    const char* const m_begin;
    const char* const m_end;
    const char* m_at;
    const int m_maxDepth;
    std::string_view m_reason;
    std::vector<std::uint32_t> m_names; // of the objects that are open: their names' nodes
    std::vector<std::uint32_t> m_items; // of the arrays that are open: their items' nodes
};

/// How many bytes a character takes, after its first one.
std::size_t lengthOf(unsigned char first) noexcept
{
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// Where the first byte sequence stands that is no UTF-8.
std::size_t invalidAt(std::string_view text) noexcept
{
    std::size_t at = 0;
    while (at < text.size()) {
        const std::string_view one = text.substr(at, lengthOf(static_cast<unsigned char>(text[at])));
        if (!simdjson::validate_utf8(one.data(), one.size()))
            break;
        at += one.size();
    }
    return at;
}

JsonFault faultAt(std::string_view before, std::string_view reason) noexcept
{
    const std::size_t newline = before.rfind('\n');
    const std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
    const auto characters = std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    return {static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
            static_cast<std::size_t>(characters) + 1, reason};
}

} // namespace

std::optional<JsonFault> indexJson(JsonIndex& index, int maxDepth)
{
    const std::string_view text = index.text;
    if (text.size() > std::numeric_limits<std::uint32_t>::max() / 2)
        return faultAt({}, "it is too long");
    if (!simdjson::validate_utf8(text.data(), text.size()))
        return faultAt(text.substr(0, invalidAt(text)), "it is no valid UTF-8");
    index.nodes.reserve(text.size() / 24 + 8);
    Parser parser(index, maxDepth);
    if (!parser.run())
        return faultAt(text.substr(0, parser.offset()), parser.reason());
    return std::nullopt;
}

} // namespace yarrow::server
