// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

namespace yarrow::server {

/// Cancels what a socket waits for when the time is up. The socket stays open, so that the caller can be told
/// why. Moving the deadline is cheap: the timer under it runs on and looks again when it fires.
class Deadline
{
public:
    using Clock = std::chrono::steady_clock;

    /// `socket` must outlive this, at the same address.
    explicit Deadline(boost::asio::ip::tcp::socket& socket)
        : m_state(std::make_shared<State>(socket))
    {}
    ~Deadline()
    {
        m_state->socket = nullptr;
        m_state->timer.cancel();
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    void expireAfter(Clock::duration time)
    {
        m_state->expired = false;
        m_state->at = Clock::now() + time;
        if (!m_state->waiting || m_state->timer.expiry() > m_state->at)
            wait(m_state);
    }
    void expireNever() noexcept { m_state->at = Clock::time_point::max(); }
    [[nodiscard]] bool expired() const noexcept { return m_state->expired; }

private:
    struct State
    {
        explicit State(boost::asio::ip::tcp::socket& of)
            : socket(&of)
            , timer(of.get_executor())
        {}
        boost::asio::ip::tcp::socket* socket;
        boost::asio::steady_timer timer;
        Clock::time_point at = Clock::time_point::max();
        int waiting = 0;
        bool expired = false;
    };

    static void wait(const std::shared_ptr<State>& state)
    {
        state->timer.expires_at(state->at);
        ++state->waiting;
        state->timer.async_wait([state](const boost::system::error_code&) {
            --state->waiting;
            if (state->socket == nullptr || state->waiting > 0 || state->at == Clock::time_point::max())
                return;
            if (Clock::now() < state->at) {
                wait(state);
                return;
            }
            state->expired = true;
            state->at = Clock::time_point::max();
            boost::system::error_code ignored;
            state->socket->cancel(ignored);
        });
    }

    std::shared_ptr<State> m_state; // shared with the timer's handler, which may come after the end of this
};

} // namespace yarrow::server
