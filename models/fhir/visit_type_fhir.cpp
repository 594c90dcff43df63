// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/reference_elements.h"
#include "models/fhir/staff_fhir.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "active "
    "providedBy category type specialty location name comment extraDetails photo telecom coverageArea "
    "serviceProvisionCode eligibility program characteristic communication referralMethod "
    "appointmentRequired "
    "availableTime notAvailable availabilityExceptions endpoint";

constexpr std::string_view kDefaultDuration =
    "https://yarrow.example/fhir/StructureDefinition/default-duration";
constexpr std::string_view kBufferBefore = "https://yarrow.example/fhir/StructureDefinition/buffer-before";
constexpr std::string_view kBufferAfter = "https://yarrow.example/fhir/StructureDefinition/buffer-after";
constexpr std::string_view kNeedsRoom = "https://yarrow.example/fhir/StructureDefinition/needs-room";
constexpr std::string_view kNeededDevice = "https://yarrow.example/fhir/StructureDefinition/needed-device";
constexpr std::string_view kColor = "https://yarrow.example/fhir/StructureDefinition/calendar-color";

std::chrono::minutes readDuration(const Json& document, std::string_view url)
{
    const Json* extension = findExtension(document, url);
    if (extension == nullptr)
        return {};
    const Json& duration = (*extension)["valueDuration"];
    const std::int64_t value = duration["value"].integer().value_or(0);
    if (value < 0 || value > 24 * 60)
        return {};
    return duration["code"].string() == "h" ? std::chrono::hours(value) : std::chrono::minutes(value);
}

void writeDuration(Json& document, std::string_view url, std::chrono::minutes before,
                   std::chrono::minutes after)
{
    if (before == after)
        return;
    if (after.count() == 0) {
        dropExtension(document, url);
        return;
    }
    Json& duration = extensionAt(document, url, kOrder).objectAt("valueDuration");
    duration.set("value", Json(std::int64_t(after.count())));
    duration.set("unit", Json("min"));
    duration.set("system", Json("http://unitsofmeasure.org"));
    duration.set("code", Json("min"));
}

/// The device that an extension names; empty when it is of another kind.
std::string_view neededDevice(const Json& extension)
{
    return extension["url"].string() == kNeededDevice ? extension["valueReference"]["reference"].string()
                                                      : std::string_view();
}

std::vector<DeviceId> readDevices(const Json& document)
{
    std::vector<DeviceId> devices;
    for (const std::string& id : readReferences(document["extension"], "Device", neededDevice).ids)
        devices.push_back(DeviceId::known(id));
    return devices;
}

void writeDevices(Json& document, const std::vector<DeviceId>& before, const std::vector<DeviceId>& after)
{
    const auto positions = readReferences(document["extension"], "Device", neededDevice).positions;
    writeItems(document, "extension", kOrder, before, after, positions, matchItems(before, after),
               [](const DeviceId* old, const DeviceId& id, Json& item) {
                   if (old)
                       return;
                   item.set("url", Json(kNeededDevice));
                   item.set("valueReference", makeReference("Device", id.text()));
               });
}

bool readNeedsRoom(const Json& document)
{
    const Json* extension = findExtension(document, kNeedsRoom);
    return extension == nullptr || (*extension)["valueBoolean"].boolean().value_or(true);
}

QString readColor(const Json& document)
{
    const Json* extension = findExtension(document, kColor);
    const std::string_view code =
        extension == nullptr ? std::string_view() : (*extension)["valueCode"].string();
    return QString::fromUtf8(code.data(), static_cast<qsizetype>(code.size()));
}

} // namespace

Result<HealthcareService> readHealthcareService(const Json& document)
{
    const ElementView view(document, "HealthcareService");
    HealthcareService service;
    if (const auto id = HealthcareServiceId::parse(view.string("id")))
        service.id = *id;
    service.active = view.boolean("active").value_or(true);
    service.name = view.text("name");
    service.defaultDuration = readDuration(document, kDefaultDuration);
    service.bufferBefore = readDuration(document, kBufferBefore);
    service.bufferAfter = readDuration(document, kBufferAfter);
    service.needsRoom = readNeedsRoom(document);
    service.rooms = readReferenceList<LocationTag>(view, "location", "Location");
    service.devices = readDevices(document);
    service.color = readColor(document);
    return view.result(std::move(service));
}

void writeHealthcareService(const HealthcareService& service, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "HealthcareService", service.id.text());
    const auto before = readHealthcareService(document);
    YARROW_ASSERT(before.has_value());
    writeDuration(document, kDefaultDuration, before->defaultDuration, service.defaultDuration);
    writeDuration(document, kBufferBefore, before->bufferBefore, service.bufferBefore);
    writeDuration(document, kBufferAfter, before->bufferAfter, service.bufferAfter);
    if (before->needsRoom != service.needsRoom)
        extensionAt(document, kNeedsRoom, kOrder).set("valueBoolean", Json(service.needsRoom));
    writeDevices(document, before->devices, service.devices);
    if (before->color != service.color && service.color.isEmpty())
        dropExtension(document, kColor);
    else if (before->color != service.color)
        extensionAt(document, kColor, kOrder).set("valueCode", Json(service.color.toStdString()));
    writeActive(document, isNew, before->active, service.active, kOrder);
    writeReferenceList(document, "location", "Location", before->rooms, service.rooms, kOrder);
    writeText(document, "name", before->name, service.name, kOrder);
}

} // namespace yarrow::fhir
