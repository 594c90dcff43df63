// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/record_naming.h"

#include "models/fhir/patient_fhir.h"
#include "models/fhir/references.h"

#include <array>

namespace yarrow {
namespace {

std::string conceptText(const Json& codeable)
{
    if (const auto text = codeable["text"].string(); !text.empty())
        return std::string(text);
    for (const Json& coding : codeable["coding"].items()) {
        if (const auto display = coding["display"].string(); !display.empty())
            return std::string(display);
    }
    return {};
}

/// Of a person: "Family, Given", as lists have it.
std::string personName(const Json& name)
{
    std::string text(name["family"].string());
    for (const Json& given : name["given"].items())
        text += (text.empty()                      ? ""
                 : text == name["family"].string() ? ", "
                                                   : " ") +
                std::string(given.string());
    return text.empty() ? std::string(name["text"].string()) : text;
}

/// Of what kind a record is, in its own words: the first of these that is there.
constexpr std::array<std::string_view, 6> kConcepts{
    "code", "medicationCodeableConcept", "vaccineCode", "type", "category", "serviceType"};

std::string ownName(const Json& document)
{
    if (const auto title = document["title"].string(); !title.empty())
        return std::string(title);
    const Json& name = document["name"];
    if (name.isString())
        return std::string(name.string());
    for (const Json& one : name.items())
        return personName(one);
    for (const std::string_view element : kConcepts) {
        const Json& value = document[element];
        const std::string text = conceptText(value.isArray() ? value[0] : value);
        if (!text.empty())
            return text;
    }
    return {};
}

} // namespace

std::string RecordNaming::nameOf(std::string_view reference)
{
    const auto parsed = fhir::parseReference(reference);
    if (!parsed)
        return {};
    if (parsed->type == "Patient") {
        Query name(m_connection, "SELECT n.name FROM patient_index n JOIN resource r ON r.pk = n.pk "
                                 "WHERE r.type = 'Patient' AND r.id = ?");
        return name.bind(parsed->id).step() ? name.string(0) : std::string();
    }
    Query body(m_connection, "SELECT body FROM resource WHERE type = ? AND id = ? AND deleted = 0");
    if (!body.bind(parsed->type, parsed->id).step())
        return {};
    const auto document = Json::parse(body.text(0));
    return document ? ownName(*document) : std::string();
}

RecordTitle RecordNaming::titleOf(std::string_view type, std::string_view id, const Json& document)
{
    RecordTitle title{std::string(type), std::string(id), std::string(fhir::patientOf(document)), {}, {}, {}};
    if (type == "Patient")
        title.patient = std::string(id);
    if (!title.patient.empty())
        title.patientName = nameOf("Patient/" + title.patient);
    if (title.patientName.empty() && type == "Patient")
        title.patientName = ownName(document);
    if (type == "Appointment") {
        if (const auto start = parseInstant(document["start"].string()))
            title.start = *start;
        title.name = document["description"].string();
    } else if (type != "Patient") {
        title.name = ownName(document);
    }
    return title;
}

} // namespace yarrow
