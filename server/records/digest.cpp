// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/digest.h"

#include <openssl/sha.h>

namespace yarrow::server::records {
namespace {

void toggle(std::array<std::uint8_t, 16>& digest, std::string_view type, std::string_view id,
            std::string_view versionId)
{
    std::string text;
    text.reserve(type.size() + id.size() + versionId.size() + 2);
    text.append(type).append(1, '/').append(id).append(1, '/').append(versionId);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] ^= hash[i];
}

} // namespace

void Summary::add(std::string_view type, std::string_view id, std::string_view versionId)
{
    ++live;
    toggle(digest, type, id, versionId);
}

void Summary::remove(std::string_view type, std::string_view id, std::string_view versionId)
{
    --live;
    toggle(digest, type, id, versionId);
}

void Summary::merge(const Summary& other)
{
    live += other.live;
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] ^= other.digest[i];
}

std::string Summary::hex() const
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0x0FU];
    }
    return text;
}

namespace {

std::array<std::uint8_t, 16> digestOf(std::string_view hex)
{
    const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    std::array<std::uint8_t, 16> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4U | digit(hex[2 * i + 1]));
    return digest;
}

AreaSummaries readSummaries(db::Transaction& work)
{
    AreaSummaries summaries;
    const auto rows = work.run(
        "SELECT area, live, encode(digest, 'hex') FROM area_summary WHERE tenant_id = $1 ORDER BY area",
        work.tenant());
    for (const auto& row : rows) {
        if (const auto area = areaFromCode(row[0].c_str()))
            summaries[*area] = {row[1].as<std::int64_t>(), digestOf(row[2].c_str())};
    }
    return summaries;
}

} // namespace

void addToSummaries(db::Transaction& work, const AreaSummaries& changes)
{
    AreaSummaries summaries = readSummaries(work);
    db::TextArray areas;
    db::TextArray counts;
    db::TextArray digests;
    for (const auto& [area, change] : changes) {
        Summary& summary = summaries[area];
        summary.merge(change);
        areas.add(areaCode(area));
        counts.add(std::string_view(std::to_string(summary.live)));
        digests.add(std::string_view(summary.hex()));
    }
    work.run("INSERT INTO area_summary (tenant_id, area, live, digest) SELECT $1, n.area, n.live, "
             "decode(n.digest, 'hex') "
             "FROM unnest($2::text[], $3::bigint[], $4::text[]) AS n (area, live, digest) "
             "ON CONFLICT (tenant_id, area) DO UPDATE SET live = excluded.live, digest = excluded.digest",
             work.tenant(), areas, counts, digests);
}

Summary readSummary(db::Transaction& work, AreaSet areas)
{
    Summary whole;
    for (const auto& [area, summary] : readSummaries(work)) {
        if (areas.contains(area))
            whole.merge(summary);
    }
    return whole;
}

} // namespace yarrow::server::records
