// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/sync_service.h"

namespace yarrow::sync {

SyncService::SyncService(SyncEnvironment environment, QObject* parent)
    : QObject(parent)
    , m_hints(new HintSocket)
{
    m_hints->moveToThread(&m_hintThread);
    connect(&m_hintThread, &QThread::finished, m_hints, &QObject::deleteLater);
    m_hintThread.setObjectName(QStringLiteral("sync-hints"));
    m_worker = std::make_unique<SyncWorker>(std::move(environment), listener());
    // Called on the hints' thread.
    SyncWorker* worker = m_worker.get();
    connect(m_hints, &HintSocket::hinted, m_hints, [worker] { worker->noteHint(); });
    connect(m_hints, &HintSocket::subscriptionUnknown, m_hints, [worker] { worker->subscriptionUnknown(); });
    connect(m_hints, &HintSocket::closed, m_hints, [worker] { worker->hintsClosed(); });
    m_hintThread.start();
}

SyncService::~SyncService()
{
    // The hints tell the worker, and the worker asks for hints: first they fall silent, then it ends.
    QMetaObject::invokeMethod(
        m_hints, [hints = m_hints] { hints->disconnect(); }, Qt::BlockingQueuedConnection);
    m_worker.reset();
    m_hintThread.quit();
    m_hintThread.wait();
}

/// Called on the worker's thread; what is posted to this object dies with it.
SyncWorker::Listener SyncService::listener()
{
    return {[this](const SyncStatus& status) {
                QMetaObject::invokeMethod(
                    this,
                    [this, status] {
                        m_status = status;
                        Q_EMIT statusChanged(m_status);
                    },
                    Qt::QueuedConnection);
            },
            [this](const SyncReport& report) {
                QMetaObject::invokeMethod(
                    this, [this, report] { Q_EMIT exchanged(report); }, Qt::QueuedConnection);
            },
            [hints = m_hints](const HintAddress& address) {
                QMetaObject::invokeMethod(
                    hints, [hints, address] { hints->open(address); }, Qt::QueuedConnection);
            }};
}

} // namespace yarrow::sync
