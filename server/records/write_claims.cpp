// SPDX-License-Identifier: GPL-3.0-or-later
//
// What only one may have: numbers of medical records, and times of people and rooms. Steps of WriteBatch.
#include "server/fhir/time_range.h"
#include "server/records/instant.h"
#include "server/records/write_batch.h"

#include <utility>

namespace yarrow::server::records {

void WriteBatch::refuseContended(const Claims& claims, const char* code, const char* detail)
{
    std::vector<std::string> records;
    records.reserve(m_items.size());
    for (const Item& item : m_items)
        records.push_back(item.entry.type + "/" + item.entry.id);
    for (auto& [index, other] : settle(claims, records))
        refuseItem(index, {409, code, std::string(detail) + " " + other + ".", {}, other});
}

void WriteBatch::checkMedicalRecordNumbers()
{
    Claims claims;
    db::NumberArray entries;
    db::TextArray systems;
    db::TextArray values;
    db::NumberArray touched;
    db::TextArray touchedPatients;
    const auto numberOf = [](std::string_view system, std::string_view value) {
        return std::string(system).append(1, '\n').append(value);
    };
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        if (item.entry.type != "Patient")
            continue;
        touched.add(static_cast<std::int64_t>(i));
        touchedPatients.add(std::string_view(item.entry.id));
        if (!item.entry.document)
            continue;
        for (const auto& [system, value] : item.entry.document->index.mrns) {
            entries.add(static_cast<std::int64_t>(i));
            systems.add(std::string_view(system));
            values.add(std::string_view(value));
            claims.wanted.push_back({.entry = i, .what = numberOf(system, value)});
        }
    }
    if (claims.wanted.empty())
        return;
    const auto held = m_work.run("SELECT t.entry, m.system, m.value "
                                 "FROM unnest($2::bigint[], $3::text[]) AS t (entry, patient) "
                                 "JOIN mrn m ON m.tenant_id = $1 AND m.patient = t.patient",
                                 m_work.tenant(), touched, touchedPatients);
    for (const auto& row : held)
        claims.held.push_back(
            {.entry = row[0].as<std::size_t>(), .what = numberOf(row[1].c_str(), row[2].c_str())});
    const auto standing =
        m_work.run("SELECT w.entry, min(m.patient) "
                   "FROM unnest($2::bigint[], $3::text[], $4::text[]) AS w (entry, system, value) "
                   "JOIN mrn m ON m.tenant_id = $1 AND m.system = w.system AND m.value = w.value "
                   "WHERE m.patient NOT IN (SELECT unnest($5::text[])) GROUP BY w.entry",
                   m_work.tenant(), entries, systems, values, touchedPatients);
    for (const auto& row : standing)
        claims.standing.emplace(row[0].as<std::size_t>(), std::string("Patient/") + row[1].c_str());
    refuseContended(claims, "mrn-taken", "The medical record number belongs to");
}

void WriteBatch::checkBookings()
{
    Claims claims;
    db::NumberArray entries;
    db::TextArray actors;
    db::TextArray starts;
    db::TextArray ends;
    db::NumberArray touched;
    db::TextArray touchedAppointments;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        if (item.entry.type != "Appointment")
            continue;
        touched.add(static_cast<std::int64_t>(i));
        touchedAppointments.add(std::string_view(item.entry.id));
        if (!item.entry.document || !item.entry.document->index.slot)
            continue;
        const fhir::HeldSlot& slot = *item.entry.document->index.slot;
        const std::int64_t from = fhir::parseTime(slot.starts).value().from;
        const std::int64_t to = fhir::parseTime(slot.ends).value().from;
        for (const std::string& actor : slot.actors) {
            entries.add(static_cast<std::int64_t>(i));
            actors.add(std::string_view(actor));
            starts.add(std::string_view(slot.starts));
            ends.add(std::string_view(slot.ends));
            claims.wanted.push_back({i, actor, from, to});
        }
    }
    if (claims.wanted.empty())
        return;
    const auto held =
        m_work.run("SELECT t.entry, b.actor, " YARROW_MICROS("b.starts") ", " YARROW_MICROS(
                       "b.ends") " FROM unnest($2::bigint[], $3::text[]) AS t (entry, appointment) "
                                 "JOIN booking b ON b.tenant_id = $1 AND b.appointment = t.appointment",
                   m_work.tenant(), touched, touchedAppointments);
    for (const auto& row : held)
        claims.held.push_back(
            {row[0].as<std::size_t>(), row[1].c_str(), row[2].as<std::int64_t>(), row[3].as<std::int64_t>()});
    // One booking in the way is enough. Under row-level security an index condition compares with what is
    // there already, so `earliest` is worked out before.
    const auto standing = m_work.run(
        "WITH wanted AS MATERIALIZED (SELECT w.entry, w.actor, w.starts, w.ends, "
        "  w.starts - interval '1 day' AS earliest "
        "  FROM unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[]) "
        "  AS w (entry, actor, starts, ends)) "
        "SELECT w.entry, min(h.appointment) FROM wanted w CROSS JOIN LATERAL ("
        "  (SELECT b.appointment FROM booking b WHERE b.tenant_id = $1 AND b.actor = w.actor "
        "    AND b.starts >= w.earliest AND b.starts < w.ends AND b.ends > w.starts "
        "    AND b.appointment NOT IN (SELECT unnest($6::text[])) LIMIT 1) "
        "  UNION ALL "
        "  (SELECT b.appointment FROM booking b WHERE b.tenant_id = $1 AND b.actor = w.actor AND b.is_long "
        "    AND b.starts < w.ends AND b.ends > w.starts "
        "    AND b.appointment NOT IN (SELECT unnest($6::text[])) LIMIT 1)) h GROUP BY w.entry",
        m_work.tenant(), entries, actors, starts, ends, touchedAppointments);
    for (const auto& row : standing)
        claims.standing.emplace(row[0].as<std::size_t>(), std::string("Appointment/") + row[1].c_str());
    refuseContended(claims, "slot-taken", "The slot is held by");
}

} // namespace yarrow::server::records
