// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"

#include <boost/json/value.hpp>

namespace yarrow::server::api {

/// An answer of application/json that no cache keeps.
[[nodiscard]] Response jsonAnswer(int status, const boost::json::value& body);

} // namespace yarrow::server::api
