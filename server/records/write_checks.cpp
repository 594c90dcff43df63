// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is checked before anything is stored: steps of WriteBatch in the order they run.
#include "server/fhir/search_query.h"
#include "server/http/message.h"
#include "server/random_uuid.h"
#include "server/records/erasure.h"
#include "server/records/instant.h"
#include "server/records/page_room.h"
#include "server/records/search.h"
#include "server/records/write_batch.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace yarrow::server::records {
namespace {

// The body of the version v, empty when those before it, in that order, leave no room for it.
#define YARROW_BODY(order)                                                                                   \
    "CASE WHEN " YARROW_BYTES_BEFORE(order) " < $2::bigint THEN coalesce(v.body, '') ELSE '' END"

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::string nameOf(const fhir::WriteEntry& entry)
{
    return entry.type + "/" + entry.id;
}

} // namespace

WriteBatch::WriteBatch(db::Transaction& work, const ClinicHead& head, const Principal& caller,
                       std::vector<fhir::WriteEntry> entries)
    : m_work(work)
    , m_head(head)
    , m_caller(caller)
{
    m_items.reserve(entries.size());
    for (fhir::WriteEntry& entry : entries) {
        if (entry.id.empty())
            entry.id = randomUuid();
        m_items.push_back({.entry = std::move(entry), .present = {}});
    }
    m_outcome.results.resize(m_items.size());
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        m_outcome.results[i].type = m_items[i].entry.type;
        m_outcome.results[i].id = m_items[i].entry.id;
    }
    m_outcome.notice.tenant = caller.tenant;
    m_outcome.notice.seq = head.seq;
    m_outcome.epoch = head.epoch;
}

std::vector<std::size_t> WriteBatch::open() const
{
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].settled)
            indexes.push_back(i);
    }
    return indexes;
}

void WriteBatch::refuseItem(std::size_t index, Problem problem)
{
    m_items[index].settled = true;
    m_outcome.results[index].problem = std::move(problem);
}

void WriteBatch::answer(std::size_t index, int status, std::string versionId, std::string lastUpdated,
                        std::string body)
{
    m_items[index].settled = true;
    WriteResult& result = m_outcome.results[index];
    result.status = status;
    result.versionId = std::move(versionId);
    result.lastUpdated = std::move(lastUpdated);
    result.body = std::move(body);
}

void WriteBatch::answerWithPresent(const std::vector<std::pair<std::size_t, int>>& answers)
{
    if (answers.empty())
        return;
    db::NumberArray seqs;
    for (const auto& [index, status] : answers)
        seqs.add(m_items[index].present->seq);
    const auto rows =
        m_work.run("SELECT " YARROW_INSTANT("v.last_updated") ", " YARROW_BODY(
                       "n.place") " FROM unnest($3::bigint[]) WITH ORDINALITY AS n (seq, place) "
                                  "JOIN version v ON v.tenant_id = $1 AND v.seq = n.seq ORDER BY n.place",
                   m_work.tenant(), kMaxPageBytes, seqs);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto [index, status] = answers[i];
        const auto row = rows.at(static_cast<pqxx::result::size_type>(i));
        const Present& present = *m_items[index].present;
        answer(index, status, present.versionId(), row[0].c_str(), row[1].c_str());
        noteOperation(index, present.seq);
    }
}

void WriteBatch::noteOperation(std::size_t index, std::int64_t seq)
{
    if (!m_items[index].entry.operation.empty())
        m_operations.emplace_back(index, seq);
}

std::string WriteBatch::authorOf(const Item& item) const
{
    return m_caller.kind == Principal::Kind::Person ? m_caller.account : item.entry.author;
}

// ---- what is known already
// --------------------------------------------------------------------------------------

