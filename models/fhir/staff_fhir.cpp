// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/staff_fhir.h"

#include "models/fhir/hours_fhir.h"
#include "models/fhir/reference_elements.h"

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kPractitionerOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "active name "
    "telecom address gender birthDate photo qualification communication";
constexpr ElementOrder kRoleOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "active period "
    "practitioner organization code specialty location healthcareService telecom availableTime notAvailable "
    "availabilityExceptions endpoint";
constexpr ElementOrder kLocationOrder = "resourceType id meta implicitRules language text contained "
                                        "extension modifierExtension identifier status "
                                        "operationalStatus name alias description mode type telecom address "
                                        "physicalType position managingOrganization "
                                        "partOf hoursOfOperation availabilityExceptions endpoint";

/// The text of a CodeableConcept, else what its first coding is displayed as.
QString conceptText(const ElementView& codeable)
{
    QString text = codeable.text("text");
    codeable.forEach("coding", [&](const ElementView& coding) {
        if (text.isEmpty())
            text = coding.text("display");
    });
    return text;
}

QString firstSpecialty(const ElementView& view)
{
    QString specialty;
    view.forEach("specialty", [&](const ElementView& item) {
        if (item.index() == 0)
            specialty = conceptText(item);
    });
    return specialty;
}

/// A new text is another specialty: the codes of the old one go with it.
void writeSpecialty(Json& document, const QString& before, const QString& after)
{
    if (before == after)
        return;
    Json specialties = document["specialty"].isArray() ? document["specialty"] : Json::array();
    auto& items = specialties.mutableItems();
    if (!items.empty())
        items.erase(items.begin());
    if (!after.isEmpty()) {
        Json specialty = Json::object();
        specialty.set("text", Json(after.toStdString()));
        items.insert(items.begin(), std::move(specialty));
    }
    if (items.empty())
        drop(document, "specialty");
    else
        put(document, "specialty", std::move(specialties), kRoleOrder);
}

} // namespace

Result<Practitioner> readPractitioner(const Json& document)
{
    const ElementView view(document, "Practitioner");
    Practitioner practitioner;
    if (const auto id = PractitionerId::parse(view.string("id")))
        practitioner.id = *id;
    practitioner.active = view.boolean("active").value_or(true);
    practitioner.names = view.list<HumanName>("name", readHumanName);
    practitioner.telecoms = view.list<ContactPoint>("telecom", readContactPoint);
    practitioner.sex = readSex(view);
    return view.result(std::move(practitioner));
}

void writePractitioner(const Practitioner& practitioner, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "Practitioner", practitioner.id.text());
    const auto before = readPractitioner(document);
    YARROW_ASSERT(before.has_value());
    writeActive(document, isNew, before->active, practitioner.active, kPractitionerOrder);
    writeHumanNames(document, before->names, practitioner.names, kPractitionerOrder);
    writeContactPoints(document, before->telecoms, practitioner.telecoms, kPractitionerOrder);
    writeSex(document, before->sex, practitioner.sex, kPractitionerOrder);
}

Result<PractitionerRole> readPractitionerRole(const Json& document)
{
    const ElementView view(document, "PractitionerRole");
    PractitionerRole role;
    if (const auto id = PractitionerRoleId::parse(view.string("id")))
        role.id = *id;
    role.active = view.boolean("active").value_or(true);
    role.practitioner = readReference<PractitionerTag>(view, "practitioner", "Practitioner");
    role.locations = readReferenceList<LocationTag>(view, "location", "Location");
    role.services = readReferenceList<HealthcareServiceTag>(view, "healthcareService", "HealthcareService");
    role.specialty = firstSpecialty(view);
    role.hours = readHours(view, kAvailableTime);
    role.blockouts = readBlockouts(view);
    return view.result(std::move(role));
}

void writePractitionerRole(const PractitionerRole& role, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "PractitionerRole", role.id.text());
    const auto before = readPractitionerRole(document);
    YARROW_ASSERT(before.has_value());
    writeActive(document, isNew, before->active, role.active, kRoleOrder);
    writeReference(document, "practitioner", "Practitioner", before->practitioner, role.practitioner,
                   kRoleOrder);
    writeSpecialty(document, before->specialty, role.specialty);
    writeReferenceList(document, "location", "Location", before->locations, role.locations, kRoleOrder);
    writeReferenceList(document, "healthcareService", "HealthcareService", before->services, role.services,
                       kRoleOrder);
    writeHours(document, kAvailableTime, before->hours, role.hours, kRoleOrder);
    writeBlockouts(document, before->blockouts, role.blockouts, kRoleOrder);
}

Result<Location> readLocation(const Json& document)
{
    const ElementView view(document, "Location");
    Location location;
    if (const auto id = LocationId::parse(view.string("id")))
        location.id = *id;
    const std::string_view status = view.string("status");
    location.active = status.empty() || status == "active";
    location.name = view.text("name");
    location.description = view.text("description");
    location.partOf = readReference<LocationTag>(view, "partOf", "Location");
    location.hours = readHours(view, kHoursOfOperation);
    location.closures = readClosures(view);
    return view.result(std::move(location));
}

void writeLocation(const Location& location, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "Location", location.id.text());
    const auto before = readLocation(document);
    YARROW_ASSERT(before.has_value());
    if (isNew || before->active != location.active)
        put(document, "status", Json(location.active ? "active" : "inactive"), kLocationOrder);
    writeText(document, "name", before->name, location.name, kLocationOrder);
    writeText(document, "description", before->description, location.description, kLocationOrder);
    writeReference(document, "partOf", "Location", before->partOf, location.partOf, kLocationOrder);
    writeHours(document, kHoursOfOperation, before->hours, location.hours, kLocationOrder);
    writeClosures(document, before->closures, location.closures, kLocationOrder);
}

} // namespace yarrow::fhir
