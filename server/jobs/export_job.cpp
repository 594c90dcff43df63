// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/bundle.h"
#include "server/jobs/cleanup.h"
#include "server/jobs/export.h"
#include "server/jobs/gzip.h"
#include "server/records/area_array.h"
#include "server/records/epoch.h"
#include "server/records/instant.h"

#include <boost/json.hpp>

#include <chrono>

namespace yarrow::server::jobs {

namespace {

using namespace std::chrono_literals;

constexpr int kRecordsPerRead = 500;
/// A file is closed behind the record that fills it.
constexpr std::size_t kFileSize = 8 * 1024 * 1024;
constexpr int kRecordsPerFile = 20'000;

/// Somebody removed the export while it was written.
class Removed
{};

/// Puts lines into files of the export, one behind the other.
class Files
{
public:
    Files(Run& run, std::string id)
        : m_db(run.db.uri())
        , m_tenant(run.tenant)
        , m_id(std::move(id))
    {}

    void add(std::string_view line)
    {
        m_gzip.append(line);
        m_gzip.append("\n");
    }
    /// Ends the file if it is full. `part`: output or deleted.
    void countRecords(int records, const char* part, const std::string& type)
    {
        m_records += records;
        if (m_gzip.unpackedSize() >= kFileSize || m_records >= kRecordsPerFile)
            close(part, type);
    }
    void close(const char* part, const std::string& type)
    {
        if (m_records == 0)
            return;
        const std::string packed = m_gzip.finish();
        db::Transaction transaction(m_db, m_tenant);
        const pqxx::result added =
            transaction.run("INSERT INTO export_file (tenant_id, export_id, n, part, type, records, content) "
                            "SELECT $1::uuid, export_id, $3, $4, $5, $6, $7::bytea FROM export WHERE "
                            "tenant_id = $1 AND export_id = $2",
                            m_tenant, m_id, ++m_n, part, type, m_records, hexOf(packed));
        if (added.affected_rows() == 0)
            throw Removed();
        transaction.commit();
        m_records = 0;
    }
    [[nodiscard]] int count() const noexcept { return m_n; }
    [[nodiscard]] db::Connection& db() noexcept { return m_db; }

private:
    /// bytea as PostgreSQL reads it.
    static std::string hexOf(std::string_view bytes)
    {
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string text = "\\x";
        text.reserve(2 + 2 * bytes.size());
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            text += kDigits[byte >> 4U];
            text += kDigits[byte & 15U];
        }
        return text;
    }

    db::Connection m_db; // of its own: the records are read in a transaction that is under way
    TenantId m_tenant;
    std::string m_id;
    GzipWriter m_gzip;
    int m_records = 0;
    int m_n = 0;
};

/// A document is one line here: line breaks can only stand between its tokens.
void addDocument(Files& files, std::string_view document)
{
    if (document.find_first_of("\r\n") == std::string_view::npos) {
        files.add(document);
        return;
    }
    std::string line(document);
    std::erase_if(line, [](char c) { return c == '\r' || c == '\n'; });
    files.add(line);
}

/// One snapshot of the clinic, read once.
class Reading
{
public:
    Reading(Run& run, const std::string& id, const ExportRequest& request)
        : m_run(run)
        , m_request(request)
        , m_areas(records::areaArray(request.areas))
        , m_work(run.db, run.tenant, db::Isolation::RepeatableRead, true)
        , m_head(records::readClinic(m_work))
        , m_files(run, id)
    {
        if (request.since) {
            const pqxx::result rows =
                m_work.run("SELECT seq FROM version WHERE tenant_id = $1 AND last_updated <= $2 "
                           "ORDER BY last_updated DESC LIMIT 1",
                           run.tenant, *request.since);
            m_since = rows.empty() ? m_head.floorSeq : rows[0][0].as<std::int64_t>();
        }
    }

    /// False when it was asked to stop.
    bool readAll()
    {
        for (std::string type = nextType({}); !type.empty(); type = nextType(type)) {
            if (!m_request.types.empty() && !m_request.types.contains(type))
                continue;
            if (!readRecords(type) || (m_request.since && !readLosses(type)))
                return false;
        }
        return true;
    }
    [[nodiscard]] const records::ClinicHead& head() const noexcept { return m_head; }
    [[nodiscard]] Files& files() noexcept { return m_files; }

private:
    std::string nextType(const std::string& after)
    {
        const pqxx::result rows =
            m_work.run("SELECT type FROM resource WHERE tenant_id = $1 AND type > $2 ORDER BY type LIMIT 1",
                       m_run.tenant, after);
        return rows.empty() ? std::string() : rows[0][0].as<std::string>();
    }

