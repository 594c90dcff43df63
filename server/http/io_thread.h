// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <set>
#include <thread>

namespace yarrow::server {

/// Something open on an I/O thread that is asked to end when the server stops.
class Drainable
{
public:
    virtual ~Drainable() = default;
    virtual void drain() = 0; ///< on its I/O thread; must not destroy itself at once
};

/// One thread that does input and output for its share of the connections. What belongs to a connection is
/// touched on its thread only, so nothing in it needs a lock.
class IoThread
{
public:
    IoThread()
        : m_context(1)
        , m_work(m_context.get_executor())
    {}

    [[nodiscard]] boost::asio::io_context& context() noexcept { return m_context; }
    void start()
    {
        m_thread = std::thread([this] { m_context.run(); });
    }
    /// Ends the thread at once; what is open is cut.
    void stop()
    {
        m_context.stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    // On this thread:
    void add(Drainable& open) { m_open.insert(&open); }
    void remove(Drainable& open) { m_open.erase(&open); }
    [[nodiscard]] bool draining() const noexcept { return m_draining; }
    void drain()
    {
        m_draining = true;
        for (Drainable* open : std::set<Drainable*>(m_open))
            open->drain();
    }

private:
    boost::asio::io_context m_context;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    std::thread m_thread;
    std::set<Drainable*> m_open;
    bool m_draining = false;
};

} // namespace yarrow::server
