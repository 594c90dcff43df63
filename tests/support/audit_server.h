// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"
#include "core/json.h"
#include "sync/transport/transport.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace yarrow::testing {

/// Our server as far as audit chains go, in memory, with the contract of server/audit/chain_intake.h; its
/// feed of records is empty.
class AuditServer final : public sync::Transport
{
public:
    struct Entry
    {
        Json json;
        std::string device;
        bool isCopy = false;
    };
    struct Chain
    {
        std::string device;
        std::int64_t next = 1;
        std::string head;
        std::string follows;
        std::int64_t followsSeq = 0;
        std::string broken; ///< the first break, JSON
        std::vector<Entry> entries;
        std::map<std::int64_t, std::string> checkpoints;
    };

    std::string device = "d1"; ///< who sends
    crypto::Bytes deviceKey;   ///< its public key
    std::map<std::string, Chain> chains;
    std::vector<std::string> log; ///< "POST entries", "GET chains", "feed"
    std::size_t bytesTaken = 0;   ///< of uploads
    /// Called before a request is looked at, and before its answer goes out; what it returns is answered
    /// instead.
    std::function<std::optional<sync::TransportError>(const std::string& what, bool isDone)> fault;
    int auditStatus = 0; ///< every audit request is answered with it; 0: as it should be

    tl::expected<sync::HttpResponse, sync::TransportError> send(const sync::HttpRequest& request) override
    {
        if (request.url.ends_with("/api/v1/mrn-blocks"))
            return sync::HttpResponse{201, {}, R"({"first":1,"last":150})"}; // no part of what is tested
        const std::size_t place = request.url.find("/api/v1/audit/");
        std::string what = "feed";
        if (place != std::string::npos) {
            what = request.url.substr(place + 14);
            what = std::string(sync::methodName(request.method)) + ' ' + what.substr(0, what.find('/'));
        }
        log.push_back(what);
        if (fault) {
            if (auto error = fault(what, false))
                return tl::unexpected(*error);
        }
        sync::HttpResponse answer = what == "feed" ? feed() : audit(what, request);
        if (fault) {
            if (auto error = fault(what, true))
                return tl::unexpected(*error);
        }
        return answer;
    }
    [[nodiscard]] Traffic traffic() const override { return {}; }

