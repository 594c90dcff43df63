// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/erasure_desk.h"
#include "models/items/store_thread.h"

namespace yarrow {

/// ErasureDesk on this workstation's store.
class LocalErasureDesk final : public ErasureDesk
{
    Q_OBJECT
public:
    /// The store must outlive it.
    explicit LocalErasureDesk(StoreThread& store, QObject* parent = nullptr);

    void erase(const PatientId& patient, const QString& legalGround, const QString& reason, QObject* context,
               Done<ErasureOutcome> done) override;
    void requests(QObject* context, Done<std::vector<ErasureRow>> done) override;

Q_SIGNALS:
    void erased(); ///< or asked for

private:
    StoreThread& m_store;
};

} // namespace yarrow
