// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/protocol/json_request.h"

#include "sync/protocol/write_bundle.h"

namespace yarrow::sync {

HttpRequest jsonRequest(Method method, std::string url, const Json& body, const std::string& author)
{
    HttpRequest request;
    request.method = method;
    request.url = std::move(url);
    request.headers.add("Content-Type", "application/json");
    if (!author.empty())
        request.headers.add("Yarrow-Author", author);
    request.body = body.dump();
    return request;
}

std::string refusalCode(const HttpResponse& response)
{
    const std::string code = answerOf(response).code;
    return code.empty() ? "HTTP " + std::to_string(response.status) : code;
}

} // namespace yarrow::sync
