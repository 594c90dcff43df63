// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/patient_records.h"

#include "server/fhir/index_values.h"
#include "server/fhir/reference.h"
#include "server/fhir/reference_walk.h"
#include "server/json/json_document.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace yarrow::server::records {
namespace {

constexpr std::int64_t kStep = 50'000;      // versions looked through by one statement
constexpr std::size_t kRecordsAtOnce = 200; // whose documents are in memory together

const char* const kRetentionLaw = "retention-law";
const char* const kOtherPatients = "other-patients";

std::string textOf(const RecordName& name)
{
    return name.first + '/' + name.second;
}

/// What a reference leads to, as "Type/id"; empty for what is no record here.
std::string targetOf(JsonView reference)
{
    const std::string text = reference.string();
    const auto found = fhir::parseReference(text);
    return found ? found->text() : std::string();
}

/// What a Task or Provenance is about.
std::set<std::string> subjectsOf(JsonView resource)
{
    std::set<std::string> subjects;
    const auto add = [&](JsonView reference) {
        if (std::string target = targetOf(reference["reference"]); !target.empty())
            subjects.insert(std::move(target));
    };
    add(resource["focus"]);
    for (const JsonView target : resource["target"].items())
        add(target);
    return subjects;
}

/// Calls `take` with every string under a member `url`, wherever it stands.
void forEachUrl(JsonView value, const std::function<void(const std::string&)>& take)
{
    for (const auto& [name, member] : value.members()) {
        if (name == "url" && member.isString())
            take(member.string());
        else
            forEachUrl(member, take);
    }
    for (const JsonView item : value.items())
        forEachUrl(item, take);
}

/// The ids of this patient's record and of those that its newest document says it was merged with.
std::set<std::string> mergedIds(const RecordVersions& record)
{
    std::set<std::string> ids{record.id};
    const auto newest = std::find_if(record.versions.begin(), record.versions.end(),
                                     [](const RecordVersions::One& one) { return !one.body.empty(); });
    if (newest == record.versions.end())
        return ids;
    const auto document = JsonDocument::parse(newest->body);
    if (!document)
        return ids;
    for (const JsonView link : document->root()["link"].items()) {
        const std::string text = link["other"]["reference"].string();
        const auto other = fhir::parseReference(text);
        if (other && other->type == "Patient" &&
            (link["type"].says("replaced-by") || link["type"].says("replaces")))
            ids.emplace(other->id);
    }
    return ids;
}

RecordVersions::One versionOf(const pqxx::row& row)
{
    return {row[2].as<std::int64_t>(), std::string(row[7].c_str(), row[7].size()), row[4].c_str()};
}

} // namespace

void readVersions(db::Transaction& work, const std::set<RecordName>& names, bool withBodies,
                  const std::function<void(RecordVersions&&)>& take)
{
    for (auto next = names.begin(); next != names.end();) {
        db::TextArray types;
        db::TextArray ids;
        for (; next != names.end() && types.size() < kRecordsAtOnce; ++next) {
            types.add(std::string_view(next->first));
            ids.add(std::string_view(next->second));
        }
        // Along the chain of versions, as a record's history is read.
        const auto rows =
            work.run("WITH RECURSIVE chain (type, id, seq) AS ("
                     "SELECT r.type, r.id, r.seq FROM unnest($2::text[], $3::text[]) AS n (type, id) "
                     "JOIN resource r ON r.tenant_id = $1 AND r.type = n.type AND r.id = n.id "
                     "UNION ALL SELECT c.type, c.id, v.previous_seq FROM chain c "
                     "JOIN version v ON v.tenant_id = $1 AND v.seq = c.seq WHERE v.previous_seq IS NOT NULL) "
                     "SELECT c.type, c.id, v.seq, v.epoch, v.area, coalesce(v.previous_area, v.area), "
                     "v.erased_areas IS NOT NULL, CASE WHEN $4 THEN coalesce(v.body, '') ELSE '' END, "
                     "v.method = 'delete' "
                     "FROM chain c JOIN version v ON v.tenant_id = $1 AND v.seq = c.seq "
                     "ORDER BY c.type, c.id, v.seq DESC",
                     work.tenant(), types, ids, withBodies);
        RecordVersions record;
        for (const auto& row : rows) {
            if (record.type != row[0].c_str() || record.id != row[1].c_str()) {
                if (!record.type.empty())
                    take(std::move(record));
                record = {.type = row[0].c_str(),
                          .id = row[1].c_str(),
                          .area = row[4].c_str(),
                          .areas = {},
                          .epoch = row[3].c_str(),
                          .live = !row[8].as<bool>(),
                          .erased = row[6].as<bool>(),
                          .versions = {}};
            }
            record.areas.insert({row[4].c_str(), row[5].c_str()});
            record.versions.push_back(versionOf(row));
        }
        if (!record.type.empty())
            take(std::move(record));
    }
}

