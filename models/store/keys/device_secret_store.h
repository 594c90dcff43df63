// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/secret_bytes.h"
#include "models/store/keys/key_file_tuning.h"

#include <QString>

#include <chrono>
#include <string>

namespace yarrow {

/// Small secrets kept by the machine rather than by Yarrow's files, so that a copied disk does not hold them.
class DeviceSecretStore
{
public:
    virtual ~DeviceSecretStore() = default;

    // All fail with KeyStoreUnavailable when the store cannot be reached.
    [[nodiscard]] virtual Result<SecretBytes> read(const QString& name) = 0; ///< NotFound when there is none
    [[nodiscard]] virtual Result<void> write(const QString& name,
                                             const SecretBytes& secret) = 0; ///< or overwrites
    [[nodiscard]] virtual Result<void> remove(const QString& name) = 0;      ///< NotFound when there is none
    /// Asks the store; takes as long as a read.
    [[nodiscard]] virtual bool isAvailable() = 0;
};

/// Under which name a database's device secret stands.
[[nodiscard]] QString deviceSecretName(const std::string& databaseId);

/// The operating system's key store, through QtKeychain (on Linux the Secret Service: GNOME Keyring,
/// KWallet). Never a plain file: without a key store every call fails.
///
/// Calls block, without an event loop of their own, until the key store answers or `timeout` has passed; the
/// jobs run on one thread for the whole process. Call it from any thread but, since a locked key store asks
/// the person at the screen to unlock it, better not from the GUI thread. A call that ran out of time fails;
/// once the person has unlocked the store, the next one succeeds. Needs a QCoreApplication, and a Qt event
/// dispatcher on GLib (the default on Linux; with QT_NO_GLIB set every call runs out of time).
class KeychainSecretStore final : public DeviceSecretStore
{
public:
    explicit KeychainSecretStore(std::chrono::milliseconds timeout = tuning::kKeyStoreTimeout)
        : m_timeout(timeout)
    {}

    [[nodiscard]] Result<SecretBytes> read(const QString& name) override;
    [[nodiscard]] Result<void> write(const QString& name, const SecretBytes& secret) override;
    [[nodiscard]] Result<void> remove(const QString& name) override;
    [[nodiscard]] bool isAvailable() override;

private:
    std::chrono::milliseconds m_timeout;
};

} // namespace yarrow
