// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/exchange_rows.h"

#include <algorithm>

namespace yarrow {
namespace {

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

std::optional<Instant> instantOf(const std::string& at)
{
    const auto instant = parseInstant(at);
    return instant ? std::optional(*instant) : std::nullopt;
}

ConflictKind kindOf(Conflict::Kind kind)
{
    switch (kind) {
    case Conflict::Kind::Elements:
        return ConflictKind::Elements;
    case Conflict::Kind::EditDeleted:
        return ConflictKind::EditDeleted;
    case Conflict::Kind::DeleteEdited:
        return ConflictKind::DeleteEdited;
    case Conflict::Kind::Booking:
        return ConflictKind::Booking;
    }
    bug("unknown kind of conflict", __FILE__, __LINE__);
}

ElementPath pathOf(const std::vector<ConflictPathStep>& steps)
{
    ElementPath path;
    for (const ConflictPathStep& step : steps) {
        PathStep one{text(step.name), {}, {}};
        for (const auto& [name, value] : step.key)
            one.key.append({text(name), text(value)});
        for (const std::string& member : step.members)
            one.members << text(member);
        path.push_back(std::move(one));
    }
    return path;
}

} // namespace

RecordSubject subjectOf(const RecordTitle& title)
{
    RecordSubject subject{text(title.type),        title.id,         {},
                          text(title.patientName), text(title.name), title.start};
    if (auto patient = PatientId::parse(title.patient))
        subject.patient = std::move(*patient);
    return subject;
}

ConflictRow rowOf(const Conflict& conflict, const RecordTitle& title, bool isMine, bool maySettle)
{
    ConflictRow row;
    row.id = text(conflict.id);
    row.kind = kindOf(conflict.kind);
    row.subject = subjectOf(title);
    row.authorName = text(conflict.authorName);
    row.editedAt = instantOf(conflict.editedAt);
    for (const Conflict::Element& element : conflict.elements)
        row.elements.push_back(pathOf(pathSteps(element.path)));
    row.isMine = isMine;
    row.maySettle = maySettle;
    if (conflict.settlement) {
        row.isSettled = true;
        row.settledBy = text(conflict.settlement->name);
        row.settledAt = instantOf(conflict.settlement->at);
    }
    return row;
}

ConflictDetails detailsOf(ShownConflict shown)
{
    ConflictDetails details;
    details.row = rowOf(shown.conflict, shown.title, shown.isMine, shown.maySettle);
    details.recordExists = shown.present.has_value();
    details.revision = shown.revision;
    for (std::size_t i = 0; i < shown.conflict.elements.size(); ++i) {
        Conflict::Element& element = shown.conflict.elements[i];
        details.elements.push_back({element.path, details.row.elements[i], std::move(element.base),
                                    std::move(element.mine), std::move(element.theirs),
                                    std::move(shown.now[i])});
    }
    if (shown.conflict.settlement) {
        for (const Conflict::Choice& choice : shown.conflict.settlement->choices) {
            const auto take = choice.take == Conflict::Choice::Take::Mine    ? ConflictChoice::Take::Mine
                              : choice.take == Conflict::Choice::Take::Value ? ConflictChoice::Take::Value
                                                                             : ConflictChoice::Take::Theirs;
            details.decided.push_back({choice.path, take, choice.value});
        }
    }
    details.theirsName = text(shown.conflict.theirsAuthorName);
    details.theirsAt = instantOf(shown.presentAt);
    for (const auto& [reference, name] : shown.names)
        details.names.insert(text(reference), text(name));
    details.wished = std::move(shown.wished);
    if (shown.holder) {
        AppointmentRow holder;
        holder.appointment = std::move(shown.holder->appointment);
        holder.revision = shown.holder->revision;
        holder.patientName = text(shown.holder->patientName);
        details.holder = std::move(holder);
    }
    return details;
}

WaitingRows rowsOf(const WaitingList& list)
{
    WaitingRows rows;
    rows.more = static_cast<int>(list.more);
    rows.hidden = static_cast<int>(list.hidden);
    for (const WaitingRecord& record : list.records) {
        WaitingRow row;
        row.subject = subjectOf(record.title);
        row.change = record.change == WaitingRecord::Change::Made      ? WaitingRow::Change::Made
                     : record.change == WaitingRecord::Change::Deleted ? WaitingRow::Change::Deleted
                                                                       : WaitingRow::Change::Edited;
        row.state = record.state == WaitingRecord::State::Refused    ? WaitingRow::State::Refused
                    : record.state == WaitingRecord::State::UnderWay ? WaitingRow::State::UnderWay
                                                                     : WaitingRow::State::Waiting;
        row.authorName = text(record.authorName);
        row.since = instantOf(record.since);
        row.mayDiscard = record.mayDiscard;
        if (record.refused)
            row.refusal = WaitingRow::Refusal{record.refused->status,
                                              text(record.refused->code),
                                              text(record.refused->message),
                                              text(record.refused->element),
                                              static_cast<int>(record.refused->attempts),
                                              instantOf(record.refused->since),
                                              record.refused->retryAt};
        rows.rows.push_back(std::move(row));
    }
    return rows;
}

ExchangeRow rowOf(const outbox::Exchange& exchange)
{
    return {instantOf(exchange.at),
            exchange.seconds,
            static_cast<int>(exchange.pulled),
            static_cast<int>(exchange.pushed),
            static_cast<int>(exchange.merged),
            static_cast<int>(exchange.conflicts),
            static_cast<int>(exchange.quarantined),
            text(exchange.outcome),
            text(exchange.note)};
}

std::vector<Conflict::Choice> choicesOf(const std::vector<ConflictChoice>& choices)
{
    std::vector<Conflict::Choice> all;
    for (const ConflictChoice& choice : choices) {
        const auto take = choice.take == ConflictChoice::Take::Mine    ? Conflict::Choice::Take::Mine
                          : choice.take == ConflictChoice::Take::Value ? Conflict::Choice::Take::Value
                                                                       : Conflict::Choice::Take::Theirs;
        all.push_back({choice.path, take, choice.value});
    }
    return all;
}

} // namespace yarrow
