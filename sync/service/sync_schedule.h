// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "sync/engine/sync_report.h"

#include <cstdint>
#include <optional>
#include <random>

namespace yarrow::sync {

/// When the next exchange is due. Does nothing itself: it is told what happens and asked for the time. The
/// clock must never jump (not the wall's).
class SyncSchedule
{
public:
    enum class Breaker {
        Closed,   ///< all is well, or has failed a few times
        Open,     ///< failed often: nothing but a person or the server itself shortens the wait
        HalfOpen, ///< one attempt is under way; it decides
    };

    /// The first exchange is due at once. `seed` of the jitter.
    SyncSchedule(const Clock& clock, std::uint64_t seed);

    void noteEdit();       ///< a record was changed here: soon, and together with those right behind it
    void noteHint();       ///< the server says that it has something new: now
    void request();        ///< a person wants it: now; also tries a server that refused before
    void setIdle(bool);    ///< paused, or not enrolled: never
    void setStopped(bool); ///< the server takes nothing: not before a person wants it

    void began();
    void ended(const SyncReport& report);

    /// Nothing: not before one of the functions above is called.
    [[nodiscard]] std::optional<Instant> dueAt() const;
    [[nodiscard]] Breaker breaker() const noexcept { return m_breaker; }

private:
    using Milliseconds = std::chrono::milliseconds;
    [[nodiscard]] double fraction(); ///< from 0 to just below 1
    [[nodiscard]] Milliseconds poll();
    void succeeded();
    void failed();

    const Clock& m_clock;
    std::mt19937_64 m_random;
    Instant m_due;
    Instant m_notBefore{}; ///< the server asked for it: holds for everybody
    bool m_running = false;
    bool m_idle = false;
    bool m_stopped = false;
    bool m_requested = false;
    bool m_hinted = false; ///< while an exchange was under way
    bool m_edited = false; ///< while an exchange was under way
    int m_failures = 0;    ///< in a row
    int m_opened = 0;      ///< in a row
    int m_unsettled = 0;   ///< in a row
    Breaker m_breaker = Breaker::Closed;
};

} // namespace yarrow::sync
