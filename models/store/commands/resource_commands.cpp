// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/resource_commands.h"

#include "models/fhir/resource_area.h"

#include <algorithm>

namespace yarrow {

Result<ResourceCommands::Read> ResourceCommands::get(std::string_view type, std::string_view id)
{
    return guarded([&]() -> Result<Read> {
        std::optional<Read> read;
        {
            UnitOfWork work(m_scope);
            const auto record = work.records().find(type, id);
            if (record && !record->deleted) {
                auto document = parseBody(*record);
                if (!document)
                    return fail(document.error());
                if (roleAllows(m_scope.actor.role, Operation::Read, fhir::areaOf(*document))) {
                    work.records().auditView(*record);
                    work.commit();
                    return Read{std::move(*document), record->revision};
                }
                read = Read{std::move(*document), record->revision};
            }
        }
        // Somebody who may not read the type is not told either whether the record exists.
        const Area area = read ? fhir::areaOf(read->document) : areaOf(type);
        if (auto allowed = require(m_scope, Operation::Read, area, type, id); !allowed)
            return fail(allowed.error());
        return fail(ErrorCode::NotFound, std::string(type) + "/" + std::string(id));
    });
}

Result<RecordStore::Written> ResourceCommands::put(const Json& document, const std::string& reason,
                                                   std::optional<std::int64_t> expectedRevision)
{
    const std::string_view type = document["resourceType"].string();
    const std::string_view id = document["id"].string();
    return guarded([&]() -> Result<RecordStore::Written> {
        std::optional<Area> refused;
        Operation operation = Operation::Create;
        {
            UnitOfWork work(m_scope);
            const auto existing = work.records().find(type, id);
            if (existing && !existing->deleted) {
                operation = Operation::Update;
                const auto before = parseBody(*existing);
                if (!before)
                    return fail(before.error());
                // A record must not be edited out of an area that the role may not touch.
                if (!roleAllows(m_scope.actor.role, operation, fhir::areaOf(*before)))
                    refused = fhir::areaOf(*before);
            }
            if (!refused && !roleAllows(m_scope.actor.role, operation, fhir::areaOf(document)))
                refused = fhir::areaOf(document);
            if (!refused) {
                auto written = work.records().put(document, reason, expectedRevision);
                if (!written)
                    return written;
                work.commit();
                return written;
            }
        }
        return fail(require(m_scope, operation, *refused, type, id).error());
    });
}

Result<void> ResourceCommands::remove(std::string_view type, std::string_view id, const std::string& reason)
{
    return guarded([&]() -> Result<void> {
        Area area = areaOf(type);
        {
            UnitOfWork work(m_scope);
            const auto stored = storedArea(work.records().find(type, id));
            if (!stored)
                return fail(stored.error());
            area = stored->value_or(area);
            if (roleAllows(m_scope.actor.role, Operation::Delete, area)) {
                if (auto removed = work.records().remove(type, id, reason); !removed)
                    return removed;
                work.commit();
                return {};
            }
        }
        return require(m_scope, Operation::Delete, area, type, id);
    });
}

/// Each edit that was not sent yet belongs to the newest step that made its document. What was taken back, or
/// merged with what the server had, is no step's.
void ResourceCommands::giveDocuments(RecordStore& records, const StoredRecord& record,
                                     std::vector<HistoryStep>& steps)
{
    Query edit(m_scope.connection, "SELECT document FROM edit WHERE resource = ? ORDER BY seq DESC");
    edit.bind(record.pk);
    auto last = steps.rend();
    auto from = steps.rbegin();
    while (edit.step() && from != last) {
        std::optional<std::string> document;
        std::string digest;
        if (!edit.isNull(0)) {
            document = edit.string(0);
            digest = records.digestOf(*document, record.patient);
        }
        const auto made = std::find_if(from, last, [&](const HistoryStep& step) {
            return document ? step.digest == digest : step.action == "delete";
        });
        if (made == last)
            continue;
        made->document = std::move(document);
        from = std::next(made);
    }
}

Result<std::vector<HistoryStep>> ResourceCommands::history(std::string_view type, std::string_view id)
{
    const auto stored = guarded([&]() -> Result<std::optional<Area>> {
        UnitOfWork work(m_scope);
        return storedArea(work.records().find(type, id));
    });
    if (!stored)
        return fail(stored.error());
    if (auto allowed = require(m_scope, Operation::Read, stored->value_or(areaOf(type)), type, id); !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<std::vector<HistoryStep>> {
        UnitOfWork work(m_scope);
        const auto record = work.records().find(type, id);
        if (!record)
            return fail(ErrorCode::NotFound, std::string(type) + "/" + std::string(id));
        std::vector<HistoryStep> steps;
        AuditLog::Filter filter;
        filter.resourceType = record->type;
        filter.resourceId = record->id;
        auto visited = AuditLog::forEach(m_scope.connection, filter, [&](const AuditEntry& entry) {
            if (entry.action == "create" || entry.action == "update" || entry.action == "delete")
                steps.push_back({entry.at,
                                 entry.action,
                                 entry.userName,
                                 entry.role,
                                 entry.reason,
                                 entry.afterDigest,
                                 {}});
            return true;
        });
        if (!visited)
            return fail(visited.error());
        giveDocuments(work.records(), *record, steps);
        work.records().auditView(*record, "history");
        work.commit();
        return steps;
    });
}

} // namespace yarrow
