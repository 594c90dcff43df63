// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/key_provider.h"
#include "server/db/connection.h"

#include <memory>
#include <string>
#include <vector>

namespace yarrow::server {

/// AES-256-GCM under a key in a file: 32 bytes for each version of the key, the newest last; appending 32
/// bytes makes a new version. The file belongs to the user who runs the server and nobody else may read it
/// (mode 0600 or 0400). What it wraps looks like `local:v1:…`.
class LocalKeyFile : public KeyProvider
{
public:
    ~LocalKeyFile() override;
    LocalKeyFile(const LocalKeyFile&) = delete;
    LocalKeyFile& operator=(const LocalKeyFile&) = delete;

    /// 500 `key-file`; the detail names the file and what is to be done.
    [[nodiscard]] static Result<std::unique_ptr<LocalKeyFile>> open(const std::string& path);
    /// Makes the file first when there is none and no secret in the database needs one: a new key in the
    /// place of a lost one would read nothing. What `serve` and `migrate` do with --key-file.
    [[nodiscard]] static Result<std::unique_ptr<LocalKeyFile>> openOrMake(const std::string& path,
                                                                          db::Connection& connection);

    [[nodiscard]] Result<std::string> wrap(std::string_view secret, const KeyContext& context) const override;
    [[nodiscard]] Result<std::string> unwrap(std::string_view wrapped,
                                             const KeyContext& context) const override;

private:
    LocalKeyFile() = default;
    std::vector<std::string> m_keys; // by version, the first is 1
};

} // namespace yarrow::server
