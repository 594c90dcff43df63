// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/feed_summary.h"

#include "core/crypto.h"

#include <algorithm>
#include <span>

namespace yarrow {

void FeedSummary::add(std::string_view type, std::string_view id, std::string_view versionId)
{
    ++live;
    toggle(type, id, versionId);
}

void FeedSummary::remove(std::string_view type, std::string_view id, std::string_view versionId)
{
    --live;
    toggle(type, id, versionId);
}

void FeedSummary::toggle(std::string_view type, std::string_view id, std::string_view versionId)
{
    std::string text;
    text.reserve(type.size() + id.size() + versionId.size() + 2);
    text.append(type).append(1, '/').append(id).append(1, '/').append(versionId);
    const crypto::Digest whole = crypto::sha256(crypto::bytesOf(text));
    std::transform(digest.begin(), digest.end(), whole.begin(), digest.begin(),
                   [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a ^ b); });
}

std::string FeedSummary::hex() const
{
    return crypto::toHex(digest);
}

FeedSummary FeedSummary::read(Connection& connection)
{
    FeedSummary summary;
    Query query(connection, "SELECT live, digest FROM feed_summary");
    if (query.step()) {
        summary.live = query.integer(0);
        const std::string_view bytes = query.blob(1);
        std::copy_n(bytes.begin(), std::min(bytes.size(), summary.digest.size()), summary.digest.begin());
    }
    return summary;
}

FeedSummary FeedSummary::recount(Connection& connection)
{
    FeedSummary summary;
    Query query(connection, "SELECT r.type, r.id, r.version FROM resource r WHERE r.version IS NOT NULL AND "
                            "(r.base IS NOT NULL OR (r.deleted = 0 AND NOT EXISTS (SELECT 1 FROM edit e "
                            "WHERE e.resource = r.pk)))");
    while (query.step())
        summary.add(query.text(0), query.text(1), query.text(2));
    return summary;
}

void FeedSummary::write(Connection& connection) const
{
    Query(connection, "UPDATE feed_summary SET live = ?, digest = ?")
        .bind(live, std::span<const std::uint8_t>(digest))
        .run();
}

} // namespace yarrow
