// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

/// Every number of the transport that one might want to change, with its reason.
namespace yarrow::sync::tuning {

/// Within which a connection stands, TLS included.
inline constexpr std::chrono::milliseconds kConnectTime{10'000};

/// Within which something of an answer that has begun, or of a request that is being sent, must move. A
/// server that thinks before it answers is not stalled: that is for the request's own time-out.
inline constexpr std::chrono::milliseconds kStallTime{20'000};

/// An idle connection older than this is not used again: our server closes one after 75 s, and routers forget
/// them without a word.
inline constexpr std::chrono::seconds kMaxIdle{50};

/// An answer, unpacked. The server's pages are far smaller; a page of NDJSON or a bundle of images is not.
inline constexpr std::size_t kMaxAnswerBytes = 256U * 1024U * 1024U;

/// Read from the network at once: the most that libcurl allows in every version.
inline constexpr long kReadBytes = 512L * 1024;

/// Smaller request bodies are not worth packing.
inline constexpr std::size_t kPackFrom = 1024;

/// Of 1 to 9: documents pack to a tenth already with the quickest levels, and the network is rarely slower.
inline constexpr int kPackLevel = 3;

/// A token is asked for anew when it has this little left, so that it does not expire on the way.
inline constexpr std::chrono::seconds kTokenReserve{60};

/// How long an assertion is good for; servers accept at most five minutes.
inline constexpr std::chrono::seconds kAssertionLife{120};

/// A clock further off the server's than this is made up for when tokens are asked for.
inline constexpr std::chrono::seconds kClockTolerance{20};

} // namespace yarrow::sync::tuning
