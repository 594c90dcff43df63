// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/socket_service.h"

#include "server/fhir/resource_types.h"
#include "server/http/await_worker.h"
#include "server/live/owner.h"
#include "server/live/subscription.h"
#include "server/ops/metrics.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace yarrow::server::live {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t kLongestMessage = 256; // "bind " and an id
constexpr std::size_t kMostWaiting = 64;     // texts for a peer that does not read
constexpr auto kHandshakeTime = std::chrono::seconds(10);
// Less than the minute after which proxies drop what is silent; the ping goes out after half of it.
constexpr auto kIdleTime = std::chrono::seconds(50);

ops::Gauge& openSockets()
{
    static ops::Gauge gauge("yarrow_sockets", "WebSockets open");
    return gauge;
}

ops::Counter& pingsSent()
{
    static ops::Counter counter("yarrow_socket_pings_total", "Pings of subscriptions sent");
    return counter;
}

/// One WebSocket. Everything but the functions of Socket happens on its I/O thread.
template <class Stream>
class Session final : public Socket, public Drainable, public std::enable_shared_from_this<Session<Stream>>
{
public:
    Session(Stream stream, Principal caller, SocketHub& hub, WorkerPool& workers, IoThread& thread)
        : m_socket(std::move(stream))
        , m_expiry(m_socket.get_executor())
        , m_buffer(kLongestMessage)
        , m_caller(std::move(caller))
        , m_hub(hub)
        , m_workers(workers)
        , m_thread(thread)
    {}

    asio::awaitable<void> run(UpgradeService::Request request)
    {
        m_socket.set_option(websocket::stream_base::timeout{kHandshakeTime, kIdleTime, true});
        m_socket.read_message_max(kLongestMessage);
        m_socket.auto_fragment(false);
        m_socket.text(true);
        error_code error;
        co_await m_socket.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
        if (error)
            co_return;
        request = {};
        openSockets().add(1);
        m_hub.add(this->shared_from_this());
        m_thread.add(*this);
        if (m_thread.draining())
            drain();
        closeWhenExpired();
        while (!error)
            error = co_await readOne();
        m_closing = true;
        m_expiry.cancel();
        m_thread.remove(*this);
        m_hub.remove(*this);
        openSockets().add(-1);
    }

    // ---- Socket: from any thread ------------------------------------------------------------------------

    [[nodiscard]] const Principal& caller() const noexcept override { return m_caller; }

    void ping(std::shared_ptr<Binding> binding) override
    {
        asio::post(m_socket.get_executor(), [self = this->shared_from_this(), binding = std::move(binding)] {
            self->m_due.push_back(binding);
            self->write();
        });
    }

    void unbound(std::string subscription) override
    {
        asio::post(m_socket.get_executor(), [self = this->shared_from_this(), id = std::move(subscription)] {
            self->say("unbound " + id);
        });
    }

    void close(Farewell why) override
    {
        asio::post(m_socket.get_executor(), [self = this->shared_from_this(), why] { self->closeNow(why); });
    }

    // ---- Drainable --------------------------------------------------------------------------------------

    void drain() override { closeNow({websocket::close_code::going_away, "the server stops"}); }

private:
    void closeNow(Farewell why)
    {
        closeNow({websocket::close_code::policy_error,
                  why == Farewell::TokenExpired ? "token-expired" : "access-changed"});
    }

    void closeNow(const websocket::close_reason& reason)
    {
        if (m_closing)
            return;
        m_closing = true;
        m_socket.async_close(reason, [self = this->shared_from_this()](const error_code&) {});
    }

    void closeWhenExpired()
    {
        m_expiry.expires_after(std::chrono::seconds(m_caller.expires) -
                               std::chrono::system_clock::now().time_since_epoch());
        m_expiry.async_wait([weak = this->weak_from_this()](const error_code& error) {
            if (const auto self = weak.lock(); self && !error)
                self->closeNow(Farewell::TokenExpired);
        });
    }

