// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request's way into the model: the steps of server/records/write_checks.cpp and write_store.cpp, in
// their order.
#include "server/fhir/time_range.h"
#include "server/records/contention.h"
#include "server/records/epoch.h"
#include "server/records/instant.h"
#include "tests/simulation/model_records.h"

#include <algorithm>
#include <set>

namespace yarrow::simulation {

using server::Problem;
using server::refuse;
using server::fhir::WriteEntry;
using server::records::Claims;
using server::records::versionIdOf;
using server::records::WriteOutcome;
using server::records::WriteResult;

class ModelWrite
{
public:
    ModelWrite(ModelRecords& records, const ModelDevice& caller, std::vector<WriteEntry> entries)
        : m_records(records)
        , m_caller(caller)
    {
        for (WriteEntry& entry : entries)
            m_items.push_back({std::move(entry)});
        m_outcome.results.resize(m_items.size());
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            m_outcome.results[i].type = m_items[i].entry.type;
            m_outcome.results[i].id = m_items[i].entry.id;
        }
        m_outcome.epoch = records.m_epoch;
    }

    void check()
    {
        answerKnownOperations();
        refuseRepeatedRecords();
        checkPreconditions();
        if (callerIsAhead)
            return;
        checkRights();
        checkMedicalRecordNumbers();
        checkBookings();
    }

    [[nodiscard]] bool anyRefused() const
    {
        return std::any_of(m_outcome.results.begin(), m_outcome.results.end(),
                           [](const WriteResult& result) { return result.problem.has_value(); });
    }

    void refuseTheRest()
    {
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (!m_outcome.results[i].problem)
                refuseItem(i, {424, "transaction-failed",
                               "Another entry of the transaction was refused, so nothing was done."});
        }
    }

    void store(std::int64_t now);
    [[nodiscard]] WriteOutcome takeOutcome() { return std::move(m_outcome); }

    bool callerIsAhead = false;

private:
    struct Item
    {
        WriteEntry entry;
        const ModelVersion* present = nullptr;
        bool settled = false;

        [[nodiscard]] bool isDeletion() const { return entry.method == WriteEntry::Method::Delete; }
        [[nodiscard]] bool isLive() const { return present && !present->isDeletion(); }
        [[nodiscard]] std::string name() const { return entry.type + "/" + entry.id; }
    };

    std::vector<std::size_t> open() const
    {
        std::vector<std::size_t> indexes;
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (!m_items[i].settled)
                indexes.push_back(i);
        }
        return indexes;
    }
    void refuseItem(std::size_t index, Problem problem)
    {
        m_items[index].settled = true;
        m_outcome.results[index].problem = std::move(problem);
    }
    void answer(std::size_t index, int status, const ModelVersion& version)
    {
        m_items[index].settled = true;
        WriteResult& result = m_outcome.results[index];
        result.status = status;
        result.id = version.id;
        result.versionId = version.versionId();
        result.lastUpdated = server::instantOf(version.lastUpdated);
        result.body = version.body;
    }

    void answerKnownOperations();
    void refuseRepeatedRecords();
    void checkPreconditions();
    [[nodiscard]] std::optional<Problem> preconditionOf(const Item& item);
    void checkRights();
    [[nodiscard]] std::optional<Problem> refusalOf(const Item& item) const;
    void checkMedicalRecordNumbers();
    void checkBookings();
    void refuseContended(const Claims& claims, const char* code, const char* detail);

    ModelRecords& m_records;
    const ModelDevice& m_caller;
    std::vector<Item> m_items;
    WriteOutcome m_outcome;
};

void ModelWrite::answerKnownOperations()
{
    std::set<std::string> named;
    for (const std::size_t i : open()) {
        const WriteEntry& entry = m_items[i].entry;
        if (entry.operation.empty())
            continue;
        if (!named.insert(entry.operation).second) {
            refuseItem(i,
                       {409, "repeated-operation", "Another entry of this bundle names the same operation."});
            continue;
        }
        const auto known = m_records.m_operations.find(entry.operation);
        if (known == m_records.m_operations.end())
            continue;
        const auto version = m_records.m_versions.find(known->second.seq);
        if (version == m_records.m_versions.end())
            refuseItem(i, {410, "operation-expired",
                           "This operation was done, but the version it made is kept no more."});
        else if (entry.type != version->second.type ||
                 (entry.method != WriteEntry::Method::Create && entry.id != version->second.id))
            refuseItem(i, {409, "operation-reused", "This operation has been done to another record."});
        else if (!m_caller.areas.contains(version->second.area))
            refuseItem(i, {403, "outside-scope", "The record is outside what this workstation holds."});
        else
            answer(i, known->second.status, version->second);
    }
}

void ModelWrite::refuseRepeatedRecords()
{
    std::set<std::string> seen;
    for (const std::size_t i : open()) {
        if (!seen.insert(m_items[i].name()).second)
            refuseItem(i, {409, "repeated-record",
                           "An earlier entry of this bundle changes the same record: send this one in the "
                           "next bundle."});
        else if (m_items[i].entry.ifNoneExist)
            refuseItem(i, {501, "not-modelled", "The model knows no conditional creates."});
    }
}

