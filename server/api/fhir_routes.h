// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"
#include "server/records/writer.h"

#include <functional>
#include <string>

namespace yarrow::server::api {

struct FhirServices
{
    std::string version; ///< of the program, for the CapabilityStatement
    std::string started; ///< FHIR dateTime of this process
    /// Told of every commit that changed something, on the thread that made it.
    std::function<void(const records::ChangeNotice&)> changed;
};

/// Everything under /fhir but $export, Subscription and the WebSocket.
void addFhirRoutes(Router& router, const FhirServices& services);

} // namespace yarrow::server::api
