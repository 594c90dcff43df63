// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/reference_elements.h"
#include "models/fhir/staff_fhir.h"

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "definition udiCarrier status statusReason distinctIdentifier manufacturer manufactureDate "
    "expirationDate lotNumber serialNumber deviceName modelNumber partNumber type specialization version "
    "property patient owner contact location url note safety parent";
constexpr ElementOrder kNameOrder = "id extension modifierExtension name type";
constexpr std::string_view kFriendly = "user-friendly-name";

/// Where in `deviceName` the name stands that people use; the end when there is none.
std::size_t positionOfName(const Json& names)
{
    const auto& items = names.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i]["type"].string() == kFriendly)
            return i;
    }
    return 0;
}

void writeName(Json& document, const QString& before, const QString& after)
{
    if (before == after)
        return;
    Json& names = document.contains("deviceName") ? *document.find("deviceName")
                                                  : put(document, "deviceName", Json::array(), kOrder);
    const std::size_t position = positionOfName(names);
    if (after.isEmpty()) {
        auto& items = names.mutableItems();
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(position));
        if (items.empty())
            drop(document, "deviceName");
        return;
    }
    const bool isNew = position >= names.items().size();
    Json& element = isNew ? names.append(Json::object()) : names.mutableItems()[position];
    put(element, "name", Json(after.toStdString()), kNameOrder);
    if (isNew)
        put(element, "type", Json(kFriendly), kNameOrder);
}

} // namespace

Result<Device> readDevice(const Json& document)
{
    const ElementView view(document, "Device");
    if (view.has("patient"))
        view.refuse("patient", "must not be there for equipment of the clinic");
    Device device;
    if (const auto id = DeviceId::parse(view.string("id")))
        device.id = *id;
    const std::string_view status = view.string("status");
    device.active = status.empty() || status == "active";
    const std::size_t position = positionOfName(document["deviceName"]);
    view.forEach("deviceName", [&](const ElementView& item) {
        if (item.index() == position)
            device.name = item.text("name");
    });
    device.room = readReference<LocationTag>(view, "location", "Location");
    return view.result(std::move(device));
}

void writeDevice(const Device& device, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "Device", device.id.text());
    const auto before = readDevice(document);
    YARROW_ASSERT(before.has_value());
    if (isNew || before->active != device.active)
        put(document, "status", Json(device.active ? "active" : "inactive"), kOrder);
    writeName(document, before->name, device.name);
    writeReference(document, "location", "Location", before->room, device.room, kOrder);
}

} // namespace yarrow::fhir