void WriteBatch::answerKnownOperations()
{
    db::TextArray operations;
    std::unordered_map<std::string, std::size_t> indexes;
    for (const std::size_t i : open()) {
        const std::string& operation = m_items[i].entry.operation;
        if (operation.empty())
            continue;
        if (indexes.emplace(operation, i).second)
            operations.add(std::string_view(operation));
        else
            refuseItem(i,
                       {409, "repeated-operation", "Another entry of this bundle names the same operation."});
    }
    if (operations.empty())
        return;
    const auto rows = m_work.run(
        "SELECT o.operation, o.status, v.type, v.id, v.epoch, v.seq, " YARROW_INSTANT(
            "v.last_updated") ", " YARROW_BODY("o.operation") ", v.area, o.method, v.erased_areas IS NOT "
                                                              "NULL FROM operation o "
                                                              "LEFT JOIN version v ON v.tenant_id = "
                                                              "o.tenant_id AND v.seq = o.seq "
                                                              "WHERE o.tenant_id = $1 AND o.operation = ANY "
                                                              "($3::text[]) ORDER BY "
                                                              "o.operation",
        m_work.tenant(), kMaxPageBytes, operations);
    for (const auto& row : rows) {
        const std::size_t i = indexes.at(row[0].c_str());
        const fhir::WriteEntry& entry = m_items[i].entry;
        if (row[2].is_null()) {
            refuseItem(i, {410, "operation-expired",
                           "This operation was done, but the version it made is kept no more."});
            continue;
        }
        if (row[10].as<bool>()) {
            refuseItem(i, erasedProblem(row[2].c_str(), row[3].c_str()));
            continue;
        }
        if (entry.type != row[2].c_str() || row[9].c_str() != fhir::methodName(entry.method) ||
            (entry.method != fhir::WriteEntry::Method::Create && entry.id != row[3].c_str())) {
            refuseItem(i, {409, "operation-reused",
                           "This operation has been done, to another record or in another way."});
            continue;
        }
        if (!m_caller.areas.contains(areaFromCode(row[8].c_str()).value_or(Area::ClinicalRecord))) {
            refuseItem(i, {403, "outside-scope", "The record is outside what this workstation holds."});
            continue;
        }
        m_outcome.results[i].id = row[3].c_str();
        answer(i, row[1].as<int>(), versionIdOf(row[4].c_str(), row[5].as<std::int64_t>()), row[6].c_str(),
               row[7].c_str());
    }
}

void WriteBatch::refuseRepeatedRecords()
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        if (!seen.emplace(entry.type, entry.id).second)
            refuseItem(i, {409, "repeated-record",
                           "An earlier entry of this bundle changes the same record: send this one in the "
                           "next bundle."});
    }
}

void WriteBatch::answerConditionalCreates()
{
    constexpr int kEnoughToTell = 2;
    constexpr int kMaxSearches = 20;
    std::set<std::pair<std::string, Parameters>> conditions;
    std::vector<std::size_t> byIdentifier;
    std::vector<IdentifierSought> sought;
    std::vector<std::pair<std::size_t, int>> answers;
    const auto take = [&](std::size_t index, const std::vector<FoundId>& found) {
        if (found.size() > 1) {
            refuseItem(index, {412, "several-matches", "More than one record matches If-None-Exist."});
        } else if (found.size() == 1) {
            m_outcome.results[index].id = found.front().id;
            m_items[index].present = Present{.seq = found.front().seq, .epoch = found.front().epoch};
            answers.emplace_back(index, 200);
        }
    };
    int searches = 0;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        if (!entry.ifNoneExist)
            continue;
        Parameters parameters = parseForm(*entry.ifNoneExist);
        auto query = fhir::parseSearch(entry.type, parameters, false);
        std::optional<IdentifierSought> identifier;
        if (query)
            identifier = identifierSoughtBy(*query);
        if (identifier)
            parameters = {{"identifier", identifier->value}}; // however it was written
        std::sort(parameters.begin(), parameters.end());
        if (!query)
            refuseItem(i, std::move(query.error()));
        else if (query->all.empty())
            refuseItem(i, {412, "condition-too-wide", "If-None-Exist names no search parameter."});
        else if (!conditions.emplace(entry.type, std::move(parameters)).second)
            refuseItem(i, {409, "repeated-condition",
                           "An earlier entry of this bundle has the same If-None-Exist: send this one in the "
                           "next bundle."});
        else if (identifier) {
            byIdentifier.push_back(i);
            sought.push_back(std::move(*identifier));
        } else if (++searches > kMaxSearches)
            refuseItem(i,
                       {413, "too-many-conditions",
                        "Of one bundle " + std::to_string(kMaxSearches) +
                            " entries may have an If-None-Exist other than one identifier with its system."});
        else
            take(i, findIds(m_work, *query, m_caller.areas, kEnoughToTell));
    }
    const auto found = findByIdentifier(m_work, sought, m_caller.areas, kEnoughToTell);
    for (std::size_t place = 0; place < byIdentifier.size(); ++place)
        take(byIdentifier[place], found[place]);
    answerWithPresent(answers);
}

