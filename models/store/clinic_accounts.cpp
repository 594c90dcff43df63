// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit/incarnation.h"
#include "models/store/clinic.h"
#include "models/store/clinic_parts.h"
#include "models/store/db/migrations.h"
#include "models/store/key_file_change.h"
#include "models/store/key_rotation.h"
#include "models/store/keys/password_rules.h"
#include "models/store/keys/password_verifier.h"
#include "models/store/records/workstation_wipe.h"
#include "models/store/sync/account_exchange.h"

// Who may open the clinic.

namespace yarrow {

Result<void> Clinic::recover(const Profile& profile, const RecoveryCode& code, const QString& userName,
                             const QString& newPassword, const StoreEnvironment& environment)
{
    auto found = findClinic(profile, ProfileLock::Kind::Alone, environment);
    if (!found)
        return fail(found.error());
    KeySlotFile& keyFile = found->keyFile;
    auto unlocked = keyFile.unlockWithRecoveryCode(code);
    if (!unlocked)
        return fail(unlocked.error());
    if (keyFile.isRotating()) {
        if (auto settled = settleRotationAlone(profile, keyFile, unlocked->keys); !settled)
            return settled;
    }
    const auto database = openDatabase(profile, unlocked->keys.current, environment);
    if (!database)
        return fail(database.error());
    if (database->wasWiped) {
        auto left = KeySlotFile::load(pathText(profile.keyFile()), environment.kdfCost);
        if (!left)
            return fail(left.error());
        keyFile = std::move(*left);
    }
    Connection& connection = *database->connection;
    return guarded([&]() -> Result<void> {
        ClinicIdentity identity = readIdentity(connection);
        const auto account = findAccountByName(connection, userName.toStdString());
        if (!account || !account->active)
            return fail(ErrorCode::NotFound, "user " + userName.toStdString());
        if (auto strong = checkPassword(newPassword, {userName, QString::fromStdString(identity.name)});
            !strong)
            return strong;
        const auto secret = makeDeviceSecret(keyFile.databaseId(), environment.secrets);
        if (!secret)
            return fail(secret.error());
        const auto standing = accountStanding(connection, account->id);
        if (auto removed = removeSlotsOf(keyFile, *account); !removed)
            return removed;
        if (auto added = keyFile.addPasswordSlot(
                unlocked->keys,
                {account->id, QString::fromStdString(account->userName), standing ? standing->slotFloor : 0},
                newPassword, *secret ? &**secret : nullptr);
            !added)
            return added;
        const Actor actor{account->id, account->userName, account->role, identity.device};
        incarnation::settleAtSignIn(connection, environment.clock, environment.ids, environment.secrets,
                                    identity, actor);
        CommandScope scope{connection, environment.clock, environment.ids, identity, actor};
        const KeyFileChange what{{AuditAction::KeyRecovered, AuditCategory::Authentication}};
        const auto changed =
            changeKeyFile(scope, profile, environment.kdfCost, what, [&](KeySlotFile& changing) {
                changing = std::move(keyFile);
                return Result<void>();
            });
        return changed ? Result<void>() : fail(changed.error());
    });
}

Result<QStringList> Clinic::userNames(const Profile& profile, const KdfCost& cost)
{
    if (auto resumed = resumeWipe(profile, nullptr, cost); !resumed)
        return fail(resumed.error());
    const auto keyFile = KeySlotFile::load(pathText(profile.keyFile()), cost);
    if (!keyFile)
        return fail(keyFile.error());
    return keyFile->userNames();
}

Result<Account> Clinic::addUser(const QString& userName, const QString& displayName, Role role,
                                const QString& password)
{
    if (auto allowed = require(m_scope, Operation::Create, Area::Administration, "account"); !allowed)
        return fail(allowed.error());
    if (auto valid = checkUserName(userName.toStdString()); !valid)
        return fail(valid.error());
    if (auto strong = checkPassword(password, {userName, QString::fromStdString(identity().name)}); !strong)
        return fail(strong.error());
    const auto secret = makeDeviceSecret(m_keyFile.databaseId(), m_environment.secrets);
    if (!secret)
        return fail(secret.error());
    const Account account{m_environment.ids.nextId<AccountTag>(), userName.toStdString(),
                          displayName.toStdString(), role, true};
    const auto verifier = verifierToTell(password);
    if (!verifier)
        return fail(verifier.error());
    return guarded([&]() -> Result<Account> {
        // Inside one transaction, which also keeps other programs from changing the key file at the same
        // time: the file is saved before the account is committed, so that no account is left that nobody can
        // sign in to.
        UnitOfWork work(m_scope);
        if (findAccountByName(*m_connection, account.userName))
            return fail(ErrorCode::AlreadyExists, "user " + account.userName);
        insertAccount(m_scope, work.records(), account, *verifier);
        auto keyFile =
            changedKeyFile(*m_connection, m_environment.clock, m_profile, m_environment.kdfCost,
                           [&](KeySlotFile& changing) -> Result<void> {
                               // A slot of that name without an account is what an attempt left that was cut
                               // off.
                               if (const auto orphan = changing.passwordSlot(userName)) {
                                   if (auto removed = changing.removePasswordSlot(orphan->userId); !removed)
                                       return removed;
                               }
                               return changing.addPasswordSlot(m_keys, {account.id, userName}, password,
                                                               *secret ? &**secret : nullptr);
                           });
        if (!keyFile)
            return fail(keyFile.error());
        work.commit();
        m_keyFile = std::move(*keyFile);
        return account;
    });
}

Result<std::string> Clinic::verifierToTell(const QString& password)
{
    const auto link = enrolment().link();
    if (!link)
        return fail(link.error());
    if (!*link || (*link)->kind != ServerLink::Kind::Yarrow)
        return std::string();
    return makeVerifier(password);
}

Result<void> Clinic::writeSlot(const Account& account, const QString& password, std::int64_t version,
                               const KeyFileChange& what)
{
    const auto secret = makeDeviceSecret(m_keyFile.databaseId(), m_environment.secrets);
    if (!secret)
        return fail(secret.error());
    const KeySlotFile::PasswordOwner owner{account.id, QString::fromStdString(account.userName), version};
    auto keyFile = changeKeyFile(m_scope, m_profile, m_environment.kdfCost, what, [&](KeySlotFile& changing) {
        auto removed = removeSlotsOf(changing, account);
        return removed ? changing.addPasswordSlot(m_keys, owner, password, *secret ? &**secret : nullptr)
                       : removed;
    });
    if (!keyFile)
        return fail(keyFile.error());
    m_keyFile = std::move(*keyFile);
    return {};
}

Result<void> Clinic::setPassword(const QString& userName, const QString& password)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::Administration, "account"); !allowed)
        return allowed;
    if (auto strong = checkPassword(password, {userName, QString::fromStdString(identity().name)}); !strong)
        return strong;
    const auto verifier = verifierToTell(password);
    if (!verifier)
        return fail(verifier.error());
    return guarded([&]() -> Result<void> {
        const auto account = findAccountByName(*m_connection, userName.toStdString());
        if (!account || !account->active)
            return fail(ErrorCode::NotFound, "user " + userName.toStdString());
        if (account->id == actor().account)
            return fail(ErrorCode::InvalidArgument, "another administrator sets this password");
        const std::int64_t version = nextSlotFloor(*m_connection, account->id);
        KeyFileChange what{{AuditAction::PasswordChanged, AuditCategory::Authentication},
                           KeyFileChange::Superseded{account->id, version, *verifier}};
        what.event.detail = account->id.text();
        return writeSlot(*account, password, version, what);
    });
}

