// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/api/fhir_routes.h"
#include "server/http/router.h"

namespace yarrow::server::api {

// The handlers of requests that write. Single requests name operation and author in the headers
// Yarrow-Operation and Yarrow-Author, and any of them the epoch they believe in, in Yarrow-Epoch.

[[nodiscard]] Result<Response> postBundle(Call& call, const FhirServices& services);
[[nodiscard]] Result<Response> postRecord(Call& call, const FhirServices& services);
[[nodiscard]] Result<Response> putRecord(Call& call, const FhirServices& services);
[[nodiscard]] Result<Response> deleteRecord(Call& call, const FhirServices& services);

} // namespace yarrow::server::api
