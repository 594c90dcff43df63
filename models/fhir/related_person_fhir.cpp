// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/related_person_fhir.h"

#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/reference_elements.h"

#include <optional>
#include <utility>

namespace yarrow::fhir {
namespace {

constexpr ElementOrder kOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "active "
    "patient relationship name telecom gender birthDate address photo period communication";
constexpr std::string_view kRoleCodes = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
constexpr std::string_view kContactRoles = "http://terminology.hl7.org/CodeSystem/v2-0131";
constexpr std::string_view kContactCode = "C";
constexpr std::string_view kMayBeTold = "https://yarrow.example/fhir/StructureDefinition/may-be-told";
constexpr std::string_view kPatientMayBeTold =
    "https://yarrow.example/fhir/StructureDefinition/patient-may-be-told";

// The first of each relation is the one that is written.
constexpr CodeName<Relation> kRelations[] = {
    {Relation::Parent, "PRN"},           {Relation::Parent, "MTH"},         {Relation::Parent, "FTH"},
    {Relation::Parent, "NPRN"},          {Relation::Parent, "NMTH"},        {Relation::Parent, "NFTH"},
    {Relation::Parent, "ADOPTP"},        {Relation::Parent, "ADOPTM"},      {Relation::Parent, "ADOPTF"},
    {Relation::Parent, "STPPRN"},        {Relation::Parent, "STPMTH"},      {Relation::Parent, "STPFTH"},
    {Relation::Parent, "PRNFOST"},       {Relation::Parent, "MTHFOST"},     {Relation::Parent, "FTHFOST"},
    {Relation::Child, "CHILD"},          {Relation::Child, "SON"},          {Relation::Child, "DAU"},
    {Relation::Child, "NCHILD"},         {Relation::Child, "DAUC"},         {Relation::Child, "SONC"},
    {Relation::Child, "CHLDADOPT"},      {Relation::Child, "CHLDFOST"},     {Relation::Child, "STPCHLD"},
    {Relation::Child, "STPSON"},         {Relation::Child, "STPDAU"},       {Relation::Spouse, "SPS"},
    {Relation::Spouse, "HUSB"},          {Relation::Spouse, "WIFE"},        {Relation::Partner, "DOMPART"},
    {Relation::Sibling, "SIB"},          {Relation::Sibling, "BRO"},        {Relation::Sibling, "SIS"},
    {Relation::Sibling, "NSIB"},         {Relation::Sibling, "HSIB"},       {Relation::Sibling, "HBRO"},
    {Relation::Sibling, "HSIS"},         {Relation::Sibling, "STPSIB"},     {Relation::Sibling, "TWIN"},
    {Relation::Grandparent, "GRPRN"},    {Relation::Grandparent, "GRMTH"},  {Relation::Grandparent, "GRFTH"},
    {Relation::Grandchild, "GRNDCHILD"}, {Relation::Grandchild, "GRNDSON"}, {Relation::Grandchild, "GRNDDAU"},
    {Relation::Guardian, "GUARD"},       {Relation::Relative, "FAMMEMB"},   {Relation::Relative, "EXT"},
};

/// Where the relation stands: an item of `relationship`, and one of its codings.
struct RelationPlace
{
    Relation relation = Relation::Contact;
    std::size_t item = 0;
    std::size_t coding = 0;
};

std::optional<RelationPlace> placeOfRelation(const Json& relationships)
{
    const auto& items = relationships.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto& codings = items[i]["coding"].items();
        for (std::size_t c = 0; c < codings.size(); ++c) {
            if (codings[c]["system"].string() != kRoleCodes)
                continue;
            const Relation relation = codeNamed(kRelations, codings[c]["code"].string(), Relation::Contact);
            if (relation != Relation::Contact)
                return RelationPlace{relation, i, c};
        }
    }
    return std::nullopt;
}

QString textOfRelation(const Json& relationships)
{
    for (const Json& item : relationships.items()) {
        if (!item["text"].string().empty())
            return QString::fromUtf8(item["text"].string().data(),
                                     static_cast<qsizetype>(item["text"].string().size()));
        for (const Json& coding : item["coding"].items()) {
            const std::string_view display = coding["display"].string();
            if (!display.empty())
                return QString::fromUtf8(display.data(), static_cast<qsizetype>(display.size()));
        }
    }
    return {};
}

void writeRelation(Json& document, Relation relation)
{
    const std::string_view code = codeName(kRelations, relation);
    Json coding = code.empty() ? makeCoding(kContactRoles, kContactCode) : makeCoding(kRoleCodes, code);
    if (const auto place = placeOfRelation(document["relationship"])) {
        Json& item = document.find("relationship")->mutableItems()[place->item];
        item.find("coding")->mutableItems()[place->coding] = std::move(coding);
        item.remove("text"); // it says what was so before
        while (relation == Relation::Contact) {
            const auto other = placeOfRelation(document["relationship"]); // nearer than a contact
            if (!other)
                break;
            auto& codings =
                document.find("relationship")->mutableItems()[other->item].find("coding")->mutableItems();
            codings.erase(codings.begin() + static_cast<std::ptrdiff_t>(other->coding));
        }
        return;
    }
    Json item = Json::object();
    item.set("coding", Json(Json::Array{std::move(coding)}));
    put(document, "relationship", Json(Json::Array{std::move(item)}), kOrder);
}

PartialDate readBirthDate(const ElementView& view)
{
    const std::string_view text = view.string("birthDate");
    if (text.empty())
        return {};
    const auto date = PartialDate::parse(text);
    if (!date) {
        view.refuse("birthDate", "must be a date");
        return {};
    }
    return *date;
}

bool readFlag(const Json& document, std::string_view url)
{
    const Json* extension = findExtension(document, url);
    return extension && (*extension)["valueBoolean"].boolean() == true;
}

void writeFlag(Json& document, std::string_view url, bool before, bool after)
{
    if (before == after)
        return;
    if (!after)
        dropExtension(document, url);
    else
        extensionAt(document, url, kOrder).set("valueBoolean", Json(true));
}

} // namespace

