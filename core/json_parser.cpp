// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "core/json_number.h"
#include "core/json_tokens.h"

#include <algorithm>
#include <numeric>

// The second stage is ours: simdjson's own readers turn numbers into doubles or take malformed ones, and know
// neither duplicate names nor the place of an error.

namespace yarrow {
namespace {

using json::Fault;
using json::Refusal;
using json::TokenFinder;

constexpr std::size_t kMaxDepth = 1000;            ///< the reader and ~Json call themselves per level
constexpr std::size_t kMaxTextBytes = 0xFFFF0000U; ///< simdjson's indexes have 32 bits
constexpr std::size_t kMaxReserve = 4096;          ///< of items at once: the count comes from unchecked text
constexpr std::size_t kFewMembers = 32;            ///< more are checked for duplicates by sorting
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

TextPosition positionOf(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t lineBreak = before.rfind('\n');
    return {lines + 1, lineBreak == std::string_view::npos ? offset + 1 : offset - lineBreak};
}

} // namespace

/// The second stage: walks over the tokens and builds the value in place.
class JsonParser
{
public:
    JsonParser(std::string_view text, const JsonLimits& limits, TokenFinder& tokens)
        : m_text(text)
        , m_maxDepth(std::min(limits.maxDepth, kMaxDepth))
        , m_tokens(tokens)
        , m_hasEscapes(text.find('\\') != std::string_view::npos)
    {}

    /// Whether the text is one value; if not, see fault().
    bool run(Json& out)
    {
        const simdjson::error_code refused = m_tokens.run(m_text);
        if (refused == simdjson::EMPTY)
            return stop("the text is empty", m_text.size());
        if (refused == simdjson::UTF8_ERROR || refused == simdjson::UNCLOSED_STRING ||
            refused == simdjson::UNESCAPED_CHARS)
            return stopAtRefusal();
        YARROW_ASSERT(refused == simdjson::SUCCESS);
        m_next = m_tokens.begin();
        m_end = m_next + m_tokens.size();
        m_commas = m_tokens.countCommas(m_text).data();
        if (m_text.starts_with(kByteOrderMark))
            return stop("byte-order mark", 0);
        return readValue(out, 1) && (m_next == m_end || stop("text after the value", *m_next));
    }

    const Fault& fault() const { return m_fault; }

private:
    bool stop(const char* what, std::size_t offset, ErrorCode code = ErrorCode::InvalidJson)
    {
        m_fault = {code, what, offset};
        return false;
    }

    /// The first stage's complaint, unless something is wrong before it: people look for the first mistake.
    bool stopAtRefusal()
    {
        const Refusal refusal = json::explainRefusal(m_text);
        m_fault = refusal.fault;
        if (refusal.goodPrefix == m_text.size())
            return false;
        JsonParser prefix(m_text.substr(0, refusal.goodPrefix), JsonLimits{m_text.size(), m_maxDepth},
                          m_tokens);
        Json ignored;
        if (!prefix.run(ignored) && prefix.m_fault.offset < refusal.goodPrefix)
            m_fault = prefix.m_fault;
        return false;
    }

    /// The next token's character; NUL behind the last, which is no token.
    char peek() const { return m_next == m_end ? '\0' : m_text[*m_next]; }

    bool stopAtNext(const char* what)
    {
        return m_next == m_end ? stop("the text ends too early", m_text.size()) : stop(what, *m_next);
    }

    bool take(char wanted, const char* otherwise)
    {
        if (peek() != wanted)
            return stopAtNext(otherwise);
        ++m_next;
        return true;
    }

    std::size_t offsetOfNext() const { return m_next == m_end ? m_text.size() : *m_next; }

    bool readValue(Json& out, std::size_t depth)
    {
        switch (peek()) {
        case '"':
            return readString(out.m_value.emplace<std::string>());
        case '{':
            return readObject(out.m_value.emplace<Json::Object>(), depth);
        case '[':
            return readArray(out.m_value.emplace<Json::Array>(), depth);
        case 't':
            out.m_value = true;
            return readLiteral("true");
        case 'f':
            out.m_value = false;
            return readLiteral("false");
        case 'n':
            return readLiteral("null");
        case '-':
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
        case '8':
        case '9':
            return readNumber(out.m_value.emplace<Json::Number>().lexeme);
        default:
            return stopAtNext("a value was expected");
        }
    }

    /// Reserves for the container whose opening token was taken last.
    template <class Container>
    void reserve(Container& container) const
    {
        const std::size_t commas = m_commas[m_next - 1 - m_tokens.begin()];
        container.reserve(std::min(commas + 1, kMaxReserve));
    }