// ---- the record as it stands
// ------------------------------------------------------------------------------------

void WriteBatch::readPresent()
{
    db::TextArray types;
    db::TextArray ids;
    std::unordered_map<std::string, std::size_t> indexes;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        types.add(std::string_view(entry.type));
        ids.add(std::string_view(entry.id));
        indexes.emplace(nameOf(entry), i);
    }
    if (types.empty())
        return;
    const auto rows = m_work.run("SELECT r.type, r.id, r.seq, v.epoch, r.deleted, r.area "
                                 "FROM unnest($2::text[], $3::text[]) AS n (type, id) "
                                 "JOIN resource r ON r.tenant_id = $1 AND r.type = n.type AND r.id = n.id "
                                 "JOIN version v ON v.tenant_id = r.tenant_id AND v.seq = r.seq "
                                 "ORDER BY r.type, r.id",
                                 m_work.tenant(), types, ids);
    for (const auto& row : rows) {
        Item& item = m_items[indexes.at(std::string(row[0].c_str()) + "/" + row[1].c_str())];
        item.present = Present{.seq = row[2].as<std::int64_t>(),
                               .epoch = row[3].c_str(),
                               .deleted = row[4].as<bool>(),
                               .area = areaFromCode(row[5].c_str()).value_or(Area::ClinicalRecord)};
    }
}

std::optional<Problem> WriteBatch::matchOf(const Item& item)
{
    const fhir::WriteEntry& entry = item.entry;
    const bool deletion = item.isDeletion();
    if (!entry.ifMatch) {
        if (item.isLive())
            return Problem{428, "precondition-required",
                           std::string(deletion ? "A deletion" : "An update") +
                               " names the version it was made from, in If-Match."};
        return std::nullopt;
    }
    const auto wanted = parseVersionId(*entry.ifMatch);
    if (wanted && wanted->epoch == m_head.epoch && wanted->seq > m_head.seq)
        m_callerIsAhead = true;
    if (!item.present)
        return Problem{404, "not-found", "There is no " + nameOf(entry) + " to change."};
    if (*entry.ifMatch == item.present->versionId())
        return std::nullopt;
    if (item.present->deleted)
        return Problem{410, "deleted", nameOf(entry) + " has been deleted."};
    return Problem{412, "version-conflict",
                   "If-Match names version " + *entry.ifMatch + ", the present one is " +
                       item.present->versionId() + "."};
}

std::optional<Problem> WriteBatch::preconditionOf(const Item& item)
{
    const fhir::WriteEntry& entry = item.entry;
    if (entry.ifNoneMatch && item.present)
        return Problem{412, "already-exists", nameOf(entry) + " exists already, or did."};
    if (item.isDeletion() && !item.present && !entry.ifMatch)
        return Problem{404, "not-found", "There is no " + nameOf(entry) + "."};
    if (!entry.ifNoneMatch && !entry.ifMatch && item.present && item.present->deleted && !item.isDeletion())
        return Problem{410, "deleted",
                       nameOf(entry) + " has been deleted; name that version in If-Match to bring it back."};
    return matchOf(item);
}

