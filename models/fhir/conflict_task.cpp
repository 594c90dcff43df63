// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/conflict_task.h"

#include "models/fhir/references.h"

#include <algorithm>
#include <array>
#include <utility>

namespace yarrow {
namespace {

using Kind = Conflict::Kind;
constexpr std::array<std::pair<Kind, std::string_view>, 4> kKinds{{
    {Kind::Elements, "elements"},
    {Kind::EditDeleted, "edit-deleted"},
    {Kind::DeleteEdited, "delete-edited"},
    {Kind::Booking, "booking"},
}};

} // namespace

std::string_view conflictKindCode(Conflict::Kind kind) noexcept
{
    return std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& known) { return known.first == kind; })
        ->second;
}

} // namespace yarrow

namespace yarrow::fhir {
namespace {

constexpr std::string_view kKindSystem = "https://yarrow.example/fhir/CodeSystem/conflict";
constexpr std::string_view kPartSystem = "https://yarrow.example/fhir/CodeSystem/conflict-part";
constexpr std::string_view kChoiceSystem = "https://yarrow.example/fhir/CodeSystem/conflict-choice";
constexpr std::string_view kAccountSystem = "https://yarrow.example/fhir/NamingSystem/account";
/// FHIR's Task has no word for the one whose version stands; valueReference with identifier and display.
constexpr std::string_view kTheirsAuthor =
    "https://yarrow.example/fhir/StructureDefinition/conflict-theirs-author";
constexpr std::string_view kDeviceSystem = "https://yarrow.example/fhir/NamingSystem/device";

std::string_view codeIn(const Json& codeable, std::string_view system)
{
    for (const Json& coding : codeable["coding"].items()) {
        if (coding["system"].string() == system)
            return coding["code"].string();
    }
    return {};
}

Json conceptOf(std::string_view system, std::string_view code)
{
    Json coding = Json::object();
    coding.set("system", system);
    coding.set("code", code);
    Json codeable = Json::object();
    codeable.arrayAt("coding").append(std::move(coding));
    return codeable;
}

/// A value that cannot be told apart from a FHIR string: its JSON text. A value that is not there has no
/// part.
void appendPart(Json& list, std::string_view system, std::string_view code, const std::string& path,
                const std::optional<Json>& value)
{
    Json part = Json::object();
    Json type = conceptOf(system, code);
    type.set("text", path.empty() ? std::string("*") : path);
    part.set("type", std::move(type));
    part.set("valueString", value ? value->dump() : std::string("-"));
    list.append(std::move(part));
}

Result<std::optional<Json>> valueOf(const Json& part)
{
    const std::string_view text = part["valueString"].string();
    if (text == "-")
        return std::optional<Json>();
    auto value = Json::parse(text);
    if (!value)
        return fail(ErrorCode::InvalidResource, "Task.input.valueString: not the JSON text of an element");
    return std::optional<Json>(std::move(*value));
}

std::string pathOf(const Json& part)
{
    const std::string_view text = part["type"]["text"].string();
    return text == "*" ? std::string() : std::string(text);
}

Json identified(std::string_view system, const std::string& value, const std::string& display)
{
    Json identifier = Json::object();
    identifier.set("system", system);
    identifier.set("value", value);
    Json reference = Json::object();
    reference.set("identifier", std::move(identifier));
    if (!display.empty())
        reference.set("display", display);
    return reference;
}

Result<Conflict::Settlement> readSettlement(const Json& task)
{
    Conflict::Settlement settlement;
    const Json& owner = task["owner"];
    settlement.account = owner["identifier"]["value"].string();
    settlement.name = owner["display"].string();
    settlement.at = task["lastModified"].string();
    for (const Json& output : task["output"].items()) {
        Conflict::Choice choice;
        choice.path = pathOf(output);
        const std::string_view take = codeIn(output["type"], kChoiceSystem);
        if (take == "mine") {
            choice.take = Conflict::Choice::Take::Mine;
        } else if (take == "value") {
            choice.take = Conflict::Choice::Take::Value;
            auto value = valueOf(output);
            if (!value)
                return fail(value.error());
            choice.value = std::move(*value);
        } else if (take != "theirs") {
            return fail(ErrorCode::InvalidResource, "Task.output.type: not a choice");
        }
        settlement.choices.push_back(std::move(choice));
    }
    return settlement;
}

} // namespace

bool isConflictTask(const Json& document) noexcept
{
    return document["resourceType"].string() == "Task" && !codeIn(document["code"], kKindSystem).empty();
}

Result<Conflict> readConflict(const Json& task)
{
    Conflict conflict;
    conflict.id = task["id"].string();
    const std::string_view code = codeIn(task["code"], kKindSystem);
    const auto kind =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& known) { return known.second == code; });
    if (kind == kKinds.end())
        return fail(ErrorCode::InvalidResource, "Task.code: not a kind of conflict");
    conflict.kind = kind->first;
    const auto focus = parseReference(task["focus"]["reference"].string());
    if (!focus)
        return fail(ErrorCode::InvalidResource, "Task.focus.reference: names no record");
    conflict.focusType = focus->type;
    conflict.focusId = focus->id;
    conflict.patient = referencedId(task["for"]["reference"].string(), "Patient");
    const Json& requester = task["requester"];
    conflict.author = requester["identifier"]["value"].string();
    conflict.authorName = requester["display"].string();
    conflict.device = task["groupIdentifier"]["value"].string();
    conflict.editedAt = task["executionPeriod"]["start"].string();
    conflict.detectedAt = task["authoredOn"].string();
    conflict.theirsVersion = task["description"].string();
    for (const Json& extension : task["extension"].items()) {
        if (extension["url"].string() != kTheirsAuthor)
            continue;
        const Json& reference = extension["valueReference"];
        conflict.theirsAuthor = reference["identifier"]["value"].string();
        conflict.theirsAuthorName = reference["display"].string();
    }
    for (const Json& input : task["input"].items()) {
        const std::string path = pathOf(input);
        auto element = std::find_if(conflict.elements.begin(), conflict.elements.end(),
                                    [&](const auto& known) { return known.path == path; });
        if (element == conflict.elements.end())
            element = conflict.elements.insert(conflict.elements.end(), Conflict::Element{path, {}, {}, {}});
        auto value = valueOf(input);
        if (!value)
            return fail(value.error());
        const std::string_view part = codeIn(input["type"], kPartSystem);
        if (part == "base")
            element->base = std::move(*value);
        else if (part == "mine")
            element->mine = std::move(*value);
        else if (part == "theirs")
            element->theirs = std::move(*value);
        else
            return fail(ErrorCode::InvalidResource, "Task.input.type: not a side of a conflict");
    }
    if (task["status"].string() == "completed") {
        auto settlement = readSettlement(task);
        if (!settlement)
            return fail(settlement.error());
        conflict.settlement = std::move(*settlement);
    }
    return conflict;
}

