// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/connection.h"

#include "server/http/await_worker.h"
#include "server/http/deadline.h"
#include "server/http/field_text.h"
#include "server/http/problem_response.h"
#include "server/http/request_head.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>
#include <ctime>
#include <optional>

namespace yarrow::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBuffer = 64 * 1024; // at most, while a request is read
constexpr std::size_t kIdleBuffer = 4 * 1024;  // at most, between requests
constexpr std::size_t kFirstRead = 2048;       // most requests are smaller
constexpr auto kLingerTime = std::chrono::seconds(3);
constexpr std::size_t kLingerBytes = 64UL * 1024 * 1024;

std::chrono::milliseconds timeFor(std::chrono::milliseconds base, std::size_t bytes)
{
    return base + std::chrono::milliseconds(bytes * 1000 / kBodyRate);
}

// The Date field (RFC 9110 6.6.1), made anew each second.
const std::string& httpDate()
{
    thread_local std::time_t second = 0;
    thread_local std::string text;
    const std::time_t now = std::time(nullptr);
    if (now != second) {
        second = now;
        std::tm utc{};
        gmtime_r(&now, &utc);
        std::array<char, 64> buffer{};
        text.assign(buffer.data(),
                    std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc));
    }
    return text;
}

ops::Gauge& inFlight()
{
    static ops::Gauge gauge("yarrow_http_in_flight", "Requests being read, worked on or answered");
    return gauge;
}

/// What a request holds of the process's memory for bodies.
class BodyShare
{
public:
    explicit BodyShare(ConnectionContext& context)
        : m_context(context)
    {
        inFlight().add(1);
    }
    ~BodyShare()
    {
        m_context.bodyBytes -= m_bytes;
        inFlight().add(-1);
    }
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;

    /// False when the process has not so much left.
    bool growTo(std::size_t bytes)
    {
        if (bytes <= m_bytes)
            return true;
        const std::size_t before = m_context.bodyBytes.fetch_add(bytes - m_bytes);
        const std::size_t all = before + bytes - m_bytes;
        m_bytes = bytes;
        return all <= m_context.limits.bodyMemory;
    }

private:
    ConnectionContext& m_context;
    std::size_t m_bytes = 0;
};

template <class Stream>
class Connection final : public Drainable
{
public:
    Connection(Stream stream, IoThread& thread, ConnectionContext& context)
        : m_stream(std::move(stream))
        , m_thread(thread)
        , m_context(context)
        , m_buffer(kReadBuffer)
    {
        m_deadline.emplace(socket());
        error_code ignored;
        m_peer.address = socket().remote_endpoint(ignored).address().to_string();
        m_peer.tls = kTls;
        m_peer.proxies = &context.proxies;
        m_peer.publicUrl = &context.publicUrl;
        m_thread.add(*this);
    }
    ~Connection() override { m_thread.remove(*this); }

    void drain() override
    {
        error_code ignored;
        if (m_idle)
            socket().cancel(ignored);
    }

    /// True: it goes on as a WebSocket.
    asio::awaitable<bool> serve()
    {
        if constexpr (kTls) {
            m_deadline->expireAfter(m_context.limits.headerTime);
            error_code error;
            m_idle = true;
            co_await m_stream.async_handshake(asio::ssl::stream_base::server,
                                              asio::redirect_error(asio::use_awaitable, error));
            m_idle = false;
            if (error)
                co_return false;
        }
        End end = End::Next;
        while (end == End::Next)
            end = co_await serveOne();
        if (end == End::Upgraded)
            co_return true;
        if (end == End::Linger)
            co_await linger();
        else if (end == End::Close)
            co_await close();
        co_return false;
    }

