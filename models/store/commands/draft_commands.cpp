// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/draft_commands.h"

namespace yarrow {

Result<void> DraftCommands::save(const std::string& form, const std::string& content)
{
    return guarded([&] {
        Transaction transaction(m_scope.connection);
        const std::string& account = m_scope.actor.account.text();
        if (content.empty()) {
            Query(m_scope.connection, "DELETE FROM draft WHERE account = ? AND form = ?")
                .bind(account, form)
                .run();
        } else {
            Query(m_scope.connection,
                  "INSERT INTO draft (account, form, content, at) VALUES (?, ?, ?, ?) "
                  "ON CONFLICT (account, form) DO UPDATE SET content = excluded.content, at = excluded.at")
                .bind(account, form, std::span(crypto::bytesOf(content)), formatInstant(m_scope.clock.now()))
                .run();
        }
        transaction.commit();
    });
}

Result<std::string> DraftCommands::read(Connection& connection, const AccountId& account,
                                        const std::string& form)
{
    return guarded([&]() -> Result<std::string> {
        Query row(connection, "SELECT content FROM draft WHERE account = ? AND form = ?");
        row.bind(account.text(), form);
        return row.step() ? std::string(row.blob(0)) : std::string();
    });
}

} // namespace yarrow
