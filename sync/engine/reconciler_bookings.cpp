// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/appointment.h"
#include "models/fhir/appointment_fhir.h"
#include "models/fhir/conflict_task.h"
#include "models/store/records/record_store.h"
#include "models/store/sync/id_map.h"
#include "sync/engine/reconciler.h"
#include "sync/engine/stored_document.h"
#include "sync/merge/merge.h"

#include <algorithm>
#include <array>

// Appointments whose time was taken.

namespace yarrow::sync {
namespace {

/// What says when an appointment is, and who and what it takes.
constexpr std::array<std::string_view, 7> kBookingElements{
    "status", "minutesDuration", "start", "end", "slot", "participant", "requestedPeriod"};

bool holdsSlot(const Json& document)
{
    const auto appointment = fhir::readAppointment(document);
    return appointment && yarrow::holdsSlot(appointment->status);
}

bool sameBooking(const Json& a, const Json& b)
{
    return std::all_of(kBookingElements.begin(), kBookingElements.end(),
                       [&](std::string_view name) { return a[name] == b[name]; });
}

/// What of an appointment remains when its time was refused: it is where it was at the server or, if it held
/// no time there, holds none.
Json withoutSlot(Json document, const std::optional<Json>& base)
{
    if (!holdsSlot(document))
        return document;
    if (!base || !holdsSlot(*base)) {
        document.set("status", "pending");
        return document;
    }
    for (const std::string_view name : kBookingElements) {
        if (const Json* value = base->find(name))
            document.set(name, *value);
        else
            document.remove(name);
    }
    return document;
}

} // namespace

Reconciler::Outcome Reconciler::bookingTaken(const SyncRecord& record)
{
    Outcome outcome;
    YARROW_ASSERT(record.push && record.push->document);
    const Json wished = parsed(*record.push->document);
    const std::optional<Json> base = parsed(record.atServer());
    std::vector<WaitingEdit> sent;
    std::vector<WaitingEdit> later;
    for (const WaitingEdit& edit : record.edits)
        (edit.seq <= record.push->upTo ? sent : later).push_back(edit);
    YARROW_ASSERT(!sent.empty());
    const ServerVersion present = knownVersion(record);
    openConflict(record, sent.back(), Conflict::Kind::Booking, present, {{{}, base, wished, base}});
    ++outcome.conflicts;

    std::vector<WaitingEdit> kept;
    std::optional<Json> now = base;
    const auto keep = [&](WaitingEdit run, std::optional<Json> document) {
        const bool changes =
            document.has_value() != now.has_value() || (document && !saysTheSame(*document, *now));
        if (!changes)
            return;
        run.document.reset();
        if (document)
            run.document = document->dump();
        kept.push_back(std::move(run));
        now = std::move(document);
    };
    keep(sent.back(), withoutSlot(wished, base));
    for (const WaitingEdit& run : runsOf(later)) {
        std::optional<Json> document = parsed(run.document);
        // Somebody who has moved it elsewhere since may find that time free.
        if (document && sameBooking(*document, wished))
            document = withoutSlot(std::move(*document), base);
        keep(run, std::move(document));
    }
    m_records.rebase(record, present, kept, false);
    return outcome;
}

bool Reconciler::overlapFound(const SyncRecord& later, const SyncRecord& earlier, const std::string& author)
{
    // All that the Task says comes from the two records, so that every workstation makes the same one.
    Conflict conflict;
    IdMap ids(m_connection);
    conflict.id = uuidOf(
        {"overlap", ids.remote(later.type, later.id), later.version, ids.remote(earlier.type, earlier.id)});
    if (m_records.find("Task", conflict.id))
        return false;
    conflict.kind = Conflict::Kind::Booking;
    conflict.focusType = later.type;
    conflict.focusId = later.id;
    conflict.patient = patientOf(later);
    conflict.detectedAt = later.lastUpdated;
    conflict.editedAt = later.lastUpdated;
    conflict.theirsVersion = later.version;
    conflict.elements = {{{}, std::nullopt, parsed(later.body), parsed(earlier.body)}};
    Actor actor = actorOf(author);
    RecordStore store(m_connection, m_clock, m_clinic, actor);
    const auto written = store.put(fhir::conflictTask(conflict), {});
    YARROW_ASSERT(written.has_value());
    return true;
}

} // namespace yarrow::sync