    asio::awaitable<error_code> readOne()
    {
        error_code error;
        co_await m_socket.async_read(m_buffer, asio::redirect_error(asio::use_awaitable, error));
        if (error)
            co_return error;
        const std::string text(static_cast<const char*>(m_buffer.cdata().data()), m_buffer.size());
        m_buffer.clear();
        constexpr std::string_view kBind = "bind ";
        if (m_socket.got_text() && std::string_view(text).substr(0, kBind.size()) == kBind)
            co_await bind(text.substr(kBind.size()));
        else
            say("error unknown-message The only message understood is: bind, a blank, the id of a "
                "Subscription.");
        co_return error;
    }

    asio::awaitable<void> bind(std::string id)
    {
        if (!fhir::isFhirId(id)) {
            say("error bad-id This is no id of a Subscription.");
            co_return;
        }
        std::optional<Subscription> found;
        bool failed = false;
        auto find = [this, &id, &found, &failed](db::Connection& connection) {
            try {
                db::Transaction work(connection, m_caller.tenant, db::Isolation::ReadCommitted, true);
                found = findSubscription(work, ownerOf(m_caller), id);
            } catch (const std::exception&) {
                failed = true;
            }
        };
        const bool taken = co_await onWorker(m_workers, m_socket.get_executor(), find);
        if (!taken || failed) {
            say("error overloaded " + id + " The server is busy; try again.");
            co_return;
        }
        if (!found || !found->active) {
            say("error no-such-subscription " + id +
                " There is no such Subscription of yours, or it is off.");
            co_return;
        }
        auto binding = std::make_shared<Binding>(); // the hub and a ping under way share it
        binding->subscription = id;
        binding->types = std::move(found->types);
        binding->endsAt = found->endsAt;
        if (m_hub.bind(*this, std::move(binding)))
            say("bound " + id);
        else
            say("error too-many-bindings " + id + " A socket takes no more Subscriptions.");
    }

    void say(std::string text)
    {
        if (m_texts.size() >= kMostWaiting) {
            closeNow({websocket::close_code::try_again_later, "read what is sent"});
            return;
        }
        m_texts.push_back(std::move(text));
        write();
    }

    void write()
    {
        if (m_writing || m_closing)
            return;
        m_writing = true;
        asio::co_spawn(m_socket.get_executor(), writeAll(this->shared_from_this()), asio::detached);
    }

    asio::awaitable<void> writeAll([[maybe_unused]] std::shared_ptr<Session> keptAlive)
    {
        error_code error;
        while (!error && !m_closing && (!m_texts.empty() || !m_due.empty())) {
            while (!error && !m_closing && !m_texts.empty()) {
                const std::string text = std::move(m_texts.front());
                m_texts.pop_front();
                co_await m_socket.async_write(asio::buffer(text),
                                              asio::redirect_error(asio::use_awaitable, error));
            }
            if (m_due.empty())
                continue;
            const std::vector<std::shared_ptr<Binding>> due = std::exchange(m_due, {});
            for (const auto& binding : due) {
                binding->pinged = false; // what changes from here on is pinged again
                if (error || m_closing)
                    continue;
                const std::string text = "ping " + binding->subscription;
                co_await m_socket.async_write(asio::buffer(text),
                                              asio::redirect_error(asio::use_awaitable, error));
                pingsSent().add();
            }
            asio::steady_timer pause(m_socket.get_executor(), SocketService::kPause);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        }
        m_writing = false;
    }

    websocket::stream<Stream, false> m_socket; // without compression, which would cost memory for each
    asio::steady_timer m_expiry;
    beast::flat_buffer m_buffer;
    const Principal m_caller;
    SocketHub& m_hub;
    WorkerPool& m_workers;
    IoThread& m_thread;
    std::deque<std::string> m_texts;
    std::vector<std::shared_ptr<Binding>> m_due; // to be pinged
    bool m_writing = false;
    bool m_closing = false;
};

} // namespace

asio::awaitable<void> SocketService::serve(PlainStream stream, Request request, Principal caller,
                                           IoThread& thread)
{
    auto session = std::make_shared<Session<PlainStream>>(std::move(stream), std::move(caller), m_hub,
                                                          m_workers, thread);
    co_await session->run(std::move(request));
}

asio::awaitable<void> SocketService::serve(TlsStream stream, Request request, Principal caller,
                                           IoThread& thread)
{
    auto session =
        std::make_shared<Session<TlsStream>>(std::move(stream), std::move(caller), m_hub, m_workers, thread);
    co_await session->run(std::move(request));
}

} // namespace yarrow::server::live
