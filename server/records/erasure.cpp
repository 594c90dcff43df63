// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/erasure.h"

#include "server/audit/server_audit.h"
#include "server/jobs/webhook_queue.h"
#include "server/random_uuid.h"
#include "server/records/area_array.h"
#include "server/records/digest.h"
#include "server/records/epoch.h"
#include "server/records/erasure_log.h"
#include "server/records/instant.h"

#include <algorithm>
#include <map>

namespace yarrow::server::records {
namespace {

std::set<RecordName> namesOf(const std::vector<ErasedRecord>& records)
{
    std::set<RecordName> names;
    for (const ErasedRecord& record : records)
        names.emplace(record.type, record.id);
    return names;
}

std::string joined(const std::set<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text.append(text.empty() ? "" : ",").append(word);
    return text;
}

/// Takes everything but the ids of an erasure's records, and leaves the versions that say so. Under the
/// clinic's lock, as one statement per table.
class Eraser
{
public:
    Eraser(db::Transaction& work, ClinicHead& head, const Erasure& erasure, const std::string& device)
        : m_work(work)
        , m_head(head)
        , m_erasure(erasure)
        , m_device(device)
    {
        for (const ErasedRecord& record : erasure.records) {
            m_types.add(std::string_view(record.type));
            m_ids.add(std::string_view(record.id));
        }
    }

    void run()
    {
        readWhatIsThere();
        storeVersions();
        storeRecords();
        forgetValues();
        addToSummaries(m_work, m_summaries);
        noteErasure();
    }

private:
    void readWhatIsThere()
    {
        std::int64_t next = m_head.seq;
        std::map<RecordName, std::int64_t> numbers;
        for (const ErasedRecord& record : m_erasure.records) {
            m_areas[{record.type, record.id}] = {std::string(areaCode(record.area))};
            numbers[{record.type, record.id}] = ++next;
        }
        readVersions(m_work, namesOf(m_erasure.records), false, [&](const RecordVersions& record) {
            const RecordName name{record.type, record.id};
            m_areas[name].insert(record.areas.begin(), record.areas.end());
            for (const RecordVersions::One& version : record.versions) {
                m_gone.add(version.seq);
                m_replacements.add(numbers[name]);
            }
            if (const auto area = areaFromCode(record.area); area && record.live)
                m_summaries[*area].remove(record.type, record.id,
                                          versionIdOf(record.epoch, record.versions.front().seq));
        });
    }

    void storeVersions()
    {
        db::TextArray areas;
        db::TextArray everIn;
        db::TextArray times;
        const auto now = m_work.run("SELECT " YARROW_MICROS("clock_timestamp()"))[0][0].as<std::int64_t>();
        m_head.lastUpdated =
            std::max(now - static_cast<std::int64_t>(m_erasure.records.size()), m_head.lastUpdated);
        for (const ErasedRecord& record : m_erasure.records) {
            areas.add(areaCode(record.area));
            everIn.add(std::string_view(joined(m_areas[{record.type, record.id}])));
            times.add(std::string_view(instantOf(++m_head.lastUpdated)));
        }
        if (!m_gone.empty()) {
            m_work.run("DELETE FROM version WHERE tenant_id = $1 AND seq = ANY ($2::bigint[])",
                       m_work.tenant(), m_gone);
            // Whoever asks what became of an operation on them is told that they are erased.
            m_work.run("UPDATE operation o SET seq = n.replacement "
                       "FROM unnest($2::bigint[], $3::bigint[]) AS n (gone, replacement) "
                       "WHERE o.tenant_id = $1 AND o.seq = n.gone",
                       m_work.tenant(), m_gone, m_replacements);
        }
        m_work.run("INSERT INTO version (tenant_id, seq, type, id, method, epoch, last_updated, area, "
                   "previous_area, author, device, erased_areas) "
                   "SELECT $1, $2 + n.place, n.type, n.id, 'delete', $3, n.at, n.area, n.area, $4, "
                   "nullif($5, ''), string_to_array(n.ever_in, ',') "
                   "FROM unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[]) "
                   "WITH ORDINALITY AS n (type, id, area, ever_in, at, place) ORDER BY n.place",
                   m_work.tenant(), m_head.seq, m_head.epoch, m_erasure.account, m_device, m_types, m_ids,
                   areas, everIn, times);
    }

