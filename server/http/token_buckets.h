// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace yarrow::server {

/// What a bucket says about one request.
struct BucketState
{
    bool allowed = true;
    int limit = 0;        ///< requests per minute; 0: nothing is counted
    int remaining = 0;    ///< whole requests left now
    int resetSeconds = 0; ///< until the bucket is full again
    int retrySeconds = 0; ///< until one more is allowed; 0 when it is
};

/// A bucket of requests for each key, holding a minute's worth and refilled evenly. Holds at most `kMostKeys`
/// keys: the ones that were used longest ago are forgotten, which forgives them. From any thread.
class TokenBuckets
{
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    static constexpr std::size_t kMostKeys = 50'000;

    explicit TokenBuckets(int perMinute, std::size_t mostKeys = kMostKeys,
                          Clock clock = std::chrono::steady_clock::now);

    /// Takes one request out of the key's bucket, if there is one.
    BucketState take(std::string_view key);
    /// The same without taking.
    [[nodiscard]] BucketState look(std::string_view key);
    [[nodiscard]] std::size_t size() const;

private:
    struct Bucket
    {
        std::string key;
        double tokens = 0;
        std::chrono::steady_clock::time_point at; ///< when `tokens` was true
    };
    BucketState use(std::string_view key, bool take);

    const int m_perMinute;
    const std::size_t m_mostKeys;
    const Clock m_clock;
    mutable std::mutex m_mutex;
    std::list<Bucket> m_buckets; // the one used last is in front
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> m_byKey; // keys live in m_buckets
};

/// The key of a caller's address: the address itself, of IPv6 its /64, which is what one subscriber has.
[[nodiscard]] std::string addressKey(std::string_view address);

} // namespace yarrow::server
