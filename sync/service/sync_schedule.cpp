// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/sync_schedule.h"

#include "sync/service/service_tuning.h"

#include <algorithm>
#include <cmath>

namespace yarrow::sync {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds doubled(Milliseconds first, int times, Milliseconds longest)
{
    constexpr int kMostDoublings = 20;
    return std::min<Milliseconds>(first * (1LL << std::min(times, kMostDoublings)), longest);
}

Milliseconds share(Milliseconds whole, double part)
{
    return Milliseconds(std::llround(static_cast<double>(whole.count()) * part));
}

} // namespace

SyncSchedule::SyncSchedule(const Clock& clock, std::uint64_t seed)
    : m_clock(clock)
    , m_random(seed)
    , m_due(clock.now())
{}

double SyncSchedule::fraction()
{
    return std::ldexp(static_cast<double>(m_random() >> 11U), -53);
}

Milliseconds SyncSchedule::poll()
{
    return share(tuning::kPoll, 1 + tuning::kPollSpread * (2 * fraction() - 1));
}

void SyncSchedule::noteEdit()
{
    if (m_running)
        m_edited = true;
    else if (m_failures == 0)
        m_due = std::min(m_due, m_clock.now() + tuning::kSoon);
}

void SyncSchedule::noteHint()
{
    if (m_running)
        m_hinted = true;
    else
        m_due = m_clock.now();
}

void SyncSchedule::request()
{
    m_requested = true;
    if (!m_running)
        m_due = m_clock.now();
}

void SyncSchedule::setIdle(bool idle)
{
    if (m_idle && !idle)
        m_due = m_clock.now();
    m_idle = idle;
}

void SyncSchedule::setStopped(bool stopped)
{
    if (m_stopped && !stopped)
        m_due = m_clock.now();
    m_stopped = stopped;
}

std::optional<Instant> SyncSchedule::dueAt() const
{
    if (m_running || m_idle || (m_stopped && !m_requested))
        return std::nullopt;
    return std::max(m_due, m_notBefore);
}

void SyncSchedule::began()
{
    m_running = true;
    m_requested = false;
    m_hinted = false;
    m_edited = false;
    if (m_breaker == Breaker::Open)
        m_breaker = Breaker::HalfOpen;
}

void SyncSchedule::succeeded()
{
    m_failures = 0;
    m_opened = 0;
    m_breaker = Breaker::Closed;
    m_due = m_clock.now() + poll();
    if (m_edited)
        m_due = m_clock.now() + tuning::kSoon;
    if (m_hinted || m_requested)
        m_due = m_clock.now();
}

void SyncSchedule::failed()
{
    const Instant now = m_clock.now();
    ++m_failures;
    if (m_breaker == Breaker::HalfOpen || m_failures >= tuning::kBreakerFailures) {
        m_breaker = Breaker::Open;
        const Milliseconds longest = doubled(tuning::kFirstOpen, m_opened++, tuning::kLongestOpen);
        m_due = now + share(longest, 0.5 + 0.5 * fraction());
        return;
    }
    m_due = now + share(doubled(tuning::kFirstBackOff, m_failures - 1, tuning::kLongestBackOff), fraction());
}

void SyncSchedule::ended(const SyncReport& report)
{
    m_running = false;
    const Instant now = m_clock.now();
    if (report.obstacle != Obstacle::Unsettled)
        m_unsettled = 0;
    switch (report.obstacle) {
    case Obstacle::None:
    case Obstacle::AskDeletions: // what else there is goes on
    case Obstacle::Cancelled:
        succeeded();
        break;
    case Obstacle::Unsettled:
        if (++m_unsettled > tuning::kUnsettledInARow) {
            failed();
        } else {
            succeeded();
            m_due = now;
        }
        break;
    case Obstacle::Busy:
        if (report.retryAfter) {
            const Milliseconds asked = std::min<Milliseconds>(*report.retryAfter, tuning::kLongestRetryAfter);
            m_notBefore = now + asked + share(asked, tuning::kPollSpread * fraction());
            m_due = m_notBefore;
        } else {
            failed();
        }
        break;
    case Obstacle::Unauthorised:
        m_due = now + tuning::kUnauthorisedPause;
        break;
    case Obstacle::Offline:
    case Obstacle::ServerError:
    case Obstacle::Untrusted:
    case Obstacle::Refused:
    case Obstacle::LocalFailure:
        failed();
        break;
    }
    m_requested = false;
    m_hinted = false;
    m_edited = false;
}

} // namespace yarrow::sync
