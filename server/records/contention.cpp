// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/contention.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace yarrow::server::records {
namespace {

/// A bundle may have thousands of claims on one thing: pairs of them are never listed.
class Settlement
{
public:
    Settlement(const Claims& claims, const std::vector<std::string>& records)
        : m_records(records)
    {
        for (const Claim& claim : claims.wanted) {
            m_wanted[claim.entry].push_back(&claim);
            m_things[claim.what].wanted.push_back(&claim);
        }
        for (const Claim& claim : claims.held)
            m_held[claim.entry].push_back(&claim);
        for (auto& [what, thing] : m_things)
            std::sort(thing.wanted.begin(), thing.wanted.end(),
                      [](const Claim* a, const Claim* b) { return a->from < b->from; });
    }

    std::map<std::size_t, std::string> run(const std::map<std::size_t, std::string>& standing)
    {
        for (const auto& [entry, record] : standing)
            lose(entry, record);
        // In the order of the entries: whom an earlier one beats is known when its turn comes, and who loses
        // later on can only make room.
        for (const auto& [entry, claims] : m_wanted) {
            if (m_lost.contains(entry))
                continue;
            if (const auto other = winnerOver(claims)) {
                lose(entry, m_records[*other]);
                continue;
            }
            for (const Claim* claim : claims)
                m_things[claim->what].taken.emplace(claim->from, std::pair(claim->to, entry));
        }
        return std::move(m_lost);
    }

private:
    struct Thing
    {
        std::vector<const Claim*> wanted; // by `from`
        /// By `from`: (to, entry) of accepted entries, which do not overlap.
        std::map<std::int64_t, std::pair<std::int64_t, std::size_t>> taken;
    };

    std::optional<std::size_t> winnerOver(const std::vector<const Claim*>& claims)
    {
        std::optional<std::size_t> winner;
        for (const Claim* claim : claims) {
            const auto& taken = m_things[claim->what].taken;
            const auto behind = taken.lower_bound(claim->to);
            if (behind == taken.begin())
                continue;
            const auto& [to, entry] = std::prev(behind)->second;
            if (to > claim->from)
                winner = entry;
        }
        return winner;
    }

    /// Refuses the entry and everybody who wanted what its record holds.
    void lose(std::size_t entry, const std::string& record)
    {
        std::vector<std::size_t> losers;
        const auto note = [&](std::size_t loser, const std::string& other) {
            if (m_lost.emplace(loser, other).second)
                losers.push_back(loser);
        };
        note(entry, record);
        while (!losers.empty()) {
            const std::size_t loser = losers.back();
            losers.pop_back();
            giveBack(loser);
            for (const Claim* held : m_held[loser]) {
                for (const Claim* claim : m_things[held->what].wanted) {
                    if (claim->from >= held->to)
                        break;
                    if (claim->to > held->from)
                        note(claim->entry, m_records[loser]);
                }
            }
        }
    }

    void giveBack(std::size_t entry)
    {
        for (const Claim* claim : m_wanted[entry]) {
            auto& taken = m_things[claim->what].taken;
            const auto found = taken.find(claim->from);
            if (found != taken.end() && found->second.second == entry)
                taken.erase(found);
        }
    }

    const std::vector<std::string>& m_records;
    std::map<std::size_t, std::vector<const Claim*>> m_wanted;         // by entry
    std::unordered_map<std::size_t, std::vector<const Claim*>> m_held; // by entry
    std::unordered_map<std::string_view, Thing> m_things;
    std::map<std::size_t, std::string> m_lost;
};

} // namespace

std::map<std::size_t, std::string> settle(const Claims& claims, const std::vector<std::string>& records)
{
    return Settlement(claims, records).run(claims.standing);
}

} // namespace yarrow::server::records
