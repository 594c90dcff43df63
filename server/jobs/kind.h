// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <tl/expected.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace yarrow::server::jobs {

/// Why an attempt did not get through.
struct Failure
{
    enum class Then {
        Retry,  ///< later, as long as there are attempts left
        GiveUp, ///< another attempt would fail as well
        Yield,  ///< it was asked to stop: begins anew elsewhere, and this was no attempt
    };
    Then then = Then::Retry;
    std::string reason = {}; ///< one sentence for administrators; no patient data
};

using Outcome = tl::expected<void, Failure>;

[[nodiscard]] inline tl::unexpected<Failure> retryLater(std::string reason)
{
    return tl::unexpected<Failure>(Failure{Failure::Then::Retry, std::move(reason)});
}
[[nodiscard]] inline tl::unexpected<Failure> giveUp(std::string reason)
{
    return tl::unexpected<Failure>(Failure{Failure::Then::GiveUp, std::move(reason)});
}
[[nodiscard]] inline tl::unexpected<Failure> yield()
{
    return tl::unexpected<Failure>(Failure{Failure::Then::Yield});
}

/// An attempt at a job, on one of the worker's threads.
class Run
{
public:
    Run(db::Connection& connection, TenantId clinic, std::string jobId, std::string text, int attemptNumber)
        : db(connection)
        , tenant(std::move(clinic))
        , job(std::move(jobId))
        , payload(std::move(text))
        , attempt(attemptNumber)
    {}

    db::Connection& db; ///< of this thread; no transaction is open
    const TenantId tenant;
    const std::string job;
    const std::string payload; ///< JSON, as it was enqueued
    const int attempt;         ///< counts from 1

    /// What takes long asks between its steps, and returns yield(): the job was cancelled or taken by
    /// another, or the server ends and has waited long enough. What has been committed stays.
    [[nodiscard]] bool mustStop() const noexcept { return m_stop.load(std::memory_order_relaxed); }
    /// One short line for whoever looks, saved from time to time.
    void progress(std::string text);

private:
    friend class Worker;
    std::atomic<bool> m_stop = false;
    std::mutex m_mutex;
    std::string m_progress;
    bool m_progressIsNew = false;
};

/// How the jobs of a kind are done.
struct Kind
{
    std::string name;
    std::function<Outcome(Run&)> run; ///< exceptions count as a failure that is retried
    int maxAttempts = 5;
    std::chrono::milliseconds firstRetry = std::chrono::seconds(5); ///< doubles with each attempt
    std::chrono::milliseconds longestRetry = std::chrono::hours(1);
    bool lengthy = false; ///< may take minutes; leaves one thread to the others
    bool daily = false;   ///< enqueued for every clinic once a day
};

/// When the attempt after number `attempt` comes: firstRetry doubled each time, at most longestRetry, times
/// `jitter` (0.75…1.25), so that what failed together does not come back together.
[[nodiscard]] std::chrono::milliseconds retryDelay(const Kind& kind, int attempt, double jitter) noexcept;

} // namespace yarrow::server::jobs
