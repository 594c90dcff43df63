// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"

namespace yarrow::sync {

/// The server's code for a medical record number that another patient has; docs/server-errors.md.
inline constexpr std::string_view kNumberTaken = "mrn-taken";

/// Leases a block of medical record numbers from yarrow-server when few are left, and gives numbers to those
/// who were registered while there was none. Without an answer nothing changes: the exchange itself will say
/// what is wrong.
void renewRecordNumbers(SyncSession& session);

/// The server says that somebody else has the patient's number (409 mrn-taken): the patient gets another, and
/// the one refused stays with `use: old`, in every change that waits. False when there is none to give: then
/// the patient waits for one.
[[nodiscard]] bool drawAnotherNumber(SyncSession& session, SyncWork& work, const SyncRecord& record);

} // namespace yarrow::sync