std::optional<Problem> ModelWrite::preconditionOf(const Item& item)
{
    const WriteEntry& entry = item.entry;
    if (entry.ifNoneMatch && item.present)
        return Problem{412, "already-exists", item.name() + " exists already, or did."};
    if (item.isDeletion() && !item.present && !entry.ifMatch)
        return Problem{404, "not-found", "There is no " + item.name() + "."};
    if (!entry.ifNoneMatch && !entry.ifMatch && item.present && item.present->isDeletion() &&
        !item.isDeletion())
        return Problem{410, "deleted",
                       item.name() + " has been deleted; name that version in If-Match to bring it back."};
    if (!entry.ifMatch) {
        if (item.isLive() && m_records.m_rules.demandsPreconditions)
            return Problem{428, "precondition-required",
                           std::string(item.isDeletion() ? "A deletion" : "An update") +
                               " names the version it was made from, in If-Match."};
        return std::nullopt;
    }
    const auto wanted = server::records::parseVersionId(*entry.ifMatch);
    if (wanted && wanted->epoch == m_records.m_epoch && wanted->seq > m_records.m_seq)
        callerIsAhead = true;
    if (!item.present)
        return Problem{404, "not-found", "There is no " + item.name() + " to change."};
    if (*entry.ifMatch == item.present->versionId())
        return std::nullopt;
    if (item.present->isDeletion())
        return Problem{410, "deleted", item.name() + " has been deleted."};
    return Problem{412, "version-conflict",
                   "If-Match names version " + *entry.ifMatch + ", the present one is " +
                       item.present->versionId() + "."};
}

void ModelWrite::checkPreconditions()
{
    for (const std::size_t i : open()) {
        Item& item = m_items[i];
        item.present = m_records.find(item.entry.type, item.entry.id);
        if (item.present && !m_caller.areas.contains(item.present->area))
            refuseItem(i, {403, "outside-scope", "The record is outside what this workstation holds."});
        else if (item.isDeletion() && item.present && item.present->isDeletion())
            answer(i, 204, *item.present);
        else if (auto problem = preconditionOf(item))
            refuseItem(i, std::move(*problem));
    }
}

std::optional<Problem> ModelWrite::refusalOf(const Item& item) const
{
    if (item.entry.author.empty())
        return Problem{403, "author-required", "The entry does not say whose change it is."};
    const auto found = m_records.authors.find(item.entry.author);
    if (found == m_records.authors.end())
        return Problem{403, "author-unknown", "The author is no account of this clinic."};
    if (!found->second.active)
        return Problem{403, "author-disabled", "The author's account is disabled."};
    const server::Role role = found->second.role;
    const server::Right right = item.isDeletion() ? server::Right::Delete
                                : item.isLive()   ? server::Right::Update
                                                  : server::Right::Create;
    const auto refusal = [&](server::Area area) -> std::optional<Problem> {
        if (!m_caller.areas.contains(area))
            return Problem{403, "outside-scope", "The record is outside what this workstation holds."};
        if (!server::roleAllows(role, right, area))
            return Problem{403, "role-refused",
                           "The role " + std::string(server::roleCode(role)) +
                               " does not allow this in the area " + std::string(server::areaCode(area)) +
                               "."};
        return std::nullopt;
    };
    if (item.isLive()) {
        if (auto problem = refusal(item.present->area))
            return problem;
    }
    return item.entry.document ? refusal(item.entry.document->area) : std::nullopt;
}

void ModelWrite::checkRights()
{
    for (const std::size_t i : open()) {
        if (auto problem = refusalOf(m_items[i]))
            refuseItem(i, std::move(*problem));
    }
}

void ModelWrite::refuseContended(const Claims& claims, const char* code, const char* detail)
{
    std::vector<std::string> names;
    for (const Item& item : m_items)
        names.push_back(item.name());
    for (auto& [index, other] : server::records::settle(claims, names))
        refuseItem(index, {409, code, std::string(detail) + " " + other + ".", {}, other});
}

void ModelWrite::checkMedicalRecordNumbers()
{
    Claims claims;
    std::set<std::string> touched;
    for (const std::size_t i : open())
        touched.insert(m_items[i].name());
    const auto numberOf = [](const std::pair<std::string, std::string>& mrn) {
        return mrn.first + '\n' + mrn.second;
    };
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        if (const auto held = m_records.m_held.find({item.entry.type, item.entry.id});
            held != m_records.m_held.end()) {
            for (const auto& mrn : held->second.mrns)
                claims.held.push_back({.entry = i, .what = numberOf(mrn)});
        }
        if (!item.entry.document)
            continue;
        for (const auto& mrn : item.entry.document->index.mrns) {
            claims.wanted.push_back({.entry = i, .what = numberOf(mrn)});
            for (const auto& [name, held] : m_records.m_held) {
                const std::string other = name.first + "/" + name.second;
                if (!touched.contains(other) &&
                    std::find(held.mrns.begin(), held.mrns.end(), mrn) != held.mrns.end())
                    claims.standing.emplace(i, other);
            }
        }
    }
    refuseContended(claims, "mrn-taken", "The medical record number belongs to");
}

