// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/clinic_parts.h"

#include "models/store/db/migrations.h"
#include "models/store/keys/password_verifier.h"
#include "models/store/records/workstation_wipe.h"
#include "models/store/sync/account_exchange.h"

namespace yarrow {
namespace {

constexpr std::size_t kDeviceSecretBytes = 32;

/// The person whose password it is, if the clinic knows a verifier of it.
std::optional<Account> provenAccount(Connection& connection, const QString& userName, const QString& password)
{
    auto account = findAccountByName(connection, userName.toStdString());
    if (!account || !account->active)
        return std::nullopt;
    const std::string verifier = accountVerifier(connection, account->id);
    if (verifier.empty() || !fitsVerifier(password, verifier))
        return std::nullopt;
    return account;
}

Result<void> dropSlot(Connection& connection, const Profile& profile, const AccountId& account,
                      const KdfCost& cost)
{
    return guarded([&]() -> Result<void> {
        Transaction transaction(connection); // keeps other programs from the key file
        auto keyFile = KeySlotFile::load(pathText(profile.keyFile()), cost);
        if (!keyFile)
            return fail(keyFile.error());
        if (auto removed = keyFile->removePasswordSlot(account); !removed)
            return removed;
        return keyFile->save(pathText(profile.keyFile()));
    });
}

} // namespace

Result<void> removeSlotsOf(KeySlotFile& keyFile, const Account& account)
{
    const auto slots = keyFile.slots();
    const auto named = keyFile.passwordSlot(QString::fromStdString(account.userName));
    for (const SlotInfo& slot : slots) {
        if (slot.kind != SlotKind::Password ||
            (slot.userId != account.id && !(named && named->userId == slot.userId)))
            continue;
        if (auto removed = keyFile.removePasswordSlot(slot.userId); !removed)
            return removed;
    }
    return {};
}

QString pathText(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

Result<std::optional<SecretBytes>> makeDeviceSecret(const std::string& databaseId, DeviceSecretStore* secrets)
{
    if (!secrets || !secrets->isAvailable())
        return std::optional<SecretBytes>();
    const QString name = deviceSecretName(databaseId);
    auto known = secrets->read(name);
    if (known)
        return std::optional(std::move(*known));
    if (known.error().code != ErrorCode::NotFound)
        return fail(known.error());
    SecretBytes fresh = crypto::randomSecret(kDeviceSecretBytes);
    if (auto written = secrets->write(name, fresh); !written)
        return fail(written.error());
    return std::optional(std::move(fresh));
}

DeviceSecretSource secretSource(const std::string& databaseId, DeviceSecretStore* secrets)
{
    if (!secrets)
        return {};
    return [secrets, name = deviceSecretName(databaseId)]() -> Result<SecretBytes> {
        return secrets->read(name);
    };
}

ClinicIdentity readIdentity(Connection& connection)
{
    ClinicIdentity identity;
    Query row(connection,
              "SELECT database_id, name, zone, device_id, incarnation, digest_key FROM clinic WHERE pk = 1");
    if (!row.step())
        throw SQLite::Exception("clinic", SQLITE_CORRUPT);
    identity.databaseId = row.string(0);
    identity.name = row.string(1);
    identity.zone = row.string(2);
    identity.device = row.string(3);
    identity.incarnation = row.string(4);
    const std::string_view key = row.blob(5);
    std::copy(key.begin(), key.end(), identity.digestKey.begin());
    return identity;
}

Result<bool> finishWipe(Connection& connection, const Profile& profile, const StoreEnvironment& environment)
{
    return guarded([&]() -> Result<bool> {
        // The mark is brought to the disk on its own: a power cut may leave it without the order.
        if (!isToBeWiped(connection) && !isMarkedForWipe(profile))
            return false;
        const auto wiped = wipeWorkstation(connection, profile, environment.secrets, environment.kdfCost);
        return wiped ? Result<bool>(true) : fail(wiped.error());
    });
}

Result<UnlockedKeys> unlockByVerifier(const Profile& profile, KeySlotFile& keyFile, const QString& userName,
                                      const QString& password, const StoreEnvironment& environment)
{
    const auto refused = [] { return fail(ErrorCode::WrongPassword); };
    if (!keyFile.hasSlot(SlotKind::Device) || keyFile.isRotating() || !environment.secrets)
        return refused();
    const auto secret = environment.secrets->read(deviceSecretName(keyFile.databaseId()));
    if (!secret)
        return refused();
    auto unlocked = keyFile.unlockWithDeviceSecret(*secret);
    if (!unlocked)
        return refused();
    auto connection = Connection::open(profile.database(), unlocked->keys.current, Connection::Mode::Write);
    if (!connection)
        return refused();
    return guarded([&]() -> Result<UnlockedKeys> {
        if ((*connection)->db().execAndGet("PRAGMA user_version").getInt() != migrations().back().number)
            return refused(); // who has a slot signs in first
        const auto account = provenAccount(**connection, userName, password);
        if (!account)
            return refused();
        Transaction transaction(**connection); // keeps other programs from the key file
        auto file = KeySlotFile::load(pathText(profile.keyFile()), environment.kdfCost);
        if (!file)
            return fail(file.error());
        if (auto removed = removeSlotsOf(*file, *account); !removed)
            return fail(removed.error());
        const auto standing = accountStanding(**connection, account->id);
        if (auto added = file->addPasswordSlot(
                unlocked->keys,
                {account->id, QString::fromStdString(account->userName), standing ? standing->slotFloor : 0},
                password, &*secret);
            !added)
            return fail(added.error());
        if (auto saved = file->save(pathText(profile.keyFile())); !saved)
            return fail(saved.error());
        transaction.commit();
        unlocked->slot = *file->passwordSlot(QString::fromStdString(account->userName));
        keyFile = std::move(*file);
        return std::move(*unlocked);
    });
}

Result<void> checkAdmission(const Profile& profile, CommandScope& scope, const Account& account,
                            const SlotInfo& slot, const KdfCost& cost)
{
    const auto standing = accountStanding(scope.connection, account.id);
    const bool isOutdated = standing && slot.verifierVersion < standing->slotFloor;
    if (account.active && !isOutdated)
        return {};
    AuditEvent refused{AuditAction::Refused, AuditCategory::Authentication};
    refused.outcome = AuditOutcome::MinorFailure;
    refused.detail =
        account.active ? "sign-in with a password that was replaced" : "sign-in to a disabled account";
    if (auto written = auditOnly(scope, refused); !written)
        return written;
    // The last one that opens the database stays; it is refused.
    static_cast<void>(dropSlot(scope.connection, profile, account.id, cost));
    return fail(ErrorCode::Forbidden,
                account.active ? "the password was replaced" : "the account is disabled");
}

} // namespace yarrow
