// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"
#include "server/json/json_document.h"
#include "server/problem.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::live {

inline constexpr int kMostSubscriptions = 50;    ///< of one device or person
inline constexpr std::int64_t kLongestDays = 30; ///< a subscription lives

/// A Subscription of R4 that this server can serve, and nothing else of it.
struct Subscription
{
    std::string id;
    std::int64_t version = 0;
    std::string lastUpdated; ///< FHIR instant
    bool active = true;
    std::set<std::string> types; ///< empty: all
    std::int64_t endsAt = 0;     ///< microseconds since 1970
    std::string body;            ///< without meta
};

/// Checks a Subscription that somebody sends at `now` (microseconds since 1970). Its status becomes active
/// (off stays off); a missing end becomes the latest one allowed. id, version and lastUpdated stay empty.
/// Refused with 422, the element named: `bad-criteria`, `bad-channel`, `bad-value`, `missing-element`; 400
/// `not-a-resource`.
[[nodiscard]] Result<Subscription> readSubscription(const JsonDocument& document, std::int64_t now);

/// The resource types of a criteria: "Patient?" one, "?_type=Patient,Appointment" several, "?" all (none are
/// listed). 422 `bad-criteria`: anything more cannot be answered by a change's type alone.
[[nodiscard]] Result<std::set<std::string>> readCriteria(std::string_view criteria);

/// The FHIR document with meta.
[[nodiscard]] std::string documentOf(const Subscription& subscription);

// In a transaction of the clinic; `owner` as in the table.
[[nodiscard]] std::vector<Subscription> listSubscriptions(db::Transaction& work, const std::string& owner);
[[nodiscard]] std::optional<Subscription> findSubscription(db::Transaction& work, const std::string& owner,
                                                           const std::string& id);
/// Stores a new one, or the next version of the owner's. 412 `already-exists` when it is somebody else's; 422
/// `too-many-subscriptions`. Ended ones of the clinic go on the way.
[[nodiscard]] Result<Subscription> storeSubscription(db::Transaction& work, const std::string& owner,
                                                     const Subscription& subscription);
/// False when there was none.
bool deleteSubscription(db::Transaction& work, const std::string& owner, const std::string& id);

} // namespace yarrow::server::live
