// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/server_link.h"

namespace yarrow {

std::optional<ServerLink> readServerLink(Connection& connection)
{
    Query query(connection,
                "SELECT kind, url, client_id, key_name, ca_pem, account, enrolled_at, paused, stopped, "
                "dialect FROM server_link");
    if (!query.step())
        return std::nullopt;
    ServerLink link;
    link.kind = query.text(0) == "yarrow" ? ServerLink::Kind::Yarrow : ServerLink::Kind::Fhir;
    link.url = query.string(1);
    link.clientId = query.string(2);
    link.keyName = query.string(3);
    link.caPem = query.string(4);
    link.account = query.string(5);
    link.enrolledAt = query.string(6);
    link.paused = query.integer(7) != 0;
    link.stopped = query.string(8);
    link.dialect = query.string(9);
    return link;
}

void writeServerLink(Connection& connection, const ServerLink& link)
{
    Query insert(connection,
                 "INSERT OR REPLACE INTO server_link (pk, kind, url, client_id, key_name, ca_pem, account, "
                 "enrolled_at, paused, stopped, dialect) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert
        .bind(link.kind == ServerLink::Kind::Yarrow ? "yarrow" : "fhir", link.url, link.clientId,
              link.keyName, link.caPem, link.account, link.enrolledAt, link.paused, link.stopped,
              link.dialect)
        .run();
}

void stopServerLink(Connection& connection, const std::string& why)
{
    Query(connection, "UPDATE server_link SET stopped = ?").bind(why).run();
}

void writeServerAccounts(Connection& connection, const std::vector<ServerAccount>& accounts)
{
    Query(connection, "DELETE FROM server_account").run();
    for (const ServerAccount& account : accounts) {
        Query(connection, "INSERT INTO server_account (account, remote) VALUES (?, ?)")
            .bind(account.account, account.remote)
            .run();
    }
}

} // namespace yarrow
