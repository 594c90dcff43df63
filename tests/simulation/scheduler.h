// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace yarrow::simulation {

using Micros = std::int64_t; ///< of virtual time, since the run began

inline constexpr Micros kMillisecond = 1000;
inline constexpr Micros kSecond = 1000 * kMillisecond;
inline constexpr Micros kMinute = 60 * kSecond;

/// Virtual time: actions at their moments, those of the same moment in the order they were planned.
class Scheduler
{
public:
    [[nodiscard]] Micros now() const noexcept { return m_now; }
    void at(Micros when, std::function<void()> action);
    void after(Micros delay, std::function<void()> action) { at(m_now + delay, std::move(action)); }
    /// Moves the time to the next action and does it; false when there is none.
    bool runNext();
    [[nodiscard]] bool isEmpty() const noexcept { return m_actions.empty(); }

private:
    Micros m_now = 0;
    std::uint64_t m_planned = 0;
    std::map<std::pair<Micros, std::uint64_t>, std::function<void()>> m_actions;
};

/// Work that blocks, on a thread of its own that runs only while somebody waits for it in resume(): so one
/// thread runs at any time, and who runs next is never the operating system's choice.
class Fiber
{
public:
    Fiber();
    ~Fiber(); ///< waits for the work to end; it must not be in suspend()
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Begins `work`, until its first suspend() or its end.
    void start(std::function<void()> work);
    /// Goes on behind suspend(), until the next one or the end.
    void resume();
    /// Inside the work: lets whoever resumed go on.
    void suspend();
    [[nodiscard]] bool isBusy() const noexcept { return m_busy; }

private:
    enum class Baton { Outside, Inside };
    void run();
    void handTo(Baton whom);

    std::mutex m_mutex;
    std::condition_variable m_handed;
    Baton m_baton = Baton::Outside;
    bool m_busy = false;
    bool m_ending = false;
    std::function<void()> m_work;
    std::thread m_thread;
};

} // namespace yarrow::simulation
