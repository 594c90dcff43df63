// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrolment/account_matching.h"
#include "sync/protocol/json_request.h"

#include "core/json.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

using Kind = EnrolmentError::Kind;

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

/// The account at the server; null when there is none.
const Json& counterpart(const Json& remotes, const Account& account)
{
    static const Json kNone;
    const auto& items = remotes.items();
    auto found = std::find_if(items.begin(), items.end(),
                              [&](const Json& remote) { return remote["id"].string() == account.id.text(); });
    if (found == items.end())
        found = std::find_if(items.begin(), items.end(), [&](const Json& remote) {
            return sameName(remote["user"].string(), account.userName);
        });
    return found == items.end() ? kNone : *found;
}

/// Whether the server has the account now.
Enrolment<bool> makeAccount(Transport& transport, const Account& account, std::string_view author)
{
    Json body = Json::object();
    body.set("user", account.userName);
    body.set("name", account.displayName.empty() ? account.userName : account.displayName);
    body.set("role", roleCode(account.role));
    body.set("active", account.active);
    const auto answer = transport.send(
        jsonRequest(Method::Put, "api/v1/accounts/" + account.id.text(), body, std::string(author)));
    if (!answer)
        return refuseEnrolment(answer.error());
    return answer->status == 200 || answer->status == 201;
}

} // namespace

Enrolment<void> matchAccounts(Transport& transport, const EnrolmentPlan& plan, Enrolled& enrolled)
{
    HttpRequest request;
    request.url = "api/v1/accounts";
    const auto answer = transport.send(request);
    if (!answer)
        return refuseEnrolment(answer.error());
    const auto said = Json::parse(answer->body);
    if (answer->status != 200 || !said)
        return refuseEnrolment(Kind::Refused, "accounts: HTTP " + std::to_string(answer->status));
    const Json& remotes = (*said)["accounts"];

    std::string administrator; // the enrolling person, if that is one at the server
    for (const Account& account : plan.accounts) {
        const Json& remote = counterpart(remotes, account);
        if (account.id == plan.account && remote["role"].string() == "admin" &&
            remote["active"].boolean().value_or(false))
            administrator = remote["id"].string();
    }
    for (const Account& account : plan.accounts) {
        const Json& remote = counterpart(remotes, account);
        if (!remote.isNull()) {
            if (remote["id"].string() != account.id.text())
                enrolled.accounts.push_back({account.id.text(), std::string(remote["id"].string())});
            continue;
        }
        bool isMade = false;
        if (!administrator.empty()) {
            const auto made = makeAccount(transport, account, administrator);
            if (!made)
                return tl::unexpected(made.error());
            isMade = *made;
        }
        (isMade ? enrolled.added : enrolled.unknown).push_back(account.userName);
    }
    return {};
}

} // namespace yarrow::sync
