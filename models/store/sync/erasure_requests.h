// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// What an administrator wants the server to erase; kept until the server has done it.
struct ErasureRequest
{
    std::string patient; ///< FHIR id
    std::string legalGround;
    std::string reason;
    std::string account; ///< account id of who asked
    std::string at;      ///< FHIR instant
    std::string refusal; ///< the server's code; empty: it is still to be asked
    bool operator==(const ErasureRequest&) const = default;
};

// All throw SQLite::Exception like the rest of the store inside; those that write do so in a transaction of
// the caller's.
[[nodiscard]] std::vector<ErasureRequest> erasureRequests(Connection& connection); ///< oldest first
void requestErasure(Connection& connection, const ErasureRequest& request);        ///< or asks once more
void noteErasureRefused(Connection& connection, const std::string& patient, const std::string& code);
void erasureDone(Connection& connection, const std::string& patient);

} // namespace yarrow
