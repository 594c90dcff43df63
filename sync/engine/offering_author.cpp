// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/offering_author.h"

#include "models/fhir/resource_area.h"
#include "models/store/commands/account_commands.h"

namespace yarrow::sync {
namespace {

/// Of a deletion no document is left: its type tells.
Area areaOf(const SyncRecord& record)
{
    const auto document = Json::parse(record.atServer().value_or(std::string()));
    return document ? fhir::areaOf(*document) : yarrow::areaOf(record.type);
}

} // namespace

std::string offeringAuthor(SyncSession& session, const SyncRecord& lost, Operation operation)
{
    Connection& connection = session.connection;
    const Area area = areaOf(lost);
    const auto may = [&](const Account& account) {
        return account.active && roleAllows(account.role, operation, area);
    };
    const auto known = [&](const std::string& account) {
        const auto id = AccountId::parse(account);
        return id ? findAccount(connection, *id) : std::nullopt;
    };
    if (!lost.versionAuthor.empty()) {
        const std::string author = outbox::localAccount(connection, lost.versionAuthor);
        const auto account = known(author);
        if (!account || may(*account))
            return author;
    }
    if (const auto enroller = known(session.link.account); enroller && may(*enroller))
        return session.link.account;
    for (const Account& account : allAccounts(connection)) {
        if (may(account))
            return account.id.text();
    }
    return session.link.account;
}

} // namespace yarrow::sync
