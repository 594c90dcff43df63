// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever bytes come to the server: no crash; what is read has an index that gives the same text again; what
// is refused names a place.
#include "server/json/json_document.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using yarrow::server::JsonDocument;
using yarrow::server::JsonView;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::string written(JsonView view)
{
    std::string text;
    if (view.isArray()) {
        std::size_t index = 0;
        for (const JsonView item : view.items()) {
            require(view[index++].offset() == item.offset());
            text += (text.empty() ? "" : ",") + written(item);
        }
        require(index == view.size());
        return '[' + text + ']';
    }
    if (view.isObject()) {
        const auto members = view.members();
        for (auto at = members.begin(); at != members.end(); ++at) {
            require(at.name().says(at.name().string()));
            text += (text.empty() ? "" : ",") + std::string(at.name().raw()) + ':' + written(at.value());
        }
        return '{' + text + '}';
    }
    require(!view.isString() || view.string().size() <= view.raw().size());
    return std::string(view.raw());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto document = JsonDocument::parse(text);
    if (!document) {
        require(document.error().detail.find("line ") != std::string::npos);
        return 0;
    }
    require(document->text() == text);
    const std::string compact = written(document->root());
    const auto again = JsonDocument::parse(compact);
    require(again && written(again->root()) == compact);
    return 0;
}
