// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/lost_versions.h"

#include "models/fhir/resource_area.h"
#include "models/store/commands/account_commands.h"
#include "sync/merge/merge.h"

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

bool saysThat(const FeedEntry& entry, const std::optional<std::string>& document)
{
    if (!document)
        return entry.kind == FeedEntry::Kind::Deleted;
    const auto json = Json::parse(*document);
    return entry.kind == FeedEntry::Kind::Present && json && saysTheSame(entry.document, *json);
}

std::optional<std::string> ancestorOf(const FeedPage& history, const std::string& lost)
{
    std::int64_t newest = 0;
    std::optional<std::string> document;
    for (const FeedEntry& entry : history.entries) {
        const std::int64_t sequence = sequenceOf(entry.version);
        if (sequence < newest || sequence > sequenceOf(lost) || epochOf(entry.version) != epochOf(lost))
            continue;
        newest = sequence;
        document.reset();
        if (entry.kind == FeedEntry::Kind::Present)
            document = entry.document.dump();
    }
    return document;
}

} // namespace yarrow::sync
