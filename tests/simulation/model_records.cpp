// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/model_records.h"

#include "server/records/epoch.h"
#include "server/records/instant.h"

#include <algorithm>

namespace yarrow::simulation {

using server::refuse;
using server::records::HistoryPage;
using server::records::HistoryQuery;
using server::records::Version;

std::string ModelVersion::versionId() const
{
    return server::records::versionIdOf(epoch, seq);
}

const ModelVersion* ModelRecords::find(const std::string& type, const std::string& id) const
{
    const auto found = m_present.find({type, id});
    return found == m_present.end() ? nullptr : &m_versions.at(found->second);
}

Version ModelRecords::shown(const ModelVersion& version, server::AreaSet areas) const
{
    Version out;
    out.seq = version.seq;
    out.type = version.type;
    out.id = version.id;
    out.method = version.method;
    out.versionId = version.versionId();
    out.lastUpdated = server::instantOf(version.lastUpdated);
    out.outOfScope = !areas.contains(version.area);
    if (!out.outOfScope) {
        out.body = version.body;
        out.author = version.author;
    }
    return out;
}

std::optional<Version> ModelRecords::readPresent(const std::string& type, const std::string& id,
                                                 server::AreaSet areas) const
{
    const ModelVersion* version = find(type, id);
    if (!version || !areas.contains(version->area))
        return std::nullopt;
    return shown(*version, areas);
}

std::optional<Version> ModelRecords::readVersion(const std::string& type, const std::string& id,
                                                 std::string_view versionId, server::AreaSet areas) const
{
    const auto wanted = server::records::parseVersionId(versionId);
    if (!wanted)
        return std::nullopt;
    const auto found = m_versions.find(wanted->seq);
    if (found == m_versions.end())
        return std::nullopt;
    const ModelVersion& version = found->second;
    if (version.epoch != wanted->epoch || version.type != type || version.id != id ||
        !areas.contains(version.area))
        return std::nullopt;
    return shown(version, areas);
}

server::Result<HistoryPage> ModelRecords::readHistory(const HistoryQuery& query, server::AreaSet areas) const
{
    HistoryPage page;
    page.head = {m_seq, m_lastUpdated, m_floorSeq, m_floorTime, m_epoch};
    std::int64_t from = 0;
    std::int64_t to = m_seq + 1;
    if (query.since) {
        from = m_seq;
        for (const auto& [seq, version] : m_versions) {
            if (version.lastUpdated >= *query.since) {
                from = seq - 1;
                break;
            }
        }
    }
    if (query.after)
        (query.ascending ? from : to) = *query.after;
    if (query.since && query.id.empty() &&
        (*query.since < m_floorTime || (query.after && *query.after < m_floorSeq)))
        return refuse(410, "feed-floor",
                      "Deletions before " + server::instantOf(m_floorTime) +
                          " are kept no more: take an export and go on from its transactionTime.");

    const auto take = [&](const ModelVersion& version) {
        const bool visible =
            areas.contains(version.area) || (version.previousArea && areas.contains(*version.previousArea));
        if (!visible || (!query.type.empty() && version.type != query.type) ||
            (!query.id.empty() && version.id != query.id))
            return true;
        if (page.versions.size() == static_cast<std::size_t>(query.count)) {
            page.next = page.versions.back().seq;
            return false;
        }
        page.versions.push_back(shown(version, areas));
        return true;
    };
    const auto begin = m_versions.upper_bound(from);
    const auto end = m_versions.lower_bound(to);
    if (query.ascending) {
        for (auto at = begin; at != end && take(at->second); ++at) {
        }
    } else {
        for (auto at = end; at != begin && take(std::prev(at)->second); --at) {
        }
    }
    for (const auto& [area, summary] : m_summaries) {
        if (areas.contains(area))
            page.summary.merge(summary);
    }
    return page;
}

void ModelRecords::noticeClientAhead(std::string_view seen)
{
    const auto version = server::records::parseVersionId(seen);
    if (version && version->epoch == m_epoch && version->seq > m_seq)
        beginEpoch();
}

void ModelRecords::beginEpoch()
{
    m_epoch = "lineage" + std::to_string(++m_epochs);
}

void ModelRecords::restore(const ModelRecords& backup)
{
    const int epochs = m_epochs;
    *this = backup;
    m_epochs = epochs;
    beginEpoch();
}

void ModelRecords::raiseFloor(std::int64_t seq)
{
    const std::int64_t last = std::min(seq, m_seq);
    for (std::int64_t at = m_floorSeq + 1; at <= last; ++at) {
        const auto found = m_versions.find(at);
        if (found == m_versions.end())
            continue;
        const ModelVersion version = found->second;
        m_floorTime = version.lastUpdated;
        m_versions.erase(version.previousSeq);
        const auto present = m_present.find({version.type, version.id});
        if (version.isDeletion() && present != m_present.end() && present->second == version.seq) {
            m_present.erase(present);
            m_versions.erase(version.seq);
        }
    }
    m_floorSeq = std::max(m_floorSeq, last);
}

} // namespace yarrow::simulation
