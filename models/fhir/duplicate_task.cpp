// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/duplicate_task.h"

#include "core/crypto.h"
#include "models/fhir/elements.h"
#include "models/fhir/references.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace yarrow {
namespace {

using State = DuplicatePair::State;
struct StateName
{
    State state;
    std::string_view code;
    std::string_view status; ///< of the Task
};
constexpr std::array kStates{
    StateName{State::Open, "open", "requested"}, StateName{State::Different, "different", "rejected"},
    StateName{State::Merged, "merged", "completed"}, StateName{State::Unmerged, "unmerged", "cancelled"}};

const StateName& nameOf(State state)
{
    return *std::find_if(kStates.begin(), kStates.end(),
                         [&](const StateName& known) { return known.state == state; });
}

} // namespace

std::string_view duplicateStateCode(State state) noexcept
{
    return nameOf(state).code;
}

} // namespace yarrow

namespace yarrow::fhir {
namespace {

constexpr std::string_view kSystem = "https://yarrow.example/fhir/CodeSystem/duplicate";
constexpr std::string_view kPartSystem = "https://yarrow.example/fhir/CodeSystem/duplicate-part";
constexpr std::string_view kAccountSystem = "https://yarrow.example/fhir/NamingSystem/account";
constexpr std::string_view kCode = "possible-duplicate";
constexpr ElementOrder kOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "instantiatesCanonical instantiatesUri basedOn groupIdentifier partOf status statusReason businessStatus "
    "intent priority code description focus for encounter executionPeriod authoredOn lastModified requester "
    "performerType owner location reasonCode reasonReference insurance note relevantHistory restriction "
    "input "
    "output";

bool hasCode(const Json& codeable, std::string_view system, std::string_view code)
{
    const auto& codings = codeable["coding"].items();
    return std::any_of(codings.begin(), codings.end(), [&](const Json& coding) {
        return coding["system"].string() == system && coding["code"].string() == code;
    });
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

Json referenceTo(const std::string& record)
{
    Json reference = Json::object();
    reference.set("reference", record);
    return reference;
}

Json part(std::string_view code)
{
    Json item = Json::object();
    item.set("type", conceptOf(kPartSystem, code));
    return item;
}

Json referencePart(std::string_view code, const std::string& record)
{
    Json item = part(code);
    item.set("valueReference", referenceTo(record));
    return item;
}

Json textPart(std::string_view code, const std::string& element, const std::optional<Json>& value)
{
    Json item = part(code);
    item.find("type")->set("text", element);
    item.set("valueString", value ? value->dump() : std::string("-"));
    return item;
}

std::string recordOf(const Json& item)
{
    const auto reference = parseReference(item["valueReference"]["reference"].string());
    return reference ? std::string(reference->type) + "/" + std::string(reference->id) : std::string();
}

Result<std::optional<Json>> valueOf(const Json& item)
{
    const std::string_view text = item["valueString"].string();
    if (text == "-")
        return std::optional<Json>();
    auto value = Json::parse(text);
    if (!value)
        return fail(ErrorCode::InvalidResource, "Task.output.valueString: not the JSON text of an element");
    return std::optional<Json>(std::move(*value));
}

Result<void> readOutput(const Json& item, DuplicatePair& pair)
{
    if (hasCode(item["type"], kPartSystem, "kept")) {
        pair.kept = referencedId(item["valueReference"]["reference"].string(), "Patient");
    } else if (hasCode(item["type"], kPartSystem, "was-inactive")) {
        pair.wasActive = false;
    } else if (hasCode(item["type"], kPartSystem, "moved")) {
        if (std::string record = recordOf(item); !record.empty())
            pair.moved.push_back(std::move(record));
    } else {
        const bool isBefore = hasCode(item["type"], kPartSystem, "before");
        if (!isBefore && !hasCode(item["type"], kPartSystem, "after"))
            return {};
        auto value = valueOf(item);
        if (!value)
            return fail(value.error());
        const std::string element(item["type"]["text"].string());
        auto change = std::find_if(pair.changes.begin(), pair.changes.end(),
                                   [&](const auto& known) { return known.element == element; });
        if (change == pair.changes.end())
            change = pair.changes.insert(pair.changes.end(), DuplicatePair::Change{element, {}, {}});
        (isBefore ? change->before : change->after) = std::move(*value);
    }
    return {};
}

std::string taskId(const std::string& first, const std::string& second)
{
    const crypto::Digest digest =
        crypto::sha256(crypto::bytesOf("possible-duplicate\n" + first + "\n" + second));
    std::string hex = crypto::toHex(std::span(digest).first(16));
    hex[12] = '8'; // UUID version 8, RFC 9562
    hex[16] = 'a';
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        hex.insert(dash, 1, '-');
    return hex;
}

} // namespace

DuplicatePair duplicatePair(const std::string& onePatient, const std::string& otherPatient)
{
    DuplicatePair pair;
    pair.first = std::min(onePatient, otherPatient);
    pair.second = std::max(onePatient, otherPatient);
    pair.id = taskId(pair.first, pair.second);
    return pair;
}

bool isDuplicateTask(const Json& document) noexcept
{
    return document["resourceType"].string() == "Task" && hasCode(document["code"], kSystem, kCode);
}

Result<DuplicatePair> readDuplicate(const Json& task)
{
    DuplicatePair pair;
    pair.id = task["id"].string();
    pair.first = referencedId(task["focus"]["reference"].string(), "Patient");
    for (const Json& item : task["input"].items()) {
        if (hasCode(item["type"], kPartSystem, "other"))
            pair.second = referencedId(item["valueReference"]["reference"].string(), "Patient");
    }
    if (pair.first.empty() || pair.second.empty())
        return fail(ErrorCode::InvalidResource, "Task.focus, Task.input: must name two patients");
    const auto state = std::find_if(kStates.begin(), kStates.end(), [&](const StateName& known) {
        return known.status == task["status"].string();
    });
    if (state == kStates.end())
        return fail(ErrorCode::InvalidResource, "Task.status: not one of a possible duplicate");
    pair.state = state->state;
    pair.foundAt = task["authoredOn"].string();
    pair.decidedAt = task["lastModified"].string();
    pair.account = task["owner"]["identifier"]["value"].string();
    pair.name = task["owner"]["display"].string();
    for (const Json& item : task["output"].items()) {
        if (auto read = readOutput(item, pair); !read)
            return fail(read.error());
    }
    return pair;
}

void writeDuplicate(const DuplicatePair& pair, Json& task)
{
    beginDocument(task, "Task", pair.id);
    put(task, "status", Json(nameOf(pair.state).status), kOrder);
    put(task, "intent", Json("order"), kOrder);
    put(task, "code", conceptOf(kSystem, kCode), kOrder);
    put(task, "focus", referenceTo("Patient/" + pair.first), kOrder);
    put(task, "for", referenceTo("Patient/" + pair.first), kOrder);
    put(task, "authoredOn", Json(pair.foundAt), kOrder);
    if (!pair.decidedAt.empty()) {
        put(task, "lastModified", Json(pair.decidedAt), kOrder);
        Json identifier = Json::object();
        identifier.set("system", kAccountSystem);
        identifier.set("value", pair.account);
        Json owner = Json::object();
        owner.set("identifier", std::move(identifier));
        if (!pair.name.empty())
            owner.set("display", pair.name);
        put(task, "owner", std::move(owner), kOrder);
    }
    put(task, "input", Json(Json::Array{referencePart("other", "Patient/" + pair.second)}), kOrder);
    Json output = Json::array();
    if (!pair.kept.empty()) {
        output.append(referencePart("kept", "Patient/" + pair.kept));
        if (!pair.wasActive) {
            Json item = part("was-inactive");
            item.set("valueBoolean", Json(true));
            output.append(std::move(item));
        }
    }
    for (const std::string& record : pair.moved)
        output.append(referencePart("moved", record));
    for (const DuplicatePair::Change& change : pair.changes) {
        output.append(textPart("before", change.element, change.before));
        output.append(textPart("after", change.element, change.after));
    }
    if (output.items().empty())
        drop(task, "output");
    else
        put(task, "output", std::move(output), kOrder);
}

} // namespace yarrow::fhir
