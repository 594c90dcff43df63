// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/audit/chain_intake.h"
#include "server/audit/entry_search.h"
#include "server/http/message.h"
#include "server/problem.h"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace yarrow::server::api {

// Audit chains as they are sent and shown.

inline constexpr std::size_t kMaxAuditName = 200; ///< bytes of any other text
inline constexpr std::int64_t kMaxAuditSeq = std::numeric_limits<std::int64_t>::max() / 2;
inline constexpr std::size_t kMaxAuditText = 64UL * 1024; ///< bytes of a reason or a detail

/// 400 `bad-request`; 415 unless it is application/json.
[[nodiscard]] Result<audit::Upload> readAuditUpload(const Request& request);

[[nodiscard]] boost::json::object jsonOf(const audit::Break& found);
[[nodiscard]] boost::json::object jsonOf(const audit::ChainState& chain);
[[nodiscard]] boost::json::object jsonOf(const audit::StoredEntry& stored);
[[nodiscard]] boost::json::object jsonOf(const audit::Intake& intake);

} // namespace yarrow::server::api