Json conflictTask(const Conflict& conflict)
{
    Json task = Json::object();
    task.set("resourceType", "Task");
    task.set("id", conflict.id);
    if (!conflict.theirsAuthor.empty()) {
        Json extension = Json::object();
        extension.set("url", kTheirsAuthor);
        extension.set("valueReference",
                      identified(kAccountSystem, conflict.theirsAuthor, conflict.theirsAuthorName));
        task.arrayAt("extension").append(std::move(extension));
    }
    if (!conflict.device.empty()) {
        Json device = Json::object();
        device.set("system", kDeviceSystem);
        device.set("value", conflict.device);
        task.set("groupIdentifier", std::move(device));
    }
    task.set("status", "requested");
    task.set("intent", "order");
    task.set("code", conceptOf(kKindSystem, conflictKindCode(conflict.kind)));
    if (!conflict.theirsVersion.empty())
        task.set("description", conflict.theirsVersion);
    Json focus = Json::object();
    focus.set("reference", conflict.focusType + "/" + conflict.focusId);
    task.set("focus", std::move(focus));
    if (!conflict.patient.empty()) {
        Json patient = Json::object();
        patient.set("reference", "Patient/" + conflict.patient);
        task.set("for", std::move(patient));
    }
    if (!conflict.editedAt.empty()) {
        Json period = Json::object();
        period.set("start", conflict.editedAt);
        task.set("executionPeriod", std::move(period));
    }
    task.set("authoredOn", conflict.detectedAt);
    if (!conflict.author.empty()) // FHIR has no empty strings; two bookings that overlap have nobody's edit
        task.set("requester", identified(kAccountSystem, conflict.author, conflict.authorName));
    Json input = Json::array();
    for (const Conflict::Element& element : conflict.elements) {
        appendPart(input, kPartSystem, "base", element.path, element.base);
        appendPart(input, kPartSystem, "mine", element.path, element.mine);
        appendPart(input, kPartSystem, "theirs", element.path, element.theirs);
    }
    if (!conflict.elements.empty())
        task.set("input", std::move(input));
    return conflict.settlement ? settledTask(std::move(task), *conflict.settlement) : task;
}

Json settledTask(Json task, const Conflict::Settlement& settlement)
{
    task.set("status", "completed");
    task.insert("lastModified", settlement.at, "requester owner input output");
    task.insert("owner", identified(kAccountSystem, settlement.account, settlement.name), "input output");
    Json output = Json::array();
    for (const Conflict::Choice& choice : settlement.choices) {
        const std::string_view code = choice.take == Conflict::Choice::Take::Mine    ? "mine"
                                      : choice.take == Conflict::Choice::Take::Value ? "value"
                                                                                     : "theirs";
        appendPart(output, kChoiceSystem, code, choice.path, choice.value);
    }
    if (settlement.choices.empty())
        task.remove("output");
    else
        task.set("output", std::move(output));
    return task;
}

} // namespace yarrow::fhir
