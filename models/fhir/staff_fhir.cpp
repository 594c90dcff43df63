// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/staff_fhir.h"

#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/elements.h"
#include "models/fhir/hours_fhir.h"
#include "models/fhir/list_items.h"

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
constexpr ElementOrder kServiceOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "active "
    "providedBy category type specialty location name comment extraDetails photo telecom coverageArea "
    "serviceProvisionCode eligibility program characteristic communication referralMethod "
    "appointmentRequired "
    "availableTime notAvailable availabilityExceptions endpoint";
constexpr std::string_view kDefaultDuration =
    "https://yarrow.example/fhir/StructureDefinition/default-duration";

std::string_view referenceOf(const Json& item)
{
    return item["reference"].string();
}

/// The id that a single reference names, when it is of that type.
template <class Tag>
Id<Tag> readReference(const ElementView& view, std::string_view name, std::string_view type)
{
    const std::string_view id = referencedId(view.object(name).string("reference"), type);
    return id.empty() ? Id<Tag>() : Id<Tag>::known(std::string(id));
}

template <class Tag>
void writeReference(Json& object, std::string_view name, std::string_view type, const Id<Tag>& before,
                    const Id<Tag>& after, ElementOrder order)
{
    if (before == after)
        return;
    if (after.isEmpty())
        drop(object, name);
    else
        put(object, name, makeReference(type, after.text()), order);
}

template <class Tag>
std::vector<Id<Tag>> readReferenceList(const ElementView& view, std::string_view name, std::string_view type)
{
    std::vector<Id<Tag>> ids;
    view.forEach(name, [&](const ElementView& item) {
        if (const auto id = referencedId(item.string("reference"), type); !id.empty())
            ids.push_back(Id<Tag>::known(std::string(id)));
    });
    return ids;
}

template <class Tag>
void writeReferenceList(Json& object, std::string_view name, std::string_view type,
                        const std::vector<Id<Tag>>& before, const std::vector<Id<Tag>>& after,
                        ElementOrder order)
{
    const auto positions = readReferences(object[name], type, referenceOf).positions;
    writeItems(object, name, order, before, after, positions, matchItems(before, after),
               [type](const Id<Tag>* old, const Id<Tag>& id, Json& item) {
                   if (!old)
                       item = makeReference(type, id.text());
               });
}

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

/// `active`, which new documents say in any case.
void writeActive(Json& document, bool isNew, bool before, bool after, ElementOrder order)
{
    if (isNew)
        put(document, "active", Json(after), order);
    writeBoolean(document, "active", before, after, order);
}

std::chrono::minutes readDefaultDuration(const Json& document)
{
    const Json* extension = findExtension(document, kDefaultDuration);
    if (extension == nullptr)
        return {};
    const Json& duration = (*extension)["valueDuration"];
    const std::int64_t value = duration["value"].integer().value_or(0);
    if (value < 0 || value > 24 * 60)
        return {};
    return duration["code"].string() == "h" ? std::chrono::hours(value) : std::chrono::minutes(value);
}

void writeDefaultDuration(Json& document, std::chrono::minutes before, std::chrono::minutes after)
{
    if (before == after)
        return;
    if (after.count() == 0) {
        dropExtension(document, kDefaultDuration);
        return;
    }
    Json& duration = extensionAt(document, kDefaultDuration, kServiceOrder).objectAt("valueDuration");
    duration.set("value", Json(std::int64_t(after.count())));
    duration.set("unit", Json("min"));
    duration.set("system", Json("http://unitsofmeasure.org"));
    duration.set("code", Json("min"));
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
}

Result<HealthcareService> readHealthcareService(const Json& document)
{
    const ElementView view(document, "HealthcareService");
    HealthcareService service;
    if (const auto id = HealthcareServiceId::parse(view.string("id")))
        service.id = *id;
    service.active = view.boolean("active").value_or(true);
    service.name = view.text("name");
    service.defaultDuration = readDefaultDuration(document);
    return view.result(std::move(service));
}

void writeHealthcareService(const HealthcareService& service, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "HealthcareService", service.id.text());
    const auto before = readHealthcareService(document);
    YARROW_ASSERT(before.has_value());
    writeDefaultDuration(document, before->defaultDuration, service.defaultDuration);
    writeActive(document, isNew, before->active, service.active, kServiceOrder);
    writeText(document, "name", before->name, service.name, kServiceOrder);
}

} // namespace yarrow::fhir
