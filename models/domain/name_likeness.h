// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// How alike two words are, from 0 to 1 (equal): Jaro (JASA 84, 1989) with the bonus for a common beginning
/// of up to four letters by Winkler (1990, scale 0.1). Of folded, romanised words: it compares bytes.
[[nodiscard]] double jaroWinkler(std::string_view a, std::string_view b);

/// The words of a name as they are compared: folded, in Latin letters; particles ("de", "van", "al" …) left
/// out where something else is left.
[[nodiscard]] std::vector<std::string> nameWords(const QString& name);

/// How a word sounds, whatever the language it is read in: the consonants in Soundex's manner (Russell, US
/// patent 1,261,167) by classes that European spellings share (f, v, w, ph; k, c, g, q; s, z, sch …), without
/// vowels, repeated ones once; a vowel at the beginning is "a". "Meyer", "Maier" and "Mayr" are all "mr".
/// Empty for a word without letters. Takes what nameWords() gives; in a script that has no Latin letters the
/// word stands for itself.
[[nodiscard]] std::string soundKey(std::string_view word);

/// The keys of words that differ from a word with this key in one sound: one other, one more, one less.
/// Sorted.
[[nodiscard]] std::vector<std::string> neighbouringKeys(const std::string& key);

} // namespace yarrow
