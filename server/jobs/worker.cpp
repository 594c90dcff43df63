// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/worker.h"

#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <algorithm>
#include <cmath>

namespace yarrow::server::jobs {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// For the log: the error's kind without its text, which may quote a row.
std::string kindOfError(const std::exception& error)
{
    if (const auto* refused = dynamic_cast<const pqxx::sql_error*>(&error))
        return "SQL state " + refused->sqlstate();
    if (dynamic_cast<const pqxx::failure*>(&error) != nullptr)
        return "no connection";
    return error.what();
}

/// Hears that somebody called wake().
class WakeReceiver : public pqxx::notification_receiver
{
public:
    explicit WakeReceiver(pqxx::connection& connection)
        : pqxx::notification_receiver(connection, "yarrow_job")
    {}
    void operator()(const std::string&, int) override {}
};

} // namespace

void Run::progress(std::string text)
{
    const std::lock_guard lock(m_mutex);
    m_progress = std::move(text);
    m_progressIsNew = true;
}

std::chrono::milliseconds retryDelay(const Kind& kind, int attempt, double jitter) noexcept
{
    const double doubled =
        static_cast<double>(kind.firstRetry.count()) * std::ldexp(1.0, std::clamp(attempt - 1, 0, 40));
    const double limited = std::min(doubled, static_cast<double>(kind.longestRetry.count()));
    return std::chrono::milliseconds(std::llround(limited * jitter));
}

Worker::Worker(WorkerSettings settings, std::vector<Kind> kinds)
    : m_settings(std::move(settings))
    , m_kinds(std::move(kinds))
    , m_random(std::random_device()())
{}

Worker::~Worker()
{
    stop();
}

void Worker::start()
{
    m_keeper = std::thread([this] { keep(); });
    for (int i = 0; i < m_settings.threads; ++i)
        m_threads.emplace_back([this, i] { work(i > 0 || m_settings.threads == 1); });
}

void Worker::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_patience = Clock::now() + m_settings.drain;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
    m_threads.clear();
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_wake.notify_all();
    if (m_keeper.joinable())
        m_keeper.join();
}

// ---- working
// ----------------------------------------------------------------------------------------------------

const Kind* Worker::kindOf(const std::string& name) const noexcept
{
    const auto found =
        std::find_if(m_kinds.begin(), m_kinds.end(), [&](const Kind& kind) { return kind.name == name; });
    return found == m_kinds.end() ? nullptr : &*found;
}

db::TextArray Worker::kindNames(bool lengthy) const
{
    db::TextArray names;
    for (const Kind& kind : m_kinds) {
        if (lengthy || !kind.lengthy)
            names.add(std::string_view(kind.name));
    }
    return names;
}

void Worker::work(bool lengthy)
{
    db::Connection connection(m_settings.databaseUri);
    db::TextArray kinds = kindNames(lengthy);
    while (true) {
        int due = 0;
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopping)
                return;
            due = m_due;
        }
        bool worked = false;
        try {
            worked = workOnce(connection, kinds);
        } catch (const std::exception& error) {
            ops::log(ops::LogLevel::Error, "job-queue-unreadable", {{"reason", kindOfError(error)}});
            connection.close();
        }
        if (worked)
            continue;
        const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(m_settings.poll * jitter());
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, length, [&] { return m_stopping || m_due != due; });
    }
}

bool Worker::workOnce(db::Connection& connection, db::TextArray& kinds)
{
    const std::optional<Lease> lease = take(connection, kinds, m_settings.lease);
    if (!lease)
        return false;
    perform(connection, *lease);
    return true;
}

