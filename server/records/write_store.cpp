// SPDX-License-Identifier: GPL-3.0-or-later
//
// What WriteBatch stores once every check has passed. One statement per table, however many entries there
// are.
#include "server/records/instant.h"
#include "server/records/write_batch.h"

#include <algorithm>

namespace yarrow::server::records {
namespace {

const char* changeName(const fhir::WriteEntry& entry, bool isNew)
{
    if (entry.method == fhir::WriteEntry::Method::Delete)
        return "delete";
    return isNew ? "create" : "update";
}

} // namespace

bool WriteBatch::store()
{
    const std::vector<std::size_t> indexes = open();
    if (!indexes.empty()) {
        number();
        storeVersions();
        storeRecords();
        storeSearchValues();
        storeMedicalRecordNumbers();
        storeBookings();
        storeSummaries();
        m_work.run("UPDATE clinic SET seq = $2, last_updated = $3::timestamptz WHERE tenant_id = $1",
                   m_work.tenant(), m_lastSeq, instantOf(m_lastUpdated));
        m_outcome.notice.seq = m_lastSeq;
    }
    storeOperations();
    for (const std::size_t i : indexes)
        m_items[i].settled = true;
    return !indexes.empty() || !m_operations.empty();
}

/// Gives every entry its sequence number, its instant and its final text. The instants are the database's own
/// time, and always later than the version before: clocks may be set back.
void WriteBatch::number()
{
    const auto now = m_work.run("SELECT " YARROW_MICROS("clock_timestamp()"))[0][0].as<std::int64_t>();
    m_lastSeq = m_head.seq;
    const std::vector<std::size_t> indexes = open();
    m_lastUpdated = std::max(now - static_cast<std::int64_t>(indexes.size()), m_head.lastUpdated);
    for (const std::size_t i : indexes) {
        Item& item = m_items[i];
        WriteResult& result = m_outcome.results[i];
        result.id = item.entry.id;
        result.versionId = versionIdOf(m_head.epoch, ++m_lastSeq);
        noteOperation(i, m_lastSeq);
        result.lastUpdated = instantOf(++m_lastUpdated);
        result.status = item.isDeletion() ? 204 : item.isLive() ? 200 : 201;
        if (item.entry.document) {
            const fhir::Document& document = *item.entry.document;
            const std::string_view text = document.text;
            result.body =
                document.id == item.entry.id
                    ? fhir::withMeta(text, result.versionId, result.lastUpdated)
                    : fhir::withMeta(fhir::withId(text, item.entry.id), result.versionId, result.lastUpdated);
            m_outcome.notice.areas.insert(document.area);
        }
        if (item.present)
            m_outcome.notice.areas.insert(item.present->area);
        m_outcome.notice.types.insert(item.entry.type);
    }
}

void WriteBatch::storeVersions()
{
    db::TextArray types;
    db::TextArray ids;
    db::TextArray methods;
    db::TextArray times;
    db::TextArray areas;
    db::TextArray previousAreas;
    db::TextArray previousSeqs;
    db::TextArray bodies;
    db::TextArray authors;
    std::size_t bytes = 0;
    const std::vector<std::size_t> indexes = open();
    for (const std::size_t i : indexes)
        bytes += m_outcome.results[i].body.size();
    constexpr std::size_t kEscapes = 5; // about every fifth character of a document is a quote
    bodies.reserve(bytes + bytes / kEscapes);
    for (const std::size_t i : indexes) {
        const Item& item = m_items[i];
        const WriteResult& result = m_outcome.results[i];
        types.add(std::string_view(item.entry.type));
        ids.add(std::string_view(item.entry.id));
        methods.add(std::string_view(changeName(item.entry, !item.isLive())));
        times.add(std::string_view(result.lastUpdated));
        areas.add(areaCode(item.entry.document ? item.entry.document->area : item.present->area));
        if (item.present) {
            previousAreas.add(areaCode(item.present->area));
            previousSeqs.add(std::string_view(std::to_string(item.present->seq)));
        } else {
            previousAreas.addNull();
            previousSeqs.addNull();
        }
        if (item.isDeletion())
            bodies.addNull();
        else
            bodies.add(std::string_view(result.body));
        authors.add(std::string_view(authorOf(item)));
    }
    std::optional<std::string> device;
    if (!m_caller.device.empty())
        device = m_caller.device;
    m_work.run(
        "INSERT INTO version (tenant_id, seq, type, id, method, epoch, last_updated, area, previous_area, "
        "previous_seq, body, author, device) "
        "SELECT $1, $2 + n.place, n.type, n.id, n.method, $3, n.at, n.area, n.previous_area, n.previous_seq, "
        "n.body, "
        "n.author, $4 "
        "FROM unnest($5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::text[], "
        "$11::bigint[], "
        "$12::text[], $13::text[]) WITH ORDINALITY "
        "AS n (type, id, method, at, area, previous_area, previous_seq, body, author, place) ORDER BY "
        "n.place",
        m_work.tenant(), m_head.seq, m_head.epoch, device, types, ids, methods, times, areas, previousAreas,
        previousSeqs, bodies, authors);
}

void WriteBatch::storeRecords()
{
    db::TextArray types;
    db::TextArray ids;
    db::NumberArray deleted;
    db::TextArray areas;
    db::TextArray patients;
    db::TextArray statuses;
    db::TextArray from;
    db::TextArray to;
    db::TextArray names;
    static const fhir::IndexValues kNothing;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        const fhir::IndexValues& index = item.entry.document ? item.entry.document->index : kNothing;
        types.add(std::string_view(item.entry.type));
        ids.add(std::string_view(item.entry.id));
        deleted.add(item.isDeletion() ? 1 : 0);
        areas.add(areaCode(item.entry.document ? item.entry.document->area : item.present->area));
        patients.add(index.patient);
        statuses.add(index.status);
        from.add(index.dateFrom);
        to.add(index.dateTo);
        names.add(index.sortName);
    }
    m_work.run(
        "INSERT INTO resource AS r (tenant_id, type, id, seq, deleted, area, patient, status, date_from, "
        "date_to, sort_name) "
        "SELECT $1, n.type, n.id, $2 + n.place, n.deleted = 1, n.area, n.patient, n.status, "
        "coalesce(n.date_from, 'infinity'), coalesce(n.date_to, 'infinity'), "
        "coalesce(n.sort_name, chr(1114111)) "
        "FROM unnest($3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::text[], "
        "$9::timestamptz[], $10::timestamptz[], $11::text[]) WITH ORDINALITY "
        "AS n (type, id, deleted, area, patient, status, date_from, date_to, sort_name, place) "
        "ON CONFLICT (tenant_id, type, id) DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted, "
        "area = excluded.area, patient = excluded.patient, status = excluded.status, "
        "date_from = excluded.date_from, date_to = excluded.date_to, sort_name = excluded.sort_name",
        m_work.tenant(), m_head.seq, types, ids, deleted, areas, patients, statuses, from, to, names);
}

