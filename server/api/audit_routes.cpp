// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/audit_routes.h"

#include "server/api/acting_person.h"
#include "server/api/audit_exchange.h"
#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/audit/entry_search.h"
#include "server/audit/server_audit.h"
#include "server/auth/crypto.h"

#include <boost/json.hpp>

#include <charconv>

namespace yarrow::server::api {
namespace {

constexpr std::int64_t kMaxPage = 500;

tl::unexpected<Problem> deviceRequired()
{
    return refuse(403, "device-required", "Only a workstation has an audit chain.");
}

Result<Response> takeEntries(Call& call)
{
    if (call.principal().kind != Principal::Kind::Device)
        return deviceRequired();
    const auto upload = readAuditUpload(call.request);
    if (!upload)
        return tl::unexpected(upload.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto intake = audit::takeEntries(transaction, call.principal().device, *upload);
    if (!intake)
        return tl::unexpected(intake.error());
    transaction.commit();
    return jsonAnswer(200, jsonOf(*intake));
}

Result<Response> takeCheckpoint(Call& call)
{
    if (call.principal().kind != Principal::Kind::Device)
        return deviceRequired();
    JsonReader body(call.request);
    audit::Checkpoint checkpoint;
    checkpoint.incarnation = body.text("incarnation", kMaxAuditName);
    checkpoint.seq = body.integer("seq", 1, kMaxAuditSeq);
    checkpoint.hash = body.hex("hash", audit::kDigestSize);
    const auto signature = crypto::fromBase64Url(body.text("signature", kMaxAuditName));
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
        if (value.size() > kMaxAuditText || value.find('\0') != std::string::npos)
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
