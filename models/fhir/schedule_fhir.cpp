// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/participants.h"
#include "models/fhir/staff_fhir.h"

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kOrder = "resourceType id meta implicitRules language text contained extension "
                                "modifierExtension identifier active "
                                "serviceCategory serviceType specialty actor planningHorizon comment";
constexpr ElementOrder kPeriodOrder = "id extension start end";

std::string_view actorOf(const Json& item)
{
    return item["reference"].string();
}

void writeHorizon(Json& document, const Schedule& before, const Schedule& after)
{
    if (before.from == after.from && before.until == after.until)
        return;
    Json* horizon = document.find("planningHorizon");
    if (horizon == nullptr || !horizon->isObject())
        horizon = &put(document, "planningHorizon", Json::object(), kOrder);
    writeDateTime(*horizon, "start", before.from, after.from, kPeriodOrder);
    writeDateTime(*horizon, "end", before.until, after.until, kPeriodOrder);
    if (horizon->members().empty())
        document.remove("planningHorizon");
}

} // namespace

Result<Schedule> readSchedule(const Json& document)
{
    const ElementView view(document, "Schedule");
    Schedule schedule;
    if (const auto id = ScheduleId::parse(view.string("id")))
        schedule.id = *id;
    schedule.active = view.boolean("active").value_or(true);
    view.forEach("actor", [](const ElementView&) {}); // each must be an object
    const Json& actors = document["actor"];
    schedule.practitioner = readActor<PractitionerTag>(actors, "Practitioner", actorOf);
    schedule.room = readActor<LocationTag>(actors, "Location", actorOf);
    schedule.device = readActor<DeviceTag>(actors, "Device", actorOf);
    const ElementView horizon = view.object("planningHorizon");
    schedule.from = readDateTime(horizon, "start");
    schedule.until = readPeriodEnd(horizon, "end");
    schedule.comment = view.text("comment");
    return view.result(std::move(schedule));
}

void writeSchedule(const Schedule& schedule, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "Schedule", schedule.id.text());
    const auto before = readSchedule(document);
    YARROW_ASSERT(before.has_value());
    if (isNew)
        put(document, "active", Json(schedule.active), kOrder);
    writeBoolean(document, "active", before->active, schedule.active, kOrder);
    writeActor(document, "actor", "Practitioner", actorOf, before->practitioner, schedule.practitioner,
               makeReference, kOrder);
    writeActor(document, "actor", "Location", actorOf, before->room, schedule.room, makeReference, kOrder);
    writeActor(document, "actor", "Device", actorOf, before->device, schedule.device, makeReference, kOrder);
    writeHorizon(document, *before, schedule);
    writeText(document, "comment", before->comment, schedule.comment, kOrder);
}

} // namespace yarrow::fhir
