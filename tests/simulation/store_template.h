// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secret_bytes.h"
#include "models/store/records/record_store.h"
#include "models/store/sync/server_link.h"
#include "tests/simulation/world.h"

#include <filesystem>
#include <string>
#include <vector>

namespace yarrow::simulation {

/// A database file and its write-ahead log, as they lie on the disk.
struct StoreFiles
{
    std::string database;
    std::string log;

    [[nodiscard]] static StoreFiles read(const std::filesystem::path& database);
    void write(const std::filesystem::path& database) const;
};

/// The key of every store of the simulation.
[[nodiscard]] const SecretBytes& storeKey();

/// A new workstation's store with accounts for `people`, enrolled at the model server as `device`, or linked
/// to one that is not ours. The migrations run once per process.
[[nodiscard]] StoreFiles newStore(const std::vector<Person>& people, const std::string& device,
                                  ServerLink::Kind kind = ServerLink::Kind::Yarrow);

/// Of the audit chain of a newStore().
[[nodiscard]] std::string firstIncarnationOf(const std::string& device);

/// What the store says of its clinic.
[[nodiscard]] ClinicIdentity identityOf(Connection& connection);

} // namespace yarrow::simulation
