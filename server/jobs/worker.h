// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/kind.h"
#include "server/jobs/queue.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace yarrow::server::jobs {

struct WorkerSettings
{
    std::string databaseUri;
    int threads = 2; ///< the first one does no lengthy jobs; a single one does all
    /// A job of a worker that died is taken again after this; living ones renew it in a third of the time.
    std::chrono::milliseconds lease = std::chrono::seconds(15);
    std::chrono::milliseconds poll = std::chrono::seconds(2); ///< for what was enqueued without wake()
    std::chrono::milliseconds drain =
        std::chrono::seconds(20); ///< how long stop() waits before it asks jobs to yield
};

/// Does the jobs of all clinics in this process. Any number of workers may share a database.
class Worker
{
public:
    Worker(WorkerSettings settings, std::vector<Kind> kinds);
    ~Worker(); ///< stop()
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();
    /// Takes no more jobs, lets those that run finish or, when they take too long, yield. Returns when none
    /// runs.
    void stop();

    /// Instead of start(): works on the calling thread until nothing is due and nothing runs elsewhere, at
    /// most for `length`. False when the time was over first.
    bool drain(std::chrono::milliseconds length);

private:
    void work(bool lengthy);
    bool workOnce(db::Connection& connection, db::TextArray& kinds);
    void perform(db::Connection& connection, const Lease& lease);
    void settle(db::Connection& connection, const Lease& lease, const Kind& kind, Run& run,
                const Outcome& outcome, std::chrono::duration<double> took);
    void keep();
    void keepLeases(db::Connection& connection);
    void publishFigures(db::Connection& connection);
    void enqueueDaily(db::Connection& connection);
    double jitter();
    const Kind* kindOf(const std::string& name) const noexcept;
    db::TextArray kindNames(bool lengthy) const;

    WorkerSettings m_settings;
    std::vector<Kind> m_kinds;
    std::vector<std::thread> m_threads;
    std::thread m_keeper; // renews leases, hears notifications, enqueues what is daily

    std::mutex m_mutex;
    std::condition_variable m_wake;
    int m_due = 0; // counts notifications, so that none is lost between a look and the wait
    bool m_stopping = false;
    bool m_stopped = false; // the keeper's end: after the last job
    std::chrono::steady_clock::time_point m_patience;
    std::map<std::string, std::pair<Lease, std::shared_ptr<Run>>>
        m_runs; // shared: the keeper may hold it a little longer
    std::mt19937 m_random;
    std::set<std::pair<std::string, State>> m_published; // figures
    std::string m_day;                                   // that enqueueDaily() was done for
};

} // namespace yarrow::server::jobs
