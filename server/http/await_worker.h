// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/worker_pool.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace yarrow::server {

/// Runs `work(db::Connection&)` on a worker thread and goes on, on `executor`, when it is done. False, and it
/// was not run, when the workers' queue is full. What `work` refers to must live in the caller's frame or
/// longer; it may not throw.
template <class Work>
boost::asio::awaitable<bool> onWorker(WorkerPool& workers, boost::asio::any_io_executor executor, Work work)
{
    namespace asio = boost::asio;
    bool taken = false;
    auto initiate = [&workers, &work, &taken, executor](auto handler) {
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler)); // std::function copies
        auto resume = [waiting] { (*waiting)(); };
        taken = true; // before another thread may go on with the frame this is in
        const bool posted = workers.post([&work, executor, resume](db::Connection& connection) {
            work(connection);
            asio::post(executor, resume);
        });
        if (!posted) {
            taken = false;
            asio::post(executor, resume);
        }
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
    co_return taken;
}

} // namespace yarrow::server
