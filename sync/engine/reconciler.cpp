// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/reconciler.h"

#include "core/crypto.h"
#include "models/domain/patient.h"
#include "models/fhir/patient_fhir.h"
#include "models/store/commands/account_commands.h"
#include "models/store/records/record_erasure.h"
#include "models/store/sync/outbox.h"
#include "sync/engine/stored_document.h"
#include "sync/merge/merge.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

Json emptyDocument(const SyncRecord& record)
{
    Json document = Json::object();
    document.set("resourceType", record.type);
    document.set("id", record.id);
    return document;
}

bool sameToPeople(const std::optional<Json>& before, const std::optional<Json>& after)
{
    return before.has_value() == after.has_value() && (!before || saysTheSame(*before, *after));
}

std::vector<Conflict::Element> elementsOf(const std::vector<Dispute>& disputes)
{
    std::vector<Conflict::Element> elements;
    elements.reserve(disputes.size());
    for (const Dispute& dispute : disputes)
        elements.push_back({dispute.path, dispute.base, dispute.mine, dispute.theirs});
    return elements;
}

} // namespace

std::string uuidOf(const std::vector<std::string_view>& parts)
{
    crypto::Sha256 sum;
    for (const std::string_view part : parts)
        sum.update(crypto::bytesOf(std::to_string(part.size()) + ":")).update(crypto::bytesOf(part));
    crypto::Digest digest = sum.finish();
    digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0fU) | 0x80U);
    digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3fU) | 0x80U);
    std::string uuid = crypto::toHex(crypto::ByteView(digest).first(16));
    for (const std::size_t place : {20U, 16U, 12U, 8U})
        uuid.insert(place, 1, '-');
    return uuid;
}

std::vector<WaitingEdit> runsOf(const std::vector<WaitingEdit>& edits)
{
    std::vector<WaitingEdit> runs;
    for (const WaitingEdit& edit : edits) {
        // A deletion is a version of its own: what comes after it is another record's life.
        if (runs.empty() || runs.back().author != edit.author || runs.back().unit != edit.unit ||
            !runs.back().document) {
            runs.push_back(edit);
            continue;
        }
        std::string reason = runs.back().reason;
        if (!edit.reason.empty() && edit.reason != reason)
            reason += reason.empty() ? edit.reason : "; " + edit.reason;
        runs.back() = edit;
        runs.back().reason = std::move(reason);
    }
    return runs;
}

ServerVersion knownVersion(const SyncRecord& record)
{
    ServerVersion version{record.type,        record.id, record.version,
                          record.lastUpdated, {},        record.versionAuthor};
    if (record.atServer()) {
        auto prepared = PreparedRecord::ofServer(parsed(*record.atServer()));
        YARROW_ASSERT(prepared.has_value());
        version.record = std::move(*prepared);
    }
    return version;
}

Reconciler::Reconciler(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                       SyncRecords& records)
    : m_connection(connection)
    , m_clock(clock)
    , m_clinic(clinic)
    , m_records(records)
{}

Reconciler::Outcome Reconciler::merge(const SyncRecord& record, const ServerVersion& version)
{
    // What the server has lost is an edit itself: nobody knows which version of it somebody else has offered.
    const std::optional<std::string>& base = record.atServer();
    return rebaseOnto(record, base, record.edits, version);
}

Reconciler::Outcome Reconciler::mergeLost(const SyncRecord& record,
                                          const std::optional<std::string>& ancestor, const WaitingEdit& lost,
                                          const ServerVersion& version)
{
    std::vector<WaitingEdit> edits = record.edits;
    edits.insert(edits.begin(), lost);
    return rebaseOnto(record, ancestor, edits, version);
}

Reconciler::Outcome Reconciler::broughtBack(const SyncRecord& record, const ServerVersion& version)
{
    YARROW_ASSERT(record.isLostDeletion());
    // Nothing of this workstation is in it, so that the conflict is the same everywhere.
    const WaitingEdit deletion{
        0, outbox::localAccount(m_connection, record.versionAuthor), {}, record.lastUpdated, {}, {}, {}};
    return rebaseOnto(record, std::nullopt, {deletion}, version);
}

Reconciler::Outcome Reconciler::acknowledge(const SyncRecord& record, const ServerVersion& version)
{
    YARROW_ASSERT(record.push.has_value());
    std::vector<WaitingEdit> later;
    for (const WaitingEdit& edit : record.edits) {
        if (edit.seq > record.push->upTo)
            later.push_back(edit);
    }
    const auto newer = m_records.isNewer(version, record);
    // What was sent is in every version from the answer's on, so a newer one that is known already will do.
    const ServerVersion target = newer.value_or(true) ? version : knownVersion(record);
    return rebaseOnto(record, record.push->document, later, target);
}

bool Reconciler::acknowledgeAsSent(const SyncRecord& record, const ServerVersion& version, const Json& stored)
{
    YARROW_ASSERT(record.push && record.push->document);
    if (record.edits.empty() || record.edits.back().seq > record.push->upTo ||
        record.body != record.push->document || version.version.empty() ||
        !m_records.isNewer(version, record).value_or(false) || stored["id"].string() != record.id ||
        stored["resourceType"].string() != record.type || !saysTheSame(parsed(*record.body), stored))
        return false;
    m_records.acknowledge(record, version, stored.dump());
    return true;
}

