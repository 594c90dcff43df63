// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/model_audit.h"

#include "server/audit/server_audit.h"

#include <algorithm>
#include <set>
#include <utility>

namespace yarrow::simulation {

using server::refuse;
using server::audit::Break;
using server::audit::ChainState;
using server::audit::Entry;
using server::audit::Intake;
using server::audit::Upload;

const ChainState* ModelAudit::find(const std::string& incarnation) const
{
    const auto found = m_chains.find(incarnation);
    return found == m_chains.end() ? nullptr : &found->second;
}

const std::vector<ModelAudit::Stored>& ModelAudit::entries(const std::string& incarnation) const
{
    static const std::vector<Stored> none;
    const auto found = m_entries.find(incarnation);
    return found == m_entries.end() ? none : found->second;
}

bool ModelAudit::holds(const server::audit::Follows& head, std::string_view device) const
{
    const auto& stored = entries(head.incarnation);
    return std::any_of(stored.begin(), stored.end(), [&](const Stored& one) {
        return one.entry.seq == head.seq && one.entry.hash == head.hash &&
               (!one.isCopy || one.device == device);
    });
}

server::Result<Intake> ModelAudit::take(std::string_view device, const Upload& upload, const std::string& now)
{
    if (upload.incarnation == server::audit::kServerChain)
        return refuse(403, "chain-reserved", "This chain is the server's own.", "/incarnation");
    Intake intake;
    const auto [place, isNew] = m_chains.try_emplace(upload.incarnation);
    ChainState& chain = place->second;
    if (isNew) {
        chain.incarnation = upload.incarnation;
        chain.device = device;
        chain.next = upload.follows ? upload.follows->seq + 1 : 1;
        chain.head = upload.follows ? upload.follows->hash : std::string(server::audit::kDigestSize, '\0');
        if (upload.follows) {
            chain.follows = upload.follows->incarnation;
            if (!holds(*upload.follows, device))
                intake.firstBreak = Break{chain.next, "unknown-head"};
        }
    }
    std::vector<Stored>& stored = m_entries[upload.incarnation];
    std::set<std::pair<std::int64_t, std::string>> known; // number and fingerprint
    std::set<std::int64_t> numbers;
    for (const Stored& one : stored) {
        if (one.isCopy && one.device != device)
            continue;
        known.emplace(one.entry.seq, fingerprintOf(one.entry));
        if (!one.isCopy)
            numbers.insert(one.entry.seq);
    }
    const bool isForeign = chain.device != device;
    for (const Entry& entry : upload.entries) {
        if (!known.emplace(entry.seq, fingerprintOf(entry)).second) {
            ++intake.known;
            continue;
        }
        const bool isTaken = !isForeign && !numbers.insert(entry.seq).second;
        const std::string reason = isForeign ? "other-device" : misfit(chain, entry, isTaken);
        stored.push_back({entry, std::string(device), isForeign || isTaken});
        ++intake.stored;
        if (!reason.empty() && !intake.firstBreak)
            intake.firstBreak = Break{entry.seq, reason};
    }
    if (intake.firstBreak && !chain.firstBreak && chain.device == device) {
        chain.firstBreak = intake.firstBreak;
        chain.brokenAt = now;
    }
    intake.chain = chain;
    return intake;
}

} // namespace yarrow::simulation