    bool enter(std::size_t depth)
    {
        if (depth > m_maxDepth)
            return stop("maxDepth", *m_next, ErrorCode::LimitExceeded);
        ++m_next;
        return true;
    }

    bool readArray(Json::Array& items, std::size_t depth)
    {
        if (!enter(depth))
            return false;
        if (peek() == ']') {
            ++m_next;
            return true;
        }
        reserve(items);
        while (true) {
            if (!readValue(items.emplace_back(), depth + 1))
                return false;
            if (peek() == ']') {
                ++m_next;
                return true;
            }
            if (!take(',', "a comma or ] was expected"))
                return false;
        }
    }

    bool readObject(Json::Object& members, std::size_t depth)
    {
        const std::uint32_t* const open = m_next;
        if (!enter(depth))
            return false;
        if (peek() == '}') {
            ++m_next;
            return true;
        }
        reserve(members);
        NameFilter seen;
        while (true) {
            const std::size_t nameOffset = offsetOfNext();
            if (peek() != '"')
                return stopAtNext("a member name was expected");
            Json::Member& member = members.emplace_back();
            if (!readString(member.name))
                return false;
            if (members.size() <= kFewMembers && seen.mayHave(member.name) && isTaken(members))
                return stop("duplicate member name", nameOffset);
            if (!take(':', "a colon was expected") || !readValue(member.value, depth + 1))
                return false;
            if (peek() == '}') {
                ++m_next;
                return members.size() <= kFewMembers || checkManyNames(members, open);
            }
            if (!take(',', "a comma or } was expected"))
                return false;
        }
    }

    /// Tells most names apart without comparing them.
    class NameFilter
    {
    public:
        /// False only when no such name was asked for before.
        bool mayHave(const std::string& name)
        {
            const auto byteAt = [&name](std::size_t i) { return static_cast<unsigned char>(name[i]); };
            const unsigned mix =
                name.empty() ? 0U
                             : byteAt(0) * 7U + byteAt(name.size() / 2) * 3U + byteAt(name.size() - 1) * 5U;
            const std::uint64_t bit = std::uint64_t{1} << ((mix + static_cast<unsigned>(name.size())) & 63U);
            const bool wasSet = (m_bits & bit) != 0;
            m_bits |= bit;
            return wasSet;
        }

    private:
        std::uint64_t m_bits = 0;
    };

    /// Whether the last member's name stands before it.
    static bool isTaken(const Json::Object& members)
    {
        return std::any_of(members.begin(), members.end() - 1,
                           [&](const Json::Member& member) { return member.name == members.back().name; });
    }

