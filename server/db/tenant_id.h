// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server {

/// A clinic among the clinics of a server: a UUID in lower case. Only made from text that is one, so it may
/// stand in SQL as it is.
class TenantId
{
public:
    TenantId() = default; ///< no clinic
    [[nodiscard]] static std::optional<TenantId> parse(std::string_view text);
    [[nodiscard]] static TenantId random();
    [[nodiscard]] const std::string& text() const noexcept { return m_text; }
    [[nodiscard]] bool empty() const noexcept { return m_text.empty(); }

    friend auto operator<=>(const TenantId&, const TenantId&) = default;

private:
    std::string m_text;
};

} // namespace yarrow::server
