// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/sign_in_throttle.h"

#include "server/auth/crypto.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace yarrow::server {
namespace {

constexpr std::int64_t kFreeFailures = 5;
constexpr std::int64_t kLongestWait = 15 * 60; // seconds
constexpr std::int64_t kDoublings = 10;        // of a second: more than the longest wait

/// What was typed as a name may be a password, so only this is kept.
std::string keyOf(std::string_view userName)
{
    std::string lower(userName);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return crypto::toHex(crypto::sha256(lower));
}

} // namespace

Result<void> admitSignIn(db::Connection& connection, std::string_view userName)
{
    const std::string key = keyOf(userName);
    db::Transaction transaction(connection, TenantId());
    // Inserted first, so that there is a row to lock.
    transaction.run(
        "INSERT INTO sign_in_failure (name_hash, failures, last_at) VALUES (decode($1, 'hex'), 0, now()) "
        "ON CONFLICT DO NOTHING",
        key);
    const auto rows =
        transaction.run("SELECT failures, extract(epoch FROM clock_timestamp() - last_at)::bigint "
                        "FROM sign_in_failure WHERE name_hash = decode($1, 'hex') FOR UPDATE",
                        key);
    const auto failures = rows.empty() ? 0 : rows[0][0].as<std::int64_t>();
    const auto since = rows.empty() ? 0 : rows[0][1].as<std::int64_t>();
    if (failures >= kFreeFailures) {
        const std::int64_t wait =
            std::min(kLongestWait, std::int64_t{1} << std::min(failures - kFreeFailures, kDoublings));
        if (since < wait) {
            Problem problem{429, "sign-in-throttled",
                            "There were too many failed sign-ins with this name. Wait before trying again."};
            problem.headers.emplace_back("Retry-After", std::to_string(wait - since));
            return tl::unexpected(std::move(problem));
        }
    }
    transaction.run("UPDATE sign_in_failure SET failures = failures + 1, last_at = clock_timestamp() "
                    "WHERE name_hash = decode($1, 'hex')",
                    key);
    transaction.commit();
    return {};
}

void forgetFailures(db::Connection& connection, std::string_view userName)
{
    db::Transaction transaction(connection, TenantId());
    transaction.run("DELETE FROM sign_in_failure WHERE name_hash = decode($1, 'hex')", keyOf(userName));
    transaction.commit();
}

} // namespace yarrow::server
