// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fhir/patient_fhir.h"
#include "models/store/search/duplicate_search.h"
#include "tests/support/duplicate_population.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace yarrow::testing {

/// What a search for every record of a population found, against what is known of it.
struct DuplicateQuality
{
    using Slip = DuplicatePopulation::Slip;
    std::size_t truePairs = 0;                                  ///< there are
    std::size_t found = 0;                                      ///< of them
    std::size_t wrong = 0;                                      ///< pairs of two people
    std::map<Slip, std::pair<std::size_t, std::size_t>> bySlip; ///< found, of so many
    std::vector<std::pair<std::string, std::string>> wrongPairs;
    std::vector<std::pair<std::string, std::string>> missedPairs;

    [[nodiscard]] double precision() const
    {
        return static_cast<double>(found) / static_cast<double>(std::max<std::size_t>(found + wrong, 1));
    }
    [[nodiscard]] double recall() const
    {
        return static_cast<double>(found) / static_cast<double>(std::max<std::size_t>(truePairs, 1));
    }
};

inline DuplicateQuality measureDuplicates(Connection& connection, const DuplicatePopulation& population)
{
    const auto& records = population.records();
    const std::int64_t patients = countPatients(connection);
    std::map<std::string, const DuplicatePopulation::Record*> byId;
    for (const auto& record : records)
        byId.emplace(record.id, &record);
    using Pair = std::pair<std::string, std::string>;
    std::set<Pair> shown;
    for (const auto& record : records) {
        const auto patient = fhir::readPatient(DuplicatePopulation::document(record));
        for (const DuplicateHit& hit : findDuplicates(connection, *patient, patients, 20)) {
            const std::string other = hit.patient.id.text();
            shown.insert(record.id < other ? Pair(record.id, other) : Pair(other, record.id));
        }
    }
    DuplicateQuality quality;
    for (const Pair& pair : shown) {
        if (byId.at(pair.first)->who == byId.at(pair.second)->who) {
            ++quality.found;
        } else {
            ++quality.wrong;
            quality.wrongPairs.push_back(pair);
        }
    }
    for (const auto& record : records) {
        if (record.slips.empty())
            continue;
        ++quality.truePairs;
        const std::string& original = records[record.who].id;
        const Pair pair = record.id < original ? Pair(record.id, original) : Pair(original, record.id);
        const bool isFound = shown.contains(pair);
        if (!isFound)
            quality.missedPairs.push_back(pair);
        for (const auto slip : record.slips) {
            auto& [found, of] = quality.bySlip[slip];
            found += isFound ? 1 : 0;
            ++of;
        }
    }
    return quality;
}

} // namespace yarrow::testing
