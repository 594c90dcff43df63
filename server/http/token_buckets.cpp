// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/token_buckets.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace yarrow::server {

TokenBuckets::TokenBuckets(int perMinute, std::size_t mostKeys, Clock clock)
    : m_perMinute(perMinute)
    , m_mostKeys(std::max<std::size_t>(mostKeys, 1))
    , m_clock(std::move(clock))
{}

BucketState TokenBuckets::take(std::string_view key)
{
    return use(key, true);
}

BucketState TokenBuckets::look(std::string_view key)
{
    return use(key, false);
}

BucketState TokenBuckets::use(std::string_view key, bool take)
{
    if (m_perMinute <= 0)
        return {};
    const double full = m_perMinute;
    const double perSecond = full / 60;
    const std::lock_guard lock(m_mutex);
    const auto now = m_clock();
    auto found = m_byKey.find(key);
    if (found == m_byKey.end()) {
        if (m_buckets.size() >= m_mostKeys) {
            m_byKey.erase(m_buckets.back().key);
            m_buckets.pop_back();
        }
        m_buckets.push_front({std::string(key), full, now});
        found = m_byKey.emplace(m_buckets.front().key, m_buckets.begin()).first;
    } else {
        m_buckets.splice(m_buckets.begin(), m_buckets, found->second);
    }
    Bucket& bucket = *found->second;
    const double passed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(full, bucket.tokens + passed * perSecond);
    bucket.at = now;

    BucketState state;
    state.limit = m_perMinute;
    state.allowed = bucket.tokens >= 1;
    if (state.allowed && take)
        bucket.tokens -= 1;
    state.remaining = static_cast<int>(bucket.tokens);
    state.resetSeconds = static_cast<int>(std::ceil((full - bucket.tokens) / perSecond));
    if (!state.allowed)
        state.retrySeconds = std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / perSecond)));
    return state;
}

std::size_t TokenBuckets::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_buckets.size();
}

std::string addressKey(std::string_view address)
{
    in6_addr parsed{};
    const std::string text(address);
    if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1)
        return text;
    std::fill(std::begin(parsed.s6_addr) + 8, std::end(parsed.s6_addr), std::uint8_t{0});
    std::array<char, INET6_ADDRSTRLEN> network{};
    inet_ntop(AF_INET6, &parsed, network.data(), network.size());
    return std::string(network.data()) + "/64";
}

} // namespace yarrow::server
