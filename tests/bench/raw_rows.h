// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/migrations.h"
#include "tests/bench/bench_clinic.h"

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

/// How fast this machine inserts rows at most: what the store's own speed is measured against.
namespace yarrow::bench {

/// A row as SQLite has it.
using Cell = std::variant<std::monostate, std::int64_t, std::string, std::vector<char>>;
using Row = std::vector<Cell>;
struct Table
{
    std::string insert;
    std::vector<Row> rows;
    bool isReferredTo = false; ///< by rows of the others: all of it goes into the first transaction
};

inline Table readTable(SQLite::Database& db, const std::string& name)
{
    SQLite::Statement row(db, "SELECT * FROM " + name);
    Table table;
    table.isReferredTo = name == "patient_key";
    std::string marks;
    for (int i = 0; i < row.getColumnCount(); ++i)
        marks += i == 0 ? "?" : ", ?";
    table.insert = "INSERT INTO " + name + " VALUES (" + marks + ")";
    while (row.executeStep()) {
        Row cells;
        for (int i = 0; i < row.getColumnCount(); ++i) {
            const SQLite::Column cell = row.getColumn(i);
            if (cell.isNull())
                cells.emplace_back();
            else if (cell.isInteger())
                cells.emplace_back(cell.getInt64());
            else if (cell.isText())
                cells.emplace_back(cell.getString());
            else
                cells.emplace_back(
                    std::vector<char>(static_cast<const char*>(cell.getBlob()),
                                      static_cast<const char*>(cell.getBlob()) + cell.getBytes()));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

/// The rows of a clinic's tables, in their order, and the words of the search.
inline std::vector<Table> readTables(SQLite::Database& db, const std::vector<std::string>& names)
{
    std::vector<Table> tables;
    for (const std::string& name : names)
        tables.push_back(readTable(db, name));
    Table words{"INSERT INTO patient_fts (rowid, tokens) VALUES (?, ?)", {}, false};
    SQLite::Statement row(db, "SELECT pk, tokens FROM patient_index ORDER BY pk");
    while (row.executeStep())
        words.rows.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString()});
    tables.push_back(std::move(words));
    return tables;
}

inline void check(int code, const char* what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE)
        fatal(what, std::to_string(code));
}

/// Inserts all rows into a new database at `path`, straight through the C API, in `parts` transactions;
/// seconds.
inline double insertRaw(const std::filesystem::path& path, const std::vector<Table>& tables,
                        std::size_t parts)
{
    std::filesystem::remove(path);
    const SecretBytes key = crypto::randomSecret(32);
    auto connection = Connection::open(path, key, Connection::Mode::Create);
    if (!connection)
        fatal("raw database", connection.error());
    SystemClock clock;
    if (auto migrated = migrate(**connection, key, Profile(path.parent_path()), clock); !migrated)
        fatal("schema", migrated.error());
    (*connection)->setCacheSize(1024 * 1024);
    sqlite3* db = (*connection)->handle();
    sqlite3_wal_autocheckpoint(db, 16000);

    const Stopwatch watch;
    std::vector<sqlite3_stmt*> inserts;
    for (const Table& table : tables) {
        inserts.push_back(nullptr);
        check(sqlite3_prepare_v2(db, table.insert.c_str(), -1, &inserts.back(), nullptr), "prepare");
    }
    for (std::size_t part = 0; part < parts; ++part) {
        check(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), "begin");
        for (std::size_t t = 0; t < tables.size(); ++t) {
            const auto& rows = tables[t].rows;
            const std::size_t begin =
                tables[t].isReferredTo && part != 0 ? rows.size() : rows.size() * part / parts;
            const std::size_t end = tables[t].isReferredTo ? rows.size() : rows.size() * (part + 1) / parts;
            for (std::size_t r = begin; r < end; ++r) {
                for (std::size_t c = 0; c < rows[r].size(); ++c) {
                    const int column = static_cast<int>(c) + 1;
                    if (const auto* number = std::get_if<std::int64_t>(&rows[r][c]))
                        sqlite3_bind_int64(inserts[t], column, *number);
                    else if (const auto* text = std::get_if<std::string>(&rows[r][c]))
                        sqlite3_bind_text(inserts[t], column, text->data(), static_cast<int>(text->size()),
                                          SQLITE_STATIC);
                    else if (const auto* blob = std::get_if<std::vector<char>>(&rows[r][c]))
                        sqlite3_bind_blob(inserts[t], column, blob->data(), static_cast<int>(blob->size()),
                                          SQLITE_STATIC);
                    else
                        sqlite3_bind_null(inserts[t], column);
                }
                check(sqlite3_step(inserts[t]), "insert");
                sqlite3_reset(inserts[t]);
            }
        }
        check(sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr), "commit");
    }
    for (sqlite3_stmt* insert : inserts)
        sqlite3_finalize(insert);
    return watch.seconds();
}

} // namespace yarrow::bench
