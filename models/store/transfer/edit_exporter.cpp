// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/edit_exporter.h"

#include "models/store/transfer/partial_file.h"
#include "models/store/transfer/sealed_edits.h"

#include <optional>

namespace yarrow {
namespace {

constexpr std::string_view kEditExtension = "https://yarrow.example/fhir/StructureDefinition/unsent-edit";

Json part(std::string_view url, const std::string& value)
{
    Json part = Json::object();
    part.set("url", url);
    part.set("valueString", value);
    return part;
}

/// Columns: type, id, document, author, device, at, unit, reason, version.
Result<Json> entryOf(const Query& row)
{
    const std::string url = row.string(0) + "/" + row.string(1);
    Json entry = Json::object();
    Json edit = Json::object();
    edit.set("url", kEditExtension);
    Json& parts = edit.arrayAt("extension");
    parts.append(part("author", row.string(3)));
    parts.append(part("device", row.string(4)));
    for (const auto& [name, column] : {std::pair("unit", 6), {"reason", 7}, {"version", 8}}) {
        if (const std::string text = row.string(column); !text.empty())
            parts.append(part(name, text));
    }
    entry.arrayAt("extension").append(std::move(edit));
    const bool deletes = row.isNull(2);
    if (!deletes) {
        auto document = Json::parse(row.text(2));
        if (!document)
            return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
        entry.set("resource", std::move(*document));
    }
    Json& request = entry.objectAt("request");
    request.set("method", deletes ? "DELETE" : "PUT");
    request.set("url", url);
    Json& response = entry.objectAt("response");
    response.set("status", deletes ? "204" : "200");
    response.set("lastModified", row.string(5));
    return entry;
}

} // namespace

Result<std::int64_t> EditExporter::run(const std::filesystem::path& file, Form form, bool overwrite)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::Administration, "export"); !allowed)
        return fail(allowed.error());
    std::error_code error;
    if (!overwrite && std::filesystem::exists(file, error))
        return fail(ErrorCode::AlreadyExists, file.filename().string());
    if (liesInProfile(file, m_scope.connection))
        return fail(ErrorCode::InvalidArgument, "an export into the profile's own folder");

    std::optional<EditSealer> sealer;
    if (form == Form::Sealed) {
        const QString keyFile = QString::fromStdString(m_keys.profile.keyFile().string());
        auto loaded = KeySlotFile::load(keyFile, m_keys.cost);
        auto made = loaded ? EditSealer::create(std::move(*loaded), m_keys.keys) : fail(loaded.error());
        if (!made)
            return fail(made.error());
        sealer.emplace(std::move(*made));
    }

    return guarded([&]() -> Result<std::int64_t> {
        const std::string what = sealer ? "unsent edits, sealed" : "unsent edits, in clear";
        AuditEvent event{AuditAction::Export, AuditCategory::Administration};
        event.detail = what + ", begins: " + file.filename().string();
        if (auto noted = auditOnly(m_scope, event); !noted)
            return fail(noted.error());
        PartialFile target(file);
        if (auto opened = target.open(); !opened)
            return fail(opened.error());
        const auto write = [&](const std::string& piece, bool isLast = false) {
            return sealer ? target.writeLine(sealer->line(piece, isLast)) : target.write(piece);
        };
        if (sealer) {
            if (auto headed = target.writeLine(sealer->header()); !headed)
                return fail(headed.error());
        }
        std::int64_t count = 0;
        if (auto begun = write(R"({"resourceType":"Bundle","type":"history","entry":[)"); !begun)
            return fail(begun.error());
        {
            const ReadSnapshot snapshot(m_scope.connection);
            Query row(m_scope.connection,
                      "SELECT r.type, r.id, e.document, e.author, e.device, e.at, coalesce(e.unit, ''), "
                      "coalesce(e.reason, ''), coalesce(r.version, '') "
                      "FROM edit e JOIN resource r ON r.pk = e.resource ORDER BY e.seq DESC");
            while (row.step()) {
                const auto entry = entryOf(row);
                if (!entry)
                    return fail(entry.error());
                if (auto written = write((count++ == 0 ? "\n" : ",\n") + entry->dump()); !written)
                    return fail(written.error());
            }
        }
        if (auto ended = write("]}\n", true); !ended)
            return fail(ended.error());
        if (auto flushed = target.flush(); !flushed)
            return fail(flushed.error());
        event.detail = std::to_string(count) + " " + what + ": " + file.filename().string();
        if (auto noted = auditOnly(m_scope, event); !noted)
            return fail(noted.error());
        if (auto finished = target.finish(); !finished)
            return fail(finished.error());
        return count;
    });
}

} // namespace yarrow
