// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>

/// What the crypto sources share; not for other targets.
namespace yarrow::crypto {

template <auto Free>
struct FreeWith
{
    template <class T>
    void operator()(T* handle) const noexcept
    {
        Free(handle);
    }
};

using MdContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, FreeWith<EVP_KDF_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

inline constexpr std::size_t kCurveKeySize = 32; ///< X25519 and Ed25519, private and public

/// OpenSSL takes a null pointer for "not given", also where an empty value is meant.
[[nodiscard]] inline const std::uint8_t* dataOf(ByteView bytes) noexcept
{
    static constexpr std::uint8_t kNothing = 0;
    return bytes.empty() ? &kNothing : bytes.data();
}

/// A parameter that OpenSSL only reads, though its type is not const.
[[nodiscard]] inline OSSL_PARAM octets(const char* name, ByteView bytes)
{
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(dataOf(bytes)), bytes.size());
}

/// Empties OpenSSL's error queue, so that it does not grow and nobody reads it as a later error.
[[nodiscard]] inline tl::unexpected<Error> cryptoFailure(const char* what)
{
    ERR_clear_error();
    return fail(ErrorCode::Crypto, what);
}

struct RawKeyPair
{
    SecretBytes privateKey;
    Bytes publicKey;
};
/// A new pair of `type` "X25519" or "ED25519".
[[nodiscard]] RawKeyPair generateCurveKeys(const char* type);

} // namespace yarrow::crypto
