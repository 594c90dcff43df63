// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <functional>
#include <istream>
#include <string>

namespace yarrow {

/// One thing to import, as it stands in the file.
struct StreamedEntry
{
    std::string fullUrl; ///< of the bundle entry; empty outside bundles
    std::string method;  ///< of entry.request, empty when there is none
    std::string url;     ///< of entry.request
    Json resource;       ///< null for an entry without one
    bool inBundle = false;
    TextPosition position; ///< where the entry begins
    std::size_t bytes = 0; ///< length of its text
};

/// What is known of the file once it was read.
struct StreamSummary
{
    bool isBundle = false;
    std::string bundleType;
};

/// Reads FHIR JSON piece by piece: a Bundle of any type, a single resource, or resources one after the other
/// (NDJSON, also with blank lines). A Bundle of any size needs memory for its largest entry only, when its
/// `resourceType` stands before its `entry`; a smaller one may have them in any order.
///
/// `visit` gets each entry in order and may stop with an error, which is handed on with the entry's position
/// when it has none of its own. Errors: InvalidJson, LimitExceeded, InvalidResource; all with the place in
/// the file.
[[nodiscard]] Result<StreamSummary>
streamResources(std::istream& in, const std::function<Result<void>(StreamedEntry&&)>& visit);

} // namespace yarrow
