// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/figures.h"
#include "tests/bench/server_load/runs.h"

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace yarrow::load {

namespace {

/// The tables a record has a row in at least, and how to find those that came with versions $from < seq <=
/// $to.
struct Table
{
    const char* name;
    const char* rows;
};
constexpr std::array<Table, 3> kTables = {{
    {"version", "SELECT * FROM version WHERE tenant_id = '%TENANT%' AND seq > %FROM% AND seq <= %TO%"},
    {"resource", "SELECT * FROM resource WHERE tenant_id = '%TENANT%' AND seq > %FROM% AND seq <= %TO%"},
    {"search_value", "SELECT s.* FROM search_value s JOIN resource r USING (tenant_id, type, id) "
                     "WHERE r.tenant_id = '%TENANT%' AND r.seq > %FROM% AND r.seq <= %TO%"},
}};

class Database
{
public:
    explicit Database(const std::string& uri)
        : m_connection(PQconnectdb(uri.c_str()), &PQfinish)
    {
        if (PQstatus(m_connection.get()) != CONNECTION_OK)
            throw std::runtime_error(PQerrorMessage(m_connection.get()));
    }

    std::string run(const std::string& sql)
    {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(m_connection.get(), sql.c_str()),
                                                                   &PQclear);
        const ExecStatusType status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN &&
            status != PGRES_COPY_OUT)
            throw std::runtime_error(PQerrorMessage(m_connection.get()));
        return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : std::string();
    }

    std::string copyOut(const std::string& query)
    {
        run("COPY (" + query + ") TO STDOUT");
        std::string data;
        char* line = nullptr;
        for (int length = 0; (length = PQgetCopyData(m_connection.get(), &line, 0)) > 0; PQfreemem(line))
            data.append(line, static_cast<std::size_t>(length));
        endCopy();
        return data;
    }

    void copyIn(const char* table, const std::string& data)
    {
        run(std::string("COPY ") + table + " FROM STDIN");
        if (PQputCopyData(m_connection.get(), data.data(), static_cast<int>(data.size())) != 1 ||
            PQputCopyEnd(m_connection.get(), nullptr) != 1)
            throw std::runtime_error(PQerrorMessage(m_connection.get()));
        endCopy();
    }

private:
    void endCopy()
    {
        while (PGresult* result = PQgetResult(m_connection.get())) {
            const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
            PQclear(result);
            if (!done)
                throw std::runtime_error(PQerrorMessage(m_connection.get()));
        }
    }
    std::unique_ptr<PGconn, decltype(&PQfinish)> m_connection;
};

std::string filled(std::string text, const std::string& tenant, long from, long to)
{
    const std::array<std::pair<const char*, std::string>, 3> values = {
        {{"%TENANT%", tenant}, {"%FROM%", std::to_string(from)}, {"%TO%", std::to_string(to)}}};
    for (const auto& [name, value] : values) {
        for (std::size_t at = 0; (at = text.find(name)) != std::string::npos;)
            text.replace(at, std::string(name).size(), value);
    }
    return text;
}

} // namespace

double copyRows(const std::string& database, const std::string& copyDatabase, const std::string& tenant,
                int perChunk)
{
    Database source(database);
    std::vector<std::array<std::string, kTables.size()>> chunks;
    const long last = std::stol(
        source.run(filled("SELECT max(seq) FROM version WHERE tenant_id = '%TENANT%'", tenant, 0, 0)));
    for (long from = 0; from < last; from += perChunk) {
        std::array<std::string, kTables.size()>& chunk = chunks.emplace_back();
        for (std::size_t i = 0; i < kTables.size(); ++i)
            chunk.at(i) = source.copyOut(filled(kTables.at(i).rows, tenant, from, from + perChunk));
    }
    Database target(copyDatabase);
    for (const Table& table : kTables)
        target.run(std::string("TRUNCATE ") + table.name);
    const Clock::time_point from = Clock::now();
    for (const auto& chunk : chunks) {
        target.run("BEGIN");
        for (std::size_t i = 0; i < kTables.size(); ++i)
            target.copyIn(kTables.at(i).name, chunk.at(i));
        target.run("COMMIT");
    }
    return secondsSince(from);
}

} // namespace yarrow::load
