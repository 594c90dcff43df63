// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/export.h"

#include "server/records/epoch.h"
#include "server/records/instant.h"

#include <sstream>

namespace yarrow::server::jobs {

namespace {

std::string textOf(const pqxx::field& field)
{
    return field.is_null() ? std::string() : field.as<std::string>();
}

int hexDigit(char c) noexcept
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/// bytea as PostgreSQL writes it: \x and hexadecimal digits.
std::string bytesOf(const pqxx::field& field)
{
    const std::string_view text(field.c_str(), field.size());
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 2; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(hexDigit(text[i]) * 16 + hexDigit(text[i + 1]));
    return bytes;
}

/// Checks that the feed still has all deletions since `since`.
Result<void> checkSince(db::Transaction& transaction, const std::string& since)
{
    std::int64_t micros = 0;
    try {
        micros = transaction.run("SELECT " YARROW_MICROS("$1::timestamptz"), since)[0][0].as<std::int64_t>();
    } catch (const pqxx::data_exception&) {
        return refuse(400, "bad-parameter", "_since is no instant.");
    }
    const records::ClinicHead head = records::readClinic(transaction);
    if (head.floorSeq > 0 && micros < head.floorTime)
        return refuse(410, "feed-floor",
                      "Deletions before " + instantOf(head.floorTime) +
                          " are known no more; export without _since.");
    return {};
}

std::string joined(const std::set<std::string>& types)
{
    std::string text;
    for (const std::string& type : types)
        text += (text.empty() ? "" : ",") + type;
    return text;
}

std::set<std::string> parted(const std::string& text)
{
    std::set<std::string> types;
    std::istringstream stream(text);
    for (std::string type; std::getline(stream, type, ',');)
        types.insert(type);
    return types;
}

} // namespace

Result<std::string> startExport(db::Transaction& transaction, const ExportRequest& request)
{
    if (request.since) {
        if (const Result<void> checked = checkSince(transaction, *request.since); !checked)
            return tl::unexpected<Problem>(checked.error());
    }
    // Two who ask at the same moment are counted one after the other.
    transaction.run("SELECT pg_advisory_xact_lock(hashtextextended('export ' || $1, 0))",
                    transaction.tenant().text());
    const int running =
        transaction
            .run("SELECT count(*) FROM export e JOIN job j ON j.tenant_id = e.tenant_id "
                 "AND j.job_id = e.job_id WHERE e.tenant_id = $1 AND j.state IN ('queued', 'running')",
                 transaction.tenant())[0][0]
            .as<int>();
    if (running >= kExportsAtOnce) {
        tl::unexpected<Problem> refusal = refuse(
            429, "too-many-exports", "The clinic has as many exports under way as it may; try again later.");
        refusal.value().headers.emplace_back("Retry-After", "30");
        return refusal;
    }
    const std::string id = TenantId::random().text(); // a UUID like any other
    Job job;
    job.kind = "export";
    job.payload = "{\"export\":\"" + id + "\"}";
    const std::string jobId = enqueue(transaction, job);
    const std::optional<std::string>& since = request.since;
    transaction.run(
        "INSERT INTO export (tenant_id, export_id, job_id, owner, request, types, since, areas, expires_at) "
        "VALUES ($1, $2, $3, $4, $5, nullif($6::text, ''), $7, $8, clock_timestamp() + interval '1 day')",
        transaction.tenant(), id, jobId, request.owner, request.url, joined(request.types), since,
        scopeIdOf(request.areas));
    wake(transaction);
    return id;
}

std::optional<Export> findExport(db::Transaction& transaction, std::string_view id, std::string_view owner)
{
    std::optional<Export> none;
    if (!TenantId::parse(id)) // no UUID
        return none;
    const pqxx::result rows = transaction.run(
        "SELECT job_id, request, types, " YARROW_INSTANT("since") ", areas, " YARROW_INSTANT(
            "transaction_time") ", epoch, extract(epoch FROM expires_at)::bigint, files FROM export "
                                "WHERE tenant_id = $1 AND export_id = $2 AND owner = $3 "
                                "AND expires_at > now()",
        transaction.tenant(), id, owner);
    if (rows.empty())
        return none;
    const pqxx::row row = rows[0];
    const std::optional<JobStatus> job = find(transaction, row[0].as<std::string>());
    if (!job)
        return none;
    Export found;
    found.id = id;
    found.job = *job;
    found.request.owner = owner;
    found.request.url = row[1].as<std::string>();
    found.request.types = parted(textOf(row[2]));
    if (!row[3].is_null())
        found.request.since = row[3].as<std::string>();
    found.request.areas = areasFromScopeId(row[4].as<std::string>()).value_or(AreaSet::all());
    found.transactionTime = textOf(row[5]);
    found.epoch = textOf(row[6]);
    found.expires = row[7].as<std::int64_t>();
    if (row[8].is_null())
        return found;
    for (const pqxx::row& file : transaction.run("SELECT n, part = 'deleted', type, records FROM export_file "
                                                 "WHERE tenant_id = $1 AND export_id = $2 ORDER BY n",
                                                 transaction.tenant(), id))
        found.files.push_back(
            {file[0].as<int>(), file[1].as<bool>(), file[2].as<std::string>(), file[3].as<int>()});
    found.lost = static_cast<int>(found.files.size()) != row[8].as<int>();
    return found;
}

std::optional<std::string> readExportFile(db::Transaction& transaction, const Export& found, int n)
{
    std::optional<std::string> content;
    const pqxx::result rows =
        transaction.run("SELECT content FROM export_file WHERE tenant_id = $1 AND export_id = $2 AND n = $3",
                        transaction.tenant(), found.id, n);
    if (!rows.empty())
        content = bytesOf(rows[0][0]);
    return content;
}

void removeExport(db::Transaction& transaction, const Export& found)
{
    // One that is done already cannot be cancelled, which is as good.
    static_cast<void>(cancel(transaction, found.job.id));
    transaction.run("DELETE FROM export WHERE tenant_id = $1 AND export_id = $2", transaction.tenant(),
                    found.id);
}

} // namespace yarrow::server::jobs
