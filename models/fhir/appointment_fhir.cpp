// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_fhir.h"

#include "models/fhir/appointment_extensions.h"
#include "models/fhir/appointment_series.h"
#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/participants.h"

#include <algorithm>
#include <limits>

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kOrder = "resourceType id meta implicitRules language text contained extension "
                                "modifierExtension identifier status "
                                "cancelationReason serviceCategory serviceType specialty appointmentType "
                                "reasonCode reasonReference priority "
                                "description supportingInformation start _start end _end minutesDuration "
                                "slot created comment patientInstruction "
                                "basedOn participant requestedPeriod";
constexpr std::string_view kOverbookReason =
    "https://yarrow.example/fhir/StructureDefinition/overbook-reason";
constexpr std::string_view kTimeZone = "http://hl7.org/fhir/StructureDefinition/tz-code";
constexpr std::string_view kCancelReasons =
    "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason";

constexpr CodeName<AppointmentStatus> kStatuses[] = {
    {AppointmentStatus::Proposed, "proposed"},    {AppointmentStatus::Pending, "pending"},
    {AppointmentStatus::Booked, "booked"},        {AppointmentStatus::Arrived, "arrived"},
    {AppointmentStatus::Fulfilled, "fulfilled"},  {AppointmentStatus::Cancelled, "cancelled"},
    {AppointmentStatus::NoShow, "noshow"},        {AppointmentStatus::EnteredInError, "entered-in-error"},
    {AppointmentStatus::CheckedIn, "checked-in"}, {AppointmentStatus::Waitlist, "waitlist"}};

std::string_view actorOf(const Json& participant)
{
    return participant["actor"]["reference"].string();
}

Json makeParticipant(std::string_view type, std::string_view id)
{
    Json participant = Json::object();
    participant.set("actor", makeReference(type, id));
    participant.set("status", Json("accepted"));
    return participant;
}

void readTimes(const ElementView& view, Appointment& appointment)
{
    const auto read = [&view](std::string_view name) -> std::optional<Instant> {
        const std::string_view text = view.string(name);
        if (text.empty())
            return std::nullopt;
        const auto instant = parseInstant(text);
        if (!instant) {
            view.refuse(name, "must be an instant");
            return std::nullopt;
        }
        return *instant;
    };
    const auto start = read("start");
    auto end = read("end");
    const std::int64_t duration = view.integer("minutesDuration").value_or(0);
    if (start && !end && duration > 0 && duration <= 366 * 24 * 60)
        end = *start + std::chrono::minutes(duration);

    if (start && end) {
        if (*end < *start)
            view.refuse("end", "is before the start");
        appointment.start = *start;
        appointment.end = *end;
    } else if (!mayLackTimes(appointment.status)) {
        view.refuse(start ? "end" : "start", "is missing");
    }
}

void writeTimes(Json& document, const Appointment& before, const Appointment& after)
{
    if (before.start == after.start && before.end == after.end)
        return;
    const auto timeOf = [](const Appointment& appointment, Instant instant) {
        return hasTimes(appointment) ? std::optional(instant) : std::nullopt;
    };
    const bool hadEnd = document.contains("end");
    writeDateTime(document, "start", timeOf(before, before.start), timeOf(after, after.start), kOrder);
    writeDateTime(document, "end", hadEnd ? timeOf(before, before.end) : std::nullopt,
                  timeOf(after, after.end), kOrder);
    // A length that was given must not contradict the times.
    if (!document.contains("minutesDuration"))
        return;
    const auto length = after.end - after.start;
    if (length == before.end - before.start && hasTimes(before))
        return;
    if (length > std::chrono::minutes(0) && length % std::chrono::minutes(1) == std::chrono::milliseconds(0))
        put(document, "minutesDuration", Json(std::int64_t(length / std::chrono::minutes(1))), kOrder);
    else
        drop(document, "minutesDuration");
}

void writeWish(Json& document, const Appointment& before, const Appointment& after)
{
    writeWaitingWish(document, before.wish, after.wish);
    writeDateTime(document, "created", before.wish.since, after.wish.since, kOrder);
    if (before.wish.priority != after.wish.priority) {
        if (after.wish.priority > 0)
            put(document, "priority", Json(std::int64_t(after.wish.priority)), kOrder);
        else
            drop(document, "priority");
    }
    if (hasTimes(after) || before.wish.duration == after.wish.duration)
        return; // with times, these are its length
    if (after.wish.duration.count() > 0)
        put(document, "minutesDuration", Json(std::int64_t(after.wish.duration.count())), kOrder);
    else
        drop(document, "minutesDuration");
}

std::string_view readZone(const Json& document)
{
    const Json* extension = findExtension(document["_start"], kTimeZone);
    return extension ? (*extension)["valueCode"].string() : std::string_view();
}

void writeZone(Json& document, const std::string& before, const std::string& after)
{
    if (before == after)
        return;
    if (!after.empty()) {
        Json* start = document.find("_start");
        if (start == nullptr || !start->isObject())
            start = &put(document, "_start", Json::object(), kOrder);
        extensionAt(*start, kTimeZone, "id extension").set("valueCode", Json(after));
    } else if (Json* start = document.find("_start")) {
        dropExtension(*start, kTimeZone);
        if (start->members().empty())
            document.remove("_start");
    }
}

