// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/audit/audit_upload.h"

#include "models/store/audit/audit_log.h"
#include "models/store/db/sqlite.h"
#include "sync/engine/tunables.h"
#include "sync/protocol/write_bundle.h"

#include <algorithm>
#include <chrono>

namespace yarrow::sync {
namespace {

Json jsonOf(const AuditEntry& entry)
{
    Json json = Json::object();
    json.set("seq", entry.seq);
    json.set("incarnation", entry.incarnation);
    json.set("at", entry.at);
    json.set("account", entry.account);
    json.set("role", entry.role);
    json.set("device", entry.device);
    json.set("action", entry.action);
    json.set("category", entry.category);
    json.set("resourceType", entry.resourceType);
    json.set("resourceId", entry.resourceId);
    json.set("patient", entry.patient);
    json.set("outcome", entry.outcome);
    json.set("beforeDigest", entry.beforeDigest);
    json.set("afterDigest", entry.afterDigest);
    json.set("reason", entry.reason);
    json.set("detail", entry.detail);
    json.set("previous", entry.previous);
    json.set("hash", entry.hash);
    return json;
}

/// Where the server, as it says, was sent an entry and lacks the one before; 0: nowhere.
std::int64_t gapOf(const Json& answer)
{
    const Json& broken = answer["broken"];
    return broken["reason"].string() == "gap" ? broken["seq"].integer().value_or(0) : 0;
}

/// About what it takes on the wire, before packing.
std::size_t sizeOf(const AuditEntry& entry)
{
    constexpr std::size_t kNamesAndHashes = 600;
    return kNamesAndHashes + entry.reason.size() + entry.detail.size();
}

Stop refusalOf(const HttpResponse& response)
{
    const WriteAnswer answer = answerOf(response);
    return {Obstacle::Refused, "HTTP " + std::to_string(response.status) + " " + answer.code, {}};
}

Stop localFailure(const Error& error)
{
    return {Obstacle::LocalFailure, errorCodeName(error.code), {}};
}

} // namespace

Step<HttpResponse> AuditUpload::send(Method method, const std::string& path, std::string body)
{
    HttpRequest request;
    request.method = method;
    request.url = m_session.link.url + "/api/v1/audit/" + path;
    request.timeout = tunables::kAuditPatience;
    if (method == Method::Post)
        request.headers.add("Content-Type", "application/json");
    request.body = std::move(body);
    const std::int64_t ofRecords = m_session.report.roundTrips;
    auto response = m_session.send(std::move(request), true);
    m_session.report.roundTrips = ofRecords;
    return response;
}

void AuditUpload::conclude(const Result<Step<void>>& done)
{
    std::string& problem = m_session.report.audit.problem;
    if (!done)
        problem = errorCodeName(done.error().code);
    else if (!*done)
        problem = std::string(obstacleName(done->error().obstacle)) +
                  (done->error().detail.empty() ? "" : ": ") + done->error().detail;
}

void AuditUpload::acknowledge(const std::optional<ChainHead>& head)
{
    if (!head) {
        m_acknowledged.reset();
    } else {
        AcknowledgedHead next{*head, 0, false};
        if (m_acknowledged && m_acknowledged->head.incarnation == head->incarnation) {
            next.signedSeq = std::min(m_acknowledged->signedSeq, head->seq);
            next.isInKeyStore = m_acknowledged->isInKeyStore;
        }
        m_hasAdvanced = m_hasAdvanced || !m_acknowledged || m_acknowledged->head != *head;
        m_acknowledged = next;
    }
    save();
}

void AuditUpload::acknowledgeNothingOf(const std::string& incarnation)
{
    const auto first = incarnation::firstBehind(m_session.connection, 0, incarnation);
    acknowledge(first ? incarnation::entryAt(m_session.connection, *first - 1) : std::nullopt);
}

void AuditUpload::save()
{
    Transaction transaction(m_session.connection);
    setAcknowledgedHead(m_session.connection, m_acknowledged);
    transaction.commit();
}

Step<AuditUpload::ServerChain> AuditUpload::chainAtServer(const std::string& incarnation)
{
    const auto response = send(Method::Get, "chains/" + incarnation);
    if (!response)
        return stop(response.error());
    const std::string code = response->status == 200 ? std::string() : answerOf(*response).code;
    if (response->status == 404 && code == "no-such-chain")
        return ServerChain{};
    if (response->status == 403 && code == "author-required") // it is shown to its owner, and to people
        return ServerChain{Known::Elsewhere, {}};
    if (response->status != 200)
        return stop(refusalOf(*response));
    const auto json = Json::parse(response->body);
    const auto next = json ? (*json)["next"].integer() : std::nullopt;
    if (!next || *next < 1)
        return stop(Obstacle::Refused, "what the server says of the audit chain cannot be understood");
    ServerChain chain{Known::Here, {incarnation, *next - 1, std::string((*json)["head"].string())}};
    chain.gapAt = gapOf(*json);
    return chain;
}

void AuditUpload::begin(const std::string& from, incarnation::Departure departure)
{
    Actor actor;
    actor.device = m_session.clinic.device;
    Transaction transaction(m_session.connection);
    incarnation::begin(m_session.connection, m_session.clock, m_session.ids, actor, from, departure);
    transaction.commit();
    m_session.report.audit.begun = incarnation::departureCode(departure);
}

Step<void> AuditUpload::compareWithServer()
{
    Connection& connection = m_session.connection;
    const std::string current = incarnation::current(connection);
    std::string asked = current;
    for (;;) {
        const auto chain = chainAtServer(asked);
        if (!chain)
            return stop(chain.error());
        m_isCompared = true;
        if (chain->known == Known::Nowhere) {
            // It was never sent; or the server was restored, and what it lost is sent again.
            if (m_acknowledged && m_acknowledged->head.incarnation == asked)
                acknowledgeNothingOf(asked);
            if (!m_acknowledged)
                return {};
            asked = m_acknowledged->head.incarnation;
            continue;
        }
        if (chain->known == Known::Elsewhere) {
            if (asked == current)
                begin(current, incarnation::Departure::Elsewhere);
            return {};
        }
        const auto departure =
            chain->head.seq == 0 ? std::nullopt : incarnation::departureFrom(connection, chain->head);
        // The answer that told of a gap was lost (see sendBatch()), or not all has been sent again since.
        const bool isBeforeGap = chain->gapAt > 1 && acknowledgedSeq() < chain->gapAt;
        if (!departure && isBeforeGap && acknowledgedSeq() == chain->gapAt - 1)
            acknowledgeNothingOf(asked);
        else if (!departure && !isBeforeGap)
            acknowledge(incarnation::entryAt(connection, chain->head.seq));
        else if (departure && asked == current)
            begin(current, *departure);
        return {};
    }
}

bool AuditUpload::isAllAcknowledged()
{
    const auto head = incarnation::head(m_session.connection);
    return !head || (m_acknowledged && m_acknowledged->head == *head);
}

void AuditUpload::compare()
{
    conclude(guarded([&]() -> Result<Step<void>> {
        m_acknowledged = acknowledgedHead(m_session.connection);
        return isAllAcknowledged() ? Step<void>() : compareWithServer();
    }));
}

Result<AuditUpload::Batch> AuditUpload::batchBehind(std::int64_t seq)
{
    Batch batch;
    const auto read = AuditLog::forEachBehind(m_session.connection, seq, [&](const AuditEntry& entry) {
        const bool isFull =
            batch.entries.size() == tunables::kAuditBatchEntries ||
            (!batch.entries.empty() && (batch.bytes + sizeOf(entry) > tunables::kAuditBatchBytes ||
                                        entry.incarnation != batch.entries.front().incarnation));
        if (isFull)
            return false;
        batch.bytes += sizeOf(entry);
        batch.entries.push_back(entry);
        return true;
    });
    if (!read)
        return fail(read.error());
    if (!batch.entries.empty()) {
        const AuditEntry& first = batch.entries.front();
        const auto before = incarnation::entryAt(m_session.connection, first.seq - 1);
        if (before && before->incarnation != first.incarnation)
            batch.follows = before;
    }
    return batch;
}

void AuditUpload::noteBreak(const Json& answer)
{
    const Json& broken = answer["broken"];
    if (broken.isObject() && m_session.report.audit.broken.empty())
        m_session.report.audit.broken = "entry=" + std::string(broken["seq"].numberLexeme()) +
                                        " reason=" + std::string(broken["reason"].string());
}

Step<void> AuditUpload::sendBatch(const Batch& batch)
{
    const AuditEntry& last = batch.entries.back();
    Json body = Json::object();
    body.set("incarnation", last.incarnation);
    if (batch.follows) {
        Json& follows = body.objectAt("follows");
        follows.set("incarnation", batch.follows->incarnation);
        follows.set("seq", batch.follows->seq);
        follows.set("hash", batch.follows->hash);
    }
    Json& entries = body.arrayAt("entries");
    for (const AuditEntry& entry : batch.entries)
        entries.append(jsonOf(entry));
    // What the server has seen of the chain must never be lost here, or it looks like a restored copy.
    m_session.connection.makeDurable();
    const auto response = send(Method::Post, "entries", body.dump());
    if (!response)
        return stop(response.error());
    if (response->status != 200)
        return stop(refusalOf(*response));
    const auto answer = Json::parse(response->body);
    if (!answer || !(*answer)["stored"].integer())
        return stop(Obstacle::Refused, "the answer to audit entries cannot be understood");
    // What does not fit is kept there all the same, and need not be sent again. But what comes before this
    // batch was acknowledged: a server that lacks it went back to a backup after the chains were compared.
    const std::int64_t gapAt = gapOf(*answer);
    const auto before = incarnation::entryAt(m_session.connection, gapAt - 1);
    if (gapAt == batch.entries.front().seq && before && before->incarnation == last.incarnation)
        acknowledgeNothingOf(last.incarnation);
    else
        acknowledge(ChainHead{last.incarnation, last.seq, last.hash});
    m_session.report.audit.sent += *(*answer)["stored"].integer();
    noteBreak(*answer);
    if (batch.follows)
        m_session.report.audit.begun = incarnation::departureOf(batch.entries.front());
    return {};
}

Step<void> AuditUpload::sendEntries()
{
    // Only who cuts or rewrites the chain makes it lose what was acknowledged: the server is shown all of it.
    if (m_acknowledged && incarnation::departureFrom(m_session.connection, m_acknowledged->head))
        acknowledge(std::nullopt);
    const auto begun = std::chrono::steady_clock::now();
    std::size_t bytes = 0;
    while (bytes < tunables::kAuditCycleBytes &&
           std::chrono::steady_clock::now() - begun < tunables::kAuditCycleTime) {
        const auto batch = batchBehind(acknowledgedSeq());
        if (!batch)
            return stop(localFailure(batch.error()));
        if (batch->entries.empty())
            break;
        if (auto sent = sendBatch(*batch); !sent)
            return sent;
        bytes += batch->bytes;
    }
    return {};
}

Step<void> AuditUpload::signHead()
{
    if (!m_secrets || !m_hasAdvanced || !m_acknowledged)
        return {};
    const ChainHead& head = m_acknowledged->head;
    const bool isDue = m_acknowledged->signedSeq == 0 ||
                       head.seq - m_acknowledged->signedSeq >= tunables::kAuditCheckpointEntries;
    if (!isDue || head.incarnation != incarnation::current(m_session.connection))
        return {};
    const auto key = m_secrets->read(QString::fromStdString(m_session.link.keyName));
    if (!key)
        return stop(localFailure(key.error()));
    const std::string text =
        "yarrow-audit-checkpoint\n" + head.incarnation + '\n' + std::to_string(head.seq) + '\n' + head.hash;
    const auto signature = crypto::signEs256(key->span(), crypto::bytesOf(text));
    if (!signature)
        return stop(localFailure(signature.error()));
    Json body = Json::object();
    body.set("incarnation", head.incarnation);
    body.set("seq", head.seq);
    body.set("hash", head.hash);
    body.set("signature", crypto::toBase64Url(*signature));
    const auto response = send(Method::Post, "checkpoints", body.dump());
    if (!response)
        return stop(response.error());
    if (response->status != 200 && response->status != 201)
        return stop(refusalOf(*response));
    if (const auto answer = Json::parse(response->body))
        noteBreak(*answer);
    m_acknowledged->signedSeq = head.seq;
    save();
    return {};
}

void AuditUpload::remember()
{
    if (!m_secrets || !m_hasAdvanced || !m_acknowledged)
        return;
    // One that is out of reach now remembers the next time: an older head is as good for what is before it.
    const auto kept = incarnation::remember(*m_secrets, m_session.clinic.databaseId, m_acknowledged->head);
    if (kept && !m_acknowledged->isInKeyStore) {
        m_acknowledged->isInKeyStore = true;
        save();
    }
}

void AuditUpload::upload()
{
    if (!m_session.report.audit.problem.empty())
        return;
    conclude(guarded([&]() -> Result<Step<void>> {
        Step<void> sent;
        if (!isAllAcknowledged()) {
            if (!m_isCompared) // what waits was written since the cycle began
                sent = compareWithServer();
            if (sent)
                sent = sendEntries();
            if (sent)
                sent = signHead();
            remember();
        }
        if (const auto head = incarnation::head(m_session.connection))
            m_session.report.audit.waiting = std::max<std::int64_t>(0, head->seq - acknowledgedSeq());
        return sent;
    }));
}

} // namespace yarrow::sync