    /// What is left of a connection that goes on as a WebSocket.
    struct Upgrade
    {
        Stream stream;
        UpgradeService::Request request;
        Principal caller;
    };
    /// After serve() said true; this is of no use afterwards.
    Upgrade releaseUpgrade()
    {
        m_deadline.reset();
        return {std::move(m_stream), m_parser->release(), std::move(*m_upgradedBy)};
    }

private:
    static constexpr bool kTls = !std::is_same_v<Stream, PlainStream>;
    enum class End { Next, Close, Linger, Lost, Upgraded };
    using Parser = http::request_parser<http::string_body>;

    asio::ip::tcp::socket& socket()
    {
        if constexpr (kTls)
            return m_stream.next_layer();
        else
            return m_stream;
    }

    // The next request may come at once, late or never. False: never.
    asio::awaitable<bool> waitForRequest()
    {
        if (m_buffer.size() > 0)
            co_return true;
        if (m_thread.draining())
            co_return false;
        if (m_buffer.capacity() > kIdleBuffer)
            m_buffer.shrink_to_fit();
        m_idle = true;
        m_deadline->expireAfter(m_first ? m_context.limits.headerTime : m_context.limits.idleTime);
        m_first = false;
        error_code error;
        const auto space = m_buffer.prepare(kFirstRead);
        const std::size_t size =
            co_await m_stream.async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
        m_idle = false;
        m_buffer.commit(size);
        co_return !error;
    }

    asio::awaitable<End> serveOne()
    {
        m_parser.reset();
        const bool comes = co_await waitForRequest();
        if (!comes)
            co_return m_deadline->expired() || m_thread.draining() ? End::Close : End::Lost;

        m_started = Clock::now();
        m_request = Request{};
        m_route = nullptr;
        m_received = 0;
        BodyShare share(m_context);

        error_code error;
        m_parser.emplace();
        m_parser->header_limit(static_cast<std::uint32_t>(m_context.limits.headerBytes));
        m_parser->body_limit(boost::none); // by route, below
        m_deadline->expireAfter(m_context.limits.headerTime);
        co_await http::async_read_header(m_stream, m_buffer, *m_parser,
                                         asio::redirect_error(asio::use_awaitable, error));
        const Result<void> head = readHead(m_parser->get(), m_peer, m_request);
        if (error) {
            if (!m_deadline->expired() &&
                (error.category() != http::make_error_code(http::error::end_of_stream).category() ||
                 error == http::error::end_of_stream || error == http::error::partial_message))
                co_return End::Lost;
            co_return co_await refuseAndEnd(problemOfHead(error));
        }
        if (!head)
            co_return co_await refuseAndEnd(head.error());

        Result<Router::Match> match = m_context.runner.admit(m_request);
        if (!match)
            co_return co_await refuseUnread(match.error());
        m_route = match->route;

        const Result<void> read = co_await readBody(share);
        if (!read) {
            if (read.error().status == 0)
                co_return End::Lost;
            co_return co_await refuseAndEnd(read.error());
        }

        Answer answer;
        if (m_route->immediate)
            answer = m_context.runner.runImmediately(m_request, *m_route);
        else
            answer = co_await runOnWorker(std::move(*match));
        if (answer.response.status == 101)
            co_return co_await upgrade(std::move(answer));
        co_return co_await send(std::move(answer),
                                m_parser->keep_alive() && !m_thread.draining() ? End::Next : End::Close);
    }

    [[nodiscard]] Problem problemOfHead(const error_code& error) const
    {
        if (m_deadline->expired())
            return {408, "request-timeout", "The request's header took too long to arrive.", {}, {}, {}};
        if (error == http::error::header_limit || error == http::error::buffer_overflow)
            return {431, "header-too-large", "The request's header fields are too large.", {}, {}, {}};
        return {400, "bad-request", "This is no HTTP request.", {}, {}, {}};
    }

