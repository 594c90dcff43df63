// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/search.h"

#include "server/records/area_array.h"
#include "server/records/page_room.h"

#include <charconv>

namespace yarrow::server::records {
namespace {

using fhir::SearchQuery;
using Param = SearchQuery::Param;

/// The text of a statement and its parameters, built up together. Only the shape of the query is in the text,
/// so that queries of one shape share a prepared statement.
class Statement
{
public:
    explicit Statement(std::string text)
        : m_text(std::move(text))
    {}

    Statement& operator<<(std::string_view text)
    {
        m_text += text;
        return *this;
    }
    /// Adds a parameter and returns its place: "$3".
    std::string bind(std::string value)
    {
        m_parameters.push_back(std::move(value));
        return "$" + std::to_string(m_parameters.size());
    }
    std::string bindAll(const std::vector<SearchQuery::Value>& values, std::string_view prefix = {})
    {
        db::TextArray array;
        for (const SearchQuery::Value& value : values)
            array.add(std::string_view(std::string(prefix) + value.text));
        return bind(array.literal()) + "::text[]";
    }
    void surround(std::string_view before, std::string_view behind)
    {
        m_text.insert(0, before).append(behind);
    }
    pqxx::result run(db::Transaction& work) const { return work.runWith(m_text, m_parameters); }

private:
    std::string m_text;
    std::vector<std::string> m_parameters;
};

constexpr std::string_view kLastCharacter =
    "\xF4\x8F\xBF\xBF"; // U+10FFFF, behind every other in the collation C

/// Records that have a value with `condition` under one of `params`. DISTINCT: begun at the values found, not
/// at every record of the type.
void whereValue(Statement& sql, std::string_view params, const std::string& condition)
{
    sql << "r.id IN (SELECT DISTINCT s.id FROM search_value s WHERE s.tenant_id = $1 AND s.type = $2 AND "
           "s.param IN ("
        << params << ") AND (" << condition << "))";
}

std::string joinedByOr(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts)
        text.append(text.empty() ? "" : " OR ").append(part);
    return text;
}

void whereNames(Statement& sql, std::string_view params, const std::vector<SearchQuery::Value>& values)
{
    std::vector<std::string> parts;
    for (const SearchQuery::Value& value : values) {
        if (value.exact)
            parts.push_back("s.value = " + sql.bind(value.text));
        else
            parts.push_back("s.value >= " + sql.bind(value.text) + " AND s.value < " +
                            sql.bind(value.text + std::string(kLastCharacter)));
    }
    whereValue(sql, params, joinedByOr(parts));
}

void whereIdentifiers(Statement& sql, const std::vector<SearchQuery::Value>& values)
{
    std::vector<std::string> parts;
    for (const SearchQuery::Value& value : values) {
        if (value.text.find('\n') != std::string::npos)
            parts.push_back("s.value = " + sql.bind(value.text));
        else // any system: whatever stands behind the '\n'
            parts.push_back("s.value >= " + sql.bind(value.text + '\n') + " AND s.value < " +
                            sql.bind(value.text + '\v'));
    }
    whereValue(sql, "'identifier'", joinedByOr(parts));
}

// The prefixes of FHIR's date search (R4, 3.1.1.4.6) between the range searched for, [from, to), and the
// record's.

std::string comparedDate(Statement& sql, const SearchQuery::Value& value)
{
    const auto from = [&] { return sql.bind(value.from) + "::timestamptz"; };
    const auto to = [&] { return sql.bind(value.to) + "::timestamptz"; };
    const auto within = [&] {
        const std::string end = to();
        return "(r.date_from >= " + from() + " AND r.date_from < " + end + " AND r.date_to <= " + end + ")";
    };
    switch (value.prefix) {
    case SearchQuery::Prefix::Equal:
        return within();
    case SearchQuery::Prefix::NotEqual:
        return "NOT " + within();
    case SearchQuery::Prefix::Less:
        return "r.date_from < " + from();
    case SearchQuery::Prefix::LessOrEqual:
        return "r.date_from < " + to();
    case SearchQuery::Prefix::Greater:
        return "r.date_to > " + to();
    case SearchQuery::Prefix::GreaterOrEqual:
        return "r.date_to > " + from();
    }
    return "false";
}

/// In terms of r.seq, which is in the same order and has an index by type.
std::string comparedLastUpdated(Statement& sql, const SearchQuery::Value& value)
{
    // COALESCE around the subquery would keep the index from being read.
    const auto firstSince = [&](const std::string& instant) {
        return "(SELECT coalesce(min(n.seq), 9223372036854775807) FROM (SELECT u.seq FROM version u "
               "WHERE u.tenant_id = $1 AND u.last_updated >= " +
               sql.bind(instant) + "::timestamptz ORDER BY u.last_updated LIMIT 1) n)";
    };
    const auto within = [&] {
        return "(r.seq >= " + firstSince(value.from) + " AND r.seq < " + firstSince(value.to) + ")";
    };
    switch (value.prefix) {
    case SearchQuery::Prefix::Equal:
        return within();
    case SearchQuery::Prefix::NotEqual:
        return "NOT " + within();
    case SearchQuery::Prefix::Less:
        return "r.seq < " + firstSince(value.from);
    case SearchQuery::Prefix::LessOrEqual:
        return "r.seq < " + firstSince(value.to);
    case SearchQuery::Prefix::Greater:
        return "r.seq >= " + firstSince(value.to);
    case SearchQuery::Prefix::GreaterOrEqual:
        return "r.seq >= " + firstSince(value.from);
    }
    return "false";
}

void whereDates(Statement& sql, const std::vector<SearchQuery::Value>& values)
{
    std::vector<std::string> parts;
    for (const SearchQuery::Value& value : values)
        parts.push_back(comparedDate(sql, value));
    sql << "r.date_from < 'infinity' AND (" << joinedByOr(parts) << ")";
}

void whereLastUpdated(Statement& sql, const std::vector<SearchQuery::Value>& values)
{
    std::vector<std::string> parts;
    for (const SearchQuery::Value& value : values)
        parts.push_back(comparedLastUpdated(sql, value));
    sql << "(" << joinedByOr(parts) << ")";
}

void where(Statement& sql, const SearchQuery& query, const SearchQuery::Condition& condition)
{
    switch (condition.param) {
    case Param::Id:
        sql << "r.id = ANY (" << sql.bindAll(condition.anyOf) << ")";
        break;
    case Param::LastUpdated:
        whereLastUpdated(sql, condition.anyOf);
        break;
    case Param::Identifier:
        whereIdentifiers(sql, condition.anyOf);
        break;
    case Param::Name:
        whereNames(sql, "'family', 'given', 'name'", condition.anyOf);
        break;
    case Param::Family:
        whereNames(sql, "'family'", condition.anyOf);
        break;
    case Param::Given:
        whereNames(sql, "'given'", condition.anyOf);
        break;
    case Param::Phone:
        whereValue(sql, "'phone'", "s.value = ANY (" + sql.bindAll(condition.anyOf) + ")");
        break;
    case Param::Actor:
        whereValue(sql, "'actor'", "s.value = ANY (" + sql.bindAll(condition.anyOf) + ")");
        break;
    case Param::Patient:
        if (query.type == "Appointment") // may be about several
            whereValue(sql, "'actor'", "s.value = ANY (" + sql.bindAll(condition.anyOf, "Patient/") + ")");
        else
            sql << "r.patient = ANY (" << sql.bindAll(condition.anyOf) << ")";
        break;
    case Param::BirthDate:
    case Param::Date:
        whereDates(sql, condition.anyOf);
        break;
    case Param::Status:
        sql << "r.status = ANY (" << sql.bindAll(condition.anyOf) << ")";
        break;
    }
}

/// "SELECT … FROM resource r … WHERE …" up to the query's conditions.
Statement selectOf(std::string_view columns, std::string_view join, const db::Transaction& work,
                   const SearchQuery& query, AreaSet areas)
{
    Statement sql("SELECT ");
    sql << columns << " FROM resource r " << join << " WHERE r.tenant_id = " << sql.bind(work.tenant().text())
        << " AND r.type = " << sql.bind(query.type) << " AND NOT r.deleted AND r.area = ANY ("
        << sql.bind(areaArray(areas)) << "::text[])";
    for (const SearchQuery::Condition& condition : query.all) {
        sql << " AND ";
        where(sql, query, condition);
    }
    return sql;
}

constexpr std::string_view kVersion = "JOIN version v ON v.tenant_id = r.tenant_id AND v.seq = r.seq";

/// What the pages are parted by: the value sorted by, as text, and the id.
struct SortKey
{
    std::string_view expression; ///< SQL
    std::string_view cast;       ///< of the text in a page token, back into what the expression is
};

SortKey keyOf(SearchQuery::Sort::By by)
{
    switch (by) {
    case SearchQuery::Sort::By::LastUpdated:
        return {"r.seq", "::bigint"};
    case SearchQuery::Sort::By::Id:
        return {"r.id", ""};
    case SearchQuery::Sort::By::Date:
        return {"r.date_from", "::timestamptz"};
    case SearchQuery::Sort::By::Name:
        return {"r.sort_name", ""};
    }
    return {"r.id", ""};
}

struct PageToken
{
    std::string key;
    std::string id;
};

// Opaque to callers: hexadecimal, so that it stands in a URL as it is.
std::string encoded(const PageToken& token)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : token.id + '\n' + token.key) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 0x0FU];
    }
    return text;
}

