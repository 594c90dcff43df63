// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/failure.h"

namespace yarrow::ctl {

void tellFailure(Output& out, const char* code, const std::string& sentence, const Json& details)
{
    if (out.isJson()) {
        Json error = Json::object();
        error.set("code", code);
        error.set("message", sentence);
        for (const auto& [name, value] : details.members())
            error.set(name, value);
        Json document = Json::object();
        document.set("error", std::move(error));
        out.json(document);
    }
    out.remark("yarrowctl: " + sentence);
}

} // namespace yarrow::ctl
