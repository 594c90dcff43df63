// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/keys/device_secret_store.h"

#include <map>

namespace yarrow {

/// A key store that forgets everything with the test, and can be taken away.
class MemorySecretStore final : public DeviceSecretStore
{
public:
    void setAvailable(bool available) { m_available = available; }

    Result<SecretBytes> read(const QString& name) override
    {
        if (!m_available)
            return fail(ErrorCode::KeyStoreUnavailable);
        const auto found = m_secrets.find(name);
        if (found == m_secrets.end())
            return fail(ErrorCode::NotFound);
        return found->second.clone();
    }

    Result<void> write(const QString& name, const SecretBytes& secret) override
    {
        if (!m_available)
            return fail(ErrorCode::KeyStoreUnavailable);
        m_secrets[name] = secret.clone();
        return {};
    }

    Result<void> remove(const QString& name) override
    {
        if (!m_available)
            return fail(ErrorCode::KeyStoreUnavailable);
        if (m_secrets.erase(name) == 0)
            return fail(ErrorCode::NotFound);
        return {};
    }

    bool isAvailable() override { return m_available; }

private:
    std::map<QString, SecretBytes> m_secrets;
    bool m_available = true;
};

} // namespace yarrow
