// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit/audit_entry.h"

namespace yarrow {

std::string_view auditActionCode(AuditAction action) noexcept
{
    switch (action) {
    case AuditAction::SignIn:
        return "sign-in";
    case AuditAction::SignInFailed:
        return "sign-in-failed";
    case AuditAction::SignOut:
        return "sign-out";
    case AuditAction::Search:
        return "search";
    case AuditAction::View:
        return "view";
    case AuditAction::Create:
        return "create";
    case AuditAction::Update:
        return "update";
    case AuditAction::Delete:
        return "delete";
    case AuditAction::Import:
        return "import";
    case AuditAction::Export:
        return "export";
    case AuditAction::Refused:
        return "refused";
    case AuditAction::AccountAdded:
        return "account-added";
    case AuditAction::AccountChanged:
        return "account-changed";
    case AuditAction::KeyRecovered:
        return "key-recovered";
    case AuditAction::KeyRotated:
        return "key-rotated";
    case AuditAction::PasswordChanged:
        return "password-changed";
    case AuditAction::AuditRead:
        return "audit-read";
    case AuditAction::Enrolled:
        return "enrolled";
    case AuditAction::IncarnationBegun:
        return "incarnation-begun";
    case AuditAction::Synchronised:
        return "synchronised";
    case AuditAction::ConflictSettled:
        return "conflict-settled";
    case AuditAction::ConflictReopened:
        return "conflict-reopened";
    case AuditAction::EditsDiscarded:
        return "edits-discarded";
    case AuditAction::ExchangePaused:
        return "exchange-paused";
    case AuditAction::ExchangeResumed:
        return "exchange-resumed";
    case AuditAction::Erased:
        return "erased";
    case AuditAction::ErasureRequested:
        return "erasure-requested";
    case AuditAction::DeletionsAllowed:
        return "deletions-allowed";
    }
    bug("unknown audit action", __FILE__, __LINE__);
}

std::string_view auditCategoryCode(AuditCategory category) noexcept
{
    switch (category) {
    case AuditCategory::HealthData:
        return "health-data";
    case AuditCategory::Payments:
        return "payments";
    case AuditCategory::Authentication:
        return "authentication";
    case AuditCategory::Administration:
        return "administration";
    }
    bug("unknown audit category", __FILE__, __LINE__);
}

std::string_view auditOutcomeCode(AuditOutcome outcome) noexcept
{
    switch (outcome) { // the codes of FHIR audit-event-outcome
    case AuditOutcome::Success:
        return "0";
    case AuditOutcome::MinorFailure:
        return "4";
    case AuditOutcome::SeriousFailure:
        return "8";
    }
    bug("unknown audit outcome", __FILE__, __LINE__);
}

} // namespace yarrow
