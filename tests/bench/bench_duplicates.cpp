// SPDX-License-Identifier: GPL-3.0-or-later

// The check for possible duplicates: its time per keystroke of a registration among a million patients, and
// on a population with known duplicates its precision and recall, with how often fields agree in pairs of one
// person (m) and of two (u). Ends with 1 when what docs/duplicates.md promises is not kept.

#include "tests/bench/many_patients.h"
#include "tests/support/duplicate_quality.h"

using namespace yarrow;
using namespace yarrow::bench;
using testing::DuplicatePopulation;

namespace {

constexpr double kPromisedMs = 50;
constexpr double kPromisedPrecision = 0.98;
constexpr double kPromisedRecall = 0.90;

/// The states of the form while that person is typed in: family name, given name, birth date, phone.
std::vector<Patient> keystrokes(const Patient& person)
{
    std::vector<Patient> states;
    Patient typed;
    typed.names.emplace_back();
    HumanName& name = typed.names.front();
    const QString family = person.names.front().family;
    for (int i = 1; i <= family.size(); ++i) {
        name.family = family.left(i);
        states.push_back(typed);
    }
    const QString given = person.names.front().given.join(u' ');
    for (int i = 1; i <= given.size(); ++i) {
        name.given = QStringList{given.left(i)};
        states.push_back(typed);
    }
    typed.birthDate = person.birthDate;
    states.push_back(typed);
    typed.sex = person.sex;
    states.push_back(typed);
    if (!person.telecoms.empty()) {
        const QString phone = person.telecoms.front().value;
        typed.telecoms.push_back({ContactPoint::System::Phone, ContactPoint::Use::Mobile, {}, 0});
        for (int i = 1; i <= phone.size(); ++i) {
            typed.telecoms.front().value = phone.left(i);
            states.push_back(typed);
        }
    }
    return states;
}

bool measureTime()
{
    const ManyPatients many;
    BenchClinic bench(many.profile());
    auto clinic = bench.open();
    auto reading = clinic->openReadConnection();
    if (!reading)
        fatal("read connection", reading.error());
    const Stopwatch counting;
    const std::int64_t patients = countPatients(**reading);
    std::printf("counting %lld patients, once: %.0f ms\n", static_cast<long long>(patients),
                counting.seconds() * 1000);
    std::vector<double> milliseconds;
    std::size_t warned = 0;
    constexpr int kPeople = 40;
    for (int person = 0; person < kPeople; ++person) {
        const int number = static_cast<int>(static_cast<std::int64_t>(person) * many.count() / kPeople);
        const auto patient = fhir::readPatient(*Json::parse(patientText("x", number)));
        for (const Patient& typed : keystrokes(*patient)) {
            const Stopwatch watch;
            const auto hits = findDuplicates(**reading, typed, patients, 5);
            milliseconds.push_back(watch.seconds() * 1000);
            warned += hits.empty() ? 0 : 1;
        }
    }
    const double p99 = percentile(milliseconds, 0.99);
    std::printf("check among %d patients, %zu keystrokes, %zu with a warning\n", many.count(),
                milliseconds.size(), warned);
    std::printf("  p50 %6.2f ms   p90 %6.2f ms   p99 %6.2f ms (promised: %.0f)   slowest %6.2f ms\n",
                percentile(milliseconds, 0.5), percentile(milliseconds, 0.9), p99, kPromisedMs,
                percentile(milliseconds, 1.0));
    return p99 <= kPromisedMs;
}

const char* nameOf(MatchReason::Field field)
{
    static constexpr const char* kNames[] = {"family name", "given name", "names",   "birth date", "sex",
                                             "phone",       "e-mail",     "address", "number"};
    return kNames[static_cast<int>(field)];
}

const char* nameOf(MatchReason::Agreement agreement)
{
    static constexpr const char* kNames[] = {"same", "similar", "swapped", "partly", "differs"};
    return kNames[static_cast<int>(agreement)];
}

const char* nameOf(DuplicatePopulation::Slip slip)
{
    static constexpr const char* kNames[] = {
        "family mistyped", "given mistyped", "names swapped", "married name", "date transposed",
        "digit of date",   "moved",          "bare",          "accents lost", "second name"};
    return kNames[static_cast<int>(slip)];
}

/// How often fields agree, counted over pairs of one person and over pairs drawn at random.
void printFrequencies(const DuplicatePopulation& population)
{
    using Key = std::pair<MatchReason::Field, MatchReason::Agreement>;
    std::map<Key, std::array<double, 2>> counts;
    std::map<MatchReason::Field, std::array<double, 2>> totals;
    std::vector<MatchProfile> profiles;
    for (const auto& record : population.records())
        profiles.push_back(matchProfile(*fhir::readPatient(DuplicatePopulation::document(record))));
    const auto count = [&](std::size_t a, std::size_t b, std::size_t side) {
        for (const MatchReason& reason : compare(profiles[a], profiles[b]).reasons) {
            counts[{reason.field, reason.agreement}][side] += 1;
            totals[reason.field][side] += 1;
        }
    };
    std::mt19937 random(7);
    for (std::size_t i = 0; i < profiles.size(); ++i) {
        if (!population.records()[i].slips.empty())
            count(i, population.records()[i].who, 0);
        for (int k = 0; k < 100; ++k) {
            const std::size_t other = random() % profiles.size();
            if (population.records()[i].who != population.records()[other].who)
                count(i, other, 1);
        }
    }
    std::printf("%-12s %-8s %9s %9s %10s\n", "field", "", "m", "u", "log2(m/u)");
    for (const auto& [key, both] : counts) {
        const double m = both[0] / std::max(totals[key.first][0], 1.0);
        const double u = both[1] / std::max(totals[key.first][1], 1.0);
        std::printf("%-12s %-8s %9.5f %9.6f", nameOf(key.first), nameOf(key.second), m, u);
        if (m > 0 && u > 0)
            std::printf(" %10.1f", std::log2(m / u));
        std::printf("\n");
    }
}

bool measureQuality(std::size_t people, unsigned seed)
{
    const DuplicatePopulation population(seed, people, 0.1);
    TemporaryFolder folder;
    BenchClinic bench(folder.path() / "clinic");
    auto clinic = bench.open();
    std::vector<Json> documents;
    for (const auto& record : population.records())
        documents.push_back(DuplicatePopulation::document(record));
    if (const auto added = clinic->importer().addDocuments(documents, "population"); !added)
        fatal("import", added.error());
    auto reading = clinic->openReadConnection();
    const auto quality = testing::measureDuplicates(**reading, population);
    std::printf("%zu records, %zu people registered twice (seed %u)\n", documents.size(), quality.truePairs,
                seed);
    std::printf("  precision %.4f (promised: %.2f)   recall %.4f (promised: %.2f)\n", quality.precision(),
                kPromisedPrecision, quality.recall(), kPromisedRecall);
    for (const auto& [slip, counts] : quality.bySlip)
        std::printf("  %-16s %4zu of %4zu\n", nameOf(slip), counts.first, counts.second);
    if (std::getenv("YARROW_BENCH_PAIRS")) {
        std::map<std::string, Json> byId;
        for (const Json& document : documents)
            byId.emplace(std::string(document["id"].string()), document);
        for (const auto* pairs : {&quality.wrongPairs, &quality.missedPairs}) {
            std::printf("%s\n", pairs == &quality.wrongPairs ? "wrong:" : "missed:");
            for (const auto& [a, b] : *pairs)
                std::printf("  %s\n  %s\n\n", byId[a].dump().c_str(), byId[b].dump().c_str());
        }
    }
    printFrequencies(population);
    return quality.precision() >= kPromisedPrecision && quality.recall() >= kPromisedRecall;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string what = argc > 1 ? argv[1] : "all";
    bool kept = true;
    if (what != "time")
        kept = measureQuality(20'000, 1) && kept;
    if (what != "quality")
        kept = measureTime() && kept;
    return kept ? 0 : 1;
}
