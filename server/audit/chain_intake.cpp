// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/chain_intake.h"

#include "server/audit/entry_rows.h"
#include "server/audit/server_audit.h"
#include "server/auth/crypto.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <algorithm>
#include <map>
#include <set>

namespace yarrow::server::audit {
namespace {

#define YARROW_CHAIN_COLUMNS                                                                                 \
    "SELECT c.incarnation, c.device_id, c.next_seq, encode(c.head, 'hex'), coalesce(c.follows, ''), "        \
    "c.broken_seq, "                                                                                         \
    "coalesce(c.broken_reason, ''), coalesce(" YARROW_INSTANT(                                               \
        "c.broken_at") ", ''), (SELECT max(p.seq) FROM audit_checkpoint p WHERE p.tenant_id = c.tenant_id "  \
                       "AND "                                                                                \
                       "p.incarnation = c.incarnation) "                                                     \
                       "FROM audit_chain c WHERE c.tenant_id = $1 AND c.incarnation = $2"

std::optional<ChainState> chainOf(const pqxx::result& rows)
{
    std::optional<ChainState> result;
    if (rows.empty())
        return result;
    const auto row = rows[0];
    ChainState chain;
    chain.incarnation = row[0].c_str();
    chain.device = row[1].c_str();
    chain.next = row[2].as<std::int64_t>();
    chain.head = crypto::fromHex(row[3].c_str()).value_or(std::string());
    chain.follows = row[4].c_str();
    if (!row[5].is_null())
        chain.firstBreak = Break{row[5].as<std::int64_t>(), row[6].c_str()};
    chain.brokenAt = row[7].c_str();
    if (!row[8].is_null())
        chain.checkpoint = row[8].as<std::int64_t>();
    result = std::move(chain);
    return result;
}

/// Marks the chain, unless the break came from another device: nobody brands a chain but its owner.
void tellBreak(db::Transaction& work, ChainState& chain, std::string_view device, const Break& found)
{
    if (!chain.firstBreak && chain.device == device) {
        chain.firstBreak = found;
        work.run("UPDATE audit_chain SET broken_at = now(), broken_seq = $3, broken_reason = $4 "
                 "WHERE tenant_id = $1 AND incarnation = $2",
                 work.tenant(), chain.incarnation, found.seq, found.reason);
    }
    Event event{"audit-chain-broken"};
    event.device = device;
    event.resourceType = "AuditEvent";
    event.resourceId = chain.incarnation;
    event.outcome = "8";
    event.detail = "entry=" + std::to_string(found.seq) + " reason=" + found.reason;
    append(work, event);
    ops::Counter("yarrow_audit_breaks_total", "Audit chains of workstations that did not hold together",
                 {{"reason", found.reason}})
        .add();
    ops::log(ops::LogLevel::Error, "audit-chain-broken",
             {{"tenant", work.tenant().text()},
              {"device", device},
              {"incarnation", chain.incarnation},
              {"entry", found.seq},
              {"reason", found.reason}});
}

/// Makes the chain when it is new, and tells whether what it follows is here.
ChainState lockedChain(db::Transaction& work, std::string_view device, const Upload& upload,
                       std::optional<Break>& found)
{
    const std::string head =
        crypto::toHex(upload.follows ? upload.follows->hash : std::string(kDigestSize, '\0'));
    const std::int64_t next = upload.follows ? upload.follows->seq + 1 : 1;
    const auto made = work.run(
        "INSERT INTO audit_chain (tenant_id, incarnation, device_id, next_seq, head, follows) "
        "VALUES ($1, $2, $3, $4, decode($5, 'hex'), nullif($6, '')) ON CONFLICT DO NOTHING RETURNING 1",
        work.tenant(), upload.incarnation, device, next, head,
        upload.follows ? upload.follows->incarnation : std::string());
    ChainState chain =
        chainOf(work.run(YARROW_CHAIN_COLUMNS " FOR UPDATE OF c", work.tenant(), upload.incarnation)).value();
    if (!made.empty()) {
        Event event{"audit-chain-started"};
        event.device = device;
        event.resourceType = "AuditEvent";
        event.resourceId = upload.incarnation;
        if (upload.follows)
            event.detail =
                "follows=" + upload.follows->incarnation + " entry=" + std::to_string(upload.follows->seq);
        append(work, event);
    }
    if (!made.empty() && upload.follows) {
        const auto rows =
            work.run("SELECT 1 FROM audit_entry WHERE tenant_id = $1 AND incarnation = $2 AND seq = $3 "
                     "AND hash = decode($4, 'hex') AND (NOT is_copy OR device_id = $5)",
                     work.tenant(), upload.follows->incarnation, upload.follows->seq, head, device);
        if (rows.empty())
            found = Break{next, "unknown-head"};
    }
    return chain;
}

/// What the chain's owner and the sender have sent before under the numbers of an upload. (What another has
/// sent is nobody's word for it.)
struct Known
{
    std::set<std::pair<std::int64_t, std::string>> entries; ///< number and fingerprint
    std::set<std::int64_t> numbers;                         ///< taken by an entry that is no copy

