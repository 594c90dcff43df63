// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"

#include <string>

namespace yarrow::ctl {

/// Says what went wrong: a sentence on standard error and, with --json, `{"error":{"code","message",…}}` on
/// standard output.
void tellFailure(Output& out, const char* code, const std::string& sentence,
                 const Json& details = Json::object());

} // namespace yarrow::ctl
