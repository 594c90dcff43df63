// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/erasure_desk.h"

namespace yarrow {

/// Erasures that a test looks at; nothing is erased.
class MemoryErasureDesk final : public ErasureDesk
{
public:
    void erase(const PatientId& /*patient*/, const QString& /*ground*/, const QString& /*reason*/,
               QObject* context, Done<ErasureOutcome> done) override
    {
        QMetaObject::invokeMethod(
            context,
            [done = std::move(done)] {
                done(ErasureOutcome{false, 1, 0, 0, false});
            },
            Qt::QueuedConnection);
    }
    void requests(QObject* context, Done<std::vector<ErasureRow>> done) override
    {
        QMetaObject::invokeMethod(
            context, [done = std::move(done)] { done(std::vector<ErasureRow>()); }, Qt::QueuedConnection);
    }
};

} // namespace yarrow
