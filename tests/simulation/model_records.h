// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/fhir/bundle.h"
#include "server/fhir/index_values.h"
#include "server/records/digest.h"
#include "server/records/history.h"
#include "server/records/writer.h"
#include "tests/simulation/model_audit.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::simulation {

/// One version of a record, as the model keeps it.
struct ModelVersion
{
    std::int64_t seq = 0;
    std::string epoch;
    std::string type;
    std::string id;
    std::string method;           ///< create, update or delete
    std::int64_t lastUpdated = 0; ///< microseconds since 1970
    server::Area area = server::Area::ClinicalRecord;
    std::optional<server::Area> previousArea; ///< none: the record's first version
    std::int64_t previousSeq = 0;
    std::string body; ///< empty for a deletion
    std::string author;
    std::string device;
    std::int64_t requestOf = 0; ///< the first new version of the request that made this one

    [[nodiscard]] std::string versionId() const;
    [[nodiscard]] std::string name() const { return type + "/" + id; }
    [[nodiscard]] bool isDeletion() const { return method == "delete"; }
};

/// A workstation as the server knows it.
struct ModelDevice
{
    std::string id;
    server::AreaSet areas;
    bool revoked = false;
};

struct ModelAuthor
{
    server::Role role = server::Role::Receptionist;
    bool active = true;
};

/// What yarrow-server keeps in PostgreSQL, in memory: the rules of server/records, step by step, on what the
/// server's own code reads from a document. A value: a copy of it is a backup.
class ModelRecords
{
public:
    struct Rules
    {
        bool demandsPreconditions = true; ///< false: a write without If-Match is done, as elsewhere
        bool equalTimestamps = false;     ///< whole seconds, the same for many versions, as elsewhere
    };
    using Name = std::pair<std::string, std::string>; ///< type, id

    ModelRecords(std::string epoch, Rules rules)
        : m_epoch(std::move(epoch))
        , m_rules(rules)
    {}

    /// Like server::records::write() for a workstation; `now` in microseconds since 1970.
    [[nodiscard]] server::Result<server::records::WriteOutcome>
    write(const ModelDevice& caller, std::vector<server::fhir::WriteEntry> entries, bool transaction,
          std::string_view epoch, std::int64_t now);

    [[nodiscard]] server::Result<server::records::HistoryPage>
    readHistory(const server::records::HistoryQuery& query, server::AreaSet areas) const;
    [[nodiscard]] std::optional<server::records::Version>
    readPresent(const std::string& type, const std::string& id, server::AreaSet areas) const;
    [[nodiscard]] std::optional<server::records::Version> readVersion(const std::string& type,
                                                                      const std::string& id,
                                                                      std::string_view versionId,
                                                                      server::AreaSet areas) const;

    /// A `Yarrow-Seen` newer than anything here begins another epoch.
    void noticeClientAhead(std::string_view seen);
    void beginEpoch();
    /// Everything as it was in the backup, in another epoch; no epoch comes twice.
    void restore(const ModelRecords& backup);
    /// Like the server's retention: what was superseded and what was deleted up to `seq` is kept no more.
    void raiseFloor(std::int64_t seq);
    void forgetOperations() { m_operations.clear(); }

    [[nodiscard]] const std::string& epoch() const noexcept { return m_epoch; }
    [[nodiscard]] std::int64_t seq() const noexcept { return m_seq; }
    [[nodiscard]] std::int64_t lastUpdated() const noexcept { return m_lastUpdated; }
    [[nodiscard]] std::int64_t floor() const noexcept { return m_floorSeq; }
    [[nodiscard]] const std::map<std::int64_t, ModelVersion>& versions() const noexcept { return m_versions; }
    /// Every record, deleted ones too, with its newest version.
    [[nodiscard]] const std::map<Name, std::int64_t>& present() const noexcept { return m_present; }
    [[nodiscard]] const ModelVersion& version(std::int64_t seq) const { return m_versions.at(seq); }
    [[nodiscard]] const ModelVersion* find(const std::string& type, const std::string& id) const;

    std::map<std::string, ModelAuthor> authors; ///< by account id
    ModelAudit audit;

private:
    friend class ModelWrite;
    struct Held
    {
        std::optional<server::fhir::HeldSlot> slot;
        std::vector<std::pair<std::string, std::string>> mrns;
    };
    struct Done
    {
        std::int64_t seq = 0;
        int status = 0;
    };

    [[nodiscard]] server::records::Version shown(const ModelVersion& version, server::AreaSet areas) const;

    std::string m_epoch;
    Rules m_rules;
    std::int64_t m_seq = 0;
    std::int64_t m_lastUpdated = 0;
    std::int64_t m_floorSeq = 0;
    std::int64_t m_floorTime = 0;
    int m_epochs = 1;
    std::map<std::int64_t, ModelVersion> m_versions;
    std::map<Name, std::int64_t> m_present;
    std::map<Name, Held> m_held;
    std::map<std::string, Done> m_operations;
    server::records::AreaSummaries m_summaries;
};

} // namespace yarrow::simulation
