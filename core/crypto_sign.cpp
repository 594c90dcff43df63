// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "core/openssl_handles.h"

namespace yarrow::crypto {

RawKeyPair generateCurveKeys(const char* type)
{
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, type));
    RawKeyPair raw{SecretBytes(kCurveKeySize), Bytes(kCurveKeySize)};
    std::size_t privateSize = kCurveKeySize;
    std::size_t publicSize = kCurveKeySize;
    YARROW_ASSERT(key &&
                  EVP_PKEY_get_raw_private_key(key.get(), raw.privateKey.span().data(), &privateSize) == 1 &&
                  EVP_PKEY_get_raw_public_key(key.get(), raw.publicKey.data(), &publicSize) == 1 &&
                  privateSize == kCurveKeySize && publicSize == kCurveKeySize);
    return raw;
}

Ed25519KeyPair generateEd25519()
{
    RawKeyPair keys = generateCurveKeys("ED25519");
    return {std::move(keys.privateKey), std::move(keys.publicKey)};
}

Signature sign(ByteView privateKey, ByteView message)
{
    YARROW_ASSERT(privateKey.size() == kCurveKeySize);
    const Key key(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, privateKey.data(), privateKey.size()));
    const MdContext context(EVP_MD_CTX_new());
    Signature signature{};
    std::size_t size = signature.size();
    YARROW_ASSERT(
        key && context &&
        EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(), nullptr) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &size, dataOf(message), message.size()) == 1 &&
        size == signature.size());
    return signature;
}

bool verify(ByteView publicKey, ByteView message, ByteView signature)
{
    const Key key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, publicKey.data(), publicKey.size()));
    const MdContext context(EVP_MD_CTX_new());
    const bool isValid =
        key && context &&
        EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(), nullptr) == 1 &&
        EVP_DigestVerify(context.get(), dataOf(signature), signature.size(), dataOf(message),
                         message.size()) == 1;
    ERR_clear_error();
    return isValid;
}

} // namespace yarrow::crypto
