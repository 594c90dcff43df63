// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/oracle.h"

#include <algorithm>
#include <cstdio>

namespace yarrow::simulation {
namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::vector<std::string> referencesOf(std::string_view body)
{
    constexpr std::string_view kMember = "\"reference\":\"";
    std::vector<std::string> references;
    for (std::size_t at = body.find(kMember); at != std::string_view::npos; at = body.find(kMember, at)) {
        at += kMember.size();
        references.emplace_back(body.substr(at, body.find('"', at) - at));
    }
    return references;
}

} // namespace

std::string Oracle::nextToken()
{
    char text[16];
    std::snprintf(text, sizeof text, "Q%05d", ++m_tokens);
    return text;
}

void Oracle::violated(int invariant, std::string what)
{
    if (!m_violation)
        m_violation = Violation{invariant, std::move(what)};
}

void Oracle::edited(Edit edit, std::string_view seen)
{
    std::string before(seen);
    if (underOwnNames) {
        for (std::string* text : {&edit.id, &edit.element, &edit.token, &before})
            *text = underOwnNames(*text);
    }
    edit.number = static_cast<int>(m_edits.size());
    const std::string name = edit.name();
    for (const int earlier : m_editsOf[name]) {
        Edit& other = m_edits[static_cast<std::size_t>(earlier)];
        const bool isSameElement = other.element == edit.element || edit.isDeletion();
        if (other.client == edit.client && !other.overwrittenBy && isSameElement && !other.isDeletion() &&
            contains(before, other.token))
            other.overwrittenBy = edit.number;
    }
    m_editsOf[name].push_back(edit.number);
    m_edits.push_back(std::move(edit));
}

void Oracle::lostDisk(int client, Micros copiedAt)
{
    m_diskLost.insert(client);
    for (Edit& edit : m_edits) {
        if (edit.client == client && edit.at >= copiedAt)
            edit.lostWithDisk = true;
        // What overwrote it is gone, so it is what counts again.
        if (edit.client == client && edit.overwrittenBy &&
            m_edits[static_cast<std::size_t>(*edit.overwrittenBy)].at >= copiedAt)
            edit.overwrittenBy.reset();
    }
}

void Oracle::learned(int client, const std::vector<std::string>& versions)
{
    m_learned[client].insert(versions.begin(), versions.end());
}

void Oracle::checkOverwriting(const ModelVersion& version, const ModelRecords& records, int writer)
{
    const auto before = records.versions().find(version.previousSeq);
    if (version.previousSeq == 0 || before == records.versions().end())
        return;
    const std::string known = version.name() + " " + before->second.versionId();
    if (!m_learned[writer].contains(known))
        violated(2, "c" + std::to_string(writer) + " wrote " + version.name() + " " + version.versionId() +
                        " over " + before->second.versionId() + ", which it never saw");
}

void Oracle::checkTokens(const ModelVersion& version)
{
    const std::string name = version.name();
    const std::string& before = m_lastLive[name];
    bool isDeleted = false;
    for (const int number : m_editsOf[name]) {
        const Edit& edit = m_edits[static_cast<std::size_t>(number)];
        if (edit.isDeletion()) {
            isDeleted = isDeleted || edit.author == version.author;
            continue;
        }
        if (!contains(version.body, edit.token) || contains(before, edit.token))
            continue;
        if (m_putBack.contains(name) || isInTask(edit.token)) // somebody settled a conflict and chose it
            continue;
        if (edit.author != version.author && !m_restored)
            violated(1, name + " " + version.versionId() + " brings " + edit.token + " in the name of " +
                            version.author + "; it was " + edit.author + " who wrote it");
        if (reached(name, edit.token))
            violated(4, name + " " + version.versionId() + " brings " + edit.token + " a second time");
    }
    if (version.isDeletion() && !isDeleted && !isInTask(name) && !m_restored)
        violated(1, name + " " + version.versionId() + " was deleted in the name of " + version.author +
                        ", who deleted nothing");
}

void Oracle::stored(const ModelVersion& version, const ModelRecords& records, std::optional<int> writer)
{
    const std::string name = version.name();
    if (writer) {
        checkOverwriting(version, records, *writer);
        if (version.type != "Task")
            checkTokens(version);
        m_learned[*writer].insert(name + " " + version.versionId());
    }
    remember(version);
}

void Oracle::storedElsewhere(const ModelVersion& version, const std::string& over, std::optional<int> writer,
                             bool checks)
{
    const std::string name = version.name();
    if (checks && writer && !over.empty() && !m_learned[*writer].contains(over))
        violated(2,
                 "c" + std::to_string(*writer) + " wrote " + name + " over " + over + ", which it never saw");
    for (const int number : m_editsOf[name]) {
        const Edit& edit = m_edits[static_cast<std::size_t>(number)];
        const bool isBack = checks && !edit.isDeletion() && contains(version.body, edit.token) &&
                            !contains(m_lastLive[name], edit.token) && reached(name, edit.token);
        if (isBack && !m_putBack.contains(name) && !isInTask(edit.token))
            violated(4, name + " brings " + edit.token + " a second time");
    }
    remember(version);
}

void Oracle::remember(const ModelVersion& version)
{
    const std::string name = version.name();
    m_versionsOf[name].push_back(m_lineage.size());
    m_lineage.push_back(version);
    m_versionIds.insert(name + " " + version.versionId());
    if (!version.isDeletion())
        m_lastLive[name] = version.body;
}

void Oracle::checkReferences(const ModelVersion& version)
{
    for (const std::string& reference : referencesOf(version.body)) {
        if (!m_versionsOf.contains(reference) && !wasDeletedByHand(reference))
            violated(7, version.name() + " " + version.versionId() + " refers to " + reference +
                            ", which never was on the server");
    }
}

void Oracle::restored(std::int64_t backupSeq)
{
    m_restored = true;
    for (Edit& edit : m_edits) {
        const auto versions = m_versionsOf.find(edit.name());
        if (edit.isDeletion() || versions == m_versionsOf.end() || !reached(edit.name(), edit.token))
            continue;
        edit.wasHistory = !contains(m_lineage[versions->second.back()].body, edit.token);
    }
    const std::vector<ModelVersion> all = std::move(m_lineage);
    m_lineage.clear();
    m_versionsOf.clear();
    m_versionIds.clear();
    m_lastLive.clear();
    for (const ModelVersion& version : all) {
        if (version.seq <= backupSeq)
            remember(version);
    }
}

bool Oracle::reached(const std::string& name, std::string_view token) const
{
    const auto versions = m_versionsOf.find(name);
    if (versions != m_versionsOf.end()) {
        for (const std::size_t place : versions->second) {
            if (contains(m_lineage[place].body, token))
                return true;
        }
    }
    return isInTask(token);
}

bool Oracle::wasDeletedByHand(const std::string& name) const
{
    const auto edits = m_editsOf.find(name);
    return edits != m_editsOf.end() && std::any_of(edits->second.begin(), edits->second.end(), [&](int edit) {
               return m_edits[static_cast<std::size_t>(edit)].isDeletion();
           });
}

bool Oracle::wasDeletedBefore(const std::string& name, std::int64_t seq) const
{
    bool isDeleted = false;
    for (const ModelVersion& version : m_lineage) {
        if (version.name() == name && version.seq < seq)
            isDeleted = version.isDeletion();
    }
    return isDeleted;
}

bool Oracle::isInTask(std::string_view text) const
{
    return std::any_of(m_lineage.begin(), m_lineage.end(), [&](const ModelVersion& version) {
        return version.type == "Task" && contains(version.body, text);
    });
}

} // namespace yarrow::simulation