void WriteBatch::storeSearchValues()
{
    db::TextArray oldTypes;
    db::TextArray oldIds;
    db::TextArray types;
    db::TextArray ids;
    db::TextArray params;
    db::TextArray values;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        if (item.isLive()) {
            oldTypes.add(std::string_view(item.entry.type));
            oldIds.add(std::string_view(item.entry.id));
        }
        if (!item.entry.document)
            continue;
        for (const auto& [param, value] : item.entry.document->index.values) {
            types.add(std::string_view(item.entry.type));
            ids.add(std::string_view(item.entry.id));
            params.add(std::string_view(param));
            values.add(std::string_view(value));
        }
    }
    if (!oldIds.empty())
        m_work.run("DELETE FROM search_value s USING unnest($2::text[], $3::text[]) AS n (type, id) "
                   "WHERE s.tenant_id = $1 AND s.type = n.type AND s.id = n.id",
                   m_work.tenant(), oldTypes, oldIds);
    if (!ids.empty())
        m_work.run(
            "INSERT INTO search_value (tenant_id, type, param, value, id) SELECT $1, n.type, n.param, "
            "n.value, n.id "
            "FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS n (type, param, value, id)",
            m_work.tenant(), types, params, values, ids);
}

void WriteBatch::storeMedicalRecordNumbers()
{
    db::TextArray old;
    db::TextArray patients;
    db::TextArray systems;
    db::TextArray values;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        if (item.entry.type != "Patient")
            continue;
        if (item.isLive())
            old.add(std::string_view(item.entry.id));
        if (!item.entry.document)
            continue;
        for (const auto& [system, value] : item.entry.document->index.mrns) {
            patients.add(std::string_view(item.entry.id));
            systems.add(std::string_view(system));
            values.add(std::string_view(value));
        }
    }
    if (!old.empty())
        m_work.run("DELETE FROM mrn WHERE tenant_id = $1 AND patient = ANY ($2::text[])", m_work.tenant(),
                   old);
    if (!patients.empty())
        m_work.run(
            "INSERT INTO mrn (tenant_id, system, value, patient) SELECT $1, n.system, n.value, n.patient "
            "FROM unnest($2::text[], $3::text[], $4::text[]) AS n (system, value, patient)",
            m_work.tenant(), systems, values, patients);
}

