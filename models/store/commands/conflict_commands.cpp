// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/conflict_commands.h"

#include "models/fhir/appointment_fhir.h"
#include "models/fhir/element_access.h"
#include "models/fhir/element_path.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/store/sync/outbox.h"

namespace yarrow {
namespace {

constexpr int kSettledShown = 100;

/// The element of `document` at `path`; also of a path that leads nowhere: nothing.
std::optional<Json> valueAt(const std::optional<Json>& document, const std::string& path)
{
    if (!document || path.empty())
        return document;
    auto value = fhir::elementAt(*document, path);
    return value ? std::move(*value) : std::nullopt;
}

/// What a booking was to become, as far as it can be read.
std::optional<Appointment> wishedBooking(const Conflict& conflict, const std::optional<Json>& present)
{
    std::optional<Json> document = present;
    for (const Conflict::Element& element : conflict.elements) {
        if (element.path.empty()) {
            document = element.mine;
        } else if (document) {
            auto with = fhir::withElement(*document, element.path, element.mine);
            if (!with)
                return std::nullopt;
            document = std::move(*with);
        }
    }
    if (!document)
        return std::nullopt;
    auto wished = fhir::readAppointment(*document);
    return wished ? std::optional(std::move(*wished)) : std::nullopt;
}

/// `system=phone,use=mobile`; a backslash takes the meaning from what is behind it.
std::vector<std::pair<std::string, std::string>> keyParts(const std::string& key)
{
    std::vector<std::pair<std::string, std::string>> parts;
    std::string name;
    std::string text;
    bool inValue = false;
    const auto finish = [&] {
        if (inValue)
            parts.emplace_back(std::exchange(name, {}), std::exchange(text, {}));
        inValue = false;
        text.clear();
    };
    for (std::size_t i = 0; i < key.size(); ++i) {
        if (key[i] == '\\' && i + 1 < key.size()) {
            text += key[++i];
        } else if (key[i] == '=' && !inValue) {
            name = std::exchange(text, {});
            inValue = true;
        } else if (key[i] == ',') {
            finish();
        } else {
            text += key[i];
        }
    }
    finish();
    return parts;
}

} // namespace

std::vector<ConflictPathStep> pathSteps(const std::string& path)
{
    std::vector<ConflictPathStep> steps;
    const auto segments = fhir::parsePath(path);
    if (!segments)
        return steps;
    for (const fhir::PathSegment& segment : *segments)
        steps.push_back({segment.name, keyParts(segment.key), segment.elements});
    return steps;
}

Area ConflictCommands::areaOfFocus(const Conflict& conflict)
{
    // Of two types only the document tells; see fhir::areaOf().
    if (conflict.focusType == "Observation" || conflict.focusType == "Device") {
        Query body(m_scope.connection, "SELECT body FROM resource WHERE type = ? AND id = ? AND deleted = 0");
        if (body.bind(conflict.focusType, conflict.focusId).step()) {
            if (const auto document = Json::parse(body.text(0)))
                return fhir::areaOf(*document);
        }
    }
    return areaOf(conflict.focusType);
}

bool ConflictCommands::mayDo(Operation operation, const Conflict& conflict)
{
    return roleAllows(m_scope.actor.role, operation, areaOfFocus(conflict));
}

bool ConflictCommands::isMine(const Conflict& conflict)
{
    const std::string& account = m_scope.actor.account.text();
    return conflict.author == account ||
           conflict.author == outbox::serverAccount(m_scope.connection, account);
}

Result<std::int64_t> ConflictCommands::countOpen()
{
    return guarded([&]() -> Result<std::int64_t> {
        std::int64_t count = 0;
        Query row(m_scope.connection,
                  "SELECT focus_type, focus_id FROM conflict_index WHERE open = 1 ORDER BY detected_at");
        while (row.step()) {
            Conflict conflict;
            conflict.focusType = row.string(0);
            conflict.focusId = row.string(1);
            count += mayDo(Operation::Read, conflict) ? 1 : 0;
        }
        return count;
    });
}

Result<std::vector<ListedConflict>> ConflictCommands::list(Which which, bool again)
{
    auto listed = guarded([&]() -> Result<std::vector<ListedConflict>> {
        std::vector<ListedConflict> found;
        RecordNaming naming(m_scope.connection);
        const bool open = which == Which::Open;
        Query row(m_scope.connection,
                  "SELECT r.body, f.body FROM conflict_index c JOIN resource r ON r.pk = c.pk "
                  "LEFT JOIN resource f ON f.type = c.focus_type AND f.id = c.focus_id WHERE c.open = ? "
                  "ORDER BY CASE WHEN c.open = 1 THEN c.detected_at END, r.changed_at DESC, c.id LIMIT ?");
        row.bind(open, open ? -1 : kSettledShown);
        while (row.step()) {
            const auto task = Json::parse(row.text(0));
            auto conflict = task ? fhir::readConflict(*task) : fail(task.error());
            if (!conflict)
                return fail(ErrorCode::DatabaseDamaged, "a conflict's Task cannot be read");
            if (!mayDo(Operation::Read, *conflict))
                continue;
            auto record = row.isNull(1) ? Result<Json>(Json()) : Json::parse(row.text(1));
            if (!record)
                return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
            RecordTitle title = naming.titleOf(conflict->focusType, conflict->focusId, *record);
            if (title.patientName.empty() && !conflict->patient.empty()) {
                title.patient = conflict->patient;
                title.patientName = naming.nameOf("Patient/" + conflict->patient);
            }
            const bool mine = isMine(*conflict);
            const bool maySettle = mayDo(Operation::Update, *conflict);
            found.push_back({std::move(*conflict), std::move(title), mine, maySettle});
        }
        return found;
    });
    if (!listed || again)
        return listed;
    AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Task"};
    event.detail =
        std::to_string(listed->size()) + (which == Which::Open ? " open" : " settled") + " conflicts";
    if (auto noted = auditOnly(m_scope, event); !noted)
        return fail(noted.error());
    return listed;
}

Result<ConflictCommands::Found> ConflictCommands::find(RecordStore& records, const std::string& id)
{
    const auto stored = records.find("Task", id);
    if (!stored || stored->deleted)
        return fail(ErrorCode::NotFound, "Task/" + id);
    auto task = parseBody(*stored);
    if (!task)
        return fail(task.error());
    if (!fhir::isConflictTask(*task))
        return fail(ErrorCode::NotFound, "Task/" + id);
    auto conflict = fhir::readConflict(*task);
    if (!conflict)
        return fail(conflict.error());
    Found found{std::move(*conflict), std::move(*task), {}, 0, 0};
    if (const auto record = records.find(found.conflict.focusType, found.conflict.focusId)) {
        found.revision = record->revision;
        found.pk = record->pk;
        if (!record->deleted) {
            auto document = parseBody(*record);
            if (!document)
                return fail(document.error());
            found.present = std::move(*document);
        }
    }
    return found;
}

Result<ShownConflict> ConflictCommands::show(const std::string& id)
{
    return guarded([&]() -> Result<ShownConflict> {
        std::optional<Area> refused;
        {
            UnitOfWork work(m_scope);
            auto found = find(work.records(), id);
            if (!found)
                return fail(found.error());
            if (mayDo(Operation::Read, found->conflict)) {
                ShownConflict shown = describe(std::move(*found));
                AuditEvent event{AuditAction::View, auditCategoryOf(shown.conflict.focusType), "Task", id,
                                 shown.conflict.patient};
                event.detail = shown.conflict.focusType + "/" + shown.conflict.focusId;
                work.records().audit(event);
                work.commit();
                return shown;
            }
            refused = areaOfFocus(found->conflict);
        }
        return fail(require(m_scope, Operation::Read, *refused, "Task", id).error());
    });
}

ShownConflict ConflictCommands::describe(Found found)
{
    ShownConflict shown;
    RecordNaming naming(m_scope.connection);
    shown.title = naming.titleOf(found.conflict.focusType, found.conflict.focusId,
                                 found.present ? *found.present : Json());
    if (shown.title.patientName.empty() && !found.conflict.patient.empty()) {
        shown.title.patient = found.conflict.patient;
        shown.title.patientName = naming.nameOf("Patient/" + found.conflict.patient);
    }
    shown.isMine = isMine(found.conflict);
    shown.maySettle = !found.conflict.settlement && mayDo(Operation::Update, found.conflict);
    shown.revision = found.revision;
    const auto learnNames = [&](std::optional<Json> value) {
        if (!value)
            return;
        fhir::forEachReference(*value, [&](const std::string& reference) {
            if (auto name = naming.nameOf(reference); !name.empty())
                shown.names.emplace(reference, std::move(name));
        });
    };
    for (const Conflict::Element& element : found.conflict.elements) {
        shown.now.push_back(valueAt(found.present, element.path));
        for (const auto& value : {element.base, element.mine, element.theirs, shown.now.back()})
            learnNames(value);
    }
    Query updated(m_scope.connection, "SELECT coalesce(last_updated, '') FROM resource WHERE pk = ?");
    if (updated.bind(found.pk).step())
        shown.presentAt = updated.string(0);
    if (found.conflict.kind == Conflict::Kind::Booking) {
        shown.wished = wishedBooking(found.conflict, found.present);
        ClinicReader reader(m_scope.connection);
        const auto other = shown.wished ? reader.clashWith(*shown.wished) : std::nullopt;
        if (other && roleAllows(m_scope.actor.role, Operation::Read, Area::Appointments))
            shown.holder = reader.appointment(*other);
        if (shown.holder && !roleAllows(m_scope.actor.role, Operation::Read, Area::PatientIdentity))
            shown.holder->patientName.clear();
    }
    shown.present = std::move(found.present);
    shown.conflict = std::move(found.conflict);
    return shown;
}

} // namespace yarrow
