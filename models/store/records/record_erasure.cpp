// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/record_erasure.h"

#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/store/records/projections.h"
#include "models/store/search/opened_patients.h"

#include <utility>

namespace yarrow {
namespace {

struct Named
{
    std::string type;
    std::string id;
};

/// Bodies in the store are JSON.
bool mayStay(std::string_view body, const std::string& patient)
{
    const auto document = Json::parse(body);
    return document && (fhir::areaOf(*document) == Area::Payments || !isAboutAlone(*document, {patient}));
}

/// Everything but the row in `resource`.
constexpr const char* kOfResource[] = {
    "DELETE FROM settlement WHERE task = (SELECT id FROM resource WHERE pk = ? AND type = 'Task')",
    "DELETE FROM push WHERE resource = ?",
    "DELETE FROM quarantine WHERE resource = ?",
    "DELETE FROM write_failure WHERE resource = ?",
    "DELETE FROM edit WHERE resource = ?",
};

} // namespace

RecordErasure::RecordErasure(Connection& connection, const Clock& clock)
    : m_connection(connection)
    , m_clock(clock)
{}

std::vector<RecordErasure::Erased> RecordErasure::erase(std::string_view type, std::string_view id,
                                                        std::string_view version,
                                                        std::string_view lastUpdated)
{
    std::vector<Erased> done;
    std::vector<Named> with;
    {
        Query conflicts(m_connection, "SELECT id FROM conflict_index WHERE focus_type = ? AND focus_id = ?");
        conflicts.bind(type, id);
        while (conflicts.step())
            with.push_back({"Task", conflicts.string(0)});
    }
    if (type == "Patient") {
        // They hold what both records said.
        Query pairs(m_connection, "SELECT r.id FROM duplicate_index d JOIN resource r ON r.pk = d.pk "
                                  "WHERE d.first = ?1 OR d.second = ?1");
        pairs.bind(id);
        while (pairs.step())
            with.push_back({"Task", pairs.string(0)});
        Query unsent(m_connection,
                     "SELECT r.type, r.id, r.body FROM resource r JOIN patient_key k ON k.pk = r.patient "
                     "WHERE k.patient = ?1 AND r.version IS NULL AND r.erased = 0 "
                     "AND NOT (r.type = 'Patient' AND r.id = ?1)");
        unsent.bind(id);
        while (unsent.step()) {
            if (!mayStay(unsent.text(2), std::string(id)))
                with.push_back({unsent.string(0), unsent.string(1)});
        }
        // What the patient is to others belongs to the others.
        Query relations(m_connection, "SELECT i.id FROM resource p JOIN related_link l ON l.pk = p.pk "
                                      "JOIN related_index i ON i.id = l.related "
                                      "JOIN resource r ON r.pk = i.pk WHERE p.type = 'Patient' AND p.id = ? "
                                      "AND r.version IS NULL AND r.erased = 0 ORDER BY i.id");
        relations.bind(id);
        while (relations.step())
            with.push_back({"RelatedPerson", relations.string(0)});
    }
    eraseOne(type, id, version, lastUpdated, done);
    for (const Named& one : with)
        eraseOne(one.type, one.id, {}, {}, done);
    if (type == "Patient") {
        // The row stays: the chain of the audit covers the id in it.
        Query(m_connection, "UPDATE patient_key SET hmac_key = randomblob(32) WHERE patient = ?")
            .bind(id)
            .run();
        m_isIndexToBeCleaned = true;
    }
    return done;
}

void RecordErasure::eraseOne(std::string_view type, std::string_view id, std::string_view version,
                             std::string_view lastUpdated, std::vector<Erased>& done)
{
    Erased erased{std::string(type), std::string(id), {}, {}, 0, false};
    std::int64_t pk = 0;
    bool isDone = false;
    {
        Query row(
            m_connection,
            "SELECT r.pk, r.erased, coalesce(k.patient, ''), "
            "coalesce(CASE WHEN EXISTS (SELECT 1 FROM edit e WHERE e.resource = r.pk) "
            "  THEN iif(r.base IS NULL, NULL, r.version) ELSE iif(r.deleted, NULL, r.version) END, ''), "
            "(SELECT count(*) FROM edit e WHERE e.resource = r.pk) "
            "FROM resource r LEFT JOIN patient_key k ON k.pk = r.patient "
            "WHERE r.type = ? AND r.id = ?");
        row.bind(type, id);
        if (row.step()) {
            pk = row.integer(0);
            isDone = row.integer(1) != 0;
            erased.wasHere = !isDone;
            erased.patient = row.string(2);
            erased.atServer = row.string(3);
            erased.unsentEdits = row.integer(4);
        }
    }
    const std::int64_t now = m_clock.now().time_since_epoch().count();
    if (pk == 0) {
        Query(m_connection, "INSERT INTO resource (type, id, deleted, erased, version, last_updated, "
                            "changed_at) VALUES (?, ?, 1, 1, nullif(?, ''), nullif(?, ''), ?)")
            .bind(type, id, version, lastUpdated, now)
            .run();
    } else if (isDone) {
        Query(m_connection, "UPDATE resource SET version = coalesce(nullif(?, ''), version), "
                            "last_updated = coalesce(nullif(?, ''), last_updated) WHERE pk = ?")
            .bind(version, lastUpdated, pk)
            .run();
    } else {
        Projection::erase(m_connection, type, pk);
        for (const char* sql : kOfResource)
            Query(m_connection, sql).bind(pk).run();
        Query(m_connection,
              "UPDATE resource SET body = NULL, base = NULL, deleted = 1, erased = 1, "
              "version = coalesce(nullif(?, ''), version), "
              "last_updated = coalesce(nullif(?, ''), last_updated), revision = revision + 1, "
              "changed_at = ?, patient = NULL, author = NULL, version_author = NULL WHERE pk = ?")
            .bind(version, lastUpdated, now, pk)
            .run();
        m_isAnythingGone = true;
    }
    Query(m_connection, "DELETE FROM refetch WHERE type = ? AND id = ?").bind(type, id).run();
    eraseDrafts(type, id);
    if (type == "Patient")
        opened_patients::forget(m_connection, id);
    done.push_back(std::move(erased));
}

void RecordErasure::eraseDrafts(std::string_view type, std::string_view id)
{
    // A form is called "patient/…"; what was typed into another one refers to the record.
    const std::string form = "/" + std::string(id);
    const std::string reference = std::string(type) + form + "\"";
    const std::string quoted = "\"" + std::string(id) + "\"";
    Query(m_connection, "DELETE FROM draft WHERE substr(form, -length(?1)) = ?1 "
                        "OR instr(content, CAST(?2 AS BLOB)) > 0 OR instr(content, CAST(?3 AS BLOB)) > 0")
        .bind(form, reference, quoted)
        .run();
}

void RecordErasure::finish()
{
    // A contentless index keeps the words of what was taken out until its parts are merged into one.
    if (m_isIndexToBeCleaned)
        m_connection.exec("INSERT INTO patient_fts (patient_fts) VALUES ('optimize')");
    if (m_isAnythingGone || m_isIndexToBeCleaned)
        m_connection.exec("INSERT OR REPLACE INTO rewrite_due (pk, rewritten) VALUES (1, 0)");
    m_isIndexToBeCleaned = false;
    m_isAnythingGone = false;
}

bool isErased(Connection& connection, std::string_view type, std::string_view id)
{
    Query row(connection, "SELECT 1 FROM resource WHERE type = ? AND id = ? AND erased = 1");
    return row.bind(type, id).step();
}

bool isAboutAlone(const Json& document, const std::set<std::string, std::less<>>& patient)
{
    bool isNamed =
        document["resourceType"].string() == "Patient" && patient.contains(document["id"].string());
    bool areOthers = document["resourceType"].string() == "Patient" && !isNamed;
    Json copy = document;
    fhir::forEachReference(copy, [&](const std::string& text) {
        const auto reference = fhir::parseReference(text);
        if (reference && reference->type == "Patient")
            (patient.contains(reference->id) ? isNamed : areOthers) = true;
    });
    return isNamed && !areOthers;
}

Result<void> rewriteIfDue(Connection& connection)
{
    return guarded([&]() -> Result<void> {
        bool isDue = false;
        bool isRewritten = false;
        {
            Query row(connection, "SELECT rewritten FROM rewrite_due");
            isDue = row.step();
            isRewritten = isDue && row.integer(0) != 0;
        }
        if (!isDue)
            return {};
        if (!isRewritten) {
            // In memory the copy would need as much of it as the file is large. SQLCipher encrypts it.
            connection.exec("PRAGMA temp_store = FILE");
            const auto vacuumed = guarded([&] { connection.exec("VACUUM"); });
            connection.exec("PRAGMA temp_store = MEMORY");
            if (!vacuumed)
                return vacuumed;
            connection.exec("UPDATE rewrite_due SET rewritten = 1");
        }
        {
            SQLite::Statement checkpoint(connection.db(), "PRAGMA wal_checkpoint(TRUNCATE)");
            if (!checkpoint.executeStep() || checkpoint.getColumn(0).getInt() != 0)
                return fail(ErrorCode::DatabaseBusy, "the log is being read");
        }
        connection.exec("DELETE FROM rewrite_due");
        return {};
    });
}

} // namespace yarrow