void WriteBatch::checkPreconditions()
{
    std::vector<std::pair<std::size_t, int>> answers;
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        // Telling more of a record outside the caller's scope than that it is would tell what is in it.
        if (item.present && !m_caller.areas.contains(item.present->area)) {
            refuseItem(i, {403, "outside-scope", "The record is outside what this workstation holds."});
            continue;
        }
        if (item.isDeletion() && item.present && item.present->deleted) {
            answers.emplace_back(i, 204); // somebody else was quicker to want the same
            continue;
        }
        if (auto problem = preconditionOf(item))
            refuseItem(i, std::move(*problem));
    }
    answerWithPresent(answers);
}

// ---- who may
// ----------------------------------------------------------------------------------------------------

void WriteBatch::checkRights()
{
    struct Author
    {
        Role role;
        bool active;
    };
    std::unordered_map<std::string, Author> authors;
    if (m_caller.kind == Principal::Kind::Person) {
        authors.emplace(m_caller.account, Author{*m_caller.role, true});
    } else {
        std::set<std::string> names;
        for (const std::size_t i : open())
            names.insert(m_items[i].entry.author);
        names.erase(std::string());
        db::TextArray accounts;
        for (const std::string& name : names)
            accounts.add(std::string_view(name));
        if (!accounts.empty()) {
            const auto rows =
                m_work.run("SELECT account_id, role, active FROM account "
                           "WHERE tenant_id = $1 AND account_id = ANY ($2::text[]) ORDER BY account_id",
                           m_work.tenant(), accounts);
            for (const auto& row : rows) {
                if (const auto role = roleFromCode(row[1].c_str()))
                    authors.emplace(row[0].c_str(), Author{*role, row[2].as<bool>()});
            }
        }
    }

    const auto refusalOf = [&](const Item& item) -> std::optional<Problem> {
        const std::string author = authorOf(item);
        if (author.empty())
            return Problem{403, "author-required", "The entry does not say whose change it is."};
        const auto found = authors.find(author);
        if (found == authors.end())
            return Problem{403, "author-unknown", "The author is no account of this clinic."};
        if (!found->second.active)
            return Problem{403, "author-disabled", "The author's account is disabled."};
        const Right right = item.isDeletion() ? Right::Delete : item.isLive() ? Right::Update : Right::Create;
        const auto allowed = [&](Area area) {
            return m_caller.areas.contains(area) && roleAllows(found->second.role, right, area);
        };
        const auto refusal = [&](Area area) {
            if (!m_caller.areas.contains(area))
                return Problem{403, "outside-scope", "The record is outside what this workstation holds."};
            return Problem{403, "role-refused",
                           "The role " + std::string(roleCode(found->second.role)) +
                               " does not allow this in the area " + std::string(areaCode(area)) + "."};
        };
        if (item.isLive() && !allowed(item.present->area))
            return refusal(item.present->area);
        if (item.entry.document && !allowed(item.entry.document->area))
            return refusal(item.entry.document->area);
        return std::nullopt;
    };
    for (const std::size_t i : open()) {
        if (auto problem = refusalOf(m_items[i]))
            refuseItem(i, std::move(*problem));
    }
}

bool WriteBatch::anyRefused() const
{
    return std::any_of(m_outcome.results.begin(), m_outcome.results.end(),
                       [](const WriteResult& result) { return result.problem.has_value(); });
}

void WriteBatch::refuseTheRest()
{
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (!m_outcome.results[i].problem)
            refuseItem(i, {424, "transaction-failed",
                           "Another entry of the transaction was refused, so nothing was done."});
    }
}

} // namespace yarrow::server::records
