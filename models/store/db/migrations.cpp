// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/migrations.h"

#include "models/store/tunables.h"

#include <QDirIterator>
#include <QFile>

#include <algorithm>

static void initMigrationResources()
{
    Q_INIT_RESOURCE(yarrow_migrations);
}

namespace yarrow {

namespace {

std::vector<Migration> readMigrations()
{
    initMigrationResources();
    std::vector<Migration> found;
    QDirIterator files(QStringLiteral(":/yarrow/migrations"), {QStringLiteral("*.sql")});
    while (files.hasNext()) {
        QFile file(files.next());
        const bool opened = file.open(QIODevice::ReadOnly);
        YARROW_ASSERT(opened);
        found.push_back({files.fileName().left(4).toInt(), file.readAll().toStdString()});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    for (std::size_t i = 1; i < found.size(); ++i)
        YARROW_ASSERT(found[i - 1].number < found[i].number);
    return found;
}

int schemaVersion(Connection& connection)
{
    return connection.db().execAndGet("PRAGMA user_version").getInt();
}

/// Removes the oldest backups of the same kind. A backup that cannot be removed is no reason to stop.
void pruneBackups(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().filename().string().starts_with("before-migration-") &&
            entry.path().extension() == ".db")
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    const auto kept = static_cast<std::size_t>(tunables::kKeptMigrationBackups);
    for (std::size_t i = 0; i + kept < found.size(); ++i) {
        std::filesystem::remove(found[i], error);
        std::filesystem::remove(found[i].replace_extension(".keys.json"), error);
    }
}

/// The database and the key file that opens it, side by side.
Result<void> backUp(Connection& connection, const SecretBytes& key, const Profile& profile,
                    const std::string& version, const Clock& clock)
{
    std::error_code error;
    std::filesystem::create_directories(profile.backups(), error);
    if (error)
        return fail(ErrorCode::Io, "backups: " + error.message());
    std::string stamp = formatInstant(clock.now());
    std::replace(stamp.begin(), stamp.end(), ':', '-');
    std::string name = "before-migration-" + stamp + "-" + version;
    while (std::filesystem::exists(profile.backups() / (name + ".db"), error))
        name += "x"; // an attempt of the same moment that went no further
    if (std::filesystem::exists(profile.keyFile(), error)) {
        std::filesystem::copy_file(profile.keyFile(), profile.backups() / (name + ".keys.json"),
                                   std::filesystem::copy_options::overwrite_existing, error);
        if (error)
            return fail(ErrorCode::Io, "backups: " + error.message());
    }
    return copyDatabase(connection, key, profile.backups() / (name + ".db"));
}

} // namespace

const std::vector<Migration>& migrations()
{
    static const std::vector<Migration> all = readMigrations();
    return all;
}

Result<void> copyDatabase(Connection& connection, const SecretBytes& key, const std::filesystem::path& target)
{
    auto copy = Connection::open(target, key, Connection::Mode::Create);
    if (!copy)
        return fail(copy.error());
    const auto copied = guarded([&]() -> Result<void> {
        (*copy)->exec("PRAGMA journal_mode = DELETE"); // one file, complete in itself
        sqlite3_backup* backup = sqlite3_backup_init((*copy)->handle(), "main", connection.handle(), "main");
        if (!backup)
            return fail(toError(sqlite3_extended_errcode((*copy)->handle())));
        const int stepped = sqlite3_backup_step(backup, -1);
        const int finished = sqlite3_backup_finish(backup);
        if (stepped != SQLITE_DONE)
            return fail(toError(stepped));
        if (finished != SQLITE_OK)
            return fail(toError(finished));
        return {};
    });
    const auto verified = copied ? (*copy)->checkIntegrity() : copied;
    copy->reset();
    if (!verified) {
        std::error_code ignored;
        std::filesystem::remove(target, ignored);
    }
    return verified;
}

Result<void> migrate(Connection& connection, const SecretBytes& key, const Profile& profile,
                     const Clock& clock, const std::vector<Migration>& steps)
{
    return guarded([&]() -> Result<void> {
        const int found = schemaVersion(connection);
        const int known = steps.empty() ? 0 : steps.back().number;
        if (found > known)
            return fail(ErrorCode::DatabaseNewer,
                        "found " + std::to_string(found) + ", known " + std::to_string(known));
        if (found == known)
            return {};
        if (found > 0) {
            if (auto saved = backUp(connection, key, profile, "v" + std::to_string(found), clock); !saved)
                return saved;
            pruneBackups(profile.backups());
        }
        for (const Migration& step : steps) {
            if (step.number <= found)
                continue;
            Transaction transaction(connection);
            if (schemaVersion(connection) >= step.number)
                continue; // another process was faster
            connection.exec(step.sql.c_str());
            connection.exec(("PRAGMA user_version = " + std::to_string(step.number)).c_str());
            transaction.commit();
        }
        return {};
    });
}

} // namespace yarrow