void Worker::perform(db::Connection& connection, const Lease& lease)
{
    const Kind* kind = kindOf(lease.kind); // known: only those of m_kinds are taken
    const std::optional<Attempt> attempt = begin(connection, lease, kind->maxAttempts);
    if (!attempt)
        return;
    const auto run =
        std::make_shared<Run>(connection, lease.tenant, lease.job, attempt->payload, attempt->number);
    {
        const std::lock_guard lock(m_mutex);
        m_runs.emplace(lease.job, std::make_pair(lease, run));
    }
    const Clock::time_point from = Clock::now();
    Outcome outcome;
    try {
        outcome = kind->run(*run);
    } catch (const pqxx::sql_error& error) {
        // Its text may quote what was in a row.
        ops::log(ops::LogLevel::Error, "job-sql-error",
                 {{"kind", lease.kind}, {"job", lease.job}, {"sqlstate", error.sqlstate()}});
        outcome = retryLater("The database refused a statement.");
    } catch (const pqxx::failure&) {
        outcome = retryLater("The connection to the database was lost.");
    } catch (const std::exception& error) {
        ops::log(ops::LogLevel::Error, "job-exception",
                 {{"kind", lease.kind}, {"job", lease.job}, {"what", error.what()}});
        outcome = retryLater("An internal error; the server's log has more about it.");
    }
    {
        const std::lock_guard lock(m_mutex);
        m_runs.erase(lease.job);
    }
    settle(connection, lease, *kind, *run, outcome, Clock::now() - from);
}

void Worker::settle(db::Connection& connection, const Lease& lease, const Kind& kind, Run& run,
                    const Outcome& outcome, std::chrono::duration<double> took)
{
    std::string_view result = "done";
    if (outcome) {
        const std::lock_guard lock(run.m_mutex);
        finish(connection, lease, run.m_progress);
    } else if (outcome.error().then == Failure::Then::Yield) {
        result = "yield";
        postpone(connection, lease, {}, 0ms, false);
    } else if (outcome.error().then == Failure::Then::GiveUp || run.attempt >= kind.maxAttempts) {
        result = "dead";
        bury(connection, lease, outcome.error().reason);
    } else {
        result = "retry";
        postpone(connection, lease, outcome.error().reason, retryDelay(kind, run.attempt, jitter()), true);
    }
    ops::Counter("yarrow_jobs_total", "Attempts at jobs by how they ended.",
                 {{"kind", kind.name}, {"result", std::string(result)}})
        .add();
    ops::Histogram("yarrow_job_seconds", "How long attempts at jobs took.", {0.01, 0.1, 1, 10, 60, 600},
                   {{"kind", kind.name}})
        .observe(took.count());
    ops::log(result == "dead" ? ops::LogLevel::Error
             : outcome        ? ops::LogLevel::Info
                              : ops::LogLevel::Warning,
             "job-ended",
             {{"kind", kind.name},
              {"job", lease.job},
              {"tenant", lease.tenant.text()},
              {"attempt", run.attempt},
              {"result", result},
              {"seconds", took.count()},
              {"reason", outcome ? std::string() : outcome.error().reason}});
}

double Worker::jitter()
{
    const std::lock_guard lock(m_mutex);
    return std::uniform_real_distribution<double>(0.75, 1.25)(m_random);
}

// ---- keeping
// ----------------------------------------------------------------------------------------------------

void Worker::keep()
{
    db::Connection connection(m_settings.databaseUri);
    std::unique_ptr<pqxx::connection> ear; // of its own: it must not be in a transaction to hear
    std::unique_ptr<WakeReceiver> receiver;
    const auto pause = std::min<std::chrono::milliseconds>(m_settings.lease / 3, 1s);
    Clock::time_point renewal = Clock::now();
    while (true) {
        bool idle = false; // nothing to listen with: wait without
        try {
            if (!ear) {
                ear = std::make_unique<pqxx::connection>(m_settings.databaseUri);
                receiver = std::make_unique<WakeReceiver>(*ear);
            }
            enqueueDaily(connection);
            if (Clock::now() >= renewal) {
                renewal = Clock::now() + m_settings.lease / 3;
                keepLeases(connection);
                publishFigures(connection);
            }
            if (ear->await_notification(pause.count() / 1000, (pause.count() % 1000) * 1000) > 0) {
                const std::lock_guard lock(m_mutex);
                ++m_due;
                m_wake.notify_all();
            }
        } catch (const std::exception& error) {
            ops::log(ops::LogLevel::Warning, "job-queue-unreachable", {{"reason", kindOfError(error)}});
            connection.close();
            receiver.reset();
            ear.reset();
            idle = true;
        }
        std::unique_lock lock(m_mutex);
        if (idle)
            m_wake.wait_for(lock, pause, [this] { return m_stopped; });
        if (m_stopped)
            return;
        if (m_stopping && Clock::now() > m_patience) {
            for (auto& [job, run] : m_runs)
                run.second->m_stop = true;
        }
    }
}

