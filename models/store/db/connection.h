// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/secret_bytes.h"
#include "models/store/db/sqlite.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace yarrow {

/// One open SQLCipher database. Belongs to the thread that uses it; any number may stand on the same file
/// (WAL).
class Connection
{
public:
    enum class Mode {
        Create,   ///< the file must not exist
        Write,    ///< the file must exist
        ReadOnly, ///< refuses every write
    };

    /// Opens `path` with the raw 256-bit `key` and reads a page, so that a wrong key or a damaged header is
    /// told here. Errors: NotFound, AlreadyExists, DatabaseDamaged (also: the key is not this file's), Io.
    /// `vfs` names another SQLite VFS (tests make operations fail with one).
    [[nodiscard]] static Result<std::unique_ptr<Connection>>
    open(const std::filesystem::path& path, const SecretBytes& key, Mode mode, const char* vfs = nullptr);

    /// `x'…64 hexadecimal digits…'`: tells SQLCipher that this is the key itself, not a passphrase to derive
    /// one from.
    [[nodiscard]] static SecretBytes rawKeyLiteral(const SecretBytes& key);

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] SQLite::Database& db() noexcept { return *m_db; }
    [[nodiscard]] sqlite3* handle() const noexcept { return m_db->getHandle(); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

    /// Runs SQL text of our own; throws SQLite::Exception.
    void exec(const char* sql) { m_db->exec(sql); }

    /// Page cache in KiB.
    void setCacheSize(int kibibytes);

    /// A connection of the exchange. Its commits reach the disk with the next one of a person, or with
    /// makeDurable(): what a power cut takes of them is a whole number of its last transactions, and an
    /// exchange makes these again. And it gives way to people: giveWay().
    void serveExchange();
    /// All that was committed is on the disk when it returns. Throws SQLite::Exception.
    void makeDurable();
    /// Whether a connection of this process waits for its turn, or did so just now.
    [[nodiscard]] static bool isAwaited();
    /// Between two transactions: lets a connection of this process that waits for its turn go first.
    static void giveWay();

    /// See BulkWriting.
    void beginBulk(int checkpointPages);
    void endBulk();

    /// Reads every page and checks seals, structure and foreign keys. DatabaseDamaged when anything is wrong.
    [[nodiscard]] Result<void> checkIntegrity();

private:
    friend class Query;
    struct Prepared
    {
        SQLite::Statement statement;
        bool inUse = false;
    };

    Connection(std::unique_ptr<SQLite::Database> db, std::filesystem::path path);
    Prepared& prepared(const char* sql);
    static int onBusy(void* self, int attempts);
    static int onCommit(void* self, sqlite3* handle, const char* schema, int pages);

    std::filesystem::path m_path;
    std::unique_ptr<SQLite::Database> m_db;
    std::unordered_map<std::string_view, std::unique_ptr<Prepared>> m_prepared; // keyed by the SQL literal
    bool m_servesExchange = false;
    int m_bulkCheckpointPages = 0; ///< 0: not writing much
};

/// A large text as a parameter that is not copied: it must live until the query has run.
struct Borrowed
{
    const std::string& text;
};

/// A prepared statement borrowed from the connection for one use; given back, reset, when it goes out of
/// scope. `sql` is a string literal: its text is the cache key and must stay where it is.
class Query
{
public:
    Query(Connection& connection, const char* sql);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// Binds the next parameters in order. Texts are copied unless they are Borrowed.
    template <class... Values>
    Query& bind(const Values&... values)
    {
        (bindNext(values), ...);
        return *this;
    }

    [[nodiscard]] bool step() { return m_prepared.statement.executeStep(); }
    int run() { return m_prepared.statement.exec(); } ///< for statements without rows; how many rows changed
    /// Ready for other parameters, without giving the statement back.
    void again();

    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }
    [[nodiscard]] std::string_view blob(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const { return at(column).getInt64(); }
    [[nodiscard]] double real(int column) const { return at(column).getDouble(); }
    [[nodiscard]] bool isNull(int column) const { return at(column).isNull(); }

private:
    [[nodiscard]] SQLite::Column at(int column) const { return m_prepared.statement.getColumn(column); }
    void bindNext(Borrowed value) { m_prepared.statement.bindNoCopy(++m_index, value.text); }
    void bindNext(const std::string& value) { m_prepared.statement.bind(++m_index, value); }
    void bindNext(std::string_view value) { m_prepared.statement.bind(++m_index, std::string(value)); }
    void bindNext(const char* value) { m_prepared.statement.bind(++m_index, value); }
    void bindNext(std::int64_t value) { m_prepared.statement.bind(++m_index, value); }
    void bindNext(int value) { m_prepared.statement.bind(++m_index, value); }
    void bindNext(double value) { m_prepared.statement.bind(++m_index, value); }
    void bindNext(bool value) { m_prepared.statement.bind(++m_index, value ? 1 : 0); }
    void bindNext(std::nullptr_t) { m_prepared.statement.bind(++m_index); }
    void bindNext(std::span<const std::uint8_t> value)
    {
        m_prepared.statement.bind(++m_index, static_cast<const void*>(value.data()),
                                  static_cast<int>(value.size()));
    }
    template <class T>
    void bindNext(const std::optional<T>& value)
    {
        if (value)
            bindNext(*value);
        else
            bindNext(nullptr);
    }

    Connection::Prepared& m_prepared;
    int m_index = 0;
};

/// BEGIN IMMEDIATE; rolled back unless committed. Not nested.
class Transaction
{
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit(); ///< throws SQLite::Exception; then nothing was written

private:
    Connection& m_connection;
    bool m_open = true;
};

} // namespace yarrow