Reconciler::Outcome Reconciler::rebaseOnto(const SyncRecord& record, const std::optional<std::string>& base,
                                           const std::vector<WaitingEdit>& edits,
                                           const ServerVersion& version)
{
    Outcome outcome;
    std::vector<WaitingEdit> kept;
    std::vector<std::string> lateUnits;
    std::optional<Json> before = parsed(base); // what the next run was made on
    std::optional<Json> now;                   // what it is put on
    if (version.record)
        now = parsed(version.record->body);
    const bool serverChanged = !sameToPeople(before, now);
    const bool isConflictTask = record.body && fhir::isConflictTask(parsed(*record.body));

    for (WaitingEdit& run : runsOf(edits)) {
        std::optional<Json> mine = parsed(run.document);
        const auto late = [&] { // somebody else settled first
            lateUnits.push_back(run.unit);
            before = std::move(mine);
        };
        if (isConflictTask && now && serverChanged) {
            // The first one that is known to the server stands.
            run.unit.empty() ? static_cast<void>(before = std::move(mine)) : late();
            continue;
        }
        if (!mine) {
            if (now && sameToPeople(before, now)) {
                now.reset();
                kept.push_back(run);
            } else if (now && isSettlement(run.unit)) {
                late();
                continue;
            } else if (now) {
                openConflict(record, run, Conflict::Kind::DeleteEdited, version,
                             {{{}, before, std::nullopt, now}});
                ++outcome.conflicts;
            }
            before.reset();
            continue;
        }
        if (!now && before) {
            if (isSettlement(run.unit)) {
                late();
                continue;
            }
            openConflict(record, run, Conflict::Kind::EditDeleted, version,
                         {{{}, before, mine, std::nullopt}});
            ++outcome.conflicts;
            before = std::move(mine);
            continue;
        }
        if (!now) {
            kept.push_back(run);
            now = mine;
            before = std::move(mine);
            continue;
        }
        Merged merged = sync::merge(before ? *before : emptyDocument(record), *mine, *now);
        if (!merged.disputes.empty()) {
            if (isSettlement(run.unit)) {
                late();
                continue;
            }
            openConflict(record, run, Conflict::Kind::Elements, version, elementsOf(merged.disputes));
            ++outcome.conflicts;
        }
        if (!saysTheSame(merged.document, *now)) {
            outcome.merged = outcome.merged || serverChanged;
            run.document = merged.document.dump();
            kept.push_back(run);
            now = std::move(merged.document);
        }
        before = std::move(mine);
    }
    m_records.rebase(record, version, kept, sameToPeople(parsed(record.body), now));
    for (const std::string& unit : lateUnits)
        dropUnit(unit);
    return outcome;
}

bool Reconciler::isSettlement(const std::string& unit)
{
    if (unit.empty())
        return false;
    const std::vector<std::int64_t> records = outbox::ofUnit(m_connection, unit);
    return std::any_of(records.begin(), records.end(), [&](std::int64_t pk) {
        const auto record = m_records.find(pk);
        return record && record->body && fhir::isConflictTask(parsed(*record->body));
    });
}

void Reconciler::dropUnit(const std::string& unit)
{
    for (const std::int64_t pk : outbox::ofUnit(m_connection, unit)) {
        const auto record = m_records.find(pk);
        if (!record)
            continue;
        std::vector<WaitingEdit> kept;
        std::optional<Json> before = parsed(record->base);
        std::optional<Json> now = before;
        for (WaitingEdit& run : runsOf(record->edits)) {
            std::optional<Json> mine = parsed(run.document);
            if (run.unit != unit) {
                if (mine && now && before) // it was made knowingly, on top: where both dispute, it stands
                    run.document = sync::merge(*before, *now, *mine).document.dump();
                now = parsed(run.document);
                kept.push_back(run);
            }
            before = std::move(mine);
        }
        m_records.rebase(*record, knownVersion(*record), kept, sameToPeople(parsed(record->body), now));
    }
}