    void storeRecords()
    {
        m_work.run("INSERT INTO resource (tenant_id, type, id, seq, deleted, area) "
                   "SELECT v.tenant_id, v.type, v.id, v.seq, true, v.area FROM version v "
                   "WHERE v.tenant_id = $1 AND v.seq > $2 "
                   "ON CONFLICT (tenant_id, type, id) DO UPDATE SET seq = excluded.seq, deleted = true, "
                   "area = excluded.area, patient = NULL, status = NULL, date_from = 'infinity', "
                   "date_to = 'infinity', sort_name = chr(1114111)",
                   m_work.tenant(), m_head.seq);
        m_head.seq += static_cast<std::int64_t>(m_erasure.records.size());
        m_work.run("UPDATE clinic SET seq = $2, last_updated = $3::timestamptz WHERE tenant_id = $1",
                   m_work.tenant(), m_head.seq, instantOf(m_head.lastUpdated));
    }

    void forgetValues()
    {
        m_work.run("DELETE FROM search_value s USING unnest($2::text[], $3::text[]) AS n (type, id) "
                   "WHERE s.tenant_id = $1 AND s.type = n.type AND s.id = n.id",
                   m_work.tenant(), m_types, m_ids);
        m_work.run("DELETE FROM booking b USING unnest($2::text[], $3::text[]) AS n (type, id) "
                   "WHERE b.tenant_id = $1 AND n.type = 'Appointment' AND b.appointment = n.id",
                   m_work.tenant(), m_types, m_ids);
        m_work.run("DELETE FROM mrn m USING unnest($2::text[], $3::text[]) AS n (type, id) "
                   "WHERE m.tenant_id = $1 AND n.type = 'Patient' AND m.patient = n.id",
                   m_work.tenant(), m_types, m_ids);
        // Its files hold whole documents; one that is being written ends when it finds itself gone.
        m_work.run("DELETE FROM export WHERE tenant_id = $1", m_work.tenant());
    }

    void noteErasure()
    {
        m_work.run("INSERT INTO erasure (tenant_id, erasure_id, patient, legal_ground, reason, account, "
                   "erased_at) VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz) ON CONFLICT DO NOTHING",
                   m_work.tenant(), m_erasure.id, m_erasure.patient, m_erasure.legalGround, m_erasure.reason,
                   m_erasure.account, m_erasure.at);
        db::TextArray areas;
        for (const ErasedRecord& record : m_erasure.records)
            areas.add(areaCode(record.area));
        m_work.run("INSERT INTO erased (tenant_id, type, id, area, erasure_id) "
                   "SELECT $1, n.type, n.id, n.area, $2 "
                   "FROM unnest($3::text[], $4::text[], $5::text[]) AS n (type, id, area)",
                   m_work.tenant(), m_erasure.id, m_types, m_ids, areas);
    }

