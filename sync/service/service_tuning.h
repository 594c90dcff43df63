// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

/// Every number of when and how often to exchange that one might want to change, with its reason.
namespace yarrow::sync::tuning {

/// Between two exchanges when nothing asks for one. Well inside the time a server keeps a connection open.
inline constexpr std::chrono::milliseconds kPoll{60'000};
/// Up to this share more or less, so that the desks of a clinic do not ask all at once.
inline constexpr double kPollSpread = 0.1;

/// After an edit here: long enough for the next field of the same form, too short to be waited for.
inline constexpr std::chrono::milliseconds kSoon{1'000};

/// The longest wait after the first failure; it doubles with each one. The wait itself is drawn from between
/// nothing and this ("full jitter"), so that desks cut off together do not come back together.
inline constexpr std::chrono::milliseconds kFirstBackOff{2'000};
inline constexpr std::chrono::milliseconds kLongestBackOff{60'000};

/// After so many failures in a row the breaker opens: one attempt at a time, after ever longer waits.
inline constexpr int kBreakerFailures = 5;
inline constexpr std::chrono::milliseconds kFirstOpen{60'000};
inline constexpr std::chrono::milliseconds kLongestOpen{600'000};

/// A server that asks for more patience than this is asked again all the same.
inline constexpr std::chrono::milliseconds kLongestRetryAfter{3'600'000};
/// A server that takes nothing from this workstation, without saying that this is for good.
inline constexpr std::chrono::milliseconds kUnauthorisedPause{300'000};

/// So many exchanges may follow one another at once because there was more to exchange.
inline constexpr int kUnsettledInARow = 3;

/// An exchange older than this no longer proves that everything here is what the server has: two polls and
/// some.
inline constexpr std::chrono::milliseconds kFresh{150'000};

/// How long a lost WebSocket waits at least before it is opened again; polling goes on meanwhile.
inline constexpr std::chrono::milliseconds kHintPause{20'000};
/// A WebSocket is asked for a sign of life as often, and given up after twice without.
inline constexpr std::chrono::milliseconds kHintPing{60'000};

} // namespace yarrow::sync::tuning
