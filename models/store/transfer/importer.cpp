// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/importer.h"

#include "models/domain/opening_hours.h"
#include "models/fhir/demo_clinic.h"
#include "models/store/db/bulk_writing.h"
#include "models/store/transfer/import_reader.h"
#include "models/store/tunables.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <unordered_map>

namespace yarrow {

namespace {

bool isImportFile(const std::filesystem::path& path)
{
    return path.extension() == ".json" || path.extension() == ".ndjson";
}

/// The files named by the paths; a path that is not there is a failure of its own.
std::vector<std::filesystem::path> collectFiles(const std::vector<std::filesystem::path>& paths,
                                                std::vector<ImportFailure>& failed)
{
    std::vector<std::filesystem::path> files;
    for (const auto& path : paths) {
        std::error_code error;
        if (!std::filesystem::is_directory(path, error)) {
            if (std::filesystem::exists(path, error))
                files.push_back(path);
            else
                failed.push_back({path, {ErrorCode::Io, "no such file or folder", std::nullopt}});
            continue;
        }
        std::vector<std::filesystem::path> found;
        for (std::filesystem::recursive_directory_iterator entry(path, error), end; !error && entry != end;
             entry.increment(error)) {
            std::error_code ignored;
            if (entry->is_regular_file(ignored) && isImportFile(entry->path()))
                found.push_back(entry->path());
        }
        if (error)
            failed.push_back({path, {ErrorCode::Io, error.message(), std::nullopt}});
        std::sort(found.begin(), found.end());
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

/// Nothing more can be imported after one of these.
bool endsTheRun(const Error& error)
{
    return error.code == ErrorCode::DiskFull || error.code == ErrorCode::DatabaseDamaged;
}

/// The writing side: takes the messages of the reader, one transaction for each file.
class Writer
{
public:
    Writer(CommandScope& scope, const std::vector<std::filesystem::path>& files, ImportReport& report,
           std::function<bool(const ImportProgress&)> progress)
        : m_scope(scope)
        , m_files(files)
        , m_report(report)
        , m_progress(std::move(progress))
    {
        for (const auto& file : files) {
            std::error_code ignored;
            const auto size = std::filesystem::file_size(file, ignored);
            m_done.bytesTotal += ignored ? 0 : size;
        }
    }

    Result<void> take(ImportMessage& message);

private:
    struct Counts
    {
        std::int64_t resources = 0;
        std::int64_t created = 0;
        std::int64_t updated = 0;
        std::int64_t unchanged = 0;
        std::int64_t deleted = 0;
    };

    Result<void> process(ImportMessage& message);
    Result<void> write(const ImportItem& item);
    Result<void> allowed(const ImportItem& item, const std::optional<StoredRecord>& existing) const;
    /// A file that has one record in two versions does not say which of them holds.
    Result<void> checkOnce(const ImportItem& item);
    void finishFile(const std::filesystem::path& file);
    Result<void> failFile(const std::filesystem::path& file, const Error& error);

    CommandScope& m_scope;
    const std::vector<std::filesystem::path>& m_files;
    ImportReport& m_report;
    std::function<bool(const ImportProgress&)> m_progress;
    ImportProgress m_done;
    std::uintmax_t m_fileBytes = 0;
    std::optional<UnitOfWork> m_work; // of the file under way; none once it has failed
    Counts m_counts;
    std::unordered_map<std::size_t, std::size_t>
        m_bodies; // hashes: Type/id → document, of the file under way
};

Result<void> Writer::take(ImportMessage& message)
{
    auto taken = guarded([&] { return process(message); });
    if (taken || taken.error().code == ErrorCode::Cancelled || endsTheRun(taken.error()))
        return taken;
    return failFile(m_files[message.file], taken.error());
}

Result<void> Writer::process(ImportMessage& message)
{
    const auto& file = m_files[message.file];
    switch (message.kind) {
    case ImportMessage::Kind::FileBegins:
        m_counts = {};
        m_bodies.clear();
        m_fileBytes = 0;
        m_work.emplace(m_scope);
        return {};
    case ImportMessage::Kind::Items:
        if (!m_work)
            return {}; // the rest of a file that failed
        for (const ImportItem& item : message.items) {
            if (auto written = write(item); !written)
                return written;
        }
        m_fileBytes += message.bytes;
        m_done.bytesDone += message.bytes;
        m_done.resources += static_cast<std::int64_t>(message.items.size());
        break;
    case ImportMessage::Kind::FileEnds:
        if (m_work)
            finishFile(file);
        break;
    case ImportMessage::Kind::FileFails:
        if (m_work) {
            if (auto noted = failFile(file, message.error); !noted)
                return noted;
        }
        break;
    }
    if (message.kind != ImportMessage::Kind::Items) { // what stood around the entries counts as well
        std::error_code ignored;
        const auto size = std::filesystem::file_size(file, ignored);
        if (!ignored && size > m_fileBytes)
            m_done.bytesDone += size - m_fileBytes;
    }
    if (m_progress && !m_progress(m_done))
        return fail(ErrorCode::Cancelled);
    return {};
}

Result<void> Writer::allowed(const ImportItem& item, const std::optional<StoredRecord>& existing) const
{
    const Role role = m_scope.actor.role;
    if (roleAllows(role, Operation::Create, Area::Administration))
        return {}; // bringing a clinic's records in is an administrator's work; it shows none of them
    const auto stored = storedArea(existing);
    if (!stored)
        return fail(stored.error());
    const bool deletes = item.kind == ImportItem::Kind::Delete;
    const Operation operation = deletes ? Operation::Delete : *stored ? Operation::Update : Operation::Create;
    const Area area = deletes ? areaOf(item.record.type) : item.record.area;
    // As with a single edit: a record must not be moved out of an area that the role may not touch.
    if (roleAllows(role, operation, stored->value_or(area)) && (deletes || roleAllows(role, operation, area)))
        return {};
    return fail(
        Error{ErrorCode::Forbidden, item.record.type + " as " + std::string(roleCode(role)), item.position});
}

Result<void> Writer::checkOnce(const ImportItem& item)
{
    const std::hash<std::string> hash;
    const auto [seen, isNew] =
        m_bodies.emplace(hash(item.record.type + "/" + item.record.id), hash(item.record.body));
    if (isNew || seen->second == hash(item.record.body))
        return {};
    return fail(Error{ErrorCode::InvalidResource,
                      item.record.type + "/" + item.record.id + ": twice in the file, with different content",
                      item.position});
}

Result<void> Writer::write(const ImportItem& item)
{
    if (auto once = checkOnce(item); !once)
        return once;
    RecordStore& records = m_work->records();
    const auto& [type, id, patient, body, area, projection] = item.record;
    const bool isAdministrator = roleAllows(m_scope.actor.role, Operation::Create, Area::Administration);
    const bool deletes = item.kind == ImportItem::Kind::Delete;
    if (deletes || !isAdministrator) {
        const auto existing = records.find(type, id);
        if (auto may = allowed(item, existing); !may)
            return may;
        if (deletes) {
            ++m_counts.resources;
            const bool isThere = existing && !existing->deleted;
            ++(isThere ? m_counts.deleted : m_counts.unchanged);
            return isThere ? records.remove(type, id, {}) : Result<void>();
        }
    }
    const auto written = records.put(item.record, {});
    if (!written)
        return fail(Error{written.error().code, written.error().context, item.position});
    ++m_counts.resources;
    switch (written->change) {
    case RecordStore::Change::Created:
        ++m_counts.created;
        break;
    case RecordStore::Change::Updated:
        ++m_counts.updated;
        break;
    case RecordStore::Change::Unchanged:
        ++m_counts.unchanged;
        break;
    }
    return {};
}

void Writer::finishFile(const std::filesystem::path& file)
{
    AuditEvent event{AuditAction::Import, AuditCategory::Administration};
    event.detail = file.filename().string() + ": " + std::to_string(m_counts.created) + " created, " +
                   std::to_string(m_counts.updated) + " updated, " + std::to_string(m_counts.unchanged) +
                   " unchanged, " + std::to_string(m_counts.deleted) + " deleted";
    m_work->records().audit(event);
    m_work->commit();
    m_work.reset();
    ++m_report.files;
    m_report.resources += m_counts.resources;
    m_report.created += m_counts.created;
    m_report.updated += m_counts.updated;
    m_report.unchanged += m_counts.unchanged;
    m_report.deleted += m_counts.deleted;
}

Result<void> Writer::failFile(const std::filesystem::path& file, const Error& error)
{
    m_work.reset(); // rolls back
    m_report.failed.push_back({file, error});
    if (error.code != ErrorCode::Forbidden)
        return {};
    AuditEvent event{AuditAction::Refused, AuditCategory::Administration};
    event.outcome = AuditOutcome::MinorFailure;
    event.detail = "import: " + error.context;
    return auditOnly(m_scope, event);
}

} // namespace

Result<ImportReport> Importer::run(const std::vector<std::filesystem::path>& paths,
                                   const std::function<bool(const ImportProgress&)>& progress)
{
    ImportReport report;
    const auto files = collectFiles(paths, report.failed);
    BoundedQueue<ImportMessage> queue(tunables::kImportPiecesWaiting);
    std::thread reader([&] { readImportFiles(files, queue); });
    auto finished = guarded([&]() -> Result<void> {
        const BulkWriting bulk(m_scope.connection);
        Writer writer(m_scope, files, report, progress);
        while (auto message = queue.pop()) {
            if (auto taken = writer.take(*message); !taken)
                return taken;
        }
        return {};
    });
    queue.close(); // stops the reader when the writer gave up
    reader.join();
    if (!finished)
        return fail(finished.error());
    return report;
}

Result<ImportReport> Importer::addDemoClinic()
{
    const QTimeZone zone(QByteArray::fromStdString(m_scope.clinic.zone));
    return addDocuments(demoClinic(toLocalDate(m_scope.clock.now(), zone), zone), "demo clinic");
}

Result<ImportReport> Importer::addDocuments(const std::vector<Json>& documents, const std::string& label)
{
    ImportReport report;
    const std::vector<std::filesystem::path> files{label};
    auto finished = guarded([&]() -> Result<void> {
        const BulkWriting bulk(m_scope.connection);
        Writer writer(m_scope, files, report, {});
        ImportMessage begins;
        if (auto taken = writer.take(begins); !taken)
            return taken;
        ImportMessage items;
        items.kind = ImportMessage::Kind::Items;
        for (const Json& document : documents) {
            auto record = PreparedRecord::of(document);
            if (!record)
                return fail(record.error());
            items.items.push_back({ImportItem::Kind::Put, std::move(*record), {}});
        }
        if (auto taken = writer.take(items); !taken)
            return taken;
        ImportMessage ends;
        ends.kind = ImportMessage::Kind::FileEnds;
        return writer.take(ends);
    });
    if (!finished)
        return fail(finished.error());
    return report;
}

} // namespace yarrow
