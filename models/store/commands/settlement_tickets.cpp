// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/settlement_tickets.h"

namespace yarrow {
namespace {

/// Members that are not there stand for values that were not.
std::string textOf(const SettledConflict& settled)
{
    Json json = Json::object();
    json.set("unit", settled.unit);
    json.set("focusType", settled.focusType);
    json.set("focusId", settled.focusId);
    Json replaced = Json::array();
    for (const SettledConflict::Replaced& one : settled.replaced) {
        Json item = Json::object();
        item.set("path", one.path);
        if (one.before)
            item.set("before", *one.before);
        if (one.after)
            item.set("after", *one.after);
        replaced.append(std::move(item));
    }
    json.set("replaced", std::move(replaced));
    return json.dump();
}

std::optional<Json> valueOf(const Json& item, std::string_view name)
{
    std::optional<Json> value;
    if (const Json* member = item.find(name))
        value = *member;
    return value;
}

std::optional<SettledConflict> ticketOf(const Query& row)
{
    std::optional<SettledConflict> ticket;
    const auto json = Json::parse(row.text(2));
    if (!json)
        return ticket;
    ticket.emplace();
    ticket->id = row.string(0);
    ticket->at = row.string(1);
    ticket->unit = (*json)["unit"].string();
    ticket->focusType = (*json)["focusType"].string();
    ticket->focusId = (*json)["focusId"].string();
    for (const Json& item : (*json)["replaced"].items())
        ticket->replaced.push_back(
            {std::string(item["path"].string()), valueOf(item, "before"), valueOf(item, "after")});
    return ticket;
}

} // namespace

void keepTicket(Connection& connection, const SettledConflict& settled, const AccountId& account)
{
    Query(connection, "INSERT OR REPLACE INTO settlement (task, account, at, content) VALUES (?, ?, ?, ?)")
        .bind(settled.id, account.text(), settled.at, textOf(settled))
        .run();
}

void dropTicket(Connection& connection, const std::string& task)
{
    Query(connection, "DELETE FROM settlement WHERE task = ?").bind(task).run();
}

std::vector<SettledConflict> ticketsOf(Connection& connection, const AccountId& account)
{
    std::vector<SettledConflict> tickets;
    Query row(connection, "SELECT task, at, content FROM settlement WHERE account = ? ORDER BY at, task");
    row.bind(account.text());
    while (row.step()) {
        if (auto ticket = ticketOf(row))
            tickets.push_back(std::move(*ticket));
    }
    return tickets;
}

void dropTicketsBefore(Connection& connection, Instant time)
{
    Query(connection, "DELETE FROM settlement WHERE at < ?").bind(formatInstant(time)).run();
}

} // namespace yarrow
