// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/bulk_writing.h"

#include "models/store/tunables.h"

#include <algorithm>

#include <unistd.h>

namespace yarrow {
namespace {

int cacheKiB()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long pageBytes = ::sysconf(_SC_PAGESIZE);
    const long kibibytes = pages > 0 && pageBytes > 0 ? pages / 1024 * pageBytes : 0;
    return static_cast<int>(std::clamp<long>(kibibytes / tunables::kBulkCacheShare,
                                             tunables::kBulkCacheMinKiB, tunables::kBulkCacheMaxKiB));
}

} // namespace

BulkWriting::BulkWriting(Connection& connection)
    : m_connection(connection)
{
    m_connection.setCacheSize(cacheKiB());
    m_connection.beginBulk(tunables::kBulkCheckpointPages);
}

BulkWriting::~BulkWriting()
{
    try {
        m_connection.setCacheSize(tunables::kWriterCacheKiB);
    } catch (const SQLite::Exception&) {
        // Only the speed of what follows hangs on it.
    }
    m_connection.endBulk();
}

} // namespace yarrow
