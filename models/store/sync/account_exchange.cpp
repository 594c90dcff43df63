// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/account_exchange.h"

#include "models/store/key_file_change.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/sync/account_state.h"
#include "models/store/sync/outbox.h"

namespace yarrow {
namespace {

using accounts::auditOf;
using accounts::jsonOf;
using accounts::parsed;

/// The account is as the server has it. One that it does not have stays this workstation's own, unless the
/// one who made or changed it was not allowed to: their password would open the clinic.
void takeBack(Connection& connection, const AccountChange& change, const AccountRefusal& refusal)
{
    const std::string id = change.wanted.id.text();
    Query(connection, "UPDATE account SET changed_by = NULL WHERE id = ?").bind(id).run();
    std::string atServer;
    {
        Query query(connection, "SELECT coalesce(at_server, '') FROM account WHERE id = ?");
        if (query.bind(id).step())
            atServer = query.string(0);
    }
    if (const auto there = parsed(atServer, change.wanted.id)) {
        Query(connection, "UPDATE account SET display_name = ?2, role = ?3, active = ?4 WHERE id = ?1")
            .bind(id, there->displayName, roleCode(there->role), there->active)
            .run();
        return;
    }
    // Who was here before the clinic had a server is not shut out by somebody whom the server does not know.
    if (refusal.isOfAuthor)
        Query(connection, "UPDATE account SET active = 0 WHERE id = ?1 AND (?2 OR created_at > "
                          "(SELECT enrolled_at FROM server_link))")
            .bind(id, refusal.code == "author-disabled")
            .run();
    else // a password cannot be told of it
        Query(connection, "UPDATE account SET password_by = NULL WHERE id = ?").bind(id).run();
}

/// The key slot that was made with it goes, and what the server has counts again.
void takeBackPassword(Connection& connection, const AccountChange& change)
{
    Query(connection, "UPDATE account SET slot_floor = max(slot_floor, verifier_version) + 1, "
                      "verifier = NULL, password_by = NULL "
                      "WHERE id = ?1 AND password_by IS NOT NULL AND coalesce(verifier, '') = ?2")
        .bind(change.wanted.id.text(), change.verifier)
        .run();
    Query(connection, "UPDATE server_link SET accounts_tag = ''").run(); // to have the list again
}

} // namespace

std::string accountsTag(Connection& connection)
{
    Query query(connection, "SELECT accounts_tag FROM server_link");
    return query.step() ? query.string(0) : std::string();
}

std::vector<AccountChange> accountChanges(Connection& connection)
{
    std::vector<AccountChange> changes;
    {
        Query query(connection,
                    "SELECT id, user_name, display_name, role, active, at_server IS NULL, "
                    "coalesce(changed_by, ''), CASE WHEN password_by IS NULL THEN '' ELSE coalesce(verifier, "
                    "'') END, "
                    "coalesce(password_by, ''), coalesce(at_server, '') FROM account "
                    "WHERE changed_by IS NOT NULL OR password_by IS NOT NULL ORDER BY active DESC, pk");
        while (query.step()) {
            AccountChange change;
            change.wanted = {AccountId::known(query.string(0)), query.string(1), query.string(2),
                             roleFromCode(query.text(3)).value_or(Role::Receptionist), query.integer(4) != 0};
            change.isNew = query.integer(5) != 0;
            change.author = query.string(6);
            change.verifier = query.string(7);
            change.passwordAuthor = query.string(8);
            const auto there = parsed(query.string(9), change.wanted.id);
            change.takesRights = !change.wanted.active ||
                                 (there && there->active && !mayAllOf(change.wanted.role, there->role));
            changes.push_back(std::move(change));
        }
    }
    for (AccountChange& change : changes) {
        change.remote = outbox::serverAccount(connection, change.wanted.id.text());
        for (std::string* author : {&change.author, &change.passwordAuthor}) {
            if (!author->empty())
                *author = outbox::serverAccount(connection, *author);
        }
    }
    return changes;
}

void accountTold(Connection& connection, const AccountChange& change)
{
    const Account& told = change.wanted;
    Query(connection, "UPDATE account SET at_server = ?2, refusal = '', changed_by = CASE "
                      "WHEN display_name = ?3 AND role = ?4 AND active = ?5 THEN NULL ELSE changed_by END "
                      "WHERE id = ?1")
        .bind(told.id.text(), jsonOf(told.userName, told.displayName, told.role, told.active),
              told.displayName, roleCode(told.role), told.active)
        .run();
}

void passwordTold(Connection& connection, const AccountChange& change, std::int64_t version)
{
    Query(connection, "UPDATE account SET refusal = '', verifier_version = ?2, password_by = "
                      "CASE WHEN verifier = ?3 THEN NULL ELSE password_by END WHERE id = ?1")
        .bind(change.wanted.id.text(), version, change.verifier)
        .run();
}

void accountRefused(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                    const AccountChange& change, const AccountRefusal& refusal)
{
    const std::string id = change.wanted.id.text();
    const bool isOfAccount = refusal.part == AccountRefusal::Part::Account;
    Query(connection, "UPDATE account SET refusal = ?2 WHERE id = ?1").bind(id, refusal.code).run();
    if (isOfAccount)
        takeBack(connection, change, refusal);
    // Who may not change the account may not have set the password either; otherwise that is told on its own.
    if (!isOfAccount || (refusal.isOfAuthor && change.passwordAuthor == change.author))
        takeBackPassword(connection, change);
    auditOf(connection, clock, clinic, AuditAction::AccountChanged, AuditCategory::Administration,
            id + ", refused by the server: " + refusal.code, AuditOutcome::MinorFailure);
}

std::string accountVerifier(Connection& connection, const AccountId& account)
{
    Query query(connection, "SELECT coalesce(verifier, '') FROM account WHERE id = ?");
    return query.bind(account.text()).step() ? query.string(0) : std::string();
}

std::int64_t nextSlotFloor(Connection& connection, const AccountId& account)
{
    Query query(connection, "SELECT max(slot_floor, verifier_version) + 1 FROM account WHERE id = ?");
    return query.bind(account.text()).step() ? query.integer(0) : 0;
}

void supersedePassword(Connection& connection, const AccountId& account, std::int64_t slotFloor,
                       const std::string& verifier, const AccountId& by)
{
    Query(connection, "UPDATE account SET slot_floor = max(slot_floor, ?4), refusal = '', "
                      "verifier = CASE WHEN ?2 = '' THEN verifier ELSE ?2 END, "
                      "password_by = CASE WHEN ?2 = '' THEN NULL ELSE ?3 END WHERE id = ?1")
        .bind(account.text(), verifier, by.text(), slotFloor)
        .run();
}

Result<void> removeOutdatedSlots(Connection& connection, const Clock& clock, const Profile& profile,
                                 const KdfCost& cost)
{
    settleKeyFileChange(connection, clock, profile);
    const QString path = QString::fromStdString(profile.keyFile().string());
    auto keyFile = KeySlotFile::load(path, cost);
    if (!keyFile)
        return fail(keyFile.error());
    bool isChanged = false;
    for (const SlotInfo& slot : keyFile->slots()) {
        if (slot.kind != SlotKind::Password)
            continue;
        const auto standing = accountStanding(connection, slot.userId);
        if (!standing || (standing->active && slot.verifierVersion >= standing->slotFloor))
            continue;
        if (keyFile->removePasswordSlot(
                slot.userId)) // the very last way to the key stays: signing in refuses it
            isChanged = true;
    }
    return isChanged ? keyFile->save(path) : Result<void>();
}

std::optional<AccountStanding> accountStanding(Connection& connection, const AccountId& account)
{
    Query query(connection, "SELECT active, role, slot_floor FROM account WHERE id = ?");
    std::optional<AccountStanding> standing;
    if (query.bind(account.text()).step())
        standing =
            AccountStanding{query.integer(0) != 0, roleFromCode(query.text(1)).value_or(Role::Receptionist),
                            query.integer(2)};
    return standing;
}

} // namespace yarrow
