// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "sync/transport/transport.h"

#include <string>

namespace yarrow::sync {

// yarrow-server's addresses outside of /fhir.

/// `author`: account id at the server; empty: none is named.
[[nodiscard]] HttpRequest jsonRequest(Method method, std::string url, const Json& body,
                                      const std::string& author = {});

/// Why the server refused: its code, else "HTTP 404".
[[nodiscard]] std::string refusalCode(const HttpResponse& response);

} // namespace yarrow::sync
