// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/kind.h"

namespace yarrow::server::jobs {

inline constexpr const char* kCleanupKind = "token-cleanup";

/// Deletes what has run out: redeemed assertions, refresh tokens, enrolment codes, exports with their files,
/// and the jobs that ended long ago.
[[nodiscard]] Kind cleanupKind();

struct RetentionSettings
{
    int versionDays =
        365; ///< how long a version is kept after another took its place, and a deletion after it happened
    int operationDays = 90; ///< how long an operation id is known
};

/// Deletes the versions and deletions that are kept long enough; the present version of a record stays.
/// Raises the clinic's floor with it: a feed that ends below has to begin anew. In small steps, each under
/// the clinic's lock.
[[nodiscard]] Kind retentionKind(const RetentionSettings& settings);

/// Days that audit entries of a category are kept, by when they came; 0: for ever.
struct AuditRetentionSettings
{
    int healthDataDays = 3653;
    int paymentsDays = 3653;
    int authenticationDays = 731;
    int administrationDays = 1096;
};

/// Empties the audit entries that are kept long enough; number and hashes stay, so that the chains still
/// verify. Entries of other categories are kept. The server's own chain says what went.
[[nodiscard]] Kind auditRetentionKind(const AuditRetentionSettings& settings);

} // namespace yarrow::server::jobs
