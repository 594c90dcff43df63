// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/db/migrations.h"

#include "server/embedded_files.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace yarrow::server::db {
namespace {

// Any number that nothing else in the database uses: two runs meet at this lock.
constexpr std::string_view kLockKey = "7237114600117";

std::string sha256Of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available");
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) {
        hex += kDigits[digest.at(i) >> 4U];
        hex += kDigits[digest.at(i) & 0x0FU];
    }
    return hex;
}

// "0001_foundation.sql"; nullopt for what is not a migration.
std::optional<Migration> migrationOf(const EmbeddedFile& file)
{
    constexpr std::string_view kSuffix = ".sql";
    std::string_view name = file.name;
    if (name.size() <= 5 + kSuffix.size() || name.substr(name.size() - kSuffix.size()) != kSuffix)
        return std::nullopt;
    name.remove_suffix(kSuffix.size());
    Migration migration;
    const auto [end, error] = std::from_chars(name.data(), name.data() + 4, migration.version);
    if (error != std::errc() || end != name.data() + 4 || name[4] != '_')
        return std::nullopt;
    migration.name = name.substr(5);
    migration.sql = file.text;
    migration.sha256 = sha256Of(file.text);
    return migration;
}

// The table is the runner's own, made before the first migration can name it.
void makeLedger(pqxx::nontransaction& work)
{
    if (!work.exec("SELECT to_regclass('schema_migration')")[0][0].is_null())
        return;
    work.exec("BEGIN;"
              "CREATE TABLE schema_migration ("
              "    version int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
              "    applied_at timestamptz NOT NULL DEFAULT clock_timestamp());"
              "ALTER TABLE schema_migration ENABLE ROW LEVEL SECURITY;"
              "ALTER TABLE schema_migration FORCE ROW LEVEL SECURITY;"
              "CREATE POLICY of_all ON schema_migration USING (true) WITH CHECK (true);"
              "GRANT SELECT ON schema_migration TO yarrow_app;"
              "COMMIT");
}

std::vector<AppliedMigration> appliedTo(pqxx::nontransaction& work)
{
    std::vector<AppliedMigration> applied;
    for (const auto& row : work.exec("SELECT version, name, sha256 FROM schema_migration ORDER BY version"))
        applied.push_back({row[0].as<int>(), row[1].as<std::string>(), row[2].as<std::string>()});
    return applied;
}

void apply(pqxx::nontransaction& work, const Migration& migration)
{
    try {
        work.exec("BEGIN");
        work.exec(std::string(migration.sql));
        work.exec("INSERT INTO schema_migration (version, name, sha256) VALUES (" +
                  std::to_string(migration.version) + ", " + work.quote(migration.name) + ", " +
                  work.quote(migration.sha256) + ")");
        work.exec("COMMIT");
    } catch (const pqxx::broken_connection&) {
        throw;
    } catch (...) {
        work.exec("ROLLBACK");
        throw;
    }
}

std::string stepName(int version, const std::string& name)
{
    std::string number = std::to_string(version);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    return number + "_" + name;
}

} // namespace

const std::vector<Migration>& knownMigrations()
{
    static const std::vector<Migration> known = [] {
        std::vector<Migration> migrations;
        for (const EmbeddedFile& file : embeddedFiles()) {
            if (auto migration = migrationOf(file))
                migrations.push_back(std::move(*migration));
        }
        return migrations;
    }();
    return known;
}

int newestKnownVersion()
{
    return knownMigrations().empty() ? 0 : knownMigrations().back().version;
}

