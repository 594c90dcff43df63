// SPDX-License-Identifier: GPL-3.0-or-later
// Three documents and a path, one a line: whatever they are, the merge ends in peace, a side that changed
// nothing has no say, swapping the sides swaps the disputes, and every dispute is found again by its path.
#include "sync/merge/merge.h"
#include "sync/merge/same_value.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

using namespace yarrow;
using namespace yarrow::sync;

namespace {

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::set<std::string> paths(const Merged& merged)
{
    std::set<std::string> all;
    for (const Dispute& dispute : merged.disputes)
        YARROW_ASSERT(all.insert(dispute.path).second);
    return all;
}

void checkPaths(const Merged& merged)
{
    for (const Dispute& dispute : merged.disputes) {
        const auto theirs = elementAt(merged.document, dispute.path);
        YARROW_ASSERT(theirs && *theirs == dispute.theirs);
        if (dispute.path.empty())
            continue;
        const auto same = withElement(merged.document, dispute.path, dispute.theirs);
        YARROW_ASSERT(same && (!dispute.theirs || *same == merged.document)); // what is empty may go
        const auto settled = withElement(merged.document, dispute.path, dispute.mine);
        YARROW_ASSERT(settled);
        const auto mine = elementAt(*settled, dispute.path);
        YARROW_ASSERT(mine && mine->has_value() == dispute.mine.has_value());
        YARROW_ASSERT(!dispute.mine || sameValue(**mine, *dispute.mine));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto base = Json::parse(takeLine(text));
    const auto mine = Json::parse(takeLine(text));
    const auto theirs = Json::parse(takeLine(text));
    if (!base || !mine || !theirs)
        return 0;

    const std::string_view path = takeLine(text);
    if (const auto element = elementAt(*base, path); element && base->isObject() && !path.empty()) {
        const auto same = withElement(*base, path, *element);
        YARROW_ASSERT(same.has_value());
    }

    YARROW_ASSERT(merge(*base, *mine, *mine).document == *mine);
    YARROW_ASSERT(merge(*base, *base, *theirs).document == *theirs);
    const Merged merged = merge(*base, *mine, *theirs);
    const auto parsed = Json::parse(merged.document.dump());
    YARROW_ASSERT(parsed && *parsed == merged.document);
    YARROW_ASSERT(paths(merged) == paths(merge(*base, *theirs, *mine)));
    checkPaths(merged);
    YARROW_ASSERT(merge(*theirs, merged.document, *theirs).disputes.empty());
    return 0;
}
