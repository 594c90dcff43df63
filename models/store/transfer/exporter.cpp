// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/exporter.h"

#include "models/fhir/resource_area.h"

#include <fstream>

namespace yarrow {

namespace {

constexpr const char* kAuditType = "AuditEvent";

/// A file that takes its name only when it is complete, and is removed otherwise.
class PartialFile
{
public:
    explicit PartialFile(std::filesystem::path target)
        : m_target(std::move(target))
        , m_partial(m_target)
    {
        m_partial += ".part";
    }
    ~PartialFile()
    {
        std::error_code ignored;
        if (!m_done)
            std::filesystem::remove(m_partial, ignored);
    }
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    Result<void> open()
    {
        m_out.open(m_partial, std::ios::binary | std::ios::trunc);
        std::error_code error;
        if (m_out)
            std::filesystem::permissions(
                m_partial, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
        return m_out && !error ? Result<void>() : fail(ErrorCode::Io, "cannot be written");
    }
    std::ostream& out() { return m_out; }
    Result<void> finish()
    {
        m_out.close();
        if (!m_out)
            return fail(ErrorCode::DiskFull, "not all could be written");
        std::error_code error;
        std::filesystem::rename(m_partial, m_target, error);
        m_done = !error;
        return m_done ? Result<void>() : fail(ErrorCode::Io, error.message());
    }

private:
    std::filesystem::path m_target;
    std::filesystem::path m_partial;
    std::ofstream m_out;
    bool m_done = false;
};

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

    return guarded([&]() -> Result<std::int64_t> {
        // One transaction: the audit entry stands for exactly what was written.
        UnitOfWork work(m_scope);
        if (!selection.patient.empty()) {
            Query known(m_scope.connection, "SELECT 1 FROM patient_key WHERE patient = ?");
            known.bind(selection.patient);
            if (!known.step())
                return fail(ErrorCode::NotFound, "Patient/" + selection.patient);
        }
        PartialFile target(file);
        if (auto opened = target.open(); !opened)
            return fail(opened.error());
        const auto written = selection.type == kAuditType ? writeAudit(target.out(), selection)
                                                          : writeRecords(target.out(), selection);
        if (!written)
            return written;
        if (auto finished = target.finish(); !finished)
            return fail(finished.error());
        AuditEvent event{
            AuditAction::Export, AuditCategory::Administration, selection.type, {}, selection.patient};
        event.detail = std::to_string(*written) + " documents to " + file.filename().string();
        work.records().audit(event);
        work.commit();
        return written;
    });
}

Result<std::int64_t> Exporter::writeRecords(std::ostream& out, const Selection& selection)
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
        out << body << '\n';
        ++count;
        return out ? Result<void>() : fail(ErrorCode::DiskFull, "not all could be written");
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

Result<std::int64_t> Exporter::writeAudit(std::ostream& out, const Selection& selection)
{
    std::int64_t count = 0;
    AuditLog::Filter filter;
    filter.patient = selection.patient;
    auto visited = AuditLog::forEach(m_scope.connection, filter, [&](const AuditEntry& entry) {
        out << toFhirAuditEvent(entry) << '\n';
        ++count;
        return static_cast<bool>(out);
    });
    if (!visited)
        return fail(visited.error());
    return out ? Result<std::int64_t>(count) : fail(ErrorCode::DiskFull, "not all could be written");
}

} // namespace yarrow
