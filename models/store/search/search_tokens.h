// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// The words under which a patient is found, parted by spaces:
/// - folded names (all of them, former ones too), and the values of medical record numbers, whole and in
/// pieces;
/// - `#YYYYMMDD`, `#YYYYMM` or `#YYYY`: the birth date, as far as it is known;
/// - `@digits` and `~stigid`: each phone number forwards and backwards, so that it is found by its beginning
///   and by its end;
/// - `=key`: how each word of a name sounds (soundKey()), and names of other scripts in Latin letters;
/// - `&value`: identifiers of all kinds, letters and digits alone.
/// `#`, `@`, `~`, `=` and `&` never come out of folding, so a mark is never mistaken for a name.
[[nodiscard]] std::string searchTokens(const Patient& patient);

/// How closely the words must fit. The closer ones are asked for first, so that a short name or a record
/// number is not crowded out by the many that begin like it.
enum class MatchKind {
    WholeWords,   ///< names and record numbers, whole
    WholeOrParts, ///< those, and birth dates and telephone numbers
    Beginnings,   ///< everything
    Sounds,       ///< names that sound like those typed
    Slips,        ///< names one sound away
};

/// An FTS5 expression for what a person typed, whatever the order of its words; empty when nothing in it can
/// be searched for. Every word must be found: as the beginning of a name or record number, as a birth date in
/// any usual notation (see birth_date_query.h), or as part of a phone number.
[[nodiscard]] std::string matchExpression(std::string_view typed, MatchKind kind);

/// FTS5 expressions for the patients who may be this one, the most telling first; each is one way to find
/// somebody of whom something was written down differently.
[[nodiscard]] std::vector<std::string> duplicateExpressions(const Patient& patient);

/// The folded words of what was typed, for ordering results.
[[nodiscard]] std::vector<std::string> searchWords(std::string_view typed);

} // namespace yarrow
