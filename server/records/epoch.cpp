// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/epoch.h"

#include "server/audit/server_audit.h"
#include "server/records/instant.h"

#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace yarrow::server::records {
namespace {

#define YARROW_HEAD                                                                                          \
    "SELECT seq, " YARROW_MICROS("last_updated") ", floor_seq, " YARROW_MICROS(                              \
        "floor_time") ", epoch FROM clinic WHERE tenant_id = $1"

ClinicHead headOf(const pqxx::result& rows)
{
    if (rows.empty())
        throw std::runtime_error("the clinic has no row in the table clinic");
    const auto row = rows[0];
    ClinicHead head;
    head.seq = row[0].as<std::int64_t>();
    head.lastUpdated = row[1].as<std::int64_t>();
    head.floorSeq = row[2].as<std::int64_t>();
    head.floorTime = row[3].as<std::int64_t>();
    head.epoch = row[4].c_str();
    return head;
}

std::string randomTag()
{
    std::array<unsigned char, 8> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random numbers");
    constexpr std::string_view kAlphabet =
        "abcdefghijkmnpqrstuvwxyz23456789"; // 32, none mistaken for another
    std::string tag;
    for (const unsigned char byte : bytes)
        tag += kAlphabet[byte % kAlphabet.size()];
    return tag;
}

std::string insertEpoch(db::Transaction& work, std::int64_t fromSeq, std::string_view reason)
{
    std::string tag = randomTag();
    work.run("INSERT INTO epoch (tenant_id, tag, from_seq, reason) VALUES ($1, $2, $3, $4)", work.tenant(),
             tag, fromSeq, reason);
    return tag;
}

std::string beginEpoch(db::Transaction& work, const ClinicHead& head, std::string_view reason,
                       const std::string& device)
{
    // More than all workstations of a clinic use up between a backup and its restoration.
    constexpr std::int64_t kSkippedNumbers = 1'000'000;
    std::string tag = insertEpoch(work, head.seq, reason);
    work.run("UPDATE clinic SET epoch = $2, mrn_next = mrn_next + $3 WHERE tenant_id = $1", work.tenant(),
             tag, kSkippedNumbers);
    audit::append(work, {.action = "epoch-begun",
                         .category = "administration",
                         .device = device,
                         .detail = std::string(reason)});
    return tag;
}

struct Identity
{
    std::string system;
    std::int64_t timeline = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
};

Identity presentIdentity(db::Transaction& work)
{
    // The timeline that is written to now; the control file names it only after the next checkpoint.
    const auto rows =
        work.run("SELECT system_identifier::text, CASE WHEN NOT pg_is_in_recovery() THEN "
                 "('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint END "
                 "FROM pg_control_system()");
    if (rows[0][1].is_null())
        throw pqxx::broken_connection("this PostgreSQL is a standby");
    return {rows[0][0].c_str(), rows[0][1].as<std::int64_t>()};
}

std::optional<Identity> storedIdentity(db::Transaction& work)
{
    const auto rows = work.run("SELECT system_identifier, timeline FROM database_identity");
    std::optional<Identity> identity;
    if (!rows.empty())
        identity = Identity{rows[0][0].c_str(), rows[0][1].as<std::int64_t>()};
    return identity;
}

} // namespace

ClinicHead lockClinic(db::Transaction& work)
{
    return headOf(work.run(YARROW_HEAD " FOR UPDATE", work.tenant()));
}

ClinicHead readClinic(db::Transaction& work)
{
    return headOf(work.run(YARROW_HEAD, work.tenant()));
}

void makeClinic(db::Transaction& work)
{
    const std::string tag = insertEpoch(work, 0, "created");
    work.run("INSERT INTO clinic (tenant_id, epoch) VALUES ($1, $2)", work.tenant(), tag);
}

std::string beginEpoch(db::Transaction& work, const ClinicHead& head)
{
    return beginEpoch(work, head, "restored", {});
}

std::optional<std::string> beginEpochFor(db::Transaction& work, const ClinicHead& head,
                                         const Principal& caller)
{
    if (caller.kind != Principal::Kind::Device)
        return std::nullopt;
    const auto recent = work.run("SELECT 1 FROM epoch WHERE tenant_id = $1 AND reason = 'client-ahead' "
                                 "AND started_at > clock_timestamp() - interval '1 hour' LIMIT 1",
                                 work.tenant());
    if (!recent.empty())
        return std::nullopt;
    return beginEpoch(work, head, "client-ahead", caller.device);
}

std::optional<VersionId> parseVersionId(std::string_view text)
{
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size() || text[dot + 1] == '0')
        return std::nullopt;
    VersionId version;
    version.epoch = text.substr(0, dot);
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + dot + 1, end, version.seq);
    if (parsed.ec != std::errc() || parsed.ptr != end || version.seq < 1)
        return std::nullopt;
    return version;
}

std::string versionIdOf(std::string_view epoch, std::int64_t seq)
{
    return std::string(epoch).append(1, '.').append(std::to_string(seq));
}

int checkDatabaseIdentity(db::Connection& connection,
                          const std::function<void(db::Transaction&)>& whenRestored)
{
    constexpr std::int64_t kLock = 0x7961'7272'6f77; // "yarrow"
    {
        db::Transaction work(connection, TenantId(), db::Isolation::ReadCommitted, true);
        if (storedIdentity(work) == presentIdentity(work))
            return 0;
    }
    db::Transaction shared(connection, TenantId());
    shared.run("SELECT pg_advisory_xact_lock($1)", kLock);
    const Identity present = presentIdentity(shared);
    const std::optional<Identity> before = storedIdentity(shared);
    if (before == present)
        return 0;

    int changed = 0;
    if (before) {
        for (const auto& row :
             shared.run("SELECT tenant_id::text FROM tenant_directory ORDER BY tenant_id")) {
            // Every clinic in its own transaction would leave some behind after a crash; here all change or
            // none.
            shared.actAs(*TenantId::parse(row[0].c_str()));
            (void)beginEpoch(shared, lockClinic(shared));
            ++changed;
        }
        shared.actAs(TenantId());
        whenRestored(shared);
    }
    shared.run("INSERT INTO database_identity (system_identifier, timeline) VALUES ($1, $2) ON CONFLICT "
               "(one) DO UPDATE "
               "SET system_identifier = excluded.system_identifier, timeline = excluded.timeline",
               present.system, present.timeline);
    shared.commit();
    return changed;
}

} // namespace yarrow::server::records