Result<void> Clinic::admit(const QString& userName, const QString& password)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::Administration, "account"); !allowed)
        return allowed;
    return guarded([&]() -> Result<void> {
        const auto account = findAccountByName(*m_connection, userName.toStdString());
        if (!account || !account->active)
            return fail(ErrorCode::NotFound, "user " + userName.toStdString());
        const std::string verifier = accountVerifier(*m_connection, account->id);
        if (verifier.empty())
            return fail(ErrorCode::NotFound, "password of " + userName.toStdString());
        if (!fitsVerifier(password, verifier))
            return fail(ErrorCode::WrongPassword, "of " + userName.toStdString());
        const auto standing = accountStanding(*m_connection, account->id);
        KeyFileChange what{{AuditAction::AccountAdded, AuditCategory::Administration}};
        what.event.detail = account->id.text() + ", signs in here from now on";
        return writeSlot(*account, password, standing ? standing->slotFloor : 0, what);
    });
}

Result<void> Clinic::setDeviceSlot(bool wanted)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::Administration, "key"); !allowed)
        return allowed;
    return guarded([&]() -> Result<void> {
        const auto secret = makeDeviceSecret(m_keyFile.databaseId(), m_environment.secrets);
        if (!secret)
            return fail(secret.error());
        if (!*secret)
            return fail(ErrorCode::KeyStoreUnavailable);
        const auto present = KeySlotFile::load(pathText(m_profile.keyFile()), m_environment.kdfCost);
        if (!present)
            return fail(present.error());
        if (present->hasSlot(SlotKind::Device) == wanted)
            return {};
        KeyFileChange what{{AuditAction::AccountChanged, AuditCategory::Administration}};
        what.event.detail =
            wanted ? "everybody of the clinic signs in here" : "only who is let in signs in here";
        auto keyFile =
            changeKeyFile(m_scope, m_profile, m_environment.kdfCost, what, [&](KeySlotFile& changing) {
                return wanted ? changing.setDeviceSlot(m_keys, **secret) : changing.removeDeviceSlot();
            });
        if (!keyFile)
            return fail(keyFile.error());
        m_keyFile = std::move(*keyFile);
        return {};
    });
}

} // namespace yarrow
