// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/model_server.h"
#include "tests/support/other_fhir_server.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace yarrow::simulation {

/// A FHIR server that is not ours, seen from outside of it: every version it stores is told under the names
/// that records had where they were made, whatever the server calls them.
class OtherServer
{
public:
    using Habits = testing::OtherFhirServer::Habits;

    OtherServer(const Habits& habits, std::function<Instant()> clock);

    [[nodiscard]] ModelAnswer handle(const sync::HttpRequest& request);
    void put(Json document); ///< what is there before anybody works

    /// The text with the ids that records had where they were made in place of the server's.
    [[nodiscard]] std::string underOwnNames(std::string_view text) const;
    /// Records of which a lost answer, or what was sent twice, has made more than one; "Type/id".
    [[nodiscard]] const std::set<std::string>& doubled() const noexcept { return m_doubled; }
    /// Whether the Sync Centre says that this may be.
    [[nodiscard]] bool mayCreateTwice() const noexcept;
    [[nodiscard]] std::int64_t versions() const noexcept { return m_versions; }
    [[nodiscard]] const testing::OtherFhirServer& fhir() const noexcept { return m_fhir; }
    [[nodiscard]] std::string habitsText() const;

    /// One version, as it was stored.
    struct Stored
    {
        ModelVersion version; ///< under its own name
        std::string
            previous;     ///< what it took the place of, as ModelAnswer::shown has it; empty: nothing live
        std::string name; ///< of this one, likewise
        bool isSecond = false; ///< of a record that is there already under another id
    };
    std::function<void(const Stored&)> stored;

private:
    void note(const std::string& type, const std::string& id, const Json& came, const std::string& version);
    [[nodiscard]] bool bind(const std::string& type, const std::string& id, const Json& came);

    testing::OtherFhirServer m_fhir;
    std::map<std::string, std::string> m_own; ///< the id where it was made, by the server's
    struct Newest
    {
        std::string version;
        std::int64_t number = 0;
        bool isDeleted = false;
    };
    std::map<std::string, Newest> m_newest; ///< by the server's "Type/id"
    std::set<std::string> m_doubled;
    std::int64_t m_versions = 0;
};

} // namespace yarrow::simulation