PatientRecords::PatientRecords(std::string patient)
    : m_patients{std::move(patient)}
{}

bool PatientRecords::isOfPatient(const fhir::Reference& reference) const
{
    return reference.type == "Patient" && m_patients.contains(std::string(reference.id));
}

void PatientRecords::look(db::Transaction& work, std::int64_t from, std::int64_t to)
{
    db::TextArray needles;
    for (const std::string& patient : m_patients) {
        needles.add(std::string_view("Patient/" + patient));
        needles.add(std::string_view("Patient\\/" + patient)); // a slash may be written so
    }
    for (; from < to; from += kStep) {
        const std::int64_t last = std::min(from + kStep, to);
        const auto naming =
            work.run("SELECT DISTINCT type, id FROM version WHERE tenant_id = $1 AND seq > $2 AND seq <= $3 "
                     "AND EXISTS (SELECT 1 FROM unnest($4::text[]) AS n (needle) "
                     "WHERE strpos(body, n.needle) > 0)",
                     work.tenant(), from, last, needles);
        for (const auto& row : naming)
            m_naming.emplace(row[0].c_str(), row[1].c_str());
        for (const char* type : {"Provenance", "Task"}) {
            const auto pointing = work.run("SELECT id, body FROM version WHERE tenant_id = $1 AND type = $2 "
                                           "AND seq > $3 AND seq <= $4 AND body IS NOT NULL",
                                           work.tenant(), type, from, last);
            for (const auto& row : pointing) {
                const auto document = JsonDocument::parse(std::string(row[1].c_str(), row[1].size()));
                if (document)
                    m_pointing[{type, row[0].c_str()}].merge(subjectsOf(document->root()));
            }
        }
    }
}

bool PatientRecords::addMerged(db::Transaction& work)
{
    const std::size_t before = m_patients.size();
    for (std::size_t known = 0; known != m_patients.size();) {
        known = m_patients.size();
        std::set<RecordName> names;
        for (const std::string& patient : m_patients)
            names.emplace("Patient", patient);
        std::copy_if(m_naming.begin(), m_naming.end(), std::inserter(names, names.end()),
                     [](const RecordName& name) { return name.first == "Patient"; });
        readVersions(work, names, true, [&](const RecordVersions& record) {
            const std::set<std::string> one = mergedIds(record);
            const bool isOurs = std::any_of(one.begin(), one.end(),
                                            [&](const std::string& id) { return m_patients.contains(id); });
            if (isOurs)
                m_patients.insert(one.begin(), one.end());
        });
    }
    return m_patients.size() != before;
}

PatientRecords::Naming PatientRecords::namingOf(const std::string& type, const std::string& id,
                                                const std::string& body)
{
    if (type == "Patient" && m_patients.contains(id))
        return Naming::Own;
    const auto document = JsonDocument::parse(body);
    if (!document)
        return Naming::None; // never stored
    const auto index = fhir::indexValuesOf(type, document->root());
    bool isNamed = false;
    bool areOthers = type == "Patient";
    (void)fhir::checkReferences(document->root(), [&](JsonView reference) {
        const std::string text = reference.string();
        const auto target = fhir::parseReference(text);
        if (target && target->type == "Patient")
            (isOfPatient(*target) ? isNamed : areOthers) = true;
        return std::optional<Problem>();
    });
    // Whether two records are one patient is nothing once one of them is gone, and holds what both of them
    // said.
    if (index && index->otherPatient)
        return isNamed ? Naming::Own : Naming::None;
    if (index && index->patient)
        return m_patients.contains(*index->patient) ? Naming::Own : isNamed ? Naming::Shared : Naming::None;
    if (!isNamed)
        return Naming::None;
    return areOthers ? Naming::Shared : Naming::Own;
}

void PatientRecords::addOwn(const RecordVersions& record, Findings& findings)
{
    findings.own.push_back(
        {record.type, record.id, areaFromCode(record.area).value_or(Area::ClinicalRecord)});
    m_own.insert(textOf({record.type, record.id}));
    if (record.type == "Patient" && m_patients.contains(record.id))
        noteRelations(record);
    for (const RecordVersions::One& version : record.versions) {
        const auto document = JsonDocument::parse(version.body);
        if (!document)
            continue;
        forEachUrl(document->root(), [&](const std::string& url) {
            const auto target = fhir::parseReference(url);
            if (target && target->type == "Binary")
                m_attachments.insert(target->text());
        });
    }
}

