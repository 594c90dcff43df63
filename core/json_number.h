// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace yarrow {

/// The length of the JSON number (RFC 8259, section 6) at the front of `text`; 0 when none stands there.
[[nodiscard]] inline std::size_t jsonNumberLength(std::string_view text) noexcept
{
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto skipDigits = [&at, end] {
        const char* const first = at;
        while (at != end && *at >= '0' && *at <= '9')
            ++at;
        return at != first;
    };

    if (at != end && *at == '-')
        ++at;
    if (at != end && *at == '0')
        ++at;
    else if (!skipDigits())
        return 0;
    if (at != end && *at == '.') {
        ++at;
        if (!skipDigits())
            return 0;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-'))
            ++at;
        if (!skipDigits())
            return 0;
    }
    return static_cast<std::size_t>(at - text.data());
}

} // namespace yarrow
