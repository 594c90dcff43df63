// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/audit/audit_entry.h"
#include "models/store/db/connection.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

struct ChainHead;

/// The tamper-evident audit of this workstation. Each entry holds SHA-256(hash of the one before ‖ its own
/// canonical content); the first one follows 32 zero bytes. Appending happens inside the caller's
/// transaction, so that what is described and its description are written together or not at all.
///
/// The canonical content is every field in the order of the columns, each as a netstring (`5:hello,`): no two
/// different entries have the same one.
///
/// A workstation that was restored or copied goes on under a new incarnation: the numbers and hashes run on,
/// and the first entry of the new one names the entry it follows (see incarnation.h).
class AuditLog
{
public:
    /// The rows that an entry is found by: of patient_key and of resource. Not part of the chain; their texts
    /// are.
    struct Keys
    {
        std::optional<std::int64_t> patient;
        std::optional<std::int64_t> resource;
    };
    /// Under the clinic's present incarnation. Of a reason or detail beyond 64 KiB, more than the server
    /// takes, the beginning is written.
    static void append(Connection& connection, const Clock& clock, const Actor& actor,
                       const AuditEvent& event, const Keys& keys);

    struct Verification
    {
        std::int64_t entries = 0;
        std::optional<std::int64_t>
            firstBroken; ///< the seq of the first entry that does not fit, or is missing
    };
    /// Walks the whole chain, through all its incarnations. Missing entries in the middle and at the end
    /// count as broken; so does an incarnation that does not begin by naming the entry it follows.
    [[nodiscard]] static Result<Verification> verify(Connection& connection);

    struct Filter
    {
        std::string since;        ///< FHIR instant or a prefix of one; empty: from the beginning
        std::string account;      ///< account id, empty: everybody
        std::string patient;      ///< FHIR id, empty: all
        std::string resourceType; ///< with resourceId: one record
        std::string resourceId;
    };
    /// In order, without holding them all in memory; `visit` returns false to stop.
    [[nodiscard]] static Result<void> forEach(Connection& connection, const Filter& filter,
                                              const std::function<bool(const AuditEntry&)>& visit);
    /// Those with a number above `seq`.
    [[nodiscard]] static Result<void> forEachBehind(Connection& connection, std::int64_t seq,
                                                    const std::function<bool(const AuditEntry&)>& visit);

    /// How the first entry of an incarnation names, at the end of its detail, the one it follows.
    [[nodiscard]] static std::string continuation(const ChainHead& follows);
};

/// The entry as a FHIR R4 AuditEvent after the IHE Basic Audit Log Patterns, so that any tool reads it.
/// Compact JSON.
[[nodiscard]] std::string toFhirAuditEvent(const AuditEntry& entry);

} // namespace yarrow
