// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/password_verifier.h"

#include "server/auth/crypto.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <semaphore>
#include <stdexcept>

namespace yarrow::server {
namespace {

constexpr std::uint64_t kN = 1U << 17U;
constexpr std::uint64_t kR = 8;
constexpr std::uint64_t kP = 1;
constexpr std::uint64_t kMaxMemory = 2 * 128 * kN * kR;
constexpr std::size_t kHashSize = 32;
constexpr std::size_t kSaltSize = 32;
constexpr std::size_t kMinSalt = 16;
constexpr std::size_t kMaxSalt = 64;
constexpr std::ptrdiff_t kAtOnce = 2;
constexpr std::size_t kMinCharacters = 12;
constexpr std::size_t kMaxBytes = 1024;

std::counting_semaphore<kAtOnce>& places()
{
    static std::counting_semaphore<kAtOnce> semaphore(kAtOnce);
    return semaphore;
}

std::string scrypt(std::string_view password, std::string_view salt)
{
    std::string hash(kHashSize, '\0');
    const int done = EVP_PBE_scrypt(
        password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
        kN, kR, kP, kMaxMemory, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    if (done != 1)
        throw std::runtime_error("scrypt failed");
    return hash;
}

Result<std::string> bytesOf(const boost::json::object& json, std::string_view member, std::size_t least,
                            std::size_t most, const std::string& pointer)
{
    const auto* value = json.if_contains(member);
    auto bytes =
        value != nullptr && value->is_string() ? crypto::fromBase64(value->get_string()) : std::nullopt;
    if (!bytes || bytes->size() < least || bytes->size() > most) {
        const std::string name(member);
        return refuse(400, "bad-request",
                      "The verifier's " + name + " must be " +
                          (least == most ? std::to_string(least)
                                         : std::to_string(least) + " to " + std::to_string(most)) +
                          " bytes in base64.",
                      pointer + "/" + name);
    }
    return std::move(*bytes);
}

std::string folded(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return result;
}

// Of the published lists of leaked passwords, those that are long enough to pass otherwise, without digits
// and signs at their ends (these are cut off before the comparison).
constexpr std::array<std::string_view, 24> kCommon{
    "password",         "passwordpassword", "letmein",
    "letmeinletmein",   "qwertyuiop",       "qwertyuiopasdf",
    "qwertyqwerty",     "administrator",    "iloveyou",
    "iloveyouiloveyou", "abcdefghijkl",     "abcdefghijklm",
    "welcome",          "welcomewelcome",   "changeme",
    "changemeplease",   "trustno",          "correcthorsebatterystaple",
    "asdfghjkl",        "asdfasdfasdf",     "sunshinesunshine",
    "superman",         "princessprincess", "monkeymonkey",
};

constexpr std::string_view kCountingUp = "0123456789012345678901234567890123456789";

} // namespace

Result<ScryptPlace> ScryptPlace::take()
{
    if (places().try_acquire())
        return ScryptPlace();
    Problem busy{503, "sign-in-busy", "Too many people sign in at this moment. Try again in a second."};
    busy.headers.emplace_back("Retry-After", "1");
    return tl::unexpected(std::move(busy));
}

ScryptPlace::~ScryptPlace()
{
    if (m_isHeld)
        places().release();
}

PasswordVerifier PasswordVerifier::fromPassword(std::string_view password, const ScryptPlace& /*place*/)
{
    PasswordVerifier verifier;
    verifier.m_salt = crypto::randomBytes(kSaltSize);
    verifier.m_hash = scrypt(password, verifier.m_salt);
    return verifier;
}

Result<PasswordVerifier> PasswordVerifier::fromJson(const boost::json::object& json,
                                                    const std::string& pointer)
{
    const auto* kdf = json.if_contains("kdf");
    if (kdf == nullptr || !kdf->is_string() || kdf->get_string() != "scrypt")
        return refuse(400, "bad-request", "The verifier's kdf must be scrypt.", pointer + "/kdf");
    for (const auto& [name, expected] : {std::pair("n", kN), std::pair("r", kR), std::pair("p", kP)}) {
        const auto* value = json.if_contains(name);
        if (value == nullptr || !value->is_int64() ||
            value->get_int64() != static_cast<std::int64_t>(expected))
            return refuse(400, "bad-request",
                          std::string("The verifier's ") + name + " must be " + std::to_string(expected) +
                              ".",
                          pointer + "/" + name);
    }
    auto salt = bytesOf(json, "salt", kMinSalt, kMaxSalt, pointer);
    if (!salt)
        return tl::unexpected(salt.error());
    auto hash = bytesOf(json, "hash", kHashSize, kHashSize, pointer);
    if (!hash)
        return tl::unexpected(hash.error());
    PasswordVerifier verifier;
    verifier.m_salt = std::move(*salt);
    verifier.m_hash = std::move(*hash);
    return verifier;
}

PasswordVerifier PasswordVerifier::impossible()
{
    PasswordVerifier verifier;
    verifier.m_salt = crypto::randomBytes(kSaltSize);
    verifier.m_hash = crypto::randomBytes(kHashSize);
    return verifier;
}

boost::json::object PasswordVerifier::toJson() const
{
    return {{"kdf", "scrypt"},
            {"n", kN},
            {"r", kR},
            {"p", kP},
            {"salt", crypto::toBase64(m_salt)},
            {"hash", crypto::toBase64(m_hash)}};
}

bool PasswordVerifier::fits(std::string_view password, const ScryptPlace& /*place*/) const
{
    // What is too long to be a password costs what others cost, and fits nothing.
    const std::string hash = scrypt(password.substr(0, kMaxBytes), m_salt);
    return crypto::equal(hash, m_hash) && password.size() <= kMaxBytes;
}

Result<void> checkPassword(std::string_view password, std::string_view userName, const std::string& pointer)
{
    const auto weak = [&](std::string why) { return refuse(400, "password-weak", std::move(why), pointer); };
    const auto characters =
        static_cast<std::size_t>(std::count_if(password.begin(), password.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }));
    if (characters < kMinCharacters)
        return weak("A password has at least 12 characters.");
    if (password.size() > kMaxBytes)
        return weak("A password has at most 1024 bytes.");
    const std::string lower = folded(password);
    std::string_view core = lower;
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
    const auto isLetter = [&](char c) { return kLetters.find(c) != std::string_view::npos; };
    while (!core.empty() && static_cast<unsigned char>(core.back()) < 0x80U && !isLetter(core.back()))
        core.remove_suffix(1);
    while (!core.empty() && static_cast<unsigned char>(core.front()) < 0x80U && !isLetter(core.front()))
        core.remove_prefix(1);
    const bool isOneLetter =
        std::all_of(lower.begin(), lower.end(), [&](char c) { return c == lower.front(); });
    if (isOneLetter || kCountingUp.find(lower) != std::string_view::npos ||
        std::find(kCommon.begin(), kCommon.end(), core) != kCommon.end())
        return weak("This password is one of the common ones.");
    if (!userName.empty() && core.find(folded(userName)) != std::string_view::npos &&
        core.size() < userName.size() + 4)
        return weak("A password is not the user name.");
    return {};
}

} // namespace yarrow::server
