// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/jwt.h"

#include "server/auth/crypto.h"

#include <boost/json.hpp>

#include <cmath>

namespace yarrow::server {
namespace {

constexpr std::size_t kMaxToken = 8 * 1024;

std::optional<boost::json::object> objectOf(std::string_view part)
{
    const auto text = crypto::fromBase64Url(part);
    if (!text)
        return std::nullopt;
    boost::json::error_code error;
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::value value = boost::json::parse(*text, error, {}, options);
    if (error || !value.is_object())
        return std::nullopt;
    return std::move(value.get_object());
}

} // namespace

std::optional<Jwt> Jwt::parse(std::string_view token)
{
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (token.size() > kMaxToken || second == std::string_view::npos)
        return std::nullopt;
    const auto header = objectOf(token.substr(0, first));
    if (!header)
        return std::nullopt;
    const auto* algorithm = header->if_contains("alg");
    if (algorithm == nullptr || !algorithm->is_string() || algorithm->get_string() != "ES256")
        return std::nullopt;
    if (header->contains("crit")) // names extensions that must be understood: we know none
        return std::nullopt;
    auto claims = objectOf(token.substr(first + 1, second - first - 1));
    auto signature = crypto::fromBase64Url(token.substr(second + 1));
    if (!claims || !signature)
        return std::nullopt;

    Jwt jwt;
    if (const auto* kid = header->if_contains("kid"); kid != nullptr && kid->is_string())
        jwt.m_kid = kid->get_string();
    jwt.m_claims = std::move(*claims);
    jwt.m_signed = token.substr(0, second);
    jwt.m_signature = std::move(*signature);
    return jwt;
}

std::string Jwt::sign(const boost::json::object& claims, std::string_view kid, const EcPrivateKey& key)
{
    const boost::json::object header{{"alg", "ES256"}, {"typ", "JWT"}, {"kid", kid}};
    std::string token = crypto::toBase64Url(boost::json::serialize(header)) + '.' +
                        crypto::toBase64Url(boost::json::serialize(claims));
    return token + '.' + crypto::toBase64Url(key.sign(token));
}

std::string_view Jwt::text(std::string_view claim) const
{
    const auto* value = m_claims.if_contains(claim);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
}

std::optional<std::int64_t> Jwt::seconds(std::string_view claim) const
{
    const auto* value = m_claims.if_contains(claim);
    if (value == nullptr)
        return std::nullopt;
    constexpr std::int64_t kLatest = 1LL << 40; // the year 36812: sums with it cannot overflow
    if (value->is_int64() && value->get_int64() >= 0 && value->get_int64() < kLatest)
        return value->get_int64();
    // RFC 7519 allows fractions.
    if (value->is_double() && value->get_double() >= 0 && value->get_double() < static_cast<double>(kLatest))
        return static_cast<std::int64_t>(std::floor(value->get_double()));
    return std::nullopt;
}

bool Jwt::isFor(std::string_view audience) const
{
    const auto* value = m_claims.if_contains("aud");
    if (value == nullptr)
        return false;
    if (value->is_array()) {
        for (const auto& one : value->get_array()) {
            if (one.is_string() && one.get_string() == audience)
                return true;
        }
        return false;
    }
    return value->is_string() && value->get_string() == audience;
}

} // namespace yarrow::server