std::string_view readCancelReason(const Json& document)
{
    for (const Json& coding : document["cancelationReason"]["coding"].items()) {
        if (coding["system"].string() == kCancelReasons)
            return coding["code"].string();
    }
    return {};
}

void writeCancelReason(Json& document, const std::string& before, const std::string& after)
{
    if (before == after)
        return;
    if (after.empty()) {
        drop(document, "cancelationReason");
        return;
    }
    Json reason = Json::object();
    reason.set("coding", Json(Json::Array{makeCoding(kCancelReasons, after)}));
    put(document, "cancelationReason", std::move(reason), kOrder);
}

void writeOverbookReason(Json& document, const std::string& before, const std::string& after)
{
    if (before == after)
        return;
    if (after.empty())
        dropExtension(document, kOverbookReason);
    else
        extensionAt(document, kOverbookReason, kOrder).set("valueString", Json(after));
}

} // namespace

std::string_view statusCode(AppointmentStatus status) noexcept
{
    return codeName(kStatuses, status);
}

std::optional<AppointmentStatus> statusFromCode(std::string_view code) noexcept
{
    const auto* found = std::find_if(std::begin(kStatuses), std::end(kStatuses),
                                     [code](const auto& entry) { return entry.name == code; });
    return found == std::end(kStatuses) ? std::nullopt : std::optional(found->code);
}

Result<Appointment> readAppointment(const Json& document)
{
    const ElementView view(document, "Appointment");
    Appointment appointment;
    if (const auto id = AppointmentId::parse(view.string("id")))
        appointment.id = *id;
    if (const auto status = statusFromCode(view.string("status")))
        appointment.status = *status;
    else
        view.refuse("status", "must be one of appointmentstatus");
    readTimes(view, appointment);
    appointment.zone = readZone(document);
    view.forEach("participant", [](const ElementView&) {}); // each must be an object
    const Json& participants = document["participant"];
    appointment.patient = readActor<PatientTag>(participants, "Patient", actorOf);
    appointment.practitioner = readActor<PractitionerTag>(participants, "Practitioner", actorOf);
    appointment.room = readActor<LocationTag>(participants, "Location", actorOf);
    appointment.device = readActor<DeviceTag>(participants, "Device", actorOf);
    appointment.service = readActor<HealthcareServiceTag>(participants, "HealthcareService", actorOf);
    appointment.description = view.text("description");
    appointment.comment = view.text("comment");
    appointment.cancelReason = readCancelReason(document);
    if (const Json* reason = findExtension(document, kOverbookReason))
        appointment.overbookReason = (*reason)["valueString"].string();
    appointment.stages = readStageTimes(document);
    appointment.wish = readWaitingWish(document);
    // Of these, what is no instant or no whole number says nothing, and makes the visit none the less
    // readable.
    if (const auto created = parseInstant(document["created"].string()))
        appointment.wish.since = *created;
    appointment.wish.priority = static_cast<int>(std::clamp<std::int64_t>(
        document["priority"].integer().value_or(0), 0, std::numeric_limits<int>::max()));
    if (const std::int64_t length = view.integer("minutesDuration").value_or(0);
        !hasTimes(appointment) && length > 0 && length <= 24 * 60)
        appointment.wish.duration = std::chrono::minutes(length);
    appointment.series = readSeriesPlace(document);
    return view.result(std::move(appointment));
}

void writeAppointment(const Appointment& appointment, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "Appointment", appointment.id.text());
    if (isNew) {
        // Required by FHIR, and by reading; the times follow.
        document.set("status", Json(statusCode(AppointmentStatus::Proposed)));
    }
    const auto read = readAppointment(document);
    YARROW_ASSERT(read.has_value());
    const Appointment& before = *read;

    writeSeriesPlace(document, before.series, appointment.series);
    writeOverbookReason(document, before.overbookReason, appointment.overbookReason);
    if (before.status != appointment.status)
        put(document, "status", Json(statusCode(appointment.status)), kOrder);
    writeCancelReason(document, before.cancelReason, appointment.cancelReason);
    writeText(document, "description", before.description, appointment.description, kOrder);
    writeTimes(document, before, appointment);
    writeZone(document, before.zone, appointment.zone);
    writeStageTimes(document, before.stages, appointment.stages);
    writeWish(document, before, appointment);
    writeText(document, "comment", before.comment, appointment.comment, kOrder);
    const auto write = [&document](std::string_view type, const auto& was, const auto& is) {
        writeActor(document, "participant", type, actorOf, was, is, makeParticipant, kOrder);
    };
    write("Patient", before.patient, appointment.patient);
    write("Practitioner", before.practitioner, appointment.practitioner);
    write("Location", before.room, appointment.room);
    write("Device", before.device, appointment.device);
    write("HealthcareService", before.service, appointment.service);
}

} // namespace yarrow::fhir
