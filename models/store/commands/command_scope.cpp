// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/command_scope.h"

#include "models/fhir/resource_area.h"

namespace yarrow {

Result<void> require(CommandScope& scope, Operation operation, Area area, std::string_view resourceType,
                     std::string_view resourceId)
{
    if (roleAllows(scope.actor.role, operation, area))
        return {};
    AuditEvent event{AuditAction::Refused,
                     area == Area::Administration ? AuditCategory::Administration
                                                  : auditCategoryOf(resourceType),
                     std::string(resourceType),
                     std::string(resourceId),
                     {},
                     AuditOutcome::MinorFailure};
    if (auto written = auditOnly(scope, event); !written)
        return written;
    std::string what(resourceType);
    if (!resourceId.empty())
        what += "/" + std::string(resourceId);
    return fail(ErrorCode::Forbidden, what + " as " + std::string(roleCode(scope.actor.role)));
}

Result<void> auditOnly(CommandScope& scope, const AuditEvent& event)
{
    return guarded([&] {
        UnitOfWork work(scope);
        work.records().audit(event);
        work.commit();
    });
}

Result<std::optional<Area>> storedArea(const std::optional<StoredRecord>& record)
{
    if (!record || record->deleted)
        return std::optional<Area>();
    const auto document = parseBody(*record);
    if (!document)
        return fail(document.error());
    return std::optional(fhir::areaOf(*document));
}

Result<Json> parseBody(const StoredRecord& record)
{
    auto document = Json::parse(record.body);
    if (!document)
        return fail(ErrorCode::DatabaseDamaged,
                    record.type + "/" + record.id + ": the stored document is not JSON");
    return document;
}

} // namespace yarrow
