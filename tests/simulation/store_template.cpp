// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/store_template.h"

#include "models/store/db/migrations.h"
#include "models/store/profile.h"
#include "tests/simulation/model_server.h"

#include <QTemporaryDir>

#include <fstream>
#include <sstream>

namespace yarrow::simulation {
namespace {

constexpr const char* kDay = "2026-03-01T08:00:00.000Z";

std::string textOfFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::filesystem::path logOf(std::filesystem::path database)
{
    return database += "-wal";
}

StoreFiles migratedStore()
{
    const QTemporaryDir folder;
    const Profile profile{std::filesystem::path(folder.path().toStdString())};
    const FixedClock clock(*parseInstant(kDay));
    auto connection = Connection::open(profile.database(), storeKey(), Connection::Mode::Create);
    YARROW_ASSERT(connection.has_value());
    (*connection)->exec("PRAGMA synchronous = OFF");
    YARROW_ASSERT(migrate(**connection, storeKey(), profile, clock).has_value());
    connection->reset();
    return StoreFiles::read(profile.database());
}

} // namespace

StoreFiles StoreFiles::read(const std::filesystem::path& database)
{
    return {textOfFile(database), textOfFile(logOf(database))};
}

void StoreFiles::write(const std::filesystem::path& path) const
{
    std::error_code missing;
    for (const char* suffix : {"-wal", "-shm"}) {
        std::filesystem::path file = path;
        std::filesystem::remove(file += suffix, missing);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << database;
    if (!log.empty())
        std::ofstream(logOf(path), std::ios::binary | std::ios::trunc) << log;
}

const SecretBytes& storeKey()
{
    static const SecretBytes key = []() {
        constexpr std::size_t kBytes = 32;
        SecretBytes bytes(kBytes);
        for (std::size_t i = 0; i < kBytes; ++i)
            bytes.span()[i] = static_cast<std::uint8_t>(i);
        return bytes;
    }();
    return key;
}

StoreFiles newStore(const std::vector<Person>& people, const std::string& device, ServerLink::Kind kind)
{
    static const StoreFiles migrated = migratedStore();
    const QTemporaryDir folder;
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "clinic.db";
    migrated.write(path);
    {
        auto connection = Connection::open(path, storeKey(), Connection::Mode::Write);
        YARROW_ASSERT(connection.has_value());
        (*connection)->exec("PRAGMA synchronous = OFF");
        Transaction transaction(**connection);
        const crypto::Digest digestKey{};
        Query(**connection, "INSERT INTO clinic (pk, database_id, name, zone, device_id, incarnation, "
                            "digest_key, created_at) VALUES (1, ?, 'Lindenhof', 'Europe/Rome', ?, ?, ?, ?)")
            .bind("database-" + device, device, firstIncarnationOf(device),
                  std::span<const std::uint8_t>(digestKey), kDay)
            .run();
        for (const Person& person : people) {
            Query(**connection, "INSERT INTO account (id, user_name, display_name, role, active, created_at) "
                                "VALUES (?, ?, ?, ?, 1, ?)")
                .bind(person.account, person.userName, person.userName, person.role, kDay)
                .run();
        }
        ServerLink link;
        link.kind = kind;
        link.url = ModelServer::kAddress;
        link.clientId = "00000000-0000-4000-8000-0000000000aa." + device;
        link.account = people.front().account;
        link.enrolledAt = kDay;
        writeServerLink(**connection, link);
        transaction.commit();
    }
    return StoreFiles::read(path);
}

std::string firstIncarnationOf(const std::string& device)
{
    return "incarnation-" + device;
}

ClinicIdentity identityOf(Connection& connection)
{
    Query query(connection, "SELECT database_id, name, zone, device_id, incarnation, digest_key FROM clinic");
    ClinicIdentity identity;
    YARROW_ASSERT(query.step());
    identity.databaseId = query.string(0);
    identity.name = query.string(1);
    identity.zone = query.string(2);
    identity.device = query.string(3);
    identity.incarnation = query.string(4);
    const std::string_view key = query.blob(5);
    std::copy(key.begin(), key.end(), identity.digestKey.begin());
    return identity;
}

} // namespace yarrow::simulation
