// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/exchange_desk.h"
#include "models/items/exchange_place.h"
#include "sync/service/sync_service.h"

namespace yarrow {

/// The exchange in the background, as the screens have it.
class SyncRunner final : public ExchangeRunner
{
    Q_OBJECT
public:
    /// `environment` outlives it.
    SyncRunner(ExchangePlace place, const StoreEnvironment& environment);

    [[nodiscard]] ExchangeProgress progress() const override { return m_progress; }
    void exchangeNow() override { m_service.exchangeNow(); }
    void changesWait() override { m_service.noteEdit(); }
    void linkChanged() override { m_service.reload(); }
    void allowDeletions() override { m_service.allowDeletions(); }

Q_SIGNALS:
    /// Nothing of the clinic may stay on screen: `why` is revoked or wiped (at the server's word),
    /// account-disabled, role-changed or password-replaced.
    void ended(const QString& why);

private:
    void take(const sync::SyncStatus& status);
    void takeReport(const sync::SyncReport& report);

    QStringList m_limits; ///< of the server
    sync::SyncService m_service;
    sync::Obstacle m_lastObstacle = sync::Obstacle::None;
    sync::RevocationWatch m_revocation;
    ExchangeProgress m_progress;
};

} // namespace yarrow
