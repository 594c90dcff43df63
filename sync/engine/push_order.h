// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace yarrow::sync {

/// In which order things are sent that depend on each other. `dependencies[i]` are the indexes that must be
/// at the server before `i`. The result are stages, each to be sent when the one before is done; a stage is
/// groups of indexes, in their order; a group of more than one is a cycle and goes in one transaction. Pure.
using PushGroup = std::vector<std::size_t>;
using PushStage = std::vector<PushGroup>;
[[nodiscard]] std::vector<PushStage> pushOrder(const std::vector<std::vector<std::size_t>>& dependencies);

} // namespace yarrow::sync
