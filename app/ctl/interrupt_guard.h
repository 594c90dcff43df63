// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <csignal>

namespace yarrow::ctl {

/// Set by Ctrl-C while an InterruptGuard stands: what is under way stops at the next safe place.
inline std::atomic_bool g_interrupted{false};

class InterruptGuard
{
public:
    InterruptGuard()
    {
        m_before = std::signal(SIGINT, [](int) { g_interrupted = true; });
    }
    ~InterruptGuard() { std::signal(SIGINT, m_before); }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

private:
    void (*m_before)(int) = nullptr;
};

} // namespace yarrow::ctl
