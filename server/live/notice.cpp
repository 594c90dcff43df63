// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/notice.h"

#include "server/http/field_text.h"

#include <algorithm>
#include <charconv>

namespace yarrow::server::live {
namespace {

constexpr std::size_t kLongestTypes = 2000; // a payload may have 8000 bytes
constexpr std::string_view kAny = "*";

std::string_view nextWord(std::string_view& text)
{
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
}

} // namespace

std::string changeText(const records::ChangeNotice& notice)
{
    std::string text = notice.tenant.text() + ' ' + std::to_string(notice.seq) + ' ';
    const std::size_t areasFrom = text.size();
    for (int i = 0; i < kAreaCount; ++i) {
        if (const auto area = static_cast<Area>(i); notice.areas.contains(area))
            text.append(text.size() > areasFrom ? "," : "").append(areaCode(area));
    }
    std::string types;
    for (const std::string& type : notice.types)
        types.append(types.empty() ? "" : ",").append(type);
    return text + ' ' + (types.empty() || types.size() > kLongestTypes ? std::string(kAny) : types);
}

std::optional<records::ChangeNotice> readChange(std::string_view text)
{
    records::ChangeNotice notice;
    const auto tenant = TenantId::parse(nextWord(text));
    const std::string_view seq = nextWord(text);
    if (!tenant || std::from_chars(seq.data(), seq.data() + seq.size(), notice.seq).ec != std::errc())
        return std::nullopt;
    notice.tenant = *tenant;
    std::string_view areas = nextWord(text);
    while (!areas.empty()) {
        if (const auto area = areaFromCode(nextListItem(areas)))
            notice.areas.insert(*area);
    }
    if (text.empty())
        return std::nullopt;
    while (!text.empty() && text != kAny)
        notice.types.emplace(nextListItem(text));
    return notice;
}

std::optional<AccessNotice> readAccess(std::string_view text)
{
    const auto tenant = TenantId::parse(nextWord(text));
    if (!tenant || text.empty())
        return std::nullopt;
    return AccessNotice{*tenant, std::string(text)};
}

void merge(records::ChangeNotice& into, const records::ChangeNotice& notice)
{
    into.seq = std::max(into.seq, notice.seq);
    into.types.insert(notice.types.begin(), notice.types.end());
    for (int i = 0; i < kAreaCount; ++i) {
        if (const auto area = static_cast<Area>(i); notice.areas.contains(area))
            into.areas.insert(area);
    }
}

} // namespace yarrow::server::live