    // A Problem with status 0: the connection is lost.
    asio::awaitable<Result<void>> readBody(BodyShare& share)
    {
        if (m_parser->is_done()) {
            m_request.body = std::move(m_parser->get().body());
            co_return Result<void>();
        }
        const std::size_t limit = m_context.runner.bodyLimit(*m_route);
        const auto tooLarge = [limit] {
            return refuse(413, "body-too-large",
                          "The body is larger than " + std::to_string(limit) + " bytes.");
        };
        const auto length = m_parser->content_length();
        if (length && *length > limit)
            co_return tooLarge();

        error_code error;
        if (sameText(m_request.headers.find("Expect"), "100-continue")) {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            const auto text = asio::buffer(kContinue);
            co_await asio::async_write(m_stream, text, asio::redirect_error(asio::use_awaitable, error));
        }

        const std::string& body = m_parser->get().body();
        const Clock::time_point started = Clock::now();
        Clock::time_point windowEnd = started + m_context.limits.stallTime;
        std::size_t windowBytes = 0;
        m_buffer.reserve(std::min<std::size_t>(kReadBuffer, length ? *length : kReadBuffer));
        while (!error && !m_parser->is_done()) {
            const Clock::time_point end = started + timeFor(m_context.limits.bodyTime, body.size());
            m_deadline->expireAfter(std::min(end, windowEnd) - Clock::now());
            const std::size_t size = co_await http::async_read_some(
                m_stream, m_buffer, *m_parser, asio::redirect_error(asio::use_awaitable, error));
            if (body.size() > limit)
                co_return tooLarge();
            if (!share.growTo(body.size()))
                co_return refuse(503, "overloaded", "The server holds too many requests at the moment.");
            windowBytes += size;
            if (windowBytes >= kLeastProgress) {
                windowBytes = 0;
                windowEnd = Clock::now() + m_context.limits.stallTime;
            }
        }
        if (error && m_deadline->expired())
            co_return refuse(408, "request-timeout", "The request's body came too slowly.");
        if (error && error.category() == http::make_error_code(http::error::bad_chunk).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message)
            co_return refuse(400, "bad-request", "The request's body is not framed as HTTP says.");
        if (error)
            co_return refuse(0, "lost", {});
        m_received = body.size();
        m_request.body = std::move(m_parser->get().body());
        co_return Result<void>();
    }

    asio::awaitable<Answer> runOnWorker(Router::Match match)
    {
        m_deadline->expireNever();
        Answer answer;
        auto work = [this, &match, &answer](db::Connection& connection) {
            answer = m_context.runner.run(m_request, std::move(match), connection);
        };
        const bool taken = co_await onWorker(m_context.workers, socket().get_executor(), work);
        if (!taken)
            answer = m_context.runner.refused(
                m_request,
                {503, "overloaded", "Too many requests wait for the server at the moment.", {}, {}, {}});
        co_return answer;
    }

    // A refusal before the body was read: what follows on the connection is the body, unless there is none.
    asio::awaitable<End> refuseUnread(Problem problem)
    {
        if (!m_parser->is_done()) {
            const End ended = co_await refuseAndEnd(std::move(problem));
            co_return ended;
        }
        Answer answer = m_context.runner.refused(m_request, problem);
        const End ended = co_await send(
            std::move(answer), m_parser->keep_alive() && !m_thread.draining() ? End::Next : End::Close);
        co_return ended;
    }

    asio::awaitable<End> refuseAndEnd(Problem problem)
    {
        Answer answer = m_context.runner.refused(m_request, problem);
        const End ended = co_await send(std::move(answer), End::Linger);
        co_return ended;
    }

