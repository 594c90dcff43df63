// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/upgrade.h"
#include "server/http/worker_pool.h"
#include "server/live/socket_hub.h"

namespace yarrow::server::live {

/// WebSockets at /fhir/ws (R4 Subscription, channel websocket). The client says `bind <id>` and hears `bound
/// <id>`, then `ping <id>` after changes, at most one per subscription and kPause; `unbound <id>` when the
/// subscription was changed or deleted; `error <what> …` for what was not understood. Closed with 1008 when
/// the token expires or rights have shrunk, with 1001 when the server stops; dead peers are found by pings of
/// WebSocket's own.
class SocketService final : public UpgradeService
{
public:
    static constexpr std::chrono::milliseconds kPause{20};

    SocketService(SocketHub& hub, WorkerPool& workers)
        : m_hub(hub)
        , m_workers(workers)
    {}

    boost::asio::awaitable<void> serve(PlainStream stream, Request request, Principal caller,
                                       IoThread& thread) override;
    boost::asio::awaitable<void> serve(TlsStream stream, Request request, Principal caller,
                                       IoThread& thread) override;

private:
    SocketHub& m_hub;
    WorkerPool& m_workers;
};

} // namespace yarrow::server::live