    [[nodiscard]] std::size_t count(const std::string& what) const
    {
        return static_cast<std::size_t>(std::count(log.begin(), log.end(), what));
    }

private:
    static sync::HttpResponse feed()
    {
        return {200,
                {},
                R"({"resourceType":"Bundle","type":"history","meta":{"extension":[)"
                R"({"url":"https://yarrow.example/fhir/StructureDefinition/feed-epoch","valueString":"e1"},)"
                R"({"url":"https://yarrow.example/fhir/StructureDefinition/feed-scope","valueString":"all"},)"
                R"({"url":"https://yarrow.example/fhir/StructureDefinition/feed-count","valueString":"0"},)"
                R"({"url":"https://yarrow.example/fhir/StructureDefinition/feed-digest",)"
                R"("valueString":"00000000000000000000000000000000"}]}})"};
    }
    static sync::HttpResponse refuse(int status, const std::string& code)
    {
        return {status, {}, R"({"status":)" + std::to_string(status) + R"(,"code":")" + code + R"("})"};
    }
    sync::HttpResponse audit(const std::string& what, const sync::HttpRequest& request)
    {
        if (auditStatus != 0)
            return refuse(auditStatus, "out-of-order");
        if (what == "GET chains")
            return show(request.url.substr(request.url.rfind('/') + 1));
        const Json body = *Json::parse(request.body);
        if (what == "POST checkpoints")
            return takeCheckpoint(body);
        bytesTaken += request.body.size();
        return take(body);
    }
    sync::HttpResponse show(const std::string& incarnation)
    {
        const auto found = chains.find(incarnation);
        if (found == chains.end())
            return refuse(404, "no-such-chain");
        if (found->second.device != device)
            return refuse(403, "author-required");
        const Chain& chain = found->second;
        return {200,
                {},
                R"({"next":)" + std::to_string(chain.next) + R"(,"head":")" + chain.head + '"' +
                    (chain.broken.empty() ? "" : R"(,"broken":)" + chain.broken) + '}'};
    }
    static std::string hashOf(const Json& entry)
    {
        std::string content;
        const auto add = [&](const std::string& field) {
            content += std::to_string(field.size()) + ':' + field + ',';
        };
        add(std::to_string(*entry["seq"].integer()));
        for (const char* name : {"incarnation", "at", "account", "role", "device", "action", "category",
                                 "resourceType", "resourceId", "patient", "outcome"})
            add(std::string(entry[name].string()));
        for (const char* name : {"beforeDigest", "afterDigest"}) {
            const auto bytes = *crypto::fromHex(entry[name].string());
            add(std::string(bytes.begin(), bytes.end()));
        }
        add(std::string(entry["reason"].string()));
        add(std::string(entry["detail"].string()));
        crypto::Bytes all = *crypto::fromHex(entry["previous"].string());
        all.insert(all.end(), content.begin(), content.end());
        return crypto::toHex(crypto::sha256(all));
    }
    bool isKnownHead(const std::string& incarnation, std::int64_t seq, const std::string& hash)
    {
        for (const Entry& entry : chains[incarnation].entries) {
            if (*entry.json["seq"].integer() == seq && entry.json["hash"].string() == hash &&
                (!entry.isCopy || entry.device == device))
                return true;
        }
        return false;
    }
    sync::HttpResponse take(const Json& body)
    {
        const std::string incarnation(body["incarnation"].string());
        std::string found;
        if (!chains.contains(incarnation)) {
            Chain made{device, 1, std::string(64, '0'), {}, 0, {}, {}, {}};
            if (const Json& follows = body["follows"]; follows.isObject()) {
                made.follows = follows["incarnation"].string();
                made.followsSeq = *follows["seq"].integer();
                made.next = made.followsSeq + 1;
                made.head = follows["hash"].string();
                if (!isKnownHead(made.follows, made.followsSeq, made.head))
                    found = R"({"seq":)" + std::to_string(made.next) + R"(,"reason":"unknown-head"})";
            }
            chains[incarnation] = made;
        }
        Chain& chain = chains[incarnation];
        std::int64_t stored = 0;
        std::int64_t known = 0;
        for (const Json& entry : body["entries"].items()) {
            const std::int64_t seq = *entry["seq"].integer();
            bool isKnown = false;
            bool isTaken = false;
            for (const Entry& other : chain.entries) {
                isKnown = isKnown || (other.json == entry && (!other.isCopy || other.device == device));
                isTaken = isTaken || (!other.isCopy && *other.json["seq"].integer() == seq);
            }
            if (isKnown) {
                ++known;
                continue;
            }
            ++stored;
            const bool isForeign = chain.device != device;
            std::string reason = isForeign ? "other-device" : isTaken ? "other-entry" : "";
            if (reason.empty()) {
                if (seq > chain.next)
                    reason = "gap";
                else if (seq == chain.next && entry["previous"].string() != chain.head)
                    reason = "not-following";
                else if (hashOf(entry) != entry["hash"].string())
                    reason = "hash-mismatch";
                if (seq >= chain.next) {
                    chain.next = seq + 1;
                    chain.head = entry["hash"].string();
                }
            }
            chain.entries.push_back({entry, device, isForeign || isTaken});
            if (!reason.empty() && found.empty())
                found = R"({"seq":)" + std::to_string(seq) + R"(,"reason":")" + reason + R"("})";
        }
        if (!found.empty() && chain.device == device && chain.broken.empty())
            chain.broken = found;
        return {200,
                {},
                R"({"stored":)" + std::to_string(stored) + R"(,"known":)" + std::to_string(known) +
                    R"(,"next":)" + std::to_string(chain.next) + R"(,"head":")" + chain.head + '"' +
                    (found.empty() ? "" : R"(,"broken":)" + found) + '}'};
    }
    sync::HttpResponse takeCheckpoint(const Json& body)
    {
        const std::string incarnation(body["incarnation"].string());
        const std::int64_t seq = *body["seq"].integer();
        const std::string hash(body["hash"].string());
        const std::string text =
            "yarrow-audit-checkpoint\n" + incarnation + '\n' + std::to_string(seq) + '\n' + hash;
        std::string signature(body["signature"].string()); // base64url without padding
        for (char& c : signature)
            c = c == '-' ? '+' : c == '_' ? '/' : c;
        signature.append((4 - signature.size() % 4) % 4, '=');
        if (!crypto::verifyEs256(deviceKey, crypto::bytesOf(text), *crypto::fromBase64(signature)))
            return refuse(400, "bad-signature");
        if (seq >= chains[incarnation].next)
            return refuse(409, "audit-entries-missing");
        chains[incarnation].checkpoints[seq] = hash;
        return {201, {}, "{}"};
    }
};

} // namespace yarrow::testing
