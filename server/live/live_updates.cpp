// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/live_updates.h"

#include "server/http/field_text.h"
#include "server/live/change_listener.h"
#include "server/live/change_notifier.h"
#include "server/live/socket_service.h"
#include "server/live/subscription_routes.h"

namespace yarrow::server::live {

struct LiveUpdates::Private
{
    Private(std::string uri, WorkerPool& workers, int mostSockets)
        : databaseUri(std::move(uri))
        , hub(static_cast<std::size_t>(mostSockets))
        , sockets(hub, workers)
    {}

    const std::string databaseUri;
    SocketHub hub;
    SocketService sockets;
    std::optional<ChangeNotifier> notifier; // from start() on
    std::optional<ChangeListener> listener;
};

LiveUpdates::LiveUpdates(const std::string& databaseUri, WorkerPool& workers, int mostSockets)
    : m(std::make_unique<Private>(databaseUri, workers, mostSockets))
{}

LiveUpdates::~LiveUpdates() = default;

void LiveUpdates::addRoutes(Router& router)
{
    addSubscriptionRoutes(router);
    router.add({"GET", "/fhir/ws", [this](Call& call) -> Result<Response> {
                    if (!sameText(call.request.headers.find("Upgrade"), "websocket")) {
                        Problem problem{426, "upgrade-required", "This path is for WebSockets.", {}, {}, {}};
                        problem.headers.emplace_back("Upgrade", "websocket");
                        return tl::unexpected(std::move(problem));
                    }
                    if (m->hub.isFull())
                        return refuse(503, "overloaded",
                                      "There are as many WebSockets open as the server takes.");
                    Response response;
                    response.status = 101;
                    return response;
                }});
}

UpgradeService& LiveUpdates::upgrades() noexcept
{
    return m->sockets;
}

void LiveUpdates::start()
{
    m->notifier.emplace(m->databaseUri);
    m->listener.emplace(m->databaseUri, m->hub);
}

void LiveUpdates::changed(const records::ChangeNotice& notice)
{
    if (m->notifier)
        m->notifier->post(notice);
}

} // namespace yarrow::server::live
