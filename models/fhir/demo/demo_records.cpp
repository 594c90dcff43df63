// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/demo/demo_data.h"

namespace yarrow::demo {
namespace {

constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr std::string_view kLoinc = "http://loinc.org";
constexpr std::string_view kUnits = "http://unitsofmeasure.org";
constexpr std::string_view kTerminology = "http://terminology.hl7.org/CodeSystem/";

Json listOf(Json item)
{
    return Json(Json::Array{std::move(item)});
}

/// A CodeableConcept of one of HL7's own code systems.
Json status(std::string_view system, std::string_view code)
{
    return makeObject({{"coding", listOf(fhir::makeCoding(std::string(kTerminology).append(system), code))}});
}

Json quantity(const std::string& value, std::string_view unit, std::string_view code)
{
    return makeObject({{"value", Json::number(value)},
                       {"unit", Json(unit)},
                       {"system", Json(kUnits)},
                       {"code", Json(code)}});
}

class Chart
{
public:
    Chart(const Json& data, const Patient& patient, std::string number, const PractitionerId& author,
          QDate today, Dice& dice)
        : m_data(data)
        , m_patient(fhir::makeReference("Patient", patient.id.text()))
        , m_author(fhir::makeReference("Practitioner", author.text()))
        , m_number(std::move(number))
        , m_today(today)
        , m_dice(dice)
    {}

    void fill(std::vector<Json>& documents)
    {
        if (m_dice.chance(70))
            documents.push_back(condition());
        if (m_dice.chance(35))
            documents.push_back(allergy());
        documents.push_back(bloodPressure());
        documents.push_back(weight());
        if (m_dice.chance(60))
            documents.push_back(prescription());
        if (m_dice.chance(60))
            documents.push_back(immunization());
    }

private:
    [[nodiscard]] Json id(std::string_view type) const { return Json(idFor(type, m_number)); }
    [[nodiscard]] Json someDay(int mostDaysBack)
    {
        return Json(PartialDate(m_today.addDays(-m_dice.between(1, mostDaysBack))).text());
    }

    Json condition()
    {
        const Json& what = m_dice.pick(m_data["conditions"]);
        return makeObject({{"resourceType", Json("Condition")},
                           {"id", id("Condition")},
                           {"clinicalStatus", status("condition-clinical", "active")},
                           {"verificationStatus", status("condition-ver-status", "confirmed")},
                           {"code", makeConcept(kSnomed, what["code"].string(), what["text"].string())},
                           {"subject", m_patient},
                           {"recordedDate", someDay(900)},
                           {"recorder", m_author}});
    }

    Json allergy()
    {
        return makeObject({{"resourceType", Json("AllergyIntolerance")},
                           {"id", id("AllergyIntolerance")},
                           {"clinicalStatus", status("allergyintolerance-clinical", "active")},
                           {"verificationStatus", status("allergyintolerance-verification", "confirmed")},
                           {"criticality", Json(m_dice.chance(30) ? "high" : "low")},
                           {"code", makeObject({{"text", m_dice.pick(m_data["allergies"])}})},
                           {"patient", m_patient},
                           {"recordedDate", someDay(900)}});
    }

    Json vitalSign(std::string_view name, std::string_view code, std::string_view text)
    {
        return makeObject({{"resourceType", Json("Observation")},
                           {"id", id(std::string("Observation/").append(name))},
                           {"status", Json("final")},
                           {"category", listOf(status("observation-category", "vital-signs"))},
                           {"code", makeConcept(kLoinc, code, text)},
                           {"subject", m_patient},
                           {"effectiveDateTime", someDay(120)},
                           {"performer", listOf(m_author)}});
    }

    Json bloodPressure()
    {
        const auto part = [](std::string_view code, std::string_view text, int value) {
            return makeObject({{"code", makeConcept(kLoinc, code, text)},
                               {"valueQuantity", quantity(std::to_string(value), "mmHg", "mm[Hg]")}});
        };
        Json observation = vitalSign("blood-pressure", "85354-9", "Blood pressure");
        observation.set("component", Json(Json::Array{part("8480-6", "Systolic", m_dice.between(95, 165)),
                                                      part("8462-4", "Diastolic", m_dice.between(55, 95))}));
        return observation;
    }

    Json weight()
    {
        Json observation = vitalSign("weight", "29463-7", "Body weight");
        const std::string value =
            std::to_string(m_dice.between(45, 110)) + "." + std::to_string(m_dice.roll(10)) + "0";
        observation.set("valueQuantity", quantity(value, "kg", "kg"));
        return observation;
    }

    Json prescription()
    {
        const Json& what = m_dice.pick(m_data["medications"]);
        return makeObject({{"resourceType", Json("MedicationRequest")},
                           {"id", id("MedicationRequest")},
                           {"status", Json("active")},
                           {"intent", Json("order")},
                           {"medicationCodeableConcept", makeObject({{"text", what["text"]}})},
                           {"subject", m_patient},
                           {"authoredOn", someDay(300)},
                           {"requester", m_author},
                           {"dosageInstruction", listOf(makeObject({{"text", what["dosage"]}}))}});
    }

    Json immunization()
    {
        const Json& what = m_dice.pick(m_data["vaccines"]);
        return makeObject({{"resourceType", Json("Immunization")},
                           {"id", id("Immunization")},
                           {"status", Json("completed")},
                           {"vaccineCode", makeConcept("http://hl7.org/fhir/sid/cvx", what["code"].string(),
                                                       what["text"].string())},
                           {"patient", m_patient},
                           {"occurrenceDateTime", someDay(700)},
                           {"lotNumber", Json("DEMO-" + m_number)}});
    }

    const Json& m_data;
    Json m_patient;
    Json m_author;
    std::string m_number; ///< of the record, for the ids
    QDate m_today;
    Dice& m_dice;
};

} // namespace

std::vector<Json> makeRecords(const Json& data, const std::vector<Patient>& patients,
                              const PractitionerId& author, QDate today)
{
    std::vector<Json> documents;
    Dice dice(42);
    for (std::size_t i = 0; i < patients.size(); i += 3)
        Chart(data, patients[i], medicalRecordNumber(patients[i]).toStdString(), author, today, dice)
            .fill(documents);
    return documents;
}

} // namespace yarrow::demo
