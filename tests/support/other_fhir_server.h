// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "models/store/sync/server_link.h"
#include "sync/transport/transport.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::testing {

/// A FHIR R4 server in memory that is not ours, with the habits of real ones, each of which can be switched.
/// One record type after the other is kept with all its versions; lastUpdated has milliseconds, as many
/// servers give it.
class OtherFhirServer final : public sync::Transport
{
public:
    struct Habits
    {
        bool systemHistory = true;
        bool typeHistory = true;
        bool instanceHistory = true;
        bool lastUpdatedSearch = true;
        bool honoursIfMatch = true;
        bool takesClientIds = true;
        bool createsOnce = true;
        bool rewrites = false;       ///< adds an element of its own to what it stores
        bool answersMinimal = false; ///< no representation, whatever is preferred
        bool checksReferences = false;
        bool says410 = true; ///< of what was deleted; else 404
        bool keepsTasks = true;
        bool findsByTag = true;     ///< else `_tag` is refused, and ignored in If-None-Exist
        bool searchesLag = false;   ///< what is searched by tag or identifier is not found yet
        bool tellsHistory = true;   ///< of a record, as it says it does
        bool stripsTags = false;    ///< of what it stores
        bool namesDeletions = true; ///< by a version; else they have none
        bool stampsAlike = false;   ///< all versions of a second have the same lastUpdated
        int pageEntries = 3;        ///< whatever is asked for
    };
    OtherFhirServer() = default;
    explicit OtherFhirServer(const Habits& wanted);

    [[nodiscard]] tl::expected<sync::HttpResponse, sync::TransportError>
    send(const sync::HttpRequest& request) override;
    [[nodiscard]] Traffic traffic() const override { return m_traffic; }

    // What somebody else does at the server.
    std::string put(Json document); ///< the versionId
    void remove(const std::string& type, const std::string& id);
    void forget(const std::string& type, const std::string& id); ///< as if it had never been

    /// The present document; null when there is none.
    [[nodiscard]] Json present(const std::string& type, const std::string& id) const;
    [[nodiscard]] std::size_t versionsOf(const std::string& type, const std::string& id) const;
    [[nodiscard]] std::vector<std::string> idsOf(const std::string& type) const;

    Habits habits;
    std::vector<std::string> types{"Appointment", "Basic", "Observation", "Patient",
                                   "Task"}; ///< that it keeps
    /// What it stamps versions with; none: each one is 20 seconds behind the one before.
    std::function<Instant()> clock;
    /// Called for each version it stores: the document as it came (null: deleted) and the version's id.
    std::function<void(const std::string& type, const std::string& id, const Json& came,
                       const std::string& version)>
        watches;
    /// Called before a request is looked at, and before its answer goes out; what it returns is answered
    /// instead.
    std::function<std::optional<sync::TransportError>(const sync::HttpRequest&, bool isDone)> fault;
    /// An HTTP status that the request is answered with instead of being looked at; 0: none.
    std::function<int(const sync::HttpRequest&)> refuses;
    std::vector<std::string> log; ///< "PUT Patient/1"
    /// Records that are in no list and no history, as if they were out of the token's reach; "Patient/1".
    std::set<std::string> hidden;

private:
    struct Version
    {
        std::string id;
        std::string lastUpdated;
        Json document; ///< null: deleted
        std::int64_t number = 0;
    };
    using Name = std::pair<std::string, std::string>;

    sync::HttpResponse answer(const sync::HttpRequest& request);
    sync::HttpResponse metadata() const;
    sync::HttpResponse page(const std::string& type, const std::string& id, bool history,
                            const std::map<std::string, std::string>& query, const std::string& path);
    sync::HttpResponse read(const Name& name) const;
    sync::HttpResponse write(const Name& name, const sync::HttpRequest& request);
    sync::HttpResponse create(const std::string& type, const sync::HttpRequest& request);
    sync::HttpResponse stored(const Name& name, int status) const;
    void store(const Name& name, Json document);
    [[nodiscard]] bool matches(const Json& document, const std::map<std::string, std::string>& query) const;
    [[nodiscard]] bool knowsReferences(Json document) const;

    std::map<Name, std::vector<Version>> m_records;
    std::int64_t m_count = 0;
    Traffic m_traffic;
};

} // namespace yarrow::testing
