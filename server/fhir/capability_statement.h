// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace yarrow::server::fhir {

/// What `GET /fhir/metadata` answers: the CapabilityStatement of this server and of this version. `baseUrl`
/// as in Request::baseUrl, without /fhir; `date` a FHIR dateTime: when this version was built or started.
[[nodiscard]] std::string capabilityStatement(std::string_view baseUrl, std::string_view version,
                                              std::string_view date);

} // namespace yarrow::server::fhir
