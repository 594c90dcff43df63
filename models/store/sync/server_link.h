// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// The server this workstation exchanges its records with.
struct ServerLink
{
    enum class Kind {
        Yarrow, ///< yarrow-server: enrolled with a code
        Fhir,   ///< another FHIR R4 server: with a static bearer token, or none
    };
    Kind kind = Kind::Yarrow;
    std::string url;      ///< without a slash at the end; of another FHIR server its FHIR base
    std::string clientId; ///< "<tenant uuid>.<device id>"; empty where there is none
    std::string
        keyName;       ///< under which the OS key store has the private key, or the bearer token; empty: none
    std::string caPem; ///< the one authority that is trusted; empty: those of the system
    std::string account; ///< account id of who enrolled it
    std::string enrolledAt;
    bool paused = false;
    std::string stopped; ///< why nothing is exchanged until somebody acts; empty: nothing is wrong
    std::string dialect; ///< JSON: what was found out about a FHIR server; empty: not asked yet
    bool operator==(const ServerLink&) const = default;
};

// All throw SQLite::Exception like the rest of the store inside; writes are in a transaction of the caller's.
[[nodiscard]] std::optional<ServerLink> readServerLink(Connection& connection);
void writeServerLink(Connection& connection, const ServerLink& link); ///< or replaces it
/// From now on nothing is exchanged, for this reason. Nothing happens where there is no link.
void stopServerLink(Connection& connection, const std::string& why);

/// An account whose id at the server is another than here.
struct ServerAccount
{
    std::string account;
    std::string remote;
    bool operator==(const ServerAccount&) const = default;
};
void writeServerAccounts(Connection& connection, const std::vector<ServerAccount>& accounts); ///< all of them

} // namespace yarrow
