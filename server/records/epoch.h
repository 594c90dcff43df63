// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/db/connection.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server::records {

/// A clinic's place in its history, read under its lock or in a snapshot.
struct ClinicHead
{
    std::int64_t seq = 0;         ///< of the newest version
    std::int64_t lastUpdated = 0; ///< of the newest version, microseconds since 1970
    std::int64_t floorSeq = 0;    ///< the feed is whole behind this one
    std::int64_t floorTime = 0;   ///< lastUpdated of floorSeq
    std::string epoch;
};

/// Locks the clinic until the transaction ends. The first statement of a transaction that writes, alone: what
/// later statements read is then what the writer before has committed. Throws when there is no such clinic.
[[nodiscard]] ClinicHead lockClinic(db::Transaction& work);
[[nodiscard]] ClinicHead readClinic(db::Transaction& work);

/// Makes the clinic's counters and its first epoch. Part of making a tenant.
void makeClinic(db::Transaction& work);

/// Begins another epoch under the clinic's lock, because the database was restored, and returns its tag.
/// Medical record numbers go on far behind those that may have been leased since the backup.
std::string beginEpoch(db::Transaction& work, const ClinicHead& head);

/// The same because `caller` knows of newer versions than there are. Nothing when it is no device, or when a
/// device has said so within the last hour: nobody makes the clinic begin epoch after epoch.
std::optional<std::string> beginEpochFor(db::Transaction& work, const ClinicHead& head,
                                         const Principal& caller);

struct VersionId
{
    std::string epoch;
    std::int64_t seq = 0;
};
[[nodiscard]] std::optional<VersionId> parseVersionId(std::string_view text);
[[nodiscard]] std::string versionIdOf(std::string_view epoch, std::int64_t seq);

/// Compares the PostgreSQL that this database lives in with the one it lived in before. Another system
/// identifier or timeline means that it was restored from a backup (or that a standby took over, which may
/// have missed commits): every clinic gets a new epoch. To be called before serving and on every new
/// connection, since PostgreSQL may be replaced under a running server; several threads and processes may do
/// so at once. Returns how many clinics got one. Throws pqxx::broken_connection on a standby, which can only
/// be read. `whenRestored` is called before that is committed, and so before anybody else takes the database
/// for checked.
int checkDatabaseIdentity(db::Connection& connection,
                          const std::function<void(db::Transaction&)>& whenRestored);

} // namespace yarrow::server::records
