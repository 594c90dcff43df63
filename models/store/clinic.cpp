// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/clinic.h"

#include "models/store/audit/incarnation.h"
#include "models/store/clinic_parts.h"
#include "models/store/commands/settlement_tickets.h"
#include "models/store/db/migrations.h"
#include "models/store/key_file_change.h"
#include "models/store/key_rotation.h"
#include "models/store/keys/password_rules.h"
#include "models/store/keys/sign_in_throttle.h"
#include "models/store/records/record_erasure.h"
#include "models/store/records/workstation_wipe.h"
#include "models/store/tunables.h"

namespace yarrow {

namespace {

constexpr std::size_t kDataKeyBytes = 32;

Result<void> checkNewClinic(const Clinic::NewClinic& clinic)
{
    if (clinic.name.trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument, "clinic name: missing");
    if (!clinic.zone.isValid())
        return fail(ErrorCode::InvalidArgument, "time zone: unknown");
    if (auto valid = checkUserName(clinic.userName.toStdString()); !valid)
        return valid;
    return checkPassword(clinic.password, {clinic.userName, clinic.name});
}

/// Fills a new database: schema, the clinic itself and its first account.
Result<void> fillDatabase(Connection& connection, const SecretBytes& key, const Profile& profile,
                          const Clinic::NewClinic& clinic, const std::string& databaseId,
                          const AccountId& admin, const StoreEnvironment& environment)
{
    if (auto migrated = migrate(connection, key, profile, environment.clock); !migrated)
        return migrated;
    return guarded([&] {
        ClinicIdentity identity;
        identity.databaseId = databaseId;
        identity.name = clinic.name.trimmed().toStdString();
        identity.zone = clinic.zone.id().toStdString();
        identity.device = environment.ids.next();
        identity.incarnation = environment.ids.next();
        crypto::fillRandom(identity.digestKey);
        const Account account{admin, clinic.userName.toStdString(), clinic.displayName.toStdString(),
                              Role::Admin, true};
        CommandScope scope{connection, environment.clock, environment.ids, identity,
                           Actor{account.id, account.userName, account.role, identity.device}};
        UnitOfWork work(scope);
        Query(connection, "INSERT INTO clinic (pk, database_id, name, zone, device_id, incarnation, "
                          "digest_key, created_at) "
                          "VALUES (1, ?, ?, ?, ?, ?, ?, ?)")
            .bind(identity.databaseId, identity.name, identity.zone, identity.device, identity.incarnation,
                  std::span<const std::uint8_t>(identity.digestKey), formatInstant(environment.clock.now()))
            .run();
        insertAccount(scope, work.records(), account);
        work.commit();
    });
}

/// A database without its key file cannot be opened by anyone, but it is not ours to destroy.
Result<void> moveAsideOrphan(const Profile& profile, const Clock& clock)
{
    std::error_code error;
    if (!std::filesystem::exists(profile.database(), error))
        return {};
    std::string stamp = formatInstant(clock.now());
    std::replace(stamp.begin(), stamp.end(), ':', '-');
    std::filesystem::path aside = profile.database();
    aside += ".without-keys-" + stamp;
    std::filesystem::rename(profile.database(), aside, error);
    if (error)
        return fail(ErrorCode::Io, "clinic.db: " + error.message());
    for (const char* suffix : {"-wal", "-shm"}) {
        std::filesystem::path part = profile.database();
        std::filesystem::path partAside = aside;
        std::filesystem::rename(part += suffix, partAside += suffix, error); // may not be there
    }
    return {};
}

Result<void> auditSignIn(CommandScope& scope, int failuresBefore)
{
    return guarded([&] {
        UnitOfWork work(scope);
        dropTicketsBefore(scope.connection, scope.clock.now() - tunables::kSettlementUndo);
        if (failuresBefore > 0) {
            AuditEvent failed{AuditAction::SignInFailed, AuditCategory::Authentication};
            failed.outcome = AuditOutcome::MinorFailure;
            failed.detail = std::to_string(failuresBefore) + " since the last sign-in";
            work.records().audit(failed);
        }
        work.records().audit({AuditAction::SignIn, AuditCategory::Authentication});
        work.commit();
    });
}

} // namespace

Clinic::Clinic(Profile profile, ProfileLock lock, const StoreEnvironment& environment, KeySlotFile keyFile,
               DataKeys keys, std::unique_ptr<Connection> connection, CommandScope scope)
    : m_profile(std::move(profile))
    , m_lock(std::move(lock))
    , m_environment(environment)
    , m_keyFile(std::move(keyFile))
    , m_keys(std::move(keys))
    , m_connection(std::move(connection))
    , m_scope(std::move(scope))
{}

Result<Clinic::Created> Clinic::create(const Profile& profile, const NewClinic& clinic,
                                       const StoreEnvironment& environment)
{
    if (auto valid = checkNewClinic(clinic); !valid)
        return fail(valid.error());
    std::error_code error;
    std::filesystem::create_directories(profile.folder(), error);
    if (error)
        return fail(ErrorCode::Io, profile.folder().filename().string() + ": " + error.message());
    std::filesystem::permissions(profile.folder(), std::filesystem::perms::owner_all, error);
    auto lock = ProfileLock::acquire(profile, ProfileLock::Kind::Alone);
    if (!lock)
        return fail(lock.error());
    // What an older wipe left undone goes before anything new is there: its mark would take that away.
    if (auto resumed = resumeWipe(profile, environment.secrets, environment.kdfCost); !resumed)
        return fail(resumed.error());
    if (profile.hasClinic())
        return fail(ErrorCode::AlreadyExists, "a clinic in this profile");
    std::filesystem::remove(profile.wipeFile(),
                            error); // what stays in the key store without it opens nothing
    if (error)
        return fail(ErrorCode::Io, "wipe: " + error.message());
    if (auto moved = moveAsideOrphan(profile, environment.clock); !moved)
        return fail(moved.error());

    const std::string databaseId = environment.ids.next();
    const auto admin = environment.ids.nextId<AccountTag>();
    DataKeys keys{crypto::randomSecret(kDataKeyBytes), std::nullopt};
    const auto secret = makeDeviceSecret(databaseId, environment.secrets);
    if (!secret)
        return fail(secret.error());
    auto keyFile = KeySlotFile::create(databaseId, environment.kdfCost);
    if (!keyFile)
        return fail(keyFile.error());
    if (auto added = keyFile->addPasswordSlot(keys, {admin, clinic.userName}, clinic.password,
                                              *secret ? &**secret : nullptr);
        !added)
        return fail(added.error());
    auto recovery = keyFile->setRecoverySlot(keys);
    if (!recovery)
        return fail(recovery.error());

    {
        auto connection = Connection::open(profile.database(), keys.current, Connection::Mode::Create);
        if (!connection)
            return fail(connection.error());
        if (auto filled =
                fillDatabase(**connection, keys.current, profile, clinic, databaseId, admin, environment);
            !filled)
            return fail(filled.error());
    }
    if (auto saved = keyFile->save(pathText(profile.keyFile())); !saved)
        return fail(saved.error());
    return Created{std::move(*recovery), secret->has_value()};
}

Result<std::unique_ptr<Clinic>> Clinic::open(const Profile& profile, const QString& userName,
                                             const QString& password, const StoreEnvironment& environment)
{
    auto found = findClinic(profile, ProfileLock::Kind::Shared, environment);
    if (!found)
        return fail(found.error());
    KeySlotFile& keyFile = found->keyFile;

    const auto slot = keyFile.passwordSlot(userName);
    SignInThrottle throttle(pathText(profile.throttleFile()), environment.clock);
    const auto attempt = throttle.begin(slot ? slot->userId : AccountId());
    if (!attempt)
        return fail(attempt.error());
    auto unlocked = keyFile.unlockWithPassword(userName, password,
                                               secretSource(keyFile.databaseId(), environment.secrets));
    bool isLetIn = false;
    if (!unlocked && unlocked.error().code == ErrorCode::WrongPassword) {
        unlocked = unlockByVerifier(profile, keyFile, userName, password, environment);
        isLetIn = unlocked.has_value();
    }
    if (!unlocked) {
        if (unlocked.error().code != ErrorCode::WrongPassword) {
            if (auto withdrawn = throttle.withdraw(*attempt); !withdrawn)
                return fail(withdrawn.error());
        }
        return fail(unlocked.error());
    }
    auto clinic = openUnlocked(profile, std::move(found->lock), std::move(keyFile), std::move(*unlocked),
                               environment, attempt->failuresBefore);
    if (clinic && isLetIn) {
        AuditEvent event{AuditAction::AccountAdded, AuditCategory::Administration};
        event.detail = (*clinic)->actor().account.text() + ", signs in here from now on, as everybody may";
        if (auto written = auditOnly((*clinic)->m_scope, event); !written)
            clinic = fail(written.error());
    }
    // The password was right: what stopped us was no failed attempt. The count is cleared once the audit has
    // it.
    if (!clinic) {
        if (auto withdrawn = throttle.withdraw(*attempt); !withdrawn)
            return fail(withdrawn.error());
        return clinic;
    }
    if (const auto cleared = throttle.succeed(*attempt); !cleared)
        return fail(cleared.error());
    return clinic;
}

Result<std::unique_ptr<Clinic>> Clinic::openUnlocked(const Profile& profile, ProfileLock held,
                                                     KeySlotFile keyFile, UnlockedKeys unlocked,
                                                     const StoreEnvironment& environment, int failuresBefore)
{
    std::optional<ProfileLock> lock(std::move(held));
    const bool wasRotating = keyFile.isRotating();
    if (wasRotating) {
        lock.reset(); // let go, to have it alone
        if (auto settled = settleRotation(profile, keyFile, unlocked.keys, environment.kdfCost); !settled)
            return fail(settled.error());
        auto shared = ProfileLock::acquire(profile, ProfileLock::Kind::Shared);
        if (!shared)
            return fail(shared.error());
        lock.emplace(std::move(*shared));
    }
    auto database = openDatabase(profile, unlocked.keys.current, environment);
    if (!database)
        return fail(database.error());
    if (database->wasWiped)
        return fail(ErrorCode::Forbidden, "the workstation was wiped");
    Connection& connection = *database->connection;
    if (auto rebuilt = Projection::rebuildIfDue(connection); !rebuilt)
        return fail(rebuilt.error());
    (void)rewriteIfDue(connection); // what an erasure left: busy or full, the next opening goes on

    return guarded([&]() -> Result<std::unique_ptr<Clinic>> {
        ClinicIdentity identity = readIdentity(connection);
        if (identity.databaseId != keyFile.databaseId())
            return fail(ErrorCode::KeyFileDamaged, "of another database");
        const auto account = findAccount(connection, unlocked.slot.userId);
        if (!account)
            return fail(ErrorCode::Forbidden, "the account is not known here");
        const Actor actor{account->id, account->userName, account->role, identity.device};
        incarnation::settleAtSignIn(connection, environment.clock, environment.ids, environment.secrets,
                                    identity, actor);
        CommandScope scope{connection, environment.clock, environment.ids, identity, actor};
        if (auto settled = settleKeyFileChangeAlone(connection, environment.clock, profile); !settled)
            return fail(settled.error());
        if (auto admitted = checkAdmission(profile, scope, *account, unlocked.slot, environment.kdfCost);
            !admitted)
            return fail(admitted.error());
        if (wasRotating) {
            AuditEvent settled{AuditAction::KeyRotated, AuditCategory::Administration};
            settled.detail = "settled after an interruption";
            if (auto written = auditOnly(scope, settled); !written)
                return fail(written.error());
        }
        if (auto written = auditSignIn(scope, failuresBefore); !written)
            return fail(written.error());
        return std::unique_ptr<Clinic>(new Clinic(profile, std::move(*lock), environment, std::move(keyFile),
                                                  std::move(unlocked.keys), std::move(database->connection),
                                                  std::move(scope)));
    });
}

Result<void> Clinic::rotateKey(const Profile& profile, const QString& userName, const QString& password,
                               const StoreEnvironment& environment)
{
    DataKeys keys;
    ClinicIdentity identity;
    Actor actor;
    {
        // Signing in checks everything, throttles and audits; then the clinic is closed again.
        auto clinic = open(profile, userName, password, environment);
        if (!clinic)
            return fail(clinic.error());
        if (auto allowed = require((*clinic)->m_scope, Operation::Update, Area::Administration, "key");
            !allowed)
            return allowed;
        identity = (*clinic)->identity();
        actor = (*clinic)->actor();
        keys = std::move((*clinic)->m_keys);
    }
    auto lock = ProfileLock::acquire(profile, ProfileLock::Kind::Alone);
    if (!lock)
        return fail(lock.error());
    auto keyFile = KeySlotFile::load(pathText(profile.keyFile()), environment.kdfCost);
    if (!keyFile)
        return fail(keyFile.error());
    const SecretBytes newKey = crypto::randomSecret(kDataKeyBytes);
    const auto rotated = rotateDataKey(profile, *keyFile, keys.current, newKey);
    auto connection =
        Connection::open(profile.database(), rotated ? newKey : keys.current, Connection::Mode::Write);
    if (!connection)
        return rotated ? Result<void>(fail(connection.error())) : rotated;
    CommandScope scope{**connection, environment.clock, environment.ids, identity, actor};
    AuditEvent event{AuditAction::KeyRotated, AuditCategory::Administration};
    event.outcome = rotated ? AuditOutcome::Success : AuditOutcome::SeriousFailure;
    const auto written = auditOnly(scope, event);
    return rotated ? written : rotated;
}

Result<std::int64_t> Clinic::unsentRecords()
{
    return guarded([&]() -> Result<std::int64_t> { return ClinicReader(*m_connection).unsentRecords(); });
}

Result<Clinic::Versions> Clinic::versions()
{
    return guarded([&]() -> Result<Versions> {
        SQLite::Database& db = m_connection->db();
        return Versions{db.execAndGet("PRAGMA user_version").getInt(),
                        db.execAndGet("PRAGMA cipher_version").getString(), sqlite3_libversion()};
    });
}

Result<std::unique_ptr<Connection>> Clinic::openReadConnection() const
{
    return Connection::open(m_profile.database(), m_keys.current, Connection::Mode::ReadOnly);
}

Result<std::unique_ptr<Connection>> Clinic::openSyncConnection() const
{
    auto connection = Connection::open(m_profile.database(), m_keys.current, Connection::Mode::Write);
    if (!connection)
        return connection;
    auto served = guarded([&] { (*connection)->serveExchange(); });
    if (!served)
        return fail(served.error());
    return connection;
}

} // namespace yarrow
