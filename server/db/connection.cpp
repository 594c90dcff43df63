// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/db/connection.h"

#include "server/db/slow_query_log.h"

namespace yarrow::server::db {
namespace {

struct SlowQueries
{
    std::chrono::microseconds limit{0};
    SlowQueryObserver observer;
};

SlowQueries& slowQueries()
{
    static SlowQueries instance;
    return instance;
}

void setUp(pqxx::connection& connection)
{
    // What hangs is ended by PostgreSQL itself, so that no worker waits for ever.
    pqxx::nontransaction setup(connection);
    setup.exec("SET statement_timeout = '60s'; SET lock_timeout = '20s'; "
               "SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'; "
               "SET plan_cache_mode = force_generic_plan; SET jit = off");
}

std::function<void(Connection&)>& newConnectionObserver()
{
    static std::function<void(Connection&)> instance;
    return instance;
}

} // namespace

void observeNewConnections(std::function<void(Connection&)> observer)
{
    newConnectionObserver() = std::move(observer);
}

void observeSlowQueries(std::chrono::microseconds limit, SlowQueryObserver observer)
{
    slowQueries() = {limit, std::move(observer)};
}

// ---- arrays
// -----------------------------------------------------------------------------------------------------

void TextArray::separate()
{
    if (m_size++ > 0)
        m_text += ',';
}

void TextArray::add(std::string_view value)
{
    if (value.find('\0') != std::string_view::npos)
        throw UnstorableText();
    separate();
    m_text += '"';
    std::size_t from = 0;
    while (true) {
        const std::size_t special = value.find_first_of("\"\\", from);
        if (special == std::string_view::npos)
            break;
        m_text.append(value, from, special - from).append(1, '\\').append(1, value[special]);
        from = special + 1;
    }
    m_text.append(value, from);
    m_text += '"';
}

void TextArray::addNull()
{
    separate();
    m_text += "NULL";
}

void TextArray::add(const std::optional<std::string>& value)
{
    if (value)
        add(std::string_view(*value));
    else
        addNull();
}

const std::string& TextArray::literal()
{
    if (!m_closed) {
        m_text += '}';
        m_closed = true;
    }
    return m_text;
}

void NumberArray::add(std::int64_t value)
{
    if (m_text.size() > 1)
        m_text += ',';
    m_text += std::to_string(value);
}

// ---- connection
// -------------------------------------------------------------------------------------------------

Connection::Connection(std::string uri)
    : m_uri(std::move(uri))
{}

Connection::~Connection() = default;

pqxx::connection& Connection::open()
{
    if (m_connection && !m_connection->is_open())
        close();
    if (!m_connection) {
        m_connection = std::make_unique<pqxx::connection>(m_uri);
        try {
            setUp(*m_connection);
            if (newConnectionObserver())
                newConnectionObserver()(*this);
        } catch (...) {
            close();
            throw;
        }
    }
    return *m_connection;
}

const std::string& Connection::prepared(std::string_view sql)
{
    // Searches have many shapes; a bound keeps them from filling the memory of both sides.
    constexpr std::size_t kMaxStatements = 400;
    if (m_statements.size() >= kMaxStatements && !m_statements.contains(std::string(sql)))
        forgetStatements();
    auto [found, isNew] = m_statements.try_emplace(std::string(sql));
    if (isNew) {
        found->second = "s" + std::to_string(++m_statementNumber);
        try {
            m_connection->prepare(found->second, found->first);
        } catch (...) {
            m_statements.erase(found);
            throw;
        }
    }
    return found->second;
}

void Connection::forgetStatements()
{
    for (const auto& [sql, name] : m_statements)
        m_connection->unprepare(name);
    m_statements.clear();
}

void Connection::close() noexcept
{
    m_statements.clear();
    m_connection.reset();
}

// ---- transaction
// ------------------------------------------------------------------------------------------------

Transaction::Transaction(Connection& connection, const TenantId& tenant, Isolation isolation, bool readOnly)
    : m_connection(connection)
    , m_tenant(tenant)
{
    // One message for three statements.
    std::string begin = isolation == Isolation::RepeatableRead ? "BEGIN ISOLATION LEVEL REPEATABLE READ"
                                                               : "BEGIN ISOLATION LEVEL READ COMMITTED";
    begin += readOnly ? " READ ONLY" : " READ WRITE";
    begin += "; SET LOCAL yarrow.tenant = '" + tenant.text() + "'";
    m_work = std::make_unique<pqxx::nontransaction>(connection.open());
    try {
        m_work->exec(begin);
    } catch (const pqxx::failure&) {
        // It was lost while it lay idle, or PostgreSQL says now that it ends: nothing has been done on it
        // yet, so a new one may take its place.
        if (m_work->conn().is_open())
            throw;
        m_work.reset();
        connection.close();
        m_work = std::make_unique<pqxx::nontransaction>(connection.open());
        m_work->exec(begin);
    }
}

Transaction::~Transaction()
{
    if (!m_open)
        return;
    try {
        m_work->exec("ROLLBACK");
    } catch (const std::exception&) {
        m_work.reset();
        m_connection.close(); // PostgreSQL rolls back what has no connection
    }
}

const std::string& Transaction::parameter(const std::string& value)
{
    if (value.find('\0') != std::string::npos)
        throw UnstorableText();
    return value;
}

pqxx::result Transaction::runWith(const std::string& sql, const std::vector<std::string>& parameters)
{
    for (const std::string& value : parameters)
        (void)parameter(value);
    const Started started = start(sql);
    pqxx::result result =
        m_work->exec_prepared(*started.name, pqxx::prepare::make_dynamic_params(parameters));
    finish(started, sql, parameters.size());
    return result;
}

void Transaction::commit()
{
    // From here on nobody knows, if the connection breaks: the destructor must not pretend to roll back.
    m_open = false;
    try {
        m_work->exec("COMMIT");
    } catch (const pqxx::broken_connection&) {
        m_work.reset();
        m_connection.close();
        throw;
    }
}

void Transaction::actAs(const TenantId& tenant)
{
    m_work->exec("SET LOCAL yarrow.tenant = '" + tenant.text() + "'");
    m_tenant = tenant;
}

Transaction::Started Transaction::start(std::string_view sql)
{
    return {&m_connection.prepared(sql), std::chrono::steady_clock::now()};
}

void Transaction::finish(const Started& started, std::string_view sql, std::size_t parameters)
{
    const SlowQueries& slow = slowQueries();
    if (!slow.observer)
        return;
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started.at);
    if (took < slow.limit)
        return;
    // The generic plan, which is the one that ran. NULLs stand for the parameters, so no data is in it.
    std::string explain = "EXPLAIN EXECUTE " + *started.name;
    for (std::size_t i = 0; i < parameters; ++i)
        explain += i == 0 ? "(NULL" : ", NULL";
    if (parameters > 0)
        explain += ')';
    std::string plan;
    for (const auto& row : m_work->exec(explain))
        plan.append(row[0].c_str()).append(1, '\n');
    slow.observer(sql, took, plan);
}

} // namespace yarrow::server::db