    db::Transaction& m_work;
    ClinicHead& m_head;
    const Erasure& m_erasure;
    const std::string& m_device;
    db::TextArray m_types;
    db::TextArray m_ids;
    std::map<RecordName, std::set<std::string>> m_areas;
    db::NumberArray m_gone;         // versions
    db::NumberArray m_replacements; // what stands in the place of each
    AreaSummaries m_summaries;
};

void forgetFormerVersions(db::Transaction& work, const std::vector<std::int64_t>& versions)
{
    db::NumberArray seqs;
    for (const std::int64_t seq : versions)
        seqs.add(seq);
    if (!versions.empty())
        work.run("DELETE FROM version WHERE tenant_id = $1 AND seq = ANY ($2::bigint[])", work.tenant(),
                 seqs);
}

void auditErasure(db::Transaction& work, const ErasureOutcome& outcome, const Author& author)
{
    std::set<std::string> patients{outcome.erasure.patient};
    for (const ErasedRecord& record : outcome.erasure.records)
        if (record.type == "Patient")
            patients.insert(record.id);
    for (const std::string& patient : patients) {
        audit::Event event{"patient-erased"};
        event.category = "health-data";
        event.account = author.account;
        event.role = author.role;
        event.device = author.device;
        event.resourceType = "Patient";
        event.resourceId = patient;
        event.patient = patient;
        event.reason = outcome.erasure.reason;
        event.detail = "records=" + std::to_string(outcome.erasure.records.size()) +
                       " kept=" + std::to_string(outcome.kept.size()) +
                       " ground=" + outcome.erasure.legalGround;
        audit::append(work, event);
    }
}

Erasure erasureOf(db::Transaction& work, const ErasureOrder& order, const Author& author)
{
    Erasure erasure;
    erasure.id = randomUuid();
    erasure.patient = order.patient;
    erasure.legalGround = order.legalGround;
    erasure.reason = order.reason;
    erasure.account = author.account;
    erasure.at = work.run("SELECT " YARROW_INSTANT("clock_timestamp()"))[0][0].c_str();
    return erasure;
}

ChangeNotice noticeOf(const TenantId& tenant, const Erasure& erasure, const ClinicHead& head)
{
    ChangeNotice notice{.tenant = tenant, .seq = head.seq, .types = {}, .areas = {}};
    for (const ErasedRecord& record : erasure.records) {
        notice.types.insert(record.type);
        notice.areas.insert(record.area);
    }
    return notice;
}

bool wasErased(db::Transaction& work, const std::string& patient)
{
    return !erasedAmong(work, {{"Patient", patient}}).empty();
}

} // namespace

Result<ErasureOutcome> erase(db::Connection& connection, const TenantId& tenant, const ErasureOrder& order,
                             const Admission& admit, const ErasureLog* log)
{
    PatientRecords records(order.patient);
    std::int64_t seen = 0;
    {
        db::Transaction before(connection, tenant, db::Isolation::ReadCommitted, true);
        if (const auto author = admit(before); !author)
            return tl::unexpected(author.error());
        seen = readClinic(before).seq;
        do
            records.look(before, 0, seen);
        while (records.addMerged(before));
    }
    db::Transaction work(connection, tenant);
    ClinicHead head = lockClinic(work);
    const auto author = admit(work);
    if (!author)
        return tl::unexpected(author.error());
    records.look(work, std::min(seen, head.seq), head.seq);
    while (records.addMerged(work)) // somebody has just merged them
        records.look(work, 0, head.seq);
    PatientRecords::Findings found = records.decide(work);
    if (found.own.empty() && found.kept.empty() && !wasErased(work, order.patient))
        return refuse(404, "not-found", "There is no Patient/" + order.patient + ".");

    ErasureOutcome outcome;
    outcome.erasure = erasureOf(work, order, *author);
    outcome.kept = std::move(found.kept);
    forgetFormerVersions(work, found.formerVersions);
    if (!wasErased(work, order.patient) &&
        std::none_of(found.own.begin(), found.own.end(), [&](const ErasedRecord& record) {
            return record.type == "Patient" && record.id == order.patient;
        }))
        found.own.push_back({"Patient", order.patient, Area::PatientIdentity});
    outcome.erasure.records = std::move(found.own);
    if (!outcome.erasure.records.empty()) {
        Eraser(work, head, outcome.erasure, author->device).run();
        outcome.notice = noticeOf(tenant, outcome.erasure, head);
        jobs::enqueueWebhooks(work, outcome.notice.types);
    }
    auditErasure(work, outcome, *author);
    if (log != nullptr && !outcome.erasure.records.empty()) {
        if (auto logged = log->append({{tenant, outcome.erasure}}); !logged)
            return tl::unexpected(std::move(logged.error()));
    }
    work.commit();
    return outcome;
}

std::set<RecordName> erasedAmong(db::Transaction& work, const std::set<RecordName>& names)
{
    std::set<RecordName> erased;
    if (names.empty())
        return erased;
    db::TextArray types;
    db::TextArray ids;
    for (const auto& [type, id] : names) {
        types.add(std::string_view(type));
        ids.add(std::string_view(id));
    }
    const auto rows = work.run("SELECT e.type, e.id FROM unnest($2::text[], $3::text[]) AS n (type, id) "
                               "JOIN erased e ON e.tenant_id = $1 AND e.type = n.type AND e.id = n.id",
                               work.tenant(), types, ids);
    for (const auto& row : rows)
        erased.emplace(row[0].c_str(), row[1].c_str());
    return erased;
}

bool isErased(db::Transaction& work, const std::string& type, const std::string& id, AreaSet areas)
{
    return !work.run("SELECT 1 FROM erased WHERE tenant_id = $1 AND type = $2 AND id = $3 "
                     "AND area = ANY ($4::text[])",
                     work.tenant(), type, id, areaArray(areas))
                .empty();
}

Problem erasedProblem(std::string_view type, std::string_view id)
{
    return {410, "erased",
            std::string(type).append("/").append(id).append(
                " was erased at the patient's demand and never comes back.")};
}

int replay(db::Transaction& work, const std::vector<LoggedErasure>& erasures)
{
    int count = 0;
    std::set<TenantId> clinics;
    for (const auto& row : work.run("SELECT tenant_id::text FROM tenant_directory"))
        clinics.insert(*TenantId::parse(row[0].c_str()));
    for (const LoggedErasure& logged : erasures) {
        if (!clinics.contains(logged.tenant))
            continue;
        work.actAs(logged.tenant);
        if (erasedAmong(work, namesOf(logged.erasure.records)).size() == logged.erasure.records.size())
            continue;
        ClinicHead head = lockClinic(work);
        Erasure missing = logged.erasure;
        const std::set<RecordName> known = erasedAmong(work, namesOf(missing.records));
        std::erase_if(missing.records, [&](const ErasedRecord& record) {
            return known.contains({record.type, record.id});
        });
        if (missing.records.empty())
            continue;
        Eraser(work, head, missing, {}).run();
        audit::append(work, {.action = "erasure-replayed",
                             .category = "health-data",
                             .resourceType = "Patient",
                             .resourceId = missing.patient,
                             .patient = missing.patient,
                             .detail = "records=" + std::to_string(missing.records.size())});
        count += static_cast<int>(missing.records.size());
    }
    work.actAs(TenantId());
    return count;
}

std::vector<LoggedErasure> erasuresBesides(db::Connection& connection, const std::set<std::string>& known)
{
    std::vector<LoggedErasure> erasures;
    db::Transaction work(connection, TenantId(), db::Isolation::RepeatableRead, true);
    const auto clinics = work.run("SELECT tenant_id::text FROM tenant_directory ORDER BY tenant_id");
    for (const auto& clinic : clinics) {
        work.actAs(*TenantId::parse(clinic[0].c_str()));
        const auto rows =
            work.run("SELECT erasure_id::text, patient, legal_ground, reason, account, " YARROW_INSTANT(
                         "erased_at") " FROM erasure WHERE tenant_id = $1 "
                                      "ORDER BY erased_at, erasure_id",
                     work.tenant());
        for (const auto& row : rows) {
            if (known.contains(row[0].c_str()))
                continue;
            Erasure erasure{row[0].c_str(),
                            row[1].c_str(),
                            row[2].c_str(),
                            row[3].c_str(),
                            row[4].c_str(),
                            row[5].c_str(),
                            {}};
            const auto records = work.run("SELECT type, id, area FROM erased WHERE tenant_id = $1 "
                                          "AND erasure_id = $2 ORDER BY type, id",
                                          work.tenant(), erasure.id);
            for (const auto& record : records)
                erasure.records.push_back({record[0].c_str(), record[1].c_str(),
                                           areaFromCode(record[2].c_str()).value_or(Area::ClinicalRecord)});
            erasures.push_back({work.tenant(), std::move(erasure)});
        }
    }
    return erasures;
}

} // namespace yarrow::server::records
