// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "core/openssl_handles.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/x509.h>

#include <algorithm>

namespace yarrow::crypto {
namespace {

constexpr const char* kCurve = "P-256";
constexpr std::size_t kPointSize = 65;
constexpr std::size_t kNumberSize = 32;

using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;

Bytes pointOf(EVP_PKEY* key)
{
    Bytes point(kPointSize);
    std::size_t size = 0;
    YARROW_ASSERT(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                                  &size) == 1 &&
                  size == kPointSize);
    return point;
}

/// Nothing when it is no private key on P-256.
Key readPrivateKey(ByteView pkcs8)
{
    const unsigned char* at = dataOf(pkcs8);
    const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
    Key key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
    char group[32] = {};
    std::size_t size = 0;
    const bool isOurs = key && EVP_PKEY_is_a(key.get(), "EC") == 1 &&
                        EVP_PKEY_get_group_name(key.get(), group, sizeof group, &size) == 1 &&
                        std::string_view(group, size) == "prime256v1";
    if (!isOurs)
        key.reset();
    return key;
}

Key readPublicKey(ByteView point)
{
    if (point.size() != kPointSize)
        return nullptr;
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    std::string curve = kCurve;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), 0),
        octets(OSSL_PKEY_PARAM_PUB_KEY, point),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        return nullptr;
    return Key(key);
}

} // namespace

P256KeyPair generateP256()
{
    const Key key(EVP_EC_gen(kCurve));
    YARROW_ASSERT(key);
    const Pkcs8 info(EVP_PKEY2PKCS8(key.get()));
    YARROW_ASSERT(info);
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
    YARROW_ASSERT(size > 0);
    P256KeyPair pair{SecretBytes(static_cast<std::size_t>(size)), pointOf(key.get())};
    unsigned char* at = pair.privateKey.span().data();
    YARROW_ASSERT(i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at) == size);
    return pair;
}

Result<Bytes> publicP256(ByteView privateKey)
{
    const Key key = readPrivateKey(privateKey);
    if (!key)
        return cryptoFailure("not a private key on P-256");
    return pointOf(key.get());
}

Result<Signature> signEs256(ByteView privateKey, ByteView message)
{
    const Key key = readPrivateKey(privateKey);
    if (!key)
        return cryptoFailure("not a private key on P-256");
    const MdContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    YARROW_ASSERT(
        context &&
        EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(), nullptr) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, dataOf(message), message.size()) == 1);
    Bytes der(size);
    YARROW_ASSERT(EVP_DigestSign(context.get(), der.data(), &size, dataOf(message), message.size()) == 1);
    const unsigned char* at = der.data();
    const EcdsaSignature parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    Signature signature{};
    YARROW_ASSERT(parts && BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.data(), kNumberSize) > 0 &&
                  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.data() + kNumberSize, kNumberSize) >
                      0);
    return signature;
}

bool verifyEs256(ByteView publicKey, ByteView message, ByteView signature)
{
    const Key key = readPublicKey(publicKey);
    const EcdsaSignature parts(ECDSA_SIG_new());
    bool isValid = false;
    if (key && parts && signature.size() == 2 * kNumberSize) {
        BIGNUM* r = BN_bin2bn(signature.data(), kNumberSize, nullptr);
        BIGNUM* s = BN_bin2bn(signature.data() + kNumberSize, kNumberSize, nullptr);
        YARROW_ASSERT(r != nullptr && s != nullptr && ECDSA_SIG_set0(parts.get(), r, s) == 1);
        unsigned char* der = nullptr;
        const int size = i2d_ECDSA_SIG(parts.get(), &der);
        const MdContext context(EVP_MD_CTX_new());
        isValid = size > 0 && context &&
                  EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(),
                                          nullptr) == 1 &&
                  EVP_DigestVerify(context.get(), der, static_cast<std::size_t>(size), dataOf(message),
                                   message.size()) == 1;
        OPENSSL_free(der);
    }
    ERR_clear_error();
    return isValid;
}

} // namespace yarrow::crypto
