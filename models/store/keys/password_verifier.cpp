// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/password_verifier.h"

#include "models/store/keys/key_slot.h"

#include <array>

namespace yarrow {
namespace {

constexpr KdfCost kCost; // the server takes no other
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kHashBytes = 32;

Result<SecretBytes> hashOf(const QString& password, crypto::ByteView salt)
{
    return crypto::scrypt(normalisedPassword(password).span(), salt, kCost.n, kCost.r, kCost.p, kHashBytes);
}

} // namespace

Result<std::string> makeVerifier(const QString& password)
{
    std::array<std::uint8_t, kSaltBytes> salt{};
    crypto::fillRandom(salt);
    const auto hash = hashOf(password, salt);
    if (!hash)
        return fail(hash.error());
    Json json = Json::object();
    json.set("kdf", "scrypt");
    json.set("n", static_cast<std::int64_t>(kCost.n));
    json.set("r", static_cast<std::int64_t>(kCost.r));
    json.set("p", static_cast<std::int64_t>(kCost.p));
    json.set("salt", crypto::toBase64(salt));
    json.set("hash", crypto::toBase64(hash->span()));
    return json.dump();
}

bool fitsVerifier(const QString& password, std::string_view verifier)
{
    const auto json = Json::parse(verifier);
    if (!json || (*json)["kdf"].string() != "scrypt")
        return false;
    const auto is = [&](const char* member, std::uint64_t value) {
        return (*json)[member].integer() == static_cast<std::int64_t>(value);
    };
    if (!is("n", kCost.n) || !is("r", kCost.r) || !is("p", kCost.p))
        return false;
    const auto salt = crypto::fromBase64((*json)["salt"].string());
    const auto expected = crypto::fromBase64((*json)["hash"].string());
    if (!salt || !expected || expected->size() != kHashBytes)
        return false;
    const auto hash = hashOf(password, *salt);
    if (!hash)
        return false;
    return crypto::equalInConstantTime(hash->span(), *expected);
}

} // namespace yarrow