    asio::awaitable<End> send(Answer answer, End after)
    {
        Response& response = answer.response;
        const bool bodiless = response.status == 204 || response.status == 304;
        const bool head = m_request.method == "HEAD";
        RequestLog::Sizes sizes{m_received, head || bodiless ? 0 : response.body.size()};
        m_deadline->expireAfter(timeFor(m_context.limits.writeTime, sizes.sent));
        error_code error;
        if (head || bodiless) {
            http::response<http::empty_body> message;
            fill(message, response, after);
            if (!bodiless)
                message.content_length(response.body.size());
            co_await http::async_write(m_stream, message, asio::redirect_error(asio::use_awaitable, error));
        } else {
            http::response<http::string_body> message;
            fill(message, response, after);
            message.body() = std::move(response.body);
            message.content_length(message.body().size());
            co_await http::async_write(m_stream, message, asio::redirect_error(asio::use_awaitable, error));
        }
        m_context.log.done(m_request, m_route, answer, sizes, Clock::now() - m_started);
        co_return error ? End::Lost : after;
    }

    template <class Body>
    void fill(http::response<Body>& message, const Response& response, End after) const
    {
        message.version(m_parser->get().version());
        message.result(static_cast<unsigned>(response.status));
        if (message.result() == http::status::unknown)
            message.reason(statusText(response.status));
        message.set(http::field::date, httpDate());
        for (const auto& [name, value] : response.headers.fields())
            message.insert(name, value);
        message.keep_alive(after == End::Next);
    }

    asio::awaitable<End> upgrade(Answer answer)
    {
        const bool possible = m_context.upgrades != nullptr && answer.caller && m_buffer.size() == 0 &&
                              beast::websocket::is_upgrade(m_parser->get());
        if (!possible) {
            const Problem problem{
                400, "bad-upgrade", "This is no well-formed request for a WebSocket.", {}, {}, {}};
            const End ended = co_await refuseAndEnd(problem);
            co_return ended;
        }
        m_context.log.done(m_request, m_route, answer, {}, Clock::now() - m_started);
        m_upgradedBy = std::move(answer.caller);
        co_return End::Upgraded;
    }

    // Closing while the caller still sends would reset the connection, and the answer would be lost with it.
    asio::awaitable<void> linger()
    {
        error_code error;
        socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
        m_deadline->expireAfter(kLingerTime);
        std::string nowhere(16UL * 1024, '\0');
        std::size_t all = 0;
        while (!error && all < kLingerBytes) {
            const auto space = asio::buffer(nowhere);
            all += co_await socket().async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
        }
    }

    asio::awaitable<void> close()
    {
        error_code error;
        if constexpr (kTls) {
            m_deadline->expireAfter(kLingerTime);
            co_await m_stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
        }
        socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
        co_return;
    }

    Stream m_stream;
    IoThread& m_thread;
    ConnectionContext& m_context;
    Peer m_peer;
    std::optional<Deadline> m_deadline; // none any more once the stream has been given away
    beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    bool m_idle = false;
    bool m_first = true;

    // Of the request under way:
    Request m_request;
    const Route* m_route = nullptr;
    std::size_t m_received = 0;
    Clock::time_point m_started;
    std::optional<Principal> m_upgradedBy;
};

template <class Stream>
asio::awaitable<void> serveAny(Stream stream, IoThread& thread, ConnectionContext& context)
{
    try {
        // Gone before the WebSocket begins, which may last for hours.
        auto connection = std::make_unique<Connection<Stream>>(std::move(stream), thread, context);
        const bool upgraded = co_await connection->serve();
        if (!upgraded)
            co_return;
        auto upgrade = connection->releaseUpgrade();
        connection.reset();
        co_await context.upgrades->serve(std::move(upgrade.stream), std::move(upgrade.request),
                                         std::move(upgrade.caller), thread);
    } catch (const std::exception& error) {
        ops::log(ops::LogLevel::Error, "connection-failed", {{"type", typeid(error).name()}});
    }
}

} // namespace

asio::awaitable<void> serveConnection(PlainStream stream, IoThread& thread, ConnectionContext& context)
{
    return serveAny(std::move(stream), thread, context);
}

asio::awaitable<void> serveConnection(TlsStream stream, IoThread& thread, ConnectionContext& context)
{
    return serveAny(std::move(stream), thread, context);
}

} // namespace yarrow::server
