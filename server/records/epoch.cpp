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

struct Identity
{
    std::string system;
    std::int64_t timeline = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
};

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

std::string beginEpoch(db::Transaction& work, const ClinicHead& head, std::string_view reason)
{
    std::string tag = insertEpoch(work, head.seq, reason);
    work.run("UPDATE clinic SET epoch = $2 WHERE tenant_id = $1", work.tenant(), tag);
    audit::append(work,
                  {.action = "epoch-begun", .category = "administration", .detail = std::string(reason)});
    return tag;
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

int checkDatabaseIdentity(db::Connection& connection)
{
    constexpr std::int64_t kLock = 0x7961'7272'6f77; // "yarrow"
    db::Transaction shared(connection, TenantId());
    shared.run("SELECT pg_advisory_xact_lock($1)", kLock);
    const auto now = shared.run("SELECT s.system_identifier::text, c.timeline_id::bigint "
                                "FROM pg_control_system() s, pg_control_checkpoint() c");
    const Identity present{now[0][0].c_str(), now[0][1].as<std::int64_t>()};
    const auto before = shared.run("SELECT system_identifier, timeline FROM database_identity");
    if (!before.empty() && Identity{before[0][0].c_str(), before[0][1].as<std::int64_t>()} == present)
        return 0;

    int changed = 0;
    if (!before.empty()) {
        for (const auto& row :
             shared.run("SELECT tenant_id::text FROM tenant_directory ORDER BY tenant_id")) {
            // Every clinic in its own transaction would leave some behind after a crash; here all change or
            // none.
            shared.actAs(*TenantId::parse(row[0].c_str()));
            (void)beginEpoch(shared, lockClinic(shared), "restored");
            ++changed;
        }
        shared.actAs(TenantId());
    }
    shared.run("INSERT INTO database_identity (system_identifier, timeline) VALUES ($1, $2) ON CONFLICT "
               "(one) DO UPDATE "
               "SET system_identifier = excluded.system_identifier, timeline = excluded.timeline",
               present.system, present.timeline);
    shared.commit();
    return changed;
}

} // namespace yarrow::server::records
