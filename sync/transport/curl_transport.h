// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/transport/server_url.h"
#include "sync/transport/system_proxy.h"
#include "sync/transport/transport.h"
#include "sync/transport/transport_tuning.h"

#include <atomic>
#include <functional>
#include <memory>

namespace yarrow::sync {

/// HTTP/1.1 through libcurl, blocking, on whatever thread calls. One connection is kept for the next request.
/// TLS 1.2 or later with every check of the certificate; no redirect is followed; a whole address is asked
/// only where it leads to the same server.
///
/// libcurl itself sends a request a second time when a connection that was used before turns out to be dead
/// before an answer begins. Here that happens to GET alone; any other request ends as CutOff, `sent`.
class CurlTransport final : public Transport
{
public:
    struct Options
    {
        ServerUrl server;
        std::string caPem = {};      ///< the one authority that is trusted; empty: those of the system
        bool allowPlainHttp = false; ///< without TLS also beyond this machine
        bool packRequests = false;   ///< larger bodies go as gzip: the server must be known to read it
        std::function<Proxy(const std::string& url)> proxyFor = systemProxyFor;
        std::size_t maxAnswerBytes = tuning::kMaxAnswerBytes; ///< unpacked
        std::chrono::milliseconds connectTime = tuning::kConnectTime;
        std::chrono::milliseconds stallTime = tuning::kStallTime;
    };
    /// A request under way ends within a second once `cancelled` is set (nullptr: none can be). It outlives
    /// the transport.
    explicit CurlTransport(Options options, const std::atomic_bool* cancelled = nullptr);
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    [[nodiscard]] tl::expected<HttpResponse, TransportError> send(const HttpRequest& request) override;
    [[nodiscard]] bool canOverlap() const noexcept override { return true; }
    [[nodiscard]] Traffic traffic() const override { return m_traffic; }

private:
    class Exchange;
    struct Handle;

    [[nodiscard]] std::optional<TransportError> refusalOf(const HttpRequest& request) const;
    void route(const std::string& url);

    Options m_options;
    const std::atomic_bool* m_cancelled;
    std::unique_ptr<Handle> m_handle;
    std::optional<Proxy> m_proxy; ///< as it was when last looked up
    Traffic m_traffic;
};

} // namespace yarrow::sync