Result<RelatedPerson> readRelatedPerson(const Json& document)
{
    const ElementView view(document, "RelatedPerson");
    RelatedPerson person;
    if (const auto id = RelatedPersonId::parse(view.string("id")))
        person.id = *id;
    person.active = view.boolean("active").value_or(true);
    person.patient = readReference<PatientTag>(view, "patient", "Patient");
    view.forEach("relationship", [](const ElementView&) {}); // each must be an object
    const Json& relationships = document["relationship"];
    if (const auto place = placeOfRelation(relationships))
        person.relation = place->relation;
    else
        person.relationText = textOfRelation(relationships);
    person.names = view.list<HumanName>("name", readHumanName);
    person.telecoms = view.list<ContactPoint>("telecom", readContactPoint);
    person.birthDate = readBirthDate(view);
    person.told = {readFlag(document, kMayBeTold), readFlag(document, kPatientMayBeTold)};
    return view.result(std::move(person));
}

void writeRelatedPerson(const RelatedPerson& person, Json& document)
{
    const bool isNew = document.members().empty();
    beginDocument(document, "RelatedPerson", person.id.text());
    const auto read = readRelatedPerson(document);
    YARROW_ASSERT(read.has_value() && person.relation != Relation::Ward);
    const RelatedPerson& before = *read;
    writeFlag(document, kMayBeTold, before.told.relative, person.told.relative);
    writeFlag(document, kPatientMayBeTold, before.told.patient, person.told.patient);
    if (isNew)
        put(document, "active", Json(person.active), kOrder);
    writeBoolean(document, "active", before.active, person.active, kOrder);
    writeReference(document, "patient", "Patient", before.patient, person.patient, kOrder);
    if (isNew || before.relation != person.relation)
        writeRelation(document, person.relation);
    writeHumanNames(document, before.names, person.names, kOrder);
    writeContactPoints(document, before.telecoms, person.telecoms, kOrder);
    writeCode(document, "birthDate", before.birthDate.text(), person.birthDate.text(), kOrder);
}

std::vector<std::string> relatedPersonsOf(const Json& patient)
{
    std::vector<std::string> ids;
    for (const PatientLink& link : patientLinks(patient)) {
        const std::string_view id = referencedId(link.other, "RelatedPerson");
        if (link.type == "seealso" && !id.empty())
            ids.emplace_back(id);
    }
    return ids;
}

} // namespace yarrow::fhir
