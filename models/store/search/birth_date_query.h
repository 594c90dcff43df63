// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// The birth dates a piece of typed text can mean, as prefixes of `YYYYMMDD`; empty when it is no date.
///
/// Understood: `1980-03-12`, `1980/3/12`, `12.03.1980`, `12/3/80`, `3-12-1980` (day first and month first are
/// both tried where both make sense), `19800312`, `12031980`, `12 Mar 1980`, `March 12, 1980`, `12 marzo
/// 1980` (month names in English, German, French, Spanish and Italian, whole or at least three letters),
/// `03/1980`, `1980-03`, `1980`. Two-digit years mean the last hundred years before `thisYear`'s end.
[[nodiscard]] std::vector<std::string> birthDatePrefixes(std::string_view typed, int thisYear);

} // namespace yarrow
