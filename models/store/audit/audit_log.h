// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/audit/audit_entry.h"
#include "models/store/db/connection.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// The tamper-evident audit of this workstation. Each entry holds SHA-256(hash of the one before ‖ its own
/// canonical content); the first one follows 32 zero bytes. Appending happens inside the caller's
/// transaction, so that what is described and its description are written together or not at all.
///
/// The canonical content is every field in the order of the columns, each as a netstring (`5:hello,`): no two
/// different entries have the same one.
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
    static void append(Connection& connection, const Clock& clock, const std::string& incarnation,
                       const Actor& actor, const AuditEvent& event, const Keys& keys);

    struct Verification
    {
        std::int64_t entries = 0;
        std::optional<std::int64_t>
            firstBroken; ///< the seq of the first entry that does not fit, or is missing
    };
    /// Walks the whole chain. Missing entries in the middle and at the end count as broken.
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
};

/// The entry as a FHIR R4 AuditEvent after the IHE Basic Audit Log Patterns, so that any tool reads it.
/// Compact JSON.
[[nodiscard]] std::string toFhirAuditEvent(const AuditEntry& entry);

} // namespace yarrow
