// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever Bundle comes: no crash; each entry is a change, a read or a problem; every document that is taken
// can be given its meta, is taken again as it then stands, and keeps what is known of it. The same for a
// single resource.
#include "server/fhir/bundle.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace yarrow::server;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkStored(const fhir::Document& document)
{
    const std::string stored = fhir::withMeta(document.text, "epoch.1", "2026-05-04T07:30:00.000001Z");
    const auto json = JsonDocument::parse(stored);
    require(json.has_value());
    const auto again = fhir::readDocument(json->root());
    require(again && again->type == document.type && again->id == document.id &&
            again->area == document.area);
    require(again->index.values == document.index.values && again->index.slot == document.index.slot);
    require(fhir::withMeta(stored, "epoch.1", "2026-05-04T07:30:00.000001Z") == stored);
    require(fhir::isFhirId(document.id) || document.id.empty());
}

void checkProblem(const Problem& problem)
{
    require(problem.status >= 400 && problem.status < 500);
    require(JsonDocument::parse(fhir::outcomeOf(problem)).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto json = JsonDocument::parse(std::string(reinterpret_cast<const char*>(data), size));
    if (!json)
        return 0;
    if (const auto document = fhir::readDocument(json->root()))
        checkStored(*document);
    else
        checkProblem(document.error());
    const auto request = fhir::readBundle(*json);
    if (!request) {
        checkProblem(request.error());
        return 0;
    }
    for (const fhir::BundleEntry& entry : request->entries) {
        require((entry.write ? 1 : 0) + (entry.problem ? 1 : 0) + (entry.read.empty() ? 0 : 1) == 1);
        if (entry.problem)
            checkProblem(*entry.problem);
        if (!entry.write)
            continue;
        require(fhir::isFhirId(entry.write->id) && fhir::isStoredType(entry.write->type));
        require(entry.write->document.has_value() ==
                (entry.write->method != fhir::WriteEntry::Method::Delete));
        if (entry.write->document)
            checkStored(*entry.write->document);
    }
    return 0;
}
