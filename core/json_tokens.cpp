// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json_tokens.h"

#include <algorithm>

namespace yarrow::json {
namespace {

constexpr std::size_t kFirstCapacity = 16384;
constexpr std::size_t kKeptCapacity = 1024U * 1024U;

/// The length of the UTF-8 sequence at the front of `text` (RFC 3629); 0 when it is none.
std::size_t utf8Length(std::string_view text)
{
    const auto byteAt = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto isContinuation = [&](std::size_t i, unsigned lowest = 0x80, unsigned highest = 0xBF) {
        return byteAt(i) >= lowest && byteAt(i) <= highest;
    };
    const unsigned lead = byteAt(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return isContinuation(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF)
        return isContinuation(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && isContinuation(2)
                   ? 3
                   : 0;
    if (lead >= 0xF0 && lead <= 0xF4)
        return isContinuation(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) &&
                       isContinuation(2) && isContinuation(3)
                   ? 4
                   : 0;
    return 0;
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20;
}

} // namespace

TokenFinder& TokenFinder::ofThisThread()
{
    static thread_local TokenFinder finder;
    return finder;
}

simdjson::error_code TokenFinder::run(std::string_view text)
{
    if (!m_stage || m_stage->capacity() < text.size()) {
        m_stage.reset();
        const std::size_t capacity = std::clamp<std::size_t>(text.size() + text.size() / 4, kFirstCapacity,
                                                             simdjson::SIMDJSON_MAXSIZE_BYTES);
        const simdjson::error_code made =
            simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, m_stage);
        if (made != simdjson::SUCCESS)
            return made;
    }
    return m_stage->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                           simdjson::stage1_mode::regular);
}

const std::vector<std::uint32_t>& TokenFinder::countCommas(std::string_view text)
{
    m_counts.resize(size());
    m_open.clear();
    for (std::size_t i = 0; i < size(); ++i) {
        switch (text[begin()[i]]) {
        case '{':
        case '[':
            m_counts[i] = 0;
            m_open.push_back(static_cast<std::uint32_t>(i));
            break;
        case '}':
        case ']':
            if (!m_open.empty())
                m_open.pop_back();
            break;
        case ',':
            if (!m_open.empty())
                ++m_counts[m_open.back()];
            break;
        default:
            break;
        }
    }
    return m_counts;
}

void TokenFinder::releaseIfLarge()
{
    if (m_stage && m_stage->capacity() > kKeptCapacity)
        m_stage.reset();
    for (std::vector<std::uint32_t>* buffer : {&m_counts, &m_open}) {
        if (buffer->capacity() > kKeptCapacity)
            *buffer = {};
    }
}

Refusal explainRefusal(std::string_view text)
{
    bool inString = false;
    std::size_t stringStart = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8Length(text.substr(i));
        if (length == 0)
            return {{ErrorCode::InvalidJson, "invalid UTF-8", i}, inString ? stringStart : i};
        if (inString && isControl(text[i]))
            return {{ErrorCode::InvalidJson, "control character in a string", i}, stringStart};
        if (text[i] == '"') {
            inString = !inString;
            stringStart = i;
        } else if (text[i] == '\\' && i + 1 < text.size() && !isControl(text[i + 1]) &&
                   static_cast<unsigned char>(text[i + 1]) < 0x80) {
            ++i;
        }
        i += length;
    }
    return {{ErrorCode::InvalidJson, "the text ends inside a string", text.size()},
            inString ? stringStart : text.size()};
}

} // namespace yarrow::json
