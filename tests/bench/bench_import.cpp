// SPDX-License-Identifier: GPL-3.0-or-later

// How fast records come in, against the rate at which this machine inserts the very same rows (documents,
// edits, audit entries, projections, with all indexes) straight through SQLCipher's C API. Both in turn, A B
// A B; medians. Ends with 1 when the ratio is below the half that is promised.

#include "models/store/db/migrations.h"
#include "tests/bench/bench_clinic.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <variant>

using namespace yarrow;
using namespace yarrow::bench;

namespace {

constexpr int kFiles = 20;
constexpr int kPatientsInFile = 10;
constexpr int kResourcesOfPatient = 60;
constexpr int kRounds = 3;
constexpr double kPromised = 0.5;

std::string observation(int file, int patient, int number)
{
    const std::string id =
        std::to_string(file) + "-" + std::to_string(patient) + "-" + std::to_string(number);
    return R"({"fullUrl":"urn:uuid:)" + spreadUuid(id) +
           R"(","resource":{"resourceType":"Observation","id":")" + spreadUuid(id) +
           R"(","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"2339-0","display":"Glucose [Mass/volume] in Blood"}],"text":"Glucose"},"subject":{"reference":"urn:uuid:)" +
           spreadUuid("p" + std::to_string(file) + "-" + std::to_string(patient)) +
           R"("},"effectiveDateTime":"2024-05-17T08:30:00+02:00","issued":"2024-05-17T08:30:00.123+02:00","valueQuantity":{"value":)" +
           std::to_string(70 + number) +
           R"(.10,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"},"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],"note":[{"text":"Taken fasting, in the morning; the sample was sent to the laboratory at once and analysed on the same day."}],"referenceRange":[{"low":{"value":70.0,"unit":"mg/dL"},"high":{"value":110.0,"unit":"mg/dL"}}]}})";
}

std::string bundle(int file)
{
    std::string text = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
    for (int patient = 0; patient < kPatientsInFile; ++patient) {
        const std::string id = spreadUuid("p" + std::to_string(file) + "-" + std::to_string(patient));
        text += patient == 0 ? "" : ",";
        text += R"({"fullUrl":"urn:uuid:)" + id + R"(","resource":)" +
                patientText(id, file * kPatientsInFile + patient) + "}";
        for (int number = 1; number < kResourcesOfPatient; ++number)
            text += "," + observation(file, patient, number);
    }
    return text + "]}";
}

/// A row as SQLite has it.
using Cell = std::variant<std::monostate, std::int64_t, std::string, std::vector<char>>;
using Row = std::vector<Cell>;
struct Table
{
    std::string insert;
    std::vector<Row> rows;
};

Table readTable(SQLite::Database& db, const std::string& name)
{
    SQLite::Statement row(db, "SELECT * FROM " + name);
    Table table;
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

/// The rows of an imported clinic, in the order of their tables.
std::vector<Table> readTables(SQLite::Database& db)
{
    std::vector<Table> tables;
    for (const char* name : {"patient_key", "resource", "edit", "audit", "patient_index"})
        tables.push_back(readTable(db, name));
    Table words{"INSERT INTO patient_fts (rowid, tokens) VALUES (?, ?)", {}};
    SQLite::Statement row(db, "SELECT pk, tokens FROM patient_index ORDER BY pk");
    while (row.executeStep())
        words.rows.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString()});
    tables.push_back(std::move(words));
    return tables;
}

void check(int code, const char* what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE)
        fatal(what, std::to_string(code));
}

/// Inserts all rows, in as many transactions as there were files; seconds.
double insertRaw(const std::filesystem::path& path, const std::vector<Table>& tables)
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
    for (std::size_t part = 0; part < kFiles; ++part) {
        check(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), "begin");
        for (std::size_t t = 0; t < tables.size(); ++t) {
            const auto& rows = tables[t].rows;
            for (std::size_t r = rows.size() * part / kFiles; r < rows.size() * (part + 1) / kFiles; ++r) {
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

} // namespace

int main()
{
    const TemporaryFolder folder;
    std::vector<std::filesystem::path> files;
    for (int file = 0; file < kFiles; ++file) {
        files.push_back(folder.path() / ("bundle-" + std::to_string(100 + file) + ".json"));
        std::ofstream(files.back()) << bundle(file);
    }
    std::vector<double> imports;
    std::vector<double> raws;
    std::vector<Table> tables;
    const int resources = kFiles * kPatientsInFile * kResourcesOfPatient;
    for (int round = 0; round < kRounds; ++round) {
        BenchClinic clinic(folder.path() / ("clinic-" + std::to_string(round)));
        auto opened = clinic.open();
        const Stopwatch watch;
        const auto report = opened->importer().run(files);
        const double seconds = watch.seconds();
        if (!report || !report->failed.empty() || report->created != resources)
            fatal("import", "not all came in");
        imports.push_back(seconds);
        if (tables.empty()) {
            opened.reset();
            tables = readTables(clinic.connectBelow()->db());
        }
        raws.push_back(insertRaw(folder.path() / "raw.db", tables));
    }
    const double import = median(imports);
    const double raw = median(raws);
    std::printf("import, %d resources in %d bundles, median of %d\n", resources, kFiles, kRounds);
    std::printf("  Yarrow     %9.0f resources/s\n", resources / import);
    std::printf("  raw limit  %9.0f resources/s (the same rows through the C API)\n", resources / raw);
    std::printf("  ratio      %9.2f (promised: %.2f)\n", raw / import, kPromised);
    return raw / import >= kPromised ? 0 : 1;
}
