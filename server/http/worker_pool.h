// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace yarrow::server {

/// The threads that work on requests, each with a connection to the database of its own, which opens when it
/// is first needed. A job that throws ends the process: jobs catch what they can expect.
class WorkerPool
{
public:
    using Job = std::function<void(db::Connection&)>;

    WorkerPool(const std::string& databaseUri, int threads, std::size_t queueLimit);
    ~WorkerPool(); ///< finishes what was taken
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False, and nothing is done, when the queue is full or the pool has stopped. From any thread.
    [[nodiscard]] bool post(Job job);
    /// Takes no more and returns when everything taken is done.
    void stop();

    [[nodiscard]] int threads() const noexcept { return static_cast<int>(m_threads.size()); }
    [[nodiscard]] std::size_t queued() const;
    [[nodiscard]] int busy() const;

private:
    void work(const std::string& databaseUri);

    const std::size_t m_queueLimit;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_queue;
    int m_busy = 0;
    bool m_stopped = false;
    std::vector<std::thread> m_threads;
};

} // namespace yarrow::server
