// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/exporter.h"

#include "models/fhir/resource_area.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace yarrow {

namespace {

constexpr const char* kAuditType = "AuditEvent";

/// A file that takes its name only when it is complete and on the disk, and is removed otherwise. Made anew
/// for its owner alone; whatever lies under the temporary name is not followed.
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
        if (m_file)
            std::fclose(m_file);
        if (m_created && !m_done)
            ::unlink(m_partial.c_str());
    }
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    Result<void> open()
    {
        ::unlink(m_partial.c_str()); // of an export that was cut off
        const int descriptor =
            ::open(m_partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        m_created = descriptor >= 0;
        m_file = m_created ? ::fdopen(descriptor, "wb") : nullptr;
        return m_file ? Result<void>()
                      : fail(ErrorCode::Io, std::string("cannot be written: ") + std::strerror(errno));
    }
    Result<void> writeLine(std::string_view line)
    {
        if (std::fwrite(line.data(), 1, line.size(), m_file) != line.size() ||
            std::fputc('\n', m_file) == EOF)
            return systemError();
        return {};
    }
    /// Everything is on the disk, still under the temporary name.
    Result<void> flush()
    {
        return std::fflush(m_file) == 0 && ::fsync(::fileno(m_file)) == 0 ? Result<void>() : systemError();
    }
    Result<void> finish()
    {
        m_done = ::rename(m_partial.c_str(), m_target.c_str()) == 0;
        return m_done ? Result<void>() : systemError();
    }

private:
    static Result<void> systemError()
    {
        return fail(errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io, std::strerror(errno));
    }

    std::filesystem::path m_target;
    std::filesystem::path m_partial;
    std::FILE* m_file = nullptr;
    bool m_created = false;
    bool m_done = false;
};

/// What is read inside it stands still, and nobody who writes waits for it.
class ReadSnapshot
{
public:
    explicit ReadSnapshot(Connection& connection)
        : m_connection(connection)
    {
        m_connection.exec("BEGIN");
    }
    ~ReadSnapshot() { sqlite3_exec(m_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
    ReadSnapshot(const ReadSnapshot&) = delete;
    ReadSnapshot& operator=(const ReadSnapshot&) = delete;

private:
    Connection& m_connection;
};

bool liesInProfile(const std::filesystem::path& file, const Connection& connection)
{
    std::error_code error;
    const auto folder =
        std::filesystem::weakly_canonical(std::filesystem::absolute(file, error).parent_path(), error);
    return folder == std::filesystem::weakly_canonical(connection.path().parent_path(), error);
}

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
