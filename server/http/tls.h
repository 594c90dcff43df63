// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace yarrow::server {

/// A context for servers: TLS 1.2 and 1.3 with forward secrecy and authenticated encryption.
/// `certificateFile` is PEM, the server's certificate first, then the ones above it; `keyFile` is PEM.
/// Refused: `tls-files` when a file cannot be read, they do not belong together, or the certificate has
/// expired.
[[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>>
makeTlsContext(const std::string& certificateFile, const std::string& keyFile);

} // namespace yarrow::server
