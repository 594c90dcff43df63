// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "core/openssl_handles.h"

#include <bit>

namespace yarrow::crypto {
namespace {

constexpr std::size_t kMaxHkdfSize = 255 * sizeof(Digest);
constexpr std::uint64_t kMaxScryptBytes = 1024ULL * 1024 * 1024;
char kDigestName[] = "SHA256";

// Fetching an algorithm walks through OpenSSL's providers; each is fetched once and kept until the process
// ends.

const EVP_MD* sha256Algorithm()
{
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, kDigestName, nullptr);
    YARROW_ASSERT(algorithm);
    return algorithm;
}

EVP_KDF* fetchKdf(const char* name)
{
    EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, name, nullptr);
    YARROW_ASSERT(algorithm);
    return algorithm;
}

/// An HMAC that knows its digest, but no key. Copied for each use.
const EVP_MAC_CTX* hmacTemplate()
{
    static const EVP_MAC_CTX* const context = [] {
        EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        YARROW_ASSERT(algorithm);
        EVP_MAC_CTX* const made = EVP_MAC_CTX_new(algorithm);
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, kDigestName, 0),
            OSSL_PARAM_construct_end(),
        };
        YARROW_ASSERT(made && EVP_MAC_CTX_set_params(made, parameters) == 1);
        return made;
    }();
    return context;
}

} // namespace

Digest sha256(ByteView data)
{
    Digest digest{};
    unsigned size = 0;
    YARROW_ASSERT(EVP_Digest(dataOf(data), data.size(), digest.data(), &size, sha256Algorithm(), nullptr) ==
                  1);
    return digest;
}

Digest hmacSha256(ByteView key, ByteView data)
{
    const MacContext context(EVP_MAC_CTX_dup(hmacTemplate()));
    Digest digest{};
    std::size_t size = 0;
    YARROW_ASSERT(context && EVP_MAC_init(context.get(), dataOf(key), key.size(), nullptr) == 1 &&
                  EVP_MAC_update(context.get(), dataOf(data), data.size()) == 1 &&
                  EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1);
    return digest;
}

struct Sha256::State
{
    MdContext context{EVP_MD_CTX_new()};
};

Sha256::Sha256()
    : m_state(std::make_unique<State>())
{
    YARROW_ASSERT(m_state->context &&
                  EVP_DigestInit_ex2(m_state->context.get(), sha256Algorithm(), nullptr) == 1);
}

Sha256::~Sha256() = default;

Sha256& Sha256::update(ByteView data)
{
    YARROW_ASSERT(EVP_DigestUpdate(m_state->context.get(), dataOf(data), data.size()) == 1);
    return *this;
}

Digest Sha256::finish()
{
    Digest digest{};
    EVP_MD_CTX* const context = m_state->context.get();
    YARROW_ASSERT(EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1 &&
                  EVP_DigestInit_ex2(context, sha256Algorithm(), nullptr) == 1);
    return digest;
}

SecretBytes hkdf(ByteView inputKey, ByteView salt, std::string_view info, std::size_t size)
{
    YARROW_ASSERT(!inputKey.empty() && size > 0 && size <= kMaxHkdfSize);
    static EVP_KDF* const algorithm = fetchKdf("HKDF");
    const KdfContext context(EVP_KDF_CTX_new(algorithm));
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, kDigestName, 0),
        octets(OSSL_KDF_PARAM_KEY, inputKey),
        octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, bytesOf(info)),
        OSSL_PARAM_construct_end(),
    };
    SecretBytes derived(size);
    YARROW_ASSERT(context && EVP_KDF_derive(context.get(), derived.span().data(), size, parameters) == 1);
    return derived;
}

Result<SecretBytes> scrypt(ByteView password, ByteView salt, std::uint64_t n, std::uint64_t r,
                           std::uint64_t p, std::size_t size)
{
    constexpr std::uint64_t kMostBlocks = kMaxScryptBytes / 128;
    const bool isAllowed = n > 1 && std::has_single_bit(n) && r > 0 && p > 0 && size > 0 &&
                           r <= kMostBlocks / n && p <= kMostBlocks / r;
    // RFC 7914, section 6: n < 2^(128·r/8).
    if (!isAllowed || (r < 4 && n >= std::uint64_t{1} << (16 * r)))
        return fail(ErrorCode::InvalidArgument, "scrypt parameters");

    static EVP_KDF* const algorithm = fetchKdf("SCRYPT");
    const KdfContext context(EVP_KDF_CTX_new(algorithm));
    std::uint64_t maxMemory = 128 * r * (n + p + 2);
    const OSSL_PARAM parameters[] = {
        octets(OSSL_KDF_PARAM_PASSWORD, password),
        octets(OSSL_KDF_PARAM_SALT, salt),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &maxMemory),
        OSSL_PARAM_construct_end(),
    };
    SecretBytes derived(size);
    if (!context || EVP_KDF_derive(context.get(), derived.span().data(), size, parameters) != 1)
        return cryptoFailure("scrypt");
    return derived;
}

} // namespace yarrow::crypto
