// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/accounts.h"

#include "models/store/sync/account_exchange.h"
#include "sync/engine/tunables.h"
#include "sync/protocol/json_request.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

/// As the server last listed them.
struct Listing
{
    std::vector<RemoteAccount> accounts;
    std::string tag;

    /// Of the account with that id at the server; empty: there is none.
    [[nodiscard]] std::string revisionOf(const std::string& id) const
    {
        const auto found = std::find_if(accounts.begin(), accounts.end(),
                                        [&](const RemoteAccount& account) { return account.id == id; });
        return found == accounts.end() ? std::string() : found->revision;
    }
};

Step<Listing> readListing(SyncSession& session)
{
    HttpRequest request;
    request.url = "api/v1/accounts";
    request.headers.add("Accept", "application/json");
    const auto response = session.ask(request, true);
    if (!response)
        return stop(response.error());
    const auto body = Json::parse(response->body);
    if (response->status != 200 || !body)
        return stop(Obstacle::Refused,
                    "HTTP " + std::to_string(response->status) + " to the list of accounts");
    Listing listing;
    listing.tag = response->headers.find("Yarrow-Accounts");
    for (const Json& json : (*body)["accounts"].items()) {
        if (!isFhirId(json["id"].string()))
            return stop(Obstacle::Refused, "the list of accounts has one without an id");
        const auto role = roleFromCode(json["role"].string());
        const auto userName = std::string(json["user"].string());
        // Whoever a newer server describes in words that are not known here cannot sign in here; it is no
        // reason to miss the news of all others.
        const bool isUnderstood = role && checkUserName(userName);
        RemoteAccount account;
        account.id = json["id"].string();
        account.userName = checkUserName(userName) ? userName : account.id;
        account.displayName = json["name"].string();
        account.role = role.value_or(Role::Receptionist);
        account.active = isUnderstood && json["active"].boolean().value_or(true);
        account.revision = json["revision"].string();
        account.verifierVersion = json["verifierVersion"].integer().value_or(0);
        if (json["verifier"].isObject())
            account.verifier = json["verifier"].dump();
        listing.accounts.push_back(std::move(account));
    }
    return listing;
}

Step<Listing> takeListing(SyncSession& session)
{
    auto listing = readListing(session);
    if (!listing)
        return listing;
    Transaction transaction(session.connection);
    if (takeAccounts(session.connection, session.clock, session.clinic, listing->accounts, listing->tag))
        session.report.accountsChanged = true;
    transaction.commit();
    return listing;
}

HttpRequest accountRequest(const AccountChange& change, const std::string& revision)
{
    Json body = Json::object();
    body.set("user", change.wanted.userName);
    body.set("name", change.wanted.displayName.empty() ? change.wanted.userName : change.wanted.displayName);
    body.set("role", roleCode(change.wanted.role));
    body.set("active", change.wanted.active);
    HttpRequest request = jsonRequest(Method::Put, "api/v1/accounts/" + change.remote, body, change.author);
    if (!revision.empty())
        request.headers.add("If-Match", revision);
    return request;
}

HttpRequest passwordRequest(const AccountChange& change)
{
    Json body = Json::object();
    if (auto verifier = Json::parse(change.verifier))
        body.set("verifier", std::move(*verifier));
    return jsonRequest(Method::Post, "api/v1/accounts/" + change.remote + "/password", body,
                       change.passwordAuthor);
}

/// A problem document as Yarrow's server writes them, with one of its codes.
bool isOfServer(const HttpResponse& response)
{
    const auto problem = Json::parse(response.body);
    return problem && (*problem)["status"].integer() == response.status &&
           !(*problem)["code"].string().empty();
}

/// Whether the answer is about the workstation and not about what it asked for.
bool isAboutAll(const HttpResponse& response)
{
    const std::string code = refusalCode(response);
    return response.status == 403 && (code == "device-revoked" || code == "clinic-suspended");
}

Step<void> refuse(SyncSession& session, const AccountChange& change, AccountRefusal::Part part,
                  const HttpResponse& response)
{
    if (isAboutAll(response))
        return stop(Obstacle::Unauthorised, refusalCode(response));
    if (!isOfServer(response)) // a proxy's, or of a server that does not know the path: nothing was decided
        return stop(Obstacle::Refused, refusalCode(response) + " to a change of an account");
    Transaction transaction(session.connection);
    const std::string code = refusalCode(response);
    // An administrator may be one, and the workstation yet not hold the administration.
    const bool isOfAuthor = response.status == 403 && code != "outside-scope";
    accountRefused(session.connection, session.clock, session.clinic, change, {part, isOfAuthor, code});
    transaction.commit();
    session.report.accountsChanged = true;
    return {};
}

enum class Told { Yes, Refused, Outdated };

Step<Told> tell(SyncSession& session, const AccountChange& change, const std::string& revision)
{
    if (!change.author.empty()) {
        const auto response = session.ask(accountRequest(change, revision), true);
        if (!response)
            return stop(response.error());
        if (response->status == 412)
            return Told::Outdated;
        if (response->status != 200 && response->status != 201) {
            if (auto refused = refuse(session, change, AccountRefusal::Part::Account, *response); !refused)
                return stop(refused.error());
            return Told::Refused;
        }
        Transaction transaction(session.connection);
        accountTold(session.connection, change);
        transaction.commit();
    }
    if (!change.passwordAuthor.empty()) {
        const auto response = session.ask(passwordRequest(change), true);
        if (!response)
            return stop(response.error());
        const auto body = Json::parse(response->body);
        if (response->status != 200 || !body) {
            if (auto refused = refuse(session, change, AccountRefusal::Part::Password, *response); !refused)
                return stop(refused.error());
            return Told::Refused;
        }
        Transaction transaction(session.connection);
        passwordTold(session.connection, change, (*body)["verifierVersion"].integer().value_or(0));
        transaction.commit();
    }
    return Told::Yes;
}

/// Those that wait and fit, told upon what the server has now.
template <class Fits>
Step<void> tellAll(SyncSession& session, Fits fits)
{
    const auto wanted = [&] {
        std::vector<AccountChange> changes = accountChanges(session.connection);
        std::erase_if(changes, [&](const AccountChange& change) { return !fits(change); });
        return changes;
    };
    for (int round = 0; round < tunables::kRounds && !wanted().empty(); ++round) {
        const auto listing = takeListing(session); // somebody may have changed them elsewhere
        if (!listing)
            return stop(listing.error());
        for (const AccountChange& change : wanted()) {
            const auto told = tell(session, change, listing->revisionOf(change.remote));
            if (!told)
                return stop(told.error());
        }
    }
    return {};
}

} // namespace

Step<void> tellNewAccounts(SyncSession& session)
{
    return tellAll(session, [](const AccountChange& change) { return !change.takesRights; });
}

Step<void> exchangeAccounts(SyncSession& session)
{
    if (auto told = tellAll(session, [](const AccountChange&) { return true; }); !told)
        return told;
    if (session.accountsTag.empty() || session.accountsTag == accountsTag(session.connection))
        return {};
    if (const auto listing = takeListing(session); !listing)
        return stop(listing.error());
    return {};
}

} // namespace yarrow::sync
