// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace yarrow {

/// Bytes that must not outlive their use: wiped (OPENSSL_cleanse) when destroyed, moved from or assigned
/// over. Move-only, so that every copy is a visible `clone()`.
class SecretBytes
{
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size)
        : m_bytes(size)
    {} ///< zeroes
    explicit SecretBytes(std::span<const std::uint8_t> bytes)
        : m_bytes(bytes.begin(), bytes.end())
    {}
    explicit SecretBytes(std::string_view text)
        : m_bytes(text.begin(), text.end())
    {}
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] SecretBytes clone() const { return SecretBytes(std::span(m_bytes)); }
    [[nodiscard]] std::size_t size() const noexcept { return m_bytes.size(); }
    [[nodiscard]] bool isEmpty() const noexcept { return m_bytes.empty(); }
    [[nodiscard]] std::span<const std::uint8_t> span() const noexcept { return m_bytes; }
    [[nodiscard]] std::span<std::uint8_t> span() noexcept { return m_bytes; }
    [[nodiscard]] std::string_view view() const noexcept
    {
        return {reinterpret_cast<const char*>(m_bytes.data()), m_bytes.size()};
    }

private:
    void wipe() noexcept;
    std::vector<std::uint8_t> m_bytes;
};

} // namespace yarrow
