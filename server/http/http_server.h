// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/limits.h"
#include "server/http/request_runner.h"
#include "server/http/trusted_proxies.h"
#include "server/http/worker_pool.h"
#include "server/problem.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace yarrow::server {

class UpgradeService;

struct HttpServerOptions
{
    std::vector<std::string> listen; ///< "127.0.0.1:8080", "[::]:8443", "localhost:0"
    std::string certificateFile;     ///< PEM; empty: plain HTTP
    std::string keyFile;
    bool insecureHttp = false; ///< plain HTTP on other addresses than the loopback ones too
    std::string publicUrl; ///< no slash at the end; empty, on loopback addresses only: what callers call us
    TrustedProxies proxies;
    HttpLimits limits;
    int ioThreads = 1;
};

/// Accepts connections and serves them. All members are for one thread, except `connections`.
class HttpServer
{
public:
    /// What is given must outlive this. `upgrades` may be null.
    HttpServer(HttpServerOptions options, RequestRunner& runner, WorkerPool& workers,
               UpgradeService* upgrades);
    ~HttpServer(); ///< cuts what is still open; the workers must have stopped before
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds and begins. The addresses, with the ports that were found for port 0. Refused: 500 `tls-files`,
    /// `insecure-http`, `listen-failed`.
    [[nodiscard]] Result<std::vector<std::string>> start();
    /// Reads the certificate and its key again, for connections from now on. Refused: `tls-files`; the ones
    /// before stay.
    [[nodiscard]] Result<void> reloadCertificate();
    /// Accepts nothing more, closes what is idle, lets what runs finish. True when all is closed within
    /// `time`.
    bool drain(std::chrono::milliseconds time);

    [[nodiscard]] std::size_t connections() const noexcept;

private:
    struct Private;
    std::unique_ptr<Private> m;
};

} // namespace yarrow::server
