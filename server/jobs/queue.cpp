// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/queue.h"

#include <array>

namespace yarrow::server::jobs {

namespace {

constexpr std::array<std::string_view, 5> kStates = {"queued", "running", "done", "dead", "cancelled"};

std::optional<std::string> orNull(const std::string& text)
{
    std::optional<std::string> value;
    if (!text.empty())
        value = text;
    return value;
}

std::string textOf(const pqxx::field& field)
{
    return field.is_null() ? std::string() : field.as<std::string>();
}

bool isUuid(std::string_view text)
{
    return TenantId::parse(text).has_value();
}

JobStatus statusOf(const pqxx::row& row)
{
    JobStatus status;
    status.id = row[0].as<std::string>();
    status.kind = row[1].as<std::string>();
    status.state = stateFromCode(row[2].as<std::string>()).value_or(State::Dead);
    status.attempts = row[3].as<int>();
    status.progress = textOf(row[4]);
    status.lastError = textOf(row[5]);
    status.createdAt = textOf(row[6]);
    status.startedAt = textOf(row[7]);
    status.finishedAt = textOf(row[8]);
    status.runAt = textOf(row[9]);
    return status;
}

constexpr const char* kStatus =
    "SELECT j.job_id, j.kind, j.state, j.attempts, j.progress, j.last_error, " YARROW_INSTANT(
        "j.created_at") ", "                                                                            //
    YARROW_INSTANT("j.started_at") ", " YARROW_INSTANT("j.finished_at") ", " YARROW_INSTANT("q.run_at") //
    " FROM job j LEFT JOIN job_queue q ON q.job_id = j.job_id AND q.tenant_id = j.tenant_id WHERE "
    "j.tenant_id = $1 ";

void leaveQueue(db::Transaction& transaction, const Lease& lease)
{
    transaction.run("DELETE FROM job_queue WHERE job_id = $1 AND lease = $2", lease.job, lease.lease);
}

/// Whether the lease still holds; keeps it from being taken away before the transaction ends.
bool holds(db::Transaction& transaction, const Lease& lease)
{
    return !transaction
                .run("SELECT 1 FROM job_queue WHERE job_id = $1 AND lease = $2 AND state = 'running' FOR "
                     "UPDATE",
                     lease.job, lease.lease)
                .empty();
}

} // namespace

std::string_view stateCode(State state) noexcept
{
    return kStates.at(static_cast<std::size_t>(state));
}

std::optional<State> stateFromCode(std::string_view code) noexcept
{
    for (std::size_t i = 0; i < kStates.size(); ++i) {
        if (kStates.at(i) == code)
            return static_cast<State>(i);
    }
    return {};
}

// ---- for everyone
// -----------------------------------------------------------------------------------------------

std::string enqueue(db::Transaction& transaction, const Job& job)
{
    const auto delay = static_cast<std::int64_t>(job.delay.count());
    if (!job.once.empty()) {
        return transaction
            .run("WITH wanted (job_id) AS (SELECT md5($1::uuid::text || ' ' || $2::text || ' ' || "
                 "$3::text)::uuid), "
                 "added AS (INSERT INTO job (tenant_id, job_id, kind, payload) SELECT $1::uuid, job_id, $2, "
                 "$4 "
                 "FROM wanted ON CONFLICT (tenant_id, job_id) DO NOTHING RETURNING job_id), "
                 "queued AS (INSERT INTO job_queue (job_id, tenant_id, kind, run_at) SELECT job_id, "
                 "$1::uuid, $2, "
                 "clock_timestamp() + $5::bigint * interval '1 ms' FROM added) "
                 "SELECT job_id FROM wanted",
                 transaction.tenant(), job.kind, job.once, job.payload, delay)[0][0]
            .as<std::string>();
    }
    // The row of a job that waits under the key is locked by DO UPDATE, so that a worker which begins it now
    // sees what this transaction did.
    const std::optional<std::string> key = orNull(job.key);
    return transaction
        .run(
            "WITH added AS (INSERT INTO job (tenant_id, job_id, kind, key, payload) "
            "VALUES ($1::uuid, gen_random_uuid(), $2, $3, $4) "
            "ON CONFLICT (tenant_id, kind, key) WHERE key IS NOT NULL AND state IN ('queued', 'running') "
            "DO UPDATE SET again = job.again OR job.state = 'running' RETURNING job_id), "
            "queued AS (INSERT INTO job_queue (job_id, tenant_id, kind, run_at) SELECT job_id, $1::uuid, $2, "
            "clock_timestamp() + $5::bigint * interval '1 ms' FROM added ON CONFLICT (job_id) DO NOTHING) "
            "SELECT job_id FROM added",
            transaction.tenant(), job.kind, key, job.payload, delay)[0][0]
        .as<std::string>();
}

void wake(db::Transaction& transaction)
{
    transaction.run("SELECT pg_notify('yarrow_job', '')");
}

std::vector<JobStatus> list(db::Transaction& transaction, std::optional<State> state, int limit)
{
    const std::optional<std::string> code = state ? orNull(std::string(stateCode(*state))) : orNull({});
    std::vector<JobStatus> jobs;
    for (const pqxx::row& row :
         transaction.run(std::string(kStatus) + "AND ($2::text IS NULL OR j.state = $2) "
                                                "ORDER BY j.created_at DESC, j.job_id LIMIT $3",
                         transaction.tenant(), code, limit))
        jobs.push_back(statusOf(row));
    return jobs;
}

std::optional<JobStatus> find(db::Transaction& transaction, std::string_view id)
{
    std::optional<JobStatus> status;
    if (!isUuid(id))
        return status;
    const pqxx::result result =
        transaction.run(std::string(kStatus) + "AND j.job_id = $2", transaction.tenant(), id);
    if (!result.empty())
        status = statusOf(result[0]);
    return status;
}

Result<void> retry(db::Transaction& transaction, std::string_view id)
{
    const pqxx::result found = isUuid(id)
                                   ? transaction.run("SELECT state, kind, key FROM job WHERE tenant_id = $1 "
                                                     "AND job_id = $2 FOR UPDATE",
                                                     transaction.tenant(), id)
                                   : pqxx::result();
    if (found.empty())
        return refuse(404, "no-such-job", "There is no such job.");
    if (found[0][0].as<std::string>() != "dead")
        return refuse(409, "job-not-dead", "Only a job that has failed for good can be retried.");
    if (!found[0][2].is_null() &&
        !transaction
             .run("SELECT 1 FROM job WHERE tenant_id = $1 AND kind = $2 AND key = $3 "
                  "AND state IN ('queued', 'running')",
                  transaction.tenant(), found[0][1].as<std::string>(), found[0][2].as<std::string>())
             .empty())
        return refuse(409, "job-pending", "A newer job does the same already.");
    transaction.run("UPDATE job SET state = 'queued', attempts = 0, finished_at = NULL "
                    "WHERE tenant_id = $1 AND job_id = $2",
                    transaction.tenant(), id);
    transaction.run(
        "UPDATE job_queue SET state = 'queued', run_at = clock_timestamp(), lease = NULL WHERE job_id = $1",
        id);
    wake(transaction);
    return {};
}

Result<void> cancel(db::Transaction& transaction, std::string_view id)
{
    const pqxx::result found =
        isUuid(id) ? transaction.run("SELECT state FROM job WHERE tenant_id = $1 AND job_id = $2 FOR UPDATE",
                                     transaction.tenant(), id)
                   : pqxx::result();
    if (found.empty())
        return refuse(404, "no-such-job", "There is no such job.");
    const std::string state = found[0][0].as<std::string>();
    if (state == "done" || state == "cancelled")
        return refuse(409, "job-finished", "The job has ended already.");
    transaction.run("UPDATE job SET state = 'cancelled', finished_at = clock_timestamp() "
                    "WHERE tenant_id = $1 AND job_id = $2",
                    transaction.tenant(), id);
    transaction.run("DELETE FROM job_queue WHERE job_id = $1", id);
    return {};
}

std::vector<QueueFigure> figures(db::Connection& connection)
{
    db::Transaction transaction(connection, TenantId(), db::Isolation::ReadCommitted, true);
    std::vector<QueueFigure> figures;
    for (const pqxx::row& row : transaction.run(
             "SELECT kind, state, count(*), CASE WHEN state = 'queued' THEN "
             "coalesce(greatest(extract(epoch FROM now() - min(run_at)), 0), 0)::float8 ELSE 0 END "
             "FROM job_queue GROUP BY kind, state ORDER BY kind, state"))
        figures.push_back({row[0].as<std::string>(),
                           stateFromCode(row[1].as<std::string>()).value_or(State::Dead),
                           row[2].as<std::int64_t>(), row[3].as<double>()});
    transaction.commit();
    return figures;
}

// ---- for workers
// ------------------------------------------------------------------------------------------------

std::optional<Lease> take(db::Connection& connection, db::TextArray& kinds, std::chrono::milliseconds length)
{
    db::Transaction transaction(connection, TenantId());
    const pqxx::result result = transaction.run(
        "UPDATE job_queue SET state = 'running', lease = gen_random_uuid(), "
        "run_at = clock_timestamp() + $2::bigint * interval '1 ms' "
        "WHERE job_id = (SELECT job_id FROM job_queue WHERE state <> 'dead' AND run_at <= now() "
        "AND kind = ANY ($1::text[]) ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED) "
        "RETURNING job_id, lease, tenant_id, kind",
        kinds, static_cast<std::int64_t>(length.count()));
    transaction.commit();
    std::optional<Lease> lease;
    if (!result.empty())
        lease =
            Lease{result[0][0].as<std::string>(), result[0][1].as<std::string>(),
                  TenantId::parse(result[0][2].as<std::string>()).value(), result[0][3].as<std::string>()};
    return lease;
}

bool extend(db::Connection& connection, const Lease& lease, std::chrono::milliseconds length)
{
    db::Transaction transaction(connection, lease.tenant);
    const pqxx::result result =
        transaction.run("UPDATE job_queue SET run_at = clock_timestamp() + $3::bigint * interval '1 ms' "
                        "WHERE job_id = $1 AND lease = $2 AND state = 'running' RETURNING job_id",
                        lease.job, lease.lease, static_cast<std::int64_t>(length.count()));
    transaction.commit();
    return !result.empty();
}

void saveProgress(db::Connection& connection, const Lease& lease, std::string_view progress)
{
    db::Transaction transaction(connection, lease.tenant);
    transaction.run("UPDATE job SET progress = $3 WHERE tenant_id = $1 AND job_id = $2 AND state = 'running'",
                    lease.tenant, lease.job, progress);
    transaction.commit();
}

std::optional<Attempt> begin(db::Connection& connection, const Lease& lease, int maxAttempts)
{
    db::Transaction transaction(connection, lease.tenant);
    const pqxx::result result = transaction.run(
        "UPDATE job SET state = 'running', again = false, attempts = attempts + 1, progress = NULL, "
        "started_at = clock_timestamp() "
        "WHERE tenant_id = $1 AND job_id = $2 AND state IN ('queued', 'running') "
        "RETURNING payload, attempts",
        lease.tenant, lease.job);
    std::optional<Attempt> attempt;
    if (result.empty()) {
        leaveQueue(transaction, lease);
    } else if (result[0][1].as<int>() > maxAttempts) {
        transaction.run(
            "UPDATE job SET state = 'dead', attempts = attempts - 1, finished_at = clock_timestamp(), "
            "last_error = 'Every worker that ran it ended before it was done.' "
            "WHERE tenant_id = $1 AND job_id = $2",
            lease.tenant, lease.job);
        transaction.run("UPDATE job_queue SET state = 'dead', lease = NULL WHERE job_id = $1 AND lease = $2",
                        lease.job, lease.lease);
    } else {
        attempt = Attempt{result[0][0].as<std::string>(), result[0][1].as<int>()};
    }
    transaction.commit();
    return attempt;
}

void finish(db::Connection& connection, const Lease& lease, std::string_view progress)
{
    db::Transaction transaction(connection, lease.tenant);
    const pqxx::result job = transaction.run(
        "SELECT again FROM job WHERE tenant_id = $1 AND job_id = $2 AND state = 'running' FOR UPDATE",
        lease.tenant, lease.job);
    if (job.empty() || !holds(transaction, lease))
        return;
    const bool again = job[0][0].as<bool>();
    transaction.run(
        "UPDATE job SET state = $3, again = false, progress = nullif($4, ''), last_error = NULL, "
        "attempts = CASE WHEN $3 = 'queued' THEN 0 ELSE attempts END, finished_at = clock_timestamp() "
        "WHERE tenant_id = $1 AND job_id = $2",
        lease.tenant, lease.job, again ? "queued" : "done", progress);
    if (again)
        transaction.run("UPDATE job_queue SET state = 'queued', run_at = clock_timestamp(), lease = NULL "
                        "WHERE job_id = $1",
                        lease.job);
    else
        leaveQueue(transaction, lease);
    transaction.commit();
}

void postpone(db::Connection& connection, const Lease& lease, std::string_view error,
              std::chrono::milliseconds delay, bool counts)
{
    db::Transaction transaction(connection, lease.tenant);
    transaction.run("SELECT 1 FROM job WHERE tenant_id = $1 AND job_id = $2 FOR UPDATE", lease.tenant,
                    lease.job);
    if (!holds(transaction, lease))
        return;
    transaction.run(
        "UPDATE job SET state = 'queued', again = false, last_error = coalesce(nullif($3, ''), last_error), "
        "attempts = attempts - CASE WHEN $4 THEN 0 ELSE 1 END "
        "WHERE tenant_id = $1 AND job_id = $2 AND state = 'running'",
        lease.tenant, lease.job, error, counts);
    transaction.run("UPDATE job_queue SET state = 'queued', lease = NULL, "
                    "run_at = clock_timestamp() + $2::bigint * interval '1 ms' WHERE job_id = $1",
                    lease.job, static_cast<std::int64_t>(delay.count()));
    transaction.commit();
}

void bury(db::Connection& connection, const Lease& lease, std::string_view error)
{
    db::Transaction transaction(connection, lease.tenant);
    transaction.run("SELECT 1 FROM job WHERE tenant_id = $1 AND job_id = $2 FOR UPDATE", lease.tenant,
                    lease.job);
    if (!holds(transaction, lease))
        return;
    transaction.run(
        "UPDATE job SET state = 'dead', again = false, last_error = $3, finished_at = clock_timestamp() "
        "WHERE tenant_id = $1 AND job_id = $2 AND state = 'running'",
        lease.tenant, lease.job, error);
    transaction.run("UPDATE job_queue SET state = 'dead', lease = NULL WHERE job_id = $1", lease.job);
    transaction.commit();
}

} // namespace yarrow::server::jobs
