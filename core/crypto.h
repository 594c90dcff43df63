// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/secret_bytes.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// OpenSSL 3 behind a narrow face. Nothing here is cryptography of our own. All functions are thread-safe and
/// fail only with ErrorCode::Crypto unless they say otherwise.
namespace yarrow::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] inline ByteView bytesOf(std::string_view text) noexcept
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Cryptographically strong random bytes. A machine without entropy is a bug (aborts).
void fillRandom(std::span<std::uint8_t> out);
[[nodiscard]] SecretBytes randomSecret(std::size_t size);

[[nodiscard]] Digest sha256(ByteView data);
[[nodiscard]] Digest hmacSha256(ByteView key, ByteView data);

/// SHA-256 of a message that comes in pieces.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    Sha256& update(ByteView data);
    [[nodiscard]] Digest finish(); ///< and starts anew

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// HKDF-SHA-256 (RFC 5869), extract and expand. `size` at most 8160.
[[nodiscard]] SecretBytes hkdf(ByteView inputKey, ByteView salt, std::string_view info, std::size_t size);

/// scrypt (RFC 7914). `n` is a power of two; memory is 128·n·r bytes, at most 1 GiB, and so is 128·p·r;
/// parameters outside of this or of the RFC's limits, and a `size` of 0, are InvalidArgument.
[[nodiscard]] Result<SecretBytes> scrypt(ByteView password, ByteView salt, std::uint64_t n, std::uint64_t r,
                                         std::uint64_t p, std::size_t size);

/// AES-256-GCM with a fresh random nonce: nonce (12) ‖ ciphertext ‖ tag (16). `key` has 32 bytes.
[[nodiscard]] Bytes seal(ByteView key, ByteView plain, ByteView additionalData);
/// The reverse; Crypto when the key, the additional data or a byte of `sealed` is not what it was.
[[nodiscard]] Result<SecretBytes> open(ByteView key, ByteView sealed, ByteView additionalData);

struct X25519KeyPair
{
    SecretBytes privateKey; ///< 32 bytes
    Bytes publicKey;        ///< 32 bytes
};
[[nodiscard]] X25519KeyPair generateX25519();
/// Seals to a public key: ephemeral X25519, HKDF over the shared secret and both public keys, AES-256-GCM.
/// Output: ephemeral public key (32) ‖ what seal() gives. Crypto on a degenerate public key.
[[nodiscard]] Result<Bytes> sealTo(ByteView publicKey, ByteView plain, ByteView additionalData);
[[nodiscard]] Result<SecretBytes> openSealed(const X25519KeyPair& recipient, ByteView sealed,
                                             ByteView additionalData);

struct Ed25519KeyPair
{
    SecretBytes privateKey; ///< 32 bytes: RFC 8032's private key, also called seed
    Bytes publicKey;        ///< 32 bytes
};
using Signature = std::array<std::uint8_t, 64>;
[[nodiscard]] Ed25519KeyPair generateEd25519();
/// Signs the message itself (pure Ed25519, RFC 8032): the same key and message give the same signature.
/// `privateKey` has 32 bytes.
[[nodiscard]] Signature sign(ByteView privateKey, ByteView message);
/// Whether the owner of `publicKey` signed this message. Keys and signatures of the wrong length verify
/// nothing.
[[nodiscard]] bool verify(ByteView publicKey, ByteView message, ByteView signature);

struct P256KeyPair
{
    SecretBytes privateKey; ///< PKCS #8, DER
    Bytes publicKey;        ///< the uncompressed point (SEC 1): 04 ‖ x (32) ‖ y (32)
};
[[nodiscard]] P256KeyPair generateP256();
/// The public half of a private key.
[[nodiscard]] Result<Bytes> publicP256(ByteView privateKey);
/// ECDSA on P-256 over SHA-256 of the message, as JOSE writes it (RFC 7518, section 3.4): r (32) ‖ s (32).
[[nodiscard]] Result<Signature> signEs256(ByteView privateKey, ByteView message);
/// Keys and signatures that are none verify nothing.
[[nodiscard]] bool verifyEs256(ByteView publicKey, ByteView message, ByteView signature);

/// In time that depends on the length only.
[[nodiscard]] bool equalInConstantTime(ByteView a, ByteView b) noexcept;

[[nodiscard]] std::string toHex(ByteView bytes);               ///< lower case
[[nodiscard]] Result<Bytes> fromHex(std::string_view text);    ///< either case; InvalidArgument otherwise
[[nodiscard]] std::string toBase64(ByteView bytes);            ///< RFC 4648 section 4, padded
[[nodiscard]] std::string toBase64Url(ByteView bytes);         ///< RFC 4648 section 5, without padding
[[nodiscard]] Result<Bytes> fromBase64(std::string_view text); ///< strict; InvalidArgument otherwise

} // namespace yarrow::crypto
