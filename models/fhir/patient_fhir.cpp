// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_fhir.h"

#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/elements.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kOrder = kPatientOrder;
constexpr std::string_view kLanguages = "urn:ietf:bcp:47";
constexpr std::string_view kAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The communication that says in which language to speak: the preferred one, else the first. -1 when there
/// is none.
int preferredCommunication(const Json& communications)
{
    const auto& items = communications.items();
    const auto preferred = std::find_if(items.begin(), items.end(),
                                        [](const Json& item) { return item["preferred"].boolean() == true; });
    if (preferred != items.end())
        return static_cast<int>(preferred - items.begin());
    return items.empty() ? -1 : 0;
}

std::string_view languageOf(const Json& communication)
{
    for (const Json& coding : communication["language"]["coding"].items()) {
        if (!coding["code"].string().empty())
            return coding["code"].string();
    }
    return {};
}

void writeLanguage(Json& document, const std::string& before, const std::string& after)
{
    if (before == after)
        return;
    const int chosen = preferredCommunication(document["communication"]);
    if (after.empty()) {
        auto& items = document.find("communication")->mutableItems();
        items.erase(items.begin() + chosen);
        if (items.empty())
            drop(document, "communication");
        return;
    }
    Json language = Json::object();
    language.set("coding", Json(Json::Array{makeCoding(kLanguages, after)}));
    if (chosen >= 0) {
        document.find("communication")
            ->mutableItems()[static_cast<std::size_t>(chosen)]
            .insert("language", std::move(language), "preferred");
        return;
    }
    Json communication = Json::object();
    communication.set("language", std::move(language));
    communication.set("preferred", Json(true));
    put(document, "communication", Json(Json::Array{std::move(communication)}), kOrder);
}

PartialDate readDate(const ElementView& view, std::string_view name)
{
    const std::string_view text = view.string(name);
    if (text.empty())
        return {};
    const auto date = PartialDate::parse(text.substr(0, text.find('T')));
    if (!date) {
        view.refuse(name, "must be a date");
        return {};
    }
    return *date;
}

void writeBirthDate(Json& document, const PartialDate& before, const PartialDate& after)
{
    if (before == after)
        return;
    writeCode(document, "birthDate", before.text(), after.text(), kOrder);
    // What is known now is no longer absent.
    if (Json* primitive = document.find("_birthDate")) {
        dropExtension(*primitive, kAbsentReason);
        if (primitive->members().empty())
            document.remove("_birthDate");
    }
}

void writeDeceased(Json& document, const Patient& before, const Patient& after)
{
    if (before.deceased == after.deceased && before.deceasedOn == after.deceasedOn)
        return;
    if (after.deceased && !after.deceasedOn.isEmpty()) {
        // deceased[x] is one element: the date takes the place of the flag.
        put(document, "deceasedDateTime", Json(after.deceasedOn.text()), kOrder);
        drop(document, "deceasedBoolean");
    } else if (after.deceased) {
        put(document, "deceasedBoolean", Json(true), kOrder);
        drop(document, "deceasedDateTime");
    } else {
        drop(document, "deceasedBoolean");
        drop(document, "deceasedDateTime");
    }
}

} // namespace

Result<Patient> readPatient(const Json& document)
{
    const ElementView view(document, "Patient");
    Patient patient;
    if (const auto id = PatientId::parse(view.string("id")))
        patient.id = *id;
    patient.active = view.boolean("active").value_or(true);
    patient.identifiers = view.list<Identifier>("identifier", readIdentifier);
    patient.names = view.list<HumanName>("name", readHumanName);
    patient.telecoms = view.list<ContactPoint>("telecom", readContactPoint);
    patient.addresses = view.list<PostalAddress>("address", readAddress);
    patient.sex = readSex(view);
    patient.birthDate = readDate(view, "birthDate");
    patient.deceasedOn = readDate(view, "deceasedDateTime");
    patient.deceased = view.boolean("deceasedBoolean").value_or(false) || !patient.deceasedOn.isEmpty();
    view.forEach("communication", [](const ElementView&) {}); // each must be an object
    const Json& communications = document["communication"];
    if (const int chosen = preferredCommunication(communications); chosen >= 0)
        patient.language = languageOf(communications[chosen]);
    return view.result(std::move(patient));
}

void writePatient(const Patient& patient, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "Patient", patient.id.text());
    const auto read = readPatient(document);
    YARROW_ASSERT(read.has_value());
    const Patient& before = *read;

    writeIdentifiers(document, before.identifiers, patient.identifiers, kOrder);
    if (isNew)
        put(document, "active", Json(patient.active), kOrder);
    writeBoolean(document, "active", before.active, patient.active, kOrder);
    writeHumanNames(document, before.names, patient.names, kOrder);
    writeContactPoints(document, before.telecoms, patient.telecoms, kOrder);
    writeSex(document, before.sex, patient.sex, kOrder);
    writeBirthDate(document, before.birthDate, patient.birthDate);
    writeDeceased(document, before, patient);
    writeAddresses(document, before.addresses, patient.addresses, kOrder);
    writeLanguage(document, before.language, patient.language);
}

} // namespace yarrow::fhir
