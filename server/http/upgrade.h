// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/http/io_thread.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace yarrow::server {

using PlainStream = boost::asio::ip::tcp::socket;
using TlsStream = boost::beast::ssl_stream<boost::asio::ip::tcp::socket>;

/// Goes on with a connection after a request for a WebSocket was answered with status 101 by its handler
/// (which says only that it may: the answer itself is this one's to send). Returns when the connection is
/// over.
class UpgradeService
{
public:
    using Request = boost::beast::http::request<boost::beast::http::string_body>;

    virtual ~UpgradeService() = default;
    virtual boost::asio::awaitable<void> serve(PlainStream stream, Request request, Principal caller,
                                               IoThread& thread) = 0;
    virtual boost::asio::awaitable<void> serve(TlsStream stream, Request request, Principal caller,
                                               IoThread& thread) = 0;
};

} // namespace yarrow::server
