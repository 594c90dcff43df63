// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace yarrow {

/// A text that foldForSearch() has made, in Latin letters a–z and digits: "иванов" → "ivanov", "田中" → "tian
/// zhong". Names are compared across scripts by it; it is no transcription to show to anybody. Text in Latin
/// letters comes back as it is. Thread-safe. By the transforms of the Unicode CLDR (UTS #35, part 2), through
/// ICU.
[[nodiscard]] std::string romanise(std::string_view folded);

} // namespace yarrow
