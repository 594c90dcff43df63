// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/clinic_parts.h"

#include "models/store/db/migrations.h"
#include "models/store/key_file_change.h"
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

Result<void> dropSlot(Connection& connection, const Clock& clock, const Profile& profile,
                      const AccountId& account, const KdfCost& cost)
{
    return guarded([&]() -> Result<void> {
        Transaction transaction(connection);
        const auto changed = changedKeyFile(connection, clock, profile, cost, [&](KeySlotFile& keyFile) {
            return keyFile.removePasswordSlot(account);
        });
        if (!changed)
            return fail(changed.error());
        transaction.commit();
        return {};
    });
}

/// Carries a server's order to wipe out to its end, if there is one that was cut off. Whether there was.
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

} // namespace

Result<ClosedClinic> findClinic(const Profile& profile, ProfileLock::Kind kind,
                                const StoreEnvironment& environment)
{
    if (auto resumed = resumeWipe(profile, environment.secrets, environment.kdfCost); !resumed)
        return fail(resumed.error());
    if (!profile.hasClinic())
        return fail(ErrorCode::NotFound, "no clinic in this profile");
    auto lock = ProfileLock::acquire(profile, kind);
    if (!lock)
        return fail(lock.error());
    auto keyFile = KeySlotFile::load(pathText(profile.keyFile()), environment.kdfCost);
    if (!keyFile)
        return fail(keyFile.error());
    return ClosedClinic{std::move(*lock), std::move(*keyFile)};
}

Result<OpenedDatabase> openDatabase(const Profile& profile, const SecretBytes& key,
                                    const StoreEnvironment& environment)
{
    auto connection = Connection::open(profile.database(), key, Connection::Mode::Write);
    if (!connection)
        return fail(connection.error());
    if (auto migrated = migrate(**connection, key, profile, environment.clock); !migrated)
        return fail(migrated.error());
    const auto wiped = finishWipe(**connection, profile, environment);
    if (!wiped)
        return fail(wiped.error());
    return OpenedDatabase{std::move(*connection), *wiped};
}

Result<KeySlotFile> changedKeyFile(Connection& connection, const Clock& clock, const Profile& profile,
                                   const KdfCost& cost,
                                   const std::function<Result<void>(KeySlotFile&)>& change)
{
    settleKeyFileChange(connection, clock, profile);
    auto keyFile = KeySlotFile::load(pathText(profile.keyFile()), cost);
    if (!keyFile)
        return keyFile;
    if (auto changed = change(*keyFile); !changed)
        return fail(changed.error());
    if (auto saved = keyFile->save(pathText(profile.keyFile())); !saved)
        return fail(saved.error());
    return keyFile;
}

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

Result<DeviceOpening> openByDeviceSlot(const Profile& profile, const KeySlotFile& keyFile,
                                       const StoreEnvironment& environment)
{
    if (!keyFile.hasSlot(SlotKind::Device))
        return fail(ErrorCode::NotFound, "device slot");
    if (keyFile.isRotating())
        return fail(ErrorCode::DatabaseBusy, "the key is being rotated");
    if (!environment.secrets)
        return fail(ErrorCode::KeyStoreUnavailable);
    auto secret = environment.secrets->read(deviceSecretName(keyFile.databaseId()));
    if (!secret)
        return fail(ErrorCode::KeyStoreUnavailable, secret.error().context);
    auto unlocked = keyFile.unlockWithDeviceSecret(*secret);
    if (!unlocked)
        return fail(unlocked.error());
    auto connection = Connection::open(profile.database(), unlocked->keys.current, Connection::Mode::Write);
    if (!connection)
        return fail(connection.error());
    const auto schema = guarded(
        [&]() -> Result<int> { return (*connection)->db().execAndGet("PRAGMA user_version").getInt(); });
    if (!schema)
        return fail(schema.error());
    const int known = migrations().back().number;
    if (*schema > known)
        return fail(ErrorCode::DatabaseNewer,
                    "found " + std::to_string(*schema) + ", known " + std::to_string(known));
    if (*schema < known)
        return fail(ErrorCode::Unsupported, "the database is older than this program");
    return DeviceOpening{std::move(*unlocked), std::move(*secret), std::move(*connection)};
}

Result<UnlockedKeys> unlockByVerifier(const Profile& profile, KeySlotFile& keyFile, const QString& userName,
                                      const QString& password, const StoreEnvironment& environment)
{
    const auto refused = [] { return fail(ErrorCode::WrongPassword); };
    auto opened = openByDeviceSlot(profile, keyFile, environment);
    if (!opened)
        return refused();
    Connection& connection = *opened->connection;
    UnlockedKeys& unlocked = opened->unlocked;
    return guarded([&]() -> Result<UnlockedKeys> {
        const auto account = provenAccount(connection, userName, password);
        if (!account)
            return refused();
        const auto standing = accountStanding(connection, account->id);
        const KeySlotFile::PasswordOwner owner{account->id, QString::fromStdString(account->userName),
                                               standing ? standing->slotFloor : 0};
        Transaction transaction(connection);
        auto file = changedKeyFile(
            connection, environment.clock, profile, environment.kdfCost, [&](KeySlotFile& changing) {
                auto removed = removeSlotsOf(changing, *account);
                return removed ? changing.addPasswordSlot(unlocked.keys, owner, password, &opened->secret)
                               : removed;
            });
        if (!file)
            return fail(file.error());
        transaction.commit();
        unlocked.slot = *file->passwordSlot(QString::fromStdString(account->userName));
        keyFile = std::move(*file);
        return std::move(unlocked);
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
    static_cast<void>(dropSlot(scope.connection, scope.clock, profile, account.id, cost));
    return fail(ErrorCode::Forbidden,
                account.active ? "the password was replaced" : "the account is disabled");
}

} // namespace yarrow
