// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_fhir.h"
#include "models/fhir/element_access.h"
#include "models/store/commands/account_commands.h"
#include "models/store/commands/conflict_commands.h"
#include "models/store/commands/settlement_tickets.h"
#include "models/store/sync/outbox.h"
#include "models/store/tunables.h"

#include <algorithm>
#include <array>

namespace yarrow {
namespace {

using Take = Conflict::Choice::Take;

const char* takeName(Take take)
{
    return take == Take::Mine ? "mine" : take == Take::Theirs ? "theirs" : "value";
}

std::string textOf(const std::vector<Conflict::Choice>& choices)
{
    std::string text;
    for (const Conflict::Choice& choice : choices)
        text += (text.empty() ? "" : "; ") + std::string(takeName(choice.take)) + " " +
                (choice.path.empty() ? "*" : choice.path);
    return text;
}

Result<void> checkComplete(const Conflict& conflict, const std::vector<Conflict::Choice>& choices)
{
    for (const Conflict::Choice& choice : choices) {
        if (std::none_of(conflict.elements.begin(), conflict.elements.end(),
                         [&](const auto& element) { return element.path == choice.path; }))
            return fail(ErrorCode::InvalidArgument, "not disputed: " + choice.path);
    }
    for (const Conflict::Element& element : conflict.elements) {
        const auto chosen = std::count_if(choices.begin(), choices.end(),
                                          [&](const auto& choice) { return choice.path == element.path; });
        if (chosen != 1)
            return fail(ErrorCode::InvalidArgument,
                        std::string(chosen == 0 ? "no choice for " : "two choices for ") +
                            (element.path.empty() ? "*" : element.path));
    }
    return {};
}

/// What says when an appointment is, and who and what it takes.
constexpr std::array<std::string_view, 7> kBookingElements{
    "status", "minutesDuration", "start", "end", "slot", "participant", "requestedPeriod"};

/// A booking is decided for time and place only: what else of the appointment was changed since stays.
Json bookedAs(Json present, const Json& wished)
{
    for (const std::string_view name : kBookingElements) {
        if (const Json* value = wished.find(name))
            present.set(name, *value);
        else
            present.remove(name);
    }
    return present;
}

/// A whole document as it goes into the place of the present one: what the server says of its version stays.
Result<std::optional<Json>> wholeDocument(const Conflict& conflict, const std::optional<Json>& present,
                                          std::optional<Json> document)
{
    if (!document)
        return document;
    if ((*document)["resourceType"].string() != conflict.focusType ||
        (*document)["id"].string() != conflict.focusId)
        return fail(ErrorCode::InvalidArgument, "a document of another record");
    if (conflict.kind == Conflict::Kind::Booking)
        return present ? Result<std::optional<Json>>(bookedAs(*present, *document))
                       : fail(ErrorCode::NotFound, conflict.focusType + "/" + conflict.focusId);
    if (present && present->contains("meta"))
        document->set("meta", (*present)["meta"]);
    return document;
}

/// The record with the values at their paths. Nothing: it is to be deleted, or stays so.
Result<std::optional<Json>> withChoices(const Conflict& conflict, const std::optional<Json>& present,
                                        const std::vector<Conflict::Choice>& choices)
{
    std::optional<Json> document = present;
    for (const Conflict::Element& element : conflict.elements) {
        const auto choice = std::find_if(choices.begin(), choices.end(),
                                         [&](const auto& one) { return one.path == element.path; });
        if (choice->take == Take::Theirs)
            continue;
        const std::optional<Json>& value = choice->take == Take::Mine ? element.mine : choice->value;
        if (element.path.empty()) {
            // What was deleted is there again by somebody's hand: that is not what the choice was about.
            if (conflict.kind == Conflict::Kind::EditDeleted && present)
                return fail(ErrorCode::Stale, conflict.focusType + "/" + conflict.focusId);
            auto whole = wholeDocument(conflict, present, value);
            if (!whole)
                return whole;
            document = std::move(*whole);
            continue;
        }
        if (!document)
            return fail(ErrorCode::NotFound, conflict.focusType + "/" + conflict.focusId);
        auto with = fhir::withElement(std::move(*document), element.path, value);
        if (!with)
            return fail(with.error());
        document = std::move(*with);
    }
    return document;
}

std::optional<Json> partOf(const std::optional<Json>& document, const std::string& path)
{
    if (!document || path.empty())
        return document;
    auto value = fhir::elementAt(*document, path);
    return value ? std::move(*value) : std::nullopt;
}

/// Without what a server changes on its own.
std::optional<Json> comparable(std::optional<Json> document)
{
    if (document && document->isObject()) {
        document->remove("meta");
        document->remove("text");
    }
    return document;
}

} // namespace

Result<ConflictCommands::Found> ConflictCommands::findOpen(const std::string& id,
                                                           std::optional<std::int64_t> revision)
{
    std::optional<Found> found;
    bool mayRead = false;
    {
        UnitOfWork work(m_scope);
        auto stored = find(work.records(), id);
        if (!stored)
            return fail(stored.error());
        found = std::move(*stored);
        mayRead = mayDo(Operation::Read, found->conflict);
    }
    const Area area = areaOfFocus(found->conflict);
    if (auto allowed = require(m_scope, mayRead ? Operation::Update : Operation::Read, area, "Task", id);
        !allowed)
        return fail(allowed.error());
    if (const auto& settlement = found->conflict.settlement)
        return fail(ErrorCode::Stale, "settled by " + settlement->name + " at " + settlement->at);
    if (revision && *revision != found->revision)
        return fail(ErrorCode::Stale, found->conflict.focusType + "/" + found->conflict.focusId);
    return std::move(*found);
}

Result<SettledConflict> ConflictCommands::settle(const std::string& id,
                                                 const std::vector<Conflict::Choice>& choices,
                                                 std::optional<std::int64_t> revision)
{
    return guarded([&]() -> Result<SettledConflict> {
        const auto found = findOpen(id, revision);
        if (!found)
            return fail(found.error());
        return write(*found, choices);
    });
}

Result<SettledConflict> ConflictCommands::rebook(const std::string& id, const Opening& opening,
                                                 std::optional<std::int64_t> revision)
{
    return guarded([&]() -> Result<SettledConflict> {
        const auto found = findOpen(id, revision);
        if (!found)
            return fail(found.error());
        const Conflict& conflict = found->conflict;
        if (conflict.kind != Conflict::Kind::Booking)
            return fail(ErrorCode::InvalidArgument, "not a booking");
        std::vector<Conflict::Choice> choices;
        for (const Conflict::Element& element : conflict.elements)
            choices.push_back({element.path, Take::Mine, {}});
        auto document = withChoices(conflict, found->present, choices);
        if (!document)
            return fail(document.error());
        if (!*document)
            return fail(ErrorCode::NotFound, conflict.focusType + "/" + conflict.focusId);
        auto wished = fhir::readAppointment(**document);
        if (!wished)
            return fail(wished.error());
        wished->start = opening.when.start;
        wished->end = opening.when.end;
        wished->practitioner = opening.practitioner;
        wished->room = opening.room;
        if (!opening.device.isEmpty())
            wished->device = opening.device;
        fhir::writeAppointment(*wished, **document);
        for (Conflict::Choice& choice : choices) {
            choice.take = Take::Value;
            choice.value = partOf(*document, choice.path);
        }
        return write(*found, choices);
    });
}

Result<SettledConflict> ConflictCommands::write(const Found& found,
                                                const std::vector<Conflict::Choice>& choices)
{
    const Conflict& conflict = found.conflict;
    if (auto complete = checkComplete(conflict, choices); !complete)
        return fail(complete.error());
    const auto after = withChoices(conflict, found.present, choices);
    if (!after)
        return fail(after.error());

    SettledConflict settled{conflict.id,        formatInstant(m_scope.clock.now()),
                            m_scope.ids.next(), conflict.focusType,
                            conflict.focusId,   {}};
    for (const Conflict::Element& element : conflict.elements) {
        auto before = partOf(found.present, element.path);
        auto now = partOf(*after, element.path);
        if (before != now)
            settled.replaced.push_back({element.path, std::move(before), std::move(now)});
    }
    const bool deletes = found.present && !*after;
    if (deletes && !mayDo(Operation::Delete, conflict))
        return fail(
            require(m_scope, Operation::Delete, areaOfFocus(conflict), conflict.focusType, conflict.focusId)
                .error());

    UnitOfWork work(m_scope);
    // What was looked at above may have moved on: the exchange writes on a connection of its own.
    const auto current = find(work.records(), conflict.id);
    if (!current)
        return fail(current.error());
    if (current->revision != found.revision || current->task != found.task)
        return fail(ErrorCode::Stale, conflict.focusType + "/" + conflict.focusId);

    work.records().beginUnit(settled.unit);
    if (auto written = writeRecord(work.records(), conflict, found.present, *after, "conflict settled");
        !written)
        return fail(written.error());
    const auto account = findAccount(m_scope.connection, m_scope.actor.account);
    const Conflict::Settlement settlement{m_scope.actor.account.text(),
                                          account ? account->displayName : m_scope.actor.userName, settled.at,
                                          choices};
    if (auto written = work.records().put(fhir::settledTask(found.task, settlement), "conflict settled");
        !written)
        return fail(written.error());
    AuditEvent event{AuditAction::ConflictSettled, auditCategoryOf(conflict.focusType), "Task", conflict.id,
                     conflict.patient};
    event.detail = conflict.focusType + "/" + conflict.focusId + ": " + textOf(choices);
    work.records().audit(event);
    dropTicketsBefore(m_scope.connection, m_scope.clock.now() - tunables::kSettlementUndo);
    keepTicket(m_scope.connection, settled, m_scope.actor.account);
    work.commit();
    return settled;
}

Result<void> ConflictCommands::writeRecord(RecordStore& records, const Conflict& conflict,
                                           const std::optional<Json>& before,
                                           const std::optional<Json>& after, const std::string& reason)
{
    if (before == after)
        return {};
    if (!after)
        return records.remove(conflict.focusType, conflict.focusId, reason);
    if (conflict.focusType == "Appointment") {
        if (auto free = checkBooking(before, *after); !free)
            return free;
    }
    const auto written = records.put(*after, reason);
    return written ? Result<void>() : fail(written.error());
}

/// A time, room or person that changes hands must be free.
Result<void> ConflictCommands::checkBooking(const std::optional<Json>& before, const Json& after)
{
    const auto wished = fhir::readAppointment(after);
    if (!wished)
        return fail(wished.error());
    if (auto valid = validate(*wished); !valid)
        return valid;
    if (before) {
        const auto stood = fhir::readAppointment(*before);
        if (stood && holdsSlot(stood->status) == holdsSlot(wished->status) && stood->start == wished->start &&
            stood->end == wished->end && stood->practitioner == wished->practitioner &&
            stood->room == wished->room && stood->device == wished->device)
            return {};
    }
    if (const auto other = ClinicReader(m_scope.connection).clashWith(*wished))
        return fail(ErrorCode::SlotTaken, other->text());
    return {};
}

Result<ConflictCommands::Undone> ConflictCommands::undo(const SettledConflict& settled)
{
    return guarded([&]() -> Result<Undone> {
        Conflict focus;
        focus.focusType = settled.focusType;
        focus.focusId = settled.focusId;
        if (auto allowed = require(m_scope, Operation::Update, areaOfFocus(focus), "Task", settled.id);
            !allowed)
            return fail(allowed.error());
        const auto takenBack = takeBackUnit(settled);
        if (!takenBack)
            return fail(takenBack.error());
        return *takenBack ? Result<Undone>(Undone::Reopened) : putBack(settled);
    });
}

/// Whether the unit had not been sent, and is gone now.
Result<bool> ConflictCommands::takeBackUnit(const SettledConflict& settled)
{
    UnitOfWork work(m_scope);
    const auto edits = outbox::editsOfUnit(m_scope.connection, settled.unit);
    if (edits.empty())
        return false;
    for (const auto& edit : edits) {
        if (edit.isUnderWay)
            return fail(ErrorCode::InvalidArgument, "under-way");
        if (!edit.isLast) // somebody went on from what was decided
            return fail(ErrorCode::Stale, edit.type + "/" + edit.id);
    }
    for (const auto& edit : edits) {
        const auto record = work.records().find(edit.type, edit.id);
        work.records().takeBack(*record, edit.firstSeq, AuditAction::ConflictReopened, {});
    }
    dropTicket(m_scope.connection, settled.id);
    work.commit();
    return true;
}

Result<ConflictCommands::Undone> ConflictCommands::putBack(const SettledConflict& settled)
{
    if (settled.replaced.empty())
        return fail(ErrorCode::InvalidArgument, "nothing-to-put-back");
    UnitOfWork work(m_scope);
    const auto found = find(work.records(), settled.id);
    if (!found)
        return fail(found.error());
    const auto& settlement = found->conflict.settlement;
    if (!settlement || settlement->at != settled.at) // another settlement was first
        return fail(ErrorCode::Stale, "Task/" + settled.id);
    std::optional<Json> document = found->present;
    for (const SettledConflict::Replaced& replaced : settled.replaced) {
        if (comparable(partOf(found->present, replaced.path)) != comparable(replaced.after))
            return fail(ErrorCode::Stale, settled.focusType + "/" + settled.focusId);
        if (replaced.path.empty()) {
            document = replaced.before;
            continue;
        }
        auto with = fhir::withElement(std::move(*document), replaced.path, replaced.before);
        if (!with)
            return fail(with.error());
        document = std::move(*with);
    }
    if (auto written = writeRecord(work.records(), found->conflict, found->present, document,
                                   "settlement of a conflict taken back");
        !written)
        return fail(written.error());
    dropTicket(m_scope.connection, settled.id);
    work.commit();
    return Undone::PutBack;
}

Result<std::vector<SettledConflict>> ConflictCommands::undoable()
{
    return guarded([&]() -> Result<std::vector<SettledConflict>> {
        std::vector<SettledConflict> tickets = ticketsOf(m_scope.connection, m_scope.actor.account);
        const std::string oldest = formatInstant(m_scope.clock.now() - tunables::kSettlementUndo);
        std::erase_if(tickets, [&](const SettledConflict& one) { return one.at < oldest; });
        return tickets;
    });
}

} // namespace yarrow
