// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"
#include "server/problem.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::db {

/// One numbered step of the schema, from server/migrations/NNNN_name.sql.
struct Migration
{
    int version = 0;
    std::string name; ///< "foundation"
    std::string_view sql;
    std::string sha256; ///< of `sql`, hexadecimal
};

/// Those this program carries, ascending.
[[nodiscard]] const std::vector<Migration>& knownMigrations();
[[nodiscard]] int newestKnownVersion();

/// A row of schema_migration.
struct AppliedMigration
{
    int version = 0;
    std::string name;
    std::string sha256;

    friend bool operator==(const AppliedMigration&, const AppliedMigration&) = default;
};

/// What is still to be run on a database that has `applied` (ascending). Refused: `schema-newer` when the
/// database has steps this program does not know, `migration-changed` when a step that has run is not the one
/// this program carries, `migration-missing` when one before the newest has not run.
[[nodiscard]] Result<std::vector<Migration>> pendingMigrations(const std::vector<Migration>& known,
                                                               const std::vector<AppliedMigration>& applied);

struct MigrateOptions
{
    bool createRole = false; ///< make the role the server connects as, when it does not exist
    std::function<void(const Migration&)> onApplied = {};
};

/// Brings the schema up to date over a connection of the schema's owner: each step in a transaction of its
/// own together with its row in schema_migration. Two runs at once wait for each other. The number of steps
/// run. Refused: as above, and `role-missing`. Throws what libpqxx throws; a step that fails has changed
/// nothing.
[[nodiscard]] Result<int> migrate(const std::string& ownerUri, const MigrateOptions& options);

/// The newest step the database has; nullopt when it was never migrated.
[[nodiscard]] std::optional<int> appliedVersion(Connection& connection);

/// Whether this program can serve a database at `applied`: the same version, or one step ahead (a rolling
/// update expands the schema while the servers before it still run). Refused: `schema-older`, `schema-newer`.
[[nodiscard]] Result<void> checkServable(std::optional<int> applied);

/// Whether row-level security binds the role of this connection: no superuser, no BYPASSRLS, and not the
/// owner of the schema nor a member of that role. Refused: `role-too-strong`.
[[nodiscard]] Result<void> checkRole(Connection& connection);

/// The role the server connects as; migrations grant to it.
inline constexpr std::string_view kServerRole = "yarrow_app";

} // namespace yarrow::server::db
