// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/instant.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace yarrow::server {

std::string instantOf(std::int64_t micros)
{
    constexpr std::int64_t kMicrosPerSecond = 1'000'000;
    std::int64_t seconds = micros / kMicrosPerSecond;
    std::int64_t rest = micros % kMicrosPerSecond;
    if (rest < 0) {
        rest += kMicrosPerSecond;
        --seconds;
    }
    const auto time = static_cast<std::time_t>(seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                                     utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                                     utc.tm_sec, static_cast<int>(rest));
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace yarrow::server
