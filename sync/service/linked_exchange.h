// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/profile.h"
#include "sync/engine/sync_engine.h"
#include "sync/transport/link_transport.h"

#include <memory>
#include <optional>

namespace yarrow::sync {

/// Exchanges with the server of the link, one after the other, over one kept connection; and what their ends
/// mean for the link: a workstation that the server has revoked is stopped, one that works again is not. One
/// that is to be wiped is wiped at once; the link says kWiped then, and who has the clinic
/// open must end. Of the thread that runs it.
class LinkedExchange
{
public:
    struct Environment
    {
        Connection& connection; ///< that may write
        Profile profile;
        const Clock& clock;
        IdSource& ids;
        ClinicIdentity clinic;
        DeviceSecretStore* secrets = nullptr; ///< the OS key store; nullptr where there is none
    };
    /// Another thread may set `cancelled`, which outlives this.
    LinkedExchange(Environment environment, const std::atomic_bool& cancelled)
        : m_environment(std::move(environment))
        , m_cancelled(cancelled)
    {}

    /// One exchange, whether or not the link is paused or stopped. LocalFailure when the workstation is not
    /// enrolled, or another program exchanges for it at this moment.
    [[nodiscard]] SyncReport run();

    /// Lets the next exchange pass the brake on deletions once.
    void allowDeletions() noexcept { m_deletionsAllowed = true; }

    /// A token for the WebSocket of the last exchange's server; empty where there is none.
    [[nodiscard]] std::string token();
    /// Of the last exchange.
    [[nodiscard]] const std::optional<ServerLink>& link() const noexcept { return m_link; }
    [[nodiscard]] Transport* transport() noexcept { return m_transport.get(); }

private:
    [[nodiscard]] Result<void> connect();
    void conclude(SyncReport& report);
    void shutOut(SyncReport& report); ///< who may not sign in any more
    void wipe(SyncReport& report);

    Environment m_environment;
    const std::atomic_bool& m_cancelled;
    std::optional<ServerLink> m_link;
    std::unique_ptr<LinkTransport> m_transport; ///< to the server of m_link
    bool m_deletionsAllowed = false;
};

} // namespace yarrow::sync