    Known(db::Transaction& work, std::string_view device, const Upload& upload)
    {
        db::NumberArray seqs;
        for (const Entry& entry : upload.entries)
            seqs.add(entry.seq);
        for (const auto& row : work.run("SELECT seq, encode(fingerprint, 'hex'), is_copy FROM audit_entry "
                                        "WHERE tenant_id = $1 AND incarnation = $2 AND seq = ANY "
                                        "($3::bigint[]) AND (device_id = $4 OR NOT "
                                        "is_copy) "
                                        "ORDER BY seq, fingerprint",
                                        work.tenant(), upload.incarnation, seqs, device)) {
            const auto seq = row[0].as<std::int64_t>();
            entries.emplace(seq, crypto::fromHex(row[1].c_str()).value_or(std::string()));
            if (!row[2].as<bool>())
                numbers.insert(seq);
        }
    }
};

} // namespace

std::string misfit(ChainState& chain, const Entry& entry, bool isNumberTaken)
{
    if (isNumberTaken)
        return "other-entry";
    std::string reason;
    const bool isNext = entry.seq >= chain.next; // else one that was missing comes late
    if (isNext && entry.seq > chain.next)
        reason = "gap";
    else if (isNext && entry.previous != chain.head)
        reason = "not-following";
    else if (hashOf(entry) != entry.hash)
        reason = "hash-mismatch";
    if (isNext) {
        // It goes on from what came, so that each break is told once.
        chain.next = entry.seq + 1;
        chain.head = entry.hash;
    }
    return reason;
}

std::optional<ChainState> findChain(db::Transaction& work, std::string_view incarnation)
{
    return chainOf(work.run(YARROW_CHAIN_COLUMNS, work.tenant(), incarnation));
}

Result<Intake> takeEntries(db::Transaction& work, std::string_view device, const Upload& upload)
{
    if (upload.incarnation == kServerChain)
        return refuse(403, "chain-reserved", "This chain is the server's own.", "/incarnation");
    Intake intake;
    ChainState chain = lockedChain(work, device, upload, intake.firstBreak);
    Known known(work, device, upload);
    const bool isForeign = chain.device != device;
    std::vector<NewEntry> fresh;
    for (const Entry& entry : upload.entries) {
        if (!known.entries.emplace(entry.seq, fingerprintOf(entry)).second) {
            ++intake.known;
            continue;
        }
        const bool isTaken = !isForeign && !known.numbers.insert(entry.seq).second;
        const std::string reason = isForeign ? "other-device" : misfit(chain, entry, isTaken);
        fresh.push_back({entry, isForeign || isTaken});
        if (!reason.empty() && !intake.firstBreak)
            intake.firstBreak = Break{entry.seq, reason};
    }
    insertEntries(work, device, fresh);
    intake.stored = static_cast<std::int64_t>(fresh.size());
    work.run("UPDATE audit_chain SET next_seq = $3, head = decode($4, 'hex') WHERE tenant_id = $1 AND "
             "incarnation = $2",
             work.tenant(), chain.incarnation, chain.next, crypto::toHex(chain.head));
    if (intake.firstBreak)
        tellBreak(work, chain, device, *intake.firstBreak);
    intake.chain = std::move(chain);
    return intake;
}

std::string checkpointText(const Checkpoint& checkpoint)
{
    return "yarrow-audit-checkpoint\n" + checkpoint.incarnation + '\n' + std::to_string(checkpoint.seq) +
           '\n' + crypto::toHex(checkpoint.hash);
}

Result<CheckpointIntake> takeCheckpoint(db::Transaction& work, const Device& device,
                                        const Checkpoint& checkpoint)
{
    auto chain =
        chainOf(work.run(YARROW_CHAIN_COLUMNS " FOR UPDATE OF c", work.tenant(), checkpoint.incarnation));
    if (!chain)
        return refuse(404, "no-such-chain", "There is no audit chain of this incarnation.", "/incarnation");
    if (chain->device != device.id)
        return refuse(403, "chain-of-another-device", "This audit chain is another workstation's.",
                      "/incarnation");
    if (!device.key.verify(checkpointText(checkpoint), checkpoint.signature))
        return refuse(400, "bad-signature", "The checkpoint is not signed by this workstation's key.",
                      "/signature");
    if (checkpoint.seq >= chain->next)
        return refuse(409, "audit-entries-missing", "Upload the entries up to the checkpoint first.", "/seq");

    CheckpointIntake intake;
    intake.isNew =
        !work.run("INSERT INTO audit_checkpoint (tenant_id, incarnation, seq, hash, signature) VALUES "
                  "($1, $2, $3, decode($4, 'hex'), decode($5, 'hex')) ON CONFLICT DO NOTHING RETURNING 1",
                  work.tenant(), checkpoint.incarnation, checkpoint.seq, crypto::toHex(checkpoint.hash),
                  crypto::toHex(checkpoint.signature))
             .empty();
    if (!intake.isNew)
        return intake;
    const auto entry =
        work.run("SELECT 1 FROM audit_entry WHERE tenant_id = $1 AND incarnation = $2 AND seq = $3 AND "
                 "hash = decode($4, 'hex') AND NOT is_copy",
                 work.tenant(), checkpoint.incarnation, checkpoint.seq, crypto::toHex(checkpoint.hash));
    if (entry.empty())
        intake.found = Break{checkpoint.seq, "checkpoint-mismatch"};
    else if (chain->checkpoint && checkpoint.seq < *chain->checkpoint)
        intake.found = Break{checkpoint.seq, "behind-checkpoint"};
    if (intake.found)
        tellBreak(work, *chain, device.id, *intake.found);
    return intake;
}

} // namespace yarrow::server::audit
