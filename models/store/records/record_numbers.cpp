// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/record_numbers.h"

#include "models/domain/record_number.h"
#include "models/store/audit/incarnation.h"
#include "models/store/sync/server_link.h"

#include <algorithm>

namespace yarrow::record_numbers {
namespace {

/// A stand-alone clinic leases so many of itself at once.
constexpr std::int64_t kOwnBlock = 1000;
const std::string kOwn;

/// For whom the blocks are that may be used now. Nothing: numbers are another system's affair.
std::optional<std::string> holder(Connection& connection)
{
    const auto link = readServerLink(connection);
    if (!link)
        return kOwn;
    if (link->kind != ServerLink::Kind::Yarrow)
        return std::nullopt;
    return link->url + ' ' + link->clientId + ' ' + incarnation::current(connection);
}

bool isTaken(Connection& connection, const std::string& number)
{
    Query row(connection, "SELECT 1 FROM patient_fts WHERE patient_fts MATCH ? LIMIT 1");
    return row.bind("\"&" + number + "\"").step();
}

struct Block
{
    std::int64_t pk = 0;
    std::int64_t next = 0;
    std::int64_t last = 0;
};

std::vector<Block> blocksOf(Connection& connection, const std::string& holder)
{
    std::vector<Block> blocks;
    Query row(connection,
              "SELECT pk, next, last FROM mrn_lease WHERE holder = ? AND next <= last ORDER BY pk");
    row.bind(holder);
    while (row.step())
        blocks.push_back({row.integer(0), row.integer(1), row.integer(2)});
    return blocks;
}

void moveTo(Connection& connection, const Block& block, std::int64_t next)
{
    if (next != block.next)
        Query(connection, "UPDATE mrn_lease SET next = ? WHERE pk = ?").bind(next, block.pk).run();
}

void addBlockFor(Connection& connection, const std::string& holder, std::int64_t first, std::int64_t last)
{
    Query(connection, "INSERT INTO mrn_lease (holder, next, last) VALUES (?, ?, ?)")
        .bind(holder, first, last)
        .run();
}

void leaseOfItself(Connection& connection)
{
    Query row(connection, "SELECT coalesce(max(last), 0) FROM mrn_lease WHERE holder = ''");
    const std::int64_t last = row.step() ? row.integer(0) : 0;
    addBlockFor(connection, kOwn, last + 1, last + kOwnBlock);
}

std::optional<std::string> drawFrom(Connection& connection, const Block& block)
{
    for (std::int64_t next = block.next; next <= block.last; ++next) {
        std::string number = recordNumber(next);
        if (isTaken(connection, number))
            continue;
        moveTo(connection, block, next + 1);
        return number;
    }
    moveTo(connection, block, block.last + 1);
    return std::nullopt;
}

} // namespace

bool areGiven(Connection& connection)
{
    return holder(connection).has_value();
}

std::optional<std::string> draw(Connection& connection)
{
    const auto mine = holder(connection);
    if (!mine)
        return std::nullopt;
    while (true) {
        for (const Block& block : blocksOf(connection, *mine)) {
            if (auto number = drawFrom(connection, block))
                return number;
        }
        if (*mine != kOwn)
            return std::nullopt;
        leaseOfItself(connection);
    }
}

std::int64_t countFree(Connection& connection, std::int64_t atMost)
{
    const auto mine = holder(connection);
    std::int64_t free = 0;
    for (const Block& block : mine ? blocksOf(connection, *mine) : std::vector<Block>()) {
        std::int64_t firstFree = block.last + 1;
        for (std::int64_t next = block.next; next <= block.last && free < atMost; ++next) {
            if (isTaken(connection, recordNumber(next)))
                continue;
            firstFree = std::min(firstFree, next);
            ++free;
        }
        if (firstFree <= block.last || free < atMost)
            moveTo(connection, block, firstFree);
    }
    return free;
}

void addBlock(Connection& connection, std::int64_t first, std::int64_t last)
{
    if (const auto mine = holder(connection); mine && first > 0 && first <= last)
        addBlockFor(connection, *mine, first, last);
}

void discardBlocks(Connection& connection)
{
    Query(connection, "DELETE FROM mrn_lease WHERE holder <> ''").run();
}

void noteDue(Connection& connection, const Due& due)
{
    Query(connection, "INSERT OR REPLACE INTO mrn_due (patient, account) VALUES (?, ?)")
        .bind(due.patient, due.account)
        .run();
}

std::vector<Due> due(Connection& connection)
{
    std::vector<Due> waiting;
    Query row(connection, "SELECT patient, account FROM mrn_due ORDER BY patient");
    while (row.step())
        waiting.push_back({row.string(0), row.string(1)});
    return waiting;
}

void settled(Connection& connection, const std::string& patient)
{
    Query(connection, "DELETE FROM mrn_due WHERE patient = ?").bind(patient).run();
}

} // namespace yarrow::record_numbers
