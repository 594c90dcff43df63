// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/ec_key.h"

#include "server/auth/crypto.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <stdexcept>

namespace yarrow::server {
namespace {

constexpr std::size_t kCoordinateSize = 32;
constexpr const char* kCurve = "P-256";

template <auto Free>
struct Freer
{
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>;

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytesOf(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

void require(bool ok)
{
    if (!ok)
        throw std::runtime_error("OpenSSL failed");
}

EvpKey owned(EVP_PKEY* key)
{
    return {key, &EVP_PKEY_free};
}

/// The uncompressed point 04 ‖ x ‖ y as a key; nothing when it does not lie on the curve.
EvpKey keyOfPoint(std::string point)
{
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    require(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
    std::string curve = kCurve;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        ERR_clear_error();
        return {};
    }
    EvpKey result = owned(key);
    const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
        ERR_clear_error();
        return {};
    }
    return result;
}

std::string coordinate(const EvpKey& key, const char* name)
{
    BIGNUM* number = nullptr;
    require(EVP_PKEY_get_bn_param(key.get(), name, &number) == 1);
    const BigNumber owner(number);
    std::string bytes(kCoordinateSize, '\0');
    require(BN_bn2binpad(number, bytesOf(bytes), static_cast<int>(bytes.size())) > 0);
    return bytes;
}

Result<std::string> coordinateOf(const boost::json::object& jwk, std::string_view member,
                                 const std::string& pointer)
{
    const auto* value = jwk.if_contains(member);
    const auto bytes =
        value != nullptr && value->is_string() ? crypto::fromBase64Url(value->get_string()) : std::nullopt;
    const std::string name(member);
    if (!bytes || bytes->size() != kCoordinateSize)
        return refuse(400, "bad-request", "The member " + name + " of the key must be 32 bytes in base64url.",
                      pointer + "/" + name);
    return *bytes;
}

} // namespace

EcPublicKey::EcPublicKey(EvpKey key)
    : m_key(std::move(key))
{}

Result<EcPublicKey> EcPublicKey::fromJwk(const boost::json::object& jwk, const std::string& pointer)
{
    const auto is = [&](std::string_view member, std::string_view text) {
        const auto* value = jwk.if_contains(member);
        return value != nullptr && value->is_string() && value->get_string() == text;
    };
    if (!is("kty", "EC"))
        return refuse(400, "bad-request", "The key must be of type EC.", pointer + "/kty");
    if (!is("crv", kCurve))
        return refuse(400, "bad-request", "The key must be on the curve P-256.", pointer + "/crv");
    if (jwk.contains("d"))
        return refuse(400, "bad-request",
                      "This is a private key. Make a new one, and send its public half only.",
                      pointer + "/d");
    const auto x = coordinateOf(jwk, "x", pointer);
    if (!x)
        return tl::unexpected(x.error());
    const auto y = coordinateOf(jwk, "y", pointer);
    if (!y)
        return tl::unexpected(y.error());
    EvpKey key = keyOfPoint("\x04" + *x + *y);
    if (!key)
        return refuse(400, "bad-request", "The point does not lie on the curve P-256.", pointer + "/x");
    return EcPublicKey(std::move(key));
}

boost::json::object EcPublicKey::toJwk() const
{
    return {{"kty", "EC"},
            {"crv", kCurve},
            {"x", crypto::toBase64Url(coordinate(m_key, OSSL_PKEY_PARAM_EC_PUB_X))},
            {"y", crypto::toBase64Url(coordinate(m_key, OSSL_PKEY_PARAM_EC_PUB_Y))}};
}

std::string EcPublicKey::thumbprint() const
{
    // RFC 7638: the required members in the order of their names, nothing else.
    const std::string canonical = R"({"crv":"P-256","kty":"EC","x":")" +
                                  crypto::toBase64Url(coordinate(m_key, OSSL_PKEY_PARAM_EC_PUB_X)) +
                                  R"(","y":")" +
                                  crypto::toBase64Url(coordinate(m_key, OSSL_PKEY_PARAM_EC_PUB_Y)) + R"("})";
    return crypto::toBase64Url(crypto::sha256(canonical));
}

bool EcPublicKey::verify(std::string_view message, std::string_view signature) const
{
    if (signature.size() != 2 * kCoordinateSize)
        return false;
    const Signature parts(ECDSA_SIG_new());
    BigNumber r(BN_bin2bn(bytesOf(signature), kCoordinateSize, nullptr));
    BigNumber s(BN_bin2bn(bytesOf(signature) + kCoordinateSize, kCoordinateSize, nullptr));
    require(parts != nullptr && r != nullptr && s != nullptr);
    require(ECDSA_SIG_set0(parts.get(), r.release(), s.release()) == 1);
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(parts.get(), &der);
    require(size > 0);
    const std::string derSignature(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);

    const DigestContext context(EVP_MD_CTX_new());
    require(context != nullptr &&
            EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1);
    const bool fits = EVP_DigestVerify(context.get(), bytesOf(derSignature), derSignature.size(),
                                       bytesOf(message), message.size()) == 1;
    if (!fits)
        ERR_clear_error();
    return fits;
}

EcPrivateKey EcPrivateKey::generate()
{
    EvpKey key = owned(EVP_EC_gen(kCurve));
    require(key != nullptr);
    return EcPrivateKey(std::move(key));
}

std::optional<EcPrivateKey> EcPrivateKey::fromDer(std::string_view pkcs8)
{
    const unsigned char* at = bytesOf(pkcs8);
    const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
    EvpKey key = info != nullptr ? owned(EVP_PKCS82PKEY(info.get())) : EvpKey();
    if (!key || EVP_PKEY_is_a(key.get(), "EC") != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    return EcPrivateKey(std::move(key));
}

std::string EcPrivateKey::toDer() const
{
    const Pkcs8 info(EVP_PKEY2PKCS8(m_key.get()));
    require(info != nullptr);
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
    require(size > 0);
    std::string der(static_cast<std::size_t>(size), '\0');
    unsigned char* at = bytesOf(der);
    require(i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at) == size);
    return der;
}

std::string EcPrivateKey::sign(std::string_view message) const
{
    const DigestContext context(EVP_MD_CTX_new());
    require(context != nullptr &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1);
    std::size_t size = 0;
    require(EVP_DigestSign(context.get(), nullptr, &size, bytesOf(message), message.size()) == 1);
    std::string der(size, '\0');
    require(EVP_DigestSign(context.get(), bytesOf(der), &size, bytesOf(message), message.size()) == 1);

    const unsigned char* at = bytesOf(std::string_view(der));
    const Signature parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    require(parts != nullptr);
    std::string raw(2 * kCoordinateSize, '\0');
    require(BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), bytesOf(raw), kCoordinateSize) > 0);
    require(BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), bytesOf(raw) + kCoordinateSize, kCoordinateSize) > 0);
    return raw;
}

} // namespace yarrow::server
