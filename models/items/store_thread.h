// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/clinic.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace yarrow {

/// The one thread that writes. Made on the GUI thread, which is also where results come back; the clinic
/// itself is touched by the store thread only. Work runs in the order it was given. Destroying it finishes
/// what was given and closes the clinic.
class StoreThread : public QObject
{
    Q_OBJECT
public:
    explicit StoreThread(std::unique_ptr<Clinic> clinic, QObject* parent = nullptr);
    ~StoreThread() override;

    /// `work` runs on the store thread; `done` then on this one, unless `context` has gone by then.
    template <class T>
    void run(QObject* context, std::function<Result<T>(Clinic&)> work, std::function<void(Result<T>)> done)
    {
        post([this, context = QPointer<QObject>(context), work = std::move(work),
              done = std::move(done)]() mutable {
            deliver(
                [context = std::move(context), result = work(*m_clinic), done = std::move(done)]() mutable {
                    if (context)
                        done(std::move(result));
                });
        });
    }

private:
    void post(std::function<void()> job);
    void deliver(std::function<void()> result);

    std::unique_ptr<Clinic> m_clinic;
    QThread m_thread;
    QObject* m_worker; // lives on m_thread and goes with it
};

} // namespace yarrow