    bool checkManyNames(const Json::Object& members, const std::uint32_t* open)
    {
        std::vector<std::size_t> order(members.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const int compared = members[a].name.compare(members[b].name);
            return compared != 0 ? compared < 0 : a < b;
        });
        std::size_t firstDuplicate = members.size();
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (members[order[i - 1]].name == members[order[i]].name)
                firstDuplicate = std::min(firstDuplicate, order[i]);
        }
        return firstDuplicate == members.size() ||
               stop("duplicate member name", offsetOfName(open, firstDuplicate));
    }

    /// The place of the name of member `index` of the well-formed object that begins at the token `open`.
    std::size_t offsetOfName(const std::uint32_t* open, std::size_t index) const
    {
        std::size_t depth = 0;
        for (const std::uint32_t* token = open + 1;; ++token) {
            if (depth == 0 && index == 0)
                return *token;
            const char c = m_text[*token];
            if (c == '{' || c == '[')
                ++depth;
            else if (c == '}' || c == ']')
                --depth;
            else if (c == ',' && depth == 0)
                --index;
        }
    }

    bool readLiteral(std::string_view literal)
    {
        const std::size_t start = *m_next++;
        if (m_text.substr(start, literal.size()) != literal || !endsAt(start + literal.size()))
            return stop("a value was expected", start);
        return true;
    }

    bool readNumber(std::string& lexeme)
    {
        const std::size_t start = *m_next++;
        const std::size_t length = jsonNumberLength(m_text.substr(start));
        if (length == 0 || !endsAt(start + length))
            return stop("malformed number", start);
        lexeme.assign(m_text, start, length);
        return true;
    }

    /// Whether the token taken last ends at `offset`.
    bool endsAt(std::size_t offset) const { return offset == offsetOfNext() || isSpace(m_text[offset]); }

    bool readString(std::string& out)
    {
        const std::size_t start = std::size_t{*m_next++} + 1;
        // Only space stands between the closing quote and the next token: the first stage makes sure of that.
        std::size_t end = offsetOfNext() - 1;
        while (end > start && isSpace(m_text[end]))
            --end;
        if (end < start || m_text[end] != '"')
            return stop("malformed string", start - 1);
        const std::string_view raw = m_text.substr(start, end - start);
        if (m_hasEscapes && raw.find('\\') != std::string_view::npos)
            return unescape(raw, start, out);
        out.assign(raw);
        return true;
    }

    bool unescape(std::string_view raw, std::size_t offset, std::string& out)
    {
        out.reserve(raw.size());
        std::size_t i = 0;
        while (true) {
            const std::size_t backslash = std::min(raw.find('\\', i), raw.size());
            out.append(raw, i, backslash - i);
            if (backslash == raw.size())
                return true;
            i = backslash + 2;
            if (raw[backslash + 1] == 'u') {
                std::uint32_t codePoint = 0;
                if (!readCodePoint(raw, i, codePoint))
                    return stop("malformed \\u escape", offset + backslash);
                if (codePoint == 0)
                    return stop("NUL in a string", offset + backslash);
                appendUtf8(out, codePoint);
            } else {
                static constexpr std::string_view kLetters = "\"\\/bfnrt";
                static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
                const std::size_t known = kLetters.find(raw[backslash + 1]);
                if (known == std::string_view::npos)
                    return stop("unknown escape", offset + backslash);
                out += kMeanings[known];
            }
        }
    }

    static bool readHex(std::string_view raw, std::size_t at, std::uint32_t& unit)
    {
        if (raw.size() < at + 4)
            return false;
        unit = 0;
        for (const char c : raw.substr(at, 4)) {
            const char lower = static_cast<char>(c | 0x20);
            if (c >= '0' && c <= '9')
                unit = unit << 4 | static_cast<std::uint32_t>(c - '0');
            else if (lower >= 'a' && lower <= 'f')
                unit = unit << 4 | static_cast<std::uint32_t>(lower - 'a' + 10);
            else
                return false;
        }
        return true;
    }

    /// The four digits at `at`, and the other half of a surrogate pair; moves `at` behind them.
    static bool readCodePoint(std::string_view raw, std::size_t& at, std::uint32_t& codePoint)
    {
        if (!readHex(raw, at, codePoint))
            return false;
        at += 4;
        const bool isHigh = codePoint >= 0xD800 && codePoint <= 0xDBFF;
        if (!isHigh)
            return codePoint < 0xDC00 || codePoint > 0xDFFF;
        std::uint32_t low = 0;
        if (raw.substr(at, 2) != "\\u" || !readHex(raw, at + 2, low) || low < 0xDC00 || low > 0xDFFF)
            return false;
        at += 6;
        codePoint = 0x10000 + ((codePoint - 0xD800) << 10) + (low - 0xDC00);
        return true;
    }

    static void appendUtf8(std::string& out, std::uint32_t codePoint)
    {
        const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
        if (codePoint < 0x80) {
            put(codePoint);
            return;
        }
        if (codePoint < 0x800) {
            put(0xC0 | codePoint >> 6);
        } else if (codePoint < 0x10000) {
            put(0xE0 | codePoint >> 12);
            put(0x80 | (codePoint >> 6 & 0x3F));
        } else {
            put(0xF0 | codePoint >> 18);
            put(0x80 | (codePoint >> 12 & 0x3F));
            put(0x80 | (codePoint >> 6 & 0x3F));
        }
        put(0x80 | (codePoint & 0x3F));
    }

    std::string_view m_text;
    std::size_t m_maxDepth;
    TokenFinder& m_tokens;
    bool m_hasEscapes;
    const std::uint32_t* m_next = nullptr; ///< offset of the next token
    const std::uint32_t* m_end = nullptr;
    const std::uint32_t* m_commas = nullptr;
    Fault m_fault;
};

Result<Json> Json::parse(std::string_view text, const JsonLimits& limits)
{
    const std::size_t maxBytes = std::min(limits.maxBytes, kMaxTextBytes);
    if (text.size() > maxBytes)
        return fail(ErrorCode::LimitExceeded, "maxBytes", positionOf(text, maxBytes));
    TokenFinder& tokens = TokenFinder::ofThisThread();
    JsonParser parser(text, limits, tokens);
    Json value;
    const bool isRead = parser.run(value);
    tokens.releaseIfLarge();
    if (!isRead) {
        const Fault& fault = parser.fault();
        return fail(fault.code, fault.what, positionOf(text, fault.offset));
    }
    return value;
}

} // namespace yarrow
