// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/type_rules.h"

#include "server/fhir/resource_types.h"

#include <algorithm>
#include <iterator>

namespace yarrow::server::fhir {
namespace {

// The required bindings of FHIR R4 (4.0.1).
constexpr std::string_view kAppointment =
    "proposed pending booked arrived fulfilled cancelled noshow entered-in-error "
    "checked-in waitlist";
constexpr std::string_view kActive = "active inactive entered-in-error";
constexpr std::string_view kFinancial = "active cancelled draft entered-in-error";
constexpr std::string_view kRequest = "draft active on-hold revoked completed entered-in-error unknown";
constexpr std::string_view kEvent =
    "preparation in-progress not-done on-hold stopped completed entered-in-error unknown";
constexpr std::string_view kObservation =
    "registered preliminary final amended corrected cancelled entered-in-error unknown";
constexpr std::string_view kReport =
    "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown";
constexpr std::string_view kMedicationRequest =
    "active on-hold cancelled completed entered-in-error stopped draft unknown";
constexpr std::string_view kMedicationStatement =
    "active completed entered-in-error intended stopped on-hold unknown not-taken";
constexpr std::string_view kMedicationDispense =
    "preparation in-progress cancelled on-hold completed entered-in-error stopped declined unknown";
constexpr std::string_view kMedicationAdministration =
    "in-progress not-done on-hold completed entered-in-error stopped unknown";
constexpr std::string_view kEncounter =
    "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown";
constexpr std::string_view kTask =
    "draft requested received accepted rejected ready cancelled in-progress on-hold "
    "failed completed entered-in-error";
constexpr std::string_view kChargeItem =
    "planned billable not-billable aborted billed entered-in-error unknown";
constexpr std::string_view kGender = "male female other unknown";
constexpr std::string_view kParticipation = "accepted declined tentative needs-action";
constexpr std::string_view kIntent =
    "proposal plan directive order original-order reflex-order filler-order instance-order option";
constexpr std::string_view kTaskIntent =
    "unknown proposal plan order original-order reflex-order filler-order instance-order option";

// In order of the types, for the binary search.
constexpr TypeRules kRules[] = {
    {"Account", "status", "active inactive entered-in-error on-hold unknown", "servicePeriod", "subject"},
    {"AdverseEvent", "subject", "", "date recordedDate", "subject"},
    {"AllergyIntolerance", "patient", "", "recordedDate onset[x]", "patient"},
    {"Appointment", "status participant", kAppointment, "",
     ""}, // its times and participants: appointment.cpp
    {"AppointmentResponse", "appointment participantStatus", "", "start", ""},
    {"BodyStructure", "patient", "", "", "patient"},
    {"CarePlan", "status intent subject", kRequest, "period created", "subject"},
    {"CareTeam", "", "proposed active suspended inactive entered-in-error", "period", "subject"},
    {"ChargeItem", "status code subject", kChargeItem, "occurrence[x] enteredDate", "subject"},
    {"Claim", "status use patient", kFinancial, "created", "patient"},
    {"ClaimResponse", "status use patient", kFinancial, "created", "patient"},
    {"ClinicalImpression", "status subject", "in-progress completed entered-in-error", "effective[x] date",
     "subject"},
    {"Communication", "status", kEvent, "sent", "subject"},
    {"CommunicationRequest", "status", kRequest, "occurrence[x] authoredOn", "subject"},
    {"Composition", "status type date", "preliminary final amended entered-in-error", "date", "subject"},
    {"Condition", "subject", "", "recordedDate onset[x]", "subject"},
    {"Consent", "status scope category", "draft proposed active rejected inactive entered-in-error",
     "dateTime", "patient"},
    {"Coverage", "status beneficiary payor", kFinancial, "period", "beneficiary"},
    {"CoverageEligibilityRequest", "status patient", kFinancial, "created", "patient"},
    {"CoverageEligibilityResponse", "status patient", kFinancial, "created", "patient"},
    {"DetectedIssue", "status", kObservation, "identified[x]", "patient"},
    {"Device", "", "active inactive entered-in-error unknown", "", "patient"},
    {"DeviceRequest", "intent subject", kRequest, "occurrence[x] authoredOn", "subject"},
    {"DeviceUseStatement", "status subject device",
     "active completed entered-in-error intended stopped on-hold", "timing[x] recordedOn", "subject"},
    {"DiagnosticReport", "status code", kReport, "effective[x] issued", "subject"},
    {"DocumentReference", "status content", "current superseded entered-in-error", "date", "subject"},
    {"Encounter", "status class", kEncounter, "period", "subject"},
    {"EpisodeOfCare", "status patient", "planned waitlist active onhold finished cancelled entered-in-error",
     "period", "patient"},
    {"ExplanationOfBenefit", "status use patient outcome", kFinancial, "created", "patient"},
    {"FamilyMemberHistory", "status patient relationship",
     "partial completed entered-in-error health-unknown", "date", "patient"},
    {"Flag", "status code subject", kActive, "period", "subject"},
    {"Goal", "lifecycleStatus description subject", "", "start[x]", "subject"},
    {"GuidanceResponse", "status",
     "success data-requested data-required in-progress failure entered-in-error", "occurrenceDateTime",
     "subject"},
    {"HealthcareService", "", "", "", ""},
    {"ImagingStudy", "status subject", "registered available cancelled entered-in-error unknown", "started",
     "subject"},
    {"Immunization", "status vaccineCode patient occurrence[x]", "completed entered-in-error not-done",
     "occurrence[x]", "patient"},
    {"ImmunizationEvaluation", "status patient", "completed entered-in-error", "date", "patient"},
    {"ImmunizationRecommendation", "patient date", "", "date", "patient"},
    {"Invoice", "status", "draft issued balanced cancelled entered-in-error", "date", "subject"},
    {"List", "status mode", "current retired entered-in-error", "date", "subject"},
    {"Location", "", "active suspended inactive", "", ""},
    {"MeasureReport", "status type measure", "complete pending error", "date period", "subject"},
    {"Media", "status content", kEvent, "created[x] issued", "subject"},
    {"Medication", "", kActive, "", ""},
    {"MedicationAdministration", "status medication[x] subject effective[x]", kMedicationAdministration,
     "effective[x]", "subject"},
    {"MedicationDispense", "status medication[x]", kMedicationDispense, "whenHandedOver whenPrepared",
     "subject"},
    {"MedicationRequest", "status intent medication[x] subject", kMedicationRequest, "authoredOn", "subject"},
    {"MedicationStatement", "status medication[x] subject", kMedicationStatement, "effective[x] dateAsserted",
     "subject"},
    {"MolecularSequence", "", "", "", "patient"},
    {"NutritionOrder", "status intent patient dateTime", kRequest, "dateTime", "patient"},
    {"Observation", "status code", kObservation, "effective[x] issued", "subject"},
    {"Organization", "", "", "", ""},
    {"Patient", "", "", "birthDate", ""},
    {"PaymentNotice", "status", kFinancial, "created", ""},
    {"PaymentReconciliation", "status", kFinancial, "created", ""},
    {"Person", "", "", "birthDate", ""},
    {"Practitioner", "", "", "birthDate", ""},
    {"PractitionerRole", "", "", "period", ""},
    {"Procedure", "status subject", kEvent, "performed[x]", "subject"},
    {"Provenance", "target recorded agent", "", "occurred[x] recorded", ""},
    {"QuestionnaireResponse", "status", "in-progress completed amended entered-in-error stopped", "authored",
     "subject"},
    {"RelatedPerson", "patient", "", "birthDate", "patient"},
    {"RequestGroup", "status intent", kRequest, "authoredOn", "subject"},
    {"ResearchSubject", "status individual",
     "candidate eligible follow-up ineligible not-registered off-study on-study on-study-intervention "
     "on-study-observation pending-on-study potential-candidate screening withdrawn",
     "period", "individual"},
    {"RiskAssessment", "status subject", kObservation, "occurrence[x]", "subject"},
    {"Schedule", "actor", "", "planningHorizon", ""},
    {"ServiceRequest", "status intent subject", kRequest, "occurrence[x] authoredOn", "subject"},
    {"Slot", "schedule status start end", "busy free busy-unavailable busy-tentative entered-in-error",
     "start", ""},
    {"Specimen", "", "available unavailable unsatisfactory entered-in-error", "receivedTime", "subject"},
    {"SupplyDelivery", "", "in-progress completed abandoned entered-in-error", "occurrence[x]", "patient"},
    {"SupplyRequest", "", "draft active suspended cancelled completed entered-in-error unknown",
     "occurrence[x] authoredOn", ""},
    {"Task", "status intent", kTask, "authoredOn", "for"},
    {"VisionPrescription", "status patient", kFinancial, "dateWritten created", "patient"},
};
static_assert(std::is_sorted(std::begin(kRules), std::end(kRules),
                             [](const TypeRules& a, const TypeRules& b) { return a.type < b.type; }));

// In order of the types, for the search.
constexpr CodeRule kCodes[] = {
    {"AllergyIntolerance", "clinicalStatus", "active inactive resolved",
     "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"},
    {"AllergyIntolerance", "verificationStatus", "unconfirmed confirmed refuted entered-in-error",
     "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"},
    {"AllergyIntolerance", "type", "allergy intolerance"},
    {"AllergyIntolerance", "category", "food medication environment biologic"},
    {"AllergyIntolerance", "criticality", "low high unable-to-assess"},
    {"Appointment", "participant.status", kParticipation},
    {"AppointmentResponse", "participantStatus",
     "accepted declined tentative in-process completed needs-action entered-in-error"},
    {"CarePlan", "intent", "proposal plan order option"},
    {"Claim", "use", "claim preauthorization predetermination"},
    {"Condition", "clinicalStatus", "active recurrence relapse inactive remission resolved",
     "http://terminology.hl7.org/CodeSystem/condition-clinical"},
    {"Condition", "verificationStatus",
     "unconfirmed provisional differential confirmed refuted entered-in-error",
     "http://terminology.hl7.org/CodeSystem/condition-ver-status"},
    {"Goal", "lifecycleStatus",
     "proposed planned accepted active on-hold completed cancelled entered-in-error rejected"},
    {"Location", "mode", "instance kind"},
    {"MedicationRequest", "intent",
     "proposal plan order original-order reflex-order filler-order instance-order option"},
    {"Patient", "gender", kGender},
    {"Person", "gender", kGender},
    {"Practitioner", "gender", kGender},
    {"RelatedPerson", "gender", kGender},
    {"ServiceRequest", "intent", kIntent},
    {"Task", "intent", kTaskIntent},
};
static_assert(std::is_sorted(std::begin(kCodes), std::end(kCodes),
                             [](const CodeRule& a, const CodeRule& b) { return a.type < b.type; }));

constexpr TypeRules kNoRules{};

} // namespace

const TypeRules& rulesOf(std::string_view type) noexcept
{
    const auto* found =
        std::lower_bound(std::begin(kRules), std::end(kRules), type,
                         [](const TypeRules& rules, std::string_view t) { return rules.type < t; });
    return found != std::end(kRules) && found->type == type ? *found : kNoRules;
}

std::span<const CodeRule> codeRulesOf(std::string_view type) noexcept
{
    const auto* first =
        std::lower_bound(std::begin(kCodes), std::end(kCodes), type,
                         [](const CodeRule& rule, std::string_view t) { return rule.type < t; });
    const auto* last =
        std::find_if(first, std::end(kCodes), [type](const CodeRule& rule) { return rule.type != type; });
    return {first, last};
}

bool isPerson(std::string_view type) noexcept
{
    return hasWord("Patient Person Practitioner RelatedPerson", type);
}

} // namespace yarrow::server::fhir