Result<std::vector<Migration>> pendingMigrations(const std::vector<Migration>& known,
                                                 const std::vector<AppliedMigration>& applied)
{
    std::vector<Migration> pending;
    auto next = applied.begin();
    for (const Migration& migration : known) {
        if (next == applied.end() || next->version > migration.version) {
            pending.push_back(migration);
            continue;
        }
        if (next->version < migration.version)
            break; // a step this program has never had: told below
        if (next->sha256 != migration.sha256)
            return refuse(409, "migration-changed",
                          "Migration " + stepName(migration.version, migration.name) +
                              " has run on this database with another text than this program carries.");
        ++next;
    }
    if (next != applied.end())
        return refuse(409, "schema-newer",
                      "The database has migration " + stepName(next->version, next->name) +
                          ", which this program does not know: it needs a newer yarrow-server.");
    if (!pending.empty() && !applied.empty() && pending.front().version < applied.back().version)
        return refuse(409, "migration-missing",
                      "Migration " + stepName(pending.front().version, pending.front().name) +
                          " has not run on this database, but a later one has.");
    return pending;
}

Result<int> migrate(const std::string& ownerUri, const MigrateOptions& options)
{
    pqxx::connection connection(ownerUri);
    pqxx::nontransaction work(connection);
    // Held until the connection ends.
    work.exec("SET client_min_messages = warning; SELECT pg_advisory_lock(" + std::string(kLockKey) + ")");

    const std::string role(kServerRole);
    if (work.exec("SELECT 1 FROM pg_roles WHERE rolname = " + work.quote(role)).empty()) {
        if (!options.createRole)
            return refuse(409, "role-missing",
                          "The role " + role +
                              ", as which the server connects, does not exist. A superuser makes it with "
                              "\"CREATE ROLE " +
                              role +
                              " LOGIN\" (and a password, unless PostgreSQL knows it otherwise), or runs "
                              "yarrow-server migrate --create-role.");
        work.exec("CREATE ROLE " + role +
                  " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS");
    }

    makeLedger(work);
    const auto pending = pendingMigrations(knownMigrations(), appliedTo(work));
    if (!pending)
        return tl::unexpected(pending.error());
    for (const Migration& migration : *pending) {
        apply(work, migration);
        if (options.onApplied)
            options.onApplied(migration);
    }
    return static_cast<int>(pending->size());
}

std::optional<int> appliedVersion(Connection& connection)
{
    Transaction transaction(connection, TenantId(), Isolation::ReadCommitted, true);
    if (transaction.run("SELECT to_regclass('schema_migration')")[0][0].is_null())
        return std::nullopt;
    const pqxx::result newest = transaction.run("SELECT max(version) FROM schema_migration");
    if (newest[0][0].is_null())
        return std::nullopt;
    return newest[0][0].as<int>();
}

Result<void> checkServable(std::optional<int> applied)
{
    const int newest = newestKnownVersion();
    const int found = applied.value_or(0);
    if (found < newest)
        return refuse(503, "schema-older",
                      "The database is at migration " + std::to_string(found) + " and this program needs " +
                          std::to_string(newest) + ": run yarrow-server migrate.");
    if (found > newest + 1)
        return refuse(503, "schema-newer",
                      "The database is at migration " + std::to_string(found) +
                          ", too far ahead of this program's " + std::to_string(newest) +
                          ": it needs a newer yarrow-server.");
    return {};
}

Result<void> checkRole(Connection& connection)
{
    Transaction transaction(connection, TenantId(), Isolation::ReadCommitted, true);
    const pqxx::result found = transaction.run(
        "SELECT r.rolname, r.rolsuper, r.rolbypassrls,"
        "       EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = to_regclass('schema_migration')"
        "                                          AND pg_has_role(r.oid, c.relowner, 'MEMBER'))"
        "  FROM pg_roles r WHERE r.rolname = current_user");
    const std::string role = found[0][0].as<std::string>();
    const auto tooStrong = [&](const char* what) {
        return refuse(500, "role-too-strong",
                      "The server must not connect as the role " + role + ", which " + what +
                          ": row-level security, which keeps clinics apart, would not bind it. Connect as " +
                          std::string(kServerRole) + ".");
    };
    if (found[0][1].as<bool>())
        return tooStrong("is a superuser");
    if (found[0][2].as<bool>())
        return tooStrong("has BYPASSRLS");
    if (found[0][3].as<bool>())
        return tooStrong("owns the schema");
    return {};
}

} // namespace yarrow::server::db
