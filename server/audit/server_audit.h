// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <string>

namespace yarrow::server::audit {

/// Incarnation and device of the server's own chain; no device has this name.
inline constexpr const char* kServerChain = "server";

/// What the server itself did or saw, for its own chain of a clinic. Codes are stable: the chain's hash
/// covers them.
struct Event
{
    std::string action;                      ///< "sign-in", "enrolled", "epoch-begun", "export"…
    std::string category = "administration"; ///< health-data, payments, authentication, administration
    std::string account = {};                ///< who, if a person is known
    std::string role = {};
    std::string device = {}; ///< from which workstation, if one is known
    std::string resourceType = {};
    std::string resourceId = {};
    std::string patient = {};
    std::string outcome = "0"; ///< FHIR audit-event-outcome: 0, 4, 8
    std::string reason = {};
    std::string detail = {};
};

/// Appends to the chain of the transaction's clinic, in this transaction. Locks that chain until it ends.
void append(db::Transaction& work, const Event& event);

} // namespace yarrow::server::audit
