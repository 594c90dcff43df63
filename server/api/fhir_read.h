// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/api/fhir_exchange.h"
#include "server/http/router.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::api {

/// What a read needs to know of the caller; the same for a request and for a GET inside a bundle.
struct Reading
{
    db::Connection& db;
    const Principal& caller;
    std::string fhirBase; ///< "https://…/fhir"
    bool lenient = false;
};
[[nodiscard]] Reading readingOf(Call& call);

/// The parameters of reads, besides _format.
[[nodiscard]] const std::vector<std::string_view>& noParameters();
[[nodiscard]] const std::vector<std::string_view>& historyParameters();

[[nodiscard]] Result<Response> readRecord(const Reading& reading, const std::string& type,
                                          const std::string& id);
[[nodiscard]] Result<Response> readRecordVersion(const Reading& reading, const std::string& type,
                                                 const std::string& id, const std::string& version);
/// `type` and `id` empty: of the clinic, which is the feed.
[[nodiscard]] Result<Response> readHistory(const Reading& reading, const std::string& type,
                                           const std::string& id, const Parameters& parameters);
[[nodiscard]] Result<Response> search(const Reading& reading, const std::string& type,
                                      const Parameters& parameters);

/// A GET of a bundle: "Patient/7", "Patient?name=x", "Patient/7/_history".
[[nodiscard]] Result<Response> readUrl(const Reading& reading, std::string_view url);

} // namespace yarrow::server::api
