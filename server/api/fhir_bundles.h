// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"
#include "server/records/history.h"
#include "server/records/search.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::api {

struct Link
{
    std::string relation; ///< self, next
    std::string url;
};

/// A Bundle of type history. Its meta.extension says where the clinic stands, of the same moment as the page:
///   https://yarrow.example/fhir/StructureDefinition/feed-epoch   valueString
///   …/feed-head     valueInstant: of the clinic's newest version, seen by the caller or not; behind the last
///   page
///                   it is the next _since
///   …/feed-floor    valueInstant: older versions are kept no more
///   …/feed-scope    valueString: names the set of areas the caller sees
///   …/feed-count    valueString: how many live records there are in that scope
///   …/feed-digest   valueString: see server/records/digest.h
/// Each entry says who made the version, where that is known and the caller may read it:
///   …/author        valueString: account id, as in server/fhir/bundle.h
/// An entry without resource and with status 403 is a record that has left the caller's scope.
[[nodiscard]] std::string historyBundle(const records::HistoryPage& page, const std::vector<Link>& links,
                                        std::string_view scopeId, std::string_view fhirBase);

/// A Bundle of type searchset; `ignored` parameters are reported in an entry of mode outcome.
[[nodiscard]] std::string searchBundle(const records::SearchPage& page, const std::vector<Link>& links,
                                       std::string_view type, const std::vector<std::string>& ignored,
                                       std::string_view fhirBase);

/// An entry of a batch-response or transaction-response.
struct ResponseEntry
{
    int status = 200;
    std::string location;    ///< relative, empty for none
    std::string versionId;   ///< empty for none
    std::string lastUpdated; ///< empty for none
    std::string resource;    ///< empty for none
    std::string outcome;     ///< empty for none
};
[[nodiscard]] std::string responseBundle(const std::vector<ResponseEntry>& entries, bool transaction);

} // namespace yarrow::server::api
