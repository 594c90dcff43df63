// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/record_numbers.h"

#include "models/fhir/patient_fhir.h"
#include "models/store/commands/account_commands.h"
#include "models/store/records/record_numbers.h"
#include "sync/engine/tunables.h"
#include "sync/protocol/json_request.h"

namespace yarrow::sync {
namespace {

Actor actorOf(SyncSession& session, const std::string& account)
{
    Actor actor;
    actor.device = session.clinic.device;
    if (const auto id = AccountId::parse(account)) {
        actor.account = *id;
        if (const auto known = findAccount(session.connection, *id)) {
            actor.userName = known->userName;
            actor.role = known->role;
        }
    }
    return actor;
}

/// Whether the patient has a number now, or needs none any more. `isRefused`: the one that is there is
/// somebody else's.
bool number(SyncSession& session, const record_numbers::Due& due, bool isRefused)
{
    const Actor actor = actorOf(session, due.account);
    RecordStore store(session.connection, session.clock, session.clinic, actor);
    const auto stored = store.find("Patient", due.patient);
    if (!stored || stored->deleted)
        return true;
    auto document = Json::parse(stored->body);
    auto patient = document ? fhir::readPatient(*document) : fail(document.error());
    if (!patient || (!isRefused && !medicalRecordNumber(*patient).isEmpty()))
        return true;
    const auto drawn = record_numbers::draw(session.connection);
    if (!drawn)
        return false;
    giveRecordNumber(*patient, *drawn);
    fhir::writePatient(*patient, *document);
    return store.put(*document, isRefused ? "record number taken by another patient" : "record number given")
        .has_value();
}

/// Empty: none, or no patient.
QString numberIn(const std::optional<std::string>& document)
{
    const auto json = Json::parse(document.value_or(std::string()));
    const auto patient = json ? fhir::readPatient(*json) : fail(json.error());
    return patient ? medicalRecordNumber(*patient) : QString();
}

bool isNumberRefused(SyncSession& session, const std::string& patient)
{
    const auto refused = outbox::refusalOf(session.connection, "Patient", patient);
    return refused && refused->code == kNumberTaken;
}

/// Whether the server has lent a block.
bool lease(SyncSession& session, std::int64_t size)
{
    Json body = Json::object();
    body.set("size", size);
    const auto response =
        session.ask(jsonRequest(Method::Post, session.link.url + "/api/v1/mrn-blocks", body), true);
    if (!response || response->status != 201)
        return false;
    const auto block = Json::parse(response->body);
    const auto first = block ? (*block)["first"].integer() : std::nullopt;
    const auto last = block ? (*block)["last"].integer() : std::nullopt;
    if (!first || !last)
        return false;
    Transaction transaction(session.connection);
    record_numbers::addBlock(session.connection, *first, *last);
    transaction.commit();
    return true;
}

std::int64_t countFree(SyncSession& session, std::int64_t wanted)
{
    Transaction transaction(session.connection);
    const std::int64_t free = record_numbers::countFree(session.connection, wanted);
    transaction.commit();
    return free;
}

} // namespace

void renewRecordNumbers(SyncSession& session)
{
    const auto waiting = record_numbers::due(session.connection);
    const std::int64_t wanted = tunables::kRecordNumbersLeft + static_cast<std::int64_t>(waiting.size());
    // A clinic that was on its own has given the first numbers itself: blocks grow until one is behind them.
    for (std::int64_t size = tunables::kRecordNumberBlock; size <= tunables::kLargestRecordNumberBlock;
         size *= 4) {
        if (countFree(session, wanted) >= wanted || !lease(session, size))
            break;
    }
    for (const record_numbers::Due& due : waiting) {
        Transaction transaction(session.connection);
        if (!number(session, due, isNumberRefused(session, due.patient)))
            return;
        record_numbers::settled(session.connection, due.patient);
        transaction.commit();
    }
}

bool drawAnotherNumber(SyncSession& session, SyncWork& work, const SyncRecord& record)
{
    const QString refused = numberIn(record.push->document);
    if (numberIn(record.body) == refused) { // else it has been replaced since
        const record_numbers::Due due{record.id, record.push->author};
        if (!number(session, due, true)) {
            record_numbers::noteDue(session.connection, due);
            return false;
        }
    }
    // What waits before the change of the number is sent on its own, and first.
    const auto numbered = work.records().find(record.pk);
    work.reconciler().giveNumber(*numbered, refused, numberIn(numbered->body));
    return true;
}

} // namespace yarrow::sync
