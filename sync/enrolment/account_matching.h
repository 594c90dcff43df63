// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/enrolment/enrolment.h"

namespace yarrow::sync {

/// Fills in `enrolled.accounts`, `added` and `unknown`: people of this workstation are those at the server
/// that have the same id or, whatever its case, the same user name.
[[nodiscard]] Enrolment<void> matchAccounts(Transport& transport, const EnrolmentPlan& plan,
                                            Enrolled& enrolled);

} // namespace yarrow::sync
