// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace yarrow::load {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Where the server listens, and whose certificate it shows.
struct Server
{
    std::string host;
    std::string port;
    asio::ssl::context tls{asio::ssl::context::tls_client};

    Server(const std::string& url, const std::string& certificateFile); ///< https://host:port
};

struct Answer
{
    unsigned status = 0;
    std::string body;
};

/// One connection, kept alive, as a workstation has it. Throws boost::system::system_error.
class Client
{
public:
    Client(asio::any_io_executor executor, Server& server, std::string token);

    asio::awaitable<void> connect();
    asio::awaitable<Answer> request(http::verb method, const std::string& target,
                                    const std::string& body = {}, const Fields& fields = {});
    [[nodiscard]] Stream& stream() noexcept { return *m_stream; }

private:
    asio::any_io_executor m_executor;
    Server& m_server;
    std::string m_token;
    std::optional<Stream> m_stream;
    boost::beast::flat_buffer m_buffer;
};

/// Of a write by `author` that must not replace anything. (Not in a coroutine: g++ 12 cannot make a list
/// there.)
[[nodiscard]] Fields creationBy(const std::string& author);

/// Runs `work` on `io` until all is done; what one of them throws ends the program.
void runAll(asio::io_context& io, std::vector<asio::awaitable<void>> work);

} // namespace yarrow::load
