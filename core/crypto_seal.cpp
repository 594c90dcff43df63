// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "core/openssl_handles.h"

#include <algorithm>
#include <limits>

namespace yarrow::crypto {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kMaxPlainSize = std::size_t{std::numeric_limits<int>::max()}; ///< OpenSSL counts in int

const EVP_CIPHER* aesGcm()
{
    static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    YARROW_ASSERT(algorithm);
    return algorithm;
}

int intSize(ByteView bytes)
{
    YARROW_ASSERT(bytes.size() <= kMaxPlainSize);
    return static_cast<int>(bytes.size());
}

Bytes joined(ByteView a, ByteView b)
{
    Bytes both(a.begin(), a.end());
    both.insert(both.end(), b.begin(), b.end());
    return both;
}

/// What both sides compute from their own private key and the other's public key.
Result<SecretBytes> sharedSecret(ByteView privateKey, ByteView publicKey)
{
    const Key own(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, privateKey.data(), privateKey.size()));
    const Key other(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, publicKey.data(), publicKey.size()));
    const KeyContext context(own ? EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr) : nullptr);
    SecretBytes secret(kCurveKeySize);
    std::size_t size = secret.size();
    // OpenSSL refuses points of small order here: their secret is all zero.
    if (!other || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1 ||
        EVP_PKEY_derive(context.get(), secret.span().data(), &size) != 1 || size != secret.size())
        return cryptoFailure("X25519");
    return secret;
}

SecretBytes sealingKey(const SecretBytes& shared, ByteView ephemeralKey, ByteView recipientKey)
{
    return hkdf(shared.span(), joined(ephemeralKey, recipientKey), "yarrow sealed to a public key, 1",
                kKeySize);
}

} // namespace

Bytes seal(ByteView key, ByteView plain, ByteView additionalData)
{
    YARROW_ASSERT(key.size() == kKeySize);
    Bytes sealed(kNonceSize + plain.size() + kTagSize);
    const std::span out(sealed);
    fillRandom(out.first(kNonceSize));

    const CipherContext context(EVP_CIPHER_CTX_new());
    int written = 0;
    int rest = 0;
    std::uint8_t* const body = out.data() + kNonceSize;
    YARROW_ASSERT(
        context && EVP_EncryptInit_ex2(context.get(), aesGcm(), key.data(), out.data(), nullptr) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &written, dataOf(additionalData),
                          intSize(additionalData)) == 1 &&
        EVP_EncryptUpdate(context.get(), body, &written, dataOf(plain), intSize(plain)) == 1 &&
        EVP_EncryptFinal_ex(context.get(), body + written, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int{kTagSize}, body + plain.size()) == 1);
    return sealed;
}

Result<SecretBytes> open(ByteView key, ByteView sealed, ByteView additionalData)
{
    YARROW_ASSERT(key.size() == kKeySize);
    if (sealed.size() < kNonceSize + kTagSize || sealed.size() > kMaxPlainSize)
        return fail(ErrorCode::Crypto, "AES-GCM");
    const ByteView body = sealed.subspan(kNonceSize, sealed.size() - kNonceSize - kTagSize);
    Bytes tag(sealed.end() - static_cast<std::ptrdiff_t>(kTagSize), sealed.end());

    SecretBytes plain(body.size());
    std::uint8_t nothing = 0;
    std::uint8_t* const out = body.empty() ? &nothing : plain.span().data();
    const CipherContext context(EVP_CIPHER_CTX_new());
    int written = 0;
    int rest = 0;
    YARROW_ASSERT(context &&
                  EVP_DecryptInit_ex2(context.get(), aesGcm(), key.data(), sealed.data(), nullptr) == 1 &&
                  EVP_DecryptUpdate(context.get(), nullptr, &written, dataOf(additionalData),
                                    intSize(additionalData)) == 1 &&
                  EVP_DecryptUpdate(context.get(), out, &written, dataOf(body), intSize(body)) == 1 &&
                  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int{kTagSize}, tag.data()) == 1);
    if (EVP_DecryptFinal_ex(context.get(), out + written, &rest) != 1)
        return cryptoFailure("AES-GCM");
    return plain;
}

X25519KeyPair generateX25519()
{
    RawKeyPair keys = generateCurveKeys("X25519");
    return {std::move(keys.privateKey), std::move(keys.publicKey)};
}

Result<Bytes> sealTo(ByteView publicKey, ByteView plain, ByteView additionalData)
{
    const X25519KeyPair ephemeral = generateX25519();
    const Result<SecretBytes> shared = sharedSecret(ephemeral.privateKey.span(), publicKey);
    if (!shared)
        return fail(shared.error());
    const SecretBytes key = sealingKey(*shared, ephemeral.publicKey, publicKey);
    return joined(ephemeral.publicKey, seal(key.span(), plain, additionalData));
}

Result<SecretBytes> openSealed(const X25519KeyPair& recipient, ByteView sealed, ByteView additionalData)
{
    if (sealed.size() < kCurveKeySize)
        return fail(ErrorCode::Crypto, "X25519");
    const ByteView ephemeralKey = sealed.first(kCurveKeySize);
    const Result<SecretBytes> shared = sharedSecret(recipient.privateKey.span(), ephemeralKey);
    if (!shared)
        return fail(shared.error());
    const SecretBytes key = sealingKey(*shared, ephemeralKey, recipient.publicKey);
    return open(key.span(), sealed.subspan(kCurveKeySize), additionalData);
}

} // namespace yarrow::crypto
