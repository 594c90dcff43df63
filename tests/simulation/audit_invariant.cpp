// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/audit_invariant.h"

#include "models/store/audit/audit_log.h"
#include "models/store/audit/incarnation.h"
#include "server/auth/crypto.h"
#include "tests/simulation/client.h"
#include "tests/simulation/store_template.h"

#include <algorithm>

namespace yarrow::simulation {
namespace {

using server::crypto::toHex;

std::string nameOf(const AuditEntry& entry)
{
    return "audit entry " + std::to_string(entry.seq) + " (" + entry.action + ") of " + entry.incarnation;
}

void checkArrival(World& world, const Client& client, const AuditEntry& entry)
{
    const auto& stored = world.server.records.audit.entries(entry.incarnation);
    const auto isIt = [&](const ModelAudit::Stored& one) {
        return one.entry.seq == entry.seq && toHex(one.entry.hash) == entry.hash;
    };
    const auto times = std::count_if(stored.begin(), stored.end(), isIt);
    if (times != 1) {
        world.oracle.violated(kAuditInvariant, client.name() + "'s " + nameOf(entry) + " is at the server " +
                                                   std::to_string(times) + " times");
        return;
    }
    const ModelAudit::Stored& one = *std::find_if(stored.begin(), stored.end(), isIt);
    if (one.isCopy && !world.oracle.everLostDisk(client.number()))
        world.oracle.violated(kAuditInvariant,
                              client.name() + "'s " + nameOf(entry) + " came where the server had another");
}

/// Of a workstation that nothing happened to but faults.
void checkOwnChain(World& world, Client& client)
{
    const std::string begunAs = firstIncarnationOf(client.device());
    const std::string current = incarnation::current(client.connection());
    if (current != begunAs)
        world.oracle.violated(kAuditInvariant,
                              client.name() + " goes on as " + current + ", though its disk is its own");
    const server::audit::ChainState* chain = world.server.records.audit.find(begunAs);
    // A server put back to its backup may get late what it has to get first.
    if (!chain || world.oracle.wasRestored())
        return;
    if (chain->firstBreak)
        world.oracle.violated(kAuditInvariant, client.name() + "'s chain is broken at " +
                                                   std::to_string(chain->firstBreak->seq) + ": " +
                                                   chain->firstBreak->reason);
    std::int64_t next = 1;
    for (const ModelAudit::Stored& one : world.server.records.audit.entries(begunAs)) {
        if (one.entry.seq != next)
            world.oracle.violated(kAuditInvariant, client.name() + "'s audit entry " +
                                                       std::to_string(one.entry.seq) + " came as number " +
                                                       std::to_string(next));
        ++next;
    }
}

} // namespace

void checkAudit(World& world, Client& client)
{
    const auto verified = AuditLog::verify(client.connection());
    if (!verified || verified->firstBroken)
        world.oracle.violated(kAuditInvariant,
                              client.name() + "'s own chain does not hold together" +
                                  (verified ? ", at " + std::to_string(*verified->firstBroken) : ""));
    const auto read = AuditLog::forEachBehind(client.connection(), 0, [&](const AuditEntry& entry) {
        checkArrival(world, client, entry);
        return !world.isOver();
    });
    YARROW_ASSERT(read.has_value());
    if (!world.oracle.everLostDisk(client.number()))
        checkOwnChain(world, client);
}

} // namespace yarrow::simulation
