// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/record_store.h"

#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/fhir/resource_types.h"
#include "models/store/records/record_erasure.h"
#include "models/store/sync/outbox.h"

#include <algorithm>
#include <utility>

namespace yarrow {

RecordStore::RecordStore(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                         const Actor& actor)
    : m_connection(connection)
    , m_clock(clock)
    , m_clinic(clinic)
    , m_actor(actor)
    , m_patientKeys(connection)
{}

std::optional<StoredRecord> RecordStore::find(std::string_view type, std::string_view id)
{
    Query query(m_connection,
                "SELECT r.pk, r.body, r.revision, r.deleted, k.patient, r.erased FROM resource r "
                "LEFT JOIN patient_key k ON k.pk = r.patient WHERE r.type = ? AND r.id = ?");
    query.bind(type, id);
    if (!query.step())
        return std::nullopt;
    StoredRecord record;
    record.pk = query.integer(0);
    record.type = std::string(type);
    record.id = std::string(id);
    record.body = query.string(1);
    record.revision = query.integer(2);
    record.deleted = query.integer(3) != 0;
    record.patient = query.string(4);
    record.erased = query.integer(5) != 0;
    return record;
}

namespace {

/// The first edit on what a server has keeps the server's document: without it there is no merge.
#define YARROW_KEEP_BASE                                                                                     \
    "base = CASE WHEN base IS NULL AND version IS NOT NULL AND deleted = 0 "                                 \
    "AND NOT EXISTS (SELECT 1 FROM edit WHERE edit.resource = resource.pk) THEN body ELSE base END"

Result<void> checkNames(const Json& document)
{
    const std::string_view type = document["resourceType"].string();
    if (!fhir::isResourceType(type))
        return fail(ErrorCode::InvalidResource, "resourceType: not a FHIR R4 resource type");
    if (!isFhirId(document["id"].string()))
        return fail(ErrorCode::InvalidResource, std::string(type) + ".id: 1 to 64 of A-Z a-z 0-9 - .");
    return {};
}

PreparedRecord prepared(const Json& document, Projection projection)
{
    return PreparedRecord{std::string(document["resourceType"].string()),
                          std::string(document["id"].string()),
                          std::string(fhir::patientOf(document)),
                          document.dump(),
                          fhir::areaOf(document),
                          std::move(projection)};
}

} // namespace

Result<PreparedRecord> PreparedRecord::of(const Json& document)
{
    if (auto named = checkNames(document); !named)
        return fail(named.error());
    auto projection = Projection::of(document);
    if (!projection)
        return fail(projection.error());
    return prepared(document, std::move(*projection));
}

Result<PreparedRecord> PreparedRecord::ofServer(const Json& document)
{
    if (auto named = checkNames(document); !named)
        return fail(named.error());
    return prepared(document, Projection::of(document).value_or(Projection()));
}

bool RecordStore::isErased(const PreparedRecord& record, const std::optional<StoredRecord>& existing)
{
    if (existing && existing->erased)
        return true;
    if (!m_hasErasures) {
        Query any(m_connection, "SELECT 1 FROM resource WHERE erased = 1 LIMIT 1");
        m_hasErasures = any.step();
    }
    return *m_hasErasures && !record.patient.empty() && record.area != Area::Payments &&
           yarrow::isErased(m_connection, "Patient", record.patient) && !existing;
}

Result<RecordStore::Written> RecordStore::put(const Json& document, const std::string& reason,
                                              std::optional<std::int64_t> expectedRevision)
{
    const auto record = PreparedRecord::of(document);
    return record ? put(*record, reason, expectedRevision) : fail(record.error());
}

Result<RecordStore::Written> RecordStore::put(const PreparedRecord& record, const std::string& reason,
                                              std::optional<std::int64_t> expectedRevision)
{
    const auto& [type, id, patient, body, area, projection] = record;
    const std::optional<StoredRecord> existing = find(type, id);
    if (isErased(record, existing))
        return fail(ErrorCode::Erased, type + "/" + id);
    if (expectedRevision && (existing ? existing->revision : 0) != *expectedRevision)
        return fail(ErrorCode::Stale, type + "/" + id);
    if (existing && !existing->deleted && existing->body == body)
        return Written{Change::Unchanged, existing->revision};

    std::optional<crypto::Digest> before; // under the key of the patient it belonged to
    if (existing && !existing->deleted)
        before = digestOf(existing->body,
                          existing->patient.empty() ? nullptr : &m_patientKeys.of(existing->patient));
    const PatientKeys::Key* key = patient.empty() ? nullptr : &m_patientKeys.of(patient);
    std::optional<std::int64_t> patientRow;
    if (key)
        patientRow = key->pk;
    const Instant now = m_clock.now();
    const std::int64_t changedAt = now.time_since_epoch().count();
    Written written;
    std::int64_t pk = 0;
    if (existing) {
        pk = existing->pk;
        written = {existing->deleted ? Change::Created : Change::Updated, existing->revision + 1};
        Query update(m_connection,
                     "UPDATE resource SET " YARROW_KEEP_BASE ", body = ?, deleted = 0, revision = ?, "
                     "changed_at = ?, patient = ?, author = ? WHERE pk = ?");
        update.bind(Borrowed{body}, written.revision, changedAt, patientRow, m_actor.account.text(), pk)
            .run();
    } else {
        written = {Change::Created, 1};
        Query insert(
            m_connection,
            "INSERT INTO resource (type, id, body, changed_at, patient, author) VALUES (?, ?, ?, ?, ?, ?)");
        insert.bind(type, id, Borrowed{body}, changedAt, patientRow, m_actor.account.text()).run();
        pk = m_connection.db().getLastInsertRowid();
    }
    projection.store(m_connection, pk, existing.has_value(), now);
    writeEdit(pk, &body, reason);

    AuditEvent event{written.change == Change::Created ? AuditAction::Create : AuditAction::Update,
                     auditCategoryOf(type), type, id, patient};
    event.before = before;
    event.after = digestOf(body, key);
    event.reason = reason;
    appendAudit(event, pk);
    return written;
}

Result<void> RecordStore::remove(std::string_view type, std::string_view id, const std::string& reason)
{
    const std::optional<StoredRecord> existing = find(type, id);
    if (!existing || existing->deleted)
        return fail(ErrorCode::NotFound, std::string(type) + "/" + std::string(id));
    Query update(m_connection, "UPDATE resource SET " YARROW_KEEP_BASE
                               ", body = NULL, deleted = 1, revision = revision + 1, "
                               "changed_at = ?, author = ? WHERE pk = ?");
    update.bind(std::int64_t{m_clock.now().time_since_epoch().count()}, m_actor.account.text(), existing->pk)
        .run();
    Projection::erase(m_connection, type, existing->pk);
    writeEdit(existing->pk, nullptr, reason);

    const PatientKeys::Key* key = existing->patient.empty() ? nullptr : &m_patientKeys.of(existing->patient);
    AuditEvent event{AuditAction::Delete, auditCategoryOf(type), existing->type, existing->id,
                     existing->patient};
    event.before = digestOf(existing->body, key);
    event.reason = reason;
    appendAudit(event, existing->pk);
    return {};
}

/// What the last edit left, or without edits what the server has; nothing: deleted, or never there.
std::optional<std::string> RecordStore::remainingDocument(std::int64_t resource)
{
    Query left(m_connection,
               "SELECT document FROM edit WHERE resource = ?1 AND seq = (SELECT max(seq) FROM edit WHERE "
               "resource = ?1) UNION ALL SELECT base FROM resource WHERE pk = ?1 "
               "AND NOT EXISTS (SELECT 1 FROM edit WHERE resource = ?1)");
    left.bind(resource);
    if (!left.step() || left.isNull(0))
        return std::nullopt;
    return left.string(0);
}

void RecordStore::takeBack(const StoredRecord& record, std::int64_t fromSeq, AuditAction action,
                           const std::string& reason)
{
    AuditEvent event{action, auditCategoryOf(record.type), record.type, record.id, record.patient};
    event.reason = reason;
    if (!record.deleted)
        event.before =
            digestOf(record.body, record.patient.empty() ? nullptr : &m_patientKeys.of(record.patient));
    Query(m_connection, "DELETE FROM edit WHERE resource = ? AND seq >= ?").bind(record.pk, fromSeq).run();

    const Instant now = m_clock.now();
    const std::int64_t changedAt = now.time_since_epoch().count();
    Projection::erase(m_connection, record.type, record.pk);
    if (const auto document = remainingDocument(record.pk)) {
        const auto json = Json::parse(*document);
        auto prepared = json ? PreparedRecord::ofServer(*json) : fail(json.error());
        YARROW_ASSERT(prepared.has_value()); // it was stored before
        const PatientKeys::Key* key =
            prepared->patient.empty() ? nullptr : &m_patientKeys.of(prepared->patient);
        std::optional<std::int64_t> patientRow;
        if (key)
            patientRow = key->pk;
        Query(m_connection, "UPDATE resource SET body = ?, deleted = 0, revision = revision + 1, "
                            "changed_at = ?, patient = ? WHERE pk = ?")
            .bind(Borrowed{prepared->body}, changedAt, patientRow, record.pk)
            .run();
        prepared->projection.store(m_connection, record.pk, false, now);
        event.after = digestOf(prepared->body, key);
    } else {
        Query(m_connection, "UPDATE resource SET body = NULL, deleted = 1, revision = revision + 1, "
                            "changed_at = ? WHERE pk = ?")
            .bind(changedAt, record.pk)
            .run();
    }
    Query(m_connection,
          "UPDATE resource SET author = (SELECT author FROM edit WHERE resource = ?1 ORDER BY seq DESC "
          "LIMIT 1), base = CASE WHEN EXISTS (SELECT 1 FROM edit WHERE resource = ?1) THEN base END "
          "WHERE pk = ?1")
        .bind(record.pk)
        .run();
    Query(m_connection, "DELETE FROM quarantine WHERE resource = ?1 "
                        "AND NOT EXISTS (SELECT 1 FROM edit WHERE resource = ?1)")
        .bind(record.pk)
        .run();
    appendAudit(event, record.pk);
}

void RecordStore::audit(const AuditEvent& event)
{
    appendAudit(event, std::nullopt);
}

void RecordStore::auditView(const StoredRecord& record, const std::string& detail)
{
    AuditEvent event{AuditAction::View, auditCategoryOf(record.type), record.type, record.id, record.patient};
    event.detail = detail;
    appendAudit(event, record.pk);
}

void RecordStore::appendAudit(const AuditEvent& event, std::optional<std::int64_t> resource)
{
    std::optional<std::int64_t> patient;
    if (!event.patient.empty())
        patient = m_patientKeys.of(event.patient).pk;
    AuditLog::append(m_connection, m_clock, m_actor, event, {patient, resource});
}

std::string RecordStore::digestOf(std::string_view document, const std::string& patient)
{
    return crypto::toHex(digestOf(document, patient.empty() ? nullptr : &m_patientKeys.of(patient)));
}

crypto::Digest RecordStore::digestOf(std::string_view body, const PatientKeys::Key* key) const
{
    return crypto::hmacSha256(key ? key->key : m_clinic.digestKey, crypto::bytesOf(body));
}

void RecordStore::writeEdit(std::int64_t resource, const std::string* document, const std::string& reason)
{
    // What a server refused is not what the record says any more: it may be sent again, with its unit.
    outbox::release(m_connection, resource);
    Query insert(m_connection, "INSERT INTO edit (resource, author, device, at, unit, reason, document) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.bind(resource, m_actor.account.text(), m_actor.device, formatInstant(m_clock.now()));
    for (const std::string* text : {&std::as_const(m_unit), &reason}) {
        if (text->empty())
            insert.bind(nullptr);
        else
            insert.bind(*text);
    }
    if (document)
        insert.bind(Borrowed{*document});
    else
        insert.bind(nullptr);
    insert.run();
}

AuditCategory auditCategoryOf(std::string_view resourceType) noexcept
{
    switch (areaOf(resourceType)) {
    case Area::Payments:
        return AuditCategory::Payments;
    case Area::Administration:
        return AuditCategory::Administration;
    default:
        return AuditCategory::HealthData;
    }
}

} // namespace yarrow
