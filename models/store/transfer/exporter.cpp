// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/exporter.h"

#include "models/fhir/resource_area.h"
#include "models/store/transfer/partial_file.h"

namespace yarrow {

namespace {

constexpr const char* kAuditType = "AuditEvent";

} // namespace

Result<std::int64_t> Exporter::run(const std::filesystem::path& file, const Selection& selection,
                                   bool overwrite)
{
    const Role role = m_scope.actor.role;
    const bool isAdministrator = roleAllows(role, Operation::Update, Area::Administration);
    const bool isOnePatient = !selection.patient.empty() && selection.type != kAuditType;
    const bool mayExport =
        isAdministrator || (isOnePatient && roleAllows(role, Operation::Read, Area::ClinicalRecord));
    if (!mayExport)
        return fail(require(m_scope, Operation::Update, Area::Administration, "export").error());
    std::error_code error;
    if (!overwrite && std::filesystem::exists(file, error))
        return fail(ErrorCode::AlreadyExists, file.filename().string());

    if (liesInProfile(file, m_scope.connection))
        return fail(ErrorCode::InvalidArgument, "an export into the profile's own folder");

    return guarded([&]() -> Result<std::int64_t> {
        if (!selection.patient.empty()) {
            Query known(m_scope.connection, "SELECT 1 FROM patient_key WHERE patient = ?");
            known.bind(selection.patient);
            if (!known.step())
                return fail(ErrorCode::NotFound, "Patient/" + selection.patient);
        }
        AuditEvent event{
            AuditAction::Export, AuditCategory::Administration, selection.type, {}, selection.patient};
        event.detail = "begins: " + file.filename().string(); // on record before the first byte is in clear
        if (auto noted = auditOnly(m_scope, event); !noted)
            return fail(noted.error());
        PartialFile target(file);
        if (auto opened = target.open(); !opened)
            return fail(opened.error());
        const auto write = [&](std::string_view line) { return target.writeLine(line); };
        const auto written = [&] {
            const ReadSnapshot snapshot(m_scope.connection);
            return selection.type == kAuditType ? writeAudit(write, selection)
                                                : writeRecords(write, selection);
        }();
        if (!written)
            return written;
        if (auto flushed = target.flush(); !flushed)
            return fail(flushed.error());
        event.detail = std::to_string(*written) + " documents: " + file.filename().string();
        if (auto noted = auditOnly(m_scope, event); !noted)
            return fail(noted.error());
        if (auto finished = target.finish(); !finished)
            return fail(finished.error());
        return written;
    });
}

Result<std::int64_t> Exporter::writeRecords(const LineWriter& writeLine, const Selection& selection)
{
    const Role role = m_scope.actor.role;
    const bool isAdministrator = roleAllows(role, Operation::Update, Area::Administration);
    std::int64_t count = 0;
    const auto write = [&](std::string_view body) -> Result<void> {
        if (!isAdministrator) {
            const auto document = Json::parse(body);
            if (!document)
                return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
            if (!roleAllows(role, Operation::Read, fhir::areaOf(*document)))
                return {};
        }
        ++count;
        return writeLine(body);
    };
    const auto writeAll = [&](Query& row) -> Result<std::int64_t> {
        while (row.step()) {
            if (auto written = write(row.text(0)); !written)
                return fail(written.error());
        }
        return count;
    };
    if (!selection.patient.empty()) {
        Query row(m_scope.connection,
                  "SELECT r.body FROM patient_key k JOIN resource r ON r.patient = k.pk "
                  "WHERE k.patient = ?1 AND r.deleted = 0 AND (?2 = '' OR r.type = ?2) ORDER BY r.pk");
        row.bind(selection.patient, selection.type);
        return writeAll(row);
    }
    if (!selection.type.empty()) {
        Query row(m_scope.connection, "SELECT body FROM resource WHERE type = ? AND deleted = 0 ORDER BY id");
        row.bind(selection.type);
        return writeAll(row);
    }
    Query row(m_scope.connection, "SELECT body FROM resource WHERE deleted = 0 ORDER BY pk");
    return writeAll(row);
}

Result<std::int64_t> Exporter::writeAudit(const LineWriter& writeLine, const Selection& selection)
{
    std::int64_t count = 0;
    AuditLog::Filter filter;
    filter.patient = selection.patient;
    Result<void> last;
    auto visited = AuditLog::forEach(m_scope.connection, filter, [&](const AuditEntry& entry) {
        last = writeLine(toFhirAuditEvent(entry));
        ++count;
        return last.has_value();
    });
    if (!visited)
        return fail(visited.error());
    return last ? Result<std::int64_t>(count) : fail(last.error());
}

} // namespace yarrow
