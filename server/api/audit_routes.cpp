// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/audit_routes.h"

#include "server/api/acting_person.h"
#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/audit/chain_intake.h"
#include "server/audit/entry_search.h"
#include "server/audit/server_audit.h"
#include "server/auth/crypto.h"

#include <boost/json.hpp>

#include <charconv>
#include <limits>

namespace yarrow::server::api {
namespace {

constexpr std::size_t kMaxEntries = 1000;
constexpr std::size_t kMaxShort = 200;
constexpr std::size_t kMaxLong = 64 * 1024; ///< of a reason or a detail
constexpr std::int64_t kMaxSeq = std::numeric_limits<std::int64_t>::max() / 2;
constexpr std::int64_t kMaxPage = 500;

audit::Entry readEntry(JsonReader& json)
{
    audit::Entry entry;
    entry.seq = json.integer("seq", 1, kMaxSeq);
    entry.incarnation = json.text("incarnation", kMaxShort);
    entry.at = json.text("at", kMaxShort);
    entry.account = json.anyText("account", kMaxShort);
    entry.role = json.anyText("role", kMaxShort);
    entry.device = json.anyText("device", kMaxShort);
    entry.action = json.text("action", kMaxShort);
    entry.category = json.text("category", kMaxShort);
    entry.resourceType = json.anyText("resourceType", kMaxShort);
    entry.resourceId = json.anyText("resourceId", kMaxShort);
    entry.patient = json.anyText("patient", kMaxShort);
    entry.outcome = json.anyText("outcome", kMaxShort);
    entry.beforeDigest = json.hex("beforeDigest", audit::kDigestSize, true);
    entry.afterDigest = json.hex("afterDigest", audit::kDigestSize, true);
    entry.reason = json.anyText("reason", kMaxLong);
    entry.detail = json.anyText("detail", kMaxLong);
    entry.previous = json.hex("previous", audit::kDigestSize);
    entry.hash = json.hex("hash", audit::kDigestSize);
    return entry;
}

audit::Follows readFollows(JsonReader& json)
{
    audit::Follows follows;
    follows.incarnation = json.text("incarnation", kMaxShort);
    follows.seq = json.integer("seq", 1, kMaxSeq);
    follows.hash = json.hex("hash", audit::kDigestSize);
    return follows;
}

Result<audit::Upload> readUpload(const Request& request)
{
    JsonReader body(request);
    audit::Upload upload;
    upload.incarnation = body.text("incarnation", kMaxShort);
    if (const auto* json = body.optionalObject("follows")) {
        JsonReader follows(*json, "/follows");
        upload.follows = readFollows(follows);
        if (auto read = follows.done(); !read)
            return tl::unexpected(read.error());
    }
    std::size_t index = 0;
    for (const auto& json : body.array("entries", kMaxEntries)) {
        JsonReader one(json, "/entries/" + std::to_string(index++));
        upload.entries.push_back(readEntry(one));
        if (upload.entries.back().incarnation != upload.incarnation)
            one.refuse("incarnation", "must be the upload's");
        if (auto read = one.done(); !read)
            return tl::unexpected(read.error());
    }
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    return upload;
}

boost::json::object jsonOf(const audit::Break& found)
{
    return {{"seq", found.seq}, {"reason", found.reason}};
}

boost::json::object jsonOf(const audit::ChainState& chain)
{
    boost::json::object json{{"incarnation", chain.incarnation},
                             {"device", chain.device},
                             {"next", chain.next},
                             {"head", crypto::toHex(chain.head)}};
    if (!chain.follows.empty())
        json["follows"] = chain.follows;
    if (chain.checkpoint)
        json["checkpoint"] = *chain.checkpoint;
    if (chain.firstBreak) {
        json["broken"] = jsonOf(*chain.firstBreak);
        json["brokenAt"] = chain.brokenAt;
    }
    return json;
}

boost::json::object jsonOf(const audit::StoredEntry& stored)
{
    const audit::Entry& entry = stored.entry;
    return {{"seq", entry.seq},
            {"incarnation", entry.incarnation},
            {"at", entry.at},
            {"account", entry.account},
            {"role", entry.role},
            {"device", entry.device},
            {"action", entry.action},
            {"category", entry.category},
            {"resourceType", entry.resourceType},
            {"resourceId", entry.resourceId},
            {"patient", entry.patient},
            {"outcome", entry.outcome},
            {"beforeDigest", crypto::toHex(entry.beforeDigest)},
            {"afterDigest", crypto::toHex(entry.afterDigest)},
            {"reason", entry.reason},
            {"detail", entry.detail},
            {"previous", crypto::toHex(entry.previous)},
            {"hash", crypto::toHex(entry.hash)},
            {"receivedAt", stored.receivedAt},
            {"copy", stored.isCopy},
            {"purged", stored.isPurged}};
}

tl::unexpected<Problem> deviceRequired()
{
    return refuse(403, "device-required", "Only a workstation has an audit chain.");
}

Result<Response> takeEntries(Call& call)
{
    if (call.principal().kind != Principal::Kind::Device)
        return deviceRequired();
    const auto upload = readUpload(call.request);
    if (!upload)
        return tl::unexpected(upload.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto intake = audit::takeEntries(transaction, call.principal().device, *upload);
    if (!intake)
        return tl::unexpected(intake.error());
    transaction.commit();
    boost::json::object json{{"stored", intake->stored},
                             {"known", intake->known},
                             {"next", intake->chain.next},
                             {"head", crypto::toHex(intake->chain.head)}};
    if (intake->firstBreak)
        json["broken"] = jsonOf(*intake->firstBreak);
    return jsonAnswer(200, json);
}

Result<Response> takeCheckpoint(Call& call)
{
    if (call.principal().kind != Principal::Kind::Device)
        return deviceRequired();
    JsonReader body(call.request);
    audit::Checkpoint checkpoint;
    checkpoint.incarnation = body.text("incarnation", kMaxShort);
    checkpoint.seq = body.integer("seq", 1, kMaxSeq);
    checkpoint.hash = body.hex("hash", audit::kDigestSize);
    const auto signature = crypto::fromBase64Url(body.text("signature", kMaxShort));
    if (!signature)
        body.refuse("signature", "must be base64url");
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    checkpoint.signature = *signature;

    db::Transaction transaction(call.db, call.principal().tenant);
    const auto device = findDevice(transaction, call.principal().device);
    if (!device)
        return deviceRequired();
    const auto intake = audit::takeCheckpoint(transaction, *device, checkpoint);
    if (!intake)
        return tl::unexpected(intake.error());
    transaction.commit();
    boost::json::object json{{"incarnation", checkpoint.incarnation}, {"seq", checkpoint.seq}};
    if (intake->found)
        json["broken"] = jsonOf(*intake->found);
    return jsonAnswer(intake->isNew ? 201 : 200, json);
}

/// For the workstation whose it is, and for administrators.
Result<Response> showChain(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const auto chain = audit::findChain(transaction, call.path.at("incarnation"));
    const bool isOwn =
        chain && call.principal().kind == Principal::Kind::Device && chain->device == call.principal().device;
    const bool isAskingForNew = !chain && call.principal().kind == Principal::Kind::Device;
    if (!isOwn && !isAskingForNew) {
        if (const auto admin = actingAdmin(call, transaction); !admin)
            return tl::unexpected(admin.error());
    }
    if (!chain)
        return refuse(404, "no-such-chain", "There is no audit chain of this incarnation.");
    return jsonAnswer(200, jsonOf(*chain));
}

Result<Response> listChains(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    if (const auto admin = actingAdmin(call, transaction); !admin)
        return tl::unexpected(admin.error());
    boost::json::array chains;
    for (const std::string& incarnation : audit::allChains(transaction)) {
        if (const auto chain = audit::findChain(transaction, incarnation))
            chains.push_back(jsonOf(*chain));
    }
    return jsonAnswer(200, boost::json::object{{"chains", std::move(chains)}});
}

Result<audit::EntryFilter> readFilter(const Request& request)
{
    audit::EntryFilter filter;
    for (auto& [name, value] : parseForm(request.query)) {
        if (value.size() > kMaxLong || value.find('\0') != std::string::npos)
            return refuse(400, "bad-parameter", "The value of " + name + " is too long or holds a NUL.",
                          name);
        if (name == "since")
            filter.since = std::move(value);
        else if (name == "account")
            filter.account = std::move(value);
        else if (name == "patient")
            filter.patient = std::move(value);
        else if (name == "incarnation")
            filter.incarnation = std::move(value);
        else if (name == "cursor")
            filter.cursor = std::move(value);
        else if (name == "count") {
            const auto [end, error] =
                std::from_chars(value.data(), value.data() + value.size(), filter.count);
            if (error != std::errc() || end != value.data() + value.size() || filter.count < 1 ||
                filter.count > kMaxPage)
                return refuse(400, "bad-parameter", "count is a whole number from 1 to 500.", name);
        } else {
            return refuse(400, "unknown-parameter",
                          "Entries are found by since, account, patient and incarnation, and paged by count "
                          "and cursor.");
        }
    }
    return filter;
}

/// Administrators read all; doctors what they did themselves. From workstations that hold the administration.
Result<Response> searchEntries(Call& call)
{
    auto filter = readFilter(call.request);
    if (!filter)
        return tl::unexpected(filter.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto person = actingPerson(call, transaction);
    if (!person)
        return tl::unexpected(person.error());
    if (person->role == Role::Doctor && filter->account.empty())
        filter->account = person->id;
    const bool isOwnTrail = person->role == Role::Doctor && filter->account == person->id;
    if (person->role != Role::Admin && !isOwnTrail)
        return refuse(403, "admin-required",
                      "Only an administrator reads the audit; doctors read their own entries.");
    if (auto held = checkHoldsAdministration(call); !held)
        return tl::unexpected(held.error());
    const auto page = audit::searchEntries(transaction, *filter);
    if (!page)
        return tl::unexpected(page.error());
    if (filter->cursor.empty()) {
        audit::Event event{"audit-read"};
        event.account = person->id;
        event.role = roleCode(person->role);
        event.device = call.principal().device;
        event.patient = filter->patient;
        audit::append(transaction, event);
        transaction.commit();
    }
    boost::json::array entries;
    for (const audit::StoredEntry& entry : page->entries)
        entries.push_back(jsonOf(entry));
    boost::json::object json{{"entries", std::move(entries)}};
    if (!page->next.empty()) {
        std::string next =
            call.request.baseUrl + "/api/v1/audit/entries?count=" + std::to_string(filter->count);
        const std::initializer_list<std::pair<const char*, const std::string*>> parameters{
            {"since", &filter->since},
            {"account", &filter->account},
            {"patient", &filter->patient},
            {"incarnation", &filter->incarnation},
            {"cursor", &page->next}};
        for (const auto& [name, value] : parameters) {
            if (!value->empty())
                next += std::string("&") + name + '=' + percentEncode(*value);
        }
        json["next"] = next;
    }
    return jsonAnswer(200, json);
}

} // namespace

void addAuditRoutes(Router& router)
{
    router.add({"POST", "/api/v1/audit/entries", takeEntries, Route::Access::Token, Route::Traffic::Sync});
    router.add({"GET", "/api/v1/audit/entries", searchEntries});
    router.add(
        {"POST", "/api/v1/audit/checkpoints", takeCheckpoint, Route::Access::Token, Route::Traffic::Sync});
    router.add({"GET", "/api/v1/audit/chains", listChains});
    router.add(
        {"GET", "/api/v1/audit/chains/{incarnation}", showChain, Route::Access::Token, Route::Traffic::Sync});
}

} // namespace yarrow::server::api
