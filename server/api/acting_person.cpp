// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/acting_person.h"

namespace yarrow::server::api {

Result<Account> actingPerson(const Call& call, db::Transaction& transaction)
{
    const Principal& caller = call.principal();
    const bool isPerson = caller.kind == Principal::Kind::Person;
    const std::string id(isPerson ? std::string_view(caller.account)
                                  : call.request.headers.find("Yarrow-Author"));
    if (id.empty())
        return refuse(403, "author-required",
                      "A workstation must say on whose behalf (Yarrow-Author) it asks for this.");
    auto account = findAccount(transaction, id);
    if (!account)
        return refuse(403, "author-unknown", "The author is no account of this clinic.");
    if (!account->active)
        return refuse(403, "author-disabled", "The author's account is disabled.");
    return std::move(*account);
}

Result<Account> actingAdmin(const Call& call, db::Transaction& transaction)
{
    auto account = actingPerson(call, transaction);
    if (account && account->role != Role::Admin)
        return refuse(403, "admin-required", "Only an administrator may do this.");
    if (account) {
        if (auto held = checkHoldsAdministration(call); !held)
            return tl::unexpected(held.error());
    }
    return account;
}

Result<void> checkHoldsAdministration(const Call& call)
{
    const Principal& caller = call.principal();
    if (caller.kind == Principal::Kind::Device && !caller.areas.contains(Area::Administration))
        return refuse(403, "outside-scope", "This workstation does not hold the administration.");
    return {};
}

Result<void> checkMayGive(const Call& call, AreaSet areas, const std::string& pointer)
{
    const Principal& caller = call.principal();
    if (caller.kind == Principal::Kind::Device && !caller.areas.contains(areas))
        return refuse(403, "outside-scope", "This workstation does not hold all of these areas itself.",
                      pointer);
    return {};
}

Author authorOf(const Call& call, const Account& person)
{
    return {person.id, std::string(roleCode(person.role)), call.principal().device};
}

} // namespace yarrow::server::api
