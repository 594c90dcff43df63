// SPDX-License-Identifier: GPL-3.0-or-later

// What an exchange costs, on a running server: a first exchange against the rate at which this machine
// inserts the very same rows straight through SQLCipher's C API, pushes, exchanges with little or nothing to
// do. Prints "name<tab>value" lines; ../bench_sync.py makes the table.

#include "models/store/search/patient_search.h"
#include "tests/bench/raw_rows.h"
#include "tests/bench/sync_load/workstation.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>

#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

using namespace yarrow;
using namespace yarrow::bench;

namespace {

constexpr int kOfPatient = 10; // records, with the patient's own
constexpr std::size_t kRowsInTransaction = 400;

/// The documents of a clinic by number: a patient, then what was measured of that patient. `edition` changes
/// them.
std::string document(int number, int edition)
{
    const int patient = number / kOfPatient;
    const std::string owner = spreadUuid("sync-patient" + std::to_string(patient));
    if (number % kOfPatient == 0) {
        Json json = *Json::parse(patientText(owner, patient));
        if (edition != 0)
            json.set("multipleBirthInteger", std::int64_t{edition});
        return json.dump() + "\n";
    }
    return R"({"resourceType":"Observation","id":")" + spreadUuid("sync" + std::to_string(number)) +
           R"(","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"2339-0","display":"Glucose [Mass/volume] in Blood"}],"text":"Glucose"},"subject":{"reference":"Patient/)" +
           owner +
           R"("},"effectiveDateTime":"2024-05-17T08:30:00+02:00","issued":"2024-05-17T08:30:00.123+02:00","valueQuantity":{"value":)" +
           std::to_string(70 + number % 60 + edition) +
           R"(.10,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"},"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],"note":[{"text":"Taken fasting, in the morning; the sample was sent to the laboratory at once and analysed on the same day."}],"referenceRange":[{"low":{"value":70.0,"unit":"mg/dL"},"high":{"value":110.0,"unit":"mg/dL"}}]})" +
           "\n";
}

std::string documents(int first, int count, int edition)
{
    std::string lines;
    for (int number = first; number < first + count; ++number)
        lines += document(number, edition);
    return lines;
}

void tell(const char* name, double value, const char* unit)
{
    std::printf("%s\t%.2f %s\n", name, value, unit);
    std::fflush(stdout);
}

double peakMemoryMB()
{
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.rfind("VmHWM:", 0) == 0)
            return std::stod(line.substr(6)) / 1024;
    }
    return 0;
}

/// Somebody who signs in while the first exchange runs, searches until the first hit, and works on.
struct PersonAtWork
{
    double untilFirstHit = 0;     ///< s
    std::vector<double> searches; ///< ms
    std::vector<double> saves;    ///< ms

    void work(BenchClinic& profile, const std::atomic_bool& done)
    {
        const Stopwatch since;
        auto clinic = profile.open(QStringLiteral("doctor"));
        auto reading = clinic->openReadConnection();
        if (!reading)
            fatal("read connection", reading.error());
        for (int turn = 0; !done || untilFirstHit == 0; ++turn) {
            const Stopwatch search;
            const auto hits = searchPatients(**reading, familyName(turn).substr(0, 3), 50);
            searches.push_back(search.seconds() * 1000);
            if (untilFirstHit == 0 && !hits.empty())
                untilFirstHit = since.seconds();
            const Json patient =
                *Json::parse(patientText(spreadUuid("at-work" + std::to_string(turn)), turn));
            const Stopwatch save;
            if (const auto saved = clinic->resources().put(patient); !saved)
                fatal("save", saved.error());
            saves.push_back(save.seconds() * 1000);
            std::this_thread::sleep_for(std::chrono::milliseconds(250));
        }
    }
};

void firstExchange(BenchWorkstation& station, const std::filesystem::path& folder, bool withPerson,
                   std::vector<double>& rates, std::vector<double>& ratios)
{
    std::atomic_bool done = false;
    PersonAtWork person;
    std::thread work;
    if (withPerson)
        work = std::thread([&] { person.work(station.profile(), done); });
    const Stopwatch watch;
    const std::clock_t before = std::clock();
    const sync::SyncReport report = station.exchange();
    const double seconds = watch.seconds();
    const double processor = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    done = true;
    if (withPerson) {
        work.join();
        tell("first exchange with somebody at work", static_cast<double>(report.pulled) / seconds,
             "resources/s");
        tell("  sign-in and first hit of a search", person.untilFirstHit, "s");
        tell("  searches, median", median(person.searches), "ms");
        tell("  searches, slowest", percentile(person.searches, 1), "ms");
        tell("  saves, median", median(person.saves), "ms");
        tell("  saves, slowest", percentile(person.saves, 1), "ms");
        return;
    }
    const double rate = static_cast<double>(report.pulled) / seconds;
    if (rates.empty()) {
        tell("first exchange, peak memory of the process", peakMemoryMB(), "MB");
        tell("first exchange, processor time of the workstation", processor, "s");
        tell("first exchange, over the wire", static_cast<double>(report.bytes) / 1e6, "MB");
        tell("first exchange, requests", static_cast<double>(report.roundTrips), "");
    }
    rates.push_back(rate);
    const auto tables =
        readTables(station.profile().connectBelow()->db(), {"patient_key", "resource", "patient_index"});
    const double raw = insertRaw(folder / "raw.db", tables, tables[1].rows.size() / kRowsInTransaction + 1);
    ratios.push_back(rate / (static_cast<double>(tables[1].rows.size()) / raw));
    tell("  a round: first exchange", rate, "resources/s");
    tell("  a round: raw limit", static_cast<double>(tables[1].rows.size()) / raw, "resources/s");
}

