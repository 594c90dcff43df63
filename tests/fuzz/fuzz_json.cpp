// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever bytes come: no crash; what is read is written and read again as the same value; what is refused is
// refused with a place inside the text.
#include "core/json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using yarrow::Json;
using yarrow::Result;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Result<Json> json = Json::parse(text);
    if (!json) {
        YARROW_ASSERT(json.error().position && !json.error().context.empty());
        YARROW_ASSERT(json.error().position->line + json.error().position->column <= size + 2);
        return 0;
    }
    const std::string compact = json->dump();
    YARROW_ASSERT(compact.size() <= size * 6); // a control character needs six
    const Result<Json> again = Json::parse(compact);
    YARROW_ASSERT(again && *again == *json && again->dump() == compact);
    const Result<Json> pretty = Json::parse(json->dumpPretty());
    YARROW_ASSERT(pretty && *pretty == *json);
    return 0;
}
