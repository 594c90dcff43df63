// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace yarrow::server::audit {

inline constexpr std::size_t kDigestSize = 32;

/// An entry of an audit chain, of a workstation or of the server itself.
struct Entry
{
    std::int64_t seq = 0; ///< counts from 1
    std::string incarnation;
    std::string at; ///< FHIR instant
    std::string account;
    std::string role;
    std::string device;
    std::string action;
    std::string category; ///< health-data, payments, authentication, administration
    std::string resourceType;
    std::string resourceId;
    std::string patient;
    std::string outcome;      ///< FHIR audit-event-outcome: 0, 4, 8
    std::string beforeDigest; ///< 32 bytes, or empty
    std::string afterDigest;
    std::string reason;
    std::string detail;
    std::string previous; ///< hash of the entry before, 32 bytes; of the first: zeros
    std::string hash;     ///< 32 bytes

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Every field but the two hashes, in the order above, each as a netstring (`5:hello,`), so that no two
/// different entries have the same one. Digests enter as bytes. The rule is the workstations'; a test keeps
/// the two equal.
[[nodiscard]] std::string canonicalContent(const Entry& entry);

/// SHA-256(previous ‖ canonical content).
[[nodiscard]] std::string hashOf(const Entry& entry);

/// SHA-256 over all of it, both hashes included: two entries with the same one are the same.
[[nodiscard]] std::string fingerprintOf(const Entry& entry);

} // namespace yarrow::server::audit
