// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

/// Times and sizes of the screens that may want tuning.
namespace yarrow::tunables {

inline constexpr int kLockAfterMinutes = 5;                     ///< without key or mouse
inline constexpr std::chrono::milliseconds kSearchSettled{800}; ///< typing paused: the search is audited
inline constexpr std::chrono::milliseconds kDraftDelay{1000};   ///< after the last key in a form
inline constexpr std::chrono::milliseconds kNoticeShown{5000};  ///< "Saved" at the foot of the window
inline constexpr std::chrono::milliseconds kOpenDelay{250};     ///< after the last arrow key in the inbox
inline constexpr std::chrono::minutes kSyncFresh{5}; ///< so long an exchange may be past and the status green
inline constexpr std::chrono::milliseconds kStatusTick{20'000}; ///< what was fresh may have become old
inline constexpr int kRecentCommands = 3;                       ///< remembered by the top search
inline constexpr int kCommandFieldCommands = 5;                 ///< commands offered by the top search

inline constexpr int kWaitLimitMinutes = 20; ///< of waiting, then the board of the day warns
inline constexpr int kLongestWaitLimitMinutes = 240;

} // namespace yarrow::tunables
