// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/service/sync_worker.h"

#include <QObject>
#include <QThread>

namespace yarrow::sync {

/// The exchange in the background, for a program with an event loop: a thread that exchanges, and one that
/// listens to the server's hints. Belongs to the thread it was made on, where its signals come. Destroy it
/// before the clinic.
class SyncService final : public QObject
{
    Q_OBJECT
public:
    explicit SyncService(SyncEnvironment environment, QObject* parent = nullptr);
    ~SyncService() override; ///< cancels an exchange under way, within about a second

    [[nodiscard]] const SyncStatus& status() const noexcept { return m_status; }

    void noteEdit() { m_worker->noteEdit(); }   ///< after every change of a record here
    void exchangeNow() { m_worker->request(); } ///< somebody wants it
    void reload() { m_worker->reload(); }       ///< after enrolment, pausing and going on
    /// Lets the next exchange, which is now, delete as much as the server says.
    void allowDeletions() { m_worker->allowDeletions(); }

Q_SIGNALS:
    void statusChanged(const yarrow::sync::SyncStatus& status);
    /// After each exchange; records may have changed when it pulled or merged any.
    void exchanged(const yarrow::sync::SyncReport& report);

private:
    [[nodiscard]] SyncWorker::Listener listener();

    SyncStatus m_status;
    QThread m_hintThread;
    HintSocket* m_hints; // lives on m_hintThread and goes with it
    std::unique_ptr<SyncWorker> m_worker;
};

} // namespace yarrow::sync
