// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/id.h"
#include "core/secret_bytes.h"
#include "models/store/commands/account_commands.h"
#include "models/store/commands/appointment_commands.h"
#include "models/store/commands/audit_commands.h"
#include "models/store/commands/command_scope.h"
#include "models/store/commands/conflict_commands.h"
#include "models/store/commands/directory_commands.h"
#include "models/store/commands/draft_commands.h"
#include "models/store/commands/enrolment_commands.h"
#include "models/store/commands/erasure_commands.h"
#include "models/store/commands/exchange_commands.h"
#include "models/store/commands/family_commands.h"
#include "models/store/commands/merge_commands.h"
#include "models/store/commands/patient_commands.h"
#include "models/store/commands/resource_commands.h"
#include "models/store/commands/series_commands.h"
#include "models/store/keys/device_secret_store.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/profile.h"
#include "models/store/profile_lock.h"
#include "models/store/transfer/edit_exporter.h"
#include "models/store/transfer/exporter.h"
#include "models/store/transfer/importer.h"

#include <QTimeZone>

#include <memory>

namespace yarrow {

struct KeyFileChange;

/// What the store needs of the world around it. Outlives everything made with it.
struct StoreEnvironment
{
    const Clock& clock;
    IdSource& ids;
    DeviceSecretStore* secrets = nullptr; ///< the OS key store; nullptr where there is none
    KdfCost kdfCost{};                    ///< of new password slots
};

/// A clinic's database, opened by somebody who signed in. Everything done with it is done as that person:
/// checked against the role table and audited. Belongs to the thread that uses it (opening may happen on
/// another).
class Clinic
{
public:
    struct NewClinic
    {
        QString name;
        QTimeZone zone;
        QString userName; ///< of the first administrator
        QString displayName;
        QString password;
    };
    struct Created
    {
        RecoveryCode recoveryCode; ///< shown once, stored nowhere
        bool usesKeyStore = false; ///< whether the key store's secret stands behind the password
    };
    /// Makes the profile folder, the database and the key file, which is written last. AlreadyExists when the
    /// profile has a clinic; InvalidArgument for an empty name, a bad user name or zone; WeakPassword.
    [[nodiscard]] static Result<Created> create(const Profile& profile, const NewClinic& clinic,
                                                const StoreEnvironment& environment);

    /// Signs in: throttled after failures, audited, failures included. Also brings an older database up to
    /// date, and a key rotation that was cut off to its end. NotFound when there is no clinic in the profile.
    [[nodiscard]] static Result<std::unique_ptr<Clinic>> open(const Profile& profile, const QString& userName,
                                                              const QString& password,
                                                              const StoreEnvironment& environment);

    /// Gives a user who exists a new password with the recovery code, also on another machine.
    [[nodiscard]] static Result<void> recover(const Profile& profile, const RecoveryCode& code,
                                              const QString& userName, const QString& newPassword,
                                              const StoreEnvironment& environment);

    /// A new database key: the database is copied, the copy re-keyed, verified and put in place of the old
    /// one by a rename; the key file holds both keys until that is done. So at every instant one complete
    /// database opens. Nobody else may have the clinic open (DatabaseBusy).
    [[nodiscard]] static Result<void> rotateKey(const Profile& profile, const QString& userName,
                                                const QString& password, const StoreEnvironment& environment);

    /// Who has a key slot in the profile, in the order they were added; needs no password. `cost` as in the
    /// environment.
    [[nodiscard]] static Result<QStringList> userNames(const Profile& profile, const KdfCost& cost = {});

    /// An account and its key slot.
    [[nodiscard]] Result<Account> addUser(const QString& userName, const QString& displayName, Role role,
                                          const QString& password);

    /// For administrators: another person's new password, here at once and everywhere after the next
    /// exchanges. NotFound; WeakPassword; InvalidArgument for one's own.
    [[nodiscard]] Result<void> setPassword(const QString& userName, const QString& password);
    /// Makes the own key slot at this workstation anew; what the server and other workstations know of the
    /// password stays, since only an administrator sets it there. `present` counts as a sign-in: Throttled,
    /// WrongPassword. WeakPassword; InvalidArgument for the same one again; Forbidden when an administrator
    /// replaced it meanwhile; Unsupported where everybody signs in by the clinic's password, which would open
    /// as before. Takes a second: the key is derived twice.
    [[nodiscard]] Result<void> changeOwnPassword(const QString& present, const QString& fresh);
    /// For administrators: lets somebody of the clinic sign in at this workstation too, who proves it with
    /// the password that the server knows. NotFound, also when it knows none; WrongPassword.
    [[nodiscard]] Result<void> admit(const QString& userName, const QString& password);
    /// For administrators: whether everybody of the clinic may sign in here without being let in first. The
    /// operating system's key store alone opens the database then. KeyStoreUnavailable.
    [[nodiscard]] Result<void> setDeviceSlot(bool wanted);

