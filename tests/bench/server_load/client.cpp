// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>

namespace yarrow::load {

using namespace std::chrono_literals;

Server::Server(const std::string& url, const std::string& certificateFile)
{
    constexpr std::string_view kScheme = "https://";
    const std::size_t colon = url.rfind(':');
    if (!url.starts_with(kScheme) || colon < kScheme.size())
        throw std::runtime_error("the server's URL has to be https://host:port");
    host = url.substr(kScheme.size(), colon - kScheme.size());
    port = url.substr(colon + 1);
    tls.load_verify_file(certificateFile);
    tls.set_verify_mode(asio::ssl::verify_peer);
}

Client::Client(asio::any_io_executor executor, Server& server, std::string token)
    : m_executor(std::move(executor))
    , m_server(server)
    , m_token(std::move(token))
{}

asio::awaitable<void> Client::connect()
{
    m_buffer.clear();
    m_stream.emplace(m_executor, m_server.tls);
    m_stream->set_verify_callback(asio::ssl::host_name_verification(m_server.host));
    asio::ip::tcp::resolver resolver(m_executor);
    const auto endpoints = co_await resolver.async_resolve(m_server.host, m_server.port, asio::use_awaitable);
    auto& socket = boost::beast::get_lowest_layer(*m_stream);
    socket.expires_after(60s);
    co_await socket.async_connect(endpoints, asio::use_awaitable);
    socket.socket().set_option(asio::ip::tcp::no_delay(true));
    co_await m_stream->async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    socket.expires_never();
}

asio::awaitable<Answer> Client::request(http::verb method, const std::string& target, const std::string& body,
                                        const Fields& fields)
{
    http::request<http::string_body> request(method, target, 11);
    request.set(http::field::host, m_server.host + ':' + m_server.port);
    if (!m_token.empty())
        request.set(http::field::authorization, "Bearer " + m_token);
    if (!body.empty())
        request.set(http::field::content_type, "application/fhir+json");
    for (const auto& [name, value] : fields)
        request.set(name, value);
    request.body() = body;
    request.prepare_payload();

    auto& socket = boost::beast::get_lowest_layer(*m_stream);
    socket.expires_after(60s);
    co_await http::async_write(*m_stream, request, asio::use_awaitable);
    http::response_parser<http::string_body> parser;
    parser.body_limit(256U * 1024 * 1024);
    co_await http::async_read(*m_stream, m_buffer, parser, asio::use_awaitable);
    socket.expires_never();
    Answer answer;
    answer.status = parser.get().result_int();
    answer.body = std::move(parser.get().body());
    co_return answer;
}

Fields creationBy(const std::string& author)
{
    return {{"Yarrow-Author", author}, {"If-None-Match", "*"}};
}

void runAll(asio::io_context& io, std::vector<asio::awaitable<void>> work)
{
    std::exception_ptr failure;
    for (asio::awaitable<void>& one : work) {
        asio::co_spawn(io, std::move(one), [&](const std::exception_ptr& thrown) {
            if (thrown && !failure) {
                failure = thrown;
                io.stop();
            }
        });
    }
    io.run();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace yarrow::load
