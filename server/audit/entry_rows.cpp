// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/entry_rows.h"

#include "server/auth/crypto.h"

#include <array>

namespace yarrow::server::audit {
namespace {

constexpr std::int64_t kPage = 1000;

std::string bytesOf(const pqxx::field& field)
{
    return crypto::fromHex(field.c_str()).value_or(std::string());
}

} // namespace

const char* const kEntryColumns =
    "seq, incarnation, at, account, role, device, action, category, resource_type, resource_id, patient, "
    "outcome, "
    "encode(before_digest, 'hex'), encode(after_digest, 'hex'), reason, detail, encode(previous, 'hex'), "
    "encode(hash, 'hex'), " YARROW_INSTANT("received_at") ", is_copy, purged";

StoredEntry readEntry(const pqxx::row& row)
{
    StoredEntry stored;
    Entry& entry = stored.entry;
    entry.seq = row[0].as<std::int64_t>();
    const std::array<std::string*, 11> texts{&entry.incarnation, &entry.at,           &entry.account,
                                             &entry.role,        &entry.device,       &entry.action,
                                             &entry.category,    &entry.resourceType, &entry.resourceId,
                                             &entry.patient,     &entry.outcome};
    for (std::size_t i = 0; i < texts.size(); ++i)
        *texts[i] = row[static_cast<pqxx::row::size_type>(i + 1)].c_str();
    entry.beforeDigest = bytesOf(row[12]);
    entry.afterDigest = bytesOf(row[13]);
    entry.reason = row[14].c_str();
    entry.detail = row[15].c_str();
    entry.previous = bytesOf(row[16]);
    entry.hash = bytesOf(row[17]);
    stored.receivedAt = row[18].c_str();
    stored.isCopy = row[19].as<bool>();
    stored.isPurged = row[20].as<bool>();
    return stored;
}

void insertEntries(db::Transaction& work, std::string_view sender, const std::vector<NewEntry>& entries)
{
    if (entries.empty())
        return;
    db::NumberArray seqs;
    db::NumberArray copies;
    std::array<db::TextArray, 18> columns;
    for (const NewEntry& one : entries) {
        const Entry& entry = one.entry;
        seqs.add(entry.seq);
        copies.add(one.isCopy ? 1 : 0);
        const std::array<std::string, 5> hex{
            crypto::toHex(fingerprintOf(entry)), crypto::toHex(entry.beforeDigest),
            crypto::toHex(entry.afterDigest), crypto::toHex(entry.previous), crypto::toHex(entry.hash)};
        const std::array<const std::string*, 18> fields{&entry.incarnation,
                                                        &entry.at,
                                                        &entry.account,
                                                        &entry.role,
                                                        &entry.device,
                                                        &entry.action,
                                                        &entry.category,
                                                        &entry.resourceType,
                                                        &entry.resourceId,
                                                        &entry.patient,
                                                        &entry.outcome,
                                                        &entry.reason,
                                                        &entry.detail,
                                                        &hex[0],
                                                        &hex[1],
                                                        &hex[2],
                                                        &hex[3],
                                                        &hex[4]};
        for (std::size_t i = 0; i < fields.size(); ++i)
            columns[i].add(std::string_view(*fields[i]));
    }
    work.run(
        "INSERT INTO audit_entry (tenant_id, device_id, seq, is_copy, incarnation, at, account, role, "
        "device, "
        "action, category, resource_type, resource_id, patient, outcome, reason, detail, fingerprint, "
        "before_digest, after_digest, previous, hash) "
        "SELECT $1, $2, e.seq, e.is_copy = 1, e.incarnation, e.at, e.account, e.role, e.device, e.action, "
        "e.category, e.resource_type, e.resource_id, e.patient, e.outcome, e.reason, e.detail, "
        "decode(e.fingerprint, 'hex'), decode(e.before_digest, 'hex'), decode(e.after_digest, 'hex'), "
        "decode(e.previous, 'hex'), decode(e.hash, 'hex') "
        "FROM unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], "
        "$10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], "
        "$17::text[], "
        "$18::text[], $19::text[], $20::text[], $21::text[], $22::text[]) "
        "AS e (seq, is_copy, incarnation, at, account, role, device, action, category, resource_type, "
        "resource_id, patient, outcome, reason, detail, fingerprint, before_digest, after_digest, previous, "
        "hash) "
        "ON CONFLICT DO NOTHING",
        work.tenant(), sender, seqs, copies, columns[0], columns[1], columns[2], columns[3], columns[4],
        columns[5], columns[6], columns[7], columns[8], columns[9], columns[10], columns[11], columns[12],
        columns[13], columns[14], columns[15], columns[16], columns[17]);
}

std::vector<std::string> allChains(db::Transaction& work)
{
    std::vector<std::string> chains;
    for (const auto& row : work.run(
             "SELECT incarnation FROM audit_chain WHERE tenant_id = $1 ORDER BY incarnation", work.tenant()))
        chains.emplace_back(row[0].c_str());
    return chains;
}

ChainReport verifyChain(db::Transaction& work, std::string_view incarnation)
{
    ChainReport report;
    const auto chains =
        work.run("SELECT next_seq, follows FROM audit_chain WHERE tenant_id = $1 AND incarnation = $2",
                 work.tenant(), incarnation);
    if (chains.empty())
        return report;
    const auto next = chains[0][0].as<std::int64_t>();
    // One that goes on from another incarnation begins behind that one's head; from nothing, behind zeros.
    bool isFirst = !chains[0][1].is_null();
    std::string previous(kDigestSize, '\0');
    std::int64_t expected = 1;
    std::int64_t last = 0;
    const std::string sql =
        std::string("SELECT ") + kEntryColumns +
        " FROM audit_entry WHERE tenant_id = $1 AND incarnation = $2 AND seq > $3 AND NOT is_copy "
        "ORDER BY seq LIMIT $4";
    while (true) {
        const auto rows = work.run(sql, work.tenant(), incarnation, last, kPage);
        for (const auto& row : rows) {
            const auto [entry, receivedAt, isCopy, isPurged] = readEntry(row);
            if (isFirst) {
                expected = entry.seq;
                previous = entry.previous;
                isFirst = false;
            }
            if (entry.seq != expected || entry.previous != previous ||
                (!isPurged && hashOf(entry) != entry.hash)) {
                report.firstBroken = std::min(entry.seq, expected);
                return report;
            }
            previous = entry.hash;
            last = entry.seq;
            ++expected;
            ++report.entries;
        }
        if (static_cast<std::int64_t>(rows.size()) < kPage)
            break;
    }
    if (report.entries > 0 && expected < next) // cut at its end
        report.firstBroken = expected;
    if (report.entries == 0 && next > 1 && chains[0][1].is_null())
        report.firstBroken = 1;
    return report;
}

} // namespace yarrow::server::audit
