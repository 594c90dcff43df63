// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/http_server.h"

#include "server/http/connection.h"
#include "server/http/tls.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <mutex>

namespace yarrow::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

std::string textOf(const tcp::endpoint& endpoint)
{
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
}

} // namespace

struct HttpServer::Private
{
    Private(HttpServerOptions given, RequestRunner& runner, WorkerPool& workers, UpgradeService* upgrades)
        : options(std::move(given))
        , context{runner,
                  workers,
                  options.limits,
                  options.proxies,
                  options.publicUrl,
                  upgrades,
                  RequestLog(runner.router())}
    {}

    Result<std::vector<tcp::endpoint>> endpointsOf(const std::string& listen);
    asio::awaitable<void> accept(tcp::acceptor& acceptor);
    asio::awaitable<void> serve(tcp::socket socket, IoThread& thread);
    void closed();

    HttpServerOptions options;
    ConnectionContext context;
    std::vector<std::unique_ptr<IoThread>> threads;
    std::vector<std::unique_ptr<tcp::acceptor>> acceptors; // on the first thread
    std::size_t nextThread = 0;

    std::mutex tlsMutex;
    std::shared_ptr<asio::ssl::context> tls; // the newest; connections keep the one they began with

    std::atomic<std::size_t> open{0};
    std::mutex openMutex;
    std::condition_variable allClosed;
};

HttpServer::HttpServer(HttpServerOptions options, RequestRunner& runner, WorkerPool& workers,
                       UpgradeService* upgrades)
    : m(std::make_unique<Private>(std::move(options), runner, workers, upgrades))
{}

HttpServer::~HttpServer()
{
    for (const auto& thread : m->threads)
        thread->stop();
}

Result<std::vector<tcp::endpoint>> HttpServer::Private::endpointsOf(const std::string& listen)
{
    const auto failed = [&listen](const std::string& why) {
        return refuse(500, "listen-failed", "Cannot listen on " + listen + ": " + why + ".");
    };
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return failed("it must be host:port");
    std::string host = listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    tcp::resolver resolver(threads.front()->context());
    error_code error;
    const auto found = resolver.resolve(host, listen.substr(colon + 1), tcp::resolver::passive, error);
    if (error)
        return failed(error.message());
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found) {
        endpoints.push_back(entry.endpoint());
        if (entry.endpoint().address().is_loopback())
            continue;
        if (!tls && !options.insecureHttp)
            return refuse(
                500, "insecure-http",
                "Plain HTTP on " + listen +
                    " would send patients' data in clear. Give --tls-certificate and --tls-key, listen on a "
                    "loopback address behind a proxy, or say --insecure-http.");
        if (options.publicUrl.empty())
            return refuse(500, "public-url-missing",
                          "Who listens on " + listen +
                              " must know its own name: give --public-url. Else what a caller names as Host "
                              "would say which server an assertion is meant for.");
    }
    return endpoints;
}

Result<std::vector<std::string>> HttpServer::start()
{
    for (int i = 0; i < m->options.ioThreads; ++i)
        m->threads.push_back(std::make_unique<IoThread>());
    if (!m->options.certificateFile.empty()) {
        if (auto loaded = reloadCertificate(); !loaded)
            return tl::unexpected(loaded.error());
    }
    std::vector<std::string> bound;
    for (const std::string& listen : m->options.listen) {
        const auto endpoints = m->endpointsOf(listen);
        if (!endpoints)
            return tl::unexpected(endpoints.error());
        for (const tcp::endpoint& endpoint : *endpoints) {
            auto acceptor = std::make_unique<tcp::acceptor>(m->threads.front()->context());
            error_code error;
            acceptor->open(endpoint.protocol(), error);
            if (!error)
                acceptor->set_option(tcp::acceptor::reuse_address(true), error);
            if (!error && endpoint.address().is_v6())
                acceptor->set_option(asio::ip::v6_only(true), error);
            if (!error)
                acceptor->bind(endpoint, error);
            if (!error)
                acceptor->listen(asio::socket_base::max_listen_connections, error);
            if (error)
                return refuse(500, "listen-failed",
                              "Cannot listen on " + textOf(endpoint) + ": " + error.message() + ".");
            bound.push_back(textOf(acceptor->local_endpoint()));
            m->acceptors.push_back(std::move(acceptor));
        }
    }
    for (const auto& acceptor : m->acceptors)
        asio::co_spawn(m->threads.front()->context(), m->accept(*acceptor), asio::detached);
    for (const auto& thread : m->threads)
        thread->start();
    return bound;
}

Result<void> HttpServer::reloadCertificate()
{
    auto loaded = makeTlsContext(m->options.certificateFile, m->options.keyFile);
    if (!loaded)
        return tl::unexpected(loaded.error());
    const std::lock_guard lock(m->tlsMutex);
    m->tls = std::move(*loaded);
    return {};
}

asio::awaitable<void> HttpServer::Private::accept(tcp::acceptor& acceptor)
{
    static ops::Counter refused("yarrow_http_connections_refused_total", "Connections beyond the limit");
    while (acceptor.is_open()) {
        IoThread& thread = *threads[nextThread];
        nextThread = (nextThread + 1) % threads.size();
        error_code error;
        tcp::socket socket = co_await acceptor.async_accept(thread.context(),
                                                            asio::redirect_error(asio::use_awaitable, error));
        if (!acceptor.is_open())
            co_return;
        if (error) {
            // Out of file handles, most likely: what is open has to end first.
            ops::log(ops::LogLevel::Warning, "accept-failed", {{"error", error.value()}});
            asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::use_awaitable);
            continue;
        }
        error_code ignored;
        if (open.load() >= context.limits.connections) {
            refused.add();
            socket.non_blocking(true, ignored);
            if (options.certificateFile.empty())
                socket.write_some(asio::buffer(kFull), ignored);
            continue;
        }
        socket.set_option(tcp::no_delay(true), ignored);
        ++open;
        asio::co_spawn(thread.context(), serve(std::move(socket), thread), asio::detached);
    }
}

asio::awaitable<void> HttpServer::Private::serve(tcp::socket socket, IoThread& thread)
{
    std::shared_ptr<asio::ssl::context> tlsOfThis;
    {
        const std::lock_guard lock(tlsMutex);
        tlsOfThis = tls;
    }
    if (tlsOfThis) {
        TlsStream stream(std::move(socket), *tlsOfThis);
        co_await serveConnection(std::move(stream), thread, context);
    } else {
        co_await serveConnection(std::move(socket), thread, context);
    }
    closed();
}

void HttpServer::Private::closed()
{
    if (--open == 0) {
        const std::lock_guard lock(openMutex);
        allClosed.notify_all();
    }
}

bool HttpServer::drain(std::chrono::milliseconds time)
{
    asio::post(m->threads.front()->context(), [this] {
        for (const auto& acceptor : m->acceptors) {
            error_code ignored;
            acceptor->close(ignored);
        }
        // After the last one was accepted, so that none is missed.
        for (const auto& thread : m->threads)
            asio::post(thread->context(), [&thread] { thread->drain(); });
    });
    std::unique_lock lock(m->openMutex);
    return m->allClosed.wait_for(lock, time, [this] { return m->open.load() == 0; });
}

std::size_t HttpServer::connections() const noexcept
{
    return m->open.load();
}

} // namespace yarrow::server
