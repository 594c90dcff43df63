// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace yarrow::sync {

/// The address of a server: `https://clinic.example:8443` or `https://fhir.example/r4`.
class ServerUrl
{
public:
    /// Slashes at the end are dropped. InvalidArgument unless it is http or https with a host and at most a
    /// port and a path.
    [[nodiscard]] static Result<ServerUrl> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return m_text; }
    [[nodiscard]] bool isEncrypted() const noexcept { return m_scheme == "https"; }
    [[nodiscard]] bool isThisMachine() const; ///< localhost, 127.0.0.0/8 or ::1

    /// The whole address of what a request names: something below this one, or a whole address. Nothing when
    /// that leads to another server (scheme, host or port) or cannot be understood: no token goes there.
    [[nodiscard]] std::optional<std::string> resolve(std::string_view url) const;

private:
    ServerUrl() = default;
    std::string m_text;
    std::string m_scheme;
    std::string m_host;
    std::string m_port;
};

} // namespace yarrow::sync
