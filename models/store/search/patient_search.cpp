// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/patient_search.h"

#include "models/store/search/search_tokens.h"
#include "models/store/tunables.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace yarrow {

namespace {

struct Candidate
{
    PatientHit hit;
    std::string sortName;
    MatchKind kind = MatchKind::Beginnings; ///< how closely it fits
};

#define YARROW_HIT_COLUMNS                                                                                   \
    "id, mrn, name, birth_date, sex, phone, active, deceased, sort_name, pk, "                               \
    "EXISTS (SELECT 1 FROM edit e WHERE e.resource = patient_index.pk), "                                    \
    "EXISTS (SELECT 1 FROM conflict_index c WHERE c.focus_type = 'Patient' AND "                             \
    "c.focus_id = patient_index.id AND c.open = 1)"

Sex sexFromCode(std::string_view code)
{
    if (code == "female")
        return Sex::Female;
    if (code == "male")
        return Sex::Male;
    if (code == "other")
        return Sex::Other;
    return Sex::Unknown;
}

Candidate readCandidate(const Query& row)
{
    Candidate candidate;
    candidate.hit.id = PatientId::known(row.string(0));
    candidate.hit.mrn = row.string(1);
    candidate.hit.name = row.string(2);
    candidate.hit.birthDate = PartialDate::parse(row.text(3)).value_or(PartialDate());
    candidate.hit.sex = sexFromCode(row.text(4));
    candidate.hit.phone = row.string(5);
    candidate.hit.active = row.integer(6) != 0;
    candidate.hit.deceased = row.integer(7) != 0;
    candidate.sortName = row.string(8);
    candidate.hit.unsent = row.integer(10) != 0;
    candidate.hit.conflicted = row.integer(11) != 0;
    return candidate;
}

/// How well the name fits: 0 when it begins with all the words in the order they were typed, 1 when it begins
/// with one of them, 2 otherwise.
int nameRank(const std::string& sortName, const std::vector<std::string>& words)
{
    std::string typed;
    for (const std::string& word : words)
        typed += (typed.empty() ? "" : " ") + word;
    if (sortName.starts_with(typed))
        return 0;
    const bool one = std::any_of(words.begin(), words.end(),
                                 [&](const std::string& word) { return sortName.starts_with(word); });
    return one ? 1 : 2;
}

void collect(Connection& connection, std::string_view typed, MatchKind kind,
             std::unordered_set<std::int64_t>& seen, std::vector<Candidate>& candidates)
{
    const std::string expression = matchExpression(typed, kind);
    if (expression.empty())
        return;
    Query row(connection, "SELECT " YARROW_HIT_COLUMNS " FROM patient_index WHERE pk IN "
                          "(SELECT rowid FROM patient_fts WHERE patient_fts MATCH ? LIMIT ?) ORDER BY pk");
    row.bind(expression, tunables::kSearchCandidates);
    while (row.step()) {
        if (!seen.insert(row.integer(9)).second)
            continue;
        candidates.push_back(readCandidate(row));
        candidates.back().kind = kind;
    }
}

std::vector<PatientHit> recentPatients(Connection& connection, int limit)
{
    std::vector<PatientHit> hits;
    Query row(connection,
              "SELECT " YARROW_HIT_COLUMNS " FROM patient_index ORDER BY changed_at DESC, pk DESC LIMIT ?");
    row.bind(limit);
    while (row.step())
        hits.push_back(readCandidate(row).hit);
    return hits;
}

} // namespace

std::vector<PatientHit> searchPatients(Connection& connection, std::string_view typed, int limit)
{
    limit = std::clamp(limit, 1, 1000);
    const std::vector<std::string> words = searchWords(typed);
    if (words.empty())
        return typed.find_first_not_of(" \t\r\n") == std::string_view::npos
                   ? recentPatients(connection, limit)
                   : std::vector<PatientHit>();
    std::unordered_set<std::int64_t> seen;
    std::vector<Candidate> candidates;
    for (const MatchKind kind : {MatchKind::WholeWords, MatchKind::WholeOrParts, MatchKind::Beginnings})
        collect(connection, typed, kind, seen, candidates);
    const auto order = [&](const Candidate& a) {
        return std::tuple(a.kind, nameRank(a.sortName, words), !a.hit.active || a.hit.deceased);
    };
    std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
        const auto rankA = order(a);
        const auto rankB = order(b);
        return rankA != rankB ? rankA < rankB
                              : std::tie(a.sortName, a.hit.id) < std::tie(b.sortName, b.hit.id);
    });
    std::vector<PatientHit> hits;
    for (Candidate& candidate : candidates) {
        if (static_cast<int>(hits.size()) == limit)
            break;
        hits.push_back(std::move(candidate.hit));
    }
    return hits;
}

} // namespace yarrow
