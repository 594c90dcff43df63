// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/id.h"

#include "core/crypto.h"

#include <algorithm>
#include <array>

namespace yarrow {
namespace {

constexpr std::uint32_t kMaxCounter = 0xFFF;

/// A new millisecond starts in the lower half, so that there is room to count.
std::uint32_t startOfCounter(std::span<const std::uint8_t, 2> random)
{
    return (std::uint32_t{random[0]} << 8 | random[1]) & (kMaxCounter >> 1);
}

} // namespace

bool isFhirId(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.';
    });
}

std::string UuidSource::next()
{
    std::array<std::uint8_t, 18> bytes; // the UUID, and two bytes for the counter's start
    crypto::fillRandom(bytes);
    const std::int64_t now = m_clock.now().time_since_epoch().count();

    std::int64_t millisecond = 0;
    std::uint32_t counter = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (now <= m_millisecond && m_counter < kMaxCounter) {
            ++m_counter;
        } else {
            // A full counter borrows the next millisecond (RFC 9562, section 6.2).
            m_millisecond = std::max(now, m_millisecond + 1);
            m_counter = startOfCounter(std::span(bytes).last<2>());
        }
        millisecond = m_millisecond;
        counter = m_counter;
    }

    for (int i = 5; i >= 0; --i, millisecond >>= 8)
        bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(millisecond & 0xFF);
    bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
    bytes[7] = static_cast<std::uint8_t>(counter & 0xFF);
    bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3F));

    std::string text = crypto::toHex(std::span(bytes).first<16>());
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        text.insert(dash, 1, '-');
    return text;
}

} // namespace yarrow
