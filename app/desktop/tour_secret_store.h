// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/keys/device_secret_store.h"

#include <QString>

#include <map>
#include <mutex>

namespace yarrow {

/// Keeps the device secrets of the tour's clinics as long as the tour lasts, so that it leaves nothing behind
/// in the key store of whoever runs it. Thread-safe.
class TourSecretStore final : public DeviceSecretStore
{
public:
    Result<SecretBytes> read(const QString& name) override
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_secrets.find(name);
        if (found == m_secrets.end())
            return fail(ErrorCode::NotFound, "device secret");
        return found->second.clone();
    }
    Result<void> write(const QString& name, const SecretBytes& secret) override
    {
        const std::lock_guard lock(m_mutex);
        m_secrets.insert_or_assign(name, secret.clone());
        return {};
    }
    Result<void> remove(const QString& name) override
    {
        const std::lock_guard lock(m_mutex);
        return m_secrets.erase(name) > 0 ? Result<void>() : fail(ErrorCode::NotFound, "device secret");
    }
    bool isAvailable() override { return true; }

private:
    std::mutex m_mutex;
    std::map<QString, SecretBytes> m_secrets;
};

} // namespace yarrow
