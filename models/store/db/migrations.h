// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "models/store/db/connection.h"
#include "models/store/profile.h"

#include <filesystem>
#include <string>
#include <vector>

namespace yarrow {

/// A step from schema version `number - 1` to `number`.
struct Migration
{
    int number;
    std::string sql;
};

/// Those of this build, in order, from resources/migrations.
[[nodiscard]] const std::vector<Migration>& migrations();

/// Brings the database up to the last migration, each step atomic with its `user_version`. Before the first
/// step on a database that holds data, an encrypted copy of it is put into the profile's backups, with the
/// key file beside it, and verified by opening it; without it nothing is migrated. DatabaseNewer when the
/// file was written by a newer Yarrow; it is left untouched.
[[nodiscard]] Result<void> migrate(Connection& connection, const SecretBytes& key, const Profile& profile,
                                   const Clock& clock, const std::vector<Migration>& steps = migrations());

/// Copies the database, under the same key, to a new file and verifies the copy. AlreadyExists when `target`
/// does.
[[nodiscard]] Result<void> copyDatabase(Connection& connection, const SecretBytes& key,
                                        const std::filesystem::path& target);

} // namespace yarrow