void WriteBatch::storeBookings()
{
    db::TextArray old;
    db::TextArray appointments;
    db::TextArray actors;
    db::TextArray starts;
    db::TextArray ends;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        if (item.entry.type != "Appointment")
            continue;
        if (item.isLive())
            old.add(std::string_view(item.entry.id));
        if (!item.entry.document || !item.entry.document->index.slot)
            continue;
        const fhir::HeldSlot& slot = *item.entry.document->index.slot;
        for (const std::string& actor : slot.actors) {
            appointments.add(std::string_view(item.entry.id));
            actors.add(std::string_view(actor));
            starts.add(std::string_view(slot.starts));
            ends.add(std::string_view(slot.ends));
        }
    }
    if (!old.empty())
        m_work.run("DELETE FROM booking WHERE tenant_id = $1 AND appointment = ANY ($2::text[])",
                   m_work.tenant(), old);
    if (!actors.empty())
        m_work.run("INSERT INTO booking (tenant_id, actor, appointment, starts, ends) "
                   "SELECT $1, n.actor, n.appointment, n.starts, n.ends "
                   "FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) "
                   "AS n (actor, appointment, starts, ends)",
                   m_work.tenant(), actors, appointments, starts, ends);
}

void WriteBatch::storeOperations()
{
    db::TextArray operations;
    db::TextArray methods;
    db::NumberArray seqs;
    db::NumberArray statuses;
    for (const auto& [index, seq] : m_operations) {
        const fhir::WriteEntry& entry = m_items[index].entry;
        operations.add(std::string_view(entry.operation));
        methods.add(fhir::methodName(entry.method));
        seqs.add(seq);
        statuses.add(m_outcome.results[index].status);
    }
    if (!operations.empty())
        m_work.run("INSERT INTO operation (tenant_id, operation, method, seq, status) "
                   "SELECT $1, n.operation, n.method, n.seq, n.status "
                   "FROM unnest($2::text[], $3::text[], $4::bigint[], $5::smallint[]) "
                   "AS n (operation, method, seq, status)",
                   m_work.tenant(), operations, methods, seqs, statuses);
}

void WriteBatch::storeSummaries()
{
    AreaSummaries changes;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        const WriteResult& result = m_outcome.results[i];
        if (item.isLive())
            changes[item.present->area].remove(item.entry.type, item.entry.id, item.present->versionId());
        if (item.entry.document)
            changes[item.entry.document->area].add(item.entry.type, item.entry.id, result.versionId);
    }
    addToSummaries(m_work, changes);
}

} // namespace yarrow::server::records
