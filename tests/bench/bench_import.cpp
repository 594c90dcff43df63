// SPDX-License-Identifier: GPL-3.0-or-later

// How fast records come in, against the rate at which this machine inserts the very same rows (documents,
// edits, audit entries, projections, with all indexes) straight through SQLCipher's C API. Both in turn, A B
// A B; medians. Ends with 1 when the ratio is below the half that is promised.

#include "tests/bench/bench_clinic.h"
#include "tests/bench/raw_rows.h"

#include <cstdio>
#include <fstream>

using namespace yarrow;
using namespace yarrow::bench;

namespace {

constexpr int kFiles = 20;
constexpr int kPatientsInFile = 10;
constexpr int kResourcesOfPatient = 60;
constexpr int kRounds = 3;
constexpr double kPromised = 0.5;

std::string observation(int file, int patient, int number)
{
    const std::string id =
        std::to_string(file) + "-" + std::to_string(patient) + "-" + std::to_string(number);
    return R"({"fullUrl":"urn:uuid:)" + spreadUuid(id) +
           R"(","resource":{"resourceType":"Observation","id":")" + spreadUuid(id) +
           R"(","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"2339-0","display":"Glucose [Mass/volume] in Blood"}],"text":"Glucose"},"subject":{"reference":"urn:uuid:)" +
           spreadUuid("p" + std::to_string(file) + "-" + std::to_string(patient)) +
           R"("},"effectiveDateTime":"2024-05-17T08:30:00+02:00","issued":"2024-05-17T08:30:00.123+02:00","valueQuantity":{"value":)" +
           std::to_string(70 + number) +
           R"(.10,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"},"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],"note":[{"text":"Taken fasting, in the morning; the sample was sent to the laboratory at once and analysed on the same day."}],"referenceRange":[{"low":{"value":70.0,"unit":"mg/dL"},"high":{"value":110.0,"unit":"mg/dL"}}]}})";
}

std::string bundle(int file)
{
    std::string text = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
    for (int patient = 0; patient < kPatientsInFile; ++patient) {
        const std::string id = spreadUuid("p" + std::to_string(file) + "-" + std::to_string(patient));
        text += patient == 0 ? "" : ",";
        text += R"({"fullUrl":"urn:uuid:)" + id + R"(","resource":)" +
                patientText(id, file * kPatientsInFile + patient) + "}";
        for (int number = 1; number < kResourcesOfPatient; ++number)
            text += "," + observation(file, patient, number);
    }
    return text + "]}";
}

} // namespace

int main()
{
    const TemporaryFolder folder;
    std::vector<std::filesystem::path> files;
    for (int file = 0; file < kFiles; ++file) {
        files.push_back(folder.path() / ("bundle-" + std::to_string(100 + file) + ".json"));
        std::ofstream(files.back()) << bundle(file);
    }
    std::vector<double> imports;
    std::vector<double> raws;
    std::vector<Table> tables;
    const int resources = kFiles * kPatientsInFile * kResourcesOfPatient;
    for (int round = 0; round < kRounds; ++round) {
        BenchClinic clinic(folder.path() / ("clinic-" + std::to_string(round)));
        auto opened = clinic.open();
        const Stopwatch watch;
        const auto report = opened->importer().run(files);
        const double seconds = watch.seconds();
        if (!report || !report->failed.empty() || report->created != resources)
            fatal("import", "not all came in");
        imports.push_back(seconds);
        if (tables.empty()) {
            opened.reset();
            tables = readTables(clinic.connectBelow()->db(),
                                {"patient_key", "resource", "edit", "audit", "patient_index"});
        }
        raws.push_back(insertRaw(folder.path() / "raw.db", tables, kFiles));
    }
    const double import = median(imports);
    const double raw = median(raws);
    std::printf("import, %d resources in %d bundles, median of %d\n", resources, kFiles, kRounds);
    std::printf("  Yarrow     %9.0f resources/s\n", resources / import);
    std::printf("  raw limit  %9.0f resources/s (the same rows through the C API)\n", resources / raw);
    std::printf("  ratio      %9.2f (promised: %.2f)\n", raw / import, kPromised);
    return raw / import >= kPromised ? 0 : 1;
}
