// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/connection.h"

#include "models/store/tunables.h"

#include <QtGlobal>

#include <atomic>
#include <thread>

namespace yarrow {

namespace {

using Steady = std::chrono::steady_clock;

/// When a connection of this process last found another one writing; since the steady clock's beginning.
constexpr Steady::rep kNever = Steady::duration::min().count();
std::atomic<Steady::rep> lastWait{kNever};
/// Connections of this process that write much.
std::atomic_int bulkWriters{0};

int openFlags(Connection::Mode mode)
{
    switch (mode) {
    case Connection::Mode::Create:
        return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    case Connection::Mode::Write:
        return SQLite::OPEN_READWRITE;
    case Connection::Mode::ReadOnly:
        return SQLite::OPEN_READONLY;
    }
    bug("unknown open mode", __FILE__, __LINE__);
}

/// Whether the file is no whole number of pages, with no log or journal to complete it. SQLite would take a
/// file of a few bytes for a new database and write over it, and look at a torn last page only when it is
/// read.
bool isCutOff(const std::filesystem::path& path)
{
    constexpr std::uintmax_t kPageBytes = 4096; // SQLCipher's
    const auto size = [&](const char* suffix) {
        std::error_code missing;
        std::filesystem::path file = path;
        const auto bytes = std::filesystem::file_size(file += suffix, missing);
        return missing ? 0 : bytes;
    };
    const auto bytes = size("");
    return (bytes == 0 || bytes % kPageBytes != 0) && size("-wal") == 0 && size("-journal") == 0;
}

} // namespace

SecretBytes Connection::rawKeyLiteral(const SecretBytes& key)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    SecretBytes literal(key.size() * 2 + 3);
    const auto out = literal.span();
    std::size_t at = 0;
    out[at++] = 'x';
    out[at++] = '\'';
    for (const std::uint8_t byte : key.span()) {
        out[at++] = static_cast<std::uint8_t>(kDigits[byte >> 4U]);
        out[at++] = static_cast<std::uint8_t>(kDigits[byte & 15U]);
    }
    out[at] = '\'';
    return literal;
}

Connection::Connection(std::unique_ptr<SQLite::Database> db, std::filesystem::path path)
    : m_path(std::move(path))
    , m_db(std::move(db))
{}

