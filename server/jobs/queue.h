// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"
#include "server/problem.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Work that is not part of a request. A job belongs to a clinic. The table job_queue says, for all clinics,
// only that there is something to do; what it is about stands in the clinic's own table job. A worker leases
// a job; when it dies, the lease ends and another takes the job again, so a job may run more than once and
// must bear that.
namespace yarrow::server::jobs {

struct Job
{
    std::string kind;
    /// JSON. Never patient data: it names records, and who works on it reads them.
    std::string payload = "{}";
    /// At most one job of a kind waits or runs under a key. Empty: none. Enqueuing another while one waits
    /// changes nothing; while one runs, it will run once more.
    std::string key = {};
    /// At most one job of a kind ever, as long as finished jobs are kept (a week). Empty: no limit.
    std::string once = {};
    std::chrono::milliseconds delay{0};
};

/// Adds `job` to the clinic of `transaction`; it exists if that commits. Answers its id, or that of the one
/// waiting already. Takes no notice of who listens: wake() does.
std::string enqueue(db::Transaction& transaction, const Job& job);

/// Tells the workers of all processes to look, once `transaction` has committed; without it they find the job
/// within seconds. Not for the write path: PostgreSQL puts transactions that notify one behind the other.
void wake(db::Transaction& transaction);

enum class State { Queued, Running, Done, Dead, Cancelled };
[[nodiscard]] std::string_view
stateCode(State state) noexcept; ///< "queued", "running", "done", "dead", "cancelled"
[[nodiscard]] std::optional<State> stateFromCode(std::string_view code) noexcept;

/// A job as administrators see it. Instants are FHIR instants, empty for never.
struct JobStatus
{
    std::string id;
    std::string kind;
    State state = State::Queued;
    int attempts = 0;
    std::string progress;
    std::string lastError;
    std::string createdAt;
    std::string startedAt;
    std::string finishedAt;
    std::string runAt; ///< when it is due; of a running one: when its lease ends
};

/// Newest first; all states without `state`.
[[nodiscard]] std::vector<JobStatus> list(db::Transaction& transaction, std::optional<State> state,
                                          int limit);
[[nodiscard]] std::optional<JobStatus> find(db::Transaction& transaction, std::string_view id);

/// Lets a dead job begin anew. 404 `no-such-job`; 409 `job-not-dead`; 409 `job-pending` when another has its
/// key.
[[nodiscard]] Result<void> retry(db::Transaction& transaction, std::string_view id);
/// Ends a waiting or dead job; a running one is told within a third of its lease. 404 `no-such-job`, 409
/// `job-finished`.
[[nodiscard]] Result<void> cancel(db::Transaction& transaction, std::string_view id);

/// How many jobs of all clinics are in a state; `age` is how long the oldest queued one has been due, in
/// seconds.
struct QueueFigure
{
    std::string kind;
    State state = State::Queued;
    std::int64_t count = 0;
    double age = 0;
};
/// Queued, running and dead ones: the finished ones are not counted here.
[[nodiscard]] std::vector<QueueFigure> figures(db::Connection& connection);

// ---- for workers
// ------------------------------------------------------------------------------------------------

/// A job taken.
struct Lease
{
    std::string job;
    std::string lease;
    TenantId tenant;
    std::string kind;
};

/// A job begun.
struct Attempt
{
    std::string payload;
    int number = 1; ///< counts from 1, those included whose worker died
};

/// Takes the job that has been due longest, whichever clinic's; one whose lease has ended is due. Nothing
/// when none is.
[[nodiscard]] std::optional<Lease> take(db::Connection& connection, db::TextArray& kinds,
                                        std::chrono::milliseconds length);
/// Keeps the job for another `length`. False when it was lost: cancelled, or taken by another.
[[nodiscard]] bool extend(db::Connection& connection, const Lease& lease, std::chrono::milliseconds length);
void saveProgress(db::Connection& connection, const Lease& lease, std::string_view progress);

/// Begins an attempt. Nothing when there is nothing to do: it was cancelled, or `maxAttempts` workers died of
/// it, which makes it dead.
[[nodiscard]] std::optional<Attempt> begin(db::Connection& connection, const Lease& lease, int maxAttempts);
/// It is done; or waits again, if it was asked for while it ran.
void finish(db::Connection& connection, const Lease& lease, std::string_view progress);
/// It runs again after `delay`. `counts` is whether this was one of its attempts.
void postpone(db::Connection& connection, const Lease& lease, std::string_view error,
              std::chrono::milliseconds delay, bool counts);
/// It is dead until somebody retries it.
void bury(db::Connection& connection, const Lease& lease, std::string_view error);

} // namespace yarrow::server::jobs
