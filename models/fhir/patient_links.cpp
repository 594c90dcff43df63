// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_links.h"

#include "models/fhir/references.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

PatientLink linkOf(const Json& item)
{
    const auto other = parseReference(item["other"]["reference"].string());
    return {other ? std::string(other->type) + "/" + std::string(other->id) : std::string(),
            std::string(item["type"].string())};
}

} // namespace

std::vector<PatientLink> patientLinks(const Json& patient)
{
    std::vector<PatientLink> links;
    for (const Json& item : patient["link"].items()) {
        if (PatientLink link = linkOf(item); !link.other.empty())
            links.push_back(std::move(link));
    }
    return links;
}

std::optional<std::string> replacedBy(const Json& patient)
{
    for (const PatientLink& link : patientLinks(patient)) {
        if (link.type == "replaced-by" && !referencedId(link.other, "Patient").empty())
            return std::string(referencedId(link.other, "Patient"));
    }
    return std::nullopt;
}

void addPatientLink(Json& patient, const PatientLink& link)
{
    const auto links = patientLinks(patient);
    if (std::find(links.begin(), links.end(), link) != links.end())
        return;
    Json other = Json::object();
    other.set("reference", link.other);
    Json item = Json::object();
    item.set("other", std::move(other));
    item.set("type", link.type);
    patient.arrayAt("link").append(std::move(item)); // the last element of a Patient
}

bool removePatientLink(Json& patient, const PatientLink& link)
{
    Json* links = patient.find("link");
    if (!links || !links->isArray())
        return false;
    auto& items = links->mutableItems();
    const auto removed = std::erase_if(items, [&](const Json& item) { return linkOf(item) == link; });
    if (items.empty())
        patient.remove("link");
    return removed > 0;
}

} // namespace yarrow::fhir
