// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/openapi_routes.h"

#include "server/embedded_files.h"

#include <algorithm>
#include <stdexcept>

namespace yarrow::server::api {

void addOpenApiRoute(Router& router)
{
    const auto& files = embeddedFiles();
    const auto file = std::find_if(files.begin(), files.end(),
                                   [](const EmbeddedFile& one) { return one.name == "openapi.json"; });
    if (file == files.end())
        throw std::logic_error("openapi.json is no part of the program");
    router.add({"GET", "/api/v1/openapi.json",
                [text = file->text](Call&) -> Result<Response> {
                    Response response;
                    response.headers.add("Content-Type", "application/json");
                    response.headers.add("Cache-Control", "public, max-age=300");
                    response.body = text;
                    return response;
                },
                Route::Access::Public});
}

} // namespace yarrow::server::api