void pushes(BenchWorkstation& station, int count, int rounds)
{
    std::vector<double> rates;
    for (int round = 1; round <= rounds; ++round) {
        station.write(documents(0, count, round));
        const Stopwatch watch;
        const sync::SyncReport report = station.exchange();
        if (report.pushed != count)
            fatal("push", std::to_string(report.pushed) + " were pushed");
        rates.push_back(count / watch.seconds());
    }
    std::ostringstream name;
    name << "push of " << count << " edits, median of " << rounds;
    tell(name.str().c_str(), median(rates), "resources/s");
}

void nothing(BenchWorkstation& station, int rounds)
{
    std::vector<double> milliseconds;
    for (int round = 0; round < rounds; ++round) {
        const Stopwatch watch;
        if (station.exchange().pulled != 0)
            fatal("nothing to do", "something was pulled");
        milliseconds.push_back(watch.seconds() * 1000);
    }
    tell("nothing to do, median", median(milliseconds), "ms");
}

void changes(BenchWorkstation& station, BenchWorkstation& other, int count, int rounds)
{
    std::vector<double> milliseconds;
    for (int round = 0; round < rounds; ++round) {
        other.write(documents(count * round, count, 100 + round));
        other.exchange();
        const Stopwatch watch;
        if (station.exchange().pulled != count)
            fatal("changes", "not all were pulled");
        milliseconds.push_back(watch.seconds() * 1000);
    }
    std::ostringstream name;
    name << count << " changes of another workstation, median of " << rounds;
    tell(name.str().c_str(), median(milliseconds), "ms");
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication qt(argc, argv);
    CLI::App app("Workstations on a running server");
    ServerAccess server;
    std::string ca;
    std::vector<std::string> codes;
    int count = 100'000;
    int rounds = 3;
    bool fill = false;
    bool print = false;
    app.add_option("--url", server.url);
    app.add_option("--ca", ca);
    app.add_option("--code", codes, "One for each round, and two");
    app.add_option("--count", count, "Records of the clinic");
    app.add_option("--rounds", rounds, "First exchanges");
    app.add_flag("--fill", fill, "The server has no records yet: send them");
    app.add_flag("--print", print, "Only print the records as NDJSON");
    CLI11_PARSE(app, argc, argv);
    if (print) {
        for (int number = 0; number < count; ++number)
            std::fputs(document(number, 0).c_str(), stdout);
        return 0;
    }
    if (codes.size() != static_cast<std::size_t>(rounds) + 2) {
        std::fprintf(stderr, "%d codes are needed\n", rounds + 2);
        return 2;
    }
    std::stringstream text;
    text << std::ifstream(ca).rdbuf();
    server.caPem = text.str();

    const TemporaryFolder folder;
    auto code = codes.begin();
    BenchWorkstation writer(folder.path() / "writer", server, *code++);
    writer.exchange();
    if (fill) {
        writer.write(documents(0, count, 0));
        const Stopwatch watch;
        writer.exchange();
        tell("push of a whole clinic", count / watch.seconds(), "resources/s");
    }
    std::vector<double> rates;
    std::vector<double> ratios;
    std::unique_ptr<BenchWorkstation> last;
    for (int round = 0; round < rounds; ++round) {
        last = std::make_unique<BenchWorkstation>(folder.path() / ("first-" + std::to_string(round)), server,
                                                  *code++);
        firstExchange(*last, folder.path(), false, rates, ratios);
    }
    tell("first exchange, median", median(rates), "resources/s");
    tell("  of the raw limit, median", median(ratios), "");
    pushes(*last, 1000, 5);
    writer.exchange();
    nothing(*last, 50);
    changes(*last, writer, 100, 11);
    BenchWorkstation busy(folder.path() / "busy", server, *code++);
    firstExchange(busy, folder.path(), true, rates, ratios);
    return 0;
}
