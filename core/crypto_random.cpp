// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <limits>

namespace yarrow::crypto {

void fillRandom(std::span<std::uint8_t> out)
{
    YARROW_ASSERT(out.size() <= std::size_t{std::numeric_limits<int>::max()});
    YARROW_ASSERT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

SecretBytes randomSecret(std::size_t size)
{
    SecretBytes secret(size);
    fillRandom(secret.span());
    return secret;
}

bool equalInConstantTime(ByteView a, ByteView b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace yarrow::crypto
