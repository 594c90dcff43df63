// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

namespace yarrow::server {

/// How much a caller may ask of one process. All of it can be set by options.
struct HttpLimits
{
    std::size_t headerBytes = 16 * 1024;          ///< request line and header fields; more is 431
    std::size_t bodyBytes = 1024 * 1024;          ///< unpacked; more is 413
    std::size_t syncBodyBytes = 32 * 1024 * 1024; ///< the same for Route::Traffic::Sync
    std::size_t bodyMemory = 512 * 1024 * 1024;   ///< of all requests in the process together; more is 503
    std::size_t connections = 12000;              ///< more are answered 503, or just closed under TLS

    std::chrono::milliseconds headerTime{
        10'000}; ///< from the first byte to the last of the header; also handshakes
    std::chrono::milliseconds bodyTime{60'000}; ///< of a body, and one second more per kBodyRate bytes of it
    std::chrono::milliseconds stallTime{
        10'000}; ///< within which at least kLeastProgress bytes of a body arrive
    std::chrono::milliseconds idleTime{75'000}; ///< between requests
    std::chrono::milliseconds writeTime{
        60'000}; ///< of an answer, and one second more per kBodyRate bytes of it

    int apiPerMinute = 1200;         ///< requests of one device or person; 0 is no limit, here and below
    int syncPerMinute = 6000;        ///< the same for Route::Traffic::Sync
    int anonymousPerMinute = 100;    ///< requests without a valid token, per address
    int failedSignInsPerMinute = 10; ///< per address
};

inline constexpr std::size_t kBodyRate = 128 * 1024;
inline constexpr std::size_t kLeastProgress = 4 * 1024;
/// Smaller answers are not worth packing.
inline constexpr std::size_t kPackFrom = 1024;

} // namespace yarrow::server
