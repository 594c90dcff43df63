// SPDX-License-Identifier: GPL-3.0-or-later
// What a push costs before the database: reading a batch of 500 Observations, checking its entries and
// writing meta into them, beside what simdjson alone needs for its own DOM. YARROW_BENCH_FHIR names a file to
// be read instead.
#include "server/fhir/bundle.h"

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using yarrow::server::JsonDocument;
namespace fhir = yarrow::server::fhir;

constexpr int kEntries = 500;

std::string observation(int number)
{
    const std::string id = "observation-" + std::to_string(number);
    return R"({"resource":{"resourceType":"Observation","id":")" + id +
           R"(","status":"final","category":[{"coding":[{"system":)"
           R"("http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory",)"
           R"("display":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org",)"
           R"("code":"2339-0","display":"Glucose"}],"text":"Glucose"},"subject":{"reference":)"
           R"("Patient/5cbc121b-cd71-4428-b8b7-31e53eba8184"},"effectiveDateTime":)"
           R"("2016-03-11T09:14:23+01:00","issued":"2016-03-11T09:14:23.372+01:00",)"
           R"("valueQuantity":{"value":81.40,"unit":"mg/dL","system":"http://unitsofmeasure.org",)"
           R"("code":"mg/dL"},"referenceRange":[{"low":{"value":70,"unit":"mg/dL"},)"
           R"("high":{"value":99.90,"unit":"mg/dL"},"text":"fasting"}],"note":[{"text":)"
           R"("Taken in the morning; \"fasting\" as told."}]},"request":{"method":"PUT","url":"Observation/)" +
           id + R"("}})";
}

const std::string& bundle()
{
    static const std::string text = [] {
        if (const char* path = std::getenv("YARROW_BENCH_FHIR")) {
            std::ifstream file(path, std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(file), {});
        }
        std::string entries;
        for (int i = 0; i < kEntries; ++i)
            entries += (i > 0 ? "," : "") + observation(i);
        return R"({"resourceType":"Bundle","type":"batch","entry":[)" + entries + "]}";
    }();
    return text;
}

void countBytes(benchmark::State& state)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bundle().size()));
}

void simdjsonDom(benchmark::State& state)
{
    simdjson::dom::parser parser;
    const simdjson::padded_string padded(bundle());
    for (auto _ : state)
        benchmark::DoNotOptimize(parser.parse(padded).error());
    countBytes(state);
}

void parse(benchmark::State& state)
{
    for (auto _ : state) {
        auto document = JsonDocument::parse(bundle());
        if (!document)
            state.SkipWithError(document.error().detail.c_str());
        benchmark::DoNotOptimize(document);
    }
    countBytes(state);
}

/// Parsing, checking and indexing; meta put into every document that is written.
void readAndStamp(benchmark::State& state)
{
    std::int64_t documents = 0;
    for (auto _ : state) {
        const auto document = JsonDocument::parse(bundle());
        const auto request = fhir::readBundle(document.value());
        if (!request) {
            state.SkipWithError(request.error().detail.c_str());
            break;
        }
        for (const fhir::BundleEntry& entry : request->entries) {
            if (!entry.write || !entry.write->document)
                continue;
            benchmark::DoNotOptimize(
                fhir::withMeta(entry.write->document->text, "abcdef.123456", "2026-05-04T07:30:00.000001Z"));
            ++documents;
        }
    }
    countBytes(state);
    state.SetItemsProcessed(documents);
}

} // namespace

BENCHMARK(simdjsonDom);
BENCHMARK(parse);
BENCHMARK(readAndStamp);
BENCHMARK_MAIN();
