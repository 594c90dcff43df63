// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/local_records.h"

#include "server/records/epoch.h"

#include <algorithm>

namespace yarrow::simulation {

std::int64_t seqOf(std::string_view versionId)
{
    const auto version = server::records::parseVersionId(versionId);
    return version ? version->seq : 0;
}

std::string epochOf(std::string_view versionId)
{
    const auto version = server::records::parseVersionId(versionId);
    return version ? version->epoch : std::string();
}

bool LocalState::waits(const Edit& edit) const
{
    const auto found = records.find(edit.name());
    if (found == records.end())
        return false;
    return std::any_of(
        found->second.edits.begin(), found->second.edits.end(), [&](const std::string& document) {
            return edit.isDeletion() ? document.empty() : document.find(edit.token) != std::string::npos;
        });
}

bool LocalState::isInTask(std::string_view text) const
{
    return std::any_of(records.begin(), records.end(), [&](const auto& entry) {
        return entry.first.starts_with("Task/") && entry.second.body.find(text) != std::string::npos;
    });
}

void LocalState::rename(const std::function<std::string(std::string_view)>& name)
{
    std::map<std::string, LocalRecord> renamed;
    for (auto& [old, record] : records) {
        record.body = name(record.body);
        for (std::string& document : record.edits)
            document = name(document);
        const std::string own = name(old);
        if (own == old) // before a copy of it that was not recognised
            renamed.insert_or_assign(own, std::move(record));
        else
            renamed.emplace(own, std::move(record));
    }
    records = std::move(renamed);
    for (std::set<std::string>* names : {&refetch, &conflicted}) {
        std::set<std::string> others;
        for (const std::string& old : *names)
            others.insert(name(old));
        *names = std::move(others);
    }
}

LocalState LocalState::read(Connection& connection)
{
    LocalState state;
    Query records(connection, "SELECT type || '/' || id, body, version, deleted FROM resource ORDER BY pk");
    while (records.step()) {
        LocalRecord& record = state.records[records.string(0)];
        record.body = records.string(1);
        record.version = records.string(2);
        record.deleted = records.integer(3) != 0;
    }
    Query edits(connection, "SELECT r.type || '/' || r.id, e.document, e.unit FROM edit e "
                            "JOIN resource r ON r.pk = e.resource ORDER BY e.seq");
    while (edits.step()) {
        LocalRecord& record = state.records[edits.string(0)];
        record.isPending = true;
        record.edits.push_back(edits.string(1));
        if (!edits.isNull(2))
            record.units.insert(edits.string(2));
    }
    Query quarantine(connection, "SELECT r.type || '/' || r.id FROM quarantine q "
                                 "JOIN resource r ON r.pk = q.resource ORDER BY r.pk");
    while (quarantine.step())
        state.records[quarantine.string(0)].isQuarantined = true;
    Query refetch(connection, "SELECT type || '/' || id FROM refetch ORDER BY type, id");
    while (refetch.step())
        state.refetch.insert(refetch.string(0));
    Query conflicts(connection,
                    "SELECT focus_type || '/' || focus_id FROM conflict_index WHERE open = 1 ORDER BY pk");
    while (conflicts.step())
        state.conflicted.insert(conflicts.string(0));
    Query pushes(connection, "SELECT count(*) FROM push");
    if (pushes.step())
        state.pushes = static_cast<int>(pushes.integer(0));
    Query checkpoint(connection,
                     "SELECT epoch, since, page_link, sweep, scope FROM checkpoint WHERE feed = ''");
    if (checkpoint.step()) {
        state.epoch = checkpoint.string(0);
        state.since = checkpoint.string(1);
        state.pageLink = checkpoint.string(2);
        state.isSweeping = checkpoint.integer(3) != 0;
        state.scope = checkpoint.string(4);
    }
    return state;
}

} // namespace yarrow::simulation
