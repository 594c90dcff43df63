// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What nearly every file of ours includes anyhow. Files still name what they use: the house also builds
// without precompiled headers (CMAKE_DISABLE_PRECOMPILE_HEADERS).
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
