// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/tenant_id.h"

#include <pqxx/pqxx>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yarrow::server::db {

/// Thrown for a parameter that holds U+0000, which PostgreSQL's text cannot.
class UnstorableText : public std::invalid_argument
{
public:
    UnstorableText()
        : std::invalid_argument("a text holds U+0000")
    {}
};

/// A text[] parameter: an array literal built up once, without a copy per element.
class TextArray
{
public:
    TextArray()
        : m_text("{")
    {}
    void reserve(std::size_t bytes) { m_text.reserve(bytes); }
    void add(std::string_view value);
    void addNull();
    void add(const std::optional<std::string>& value);
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }
    /// The literal; the array takes no more elements afterwards.
    [[nodiscard]] const std::string& literal();

private:
    void separate();
    std::string m_text;
    std::size_t m_size = 0;
    bool m_closed = false;
};

/// The same for numbers (bigint[], smallint[]) and booleans.
class NumberArray
{
public:
    void add(std::int64_t value);
    [[nodiscard]] bool empty() const noexcept { return m_text.size() == 1; }
    [[nodiscard]] std::string literal() const { return m_text + '}'; }

private:
    std::string m_text = "{";
};

/// A connection to PostgreSQL with its prepared statements. Belongs to one thread at a time. Opens itself
/// when it is first used and again after it was lost; a statement that was under way then fails with
/// pqxx::broken_connection.
class Connection
{
public:
    explicit Connection(std::string uri);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The open connection. Throws pqxx::broken_connection when PostgreSQL cannot be reached.
    pqxx::connection& open();
    /// The name under which `sql` is prepared on this connection.
    const std::string& prepared(std::string_view sql);
    void close() noexcept;
    [[nodiscard]] const std::string& uri() const noexcept { return m_uri; }

private:
    void forgetStatements();

    std::string m_uri;
    std::unique_ptr<pqxx::connection> m_connection;
    std::unordered_map<std::string, std::string> m_statements; // SQL → name
    std::uint64_t m_statementNumber = 0;
};

/// `observer` is called with every connection just opened, before anything else runs on it. What it throws
/// goes to whoever opened the connection, which is closed then. To be set before other threads open any.
void observeNewConnections(std::function<void(Connection&)> observer);

enum class Isolation { ReadCommitted, RepeatableRead };

/// What runs between BEGIN and COMMIT, as one clinic. Rolls back unless committed. Row-level security shows
/// the rows of `tenant` only; without a tenant, none of any clinic.
class Transaction
{
public:
    Transaction(Connection& connection, const TenantId& tenant,
                Isolation isolation = Isolation::ReadCommitted, bool readOnly = false);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Prepares `sql` once per connection and executes it. Parameters: std::string,
    /// std::optional<std::string> for NULL, whole numbers, bool; arrays as their literals with a cast in the
    /// SQL ($1::text[]).
    template <class... Args>
    pqxx::result run(std::string_view sql, Args&&... args)
    {
        const Started started = start(sql);
        pqxx::result result = m_work->exec_prepared(*started.name, parameter(args)...);
        finish(started, sql, sizeof...(args));
        return result;
    }
    /// The same for a statement that is put together at run time.
    pqxx::result runWith(const std::string& sql, const std::vector<std::string>& parameters);
    void commit();

    [[nodiscard]] const TenantId& tenant() const noexcept { return m_tenant; }
    /// Goes on as another clinic, in the same transaction: for what concerns every clinic or none.
    void actAs(const TenantId& tenant);

private:
    struct Started
    {
        const std::string* name;
        std::chrono::steady_clock::time_point at;
    };
    Started start(std::string_view sql);
    void finish(const Started& started, std::string_view sql, std::size_t parameters);

    static const char* parameter(const std::optional<std::string>& value)
    {
        return value ? parameter(*value).c_str() : nullptr;
    }
    static const std::string& parameter(const std::string& value);
    static std::string parameter(std::string_view value) { return parameter(std::string(value)); }
    static const char* parameter(const char* value) { return value; }
    static const std::string& parameter(TextArray& value) { return value.literal(); }
    static std::string parameter(const NumberArray& value) { return value.literal(); }
    static const std::string& parameter(const TenantId& value) { return value.text(); }
    template <class T>
    requires std::is_arithmetic_v<T>
    static T parameter(T value) { return value; }

    Connection& m_connection;
    std::unique_ptr<pqxx::nontransaction> m_work;
    TenantId m_tenant;
    bool m_open = true;
};

/// An instant of PostgreSQL's to_char(… AT TIME ZONE 'UTC', …) with all its microseconds, as FHIR writes it;
/// the SQL expression around a timestamptz column.
#define YARROW_INSTANT(column) "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

} // namespace yarrow::server::db
