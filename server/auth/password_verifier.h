// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace yarrow::server {

/// The right to compute one scrypt. It takes 128 MiB and a good part of a second, so a process computes two
/// at once.
class ScryptPlace
{
public:
    /// 503 `sign-in-busy` with Retry-After when both are taken.
    [[nodiscard]] static Result<ScryptPlace> take();
    ~ScryptPlace();
    ScryptPlace(ScryptPlace&& other) noexcept
        : m_isHeld(std::exchange(other.m_isHeld, false))
    {}
    ScryptPlace& operator=(ScryptPlace&&) = delete;

private:
    ScryptPlace() = default;
    bool m_isHeld = true;
};

/// What a password is checked with: scrypt (RFC 7914), N = 2^17, r = 8, p = 1, 32 bytes, a salt of 16 to 64.
/// As JSON {"kdf": "scrypt", "n": 131072, "r": 8, "p": 1, "salt": base64, "hash": base64}; the same on
/// workstations.
class PasswordVerifier
{
public:
    [[nodiscard]] static PasswordVerifier fromPassword(std::string_view password, const ScryptPlace& place);
    /// 400 `bad-request` naming the member below `pointer`. Other parameters than ours are refused.
    [[nodiscard]] static Result<PasswordVerifier> fromJson(const boost::json::object& json,
                                                           const std::string& pointer = {});
    /// One that no password fits, for users that do not exist: checking it costs the same.
    [[nodiscard]] static PasswordVerifier impossible();

    [[nodiscard]] boost::json::object toJson() const;
    [[nodiscard]] bool fits(std::string_view password, const ScryptPlace& place) const;

private:
    PasswordVerifier() = default;
    std::string m_salt;
    std::string m_hash;
};

/// 400 `password-weak` with the reason: shorter than 12 characters, longer than 1024 bytes, one of the common
/// ones, or the user name itself.
[[nodiscard]] Result<void> checkPassword(std::string_view password, std::string_view userName,
                                         const std::string& pointer = {});

} // namespace yarrow::server
