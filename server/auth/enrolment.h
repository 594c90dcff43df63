// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/devices.h"
#include "server/db/connection.h"
#include "server/problem.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace yarrow::server {

struct NewEnrolmentCode
{
    std::string code;      ///< shown once; only its hash is kept
    std::string expiresAt; ///< FHIR instant
};

inline constexpr std::int64_t kEnrolmentHours = 24;

/// `account`: who asked for it; empty for the command line.
[[nodiscard]] NewEnrolmentCode makeEnrolmentCode(db::Transaction& transaction, AreaSet areas,
                                                 std::int64_t hours, std::string_view account);

struct Enrolment
{
    ClientId client;
    AreaSet areas;
    std::string clinicName;
    std::string clinicSlug;
};

/// Lets a workstation in. The same code with the same key again is answered with the same device: the first
/// answer may have been lost. 400 `enrolment-code-mistyped`; 401 `enrolment-code-unknown`,
/// `enrolment-code-used`, `enrolment-code-expired`; 403 `clinic-suspended`.
[[nodiscard]] Result<Enrolment> enrol(db::Connection& connection, std::string_view code,
                                      const std::string& name, const EcPublicKey& key,
                                      const std::string& keyId);

} // namespace yarrow::server
