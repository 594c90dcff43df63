// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace yarrow::server::records {

/// An answer takes no more documents once those in it reach this size, whatever it was asked for.
inline constexpr std::int64_t kMaxPageBytes = 32 * 1024 * 1024;

/// SQL, of the rows v of version in `order`: the size of the documents before this one. Only their lengths
/// are read. One that has less than kMaxPageBytes before it has room, so the first one always has.
#define YARROW_BYTES_BEFORE(order)                                                                           \
    "coalesce(sum(octet_length(v.body)) OVER (ORDER BY " order                                               \
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"

} // namespace yarrow::server::records
