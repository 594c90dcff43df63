// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/other_server.h"

#include "sync/foreign/creation_mark.h"
#include "sync/protocol/feed_page.h"

#include <array>
#include <utility>

namespace yarrow::simulation {
namespace {

constexpr std::string_view kGiven = "srv-"; ///< how every id begins that the server gives

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string nameOf(const Json& document)
{
    const std::string_view version = document["meta"]["versionId"].string();
    return version.empty() ? std::string()
                           : std::string(document["resourceType"].string()) + "/" +
                                 std::string(document["id"].string()) + " " + std::string(version);
}

/// The versions whose content an answer shows.
std::vector<std::string> shownBy(const sync::HttpResponse& response)
{
    std::vector<std::string> shown;
    const auto body = Json::parse(response.body);
    if (!body)
        return shown;
    if ((*body)["resourceType"].string() != "Bundle") {
        shown.push_back(nameOf(*body));
        return shown;
    }
    for (const Json& entry : (*body)["entry"].items())
        shown.push_back(nameOf(entry["resource"]));
    return shown;
}

} // namespace

OtherServer::OtherServer(const Habits& habits, std::function<Instant()> clock)
    : m_fhir(habits)
{
    m_fhir.types = {"AllergyIntolerance", "Appointment", "Basic",        "Location", "MedicationRequest",
                    "Observation",        "Patient",     "Practitioner", "Task",     "RelatedPerson"};
    m_fhir.clock = std::move(clock);
    m_fhir.watches = [this](const std::string& type, const std::string& id, const Json& came,
                            const std::string& version) { note(type, id, came, version); };
}

ModelAnswer OtherServer::handle(const sync::HttpRequest& request)
{
    ModelAnswer answer;
    answer.response = *m_fhir.send(request);
    answer.shown = shownBy(answer.response);
    m_fhir.log.clear();
    return answer;
}

void OtherServer::put(Json document)
{
    m_fhir.put(std::move(document));
}

bool OtherServer::bind(const std::string& type, const std::string& id, const Json& came)
{
    const auto mark = sync::markOf(came);
    if (!id.starts_with(kGiven) || !mark)
        return false;
    bool isSecond = false;
    for (const auto& [other, own] : m_own) {
        const auto newest = m_newest.find(type + "/" + other);
        isSecond =
            isSecond || (own == mark->localId && newest != m_newest.end() && !newest->second.isDeleted);
    }
    m_own[id] = mark->localId;
    if (isSecond)
        m_doubled.insert(type + "/" + mark->localId);
    return isSecond;
}

void OtherServer::note(const std::string& type, const std::string& id, const Json& came,
                       const std::string& version)
{
    const std::string name = type + "/" + id;
    const bool isFirst = !m_newest.contains(name);
    Stored made;
    made.isSecond = isFirst && !came.isNull() && bind(type, id, came);
    Newest& newest = m_newest[name];
    if (!isFirst && !newest.isDeleted)
        made.previous = name + " " + newest.version;
    made.name = name + " " + version;
    made.version.seq = ++m_versions;
    made.version.previousSeq = newest.number;
    made.version.epoch = "other";
    made.version.type = type;
    made.version.id = underOwnNames(id);
    made.version.method = came.isNull() ? "delete" : isFirst ? "create" : "update";
    if (!came.isNull())
        made.version.body = underOwnNames(sync::withoutMark(came).dump());
    newest = {version, m_versions, came.isNull()};
    if (stored)
        stored(made);
}

std::string OtherServer::underOwnNames(std::string_view text) const
{
    std::string named;
    for (std::size_t at = text.find(kGiven); at != std::string_view::npos; at = text.find(kGiven)) {
        std::size_t end = at + kGiven.size();
        while (end < text.size() && isDigit(text[end]))
            ++end;
        const std::string given(text.substr(at, end - at));
        const auto own = m_own.find(given);
        named.append(text.substr(0, at)).append(own == m_own.end() ? given : own->second);
        text.remove_prefix(end);
    }
    return named.append(text);
}

bool OtherServer::mayCreateTwice() const noexcept
{
    const Habits& habits = m_fhir.habits;
    return !habits.takesClientIds &&
           (!habits.createsOnce || habits.stripsTags || !habits.findsByTag || habits.searchesLag);
}

std::string OtherServer::habitsText() const
{
    const Habits& habits = m_fhir.habits;
    const std::array<std::pair<bool, const char*>, 16> all{{
        {habits.systemHistory, "system-history"},
        {habits.typeHistory, "type-history"},
        {habits.instanceHistory, "instance-history"},
        {habits.lastUpdatedSearch, "last-updated"},
        {habits.honoursIfMatch, "if-match"},
        {habits.takesClientIds, "client-ids"},
        {habits.createsOnce, "creates-once"},
        {habits.rewrites, "rewrites"},
        {habits.answersMinimal, "minimal"},
        {habits.checksReferences, "checks-references"},
        {habits.says410, "410"},
        {habits.findsByTag, "tags"},
        {habits.searchesLag, "lags"},
        {habits.tellsHistory, "tells-history"},
        {habits.stripsTags, "strips-tags"},
        {habits.stampsAlike, "stamps-alike"},
    }};
    std::string text = "pages of " + std::to_string(habits.pageEntries);
    for (const auto& [has, name] : all) {
        if (has)
            text.append(", ").append(name);
    }
    return text;
}

} // namespace yarrow::simulation
