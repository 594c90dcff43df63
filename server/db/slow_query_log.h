// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace yarrow::server::db {

/// Told of every statement that took longer than the limit: its text (no parameters, so no data), how long,
/// and its plan (EXPLAIN's generic one, empty when PostgreSQL gives none). Called on the thread that ran it.
using SlowQueryObserver =
    std::function<void(std::string_view sql, std::chrono::microseconds took, std::string_view plan)>;

/// To be set before the first connection is used. Without it nothing is measured.
void observeSlowQueries(std::chrono::microseconds limit, SlowQueryObserver observer);

} // namespace yarrow::server::db
