// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/crypto.h"

#include "server/db/tenant_id.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace yarrow::server::crypto {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytesOf(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

/// What fails here is out of memory or a broken OpenSSL.
void require(bool ok)
{
    if (!ok)
        throw std::runtime_error("OpenSSL failed");
}

std::string encode(std::string_view bytes, std::string_view alphabet)
{
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += alphabet[(bits >> static_cast<unsigned>(count)) & 0x3FU];
        }
    }
    if (count > 0)
        text += alphabet[(bits << static_cast<unsigned>(6 - count)) & 0x3FU];
    return text;
}

std::optional<std::string> decode(std::string_view text, std::string_view alphabet)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    if ((bits & ((1U << static_cast<unsigned>(count)) - 1U)) != 0)
        return std::nullopt;
    return bytes;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

CipherContext cipherContext()
{
    CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    require(context != nullptr);
    return context;
}

} // namespace

std::string sha256(std::string_view bytes)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(bytesOf(bytes), bytes.size(), bytesOf(digest));
    return digest;
}

std::string randomBytes(std::size_t count)
{
    std::string bytes(count, '\0');
    require(RAND_bytes(bytesOf(bytes), static_cast<int>(count)) == 1);
    return bytes;
}

std::string randomUuid()
{
    return TenantId::random().text();
}

std::string randomText(std::size_t count, std::string_view alphabet)
{
    // Bytes beyond the last whole multiple of the alphabet would favour its first letters.
    const std::size_t limit = 256 - 256 % alphabet.size();
    std::string text;
    while (text.size() < count) {
        for (const char c : randomBytes(count - text.size())) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < limit)
                text += alphabet[byte % alphabet.size()];
        }
    }
    return text;
}

bool equal(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) noexcept
{
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0x0FU];
    }
    return text;
}

std::optional<std::string> fromHex(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
    const auto valueOf = [&](char c) {
        const std::size_t at = kDigits.find(c);
        return at == std::string_view::npos || at < 16 ? at : at - 6;
    };
    if (text.size() % 2 != 0)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const std::size_t high = valueOf(text[i]);
        const std::size_t low = valueOf(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string toBase64Url(std::string_view bytes)
{
    return encode(bytes, kBase64Url);
}

std::optional<std::string> fromBase64Url(std::string_view text)
{
    return decode(text, kBase64Url);
}

std::string toBase64(std::string_view bytes)
{
    std::string text = encode(bytes, kBase64);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i)
        text.remove_suffix(1);
    return decode(text, kBase64);
}

std::string seal(std::string_view key, std::string_view plain, std::string_view additionalData)
{
    require(key.size() == kKeySize);
    std::string sealed = randomBytes(kNonceSize);
    sealed.resize(kNonceSize + plain.size() + kTagSize);
    const auto context = cipherContext();
    int length = 0;
    require(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key), bytesOf(sealed)) ==
            1);
    require(EVP_EncryptUpdate(context.get(), nullptr, &length, bytesOf(additionalData),
                              static_cast<int>(additionalData.size())) == 1);
    require(EVP_EncryptUpdate(context.get(), bytesOf(sealed) + kNonceSize, &length, bytesOf(plain),
                              static_cast<int>(plain.size())) == 1);
    require(EVP_EncryptFinal_ex(context.get(), bytesOf(sealed) + kNonceSize + length, &length) == 1);
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize,
                                bytesOf(sealed) + kNonceSize + plain.size()) == 1);
    return sealed;
}

std::optional<std::string> open(std::string_view key, std::string_view sealed,
                                std::string_view additionalData)
{
    if (key.size() != kKeySize || sealed.size() < kNonceSize + kTagSize)
        return std::nullopt;
    const std::string_view cipher = sealed.substr(kNonceSize, sealed.size() - kNonceSize - kTagSize);
    std::string tag(sealed.substr(sealed.size() - kTagSize));
    std::string plain(cipher.size(), '\0');
    const auto context = cipherContext();
    int length = 0;
    require(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key), bytesOf(sealed)) ==
            1);
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1);
    require(EVP_DecryptUpdate(context.get(), nullptr, &length, bytesOf(additionalData),
                              static_cast<int>(additionalData.size())) == 1);
    require(EVP_DecryptUpdate(context.get(), bytesOf(plain), &length, bytesOf(cipher),
                              static_cast<int>(cipher.size())) == 1);
    if (EVP_DecryptFinal_ex(context.get(), bytesOf(plain) + length, &length) != 1) {
        wipe(plain);
        return std::nullopt;
    }
    return plain;
}

} // namespace yarrow::server::crypto
