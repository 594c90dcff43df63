// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/tenant_id.h"
#include "server/problem.h"

#include <string>
#include <string_view>

namespace yarrow::server {

/// What a wrapped secret belongs to. It unwraps under the same context only.
struct KeyContext
{
    TenantId tenant = {};      ///< none: the server's own
    std::string_view dataType; ///< "signing-key", "webhook-secret"…
};

/// Wraps small secrets with a key that is not in the database: a file, or a service such as Vault Transit.
/// What it gives is text that names the version of the key; every version it ever used unwraps. Called from
/// every thread.
class KeyProvider
{
public:
    virtual ~KeyProvider() = default;

    /// Under the newest version. 503 `key-provider-unavailable`.
    [[nodiscard]] virtual Result<std::string> wrap(std::string_view secret,
                                                   const KeyContext& context) const = 0;
    /// 503 `key-provider-unavailable`; 500 `secret-unreadable` when the text was changed, belongs to another
    /// context, or to a key that is not here.
    [[nodiscard]] virtual Result<std::string> unwrap(std::string_view wrapped,
                                                     const KeyContext& context) const = 0;
};

} // namespace yarrow::server