Connection::~Connection()
{
    m_prepared.clear(); // statements go before their database
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path,
                                                     const SecretBytes& key, Mode mode, const char* vfs)
{
    YARROW_ASSERT(key.size() == 32);
    std::error_code ignored;
    const bool exists = std::filesystem::exists(path, ignored);
    if (mode == Mode::Create && exists)
        return fail(ErrorCode::AlreadyExists, path.filename().string());
    if (mode != Mode::Create && !exists)
        return fail(ErrorCode::NotFound, path.filename().string());
    if (mode != Mode::Create && isCutOff(path))
        return fail(ErrorCode::DatabaseDamaged, "the file is cut off");

    return guarded([&]() -> Result<std::unique_ptr<Connection>> {
        auto db = std::make_unique<SQLite::Database>(path.string(), openFlags(mode), 0, vfs ? vfs : "");
        if (mode == Mode::Create) { // encrypted, but nobody else's business; log and index take over the mode
            std::filesystem::permissions(
                path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
        }
        const SecretBytes literal = rawKeyLiteral(key);
        const int keyed =
            sqlite3_key(db->getHandle(), literal.span().data(), static_cast<int>(literal.span().size()));
        if (keyed != SQLITE_OK)
            return fail(toError(keyed));
        auto connection = std::unique_ptr<Connection>(new Connection(std::move(db), path));
        sqlite3_busy_handler(connection->handle(), &Connection::onBusy, connection.get());
        connection->exec("PRAGMA cipher_log_level = NONE"); // its complaints reach the caller as errors
        // The first read is where a wrong key or a damaged first page shows.
        connection->exec("SELECT count(*) FROM sqlite_schema");
        if (mode != Mode::ReadOnly) {
            connection->exec("PRAGMA journal_mode = WAL");
            // A commit is on the disk before it is acknowledged: a power cut loses nothing that was shown as
            // saved.
            connection->exec("PRAGMA synchronous = FULL");
            sqlite3_wal_hook(connection->handle(), &Connection::onCommit, connection.get());
        }
        connection->exec("PRAGMA journal_size_limit = 67108864"); // a large import must not leave a large log
        connection->exec("PRAGMA foreign_keys = ON");
        connection->exec(
            "PRAGMA recursive_triggers = ON"); // INSERT OR REPLACE must not pass the audit's triggers
        connection->exec("PRAGMA trusted_schema = OFF");
        connection->exec("PRAGMA temp_store = MEMORY"); // nothing in clear in a temporary file
        connection->exec("PRAGMA cell_size_check = ON");
        // The tests run with this on: a query that forgot its ORDER BY shows.
        if (qEnvironmentVariableIsSet("YARROW_TEST_REVERSE_ROWS"))
            connection->exec("PRAGMA reverse_unordered_selects = ON");
        connection->setCacheSize(mode == Mode::ReadOnly ? tunables::kReaderCacheKiB
                                                        : tunables::kWriterCacheKiB);
        return connection;
    });
}

void Connection::setCacheSize(int kibibytes)
{
    m_db->exec("PRAGMA cache_size = -" + std::to_string(kibibytes));
}

int Connection::onBusy(void* self, int attempts)
{
    if (!static_cast<Connection*>(self)->m_servesExchange)
        lastWait = Steady::now().time_since_epoch().count();
    if (attempts >= tunables::kBusyTimeout / tunables::kBusyLook)
        return 0;
    std::this_thread::sleep_for(tunables::kBusyLook);
    return 1;
}

int Connection::onCommit(void* self, sqlite3* handle, const char* schema, int pages)
{
    const auto& connection = *static_cast<Connection*>(self);
    const bool isBulk = connection.m_bulkCheckpointPages != 0;
    const int limit = isBulk ? connection.m_bulkCheckpointPages : tunables::kAutoCheckpointPages;
    if (pages >= limit && (isBulk || bulkWriters == 0)) // what could not be folded now will be later
        sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
}

void Connection::serveExchange()
{
    exec("PRAGMA synchronous = NORMAL");
    m_servesExchange = true;
}

void Connection::makeDurable()
{
    sqlite3_file* log = nullptr;
    const int found =
        sqlite3_file_control(handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
    if (found != SQLITE_OK)
        throw SQLite::Exception(handle(), found);
    if (log == nullptr || log->pMethods == nullptr)
        return; // nothing was written yet
    const int synced = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    if (synced != SQLITE_OK)
        throw SQLite::Exception("the log could not be brought to the disk", synced);
}

bool Connection::isAwaited()
{
    const Steady::rep last = lastWait;
    return last != kNever && Steady::now().time_since_epoch() - Steady::duration(last) < tunables::kGiveWay;
}

void Connection::giveWay()
{
    if (isAwaited())
        std::this_thread::sleep_for(tunables::kGiveWay);
}

void Connection::beginBulk(int checkpointPages)
{
    ++bulkWriters;
    m_bulkCheckpointPages = checkpointPages;
}

void Connection::endBulk()
{
    --bulkWriters;
    m_bulkCheckpointPages = 0;
}

Connection::Prepared& Connection::prepared(const char* sql)
{
    auto& slot = m_prepared[std::string_view(sql)];
    if (!slot)
        slot = std::make_unique<Prepared>(Prepared{SQLite::Statement(*m_db, sql)});
    return *slot;
}

Result<void> Connection::checkIntegrity()
{
    return guarded([&]() -> Result<void> {
        SQLite::Statement seals(*m_db, "PRAGMA cipher_integrity_check");
        if (seals.executeStep())
            return fail(ErrorCode::DatabaseDamaged, "a page does not carry its seal");
        SQLite::Statement structure(*m_db, "PRAGMA integrity_check(1)");
        if (!structure.executeStep() || std::string_view(structure.getColumn(0).getText()) != "ok")
            return fail(ErrorCode::DatabaseDamaged, "structure");
        SQLite::Statement references(*m_db, "PRAGMA foreign_key_check");
        if (references.executeStep())
            return fail(ErrorCode::DatabaseDamaged, "a row refers to one that is not there");
        return {};
    });
}

Query::Query(Connection& connection, const char* sql)
    : m_prepared(connection.prepared(sql))
{
    YARROW_ASSERT(!m_prepared.inUse); // the same statement twice at once
    m_prepared.inUse = true;
}

Query::~Query()
{
    m_prepared.statement.tryReset();
    m_prepared.statement.clearBindings();
    m_prepared.inUse = false;
}

void Query::again()
{
    m_prepared.statement.tryReset();
    m_index = 0;
}

std::string_view Query::text(int column) const
{
    const SQLite::Column value = at(column);
    const char* text = value.getText();
    return {text, static_cast<std::size_t>(value.getBytes())};
}

std::string_view Query::blob(int column) const
{
    const SQLite::Column value = at(column);
    const void* data = value.getBlob();
    return {static_cast<const char*>(data), static_cast<std::size_t>(value.getBytes())};
}

Transaction::Transaction(Connection& connection)
    : m_connection(connection)
{
    m_connection.exec("BEGIN IMMEDIATE");
}

Transaction::~Transaction()
{
    // SQLite has rolled back by itself after a full disk or an I/O error.
    if (m_open && sqlite3_get_autocommit(m_connection.handle()) == 0)
        sqlite3_exec(m_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit()
{
    m_connection.exec("COMMIT");
    m_open = false;
}

} // namespace yarrow
