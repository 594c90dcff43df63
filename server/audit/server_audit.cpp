// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/server_audit.h"

#include "server/audit/entry_rows.h"
#include "server/auth/crypto.h"

namespace yarrow::server::audit {

void append(db::Transaction& work, const Event& event)
{
    // Made first, so that there is a row to lock.
    work.run("INSERT INTO audit_chain (tenant_id, incarnation, device_id, next_seq, head) "
             "VALUES ($1, $2, $2, 1, decode($3, 'hex')) ON CONFLICT DO NOTHING",
             work.tenant(), kServerChain, crypto::toHex(std::string(kDigestSize, '\0')));
    const auto chain =
        work.run("SELECT next_seq, encode(head, 'hex'), " YARROW_INSTANT(
                     "clock_timestamp()") " FROM audit_chain WHERE tenant_id = $1 AND incarnation = $2 "
                                          "FOR UPDATE",
                 work.tenant(), kServerChain);
    Entry entry;
    entry.seq = chain.at(0)[0].as<std::int64_t>();
    entry.incarnation = kServerChain;
    entry.at = chain[0][2].c_str();
    entry.account = event.account;
    entry.role = event.role;
    entry.device = event.device.empty() ? kServerChain : event.device;
    entry.action = event.action;
    entry.category = event.category;
    entry.resourceType = event.resourceType;
    entry.resourceId = event.resourceId;
    entry.patient = event.patient;
    entry.outcome = event.outcome;
    entry.reason = event.reason;
    entry.detail = event.detail;
    entry.previous = crypto::fromHex(chain[0][1].c_str()).value_or(std::string());
    entry.hash = hashOf(entry);
    insertEntries(work, kServerChain, {{entry}});
    work.run("UPDATE audit_chain SET next_seq = next_seq + 1, head = decode($3, 'hex') "
             "WHERE tenant_id = $1 AND incarnation = $2",
             work.tenant(), kServerChain, crypto::toHex(entry.hash));
}

} // namespace yarrow::server::audit
