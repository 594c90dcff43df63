// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"
#include "models/store/clinic.h"

#include <memory>
#include <string>

namespace yarrow::ctl {

/// What every command has: the options that all share, the clinic they name, and where results go.
class Context
{
public:
    Context();

    // Filled in by the command line.
    std::string profileFolder; ///< --profile
    std::string userName;      ///< --user; empty: the first user of the key file
    Output out;

    [[nodiscard]] Profile profile() const { return Profile(profileFolder); }
    /// The real clock, the machine's key store (none with YARROW_KEY_STORE=none).
    [[nodiscard]] const StoreEnvironment& environment() const noexcept { return m_environment; }

    /// Who acts: --user, or the administrator of `init`, whose slot is the first. NotFound without a clinic.
    [[nodiscard]] Result<QString> actingUser() const;
    /// Signs in with the password of YARROW_PASSWORD or the prompt.
    [[nodiscard]] Result<std::unique_ptr<Clinic>> openClinic() const;

private:
    SystemClock m_clock;
    UuidSource m_ids{m_clock};
    KeychainSecretStore m_keyStore;
    StoreEnvironment m_environment;
};

inline constexpr const char* kPasswordVariable = "YARROW_PASSWORD";
inline constexpr const char* kNewPasswordVariable = "YARROW_NEW_PASSWORD";
inline constexpr const char* kRecoveryCodeVariable = "YARROW_RECOVERY_CODE";
inline constexpr const char* kServerTokenVariable = "YARROW_SERVER_TOKEN";
inline constexpr const char* kKeyStoreVariable = "YARROW_KEY_STORE";

} // namespace yarrow::ctl