    bool readRecords(const std::string& type)
    {
        std::int64_t after = m_since;
        while (true) {
            const pqxx::result rows = m_work.run(
                "SELECT r.seq, v.body FROM resource r JOIN version v ON v.tenant_id = $1 AND v.seq = r.seq "
                "WHERE r.tenant_id = $1 AND r.type = $2 AND r.seq > $3 AND NOT r.deleted AND r.area = ANY "
                "($4::text[]) "
                "ORDER BY r.seq LIMIT $5",
                m_run.tenant, type, after, m_areas, kRecordsPerRead);
            for (const pqxx::row& row : rows) {
                addDocument(m_files, std::string_view(row[1].c_str(), row[1].size()));
                m_files.countRecords(1, "output", type);
            }
            m_read += static_cast<std::int64_t>(rows.size());
            if (rows.size() < kRecordsPerRead)
                break;
            after = rows[rows.size() - 1][0].as<std::int64_t>();
            m_run.progress(std::to_string(m_read) + " records read");
            if (m_run.mustStop())
                return false;
        }
        m_files.close("output", type);
        return true;
    }

    /// What a copy made at `since` has to forget: records deleted since, and those that left the areas.
    bool readLosses(const std::string& type)
    {
        return readLosses(type,
                          "SELECT seq, id FROM resource WHERE tenant_id = $1 AND type = $2 AND seq > $3 "
                          "AND deleted AND area = ANY ($4::text[]) ORDER BY seq LIMIT $5") &&
               readLosses(type, "SELECT v.seq, v.id FROM version v JOIN resource r ON r.tenant_id = $1 "
                                "AND r.type = v.type AND r.id = v.id "
                                "WHERE v.tenant_id = $1 AND v.type = $2 AND v.seq > $3 "
                                "AND v.previous_area = ANY ($4::text[]) AND NOT v.area = ANY ($4::text[]) "
                                "AND NOT r.area = ANY ($4::text[]) ORDER BY v.seq LIMIT $5");
    }

    bool readLosses(const std::string& type, std::string_view sql)
    {
        std::int64_t after = m_since;
        while (true) {
            const pqxx::result rows = m_work.run(sql, m_run.tenant, type, after, m_areas, kRecordsPerRead);
            if (rows.empty())
                break;
            std::string bundle = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
            for (const pqxx::row& row : rows) {
                bundle += bundle.back() == '[' ? "" : ",";
                bundle += R"({"request":{"method":"DELETE","url":)" +
                          fhir::quoted(type + '/' + row[1].as<std::string>()) + "}}";
            }
            m_files.add(bundle + "]}");
            m_files.countRecords(1, "deleted", "Bundle");
            after = rows[rows.size() - 1][0].as<std::int64_t>();
            if (m_run.mustStop())
                return false;
        }
        m_files.close("deleted", "Bundle");
        return true;
    }

    Run& m_run;
    const ExportRequest& m_request;
    std::string m_areas;
    db::Transaction m_work;
    records::ClinicHead m_head;
    Files m_files;
    std::int64_t m_since = 0;
    std::int64_t m_read = 0;
};

/// Begins anew: what an attempt before has left goes. Nothing when the export was removed.
std::optional<ExportRequest> requestOf(Run& run, const std::string& id)
{
    std::optional<ExportRequest> request;
    db::Transaction transaction(run.db, run.tenant);
    transaction.run("DELETE FROM export_file WHERE tenant_id = $1 AND export_id = $2", run.tenant, id);
    const pqxx::result rows =
        transaction.run("SELECT owner FROM export WHERE tenant_id = $1 AND export_id = $2", run.tenant, id);
    if (!rows.empty()) {
        const std::optional<Export> found = findExport(transaction, id, rows[0][0].as<std::string>());
        if (found)
            request = found->request;
    }
    transaction.commit();
    return request;
}

void noteDone(db::Connection& connection, Run& run, const std::string& id, const records::ClinicHead& head,
              int files)
{
    db::Transaction transaction(connection, run.tenant);
    transaction.run(
        "UPDATE export SET transaction_time = $3, epoch = $4, files = $5, "
        "expires_at = clock_timestamp() + interval '1 day' WHERE tenant_id = $1 AND export_id = $2",
        run.tenant, id, instantOf(head.lastUpdated), head.epoch, files);
    Job cleanUp;
    cleanUp.kind = kCleanupKind;
    cleanUp.key = "export " + id;
    cleanUp.delay = 24h + 1min;
    enqueue(transaction, cleanUp);
    transaction.commit();
}

Outcome exportRecords(Run& run)
{
    const std::string id(boost::json::parse(run.payload).as_object().at("export").as_string());
    const std::optional<ExportRequest> request = requestOf(run, id);
    if (!request)
        return {};
    try {
        Reading reading(run, id, *request);
        if (!reading.readAll())
            return yield();
        noteDone(reading.files().db(), run, id, reading.head(), reading.files().count());
    } catch (const Removed&) {
        return {};
    }
    return {};
}

} // namespace

Kind exportKind()
{
    Kind kind;
    kind.name = "export";
    kind.run = exportRecords;
    kind.maxAttempts = 3;
    kind.lengthy = true;
    return kind;
}

} // namespace yarrow::server::jobs
