// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/statistics.h"

#include "server/ops/log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>

namespace yarrow::server::records {
namespace {

constexpr std::array<std::size_t, 4> kLooks{200, 2'000, 20'000, 200'000};

std::atomic_size_t stored{0};

} // namespace

void noteStored(db::Connection& connection, const TenantId& tenant, std::size_t records) noexcept
{
    const std::size_t before = stored.fetch_add(records);
    if (std::none_of(kLooks.begin(), kLooks.end(),
                     [&](std::size_t look) { return before < look && before + records >= look; }))
        return;
    try {
        db::Transaction work(connection, tenant);
        work.run("SELECT refresh_statistics()");
        work.commit();
    } catch (const std::exception&) { // its words may hold what nobody should read in a log
        ops::log(ops::LogLevel::Warning, "statistics-not-refreshed");
    }
}

} // namespace yarrow::server::records
