// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"
#include "server/http/worker_pool.h"
#include "server/records/writer.h"

#include <memory>
#include <string>

namespace yarrow::server {
class UpgradeService;
}

namespace yarrow::server::live {

/// Everything of live updates, put together: who tells of changes, who hears of them, and the sockets.
class LiveUpdates
{
public:
    LiveUpdates(const std::string& databaseUri, WorkerPool& workers, int mostSockets);
    ~LiveUpdates(); ///< after the last connection was closed
    LiveUpdates(const LiveUpdates&) = delete;
    LiveUpdates& operator=(const LiveUpdates&) = delete;

    /// /fhir/Subscription and /fhir/ws. This must outlive the router.
    void addRoutes(Router& router);
    [[nodiscard]] UpgradeService& upgrades() noexcept;

    void start(); ///< begins to tell and to hear
    /// After a commit; from any thread.
    void changed(const records::ChangeNotice& notice);

private:
    struct Private;
    std::unique_ptr<Private> m;
};

} // namespace yarrow::server::live
