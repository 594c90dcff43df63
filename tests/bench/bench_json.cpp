// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing FHIR documents, beside what simdjson alone needs to read them into its own DOM.
// YARROW_BENCH_FHIR names a file to measure instead of the built-in resource.
#include "core/json.h"

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

constexpr const char* kObservation =
    R"({"resourceType":"Observation","id":"0b2c1f5e-7c3d-4a57-8f10-2f64a1a3b9d7",)"
    R"("meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"]},)"
    R"("status":"final","category":[{"coding":[{"system":)"
    R"("http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory",)"
    R"("display":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org",)"
    R"("code":"2339-0","display":"Glucose"}],"text":"Glucose"},"subject":{"reference":)"
    R"("Patient/5cbc121b-cd71-4428-b8b7-31e53eba8184"},"encounter":{"reference":)"
    R"("Encounter/3a4b7a3c-0d7e-4f54-9a49-0a1a5de0f3b1"},"effectiveDateTime":)"
    R"("2016-03-11T09:14:23+01:00","issued":"2016-03-11T09:14:23.372+01:00",)"
    R"("valueQuantity":{"value":81.40,"unit":"mg/dL","system":"http://unitsofmeasure.org",)"
    R"("code":"mg/dL"},"referenceRange":[{"low":{"value":70,"unit":"mg/dL"},)"
    R"("high":{"value":99.90,"unit":"mg/dL"},"text":"fasting"}],"performer":[{"reference":)"
    R"("Practitioner/91c2b1a8-22b1-4f5c-9a55-7a9e6a2ea0aa","display":"Dr. Example"}],)"
    R"("note":[{"text":"Taken in the morning; \"fasting\" as told by the patient."}]})";

const std::string& document()
{
    static const std::string text = [] {
        const char* path = std::getenv("YARROW_BENCH_FHIR");
        if (!path)
            return std::string(kObservation);
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }();
    return text;
}

void countBytes(benchmark::State& state)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(document().size()));
}

void simdjsonDom(benchmark::State& state)
{
    simdjson::dom::parser parser;
    const simdjson::padded_string padded(document());
    for (auto _ : state)
        benchmark::DoNotOptimize(parser.parse(padded).error());
    countBytes(state);
}

void parse(benchmark::State& state)
{
    for (auto _ : state) {
        yarrow::Result<yarrow::Json> json = yarrow::Json::parse(document());
        if (!json)
            state.SkipWithError(json.error().context.c_str());
        benchmark::DoNotOptimize(json);
    }
    countBytes(state);
}

void dump(benchmark::State& state)
{
    const yarrow::Result<yarrow::Json> json = yarrow::Json::parse(document());
    for (auto _ : state)
        benchmark::DoNotOptimize(json->dump());
    countBytes(state);
}

void copy(benchmark::State& state)
{
    const yarrow::Result<yarrow::Json> json = yarrow::Json::parse(document());
    for (auto _ : state) {
        yarrow::Json other = *json;
        benchmark::DoNotOptimize(other);
    }
    countBytes(state);
}

} // namespace

BENCHMARK(simdjsonDom);
BENCHMARK(parse);
BENCHMARK(dump);
BENCHMARK(copy);
BENCHMARK_MAIN();