std::optional<PageToken> decoded(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        unsigned value = 0;
        const auto parsed = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
        if (parsed.ec != std::errc() || parsed.ptr != text.data() + i + 2 || value == 0)
            return std::nullopt;
        plain += static_cast<char>(value);
    }
    const std::size_t split = plain.find('\n');
    if (text.size() % 2 != 0 || split == std::string::npos)
        return std::nullopt;
    return PageToken{plain.substr(split + 1), plain.substr(0, split)};
}

} // namespace

std::vector<FoundId> findIds(db::Transaction& work, const fhir::SearchQuery& query, AreaSet areas, int limit)
{
    Statement sql = selectOf("r.id, r.seq, v.epoch", kVersion, work, query, areas);
    sql << " ORDER BY r.id LIMIT " << sql.bind(std::to_string(limit));
    std::vector<FoundId> found;
    for (const auto& row : sql.run(work))
        found.push_back({row[0].c_str(), row[1].as<std::int64_t>(), row[2].c_str()});
    return found;
}

std::optional<IdentifierSought> identifierSoughtBy(const fhir::SearchQuery& query)
{
    if (query.all.size() != 1 || query.all.front().param != Param::Identifier ||
        query.all.front().anyOf.size() != 1)
        return std::nullopt;
    const std::string& text = query.all.front().anyOf.front().text;
    if (text.find('\n') == std::string::npos)
        return std::nullopt;
    return IdentifierSought{query.type, text};
}

