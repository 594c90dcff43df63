// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/contention.h"

namespace yarrow::server::records {

std::map<std::size_t, std::string> settle(const std::vector<Contention>& contentions,
                                          const std::vector<bool>& refused)
{
    std::map<std::size_t, std::string> lost;
    const auto isRefused = [&](std::size_t entry) { return refused[entry] || lost.contains(entry); };
    const auto standsInTheWay = [&](const Contention& contention) {
        switch (contention.other) {
        case Contention::Other::Stays:
            return true;
        case Contention::Other::Held:
            return isRefused(contention.otherEntry);
        case Contention::Other::Wanted:
            return !isRefused(contention.otherEntry) && contention.otherEntry < contention.entry;
        }
        return false;
    };
    // The earliest loser of each kind. What stays in any case comes first: an entry that has lost to it takes
    // nothing from another entry. Every round refuses one entry, so there are no more rounds than entries.
    const auto firstLoser = [&](bool amongWanted) {
        const Contention* first = nullptr;
        for (const Contention& contention : contentions) {
            if ((contention.other == Contention::Other::Wanted) == amongWanted &&
                !isRefused(contention.entry) && standsInTheWay(contention) &&
                (!first || contention.entry < first->entry))
                first = &contention;
        }
        return first;
    };
    while (true) {
        const Contention* loser = firstLoser(false);
        if (!loser)
            loser = firstLoser(true);
        if (!loser)
            break;
        lost.emplace(loser->entry, loser->otherRecord);
    }
    return lost;
}

} // namespace yarrow::server::records
