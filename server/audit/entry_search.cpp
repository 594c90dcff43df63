// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/entry_search.h"

#include "server/auth/crypto.h"

#include <boost/json.hpp>

namespace yarrow::server::audit {
namespace {

/// Where the page before ended: at, incarnation, seq, fingerprint in hexadecimal, who sent it.
struct Position
{
    std::string at;
    std::string incarnation;
    std::int64_t seq = 0;
    std::string fingerprint;
    std::string sender;

    [[nodiscard]] std::string text() const
    {
        return crypto::toBase64Url(
            boost::json::serialize(boost::json::array{at, incarnation, seq, fingerprint, sender}));
    }
    [[nodiscard]] static std::optional<Position> parse(std::string_view text)
    {
        const auto json = crypto::fromBase64Url(text);
        boost::json::error_code error;
        const auto value = boost::json::parse(json.value_or(std::string()), error);
        const auto* parts = error ? nullptr : value.if_array();
        const bool fits = parts != nullptr && parts->size() == 5 && (*parts)[0].is_string() &&
                          (*parts)[1].is_string() && (*parts)[2].is_int64() && (*parts)[3].is_string() &&
                          (*parts)[4].is_string();
        if (!fits)
            return std::nullopt;
        Position position{std::string((*parts)[0].get_string()), std::string((*parts)[1].get_string()),
                          (*parts)[2].get_int64(), std::string((*parts)[3].get_string()),
                          std::string((*parts)[4].get_string())};
        const bool isText = position.at.find('\0') == std::string::npos &&
                            position.incarnation.find('\0') == std::string::npos &&
                            crypto::fromHex(position.fingerprint) &&
                            position.sender.find('\0') == std::string::npos;
        return isText ? std::optional<Position>(std::move(position)) : std::nullopt;
    }
};

/// The statement whose index fits: a patient has fewer entries than an account, and that fewer than a time.
std::string sqlFor(const EntryFilter& filter)
{
    const char* patient = filter.patient.empty() ? "$3 = '' " : "patient = $3 AND patient <> '' ";
    const char* account = filter.account.empty() ? "AND $4 = '' " : "AND account = $4 ";
    const char* incarnation = filter.incarnation.empty() ? "AND $5 = '' " : "AND incarnation = $5 ";
    return std::string("SELECT ") + kEntryColumns +
           ", encode(fingerprint, 'hex'), device_id FROM audit_entry WHERE tenant_id = $1 AND at >= $2 AND " +
           patient + account + incarnation +
           "AND ($6 = '' OR (at, incarnation, seq, fingerprint, device_id) > "
           "($6, $7, $8::bigint, decode($9, 'hex'), $10)) "
           "ORDER BY at, incarnation, seq, fingerprint, device_id LIMIT $11";
}

} // namespace

Result<EntryPage> searchEntries(db::Transaction& work, const EntryFilter& filter)
{
    Position after;
    if (!filter.cursor.empty()) {
        auto position = Position::parse(filter.cursor);
        if (!position)
            return refuse(400, "bad-parameter", "The cursor is none that this server gave.", "cursor");
        after = std::move(*position);
    }
    EntryPage page;
    const auto rows =
        work.run(sqlFor(filter), work.tenant(), std::max(filter.since, after.at), filter.patient,
                 filter.account, filter.incarnation, after.at, after.incarnation, after.seq,
                 after.fingerprint, after.sender, filter.count + 1);
    for (const auto& row : rows) {
        if (static_cast<std::int64_t>(page.entries.size()) == filter.count) {
            page.next = after.text();
            break;
        }
        page.entries.push_back(readEntry(row));
        const Entry& last = page.entries.back().entry;
        after = {last.at, last.incarnation, last.seq, row[row.size() - 2].c_str(),
                 row[row.size() - 1].c_str()};
    }
    return page;
}

} // namespace yarrow::server::audit
