// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/store_thread.h"

namespace yarrow {

StoreThread::StoreThread(std::unique_ptr<Clinic> clinic, QObject* parent)
    : QObject(parent)
    , m_clinic(std::move(clinic))
    , m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("store"));
    m_thread.start();
}

StoreThread::~StoreThread()
{
    post([this] { m_thread.quit(); }); // behind everything that was given before
    m_thread.wait();
}

void StoreThread::post(std::function<void()> job)
{
    QMetaObject::invokeMethod(m_worker, std::move(job), Qt::QueuedConnection);
}

void StoreThread::deliver(std::function<void()> result)
{
    QMetaObject::invokeMethod(this, std::move(result), Qt::QueuedConnection);
}

} // namespace yarrow
