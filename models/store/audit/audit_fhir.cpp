// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "models/store/audit/audit_log.h"

#include <algorithm>
#include <array>

namespace yarrow {

namespace {

Json coding(std::string_view system, std::string_view code, std::string_view display = {})
{
    Json coding = Json::object();
    coding.set("system", system);
    coding.set("code", code);
    if (!display.empty())
        coding.set("display", display);
    return coding;
}

Json codeable(std::string_view system, std::string_view code, std::string_view display = {})
{
    Json codeableConcept = Json::object();
    codeableConcept.arrayAt("coding").append(coding(system, code, display));
    return codeableConcept;
}

Json reference(std::string_view target)
{
    Json reference = Json::object();
    reference.set("reference", target);
    return reference;
}

/// How BALP sorts what was done: its event type (DICOM or audit-event-type), its FHIR interaction, and
/// C/R/U/D/E.
struct Kind
{
    std::string_view ours;
    std::string_view typeSystem;
    std::string_view type;
    std::string_view subtypeSystem;
    std::string_view subtype;
    std::string_view action;
};

constexpr std::string_view kDicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr std::string_view kEventType = "http://terminology.hl7.org/CodeSystem/audit-event-type";
constexpr std::string_view kRestful = "http://hl7.org/fhir/restful-interaction";
constexpr std::string_view kOwn = "https://yarrow.example/fhir/CodeSystem/audit-action";

constexpr auto kKinds = std::to_array<Kind>({
    {"sign-in", kDicom, "110114", kDicom, "110122", "E"},
    {"sign-in-failed", kDicom, "110114", kDicom, "110122", "E"},
    {"sign-out", kDicom, "110114", kDicom, "110123", "E"},
    {"search", kEventType, "rest", kRestful, "search", "E"},
    {"view", kEventType, "rest", kRestful, "read", "R"},
    {"create", kEventType, "rest", kRestful, "create", "C"},
    {"update", kEventType, "rest", kRestful, "update", "U"},
    {"delete", kEventType, "rest", kRestful, "delete", "D"},
    {"import", kDicom, "110107", kOwn, "import", "C"},
    {"export", kDicom, "110106", kOwn, "export", "R"},
    {"audit-read", kDicom, "110101", kOwn, "audit-read", "R"},
    {"synchronised", kDicom, "110108", kOwn, "synchronised", "E"},         // network entry
    {"conflict-settled", kDicom, "110110", kOwn, "conflict-settled", "U"}, // a patient's record
    {"conflict-reopened", kDicom, "110110", kOwn, "conflict-reopened", "U"},
    {"edits-discarded", kDicom, "110110", kOwn, "edits-discarded", "D"},
    {"erased", kDicom, "110110", kOwn, "erased", "D"},
});

Kind kindOf(std::string_view action)
{
    const auto found =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) { return kind.ours == action; });
    return found != kKinds.end() ? *found
                                 : Kind{action, kDicom, "110113", kOwn, action, "E"}; // a security alert
}

Json agentOf(const AuditEntry& entry)
{
    Json who = Json::object();
    if (!entry.account.empty()) {
        Json& identifier = who.objectAt("identifier");
        identifier.set("system", "https://yarrow.example/fhir/NamingSystem/account");
        identifier.set("value", entry.account);
    }
    if (!entry.userName.empty())
        who.set("display", entry.userName);
    Json agent = Json::object();
    agent.set("type", codeable("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"));
    agent.arrayAt("role").append(codeable("https://yarrow.example/fhir/CodeSystem/role", entry.role));
    agent.set("who", std::move(who));
    agent.set("requestor", true);
    return agent;
}

Json detail(std::string_view type, std::string_view value)
{
    Json detail = Json::object();
    detail.set("type", type);
    detail.set("valueString", value);
    return detail;
}

Json entityOf(const AuditEntry& entry)
{
    Json entity = Json::object();
    if (!entry.resourceType.empty())
        entity.set("what", entry.resourceId.empty() ? Json::object()
                                                    : reference(entry.resourceType + "/" + entry.resourceId));
    if (entity["what"].members().empty())
        entity.remove("what");
    entity.set("type",
               coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2", "System Object"));
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            entity.arrayAt("detail").append(detail(name, value));
    };
    add("resourceType", entry.resourceType);
    add("before", entry.beforeDigest);
    add("after", entry.afterDigest);
    add("detail", entry.detail);
    return entity;
}

Json patientEntity(const AuditEntry& entry)
{
    Json entity = Json::object();
    entity.set("what", reference("Patient/" + entry.patient));
    entity.set("type", coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1", "Person"));
    entity.set("role", coding("http://terminology.hl7.org/CodeSystem/object-role", "1", "Patient"));
    return entity;
}

/// Where the entry stands in its chain, so that a reader can check it again.
Json chainExtension(const AuditEntry& entry)
{
    Json extension = Json::object();
    extension.set("url", "https://yarrow.example/fhir/StructureDefinition/audit-chain");
    const auto add = [&](std::string_view url, std::string_view type, Json value) {
        Json part = Json::object();
        part.set("url", url);
        part.set(type, std::move(value));
        extension.arrayAt("extension").append(std::move(part));
    };
    add("incarnation", "valueString", entry.incarnation);
    add("seq", "valueDecimal", Json(entry.seq)); // past 2^31 there is no FHIR integer
    add("hash", "valueString", entry.hash);
    return extension;
}

} // namespace

std::string toFhirAuditEvent(const AuditEntry& entry)
{
    const Kind kind = kindOf(entry.action);
    Json event = Json::object();
    event.set("resourceType", "AuditEvent");
    event.set("id", entry.incarnation + "-" + std::to_string(entry.seq));
    event.arrayAt("extension").append(chainExtension(entry));
    event.set("type", coding(kind.typeSystem, kind.type));
    event.arrayAt("subtype").append(coding(kind.subtypeSystem, kind.subtype));
    event.set("action", kind.action);
    event.set("recorded", entry.at);
    event.set("outcome", entry.outcome);
    if (!entry.reason.empty())
        event.set("outcomeDesc", entry.reason);
    event.arrayAt("agent").append(agentOf(entry));
    Json& source = event.objectAt("source");
    source.set("observer", reference("Device/" + entry.device));
    source.arrayAt("type").append(
        coding("http://terminology.hl7.org/CodeSystem/security-source-type", "1", "User Device"));
    if (!entry.patient.empty())
        event.arrayAt("entity").append(patientEntity(entry));
    event.arrayAt("entity").append(entityOf(entry));
    return event.dump();
}

} // namespace yarrow
