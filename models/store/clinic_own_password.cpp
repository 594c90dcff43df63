// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/clinic.h"
#include "models/store/clinic_parts.h"
#include "models/store/key_file_change.h"
#include "models/store/keys/password_rules.h"
#include "models/store/keys/sign_in_throttle.h"
#include "models/store/sync/account_exchange.h"

#include <algorithm>

namespace yarrow {

namespace {

std::optional<SlotInfo> slotOf(const KeySlotFile& keyFile, const AccountId& account)
{
    const auto slots = keyFile.slots();
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](const SlotInfo& one) {
        return one.kind == SlotKind::Password && one.userId == account;
    });
    return slot == slots.end() ? std::nullopt : std::optional<SlotInfo>(*slot);
}

} // namespace

Result<void> Clinic::changeOwnPassword(const QString& present, const QString& fresh)
{
    const QString userName = QString::fromStdString(actor().userName);
    if (auto strong = checkPassword(fresh, {userName, QString::fromStdString(identity().name)}); !strong)
        return strong;
    if (fresh.normalized(QString::NormalizationForm_C) == present.normalized(QString::NormalizationForm_C))
        return fail(ErrorCode::InvalidArgument, "the new password is the present one");
    const QString path = pathText(m_profile.keyFile());
    const auto before = KeySlotFile::load(path, m_environment.kdfCost);
    if (!before)
        return fail(before.error());
    const auto slot = slotOf(*before, actor().account);
    if (!slot)
        return fail(ErrorCode::Forbidden, "the password was replaced");
    const auto verifier =
        guarded([&]() -> Result<std::string> { return accountVerifier(*m_connection, actor().account); });
    if (!verifier)
        return fail(verifier.error());
    if (!verifier->empty() && before->hasSlot(SlotKind::Device))
        return fail(ErrorCode::Unsupported, "everybody signs in here with the clinic's password");

    SignInThrottle throttle(pathText(m_profile.throttleFile()), m_environment.clock);
    const auto attempt = throttle.begin(actor().account);
    if (!attempt)
        return fail(attempt.error());
    AuditEvent event{AuditAction::PasswordChanged, AuditCategory::Authentication};
    event.detail = actor().account.text() + ", their own";
    KeySlotFile after = *before;
    if (auto changed = after.changePassword(QString::fromStdString(slot->userName), present, fresh,
                                            slot->verifierVersion,
                                            secretSource(before->databaseId(), m_environment.secrets));
        !changed) {
        if (changed.error().code != ErrorCode::WrongPassword) {
            if (auto withdrawn = throttle.withdraw(*attempt); !withdrawn)
                return withdrawn;
            return changed;
        }
        event.outcome = AuditOutcome::MinorFailure;
        event.detail += ": the present one was wrong";
        if (auto written = auditOnly(m_scope, event); !written)
            return written;
        return changed;
    }

    if (attempt->failuresBefore > 0)
        event.detail += ", after " + std::to_string(attempt->failuresBefore) + " wrong ones";
    auto changed = changeKeyFile(m_scope, m_profile, m_environment.kdfCost, {event},
                                 [&](KeySlotFile& changing) -> Result<void> {
                                     if (changing != *before) // while the keys were derived
                                         return fail(ErrorCode::Stale, "key file");
                                     changing = after;
                                     return {};
                                 });
    if (!changed) {
        if (auto withdrawn = throttle.withdraw(*attempt); !withdrawn)
            return withdrawn;
        return fail(changed.error());
    }
    m_keyFile = std::move(*changed);
    const auto cleared = throttle.succeed(*attempt);
    return cleared ? Result<void>() : fail(cleared.error());
}

} // namespace yarrow