void Worker::keepLeases(db::Connection& connection)
{
    std::vector<std::pair<Lease, std::shared_ptr<Run>>> runs;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [job, run] : m_runs)
            runs.push_back(run);
    }
    for (const auto& [lease, run] : runs) {
        if (!extend(connection, lease, m_settings.lease)) {
            run->m_stop = true;
            continue;
        }
        std::string progress;
        {
            const std::lock_guard lock(run->m_mutex);
            if (!std::exchange(run->m_progressIsNew, false))
                continue;
            progress = run->m_progress;
        }
        saveProgress(connection, lease, progress);
    }
}

void Worker::publishFigures(db::Connection& connection)
{
    std::map<std::pair<std::string, State>, std::pair<std::int64_t, double>> now;
    for (const auto& figure : m_published) // what is no more has to become zero
        now[figure] = {0, 0};
    for (const QueueFigure& figure : figures(connection))
        now[{figure.kind, figure.state}] = {figure.count, figure.age};
    for (const auto& [figure, value] : now) {
        m_published.insert(figure);
        const ops::Labels labels = {{"kind", figure.first}, {"state", std::string(stateCode(figure.second))}};
        ops::Gauge("yarrow_job_queue", "Jobs of all clinics that are queued, running or dead.", labels)
            .set(static_cast<double>(value.first));
        if (figure.second == State::Queued)
            ops::Gauge("yarrow_job_queue_age_seconds", "For how long the oldest queued job has been due.",
                       {{"kind", figure.first}})
                .set(value.second);
    }
}

void Worker::enqueueDaily(db::Connection& connection)
{
    const std::time_t now = std::time(nullptr);
    std::tm utc = {};
    gmtime_r(&now, &utc);
    std::string day(10, ' ');
    day.resize(std::strftime(day.data(), day.size() + 1, "%Y-%m-%d", &utc));
    if (day == m_day)
        return;
    std::vector<TenantId> clinics;
    {
        db::Transaction transaction(connection, TenantId(), db::Isolation::ReadCommitted, true);
        for (const pqxx::row& row :
             transaction.run("SELECT tenant_id FROM tenant_directory ORDER BY tenant_id"))
            clinics.push_back(TenantId::parse(row[0].as<std::string>()).value());
        transaction.commit();
    }
    for (const TenantId& clinic : clinics) {
        db::Transaction transaction(connection, clinic);
        for (const Kind& kind : m_kinds) {
            if (!kind.daily)
                continue;
            // Not all clinics at the same minute.
            const auto delay = std::chrono::minutes(60) * (jitter() - 0.75);
            enqueue(transaction,
                    {kind.name, "{}", {}, day, std::chrono::duration_cast<std::chrono::milliseconds>(delay)});
        }
        transaction.commit();
    }
    m_day = day;
}

// ---- draining
// ---------------------------------------------------------------------------------------------------

bool Worker::drain(std::chrono::milliseconds length)
{
    m_keeper = std::thread([this] { keep(); });
    db::Connection connection(m_settings.databaseUri);
    db::TextArray kinds = kindNames(true);
    const Clock::time_point end = Clock::now() + length;
    while (Clock::now() < end) {
        if (workOnce(connection, kinds))
            continue;
        db::Transaction transaction(connection, TenantId(), db::Isolation::ReadCommitted, true);
        const bool busy = !transaction
                               .run("SELECT 1 FROM job_queue WHERE state = 'running' "
                                    "OR (state = 'queued' AND run_at <= now()) LIMIT 1")
                               .empty();
        transaction.commit();
        if (!busy)
            return true;
        std::this_thread::sleep_for(200ms);
    }
    return false;
}

} // namespace yarrow::server::jobs
