// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/io_thread.h"
#include "server/http/limits.h"
#include "server/http/request_log.h"
#include "server/http/request_runner.h"
#include "server/http/trusted_proxies.h"
#include "server/http/upgrade.h"
#include "server/http/worker_pool.h"

#include <atomic>
#include <memory>
#include <string>

namespace yarrow::server {

/// What all connections of a server share.
struct ConnectionContext
{
    RequestRunner& runner;
    WorkerPool& workers;
    HttpLimits limits;
    TrustedProxies proxies;
    std::string publicUrl;
    UpgradeService* upgrades = nullptr;
    RequestLog log;
    std::atomic<std::size_t> bodyBytes{0}; ///< of all requests being read or worked on
};

/// Serves requests, one after the other, until the connection ends. On `thread`; `context` outlives it.
boost::asio::awaitable<void> serveConnection(PlainStream stream, IoThread& thread,
                                             ConnectionContext& context);
/// The same after a TLS handshake.
boost::asio::awaitable<void> serveConnection(TlsStream stream, IoThread& thread, ConnectionContext& context);

} // namespace yarrow::server
