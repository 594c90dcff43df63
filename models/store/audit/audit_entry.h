// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"
#include "core/id.h"
#include "models/domain/role.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// What was done. Codes are stable: they are part of what the chain's hash covers.
enum class AuditAction {
    SignIn,
    SignInFailed, ///< written at the next sign-in that succeeds: before it there is no key to write with
    SignOut,
    Search,
    View,
    Create,
    Update,
    Delete,
    Import,
    Export,
    Refused, ///< the role did not allow it
    AccountAdded,
    AccountChanged, ///< name, role, enabled or disabled, here or at the server
    KeyRecovered,
    KeyRotated,
    PasswordChanged,
    AuditRead,
    Enrolled,         ///< with a server
    IncarnationBegun, ///< the first entry of a workstation that was restored or copied; names what it follows
    Synchronised,     ///< records were exchanged with the server
    ConflictSettled,
    ConflictReopened, ///< a settlement that was not sent yet was taken back
    EditsDiscarded,   ///< edits that no server took were given up
    ExchangePaused,
    ExchangeResumed,
    Erased,           ///< at the patient's demand, with what waited to be sent
    ErasureRequested, ///< of the server
    DeletionsAllowed, ///< somebody confirmed that the server may delete many records here
};

/// Which retention rule holds for the entry.
enum class AuditCategory { HealthData, Payments, Authentication, Administration };

enum class AuditOutcome { Success, MinorFailure, SeriousFailure };

[[nodiscard]] std::string_view auditActionCode(AuditAction action) noexcept;
[[nodiscard]] std::string_view auditCategoryCode(AuditCategory category) noexcept;
[[nodiscard]] std::string_view auditOutcomeCode(AuditOutcome outcome) noexcept;

/// Who acts, and from where. `account` is empty only before anybody could be known.
struct Actor
{
    AccountId account;
    std::string userName;
    Role role = Role::Receptionist;
    std::string device;
};

/// What is to be written into the audit.
struct AuditEvent
{
    AuditAction action;
    AuditCategory category = AuditCategory::HealthData;
    std::string resourceType = {}; ///< empty: about no resource
    std::string resourceId = {};
    std::string patient = {}; ///< FHIR id of the patient concerned, empty when none
    AuditOutcome outcome = AuditOutcome::Success;
    std::optional<crypto::Digest> before = {};
    std::optional<crypto::Digest> after = {};
    std::string reason = {}; ///< given by the user
    std::string detail = {}; ///< what was searched for, how much was exported…; protected like the records
};

/// An entry as it stands in the chain.
struct AuditEntry
{
    std::int64_t seq = 0;
    std::string incarnation;
    std::string at; ///< FHIR instant
    std::string account;
    std::string userName; ///< as the account is called now; not part of the chain
    std::string role;
    std::string device;
    std::string action;
    std::string category;
    std::string resourceType;
    std::string resourceId;
    std::string patient;
    std::string outcome;
    std::string beforeDigest; ///< hexadecimal, empty when there is none
    std::string afterDigest;
    std::string reason;
    std::string detail;
    std::string previous; ///< hexadecimal: hash of the entry before
    std::string hash;
};

} // namespace yarrow