std::vector<std::vector<FoundId>> findByIdentifier(db::Transaction& work,
                                                   const std::vector<IdentifierSought>& sought, AreaSet areas,
                                                   std::size_t limit)
{
    std::vector<std::vector<FoundId>> found(sought.size());
    if (sought.empty())
        return found;
    db::TextArray types;
    db::TextArray values;
    for (const IdentifierSought& one : sought) {
        types.add(std::string_view(one.type));
        values.add(std::string_view(one.value));
    }
    // One after the other, whatever the statistics of a new clinic say: OFFSET 0 keeps PostgreSQL from
    // joining in another order.
    const auto rows = work.run(
        "SELECT w.place, r.id, r.seq, v.epoch "
        "FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS w (type, value, place) "
        "CROSS JOIN LATERAL (SELECT s.id FROM search_value s WHERE s.tenant_id = $1 AND s.type = w.type "
        "AND s.param = 'identifier' AND s.value = w.value OFFSET 0) i "
        "CROSS JOIN LATERAL (SELECT r.id, r.seq FROM resource r WHERE r.tenant_id = $1 AND r.type = w.type "
        "AND r.id = i.id AND NOT r.deleted AND r.area = ANY ($2::text[]) OFFSET 0) r "
        "CROSS JOIN LATERAL (SELECT v.epoch FROM version v WHERE v.tenant_id = $1 AND v.seq = r.seq OFFSET "
        "0) v "
        "ORDER BY w.place, r.id",
        work.tenant(), areaArray(areas), types, values);
    for (const auto& row : rows) {
        auto& place = found[row[0].as<std::size_t>() - 1];
        if (place.size() < limit)
            place.push_back({row[1].c_str(), row[2].as<std::int64_t>(), row[3].c_str()});
    }
    return found;
}

