// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/json_answer.h"

#include <boost/json.hpp>

namespace yarrow::server::api {

Response jsonAnswer(int status, const boost::json::value& body)
{
    Response response{status};
    response.headers.add("Content-Type", "application/json");
    response.headers.add("Cache-Control", "no-store");
    response.body = boost::json::serialize(body);
    return response;
}

} // namespace yarrow::server::api
