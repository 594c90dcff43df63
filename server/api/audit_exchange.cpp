// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/audit_exchange.h"

#include "server/api/json_reader.h"
#include "server/auth/crypto.h"

namespace yarrow::server::api {
namespace {

constexpr std::size_t kMaxEntries = 1000;

audit::Entry readEntry(JsonReader& json)
{
    audit::Entry entry;
    entry.seq = json.integer("seq", 1, kMaxAuditSeq);
    entry.incarnation = json.text("incarnation", kMaxAuditName);
    entry.at = json.text("at", kMaxAuditName);
    entry.account = json.anyText("account", kMaxAuditName);
    entry.role = json.anyText("role", kMaxAuditName);
    entry.device = json.anyText("device", kMaxAuditName);
    entry.action = json.text("action", kMaxAuditName);
    entry.category = json.text("category", kMaxAuditName);
    entry.resourceType = json.anyText("resourceType", kMaxAuditName);
    entry.resourceId = json.anyText("resourceId", kMaxAuditName);
    entry.patient = json.anyText("patient", kMaxAuditName);
    entry.outcome = json.anyText("outcome", kMaxAuditName);
    entry.beforeDigest = json.hex("beforeDigest", audit::kDigestSize, true);
    entry.afterDigest = json.hex("afterDigest", audit::kDigestSize, true);
    entry.reason = json.anyText("reason", kMaxAuditText);
    entry.detail = json.anyText("detail", kMaxAuditText);
    entry.previous = json.hex("previous", audit::kDigestSize);
    entry.hash = json.hex("hash", audit::kDigestSize);
    return entry;
}

audit::Follows readFollows(JsonReader& json)
{
    audit::Follows follows;
    follows.incarnation = json.text("incarnation", kMaxAuditName);
    follows.seq = json.integer("seq", 1, kMaxAuditSeq);
    follows.hash = json.hex("hash", audit::kDigestSize);
    return follows;
}

} // namespace

Result<audit::Upload> readAuditUpload(const Request& request)
{
    JsonReader body(request);
    audit::Upload upload;
    upload.incarnation = body.text("incarnation", kMaxAuditName);
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

boost::json::object jsonOf(const audit::Intake& intake)
{
    boost::json::object json{{"stored", intake.stored},
                             {"known", intake.known},
                             {"next", intake.chain.next},
                             {"head", crypto::toHex(intake.chain.head)}};
    if (intake.firstBreak)
        json["broken"] = jsonOf(*intake.firstBreak);
    return json;
}

} // namespace yarrow::server::api
