// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <string>
#include <string_view>

namespace yarrow::server {

/// `body` without its Content-Encoding (gzip, x-gzip, deflate, identity or none). Refused: 415
/// `unsupported-encoding`; 413 `body-too-large` as soon as the text would pass `limit`; 400 `bad-encoding`
/// for bytes that are no such encoding, or cut off, or followed by something else.
[[nodiscard]] Result<std::string> unpackBody(std::string body, std::string_view encoding, std::size_t limit);

/// In gzip's format, quickly rather than small.
[[nodiscard]] std::string packGzip(std::string_view text);

/// Whether an Accept-Encoding field allows gzip.
[[nodiscard]] bool acceptsGzip(std::string_view acceptEncoding) noexcept;

} // namespace yarrow::server
