// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/patient_search.h"

#include "models/domain/name_likeness.h"
#include "models/store/search/patient_row.h"
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
    double likeness = 1;                    ///< of names that only sound alike, or were mistyped
};

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
    Query row(connection, "SELECT " YARROW_PATIENT_COLUMNS " FROM patient_index WHERE pk IN "
                          "(SELECT rowid FROM patient_fts WHERE patient_fts MATCH ? LIMIT ?) ORDER BY pk");
    row.bind(expression, tunables::kSearchCandidates);
    while (row.step()) {
        if (!seen.insert(patientPk(row)).second)
            continue;
        candidates.push_back({patientHit(row), patientSortName(row), kind, 1});
    }
}

/// How well the words typed fit words of the name, on average; each is held against the one most like it.
double likenessOf(const PatientHit& hit, const std::vector<std::string>& typed)
{
    const std::vector<std::string> words = nameWords(QString::fromStdString(hit.name));
    double sum = 0;
    int compared = 0;
    for (const std::string& word : typed) {
        if (word.front() >= '0' && word.front() <= '9')
            continue; // had to fit as it is
        double best = 0;
        for (const std::string& other : words)
            best = std::max(best, jaroWinkler(word, other));
        sum += best;
        ++compared;
    }
    return compared == 0 ? 0 : sum / compared;
}

void collectAlike(Connection& connection, std::string_view typed, MatchKind kind,
                  std::unordered_set<std::int64_t>& seen, std::vector<Candidate>& candidates)
{
    const std::size_t known = candidates.size();
    collect(connection, typed, kind, seen, candidates);
    const std::vector<std::string> words =
        nameWords(QString::fromUtf8(typed.data(), static_cast<qsizetype>(typed.size())));
    for (std::size_t i = known; i < candidates.size(); ++i)
        candidates[i].likeness = likenessOf(candidates[i].hit, words);
    const double least =
        kind == MatchKind::Sounds ? tunables::kLeastLikeness : tunables::kLeastLikenessOfSlips;
    candidates.erase(std::remove_if(candidates.begin() + static_cast<std::ptrdiff_t>(known), candidates.end(),
                                    [&](const Candidate& candidate) { return candidate.likeness < least; }),
                     candidates.end());
}

std::vector<PatientHit> recentPatients(Connection& connection, int limit)
{
    std::vector<PatientHit> hits;
    Query row(connection, "SELECT " YARROW_PATIENT_COLUMNS
                          " FROM patient_index ORDER BY changed_at DESC, pk DESC LIMIT ?");
    row.bind(limit);
    while (row.step())
        hits.push_back(patientHit(row));
    return hits;
}

} // namespace

PatientHit patientHit(const Query& row)
{
    PatientHit hit;
    hit.id = PatientId::known(row.string(0));
    hit.mrn = row.string(1);
    hit.name = row.string(2);
    hit.birthDate = PartialDate::parse(row.text(3)).value_or(PartialDate());
    hit.sex = sexFromCode(row.text(4));
    hit.phone = row.string(5);
    hit.active = row.integer(6) != 0;
    hit.deceased = row.integer(7) != 0;
    hit.unsent = row.integer(10) != 0;
    hit.conflicted = row.integer(11) != 0;
    return hit;
}

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
    // Only where what was typed is not there as it is: many names sound like a common one.
    for (const MatchKind kind : {MatchKind::Sounds, MatchKind::Slips}) {
        if (candidates.size() < tunables::kFewHits)
            collectAlike(connection, typed, kind, seen, candidates);
    }
    const auto order = [&](const Candidate& a) {
        return std::tuple(a.kind, -a.likeness, nameRank(a.sortName, words), !a.hit.active || a.hit.deceased);
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
