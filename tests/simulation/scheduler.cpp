// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/scheduler.h"

#include "core/error.h"

#include <algorithm>

namespace yarrow::simulation {

void Scheduler::at(Micros when, std::function<void()> action)
{
    m_actions.emplace(std::pair(std::max(when, m_now), m_planned++), std::move(action));
}

bool Scheduler::runNext()
{
    if (m_actions.empty())
        return false;
    const auto next = m_actions.extract(m_actions.begin());
    m_now = next.key().first;
    next.mapped()();
    return true;
}

Fiber::Fiber()
    : m_thread([this]() { run(); })
{}

Fiber::~Fiber()
{
    YARROW_ASSERT(!m_busy);
    m_ending = true;
    handTo(Baton::Inside);
    m_thread.join();
}

void Fiber::start(std::function<void()> work)
{
    YARROW_ASSERT(!m_busy);
    m_work = std::move(work);
    m_busy = true;
    resume();
}

void Fiber::resume()
{
    handTo(Baton::Inside);
    std::unique_lock lock(m_mutex);
    m_handed.wait(lock, [this]() { return m_baton == Baton::Outside; });
}

void Fiber::suspend()
{
    handTo(Baton::Outside);
    std::unique_lock lock(m_mutex);
    m_handed.wait(lock, [this]() { return m_baton == Baton::Inside; });
}

void Fiber::handTo(Baton whom)
{
    const std::lock_guard lock(m_mutex);
    m_baton = whom;
    m_handed.notify_all();
}

void Fiber::run()
{
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_handed.wait(lock, [this]() { return m_baton == Baton::Inside; });
        }
        if (m_ending)
            return;
        m_work();
        m_busy = false;
        handTo(Baton::Outside);
    }
}

} // namespace yarrow::simulation
