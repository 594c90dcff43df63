// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secret_bytes.h"

#include <openssl/crypto.h>

#include <utility>

namespace yarrow {

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : m_bytes(std::exchange(other.m_bytes, {}))
{}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

SecretBytes::~SecretBytes()
{
    wipe();
}

void SecretBytes::wipe() noexcept
{
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
}

} // namespace yarrow