void PatientRecords::judge(const RecordVersions& record, Findings& findings)
{
    if (record.erased)
        return;
    const auto newest = std::find_if(record.versions.begin(), record.versions.end(),
                                     [](const RecordVersions::One& one) { return !one.body.empty(); });
    if (newest == record.versions.end())
        return;
    const Naming naming = namingOf(record.type, record.id, newest->body);
    if (naming == Naming::None) {
        const auto former = std::find_if(newest, record.versions.end(), [&](const RecordVersions::One& one) {
            return !one.body.empty() && one.area != areaCode(Area::Payments) &&
                   namingOf(record.type, record.id, one.body) != Naming::None;
        });
        std::transform(former, record.versions.end(), std::back_inserter(findings.formerVersions),
                       [](const RecordVersions::One& one) { return one.seq; });
    } else if (record.area == areaCode(Area::Payments)) {
        findings.kept.push_back({record.type, record.id, kRetentionLaw});
    } else if (naming == Naming::Shared) {
        findings.kept.push_back({record.type, record.id, kOtherPatients});
    } else {
        addOwn(record, findings);
    }
}

/// As the patient's newest document has them: a link that was taken away is somebody else's by now.
void PatientRecords::noteRelations(const RecordVersions& patient)
{
    const auto newest = std::find_if(patient.versions.begin(), patient.versions.end(),
                                     [](const RecordVersions::One& one) { return !one.body.empty(); });
    if (newest == patient.versions.end())
        return;
    const auto document = JsonDocument::parse(newest->body);
    if (!document)
        return;
    for (const JsonView link : document->root()["link"].items()) {
        const std::string text = link["other"]["reference"].string();
        const auto other = fhir::parseReference(text);
        if (other && other->type == "RelatedPerson")
            m_relations.emplace(other->type, other->id);
    }
}

/// They belong to the others' records, and describe this patient.
void PatientRecords::addRelations(db::Transaction& work, Findings& findings)
{
    std::set<RecordName> names;
    std::copy_if(m_relations.begin(), m_relations.end(), std::inserter(names, names.end()),
                 [&](const RecordName& name) { return !m_own.contains(textOf(name)); });
    std::erase_if(findings.kept, [&](const KeptRecord& kept) {
        return names.contains({kept.type, kept.id});
    });
    readVersions(work, names, true, [&](const RecordVersions& record) {
        if (!record.erased)
            addOwn(record, findings);
    });
}

/// Tasks and provenances that are about what is the patient's and nothing else.
void PatientRecords::addPointing(db::Transaction& work, Findings& findings)
{
    std::set<RecordName> names;
    for (const auto& [name, subjects] : m_pointing) {
        const bool isOwn = !subjects.empty() &&
                           std::all_of(subjects.begin(), subjects.end(), [&](const std::string& subject) {
                               const auto reference = fhir::parseReference(subject);
                               return m_own.contains(subject) || (reference && isOfPatient(*reference));
                           });
        if (isOwn && !m_own.contains(textOf(name)))
            names.insert(name);
    }
    // Workstations drop a conflict with its record, whoever else it names.
    std::erase_if(findings.kept, [&](const KeptRecord& kept) {
        return names.contains({kept.type, kept.id});
    });
    readVersions(work, names, true, [&](const RecordVersions& record) {
        if (!record.erased)
            addOwn(record, findings);
    });
}

/// What no other record shows.
void PatientRecords::addAttachments(db::Transaction& work, Findings& findings)
{
    std::set<RecordName> names;
    for (const std::string& attachment : m_attachments) {
        if (m_own.contains(attachment))
            continue;
        const auto users = work.run(
            "SELECT DISTINCT type, id FROM version WHERE tenant_id = $1 AND type = ANY ($2::text[]) "
            "AND strpos(body, $3) > 0",
            work.tenant(),
            "{Communication,CommunicationRequest,Consent,Contract,DiagnosticReport,DocumentReference,"
            "HealthcareService,Location,Media,Organization,Patient,Person,Practitioner,Questionnaire,"
            "QuestionnaireResponse,RelatedPerson}",
            attachment);
        const bool isOwn = std::all_of(users.begin(), users.end(), [&](const auto& row) {
            return m_own.contains(textOf({row[0].c_str(), row[1].c_str()}));
        });
        if (isOwn)
            names.emplace("Binary", attachment.substr(attachment.find('/') + 1));
    }
    readVersions(work, names, false, [&](const RecordVersions& record) {
        if (!record.erased)
            addOwn(record, findings);
    });
}

PatientRecords::Findings PatientRecords::decide(db::Transaction& work)
{
    Findings findings;
    std::set<RecordName> names = m_naming;
    db::TextArray patients;
    for (const std::string& patient : m_patients) {
        names.emplace("Patient", patient);
        patients.add(std::string_view(patient));
    }
    const auto indexed =
        work.run("SELECT type, id FROM resource WHERE tenant_id = $1 AND patient = ANY ($2::text[])",
                 work.tenant(), patients);
    for (const auto& row : indexed)
        names.emplace(row[0].c_str(), row[1].c_str());
    readVersions(work, names, true, [&](const RecordVersions& record) { judge(record, findings); });
    addRelations(work, findings);
    addPointing(work, findings);
    addAttachments(work, findings);
    return findings;
}

} // namespace yarrow::server::records
