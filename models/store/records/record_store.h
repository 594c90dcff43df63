// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/crypto.h"
#include "core/json.h"
#include "models/store/audit/audit_log.h"
#include "models/store/db/connection.h"
#include "models/store/records/patient_keys.h"
#include "models/store/records/projections.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// What the clinic's database says of itself.
struct ClinicIdentity
{
    std::string databaseId;
    std::string name;
    std::string zone; ///< IANA
    std::string device;
    std::string incarnation;
    crypto::Digest digestKey{};
};

/// A resource as it is stored.
struct StoredRecord
{
    std::int64_t pk = 0;
    std::string type;
    std::string id;
    std::string body; ///< compact JSON; empty when deleted
    std::int64_t revision = 0;
    bool deleted = false;
    bool erased = false; ///< and deleted, for good
    std::string patient; ///< FHIR id of the patient it belongs to, empty when none
};

/// A document made ready for writing: checked, serialised, its projection read. Pure work that needs no
/// database, so that an import can do it on another thread.
struct PreparedRecord
{
    std::string type;
    std::string id;
    std::string patient; ///< FHIR id of the patient it belongs to, empty when none
    std::string body;
    Area area = Area::ClinicalRecord;
    Projection projection;

    /// InvalidResource when the document cannot be kept: no known type, no id, or an element that a
    /// projection needs is wrong.
    [[nodiscard]] static Result<PreparedRecord> of(const Json& document);
    /// The same for a document that a server keeps already: one whose elements a projection cannot read has
    /// none.
    [[nodiscard]] static Result<PreparedRecord> ofServer(const Json& document);
};

/// The one place that changes records. Every change writes body, projections, the edit that waits to be sent
/// and the audit entry together; no other code holds SQL that writes these tables (the `layers` test looks).
/// Lives for one transaction of its caller, on the caller's thread; throws SQLite::Exception like the rest of
/// the store inside.
class RecordStore
{
public:
    RecordStore(Connection& connection, const Clock& clock, const ClinicIdentity& clinic, const Actor& actor);

    /// The record, deleted or not; nothing when the id was never used.
    [[nodiscard]] std::optional<StoredRecord> find(std::string_view type, std::string_view id);

    enum class Change { Created, Updated, Unchanged };
    struct Written
    {
        Change change = Change::Unchanged;
        std::int64_t revision = 0;
    };
    /// Writes a document under its own `resourceType` and `id`. The same document again is Unchanged and
    /// leaves no trace. A deleted record comes back; one that was erased never does, nor does anything new
    /// about a patient who was, payments excepted (Erased). `expectedRevision`: Stale when the stored one is
    /// another (0: none).
    [[nodiscard]] Result<Written> put(const PreparedRecord& record, const std::string& reason,
                                      std::optional<std::int64_t> expectedRevision = {});
    /// The same with PreparedRecord::of() before it.
    [[nodiscard]] Result<Written> put(const Json& document, const std::string& reason,
                                      std::optional<std::int64_t> expectedRevision = {});
    /// Leaves a tombstone. NotFound when there is nothing to delete.
    [[nodiscard]] Result<void> remove(std::string_view type, std::string_view id, const std::string& reason);

    /// Takes back the record's edits from `fromSeq` (edit.seq) on, of which no server may know yet: it is
    /// again as the edit before them left it, or, when there is none, as the server has it; a tombstone when
    /// no server has it. Audited as `action`, with what is gone as the digest before.
    void takeBack(const StoredRecord& record, std::int64_t fromSeq, AuditAction action,
                  const std::string& reason);

    /// An audit entry that comes with no change: a view, a search, a sign-in.
    void audit(const AuditEvent& event);
    /// "Somebody saw this record."
    void auditView(const StoredRecord& record, const std::string& detail = {});

    /// What the audit has as the digest of that document, hexadecimal; `patient` is whom it belongs to.
    [[nodiscard]] std::string digestOf(std::string_view document, const std::string& patient);

    /// Edits from now on belong to that unit: they are sent in one transaction, or dropped together.
    void beginUnit(std::string unit) { m_unit = std::move(unit); }

private:
    crypto::Digest digestOf(std::string_view body, const PatientKeys::Key* key) const;
    void appendAudit(const AuditEvent& event, std::optional<std::int64_t> resource);
    void writeEdit(std::int64_t resource, const std::string* document, const std::string& reason);
    bool isErased(const PreparedRecord& record, const std::optional<StoredRecord>& existing);
    std::optional<std::string> remainingDocument(std::int64_t resource);

    Connection& m_connection;
    const Clock& m_clock;
    const ClinicIdentity& m_clinic;
    const Actor& m_actor;
    PatientKeys m_patientKeys;
    std::string m_unit;
    std::optional<bool> m_hasErasures; ///< whether anything was ever erased here; nothing: not asked yet
};

/// The retention category of what happens to a resource of that type.
[[nodiscard]] AuditCategory auditCategoryOf(std::string_view resourceType) noexcept;

} // namespace yarrow