    [[nodiscard]] const ClinicIdentity& identity() const noexcept { return m_scope.clinic; }
    [[nodiscard]] QTimeZone zone() const { return QTimeZone(QByteArray::fromStdString(m_scope.clinic.zone)); }
    [[nodiscard]] const Actor& actor() const noexcept { return m_scope.actor; }
    [[nodiscard]] const Clock& clock() const noexcept { return m_scope.clock; }
    [[nodiscard]] const Profile& profile() const noexcept { return m_profile; }

    [[nodiscard]] PatientCommands patients() { return PatientCommands(m_scope); }
    [[nodiscard]] MergeCommands merges() { return MergeCommands(m_scope); }
    [[nodiscard]] FamilyCommands families() { return FamilyCommands(m_scope); }
    [[nodiscard]] AppointmentCommands appointments() { return AppointmentCommands(m_scope); }
    [[nodiscard]] SeriesCommands series() { return SeriesCommands(m_scope); }
    [[nodiscard]] ResourceCommands resources() { return ResourceCommands(m_scope); }
    [[nodiscard]] AccountCommands accounts()
    {
        return AccountCommands(m_scope, m_profile, m_environment.kdfCost);
    }
    [[nodiscard]] AuditCommands audit() { return AuditCommands(m_scope); }
    [[nodiscard]] DirectoryCommands directory() { return DirectoryCommands(m_scope); }
    [[nodiscard]] DraftCommands drafts() { return DraftCommands(m_scope); }
    [[nodiscard]] ConflictCommands conflicts() { return ConflictCommands(m_scope); }
    [[nodiscard]] ExchangeCommands exchange() { return ExchangeCommands(m_scope); }
    [[nodiscard]] EnrolmentCommands enrolment() { return EnrolmentCommands(m_scope); }
    [[nodiscard]] ErasureCommands erasures() { return ErasureCommands(m_scope); }
    [[nodiscard]] Importer importer() { return Importer(m_scope); }
    [[nodiscard]] Exporter exporter() { return Exporter(m_scope); }
    [[nodiscard]] EditExporter editExporter()
    {
        return {m_scope, {m_profile, m_environment.kdfCost, m_keys}};
    }

    /// Reads every page and checks seals, structure and references; see Connection::checkIntegrity().
    [[nodiscard]] Result<void> checkIntegrity() { return m_connection->checkIntegrity(); }

    /// Records with an edit that no server has acknowledged.
    [[nodiscard]] Result<std::int64_t> unsentRecords();

    /// See Projection::verifyAll().
    [[nodiscard]] Result<void> verifyProjections() { return Projection::verifyAll(*m_connection); }

    /// Of what the database was written with.
    struct Versions
    {
        int schema = 0;
        std::string cipher; ///< SQLCipher
        std::string sqlite; ///< inside SQLCipher
    };
    [[nodiscard]] Result<Versions> versions();

    /// Another connection that cannot write, for lists on the screen, on a thread of its own choice.
    [[nodiscard]] Result<std::unique_ptr<Connection>> openReadConnection() const;
    /// Another connection that writes, for the exchange with the server, on a thread of its own choice. It is
    /// closed before the clinic.
    [[nodiscard]] Result<std::unique_ptr<Connection>> openSyncConnection() const;

private:
    static Result<std::unique_ptr<Clinic>> openUnlocked(const Profile& profile, ProfileLock held,
                                                        KeySlotFile keyFile, UnlockedKeys unlocked,
                                                        const StoreEnvironment& environment,
                                                        int failuresBefore);
    Clinic(Profile profile, ProfileLock lock, const StoreEnvironment& environment, KeySlotFile keyFile,
           DataKeys keys, std::unique_ptr<Connection> connection, CommandScope scope);
    /// What the server is to be told of a new password; empty: there is no server of ours.
    [[nodiscard]] Result<std::string> verifierToTell(const QString& password);
    /// In place of the one the person may have, together with what the database is to know of it.
    [[nodiscard]] Result<void> writeSlot(const Account& account, const QString& password,
                                         std::int64_t version, const KeyFileChange& what);

    Profile m_profile;
    ProfileLock m_lock;
    StoreEnvironment m_environment;
    KeySlotFile m_keyFile;
    DataKeys m_keys;
    std::unique_ptr<Connection> m_connection;
    CommandScope m_scope;
};

} // namespace yarrow