Reconciler::Outcome Reconciler::putBack(const SyncRecord& record, const SyncRecord& sent,
                                        const ServerVersion& passedOver, const std::string& author)
{
    YARROW_ASSERT(sent.push.has_value());
    Outcome outcome;
    const ServerVersion present = knownVersion(record);
    const std::optional<Json> base = parsed(sent.atServer());
    std::optional<Json> ours;
    if (present.record)
        ours = parsed(present.record->body);
    const WaitingEdit upload{0, sent.push->author, m_clinic.device, sent.push->at, sent.push->unit, {}, {}};
    if (!passedOver.record) {
        if (ours && base) {
            openConflict(record, upload, Conflict::Kind::EditDeleted, present,
                         {{{}, base, ours, std::nullopt}});
            ++outcome.conflicts;
        }
        return outcome;
    }
    const Json theirs = parsed(passedOver.record->body);
    WaitingEdit lost{0,  author, m_clinic.device,        formatInstant(m_clock.now()),
                     {}, {},     passedOver.record->body};
    Json now = theirs;
    if (!ours) {
        openConflict(record, upload, Conflict::Kind::DeleteEdited, present,
                     {{{}, base, std::nullopt, theirs}});
        ++outcome.conflicts;
    } else if (!fhir::isConflictTask(*ours)) { // of settlements the first one that the server knew stands
        Merged merged = sync::merge(base ? *base : emptyDocument(record), theirs, *ours);
        if (!merged.disputes.empty()) {
            openConflict(record, lost, Conflict::Kind::Elements, present, elementsOf(merged.disputes));
            ++outcome.conflicts;
        }
        now = std::move(merged.document);
    }
    if (ours && saysTheSame(now, *ours))
        return outcome;
    outcome.merged = true;
    lost.document = now.dump();
    std::vector<WaitingEdit> kept{lost};
    std::vector<std::string> lateUnits;
    std::optional<Json> before = std::move(ours);
    for (WaitingEdit& run : runsOf(record.edits)) { // made without a look at what is put back
        std::optional<Json> mine = parsed(run.document);
        Merged merged{now, {}};
        if (mine)
            merged = sync::merge(before ? *before : emptyDocument(record), *mine, now);
        before = mine;
        if ((!mine || !merged.disputes.empty()) && isSettlement(run.unit)) {
            lateUnits.push_back(run.unit);
            continue;
        }
        if (!mine) {
            openConflict(record, run, Conflict::Kind::DeleteEdited, present,
                         {{{},
                           parsed(present.record ? std::optional(present.record->body) : std::nullopt),
                           std::nullopt,
                           now}});
            ++outcome.conflicts;
            continue;
        }
        if (!merged.disputes.empty()) {
            openConflict(record, run, Conflict::Kind::Elements, present, elementsOf(merged.disputes));
            ++outcome.conflicts;
        }
        if (saysTheSame(merged.document, now))
            continue;
        run.document = merged.document.dump();
        kept.push_back(run);
        now = std::move(merged.document);
    }
    m_records.rebase(record, present, kept, sameToPeople(parsed(record.body), now));
    for (const std::string& unit : lateUnits)
        dropUnit(unit);
    return outcome;
}

void Reconciler::giveNumber(const SyncRecord& record, const QString& refused, const QString& drawn)
{
    if (drawn.isEmpty() || drawn == refused)
        return;
    std::vector<WaitingEdit> edits = record.edits;
    for (WaitingEdit& edit : edits) {
        std::optional<Json> document = parsed(edit.document);
        auto patient = document ? fhir::readPatient(*document) : fail(ErrorCode::NotFound);
        if (!patient || medicalRecordNumber(*patient) != refused)
            continue;
        giveRecordNumber(*patient, drawn.toStdString());
        fhir::writePatient(*patient, *document);
        edit.document = document->dump();
    }
    if (edits != record.edits)
        m_records.rebase(record, knownVersion(record), edits,
                         edits.back().document == record.edits.back().document);
}

void Reconciler::openConflict(const SyncRecord& record, const WaitingEdit& edit, Conflict::Kind kind,
                              const ServerVersion& theirs, std::vector<Conflict::Element> elements)
{
    Conflict conflict;
    const std::string author = outbox::serverAccount(m_connection, edit.author);
    conflict.id = uuidOf({"conflict", record.type, record.id, theirs.version, author, edit.device, edit.at,
                          edit.document.value_or(std::string())});
    conflict.kind = kind;
    conflict.focusType = record.type;
    conflict.focusId = record.id;
    conflict.patient = patientOf(record);
    conflict.author = author;
    conflict.authorName = nameOf(edit.author);
    conflict.device = edit.device;
    conflict.editedAt = edit.at;
    conflict.detectedAt = formatInstant(m_clock.now());
    conflict.theirsVersion = theirs.version;
    conflict.theirsAuthor = theirs.author;
    conflict.theirsAuthorName = nameOf(outbox::localAccount(m_connection, theirs.author));
    conflict.elements = std::move(elements);
    const Actor actor = actorOf(edit.author);
    RecordStore store(m_connection, m_clock, m_clinic, actor);
    const auto written = store.put(fhir::conflictTask(conflict), {});
    YARROW_ASSERT(written.has_value());
}

std::string Reconciler::patientOf(const SyncRecord& record) const
{
    return isErased(m_connection, "Patient", record.patient) ? std::string() : record.patient;
}

Actor Reconciler::actorOf(const std::string& author) const
{
    Actor actor;
    if (const auto id = AccountId::parse(author)) {
        actor.account = *id;
        if (const auto account = findAccount(m_connection, *id)) {
            actor.userName = account->userName;
            actor.role = account->role;
        }
    }
    actor.device = m_clinic.device;
    return actor;
}

std::string Reconciler::nameOf(const std::string& account) const
{
    const auto id = AccountId::parse(account);
    const auto found = id ? findAccount(m_connection, *id) : std::nullopt;
    return found ? found->displayName : std::string();
}

} // namespace yarrow::sync
