// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace yarrow {

/// The form in which texts are compared in searches, for what is indexed and what is typed alike: lower case,
/// without diacritics ("Özgür Łuksza" → "ozgur luksza"), special letters spelt out (ß → ss, æ → ae, ø → o),
/// digits of any script as 0–9, apostrophes gone ("O'Brien" → "obrien"), and whatever else is no letter or
/// digit as one space between words. Folding a folded text changes nothing. Thread-safe.
[[nodiscard]] std::string foldForSearch(std::string_view utf8);

} // namespace yarrow