Result<SearchPage> search(db::Transaction& work, const fhir::SearchQuery& query, AreaSet areas)
{
    SearchPage page;
    if (query.total || query.count == 0)
        page.total = selectOf("count(*)", "", work, query, areas).run(work)[0][0].as<std::int64_t>();
    if (query.count == 0)
        return page;

    const SortKey key = keyOf(query.sort.by);
    const std::string direction = query.sort.descending ? " DESC" : " ASC";
    Statement sql = selectOf(std::string("r.id, r.seq, ").append(key.expression).append(" AS key"), "", work,
                             query, areas);
    if (!query.page.empty()) {
        const auto token = decoded(query.page);
        if (!token)
            return refuse(400, "bad-page", "The parameter _page is no page of this search.", "_page");
        const std::string_view behind = query.sort.descending ? " < " : " > ";
        const std::string value = sql.bind(token->key) + std::string(key.cast);
        if (query.sort.by == SearchQuery::Sort::By::Id) {
            sql << " AND r.id" << behind << value;
        } else {
            // The first condition is where an index begins to be read.
            sql << " AND " << key.expression << (query.sort.descending ? " <= " : " >= ") << value << " AND ("
                << key.expression << behind << value << " OR r.id" << behind << sql.bind(token->id) << ")";
        }
    }
    // One more than asked for tells whether there is another page.
    sql << " ORDER BY key" << direction << ", r.id" << direction << " LIMIT "
        << sql.bind(std::to_string(query.count + 1));
    // The documents are joined to the page, not to all that was found.
    const std::string order = "p.key" + direction + ", p.id" + direction;
    const std::string room = std::string(query.sort.descending ? YARROW_BYTES_BEFORE("p.key DESC, p.id DESC")
                                                               : YARROW_BYTES_BEFORE("p.key, p.id")) +
                             " < " + sql.bind(std::to_string(kMaxPageBytes)) + "::bigint";
    sql.surround("WITH page AS MATERIALIZED (",
                 ") SELECT p.id, p.key::text, CASE WHEN " + room + " THEN v.body END, " + room +
                     " FROM page p JOIN version v ON v.tenant_id = $1 AND v.seq = p.seq ORDER BY " + order);
    pqxx::result rows;
    try {
        rows = sql.run(work);
    } catch (const pqxx::data_exception&) {
        if (query.page.empty())
            throw;
        return refuse(400, "bad-page", "The parameter _page is no page of this search.", "_page");
    }
    PageToken last;
    for (const auto& row : rows) {
        const bool hasRoom = row[3].as<bool>();
        if (page.entries.size() == static_cast<std::size_t>(query.count) || !hasRoom) {
            page.nextPage = encoded(last);
            break;
        }
        page.entries.push_back({row[0].c_str(), row[2].c_str()});
        last = {row[1].c_str(), row[0].c_str()};
    }
    return page;
}

} // namespace yarrow::server::records