void ModelWrite::checkBookings()
{
    struct Time
    {
        std::int64_t from;
        std::int64_t to;
    };
    const auto timeOf = [](const server::fhir::HeldSlot& slot) {
        return Time{server::fhir::parseTime(slot.starts).value().from,
                    server::fhir::parseTime(slot.ends).value().from};
    };
    Claims claims;
    std::set<std::string> touched;
    for (const std::size_t i : open())
        touched.insert(m_items[i].name());
    for (const std::size_t i : open()) {
        const Item& item = m_items[i];
        const auto held = m_records.m_held.find({item.entry.type, item.entry.id});
        if (held != m_records.m_held.end() && held->second.slot) {
            const Time time = timeOf(*held->second.slot);
            for (const std::string& actor : held->second.slot->actors)
                claims.held.push_back({i, actor, time.from, time.to});
        }
        if (!item.entry.document || !item.entry.document->index.slot)
            continue;
        const server::fhir::HeldSlot& slot = *item.entry.document->index.slot;
        const Time time = timeOf(slot);
        for (const std::string& actor : slot.actors) {
            claims.wanted.push_back({i, actor, time.from, time.to});
            for (const auto& [name, other] : m_records.m_held) {
                const std::string record = name.first + "/" + name.second;
                if (touched.contains(record) || !other.slot ||
                    std::find(other.slot->actors.begin(), other.slot->actors.end(), actor) ==
                        other.slot->actors.end())
                    continue;
                const Time theirs = timeOf(*other.slot);
                if (theirs.from < time.to && theirs.to > time.from)
                    claims.standing.emplace(i, record);
            }
        }
    }
    refuseContended(claims, "slot-taken", "The slot is held by");
}

void ModelWrite::store(std::int64_t now)
{
    constexpr std::int64_t kSecond = 1'000'000;
    const std::vector<std::size_t> indexes = open();
    if (indexes.empty())
        return;
    const std::int64_t first = m_records.m_seq + 1;
    const bool equal = m_records.m_rules.equalTimestamps;
    std::int64_t at = std::max(now - static_cast<std::int64_t>(indexes.size()), m_records.m_lastUpdated);
    if (equal)
        at = std::max(now / kSecond * kSecond, m_records.m_lastUpdated);
    for (const std::size_t i : indexes) {
        Item& item = m_items[i];
        ModelVersion version;
        version.seq = ++m_records.m_seq;
        version.requestOf = first;
        version.epoch = m_records.m_epoch;
        version.type = item.entry.type;
        version.id = item.entry.id;
        version.method = item.isDeletion() ? "delete" : item.isLive() ? "update" : "create";
        version.lastUpdated = equal ? at : ++at;
        version.area = item.entry.document ? item.entry.document->area : item.present->area;
        if (item.present) {
            version.previousArea = item.present->area;
            version.previousSeq = item.present->seq;
        }
        const std::string instant = server::instantOf(version.lastUpdated);
        if (item.entry.document)
            version.body = server::fhir::withMeta(item.entry.document->text, version.versionId(), instant);
        version.author = item.entry.author;
        version.device = m_caller.id;

        const int status = item.isDeletion() ? 204 : item.isLive() ? 200 : 201;
        if (item.isLive())
            m_records.m_summaries[item.present->area].remove(version.type, version.id,
                                                             item.present->versionId());
        ModelRecords::Held& held = m_records.m_held[{version.type, version.id}];
        held = {};
        if (item.entry.document) {
            m_records.m_summaries[version.area].add(version.type, version.id, version.versionId());
            held = {item.entry.document->index.slot, item.entry.document->index.mrns};
        }
        if (!item.entry.operation.empty())
            m_records.m_operations[item.entry.operation] = {version.seq, status};
        m_records.m_present[{version.type, version.id}] = version.seq;
        m_records.m_lastUpdated = version.lastUpdated;
        answer(i, status, version);
        m_outcome.notice.types.insert(version.type);
        m_records.m_versions.emplace(version.seq, std::move(version));
    }
}

server::Result<WriteOutcome> ModelRecords::write(const ModelDevice& caller, std::vector<WriteEntry> entries,
                                                 bool transaction, std::string_view epoch, std::int64_t now)
{
    if (!epoch.empty() && epoch != m_epoch)
        return refuse(412, "epoch-changed",
                      "The server's epoch is " + m_epoch +
                          ": compare before you write, it was restored from a backup.");
    ModelWrite work(*this, caller, std::move(entries));
    work.check();
    if (work.callerIsAhead) {
        beginEpoch();
        return refuse(412, "epoch-changed",
                      "You have seen newer versions than this server has: it was restored from a backup. Its "
                      "epoch is now " +
                          m_epoch + ".");
    }
    if (transaction && work.anyRefused())
        work.refuseTheRest();
    else
        work.store(now);
    return work.takeOutcome();
}

} // namespace yarrow::simulation
