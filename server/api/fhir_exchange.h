// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/fhir/search_query.h"
#include "server/http/router.h"
#include "server/records/history.h"
#include "server/records/writer.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::server::api {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// What a FHIR request asks of the answer, in Prefer (R4, 3.1.0.1.6 and 3.1.0.1.7).
struct Preferences
{
    enum class Return { Default, Minimal, Representation, OperationOutcome };
    Return wanted = Return::Default;
    bool lenient = false; ///< handling=lenient
};
[[nodiscard]] Preferences preferencesOf(const Request& request);

/// The query's parameters without _format. Refused are another format than JSON in _format or Accept (406
/// `json-only`) and names outside `known`, when it is given (400 `unknown-parameter`).
[[nodiscard]] Result<Parameters> parametersOf(const Request& request,
                                              const std::vector<std::string_view>* known = nullptr);

/// The same of the query in a URL inside a bundle.
[[nodiscard]] Result<Parameters> parametersOf(std::string_view query,
                                              const std::vector<std::string_view>* known = nullptr);

/// The body of a request that is FHIR JSON: 415 `json-only` for another Content-Type.
[[nodiscard]] Result<JsonDocument> bodyOf(const Request& request);

/// The value of the one parameter of that name; nothing when it is missing.
[[nodiscard]] std::optional<std::string> valueOf(const Parameters& parameters, std::string_view name);

/// `_count`: 0–kMaxCount, larger ones are cut. 400 `bad-parameter` for what is no number.
[[nodiscard]] Result<int> countOf(const Parameters& parameters, int otherwise);

[[nodiscard]] Response fhirAnswer(int status, std::string body);

/// A record as an answer, with ETag and Last-Modified.
[[nodiscard]] Response versionAnswer(int status, const std::string& versionId, const std::string& lastUpdated,
                                     std::string body);

/// "Sun, 06 Nov 1994 08:49:37 GMT" of a FHIR instant in UTC, for Last-Modified.
[[nodiscard]] std::string httpDate(std::string_view instant);

[[nodiscard]] std::string quotedETag(std::string_view versionId); ///< as it stands inside JSON: "W/\"a.7\""

/// The first line of a status in a Bundle: "201 Created".
[[nodiscard]] std::string statusLine(int status);

} // namespace yarrow::server::api
